"""The explorers of saelab.widgets, made from the reference's functions as notebooks make them.

FACTORIES has an entry for each explorer, and CHANGES for those that their controls do not move.
"""

import contextlib
import functools
import io
import itertools
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.exercises.reference import reference
from saelab import widgets
from saelab.data import load_images, load_stored
from saelab.quality import describe_filters
from saelab.widgets.explorer import Explorer
from saelab.widgets.training import TrainingMonitor

VISIBLE, HIDDEN, PATCHES, ITERATIONS = 64, 25, 10_000, 40


def bottleneck_explorer() -> Explorer:
    return widgets.bottleneck_explorer(reference("00_autoencoders").pca_bottleneck)


def patch_explorer() -> Explorer:
    own = reference("01_patch_sampling")
    return widgets.patch_explorer(
        load_images(), own.whiten, own.sample_patches, own.normalize_patches
    )


def whitening_explorer() -> Explorer:
    return widgets.whitening_explorer(load_images(), reference("01_patch_sampling").whiten)


def start_explorer() -> Explorer:
    own = reference("02_cost")
    return widgets.start_explorer(
        own.initialize_parameters, own.feed_forward, own.slope, patches()[:, :200]
    )


def kl_explorer() -> Explorer:
    own = reference("03_kl_delta")
    return widgets.kl_explorer(own.kl_divergence, own.sparsity_delta)


def delta_explorer() -> Explorer:
    own = reference("03_kl_delta")
    theta = own.initialize_parameters(VISIBLE, HIDDEN, np.random.default_rng(0))
    return widgets.delta_explorer(
        own.sparse_autoencoder_cost, own.sparsity_delta, own.average_activation, own.feed_forward,
        own.slope, theta, patches()[:, :200],
    )  # fmt: skip


def gradient_explorer() -> Explorer:
    own, earlier = reference("04_gradient_check"), reference("03_kl_delta")
    return widgets.gradient_explorer(
        own.numerical_gradient, own.one_sided, own.relative_error, earlier.sparse_autoencoder_cost
    )


def training_monitor() -> TrainingMonitor:
    """A monitor after a short training."""
    network, sparse = reference("02_cost"), reference("03_kl_delta")
    start = network.initialize_parameters(VISIBLE, HIDDEN, np.random.default_rng(0))
    monitor = widgets.training_monitor(
        reference("05_training").train, sparse.sparse_autoencoder_cost, network.unpack_parameters,
        network.feed_forward, sparse.average_activation, start, patches(), ITERATIONS,
    )  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        monitor.run()
    return monitor


def iterations(monitor: Any) -> Iterator[Callable[[], None]]:
    """An endless series of functions that each advance a monitor by one iteration and redraw it."""

    def go_on() -> None:
        monitor.theta = 0.99 * monitor.theta
        monitor.costs.append(monitor.costs[-1])
        monitor.redraw()

    return itertools.repeat(go_on)


def filter_explorer() -> Explorer:
    learned = trained()
    return widgets.filter_explorer(
        learned.W1, patches(), learned.a2, reference("06_visualization").maximal_inputs,
        learned.fits,
    )  # fmt: skip


def penalty_explorer() -> Explorer:
    return widgets.penalty_explorer(reference("08_tanh_units").penalties)


def unit_explorer() -> Explorer:
    learned = trained()
    return widgets.unit_explorer(learned.W1, learned.fits, patches(), learned.a2)


def sound_explorer() -> Explorer:
    return widgets.sound_explorer(reference("11_audio").centre_and_bandwidth)


def feature_explorer() -> Explorer:
    """The features that are stored, and the neurons."""
    own, stored, layer = (
        reference("12_sparse_autoencoders_today"), load_stored("features"), load_stored("language"),
    )  # fmt: skip
    data = layer["codes"] * layer["step"][:, None]
    sums = stored["W1"].astype(np.float32) @ (data / data.std()) + stored["b1"][:, None]
    return widgets.feature_explorer(
        layer["text"], {"trained feature": own.top_k(sums, 8), "neuron": data}
    )


@functools.cache
def patches() -> np.ndarray:
    """The patches of notebook 05, (VISIBLE, PATCHES)."""
    own = reference("01_patch_sampling")
    images = np.array([own.whiten(image, f0=0.4) for image in load_images()])
    size = round(VISIBLE**0.5)
    drawn = own.sample_patches(images, size, PATCHES, np.random.default_rng(0))
    return own.normalize_patches(drawn)


@functools.cache
def trained() -> SimpleNamespace:
    """The results of a short training: W1, a2 of the patches, and the fits of its filters."""
    result: Any = training_monitor().result
    network = reference("02_cost")
    W1, *_ = network.unpack_parameters(result.x, VISIBLE, HIDDEN)
    a2, _ = network.feed_forward(result.x, VISIBLE, HIDDEN, patches())
    return SimpleNamespace(W1=W1, a2=a2, fits=describe_filters(W1).fits)


FACTORIES = {
    "bottleneck_explorer": bottleneck_explorer,
    "patch_explorer": patch_explorer,
    "whitening_explorer": whitening_explorer,
    "start_explorer": start_explorer,
    "kl_explorer": kl_explorer,
    "delta_explorer": delta_explorer,
    "gradient_explorer": gradient_explorer,
    "training_monitor": training_monitor,
    "playground": widgets.playground,
    "museum": widgets.museum,
    "filter_explorer": filter_explorer,
    "batch_explorer": widgets.batch_explorer,
    "penalty_explorer": penalty_explorer,
    "unit_explorer": unit_explorer,
    "learning_explorer": widgets.learning_explorer,
    "sound_explorer": sound_explorer,
    "feature_explorer": feature_explorer,
}
CHANGES = {"training_monitor": iterations}
