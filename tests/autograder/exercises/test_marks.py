"""Marks give each part its points, tell each fault once, and punish a mistake in one place only."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.exercises.marks import Marks, alone, hidden_test, problems
from autograder.exercises.mistakes import catalogue, mistaken
from autograder.exercises.networks import cost_problems
from autograder.exercises.reference import reference
from saelab.check.words import LEAD

V = np.array([1.0, 2.0, 4.0])
PROBLEM = cost_problems(seed=3)[0]
COST = reference("02_cost").autoencoder_cost


def right(x):
    return x**2


def marks_of(function, **points):
    marks = Marks(**(points or {"values": 3}))
    marks.compare(function, right, V)
    return marks


def spoilt(block):
    """The reference's cost with the gradient of one block doubled."""

    def autoencoder_cost(theta, v, h, lambda_, data):
        cost, grad = COST(theta, v, h, lambda_, data)
        start = {"W1": 0, "W2": v * h, "b1": 2 * v * h, "b2": 2 * v * h + h}
        ends = [*list(start.values())[1:], grad.size]
        if block == "cost":
            return cost + 1, grad
        i = list(start).index(block)
        grad[start[block] : ends[i]] *= 2
        return cost, grad

    return autoencoder_cost


# --- points ------------------------------------------------------------------------


def test_a_right_function_gets_all_points(capsys):
    assert marks_of(lambda x: x * x).total() == 3
    assert capsys.readouterr() == ("3 of 3 points.\n", "")


def test_a_wrong_function_gets_none_and_reads_why(capsys):
    assert marks_of(lambda x: -(x**2)).total() == 0
    assert capsys.readouterr() == (
        "0 of 3 points.\n  values: the result has the wrong sign everywhere.\n", ""
    )  # fmt: skip


def test_one_of_several_comparisons_is_enough_to_lose_a_part(capsys):
    marks = Marks(values=1)
    for x in (np.zeros(3), V, np.array(7.0)):
        marks.compare(lambda x: -(x**2), right, x)
    assert marks.total() == 0
    assert capsys.readouterr().out.count("wrong sign") == 1


@pytest.mark.parametrize("block, left", [("cost", 5), ("W1", 5), ("W2", 6), ("b1", 6), ("b2", 6)])
def test_a_cost_function_loses_the_part_that_is_wrong(block, left, capsys):
    marks = Marks(cost=2, W1=2, W2=1, b1=1, b2=1)
    marks.compare(spoilt(block), COST, *PROBLEM.plain)
    assert marks.total() == left
    head, *told = capsys.readouterr().out.splitlines()
    assert head == f"{left} of 7 points." and told[0].startswith(f"  {block}: the ")


def test_results_with_names_lose_the_part_that_is_wrong(capsys):
    wanted = reference("02_cost").unpack_parameters
    marks = Marks(W1=0.5, W2=0.5, b1=0.5, b2=0.5)
    theta = np.sin(np.arange(1.0, 18.0))

    def one_is_wrong(*args):
        W1, W2, b1, b2 = wanted(*args)
        return W1, -W2, b1, b2

    for _ in range(2):
        marks.compare(one_is_wrong, wanted, theta, 3, 2)
    assert marks.total() == 1.5
    assert capsys.readouterr().out == (
        "1.5 of 2 points.\n  W2: W2 has the wrong sign everywhere.\n"
    )


def test_a_fault_without_points_of_its_own_costs_every_part(capsys):
    marks = Marks(shape=1, spread=2)
    marks.blame({"something": "it is gone"})
    assert marks.total() == 0
    assert capsys.readouterr().out == "0 of 3 points.\n  shape, spread: it is gone.\n"


def test_the_first_fault_of_a_part_is_told(capsys):
    marks = Marks(one=1, two=1)
    marks.blame({"one": "first"})
    marks.blame({"one": "second", "two": "third"})
    marks.blame({})
    assert marks.total() == 0
    assert capsys.readouterr().out == "0 of 2 points.\n  one: first.\n  two: third.\n"


@pytest.mark.parametrize("sentence", ["is it there?", "stop!", "it ends."])
def test_a_sentence_that_has_its_end_gets_no_other(sentence, capsys):
    marks = Marks(one=1)
    marks.blame({"one": sentence})
    marks.total()
    assert capsys.readouterr().out.endswith(f"one: {sentence}\n")


def test_the_points_are_a_plain_number_that_nbgrader_can_read():
    assert type(marks_of(right, values=3).total()) is int
    assert repr(marks_of(right, values=0.5).total()) == "0.5"
    assert repr(marks_of(abs, values=0.5).total()) == "0"


# --- what a function may do --------------------------------------------------------


@pytest.mark.parametrize("gap, points", [(1, 0), (2, 1)])
def test_keywords_are_handed_on_to_both(gap, points):
    marks = Marks(values=1)
    marks.compare(lambda x, gap=0: x + gap**2, lambda x, gap=0: x + 2 * gap, V, gap=gap)
    assert marks.total() == points


