"""Notebook 02: hidden problems and known mistakes of the network and its cost."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import draw, networks
from saelab.check.exercise import Probe

NETWORKS = {"sklearn.neural_network": "which is a network with its training"}
DIFFERENCES = {
    "scipy.optimize.approx_fprime": "which takes the differences",
    "scipy.optimize.check_grad": "which takes the differences",
    "scipy.optimize._numdiff": "which takes the differences",
    "scipy.differentiate": "which takes the differences",
    "scipy.misc.derivative": "which takes the differences",
}
COST_LIBRARIES = {
    **DIFFERENCES,
    **NETWORKS,
    "numerical_gradient": "so that the gradient is measured, not derived",
    "previous.numerical_gradient": "so that the gradient is measured, not derived",
}


def _sigmoid(rng: np.random.Generator) -> Iterator[Probe]:
    yield Probe("a number", (rng.normal(),))
    yield Probe("a vector", (rng.normal(size=7),))
    yield Probe("a matrix of larger numbers", (20 * rng.normal(size=(4, 6)),))
    yield Probe("very large numbers", (rng.uniform(750, 900) * np.array([-1.0, 1.0]),))
    yield Probe("whole numbers, as integers", (rng.integers(-9, 10, size=6),))


def _initialize_parameters(rng: np.random.Generator) -> Iterator[Probe]:
    for v, h in ((30, 50), (81, 16)):
        args = v, h, np.sqrt(6 / (v + h + 1)), draw(rng), 1e-3
        yield Probe(f"{v} inputs, {h} hidden units", args)


def _unpack_parameters(rng: np.random.Generator) -> Iterator[Probe]:
    for v, h in ((5, 3), (2, 6), (4, 4)):
        theta = rng.normal(size=2 * v * h + v + h)
        yield Probe(f"{v} inputs, {h} hidden units", (theta, v, h))


def _feed_forward(rng: np.random.Generator) -> Iterator[Probe]:
    for p in networks(rng):
        args = p.theta, p.visible_size, p.hidden_size, p.data
        yield Probe(p.says, args)


def _autoencoder_cost(rng: np.random.Generator) -> list[Probe]:
    return [Probe(p.says, p.plain) for p in networks(rng)]


# --- known mistakes of the sigmoid and the starting parameters -------------------------------


LOGISTIC = "1 / (1 + np.exp(-z))"
DRAWN = "rng.uniform(-r, r, size=2 * hidden_size * visible_size)"
ZEROS = "np.zeros(hidden_size + visible_size)"

SIGMOID = (
    mistake(
        "the sign",
        "The curve falls where it should rise. Look at the sign of z in the exponent.",
        ("np.exp(-z)", "np.exp(z)"),
    ),
    mistake(
        "overflow",
        "Large numbers give no number at all. Look at which exponentials become infinite there, "
        "and whether one infinity is divided by another.",
        (LOGISTIC, "np.exp(z) / (1 + np.exp(z))"),
    ),
    mistake(
        "numbers only",
        "It works for a single number, but stops for an array. Look at which library the "
        "exponential comes from.",
        ("np.exp(-z)", "__import__('math').exp(-z)"),
    ),
    mistake(
        "rounded",
        "The values are right to a few digits only. Look for a place where something is rounded.",
        ("np.exp(-z)", "np.exp(-z).round(5)"),
    ),
    mistake(
        "float32",
        "The values are computed in single precision. Look for a place where z becomes float32.",
        ("np.exp(-z)", "np.exp(-np.float32(z))"),
    ),
    mistake(
        "in place",
        "The values are right, but z is not the same after the call. Look at which steps write "
        "into the array that came in.",
        ("return 1", "z *= -1; return 1"),
        ("np.exp(-z)", "np.exp(z)"),
    ),
    mistake(
        "no return",
        "The value is computed, but nothing comes back. Look at the last line of the function.",
        ("return 1", "1"),
    ),
    mistake(
        "its slope",
        "The result is the slope of the curve: it is largest at 0 and falls to both sides. Look "
        "at which of the two functions this one is.",
        (LOGISTIC, "1 / (2 + np.exp(-z) + np.exp(z))"),
    ),
    mistake(
        "brackets missing",
        "The one is divided alone, and the exponential is added afterwards. Look at the brackets "
        "around what stands below the fraction.",
        (LOGISTIC, "1 / 1 + np.exp(-z)"),
    ),
    mistake(
        "minus below",
        "The numbers below the fraction are taken from each other, which breaks down at 0. Look "
        "at the sign in front of the exponential.",
        ("(1 + np", "(1 - np"),
    ),
    mistake(
        "tanh",
        "The values run from -1 to 1, as those of the hyperbolic tangent do. Look at the range in "
        "the docstring.",
        (LOGISTIC, "np.tanh(z)"),
    ),
    mistake(
        "tanh not narrowed",
        "The range is right, but the curve rises twice as steeply as it should. Look at the scale "
        "of z.",
        (LOGISTIC, "(1 + np.tanh(z)) / 2"),
    ),
    mistake(
        "softmax",
        "The values of an array add up to 1: they depend on each other. Look at the formula: each "
        "entry is treated by itself.",
        (LOGISTIC, "np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))"),
    ),
    mistake(
        "rectified",
        "Negative numbers give 0, and positive ones come back as they are. Look at the formula in "
        "the docstring.",
        (LOGISTIC, "np.maximum(z, 0.0)"),
    ),
    mistake(
        "cut off",
        "Far from 0 the curve stays where it is. Look for a limit that is put on z: an overflow "
        "of the exponential does no harm here.",
        ("np.exp(-z)", "np.exp(-np.clip(z, -8, 8))"),
    ),
)


INITIAL = (
    mistake(
        "too wide",
        "Some weights lie a little outside of the interval. Look at what the numbers of units "
        "below the fraction add up to.",
        ("hidden_size + 1)", "hidden_size)"),
    ),
    mistake(
        "a fixed bound",
        "The interval of the weights is the same for all sizes. Look at where its bound comes "
        "from: it depends on both sizes.",
        ("np.sqrt(6 / (visible_size + hidden_size + 1))", "0.25"),
    ),
    mistake(
        "far too narrow",
        "The weights spread less than they should. Look at the number above the fraction in the "
        "bound.",
        ("np.sqrt(6 /", "np.sqrt(3 /"),
    ),
    mistake(
        "no root",
        "The weights spread far less than they should. Look at what is still to be done with the "
        "fraction in the bound.",
        ("np.sqrt(6 / (visible_size + hidden_size + 1))", "6 / (visible_size + hidden_size + 1)"),
    ),
    mistake(
        "on one side",
        "No weight is negative. Look at the lower end of the interval.",
        ("uniform(-r, r,", "uniform(0, r,"),
    ),
    mistake(
        "from 0 to 1",
        "The weights lie between 0 and 1, whatever the sizes are. Look at the interval that they "
        "are drawn from.",
        ("uniform(-r, r,", "uniform(0, 1,"),
    ),
    mistake(
        "normal",
        "The weights have long tails, as a bell curve has. Look at the kind of distribution that "
        "is asked for.",
        ("rng.uniform(-r, r,", "rng.normal(0, r,"),
    ),
    mistake(
        "at the ends",
        "Each weight lies at one of the two ends of the interval. Look at the numbers that may "
        "come out between them.",
        (DRAWN, "rng.choice([-r, r], size=2 * hidden_size * visible_size)"),
    ),
    mistake(
        "whole multiples",
        "Each weight is a whole multiple of the bound: nothing comes out between. Look at the kind "
        "of random numbers that are drawn.",
        (DRAWN, "rng.integers(-1, 2, size=2 * hidden_size * visible_size) * r"),
    ),
    mistake(
        "NumPy's own chance",
        "Two generators with the same seed give different weights. Look at where the random "
        "numbers come from: rng is the only source.",
        ("= rng.uniform", "= np.random.uniform"),
    ),
    mistake(
        "a seed of its own",
        "The weights are the same for every seed. Look at where chance comes from: something there "
        "starts anew at each call.",
        ("= rng.", "= np.random.default_rng(0)."),
    ),
    mistake(
        "biases drawn",
        "The biases are random. Look at what they should be at the start.",
        (ZEROS, "rng.uniform(-r, r, size=hidden_size + visible_size)"),
    ),
    mistake(
        "biases one",
        "The biases are 1. Look at what they should be at the start.",
        (ZEROS, "np.ones(hidden_size + visible_size)"),
    ),
    mistake(
        "biases left out",
        "theta ends after the weights. Look at what comes behind W1 and W2 in it.",
        (f", {ZEROS}", ""),
    ),
    mistake(
        "b2 left out",
        "theta ends after the biases of the hidden units. Look at which other layer has biases.",
        (ZEROS, "np.zeros(hidden_size)"),
    ),
    mistake(
        "biases first",
        "The zeros stand at the beginning of theta, where W1 should be. Look at the order of its "
        "four blocks.",
        (f"[weights, {ZEROS}]", f"[{ZEROS}, weights]"),
    ),
    mistake(
        "W2 like W1",
        "W2 holds the same random numbers as W1. Look at how many numbers are drawn.",
        (DRAWN, "np.tile(rng.uniform(-r, r, size=hidden_size * visible_size), 2)"),
    ),
    mistake(
        "one number for all",
        "All weights are the same number. Look at how many numbers are drawn.",
        (DRAWN, "np.full(2 * hidden_size * visible_size, rng.uniform(-r, r))"),
    ),
    mistake(
        "four things",
        "The four blocks come back one by one. Look at the shape that theta should have.",
        (f"np.concatenate([weights, {ZEROS}])",
         "(weights[:1], weights[1:], np.zeros(hidden_size), np.zeros(visible_size))"),
    ),
    mistake(
        "no return",
        "theta is put together, but nothing comes back. Look at the last line of the function.",
        ("return np", "np"),
    ),
)  # fmt: skip


# --- known mistakes of parameters taken apart, and the forward pass --------------------------


W1, W2 = "theta[:n_weights]", "theta[n_weights : 2 * n_weights]"
B1 = "theta[2 * n_weights : 2 * n_weights + hidden_size]"
B2 = "theta[2 * n_weights + hidden_size :]"
TO_W1, TO_W2 = ".reshape(hidden_size, visible_size)", ".reshape(visible_size, hidden_size)"
RETURNED = "return W1, W2, b1, b2"
A2, A3 = "sigmoid(W1 @ data + b1[:, None])", "sigmoid(W2 @ a2 + b2[:, None])"

UNPACK = (
    mistake(
        "column by column",
        "Both matrices are filled column by column, as in MATLAB. Look at the order in which "
        "theta holds their entries.",
        (TO_W1, ".reshape(hidden_size, visible_size, order='F')"),
        (TO_W2, ".reshape(visible_size, hidden_size, order='F')"),
    ),
    mistake(
        "W1 column by column",
        "W1 is filled column by column, W2 row by row. Look at the order in which theta holds the "
        "entries of W1.",
        (TO_W1, ".reshape(hidden_size, visible_size, order='F')"),
    ),
    mistake(
        "W2 column by column",
        "W2 is filled column by column, W1 row by row. Look at the order in which theta holds the "
        "entries of W2.",
        (TO_W2, ".reshape(visible_size, hidden_size, order='F')"),
    ),
    mistake(
        "W1 with the shape of W2",
        "W1 has the shape that W2 should have. Look at which layer W1 leads from, and to which.",
        (TO_W1, TO_W2),
    ),
    mistake(
        "W2 with the shape of W1",
        "W2 has the shape that W1 should have. Look at which layer W2 leads from, and to which.",
        (TO_W2, TO_W1),
    ),
    mistake(
        "W1 and W2 swapped",
        "The two matrices come back in the wrong order. Look at the order in the docstring.",
        (RETURNED, "return W2, W1, b1, b2"),
    ),
    mistake(
        "W2 first in theta",
        "W1 is read from where W2 lies in theta, and the other way round. Look at the order of "
        "the blocks.",
        (W1, W2),
        (W2, W1),
    ),
    mistake(
        "W2 read from W1's place",
        "W2 holds the numbers of W1. Look at where its part of theta begins.",
        (W2, W1),
    ),
    mistake(
        "tied weights",
        "W2 is the mirror image of W1, as if the layers shared their weights. Look at the part of "
        "theta that belongs to W2 alone.",
        (W2 + TO_W2, "W1.T"),
    ),
    mistake(
        "b1 and b2 swapped",
        "The two biases come back in the wrong order. Look at the order in the docstring.",
        (RETURNED, "return W1, W2, b2, b1"),
    ),
    mistake(
        "b2 before b1 in theta",
        "Each bias is read from the other one's place. Look at which of them comes first in theta.",
        (B1, "theta[2 * n_weights + visible_size :]"),
        (B2, "theta[2 * n_weights : 2 * n_weights + visible_size]"),
    ),
    mistake(
        "b2 read from b1's place",
        "b2 begins where b1 begins. Look at how many entries come before it in theta.",
        (B2, "theta[2 * n_weights : 2 * n_weights + visible_size]"),
    ),
    mistake(
        "last entry forgotten",
        "b2 is one entry too short. Look at where the last part of theta ends.",
        (B2, "theta[2 * n_weights + hidden_size : -1]"),
    ),
    mistake(
        "b1 without an end",
        "b1 runs to the end of theta and holds b2 as well. Look at where b1 ends.",
        (B1, "theta[2 * n_weights :]"),
    ),
    mistake(
        "b2 left out",
        "Three arrays come back. Look at what else the docstring asks for.",
        (RETURNED, "return W1, W2, b1"),
    ),
    mistake(
        "biases as columns",
        "The biases are matrices with one column. Look at the shapes in the docstring.",
        (B1, B1 + "[:, None]"),
        (B2, B2 + "[:, None]"),
    ),
    mistake(
        "matrices flat",
        "W1 and W2 are rows of numbers. Look at the shapes in the docstring.",
        (TO_W1, ""),
        (TO_W2, ""),
    ),
    mistake(
        "sizes hard-coded",
        "The sizes are those of one particular network. Look for numbers where the arguments "
        "should stand.",
        ("n_weights = hidden_size * visible_size", "n_weights = 25 * 64"),
    ),
    mistake(
        "theta changed",
        "theta itself is written to: its caller still needs the old numbers. Look for a step that "
        "changes an array in place.",
        (RETURNED, "theta -= theta.mean(); return W1, W2, b1, b2"),
    ),
    mistake(
        "no return",
        "The four parts are cut, but nothing comes back. Look at the last line of the function.",
        (RETURNED, "W1, W2, b1, b2"),
    ),
)


FORWARD = (
    mistake(
        "data centred",
        "Each example loses its own mean before it enters the network. Look at what the first "
        "layer is given.",
        (A2, "sigmoid(W1 @ (data - data.mean(axis=0)) + b1[:, None])"),
    ),
    mistake(
        "b1 left out",
        "The hidden units do not use their biases. Look at what is added before the first sigmoid.",
        ("@ data + b1[:, None]", "@ data"),
    ),
    mistake(
        "b2 left out",
        "The output units do not use their biases. Look at what is added before the second "
        "sigmoid.",
        ("@ a2 + b2[:, None]", "@ a2"),
    ),
    mistake(
        "both biases left out",
        "No unit uses its bias: b1 and b2 change nothing. Look at what is added before each "
        "sigmoid.",
        ("@ data + b1[:, None]", "@ data"),
        ("@ a2 + b2[:, None]", "@ a2"),
    ),
    mistake(
        "biases taken off",
        "The biases are taken off. Look at their sign in both layers.",
        ("data + b1", "data - b1"),
        ("a2 + b2", "a2 - b2"),
    ),
    mistake(
        "mean bias",
        "All units of a layer share one bias. Look at how b1 and b2 are added: each row has its "
        "own.",
        ("b1[:, None]", "b1.mean()"),
        ("b2[:, None]", "b2.mean()"),
    ),
    mistake(
        "biases along the examples",
        "The biases are added along the examples, and the shapes fit by chance only. Look at "
        "which side of the matrix runs over the units.",
        ("b1[:, None]", "b1"),
        ("b2[:, None]", "b2"),
    ),
    mistake(
        "no sigmoid in the hidden layer",
        "The hidden units return their weighted sums. Look at what turns z2 into a2.",
        ("a2 = sigmoid", "a2 = "),
    ),
    mistake(
        "no sigmoid at the end",
        "The output units return their weighted sums. Look at what turns z3 into a3.",
        ("a3 = sigmoid", "a3 = "),
    ),
    mistake(
        "no sigmoid at all",
        "Both layers return their weighted sums. Look at what turns z2 into a2 and z3 into a3.",
        ("a2 = sigmoid", "a2 = "),
        ("a3 = sigmoid", "a3 = "),
    ),
    mistake(
        "sigmoid twice in the hidden layer",
        "The sigmoid is applied twice in the hidden layer. Look at each step from data to a2.",
        (A2, f"sigmoid({A2})"),
    ),
    mistake(
        "sigmoid twice at the end",
        "The sigmoid is applied twice in the output layer. Look at each step from a2 to a3.",
        (A3, f"sigmoid({A3})"),
    ),
    mistake(
        "tanh in the hidden layer",
        "The hidden units go through the hyperbolic tangent. Look at the activation function that "
        "this network has.",
        ("a2 = sigmoid", "a2 = np.tanh"),
    ),
    mistake(
        "rectified hidden layer",
        "Hidden units whose sum is negative are silent, the others return it as it is. Look at "
        "the activation function that this network has.",
        (A2, "np.maximum(W1 @ data + b1[:, None], 0)"),
    ),
    mistake(
        "tied weights",
        "The way to the output layer goes through W1. Look at which matrix leads from the hidden "
        "layer to the output.",
        ("sigmoid(W2 @", "sigmoid(W1.T @"),
    ),
    mistake(
        "W2 transposed",
        "W2 is turned around before it meets a2. Look at the shapes of both.",
        ("sigmoid(W2 @", "sigmoid(W2.T @"),
    ),
    mistake(
        "W1 transposed",
        "W1 is turned around before it meets the data. Look at the shapes of both.",
        ("sigmoid(W1 @", "sigmoid(W1.T @"),
    ),
    mistake(
        "a2 and a3 swapped",
        "The two activations come back in the wrong order. Look at the order in the docstring.",
        ("return a2, a3", "return a3, a2"),
    ),
    mistake(
        "examples in rows",
        "The examples are in the rows of what comes back. Look at the shapes in the docstring.",
        ("return a2, a3", "return a2.T, a3.T"),
    ),
    mistake(
        "the output alone",
        "Only the output layer comes back. Look at the docstring: two arrays are asked for.",
        ("return a2, a3", "return a3"),
    ),
    mistake(
        "rounded",
        "The hidden activations are rounded on the way. Look for a step that drops digits.",
        (A2, f"{A2}.round(3)"),
    ),
    mistake(
        "data changed",
        "The data lose their mean in place: the caller's array has changed. Look at the formula: "
        "it takes the data as they are.",
        ("    a2 = ", "    data -= data.mean()\n    a2 = "),
    ),
    mistake(
        "first activations kept",
        "Later calls still use the hidden activations of the first one. Look for something that "
        "is kept between two calls.",
        ("data):", "data, kept=[]):"),
        ("    a3 = ", "    kept.append(a2); a2 = kept[0]\n    a3 = "),
    ),
    mistake(
        "no return",
        "The activations are computed, but nothing comes back. Look at the last line of the "
        "function.",
        ("return a2, a3", "a2, a3"),
    ),
)


# --- known mistakes of both costs: the cost itself, and the weight decay ---------------------


BEGIN = "    W1, W2, b1, b2 = unpack"

RECONSTRUCTION = (
    mistake(
        "factor 1/2 missing",
        "The reconstruction term of the cost is twice as large as it should be. Look at the "
        "constant in front of its sum.",
        ("/ (2 * m) + decay", "/ m + decay"),
    ),
    mistake(
        "cost summed over examples",
        "The reconstruction term of the cost grows with the number of examples. Look at what its "
        "sum is divided by.",
        ("/ (2 * m) + decay", "/ 2 + decay"),
    ),
    mistake(
        "cost averaged over all entries",
        "The squared errors are averaged over pixels as well as examples. Look at which of the "
        "two sums in the cost is a mean.",
        ("np.sum(error**2) / (2 * m)", "np.mean(error**2) / 2"),
    ),
    mistake(
        "cost of the last example",
        "The cost knows the last example only: the others leave no trace in it. Look at what "
        "happens to the sum over the examples.",
        ("np.sum(error**2)", "np.sum(error[:, -1] ** 2)"),
    ),
    mistake(
        "a cost for each example",
        "The cost has one number for each example. Look at which directions of the errors are "
        "summed: the cost is a single number.",
        ("np.sum(error**2)", "np.sum(error**2, axis=0)"),
    ),
    mistake(
        "errors not squared",
        "The reconstruction term of the cost adds absolute errors. Look at the power to which "
        "each error is raised.",
        ("np.sum(error**2)", "np.sum(np.abs(error))"),
    ),
    mistake(
        "square of the sum",
        "The errors are added before they are squared, so that they cancel out. Look at the order "
        "of the two steps in the reconstruction term.",
        ("np.sum(error**2)", "np.sum(error) ** 2"),
    ),
    mistake(
        "norm of the errors",
        "The reconstruction term of the cost is built on the length of the errors. Look at what "
        "is still to be done with a norm.",
        ("np.sum(error**2)", "np.linalg.norm(error)"),
    ),
    mistake(
        "m hard-coded",
        "The number of examples seems to be fixed at 10000. Look at where m comes from: other "
        "data have other numbers of examples.",
        ("m = data.shape[1]", "m = 10000"),
    ),
    mistake(
        "m the number of pixels",
        "The number of pixels is taken for the number of examples. Look at which side of data m "
        "is, where each column is an example.",
        ("m = data.shape[1]", "m = data.shape[0]"),
    ),
    mistake(
        "m all entries",
        "m counts every number in data, pixels times examples. Look at what is averaged in the "
        "cost and in the weights' gradient: examples alone.",
        ("m = data.shape[1]", "m = data.size"),
    ),
    mistake(
        "one example too few",
        "m is one smaller than the number of examples, and 0 for a single one. Look at the m that "
        "the cost and the weights' gradient are divided by.",
        ("m = data.shape[1]", "m = data.shape[1] - 1"),
    ),
    mistake(
        "nothing averaged",
        "Neither the cost nor the weights' gradient is divided by the number of examples. Look "
        "at m in both formulas.",
        ("m = data.shape[1]", "m = 1"),
    ),
    mistake(
        "cost rounded",
        "The cost is rounded to a few decimals. Return all its digits: a gradient check lives on "
        "the last ones.",
        ("return cost,", "return round(float(cost), 4),"),
    ),
    mistake(
        "float32",
        "All is computed in single precision, which leaves about seven digits. Look for a place "
        "where theta or data are turned into float32.",
        (BEGIN, "    theta, data = theta.astype(np.float32), data.astype(np.float32)\n" + BEGIN),
    ),
)


DECAY = (
    mistake(
        "lambda / m",
        "The weight decay enters the gradient divided by the number of examples. Look at what is "
        "averaged over the examples and what is not.",
        ("/ m + lambda_ * W1", "/ m + lambda_ / m * W1"),
        ("/ m + lambda_ * W2", "/ m + lambda_ / m * W2"),
    ),
    mistake(
        "lambda / m for W1",
        "In the gradient of W1 alone the weight decay is divided by the number of examples. "
        "Compare its two terms with those of W2.",
        ("/ m + lambda_ * W1", "/ m + lambda_ / m * W1"),
    ),
    mistake(
        "lambda / m for W2",
        "In the gradient of W2 alone the weight decay is divided by the number of examples. "
        "Compare its two terms with those of W1.",
        ("/ m + lambda_ * W2", "/ m + lambda_ / m * W2"),
    ),
    mistake(
        "lambda / m in the cost",
        "The weight decay in the cost is divided by the number of examples. Look at which term of "
        "the cost is a mean.",
        ("decay = lambda_ / 2", "decay = lambda_ / (2 * m)"),
    ),
    mistake(
        "lambda / m everywhere",
        "Cost and gradient agree with each other, but both divide the weight decay by the number "
        "of examples. Look at the term in lambda of the cost.",
        ("decay = lambda_ / 2", "decay = lambda_ / (2 * m)"),
        ("/ m + lambda_ * W1", "/ m + lambda_ / m * W1"),
        ("/ m + lambda_ * W2", "/ m + lambda_ / m * W2"),
    ),
    mistake(
        "lambda times m",
        "The weight decay in the gradient grows with the number of examples. Look at lambda in "
        "the gradients of W1 and W2: it knows nothing of m.",
        ("/ m + lambda_ * W1", "/ m + m * lambda_ * W1"),
        ("/ m + lambda_ * W2", "/ m + m * lambda_ * W2"),
    ),
    mistake(
        "no decay in the gradient",
        "The weight decay is in the cost, but not in the gradient. Look at the gradients of W1 "
        "and W2 again: each has two terms.",
        ("/ m + lambda_ * W1", "/ m"),
        ("/ m + lambda_ * W2", "/ m"),
    ),
    mistake(
        "no decay in the gradient of W1",
        "The weight decay is missing in the gradient of W1. Compare it with the gradient of W2.",
        ("/ m + lambda_ * W1", "/ m"),
    ),
    mistake(
        "no decay in the gradient of W2",
        "The weight decay is missing in the gradient of W2. Compare it with the gradient of W1.",
        ("/ m + lambda_ * W2", "/ m"),
    ),
    mistake(
        "no decay in the cost",
        "The cost does not change with lambda, though the gradient does. Look for the weight "
        "decay in the cost.",
        (" + decay", ""),
    ),
    mistake(
        "no decay at all",
        "Nothing changes with lambda: neither cost nor gradient knows of weight decay. Look at "
        "the last term of the cost.",
        (" + decay", ""),
        ("/ m + lambda_ * W1", "/ m"),
        ("/ m + lambda_ * W2", "/ m"),
    ),
    mistake(
        "decay not halved",
        "The weight decay in the cost is twice as large as it should be. Look at the constant in "
        "front of its sum.",
        ("decay = lambda_ / 2", "decay = lambda_"),
    ),
    mistake(
        "decay doubled in the gradient",
        "The weight decay in the gradient is twice as large as it should be. Look at what becomes "
        "of the constant in front of a square under the derivative.",
        ("/ m + lambda_ * W1", "/ m + 2 * lambda_ * W1"),
        ("/ m + lambda_ * W2", "/ m + 2 * lambda_ * W2"),
    ),
    mistake(
        "decay doubled everywhere",
        "Cost and gradient agree with each other, but the weight decay is twice as large as it "
        "should be in both. Look at the constant beside lambda in the cost.",
        ("decay = lambda_ / 2", "decay = lambda_"),
        ("/ m + lambda_ * W1", "/ m + 2 * lambda_ * W1"),
        ("/ m + lambda_ * W2", "/ m + 2 * lambda_ * W2"),
    ),
    mistake(
        "decay halved in the gradient",
        "The weight decay in the gradient is half as large as it should be. Look at what becomes "
        "of the square of a weight, and of the constant before it, under the derivative.",
        ("/ m + lambda_ * W1", "/ m + lambda_ / 2 * W1"),
        ("/ m + lambda_ * W2", "/ m + lambda_ / 2 * W2"),
    ),
    mistake(
        "decay's sign in the gradient",
        "In the gradient the weight decay has the wrong sign: it would let the weights grow. Look "
        "at the sign of lambda there.",
        ("/ m + lambda_ * W1", "/ m - lambda_ * W1"),
        ("/ m + lambda_ * W2", "/ m - lambda_ * W2"),
    ),
    mistake(
        "decay of the other matrix",
        "The weight decay in the gradient of each matrix is made of the other matrix. Look at "
        "whose weights stand beside lambda.",
        ("/ m + lambda_ * W1", "/ m + lambda_ * W2.T"),
        ("/ m + lambda_ * W2", "/ m + lambda_ * W1.T"),
    ),
    mistake(
        "cost decays W1 only",
        "The weight decay in the cost counts W1 only. Look at which weights its sum runs over.",
        (" + np.sum(W2**2)", ""),
    ),
    mistake(
        "cost decays W2 only",
        "The weight decay in the cost counts W2 only. Look at which weights its sum runs over.",
        ("np.sum(W1**2) + ", ""),
    ),
    mistake(
        "decay of W1 only",
        "W1 alone decays, in the cost as in the gradient; W2 is left as it is. Look at which "
        "layers the weight decay runs over.",
        (" + np.sum(W2**2)", ""),
        ("/ m + lambda_ * W2", "/ m"),
    ),
    mistake(
        "decay without squares",
        "The weight decay in the cost adds the weights themselves, so that positive and negative "
        "ones cancel. Look at their power.",
        ("np.sum(W1**2)", "np.sum(W1)"),
        ("np.sum(W2**2)", "np.sum(W2)"),
    ),
    mistake(
        "decay of absolute values",
        "The weight decay in the cost adds absolute weights. Look at the power to which each "
        "weight is raised.",
        ("np.sum(W1**2)", "np.sum(np.abs(W1))"),
        ("np.sum(W2**2)", "np.sum(np.abs(W2))"),
    ),
    mistake(
        "decay of norms",
        "The weight decay in the cost adds the lengths of W1 and W2. Look at what the formula "
        "does with the two norms.",
        ("np.sum(W1**2)", "np.linalg.norm(W1)"),
        ("np.sum(W2**2)", "np.linalg.norm(W2)"),
    ),
    mistake(
        "decay averaged",
        "The weight decay in the cost is an average over the weights. Look at whether its formula "
        "divides by their number.",
        ("np.sum(W1**2)", "np.mean(W1**2)"),
        ("np.sum(W2**2)", "np.mean(W2**2)"),
    ),
    mistake(
        "biases decayed",
        "The biases decay as well, in the cost as in the gradient. Look at which parameters the "
        "weight decay runs over.",
        ("np.sum(W2**2)", "np.sum(W2**2) + b1 @ b1 + b2 @ b2"),
        ("delta2.mean(axis=1)", "delta2.mean(axis=1) + lambda_ * b1"),
        ("delta3.mean(axis=1)", "delta3.mean(axis=1) + lambda_ * b2"),
    ),
    mistake(
        "biases decayed in the gradient",
        "The gradients of b1 and b2 hold a weight decay. Look at which parameters the term in "
        "lambda of the cost depends on.",
        ("delta2.mean(axis=1)", "delta2.mean(axis=1) + lambda_ * b1"),
        ("delta3.mean(axis=1)", "delta3.mean(axis=1) + lambda_ * b2"),
    ),
    mistake(
        "biases decayed in the cost",
        "The weight decay in the cost counts the biases too, as if it ran over all of theta. Look "
        "at which parameters it is made of.",
        ("np.sum(W2**2)", "np.sum(W2**2) + b1 @ b1 + b2 @ b2"),
    ),
)


# --- known mistakes of both costs: the way back through the layers ---------------------------


SLOPE2, SLOPE3 = ") * a2 * (1 - a2)", "error * a3 * (1 - a3)"
W1_TERM, W2_TERM = "delta2 @ data.T / m", "delta3 @ a2.T / m"
B1_MEAN, B2_MEAN = "delta2.mean(axis=1)", "delta3.mean(axis=1)"

DELTAS = (
    mistake(
        "the error's sign",
        "The reconstruction pulls the gradient in the wrong direction. Look at the sign of the "
        "error with which delta3 begins: what is taken from what?",
        ("error = a3 - data", "error = data - a3"),
    ),
    mistake(
        "f'(z3) missing",
        "delta3 is the bare error. Look at what the sigmoid of the output layer contributes when "
        "the error passes back through it.",
        (SLOPE3, "error"),
    ),
    mistake(
        "f'(z2) missing",
        "delta2 lacks the slope of the hidden units. Look at what the sigmoid of the hidden layer "
        "contributes when the error passes back through it.",
        (SLOPE2, ")"),
    ),
    mistake(
        "f'(z3) twice",
        "The slope of the sigmoid enters delta3 twice. Look at how often the error passes the "
        "output layer on its way back.",
        (SLOPE3, SLOPE3 + " * a3 * (1 - a3)"),
    ),
    mistake(
        "f'(z2) twice",
        "The slope of the sigmoid enters delta2 twice. Look at how often the error passes the "
        "hidden layer on its way back.",
        (SLOPE2, SLOPE2 + " * a2 * (1 - a2)"),
    ),
    mistake(
        "slope of the slope at layer 2",
        "In delta2 the slope's formula is applied to something that is a slope already. Look at "
        "what goes into it: activations.",
        (SLOPE2, ") * (a2 * (1 - a2)) * (1 - a2 * (1 - a2))"),
    ),
    mistake(
        "slope of the slope at layer 3",
        "In delta3 the slope's formula is applied to something that is a slope already. Look at "
        "what goes into it: activations.",
        (SLOPE3, "error * (a3 * (1 - a3)) * (1 - a3 * (1 - a3))"),
    ),
    mistake(
        "sigmoid of a2 in the slope",
        "In delta2 the slope is taken at a2, as if it were z2: the sigmoid is applied once too "
        "often. Look at what the slope is a function of.",
        (SLOPE2, ") * (lambda s: s * (1 - s))(1 / (1 + np.exp(-a2)))"),
    ),
    mistake(
        "sigmoid of a3 in the slope",
        "In delta3 the slope is taken at a3, as if it were z3: the sigmoid is applied once too "
        "often. Look at what the slope is a function of.",
        (SLOPE3, "error * (lambda s: s * (1 - s))(1 / (1 + np.exp(-a3)))"),
    ),
    mistake(
        "tanh's slope at layer 2",
        "The slope in delta2 is that of the hyperbolic tangent. Look at the activation function "
        "that this network has.",
        (SLOPE2, ") * (1 - a2**2)"),
    ),
    mistake(
        "tanh's slope at layer 3",
        "The slope in delta3 is that of the hyperbolic tangent. Look at the activation function "
        "that this network has.",
        (SLOPE3, "error * (1 - a3**2)"),
    ),
    mistake(
        "half of the slope at layer 2",
        "One of the two factors of the hidden units' slope is missing in delta2. Look at the "
        "derivative of the sigmoid once more.",
        (SLOPE2, ") * (1 - a2)"),
    ),
    mistake(
        "half of the slope at layer 3",
        "One of the two factors of the output units' slope is missing in delta3. Look at the "
        "derivative of the sigmoid once more.",
        (SLOPE3, "error * (1 - a3)"),
    ),
    mistake(
        "slope of the data",
        "The slope in delta3 is computed from the data. Look at which values of the output layer "
        "it should be taken at: what it says, or what it should say?",
        (SLOPE3, "error * data * (1 - data)"),
    ),
    mistake(
        "factor 2 in delta3",
        "delta3 is twice as large as it should be. Look at what the derivative of a square does "
        "to the constant in front of it.",
        (SLOPE3, "2 * " + SLOPE3),
    ),
    mistake(
        "1/m twice",
        "The reconstruction's part of the gradient is divided by the number of examples once too "
        "often. Look for m in delta3 as well as in the gradients.",
        (SLOPE3, "error / m * a3 * (1 - a3)"),
    ),
    mistake(
        "wrong matrix",
        "The error comes back to the hidden layer through W1. Look at which matrix led from the "
        "hidden layer to the output.",
        ("W2.T @ delta3", "W1 @ delta3"),
    ),
    mistake(
        "transpose forgotten",
        "The error goes through W2 in the forward direction. Look at the shapes: which way does "
        "W2 lead, and which way does the error go?",
        ("W2.T @ delta3", "W2 @ delta3"),
    ),
    mistake(
        "error instead of delta3",
        "What comes back to the hidden layer is the error itself. Look at which quantity of the "
        "output layer is passed on in delta2.",
        ("W2.T @ delta3", "W2.T @ error"),
    ),
)


GRADIENTS = (
    mistake(
        "1/m missing",
        "The gradients of W1 and W2 grow with the number of examples. Look at how the examples "
        "are put together in them.",
        (W1_TERM, "delta2 @ data.T"),
        (W2_TERM, "delta3 @ a2.T"),
    ),
    mistake(
        "1/m missing for W1",
        "The gradient of W1 alone grows with the number of examples. Compare it with the gradient "
        "of W2.",
        (W1_TERM, "delta2 @ data.T"),
    ),
    mistake(
        "1/m missing for W2",
        "The gradient of W2 alone grows with the number of examples. Compare it with the gradient "
        "of W1.",
        (W2_TERM, "delta3 @ a2.T"),
    ),
    mistake(
        "gradient summed",
        "All four blocks of the gradient are sums over the examples, while the cost is a mean. "
        "Look at m in the gradients.",
        (W1_TERM, "delta2 @ data.T"),
        (W2_TERM, "delta3 @ a2.T"),
        (B1_MEAN, "delta2.sum(axis=1)"),
        (B2_MEAN, "delta3.sum(axis=1)"),
    ),
    mistake(
        "bias gradients summed",
        "The gradients of both biases grow with the number of examples. Look at how the deltas of "
        "the examples are put together there.",
        (B1_MEAN, "delta2.sum(axis=1)"),
        (B2_MEAN, "delta3.sum(axis=1)"),
    ),
    mistake(
        "b1's gradient summed",
        "The gradient of b1 grows with the number of examples, that of b2 does not. Compare how "
        "the two put the deltas together.",
        (B1_MEAN, "delta2.sum(axis=1)"),
    ),
    mistake(
        "b2's gradient summed",
        "The gradient of b2 grows with the number of examples, that of b1 does not. Compare how "
        "the two put the deltas together.",
        (B2_MEAN, "delta3.sum(axis=1)"),
    ),
    mistake(
        "bias gradients of one example",
        "The gradients of the biases are the deltas of the first example alone. Look at what "
        "becomes of the other examples.",
        (B1_MEAN, "delta2[:, 0]"),
        (B2_MEAN, "delta3[:, 0]"),
    ),
    mistake(
        "bias gradients of the last example",
        "The gradients of the biases are the deltas of the last example alone. Look at whether "
        "the examples add up or overwrite each other.",
        (B1_MEAN, "delta2[:, -1]"),
        (B2_MEAN, "delta3[:, -1]"),
    ),
    mistake(
        "bias gradients over units",
        "The gradients of the biases have a number for each example instead of one for each unit. "
        "Look at the direction of the mean.",
        (B1_MEAN, "delta2.mean(axis=0)"),
        (B2_MEAN, "delta3.mean(axis=0)"),
    ),
    mistake(
        "bias gradients all alike",
        "All units of a layer get the same bias gradient. Look at what the mean runs over: "
        "examples, but not units.",
        (B1_MEAN, "np.full(hidden_size, delta2.mean())"),
        (B2_MEAN, "np.full(visible_size, delta3.mean())"),
    ),
    mistake(
        "bias gradients zero",
        "The gradients of both biases are zero everywhere. Look at how a bias changes the cost: "
        "as a weight does whose input is always one.",
        (B1_MEAN, "np.zeros(hidden_size)"),
        (B2_MEAN, "np.zeros(visible_size)"),
    ),
    mistake(
        "W1 with the outputs",
        "The gradient of W1 is built with the network's outputs. Look at what W1 is multiplied "
        "with on the way forward.",
        (W1_TERM, "delta2 @ a3.T / m"),
    ),
    mistake(
        "W2 with the bare error",
        "The gradient of W2 is built with the error before it has passed the output layer's "
        "sigmoid. Look at which delta belongs to W2.",
        (W2_TERM, "error @ a2.T / m"),
    ),
    mistake(
        "product of means",
        "Deltas and activations are averaged over the examples first, and multiplied afterwards. "
        "Look at the order of the two steps in the gradients of W1 and W2.",
        (W1_TERM, "np.outer(delta2.mean(axis=1), data.mean(axis=1))"),
        (W2_TERM, "np.outer(delta3.mean(axis=1), a2.mean(axis=1))"),
    ),
    mistake(
        "weight gradients of the last example",
        "The gradients of W1 and W2 know the last example only. Look at whether the examples add "
        "up or overwrite each other.",
        (W1_TERM, "delta2[:, -1:] @ data[:, -1:].T / m"),
        (W2_TERM, "delta3[:, -1:] @ a2[:, -1:].T / m"),
    ),
    mistake(
        "tied weights",
        "The gradient of W2 is the mirror image of that of W1, as if the two layers shared their "
        "weights. Look at what W2 has of its own.",
        ("W2_grad = delta3 @ a2.T / m + lambda_ * W2", "W2_grad = W1_grad.T"),
    ),
    mistake(
        "averaged weights",
        "Both matrices get the average of their two gradients, as if they shared their weights. "
        "Look at which delta and which input belong to which matrix.",
        ("    return cost,",
         "    W1_grad = (W1_grad + W2_grad.T) / 2; W2_grad = W1_grad.T\n    return cost,"),
    ),
    mistake(
        "sizes hard-coded",
        "The function works for 64 inputs and 25 hidden units only. Look for sizes that are "
        "written as numbers: they come in as arguments.",
        ("unpack_parameters(theta, visible_size, hidden_size)",
         "unpack_parameters(theta[:3289], 64, 25)"),
    ),
    mistake(
        "sizes swapped",
        "theta is taken apart as if inputs and hidden units had changed places. Look at the order "
        "of the arguments of unpack_parameters.",
        ("unpack_parameters(theta, visible_size, hidden_size)",
         "unpack_parameters(theta, hidden_size, visible_size)"),
    ),
)  # fmt: skip


# --- known mistakes of both costs: what they return, change or keep --------------------------


# Between these two a line may be broken.
JOINED, PACKED = "np.concatenate(", "[W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad]"

PACKING = (
    mistake(
        "column by column",
        "Both matrices of the gradient are flattened column by column, as in MATLAB. Look at the "
        "order in which theta holds the entries of W1 and W2.",
        (PACKED, "[W1_grad.ravel('F'), W2_grad.ravel('F'), b1_grad, b2_grad]"),
    ),
    mistake(
        "W1 column by column",
        "The gradient of W1 holds the right numbers in the wrong order. Look at how its rows and "
        "columns are flattened, and compare with W2.",
        (PACKED, "[W1_grad.ravel('F'), W2_grad.ravel(), b1_grad, b2_grad]"),
    ),
    mistake(
        "W2 column by column",
        "The gradient of W2 holds the right numbers in the wrong order. Look at how its rows and "
        "columns are flattened, and compare with W1.",
        (PACKED, "[W1_grad.ravel(), W2_grad.ravel('F'), b1_grad, b2_grad]"),
    ),
    mistake(
        "W2 before W1",
        "In the gradient the part of W2 comes before that of W1. Look at the order of the four "
        "blocks in theta.",
        (PACKED, "[W2_grad.ravel(), W1_grad.ravel(), b1_grad, b2_grad]"),
    ),
    mistake(
        "b2 before b1",
        "In the gradient the part of b2 comes before that of b1. Look at the order of the four "
        "blocks in theta.",
        (PACKED, "[W1_grad.ravel(), W2_grad.ravel(), b2_grad, b1_grad]"),
    ),
    mistake(
        "biases first",
        "In the gradient the biases come before the weights. Look at the order of the four blocks "
        "in theta.",
        (PACKED, "[b1_grad, b2_grad, W1_grad.ravel(), W2_grad.ravel()]"),
    ),
    mistake(
        "biases left out",
        "The gradient ends after the weights. Look at the last entries of theta: the biases have "
        "a gradient too.",
        (PACKED, "[W1_grad.ravel(), W2_grad.ravel()]"),
    ),
    mistake(
        "the cost alone",
        "The cost comes back without its gradient. Look at the last line of the docstring: two "
        "things are returned.",
        ("return cost, np", "return cost; np"),
    ),
    mistake(
        "the gradient alone",
        "The gradient comes back without the cost. Look at the last line of the docstring: two "
        "things are returned.",
        ("return cost, np", "return np"),
    ),
    mistake(
        "gradient before cost",
        "The gradient comes back first and the cost second. Look at the order that the docstring "
        "asks for.",
        (f"return cost, {JOINED}", f"return (lambda c, g: (g, c))(cost, {JOINED}"),
        (PACKED, f"{PACKED})"),
    ),
    mistake(
        "five things",
        "The four blocks of the gradient come back one by one. Look at the shape that grad should "
        "have: that of theta.",
        (JOINED, "*list("),
        (PACKED, "[W1_grad, W2_grad, b1_grad, b2_grad]"),
    ),
    mistake(
        "a list of blocks",
        "The gradient is a list of four blocks that were never joined. Look at the shape that "
        "grad should have: that of theta.",
        (JOINED, "list("),
    ),
    mistake(
        "gradient in one column",
        "The gradient is a matrix with a single column. Look at the shape of theta: it has one "
        "dimension.",
        (JOINED, f"np.transpose([{JOINED}"),
        (PACKED, f"{PACKED})]"),
    ),
    mistake(
        "no return",
        "The function ends without a result. Look at its last line: something has to go back to "
        "the caller.",
        ("return cost, np", "cost, np"),
    ),
)


STATE = (
    mistake(
        "theta changed",
        "W1 is a view of theta, and is scaled in place: the caller's theta has changed after the "
        "call. Look at where the weight decay is added to the gradient.",
        ("    W1_grad = delta2 @ data.T / m + lambda_ * W1",
         "    W1 *= lambda_\n    W1_grad = delta2 @ data.T / m + W1"),
    ),
    mistake(
        "data changed",
        "The outputs are taken off data in place: the caller's data have changed, and so has what "
        "the gradient of W1 is made of. Look at where the error is computed.",
        ("error = a3 - data", "data -= a3; error = -data"),
    ),
    mistake(
        "first activations kept",
        "The activations of the very first call are used again in every later one. Look for "
        "something that is kept between two calls.",
        ("data):", "data, kept=[]):"),
        ("a2, a3 = feed_forward(", "kept.append(feed_forward("),
        ("hidden_size, data)\n", "hidden_size, data)); a2, a3 = kept[0]\n"),
    ),
    mistake(
        "costs add up",
        "Each call adds its cost to those of the calls before, so that the same input costs more "
        "each time. Look for a default argument or a global that grows.",
        ("data):", "data, kept=[]):"),
        ("return cost,", "kept.append(cost); return sum(kept),"),
    ),
)  # fmt: skip


# Both cost functions are written in the same way up to the penalty.
COST_MISTAKES = (*RECONSTRUCTION, *DECAY, *DELTAS, *GRADIENTS, *PACKING, *STATE)
COST_NOT_TOGETHER = (
    ("cost summed over examples", "1/m missing"),
    ("1/m twice", "gradient summed"),
)

# --- of the sample class -----------------------------------------------------------------

COST_IN_LOOPS = """
    theta = [float(t) for t in theta]
    v, h, m = visible_size, hidden_size, data.shape[1]
    W1 = [theta[j * v : (j + 1) * v] for j in range(h)]
    W2 = [theta[h * v + i * h : h * v + (i + 1) * h] for i in range(v)]
    b1, b2 = theta[2 * h * v : 2 * h * v + h], theta[2 * h * v + h :]

    hidden, output = [], []
    for n in range(m):
        x = data[:, n]
        a = [1 / (1 + math.exp(-sum(W1[j][i] * x[i] for i in range(v)) - b1[j])) for j in range(h)]
        hidden.append(a)
        output.append(
            [1 / (1 + math.exp(-sum(W2[i][j] * a[j] for j in range(h)) - b2[i])) for i in range(v)]
        )
    cost = sum((output[n][i] - data[i, n]) ** 2 for n in range(m) for i in range(v)) / (2 * m)
    cost += lambda_ / 2 * sum(w * w for row in W1 + W2 for w in row)
    pull = [0.0] * h
{penalty}
    grad = [lambda_ * w for row in W1 + W2 for w in row] + [0.0] * (h + v)
    for n in range(m):
        a, y = hidden[n], output[n]
        d3 = [(y[i] - data[i, n]) * y[i] * (1 - y[i]) for i in range(v)]
        for j in range(h):
            back = sum(W2[i][j] * d3[i] for i in range(v)) + pull[j]
            d2 = back * a[j] * (1 - a[j])
            grad[2 * h * v + j] += d2 / m
            for i in range(v):
                grad[j * v + i] += d2 * data[i, n] / m
                grad[h * v + i * h + j] += d3[i] * a[j] / m
        for i in range(v):
            grad[2 * h * v + h + i] += d3[i] / m
    return cost, np.array(grad)
