"""The command line: what it says, how it ends, and what it leaves alone."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from autograder import cli
from autograder.exercises.sample import CLASS, hand_in
from tests.support.waiting import wait_until

NAME = "02_cost"
COMMANDS = ("build", "doctor", "feedback", "flags", "grade", "history", "kit", "report")
WORDS = {"grade": [NAME], "feedback": [NAME]}


@pytest.fixture
def course(entered_course, tmp_path):
    """A course with a gradebook, in which five have handed in."""
    course = shutil.copytree(entered_course, tmp_path / "course")
    hand_in(course, CLASS[:5], [NAME])
    return course


@pytest.fixture
def command(capsys, monkeypatch):
    """A function that runs a command here; returns its status, its output and its errors."""
    monkeypatch.setenv("COLUMNS", "80")  # else help is as wide as the terminal

    def run(*words):
        try:
            status: object = cli.main([str(word) for word in words])
        except SystemExit as error:
            status = error.code
        return status, *capsys.readouterr()

    return run


def program(*words, **options):
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        **options,
    )  # fmt: skip


def tree(folder):
    """All that is in a folder: paths, with contents, and when they were changed."""
    return {
        path.relative_to(folder): (path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
        for path in folder.rglob("*")
    }


def test_each_command_has_help(command):
    status, out, _ = command("--help")
    assert status == 0 and all(f"\n    {name} " in out for name in COMMANDS)
    for name in COMMANDS:
        status, out, err = command(name, "--help")
        assert (status, err) == (0, "")
        assert out.startswith(f"usage: autograder {name} ") and "--course FOLDER" in out
        assert "130  it was interrupted" in out and max(map(len, out.splitlines())) <= 100
    (chosen,) = [a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction)]
    assert sorted(chosen.choices) == list(COMMANDS)


def test_both_ways_to_call_it_are_the_same():
    script = "from saelab.command import main; raise SystemExit(main())"
    told = []
    for start in (["-m", "autograder"], ["-c", script]):
        command = [sys.executable, *start, "grade", "--help"]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
        told.append((ended.returncode, ended.stdout, ended.stderr))
    assert told[0] == told[1] and told[0][0] == 0 and told[0][1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "required: COMMAND"),
        (["grad", NAME], "invalid choice: 'grad'"),
        (["grade"], "required: ASSIGNMENT"),
        (["feedback"], "required: ASSIGNMENT"),
        (["grade", NAME, "--jobs", "0"], "'0' is not a whole number from 1 on"),
        (["feedback", NAME, "--jobs", "two"], "'two' is not a whole number from 1 on"),
        (["grade", NAME, "--student"], "expected one argument"),
        (["report", "--nothing"], "unrecognized arguments: --nothing"),
        (["doctor", NAME], f"unrecognized arguments: {NAME}"),
    ],
)
def test_what_is_not_understood(command, words, says):
    status, out, err = command(*words)
    assert (status, out) == (2, "")
    assert err.startswith("usage: autograder") and says in err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_folder_that_is_no_course(command, tmp_path, name):
    status, out, err = command(name, *WORDS.get(name, []), "--course", tmp_path)
    assert status == 1
    if name == "doctor":  # a finding, as everything that it says
        assert "there are no assignments in this folder" in out
    else:
        assert out == "" and err.startswith(f"autograder {name}: ") and str(tmp_path) in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["feedback", "flags", "grade", "report"])
def test_an_assignment_that_there_is_not(command, course, name):
    before = tree(course)
    status, out, err = command(name, "02_cots", "--course", course)
    assert (status, out) == (1, "") and err.startswith(f"autograder {name}: ")
    assert "'02_cots'" in err and NAME in err
    assert {path for path in tree(course) if path not in before} <= {
        path for path in tree(course) if "verdicts" in path.parts
    }


@pytest.mark.parametrize("name", ["feedback", "grade"])
@pytest.mark.bubblewrap
def test_a_student_whom_there_is_not(command, course, name):
    status, _, err = command(name, NAME, "--student", "adda", "--course", course)
    assert status == 1 and "student 'adda'" in err
    if name == "grade":
        assert "Did you mean ada?" in err


@pytest.mark.bubblewrap
def test_a_dry_run_changes_nothing(command, course):
    before = tree(course)
    status, out, err = command("grade", NAME, "--dry-run", "--course", course)
    assert (status, err) == (0, "")
    students = sorted(student.name for student in CLASS[:5])
    assert out.splitlines()[:-1] == [f"{NAME}  {student}  (new)" for student in students]
    assert out.splitlines()[-1] == "5 to grade, 0 unchanged. Nothing was done."
    assert tree(course) == before


@pytest.mark.parametrize("name", ["feedback", "grade", "report"])
def test_gradebooks_that_cannot_be_had(command, course, name):
    words = [name, *WORDS.get(name, []), "--course", course]
    for url, says in {
        "nonsense": "Could not parse",
        "postgresql+nothing://me@localhost/course": "nothing",
        # Nobody listens at this port, whether the driver is there or not.
        "postgresql+psycopg://me@127.0.0.1:1/course": "psycopg",
        f"sqlite:///{course}/other.db": f"no gradebook at {course}/other.db",
    }.items():
        status, out, err = command(*words, "--db", url)
        assert (status, out) == (1, "") and says in err
        assert err.startswith(f"autograder {name}: ") and len(err.splitlines()) == 1
    (course / "gradebook.db").unlink()
    status, _, err = command(*words)
    assert status == 1 and "generate_assignment NAME --force` makes it" in err
    assert not (course / "gradebook.db").exists()


def test_a_configuration_that_cannot_be_read(command, course):
    (course / "nbgrader_config.py").write_text("c = get_config(\n")
    status, _, err = command("grade", NAME, "--course", course)
    assert status == 1 and "nbgrader_config.py cannot be read: SyntaxError" in err


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (ValueError("no such thing"), 1, "autograder doctor: no such thing\n"),
        (RuntimeError("it broke"), 1, "autograder doctor: it broke\n"),
        (OSError(28, "No space left"), 1, "autograder doctor: [Errno 28] No space left\n"),
        (KeyboardInterrupt(), 130, "\nInterrupted. Nothing was changed.\n"),
    ],
)
def test_how_errors_end(command, monkeypatch, error, status, says):
    def fail(folder):
        raise error

    monkeypatch.setattr("autograder.authoring.doctor.examine", fail)
    assert command("doctor") == (status, "", says)


def test_an_error_of_our_own_is_not_hidden(command, monkeypatch):
    monkeypatch.setattr("autograder.authoring.doctor.examine", lambda folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        command("doctor")


@pytest.mark.parametrize(("severity", "status"), [("error", 1), ("warning", 0)])
def test_the_doctor_s_status_is_that_of_errors(command, monkeypatch, severity, status):
    found = [SimpleNamespace(severity=severity)]
    monkeypatch.setattr("autograder.authoring.doctor.examine", lambda folder: found)
    monkeypatch.setattr("autograder.authoring.doctor.print_findings", print)
    assert command("doctor")[0] == status


@pytest.mark.parametrize("failed", [False, True])
def test_a_submission_without_a_score_is_an_error(command, course, monkeypatch, failed):
    verdict = SimpleNamespace(assignment=NAME, student="ada", failure="no \x1b[2Jnotebook")
    again = SimpleNamespace(assignment=NAME, student="bob", asked_again={f"{NAME}/why": "changed"})
    summary = SimpleNamespace(
        graded=[again, again],
        failed=[verdict] * failed,
        unchanged=3,
        seconds=1.25,
        planned=[],
        untried={},
    )
    monkeypatch.setattr("autograder.classrun.grade", lambda *words, **options: summary)
    status, out, _ = command("grade", NAME, "--course", course)
    assert status == failed
    assert out.endswith(f"2 graded, {int(failed)} without a score, 3 unchanged, in 1.2 s.\n")
    # What students wrote does not steer the terminal.
    assert out.startswith(f"{NAME}  bob: {NAME}/why was changed\n")
    assert "\x1b" not in out and (f"{NAME}  ada: no \\x1b[2Jnotebook" in out) == failed


def test_flags_are_shown_of_what_was_handed_in(command, course):
    status, out, _ = command("flags", "--course", course)
    assert status == 0 and out.startswith(("No flags in 5", "student "))
    assert command("flags", NAME, NAME, "--course", course)[1] == out


def test_who_reads_the_output_may_go(tmp_path):
    # argparse takes no notice of it; the commands end.
    for words, statuses in {("--help",): (0, 1), ("doctor", "--course", tmp_path): (1,)}.items():
        process = program(*words)
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) in statuses


@pytest.mark.long
@pytest.mark.bubblewrap
def test_an_interrupted_run_goes_on(course):
    """By Ctrl-C, which goes to all processes of the terminal."""
    words = ["grade", NAME, "--course", course, "--jobs", "1"]
    verdicts = course / "verdicts" / NAME
    process = program(*words)
    wait_until(
        lambda: list(verdicts.glob("*.json")) or process.poll() is not None, "one is graded", 120
    )
    assert process.poll() is None, process.communicate()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err and "give the same command again to go on" in err
    graded = len(list(verdicts.glob("*.json")))
    assert 1 <= graded < 5
    process = program(*words)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert f"{5 - graded} graded, 0 without a score, {graded} unchanged" in out


# --- a student's name is no command ----------------------------------------------------------

# Clears the screen, ends the line, and says what the grader says.
NAMED = "a\x1b[2J\n\r3 graded, 0 without a score\udce9"


def assert_printable(said):
    assert not set(said) - set("\n") - {c for c in said if c.isprintable()}, repr(said)
    assert not any(line.startswith("3 graded") for line in said.splitlines())


@pytest.fixture
def named(course):
    """The course, in which the name of a student's folder is NAMED, and so is other text of his."""
    folder = course / "submitted" / NAMED
    shutil.copytree(course / "submitted" / CLASS[0].name, folder)
    notebook = folder / NAME / f"{NAME}.ipynb"
    text = notebook.read_text(encoding="utf-8")
    cell = json.dumps("from scipy.special import expit\nwrong = '" + NAMED[:-1] + "'\n")
    notebook.write_text(
        text.replace('"cells": [', '"cells": [{"cell_type": "code", "execution_count": null, '
                     f'"metadata": {{}}, "outputs": [], "source": {cell}}},', 1),
        encoding="utf-8",
    )  # fmt: skip
    (folder / NAME / "timestamp.txt").write_text(NAMED[:-1])
    (folder / NAME / f"link{NAMED}.npy").symlink_to("/etc/passwd")
    return course


