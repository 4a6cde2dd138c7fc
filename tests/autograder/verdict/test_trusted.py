"""The verdict on one notebook, whatever its cells do to their kernel."""

import os
import signal
import textwrap

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config

from autograder.configure import trusted_grading
from autograder.course import files
from autograder.course.files import write_notebook
from autograder.kernel.sandbox import Bubblewrap, watch, why_unavailable
from autograder.kernel.student_kernel import definitions
from autograder.verdict import trusted
from autograder.verdict.testcell import TestCells
from autograder.verdict.trusted import MOST_SOURCES, Policy, TrustedExecute
from tests.support.waiting import patient

TESTS = {
    "double": "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n"
    "### END HIDDEN TESTS",
    "total": "### BEGIN HIDDEN TESTS\nassert total([1, 2, 3.5]) == 6.5\n### END HIDDEN TESTS",
    "apply": "### BEGIN HIDDEN TESTS\nassert apply(lambda x: x + 1, 5) == 6\n### END HIDDEN TESTS",
}
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "total": "def total(values):\n    return sum(values)",
    "apply": "def apply(f, x):\n    return f(x)",
}
POINTS = dict.fromkeys(TESTS, 1)
CALL = round(patient(2))  # seconds that a call may take
AGENT = "autograder.kernel.inside.agent"  # as the student's kernel knows it


