"""Random networks with their examples, for hidden tests.

No two sizes of a problem are equal, no bias is zero and the weight decay is large: otherwise a
transposed matrix, a forgotten bias or a missing lambda would go unnoticed. (One square problem is
added to the others: where every size fits, a wrong matrix gives numbers and no error, and the
mistake can be recognised by them. Two of cost_problems() have lambda = 0 and beta = 0.)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from saelab.check.exercise import Probe, single


@dataclass(frozen=True)
class CostProblem:
    """A small network with its examples and the weights of the cost's terms."""

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
        """The arguments of autoencoder_cost."""
        return self.theta, self.visible_size, self.hidden_size, self.lambda_, self.data

    @property
    def sparse(self) -> tuple[Any, ...]:
        """The arguments of sparse_autoencoder_cost."""
        return (
            self.theta, self.visible_size, self.hidden_size,
            self.lambda_, self.rho, self.beta, self.data,
        )  # fmt: skip


# (visible, hidden, examples): wide and narrow, one example, more examples than weights.
SIZES = ((6, 4, 11), (3, 7, 5), (9, 2, 1), (5, 3, 60))


def cost_problems(seed: int) -> list[CostProblem]:
    """Six problems: four sizes, then one with lambda = 0 and one with beta = 0."""
    rng = np.random.default_rng(seed)
    found = [cost_problem(rng, *sizes) for sizes in SIZES]
    found.append(cost_problem(rng, 4, 5, 8, lambda_=0.0))
    found.append(cost_problem(rng, 5, 4, 7, beta=0.0))
    return found


def square_cost_problem(seed: int) -> CostProblem:
    """A problem with as many hidden units as inputs."""
    return cost_problem(np.random.default_rng(seed), 4, 4, 6)


def cost_problem(
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
        single(rng.uniform(0.1, 0.9, size=(visible_size, m))),
    )


def networks(rng: np.random.Generator) -> list[CostProblem]:
    seed = draw(rng)
    return [*cost_problems(seed), square_cost_problem(seed)]


def sparse_networks(rng: np.random.Generator) -> list[Probe]:
    """The same as probes of a cost with the arguments of sparse_autoencoder_cost."""
    return [Probe(p.says, p.sparse) for p in networks(rng)]


def mean_activations(rng: np.random.Generator, n: int) -> np.ndarray:
    """rho_hat of n units; the first is far from every rho, where all results are nearly zero."""
    return np.append(rng.uniform(0.6, 0.9), rng.uniform(0.01, 0.99, size=n - 1))


def draw(rng: np.random.Generator) -> int:
    return int(rng.integers(2**63 - 1))
