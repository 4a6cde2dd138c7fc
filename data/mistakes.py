"""Make data/mistakes.npz: what the exercise's network learns with a famous mistake in the code.

    python data/mistakes.py

Nobody needs to run this to take the course, because the file is already here; the museum of
mistakes shows it. Each exhibit is one training of 64-25-64 units on the patches and from the start
of data/trainings.py, by the reference's own functions, one of which has one mistake. Most mistakes
are those of the graders' catalogue (autograder/exercises/), by which a check names them, and many
of them were found in published solutions. The first exhibit has no mistake. It takes two minutes.

A wrong function of the data makes patches of its own, and a wrong start is a start of its own.
Everything else is as without the mistake. What was learned is measured by the right functions on
the right patches, whatever the network was trained on.

The file holds numbers and words, and no pickled object. For n exhibits, of which each curve has
POINTS points (nan where there are fewer, or where the cost could not be computed):

    name, function        (n,): a few words, and the name of the wrong function
    says                  (n,): what is mistaken, in a sentence
    verdict               (n,): all that check(...) prints for the wrong function
    message               (n,): why the training ended, in the words of L-BFGS or of an error
    iterations            (n,): how many L-BFGS made
    at                    (n, POINTS): the iterations at which the cost was taken, six a decade
    told                  (n, POINTS): the cost as the wrong functions compute it
    true                  (n, POINTS): as the right ones do, for the same parameters
    gradient              (n,): the largest relative error in the gradient check of notebook 04; nan
                          where that stops with an error
    like_start            (n,): mean cosine of the angle between a row of W1 and its start
    explained, edges, are_edges   (n,): as in data/trainings.py
    W1                    (n, 25, 64) float16
    active                (n, 25) float32, mean activations
"""

import contextlib
import functools
import io
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.cost import DRAWN
from autograder.exercises.exercise import Mistake
from autograder.exercises.mistakes import catalogue, edited
from autograder.exercises.patch_sampling import SCALED
from autograder.exercises.reference import reference
from autograder.exercises.versions import built
from data.trainings import (
    ITERATIONS,
    PATCH_SIZE,
    PATCHES,
    PROCESSES,
    SEED,
    VISIBLE,
    examined,
)
from saelab import progress
from saelab.check import check
from saelab.check.message import CheckFailed
from saelab.data import load_images, write_stored
from saelab.typed import Array

Function = Callable[..., Any]

HIDDEN, RHO, BETA, LAMBDA = 25, 0.01, 3.0, 1e-4
DRAWN_PATCHES = 10_000  # as notebook 05 draws
AT = tuple(map(int, np.unique(np.geomspace(1, ITERATIONS, 17).round())))
POINTS = len(AT) + 2  # the start, and the end
OF_DATA = ("whiten", "sample_patches", "normalize_patches")
TARGET = Path(__file__).resolve().with_name("mistakes.npz")


class Exhibit(NamedTuple):
    """A mistake of the museum.

    Attributes:
        name: a few words for the reader.
        function: the name of the function that has it.
        mistake: its name in the catalogue, or the mistake itself; None for none.
    """

    name: str
    function: str
    mistake: str | Mistake | None

    @property
    def known(self) -> Mistake | None:
        """The mistake."""
        if isinstance(self.mistake, str):
            return next(m for m in catalogue(self.function) if m.name == self.mistake)
        return self.mistake

    @property
    def changes(self) -> dict[str, str]:
        """{name of the wrong function: its text}; empty without a mistake."""
        return {self.function: edited(self.function, [self.known])} if self.known else {}

    @property
    def says(self) -> str:
        """What is mistaken, without the hint that follows it in the catalogue."""
        if self.known is None:
            return "Nothing is mistaken."
        return self.known.says.split(" Look ")[0].split(" Compare ")[0]


# What no check needs a name for.
UNWHITENED = Mistake(
    "whiten",
    "no whitening",
    "The pictures come back as they are, with all their low frequencies.",
    ((f"return {SCALED}", "return image"),),
)
ZEROS = Mistake(
    "initialize_parameters",
    "zeros",
    "All weights are 0 at the start, so that all hidden units are alike.",
    ((DRAWN, "np.zeros(2 * hidden_size * visible_size)"),),
)
TEN_TIMES = Mistake(
    "initialize_parameters",
    "ten times",
    "The weights at the start are ten times as large as they should be.",
    ((DRAWN, f"10 * {DRAWN}"),),
)

