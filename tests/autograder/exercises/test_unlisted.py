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


# Mistakes that leave the same kind of trace as one of the catalogue, and are another.
UNNAMED = [
    ("sample_patches", "    n_images, h", "    patch_size = 8; n_images, h"),
    ("sample_patches", "    n_images, h", "    n_patches = 1000; n_images, h"),
    ("sample_patches", "row + patch_size,", "row + patch_size - 1,"),
    ("sample_patches", "(patch_size**2, n_patches))\n", "(patch_size * 2, n_patches))\n"),
    ("sample_patches", "return patches", "patches[:, 0] = 0; return patches"),
    ("sample_patches", "return patches", "patches[:, :2] = 0; return patches"),
    ("sample_patches", "rng.integers(height - patch_size + 1)", "i % (height - patch_size + 1)"),
    ("sample_patches", "height, width = images.shape",
     "height, width = images.shape; height = width = min(height, width)"),
    ("sample_patches", "return patches", "return patches - 3"),
    ("sample_patches", "return patches", "return patches - patches.mean()"),
    ("initialize_parameters", "uniform(-r, r,", "uniform(-r, 0,"),
    ("initialize_parameters", "uniform(-r, r,", "uniform(-1, 2 * r - 1,"),
    ("initialize_parameters", "visible_size + hidden_size + 1)", "visible_size * hidden_size)"),
    ("initialize_parameters", "np.zeros(hidden_size + visible_size)",
     "np.full(hidden_size + visible_size, 1e-8)"),
    ("initialize_parameters", "[weights, np.zeros(hidden_size + visible_size)]",
     "np.split(weights, 2)[:1] + [np.zeros(hidden_size)] + np.split(weights, 2)[1:] + "
     "[np.zeros(visible_size)]"),
    ("train", "callback=callback",
     "callback=callback and (lambda x: callback((x, cost(x)[0])))"),
    ("train", "return minimize(", "callback and callback(theta0); return minimize("),
    ("train", '{"maxiter": maxiter}', '{"maxiter": maxiter - 1}'),
    ("train", '{"maxiter": maxiter}', '{"maxiter": min(maxiter, 10)}'),
    ("train", '{"maxiter": maxiter}', '{"maxiter": maxiter, "maxfun": 20}'),
    ("train", '{"maxiter": maxiter}', '{"maxiter": maxiter, "maxcor": 1}'),
    ("train", "        cost,\n", "        lambda t: (cost(t)[0], 0 * t),\n"),
    ("train", 'method="L-BFGS-B"', 'method="Newton-CG"'),
]  # fmt: skip


@pytest.mark.parametrize("function, old, new", UNNAMED)
def test_no_mistake_is_named_by_a_trace_that_others_leave_too(function, old, new):
    printed = io.StringIO()
    with pytest.raises(CheckFailed) as failed:
        check(made_wrong(function, (old, new)))
    with contextlib.redirect_stdout(printed):
        points(made_wrong(function, (old, new)), function)
    assert LEAD not in str(failed.value) + printed.getvalue()
