"""README's pictures, made of what the browser tests have seen.

    python -m tests.browser.pictures

takes build/screenshots/, where the last `make test-browser` left what it saw, and writes
docs/pictures/. The test that takes a screenshot fails where a picture made of it no longer shows
what there is to be seen.
"""

import sys

import numpy as np
from PIL import Image, ImageFilter

from autograder import CLONE

SEEN = CLONE / "build" / "screenshots"
MADE = CLONE / "docs" / "pictures"
# The picture in docs/pictures/, and the screenshot that it is made of.
PICTURES = {
    "kl-explorer": "kl_explorer-before",
    "patch-explorer": "patch_explorer-before",
    "playground": "playground-before",
    "validate": "validate-mistaken",
}
# Fonts are drawn a little differently on other machines, and last digits may differ: what counts
# is the share of what is drawn, out of focus, that is at another place or of another grey.
FOCUS = 4  # pixels
ALIKE = 0.15
SIZES = 0.03  # of the width, and of the height


def made(screenshot):
    """What is shipped of a screenshot: 256 colours, a third of the size."""
    with Image.open(screenshot) as picture:
        return picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)


def stale(screenshot):
    """What is wrong with the pictures that are made of this screenshot, in words: a list."""
    told = []
    for name, seen in PICTURES.items():
        if seen == screenshot.stem:
            with Image.open(MADE / f"{name}.png") as shipped:
                unlike = difference(shipped, made(screenshot))
            if unlike >= ALIKE:
                told.append(f"{name}.png is stale ({unlike:.0%} differs): run `make pictures`")
    return told


def difference(one, other):
    """How unlike two pictures are, from 0 to 1: the share of their greys that do not agree.

    Greys are counted from the most frequent one, the ground; out of focus, and at one size.
    Errors: none; 1 where the sizes differ by more than SIZES.
    """
    if any(abs(a - b) > SIZES * max(a, b) for a, b in zip(one.size, other.size)):
        return 1.0
    drawn = []
    for picture in (one, other):
        grey = picture.convert("L").resize(one.size).filter(ImageFilter.GaussianBlur(FOCUS))
        values = np.asarray(grey, dtype=float)
        drawn.append(values - np.median(values))
    return float(np.abs(drawn[0] - drawn[1]).sum() / max(np.abs(drawn).sum(), 1))


def main():
    missing = [seen for seen in PICTURES.values() if not (SEEN / f"{seen}.png").exists()]
    if missing:
        sys.exit(f"There is no screenshot {missing[0]} in {SEEN}: run `make test-browser` first.")
    for name, seen in PICTURES.items():
        target = MADE / f"{name}.png"
        made(SEEN / f"{seen}.png").save(target, optimize=True)
        print(f"{target.relative_to(CLONE)}  {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
