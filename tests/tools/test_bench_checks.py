"""The bench of the checks: it counts what was noticed, and neither hides nor invents anything."""

import itertools
import json
import os
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from autograder.exercises import mistakes
from autograder.exercises.reference import functions, made, reference, solution_text
from tests.variants import Variant, variants
from tools.bench import checks, exercise, mutants, report, trials
from tools.bench.cases import Case, Job, try_one
from tools.bench.trials import Verdict

FIGURES = {
    *("mistakes", "caught", "named", "generic", "generic_killed"),
    *("pairs", "pairs_caught", "pairs_named", "variants", "false_alarms"),
}


def reference_function(name):
    return made(solution_text(name), name)


@pytest.fixture(scope="module")
def planted():
    """A mistake, a right version, a wrong one called right, a mutant that changes nothing."""
    mistake = mistakes.catalogue("average_activation")[0]
    wrong = mutants.mutants("average_activation")[0]
    right = solution_text("average_activation") + "\n# nothing else\n"
    return [
        try_one(job)
        for job in (
            Job("mistake", "average_activation", (mistake,), 2),
            Job("variant", "average_activation", variants("average_activation")[0], 2),
            Job("variant", "average_activation", Variant("average_activation", 9, wrong.text), 3),
            Job("generic", "average_activation", wrong, 1),
            Job("generic", "average_activation", replace(wrong, text=right), 1),
        )
    ]


def test_a_tiny_selection_is_counted(planted):
    found = checks.count(planted)
    assert found["mistakes"] == found["caught"] == found["named"] == 1
    assert (found["generic"], found["generic_killed"]) == (2, 1)
    # Of the version that is called right, the check and three hidden tests complain.
    assert (found["variants"], found["false_alarms"]) == (2, 4)
    assert found["pairs"] == found["triples"] == found["wrongly_named"] == 0


def test_what_goes_wrong_is_listed(planted):
    *_, called_right, killed, survivor = planted
    wrong = checks.failures(planted)
    assert wrong["survived"] == [survivor]
    assert wrong["false alarms"] == [called_right]
    assert wrong["not caught"] == wrong["not named"] == []
    assert checks.failures([replace(killed, equivalent="by mistake")])[
        "listed as equivalent, but killed"
    ]


def case(**known):
    """A mistake that is caught and named, but for what is said otherwise."""
    noticed = Verdict(True, "")
    usual: dict[str, Any] = {"kind": "mistake", "function": "f", "label": "x", "check": noticed}
    usual |= {"hidden": (noticed, noticed), "named": (True,) * 3, "accused": (), "original": None}
    return Case(**usual | known)


def test_caught_and_named_mean_by_the_check_and_by_every_hidden_test():
    quiet = Verdict(False, "")
    cases = [
        case(),
        case(check=quiet),
        case(hidden=(Verdict(True, ""), quiet)),
        case(named=(True, True, False)),
        case(named=(False, True, True), accused=("another sentence",)),
        case(kind="pair", check=quiet),
        case(original=False),
        case(original=True),
    ]
    found = checks.count(cases)
    assert (found["mistakes"], found["caught"], found["named"]) == (7, 5, 5)
    assert (found["pairs"], found["pairs_caught"], found["pairs_named"]) == (1, 0, 1)
    assert (found["wrongly_named"], found["original_caught"]) == (1, 1)
    assert found["original_tried"] == 2


@pytest.mark.parametrize("same", [True, False])
def test_another_sentence_is_an_accusation_unless_it_gives_the_same_numbers(same, monkeypatch):
    """The wrong function is not the one that the job says it is."""
    monkeypatch.setattr("tools.bench.cases._same_numbers", lambda *_: same)
    first, second = mistakes.catalogue("average_activation")[:2]

    class Mislabelled(Job):
        def make(self):
            return mistakes.mistaken("average_activation", second)

    found = try_one(Mislabelled("mistake", "average_activation", (first,), 1))
    assert found.accused == (() if same else (second.says,))
    assert found.named == (False, False)


def test_the_summary_adds_up(planted):
    reasoned = {"average_activation": Counter(left_out=3, left_out_named=2), "f": Counter[str]()}
    found = checks.summary([*planted, case()], reasoned, {"seeds_tried": 4})
    assert (found["left_out"], found["left_out_named"], found["seeds_tried"]) == (3, 2, 4)
    assert found["functions"]["f"]["left_out"] == 0
    assert set(found) > FIGURES
    for figure in FIGURES:
        assert found[figure] == sum(row[figure] for row in found["functions"].values())
    heads, *rows, total = report.rows(found)
    assert [row[0] for row in rows] == ["average_activation", "f"]
    assert total[heads.index("mutants")] == "2"
    assert len({len(line) for line in report.table(found).splitlines()}) == 1


def test_the_command_writes_its_files(tmp_path, capsys):
    words = ["relative_error", "--kinds", "variant", "--variant-seeds", "1", "--workers", "1",
             "--seeds", "1"]  # fmt: skip
    found = checks.main([*words, "--folder", str(tmp_path)])
    assert json.loads((tmp_path / "checks.json").read_text()) == found
    assert found["variants"] == len(variants("relative_error")) and found["false_alarms"] == 0
    assert "relative_error" in capsys.readouterr().out


