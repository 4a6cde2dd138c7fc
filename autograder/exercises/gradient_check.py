"""Notebook 04: hidden problems and known mistakes of checking a gradient."""

from collections.abc import Callable, Iterator

import numpy as np

from autograder.exercises.cost import DIFFERENCES
from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import CostProblem, cost_problem, draw
from autograder.exercises.reference import reference
from saelab.check.exercise import Probe
from saelab.hunt import suspects

Cost = Callable[[np.ndarray], float]
CostAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]


def tiny_cost_problems(seed: int) -> list[CostProblem]:
    """Two small problems, for code that evaluates the cost twice for each entry of theta."""
    rng = np.random.default_rng(seed)
    return [cost_problem(rng, 3, 2, 5), cost_problem(rng, 2, 3, 7)]


def smooth_function(seed: int, n: int) -> tuple[Cost, np.ndarray]:
    """A smooth cost of n variables, and a place to take its gradient.

    Its second and third derivatives are large enough to reveal a one-sided difference, or a
    difference that ignores epsilon.

    Args:
        seed: the seed of the random numbers.
        n: how many variables there are.

    Returns:
        The tuple (J, theta). J takes an array (n,) and returns a number; theta is (n,).
    """
    rng = np.random.default_rng(seed)
    waves, pull = rng.normal(size=(n + 2, n)), rng.normal(size=n)

    def J(theta: np.ndarray) -> float:
        return float(np.sin(waves @ theta).sum() + 0.3 * (theta**3).sum() + pull @ theta)

    return J, rng.normal(size=n)


def _numerical_gradient(rng: np.random.Generator) -> Iterator[Probe]:
    for n, epsilon in ((4, 1e-4), (3, 1e-2), (5, 0.05)):
        J, theta = smooth_function(draw(rng), n)
        yield Probe(f"{n} variables, epsilon = {epsilon}", (J, theta, epsilon))
        yield Probe(f"{n} variables, J returns a pair", (_as_pair(J), theta))


def _as_pair(J: Cost) -> CostAndGradient:
    return lambda x: (J(x), 0 * x)


def _relative_error(rng: np.random.Generator) -> Iterator[Probe]:
    for n, distance in ((5, 1.0), (12, 1e-3), (3, 40.0)):
        a = rng.normal(size=n)
        b = a + distance * rng.normal(size=n)
        yield Probe("two vectors", (a, b))
        yield Probe("the same, changed about", (b, a))
    yield Probe("two vectors of zeros", (np.zeros(3), np.zeros(3)))


def _block_errors(rng: np.random.Generator) -> Iterator[Probe]:
    right = reference("03_kl_delta").sparse_autoencoder_cost
    # Half of the versions on each, since each of them takes hundreds of evaluations.
    for p, letters in zip(tiny_cost_problems(draw(rng)), ("ACE", "BDF")):
        theta, v, h, *rest = p.sparse
        versions = suspects(right, v, h, *rest)
        for letter in letters:
            yield Probe(f"version {letter} of the cost", (versions[letter], theta, v, h))


QUOTIENT = "(cost(theta + step) - cost(theta - step)) / (2 * epsilon)"
RELATIVE = "np.linalg.norm(a - b) / size if size else 0.0"
SIZE = "np.linalg.norm(a) + np.linalg.norm(b)"
NUMERICAL = "numerical_gradient(cost, theta)"

