"""Mistakes that the catalogue does not hold are told by terms, by the check and the hidden test."""

import contextlib
import io

import pytest

from autograder.exercises.reference import made, points, solution_text
from saelab.check import check
from saelab.check.message import CheckFailed
from saelab.check.words import LEAD

COST, SPARSE = "autoencoder_cost", "sparse_autoencoder_cost"
CASES = {
    "lambda over 2 in W1, a sum over the examples in b1": (
        COST,
        ("+ lambda_ * W1", "+ lambda_ / 2 * W1", "delta2.mean(axis=1)", "delta2.sum(axis=1)"),
        2,
        "In the gradient of W1 the decay term is half as large as it should be.",
    ),
    "m is always 100": (
        COST,
        ("m = data.shape[1]", "m = 100"),
        1,
        "is divided by 100, whatever m is. Look at where m comes from.",
    ),
    "lambda over m squared": (
        COST,
        ("+ lambda_ * W2", "+ lambda_ / m**2 * W2"),
        1,
        "In the gradient of W2 the decay term is 1/m/m times as large",
    ),
    "decay with the wrong sign and size": (
        COST,
        ("+ lambda_ * W1", "- 2 * lambda_ * W1"),
        1,
        "In the gradient of W1 the decay term has the wrong sign and is twice as large",
    ),
    "lambda multiplies W1's part of the cost only": (
        COST,
        (
            "lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))",
            "lambda_ / 2 * np.sum(W1**2) + np.sum(W2**2)",
        ),
        1,
        "In the weight decay of the cost brackets are missing.",
    ),
    "absolute error in delta3": (
        COST,
        ("delta3 = error *", "delta3 = np.abs(error) *"),
        1,
        "In delta3 the error is taken without its sign.",
    ),
    "beta times m over v in delta2": (
        SPARSE,
        ("pull[:, None]", "pull[:, None] * m / visible_size"),
        1,
        "In the gradients of W1 and b1 the sparsity term is m/v times as large as it should be",
    ),
    "rho where beta belongs": (
        SPARSE,
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(rho, rho_hat, rho)"),
        1,
        "In the sparsity term of delta2 rho stands where another one belongs.",
    ),
}


def made_wrong(function, edits):
    text = solution_text(function)
    for old, new in zip(edits[::2], edits[1::2]):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return made(text, function)


@pytest.mark.parametrize("case", CASES)
def test_what_no_entry_holds_is_told_all_the_same(case):
    function, edits, count, says = CASES[case]
    with pytest.raises(CheckFailed) as failed:
        check(made_wrong(function, edits))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        points(made_wrong(function, edits), function)
    mistakes = "this mistake" if count == 1 else f"these {count} mistakes together"
    for text in (str(failed.value), printed.getvalue()):
        flat = " ".join(text.split())
        assert f"{LEAD} exactly this if you made {mistakes}:" in flat
        assert says in flat.partition(LEAD)[2]


@pytest.mark.parametrize(
    "edits",
    [("* a2 * (1 - a2)", "* a2 * (1 - a2) * (1 + 0.1 * np.sin(a2))"),
     ("lambda_ * W1", "np.sin(lambda_) * W1 * np.cos(W1)")],
)  # fmt: skip
def test_what_no_terms_explain_is_not_explained(edits):
    with pytest.raises(CheckFailed) as failed:
        check(made_wrong(COST, edits))
    assert LEAD not in str(failed.value)
