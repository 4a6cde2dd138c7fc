"""The numbers that visible checks compare with are the reference's, and are numbers alone."""

import zipfile

import numpy as np
import pytest

from autograder.answers import ANSWERS, compute_answers, write_answers
from saelab.probes import PROBES

every_notebook = pytest.mark.parametrize("notebook", PROBES)


@every_notebook
def test_the_answers_on_disk_are_those_of_today_s_reference(notebook):
    """`python -m autograder.build` writes them; another processor may differ in the last digits."""
    computed = compute_answers(notebook)
    with np.load(ANSWERS / f"{notebook}.npz", allow_pickle=False) as stored:
        assert sorted(stored) == sorted(computed)
        for key, array in computed.items():
            assert stored[key].shape == array.shape
            assert np.allclose(stored[key], array, rtol=1e-9, atol=1e-10), key


def test_there_is_a_file_for_every_notebook_with_probes_and_no_other():
    assert {path.stem for path in ANSWERS.iterdir()} == set(PROBES)


@every_notebook
def test_the_files_hold_arrays_of_floats_and_nothing_else(notebook):
    path = ANSWERS / f"{notebook}.npz"
    with zipfile.ZipFile(path) as file:
        assert all(name.endswith(".npy") for name in file.namelist())
    with np.load(path, allow_pickle=False) as stored:
        for key in stored:
            assert stored[key].dtype == np.float64 and np.isfinite(stored[key]).all()


@every_notebook
def test_they_are_rounded_to_twelve_digits(notebook):
    for array in compute_answers(notebook).values():
        assert all(value == float(f"{value:.12g}") for value in array.ravel())


def test_two_writes_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        paths = write_answers(folder=tmp_path / name)
        assert [path.name for path in paths] == [f"{notebook}.npz" for notebook in PROBES]
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_to_compute_them_leaves_the_probes_as_they_are():
    def arrays():
        return [a.copy() for probes in PROBES.values() for tried in probes.values()
                for probe in tried for a in probe.args if isinstance(a, np.ndarray)]  # fmt: skip

    before = arrays()
    for notebook in PROBES:
        compute_answers(notebook)
    assert all(np.array_equal(a, b) for a, b in zip(before, arrays(), strict=True))
