"""On the shipped photographs the solved functions learn edges, and the verdict says so.

It says no where there are none: without sparsity, with too much weight decay, untrained.
"""

import functools

import numpy as np
import pytest

from autograder import demo
from autograder.exercises.reference import reference
from saelab.quality import describe_filters

pytestmark = pytest.mark.long

VISIBLE, HIDDEN = 64, 25

white_images = functools.cache(demo.white_images)


def weights(seed, patches=10_000, **changes):
    """W1 and the cost after the training of notebook 05: 10 000 patches of 8x8, 25 units."""
    rng = np.random.default_rng(seed)
    data = demo.sample_data(white_images(), rng)[:, :patches]
    return demo.train_autoencoder(data, rng, **changes)


def test_training_finds_edges():
    """At least 80 % of the filters over two seeds, which are not that of the demonstration.

    One seed alone gives 80 to 100 %: in 400 iterations a rounding error grows large enough to
    change which unit learns what.
    """
    fractions = []
    for seed in (1, 2):
        W1, cost = weights(seed)
        quality = describe_filters(W1)
        assert quality.are_edge_detectors, f"seed {seed}: {quality.verdict()}"
        assert 0.44 < cost < 0.46
        fractions.append(quality.fraction)
    assert np.mean(fractions) >= 0.8, fractions


def failed(W1):
    """By every third filter: to fit what is no edge takes long."""
    quality = describe_filters(W1[::3])
    assert not quality.are_edge_detectors
    assert "are not edge detectors" in quality.verdict()
    return {criterion.name for criterion in quality.failed}


def test_without_sparsity_there_are_no_edges():
    W1, _ = weights(seed=0, patches=5000, beta=0.0)
    assert "Gabor fit" in failed(W1)


def test_with_too_much_weight_decay_there_are_no_weights():
    W1, cost = weights(seed=0, patches=5000, lambda_=3e-4)
    assert "weights" in failed(W1)
    assert 0.49 < cost < 0.51  # what the mean of the patches costs, without any weight


def test_an_untrained_network_has_no_edges():
    theta = reference("02_cost").initialize_parameters(VISIBLE, HIDDEN, np.random.default_rng(0))
    W1, *_ = reference("02_cost").unpack_parameters(theta, VISIBLE, HIDDEN)
    assert "Gabor fit" in failed(W1)
