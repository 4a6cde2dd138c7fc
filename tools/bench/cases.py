"""One version of a function in the bench of the checks: what it is, and what became of it."""

import contextlib
import functools
import io
from dataclasses import dataclass
from typing import Any

from autograder.exercises import mistakes
from autograder.exercises.exercise import Mistake
from autograder.exercises.grading import grading
from autograder.exercises.reference import made, points, solution_text
from saelab.check import check
from tests.variants import Variant
from tools.bench import exercise
from tools.bench.mutants import Mutant
from tools.bench.trials import Verdict, by_check, by_hidden_test, isolated

KINDS = ("mistake", "generic", "pair", "variant")


@dataclass(frozen=True)
class Job:
    """One version to try.

    what: Mistakes, a Mutant or a Variant. seeds: how many, from 0. original: whether to try it on
    the exercise's own check too, where that knows the function.
    """

    kind: str
    function: str
    what: tuple[Mistake, ...] | Mutant | Variant
    seeds: int
    original: bool = False

    @property
    def label(self) -> str:
        """What the version is called where it is listed."""
        if isinstance(self.what, tuple):
            return " + ".join(mistake.name for mistake in self.what)
        if isinstance(self.what, Mutant):
            return f"{self.what.operator}: {' => '.join(self.what.line)}"
        return f"version {self.what.number}"

    def make(self) -> Any:
        """The function itself."""
        if isinstance(self.what, tuple):
            return mistakes.mistaken(self.function, *self.what)
        return made(self.what.text, self.function)


@dataclass(frozen=True)
class Case:
    """What became of one version. original: whether the exercise's own check notices, if tried."""

    kind: str
    function: str
    label: str
    check: Verdict
    hidden: tuple[Verdict, ...]
    named: tuple[bool, ...]  # by the check, and by the hidden test at each seed
    accused: tuple[str, ...]
    original: bool | None
    equivalent: str | None = None

    @property
    def caught(self) -> bool:
        """Whether the check and the hidden test at every seed notice."""
        return self.check.noticed and all(verdict.noticed for verdict in self.hidden)

    @property
    def killed(self) -> bool:
        """Whether the hidden test notices, at every seed."""
        return all(verdict.noticed for verdict in self.hidden)

    @property
    def alarms(self) -> int:
        """How often anything is noticed."""
        return sum(verdict.noticed for verdict in (self.check, *self.hidden))


def try_one(job: Job) -> Case:
    """The Case of a Job."""
    wrong = job.kind != "variant"
    _right(job.function)
    visible = by_check(job.make)
    hidden = []
    for seed in range(job.seeds):
        if wrong:
            _warm(job.function, seed)
        hidden.append(by_hidden_test(job.make, job.function, seed))
    own = {m.says for m in job.what} if isinstance(job.what, tuple) else set()
    texts = [_packed(verdict.text) for verdict in (visible, *hidden)]
    named = tuple(any(_packed(sentence) in text for sentence in own) for text in texts)
    accused: tuple[str, ...] = ()
    # Of a generic mutant nobody knows which sentences are right.
    if job.kind != "generic":
        others = {m.says for m in mistakes.catalogue()} - own
        accused = tuple(sorted(s for s in others if any(_packed(s) in text for text in texts)))
    original = None
    if job.original and job.function in exercise.FUNCTIONS:
        # A string tells how the trial broke down: endless, or the process gone. That is noticed.
        trial = isolated(lambda: exercise.notices(job.function, job.make()), seconds=60)
        original = bool(trial)
    equivalent = job.what.equivalent if isinstance(job.what, Mutant) else None
    return Case(
        job.kind,
        job.function,
        job.label,
        visible,
        tuple(hidden),
        named,
        accused,
        original,
        equivalent,
    )


def _packed(text: str) -> str:
    """The text without white space: messages break lines, also after hyphens."""
    return "".join(text.split())


@functools.cache
def _right(function: str) -> None:
    """Try the reference itself, in this process: modules are loaded before forks want them.

    Errors: RuntimeError where it does not pass, since nothing else would mean anything then.
    """
    reference = made(solution_text(function), function)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        check(reference)
        earned, most = points(reference, function)
    if earned < most:
        raise RuntimeError(f"the reference of {function} loses points: {printed.getvalue()}")


@functools.cache
def _warm(function: str, seed: int) -> None:
    """Work out once, in this process, what forks would each work out by themselves.

    The hidden test keeps the outcomes of known mistakes on a seed's problems; it looks for them
    when it meets a wrong function.
    """
    for mistake in mistakes.catalogue(function)[:3]:
        wrong = mistakes.mistaken(function, mistake)
        with (
            grading(seed=seed),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            contextlib.suppress(Exception),
        ):
            points(wrong, function)
