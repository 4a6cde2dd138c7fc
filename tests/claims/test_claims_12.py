"""What notebook 12 says of rectifiers, of the toy, of photographs and of a language model is so."""

import functools
import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_stored
from tests.support.claims import prose, stated

NAME = "12_sparse_autoencoders_today"
own = functools.partial(reference, NAME)
script = functools.cache(lambda: SimpleNamespace(**runpy.run_path(str(CLONE / "data/features.py"))))
features = functools.cache(lambda: load_stored("features"))
text = functools.cache(lambda: load_stored("language")["text"])
language = functools.cache(lambda: script().language(load_stored("language")))


@functools.cache
def network():
    blocks = [features()[name].ravel() for name in ("W1", "W2", "b1", "b2")]
    return np.concatenate(blocks).astype(float)


@functools.cache
def told():
    """What the network explains, and its activations."""
    return own().explained(network(), 384, 512, language(), lambda z: own().top_k(z, 8))


@functools.cache
def kinds():
    return script().activations(language(), network())


def toy_row(name):
    """(3, 4): explained, active, recall and precision for three seeds."""
    return features()["toy"][features()["toy_name"].tolist().index(name)]


def patch_row(name):
    return features()["patch"][features()["patch_name"].tolist().index(name)]


def test_the_cost_by_hand():
    theta, x = np.array([1, -1, 0.5, 3, 0, 0, 0]), np.array([[2.0]])
    cost, grad = own().relu_l1_cost(theta, 1, 2, 0.1, x)
    assert cost == pytest.approx(stated(NAME, r"\+ 0\.1 \\cdot 2 = ([\d.]+)\$"))
    W1 = stated(NAME, r"The gradient of \$W_1\$ is \$\((\S+), (\S+)\)\$")
    W2 = stated(NAME, r"that of \$W_2\$ \$\((\S+), (\S+)\)\$")
    delta2 = stated(NAME, r"= \((-0\.4), (0)\)\$\.")
    np.testing.assert_allclose(grad, [*W1, *W2, *delta2, -1], atol=1e-12)


def test_the_penalty_is_dodged():
    rng = np.random.default_rng(0)
    theta, data = rng.normal(size=67), rng.normal(size=(4, 50))
    W1, W2, b1, b2 = reference("02_cost").unpack_parameters(theta, 4, 7)
    other = np.concatenate([W1.ravel() / 10, W2.ravel() * 10, b1 / 10, b2])
    (error, all_of_it), (same, less) = (
        [own().relu_l1_cost(t, 4, 7, l1, data)[0] for l1 in (0, 1)] for t in (theta, other)
    )
    assert same == pytest.approx(error) and less - same == pytest.approx((all_of_it - error) / 10)
    assert "The same outputs for a tenth of the price" in prose(NAME)


def test_the_largest_by_hand():
    z = np.array([[3, -1, 2, 0.5], [-1, 4, -2, -3]]).T
    right = np.array([[3, 0, 2, 0], [0, 4, 0, 0]]).T
    np.testing.assert_array_equal(own().top_k(z, 2), right)
    for column in ("$(3, -1, 2, 0.5)$ becomes $(3, 0, 2, 0)$", "$(0, 4, 0, 0)$"):
        assert column in prose(NAME)


def test_the_matches_by_hand():
    near, far, last = stated(
        NAME,
        r"the second (\S+) and ([\d.]+), the third twice ([\d.]+)\. Recall is 1/2, precision 2/3",
    )
    found = np.array([[2, 0], [-3, 1], [1, 1.0]]).T
    cosines = found / np.linalg.norm(found, axis=0)
    assert cosines[:, 1] == pytest.approx((near, far), abs=5e-4)
    assert cosines[:, 2] == pytest.approx(last, abs=5e-4)
    assert own().match_features(np.eye(2), found) == (1 / 2, 2 / 3)


def test_a_toy_example_holds_one_feature_in_twenty():
    assert "Each is present in one example out of twenty" in prose(NAME)
    data, true = own().toy(2000, np.random.default_rng(3))
    assert data.shape == (32, 2000) and true.shape == (32, 64)
    # The variance of so many features of length 1, each 0.05 (1 + 1/12) - 0.05^2.
    assert data.var(axis=1).sum() == pytest.approx(64 * (0.05 * (1 + 1 / 12) - 0.0025), rel=0.05)


