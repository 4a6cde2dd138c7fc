"""Notebook 07: hidden problems and known mistakes of the cost of a stream of batches."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.exercises.cost import COST_LIBRARIES
from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import networks
from saelab.check.batches import Batches
from saelab.check.exercise import Probe, single
from saelab.check.exercises.out_of_memory import in_batches, long_stream

# For each of the networks, the number of batches.
BATCHES = (4, 3, 2, 7, 1, 7, 2)


def _streams(rng: np.random.Generator) -> Iterator[tuple[Probe, list[int]]]:
    """Random networks, and the sizes of their batches, which are always the same."""
    for place, (problem, n) in enumerate(zip(networks(rng), BATCHES, strict=True)):
        m = problem.data.shape[1]
        cuts = sorted(np.random.default_rng(place).integers(m + 1, size=n - 1))
        sizes = [int(size) for size in np.diff([0, *cuts, m])]
        batches = ", ".join(map(str, sizes))
        says = f"{problem.says}, in {n} batch{'es' * (n > 1)} of {batches}"
        yield Probe(says, problem.sparse), sizes


def _long(rng: np.random.Generator, *weights: float) -> Probe:
    """The check's stream of which memory is measured, with other numbers."""
    probe = long_stream(*weights)
    theta, *sizes, batches = probe.args
    data = single(rng.uniform(0.1, 0.9, size=batches.shape))
    drawn = rng.normal(scale=0.1, size=theta.shape)
    return replace(probe, args=(drawn, *sizes, Batches(data, batches.sizes, batches.passes)))


def _streaming_average_activation(rng: np.random.Generator) -> Iterator[Probe]:
    for probe, sizes in _streams(rng):
        theta, v, h, *_, data = probe.args
        yield in_batches(Probe(probe.says, (theta, v, h, data)), sizes)
    yield _long(rng)


def _streaming_cost(rng: np.random.Generator) -> Iterator[Probe]:
    for probe, sizes in _streams(rng):
        yield in_batches(probe, sizes)
    yield _long(rng, rng.uniform(0.05, 0.5), rng.uniform(0.02, 0.4), rng.uniform(0.5, 4.0))


# --- known mistakes of the average of a stream -----------------------------------------------


LOOP = "    for batch in batches():\n"
ADDED = "total += sigmoid(W1 @ batch + b1[:, None]).sum(axis=1)"
COUNTED = "m += batch.shape[1]"
# The last batch is left, as it is where a loop works on the batch before the one that came.
ALL_BUT_LAST = (
    LOOP,
    "    stream = batches()\n    batch = next(stream)\n    for after in stream:\n",
)
ALL_BUT_FIRST = (LOOP, "    stream = batches()\n    next(stream)\n    for batch in stream:\n")

