"""The sparse autoencoder's cost and gradient over blocks of examples, as fast as we can.

A block goes through the network by five matrix products. Between them each of its numbers is
changed in place (elementwise.py), while the block is in the processor's cache.
"""

import functools
import itertools
import math
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, wait
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from saelab.engine.blocks import Block, Shared, at_least_one, checked
from saelab.engine.elementwise import steps
from saelab.typed import Array


class Objective:
    """J_sparse and its gradient, as notebooks 03 and 07 define them.

    Blocks in memory are gone through twice, as the lecture says: forward for the average
    activations, and, now that the penalty's derivative is known, on and back. The activations are
    kept in between. Other blocks are read once. For delta2 is (W2' delta3 + extra) s, where s is
    a2 (1 - a2), and `extra` depends on the unit alone: the sums of (W2' delta3) s x' and of s x'
    over all examples give the same gradient, for one product more.

    Args:
        blocks: a sequence of arrays (visible_size, m_k), an example in each column, of any m_k:
            array_blocks(data), file_blocks(path) and so on, or a list.
        visible_size, hidden_size: the numbers of inputs and of hidden units.
        lambda_, rho, beta: weight decay, target activation, weight of the sparsity penalty.
        dtype: float64, or float32, with which sums over blocks are float64 all the same.
        executor: None, any concurrent.futures.Executor, or a client of dask.distributed, among
            whose workers the blocks are shared out. Only theta and sums travel.
        parts: into how many tasks the blocks are divided, by default one for each processor. The
            caller does one of them and the executor the others; a client's workers do all of
            them, and each chunk of a Dask array is one.

    Raises:
        ValueError: if an argument or a block in memory is not as it should be.
    """

    def __init__(
        self, blocks: Sequence[Block], visible_size: int, hidden_size: int,
        lambda_: float, rho: float, beta: float,
        dtype: DTypeLike = np.float64, executor: Any = None, parts: int | None = None,
    ) -> None:  # fmt: skip
        if np.dtype(dtype) not in (np.float64, np.float32):
            raise ValueError(f"dtype is {dtype}; it has to be float64 or float32")
        if not (0 < rho < 1 and 0 <= lambda_ < np.inf and 0 <= beta < np.inf):
            needed = "0 < rho < 1, and finite lambda >= 0 and beta >= 0 are needed"
            raise ValueError(f"rho is {rho}, lambda {lambda_}, beta {beta}; {needed}")
        for name, n in (("visible_size", visible_size), ("hidden_size", hidden_size)):
            at_least_one(n, name)
        if parts is not None:
            at_least_one(parts, "parts")
        if isinstance(blocks, np.ndarray) or not hasattr(blocks, "__len__"):
            needed = "it has to be array_blocks(data), file_blocks(path) and so on, or a list"
            raise ValueError(f"blocks is a {type(blocks).__name__}; {needed}")
        self.network = Network(visible_size, hidden_size, np.dtype(dtype))
        self.blocks, self.lambda_, self.rho, self.beta = blocks, lambda_, rho, beta
        self.in_memory = isinstance(blocks, list) or getattr(blocks, "in_memory", False)
        # How many parts are done here, by the caller, who would only wait otherwise.
        self.executor, self.own, futures = executor, 1, None
        if executor is not None and not isinstance(executor, Executor):  # a client of Dask
            self.executor = executor.get_executor(pure=False)
            self.in_memory, self.own = False, 0  # its workers may be on other machines
            futures = getattr(blocks, "futures", None)
        if futures:
            every = enumerate(futures(executor))
            self.parts: list[Part] = [({k: future}, range(k, k + 1)) for k, future in every]
        else:
            source = Kept(self.network, blocks) if self.in_memory else blocks
            most = 1 if executor is None else parts or os.cpu_count() or 1
            wanted = max(1, min(most, len(source)))
            edges = [len(source) * k // wanted for k in range(wanted + 1)]
            self.parts = [(source, range(*ends)) for ends in itertools.pairwise(edges)]

    def __call__(self, theta: Array) -> tuple[float, Array]:
        """The cost at theta, and its gradient.

        Args:
            theta: the parameters, one after the other: W1, W2, b1, b2.

        Returns:
            The tuple (cost, grad); grad is float64, shaped like theta.

        Raises:
            ValueError: if theta has another size or is not finite, if a block is not as it should
                be, or if there is no example.
        """
        (v, h, _), theta = self.network.sizes, self.parameters(theta)
        sums = self.added(Network.forward if self.in_memory else Network.one_pass, theta)
        if not (m := sums.m.item()):
            raise ValueError("there is no example in any block")
        rho, rho_hat = self.rho, sums.activation / m
        extra = self.beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat))
        if self.in_memory:
            sums = self.added(Network.backward, theta, extra)
        else:
            sums.W1 += extra[:, None] * sums.slopes_x
            sums.b1 += extra * sums.slopes
        weights, grad = theta[: 2 * v * h], sums.theta / m
        grad[: 2 * v * h] += self.lambda_ * weights
        kl = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
        cost = sums.error.item() / m + self.lambda_ / 2 * (weights @ weights)
        return float(cost + self.beta * kl.sum()), grad

    def parameters(self, theta: ArrayLike) -> Array:
        """The parameters as (n,) finite numbers; a ValueError if it is something else."""
        (v, h, _), found = self.network.sizes, np.asarray(theta, float)
        n = 2 * v * h + h + v
        if found.shape != (n,) or not np.isfinite(found).all():
            raise ValueError(
                f"theta has to be {n} finite numbers, for {v} inputs and {h} hidden units; it is "
                f"{found.shape}, {np.sum(~np.isfinite(found))} not finite"
            )
        return found

    def added(self, step: "Step", theta: Array, extra: Any = None) -> "Sums":
        """What a step of the network gives for all examples, by whoever does the work."""
        sizes = self.network.sizes
        work = [(step, sizes, theta, *part, extra) for part in self.parts]
        tasks = [self.executor.submit(_sums, *args) for args in work[self.own :]]
        try:
            vectors = [_sums(*args) for args in work[: self.own]]
            vectors += [task.result() for task in tasks]
        finally:
            wait(tasks)  # after an interrupt, too: they write where the next call will
        return Sums(*sizes, sum(vectors))


