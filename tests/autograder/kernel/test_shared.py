"""Values that both ends hold: what one end changes in place, the other one sees."""

import numpy as np
import pytest

from autograder.kernel.inside.arrays import view_of
from autograder.kernel.inside.shared import MOST, MOST_BYTES, Shared, snapshot


def both(value, copy):
    """Two ends that hold a value and its copy."""
    here, there = Shared(), Shared()
    assert here.hold(1, value) and there.hold(1, copy)
    return here, there


@pytest.mark.parametrize(
    "value, copy, change",
    [
        ([1], [1], lambda v: v.append(2)),
        ({"a": 1}, {"a": 1}, lambda v: v.pop("a")),
        ({1}, {1}, lambda v: v.add(2)),
        (np.zeros(2), np.zeros(2), lambda v: v.fill(3)),
        (np.random.default_rng(1), np.random.default_rng(1), lambda v: v.random()),
        ([[1], [2]], [[1], [2]], lambda v: v[0].append(3)),
    ],
)
def test_a_change_is_told_once_and_made_in_place(value, copy, change):
    here, there = both(value, copy)
    assert here.changes() == []
    change(value)
    changes = here.changes()
    assert there.take(changes) == [copy]
    assert snapshot(copy) == snapshot(value)
    assert here.changes() == [] and there.changes() == []


def test_what_is_in_a_list_stays_the_same_object():
    rows = [[1], [2]]
    first = rows[0]
    here, there = both([[1], [2]], rows)
    here.held[1][0][0].append(5)
    there.take(here.changes())
    assert rows == [[1, 5], [2]] and rows[0] is first


@pytest.mark.parametrize("change", [None, [], [1], [1, 2, 3], ["1", [5]], [2, [5]], [1, (5,)], 7])
def test_what_a_kernel_says_changes_no_other_value(change):
    value = [1]
    here = Shared()
    here.hold(1, value)
    assert here.take([change]) == [] and value == [1]


def test_large_values_and_too_many_are_not_held():
    here = Shared()
    assert not here.hold(1, np.zeros(MOST_BYTES))
    assert not here.hold(1, "text") and not here.hold(1, (1,))
    for number in range(MOST + 5):
        assert here.hold(number, [number])
    assert len(here.held) == MOST and 4 not in here.held


IMAGE = np.arange(12.0).reshape(3, 4)


def test_a_part_of_an_array_is_a_view_of_the_test_s():
    part = view_of([1, IMAGE], IMAGE[1:, ::-2].copy(), [1, 7 * 8, [4 * 8, -2 * 8]])
    assert part.tolist() == IMAGE[1:, ::-2].tolist() and np.shares_memory(part, IMAGE)


@pytest.mark.parametrize(
    "where",
    [None, [], [0, 0, [8]], [1, 8, [8]], [1, 0, [16]], [1, 11 * 8, [8]], [1, -8, [8]],
     [1, 10**9, [8]], [1, 0, [10**9]], [1, "0", [8]], [True, 0, [8]], [1, 0, [8, 8]],
     [2, 0, [8]]],
)  # fmt: skip
def test_a_kernel_s_claim_that_it_is_one_is_checked(where):
    assert view_of([1, IMAGE], np.array([0.0, 1]), [1, 0, [8]]) is not None
    assert view_of([1, IMAGE], np.array([0.0, 1]), where) is None
