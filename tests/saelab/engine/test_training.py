"""A training by the engine: its checkpoints, and what ends it."""

import os
import signal
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from saelab.engine import Objective, array_blocks, fit, training

DATA = np.random.default_rng(0).uniform(0.1, 0.9, (6, 40))
THETA = np.random.default_rng(1).normal(size=2 * 6 * 4 + 4 + 6)
PROBLEM: dict[str, Any] = {
    "visible_size": 6,
    "hidden_size": 4,
    "lambda_": 1e-4,
    "rho": 0.1,
    "beta": 3.0,
}


def objective(data=DATA, size=15, **changed):
    settings: dict[str, Any] = {**PROBLEM, **changed}
    return Objective(array_blocks(data, size), **settings)


class _Stopping:
    """An objective that raises an error, or returns something, at its n-th evaluation."""

    def __init__(self, n, what):
        self.n, self.what, self.inner = n, what, objective()

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __call__(self, theta):
        self.n -= 1
        if self.n == 0:
            if isinstance(self.what, type):
                raise self.what
            return self.what
        return self.inner(theta)


Stopping: Any = _Stopping  # as good as an Objective


@pytest.fixture
def path(tmp_path):
    return tmp_path / "checkpoint.npz"


@pytest.fixture(scope="module")
def course_of_events():
    """Of a training without a break: for each iteration theta and the evaluations so far."""
    inner, evaluations, events = objective(), 0, [(THETA, 0)]

    def counted(theta):
        nonlocal evaluations
        evaluations += 1
        return inner(theta)

    def reached(intermediate_result):
        events.append((intermediate_result.x.copy(), evaluations))

    minimize(
        counted, THETA, jac=True, method="L-BFGS-B", callback=reached, options={"maxiter": 100}
    )
    return events


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "checkpoint.npz"
    fit(objective(), THETA, 3, path)
    return path.read_bytes()


def stored(path):
    with np.load(path) as file:
        return file["theta"]


class TestFit:
    def test_it_is_scipy_s_training(self, course_of_events, capsys):
        result = fit(objective(), THETA, 100)
        np.testing.assert_array_equal(result.x, course_of_events[-1][0])
        assert result.nit == len(course_of_events) - 1 == 100
        assert result.fun < objective()(THETA)[0] and capsys.readouterr().out == ""

    def test_the_checkpoint_has_the_last_iteration(self, path, course_of_events):
        result = fit(objective(), THETA, 7, path)
        np.testing.assert_array_equal(stored(path), result.x)
        np.testing.assert_array_equal(result.x, course_of_events[7][0])
        assert os.listdir(path.parent) == [path.name]

    def test_it_goes_on_and_says_so(self, path, capsys):
        before = fit(objective(), THETA, 7, path)
        after = fit(objective(), THETA, 50, path)
        assert after.nit == 50 and after.fun < before.fun
        told = capsys.readouterr().out
        assert told.startswith("goes on after iteration 7; L-BFGS's memory began anew")
        # It began at the checkpoint and not at theta0, and otherwise as scipy does.
        np.testing.assert_array_equal(after.x, fit(objective(), before.x, 43).x)
        again = fit(objective(), THETA, 50, path)
        assert (again.nit, again.fun) == (50, after.fun) and not again.success
        np.testing.assert_array_equal(again.x, after.x)

    @pytest.mark.parametrize("cost", [np.nan, np.inf])
    def test_a_cost_that_is_no_number(self, cost, path, course_of_events):
        n = course_of_events[7][1] + 1
        told = f"in iteration 8 the cost is {cost}, and 2 of 58 numbers of its gradient are not fin"
        grad = np.r_[np.nan, np.inf, np.zeros(56)]
        with pytest.raises(FloatingPointError, match=told):
            fit(Stopping(n, (cost, grad)), THETA, 100, path)
        np.testing.assert_array_equal(stored(path), course_of_events[7][0])

    def test_a_gradient_that_is_no_number(self):
        with pytest.raises(FloatingPointError, match=r"iteration 1 the cost is 1.0, and 58 "):
            fit(Stopping(1, (1.0, np.full(58, np.nan))), THETA, 100)

    def test_ctrl_c_leaves_the_checkpoint(self, path, course_of_events):
        n = course_of_events[5][1] + 1
        with pytest.raises(KeyboardInterrupt):
            fit(Stopping(n, KeyboardInterrupt), THETA, 100, path)
        np.testing.assert_array_equal(stored(path), course_of_events[5][0])
        assert os.listdir(path.parent) == [path.name]


def theta_size(changed):
    h = {**PROBLEM, **changed}["hidden_size"]
    return 2 * 6 * h + h + 6