def _sums(step: "Step", sizes: Any, theta: Array, *work: Any) -> Array:
    """What a worker, or the caller, does for its part."""
    return step(_network(threading.get_ident(), *sizes).at(theta), *work).vector


@functools.lru_cache(maxsize=64)
def _network(thread: int, *sizes: Any) -> "Network":
    """A thread's own, which keeps its memory from task to task."""
    return Network(*sizes)


class Sums:
    """What the examples add up to: one vector, and its pieces by their names.

    The first pieces lie as theta's: the gradients of W1, W2, b1, b2, times m. `slopes` are s, and
    `slopes_x` their products with the examples; `activation` is a2, `error` half the squared
    error, and `m` the number of examples.
    """

    def __init__(self, v: int, h: int, dtype: Any, vector: Any = None) -> None:
        shapes = (h, v), (v, h), (h,), (v,), (h, v), (h,), (h,), (1,), (1,)
        self.vector = np.zeros(3 * h * v + 3 * h + v + 2) if vector is None else vector
        self.theta = self.vector[: 2 * h * v + h + v]
        self.W1, self.W2, self.b1, self.b2, *further = pieces(self.vector, shapes)
        self.slopes_x, self.slopes, self.activation, self.error, self.m = further


def pieces(vector: Array, shapes: Sequence[tuple[int, ...]]) -> Iterator[Array]:
    """Views of a vector's parts, one after the other, in these shapes."""
    start = 0
    for shape in shapes:
        stop = start + math.prod(shape)
        yield vector[start:stop].reshape(shape)
        start = stop


