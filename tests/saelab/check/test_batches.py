"""Streams of batches: what a call of a student's function does with one is told in words."""

import pickle
import re

import numpy as np
import pytest

from autograder.exercises.marks import problems
from autograder.exercises.reference import points, reference
from saelab.check import check
from saelab.check.batches import Batches, Reading
from saelab.check.compare import measured
from saelab.check.exercise import Probe
from saelab.check.exercises import exercise
from saelab.check.exercises.out_of_memory import enough, in_batches
from saelab.check.message import CheckFailed
from tests.variants import variants

SOLVED = reference("07_out_of_memory")
DATA = np.arange(20.0).reshape(2, 10)
NAMES = ("streaming_average_activation", "streaming_cost")


def batches(passes=2):
    return Batches(DATA, (4, 0, 5, 1), passes)


# --- the stream --------------------------------------------------------------------


def test_each_call_gives_a_new_iterator_over_new_arrays():
    stream = batches()
    first, second = list(stream()), list(stream())
    assert [batch.shape for batch in first] == [(2, 4), (2, 0), (2, 5), (2, 1)]
    np.testing.assert_array_equal(np.concatenate(first, axis=1), DATA)
    for one, other in zip(first, second):
        assert not np.shares_memory(one, other) and not np.shares_memory(one, DATA)


def test_a_stream_can_be_pickled():
    again = pickle.loads(pickle.dumps(batches()))
    np.testing.assert_array_equal(np.concatenate(list(again()), axis=1), DATA)
    assert again.sizes == (4, 0, 5, 1) and again.passes == 2


def test_sizes_that_do_not_add_up_are_told():
    with pytest.raises(ValueError, match=r"4, 5 examples are 9 together, but the data has 10"):
        Batches(DATA, (4, 5), 1)


def test_a_reading_knows_how_often_it_was_asked():
    reading = Reading(batches())
    function = reading.function()
    for calls in (1, 2):
        assert len(list(function())) == 4
        assert reading.calls == calls and reading.fault() is None
    next(function())
    assert "called 3 times; two passes are enough" in str(reading.fault())
    reading = Reading(batches(passes=1))
    function = reading.function()
    list(function())
    list(function())
    assert "called 2 times; one pass is enough" in str(reading.fault())


def test_a_batch_that_is_changed_in_place_is_told():
    reading = Reading(batches())
    for batch in reading.function()():
        batch[...] = batch  # the same numbers
    assert reading.fault() is None
    for batch in reading.function()():
        batch *= 2
    assert "a batch is changed in place" in str(reading.fault())
    np.testing.assert_array_equal(DATA, np.arange(20.0).reshape(2, 10))


# --- what a check says ---------------------------------------------------------------


def said(function):
    with pytest.raises(CheckFailed) as failure:
        check(function)
    return " ".join(str(failure.value).split())


def cost_of(read):
    """The reference, which reads its stream by another function."""

    def streaming_cost(*args):
        *others, batches = args
        return SOLVED.streaming_cost(*others, read(batches))

    return streaming_cost


def test_right_functions_pass():
    for name in NAMES:
        check(getattr(SOLVED, name))


def test_a_third_pass_is_told():
    def thrice(batches):
        list(batches())
        return batches

    text = said(cost_of(thrice))
    assert "batches() was called 3 times; two passes are enough" in text


def test_a_stream_that_is_kept_is_told_with_its_size():
    def kept(batches):
        every = list(batches())
        return lambda: iter(every)

    text = said(cost_of(kept))
    found = re.search(
        r"it held ([\d.]+) MB at once, of a stream of 4.92 MB in 30 batches, where ([\d.]+) MB "
        "are enough: no batch, and nothing as large, may be kept after the next one has come",
        text,
    )
    assert found and float(found[1]) > 1.5 * float(found[2])
    assert "(right for: lambda = 0, beta = 0" in text


def test_one_pass_with_a_wrong_result_is_told_why_it_cannot_do():
    def streaming_cost(theta, v, h, lambda_, rho, beta, batches):
        found = [
            (b.shape[1], *SOLVED.sparse_autoencoder_cost(theta, v, h, lambda_, rho, beta, b))
            for b in batches()
            if b.shape[1]
        ]
        m = sum(k for k, _, _ in found)
        return sum(k * J for k, J, _ in found) / m, sum(k * g for k, _, g in found) / m

    text = said(streaming_cost)
    assert "batches() was called once: rho_hat needs all examples before the first" in text
    assert "beta is 0, or there is one batch only" in text
    assert "rho_hat of its own. Look at what rho_hat is the average over" in text


