"""What a test lends, and what a student's code may not do with it."""

import abc
import collections
import enum
import io
import math
import sqlite3
import subprocess
import types
import unittest.mock

import numpy as np
import pytest

from autograder.kernel import lending
from autograder.kernel.lending import do, is_lent, is_own, may_use, place_in_library


@pytest.fixture
def own():
    """Classes and functions as a test cell defines them."""
    names = {"__name__": "__main__", "abc": abc, "enum": enum, "collections": collections}
    exec(
        """
class Account:
    bank = "b"
    def __init__(self, money):
        self.money, self._pin = money, 1234
    def add(self, more):
        self.money += more
    def __len__(self):
        return self.money
class Log(list):
    def __getitem__(self, at):
        return list.__getitem__(self, at)
class Slow(subprocess.Popen):
    def __init__(self):
        self.own = 1
class Colour(enum.Enum):
    RED = 1
def greet(name="you", *, loud=False):
    "Greet."
    return name
greet.calls = 3
""",
        names | {"subprocess": subprocess},
        names,
    )
    for name in ("Account", "Log", "Slow", "Colour", "greet"):
        names[name].__module__ = "__main__"
    return types.SimpleNamespace(**{k: v for k, v in names.items() if k[0] != "_"})


def test_public_attributes_methods_and_operators_are_for_the_student(own):
    account = own.Account(5)
    do(account, "getattr", ["add"])(2)
    assert do(account, "getattr", ["money"]) == 7 and do(account, "len", []) == 7
    do(account, "setattr", ["money", 1])
    assert account.money == 1
    assert do(account, "dir", []) == ["add", "bank", "money"]
    assert do(account, "vars", []) == {"money": 1}


@pytest.mark.parametrize(
    "name", ["_pin", "__class__", "__dict__", "__init__", "__globals__", "__reduce__", "nothing"]
)
def test_nothing_else_is(own, name):
    for value in (own.Account(1), own.Account, own.greet, own.Account(1).add):
        with pytest.raises(AttributeError):
            do(value, "getattr", [name])
        with pytest.raises(AttributeError):
            do(value, "setattr", ["_" + name, 1])


@pytest.mark.parametrize("operation", ["call", "getitem", "exit", "source", "fields", 7, "worth"])
def test_an_operation_that_the_class_has_not_is_refused(own, operation):
    with pytest.raises(TypeError, match="no operation"):
        do(own.Account(1), operation, [])


def test_what_a_library_gives_to_a_class_of_the_test_s_is_not_for_the_student(own):
    slow = own.Slow()
    assert do(slow, "getattr", ["own"]) == 1
    for name in ("communicate", "kill", "terminate"):
        assert not may_use(slow, name)
        with pytest.raises(AttributeError):
            do(slow, "getattr", [name])
    assert may_use(own.Log(), "append") and may_use(own.Colour.RED, "value")


def test_functions_tell_what_decorators_copy(own):
    for name in ("__name__", "__doc__", "__annotations__", "calls"):
        assert do(own.greet, "getattr", [name]) == getattr(own.greet, name)
    assert do(own.greet, "code", [])["co_varnames"] == ("name", "loud")
    assert [p[0] for p in do(own.greet, "parameters", [])[1:]] == ["name", "loud"]
    for name in ("__code__", "__globals__", "__closure__", "__builtins__", "__defaults__"):
        with pytest.raises(AttributeError):
            do(own.greet, "getattr", [name])


def test_which_objects_are_lent(own):
    for value in (own.Account(1), own.Log(), io.StringIO(), types.SimpleNamespace(x=1),
                  unittest.mock.Mock(), own.Colour.RED):  # fmt: skip
        assert is_lent(value)
    for value in (own.greet, math, np.random, subprocess.Popen, object(), iter([]), abs):
        assert not is_lent(value)
    assert is_own(own.Account) and not is_own(dict) and not is_own(type(lending))


@pytest.mark.parametrize(
    "value, place",
    [
        (math.sqrt, ["math", "sqrt"]),
        (np.sin, ["numpy", "sin"]),
        (np.linalg, ["numpy.linalg", ""]),
        (str.upper, ["builtins", "str.upper"]),
        (collections.OrderedDict, ["collections", "OrderedDict"]),
        (lending.do, None),
        (lambda: 1, None),
        ([].append, None),
        (np.random.rand, None),
        (5, None),
    ],
)
def test_what_a_library_has_is_found_there(value, place):
    assert place_in_library(value) == place


def test_what_a_library_s_object_has_is_refused_with_the_rule():
    connection = sqlite3.connect(":memory:")
    with pytest.raises(AttributeError, match=r"'execute' of the test's Connection .*\(rule 10"):
        do(connection, "getattr", ["execute"])
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        do(connection, "getattr", ["nothing"])
    connection.close()
