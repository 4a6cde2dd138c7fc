"""What takes too long is ended by one thread for all."""

import os
import threading
import time
from functools import partial

from autograder.kernel.limits import Deadlines
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