NUMERICAL_GRADIENT = (
    mistake(
        "forward difference",
        "The cost is compared with the one a step ahead only. Look at the two places at which the "
        "quotient takes the cost.",
        (QUOTIENT, "(cost(theta + step) - cost(theta)) / epsilon"),
    ),
    mistake(
        "backward difference",
        "The cost is compared with the one a step behind only. Look at the two places at which "
        "the quotient takes the cost.",
        (QUOTIENT, "(cost(theta) - cost(theta - step)) / epsilon"),
    ),
    mistake(
        "no 2",
        "Every entry is twice as large as it should be. Look at how far apart the two places are "
        "at which the cost is taken.",
        ("(2 * epsilon)", "epsilon"),
    ),
    mistake(
        "epsilon times 4",
        "Every entry is half as large as it should be. Look at how far apart the two places are "
        "at which the cost is taken.",
        ("(2 * epsilon)", "(4 * epsilon)"),
    ),
    mistake(
        "the sign",
        "Every entry has the wrong sign. Look at which of the two costs is taken from the other.",
        (QUOTIENT, "(cost(theta - step) - cost(theta + step)) / (2 * epsilon)"),
    ),
    mistake(
        "not divided",
        "The difference of the two costs is returned as it is. Look at what makes a slope of it.",
        (" / (2 * epsilon)", ""),
    ),
    mistake(
        "the sum of the costs",
        "The two costs are added. Look at what happens between them above the fraction.",
        ("cost(theta + step) - cost", "cost(theta + step) + cost"),
    ),
    mistake(
        "second derivative",
        "The result measures how the slope changes, not the slope. Look at how many costs the "
        "quotient compares.",
        (QUOTIENT,
         "(cost(theta + step) - 2 * cost(theta) + cost(theta - step)) / epsilon**2"),
    ),
    mistake(
        "epsilon ignored",
        "Another epsilon changes nothing: the step is always the same. Look at where the argument "
        "is used, and whether it is overwritten.",
        ("step[i] = epsilon", "step[i] = epsilon = 1e-4"),
    ),
    mistake(
        "another default epsilon",
        "The result is right when epsilon is given, and inexact when it is not. Look at the "
        "default value in the first line.",
        ("epsilon=1e-4", "epsilon=0.1"),
    ),
    mistake(
        "epsilon squared",
        "The difference is divided by the square of the step. Look at how epsilon enters below "
        "the fraction.",
        ("(2 * epsilon)", "(2 * epsilon**2)"),
    ),
    mistake(
        "relative step",
        "The step grows with the entry of theta, but the quotient does not know that. Look at "
        "what is added to theta, and at what the difference is divided by.",
        ("step[i] = epsilon", "step[i] = epsilon * theta[i]"),
    ),
    mistake(
        "relative step beyond 1",
        "Where an entry of theta is larger than 1 its step grows too, but the quotient does not "
        "know that. Look at what is added to theta there.",
        ("step[i] = epsilon", "step[i] = epsilon * max(1, abs(theta[i]))"),
    ),
    mistake(
        "step never reset",
        "Entries that were moved once stay moved, so that later slopes hold the earlier ones too. "
        "Look at where the step begins anew.",
        ("    for i", "    step = np.zeros_like(theta)\n    for i"),
        ("        step = np.zeros_like(theta)\n", ""),
    ),
    mistake(
        "last entry forgotten",
        "The last entry of the gradient stays zero. Look at where the loop over theta ends.",
        ("range(theta.size)", "range(theta.size - 1)"),
    ),
    mistake(
        "first entry forgotten",
        "The first entry of the gradient stays zero. Look at where the loop over theta begins.",
        ("range(theta.size)", "range(1, theta.size)"),
    ),
    mistake(
        "a pair not expected",
        "The function stops where J returns a pair. Look at the docstring: J may return the cost "
        "together with its gradient.",
        ("value[0] if isinstance(value, tuple) else value", "value"),
    ),
    mistake(
        "always a pair",
        "The function takes for granted that J returns a pair. Look at the docstring: J may "
        "return a number by itself.",
        ("value[0] if isinstance(value, tuple) else value", "value[0]"),
    ),
    mistake(
        "the pair's gradient",
        "Where J returns a pair, its own gradient comes back unchecked. Look at which of the two "
        "things that J returns is used.",
        ("return gradient",
         "return J(theta)[1] if isinstance(J(theta), tuple) else gradient"),
    ),
    mistake(
        "theta moves on",
        "theta stays moved after every entry, so that later slopes are taken elsewhere. Look at "
        "what becomes of theta once a step was tried.",
        ("gradient[i] = (", "theta += step; gradient[i] = ("),
        ("cost(theta + step) - cost(theta - step)", "cost(theta) - cost(theta - 2 * step)"),
    ),
    mistake(
        "float32",
        "The gradient is kept in single precision. Look at the type of the array that the slopes "
        "are put in.",
        ("gradient = np.zeros_like(theta)", "gradient = np.zeros(theta.shape, np.float32)"),
    ),
    mistake(
        "no return",
        "The slopes are computed, but nothing comes back. Look at the last line of the function.",
        ("return gradient", "gradient"),
    ),
    mistake(
        "return inside the loop",
        "The function ends after the first entry: all others are zero. Look at how far the last "
        "line is indented.",
        ("    return gradient", "        return gradient"),
    ),
)  # fmt: skip


