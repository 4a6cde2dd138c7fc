"""The memory that a sandbox holds, in whatever way it holds it.

Memory that several may share is counted by what is held, not by what a process has mapped of it:
a page that nobody maps any more stays in memory as long as anything of its object is mapped. What
the system does not tell by the byte, such as the buffers of sockets, counts by its limit.
"""

import contextlib
import functools
import mmap
import os
from pathlib import Path

BLOCK = 512  # bytes of a block in st_blocks
MAPPING = 2048  # bytes that the system keeps for a mapping, and a little more
KEPT = (b"RssAnon:", b"RssFile:", b"VmSwap:", b"VmPTE:")


def holder(process: Path) -> Path | None:
    """Where /proc tells of a process's memory.

    If its first thread has ended, only the others still tell.

    Args:
        process: its folder in /proc.

    Returns:
        The folder of the process, or of one of its threads; None if it holds no memory.
    """
    for thread in (process.name, *sorted(os.listdir(process / "task"))):
        place = process.with_name(thread)
        with contextlib.suppress(OSError):
            if b"\nVmRSS:" in (place / "status").read_bytes():
                return place
    return None


def own(process: Path, exactly: bool = False) -> int:
    """The bytes that a process holds, but for objects and files in memory.

    Args:
        process: its folder in /proc.
        exactly: whether a page that n processes share counts as an nth of a page for each.

    Returns:
        The number of bytes.
    """
    held = _bytes(process / "status")
    kept = sum(held.get(name, 0) for name in KEPT)
    if not exactly:
        return kept
    try:
        part = _bytes(process / "smaps_rollup")
    except PermissionError:
        return kept
    shared = part.get(b"Pss_Shmem:", 0)
    return part[b"Pss:"] + part.get(b"SwapPss:", 0) - shared + held.get(b"VmPTE:", 0)


class Objects:
    """Objects in memory that mappings share and that have no name: anonymous ones, memfds, SysV's.

    Attributes:
        sizes: the bytes of each, by its inode.
        guessed: whether the system did not tell all of them: only root may ask. Then an object
            counts as far as it is mapped, and what is no longer mapped of it is not known.
        mappings: how many mappings there are, of whatever kind.
    """

    def __init__(self) -> None:
        self.sizes: dict[int, int] = {}
        self.guessed = False
        self.mappings = 0

    def add(self, process: Path) -> None:
        """Add those that a process has mapped.

        Args:
            process: its folder in /proc.
        """
        text = (process / "maps").read_bytes()
        self.mappings += text.count(b"\n")
        device = b" %s " % nameless()
        if device not in text:
            return
        told: set[int] = set()
        for line in text.splitlines():
            if device not in line:
                continue
            area, _, offset, _, number = line.split(maxsplit=5)[:5]
            inode = int(number)
            if inode in told:
                continue
            start, end = (int(edge, 16) for edge in area.split(b"-"))
            try:
                link = process / "map_files" / f"{start:x}-{end:x}"
                size = link.stat().st_blocks * BLOCK
                told.add(inode)
            except FileNotFoundError:  # it is mapped no longer
                continue
            except PermissionError:
                size = int(offset, 16) + end - start
                self.guessed = True
            self.sizes[inode] = max(self.sizes.get(inode, 0), size)

    def remember(self, before: "Objects") -> int:
        """Take each for as large as it has been before.

        Args:
            before: the objects as they were.

        Returns:
            The bytes that are added by this.
        """
        now = self.bytes()
        for number, size in self.sizes.items():
            self.sizes[number] = max(size, before.sizes.get(number, 0))
        return self.bytes() - now

    def bytes(self) -> int:
        """What the objects and the mappings themselves take."""
        return sum(self.sizes.values()) + self.mappings * MAPPING


@functools.cache
def nameless() -> bytes:
    """The device of objects in memory that have no name, as /proc writes it: 00:01, for example."""
    with mmap.mmap(-1, mmap.PAGESIZE):
        lines = Path("/proc/self/maps").read_bytes().splitlines()
        found = [line.split()[3] for line in lines if line.endswith(b"/dev/zero (deleted)")]
    return found[0] if found else b"00:01"


def sockets(process: Path) -> int:
    """The bytes that the sockets of a network namespace may hold.

    Those on their way from one process to another are among them.

    Args:
        process: the folder in /proc of a process in it.

    Returns:
        The number of bytes: for each socket what one may send and receive that nobody has given
        larger buffers (the filter of system calls sees to this), and for connections of TCP, whose
        buffers grow by themselves, as much as one that waits may have to send, and twice what it
        has received.
    """
    count = int((process / "net" / "sockstat").read_bytes().split(None, 3)[2])
    if not count:
        return 0
    held = count * (_setting("core/wmem_default") + _setting("core/rmem_default"))
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(FileNotFoundError):  # a system without IPv6
            for line in (process / "net" / name).read_bytes().splitlines()[1:]:
                sent, received = (int(queue, 16) for queue in line.split()[4].split(b":"))
                held += 2 * received + (_setting("ipv4/tcp_wmem") if sent else 0)
    return held


@functools.cache
def _setting(name: str) -> int:
    """A number of /proc/sys/net, the last one where there are several."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/sys/net", name).read_text().split()[-1])
    return 4 << 20


def machines(name: str) -> int:
    """Bytes that the machine has of something.

    Args:
        name: as /proc/meminfo calls it.

    Returns:
        The number of bytes.
    """
    return _bytes(Path("/proc/meminfo"))[f"{name}:".encode()]


def _bytes(path: Path) -> dict[bytes, int]:
    """From the names in a file of /proc to their bytes, where it says kB."""
    words = (line.split() for line in path.read_bytes().splitlines())
    return {each[0]: int(each[1]) * 1024 for each in words if len(each) == 3 and each[2] == b"kB"}
