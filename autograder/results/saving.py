"""The step that enters scores in the gradebook: nbgrader's, but it loses no grading by hand."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy import create_engine

from autograder.results.answers import Answers, digests
from autograder.results.history import NBGRADER, explained, message_of
from autograder.results.own_tables import prepare

# By whether the answer is the one that was graded last; None where that is not known.
SAME = {True: "the same answer", False: "another answer", None: ""}
AGAIN = {
    True: "graded by hand, its score by tests is another now, and it waits for a person again",
    False: "changed since it was graded by hand, so it waits for a person again",
    None: "graded by hand, perhaps for another answer, so it waits for a person again",
}


class SaveScores(SaveAutoGrades):
    """Enters the scores, and asks a person again only for what has changed.

    nbgrader's own marks whatever a person has graded as not graded yet.

    Attributes:
        answers: the answers of the submission, where somebody else opens and commits the gradebook;
            None if the step does that by itself, as with `nbgrader autograde`.
        asked_again: why a person has to look again at what was graded by hand, by the names of the
            cells.
        reasons: why scores are what they are, by the names of the cells.
    """

    answers: Answers | None = None

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        engine = create_engine(resources["nbgrader"]["db_url"])
        try:
            prepare(engine)
        finally:
            engine.dispose()
        self.look_at(nb)
        return super().preprocess(nb, resources)

    def look_at(self, nb: NotebookNode, answers: Answers | None = None) -> None:
        """Get ready for a notebook.

        Args:
            nb: the notebook.
            answers: as the attribute.
        """
        self.digests, self.answers = digests(nb), answers
        self.asked_again: dict[str, str] = {}
        self.reasons: dict[str, str] = {}

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name, db = cell.metadata.nbgrader.grade_id, self.gradebook.db
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        if self.answers is not None:
            self._enter(grade, cell, self.answers)
            return
        answers = Answers(db, [grade])
        with explained(db, NBGRADER, self.student_id, self.assignment_id) as reasons:
            self._enter(grade, cell, answers)
            answers.save(db)
            reasons[self.notebook_id, name] = self.reasons[name]
        db.commit()

    def _enter(self, grade, cell: NotebookNode, answers: Answers) -> None:  # type: ignore[no-untyped-def]
        name = cell.metadata.nbgrader.grade_id
        score, _ = utils.determine_grade(cell, self.log)
        waited = grade.needs_manual_grade
        same = answers.enter(grade, score, self.digests[name])
        said = [SAME[same], message_of(cell)]
        if grade.manual_score is not None and grade.needs_manual_grade:
            said = [AGAIN[same], message_of(cell)]
            if same is False or not waited:
                self.asked_again[name] = AGAIN[same]
                self.log.warning("%s of %s: %s", name, self.student_id, AGAIN[same])
        self.reasons[name] = "; ".join(filter(None, said))
