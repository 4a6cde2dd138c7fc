"""Random problems for hidden tests, each from a seed.

`problems("sigmoid")` are those that a submission is graded on. Each submission has a seed of its
own, so that a regrade tries the same numbers and another try others. Sizes do not depend on the
seed.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from autograder.exercises import exercises
from autograder.exercises.grading import current
from saelab.check.exercise import Probe


@dataclass(frozen=True)
class Problems:
    """What one function is graded on: its name, the seed, and its probes."""

    name: str
    seed: int
    probes: tuple[Probe, ...]


def problems(name: str, seed: int | None = None) -> Problems:
    """The random problems of a function that students write.

    seed: another one than that of the submission that is being graded.
    """
    seed = current().seed if seed is None else seed
    # Each function has numbers of its own.
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return Problems(name, seed, tuple(exercises()[name].problems(rng)))
