"""The cost and gradient of the engine, as others would have them computed.

Each of these takes a Problem and returns a function from theta to (cost, grad), or to nothing for
a floor. PyTorch and JAX are in the extra `bench`; who has not installed them gets no such row.
"""

import functools
import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograder.exercises.reference import reference
from saelab.engine import Objective, array_blocks
from saelab.typed import Array

Evaluate = Callable[[Array], Any]
LAMBDA, RHO, BETA = 1e-4, 0.01, 3.0


@dataclass(frozen=True)
class Problem:
    """Sizes, data (visible_size, m), and parameters at which to evaluate."""

    visible_size: int
    hidden_size: int
    data: Array
    theta: Array

    @property
    def name(self) -> str:
        v, h = self.visible_size, self.hidden_size
        return f"{v}-{h}-{v} x {self.data.shape[1]}"


def notebook(problem: Problem) -> Evaluate:
    """The notebooks' own function, plain NumPy."""
    cost, sizes = _reference(), (problem.visible_size, problem.hidden_size)
    return lambda theta: cost(theta, *sizes, LAMBDA, RHO, BETA, problem.data)


def _reference() -> Callable[..., tuple[float, Array]]:
    cost: Callable[..., tuple[float, Array]] = reference("03_kl_delta").sparse_autoencoder_cost
    return cost


def engine(problem: Problem, dtype: DTypeLike = np.float64, **options: Any) -> Objective:
    sizes = problem.visible_size, problem.hidden_size
    return Objective(array_blocks(problem.data), *sizes, LAMBDA, RHO, BETA, dtype, **options)


def products(problem: Problem, size: int) -> Evaluate:
    """The five matrix products, in blocks of `size` examples, and nothing else."""
    return _floor(problem, size, exponentials=False)


def floor(problem: Problem, size: int) -> Evaluate:
    """The products, and NumPy's exponential of what comes out of the first two of them."""
    return _floor(problem, size, exponentials=True)


def _floor(problem: Problem, size: int, exponentials: bool) -> Evaluate:
    v, h, data = problem.visible_size, problem.hidden_size, problem.data
    blocks = [np.ascontiguousarray(data[:, i : i + size]) for i in range(0, data.shape[1], size)]
    W1, W2 = problem.theta[: v * h].reshape(h, v), problem.theta[v * h : 2 * v * h].reshape(v, h)
    room = {x.shape[1]: [np.empty((n, x.shape[1])) for n in (h, v, h, h, v)] for x in blocks}

    def evaluate(theta: Array) -> None:
        W1_sum, W2_sum = np.zeros((h, v)), np.zeros((v, h))
        for x in blocks:
            z2, z3, back, exp_z2, exp_z3 = room[x.shape[1]]
            np.matmul(W1, x, out=z2)
            np.matmul(W2, z2, out=z3)
            if exponentials:
                np.exp(z2, out=exp_z2)
                np.exp(z3, out=exp_z3)
            np.matmul(W2.T, z3, out=back)
            W2_sum += z3 @ z2.T
            W1_sum += back @ x.T

    return evaluate


def cost_by(problem: Problem, split: Any, sigmoid: Any, log: Any) -> Callable[[Any, Any], Any]:
    """From parameters and data to the cost, as one writes it in a library that derives it.

    Args:
        problem: the sizes.
        split: cuts the parameters into W1, W2, b1 and b2, of which each is 1-D.
        sigmoid: the library's.
        log: the library's.
    """
    v, h = problem.visible_size, problem.hidden_size

    def cost(theta: Any, data: Any) -> Any:
        W1, W2, b1, b2 = split(theta)
        W1, W2 = W1.reshape(h, v), W2.reshape(v, h)
        a2 = sigmoid(W1 @ data + b1[:, None])
        a3 = sigmoid(W2 @ a2 + b2[:, None])
        rho_hat = a2.mean(axis=1)
        error = ((a3 - data) ** 2).sum() / (2 * data.shape[1])
        decay = LAMBDA / 2 * ((W1**2).sum() + (W2**2).sum())
        kl = RHO * log(RHO / rho_hat) + (1 - RHO) * log((1 - RHO) / (1 - rho_hat))
        return error + decay + BETA * kl.sum()

    return cost


def torch_cost(problem: Problem) -> Callable[[Any, Any], Any]:
    import torch

    v, h = problem.visible_size, problem.hidden_size
    split = functools.partial(torch.split, split_size_or_sections=[h * v, v * h, h, v])
    return cost_by(problem, split, torch.sigmoid, torch.log)


def torch_eager(problem: Problem) -> Evaluate:
    return _torch(problem, torch_cost(problem))


def torch_compiled(problem: Problem) -> Evaluate:
    import torch

    return _torch(problem, torch.compile(torch_cost(problem)))


def _torch(problem: Problem, cost: Callable[..., Any]) -> Evaluate:
    import torch

    torch.set_num_threads(1)
    data = torch.from_numpy(problem.data)

    def evaluate(theta: Array) -> tuple[float, Array]:
        parameters = torch.from_numpy(theta).requires_grad_()
        value = cost(parameters, data)
        value.backward()
        grad: Any = parameters.grad
        return value.item(), grad.numpy()

    return evaluate


def jax(problem: Problem) -> Evaluate:
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["XLA_FLAGS"] = flags
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    v, h = problem.visible_size, problem.hidden_size
    data, ends = jnp.asarray(problem.data), np.cumsum([h * v, v * h, h])
    cost = cost_by(problem, lambda theta: jnp.split(theta, ends), jax.nn.sigmoid, jnp.log)
    both = jax.jit(jax.value_and_grad(lambda theta: cost(theta, data)))

    def evaluate(theta: Array) -> tuple[float, Array]:
        value, grad = both(theta)
        return float(value), np.asarray(grad)

    return evaluate


def adam(
    problem: Problem, seconds: float, rate: float, batch: int, now: Callable[[], float]
) -> Array:
    """Train by PyTorch's Adam on batches, each with its own rho_hat, for some seconds.

    Args:
        problem: sizes, data, and where to begin.
        seconds: how long, by `now`.
        rate: the learning rate.
        batch: the number of examples in a batch.
        now: the clock.

    Returns:
        The parameters.
    """
    import torch

    torch.manual_seed(0)
    cost, data = torch_cost(problem), torch.from_numpy(problem.data)
    parameters = torch.from_numpy(problem.theta.copy()).requires_grad_()
    optimiser, start = torch.optim.Adam([parameters], lr=rate), now()
    while True:
        for places in torch.randperm(data.shape[1]).split(batch):
            if now() - start >= seconds:
                found: Array = parameters.detach().numpy()
                return found
            optimiser.zero_grad()
            cost(parameters, data[:, places]).backward()
            optimiser.step()


def there(module: str) -> bool:
    """Whether a package is installed."""
    return importlib.util.find_spec(module) is not None
