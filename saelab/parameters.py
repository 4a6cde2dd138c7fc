"""Trained parameters that one notebook saves and a later one reads.

    parameters.save("05_training", sparse=result.x)
    theta = parameters.load("05_training", "sparse")

They lie in one file, 05_training.npz, beside the notebook of that name. Where there is none, `load`
gives the course's own, and says so.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from saelab.data import load_stored
from saelab.files import whole
from saelab.typed import Array

# A folder to use instead of those of the notebooks; a build sets this variable.
SAVED = "SAELAB_SAVED"


def save(notebook: str, **arrays: ArrayLike) -> None:
    """Save arrays for later notebooks, in the working directory.

    What an earlier call saved is replaced as a whole.

    Args:
        notebook: the name of the notebook that saves, such as "05_training".
        **arrays: the arrays of finite numbers, by the names that `load` asks for.

    Raises:
        ValueError: if nothing is given, or an array does not hold finite numbers; the message names
            it. What was saved before stays then.
    """
    checked: dict[str, Any] = {name: _numbers(name, values) for name, values in arrays.items()}
    if not checked:
        raise ValueError('name at least one array, as in save("05_training", sparse=result.x)')
    path = _folder() / f"{notebook}.npz"
    with whole(path) as part, part.open("wb") as file:
        np.savez(file, **checked)
    print(f"saved {', '.join(checked)} in {path.name}")


def load(notebook: str, *names: str) -> Any:
    """Read arrays that an earlier notebook saved, or else the course's own.

    Args:
        notebook: the name of the notebook that saved them, such as "05_training".
        *names: the names of the arrays.

    Returns:
        The arrays as a tuple, in the order of `names`. One name gives the array itself.

    Raises:
        ValueError: if no array is named, or the course itself has none of that name.
        saelab.data.DataError: if the course's own file is missing or damaged.
    """
    if not names:
        raise ValueError('name at least one array, as in load("05_training", "sparse")')
    own = load_stored("parameters")
    unknown = [name for name in names if name not in own]
    if unknown:
        raise ValueError(
            f"{notebook} saves no {', '.join(unknown)}; there are {', '.join(sorted(own))}"
        )
    own = {name: own[name] for name in names}
    found, reason = _saved(notebook, own)
    if found is None:
        print(
            f"{reason}These are the course's own parameters. Run {notebook} to its end, and this "
            "cell again, to see yours."
        )
        found = own
    chosen = tuple(found[name] for name in names)
    return chosen[0] if len(chosen) == 1 else chosen


def _saved(notebook: str, own: dict[str, Array]) -> tuple[dict[str, Array] | None, str]:
    """The reader's arrays of the names and shapes of `own`, or None and why, in a sentence."""
    file, here = f"{notebook}.npz", Path.cwd()
    places = [here.parent / notebook / file, here.parent / file, here / file]
    if os.environ.get(SAVED):
        places = [_folder() / file]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        return None, ""
    try:
        with np.load(path, allow_pickle=False) as stored:
            found = {name: stored[name] for name in own if name in stored.files}
    except Exception:  # numpy's reader raises whatever a damaged file triggers in it
        return None, f"{path.name} is damaged, or no file that save has written. "
    missing = [name for name in own if name not in found]
    if missing:
        return None, f"{path.name} lacks {' and '.join(missing)}. "
    for name, values in found.items():
        if values.shape != own[name].shape:
            return None, (
                f"{name} in {path.name} has the shape {values.shape}, where notebook 06 is written "
                f"for {own[name].shape}. "
            )
        try:
            found[name] = _numbers(name, values)
        except ValueError as error:
            return None, f"In {path.name}, {error}. "
    return found, ""


def _numbers(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ValueError(f"{name} holds something other than finite numbers: {array!r:.60}")
    return array.astype(float)


def _folder() -> Path:
    return Path(os.environ.get(SAVED) or Path.cwd())
