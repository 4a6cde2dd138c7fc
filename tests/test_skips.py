"""A test that lacks a system package skips on a laptop, and fails the run in CI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("ci", "workers", "code"), [("true", "2", 1), ("", "0", 0)])
def test_a_skipped_test_fails_the_run_in_ci_only(tmp_path, ci, workers, code):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_one.py").write_text(
        "import pytest\n\n"
        "def test_needs_something():\n    pytest.skip('the package chromium is not installed')\n\n"
        "def test_needs_nothing():\n    assert True\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--rootdir", str(tmp_path)]
    answer = subprocess.run(
        command,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == code, answer.stdout
    assert ("in CI none may be" in answer.stdout) == bool(code)
