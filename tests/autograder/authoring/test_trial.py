"""Test cells tried out by both graders, and the mistakes that are made for it."""

import ast
import shutil

import jupytext
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder import CLONE
from autograder.authoring.doctor.mutants import changes, mutants
from autograder.authoring.doctor.trial import (
    NOTHING_ASKED,
    UNEXPLAINED,
    Graders,
    Outcome,
    Row,
    print_trial,
    try_out,
)
from autograder.cli import main
from autograder.course.code import marked
from autograder.course.files import write_notebook
from autograder.course.folders import open_course
from autograder.submission.released import from_source, hidden_regions, read
from autograder.verdict.trusted import TrustedExecute
from tests.foreign.compare import packed
from tests.foreign.patterns import PATTERNS
from tests.support.any_course import notebook, solution

REGION = ("BEGIN SOLUTION", "END SOLUTION")
CELL = """def f(n):
    limit = 10
    ### BEGIN SOLUTION
    if n > limit and "ä" in "äöü":
        return (n +
                1)
    ### END SOLUTION
    return 7"""
TEXTS = [text for p in PATTERNS for text in p.solution.split("\n# next cell\n")]


class TestMistakes:
    def test_one_of_each_kind(self):
        assert [what for what, _ in changes(CELL, REGION)] == [
            "`n > limit and \"ä\" in \"äöü\"` became `not (n > limit and 'ä' in 'äöü')`",
            "`n > limit` became `(n <= limit)`",
            "`\"ä\"` became `'äx'`",
            "`n + 1` became `(n - 1)`",
            "`n + 1` became `None`",
        ]

    @pytest.mark.parametrize("text", TEXTS)
    def test_each_is_one_change_of_the_solution_alone(self, text):
        for what, mutant in changes(text, REGION):
            assert ast.dump(ast.parse(mutant)) != ast.dump(ast.parse(text)), what
            shown = [[line for line, place in marked(t, [REGION]) if place != "inside"]
                     for t in (mutant, text)]  # fmt: skip
            assert shown[0] == shown[1] or "BEGIN SOLUTION" not in text

    def test_what_could_become_endless_stays(self):
        assert changes("while n > 1:\n    n = n - 1", REGION) == []

    def test_what_is_no_python_stays(self):
        assert changes("%%bash\necho 1", REGION) == []
        assert changes("def f(:", REGION) == []

    @given(st.integers(0, 6), st.sets(st.sampled_from(range(len(PATTERNS))), max_size=20))
    def test_each_cell_is_changed_once_and_in_one_mutant(self, most, chosen):
        source = packed([PATTERNS[number] for number in sorted(chosen)])
        made = [notebook for _, notebook in mutants(source, REGION, most)]
        assert made == [notebook for _, notebook in mutants(source, REGION, most)]
        can_be_changed = [
            bool(cell.metadata.nbgrader.solution and changes(cell.source, REGION))
            for cell in source.cells
        ]
        assert len(made) == min(most, sum(can_be_changed))
        for position, cell in enumerate(source.cells):
            differing = sum(notebook.cells[position] != cell for notebook in made)
            assert differing == (can_be_changed[position] and most > 0)


def row(stock, ours, kind=""):
    given = ["reference", "untouched"]
    return Row(
        "ps1",
        "test",
        {what: Outcome(points) for what, points in zip(given, stock)},
        {what: Outcome(points, kind, "why") for what, points in zip(given, ours)},
    )


class TestTheTable:
    @pytest.mark.parametrize(
        "one, verdict",
        [
            (row((2, 0), (2, 0)), "the same"),
            (row((2, 0), (2, 2)), "differs"),
            (row((2, 0), (0, 0), "TypeError"), "differs"),
            (row((2, 2), (0, 0), NOTHING_ASKED), "asks nothing"),
            (row((0, 0), (0, 0), NOTHING_ASKED), "asks nothing"),
        ],
    )
    def test_verdict(self, one, verdict, capsys):
        assert print_trial([one]) is (verdict == "the same")
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == f"ps1  test  {verdict}"
        assert f"1 {verdict}" in lines[-1]

    def test_submissions_with_the_same_fault_are_told_once(self):
        stock = {name: Outcome(2) for name in ("reference", "mutant 1", "mutant 2")}
        ours = dict.fromkeys(stock, Outcome(0, "TypeError", "no"))
        assert list(Row("ps1", "test", stock, ours, ["rule 3: why"]).details()) == [
            "reference, mutant 1, mutant 2: nbgrader gives 2, trusted grading 0",
            "  TypeError: no",
            "rule 3: why",
        ]

    def test_what_differs_by_no_rule_is_told_for_each_submission(self):
        stock = {"reference": Outcome(2), "mutant 1 (f: `1` became `2`)": Outcome(1)}
        stock |= {"mutant 2 (f: `+` became `-`)": Outcome(1), "untouched": Outcome(0, "NameError")}
        ours = dict.fromkeys(stock, Outcome(0, "AssertionError", "", "in the line: assert f(1)"))
        assert list(Row("ps1", "test", stock, ours).details()) == [
            "reference: nbgrader gives 2, trusted grading 0",
            "  AssertionError (in the line: assert f(1))",
            "mutant 1 (f: `1` became `2`), mutant 2: nbgrader gives 1, trusted grading 0",
            "  AssertionError (in the line: assert f(1))",
            UNEXPLAINED,
        ]

    def test_a_notebook_that_cannot_be_tried_out_is_no_success(self, capsys):
        assert not print_trial(["source/ps1/p.ipynb: it cannot be tried out"])
        assert "cannot be tried out" in capsys.readouterr().out


