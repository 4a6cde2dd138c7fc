"""The explorer of what passes through few units."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.widgets.bottleneck import HIGHEST, KINDS, LEFT, SHOWN, bottleneck_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    unwritten,
    words,
)

stored = load_stored("bottlenecks")
UNITS = stored["units"].tolist()


def explorer():
    return bottleneck_explorer(reference("00_autoencoders").pca_bottleneck)


@pytest.fixture(scope="module")
def any_explorer():
    return explorer()


def test_each_control_is_seen(any_explorer):
    assert_each_control_is_seen(any_explorer)


def test_it_is_told_in_words():
    """The axes of the pictures, which have no marks, are the last."""
    shown = explorer()
    full = shown.draw_figure

    def draw(drawn, **values):
        sentence = full(drawn, **values)
        drawn.axes[-1].remove()
        return sentence

    shown.draw_figure = draw
    assert_it_is_told_in_words(shown)


@pytest.mark.parametrize("k", [1, 25, 64])
@pytest.mark.parametrize("kind", KINDS)
def test_the_sentence_has_the_shares(kind, k, any_explorer):
    set_values(any_explorer, kind=kind, k=k)
    data, said = stored[kind] / 255, words(any_explorer)
    share = np.linalg.eigvalsh(np.cov(data))[-k:].sum() / np.trace(np.cov(data))
    network = stored[f"{kind}_share"][UNITS.index(k)]
    assert said.startswith(f"{kind.capitalize()}, {k} hidden unit{'s' if k > 1 else ''}: PCA keeps")
    assert f"{100 * share:.1f} % of the variance" in said
    assert f"the network {100 * network:.1f} %, {100 * (share - network):.1f} points less" in said
    assert f"{100 * k / 64:.1f} % could be kept" in said


@pytest.mark.parametrize("kind", KINDS)
def test_the_pictures_are_what_they_are_called(kind, any_explorer):
    curves, pictures = figure(any_explorer, kind=kind, k=16).axes
    seen = [np.asarray(image.get_array())[:, :8].ravel() for image in pictures.images]
    own, rebuilt = stored[kind][:, 0] / 255, stored[f"{kind}_rebuilt"][UNITS.index(16)][:, 0] / 255
    mean, U, _ = reference("00_autoencoders").pca_bottleneck(stored[kind] / 255, 16)
    for got, want in zip(seen, (own, mean + U @ U.T @ (own - mean), rebuilt), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)
    assert pictures.images[0].get_array().shape[1] == 9 * SHOWN - 1
    (pca,), (network,) = (line.get_ydata() for line in curves.lines[-2:])
    assert network == stored[f"{kind}_share"][UNITS.index(16)] < pca


def test_it_is_pointed_at_and_stepped(any_explorer):
    set_values(any_explorer, kind="noise", k=25)
    left, bottom, width, height = LEFT
    for pointed, k in ((17, 16), (62, 64), (0, 1), (30, 25), (31, 36)):
        any_explorer.picture.pointed = [
            left + pointed / HIGHEST * width,
            1 - bottom - height / 2,
            k,
        ]
        assert any_explorer.values["k"] == k
    any_explorer.picture.pointed = [0.9, 0.5, 1]
    assert any_explorer.values["k"] == 36
    set_values(any_explorer, kind="noise", k=25)
    for steps, k, kind in (
        ((1, 0), 36, "noise"), ((99, 1), 64, "chain"), ((98, 99), 49, "whitened"),
        ((0, 99), 1, "whitened"),
    ):  # fmt: skip
        any_explorer.picture.stepped = list(steps)  # all that there were so far
        assert (any_explorer.values["k"], any_explorer.values["kind"]) == (k, kind)


@pytest.mark.parametrize(
    "wrong, says",
    [
        (unwritten("pca_bottleneck"), "pca_bottleneck is not written yet."),
        (lambda data, k: data[0], "the function raised TypeError: it returns ndarray, where sev"),
        (lambda data, k: (np.zeros(64), np.eye(64), 1.0), "array of shape (64, 64); (64, 1) was"),
        (lambda data, k: (np.zeros(64), np.eye(64)[:, :k], np.nan), "a value that is not finite"),
    ],
)
def test_what_is_wrong_is_said(wrong, says):
    shown = bottleneck_explorer(wrong)
    assert shown.reading.failed and says in words(shown)


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match="pca_bottleneck must be a function"):
        bottleneck_explorer(3)  # type: ignore[arg-type]
