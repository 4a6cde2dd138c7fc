"""Watches what all processes of a sandbox use together, and ends it when that is too much.

The operating system's limits hold for each process alone. Memory is used not only by processes,
but also by files, sockets and the like, so these are counted too (memory.py). The sandbox's own
/proc lists only its own processes, so nothing else is counted.
"""

import contextlib
import math
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from autograder.kernel.sandbox.command import WRITABLE
from autograder.kernel.sandbox.memory import Objects, holder, machines, own, sockets

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
INODE = 1024  # bytes of memory that a file in memory costs, however empty
ENOUGH = 0.05  # of the machine's memory, left for everybody else
SELDOM = 8  # looks after which all mappings are read, which takes a millisecond
LITTLE = 16 << 20  # bytes by which the machine's shared memory may grow until then


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
        running: the number of threads that run, or wait for a processor.
        files: bytes of its files in memory, which are among `memory`.
        objects: the nameless objects in memory that its processes share; they are, too.
    """

    memory: int = 0
    cpu: float = 0.0
    processes: int = 0
    running: int = 0
    files: int = 0
    objects: Objects = field(default_factory=Objects)


class Watch(threading.Thread):
    """A thread that ends a sandbox when it exceeds a limit.

    Args:
        pid: the number of the sandbox's first process, as the grader sees it.
        limits: what the sandbox may use.
        end: is called as end(sentence) when a limit is exceeded; the sentence says which.
        interval: seconds between two looks at what the sandbox uses.

    Attributes:
        last: what it used at the last look.
    """

    def __init__(
        self, pid: int, limits: Limits, end: Callable[[str], object], interval: float = 0.25
    ) -> None:
        super().__init__(name=f"sandbox-{pid}", daemon=True)
        self.root = Path(f"/proc/{pid}/root")
        self.limits, self.end, self.interval = limits, end, interval
        self.before, self.shmem = own_memory(), machines("Shmem")
        self.objects, self.last = Objects(), Usage()
        self.looks = 0
        self.first = [pid]
        self.nice = 0
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
                self.last = self.used()
                sentence = self.exceeded(self.last)
            except OSError:
                continue  # it has ended; the process that waits for it will say so
            if sentence and not self.done.is_set():
                self.end(sentence)
                return

    def used(self) -> Usage:
        """What the sandbox uses. Its threads get less of the processors the more of them run."""
        shmem = machines("Shmem")
        self.shmem = min(self.shmem, shmem)
        self.looks += 1
        known = self.objects
        seldom = self.looks % SELDOM and shmem - self.shmem < LITTLE
        used = usage(self.root, known=known if seldom else None)
        if used.memory > self.limits.memory:
            # A page that several processes share counts for each of them at first. To count it
            # once takes the system a walk through all their pages.
            used = usage(self.root, exactly=True)
        if used.objects.guessed and used.objects is not known:
            # They are as large as they have ever been; and whatever else the machine has got of
            # shared memory is held by one who shares it.
            grown = used.objects.remember(known)
            held = used.files + used.objects.bytes()
            used.memory += grown + max(0, shmem - self.shmem - held)
        self.objects = used.objects
        self.renice(used.running)
        return used

    def renice(self, many: int) -> None:
        """Give all threads of the sandbox together the share of one.

        New ones inherit it. It grows again step by step, if the system lets the grader do so.

        Args:
            many: how many of them want a processor.
        """
        before, self.nice = self.nice, max(niceness(many), self.nice - 1)
        if before == self.nice == 0:
            return
        for thread in below(self.first):
            with contextlib.suppress(OSError):  # it has ended, or only root may lower it again
                os.setpriority(os.PRIO_PROCESS, thread, self.nice)

    def exceeded(self, used: Usage) -> str | None:
        """Say which limit is exceeded.

        Args:
            used: what the sandbox uses.

        Returns:
            A sentence that says what is too much; None if nothing is.
        """
        if used.memory > self.limits.memory:
            return too_much(self.limits.memory)
        if used.processes > self.limits.processes:
            return f"it had more than {self.limits.processes} processes"
        if used.cpu > self.limits.cpu:
            return f"it used more than {self.limits.cpu} seconds of processor time"
        if own_memory() - self.before > self.limits.received:
            return f"it sent more than {_mebibytes(self.limits.received)} to the grader"
        if available() < ENOUGH:
            return MACHINE if used.memory < self.limits.memory / 4 else TOGETHER
        return None


def usage(root: Path, exactly: bool = False, known: Objects | None = None) -> Usage:
    """What the sandbox with this root uses.

    A process that ends during the count is left out, at least in part.

    Args:
        root: the path at which the grader sees the root of the sandbox.
        exactly: whether a page that n processes share counts for each of them as an nth of a page.
            Without it, it counts as a whole page for each.
        known: the nameless objects that it shares, if they need not be looked for.

    Returns:
        The usage.

    Raises:
        OSError: if the sandbox has ended.
    """
    used = Usage(objects=known or Objects())
    for process in processes(root):
        try:
            fields = _stat(process)
            used.cpu += sum(map(int, fields[11:15])) / TICK
            used.processes += 1
            used.running += fields[0] == b"R" if fields[17] == b"1" else running(process)
            told = holder(process)
            if told is not None:
                used.memory += own(told, exactly)
                if known is None:
                    used.objects.add(told)
        except (OSError, IndexError, KeyError):
            continue
    for place in WRITABLE:
        files = os.statvfs(f"{root}{place}")
        used.files += (files.f_blocks - files.f_bfree) * files.f_frsize
        used.memory += (files.f_files - files.f_ffree) * INODE
    used.memory += used.files + used.objects.bytes() + sockets(root.parent)
    return used


def running(process: Path) -> int:
    """How many threads of a process run, or wait for a processor.

    Args:
        process: its folder in /proc.
    """
    count = 0
    for task in (process / "task").iterdir():
        with contextlib.suppress(OSError):  # it has ended
            count += _stat(task)[0] == b"R"
    return count


def niceness(many: int) -> int:
    """The niceness at which so many threads have the share of one: a step is a fifth less.

    Args:
        many: how many they are.
    """
    return min(19, round(math.log(max(many, 1), 1.25)))


def below(first: list[int]) -> Iterator[int]:
    """The threads of all processes that come from these.

    Args:
        first: the numbers of processes.
    """
    for number in first:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(number)
            for each in [process, *process.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    yield from (thread.id for thread in each.threads())


def _stat(process: Path) -> list[bytes]:
    """What /proc says of a process or thread after its name, which may hold anything."""
    return (process / "stat").read_bytes().rpartition(b")")[2].split()


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


def own_memory() -> int:
    """The bytes that this process, the grader's, holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def available() -> float:
    """The part of the machine's memory that is still available, from 0 to 1."""
    return machines("MemAvailable") / machines("MemTotal")


def too_much(memory: int) -> str:
    """What is said of a sandbox that needed more memory than it may use.

    Args:
        memory: the bytes that it may use.
    """
    return f"it used more than {_mebibytes(memory)} of memory"


def _mebibytes(count: int) -> str:
    return f"{count // 2**20} MiB"
