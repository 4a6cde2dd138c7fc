"""Notebook 01: hidden problems and known mistakes of cutting, whitening and normalising patches."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import draw
from saelab.check.exercise import Probe


def natural_image(seed: int, height: int, width: int) -> np.ndarray:
    """A random picture (height, width) whose spectrum falls off like that of photographs."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    frequency[0, 0] = 1.0 / max(height, width)
    spectrum = np.fft.fft2(rng.normal(size=(height, width))) / frequency
    picture = np.fft.ifft2(spectrum).real
    return 0.5 + 0.15 * (picture - picture.mean()) / picture.std()


def _sample_patches(rng: np.random.Generator) -> Iterator[Probe]:
    for shape, patch_size in (((4, 13, 17), 5), ((2, 21, 10), 3), ((7, 9, 9), 6)):
        yield Probe(f"pictures of {shape}", (shape, patch_size, 500, draw(rng)))


def _whiten(rng: np.random.Generator) -> Iterator[Probe]:
    for height, width, f0 in ((40, 70, 0.4), (81, 64, 0.3), (100, 51, 0.5)):
        picture = natural_image(draw(rng), height, width)
        yield Probe(f"a picture of {height}x{width}, f0 = {f0}", (picture, f0))


def _normalize_patches(rng: np.random.Generator) -> Iterator[Probe]:
    for size, n_patches in ((9, 50), (25, 200), (4, 3), (6, 6)):
        patches = rng.normal(size=(size, n_patches)) + rng.normal(size=n_patches)
        # Far outliers, one to each side, where there are values enough for them to be that far.
        if n_patches > 10:
            patches[1, 2], patches[2, 1] = rng.uniform(12, 20), -rng.uniform(12, 20)
        yield Probe(f"{n_patches} patches of {size} pixels", (patches,))


# --- known mistakes of whitening -------------------------------------------------------------


PAD = 'np.pad(image, margin, mode="reflect")'
GAIN = "frequency * np.exp(-((frequency / f0) ** 4))"
SCALED = "white * np.sqrt(0.1 / white.var())"

