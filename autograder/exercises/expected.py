"""What visible checks compare with, made from the reference and from the known mistakes.

Only numbers and the sentences that a student reads go into saelab/expected/, no code. The
reference's outputs are rounded to twelve digits, which removes most of the differences between
processors. Of mistakes, and of pairs of them, only the signatures are stored (see
saelab.check.outcome).
"""

import contextlib
import json
import multiprocessing
import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import saelab
from autograder.exercises import exercises
from autograder.exercises.exercise import Mistake
from autograder.exercises.mistakes import (
    MistakeError,
    Pair,
    Wanted,
    catalogue,
    distinct,
    mistaken,
    pairs,
    signature_of,
)
from autograder.exercises.reference import (
    SOLUTIONS,
    grading,
    load,
    notebook_of,
    reference,
    results_of,
)
from autograder.exercises.terms import forms, made_of, table
from saelab import progress
from saelab.check.exercise import Probe
from saelab.check.exercises import FUNCTIONS, NOTEBOOKS, exercise
from saelab.check.outcome import agree, examine
from saelab.check.stored import FORMS, SENTENCES

EXPECTED = Path(saelab.__file__).parent / "expected"
MEMORY = 2**30  # bytes that a version of a function may take


def outputs(notebook: str, name: str, solutions: Path = SOLUTIONS) -> list[list[np.ndarray]]:
    """The reference's outputs on a function's probes: for each probe a list of arrays."""
    asked, function = exercise(name), getattr(load(notebook, solutions), name)
    results = results_of(asked, function, asked.probes)
    return [[_rounded(array) for array in arrays] for arrays in results]


@contextlib.contextmanager
def in_time() -> Iterator[None]:
    """Limit, for a with block, the time of all calls of one version of a function.

    Raises:
        TimeoutError: if they take longer than one call of a student's function may.
    """
    if os.name != "posix":  # Windows has no such limits
        yield
        return
    from autograder.kernel.limits import TimeLimits, TooMuch, bounded

    try:
        with bounded(MEMORY, TimeLimits.call):
            yield
    except TooMuch:
        raise TimeoutError(
            f"its calls take more than {TimeLimits.call:g} s: does it loop for ever?"
        ) from None


def computed(
    notebook: str, name: str, solutions: Path = SOLUTIONS
) -> tuple[dict[str, np.ndarray], dict[str, Any] | None]:
    """Compute all numbers that are stored for a function.

    Args:
        notebook: the name of the function's notebook.
        name: the function's name.
        solutions: the folder of the solved notebooks.

    Returns:
        A dictionary with one entry "name.probe.result" for each output of the reference, and the
        entries "name.mistakes", "name.of" and "name.pairs"; and, for a function whose result is a
        sum of terms, what is to be said of them, as saelab.check.stored.ledger() reads it.

    Raises:
        ValueError: if the solution does not do what its exercise says, or if a known mistake is
            none, or cannot be told from another one.
    """
    asked, words = exercise(name), None
    known, probes = catalogue(name), asked.probes
    with grading(solutions=solutions):
        wanted = _right(notebook, name, solutions)
        numbers = {
            f"{name}.{probe}.{result}": array
            for probe, arrays in enumerate(wanted)
            for result, array in enumerate(arrays)
        }
        # Terms explain what several mistakes do together, and findings without numbers do not.
        chosen = () if asked.weights or asked.properties else pairs(name)
        singles = np.array([_single(mistake, probes, wanted) for mistake in known])
        _tell_apart(name, singles)
        of = [(known.index(one), known.index(other)) for one, other in chosen]
        kept_of, kept = distinct(singles, of, [_pair(pair, probes, wanted) for pair in chosen])
        if not asked.properties:
            own, words = _terms(name, wanted)
            numbers |= own
    numbers |= {f"{name}.mistakes": singles.astype(np.float32)}
    return numbers | {f"{name}.of": kept_of, f"{name}.pairs": kept}, words


def _right(notebook: str, name: str, solutions: Path) -> list[list[np.ndarray]]:
    """The reference's outputs, if the reference passes its own check and runs on the problems."""
    asked, function = exercise(name), getattr(load(notebook, solutions), name)
    try:
        with in_time():
            found = outputs(notebook, name, solutions)
            results_of(asked, function, exercises()[name].problems(np.random.default_rng(0)))
            try:
                outcome = examine(asked, function, asked.probes, found)
            except Exception as error:
                raise ValueError(
                    f"the solution of {name} cannot be tried as its exercise in "
                    f"saelab/check/exercises/ says ({type(error).__name__}: {error}): look at the "
                    "arguments of its probes, and at what the exercise says of its results"
                ) from error
    except TimeoutError as error:
        raise ValueError(f"the solution of {name} cannot be tried: {error}") from None
    for part in outcome.wrong():
        fault, probe = outcome.first(part)
        raise ValueError(
            f"the solution of {name} does not pass its own check ({probe.says}): {fault}. Look at "
            "its exercise in saelab/check/exercises/, such as the names in `results`"
        )
    return found


