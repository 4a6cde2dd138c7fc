"""A comparison says the first thing that is wrong, and lets honest results pass."""

import array
import io
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

from saelab.check.compare import (
    CallFailed,
    as_arrays,
    call,
    cost_differences,
    difference,
    listed,
    result_differences,
)
from saelab.check.exercises import exercise
from tests.support.warned import warned

V = np.array([1.0, -2.0, 3.0, 0.5])
M = np.arange(6.0).reshape(2, 3)
S = np.array([[1.0, 2.0], [5.0, 7.0]])


def matrix(values):
    """A np.matrix without the warning that they are old."""
    return np.asarray(values).view(np.matrix)


class LikeAnArray:
    """What pandas and others return: NumPy can read it, and a grader at a distance cannot."""

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return V


# --- one result: what is right -----------------------------------------------------


@pytest.mark.parametrize(
    "got, want",
    [
        (2.5, 2.5),
        (2, 2.0),
        (np.float32(0.5), 0.5),
        (np.array(2.5), 2.5),
        (np.array([2.5]), 2.5),
        (np.array([[2.5]]), 2.5),
        (matrix(2.5), 2.5),
        (V.astype(np.longdouble), V),
        (V.astype(np.float32), V),
        (matrix(V), V),
        (matrix(V).T, V),
        (np.array([1, -2, 3], dtype=np.int8), [1, -2, 3]),
        (np.asfortranarray(M), M),
        (matrix(M), M),
        (np.zeros(0), np.zeros(0)),
        (V * (1 + 3e-12), V),
        (V + 1e-11, V),
        (np.array([1e6, 1e-6]), [1e6, 0.0]),
    ],
)
def test_a_right_result_has_no_fault(got, want):
    assert difference(got, want) is None


# --- one result: what is wrong -----------------------------------------------------


@pytest.mark.parametrize(
    "got, want, sentence",
    [
        # nothing, and other things than numbers
        (None, V, "x is None: is the return statement missing?"),
        ("2.5", 2.5, "x is a str, but should be numbers"),
        (["a", "b"], [1, 2], "x is a list (dtype <U1), but should be numbers"),
        ([[1, 2], [3]], M, "x is a list whose rows have different lengths, not an array"),
        ((V, M), V, "x is a tuple whose rows have different lengths, not an array"),
        ({"W1": 1}, V, "x is a dict, but should be numbers"),
        (V.astype(object), V, "x is an array (dtype object), but should be numbers"),
        ([1.0, None], [1, 2], "x is a list (dtype object), but should be numbers"),
        (abs, 1.0, "x is a builtin_function_or_method, but should be numbers"),
        ((v for v in V), V, "x is a generator, but should be numbers"),
        (LikeAnArray(), V, "x is a LikeAnArray, but should be an array"),
        (pd.Series(V), V, "x is a Series, but should be an array"),
        (pd.Series([2.5]), 2.5, "x is a Series, but should be a number"),
        (array.array("d", V), V, "x is an array.array, but should be numbers"),
        (memoryview(V.tobytes()), V, "x is a memoryview, but should be numbers"),
        (range(3), np.arange(3.0), "x is a range, but should be numbers"),
        (list(V), V, "x is a list, but should be an array"),
        (tuple(V), V, "x is a tuple, but should be an array"),
        (M.tolist(), M, "x is a list, but should be an array"),
        ([2.5], 2.5, "x is a list, but should be a number"),
        (True, 1.0, "x is a bool (dtype bool), but should be numbers"),
        (
            V + 0j,
            V,
            "x has complex numbers (dtype complex128): look where they come from, or take "
            "the real part if they are real but for rounding",
        ),
        # shape
        (2.5, np.array([2.5]), "x has shape (), but should have shape (1,)"),
        (V[:3], V, "x has shape (3,), but should have shape (4,)"),
        (V[:, None], V, "x has shape (4, 1), but should have shape (4,)"),
        (3.0, V, "x has shape (), but should have shape (4,)"),
        (V, 3.0, "x has shape (4,), but should have shape ()"),
        (M.T, M, "x has shape (3, 2), but should have shape (2, 3): is it transposed?"),
        (matrix(S), S.ravel(), "x has shape (2, 2), but should have shape (4,)"),
        (np.zeros((0, 3)), M, "x has shape (0, 3), but should have shape (2, 3)"),
        # not finite
        (
            np.nan,
            1.0,
            "x is nan: look for a division by zero, an overflow, or the "
            "logarithm, root or arc cosine of what has none",
        ),
        (V * [1, np.inf, -np.inf, 1], V, "x is -inf in 2 of 4 entries: look for a division"),
        # seven digits
        (1 + 4e-7, 1.0, "x is right to 6 digits only: is something computed in float32, "),
        (V + 9e-5, V, "x is right to 4 digits only"),
        (np.round(V / 7, 10), V / 7, "x is right to 9 digits only"),
        (np.float64(np.float32(V / 7)), V / 7, "x is right to 7 digits only"),
        (np.float32(V / 7), V / 7, "x has dtype float32, which keeps about 7 digits"),
        (np.float16(V / 7), V / 7, "x has dtype float16, which keeps about 4 digits"),
        # patterns
        (-V, V, "x has the wrong sign everywhere"),
        (-2.5, 2.5, "x has the wrong sign"),
        (S.T, S, "x is transposed"),
        (0 * V, V, "x is zero everywhere"),
        (0, 2.5, "x is zero"),
        (5 * V, V, "x is 5 times what it should be, in every entry"),
        (-V / 4, V, "x is -0.25 times what it should be, in every entry"),
        (V + 0.25, V, "x is larger than it should be by 0.25 in every entry"),
        (V - 0.25, V, "x is smaller than it should be by 0.25 in every entry"),
        # no pattern
        (2.75, 2.5, "x is 2.75, but should be 2.5"),
        # So many digits show what is wrong, and are not enough to be right.
        (2.718281828, 3.141592653, "x is 2.72, but should be 3.14"),
        (3.141, 3.14222, "x is 3.14, but should be larger by about 0.001"),
        (-3.141, -3.14222, "x is -3.14, but should be smaller by about 0.001"),
        (5.0, 2.5, "x is 5, but should be 2.5"),
        (V[::-1], V, "x is wrong in 4 of 4 entries; the largest difference is at [1]: 3, but "),
        (M + np.eye(2, 3), M, "x is wrong in 2 of 6 entries; the largest difference is at [0, 0]"),
        (
            np.array([2, 4, 6]),
            [1, 2, 3],
            "x is wrong in 3 of 3 entries; the largest difference is at [2]: 6",
        ),
        (V, 0 * V, "x is wrong in 4 of 4 entries; the largest difference is at [2]: 3, but should"),
    ],
)
def test_a_fault_is_told(got, want, sentence):
    assert str(difference(got, want, "x")).startswith(sentence)


