"""README's pictures show what this run of the tests has seen: they are not of another day."""

import re

import numpy as np
import pytest
from PIL import Image

from tests.browser.pictures import ALIKE, MADE, PICTURES, difference, made
from tests.browser.server import ROOT


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_not_stale(name, screenshot):
    """Runs after the modules that take the screenshots; alone it has nothing to compare with."""
    seen = screenshot.taken.get(PICTURES[name])
    if seen is None:
        pytest.skip(f"no screenshot {PICTURES[name]} was taken: run all tests of this folder")
    with Image.open(MADE / f"{name}.png") as shipped:
        unlike = difference(shipped, made(seen))
    assert unlike < ALIKE, (
        f"docs/pictures/{name}.png is stale ({unlike:.0%} differs): run `make pictures`"
    )


def test_each_picture_is_in_readme_with_words():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"!\[([^]]*)\]\(docs/pictures/([\w-]+)\.png\)", readme))
    words = {name: text for text, name in shown.items()}
    for name in PICTURES:
        assert len(words[name].split()) > 8, name


def test_a_picture_of_something_else_is_stale():
    """Another sentence, another curve, another size."""
    curve = np.full((400, 800), 255, np.uint8)
    curve[100:300, 100:110] = 0
    pictures = curve, np.roll(curve, 60, axis=1), np.full((500, 800), 255, np.uint8)
    page, moved, larger = map(Image.fromarray, pictures)
    assert difference(page, page) == 0
    assert difference(page, page.resize((805, 402))) < ALIKE
    assert difference(page, moved) > ALIKE
    assert difference(page, larger) > ALIKE
