"""What takes too long is ended by one thread for all."""

import os
import threading
import time
from functools import partial

import pytest

from autograder.kernel import limits
from autograder.kernel.limits import Budget, Deadlines, Schedule, Times, TooMuch, bounded
from tests.support.waiting import wait_until


def test_what_is_due_is_done_in_its_order():
    deadlines, done = Deadlines(), list[float]()
    for seconds in (0.3, 0.1, 0.2):
        deadlines.add(seconds, partial(done.append, seconds))
    wait_until(lambda: len(done) == 3, "three")
    assert done == [0.1, 0.2, 0.3]


def test_what_was_cancelled_is_not_done():
    deadlines, done = Deadlines(), []
    deadlines.cancel(deadlines.add(0.05, lambda: done.append("cancelled")))
    deadlines.add(0.2, lambda: done.append("later"))
    wait_until(lambda: done, "the later one")
    assert done == ["later"] and not deadlines.due


def test_an_earlier_one_is_not_kept_waiting():
    deadlines, done = Deadlines(), []
    deadlines.add(1000, lambda: done.append("late"))
    time.sleep(0.05)
    deadlines.add(0.05, lambda: done.append("early"))
    wait_until(lambda: done, "the earlier one")
    assert done == ["early"]


def test_one_that_fails_does_not_keep_others_from_being_done(caplog):
    deadlines, done = Deadlines(), []
    deadlines.add(0.01, lambda: 1 / 0)
    deadlines.add(0.1, lambda: done.append("other"))
    wait_until(lambda: done, "the other one")
    assert "ZeroDivisionError" in caplog.text


def test_many_need_one_thread():
    deadlines, before = Deadlines(), threading.active_count()
    for _ in range(100):
        deadlines.cancel(deadlines.add(1000, print))
    assert threading.active_count() == before + 1


def test_a_fork_has_a_thread_of_its_own():
    deadlines = Deadlines()
    deadlines.add(1000, print)
    child = os.fork()
    if child == 0:
        deadlines.add(0.05, lambda: os._exit(7))
        time.sleep(20)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


# --- budgets ---------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """The clock of budgets, in a list."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("seconds", "waited", "worked", "used"),
    [
        (4, 0, 0, 4),  # it slept
        (4, 3, 1, 1),  # others had the processors
        (4, 3, 4, 4),  # those for which it waited were its own
        (4, 3, 9, 4),  # on several processors
    ],
)
def test_waiting_for_others_does_not_count(clock, seconds, waited, worked, used):
    times = [Times(7, 7)]
    budget = Budget(10, lambda: times[0])
    clock[0] += seconds
    times[0] = Times(7 + waited, 7 + worked)
    assert budget.used == used and budget.left == 10 - used and not budget.starved
    times[0] = Times(100, 7 + worked)  # which the system may tell later
    assert budget.used == used


def test_what_gets_no_processor_at_all_ends_too(clock):
    budget = Budget(10, lambda: Times(clock[0], 0))
    clock[0] += limits.LONG * 10 - 1
    assert budget.left == 1 and not budget.starved
    clock[0] += 1
    assert budget.left == 0 and budget.starved


def test_the_system_tells_what_a_process_has_worked():
    schedule = Schedule("self")
    before = schedule.times()
    deadline = time.process_time() + 0.2
    while time.process_time() < deadline:
        pass
    assert schedule.times().worked - before.worked > 0.1
    assert Schedule(None).times() == Times()


def test_a_block_that_waits_is_ended_like_one_that_computes():
    with pytest.raises(TooMuch, match=r"more than 0.2 s in the grader"), bounded(2**32, 0.2):
        time.sleep(600)
    with bounded(2**32, 0.2, time.monotonic):  # it listened all the time
        time.sleep(0.5)