def graded_cell(source, grade_id, **flags):
    keys = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    cell = new_code_cell(textwrap.dedent(source))
    cell.id = grade_id
    cell.metadata.nbgrader = {**keys, "grade_id": grade_id, **flags}
    return cell


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one notebook of three small functions, in the gradebook."""
    root = tmp_path_factory.mktemp("trusted")
    cells = []
    for name, test in TESTS.items():
        solution = f"### BEGIN SOLUTION\n{RIGHT[name]}\n### END SOLUTION"
        cells.append(graded_cell(solution, name, solution=True))
        cells.append(graded_cell(test, f"test-{name}", grade=True, locked=True, points=1))
    write_notebook(new_notebook(cells=cells), root / "source" / "small" / "small.ipynb")
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.assignment_id = "small"
    config.TrustedExecute.sandboxed = why_unavailable() is None
    config.TrustedExecute.call_timeout = CALL
    config.TrustedExecute.timeout = round(2 * CALL)
    config.TrustedExecute.submission_timeout = round(45 * CALL)
    coursedir = CourseDirectory(config=config)
    GenerateAssignment(coursedir=coursedir, config=config).start()
    return Autograde(coursedir=coursedir, config=config)


@pytest.fixture
def grade(course, tmp_path):
    """A function that grades answers: from name to points, and the notebook with its outputs."""

    def run(answers=None, before="", between="", **traits):
        with Gradebook(course.coursedir.db_url) as gradebook:
            sources = gradebook.find_notebook("small", "small").source_cells
            cells = [new_code_cell(textwrap.dedent(before))]
            for source in sources:
                if source.locked:
                    cells.append(graded_cell(source.source, source.name, grade=True, locked=True,
                                             points=1))  # fmt: skip
                else:
                    text = {**RIGHT, **(answers or {})}[source.name]
                    cells.append(graded_cell(text, source.name, solution=True))
                    cells.append(new_code_cell(textwrap.dedent(between)))
        resources = {
            "nbgrader": {"notebook": "small", "assignment": "small", "student": "ada",
                         "db_url": course.coursedir.db_url},
            "metadata": {"path": str(tmp_path)},
        }  # fmt: skip
        execute = TrustedExecute(parent=course, **traits)
        notebook, _ = execute.preprocess(new_notebook(cells=cells), resources)
        nbformat.validate(notebook)
        tests = {c.metadata.nbgrader.grade_id.removeprefix("test-"): c
                 for c in notebook.cells if utils.is_grade(c)}  # fmt: skip
        said = {name: "".join(map(str, cell.outputs)) for name, cell in tests.items()}
        return {n: utils.determine_grade(c)[0] for n, c in tests.items()}, said, notebook

    return run


def test_right_functions_get_their_points(grade):
    points, _said, _notebook = grade()
    assert points == POINTS


def test_prints_warnings_and_errors_on_stderr_cost_nothing(grade):
    chatty = (
        "import sys, warnings, os\nimport numpy as np\n"
        "def double(x):\n"
        "    print('here', x); print('there', file=sys.stderr); os.write(2, b'low')\n"
        "    warnings.warn('beware'); np.float64(1) / 0\n"
        "    return 2 * x"
    )
    points, said, _ = grade({"double": chatty})
    assert points == POINTS
    assert "here" not in said["double"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 5", "assert double(2) == 4"),
        ("return None", "AssertionError"),
        ("raise KeyError('no')", "KeyError"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("while True: pass", "did not return within {CALL:g} s"),
        ("import time; time.sleep(60)", "did not return within {CALL:g} s"),
        ("import os; os._exit(0)", "ended the kernel"),
        ("import ctypes; ctypes.string_at(0)", "ended the kernel"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended the kernel"),
        ("return double(x)", "RecursionError"),
        ("a = []; a.append(a); return a", "holds itself"),
        ("return (n for n in range(3))", "AssertionError"),
        ("return lambda: 4", "AssertionError"),
        ("import numpy as np; return np.array([object()])", "AssertionError"),
        ("return 'x' * 10**8", "MB"),
        ("import numpy as np; return np.zeros(10**7)", "MB"),
        ("raise NotImplementedError()", "NotImplementedError"),
    ],
)
def test_a_wrong_function_loses_its_own_points_only(grade, body, told):
    points, said, _ = grade({"double": f"def double(x):\n    {body}"})
    assert points == {**POINTS, "double": 0}
    assert told.format(CALL=CALL) in said["double"]


FORKS = {
    "that are interrupted": ("os.fork()", "time.sleep(60)"),
    "that are not": (
        "os.fork() or signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "time.sleep(60 if os.getpid() == one else 3)",
    ),
    "that Python does not know of": ("ctypes.CDLL(None).fork()", "time.sleep(60)"),
    "that answer too": ("os.fork()", "return 2 * x"),
}


@pytest.mark.parametrize("way", FORKS)
def test_forks_of_the_kernel_cost_nothing_else(grade, way):
    fork, then = FORKS[way]
    points, said, _ = grade(
        {
            "double": "import ctypes, os, signal, time\ndef double(x):\n    one = os.getpid()\n"
            f"    for _ in range(4):\n        {fork}\n    {then}",
        }
    )
    assert {**points, "double": 0} == {**POINTS, "double": 0}, said


LEFT_BEHIND = {
    "a thread": """
import os, threading
def double(x):
    threading.Timer(0.5, os._exit, (1,)).start()
""",
    "processes": """
import ctypes, os, sys, time
def double(x):
    wire = sys.modules["autograder.kernel.inside.agent"].agent.connection.fileno()
    for _ in range(4):
        if ctypes.CDLL(None).fork() == 0:
            time.sleep(0.5)
            while True:
                os.read(wire, 3)