AVERAGE = (
    mistake(
        "mean of the batches' means",
        "Each batch counts as much as any other, however many examples it has. Look at what is "
        "divided by the number of examples, and when.",
        (ADDED, ADDED.replace(".sum(", ".mean(")),
        (COUNTED, "m += 1"),
    ),
    mistake(
        "mean of the means of batches that are not empty",
        "The batches' means are averaged without their weights, and empty batches are left out. "
        "Look at how many examples stand behind each mean.",
        (ADDED, f"if not batch.shape[1]: continue\n        {ADDED.replace('.sum(', '.mean(')}"),
        (COUNTED, "m += 1"),
    ),
    mistake(
        "divided by the number of batches",
        "The sum over all examples is divided by the number of batches. Look at what is counted "
        "along with the sum.",
        (COUNTED, "m += 1"),
    ),
    mistake(
        "m of the last batch",
        "The sum over all examples is divided by the size of the last batch. Look at what becomes "
        "of the sizes of the batches before it.",
        (COUNTED, "m = batch.shape[1]"),
    ),
    mistake(
        "the last batch alone",
        "The last batch alone decides: those before it leave no trace. Look at what each step of "
        "the loop does to the sum.",
        (ADDED, ADDED.replace("+=", "=")),
        (COUNTED, "m = batch.shape[1]"),
    ),
    mistake(
        "sum of the last batch",
        "The sum is that of the last batch, though all examples are counted. Look at whether the "
        "sum grows in each step of the loop.",
        (ADDED, ADDED.replace("+=", "=")),
    ),
    mistake(
        "last batch dropped",
        "The last batch is left out. Look at what is still to be done when the loop ends.",
        ALL_BUT_LAST,
        (COUNTED, f"{COUNTED}\n        batch = after"),
    ),
    mistake(
        "first batch dropped",
        "The first batch is left out. Look at what has been taken before the loop begins.",
        ALL_BUT_FIRST,
    ),
    mistake(
        "not divided",
        "The sum over all examples comes back, not their average. Look at the last step.",
        ("return total / m", "return total"),
    ),
    mistake(
        "kept in a list",
        "Too much of the stream is in memory at once, such as a list of all batches. Look at how a "
        "loop takes them one by one.",
        (LOOP, "    for batch in list(batches()):\n"),
    ),
    mistake(
        "a pass to count",
        "More than one pass is begun, such as one that counts and one that adds up. Look at "
        "whether a single loop can do all of it.",
        ("total, m = np.zeros(hidden_size), 0",
         "total, m = np.zeros(hidden_size), sum(b.shape[1] for b in batches())"),
        (COUNTED, "pass"),
    ),
    mistake(
        "counted until it was exhausted",
        "The examples were counted with the iterator that the loop goes on with, and an exhausted "
        "one gives nothing more. Look at how often a new one is asked for.",
        (LOOP, "    stream = batches()\n    m = sum(b.shape[1] for b in stream)\n"
               "    for batch in stream:\n"),
        (COUNTED, "pass"),
    ),
    mistake(
        "not called",
        "What is given is a function and no list: the loop needs what it returns. Look at the "
        "brackets after its name.",
        (LOOP, "    for batch in batches:\n"),
    ),
    mistake(
        "taken for a list",
        "An iterator has no first entry to point at: it gives one batch after the other. Look at "
        "what a loop does with it.",
        (LOOP, "    for batch in [batches()[0]]:\n"),
    ),
    mistake(
        "running average that begins with nothing",
        "The average so far is divided by the number of examples so far, and that is 0 after a "
        "first batch without examples. Look at when the sum has to be divided.",
        (ADDED, "k = batch.shape[1]"),
        (COUNTED, "m += k\n        total = total + (sigmoid(W1 @ batch + b1[:, None]).sum(axis=1)"
                  " - k * total) / np.float64(m)"),
        ("return total / m", "return total"),
    ),
    mistake(
        "halfway to each batch",
        "Each batch counts as much as all before it together, so that the order of the batches "
        "matters. Look at how many examples each average is of.",
        (ADDED, "if not batch.shape[1]: continue\n        mean = sigmoid(W1 @ batch + b1[:, None])"
                ".mean(axis=1)\n        total = (total + mean) / 2 if m else mean"),
        ("return total / m", "return total"),
    ),
    mistake(
        "bias missing",
        "The biases of the hidden units leave no trace. Look at what is added before the sigmoid.",
        ("W1 @ batch + b1[:, None]", "W1 @ batch"),
    ),
    mistake(
        "sigmoid missing",
        "What goes into the sigmoid is averaged. Look at what an activation is.",
        ("sigmoid(W1 @ batch + b1[:, None])", "(W1 @ batch + b1[:, None])"),
    ),
    mistake(
        "sigmoid of the sum",
        "The inputs of each unit are added up before the sigmoid. Look at the order of the two: "
        "each example goes through the sigmoid by itself.",
        ("sigmoid(W1 @ batch + b1[:, None]).sum(axis=1)",
         "sigmoid((W1 @ batch + b1[:, None]).sum(axis=1))"),
    ),
    mistake(
        "over units",
        "Each batch gives one number for each of its examples, and batches of different sizes do "
        "not add up. Look at the direction of the sum.",
        (".sum(axis=1)", ".sum(axis=0)"),
    ),
    mistake(
        "no return",
        "The average is computed, but nothing comes back. Look at the last line of the function.",
        ("return total", "total"),
    ),
)  # fmt: skip


# --- known mistakes of the cost of a stream --------------------------------------------------


