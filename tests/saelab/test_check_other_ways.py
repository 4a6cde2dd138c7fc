"""Right functions pass the visible checks and get all points, however they are written."""

import ast
from pathlib import Path

import pytest

from saelab.check import HIDDEN, check

TEXT = Path(__file__).with_name("other_ways.py").read_text(encoding="utf-8")
VERSIONS = [node for node in ast.parse(TEXT).body if isinstance(node, ast.FunctionDef)]
NAMES = [version.name for version in VERSIONS]

# The hidden test of sample_patches is slow; test_properties has its sizes.
GRADED = [version for version in VERSIONS if version.name != "sample_patches"]


@pytest.mark.parametrize("version", VERSIONS, ids=NAMES)
def test_another_way_to_write_it_passes(course, version, capfd):
    check(course.made(ast.unparse(version), version.name))
    assert capfd.readouterr() == (f"{version.name}: visible checks passed. {HIDDEN}\n", "")


@pytest.mark.parametrize("version", GRADED, ids=[version.name for version in GRADED])
def test_another_way_to_write_it_gets_all_points(course, version, capfd):
    earned, most = course.points(course.made(ast.unparse(version), version.name), version.name)
    assert earned == most
    assert capfd.readouterr().err == ""


def test_there_are_two_other_ways_at_least_for_every_function(course):
    assert sorted(set(NAMES)) == course.names
    assert min(NAMES.count(name) for name in NAMES) >= 2
