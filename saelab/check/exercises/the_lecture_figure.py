"""Notebook 09: a hundred units, pixels put back to their places, noise that is like photographs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed, Fault, call
from saelab.check.exercise import (
    SURE,
    Condition,
    Exercise,
    Faults,
    Probe,
    Properties,
    fault_of_value,
    in_order,
    not_numbers_of_shape,
    repeatable_faults,
    wave,
)
from saelab.typed import Array, Function

NOTEBOOK = "09_the_lecture_figure"

TWIN = ("shape", "mean", "covariance", "gaussian", "repeatable")
# The codes of the faults that a twin holds the patches in some way.
TAKEN = ("patches themselves", "values of the patches", "along the patches", "with the patches")
# A direction in which patches vary less than this share of the most is one in which they do not.
FLAT = 1e-6
# How much a twin may vary, in standard deviations of a pixel, where the patches do not at all: what
# is added to a matrix that has no inverse leaves something.
LEFT = 0.03
# The quantiles at which the lengths of columns are compared with those of Gaussian noise.
QUANTILES = np.linspace(0.05, 0.95, 19)


def twin_faults(gaussian_twin: Function, patches: Array, seed: int, slack: float = 1.0) -> Faults:
    """Find what is wrong with a function that draws Gaussian noise like given patches.

    Every right function draws other noise, so that its mean, its covariance and the lengths of its
    columns are compared with what chance allows.

    Args:
        gaussian_twin: the student's function.
        patches: (v, m), with many more patches than pixels.
        seed: for the random generator that the function gets.
        slack: how many times LEFT the twin may vary where the patches do not.

    Returns:
        The faults of the parts in TWIN; parts that are right are left out.
    """

    def draw(number: int) -> Any:
        return call(gaussian_twin, patches, np.random.default_rng(number))

    try:
        drawn, again, other = draw(seed), draw(seed), draw(seed + 1)
    except CallFailed as failure:
        return dict.fromkeys(TWIN, failure.fault)
    fault = not_numbers_of_shape(drawn, patches.shape, "the twin")
    if fault:
        return dict.fromkeys(TWIN, fault)
    twin = np.asarray(drawn, dtype=float)
    found = {
        "mean": _mean_fault(twin, patches),
        "covariance": _covariance_fault(twin, patches, slack),
        "gaussian": _gaussian_fault(twin, patches),
    }
    taken = found["gaussian"]
    if taken and taken.code == "patches themselves":
        found["covariance"] = None  # what is drawn of them has theirs, but for chance
    faults = {part: fault for part, fault in found.items() if fault}
    if taken and taken.code in TAKEN:
        # Mean and covariance that come along with the patches are nobody's work.
        faults = dict.fromkeys(TWIN, taken) | faults
    elif found["mean"] and found["covariance"]:
        # Any noise is Gaussian, and repeatable.
        faults = dict.fromkeys(("gaussian", "repeatable"), found["covariance"]) | faults
    return faults | repeatable_faults(drawn, again, other, "noise")


def _usual(patches: Array) -> float:
    """The standard deviation of a pixel, taken over all of them."""
    return float(np.sqrt(patches.var(axis=1).mean()))


def _mean_fault(twin: Array, patches: Array) -> Fault | None:
    got, want = twin.mean(axis=1), patches.mean(axis=1)
    allowed = SURE * twin.std(axis=1) / np.sqrt(twin.shape[1]) + LEFT * _usual(patches)

    def fits(mean: Any) -> bool:
        return bool((np.abs(got - mean) <= allowed).all())

    if fits(want):
        return None
    worst = int((np.abs(got - want) / allowed).argmax())
    kinds = {"zero": 0.0, "the same": patches.mean(), "double": 2 * want, "less": -want}
    code = next((name for name, mean in kinds.items() if fits(mean)), "other")
    return fault_of_value(
        f"pixel {worst} (counted from 0) has the mean {got[worst]:.3g}, and that of the patches "
        f"is {want[worst]:.3g}, which is no chance",
        f"mean {code}",
    )


def _fits(covariance: Array, wanted: Array, m: int, left: float, power: float = 1) -> bool:
    """Whether noise of m columns that has one covariance may have been drawn with another.

    Args:
        covariance: (v, v), of the noise.
        wanted: (v, v).
        m: the number of columns.
        left: the standard deviation that it may have where it should not vary.
        power: what the variances along its directions are raised to before.
    """
    U, variances, _ = np.linalg.svd(wanted)
    vary = variances > FLAT * variances[0]
    scale = np.where(vary, np.where(vary, variances, 1) ** (power / 2), left)
    off = np.abs(U.T @ covariance @ U / np.outer(scale, scale) - np.diag(vary))
    allowed = SURE * np.sqrt((1 + np.eye(len(vary))) / m) + SURE**2 / m
    allowed[~vary], allowed[:, ~vary] = 1, 1
    return bool((off <= allowed).all())


def _covariance_fault(twin: Array, patches: Array, slack: float) -> Fault | None:
    got, want = np.cov(twin), np.cov(patches)
    m, left = twin.shape[1], slack * LEFT * _usual(patches)
    if _fits(got, want, m, left):
        return None
    variances = np.diag(want)
    spread = np.sqrt((np.outer(variances, variances) + want**2) / m) + left**2
    i, j = np.unravel_index((np.abs(got - want) / spread).argmax(), want.shape)
    what = f"pixel {i} (counted from 0) has the variance" if i == j else (
        f"pixels {i} and {j} (counted from 0) have the covariance"
    )  # fmt: skip
    return fault_of_value(
        f"{what} {got[i, j]:.3g}, and in the patches {want[i, j]:.3g}, which is no chance",
        f"covariance {_kind_of_covariance(got, patches, left)}",
    )


def _kind_of_covariance(got: Array, patches: Array, left: float) -> str:
    """What a wrong covariance looks like, in a few words that are the same for every seed."""
    want, mean, m = np.cov(patches), patches.mean(axis=1), patches.shape[1]
    variances = np.linalg.eigvalsh(want)
    v, total, wanted = len(want), np.trace(got), np.trace(want)
    if total < FLAT * wanted:
        return "zero"
    for name, power in (("squared", 2.0), ("root", 0.5)):
        if _fits(got, want, m, left, power):
            return name
    kinds = {
        "of numbers of size 1": np.eye(v),
        "of pixels alone": np.diag(np.diag(want)),
        "of one variance": wanted / v * np.eye(v),
        "of one variance, means and all": patches.var() * np.eye(v),
        "along pixels": np.diag(variances),
        "along pixels, largest first": np.diag(variances[::-1]),
        "about zero": want + np.outer(mean, mean),
        "of correlations": want / np.sqrt(np.outer(np.diag(want), np.diag(want))),
        "not divided": m * want,
    }
    for name, kind in kinds.items():
        if _fits(got, kind, m, left):
            return name
    if _fits(got, total / wanted * want, m, left):
        return f"times 2 to the {round(2 * np.log2(total / wanted)) / 2:g}"
    own = np.linalg.eigvalsh(got)
    if own[-2] < FLAT * own[-1]:
        return "of one number"
    return "turned" if np.allclose(own, variances, atol=0.25 * variances[-1]) else "other"


def _gaussian_fault(twin: Array, patches: Array) -> Fault | None:
    """The fault that columns are no Gaussian noise, whatever its mean and covariance are."""
    m, centred = twin.shape[1], twin - twin.mean(axis=1, keepdims=True)
    U, variances, _ = np.linalg.svd(np.cov(twin))
    vary = variances > FLAT * max(variances[0], _usual(patches) ** 2)
    if not vary.any():
        return fault_of_value("all columns of the twin are the same", "all the same")
    z = (U[:, vary] / np.sqrt(variances[vary])).T @ centred
    taken = _taken_fault(twin, z, patches)
    if taken:
        return taken
    different = len(_columns(twin))
    fault = _length_fault((z**2).sum(axis=0), int(vary.sum()), different < m)
    if fault:
        return fault
    if different < m:
        return fault_of_value(
            f"only {different} of {m} columns of the twin differ: draw each by itself", "repeated"
        )
    if any(in_order(row) for row in z):
        return fault_of_value(
            "the columns of the twin follow an order: draw each by itself", "in order"
        )
    return None


def _columns(numbers: Array) -> set[bytes]:
    """The columns of a matrix, those alike but for rounding once."""
    return {column.tobytes() for column in np.round(numbers.T, 9) + 0.0}  # so that -0 is 0


def _taken_fault(twin: Array, z: Array, patches: Array) -> Fault | None:
    """The fault that a twin holds more of the patches than their mean and covariance.

    Args:
        twin: (v, m).
        z: (k, m), the same with covariance 1.
        patches: (v, m).
    """
    if _columns(patches) & _columns(twin):
        return fault_of_value(
            "columns of the twin are patches: it should be noise, of which no column is one",
            "patches themselves",
        )
    if any(np.ptp(one) and np.isin(other, one).all() for one, other in zip(patches, twin)):
        return fault_of_value(
            "pixels of the twin have the very values that they have in patches: it should be "
            "noise, of which none has",
            "values of the patches",
        )
    around, own = (x - patches.mean(axis=1, keepdims=True) for x in (patches, twin))
    along = np.abs((around * own).sum(axis=0))
    if (along > (1 - FLAT) * np.linalg.norm(around, axis=0) * np.linalg.norm(own, axis=0)).all():
        return fault_of_value(
            "each column of the twin is the patch in the same place, around the mean, times a "
            "number: draw each of its numbers by itself",
            "along the patches",
        )
    # A sum in units of the root of its squares is no larger by chance, however they are spread.
    if (np.abs(z @ around.T) > SURE * np.sqrt(z**2 @ (around**2).T) + FLAT).any():
        return fault_of_value(
            "the columns of the twin hang together with the patches in the same places: the noise "
            "should know of the patches by their mean and covariance alone",
            "with the patches",
        )
    return None


def _length_fault(squares: Array, k: int, repeated: bool) -> Fault | None:
    """The fault that squared lengths are not spread as those of k Gaussian numbers are.

    Args:
        squares: (m,), each the sum of k squares.
        k: how many numbers there are in a column.
        repeated: whether columns come more than once, as where the numbers have few values.
    """
    from scipy.special import gammaincinv  # which takes a moment

    at = 2 * gammaincinv(k / 2, QUANTILES)  # of chi-squared numbers
    shares = np.mean(squares[:, None] <= at, axis=0)
    m = len(squares)
    allowed = SURE * np.sqrt((QUANTILES - QUANTILES**2) / m) + SURE**2 / (6 * m)
    off = np.abs(shares - QUANTILES) / allowed
    if off.max() <= 1:
        return None
    worst, ratio = int(off.argmax()), squares.std() / np.sqrt(2 * k)
    # Numbers spread evenly between two limits have the ratio 0.63.
    ends = {0.3: "alike", 0.55: "narrow", 0.72: "even", 1: "nearly right", np.inf: "wide"}
    spread = next(words for end, words in ends.items() if ratio < end)
    return fault_of_value(
        "the twin is not Gaussian: in each direction measured by its own standard deviation, "
        f"{shares[worst]:.0%} of the columns are shorter than {np.sqrt(at[worst]):.2f}, and of "
        f"Gaussian noise {QUANTILES[worst]:.0%} are",
        f"lengths {spread} {repeated and spread == 'alike'}",
    )


# --- what is tried -------------------------------------------------------------------------


def _scattered(shape: tuple[int, int], start: float) -> NDArray[Any]:
    """Numbers between -1 and 1 that look random, and are not."""
    k = np.arange(np.prod(shape)).reshape(shape)
    numbers: NDArray[Any] = 2 * ((start + k * np.sqrt(5) + k**2 * np.sqrt(2)) % 1) - 1
    return numbers


def patches_of(v: int, k: int, m: int, start: float = 0.0) -> Array:
    """Patches that are rare patterns on top of each other, so that they are no Gaussian noise.

    Args:
        v: the number of pixels.
        k: the number of patterns; with fewer than pixels there are directions without variation.
        m: the number of patches.
        start: others begin elsewhere.

    Returns:
        The patches, (v, m).
    """
    return in_patterns(_scattered((k, m), start) ** 5, v)


def in_patterns(strengths: NDArray[Any], v: int) -> Array:
    """Put patterns on top of each other, each as strongly as is said.

    Args:
        strengths: (k, m), how strongly each pattern is there in each patch.
        v: the number of pixels.
    """
    k = len(strengths)
    patterns, _ = np.linalg.qr(wave(v, v, wiggle=lambda i: np.sin(i * i)))
    size = 0.6 * np.sqrt(v / k) * np.linspace(1, 0.4, k)
    made: Array = wave(v, 1, middle=0.5, height=0.3) + (patterns[:, :k] * size) @ strengths
    return made


def _permutation(v: int, step: int, start: int) -> NDArray[np.intp]:
    """An order of v pixels; step and v have no divisor in common."""
    order: NDArray[np.intp] = (start + step * np.arange(v)) % v
    return order


def _with_ties() -> Array:
    """Activations some of which just reach a half, a quarter or an eighth."""
    a2 = np.round(wave(6, 7, middle=0.3, height=0.28), 3)
    largest: Array = np.array([[0.5], [0.25], [0.75], [0.125], [0.25], [1.0]])
    tied: Array = a2 / a2.max(axis=1, keepdims=True) * largest
    return tied


def _quiet(h: int, m: int, start: int, dead: tuple[int, ...]) -> Array:
    """Activations (h, m) of which some units' are a twentieth of what the others' are."""
    a2 = wave(h, m, middle=0.5, height=0.45, start=start)
    a2[list(dead)] /= 20
    return a2


def _at_times() -> Array:
    """Activations of units that are loud for 1, 3, 0, 9 and again 1 of 14 examples."""
    a2 = wave(5, 14, middle=0.05, height=0.04)
    for unit, loud in enumerate(([13], [0, 4, 5], [], [*range(2, 11)], [0])):
        a2[unit, loud] += 0.8
    return a2


def _once() -> Array:
    """Activations of two dead units, and of one between them that is loud a single time."""
    a2 = wave(3, 600, middle=0.2, height=0.15)
    a2[1, 400] = 0.9
    return a2


EXERCISES = (
    Exercise(
        "dead_units",
        probes=(
            Probe("5 units, 7 examples, two of them dead", (_quiet(5, 7, 1, (1, 3)), 0.1)),
            Probe("the first unit and the last are dead", (_quiet(7, 4, 2, (0, 6)), 0.2)),
            Probe("3 units, 8 examples, one of them dead", (_quiet(3, 8, 3, (2,)), 0.05)),
            Probe("no unit is dead", (_quiet(4, 6, 1, ()), 0.1)),
            Probe("all units are dead", (_quiet(4, 5, 2, (0, 1, 2, 3)), 0.3)),
            Probe("threshold = 0.25, which some units just reach", (_with_ties(), 0.25)),
            Probe("threshold = 0.5", (_with_ties(), 0.5)),
            Probe("threshold = 0.75", (_with_ties(), 0.75)),
            Probe("one example only", (_quiet(6, 1, 1, (0, 4)), 0.1)),
            Probe("a unit that is loud for one of 600 examples", (_once(), 0.5)),
            Probe("units of tanh, two of them always near -1",
                  (np.tanh(wave(6, 5, height=3.0) - 9 * np.isin(np.arange(6), (2, 5))[:, None]),
                   -0.9)),
            Probe("units that are loud once, for a few examples, or mostly", (_at_times(), 0.2)),
        ),
        conditions=(
            Condition("no unit is dead", "where some are",
                      lambda a: (a[0].max(axis=1) > a[1]).all()),
            Condition("a unit just reaches the threshold", "where none does",
                      lambda a: (a[0].max(axis=1) == a[1]).any()),
        ),
    ),
    Exercise(
        "unshuffle",
        probes=(
            Probe("3 units, 5 pixels", (wave(3, 5, height=4.0), _permutation(5, 3, 2))),
            Probe("7 units, 4 pixels", (wave(7, 4, start=3), np.array([1, 3, 0, 2]))),
            Probe("4 units, 9 pixels", (wave(4, 9, height=7.0, start=5), _permutation(9, 4, 7))),
            Probe("6 units, 6 pixels", (wave(6, 6), np.array([2, 0, 1, 4, 5, 3]))),
            Probe("one unit, 8 pixels", (wave(1, 8, start=2), _permutation(8, 3, 5))),
            Probe("nothing was shuffled", (wave(2, 5), np.arange(5))),
            Probe("two pixels have changed places", (wave(3, 4), np.array([0, 3, 2, 1]))),
        ),
        conditions=(
            Condition(
                "shuffling twice gives back what was there",
                "where it does not",
                lambda a: np.array_equal(a[1][a[1]], np.arange(len(a[1]))),
            ),
            Condition(
                "there are as many units as pixels",
                "where there are not",
                lambda a: a[0].shape[0] == a[0].shape[1],
            ),
        ),
    ),
    Exercise(
        "gaussian_twin",
        probes=(
            Probe("2200 patches of 16 pixels", (patches_of(16, 16, 2200), 0)),
            Probe("1900 patches of 9 pixels", (patches_of(9, 9, 1900, 0.3), 3)),
            Probe("2000 patches of 25 pixels, made of 6 patterns",
                  (patches_of(25, 6, 2000, 0.7), 5)),
        ),
        properties=Properties(TWIN, twin_faults),
        called_again=False,
    ),
)  # fmt: skip
