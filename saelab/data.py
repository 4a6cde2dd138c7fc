"""Read pictures: the course's own photographs, a MATLAB file, or a folder of pictures.

    images = load_images()                 the ten photographs that come with the course
    images = load_images("IMAGES.mat")     the whitened pictures of the UFLDL exercise
    images = load_images("my/pictures")    a folder of pictures, all of one size
    trainings = load_trainings()           what networks learned with other parameters

Whatever the source of the pictures, the result is an array (n, height, width) of float64. If a file
is faulty, the message names the file and says what is wrong with it.
"""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy.io import loadmat

from saelab.typed import Array

SHIPPED_SHAPE = (10, 512, 512)
MAT_VARIABLE = "IMAGES"
SUFFIXES = (
    ".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp",
)  # fmt: skip


class DataError(ValueError):
    """A picture, or a file of pictures, that cannot be used; the message says why."""


def load_images(path: str | PathLike[str] | None = None) -> Array:
    """Read pictures as an array.

    The photographs are listed in data/LICENSES.md. The file IMAGES.mat is described in A. Ng,
    "Sparse autoencoder", CS294A lecture notes, 2011.

    Args:
        path: None for the photographs that come with the course, (10, 512, 512); a folder of
            pictures of one size, which are read in the order of their names; or a MATLAB file with
            a variable IMAGES of the shape (height, width, n).

    Returns:
        The pictures as an array (n, height, width) of float64. The numbers are brightness from 0
        (black) to 1 (white), and colours are turned to gray. The values of a MATLAB file are kept
        as they are, since those of UFLDL are already whitened.

    Raises:
        DataError: if the path is missing, or is neither a folder nor a MATLAB file; or if a file is
            damaged, has the wrong shape, or holds values that are not finite real numbers.
    """
    if path is None:
        return _load_shipped()
    path = Path(path).expanduser()
    if path.is_dir():
        return _load_folder(path)
    if not path.exists():
        raise DataError(f"there is no file or folder {path} (looked in {Path.cwd()})")
    if path.suffix.lower() != ".mat":
        raise DataError(
            f"{path} is neither a folder of pictures nor a MATLAB file (.mat); to read "
            "single pictures, put them in a folder and give its name"
        )
    return _load_mat(path)


def image_names() -> list[str]:
    """Short names of the ten photographs, such as "01_life", in the order of load_images().

    Raises:
        DataError: if the photographs are not found.
    """
    return [file.stem for file in _picture_files(_shipped_folder())]


def load_trainings() -> dict[str, NDArray[Any]]:
    """Read the results of the trainings that the playground shows.

    Returns:
        A dictionary from name to array. The names, shapes and units are described in
        data/trainings.py, which made the file.

    Raises:
        DataError: if the file is missing or damaged.
    """
    file = _shipped("trainings.npz", "trainings")
    # numpy's reader raises whatever a damaged file happens to trigger in it.
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except Exception as error:
        raise DataError(
            f"{file} cannot be read, it may be damaged or cut short ({type(error).__name__}: "
            f"{error}); install saelab again, or fetch that file of the course again"
        ) from error


def _shipped_folder() -> Path:
    return _shipped("images", "photographs")


def _shipped(name: str, what: str) -> Path:
    """Where a part of data/ is: inside an installed saelab, or next to it in a clone."""
    package = Path(__file__).resolve().parent
    places = [package / "_data" / name, package.parent / "data" / name]
    for place in places:
        if place.exists():
            return place
    raise DataError(
        f"the course's {what} are not in {places[0]}, nor in {places[1]}: "
        f"install saelab again, or fetch data/{name} of the course"
    )


def _load_shipped() -> Array:
    folder = _shipped_folder()
    images = _load_folder(folder)
    if images.shape != SHIPPED_SHAPE:
        raise DataError(
            f"the pictures in {folder} have the shape {images.shape} instead of "
            f"{SHIPPED_SHAPE}: fetch that folder of the course again, and keep "
            "pictures of your own in another"
        )
    return images


# --- a folder of pictures ----------------------------------------------------------


def _load_folder(folder: Path) -> Array:
    files = _picture_files(folder)
    pictures = [_read_picture(file) for file in files]
    for file, picture in zip(files, pictures, strict=True):
        if picture.shape != pictures[0].shape:
            raise DataError(
                f"the pictures in {folder} differ in size: {files[0].name} is "
                f"{_size(pictures[0])} and {file.name} is {_size(picture)} pixels (width x "
                "height); crop or resize them to one size"
            )
    images = np.stack(pictures)
    _require_finite(images, list(map(str, files)))
    return images


