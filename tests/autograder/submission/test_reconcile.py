"""A submission is brought back to the source, whatever was done to it, and keeps what was typed."""

import json
import logging
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.nbgraderformat import MetadataValidator

from autograder.submission import Reconcile
from autograder.submission.structure import sound_notebook
from saelab.notebook import text_of
from tests.support import small_course as small

GRADED = ["check-double", "test-double", "why", "test-triple", "how"]
ALL = ["start", "double", "check-double", "test-double", "why", "triple", "test-triple",
       "read-only", "how", "task"]  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return small.make(tmp_path_factory.mktemp("small"))


@pytest.fixture
def notebook(course):
    return small.answered(course)


@pytest.fixture
def reconcile(course):
    """A function that reconciles a notebook, and sees to what has to be true of any result."""

    def run(notebook):
        resources = {
            "nbgrader": {
                "student": "ada", "assignment": small.NAME, "notebook": small.NAME,
                "db_url": f"sqlite:///{course}/gradebook.db",
            }
        }  # fmt: skip
        result, _ = Reconcile().preprocess(notebook, resources)
        nbformat.validate(result)
        MetadataValidator().validate_nb(result)
        assert small.graded_names(result) == GRADED
        for cell in small.source().cells:
            if cell.metadata.get("nbgrader", {}).get("locked"):
                found = named(result, cell.metadata.nbgrader.grade_id)
                assert found.source == cell.source
                assert found.cell_type == cell.cell_type
        return result

    return run


def named(notebook, grade_id):
    found = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    assert len(found) <= 1
    return found[0] if found else None


def names(notebook):
    return [c.metadata.nbgrader.grade_id for c in notebook.cells if "nbgrader" in c.metadata]


def note(notebook):
    return notebook.cells[0].source if notebook.cells[0].id == "grader-note" else ""


def sources(notebook):
    return [cell.source for cell in notebook.cells]


# --- nothing to do ------------------------------------------------------------------


@pytest.mark.parametrize("make", [small.released, small.answered])
def test_an_honest_notebook_stays_as_it_is(course, reconcile, caplog, make):
    before, result = make(course), reconcile(make(course))
    assert not note(result)
    assert not caplog.records
    assert [cell.id for cell in result.cells] == [cell.id for cell in before.cells]
    for old, new in zip(before.cells, result.cells):
        if not old.metadata.get("nbgrader", {}).get("locked"):
            assert new.source == old.source
        assert new.cell_type == old.cell_type
    # What nobody wrote in is known as untouched by its checksum.
    for old, new in zip(before.cells, result.cells):
        if "nbgrader" in old.metadata and not new.metadata.nbgrader.locked:
            assert new.metadata.nbgrader.checksum == old.metadata.nbgrader.checksum


def test_reconciling_twice_changes_nothing_more(notebook, reconcile):
    notebook.cells[3:5] = []
    once = reconcile(notebook)
    twice = reconcile(nbformat.from_dict(json.loads(json.dumps(once))))
    assert sources(twice) == sources(once)


def test_the_course_s_own_releases_stay_as_they_are(tmp_path):
    """Every notebook of this course, as nbgrader releases it: nobody is told anything."""
    from autograder.course.code import without_regions
    from autograder.submission.released import Wanted
    from autograder.submission.repair import Repair

    root = Path(__file__).resolve().parents[2]
    for path in sorted(root.glob("notebooks/*/*.ipynb")):
        solved = nbformat.read(root / "solutions" / path.parent.name / path.name, as_version=4)
        tests = {c.id: c.source for c in solved.cells if c.id.startswith(("test-", "check-"))}
        notebook = nbformat.read(path, as_version=4)
        regions = [("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")]
        wanted = []
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata:
                graded = cell.metadata.nbgrader
                text = tests.get(cell.id, cell.source)
                wanted.append(Wanted(
                    cell.id, cell.cell_type, text, without_regions(text, regions),
                    graded.checksum, (graded.grade and not graded.solution) or graded.locked,
                    graded.grade, graded.solution, graded.task, graded.get("points"),
                ))  # fmt: skip
        assert wanted
        before = nbformat.from_dict(notebook)
        repair = Repair(wanted)
        after = repair.apply(sound_notebook(notebook).cells)
        assert repair.changes == []
        assert [cell.id for cell in after] == [cell.id for cell in before.cells]
        for cell, old in zip(after, before.cells):
            assert cell.source == tests.get(cell.id, old.source)
            assert cell.metadata.get("tags") == old.metadata.get("tags")


