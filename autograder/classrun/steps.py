"""The steps of grading one submission, in the order in which a course's configuration lists them.

The steps before the one that saves scores run in a worker, without the gradebook: a worker calls
`grade_submission`. That step and all later ones run in the writer (writer.py), in the order in
which results arrive.
"""

import contextlib
import faulthandler
import functools
import json
import logging
import os
import pickle
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.preprocessors import SaveAutoGrades
from traitlets import TraitError
from traitlets.utils.importstring import import_item

from autograder.course.files import scratch, sweep_scratch
from autograder.course.folders import Course, configuration, copy_files, folder_of, open_course
from autograder.kernel.limits import LONG
from autograder.submission import Reconcile
from autograder.submission.contents import Contents, SubmissionLimits, contents_of
from autograder.submission.released import Released
from autograder.submission.structure import sound_notebook
from autograder.verdict.canary import GradingExporter
from autograder.verdict.trusted import Disturbed, TrustedExecute

# Seconds for one notebook beyond those that its own time limit gives it. A process that takes
# longer hangs where nothing in it can help, and is ended.
PATIENCE = 120


@dataclass(frozen=True)
class Task:
    """Something to do for one submission.

    Attributes:
        folder: the course's folder, as for open_course.
        db_url: the gradebook's URL, as for open_course.
        assignment: the assignment's name.
        student: the student's id.
    """

    folder: str
    db_url: str | None
    assignment: str
    student: str


@dataclass(frozen=True)
class GradingTask(Task):
    """One submission to grade.

    Attributes:
        released: the assignment's notebooks, pickled: a dictionary from name to Released.
        hooks: whether the hook before grading is called, which may change files.
    """

    released: bytes = field(repr=False)
    hooks: bool = True


@dataclass(frozen=True)
class Trial:
    """One canary to try: see autograder.verdict.canary.

    Attributes:
        folder: the course's folder, as for open_course.
        db_url: the gradebook's URL, as for open_course.
        assignment: the assignment's name.
        notebook: the notebook's name.
        what: "reference" or "untouched".
        released: the assignment's notebooks, as in Task.
    """

    folder: str
    db_url: str | None
    assignment: str
    notebook: str
    what: str
    released: bytes = field(repr=False)


@dataclass
class WorkerResult:
    """The result of a task.

    Attributes:
        notebooks: the executed notebooks as JSON, by name.
        seconds: how long each of them took, by name.
        log: the messages of the steps.
        failure: why there is no score, in a sentence for the instructor; None if there is one.
        disturbed: whether something else on the machine is to blame for that.
    """

    notebooks: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    log: str = ""
    failure: str | None = None
    disturbed: bool = False


def grade_submission(task: GradingTask, careful: bool = False) -> WorkerResult:
    """Grade one submission.

    Args:
        task: the submission.
        careful: whether each notebook is graded in a process of its own, whatever its tests are.

    Returns:
        The result. If anything goes wrong, the result says what.
    """
    result = WorkerResult()
    with messages() as log, only_seconds(task):
        try:
            steps = own_steps(task)
            if task.hooks:
                log.add(steps.call_hook("pre", task))
            steps.executing.replaceable = not careful
            steps.grade(task, result)
        except Exception as error:
            result.failure = failed("grading", error)
            result.disturbed = isinstance(error, Disturbed)
            log.add(traceback.format_exc())
    result.log = log.text()
    return result


def try_canary(trial: Trial, careful: bool = False) -> str | None:
    """Try one canary.

    Args:
        trial: the canary.
        careful: as for grade_submission().

    Returns:
        A sentence that says why nothing must be graded, or None.
    """
    with messages(), only_seconds(trial):
        try:
            steps = own_steps(trial)
            steps.executing.replaceable = not careful
            return steps.try_out(trial)
        except Exception as error:
            return str(error) or type(error).__name__


def failed(what: str, error: BaseException) -> str:
    """A sentence for the instructor that says what has failed, and with which error."""
    return f"{what} failed: {type(error).__name__}: {error}"[:2000]


