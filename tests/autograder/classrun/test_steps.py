"""Where submissions are graded leaves nothing behind, not even when it is killed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder import CLONE
from autograder.classrun import steps
from autograder.course import files
from autograder.course.folders import open_course


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_is_made_while_grading_goes_with_it(temporary):
    with files.scratch() as folder:
        (folder / "file").write_text("beside the notebook")
        beside = Path(tempfile.mkdtemp())
        assert beside.parent == folder.parent and folder.parent.parent == temporary
    assert list(temporary.iterdir()) == [] and tempfile.gettempdir() == str(temporary)


def test_the_shell_of_kernels_leaves_nothing_where_there_is_no_home(tmp_path):
    """Outside of the sandbox, where it is made, it has none."""
    code = "from autograder.kernel.inside.shell import new_shell; new_shell()"
    nowhere = dict.fromkeys(("HOME", "IPYTHONDIR"), "/nowhere/ipython")
    environment = {**os.environ, **nowhere, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=CLONE)
    assert list(tmp_path.iterdir()) == []


def test_folders_that_a_sandbox_shares_are_swept_too(temporary, monkeypatch):
    shared = temporary / "shared"
    shared.mkdir()
    monkeypatch.setattr(files, "SHARED", str(shared))
    child = os.fork()
    if not child:
        with files.scratch(shared=True):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert [path.name.startswith(f"grading-{child}-") for path in shared.iterdir()] == [True]
    files.sweep_scratch()
    assert list(shared.iterdir()) == []


def test_folders_of_the_dead_are_swept_and_no_others(temporary):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    for name in (f"grading-{ended.pid}-abc", f"grading-{os.getpid()}-abc", "grading-mine", "other"):
        (temporary / name / "work").mkdir(parents=True)
    files.sweep_scratch()
    left = sorted(path.name for path in temporary.iterdir())
    assert left == sorted([f"grading-{os.getpid()}-abc", "grading-mine", "other"])


@pytest.mark.parametrize("name", ["nbgrader_config.py", "nbgrader_config.json"])
def test_a_worker_goes_by_the_configuration_that_there_is_now(name, tmp_path):
    """As the fingerprint does: a verdict by older settings would count as one by these."""
    course = "from autograder.configure import trusted_grading\ntrusted_grading(get_config())\n"
    (tmp_path / "nbgrader_config.py").write_text(course)
    task = steps.GradingTask(str(tmp_path), None, "ps1", "ada", b"")
    for seconds in (3, 7):
        text = f"{course}get_config().TrustedExecute.call_timeout = {seconds}\n"
        if name.endswith("json"):
            text = json.dumps({"TrustedExecute": {"call_timeout": seconds}})
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, (0, 0))  # a copy may keep the time
        made = steps.own_steps(task)
        assert made.executing.call_timeout == seconds and steps.own_steps(task) is made


@pytest.mark.parametrize("policy", ["autograder.none.Policy", "autograder.course.folders.Course"])
def test_a_policy_that_there_is_not_is_said(policy, tmp_path):
    lines = ["from autograder.configure import trusted_grading", "c = get_config()"]
    lines.append(f"trusted_grading(c, {policy!r})")
    (tmp_path / "nbgrader_config.py").write_text("\n".join(lines))
    with pytest.raises(ValueError, match=f"the configuration of {tmp_path} cannot be used: "):
        steps.Steps(open_course(tmp_path))