"""

DECAYED_BIASES = (
    ("np.sum(W2**2))", "np.sum(W2**2) + np.sum(b1**2) + np.sum(b2**2))"),
    ("b1_grad = delta2.mean(axis=1)", "b1_grad = delta2.mean(axis=1) + lambda_ * b1"),
    ("b2_grad = delta3.mean(axis=1)", "b2_grad = delta3.mean(axis=1) + lambda_ * b2"),
)
NO_DECAY_IN_GRADIENT = (
    ("W1_grad = delta2 @ data.T / m + lambda_ * W1", "W1_grad = delta2 @ data.T / m"),
    ("W2_grad = delta3 @ a2.T / m + lambda_ * W2", "W2_grad = delta3 @ a2.T / m"),
)


def cost_in_loops(heading: str, penalty: str) -> str:
    """The whole text of a cost function that is written without matrix products.

    Args:
        heading: the first line of the function, with its name and arguments.
        penalty: the indented lines that compute the sparsity penalty; empty without it.
    """
    return f"import math\n\n\n{heading}" + COST_IN_LOOPS.format(penalty=penalty)


EXERCISES = (
    Exercise(
        "sigmoid",
        _sigmoid,
        mistakes=SIGMOID,
        mild_libraries={
            "scipy.special.expit": "which is the sigmoid",
            "scipy.stats.logistic": "which has the sigmoid",
            "sklearn.utils.extmath": "which has the sigmoid",
        },
        sample={
            "ines": (
                (
                    '    with np.errstate(over="ignore"):  # exp(800) is inf, and 1 / inf is '
                    "right\n        return",
                    '    print("z is", z)\n    return',
                ),
            ),
        },
    ),
    Exercise("initialize_parameters", _initialize_parameters, mistakes=INITIAL),
    Exercise(
        "unpack_parameters",
        _unpack_parameters,
        mistakes=UNPACK,
        not_together=(("W2 column by column", "W2 read from W1's place"),),
    ),
    Exercise(
        "feed_forward",
        _feed_forward,
        mistakes=FORWARD,
        libraries=NETWORKS,
        sample={"hugo": (("W1 @ data + b1[:, None]", "W1 @ data + b1[None, :]"),)},
    ),
    Exercise(
        "autoencoder_cost",
        _autoencoder_cost,
        mistakes=COST_MISTAKES,
        not_together=COST_NOT_TOGETHER,
        libraries=COST_LIBRARIES,
        sample={
            "bo": cost_in_loops(
                "def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):", ""
            ),
            "dan": UNTOUCHED,
            "finn": NO_DECAY_IN_GRADIENT,
            "gita": DECAYED_BIASES,
        },
    ),
)
