"""The command line: `python -m autograder`, or `autograder`, in a course's folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from autograder.course.printing import printable, printable_streams, say

if TYPE_CHECKING:
    from autograder.classrun import Summary
    from autograder.results.flags import Flag

DESCRIPTION = "Grade a class with nbgrader, in parallel, and see what it made of it."
END = """exit status:
  0  everything was done
  1  something could not be done, and a message says what
  2  the command was not understood
  130  it was interrupted; what was done stays done"""
GO_ON = "What was done stays done; give the same command again to go on."
AGAIN = defaultdict(lambda: "Nothing was changed.", grade=GO_ON, feedback=GO_ON)
AGAIN["report"] = AGAIN["build"] = "Files that were written stay; give the same command again."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the words of the command line; None for those that this process was started with.

    Returns:
        The exit status.
    """
    try:
        try:
            with printable_streams():
                return run(arguments)
        finally:
            # What reads the output may be gone (`autograder doctor | head`): seen here, not later.
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def run(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except KeyboardInterrupt:
        say(file=sys.stderr)
        say(f"Interrupted. {AGAIN[options.command]}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        raise
    except (ValueError, RuntimeError, OSError) as error:
        say(f"autograder {options.command}: {error}", file=sys.stderr)
        return 1


class Parser(argparse.ArgumentParser):
    """A parser of words, in which a name that a student chose may be: it quotes them printable."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def parser() -> argparse.ArgumentParser:
    top = Parser(
        prog="autograder",
        description=DESCRIPTION,
        epilog=END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], int | None], help: str, description: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=help,
            description=description,
            epilog=END,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.add_argument(
            "--course", default=".", metavar="FOLDER",
            help="the course's folder, where its nbgrader_config.py is (default: here)",
        )  # fmt: skip
        made.set_defaults(run=run)
        return made

    made = command(
        "grade", grade, "grade what was handed in",
        "Grade what students handed in for one or more assignments: what is new, has changed or\n"
        "failed before. It can be stopped at any moment, and goes on where it was. The scores are\n"
        "in nbgrader's gradebook, the graded notebooks in autograded/.",
    )  # fmt: skip
    of_a_class(made, "grade what is unchanged", "one more than there are processors")
    made.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="let the workers of this Dask scheduler do it, such as tcp://10.0.0.1:8786",
    )  # fmt: skip
    gradebook(made)
    only_said = made.add_mutually_exclusive_group()
    only_said.add_argument(
        "--dry-run", action="store_true", help="say what would be graded, and change nothing"
    )
    only_said.add_argument(
        "--what-if", action="store_true",
        help="grade, but only say whose points would change, and why, before late penalties; no "
        "hook is called, and nothing is written",
    )  # fmt: skip

    made = command(
        "history", history, "show how scores came about",
        "Show each change of a score since this gradebook was first graded: when it was, who made\n"
        "it, the old and the new score, and why. The gradebook keeps it.",
    )  # fmt: skip
    for name in ("student", "assignment"):
        made.add_argument(
            name, nargs="?", default="*", metavar=name.upper(),
            help=f'only those of this {name} (default: "*", of all)',
        )  # fmt: skip
    gradebook(made)

    made = command(
        "report", report, "write pages and tables about the class",
        "Write report/ASSIGNMENT.html and .csv, of all assignments or of those named, and\n"
        "report/course.html and .csv.",
    )  # fmt: skip
    made.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    gradebook(made)

    made = command(
        "feedback", feedback, "write the feedback for students",
        "Write nbgrader's feedback pages, in parallel: feedback/STUDENT/ASSIGNMENT/*.html, where\n"
        "they are missing, or show anything else than the gradebook has now.\n"
        "`nbgrader release_feedback` hands them out.",
    )  # fmt: skip
    of_a_class(made, "write what is up to date", "as many as there are processors")
    gradebook(made)

    made = command(
        "flags", flags, "show what to look at in what was handed in",
        "Show, without grading anything, what an instructor should look at: libraries that do the\n"
        "exercise, results written as numbers, code that looks for its grader, and copies. The\n"
        "report shows the same.",
    )  # fmt: skip
    made.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")

    made = command(
        "doctor", doctor, "look for what is wrong with the course",
        "Look for mistakes in the sources and the release of this or any nbgrader course.\n"
        "With --try, run its test cells instead.",
    )  # fmt: skip
    made.add_argument(
        "--try", nargs="?", const="", metavar="FOLDER", dest="tried",
        help="grade each source notebook, without its solutions and with mistakes in them, by "
        "nbgrader itself and by trusted grading, and say of each test cell whether both give the "
        "same points. As nbgrader does, this runs the course's own code, and the same code with "
        "those mistakes, WITHOUT A SANDBOX: try out only a course that you trust (default: the "
        "folder of --course)",
    )  # fmt: skip
    made.add_argument(
        "--mutants", type=number, default=4, metavar="N",
        help="with --try: how many submissions with mistakes are made of each notebook, at most "
        "(default: 4)",
    )  # fmt: skip

    made = command(
        "kit", kit, "make the zip that students get",
        "Make a zip with the notebooks and all that they need, and no solution or hidden test.",
    )  # fmt: skip
    made.add_argument("--to", metavar="FILE", help="where to put it (default: build/kit/)")

    made = command(
        "build", build, "build the notebooks from solutions/",
        "Build the solved and the released notebooks from solutions/NN_topic/NN_topic.py.",
    )  # fmt: skip
    made.add_argument(
        "notebook", nargs="*", metavar="NOTEBOOK",
        help="such as 03_kl_delta (default: all)",
    )  # fmt: skip
    made.add_argument(
        "--no-execute", action="store_true", help="leave the solved notebooks without results"
    )
    made.add_argument("--jobs", type=positive, default=2, metavar="N", help="how many at once")
    return top


def of_a_class(made: argparse.ArgumentParser, forced: str, jobs: str) -> None:
    """Add the options of a command that handles each submission of a class.

    Args:
        made: the parser of the command.
        forced: what --force does in addition, as it appears in the help text.
        jobs: the default of --jobs in words, as it appears in the help text.
    """
    made.add_argument("assignments", nargs="+", metavar="ASSIGNMENT")
    made.add_argument(
        "--student", action="append", default=[], metavar="ID", dest="students",
        help="only this student; may be given again",
    )  # fmt: skip
    made.add_argument("--force", action="store_true", help=f"also {forced}")
    made.add_argument(
        "--jobs", type=positive, metavar="N", help=f"how many at once (default: {jobs})"
    )


def gradebook(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--db", metavar="URL",
        help="the gradebook, such as postgresql+psycopg://me@host/course (default: as configured)",
    )  # fmt: skip


def number(text: str) -> int:
    return 0 if text == "0" else positive(text)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


# --- what each command does; imported there, since each needs little of it -------------------


def grade(options: argparse.Namespace) -> int:
    from autograder import classrun

    try:
        summary = classrun.grade(
            options.course, options.assignments, options.students, force=options.force,
            jobs=options.jobs, scheduler=options.scheduler, db_url=options.db,
            dry_run=options.dry_run, what_if=options.what_if,
        )  # fmt: skip
    except classrun.Stopped as reason:
        raise RuntimeError(reason) from None
    if options.dry_run:
        for assignment, student, why in summary.planned:
            say(f"{assignment}  {printable(student)}  ({why})")
        say(f"{len(summary.planned)} to grade, {summary.unchanged} unchanged. Nothing was done.")
        return 0
    if options.what_if:
        return print_changes(summary)
    for verdict in summary.graded:
        for cell, said in verdict.asked_again.items():
            say(f"{verdict.assignment}  {printable(verdict.student)}: {cell} was {said}")
    for verdict in summary.failed:
        say(f"{verdict.assignment}  {printable(verdict.student)}: {verdict.failure or ''}")
    say(
        f"{len(summary.graded)} graded, {len(summary.failed)} without a score, "
        f"{summary.unchanged} unchanged, in {summary.seconds:.1f} s."
    )
    return 1 if say_untried(summary) or summary.failed else 0


def print_changes(summary: Summary) -> int:
    """Print what a run would change; returns the exit status."""
    from autograder.results.history import arrow

    changed = [change for change in summary.changes if change.cells]
    for change in sorted(changed, key=lambda change: (change.assignment, change.student)):
        score = arrow(change.old_score, change.new_score)
        say(f"{change.assignment}  {printable(change.student)}  {score}  ({change.why})")
        for cell in change.cells:
            say(f"    {printable(cell)}")
    say(
        f"{len(changed)} would change, {len(summary.changes) - len(changed)} would be graded as "
        f"before, {summary.unchanged} need no grading. Nothing was written."
    )
    return 1 if say_untried(summary) else 0


def say_untried(summary: Summary) -> bool:
    """Say what was not graded since its trials failed; returns whether there is such a thing."""
    from autograder.verdict.canary import some_not_graded

    for line in some_not_graded(summary.untried).splitlines() if summary.untried else ():
        say(line)
    return bool(summary.untried)


def history(options: argparse.Namespace) -> None:
    from nbgrader.api import Assignment, Student

    from autograder.course.folders import did_you_mean, open_course, open_gradebook
    from autograder.results.history import arrow, read

    student, assignment = (None if o == "*" else o for o in (options.student, options.assignment))
    with open_gradebook(open_course(options.course, options.db)) as book:
        lines = read(book.engine, student, assignment)
        if not lines:
            known = {
                "student": (student, [id_ for (id_,) in book.db.query(Student.id)]),
                "assignment": (assignment, [name for (name,) in book.db.query(Assignment.name)]),
            }
            for what, (name, names) in known.items():
                if name is not None and name not in names:
                    meant = did_you_mean(name, names)
                    raise ValueError(f"the gradebook has no {what} {name!r}.{meant}")
    for line in lines:
        where = f"{line.assignment}  {line.student}  {line.notebook}/{line.cell}"
        score = arrow(line.old_score, line.new_score) + (", waits" if line.waits else "")
        why = f"{line.cause}: {line.reason}" if line.reason else line.cause
        say(printable(f"{line.time:%Y-%m-%d %H:%M:%S} UTC  {where}  {score}  ({why})"))
    say(f"{len(lines)} changes.")


def report(options: argparse.Namespace) -> None:
    from autograder.results.report import write_reports

    for path in write_reports(Path(options.course), options.assignments or None, options.db):
        say(path)


def feedback(options: argparse.Namespace) -> int:
    from autograder.classrun import Stopped, feedback_pages

    try:
        written, failed = feedback_pages.write(
            options.course, options.assignments, options.students,
            force=options.force, jobs=options.jobs, db_url=options.db,
        )  # fmt: skip
    except Stopped as reason:
        raise RuntimeError(reason) from None
    for assignment, student, why in failed:
        say(f"{assignment}  {printable(student)}: {why}")
    say(f"{written} written, {len(failed)} failed; all other graded work had its feedback.")
    waiting = feedback_pages.waiting(
        options.course, options.assignments, options.students, options.db
    )
    if waiting:
        say(f'Waiting for a person: {waiting}; there the pages say "not graded yet".')
    return 1 if failed else 0


def flags(options: argparse.Namespace) -> None:
    from autograder.course.folders import did_you_mean, folders, open_course
    from autograder.results.flags import flags_of_course
    from autograder.results.flags.printed_table import print_flags

    course = open_course(options.course)
    found: list[Flag] = []
    count = 0
    for assignment in dict.fromkeys(options.assignments) or [None]:
        flagged, read = flags_of_course(course, assignment)
        if assignment and not read:
            names = {name for name, _ in folders(course.coursedir, "submitted")}
            meant = did_you_mean(assignment, names)
            raise ValueError(f"nobody has handed in anything for {assignment!r}.{meant}")
        found, count = [*found, *flagged], count + read
    print_flags(found, count)


def doctor(options: argparse.Namespace) -> int:
    if options.tried is not None:
        from autograder.authoring.doctor.trial import print_trial, try_out

        same = print_trial(try_out(options.tried or options.course, options.mutants))
        return 0 if same else 1

    from autograder.authoring.doctor import examine, print_findings

    findings = examine(Path(options.course))
    print_findings(findings)
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def kit(options: argparse.Namespace) -> None:
    from autograder.authoring.kit import make_kit
    from autograder.course.folders import open_course

    course = open_course(options.course)
    say(make_kit(course, options.to and Path(options.to)))


def build(options: argparse.Namespace) -> None:
    from autograder.authoring.build import build

    names = build(
        options.course,
        execute=not options.no_execute,
        jobs=options.jobs,
        chosen=options.notebook,
    )
    say(f"Built {', '.join(names)}.")