COST = "sparse_autoencoder_cost"
EXHIBITS = (
    Exhibit("none: all is right", COST, None),
    Exhibit("pictures: not whitened", "whiten", UNWHITENED),
    Exhibit("sampling: one index for row and column", "sample_patches", "one index"),
    Exhibit("normalising: one mean for all patches", "normalize_patches", "one mean for all"),
    Exhibit("normalising: from -1 to 1", "normalize_patches", "from -1 to 1"),
    Exhibit("start: all weights zero", "initialize_parameters", ZEROS),
    Exhibit("start: weights ten times too large", "initialize_parameters", TEN_TIMES),
    Exhibit("sigmoid: exp overflows", "sigmoid", "overflow"),
    Exhibit("error: slope of the output left out", COST, "f'(z3) missing"),
    Exhibit("error: slope taken twice", COST, "slope of the slope at layer 2"),
    Exhibit("error: W2 not transposed", COST, "transpose forgotten"),
    Exhibit("error: sent back through W1", COST, "wrong matrix"),
    Exhibit("gradient: 1/m missing", COST, "1/m missing"),
    Exhibit("gradient: b2 summed, not averaged", COST, "b2's gradient summed"),
    Exhibit("gradient: biases never learn", COST, "bias gradients zero"),
    Exhibit("gradient: W2 gets that of W1", COST, "tied weights"),
    Exhibit("gradient: column by column, as in MATLAB", COST, "column by column"),
    Exhibit("decay: lambda / m in the gradient", COST, "lambda / m"),
    Exhibit("decay: lambda / m everywhere", COST, "lambda / m everywhere"),
    Exhibit("decay: the 1/2 forgotten everywhere", COST, "decay doubled everywhere"),
    Exhibit("decay: of the biases, too", COST, "biases decayed"),
    Exhibit("sparsity: none at all", COST, "no sparsity at all"),
    Exhibit("sparsity: missing in delta", COST, "sparsity missing in delta2"),
    Exhibit("sparsity: outside the bracket", COST, "outside of f'(z2)"),
    Exhibit("sparsity: divided by m in delta", COST, "sparsity / m"),
    Exhibit("sparsity: example by example", COST, "sparsity for each example"),
    Exhibit("sparsity: one mean for all units", COST, "rho_hat over everything"),
    Exhibit("sparsity: KL with the wrong sign", "kl_divergence", "the sign"),
    Exhibit("memory: theta changed in place", COST, "theta changed"),
)


class Shown(NamedTuple):
    """All that the file holds of one exhibit; see above."""

    name: str
    function: str
    says: str
    verdict: str
    message: str
    iterations: int
    at: Array
    told: Array
    true: Array
    gradient: float
    like_start: float
    explained: float
    edges: int
    are_edges: bool
    W1: NDArray[Any]
    active: NDArray[Any]


# --- one training -----------------------------------------------------------------------


def make(exhibit: Exhibit) -> Shown:
    """Train with the mistake of an exhibit, and measure what came of it."""
    changes = exhibit.changes
    right, right_theta0 = sampled()
    patches, theta0 = right, right_theta0
    if exhibit.function == "initialize_parameters":
        theta0 = start_of(changes)
    if exhibit.function in OF_DATA and changes:
        patches, _ = patches_of(changes)
    theta, message, curves = train(changes, theta0, patches, right)
    W1, active, numbers = examined(right, theta, HIDDEN)
    return Shown(
        name=exhibit.name,
        function=exhibit.function,
        says=exhibit.says,
        verdict=verdict(exhibit),
        message=message,
        iterations=int(curves[0, -1]),
        at=padded(curves[0]),
        told=padded(curves[1]),
        true=padded(curves[2]),
        gradient=gradient_error(changes),
        like_start=likeness(theta, right_theta0),
        explained=numbers["explained"],
        edges=int(numbers["edges"]),
        are_edges=bool(numbers["are_edges"]),
        W1=W1,
        active=active,
    )


def train(
    changes: dict[str, str], theta0: Array, patches: Array, right: Array
) -> tuple[Array, str, Array]:
    """Train as notebook 05 does, and take the cost on the way.

    Args:
        changes: as in Exhibit.
        theta0: the start.
        patches: what the network is trained on.
        right: the patches on which the true cost is taken.

    Returns:
        The last parameters; why it ended; and an array whose rows are iterations, the cost as told,
        and the true cost.
    """
    wrong, true = built(COST, changes), built(COST)
    curves: list[tuple[float, float, float]] = []
    thetas = [theta0]

    def cost(theta: Array) -> tuple[float, Array]:
        return wrong(theta, VISIBLE, HIDDEN, LAMBDA, RHO, BETA, patches)

    def note(iteration: int) -> None:
        """Take both costs of copies, since some functions write into what they get."""
        theta = thetas[-1]
        arguments = VISIBLE, HIDDEN, LAMBDA, RHO, BETA, right
        curves.append((iteration, cost(theta.copy())[0], true(theta.copy(), *arguments)[0]))

    def callback(theta: Array) -> None:
        thetas.append(theta.copy())
        if len(thetas) - 1 in AT:
            note(len(thetas) - 1)

    try:
        note(0)
        result = reference("05_training").train(theta0.copy(), cost, ITERATIONS, callback)
        message = str(result.message)
        if curves[-1][0] < len(thetas) - 1:
            note(len(thetas) - 1)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
    return thetas[-1], message, np.array(curves or [(0, np.nan, np.nan)], dtype=float).T


