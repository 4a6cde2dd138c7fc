"""The engine's cost and gradient: those of the reference, whoever does the work."""

import multiprocessing
import pickle
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.exercises.networks import networks
from autograder.exercises.reference import reference
from saelab.engine import Objective, array_blocks, file_blocks, patch_blocks, write_blocks
from saelab.engine.elementwise import steps

RNG = np.random.default_rng(0)
V, H, M = 9, 5, 70
WEIGHTS = 0.01, 0.1, 3.0  # lambda, rho, beta
DATA = RNG.uniform(0.1, 0.9, (V, M))
THETA = RNG.normal(size=2 * V * H + H + V)
reference_cost = reference("03_kl_delta").sparse_autoencoder_cost


def pieces(data, *sizes):
    return np.split(data, np.cumsum(sizes), axis=1)


def off(got, wanted):
    """How far cost and gradient are from others, relative to their size."""
    cost, grad = got
    return max(
        abs(cost - wanted[0]) / abs(wanted[0]),
        np.linalg.norm(grad - wanted[1]) / np.linalg.norm(wanted[1]),
    )


@pytest.fixture(scope="module")
def wanted():
    return reference_cost(THETA, V, H, *WEIGHTS, DATA)


@pytest.mark.parametrize("kind", [list, tuple], ids=["in two passes", "in one pass"])
class TestBothWays:
    """A list is in memory, and gone through twice; other sequences are read once."""

    def test_problems_of_the_hidden_tests_agree_with_the_reference(self, kind):
        for seed in range(5):
            for tried in networks(np.random.default_rng(seed)):
                theta, v, h, *weights, data = tried.sparse
                blocks = kind(pieces(data, 1, 3))
                got = Objective(blocks, v, h, *weights)(theta)
                assert off(got, reference_cost(*tried.sparse)) < 1e-12, tried.says

    @pytest.mark.parametrize("sizes", [(), (1,), (69,), (0, 7, 0, 30, 0), range(1, 70), (70,)])
    def test_sizes_of_blocks_do_not_matter(self, kind, sizes, wanted):
        got = Objective(kind(pieces(DATA, *sizes)), V, H, *WEIGHTS)(THETA)
        assert off(got, wanted) < 1e-12

    @pytest.mark.parametrize("height", [1e-3, 30.0, 1e4])
    def test_units_that_hardly_differ_and_units_that_are_always_on_or_off(self, kind, height):
        # Activations of 0 and 1 to the last bit, where the logarithms of the reference end.
        weights = (0.01, 0.1, 0.0 if height > 1 else 3.0)
        with np.errstate(all="ignore"):
            cost, grad = reference_cost(height * THETA, V, H, *weights, DATA)
            got = Objective(kind(pieces(DATA, 20)), V, H, *weights)(height * THETA)
        if np.isfinite(cost):
            assert off(got, (cost, grad)) < 1e-12

    def test_single_precision(self, kind, wanted):
        objective = Objective(kind(pieces(DATA, 20)), V, H, *WEIGHTS, dtype="float32")
        cost, grad = objective(THETA)
        assert grad.dtype == np.float64
        assert 1e-12 < off((cost, grad), wanted) < 1e-5

    def test_arguments_and_data_stay_as_they_were(self, kind, wanted):
        theta, data = THETA.copy(), DATA.copy()
        objective = Objective(kind(pieces(data, 20)), V, H, *WEIGHTS)
        first, second = objective(theta), objective(theta)
        np.testing.assert_array_equal(theta, THETA)
        np.testing.assert_array_equal(data, DATA)
        np.testing.assert_array_equal(first[1], second[1])
        assert first[1] is not second[1]

    @pytest.mark.parametrize(
        ("blocks", "says"),
        [
            ([], "there is no example in any block"),
            ([DATA[:, :0]], "there is no example in any block"),
            ([DATA, DATA[:8]], r"block 1 is \(8, 70\) of float64; it has to be numbers \(9, m_k\)"),
            ([DATA, DATA[0]], r"block 1 is \(70,\)"),
            ([DATA.astype(str)], r"block 0 is \(9, 70\) of <U32"),
            ([DATA, DATA * np.nan], r"nan in row 0, column 0 of block 1, and 629 more there"),
            ([np.where(DATA == DATA[3, 4], np.inf, DATA)], "inf in row 3, column 4 of block 0"),
        ],
    )
    def test_a_wrong_block_is_named(self, kind, blocks, says):
        with pytest.raises(ValueError, match=says):
            Objective(kind(blocks), V, H, *WEIGHTS)(THETA)

    @pytest.mark.parametrize(
        ("theta", "says"),
        [
            (
                THETA[1:],
                r"theta has to be 104 finite numbers, for 9 inputs and 5 .*\(103,\), 0 not",
            ),
            (THETA[None], r"it is \(1, 104\)"),
            (np.where(THETA > 1, np.nan, THETA), r"it is \(104,\), \d+ not finite"),
        ],
    )
    def test_a_wrong_theta_is_described(self, kind, theta, says):
        with pytest.raises(ValueError, match=says):
            Objective(kind([DATA]), V, H, *WEIGHTS)(theta)


@pytest.mark.parametrize(
    ("weights", "dtype", "says"),
    [
        ((0.01, 0.0, 3.0), float, "rho is 0.0, lambda 0.01, beta 3.0; 0 < rho < 1"),
        ((0.01, 1.0, 3.0), float, "rho is 1.0"),
        ((-0.01, 0.1, 3.0), float, "lambda -0.01"),
        ((0.01, 0.1, np.nan), float, "beta nan"),
        ((np.inf, 0.1, 3.0), float, "lambda inf"),
        ((0.01, 0.1, np.inf), float, "beta inf"),
        (WEIGHTS, int, "dtype is <class 'int'>; it has to be float64 or float32"),
        (WEIGHTS, ">f8", "dtype is >f8; it has to be float64 or float32"),
    ],
)
def test_a_wrong_argument_is_named(weights, dtype, says):
    lambda_, rho, beta = weights
    with pytest.raises(ValueError, match=says):
        Objective([DATA], V, H, lambda_, rho, beta, dtype)


