"""Known mistakes in notebook 02: the sigmoid, and the starting parameters."""

from autograder.exercises.mistakes.entry import known, mistake

LOGISTIC = "1 / (1 + np.exp(-z))"
DRAWN = "rng.uniform(-r, r, size=2 * hidden_size * visible_size)"
ZEROS = "np.zeros(hidden_size + visible_size)"

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

MISTAKES = (*SIGMOID, *INITIAL)
