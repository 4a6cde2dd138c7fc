"""The demonstration from end to end: what comes of the sample class is what it deserves, and what
came of it before."""

import contextlib
import csv
import difflib
import os
import sys
from types import SimpleNamespace

import nbformat
import pytest
from PIL import Image

from autograder import demo
from autograder.classrun import Stopped
from autograder.exercises.sample import CLASS
from autograder.verdict.canary import scores
from autograder.verdict.course_policy import demonstrations
from tests.golden import files
from tests.support.waiting import wait_until

# Points by tests, as the notebooks give them; anything else means that a mistake of the sample
# class went unseen, or that something right was marked down.
FULL = (10, 12, 17, 14, 9, 4, 5, 9, 13, 10, 9, 9, 12)
DESERVED = {
    "ada": FULL,
    "bo": FULL,
    "cleo": (0,) * 13,
    "dan": (0, 9, 10, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0),  # what he wrote is right
    # The three costs with a penalty: W1 and b1 lost.
    "eve": (10, 12, 17, 11, 9, 4, 5, 9, 11, 10, 9, 9, 10),
    "finn": (10, 12, 14, 11, 9, 4, 5, 9, 13, 10, 9, 9, 12),  # both costs: W1 (2) and W2 (1) lost
    # The costs of 02, 03 and 10: cost and biases lost; batches kept (1).
    "gita": (10, 12, 13, 10, 9, 4, 5, 8, 13, 10, 4, 9, 12),
    # feed_forward (3), directions and share (4), centre and bandwidth (4) lost.
    "hugo": (6, 12, 14, 14, 9, 4, 5, 9, 13, 10, 9, 5, 12),
    "ines": FULL,
    # Windows and spread (3), one-sided (4), own scale (2), weights put back (3) lost.
    "juri": (10, 9, 17, 14, 5, 4, 3, 9, 13, 7, 9, 9, 12),
}
AGAIN = "If that is meant: python -m tests.golden, and say why in tests/golden/README.md."


@pytest.fixture(scope="class")
def done(tmp_path_factory):
    """The demonstration, once: its folder, the scores, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    printed = folder.with_name("printed")
    # A file: kernels that are started without a sandbox are given what is printed to.
    with printed.open("w") as file, contextlib.redirect_stdout(file):
        scores = demo.main(folder)
    return SimpleNamespace(folder=folder, scores=scores, printed=printed.read_text())


@pytest.mark.long
@pytest.mark.timeout(900)
class TestTheDemo:
    def test_every_student_gets_the_score_that_the_work_deserves(self, done):
        scores = done.scores
        notebooks = sorted({name for _, name in scores})
        found = {s.name: tuple(scores[s.name, n][0] for n in notebooks) for s in CLASS}
        assert found == DESERVED
        assert all(scores["ada", n][1] == full for n, full in zip(notebooks, FULL, strict=True))
        with (done.folder / "scores.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["student"] for row in rows] == [student.name for student in CLASS]
        assert float(rows[0]["total"]) == float(rows[0]["out of"]) == sum(FULL)

    def test_the_reference_got_all_points_without_what_is_only_shown(self, done):
        for _, name in filter(lambda key: key[0] == "ada", done.scores):
            graded, source = (
                nbformat.read(done.folder / folder / name / f"{name}.ipynb", as_version=4)
                for folder in ("autograded/ada", "solutions")
            )
            tests = scores(graded)
            assert tests and all(test.points == test.most for test in tests), name
            unrun = [c for c in graded.cells if c.cell_type == "code" and not c.execution_count
                     and not c.metadata.get("nbgrader") and c.source.strip()]  # fmt: skip
            assert len(unrun) >= len(demonstrations(source.cells, source)) >= 6

    def test_there_is_a_page_for_everybody(self, done):
        for student, name in done.scores:
            page = done.folder / "feedback" / student / name / f"{name}.html"
            assert page.stat().st_size > 10_000
        assert "the gradient with respect to W1" in (
            done.folder / "feedback" / "finn" / "02_cost" / "02_cost.html"
        ).read_text(encoding="utf-8")

    def test_a_network_has_learned_edges(self, done):
        with Image.open(done.folder / "filters.png") as picture:
            assert picture.size == (480, 480)
        assert "These filters are edge detectors" in " ".join(done.printed.split())

    def test_one_screen_says_what_it_did_and_what_to_open(self, done):
        lines = done.printed.splitlines()
        assert len(lines) <= 30 and max(map(len, lines)) <= 100
        assert "scores.csv" in done.printed and "gradebook.db" in done.printed
        for path in demo.TO_OPEN:
            assert path in done.printed and (done.folder / path).is_file()

    def test_what_comes_of_the_class_is_what_came_of_it_before(self, done):
        found = files.found(done.folder)
        kept = [path for path in files.HERE.rglob("*.*") if path.suffix in files.SUFFIXES]
        assert sorted(found) == sorted(path.relative_to(files.HERE).as_posix() for path in kept)
        told = [line for name in found for line in difference(name, found[name])]
        assert not told, "\n".join([*told, AGAIN])


def difference(name, text):
    before = (files.HERE / name).read_text(encoding="utf-8")
    return difflib.unified_diff(
        before.splitlines(), text.splitlines(), f"{name} (kept)", f"{name} (found)", lineterm=""
    )


def test_two_demonstrations_do_not_meet(tmp_path, capsys):
    with demo.alone(tmp_path / "demo"):
        assert demo.run(tmp_path / "demo") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("make demo: another demonstration is at work in ")
    with demo.alone(tmp_path / "demo"):
        pass


@pytest.mark.parametrize(
    "error, status, told",
    [
        (KeyboardInterrupt, 130, "\nInterrupted. `make demo` begins anew.\n"),
        (OSError("no room"), 1, "make demo: no room\n`make demo` begins anew.\n"),
        (Stopped("no room"), 1, "make demo: no room\n`make demo` begins anew.\n"),
    ],
)
def test_what_ends_it_is_told_in_a_line(error, status, told, tmp_path, monkeypatch, capsys):
    def fail(folder):
        raise error

    monkeypatch.setattr(demo, "make_course", fail)
    assert demo.run(tmp_path / "demo") == status
    assert capsys.readouterr().err == told


def test_a_training_that_fails_says_why(tmp_path, monkeypatch):
    fails = tmp_path / "python"
    fails.write_text("#!/bin/sh\necho no memory >&2\nexit 1\n")
    fails.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fails))
    with (
        demo.training(tmp_path) as trained,
        pytest.raises(RuntimeError, match="the training failed:\nno memory"),
    ):
        trained()


def test_a_training_ends_with_what_goes_on_beside_it(tmp_path, monkeypatch):
    """Also where that fails, or is interrupted."""
    pid = tmp_path / "pid"
    sleeps = tmp_path / "python"
    sleeps.write_text(f"#!/bin/sh\necho $$ > {pid}.part\nmv {pid}.part {pid}\nexec sleep 600\n")
    sleeps.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeps))
    with contextlib.suppress(KeyboardInterrupt), demo.training(tmp_path):
        wait_until(pid.exists, "the training starts")
        raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
