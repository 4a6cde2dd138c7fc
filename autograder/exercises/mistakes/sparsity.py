"""Known mistakes in notebook 03: mean activations, the divergence, and its derivative."""

from autograder.exercises.mistakes.entry import known, mistake

MEAN = "a2.mean(axis=1)"
KL = "rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))"
BACK = "rho_hat * np.log(rho_hat / rho) + (1 - rho_hat) * np.log((1 - rho_hat) / (1 - rho))"
PULL = "beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat))"

AVERAGE = known(
    "average_activation",
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

DIVERGENCE = known(
    "kl_divergence",
    mistake(
        "the sign",
        "The divergence is negative where it should be positive. Look at the sign, or at which "
        "number stands above the other in both logarithms.",
        (KL, f"-({KL})"),
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
        (KL, "rho * np.log(rho / rho_hat)"),
    ),
    mistake(
        "first half missing",
        "The divergence knows only how often a unit is off. Look for the other half of the "
        "formula: how often it is on.",
        (KL, "(1 - rho) * np.log((1 - rho) / (1 - rho_hat))"),
    ),
    mistake(
        "rho and rho_hat swapped",
        "rho and rho_hat have changed places: the divergence is not the same in both directions. "
        "Look at which of them is the target.",
        ("    return rho", "    rho, rho_hat = rho_hat, rho\n    return rho"),
    ),
    mistake(
        "both directions",
        "The divergences in both directions are added. Look at the formula: only one of them is "
        "asked for.",
        (KL, f"{KL} + {BACK}"),
    ),
    mistake(
        "summed",
        "The divergences of the units are added to a single number. Look at the shape in the "
        "docstring: the sum belongs to the cost.",
        (KL, f"np.sum({KL})"),
    ),
    mistake(
        "averaged",
        "The divergences of the units are averaged. Look at the shape in the docstring: one value "
        "for each unit.",
        (KL, f"np.mean({KL})"),
    ),
    mistake(
        "the middle sign",
        "The two halves of the divergence work against each other. Look at the sign between them.",
        (") + (1", ") - (1"),
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
        ("return rho * np", "return rho_hat * np"),
        ("+ (1 - rho) *", "+ (1 - rho_hat) *"),
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
        (KL, "(rho - rho_hat) ** 2"),
    ),
    mistake(
        "no return",
        "The divergence is computed, but nothing comes back. Look at the last line of the "
        "function.",
        ("return rho", "rho"),
    ),
)  # fmt: skip

DELTA = known(
    "sparsity_delta",
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

MISTAKES = (*AVERAGE, *DIVERGENCE, *DELTA)
