"""README's pictures show what the tests have seen: they are not of another day."""

import re
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from autograder import CLONE
from tests.browser.pictures import ALIKE, MADE, PICTURES, difference, stale
from tests.browser.test_notebooks import WIDGETS

HERE = Path(__file__).parent


def test_a_picture_is_compared_with_the_screenshot_that_it_is_made_of(tmp_path):
    name, seen = next(iter(PICTURES.items()))
    with Image.open(MADE / f"{name}.png") as shipped:
        shipped.save(tmp_path / f"{seen}.png")
        assert stale(tmp_path / f"{seen}.png") == []
        ImageOps.mirror(shipped.convert("L")).save(tmp_path / f"{seen}.png")
    (told,) = stale(tmp_path / f"{seen}.png")
    assert f"{name}.png is stale" in told


def test_each_picture_is_made_of_something_that_is_seen():
    """Nothing else notices where a test that takes the screenshot is gone."""
    widgets = {f"{widget}-before" for _, (widget, _) in WIDGETS}
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    for seen in PICTURES.values():
        assert seen in widgets or f'screenshot(lab.page, "{seen}")' in tests


def test_each_picture_is_in_readme_with_words():
    readme = (CLONE / "README.md").read_text(encoding="utf-8")
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
