"""Known mistakes in notebook 02: parameters taken apart, and the forward pass."""

from autograder.exercises.mistakes.entry import known, mistake

W1, W2 = "theta[:n_weights]", "theta[n_weights : 2 * n_weights]"
B1 = "theta[2 * n_weights : 2 * n_weights + hidden_size]"
B2 = "theta[2 * n_weights + hidden_size :]"
TO_W1, TO_W2 = ".reshape(hidden_size, visible_size)", ".reshape(visible_size, hidden_size)"
RETURNED = "return W1, W2, b1, b2"
A2, A3 = "sigmoid(W1 @ data + b1[:, None])", "sigmoid(W2 @ a2 + b2[:, None])"

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

MISTAKES = (*UNPACK, *FORWARD)
