"""What visible checks compare with is the reference's and the catalogue's, as numbers and prose."""

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from autograder.exercises import exercises
from autograder.exercises.exercise import Mistake, mistake
from autograder.exercises.expected import (
    EXPECTED,
    _pair,
    _rounded,
    _single,
    computed,
    in_time,
    outputs,
    sentences,
    write_expected,
)
from autograder.exercises.mistakes import MistakeError, catalogue, signature_of
from autograder.exercises.reference import solution_text
from autograder.exercises.terms import forms
from autograder.exercises.versions import Version
from saelab.check.compare import Fault
from saelab.check.diagnosis import explained
from saelab.check.exercise import Probe, Properties
from saelab.check.exercises import NOTEBOOKS, exercise
from saelab.check.outcome import agree
from saelab.check.stored import FORMS, SENTENCES, known, wanted

SOME = ("normalize_patches", "kl_divergence", "train")
NAMES = [(notebook, name) for notebook, exercises in NOTEBOOKS.items() for name in exercises]
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS)
every_function = pytest.mark.parametrize("notebook, name", NAMES)
KINDS = {
    "mistakes": "f4",
    "pairs": "f4",
    "of": "i2",
    "cuts": "i4",
    "use": "i2",
    "says": "i2",
    "versions": "i2",
}
REBUILD = "`make notebooks` writes the answers anew"


@every_function
def test_the_outputs_on_disk_are_those_of_today_s_reference(notebook, name):
    """Another processor may differ in the last digits."""
    computed, stored = outputs(notebook, name), wanted(name)
    assert [len(arrays) for arrays in stored] == [len(arrays) for arrays in computed], REBUILD
    for of_probe, stored_of_probe in zip(computed, stored):
        for array, other in zip(of_probe, stored_of_probe):
            assert array.shape == other.shape
            assert np.allclose(array, other, rtol=1e-9, atol=1e-10), REBUILD


@every_function
def test_the_signatures_on_disk_are_those_of_today_s_catalogue(notebook, name):
    mistakes, stored = catalogue(name), known(name)
    assert stored.sentences == [mistake.says for mistake in mistakes], REBUILD
    assert len(stored.singles) == len(mistakes), REBUILD
    # A selection, by a stride that shares no factor with most numbers: all of them take long.
    for i in range(0, len(mistakes), 7):
        computed = signature_of(name, (mistakes[i],), exercise(name).probes, wanted(name))
        assert computed is not None, mistakes[i].name
        assert agree(computed, stored.singles[i]).all(), (mistakes[i].name, REBUILD)
    for i in range(0, len(stored.of), 97):
        pair = [mistakes[j] for j in stored.of[i]]
        computed = signature_of(name, pair, exercise(name).probes, wanted(name))
        assert computed is not None, [m.name for m in pair]
        assert agree(computed, stored.pairs[i]).all(), ([m.name for m in pair], REBUILD)


@every_function
def test_on_the_probes_every_mistake_is_told_from_every_other(notebook, name):
    stored = known(name)
    for sentence, signature in zip(stored.sentences, stored.singles):
        assert explained(signature, stored) == [sentence]


def test_there_is_a_file_for_every_notebook_and_two_of_sentences_and_no_other():
    names = {f"{notebook}.npz" for notebook in NOTEBOOKS}
    assert {path.name for path in EXPECTED.iterdir()} == names | {SENTENCES, FORMS}


def test_they_are_small():
    assert max(path.stat().st_size for path in EXPECTED.iterdir()) < 0.6e6


@every_notebook
def test_the_files_hold_arrays_of_finite_numbers_and_nothing_else(notebook):
    path = EXPECTED / f"{notebook}.npz"
    with zipfile.ZipFile(path) as file:
        assert all(name.endswith(".npy") for name in file.namelist())
    with np.load(path, allow_pickle=False) as stored:
        for key in stored:
            kind = key.split(".")[1]
            kinds = {"f4", "f8"} if kind == "rows" else {KINDS.get(kind, "f8")}
            assert stored[key].dtype in {np.dtype(kind) for kind in kinds}
            assert np.isfinite(stored[key]).all()


def test_the_sentences_are_the_catalogue_s():
    text = (EXPECTED / SENTENCES).read_text(encoding="utf-8")
    assert json.loads(text) == sentences()


