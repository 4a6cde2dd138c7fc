"""The numbers that visible checks compare with: the reference's outputs on saelab's probes.

Numbers alone go into saelab/answers/, no code. They are rounded to twelve digits, to leave out
most of what differs from one processor to the next.
"""

from pathlib import Path

import numpy as np

import saelab
from autograder.reference import SOLUTIONS, load
from saelab.compare import as_arrays
from saelab.probes import PROBES

ANSWERS = Path(saelab.__file__).parent / "answers"


def compute_answers(notebook, solutions=SOLUTIONS):
    """The outputs for a notebook's probes: a dictionary from "function.probe.result" to array."""
    functions = load(notebook, solutions)
    outputs = {}
    for name, probes in PROBES[notebook].items():
        for number, probe in enumerate(probes):
            result = as_arrays(getattr(functions, name)(*probe.args, **probe.kwargs))
            for part, array in enumerate(result):
                outputs[f"{name}.{number}.{part}"] = _rounded(array)
    return outputs


def write_answers(solutions=SOLUTIONS, folder=ANSWERS):
    """Write one .npz file a notebook, from the solved notebooks; returns their paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for notebook in PROBES:
        paths.append(folder / f"{notebook}.npz")
        np.savez_compressed(paths[-1], allow_pickle=False, **compute_answers(notebook, solutions))
    return paths


def _rounded(array):
    flat = [float(f"{value:.12g}") for value in array.ravel()]
    return np.array(flat).reshape(array.shape)
