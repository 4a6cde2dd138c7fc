"""What explorers share: a picture with words, controls that redraw it, failures in words."""

import io
import threading

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from saelab import previous
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import fitted, within
from saelab.widgets.picture import Picture
from saelab.widgets.theirs import TheirsFailed, call
from saelab.widgets.words import Words

VIEW = "application/vnd.jupyter.widget-view+json"


def explorer(function=lambda x: x, **more):
    """An explorer of one number and a colour. function: the reader's, which draw calls."""
    draws = []

    def draw(figure, x, colour):
        draws.append((x, colour))
        height = call(function, np.array([x, 2 * x]), shape=(2,))
        ax = figure.add_axes([0.1, 0.1, 0.8, 0.8])
        ax.plot([0, 1], height, color=colour)
        ax.set(ylim=(0, 10))
        return f"The line <rises> to {height[1]:g}."

    controls = {
        "x": ipywidgets.FloatSlider(1, min=0, max=5, description="slope"),
        "colour": ipywidgets.Dropdown(options=["black", "red"], description="colour"),
    }
    made = Explorer("A line & its slope", draw, controls, (3, 2), **more)
    made.draws = draws
    return made


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


# --- the picture and its words -----------------------------------------------------


def test_what_is_shown_without_widgets_is_the_same_picture_with_words():
    bundle = explorer()._repr_mimebundle_()
    assert set(bundle) == {VIEW, "text/html", "text/plain"}
    assert bundle["text/plain"] == "The line <rises> to 2."
    assert 'alt="The line &lt;rises&gt; to 2."' in bundle["text/html"]
    assert (
        "<figcaption>A line &amp; its slope (Run this cell to move it.)</figcaption>"
        in bundle["text/html"]
    )
    assert "data:image/svg+xml," in bundle["text/html"]


def test_a_control_redraws_picture_words_and_still_picture():
    shown = explorer()
    before = pixels(shown.picture.png)
    shown.controls["x"].value = 3
    assert shown.reading.value == shown.picture.alt == "The line <rises> to 6."
    assert (pixels(shown.picture.png) != before).any()
    assert shown.picture.number == 2
    assert "to 6." in shown._repr_mimebundle_()["text/html"]


def test_several_controls_are_set_with_one_redraw():
    shown = explorer()
    shown.set(x=2, colour="red")
    assert shown.draws == [(1, "black"), (2, "red")]
    shown.set(x=2)
    assert len(shown.draws) == 2
    shown.set(x=99)
    assert shown.values == {"x": 5, "colour": "red"} and len(shown.draws) == 3


def test_two_pictures_of_the_same_values_are_the_same_bytes():
    first, second = explorer()._repr_mimebundle_(), explorer()._repr_mimebundle_()
    assert first["text/html"] == second["text/html"]


def test_every_control_has_a_description():
    assert all(control.description for control in explorer().controls.values())


def test_explorers_draw_one_after_the_other():
    """Their controls may be moved from several threads, and matplotlib is not made for it."""
    shown, other = explorer(), explorer()
    moved = threading.Thread(target=lambda: shown.set(x=2), daemon=True)
    with other.lock:
        moved.start()
        moved.join(0.2)
        assert moved.is_alive() and len(shown.draws) == 1
        other.set(x=3)  # a callback of the same thread may draw
    moved.join(60)
    assert shown.values["x"] == 2 and shown.picture.number == 2


# --- the reader's functions --------------------------------------------------------


def stub(x):
    raise NotImplementedError


def raises(x):
    raise IndexError("index 3 is out of bounds")


def unfinished(x):
    raise previous.Unfinished("sigmoid is not written yet in ../02_cost/02_cost.ipynb.")


WRONG = [
    (stub, "stub is not written yet. Write it above"),
    (unfinished, "sigmoid is not written yet in ../02_cost/02_cost.ipynb."),
    (raises, "raises raised IndexError: index 3 is out of bounds. Run check(raises)"),
    (lambda x: None, "returned nothing (None), where numbers were expected"),
    (lambda x: "2, 3", "returned a str, where numbers"),
    (lambda x: [[1, 2], [3]], "returned a list, where numbers"),
    (lambda x: x + 1j, "returned an array of complex128, where numbers"),
    (lambda x: x[:1], "returned an array of shape (1,); (2,) was expected"),
    (lambda x: x * [1, np.nan], "returned a value that is not finite (nan or inf)"),
    (lambda x: x / 0, "returned 2 values that are not finite"),
    (3, "a function was expected here, not 3"),
]


