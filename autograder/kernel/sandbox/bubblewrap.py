"""A kernel in its sandbox, from its start to its end.

Its limits on memory, processor time and files are traits of `Bubblewrap`.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import IO

from traitlets import Integer, List, Unicode
from traitlets.config import LoggingConfigurable

from autograder.kernel.limits import Schedule, Times
from autograder.kernel.sandbox import syscalls
from autograder.kernel.sandbox.availability import why_unavailable
from autograder.kernel.sandbox.cgroup import Group, new_group
from autograder.kernel.sandbox.command import HOME, WORK, BubblewrapCommand, environment
from autograder.kernel.sandbox.warm import WARM, Forked, is_readable
from autograder.kernel.sandbox.watch import Limits, Watch, threads, too_much

LOG_END = 4000  # bytes of what a kernel printed to nobody, shown when it does not start
END_TIMEOUT = 10  # seconds
OWN = 3  # processes of bubblewrap's own in a sandbox, at most
# For a signal, bubblewrap's exit status is this plus its number, as a shell's is.
BY_SIGNAL = 128
# What bubblewrap itself runs: it says that the sandbox stands, and stays until its input ends.
HOLDER = ("/bin/sh", "-c", "echo; exec 1>&2; while read -r _; do :; done")


class Bubblewrap(LoggingConfigurable):
    """A KernelProcess (autograder/kernel/process.py) inside bubblewrap.

    The sandbox ends with the thread that started it, at the latest.
    """

    visible = List(
        Unicode(), help="Host files and folders that the kernel sees, read-only, where they lie."
    ).tag(config=True)
    address_space = Integer(4 << 30, help="Bytes that one process may map.").tag(config=True)
    memory = Integer(
        2 << 30, help="Bytes of memory that all processes and files of a sandbox may use together."
    ).tag(config=True)
    disk = Integer(
        128 << 20, help="Bytes that each writable place holds: home, /tmp, /dev/shm."
    ).tag(config=True)
    processes = Integer(64, help="How many processes and threads there may be.").tag(config=True)
    cpu = Integer(600, help="Seconds of processor time, of all processes together.").tag(
        config=True
    )
    file_size = Integer(32 << 20, help="Bytes of the longest file.").tag(config=True)
    files = Integer(256, help="How many files one process may have open.").tag(config=True)
    received = Integer(
        1 << 30, help="Bytes that the grader may grow by while it listens to the kernel."
    ).tag(config=True)

    # A descriptor of the sandbox's first process, with which all others end.
    init: int | None = None
    # The open end of the holder's input. The system closes it when we end, in whatever way.
    life: int | None = None
    watch: Watch | None = None
    group: Group | None = None
    log_file: IO[bytes] | None = None
    bwrap: "subprocess.Popen[bytes] | None" = None
    kernel: Forked | None = None
    schedule = Schedule(None)
    ended: str | None = None  # why we ended it

    def start(
        self,
        wire: int,
        given: Mapping[str, str],
        shown: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        if why_unavailable():
            raise RuntimeError(why_unavailable())
        self.log_file = tempfile.TemporaryFile()  # noqa: SIM115  it lasts as long as the kernel
        with contextlib.ExitStack() as opened:
            info, tell = _pipe(opened)
            held, release = _pipe(opened)
            ready, built = _pipe(opened)
            living, self.life = os.pipe()
            opened.callback(os.close, living)
            command = opened.enter_context(contextlib.closing(BubblewrapCommand()))
            command.namespaces()
            command.folders({**{path: path for path in self.visible}, **(shown or {})}, self.disk)
            command.parents(f"{HOME}/.matplotlib/any", mode="0777")
            command.given(given)
            command.add("--info-fd", tell.fileno(), "--block-fd", held.fileno())
            words = command.command(HOLDER)
            self.bwrap = subprocess.Popen(
                words,
                cwd="/",
                env={},
                stdin=living,
                stdout=built,
                stderr=self.log_file,
                pass_fds=(*command.descriptors, tell.fileno(), held.fileno()),
                start_new_session=True,
            )
            for ours in (tell, held, built):
                ours.close()
            answer = info.read()
            if answer:  # otherwise it has ended, and the kernel is found dead
                pid = json.loads(answer)["child-pid"]
                self._hold(pid)
                with contextlib.suppress(BrokenPipeError):
                    release.write(b"x")
                    release.flush()
                if ready.read(1):
                    self._fork(pid, command.user, wire, variables)

    def _hold(self, pid: int) -> None:
        """Take control of the sandbox's first process, before any of the student's code runs."""
        self.init = os.pidfd_open(pid)
        # If the system runs out of memory, it should end the student's processes first.
        with open(f"/proc/{pid}/oom_score_adj", "w") as score:
            score.write("1000")
        self.group = new_group(self.memory, self.processes + OWN)
        if self.group is not None:
            self.group.add(pid)
        limits = Limits(self.memory, self.received, self.cpu, self.processes + OWN)
        self.watch = Watch(pid, limits, self._end)
        self.watch.start()

    def _fork(self, pid: int, user: int, wire: int, variables: Mapping[str, str] | None) -> None:
        """Have a kernel forked into the sandbox.

        Args:
            pid: the number of the sandbox's first process.
            user: the number of the user inside.
            wire: a descriptor of the kernel's end of the wire.
            variables: environment variables besides the kernel's own.
        """
        request = {
            "environment": environment(variables),
            "folder": WORK,
            "limits": {
                "RLIMIT_AS": self.address_space,
                "RLIMIT_CORE": 0,
                "RLIMIT_CPU": self.cpu + 5,  # if the watch, which can say why, did not end it
                "RLIMIT_FSIZE": self.file_size,
                "RLIMIT_MEMLOCK": 0,
                "RLIMIT_MSGQUEUE": 0,
                "RLIMIT_NICE": 0,
                "RLIMIT_NOFILE": self.files,
                "RLIMIT_NPROC": self.processes,
                "RLIMIT_RTPRIO": 0,
            },
            "pid": pid,
            "refused": (syscalls.program() or b"").hex(),
            "user": user if os.geteuid() == 0 else None,
        }
        assert self.bwrap is not None and self.init is not None and self.log_file is not None
        status = WARM.fork(request, [self.init, self.log_file.fileno(), wire])
        self.kernel = Forked(self.bwrap, status)
        self.schedule = Schedule(self.kernel.pid)
        if self.kernel.pid is not None and self.watch is not None:
            self.watch.first.append(self.kernel.pid)
            if self.group is not None:  # it runs nothing of the student's before it is asked to
                self.group.add(self.kernel.pid)

    def poll(self) -> int | None:
        if self.bwrap is None:
            return None
        status = self.kernel.poll() if self.kernel else self.bwrap.poll()
        if status is not None:
            self.kill()  # bubblewrap may be gone a little before the rest
        return status

    def why_dead(self) -> str | None:
        if self.ended:
            return self.ended
        status = self.poll()
        if status is None:
            return None
        if self.group is not None and self.group.was_full():
            return too_much(self.memory)
        number = -status if status < 0 else status - BY_SIGNAL
        if number == signal.SIGXCPU:
            return f"it used more than {self.cpu} seconds of processor time"
        if number in signal.valid_signals():
            return f"it was ended by signal {number} ({signal.strsignal(number)})"
        return f"it ended by itself, with exit status {status}"

    def interrupt(self) -> None:
        if self.kernel is not None:
            self.kernel.send_signal(signal.SIGINT)

    def threads_inside(self) -> int:
        try:
            return threads(self.watch.root) if self.watch else 0
        except OSError:
            return 0

    def times(self) -> Times:
        worked = self.watch.last.cpu if self.watch else 0.0
        return Times(self.schedule.times().waited, worked)

    def last_words(self) -> str:
        if not self.log_file:
            return ""
        size = os.fstat(self.log_file.fileno()).st_size
        end = os.pread(self.log_file.fileno(), LOG_END, max(0, size - LOG_END))
        return end.decode(errors="replace").strip()

    def kill(self) -> None:
        # The system ends all processes of the sandbox with its first one.
        with contextlib.suppress(ProcessLookupError):
            if self.init is not None:
                signal.pidfd_send_signal(self.init, signal.SIGKILL)
            elif self.bwrap is not None:
                self.bwrap.kill()

    def close(self) -> None:
        """End the sandbox, and wait until nothing of it is left.

        After 10 seconds it gives up, and logs a warning.
        """
        self.kill()
        deadline = time.monotonic() + END_TIMEOUT
        if self.kernel is not None:
            self.kernel.close()
        while self.init is not None and not is_readable(self.init):
            if time.monotonic() > deadline:
                self.log.warning("Processes of a sandbox do not end.")
                break
            time.sleep(0.001)
        if self.bwrap is not None:
            self.bwrap.kill()
            self.bwrap.wait()
        if self.watch:
            self.watch.stop()
        if self.group is not None:
            self.group.close()
        for number in (self.init, self.life):
            if number is not None:
                os.close(number)
        if self.log_file is not None:
            self.log_file.close()
        self.init = self.life = self.watch = self.group = self.log_file = None
        self.bwrap = self.kernel = None

    def _end(self, sentence: str) -> None:
        self.ended = sentence
        self.kill()


def _pipe(opened: contextlib.ExitStack) -> list[IO[bytes]]:
    """The two ends of a pipe, for reading and for writing, which are closed with `opened`."""
    ends = zip(os.pipe(), ("rb", "wb"))
    return [opened.enter_context(open(end, mode)) for end, mode in ends]