# --- deleted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deleted",
    [
        ["test-double"],
        ["start"],
        ["check-double", "test-double"],
        ["why"],
        ["check-double", "test-double", "why"],
        ["read-only", "how", "task"],
        ["test-triple", "task"],
    ],
    ids=" ".join,
)
def test_deleted_cells_come_back_in_their_places(notebook, reconcile, deleted):
    for name in deleted:
        del notebook.cells[small.place(notebook, name)]
    result = reconcile(notebook)
    assert names(result) == ALL
    for name in deleted:
        assert f"`{name}` was missing" in note(result)


def test_the_first_cell_comes_back_first(notebook, reconcile):
    del notebook.cells[:2]
    result = reconcile(notebook)
    assert [cell.id for cell in result.cells[:3]] == ["grader-note", "start", "double"]


def test_a_deleted_answer_comes_back_as_one_that_was_not_given(course, notebook, reconcile):
    released = small.released(course)
    del notebook.cells[small.place(notebook, "why")]
    cell = named(reconcile(notebook), "why")
    assert cell.source == "YOUR ANSWER HERE"
    checksum = released.cells[small.place(released, "why")].metadata.nbgrader.checksum
    assert cell.metadata.nbgrader.checksum == checksum


def test_a_deleted_solution_is_no_error(notebook, reconcile):
    del notebook.cells[small.place(notebook, "double")]
    result = reconcile(notebook)
    assert named(result, "double") is None
    assert not note(result)


def test_all_deleted(notebook, reconcile):
    notebook.cells = []
    assert names(reconcile(notebook)) == [n for n in ALL if n not in ("double", "triple")]


def test_where_everything_was_deleted_tests_come_behind_what_was_written(notebook, reconcile):
    notebook.cells = [new_code_cell("def other(x): return 1"), new_markdown_cell("words")]
    result = reconcile(notebook)
    assert sources(result)[1:3] == ["def other(x): return 1", "words"]


def test_tests_follow_a_function_that_was_written_elsewhere(notebook, reconcile):
    """The solution cell is gone, and so are its tests; the function stands in two new cells."""
    at = small.place(notebook, "double")
    notebook.cells[at : at + 3] = [
        new_code_cell("def half_of_it(x):\n    return x"),
        new_code_cell("double = lambda x: 2 * half_of_it(x)"),
    ]
    result = reconcile(notebook)
    assert sources(result).index("double = lambda x: 2 * half_of_it(x)") < sources(result).index(
        named(result, "check-double").source
    )


# --- duplicated, split --------------------------------------------------------------


def test_copies_of_a_test_count_once(notebook, reconcile):
    test = notebook.cells[small.place(notebook, "test-double")]
    same, changed = small.json_copy(test), small.json_copy(test)
    changed.source = "print('my own test')"
    notebook.cells += [same, changed]
    result = reconcile(notebook)
    assert names(result) == ALL
    assert "print('my own test')" in sources(result)
    own = result.cells[sources(result).index("print('my own test')")]
    assert own.cell_type == "code"
    assert "nbgrader" not in own.metadata
    assert len(result.cells) == len(small.source().cells) + 2  # the note, the student's own
    assert "3 copies of the test cell `test-double`" in note(result)


def test_a_test_copied_to_the_top_counts_where_it_belongs(notebook, reconcile):
    notebook.cells.insert(0, small.json_copy(notebook.cells[small.place(notebook, "test-double")]))
    assert names(reconcile(notebook)) == ALL


def test_all_parts_of_a_solution_stay_and_the_last_is_the_answer(notebook, reconcile):
    at = small.place(notebook, "double")
    part = small.json_copy(notebook.cells[at])
    notebook.cells[at].source = "import math"
    notebook.cells.insert(at + 1, part)
    result = reconcile(notebook)
    at = result.cells.index(named(result, "double"))
    assert result.cells[at].source == part.source
    assert result.cells[at - 1].source == "import math"
    assert result.cells[at - 1].cell_type == "code"
    assert "nbgrader" not in result.cells[at - 1].metadata


