"""Where the notebooks of this course and the two sides of their exercises do not agree.

Only what stands there is compared; what the solutions and the known mistakes do is tried later, by
autograder.exercises.expected.
"""

import ast
import importlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from nbformat import NotebookNode
from nbgrader import utils

from autograder.exercises import exercises
from autograder.exercises.exercise import Exercise as Hidden
from autograder.verdict.given import is_test
from saelab.check.exercise import ARGUMENTS, Probe
from saelab.check.exercise import Exercise as Visible
from saelab.check.exercises import FILES
from saelab.check.words import SYMBOLS
from saelab.code import made_names, parse, parsed

VISIBLE, HIDDEN = "saelab/check/exercises/", "autograder/exercises/"
# What stands before the - in a graded cell's name, and what such a cell calls.
CALLS = {"check": "check", "test": "hidden_test"}


class Sides(NamedTuple):
    """The exercises of one notebook, as its file on each side lists them."""

    file: str
    visible: Sequence[Visible]
    hidden: Sequence[Hidden]


def exercise_faults(notebooks: Mapping[str, NotebookNode]) -> list[str]:
    """Find where notebooks and exercises do not agree.

    Args:
        notebooks: the solved notebooks of the course, by their names.

    Returns:
        The faults, cell by cell and exercise by exercise; an empty list if there are none.
    """
    sides, found = dict[str, Sides](), list[str]()
    exercises()  # says which file is missing
    for file in FILES:
        visible = importlib.import_module(f"saelab.check.exercises.{file}")
        hidden = importlib.import_module(f"autograder.exercises.{file}")
        name = visible.NOTEBOOK
        if name not in notebooks:
            found.append(
                f"{VISIBLE}{file}.py has exercises of a notebook {name!r}, and there is no "
                f"solutions/{name}/{name}.py"
            )
        if name in sides:
            found.append(f"{VISIBLE}{file}.py and {sides[name].file}.py are both of {name!r}")
        sides[name] = Sides(file, visible.EXERCISES, hidden.EXERCISES)
    asked_by: dict[str, str] = {}
    for name, notebook in notebooks.items():
        own = sides.get(name, Sides("", (), ()))
        asked = [cell.metadata.nbgrader.grade_id for _, cell in _solutions(notebook)]
        found += [
            f"{name} asks for {function}, and so does {asked_by[function]}"
            for function in asked
            if asked_by.setdefault(function, name) != name
        ]
        for side, listed in ((VISIBLE, own.visible), (HIDDEN, own.hidden)):
            names = [exercise.name for exercise in listed]
            if names != asked:
                found.append(
                    f"{name} asks for {', '.join(asked) or 'no function'}, and the exercises in "
                    f"{side} are {', '.join(names) or 'none'}: a function is in both, once, with "
                    "the name of its cell and in the notebook's order"
                )
        found += [
            f"{name}, cell {position} ({notebook.cells[position].metadata.nbgrader.grade_id}): "
            f"{sentence}"
            for position, sentence in _cell_faults(notebook, own)
        ]
        for side, function, sentence in _exercise_faults(notebook, own):
            found.append(f"{side}{own.file}.py, {function}: {sentence}")
    return found


def _solutions(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The cells that ask for a function, with their positions."""
    return [
        (position, cell)
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and utils.is_solution(cell)
    ]


# --- cells -------------------------------------------------------------------------------


def _cell_faults(notebook: NotebookNode, sides: Sides) -> Iterator[tuple[int, str]]:
    """What is wrong with the solution, the check and the hidden test of each function."""
    parts = {asked.name: _parts(asked, sides) for asked in sides.visible}
    places = {cell.metadata.nbgrader.grade_id: at for at, cell in _solutions(notebook)}
    graded = {
        cell.metadata.nbgrader.grade_id: at
        for at, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and is_test(cell)
    }
    for function, at in places.items():
        tree = _tree(notebook.cells[at])
        if isinstance(tree, str):
            yield at, tree
        elif function not in made_names(tree)[0]:
            yield at, f"it defines no {function}: the cell has the name of its function"
        for name in (f"{kind}-{function}" for kind in CALLS):
            if name not in graded:
                yield at, f"there is no graded cell {name} for it"
            elif graded[name] < at:
                yield graded[name], f"it stands before the cell {function}"
    for name, at in graded.items():
        kind, _, function = name.partition("-")
        if kind not in CALLS:
            continue
        tree = _tree(notebook.cells[at])
        if function not in places:
            yield at, f"there is no solution cell {function}"
        elif isinstance(tree, str):
            yield at, tree
        else:
            points = notebook.cells[at].metadata.nbgrader.points
            for sentence in (
                *_call_faults(tree, CALLS[kind], function),
                *_points_faults(tree, function, points, parts.get(function)),
            ):
                yield at, sentence


def _tree(cell: NotebookNode) -> ast.Module | str:
    """The syntax tree of a cell, or why it has none."""
    try:
        tree = parse(cell.source)
        # It finds more than the parser, such as a keyword that is given twice.
        compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return tree
    except SyntaxError as error:
        return f"it is not valid Python: {error.msg} (line {error.lineno or '?'})"


def _calls(tree: ast.AST, of: str) -> list[ast.Call]:
    """The calls of a function in a cell."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == of
    ]


