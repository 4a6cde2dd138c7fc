"""Notebook 06: what each hidden unit looks for, as a picture."""

from saelab.check.exercise import Condition, Exercise, Probe, wave

NOTEBOOK = "06_visualization"


EXERCISES = (
    Exercise(
        "maximal_inputs",
        probes=(
            Probe("3 units, 4 inputs", (wave(3, 4, height=2.0),)),
            Probe("5 units, 3 inputs", (wave(5, 3, height=2.0),)),
            Probe("long and short weights", (wave(4, 5) * [[1e-3], [0.1], [1], [50]],)),
            Probe("one weight far larger than the others", (wave(3, 4) * [1e-3, 1, 1e-4, 1e-5],)),
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
            Probe("6 filters of 3x3 in 3 columns", (wave(6, 9), 3), part="own"),
            Probe("other filters", (wave(6, 9, start=3), 3), part="own"),
            Probe("5 filters in 3 columns: one place stays empty", (wave(5, 4), 3), part="own"),
            Probe("7 filters in 3 columns: two places stay empty", (wave(7, 4), 3), part="own"),
            Probe("2 filters in 3 columns", (wave(2, 4), 3), part="own"),
            Probe("11 filters, and nothing said of columns", (wave(11, 4),), part="own"),
            Probe("a filter of zeros", (wave(3, 4) * [[1], [0], [1]], 3), part="own"),
            Probe(
                "strong and weak filters", (wave(4, 4) * [[1e-3], [0.1], [1], [50]], 2), part="own"
            ),
            Probe("gap = 2", (wave(4, 4, height=3.0), 2), {"gap": 2}, part="own"),
            Probe(
                'scale = "common"',
                (wave(4, 9) * [[1], [2], [3], [4]], 2),
                {"scale": "common"},
                part="common",
            ),
            Probe(
                'scale = "common", and the largest weight is negative',
                (wave(4, 9, middle=-0.5) * [[1], [3], [2], [1]], 2),
                {"scale": "common"},
                part="common",
            ),
        ),
        conditions=(
            Condition(
                "a filter is all zero", "where none is", lambda a: not a[0].any(axis=1).all()
            ),
            Condition(
                "every row of the picture is full",
                "where a place stays empty",
                lambda a: len(a[0]) % (a[1] if len(a) > 1 else 5) == 0,
            ),
        ),
    ),
)
