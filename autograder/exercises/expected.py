"""What visible checks compare with, made from the reference and from the known mistakes.

Only numbers and the sentences that a student reads go into saelab/expected/, no code. The
reference's outputs are rounded to twelve digits, which removes most of the differences between
processors. Of mistakes, and of pairs of them, only the signatures are stored (see
saelab.check.outcome).
"""

import json
import multiprocessing
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import saelab
from autograder.exercises.mistakes import catalogue, distinct, pairs, signature_of
from autograder.exercises.reference import SOLUTIONS, grading, load, results_of
from autograder.exercises.terms import forms, made_of, table
from saelab import progress
from saelab.check.exercises import NOTEBOOKS, exercise
from saelab.check.stored import FORMS, SENTENCES

EXPECTED = Path(saelab.__file__).parent / "expected"


def outputs(notebook: str, name: str, solutions: Path = SOLUTIONS) -> list[list[np.ndarray]]:
    """The reference's outputs on a function's probes: for each probe a list of arrays."""
    asked, function = exercise(name), getattr(load(notebook, solutions), name)
    results = results_of(asked, function, asked.probes)
    return [[_rounded(array) for array in arrays] for arrays in results]


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
    """
    probes, wanted = exercise(name).probes, outputs(notebook, name, solutions)
    numbers = {
        f"{name}.{probe}.{result}": array
        for probe, arrays in enumerate(wanted)
        for result, array in enumerate(arrays)
    }
    known = catalogue(name)
    asked, words = exercise(name), None
    with grading(solutions=solutions):
        # Terms explain what several mistakes do together, and findings without numbers do not.
        chosen = () if asked.weights or asked.properties else pairs(name)
        singles = np.array([signature_of(name, (mistake,), probes, wanted) for mistake in known])
        of = [(known.index(one), known.index(other)) for one, other in chosen]
        kept_of, kept = distinct(
            singles, of, [signature_of(name, p, probes, wanted) for p in chosen]
        )
        if not asked.properties:
            own, words = _terms(name, wanted)
            numbers |= own
    numbers |= {f"{name}.mistakes": singles.astype(np.float32)}
    return numbers | {f"{name}.of": kept_of, f"{name}.pairs": kept}, words


def _terms(
    name: str, wanted: list[list[np.ndarray]]
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The table of a function's terms, as numbers and as what is said of them."""
    probes = exercise(name).probes
    with np.errstate(all="ignore"):
        known, origin = table(name, probes, forms(name, probes))
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
    return {
        name: [mistake.says for mistake in catalogue(name)]
        for exercises in NOTEBOOKS.values()
        for name in exercises
    }


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
            own, words = future.result()
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
