"""The notebooks keep the rules of the house, and their solved versions run without a network."""

import ast
import re
import shutil
import statistics

import matplotlib.pyplot as plt
import nbformat
import pytest

from autograder import CLONE
from autograder.authoring.build import execute
from autograder.course.files import write_notebook
from saelab.display import show
from tests.support.built import (
    SHOWS,
    code_cells,
    figure_faults,
    output_faults,
    released,
    solved,
)
from tests.support.network import guarded

NAMES = sorted(path.stem for path in CLONE.glob("solutions/*/*.py"))

every_notebook = pytest.mark.parametrize("name", NAMES)


def source(name):
    return (CLONE / "solutions" / name / f"{name}.py").read_text(encoding="utf-8")


def length(cell):
    """Lines of code that a reader sees; the delimiters of a solution are none."""
    lines = cell.source.splitlines()
    return sum(not line.strip().startswith(("### BEGIN", "### END")) for line in lines)


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# --- how a notebook is made --------------------------------------------------------


@every_notebook
@pytest.mark.parametrize("version", [released, solved], ids=["released", "solved"])
def test_the_size_of_a_notebook(name, version, fresh_course):
    """Model answers count among the words of the solved one, and what is folded does not."""
    notebook = version(name, fresh_course)
    assert 40 <= len(notebook.cells) <= 60
    assert statistics.median(length(cell) for cell in code_cells(notebook)) <= 6
    unfolded = re.sub(r"<details>.*?</details>", "", prose(notebook), flags=re.S)
    assert len(unfolded.split()) <= 2000


@every_notebook
def test_no_code_cell_is_long(name, fresh_course):
    cells = code_cells(released(name, fresh_course)) + code_cells(solved(name, fresh_course))
    assert {cell.id: length(cell) for cell in cells if length(cell) > 25} == {}


@every_notebook
def test_headings(name, fresh_course):
    notebook = released(name, fresh_course)
    headings = re.findall(r"^(#{1,6}) (.*)", prose(notebook), flags=re.M)
    titles = [text for marks, text in headings if marks == "#"]
    assert len(titles) == 1 and titles[0].startswith(f"{name[:2]} ")
    assert notebook.cells[0].source == f"# {titles[0]}"
    *sections, last = [text for marks, text in headings if marks == "##"]
    assert [text.split(" ")[0] for text in sections] == [f"{n + 1}." for n in range(len(sections))]
    assert last == "What you have now"
    assert {marks for marks, _ in headings} <= {"#", "##", "###"}


@every_notebook
def test_the_box_at_the_top_says_what_to_expect(name, fresh_course):
    box = released(name, fresh_course).cells[1].source
    for word in ("You will learn", "You will write", "Time", "Difficulty", "Points", "Builds on"):
        assert f"**{word}**" in box


@every_notebook
def test_each_function_is_prepared_and_checked(name, fresh_course):
    """Before it its heading, a formula and an example by hand; after it a line that checks it."""
    cells, before = released(name, fresh_course).cells, []
    for cell, following in zip(cells, [*cells[1:], None]):
        if cell.cell_type == "markdown":
            before.append(cell.source)
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            function, told = cell.metadata.nbgrader.grade_id, "\n".join(before)
            assert re.search(rf"^##.* Write `{function}`", told, flags=re.M), function
            assert "$" in told, f"{function} has no formula"
            assert re.search("by hand|for example", told, flags=re.I), f"{function} has no example"
            assert '"""' in cell.source, f"{function} has no docstring"
            assert following.source == f"check({function})"
            before = []


@every_notebook
def test_the_box_names_the_functions_that_are_asked_for(name):
    asked = re.findall(r'"grade_id": "(\w+)", "locked": false,.*"solution": true', source(name))
    box = source(name).split("# %% [markdown]")[2]
    for function in asked:
        assert f"`{function}`" in box


@every_notebook
def test_lines_fit(name):
    long = [
        (number, len(line))
        for number, line in enumerate(source(name).splitlines(), start=1)
        if len(line) > 100 and not line.startswith("# %%")
    ]
    assert long == []


@every_notebook
def test_code_fits_into_a_cell(name, fresh_course):
    """79 columns take 626 pixels: there are 716 in a window of 900, 466 beside the file browser."""
    long = [
        (cell.id, number, len(line))
        for cell in code_cells(solved(name, fresh_course))
        for number, line in enumerate(cell.source.splitlines(), start=1)
        if len(line) > 79
    ]
    assert long == []


LECTURE = "https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf"


