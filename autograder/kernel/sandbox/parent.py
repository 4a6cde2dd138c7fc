"""The warm parent: a process that has imported what kernels import, and forks them on request.

To start Python and to import what every notebook imports takes a kernel about a second; a fork of
this process has it all at once. It is run as a file, by `python -I`, so that the only part of the
grader in it is the student's end of the wire (autograder/kernel/inside/), which every kernel can
read anyway. It never runs a line of a student's code: a fork enters the sandbox that bubblewrap
has built, gives up whatever it could do outside, and only then becomes a kernel.

It says when it is ready. Then each message on its socket asks for one kernel. The message is JSON,
and these open files come with it: the first process of a sandbox, the kernel's log, the pipe on
which to report its exit status, and what the kernel inherits.
"""

import contextlib
import ctypes
import fcntl
import gc
import importlib
import io
import itertools
import json
import os
import random
import resource
import select
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

WIRE = 3  # the number of the descriptor of a kernel's end of the wire
MESSAGE_SIZE = 1 << 17  # bytes
MOST_DESCRIPTORS = 64
IMPORTED = [
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.debugger_backport",
    "IPython.core.magic_arguments",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.core.ultratb",
    "IPython.extensions.storemagic",
    "PIL.Image",
    "PIL.PngImagePlugin",
    "asttokens",
    "executing",
    "faulthandler",
    "ipywidgets",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "numpy",
    "numpy.testing",
    "pdb",
    "psutil",
    "pygments.formatters.terminal256",
    "pygments.lexers.python",
    "pygments.styles.default",
    "scipy.optimize",
    "scipy.special",
    "sqlite3",
    "stack_data",
    "timeit",
    "tqdm.auto",
    "autograder.kernel.inside.kernel",
    "saelab.check",
    "saelab.data",
    "saelab.display",
    "saelab.hunt",
    "saelab.previous",
    "saelab.progress",
    "saelab.quality",
    "saelab.widgets",
]

# linux/sched.h, linux/nsfs.h and linux/prctl.h
NEW_USER = 0x10000000
NEW_PROCESSES = 0x20000000
NEW_OTHERS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | NEW_PROCESSES | 0x40000000
OWNER_OF_NAMESPACE = 0xB701
SET_DUMPABLE, SET_SECCOMP, DROP_BOUNDING, SET_NO_NEW_PRIVILEGES = 4, 22, 24, 38
FILTER = 2
CAPABILITIES_VERSION = 0x20080522
libc = ctypes.CDLL(None, use_errno=True)

# What is reported of a kernel: its number when it begins, and its exit status.
BEGIN, END = b"%d\n", b"%d"


def main(descriptor: int) -> None:
    """Fork a kernel for each message, until the grader is gone.

    Args:
        descriptor: of the socket to the grader.

    Raises:
        RuntimeError: if an import has started a thread, because a fork would not have it.
    """
    channel = socket.socket(fileno=descriptor)
    import_all()
    from autograder.kernel.inside.shell import new_shell

    shell = new_shell()
    if threading.active_count() > 1 or len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("an import has started a thread, and a fork would not have it")
    gc.collect()
    gc.freeze()
    channel.send(b"ready")
    # By a descriptor of each: the number of a child, and the pipe for the report of its end; None
    # if it reports itself.
    children: dict[int, tuple[int, int | None]] = {}
    watched = select.poll()
    watched.register(channel, select.POLLIN)
    while True:
        for ready, _ in watched.poll():
            if ready != channel.fileno():
                watched.unregister(ready)
                os.close(ready)
                report_end(*children.pop(ready))
                continue
            message, descriptors, _, _ = socket.recv_fds(channel, MESSAGE_SIZE, MOST_DESCRIPTORS)
            if not message:
                return
            request = json.loads(message)
            child = begin(request, descriptors, shell, channel)
            if child is not None:
                ending = os.pidfd_open(child)
                status = os.dup(descriptors[2]) if request["user"] is not None else None
                children[ending] = child, status
                watched.register(ending, select.POLLIN)
            for each in descriptors:
                os.close(each)


def begin(
    request: dict[str, Any], descriptors: Sequence[int], shell: Any, channel: socket.socket
) -> int | None:
    """Fork a kernel into a sandbox.

    Root can have it forked there. Any other user has to enter the sandbox's user namespaces, out of
    which no way leads back: this takes a process in between, which watches over the kernel.

    Args:
        request: what the grader asks for, from JSON.
        descriptors: the open files that came with it: the first process of the sandbox, the log,
            the pipe for the report, and the kernel's end of the wire.
        shell: the shell of the kernel.
        channel: the socket to the grader, which no child keeps open.

    Returns:
        The number of the child; None if there is none, which is reported.
    """
    first, log, status, _ = descriptors
    by_root = request["user"] is not None
    with contextlib.suppress(BrokenPipeError):  # nobody may listen any more
        try:
            with children_inside(first) if by_root else contextlib.nullcontext():
                child = os.fork()
                if child == 0:
                    channel.close()
                    (be_inside if by_root else watch_over)(request, descriptors, shell)
        except OSError:
            os.write(log, traceback.format_exc().encode())
            os.write(status, END % 1)
            return None
        if by_root:
            os.write(status, BEGIN % child)
    return child


def report_end(child: int, status: int | None) -> None:
    """Report how a child has ended.

    Args:
        child: the number of the child.
        status: the pipe for the report, which is closed; None if there is nothing to report.
    """
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status is not None:
        with contextlib.suppress(OSError):
            os.write(status, END % code)
        os.close(status)