START = "    W1, W2, b1, b2 = unpack_parameters(theta, *layers)\n"
# What the cost of notebook 03 says of each batch that has examples.
OWN = "sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, b)"
OF_BATCHES = f"    costs = [(b.shape[1], *{OWN}) for b in batches() if b.shape[1]]\n"
FIRST_PASS = "streaming_average_activation(theta, *layers, batches)"
RHO_HAT = f"    rho_hat = {FIRST_PASS}\n"
FORWARD = "a2, a3 = feed_forward(theta, *layers, batch)"
ERROR = "error += np.sum((a3 - batch) ** 2) / 2"
DELTA3 = "(a3 - batch) * a3 * (1 - a3)"
DELTA2 = "(W2.T @ delta3 + extra) * a2 * (1 - a2)"
DECAY = " + lambda_ / 2 * np.sum(weights**2)"
BEGUN = "    error, m, totals = 0.0, 0,"
ADDED_UP = "totals += np.concatenate("
WEIGHTS = "np.concatenate([W1.ravel(), W2.ravel(), 0 * b1, 0 * b2])"

BATCHES_ALONE = (
    mistake(
        "rho_hat of each batch",
        "The cost and the gradient are averages of the batches' own, each with a rho_hat of its "
        "own. Look at what rho_hat is the average over.",
        (START, f"{OF_BATCHES}    m = sum(k for k, _, _ in costs)\n"
                "    return sum(k * J for k, J, _ in costs) / m, "
                f"sum(k * g for k, _, g in costs) / m\n{START}"),
    ),
    mistake(
        "plain mean of the batches' costs",
        "Cost and gradient are plain means of those of the batches, whatever their sizes, and each "
        "batch has a rho_hat of its own. Look at both.",
        (START, f"    own = [{OWN} for b in batches() if b.size]\n"
                "    return np.mean([J for J, _ in own]), np.mean([g for _, g in own], axis=0)\n"
                f"{START}"),
    ),
    mistake(
        "sum of the batches' costs",
        "Cost and gradient are the sums of those of the batches. Look at what a cost of all "
        "examples is: each has been averaged already, over too few.",
        (START, "    J, grad = 0.0, 0 * theta\n    for b in batches():\n"
                "        if b.shape[1] == 0:\n"
                f"            continue\n        value, slope = {OWN}\n"
                f"        J, grad = J + value, grad + slope\n    return J, grad\n{START}"),
    ),
    mistake(
        "rho_hat of each batch in the gradient",
        "The cost has the true rho_hat, but each batch is pulled by a rho_hat of its own. Look at "
        "what the sparsity term of delta2 is made of.",
        (FORWARD, f"{FORWARD}\n        if not batch.shape[1]: continue\n        "
                  "extra = sparsity_delta(rho, a2.mean(axis=1), beta)[:, None]"),
    ),
    mistake(
        "rho_hat so far",
        "Each batch is pulled by the average of those before it and itself. Look at what has to "
        "be known before the first example can be propagated back.",
        (BEGUN, f"    seen = np.zeros(hidden_size)\n{BEGUN}"),
        (FORWARD, f"{FORWARD}\n        seen += a2.sum(axis=1)\n        if not batch.shape[1]: "
                  "continue\n        extra = sparsity_delta(rho, seen / (m + batch.shape[1]), beta)"
                  "[:, None]"),
    ),
    mistake(
        "mean of the batches' rho_hat",
        "rho_hat is the plain mean of the batches' averages, so that small batches weigh too much. "
        "Look at how many examples are behind each of them.",
        (FIRST_PASS, "np.mean([sigmoid(W1 @ b + b1[:, None]).mean(axis=1) for b in batches() "
                     "if b.shape[1]], axis=0)"),
    ),
    mistake(
        "rho_hat of the first batch",
        "rho_hat is that of the first batch that has examples. Look at what becomes of the others "
        "in the first pass.",
        (FIRST_PASS, "sigmoid(W1 @ next(b for b in batches() if b.shape[1]) + b1[:, None])"
                     ".mean(axis=1)"),
    ),
    mistake(
        "rho_hat of the outputs",
        "rho_hat is the average activation of the output units. Look at which layer is asked to "
        "be sparse.",
        (FIRST_PASS, "(lambda parts: sum(f.sum(axis=1) for f in parts) / sum(f.shape[1] for f in "
                     "parts))([np.resize(feed_forward(theta, visible_size, hidden_size, b)[1], "
                     "(hidden_size, b.shape[1])) for b in batches()])"),
    ),
)  # fmt: skip

