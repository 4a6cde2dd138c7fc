"""Fit a Gabor function to one filter.

For a given centre, width, direction and frequency, the best amplitude and phase follow from a
linear problem. So the search runs over those six numbers only (variable projection: G. H. Golub and
V. Pereyra, SIAM J. Numerical Analysis 10, 1973, 413-432).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, least_squares

from saelab.quality.measures import (
    check_filters,
    check_patch_size,
    pixel_grid,
    spectrum,
    unit_filter,
)
from saelab.typed import Array

Waves = NDArray[np.complex128]

# A fit that explains four fifths of a filter's variance still looks like the filter.
GOOD_R2 = 0.8
# A filter described this well needs no further start of the search.
ENOUGH_R2 = 0.98
# Frequencies in cycles/pixel, up to the finest wave that pixels can show. The lowest is
# not 0, where an edge would have no direction.
MIN_FREQUENCY, MAX_FREQUENCY = 0.02, 0.5
# The narrowest bell, in pixels. The widest is half a patch: beyond that the filter
# shows too little of the bell to measure it.
MIN_SIGMA = 0.5


@dataclass(frozen=True)
class GaborFit:
    """The Gabor function that comes nearest to one filter.

    With u the distance across the edge and v the distance along it, both from the centre (x, y),
    the function is

        amplitude * exp(-((u/sigma_across)^2 + (v/sigma_along)^2) / 2)
                  * cos(2 pi frequency u + phase).

    For a filter without variation r2 = amplitude = 0, and the other numbers are NaN.

    Attributes:
        r2: share of the variance explained, 1 - |residual|^2 / |filter - mean|^2.
        x: the column of the centre; 0 is the middle of the first pixel.
        y: the row of the centre; 0 is the middle of the first pixel.
        sigma_across: width of the bell across the edge, in pixels.
        sigma_along: width of the bell along the edge, in pixels.
        orientation: direction of the edge in degrees, from 0 to 180 (not included), as the eye sees
            it: 0 is horizontal, 45 rises to the right, 90 is vertical.
        frequency: frequency of the wave in cycles/pixel.
        phase: phase of the wave in radians; 0 is a bright bar, pi a dark one, +-pi/2 a step.
        amplitude: height of the wave, in the filter's own units.
        patch_size: p, the filter's side in pixels.
    """

    r2: float
    x: float
    y: float
    sigma_across: float
    sigma_along: float
    orientation: float
    frequency: float
    phase: float
    amplitude: float
    patch_size: int

    @property
    def is_good(self) -> bool:
        """Whether the fit explains enough of the filter: r2 >= GOOD_R2."""
        return self.r2 >= GOOD_R2

    def render(self) -> Array:
        """The Gabor as a picture, (p, p), to compare with the filter without its mean."""
        if self.amplitude == 0:
            return np.zeros((self.patch_size, self.patch_size))
        theta = np.radians(90 - self.orientation)
        params = (self.x, self.y, self.sigma_across, self.sigma_along, theta,
                  self.frequency)  # fmt: skip
        wave, _ = _complex_gabor(params, *pixel_grid(self.patch_size))
        gabor: Array = (self.amplitude * np.exp(1j * self.phase) * wave).real
        return gabor.reshape(self.patch_size, self.patch_size)


def fit_gabor(filter_: Array, patch_size: int) -> GaborFit:
    """Fit a two-dimensional Gabor function to one filter by least squares.

    The model is that of Jones and Palmer 1987; see GaborFit for the equations. The search uses no
    random numbers.

    Args:
        filter_: (p * p,) row by row, or (p, p). Its mean is subtracted first.
        patch_size: p, the filter's side in pixels.

    Returns:
        A GaborFit, the best one from up to six starts of the search.

    Raises:
        ValueError: if the filter is not p x p finite real numbers, or if p < 5.
    """
    row = check_filters(np.reshape(filter_, (1, -1)))
    patch_size = check_patch_size(row.shape, patch_size)
    unit, norm = unit_filter(row[0])
    if norm == 0:
        nan = np.nan
        return GaborFit(0.0, nan, nan, nan, nan, nan, nan, nan, 0.0, patch_size)
    found = _search(unit, patch_size)
    return _as_fit(found, unit, norm, patch_size)


def _search(unit: Array, patch_size: int) -> OptimizeResult:
    """The solver's best result over all starts."""
    half = patch_size / 2
    edge = patch_size - 0.5
    low = np.array([-0.5, -0.5, MIN_SIGMA, MIN_SIGMA, -np.inf, MIN_FREQUENCY])
    high = np.array([edge, edge, half, half, np.inf, MAX_FREQUENCY])
    best = None
    for start in _starts(unit, patch_size):
        # The solver wants to start inside its bounds, not on them.
        start = np.clip(start, low + 1e-3, high - 1e-3)
        found = least_squares(
            _residual, start, _jacobian, bounds=(low, high), max_nfev=200,
            x_scale=(1, 1, 1, 1, 0.3, 0.05), args=(*pixel_grid(patch_size), unit),
        )  # fmt: skip
        if best is None or found.cost < best.cost:
            best = found
        if _r2(best) > ENOUGH_R2:
            break
    return best


def _r2(found: OptimizeResult) -> float:
    # least_squares halves the sum of squares, and the filter has norm 1.
    return float(1 - 2 * found.cost)


