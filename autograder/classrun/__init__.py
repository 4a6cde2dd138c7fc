"""Grading a class by one command: in parallel, and so that it can be stopped and continued.

    from autograder.classrun import grade
    grade("path/of/the/course", ["02_cost"])

Workers do the slow part (steps.py): they bring a submission back to its source, execute it and
compute its scores, without the gradebook. One writer (writer.py) enters the scores in the
gradebook, puts the graded notebook into autograded/, and finally writes the record of the verdict
(results/records.py). When the command is given again, it grades whatever has no record of its
present state.
"""

from autograder.classrun.lock import Stopped
from autograder.classrun.run import Summary, grade

__all__ = ["Stopped", "Summary", "grade"]
