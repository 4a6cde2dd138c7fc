"""Random problems of hidden tests hide no mistake: no equal sizes, no zeros, and repeatable."""

import numpy as np
import pytest

from autograder.exercises.gradient_check import smooth_function
from autograder.exercises.networks import cost_problems
from autograder.exercises.patch_sampling import natural_image
from autograder.exercises.training import bowl
from saelab.check.compare import RTOL
from saelab.check.exercises import exercise

SEEDS = (24, 25, 33, 44, 0, 1)


def slope(cost, x, step=1e-5):
    steps = step * np.eye(x.size)
    return np.array([(cost(x + s) - cost(x - s)) / (2 * step) for s in steps])


# --- costs -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_sizes_of_a_problem_are_equal(seed):
    for p in cost_problems(seed):
        assert p.data.shape[0] == p.visible_size
        assert len({p.visible_size, p.hidden_size, p.data.shape[1]}) == 3
        assert (
            p.theta.size
            == exercise("autoencoder_cost").blocks_of(p.visible_size, p.hidden_size)["b2"].stop
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_parameter_is_zero_and_data_are_inside_of_a_sigmoid_s_range(seed):
    for p in cost_problems(seed):
        blocks = exercise("autoencoder_cost").blocks_of(p.visible_size, p.hidden_size).values()
        assert all(np.abs(p.theta[where]).max() > 0.05 for where in blocks)
        assert (p.theta != 0).all()
        assert p.data.min() >= 0.1 and p.data.max() <= 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_weights_of_the_terms_are_large_or_left_out_on_purpose(seed):
    *usual, no_decay, no_sparsity = cost_problems(seed)
    assert all(p.lambda_ >= 0.05 and p.beta >= 0.5 and 0 < p.rho < 0.5 for p in usual)
    assert no_decay.lambda_ == 0 and no_decay.beta >= 0.5
    assert no_sparsity.beta == 0 and no_sparsity.lambda_ >= 0.05


def test_there_are_wide_and_narrow_networks_one_example_and_many():
    problems = cost_problems(0)
    assert any(p.hidden_size > p.visible_size for p in problems)
    assert any(p.hidden_size < p.visible_size for p in problems)
    assert any(p.data.shape[1] == 1 for p in problems)
    assert any(p.data.shape[1] > p.theta.size for p in problems)


def test_the_arguments_are_in_the_order_of_the_two_functions():
    p = cost_problems(0)[0]
    assert p.plain == (p.theta, p.visible_size, p.hidden_size, p.lambda_, p.data)
    assert p.sparse == (
        p.theta, p.visible_size, p.hidden_size, p.lambda_, p.rho, p.beta, p.data
    )  # fmt: skip


def test_a_seed_gives_the_same_problems_and_another_seed_others():
    one, two, other = cost_problems(7), cost_problems(7), cost_problems(8)
    for a, b, c in zip(one, two, other, strict=True):
        assert np.array_equal(a.theta, b.theta) and np.array_equal(a.data, b.data)
        assert (a.lambda_, a.rho, a.beta) == (b.lambda_, b.rho, b.beta)
        assert not np.array_equal(a.theta, c.theta) and not np.array_equal(a.data, c.data)


# --- functions to differentiate and to minimise ------------------------------------


@pytest.mark.parametrize("seed, n, epsilon", [(40, 6, 1e-4), (41, 3, 1e-2), (42, 9, 0.05)])
def test_a_smooth_function_shows_a_wrong_difference(seed, n, epsilon):
    J, theta = smooth_function(seed, n)
    assert theta.shape == (n,) and isinstance(J(theta), float)
    centred = slope(J, theta, epsilon)
    tolerance = 10 * RTOL * np.abs(centred).max()
    steps = epsilon * np.eye(n)
    one_sided = np.array([(J(theta + s) - J(theta)) / epsilon for s in steps])
    assert np.abs(one_sided - centred).max() > tolerance
    if epsilon != 1e-4:
        assert np.abs(slope(J, theta, 1e-4) - centred).max() > tolerance


@pytest.mark.parametrize("seed, n", [(50, 4), (51, 9)])
def test_a_bowl_has_the_slope_and_the_minimum_that_it_says(seed, n):
    cost, theta0, minimum = bowl(seed, n)
    assert np.allclose(slope(lambda x: cost(x)[0], theta0), cost(theta0)[1], rtol=1e-6)
    assert not cost(minimum)[1].any() and cost(theta0)[0] > cost(minimum)[0] == 1.5


def test_a_natural_image_has_the_spectrum_of_photographs():
    image = natural_image(3, 128, 96)
    assert image.shape == (128, 96)
    assert image.mean() == pytest.approx(0.5) and image.std() == pytest.approx(0.15)
    power = np.abs(np.fft.fft2(image - image.mean())) ** 2
    f = np.hypot(np.fft.fftfreq(128)[:, None], np.fft.fftfreq(96))
    inside = (f > 0.05) & (f < 0.45)
    exponent, _ = np.polyfit(np.log(f[inside]), np.log(power[inside]), 1)
    assert exponent == pytest.approx(-2, abs=0.2)


@pytest.mark.parametrize("make", [smooth_function, bowl])
def test_functions_are_repeatable_too(make):
    (*_, one), (*_, two), (*_, other) = make(5, 4), make(5, 4), make(6, 4)
    assert np.array_equal(one, two) and not np.array_equal(one, other)
    assert np.array_equal(natural_image(1, 8, 9), natural_image(1, 8, 9))
