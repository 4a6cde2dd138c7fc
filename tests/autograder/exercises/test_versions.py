"""Versions of a function differ in one statement, are programs, and say where to look."""

import ast
import functools
import re

import numpy as np
import pytest

from autograder.exercises.mistakes import catalogue
from autograder.exercises.reference import functions, reference, solution_text
from autograder.exercises.versions import WORDS, built, changes, helpers, shapes_in, versions
from saelab.check.exercises import exercise

COST = "sparse_autoencoder_cost"
SUMS = [name for name in functions() if not exercise(name).properties]


@functools.cache
def changed(name):
    return tuple(changes(name))


def statements(text):
    """The innermost statements of a function, as texts."""
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    return [ast.unparse(node) for node in found if not hasattr(node, "body")]


@pytest.mark.parametrize("name", SUMS)
def test_a_version_differs_in_one_statement(name):
    own = statements(solution_text(name))
    for says, text, _ in changed(name):
        other = statements(text)
        assert len(other) == len(own)
        assert sum(a != b for a, b in zip(own, other)) == 1, (says, text)


@pytest.mark.parametrize("name", SUMS)
def test_each_version_is_another_program(name):
    texts = [text for _, text, _ in changed(name)]
    assert len(set(texts)) == len(texts) > 5
    assert ast.unparse(ast.parse(solution_text(name))) not in texts


@pytest.mark.parametrize("name", SUMS)
def test_what_is_said_has_its_place_filled_in_and_says_where_to_look(name):
    for says, *_ in changed(name):
        assert "{" not in says and "  " not in says and says.endswith(".")
        assert says.startswith("In ") and ". Look " in says and len(says) <= 220


def test_the_slips_of_students_are_among_them():
    told = " ".join(says for says, *_ in changed(COST))
    for words in (
        "In delta2 a factor is missing", "In delta3 a factor stands twice",
        "a part of a sum or difference is missing",
        "a term has the wrong sign", "error is taken without its sign", "the first example alone",
        "stands where another one belongs", "a matrix is not turned around",
    ):  # fmt: skip
        assert words in told, words


# Names of the lecture, and of arguments; others are a step of a student's own.
KNOWN = {"a2", "a3", "b1", "b2", "m", "W1", "W2", "W", "data", "delta2", "delta3", "rho_hat"}
COMMON = (*WORDS, "a", "own", "step")  # words that a sentence may have all the same


@pytest.mark.parametrize("name", SUMS)
def test_no_variable_of_the_solution_is_named(name):
    tree = ast.parse(solution_text(name))
    stored = [node for node in ast.walk(tree) if isinstance(getattr(node, "ctx", None), ast.Store)]
    own = {node.id for node in stored if isinstance(node, ast.Name)} - KNOWN - set(COMMON)
    for says, *_ in changed(name):
        assert not own & set(re.findall(r"\w+", says)), says


def test_the_catalogue_s_come_first_and_those_of_helpers_are_among_them():
    every = list(versions("autoencoder_cost"))
    own = catalogue("autoencoder_cost")
    assert [version.mistake for version in every[: len(own)]] == list(own)
    assert {version.changed for version in every} == {
        "autoencoder_cost", "feed_forward", "unpack_parameters", "sigmoid"
    }  # fmt: skip
    assert helpers("autoencoder_cost") == ("sigmoid", "unpack_parameters", "feed_forward")


def test_a_helper_s_version_reaches_the_function_and_nothing_else():
    args = exercise("feed_forward").probes[0].args
    right = reference("02_cost").feed_forward(*args)
    text = solution_text("sigmoid").replace("np.exp(-z)", "np.exp(z)")
    wrong = built("feed_forward", {"sigmoid": text})
    assert np.allclose(built("feed_forward")(*args)[0], right[0])
    assert not np.allclose(wrong(*args)[0], right[0])
    assert np.allclose(reference("02_cost").feed_forward(*args)[0], right[0])


def test_the_shapes_are_those_of_a_call():
    found = shapes_in("feed_forward")
    v, h = exercise("feed_forward").probes[0].args[1:3]
    assert found["W1"] == (h, v) and found["b1"] == (h,) and found["a2"][0] == h