RELATIVE_ERROR = (
    mistake(
        "division by zero",
        "Two vectors of zeros give no number. Look at what the lengths add up to there, and at "
        "what the docstring says of this case.",
        (RELATIVE, "np.linalg.norm(a - b) / size"),
    ),
    mistake(
        "one for zeros",
        "Two vectors of zeros are told apart, though they are equal. Look at the special case in "
        "the docstring.",
        ("else 0.0", "else 1.0"),
    ),
    mistake(
        "length of a only",
        "The difference is compared with the length of the first vector alone. Look at what "
        "stands below the fraction.",
        (SIZE, "np.linalg.norm(a)"),
    ),
    mistake(
        "length of b only",
        "The difference is compared with the length of the second vector alone. Look at what "
        "stands below the fraction.",
        (SIZE, "np.linalg.norm(b)"),
    ),
    mistake(
        "longer of the two",
        "The difference is compared with the longer of the two vectors. Look at how the two "
        "lengths are put together below the fraction.",
        (SIZE, "max(np.linalg.norm(a), np.linalg.norm(b))"),
    ),
    mistake(
        "mean of the lengths",
        "The result is twice as large as it should be. Look at whether the lengths below the "
        "fraction are added or averaged.",
        (SIZE, f"({SIZE}) / 2"),
    ),
    mistake(
        "length of the sum",
        "The vectors are added before their length is taken. Look at the order of the two steps "
        "below the fraction: opposite vectors show it.",
        (SIZE, "np.linalg.norm(a + b)"),
    ),
    mistake(
        "difference of the lengths",
        "Two vectors of equal length count as equal, wherever they point. Look at what is "
        "measured above the fraction.",
        ("np.linalg.norm(a - b)", "abs(np.linalg.norm(a) - np.linalg.norm(b))"),
    ),
    mistake(
        "length of a sum above",
        "Equal vectors give the largest error of all. Look at the sign between the two vectors "
        "above the fraction.",
        ("np.linalg.norm(a - b)", "np.linalg.norm(a + b)"),
    ),
    mistake(
        "squares",
        "All lengths are squared. Look at the double bars in the formula: which root belongs to "
        "them?",
        ("np.linalg.norm(a - b)", "np.linalg.norm(a - b) ** 2"),
        (SIZE, "np.linalg.norm(a) ** 2 + np.linalg.norm(b) ** 2"),
    ),
    mistake(
        "absolute values added",
        "Lengths are sums of absolute values. Look at the kind of length that the double bars "
        "stand for.",
        ("np.linalg.norm(a - b)", "np.abs(a - b).sum()"),
        (SIZE, "np.abs(a).sum() + np.abs(b).sum()"),
    ),
    mistake(
        "largest entries",
        "Lengths are the largest absolute values. Look at the kind of length that the double bars "
        "stand for.",
        ("np.linalg.norm(a - b)", "np.abs(a - b).max()"),
        (SIZE, "np.abs(a).max() + np.abs(b).max()"),
    ),
    mistake(
        "entry by entry",
        "There is one error for each entry. Look at what is measured above the fraction: a length "
        "is one number.",
        ("np.linalg.norm(a - b)", "np.abs(a - b)"),
    ),
    mistake(
        "not relative",
        "The error grows with the vectors themselves. Look at what it is compared with in the "
        "formula.",
        (RELATIVE, "np.linalg.norm(a - b)"),
    ),
    mistake(
        "no return",
        "The error is computed, but nothing comes back. Look at the last line of the function.",
        ("return np", "np"),
    ),
)


