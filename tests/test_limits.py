"""No test of these waits for ever."""

import signal
import subprocess
import sys

import pytest

from autograder import CLONE


@pytest.mark.timeout(40)
def test_each_test_has_a_limit_that_patience_stretches(request):
    assert request.node.get_closest_marker("timeout").args[0] >= 40


def test_what_a_test_starts_can_be_interrupted():
    code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    told = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)
    assert told.stdout.strip() == b"True"


def test_so_it_can_where_the_tests_run_in_the_background():
    """A script starts what is to run there with Ctrl-C ignored."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    subprocess.run(
        [*words, "-k", "can_be_interrupted"],
        check=True,
        cwd=CLONE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
