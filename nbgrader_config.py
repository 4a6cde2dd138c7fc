"""nbgrader's configuration of the course: run its commands in this folder."""

from pathlib import Path

from autograder.execute import CourseExecute

COURSE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  nbgrader defines it

c.CourseDirectory.course_id = "sparse-autoencoder"
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# The sources lie beside the notebooks that are made of them, and must not be released; nor
# does Python code that was handed in beside a notebook get into the folder where it is graded.
c.CourseDirectory.ignore.extend(["*.py"])

c.Autograde.autograde_preprocessors = [
    CourseExecute,
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.CourseExecute.solutions_directory = str(COURSE / "solutions")
c.CourseExecute.iopub_timeout = 20

# A deleted test cell comes back, and counts.
c.OverwriteCells.add_missing_cells = True
