"""Jupyter's side of the sandbox: what starts a kernel in it, and what talks to that kernel.

`Bubblewrap` is the provisioner that kernel.json names. `Manager` and its client limit how much they
receive. The limits on memory, processor time and files are traits of `Bubblewrap`.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, Literal, cast, get_args

import zmq
import zmq.asyncio
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float, Integer, List, Type, Unicode, default

from autograder.kernel import sockets
from autograder.kernel.sandbox import syscalls
from autograder.kernel.sandbox.availability import why_unavailable
from autograder.kernel.sandbox.command import (
    CONNECTION,
    HOME,
    SOCKETS,
    WORK,
    BubblewrapCommand,
    environment,
)
from autograder.kernel.sandbox.warm import WARM, Forked, is_readable
from autograder.kernel.sandbox.watch import Limits, Watch, threads

Channel = Literal["shell_port", "iopub_port", "stdin_port", "hb_port", "control_port"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
LOG_END = 4000  # bytes of what a kernel printed to nobody, shown when it does not start
END_TIMEOUT = 10  # seconds
# For a signal, bubblewrap's exit status is this plus its number, as a shell's is.
BY_SIGNAL = 128
# What bubblewrap itself runs: it says that the sandbox stands, and stays until its input ends.
HOLDER = ("/bin/sh", "-c", "echo; exec 1>&2; while read -r _; do :; done")


class Bubblewrap(LocalProvisioner):
    """An ipykernel inside bubblewrap; the Unix sockets to it lie inside too.

    The manager's start_kernel takes, besides Jupyter's own arguments: given, shown, variables and
    pass_fds, as autograder.kernel.sandbox explains. Its cwd and env have no effect.

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
    start_timeout = Float(60, help="Seconds after which a kernel must have started.").tag(
        config=True
    )

    parent: KernelManager
    # A descriptor of the sandbox's first process, with which all others end.
    init: int | None = None
    # The open end of the holder's input. The system closes it when we end, in whatever way.
    life: int | None = None
    watch: Watch | None = None
    log_file: IO[bytes] | None = None
    ended: str | None = None  # why we ended it
    status: int | None = None

    async def pre_launch(
        self,
        given: Mapping[str, str] | None = None,
        shown: Iterable[str] = (),
        variables: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        if why_unavailable():
            raise RuntimeError(why_unavailable())
        self.given, self.shown, self.variables = given or {}, shown, variables or {}
        manager = self.parent
        # The sockets of an earlier kernel lay in its sandbox, and are gone with it.
        manager.cleanup_connection_file()
        manager.transport = "ipc"
        manager.ip = f"{SOCKETS}/{secrets.token_hex(4)}"
        kwargs["env"] = {}
        return await super().pre_launch(**kwargs)

    async def launch_kernel(
        self, cmd: list[str], pass_fds: tuple[int, ...] = (), **kwargs: Any
    ) -> KernelConnectionInfo:
        """Build the sandbox, and have a kernel forked into it.

        Args:
            cmd: the command of ipykernel.
            pass_fds: descriptors of open files that the kernel inherits.
            **kwargs: have no effect.

        Returns:
            How to connect to the kernel.

        Raises:
            RuntimeError: if the kernel does not start; the message has the last lines that it
                printed.
        """
        self.ended = self.status = None
        self.log_file = tempfile.TemporaryFile()  # noqa: SIM115  it lasts as long as the kernel
        with contextlib.ExitStack() as opened:
            info, tell = _pipe(opened)
            held, release = _pipe(opened)
            ready, built = _pipe(opened)
            living, self.life = os.pipe()
            opened.callback(os.close, living)
            bwrap = opened.enter_context(contextlib.closing(BubblewrapCommand()))
            command = self._command(bwrap, tell.fileno(), held.fileno())
            await super().launch_kernel(
                command,
                cwd="/",
                env={},
                stdin=living,
                stdout=built,
                stderr=self.log_file,
                pass_fds=(*bwrap.descriptors, tell.fileno(), held.fileno()),
            )
            for ours in (tell, held, built):
                ours.close()
            answer = info.read()
            if answer:  # otherwise it has ended, and _started says so
                pid = json.loads(answer)["child-pid"]
                self._hold(pid)
                with contextlib.suppress(BrokenPipeError):
                    release.write(b"x")
                    release.flush()
                if ready.read(1):
                    self._fork(cmd, pid, bwrap.user, pass_fds)
        await self._started()
        return self.connection_info

    def _command(self, bwrap: BubblewrapCommand, tell: int, held: int) -> list[str]:
        """The command of bubblewrap, which decides what the kernel will find."""
        bwrap.namespaces()
        bwrap.folders([*self.visible, *self.shown], self.disk)
        bwrap.file(CONNECTION, json.dumps(_plain(self.connection_info)).encode())
        bwrap.parents(f"{HOME}/.matplotlib/any", mode="0777")
        bwrap.given(self.given)
        bwrap.add("--info-fd", tell, "--block-fd", held)
        return bwrap.command(HOLDER)

    def _fork(self, cmd: list[str], pid: int, user: int, pass_fds: tuple[int, ...]) -> None:
        """Have a kernel forked into the sandbox.

        Args:
            cmd: the command of ipykernel.
            pid: the number of the sandbox's first process.
            user: the number of the user inside.
            pass_fds: descriptors of open files that the kernel inherits.
        """
        outside = os.path.realpath(self.parent.connection_file)
        words = cmd[cmd.index("ipykernel_launcher") + 1 :]
        request = {
            "arguments": [CONNECTION if word == outside else word for word in words],
            "environment": environment(self.variables),
            "folder": WORK,
            "limits": {
                "RLIMIT_AS": self.address_space,
                "RLIMIT_CORE": 0,
                "RLIMIT_CPU": self.cpu + 5,  # if the watch, which can say why, did not end it
                "RLIMIT_FSIZE": self.file_size,
                "RLIMIT_NOFILE": self.files,
                "RLIMIT_NPROC": self.processes,
            },
            "numbers": list(pass_fds),
            "pid": pid,
            "refused": (syscalls.program() or b"").hex(),
            "user": user if os.geteuid() == 0 else None,
        }
        assert self.process is not None and self.init is not None and self.log_file is not None
        status = WARM.fork(request, [self.init, self.log_file.fileno(), *pass_fds])
        # It does all of what LocalProvisioner asks of a Popen.
        self.process = cast(subprocess.Popen[bytes], Forked(self.process, status))

    def _hold(self, pid: int) -> None:
        """Take control of the sandbox's first process, before any of the student's code runs."""
        self.init = os.pidfd_open(pid)
        # If the system runs out of memory, it should end the student's processes first.
        with open(f"/proc/{pid}/oom_score_adj", "w") as score:
            score.write("1000")
        inside = self.connection_info["ip"]
        self.connection_info = {**self.connection_info, "ip": f"/proc/{pid}/root{inside}"}
        limits = Limits(self.memory, self.received, self.cpu, self.processes)
        self.watch = Watch(pid, limits, self._end)
        self.watch.start()

    async def _started(self) -> None:
        """Wait until the kernel's sockets are there.

        Raises:
            RuntimeError: if the kernel does not start; the message has the last lines that it
                printed.
        """
        info, deadline = self.connection_info, time.monotonic() + self.start_timeout
        sockets = [f"{info['ip']}-{info[channel]}" for channel in CHANNELS]
        while not all(map(os.path.exists, sockets)):
            late = time.monotonic() > deadline
            if late or await self.poll() is not None:
                await self.kill()
                await self.wait()
                why = f"it took more than {self.start_timeout:.0f} s" if late else self.why_dead()
                said = self.last_words()
                await self.cleanup()
                raise RuntimeError(f"The sandboxed kernel did not start: {why}\n{said}")
            await asyncio.sleep(0.01)

    def why_dead(self) -> str | None:
        """Why the sandbox has ended, as half a sentence to follow a colon; None while it runs."""
        if self.ended:
            return self.ended
        if self.status is None:
            return None
        number = -self.status if self.status < 0 else self.status - BY_SIGNAL
        if number == signal.SIGXCPU:
            return f"it used more than {self.cpu} seconds of processor time"
        if number in signal.valid_signals():
            return f"it was ended by signal {number} ({signal.strsignal(number)})"
        return f"it ended by itself, with exit status {self.status}"

    def threads_inside(self) -> int:
        """The number of threads in the sandbox at the moment; 0 if it has ended."""
        try:
            return threads(self.watch.root) if self.watch else 0
        except OSError:
            return 0

    def last_words(self) -> str:
        """The last lines of what the kernel printed where no notebook shows it."""
        if not self.log_file:
            return ""
        size = os.fstat(self.log_file.fileno()).st_size
        end = os.pread(self.log_file.fileno(), LOG_END, max(0, size - LOG_END))
        return end.decode(errors="replace").strip()

    async def poll(self) -> int | None:
        status = await super().poll()
        if self.process and status is not None:
            self.status = status
            self._kill()  # bubblewrap may be gone a little before the rest
        return status

    async def wait(self) -> int | None:
        """Wait until nothing of the sandbox is left.

        After 10 seconds it gives up, and logs a warning.

        Returns:
            The exit status.
        """
        status = await super().wait()
        deadline = time.monotonic() + END_TIMEOUT
        while self.init is not None and not is_readable(self.init):
            if time.monotonic() > deadline:
                self.log.warning("Processes of a sandbox do not end.")
                break
            await asyncio.sleep(0.01)
        return status

    async def kill(self, restart: bool = False) -> None:
        """End the sandbox.

        Its first process is killed, and the system ends all others with it.

        Args:
            restart: has no effect.
        """
        self._kill()

    async def terminate(self, restart: bool = False) -> None:
        """Do the same as kill: a request to end could be ignored."""
        self._kill()

    async def send_signal(self, signum: int) -> None:
        """End the sandbox if the signal ends a kernel; others are ignored.

        Interrupts are sent to the kernel as messages.

        Args:
            signum: the number of the signal.
        """
        if signum in (signal.SIGKILL, signal.SIGTERM):
            self._kill()

    async def cleanup(self, restart: bool = False) -> None:
        self._kill()
        if self.watch:
            self.watch.stop()
            self.watch = None
        for name in ("init", "life"):
            if getattr(self, name) is not None:
                os.close(getattr(self, name))
                setattr(self, name, None)
        await super().cleanup(restart)

    def resolve_path(self, path_str: str) -> str | None:
        return None  # a path in the kernel is not a path on the host

    def _end(self, sentence: str) -> None:
        self.ended = sentence
        self._kill()

    def _kill(self) -> None:
        try:
            if self.init is not None:
                signal.pidfd_send_signal(self.init, signal.SIGKILL)
            elif self.process:
                self.process.kill()
        except ProcessLookupError:
            pass


def _pipe(opened: contextlib.ExitStack) -> list[IO[bytes]]:
    """The two ends of a pipe, for reading and for writing, which are closed with `opened`."""
    ends = zip(os.pipe(), ("rb", "wb"))
    return [opened.enter_context(open(end, mode)) for end, mode in ends]


def _plain(info: KernelConnectionInfo) -> dict[str, Any]:
    """Connection information in a form that JSON can hold."""
    return {
        name: value.decode() if isinstance(value, bytes) else value for name, value in info.items()
    }


# --- the manager of such a kernel ---------------------------------------------------

KERNELS = Path(__file__).with_name("kernelspecs")
NAME = "sandboxed"


class Client(sockets.Client):
    """A client whose sockets keep to the limits of its manager."""

    parent: "Manager"

    def _context_default(self) -> zmq.asyncio.Context:
        return _limited(super()._context_default(), self.parent)


class Manager(AsyncKernelManager):
    """An AsyncKernelManager of the kernel "sandboxed", from autograder/kernel/sandbox/kernelspecs/.

    nbclient takes it as its kernel_manager_class, with kernel_name "sandboxed".
    """

    client_factory = Type(Client, config=True)
    message_size = Integer(
        16 << 20,
        help="Bytes that a part of a message may have; after a longer one, the line is cut.",
    ).tag(config=True)
    queue = Integer(
        1000, help="Messages that wait on one channel, before the kernel has to wait."
    ).tag(config=True)

    def why_dead(self) -> str | None:
        """Why the sandbox has ended, as half a sentence; None while it runs or if unknown."""
        return self.provisioner.why_dead() if isinstance(self.provisioner, Bubblewrap) else None

    def threads_inside(self) -> int:
        """The number of threads in the sandbox at the moment; 0 if there is no sandbox."""
        return self.provisioner.threads_inside() if isinstance(self.provisioner, Bubblewrap) else 0

    @default("kernel_name")
    def _default_kernel_name(self) -> str:
        return NAME

    @default("kernel_spec_manager")
    def _default_kernel_spec_manager(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[str(KERNELS)])

    def _context_default(self) -> zmq.asyncio.Context:
        return _limited(super()._context_default(), self)


def _limited(context: zmq.asyncio.Context, manager: Manager) -> zmq.asyncio.Context:
    """Set the limits for new sockets of a context, and return the context."""
    context.setsockopt(zmq.MAXMSGSIZE, manager.message_size)
    context.setsockopt(zmq.RCVHWM, manager.queue)
    return context
