"""The numbers that visible checks compare with: the reference's outputs on saelab's probes.

Numbers alone go into saelab/answers/, no code; rounded to twelve digits, so that another
processor writes the same file.
"""

import copy
from pathlib import Path

import numpy as np

import saelab
from autograder.reference import reference
from saelab.compare import as_arrays
from saelab.probes import PROBES

ANSWERS = Path(saelab.__file__).parent / "answers"


def compute_answers(notebook):
    """The outputs for a notebook's probes: a dictionary from "function.probe.result" to array."""
    functions = reference(notebook)
    outputs = {}
    for name, probes in PROBES[notebook].items():
        for number, probe in enumerate(probes):
            args = copy.deepcopy(probe.args)
            result = as_arrays(getattr(functions, name)(*args, **probe.kwargs))
            for part, array in enumerate(result):
                outputs[f"{name}.{number}.{part}"] = _rounded(array)
    return outputs


def write_answers(folder=ANSWERS):
    """Write one .npz file a notebook; returns their paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for notebook in PROBES:
        paths.append(folder / f"{notebook}.npz")
        np.savez_compressed(paths[-1], allow_pickle=False, **compute_answers(notebook))
    return paths


def _rounded(array):
    flat = [float(f"{value:.12g}") for value in array.ravel()]
    return np.array(flat).reshape(array.shape)
