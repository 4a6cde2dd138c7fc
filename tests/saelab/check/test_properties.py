"""Functions with many right answers: right ones never fail by bad luck, wrong ones do.

The sizes are those of the visible checks and of the hidden tests in notebooks 01, 02, 05 and 09.
"""

import functools
import re

import numpy as np
import pytest
from scipy.optimize import OptimizeResult, minimize
from scipy.special import ndtr

from autograder.exercises.reference import reference
from autograder.exercises.training import bowl
from saelab.check.exercises import cost as cost_exercises
from saelab.check.exercises import exercise, patch_sampling
from saelab.check.exercises import the_lecture_figure as lecture_figure
from saelab.check.exercises import training as training_exercises
from saelab.check.exercises.training import FLOOR, SHIFT, valley
from tests.support.warned import warned

SEEDS = range(200)
SAMPLINGS = [((3, 12, 15), 4, 4000), ((4, 13, 17), 5, 5000), ((2, 21, 10), 3, 5000),
             ((7, 9, 9), 6, 5000)]  # fmt: skip
NETWORKS = [(64, 25), (30, 50), (81, 16)]
PARTS = {"sampling": {"shape", "windows", "spread", "repeatable"},
         "initial": {"shape", "weights", "biases", "repeatable"},
         "training": {"result", "minimum", "maxiter", "callback"}}  # fmt: skip


# --- patches -----------------------------------------------------------------------


def sampler(last=0, first=0, position=None):
    """A fast sampler that leaves out the last and the first so many positions."""

    def sample_patches(images, patch_size, n_patches, rng):
        n, height, width = images.shape
        picture = rng.integers(n, size=n_patches)
        row = rng.integers(first, height - patch_size + 1 - last, size=n_patches)
        column = rng.integers(first, width - patch_size + 1 - last, size=n_patches)
        if position:
            picture, row, column = position(picture, row, column)
        k = np.arange(patch_size)
        rows, columns = row[:, None, None] + k[:, None], column[:, None, None] + k
        return images[picture[:, None, None], rows, columns].reshape(n_patches, -1).T

    return sample_patches


def sampling_faults(sample_patches, shape=(3, 12, 15), patch_size=4, n_patches=4000, seed=0):
    return patch_sampling.sampling_faults(sample_patches, shape, patch_size, n_patches, seed)


@pytest.mark.parametrize("shape, patch_size, n_patches", SAMPLINGS)
def test_a_right_sampler_never_fails(shape, patch_size, n_patches):
    for seed in SEEDS:
        assert sampling_faults(sampler(), shape, patch_size, n_patches, seed) == {}


@pytest.mark.parametrize("shape, patch_size, n_patches", SAMPLINGS)
def test_never_to_reach_the_last_row_and_column_is_no_fault(shape, patch_size, n_patches):
    for seed in range(20):
        assert sampling_faults(sampler(last=1), shape, patch_size, n_patches, seed) == {}


@pytest.mark.parametrize("shape, patch_size, n_patches", SAMPLINGS)
def test_the_hint_comes_when_it_should(shape, patch_size, n_patches):
    def hint(last):
        sizes = shape, patch_size, n_patches
        return {patch_sampling.sampling_hint(sampler(last), *sizes, seed) for seed in range(20)}

    assert hint(0) == {None}
    [sentence] = hint(1)
    assert sentence.startswith("no patch ever holds the last row or the last column of a picture")