def test_an_untouched_copy_does_not_overwrite_what_was_written(course, notebook, reconcile):
    untouched = small.released(course)
    at = small.place(notebook, "double")
    notebook.cells.insert(at + 1, untouched.cells[small.place(untouched, "double")])
    result = reconcile(notebook)
    assert named(result, "double").source == "def double(x):\n    return x + x"
    assert not any("NotImplementedError" in text for text in sources(result))


def test_a_copy_that_was_put_out_of_action_stays_so(notebook, reconcile):
    at = small.place(notebook, "double")
    old = small.json_copy(notebook.cells[at])
    old.cell_type, old.source = "raw", "def double(x):\n    return None"
    del old["outputs"], old["execution_count"]
    notebook.cells.insert(at + 1, old)
    result = reconcile(notebook)
    assert named(result, "double").source == "def double(x):\n    return x + x"
    assert [c.cell_type for c in result.cells if c.source == old.source] == ["raw"]


def test_an_answer_in_two_cells_is_one_for_who_grades_it(notebook, reconcile):
    at = small.place(notebook, "why")
    part = small.json_copy(notebook.cells[at])
    part.source = "And there is more."
    part.attachments = {"a.png": {"image/png": "aGk="}}
    notebook.cells.insert(at + 1, part)
    result = reconcile(notebook)
    answer = named(result, "why")
    assert answer.source == "Because it is twice.\n\nAnd there is more."
    assert answer.attachments == {"a.png": {"image/png": "aGk="}}
    assert sources(result).count("And there is more.") == 0
    assert "spread over 2 cells" in note(result)


# --- renamed, foreign ---------------------------------------------------------------


def test_a_renamed_cell_gets_its_name_back_by_its_place(notebook, reconcile):
    notebook.cells[small.place(notebook, "how")].metadata.nbgrader.grade_id = "mine"
    result = reconcile(notebook)
    assert named(result, "how").source == "By adding."
    assert "lost the name `how`" in note(result)


def test_all_cells_renamed(notebook, reconcile):
    for number, cell in enumerate(notebook.cells):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = f"cell-{number}"
    result = reconcile(notebook)
    assert names(result) == ALL
    assert named(result, "why").source == "Because it is twice."
    assert named(result, "triple").source == "def triple(x):\n    return 3 * x"


def test_a_function_in_a_cell_without_metadata_is_found(notebook, reconcile):
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
    result = reconcile(notebook)
    assert named(result, "double").source == "def double(x):\n    return x + x"
    wanted = ["double", "test-double", "triple", "test-triple"]
    assert [name for name in names(result) if name in wanted] == wanted


def test_where_it_is_not_clear_what_a_cell_was_it_is_an_ordinary_one(notebook, reconcile):
    at = small.place(notebook, "how")
    notebook.cells[at].metadata.nbgrader.grade_id = "mine"
    notebook.cells.insert(at, small.json_copy(notebook.cells[at]))
    notebook.cells[at].source = "Something else."
    result = reconcile(notebook)
    assert named(result, "how").source == "YOUR ANSWER HERE"
    assert {"By adding.", "Something else."} <= set(sources(result))


def test_cells_that_a_student_marked_for_grading_are_ordinary_cells(notebook, reconcile, caplog):
    notebook.cells.append(
        small.marked(new_code_cell("100"), "gift", grade=True, points=100, locked=True)
    )
    result = reconcile(notebook)
    assert names(result) == ALL
    assert result.cells[-1].source == "100"
    assert result.cells[-1].metadata == {}
    assert "gift" in caplog.text


# --- retyped, flags, tags ------------------------------------------------------------


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
@pytest.mark.parametrize("name", ALL)
def test_retyped_cells_get_their_type_back(course, notebook, reconcile, name, kind):
    cell = notebook.cells[small.place(notebook, name)]
    wanted = cell.cell_type
    text = cell.source
    cell.cell_type = kind
    result = reconcile(notebook)
    assert named(result, name).cell_type == wanted
    if name in ("double", "triple", "why", "how"):
        assert named(result, name).source == text


