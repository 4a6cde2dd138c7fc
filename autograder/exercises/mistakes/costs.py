"""Known mistakes of both cost functions in the cost itself and in the weight decay."""

from autograder.exercises.mistakes.entry import known, mistake

COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")
BEGIN = "    W1, W2, b1, b2 = unpack"

RECONSTRUCTION = known(
    COSTS,
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

DECAY = known(
    COSTS,
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
        "the last term of the cost in notebook 02.",
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

MISTAKES = (*RECONSTRUCTION, *DECAY)
