"""Read sounds, and play them: the speech that comes with the course, or a WAV file of your own.

sound, rate = load_sound()               speech, 8000 samples a second
sound, rate = load_sound("my/song.wav")  a WAV file of any rate, bits and channels
player(sound, rate, "speech")            a button to hear it
"""

import base64
import html
import io
import reprlib
import warnings
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import HTML
from numpy.typing import NDArray
from scipy.io import wavfile

from saelab.data import DataError, shipped
from saelab.files import nature
from saelab.typed import Array

RATE = 8000  # samples a second, as a telephone has
SHIPPED = "speech.wav"
SAVE = "save it as an uncompressed WAV file (PCM) in another program"


def load_sound(path: str | PathLike[str] | None = None) -> tuple[Array, int]:
    """Read a sound as an array.

    Channels are averaged, and a sound of another rate is brought to 8000 samples a second, so that
    a window of the course's size lasts as long as in its speech. A line is printed of what was
    decided so for the reader.

    Args:
        path: a WAV file; None for the speech that comes with the course (data/LICENSES.md).

    Returns:
        The samples, (n,) float64 from -1 to 1, and their rate, 8000 a second.

    Raises:
        DataError: if the path is no path, or is missing; or if what is there is no WAV file, is
            damaged or compressed, is empty, or holds numbers that are not finite.
    """
    if path is None:
        path = shipped(f"sounds/{SHIPPED}", "sounds")
    if not isinstance(path, str | PathLike) or not str(path):
        raise DataError(
            'load_sound takes the path of one WAV file, such as "my/song.wav", not '
            f"{' '.join(reprlib.repr(path).split())} ({type(path).__name__})"
        )
    try:
        file = Path(path).expanduser()
        samples, rate = _read(file)
    # RuntimeError: "~" of nobody whose home is known.
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    notes: list[str] = []
    samples = _one_channel(_scaled(samples, file), notes)
    if rate != RATE:
        from scipy.signal import resample_poly  # which takes half a second, that few need

        notes.append(f"{rate} samples a second became {RATE}")
        ratio = Fraction(RATE, rate)
        samples = resample_poly(samples, ratio.numerator, ratio.denominator)
    if np.abs(samples).max() > 1:
        notes.append("scaled to the range from -1 to 1")
        samples = samples / np.abs(samples).max()
    if not samples.any():
        notes.append("silent: every sample is 0")
    if notes:
        print(f"{path}: {'; '.join(notes)}")
    return samples, RATE


def wav(sound: NDArray[Any], rate: int, loudness: float = 0.5) -> bytes:
    """A sound as the bytes of a WAV file of 16 bits.

    Args:
        sound: (n,); one that is 0 everywhere stays silent.
        rate: samples a second.
        loudness: the largest sample becomes this; 1 is as loud as it can be.
    """
    largest = np.abs(sound).max(initial=0)
    scaled = np.asarray(sound) / (largest or 1) * loudness
    data = io.BytesIO()
    wavfile.write(data, rate, np.round(scaled * 32767).astype(np.int16))
    return data.getvalue()


def audio(sound: NDArray[Any], rate: int, says: str) -> str:
    """The HTML of a button that plays a sound; the page needs no network for it.

    Args:
        sound: (n,).
        rate: samples a second.
        says: what is to be heard, for those who cannot see the button.
    """
    data = base64.b64encode(wav(sound, rate)).decode()
    label = html.escape(says, quote=True)
    return (
        f'<audio controls preload="metadata" aria-label="{label}" title="{label}" '
        f'src="data:audio/wav;base64,{data}"></audio>'
    )


def player(sound: NDArray[Any], rate: int, says: str) -> HTML:
    """Show a button that plays a sound, with words for what is to be heard.

    Args:
        sound: (n,).
        rate: samples a second.
        says: what is to be heard.
    """
    words = html.escape(says)
    return HTML(
        f'<figure style="margin: 0">{audio(sound, rate, says)}'
        f"<figcaption>{words}</figcaption></figure>"
    )


def _read(file: Path) -> tuple[NDArray[Any], int]:
    """The samples of a WAV file, (n,) or (n, channels), as it has them, and their rate."""
    if not file.is_file():
        there = nature(file) if file.exists() or file.is_symlink() else ""
        raise DataError(
            f"{file} is {there}; give the path of a WAV file"
            if there
            else f"there is no file {file} (looked in {Path.cwd()})"
        )
    with open(file, "rb") as opened:
        start = opened.read(12)
    if start[:4] not in (b"RIFF", b"RIFX", b"RF64") or start[8:] != b"WAVE":
        raise DataError(
            f"{file} is no WAV file, whatever its name is (it begins {start!r}); {SAVE}"
        )
    # scipy's reader raises whatever a damaged file happens to trigger in it, and warns of parts
    # that hold no sound.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)
            rate, samples = wavfile.read(file)
    except OSError:
        raise
    except Exception as error:
        raise DataError(
            f"{file} cannot be read, it is compressed or damaged ({error}); {SAVE}"
        ) from error
    if not samples.size or rate < 1:
        raise DataError(f"{file} holds no sound: {samples.size} samples, {rate} a second")
    return samples, int(rate)


def _scaled(samples: NDArray[Any], file: Path) -> Array:
    """The samples from -1 to 1, if they are whole numbers of some bits."""
    kind = samples.dtype
    if kind.kind == "f":
        values = samples.astype(float)
        if not np.isfinite(values).all():
            bad = np.count_nonzero(~np.isfinite(values))
            raise DataError(f"{file} holds {bad} samples that are not finite (nan or inf); {SAVE}")
        return values
    # Files of 8 bits have no negative numbers; scipy puts 24 bits into the upper ones of 32.
    middle, largest = (128, 128) if kind == np.uint8 else (0, -float(np.iinfo(kind).min))
    scaled: Array = (samples.astype(float) - middle) / largest
    return scaled


def _one_channel(samples: Array, notes: list[str]) -> Array:
    if samples.ndim == 1:
        return samples
    if samples.shape[1] > 1:
        notes.append(f"the mean of {samples.shape[1]} channels")
    mean: Array = samples.mean(axis=1)
    return mean
