"""Known mistakes of the sparse cost alone: the penalty, its gradient, and rho_hat."""

from autograder.exercises.mistakes.entry import known, mistake

BRACKET = "(W2.T @ delta3 + pull[:, None]) * a2 * (1 - a2)"

PENALTY = known(
    "sparse_autoencoder_cost",
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
        "The divergences of the hidden units are averaged in the cost. Look at the sign in front "
        "of them in the formula.",
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

PULLED = known(
    "sparse_autoencoder_cost",
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

RHO_HAT = known(
    "sparse_autoencoder_cost",
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

MISTAKES = (*PENALTY, *PULLED, *RHO_HAT)
