"""Right functions pass the visible checks and get all points, however they are written."""

from collections import Counter

import pytest

from saelab.check import check
from tests.variants import variants

VERSIONS = variants()
IDS = [f"{version.function}-{version.number}" for version in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS, ids=IDS)
def test_another_way_to_write_it_passes(version, capfd):
    check(version.make())
    printed = capfd.readouterr()
    assert printed.out.endswith(f"{version.function}: visible checks passed.\n")
    assert printed.err == "" or "warn" in version.text


@pytest.mark.parametrize("version", VERSIONS, ids=IDS)
def test_another_way_to_write_it_gets_all_points(course, version, capfd):
    earned, most = course.points(version.make(), version.function)
    assert earned == most
    assert capfd.readouterr().err == "" or "warn" in version.text


def test_there_are_two_other_ways_at_least_for_every_function(course):
    counts = Counter(version.function for version in VERSIONS)
    assert sorted(counts) == course.names
    assert min(counts.values()) >= 2
    assert len({version.text for version in VERSIONS}) == len(VERSIONS) >= 160


def test_the_styles_that_students_write_are_among_them():
    texts = "\n".join(version.text for version in VERSIONS)
    for style in (
        "np.matrix",
        "einsum",
        "float32",
        "print(",
        "warn(",
        "expit",
        "tanh",
        "for x in data.T",
        "partial(",
        "= lambda",
        "namedtuple",
        "asfortranarray",
        "__call__",
        "\n@",
        "spawn(",
    ):
        assert style in texts, style
