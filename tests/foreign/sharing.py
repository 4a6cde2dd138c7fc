"""Test cells in which a test and the student's code have objects, values and classes in common."""

from tests.foreign.pattern import Pattern

# --- what a test passes --------------------------------------------------------------------

LENT = [
    Pattern(
        name="node_given_read",
        given="""
class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next
""",
        solution="""
def total(head):
    ### BEGIN SOLUTION
    s = 0
    while head is not None:
        s += head.value
        head = head.next
    return s
    ### END SOLUTION
""",
        test="""
assert total(Node(1, Node(2, Node(3)))) == 6
assert total(None) == 0
""",
        wrong="""
def total(head):
    return 0
""",
    ),
    Pattern(
        name="node_reverse",
        solution="""
def reverse(head):
    ### BEGIN SOLUTION
    before = None
    while head is not None:
        head.next, before, head = before, head, head.next
    return before
    ### END SOLUTION
""",
        test="""
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
third = Node(3)
first = Node(1, Node(2, third))
r = reverse(first)
assert r is third
assert [r.value, r.next.value, r.next.next.value] == [3, 2, 1]
assert first.next is None
""",
        wrong="""
def reverse(head):
    return head
""",
    ),
    Pattern(
        name="duck_typing",
        solution="""
def speak_all(animals):
    ### BEGIN SOLUTION
    return [a.speak() for a in sorted(animals, key=lambda a: a.name)]
    ### END SOLUTION
""",
        test="""
class Dog:
    def __init__(self, name): self.name = name
    def speak(self): return self.name + ": wow"
class Cat(Dog):
    def speak(self): return self.name + ": miaow"
assert speak_all([Dog("b"), Cat("a")]) == ["a: miaow", "b: wow"]
""",
        wrong="""
def speak_all(animals):
    return []
""",
    ),
    Pattern(
        name="isinstance_given",
        given="""
class Square:
    def __init__(self, side): self.side = side
class Circle:
    def __init__(self, radius): self.radius = radius
""",
        solution="""
def area(shape):
    ### BEGIN SOLUTION
    if isinstance(shape, Square):
        return shape.side ** 2
    if isinstance(shape, Circle):
        return 3 * shape.radius ** 2
    raise TypeError("unknown shape")
    ### END SOLUTION
""",
        test="""
assert area(Square(2)) == 4
assert area(Circle(1)) == 3
try:
    area("x")
except TypeError:
    pass
else:
    assert False
""",
        wrong="""
def area(shape):
    return 4
""",
    ),
    Pattern(
        name="dataclass_argument",
        solution="""
def oldest(people):
    ### BEGIN SOLUTION
    return max(people, key=lambda p: p.age)
    ### END SOLUTION
""",
        test="""
from dataclasses import dataclass
@dataclass
class Person:
    name: str
    age: int
a, b = Person("ada", 36), Person("bo", 20)
assert oldest([a, b]) is a
assert oldest([a, b]) == Person("ada", 36)
assert oldest([a, b]).name == "ada"
""",
        wrong="""
def oldest(people):
    return people[-1]
""",
    ),
    Pattern(
        name="counting_list",
        solution="""
def binary_search(xs, x):
    ### BEGIN SOLUTION
    lo, hi = 0, len(xs)
    while lo < hi:
        mid = (lo + hi) // 2
        if xs[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    return lo if lo < len(xs) and xs[lo] == x else -1
    ### END SOLUTION
""",
        test="""
class Counting:
    def __init__(self, xs): self.xs, self.n = xs, 0
    def __len__(self): return len(self.xs)
    def __getitem__(self, i):
        self.n += 1
        return self.xs[i]
c = Counting(list(range(1024)))
assert binary_search(c, 77) == 77
assert c.n < 20, "not a binary search"
""",
        wrong="""
def binary_search(xs, x):
    for i in range(len(xs)):
        if xs[i] == x:
            return i
    return -1
""",
    ),
    Pattern(
        name="text_file_passed",
        solution="""
def count_lines(file):
    ### BEGIN SOLUTION
    return sum(1 for line in file if line.strip())
    ### END SOLUTION
""",
        test="""
import io
assert count_lines(io.StringIO("a\\n\\nb\\n")) == 2
out = io.StringIO()
""",
        wrong="""
def count_lines(file):
    return 0
""",
    ),
    Pattern(
        name="text_file_written",
        solution="""
def report(rows, file):
    ### BEGIN SOLUTION
    for a, b in rows:
        print(a, b, file=file)
    ### END SOLUTION
""",
        test="""
import io
out = io.StringIO()
report([(1, 2), (3, 4)], out)
assert out.getvalue() == "1 2\\n3 4\\n"
with open("rows.txt", "w") as f:
    report([(5, 6)], f)
assert open("rows.txt").read() == "5 6\\n"
""",
        wrong="""
def report(rows, file):
    file.write('x')
""",
    ),
    Pattern(
        name="open_file_passed",
        solution="""
def longest_line(file):
    ### BEGIN SOLUTION
    return max((line.rstrip() for line in file), key=len)
    ### END SOLUTION
""",
        test="""
with open("lines_for_it.txt", "w") as f:
    f.write("a\\nlonger\\nbb\\n")
with open("lines_for_it.txt") as f:
    assert longest_line(f) == "longer"
""",
        wrong="""
def longest_line(file):
    return file.readline()
""",
    ),
    Pattern(
        name="namedtuple_argument",
        solution="""
def distance(p, q):
    ### BEGIN SOLUTION
    return ((p.x - q.x) ** 2 + (p.y - q.y) ** 2) ** 0.5
    ### END SOLUTION
""",
        test="""
from collections import namedtuple
Point = namedtuple("Point", "x y")
assert distance(Point(0, 0), Point(3, 4)) == 5
""",
        wrong="""
def distance(p, q):
    return p.x
""",
    ),
    Pattern(
        name="counter_argument",
        solution="""
def top(counter, n):
    ### BEGIN SOLUTION
    return [w for w, c in counter.most_common(n)]
    ### END SOLUTION
""",
        test="""
from collections import Counter
assert top(Counter("aabbbc"), 2) == ["b", "a"]
""",
        wrong="""
def top(counter, n):
    return list(counter)
""",
    ),
    Pattern(
        name="regex_argument",
        solution="""
def find(pattern, text):
    ### BEGIN SOLUTION
    return pattern.findall(text)
    ### END SOLUTION
""",
        test="""
import re
assert find(re.compile("[0-9]+"), "a1b22") == ["1", "22"]
""",
        wrong="""
def find(pattern, text):
    return []
""",
    ),
    Pattern(
        name="randomstate",
        solution="""
def rolls(n, rng):
    ### BEGIN SOLUTION
    return rng.randint(1, 7, size=n)
    ### END SOLUTION
""",
        test="""
import numpy as np
assert list(rolls(5, np.random.RandomState(3))) == list(np.random.RandomState(3).randint(1, 7, size=5))
""",
        wrong="""
def rolls(n, rng):
    return [1] * n
""",
    ),
    Pattern(
        name="array_argument",
        solution="""
def total(a):
    ### BEGIN SOLUTION
    return sum(a) if a.typecode == "i" else None
    ### END SOLUTION
""",
        test="""
from array import array
assert total(array("i", [1, 2])) == 3
assert total(array("d", [1, 2])) is None
""",
        wrong="""
def total(a):
    return 3
""",
    ),
    Pattern(
        name="enum_argument",
        given="""
from enum import Enum
class Way(Enum):
    N = 0
    E = 1
    S = 2
    W = 3
""",
        solution="""
def turn(d):
    ### BEGIN SOLUTION
    order = [Way.N, Way.E, Way.S, Way.W]
    return order[(order.index(d) + 1) % 4]
    ### END SOLUTION
""",
        test="""
assert turn(Way.N) == Way.E
assert turn(Way.W) is Way.N
""",
        wrong="""
def turn(d):
    return d
""",
    ),
    Pattern(
        name="context_manager_own",
        solution="""
def process(resource):
    ### BEGIN SOLUTION
    with resource as r:
        return r.read() * 2
    ### END SOLUTION
""",
        test="""
class Res:
    def __init__(self): self.opened = self.closed = False
    def __enter__(self):
        self.opened = True
        return self
    def __exit__(self, *a):
        self.closed = True
    def read(self):
        return 21
r = Res()
assert process(r) == 42
assert r.opened and r.closed
""",
        wrong="""
def process(resource):
    return resource.read() * 2
""",
    ),
    Pattern(
        name="mock_with_methods",
        solution="""
def notify(mailer, users):
    ### BEGIN SOLUTION
    for u in users:
        mailer.send(u, subject="hi")
    return mailer.count
    ### END SOLUTION
""",
        test="""
from unittest.mock import Mock, MagicMock, call
m = Mock()
m.count = 2
assert notify(m, ["a", "b"]) == 2
assert m.send.call_args_list == [call("a", subject="hi"), call("b", subject="hi")]
""",
        wrong="""
def notify(mailer, users):
    return 2
""",
    ),
    Pattern(
        name="log_is_a_list",
        solution="""
def run(log):
    ### BEGIN SOLUTION
    log.append("start")
    log.append("end")
    ### END SOLUTION
""",
        test="""
class Log(list):
    pass
l = Log()
run(l)
assert l == ["start", "end"]
""",
        wrong="""
def run(log):
    pass
""",
    ),
    Pattern(
        name="observer",
        solution="""
class Subject:
    def __init__(self):
        ### BEGIN SOLUTION
        self.observers = []
        ### END SOLUTION
    def attach(self, o):
        ### BEGIN SOLUTION
        self.observers.append(o)
        ### END SOLUTION
    def notify(self, event):
        ### BEGIN SOLUTION
        for o in self.observers:
            o.update(event)
        ### END SOLUTION
""",
        test="""
class Observer:
    def __init__(self): self.seen = []
    def update(self, event): self.seen.append(event)
s, o = Subject(), Observer()
s.attach(o)
assert o in s.observers
s.notify("x")
assert o.seen == ["x"]
""",
        wrong="""
class Subject:
    def __init__(self):
        self.observers = []
    def attach(self, o):
        pass
    def notify(self, event):
        pass
""",
    ),
    Pattern(
        name="checks_annotations",
        solution="""
def typed(f):
    ### BEGIN SOLUTION
    import inspect
    signature = inspect.signature(f)
    def inner(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            hint = f.__annotations__.get(name)
            if hint is not None and not isinstance(value, hint):
                raise TypeError(name)
        return f(*args, **kwargs)
    return inner
    ### END SOLUTION
""",
        test="""
@typed
def add(a: int, b: int) -> int:
    return a + b
assert add(1, 2) == 3
try:
    add(1, "x")
    raise AssertionError
except TypeError:
    pass
""",
        wrong="""
def typed(f):
    return f
""",
        scores=(2, 0, 2, 2),
    ),
    Pattern(
        name="registering",
        solution="""
registry = {}
def register(f):
    ### BEGIN SOLUTION
    f.registered = True
    registry[f.__name__] = f
    return f
    ### END SOLUTION
""",
        test="""
@register
def hello():
    return "hi"
assert hello() == "hi"
assert hello.registered
assert registry["hello"] is hello
""",
        wrong="""
registry = {}
def register(f):
    return f
""",
    ),
    Pattern(
        name="wraps_doc",
        solution="""
def timed(f):
    ### BEGIN SOLUTION
    from functools import wraps
    @wraps(f)
    def inner(*a, **k):
        return f(*a, **k)
    return inner
    ### END SOLUTION
""",
        test="""
@timed
def add(a, b=2):
    "Add two numbers."
    return a + b
assert add(1) == 3
assert add.__name__ == "add"
assert add.__doc__ == "Add two numbers."
""",
        wrong="""
def timed(f):
    return lambda *a, **k: f(*a, **k)
""",
    ),
    Pattern(
        name="own_error_through",
        solution="""
class Quiet:
    def __init__(self, *kinds):
        ### BEGIN SOLUTION
        self.kinds = kinds
        ### END SOLUTION
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        ### BEGIN SOLUTION
        return kind is not None and issubclass(kind, self.kinds)
        ### END SOLUTION
""",
        test="""
with Quiet(ValueError, KeyError):
    raise ValueError
try:
    with Quiet(KeyError):
        raise IndexError
    raise AssertionError
except IndexError:
    pass
""",
        wrong="""
class Quiet:
    def __init__(self, *kinds):
        pass
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        return False
""",
    ),
    Pattern(
        name="own_error_callback",
        solution="""
def retry(f, times, error):
    ### BEGIN SOLUTION
    for attempt in range(times):
        try:
            return f()
        except error:
            if attempt == times - 1:
                raise
    ### END SOLUTION
""",
        test="""
class Flaky(Exception):
    pass
calls = []
def f():
    calls.append(1)
    if len(calls) < 3:
        raise Flaky("again")
    return "ok"
assert retry(f, 5, Flaky) == "ok"
assert len(calls) == 3
def g():
    raise Flaky("never")
try:
    retry(g, 2, Flaky)
    raise AssertionError("no error")
except Flaky as e:
    assert str(e) == "never"
""",
        wrong="""
def retry(f, times, error):
    return f()
""",
    ),
    Pattern(
        name="function_argument_library",
        solution="""
def apply(f, xs):
    ### BEGIN SOLUTION
    return [f(x) for x in xs]
    ### END SOLUTION
""",
        test="""
import math, operator
import numpy as np
assert apply(math.sqrt, [4, 9]) == [2, 3]
assert apply(np.sqrt, [4]) == [2]
assert apply(len, ["ab"]) == [2]
assert apply(str.upper, ["ab"]) == ["AB"]
assert apply(operator.itemgetter(1), [(1, 2)]) == [2]
""",
        wrong="""
def apply(f, xs):
    return xs
""",
    ),
    Pattern(
        name="from_functools",
        solution="""
from functools import reduce, partial, lru_cache
def compose(*fs):
    ### BEGIN SOLUTION
    return reduce(lambda f, g: lambda x: f(g(x)), fs, lambda x: x)
    ### END SOLUTION
### BEGIN SOLUTION
add5 = partial(lambda a, b: a + b, 5)
@lru_cache(maxsize=None)
def tri(n):
    \"\"\"triangle numbers\"\"\"
    return 0 if n == 0 else n + tri(n - 1)
### END SOLUTION
""",
        test="""
assert compose(lambda x: x + 1, lambda x: x * 2)(5) == 11
assert compose()(3) == 3
assert compose(str, abs)(-3) == "3"
assert add5(1) == 6
assert isinstance(add5, partial) and add5.args == (5,)
tri.cache_clear()
assert tri(10) == 55
assert tri.cache_info().misses == 11
assert tri.cache_info().hits == 0
tri(10)
assert tri.cache_info().hits == 1
assert tri.__wrapped__ is not None and tri.__doc__ == "triangle numbers"
""",
        wrong="""
from functools import reduce, partial, lru_cache
def compose(*fs):
    return reduce(lambda f, g: lambda x: g(f(x)), fs, lambda x: x)
add5 = lambda b: 5 + b
def tri(n):
    return n * (n + 1) // 2
""",
    ),
]

