"""What notebook 02 says of units, of the network at its start and of the cost, computed again."""

import functools

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.widgets.start import COPIES, copied
from tests.support.claims import prose, stated, white_images

NOTEBOOK = "02_cost"
course = reference(NOTEBOOK)
LN3 = np.log(3)
THETA = np.array([LN3, 0, 1, -1, 0, -3 / 4, 3 / 4 - LN3])
DATA = np.array([[1.0], [0.0]])


@functools.cache
def own():
    """The patches of the notebook, its own patch first."""
    cut = reference("01_patch_sampling")
    mine = white_images()[4, 214:222, 274:282].ravel()
    others = cut.sample_patches(white_images(), 8, 199, np.random.default_rng(0))
    return cut.normalize_patches(np.column_stack([mine, others]))


def start():
    return course.initialize_parameters(64, 25, np.random.default_rng(1))


def test_the_slope_of_a_unit():
    most, of, far, z = stated(
        NOTEBOOK, r"The slope is (\d)/(\d) at most, and ([\d.]+) at \$z = \\pm (\d)\$"
    )
    assert most / of == course.slope(course.sigmoid(np.linspace(-6, 6, 201))).max()
    assert far == pytest.approx(course.slope(course.sigmoid(z)), abs=0.00005)


def test_how_large_weights_start():
    assert stated(NOTEBOOK, r"\\sqrt\{6/90\} = ([\d.]+)\$") == pytest.approx(
        np.sqrt(6 / (64 + 25 + 1)), abs=0.0005
    )
    assert stated(NOTEBOOK, r"There are (\d+) parameters") == start().size


def test_an_untrained_network_hardly_looks_at_its_input():
    pixels, patches = stated(
        NOTEBOOK,
        r"From pixel to pixel an output varies by ([\d.]+), from patch to patch by ([\d.]+)",
    )
    _, a3 = course.feed_forward(start(), 64, 25, own())
    assert pixels == pytest.approx(a3.std(axis=0).mean(), abs=0.005)
    assert patches == pytest.approx(a3.std(axis=1).mean(), abs=0.0005)
    outputs = np.corrcoef(a3[:, [0, 7]].T)[0, 1]
    inputs = np.corrcoef(own()[:, [0, 7]].T)[0, 1]
    assert outputs > 0.95 and abs(inputs) < 0.3


def test_what_the_size_of_the_starting_weights_does():
    """As the explorer draws them."""
    theta = course.initialize_parameters(64, 25, np.random.default_rng(2))

    def activations(factor, weights=theta):
        return course.feed_forward(factor * weights, 64, 25, own())[0]

    assert "falls to a twentieth of 1/4" in prose(NOTEBOOK)
    large = activations(30)
    assert 0.25 / course.slope(large).mean() == pytest.approx(20, abs=2)
    assert np.mean((large < 0.05) | (large > 0.95)) > 0.5
    small = activations(0.01)
    assert course.slope(small).mean() == pytest.approx(0.25, abs=1e-4)
    assert small.std(axis=0).max() < 0.005
    assert COPIES and activations(30, copied(theta, 64)).std(axis=0).max() < 1e-9
    usual = stated(NOTEBOOK, r"the slope is still ([\d.]+), and the units differ")
    assert usual == pytest.approx(course.slope(activations(1)).mean(), abs=0.005)
    assert activations(1).std(axis=0).mean() > 0.1


def test_the_example_by_hand():
    a2, a3 = course.feed_forward(THETA, 2, 1, DATA)
    assert a2[0, 0] == pytest.approx(3 / 4) and a3[:, 0] == pytest.approx([1 / 2, 1 / 4])
    error, decay, whole = stated(
        NOTEBOOK, r"\(1/4 \+ 1/16\) = ([\d.]+)\$.* 1 \+ 1\) = ([\d.]+)\$\. Together ([\d.]+)\."
    )
    cost, grad = course.autoencoder_cost(THETA, 2, 1, 0.1, DATA)
    plain, _ = course.autoencoder_cost(THETA, 2, 1, 0.0, DATA)
    assert (error, decay, whole) == pytest.approx((plain, cost - plain, cost), abs=5e-6)
    W1, W2, b1, b2 = course.unpack_parameters(grad, 2, 1)
    number = r"(-?[\d.]+)"
    delta2 = stated(NOTEBOOK, rf"33\}}\{{1024\}} = {number}\$;")
    assert delta2 == stated(NOTEBOOK, rf"for \$b_1\$: \$\\delta\^\{{\(2\)\}} = {number}\$")
    assert delta2 == pytest.approx(b1[0], abs=5e-6) and b1[0] == pytest.approx(-33 / 1024)
    for name, block in (("W_2", W2), ("b_2", b2), ("W_1", W1)):
        told = stated(NOTEBOOK, rf"- for \${name}\$: [^;]* = \({number}, {number}\)\$;")
        assert told == pytest.approx(block.ravel(), abs=5.1e-6)


def test_all_zeros_cost_what_one_can_say_at_once():
    told = stated(NOTEBOOK, r"It is \$64 \\cdot 0\.4\^2 / 2 = ([\d.]+)\$")
    cost, _ = course.autoencoder_cost(np.zeros(3289), 64, 25, 0.0, np.full((64, 7), 0.9))
    assert told == pytest.approx(cost, abs=0.005)


def test_the_walk_along_the_gradient():
    first, lowest, even = stated(
        NOTEBOOK, r"falls from ([\d.]+) to ([\d.]+) and rises .* grey of 0\.5 would cost ([\d.]+):"
    )
    cost, grad = course.autoencoder_cost(start(), 64, 25, 1e-4, own())
    direction = grad / np.linalg.norm(grad)

    def at(step):
        return course.autoencoder_cost(start() + step * direction, 64, 25, 1e-4, own())[0]

    walk = [at(step) for step in np.linspace(-3, 3, 61)]
    assert (first, lowest) == pytest.approx((cost, min(walk)), abs=0.005)
    assert walk[0] > min(walk) + 0.1  # it rises again
    assert even == pytest.approx(((own() - 0.5) ** 2).sum() / 2 / own().shape[1], abs=0.005)
    assert (at(1e-4) - at(-1e-4)) / 2e-4 == pytest.approx(np.linalg.norm(grad), rel=1e-6)


def test_how_many_products_backpropagation_takes():
    assert "takes five matrix products where the cost alone takes two" in prose(NOTEBOOK)
    counted = []

    class Counting(np.ndarray):
        def __matmul__(self, other):
            counted.append(1)
            return np.ndarray.__matmul__(self, other)

        def __rmatmul__(self, other):
            counted.append(1)
            return np.ndarray.__rmatmul__(self, other)

    theta = THETA.view(Counting)
    course.feed_forward(theta, 2, 1, DATA)
    assert len(counted) == 2
    counted.clear()
    course.autoencoder_cost(theta, 2, 1, 0.1, DATA)
    assert len(counted) == 5
