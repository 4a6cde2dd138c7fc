"""Visible check and hidden test agree on what is nearly right; tools/bench/seeds.py tries more."""

import pytest

from autograder.exercises import exercises
from autograder.exercises.exercise import SLACK
from autograder.exercises.marks import problems
from autograder.exercises.reference import solution_text
from saelab.check.exercises import exercise
from tools.bench.seeds import Version, verdicts

SEEDS = 4


@pytest.mark.parametrize("name", exercises())
def test_a_hidden_test_tries_what_the_check_tries_and_allows_the_rest_more(name):
    shown, tried = exercise(name).probes, problems(name, seed=3).probes
    assert tried[: len(shown)] == shown and {probe.slack for probe in shown} == {1}
    assert {probe.slack for probe in tried[len(shown) :]} == {SLACK} and SLACK >= 10


# What is told, and what is not, the same by both. Of the latter nobody could tell it from rounding.
TOLD = {
    "kl_divergence": [
        ("rho / rho_hat", f"rho / (rho_hat + 1e-{k})", k < 14) for k in (6, 8, 10, 12, 16)
    ],
    "maximal_inputs": [
        ("np.where(length == 0, 1, length)", "np.maximum(length, 1)", True),
        ("np.where(length == 0, 1, length)", "(length + 1e-8)", True),
        ("np.where(length == 0, 1, length)", "np.maximum(length, 1e-12)", False),
    ],
    "sigmoid": [
        ("1 / (1 + np.exp(-z))", "np.round(1 / (1 + np.exp(-z)), 10)", True),
        ("1 / (1 + np.exp(-z))", "np.clip(1 / (1 + np.exp(-z)), 1e-9, 1 - 1e-9)", True),
        ("1 / (1 + np.exp(-z))", "np.clip(1 / (1 + np.exp(-z)), 1e-14, 1)", False),
    ],
    "average_activation": [
        ("a2.mean(axis=1)", "a2.sum(axis=1) * np.float64(1 / np.float32(a2.shape[1]))", True),
        ("a2.mean(axis=1)", "a2.mean(axis=1).astype(np.float32)", True),
    ],
    "sample_patches": [
        (
            "height, width = images.shape",
            "height, width = images.shape; height = width = min(height, width)",
            True,
        ),
        ("return patches", "return np.asmatrix(patches)", False),
        (
            "row = rng.integers(height - patch_size + 1)",
            "row = 1 + rng.integers(height - patch_size)",
            False,
        ),
        (
            "row = rng.integers(height - patch_size + 1)",
            "row = rng.integers(1, height - patch_size)",
            False,
        ),
        (
            "row = rng.integers(height - patch_size + 1)",
            "row = rng.integers(height - patch_size - 1)",
            True,
        ),
    ],
    "train": [
        ("        cost,\n", "        lambda t: (cost(t)[0], cost(t)[1] / 2),\n", True),
        ('{"maxiter": maxiter}', '{"maxiter": maxiter - 1}', True),
    ],
    "autoencoder_cost": [
        ("= data.shape[1]", "= 1 / np.float64(1 / np.float32(data.shape[1]))", True)
    ],
    "unpack_parameters": [("    n_weights =", "    theta = np.round(theta, 7); n_weights =", True)],
    "normalize_patches": [("centred.std()", "centred.std(ddof=1)", True)],
    "whiten": [("white.var()", "white.var(ddof=1)", True)],
}


@pytest.mark.parametrize(
    "name, old, new, told", [(name, *entry) for name, entries in TOLD.items() for entry in entries]
)
def test_what_is_nearly_right_gets_one_verdict(name, old, new, told):
    text = solution_text(name)
    assert text.count(old) == 1
    found = verdicts(Version(name, new, text.replace(old, new)), SEEDS)
    assert found == [told] * (SEEDS + 1)