def padded(curve: Array) -> Array:
    """A curve of POINTS points, of which the last are nan where there are fewer."""
    return np.concatenate([curve, np.full(POINTS - len(curve), np.nan)])


@functools.cache
def sampled() -> tuple[Array, Array]:
    """The patches without a mistake, and the parameters to start from."""
    patches, rng = patches_of({})
    return patches, built("initialize_parameters")(VISIBLE, HIDDEN, rng)


def start_of(changes: dict[str, str]) -> Array:
    """The parameters that a wrong function starts from, with the same random numbers."""
    _, rng = patches_of({})
    return built("initialize_parameters", changes)(VISIBLE, HIDDEN, rng)


def patches_of(changes: dict[str, str]) -> tuple[Array, np.random.Generator]:
    """Sample the patches, with one of the functions changed.

    Returns:
        The patches (64, 5000), and the generator as it is afterwards.
    """
    images = whitened(changes.get("whiten"))
    rng = np.random.default_rng(SEED)
    sample, normalize = (built(name, changes) for name in OF_DATA[1:])
    return normalize(sample(images, PATCH_SIZE, DRAWN_PATCHES, rng))[:, :PATCHES], rng


@functools.cache
def whitened(text: str | None) -> Array:
    """The photographs, whitened by a function with this text; None for the reference's."""
    whiten = built("whiten", {"whiten": text} if text else None)
    return np.array([whiten(image, f0=0.4) for image in load_images()])


# --- what is said of it -----------------------------------------------------------------


def verdict(exhibit: Exhibit) -> str:
    """All that check(...) prints for the function of an exhibit."""
    function, printed = built(exhibit.function, exhibit.changes), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            check(function)
    except CheckFailed as failure:
        return str(failure)
    return printed.getvalue().strip()


def gradient_error(changes: dict[str, str]) -> float:
    """The largest relative error of a block, at the place where notebook 04 looks."""
    cost, rng = built(COST, changes), np.random.default_rng(4)
    v, h, m = 8, 5, 12
    theta = rng.normal(scale=0.5, size=2 * v * h + h + v)
    data = rng.uniform(0.1, 0.9, size=(v, m))

    def own_cost(theta: Array) -> tuple[float, Array]:
        return cost(theta, v, h, 0.1, 0.05, 3.0, data)

    try:
        errors = reference("04_gradient_check").block_errors(own_cost, theta, v, h)
    except ValueError:  # shapes that do not fit
        return np.nan
    return max(errors.values())


def likeness(theta: Array, theta0: Array) -> float:
    """The mean cosine of the angle between a row of W1 and the same row at the start."""
    rows = [
        reference("02_cost").unpack_parameters(each, VISIBLE, HIDDEN)[0] for each in (theta, theta0)
    ]
    W1, start = (row / np.linalg.norm(row, axis=1, keepdims=True) for row in rows)
    return float(np.sum(W1 * start, axis=1).mean())


# --- the file ---------------------------------------------------------------------------


def be_quiet() -> None:
    """Mistakes divide by zero, and so on."""
    warnings.simplefilter("ignore")


def make_all() -> dict[str, NDArray[Any]]:
    """Make all exhibits, and return all that the file holds as {name: array}."""
    with ProcessPoolExecutor(PROCESSES, initializer=be_quiet) as pool:
        made = pool.map(make, EXHIBITS)
        shown = list(progress.bar(made, "training", unit="exhibit"))
    kinds = {"W1": np.float16, "active": np.float32, "at": np.float32}
    arrays = {}
    for name in Shown._fields:
        values = np.array([getattr(each, name) for each in shown])
        arrays[name] = values.astype(kinds.get(name, values.dtype))
    return arrays


def main() -> None:
    arrays: dict[str, Any] = make_all()
    write_stored(TARGET, arrays)


if __name__ == "__main__":
    main()
