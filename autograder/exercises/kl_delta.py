"""Notebook 03: hidden problems and known mistakes of the sparsity penalty and its delta."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.cost import (
    COST_LIBRARIES,
    COST_MISTAKES,
    COST_NOT_TOGETHER,
    DECAYED_BIASES,
    NO_DECAY_IN_GRADIENT,
    cost_in_loops,
)
from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import mean_activations, sparse_networks
from saelab.check.exercise import Probe


def _average_activation(rng: np.random.Generator) -> Iterator[Probe]:
    for shape in ((4, 9), (5, 1), (6, 6)):
        yield Probe(f"activations of shape {shape}", (rng.uniform(0.02, 0.98, size=shape),))


def _kl_divergence(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (1, 5, 40):
        yield Probe(f"{n} units", (rng.uniform(0.05, 0.4), mean_activations(rng, n)))


def _sparsity_delta(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (1, 6, 30):
        rho, rho_hat = rng.uniform(0.05, 0.4), mean_activations(rng, n)
        yield Probe(f"{n} units", (rho, rho_hat, rng.uniform(1.5, 5)))


# --- known mistakes of mean activations, the divergence, and its derivative ------------------


MEAN = "a2.mean(axis=1)"
SUM = "on + off"
KL = "rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))"
BACK = "rho_hat * np.log(rho_hat / rho) + (1 - rho_hat) * np.log((1 - rho_hat) / (1 - rho))"
PULL = "beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat))"

AVERAGE = (
    mistake(
        "over units",
        "There is one number for each example, not for each hidden unit. Look at the direction in "
        "which the mean is taken.",
        (MEAN, "a2.mean(axis=0)"),
    ),
    mistake(
        "over everything",
        "There is a single number for all hidden units. Look at what the mean runs over: examples "
        "only.",
        (MEAN, "a2.mean()"),
    ),
    mistake(
        "the sum",
        "The activations grow with the number of examples. Look at what makes a mean of a sum.",
        (MEAN, "a2.sum(axis=1)"),
    ),
    mistake(
        "two dimensions",
        "The right numbers stand in a matrix with one column. Look at the shape that rho_hat "
        "should have.",
        (MEAN, "a2.mean(axis=1, keepdims=True)"),
    ),
    mistake(
        "m - 1",
        "The sum is divided by one less than the number of examples. Look at the fraction in "
        "front of the sum: rho_hat is a plain mean.",
        (MEAN, "a2.sum(axis=1) / max(1, a2.shape[1] - 1)"),
    ),
    mistake(
        "of one example",
        "The first example alone decides: the others leave no trace. Look at what the mean runs "
        "over.",
        (MEAN, "a2[:, 0]"),
    ),
    mistake(
        "divided by a fixed number",
        "The sum is divided by the same number however many examples there are. Look at what the "
        "number of examples is read from.",
        (MEAN, "a2.sum(axis=1) / 10000"),
    ),
    mistake(
        "divided by units",
        "The sum over the examples is divided by the number of hidden units. Look at which side "
        "of a2 has as many entries as there are examples.",
        (MEAN, "a2.sum(axis=1) / len(a2)"),
    ),
    mistake(
        "the median",
        "The middle one of each unit's activations is returned. Look at the definition of rho_hat "
        "for the kind of average.",
        (MEAN, "np.median(a2, axis=1)"),
    ),
    mistake(
        "share of active examples",
        "The examples in which a unit is on are counted, as if an activation were 0 or 1. Look at "
        "what is added up in rho_hat.",
        (MEAN, "(a2 > 0.5).mean(axis=1)"),
    ),
    mistake(
        "no return",
        "The mean is computed, but nothing comes back. Look at the last line of the function.",
        ("return a2", "a2"),
    ),
)


DIVERGENCE = (
    mistake(
        "the sign",
        "The divergence is negative where it should be positive. Look at the sign, or at which "
        "number stands above the other in both logarithms.",
        (SUM, f"-({SUM})"),
    ),
    mistake(
        "log2",
        "The divergence is in bits: its logarithms have base two. Look at the docstring for the "
        "unit, and at the sign for the logarithm in the formula.",
        ("rho * np.log(rho /", "rho * np.log2(rho /"),
        (") * np.log(", ") * np.log2("),
    ),
    mistake(
        "log10",
        "The logarithms have base ten. Look at the docstring for the unit, and at the sign for "
        "the logarithm in the formula.",
        ("rho * np.log(rho /", "rho * np.log10(rho /"),
        (") * np.log(", ") * np.log10("),
    ),
    mistake(
        "second half missing",
        "The divergence knows only how often a unit is on. Look for the other half of the "
        "formula: how often it is off.",
        (SUM, "on"),
    ),
    mistake(
        "first half missing",
        "The divergence knows only how often a unit is off. Look for the other half of the "
        "formula: how often it is on.",
        (SUM, "off"),
    ),
    mistake(
        "rho and rho_hat swapped",
        "rho and rho_hat have changed places: the divergence is not the same in both directions. "
        "Look at which of them is the target.",
        ("    on = ", "    rho, rho_hat = rho_hat, rho\n    on = "),
    ),
    mistake(
        "both directions",
        "The divergences in both directions are added. Look at the formula: only one of them is "
        "asked for.",
        (SUM, f"{SUM} + {BACK}"),
    ),
    mistake(
        "summed",
        "The divergences of the units are added to a single number. Look at the shape in the "
        "docstring: the sum belongs to the cost.",
        (SUM, f"np.sum({SUM})"),
    ),
    mistake(
        "averaged",
        "The divergences of the units are averaged. Look at the shape in the docstring: one value "
        "for each unit.",
        (SUM, f"np.mean({SUM})"),
    ),
    mistake(
        "the middle sign",
        "The two halves of the divergence work against each other. Look at the sign between them.",
        (SUM, "on - off"),
    ),
    mistake(
        "absolute logarithms",
        "The logarithms have lost their signs. Look at the two halves: one of them is negative "
        "wherever rho_hat is not rho.",
        ("np.log(rho / rho_hat)", "np.abs(np.log(rho / rho_hat))"),
        ("np.log((1 - rho) / (1 - rho_hat))", "np.abs(np.log((1 - rho) / (1 - rho_hat)))"),
    ),
    mistake(
        "cross-entropy",
        "The result is the cross-entropy: it is not 0 where rho_hat is rho. Look at what stands "
        "above the fraction in each logarithm.",
        ("rho / rho_hat", "1 / rho_hat"),
        ("(1 - rho) / (1 - rho_hat)", "1 / (1 - rho_hat)"),
    ),
    mistake(
        "weights by rho_hat",
        "The logarithms are right, but they are weighted by rho_hat. Look at what stands in front "
        "of each logarithm.",
        ("on = rho * np", "on = rho_hat * np"),
        ("off = (1 - rho) *", "off = (1 - rho_hat) *"),
    ),
    mistake(
        "a small number in the logarithm",
        "A small number is added to rho_hat, which shifts every value by a little. Look at "
        "whether rho_hat can be 0 or 1 here at all.",
        ("rho / rho_hat", "rho / (rho_hat + 1e-5)"),
        ("/ (1 - rho_hat)", "/ (1 - rho_hat + 1e-5)"),
    ),
    mistake(
        "squared distance",
        "The result is the squared distance of rho_hat and rho, not their divergence. Look at the "
        "formula with the two logarithms.",
        (SUM, "(rho - rho_hat) ** 2"),
    ),
    mistake(
        "no return",
        "The divergence is computed, but nothing comes back. Look at the last line of the "
        "function.",
        ("return on", "on"),
    ),
)  # fmt: skip


DELTA = (
    mistake(
        "the sign",
        "The term has the wrong sign: it drives rho_hat away from rho. Look at the sign of the "
        "derivative where rho_hat is larger than rho.",
        (PULL, "-" + PULL),
    ),
    mistake(
        "a minus missing",
        "The first half of the derivative has the wrong sign. Look at how the logarithm of a "
        "fraction changes as the number below grows.",
        ("(-rho", "(rho"),
    ),
    mistake(
        "the second sign",
        "The second half of the derivative has the wrong sign. Look at the inner derivative: "
        "rho_hat stands there with a minus.",
        ("rho_hat + (1", "rho_hat - (1"),
    ),
    mistake(
        "beta missing",
        "The term does not change with beta. Look at what weighs the penalty in the cost: it has "
        "to weigh its derivative too.",
        ("beta * (-", "(-"),
    ),
    mistake(
        "beta twice",
        "The term grows with the square of beta. Look at how often beta stands in front of it.",
        ("beta * (-", "beta**2 * (-"),
    ),
    mistake(
        "beta on the first half",
        "beta weighs only the first half of the derivative. Look at the brackets around the two "
        "fractions.",
        (PULL, "beta * -rho / rho_hat + (1 - rho) / (1 - rho_hat)"),
    ),
    mistake(
        "second half missing",
        "The derivative knows only the share of the time that a unit is on. Look for the half "
        "that is about being off.",
        (" + (1 - rho) / (1 - rho_hat)", ""),
    ),
    mistake(
        "first half missing",
        "The derivative knows only the share of the time that a unit is off. Look for the half "
        "that is about being on.",
        ("-rho / rho_hat + ", ""),
    ),
    mistake(
        "divided by the number of units",
        "The term is divided by the number of hidden units. Look at the sum over the units in the "
        "penalty: it is no mean.",
        ("beta * (-", "beta / np.size(rho_hat) * (-"),
    ),
    mistake(
        "with the slope",
        "The slope of the sigmoid is multiplied in already, taken at rho_hat. Look at where the "
        "term stands in delta2: the slope comes after the bracket.",
        ("beta * (-", "beta * rho_hat * (1 - rho_hat) * (-"),
    ),
    mistake(
        "rho and rho_hat swapped",
        "rho and rho_hat have changed places. Look at which of the two the derivative is taken "
        "for, and which one is the fixed target.",
        (PULL, "beta * (-rho_hat / rho + (1 - rho_hat) / (1 - rho))"),
    ),
    mistake(
        "brackets below",
        "The last fraction ends too early: rho_hat is taken off afterwards. Look at the brackets "
        "around what stands below it.",
        ("(1 - rho) / (1 - rho_hat)", "(1 - rho) / 1 - rho_hat"),
    ),
    mistake(
        "derivative for rho",
        "The derivative is taken for the target. Look at which of the two numbers changes while "
        "the network learns.",
        (PULL, "beta * (np.log(rho / rho_hat) - np.log((1 - rho) / (1 - rho_hat)))"),
    ),
    mistake(
        "measured, not derived",
        "The derivative is measured by a difference to one side, which leaves four digits or so. "
        "Look at the formula that the text derives.",
        (PULL, "beta * (kl_divergence(rho, rho_hat + 1e-4) - kl_divergence(rho, rho_hat)) / 1e-4"),
    ),
    mistake(
        "the divergence itself",
        "The result is the weighted divergence, not its derivative. Look at what the gradient "
        "needs of the penalty.",
        (PULL, f"beta * ({KL})"),
    ),
    mistake(
        "summed",
        "The terms of the units are added to a single number. Look at the shape in the docstring: "
        "each unit has its own.",
        (PULL, f"np.sum({PULL})"),
    ),
    mistake(
        "fractions squared",
        "The numbers below the fractions are squared, as in a second derivative. Look at the "
        "derivative of the logarithm.",
        (PULL, "beta * (-rho / rho_hat**2 + (1 - rho) / (1 - rho_hat) ** 2)"),
    ),
    mistake(
        "no return",
        "The term is computed, but nothing comes back. Look at the last line of the function.",
        ("return beta", "beta"),
    ),
)


# --- known mistakes of the sparse cost alone -------------------------------------------------


BRACKET = "(W2.T @ delta3 + pull[:, None]) * a2 * (1 - a2)"

PENALTY = (
    mistake(
        "penalty missing in the cost",
        "The sparsity penalty is missing in the cost, though the gradient has it. Look at the "
        "last term of the cost.",
        (" + decay + penalty", " + decay"),
    ),
    mistake(
        "no sparsity at all",
        "Nothing changes with beta: this is the cost of notebook 02. Look for the divergence in "
        "the cost and for its pull on delta2.",
        (" + decay + penalty", " + decay"),
        (" + pull[:, None]", ""),
    ),
    mistake(
        "penalty's sign in the cost",
        "The sparsity penalty lowers the cost. Look at its sign among the terms of the cost.",
        (" + decay + penalty", " + decay - penalty"),
    ),
    mistake(
        "beta missing in the cost",
        "The sparsity penalty in the cost does not change with beta. Look at what stands in front "
        "of the sum of divergences.",
        ("penalty = beta *", "penalty ="),
    ),
    mistake(
        "penalty halved",
        "The sparsity penalty in the cost is half as large as it should be. Look at which terms "
        "of the cost begin with a half.",
        ("penalty = beta *", "penalty = beta / 2 *"),
    ),
    mistake(
        "penalty / m",
        "The sparsity penalty in the cost is divided by the number of examples. Look at where the "
        "mean over the examples is: in rho_hat already.",
        ("penalty = beta *", "penalty = beta / m *"),
    ),
    mistake(
        "mean of the divergences",
        "The divergences of the hidden units are averaged in the cost. Look at whether the formula "
        "adds them up.",
        ("np.sum(kl", "np.mean(kl"),
    ),
    mistake(
        "divergences not added",
        "The cost has one number for each hidden unit. Look at what becomes of the units' "
        "divergences in the penalty.",
        ("np.sum(kl_divergence(rho, rho_hat))", "kl_divergence(rho, rho_hat)"),
    ),
    mistake(
        "divergence for each example",
        "The cost takes the divergence of each single activation and averages that. Look at the "
        "order: the activations are averaged first.",
        ("kl_divergence(rho, rho_hat)", "kl_divergence(rho, a2) / m"),
    ),
    mistake(
        "rho and rho_hat swapped in the cost",
        "In the cost's penalty rho and rho_hat have changed places. Look at the order of the "
        "arguments of kl_divergence.",
        ("kl_divergence(rho, rho_hat)", "kl_divergence(rho_hat, rho)"),
    ),
    mistake(
        "lambda in place of beta",
        "The sparsity penalty in the cost is weighted by lambda. Look at which weight belongs to "
        "which term.",
        ("penalty = beta *", "penalty = lambda_ *"),
    ),
    mistake(
        "beta in place of lambda",
        "The weight decay in the cost is weighted by beta. Look at which weight belongs to which "
        "term.",
        ("decay = lambda_ / 2", "decay = beta / 2"),
    ),
)


PULLED = (
    mistake(
        "sparsity missing in delta2",
        "The sparsity penalty is in the cost, but the gradient does not know of it. Look at the "
        "bracket in delta2.",
        (" + pull[:, None]", ""),
    ),
    mistake(
        "outside of f'(z2)",
        "The sparsity term is added after the slope of the hidden units. Look at the brackets of "
        "delta2: what does the slope multiply?",
        (BRACKET, "W2.T @ delta3 * a2 * (1 - a2) + pull[:, None]"),
    ),
    mistake(
        "sparsity's sign in delta2",
        "In delta2 the sparsity term has the wrong sign. Look at what comes before it in the "
        "bracket.",
        (" + pull[:, None]", " - pull[:, None]"),
    ),
    mistake(
        "sparsity times m",
        "The sparsity term in delta2 grows with the number of examples. Look at how often it is "
        "added: once for each example, and averaged later.",
        (" + pull[:, None]", " + m * pull[:, None]"),
    ),
    mistake(
        "sparsity / m",
        "The sparsity term in delta2 is divided by the number of examples already. Look at where "
        "the gradients divide by m: that is for this term too.",
        (" + pull[:, None]", " + pull[:, None] / m"),
    ),
    mistake(
        "sparsity / hidden units",
        "The sparsity term in delta2 is divided by the number of hidden units. Look at whether "
        "the penalty is a sum or a mean over them.",
        (" + pull[:, None]", " + pull[:, None] / hidden_size"),
    ),
    mistake(
        "beta missing in the gradient",
        "The sparsity term of the gradient does not change with beta. Look at the weight that "
        "sparsity_delta is given.",
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(rho, rho_hat, 1)"),
    ),
    mistake(
        "beta twice in the gradient",
        "The sparsity term of the gradient grows with the square of beta. Look at whether "
        "sparsity_delta has weighted it already.",
        (" + pull[:, None]", " + beta * pull[:, None]"),
    ),
    mistake(
        "lambda in place of beta in the gradient",
        "The sparsity term of the gradient is weighted by lambda. Look at the arguments of "
        "sparsity_delta.",
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(rho, rho_hat, lambda_)"),
    ),
    mistake(
        "rho and rho_hat swapped in delta2",
        "In the gradient's sparsity term rho and rho_hat have changed places. Look at the order "
        "of the arguments of sparsity_delta.",
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(rho_hat, rho, beta)"),
    ),
    mistake(
        "rho and beta swapped",
        "beta is taken for the target and rho for the weight. Look at the order of the arguments "
        "of sparsity_delta.",
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(beta, rho_hat, rho)"),
    ),
    mistake(
        "one pull for all",
        "All hidden units are pulled alike, by the mean of their sparsity terms. Look at what "
        "delta2 adds to each of its rows.",
        (" + pull[:, None]", " + pull.mean()"),
    ),
    mistake(
        "the divergence in delta2",
        "The divergence itself is added in delta2. Look at what backpropagation passes on: values "
        "or derivatives?",
        ("sparsity_delta(rho, rho_hat, beta)", "beta * kl_divergence(rho, rho_hat)"),
    ),
    mistake(
        "sparsity for each example",
        "The sparsity term is computed from each example's activations. Look at what it depends "
        "on: an average over all examples.",
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(rho, a2, beta)"),
        ("pull[:, None]", "pull"),
    ),
    mistake(
        "mean of the activations so far",
        "Each example is pulled by the mean of the examples before it and itself. Look at the "
        "order of the steps: every example goes forward first.",
        ("sparsity_delta(rho, rho_hat, beta)",
         "sparsity_delta(rho, np.cumsum(a2, axis=1) / np.arange(1, m + 1), beta)"),
        ("pull[:, None]", "pull"),
    ),
    mistake(
        "sparsity term along the examples",
        "The sparsity terms are spread along the examples, and the shapes fit by chance only. "
        "Look at which side of delta2 runs over the hidden units.",
        ("pull[:, None]", "pull"),
    ),
    mistake(
        "sparsity in delta3",
        "The sparsity term is added to the delta of the output layer. Look at whose activations "
        "the penalty is about.",
        (BRACKET, "(W2.T @ (delta3 + pull[:, None])) * a2 * (1 - a2)"),
    ),
    mistake(
        "sparsity missing in b1's gradient",
        "The sparsity term is in the gradient of W1, but not in that of b1. Look at which delta "
        "b1 takes.",
        ("delta2.mean(axis=1)", "(W2.T @ delta3 * a2 * (1 - a2)).mean(axis=1)"),
    ),
    mistake(
        "sparsity missing in W1's gradient",
        "The sparsity term is in the gradient of b1, but not in that of W1. Look at which delta "
        "W1 takes.",
        ("delta2 @ data.T", "(W2.T @ delta3 * a2 * (1 - a2)) @ data.T"),
    ),
)  # fmt: skip


RHO_HAT = (
    mistake(
        "rho_hat of the output layer",
        "rho_hat is the mean activation of the output units. Look at which layer is asked to be "
        "sparse.",
        ("average_activation(a2)", "average_activation(a3)"),
    ),
    mistake(
        "rho_hat of the data",
        "rho_hat is the mean of the pixels. Look at which layer is asked to be sparse.",
        ("average_activation(a2)", "average_activation(data)"),
    ),
    mistake(
        "rho_hat over units",
        "rho_hat has a number for each example instead of one for each hidden unit. Look at the "
        "direction of its mean.",
        ("average_activation(a2)", "a2.mean(axis=0)"),
    ),
    mistake(
        "rho_hat over everything",
        "All hidden units share one mean activation, so that rare and busy units balance. Look at "
        "what rho_hat is averaged over.",
        ("average_activation(a2)", "np.full(hidden_size, a2.mean())"),
    ),
    mistake(
        "rho_hat of one example",
        "rho_hat is the activation in the first example alone. Look at what becomes of the other "
        "examples.",
        ("average_activation(a2)", "a2[:, 0]"),
    ),
    mistake(
        "rho_hat summed",
        "rho_hat grows with the number of examples and leaves the range from 0 to 1. Look at what "
        "makes a mean of a sum.",
        ("average_activation(a2)", "a2.sum(axis=1)"),
    ),
    mistake(
        "first rho_hat kept",
        "The mean activations of the very first call are used again in every later one. Look for "
        "a global or a default argument that keeps rho_hat.",
        ("beta, data):", "beta, data, seen=[]):"),
        ("rho_hat = average_activation(a2)",
         "seen.append(average_activation(a2)); rho_hat = seen[0]"),
    ),
)  # fmt: skip


PENALTY_IN_LOOPS = """
    for j in range(h):
        r = sum(hidden[n][j] for n in range(m)) / m
        cost += beta * (rho * math.log(rho / r) + (1 - rho) * math.log((1 - rho) / (1 - r)))
        pull[j] = beta * ((1 - rho) / (1 - r) - rho / r)
