"""What the course makes of the sample class stays as it is, unless a change says so."""

import difflib

import pytest

from tests.golden import course, files

pytestmark = pytest.mark.slow

AGAIN = "If that is meant: python -m tests.golden, and say why in the commit."


def test_what_comes_of_the_sample_class_stays_the_same(tmp_path):
    found = files.found(course.make(tmp_path / "course"))
    kept = [path for ending in ("csv", "txt", "jsonl") for path in files.HERE.rglob(f"*.{ending}")]
    assert sorted(found) == sorted(path.relative_to(files.HERE).as_posix() for path in kept)
    told = [line for name in found for line in difference(name, found[name])]
    assert not told, "\n".join([*told, AGAIN])


def difference(name, text):
    before = (files.HERE / name).read_text(encoding="utf-8")
    return difflib.unified_diff(
        before.splitlines(), text.splitlines(), f"{name} (kept)", f"{name} (found)", lineterm=""
    )
