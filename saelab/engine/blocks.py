"""Where blocks come from: an array, a file, pictures, a Dask array.

A source is a sequence of blocks, arrays (visible_size, m_k) with an example in each column. It is
the source that crosses to another process, and never its data.
"""

import functools
import operator
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from saelab.files import whole

Block = NDArray[Any]
SIZE = 1000  # examples
SAMPLE = 10_000  # patches, from which the scale of all is estimated


class Blocks(Sequence[Block]):
    """m examples, `size` of them in each block but the last; read(k, start, stop) gets block k."""

    def __init__(
        self, read: Callable[[int, int, int], Block], visible_size: int, m: int, size: int
    ) -> None:
        if m < 1 or size < 1:
            raise ValueError(f"{m} examples in blocks of {size}: there has to be 1 at least")
        self.read, self.visible_size, self.m = read, visible_size, m
        self.starts = range(0, m, size)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, k: Any) -> Any:
        start = self.starts[operator.index(k)]
        return self.read(k % len(self), start, min(start + self.starts.step, self.m))


def checked(block: Block, k: int, visible_size: int) -> Block:
    """Block k, if it is finite numbers (visible_size, m_k); m_k may be 0.

    Raises:
        ValueError: if not; the message has k, and the place in the block.
    """
    if block.ndim != 2 or len(block) != visible_size or block.dtype.kind not in "fiu":
        raise ValueError(
            f"block {k} is {block.shape} of {block.dtype}; it has to be numbers "
            f"({visible_size}, m_k), an example in each column"
        )
    if not (finite := np.isfinite(block)).all():
        row, column = np.argwhere(~finite)[0]
        raise ValueError(
            f"{block[row, column]} in row {row}, column {column} of block {k}, and "
            f"{np.sum(~finite) - 1} more there: leave such examples out, or mend them"
        )
    return block


class _Shared:
    """An array that crosses to other processes as a file; it is written then, and goes with it."""

    def __init__(self, array: Block) -> None:
        self.array = array
        self.file: Any = None

    def columns(self, k: int, start: int, stop: int) -> Block:
        return self.array[..., start:stop]

    def __reduce__(self) -> tuple[Any, ...]:
        if self.file is None:
            self.file = tempfile.NamedTemporaryFile(suffix=".npy")  # noqa: SIM115  it lasts as we do
            np.save(self.file, self.array)
            self.file.flush()
        return _mapped, (self.file.name,)


@functools.lru_cache(maxsize=2)
def _mapped(path: str) -> _Shared:
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"there is no {path} here: what is in memory reaches other processes of the same "
            "machine only; on a cluster take file_blocks or dask_blocks"
        )
    return _Shared(np.load(path, mmap_mode="r"))


def array_blocks(data: ArrayLike, size: int = SIZE) -> Blocks:
    """Views of an array (visible_size, m) in memory, which is checked once.

    Where it crosses to other processes, it is written to a temporary file that they all map.
    """
    data = np.atleast_1d(data)
    blocks = Blocks(_Shared(data).columns, len(data), data.shape[-1], size)
    for k, block in enumerate(blocks):
        checked(block, k, len(data))
    return blocks


def file_blocks(path: str | Path, size: int = SIZE) -> Blocks:
    """The columns of a .npy file (visible_size, m) of float64 or float32, of which a block is read.

    It is no memory map, whose pages count as memory. A file of write_blocks is in Fortran order,
    and read twice as fast as one in C order. Each block is checked whenever it is read.

    Raises:
        OSError, ValueError: if it cannot be read, is cut short, or no such file.
    """
    path = os.path.abspath(path)
    try:
        found = np.load(path, mmap_mode="r")
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path} is cut short, damaged, or no .npy file of numbers") from error
    if not isinstance(found, np.memmap) or found.ndim != 2 or found.dtype not in ("f4", "f8"):
        what = f"{getattr(found, 'shape', 'an .npz')} of {getattr(found, 'dtype', 'arrays')}"
        needed = "it has to be (visible_size, m) of float64 or float32, as write_blocks writes it"
        raise ValueError(f"{path} is {what}; {needed}")
    where = path, found.offset, found.dtype, found.shape, found.flags.f_contiguous
    return Blocks(functools.partial(_columns_in_file, *where), len(found), found.shape[1], size)


def _columns_in_file(
    path: str, offset: int, dtype: Any, shape: tuple[int, int], fortran: bool,
    k: int, start: int, stop: int,
) -> Block:  # fmt: skip
    (visible_size, m), n = shape, stop - start
    pieces = np.empty((1, visible_size * n) if fortran else (visible_size, n), dtype)
    with open(path, "rb", buffering=0) as file:
        for row, piece in enumerate(pieces):
            place = start * visible_size if fortran else row * m + start
            file.seek(offset + place * dtype.itemsize)
            if file.readinto(piece) != piece.nbytes:
                raise ValueError(f"{path} ends within block {k}: it was longer when it was opened")
    return checked(pieces.reshape(n, visible_size).T if fortran else pieces, k, visible_size)


def write_blocks(path: str | Path, blocks: Iterable[Block]) -> None:
    """Write blocks (visible_size, m_k) to a .npy file for file_blocks, whole or not at all.

    The file is float32 if the first block is, and float64 otherwise.

    Raises:
        OSError, ValueError: if it cannot be written; if a block is wrong, or there is no example.
    """
    header: dict[str, Any] = {"fortran_order": True}
    with whole(path) as part, part.open("wb") as file:
        for k, block in enumerate(blocks):
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
    block of `size` patches has a seed of its own, made of `seed` and its number.
    """
    images = np.asarray(images)
    if images.ndim != 3 or min(images.shape[1:]) < patch_size or not np.isfinite(images).all():
        raise ValueError(
            f"no patches of {patch_size} x {patch_size} pixels in images of shape {images.shape}; "
            "they have to be finite numbers (count, height, width)"
        )
    shared = _Shared(images)
    limit = 3 * _patches(shared, patch_size, seed, None, -1, 0, SAMPLE).std()
    if not limit:
        raise ValueError("the images are flat: all patches are the same")
    read = functools.partial(_patches, shared, patch_size, seed, limit)
    return Blocks(read, patch_size**2, n, size)


def _patches(
    shared: _Shared, patch_size: int, seed: int, limit: Any, k: int, start: int, stop: int
) -> Block:
    windows = sliding_window_view(shared.array, (patch_size, patch_size), axis=(1, 2))
    rng = np.random.default_rng((seed, k + 1))
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
        self.visible_size, self.m = array.shape
        self.chunks = [c for c, n in zip(array.to_delayed()[0], array.chunks[1]) if n]

    def __len__(self) -> int:
        return len(self.chunks)

    def __getitem__(self, k: Any) -> Any:
        return checked(self.chunks[k].compute(), k, self.visible_size)

    def futures(self, client: Any) -> list[Any]:
        """Have each block computed once, on a worker that keeps it as long as its future is kept.

        A function of the future runs there. What a lost worker had is computed again.
        """
        chunks = client.compute(self.chunks)
        return [client.submit(checked, c, k, self.visible_size) for k, c in enumerate(chunks)]
