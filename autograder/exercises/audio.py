"""Notebook 11: hidden problems and known mistakes of cutting a sound and measuring a spectrum."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import draw
from saelab.check.exercise import Probe


def _windows(rng: np.random.Generator) -> Iterator[Probe]:
    for length, size in ((45, 7), (31, 12), (25, 4)):
        says = f"windows of {size} samples from a sound of {length}"
        yield Probe(says, (length, size, 500, draw(rng)))


def _centre_and_bandwidth(rng: np.random.Generator) -> Iterator[Probe]:
    for size, rate in ((10, 8000), (17, 22050), (40, 1600)):
        w = rng.normal(size=size) * np.exp(-np.arange(size) / size) + rng.normal()
        yield Probe(f"{size} samples at {rate} a second", (w, rate))


PLACE = "rng.integers(len(sound) - size + 1)"
PIECE = "sound[k : k + size]"
LAST_LINE = "return data"

CUTTING = (
    mistake(
        "first window only",
        "All columns are the first window of the sound. Look at where each window starts.",
        (PLACE, "0"),
    ),
    mistake(
        "one place for all",
        "All columns hold one window, at a place that depends on the seed. Look at how many random "
        "numbers are drawn for n windows.",
        ("    for i", f"    k = {PLACE}\n    for i"),
        (f"k = {PLACE}\n        ", ""),
    ),
    mistake(
        "one after the other",
        "The windows follow each other through the sound, and chance has no part in it. Look at "
        "what their places should depend on.",
        (PLACE, "i * size % (len(sound) - size + 1)"),
    ),
    mistake(
        "in order",
        "The windows come in the order in which they lie in the sound. Look at what sorts them: "
        "places should come in any order.",
        ("    for i", "    starts = np.sort(rng.integers(len(sound) - size + 1, size=n))\n"
                      "    for i"),
        (PLACE + "\n", "starts[i]\n"),
    ),
    mistake(
        "on a grid",
        "Windows start at multiples of their size only, as if the sound were cut into pieces once. "
        "Look at the places at which a window may start.",
        (PLACE, "size * rng.integers(len(sound) // size)"),
    ),
    mistake(
        "first half",
        "Windows start in the first half of the sound only. Look at the range that the places are "
        "drawn from.",
        (PLACE, "rng.integers((len(sound) - size + 1) // 2)"),
    ),
    mistake(
        "some places more often",
        "Some places come up far more often than others. Look at how a place is drawn: all should "
        "be equally likely.",
        (PLACE, "int((rng.random() + rng.random()) / 2 * (len(sound) - size + 1))"),
    ),
    mistake(
        "over the end",
        "Some windows begin too near the end of the sound, where fewer samples are left than they "
        "need. Look at the last place at which a whole one fits.",
        (PLACE, "rng.integers(len(sound))"),
    ),
    mistake(
        "across the end",
        "Some windows begin near the end of the sound and go on at its beginning. Look at the last "
        "place at which a whole one fits.",
        (PLACE, "rng.integers(len(sound))"),
        (PIECE, "np.roll(sound, -k)[:size]"),
    ),
    mistake(
        "no place twice",
        "There are fewer places than windows, and no place is taken twice. Look at whether one "
        "window may come up again: each is drawn by itself.",
        ("    for i", "    starts = rng.choice(len(sound) - size + 1, size=n, replace=False)\n"
                      "    for i"),
        (PLACE + "\n", "starts[i]\n"),
    ),
    mistake(
        "windows in rows",
        "Each window stands in a row of the result. Look at the shape in the docstring.",
        (LAST_LINE, "return data.T"),
    ),
    mistake(
        "reshaped",
        "The numbers are those of windows, but each column mixes several. Look at how the array "
        "gets its shape: to turn rows into columns is another step than to cut anew.",
        (LAST_LINE, "return data.T.reshape(size, n)"),
    ),
    mistake(
        "size of the course",
        "The windows have 64 samples, whatever is asked for. Look for a size that is written as a "
        "number.",
        ("    data = ", "    size = 64\n    data = "),
        (PLACE, "rng.integers(max(len(sound) - size, 0) + 1)"),
        (PIECE, "np.resize(sound[k : k + size], size)"),
    ),
    mistake(
        "backwards",
        "Each window is read from its end to its beginning. Look at the direction in which the "
        "samples are laid in a column.",
        (PIECE, f"{PIECE}[::-1]"),
    ),
    mistake(
        "every second sample",
        "Each window skips every second sample, and so reaches twice as far. Look at the step in "
        "the slice.",
        (PLACE, "rng.integers(len(sound) - 2 * size + 2)"),
        (PIECE, "sound[k : k + 2 * size - 1 : 2]"),
    ),
    mistake(
        "own mean taken off",
        "Each window loses its own mean here already. Look at which function of an earlier "
        "notebook does that: here samples stay as they are.",
        (LAST_LINE, "return data - data.mean(axis=0)"),
    ),
    mistake(
        "mean of the sound taken off",
        "The mean of the whole sound is taken off its samples. Look at what the docstring says of "
        "them.",
        (LAST_LINE, "return data - sound.mean()"),
    ),
    mistake(
        "own loudness",
        "Each window is scaled by a number of its own, so that all are equally loud. Look at what "
        "the docstring says of the samples.",
        (LAST_LINE, "return data / np.abs(data).max(axis=0)"),
    ),
    mistake(
        "loudness of the sound",
        "All samples are scaled by one number. Look at what the docstring says of them.",
        (LAST_LINE, "return data / np.abs(sound).max()"),
    ),
    mistake(
        "mean off and scaled",
        "Each window is shifted and scaled by numbers of its own. Look at what the docstring says "
        "of the samples: normalising is another function's work.",
        (LAST_LINE, "return (data - data.mean(axis=0)) / data.std(axis=0)"),
    ),
    mistake(
        "faded in and out",
        "Each window is weak at its ends, as before a Fourier transform. Look at what the "
        "docstring says of the samples: none of them is weighted.",
        (PIECE, f"{PIECE} * np.hanning(size)"),
    ),
    mistake(
        "no signs",
        "No sample is negative any more. Look at whether the sign of a sample matters to a sound.",
        (PIECE, f"np.abs({PIECE})"),
    ),
    mistake(
        "NumPy's own chance",
        "Two generators with the same seed give different windows. Look at where the random "
        "numbers come from: rng is the only source.",
        (PLACE, "np.random.randint(len(sound) - size + 1)"),
    ),
    mistake(
        "a seed of its own",
        "The windows are the same for every seed, and yet spread over the sound. Look at where "
        "chance comes from: something there starts anew at each call.",
        ("    data = ", "    rng = np.random.default_rng(1)\n    data = "),
    ),
    mistake(
        "sound changed",
        "The sound is not the same after the call. Look for a step that writes into it.",
        (LAST_LINE, "sound *= 0.5; return data"),
    ),
    mistake(
        "last window missing",
        "The last column of the result stays empty. Look at where the loop ends.",
        ("np.empty", "np.zeros"),
        ("range(n)", "range(n - 1)"),
    ),
    mistake(
        "return inside the loop",
        "The function ends after the first window: the other columns are empty. Look at how far "
        "the last line is indented.",
        ("np.empty", "np.zeros"),
        ("    return", "        return"),
    ),
    mistake(
        "no return",
        "The windows are cut, but nothing comes back. Look at the last line of the function.",
        (LAST_LINE, "data"),
    ),
)  # fmt: skip


POWER = "np.abs(np.fft.rfft(w)) ** 2"
FREQUENCY = "np.fft.rfftfreq(len(w), 1 / rate)"
CENTRE = "= P @ f / total"
SPREAD = "P @ (f - centre) ** 2 / total"
RESULT = "return centre, np.sqrt"

SPECTRUM = (
    mistake(
        "amplitude",
        "Frequencies are weighted by their amplitude, not by their power. Look for a square in the "
        "formula.",
        (f"{POWER}\n", "np.abs(np.fft.rfft(w))\n"),
    ),
    mistake(
        "power squared",
        "Frequencies are weighted by the square of their power. Look at how often a square is "
        "taken.",
        (POWER, "np.abs(np.fft.rfft(w)) ** 4"),
    ),
    mistake(
        "real part",
        "Only one of the two parts of the complex numbers counts, so that a shift in time changes "
        "the result. Look at which number measures the size of both.",
        (POWER, "np.fft.rfft(w).real ** 2"),
    ),
    mistake(
        "strongest frequency",
        "The centre is the frequency with the most power. Look at the formula: every frequency has "
        "a share in it.",
        (CENTRE, "= f[P.argmax()]"),
    ),
    mistake(
        "not weighted",
        "The centre is the mean of all frequencies, whatever their power. Look at the weights in "
        "the formula.",
        (CENTRE, "= f.mean()"),
    ),
    mistake(
        "bandwidth not weighted",
        "The bandwidth is the spread of all frequencies, whatever their power. Look at the weights "
        "in its formula.",
        (SPREAD, "np.mean((f - centre) ** 2)"),
    ),
    mistake(
        "not divided",
        "The sums are not divided by the whole power, so that a louder filter has a higher centre. "
        "Look at the denominators.",
        (CENTRE, "= P @ f"),
        (SPREAD, "P @ (f - centre) ** 2"),
    ),
    mistake(
        "divided by the number",
        "The sums are divided by the number of frequencies. Look at what the weights of a mean "
        "have to add up to.",
        ("P.sum()", "len(P)"),
    ),
    mistake(
        "variance",
        "The bandwidth is a variance, in squares of Hz. Look at its unit, and at the formula.",
        (RESULT, "return centre, np.asarray"),
    ),
    mistake(
        "from zero",
        "The bandwidth measures how far frequencies are from 0 Hz. Look at the number that is "
        "taken off in its formula.",
        (SPREAD, "P @ f**2 / total"),
    ),
    mistake(
        "mean distance",
        "The bandwidth is the mean distance from the centre. Look at the square and the root in "
        "its formula.",
        (SPREAD, "(P @ np.abs(f - centre) / total) ** 2"),
    ),
    mistake(
        "whole width",
        "The bandwidth is twice as large as it should be. Look at what its formula measures: the "
        "way from the centre to one side.",
        (RESULT, "return centre, 2 * np.sqrt"),
    ),
    mistake(
        "cycles per sample",
        "The frequencies are in cycles per sample. Look at what makes them cycles per second.",
        (FREQUENCY, "np.fft.rfftfreq(len(w))"),
    ),
    mistake(
        "rate upside down",
        "The frequencies are divided by the rate, where they should be multiplied. Look at what "
        "the helper is given: the time between two samples.",
        (FREQUENCY, "np.fft.rfftfreq(len(w), rate)"),
    ),
    mistake(
        "always 8000",
        "The rate is taken for 8000, whatever it is. Look at where the argument is used.",
        ("1 / rate", "1 / 8000"),
    ),
    mistake(
        "angular frequency",
        "The frequencies are in radians per second. Look at the unit in the docstring: Hz are "
        "whole cycles.",
        (FREQUENCY, f"2 * np.pi * {FREQUENCY}"),
    ),
    mistake(
        "up to the rate",
        "The frequencies run up to the rate, as if all were there. Look at the highest that a "
        "sampled sound can hold.",
        (FREQUENCY, "np.linspace(0, rate, len(P))"),
    ),
    mistake(
        "last frequency at half the rate",
        "The last frequency is taken for half the rate, which it is for an even number of samples "
        "only. Look at the distance between two frequencies.",
        (FREQUENCY, "np.linspace(0, rate / 2, len(P))"),
    ),
    mistake(
        "number of the wave",
        "The frequencies are numbers of cycles in the window. Look at how long the window lasts, "
        "in seconds.",
        (FREQUENCY, "np.arange(len(P)) * 1.0"),
    ),
    mistake(
        "negative frequencies too",
        "Negative frequencies take part, and cancel the positive ones. Look at which frequencies "
        "the sums in the formula run over.",
        (POWER, "np.abs(np.fft.fft(w)) ** 2"),
        (FREQUENCY, "np.fft.fftfreq(len(w), 1 / rate)"),
    ),
    mistake(
        "most counted twice",
        "All frequencies but the outermost count twice. Look at which frequencies the sums in the "
        "formula run over.",
        (POWER, "np.abs(np.fft.fft(w)) ** 2"),
        (FREQUENCY, "np.abs(np.fft.fftfreq(len(w), 1 / rate))"),
    ),
    mistake(
        "mean taken off",
        "The filter loses its mean first. Look at the formula: 0 Hz belongs to the sums.",
        ("rfft(w))", "rfft(w - w.mean()))"),
    ),
    mistake(
        "faded in and out",
        "The filter is weakened at its ends before the transform. Look at what the formula "
        "transforms.",
        ("rfft(w))", "rfft(w * np.hanning(len(w))))"),
    ),
    mistake(
        "longer by zeros",
        "Zeros are put behind the filter before the transform, so that the sums run over more "
        "frequencies. Look at how many there are in the formula.",
        ("rfft(w))", "rfft(w, 8 * len(w)))"),
        (FREQUENCY, "np.fft.rfftfreq(8 * len(w), 1 / rate)"),
    ),
    mistake(
        "silence",
        "A filter of zeros gives no numbers. Look at the whole power that is divided by, and at "
        "what the docstring says of it.",
        ("P.sum() or 1", "P.sum()"),
    ),
    mistake(
        "silence in the middle",
        "A filter of zeros is given a frequency in the middle of all. Look at what the docstring "
        "says of it.",
        (RESULT, "return centre if P.any() else rate / 4, np.sqrt"),
    ),
    mistake(
        "swapped",
        "Centre and bandwidth come in each other's place. Look at their order in the docstring.",
        (f"{RESULT}({SPREAD})", f"return np.sqrt({SPREAD}), centre"),
    ),
    mistake(
        "centre alone",
        "Only the centre comes back. Look at how many numbers the docstring promises.",
        (f"{RESULT}({SPREAD})", "return centre"),
    ),
    mistake(
        "filter changed",
        "The filter is not the same after the call. Look for a step that writes into it.",
        (RESULT, "w *= 2; return centre, np.sqrt"),
    ),
    mistake(
        "no return",
        "Both numbers are computed, but nothing comes back. Look at the last line of the function.",
        (RESULT, "centre, np.sqrt"),
    ),
)


EXERCISES = (
    Exercise(
        "windows",
        _windows,
        mistakes=CUTTING,
        mild_libraries={
            "numpy.lib.stride_tricks": "which has all windows of a sound",
            "librosa.util.frame": "which cuts a sound into windows",
        },
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "centre_and_bandwidth",
        _centre_and_bandwidth,
        mistakes=SPECTRUM,
        libraries={
            "librosa.feature.spectral_centroid": "which measures the centre",
            "librosa.feature.spectral_bandwidth": "which measures the bandwidth",
        },
        sample={
            "dan": UNTOUCHED,
            "hugo": (("(f - centre)", "(f - centre[:, None])"),),
        },
    ),
)
