"""Whoever a command started, and whoever those started, as long as one of them lives.

From Linux alone: what loses its parent is given to the nearest ancestor that asked for it, so that
no descendant gets away by a second fork or a session of its own.
"""

import contextlib
import ctypes
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class Process:
    """pid, parent: process ids. words: its command line, separated by blanks."""

    pid: int
    parent: int
    words: str

    def __str__(self):
        return f"{self.pid} {self.words[:100]}"


def adopt():
    """From now on, descendants of this process that lose their parent become its children."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER) failed")


def descendants(ancestor=None, without=()):
    """The processes below `ancestor` (this process), parents first, zombies left out.

    without: pids that are passed over, with all that is below them.
    """
    children = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state, parent = fields[0], int(fields[1])
            alive = state not in "ZX"
            children.setdefault(parent, []).append(
                (alive, Process(int(folder.name), parent, words))
            )
    found, waiting = [], [ancestor or os.getpid()]
    while waiting:
        for alive, process in children.get(waiting.pop(0), []):
            if process.pid not in without:
                waiting.append(process.pid)
                if alive:
                    found.append(process)
    return found


def orphans(seconds):
    """Descendants that are still there after that many seconds; an empty list ends the waiting."""
    end = time.monotonic() + seconds
    while True:
        bury()
        left = descendants()
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.1)


def bury():
    """Take leave of dead children that nobody waits for. Not while a Popen is being waited for."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def kill_all(processes):
    """Kill -9 each of them, as far as they live."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