def _call_faults(tree: ast.Module, call: str, function: str) -> Iterator[str]:
    """Whether a graded cell calls `check` or `hidden_test` with its own function, and once."""
    calls = _calls(tree, call)
    given = [ast.unparse(node.args[0]) if node.args else "nothing" for node in calls]
    if call == "check" and function not in given:
        yield f"it should be check({function}), but it checks {', '.join(given) or 'nothing'}"
    # A test may also be written without hidden_test.
    if call == "hidden_test" and given and given != [function]:
        yield f"it should call hidden_test({function}, ...) once, but it tests {', '.join(given)}"


def _points_faults(
    tree: ast.Module, function: str, points: float, parts: Sequence[str] | None
) -> Iterator[str]:
    """Whether a hidden test gives the points of its cell's metadata, to parts that there are."""
    calls = _calls(tree, "hidden_test")
    if len(calls) != 1:
        return
    last = tree.body[-1]
    if not (isinstance(last, ast.Expr) and calls[0] in ast.walk(last)):
        yield "hidden_test should stand in the last line, which gives the points of the cell"
    given = {word.arg: word.value for word in calls[0].keywords if word.arg}
    unknown = [part for part in given if parts is not None and part not in parts]
    if unknown and len(given) > 1:
        yield f"{function} has no part {unknown[0]!r}; its parts are {', '.join(parts or ())}"
    numbers = [
        value.value
        for value in given.values()
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float)
    ]
    plain = isinstance(last, ast.Expr) and last.value is calls[0]
    if not plain or len(numbers) < len(calls[0].keywords):
        return  # what is calculated is known when it runs
    if not math.isclose(sum(numbers), points):
        yield f"hidden_test gives {sum(numbers):g} points, and the cell's metadata say {points:g}"


def _parts(asked: Visible, sides: Sides) -> list[str] | None:
    """The parts that have points of their own; None if the hidden side does not tell them."""
    drawn = [_drawn(hidden) for hidden in sides.hidden if hidden.name == asked.name]
    if not drawn or isinstance(drawn[0], str):
        return None
    return [part for part in asked.parts([*drawn[0], *asked.probes]) if part != ARGUMENTS]


# --- exercises ---------------------------------------------------------------------------