@pytest.mark.parametrize("together", [2, 3])
def test_pairs_and_triples_are_drawn_from_all(together):
    names = ("sigmoid", "kl_divergence", "autoencoder_cost")
    chosen = checks.choose(names, 31, 0, together)
    assert chosen == checks.choose(names, 31, 0, together)
    assert chosen != checks.choose(names, 31, 1, together)
    assert sum(map(len, chosen.values())) == 31
    assert len(chosen["autoencoder_cost"]) == max(map(len, chosen.values())) > 15
    for function, drawn in chosen.items():
        fit = set(map(frozenset, mistakes.pairs(function)))
        for wrong in drawn:
            assert len(set(wrong)) == together
            assert {frozenset(pair) for pair in itertools.combinations(wrong, 2)} <= fit


def test_an_endless_loop_is_ended():
    def trial():
        while True:
            pass

    assert "does not come to an end" in trials.isolated(trial, seconds=0.3)


@pytest.mark.parametrize(
    "trial",
    [lambda: os._exit(3), lambda: bytearray(2**40), lambda: 1 / 0, lambda: dict[int, int]()[1]],
)
def test_what_breaks_down_is_told_as_words(trial):
    assert isinstance(trials.isolated(trial, seconds=10), str)


def test_a_trial_leaves_nothing_behind(capfd):
    kept = []

    def trial():
        print("hello")
        kept.append(1)
        return "long " * 50_000

    assert trials.isolated(trial, 10)
    assert kept == [] and capfd.readouterr() == ("", "")


def test_mutants_are_changed_programs():
    found = mutants.mutants("sigmoid")
    text = solution_text("sigmoid")
    assert len({mutant.text for mutant in found}) > 20
    for mutant in found:
        before, after = mutant.line
        assert mutant.text != text and before in text and before != after


@pytest.mark.parametrize("entry", mutants.EQUIVALENT, ids=lambda entry: " ".join(entry[::2]))
def test_what_is_listed_as_equivalent_is_a_mutant_that_survives(entry):
    function, *line = entry
    (mutant,) = {m.text: m for m in mutants.mutants(function) if m.line == tuple(line)}.values()
    found = try_one(Job("generic", function, mutant, 3))
    assert found.equivalent == mutants.EQUIVALENT[entry]
    assert found.alarms == 0


@pytest.mark.parametrize("name", exercise.FUNCTIONS)
def test_the_exercises_check_passes_what_is_right(name):
    assert exercise.notices(name, reference_function(name)) is False
    assert exercise.notices(name, None) is True


def test_the_exercises_check_sees_a_wrong_gradient_and_has_no_cost_to_compare_with():
    right = reference("02_cost").autoencoder_cost

    def twice(*args):
        cost, grad = right(*args)
        return 2 * cost, 2 * grad

    def bent(*args):
        cost, grad = right(*args)
        return cost, grad + 1e-4 * (grad == grad[3])

    assert not exercise.notices("autoencoder_cost", twice)
    assert exercise.notices("autoencoder_cost", bent)


def test_the_exercises_check_sees_one_sided_differences():
    def forward(J, theta, epsilon=1e-4):
        def cost(theta):
            value = J(theta)
            return value[0] if isinstance(value, tuple) else value

        steps = epsilon * reference("04_gradient_check").np.eye(theta.size)
        return [(cost(theta + step) - cost(theta)) / epsilon for step in steps]

    assert exercise.notices("numerical_gradient", forward)


@pytest.fixture(scope="module")
def page():
    return report.DOCS.read_text(encoding="utf-8")


def test_the_messages_of_the_page_are_what_is_said_now(page):
    assert len(report.MESSAGES) >= 5
    assert report.between_marks(page, "messages").strip() == report.messages()
    assert report.between_marks(page, "entry").strip("\n") == report.entry()


def test_the_table_of_the_page_is_of_the_catalogue_as_it_is(page):
    """Who adds a mistake measures again: python -m tools.bench.checks --write-docs"""
    table = report.between_marks(page, "table").strip().splitlines()
    rows = [[word.strip(" *") for word in line.split("|")[1:3]] for line in table[2:]]
    counted = [[name, str(len(mistakes.catalogue(name)))] for name in functions()]
    assert rows == [*counted, [report.TOTAL, str(len(mistakes.catalogue()))]]


@pytest.mark.long
def test_a_part_of_the_catalogue_is_caught_and_named():
    """By the hidden tests every fourth mistake, others than in test_check_mistakes, and pairs.

    `make bench-checks` tries the whole catalogue, at several seeds.
    """
    seeds = dict.fromkeys(checks.SEEDS, 1)
    alone, pairs = (
        checks.jobs(functions(), [kind], seeds, pairs=16, original=False)
        for kind in ("mistake", "pair")
    )
    cases = checks.run([*alone[2::4], *pairs])
    found, wrong = checks.count(cases), checks.failures(cases)
    assert found["mistakes"] == len(mistakes.catalogue()[2::4]) >= 60 and found["pairs"] == 16
    assert wrong["not caught"] == []
    assert [case for case in wrong["wrongly named"] if case.kind == "mistake"] == []
    assert found["named"] >= 0.98 * found["mistakes"]
    assert found["pairs_named"] >= 0.90 * found["pairs"]


def test_the_exercises_check_is_asked_where_it_knows_the_function():
    mistake = mistakes.catalogue("autoencoder_cost")[0]
    words = "mistake", "autoencoder_cost", (mistake,), 1
    assert try_one(Job(*words, original=True)).original is True
    assert try_one(Job(*words)).original is None
