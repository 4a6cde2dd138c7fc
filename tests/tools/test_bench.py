"""The benchmark of grading: it counts what a sandboxed kernel uses, and its table is true."""

import json
import sys

import pytest

from autograder.exercises.sample import CLASS
from tools.bench import cpu, grading

BURN = """
from pathlib import Path
from nbformat.v4 import new_code_cell
from autograder.kernel.limits import TimeLimits
from autograder.kernel.sandbox import Bubblewrap
from autograder.kernel.student_kernel import StudentKernel, World

with StudentKernel(Bubblewrap, Path("/nowhere"), TimeLimits(), World()) as kernel:
    burn = "import time\\nwhile time.process_time() - start < %s: pass"
    kernel.run_cell(
        new_code_cell("import time; start = time.process_time()\\n" + burn % SECONDS)
    )
"""


@pytest.fixture(autouse=True, scope="module")
def can_count():
    try:
        with cpu.group():
            pass
    except OSError as error:
        pytest.skip(str(error))


def burn(seconds):
    return cpu.measure([sys.executable, "-c", BURN.replace("SECONDS", str(seconds))]).seconds


@pytest.mark.long
@pytest.mark.bubblewrap
def test_what_a_sandboxed_kernel_burns_is_counted():
    # What was lost would be lost whole; to start takes now more, now less.
    assert 1 < burn(2) - burn(0) < 3.5


def test_what_goes_on_without_its_parent_is_counted():
    work = "import time\nwhile time.process_time() < 1: pass"
    # Its output stays open as long as it lives, so that its end is waited for.
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}])"
    assert 1 < cpu.measure([sys.executable, "-c", orphan]).seconds < 2


@pytest.mark.long
@pytest.mark.bubblewrap
def test_the_table_has_its_ratios(tmp_path, capsys):
    report = grading.main(tmp_path, ["02_cost"], CLASS[:2])
    assert json.loads((tmp_path / "grading.json").read_text()) == report
    assert report["submissions"] == 2 and report["same_scores"] is True
    stock, ours = report["used"][grading.NBGRADER], report["used"][grading.CLASS_RUN]
    assert report["cpu_ratio"] == stock["seconds"] / ours["seconds"]
    assert report["wall_ratio"] == stock["wall"] / ours["wall"]
    assert report["per_notebook_cpu_s"][grading.CLASS_RUN] == ours["seconds"] / 2
    # What the parts of a run take is part of what it takes; each is measured by itself.
    assert 0 < report["class_run_s"][grading.START] < ours["seconds"]
    printed = capsys.readouterr().out.splitlines()
    for row, each in report["used"].items():
        shown = f"{each['seconds']:.1f} ({stock['seconds'] / each['seconds']:4.1f}x)"
        assert any(line.startswith(row) and shown in line for line in printed)


def test_scores_that_differ_are_told():
    same = {("ada", "02_cost"): (5.0, 6.0), ("bo", "02_cost"): (6.0, 6.0)}
    other = {**same, ("ada", "02_cost"): (4.0, 6.0)}
    ways = (grading.NBGRADER, grading.TRUSTED, grading.CLASS_RUN, grading.SHOWING)
    assert grading.differences(dict.fromkeys(ways, same)) == []
    (told,) = grading.differences({**dict.fromkeys(ways, same), grading.NBGRADER: other})
    assert told == f"ada, 02_cost: 5 of 6 points, 4 by {grading.NBGRADER}"
