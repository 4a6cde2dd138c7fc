"""Random problems for hidden tests, each made from a seed.

`problems("sigmoid")` are the problems that a submission is graded on. Each submission has its own
seed, so that grading it again tries the same numbers, and another submission gets others. Sizes do
not depend on the seed.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from autograder.exercises import exercises
from autograder.exercises.grading import current
from saelab.check.exercise import Probe


@dataclass(frozen=True)
class Problems:
    """What one function is graded on.

    Attributes:
        name: the function's name.
        seed: the seed from which the probes are made.
        probes: the calls that are tried.
    """

    name: str
    seed: int
    probes: tuple[Probe, ...]


def problems(name: str, seed: int | None = None) -> Problems:
    """The random problems of a function that students write.

    Args:
        name: the function's name.
        seed: a seed to use instead of the one of the submission that is being graded; None for the
            latter.
    """
    seed = current().seed if seed is None else seed
    # Each function has numbers of its own.
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return Problems(name, seed, tuple(exercises()[name].problems(rng)))
