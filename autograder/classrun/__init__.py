"""A class graded by one command: in parallel, so that it can be stopped and gone on with.

    from autograder.classrun import grade
    grade("path/of/the/course", ["02_cost"])

Workers do what is slow (steps.py): they bring a submission back to its source, execute it and
compute its scores, without the gradebook. One writer (writer.py) enters the scores there, puts
the graded notebook into autograded/, and at last writes the verdict's record
(results/records.py). What has no record of its present state is graded when the command is given
again.
"""

from autograder.classrun.lock import Stopped
from autograder.classrun.run import Summary, grade

__all__ = ["Stopped", "Summary", "grade"]
