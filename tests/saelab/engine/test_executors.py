"""Whoever evaluates the blocks, cost and gradient are the same, and the data stay there."""

import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from saelab.engine import (
    Objective,
    array_blocks,
    dask_blocks,
    file_blocks,
    fit,
    patch_blocks,
    write_blocks,
)
from tests.support.waiting import wait_until

VISIBLE, HIDDEN, SIZE, BLOCKS = 64, 25, 1000, 20
DATA = np.concatenate(
    [np.random.default_rng(k).uniform(0.1, 0.9, (VISIBLE, SIZE)) for k in range(BLOCKS)], axis=1
)
THETA = np.random.default_rng(1).uniform(-0.5, 0.5, 2 * VISIBLE * HIDDEN + VISIBLE + HIDDEN)


def objective(blocks, executor=None):
    return Objective(blocks, VISIBLE, HIDDEN, 1e-4, 0.01, 3.0, executor=executor)


def agree(found, wanted):
    """Two pairs of cost and gradient, to 1e-10."""
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-10)
    scale = np.abs(wanted[1]).max()
    np.testing.assert_allclose(found[1], wanted[1], rtol=1e-10, atol=1e-10 * scale)


@pytest.fixture(scope="module")
def alone():
    """Cost and gradient on one thread of one machine."""
    return objective(array_blocks(DATA, SIZE))(THETA)


@pytest.fixture(scope="module", params=["threads", "processes"])
def pool(request):
    spawned = get_context("spawn")
    pools = {
        "threads": lambda: ThreadPoolExecutor(2),
        "processes": lambda: ProcessPoolExecutor(2, spawned),
    }
    with pools[request.param]() as pool:
        yield pool


@pytest.mark.slow
class TestPool:
    def test_an_array(self, pool, alone):
        agree(objective(array_blocks(DATA, SIZE), pool)(THETA), alone)

    def test_a_file(self, pool, alone, tmp_path):
        write_blocks(tmp_path / "x.npy", array_blocks(DATA, 999))
        agree(objective(file_blocks(tmp_path / "x.npy", SIZE), pool)(THETA), alone)

    def test_patches(self, pool):
        images = np.random.default_rng(2).normal(size=(2, 50, 50))
        blocks = patch_blocks(images, 8, 5500)
        agree(objective(blocks, pool)(THETA), objective(blocks)(THETA))

    def test_an_error_in_a_block_is_told(self, pool, tmp_path):
        write_blocks(tmp_path / "x.npy", [DATA])
        np.lib.format.open_memmap(tmp_path / "x.npy")[3, 4005] = np.nan
        with pytest.raises(ValueError, match="nan in row 3, column 5 of block 4"):
            objective(file_blocks(tmp_path / "x.npy", SIZE), pool)(THETA)

    def test_it_trains(self, pool):
        few = array_blocks(DATA[:, :3000], SIZE)
        together, by_itself = (fit(objective(few, who), THETA, 10) for who in (pool, None))
        np.testing.assert_allclose(together.fun, by_itself.fun, rtol=1e-6)


@pytest.fixture
def client(dask_cluster):
    from distributed import Client

    with Client(dask_cluster.address) as client:
        yield client


@pytest.fixture
def chunks(tmp_path):
    """DATA as a Dask array, each chunk of which is made on a worker, and notes that it is made."""
    import dask.array

    def make(k):
        with (tmp_path / "made").open("a") as log:
            log.write(f"{k}\n")
        return np.random.default_rng(k).uniform(0.1, 0.9, (VISIBLE, SIZE))

    made = [
        dask.array.from_delayed(dask.delayed(make)(k), (VISIBLE, SIZE), float)
        for k in range(BLOCKS)
    ]
    return dask.array.concatenate(made, axis=1)


@pytest.mark.long
class TestCluster:
    """On a real scheduler of Dask and two workers."""

    def test_the_data_travel_once(self, client, chunks, alone, tmp_path):
        def sent():
            """Bytes, by all workers."""
            asked = client.run(lambda dask_worker: dask_worker.transfer_outgoing_bytes_total)
            return sum(asked.values())

        evaluated = objective(dask_blocks(chunks), client)
        agree(evaluated(THETA), alone)
        before = sent()
        for _ in range(5):
            agree(evaluated(THETA), alone)
        # Of the first pass a few numbers for each block, of the second as many as theta has.
        assert sent() - before < 5 * BLOCKS * 2 * THETA.nbytes < DATA.nbytes
        assert sorted(map(int, (tmp_path / "made").read_text().split())) == list(range(BLOCKS))

    def test_a_worker_lost_midway_costs_time_only(self, client, chunks, alone, dask_cluster):
        evaluated, found = objective(dask_blocks(chunks), client), []

        def evaluate():
            for _ in range(10):
                found.append(evaluated(THETA))  # noqa: PERF401  they are counted

        runs = threading.Thread(target=evaluate, daemon=True)
        runs.start()
        wait_until(lambda: len(found) >= 2, "two evaluations")
        dask_cluster.workers[0].kill()
        wait_until(lambda: len(found) == 10, "all evaluations", 120)
        for each in found:
            agree(each, alone)

    def test_an_error_in_a_block_is_told(self, client, chunks):
        with pytest.raises(ValueError, match=r"nan in row 0, column 0 of block \d+"):
            objective(dask_blocks(chunks * np.nan), client)(THETA)

    def test_a_file_that_all_workers_see(self, client, alone, tmp_path):
        write_blocks(tmp_path / "x.npy", [DATA])
        agree(objective(file_blocks(tmp_path / "x.npy", SIZE), client)(THETA), alone)
