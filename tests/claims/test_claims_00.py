"""What notebook 00 says of bottlenecks, PCA and angles is so."""

import contextlib
import io

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.check import check
from saelab.check.message import CheckFailed
from saelab.data import load_images, load_stored
from tests.support.claims import prose, stated

NAME = "00_autoencoders"
KINDS = ("noise", "chain", "photographs", "whitened")
own = reference(NAME)


def data(kind):
    return load_stored("bottlenecks")[kind] / 255


def kept(kind, k):
    return own.pca_bottleneck(data(kind), k)[2]


def network(kind, k):
    stored = load_stored("bottlenecks")
    return stored[f"{kind}_share"][stored["units"].tolist().index(k)]


# --- 1. a check --------------------------------------------------------------------


def test_ten_photographs():
    assert "If you read of ten photographs" in prose(NAME) and len(load_images()) == 10


def test_the_share_by_hand():
    first, second, below, above, share = stated(
        NAME, r"mean \$\((\d), (\d)\)\$, and the lower sum is \$1 \+ 4 \+ 1 \+ 4 = (\d+)\$\. "
        r"Redrawn as .*? the upper one is \$1 \+ 1 = (\d)\$: the share is ([\d.]+)\.",
    )  # fmt: skip
    x, rebuilt = np.array([[1.0, 3], [3, 7]]), np.array([[1.0, 3], [4, 6]])
    mean = x.mean(axis=1)
    assert mean.tolist() == [first, second] and ((x - mean[:, None]) ** 2).sum() == below
    assert ((x - rebuilt) ** 2).sum() == above
    assert own.share_explained(x, rebuilt) == pytest.approx(share)


def test_the_first_try_fails_and_is_told_why():
    """It is what stands in the notebook."""

    def share_explained(data, rebuilt):
        return 1 - ((rebuilt - data) ** 2).sum() / (data**2).sum()

    with pytest.raises(CheckFailed) as failed:
        check(share_explained)
    said = " ".join(str(failed.value).split())
    for words in ("Tried:", "the result is", "but should be", "Look at what the lower sum adds up"):
        assert words in said
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        check(own.share_explained)
    assert "visible checks passed" in printed.getvalue()


# --- 2 and 3. PCA ------------------------------------------------------------------


def test_examples():
    shape = stated(NAME, r"each of (\d+) examples of (\d+) numbers")
    assert all(data(kind).shape == shape[::-1] for kind in KINDS)
    noise, chain = (np.corrcoef(data(kind)) for kind in ("noise", "chain"))
    assert np.abs(noise - np.eye(64)).max() < 0.12  # independent
    assert np.diag(chain, 1).mean() == pytest.approx(0.9, abs=0.01)


def test_principal_directions_by_hand():
    share = stated(NAME, r"and one number keeps \$1 / 1\.25 = ([\d.]+)\$")
    points = np.array([[3, 1, 2.5, 1.5], [3, 1, 1.5, 2.5]])
    mean, U, found = own.pca_bottleneck(points, 1)
    assert mean.tolist() == [2, 2] and found == pytest.approx(share)
    np.testing.assert_allclose(np.abs(U), np.sqrt(0.5))
    assert np.linalg.eigvalsh(np.cov(points, bias=True)) == pytest.approx([1 / 4, 4 / 4])
    along = np.array([1, 1]) @ (points - 2) / np.sqrt(2)
    assert along == pytest.approx([np.sqrt(2), -np.sqrt(2), 0, 0])


def test_what_25_numbers_keep():
    photographs = stated(NAME, r"Most of a photograph passes, ([\d.]+), and of noise about half")
    assert kept("photographs", 25) == pytest.approx(photographs, abs=0.005)
    assert kept("noise", 25) == pytest.approx(0.5, abs=0.05)
    assert "On no kind do they do better than PCA" in prose(NAME)
    for kind in KINDS:
        mean, U, share = own.pca_bottleneck(data(kind), 25)
        rebuilt = own.rebuild(data(kind), mean, U)
        assert own.share_explained(data(kind), rebuilt) == pytest.approx(share, rel=1e-12)
        assert network(kind, 25) < share


def test_new_noise():
    assert "25 of 64 numbers keep 25/64 of the variance" in prose(NAME)
    mean, U, old = own.pca_bottleneck(data("noise"), 25)
    for seed in range(5):
        drawn = np.random.default_rng(seed).normal(size=(64, 2000))
        new = 0.5 + 0.4 * np.clip(drawn / 3, -1, 1)
        share = own.share_explained(new, own.rebuild(new, mean, U))
        assert share == pytest.approx(25 / 64, abs=0.01) and share < old - 0.05


def test_four_numbers():
    assert (
        "Four numbers keep two thirds of the chain and half of the photographs, but a quarter"
        in (prose(NAME))
    )
    for kind, share in (("chain", 2 / 3), ("photographs", 1 / 2), ("whitened", 1 / 4)):
        assert kept(kind, 4) == pytest.approx(share, abs=0.035)


# --- 4. a linear network -----------------------------------------------------------


def test_any_mixture_of_columns_is_the_same_network_and_space():
    U = own.pca_bottleneck(data("whitened"), 25)[1]
    R = np.random.default_rng(0).normal(size=(25, 25))
    np.testing.assert_allclose(U @ R @ np.linalg.inv(R) @ U.T, U @ U.T, atol=1e-9)
    assert own.principal_angles(U @ R, U).max() < 1e-4


