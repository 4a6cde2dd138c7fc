"""What stands for a student's objects works as they do at home, and decides no answer."""

import asyncio
import collections.abc
import contextlib
import copy
import dataclasses
import functools
import gc
import inspect
import math
import operator
import socket
import types
import unittest
import unittest.mock
from multiprocessing.connection import Connection

import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from autograder.kernel.inside import objects
from autograder.kernel.inside.codec import CodecError
from autograder.kernel.limits import TimeLimits
from autograder.kernel.process import Unsandboxed
from autograder.kernel.remote import Wire
from autograder.kernel.sandbox import Bubblewrap, why_unavailable
from autograder.kernel.stand_ins import (
    METHODS,
    Operation,
    Remote,
    StandIns,
    StudentClass,
    keep,
)
from autograder.kernel.student_kernel import StudentKernel, World
from tests.autograder.kernel.test_remote import Pair
from tests.support.waiting import patient

pytestmark = pytest.mark.versions

STUDENT = '''
import asyncio, enum, functools
from abc import ABC, abstractmethod
from collections import namedtuple
from dataclasses import dataclass
from typing import NamedTuple

class Animal:
    """Any animal."""
    legs = 4
    made = 0
    def __init__(self, name):
        self.name = name
        Animal.made += 1
    def speak(self):
        return "..."
    @classmethod
    def from_text(cls, text):
        return cls(text.strip())
    @staticmethod
    def twice(n):
        return 2 * n
    @property
    def title(self):
        return self.name.title()

class Cat(Animal):
    """A cat."""
    def speak(self):
        return "meow"
    def __repr__(self):
        return f"Cat({self.name!r})"
    def __str__(self):
        return f"cat {self.name}"
    def __format__(self, how):
        return how + self.name
    def __lt__(self, other):
        return self.name < other.name

class Shape(ABC):
    @abstractmethod
    def area(self): ...

class Square(Shape):
    def __init__(self, side):
        self.side = side
    def area(self):
        return self.side ** 2

class Vector:
    def __init__(self, *items):
        self.items = items
    def __eq__(self, other):
        return isinstance(other, Vector) and self.items == other.items
    def __hash__(self):
        return hash(self.items)
    def __repr__(self):
        return f"Vector{self.items}"
    def __add__(self, other):
        other = other.items if isinstance(other, Vector) else [other] * len(self.items)
        return Vector(*(a + b for a, b in zip(self.items, other)))
    __radd__ = __add__
    def __iadd__(self, other):
        self.items = (self + other).items
        return self
    def __mul__(self, n):
        return Vector(*(n * a for a in self.items))
    __rmul__ = __mul__
    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.items, other.items))
    def __neg__(self):
        return Vector(*(-a for a in self.items))
    def __abs__(self):
        return max(map(abs, self.items))
    def __bool__(self):
        return any(self.items)
    def __int__(self):
        return int(self.items[0])
    def __float__(self):
        return float(self.items[0])
    def __round__(self, n=0):
        return Vector(*(round(a, n) for a in self.items))
    def __divmod__(self, other):
        return Vector(1), other
    def __and__(self, other):
        return Vector(*(a & b for a, b in zip(self.items, other.items)))
    def __call__(self, n):
        return self.items[n]

class Bag:
    def __init__(self, items=()):
        self.items, self.open = list(items), None
    def __len__(self):
        return len(self.items)
    def __getitem__(self, i):
        return self.items[i]
    def __setitem__(self, i, value):
        self.items[i] = value
    def __delitem__(self, i):
        del self.items[i]
    def __contains__(self, item):
        return item in self.items
    def __iter__(self):
        return iter(self.items)
    def __reversed__(self):
        return iter(self.items[::-1])
    def __enter__(self):
        self.open = True
        return self
    def __exit__(self, kind, error, trace):
        self.open = (kind and kind.__name__, str(error))
        return True
    async def __aenter__(self):
        return self.__enter__()
    async def __aexit__(self, *error):
        return self.__exit__(*error)

class Countdown:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n

class StudentError(ValueError):
    def __init__(self, text, amount=0):
        super().__init__(text)
        self.amount = amount

class TooLittle(StudentError):
    pass

class Silent(Exception):
    pass

class Stop(StopIteration):
    pass

def pay(amount):
    if amount == 0:
        raise Silent
    if amount < 5:
        raise TooLittle(f"{amount} is too little", amount)
    raise StudentError("too much", amount)

class NoFile(OSError):
    pass

def look_up(table, key):
    if key is None:
        raise NoFile(2, "nothing")
    try:
        return table[key]
    except KeyError as error:
        raise (StudentError if key == "k" else IndexError)("not there") from error

def calls(f):
    try:
        return f()
    except StudentError as error:
        return ["caught", str(error), error]

Point = namedtuple("Point", "x y")

class Place(NamedTuple):
    name: str
    at: tuple = (0, 0)
    def where(self):
        return f"{self.name} at {self.at}"

class Stack(list):
    def push(self, item):
        self.append(item)

class Table(dict):
    def total(self):
        return sum(self.values())

@dataclass
class Card:
    suit: str
    value: int = 1
    back: object = None

class Color(enum.Enum):
    RED = 1
    BLUE = 2

class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2

def favourite():
    return Color.RED

def area(width: float, height: float = 2.0, *more, unit: str = "m", **rest) -> float:
    """The area of a rectangle."""
    return width * height

def hints(values: list[int], f=len, kind: "Animal" = None): ...

def itself(x):
    return x

def counter():
    counter.calls += 1
    return counter.calls
counter.calls = 0

@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def logged(f):
    @functools.wraps(f)
    def inner(*args):
        return ["logged", f(*args)]
    return inner

add_one = functools.partial(lambda a, b: a + b, 1)

async def slow(n):
    await asyncio.sleep(0.001)
    return 2 * n

async def fails():
    raise StudentError("not now")

async def ticks(n):
    for k in range(n):
        await asyncio.sleep(0)
        yield k

def squares(n):
    return [k ** 2 for k in range(1, n + 1)]

def sum_of_squares(n):
    return sum(squares(n))

def turn(things):
    things.reverse()

def fill(things):
    things.append(Cat("new"))

def echo():
    got = 0
    while True:
        got = yield got

def more():
    yield from [1, 2]
more.pairs = {1: 2}

def pets():
    return [Cat("tom"), {"dog": Animal("rex")}, (Point(1, 2),)]

tom, zoo, origin = Cat("tom"), [Cat("a"), Animal("b")], Point(0, 0)
number_type = int
'''

