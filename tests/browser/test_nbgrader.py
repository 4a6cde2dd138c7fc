"""nbgrader in JupyterLab: Validate on a student's notebook, Create Assignment on a source."""

import difflib
import re

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.authoring.build import solved_notebook
from autograder.course.files import write_notebook
from autograder.exercises.mistakes import catalogue
from autograder.exercises.sample import Student, submission
from tests.browser.server import TOKEN
from tests.support.waiting import patient

NAME = "02_cost"
MISTAKE = "no decay in the gradient of W1"
MISTAKEN = Student("", "", edits={"autoencoder_cost": [(" + lambda_ * W1", "")]})


@pytest.fixture(scope="module")
def students(course):
    """{what a student has done: path of the notebook, from the server's folder}."""
    solved, released = (
        nbformat.read(course / step / NAME / f"{NAME}.ipynb", as_version=4)
        for step in ("solutions", "notebooks")
    )
    works = {
        "solved": submission(Student("", ""), solved, released),
        "mistaken": submission(MISTAKEN, solved, released),
        "untouched": released,
    }
    for what, notebook in works.items():
        write_notebook(notebook, course / "students" / what / NAME / f"{NAME}.ipynb")
    return {what: f"students/{what}/{NAME}/{NAME}.ipynb" for what in works}


def validate(lab, path):
    """What nbgrader's dialog says after the Validate button."""
    lab.open(path)
    lab.page.get_by_role("button", name="Validate", exact=True).click()
    dialog = lab.page.locator(".jp-Dialog")
    dialog.get_by_text("Validation Results").wait_for(timeout=1000 * patient(120))
    return dialog.inner_text()


def test_validate_passes_a_solved_notebook(lab, students, screenshot):
    assert "Success! Your notebook passes all the tests." in validate(lab, students["solved"])
    screenshot(lab.page, "validate-solved")


def test_validate_names_the_mistake_in_our_words(lab, students, screenshot):
    said = validate(lab, students["mistaken"])
    screenshot(lab.page, "validate-mistaken")
    assert re.findall(r"^check\((\w+)\)$", said, flags=re.M) == ["autoencoder_cost"]
    assert "Success" not in said
    assert "autoencoder_cost is not right yet" in said
    (says,) = [m.says for m in catalogue("autoencoder_cost") if m.name == MISTAKE]
    assert says in " ".join(said.split())


def test_validate_names_each_function_that_is_not_written(lab, students):
    said = validate(lab, students["untouched"])
    functions = ["sigmoid", "initialize_parameters", "unpack_parameters", "feed_forward"]
    assert re.findall(r"^check\((\w+)\)$", said, flags=re.M) == [*functions, "autoencoder_cost"]
    assert said.count("is not written yet: write it in the cell above") >= 5


def test_create_assignment_on_a_source_opened_as_a_notebook(lab, course, screenshot):
    """A cell's points are changed there, saved, and nothing else in the source has changed."""
    folder = course / "sources" / NAME
    folder.mkdir(parents=True)
    source = folder / f"{NAME}.py"
    before = (course / "solutions" / NAME / f"{NAME}.py").read_text(encoding="utf-8")
    source.write_text(before, encoding="utf-8")
    points = [int(number) for number in re.findall(r'"points": (\d+)', before)]

    page = lab.page
    page.goto(f"{lab.url}lab/tree/sources/{NAME}/{NAME}.py?token={TOKEN}&reset")
    page.locator(".jp-DirListing-item", has_text=f"{NAME}.py").click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text="Open With").hover()
    page.locator(".lm-Menu-itemLabel", has_text="Jupytext Notebook").last.click()
    lab.wait_for_kernel()
    page.get_by_role("tab", name="Create Assignment").click()
    total = page.locator(".nbgrader-TotalPointsInput")
    expect(total).to_have_value(str(sum(points)), timeout=1000 * patient(30))
    cells = page.locator(".nbgrader-CellWidget")
    ids = [cell.locator(".nbgrader-CellId input").input_value() for cell in cells.all()]
    graded = cells.nth(ids.index("test-sigmoid"))
    graded.scroll_into_view_if_needed()
    assert graded.locator("select").input_value() == "tests"
    screenshot(page, "create-assignment")
    old = graded.locator(".nbgrader-CellPoints input").input_value()
    graded.locator(".nbgrader-CellPoints input").fill(str(int(old) + 5))
    page.keyboard.press("Tab")
    page.wait_for_function(
        "wanted => document.querySelector('.nbgrader-TotalPointsInput').value === wanted",
        arg=str(sum(points) + 5),
    )
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    after = source.read_text(encoding="utf-8")
    # Jupytext notes its own version and the format at the top.
    head = re.compile(r"^#   jupytext:\n(#     .*\n)+", flags=re.M)
    lines = difflib.ndiff(before.splitlines(), head.sub("", after).splitlines())
    removed, added = [line[2:] for line in lines if line.startswith(("- ", "+ "))]
    assert removed.replace(f'"points": {old}', f'"points": {int(old) + 5}') == added
    built = solved_notebook(NAME, course / "sources")
    assert sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in built.cells) == (
        sum(points) + 5
    )
