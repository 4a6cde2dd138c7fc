"""Where blocks come from: an array, a file, pictures, a Dask array.

A source is a sequence of blocks, arrays (visible_size, m_k) with an example in each column. It is
the source that crosses to another process, and never its data.
"""

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from saelab.files import whole

Block = NDArray[Any]
SIZE = 1000  # examples: what is made of them stays in the processor's cache
SAMPLE = 10_000  # patches, from which the scale of all is estimated
MEMORY = "/dev/shm"  # where a file is in memory, on Linux


@dataclass(eq=False)
class Blocks(Sequence[Block]):
    """m examples, `size` of them in each block but the last; read(start, stop) gets them."""

    read: Callable[[int, int], Block]
    m: int
    size: int
    in_memory: bool = False

    def __post_init__(self) -> None:
        at_least_one(self.m, "the number of examples")
        at_least_one(self.size, "the size of a block")

    def __len__(self) -> int:
        return len(range(0, self.m, self.size))

    def __getitem__(self, k: Any) -> Any:
        start = range(0, self.m, self.size)[k]
        return self.read(start, min(start + self.size, self.m))


def at_least_one(n: Any, what: str) -> None:
    """A ValueError if n is no whole number, or less than 1."""
    if not isinstance(n, Integral) or n < 1:
        raise ValueError(f"{what} is {n!r}; it has to be a whole number, and at least 1")


def checked(block: Block, k: int, visible_size: int) -> Block:
    """Block k, if it is finite numbers (visible_size, m_k); m_k may be 0.

    Raises:
        ValueError: if not; the message has k, and the place in the block.
    """
    block = np.asarray(block)
    if block.ndim != 2 or len(block) != visible_size or block.dtype.kind not in "fiu":
        needed = f"it has to be numbers ({visible_size}, m_k), an example in each column"
        raise ValueError(f"block {k} is {block.shape} of {block.dtype}; {needed}")
    if not (finite := np.isfinite(block)).all():
        (row, column), *more = np.argwhere(~finite)
        raise ValueError(
            f"{block[row, column]} in row {row}, column {column} of block {k}, and {len(more)} "
            "more there: leave such examples out, or mend them"
        )
    return block


class Shared:
    """An array that crosses to other processes as a file; it is written then, and goes with it."""

    def __init__(self, array: Block) -> None:
        self.array = array
        self.file: Any = None

    def columns(self, start: int, stop: int) -> Block:
        return self.array[..., start:stop]

    def __reduce__(self) -> tuple[Any, ...]:
        if self.file is None:
            room = shutil.disk_usage(MEMORY).free if os.path.isdir(MEMORY) else 0
            folder = MEMORY if room > 2 * self.array.nbytes else None
            self.file = tempfile.NamedTemporaryFile(suffix=".npy", dir=folder)  # noqa: SIM115
            np.save(self.file, self.array)
            self.file.flush()
        return _mapped, (self.file.name,)


@functools.lru_cache(maxsize=4)
def _mapped(path: str) -> Shared:
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"there is no {path} here: what is in memory reaches other processes of the same "
            "machine only; on a cluster take file_blocks or dask_blocks"
        )
    return Shared(np.load(path, mmap_mode="r+"))


def array_blocks(data: ArrayLike, size: int = SIZE) -> Blocks:
    """The columns of an array (visible_size, m) in memory."""
    data = np.atleast_1d(data)
    return Blocks(Shared(data).columns, data.shape[-1], size, in_memory=True)


def file_blocks(path: str | Path, size: int = SIZE) -> Blocks:
    """The columns of a .npy file (visible_size, m) of float64 or float32, read block by block.

    A file of write_blocks is in Fortran order, and read twice as fast as one in C order.

    Raises:
        OSError, ValueError: if it cannot be read, is cut short, or no such file.
    """
    path = os.path.abspath(path)
    found = _opened(path)
    if found.ndim != 2 or found.dtype not in ("f4", "f8"):
        needed = "it has to be (visible_size, m) of float64 or float32, as write_blocks writes it"
        raise ValueError(f"{path} is {found.shape} of {found.dtype}; {needed}")
    return Blocks(functools.partial(_columns_in_file, path), found.shape[1], size)


def _opened(path: str) -> Any:
    try:
        return np.lib.format.open_memmap(path, mode="r")
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path} is cut short, damaged, or no .npy file of numbers") from error


