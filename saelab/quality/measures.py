"""Measures of a filter that need no fit, and checks of the input."""

from math import isqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saelab.typed import Array

ORIENTATION_BINS = 8
# A Gabor has eight free numbers: with 3x3 pixels it fits nine of ten noise filters,
# with 5x5 none.
MIN_PATCH_SIZE = 5


def localisation(filter_: Array, patch_size: int) -> float:
    """Share of a filter's energy in the best window of half the patch's side (rounded up).

    Args:
        filter_: (p * p,), row by row.
        patch_size: p, the filter's side in pixels.

    Returns:
        0.25 for a wave that fills the patch, 1 for a single point, 0 for a constant filter.
    """
    unit, norm = unit_filter(filter_)
    if norm == 0:
        return 0.0
    side = -(-patch_size // 2)
    energy = (unit**2).reshape(patch_size, patch_size)
    windows = np.lib.stride_tricks.sliding_window_view(energy, (side, side))
    return float(windows.sum(axis=(2, 3)).max())


def selectivity(filter_: Array, patch_size: int) -> float:
    """How much the energy of a filter's spectrum keeps to one direction (1 - circular variance).

    Args:
        filter_: (p * p,), row by row.
        patch_size: p, the filter's side in pixels.

    Returns:
        0 for a round spot, 1 for an endless wave, 0 for a constant filter.
    """
    unit, norm = unit_filter(filter_)
    if norm == 0:
        return 0.0
    power, fx, fy = spectrum(unit, patch_size)
    turned = power * np.exp(2j * np.arctan2(fy, fx))
    return float(abs(turned.sum()) / power.sum())


def orientation_histogram(orientations: ArrayLike) -> NDArray[np.intp]:
    """Count directions (degrees) in 8 bins centred on 0, 22.5, ..., 157.5 degrees."""
    width = 180 / ORIENTATION_BINS
    shifted = (np.asarray(orientations) + width / 2) % 180
    return np.histogram(shifted, bins=ORIENTATION_BINS, range=(0, 180))[0]


def spread(histogram: NDArray[np.intp]) -> float:
    """Entropy of a histogram over its largest possible value: 0 for one bin or none, 1 for all."""
    if histogram.sum() == 0:
        return 0.0
    share = histogram[histogram > 0] / histogram.sum()
    # One full bin gives -0.0, which would be printed with its sign.
    return float(abs(share @ np.log(share)) / np.log(len(histogram)))


def spectrum(unit: Array, patch_size: int) -> tuple[Array, Array, Array]:
    """Compute the spectrum of a filter.

    The filter is padded with zeros, so that the frequencies lie close together around a peak.

    Args:
        unit: (p * p,), row by row.
        patch_size: p, the filter's side in pixels.

    Returns:
        The power and the frequencies fx and fy (cycles/pixel), each as a flat array.
    """
    size = max(32, 2 * patch_size)
    power = np.abs(np.fft.fft2(unit.reshape(patch_size, patch_size), (size, size))) ** 2
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size), indexing="ij")
    return power.ravel(), fx.ravel(), fy.ravel()


def unit_filter(filter_: Array) -> tuple[Array, float]:
    """The filter without its mean, scaled to norm 1, and its norm (0.0 if it is constant)."""
    largest = np.abs(filter_).max()
    if largest == 0:
        return filter_, 0.0
    # The largest value first, so that no square overflows or vanishes.
    scaled = filter_ / largest
    scaled = scaled - scaled.mean()
    norm = np.linalg.norm(scaled)
    # A constant filter leaves rounding errors behind, not exact zeros.
    if norm < 1e-12:
        return filter_, 0.0
    return scaled / norm, float(largest * norm)


def pixel_grid(patch_size: int) -> tuple[Array, Array]:
    """The column x and row y of each pixel, as flat arrays, row by row."""
    y, x = np.mgrid[:patch_size, :patch_size].astype(float)
    return x.ravel(), y.ravel()


def check_filters(W1: ArrayLike) -> Array:
    """Check that W1 is a matrix of finite real numbers.

    Args:
        W1: anything that may be a matrix (hidden_size, visible_size).

    Returns:
        W1 as float64.

    Raises:
        ValueError: if it is not a matrix of finite real numbers.
    """
    W1 = np.asarray(W1)
    if W1.dtype.kind not in "fiu":
        raise ValueError(f"the filters must be real numbers, not {W1.dtype}")
    if W1.ndim != 2 or W1.size == 0:
        raise ValueError(f"W1 must have the shape (hidden_size, visible_size), not {W1.shape}")
    W1 = W1.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(W1).all(axis=1))
    if bad.size:
        raise ValueError(
            f"{bad.size} of {len(W1)} filters hold values that are not finite, the "
            f"first in row {bad[0]}: did the training diverge?"
        )
    return W1


def check_patch_size(shape: tuple[int, ...], patch_size: int | None) -> int:
    """Find the side of a square patch that fits W1's shape.

    Args:
        shape: the shape of W1.
        patch_size: the side in pixels; None means the square root of the number of columns.

    Returns:
        The side in pixels.

    Raises:
        ValueError: if the rows of W1 are not square patches of that size, or if the patches are
            smaller than MIN_PATCH_SIZE.
    """
    size = isqrt(shape[1]) if patch_size is None else patch_size
    if size**2 != shape[1]:
        asked = "" if patch_size is None else f" for a patch size of {patch_size}"
        raise ValueError(
            f"each row of W1 must hold a square patch{asked}, but W1 has the shape "
            f"{shape} and {shape[1]} is not {size}*{size}: is it transposed, or W2?"
        )
    if size < MIN_PATCH_SIZE:
        raise ValueError(
            f"filters of {size}x{size} pixels are too small to tell an edge from "
            f"noise: at least {MIN_PATCH_SIZE}x{MIN_PATCH_SIZE} are needed"
        )
    return int(size)
