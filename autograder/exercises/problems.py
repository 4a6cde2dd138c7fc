"""Random problems for hidden tests, each from a seed.

`problems("sigmoid")` are those that a submission is graded on. Each submission has a seed of its
own, which grading sets in the environment (see autograder.verdict.of_this_course), so that a
regrade tries the same numbers and another try others. Sizes do not depend on the seed.

No two sizes of a problem are equal, no bias is zero and the weight decay is large: a transposed
matrix, a forgotten bias or a missing lambda would otherwise pass unseen. (Of square problems there
is one beside the others: where every size fits, a wrong matrix gives numbers and no error, and the
mistake can be known by them.)
"""

import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises.reference import reference
from saelab.check.outcome import Probe
from saelab.hunt import suspects

SEED = "AUTOGRADER_SEED"


Cost = Callable[[np.ndarray], float]
CostAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True)
class Problems:
    """What one function is graded on: its name, the seed, and its probes."""

    name: str
    seed: int
    probes: tuple[Probe, ...]


def seed() -> int:
    """The seed of the submission that is being graded; 0 where nobody set one."""
    return int(os.environ.get(SEED) or 0)


def problems(name: str, number: int | None = None) -> Problems:
    """The random problems of a function that students write, from the submission's seed.

    number: another seed than the submission's.
    """
    number = seed() if number is None else number
    # Each function has numbers of its own.
    rng = np.random.default_rng([number, zlib.crc32(name.encode())])
    return Problems(name, number, tuple(MAKERS[name](rng)))


@dataclass(frozen=True)
class CostProblem:
    """A small network with its examples and weights of the terms."""

    visible_size: int
    hidden_size: int
    lambda_: float
    rho: float
    beta: float
    theta: np.ndarray  # (2 v h + h + v,)
    data: np.ndarray  # (visible_size, m)

    @property
    def says(self) -> str:
        """What is tried, in words."""
        m = self.data.shape[1]
        examples = "1 example" if m == 1 else f"{m} examples"
        return f"{self.visible_size} inputs, {self.hidden_size} hidden units, {examples}"

    @property
    def plain(self) -> tuple[Any, ...]:
        """Arguments of autoencoder_cost."""
        return self.theta, self.visible_size, self.hidden_size, self.lambda_, self.data

    @property
    def sparse(self) -> tuple[Any, ...]:
        """Arguments of sparse_autoencoder_cost."""
        return (
            self.theta, self.visible_size, self.hidden_size,
            self.lambda_, self.rho, self.beta, self.data,
        )  # fmt: skip


# (visible, hidden, examples): wide and narrow, one example, more examples than weights.
SIZES = ((6, 4, 11), (3, 7, 5), (9, 2, 1), (5, 3, 60))


def cost_problems(seed: int) -> list[CostProblem]:
    """Six problems: four sizes, then one with lambda = 0 and one with beta = 0."""
    rng = np.random.default_rng(seed)
    found = [_problem(rng, *sizes) for sizes in SIZES]
    found.append(_problem(rng, 4, 5, 8, lambda_=0.0))
    found.append(_problem(rng, 5, 4, 7, beta=0.0))
    return found


def square_cost_problem(seed: int) -> CostProblem:
    """A problem with as many hidden units as inputs."""
    return _problem(np.random.default_rng(seed), 4, 4, 6)


def tiny_cost_problems(seed: int) -> list[CostProblem]:
    """Two problems for what evaluates the cost twice for each entry of theta."""
    rng = np.random.default_rng(seed)
    return [_problem(rng, 3, 2, 5), _problem(rng, 2, 3, 7)]


def _problem(
    rng: np.random.Generator,
    visible_size: int,
    hidden_size: int,
    m: int,
    lambda_: float | None = None,
    beta: float | None = None,
) -> CostProblem:
    size = 2 * visible_size * hidden_size + hidden_size + visible_size
    return CostProblem(
        visible_size,
        hidden_size,
        rng.uniform(0.05, 0.5) if lambda_ is None else lambda_,
        rng.uniform(0.02, 0.4),
        rng.uniform(0.5, 4.0) if beta is None else beta,
        rng.normal(scale=0.6, size=size),
        rng.uniform(0.1, 0.9, size=(visible_size, m)),
    )


