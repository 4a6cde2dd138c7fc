"""A figure is shown with words for everybody, or not at all."""

import base64
import io
import re
import urllib.parse
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from saelab import display

pytestmark = pytest.mark.versions

ALT = "A line that rises from left to right."
CAPTION = "A straight line."
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def agg():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: a list of bundles from MIME type to text."""
    bundles = []
    monkeypatch.setattr(display, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def labelled(**more):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1], [0, 1])
    ax.set(**{"xlabel": "step", "ylabel": "cost", "title": "Down", **more})
    return figure


def svg_in(bundle):
    [address] = re.findall(r'src="data:image/svg\+xml,([^"]+)"', bundle["text/html"])
    return ElementTree.fromstring(urllib.parse.unquote(address))


def picture_in(bundle):
    [image] = svg_in(bundle).iter(f"{SVG}image")
    encoded = image.get("href").removeprefix("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("L"))


def test_a_labelled_figure_is_shown_and_closed(shown):
    figure = labelled()
    display.show(figure, ALT, CAPTION)
    [bundle] = shown
    assert bundle["text/plain"] == ALT and f'alt="{ALT}"' in bundle["text/html"]
    assert "width: 216px" in bundle["text/html"]
    assert f"<figcaption>{CAPTION}</figcaption>" in bundle["text/html"]
    assert not plt.fignum_exists(figure.number)


def test_what_is_shown_is_the_figure(shown):
    figure, ax = plt.subplots(figsize=(1, 1))
    ax.imshow([[0, 1]], cmap="gray", aspect="auto")
    ax.axis("off")
    display.show(figure, ALT, "Dark and light.")
    picture = picture_in(shown[0])
    height, width = picture.shape
    assert picture[height // 2, width // 4] == 0 and picture[height // 2, 3 * width // 4] == 255


def kept_in(bundle):
    """(left, top, width, height) of what a dark page shows as it is."""
    names = ("x", "y", "width", "height")
    return [[float(box.get(name)) for name in names] for box in svg_in(bundle).iter(f"{SVG}rect")]


def test_a_figure_follows_the_theme_of_its_page(shown):
    display.show(labelled(), ALT, CAPTION)
    svg = svg_in(shown[0])
    assert "prefers-color-scheme: dark" in svg.find(f"{SVG}style").text
    height, width = picture_in(shown[0]).shape
    assert svg.get("viewBox") == f"0 0 {width} {height}"
    assert svg.get("width") == "216" and int(svg.get("height")) == round(216 * height / width)
    assert [use.get("class") for use in svg.iter(f"{SVG}use")] == ["paper"]


@pytest.mark.parametrize("layout", ["constrained", "tight"])
def test_a_photograph_in_it_does_not(shown, layout):
    """What is kept is the black of the photographs, and nothing but that."""
    figure, axes = plt.subplots(1, 3, figsize=(6, 2), layout=layout)
    display.draw_picture(axes[0], np.zeros((4, 4)), "black", limit=1e-9, cmap="gray_r")
    axes[0].get_images()[0].set_clim(-1, 0)
    axes[1].pcolormesh(np.zeros((2, 2)), cmap="gray", vmin=0, vmax=1)
    axes[1].set(xlabel="column", ylabel="row", title="black, too")
    axes[2].set(xlabel="step", ylabel="cost", title="white")
    display.show(figure, ALT, CAPTION)
    picture, kept = picture_in(shown[0]), kept_in(shown[0])
    inside = np.zeros(picture.shape, dtype=bool)
    for left, top, width, height in np.round(kept).astype(int):
        inside[top + 2 : top + height - 2, left + 2 : left + width - 2] = True
    assert len(kept) == 2 and inside.sum() > 5000
    assert picture[inside].max() == 0
    assert (picture[~inside] == 0).mean() < 0.05  # letters, and the edges


def test_words_are_escaped(shown):
    display.show(
        labelled(), 'The "cost" of <b> & of a long walk', "<script>alert(1)</script> & more"
    )
    html = shown[0]["text/html"]
    assert 'alt="The &quot;cost&quot; of &lt;b&gt; &amp; of a long walk"' in html
    assert "<figcaption>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</figcaption>" in html
    assert shown[0]["text/plain"] == 'The "cost" of <b> & of a long walk'


def test_a_figure_made_without_pyplot_is_shown_too(shown):
    figure = Figure()
    figure.subplots().set(xlabel="x", ylabel="y", title="t")
    display.show(figure, ALT, CAPTION)
    assert len(shown) == 1


@pytest.mark.parametrize("alt", ["", "A line", None, "   a   b   c  "])
def test_a_missing_alternative_is_told(shown, alt):
    with pytest.raises(ValueError, match=r"the text alternative .* is too short"):
        display.show(labelled(), alt, CAPTION)
    assert not shown


def test_a_missing_title_and_caption_are_told(shown):
    with pytest.raises(ValueError, match="neither a title nor a caption"):
        display.show(labelled(title=""), ALT)
    display.show(labelled(title=""), ALT, CAPTION)
    assert len(shown) == 1


@pytest.mark.parametrize("place", ["left", "center", "right"])
def test_a_title_on_any_side_may_stand_for_a_caption(shown, place):
    figure = labelled(title="")
    figure.axes[0].set_title("Down", loc=place)
    display.show(figure, ALT)
    assert "figcaption" not in shown[0]["text/html"]


@pytest.mark.parametrize(
    "label, told", [("xlabel", r"\['', 'cost'\]"), ("ylabel", r"\['step', ''\]")]
)
def test_a_missing_axis_label_is_told(shown, label, told):
    with pytest.raises(ValueError, match=f"axes number 1 have the labels {told}; name both"):
        display.show(labelled(**{label: ""}), ALT, CAPTION)
    assert not shown


def test_the_axes_whose_label_is_missing_are_counted(shown):
    figure, axes = plt.subplots(1, 3)
    for ax in axes[:2]:
        ax.set(xlabel="x", ylabel="y", title="t")
    with pytest.raises(ValueError, match="axes number 3"):
        display.show(figure, ALT, CAPTION)


def test_axes_that_are_switched_off_need_no_label(shown):
    figure = labelled(xlabel="", ylabel="")
    figure.axes[0].axis("off")
    display.show(figure, ALT, CAPTION)
    assert len(shown) == 1


def test_axes_that_are_shared_need_one_label_together(shown):
    figure, axes = plt.subplots(2, 2, sharex=True, sharey=True)
    figure.suptitle("Four")
    axes[1, 0].set(xlabel="step", ylabel="cost")
    display.show(figure, ALT, CAPTION)


def test_axes_that_are_not_shared_need_a_label_each(shown):
    figure, (left, _right) = plt.subplots(1, 2, sharey=True)
    left.set(xlabel="step", ylabel="cost", title="Two")
    with pytest.raises(ValueError, match=r"axes number 2 have the labels \['', 'cost'\]"):
        display.show(figure, ALT, CAPTION)


def test_labels_of_the_whole_figure_are_labels(shown):
    figure, _ = plt.subplots(1, 2)
    figure.suptitle("Two")
    figure.supxlabel("step")
    figure.supylabel("cost")
    display.show(figure, ALT, CAPTION)


def test_twin_axes_need_a_label_on_each_side(shown):
    figure = labelled()
    twin = figure.axes[0].twinx()
    with pytest.raises(ValueError, match=r"axes number 2 have the labels \['step', ''\]"):
        display.show(figure, ALT, CAPTION)
    twin.set_ylabel("error")
    display.show(figure, ALT, CAPTION)


def test_a_colorbar_needs_one_label(shown):
    figure = labelled()
    bar = figure.colorbar(figure.axes[0].scatter([0], [0], c=[1.0]))
    with pytest.raises(ValueError, match="axes number 2"):
        display.show(figure, ALT, CAPTION)
    bar.set_label("weight")
    display.show(figure, ALT, CAPTION)


def test_a_layout_that_was_chosen_is_kept(shown):
    figure = labelled()
    figure.set_layout_engine("tight")
    chosen = figure.get_layout_engine()
    display.show(figure, ALT, CAPTION)
    assert figure.get_layout_engine() is chosen


# --- drawing -----------------------------------------------------------------------


def test_a_picture_is_drawn_without_axes_on_a_symmetric_scale():
    _, ax = plt.subplots()
    display.draw_picture(ax, np.eye(3), "unit 3", limit=2)
    [image] = ax.get_images()
    assert image.get_clim() == (-2, 2) and not ax.axison and ax.get_title() == "unit 3"
    display.draw_picture(plt.subplots()[1], np.eye(3))


def test_patches_lie_row_by_row_side_by_side_on_one_scale():
    _, ax = plt.subplots()
    patches = np.arange(20.0).reshape(4, 5)
    display.draw_patches(ax, patches, columns=3)
    images = ax.get_images()
    assert len(images) == 5 and {image.get_clim() for image in images} == {(0, 19)}
    for image, patch in zip(images, patches.T):
        assert np.array_equal(np.asarray(image.get_array()), patch.reshape(2, 2))
    corners = [tuple(image.get_extent()[0::3]) for image in images]  # left, top
    assert corners == [(0, 0), (3, 0), (6, 0), (0, 3), (3, 3)]
    assert ax.get_xlim() == (-1, 9) and ax.get_ylim() == (6, -1)


def test_patches_keep_to_the_limits_that_are_given():
    _, ax = plt.subplots()
    display.draw_patches(ax, np.zeros((9, 2)), limits=(0.1, 0.9))
    assert ax.get_images()[0].get_clim() == (0.1, 0.9)


def test_a_network_is_drawn_with_all_its_units_biases_and_weights():
    _, ax = plt.subplots()
    display.draw_network(ax, visible_size=5, hidden_size=2)
    assert len(ax.patches) == 5 + 2 + 5 + 2
    assert len(ax.lines) == 5 * 2 + 2 * 5 + 2 + 5
    assert not ax.axison