class TestCheckpoint:
    def refuses(self, content, path, told, **changed):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=told):
            fit(objective(**changed), np.resize(THETA, theta_size(changed)), 100, path)
        assert path.read_bytes() == content and os.listdir(path.parent) == [path.name]

    @pytest.mark.parametrize(
        "changed, told",
        [
            ({"lambda_": 1e-3}, "lambda_ is 0.0001 there and 0.001 here"),
            (
                {"rho": 0.2, "beta": 1},
                "rho is 0.1 there and 0.2 here, beta is 3.0 there and 1.0 here",
            ),
            ({"hidden_size": 5}, "hidden_size is 4 there and 5 here"),
            ({"dtype": np.float32}, "dtype is float64 there and float32 here"),
            (
                {"data": DATA[:, 1:]},
                "the number of examples is 40 there and 39 here, the dig",
            ),
            (
                {"data": np.c_[DATA[:, 1], DATA[:, 1:]]},
                "the digest of the first and last block is ",
            ),
            (
                {"data": np.c_[DATA[:, :-1], DATA[:, 1]]},
                "the digest of the first and last block is ",
            ),
            ({"size": 20}, "the digest of the first and last block is "),
        ],
    )
    def test_of_another_problem(self, changed, told, made, path):
        told = rf"checkpoint.npz is of another problem: {told}.*; give another path, or remove it"
        self.refuses(made, path, told, **changed)

    @pytest.mark.parametrize("end", [0, 10, 300, -1])
    def test_that_is_cut_short(self, end, made, path):
        self.refuses(made[:end], path, r"checkpoint.npz is damaged, or no checkpoint; give another")

    @pytest.mark.parametrize("save", [np.save, np.savez])
    def test_that_is_none(self, save, path):
        with path.open("wb") as file:
            save(file, DATA)
        self.refuses(path.read_bytes(), path, "is damaged, or no checkpoint; give another path")

    def test_of_another_version(self, path, monkeypatch):
        monkeypatch.setattr(training, "FORMAT", 2)
        fit(objective(), THETA, 3, path)
        monkeypatch.undo()
        self.refuses(path.read_bytes(), path, "the format of checkpoints is 2 there and 1 here")

    def test_a_wrong_start_leaves_no_checkpoint(self, path):
        for theta, maxiter, told in (
            (THETA[:3], 3, r"theta has to be 58 finite numbers, .* it is \(3,\)"),
            (THETA * np.nan, 3, "58 not finite"),
            (THETA, 0, "maxiter is 0; it has to be a whole number, and at least 1"),
        ):
            with pytest.raises(ValueError, match=told):
                fit(objective(), theta, maxiter, path)
            assert not path.exists()

    def test_whose_parameters_are_damaged(self, path):
        fit(objective(), THETA, 3, path)
        with np.load(path) as stored:
            about = str(stored["about"])
        np.savez(path, theta=THETA[:5], about=about)
        told = r"checkpoint.npz is damaged: theta has to be 58 finite numbers.*give another path"
        self.refuses(path.read_bytes(), path, told)

    def test_that_cannot_be_written_is_told_before_the_first_evaluation(self, path):
        with pytest.raises(FileNotFoundError, match="none"):
            fit(Stopping(1, AssertionError), THETA, 100, path / "none" / "checkpoint.npz")
        path.mkdir()
        with pytest.raises(IsADirectoryError, match=r"checkpoint.npz"):
            fit(Stopping(1, AssertionError), THETA, 100, path)

    def test_any_sequence_of_blocks_will_do(self, path):
        blocks: list[Any] = [DATA[:, :10].tolist(), DATA[:, :0], DATA[:, 10:]]
        fit(Objective(blocks, **PROBLEM), THETA, 3, path)
        told = "the number of examples is 40 there and 30 here"
        with pytest.raises(ValueError, match=told):
            fit(Objective(blocks[2:], **PROBLEM), THETA, 3, path)


TRAINS = """
import os, sys
from saelab.engine import fit
from tests.saelab.engine.test_training import THETA, objective
class Telling(type(objective())):
    def __call__(self, theta):
        os.write(1, b"e")  # an evaluation begins
        return super().__call__(theta)
telling = objective()
telling.__class__ = Telling
fit(telling, THETA, 100, sys.argv[1])
"""


class TestKilled:
    """By SIGKILL, whenever it comes."""

    @pytest.mark.long
    def test_it_loses_the_current_iteration_at_most(self, path, course_of_events, capsys):
        rng = np.random.default_rng()
        for _ in range(2):
            path.unlink(missing_ok=True)
            after = int(rng.integers(2, 80))  # evaluations
            process = subprocess.Popen(
                [sys.executable, "-c", TRAINS, path],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
            assert process.stdout and process.stderr
            for _ in range(after):
                assert process.stdout.read(1), process.stderr.read().decode()
            process.send_signal(signal.SIGKILL)
            begun = after + len(process.stdout.read())
            assert process.wait() == -signal.SIGKILL
            theta, done = training._read(path, training._problem(objective()), objective())
            # What was done when the last evaluation began is there, and nothing else.
            least = max(k for k, (_, evaluated) in enumerate(course_of_events) if evaluated < begun)
            assert least <= done <= least + 1
            np.testing.assert_array_equal(theta, course_of_events[done][0])
            capsys.readouterr()
            result = fit(objective(), THETA, done + 2, path)
            assert f"goes on after iteration {done};" in capsys.readouterr().out
            assert result.nit == done + 2