# What the texts below use beside the student's names.
HERE = {
    module.__name__: module
    for module in (asyncio, collections, contextlib, copy, dataclasses, functools, inspect, math,
                   operator, pytest, types, unittest, unittest.mock)
} | {"np": np}  # fmt: skip


def used(text):
    """The names of the student's that a text uses."""
    code = [compile(inspect.cleandoc("\n" + text), "", "exec")]
    for part in code:
        code += [inner for inner in part.co_consts if isinstance(inner, types.CodeType)]
    return sorted({name for part in code for name in part.co_names} & {*AT_HOME})


def own_names():
    names: dict[str, object] = {"__name__": "__main__"}
    exec(STUDENT, names)
    return {name: value for name, value in names.items() if name not in HERE}


AT_HOME = own_names()


@pytest.fixture(scope="module")
def pair():
    made = Pair(student=STUDENT)
    yield made
    made.wire.connection.close()


LIKE_AT_HOME = {
    "classes": """
        assert isinstance(Cat("tom"), Cat) and isinstance(Cat("tom"), Animal)
        assert not isinstance(Animal("x"), Cat) and not isinstance(3, Cat)
        assert issubclass(Cat, Animal) and not issubclass(Animal, Cat)
        assert issubclass(Square, Shape) and isinstance(Square(2), Shape)
        assert type(Cat("x")) is Cat and Cat("x").__class__ is Cat
        assert type(Cat("x")).__name__ == Cat.__name__ == Cat("x").__class__.__name__ == "Cat"
        assert Cat.__qualname__ == "Cat" and Cat.__module__ == "__main__"
        assert Cat.__bases__ == (Animal,) and Animal.__bases__ == (object,)
        assert Cat.__mro__ == (Cat, Animal, object) and Stack.__bases__ == (list,)
        assert inspect.isclass(Cat) and callable(Cat) and isinstance(Cat, type)
        assert repr(Cat) == "<class '__main__.Cat'>"
        assert "speak" in dir(Cat) and "speak" in dir(Cat("x")) and "fly" not in dir(Cat)
        assert Cat.__doc__ == "A cat." == Cat("x").__doc__ and Shape.__abstractmethods__
        assert itself(Cat) is Cat and itself(Cat("x")).name == "x"
        with pytest.raises(TypeError, match="abstract"):
            Shape()
    """,
    "class attributes": """
        before = Animal.made
        assert Animal.legs == 4 and Cat.legs == 4 and Animal.twice(4) == 8
        assert Cat.from_text(" tom ").name == "tom" and isinstance(Cat.from_text("x"), Cat)
        assert Animal.made == before + 2
        Animal.legs = 3
        assert Cat("x").legs == 3
        Animal.legs = 4
        assert hasattr(Animal, "speak") and not hasattr(Animal, "fly")
        assert Animal.speak(Cat("x")) == "..."
    """,
    "attributes": """
        cat = Cat("tom")
        assert vars(cat) == {"name": "tom"} == cat.__dict__ and cat.title == "Tom"
        cat.age = 3
        assert cat.age == 3 and hasattr(cat, "age") and getattr(cat, "size", 5) == 5
        del cat.age
        assert not hasattr(cat, "age")
        with pytest.raises(AttributeError):
            cat.age
        other = copy.copy(cat)
        other.name = "tim"
        assert cat.name == "tom" and copy.deepcopy(cat) is not cat
    """,
    "text": """
        cat = Cat("tom")
        assert repr(cat) == "Cat('tom')" and str(cat) == "cat tom" and f"{cat}" == "tom"
        assert f"{cat:>>}" == ">>tom" and f"{cat!r}" == "Cat('tom')" and "%s" % cat == "cat tom"
        assert [cat].__repr__() == "[Cat('tom')]" and str(Vector(1, 2) * 3) == "Vector(3, 6)"
    """,
    "identity": """
        cat = Cat("tom")
        assert itself(cat) is cat and itself([cat])[0] is cat and itself(area) is area
        assert cat == cat and Cat("tom") != Cat("tom") and len({cat, itself(cat)}) == 1
        assert {cat: 1}[itself(cat)] == 1 and cat in [Cat("tom"), cat]
        assert cat.speak == cat.speak and favourite() is Color.RED
    """,
    "equality": """
        assert Vector(1, 2) == Vector(1, 2) and Vector(1, 2) != Vector(1, 3)
        assert not Vector(1) == 1 and Vector(1) != 1 and not 1 == Vector(1) and [1] != Vector(1)
        assert [Vector(1)] == [Vector(1)] and hash(Vector(1)) == hash(Vector(1))
        assert len({Vector(1), Vector(1), Vector(2)}) == 2 and Vector(1) in {Vector(1)}
        assert itself({Vector(1)}) == {Vector(1)}
        assert [c.name for c in sorted([Cat("b"), Cat("a")])] == ["a", "b"]
        assert min(Cat("b"), Cat("a")).name == "a"
        with pytest.raises(TypeError):
            Vector(1) < Vector(2)
        with pytest.raises(TypeError, match="unhashable"):
            hash(Card("x"))
    """,
    "operators": """
        a, b = Vector(1, 2), Vector(3, 5)
        assert a + b == Vector(4, 7) and a @ b == 13 and -a == Vector(-1, -2) and abs(-b) == 5
        assert a * 2 == 2 * a == Vector(2, 4) and (a + 1).items == (2, 3) and a(1) == 2
        assert sum([a, b]) == Vector(4, 7) and int(b) == 3 and float(b) == 3.0
        assert round(Vector(1.234), 1) == Vector(1.2) and a & b == Vector(1, 0)
        assert a and not Vector(0) and bool(b) is True
        quotient, rest = divmod(a, b)
        assert quotient == Vector(1) and rest is b
        c = a
        a += b
        assert a is c and a.items == (4, 7)
        with pytest.raises(TypeError):
            a - b
        with pytest.raises(TypeError):
            len(a)
        assert not isinstance(a, collections.abc.Iterable) and callable(a)
    """,
    "containers": """
        bag = Bag([1, 2, 3])
        assert len(bag) == 3 and 2 in bag and 5 not in bag and bag[0] == 1 and bag[-1] == 3
        bag[0] = 7
        del bag[1]
        assert list(bag) == [7, 3] and list(reversed(bag)) == [3, 7] and sum(bag) == 10
        first, last = bag
        assert (first, last) == (7, 3) and sorted(bag) == [3, 7] and not Bag() and bag
        assert isinstance(bag, collections.abc.Sized) and not callable(bag)
        with pytest.raises(IndexError):
            bag[9]
        with pytest.raises(TypeError):
            hash(bag) and len(Cat("x"))
    """,
    "iterators": """
        count = Countdown(3)
        assert iter(count) is count and next(count) == 2 and list(count) == [1, 0]
        assert next(count, "end") == "end"
        with pytest.raises(StopIteration):
            next(count)
        assert isinstance(count, collections.abc.Iterator)
        assert [a + b for a, b in zip(Countdown(3), Countdown(2))] == [3, 1]
    """,
    "with": """
        with Bag([1]) as bag:
            assert bag.open is True and bag[0] == 1
        assert bag.open == (None, "None")
    """,
    "errors": """
        with pytest.raises(StudentError, match="too much") as caught:
            pay(9)
        error = caught.value
        assert type(error) is StudentError and str(error) == "too much"
        assert error.args == ("too much",) and error.amount == 9 and isinstance(error, ValueError)
        assert issubclass(StudentError, ValueError) and issubclass(TooLittle, StudentError)
        try:
            pay(1)
        except StudentError as e:
            assert e.amount == 1 and type(e) is TooLittle and str(e) == "1 is too little"
        else:
            assert False
        with pytest.raises(TooLittle):
            pay(2)
        with pytest.raises(Silent) as caught:
            pay(0)
        assert str(caught.value) == "" and caught.value.args == ()
        with unittest.TestCase().assertRaises(StudentError) as context:
            pay(9)
        assert context.exception.amount == 9
        with unittest.TestCase().assertRaisesRegex(ValueError, "little"):
            pay(1)
    """,
    "errors with more": """
        with pytest.raises(StudentError) as caught:
            look_up({}, "k")
        cause = caught.value.__cause__
        assert isinstance(cause, KeyError) and cause.args == ("k",)
        with pytest.raises(LookupError) as caught:
            look_up({}, 3)
        assert isinstance(caught.value.__cause__, KeyError)
        with pytest.raises(OSError) as caught:
            look_up({}, None)
        assert caught.value.errno == 2 and str(caught.value) == "[Errno 2] nothing"
        assert caught.value.args == (2, "nothing")
    """,
    "errors that a test makes": """
        def fails():
            raise StudentError("mine", 3)
        caught, text, error = calls(fails)
        assert (caught, text, error.amount, error.args) == ("caught", "mine", 3, ("mine",))
        assert str(StudentError("x")) == "x" and repr(StudentError("x")) == "StudentError('x')"
        with pytest.raises(StudentError):
            raise StudentError("mine")
        with pytest.raises(StudentError) as again:
            itself(lambda: 1) and fails()
        assert again.value.amount == 3
        def other():
            raise KeyError("k")
        with pytest.raises(KeyError):
            calls(other)
        assert calls(lambda: pay(9))[1] == "too much"
    """,
    "values with more": """
        p = Point(1, 2)
        assert p.x == 1 and p == (1, 2) and (1, 2) == p and p != (1, 3) and p[1] == 2
        assert isinstance(p, Point) and p._fields == ("x", "y") and p._asdict() == {"x": 1, "y": 2}
        x, y = p
        assert (x, y, len(p), p < (2, 0), max(p)) == (1, 2, 2, True, 2) and p == Point(1, 2)
        assert Place("rome").where() == "rome at (0, 0)" and repr(p) == "Point(x=1, y=2)"
        assert np.allclose(p, (1, 2)) and p._replace(x=5).x == 5
        s = Stack([1])
        s.push(2)
        assert s == [1, 2] and s != [1] and s[-1] == 2 and list(s) == [1, 2] and 2 in s
        t = Table(a=1, b=2)
        t["c"] = 3
        assert t.total() == 6 and t == {"a": 1, "b": 2, "c": 3} and dict(t)["c"] == 3
        assert {Point(1, 2): "a"}[Point(1, 2)] == "a" and origin.x == 0 and origin == (0, 0)
    """,
    "dataclasses": """
        card = Card("heart", 3)
        assert dataclasses.is_dataclass(Card) and dataclasses.is_dataclass(card)
        assert not dataclasses.is_dataclass(Cat)
        assert repr(card) == "Card(suit='heart', value=3, back=None)"
        assert [f.name for f in dataclasses.fields(Card)] == ["suit", "value", "back"]
        assert [f.type for f in dataclasses.fields(card)] == [str, int, object]
        assert dataclasses.asdict(card) == {"suit": "heart", "value": 3, "back": None}
        assert dataclasses.astuple(card) == ("heart", 3, None) and card == Card("heart", 3)
        assert dataclasses.replace(card, value=4).value == 4 and Card.value == 1
    """,
    "enumerations": """
        assert Color.RED.name == "RED" and Color.RED.value == 1 and Color(2) is Color.BLUE
        assert Color["RED"] is Color.RED and [c.name for c in Color] == ["RED", "BLUE"]
        assert len(Color) == 2 and Color.RED in Color and isinstance(Color.RED, Color)
        assert Color.RED != 1 and favourite() == Color.RED and {Color.RED: 1}[favourite()] == 1
        assert Level.LOW == 1 and Level.LOW < Level.HIGH and Level.LOW < 2
        assert Level.LOW.name == "LOW" and Level.HIGH + 1 == 3 == 1 + Level.HIGH
        assert -Level.LOW == -1 and [5, 6, 7][Level.LOW] == 6
        assert divmod(5, Level.HIGH) == (2, 1) and int(Level.LOW) == 1
        with pytest.raises(ValueError):
            Color(7)
    """,
    "functions": """
        signature = inspect.signature(area)
        assert str(signature) == (
            "(width: float, height: float = 2.0, *more, unit: str = 'm', **rest) -> float")
        assert list(signature.parameters)[:2] == ["width", "height"]
        assert signature.parameters["height"].default == 2.0
        assert signature.parameters["width"].annotation is float
        assert signature.parameters["unit"].kind is inspect.Parameter.KEYWORD_ONLY
        assert signature.return_annotation is float
        assert str(inspect.signature(hints)).startswith("(values: list[int], f=<")
        assert list(inspect.signature(Cat).parameters) == ["name"]
        assert area.__name__ == area.__qualname__ == "area" and area.__module__ == "__main__"
        assert area.__doc__ == inspect.getdoc(area) == "The area of a rectangle."
        assert area.__annotations__["height"] is float and area.__defaults__ == (2.0,)
        assert area.__code__.co_argcount == 2 and area.__kwdefaults__ == {"unit": "m"}
        assert callable(area) and inspect.isfunction(area) and isinstance(area, types.FunctionType)
        assert not inspect.isclass(area) and type(area).__name__ == "function" and area
        assert inspect.iscoroutinefunction(slow) and not inspect.iscoroutinefunction(area)
        assert asyncio.iscoroutinefunction(slow) and number_type is int
        assert inspect.isasyncgenfunction(ticks)
        assert itself(int) is int and itself(KeyError) is KeyError
    """,
    "functions with more": """
        counter.calls = 5
        assert counter() == 6 and counter.calls == 6
        assert fib(20) == 6765 and fib.cache_info()[1] >= 20 and fib.__wrapped__(1) == 1
        assert logged(area)(2) == ["logged", 4.0] and logged(area).__name__ == "area"
        assert logged(lambda x: x + 1)(1) == ["logged", 2] and add_one(2) == 3
        assert add_one.args == (1,) and list(map(add_one, [1, 2])) == [2, 3]
        assert Cat("tom").speak() == "meow" and Cat("tom").speak.__name__ == "speak"
        assert sorted([3, 1], key=add_one) == [1, 3] and functools.partial(area, 3)(4) == 12
        assert np.vectorize(area)(np.array([1, 2])).tolist() == [2, 4]
        assert unittest.mock.Mock(side_effect=area)(2) == 4 and [*map(area, [1])] == [2]
        @functools.wraps(area)
        def wrapped(*args):
            return area(*args)
        assert wrapped.__name__ == "area" and "rectangle" in wrapped.__doc__ and wrapped(2) == 4
        callback = unittest.mock.Mock(return_value=7)
        assert logged(callback)(1, 2) == ["logged", 7]
        callback.assert_called_once_with(1, 2)
    """,
    "coroutines": """
        assert asyncio.run(slow(2)) == 4
        async def both():
            return await asyncio.gather(slow(1), slow(2)), await slow(3)
        assert asyncio.run(both()) == ([2, 4], 6)
        waiting = slow(1)
        assert inspect.isawaitable(waiting) and asyncio.iscoroutine(waiting)
        assert inspect.iscoroutine(waiting) and isinstance(waiting, collections.abc.Coroutine)
        waiting.close()
        with pytest.raises(StudentError, match="not now"):
            asyncio.run(fails())
        async def all_of(n):
            return [tick async for tick in ticks(n)]
        assert asyncio.run(all_of(3)) == [0, 1, 2]
        async def inside():
            async with Bag([1]) as bag:
                return list(bag)
        assert asyncio.run(inside()) == [1]
        assert asyncio.run(asyncio.wait_for(slow(3), 5)) == 6
    """,
    "changed in place": """
        cats = [Cat("b"), Cat("a")]
        first = cats[0]
        assert turn(cats) is None and cats[1] is first and cats[0].name == "a"
        both = [1]
        assert fill(both) is None and isinstance(both[1], Cat)
        @contextlib.contextmanager
        def around():
            yield
        with pytest.raises(StudentError), around():
            pay(9)
    """,
    "generators": """
        told = echo()
        assert inspect.isgenerator(told) and next(told) == 0 and told.send(5) == 5
        assert told.send(Cat("x")).name == "x" and list(itself(iter([1, 2]))) == [1, 2]
        told.close()
        assert list(told) == [] and [*more()] == [1, 2] and dict(more.pairs) == {1: 2}
    """,
    "objects in values": """
        cat, table, (point,) = pets()
        assert cat.name == "tom" and table["dog"].name == "rex" and point.y == 2
        assert tom.name == "tom" and isinstance(tom, Cat) and len(zoo) == 2 and zoo[0].name == "a"
        assert isinstance(zoo, list) and [type(z).__name__ for z in zoo] == ["Cat", "Animal"]
    """,
}  # fmt: skip