class Steps:
    """The steps of one course, which can be used again and again.

    Args:
        course: the course.

    Attributes:
        sanitize: the steps that bring a submission back to its source. They run in a worker.
        execute: the steps that run a submission and its tests. They run in a worker.
        saving: the steps that enter the scores in the gradebook. They run in the writer.

    Raises:
        ValueError: if the course's configuration lists no TrustedExecute or no SaveAutoGrades.
    """

    def __init__(self, course: Course) -> None:
        self.course, self.coursedir, config = course, course.coursedir, course.config
        self.converter = Autograde(coursedir=self.coursedir, config=config)
        self.exporter = GradingExporter(config=config)
        self.limits = SubmissionLimits(config=config)
        self.sanitize = [self._step(s) for s in self.converter.sanitize_preprocessors]
        steps = [self._step(s) for s in self.converter.autograde_preprocessors]
        saving = [i for i, step in enumerate(steps) if isinstance(step, SaveAutoGrades)]
        executing = [step for step in steps if isinstance(step, TrustedExecute)]
        if not saving or not executing:
            raise ValueError(
                f"the configuration of {self.course.folder} does not grade in a sandbox: its "
                "nbgrader_config.py has to call trusted_grading(c), as docs/test-cells.md says"
            )
        # What comes from saving on is the writer's.
        self.execute, self.saving = steps[: saving[0]], steps[saving[0] :]
        self.executing = executing[0]

    def _step(self, kind: str | type) -> Preprocessor:
        try:
            kind = import_item(kind) if isinstance(kind, str) else kind
            return kind(parent=self.converter)
        except (ImportError, TraitError) as error:
            raise ValueError(
                f"the configuration of {self.course.folder} cannot be used: {error}"
            ) from error

    def prepare(self, released: Iterable[bytes]) -> None:
        """Read once what each worker, a fork of this process, would otherwise read by itself.

        Args:
            released: assignments' notebooks, as in GradingTask.
        """
        self.executing.policy.prepare()
        for content in released:
            for notebook in unpickled(content).values():
                with contextlib.suppress(Exception):  # the trial of the notebook will tell
                    self.executing.given(notebook.source)

    def grade(self, task: GradingTask, result: WorkerResult) -> None:
        """Grade a submission, and add its notebooks to `result` one by one."""
        released = unpickled(task.released)
        self.executing.policy.prepare()
        with scratch() as folder:
            self.lay_out(task.assignment, task.student, folder)
            self.tell_steps(released, folder)
            for name, path in self.handed_in(task).items():
                start = time.monotonic()
                resources = self.resources(task.assignment, task.student, name, folder)
                resources["metadata"]["path"] = str(path.parent)
                graded = run(self.sanitize, self.exporter.read_any(str(path)), resources)
                # nbgrader writes it here, and reads it again.
                graded = sound_notebook(graded)
                resources = self.resources(task.assignment, task.student, name, folder)
                with utils.setenv(NBGRADER_EXECUTION="autograde"):
                    graded = run(self.execute, graded, resources)
                result.notebooks[name] = json.dumps(graded)  # the writer lays it out
                result.seconds[name] = round(time.monotonic() - start, 3)

    def call_hook(self, when: str, task: GradingTask) -> str:
        """Call the function that is configured to run before or after a submission is graded.

        Nothing is called if nothing was handed in.

        Args:
            when: "pre" or "post", as in nbgrader's c.Autograde.pre_convert_hook.
            task: the submission.

        Returns:
            What went wrong, in a sentence, or "".
        """
        name = f"{when}_convert_hook"
        hook = getattr(self.converter, name)
        notebooks = sorted(map(str, self.handed_in(task).values())) if hook else []
        if notebooks:
            try:
                hook(assignment=task.assignment, student=task.student, notebooks=notebooks)
            except Exception as error:
                return failed(name, error)
        return ""

    def handed_in(self, task: GradingTask) -> dict[str, Path]:
        """The released notebooks that are in a submission: from name to path."""
        submitted = self.path("submitted", task.assignment, task.student)
        paths = {name: submitted / f"{name}.ipynb" for name in unpickled(task.released)}
        return {name: path for name, path in paths.items() if os.path.lexists(path)}

    def try_out(self, trial: Trial) -> str | None:
        """Try out grading with one canary.

        Returns:
            What goes wrong, in a sentence, or None.
        """
        assignment, name = trial.assignment, trial.notebook
        released, home = unpickled(trial.released), self.path("source", assignment)
        self.executing.policy.prepare()
        with scratch() as folder:
            self.lay_out(assignment, None, folder)
            self.tell_steps(released, folder)

            def grade(notebook: NotebookNode) -> NotebookNode:
                resources = self.resources(assignment, "canary", name, folder)
                return run([self.executing], notebook, resources)

            return self.exporter.fault_of(trial.what, assignment, name, released[name], home, grade)

    def path(self, step: str, assignment: str, student: str = ".") -> Path:
        """A folder of the course: see folder_of."""
        return folder_of(self.coursedir, step, assignment, student)

    def contents(self, assignment: str, student: str) -> Contents:
        """What is used of a submission."""
        return contents_of(self.coursedir, assignment, student, self.limits)

    def tell_steps(self, released: Mapping[str, Released], folder: Path) -> None:
        """Give the steps their folder and the released notebooks, to spare them the gradebook."""
        for step in [*self.sanitize, *self.execute]:
            if isinstance(step, Reconcile | TrustedExecute):
                step.find_released = lambda about: released[about["notebook"]]
            if isinstance(step, Reconcile):
                step.working_folder = folder

    def resources(self, assignment: str, student: str, name: str, folder: Path) -> ResourcesDict:
        """The resources, as nbgrader has them, for a notebook that is graded in `folder`."""
        return ResourcesDict(
            unique_key=name,
            output_files_dir=f"{name}_files",
            metadata=ResourcesDict(name=name, path=str(folder)),
            nbgrader={
                "student": student,
                "assignment": assignment,
                "notebook": name,
                "db_url": self.coursedir.db_url,
            },
        )

    def lay_out(self, assignment: str, student: str | None, folder: Path) -> None:
        """Copy the files that lie beside the notebooks into a folder.

        First comes what is used of what was handed in, and then, over it, what was handed out.

        Args:
            assignment: the assignment's name.
            student: the student's id; None if nobody has handed in anything.
            folder: where the files go.
        """
        source = self.path("source", assignment)
        kept = set(self.converter.exclude_overwriting.get(assignment, []))
        if student is not None:
            self.contents(assignment, student).copy(folder)
        copy_files(self.coursedir, source, folder, kept=kept)


