"""Random problems for hidden tests, each from a seed.

No two sizes of a problem are equal, no bias is zero and the weight decay is large: a transposed
matrix, a forgotten bias or a missing lambda would otherwise pass unseen.
"""

from dataclasses import dataclass

import numpy as np


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
    def plain(self):
        """Arguments of autoencoder_cost."""
        return self.theta, self.visible_size, self.hidden_size, self.lambda_, self.data

    @property
    def sparse(self):
        """Arguments of sparse_autoencoder_cost."""
        return (
            self.theta, self.visible_size, self.hidden_size,
            self.lambda_, self.rho, self.beta, self.data,
        )  # fmt: skip


# (visible, hidden, examples): wide and narrow, one example, more examples than weights.
SIZES = ((6, 4, 11), (3, 7, 5), (9, 2, 1), (5, 3, 60))


def cost_problems(seed):
    """Six problems: four sizes, then one with lambda = 0 and one with beta = 0."""
    rng = np.random.default_rng(seed)
    problems = [_problem(rng, *sizes) for sizes in SIZES]
    problems.append(_problem(rng, 4, 5, 8, lambda_=0.0))
    problems.append(_problem(rng, 5, 4, 7, beta=0.0))
    return problems


def tiny_cost_problems(seed):
    """Two problems for what evaluates the cost twice for each entry of theta."""
    rng = np.random.default_rng(seed)
    return [_problem(rng, 4, 2, 5), _problem(rng, 2, 3, 7)]


def _problem(rng, visible_size, hidden_size, m, lambda_=None, beta=None):
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


def smooth_function(seed, n):
    """A smooth cost of n variables and a place to take its gradient: (J, theta).

    J: (n,) array -> number. Its second and third derivatives are large enough that a one-sided
    difference, or one that ignores epsilon, is seen.
    """
    rng = np.random.default_rng(seed)
    waves, pull = rng.normal(size=(n + 2, n)), rng.normal(size=n)

    def J(theta):
        return float(np.sin(waves @ theta).sum() + 0.3 * (theta**3).sum() + pull @ theta)

    return J, rng.normal(size=n)


def bowl(seed, n):
    """A quadratic cost of n variables: (cost, theta0, minimum); cost: theta -> (J, grad)."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(n, n)))
    curvature = turn @ np.diag(np.geomspace(1.0, 30.0, n)) @ turn.T
    minimum = rng.normal(size=n)

    def cost(theta):
        step = theta - minimum
        return 0.5 * float(step @ curvature @ step) + 1.5, curvature @ step

    return cost, minimum + rng.normal(size=n), minimum


def natural_image(seed, height, width):
    """A random picture whose spectrum falls like that of photographs: (height, width)."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    frequency[0, 0] = 1.0 / max(height, width)
    spectrum = np.fft.fft2(rng.normal(size=(height, width))) / frequency
    picture = np.fft.ifft2(spectrum).real
    return 0.5 + 0.15 * (picture - picture.mean()) / picture.std()