def _as_fit(found: OptimizeResult, unit: Array, norm: float, patch_size: int) -> GaborFit:
    """The solver's six numbers, with amplitude and phase, as a GaborFit."""
    x, y, across, along, theta, frequency = map(float, found.x)
    wave, _ = _complex_gabor(found.x, *pixel_grid(patch_size))
    _, _, (even, odd) = _project(wave, unit)
    # even * Re(wave) + odd * Im(wave) = Re((even - i odd) wave)
    phase = float(np.angle(even - 1j * odd))
    orientation = (90 - np.degrees(theta)) % 180
    # An orientation forgets on which side of the edge u is positive: where it turned
    # round, the wave runs backwards.
    if np.cos(np.radians(90 - orientation) - theta) < 0:
        phase = -phase
    return GaborFit(
        r2=_r2(found), x=x, y=y, sigma_across=across, sigma_along=along,
        orientation=float(orientation), frequency=frequency, phase=phase,
        amplitude=norm * float(np.hypot(even, odd)), patch_size=patch_size,
    )  # fmt: skip


def _complex_gabor(params: Sequence[float] | Array, x: Array, y: Array) -> tuple[Waves, Waves]:
    """Compute exp(-bell + i wave) at the pixels, and the slopes of its logarithm.

    The real part is the even Gabor, the imaginary part the odd one.

    Args:
        params: x, y, sigma_across, sigma_along, direction and frequency.
        x: the column of each pixel, (p * p,).
        y: the row of each pixel, (p * p,).

    Returns:
        The values, (p * p,), and the slopes, (p * p, 6).
    """
    x0, y0, across, along, theta, frequency = params
    cos, sin = np.cos(theta), np.sin(theta)
    u = (x - x0) * cos + (y - y0) * sin
    v = -(x - x0) * sin + (y - y0) * cos
    turn = 2j * np.pi
    wave = np.exp(-((u / across) ** 2 + (v / along) ** 2) / 2 + turn * frequency * u)
    by_u = -u / across**2 + turn * frequency
    by_v = -v / along**2
    slopes = [
        -cos * by_u + sin * by_v,
        -sin * by_u - cos * by_v,
        u**2 / across**3,
        v**2 / along**3,
        v * by_u - u * by_v,
        turn * u,
    ]
    return wave, np.stack(slopes, axis=1)


def _project(wave: Waves, unit: Array) -> tuple[Array, Array, NDArray[Any]]:
    """QR of the even and odd Gabor, and how much of each the filter contains."""
    q, r = np.linalg.qr(np.stack([wave.real, wave.imag], axis=1))
    return q, r, _solve(r, q.T @ unit)


def _solve(matrix: Array, right: Array) -> NDArray[Any]:
    # lstsq, because a wave that vanishes on the pixels makes the matrix singular.
    return np.linalg.lstsq(matrix, right, rcond=None)[0]


def _residual(params: Array, x: Array, y: Array, unit: Array) -> Array:
    """What the best amplitudes leave: P w - w, where P projects onto the two Gabors."""
    wave, _ = _complex_gabor(params, x, y)
    q, _, _ = _project(wave, unit)
    return q @ (q.T @ unit) - unit


def _jacobian(params: Array, x: Array, y: Array, unit: Array) -> Array:
    """Slopes of `_residual`, (p*p, 6), after Golub and Pereyra."""
    wave, slopes = _complex_gabor(params, x, y)
    q, r, (even, odd) = _project(wave, unit)
    turned = wave[:, None] * slopes
    moved = even * turned.real + odd * turned.imag
    left = unit - q @ (q.T @ unit)
    adapted = _solve(r.T, np.stack([left @ turned.real, left @ turned.imag]))
    jacobian: Array = moved - q @ (q.T @ moved) + q @ adapted
    return jacobian


def _starts(unit: Array, patch_size: int) -> Iterator[Array]:
    """First guesses for the search: the spectrum's three peaks, each at two places.

    The places are the centre of the filter's energy and its strongest pixel.
    """
    x, y = pixel_grid(patch_size)
    energy = unit**2
    strongest = np.argmax(energy)
    places = [(energy @ x, energy @ y), (x[strongest], y[strongest])]
    for fx, fy in _spectral_peaks(unit, patch_size):
        direction, frequency = np.arctan2(fy, fx), np.hypot(fx, fy)
        for place in places:
            yield np.array([*place, patch_size / 5, patch_size / 4, direction, frequency])


def _spectral_peaks(
    unit: Array, patch_size: int, count: int = 3, apart: float = 0.08
) -> list[Array]:
    """The strongest waves (fx, fy) in cycles/pixel, more than `apart` from each other."""
    power, fx, fy = spectrum(unit, patch_size)
    # The spectrum is the same at f and -f: one half is enough.
    half = (fx > 0) | ((fx == 0) & (fy > 0))
    waves = np.stack([fx[half], fy[half]], axis=1)
    peaks: list[Array] = []
    for i in np.argsort(-power[half], kind="stable"):
        wave = waves[i]
        near = [np.hypot(*(wave - sign * peak)) for peak in peaks for sign in (1, -1)]
        if min(near, default=np.inf) > apart:
            peaks.append(wave)
        if len(peaks) == count:
            break
    return peaks
