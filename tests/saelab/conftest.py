"""Versions of the functions that students write, made from the reference's own text."""

from types import SimpleNamespace

import pytest

from autograder.exercises.reference import functions, made, points, solution_text


@pytest.fixture(scope="session")
def course():
    """What is known of the course's functions, and how to make other versions of them."""
    return SimpleNamespace(
        names=sorted(functions()), text=solution_text, made=made, edited=_edited, points=points
    )


def _edited(name, *edits):
    """The reference's function with its text edited: old, new, old, new, ..."""
    text = solution_text(name)
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    return made(text, name)