@pytest.mark.parametrize(
    "change",
    [
        {"points": 100},
        {"points": None},
        {"grade": False},
        {"grade": False, "solution": True, "locked": False},
        {"solution": True},
        {"task": True},
        {"locked": "no"},
        {"schema_version": 99},
        {"schema_version": 1},
        {"schema_version": "3"},
        {"schema_version": [3]},
        {"checksum": "0" * 32},
        {"checksum": None},
        {"extra": {"a": 1}},
        {"cell_type": "banana"},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["test-double", "why", "double", "read-only", "task"])
def test_flags_are_restored_in_full(course, notebook, reconcile, name, change):
    right = named(reconcile(small.answered(course)), name).metadata
    notebook.cells[small.place(notebook, name)].metadata.nbgrader.update(change)
    assert named(reconcile(notebook), name).metadata == right


def test_a_missing_schema_version_is_restored(notebook, reconcile):
    for cell in notebook.cells:
        cell.metadata.get("nbgrader", {}).pop("schema_version", None)
    result = reconcile(notebook)
    assert named(result, "test-double").metadata.nbgrader.schema_version == 3
    assert not note(result)


def test_tags_of_graded_cells_go_and_are_no_news(notebook, reconcile, caplog):
    for cell in notebook.cells:
        cell.metadata.tags = ["skip-execution", "raises-exception", "long"]
    result = reconcile(notebook)
    for cell in result.cells:
        assert ("tags" in cell.metadata) == ("nbgrader" not in cell.metadata)
    assert not note(result)
    assert "test-double: its tags are gone" in caplog.text


# --- text, order ----------------------------------------------------------------------


def test_locked_text_is_restored_and_what_was_typed_in_it_is_kept(notebook, reconcile):
    small.put(notebook, "check-double", "def double(x):\n    return 7")
    result = reconcile(notebook)
    at = result.cells.index(named(result, "check-double"))
    assert result.cells[at - 1].source == "def double(x):\n    return 7"
    assert "nbgrader" not in result.cells[at - 1].metadata
    assert "The text of the test cell `check-double` was changed" in note(result)


def test_locked_text_of_which_lines_were_deleted_leaves_nothing_behind(notebook, reconcile):
    small.put(notebook, "check-double", "")
    assert len(reconcile(notebook).cells) == len(small.source().cells) + 1


def test_blanks_at_the_ends_of_lines_are_no_change(notebook, reconcile):
    small.put(notebook, "test-double", "# 2 points  \n\n")
    assert not note(reconcile(notebook))


@pytest.mark.parametrize("to", [0, 2, 8, 100])
@pytest.mark.parametrize("name", ["check-double", "test-double", "test-triple", "why", "start"])
def test_moved_cells_go_back(notebook, reconcile, name, to):
    notebook.cells.insert(to, notebook.cells.pop(small.place(notebook, name)))
    assert names(reconcile(notebook)) == ALL


def test_tests_follow_a_solution_that_was_moved(notebook, reconcile):
    """What a student wrote may need what stands above it: it stays where they put it."""
    notebook.cells.append(notebook.cells.pop(small.place(notebook, "double")))
    found = names(reconcile(notebook))
    assert found.index("check-double") > found.index("double")
    assert found.index("test-double") > found.index("check-double")


def test_the_order_is_the_source_file_s(course):
    """The gradebook's table has an order by chance only."""
    from nbgrader.api import Gradebook

    from autograder.submission.released import wanted_cells

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        notebook = gradebook.find_notebook(small.NAME, small.NAME)
        notebook.source_cells[:] = notebook.source_cells[::-1]
        path = course / "source" / small.NAME / f"{small.NAME}.ipynb"
        source = nbformat.read(path, as_version=4)
        assert [cell.name for cell in wanted_cells(notebook, [], source)] == ALL
        assert [cell.name for cell in wanted_cells(notebook, [], None)] == ALL[::-1]
        gradebook.db.rollback()


# --- structure ------------------------------------------------------------------------


def nested(depth):
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "cell",
    [
        "a string", 5, None, [], {}, {"cell_type": "heading", "source": "x"},
        {"cell_type": "code", "source": None}, {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "code", "source": 10**5000}, {"cell_type": ["code"], "source": "x"},
        {"cell_type": "code", "source": "x", "metadata": None, "outputs": 5},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": nested(90_000)}},
        {"cell_type": "code", "source": "x", "metadata": {"a": nested(90_000)}},
        {"cell_type": "code", "source": "x", "outputs": nested(90_000), "id": nested(90_000)},
        {"cell_type": "code", "source": "x", "metadata": {"collapsed": [1], "nbgrader": None}},
        {"cell_type": "markdown", "source": "x", "attachments": {"a": {"image/png": nested(9)}}},
        {"cell_type": "markdown", "source": "half a pair \ud800", "id": "\ud800"},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": "\ud800"}}},
        {"cell_type": "code", "source": "y" * 1_000_000, "execution_count": "x"},
        {"cell_type": "code", "source": "def f(:\n\0", "metadata": {"tags": [{}, 1, "a" * 999]}},
        {"cell_type": "raw", "source": "x", "metadata": {"tags": ["", "a,b", "c", "c", "\ud800"]}},
    ],
    ids=lambda cell: repr(type(cell)),
)  # fmt: skip
def test_a_cell_may_be_anything(notebook, reconcile, cell):
    notebook.cells.insert(3, cell)
    assert names(reconcile(notebook)) == ALL


