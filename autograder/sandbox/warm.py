"""Kernels forked from a warm parent (parent.py), which has imported what they need."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from autograder.sandbox.walls import environment

PROGRAM = Path(__file__).with_name("parent.py")
SHARED = "whoever has the channel"
STATUS_TIMEOUT = 5  # seconds, after the walls are gone


class Warm:
    """Asks the parent for kernels, and starts it where there is none.

    A process of the grader's that forks itself leaves this one's parent alone, and gets another;
    unless it was to be shared.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.channel = self.process = self.owner = None

    def share(self):
        """Have the processes that this one forks from now on use the same parent."""
        with self.lock:
            if self.channel is None or self.owner not in (SHARED, os.getpid()):
                self._start()
            self.owner = SHARED

    def fork(self, request, descriptors):
        """Ask for a kernel; returns the end of a pipe on which its exit status will come.

        request, descriptors: what parent.py explains, but for the pipe.
        Errors: RuntimeError where the parent does not start, with what it said.
        """
        message = json.dumps(request).encode()
        first, log, *inherited = descriptors
        told, tell = os.pipe()
        try:
            with self.lock:
                if self.channel is None or self.owner not in (SHARED, os.getpid()):
                    self._start()
                files = [first, log, tell, *inherited]
                try:
                    socket.send_fds(self.channel, [message], files)
                except (BrokenPipeError, ConnectionResetError):  # somebody has ended it
                    self._start()
                    socket.send_fds(self.channel, [message], files)
            return told
        except BaseException:
            os.close(told)
            raise
        finally:
            os.close(tell)

    def _start(self):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.log = tempfile.TemporaryFile()
            # In the environment of its kernels, and nothing in it is the grader's.
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(PROGRAM), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env={**environment(), "HOME": "/nonexistent", "MPLCONFIGDIR": _font_folder()},
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )
        if self.channel is not None:
            self.channel.close()
        self.channel, self.owner = ours, os.getpid()
        if not ours.recv(len(b"ready")):
            self.channel = None
            self.process.wait()
            self.log.seek(0)
            said = self.log.read().decode(errors="replace").strip()
            raise RuntimeError(f"The parent of the kernels does not start:\n{said}")


WARM = Warm()


def _font_folder():
    import matplotlib  # not needed until a kernel starts

    return matplotlib.get_cachedir() or "/nonexistent"


class Forked:
    """A kernel and the walls around it, as LocalProvisioner sees a process.

    walls: the Popen of bubblewrap. told: the end of the pipe that the kernel's status comes on.
    """

    stdin = stdout = stderr = None

    def __init__(self, walls, told):
        self.walls, self.told, self.pid, self.returncode = walls, told, walls.pid, None

    def poll(self):
        """The kernel's exit status, negative for a signal; None while it runs."""
        if self.returncode is None:
            fallen = self.walls.poll() is not None
            watched = select.poll()
            watched.register(self.told, select.POLLIN)
            if watched.poll(STATUS_TIMEOUT * 1000 if fallen else 0) or fallen:
                self._end()
        return self.returncode

    def wait(self, timeout=None):
        """The exit status, once there is one. Errors: subprocess.TimeoutExpired."""
        if self.returncode is None:
            watched = select.poll()
            watched.register(self.told, select.POLLIN)
            if not watched.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("the kernel", timeout)
            self._end()
        return self.returncode

    def kill(self):
        """End the walls, and with them whoever is in them."""
        self.walls.kill()

    terminate = kill

    def send_signal(self, number):
        self.walls.send_signal(number)

    def _end(self):
        said = os.read(self.told, 20) if _readable(self.told) else b""
        os.close(self.told)
        self.returncode = int(said) if said else -signal.SIGKILL
        self.walls.kill()
        self.walls.wait()


def _readable(descriptor):
    watched = select.poll()
    watched.register(descriptor, select.POLLIN)
    return bool(watched.poll(0))
