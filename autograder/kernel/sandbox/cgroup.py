"""A control group for each sandbox, where the system has left the grader's own to the grader.

systemd does that on request: `systemd-run --user --scope -p Delegate=yes autograder grade 02_cost`.
Then the system itself sees to memory, processes and shares of the processors. Elsewhere the watch
(watch.py) does what it can.
"""

import contextlib
import os
import tempfile
import threading
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
DELEGATED = "user.delegate"  # the attribute by which systemd says so
CONTROLLERS = {"cpu", "memory", "pids"}
GRADER = "grader"
SHARES = 1000  # of the grader's processes; each sandbox has 100, which is what the system gives
LOCK = threading.Lock()


class Group:
    """The control group of a sandbox.

    Args:
        folder: of this group.
        memory: bytes that it may use.
        processes: how many processes and threads there may be.

    Raises:
        OSError: if the system does not take the limits.
    """

    def __init__(self, folder: Path, memory: int, processes: int) -> None:
        self.folder = folder
        (folder / "memory.max").write_text(str(memory))
        (folder / "memory.oom.group").write_text("1")
        (folder / "pids.max").write_text(str(processes))
        with contextlib.suppress(FileNotFoundError):  # a system that does not swap
            (folder / "memory.swap.max").write_text("0")

    def add(self, pid: int) -> None:
        """Move a process into the group, with all that it will start."""
        with contextlib.suppress(OSError):  # it has ended; or the watch must do alone
            (self.folder / "cgroup.procs").write_text(str(pid))

    def was_full(self) -> bool:
        """Whether the system has ended it because it needed more memory."""
        try:
            events = (self.folder / "memory.events").read_text().split()
        except OSError:
            return False
        return dict(zip(events[::2], events[1::2])).get("oom_kill", "0") != "0"

    def close(self) -> None:
        """Remove it. Its processes must have ended."""
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def new_group(memory: int, processes: int, mount: Path = MOUNT) -> Group | None:
    """Make a control group for a sandbox.

    Args:
        memory: bytes that it may use.
        processes: how many processes and threads there may be.
        mount: where the control groups of version 2 lie.

    Returns:
        The group; None where the grader may make none.
    """
    parent = delegated(mount)
    if parent is None:
        return None
    try:
        with LOCK:
            share_out(parent)
        folder = Path(tempfile.mkdtemp(prefix="sandbox-", dir=parent))
        try:
            return Group(folder, memory, processes)
        except OSError:
            folder.rmdir()
            raise
    except OSError:
        return None


def delegated(mount: Path) -> Path | None:
    """The folder of the group that was left to the grader; None if there is none."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        if line.startswith("0::/"):
            own = mount / line[4:]
            for folder in (own, own.parent):  # the grader may have moved into a group below
                with contextlib.suppress(OSError):
                    if os.getxattr(folder, DELEGATED) == b"1":
                        return folder
    return None


def share_out(parent: Path) -> None:
    """Let groups below this one have limits, which it can only if no process is in it itself.

    Args:
        parent: the folder of the group that was left to the grader.

    Raises:
        OSError: if the system refuses.
    """
    switch = parent / "cgroup.subtree_control"
    if set(switch.read_text().split()) >= CONTROLLERS:
        return
    grader = parent / GRADER
    grader.mkdir(exist_ok=True)
    for pid in (parent / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            (grader / "cgroup.procs").write_text(pid)
    switch.write_text(" ".join(f"+{name}" for name in sorted(CONTROLLERS)))
    (grader / "cpu.weight").write_text(str(SHARES))