@pytest.fixture
def course(tmp_path):
    """A course with one notebook: a test that works, and one that reads the student's source."""
    names = ("asserts", "asyncio_run")
    notebook = packed([pattern for pattern in PATTERNS if pattern.name in names])
    source = tmp_path / "source" / "ps1"
    source.mkdir(parents=True)
    write_notebook(notebook, source / "p.ipynb")
    (tmp_path / "nbgrader_config.py").touch()
    return tmp_path


@pytest.mark.slow
class TestTrying:
    def test_the_command(self, course, capsys):
        before = sorted(course.rglob("*"))
        assert main(["doctor", "--try", str(course), "--mutants", "1"]) == 1
        said = capsys.readouterr().out.splitlines()
        assert said[0] == "p  test-asserts  the same"
        assert said[1] == "p  test-asyncio_run  differs"
        assert said[2] == "    reference: nbgrader gives 2, trusted grading 0"
        assert said[-1] == "1 the same, 1 differs, 0 asks nothing."
        assert sorted(course.rglob("*")) == before

    def test_the_status_if_all_is_well(self, course, capsys):
        pattern = [p for p in PATTERNS if p.name == "asserts"]
        write_notebook(packed(pattern), course / "source" / "ps1" / "p.ipynb")
        assert main(["doctor", "--course", str(course), "--try", "--mutants", "0"]) == 0

    def test_a_notebook_that_has_lost_its_tests(self, course, capsys):
        path = course / "source" / "ps1" / "p.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [
            c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("grade")
        ]
        write_notebook(notebook, path)
        assert main(["doctor", "--try", str(course)]) == 1
        told = (
            "source/ps1/p.ipynb: it cannot be tried out (ValueError: it asks for code, and has no"
        )
        assert capsys.readouterr().out.startswith(told)

    def test_a_difference_that_no_rule_explains(self, course, capsys):
        path = course / "source" / "ps1" / "p.ipynb"
        test = "assert area(0) == 0\nassert type(area) is type(lambda: 0)"
        source = notebook(
            ("solution", solution("import math\ndef area(r):\n    return math.pi * r * r")),
            ("test", test),
        )
        source.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "P"}
        write_notebook(source, path)
        assert main(["doctor", "--try", str(course), "--mutants", "1"]) == 1
        assert capsys.readouterr().out.splitlines() == [
            "p  test1  differs",
            "    reference, mutant 1: nbgrader gives 1, trusted grading 0",
            "      AssertionError (in the line of the test: assert type(area) is type(lambda: 0))",
            f"    {UNEXPLAINED}",
            "0 the same, 1 differs, 0 asks nothing.",
        ]

    def test_another_language(self, course):
        path = course / "source" / "ps1" / "p.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
        write_notebook(notebook, path)
        assert list(try_out(course)) == [
            "source/ps1/p.ipynb: it cannot be tried out (ValueError: it is not written in Python)"
        ]

    def test_a_source_is_released_as_nbgrader_releases_it(self, tmp_path, nbgrader):
        folder = tmp_path / "source" / "word_count"
        shutil.copytree(CLONE / "tests" / "foreign" / "word_count", folder)
        script = folder / "word_count.py"
        source = jupytext.read(script, fmt="py:percent")
        script.unlink()
        write_notebook(source, folder / "word_count.ipynb")
        (tmp_path / "nbgrader_config.py").touch()
        nbgrader(tmp_path, "generate_assignment", "word_count")
        opened = open_course(tmp_path)
        graders = Graders(opened.coursedir, opened.config, "word_count", folder)
        step = TrustedExecute(parent=graders.converter)
        with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
            notebook = gradebook.find_notebook("word_count", "word_count")
            entered = read(notebook, hidden_regions(step), folder / "word_count.ipynb")
        made = from_source(step, nbformat.read(folder / "word_count.ipynb", as_version=4))
        assert made.wanted == entered.wanted
        assert made.kernelspec == entered.kernelspec