@pytest.mark.parametrize("shape, patch_size, n_patches", SAMPLINGS)
@pytest.mark.parametrize(
    "position, words",
    [
        (lambda i, y, x: (i, y, np.minimum(y, x.max())), "row and column"),
        (lambda i, y, x: (i, y, x // 2), "windows start at columns 0 to"),
        (lambda i, y, x: (i, y // 2, x), "windows start at rows 0 to"),
        (lambda i, y, x: (0 * i, y, x), "no patch comes from picture 1"),
        (lambda i, y, x: (np.maximum(i, 1), y, x), "no patch comes from picture 0"),
        (lambda i, y, x: (y % (i.max() + 1), y, x), ""),
    ],
)
def test_a_lopsided_sampler_loses_the_spread_alone(shape, patch_size, n_patches, position, words):
    for seed in range(3):
        faults = sampling_faults(sampler(0, 0, position), shape, patch_size, n_patches, seed)
        assert faults.keys() <= {"spread"}
        assert words in faults.get("spread", "")


@pytest.mark.parametrize("shape, patch_size, n_patches", SAMPLINGS)
@pytest.mark.parametrize("first, last, fault", [(1, 0, False), (1, 1, False), (2, 0, True),
                                                (0, 2, True)])  # fmt: skip
def test_what_is_missed_at_the_ends_gets_one_verdict_for_all_sizes(
    shape, patch_size, n_patches, first, last, fault
):
    faults = sampling_faults(sampler(last, first), shape, patch_size, n_patches)
    assert faults.keys() == ({"spread"} if fault else set())


def test_the_hint_speaks_of_the_first_row_and_column_too():
    hint = patch_sampling.sampling_hint(sampler(first=1), (3, 12, 15), 4, 1500, 0)
    assert hint and hint.startswith(
        "no patch ever holds the first row or the first column of a picture"
    )


def test_a_shorter_side_for_both_is_a_fault():
    def square(images, *rest):
        size = min(images.shape[1:])
        return sampler()(images[:, :size, :size], *rest)

    faults = sampling_faults(square)
    assert faults == {"spread": "windows start at columns 0 to 8 only, in a picture of 15 columns"}


def test_to_start_far_from_the_border_is_a_fault():
    faults = sampling_faults(sampler(first=3), (2, 21, 30), 3)
    assert faults == {"spread": "windows start at rows 3 to 18 only, in a picture of 21 rows"}


def changed(change):
    return lambda *args: change(sampler()(*args))


@pytest.mark.parametrize(
    "sample_patches, parts, words",
    [
        (changed(lambda p: p.T), PARTS["sampling"], "is it transposed?"),
        (changed(lambda p: p[:-1]), PARTS["sampling"], "has shape (15, 4000)"),
        (changed(lambda p: p * np.nan), PARTS["sampling"], "is nan in"),
        (changed(lambda p: None), PARTS["sampling"], "is None"),
        (changed(lambda p: p.astype(str)), PARTS["sampling"], "should be numbers"),
        (lambda *args: 1 / 0, PARTS["sampling"], "ZeroDivisionError"),
        (changed(lambda p: p.astype(int)), {"windows", "spread"}, "whole numbers"),
        (changed(lambda p: p - p.mean()), {"windows", "spread"}, "added to the pixels"),
        (changed(lambda p: p - 3), {"windows", "spread"}, "added to the pixels"),
        (changed(lambda p: p - p.mean(axis=0)), {"windows", "spread"}, "added to the pixels"),
        (changed(lambda p: p / 255), {"windows", "spread"}, "pixels are multiplied by a number"),
        (changed(np.round), {"windows", "spread"}, "whole numbers"),
        (changed(lambda p: np.tile(p[:, :1], 4000)), {"spread"}, "all patches are the same"),
        (changed(lambda p: np.c_[p[:, :2000], p[:, :2000] * 0]), {"windows", "spread"},
         "2000 of 4000 columns hold zeros only, and no window; the first of them is number 2000"),
        (changed(lambda p: np.r_[p[1:], p[:1]]), {"windows", "spread"},
         "4000 of 4000 columns are not a 4x4 window"),
        (changed(lambda p: np.c_[p[::-1, :1] * 2, p[:, 1:]]), {"windows", "spread"},
         "1 of 4000 columns is not a 4x4 window"),
        (changed(lambda p: p[::-1]), {"windows", "spread"}, "4000 of 4000 columns hold a window"),
        (changed(lambda p: p[:, np.argsort(p[0])]), {"spread"}, "order in which they lie"),
        (changed(lambda p: np.tile(p[:, :50], 80)), {"spread"}, "the windows"),
        (sampler(position=lambda i, y, x: (i, y // 3 * 3, x // 3 * 3)), {"spread"},
         "start at rows 0, 3, 6 only"),
        (sampler(position=lambda i, y, x: (i, np.where(y == 1, 4, y), x)), {"spread"},
         "some rows are far likelier than others"),
        (changed(np.ndarray.tolist), PARTS["sampling"], "is a list, but should be an array"),
        (changed(lambda p: p.reshape(4, 4, -1).swapaxes(0, 1).reshape(16, -1)),
         {"windows", "spread"}, "read column by column"),
        (changed(lambda p: np.c_[p[:, 1:], 0 * p[:, :1]]), {"windows", "spread"},
         "column 3999 (counted from 0) of 4000 holds zeros only"),
        (sampler(position=lambda i, y, x: (i, np.arange(len(y)) % 9, x)), {"spread"},
         "rows of the windows follow an order"),
        (sampler(position=lambda i, y, x: (i, 0 * y, x)), {"spread"}, "start at row 0 only"),
        (lambda i, p, n, rng: sampler()(i, p, n, np.random), {"repeatable"}, "from rng"),
        (lambda i, p, n, _: sampler()(i, p, n, np.random.default_rng(1)), {"repeatable"}, "at all"),
    ],
)  # fmt: skip
def test_a_wrong_sampler_is_told(sample_patches, parts, words, recwarn, monkeypatch):
    monkeypatch.setattr(np.random, "integers", np.random.randint, raising=False)
    faults = sampling_faults(sample_patches)
    assert faults.keys() == parts and all(words in fault for fault in faults.values())
    assert not warned(recwarn)


def test_a_window_across_the_border_of_a_picture_is_told():
    def across(images, patch_size, n_patches, rng):
        start = rng.integers(images.size - 4 * images.shape[2], size=n_patches)
        k = np.arange(patch_size)
        return images.ravel()[start + (k[:, None] * images.shape[2] + k).ravel()[:, None]]

    assert "of 4000 columns are not a 4x4 window" in sampling_faults(across)["windows"]


@pytest.mark.parametrize("kind", [np.float32, np.asfortranarray])
def test_a_sampler_may_return_other_floats(kind):
    assert sampling_faults(changed(kind)) == {}
    assert patch_sampling.sampling_hint(changed(kind), (3, 12, 15), 4, 4000, seed=0) is None


# --- starting parameters -----------------------------------------------------------


def initializer(r=None, W2=None, biases=None):
    """A right initializer, or one with a bound, a second matrix or biases of its own."""

    def initialize_parameters(v, h, rng):
        bound = r(v, h) if r else np.sqrt(6 / (v + h + 1))
        first = rng.uniform(-bound, bound, (h, v))
        second = W2(first, bound, rng) if W2 else rng.uniform(-bound, bound, (v, h))
        b = biases(rng, h + v) if biases else np.zeros(h + v)
        return np.concatenate([first.ravel(), second.ravel(), b])

    return initialize_parameters


def initial_faults(initialize_parameters, v=64, h=25, seed=0):
    bound = np.sqrt(6 / (v + h + 1))
    return cost_exercises.initial_faults(initialize_parameters, v, h, bound, seed)


@pytest.mark.parametrize("v, h", NETWORKS)
def test_right_starting_parameters_never_fail(v, h):
    ways = (
        reference("02_cost").initialize_parameters,
        initializer(W2=lambda W1, r, rng: rng.random(W1.shape) * 2 * r - r),
    )
    for seed in SEEDS:
        assert [initial_faults(way, v, h, seed) for way in ways] == [{}, {}]


@pytest.mark.parametrize("v, h", NETWORKS)
@pytest.mark.parametrize(
    "wrong, words",
    [
        (initializer(lambda v, h: np.sqrt(6 / (v + h))), "W1 lies outside of"),
        (initializer(lambda v, h: 0.97 * np.sqrt(6 / (v + h + 1))), "W1 is 0."),
        (initializer(lambda v, h: np.sqrt(1 / (v + h + 1))), "W1 spreads 0."),
        (initializer(W2=lambda W1, r, rng: rng.uniform(-r, r, W1.shape) * 0.9), "W2"),
        (initializer(W2=lambda W1, r, rng: rng.uniform(0, r, W1.shape)), "the mean of W2 is 0."),
        (initializer(W2=lambda W1, r, rng: rng.normal(0, r / 2, W1.shape)), "W2 lies outside"),
        (
            initializer(W2=lambda W1, r, rng: rng.choice([-r, r], W1.shape)),
            "W2 hold 2 different numbers",
        ),
        (
            initializer(W2=lambda W1, r, rng: r * rng.integers(-1, 2, W1.shape)),
            "W2 hold 3 different",
        ),
        (initializer(W2=lambda W1, r, rng: 0 * W1), "W2 are all the same"),
        (initializer(W2=lambda W1, r, rng: rng.permuted(-W1, axis=None)), "same numbers as W1"),
        (initializer(W2=lambda W1, r, rng: np.sort(rng.uniform(-r, r, W1.size))), "an order"),
        (initializer(W2=lambda W1, r, rng: r * rng.beta(0.6, 0.6, W1.shape) * 2 - r), "W2"),
        (initializer(W2=lambda W1, r, rng: W1), "same numbers as W1"),
        (initializer(W2=lambda W1, r, rng: W1.T), "same numbers as W1"),
    ],
)
def test_wrong_weights_are_told(v, h, wrong, words):
    for seed in range(10):
        faults = initial_faults(wrong, v, h, seed)
        assert faults.keys() == {"weights"} and words in faults["weights"]


@pytest.mark.parametrize(
    "wrong, parts, words",
    [
        (initializer(biases=lambda rng, n: np.full(n, 0.01)), {"biases"}, "one of them is 0.01"),
        (initializer(biases=lambda rng, n: np.eye(n)[-1]), {"biases"}, "the last 89 entries"),
        (initializer(biases=lambda rng, n: np.zeros(n - 1)), PARTS["initial"], "has shape (3288,)"),
        (lambda v, h, rng: None, PARTS["initial"], "theta is None"),
        (lambda v, h, rng: [[1], [1, 2]], PARTS["initial"], "different lengths"),
        (lambda v, h, rng: initializer()(v, h, rng)[:, None], PARTS["initial"], "(3289, 1)"),
        (lambda v, h, rng: initializer()(v, h, rng) / 0, PARTS["initial"], "by zero"),
        (lambda v, h, rng: rng.nothing, PARTS["initial"], "AttributeError"),
        (lambda v, h, rng: initializer()(v, h, np.random), {"repeatable"}, "from rng"),
        (lambda v, h, rng: initializer()(v, h, np.random.default_rng(3)), {"repeatable"}, "at all"),
    ],
)
def test_other_wrong_starting_parameters_are_told(wrong, parts, words):
    faults = initial_faults(wrong)
    assert faults.keys() == parts and all(words in fault for fault in faults.values())


def test_a_matrix_of_right_parameters_is_right():
    assert initial_faults(lambda *args: np.asmatrix(initializer()(*args))) == {}


def test_zeros_in_another_place_are_no_random_biases():
    def mixed(v, h, rng):
        theta = initializer()(v, h, rng)
        return np.concatenate([theta[: v * h], np.zeros(h), theta[v * h : -h]])

    assert "its zeros lie elsewhere" in initial_faults(mixed)["biases"]


# --- training ----------------------------------------------------------------------


def train(theta0, cost, maxiter, callback=None, **change):
    options = {"jac": True, "method": "L-BFGS-B", "options": {"maxiter": maxiter}}
    return minimize(cost, theta0, **{**options, "callback": callback, **change})


def training_faults(function, problem=None):
    [probe] = exercise("train").probes
    problem = problem or probe.args
    return training_exercises.training_faults(function, *problem)


def test_the_valley_of_the_visible_check_has_its_minimum_and_slope_where_it_says():
    assert valley(SHIFT + 1)[0] == pytest.approx(FLOOR, abs=1e-12)
    x = np.array([0.3, -0.4, 0.2])
    _value, slope = valley(x)
    for i, step in enumerate(1e-6 * np.eye(3)):
        rise = (valley(x + step)[0] - valley(x - step)[0]) / 2e-6
        assert rise == pytest.approx(slope[i], rel=1e-6)


def test_right_training_never_fails():
    ways = train, reference("05_training").train
    assert [training_faults(way) for way in ways] == [{}, {}]
    for seed in SEEDS[:100]:
        for n in (4, 9):
            assert training_faults(train, (*bowl(seed, n), 500.0)) == {}


def descent(theta0, cost, maxiter, callback=None):
    theta = theta0.copy()
    for _ in range(maxiter):
        theta -= 1e-4 * cost(theta)[1]
        if callback:
            callback(theta)
    return OptimizeResult(x=theta, fun=cost(theta)[0], nit=maxiter, message="done")


def altered(**change):
    return lambda *args: OptimizeResult({**train(*args), **change})


def calling(many):
    """Training that calls the callback as `many` makes of the list of thetas."""

    def function(theta0, cost, maxiter, callback=None):
        seen = []
        result = train(theta0, cost, maxiter, lambda theta: seen.append(theta.copy()))
        for theta in many([theta0, *seen]):
            if callback:
                callback(theta)
        return result

    return function


@pytest.mark.parametrize(
    "wrong, parts, words",
    [
        (lambda *args: None, PARTS["training"], "returned None"),
        (lambda *args: train(*args).x, PARTS["training"], "type ndarray"),
        (lambda *args: tuple(train(*args).values()), PARTS["training"], "type tuple"),
        (altered(x=None), PARTS["training"], "result.x is None"),
        (altered(x=np.zeros(4)), PARTS["training"], "result.x has shape (4,)"),
        (altered(fun="low"), PARTS["training"], "result.fun is a str"),
        (altered(nit=None), PARTS["training"], "result.nit is None"),
        (lambda t, c, n, f=None: train(t, lambda x: c(x)[2], n), PARTS["training"], "IndexError"),
        (altered(fun=7.0), {"result"}, "result.fun is 7, but the cost at result.x is 1.2"),
        (descent, {"minimum"}, "the cost has gone from "),
        (lambda t, c, n, f=None: train(t, c, 9, f), {"minimum", "maxiter"}, ""),
        (lambda t, c, n, f=None: train(t, c, 500, f), {"maxiter"}, "with maxiter = 3 it made"),
        (lambda t, c, n, f=None: train(t, c, n), {"callback"}, "called 0 times, and"),
        (calling(lambda seen: seen[-1:]), {"callback"}, "called 1 time, and result.nit is 53"),
        (calling(lambda seen: seen[1:] * 2), {"callback"}, "once after each"),
        (calling(lambda seen: seen), {"callback"}, "with theta0 first"),
        (calling(lambda seen: range(1, len(seen))), {"callback"}, "callback(theta)"),
    ],
)
def test_wrong_training_is_told(wrong, parts, words):
    faults = training_faults(wrong)
    assert faults.keys() == parts and all(words in fault for fault in faults.values())


@pytest.mark.parametrize(
    "change, words",
    [
        ({"method": "BFGS"}, "its first step has length 1.01"),
        ({"method": "CG"}, "its first step has length 1.01"),
        ({"bounds": [(-1, 1)] * 3}, ""),
        ({"bounds": [(-50, 50)] * 3}, "or are there bounds"),
        ({"options": {"ftol": 1e-3, "maxiter": 200}}, "the cost has gone from"),
    ],
)
def test_another_method_is_told(change, words):
    assert words in training_faults(lambda t, c, n, f=None: train(t, c, n, f, **change))["minimum"]


def test_half_a_gradient_is_told():
    faults = training_faults(
        lambda t, c, n, f=None: train(t, lambda x: (c(x)[0], c(x)[1] / 2), n, f)
    )
    assert (
        faults.keys() == {"minimum"} and "result.jac is 0.5 times the gradient" in faults["minimum"]
    )


@pytest.mark.parametrize("kind", [np.asmatrix, lambda x: type("X", (), {"__array__": x.__array__})])
def test_parameters_of_another_type_are_no_crash(kind):
    faults = training_faults(lambda *args: altered(x=kind(train(*args).x))(*args))
    assert faults.keys() <= PARTS["training"]


@pytest.mark.parametrize(
    "given, words",
    [
        (lambda f, x, c: f((x, c(x)[0])), "as callback(theta)"),
        (lambda f, x, c: f(x, c(x)[0]), "as callback(theta), but it gets 2 arguments"),
        (lambda f, x, c: f(), "as callback(theta), but it gets 0 arguments"),
        (lambda f, x, c: f([x, [1]]), "as callback(theta)"),
        (lambda f, x, c: f(c(x)[1]), "numbers that are not the theta"),
    ],
)
def test_a_callback_that_is_given_anything_does_not_stop_the_training(given, words):
    def calls(theta0, cost, maxiter, callback=None):
        wrapped = callback and (lambda x: given(callback, x, cost))
        return train(theta0, cost, maxiter, wrapped)

    faults = training_faults(calls)
    assert faults.keys() == {"callback"} and words in faults["callback"]


def test_the_checker_s_own_names_stay_inside():
    faults = training_faults(lambda t, c, n, f=None: c(t, t))
    assert "cost() takes 1 positional argument" in faults["result"]


def test_numbers_that_differ_are_told_apart():
    def short_memory(theta0, cost, maxiter, callback=None):
        return train(theta0, cost, maxiter, callback, options={"maxcor": 1, "maxiter": maxiter})

    faults = training_faults(short_memory)
    assert re.search(r" to 1\.23, but its minimum is smaller by about \de-07$", faults["minimum"])


def test_a_gradient_that_is_not_used_and_a_limit_on_evaluations_are_told():
    def measured(theta0, cost, maxiter, callback=None):
        return train(theta0, lambda t: cost(t)[0], maxiter, callback, jac=None)

    def counted(theta0, cost, maxiter, callback=None):
        return train(theta0, cost, maxiter, callback, options={"maxfun": maxiter})

    faults = training_faults(measured)
    assert faults.keys() == {"minimum"} and "comes with the cost is not used" in faults["minimum"]
    faults = training_faults(counted)
    assert faults == {"maxiter": "with maxiter = 3 it made 2 iterations"}


def test_a_start_that_is_kept_from_call_to_call_is_told():
    kept: list[OptimizeResult] = []

    def train_on(theta0, cost, maxiter, callback=None):
        kept.append(train(kept[-1] if kept else theta0, cost, maxiter, callback))
        return kept[-1]

    assert "maxiter" in training_faults(train_on)


def test_a_start_that_is_changed_is_told():
    def spoil(theta0, cost, maxiter, callback=None):
        result = train(theta0, cost, maxiter, callback)
        theta0[:] = result.x
        return result

    problem = *bowl(0, 4), 500.0
    assert "argument number 1 in place" in training_faults(spoil, problem)["result"]


# --- noise like patches ------------------------------------------------------------

TWINS = [(16, 16, 2200), (9, 9, 1900), (25, 6, 2000), (12, 12, 1800), (20, 7, 1600)]


def noise_like(patches, rng, covariance=lambda C: C, noise=lambda n: n):
    """A twin whose covariance or noise is spoilt."""
    C = covariance(np.cov(patches))
    variances, U = np.linalg.eigh(C)
    drawn = noise(rng.normal(size=patches.shape))
    return patches.mean(axis=1)[:, None] + (U * np.sqrt(np.maximum(variances, 0))) @ drawn


def twin_faults(function, v, k, m, seed=0):
    patches = lecture_figure.patches_of(v, k, m, 0.1)
    return lecture_figure.twin_faults(function, patches, seed)


@pytest.mark.parametrize("v, k, m", TWINS)
def test_right_noise_never_fails(v, k, m):
    for seed in SEEDS[::8]:
        assert twin_faults(noise_like, v, k, m, seed) == {}


@pytest.mark.parametrize("v, k, m", TWINS)
@pytest.mark.parametrize(
    "part, spoilt",
    [
        ("covariance", {"covariance": lambda C: 1.5 * C}),
        ("covariance", {"covariance": lambda C: 0.6 * C}),
        ("covariance", {"covariance": lambda C: C + 0.3 * np.diag(np.diag(C))}),
        ("gaussian", {"noise": lambda n: np.sqrt(3) * (2 * ndtr(n) - 1)}),
        ("gaussian", {"noise": lambda n: np.sign(n) * np.abs(n) ** 1.5 / 1.26}),
        ("gaussian", {"noise": lambda n: np.repeat(n[:, ::2], 2, axis=1)}),
        ("gaussian", {"noise": lambda n: n[:, np.argsort(n[-1])]}),
    ],
)
def test_spoilt_noise_is_seen(v, k, m, part, spoilt):
    for seed in range(3):
        found = twin_faults(functools.partial(noise_like, **spoilt), v, k, m, seed)
        assert part in found and found[part].code, (seed, found)


def test_the_patches_of_the_check_are_no_gaussian_noise():
    for probe in exercise("gaussian_twin").probes:
        patches, seed = probe.args
        found = lecture_figure.twin_faults(lambda patches, rng: patches.copy(), patches, seed)
        assert found["gaussian"].code == "patches themselves" and "repeatable" in found
        variances, U = np.linalg.eigh(np.cov(patches))
        vary = variances > 1e-6 * variances[-1]
        z = U[:, vary].T @ (patches - patches.mean(axis=1, keepdims=True))
        kurtosis = ((z**2) ** 2).mean(axis=1) / (z**2).mean(axis=1) ** 2
        assert kurtosis.max() > 3.3 and variances[vary].min() > 0.02 * variances.mean()
