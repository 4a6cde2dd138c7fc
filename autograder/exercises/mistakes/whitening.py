"""Known mistakes in notebook 01: whitening."""

from autograder.exercises.mistakes.entry import known, mistake

PAD = 'np.pad(image, margin, mode="reflect")'
GAIN = "frequency * np.exp(-((frequency / f0) ** 4))"
SCALED = "white * np.sqrt(0.1 / white.var())"

MISTAKES = known(
    "whiten",
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
