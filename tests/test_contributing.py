"""The worked example of CONTRIBUTING.md: a new exercise in three files, graded and named."""

import os
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

from autograder import CLONE
from autograder.kernel.sandbox import why_unavailable

COURSE = ["autograder", "saelab", "solutions", "notebooks", "data", "nbgrader_config.py"]
SNIPPET = re.compile(r"<!-- begin: (\S+) -->\n(.*?)<!-- end -->", re.S)
SAYS = "The lengths are squared. Look at what makes a length of a sum of squares."
NOTEBOOK = "06_visualization"

GRADE = f"""
from pathlib import Path
import numpy as np
from nbgrader.api import Gradebook
from autograder import CLONE, classrun
from autograder.authoring.release import generate
from autograder.course.folders import open_course
from autograder.exercises.sample import Student, hand_in
from saelab.check import check
from saelab.check.message import CheckFailed

def weight_norms(W1):
    return (W1**2).sum(axis=1)

try:
    check(weight_norms)
except CheckFailed as failure:
    print("checked:", " ".join(str(failure).split()))
course = open_course(CLONE)
generate("{NOTEBOOK}", CLONE, course.config, gradebook=True)
edit = [("np.sqrt((W1**2).sum(axis=1))", "(W1**2).sum(axis=1)")]
students = [Student("right", ""), Student("wrong", "", edits={{"weight_norms": edit}})]
hand_in(CLONE, students, ["{NOTEBOOK}"])
assert not classrun.grade(course, ["{NOTEBOOK}"]).failed
with Gradebook(course.coursedir.db_url) as gradebook:
    for student in students:
        entry = gradebook.find_submission("{NOTEBOOK}", student.name).notebooks[0]
        scores = {{grade.name: grade.auto_score for grade in entry.grades}}
        print(student.name, scores["test-weight_norms"])
graded = Path(CLONE, "autograded", "wrong", "{NOTEBOOK}", "{NOTEBOOK}.ipynb").read_text()
print("graded:", "The lengths are squared." in graded)
"""


@pytest.fixture
def course(tmp_path):
    """A copy of the course with the example's three changes."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in COURSE:
        copy = shutil.copytree if (CLONE / name).is_dir() else shutil.copy
        copy(CLONE / name, folder / name)
    snippets = SNIPPET.findall((CLONE / "CONTRIBUTING.md").read_text())
    assert len(snippets) == 3
    for name, text in snippets:
        path = folder / name
        before = path.read_text()
        if path.parent.parent.name == "solutions":
            path.write_text(f"{before}\n{textwrap.dedent(text)}")
        else:
            start, begin, exercises = before.partition("EXERCISES = (\n")
            own, end, rest = exercises.partition("\n)\n")
            assert begin and end
            path.write_text(f"{start}{begin}{own}\n{text}{end}{rest}")
    if why_unavailable():
        with (folder / "nbgrader_config.py").open("a") as config:
            config.write("\nc.TrustedExecute.sandboxed = False\n")
    return folder


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_new_exercise_is_checked_graded_and_its_mistake_named(course):
    environment = os.environ | {"PYTHONPATH": str(course)}

    def run(*words):
        answer = subprocess.run(
            [sys.executable, *words], check=False, cwd=course, env=environment,
            capture_output=True, text=True,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    run("-m", "autograder", "build", "--no-execute", NOTEBOOK)
    said = run("-c", GRADE)
    assert "checked: weight_norms is not right yet:" in said and SAYS in said
    assert "right 2.0" in said and "wrong 0.0" in said and "graded: True" in said
