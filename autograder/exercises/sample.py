"""A sample class: ten students whose submissions are made from the reference solution.

Each wrong submission is an edit of the reference, so that it stays what it says when the
reference changes; an edit that no longer applies is an error.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.files import write_notebook


@dataclass(frozen=True)
class Student:
    """A student of the sample class.

    name: the student id. says: what is special about the submissions.
    edits: from a function's name to (old, new) pairs, applied to its cell in the reference.
    versions: from a function's name to a whole other text for its cell.
    finished: the functions that were written; None for all of them. Answers to written
    questions are handed in where all functions were written.
    """

    name: str
    says: str
    edits: Mapping[str, Iterable[tuple[str, str]]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    finished: tuple[str, ...] | None = None

    def answer(self, cell: NotebookNode) -> str | None:
        """What this student writes into a solution cell; None leaves it as it was released."""
        name = cell.metadata.nbgrader.grade_id
        if self.finished is not None and name not in self.finished:
            return None
        if name in self.versions:
            return self.versions[name]
        text = without_delimiters(cell.source)
        for old, new in self.edits.get(name, ()):
            if text.count(old) != 1:
                raise ValueError(
                    f"{self.name}'s edit of {name} does not apply: {old!r} occurs "
                    f"{text.count(old)} times in the reference"
                )
            text = text.replace(old, new)
        return text


def submission(student: Student, solved: NotebookNode, released: NotebookNode) -> NotebookNode:
    """The notebook that a student hands in: the released one with answers filled in."""
    notebook = nbformat.from_dict(released)
    answers = {
        cell.metadata.nbgrader.grade_id: student.answer(cell)
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for cell in notebook.cells:
        answer = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if answer is not None:
            cell.source = answer
    return notebook


def hand_in(course: str | Path, students: Iterable[Student], notebooks: Iterable[str]) -> None:
    """Write the submissions of a class to submitted/ in the folder `course`."""
    course = Path(course)
    for name in notebooks:
        solved = nbformat.read(course / "solutions" / name / f"{name}.ipynb", as_version=4)
        released = nbformat.read(course / "notebooks" / name / f"{name}.ipynb", as_version=4)
        for student in students:
            path = course / "submitted" / student.name / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_notebook(submission(student, solved, released), path)


def without_delimiters(source: str) -> str:
    """A solution cell's text without the lines that mark the solution."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("### "))


_COST_IN_LOOPS = """
    theta = [float(t) for t in theta]
    v, h, m = visible_size, hidden_size, data.shape[1]
    W1 = [theta[j * v : (j + 1) * v] for j in range(h)]
    W2 = [theta[h * v + i * h : h * v + (i + 1) * h] for i in range(v)]
    b1, b2 = theta[2 * h * v : 2 * h * v + h], theta[2 * h * v + h :]

    hidden, output = [], []
    for n in range(m):
        x = data[:, n]
        a = [1 / (1 + math.exp(-sum(W1[j][i] * x[i] for i in range(v)) - b1[j])) for j in range(h)]
        hidden.append(a)
        output.append(
            [1 / (1 + math.exp(-sum(W2[i][j] * a[j] for j in range(h)) - b2[i])) for i in range(v)]
        )
    cost = sum((output[n][i] - data[i, n]) ** 2 for n in range(m) for i in range(v)) / (2 * m)
    cost += lambda_ / 2 * sum(w * w for row in W1 + W2 for w in row)
    pull = [0.0] * h
{penalty}
    grad = [lambda_ * w for row in W1 + W2 for w in row] + [0.0] * (h + v)
    for n in range(m):
        a, y = hidden[n], output[n]
        d3 = [(y[i] - data[i, n]) * y[i] * (1 - y[i]) for i in range(v)]
        for j in range(h):
            back = sum(W2[i][j] * d3[i] for i in range(v)) + pull[j]
            d2 = back * a[j] * (1 - a[j])
            grad[2 * h * v + j] += d2 / m
            for i in range(v):
                grad[j * v + i] += d2 * data[i, n] / m
                grad[h * v + i * h + j] += d3[i] * a[j] / m
        for i in range(v):
            grad[2 * h * v + h + i] += d3[i] / m
    return cost, np.array(grad)
"""

