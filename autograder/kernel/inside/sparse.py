"""How the sparse matrices and arrays of scipy cross: by the arrays that they are made of."""

import math
from typing import Any

import numpy as np

from autograder.kernel.inside.arrays import put_back_state
from autograder.kernel.inside.kinds import Kind, Parts, check, check_items, package

COMPRESSED = ("csr", "csc", "bsr")
BY_ENTRIES = ("coo", "dok", "lil")
MAX_SIDE = 10_000_000  # rows, or columns: some formats have a number, or a list, for each
MAX_LISTS = 100_000
MAX_SIZE = 10**10  # entries with the zeros


def _apart(form: str) -> Any:
    """What takes a matrix of a format apart."""

    def apart(value: Any) -> Parts | None:
        if len(value.shape) > 2 or max(value.shape, default=0) > MAX_SIDE:
            return None
        if math.prod(value.shape) > MAX_SIZE:
            return None
        if form in COMPRESSED:
            return (value.shape, value.data, value.indices, value.indptr)
        if form == "dia":
            return (value.shape, value.data, value.offsets)
        entries = value if form == "coo" else value.tocoo()
        return (value.shape, entries.data, list(entries.coords))

    return apart


def _made(form: str, name: str) -> Any:
    """What makes a matrix of a format of its parts."""

    def together(shape: Any, data: Any, *rest: Any) -> Any:
        _check_shape(shape, MAX_LISTS if form == "lil" else MAX_SIDE)
        check((data, np.ndarray))
        if data.dtype.kind not in "biufc":
            raise ValueError(f"its entries are {data.dtype}")
        kinds = package("scipy.sparse")
        kind = getattr(kinds, name)
        if form in COMPRESSED:
            indices, starts = rest
            _check_indices(indices, starts)
            _check_blocks(shape, data, 3 if form == "bsr" else 1)
            made = kind((data, indices, starts), shape=shape)
            made.check_format(full_check=True)
            return _whole(made, shape)
        if form == "dia":
            (offsets,) = rest
            _check_indices(offsets)
            most = max(shape)
            if data.ndim != 2 or len(shape) != 2 or np.any((offsets < -most) | (offsets > most)):
                raise ValueError("its diagonals are not in it")
            return _whole(kind((data, offsets), shape=shape), shape)
        (places,) = rest
        check_items(places, list, np.ndarray)
        _check_indices(*places)
        whole_kind = getattr(kinds, f"coo_{name.rpartition('_')[2]}")
        if data.ndim != 1 or len(places) != len(shape):
            raise ValueError(f"its entries have the shape {data.shape}")
        made = whole_kind((data, tuple(places)), shape=shape)
        return _whole(made if form == "coo" else made.asformat(form), shape)

    return together


def _whole(made: Any, shape: tuple[int, ...]) -> Any:
    if made.shape != shape:
        raise ValueError(f"it has the shape {made.shape}")
    return made


def _check_shape(shape: Any, most: int) -> None:
    check_items(shape, tuple, int)
    if not 0 < len(shape) <= 2 or min(shape) < 0 or max(shape) > most:
        raise ValueError(f"it has the shape {str(shape)[:80]}")
    if math.prod(shape) > MAX_SIZE:
        raise ValueError(f"it has the shape {str(shape)[:80]}")


def _check_blocks(shape: tuple[int, ...], data: np.ndarray, axes: int) -> None:
    blocks = data.shape[1:]
    whole = axes == 1 or not any(block == 0 or n % block for n, block in zip(shape, blocks))
    if data.ndim != axes or not whole:
        raise ValueError(f"its entries have the shape {data.shape}")


def _check_indices(*arrays: Any) -> None:
    for array in arrays:
        check((array, np.ndarray))
        if array.ndim != 1 or array.dtype not in (np.int32, np.int64):
            raise ValueError(f"its places are {array.dtype}, of shape {array.shape}")


KINDS = [
    Kind(
        f"scipy.sparse.{form}_{what}",
        _apart(form),
        _made(form, f"{form}_{what}"),
        put_back=put_back_state,
    )
    for form in (*COMPRESSED, "dia", *BY_ENTRIES)
    for what in ("matrix", "array")
]