def test_what_the_cells_train_on_the_toy():
    """The third of the networks; those without a price find nothing."""
    found, of = stated(NAME, r"The third leaves an eighth untold, and finds (\d+) of (\d+)\.")
    row = script().toy_row("L1, 64 units", 0)
    assert row == pytest.approx(toy_row("L1, 64 units")[0], abs=0.02)
    assert 1 - row[0] == pytest.approx(1 / 8, abs=0.01)
    assert row[2] * of == pytest.approx(found, abs=1)
    data, true = own().toy(5000, np.random.default_rng(0))
    components = np.linalg.eigh(np.cov(data))[1]
    assert own().match_features(true, components) == (0, 0)
    assert (toy_row("no penalty, 64 units")[:, 2:] == 0).all()
    assert (toy_row("no penalty, 64 units")[:, 0] > 0.999).all()


def test_three_seeds_of_the_toy():
    low, high, first, last, least, most = stated(
        NAME, r"penalty finds (\d+) to (\d+) %, without rectifiers; \$L_1\$ (\d+) to (\d+), the "
        r"three largest (\d+) to (\d+)\.",
    )  # fmt: skip
    for name, ends in (("KL, sigmoids", (low, high)), ("L1", (first, last)),
                       ("top 3", (least, most))):  # fmt: skip
        recall = 100 * toy_row(f"{name}, 64 units")[:, 2]
        assert (recall.min(), recall.max()) == pytest.approx(ends, abs=1)
    for name, wrong in (("L1", 1 / 3), ("top 3", 1 / 2)):
        row = toy_row(f"{name}, 128 units")
        assert (row[:, 2] == 1).all() and 1 - row[:, 3] == pytest.approx([wrong] * 3, abs=0.03)


def test_the_trap_of_one_seed():
    _, true = own().toy(100, np.random.default_rng(5))
    start = own().random_start(32, 64, np.random.default_rng(5))
    W2 = reference("02_cost").unpack_parameters(start, 32, 64)[1]
    assert own().match_features(true, W2) == (1, 1)
    other = own().random_start(32, 64, np.random.default_rng(6))
    W2 = reference("02_cost").unpack_parameters(other, 32, 64)[1]
    assert own().match_features(true, W2) == (0, 0)


def test_edges_in_photographs():
    none, strong, two = stated(
        NAME, r"Without a penalty (\d+) edge, and nearly everything explained; with a strong one, "
        r"or two units for a patch, (\d+) and (\d+), about as many as under KL",
    )  # fmt: skip
    assert patch_row("no penalty")[2] == none and patch_row("no penalty")[0] > 0.99
    assert (patch_row("L1 1.5")[2], patch_row("top 2")[2]) == (strong, two)
    stored = load_stored("trainings")
    place = tuple(
        int(np.flatnonzero(np.isclose(stored[axis], value))[0])
        for axis, value in (("rho", 0.01), ("beta", 3), ("lambda_", 1e-4))
    )
    counted = stated(NAME, r"Notebook 06 counted (\d+) edges among 100 sigmoids")
    assert stored["edges"][place][stored["hidden"] == 100].item() == counted
    rows = [patch_row(f"top {k}") for k in (2, 4, 8)]
    assert (np.diff([row[0] for row in rows]) > 0).all()  # better reconstructions
    assert (np.diff([row[2] for row in rows]) < 0).all()  # fewer edges


def test_what_the_network_of_the_layer_explains():
    share, few, as_much = stated(
        NAME, r"Eight numbers for a token explain ([\d.]+), eight components ([\d.]+); it takes "
        r"(\d+) to do as well",
    )  # fmt: skip
    assert language().shape == (384, 8000) and text().shape == (8000,)
    assert told()[0] == pytest.approx(share, abs=5e-3)
    variances = np.linalg.eigvalsh(language() @ language().T)[::-1]
    shares = np.cumsum(variances) / variances.sum()
    assert shares[7] == pytest.approx(few, abs=5e-3)
    assert np.argmax(shares >= told()[0]) + 1 == as_much
    assert ((told()[1] > 0).sum(axis=0) == 8).all()


