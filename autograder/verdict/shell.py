"""Stands for IPython in test cells: it executes what magics time or capture, and refuses others."""

import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, NoReturn

from IPython.core.magics.execution import TimeitResult
from IPython.utils.capture import capture_output

from autograder.verdict.magics import EXECUTE, HARMLESS, split_options


class UnknownMagic(Exception):
    """A test cell uses a magic that means nothing where a notebook is graded."""


class Shell:
    """What get_ipython() gives in a test cell.

    Args:
        names: the names of the test cells.
        execute: is called with a text and executes it among them; gives the value of its last
            expression.
    """

    def __init__(self, names: MutableMapping[str, Any], execute: Callable[[str], Any]) -> None:
        self.user_ns, self.execute = names, execute

    def run_cell_magic(self, name: str, line: str, body: str) -> Any:
        """Execute the lines below a magic such as %%time."""
        if name not in EXECUTE:
            refuse(f"%%{name}")
        options, rest = split_options(line)
        if name == "timeit" and rest:  # what prepares the lines below
            self.execute(rest)
        # The lines keep their numbers, for what is told of an error.
        return self.run(name, options, rest, "#\n" + body)

    def run_line_magic(self, name: str, line: str, _stack_depth: int = 1) -> Any:
        """Execute the rest of a line that begins with a magic such as %time."""
        if name in HARMLESS:
            return None
        if name not in EXECUTE:
            refuse(f"%{name}")
        options, text = split_options(line)
        return self.run(name, options, "", text)

    def run(self, name: str, options: Mapping[str, str], variable: str, text: str) -> Any:
        if name == "time":
            return self.execute(text)
        if name == "timeit":
            return self.timeit(options, text)
        shown = [f"--no-{kind}" not in options for kind in ("stdout", "stderr", "display")]
        with capture_output(*shown) as captured:
            self.execute(text)
        if variable:
            self.user_ns[variable] = captured
        return None

    def timeit(self, options: Mapping[str, str], text: str) -> TimeitResult | None:
        """Execute a text as often as the options say, or once."""
        loops, runs = (int(options.get(key) or 1) for key in ("-n", "-r"))
        took = []
        for _ in range(runs):
            start = time.perf_counter()
            for _ in range(loops):
                self.execute(text)
            took.append((time.perf_counter() - start) / max(loops, 1))
        if "-o" not in options:
            return None
        return TimeitResult(loops, runs, min(took), max(took), took, 0, 3)

    def system(self, command: str) -> NoReturn:
        refuse(f"!{command}")

    getoutput = system


def refuse(what: str) -> NoReturn:
    raise UnknownMagic(
        f"{what[:60]} is not executed where a notebook is graded, so this test gives no points "
        "(rule 10 in docs/test-cells.md)"
    )


def display(*values: object, **_options: object) -> None:
    """Show values as a notebook does, in text."""
    for value in values:
        print(repr(value)[:10_000])
