"""Notebook 08: hidden units from -1 to 1, and other penalties."""

import numpy as np

from saelab.check.exercise import (
    ONE_EXAMPLE,
    WITHOUT_DECAY,
    WITHOUT_PENALTY,
    Exercise,
    Probe,
    cost_probe,
    cost_symbols,
    large_and_small,
    theta,
    wave,
)

NOTEBOOK = "08_tanh_units"

EXTREMES = np.array([1e-5, 1e-3, 0.3, 0.999])

EXERCISES = (
    Exercise(
        "tanh_sparsity_delta",
        probes=(
            Probe("rho = 0.2, beta = 1", (0.2, np.array([0.05, 0.2, 0.5, 0.9]), 1.0)),
            Probe("rho = 0.01, beta = 3", (0.01, wave(6, middle=0.5, height=0.45), 3.0)),
            Probe("one unit", (0.15, np.array([0.7]), 0.8)),
            Probe("units that are hardly ever on, or nearly always", (0.05, EXTREMES, 2.0)),
        ),
    ),
    Exercise(
        "tanh_autoencoder_cost",
        probes=(
            cost_probe("lambda = 0, beta = 0: the error alone", 5, 4, 6, 0.0, 0.05, 0.0),
            # Other numbers each time: what is kept from one call to the next shows.
            cost_probe("beta = 0", 5, 4, 6, 0.01, 0.05, 0.0, start=2),
            cost_probe("lambda = 0, beta = 0.7", 5, 4, 6, 0.0, 0.05, 0.7, start=3),
            cost_probe("lambda = 0.01, rho = 0.05, beta = 0.7", 5, 4, 6, 0.01, 0.05, 0.7, start=4),
            cost_probe("one example only", 4, 6, 1, 0.13, 0.2, 2.0),
            cost_probe("7 inputs, 5 hidden units, 3 examples", 7, 5, 3, 0.07, 0.15, 1.3),
            cost_probe("4 inputs, 7 hidden units, 10 examples", 4, 7, 10, 0.3, 0.08, 3.0),
            cost_probe("4 inputs, 4 hidden units, 7 examples", 4, 4, 7, 0.2, 0.1, 1.6),
            cost_probe("3 inputs, 3 hidden units, 3 examples", 3, 3, 3, 0.11, 0.3, 0.6),
            # No random problem goes as far: a limit on rho_hat or on the cost shows here. (Of the
            # little that a is above -1 few digits are left, so it is not as little as in 03.)
            cost_probe(
                "units that are hardly ever on, or nearly always", 6, 5, 8, 0.02, 0.1, 0.4, b1=4.5
            ),
            # Some entries of the gradient are as small as 4e-6.
            cost_probe(
                "large parameters, lambda = 0, beta = 0", 12, 3, 5, 0.0, 0.1, 0.0, height=15.0
            ),
            cost_probe(
                "large parameters, lambda = 3, beta = 6", 12, 3, 5, 3.0, 0.1, 6.0, height=2.0
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
    Exercise(
        "to_tanh",
        probes=(
            Probe("5 inputs, 3 hidden units", (theta(5, 3), 5, 3)),
            Probe("2 inputs, 6 hidden units", (theta(2, 6, height=4.0, start=5), 2, 6)),
            Probe("4 inputs, 4 hidden units", (theta(4, 4, start=2), 4, 4)),
            Probe("3 inputs, one hidden unit", (theta(3, 1, height=2.0, start=9), 3, 1)),
            Probe("large and small numbers", (large_and_small(17, start=3), 3, 2)),
        ),
    ),
    Exercise(
        "squared_penalty",
        probes=(
            Probe("rho = 0.2, beta = 1", (0.2, np.array([0.05, 0.2, 0.5, 0.9]), 1.0)),
            Probe("rho = 0.01, beta = 30", (0.01, wave(6, middle=0.5, height=0.45), 30.0)),
            Probe("one unit", (0.15, np.array([0.7]), 0.8)),
            Probe("units that are hardly ever on, or nearly always", (0.05, EXTREMES, 200.0)),
            Probe("all units below rho", (0.4, wave(5, middle=0.2, height=0.15), 2.5)),
        ),
        results=("value", "slope"),
    ),
)
