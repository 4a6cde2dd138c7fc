"""Notebook 06: what each hidden unit looks for, as a picture."""

from saelab.check.exercise import Condition, Exercise, Probe, wave

NOTEBOOK = "06_visualization"


EXERCISES = (
    Exercise(
        "maximal_inputs",
        probes=(
            Probe("3 units, 4 inputs", (wave(3, 4, height=2.0),)),
            Probe("one unit whose weights are all zero", (wave(3, 4) * [[1], [0], [1]],)),
        ),
        conditions=(
            Condition(
                "a unit's weights are all zero",
                "where none are",
                lambda a: not a[0].any(axis=1).all(),
            ),
        ),
    ),
    Exercise(
        "tile_filters",
        probes=(
            Probe("6 filters of 3x3 in 3 columns", (wave(6, 9), 3)),
            Probe("5 filters in 3 columns: one place stays empty", (wave(5, 4), 3)),
            Probe("a filter of zeros", (wave(3, 4) * [[1], [0], [1]], 3)),
            Probe("gap = 2", (wave(4, 4, height=3.0), 2), {"gap": 2}),
            Probe('scale = "common"', (wave(4, 9) * [[1], [2], [3], [4]], 2), {"scale": "common"}),
        ),
        conditions=(
            Condition(
                "a filter is all zero", "where none is", lambda a: not a[0].any(axis=1).all()
            ),
            Condition(
                "every row of the picture is full",
                "where a place stays empty",
                lambda a: len(a[0]) % a[1] == 0,
            ),
        ),
    ),
)