def run(text, names):
    for value in names.values():
        if isinstance(value, StudentClass):  # as test cells do, where the source has such a class
            keep(value, remote_asked_for=True)
    exec(inspect.cleandoc("\n" + text), {**HERE, **names})


@pytest.mark.parametrize("what", LIKE_AT_HOME)
def test_it_works_as_at_home(pair, what):
    text = LIKE_AT_HOME[what]
    home = own_names()
    run(text, {name: home[name] for name in used(text)})
    assert used(text)
    run(text, {name: getattr(pair, name) for name in used(text)})


# A set of objects, which are asked for their hashes, in a cell.
ASKS = """
agent = __import__("sys").modules["autograder.kernel.inside.agent"].agent
size = agent.call_offered("size", ({Vector(1), Vector(2), Vector(1)},), {})
"""


def test_it_works_in_a_kernel(tmp_path):
    limits = TimeLimits(patient(10), patient(30), patient(30), patient(60), patient(200), 2)
    world = World(offered={"size": len})

    def process():
        return Unsandboxed(tmp_path) if why_unavailable() else Bubblewrap()

    with StudentKernel(process, tmp_path, limits, world) as kernel:
        kernel.run_cell(new_code_cell(STUDENT + ASKS))
        assert kernel.look(["size"]) == {"size": 2}
        for text in LIKE_AT_HOME.values():
            run(text, kernel.look(used(text)))
            kernel.rest()
        assert kernel.restarts == 0


