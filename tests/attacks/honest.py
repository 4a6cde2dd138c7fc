"""Honest submissions, each written in another way; all of them deserve full marks.

From the class of autograder/exercises/sample.py, from tests/variants/ (every function there
in every way it is written), and a few whose functions are not plain functions.
"""

import copy

import nbformat

from autograder import CLONE
from autograder.exercises.sample import CLASS, submission, without_delimiters
from tests.variants import variants

ASSIGNMENTS = ("02_cost", "03_kl_delta", "04_gradient_check", "05_training", "06_visualization")

# Objects that are called, partial functions, closures, generators, recursion, global constants.
NO_PLAIN_FUNCTIONS = {
    "sigmoid": '''
import sys
import warnings

class Squash:
    """Callable, and counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, z):
        self.calls += 1
        print("call", self.calls, file=sys.stderr)
        warnings.warn("it may overflow")
        return 1 / (1 + np.exp(-z))

sigmoid = Squash()
''',
    "initialize_parameters": '''
import functools

def start(spread, visible_size, hidden_size, rng):
    r = (spread / (visible_size + hidden_size + 1)) ** 0.5
    rows = ((rng.uniform(-r, r) for _ in range(visible_size)) for _ in range(2 * hidden_size))
    weights = [w for row in rows for w in row]
    return np.array(weights + [0] * (hidden_size + visible_size))

initialize_parameters = functools.partial(start, 6)
''',
    "unpack_parameters": '''
def cut(rest, sizes):
    """The first of the pieces, and then the others."""
    if sizes:
        n = int(np.prod(sizes[0]))
        yield rest[:n].reshape(sizes[0])
        yield from cut(rest[n:], sizes[1:])

unpack_parameters = lambda theta, v, h: tuple(cut(theta, [(h, v), (v, h), (h,), (v,)]))
''',
    "feed_forward": '''
ONE = np.newaxis

class Network:
    def __init__(self, theta, v, h):
        self.W1, self.W2, self.b1, self.b2 = unpack_parameters(theta, v, h)

    def layers(self, x):
        a = x
        for W, b in ((self.W1, self.b1), (self.W2, self.b2)):
            a = sigmoid(np.einsum("ij,jm->im", W, a) + b[:, ONE])
            yield a

def feed_forward(theta, visible_size, hidden_size, data):
    return list(Network(theta, visible_size, hidden_size).layers(data))
''',
    "autoencoder_cost": '''
def make():
    def cost_of(theta, visible_size, hidden_size, lambda_, data):
        print("theta is", theta)
        W1, W2, *_ = unpack_parameters(theta, visible_size, hidden_size)
        a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
        m = np.size(data, 1)

        def back():
            d3 = (a3 - data) * a3 * (1 - a3)
            d2 = W2.T @ d3 * a2 * (1 - a2)
            yield d2 @ data.T / m + lambda_ * W1
            yield d3 @ a2.T / m + lambda_ * W2
            yield d2.sum(1) / m
            yield d3.sum(1) / m

        J = np.array(np.square(a3 - data).sum() / 2 / m + lambda_ / 2 * (W1**2).sum())
        return (J + lambda_ / 2 * (W2**2).sum(), np.hstack([g.flat for g in back()]))

    return cost_of

autoencoder_cost = make()
''',
    "average_activation": "average_activation = lambda a2: a2 @ np.ones(a2.shape[1]) / a2.shape[1]",
    "kl_divergence": '''
def kl_divergence(rho, rho_hat):
    from functools import reduce
    one = lambda p, q: p * (np.log(p) - np.log(q))
    return reduce(np.add, (one(rho, rho_hat), one(1 - rho, 1 - rho_hat)))
''',
    "numerical_gradient": '''
def numerical_gradient(J, theta, epsilon=1e-4):
    def slopes(i=0):
        if i == theta.size:
            return
        e = epsilon * (np.arange(theta.size) == i)
        both = J(theta + e), J(theta - e)
        up, down = (np.atleast_1d(np.asarray(value, dtype=object))[0] for value in both)
        yield (up - down) / (2 * epsilon)
        yield from slopes(i + 1)

    return np.fromiter(slopes(), float)
''',
    "train": '''
class Trainer:
    def __init__(self, **options):
        self.options = options

    def __call__(self, theta0, cost, maxiter, callback=None):
        def after_each(intermediate_result):
            callback(intermediate_result.x)

        self.best = minimize(
            lambda theta: cost(theta), theta0, jac=True, method="L-BFGS-B",
            callback=callback and after_each, options={"maxiter": maxiter, **self.options},
        )
        return self.best

train = Trainer(maxcor=15)
''',
    "maximal_inputs": """
maximal_inputs = np.vectorize(lambda w: w / (np.sqrt(w @ w) or 1), signature="(v)->(v)")
""",
}  # fmt: skip


def submissions():
    """From assignments to {student: notebook}."""
    ways = _other_ways()
    handed_in = {}
    for name in ASSIGNMENTS:
        solved, released = (
            nbformat.read(CLONE / folder / name / f"{name}.ipynb", as_version=4)
            for folder in ("solutions", "notebooks")
        )
        texts = {
            cell.metadata.nbgrader.grade_id: without_delimiters(cell.source)
            for cell in solved.cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        }
        found = {"solved": solved}
        for student in CLASS:
            if student.name in ("bo", "ines"):
                found[student.name] = submission(student, solved, released)
        for number in range(max(len(ways.get(function, ())) for function in texts)):
            chosen = {
                function: ways[function][number % len(ways[function])] if function in ways else text
                for function, text in texts.items()
            }
            found[f"way-{number}"] = _written(released, chosen)
        other = {function: NO_PLAIN_FUNCTIONS.get(function, texts[function]) for function in texts}
        if set(texts) & set(NO_PLAIN_FUNCTIONS):
            found["no-functions"] = _written(released, other)
        handed_in[name] = found
    return handed_in


def _other_ways():
    """From a function's name to the texts of its versions."""
    ways: dict[str, list[str]] = {}
    for variant in variants():
        ways.setdefault(variant.function, []).append(variant.text)
    return ways


def _written(released, texts):
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in texts:
            cell.source = texts[name].strip("\n")
    return notebook
