"""Notebook 08: hidden problems and known mistakes of tanh units, and of another penalty."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.cost import (
    COST_LIBRARIES,
    COST_NOT_TOGETHER,
    DECAY,
    DELTAS,
    GRADIENTS,
    PACKING,
    RECONSTRUCTION,
    STATE,
)
from autograder.exercises.exercise import UNTOUCHED, Exercise, Mistake, mistake
from autograder.exercises.kl_delta import PENALTY, PULLED
from autograder.exercises.networks import mean_activations, networks, sparse_networks
from saelab.check.exercise import Probe


def _tanh_sparsity_delta(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (1, 6, 30):
        rho, rho_hat = rng.uniform(0.05, 0.4), mean_activations(rng, n)
        yield Probe(f"{n} units", (rho, rho_hat, rng.uniform(1.5, 5)))


def _to_tanh(rng: np.random.Generator) -> list[Probe]:
    return [Probe(p.says, (p.theta, p.visible_size, p.hidden_size)) for p in networks(rng)]


def _squared_penalty(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (1, 6, 30):
        rho, rho_hat = rng.uniform(0.05, 0.4), mean_activations(rng, n)
        yield Probe(f"{n} units", (rho, rho_hat, rng.uniform(1.5, 200)))


# --- known mistakes of the term in the bracket -----------------------------------------------


HALF = "sparsity_delta(rho, rho_hat, beta) / 2"

DELTA = (
    mistake(
        "half missing",
        "The term is that of a sigmoid unit. Look at how much p grows when the activation grows.",
        (HALF, "sparsity_delta(rho, rho_hat, beta)"),
    ),
    mistake(
        "doubled",
        "The term is doubled where it should be halved. Look at which of the two, p or the "
        "activation, grows faster.",
        (HALF, "sparsity_delta(rho, rho_hat, beta) * 2"),
    ),
    mistake(
        "halved twice",
        "The term is halved twice. Look at how often the range of tanh is brought to that of a "
        "share.",
        (HALF, "sparsity_delta(rho, rho_hat, beta) / 4"),
    ),
    mistake(
        "the sign",
        "The term has the wrong sign: it drives rho_hat away from rho. Look at what sparsity_delta "
        "gives where rho_hat is larger than rho.",
        (HALF, "-sparsity_delta(rho, rho_hat, beta) / 2"),
    ),
    mistake(
        "half added",
        "A half is added, where the term should be halved. Look at the chain rule: are inner "
        "derivatives added or multiplied?",
        (HALF, "sparsity_delta(rho, rho_hat, beta) + 0.5"),
    ),
    mistake(
        "rho_hat mapped again",
        "rho_hat is turned into a share once more, though it is a mean of shares already. Look at "
        "the docstring.",
        (HALF, "sparsity_delta(rho, (1 + rho_hat) / 2, beta) / 2"),
    ),
    mistake(
        "both mapped again",
        "rho and rho_hat are turned into shares once more, as if they went from -1 to 1. Look at "
        "the docstring for the range of each.",
        (HALF, "sparsity_delta((1 + rho) / 2, (1 + rho_hat) / 2, beta) / 2"),
    ),
    mistake(
        "in place of a halved term a halved rho_hat",
        "rho_hat is halved, and not the term. Look at which of the two the chain rule is about.",
        (HALF, "sparsity_delta(rho, rho_hat / 2, beta)"),
    ),
    mistake(
        "mapped back to tanh's range",
        "rho and rho_hat are stretched to the range of tanh before the fractions are formed. Look "
        "at which numbers KL compares.",
        (HALF, "sparsity_delta(2 * rho - 1, 2 * rho_hat - 1, beta) / 2"),
    ),
    mistake(
        "target of tanh's range",
        "The target is stretched to the range of tanh, rho_hat is not. Look at what both of them "
        "are shares of.",
        (HALF, "sparsity_delta(2 * rho - 1, rho_hat, beta) / 2"),
    ),
    mistake(
        "tanh's slope multiplied in",
        "The slope of tanh is multiplied in already, at the mean. Look at where the term stands in "
        "delta2: the slope comes after the bracket.",
        (HALF, f"{HALF} * (1 - (2 * rho_hat - 1) ** 2)"),
    ),
    mistake(
        "sigmoid's slope multiplied in",
        "The slope of a sigmoid is multiplied in. Look at where the term stands in delta2, and at "
        "what comes after the bracket.",
        (HALF, f"{HALF} * rho_hat * (1 - rho_hat)"),
    ),
    mistake(
        "slope at rho_hat",
        "The slope of tanh is multiplied in, and taken at rho_hat, which is no activation. Look at "
        "where the term stands in delta2.",
        (HALF, f"{HALF} * (1 - rho_hat**2)"),
    ),
    mistake(
        "beta missing",
        "The term does not change with beta. Look at the weight that sparsity_delta is given.",
        (HALF, "sparsity_delta(rho, rho_hat, 1) / 2"),
    ),
    mistake(
        "beta twice",
        "The term grows with the square of beta. Look at whether sparsity_delta has weighted it "
        "already.",
        (HALF, f"beta * {HALF}"),
    ),
    mistake(
        "rho and rho_hat swapped",
        "rho and rho_hat have changed places. Look at the order of the arguments of "
        "sparsity_delta.",
        (HALF, "sparsity_delta(rho_hat, rho, beta) / 2"),
    ),
    mistake(
        "rho and beta swapped",
        "beta is taken for the target and rho for the weight. Look at the order of the arguments "
        "of sparsity_delta.",
        (HALF, "sparsity_delta(beta, rho_hat, rho) / 2"),
    ),
    mistake(
        "half of the first fraction",
        "The first fraction alone is halved. Look at whether both halves of KL are made of p.",
        (HALF, "beta * (-rho / rho_hat / 2 + (1 - rho) / (1 - rho_hat))"),
    ),
    mistake(
        "half of the second fraction",
        "The second fraction alone is halved, as where a bracket is missing. Look at whether both "
        "halves of KL are made of p.",
        (HALF, "beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat) / 2)"),
    ),
    mistake(
        "the divergence",
        "The result is the divergence, weighted and halved, not its derivative. Look at what the "
        "gradient needs of the penalty.",
        (HALF, "beta * kl_divergence(rho, rho_hat) / 2"),
    ),
    mistake(
        "divided by the number of units",
        "The term is divided by the number of hidden units. Look at the sum over the units in the "
        "penalty: it is no mean.",
        (HALF, f"{HALF} / np.size(rho_hat)"),
    ),
    mistake(
        "summed",
        "The terms of the units are added to a single number. Look at the shape in the docstring: "
        "each unit has its own.",
        (HALF, f"np.sum({HALF})"),
    ),
    mistake(
        "no return",
        "The term is computed, but nothing comes back. Look at the last line of the function.",
        ("return sparsity", "sparsity"),
    ),
)


# --- known mistakes of the cost --------------------------------------------------------------


A2 = "a2 = np.tanh(W1 @ data + b1[:, None])"
A3 = "a3 = sigmoid(W2 @ a2 + b2[:, None])"
SHARE = "average_activation((1 + a2) / 2)"
SLOPE = ") * (1 - a2**2)"
OUT = "error * a3 * (1 - a3)"
PULL = "tanh_sparsity_delta(rho, rho_hat, beta)"
# What is known of the cost with sigmoid units, but of their slope, or of what this one has not.
ELSEWHERE = {
    "f'(z2) missing", "f'(z2) twice", "slope of the slope at layer 2",
    "sigmoid of a2 in the slope", "tanh's slope at layer 2", "half of the slope at layer 2",
    "tanh's slope at layer 3", "first activations kept",
    "no sparsity at all", "outside of f'(z2)", "beta missing in the gradient",
    "lambda in place of beta in the gradient", "rho and rho_hat swapped in delta2",
    "rho and beta swapped", "the divergence in delta2", "sparsity for each example",
    "mean of the activations so far", "sparsity in delta3", "sparsity missing in b1's gradient",
    "sparsity missing in W1's gradient", "beta twice in the gradient",
}  # fmt: skip


def shared() -> Iterator[Mistake]:
    """The known mistakes of the cost of notebook 03 that can be made here, too."""
    for known in (*RECONSTRUCTION, *DECAY, *DELTAS, *GRADIENTS, *PACKING, *STATE, *PENALTY,
                  *PULLED):  # fmt: skip
        if known.name not in ELSEWHERE:
            yield known


UNITS = (
    mistake(
        "sigmoid units",
        "The hidden units are sigmoids. Look at which curve this network has in its hidden layer.",
        (A2, A2.replace("np.tanh", "sigmoid")),
    ),
    mistake(
        "sigmoid cost",
        "This is the cost of a network with sigmoid units. Look at the three things that tanh "
        "changes.",
        (A2, A2.replace("np.tanh", "sigmoid")),
        (SHARE, "average_activation(a2)"),
        (PULL, "sparsity_delta(rho, rho_hat, beta)"),
        (SLOPE, ") * a2 * (1 - a2)"),
    ),
    mistake(
        "tanh outputs",
        "The output units are tanh, so that they may say less than 0. Look at the range of the "
        "pixels that they are to redraw.",
        (A3, A3.replace("sigmoid", "np.tanh")),
    ),
    mistake(
        "tanh outputs with their slope",
        "The output units are tanh, forward and back. Look at the range of the pixels that they "
        "are to redraw.",
        (A3, A3.replace("sigmoid", "np.tanh")),
        (OUT, "error * (1 - a3**2)"),
    ),
    mistake(
        "linear outputs",
        "The output units say their weighted sums as they are. Look at what turns these into "
        "outputs.",
        (A3, "a3 = W2 @ a2 + b2[:, None]"),
    ),
    mistake(
        "linear units",
        "The hidden units say their weighted sums as they are. Look at what turns these into "
        "activations.",
        (A2, "a2 = W1 @ data + b1[:, None]"),
    ),
    mistake(
        "z2 halved",
        "Half of each weighted sum goes into tanh, as if the weights were those of a sigmoid "
        "network. Look at what it is given.",
        (A2, "a2 = np.tanh((W1 @ data + b1[:, None]) / 2)"),
    ),
    mistake(
        "z2 doubled",
        "Twice each weighted sum goes into tanh. Look at what it is given, and for which of the "
        "two curves the identity doubles it.",
        (A2, "a2 = np.tanh(2 * (W1 @ data + b1[:, None]))"),
    ),
    mistake(
        "p handed on",
        "The output layer is given the shares p, not the activations. Look at what p is for: "
        "measuring silence, and nothing else.",
        (A3, "a3 = sigmoid(W2 @ ((1 + a2) / 2) + b2[:, None])"),
    ),
    mistake(
        "p handed on and back",
        "The output layer is given the shares p, and the gradient of W2 is made of them. Look at "
        "what p is for: measuring silence, and nothing else.",
        (A3, "a3 = sigmoid(W2 @ ((1 + a2) / 2) + b2[:, None])"),
        ("delta3 @ a2.T / m", "delta3 @ ((1 + a2) / 2).T / m"),
    ),
    mistake(
        "p in the gradient of W2",
        "The gradient of W2 is made of the shares p. Look at what W2 was multiplied with on the "
        "way forward.",
        ("delta3 @ a2.T / m", "delta3 @ ((1 + a2) / 2).T / m"),
    ),
    mistake(
        "hidden biases missing",
        "The hidden units do not use their biases. Look at what is added before tanh.",
        (A2, "a2 = np.tanh(W1 @ data)"),
    ),
    mistake(
        "output biases missing",
        "The output units do not use their biases. Look at what is added before the sigmoid.",
        (A3, "a3 = sigmoid(W2 @ a2)"),
    ),
    mistake(
        "first activations kept",
        "The activations of the very first call are used again in every later one. Look for "
        "something that is kept between two calls.",
        ("beta, data):", "beta, data, kept=[]):"),
        (A2, "kept.append(np.tanh(W1 @ data + b1[:, None])); a2 = kept[0]"),
    ),
)

SLOPES = (
    mistake(
        "f'(z2) missing",
        "delta2 lacks the slope of the hidden units. Look at what tanh contributes when the error "
        "passes back through it.",
        (SLOPE, ")"),
    ),
    mistake(
        "sigmoid's slope",
        "The slope in delta2 is that of a sigmoid. Look at the curve of the hidden units, and at "
        "its own slope.",
        (SLOPE, ") * a2 * (1 - a2)"),
    ),
    mistake(
        "slope not squared",
        "The activations in delta2's slope are not squared. Look at the derivative of tanh once "
        "more.",
        (SLOPE, ") * (1 - a2)"),
    ),
    mistake(
        "f'(z2) twice",
        "The slope of tanh enters delta2 twice. Look at how often the error passes the hidden "
        "layer on its way back.",
        (SLOPE, ") * (1 - a2**2) ** 2"),
    ),
    mistake(
        "slope's sign",
        "The slope in delta2 has the wrong sign, as if tanh fell. Look at what is taken from what "
        "in it.",
        (SLOPE, ") * (a2**2 - 1)"),
    ),
    mistake(
        "slope with a plus",
        "The slope in delta2 is largest where tanh is flat. Look at the sign in front of the "
        "square.",
        (SLOPE, ") * (1 + a2**2)"),
    ),
    mistake(
        "tanh of a2 in the slope",
        "In delta2 tanh is applied to activations, which went through it already. Look at what "
        "its slope is written in: z2, or a2?",
        (SLOPE, ") * (1 - np.tanh(a2) ** 2)"),
    ),
    mistake(
        "slope of p",
        "The slope in delta2 is that of p, half of the one of the activation. Look at which of "
        "the two the next layer is given.",
        (SLOPE, ") * (1 - a2**2) / 2"),
    ),
    mistake(
        "tanh's slope at layer 3",
        "The slope in delta3 is that of tanh, which the outputs are not. Look at the curve of the "
        "output units.",
        (OUT, "error * (1 - a3**2)"),
    ),
)

SHARES = (
    mistake(
        "mean of the activations",
        "rho_hat is the mean of the activations, which may be negative, and KL of that is no "
        "number. Look at what is averaged.",
        (SHARE, "average_activation(a2)"),
    ),
    mistake(
        "mean of absolute activations",
        "rho_hat is the mean of the sizes of the activations, so that 0 counts as silent. Look at "
        "where a tanh unit is silent.",
        (SHARE, "average_activation(np.abs(a2))"),
    ),
    mistake(
        "mean of squared activations",
        "rho_hat is the mean of squared activations, so that 0 counts as silent. Look at where a "
        "tanh unit is silent.",
        (SHARE, "average_activation(a2**2)"),
    ),
    mistake(
        "p upside down",
        "Silence is taken to be at 1, not at -1. Look at the sign of the activation in p.",
        (SHARE, "average_activation((1 - a2) / 2)"),
    ),
    mistake(
        "p upside down, with its slope",
        "Silence is taken to be at 1, in the cost as in the gradient. Look at which end of its "
        "range a tanh unit is to keep to.",
        (SHARE, "average_activation((1 - a2) / 2)"),
        (PULL, f"-{PULL}"),
    ),
    mistake(
        "target mapped, too",
        "The target is turned into a share once more, in cost and gradient, though it is one "
        "already. Look at what the docstring says of rho.",
        ("kl_divergence(rho, rho_hat)", "kl_divergence((1 + rho) / 2, rho_hat)"),
        (PULL, "tanh_sparsity_delta((1 + rho) / 2, rho_hat, beta)"),
    ),
    mistake(
        "p not halved",
        "rho_hat may be larger than 1, and KL of that is no number. Look at what the range of "
        "tanh is divided by.",
        (SHARE, "average_activation(1 + a2)"),
    ),
    mistake(
        "sigmoid of the activations",
        "The activations go through a sigmoid to become shares, which leaves them near the "
        "middle. Look at the formula of p.",
        (SHARE, "average_activation(1 / (1 + np.exp(-a2)))"),
    ),
    mistake(
        "sigmoid of z2",
        "rho_hat is what sigmoid units with these weights would have. Look at the formula of p.",
        (SHARE, "average_activation(sigmoid(W1 @ data + b1[:, None]))"),
    ),
    mistake(
        "rho_hat of the outputs",
        "rho_hat is the mean of the outputs. Look at which layer is asked to be sparse.",
        (SHARE, "average_activation(np.resize(a3, a2.shape))"),
    ),
    mistake(
        "rho_hat over everything",
        "All hidden units share one mean, so that rare and busy units balance. Look at what "
        "rho_hat is averaged over.",
        (SHARE, "np.full(hidden_size, ((1 + a2) / 2).mean())"),
    ),
    mistake(
        "rho_hat of one example",
        "rho_hat is the share of the first example alone. Look at what becomes of the other "
        "examples.",
        (SHARE, "(1 + a2[:, 0]) / 2"),
    ),
)

HALVES = (
    mistake(
        "half missing",
        "The sparsity term of the gradient is twice as large as it should be: that of sigmoid "
        "units. Look at which function tanh units have for it.",
        (PULL, "sparsity_delta(rho, rho_hat, beta)"),
    ),
    mistake(
        "halved twice",
        "The sparsity term of the gradient is half as large as it should be. Look at whether its "
        "function has halved it already.",
        (PULL, f"{PULL} / 2"),
    ),
    mistake(
        "no sparsity at all",
        "Nothing changes with beta. Look for the divergence in the cost and for its pull on "
        "delta2.",
        (" + decay + penalty", " + decay"),
        (" + pull[:, None]", ""),
    ),
    mistake(
        "outside of f'(z2)",
        "The sparsity term is added after the slope of the hidden units. Look at the brackets of "
        "delta2: what does the slope multiply?",
        ("(W2.T @ delta3 + pull[:, None]) * (1 - a2**2)",
         "W2.T @ delta3 * (1 - a2**2) + pull[:, None]"),
    ),
    mistake(
        "beta missing in the gradient",
        "The sparsity term of the gradient does not change with beta. Look at the weight that its "
        "function is given.",
        (PULL, "tanh_sparsity_delta(rho, rho_hat, 1)"),
    ),
    mistake(
        "beta twice in the gradient",
        "The sparsity term of the gradient grows with the square of beta. Look at whether its "
        "function has weighted it already.",
        (PULL, f"beta * {PULL}"),
    ),
    mistake(
        "rho and rho_hat swapped in delta2",
        "In the gradient's sparsity term rho and rho_hat have changed places. Look at the order "
        "of the arguments of its function.",
        (PULL, "tanh_sparsity_delta(rho_hat, rho, beta)"),
    ),
    mistake(
        "sparsity for each example",
        "The sparsity term is computed from each example by itself. Look at what it depends on: "
        "an average over all examples.",
        (PULL, "tanh_sparsity_delta(rho, (1 + a2) / 2, beta)"),
        ("pull[:, None]", "pull"),
    ),
    mistake(
        "the divergence in delta2",
        "The divergence itself is added in delta2. Look at what backpropagation passes on: values "
        "or derivatives?",
        (PULL, "beta * kl_divergence(rho, rho_hat)"),
    ),
)  # fmt: skip


# --- known mistakes of the other way to write a network --------------------------------------


SHIFTED = "b2 = b2 + W2.sum(axis=1) / 2"
PACKED = "[W1.ravel() / 2, W2.ravel() / 2, b1 / 2, b2]"

TO_TANH = (
    mistake(
        "b2 as it was",
        "b2 is what it was. Look at what an output is given when all hidden units are silent, "
        "before and after.",
        (SHIFTED, "pass"),
    ),
    mistake(
        "b2 halved",
        "b2 is halved like the rest, and no weight is added to it. Look at what each output is "
        "given in the two networks.",
        (SHIFTED, "b2 = b2 / 2"),
    ),
    mistake(
        "b2 halved and shifted",
        "b2 is halved before the weights are added. Look at whether the output layer's own "
        "bias has to change its size.",
        (SHIFTED, "b2 = b2 / 2 + W2.sum(axis=1) / 2"),
    ),
    mistake(
        "the shift's sign",
        "The weights are taken from b2. Look at what an output misses where a unit says less than "
        "it did.",
        (SHIFTED, SHIFTED.replace(" + ", " - ")),
    ),
    mistake(
        "the shift not halved",
        "Whole weights are added to b2. Look at how far apart the two activations of a unit are, "
        "once the weight is halved.",
        (SHIFTED, "b2 = b2 + W2.sum(axis=1)"),
    ),
    mistake(
        "the shift halved twice",
        "Quarters of the weights are added to b2. Look at whether the weights in the sum were "
        "halved already.",
        (SHIFTED, SHIFTED.replace("/ 2", "/ 4")),
    ),
    mistake(
        "the shift a mean",
        "The mean of each output's weights is added to b2. Look at whether the formula adds them "
        "up.",
        (SHIFTED, SHIFTED.replace("sum", "mean")),
    ),
    mistake(
        "one shift for all",
        "All outputs get the same shift. Look at whose weights each output adds up.",
        (SHIFTED, "b2 = b2 + W2.sum() / 2"),
    ),
    mistake(
        "the shift over outputs",
        "What is added to b2 runs over the hidden units, of which there is another number. Look "
        "at the direction of the sum over W2.",
        (SHIFTED, SHIFTED.replace("axis=1", "axis=0")),
    ),
    mistake(
        "the shift of W1",
        "What is added to b2 is made of W1. Look at which weights lead to the outputs.",
        (SHIFTED, SHIFTED.replace("W2.sum(axis=1)", "W1.sum(axis=0)")),
    ),
    mistake(
        "shift at b1, too",
        "b1 is shifted as well. Look at which layer is given another activation than before.",
        (SHIFTED, f"{SHIFTED}; b1 = b1 + W1.sum(axis=1)"),
    ),
    mistake(
        "shift at b1 alone",
        "b1 is shifted, and b2 is not. Look at which layer is given another activation than "
        "before.",
        (SHIFTED, "b1 = b1 + W1.sum(axis=1)"),
    ),
    mistake(
        "only the hidden layer",
        "W1 and b1 are halved, and the way to the outputs is as it was. Look at what they are "
        "given when a unit says other numbers.",
        (SHIFTED, "pass"),
        (PACKED, "[W1.ravel() / 2, W2.ravel(), b1 / 2, b2]"),
    ),
    mistake(
        "only the output layer",
        "W2 and b2 are right, but W1 and b1 are as they were. Look at the identity: at what place "
        "is the sigmoid taken in it?",
        (PACKED, "[W1.ravel(), W2.ravel() / 2, b1, b2]"),
    ),
    mistake(
        "W1 as it was",
        "W1 is as it was. Look at what the sum that goes into tanh is made of.",
        (PACKED, "[W1.ravel(), W2.ravel() / 2, b1 / 2, b2]"),
    ),
    mistake(
        "b1 as it was",
        "b1 is as it was. Look at what the sum that goes into tanh is made of: weights alone?",
        (PACKED, "[W1.ravel() / 2, W2.ravel() / 2, b1, b2]"),
    ),
    mistake(
        "W2 as it was",
        "W2 is as it was. Look at how long the range of tanh is beside that of a sigmoid.",
        (PACKED, "[W1.ravel() / 2, W2.ravel(), b1 / 2, b2]"),
    ),
    mistake(
        "W2 doubled",
        "W2 is doubled. Look at which of the two activations has the longer range.",
        (PACKED, "[W1.ravel() / 2, W2.ravel() * 2, b1 / 2, b2]"),
    ),
    mistake(
        "hidden layer doubled",
        "W1 and b1 are doubled. Look at the identity: which of the two curves is the steeper one "
        "at the same sum?",
        (PACKED, "[W1.ravel() * 2, W2.ravel() / 2, b1 * 2, b2]"),
    ),
    mistake(
        "from tanh to sigmoid",
        "This is the way back, from tanh to the sigmoid. Look at the docstring: which network is "
        "given?",
        (SHIFTED, SHIFTED.replace(" + ", " - ").replace(" / 2", "")),
        (PACKED, "[W1.ravel() * 2, W2.ravel() * 2, b1 * 2, b2]"),
    ),
    mistake(
        "column by column",
        "Both matrices are flattened column by column. Look at the order in which theta holds "
        "their entries.",
        (PACKED, "[W1.ravel('F') / 2, W2.ravel('F') / 2, b1 / 2, b2]"),
    ),
    mistake(
        "W2 before W1",
        "W2 comes before W1. Look at the order of the four blocks in theta.",
        (PACKED, "[W2.ravel() / 2, W1.ravel() / 2, b1 / 2, b2]"),
    ),
    mistake(
        "b2 before b1",
        "b2 comes before b1. Look at the order of the four blocks in theta.",
        (PACKED, "[W1.ravel() / 2, W2.ravel() / 2, b2, b1 / 2]"),
    ),
    mistake(
        "sizes swapped",
        "theta is taken apart as if inputs and hidden units had changed places. Look at the order "
        "of the arguments of unpack_parameters.",
        ("unpack_parameters(theta, visible_size, hidden_size)",
         "unpack_parameters(theta, hidden_size, visible_size)"),
    ),
    mistake(
        "four things",
        "The four blocks come back one by one. Look at the shape in the docstring.",
        ("np.concatenate(", "tuple("),
    ),
    mistake(
        "theta changed",
        "theta itself is halved, and its caller still needs the old numbers. Look at which steps "
        "write into an array that is a part of it.",
        (SHIFTED, f"{SHIFTED}; W1 /= 2; W2 /= 2; b1 /= 2"),
        (PACKED, "[W1.ravel(), W2.ravel(), b1, b2]"),
    ),
    mistake(
        "halved before it is added up",
        "theta is halved in place before its weights are added up. Look at the order of the steps, "
        "and at whether the caller's numbers survive them.",
        (SHIFTED, "W1 /= 2; W2 /= 2; b1 /= 2; b2 = b2 + W2.sum(axis=1) / 2"),
        (PACKED, "[W1.ravel(), W2.ravel(), b1, b2]"),
    ),
    mistake(
        "no return",
        "The new parameters are computed, but nothing comes back. Look at the last line of the "
        "function.",
        ("return np", "np"),
    ),
)  # fmt: skip


# --- known mistakes of the squared penalty ---------------------------------------------------


VALUE, STEEPNESS = "beta * np.sum(gap**2)", "2 * beta * gap"
BOTH = f"{VALUE}, {STEEPNESS}"

SQUARED = (
    mistake(
        "2 missing in the slope",
        "The slope is half as large as it should be. Look at the derivative of a square.",
        (STEEPNESS, "beta * gap"),
    ),
    mistake(
        "value halved",
        "The value is half as large as it should be. Look at whether the formula begins with a "
        "half, as the error does.",
        (VALUE, f"{VALUE} / 2"),
    ),
    mistake(
        "both halved",
        "Value and slope belong together, but both are half as large as they should be. Look at "
        "whether the formula begins with a half, as the error does.",
        (BOTH, f"{VALUE} / 2, beta * gap"),
    ),
    mistake(
        "the slope's sign",
        "The slope has the wrong sign: a unit that is too active would get more so. Look at which "
        "number the derivative is taken for.",
        (STEEPNESS, "-2 * beta * gap"),
    ),
    mistake(
        "beta missing in the value",
        "The value does not change with beta. Look at what stands before the sum.",
        (VALUE, "np.sum(gap**2)"),
    ),
    mistake(
        "beta missing in the slope",
        "The slope does not change with beta. Look at what weighs the value: it has to weigh its "
        "derivative too.",
        (STEEPNESS, "2 * gap"),
    ),
    mistake(
        "no beta at all",
        "Neither value nor slope changes with beta. Look at what stands before the sum.",
        (BOTH, "np.sum(gap**2), 2 * gap"),
    ),
    mistake(
        "beta squared with the distance",
        "Both grow with the square of beta, as if it stood within the brackets. Look at what is "
        "squared.",
        (BOTH, "np.sum((beta * gap) ** 2), 2 * beta**2 * gap"),
    ),
    mistake(
        "a value for each unit",
        "The value has one number for each unit. Look at what the docstring says of it.",
        (VALUE, "beta * gap**2"),
    ),
    mistake(
        "value averaged",
        "The value is an average over the units. Look at whether the formula adds them up.",
        (VALUE, "beta * np.mean(gap**2)"),
    ),
    mistake(
        "both averaged",
        "Value and slope are averages over the units. Look at whether the formula adds them up.",
        (BOTH, "beta * np.mean(gap**2), 2 * beta * gap / np.size(gap)"),
    ),
    mistake(
        "slope summed",
        "The slope is a single number, the sum over the units. Look at the shape in the docstring: "
        "each unit has its own.",
        (STEEPNESS, "np.sum(2 * beta * gap)"),
    ),
    mistake(
        "square of the sum",
        "The distances are added before they are squared, so that they cancel. Look at the order "
        "of the two steps in the value.",
        (VALUE, "beta * np.sum(gap) ** 2"),
    ),
    mistake(
        "absolute distances",
        "The value adds distances that are not squared. Look at their power in the formula.",
        (VALUE, "beta * np.sum(np.abs(gap))"),
    ),
    mistake(
        "absolute distances, with their slope",
        "Distances are not squared, and the slope is that of their size. Look at the power in the "
        "formula.",
        (BOTH, "beta * np.sum(np.abs(gap)), beta * np.sign(gap)"),
    ),
    mistake(
        "root of the sum",
        "The value is a length: a root is taken of the sum of squares. Look at the formula.",
        (VALUE, "beta * np.linalg.norm(gap)"),
    ),
    mistake(
        "too active units only",
        "Units that are less active than rho cost nothing. Look at whether a square asks which of "
        "two numbers is larger.",
        ("gap = rho_hat - rho", "gap = np.maximum(rho_hat - rho, 0)"),
    ),
    mistake(
        "distance as a share of rho",
        "The distances are measured in units of rho. Look at what is squared in the formula.",
        ("gap = rho_hat - rho", "gap = (rho_hat - rho) / rho"),
    ),
    mistake(
        "without the target",
        "The squares of rho_hat itself are added up, as if the target were 0. Look at what rho is "
        "for.",
        ("gap = rho_hat - rho", "gap = rho_hat"),
    ),
    mistake(
        "rho added",
        "rho is added to rho_hat. Look at what a distance is.",
        ("gap = rho_hat - rho", "gap = rho_hat + rho"),
    ),
    mistake(
        "with the slope of a sigmoid",
        "The slope of a sigmoid is multiplied in, taken at rho_hat. Look at where this slope is "
        "used: the other one comes after the bracket.",
        (STEEPNESS, "2 * beta * gap * rho_hat * (1 - rho_hat)"),
    ),
    mistake(
        "slope squared, too",
        "The slope still holds squares. Look at what a derivative does to a power.",
        (STEEPNESS, "2 * beta * gap**2"),
    ),
    mistake(
        "half for tanh",
        "The slope is halved once more, as tanh units need it; here it is asked for with respect "
        "to rho_hat. Look at the docstring.",
        (STEEPNESS, "beta * gap / 2"),
    ),
    mistake(
        "slope before value",
        "The slope comes first and the value second. Look at the order in the docstring.",
        (BOTH, f"{STEEPNESS}, {VALUE}"),
    ),
    mistake(
        "the value alone",
        "The value comes back without its slope. Look at the docstring: two things are returned.",
        (BOTH, VALUE),
    ),
    mistake(
        "no return",
        "Both are computed, but nothing comes back. Look at the last line of the function.",
        ("return beta", "beta"),
    ),
)


EXERCISES = (
    Exercise(
        "tanh_sparsity_delta",
        _tanh_sparsity_delta,
        mistakes=DELTA,
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "tanh_autoencoder_cost",
        sparse_networks,
        mistakes=(*shared(), *UNITS, *SLOPES, *SHARES, *HALVES),
        not_together=(
            *COST_NOT_TOGETHER,
            ("sparsity's sign in delta2", "p upside down, with its slope"),
        ),
        libraries=COST_LIBRARIES,
        sample={"dan": UNTOUCHED, "eve": (("W2.T @ delta3 + pull[:, None]", "W2.T @ delta3"),)},
    ),
    Exercise("to_tanh", _to_tanh, mistakes=TO_TANH, sample={"dan": UNTOUCHED}),
    Exercise(
        "squared_penalty",
        _squared_penalty,
        mistakes=SQUARED,
        # Both of such a pair have an entry of their own.
        not_together=(
            ("2 missing in the slope", "value halved"),
            ("beta missing in the value", "beta missing in the slope"),
        ),
        sample={"dan": UNTOUCHED},
    ),
)