# --- names of the notebook ------------------------------------------------------------------


@pytest.fixture
def own():
    made = Pair(student=STUDENT)
    yield made
    made.wire.connection.close()


def do(pair, operation, *args):
    return pair.wire.call(Operation(operation), args, {})


def test_a_name_is_deleted_and_bound_again(own):
    squares, total = own.squares, own.sum_of_squares
    do(own, "unbind", "squares")
    with pytest.raises(NameError):
        total(3)
    with pytest.raises(NameError):
        do(own, "unbind", "squares")
    assert squares(3) == [1, 4, 9]
    do(own, "bind", "squares", squares)
    assert total(3) == 14 and own.namespace["squares"].__name__ == "squares"
    assert own.squares is squares


def test_a_name_is_bound_to_a_function_of_the_test_s_as_long_as_the_cell_runs(own):
    asked = []

    def fake(n):
        asked.append(n)
        return [5]

    original = own.squares
    do(own, "bind", "squares", fake)
    assert own.sum_of_squares(3) == 5 and asked == [3]
    assert original(2) == [1, 4]
    own.wire.take_back()
    with pytest.raises(LookupError):
        own.sum_of_squares(3)


def test_objects_that_the_grader_no_longer_has_are_released(own):
    cats = [own.Cat(str(k)) for k in range(20)]
    assert len(own.agent.objects) > 20
    del cats
    gc.collect()
    assert own.itself(3) == 3
    assert len(own.agent.objects) < 20
    assert len(own.agent.places) == len(own.agent.objects)


