"""What a new kernel of the same notebook gets of the cells before."""

import pytest
from nbformat.v4 import new_code_cell

from autograder.kernel import student_kernel
from autograder.kernel.limits import TimeLimits
from autograder.kernel.process import Unsandboxed
from autograder.kernel.student_kernel import StudentKernel, World
from tests.support.waiting import patient


@pytest.mark.parametrize(("most", "again"), [(600, True), (-1, False)])
def test_what_took_long_is_not_executed_again(tmp_path, monkeypatch, most, again):
    monkeypatch.setattr(student_kernel, "MOST_AGAIN", most)
    limits = TimeLimits(patient(10), patient(30), patient(30), patient(60), patient(200), 2)
    deed = f"with open({str(tmp_path / 'ran')!r}, 'a') as file:\n    file.write('x')"
    with StudentKernel(lambda: Unsandboxed(tmp_path), tmp_path, limits, World()) as kernel:
        kernel.run_cell(new_code_cell(f"{deed}\ndef f():\n    return 1"))
        kernel.run_cell(new_code_cell("import os; os._exit(1)"))
        after = new_code_cell("print(f())")
        kernel.run_cell(after)
        assert after.outputs[0].text == "1\n" and kernel.restarts == 1
    assert (tmp_path / "ran").read_text() == ("xx" if again else "x")
