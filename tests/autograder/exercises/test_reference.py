"""The reference is right: by published numbers, and by a derivative without cancellation."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.exercises import reference as module
from autograder.exercises.networks import cost_problems
from autograder.exercises.reference import SOLUTIONS, grading, load, reference

FIXED = (0.3 * np.sin(np.arange(1, 32)), 4, 3)
DATA = (0.5 + 0.4 * np.cos(np.arange(1, 21))).reshape(4, 5)
NAMES = sorted(path.stem for path in SOLUTIONS.glob("*/*.py"))


def complex_step(cost, theta):
    """The gradient of an analytic cost, exact but for rounding: Im J(theta + i h e) / h.

    Nothing is subtracted, so h may be 1e-30 (Squire and Trapp 1998). The reference's functions
    take complex parameters as they are.
    """
    h, gradient = 1e-30, np.empty(theta.size)
    for i in range(theta.size):
        moved = theta.astype(complex)
        moved[i] += 1j * h
        gradient[i] = cost(moved).imag / h
    return gradient


# --- published numbers -------------------------------------------------------------


def test_the_fixed_problem_has_the_published_cost_and_gradient():
    """37 published implementations, and five in MATLAB, agree with these numbers."""
    cost, grad = reference("03_kl_delta").sparse_autoencoder_cost(*FIXED, 0.01, 0.05, 0.7, DATA)
    assert cost == pytest.approx(1.381409018203302, rel=1e-12)
    assert np.linalg.norm(grad) == pytest.approx(0.860531405577117, rel=1e-12)
    assert grad[0] == pytest.approx(0.134035602661070, rel=1e-12)
    assert grad[24] == pytest.approx(0.329893748562240, rel=1e-12)


def test_the_check_function_of_the_lecture_has_the_published_error():
    functions = reference("04_gradient_check")
    numerical = functions.numerical_gradient(functions.lecture_example, np.array([4.0, 10.0]))
    error = functions.relative_error(numerical, np.array([38.0, 12.0]))
    assert error == pytest.approx(2.145e-12, rel=0.5)


def test_the_starting_weights_have_the_published_bound():
    theta = reference("02_cost").initialize_parameters(64, 25, np.random.default_rng(0))
    assert np.abs(theta).max() == pytest.approx(np.sqrt(6 / 90), rel=1e-2)
    assert not theta[3200:].any()


def test_whitening_has_the_published_gain():
    """A wave of frequency f is passed on times f exp(-(f/f0)^4): here compared by ratio."""
    whiten, x = reference("01_patch_sampling").whiten, np.arange(256)
    low, high = (np.cos(2 * np.pi * f * x) * np.ones((256, 1)) for f in (1 / 16, 1 / 4))
    white = whiten(low + high, 0.4)
    # The mirror image does not go on with the wave, hence the middle only.
    spectrum = np.abs(np.fft.fft(white[128, 64:192]))
    gain = [f * np.exp(-((f / 0.4) ** 4)) for f in (1 / 16, 1 / 4)]
    assert spectrum[32] / spectrum[8] == pytest.approx(gain[1] / gain[0], rel=0.02)
    assert white.var() == pytest.approx(0.1)


# --- gradients ---------------------------------------------------------------------


@pytest.mark.parametrize("problem", [p for seed in range(4) for p in cost_problems(seed)])
def test_the_gradients_agree_with_the_complex_step(problem):
    for cost, args in (
        (reference("02_cost").autoencoder_cost, problem.plain),
        (reference("03_kl_delta").sparse_autoencoder_cost, problem.sparse),
    ):
        theta, *rest = args
        exact = complex_step(lambda t, cost=cost, rest=rest: cost(t, *rest)[0], theta)
        assert np.linalg.norm(cost(*args)[1] - exact) <= 1e-12 * np.linalg.norm(exact)


def test_the_complex_step_sees_what_the_centred_difference_cannot():
    """A gradient that is wrong by 1e-11 of its length passes the one and not the other."""
    theta, *rest = cost_problems(0)[0].sparse
    cost = reference("03_kl_delta").sparse_autoencoder_cost
    exact = complex_step(lambda t: cost(t, *rest)[0], theta)
    wrong = cost(theta, *rest)[1] * (1 + 1e-11)
    assert np.linalg.norm(wrong - exact) > 1e-12 * np.linalg.norm(exact)


def test_the_sparsity_term_in_delta_is_the_slope_of_the_penalty():
    functions = reference("03_kl_delta")
    rho_hat = np.linspace(0.01, 0.99, 50)
    slope = functions.kl_divergence(0.2, rho_hat + 1e-30j).imag / 1e-30
    assert np.allclose(functions.sparsity_delta(0.2, rho_hat, 3.0), 3 * slope, rtol=1e-13)


def test_without_sparsity_the_two_costs_are_one():
    for problem in cost_problems(5):
        *rest, rho, _, data = problem.sparse
        sparse = reference("03_kl_delta").sparse_autoencoder_cost(*rest, rho, 0.0, data)
        plain = reference("02_cost").autoencoder_cost(*problem.plain)
        assert sparse[0] == plain[0] and np.array_equal(sparse[1], plain[1])


# --- how it is loaded --------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_has_a_reference_with_the_functions_of_its_solution_cells(name):
    cells = json.loads((SOLUTIONS / name / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    written = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in cells
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    ]
    assert written and all(callable(getattr(reference(name), function)) for function in written)
    assert not any("missing" in vars(getattr(reference(name), function)) for function in written)


def test_no_hidden_test_and_no_result_of_a_run_is_in_a_reference():
    for name in NAMES:
        assert not {"hidden_test", "theta", "patches", "fig"} & vars(reference(name)).keys()


def test_later_notebooks_use_the_very_functions_of_the_earlier_ones():
    assert reference("03_kl_delta").feed_forward is reference("02_cost").feed_forward
    functions = reference("06_visualization")
    assert functions.whiten is reference("01_patch_sampling").whiten
    assert functions.feed_forward is reference("02_cost").feed_forward


def write_course(folder, value):
    def notebook(name, *cells):
        whole = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
        path = folder / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"cells": whole, "nbformat": 4}))

    notebook("01_one", f"def f():\n    return {value}")
    notebook("02_two", "from saelab import previous", 'f = previous.functions("01_one", "f")',
             "def g():\n    return 2 * f()")  # fmt: skip
    return folder


def test_a_graded_course_brings_its_own_reference(tmp_path, monkeypatch):
    one, two = write_course(tmp_path / "one", 1), write_course(tmp_path / "two", 5)
    # What a grader sets for readers' notebooks is no matter here.
    monkeypatch.setenv("SAELAB_PREVIOUS", str(two))
    with grading(solutions=one):
        assert reference("02_two").g() == 2
        with grading(solutions=two):
            assert reference("02_two").g() == 10
        assert reference("02_two").g() == 2
    assert reference("02_cost") is load("02_cost", SOLUTIONS)


def test_a_kernel_that_executes_a_build_is_told_its_solutions(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_SOLUTIONS", str(write_course(tmp_path, 1)))
    assert reference("02_two").g() == 2


def test_a_notebook_that_is_not_built_is_told(tmp_path):
    with (
        grading(solutions=tmp_path),
        pytest.raises(FileNotFoundError, match=r"02_cost.ipynb; `make notebooks` builds it"),
    ):
        reference("02_cost")


def test_the_solutions_are_those_of_this_clone():
    assert Path(module.__file__).resolve().is_relative_to(SOLUTIONS.parent / "autograder")
