"""Known mistakes in notebook 02, up to the forward pass; its cost function is in costs.py."""

from autograder.mistakes.entry import known, mistake

LOGISTIC = "1 / (1 + np.exp(-z))"
DRAWN = "rng.uniform(-r, r, size=2 * hidden_size * visible_size)"
ZEROS = "np.zeros(hidden_size + visible_size)"
W1, W2 = "theta[:n_weights]", "theta[n_weights : 2 * n_weights]"
B1, B2 = (
    "theta[2 * n_weights : 2 * n_weights + hidden_size]",
    "theta[2 * n_weights + hidden_size :]",
)
TO_W1, TO_W2 = ".reshape(hidden_size, visible_size)", ".reshape(visible_size, hidden_size)"
RETURNED = "return W1, W2, b1, b2"
A2, A3 = "sigmoid(W1 @ data + b1[:, None])", "sigmoid(W2 @ a2 + b2[:, None])"

SIGMOID = known(
    "sigmoid",
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
    mistake(
        "a step",
        "The values are 0 or 1 with nothing between. Look for a comparison or a rounding in the "
        "result.",
        (LOGISTIC, "np.round(1 / (1 + np.exp(-z)))"),
    ),
)

INITIAL = known(
    "initialize_parameters",
    mistake(
        "too wide",
        "Some weights lie a little outside of the interval. Look at what the numbers of units "
        "below the fraction add up to.",
        ("hidden_size + 1)", "hidden_size)"),
    ),
    mistake(
        "a fixed bound",
        "The weights never reach the ends of the interval. Look at where its bound comes from: it "
        "depends on both sizes.",
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
        "NumPy's own chance",
        "Two generators with the same seed give different weights. Look at where the random "
        "numbers come from: rng is the only source.",
        ("= rng.uniform", "= np.random.uniform"),
    ),
    mistake(
        "a seed of its own",
        "The weights are the same for every seed. Look for a generator that is made inside of the "
        "function.",
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
        "all zero",
        "All weights are zero: every hidden unit would learn the same. Look at the interval that "
        "they are drawn from.",
        ("uniform(-r, r,", "uniform(-0, 0,"),
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

UNPACK = known(
    "unpack_parameters",
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

FORWARD = known(
    "feed_forward",
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

MISTAKES = (*SIGMOID, *INITIAL, *UNPACK, *FORWARD)
