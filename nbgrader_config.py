"""nbgrader's configuration of the course: run its commands in this folder."""

from pathlib import Path

from autograder.configure import trusted_grading

COURSE = Path(__file__).resolve().parent

c = get_config()  # type: ignore[name-defined]  # noqa: F821  nbgrader defines it

c.CourseDirectory.course_id = "sparse-autoencoder"
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# The sources lie beside the notebooks that are made of them, and must not be released, nor what the
# notebooks saved; and neither gets into the folder where a hand-in is graded.
c.CourseDirectory.ignore.extend(["*.py", "*.[nN][pP][zZ]", "*.[gG][iI][fF]"])
# The build folds the cells of hidden tests in the solved notebooks. Students' copies of them, which
# say the points, are open: nbgrader takes these fields off the cells whose outputs it clears.
c.ClearOutput.remove_metadata_fields = {"collapsed", "scrolled", "jupyter"}

trusted_grading(c, "autograder.verdict.course_policy.CoursePolicy")
c.CoursePolicy.solutions_directory = str(COURSE / "solutions")
