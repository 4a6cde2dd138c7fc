"""The sandbox: bubblewrap's arguments, the files it reads, and the environment inside.

The user inside depends on the user who grades. An ordinary user gets a user namespace, in which
the program cannot become anyone else. Root needs no user namespace to build a sandbox; there the
program gets a user id that belongs to nobody, because the limit on processes does not hold for
root, and root owns too much.
"""

import functools
import os
import resource
import secrets
import shutil
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

HOME = "/student"
WORK = f"{HOME}/work"
WRITABLE = (HOME, "/tmp", "/dev/shm")
CHANGEABLE = 16 << 20  # bytes of the files beside a notebook that its cells may change
MOST_CHANGEABLE = 1 << 20  # of one of them
OTHERS = 500  # open files of the grader's, besides those that a kernel is given

# In systemd's list of user ids, this range belongs to nobody.
NOBODYS = range(2_000_000_000, 2_100_000_000)
NOBODY = 65534
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
)


class BubblewrapCommand:
    """Collects what a program will find in the sandbox, then makes the command that starts it.

    Files for bubblewrap are opened here, with the grader's rights, and handed over open: the user
    inside could not open them. close() closes them, once the program has started.

    Attributes:
        arguments: bubblewrap's arguments so far.
        descriptors: the open files that bubblewrap must inherit.
        made: the folders that need not be made any more.
        user: the number of the user inside.
    """

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self.descriptors: list[int] = []
        self.made = {"/", *WRITABLE}
        self.user = _user()

    def close(self) -> None:
        while self.descriptors:
            os.close(self.descriptors.pop())

    def add(self, *words: object) -> None:
        self.arguments += map(str, words)

    def inherit(self, descriptor: int) -> int:
        """Hand an open file to bubblewrap itself.

        Args:
            descriptor: of the open file.

        Returns:
            The same descriptor.
        """
        self.descriptors.append(descriptor)
        return descriptor

    def namespaces(self) -> None:
        """Put the program in new namespaces of all kinds; root needs no user namespace.

        Afterwards the program has nothing to gain from further namespaces.
        """
        self.add("--die-with-parent", "--new-session", "--cap-drop", "ALL", "--unshare-ipc")
        self.add("--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
        self.add("--hostname", "sandbox")
        if os.geteuid() != 0:
            self.add("--unshare-user", "--disable-userns", "--uid", self.user, "--gid", self.user)

    def folders(self, shown: Mapping[str, str], size: int) -> None:
        """Build the file tree, except for the files that a kernel is given.

        Args:
            shown: what can be read: from where it lies inside to the host's path.
            size: bytes that each writable folder may hold.
        """
        self.add("--proc", "/proc", "--dev", "/dev")
        for place in WRITABLE:
            # Sticky: in a folder of root's, root then follows no link that the student made.
            self.add("--perms", "1777", "--size", size, "--tmpfs", place)
        self.add("--ro-bind", "/usr", "/usr")
        for path in SYSTEM:
            if os.path.islink(path):
                self.add("--symlink", os.readlink(path), path)
            elif os.path.isdir(path):
                self.add("--ro-bind", path, path)
        seen = _outermost((*python_folders(), *shown))
        for path in (*filter(os.path.exists, SETTINGS), *seen):
            self.parents(path)
            self.add("--ro-bind", shown.get(path, path), path)
        self.parents(f"{WORK}/file", mode="0777")
        self.file("/etc/passwd", f"student:x:{self.user}:{self.user}::{HOME}:/bin/sh\n".encode())
        self.file("/etc/group", f"student:x:{self.user}:\n".encode())

    def parents(self, path: str, mode: str = "0755") -> None:
        """Make the folders above a path.

        bubblewrap itself would make them accessible only to the user who starts it.

        Args:
            path: absolute, inside the sandbox.
            mode: the permissions of new folders, in octal digits.
        """
        parent = os.path.dirname(path)
        if parent not in self.made:
            self.parents(parent, mode)
            self.made.add(parent)
            self.add("--perms", mode, "--dir", parent)

    def file(self, path: str, content: bytes | str | Path, changeable: int = 0) -> int:
        """Add a file that can be read inside.

        Args:
            path: absolute, inside the sandbox.
            content: bytes, or the path of a regular host file.
            changeable: a file of at most so many bytes can be changed and deleted inside.

        Returns:
            How many bytes of it can be changed.

        Raises:
            ValueError: if the host file is not a regular file.
            OSError: if the host file cannot be opened, or is a link.
        """
        self.parents(path)
        source = _readable(content) if isinstance(content, bytes) else _regular(content)
        size = os.fstat(source).st_size
        if size < changeable:
            self.add("--perms", "0666", "--file", self.inherit(source), path)
            return size
        self.add("--perms", "0444", "--ro-bind-data", self.inherit(source), path)
        return 0

    def given(self, files: Mapping[str, bytes | str | Path]) -> None:
        """Add files to the working folder, and the folders that they lie in.

        Those that are small can be changed: a student's cells may have written them at home, and
        are to write them again.

        Args:
            files: from a path relative to the working folder to the content, as in `file`.

        Raises:
            ValueError: if a path leads out of the working folder, or a host file is not a regular
                file.
            OSError: if a host file cannot be opened, or is a link.
        """
        _allow_open_files(len(files) + OTHERS)
        room = CHANGEABLE
        for name, source in files.items():
            path = Path(name)
            if path.is_absolute() or ".." in path.parts or not path.parts:
                raise ValueError(f"{name!r} is not a path inside the working folder")
            self.parents(f"{WORK}/{path}", mode="0777")
            room -= self.file(f"{WORK}/{path}", source, min(room, MOST_CHANGEABLE))

    def command(self, program: Sequence[str]) -> list[str]:
        """The whole command.

        Args:
            program: what is executed in the sandbox: the program and its arguments.

        Returns:
            The command, as a list of words.
        """
        self.add("--clearenv", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK)
        # Not on the command line, which everybody on the machine can read.
        arguments = self.inherit(_readable("\0".join(self.arguments).encode()))
        return [shutil.which("bwrap") or "bwrap", "--args", str(arguments), "--", *program]


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment variables of a kernel: a few of its own, and none of the grader's.

    But those by which OpenBLAS chooses how to compute are the grader's: of the same numbers both
    are to make the same.

    Args:
        variables: further variables, which replace those of the same names.

    Returns:
        From name to value.
    """
    own = {
        **{name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")},
        "HOME": HOME,
        "IPYTHONDIR": f"{HOME}/.ipython",
        "JUPYTER_CONFIG_DIR": f"{HOME}/.jupyter",
        "JUPYTER_DATA_DIR": f"{HOME}/.jupyter/data",
        "JUPYTER_RUNTIME_DIR": f"{HOME}/.jupyter/runtime",
        "LANG": "C.UTF-8",
        "LOGNAME": "student",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{HOME}/.matplotlib",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": "/tmp",
        "USER": "student",
    }
    return {**own, **(variables or {})}


@functools.cache
def python_folders() -> list[str]:
    """The folders of this Python: its environment, and the installation that it is based on."""
    base = Path(getattr(sys, "_base_executable", sys.executable))
    found = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    found.add(str(base.parent.parent))
    found |= {os.path.realpath(path) for path in found}
    # A link may lead further: the file that `python` finally is needs its libraries beside it.
    found.add(str(Path(os.path.realpath(sys.executable)).parent.parent))
    return sorted(path for path in found if path != "/" and os.path.isdir(path))


@functools.lru_cache(maxsize=50)
def _outermost(paths: tuple[str, ...]) -> list[str]:
    """Absolute paths, without those inside another one or inside /usr, which is there anyway."""
    kept: list[str] = []
    for path in sorted({os.path.abspath(path) for path in paths}):
        if not any(Path(path).is_relative_to(other) for other in (*kept, "/usr")):
            kept.append(path)
    return kept


def _user() -> int:
    """The number of the user inside; for root an unused one, so that limits by user are its own."""
    if os.geteuid() != 0:
        return 1000
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        if first <= NOBODYS[0] and first + count > NOBODYS[-1]:
            return NOBODYS[secrets.randbelow(len(NOBODYS))]
    return NOBODY  # root of a container, which has few users


def _allow_open_files(count: int) -> None:
    """Let this process, and bubblewrap with it, have so many open files, if the system does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        most = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _readable(content: bytes) -> int:
    """An open file in memory with this content."""
    descriptor = os.memfd_create("content")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _regular(path: str | Path) -> int:
    """A host file, opened; a link in a submission is refused and not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{path} is not a regular file")
    return descriptor
