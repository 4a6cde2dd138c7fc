"""The bench of seeds: it counts what check and hidden tests judge differently."""

import ast

import pytest

from autograder.exercises.reference import functions, solution_text
from tools.bench import seeds
from tools.bench.seeds import Version, verdicts, versions

RIGHT = solution_text("average_activation")


@pytest.mark.parametrize(
    "new, found",
    [
        ("a2.mean(axis=1)", [False] * 4),
        ("a2.mean(axis=1) * (1 + 1e-14)", [False] * 4),
        ("a2.mean(axis=1) * (1 + 1e-9)", [True] * 4),
        ("a2.mean(axis=1) * (1 + 1e-6 * (a2.shape == (6, 6)))", [False, True, True, True]),
    ],
)
def test_the_verdicts_of_the_check_and_of_each_seed(new, found):
    text = RIGHT.replace("a2.mean(axis=1)", new)
    assert verdicts(Version("average_activation", "", text), 3) == found


def test_a_disagreement_is_counted_and_told(monkeypatch):
    hidden = RIGHT.replace("axis=1", "axis=int(a2.shape != (6, 6))")
    tried = [
        Version("average_activation", "planted", hidden),
        Version("average_activation", "called right", RIGHT.replace("return ", ""), right=True),
        Version("average_activation", "right", RIGHT, right=True),
    ]
    monkeypatch.setattr(seeds, "versions", lambda name: tried)
    found, told = seeds.disagreements(["average_activation"], seeds=2, workers=1)
    assert found == {
        "seeds": 2, "seed_versions": 3, "seed_disagreements": 1, "seed_alarms": 1
    }  # fmt: skip
    assert told == [
        "average_activation: planted (check passes, 2 of 2 tests refuse)",
        "average_activation: called right is right, and refused",
    ]


@pytest.mark.parametrize("function", functions())
def test_nearly_right_versions_are_programs_of_their_own(function):
    texts = [version.text for version in versions(function)]
    assert len(set(texts)) == len(texts) >= 60
    for text in texts[::7]:
        ast.parse(text)
