"""The process of a student's kernel, with or without a sandbox around it."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol

from autograder import CLONE
from autograder.kernel.limits import Schedule, Times

PROGRAM = """
import sys
sys.path.insert(0, {clone!r})
from autograder.kernel.inside import kernel
sys.path.pop(0)
kernel.run({wire})
"""


class KernelProcess(Protocol):
    """The process of a kernel."""

    def start(
        self,
        wire: int,
        given: Mapping[str, str],
        shown: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Start it.

        Args:
            wire: a descriptor of the kernel's end of the wire, which it inherits.
            given: files that it can read in its folder: from a path relative to that to a path of
                the host's.
            shown: files and folders that it can read: from where it finds them to the host's path.
            variables: environment variables besides its own.

        Raises:
            RuntimeError: if no kernel can be started here; the message says why.
        """

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""

    def why_dead(self) -> str | None:
        """Why it has ended, as half a sentence to follow a colon; None while it runs."""

    def last_words(self) -> str:
        """The last lines of what it printed where no notebook shows it."""

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the student's code that it runs."""

    def threads_inside(self) -> int:
        """The number of threads in its sandbox, or of it, at the moment; 0 if it has ended."""

    def times(self) -> Times:
        """What it has had of the processors: what waited is its main thread."""

    def kill(self) -> None:
        """End it, and all that it has started."""

    def close(self) -> None:
        """End it, and wait until nothing of it is left."""


class Unsandboxed:
    """A kernel without a sandbox, which can do whatever the grader can.

    Args:
        folder: where it works.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.schedule = Schedule(None)
        self.log_file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    def start(
        self,
        wire: int,
        given: Mapping[str, str],
        shown: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        backend = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(clone=str(CLONE), wire=wire)],
            cwd=self.folder,
            env={**os.environ, **backend, **(variables or {})},
            pass_fds=(wire,),
            stdin=subprocess.DEVNULL,
            stdout=self.log_file,
            stderr=self.log_file,
            start_new_session=True,
        )
        self.schedule = Schedule(self.process.pid)

    def poll(self) -> int | None:
        return self.process.poll() if self.process else None

    def why_dead(self) -> str | None:
        status = self.poll()
        if status is None:
            return None
        if status < 0:
            return f"it was ended by signal {-status} ({signal.strsignal(-status)})"
        return f"it ended by itself, with exit status {status}"

    def last_words(self) -> str:
        self.log_file.seek(0)
        return self.log_file.read().decode(errors="replace").strip()

    def interrupt(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGINT)

    def threads_inside(self) -> int:
        try:
            return len(os.listdir(f"/proc/{self.process.pid}/task")) if self.process else 0
        except OSError:  # it has ended, or the system has no such files
            return 0

    def times(self) -> Times:
        return self.schedule.times()

    def kill(self) -> None:
        if self.process:
            # It leads a session, so what it has started is of its group, too.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        if self.process:
            self.kill()
            self.process.wait()
        self.log_file.close()