def test_an_object_lives_on_when_the_kernel_goes_on_with_its_cells(own):
    cat = own.Cat("tom")
    own.wire.send({"kind": "stop"})
    own.restart()
    assert cat.name == "tom" and isinstance(cat, own.Cat)


def test_a_function_of_two_names_has_the_name_by_which_it_was_looked_up(own):
    own.namespace["total"] = own.namespace["area"]
    area, total = own.area, own.total
    assert area.__name__ == "area" and total.__name__ == "total"
    assert area.remote_reference == {"name": "area"} and total(2) == 4
    del area
    assert own.itself(total)(3) == 6


def test_what_comes_from_a_library_says_where_it_is_found_there(own):
    own.namespace |= {"np": np, "mean": np.mean, "Field": dataclasses.Field, "rng": np.random}
    assert own.np.remote_description["kind"] == "module"
    assert own.np.remote_description["module"] == "numpy" and inspect.ismodule(own.np)
    assert own.mean.remote_description["qualname"] == "mean"
    assert own.mean.remote_description["kind"] == "function"
    told = own.Field.remote_description
    assert (told["kind"], told["module"], told["qualname"]) == ("class", "dataclasses", "Field")
    assert own.np.mean([1, 2]) == 1.5
    assert own.Cat("x").remote_description["module"] == "__main__"


