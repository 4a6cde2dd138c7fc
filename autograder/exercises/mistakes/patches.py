"""Known mistakes in notebook 01: cutting and normalising patches."""

from autograder.exercises.mistakes.entry import known, mistake

MEANS = "patches - patches.mean(axis=0)"
CUT = "np.clip(centred, -limit, limit)"
WINDOW = "image[row : row + patch_size, column : column + patch_size].ravel()"

SAMPLE = known(
    "sample_patches",
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
        ("].ravel()", "].T.ravel()"),
    ),
    mistake(
        "patches in rows",
        "Each window stands in a row of the result. Look at the shape in the docstring.",
        ("return patches", "return patches.T"),
    ),
    mistake(
        "sizes of the exercise",
        "The places are those of pictures of 512 pixels. Look for sizes that are written as "
        "numbers.",
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
        "NumPy's own chance",
        "Two generators with the same seed give different patches. Look at where the random "
        "numbers come from: rng is the only source.",
        ("row = rng.integers(", "row = np.random.randint("),
    ),
    mistake(
        "a seed of its own",
        "The patches are the same for every seed. Look for a generator that is made inside of the "
        "function.",
        ("= images.shape", "= images.shape; rng = np.random.default_rng(1)"),
    ),
    mistake(
        "whole numbers",
        "The pixels have lost what stands behind the point. Look at the type of the array that "
        "the patches are put in.",
        ("n_patches))", "n_patches), dtype=int)"),
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
        "The patches are right, but the pictures are not the same after the call. Look for a step "
        "that writes into them.",
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

NORMALIZE = known(
    "normalize_patches",
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

MISTAKES = (*SAMPLE, *NORMALIZE)