def test_outputs_are_rounded_to_twelve_digits():
    for notebook, name in NAMES:
        for arrays in outputs(notebook, name) if not exercise(name).properties else ():
            for array in arrays:
                assert np.array_equal(array, _rounded(array))


def test_rounding_leaves_twelve_digits():
    assert _rounded(np.array([1 / 3, 2e20 / 3])).tolist() == [0.333333333333, 6.66666666667e19]


@pytest.mark.parametrize(
    "notebook, name", [(notebook, name) for notebook, name in NAMES if name in SOME]
)
def test_two_computations_give_the_same_numbers_and_leave_the_probes_as_they_are(notebook, name):
    def arrays():
        args = [a for probe in exercise(name).probes for a in probe.args]
        return [a.copy() for a in args if isinstance(a, np.ndarray)]

    before = arrays()
    one, two = computed(notebook, name), computed(notebook, name)
    assert list(one[0]) == list(two[0]) and one[1] == two[1]
    assert all(one[0][key].tobytes() == two[0][key].tobytes() for key in one[0])
    assert all(np.array_equal(a, b) for a, b in zip(before, arrays(), strict=True))


def test_chance_does_not_decide_on_what_a_mistake_does():
    """A sampler that draws from np.random, and ends after its first window, is seen or not."""
    name = "sample_patches"
    wanted, probes = outputs("01_patch_sampling", name), exercise(name).probes
    by_chance = [m for m in catalogue(name) if "np.random.randint" in str(m.edits)]
    first_only = [m for m in catalogue(name) if "first window" in m.says]
    assert len(by_chance) == len(first_only) == 1
    pair = (*by_chance, *first_only)
    np.random.seed(7)
    signatures = [signature_of(name, pair, probes, wanted) for _ in range(20)]
    told = [one.tobytes() for one in signatures if one is not None]
    assert len(told) == 20 and len(set(told)) == 1
    assert np.random.randint(1 << 30) == np.random.RandomState(7).randint(1 << 30)


def test_files_are_written_as_computed(tmp_path, monkeypatch):
    def computed(notebook, name, solutions):
        return {f"{name}.0.0": np.ones(3)}, {"parts": [name]}

    monkeypatch.setattr("autograder.exercises.expected.computed", computed)
    monkeypatch.setattr(
        "autograder.exercises.expected.ProcessPoolExecutor", lambda *_: ThreadPoolExecutor(1)
    )
    for folder in ("one", "two"):
        paths = write_expected(folder=tmp_path / folder)
        assert [path.name for path in paths] == [*(f"{n}.npz" for n in NOTEBOOKS), SENTENCES, FORMS]
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    with np.load(tmp_path / "one" / "02_cost.npz") as stored:
        assert sorted(stored) == sorted(f"{name}.0.0" for name in NOTEBOOKS["02_cost"])


@pytest.mark.parametrize("error", [IndexError("tuple index"), ValueError("sigmoid is wrong")])
def test_the_function_whose_computation_stops_is_named(error, tmp_path, monkeypatch):
    def computed(notebook, name, solutions):
        raise error

    monkeypatch.setattr("autograder.exercises.expected.computed", computed)
    monkeypatch.setattr(
        "autograder.exercises.expected.ProcessPoolExecutor", lambda *_: ThreadPoolExecutor(1)
    )
    says = r"^(sigmoid of 02_cost cannot be tried: IndexError: tuple index|sigmoid is wrong)$"
    with pytest.raises((RuntimeError, ValueError), match=says):
        write_expected(folder=tmp_path, notebooks=["02_cost"])


# --- exercises that cannot be tried ---------------------------------------------------------

KL = ("03_kl_delta", "kl_divergence")


def change(monkeypatch, function, **changes):
    """Change what the visible side says of a function."""
    notebook = NOTEBOOKS[next(n for n, name in NAMES if name == function)]
    monkeypatch.setitem(notebook, function, replace(notebook[function], **changes))