@pytest.mark.parametrize("function, told", WRONG, ids=[told[:30] for _, told in WRONG])
def test_what_is_wrong_with_a_function_is_told_in_place_of_the_picture(function, told):
    shown = explorer(function)
    assert told in shown.reading.value and shown.reading.failed
    assert shown.picture.number == 0 and shown.picture.png == b""
    bundle = shown._repr_mimebundle_()
    assert told in bundle["text/plain"] and "<" not in bundle["text/plain"]
    assert "<img" not in bundle["text/html"] and "A line &amp; its slope" in bundle["text/html"]


def test_the_picture_that_was_there_is_dimmed_until_the_function_works_again():
    shown = explorer(lambda x: 1 / 0 if x[0] == 2 else x)
    assert not shown.picture.stale
    shown.controls["x"].value = 2
    assert shown.picture.stale and shown.picture.number == 1
    assert "raised ZeroDivisionError: division by zero" in shown.reading.value
    assert "<img" not in shown._repr_mimebundle_()["text/html"]
    shown.controls["x"].value = 3
    assert not shown.picture.stale and shown.picture.number == 2
    assert not shown.reading.failed and "to 6." in shown.reading.value


def test_what_a_function_does_to_its_arguments_stays_with_it():
    def in_place(x):
        x *= 2
        return x

    given = np.ones(2)
    assert call(in_place, given, shape=(2,)).tolist() == [2, 2]
    assert given.tolist() == [1, 1]


@pytest.mark.parametrize(
    "returned", [[1, 2], (1.0, 2), np.array([1, 2], np.float32), np.matrix([1, 2])]
)
def test_any_numbers_will_do(returned):
    values = call(lambda: returned)
    assert values.dtype == float and values.ravel().tolist() == [1, 2]


def test_an_error_of_our_own_is_not_taken_for_the_reader_s():
    def draw(figure, **values):
        raise KeyError("ours")

    with pytest.raises(KeyError):
        Explorer("Broken", draw, {}, (3, 2))


def test_an_interrupt_goes_through():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted)


def test_a_failure_can_be_told_by_hand():
    with pytest.raises(TheirsFailed, match=r"^stub is not written yet"):
        call(stub, 1)


# --- pointing ----------------------------------------------------------------------


def test_a_picture_tells_where_it_is_pointed_at_and_how_far_the_keys_go():
    told = []
    picture = Picture(lambda x, y: told.append((x, y)), lambda dx, dy: told.append((dx, dy)))
    # What the page sends.
    picture.set_state({"pointed": [0.25, 0.5, 1]})
    picture.set_state({"pointed": [0.25, 0.5, 2]})
    picture.set_state({"stepped": [1, 0]})
    picture.set_state({"stepped": [1, -10]})
    picture.set_state({"stepped": [4, -10]})  # three steps that came at once
    assert told == [(0.25, 0.5), (0.25, 0.5), (1, 0), (0, -10), (3, 0)]


def test_a_picture_that_nobody_listens_to_can_be_pointed_at():
    picture = Picture()
    picture.set_state({"pointed": [0.1, 0.2, 1], "stepped": [1, 1]})


def test_a_new_picture_comes_with_its_words_in_one_message():
    picture, sent = Picture(), []
    picture.send_state = lambda key=None: sent.append(set(key))
    picture.stale = True
    sent.clear()
    picture.draw(explorer().picture.png, "words")
    assert sent == [{"svg", "alt", "number", "stale"}]


def test_words_say_whether_they_tell_a_failure():
    words = Words()
    words.tell("It does not work.", failed=True)
    assert words.failed and words.value == "It does not work."
    words.tell("It works.")
    assert not words.failed


def test_a_place_within_a_box():
    box = 0.5, 0.1, 0.4, 0.6  # its top lies 0.3 below that of the figure
    assert within(box, 0.5, 0.3) == pytest.approx((0, 0))
    assert within(box, 0.9, 0.9) == pytest.approx((1, 1))
    assert within(box, 0.6, 0.6) == pytest.approx((0.25, 0.5))
    assert within(box, 0.49, 0.6) == pytest.approx((0, 0.5))  # just beside it
    assert within(box, 0.4, 0.6) is None and within(box, 0.6, 0.2) is None


def test_a_picture_is_fitted_into_a_box_undistorted():
    left, bottom, width, height = fitted((0.1, 0.1, 0.5, 0.8), (100, 200), (8, 4))
    assert width * 8 == pytest.approx(2 * height * 4)
    assert (left, width) == pytest.approx((0.1, 0.5))
    assert bottom + height / 2 == pytest.approx(0.5)
