"""Known mistakes of both cost functions on the way back through the layers."""

from autograder.exercises.mistakes.entry import known, mistake

COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")
SLOPE2, SLOPE3 = ") * a2 * (1 - a2)", "error * a3 * (1 - a3)"
W1_TERM, W2_TERM = "delta2 @ data.T / m", "delta3 @ a2.T / m"
B1_MEAN, B2_MEAN = "delta2.mean(axis=1)", "delta3.mean(axis=1)"

DELTAS = known(
    COSTS,
    mistake(
        "the error's sign",
        "The reconstruction pulls the gradient in the wrong direction. Look at the sign of the "
        "error with which delta3 begins: what is taken from what?",
        ("error = a3 - data", "error = data - a3"),
    ),
    mistake(
        "f'(z3) missing",
        "delta3 is the bare error. Look at what the sigmoid of the output layer contributes when "
        "the error passes back through it.",
        (SLOPE3, "error"),
    ),
    mistake(
        "f'(z2) missing",
        "delta2 lacks the slope of the hidden units. Look at what the sigmoid of the hidden layer "
        "contributes when the error passes back through it.",
        (SLOPE2, ")"),
    ),
    mistake(
        "f'(z3) twice",
        "The slope of the sigmoid enters delta3 twice. Look at how often the error passes the "
        "output layer on its way back.",
        (SLOPE3, SLOPE3 + " * a3 * (1 - a3)"),
    ),
    mistake(
        "f'(z2) twice",
        "The slope of the sigmoid enters delta2 twice. Look at how often the error passes the "
        "hidden layer on its way back.",
        (SLOPE2, SLOPE2 + " * a2 * (1 - a2)"),
    ),
    mistake(
        "slope of the slope at layer 2",
        "In delta2 the slope's formula is applied to something that is a slope already. Look at "
        "what goes into it: activations.",
        (SLOPE2, ") * (a2 * (1 - a2)) * (1 - a2 * (1 - a2))"),
    ),
    mistake(
        "slope of the slope at layer 3",
        "In delta3 the slope's formula is applied to something that is a slope already. Look at "
        "what goes into it: activations.",
        (SLOPE3, "error * (a3 * (1 - a3)) * (1 - a3 * (1 - a3))"),
    ),
    mistake(
        "sigmoid of a2 in the slope",
        "In delta2 the slope is taken at a2, as if it were z2: the sigmoid is applied once too "
        "often. Look at what the slope is a function of.",
        (SLOPE2, ") * (lambda s: s * (1 - s))(1 / (1 + np.exp(-a2)))"),
    ),
    mistake(
        "sigmoid of a3 in the slope",
        "In delta3 the slope is taken at a3, as if it were z3: the sigmoid is applied once too "
        "often. Look at what the slope is a function of.",
        (SLOPE3, "error * (lambda s: s * (1 - s))(1 / (1 + np.exp(-a3)))"),
    ),
    mistake(
        "tanh's slope at layer 2",
        "The slope in delta2 is that of the hyperbolic tangent. Look at the activation function "
        "that this network has.",
        (SLOPE2, ") * (1 - a2**2)"),
    ),
    mistake(
        "tanh's slope at layer 3",
        "The slope in delta3 is that of the hyperbolic tangent. Look at the activation function "
        "that this network has.",
        (SLOPE3, "error * (1 - a3**2)"),
    ),
    mistake(
        "half of the slope at layer 2",
        "One of the two factors of the hidden units' slope is missing in delta2. Look at the "
        "derivative of the sigmoid once more.",
        (SLOPE2, ") * (1 - a2)"),
    ),
    mistake(
        "half of the slope at layer 3",
        "One of the two factors of the output units' slope is missing in delta3. Look at the "
        "derivative of the sigmoid once more.",
        (SLOPE3, "error * (1 - a3)"),
    ),
    mistake(
        "slope of the data",
        "The slope in delta3 is computed from the data. Look at which values of the output layer "
        "it should be taken at: what it says, or what it should say?",
        (SLOPE3, "error * data * (1 - data)"),
    ),
    mistake(
        "factor 2 in delta3",
        "delta3 is twice as large as it should be. Look at what the derivative of a square does "
        "to the constant in front of it.",
        (SLOPE3, "2 * " + SLOPE3),
    ),
    mistake(
        "1/m twice",
        "The reconstruction's part of the gradient is divided by the number of examples once too "
        "often. Look for m in delta3 as well as in the gradients.",
        (SLOPE3, "error / m * a3 * (1 - a3)"),
    ),
    mistake(
        "wrong matrix",
        "The error comes back to the hidden layer through W1. Look at which matrix led from the "
        "hidden layer to the output.",
        ("W2.T @ delta3", "W1 @ delta3"),
    ),
    mistake(
        "transpose forgotten",
        "The error goes through W2 in the forward direction. Look at the shapes: which way does "
        "W2 lead, and which way does the error go?",
        ("W2.T @ delta3", "W2 @ delta3"),
    ),
    mistake(
        "error instead of delta3",
        "What comes back to the hidden layer is the error itself. Look at which quantity of the "
        "output layer is passed on in delta2.",
        ("W2.T @ delta3", "W2.T @ error"),
    ),
)