def test_the_first_fault_is_told_first():
    assert "complex" in str(difference(np.full(3, np.nan + 0j), V))
    assert "shape" in str(difference(np.full(3, np.nan), V))
    assert "nan" in str(difference(-V * [1, 1, 1, np.nan], V))


def test_a_sentence_says_everything_once():
    assert difference(V[::-1], V, "x") == (
        "x is wrong in 4 of 4 entries; the largest difference is at [1]: 3, but should be -2"
    )


def test_the_tolerance_is_a_share_of_the_largest_entry():
    want = np.array([1000.0, 0.0])
    assert difference(want + np.array([0, 9e-9]), want) is None
    assert difference(want + np.array([0, 1.1e-8]), want) is not None
    assert difference(np.array([0.0, 0.9e-12]), [0, 0]) is None
    assert difference(np.array([0.0, 1.1e-12]), [0, 0]) is not None
    assert difference(1.01, 1.0, rtol=0.02) is None


def test_huge_numbers_are_wrong_without_a_warning(recwarn):
    assert str(difference(np.full(4, 1e308), V)).startswith("the result is wrong in 4 of 4")
    assert difference(np.full(4, np.longdouble("1e400")), V)
    assert not warned(recwarn)


# --- cost and gradient -------------------------------------------------------------

SIZES = 3, 2  # visible, hidden
COST, GRAD = 1.5, np.sin(np.arange(1.0, 18.0))
BLOCKS = ("W1", "W2", "b1", "b2")


def cost_faults(got):
    return cost_differences(got, COST, GRAD, exercise("autoencoder_cost").blocks_of(*SIZES))


@pytest.mark.parametrize(
    "got",
    [
        (COST, GRAD),
        (np.array(COST), GRAD),
        (np.array([[COST]]), GRAD.astype(np.longdouble)),
        (matrix(COST), matrix(GRAD)),
    ],
)
def test_a_right_cost_and_gradient_have_no_fault(got):
    assert cost_faults(got) == {}


