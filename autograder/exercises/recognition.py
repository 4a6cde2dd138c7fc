"""Notebook 10: hidden problems and known mistakes of the encoder and of the classifier."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.cost import DIFFERENCES
from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import networks
from saelab.check.exercise import Probe


def _encode(rng: np.random.Generator) -> Iterator[Probe]:
    for p in networks(rng):
        yield Probe(p.says, (p.theta, p.visible_size, p.hidden_size, p.data))


# (classes, features, examples, lambda): no two sizes are equal, but in the square one.
SIZES = ((3, 5, 12, 0.2), (7, 2, 5, 0.05), (4, 6, 1, 0.3), (2, 3, 40, 0.1), (5, 3, 8, 0.0),
         (4, 4, 6, 0.15))  # fmt: skip


def _softmax_cost(rng: np.random.Generator) -> Iterator[Probe]:
    for c, d, m, lambda_ in SIZES:
        examples = "1 example" if m == 1 else f"{m} examples"
        yield Probe(
            f"{c} classes, {d} features, {examples}, lambda = {lambda_:g}",
            (rng.normal(size=c * d + c), c, d, lambda_, rng.normal(size=(d, m)),
             rng.integers(c, size=m)),
        )  # fmt: skip


# --- known mistakes of the encoder -----------------------------------------------------------


UNPACKED = "W1, _, b1, _ = unpack_parameters(theta, visible_size, hidden_size)"
INPUT = "W1 @ data + b1[:, None]"
CODE = f"sigmoid({INPUT})"
WHOLE_NETWORK = f"W1, W2, b1, b2 = {UNPACKED.partition('= ')[2]}"

ENCODER = (
    mistake(
        "outputs",
        "What comes back is the network's attempt to redraw the examples. Look at which layer "
        "holds the features.",
        (UNPACKED, WHOLE_NETWORK),
        (CODE, f"sigmoid(W2 @ {CODE} + b2[:, None])"),
    ),
    mistake(
        "both layers",
        "Both layers' activations come back. Look at which of the two is asked for.",
        (UNPACKED, WHOLE_NETWORK),
        (CODE, f"{CODE}, sigmoid(W2 @ {CODE} + b2[:, None])"),
    ),
    mistake(
        "bias missing",
        "The biases of the hidden units leave no trace. Look at what is added before the sigmoid.",
        (INPUT, "W1 @ data"),
    ),
    mistake(
        "bias subtracted",
        "The biases have the wrong sign. Look at what stands before the sigmoid.",
        (INPUT, "W1 @ data - b1[:, None]"),
    ),
    mistake(
        "sigmoid missing",
        "These are the numbers that go into the sigmoid, not what comes out of it. Look at what "
        "an activation is.",
        (CODE, f"({INPUT})"),
    ),
    mistake(
        "sigmoid twice",
        "The sigmoid is applied to what has been through it. Look at how often that happens to "
        "each number.",
        (CODE, f"sigmoid({CODE})"),
    ),
    mistake(
        "tanh",
        "The features run from below 0 to 1, as those of the hyperbolic tangent do. Look at the "
        "function that the network was trained with.",
        (CODE, f"np.tanh({INPUT})"),
    ),
    mistake(
        "rectified",
        "Negative numbers become 0, and others stay. Look at the function that the network was "
        "trained with.",
        (CODE, f"np.maximum({INPUT}, 0)"),
    ),
    mistake(
        "softmax",
        "The features of each example add up to 1. Look at whether one hidden unit has to know of "
        "the others.",
        (CODE, f"np.exp({INPUT}) / np.exp({INPUT}).sum(axis=0)"),
    ),
    mistake(
        "the output layer's weights",
        "The weights of the output layer, turned round, stand in for those of the hidden layer. "
        "Look at which matrix an example meets first.",
        (UNPACKED, UNPACKED.replace("W1, _,", "_, W2,")),
        ("W1 @ data", "W2.T @ data"),
    ),
    mistake(
        "the other layer's bias",
        "The biases are those of the output layer. Look at which of the two has a number for each "
        "hidden unit.",
        (UNPACKED, UNPACKED.replace("b1, _", "_, b1")),
    ),
    mistake(
        "examples in rows",
        "The table is turned: it has a row for each example. Look at the shape in the docstring.",
        (CODE, f"{CODE}.T"),
    ),
    mistake(
        "data turned",
        "The data are turned before they meet the weights. Look at where an example stands: in a "
        "row or in a column.",
        ("W1 @ data", "W1 @ data.T"),
    ),
    mistake(
        "weights turned",
        "The weights are turned before they meet the data. Look at the shapes of both.",
        ("W1 @ data", "W1.T @ data"),
    ),
    mistake(
        "averaged over the examples",
        "Each unit has one number, its mean over the examples. Look at how many numbers each "
        "example should get.",
        (CODE, f"{CODE}.mean(axis=1)"),
    ),
    mistake(
        "thresholded",
        "Every feature is 0 or 1. Look for a comparison: how active a unit is counts, too.",
        (CODE, f"({CODE} > 0.5).astype(float)"),
    ),
    mistake(
        "centred",
        "Each feature's mean over these examples has been taken off, so that one example's "
        "features depend on the others. Look at what is done after the sigmoid.",
        (f"return {CODE}", f"a = {CODE}\n    return a - a.mean(axis=1, keepdims=True)"),
    ),
    mistake(
        "standardised",
        "The features are measured in their own spread over these examples. Look at what is done "
        "after the sigmoid: they are asked for as they are.",
        (f"return {CODE}", f"a = {CODE}\n    return (a - a.mean(axis=1, keepdims=True)) / "
                           "a.std(axis=1, keepdims=True)"),
    ),
    mistake(
        "scaled to length 1",
        "The features of each example have the length 1. Look at what is done after the sigmoid: "
        "they are asked for as they are.",
        (f"return {CODE}", f"a = {CODE}\n    return a / np.linalg.norm(a, axis=0)"),
    ),
    mistake(
        "each example's mean off",
        "The mean of each example is taken off before the network sees it. Look at what the data "
        "are when they come in: what was to be done to them has been done.",
        ("W1 @ data", "W1 @ (data - data.mean(axis=0))"),
    ),
    mistake(
        "each input's mean off",
        "The mean of each input over these examples is taken off before the network sees them. "
        "Look at what is done to the data: nothing is asked for.",
        ("W1 @ data", "W1 @ (data - data.mean(axis=1, keepdims=True))"),
    ),
    mistake(
        "theta column by column",
        "The weights are read column by column. Look at the order in which a matrix is laid into "
        "theta.",
        (UNPACKED, f"{UNPACKED}\n    W1 = W1.ravel().reshape(W1.shape, order='F')"),
    ),
    mistake(
        "encoded again",
        "The examples are redrawn first, and what is encoded is the copy. Look at what the hidden "
        "layer should see.",
        (UNPACKED, f"{WHOLE_NETWORK}\n    data = sigmoid(W2 @ {CODE} + b2[:, None])"),
    ),
    mistake(
        "single precision",
        "The features keep about seven digits. Look for what turns numbers into single precision.",
        (CODE, f"{CODE}.astype(np.float32)"),
    ),
    mistake(
        "no return",
        "The features are computed, but nothing comes back. Look at the last line of the function.",
        ("return sigmoid", "sigmoid"),
    ),
)  # fmt: skip


# --- known mistakes of the classifier --------------------------------------------------------


SPLIT = "theta[: n_classes * n_features].reshape(n_classes, n_features)"
REST = "b = theta[n_classes * n_features :]"
SCORES = "W @ features + b[:, None]"
SHIFT = "scores -= scores.max(axis=0)"
TOTAL = "np.exp(scores).sum(axis=0)"
LOG_P = f"scores - np.log({TOTAL})"
ERROR = "-log_p[labels, np.arange(m)].mean()"
ONE_HOT = "np.eye(n_classes)[:, labels]"
DELTA = f"np.exp(log_p) - {ONE_HOT}"
GRAD_W = "delta @ features.T / m"
GRAD_B = "delta.mean(axis=1)"
IN_GRADIENT = " + lambda_ * W"
IN_COST = " + lambda_ / 2 * np.sum(W**2)"
BLOCKS = f"np.concatenate([grad_W.ravel(), {GRAD_B}])"

DECAYED_BIASES = (
    ("np.sum(W**2)", "np.sum(theta**2)"),
    (GRAD_B, f"{GRAD_B} + lambda_ * b"),
)

LARGE_SCORES = (
    mistake(
        "overflow",
        "Where scores are large the exponential is infinite, and what follows is no number. Look "
        "at what may be taken off all scores of an example without changing its probabilities.",
        (SHIFT, "pass"),
    ),
    mistake(
        "logarithm of zero",
        "A probability may be too small for a number, and its logarithm is infinite. Look at what "
        "the logarithm of a fraction is, before the fraction is computed.",
        (LOG_P, f"np.log(np.exp(scores) / {TOTAL})"),
    ),
    mistake(
        "something added in the logarithm",
        "All probabilities are a little too large in the logarithm. Look for a small number that "
        "was added there: with the logarithm of a fraction none is needed.",
        (LOG_P, f"np.log(np.exp(scores) / {TOTAL} + 1e-8)"),
    ),
    mistake(
        "probabilities cut off",
        "A large error counts as less than it is: probabilities are cut off from below. Look at "
        "what is done before the logarithm is taken.",
        (LOG_P, f"np.log(np.maximum(np.exp(scores) / {TOTAL}, 1e-12))"),
    ),
    mistake(
        "scores cut off",
        "Scores are kept within limits, and beyond them the cost does not grow. Look for a limit "
        "that is put on them.",
        (SHIFT, f"scores = np.clip(scores, -50, 50)\n    {SHIFT}"),
    ),
    mistake(
        "one largest score for all",
        "The largest score of all examples is taken off everywhere, and where an example's own are "
        "far below it nothing is left. Look at how far each example's maximum reaches.",
        (SHIFT, "scores -= scores.max()"),
    ),
    mistake(
        "largest score not taken off the true one",
        "The largest score is taken off in the sum of exponentials, but not from the score that "
        "the logarithm is subtracted from. Look at both places.",
        (SHIFT, "pass"),
        (LOG_P, "scores - np.log(np.exp(scores - scores.max(axis=0)).sum(axis=0))"),
    ),
)

PROBABILITIES = (
    mistake(
        "over examples",
        "The probabilities of each class add up to 1 over the examples. Look at the direction of "
        "the sum: an example belongs to one of the classes.",
        (TOTAL, "np.exp(scores).sum(axis=1, keepdims=True)"),
    ),
    mistake(
        "over everything",
        "The probabilities of all examples together add up to 1. Look at what the sum of the "
        "exponentials runs over.",
        (TOTAL, "np.exp(scores).sum()"),
    ),
    mistake(
        "each class by itself",
        "Each class gets a sigmoid of its own, so that an example's probabilities do not add up to "
        "1. Look at what makes the classes compete.",
        (SHIFT, "pass"),
        (LOG_P, "-np.logaddexp(0, -scores)"),
    ),
    mistake(
        "bias missing",
        "The biases leave no trace in the scores. Look at what is added to the weighted features.",
        (SCORES, "W @ features + 0 * b[:, None]"),
    ),
    mistake(
        "biases in front",
        "The biases are read from the beginning of theta. Look at which of the two comes first "
        "there.",
        (SPLIT, "theta[n_classes:].reshape(n_classes, n_features)"),
        (REST, "b = theta[:n_classes]"),
    ),
    mistake(
        "weights by features",
        "The weights are read with a row for each feature, and then turned. Look at the shape in "
        "the docstring.",
        (SPLIT, "theta[: n_classes * n_features].reshape(n_features, n_classes).T"),
    ),
    mistake(
        "labels from 1 on",
        "Each example is counted for the class before its own. Look at where the labels begin to "
        "count.",
        ("    m = features", "    labels = labels - 1\n    m = features"),
    ),
    mistake(
        "classes that occur",
        "It stops where the last class has no example. Look at where the number of classes comes "
        "from.",
        (ONE_HOT, "np.eye(labels.max() + 1)[:, labels]"),
    ),
)

COST = (
    mistake(
        "sum over the examples in the cost",
        "The error in the cost grows with the number of examples. Look at what makes a mean of a "
        "sum.",
        (ERROR, ERROR.replace("mean", "sum")),
    ),
    mistake(
        "mean over the classes in the cost",
        "The error in the cost is divided by the number of classes, too. Look at how many numbers "
        "each example adds to it.",
        (ERROR, f"-np.mean({ONE_HOT} * log_p)"),
    ),
    mistake(
        "the sign of the error",
        "The error in the cost is negative: it is lowest where the classifier is most wrong. Look "
        "at the sign of a logarithm of what is less than 1.",
        (ERROR, ERROR[1:]),
    ),
    mistake(
        "logarithm to base 2",
        "The error in the cost is measured in bits. Look at the base of the logarithm.",
        (ERROR, f"{ERROR} / np.log(2)"),
    ),
    mistake(
        "logarithm to base 10",
        "The error in the cost is counted in powers of ten. Look at the base of the logarithm.",
        (ERROR, f"{ERROR} / np.log(10)"),
    ),
    mistake(
        "squared error",
        "The error in the cost is that of an autoencoder: squared differences. Look at the formula "
        "for the cost of a classifier.",
        (ERROR, f"np.sum(({DELTA}) ** 2) / (2 * m)"),
    ),
    mistake(
        "probabilities of the true class, not their logarithms",
        "The cost holds the probability of the own class itself. Look at what is taken of it "
        "first.",
        (ERROR, "-np.exp(log_p)[labels, np.arange(m)].mean()"),
    ),
    mistake(
        "share of hits",
        "The error in the cost is the share of examples that are taken for another class. Look at "
        "whether that has a slope.",
        (ERROR, "(scores.argmax(axis=0) != labels).mean()"),
    ),
    mistake(
        "entropy",
        "The cost does not ask which class is the right one: it measures how undecided the "
        "classifier is. Look at where the labels come in.",
        (ERROR, "-(np.exp(log_p) * np.maximum(log_p, -1e4)).sum(axis=0).mean()"),
    ),
    mistake(
        "a cost for each example",
        "The cost has a number for each example. Look at what becomes of them in the formula.",
        (ERROR, "-log_p[labels, np.arange(m)]"),
    ),
    mistake(
        "rows of the labels",
        "For each example the error picks a whole row, which holds all examples' numbers for that "
        "class. Look at how two indices pick one number for each example.",
        (ERROR, "-log_p[labels].mean()"),
    ),
)

DIFFERENCE = (
    mistake(
        "the sign of the gradient",
        "The gradient of the error points the other way. Look at the order of the two in the "
        "difference between what is and what should be.",
        (DELTA, f"{ONE_HOT} - np.exp(log_p)"),
    ),
    mistake(
        "with the slope of a sigmoid",
        "The differences are multiplied by the slope of a sigmoid, as those of the output layer of "
        "an autoencoder are. Look at what the logarithm makes of that slope.",
        (DELTA, f"({DELTA}) * np.exp(log_p) * (1 - np.exp(log_p))"),
    ),
    mistake(
        "the own class alone",
        "Only the weights of each example's own class learn from it. Look at what raises the cost: "
        "the scores of the other classes do, too.",
        (DELTA, f"({DELTA}) * {ONE_HOT}"),
    ),
    mistake(
        "the other classes alone",
        "The weights of each example's own class learn nothing from it. Look at what is to be "
        "taken off where the class is the right one.",
        (DELTA, f"({DELTA}) * (1 - {ONE_HOT})"),
    ),
    mistake(
        "nothing taken off",
        "The gradient of the error does not know which class is the right one. Look at the second "
        "half of the difference.",
        (DELTA, "np.exp(log_p)"),
    ),
    mistake(
        "the likeliest class",
        "The gradient of the error takes the likeliest class for certain. Look at what stands in "
        "the difference: probabilities.",
        (DELTA, f"np.eye(n_classes)[:, scores.argmax(axis=0)] - {ONE_HOT}"),
    ),
    mistake(
        "scores, not probabilities",
        "The gradient of the error is made of scores. Look at what is to be done with them first.",
        (DELTA, f"scores - {ONE_HOT}"),
    ),
    mistake(
        "divided by the number of classes",
        "The gradient of the error is divided by the number of classes, too. Look at what the "
        "cost is a mean of.",
        (DELTA, f"({DELTA}) / n_classes"),
    ),
    mistake(
        "sums over the examples",
        "The gradients of the error are sums over the examples, where the cost is a mean. Look at "
        "what divides them.",
        (DELTA, f"m * ({DELTA})"),
    ),
)

GRADIENT = (
    mistake(
        "W's gradient not divided",
        "The gradient of W is a sum over the examples, where the cost is a mean. Compare it with "
        "the gradient of b.",
        (GRAD_W, "delta @ features.T"),
    ),
    mistake(
        "b's gradient not divided",
        "The gradient of b is a sum over the examples, where the cost is a mean. Compare it with "
        "the gradient of W.",
        (GRAD_B, "delta.sum(axis=1)"),
    ),
    mistake(
        "b's gradient missing",
        "The gradient of b is 0. Look at how the cost changes with a bias.",
        (GRAD_B, "0 * b"),
    ),
    mistake(
        "gradient turned",
        "The gradient of W lies column by column. Look at the order in which theta holds W.",
        ("grad_W.ravel()", "grad_W.T.ravel()"),
    ),
    mistake(
        "not joined",
        "The two blocks of the gradient come back one by one. Look at the shape that the gradient "
        "should have.",
        (BLOCKS, f"grad_W, {GRAD_B}"),
    ),
    mistake(
        "no return",
        "All is computed, but nothing comes back. Look at the last line of the function.",
        ("return cost", "cost"),
    ),
    mistake(
        "no gradient",
        "The cost comes back alone. Return the gradient, too.",
        (f"return cost, {BLOCKS}", "return cost"),
    ),
    mistake(
        "features standardised",
        "The features are changed before the scores are computed: their mean over the examples is "
        "taken off. Look at what the cost should do with them.",
        ("    m = features.shape[1]\n",
         "    m = features.shape[1]\n    features = features - features.mean(1)[:, None]\n"),
    ),
)  # fmt: skip

DECAY = (
    mistake(
        "no decay at all",
        "Nothing changes with lambda. Look at which two places it should be in.",
        (IN_GRADIENT, ""),
        (IN_COST, ""),
    ),
    mistake(
        "decay missing in the gradient",
        "The weight decay is in the cost, but not in the gradient of W. Look at what its slope is.",
        (IN_GRADIENT, ""),
    ),
    mistake(
        "decay missing in the cost",
        "The weight decay is in the gradient, but not in the cost. Look at the last term there.",
        (IN_COST, ""),
    ),
    mistake(
        "decay without its half",
        "The weight decay in the cost is twice as large as it should be. Look at the constant in "
        "front of it.",
        (IN_COST, " + lambda_ * np.sum(W**2)"),
    ),
    mistake(
        "decay halved in the gradient",
        "The weight decay in the gradient is half as large as it should be. Look at the slope of a "
        "square.",
        (IN_GRADIENT, " + lambda_ / 2 * W"),
    ),
    mistake(
        "decay doubled in the gradient",
        "The weight decay in the gradient is twice as large as it should be. Look at what the "
        "half in the cost is for.",
        (IN_GRADIENT, " + 2 * lambda_ * W"),
    ),
    mistake(
        "decay averaged in both",
        "The weight decay is divided by the number of examples. Look at whether it belongs to an "
        "example.",
        (IN_GRADIENT, " + lambda_ / m * W"),
        (IN_COST, " + lambda_ / (2 * m) * np.sum(W**2)"),
    ),
    mistake(
        "decay averaged in the gradient",
        "The weight decay in the gradient is divided by the number of examples. Look at the "
        "brackets: the mean is of the error alone.",
        (f"{GRAD_W}{IN_GRADIENT}", "(delta @ features.T + lambda_ * W) / m"),
    ),
    mistake(
        "decay's sign in the gradient",
        "In the gradient the weight decay has the wrong sign. Look at what comes before it.",
        (IN_GRADIENT, " - lambda_ * W"),
    ),
    mistake(
        "a mean of squares",
        "The weight decay in the cost is a mean over the weights. Look at whether the formula has "
        "a sum there.",
        ("np.sum(W**2)", "np.mean(W**2)"),
    ),
    mistake(
        "length, not its square",
        "The weight decay in the cost takes the length of all weights. Look at what is squared in "
        "the formula.",
        ("np.sum(W**2)", "np.sqrt(np.sum(W**2))"),
    ),
    mistake(
        "sizes, not squares",
        "The weight decay in the cost adds the sizes of the weights. Look at what is done to each "
        "weight in the formula.",
        ("np.sum(W**2)", "np.sum(np.abs(W))"),
    ),
    mistake(
        "biases decayed",
        "The biases are decayed like weights, in the cost and in the gradient. Look at which of "
        "the parameters stand in that term.",
        *DECAYED_BIASES,
    ),
    mistake(
        "biases decayed in the cost",
        "The cost decays the biases like weights. Look at which of the parameters stand in that "
        "term.",
        ("np.sum(W**2)", "np.sum(theta**2)"),
    ),
    mistake(
        "biases decayed in the gradient",
        "The gradient of b has weight decay, which the cost has not. Look at which of the "
        "parameters it is for.",
        (GRAD_B, f"{GRAD_B} + lambda_ * b"),
    ),
)


EXERCISES = (
    Exercise(
        "encode",
        _encode,
        mistakes=ENCODER,
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "softmax_cost",
        _softmax_cost,
        mistakes=(*LARGE_SCORES, *PROBABILITIES, *COST, *DIFFERENCE, *GRADIENT, *DECAY),
        not_together=(("W's gradient not divided", "b's gradient not divided"),),
        libraries={
            **DIFFERENCES,
            "numerical_gradient": "so that the gradient is measured, not derived",
            "previous.numerical_gradient": "so that the gradient is measured, not derived",
            "sklearn.linear_model": "which is a classifier with its training",
            "sklearn.metrics.log_loss": "which is the error",
        },
        mild_libraries={
            "scipy.special.softmax": "which has the probabilities",
            "scipy.special.log_softmax": "which has their logarithms",
        },
        sample={
            "dan": UNTOUCHED,
            "gita": DECAYED_BIASES,
        },
    ),
)