GRADIENTS = known(
    COSTS,
    mistake(
        "1/m missing",
        "The gradients of W1 and W2 grow with the number of examples. Look at how the examples "
        "are put together in them.",
        (W1_TERM, "delta2 @ data.T"),
        (W2_TERM, "delta3 @ a2.T"),
    ),
    mistake(
        "1/m missing for W1",
        "The gradient of W1 alone grows with the number of examples. Compare it with the gradient "
        "of W2.",
        (W1_TERM, "delta2 @ data.T"),
    ),
    mistake(
        "1/m missing for W2",
        "The gradient of W2 alone grows with the number of examples. Compare it with the gradient "
        "of W1.",
        (W2_TERM, "delta3 @ a2.T"),
    ),
    mistake(
        "gradient summed",
        "All four blocks of the gradient are sums over the examples, while the cost is a mean. "
        "Look at m in the gradients.",
        (W1_TERM, "delta2 @ data.T"),
        (W2_TERM, "delta3 @ a2.T"),
        (B1_MEAN, "delta2.sum(axis=1)"),
        (B2_MEAN, "delta3.sum(axis=1)"),
    ),
    mistake(
        "bias gradients summed",
        "The gradients of both biases grow with the number of examples. Look at how the deltas of "
        "the examples are put together there.",
        (B1_MEAN, "delta2.sum(axis=1)"),
        (B2_MEAN, "delta3.sum(axis=1)"),
    ),
    mistake(
        "b1's gradient summed",
        "The gradient of b1 grows with the number of examples, that of b2 does not. Compare how "
        "the two put the deltas together.",
        (B1_MEAN, "delta2.sum(axis=1)"),
    ),
    mistake(
        "b2's gradient summed",
        "The gradient of b2 grows with the number of examples, that of b1 does not. Compare how "
        "the two put the deltas together.",
        (B2_MEAN, "delta3.sum(axis=1)"),
    ),
    mistake(
        "bias gradients of one example",
        "The gradients of the biases are the deltas of the first example alone. Look at what "
        "becomes of the other examples.",
        (B1_MEAN, "delta2[:, 0]"),
        (B2_MEAN, "delta3[:, 0]"),
    ),
    mistake(
        "bias gradients of the last example",
        "The gradients of the biases are the deltas of the last example alone. Look at whether "
        "the examples add up or overwrite each other.",
        (B1_MEAN, "delta2[:, -1]"),
        (B2_MEAN, "delta3[:, -1]"),
    ),
    mistake(
        "bias gradients over units",
        "The gradients of the biases have a number for each example instead of one for each unit. "
        "Look at the direction of the mean.",
        (B1_MEAN, "delta2.mean(axis=0)"),
        (B2_MEAN, "delta3.mean(axis=0)"),
    ),
    mistake(
        "bias gradients all alike",
        "All units of a layer get the same bias gradient. Look at what the mean runs over: "
        "examples, but not units.",
        (B1_MEAN, "np.full(hidden_size, delta2.mean())"),
        (B2_MEAN, "np.full(visible_size, delta3.mean())"),
    ),
    mistake(
        "bias gradients zero",
        "The gradients of both biases are zero everywhere. Look at how a bias changes the cost: "
        "as a weight does whose input is always one.",
        (B1_MEAN, "np.zeros(hidden_size)"),
        (B2_MEAN, "np.zeros(visible_size)"),
    ),
    mistake(
        "W1 with the outputs",
        "The gradient of W1 is built with the network's outputs. Look at what W1 is multiplied "
        "with on the way forward.",
        (W1_TERM, "delta2 @ a3.T / m"),
    ),
    mistake(
        "W2 with the bare error",
        "The gradient of W2 is built with the error before it has passed the output layer's "
        "sigmoid. Look at which delta belongs to W2.",
        (W2_TERM, "error @ a2.T / m"),
    ),
    mistake(
        "product of means",
        "Deltas and activations are averaged over the examples first, and multiplied afterwards. "
        "Look at the order of the two steps in the gradients of W1 and W2.",
        (W1_TERM, "np.outer(delta2.mean(axis=1), data.mean(axis=1))"),
        (W2_TERM, "np.outer(delta3.mean(axis=1), a2.mean(axis=1))"),
    ),
    mistake(
        "weight gradients of the last example",
        "The gradients of W1 and W2 know the last example only. Look at whether the examples add "
        "up or overwrite each other.",
        (W1_TERM, "delta2[:, -1:] @ data[:, -1:].T / m"),
        (W2_TERM, "delta3[:, -1:] @ a2[:, -1:].T / m"),
    ),
    mistake(
        "tied weights",
        "The gradient of W2 is the mirror image of that of W1, as if the two layers shared their "
        "weights. Look at what W2 has of its own.",
        ("W2_grad = delta3 @ a2.T / m + lambda_ * W2", "W2_grad = W1_grad.T"),
    ),
    mistake(
        "averaged weights",
        "Both matrices get the average of their two gradients, as if they shared their weights. "
        "Look at which delta and which input belong to which matrix.",
        ("    return cost,",
         "    W1_grad = (W1_grad + W2_grad.T) / 2; W2_grad = W1_grad.T\n    return cost,"),
    ),
    mistake(
        "sizes hard-coded",
        "The function works for 64 inputs and 25 hidden units only. Look for sizes that are "
        "written as numbers: they come in as arguments.",
        ("unpack_parameters(theta, visible_size, hidden_size)",
         "unpack_parameters(theta[:3289], 64, 25)"),
    ),
    mistake(
        "sizes swapped",
        "theta is taken apart as if inputs and hidden units had changed places. Look at the order "
        "of the arguments of unpack_parameters.",
        ("unpack_parameters(theta, visible_size, hidden_size)",
         "unpack_parameters(theta, hidden_size, visible_size)"),
    ),
)  # fmt: skip

MISTAKES = (*DELTAS, *GRADIENTS)
