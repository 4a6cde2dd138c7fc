"""The hooks of .pre-commit-config.yaml work, with nothing but the environment of the tests."""

import shutil
import subprocess
import sys

import pytest

from autograder import CLONE


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_badly_formatted_file_is_not_committed(tmp_path, monkeypatch):
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(CLONE / name, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    # No user's settings, and no commit that these tests may be a hook of.
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        # Takes seconds, and wants the whole clone.
        "SKIP": "mypy",
    }.items():
        monkeypatch.setenv(name, value)

    def run(*words, status=0):
        ended = subprocess.run(words, check=False, cwd=tmp_path, capture_output=True, text=True)
        assert ended.returncode == status, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    def commit(code, status):
        (tmp_path / "cell.py").write_text(code)
        run("git", "add", "cell.py")
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        return run("git", *identity, "commit", "-m", "A cell", status=status)

    run("git", "init", "--quiet")
    run(sys.executable, "-m", "pre_commit", "install")
    said = commit("a = [1,2]\nprint(b)\n", status=1)
    assert "Undefined name `b`" in said
    assert "1 file reformatted" in said
    commit("a = [1, 2]\n", status=0)
