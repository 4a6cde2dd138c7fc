"""A function that is called in a fork of this process: what comes back, and what never ends."""

import logging
import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from autograder.verdict import apart as module
from autograder.verdict.apart import Ended, Limits, apart, here
from tests.support.waiting import wait_until

LOG = logging.getLogger("tests of apart")
LONG = Limits(60, 60)


def test_what_is_done_to_the_process_stays_in_it():
    seen = []

    def work(tell):
        seen.append(1)
        os.environ["DONE_APART"] = "yes"
        return [os.getpid(), {"a": 1.5}]

    number, value = apart(work, LONG, LOG)
    assert number != os.getpid() and value == {"a": 1.5}
    assert not seen and "DONE_APART" not in os.environ
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_what_it_logs_is_logged_here(caplog):
    apart(lambda tell: LOG.warning("of %s", "ada"), LONG, LOG)
    assert caplog.record_tuples == [(LOG.name, logging.WARNING, "of ada")]


def test_installed_modules_are_there_for_the_next_one():
    sys.modules.pop("colorsys", None)
    apart(lambda tell: __import__("colorsys") and None, LONG, LOG)
    assert "colorsys" in sys.modules


def test_an_error_comes_with_its_traceback():
    def work(tell):
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone") as caught:
        apart(work, LONG, LOG)
    assert "in work" in caught.value.__notes__[0]


def test_an_error_that_cannot_cross_is_told():
    class Own(Exception):
        pass

    def work(tell):
        raise Own("gone")

    with pytest.raises(RuntimeError, match="Own: gone"):
        apart(work, LONG, LOG)


@pytest.mark.parametrize(
    ("what", "limits", "told"),
    [
        ("sum(range(10**14))", Limits(0.3, 600), "more than 0.3 s"),
        ("time.sleep(600)", Limits(600, 0.3), "more than 0.3 s"),
    ],
)
def test_what_hangs_is_ended(monkeypatch, what, limits, told):
    monkeypatch.setattr(module, "LOOK", 0.1)

    def work(tell):
        tell("quick")
        tell("hangs")
        eval(what)

    with pytest.raises(Ended, match=told) as caught:
        apart(work, limits, LOG)
    assert caught.value.step == "hangs" and caught.value.by_us


def test_each_step_has_its_own_time(monkeypatch):
    monkeypatch.setattr(module, "LOOK", 0.1)

    def work(tell):
        for number in range(6):
            tell(f"step {number}")
            time.sleep(0.3)
        return "done"

    assert apart(work, Limits(600, 1), LOG) == "done"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("os.kill(os.getpid(), 9)", "signal 9"),
        ("os._exit(3)", "exit status 3"),
        ("os.closerange(3, 1000) or time.sleep(600)", "signal 9"),
    ],
)
def test_a_process_that_ends_is_told(what, told):
    def work(tell):
        tell("dies")
        eval(what)

    with pytest.raises(Ended, match=told) as caught:
        apart(work, LONG, LOG)
    assert caught.value.step == "dies" and not caught.value.by_us


def test_in_this_process_a_step_that_takes_too_much_ends_it():
    assert here(lambda tell: os.getpid(), LONG, LOG) == os.getpid()
    before = resource.getrlimit(resource.RLIMIT_CPU)

    def work(tell):
        tell("quick")
        tell("hangs")
        sum(range(10**14))

    child = os.fork()
    if child == 0:
        try:
            here(work, Limits(0, 60), LOG)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGXCPU

    def quick(tell):
        tell("quick")
        return resource.getrlimit(resource.RLIMIT_CPU)[0]

    assert time.process_time() + 59 < here(quick, LONG, LOG) < time.process_time() + 62
    assert resource.getrlimit(resource.RLIMIT_CPU) == before


def test_it_ends_with_the_one_that_waits_for_it():
    program = (
        "import logging, os, time\n"
        "from autograder.verdict.apart import Limits, apart\n"
        "def work(tell):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(600)\n"
        "apart(work, Limits(600, 600), logging.getLogger())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as waiting:
        assert waiting.stdout is not None
        number = int(waiting.stdout.readline())
        waiting.send_signal(signal.SIGKILL)

    def is_gone():
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        return False

    wait_until(is_gone, "the fork is gone")
