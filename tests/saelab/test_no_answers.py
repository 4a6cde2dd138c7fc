"""saelab holds no answer to a question that a notebook asks, neither as text nor as a formula.

That goes for its modules, and for what lies in saelab/expected/: numbers, and prose.
"""

import ast
import json
import re
import zipfile

import numpy as np
import pytest

from autograder import CLONE, REVEALING
from autograder.exercises.reference import functions
from saelab.check.exercises import NOTEBOOKS, exercise

# What students have of it.
MODULES = sorted(
    path
    for path in (CLONE / "saelab").rglob("*.py")
    if not any(path.is_relative_to(CLONE / name) for name in REVEALING)
)
SOURCES = sorted(CLONE.glob("solutions/*/*.py"))
REGION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)

every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def solution_lines(source):
    """The lines that a student has to write, of 12 characters at least."""
    lines = {line.strip() for region in REGION.findall(source) for line in region.splitlines()}
    return {line for line in lines if len(line) >= 12}


def student_functions(source):
    """The functions whose bodies are solution regions."""
    return set(re.findall(r"^def (\w+)\(.*\n(?:(?!^[^\s)]).*\n)*? {4}### BEGIN SOL", source, re.M))


def formulas(tree):
    """Names of the course's formulas that stand in a program."""
    nodes = list(ast.walk(tree))
    return {name for name, is_it in FORMULAS.items() if any(map(is_it, nodes))}


def _binary(node, operator):
    """The two sides of such an operation, or two Nones."""
    right_kind = isinstance(node, ast.BinOp) and isinstance(node.op, operator)
    return (node.left, node.right) if right_kind else (None, None)


def _is_slope(node):
    """A product in which a and 1 - a are factors."""
    factors = _factors(node)
    differences = [_binary(factor, ast.Sub) for factor in factors]
    rests = [b for a, b in differences if isinstance(a, ast.Constant) and a.value == 1]
    return bool({ast.dump(rest) for rest in rests} & {ast.dump(factor) for factor in factors})


def _factors(node):
    left, right = _binary(node, ast.Mult)
    return [*_factors(left), *_factors(right)] if left else [node]


def _is_sigmoid(node):
    """1 / (1 + exp(...)), or a library's."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.alias)):
        return _name(node) in ("expit", "logistic")
    one, below = _binary(node, ast.Div)
    _, power = _binary(below, ast.Add)
    return isinstance(one, ast.Constant) and isinstance(power, ast.Call) and _name(power) == "exp"


def _is_divergence(node):
    """log(a / b)."""
    return isinstance(node, ast.Call) and _name(node) == "log" and _is_quotient(node.args[0])


def _is_quotient(node):
    return _binary(node, ast.Div) != (None, None)


def _is_half_mean(node):
    """... / (2 * m)"""
    _, below = _binary(node, ast.Div)
    two, count = _binary(below, ast.Mult)
    return isinstance(two, ast.Constant) and two.value == 2 and isinstance(count, ast.Name)


def _is_centred_difference(node):
    """(J(x + e) - J(x - e)) / ..."""
    above, _ = _binary(node, ast.Div)
    one, other = _binary(above, ast.Sub)
    calls = isinstance(one, ast.Call) and isinstance(other, ast.Call)
    return calls and ast.dump(one.func) == ast.dump(other.func)


def _is_cut(node):
    """clip(x, -limit, limit)"""
    if not isinstance(node, ast.Call) or _name(node) != "clip" or len(node.args) != 3:
        return False
    low, high = node.args[1:]
    return isinstance(low, ast.UnaryOp) and ast.dump(low.operand) == ast.dump(high)


def _calls(*names):
    return lambda node: isinstance(node, ast.Call) and _name(node) in names


def _name(node):
    """The last word of what a call calls, or of a name."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "name", "")


FORMULAS = {
    "slope of the sigmoid": _is_slope,
    "sigmoid": _is_sigmoid,
    "divergence": _is_divergence,
    "mean over 2 m": _is_half_mean,
    "centred difference": _is_centred_difference,
    "training": _calls("minimize", "fmin_l_bfgs_b"),
    "filtering": _calls("ifft2", "irfft2"),
    "drawing places": _calls("integers", "randint"),
    "cutting off": _is_cut,
}


@every_module
def test_no_line_of_a_solution_stands_in_it(path):
    text = path.read_text(encoding="utf-8")
    for source in SOURCES:
        lines = solution_lines(source.read_text(encoding="utf-8"))
        # A line may begin another one: "return picture" is no part of "return pictures".
        assert not [line for line in lines if re.search(rf"{re.escape(line)}(?!\w)", text)]