COUNTING = (
    mistake(
        "m of the last batch",
        "The sums over all examples are divided by the size of the last batch. Look at how the "
        "examples are counted.",
        (COUNTED, "m = batch.shape[1]"),
    ),
    mistake(
        "divided by the number of batches",
        "The sums over all examples are divided by the number of batches. Look at what is "
        "counted in the loop.",
        (COUNTED, "m += 1"),
    ),
    mistake(
        "not divided",
        "The gradient is a sum over the examples, where the cost is an average. Look at what "
        "becomes of the sums after the loop.",
        ("totals / m", "totals"),
    ),
    mistake(
        "error not divided",
        "The error in the cost is a sum over the examples. Look at what the cost is divided by.",
        ("cost = error / m", "cost = error"),
    ),
    mistake(
        "each batch divided by its size",
        "Each batch's share of the sums is divided by the batch's own size. Look at when the sums "
        "are to be divided, and by what.",
        (ADDED_UP, "totals += 1 / max(1, batch.shape[1]) * np.concatenate("),
        ("totals / m", "totals"),
    ),
    mistake(
        "mean of nothing",
        "A batch without examples makes the gradients of the biases nan. Look at the mean of an "
        "empty batch, and whether a sum would do.",
        ("delta2.sum(axis=1)", "delta2.mean(axis=1) * batch.shape[1]"),
        (", delta3.sum(axis=1)", ", delta3.mean(axis=1) * batch.shape[1]"),
    ),
)

WHICH_BATCHES = (
    mistake(
        "gradient of the last batch",
        "The gradient's sums are those of the last batch: each step of the loop begins them anew. "
        "Look at whether they grow.",
        (ADDED_UP, ADDED_UP.replace("+=", "=")),
    ),
    mistake(
        "gradient of W1 of the last batch",
        "The gradient of W1 knows the last batch alone. Compare it with the gradient of W2.",
        (ADDED_UP, f"totals[: W1.size] = 0\n        {ADDED_UP}"),
    ),
    mistake(
        "error of the last batch",
        "The error in the cost is that of the last batch. Look at whether it grows from batch to "
        "batch, as the gradients do.",
        (ERROR, ERROR.replace("+=", "=")),
    ),
    mistake(
        "last batch dropped",
        "The last batch is left out when the examples are propagated back. Look at what is still "
        "to be done when the loop ends.",
        ALL_BUT_LAST,
        (COUNTED, f"{COUNTED}\n        batch = after"),
    ),
    mistake(
        "first batch dropped",
        "The first batch is left out when the examples are propagated back. Look at what has been "
        "taken before the loop begins.",
        ALL_BUT_FIRST,
    ),
    mistake(
        "exhausted",
        "Both passes share one iterator, which is exhausted after the first. Look at how often a "
        "new one is asked for.",
        (RHO_HAT, f"    stream = batches()\n{RHO_HAT.replace('batches', 'lambda: stream')}"),
        (LOOP, "    for batch in stream:\n"),
    ),
    mistake(
        "kept in a list",
        "Too much of the stream is held at once, such as all batches from the first pass for the "
        "second. Look at what is still needed when the next batch comes.",
        (RHO_HAT, "    kept = list(batches())\n"
                  f"{RHO_HAT.replace('batches', 'lambda: iter(kept)')}"),
        (LOOP, "    for batch in kept:\n"),
    ),
    mistake(
        "a pass of its own for the error",
        "More than two passes are begun, such as one for the error alone. Look at what a single "
        "one can compute for each batch.",
        ("    cost = error / m", "    error = sum(np.sum((feed_forward(theta, visible_size, "
         "hidden_size, b)[1] - b) ** 2) / 2 for b in batches())\n    cost = error / m"),
    ),
    mistake(
        "not called",
        "What is given is a function and no list: the second pass needs what it returns. Look at "
        "the brackets after its name.",
        (LOOP, "    for batch in batches:\n"),
    ),
    mistake(
        "error in the batch's place",
        "The error is written over the batch. Look at what holds the inputs after that.",
        (DELTA3, "np.subtract(a3, batch, out=batch) * a3 * (1 - a3)"),
        (ERROR, "error += np.sum(batch**2) / 2"),
    ),
)  # fmt: skip