WHITENING = (
    mistake(
        "no mirror",
        "The picture is surrounded by black, which shines through at its borders. Look at what "
        "the margin is filled with.",
        (PAD, "np.pad(image, margin)"),
    ),
    mistake(
        "edge repeated",
        "The mirror stands half a pixel off: the outermost pixels come twice. Look at the kind of "
        "reflection at the border.",
        ('"reflect"', '"symmetric"'),
    ),
    mistake(
        "edge stretched",
        "The margin repeats the outermost pixels. Look at what it should be filled with: more of "
        "the picture, seen in a mirror.",
        ('"reflect"', '"edge"'),
    ),
    mistake(
        "wrapped around",
        "The margin shows the opposite side of the picture. Look at what it should be filled "
        "with: what lies next to the border.",
        ('"reflect"', '"wrap"'),
    ),
    mistake(
        "margin too narrow",
        "The margin is narrower than it should be, which changes the pixels near the border. Look "
        "at its width in the text.",
        ("margin = 32", "margin = 16"),
    ),
    mistake(
        "margin left",
        "The result is larger than the picture: the margin is still there. Look at what should "
        "happen after the way back from frequencies.",
        ("[margin:-margin, margin:-margin]", ""),
    ),
    mistake(
        "f0 ignored",
        "The result is the same for every f0. Look at where the argument is used.",
        ("/ f0", "/ 0.4"),
    ),
    mistake(
        "no f",
        "Low frequencies keep all of their strength. Look at the first factor of the gain.",
        ("* frequency * np.exp", "* np.exp"),
    ),
    mistake(
        "f squared",
        "High frequencies are raised too much. Look at the power of the first factor of the gain.",
        ("* frequency * np.exp", "* frequency**2 * np.exp"),
    ),
    mistake(
        "no fall-off",
        "The highest frequencies, which are mostly noise, are raised most. Look at the second "
        "factor of the gain.",
        (GAIN, "frequency"),
    ),
    mistake(
        "a bell",
        "The gain falls too gently beyond f0. Look at the power in its exponent.",
        ("f0) ** 4", "f0) ** 2"),
    ),
    mistake(
        "power outside of the fraction",
        "f0 changes the gain too little. Look at the brackets in the exponent: what does the "
        "power belong to?",
        ("(frequency / f0) ** 4", "frequency**4 / f0"),
    ),
    mistake(
        "angular frequency",
        "The gain begins to fall at a frequency several times too low. Look at the unit of f0: "
        "cycles per pixel.",
        ("frequency / f0", "2 * np.pi * frequency / f0"),
    ),
    mistake(
        "zero frequency in the middle",
        "The gain is laid over the spectrum with its zero in another place. Look at where the "
        "transform keeps the frequency zero.",
        (GAIN, "np.fft.fftshift(frequency * np.exp(-((frequency / f0) ** 4)))"),
    ),
    mistake(
        "not real",
        "The result has complex numbers. Look at the part of them that is left once rounding is "
        "taken away.",
        (".real[", "["),
    ),
    mistake(
        "absolute",
        "No value is negative: the way back from frequencies was followed by absolute values. "
        "Look at which part of the complex numbers is the picture.",
        ("np.fft.ifft2(spectrum).real", "abs(np.fft.ifft2(spectrum))"),
    ),
    mistake(
        "power of the exponential",
        "The gain falls too gently beyond f0, since the power is taken of the exponential. Look at "
        "the brackets: what does the power belong to?",
        ("np.exp(-((frequency / f0) ** 4))", "np.exp(-(frequency / f0)) ** 4"),
    ),
    mistake(
        "times f0",
        "The highest frequencies are hardly weakened: a smaller f0 makes the exponent smaller. "
        "Look at what f0 does to the frequency in it.",
        ("frequency / f0", "frequency * f0"),
    ),
    mistake(
        "first factor shifted",
        "The two factors of the gain have their frequency zero in different places. Look at where "
        "the transform keeps it.",
        ("* frequency * np.exp", "* np.fft.fftshift(frequency) * np.exp"),
    ),
    mistake(
        "corner cut out",
        "What is cut out at the end begins in the corner of the margin. Look at where the picture "
        "lies inside of its margin.",
        ("[margin:-margin, margin:-margin]", "[: image.shape[0], : image.shape[1]]"),
    ),
    mistake(
        "n - 1",
        "The variance is that of a sample, with one less than the number of pixels. Look at the "
        "kind of variance that is meant: all pixels are there.",
        ("white.var()", "white.var(ddof=1)"),
    ),
    mistake(
        "phase lost",
        "The spectrum keeps its strength but loses its phase, and with it every edge. Look for an "
        "absolute value on the way.",
        ("np.fft.fft2(padded)", "abs(np.fft.fft2(padded))"),
    ),
    mistake(
        "standard deviation 0.1",
        "The standard deviation of the result is 0.1. Look at which measure of spread the "
        "docstring fixes.",
        (SCALED, "white * 0.1 / white.std()"),
    ),
    mistake(
        "divided by the variance",
        "The result is divided by its variance, which makes it too strong or too weak. Look at "
        "how the variance changes when a picture is multiplied by a number.",
        (SCALED, "white * 0.1 / white.var()"),
    ),
    mistake(
        "variance 1",
        "The variance of the result is 1. Look at the number in the docstring.",
        ("0.1 / white", "1 / white"),
    ),
    mistake(
        "not scaled",
        "The variance of the result depends on the picture. Look at the last step in the text.",
        (f" {SCALED}", " white"),
    ),
    mistake(
        "scaled with the margin",
        "The variance is measured while the margin is still there. Look at the order of the last "
        "two steps.",
        ("white = np.fft.ifft2(spectrum).real[margin:-margin, margin:-margin]",
         "white = np.fft.ifft2(spectrum).real"),
        (SCALED, f"({SCALED})[margin:-margin, margin:-margin]"),
    ),
    mistake(
        "mean taken off",
        "The mean of the result is taken off. Look at the steps in the text: the gain at "
        "frequency zero does what is needed.",
        (f"return {SCALED}", f"white -= white.mean(); return {SCALED}"),
    ),
    mistake(
        "picture changed",
        "The result is right, but the picture is not the same after the call. Look for a step "
        "that writes into it.",
        ("    padded", "    image -= image.mean()\n    padded"),
    ),
    mistake(
        "no return",
        "The picture is whitened, but nothing comes back. Look at the last line of the function.",
        ("return white", "white"),
    ),
)  # fmt: skip


