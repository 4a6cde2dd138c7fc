"""Watches what all processes of a sandbox use together, and ends it when that is too much.

The operating system's limits hold for each process alone. Memory is used not only by processes,
but also by files in memory, so these are counted too. The sandbox's own /proc lists only its own
processes, so nothing else is counted.
"""

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.kernel.sandbox.command import WRITABLE

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
INODE = 1024  # bytes of memory that a file in memory costs, however empty
ENOUGH = 0.05  # of the machine's memory, left for everybody else


MACHINE = "the machine that graded it ran out of memory"
TOGETHER = f"{MACHINE}, of which it used much"


@dataclass
class Limits:
    """What a sandbox may use.

    Attributes:
        memory: bytes of memory.
        received: bytes by which the grader's own memory may grow.
        cpu: seconds of processor time.
        processes: the number of processes.
    """

    memory: int
    received: int
    cpu: int
    processes: int


@dataclass
class Usage:
    """What a sandbox uses at the moment.

    Attributes:
        memory: bytes of memory.
        cpu: seconds of processor time, including that of processes that have ended.
        processes: the number of processes.
    """

    memory: int = 0
    cpu: float = 0.0
    processes: int = 0


class Watch(threading.Thread):
    """A thread that ends a sandbox when it exceeds a limit.

    Args:
        pid: the number of the sandbox's first process, as the grader sees it.
        limits: what the sandbox may use.
        end: is called as end(sentence) when a limit is exceeded; the sentence says which.
        interval: seconds between two looks at what the sandbox uses.

    Attributes:
        used: what it used at the last look.
    """

    def __init__(
        self, pid: int, limits: Limits, end: Callable[[str], object], interval: float = 0.25
    ) -> None:
        super().__init__(name=f"sandbox-{pid}", daemon=True)
        self.root = Path(f"/proc/{pid}/root")
        self.limits, self.end, self.interval = limits, end, interval
        self.before, self.used = own_memory(), Usage()
        self.done = threading.Event()

    def stop(self) -> None:
        self.done.set()
        if self is not threading.current_thread():
            self.join(timeout=5)

    def run(self) -> None:
        while not self.done.wait(self.interval):
            try:
                # Until the sandbox has its own /proc, there would be the whole machine to see.
                if os.stat(self.root / "proc").st_dev == os.stat("/proc").st_dev:
                    continue
                # A page that several processes share counts for each of them at first. To count
                # it once takes the system a walk through all their pages.
                used = usage(self.root)
                if used.memory > self.limits.memory:
                    used = usage(self.root, exactly=True)
                self.used, sentence = used, self.exceeded(used)
            except OSError:
                continue  # it has ended; the process that waits for it will say so
            if sentence and not self.done.is_set():
                self.end(sentence)
                return

    def exceeded(self, used: Usage) -> str | None:
        """Say which limit is exceeded.

        Args:
            used: what the sandbox uses.

        Returns:
            A sentence that says what is too much; None if nothing is.
        """
        if used.memory > self.limits.memory:
            return f"it used more than {_mebibytes(self.limits.memory)} of memory"
        if used.processes > self.limits.processes:
            return f"it had more than {self.limits.processes} processes"
        if used.cpu > self.limits.cpu:
            return f"it used more than {self.limits.cpu} seconds of processor time"
        if own_memory() - self.before > self.limits.received:
            return f"it sent more than {_mebibytes(self.limits.received)} to the grader"
        if available() < ENOUGH:
            return MACHINE if used.memory < self.limits.memory / 4 else TOGETHER
        return None


def usage(root: Path, exactly: bool = False) -> Usage:
    """What the sandbox with this root uses.

    A process that ends during the count is left out, at least in part.

    Args:
        root: the path at which the grader sees the root of the sandbox.
        exactly: whether a page that n processes share counts for each of them as an nth of a page.
            Without it, it counts as a whole page for each.

    Returns:
        The usage.

    Raises:
        OSError: if the sandbox has ended.
    """
    used = Usage()
    for process in processes(root):
        try:
            # After the program's name, which may hold anything: state, parent, ...
            fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
            used.cpu += sum(map(int, fields[11:15])) / TICK
            used.processes += 1
            used.memory += part_of(process) if exactly else resident(process)
        except (OSError, IndexError):
            continue
    for place in WRITABLE:
        files = os.statvfs(f"{root}{place}")
        used.memory += (files.f_blocks - files.f_bfree) * files.f_frsize
        used.memory += (files.f_files - files.f_ffree) * INODE
    return used


def threads(root: Path) -> int:
    """The number of threads of all processes in the sandbox with this root."""
    count = 0
    for process in processes(root):
        with contextlib.suppress(OSError):  # it has ended
            count += len(os.listdir(process / "task"))
    return count


def processes(root: Path) -> list[Path]:
    """The folders in /proc of the processes in the sandbox with this root."""
    return [root / "proc" / name for name in os.listdir(root / "proc") if name.isdigit()]


def resident(process: Path) -> int:
    """The bytes of memory that a process uses, alone or shared with others.

    Args:
        process: its folder in /proc.

    Returns:
        The number of bytes.
    """
    return _kibibytes(process / "status", (b"VmRSS:", b"VmSwap:"))


def part_of(process: Path) -> int:
    """The bytes that a process uses, where a page that n processes share counts as an nth of it.

    Args:
        process: its folder in /proc.

    Returns:
        The number of bytes.
    """
    return _kibibytes(process / "smaps_rollup", (b"Pss:", b"SwapPss:"))


def _kibibytes(path: Path, names: tuple[bytes, ...]) -> int:
    lines = path.read_bytes().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(names))


def own_memory() -> int:
    """The bytes that this process, the grader's, holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def available() -> float:
    """The part of the machine's memory that is still available, from 0 to 1."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    kibibytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return kibibytes["MemAvailable"] / kibibytes["MemTotal"]


def _mebibytes(count: int) -> str:
    return f"{count // 2**20} MiB"