@contextlib.contextmanager
def children_inside(first: int) -> Iterator[None]:
    """In a with block, children of this process are in the sandbox's process namespace.

    Args:
        first: a descriptor of the first process of the sandbox.

    Raises:
        OSError: if the system refuses.
    """
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        checked(libc.setns(first, NEW_PROCESSES))
        yield
    finally:
        checked(libc.setns(own, NEW_PROCESSES))
        os.close(own)


def be_inside(request: dict[str, Any], descriptors: Sequence[int], shell: Any) -> NoReturn:
    """Enter the other namespaces of the sandbox, and be its kernel. Arguments as for begin()."""
    first, log, _, wire = descriptors
    code = 1
    try:
        os.dup2(log, 1)
        os.dup2(log, 2)
        checked(libc.setns(first, NEW_OTHERS))
        code = be_kernel(request, log, wire, shell)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def import_all() -> None:
    """Import what notebooks use, and do once what is slow the first time."""
    for name in IMPORTED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        # Not with pyplot: its backend belongs to the kernel, which knows how to show figures.
        figure = Figure()
        figure.subplots().plot([1, 2])
        FigureCanvasAgg(figure).print_png(io.BytesIO())


def watch_over(request: dict[str, Any], descriptors: Sequence[int], shell: Any) -> NoReturn:
    """Fork the kernel into the sandbox, and report its number and its exit status.

    It never returns: this process ends with the kernel. Arguments as for begin().
    """
    first, log, status, wire = descriptors
    code = 1
    try:
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.setsid()
        join(request["pid"], first)
        child = os.fork()
        if child == 0:
            os.close(status)
            os._exit(be_kernel(request, log, wire, shell))
        os.close(wire)
        os.write(status, BEGIN % child)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        # Nobody may listen any more, and Python's own end would take longer than all the rest.
        with contextlib.suppress(OSError):
            os.write(status, END % code)
        os._exit(0)


def join(pid: int, first: int) -> None:
    """Enter all namespaces of a sandbox, as an ordinary user.

    First comes the user namespace that owns the others, and last the one in which its programs run.

    Args:
        pid: the number of the sandbox's first process.
        first: a descriptor of the same process.

    Raises:
        OSError: if the system refuses.
    """
    mounts = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
    inner = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)
    owner = fcntl.ioctl(mounts, OWNER_OF_NAMESPACE)
    checked(libc.setns(owner, NEW_USER))
    checked(libc.setns(first, NEW_OTHERS))
    if not os.path.sameopenfile(owner, inner):
        checked(libc.setns(inner, NEW_USER))


def be_kernel(request: dict[str, Any], log: int, wire: int, shell: Any) -> int:
    """Give up all that a kernel must not have, and run one.

    Args:
        request: what the grader asks for, from JSON.
        log: a descriptor, to which stdout and stderr go.
        wire: a descriptor of the kernel's end of the wire.
        shell: the shell that it runs.

    Returns:
        The kernel's exit status.
    """
    try:
        os.setsid()
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
        keep_open({0: os.open(os.devnull, os.O_RDONLY), 1: log, 2: log, WIRE: wire})
        for name, value in request["limits"].items():
            resource.setrlimit(getattr(resource, name), (value, value))
        give_up_privileges(request["user"])
        os.umask(0o022)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        refuse_calls(bytes.fromhex(request["refused"]))
        forget()
        from autograder.kernel.inside import kernel

        kernel.run(WIRE, shell)
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        return 1
    finally:
        for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
            with contextlib.suppress(Exception):
                stream.flush()


def keep_open(wanted: dict[int, int]) -> None:
    """Close all open files but these.

    Args:
        wanted: from the number that an open file is to have to the number that it has now.
    """
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    beyond = max([*wanted, *wanted.values()]) + 1
    moved = {number: fcntl.fcntl(now, fcntl.F_DUPFD, beyond) for number, now in wanted.items()}
    for number, now in moved.items():
        os.dup2(now, number, inheritable=True)
    edges = [-1, *sorted(wanted), most]
    for before, after in itertools.pairwise(edges):
        if before + 1 < after:  # to closerange, an empty range is all there are
            os.closerange(before + 1, after)


def give_up_privileges(user: int | None) -> None:
    """Become a user without any privilege, which no program that is executed later can regain.

    Args:
        user: the number of the user to become, if root asks; None otherwise.

    Raises:
        OSError: if the system refuses.
    """
    for capability in range(64):
        libc.prctl(DROP_BOUNDING, capability, 0, 0, 0)
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
    checked(libc.capset(header, (ctypes.c_uint32 * 6)()))
    checked(libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    # A process that changed its user cannot read its own /proc until it is dumpable again.
    checked(libc.prctl(SET_DUMPABLE, 1, 0, 0, 0))


def refuse_calls(program: bytes) -> None:
    """Restrict this process by a filter of system calls.

    Args:
        program: the filter that autograder/kernel/sandbox/syscalls.py makes; if it is empty,
            nothing is refused.

    Raises:
        OSError: if the system does not take the filter.
    """

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_char_p)]

    if program:
        held = Program(len(program) // 8, program)
        checked(libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(held), 0, 0))


def forget() -> None:
    """Reset what forks of one process must not share, and what was only true outside."""
    tempfile.tempdir = None
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy:
        numpy.random.seed()


def checked(answer: int) -> None:
    """Check the result of a function of the C library.

    Args:
        answer: what the function returned.

    Raises:
        OSError: if the function failed, which is to say that it returned -1.
    """
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(int(sys.argv[1]))
