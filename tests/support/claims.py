"""Numbers that the prose of a notebook states, so that a test can compute them again."""

import functools
import re

import numpy as np

from autograder import CLONE, demo
from autograder.exercises.reference import reference


@functools.cache
def prose(notebook):
    """All Markdown of a notebook's source, in one line."""
    text = (CLONE / "solutions" / notebook / f"{notebook}.py").read_text(encoding="utf-8")
    cells = re.split(r"^# %%", text, flags=re.M)
    lines = (line for cell in cells if cell.startswith(" [markdown]") for line in cell.splitlines())
    return " ".join(" ".join(line.removeprefix("#") for line in lines).split())


def stated(notebook, pattern):
    """The numbers that a sentence of a notebook states.

    Args:
        notebook: the notebook's name.
        pattern: a regular expression that finds the sentence, with the numbers as its groups.

    Returns:
        The numbers as a tuple of float; one number alone as a float.
    """
    found = re.findall(pattern, prose(notebook))
    assert len(found) == 1, f"{notebook} says {pattern!r} {len(found)} times: mend its test, too"
    groups = found[0] if isinstance(found[0], tuple) else (found[0],)
    numbers = tuple(float(re.sub("[  ]", "", group).replace("−", "-")) for group in groups)
    return numbers[0] if len(numbers) == 1 else numbers


white_images = functools.cache(demo.white_images)  # (10, 512, 512)


@functools.cache
def patches():
    """The 10 000 patches of notebook 05, (64, 10 000)."""
    return demo.sample_data(white_images(), np.random.default_rng(0))


@functools.cache
def theta0():
    """The start of notebook 05, which draws from one generator: first patches, then weights."""
    rng = np.random.default_rng(0)
    reference("01_patch_sampling").sample_patches(np.zeros((10, 512, 512)), 8, 10_000, rng)
    return reference("02_cost").initialize_parameters(64, 25, rng)
