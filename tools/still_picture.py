"""Make docs/pictures/hundred-units.png, README's second picture: the filters of a hundred units.

    python -m tools.still_picture

They are those of notebook 09, the first of the stored networks, with one scale for all.
"""

import numpy as np
from PIL import Image

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_stored

TARGET = CLONE / "docs" / "pictures" / "hundred-units.png"
ZOOM = 3  # pixels of the picture for one of a filter, along each side


def picture() -> Image.Image:
    """The picture, in 8-bit grey: the largest weight of all is white, or black."""
    theta = load_stored("hundred_units")["hundred/theta"][0].astype(float)
    W1, *_ = reference("02_cost").unpack_parameters(theta, 100, 100)
    tiled = reference("06_visualization").tile_filters(W1, columns=10, scale="common")
    grey = np.round(127.5 * (tiled + 1)).astype(np.uint8)
    return Image.fromarray(np.kron(grey, np.ones((ZOOM, ZOOM), np.uint8)))


def main() -> None:
    picture().save(TARGET, optimize=True)
    print(f"wrote {TARGET.relative_to(CLONE)}, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