def _single(mistake: Mistake, probes: Sequence[Probe], wanted: Wanted) -> np.ndarray:
    """The signature of one known mistake."""
    try:
        with in_time():
            mistaken(mistake.function, mistake)  # says why it is no program
            signature = signature_of(mistake.function, (mistake,), probes, wanted)
    except MistakeError:
        raise
    except Exception as error:
        raise MistakeError(
            f"{mistake}: the edited solution cannot be tried ({type(error).__name__}: {error}); "
            "mend the edit of this entry"
        ) from error
    assert signature is not None
    return signature


def _pair(pair: Pair, probes: Sequence[Probe], wanted: Wanted) -> np.ndarray | None:
    """The signature of two mistakes together; None if together they do not end."""
    try:
        with in_time():
            return signature_of(pair[0].function, pair, probes, wanted)
    except TimeoutError:
        return None


def _tell_apart(name: str, singles: np.ndarray) -> None:
    """Look whether each known mistake does something else than the solution and the others.

    Those that are alike on the visible probes are tried on hidden problems too.

    Raises:
        MistakeError: if two are alike everywhere.
    """
    known, right = catalogue(name), np.zeros_like(singles[:1])
    every = np.concatenate([right, singles])
    alike = [(i, j) for i in range(len(every)) for j in range(i) if agree(every[i], every[j]).all()]
    if not alike:
        return
    problems = exercises()[name].tried(np.random.default_rng(0))
    asked = exercise(name)
    wanted = results_of(asked, getattr(reference(notebook_of(name)), name), problems)
    for i, j in alike:
        other = _single(known[i - 1], problems, wanted)
        if not agree(other, _single(known[j - 1], problems, wanted) if j else 0 * other).all():
            continue
        what = f"the mistake {known[j - 1].name!r}" if j else "the solution"
        raise MistakeError(
            f"{known[i - 1]}: the check and the hidden test cannot tell it from {what}; change its "
            "edit, or leave the entry out"
        )


def _terms(
    name: str, wanted: list[list[np.ndarray]]
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The table of a function's terms, as numbers and as what is said of them."""
    probes = exercise(name).in_terms
    with np.errstate(all="ignore"):
        known, origin = table(name, probes, forms(name, probes, limit=in_time))
        mistakes = made_of(name, probes, wanted, known)
    said = sorted(set(known.says))
    numbers: dict[str, np.ndarray] = {
        f"{name}.cuts": np.array(known.cuts, np.int32),
        f"{name}.use": known.use.astype(np.int16),
        f"{name}.says": np.array([said.index(says) for says in known.says], np.int16),
        f"{name}.versions": np.array([-1, *(of[0] for of in origin[1:])], np.int16),
    }
    for part, rows in zip(known.parts, known.rows):
        # Single numbers are few, and small terms of them stand beside large ones.
        single = rows.shape[1] == len(probes)
        numbers[f"{name}.rows.{part}"] = rows.astype(np.float64 if single else np.float32)
    return numbers, {"parts": known.parts, "says": said, "mistakes": mistakes}


def sentences() -> dict[str, list[str]]:
    """The sentence for each known mistake: from a function to a list, in the catalogue's order."""
    return {name: [mistake.says for mistake in catalogue(name)] for name in FUNCTIONS}


def write_expected(
    solutions: Path = SOLUTIONS,
    folder: Path = EXPECTED,
    jobs: int = 2,
    notebooks: Collection[str] = tuple(NOTEBOOKS),
) -> list[Path]:
    """Write one .npz file for each notebook, and the sentences.

    Args:
        solutions: the folder of the solved notebooks.
        folder: where the files go.
        jobs: how many processes share the work, which takes long because there are many pairs of
            mistakes.
        notebooks: the names of the notebooks whose files are written.

    Returns:
        The paths of the files.
    """
    folder.mkdir(exist_ok=True)
    numbers: dict[str, dict[str, np.ndarray]] = {name: {} for name in notebooks}
    path = folder / FORMS
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    tasks = [(notebook, name) for notebook in notebooks for name in NOTEBOOKS.get(notebook, ())]
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        started = [pool.submit(computed, *task, solutions) for task in tasks]
        done = progress.bar(started, "trying known mistakes", unit="function")
        for (notebook, name), future in zip(tasks, done):
            try:
                own, words = future.result()
            except Exception as error:
                pool.shutdown(cancel_futures=True)
                if name in str(error):
                    raise
                says = f"{name} of {notebook} cannot be tried: {type(error).__name__}: {error}"
                raise RuntimeError(says) from error
            numbers[notebook] |= own
            if words:
                said[name] = words
    paths = [folder / f"{notebook}.npz" for notebook in notebooks if notebook in NOTEBOOKS]
    for path in paths:
        np.savez_compressed(path, allow_pickle=False, **numbers[path.stem])
    for name, content in ((SENTENCES, sentences()), (FORMS, said)):
        text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=name == FORMS)
        paths.append(folder / name)
        paths[-1].write_text(f"{text}\n", encoding="utf-8")
    return paths


def _rounded(array: np.ndarray) -> np.ndarray:
    flat = [float(f"{value:.12g}") for value in array.ravel()]
    return np.array(flat).reshape(array.shape)