def _columns_in_file(path: str, start: int, stop: int) -> Block:
    # Read, and not left to the map: its pages count as memory.
    found, n = _opened(path), stop - start
    v, m = found.shape
    fortran = found.flags.f_contiguous
    pieces = [(start * v, n * v)] if fortran else [(row * m + start, n) for row in range(v)]
    block = np.concatenate(
        [np.fromfile(path, found.dtype, count, offset=found.offset + place * found.itemsize)
         for place, count in pieces]
    )  # fmt: skip
    if len(block) != v * n:
        raise ValueError(f"{path} is {v} x {m} now, and ends before example {stop}: it was changed")
    return block.reshape(n, v).T if fortran else block.reshape(v, n)


def write_blocks(path: str | Path, blocks: Iterable[Block]) -> None:
    """Write blocks (visible_size, m_k) to a .npy file for file_blocks, whole or not at all.

    The file is float32 if the first block is, and float64 otherwise.

    Raises:
        OSError, ValueError: if it cannot be written; if a block is wrong, or there is no example.
    """
    header: dict[str, Any] = {"fortran_order": True}
    with whole(path) as part, part.open("wb") as file:
        for k, block in enumerate(map(np.asarray, blocks)):
            if k == 0:
                header["shape"] = len(block), 0
                header["descr"] = "<f4" if block.dtype == "f4" else "<f8"
                np.lib.format.write_array_header_1_0(file, header)  # it has room for a longer m
            visible_size, m = header["shape"]
            file.write(checked(block, k, visible_size).T.astype(header["descr"]).tobytes())
            header["shape"] = visible_size, m + block.shape[1]
        if not header.get("shape", (0, 0))[1]:
            raise ValueError(f"there is no example to write to {path}")
        file.seek(0)
        np.lib.format.write_array_header_1_0(file, header)


def patch_blocks(
    images: ArrayLike, patch_size: int, n: int, seed: int = 0, size: int = SIZE
) -> Blocks:
    """Sample n patches from whitened images (count, height, width), the same ones in each pass.

    They are normalised as in notebook 01, but by the standard deviation of 10 000 others. Each
    block of `size` patches has a seed of its own, made of `seed` and its place.
    """
    images = np.asarray(images)
    at_least_one(patch_size, "patch_size")
    fits = images.ndim == 3 and images.size and min(images.shape[1:]) >= patch_size
    if not fits or images.dtype.kind not in "fiu" or not np.isfinite(images).all():
        raise ValueError(
            f"no patches of {patch_size} x {patch_size} pixels in images {images.shape} of "
            f"{images.dtype}; they have to be finite numbers (count, height, width)"
        )
    shared = Shared(images)
    limit = 3 * _patches(shared, patch_size, seed, None, -1, SAMPLE - 1).std()
    if not limit:
        raise ValueError("the images are flat: all patches are the same")
    read = functools.partial(_patches, shared, patch_size, seed, limit)
    return Blocks(read, n, size)


def _patches(
    shared: Shared, patch_size: int, seed: int, limit: Any, start: int, stop: int
) -> Block:
    windows = sliding_window_view(shared.array, (patch_size, patch_size), axis=(1, 2))
    rng = np.random.default_rng((seed, start + 1))
    places = tuple(rng.integers(count, size=stop - start) for count in windows.shape[:3])
    patches = windows[places].reshape(stop - start, -1).T
    centred: Block = patches - patches.mean(axis=0)
    return centred if limit is None else 0.5 + 0.4 * np.clip(centred / limit, -1, 1)


def dask_blocks(array: Any) -> "DaskBlocks":
    """The chunks of a Dask array (visible_size, m), which stay where they are."""
    try:
        import dask.array
    except ImportError as error:
        why = "dask_blocks needs Dask: pip install 'saelab[cluster]', or dask and distributed"
        raise ImportError(why) from error
    if not isinstance(array, dask.array.Array) or array.ndim != 2 or not array.size > 0:
        raise ValueError(
            f"{array!r:.60} is no Dask array (visible_size, m) with examples, whose shape is known "
            "(compute_chunk_sizes finds it)"
        )
    return DaskBlocks(array.rechunk({0: -1}))


class DaskBlocks(Sequence[Block]):
    """A block for each chunk that is not empty."""

    def __init__(self, array: Any) -> None:
        self.m = array.shape[1]
        self.chunks = [c for c, n in zip(array.to_delayed()[0], array.chunks[1]) if n]

    def __len__(self) -> int:
        return len(self.chunks)

    def __getitem__(self, k: Any) -> Any:
        return self.chunks[k].compute()

    def futures(self, client: Any) -> Any:
        """Have each block computed once, on a worker that keeps it as long as its future is kept.

        A function of the future runs there. What a lost worker had is computed again.
        """
        return client.compute(self.chunks)