def smooth_function(seed: int, n: int) -> tuple[Cost, np.ndarray]:
    """A smooth cost of n variables and a place to take its gradient: (J, theta).

    J: (n,) array -> number. Its second and third derivatives are large enough that a one-sided
    difference, or one that ignores epsilon, is seen.
    """
    rng = np.random.default_rng(seed)
    waves, pull = rng.normal(size=(n + 2, n)), rng.normal(size=n)

    def J(theta: np.ndarray) -> float:
        return float(np.sin(waves @ theta).sum() + 0.3 * (theta**3).sum() + pull @ theta)

    return J, rng.normal(size=n)


def bowl(seed: int, n: int) -> tuple[CostAndGradient, np.ndarray, np.ndarray]:
    """A quadratic cost of n variables: (cost, theta0, minimum); cost: theta -> (J, grad)."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(n, n)))
    curvature = turn @ np.diag(np.geomspace(1.0, 300.0, n)) @ turn.T
    minimum = rng.normal(size=n)

    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        step = theta - minimum
        return 0.5 * float(step @ curvature @ step) + 1.5, curvature @ step

    return cost, minimum + rng.normal(size=n), minimum


def natural_image(seed: int, height: int, width: int) -> np.ndarray:
    """A random picture whose spectrum falls like that of photographs: (height, width)."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    frequency[0, 0] = 1.0 / max(height, width)
    spectrum = np.fft.fft2(rng.normal(size=(height, width))) / frequency
    picture = np.fft.ifft2(spectrum).real
    return 0.5 + 0.15 * (picture - picture.mean()) / picture.std()


# --- what each function is graded on -------------------------------------------------


def _sample_patches(rng: np.random.Generator) -> Iterator[Probe]:
    for shape, patch_size in (((4, 13, 17), 5), ((2, 21, 10), 3), ((7, 9, 9), 6)):
        yield Probe(f"pictures of {shape}", (shape, patch_size, 600, _draw(rng)))


def _whiten(rng: np.random.Generator) -> Iterator[Probe]:
    for height, width, f0 in ((40, 70, 0.4), (81, 64, 0.3), (100, 51, 0.5)):
        picture = natural_image(_draw(rng), height, width)
        yield Probe(f"a picture of {height}x{width}, f0 = {f0}", (picture, f0))


def _normalize_patches(rng: np.random.Generator) -> Iterator[Probe]:
    for size, n_patches in ((9, 50), (25, 200), (4, 3), (6, 6)):
        patches = rng.normal(size=(size, n_patches)) + rng.normal(size=n_patches)
        # Far outliers, one to each side, where there are values enough for them to be that far.
        if n_patches > 10:
            patches[1, 2], patches[2, 1] = rng.uniform(12, 20), -rng.uniform(12, 20)
        yield Probe(f"{n_patches} patches of {size} pixels", (patches,))


def _sigmoid(rng: np.random.Generator) -> Iterator[Probe]:
    yield Probe("a number", (rng.normal(),))
    yield Probe("a vector", (rng.normal(size=7),))
    yield Probe("a matrix of larger numbers", (20 * rng.normal(size=(4, 6)),))
    yield Probe("very large numbers", (rng.uniform(750, 900) * np.array([-1.0, 1.0]),))


def _initialize_parameters(rng: np.random.Generator) -> Iterator[Probe]:
    for v, h in ((30, 50), (81, 16)):
        args = v, h, np.sqrt(6 / (v + h + 1)), _draw(rng)
        yield Probe(f"{v} inputs, {h} hidden units", args)


def _unpack_parameters(rng: np.random.Generator) -> Iterator[Probe]:
    for v, h in ((5, 3), (2, 6), (4, 4)):
        theta = rng.normal(size=2 * v * h + v + h)
        yield Probe(f"{v} inputs, {h} hidden units", (theta, v, h))


def _feed_forward(rng: np.random.Generator) -> Iterator[Probe]:
    for p in _networks(rng):
        args = p.theta, p.visible_size, p.hidden_size, p.data
        yield Probe(p.says, args)


def _autoencoder_cost(rng: np.random.Generator) -> list[Probe]:
    return [Probe(p.says, p.plain) for p in _networks(rng)]


def _sparse_autoencoder_cost(rng: np.random.Generator) -> list[Probe]:
    return [Probe(p.says, p.sparse) for p in _networks(rng)]


