"""What is stored in saelab/expected/: numbers that results are compared with, and sentences.

For each function there are the reference solution's outputs on the probes, and the signatures (see
outcome.py) of known mistakes and of pairs of them, or, for a function whose result is a sum of
terms, these terms in all their forms (see terms.py). The file sentences.json holds what to say
about each mistake, and forms.json what to say about each form.
"""

import json
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from saelab.check.diagnosis import Known
from saelab.check.exercises import exercise, notebook_of
from saelab.check.laws import symbols_of
from saelab.check.terms import Table
from saelab.check.words import Ledger

SENTENCES, FORMS = "sentences.json", "forms.json"


def wanted(name: str) -> list[list[NDArray[Any]]]:
    """The reference solution's outputs on a function's probes, a list of arrays for each probe."""
    with _opened(name) as stored:
        return [
            [stored[key] for key in output_keys(stored.files, name, number)]
            for number in range(len(exercise(name).probes))
        ]


def known(name: str) -> Known:
    """The known mistakes of a function, on its probes."""
    text = (_folder() / SENTENCES).read_text(encoding="utf-8")
    with _opened(name) as stored:
        return Known(
            json.loads(text)[name],
            stored[f"{name}.mistakes"],
            stored[f"{name}.of"],
            stored[f"{name}.pairs"],
            apart=exercise(name).apart,
        )


def ledger(name: str) -> Ledger | None:
    """The terms of a function's results in all their forms; None if there are none."""
    text = json.loads((_folder() / FORMS).read_text(encoding="utf-8")).get(name)
    if text is None:
        return None
    asked = exercise(name)
    with _opened(name) as stored:
        parts = tuple(text["parts"])
        table = Table(
            parts,
            (asked.rest, *asked.weights),
            symbols_of(asked.in_terms, asked.symbols),
            {term: symbol for term, (_, symbol) in asked.weights.items()},
            list(stored[f"{name}.cuts"]),
            [stored[f"{name}.rows.{part}"].astype(float) for part in parts],
            stored[f"{name}.use"].astype(int),
            [text["says"][i] for i in stored[f"{name}.says"]],
        )
        made_of = {
            says: frozenset((part, kind, how) for part, kind, how in items)
            for says, items in text["mistakes"]
        }
        return Ledger(table, made_of, tuple(int(i) for i in stored[f"{name}.versions"]))


def output_keys(keys: Iterable[str], name: str, number: int) -> list[str]:
    """Find the keys of the outputs for one probe.

    Args:
        keys: all keys of a file.
        name: the function's name.
        number: the probe's number, from 0.

    Returns:
        The keys, in the order of the outputs.
    """
    own = [key for key in keys if key.startswith(f"{name}.{number}.")]
    return sorted(own, key=lambda key: int(key.rsplit(".", 1)[1]))


def _folder() -> Traversable:
    return resources.files("saelab") / "expected"


def _opened(name: str) -> NpzFile:
    # A package's file, opened as such, is a path in every usual installation.
    with resources.as_file(_folder() / f"{notebook_of(name)}.npz") as path:
        opened: NpzFile = np.load(path, allow_pickle=False)
    return opened