def test_every_source_gives_the_same(tmp_path, wanted):
    write_blocks(tmp_path / "data.npy", [DATA])
    for blocks in (array_blocks(DATA, 16), file_blocks(tmp_path / "data.npy", 16)):
        assert off(Objective(blocks, V, H, *WEIGHTS)(THETA), wanted) < 1e-12


@pytest.mark.parametrize("blocks", [DATA, lambda: iter([DATA]), iter([DATA])])
def test_what_is_no_sequence_of_blocks(blocks):
    with pytest.raises(ValueError, match=r"blocks is a \w+; it has to be array_blocks"):
        Objective(blocks, V, H, *WEIGHTS)


@pytest.mark.parametrize(
    "sizes, told", [((6.0, 4), "visible_size is 6.0"), ((6, -4), "hidden_size is -4")]
)
def test_sizes_are_whole_numbers(sizes, told):
    with pytest.raises(ValueError, match=f"{told}; it has to be a whole number, and at least 1"):
        Objective([DATA], sizes[0], sizes[1], *WEIGHTS)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_unit_that_never_fires_costs_infinity(dtype):
    """As far as its numbers go: the reference's own exponential ends at -745."""
    never = THETA.copy()
    never[2 * V * H : 2 * V * H + H] = -1000
    with np.errstate(all="ignore"):
        cost, _ = Objective([DATA], V, H, *WEIGHTS, dtype)(never)
    assert cost == np.inf


@pytest.fixture(scope="module", params=["threads", "processes"])
def executor(request):
    if request.param == "threads":
        made: Executor = ThreadPoolExecutor(2)
    else:
        made = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    with made:
        yield made


class Watched:
    """An executor that knows how much crosses with each task."""

    def __init__(self, executor):
        self.executor, self.bytes = executor, []

    def submit(self, function, *args):
        self.bytes.append(len(pickle.dumps((function, args))))
        return self.executor.submit(function, *args)


def test_workers_share_the_work_and_the_data_do_not_cross(executor, tmp_path):
    images = RNG.uniform(size=(3, 40, 40))
    data = np.concatenate(list(patch_blocks(images, 3, 3000)), axis=1)
    wanted = reference_cost(THETA, V, H, *WEIGHTS, data)
    write_blocks(tmp_path / "data.npy", [data])
    for blocks in (
        array_blocks(data, 700), pieces(data, 700, 700),
        file_blocks(tmp_path / "data.npy", 700), patch_blocks(images, 3, 3000),
    ):  # fmt: skip
        objective = Objective(blocks, V, H, *WEIGHTS, executor=executor, parts=3)
        objective.executor = watched = Watched(executor)
        assert off(objective(THETA), wanted) < 1e-12
        assert off(objective(THETA / 2), reference_cost(THETA / 2, V, H, *WEIGHTS, data)) < 1e-12
        assert len(watched.bytes) in (2 * 2, 4 * 2)  # the caller does the third part
        assert max(watched.bytes) < 5 * THETA.nbytes  # the data are a hundred times as much


def test_an_error_of_a_worker_arrives(executor):
    with pytest.raises(ValueError, match="nan in row 0, column 0 of block 1"):
        Objective((DATA, DATA * np.nan), V, H, *WEIGHTS, executor=executor)(THETA)


def test_no_worker_goes_on_after_an_error():
    """It writes where the next call will."""
    ended = threading.Event()

    def slow(*work):
        ended.wait(0.3)
        ended.set()

    with ThreadPoolExecutor(1) as executor:
        objective = Objective((DATA * np.nan, DATA), V, H, *WEIGHTS, executor=executor, parts=2)
        objective.executor = SimpleNamespace(submit=lambda *work: executor.submit(slow, *work))
        with pytest.raises(ValueError, match="nan in row 0, column 0 of block 0"):
            objective(THETA)
        assert ended.is_set()


def test_odd_tasks(executor):
    with pytest.raises(ValueError, match="parts is 0; it has to be a whole number"):
        Objective([DATA], V, H, *WEIGHTS, executor=executor, parts=0)
    with pytest.raises(ValueError, match="there is no example in any block"):
        Objective((), V, H, *WEIGHTS, executor=executor)(THETA)


class TestSteps:
    @pytest.mark.parametrize(("dtype", "limit"), [(np.float64, 1e-13), (np.float32, 5e-6)])
    def test_the_sigmoid_is_right_as_far_as_its_numbers_go(self, dtype, limit):
        activate, *_ = steps(np.dtype(dtype))
        far = 700 if dtype is np.float64 else 80
        z = np.linspace(-far, far, 20_001)[None].astype(dtype)
        right = 1 / (1 + np.exp(-z.astype(np.longdouble)))
        total = np.zeros(1)
        activate(z, np.zeros(1, dtype), total)
        assert np.max(np.abs(z - right) / right) < limit
        np.testing.assert_allclose(total, right.sum(), rtol=limit)

    def test_what_is_no_number_stays_so(self):
        activate, *_ = steps(np.dtype(float))
        z = np.array([[np.nan, np.inf, -np.inf, 1e308, -1e308]])
        activate(z, np.zeros(1), np.zeros(1))
        assert np.isnan(z[0, 0])
        np.testing.assert_allclose(z[0, 1:], [1, 0, 1, 0], atol=1e-300)