def known_mistakes(monkeypatch, function, *mistakes):
    own = replace(exercises()[function], mistakes=mistakes, not_together=())
    monkeypatch.setitem(exercises(), function, own)


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"results": ("a", "b")}, r"does not pass its own check \(.*\): it should return 2 things"),
        ({"returns_cost": True}, r"cannot be tried as its exercise in saelab/.* says \(TypeError"),
        ({"properties": Properties(("all",), lambda f, *_: {"all": Fault("no", "value")})},
         r"does not pass its own check \(.*\): no\."),
        ({"probes": (Probe("words", ("rho", "rho_hat")),)}, r"fails on a problem .*\(words\)"),
    ],
)  # fmt: skip
def test_a_solution_that_does_not_do_what_its_exercise_says_is_said(changes, told, monkeypatch):
    change(monkeypatch, KL[1], **changes)
    with pytest.raises(ValueError, match=f"the solution of kl_divergence {told}"):
        computed(*KL)


def test_a_solution_that_fails_on_a_hidden_problem_is_said(monkeypatch):
    problems = [Probe("words", ("rho", "rho_hat"))]
    own = replace(exercises()[KL[1]], problems=lambda rng: problems)
    monkeypatch.setitem(exercises(), KL[1], own)
    with pytest.raises(ValueError, match=r"solution of kl_divergence fails on a .* \(words\)"):
        computed(*KL)


def test_a_result_that_is_not_linear_in_its_weights_is_said(monkeypatch):
    change(monkeypatch, KL[1], weights={"decay": (0, "rho")}, symbols=lambda args: {"rho": args[0]})
    with pytest.raises(ValueError, match=r"kl_divergence are no sum of its terms \(result, decay"):
        computed(*KL)


@pytest.mark.parametrize(
    "new, told",
    [
        ("return (", r"cannot be tried \(SyntaxError: .*\); mend the edit of this entry"),
        ("raise NotImplementedError\n    return", r"cannot be tried \(NotImplementedError"),
        ("return 1 *", "the check and the hidden test cannot tell it from the solution; change"),
        ("return 2 / 2 * 2 *", "the check and the hidden test cannot tell it from the mistake 'tw"),
        ("while True:\n        pass\n    return",
         r"cannot be tried \(TimeoutError: its calls take more than 0.1 s: does"),
    ],
)  # fmt: skip
def test_a_known_mistake_that_is_none_is_named(new, told, monkeypatch):
    monkeypatch.setattr("autograder.kernel.limits.TimeLimits.call", 0.1)
    known_mistakes(
        monkeypatch, "average_activation",
        mistake("twice", "Twice. Look there.", ("return", "return 2 *")),
        mistake("wrong", "Wrong. Look there.", ("return", new)),
    )  # fmt: skip
    with pytest.raises(MistakeError, match=f"^average_activation: wrong: .*{told}"):
        computed("03_kl_delta", "average_activation")


def test_a_mistake_that_only_a_hidden_test_sees_is_one(monkeypatch):
    sizes = {p.args[0].shape for p in exercise("average_activation").probes}
    new = f"if a2.shape not in {sizes}:\n        return 0.0\n    return"
    known_mistakes(
        monkeypatch, "average_activation", mistake("seldom", "Seldom. Look.", ("return", new))
    )
    numbers, _ = computed("03_kl_delta", "average_activation")
    assert not numbers["average_activation.mistakes"].any()


def test_two_mistakes_that_only_together_never_end_are_no_pair(monkeypatch):
    monkeypatch.setattr("autograder.kernel.limits.TimeLimits.call", 0.1)
    name, first, last = "average_activation", '(hidden_size,).\n    """', "return"
    one = Mistake(name, "one", "One.", ((first, f"{first}\n    again = True"),))
    other = Mistake(name, "other", "Other.", ((last, f"while 'again' in vars(): 1\n    {last}"),))
    probes = exercise(name).probes
    assert not _single(one, probes, wanted(name)).any()
    assert not _single(other, probes, wanted(name)).any()
    assert _pair((one, other), probes, wanted(name)) is None


def test_a_version_that_never_ends_has_no_form(monkeypatch):
    monkeypatch.setattr("autograder.kernel.limits.TimeLimits.call", 0.1)
    text = solution_text("average_activation")
    texts = text.replace("return", "while True: 1\n    return"), text.replace("a2.", "2 * a2.")
    made = [Version("Wrong.", "average_activation", text) for text in texts]
    monkeypatch.setattr("autograder.exercises.terms._versions", lambda name: made)
    found = forms("average_activation", exercise("average_activation").probes, limit=in_time)
    assert [form.version for form in found] == [1]