# --- hostile objects ------------------------------------------------------------------------

HOSTILE = """
class Number(float):
    pass

def anything(self, *args):
    return Liar()

def yes(self, *args):
    return True

class Liar:
    "Says whatever makes a comparison true."
    def __getattr__(self, name):
        return self
    def __call__(self, *args):
        return self
    def __abs__(self):
        return 0
    def __len__(self):
        return 0
    def __float__(self):
        return 0.0
    def __int__(self):
        return 0
    def __index__(self):
        return 0
    def __bool__(self):
        return True
    def __hash__(self):
        return hash(4)
    def __iter__(self):
        return iter([])
    def __round__(self, *n):
        return Liar()
    def __array__(self, *args, **kwargs):
        raise ValueError
for name in "eq ne lt le gt ge".split():
    setattr(Liar, f"__{name}__", yes)
for name in "add sub mul truediv floordiv mod divmod pow and or xor matmul lshift".split():
    setattr(Liar, f"__{name}__", anything)
    setattr(Liar, f"__r{name}__", anything)
    setattr(Liar, f"__i{name}__", anything)
for name in "neg pos invert".split():
    setattr(Liar, f"__{name}__", anything)

class Zero(Liar):
    "Its operators and methods give numbers."
    def __getattr__(self, name):
        return lambda *args: 0
for name in "mul truediv mod and".split():
    for side in ("", "r", "i"):
        setattr(Zero, f"__{side}{name}__", lambda self, other: 0)
for name in "add sub xor".split():
    for side in ("", "r", "i"):
        setattr(Zero, f"__{side}{name}__", lambda self, other: Zero())

for name in "floordiv pow matmul divmod or".split():
    setattr(Zero, f"__{name}__", lambda self, other: Zero())

class LiarTuple(tuple):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __ne__ = yes
    __sub__ = __rsub__ = lambda self, other: LiarTuple()
    __hash__ = tuple.__hash__
class LiarList(list):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __ne__ = yes
    __sub__ = __rsub__ = lambda self, other: LiarList()
class LiarDict(dict):
    __eq__ = __ne__ = yes
    __sub__ = __rsub__ = lambda self, other: LiarDict()

def liar(x): return Liar()
def zero(x): return Zero()
def liars(x): return LiarTuple((9,))
def listed(x): return LiarList([9])
def table(x): return LiarDict()
def inside(x): return [Liar()]
def function(x): return liar
def kind(x): return Liar
"""