def test_an_error_costs_all_points_and_is_told(capsys):
    def broken(x):
        return x / undefined  # type: ignore[name-defined]  # noqa: F821

    assert marks_of(broken, one=1, two=1).total() == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "one, two: broken stopped with NameError: name 'undefined' is not defined" in out


def test_prints_and_warnings_do_not_show(capfd):
    def loud(x):
        print("hello")
        return x**2 + 1 / (1 + np.exp(np.array(1000.0)))

    assert marks_of(loud).faults == {} and capfd.readouterr() == ("", "")


def test_a_function_that_spoils_its_argument_does_not_spoil_the_next_comparison(capsys):
    def spoil(x):
        x *= x
        return x

    x, marks = V.copy(), Marks(values=1)
    marks.compare(spoil, right, x)
    assert np.array_equal(x, V) and marks.total() == 0
    assert "changes its argument number 1 in place" in capsys.readouterr().out


def test_a_stub_is_not_graded_but_passes_its_error_on():
    def stub(x):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        marks_of(stub)
    with pytest.raises(NotImplementedError):
        Marks(cost=1).compare(lambda *args: stub(args), COST, *PROBLEM.plain)


# --- each function stands on its own -----------------------------------------------

OWN = """
def sigmoid(z):
    {sigmoid}

def unpack_parameters(theta, visible_size, hidden_size):
    {unpack}

def forward(W, b, x):
    return sigmoid(W @ x + b[:, None])

def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2 = forward(W1, b1, data)
    return a2, sigmoid(W2 @ a2 + {b2})
"""


RIGHT = {
    "sigmoid": "return 1 / (1 + np.exp(-z))",
    "unpack": "return right(theta, visible_size, hidden_size)",
    "b2": "b2[:, None]",
}


def student(**wrong):
    """A student's feed_forward, in a notebook with other functions, some of them wrong."""
    namespace = {"np": np, "right": reference("02_cost").unpack_parameters}
    exec(OWN.format(**RIGHT | wrong), namespace)
    return namespace["feed_forward"]


def points_of(feed_forward):
    marks = Marks(a2=1, a3=2)
    sizes = PROBLEM.visible_size, PROBLEM.hidden_size
    wanted = reference("02_cost").feed_forward
    marks.compare(feed_forward, wanted, PROBLEM.theta, *sizes, PROBLEM.data)
    return marks.total()


def test_without_a_mistake_all_is_well():
    assert points_of(student()) == 3


@pytest.mark.parametrize(
    "unpack",
    ["return right(-theta, visible_size, hidden_size)", "return None", "return 1 / 0",
     "raise NotImplementedError"],
)  # fmt: skip
def test_a_mistake_in_another_function_costs_nothing_here(unpack, capsys):
    assert points_of(student(unpack=unpack)) == 3
    assert capsys.readouterr().out == "3 of 3 points.\n"


def test_a_mistake_of_its_own_costs_points_whatever_the_others_do(capsys):
    assert points_of(student(b2="0")) == 1
    assert points_of(student(b2="0", unpack="return None")) == 1
    assert "a3: a3 is wrong in" in capsys.readouterr().out


@pytest.mark.parametrize("sigmoid", ["return 1 / (1 + np.exp(z))", "raise NotImplementedError"])
def test_a_helper_of_one_s_own_finds_the_reference_s_functions_too(sigmoid, capsys):
    assert points_of(student(sigmoid=sigmoid)) == 3
    assert points_of(student(sigmoid=sigmoid, b2="0")) == 1
    assert "a3: a3 is wrong in" in capsys.readouterr().out


def test_the_student_s_own_functions_are_left_as_they_are():
    feed_forward = student(unpack="return None")
    points_of(feed_forward)
    assert feed_forward.__globals__["unpack_parameters"](1, 2, 3) is None


def test_a_function_that_calls_itself_does_not_find_the_reference():
    namespace: dict[str, Any] = {}
    exec("def feed_forward(*args):\n    return feed_forward(*args)", namespace)
    assert points_of(namespace["feed_forward"]) == 0


@pytest.mark.parametrize("factor, points", [(1, 1), (3, 0)])
def test_defaults_keywords_and_closures_are_kept(factor, points):
    def function(x, power=2, *, shift=factor):
        return factor * x**power + shift - factor

    twin = alone(function, COST)
    assert twin is not function and np.array_equal(twin(V), function(V))
    assert marks_of(function, values=1).total() == points


def test_anything_that_can_be_called_can_be_graded():
    assert marks_of(np.square).total() == 3
    assert marks_of(np.vectorize(lambda x: x * x)).total() == 3
    assert marks_of(np.negative).total() == 0


# --- what a submission is graded on --------------------------------------------------


def graded(name, *mistakes, **points):
    """Marks after grading the reference's function with mistakes of those names."""
    chosen = [mistake for mistake in catalogue(name) if mistake.name in mistakes]
    assert len(chosen) == len(mistakes)
    marks = Marks(**(points or {"cost": 2, "W1": 2, "W2": 1, "b1": 1, "b2": 1}))
    marks.grade(mistaken(name, *chosen), problems(name, seed=3))
    return marks, [mistake.says for mistake in chosen]