@every_module
def test_no_function_has_the_name_of_one_that_students_write(path):
    names = set().union(*(student_functions(s.read_text(encoding="utf-8")) for s in SOURCES))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not names & {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@every_module
def test_no_formula_of_a_solution_stands_in_it(path):
    assert formulas(ast.parse(path.read_text(encoding="utf-8"))) == set()


@every_module
def test_it_does_not_import_the_instructor_s_side(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
        modules.append(getattr(node, "module", None) or "")
        assert not any(module.split(".")[0] in ("autograder", "solutions") for module in modules)


# --- the answer files ----------------------------------------------------------------

EXPECTED = CLONE / "saelab" / "expected"


def code_in(sentence):
    """What looks like code, or like a formula with an operator, in a sentence."""
    found = re.findall(r"\bnp\.|\w\(|\w\[|[=@`]|\*\*|\blambda \w+:", sentence)
    # A hyphen stands within a word, and a dash nowhere.
    return found + re.findall(r"\w\s*[*/+]\s*\w|\w\s+-\s+\w|1\s*-\s*\w", sentence)


KINDS = {"mistakes", "of", "pairs", "cuts", "use", "says", "versions", "rows"}


def prose():
    return json.loads((EXPECTED / "sentences.json").read_text(encoding="utf-8"))


def forms():
    return json.loads((EXPECTED / "forms.json").read_text(encoding="utf-8"))


def said():
    """Every sentence that lies there."""
    own = {line for lines in prose().values() for line in lines}
    return own.union(*(of["says"] for of in forms().values()))


def test_the_forms_hold_sentences_and_names():
    names = set().union(*(student_functions(s.read_text(encoding="utf-8")) for s in SOURCES))
    assert set(forms()) <= names
    for name, of in forms().items():
        assert set(of) == {"parts", "says", "mistakes"}
        asked = exercise(name)
        assert of["parts"] == list(asked.returned(asked.probes))
        terms = {asked.rest, *asked.weights}
        for says, items in of["mistakes"]:
            assert says in prose()[name]
            for part, kind, how in items:
                assert part in (*of["parts"], "gradient") and kind in {*terms, "form", "order"}
                # Rows, an order of blocks, or a law.
                assert re.fullmatch(r"[\w.*/()+ -]+", how)


def test_the_answer_files_are_numbers_and_two_files_of_sentences():
    assert {path.suffix for path in EXPECTED.iterdir()} == {".npz", ".json"}
    assert {path.name for path in EXPECTED.glob("*.json")} == {"sentences.json", "forms.json"}
    for path in EXPECTED.glob("*.npz"):
        with zipfile.ZipFile(path) as file:
            assert all(name.endswith(".npy") and "/" not in name for name in file.namelist())
        with np.load(path, allow_pickle=False) as stored:
            assert {stored[key].dtype.kind for key in stored} <= {"f", "i"}


def test_the_names_in_the_answer_files_are_functions_and_numbers():
    names = set().union(*(student_functions(s.read_text(encoding="utf-8")) for s in SOURCES))
    for path in EXPECTED.glob("*.npz"):
        with np.load(path, allow_pickle=False) as stored:
            for key in stored:
                function, *rest = key.split(".")
                assert function in names
                assert rest[0] in KINDS or all(map(str.isdigit, rest))
                assert len(rest) <= 1 or rest[0] == "rows" or rest[0].isdigit()


def test_the_sentences_are_a_list_for_each_function():
    names = set().union(*(student_functions(s.read_text(encoding="utf-8")) for s in SOURCES))
    assert set(prose()) == names
    assert all(isinstance(line, str) for lines in prose().values() for line in lines)


def test_no_sentence_holds_code_or_a_formula():
    assert not {line for line in said() if code_in(line)}


def test_no_sentence_holds_a_line_of_a_solution():
    texts = said()
    for source in SOURCES:
        for line in solution_lines(source.read_text(encoding="utf-8")):
            assert not any(line in text for text in texts)


@pytest.mark.parametrize(
    "planted",
    ["Use np.log.", "delta = W2.T @ d.", "Write a * (1 - a).", "Divide by m**2.", "Try sum(x).",
     "It is rho / rho_hat.", "Take 1 - a3."],
)  # fmt: skip
def test_planted_code_in_a_sentence_is_found(planted):
    assert code_in(planted)


# --- the tests above can fail ------------------------------------------------------


def test_the_solutions_hold_lines_functions_and_every_formula():
    texts = [source.read_text(encoding="utf-8") for source in SOURCES]
    assert len(MODULES) >= 10 and len(SOURCES) == len(NOTEBOOKS)
    assert all(solution_lines(text) for text in texts)
    assert set().union(*map(student_functions, texts)) == set(functions())
    found = set().union(*(formulas(ast.parse(text)) for text in texts))
    assert found == set(FORMULAS)


@pytest.mark.parametrize(
    "planted, name",
    [
        ("d = (W.T @ e) * a * (1 - a)", "slope of the sigmoid"),
        ("d = a2 * e * W.T * (1.0 - a2)", "slope of the sigmoid"),
        ("d = a2 * (1 - a2)", "slope of the sigmoid"),
        ("f = 1 / (1 + math.exp(-z))", "sigmoid"),
        ("from scipy.special import expit", "sigmoid"),
        ("k = r * np.log(r / q)", "divergence"),
        ("J = s / (2 * m)", "mean over 2 m"),
        ("g = (f(x + h) - f(x - h)) / h", "centred difference"),
    ],
)
def test_a_planted_formula_is_found(planted, name):
    assert formulas(ast.parse(planted)) == {name}


def test_a_planted_line_and_a_planted_function_are_found():
    text = SOURCES[1].read_text(encoding="utf-8")
    assert "delta2 = (W2.T @ delta3) * a2 * (1 - a2)" in solution_lines(text)
    assert {"sigmoid", "feed_forward", "autoencoder_cost"} < student_functions(text)