_PENALTY_IN_LOOPS = """
    for j in range(h):
        r = sum(hidden[n][j] for n in range(m)) / m
        cost += beta * (rho * math.log(rho / r) + (1 - rho) * math.log((1 - rho) / (1 - r)))
        pull[j] = beta * ((1 - rho) / (1 - r) - rho / r)
"""

_LOOPS = {
    "normalize_patches": """
def normalize_patches(patches):
    columns = [[p - sum(c) / len(c) for p in c] for c in patches.T.tolist()]
    values = [p for c in columns for p in c]
    limit = 3 * (sum(p * p for p in values) / len(values)) ** 0.5
    scaled = [[0.5 + 0.4 * max(-limit, min(limit, p)) / limit for p in c] for c in columns]
    return np.array(scaled).T
""",
    "autoencoder_cost": (
        "import math\n\n\n"
        "def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):"
        + _COST_IN_LOOPS.format(penalty="")
    ),
    "sparse_autoencoder_cost": (
        "import math\n\n\n"
        "def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):"
        + _COST_IN_LOOPS.format(penalty=_PENALTY_IN_LOOPS)
    ),
}

_DECAYED_BIASES = [
    ("np.sum(W2**2))", "np.sum(W2**2) + np.sum(b1**2) + np.sum(b2**2))"),
    ("b1_grad = delta2.mean(axis=1)", "b1_grad = delta2.mean(axis=1) + lambda_ * b1"),
    ("b2_grad = delta3.mean(axis=1)", "b2_grad = delta3.mean(axis=1) + lambda_ * b2"),
]
_NO_DECAY_IN_GRADIENT = [
    ("W1_grad = delta2 @ data.T / m + lambda_ * W1", "W1_grad = delta2 @ data.T / m"),
    ("W2_grad = delta3 @ a2.T / m + lambda_ * W2", "W2_grad = delta3 @ a2.T / m"),
]

CLASS = (
    Student("ada", "everything right"),
    Student("bo", "loops instead of matrix products", versions=_LOOPS),
    Student("cleo", "handed in untouched", finished=()),
    Student(
        "dan",
        "half done",
        finished=(
            "whiten",
            "sample_patches",
            "sigmoid",
            "initialize_parameters",
            "unpack_parameters",
            "feed_forward",
            "average_activation",
            "kl_divergence",
            "numerical_gradient",
        ),
    ),
    Student(
        "eve",
        "sparsity term missing in delta",
        {"sparse_autoencoder_cost": [("(W2.T @ delta3 + pull[:, None])", "(W2.T @ delta3)")]},
    ),
    Student(
        "finn",
        "lambda missing in the gradient",
        {
            "autoencoder_cost": _NO_DECAY_IN_GRADIENT,
            "sparse_autoencoder_cost": _NO_DECAY_IN_GRADIENT,
        },
    ),
    Student(
        "gita",
        "biases decayed",
        {"autoencoder_cost": _DECAYED_BIASES, "sparse_autoencoder_cost": _DECAYED_BIASES},
    ),
    Student(
        "hugo",
        "raises an error: adds a bias as a row",
        {"feed_forward": [("W1 @ data + b1[:, None]", "W1 @ data + b1[None, :]")]},
    ),
    Student(
        "ines",
        "right, but prints and warns of overflow",
        {
            "sigmoid": [
                (
                    '    with np.errstate(over="ignore"):  # exp(800) is inf, and 1 / inf is the '
                    "right answer\n        return",
                    '    print("z is", z)\n    return',
                ),
            ],
        },
    ),
    Student(
        "juri",
        "one-sided differences, patches read by columns, global scale of filters",
        {
            "numerical_gradient": [
                (
                    "(cost(theta + step) - cost(theta - step)) / (2 * epsilon)",
                    "(cost(theta + step) - cost(theta)) / epsilon",
                ),
            ],
            "sample_patches": [
                ("column : column + patch_size].ravel()", "column : column + patch_size].T.ravel()")
            ],
            "tile_filters": [('if scale == "common":', "if True:")],
        },
    ),
)