@pytest.mark.parametrize(
    "got, returned",
    [
        (None, "None: is the return statement missing?"),
        (COST, "a float"),
        (GRAD, "an array"),
        ((COST,), "1 thing"),
        ((COST, GRAD, 3), "3 things"),
        ({"cost": COST}, "a dict"),
        ([COST, GRAD, 3], "a list of 3 things"),
    ],
)
def test_other_things_than_a_pair_are_told(got, returned):
    faults = cost_faults(got)
    assert set(faults) == {"cost", *BLOCKS}
    assert set(faults.values()) == {
        "the function should return two things, the cost and the gradient (return cost, grad), "
        f"but it returned {returned}"
    }


@pytest.mark.parametrize("block, where", exercise("autoencoder_cost").blocks_of(*SIZES).items())
@pytest.mark.parametrize("kind", [np.array, matrix])
def test_one_wrong_block_is_the_only_one_told(block, where, kind):
    grad = GRAD.copy()
    grad[where] *= -1
    faults = cost_faults((COST, kind(grad)))
    assert faults == {block: f"the gradient with respect to {block} has the wrong sign everywhere"}


def test_a_wrong_cost_does_not_touch_the_gradient():
    assert cost_faults((2.0, GRAD)) == {"cost": "the cost is 2, but should be 1.5"}


def test_two_wrong_blocks_and_the_cost_are_told_apart():
    grad = GRAD.copy()
    grad[0], grad[-1] = np.nan, 5
    faults = cost_faults((None, grad))
    assert set(faults) == {"cost", "W1", "b2"}
    assert "nan in 1 of 6 entries" in faults["W1"] and "[2]: 5" in faults["b2"]


@pytest.mark.parametrize("grad", [None, GRAD[:-1], GRAD + 0j, "no", [GRAD, [1]], 3.0, [*GRAD]])
def test_a_gradient_that_cannot_be_split_is_wrong_in_every_block(grad):
    faults = cost_faults((COST, grad))
    assert set(faults) == set(BLOCKS) and len(set(faults.values())) == 1
    assert faults["W1"].startswith("the gradient ")


def test_the_blocks_lie_one_after_the_other():
    blocks = exercise("autoencoder_cost").blocks_of(3, 2)
    assert blocks == {
        "W1": slice(0, 6), "W2": slice(6, 12), "b1": slice(12, 14), "b2": slice(14, 17)
    }  # fmt: skip


# --- several results ---------------------------------------------------------------


def test_one_result_has_no_name():
    assert result_differences(V, [V]) == {}
    assert result_differences(-V, [V]) == {"result": "the result has the wrong sign everywhere"}


@pytest.mark.parametrize(
    "kind, by_name",
    [(tuple, False), (list, False), (lambda parts: dict(zip("ba", parts[::-1])), True)],
)
def test_several_results_are_told_by_name(kind, by_name):
    assert result_differences(kind([V, M]), [V, M], ("a", "b"), by_name) == {}
    assert result_differences(kind([V, -M]), [V, M], ("a", "b"), by_name) == {
        "b": "b has the wrong sign everywhere"
    }


@pytest.mark.parametrize(
    "got, returned",
    [
        ([V, M], "a list of 2 things"),
        ((V, M), "2 things"),
        (None, "None: is the return statement missing?"),
    ],
)
def test_a_dictionary_that_is_none_is_told(got, returned):
    fault = f"it should return a dictionary with the names a, b, not {returned}"
    assert result_differences(got, [V, M], ("a", "b"), by_name=True) == {"a": fault, "b": fault}


@pytest.mark.parametrize(
    "got, returned",
    [
        (None, "None: is the return statement missing?"),
        ((V,), "1 thing"),
        ([V, M, V], "a list of 3 things"),
        ({"a": V, "b": M}, "a dict"),
        (M, "an array"),
        (1.5, "a float"),
    ],
)
def test_another_number_of_results_is_told(got, returned):
    fault = f"it should return 2 things (a, b), not {returned}"
    assert result_differences(got, [V, M], ("a", "b")) == {"a": fault, "b": fault}