"""

EXERCISES = (
    Exercise("average_activation", _average_activation, mistakes=AVERAGE),
    Exercise(
        "kl_divergence",
        _kl_divergence,
        mistakes=DIVERGENCE,
        # Swapped and with the other sign, the two halves are those weighted by rho_hat.
        not_together=(
            ("rho and rho_hat swapped", "the sign"),
            ("weights by rho_hat", "the sign"),
        ),
        mild_libraries={
            "scipy.special.rel_entr": "which is half of the divergence",
            "scipy.special.kl_div": "which is half of the divergence",
            "scipy.stats.entropy": "which has the divergence",
        },
    ),
    Exercise(
        "sparsity_delta",
        _sparsity_delta,
        mistakes=DELTA,
        not_together=(("a minus missing", "the second sign"),),
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "sparse_autoencoder_cost",
        sparse_networks,
        mistakes=(*COST_MISTAKES, *PENALTY, *PULLED, *RHO_HAT),
        not_together=(
            *COST_NOT_TOGETHER,
            ("beta missing in the gradient", "beta twice in the gradient"),
            ("sparsity missing in b1's gradient", "sparsity missing in W1's gradient"),
        ),
        libraries=COST_LIBRARIES,
        sample={
            "bo": cost_in_loops(
                "def sparse_autoencoder_cost("
                "theta, visible_size, hidden_size, lambda_, rho, beta, data):",
                PENALTY_IN_LOOPS,
            ),
            "dan": UNTOUCHED,
            "eve": (("(W2.T @ delta3 + pull[:, None])", "(W2.T @ delta3)"),),
            "finn": NO_DECAY_IN_GRADIENT,
            "gita": DECAYED_BIASES,
        },
    ),
)
