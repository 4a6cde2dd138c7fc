"""What is stored in saelab/expected/: numbers that results are compared with, and sentences.

For each function there are the reference solution's outputs on the probes, and the signatures (see
outcome.py) of known mistakes and of pairs of them. The file sentences.json holds what to say about
each mistake.
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

SENTENCES = "sentences.json"


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
        )


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