# --- known mistakes of cutting and normalising patches ---------------------------------------


MEANS = "patches - patches.mean(axis=0)"
CUT = "np.clip(centred, -limit, limit)"
WINDOW = "window.ravel()"

SAMPLE = (
    mistake(
        "one index",
        "Rows and columns of the windows are the same number, so they lie on a diagonal. Look at "
        "how many random numbers each window takes.",
        ("column = rng.integers(width - patch_size + 1)", "column = row"),
    ),
    mistake(
        "first picture only",
        "All windows come from one picture. Look at how the picture is chosen.",
        ("rng.integers(n_images)", "0"),
    ),
    mistake(
        "last picture never",
        "The last picture is never chosen. Look at the upper end of the random numbers, and "
        "whether it is included.",
        ("rng.integers(n_images)", "rng.integers(n_images - 1)"),
    ),
    mistake(
        "half of the rows",
        "Windows start in the upper part of the pictures only. Look at the range that their rows "
        "are drawn from.",
        ("rng.integers(height - patch_size + 1)", "rng.integers((height - patch_size + 1) // 2)"),
    ),
    mistake(
        "half of the columns",
        "Windows start in the left part of the pictures only. Look at the range that their "
        "columns are drawn from.",
        ("rng.integers(width - patch_size + 1)", "rng.integers((width - patch_size + 1) // 2)"),
    ),
    mistake(
        "corner only",
        "All windows start in the upper left corner. Look at where their rows and columns come "
        "from.",
        ("rng.integers(height - patch_size + 1)", "0"),
        ("rng.integers(width - patch_size + 1)", "0"),
    ),
    mistake(
        "one window for all",
        "All patches are the same window. Look at which random numbers are drawn inside of the "
        "loop.",
        ("range(n_patches)", "[slice(None)]"),
        (".ravel()", ".ravel()[:, None]"),
    ),
    mistake(
        "column by column",
        "Each window is read column by column. Look at the order in which its pixels are laid in "
        "a column of the result.",
        (WINDOW, "window.T.ravel()"),
    ),
    mistake(
        "patches in rows",
        "Each window stands in a row of the result. Look at the shape in the docstring.",
        ("return patches", "return patches.T"),
    ),
    mistake(
        "sizes of the exercise",
        "Windows come out with no pixels in them. Look at where they begin and end, and for sizes "
        "that are written as numbers.",
        ("height - patch_size + 1", "512 - patch_size + 1"),
        ("width - patch_size + 1", "512 - patch_size + 1"),
    ),
    mistake(
        "height and width swapped",
        "Windows run over the border of pictures that are not square. Look at the order of height "
        "and width in the shape of images.",
        ("height, width = images", "width, height = images"),
    ),
    mistake(
        "one pixel too far",
        "Some windows run one pixel over the border. Look at the last place at which a window "
        "still fits.",
        ("height - patch_size + 1", "height - patch_size + 2"),
        ("width - patch_size + 1", "width - patch_size + 2"),
    ),
    mistake(
        "in order",
        "The windows follow each other as they lie in the pictures. Look at what puts them in this "
        "order: places should come in any.",
        ("return patches", "return patches[:, np.argsort(patches[0])]"),
    ),
    mistake(
        "on a grid",
        "Windows start at multiples of the patch size only, as if they were tiles. Look at the "
        "places where a window may start.",
        (
            "rng.integers(height - patch_size + 1)",
            "patch_size * rng.integers(height // patch_size)",
        ),
        ("rng.integers(width - patch_size + 1)", "patch_size * rng.integers(width // patch_size)"),
    ),
    mistake(
        "mirrored",
        "Some windows come mirrored or turned. Look at the order in which their pixels are read: a "
        "patch shows a piece of the picture as it is.",
        (
            "column : column + patch_size]",
            "column : column + patch_size][:, :: rng.choice([-1, 1])]",
        ),
    ),
    mistake(
        "some places more often",
        "Some places come up far more often than others. Look at how rows and columns are drawn: "
        "all should be equally likely.",
        (
            "rng.integers(height - patch_size + 1)",
            "int((rng.random() + rng.random()) / 2 * (height - patch_size + 1))",
        ),
        (
            "rng.integers(width - patch_size + 1)",
            "int((rng.random() + rng.random()) / 2 * (width - patch_size + 1))",
        ),
    ),
    mistake(
        "NumPy's own chance",
        "Two generators with the same seed give different patches. Look at where the random "
        "numbers come from: rng is the only source.",
        ("row = rng.integers(", "row = np.random.randint("),
    ),
    mistake(
        "a seed of its own",
        "The patches are the same for every seed. Look at where chance comes from: something there "
        "starts anew at each call.",
        ("= images.shape", "= images.shape; rng = np.random.default_rng(1)"),
    ),
    mistake(
        "mean taken off",
        "The mean of the pictures is taken off the pixels. Look at which function of this "
        "notebook normalises: here pixels stay as they are.",
        ("return patches", "return patches - images.mean()"),
    ),
    mistake(
        "own mean taken off",
        "Each patch loses its own mean here already. Look at which function of this notebook "
        "normalises: here pixels stay as they are.",
        ("return patches", "return patches - patches.mean(axis=0)"),
    ),
    mistake(
        "across the border",
        "Some windows begin near the right border and go on at the left one. Look at the last "
        "column at which a window still fits.",
        ("width - patch_size + 1)", "width)"),
        (WINDOW, "np.roll(image, -column, axis=1)[row : row + patch_size, :patch_size].ravel()"),
    ),
    mistake(
        "pictures changed",
        "The pictures are not the same after the call. Look for a step that writes into them.",
        ("return patches", "images -= 1; return patches"),
    ),
    mistake(
        "last patch unfilled",
        "The last column of the result stays empty. Look at where the loop ends.",
        ("np.empty", "np.zeros"),
        ("range(n_patches)", "range(n_patches - 1)"),
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
        "The patches are cut, but nothing comes back. Look at the last line of the function.",
        ("return patches", "patches"),
    ),
)


