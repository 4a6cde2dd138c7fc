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
RATES = 1000, 400_000  # least and largest rate that is read
LARGEST = 1e100  # sample of a file of floating-point numbers
SHIPPED = "speech.wav"
UNKNOWN = b"\xff\xff\xff\xff", b"\0\0\0\0"  # sizes of a file that was written to a pipe
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
            damaged, cut short or compressed, is empty, has a rate outside of RATES, or holds
            numbers that are not finite.
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

    Raises:
        ValueError: if the sound has another shape, or holds what is no finite number; or if the
            rate or the loudness makes no sound.
    """
    samples = np.asarray(sound, dtype=float)
    if samples.ndim != 1:
        raise ValueError(f"sound has the shape {samples.shape}, but should be (n,): one channel")
    if not np.isfinite(samples).all():
        bad = np.count_nonzero(~np.isfinite(samples))
        raise ValueError(f"sound holds {bad} numbers that are not finite (nan or inf)")
    if not (rate >= 1 and rate == int(rate)):
        raise ValueError(f"rate is {rate!r}, but should be a whole number of samples a second")
    if not 0 <= loudness <= 1:
        raise ValueError(f"loudness is {loudness!r}, but should be from 0 to 1")
    scaled = samples / (np.abs(samples).max(initial=0) or 1) * loudness
    data = io.BytesIO()
    wavfile.write(data, int(rate), np.round(scaled * 32767).astype(np.int16))
    return data.getvalue()


def audio(sound: NDArray[Any], rate: int, says: str) -> str:
    """The HTML of a button that plays a sound; the page needs no network for it.

    Args:
        sound: (n,).
        rate: samples a second.
        says: what is to be heard, for those who cannot see the button.

    Raises:
        ValueError: if `wav` refuses the sound or the rate.
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

    Raises:
        ValueError: if `wav` refuses the sound or the rate.
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
    # that hold no sound, and of samples that are missing. What a program has written to a pipe does
    # not know how many there will be.
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always", wavfile.WavFileWarning)
            rate, samples = wavfile.read(file)
    except OSError:
        raise
    except Exception as error:
        raise DataError(
            f"{file} cannot be read, it is compressed or damaged ({error}); {SAVE}"
        ) from error
    short = [str(each.message) for each in warned if "EOF prematurely" in str(each.message)]
    if short and start[4:8] not in UNKNOWN:
        raise DataError(f"{file} is cut short ({short[0]}); copy it again, or {SAVE}")
    if not samples.size:
        raise DataError(f"{file} holds no sound: it has 0 samples")
    if not RATES[0] <= rate <= RATES[1]:
        raise DataError(
            f"{file} has {rate} samples a second, which no sound has: from {RATES[0]} to "
            f"{RATES[1]} are read; {SAVE}"
        )
    return samples, int(rate)


def _scaled(samples: NDArray[Any], file: Path) -> Array:
    """The samples from -1 to 1, if they are whole numbers of some bits."""
    kind = samples.dtype
    if kind.kind == "f":
        values = samples.astype(float)
        # So large that their mean, or a filter of them, overflows.
        bad = np.count_nonzero(~(np.abs(values) < LARGEST))
        if bad:
            raise DataError(
                f"{file} holds {bad} samples that are not finite, or larger than {LARGEST:g}; "
                f"{SAVE}"
            )
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
