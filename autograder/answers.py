"""What visible checks compare with, made from the reference and from the known mistakes.

Into saelab/answers/ go numbers, and the sentences that a student reads; no code. The reference's
outputs are rounded to twelve digits, to leave out most of what differs from one processor to the
next; of mistakes, and of pairs of them, there are signatures alone (see saelab.outcome).
"""

import json
from pathlib import Path

import numpy as np

import saelab
from autograder.execute import environment
from autograder.known import distinct, signature_of
from autograder.mistakes import catalogue, pairs
from autograder.reference import SOLUTIONS, load
from saelab import progress
from saelab.compare import as_arrays
from saelab.outcome import PROPERTIES
from saelab.probes import PROBES
from saelab.stored import SENTENCES

ANSWERS = Path(saelab.__file__).parent / "answers"


def outputs(notebook, name, solutions=SOLUTIONS):
    """The reference's outputs on a function's probes: for each probe a list of arrays."""
    if name in PROPERTIES:
        return [[] for _ in PROBES[notebook][name]]
    function = getattr(load(notebook, solutions), name)
    results = [function(*probe.args, **probe.kwargs) for probe in PROBES[notebook][name]]
    return [[_rounded(array) for array in as_arrays(result)] for result in results]


def compute_answers(notebook, solutions=SOLUTIONS, bar=None):
    """All numbers for a notebook's probes, by "function.probe.result", "function.mistakes" etc."""
    numbers = {}
    for name, probes in PROBES[notebook].items():
        wanted = outputs(notebook, name, solutions)
        for number, arrays in enumerate(wanted):
            numbers |= {f"{name}.{number}.{i}": array for i, array in enumerate(arrays)}
        found, known = {}, catalogue(name)
        for chosen in [*((mistake,) for mistake in known), *pairs(name)]:
            found[chosen] = signature_of(name, chosen, probes, wanted)
            if bar is not None:
                bar.update()
        singles = np.array([found[(mistake,)] for mistake in known])
        kept = distinct(singles, [(known.index(a), known.index(b)) for a, b in pairs(name)],
                        [found[pair] for pair in pairs(name)])  # fmt: skip
        numbers |= {f"{name}.mistakes": singles, f"{name}.of": kept[0], f"{name}.pairs": kept[1]}
    return numbers


def sentences():
    """What to say of each known mistake: from a function to a list, in the catalogue's order."""
    return {
        name: [mistake.says for mistake in catalogue(name)]
        for probes in PROBES.values()
        for name in probes
    }


def write_answers(solutions=SOLUTIONS, folder=ANSWERS):
    """Write one .npz file a notebook, and the sentences; returns their paths."""
    folder.mkdir(exist_ok=True)
    known = [name for probes in PROBES.values() for name in probes]
    with environment("AUTOGRADER_SOLUTIONS", str(solutions)):
        count = sum(len(catalogue(name)) + len(pairs(name)) for name in known)
        with progress.bar(count, "trying known mistakes", unit="version") as bar:
            paths = []
            for notebook in PROBES:
                numbers = compute_answers(notebook, solutions, bar)
                paths.append(folder / f"{notebook}.npz")
                np.savez_compressed(paths[-1], allow_pickle=False, **numbers)
    paths.append(folder / SENTENCES)
    text = json.dumps(sentences(), indent=1, ensure_ascii=False)
    paths[-1].write_text(f"{text}\n", encoding="utf-8")
    return paths


def _rounded(array):
    flat = [float(f"{value:.12g}") for value in array.ravel()]
    return np.array(flat).reshape(array.shape)