def run(
    steps: Iterable[Preprocessor], notebook: NotebookNode, resources: ResourcesDict
) -> NotebookNode:
    """The notebook after these steps."""
    for step in steps:
        notebook, resources = step(notebook, resources)
    return notebook


def steps_of(course: Course) -> Steps:
    """The steps of a course, for this process and those that are forked from it."""
    key = _key(str(course.folder), course.db_url)
    _MADE[key] = Steps(course)
    return _MADE[key]


def own_steps(task: GradingTask | Trial) -> Steps:
    """The steps of a task's course, made once in each process that has not inherited them."""
    key = _key(task.folder, task.db_url)
    if key not in _MADE:
        _MADE.clear()
        sweep_scratch()  # in a cluster, of workers that were killed before this one
        _MADE[key] = Steps(open_course(task.folder, task.db_url))
    return _MADE[key]


# By the course's folder, its gradebook, and its configuration as a fingerprint counts it.
Key = tuple[str, str | None, bytes]
_MADE: dict[Key, Steps] = {}


def _key(folder: str, db_url: str | None) -> Key:
    return folder, db_url, configuration(folder)


@functools.lru_cache(maxsize=16)
def unpickled(content: bytes) -> dict[str, Released]:
    return pickle.loads(content)


@contextlib.contextmanager
def only_seconds(task: GradingTask | Trial) -> Iterator[None]:
    """End this process if a task takes longer than it ever may, whatever hangs in it."""
    count = len(unpickled(task.released))
    limit = LONG * own_steps(task).executing.submission_timeout + PATIENCE
    faulthandler.dump_traceback_later(limit * count, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


# --- what is logged meanwhile ---------------------------------------------------------

MOST_LOGGED = 100_000  # characters of a log that are kept


class Messages(logging.Handler):
    """A log handler that keeps the messages it gets, and texts that are added to them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):
            self.add(f"[{record.levelname}] {record.getMessage()}")

    def add(self, text: str) -> None:
        if text:
            self.lines.append(text)

    def text(self) -> str:
        return "\n".join(self.lines)[:MOST_LOGGED]


@contextlib.contextmanager
def messages() -> Iterator[Messages]:
    """Collect what nbgrader logs within a with block."""
    logger, kept = logging.getLogger("traitlets"), Messages()
    before, propagated = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [kept], False
    try:
        yield kept
    finally:
        logger.handlers, logger.propagate = before, propagated