def test_what_is_missing_in_a_dictionary_does_not_hide_what_is_wrong_in_it():
    assert result_differences({"a": -V, "c": 1}, [V, M, M], ("a", "b", "d"), True) == {
        "a": "a has the wrong sign everywhere",
        "b": "the dictionary it returns has no b, d",
        "d": "the dictionary it returns has no b, d",
    }


@pytest.mark.parametrize("result, n", [(V, 1), ((V, M), 2), ({"a": 1.0, "b": V}, 2), (3, 1)])
def test_a_result_becomes_a_list_of_arrays(result, n):
    arrays = as_arrays(result)
    assert len(arrays) == n and all(a.dtype == float for a in arrays)


# --- calling -----------------------------------------------------------------------


def test_a_call_gives_the_result():
    assert call(lambda a, b, c=0: (a, b, c), 1, 2, c=3) == (1, 2, 3)


def test_prints_and_warnings_are_swallowed(capfd, recwarn):
    def loud():
        print("out")
        print("err", file=sys.stderr)
        warnings.warn("hear, hear", stacklevel=1)
        return 1 / (1 + np.exp(-np.array([-1000.0])))

    assert call(loud) == 0
    assert capfd.readouterr() == ("", "") and not warned(recwarn)


def test_what_stdout_was_before_it_is_again(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    with pytest.raises(CallFailed):
        call(lambda: print("hidden") or 1 / 0)
    print("seen")
    assert out.getvalue() == "seen\n"


@pytest.mark.parametrize("error", [NotImplementedError, type("Later", (NotImplementedError,), {})])
def test_not_written_yet_passes_through(error):
    def stub():
        raise error("write me")

    with pytest.raises(error, match="write me"):
        call(stub)


@pytest.mark.parametrize("error", [ValueError, AssertionError, RecursionError, SystemExit])
def test_other_errors_are_told_with_the_line(error):
    def broken(x):
        raise error(f"not {x}")

    with pytest.raises(CallFailed) as failed:
        call(broken, 3)
    assert str(failed.value) == (
        f'broken stopped with {error.__name__}: not 3 (in the line: raise error(f"not {{x}}"))'
    )
    assert isinstance(failed.value.__cause__, error)


def test_an_error_inside_of_a_library_is_told_with_the_function_s_own_line():
    def broken(x):
        return np.linalg.inv(x)

    with pytest.raises(CallFailed, match=r"LinAlgError: .*in the line: return np.linalg.inv\(x\)"):
        call(broken, np.zeros((2, 2)))


def test_an_error_without_a_source_is_told_without_a_line():
    namespace: dict[str, Any] = {}
    exec("def broken():\n    return 1 / 0", namespace)
    with pytest.raises(
        CallFailed, match=r"broken stopped with ZeroDivisionError: division by .*o$"
    ):
        call(namespace["broken"])


def test_a_stop_by_the_reader_is_not_swallowed():
    def stopped():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(stopped)


def set_entry(a, b):
    b[1] = 7


def set_nan(a, b):
    b[0] = np.nan


def reshape(a, b):
    b.shape = (1, 4)


@pytest.mark.parametrize("spoil", [set_entry, set_nan, reshape])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_argument_changed_in_place_is_told_and_stays_whole(spoil):
    b = V.copy()
    with pytest.raises(CallFailed, match=f"{spoil.__name__} changes its argument number 2 in pl"):
        call(spoil, "a", b)
    assert np.array_equal(b, V)


def test_what_rounding_leaves_of_an_argument_is_no_change():
    def there_and_back(theta):
        for i in range(theta.size):
            theta[i] += 1e-4
            theta[i] -= 2e-4
            theta[i] += 1e-4
        return theta.sum()

    theta = np.sin(np.arange(1.0, 20.0))
    before = theta.copy()
    call(there_and_back, theta)
    assert np.array_equal(theta, before)


def test_nan_in_an_argument_is_no_change():
    assert call(len, np.array([np.nan, 1.0])) == 2


def test_other_arguments_than_arrays_are_handed_on_as_they_are():
    rng = np.random.default_rng(0)
    assert call(lambda x: x, rng) is rng
    assert call(lambda x: x, len) is len


def test_an_array_is_handed_on_in_its_own_order():
    assert call(lambda x: x.flags.f_contiguous, np.asfortranarray(M))


def test_a_sentence_is_folded_like_a_list():
    assert listed("word " * 30).count("\n    word") == 1
    assert listed("short") == "  short"