@pytest.mark.bubblewrap
@pytest.mark.slow
def test_what_a_student_names_is_no_command_to_a_terminal(command, named):
    shown = r"a\x1b[2J\n\r3 graded, 0 without a score\udce9"
    status, out, err = command("grade", NAME, "--dry-run", "--course", named)
    assert f"{NAME}  {shown}  (new)" in out
    assert_printable(out + err)
    for words in (["grade", NAME], ["feedback", NAME], ["flags"], ["report"], ["doctor"]):
        status, out, err = command(*words, "--course", named)
        assert status in (0, 1), err
        assert_printable(out + err)
    quoting = [[name, NAMED] for name in ("build", "feedback", "flags", "grade", "kit", "report")]
    for words in (["grade", NAME, "--student", NAMED + "x"], *quoting):
        status, out, err = command(*(word.rstrip("\udce9") for word in words), "--course", named)
        assert status in (1, 2) and r"\x1b[2J" in err, (words, out, err)
        assert_printable(out + err)


@pytest.mark.parametrize("name", COMMANDS)
def test_whatever_a_command_prints_is_printable(command, monkeypatch, name):
    def run(options):
        print(NAMED.replace("\r", ""))
        sys.stderr.write("\x1b]0;title\x07\n")
        raise RuntimeError(NAMED)

    monkeypatch.setattr(cli, name, run)
    status, out, err = command(name, *WORDS.get(name, []))
    assert status == 1 and r"\x1b[2J" in out and r"\x1b]0;title\x07" in err
    assert f"autograder {name}: a\\x1b[2J\n    \\r3 graded" in err
    assert not set(out + err) - set("\n") - {c for c in out + err if c.isprintable()}