TERMS = (
    mistake(
        "decay in the gradient once for each batch",
        "The weight decay is added to the gradient's sums in each batch, and divided with them. "
        "Look at what in the gradient depends on the examples, and what does not.",
        (ADDED_UP, f"totals += lambda_ * {WEIGHTS} + np.concatenate("),
        (" + lambda_ * weights", ""),
    ),
    mistake(
        "decay in the cost once for each batch",
        "The weight decay is added to the error in each batch, and divided with it. Look at what "
        "in the cost depends on the examples, and what does not.",
        (ERROR, f"{ERROR} + lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))"),
        (DECAY, ""),
    ),
    mistake(
        "penalty once for each batch",
        "The sparsity penalty of the cost is added once for each batch. Look at how many hidden "
        "units there are to be kept quiet, however the examples come.",
        (BEGUN, f"    n = 0\n{BEGUN}"),
        (COUNTED, f"{COUNTED}\n        n += 1"),
        ("penalty = beta", "penalty = n * beta"),
    ),
    mistake(
        "sparsity once for each batch",
        "The sparsity term is added to one example of each batch, not to all. Look at what its "
        "pull is averaged over.",
        (DELTA2, "(W2.T @ delta3 + extra * (np.arange(batch.shape[1]) == 0)) * a2 * (1 - a2)"),
    ),
    mistake(
        "decay missing in the gradient",
        "The weight decay is in the cost, but the gradient does not know of it. Look at what is "
        "added after the loop.",
        (" + lambda_ * weights", ""),
    ),
    mistake(
        "biases decayed",
        "The biases are decayed along with the weights, in the cost and in the gradient. Look at "
        "which parameters the decay is summed over.",
        ("0 * b1, 0 * b2", "b1, b2"),
    ),
    mistake(
        "decay missing in the cost",
        "The weight decay is in the gradient, but not in the cost. Look at the terms of the cost.",
        (DECAY, ""),
    ),
    mistake(
        "penalty missing in the cost",
        "The sparsity penalty is missing in the cost. Look at the last term of its sum.",
        (" + penalty", ""),
    ),
    mistake(
        "sparsity missing in delta2",
        "The gradient does not know of the sparsity penalty. Look at the bracket in delta2.",
        ("W2.T @ delta3 + extra", "W2.T @ delta3"),
    ),
    mistake(
        "outside of f'(z2)",
        "The sparsity term is added after the slope of the hidden units. Look at the brackets of "
        "delta2: what does the slope multiply?",
        (DELTA2, "W2.T @ delta3 * a2 * (1 - a2) + extra"),
    ),
    mistake(
        "error not halved",
        "The error in the cost is twice as large as it should be. Look at the constant in front "
        "of its sum.",
        (ERROR, ERROR.removesuffix(" / 2")),
    ),
    mistake(
        "slope of the outputs missing",
        "The slope of the output units is missing in delta3. Look at what the error is multiplied "
        "with.",
        (DELTA3, "a3 - batch"),
    ),
    mistake(
        "no return",
        "Cost and gradient are computed, but nothing comes back. Look at the last line of the "
        "function.",
        ("return cost, totals", "cost, totals"),
    ),
)

EXERCISES = (
    Exercise(
        "streaming_average_activation",
        _streaming_average_activation,
        mistakes=AVERAGE,
        # Both stop before anything is counted.
        not_together=(("a pass to count", "not called"),),
        sample={"dan": UNTOUCHED, "gita": ((LOOP, "    for batch in list(batches()):\n"),)},
    ),
    Exercise(
        "streaming_cost",
        _streaming_cost,
        mistakes=(*BATCHES_ALONE, *COUNTING, *WHICH_BATCHES, *TERMS),
        libraries=COST_LIBRARIES,
        sample={"dan": UNTOUCHED},
    ),
)  # fmt: skip
