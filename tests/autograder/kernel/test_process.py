"""A kernel without a sandbox. What one with a sandbox does is in test_sandbox.py."""

from pathlib import Path

from nbformat.v4 import new_code_cell

from autograder.kernel.limits import TimeLimits
from autograder.kernel.process import Unsandboxed
from autograder.kernel.student_kernel import StudentKernel, World
from tests.support.waiting import patient, wait_until


def test_what_a_kernel_has_started_ends_with_it(tmp_path):
    limits = TimeLimits(patient(10), patient(30), patient(30), patient(60), patient(200), 2)
    start = "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"
    with StudentKernel(lambda: Unsandboxed(tmp_path), tmp_path, limits, World()) as kernel:
        cell = new_code_cell(start)
        kernel.run_cell(cell)
        number = int(cell.outputs[0].text)
        assert is_running(number)
    wait_until(lambda: not is_running(number), "the kernel's child has ended")


def is_running(number):
    """Whether a process runs; one that has ended may still wait for somebody to ask how."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