@pytest.mark.parametrize(
    "how, told",
    [
        (lambda make: lambda: make, "'function' object is not iterable"),
        (lambda make: lambda: [make()[0]], "'generator' object is not subscriptable"),
        (lambda make: lambda: range(len(make())), "object of type 'generator' has no len()"),
    ],
)
def test_an_iterator_is_no_list(how, told):
    assert told in said(cost_of(how))


def test_a_function_that_does_nothing_earns_no_point_for_its_memory():
    def streaming_cost(theta, v, h, lambda_, rho, beta, batches):
        return 0.0, np.zeros_like(theta)

    assert points(streaming_cost, "streaming_cost")[0] == 0
    text = said(streaming_cost)
    assert "what it needs for that" not in text


def test_what_is_printed_is_not_held():
    def chatty(batches):
        def again():
            for batch in batches():
                print(batch.tolist())
                yield batch

        return again

    check(cost_of(chatty))


# --- points --------------------------------------------------------------------------


def test_what_is_kept_costs_the_points_of_the_memory_alone(capsys):
    def streaming_average_activation(theta, v, h, batches):
        every = list(batches())
        return SOLVED.streaming_average_activation(theta, v, h, lambda: iter(every))

    assert points(streaming_average_activation, "streaming_average_activation") == (2, 3)
    assert "memory: it held" in capsys.readouterr().out


def test_what_fails_on_the_long_stream_alone_costs_the_points_of_the_memory_alone(capsys):
    def streaming_average_activation(theta, v, h, batches):
        if v == exercise("streaming_average_activation").probes[-1].args[1]:
            raise TimeoutError("it did not return within 10 s")
        return SOLVED.streaming_average_activation(theta, v, h, batches)

    assert points(streaming_average_activation, "streaming_average_activation") == (2, 3)
    assert "memory: streaming_average_activation stopped with" in capsys.readouterr().out


def test_a_pass_too_many_costs_all_points():
    def streaming_average_activation(theta, v, h, batches):
        list(batches())
        return SOLVED.streaming_average_activation(theta, v, h, batches)

    assert points(streaming_average_activation, "streaming_average_activation") == (0, 3)


# --- the limit -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_limit_lies_between_what_is_needed_and_the_stream(name):
    """Right functions stay well below it, and what keeps the stream takes half as much again."""
    probe = exercise(name).probes[-1]
    assert probe.most and probe.args[-1].data.nbytes > 1.5 * probe.most
    for function in [getattr(SOLVED, name), *(variant.make() for variant in variants(name))]:
        tried = measured(function)
        tried(*probe.args)
        assert tried.held < 0.7 * probe.most
    _, v, h, *_, stream = probe.args
    assert probe.most == enough(v, h, max(stream.sizes), len(stream.sizes))


@pytest.mark.parametrize(
    "combined",
    [
        lambda own, sizes: np.array(own).sum(axis=0),
        lambda own, sizes: np.average([g / k for g, k in zip(own, sizes)], 0, sizes) * sum(sizes),
        lambda own, sizes: sum(np.vstack(own)),
    ],
)
def test_a_gradient_of_each_batch_may_be_kept(combined):
    """It is what maps and reduces, and small beside a batch."""

    def streaming_cost(theta, v, h, lambda_, rho, beta, batches):
        grad: list[np.ndarray] = []
        sizes: list[int] = []
        for batch in batches():
            k = batch.shape[1]
            _, slope = SOLVED.streaming_cost(theta, v, h, 0, rho, 0, lambda b=batch: iter([b]))
            grad, sizes = [*grad, k * slope], [*sizes, k]
        full = SOLVED.streaming_cost(theta, v, h, lambda_, rho, beta, batches)
        combined(grad, sizes)
        return full

    probe = exercise("streaming_cost").probes[-1]
    tried = measured(streaming_cost)
    tried(*probe.args)
    assert tried.held < probe.most


def test_only_one_probe_is_measured_and_it_is_the_last():
    for name in NAMES:
        asked = exercise(name)
        assert asked.probes[:-1] == asked.in_terms


def test_hidden_streams_are_of_all_kinds():
    for seed in range(20):
        hidden = [p for p in problems("streaming_cost", seed).probes if p.slack > 1]
        assert {len(p.args[-1].sizes) for p in hidden} == {1, 2, 3, 4, 7, 30}


def test_batches_take_the_place_of_the_data():
    probe = in_batches(Probe("a cost", (1, 2, 3, 0.1, 0.2, 0.3, DATA)), (4, 6))
    assert probe.args[:-1] == (1, 2, 3, 0.1, 0.2, 0.3)
    assert probe.args[-1].sizes == (4, 6) and probe.args[-1].passes == 2