class Network:
    """The network, memory for what it makes of a block, and the steps of a calculation."""

    def __init__(self, visible_size: int, hidden_size: int, dtype: Any) -> None:
        self.sizes = visible_size, hidden_size, dtype
        self.activate, self.compare, self.differentiate = steps(dtype)
        self.room = np.empty(0, dtype)

    def at(self, theta: Array) -> "Network":
        """The same network, with these parameters from now on."""
        v, h, dtype = self.sizes
        shapes = (h, v), (v, h), (h,), (v,)
        self.W1, self.W2, self.b1, self.b2 = pieces(theta.astype(dtype), shapes)
        return self

    def forward(self, source: "Kept", places: range, extra: Any) -> Sums:
        """The activations of blocks in memory, which are kept, and their sums."""
        sums = Sums(*self.sizes)
        for x, a2 in map(source.__getitem__, places):
            self.hidden(x, a2, sums)
        return sums

    def backward(self, source: "Kept", places: range, extra: Array) -> Sums:
        """The error and the gradient, from the activations that forward has left."""
        sums = Sums(*self.sizes)
        for x, a2 in map(source.__getitem__, places):
            sums.W1 += self.back(x, a2, extra, sums) @ x.T
        return sums

    def one_pass(self, source: Sequence[Block], places: range, extra: Any) -> Sums:
        """All sums over blocks, each of which is read once."""
        sums, h = Sums(*self.sizes), self.sizes[1]
        for k in places:
            x = self.right(source[k], k)
            _, hidden = self.buffers(x.shape[1])  # delta2, and below it a2, later s
            a2 = hidden[h:]
            self.hidden(x, a2, sums)
            self.back(x, a2, np.zeros(h), sums)
            sums.slopes += a2.sum(axis=1)
            both = hidden @ x.T
            sums.W1 += both[:h]
            sums.slopes_x += both[h:]
        return sums

    def right(self, block: Block, k: int) -> Block:
        """Block k as the products like it best."""
        return np.ascontiguousarray(checked(block, k, self.sizes[0]), self.sizes[2])

    def buffers(self, m: int) -> tuple[Block, Block]:
        """Room for m examples' outputs, and for two arrays over the hidden units."""
        v, h, dtype = self.sizes
        if self.room.size < (v + 2 * h) * m:
            self.room = np.empty((v + 2 * h) * m, dtype)
        outputs, hidden = pieces(self.room, ((v, m), (2 * h, m)))
        return outputs, hidden

    def hidden(self, x: Block, a2: Block, sums: Sums) -> None:
        """Write the activations of the hidden units into a2, and add them up."""
        np.matmul(self.W1, x, out=a2)
        self.activate(a2, self.b1, sums.activation)
        sums.m += x.shape[1]

    def back(self, x: Block, a2: Block, extra: Array, sums: Sums) -> Block:
        """On to the outputs, and back. Returns delta2; a2 becomes s."""
        delta3, hidden = self.buffers(x.shape[1])
        delta2 = hidden[: len(a2)]
        np.matmul(self.W2, a2, out=delta3)
        self.compare(delta3, self.b2, x, sums.error, sums.b2)
        np.matmul(self.W2.T, delta3, out=delta2)
        sums.W2 += (a2 @ delta3.T).T
        self.differentiate(delta2, a2, extra.astype(a2.dtype), sums.b1)
        return delta2


Step = Callable[[Network, Any, range, Any], Sums]
Part = tuple[Any, range]  # a source, and which of its blocks


class Kept(Sequence[tuple[Block, Block]]):
    """Blocks in memory, and room for their activations, where all workers reach them."""

    def __init__(self, network: Network, blocks: Sequence[Block]) -> None:
        self.sizes = network.sizes[:2]
        right = [network.right(block, k) for k, block in enumerate(blocks)]
        self.ends = [0, *itertools.accumulate(x.shape[1] for x in right)]
        self.x = Shared(
            np.concatenate([np.empty(0, network.sizes[2]), *(x.ravel() for x in right)])
        )
        self.a2 = Shared(np.empty(self.sizes[1] * self.ends[-1], network.sizes[2]))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, k: Any) -> Any:
        start, stop = self.ends[k], self.ends[k + 1]
        (v, h), m = self.sizes, stop - start
        x, a2 = self.x.array, self.a2.array
        return x[v * start : v * stop].reshape(v, m), a2[h * start : h * stop].reshape(h, m)
