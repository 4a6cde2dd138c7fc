"""The sandbox: bubblewrap's arguments, the files it reads, and the environment inside.

Who may do what depends on who grades. An ordinary user gets a user namespace, in which the
program cannot become anyone else. Root needs none to build a sandbox; there the program becomes a
user that nobody is, because to the limit on processes root is no one, and root owns too much.
"""

import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

HOME = "/student"
WORK = f"{HOME}/work"
SOCKETS = "/run/kernel"
CONNECTION = "/run/connection.json"
WRITABLE = (HOME, "/tmp", "/dev/shm", SOCKETS)
SOCKETS_SIZE = 1 << 20  # bytes; sockets have a name and no content

# systemd's list of user ids leaves those of this range to nobody.
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
    """Collects what a program shall find, then makes the command that it is started by.

    Files for bubblewrap are opened as somebody who may read them, and handed over open: the user
    inside could not reach them. close() lets go of them, once the program has started.
    """

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self.descriptors: list[int] = []
        self.made = {Path("/")}
        self.user = _user()

    def close(self) -> None:
        while self.descriptors:
            os.close(self.descriptors.pop())

    def add(self, *words: object) -> None:
        self.arguments += map(str, words)

    def inherit(self, descriptor: int) -> int:
        """Hand an open file to bubblewrap itself; returns its number."""
        self.descriptors.append(descriptor)
        return descriptor

    def namespaces(self) -> None:
        """New ones for all there are; afterwards nothing is left to gain by another."""
        self.add("--die-with-parent", "--new-session", "--cap-drop", "ALL", "--unshare-ipc")
        self.add("--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
        self.add("--hostname", "sandbox")
        if os.geteuid() != 0:
            self.add("--unshare-user", "--disable-userns", "--uid", self.user, "--gid", self.user)

    def folders(self, shown: Iterable[str], size: int) -> None:
        """The file tree, up to given files. shown: host paths; size: bytes of a writable place."""
        self.add("--proc", "/proc", "--dev", "/dev")
        for place in WRITABLE:
            limit = SOCKETS_SIZE if place == SOCKETS else size
            # Sticky: in a folder of root's, root then follows no link that the student made.
            self.add("--perms", "1777", "--size", limit, "--tmpfs", place)
        self.add("--ro-bind", "/usr", "/usr")
        for path in SYSTEM:
            if os.path.islink(path):
                self.add("--symlink", os.readlink(path), path)
            elif os.path.isdir(path):
                self.add("--ro-bind", path, path)
        for path in (*filter(os.path.exists, SETTINGS), *_outermost([*python_folders(), *shown])):
            self.parents(path)
            self.add("--ro-bind", path, path)
        self.parents(f"{WORK}/file", mode="0777")
        self.file("/etc/passwd", f"student:x:{self.user}:{self.user}::{HOME}:/bin/sh\n".encode())
        self.file("/etc/group", f"student:x:{self.user}:\n".encode())

    def parents(self, path: str, mode: str = "0755") -> None:
        """The folders above a path. bubblewrap would make them for the user who starts it alone."""
        for parent in reversed(Path(path).parents):
            if parent not in self.made and str(parent) not in WRITABLE:
                self.made.add(parent)
                self.add("--perms", mode, "--dir", parent)

    def file(self, path: str, content: bytes | str | Path) -> None:
        """A file that can be read inside. content: bytes, or the path of a regular host file."""
        self.parents(path)
        source = _readable(content) if isinstance(content, bytes) else _regular(content)
        self.add("--perms", "0444", "--ro-bind-data", self.inherit(source), path)

    def given(self, files: Mapping[str, bytes | str | Path]) -> None:
        """Files in the working folder, by relative path, and the folders that they lie in."""
        for name, source in files.items():
            path = Path(name)
            if path.is_absolute() or ".." in path.parts or not path.parts:
                raise ValueError(f"{name!r} is not a path inside the working folder")
            self.parents(f"{WORK}/{path}", mode="0777")
            self.file(f"{WORK}/{path}", source)

    def command(self, program: Sequence[str]) -> list[str]:
        """The whole command. program: what is executed in the sandbox, with its words."""
        self.add("--clearenv", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK)
        # Not on the command line, which everybody on the machine may read.
        arguments = self.inherit(_readable("\0".join(self.arguments).encode()))
        return [shutil.which("bwrap") or "bwrap", "--args", str(arguments), "--", *program]


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that a kernel finds: a few of its own, and nothing of the grader's."""
    own = {
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


def python_folders() -> list[str]:
    """The folders that this Python is made of: its environment, and what that stands on."""
    base = Path(getattr(sys, "_base_executable", sys.executable))
    found = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    found.add(str(base.parent.parent))
    found |= {os.path.realpath(path) for path in found}
    # A link may lead further: what `python` at last is needs its libraries beside it.
    found.add(str(Path(os.path.realpath(sys.executable)).parent.parent))
    return sorted(path for path in found if path != "/" and os.path.isdir(path))


def _outermost(paths: Iterable[str]) -> list[str]:
    """Absolute paths, without those in another one of them, or in what is there anyway."""
    kept: list[str] = []
    for path in sorted({os.path.abspath(path) for path in paths}):
        if not any(Path(path).is_relative_to(other) for other in (*kept, "/usr")):
            kept.append(path)
    return kept


def _user() -> int:
    """The user inside: for root one that is nobody's, so that limits by user are its own."""
    if os.geteuid() != 0:
        return 1000
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        if first <= NOBODYS[0] and first + count > NOBODYS[-1]:
            return NOBODYS[secrets.randbelow(len(NOBODYS))]
    return NOBODY  # root of a container, which has few users


def _readable(content: bytes) -> int:
    """An open file with this content, which is nowhere else."""
    descriptor = os.memfd_create("content")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _regular(path: str | Path) -> int:
    """A host file, opened; never what a link in a submission points to."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{path} is not a regular file")
    return descriptor
