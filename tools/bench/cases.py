"""One version of a function in the benchmark of the checks: what it is, and how it was judged."""

import contextlib
import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.exercises import mistakes
from autograder.exercises.exercise import Mistake
from autograder.exercises.marks import problems
from autograder.exercises.reference import grading, made, points, results_of, solution_text
from saelab.check import check
from saelab.check.diagnosis import fitting
from saelab.check.exercises import exercise
from saelab.check.outcome import examine
from saelab.check.words import LEAD
from tests.variants import Variant
from tools.bench import exercise as original_exercise
from tools.bench.mutants import Mutant
from tools.bench.trials import Verdict, by_check, by_hidden_test, isolated

FRESH = 4711  # the seed of problems that neither check nor hidden tests have tried
KINDS = ("mistake", "generic", "pair", "triple", "variant")


@dataclass(frozen=True)
class Job:
    """One version to try.

    Attributes:
        kind: one of KINDS.
        function: the function's name.
        what: Mistakes, a Mutant or a Variant.
        seeds: how many seeds to try, from 0.
        original: whether to try it also on the exercise's own check, if that knows the function.
    """

    kind: str
    function: str
    what: tuple[Mistake, ...] | Mutant | Variant
    seeds: int
    original: bool = False

    @property
    def label(self) -> str:
        """The name of the version in lists."""
        if isinstance(self.what, tuple):
            return " + ".join(mistake.name for mistake in self.what)
        if isinstance(self.what, Mutant):
            return f"{self.what.operator}: {' => '.join(self.what.line)}"
        return f"version {self.what.number}"

    def make(self) -> Any:
        """The function itself."""
        if isinstance(self.what, tuple):
            return mistakes.mistaken(self.function, *self.what)
        if isinstance(self.what, Variant):
            return self.what.make()
        return made(self.what.text, self.function)


@dataclass(frozen=True)
class Case:
    """How one version was judged.

    Attributes:
        kind: one of KINDS.
        function: the function's name.
        label: the name of the version in lists.
        check: the verdict of the visible check.
        hidden: the verdicts of the hidden test, at each seed.
        named: whether the version's own sentence was given, by the check and by the hidden test at
            each seed; of several mistakes one of theirs, or terms that give exactly what came out.
        accused: the sentences of mistakes that were not made, but were given, and that do not
            give the same numbers either.
        original: whether the exercise's own check notices the version; None if it was not tried.
        equivalent: why a mutant does the same as the reference; None if it does not.
    """

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
        """Whether the check, and the hidden test at every seed, notice the version."""
        return self.check.noticed and all(verdict.noticed for verdict in self.hidden)

    @property
    def killed(self) -> bool:
        """Whether the hidden test notices the version at every seed."""
        return all(verdict.noticed for verdict in self.hidden)

    @property
    def alarms(self) -> int:
        """How many of the check and the hidden tests notice the version."""
        return sum(verdict.noticed for verdict in (self.check, *self.hidden))


def try_one(job: Job) -> Case:
    """Try a Job, and return its Case."""
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
    named = tuple(
        any(_packed(sentence) in text for sentence in own)
        or (len(own) > 1 and _packed(f"{LEAD} exactly") in text)
        for text in texts
    )
    accused: tuple[str, ...] = ()
    # Of a generic mutant nobody knows which sentences are right.
    if job.kind != "generic":
        told = [m for m in mistakes.catalogue(job.function)
                if any(_packed(m.says) in text for text in texts)]  # fmt: skip
        # One sentence may be the end of another one.
        right = [_packed(says) for says in {m.says for m in told} | own]
        others = {m.says for m in mistakes.catalogue()}
        others = {s for s in others if not any(_packed(s) in text for text in right)}
        accused = tuple(sorted(s for s in others if any(_packed(s) in text for text in texts)))
        if {m.says for m in told} - own and not _same_numbers(job, told):
            accused += tuple(m.says for m in told if m.says not in own)
    original = None
    if job.original and job.function in original_exercise.FUNCTIONS:
        # A string says how the trial failed: endless, or the process gone. That counts as noticed.
        trial = isolated(lambda: original_exercise.notices(job.function, job.make()), seconds=60)
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


def _same_numbers(job: Job, told: Sequence[Mistake]) -> bool:
    """Whether other mistakes than those that were made give the same numbers on fresh problems."""
    name = job.function
    probes = problems(name, FRESH).probes
    right = results_of(exercise(name), made(solution_text(name), name), probes)
    came = examine(exercise(name), job.make(), probes, right).signature
    try:
        same = mistakes.signature_of(name, told, probes, right)
    except mistakes.MistakeError:
        return False
    return same is not None and bool(len(fitting(came, same[None])))


def _packed(text: str) -> str:
    """The text without white space, since messages break lines, even after hyphens."""
    return "".join(text.split())


@functools.cache
def _right(function: str) -> None:
    """Try the reference itself in this process, so that modules are loaded before forks need them.

    Raises:
        RuntimeError: if the reference loses points, since no other result would mean anything then.
    """
    reference = made(solution_text(function), function)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        check(reference)
        earned, most = points(reference, function)
    if earned < most:
        raise RuntimeError(f"the reference of {function} loses points: {printed.getvalue()}")


@functools.cache
def _warm(function: str, seed: int) -> None:
    """Compute once, in this process, what each fork would otherwise compute by itself.

    The hidden test keeps the outcomes of known mistakes on the problems of a seed. It computes them
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