def test_the_ramp():
    low, high = stated(NAME, r"rise apart by 45 degrees: (\d+) and (\d+)\.")
    floor = np.array([[1.0, 0], [0, 1], [0, 0]])
    ramp = np.array([[1.0, 0], [0, 1], [0, 1]])
    assert own.principal_angles(floor, ramp) == pytest.approx([low, high], abs=1e-5)


def lean():
    stored = load_stored("bottlenecks")
    U = own.pca_bottleneck(data("whitened"), 25)[1]
    angles = [own.principal_angles(W2, U)[-1] for W2 in stored["linear_W2"].astype(float)]
    return dict(zip(stored["iterations"].tolist(), zip(stored["excess"], angles)))


def test_the_error_is_right_before_the_space_is():
    found = lean()
    after, above = stated(NAME, r"after (\d+) iterations its error is above the best by ([\d.]+) %")
    degrees, earlier, more = stated(NAME, r"By (\d+) degrees, and after (\d+) iterations by (\d+)!")
    excess, angle = found[after]
    assert 100 * excess == pytest.approx(above, abs=0.05)
    assert angle == pytest.approx(degrees, abs=1) and found[earlier][1] == pytest.approx(
        more, abs=1
    )
    assert found[600][0] < 1e-12 and found[600][1] < 1e-3


def test_the_last_directions_are_hardly_worth_it():
    last, last_share, following, next_share = stated(
        NAME, r"direction (\d+) has ([\d.]+) % of the variance, direction (\d+) has ([\d.]+) %"
    )
    values = np.linalg.eigvalsh(np.cov(data("whitened")))[::-1]
    shares = 100 * values / values.sum()
    assert shares[int(last) - 1] == pytest.approx(last_share, abs=0.005)
    assert shares[int(following) - 1] == pytest.approx(next_share, abs=0.005)
    assert "costs a thousandth" in prose(NAME)
    assert last_share - next_share == pytest.approx(0.1, abs=0.03)


# --- 5. sigmoids -------------------------------------------------------------------


def test_how_far_the_network_is_behind():
    assert (
        "with 25 units the network keeps half a point less than PCA on noise, one on whitened "
        "patches, three on photographs, five on the chain" in prose(NAME)
    )
    for kind, points in (("noise", 0.5), ("whitened", 1), ("photographs", 3), ("chain", 5)):
        less = 100 * (kept(kind, 25) - network(kind, 25))
        assert less == pytest.approx(points, abs=0.45)
    low, high = stated(NAME, r"With 64 units it could copy; yet it loses (\d) to (\d) %")
    losses = [100 * (1 - network(kind, 64)) for kind in KINDS]
    assert round(min(losses)) == low and round(max(losses)) == high


def angles_and_cosines(W2):
    U = own.pca_bottleneck(data("whitened"), 25)[1]
    cosines = (W2 / np.linalg.norm(W2, axis=0)).T @ U
    return own.principal_angles(W2, U), np.abs(cosines).max(axis=1)


def test_the_space_is_found_and_the_axes_are_not():
    small, largest = stated(NAME, r"(\d+) of the 25 are, the largest is (\d+) degrees")
    angles, nearest = angles_and_cosines(load_stored("bottlenecks")["whitened_W2"].astype(float))
    assert (angles < 10).sum() == small and angles[-1] == pytest.approx(largest, abs=0.5)
    assert "no unit is a principal direction" in prose(NAME) and nearest.max() < 0.75


@pytest.mark.long
def test_another_start_mixes_otherwise():
    """The spaces have most directions in common, and no unit is one of the other network's."""
    assert "another random start mixes them otherwise" in prose(NAME)
    network, x = reference("02_cost"), data("whitened")

    def cost(theta):
        return network.autoencoder_cost(theta, 64, 25, 0.0, x)

    start = network.initialize_parameters(64, 25, np.random.default_rng(7))
    theta = reference("05_training").train(start, cost, 400).x
    other = network.unpack_parameters(theta, 64, 25)[1]
    W2 = load_stored("bottlenecks")["whitened_W2"].astype(float)
    angles, nearest = angles_and_cosines(other)
    assert (angles < 10).sum() >= 20 and nearest.max() < 0.8
    assert (own.principal_angles(W2, other) < 10).sum() >= 19
    unit = [W / np.linalg.norm(W, axis=0) for W in (W2, other)]
    assert np.median(np.abs(unit[0].T @ unit[1]).max(axis=1)) < 0.8


# --- 6. the sparse network ---------------------------------------------------------


def test_a_worse_autoencoder():
    stored, whitened = load_stored("bottlenecks"), data("whitened")
    share = own.share_explained(whitened, stored["sparse"] / 255)
    best = stated(
        NAME, r"A quarter, where four principal directions do better and 25 explain ([\d.]+)\."
    )
    assert share == pytest.approx(0.25, abs=0.02) and kept("whitened", 4) > share
    assert kept("whitened", 25) == pytest.approx(best, abs=0.005)
    silent, active = stated(
        NAME, r"for (\d+) % of the patches none of its 25 units is more active than ([\d.]+),"
    )
    theta = load_stored("parameters")["sparse"]
    a2 = reference("02_cost").feed_forward(theta, 64, 25, whitened)[0]
    assert 100 * (a2 <= active).all(axis=0).mean() == pytest.approx(silent, abs=0.5)
    assert share < min(network("whitened", 25), kept("whitened", 25)) / 3  # by far the worst