# --- what both have ------------------------------------------------------------------------

SHARED = [
    Pattern(
        name="rows_of_a_grid",
        solution="""
def grid(n):
    ### BEGIN SOLUTION
    return [[0] * n for _ in range(n)]
    ### END SOLUTION
""",
        test="""
g = grid(3)
g[0][0] = 1
assert g[0][0] == 1 and g[1][0] == 0, "each row is a list of its own"
assert g[1] is not g[2]
""",
        wrong="def grid(n):\n    return [[0] * n] * n",
    ),
    Pattern(
        name="deep_copy_of_a_board",
        solution="""
def copy_board(board):
    ### BEGIN SOLUTION
    return [row[:] for row in board]
    ### END SOLUTION
""",
        test="""
b = [[1, 2], [3, 4]]
c = copy_board(b)
assert c == b and c is not b
c[0][0] = 9
assert b[0][0] == 1
assert all(x is not y for x, y in zip(b, c))
""",
        wrong="def copy_board(board):\n    return board[:]",
    ),
    Pattern(
        name="a_row_of_the_test_s",
        solution="""
def first_row(m):
    ### BEGIN SOLUTION
    return m[0]
    ### END SOLUTION
""",
        test="""
m = [[1], [2]]
first_row(m).append(5)
assert m == [[1, 5], [2]]
assert first_row(m) is m[0]
""",
        wrong="def first_row(m):\n    return list(m[0])",
    ),
    Pattern(
        name="flat_copy_of_an_array",
        solution="""
import numpy as np

def flatten(a):
    ### BEGIN SOLUTION
    return a.reshape(-1).copy()
    ### END SOLUTION
""",
        test="""
import numpy as np
a = np.zeros((2, 2))
b = flatten(a)
b[0] = 9
assert b.shape == (4,) and a[0, 0] == 0
assert not np.shares_memory(a, b)
""",
        wrong="import numpy as np\n\ndef flatten(a):\n    return a.reshape(-1)",
    ),
    Pattern(
        name="logged_changes",
        solution="""
def logged(f):
    ### BEGIN SOLUTION
    def inner(*args):
        logged.calls += 1
        return f(*args)
    logged.calls = 0
    return inner
    ### END SOLUTION
""",
        test="""
got = []
@logged
def add(numbers, x):
    numbers.append(x)
add(got, 1)
add(got, 2)
assert got == [1, 2] and logged.calls == 2
class Page:
    @logged
    def title(self):
        return "t"
assert Page().title() == "t"
""",
        wrong="def logged(f):\n    logged.calls = 0\n    return lambda *args: f([], *args[1:])",
    ),
    Pattern(
        name="memo_around_the_test_s",
        solution="""
def memo(f):
    ### BEGIN SOLUTION
    known = {}
    def inner(n):
        if n not in known:
            known[n] = f(n)
        return known[n]
    return inner
    ### END SOLUTION
""",
        test="""
calls = []
@memo
def fib(n):
    calls.append(n)
    return n if n < 2 else fib(n - 1) + fib(n - 2)
assert fib(30) == 832040
assert len(calls) == 31
""",
        wrong="def memo(f):\n    return lambda n: f(1)",
    ),
    Pattern(
        name="attribute_container",
        solution="""
class Bag:
    def __init__(self):
        ### BEGIN SOLUTION
        self.items = []
        ### END SOLUTION
    def count(self):
        ### BEGIN SOLUTION
        return len(self.items)
        ### END SOLUTION
""",
        test="""
b = Bag()
b.items.append(5)
assert b.items == [5]
assert b.count() == 1
b.items += [6, 7]
assert b.count() == 3
""",
        wrong="""
class Bag:
    def __init__(self):
        self.items = []
    def count(self):
        return 0
""",
    ),
    Pattern(
        name="attribute_array",
        solution="""
class Layer:
    def __init__(self, n):
        ### BEGIN SOLUTION
        import numpy as np
        self.W = np.zeros((n, n))
        ### END SOLUTION
    def forward(self, x):
        ### BEGIN SOLUTION
        return self.W @ x
        ### END SOLUTION
""",
        test="""
import numpy as np
l = Layer(2)
l.W[:] = [[1, 2], [3, 4]]
assert np.allclose(l.forward(np.ones(2)), [3, 7])
l.W[0, 0] += 1
assert np.allclose(l.forward(np.ones(2)), [4, 7])
""",
        wrong="""
class Layer:
    def __init__(self, n):
        import numpy as np
        self.W = np.zeros((n, n))
    def forward(self, x):
        return x
""",
    ),
    Pattern(
        name="alias",
        solution="""
class Stack:
    def __init__(self):
        ### BEGIN SOLUTION
        self.items = []
        ### END SOLUTION
    def push(self, x):
        ### BEGIN SOLUTION
        self.items.append(x)
        ### END SOLUTION
""",
        test="""
s = Stack()
items = s.items
s.push(4)
assert items == [4]
s.push(5)
assert len(items) == 2
""",
        wrong="""
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items = [x]
""",
    ),
    Pattern(
        name="encapsulated",
        solution="""
class Inventory:
    def __init__(self):
        self._items = ["a"]
    def items(self):
        ### BEGIN SOLUTION
        return list(self._items)
        ### END SOLUTION
""",
        test="""
inv = Inventory()
inv.items().append("b")
assert inv.items() == ["a"], "return a copy"
""",
        wrong="""
class Inventory:
    def __init__(self):
        self._items = ["a"]
    def items(self):
        return self._items
""",
    ),
    Pattern(
        name="same_list",
        solution="""
def double_in_place(xs):
    ### BEGIN SOLUTION
    for i in range(len(xs)):
        xs[i] *= 2
    return xs
    ### END SOLUTION
""",
        test="""
xs = [1, 2]
r = double_in_place(xs)
assert r is xs
assert xs == [2, 4]
""",
        wrong="""
def double_in_place(xs):
    return [2 * x for x in xs]
""",
    ),
    Pattern(
        name="copy_returned",
        solution="""
def sorted_copy(xs):
    ### BEGIN SOLUTION
    return sorted(xs)
    ### END SOLUTION
""",
        test="""
xs = [2, 1]
r = sorted_copy(xs)
assert r == [1, 2]
assert r is not xs
ys = [1]
assert sorted_copy(ys) is not ys
""",
        half="""
def sorted_copy(xs):
    return xs if len(xs) < 2 else sorted(xs)
""",
        wrong="""
def sorted_copy(xs):
    xs.sort()
    return xs
""",
    ),
    Pattern(
        name="inventory_inplace",
        solution="""
inventory = {"apples": 3}
def add_item(inv, name, n=1):
    ### BEGIN SOLUTION
    inv[name] = inv.get(name, 0) + n
    ### END SOLUTION
""",
        test="""
before = dict(inventory)
assert add_item(inventory, "apples", 2) is None
assert inventory["apples"] == before["apples"] + 2
add_item(inventory, "kiwis")
assert inventory == {"apples": 5, "kiwis": 1}
assert id(inventory) == id(inventory)
mine = {}
add_item(inv=mine, name="x", n=4)
assert mine == {"x": 4}
""",
        wrong="""
def add_item(inv, name, n=1):
    inv[name] = n
""",
    ),
    Pattern(
        name="own_variable_in_place",
        solution="""
### BEGIN SOLUTION
nums = [3, 1, 2]
### END SOLUTION
def do_sort(xs):
    ### BEGIN SOLUTION
    xs.sort()
    ### END SOLUTION
""",
        test="""
do_sort(nums)
assert nums == [1, 2, 3]
""",
        wrong="""
nums = [3, 1, 2]
def do_sort(xs):
    pass
""",
    ),
    Pattern(
        name="argument_kept",
        solution="""
class Log:
    ### BEGIN SOLUTION
    def __init__(self, target):
        self.target = target
    def add(self, x):
        self.target.append(x)
    ### END SOLUTION
""",
        test="""
lst = []
log = Log(lst)
log.add(3)
assert lst == [3]
""",
        wrong="""
class Log:
    def __init__(self, target):
        self.target = target
    def add(self, x):
        pass
""",
    ),
    Pattern(
        name="manager_keeps_its_list",
        solution="""
from contextlib import contextmanager
class Timer:
    ### BEGIN SOLUTION
    def __enter__(self):
        self.running = True
        return self
    def __exit__(self, kind, value, tb):
        self.running = False
        self.kind = kind
        return kind is ZeroDivisionError
    ### END SOLUTION
@contextmanager
def tag(out, name):
    ### BEGIN SOLUTION
    out.append(f"<{name}>")
    try:
        yield out
    finally:
        out.append(f"</{name}>")
    ### END SOLUTION
""",
        test="""
with Timer() as t:
    assert t.running
    1 / 0
assert not t.running
assert t.kind is ZeroDivisionError
buf = []
try:
    with tag(buf, "b") as inner:
        inner.append("text")
        raise KeyError
except KeyError:
    pass
assert buf == ["<b>", "text", "</b>"]
""",
        wrong="""
from contextlib import contextmanager
class Timer:
    def __enter__(self):
        self.running = True
    def __exit__(self, kind, value, tb):
        self.running = False
@contextmanager
def tag(out, name):
    out.append(f"<{name}>")
    yield out
    out.append(f"</{name}>")
""",
    ),
    Pattern(
        name="mutable_default",
        solution="""
def append_to(x, to=None):
    ### BEGIN SOLUTION
    if to is None:
        to = []
    to.append(x)
    return to
    ### END SOLUTION
""",
        test="""
assert append_to.__defaults__ == (None,)
assert append_to(1) == [1]
assert append_to(2) == [2]
base = [0]
assert append_to(9, base) is base and base == [0, 9]
""",
        wrong="""
def append_to(x, to=[]):
    to.append(x)
    return to
""",
    ),
    Pattern(
        name="generator_arg",
        solution="""
import numpy as np
def bootstrap(x, n, rng):
    ### BEGIN SOLUTION
    return np.array([rng.choice(x, size=len(x)).mean() for _ in range(n)])
    ### END SOLUTION
""",
        test="""
x = np.arange(10)
out = bootstrap(x, 5, np.random.default_rng(3))
ref = np.random.default_rng(3)
want = np.array([ref.choice(x, size=10).mean() for _ in range(5)])
assert np.array_equal(out, want)
rng = np.random.default_rng(3)
first = bootstrap(x, 5, rng)
second = bootstrap(x, 5, rng)
assert not np.array_equal(first, second), "the generator should move on"
""",
        wrong="""
import numpy as np
def bootstrap(x, n, rng):
    return np.array([np.random.choice(x, size=len(x)).mean() for _ in range(n)])
""",
    ),
    Pattern(
        name="errstate",
        solution="""
import numpy as np
def logistic(x):
    \"\"\"Numerically stable.\"\"\"
    ### BEGIN SOLUTION
    return np.exp(-np.logaddexp(0, -x))
    ### END SOLUTION
""",
        test="""
with np.errstate(over="raise", divide="raise", invalid="raise"):
    assert logistic(np.array([-1000.0, 0.0])).tolist() == [0.0, 0.5]
""",
        wrong="""
import numpy as np
def logistic(x):
    return 1 / (1 + np.exp(-x))
""",
    ),
    Pattern(
        name="random_module",
        solution="""
import random
def shuffle_deck(seed):
    ### BEGIN SOLUTION
    random.seed(seed)
    deck = list(range(52))
    random.shuffle(deck)
    return deck
    ### END SOLUTION
def biased(p):
    ### BEGIN SOLUTION
    return random.random() < p
    ### END SOLUTION
""",
        test="""
d = shuffle_deck(3)
random.seed(3)
e = list(range(52))
random.shuffle(e)
assert d == e
random.seed(1)
hits = sum(biased(0.3) for _ in range(2000))
assert 500 < hits < 700
random.seed(1)
first = [biased(0.5) for _ in range(20)]
random.seed(1)
assert first == [biased(0.5) for _ in range(20)]
""",
        wrong="""
import random
def shuffle_deck(seed):
    return list(range(52))
def biased(p):
    return True
""",
    ),
    Pattern(
        name="warned_twice",
        solution="""
import warnings
def old(x):
    ### BEGIN SOLUTION
    warnings.warn("old")
    return x
    ### END SOLUTION
""",
        test="""
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    old(1)
assert len(w) == 1
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    old(1)
assert len(w) == 1
""",
        wrong="""
def old(x):
    return x
""",
    ),
    Pattern(
        name="module_of_students",
        solution="""
import math
def root(x):
    ### BEGIN SOLUTION
    return math.sqrt(x)
    ### END SOLUTION
""",
        test="""
import math
root(4)
assert root(9) == math.sqrt(9)
""",
        wrong="""
class math:
    sqrt = staticmethod(lambda x: 42)
def root(x):
    return 42
""",
    ),
    Pattern(
        name="time_thread",
        solution="""
def prime(n):
    ### BEGIN SOLUTION
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))
    ### END SOLUTION
""",
        test="""
from concurrent.futures import ThreadPoolExecutor
import timeit
with ThreadPoolExecutor(2) as pool:
    assert list(pool.map(prime, [2, 9, 97])) == [True, False, True]
    assert pool.submit(prime, 1).result(timeout=5) is False
assert timeit.timeit(lambda: prime(10 ** 9 + 7), number=1) < 1
""",
        wrong="""
def prime(n):
    return n > 1 and not [d for d in range(2, n) if n % d == 0 and d < n ** .5]
""",
    ),
    Pattern(
        name="views_of_an_image",
        solution="""
import numpy as np
def border(img):
    \"\"\"A view of the image without its border.\"\"\"
    ### BEGIN SOLUTION
    return img[1:-1, 1:-1]
    ### END SOLUTION
""",
        test="""
img = np.zeros((5, 5), dtype=int)
inner = border(img)
assert inner.shape == (3, 3)
assert np.shares_memory(inner, img), "return a view"
inner[:] = 1
assert img.sum() == 9
assert inner.base is img
""",
        wrong="""
import numpy as np
def border(img):
    return img[1:-1, 1:-1].copy()
""",
    ),
    Pattern(
        name="lambdas_and_functions",
        solution="""
import string
### BEGIN SOLUTION
clean = lambda s: s.translate(str.maketrans("", "", string.punctuation)).lower()
tokens = lambda s: tuple(clean(s).split())
ngrams = lambda s, n=2: list(zip(*(tokens(s)[i:] for i in range(n))))
### END SOLUTION
""",
        test="""
assert clean("Hi, THERE!") == "hi there"
assert tokens("a b") == ("a", "b")
assert ngrams("the cat sat", 2) == [("the", "cat"), ("cat", "sat")]
assert ngrams("a b c", n=3) == [("a", "b", "c")]
assert clean.__name__ == "<lambda>", "use a lambda"
assert isinstance(clean, type(lambda: 0))
from types import FunctionType
assert type(ngrams) == FunctionType
assert ngrams.__defaults__ == (2,)
""",
        wrong="""
clean = lambda s: s.lower()
tokens = lambda s: s.split()
ngrams = lambda s, n=2: []
""",
    ),
]

