"""A build says where notebooks, visible sides and hidden sides of exercises do not agree."""

import copy
import re
from dataclasses import replace
from typing import Any

import pytest

from autograder.authoring.build import check_exercises, notebook_names
from autograder.authoring.exercise_faults import exercise_faults
from autograder.course.files import write_notebook
from autograder.exercises import visualization as hidden
from autograder.exercises.exercise import mistake
from saelab.check.exercise import Condition, Probe, wave
from saelab.check.exercises import visualization as visible
from tests.support.built import solved

NOTEBOOK = "06_visualization"
ASKED = "maximal_inputs, tile_filters"


@pytest.fixture(scope="module")
def every(fresh_course):
    return {name: solved(name, fresh_course) for name in notebook_names()}


@pytest.fixture
def notebooks(every):
    return every | {NOTEBOOK: copy.deepcopy(every[NOTEBOOK])}


def cell(notebooks, name):
    return next(cell for cell in notebooks[NOTEBOOK].cells if cell.id == name)


def test_the_course_s_own_exercises_agree_with_its_notebooks(notebooks):
    assert exercise_faults(notebooks) == []


def test_all_that_is_wrong_is_said_at_once(notebooks, tmp_path):
    cell(notebooks, "test-tile_filters").metadata.nbgrader.points = 2
    cell(notebooks, "check-maximal_inputs").source = "check(tile_filters)"
    paths = {name: tmp_path / f"{name}.ipynb" for name in notebooks}
    for name, path in paths.items():
        write_notebook(notebooks[name], path)
    with pytest.raises(ValueError, match="the exercises do not agree with the note") as caught:
        check_exercises(paths)
    _, one, other = str(caught.value).splitlines()
    assert re.fullmatch(
        rf"  {NOTEBOOK}, cell \d+ \(check-maximal_inputs\): it should be check\(maximal_inputs\), "
        r"but it checks tile_filters", one
    )  # fmt: skip
    assert other.endswith("hidden_test gives 3 points, and the cell's metadata say 2")