def test_the_blind_reading():
    named, meanings, neurons, components, random = stated(
        NAME, r"(\d+) of 20 trained features have a name, (\d+) of them a meaning\. Of the "
        r"controls (\d+), (\d+) and (\d+):",
    )  # fmt: skip
    kind, sort, name = (features()[f"blind_{what}"] for what in ("kind", "sort", "name"))
    counts = [np.sum((sort != "none") & (kind == k)) for k in range(4)]
    assert counts == [named, neurons, components, random]
    assert np.sum((sort == "meaning") & (kind == 0)) == meanings
    assert ((name == "") == (sort == "none")).all()
    assert [np.sum(kind == k) for k in range(4)] == [20] * 4
    assert 0.4 < counts[3] / 20 < 0.5  # "nearly half"
    assert 2 < counts[0] / np.mean(counts[1:]) < 3  # "more than twice"
    assert np.sum((sort == "meaning") & (kind == 3)) == counts[3] == 9  # "all 9"
    # What the text says of two of them.
    assert (kind[66], name[66]) == (0, "the word photographs")
    assert (kind[17], name[17]) == (3, "edges and borders")


def test_the_items_are_those_that_the_program_draws():
    items = script().blind_items(kinds())
    stored = zip(features()["blind_kind"].tolist(), features()["blind_row"].tolist())
    assert items == list(stored)


def test_the_feature_of_what_is_cut():
    number = int(stated(NAME, r"Of trained feature (\d+) the nine strongest are every"))
    row, words = told()[1][number], text()
    order = np.argsort(-row)
    assert set(words[order[:9]]) == {"cut"} and np.sum(words == "cut") == 9
    assert row[order[9]] < 0.8 * row[order[8]]  # "far weaker"
    assert {"wood", "saw", "line", "slice", "forest"} <= set(words[order[9:40]])
    assert (np.argmax(told()[1][:, words == "cut"], axis=0) == number).all()  # by a click
    # No "saw" is one of those that cut.
    before = {words[place - 1] for place in np.flatnonzero((words == "saw") & (row > 0))}
    assert before == {"test", "you"}


def test_purity():
    tokens, pure_tokens, meanings, pure_meanings = stated(
        NAME, r'reader\'s (\d+) "tokens" (\d+) are so pure, of (\d+) "meanings" (\d+):'
    )
    shares = [script().share_of_one_word(rows, text()) for rows in kinds()]
    assert shares[0] == pytest.approx(0.5, abs=0.02) and max(shares[1:]) <= 1 / 8
    sort = features()["blind_sort"]
    blind = np.array([
        kinds()[kind][row] for kind, row in zip(features()["blind_kind"], features()["blind_row"])
    ])  # fmt: skip
    pure = own().purity(blind, text()) >= 0.5
    assert (np.sum(sort == "token"), np.sum(pure[sort == "token"])) == (tokens, pure_tokens)
    assert (np.sum(sort == "meaning"), np.sum(pure[sort == "meaning"])) == (meanings, pure_meanings)


def test_the_model_with_shuffled_weights():
    percent = stated(
        NAME, r"\*\*More\*\* is explained than of the real model, and (\d+) % are pure"
    )
    share, pure = features()["scrambled"]
    assert share > told()[0] and 100 * pure == pytest.approx(percent, abs=0.5)


def test_what_another_start_finds_again():
    found, later = stated(NAME, r"(\d+) of 512 the first time, (\d+) after")
    again, _ = own().match_features(
        features()["W2"].astype(float), features()["W2_again"].astype(float)
    )
    assert 512 * again == found
    assert 512 * features()["longer"][1] == pytest.approx(later)
    assert features()["longer"][0] > told()[0]


@pytest.mark.long
def test_the_network_of_the_layer_is_trained_again():
    """The first of the two; the other has another seed."""
    theta = script().trained(language(), "top", 8, 512, 20, 0, 1e-3)
    W2 = reference("02_cost").unpack_parameters(theta, 384, 512)[1]
    stored = features()["W2"].astype(float)
    cosines = np.sum(W2 * stored, axis=0) / np.linalg.norm(stored, axis=0)
    assert np.median(cosines) > 0.99


@pytest.mark.long
@pytest.mark.parametrize("name", ["KL, sigmoids, 64 units", "top 3, 64 units", "L1, 128 units"])
def test_the_toy_is_trained_again(name):
    assert script().toy_row(name, 1) == pytest.approx(toy_row(name)[1], abs=0.05)


@pytest.mark.long
@pytest.mark.parametrize("name", ["L1 1.5", "top 2"])
def test_the_patches_are_trained_again(name):
    """Of each kind of cost one; without a penalty is L1 with weight 0."""
    _, row = script().patch_row(script().patches(), name)
    assert row[:2] == pytest.approx(patch_row(name)[:2], rel=0.02)
    assert row[2] == pytest.approx(patch_row(name)[2], abs=5)