@pytest.mark.parametrize("cells", [None, 5, {}, "cells", [None] * 3], ids=repr)
def test_cells_may_be_anything(reconcile, cells):
    reconcile(NotebookNode(cells=cells, metadata=None, nbformat=4, nbformat_minor=5))


def test_a_source_may_be_a_list(notebook, reconcile):
    small.put(notebook, "why", ["Because\n", "it is.", 5])
    assert named(reconcile(notebook), "why").source == "Because\nit is."


def test_ids_are_made_unique(notebook, reconcile):
    for cell in notebook.cells:
        cell.id = "grader-note"
    for cell in notebook.cells[:3]:
        cell.pop("id")
    result = reconcile(notebook)
    assert len({cell.id for cell in result.cells}) == len(result.cells)
    assert all(cell.id == cell.metadata.nbgrader.grade_id
               for cell in result.cells if "nbgrader" in cell.metadata)  # fmt: skip
    assert "grader-note" not in {cell.id for cell in result.cells}


def test_of_the_notebook_s_metadata_the_course_s_kernel_is_left(notebook, reconcile):
    notebook.metadata = NotebookNode(
        title="<script>", authors=[{"name": "x"}], widgets={"state": {}},
        kernelspec={"name": "bash", "display_name": "x"}, language_info={"name": "sh"},
    )  # fmt: skip
    assert reconcile(notebook).metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def test_pasted_pictures_stay_with_answers_and_nothing_else_does(notebook, reconcile):
    picture = {"image/png": "aGk=", "text/html": "<script>", "image/svg+xml": "<svg>"}
    for name in ("why", "read-only"):
        notebook.cells[small.place(notebook, name)].attachments = {"a": picture, "b": {}}
    result = reconcile(notebook)
    assert named(result, "why").attachments == {"a": {"image/png": "aGk="}}
    assert "attachments" not in named(result, "read-only")


@given(chance=st.randoms())
@settings(max_examples=25)
def test_random_damage(course, reconcile, chance, caplog):
    damage_at_random(course, reconcile, chance, caplog)


@pytest.mark.long
@given(chance=st.randoms())
def test_much_random_damage(course, reconcile, chance, caplog):
    damage_at_random(course, reconcile, chance, caplog)


def damage_at_random(course, reconcile, chance, caplog):
    caplog.set_level(logging.ERROR)
    notebook = small.answered(course)
    for _ in range(chance.randrange(1, 25)):
        small.damage(notebook, chance)
        for cell in notebook.cells:
            cell.source = text_of(cell.source)
    typed = small.lines_of(sound_notebook(notebook).cells)
    shown = small.lines_of(small.released(course).cells)
    result = reconcile(nbformat.from_dict(json.loads(json.dumps(notebook))))
    assert typed - shown <= small.lines_of(result.cells)
    again = reconcile(nbformat.from_dict(json.loads(json.dumps(result))))
    assert names(again) == names(result)