def _picture_files(folder: Path) -> list[Path]:
    # Names that begin with a dot are left behind by file managers, and no pictures.
    names = sorted(f.name for f in folder.iterdir() if not f.name.startswith("."))
    files = [folder / n for n in names if Path(n).suffix.lower() in SUFFIXES]
    if not files:
        found = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        raise DataError(
            f"there is no picture in the folder {folder}, which holds "
            f"{found or 'nothing'}; pictures end in {', '.join(SUFFIXES)}"
        )
    return files


def _read_picture(file: Path) -> Array:
    """One picture as gray values from 0 to 1, (height, width)."""
    # Pillow's readers raise whatever a damaged file happens to trigger in them.
    try:
        with Image.open(file) as image:
            return _gray(ImageOps.exif_transpose(image), file)
    except DataError:
        raise
    except Exception as error:
        raise DataError(
            f"{file} cannot be read as a picture, it may be damaged or cut short "
            f"({error}); save or copy it again"
        ) from error


def _gray(image: Image.Image, file: Path) -> Array:
    # Pillow's own conversion cuts off all that does not fit in 8 bits.
    if image.mode == "F" or image.mode.startswith("I"):
        values = np.asarray(image, dtype=np.float64)
        values = values / (1.0 if image.mode == "F" else 65535.0)
        # NaN and infinity are not compared here: they have a message of their own.
        if (np.abs(values[np.isfinite(values)] - 0.5) > 0.5).any():
            raise DataError(
                f"the values of {file} (mode {image.mode}) lie outside the range of "
                "brightness; save it with 8 bits"
            )
        return values
    return np.asarray(image.convert("L"), dtype=np.float64) / 255.0


def _size(image: Array) -> str:
    height, width = image.shape
    return f"{width} x {height}"


# --- a MATLAB file -----------------------------------------------------------------


def _load_mat(file: Path) -> Array:
    variables = _read_mat(file)
    if MAT_VARIABLE not in variables:
        raise DataError(
            f"{file} has no variable {MAT_VARIABLE}; it holds "
            f"{', '.join(sorted(variables)) or 'none at all, and may be cut short'}"
        )
    values = variables[MAT_VARIABLE]
    _require_numbers(values, file)
    _require_pictures(values.shape, file)
    images = np.ascontiguousarray(np.moveaxis(values, -1, 0), dtype=np.float64)
    _require_finite(images, [f"picture {i + 1} of {file}" for i in range(len(images))])
    return images


def _read_mat(file: Path) -> dict[str, Any]:
    """The variables of a MATLAB file, without what scipy adds about the file itself."""
    with open(file, "rb") as opened:
        start = opened.read(520)
    # HDF5's mark stands at the start, or behind MATLAB's own header.
    if b"\x89HDF\r\n\x1a\n" in (start[:8], start[512:520]):
        raise DataError(
            f"{file} is a MATLAB file of version 7.3 (HDF5), which cannot be read "
            f'here; save it in MATLAB by save("{file.name}", "{MAT_VARIABLE}", "-v7")'
        )
    # scipy's reader raises whatever a damaged file happens to trigger in it.
    try:
        variables = loadmat(file)
    except Exception as error:
        raise DataError(
            f"{file} cannot be read as a MATLAB file, it may be damaged or cut short "
            f"({type(error).__name__}: {error}); fetch it again"
        ) from error
    return {k: v for k, v in variables.items() if not k.startswith("__")}


def _require_numbers(values: Any, file: Path) -> None:
    dtype = getattr(values, "dtype", type(values).__name__)
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        raise DataError(
            f"{MAT_VARIABLE} in {file} must be a full array of real numbers, not "
            f"{type(values).__name__} of {dtype}"
        )


def _require_pictures(shape: tuple[int, ...], file: Path) -> None:
    rule = f"{MAT_VARIABLE} in {file} must have the shape (height, width, n)"
    if len(shape) != 3 or 0 in shape:
        raise DataError(f"{rule}, such as (512, 512, 10), not {shape}")
    # Pictures first, as in NumPy: read as it stands, it would give thin stripes.
    if shape[0] != shape[1] == shape[2]:
        raise DataError(
            f"{rule}; {shape} looks like (n, height, width): in MATLAB, "
            f"{MAT_VARIABLE} = permute({MAT_VARIABLE}, [2 3 1])"
        )


def _require_finite(images: Array, names: Sequence[str]) -> None:
    """Check that all values of all pictures are finite.

    Args:
        images: (n, height, width).
        names: what the message calls each picture.

    Raises:
        DataError: if a value is NaN or infinite.
    """
    counts = np.count_nonzero(~np.isfinite(images), axis=(1, 2))
    bad = np.flatnonzero(counts)
    if bad.size:
        listed = ", ".join(f"{counts[i]} in {names[i]}" for i in bad[:3])
        more = f", and more in {bad.size - 3} others" if bad.size > 3 else ""
        raise DataError(
            f"{counts.sum()} values are not finite (NaN or infinite): {listed}{more}; "
            "replace them, or leave these pictures out"
        )
