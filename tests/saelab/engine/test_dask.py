"""On a cluster of Dask cost and gradient are the same, and the data stay where they are."""

import threading

import numpy as np
import pytest

from saelab.engine import (
    Objective,
    array_blocks,
    dask_blocks,
    file_blocks,
    write_blocks,
)
from tests.support.waiting import wait_until

VISIBLE, HIDDEN, SIZE, BLOCKS = 64, 25, 1000, 20
BLOCK_BYTES = VISIBLE * SIZE * 8
DATA = np.random.default_rng(0).uniform(0.1, 0.9, (VISIBLE, SIZE * BLOCKS))
THETA = np.random.default_rng(1).uniform(-0.5, 0.5, 2 * VISIBLE * HIDDEN + VISIBLE + HIDDEN)


def objective(blocks, executor=None):
    return Objective(blocks, VISIBLE, HIDDEN, 1e-4, 0.01, 3.0, executor=executor)


def agree(found, wanted):
    """Two pairs of cost and gradient, to 1e-10."""
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-10)
    np.testing.assert_allclose(
        found[1], wanted[1], rtol=1e-10, atol=1e-10 * np.abs(wanted[1]).max()
    )


@pytest.fixture(scope="module")
def alone():
    """Cost and gradient on one thread of one machine."""
    return objective(array_blocks(DATA, SIZE))(THETA)


@pytest.fixture
def client(dask_cluster):
    from distributed import Client

    with Client(dask_cluster.address) as client:
        yield client


@pytest.fixture
def chunks(tmp_path):
    """DATA as a Dask array, each chunk of which is made on a worker, and notes that it is made."""
    import dask.array

    def make(block, k):
        with (tmp_path / "made").open("a") as log:
            log.write(f"{k}\n")
        return block

    made = [
        dask.array.from_delayed(dask.delayed(make)(block, k), (VISIBLE, SIZE), float)
        for k, block in enumerate(array_blocks(DATA, SIZE))
    ]
    return dask.array.concatenate(made, axis=1)


@pytest.mark.long
def test_the_data_travel_once(client, chunks, alone, tmp_path):
    def sent():
        """Bytes, by all workers."""
        asked = client.run(lambda dask_worker: dask_worker.transfer_outgoing_bytes_total)
        return sum(asked.values())

    evaluated = objective(dask_blocks(chunks), client)
    agree(evaluated(THETA), alone)
    before = sent()
    for _ in range(5):
        agree(evaluated(THETA), alone)
    # theta and the sums alone: a quarter of a megabyte for each block that is moved.
    assert sent() - before < 5 * BLOCKS * 4 * THETA.nbytes < 25 * BLOCK_BYTES
    assert sorted(map(int, (tmp_path / "made").read_text().split())) == list(range(BLOCKS))


@pytest.mark.long
def test_a_worker_lost_midway_costs_time_only(client, chunks, alone, dask_cluster):
    evaluated = objective(dask_blocks(chunks), client)
    found: list[tuple[float, np.ndarray]] = []

    def evaluate():
        found.extend(evaluated(THETA) for _ in range(10))

    runs = threading.Thread(target=evaluate, daemon=True)
    runs.start()
    wait_until(lambda: len(found) >= 2, "two evaluations")
    dask_cluster.workers[0].kill()
    wait_until(lambda: len(found) == 10, "all evaluations", 120)
    for each in found:
        agree(each, alone)


@pytest.mark.long
def test_an_error_in_a_block_is_told(client, chunks):
    import dask.array

    first = dask.array.from_array(DATA[:, :SIZE], chunks=(VISIBLE, SIZE))
    wrong = dask.array.concatenate([first, chunks * np.nan], axis=1)
    with pytest.raises(ValueError, match="nan in row 0, column 0 of block 1"):
        objective(dask_blocks(wrong), client)(THETA)


@pytest.mark.long
def test_a_file_that_all_workers_see(client, alone, tmp_path):
    write_blocks(tmp_path / "x.npy", [DATA])
    agree(objective(file_blocks(tmp_path / "x.npy", SIZE), client)(THETA), alone)
