"""The settings that an nbgrader_config.py needs for trusted grading, in one call."""

from traitlets.config import Config

from autograder.course.printing import LOGGING


def trusted_grading(
    c: Config, policy: str = "autograder.verdict.trusted.Policy", execute: str | None = None
) -> None:
    """Grade this course so that students' code decides nothing: see docs/security.md.

    Classes are given by their names: nbgrader reads its configuration for each of its commands, and
    none should import more than it needs.

    Args:
        c: the configuration that get_config() gives.
        policy: the name of a class of Policy, which decides how this course is graded.
        execute: of former versions, the name of a class of TrustedExecute. Nothing is graded with
            it. (An error here would be worse: nbgrader would pass over the whole file, and grade
            without the sandbox.)
    """
    # What is logged holds names that students chose.
    c.Application.logging_config = LOGGING
    # Before any submission, a reference and an untouched one are graded.
    c.Autograde.exporter_class = "autograder.verdict.canary.GradingExporter"
    # What was handed in is brought back to the source first, whatever was done to it. The cells'
    # metadata are the gradebook's after that, and need no check: it takes a tenth of the time.
    c.Autograde.sanitize_preprocessors = ["autograder.submission.Reconcile"]
    c.TrustedExecute.policy_class = execute or policy
    # Test cells run in the grader, students' cells in a sandbox.
    c.Autograde.autograde_preprocessors = [
        "autograder.verdict.trusted.TrustedExecute",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "autograder.results.saving.SaveScores",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    # `nbgrader export` says which scores are not final.
    c.ExportApp.plugin_class = "autograder.lms.exports.CsvExporter"
    # Pages for students say what is not graded yet, and show no hidden test; no page runs or loads
    # what a student wrote.
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "autograder.results.feedback.Waiting",
        "autograder.results.feedback.HideTests",
    ]
    c.GenerateFeedback.exporter_class = "autograder.results.feedback.FeedbackExporter"
    # For formgrader, whose template takes no notice of HTMLExporter.sanitize_html in markdown.
    c.HTMLExporter.preprocessors = ["autograder.results.feedback.HarmlessCells"]
    # From the exchange comes what students themselves put there, and into it go only their pages.
    c.ExchangeFactory.collect = "autograder.lms.exchange.Collect"
    c.ExchangeFactory.release_feedback = "autograder.lms.exchange.ReleaseFeedback"
