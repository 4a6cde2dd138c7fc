"""How fast the explorers answer: `make bench-widgets`.

    python -m tools.bench.widgets

makes each explorer of saelab.widgets from the reference's functions, moves its controls in turn,
and measures the time from a control's new value until the new picture is there, as PNG. It prints a
table, writes build/bench/widgets.json, and exits with 1 if a median is not below its limit.

The time that the browser adds is not included: a picture of some 50 kB is sent and decoded. The
table shows processor time beside the time by the clock. Where they differ, the machine was busy
with something else.
"""

import argparse
import functools
import itertools
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import CLONE
from saelab import progress
from saelab.widgets.explorer import Explorer
from tools.bench.explorers import CHANGES, FACTORIES

FOLDER = CLONE / "build" / "bench"
LIMIT = 0.3  # seconds, which a person takes for at once
LIMITS = {"playground": 0.1}
COUNT = 24  # changes of an explorer, and at least as many as it has controls
PATIENCE = 10  # seconds, after which a picture is missing
GOLDEN = 0.618034  # steps of this share visit the range of a slider evenly, and never twice


@dataclass(frozen=True)
class Times:
    """The times that an explorer takes from a change to the new picture.

    Attributes:
        name: the explorer's name in saelab.widgets.
        first: seconds for making the explorer, including its first picture.
        seconds: seconds by the clock, for each change.
        processor: seconds of processor time, for all threads together, for each change.
    """

    name: str
    first: float
    seconds: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def worst(self) -> float:
        return max(self.seconds)

    @property
    def limit(self) -> float:
        return LIMITS.get(self.name, LIMIT)

    @property
    def late(self) -> bool:
        return self.median >= self.limit


def measure(name: str, count: int = COUNT) -> Times:
    """The Times of an explorer, by its name in saelab.widgets."""
    start = time.perf_counter()
    explorer = FACTORIES[name]()
    first = time.perf_counter() - start
    changes = CHANGES.get(name, control_changes)(explorer)
    count = max(count, len(explorer.controls))
    taken = [timed(explorer, change) for change in itertools.islice(changes, count)]
    return Times(name, first, *zip(*taken))


def control_changes(explorer: Explorer) -> Iterator[Callable[[], None]]:
    """An endless series of functions that each give the next control another value."""
    for turn in itertools.count(1):
        for control in explorer.controls.values():
            yield functools.partial(move, control, turn)


def move(control: Any, turn: int) -> None:
    """Give a control another of the values that it can take.

    Args:
        control: the control.
        turn: how often the controls have been gone through, which selects the value.
    """
    share = turn * GOLDEN % 1
    if hasattr(control, "options"):
        control.index = (control.index + 1) % len(control.options)
    elif isinstance(control.value, bool):
        control.value = not control.value
    elif hasattr(control, "base"):
        control.value = control.base ** (control.min + share * (control.max - control.min))
    else:
        value = control.min + share * (control.max - control.min)
        value = round((value - control.min) / control.step) * control.step + control.min
        if value == control.value:
            value += control.step if value < control.max else -control.step
        control.value = value


def timed(explorer: Explorer, change: Callable[[], None]) -> tuple[float, float]:
    """Measure how long it takes from a change until there is another picture.

    Args:
        explorer: the explorer.
        change: makes the change.

    Returns:
        Seconds by the clock, and seconds of processor time.

    Raises:
        RuntimeError: if there is no new picture. The message includes what the explorer says.
    """
    before = explorer.picture.number
    start, used = time.perf_counter(), time.process_time()
    change()
    while explorer.picture.number == before:
        if time.perf_counter() - start > PATIENCE:
            raise RuntimeError(
                f"{explorer.title!r} at {explorer.values} drew nothing in {PATIENCE} s, but said: "
                f"{explorer.reading.value}"
            )
        time.sleep(0.001)
    return time.perf_counter() - start, time.process_time() - used


def summary(measured: list[Times]) -> dict[str, Any]:
    """The content of widgets.json."""
    return {
        "median_redraw_s": {times.name: times.median for times in measured},
        "worst_redraw_s": {times.name: times.worst for times in measured},
        "median_processor_s": {
            times.name: statistics.median(times.processor) for times in measured
        },
        "first_picture_s": {times.name: times.first for times in measured},
        "changes": {times.name: len(times.seconds) for times in measured},
        "limit_s": {times.name: times.limit for times in measured},
        "python": platform.python_version(),
    }


def table(measured: list[Times]) -> str:
    """The times as a table for a terminal, in milliseconds."""
    width = max(len(times.name) for times in measured)
    heads = "".join(f"  {head:>9}" for head in ("median", "worst", "processor", "limit"))
    lines = [f"{'':{width}}  changes{heads}"]
    for times in measured:
        numbers = times.median, times.worst, statistics.median(times.processor), times.limit
        spelled = "  ".join(f"{1000 * number:6.0f} ms" for number in numbers)
        too_late = "  TOO SLOW" if times.late else ""
        lines.append(f"{times.name:{width}}  {len(times.seconds):7}  {spelled}{too_late}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, and write widgets.json.

    Args:
        arguments: the words of the command line; None for those that this process was started with.

    Returns:
        The exit status.
    """
    asked = _parser().parse_args(arguments)
    bar = progress.bar(asked.explorers or list(FACTORIES), "moving", unit="explorer")
    measured = [measure(name, asked.changes) for name in bar]
    asked.folder.mkdir(parents=True, exist_ok=True)
    written = json.dumps(summary(measured), indent=2) + "\n"
    (asked.folder / "widgets.json").write_text(written)
    print(table(measured))
    return int(any(times.late for times in measured))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.bench.widgets", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add(
        "explorers",
        nargs="*",
        metavar="EXPLORER",
        choices=(*FACTORIES, []),  # Python 3.11 looks for the value of none among them, too
        help="all where none is named",
    )
    add("--changes", type=int, default=COUNT, help=f"of each explorer's controls ({COUNT})")
    add("--folder", type=Path, default=FOLDER, help="where widgets.json goes")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
