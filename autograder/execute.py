"""How a submission is executed while it is graded: nbgrader's Execute, with two additions."""

import os

from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Unicode

from autograder.kernels import OverSockets


class CourseExecute(OverSockets, Execute):
    """Executes a notebook without its long runs, with the reference's earlier functions.

    A notebook uses functions of earlier ones; a mistake made there shall not cost points twice,
    so saelab.previous reads the solved notebooks while grading. And cells that only show long
    work are passed over, unless nbgrader itself needs them: a tag cannot switch off a test.
    """

    solutions_directory = Unicode(
        "", help="The folder of the solved notebooks, which earlier functions are read from."
    ).tag(config=True)
    long_tag = Unicode(
        "long", help="Cells with this tag are not executed while grading."
    ).tag(config=True)

    def setup_kernel(self, **kwargs):
        if self.solutions_directory:
            kwargs["env"] = {
                **os.environ,
                "SAELAB_PREVIOUS": self.solutions_directory,
                "AUTOGRADER_SOLUTIONS": self.solutions_directory,
            }
        return super().setup_kernel(**kwargs)

    def preprocess_cell(self, cell, resources, index):
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell):
            # nbclient has a tag of its own for cells to pass over.
            cell.metadata.pop("tags", None)
        elif self.long_tag in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
            return cell, resources
        return super().preprocess_cell(cell, resources, index)