# --- cells -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, old, new, told",
    [
        ("tile_filters", "def tile_filters", "def tile_filter", "it defines no tile_filters"),
        ("tile_filters", "def tile_filters(", "def tile_filters(((", "it is not valid Python: "),
        ("check-tile_filters", "check(tile_filters)", "check(tile_filter)",
         "it should be check(tile_filters), but it checks tile_filter"),
        ("check-tile_filters", "check(tile_filters)", "tile_filters",
         "it should be check(tile_filters), but it checks nothing"),
        ("test-tile_filters", "hidden_test(tile_filters", "hidden_test(maximal_inputs",
         "it should call hidden_test(tile_filters, ...) once, but it tests maximal_inputs"),
        ("test-tile_filters", "hidden_test(tile", "hidden_test(tile_filters)\nhidden_test(tile",
         "it should call hidden_test(tile_filters, ...) once, but it tests tile_filters, tile_fil"),
        ("test-tile_filters", "own=2", "own=3",
         "hidden_test gives 4 points, and the cell's metadata say 3"),
        ("test-tile_filters", "own=2, common=1", "",
         "hidden_test gives 0 points, and the cell's metadata say 3"),
        ("test-tile_filters", "common=1", "scale=1",
         "tile_filters has no part 'scale'; its parts are own, common"),
        ("test-tile_filters", "common=1", "own=1", "it is not valid Python: keyword argument re"),
        ("test-tile_filters", "hidden_test(tile", "points = hidden_test(tile",
         "hidden_test should stand in the last line"),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_its_function_s_is_said(notebooks, name, old, new, told):
    wrong = cell(notebooks, name)
    assert wrong.source.count(old) == 1
    wrong.source = wrong.source.replace(old, new)
    (fault,) = exercise_faults(notebooks)
    at = notebooks[NOTEBOOK].cells.index(wrong)
    assert fault.startswith(f"{NOTEBOOK}, cell {at} ({name}): {told}")


@pytest.mark.parametrize(
    "new",
    ["2 * hidden_test(tile_filters, own=1, common=0.5)", "hidden_test(tile_filters, any=3)",
     "hidden_test(tile_filters, own=POINTS, common=1)", "marks.total()"],
)  # fmt: skip
def test_a_test_that_may_well_be_right_has_no_fault(notebooks, new):
    cell(notebooks, "test-tile_filters").source = new
    assert exercise_faults(notebooks) == []


def test_a_graded_cell_of_another_name_is_said(notebooks):
    cell(notebooks, "test-tile_filters").metadata.nbgrader.grade_id = "test-tiles"
    asks, tests = exercise_faults(notebooks)
    assert asks.endswith("(tile_filters): there is no graded cell test-tile_filters for it")
    assert tests.endswith("(test-tiles): there is no solution cell tiles")


def test_a_graded_cell_before_its_function_is_said(notebooks):
    cells = notebooks[NOTEBOOK].cells
    cells.insert(0, cells.pop(cells.index(cell(notebooks, "check-tile_filters"))))
    (fault,) = exercise_faults(notebooks)
    assert fault.endswith("cell 0 (check-tile_filters): it stands before the cell tile_filters")


# --- exercises on both sides -----------------------------------------------------------


def test_a_notebook_that_has_exercises_and_no_source_is_said(notebooks):
    del notebooks["03_kl_delta"]
    (fault,) = exercise_faults(notebooks)
    assert "exercises of a notebook '03_kl_delta', and there is no solutions/03_kl_" in fault


@pytest.mark.parametrize("side", [visible, hidden])
@pytest.mark.parametrize("listed", [[0], [0, 0, 1], [1, 0]])
def test_an_exercise_that_is_missing_or_twice_or_at_another_place_is_said(
    notebooks, side, listed, monkeypatch
):
    own = tuple(side.EXERCISES[i] for i in listed)
    monkeypatch.setattr(side, "EXERCISES", own)
    (fault,) = exercise_faults(notebooks)
    names = ", ".join(exercise.name for exercise in own)
    folder = "saelab/check/exercises/" if side is visible else "autograder/exercises/"
    assert fault.startswith(f"{NOTEBOOK} asks for {ASKED}, and the exercises in {folder} are")
    assert f" are {names}: a function is in both, once" in fault


def test_a_function_that_two_notebooks_ask_for_is_said(notebooks):
    notebooks["07_again"] = notebooks[NOTEBOOK]
    faults = exercise_faults(notebooks)
    assert "07_again asks for tile_filters, and so does 06_visualization" in faults


def test_two_files_of_one_notebook_are_said(notebooks, monkeypatch):
    monkeypatch.setattr("saelab.check.exercises.training.NOTEBOOK", NOTEBOOK)
    assert "visualization.py and training.py are both of '06_vis" in exercise_faults(notebooks)[0]


# --- what an exercise says of itself -------------------------------------------------------


def change(monkeypatch, side, **changes):
    """Change what one side says of maximal_inputs, whose one argument is W1."""
    exercise, *others = side.EXERCISES
    monkeypatch.setattr(side, "EXERCISES", (replace(exercise, **changes), *others))


SAYS = visible.EXERCISES[0].probes[0].says
NO_TUPLE: Any = wave(3, 4)  # as where the comma is forgotten


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"probes": ()}, ["it has no probes"]),
        ({"probes": (Probe("one", NO_TUPLE),)}, ["the arguments of the probe 'one' are not a t"]),
        ({"weights": {"decay": (3, "m")}, "symbols": lambda args: {"m": 2}},
         [f"weights says that argument 3 multiplies the decay term, and the call {SAYS!r} has 1"]),
        ({"weights": {"decay": (0, "m")}, "symbols": lambda args: {"m": 2}},
         [f"weights says that argument 0 multiplies the decay term, and the call {SAYS!r} has no "
          "number there, but a value of type ndarray"]),
        ({"weights": {"decay": 3}}, ["weights gives 3 for 'decay': write the position of an arg"]),
        ({"symbols": lambda args: {"m": 3, "h-zeta": 2, "W1": 1}},
         ["nothing explains the symbol 'zeta', and a student would read of it"]),
        ({"symbols": lambda args: {"m": args[0]}},
         ["the symbol 'm' should be a number, but it is a value of type ndarray"]),
        ({"symbols": lambda args: {"m": args[7]}},
         [f"its symbols fail in the call {SAYS!r} (IndexError: tuple index out of range)"]),
        ({"conditions": (Condition("there is one", "where not", lambda args: args[7]),)},
         [f"the condition 'there is one' fails in the call {SAYS!r} (IndexError"]),
    ],
)  # fmt: skip
def test_a_visible_side_that_cannot_be_used_is_said(notebooks, changes, told, monkeypatch):
    change(monkeypatch, visible, **changes)
    faults = exercise_faults(notebooks)
    assert len(faults) == len(told)
    for fault, says in zip(faults, told):
        assert fault.startswith(f"saelab/check/exercises/visualization.py, maximal_inputs: {says}")


def test_a_weight_is_the_argument_of_its_symbol(notebooks, monkeypatch):
    change(
        monkeypatch, visible,
        probes=(Probe("one", (2.0, 0.5)),), weights={"decay": (0, "lambda")},
        symbols=lambda args: {"lambda": 0.5}, conditions=(),
    )  # fmt: skip
    change(monkeypatch, hidden, problems=lambda rng: [])
    (fault,) = exercise_faults(notebooks)
    assert "argument 0 is 'lambda', and in the call 'one' they are 2 and 0.5" in fault
    change(monkeypatch, visible, symbols=None)
    (fault,) = exercise_faults(notebooks)
    assert "weights has the symbol 'lambda', and `symbols` gives none" in fault


WRONG = mistake("the sign", "Look at the sign.", ("return W1", "return -W1"))


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"problems": lambda rng: 1 / 0}, "its problems cannot be drawn (ZeroDivisionError"),
        ({"problems": lambda rng: [wave(3)]}, "its problem 'array("),
        ({"problems": lambda rng: [Probe("x", NO_TUPLE)]}, "its problem 'x' should be a Probe"),
        ({"mistakes": (WRONG, replace(WRONG, says="Another."))},
         "2 known mistakes have the name 'the sign': give each its own"),
        ({"mistakes": (WRONG, replace(WRONG, name="another"))},
         "2 known mistakes have the sentence 'Look at the sign.': give each its own"),
        ({"not_together": (("the sign", "of nowhere"),)},
         "not_together names a mistake 'of nowhere', and there is none"),
    ],
)  # fmt: skip
def test_a_hidden_side_that_cannot_be_used_is_said(notebooks, changes, told, monkeypatch):
    change(monkeypatch, hidden, **changes)
    (fault,) = exercise_faults(notebooks)
    assert fault.startswith(f"autograder/exercises/visualization.py, maximal_inputs: {told}")