""",
}


@pytest.mark.parametrize("what", LEFT_BEHIND)
def test_what_a_function_leaves_behind_costs_nothing_else(grade, what):
    slow = "import time\ndef total(values):\n    time.sleep(1)\n    return sum(values)"
    points, said, _ = grade({"double": LEFT_BEHIND[what], "total": slow})
    assert points == {**POINTS, "double": 0}, said


@pytest.mark.parametrize(
    "deed",
    [
        "import os; os._exit(1)",
        "import sys; sys.exit('bye')",
        "raise SystemExit",
        "import ctypes; ctypes.string_at(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "while True: pass",
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(100)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    ],
)
def test_a_cell_that_ends_or_stops_the_kernel_costs_nothing_else(grade, deed):
    points, _, _notebook = grade(before=deed)
    assert points == POINTS


def test_state_that_other_functions_need_is_there_after_a_restart(grade):
    points, _, _notebook = grade(
        {
            "double": "FACTOR = int('2')\ndef double(x):\n    return FACTOR * x",
            "total": "import os\ndef total(values):\n    os._exit(3)",
            "apply": "def apply(f, x):\n    return f(x) * FACTOR / 2",
        }
    )
    assert points == {**POINTS, "total": 0}


def test_a_definition_survives_the_cell_that_killed_the_kernel(grade):
    points, _said, _ = grade({"double": "import os\ndef double(x):\n    return 2 * x\nos._exit(0)"})
    assert points == POINTS


def test_a_kernel_that_dies_all_the_time_is_given_up(grade):
    points, said, _ = grade(between="import os; os._exit(0)", max_restarts=2)
    assert points == {"double": 1, "total": 1, "apply": 0}
    assert "not started again" in said["apply"]


def test_time_for_a_notebook_is_bounded(grade):
    # Less than its kernel takes to start, whatever else the machine has to do.
    points, said, _ = grade(submission_timeout=0.001)
    assert points == dict.fromkeys(POINTS, 0)
    assert all("used up" in each for each in said.values())


def test_the_instructor_s_notebooks_that_are_kept_in_mind_are_bounded(course):
    execute = TrustedExecute(parent=course)
    for n in range(MOST_SOURCES + 10):
        execute.given(new_notebook(cells=[new_code_cell(f"{n}")]))
    assert len(execute.sources) <= MOST_SOURCES + 1


def test_a_slow_function_uses_up_its_own_time_only(grade):
    slow = "import time\ndef double(x):\n    time.sleep(1)\n    return 2 * x"
    points, said, _ = grade({"double": slow}, function_timeout=0.5)
    assert points == {**POINTS, "double": 0}
    assert "its calls took more than 0.5 s together" in said["double"]


def test_slow_cells_leave_the_functions_their_points(grade):
    points, _, notebook = grade(
        {"apply": RIGHT["apply"] + "\ntime.sleep(50)"},
        before="import time; time.sleep(1.5)",
        between="time.sleep(1)",
        cells_timeout=2,
    )
    assert points == POINTS
    said = [str(cell.outputs) for cell in notebook.cells]
    assert sum("only imports and definitions were executed" in text for text in said) == 4


def test_what_a_cell_defines_is_what_others_may_need_of_it():
    cell = (
        "from saelab import previous\nimport time\nSIZE, names = 64, ['a']\n"
        "sigmoid, f = previous.functions('02_cost', 'sigmoid', 'f')\ntime.sleep(50)\n"
        "x = time.time()\nclass A:\n    pass\nprint(SIZE)\ndef g():\n    return SIZE\nx = SIZE + 1"
    )
    kept = definitions(cell)
    for line in ("SIZE, names = ", "sigmoid, f = previous.functions", "class A", "def g"):
        assert line in kept
    assert "x = " not in kept and "time.sleep" not in kept and "print" not in kept


@pytest.mark.parametrize(
    "text",
    ["x = " + "-" * 200_000 + "1", "%time x = " + "-" * 200_000 + "1", "x = '\0'", "def f(:",
     "%%bash\nls"],
)  # fmt: skip
def test_text_that_no_parser_takes_has_no_definitions(text):
    assert "def" not in definitions(text)


@pytest.mark.bubblewrap
def test_a_machine_without_memory_gives_no_verdict(grade, monkeypatch):
    """Whatever else used it up, it was not this student."""
    monkeypatch.setattr(Bubblewrap, "why_dead", lambda self: watch.MACHINE)
    with pytest.raises(RuntimeError, match=r"ran out of memory.*grade it again"):
        grade(before="import os; os._exit(1)")


class LeavesNothing(Policy):
    def leave_nothing(self, tests):
        return True


@pytest.mark.parametrize("policy", [Policy, LeavesNothing])
@pytest.mark.parametrize("replaceable", [True, False])
def test_a_process_is_spared_where_nothing_is_left_and_somebody_looks(
    grade, monkeypatch, policy, replaceable
):
    ways = []

    def noted(way):
        function = getattr(trusted, way)

        def call(*args):
            ways.append(way)
            return function(*args)

        monkeypatch.setattr(trusted, way, call)

    monkeypatch.setattr(TrustedExecute, "replaceable", replaceable)
    noted("here"), noted("apart")
    points, _, _ = grade(policy_class=policy)
    assert points == POINTS
    spared = replaceable and policy is LeavesNothing and not why_unavailable()
    assert ways == ["here" if spared else "apart"]


def test_the_hidden_part_of_a_test_is_not_told(grade):
    _, said, _ = grade({"double": "def double(x):\n    return abs(2 * x)"})
    assert "-6" not in said["double"]
    assert "-3" not in said["double"]


# Of each kind one: Python's names, IPython's hooks, the agent's functions, its wire.
TRICKS = [
    "import builtins; builtins.AssertionError = ZeroDivisionError",
    "get_ipython().kernel.do_execute = lambda *a, **k: None",
    f"import sys; sys.modules['{AGENT}'].agent.do = lambda m: {{'value': True}}",
    f"import sys, os; a = sys.modules['{AGENT}'].agent\n"
    "os.write(a.connection.fileno(), b'\\x7f\\xff\\xff\\xff')",
]
MORE_TRICKS = [
    "get_ipython().events.register('post_run_cell', lambda r: None)",
    "get_ipython().input_transformers_cleanup.append(lambda lines: [])",
    f"import sys; sys.modules['{AGENT}'].pack = lambda *a: b'nothing'",
    f"import sys; sys.modules['{AGENT}'].agent.connection.close()",
    f"import sys; a = sys.modules['{AGENT}'].agent\n"
    "for _ in range(50): a.send({'kind': 'return', 'token': 'x', 'value': 4})",
    f"import sys; a = sys.modules['{AGENT}'].agent\na.connection.send_bytes(b'garbage')",
    f"import sys, os; a = sys.modules['{AGENT}'].agent\nos.write(a.connection.fileno(), b'\\x00')",
]


@pytest.mark.parametrize(
    "trick", [*TRICKS, *(pytest.param(trick, marks=pytest.mark.long) for trick in MORE_TRICKS)]
)
def test_no_trick_turns_wrong_functions_into_points(grade, trick):
    wrong = {name: text.replace("return", "return 1 +") for name, text in RIGHT.items()}
    points, _, _ = grade(wrong, before=trick)
    assert points == dict.fromkeys(POINTS, 0)


# --- configurations of former versions ---------------------------------------------------


def test_a_configuration_of_a_former_version_grades_nothing():
    config = Config()
    config.CourseExecute.seed_key = "a secret"
    with pytest.raises(ValueError, match=r"c\.CourseExecute\.seed_key, .* see CHANGELOG"):
        TrustedExecute(config=config)
    config = Config()
    trusted_grading(config, execute="autograder.verdict.trusted.TrustedExecute")
    with pytest.raises(TraitError, match="policy_class"):
        TrustedExecute(config=config)


def test_a_process_that_is_killed_leaves_nothing_and_its_test_is_passed_over(
    grade, tmp_path, monkeypatch
):
    shared, seen = tmp_path / "shared", tmp_path / "seen"
    shared.mkdir()

    def killed(self, *args):
        seen.open("a").write(f"{self.work.place}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(files, "SHARED", str(shared))
    monkeypatch.setattr(TestCells, "run", killed)
    points, _said, _notebook = grade()
    assert points == dict.fromkeys(TESTS, 0)
    places = seen.read_text().splitlines()
    assert len(places) > len(TESTS) and all(one.startswith(f"{shared}/") for one in places)
    assert list(shared.iterdir()) == []