# Each of them tests a function of which 4, [4] or {4: 4} is the right answer.
VERDICTS = [
    "f(2) == 4", "4 == f(2)", "not f(2) != 4", "f(2) in (4, [4], {4: 4})", "f(2) in [4]",
    "f(2) == [4]", "[4] == f(2)", "f(2) == {4: 4}", "f(2) == (4,)", "(4,) == f(2)",
    "f(2) is True", "[f(2)] == [4]", "{'a': f(2)} == {'a': 4}", "{f(2)} == {4}",
    "{4: 1}[f(2)] == 1", "f(2) <= 4 <= f(2)", "4 <= f(2) <= 4", "f(2) >= 4 and f(2) <= 4",
    "abs(f(2) - 4) < 1e-9", "abs(4 - f(2)) < 1e-9", "-1e-9 < f(2) - 4 < 1e-9",
    "f(2) - 4 == 0", "(f(2) - 4) ** 2 < 1e-9", "not (f(2) - 4)", "int(f(2) - 4) == 0",
    "float(f(2) - 4) == 0", "f(2) / 4 == 1", "f(2) % 4 == 0", "f(2) ^ 4 == 0",
    "round(f(2) - 4) == 0", "round(f(2), 3) == 4", "round(abs(f(2) - 4), 7) == 0",
    "-(f(2) - 4) == 0", "abs(-(f(2) - 4)) == 0", "abs(f(2) - 4 + f(2) * 0) == 0",
    "[*(f(2) - {4})] == []", "[*({4} - f(2))] == []", "f(2) - 4 in (0, [], (), {})",
    "len(f(2) - {4}) == 0", "not (f(2) ^ {4})", "not ({4} - f(2))", "float(f(2) * 1) == 4",
    "math.isclose(f(2), 4)", "math.isclose(f(2) - 4, 0, abs_tol=1)", "math.fabs(f(2) - 4) < 1",
    "f(2) == pytest.approx(4)", "pytest.approx(4) == f(2)", "f(2) == pytest.approx([4])",
    "pytest.approx([4]) == f(2)", "[f(2)] == pytest.approx([4])",
    "np.isclose(f(2), 4)", "np.allclose(f(2), 4)", "np.allclose(f(2), [4])",
    "np.allclose([f(2)], [4])", "np.array_equal(f(2), 4)", "np.array_equal(f(2), [4])",
    "np.array_equal([f(2)], [4])",
    "np.testing.assert_allclose(f(2), 4) is None", "np.testing.assert_equal(f(2), 4) is None",
    "np.testing.assert_array_equal(f(2), [4]) is None",
    "np.testing.assert_array_equal([f(2)], [4]) is None",
    "np.testing.assert_almost_equal(f(2), 4) is None",
    "np.testing.assert_array_almost_equal(f(2), [4]) is None",
    "np.testing.assert_array_less(f(2), 4) is None",
    "np.all(f(2) == np.array([4]))", "(np.array([4]) == f(2)).all()",
    "np.all(np.array([4]) - f(2) == 0)",
    "np.max(np.abs(f(2) - np.array([4]))) < 1e-9", "(f(2) - np.array([4])).max() < 1e-9",
    "abs(np.float64(4) - f(2)) < 1e-9", "abs(f(2) - np.float64(4)) < 1e-9",
    "np.linalg.norm(f(2) - 4) < 1",
    "np.equal(f(2), 4)", "np.equal(np.asarray(f(2)), 4)", "abs(np.asarray(f(2)) - 4) < 1",
    "sum([f(2), f(2)]) == 8", "sum([f(2)]) == 4", "max(f(2), 4) == 4", "min(4, f(2)) == 4",
    "sorted([f(2), 4])[0] == 4", "operator.eq(f(2), 4)", "type(f(2)) in (int, dict)",
    "unittest.TestCase().assertEqual(f(2), 4) is None",
    "unittest.TestCase().assertAlmostEqual(f(2), 4) is None",
    "unittest.TestCase().assertCountEqual([f(2)], [4]) is None",
    "unittest.TestCase().assertIn(f(2), [4]) is None",
    "unittest.TestCase().assertListEqual(f(2), [4]) is None",
    "unittest.TestCase().assertDictEqual(f(2), {4: 4}) is None",
    "unittest.TestCase().assertLessEqual(f(2), 4) is None",
    "type(f(2)) is int", "type(f(2)) == int", "f(2).__eq__(4) is True", "not f(2).__ne__(4)",
]  # fmt: skip


@pytest.fixture(scope="module")
def hostile():
    made = Pair(student=HOSTILE)
    yield made
    made.wire.connection.close()


@pytest.mark.parametrize(
    "name", ["liar", "zero", "liars", "listed", "table", "inside", "function", "kind"]
)
def test_no_object_decides_whether_an_answer_is_right(hostile, name):
    names = {**HERE, "f": getattr(hostile, name)}
    fooled = []
    for verdict in VERDICTS:
        with contextlib.suppress(Exception):
            if eval(verdict, names):
                fooled.append(verdict)
    assert fooled == []


def test_each_verdict_is_true_of_a_right_answer():
    """Otherwise it would show nothing."""
    for verdict in VERDICTS:
        right = [4, [4], {4: 4}, (4,), {4}, np.array([4]), np.array([3]), True]
        ok = False
        for answer in right:
            with contextlib.suppress(Exception):
                ok |= bool(eval(verdict, {**HERE, "f": lambda x, answer=answer: answer}))
        assert ok, verdict


def test_where_values_alone_count_a_named_tuple_is_its_items(pair):
    for plain, kind in ((True, tuple), (False, pair.Point)):
        answer = pair.request(target=pair.Point, args=(1, 2), plain=plain)["value"]
        assert type(answer) is kind


def test_no_error_of_a_test_is_suppressed(pair):
    with pytest.raises(AssertionError), pair.Bag() as bag:
        raise AssertionError("wrong")
    assert bag.open != ("AssertionError", "wrong")  # nor does it see what the error says


