"""Notebook 12: hidden problems and known mistakes of the sparse autoencoders of today."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.cost import COST_LIBRARIES
from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import networks
from saelab.check.exercise import Probe
from saelab.check.exercises.sparse_autoencoders_today import beside


def _relu_l1_cost(rng: np.random.Generator) -> Iterator[Probe]:
    for place, p in enumerate(networks(rng)):
        # As in the other costs, one of the problems is without the penalty.
        l1 = 0.0 if place == 4 else rng.uniform(0.1, 2.0)
        yield Probe(p.says, (p.theta, p.visible_size, p.hidden_size, l1, p.data))


def _top_k(rng: np.random.Generator) -> Iterator[Probe]:
    for h, m, k in ((12, 7, 3), (5, 20, 4), (30, 4, 1), (8, 1, 5), (6, 9, 6)):
        yield Probe(f"{h} units, {m} examples, k = {k}", (rng.normal(size=(h, m)), k))


def _match_features(rng: np.random.Generator) -> Iterator[Probe]:
    for d, n in ((12, 7), (20, 9), (16, 6)):
        true = rng.normal(size=(d, n)) * rng.uniform(0.2, 4, size=n)
        # One to five are near enough, others are not, some are of the other sign; near ones once
        # more; a dead one; and one that is any direction.
        near, again = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        which = rng.permutation(n)[: 9 - again]
        cosines = rng.uniform(0.2, 0.88, size=9)
        cosines[:near], cosines[9 - again :] = rng.uniform(0.92, 0.995, size=(2, 1))
        cosines *= rng.choice([-1, 1], size=9)
        which = np.append(which, which[rng.integers(near, size=9 - len(which))])
        found = beside(true[:, which], cosines, int(rng.integers(100)))
        found *= rng.uniform(0.1, 5, size=9)
        learned = np.column_stack([found, np.zeros(d), rng.normal(size=d)])
        yield Probe(f"{n} true features in {d} dimensions", (true, learned[:, rng.permutation(11)]))


# --- known mistakes of the cost ----------------------------------------------------------------


OUTPUT = "W2 @ a2 + b2[:, None] - data"
DELTA2 = "(W2.T @ delta3 + l1) * (z2 > 0)"
SLOPE = " * (z2 > 0)"
SUM = " + l1 / m * np.sum(a2)"

L1_COST = (
    mistake(
        "penalty missing in the cost",
        "The sparsity penalty is missing in the cost, though the gradient has it. Look at the "
        "last term of the cost.",
        (SUM, ""),
    ),
    mistake(
        "penalty missing in the gradient",
        "The sparsity penalty is in the cost, but the gradient does not know of it. Look at the "
        "bracket in delta2.",
        (DELTA2, "W2.T @ delta3 * (z2 > 0)"),
    ),
    mistake(
        "no penalty at all",
        "Nothing changes with the price on activations. Look for it in the cost, and for its pull "
        "on delta2.",
        (SUM, ""),
        (DELTA2, "W2.T @ delta3 * (z2 > 0)"),
    ),
    mistake(
        "outside of the slope",
        "Silent units are pulled, too: the penalty is added after the slope of the rectifier. Look "
        "at the brackets of delta2.",
        (DELTA2, "W2.T @ delta3 * (z2 > 0) + l1"),
    ),
    mistake(
        "penalty's sign in delta2",
        "In delta2 the sparsity penalty has the wrong sign. Look at which way an activation has to "
        "go for the penalty to fall.",
        ("delta3 + l1", "delta3 - l1"),
    ),
    mistake(
        "penalty divided twice",
        "In the gradient the sparsity penalty is divided by the number of examples twice. Look at "
        "which steps after delta2 average already.",
        ("delta3 + l1", "delta3 + l1 / m"),
    ),
    mistake(
        "penalty times the activation",
        "In delta2 the pull of the penalty grows with the activation. Look at the slope of an "
        "absolute value: it is the same however large the activation is.",
        ("delta3 + l1", "delta3 + l1 * a2"),
    ),
    mistake(
        "penalty not averaged",
        "The activations of all examples are added up in the cost, where they should be averaged "
        "over the examples. Look at what is divided by m.",
        (SUM, " + l1 * np.sum(a2)"),
    ),
    mistake(
        "mean of all activations",
        "In the cost the activations are averaged over the units as well. Look at what the formula "
        "sums over, and what it divides by.",
        (SUM, " + l1 * np.mean(a2)"),
    ),
    mistake(
        "squares",
        "In the cost the activations are squared before they are added up. Look at which kind of "
        "penalty has an L1 in its name.",
        ("np.sum(a2)", "np.sum(a2**2)"),
    ),
    mistake(
        "half of the penalty",
        "In the cost the sparsity penalty is half as large as it should be. Look at which of the "
        "two terms has the half.",
        ("l1 / m", "l1 / (2 * m)"),
    ),
    mistake(
        "sum of the weights",
        "The penalty adds up the weights of the hidden units and not their activations. Look at "
        "what is to be sparse.",
        (SUM, " + l1 * np.sum(np.abs(W1))"),
        (DELTA2, "W2.T @ delta3 * (z2 > 0)"),
        ("delta2 @ data.T / m", "delta2 @ data.T / m + l1 * np.sign(W1)"),
    ),
    mistake(
        "half missing",
        "The reconstruction term of the cost is twice as large as it should be. Look at the "
        "constant in front of its sum.",
        ("(2 * m)", "m"),
    ),
    mistake(
        "error not averaged",
        "In the cost the errors of all examples are added up. Look at what becomes of a sum when "
        "the number of examples grows.",
        ("(2 * m)", "2"),
    ),
    mistake(
        "slope missing",
        "Every unit passes the error on, also a silent one. Look at the slope of the rectifier on "
        "either side of zero.",
        (DELTA2, "(W2.T @ delta3 + l1)"),
    ),
    mistake(
        "slope of a sigmoid",
        "delta2 has the slope of a sigmoid. Look at the function that the hidden units have here.",
        (SLOPE, " * a2 * (1 - a2)"),
    ),
    mistake(
        "the activation for its slope",
        "delta2 is multiplied by the activations themselves. Look at what the slope of the "
        "rectifier is where a unit speaks.",
        (SLOPE, " * a2"),
    ),
    mistake(
        "slope by the output error",
        "Which units pass the error on depends on what comes back to them. Look at which sign "
        "decides whether a rectifier is on.",
        (SLOPE, " * (W2.T @ delta3 + l1 > 0)"),
    ),
    mistake(
        "sigmoids inside",
        "The hidden units are sigmoids. Look at which function notebook 02 had, and which one is "
        "asked for here.",
        ("np.maximum(z2, 0)", "1 / (1 + np.exp(-z2))"),
        (SLOPE, " * a2 * (1 - a2)"),
    ),
    mistake(
        "absolute values inside",
        "A hidden unit speaks up where it should be silent. Look at what a rectifier does with a "
        "negative number.",
        ("np.maximum(z2, 0)", "np.abs(z2)"),
        (SLOPE, " * np.sign(z2)"),
    ),
    mistake(
        "no rectifier",
        "The hidden units pass negative numbers on. Look at what lies between the first layer's "
        "sums and its activations.",
        ("np.maximum(z2, 0)", "z2"),
        (SLOPE, ""),
    ),
    mistake(
        "sigmoids at the output",
        "The outputs go through a sigmoid. Look at what the docstring says of the output.",
        (OUTPUT, "1 / (1 + np.exp(-(W2 @ a2 + b2[:, None]))) - data"),
        (DELTA2, "(W2.T @ (delta3 * (delta3 + data) * (1 - delta3 - data)) + l1) * (z2 > 0)"),
        ("delta3 @ a2.T", "delta3 * (delta3 + data) * (1 - delta3 - data) @ a2.T"),
        (", delta3.mean(axis=1)",
         ", (delta3 * (delta3 + data) * (1 - delta3 - data)).mean(axis=1)"),
    ),
    mistake(
        "slope of the output",
        "The cost has linear outputs, but delta3 the slope of sigmoids. Look at the slope of a "
        "linear unit.",
        ("    delta2 =", "    right, out = delta3, delta3 + data\n"
                         "    delta3 = right * out * (1 - out)\n    delta2 ="),
        ("np.sum(delta3**2)", "np.sum(right**2)"),
    ),
    mistake(
        "rectifiers at the output",
        "The outputs are rectified as well. Look at what the docstring says of the output.",
        (OUTPUT, "np.maximum(W2 @ a2 + b2[:, None], 0) - data"),
        (DELTA2, "(W2.T @ (delta3 * (delta3 + data > 0)) + l1) * (z2 > 0)"),
        ("delta3 @ a2.T", "delta3 * (delta3 + data > 0) @ a2.T"),
        (", delta3.mean(axis=1)", ", (delta3 * (delta3 + data > 0)).mean(axis=1)"),
    ),
    mistake(
        "b1 missing",
        "The biases of the hidden units leave no trace in the activations. Look at what is added "
        "before the rectifier.",
        ("W1 @ data + b1[:, None]", "W1 @ data"),
    ),
    mistake(
        "b2 missing",
        "The biases of the outputs leave no trace in what is put out. Look at what is added there.",
        (OUTPUT, "W2 @ a2 - data"),
    ),
    mistake(
        "back through W1",
        "The error comes back to the hidden layer through W1. Look at which matrix led from the "
        "hidden layer to the output.",
        ("W2.T @ delta3", "W1 @ delta3"),
    ),
    mistake(
        "W2's gradient before the rectifier",
        "The gradient of W2 takes the hidden layer's sums in place of its activations. Look at "
        "what W2 is multiplied with on the way forward.",
        ("delta3 @ a2.T", "delta3 @ z2.T"),
    ),
    mistake(
        "weights' gradients not averaged",
        "The gradients of W1 and W2 add up over the examples. Look at what the cost is divided by.",
        ("delta2 @ data.T / m", "delta2 @ data.T"),
        ("delta3 @ a2.T / m", "delta3 @ a2.T"),
    ),
    mistake(
        "biases' gradients not averaged",
        "The gradients of b1 and b2 add up over the examples. Look at what the cost is divided by.",
        ("delta2.mean(axis=1), delta3.mean(axis=1)", "delta2.sum(axis=1), delta3.sum(axis=1)"),
    ),
    mistake(
        "gradients not averaged",
        "All gradients add up over the examples, where the cost is averaged. Look at what is "
        "divided by m.",
        ("delta2 @ data.T / m", "delta2 @ data.T"),
        ("delta3 @ a2.T / m", "delta3 @ a2.T"),
        ("delta2.mean(axis=1), delta3.mean(axis=1)", "delta2.sum(axis=1), delta3.sum(axis=1)"),
    ),
    mistake(
        "W2's gradient transposed",
        "The gradient of W2 has rows and columns interchanged. Look at the shape of W2, and at the "
        "order of the product.",
        ("delta3 @ a2.T / m", "a2 @ delta3.T / m"),
    ),
    mistake(
        "active units counted",
        "The cost counts the active units. Look at whether it matters to the penalty how active "
        "they are.",
        ("np.sum(a2)", "np.sum(a2 > 0)"),
    ),
    mistake(
        "sums in place of activations",
        "The cost's penalty adds up what comes before the rectifier, negative numbers too. Look at "
        "what is to be sparse.",
        ("np.sum(a2)", "np.sum(z2)"),
    ),
    mistake(
        "the error turned round",
        "The gradient of the reconstruction term has the wrong sign, though the cost is right. "
        "Look at what is taken from what in delta3.",
        (OUTPUT, "data - W2 @ a2 - b2[:, None]"),
    ),
    mistake(
        "biases swapped",
        "The gradients of b1 and b2 have changed places. Look at the order of the blocks in theta.",
        ("delta2.mean(axis=1), delta3.mean(axis=1)", "delta3.mean(axis=1), delta2.mean(axis=1)"),
    ),
    mistake(
        "gradient first",
        "Cost and gradient have changed places. Look at the order in the docstring.",
        ("return cost, np.concatenate([g.ravel() for g in grad])",
         "return np.concatenate([g.ravel() for g in grad]), cost"),
    ),
    mistake(
        "no return",
        "Cost and gradient are computed, but nothing comes back. Look at the last line of the "
        "function.",
        ("return cost,", "cost,"),
    ),
)  # fmt: skip


# --- known mistakes of the k largest -----------------------------------------------------------


SORTED = "np.sort(z, axis=0)[-k]"
KEPT = "np.maximum(z, 0)"

TOP_K = (
    mistake(
        "along the rows",
        "Each unit keeps its largest numbers over the examples. Look at which direction an "
        "example has.",
        (SORTED, "np.sort(z, axis=1)[:, -min(k, z.shape[1])][:, None]"),
    ),
    mistake(
        "of all together",
        "The largest of the whole matrix are kept, so that some examples have more than others. "
        "Look at what competes with what.",
        (SORTED, "np.sort(z, axis=None)[-k]"),
    ),
    mistake(
        "negative ones kept",
        "Where fewer are positive, negative numbers are kept as well. Look at the condition at the "
        "end of the docstring's first sentence.",
        (KEPT, "z"),
    ),
    mistake(
        "absolute values",
        "Negative numbers come back as positive ones. Look at what becomes of those that are not "
        "positive.",
        (KEPT, "np.abs(z)"),
    ),
    mistake(
        "largest in absolute value",
        "The numbers that are farthest from zero are kept, whatever their sign. Look at what "
        "largest means for numbers below zero.",
        (SORTED, "np.sort(np.abs(z), axis=0)[-k]"),
        ("z >= least", "np.abs(z) >= least"),
        (KEPT, "z"),
    ),
    mistake(
        "places lost to negative numbers",
        "A number far below zero takes the place of a positive one, and is set to zero then. Look "
        "at what the numbers are compared by.",
        (SORTED, "np.sort(np.abs(z), axis=0)[-k]"),
        ("z >= least", "np.abs(z) >= least"),
    ),
    mistake(
        "the smallest",
        "The smallest numbers of each column are kept. Look at the end of the sorted column from "
        "which is counted.",
        (SORTED, "np.sort(z, axis=0)[k - 1]"),
        ("z >= least", "z <= least"),
    ),
    mistake(
        "the rest kept",
        "What should be kept is set to zero, and what should be zero is kept. Look at which way "
        "the comparison goes.",
        ("z >= least", "z < least"),
    ),
    mistake(
        "one too few",
        "One number too few is kept. Look at whether the last of the largest passes the "
        "comparison itself.",
        ("z >= least", "z > least"),
    ),
    mistake(
        "one too many",
        "One number too many is kept. Look at where counting from the end begins.",
        (SORTED, "np.sort(z, axis=0)[-min(k + 1, len(z))]"),
    ),
    mistake(
        "all positive ones",
        "All positive numbers are kept, however many there are. Look at what k is for.",
        ("z >= least", "z > 0"),
    ),
    mistake(
        "always three",
        "As many are kept each time, whatever k is. Look for a number that was written in its "
        "place.",
        (SORTED, "np.sort(z, axis=0)[-min(3, len(z))]"),
    ),
    mistake(
        "ones",
        "The places are right, but each holds a one. Look at what should stand there.",
        (KEPT, "1.0 * (z > 0)"),
    ),
    mistake(
        "above the limit",
        "Of each number the smallest one that is kept has been taken off. Look at what should come "
        "back of a number that is kept.",
        (KEPT, "np.maximum(z - least, 0)"),
    ),
    mistake(
        "divided by the largest",
        "Each column is divided by its largest number. Look at what should come back of a number "
        "that is kept.",
        (KEPT, "np.maximum(z / np.abs(z).max(axis=0), 0)"),
    ),
    mistake(
        "the rest is nan",
        "What is not kept is nan. Look at the docstring for what it should be.",
        (", 0)\n", ", np.nan)\n"),
    ),
    mistake(
        "only those kept",
        "What comes back are the largest numbers alone, in order, without their places. Look at "
        "the shape in the docstring.",
        ("return np.where(z >= least, np.maximum(z, 0), 0)",
         "return np.maximum(np.sort(z, axis=0)[-k:], 0)"),
    ),
    mistake(
        "places",
        "What comes back are the places of the largest numbers. Look at the shape in the "
        "docstring.",
        ("return np.where(z >= least, np.maximum(z, 0), 0)", "return np.argsort(z, axis=0)[-k:]"),
    ),
    mistake(
        "in place",
        "The result is right, but the numbers that were given are not the same after the call. "
        "Look for a step that writes into them.",
        ("return np.where(z >= least, np.maximum(z, 0), 0)",
         "z[z < least] = 0; return np.maximum(z, 0)"),
    ),
    mistake(
        "no return",
        "The numbers are chosen, but nothing comes back. Look at the last line of the function.",
        ("return np", "np"),
    ),
)  # fmt: skip


# --- known mistakes of features found again ----------------------------------------------------


COSINES = "np.abs(true.T @ learned)"
LENGTHS = "np.linalg.norm(true, axis=0), np.linalg.norm(learned, axis=0)"
RECALL, PRECISION = "found.any(axis=1).mean()", "found.any(axis=0).mean()"

MATCH = (
    mistake(
        "swapped",
        "Recall and precision have changed places. Look at which of the two asks of the true "
        "features whether they were found.",
        (f"{RECALL}, {PRECISION}", f"{PRECISION}, {RECALL}"),
    ),
    mistake(
        "sign counted",
        "A learned feature of the other sign is not found. Look at what the docstring says of "
        "signs.",
        (COSINES, "true.T @ learned"),
    ),
    mistake(
        "lengths ignored",
        "The features are compared by their products, as if all had length 1. Look at what makes "
        "a cosine of a product.",
        ("0.9 * lengths", "0.9"),
    ),
    mistake(
        "learned lengths ignored",
        "The lengths of the learned features change the result. Look at what a cosine divides by.",
        ("np.linalg.norm(learned, axis=0)", "np.ones(learned.shape[1])"),
    ),
    mistake(
        "true lengths ignored",
        "The lengths of the true features change the result. Look at what a cosine divides by.",
        ("np.linalg.norm(true, axis=0)", "np.ones(true.shape[1])"),
    ),
    mistake(
        "squares of the cosines",
        "Some that are near enough are left out, as if squares of cosines were compared. Look at "
        "what has to be above the limit.",
        ("> 0.9 * lengths", "> np.sqrt(0.9) * lengths"),
    ),
    mistake(
        "limit too low",
        "Features that lie too far apart are taken for the same. Look at the limit in the "
        "docstring.",
        ("0.9 * lengths", "0.8 * lengths"),
    ),
    mistake(
        "limit too high",
        "Features that are near enough are taken for different ones. Look at the limit in the "
        "docstring.",
        ("0.9 * lengths", "0.98 * lengths"),
    ),
    mistake(
        "correlation",
        "Each feature loses its mean first, which makes it a correlation. Look at what a cosine is "
        "made of.",
        ("    lengths", "    true, learned = true - true.mean(axis=0), learned - "
                        "learned.mean(axis=0)\n    lengths"),
    ),
    mistake(
        "rows",
        "Rows are compared, where a feature stands in a column. Look at the shapes in the "
        "docstring.",
        (LENGTHS, "np.linalg.norm(true, axis=1), np.linalg.norm(learned, axis=1)"),
        (COSINES, "np.abs(true @ learned.T)"),
    ),
    mistake(
        "numbers, not shares",
        "The matches are counted, where shares are asked for. Look at what each count is divided "
        "by.",
        (RECALL, "1.0 * found.any(axis=1).sum()"),
        (PRECISION, "1.0 * found.any(axis=0).sum()"),
    ),
    mistake(
        "share of all pairs",
        "Both numbers are the share of all pairs that match. Look at what it takes for a feature "
        "to be found: one match.",
        (RECALL, "found.mean()"),
        (PRECISION, "found.mean()"),
    ),
    mistake(
        "precision among the true ones",
        "The learned features that match are divided by the number of true ones. Look at what "
        "precision is a share of.",
        (PRECISION, "found.any(axis=0).sum() / true.shape[1]"),
    ),
    mistake(
        "recall among the learned ones",
        "The true features that were found are divided by the number of learned ones. Look at what "
        "recall is a share of.",
        (RECALL, "found.any(axis=1).sum() / learned.shape[1]"),
    ),
    mistake(
        "a feature found twice counts once",
        "In the precision two learned features that match the same true one count once. Look at "
        "what precision asks of each learned feature.",
        (PRECISION, "found.any(axis=1).sum() / learned.shape[1]"),
    ),
    mistake(
        "a feature found twice counts twice",
        "In the recall a true feature that was learned twice counts twice. Look at what recall "
        "asks of each true feature.",
        (RECALL, "found.sum() / true.shape[1]"),
    ),
    mistake(
        "dead ones left out",
        "Columns of zeros are left out of the precision. Look at what the docstring says of them.",
        (PRECISION, "found.any(axis=0)[learned.any(axis=0)].mean()"),
    ),
    mistake(
        "a column of zeros matches",
        "A column of zeros matches everything. Look at what becomes of the comparison where both "
        "sides are zero.",
        ("> 0.9 * lengths", ">= 0.9 * lengths"),
    ),
    mistake(
        "recall alone",
        "Recall comes back alone. Look at how many numbers the docstring asks for.",
        (f"{RECALL}, {PRECISION}", RECALL),
    ),
    mistake(
        "no return",
        "The shares are computed, but nothing comes back. Look at the last line of the function.",
        ("return found", "found"),
    ),
)  # fmt: skip


EXERCISES = (
    Exercise(
        "relu_l1_cost",
        _relu_l1_cost,
        mistakes=L1_COST,
        libraries=COST_LIBRARIES,
        sample={"dan": UNTOUCHED, "eve": ((DELTA2, "W2.T @ delta3 * (z2 > 0) + l1"),)},
    ),
    Exercise(
        "top_k",
        _top_k,
        mistakes=TOP_K,
        not_together=(("one too few", "one too many"),),
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "match_features",
        _match_features,
        mistakes=MATCH,
        not_together=(("learned lengths ignored", "true lengths ignored"),),
        sample={"dan": UNTOUCHED},
    ),
)
