"""Known mistakes of both cost functions in what they return, change or keep."""

from autograder.exercises.mistakes.entry import known, mistake

COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")
PACKED = "[W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad]"

PACKING = known(
    COSTS,
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
        (f"return cost, np.concatenate({PACKED})", f"return np.concatenate({PACKED}), cost"),
    ),
    mistake(
        "five things",
        "The four blocks of the gradient come back one by one. Look at the shape that grad should "
        "have: that of theta.",
        (f"np.concatenate({PACKED})", "W1_grad, W2_grad, b1_grad, b2_grad"),
    ),
    mistake(
        "a list of blocks",
        "The gradient is a list of four blocks that were never joined. Look at the shape that "
        "grad should have: that of theta.",
        (f"np.concatenate({PACKED})", PACKED),
    ),
    mistake(
        "gradient in one column",
        "The gradient is a matrix with a single column. Look at the shape of theta: it has one "
        "dimension.",
        (f"np.concatenate({PACKED})", f"np.concatenate({PACKED})[:, None]"),
    ),
    mistake(
        "no return",
        "The function ends without a result. Look at its last line: something has to go back to "
        "the caller.",
        ("return cost, np", "cost, np"),
    ),
)

STATE = known(
    COSTS,
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

MISTAKES = (*PACKING, *STATE)