@every_notebook
def test_a_notebook_ends_with_what_to_read_on(name, fresh_course):
    """First for everybody, then for who studies alone: the kit leaves the last cell out."""
    notebook = released(name, fresh_course)
    *_, read_on, self_study = notebook.cells
    assert (read_on.cell_type, self_study.cell_type) == ("markdown", "markdown")
    assert read_on.source.startswith("**Read on:**") and f"]({LECTURE}" in read_on.source
    for text in (
        read_on.source,
        self_study.source,
    ):  # not bare, which a reader cannot make sense of
        assert re.findall(r"(?<!\]\()https?://\S+", text) == []
    assert self_study.metadata.get("tags") == ["self-study"]
    links = [f"../../{folder}/{name}/{name}.ipynb" for folder in ("notebooks", "solutions")]
    assert re.findall(r"\]\(([^)]+)\)", self_study.source) == links
    tagged = [cell for cell in notebook.cells if "self-study" in cell.metadata.get("tags", [])]
    assert tagged == [self_study]


@every_notebook
def test_the_prose_never_claims_that_all_tests_passed(name):
    assert "all tests passed" not in source(name).lower()


# --- figures -----------------------------------------------------------------------


@every_notebook
def test_each_figure_is_shown_with_words(name, fresh_course):
    """`show` asks for axis labels and says what is missing; this is about what goes past it."""
    for cell in code_cells(solved(name, fresh_course)):
        calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
        shown = [call for call in calls if ast.unparse(call.func) == "show"]
        pyplot = {ast.unparse(call.func) for call in calls if ast.unparse(call.func)[:4] == "plt."}
        assert pyplot <= {"plt.subplots"}
        assert len(shown) == sum(ast.unparse(call.func) == "plt.subplots" for call in calls)
        for call in shown:
            words = {word.arg: word.value for word in call.keywords}
            assert len(ast.literal_eval(words["alt"]).split()) >= 4
            assert "caption" in words, f"cell {cell.id}: show(...) has no caption"


def test_a_figure_without_words_is_refused():
    says = "what is in it"
    for caption, label, alt in (("", "x", says), ("A cap", "", says), ("A cap", "x", "it")):
        fig, ax = plt.subplots()
        ax.set(xlabel=label, ylabel="y")
        with pytest.raises(ValueError, match=r"alternative|caption|label"):
            show(fig, alt=alt, caption=caption)
        plt.close(fig)


@every_notebook
def test_what_a_figure_shows_is_said_below_it(name, fresh_course):
    """Below an explorer too."""
    cells = solved(name, fresh_course).cells
    unread = [
        cell.id
        for cell, following in zip(cells, [*cells[1:], None])
        if cell.cell_type == "code" and SHOWS.search(cell.source)
        if following is None or following.cell_type != "markdown"
    ]
    assert unread == []


def places(notebook):
    """Parts of paths of a machine that outputs tell."""
    told = "\n".join(
        output.get("text", "") + output.get("data", {}).get("text/plain", "")
        for cell in code_cells(notebook)
        for output in cell.outputs
    )
    known = ("/tmp", "/home", "/root", "site-packages", str(CLONE))
    return [place for place in known if place in told]


@every_notebook
def test_what_the_committed_solved_notebook_shows(name):
    assert output_faults(solved(name)) == []
    assert figure_faults(solved(name)) == []
    assert places(solved(name)) == []


def test_a_picture_that_is_not_told_in_words_is_seen():
    cell = nbformat.v4.new_code_cell("show(fig)", id="picture")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    for data in (
        {"image/png": "iVBORw0="},
        {"text/html": "<img src='data:'>"},
        {"text/html": "<img src='data:' alt='a picture'>"},
        {"text/html": "no picture at all"},
    ):
        cell.outputs = [nbformat.v4.new_output("display_data", data)]
        assert figure_faults(notebook)


# --- execution ---------------------------------------------------------------------


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """Kernels started in this test reach nothing but this machine; the file of what they tried."""
    (tmp_path / "guard").mkdir()
    environment, log = guarded(tmp_path / "guard")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return log


@pytest.mark.slow
def test_a_solved_notebook_runs_offline(fresh_course, tmp_path, offline):
    """The one that takes least time; all of them do in JupyterLab, in tests/browser."""
    name = "04_gradient_check"
    shutil.copytree(fresh_course / "solutions", tmp_path / "solutions")
    execute(tmp_path / "solutions" / name / f"{name}.ipynb")
    notebook = solved(name, tmp_path)
    assert output_faults(notebook) == []
    assert figure_faults(notebook) == []
    assert offline.read_text() == ""


@pytest.mark.parametrize(
    "code",
    [
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1', timeout=1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
    ],
    ids=["connect", "look up", "send"],
)
def test_the_guard_against_the_network_works(code, tmp_path, offline):
    path = tmp_path / "reaches_out.ipynb"
    write_notebook(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
    with pytest.raises(RuntimeError, match="no network in this test"):
        execute(path)
    assert offline.read_text()
