"""The seeds of random numbers that a test cell sets for all, for the student's code as well."""

import ast
import random
import re
from typing import Any

import numpy as np

SEEDS = re.compile("seed|state", re.I)


class Seeds:
    """What a test cell has made of the global random generators, of `random` and of NumPy.

    The student's process has generators of its own. They are set as the test's are, before the
    first question after these have changed. How they go on there does not come back: it is for the
    test to say which numbers it tries.

    Args:
        tree: the syntax tree of the cell. Only what has a word such as seed in it is looked at.
    """

    def __init__(self, tree: ast.Module) -> None:
        words = (getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree))
        self.seeds = any(map(SEEDS.search, words))
        self.seen = states() if self.seeds else {}

    def sends(self) -> dict[str, Any]:
        """The states that have changed since the last time, by the module's name."""
        if not self.seeds:
            return {}
        now, before = states(), self.seen
        self.seen = now
        return {name: state for name, state in now.items() if repr(state) != repr(before[name])}


def states() -> dict[str, Any]:
    """How the global random generators stand, by the name of their module."""
    return {"random": random.getstate(), "numpy.random": np.random.get_state()}