# --- classes and results of libraries ------------------------------------------------------

DERIVED = [
    Pattern(
        name="descriptor",
        solution="""
class Positive:
    def __set_name__(self, owner, name):
        ### BEGIN SOLUTION
        self.name = name
        ### END SOLUTION
    def __get__(self, instance, owner):
        ### BEGIN SOLUTION
        return self if instance is None else self.value
        ### END SOLUTION
    def __set__(self, instance, value):
        ### BEGIN SOLUTION
        if value < 0:
            raise ValueError(f"{self.name} is negative")
        self.value = value
        ### END SOLUTION
""",
        test="""
class Item:
    price = Positive()
item = Item()
item.price = 3
assert item.price == 3 and Item.price.name == "price"
try:
    item.price = -1
    raise AssertionError("no error")
except ValueError as error:
    assert "price" in str(error)
""",
        wrong="class Positive:\n    pass",
    ),
    Pattern(
        name="what_is_an_instance",
        solution="""
from typing import Protocol, runtime_checkable

### BEGIN SOLUTION
class EvenMeta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, int) and value % 2 == 0

class Even(metaclass=EvenMeta):
    pass

@runtime_checkable
class Drawable(Protocol):
    def draw(self): ...
### END SOLUTION
""",
        test="""
class Star:
    def draw(self):
        return "*"
assert isinstance(4, Even) and not isinstance(3, Even)
assert isinstance(Star(), Drawable) and not isinstance(3, Drawable)
""",
        wrong="class Even:\n    pass\n\nclass Drawable:\n    pass",
    ),
    Pattern(
        name="isinstance_tuple",
        solution="""
### BEGIN SOLUTION
from collections import namedtuple
Point = namedtuple("Point", ["x", "y"])
### END SOLUTION
""",
        test="""
p = Point(1, 2)
assert isinstance(p, tuple)
assert p.__class__.__name__ == "Point"
assert p == (1, 2) and p._fields == ("x", "y")
assert p._replace(x=5).x == 5
""",
        wrong="""
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
""",
    ),
    Pattern(
        name="isinstance_property",
        solution="""
class A:
    def __init__(self, n):
        self._n = n
    ### BEGIN SOLUTION
    @property
    def size(self):
        return self._n
    @staticmethod
    def one():
        return 1
    ### END SOLUTION
""",
        test="""
assert isinstance(A.size, property)
assert isinstance(vars(A)["one"], staticmethod)
assert A(3).size == 3
""",
        wrong="""
class A:
    def __init__(self, n):
        self._n = self.size = n
    size = 3
""",
    ),
    Pattern(
        name="figure_isinstance",
        solution="""
import matplotlib.pyplot as plt
def draw(xs):
    ### BEGIN SOLUTION
    fig, ax = plt.subplots()
    ax.plot(xs, label="a")
    ax.set_title("T")
    return fig, ax
    ### END SOLUTION
""",
        test="""
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
fig, ax = draw([1, 2, 3])
assert isinstance(fig, Figure)
assert isinstance(ax, plt.Axes)
assert ax.get_title() == "T"
assert list(ax.lines[0].get_ydata()) == [1, 2, 3]
""",
        wrong="""
def draw(xs):
    return 1, 2
""",
    ),
    Pattern(
        name="subclass_of_builtin",
        solution="""
### BEGIN SOLUTION
class Stack(list):
    def peek(self):
        return self[-1]
### END SOLUTION
""",
        test="""
assert issubclass(Stack, list)
s = Stack([1, 2])
assert isinstance(s, list)
s.append(3)
assert s.peek() == 3 and len(s) == 3
assert s == [1, 2, 3]
""",
        wrong="""
class Stack:
    def __init__(self, xs):
        self.xs = xs
    def peek(self):
        return self.xs[-1]
""",
    ),
    Pattern(
        name="test_subclass",
        solution="""
class Animal:
    def __init__(self, name):
        self.name = name
    def describe(self):
        ### BEGIN SOLUTION
        return f"{self.name} says {self.sound()}"
        ### END SOLUTION
    def sound(self):
        raise NotImplementedError
""",
        test="""
class Dog(Animal):
    def sound(self):
        return "wow"
assert Dog("rex").describe() == "rex says wow"
""",
        wrong="""
class Animal:
    def __init__(self, name):
        self.name = name
    def describe(self):
        return self.name
    def sound(self):
        raise NotImplementedError
""",
    ),
    Pattern(
        name="abstract_given",
        given="""
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    def describe(self):
        return f"area {self.area()}"
""",
        solution="""
### BEGIN SOLUTION
class Square(Shape):
    def __init__(self, side):
        self.side = side
    def area(self):
        return self.side ** 2
### END SOLUTION
""",
        test="""
assert issubclass(Square, Shape)
assert isinstance(Square(2), Shape)
assert Square(3).area() == 9
assert Square(3).describe() == "area 9"
try:
    Shape()
    assert False
except TypeError:
    pass
""",
        wrong="""
class Square:
    def __init__(self, s):
        pass
""",
    ),
    Pattern(
        name="layers_module",
        given="""
import numpy as np
class Module:
    def __call__(self, *args):
        return self.forward(*args)
    def forward(self, x):
        raise NotImplementedError
    def backward(self, g):
        raise NotImplementedError
class Sequential(Module):
    def __init__(self, *layers):
        self.layers = layers
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
    def backward(self, g):
        for layer in reversed(self.layers):
            g = layer.backward(g)
        return g
def numeric_grad(f, w, eps=1e-6):
    out = np.zeros_like(w)
    for i in np.ndindex(*w.shape):
        old = w[i]
        w[i] = old + eps
        hi = f()
        w[i] = old - eps
        lo = f()
        w[i] = old
        out[i] = (hi - lo) / (2 * eps)
    return out
""",
        solution="""
import numpy as np
class Linear(Module):
    ### BEGIN SOLUTION
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(size=(n_in, n_out))
        self.b = np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, g):
        self.dW = self.x.T @ g
        self.db = g.sum(0)
        return g @ self.W.T
    ### END SOLUTION
class ReLU(Module):
    ### BEGIN SOLUTION
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
    def backward(self, g):
        return g * self.mask
    ### END SOLUTION
""",
        test="""
rng = np.random.default_rng(0)
lin = Linear(3, 2, rng)
x = rng.normal(size=(4, 3))
assert np.allclose(lin(x), x @ lin.W + lin.b)
net = Sequential(lin, ReLU())
out = net(x)
assert out.shape == (4, 2) and (out >= 0).all()
gx = net.backward(np.ones_like(out))
num = numeric_grad(lambda: net(x).sum(), lin.W)
assert np.allclose(lin.dW, num, atol=1e-4), "gradient of W"
numx = numeric_grad(lambda: net(x).sum(), x)
assert np.allclose(gx, numx, atol=1e-4)
""",
        wrong="""
import numpy as np
class Linear(Module):
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(size=(n_in, n_out))
        self.b = np.zeros(n_out)
    def forward(self, x):
        return x @ self.W
    def backward(self, g):
        return g
class ReLU(Module):
    def forward(self, x):
        return abs(x)
""",
    ),
    Pattern(
        name="abstract_shapes",
        given="""
from abc import ABC, abstractmethod
PI = 3.14159
class Shape(ABC):
    registry = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Shape.registry.append(cls.__name__)
    @abstractmethod
    def area(self):
        ...
    def name(self):
        return type(self).__name__.lower()
    def __lt__(self, other):
        return self.area() < other.area()
""",
        solution="""
### BEGIN SOLUTION
class Circle(Shape):
    def __init__(self, r):
        self.r = r
    def area(self):
        return PI * self.r ** 2
class Square(Shape):
    def __init__(self, a):
        self.a = a
    def area(self):
        return self.a ** 2
    def name(self):
        return "my " + super().name()
### END SOLUTION
""",
        test="""
assert issubclass(Circle, Shape) and issubclass(Square, Shape)
c, s = Circle(1), Square(3)
assert isinstance(c, Shape)
assert abs(c.area() - PI) < 1e-9 and s.area() == 9
assert c.name() == "circle" and s.name() == "my square"
assert c < s and sorted([s, c])[0] is c
try:
    Shape()
    raise AssertionError("Shape is abstract")
except TypeError:
    pass
assert "Circle" in Shape.registry
class Bad(Shape):
    pass
try:
    Bad()
except TypeError as e:
    assert "area" in str(e)
assert sum(x.area() for x in [s, Square(1)]) == 10
assert max([c, s], key=lambda q: q.area()) is s
""",
        wrong="""
class Circle(Shape):
    def __init__(self, r):
        self.r = r
class Square:
    def area(self):
        return 4
""",
    ),
    Pattern(
        name="plugin_registry",
        solution="""
from abc import ABC, abstractmethod
class Handler(ABC):
    @abstractmethod
    def handle(self, text): ...
class Upper(Handler):
    ### BEGIN SOLUTION
    def handle(self, text):
        return text.upper()
    ### END SOLUTION
class Pipeline:
    ### BEGIN SOLUTION
    def __init__(self, *handlers):
        self.handlers = list(handlers)
    def run(self, text):
        for h in self.handlers:
            text = h.handle(text)
        return text
    def __or__(self, h):
        return Pipeline(*self.handlers, h)
    ### END SOLUTION
""",
        test="""
from unittest.mock import Mock
class Exclaim(Handler):
    def __init__(self, n=1):
        self.n = n
    def handle(self, text):
        return text + "!" * self.n
assert issubclass(Upper, Handler)
assert Pipeline(Upper(), Exclaim(2)).run("hi") == "HI!!"
assert (Pipeline() | Upper() | Exclaim()).run("a") == "A!"
m = Mock()
m.handle.return_value = "mocked"
assert Pipeline(m).run("q") == "mocked"
m.handle.assert_called_once_with("q")
assert Handler.__abstractmethods__ == frozenset({"handle"})
""",
        wrong="""
from abc import ABC, abstractmethod
class Handler(ABC):
    @abstractmethod
    def handle(self, text): ...
class Upper(Handler):
    def handle(self, text):
        return text.upper()
class Pipeline:
    def __init__(self, *handlers):
        self.handlers = handlers
    def run(self, text):
        return self.handlers[0].handle(text)
""",
    ),
    Pattern(
        name="inspect_class",
        solution="""
class Shop:
    \"\"\"A shop.\"\"\"
    ### BEGIN SOLUTION
    tax: float = 0.19
    def __init__(self, name: str, items: list[float] | None = None) -> None:
        \"\"\"Make it.\"\"\"
        self.name = name
        self.items = items or []
    def total(self, discount: float = 0.0) -> float:
        \"\"\"The price of all.\"\"\"
        return sum(self.items) * (1 - discount)
    ### END SOLUTION
""",
        test="""
import inspect
from typing import get_type_hints
assert inspect.isclass(Shop)
assert [n for n, _ in inspect.getmembers(Shop, inspect.isfunction)] == ["__init__", "total"]
sig = inspect.signature(Shop.total)
assert sig.parameters["discount"].default == 0.0
assert list(inspect.signature(Shop).parameters) == ["name", "items"]
assert get_type_hints(Shop.total)["return"] is float
assert Shop.total.__annotations__["discount"] is float
assert Shop.total.__doc__ and "price" in Shop.total.__doc__
assert "discount" in inspect.getsource(Shop.total)
s = Shop("x", [1.0, 2.0])
assert s.total(discount=0.5) == 1.5
assert inspect.ismethod(s.total) and callable(getattr(s, "total", None))
assert Shop.tax == 0.19 and hasattr(Shop, "total") and hasattr(s, "name")
assert Shop.total(s) == 3.0
""",
        wrong="""
class Shop:
    def __init__(self, name, items):
        self.name = name
        self.items = items
    def total(self):
        return sum(self.items)
""",
    ),
    Pattern(
        name="account_properties",
        solution="""
class Account:
    interest = 0.02
    count = 0
    ### BEGIN SOLUTION
    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        Account.count += 1
    @property
    def balance(self):
        return self._balance
    @balance.setter
    def balance(self, v):
        if v < 0:
            raise ValueError("negative balance")
        self._balance = v
    @classmethod
    def from_string(cls, s):
        o, b = s.split(":")
        return cls(o, float(b))
    @staticmethod
    def valid(n):
        return n >= 0
    def __str__(self):
        return f"{self.owner}: {self.balance:.2f}"
    ### END SOLUTION
class Savings(Account):
    ### BEGIN SOLUTION
    def add_interest(self):
        self.balance *= 1 + self.interest
    ### END SOLUTION
""",
        test="""
Account.count = 0
a = Account("Ann", 10)
assert Account.count == 1
assert isinstance(Account.__dict__["balance"], property), "use a property"
assert isinstance(vars(Account)["valid"], staticmethod)
a.balance = 20
try:
    a.balance = -1
except ValueError as err:
    assert "negative" in str(err)
else:
    raise AssertionError("no error")
s = Savings.from_string("Bo:100")
assert type(s) is Savings and type(s).__name__ == "Savings"
assert issubclass(Savings, Account) and Savings.__bases__ == (Account,)
s.add_interest()
assert abs(s.balance - 102) < 1e-9
Savings.interest = 0.5
s.add_interest()
assert round(s.balance, 6) == 153
assert str(a) == "Ann: 20.00"
assert a.__dict__["owner"] == "Ann"
assert [c.__name__ for c in Savings.__mro__] == ["Savings", "Account", "object"]
""",
        wrong="""
class Account:
    interest = 0.02
    count = 0
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
    @classmethod
    def from_string(cls, s):
        o, b = s.split(":")
        return Account(o, float(b))
    @staticmethod
    def valid(n):
        return n >= 0
    def __str__(self):
        return f"{self.owner}: {self.balance:.2f}"
class Savings(Account):
    def add_interest(self):
        self.balance *= 1 + self.interest
""",
    ),
    Pattern(
        name="itertools_pairs",
        solution="""
import itertools
def pairs(xs):
    ### BEGIN SOLUTION
    return itertools.combinations(xs, 2)
    ### END SOLUTION
def groups(words):
    ### BEGIN SOLUTION
    return {k: list(g) for k, g in itertools.groupby(sorted(words, key=len), key=len)}
    ### END SOLUTION
""",
        test="""
def check(result, wanted):
    \"\"\"helper of the test's own\"\"\"
    assert sorted(result) == sorted(wanted), f"got {result}"
check(pairs("abc"), [("a", "b"), ("a", "c"), ("b", "c")])
check(groups(["a", "bb", "c"]).items(), [(1, ["a", "c"]), (2, ["bb"])])
assert isinstance(pairs([]), itertools.combinations) or isinstance(pairs([]), list)
assert next(iter(pairs(range(3)))) == (0, 1)
""",
        wrong="""
import itertools
def pairs(xs):
    return itertools.permutations(xs, 2)
def groups(words):
    return {k: list(g) for k, g in itertools.groupby(words, key=len)}
""",
    ),
    Pattern(
        name="enumeration_of_accounts",
        solution="""
from enum import Enum
### BEGIN SOLUTION
class Color(Enum):
    RED = 1
    GREEN = 2
    @property
    def next(self):
        members = list(Color)
        return members[(members.index(self) + 1) % len(members)]
### END SOLUTION
def mix(a, b):
    ### BEGIN SOLUTION
    if not isinstance(a, Color) or not isinstance(b, Color):
        raise TypeError("colors please")
    return a if a is b else None
    ### END SOLUTION
""",
        test="""
import enum
assert issubclass(Color, enum.Enum)
assert Color.RED.next is Color.GREEN and Color.GREEN.next == Color.RED
assert [c.name for c in Color] == ["RED", "GREEN"]
assert Color["RED"].value == 1 and Color(2) is Color.GREEN
assert mix(Color.RED, Color.RED) is Color.RED and mix(Color.RED, Color.GREEN) is None
try:
    mix(1, Color.RED)
except TypeError:
    ok = True
assert ok
assert len(Color) == 2 and Color.RED in Color and "GREEN" in Color.__members__
assert {Color.RED: 1}[Color.RED] == 1
""",
        wrong="""
class Color:
    RED = 1
    GREEN = 2
def mix(a, b):
    return a
""",
    ),
    Pattern(
        name="groupby_object",
        solution="""
import pandas as pd
### BEGIN SOLUTION
data = pd.DataFrame({"k": ["x", "y", "x"], "v": [1, 2, 3]})
g = data.groupby("k")
pivot = data.pivot_table(index="k", values="v", aggfunc="sum")
### END SOLUTION
""",
        test="""
from pandas.core.groupby import DataFrameGroupBy
assert isinstance(g, DataFrameGroupBy)
assert g.ngroups == 2
assert g["v"].sum()["x"] == 4
assert g.get_group("y")["v"].tolist() == [2]
assert pivot.loc["x", "v"] == 4
for key, part in g:
    assert key in ("x", "y")
""",
        wrong="""
import pandas as pd
data = pd.DataFrame({"k": ["x", "y", "x"], "v": [1, 2, 3]})
g = data.groupby("v")
pivot = data
""",
    ),
    Pattern(
        name="optimize_result",
        solution="""
def best():
    ### BEGIN SOLUTION
    from scipy.optimize import minimize
    return minimize(lambda x: (x[0] - 3) ** 2, [0.0])
    ### END SOLUTION
""",
        test="""
import numpy as np
r = best()
assert r.success
assert np.isclose(r.x[0], 3, atol=1e-4)
assert np.allclose(r["x"], [3], atol=1e-4)
""",
        wrong="""
def best():
    return 3
""",
    ),
    Pattern(
        name="linregress_result",
        solution="""
def line(x, y):
    ### BEGIN SOLUTION
    from scipy import stats
    return stats.linregress(x, y)
    ### END SOLUTION
""",
        test="""
r = line([0, 1, 2], [1, 3, 5])
assert abs(r.slope - 2) < 1e-9
assert abs(r.intercept - 1) < 1e-9
assert abs(r[0] - 2) < 1e-9
""",
        wrong="""
def line(x, y):
    return (1, 2)
""",
    ),
    Pattern(
        name="ttest_result",
        solution="""
def compare(a, b):
    ### BEGIN SOLUTION
    from scipy import stats
    return stats.ttest_ind(a, b)
    ### END SOLUTION
""",
        test="""
t = compare([1, 2, 3, 4], [2, 3, 4, 6])
assert abs(t.statistic + 1.0) < .2
stat, p = compare([1, 2, 3, 4], [2, 3, 4, 6])
assert 0 < p < 1 and t.pvalue == p
""",
        wrong="""
def compare(a, b):
    return (0, 0)
""",
    ),
    Pattern(
        name="lru_cache_info",
        solution="""
### BEGIN SOLUTION
from functools import lru_cache
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
### END SOLUTION
""",
        test="""
assert fib(30) == 832040
assert fib.cache_info().hits > 20
assert fib.cache_info().currsize == 31
""",
        wrong="""
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
""",
    ),
    Pattern(
        name="counter_result",
        solution="""
def letters(text):
    ### BEGIN SOLUTION
    from collections import Counter
    return Counter(text)
    ### END SOLUTION
""",
        test="""
from collections import Counter
c = letters("aab")
assert isinstance(c, Counter)
assert c.most_common(1) == [("a", 2)]
assert c["z"] == 0
assert c == Counter("baa")
""",
        wrong="""
def letters(text):
    return dict.fromkeys(text, 1)
""",
    ),
    Pattern(
        name="defaultdict_result",
        solution="""
def by_length(words):
    ### BEGIN SOLUTION
    from collections import defaultdict
    groups = defaultdict(list)
    for w in words:
        groups[len(w)].append(w)
    return groups
    ### END SOLUTION
""",
        test="""
g = by_length(["a", "bb", "c"])
assert g[1] == ["a", "c"]
assert g[7] == []
assert dict(g)[2] == ["bb"]
""",
        wrong="""
def by_length(words):
    return {}
""",
    ),
    Pattern(
        name="ordereddict_result",
        solution="""
def ordered(d):
    ### BEGIN SOLUTION
    from collections import OrderedDict
    return OrderedDict(sorted(d.items()))
    ### END SOLUTION
""",
        test="""
from collections import OrderedDict
r = ordered({"b": 1, "a": 2})
assert isinstance(r, OrderedDict)
assert list(r) == ["a", "b"]
r.move_to_end("a")
assert list(r) == ["b", "a"]
""",
        wrong="""
def ordered(d):
    return d
""",
    ),
    Pattern(
        name="regex_result",
        solution="""
def number():
    ### BEGIN SOLUTION
    import re
    return re.compile(r"^[0-9]+$")
    ### END SOLUTION
""",
        test="""
import re
assert number().match("12")
assert not number().match("1x")
assert re.match(number(), "7")
""",
        wrong="""
def number():
    import re
    return re.compile('x')
""",
    ),
]