NORMALIZE = (
    mistake(
        "one mean for all",
        "The mean of all patches is taken off each of them. Look at which pixels the mean should "
        "run over.",
        (MEANS, "patches - patches.mean()"),
    ),
    mistake(
        "means of pixels",
        "Each pixel loses its mean over the patches. Look at the direction of the mean: a patch "
        "is a column.",
        (MEANS, "patches - patches.mean(axis=1, keepdims=True)"),
    ),
    mistake(
        "no mean",
        "The patches keep their means. Look at the first of the three steps in the docstring.",
        (MEANS, "1 * patches"),
    ),
    mistake(
        "sigma before",
        "The standard deviation is measured before the means are taken off. Look at the order of "
        "the steps in the docstring.",
        ("centred.std()", "patches.std()"),
    ),
    mistake(
        "sigma of each patch",
        "Each patch is scaled by a standard deviation of its own. Look at which values it is "
        "computed from.",
        ("centred.std()", "centred.std(axis=0)"),
    ),
    mistake(
        "mean of sigmas",
        "The patches are cut at three times the mean of their own standard deviations. Look at "
        "which values the one standard deviation is computed from.",
        ("centred.std()", "centred.std(axis=0).mean()"),
    ),
    mistake(
        "sigma of each pixel",
        "Each pixel is scaled by a standard deviation of its own. Look at which values it is "
        "computed from.",
        ("centred.std()", "centred.std(axis=1, keepdims=True)"),
    ),
    mistake(
        "n - 1",
        "The standard deviation is that of a sample, with one less than the number of values. "
        "Look at the docstring for the one that is meant.",
        ("centred.std()", "centred.std(ddof=1)"),
    ),
    mistake(
        "variance",
        "The patches are cut at three times the variance. Look at the measure of spread in the "
        "docstring.",
        ("centred.std()", "centred.var()"),
    ),
    mistake(
        "not cut off",
        "Far outliers leave the range from 0.1 to 0.9. Look at the second of the three steps in "
        "the docstring.",
        (CUT, "centred"),
    ),
    mistake(
        "cut off above only",
        "Far outliers are cut off at the upper end only. Look at the other end of the range.",
        (CUT, "np.minimum(centred, limit)"),
    ),
    mistake(
        "two sigma",
        "Values are cut off and scaled at two standard deviations. Look at their number in the "
        "docstring.",
        ("3 * centred", "2 * centred"),
    ),
    mistake(
        "one sigma",
        "Values are cut off and scaled at a single standard deviation. Look at their number in "
        "the docstring.",
        ("3 * centred", "centred"),
    ),
    mistake(
        "from 0 to 1",
        "The values run from 0 to 1. Look at the range in the docstring.",
        ("0.4 *", "0.5 *"),
    ),
    mistake(
        "from -1 to 1",
        "The values run from -1 to 1 around 0. Look at the last of the three steps in the "
        "docstring.",
        ("0.5 + 0.4 * ", ""),
    ),
    mistake(
        "around 0.1",
        "The values lie around 0.1, and half of them below it. Look at where a value of 0 belongs "
        "in the new range.",
        ("0.5 + 0.4", "0.1 + 0.4"),
    ),
    mistake(
        "stretched to the range",
        "The smallest and largest value are stretched to the ends of the range. Look at what the "
        "scale depends on: the standard deviation.",
        (f"0.5 + 0.4 * {CUT} / limit",
         f"0.1 + 0.8 * ({CUT} - {CUT}.min()) / ({CUT}.max() - {CUT}.min())"),
    ),
    mistake(
        "in place",
        "The patches themselves have lost their means after the call. Look for a step that writes "
        "into the array that came in.",
        ("centred = " + MEANS, "patches -= patches.mean(axis=0); centred = patches"),
    ),
    mistake(
        "median",
        "Each patch loses its middle value. Look at which average is taken off.",
        ("patches.mean(axis=0)", "np.median(patches, axis=0)"),
    ),
    mistake(
        "no return",
        "The patches are normalised, but nothing comes back. Look at the last line of the "
        "function.",
        ("return 0.5", "0.5"),
    ),
)  # fmt: skip


