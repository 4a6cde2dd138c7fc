"""Notebook 03: the sparsity penalty, and what it adds to delta2."""

import numpy as np

from saelab.check.exercise import (
    ONE_EXAMPLE,
    WITHOUT_DECAY,
    WITHOUT_PENALTY,
    Exercise,
    Probe,
    cost_probe,
    cost_symbols,
    wave,
)
from saelab.typed import Array

NOTEBOOK = "03_kl_delta"

# No random problem goes as far: what is added to rho_hat, or cuts it off, shows here or nowhere.
EXTREMES = np.array([1e-5, 1e-3, 0.3, 0.999])


def _hardly_and_nearly_always() -> Array:
    middle: Array = np.array([[5e-6], [1e-3], [0.3], [1 - 5e-6]])
    return wave(4, 6, height=4e-6) + middle


EXERCISES = (
    Exercise(
        "average_activation",
        probes=(
            Probe("3 hidden units, 5 examples", (wave(3, 5, middle=0.5, height=0.4),)),
            Probe("other activations", (wave(3, 5, middle=0.5, height=0.4, start=4),)),
            Probe(
                "units that are hardly ever on, or nearly always", (_hardly_and_nearly_always(),)
            ),
            Probe("one example only", (wave(4, 1, middle=0.5, height=0.4),)),
        ),
        conditions=(ONE_EXAMPLE,),
    ),
    Exercise(
        "kl_divergence",
        probes=(
            Probe("rho = 0.2", (0.2, np.array([0.05, 0.2, 0.5, 0.9]))),
            Probe("rho = 0.01", (0.01, wave(6, middle=0.5, height=0.45))),
            Probe("units that are hardly ever on, or nearly always", (0.05, EXTREMES)),
        ),
    ),
    Exercise(
        "sparsity_delta",
        probes=(
            Probe("rho = 0.2, beta = 1", (0.2, np.array([0.05, 0.2, 0.5, 0.9]), 1.0)),
            Probe("rho = 0.01, beta = 3", (0.01, wave(6, middle=0.5, height=0.45), 3.0)),
            Probe("units that are hardly ever on, or nearly always", (0.05, EXTREMES, 2.0)),
        ),
    ),
    Exercise(
        "sparse_autoencoder_cost",
        probes=(
            cost_probe("lambda = 0, beta = 0: the error alone", 5, 4, 6, 0.0, 0.05, 0.0),
            # Other numbers each time: what is kept from one call to the next shows.
            cost_probe("beta = 0: the cost of notebook 02", 5, 4, 6, 0.01, 0.05, 0.0, start=2),
            cost_probe("lambda = 0, beta = 0.7", 5, 4, 6, 0.0, 0.05, 0.7, start=3),
            cost_probe("lambda = 0.01, rho = 0.05, beta = 0.7", 5, 4, 6, 0.01, 0.05, 0.7, start=4),
            cost_probe("one example only", 4, 6, 1, 0.13, 0.2, 2.0),
            cost_probe("7 inputs, 5 hidden units, 3 examples", 7, 5, 3, 0.07, 0.15, 1.3),
            cost_probe("4 inputs, 7 hidden units, 10 examples", 4, 7, 10, 0.3, 0.08, 3.0),
            cost_probe("4 inputs, 4 hidden units, 7 examples", 4, 4, 7, 0.2, 0.1, 1.6),
            cost_probe("3 inputs, 3 hidden units, 3 examples", 3, 3, 3, 0.11, 0.3, 0.6),
            # No random problem goes as far: a limit on rho_hat or on the cost shows here.
            cost_probe(
                "units that are hardly ever on, or nearly always", 6, 5, 8, 0.02, 0.1, 0.4, b1=9.0
            ),
            cost_probe(
                "large parameters, lambda = 0, beta = 0", 12, 3, 5, 0.0, 0.1, 0.0, height=8.0
            ),
            cost_probe(
                "large parameters, lambda = 3, beta = 6", 12, 3, 5, 3.0, 0.1, 6.0, height=8.0
            ),
        ),
        returns_cost=True,
        rest="error",
        weights={"decay": (3, "lambda"), "sparsity": (5, "beta")},
        symbols=cost_symbols,
        conditions=(
            WITHOUT_DECAY,
            WITHOUT_PENALTY,
            ONE_EXAMPLE,
        ),
    ),
)
