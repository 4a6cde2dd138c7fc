"""States of the process that cells leave do not decide about the calls of a test."""

import sys
import warnings

import numpy as np
import pytest
import scipy.special

from autograder.kernel.inside.left import STATES, Left


def refuse(*args, **kwargs):
    raise ValueError("a warning")


BY_CELLS = {
    "filters": lambda: warnings.simplefilter("error"),
    "no filters": warnings.resetwarnings,
    "how warnings are shown": lambda: setattr(warnings, "showwarning", refuse),
    "NumPy": lambda: np.seterr(all="raise"),
    "NumPy's function": lambda: [np.seterrcall(refuse), np.seterr(all="call")],
    "SciPy": lambda: scipy.special.seterr(all="raise"),
    "recursion": lambda: sys.setrecursionlimit(sys.getrecursionlimit() - 100),
}


def states():
    return [state.get() for state in STATES]


@pytest.fixture(autouse=True)
def same_afterwards():
    before = states()
    yield
    for state, value in zip(STATES, before):
        state.put(value)


@pytest.mark.parametrize("act", BY_CELLS.values(), ids=BY_CELLS)
def test_a_state_that_cells_leave_is_put_aside_and_put_back(act):
    left, fresh = Left(), states()
    act()
    by_cells = states()
    assert by_cells != fresh
    for _ in range(2):
        left.put_aside()
        assert states() == fresh
        left.put_aside()  # once is enough
        left.put_back()
        assert states() == by_cells
        left.put_back()
        assert states() == by_cells


def test_what_a_function_sets_holds_until_the_test_is_over():
    left = Left()
    left.put_aside()
    warnings.simplefilter("error")
    left.put_aside()
    with pytest.raises(UserWarning):
        warnings.warn("here", stacklevel=1)
    left.put_back()
    assert ("error", None, Warning, None, 0) not in warnings.filters


def test_more_room_for_recursion_stays():
    left, more = Left(), sys.getrecursionlimit() + 500
    sys.setrecursionlimit(more)
    left.put_aside()
    assert sys.getrecursionlimit() == more


@pytest.mark.filterwarnings("ignore:overflow")
def test_a_warning_that_was_an_error_is_none_and_the_other_way_round():
    left = Left()
    warnings.simplefilter("error")
    for _ in range(2):
        with pytest.raises(RuntimeWarning):
            np.exp(np.float64(1e4))
        left.put_aside()
        assert np.isinf(np.exp(np.float64(1e4)))
        left.put_back()