def _exercise_faults(notebook: NotebookNode, sides: Sides) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the exercises of a notebook: (side, function, sentence)."""
    drawn: dict[str, list[Probe]] = {}
    for hidden in sides.hidden:
        problems = _drawn(hidden)
        if isinstance(problems, str):
            yield HIDDEN, hidden.name, problems
        else:
            drawn[hidden.name] = problems
        for sentence in _mistake_faults(hidden):
            yield HIDDEN, hidden.name, sentence
    known = {cell.metadata.nbgrader.grade_id: cell.source for _, cell in _solutions(notebook)}
    for asked in sides.visible:
        if not asked.probes:
            yield VISIBLE, asked.name, "it has no probes: give the check one call at least to try"
        loose = [p for p in asked.probes if not isinstance(p.args, tuple)]
        for probe in loose:
            says = f"the arguments of the probe {probe.says!r} are not a tuple: one is written (x,)"
            yield VISIBLE, asked.name, says
        if loose:
            continue
        arguments = _arguments(asked.name, known.get(asked.name, ""))
        probes = [*asked.probes, *drawn.get(asked.name, ())]
        for find in (_weight_faults, _symbol_faults, _condition_faults):
            every = (list(find(asked, probe, arguments)) for probe in probes)
            # The others most likely have the same.
            for sentence in next(filter(None, every), []):
                yield VISIBLE, asked.name, sentence


def _drawn(hidden: Hidden) -> list[Probe] | str:
    """The random problems of an exercise, or what is wrong with them."""
    try:
        problems = list(hidden.problems(np.random.default_rng(0)))
    except Exception as error:
        return f"its problems cannot be drawn ({type(error).__name__}: {error})"
    loose = [p for p in problems if not (isinstance(p, Probe) and isinstance(p.args, tuple))]
    if loose:
        says = loose[0].says if isinstance(loose[0], Probe) else repr(loose[0])
        return f"its problem {says!r} should be a Probe whose arguments are a tuple, as in (x,)"
    return problems


def _mistake_faults(hidden: Hidden) -> Iterator[str]:
    names = [mistake.name for mistake in hidden.mistakes]
    sentences = [mistake.says for mistake in hidden.mistakes]
    for what, texts in (("name", names), ("sentence", sentences)):
        for text, count in Counter(texts).items():
            if count > 1:
                yield f"{count} known mistakes have the {what} {text!r}: give each its own"
    for name in (name for pair in hidden.not_together for name in pair if name not in names):
        yield f"not_together names a mistake {name!r}, and there is none"


def _arguments(function: str, source: str) -> set[str]:
    """The names of a function's arguments, as a reader speaks of them: lambda for lambda_."""
    tree = parsed(source)
    return {
        name.arg.strip("_")
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.FunctionDef) and node.name == function
        for name in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and math.isfinite(value)


def _weight_faults(asked: Visible, probe: Probe, _: set[str]) -> Iterator[str]:
    count = len(probe.args)
    for term, entry in asked.weights.items():
        if not isinstance(entry, tuple) or [type(value) for value in entry] != [int, str]:
            yield (
                f"weights gives {entry!r} for {term!r}: write the position of an argument, counted "
                'from 0, and its name among the symbols, as in (3, "lambda")'
            )
            continue
        says = f"weights says that argument {entry[0]} multiplies the {term} term, and the call"
        if not 0 <= entry[0] < count:
            yield f"{says} {probe.says!r} has {count}: the first is argument 0"
        elif not _is_number(probe.args[entry[0]]):
            kind = _kind(probe.args[entry[0]])
            yield f"{says} {probe.says!r} has no number there, but {kind}: the first is argument 0"


def _symbol_faults(asked: Visible, probe: Probe, arguments: set[str]) -> Iterator[str]:
    try:
        symbols = dict(asked.symbols(probe.args)) if asked.symbols else {}
    except Exception as error:
        yield f"its symbols fail in the call {probe.says!r} ({type(error).__name__}: {error})"
        return
    pairs = [entry for entry in asked.weights.values() if isinstance(entry, tuple) and entry]
    known = {*SYMBOLS, *(entry[-1] for entry in pairs), *arguments}
    for symbol, value in symbols.items():
        if not _is_number(value):
            yield f"the symbol {symbol!r} should be a number, but it is {_kind(value)}"
        for word in re.findall(r"[^\W\d]\w*", symbol):
            if word not in known:
                yield (
                    f"nothing explains the symbol {word!r}, and a student would read of it: "
                    "explain it in SYMBOLS of saelab/check/words.py, or take the name of one of "
                    "the function's arguments"
                )
    for place, symbol in (entry for entry in pairs if len(entry) == 2):
        if symbol not in symbols:
            yield (
                f"weights has the symbol {symbol!r}, and `symbols` gives "
                f"{', '.join(symbols) or 'none'}"
            )
        elif (
            place in range(len(probe.args))
            and _is_number(probe.args[place])
            and _is_number(symbols[symbol])
            and probe.args[place] != symbols[symbol]
        ):
            yield (
                f"weights says that argument {place} is {symbol!r}, and in the call {probe.says!r} "
                f"they are {probe.args[place]:g} and {symbols[symbol]:g}: the first is argument 0"
            )


def _condition_faults(asked: Visible, probe: Probe, _: set[str]) -> Iterator[str]:
    for condition in asked.conditions:
        try:
            bool(condition.holds(probe.args))
        except Exception as error:
            yield (
                f"the condition {condition.where!r} fails in the call {probe.says!r} "
                f"({type(error).__name__}: {error})"
            )


def _kind(value: Any) -> str:
    shape = f" of shape {value.shape}" if isinstance(value, np.ndarray) else ""
    return f"a value of type {type(value).__name__}{shape}"
