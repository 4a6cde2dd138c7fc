"""Kernels forked from a warm parent (parent.py), which has imported what they need."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.kernel.sandbox.command import environment

PROGRAM = Path(__file__).with_name("parent.py")
SHARED = "whoever has the channel"
STATUS_TIMEOUT = 5  # seconds, after the sandbox is gone


class Warm:
    """Asks the parent for kernels, and starts the parent if there is none.

    If a process of the grader's forks itself, the fork does not use this parent, but gets one of
    its own; unless share() was called before.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.channel: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.owner: int | str | None = None  # the process that started the parent, or SHARED

    def share(self) -> None:
        """Have the processes that this one forks from now on use the same parent."""
        with self.lock:
            self._started()
            self.owner = SHARED

    def fork(self, request: dict[str, Any], descriptors: Sequence[int]) -> int:
        """Ask the parent for a kernel.

        Args:
            request: what the kernel is to be, as parent.py reads it.
            descriptors: the open files that parent.py explains, without the pipe for the exit
                status.

        Returns:
            A descriptor of the end of a pipe on which the kernel's exit status will come.

        Raises:
            RuntimeError: if the parent does not start; the message has what it printed.
        """
        message = json.dumps(request).encode()
        first, log, *inherited = descriptors
        status, tell = os.pipe()
        try:
            with self.lock:
                files = [first, log, tell, *inherited]
                try:
                    socket.send_fds(self._started(), [message], files)
                except (BrokenPipeError, ConnectionResetError):  # somebody has ended it
                    socket.send_fds(self._start(), [message], files)
            return status
        except BaseException:
            os.close(status)
            raise
        finally:
            os.close(tell)

    def _started(self) -> socket.socket:
        """The channel to the parent, which is started if this process has none."""
        if self.channel is None or self.owner not in (SHARED, os.getpid()):
            return self._start()
        return self.channel

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as log:
            with theirs:
                # It has the environment of its kernels, in which nothing is the grader's.
                self.process = subprocess.Popen(
                    [sys.executable, "-I", "-B", str(PROGRAM), str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    cwd="/",
                    env={**environment(), "HOME": "/nonexistent", "MPLCONFIGDIR": _font_folder()},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            if self.channel is not None:
                self.channel.close()
            self.channel, self.owner = ours, os.getpid()
            if not ours.recv(len(b"ready")):
                self.channel = None
                self.process.wait()
                log.seek(0)
                said = log.read().decode(errors="replace").strip()
                raise RuntimeError(f"The parent of the kernels does not start:\n{said}")
        return ours


WARM = Warm()


def _font_folder() -> str:
    import matplotlib  # not needed until a kernel starts

    return matplotlib.get_cachedir() or "/nonexistent"


class Forked:
    """A kernel in a sandbox.

    Args:
        bwrap: the Popen of bubblewrap, which holds the sandbox.
        status: a descriptor of the end of the pipe on which the parent reports the kernel's number
            and, in the end, its exit status.
    """

    def __init__(self, bwrap: "subprocess.Popen[bytes]", status: int) -> None:
        self.bwrap, self.status = bwrap, status
        self.returncode: int | None = None
        self.said = os.read(status, 40) if is_readable(status, STATUS_TIMEOUT) else b""
        number, begun, rest = self.said.partition(b"\n")
        self.pid = int(number) if begun else None
        self.said = rest if begun else number
        self.process: int | None = None
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """The kernel's exit status, negative for a signal; None while it runs."""
        if self.returncode is None:
            fallen = self.bwrap.poll() is not None
            if self.said or is_readable(self.status, STATUS_TIMEOUT if fallen else 0) or fallen:
                said = self.said or (os.read(self.status, 20) if is_readable(self.status) else b"")
                self.returncode = int(said) if said else -signal.SIGKILL
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send the kernel a signal, if it still runs."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.process, number)

    def close(self) -> None:
        os.close(self.status)
        if self.process is not None:
            os.close(self.process)


def is_readable(descriptor: int, seconds: float = 0) -> bool:
    """Whether a pipe has something to read, or was closed at its other end.

    Args:
        descriptor: of the pipe.
        seconds: how long to wait for it.
    """
    watched = select.poll()
    watched.register(descriptor, select.POLLIN)
    return bool(watched.poll(seconds * 1000))
