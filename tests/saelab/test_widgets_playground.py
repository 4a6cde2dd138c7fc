"""The playground shows the stored trainings, and each control changes picture and words."""

import html
import io
import re

import numpy as np
import pytest
from PIL import Image

from saelab.data import load_stored
from saelab.widgets import playground
from saelab.widgets.playground import AXES, MAPS, spelled
from saelab.widgets.weights import side_by_side


@pytest.fixture(scope="module")
def trainings():
    return load_stored("trainings")


@pytest.fixture
def explorer():
    return playground()


def go(explorer, **values):
    for name, value in values.items():
        explorer.controls[name].value = value
    return explorer.picture.alt


def field(explorer, name, b, k):
    """Where on the picture the field of a map is, as a pointer tells it."""
    left, bottom, width, height = MAPS[name][1]
    rows, columns = (len(explorer.trainings[axis]) for axis in ("beta", "lambda_"))
    return left + (k + 0.5) / columns * width, 1 - bottom - (b + 0.5) / rows * height


def test_it_starts_with_the_parameters_of_the_exercise(explorer):
    assert list(explorer.values.values()) == [0.01, 3, 1e-4, 25]
    assert explorer.picture.alt.startswith("Edges: with rho 0.01, beta 3 and lambda 1e-4, ")


def test_noise_collapse_and_the_window_are_told_apart(explorer):
    assert go(explorer, beta=0.0).startswith("No edges:")
    assert go(explorer, beta=3.0, lambda_=3e-4).startswith("Collapse:")
    assert go(explorer, lambda_=1e-5).startswith("No edges:")
    assert go(explorer, rho=0.03, lambda_=3e-4).startswith("Edges:")
    assert go(explorer, hidden=49.0).startswith("Edges in part:")


def test_the_sentence_tells_the_stored_numbers(explorer, trainings):
    alt = go(explorer, rho=0.1, beta=10.0, lambda_=1e-3, hidden=49.0)
    place = explorer.place
    assert place == (4, 3, 4, 1)
    numbers = re.search(
        r"cost is ([\d.]+) \(error ([\d.]+), weight decay ([\d.]+), sparsity ([\d.]+)\)", alt
    )
    assert numbers
    cost, error, decay, sparsity = map(float, numbers.groups())
    for told, name in ((cost, "cost"), (error, "error"), (decay, "decay"), (sparsity, "sparsity")):
        assert told == pytest.approx(trainings[name][place], abs=6e-4)
    assert f"{trainings['edges'][place]:.0f} of 49 units" in alt
    assert f"explains {trainings['explained'][place]:.0%} of" in alt


@pytest.mark.parametrize("name", AXES)
def test_each_control_changes_the_picture_and_is_named_in_words(name, explorer):
    control = explorer.controls[name]
    before, number = explorer.picture.png, explorer.picture.number
    control.index = 0 if control.index else 1
    assert explorer.picture.png != before and explorer.picture.number == number + 1
    assert re.match(r"[a-z]+(,| )", control.description)


def test_filters_maps_and_the_present_place_are_to_be_seen(explorer):
    def pixels():
        return np.array(Image.open(io.BytesIO(explorer.picture.png)).convert("RGB")).astype(int)

    before = pixels()
    height, width, _ = before.shape
    filters, maps = before[height // 4 :, : width * 2 // 5], before[:, width // 2 :]
    assert filters.min() < 50 and np.ptp(filters, axis=2).max() == 0  # in greys
    assert np.ptp(maps, axis=2).max() > 100
    explorer.step(1, 0)  # to a collapse
    changed = pixels() != before
    assert changed[:, width // 2 :].any()
    grey = pixels()[height // 4 :, : width * 2 // 5]
    assert np.quantile(grey, 0.25) > 100  # nothing is dark now but the gaps
    assert changed[height // 4 :, : width * 2 // 5].mean() > 0.5


def test_a_hundred_filters_are_large_enough_to_be_read(explorer):
    go(explorer, hidden=100.0)
    assert "of 100 units are edges" in explorer.picture.alt
    size, (width, _) = side_by_side(explorer.trainings["W1_100"][0, 0, 0], 10), explorer.size
    assert 0.46 * width * 96 / size.shape[1] >= 3.5  # pixels of a page for one weight


def test_a_field_of_either_map_can_be_pointed_at(explorer):
    for name in MAPS:
        explorer.point(*field(explorer, name, 3, 0))
        assert explorer.values["beta"] == 10 and explorer.values["lambda_"] == 1e-5
        explorer.point(*field(explorer, name, 0, 4))
        assert explorer.values["beta"] == 0 and explorer.values["lambda_"] == 1e-3


def test_pointing_elsewhere_changes_nothing(explorer):
    number = explorer.picture.number
    for place in ((0.2, 0.5), (0.6, 0.05), (0.76, 0.5), (0.99, 0.99)):
        explorer.point(*place)
    assert explorer.picture.number == number


def test_arrow_keys_go_a_field_further_and_stop_at_the_edge(explorer):
    explorer.step(1, 0)
    assert explorer.values["lambda_"] == 3e-4
    explorer.step(0, -1)  # up
    assert explorer.values["beta"] == 10
    number = explorer.picture.number
    explorer.step(-10, 10)
    assert explorer.place[1:3] == (0, 0)
    assert explorer.picture.number == number + 1  # one picture for two controls


def test_the_still_picture_is_that_of_the_start(explorer):
    page = explorer._repr_mimebundle_()["text/html"]
    assert f'alt="{html.escape(explorer.picture.alt)}"' in page and "data:image/svg+xml" in page


def test_the_same_place_gives_the_same_picture(explorer):
    before = explorer.picture.png
    go(explorer, rho=0.1)
    assert go(explorer, rho=0.01) and explorer.picture.png == before


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (0.005, "0.005"), (10.0, "10"), (1e-5, "1e-5"), (3e-4, "3e-4")]
)
def test_numbers_are_spelled_short(value, text):
    assert spelled(value) == text


def test_filters_lie_side_by_side_row_by_row():
    filters = np.arange(1.0, 13).reshape(3, 4)
    nan = np.nan
    expected = [
        [1, 2, nan, 5, 6], [3, 4, nan, 7, 8], [nan] * 5, [9, 10, nan, nan, nan],
        [11, 12, nan, nan, nan],
    ]  # fmt: skip
    np.testing.assert_array_equal(side_by_side(filters, 2), expected)
