"""Processor time of a command and of everything it starts, whatever happens to those processes.

Adding up what child processes used misses sandboxed kernels: no process waits for a kernel that is
killed with its namespace, and its time is lost (of 1.6 seconds, only 0.7 were counted). A control
group of Linux counts all processes in it, from the first moment to the last, and no process leaves
it alive.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Where control groups may be, and the file of each that holds the time used.
MOUNTS = {
    "/sys/fs/cgroup": "cpu.stat",
    "/sys/fs/cgroup/unified": "cpu.stat",
    "/sys/fs/cgroup/cpuacct": "cpuacct.usage",
    "/sys/fs/cgroup/cpu,cpuacct": "cpuacct.usage",
}
NO_GROUP = (
    "Processor time is counted by a control group, and none can be made here. As root, or with "
    "systemd by `systemd-run --user --scope -p Delegate=yes make bench-grading`, one can."
)


@dataclass
class Used:
    """The time that a command used.

    Attributes:
        seconds: the processor time, in seconds.
        wall: the time by the clock, in seconds.
    """

    seconds: float
    wall: float


def measure(command: Sequence[str], **options: Any) -> Used:
    """Run a command, and measure what it uses.

    Args:
        command: the words of the command.
        **options: passed on to subprocess.run.

    Returns:
        What the command used.

    Raises:
        CalledProcessError: if the command fails. It holds what the command printed.
        OSError: if no control group can be made.
    """
    # The shell enters the group, and then becomes the command.
    enter = 'echo $$ > "$0" && exec "$@"'
    with group() as (path, used):
        start = time.perf_counter()
        subprocess.run(
            ["/bin/sh", "-c", enter, path / "cgroup.procs", *command],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
        return Used(used(), time.perf_counter() - start)


@contextlib.contextmanager
def group() -> Iterator[tuple[Path, Callable[[], float]]]:
    """Make a new control group for the length of a with block.

    Yields:
        The group's folder, and a function that returns how many seconds of processor time it used.
    """
    path, file = make_group()
    try:
        yield path, lambda: seconds((path / file).read_text())
    finally:
        # Killed processes leave the group a little later.
        for _ in range(500):
            with contextlib.suppress(OSError):
                path.rmdir()
                break
            time.sleep(0.01)


def make_group() -> tuple[Path, str]:
    """Make a new control group.

    Returns:
        The group's folder, and the name of its file that says how much time was used.

    Raises:
        OSError: if none can be made.
    """
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    own = [line.removeprefix("0::") for line in lines if line.startswith("0::")]
    for mount, file in MOUNTS.items():
        # At the top, as root may; or in the group that systemd gave to this user.
        for above in (Path(mount), *(Path(mount + path) for path in own)):
            path = above / f"benchmark-{os.getpid()}"
            try:
                path.mkdir()
            except OSError:
                continue
            if (path / file).exists():
                return path, file
            path.rmdir()
    raise OSError(NO_GROUP)


def seconds(text: str) -> float:
    """The seconds in the text of a control group's file, of either version."""
    if "usage_usec" in text:
        return int(dict(line.split() for line in text.splitlines())["usage_usec"]) / 1e6
    return int(text) / 1e9
