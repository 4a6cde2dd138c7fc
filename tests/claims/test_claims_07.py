"""What notebook 07 says of streams, of the second pass and of the short cut is so."""

import functools
import tracemalloc

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.quality import describe_filters
from saelab.quality.verdict import ALIVE_NORM
from tests.support.claims import patches, prose, stated, theta0

NAME = "07_out_of_memory"
PROBLEM = 64, 25, 1e-4, 0.01, 3.0
BYTES = 8 * 64  # of a patch
PATCHES = 10 * (512 - 8 + 1) ** 2  # in the photographs


def trained():
    return load_stored("parameters")["sparse"]


def whole(theta, data):
    return reference("03_kl_delta").sparse_autoencoder_cost(theta, *PROBLEM, data)


def stream(theta, data, sizes):
    own = reference(NAME)
    return own.streaming_cost(theta, *PROBLEM, own.batches_of(data, sizes))


def short_cut(theta, data, size):
    """Cost and gradient as they come if each batch takes its own rho_hat."""
    batches = np.split(data, data.shape[1] // size, axis=1)
    costs, grads = zip(*(whole(theta, batch) for batch in batches))
    return np.mean(costs), np.mean(grads, axis=0)


def error(grad, right):
    return np.linalg.norm(grad - right) / np.linalg.norm(right)


def kl(rho_hat):
    """With rho = 0.2, as in the table of notebook 03."""
    return reference("03_kl_delta").kl_divergence(0.2, np.array([rho_hat]))[0]


def test_what_all_patches_take():
    number, gigabytes = stated(
        NAME, r"hold ([\d ]+) patches of 8×8\. As `float64` they take ([\d.]+) GB"
    )
    assert number == PATCHES and PATCHES * BYTES / 1e9 == pytest.approx(gigabytes, abs=0.05)


def test_the_examples_by_hand():
    first, second, mean = stated(
        NAME, r"means are ([\d.]+) and ([\d.]+), and the mean of these is ([\d.]+)\."
    )
    (right,) = [stated(NAME, r"\\hat\\rho = \\frac\{1\.5 \+ 0\.9\}\{3 \+ 1\} = ([\d.]+)\$")]
    one, other = [0.5, 0.4, 0.6], [0.9]
    assert (np.mean(one), np.mean(other)) == pytest.approx((first, second))
    assert (first + second) / 2 == pytest.approx(mean)
    assert np.mean(one + other) == pytest.approx(right) and sum(one) == pytest.approx(1.5)
    a = np.array([one + other])
    batches = reference(NAME).batches_of(np.log(a / (1 - a)), [3, 1])
    unit = np.array([1.0, 0, 0, 0]), 1, 1
    assert reference(NAME).streaming_average_activation(*unit, batches) == pytest.approx(right)


def test_the_example_of_notebook_03_three_times():
    cost, slope = stated(
        NAME, r"so the cost is ([\d.]+) and the gradient of \$b_1\$ is ([\d.]+), as"
    )
    ln3, own = np.log(3), reference(NAME)
    theta = np.array([ln3, 0, 1, -1, 0, -0.75, 0.75 - ln3])
    batches = own.batches_of(np.array([[1.0] * 3, [0.0] * 3]), [1, 2])
    found, grad = own.streaming_cost(theta, 2, 1, 0.1, 0.25, 1.0, batches)
    assert (found, grad[4]) == pytest.approx((cost, slope), abs=5e-6)


SIZES = [10_000], [1000] * 10, [4000, 0, 5999, 1], [10] * 1000


def test_how_many_digits_agree():
    of_cost, low, high, at_start = stated(
        NAME, r"the cost agrees to (\d+) digits or more, the gradient to (\d+) or (\d+)\..*?"
        r"at the random start it agrees to (\d+) digits\.",
    )  # fmt: skip
    off: dict[str, list[float]] = {"trained": [], "start": [], "cost": []}
    for name, theta in (("trained", trained()), ("start", theta0())):
        J, right = whole(theta, patches())
        for sizes in SIZES:
            cost, grad = stream(theta, patches(), sizes)
            assert len(sizes) > 1 or np.array_equal(grad, right)
            off[name].append(error(grad, right))
            off["cost"].append(abs(cost - J) / J)
    assert max(off["cost"]) < 10**-of_cost and max(off["start"]) < 10**-at_start
    assert 10 ** -(high + 2) < max(off["trained"]) < 10**-low


class Counted(np.ndarray):
    """An array that counts the matrix products in which it, or what comes of it, takes part."""

    products = 0

    def __array_ufunc__(self, ufunc, method, *given, out=(), **settings):
        Counted.products += ufunc is np.matmul
        plain = [x.view(np.ndarray) if isinstance(x, Counted) else x for x in given]
        if out:
            settings["out"] = tuple(x.view(np.ndarray) for x in out)
        result = getattr(ufunc, method)(*plain, **settings)
        return out[0] if out else np.asarray(result).view(Counted)


def products(call):
    """How many matrix products a call makes with some examples."""
    Counted.products = 0
    call(patches()[:, :100].view(Counted))
    return Counted.products


def test_the_price_of_the_first_pass():
    own, theta = reference(NAME), trained()
    assert "your cost takes five products of a matrix with all examples" in prose(NAME)
    assert products(lambda x: whole(theta, x)) == 5
    assert "One product on top of five, a fifth" in prose(NAME)
    first = products(lambda x: own.streaming_average_activation(theta, 64, 25, lambda: iter([x])))
    both = products(lambda x: own.streaming_cost(theta, *PROBLEM, lambda: iter([x])))
    assert (first, both) == (1, 6)
    again, once, more = stated(NAME, r"a fifth; (\d+) sigmoids on top of (\d+), (\d+) %\.")
    assert (again, once) == (25, 25 + 64) and 100 * again / once == pytest.approx(more, abs=0.5)
    assert 20 < (20 + more) / 2 < 26 and "So about a quarter" in prose(NAME)


def photographs(n):
    """A stream of n batches of a thousand, made faster than patches are."""
    return lambda: (np.random.default_rng(k).uniform(0.1, 0.9, (64, 1000)) for k in range(n))


def megabytes(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_the_line_and_the_floor():
    each, all_of_them, everything, floor = stated(
        NAME, r"All at once takes ([\d.]+) kB an example, (\d+) MB for 20 000; for all patches of "
        r"the photographs it would be (\d+) GB\. The stream takes ([\d.]+) MB for any number",
    )  # fmt: skip
    assert 20_000 * each / 1e3 == pytest.approx(all_of_them, abs=0.5)
    assert PATCHES * each / 1e6 == pytest.approx(everything, abs=0.5)
    data = [np.concatenate(list(photographs(n)()), axis=1) for n in (5, 20)]
    for n, x in zip((5, 20), data):
        taken = megabytes(lambda: whole(trained(), x)) + x.nbytes / 1e6  # noqa: B023
        assert taken == pytest.approx(n * each, rel=0.02)
        streamed = megabytes(
            lambda: reference(NAME).streaming_cost(trained(), *PROBLEM, photographs(n))  # noqa: B023
        )
        assert streamed == pytest.approx(floor, abs=0.15)


def test_the_short_cut_at_the_start_and_after_training():
    told = stated(NAME, r"Off by (\S+) and (\S+): passed, says")
    found = stated(NAME, r"By ([\d.]+) and by ([\d.]+) times its length! \(The course's own")
    for theta, said in ((theta0(), told), (trained(), found)):
        J, right = whole(theta, patches())
        for size, off in zip((1000, 100), said):
            cost, grad = short_cut(theta, patches(), size)
            assert error(grad, right) == pytest.approx(off, rel=0.06) and cost > J
    penalty, all_of_it = stated(NAME, r"At the start the penalty is ([\d.]+) of ([\d.]+);")
    J, _ = whole(theta0(), patches())
    without, _ = reference("03_kl_delta").sparse_autoencoder_cost(
        theta0(), 64, 25, 1e-4, 0.01, 0.0, patches()
    )
    assert (J - without, J) == (pytest.approx(penalty, abs=0.5), pytest.approx(all_of_it, abs=0.05))


def test_jensen_by_hand():
    first, second, mean, at_mean = stated(
        NAME, r"pay \$\\frac12 \(([\d.]+) \+ ([\d.]+)\) = ([\d.]+)\$ on average; at their mean, "
        r"0\.3, it is ([\d.]+)\.",
    )  # fmt: skip
    assert (kl(0.1), kl(0.5), kl(0.3)) == pytest.approx((first, second, at_mean), abs=5e-5)
    assert (first + second) / 2 == pytest.approx(mean, abs=5e-5) and mean > at_mean


def test_what_the_explorer_shows():
    stored = load_stored("batches")
    sizes, angle, off = stored["sizes"], stored["angle"][-1], stored["error"]
    smallest, degrees, low, high = stated(
        NAME, r"From (\d+) on, and there just so, at (\d+) degrees; batches of (\d+) to (\d+) lead"
    )
    assert stored["iterations"][-1] == 400
    assert (angle[sizes >= smallest] < 90).all()
    assert angle[sizes == smallest] == pytest.approx(degrees, abs=0.5)
    assert (angle[(sizes >= low) & (sizes <= high)] > 90).all() and angle[0] < 90
    assert off[-1][sizes == 5000] == pytest.approx(0.2, abs=0.02)  # "by a fifth"
    single = stated(NAME, r"single examples are off by ([\d.]+) %\.")
    assert 100 * off[0][0] == pytest.approx(single, abs=0.05)
    few = sizes <= 100
    assert off[0][few] * sizes[few] == pytest.approx(off[0][0], rel=0.1)  # twice the batch, half


def test_the_short_cut_has_the_gradient_of_its_own_cost():
    """A gradient check finds nothing."""
    some, direction = patches()[:, :1000], np.sin(np.arange(3289.0))
    _, grad = short_cut(trained(), some, 100)
    ends = [short_cut(trained() + step * direction, some, 100)[0] for step in (1e-5, -1e-5)]
    assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(grad @ direction, rel=1e-6)


def short_cut_at_once(theta, data, size):
    """The same, in a few products for all batches instead of five for each."""
    network, sparse = reference("02_cost"), reference("03_kl_delta")
    W1, W2, *_ = network.unpack_parameters(theta, 64, 25)
    a2, a3 = network.feed_forward(theta, 64, 25, data)
    m = data.shape[1]
    each = a2.reshape(25, -1, size).mean(axis=2)
    _, _, lambda_, rho, beta = PROBLEM
    J = np.sum((a3 - data) ** 2) / (2 * m) + lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    J += beta * sparse.kl_divergence(rho, each).sum(axis=0).mean()
    e = np.repeat(sparse.sparsity_delta(rho, each, beta), size, axis=1)
    delta3 = (a3 - data) * a3 * (1 - a3) / m
    delta2 = (W2.T @ delta3 + e / m) * a2 * (1 - a2)
    of_W1, of_W2 = delta2 @ data.T + lambda_ * W1, delta3 @ a2.T + lambda_ * W2
    biases = delta2.sum(axis=1), delta3.sum(axis=1)
    return J, np.concatenate([of_W1.ravel(), of_W2.ravel(), *biases])


@pytest.mark.parametrize("size", [100, 10])
def test_the_short_cut_at_once_is_the_short_cut(size):
    some = patches()[:, :1000]
    J, right = short_cut(trained(), some, size)
    cost, grad = short_cut_at_once(trained(), some, size)
    assert cost == pytest.approx(J, rel=1e-9)
    np.testing.assert_allclose(grad, right, rtol=1e-7, atol=1e-10)


@functools.cache
def learned(size):
    """W1 after 200 iterations on 5000 patches; with the short cut, but for size 0."""
    few = patches()[:, :5000]

    def cost(theta):
        return short_cut_at_once(theta, few, size) if size else whole(theta, few)

    theta = reference("05_training").train(theta0(), cost, 200).x
    return reference("02_cost").unpack_parameters(theta, 64, 25)[0]


def edges(W1):
    return sum(fit.is_good for fit in describe_filters(W1).fits)


def lengths(W1):
    return np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1)


@pytest.mark.long
def test_training_with_the_short_cut():
    """Rounding errors grow on the way, elsewhere differently."""
    found, usual = stated(NAME, r"Edges, (\d+) instead of (\d+);")
    right, wrong = learned(0), learned(100)
    assert edges(wrong) == pytest.approx(found, abs=4)
    assert edges(right) == pytest.approx(usual, abs=3)
    cosines = np.sum(right * wrong, axis=1) / np.linalg.norm(right, axis=1)
    cosines /= np.linalg.norm(wrong, axis=1)
    assert np.median(cosines) > 0.8  # unit by unit much the same
    assert np.median(lengths(wrong)) < 0.8 * np.median(lengths(right))  # only paler
    assert (lengths(learned(10)) > ALIVE_NORM).mean() == pytest.approx(0.5, abs=0.2)


def test_how_many_numbers_travel():
    sums, numbers = 25, 2 * 64 * 25 + 25 + 64
    assert f"and send {sums + 1} numbers back" in prose(NAME)
    assert f"{numbers} sums, an error and a number for each batch" in prose(NAME)
    first, second = stated(NAME, r"That is (\d+) numbers, and then (\d+)\.")
    assert (first, second) == (sums + 1, numbers + 1)


def test_one_pass_is_enough():
    """The folded answer, by which the gradient of W1 and b1 comes of two sums each."""
    assert "\\sum \\delta^{(2)} x^T = \\sum \\bigl(" in prose(NAME)
    x, m = patches()[:, :500], 500
    network, sparse = reference("02_cost"), reference("03_kl_delta")
    W1, W2, *_ = network.unpack_parameters(trained(), 64, 25)
    a2, a3 = network.feed_forward(trained(), 64, 25, x)
    delta3, s = (a3 - x) * a3 * (1 - a3), a2 * (1 - a2)
    e = sparse.sparsity_delta(0.01, a2.mean(axis=1), 3.0)
    of_W1 = ((W2.T @ delta3) * s) @ x.T + e[:, None] * (s @ x.T)
    of_b1 = ((W2.T @ delta3) * s).sum(axis=1) + e * s.sum(axis=1)
    right = network.unpack_parameters(whole(trained(), x)[1], 64, 25)
    np.testing.assert_allclose(of_W1 / m + 1e-4 * W1, right[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(of_b1 / m, right[2], rtol=1e-9, atol=1e-12)