def words(capsys):
    return " ".join(capsys.readouterr().out.split())


def test_the_reference_has_all_points_and_that_is_all_that_is_told(capsys):
    marks, _ = graded("autoencoder_cost")
    assert marks.total() == 7 and words(capsys) == "7 of 7 points."


def test_a_part_loses_its_points_and_the_mistake_is_named(capsys):
    marks, (says,) = graded("autoencoder_cost", "no decay in the gradient of W1")
    assert marks.total() == 5
    out = words(capsys)
    assert "W1: the gradient with respect to W1" in out and "W2:" not in out
    assert "The gradient of W1 is right where lambda is 0, and wrong where it is not." in out
    assert f"{LEAD} exactly this if you made this mistake: {says}" in out


@pytest.mark.parametrize(
    "mistakes",
    [
        ("no decay in the cost", "no decay in the gradient of W1"),  # each in a part of its own
        ("no decay in the gradient of W1", "nothing averaged"),  # both in the gradient of W1
    ],
)
def test_two_mistakes_are_told_as_two(mistakes, capsys):
    marks, both = graded("autoencoder_cost", *mistakes)
    assert marks.total() < 5
    out = words(capsys)
    assert f"{LEAD} exactly this if you made these 2 mistakes together:" in out and all(
        says in out for says in both
    )


def test_points_may_belong_to_the_problem(capsys):
    marks, (says,) = graded("tile_filters", "never common", own=2, common=1)
    assert marks.total() == 2 and says in words(capsys)


def test_a_function_that_is_wrong_in_no_known_way_is_blamed_for_none(capsys):
    marks = Marks(values=2)
    marks.grade(lambda z: np.tanh(z) ** 3, problems("sigmoid", seed=3))
    assert marks.total() == 0 and LEAD not in capsys.readouterr().out


def test_an_earlier_mistake_hides_no_mistake_of_its_own(capsys):
    marks = Marks(a2=1, a3=2)
    marks.grade(
        student(b2="0", sigmoid="return 1 / (1 + np.exp(z))"), problems("feed_forward", seed=3)
    )
    says = next(m.says for m in catalogue("feed_forward") if m.name == "b2 left out")
    assert marks.total() == 1 and says in words(capsys)


# --- the last line of a test cell --------------------------------------------------------


def test_a_part_that_there_is_not_is_said():
    for points in ({"cost": 2, "w1": 1}, {"costs": 2, "W1": 1}):
        with pytest.raises(ValueError, match=r"cost has no part '(w1|costs)'; its parts are cost,"):
            hidden_test(COST, **points)
    assert hidden_test(COST, all=3) == 3


def test_a_function_without_an_exercise_is_said():
    with pytest.raises(ValueError, match="there is no exercise 'right' in autograder/exercises/"):
        hidden_test(right, values=2)


# --- nothing for what answers nothing ------------------------------------------------


def sample_patches(images, patch_size, n_patches, rng):
    return rng.random((patch_size**2, n_patches))


def windows(sound, size, n, rng):
    return rng.random((size, n))


def gaussian_twin(patches, rng):
    return patches[:, rng.permutation(patches.shape[1])]


NOISE: dict[str, tuple[Callable[..., Any], dict[str, float]]] = {
    "sample_patches": (sample_patches, {"shape": 1, "windows": 2, "spread": 1, "repeatable": 1}),
    "windows": (windows, {"shape": 1, "windows": 2, "spread": 1, "repeatable": 1}),
    "the patches": (
        gaussian_twin, {"mean": 1, "covariance": 2, "gaussian": 1, "repeatable": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOISE)
def test_noise_and_what_was_given_are_worth_nothing(name, capsys):
    function, points = NOISE[name]
    assert hidden_test(function, **points) == 0
    assert f"0 of {sum(points.values())} points" in capsys.readouterr().out


def test_any_noise_is_worth_nothing(capsys):
    def gaussian_twin(patches, rng):
        return rng.normal(size=patches.shape)

    assert hidden_test(gaussian_twin, mean=1, covariance=2, gaussian=1, repeatable=1) == 0


@pytest.mark.parametrize("function", ["match_features", "pca_bottleneck"])
def test_no_result_is_the_same_for_every_seed(function):
    """What the feedback of one submission tells answers none of the next one."""
    sources = {
        "match_features": "12_sparse_autoencoders_today",
        "pca_bottleneck": "00_autoencoders",
    }
    own = getattr(reference(sources[function]), function)
    seen = []
    for seed in range(6):
        probes = problems(function, seed).probes[-3:]
        given = [(p.args[0].data, *p.args[1:2]) if function[0] == "p" else p.args for p in probes]
        seen.append([float(np.ravel(own(*args)[-1])[0]) for args in given])
    # All directions together hold all of the variance, whatever the seed.
    assert (np.ptp(seen, axis=0) > 1e-3).sum() >= 2