# A student of the sample class writes it so.
IN_LOOPS = """
def normalize_patches(patches):
    columns = [[p - sum(c) / len(c) for p in c] for c in patches.T.tolist()]
    values = [p for c in columns for p in c]
    limit = 3 * (sum(p * p for p in values) / len(values)) ** 0.5
    scaled = [[0.5 + 0.4 * max(-limit, min(limit, p)) / limit for p in c] for c in columns]
    return np.array(scaled).T
"""

EXERCISES = (
    Exercise("whiten", _whiten, mistakes=WHITENING),
    Exercise(
        "sample_patches",
        _sample_patches,
        mistakes=SAMPLE,
        libraries={"sklearn.feature_extraction.image": "which cuts patches"},
        mild_libraries={
            "numpy.lib.stride_tricks": "which has all windows of a picture",
            "skimage.util.view_as_windows": "which has all windows of a picture",
            "skimage.util.shape": "which has all windows of a picture",
        },
        sample={
            "juri": ((WINDOW, "window.T.ravel()"),),
        },
    ),
    Exercise(
        "normalize_patches",
        _normalize_patches,
        mistakes=NORMALIZE,
        mild_libraries={"sklearn.preprocessing": "which scales data"},
        sample={"bo": IN_LOOPS, "dan": UNTOUCHED},
    ),
)