BLOCK_ERRORS = (
    mistake(
        "W1 for all",
        "All four blocks get the error of W1. Look at which entries of the gradients each of them "
        "is computed from.",
        ("relative_error(a, b)", "relative_error(own[0], numerical[0])"),
    ),
    mistake(
        "whole gradient for all",
        "All four blocks get the error of the whole gradient. Look at which entries of it each "
        "block is computed from.",
        ("relative_error(a, b)",
         f"relative_error(grad, {NUMERICAL})"),
    ),
    mistake(
        "names of the biases mixed up",
        "The errors of the two biases have changed places. Look at the order of the blocks in "
        "theta.",
        ('"b1", "b2")', '"b2", "b1")'),
    ),
    mistake(
        "names of the weights mixed up",
        "The errors of the two weight matrices have changed places. Look at the order of the "
        "blocks in theta.",
        ('("W1", "W2"', '("W2", "W1"'),
    ),
    mistake(
        "b2 left out",
        "The dictionary ends before the last block. Look at how many names it has.",
        ('"b1", "b2")', '"b1")'),
    ),
    mistake(
        "weights only",
        "The dictionary holds the weights alone. Look at what else theta is made of.",
        ('"W2", "b1", "b2")', '"W2")'),
    ),
    mistake(
        "small letters",
        "The dictionary's names are not those of the docstring. Look at capital and small letters "
        "in them.",
        ('("W1", "W2"', '("w1", "w2"'),
    ),
    mistake(
        "sizes swapped",
        "Both gradients are cut as if inputs and hidden units had changed places. Look at the "
        "order of the sizes where they are taken apart.",
        ("unpack_parameters(grad, visible_size, hidden_size)",
         "unpack_parameters(grad, hidden_size, visible_size)"),
        ("unpack_parameters(slopes, visible_size, hidden_size)",
         "unpack_parameters(slopes, hidden_size, visible_size)"),
    ),
    mistake(
        "absolute errors",
        "The errors are lengths of differences, compared with nothing. Look at the function of "
        "this notebook that makes them relative.",
        ("relative_error(a, b)", "np.linalg.norm(a - b)"),
    ),
    mistake(
        "cost's gradient elsewhere",
        "The two gradients are taken at different places. Look at where the cost function's own "
        "gradient is asked for.",
        ("_, grad = cost(theta)", "_, grad = cost(0 * theta)"),
    ),
    mistake(
        "the cost as gradient",
        "What is cut into blocks is the cost, not the gradient. Look at which of the two things "
        "that the cost function returns is kept.",
        ("_, grad = cost(theta)", "grad, _ = cost(theta)"),
    ),
    mistake(
        "numerical gradient with a wide step",
        "The numerical gradient is not exact enough, so that right blocks look wrong. Look at the "
        "step that it is given.",
        (NUMERICAL, "numerical_gradient(cost, theta, 0.3)"),
    ),
    mistake(
        "theta instead of its gradient",
        "The blocks of theta itself are compared with those of the gradient. Look at what the cost "
        "function returns beside the cost.",
        ("unpack_parameters(grad,", "unpack_parameters(theta,"),
    ),
    mistake(
        "a list",
        "The errors come one after the other, without their names. Look at the docstring for what "
        "they are found by.",
        ("{name: relative_error(a, b)", "[relative_error(a, b)"),
        ("in pairs}", "in pairs]"),
    ),
    mistake(
        "the largest for all",
        "All four blocks get the largest of the four errors. Look at what the dictionary holds "
        "for each name.",
        ("relative_error(a, b)",
         "max(relative_error(c, d) for c, d in zip(own, numerical))"),
    ),
    mistake(
        "no return",
        "The errors are computed, but nothing comes back. Look at the last line of the function.",
        ("return {", "{"),
    ),
)  # fmt: skip


EXERCISES = (
    Exercise(
        "numerical_gradient",
        _numerical_gradient,
        mistakes=NUMERICAL_GRADIENT,
        libraries=DIFFERENCES,
        sample={
            "juri": (
                (
                    "(cost(theta + step) - cost(theta - step)) / (2 * epsilon)",
                    "(cost(theta + step) - cost(theta)) / epsilon",
                ),
            ),
        },
    ),
    Exercise("relative_error", _relative_error, mistakes=RELATIVE_ERROR, sample={"dan": UNTOUCHED}),
    Exercise("block_errors", _block_errors, mistakes=BLOCK_ERRORS, sample={"dan": UNTOUCHED}),
)