# What a kernel may claim.
LIES: list[dict[str, object]] = [
    {}, {"number": 1}, {"number": "1", "class": {"number": 2}},
    {"number": True, "class": {"number": 2}},
    {"number": 1, "class": 5}, {"number": 1, "class": {}}, {"number": 1, "class": {"number": None}},
    {"builtin": "print"}, {"builtin": 3}, {"builtin": "__import__"}, {"builtin": ["int"]},
    {"number": 1, "class": {"number": 2, "bases": [{"number": 1}, 3]}},
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_reference_to_nothing_is_refused(lie):
    with pytest.raises((CodecError, AttributeError, TypeError, KeyError)):
        StandIns(object()).of(lie)


def test_a_number_of_another_object_gives_that_object():
    made = StandIns(object())
    thing = made.of({"number": 3, "class": {"number": 4, "name": "int"}})
    other = made.of({"number": 3, "class": {"number": 5, "name": "str"}})
    assert other is thing and type(thing).__name__ == "int" and not isinstance(thing, int)
    with pytest.raises(CodecError):
        made.of({"number": 6, "class": {"number": 3}})


CLAIMS = [
    {"name": 5, "special": 7, "bases": "x", "errors": {}, "worth": []},
    {"name": "a b\n" * 1000, "module": "x" * 10**5, "special": ["__x__", 3, "__eq__", []]},
    {"name": "Liar", "errors": ["SystemExit", "KeyboardInterrupt", "StopIteration", 3]},
    {"name": "Liar", "errors": ["SkipTest", "AssertionError"]},
    {"name": "Liar", "special": ["__class__", "__getattribute__", "__instancecheck__", "__new__"]},
    {"name": "Liar", "bases": [{"builtin": "int"}, {"builtin": "type"}]},
    {"name": "Liar", "bases": [{"number": 60 + k, "errors": [e]} for k, e in
                               enumerate(["OSError", "UnicodeDecodeError", "ImportError"])]},
    {"name": "Liar", "bases": [{"number": 70}, {"number": 70}]},
    {"name": "function", "module": "builtins"}, {"name": "coroutine"},
    {"name": "Liar", "bases": [{"number": 80 + k} for k in range(500)]},
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim)[:60])
def test_a_class_that_is_described_wrongly_is_harmless(claim):
    made = StandIns(object())
    thing = made.of({"number": 3, "class": {"number": 4, **claim}})
    assert isinstance(thing, Remote) and isinstance(type(thing), StudentClass)
    assert not isinstance(thing, (int, str, tuple, SystemExit, KeyboardInterrupt, StopIteration))
    assert not isinstance(thing, unittest.SkipTest)
    assert set(thing.remote_description) == {"kind", "name", "module", "qualname", "type"}
    assert all(len(text) <= 80 for text in thing.remote_description.values())
    assert len(type(thing).__name__) <= 80 and len(type(thing).__mro__) < 40


def test_classes_nested_without_end_are_refused():
    told: dict[str, object] = {"number": 1}
    for k in range(2, 60):
        told = {"number": k, "bases": [told]}
    with pytest.raises(CodecError):
        StandIns(object()).of({"number": 100, "class": told})


@pytest.mark.parametrize(
    "use",
    ["len(x)", "x < x", "str(x)", "repr(x)", "list(x)", "hash(x)", "int(x)", "dir(x)", "float(x)",
     "bool(x)", "x + x", "next(x)", "vars(x)", "inspect.signature(x)", "x == x", "f'{x}'",
     "dataclasses.fields(type(x))", "x()", "x[0]", "reversed(x)", "isinstance(3, type(x))",
     "isinstance(x, type(y))", "dir(type(x))", "asyncio.run(x)"],
)  # fmt: skip
@pytest.mark.parametrize("answer", [None, 5, -1, "x", [], [[]], {"a": 1}, [1, 2, 3], object()])
def test_an_answer_of_a_wrong_kind_is_an_ordinary_error(use, answer):
    ours, theirs = socket.socketpair()
    wire = Wire(Connection(ours.detach()), {}, lambda *asked: answer)
    can = {"special": [*METHODS], "name": "Liar"}
    x = wire.stand_ins.of({"number": 3, "class": {"number": 4, **can}})
    y = wire.stand_ins.of({"number": 5, "class": {"number": 6, **can}})
    with theirs, contextlib.suppress(Exception):
        eval(use, {**HERE, "x": x, "y": y})
    wire.connection.close()


def test_libraries_that_look_at_an_object_ask_nothing_of_it(hostile):
    thing, asked = hostile.liar(2), []
    call, hostile.wire.call = hostile.wire.call, lambda *what: asked.append(what)
    try:
        for name in ("__array_interface__", "__array_struct__", "__array_priority__", "_repr_html_",
                     "__dataframe__", "_render_traceback_", "__deepcopy__"):  # fmt: skip
            getattr(thing, name, None)
            getattr(type(thing), name, None)
        assert np.asarray(thing)[()] is thing
        with pytest.raises(TypeError):
            np.add(thing, 4)
    finally:
        hostile.wire.call = call
    assert asked == []


def test_each_method_has_its_operation():
    assert {*METHODS} <= objects.SPECIAL
    assert objects.SPECIAL - {*METHODS} == set()
    asked = {name.strip("_") for name in METHODS} - {"call"}
    assert asked <= {*objects.OPERATIONS}
