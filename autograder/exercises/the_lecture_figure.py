"""Notebook 09: hidden problems and known mistakes of dead units, shuffled pixels and a twin."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import draw
from saelab.check.exercise import Probe
from saelab.check.exercises.the_lecture_figure import in_patterns

# How many times the visible check's tolerance a twin may vary where the patches do not.
SLACK = 4.0


def _dead_units(rng: np.random.Generator) -> Iterator[Probe]:
    for h, m, dead, threshold in ((9, 20, 3, 0.1), (4, 9, 1, 0.4), (30, 6, 12, 0.2)):
        a2 = rng.uniform(size=(h, m)) ** 4 * threshold
        loud = np.sort(rng.permutation(h)[dead:])
        # All of them speak up once, some more often, but for less than half of the examples.
        a2[loud, rng.integers(m, size=h - dead)] = rng.uniform(threshold + 0.05, 1, h - dead)
        a2[loud[::2], : 2 * m // 5] = 0.9
        yield Probe(f"{h} units, {m} examples, {dead} of them dead", (a2, threshold))
    a2 = rng.integers(1, 5, size=(8, 4)) / 8
    a2[:4, rng.integers(4)] = 0.5
    yield Probe("threshold = 0.5, which some units just reach", (a2, 0.5))
    yield Probe("no unit is dead", (rng.uniform(0.3, 1, size=(5, 7)), 0.2))


def _unshuffle(rng: np.random.Generator) -> Iterator[Probe]:
    for h, v in ((5, 16), (12, 9), (7, 7), (1, 25)):
        # Some pixels change places, and not all of them in pairs: to put weights back is another
        # thing than to shuffle them once more.
        permutation = np.arange(v)
        while (permutation[permutation] == np.arange(v)).all():
            permutation = rng.permutation(v)
        yield Probe(f"{h} units, {v} pixels", (rng.normal(size=(h, v)), permutation))


def _gaussian_twin(rng: np.random.Generator) -> Iterator[Probe]:
    for v, k, m in ((12, 12, 1800), (20, 7, 1600)):
        strengths = rng.uniform(-1, 1, size=(k, m)) ** 5
        says = f"{m} patches of {v} pixels" + ("" if k == v else f", made of {k} patterns")
        yield Probe(says, (in_patterns(strengths, v), draw(rng), SLACK))


# --- known mistakes of dead units ------------------------------------------------------------


LARGEST = "a2.max(axis=1)"
CHOSEN = f"np.flatnonzero({LARGEST} <= threshold)"

DEAD = (
    mistake(
        "mean",
        "A unit is judged by its average, so that one which is loud but rare counts as dead. Look "
        "at what must never happen for a unit to be dead.",
        ("a2.max", "a2.mean"),
    ),
    mistake(
        "least",
        "A unit counts as dead once it has been silent for a single example. Look at which of a "
        "unit's activations decides.",
        ("a2.max", "a2.min"),
    ),
    mistake(
        "median",
        "A unit counts as dead if it is silent for most examples, as every good one is. Look at "
        "which of its activations decides.",
        (LARGEST, "np.median(a2, axis=1)"),
    ),
    mistake(
        "sum",
        "The activations of a unit are added up, so that many small ones count as a loud one. "
        "Look at which of them decides.",
        ("a2.max", "a2.sum"),
    ),
    mistake(
        "nearly the largest",
        "A unit that is loud for very few examples counts as dead. Look at whether one example is "
        "enough to show that it lives.",
        (LARGEST, "np.quantile(a2, 0.9, axis=1)"),
    ),
    mistake(
        "examples",
        "It is the examples that are numbered, not the units. Look at the direction in which the "
        "largest is taken.",
        ("axis=1", "axis=0"),
    ),
    mistake(
        "largest of all",
        "One number is compared, the largest of all units together. Look at what belongs to a "
        "single unit.",
        (LARGEST, "np.atleast_1d(a2.max())"),
    ),
    mistake(
        "a tie lives",
        "A unit that just reaches the threshold does not count as dead. Look at what it means to "
        "exceed a number.",
        ("<=", "<"),
    ),
    mistake(
        "the living",
        "The units that live come back. Look at the direction of the comparison.",
        ("<=", ">"),
    ),
    mistake(
        "a fixed threshold",
        "Another threshold makes no difference. Look at where the argument is used.",
        ("<= threshold", "<= 0.1"),
    ),
    mistake(
        "a mask",
        "For each unit it says whether it is dead, but what is asked for are the numbers of the "
        "dead ones. Look at what the docstring returns.",
        (CHOSEN, f"{LARGEST} <= threshold"),
    ),
    mistake(
        "ones and zeros",
        "There is a 1 for each dead unit and a 0 for the others. Look at what the docstring "
        "returns: the numbers of the dead ones.",
        (CHOSEN, f"({LARGEST} <= threshold).astype(int)"),
    ),
    mistake(
        "how many",
        "The dead units are counted. Look at what the docstring returns: which ones they are.",
        (CHOSEN, f"np.sum({LARGEST} <= threshold)"),
    ),
    mistake(
        "counted from 1",
        "The units are numbered from 1. Look at the number of the first row of an array.",
        (CHOSEN, f"1 + {CHOSEN}"),
    ),
    mistake(
        "a tuple",
        "The numbers come back inside of a tuple. Look at what the function that found them "
        "returns when there is one direction only.",
        (CHOSEN, f"np.where({LARGEST} <= threshold)"),
    ),
    mistake(
        "a column",
        "The numbers come back in a column, which is a matrix. Look at the shape in the docstring.",
        (CHOSEN, f"np.argwhere({LARGEST} <= threshold)"),
    ),
    mistake(
        "one row for each quiet example",
        "A unit's number comes back once for each example for which it is silent. Look at the "
        "order of two steps: first one activation for each unit, then the comparison.",
        (CHOSEN, "np.nonzero(a2 <= threshold)[0]"),
    ),
    mistake(
        "their activations",
        "The activations of the dead units come back. Look at what the docstring returns: their "
        "numbers.",
        (CHOSEN, f"a2[{LARGEST} <= threshold]"),
    ),
    mistake(
        "quietest first",
        "The dead units come in the order of their activations. Look at the order in the "
        "docstring.",
        (f"return {CHOSEN}", f"dead = {CHOSEN}\n    "
         "return dead[np.argsort(a2.max(axis=1)[dead], kind='stable')]"),
    ),
    mistake(
        "last example left out",
        "The last example is never looked at. Look at where the examples end.",
        (LARGEST, "a2[:, :-1].max(axis=1, initial=0)"),
    ),
    mistake(
        "first only",
        "At most one dead unit comes back. Look at whether the search goes on after the first.",
        (CHOSEN, f"{CHOSEN}[:1]"),
    ),
    mistake(
        "no return",
        "The dead units are found, but nothing comes back. Look at the last line of the function.",
        ("return ", ""),
    ),
)  # fmt: skip


# --- known mistakes of pixels that are put back ----------------------------------------------


PUT = "back[:, permutation] = W1"
EMPTY = "np.empty_like(W1)"

UNSHUFFLE = (
    mistake(
        "shuffled once more",
        "The weights are shuffled once more instead of put back. Look at which side of the "
        "assignment the permutation belongs to.",
        (PUT, "back[:] = W1[:, permutation]"),
    ),
    mistake(
        "put back twice",
        "The weights are put back twice. Look at how often the data were shuffled.",
        (PUT, "back[:, permutation[permutation]] = W1"),
    ),
    mistake(
        "from behind",
        "The permutation is read from its end. Look at which entry belongs to the first row of "
        "the data.",
        (PUT, "back[:, permutation[::-1]] = W1"),
    ),
    mistake(
        "nothing put back",
        "The weights come back as they were. Look at where the permutation is used.",
        (PUT, "back[:] = W1"),
    ),
    mistake(
        "units",
        "The permutation is applied to the units, of which there may be fewer or more than "
        "pixels. Look at the direction of W1 that belongs to pixels.",
        (PUT, "back[permutation] = W1"),
    ),
    mistake(
        "a loop over units",
        "Only as many pixels are put back as there are units. Look at where the loop ends.",
        (EMPTY, "np.zeros_like(W1)"),
        (PUT, "for i in range(len(W1)):\n        back[:, permutation[i]] = W1[:, i]"),
    ),
    mistake(
        "last pixel left out",
        "One pixel of every filter stays zero. Look at where the loop over the pixels ends.",
        (EMPTY, "np.zeros_like(W1)"),
        (PUT, "back[:, permutation[:-1]] = W1[:, :-1]"),
    ),
    mistake(
        "one too far",
        "Every weight lands one pixel beside its place. Look at whether the permutation counts "
        "from 0 or from 1.",
        (PUT, "back[:, permutation - 1] = W1"),
    ),
    mistake(
        "first unit for all",
        "All units get the weights of the first one. Look at what a row of W1 is.",
        (PUT, "back[:, permutation] = W1[0]"),
    ),
    mistake(
        "transposed",
        "What comes back has a row for each pixel. Look at the shape in the docstring.",
        ("return back", "return back.T"),
    ),
    mistake(
        "read by columns",
        "The weights of different units are mixed up: the matrix was laid out anew with its "
        "columns taken for rows. Look at what turns it around.",
        (PUT, "back[:, permutation] = W1.reshape(W1.shape[::-1]).T"),
    ),
    mistake(
        "pictures",
        "Each filter comes back as a square. Look at the shape in the docstring.",
        ("return back", "p = round(W1.shape[1] ** 0.5)\n    "
         "return np.resize(back, (len(W1), p, p))"),
    ),
    mistake(
        "one row",
        "All weights come back in a single row. Look at the shape in the docstring.",
        ("return back", "return back.ravel()"),
    ),
    mistake(
        "sorted by weight",
        "Each unit's weights come back from the smallest to the largest. Look at what is to be "
        "sorted: the pixels.",
        (PUT, "back[:] = np.sort(W1, axis=1)"),
    ),
    mistake(
        "of length 1",
        "The weights are in their places, but each filter was scaled to length 1. Look at what "
        "else happens than putting back.",
        ("return back", "return back / np.linalg.norm(back, axis=1, keepdims=True)"),
    ),
    mistake(
        "in place",
        "The weights come back right, but W1 is not the same after the call. Look for a step that "
        "writes into it.",
        (EMPTY, "W1"),
        (PUT, "back[:, permutation] = W1.copy()"),
    ),
    mistake(
        "a square expected",
        "A matrix as large in both directions is made, whatever the number of units. Look at the "
        "sizes of W1.",
        (EMPTY, "np.zeros((W1.shape[1], W1.shape[1]))"),
        (PUT, "back[: len(W1), permutation] = W1[: len(back)]"),
    ),
    mistake(
        "no return",
        "The weights are put back, but nothing comes back. Look at the last line of the function.",
        ("return back", "back"),
    ),
)  # fmt: skip


# --- known mistakes of the twin --------------------------------------------------------------


MEAN = "patches.mean(axis=1, keepdims=True)"
COVARIANCE = "np.cov(patches)"
SPREAD = "np.sqrt(np.maximum(variances, 0))"
NOISE = "rng.normal(size=patches.shape)"
TWIN = f"mean + (U * spread) @ {NOISE}"

PHASES = """waves = np.fft.fft(patches - mean, axis=0)
    angles = rng.uniform(0, 2 * np.pi, size=patches.shape)
    return mean + np.fft.ifft(np.abs(waves) * np.exp(1j * angles), axis=0).real * np.sqrt(2)"""

GAUSSIAN_TWIN = (
    mistake(
        "no mean",
        "The twin lies around 0. Look at what has to be added to the noise at the end.",
        ("mean + ", ""),
    ),
    mistake(
        "one mean",
        "All pixels have the same mean. Look at which direction the patches are averaged in.",
        (MEAN, "patches.mean()"),
    ),
    mistake(
        "mean of each patch",
        "Each column lies around the mean of a patch, not each pixel around its own. Look at the "
        "direction in which the patches are averaged.",
        ("axis=1", "axis=0"),
    ),
    mistake(
        "mean twice",
        "Each pixel has twice the mean that it should have. Look at how often it is added.",
        ("mean + ", "2 * mean + "),
    ),
    mistake(
        "mean taken off",
        "Each pixel has its mean with the other sign. Look at what is done with it at the end.",
        (TWIN, f"(U * spread) @ {NOISE} - mean"),
    ),
    mistake(
        "root missing",
        "Directions with much variation vary far too much, and others too little. Look at what "
        "makes a standard deviation of a variance.",
        (SPREAD, "np.maximum(variances, 0)"),
    ),
    mistake(
        "root twice",
        "The variation of all directions has come closer together. Look at how often a root is "
        "taken.",
        (SPREAD, "np.maximum(variances, 0) ** 0.25"),
    ),
    mistake(
        "root of a negative number",
        "Where patches do not vary at all, a variance may come out a little below zero by "
        "rounding, and its root is no number. Look at what should be done before.",
        (SPREAD, "np.sqrt(variances)"),
    ),
    mistake(
        "along pixels",
        "The variances of the directions are given to single pixels. Look at what turns the noise "
        "into the directions that they belong to.",
        ("(U * spread)", "np.diag(spread)"),
    ),
    mistake(
        "turned the other way",
        "The noise varies as much as it should, but in other directions. Look at whether "
        "directions stand in rows or in columns.",
        ("(U * spread)", "(U.T * spread)"),
    ),
    mistake(
        "pixels alone",
        "Every pixel varies as it should, but by itself. Look at what the covariance says beside "
        "the variances.",
        ("(U * spread)", f"np.diag(np.sqrt(np.diag({COVARIANCE})))"),
    ),
    mistake(
        "one variance",
        "All pixels vary by themselves and equally. Look at what the patches' covariance is used "
        "for.",
        ("(U * spread) @ ", "patches.std() * "),
    ),
    mistake(
        "white noise",
        "The noise comes as it was drawn, with variance 1. Look at what gives it the patches' "
        "covariance.",
        ("(U * spread) @ ", ""),
    ),
    mistake(
        "about zero",
        "The means count as variation: the products of pixels were averaged before the means were "
        "taken off. Look at what a covariance is made of.",
        (COVARIANCE, "patches @ patches.T / patches.shape[1]"),
    ),
    mistake(
        "correlations",
        "All pixels vary by 1: the covariance was scaled to correlations. Look at the matrix that "
        "was asked for.",
        (COVARIANCE, "np.corrcoef(patches)"),
    ),
    mistake(
        "not divided",
        "The noise grows with the number of patches. Look at what the sum of products is divided "
        "by.",
        (COVARIANCE, "(patches - mean) @ (patches - mean).T"),
    ),
    mistake(
        "one column",
        "There is one column of noise only. Look at how many are asked for.",
        (NOISE, "rng.normal(size=(len(patches), 1))"),
    ),
    mistake(
        "the same column again and again",
        "All columns are the same. Look at how many random numbers were drawn.",
        (NOISE, "np.repeat(rng.normal(size=(len(patches), 1)), patches.shape[1], axis=1)"),
    ),
    mistake(
        "one number for all pixels",
        "All directions of a column get the same random number. Look at the size of what is drawn.",
        (NOISE, "np.repeat(rng.normal(size=(1, patches.shape[1])), len(patches), axis=0)"),
    ),
    mistake(
        "half of it drawn",
        "Some columns come more than once. Look at how many random numbers were drawn.",
        (NOISE, "np.tile(rng.normal(size=(len(patches), patches.shape[1] // 2)), 2)"),
    ),
    mistake(
        "uniform",
        "The random numbers are spread evenly between two limits. Look at the kind of noise that "
        "is asked for.",
        (NOISE, "rng.uniform(-np.sqrt(3), np.sqrt(3), size=patches.shape)"),
    ),
    mistake(
        "between -1 and 1",
        "The random numbers are spread evenly between -1 and 1, so that they vary too little, "
        "too. Look at the kind of noise that is asked for.",
        (NOISE, "rng.uniform(-1, 1, size=patches.shape)"),
    ),
    mistake(
        "between 0 and 1",
        "The random numbers are spread evenly and none is negative, so that they move the mean. "
        "Look at the kind of noise that is asked for.",
        (NOISE, "rng.random(patches.shape)"),
    ),
    mistake(
        "signs",
        "The random numbers have two values only. Look at the kind of noise that is asked for.",
        (NOISE, "rng.choice([-1.0, 1.0], size=patches.shape)"),
    ),
    mistake(
        "patches drawn again",
        "What comes back are the patches in another order. Look at what the noise may take from "
        "them: how each two pixels vary together.",
        (TWIN, "patches[:, rng.integers(patches.shape[1], size=patches.shape[1])]"),
    ),
    mistake(
        "pixels drawn again",
        "Each pixel takes its values from the patches, but every one of them by itself. Look at "
        "what makes two pixels vary together.",
        (TWIN, "rng.permuted(patches, axis=1)"),
    ),
    mistake(
        "strengths drawn again",
        "The noise is a patch times a random number, so that some columns come out too long and "
        "others too short. Look at where each number of a column should come from.",
        (TWIN, "mean + (patches - mean) * rng.normal(size=patches.shape[1])"),
    ),
    mistake(
        "phases",
        "The waves in the patches keep their strengths and get new phases: that is another "
        "covariance, the same all over the patch. Look at the steps in the text.",
        (f"return {TWIN}", PHASES),
    ),
    mistake(
        "added to the patches",
        "The variation is right, but each column is in part the patch in its place. Look at what "
        "the noise is added to.",
        (TWIN, f"(patches + {TWIN} + (np.sqrt(2) - 2) * mean) / np.sqrt(2)"),
    ),
    mistake(
        "NumPy's own chance",
        "Two generators with the same seed give different noise. Look at where the random numbers "
        "come from: rng is the only source.",
        ("rng.normal(size", "np.random.normal(size"),
    ),
    mistake(
        "a seed of its own",
        "The noise is the same for every seed. Look at where chance comes from: something there "
        "starts anew at each call.",
        ("rng.normal(size", "np.random.default_rng(0).normal(size"),
    ),
    mistake(
        "transposed",
        "Each column of noise stands in a row of the result. Look at the shape in the docstring.",
        (f"return {TWIN}", f"return ({TWIN}).T"),
    ),
    mistake(
        "in place",
        "The patches have lost their means after the call. Look for a step that writes into the "
        "array that came in.",
        (f"mean = {MEAN}", f"mean = {MEAN}\n    patches -= mean"),
    ),
    mistake(
        "no return",
        "The noise is made, but nothing comes back. Look at the last line of the function.",
        ("return mean", "mean"),
    ),
)  # fmt: skip


EXERCISES = (
    Exercise("dead_units", _dead_units, mistakes=DEAD, sample={"dan": UNTOUCHED}),
    Exercise(
        "unshuffle",
        _unshuffle,
        mistakes=UNSHUFFLE,
        sample={"dan": UNTOUCHED, "juri": ((PUT, "back[:] = W1[:, permutation]"),)},
    ),
    Exercise("gaussian_twin", _gaussian_twin, mistakes=GAUSSIAN_TWIN, sample={"dan": UNTOUCHED}),
)