def _networks(rng: np.random.Generator) -> list[CostProblem]:
    seed = _draw(rng)
    return [*cost_problems(seed), square_cost_problem(seed)]


def _average_activation(rng: np.random.Generator) -> Iterator[Probe]:
    for shape in ((4, 9), (5, 1), (6, 6)):
        yield Probe(f"activations of shape {shape}", (rng.uniform(size=shape),))


def _kl_divergence(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (1, 5, 40):
        rho_hat = rng.uniform(0.001, 0.999, size=n)
        yield Probe(f"{n} units", (rng.uniform(0.05, 0.4), rho_hat))


def _sparsity_delta(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (1, 6, 30):
        rho_hat = rng.uniform(0.01, 0.99, size=n)
        yield Probe(f"{n} units", (rng.uniform(0.05, 0.4), rho_hat, rng.uniform(1.5, 5)))


def _numerical_gradient(rng: np.random.Generator) -> Iterator[Probe]:
    for n, epsilon in ((4, 1e-4), (3, 1e-2), (5, 0.05)):
        J, theta = smooth_function(_draw(rng), n)
        yield Probe(f"{n} variables, epsilon = {epsilon}", (J, theta, epsilon))
        yield Probe(f"{n} variables, J returns a pair", (_as_pair(J), theta))


def _as_pair(J: Cost) -> CostAndGradient:
    return lambda x: (J(x), 0 * x)


def _relative_error(rng: np.random.Generator) -> Iterator[Probe]:
    for n, distance in ((5, 1.0), (12, 1e-3), (3, 40.0)):
        a = rng.normal(size=n)
        b = a + distance * rng.normal(size=n)
        yield Probe("two vectors", (a, b))
        yield Probe("the same, changed about", (b, a))
    yield Probe("two vectors of zeros", (np.zeros(3), np.zeros(3)))


def _block_errors(rng: np.random.Generator) -> Iterator[Probe]:
    right = reference("03_kl_delta").sparse_autoencoder_cost
    # Half of the versions on each, since each of them takes hundreds of evaluations.
    for p, letters in zip(tiny_cost_problems(_draw(rng)), ("ACE", "BDF")):
        theta, v, h, *rest = p.sparse
        versions = suspects(right, v, h, *rest)
        for letter in letters:
            yield Probe(f"version {letter} of the cost", (versions[letter], theta, v, h))


def _train(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (4, 9):
        yield Probe(f"{n} variables", bowl(_draw(rng), n))


def _maximal_inputs(rng: np.random.Generator) -> Iterator[Probe]:
    for shape in ((5, 9), (9, 4), (6, 6)):
        W1 = rng.normal(size=shape)
        W1[1] = 0
        yield Probe(f"weights of shape {shape}", (W1,))


def _tile_filters(rng: np.random.Generator) -> Iterator[Probe]:
    for n, size, columns, gap in ((7, 16, 3, 1), (4, 9, 4, 2), (5, 25, 2, 0)):
        filters = rng.normal(size=(n, size)) * rng.uniform(0.1, 3, size=(n, 1))
        filters[1] = 0
        says, args = f"{n} filters, {columns} columns, gap {gap}", (filters, columns, gap)
        yield Probe(says, args, part="own")
        yield Probe(says, args, {"scale": "common"}, part="common")


def _draw(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


MAKERS: dict[str, Callable[[np.random.Generator], Iterable[Probe]]] = {
    "sample_patches": _sample_patches,
    "whiten": _whiten,
    "normalize_patches": _normalize_patches,
    "sigmoid": _sigmoid,
    "initialize_parameters": _initialize_parameters,
    "unpack_parameters": _unpack_parameters,
    "feed_forward": _feed_forward,
    "autoencoder_cost": _autoencoder_cost,
    "average_activation": _average_activation,
    "kl_divergence": _kl_divergence,
    "sparsity_delta": _sparsity_delta,
    "sparse_autoencoder_cost": _sparse_autoencoder_cost,
    "numerical_gradient": _numerical_gradient,
    "relative_error": _relative_error,
    "block_errors": _block_errors,
    "train": _train,
    "maximal_inputs": _maximal_inputs,
    "tile_filters": _tile_filters,
}
