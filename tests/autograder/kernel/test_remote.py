"""The grader's end of the wire: right answers come through, and forged ones do no harm."""

import contextlib
import dataclasses
import itertools
import random
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pytest

from autograder.kernel import remote
from autograder.kernel.inside.agent import Agent
from autograder.kernel.inside.codec import pack
from autograder.kernel.inside.seeds import MOST_CHILDREN, go_on
from autograder.kernel.inside.values import KINDS, put_back
from autograder.kernel.limits import Budget
from autograder.kernel.remote import OutOfTime, Wire, WireBroken, positions, size
from autograder.kernel.stand_ins import Remote, RemoteFunction, is_remote, keep, named
from tests.support.waiting import wait_until

pytestmark = pytest.mark.versions

STUDENT = """
import numpy as np
state = []

def double(x):
    return 2 * x

def quadruple(x):
    return double(double(x))

def remember(x):
    state.append(x)
    return len(state)

def fill(values, by=7):
    values[...] = by

def spoil(values):
    values[0] = 99
    return values.sum()

def twice(f, x):
    return f(f(x))

def make(n):
    return lambda x: x + n

def fail(kind):
    class Own(ValueError):
        pass
    raise {"own": Own("mine"), "key": KeyError("k"), "stop": StopIteration(3),
           "exit": SystemExit(2), "math": np.linalg.LinAlgError("singular")}[kind]

class Account:
    limit = 10
    def __init__(self, owner, money=0):
        self.owner, self.money = owner, money
    def pay(self, n):
        if n > self.money:
            raise ValueError("too little")
        self.money -= n
        return self.money
    def __len__(self):
        return self.money
    def __getitem__(self, i):
        return self.owner[i]
    def __contains__(self, item):
        return item in self.owner
    def __eq__(self, other):
        return True
    def __bool__(self):
        return True
"""


class Pair:
    """A wire, and an agent that answers it in a thread."""

    def __init__(self, offered=None, student=STUDENT):
        ours, theirs = socket.socketpair()
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(student, self.namespace)
        self.agent = Agent(Connection(theirs.detach()), self.namespace)
        self.wire = Wire(Connection(ours.detach()), offered or {}, self.call)
        self.restart()

    def restart(self):
        threading.Thread(target=self.serve, daemon=True).start()
        self.wire.expect("ready", Budget(5))

    def serve(self):
        with contextlib.suppress(EOFError, OSError):
            self.agent.serve()

    def request(self, kind="call", target=None, args=(), kwargs=None, instead=None, seconds=5, **m):
        return self.wire.request(Budget(seconds), kind=kind, target=target, args=list(args),
                                 kwargs=kwargs or {}, instead=instead or {}, **m)  # fmt: skip

    def call(self, target, args, kwargs):
        own = isinstance(target, RemoteFunction)
        how = {"instead": target.instead, "measure": target.measure} if own else {}
        answer = self.request(target=target, args=args, kwargs=kwargs, **how)
        if own:
            changed, held = positions(answer["changed"], args), size(answer.get("held"))
            keep(target, changed=changed, held=held)
        if answer["value"] is None:
            for position, value in positions(answer["changed"], args).items():
                put_back(args[position], value)
        return answer["value"]

    def __getattr__(self, name):
        answer = self.wire.request(Budget(5), kind="look", names=[name])
        found = dict(answer["value"])[name]
        return named(found, name, True) if is_remote(found) else found


@pytest.fixture
def student():
    pair = Pair(offered={"02_cost.sigmoid": lambda z: 1 / (1 + np.exp(-z))})
    yield pair
    pair.wire.connection.close()


def test_functions_are_called_with_values_and_return_values(student):
    assert student.double(4) == 8
    np.testing.assert_array_equal(student.double(np.ones((2, 3))), 2 * np.ones((2, 3)))
    assert student.fill.__name__ == "fill"


def test_values_are_looked_up_and_other_names_are_not_there(student):
    student.namespace["number"] = 3
    found = student.wire.request(Budget(5), kind="look", names=["number", "nothing", "Account"])[
        "value"
    ]
    assert [name for name, _ in found] == ["number", "Account"]
    assert student.number == 3


def test_a_function_that_returns_none_changes_the_caller_s_arguments(student):
    values = np.zeros(3)
    assert student.fill(values, by=4) is None
    assert values.tolist() == [4, 4, 4]


def test_a_function_that_returns_something_does_not_but_it_is_told(student):
    values, spoil = np.zeros(3), student.spoil
    assert spoil(values) == 99
    assert values.tolist() == [0, 0, 0]
    assert spoil.changed[0].tolist() == [99, 0, 0]


def test_what_the_student_s_code_keeps_is_told_by_its_number(student):
    text = """
def fresh(x):
    return x * 2
def rows(n):
    return [1]
ALL = []
def keep(x):
    ALL.append(x)
    return ALL
def part(x):
    return ALL[0][:1]
def give_back(x):
    return x
"""
    exec(text, student.namespace)
    values = np.zeros(3)
    for name in ("fresh", "rows"):
        answer = student.request(target=getattr(student, name), args=[values])
        assert not {"shared", "same", "view", "kept"} & set(answer)
    first = student.request(target=student.keep, args=[values])
    assert first["kept"][0][0] == 0 and type(first["shared"]) is int
    assert student.request(target=student.keep, args=[1])["shared"] == first["shared"]
    assert "shared" in student.request(target=student.part, args=[1])
    assert student.request(target=student.give_back, args=[values])["same"] == 0


def test_functions_cross_both_ways(student):
    assert student.twice(lambda x: x + 3, 1) == 7
    assert student.twice(student.double, 3) == 12
    assert student.make(5)(1) == 6
    # The grader's own function, which went there and came back as an argument of a call back.
    own = []

    def kept(function):
        own.append(function)
        return function

    assert student.twice(kept, student.double) is not None
    assert own[0](4) == 8


def test_errors_of_the_grader_s_functions_reach_the_student_and_come_back(student):
    def fussy(x):
        raise ValueError("not this")

    with pytest.raises(ValueError, match="not this"):
        student.twice(fussy, 1)


def test_helpers_are_replaced_for_one_call(student):
    function = student.quadruple
    assert function.with_functions({"double": lambda x: 10 * x})(2) == 200
    assert function(2) == 8


def test_offered_functions_can_be_called_and_others_cannot(student):
    student.namespace["own"] = lambda z: student.agent.call_offered("02_cost.sigmoid", (z,), {})
    assert student.own(0.0) == 0.5
    student.namespace["other"] = lambda: student.agent.call_offered("03_kl_delta.cost", (), {})
    with pytest.raises(LookupError, match="does not lend"):
        student.other()


def test_what_was_lent_is_taken_back(student):
    student.namespace["keep"] = lambda f: student.namespace.update(kept=f)
    student.keep(lambda: "answer")
    student.namespace["use"] = lambda: student.namespace["kept"]()  # noqa: PLW0108  # what is kept then
    assert student.use() == "answer"
    student.wire.take_back()
    with pytest.raises(LookupError):
        student.use()


def test_random_generators_of_the_student_move_on_when_the_grader_uses_them(student):
    student.wire.offered["draw"] = lambda rng: rng.random()
    student.namespace["draws"] = lambda rng: [
        student.agent.call_offered("draw", (rng,), {}), rng.random()
    ]  # fmt: skip
    assert student.draws(np.random.default_rng(1)) == np.random.default_rng(1).random(2).tolist()
    student.namespace["draws"] = lambda rng: [
        student.agent.call_offered("draw", (), {"rng": rng}), rng.random()
    ]  # fmt: skip
    assert student.draws(np.random.default_rng(1)) == np.random.default_rng(1).random(2).tolist()


def test_a_generator_spawns_in_the_kernel_what_it_would_spawn_here(student):
    student.namespace["draws"] = lambda rng: [child.random() for child in rng.spawn(3)]
    right = [child.random() for child in np.random.default_rng([2, 5]).spawn(3)]
    assert student.draws(np.random.default_rng([2, 5])) == right


MAKE_RANDOM = {
    "Generator": (np.random.default_rng, lambda rng: rng.spawn(2)[1].random()),
    "SeedSequence": (np.random.SeedSequence, lambda seeds: seeds.spawn(1)[0].spawn_key[0]),
    "PCG64": (np.random.PCG64, lambda bits: bits.seed_seq.spawn(2)[1].spawn_key[0]),
    "RandomState": (np.random.RandomState, lambda state: state.random_sample()),
    "Random": (random.Random, lambda rng: rng.gauss(0, 1)),
}


@pytest.mark.parametrize("make, draw", MAKE_RANDOM.values(), ids=MAKE_RANDOM)
def test_who_draws_from_a_generator_afar_moves_it_on(student, make, draw):
    """The student's code from the test's, and the grader's from the student's."""
    mine, twin = make(5), make(5)

    def use(rng):
        draw(rng)  # and it returns nothing

    student.namespace["use"] = use
    for _ in range(3):
        student.use(mine)
        draw(twin)
    assert draw(mine) == draw(twin)
    student.wire.offered["draw"] = draw
    student.namespace["both"] = lambda rng: [
        student.agent.call_offered("draw", (rng,), {}), draw(rng),
        draw(rng),
    ]  # fmt: skip
    assert student.both(make(7)) == [draw(one) for one in [make(7)] for _ in range(3)]


def cut(theta, n):
    return theta[:n].reshape(2, -1), theta[n:], theta.sum(), theta + 0


CUTS = {
    "a tuple": (cut, [True, True, False, False]),
    "a list": (lambda theta, n: [theta[::-2], theta[n]], [True, False]),
    "a view": (lambda theta, n: theta[n:].reshape(-1, 1), True),
    "the argument itself": (lambda theta, n: theta, True),
    "another one": (lambda theta, n: theta * n, False),
}


@pytest.mark.parametrize("function, shared", CUTS.values(), ids=CUTS)
def test_what_the_grader_cuts_out_of_an_array_of_the_student_s_is_a_part_of_it(
    student, function, shared
):
    student.wire.offered["cut"] = function

    def share(theta, value):
        several = isinstance(value, (tuple, list))
        return [share(theta, v) for v in value] if several else np.may_share_memory(theta, value)

    def ask(f):
        theta = np.arange(8.0)
        offered = [student.agent.call_offered("cut", (theta, 4), {}) for _ in range(2)]
        return [share(theta, value) for value in [*offered, f(theta, 4)]]

    student.namespace["ask"] = ask
    assert student.ask(function) == [shared] * 3


def test_what_the_grader_has_changed_since_is_no_part_of_it(student):
    def spoil(theta):
        theta += 1
        return theta[1:]

    def ask(f):
        theta = np.arange(4.0)
        part = f(theta)
        return theta.tolist(), part.tolist()

    student.wire.values_alone = True
    student.namespace["ask"] = ask
    assert student.ask(spoil) == ([0, 1, 2, 3], [2, 3, 4])


def test_children_that_a_forged_answer_claims_are_not_born():
    seeds = np.random.SeedSequence(5)
    for claimed in (2**32 - 1, MOST_CHILDREN + 1):
        other = np.random.SeedSequence(5, n_children_spawned=claimed)
        put_back(np.random.default_rng(seeds), np.random.default_rng(other))
        assert seeds.n_children_spawned == 0
    assert not go_on(seeds, np.random.SeedSequence(6, n_children_spawned=3))
    assert go_on(seeds, np.random.SeedSequence(5, n_children_spawned=3))
    assert seeds.n_children_spawned == 3 and not go_on(seeds, np.random.SeedSequence(5))


def test_the_same_question_to_an_offered_function_is_asked_once(student):
    asked = []

    def square(x):
        asked.append(x)
        return x**2

    student.wire.offered["square"] = square
    student.namespace["both"] = lambda x: [
        student.agent.call_offered("square", (x,), {}) for _ in range(2)
    ]
    first, second = student.both(np.arange(3.0))
    assert first.tolist() == second.tolist() == [0, 1, 4] and first is not second
    assert len(asked) == 1
    student.both(np.arange(4.0))
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("kind", "name", "base"),
    [("own", "Own", ValueError), ("key", "KeyError", KeyError),
     ("stop", "StopIteration", Exception), ("exit", "SystemExit", Exception),
     ("math", "LinAlgError", np.linalg.LinAlgError)],
)  # fmt: skip
def test_errors_keep_their_name_and_their_builtin_kind(student, kind, name, base):
    with pytest.raises(base) as caught:
        student.fail(kind)
    assert caught.type.__name__ == name
    assert isinstance(caught.value, Exception)
    assert not isinstance(caught.value, StopIteration)


def test_objects_work_by_attributes_and_methods(student):
    account = student.Account("ada", money=9)
    assert account.owner == "ada" and account.limit == 10
    assert account.pay(4) == 5 and account.money == 5 and len(account) == 5
    assert account[1] == "d" and "a" in account and list(account)[:3] == ["a", "d", "a"]
    account.money = 2
    with pytest.raises(ValueError, match="too little"):
        account.pay(3)
    assert type(account).__name__ == "Account" and repr(account) == "<Account of the student's>"


def test_objects_equal_no_plain_value(student):
    account = student.Account("ada")
    for judge in (
        lambda: account == 3, lambda: 3 == account, lambda: account < 3, lambda: not account,
        lambda: [1, 2] == account, lambda: np.testing.assert_allclose(account, 3),
    ):  # fmt: skip
        with pytest.raises((TypeError, AssertionError)):
            assert judge()
    assert np.asarray(account).dtype == object


def test_a_call_that_takes_too_long_ends(student):
    woken = threading.Event()
    student.namespace["sleep"] = lambda: woken.wait(600)
    with pytest.raises(OutOfTime):
        student.request(target=student.sleep, seconds=0.3)
    woken.set()


def test_calls_within_calls_come_to_an_end(student):
    function = student.twice
    with pytest.raises(Exception, match=r"call each other|recursion"):
        function(
            lambda x: function(lambda y: function.remote_wire.call(function, (deep, y), {}), x), 1
        )


def deep(x):
    raise RecursionError("recursion")


def in_threads(work, *lists):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, *lists))


def test_a_thread_of_a_function_may_ask_too(student):
    student.namespace["each"] = in_threads
    assert student.each(lambda x: 2 * x, [1, 2, 3, 4]) == [2, 4, 6, 8]
    # The first item is asked for by a thread, the others by several at once.
    student.namespace["items"] = lambda make: in_threads(lambda _: len(list(make())), range(4))
    assert student.items(lambda: counted([])) == [3, 3, 3, 3]


def test_a_thread_that_an_earlier_call_has_left_does_not_ask(student):
    goes_on = threading.Event()
    asked: list[int] = []

    def leaves(ask):
        def ask_later():
            goes_on.wait()
            ask(1)

        threading.Thread(target=ask_later, daemon=True).start()

    def later():
        goes_on.set()
        time.sleep(0.2)

    student.namespace |= {"leaves": leaves, "later": later}
    student.leaves(asked.append)
    student.later()
    assert asked == []


def test_what_began_last_is_answered_first(student):
    """A call asks a thread for another one, and returns before that has ended."""
    begun, ended = threading.Event(), []

    def inner(x):
        begun.set()
        time.sleep(0.2)
        ended.append("inner")
        return 10 * x

    def outer(ask):
        thread = threading.Thread(target=lambda: ended.append(ask(inner, 1)))
        thread.start()
        begun.wait()
        ended.append("outer")  # and it returns, while inner goes on
        return 3

    student.namespace |= {"inner": inner, "outer": outer}
    assert student.outer(lambda function, x: function(x)) == 3
    wait_until(lambda: 10 in ended, "the thread has its answer")
    assert ended == ["outer", "inner", 10]
    assert student.double(4) == 8


def test_what_cannot_cross_to_the_student_is_told(student):
    with pytest.raises(TypeError, match=r"of the class object cannot be passed .*\(rule 10"):
        student.double(object())


# --- iterators of the grader's --------------------------------------------------------


def counted(taken, n=3):
    """An iterator over arrays that says which of them were taken."""
    for k in range(n):
        taken.append(k)
        yield np.full(2, float(k))


def test_an_iterator_is_asked_item_by_item(student):
    student.namespace["first"] = lambda items: float(next(items)[0])
    taken: list[int] = []
    assert student.first(counted(taken)) == 0
    assert taken == [0]
    student.namespace["total"] = lambda make: [float(item.sum()) for item in make()]
    assert student.total(lambda: counted(taken)) == [0, 2, 4]
    assert student.total(lambda: iter([])) == []


def test_no_item_is_made_before_it_is_asked_for(student):
    order: list[object] = []

    def items():
        for k in range(3):
            order.append(k)
            yield k

    student.namespace["tell"] = lambda make, hear: [hear(item) for item in make()] and None
    student.tell(items, lambda item: order.append(f"got {item}"))
    assert order == [0, "got 0", 1, "got 1", 2, "got 2"]


def test_an_exhausted_iterator_is_forgotten_and_stays_exhausted(student):
    def further(items):
        return len(list(items)) + len(list(items))

    student.namespace["further"] = further
    assert student.further(counted([])) == 3
    assert student.wire.lent == {}


def test_an_iterator_is_lent_until_the_test_cell_ends(student):
    student.namespace["keep"] = lambda items: student.namespace.update(
        kept=items, first=next(items)
    )
    student.keep(counted([]))
    student.namespace["use"] = lambda: float(next(student.namespace["kept"])[0])
    assert student.use() == 1
    student.wire.take_back()
    assert student.wire.lent == {}
    with pytest.raises(LookupError, match="no longer"):
        student.use()


def test_an_iterator_is_there_until_the_outer_call_ends(student):
    student.namespace["last"] = lambda make, f: [f(0), *(float(i[0]) for i in make())][-1]
    assert student.last(lambda: counted([]), student.double) == 2
    student.namespace["late"] = lambda items, f: (
        float(next(items)[0]) + f(1) + float(next(items)[0])
    )
    assert student.late(counted([]), student.double) == 3


def test_an_iterator_that_comes_back_is_the_grader_s_own(student):
    own = counted([])
    came: list[object] = []
    student.namespace["give"] = lambda hear, items: hear(items)
    student.give(came.append, own)
    assert came == [own]


def test_an_error_of_an_iterator_reaches_the_student_and_ends_it(student):
    def fails():
        yield 1
        raise ValueError("no more of this")

    def take(make):
        items = make()
        try:
            return list(items)
        except ValueError as error:
            return [str(error), list(items)]

    student.namespace["take"] = take
    assert student.take(fails) == ["no more of this", []]


def test_iterators_that_are_never_exhausted_are_so_many_and_no_more(student, monkeypatch):
    monkeypatch.setattr(remote, "MAX_ITERATORS", 20)
    student.namespace["open"] = lambda make, n: [next(make()) for _ in range(n)]
    with pytest.raises(Exception, match="20 iterators are open"):
        student.open(lambda: counted([]), 21)
    assert len(student.wire.open) == 20
    assert len(student.open(lambda: counted([]), 3)) == 3
    assert len(student.wire.open) == 20  # those of earlier calls make room


def test_many_iterators_one_after_the_other_leave_nothing(student, monkeypatch):
    monkeypatch.setattr(remote, "MAX_ITERATORS", 20)
    student.namespace["often"] = lambda make, n: sum(len(list(make())) for _ in range(n))
    assert student.often(lambda: iter("ab"), 50) == 100
    assert len(student.wire.lent) == 1


WRONG_USES = {
    "for item in make": lambda make: [item for item in make],  # noqa: C416
    "make()[0]": lambda make: make()[0],
    "len(make())": lambda make: len(make()),
    "make[0]": lambda make: make[0],
    "len(make)": len,
}


@pytest.mark.parametrize("use", WRONG_USES)
def test_a_wrong_use_is_the_error_that_it_is_at_home(student, use):
    def make():
        yield 1

    student.namespace["use"] = WRONG_USES[use]
    with pytest.raises(TypeError) as at_home:
        WRONG_USES[use](make)
    with pytest.raises(TypeError) as here:
        student.use(make)
    assert str(here.value) == str(at_home.value)


@pytest.mark.parametrize(
    "how, told", [("item += 1", True), ("item[0] = item[0]", False), ("item = item + 1", False)]
)
def test_an_item_that_is_changed_in_place_is_told(student, how, told):
    exec(f"def use(make, x):\n    for item in make():\n        {how}", student.namespace)
    use = student.use
    use(lambda: counted([]), 3)
    assert (0 in use.changed) is told
    exec(f"def use(items):\n    for item in items:\n        {how}", student.namespace)
    use = student.use
    use(counted([]))
    assert (0 in use.changed) is told


def test_a_call_is_measured_where_that_is_asked_for(student):
    def build(make):
        kept = [item for item in make()]  # noqa: C416
        return len(kept)

    def one(make):
        return sum(1 for _ in make())

    def big():
        return (np.zeros(12_500) for _ in range(20))

    student.namespace.update(build=build, one=one)
    for name, least, most in (("build", 2.0e6, 3.0e6), ("one", 0.1e6, 1.2e6)):
        function = student.__getattr__(name).measuring()
        assert function(big) == 20
        assert least < function.held < most
        assert function.__name__ == name
        assert function.with_functions({}).measure
    assert student.one(big) == 20


def test_what_the_agent_keeps_is_not_measured(student):
    def ask(n):
        for k in range(n):
            student.agent.call_offered("02_cost.sigmoid", (np.full(10_000, float(k)),), {})
        return n

    student.namespace["ask"] = ask
    function = student.ask.measuring()
    assert function(40) == 40
    assert function.held < 2e6 < 2 * 40 * 80_000
    assert len(student.agent.known) == 0
    assert student.ask(2) == 2
    assert len(student.agent.known) == 2


@pytest.mark.parametrize("held", [None, -1, True, 1.5, "0", [], {}, 10**400])
def test_a_size_that_is_none_is_more_than_any(held):
    assert size(held) == float("inf")
    assert size(7) == 7


class Hostile:
    """A kernel's end of the wire that sends whatever it likes."""

    def __init__(self, *frames):
        ours, self.socket = socket.socketpair()
        self.wire = Wire(Connection(ours.detach()), {}, lambda *a: None)
        for frame in frames:
            self.socket.sendall(frame)


def framed(**message):
    content = pack(message, lambda value: {"number": "not one"})
    return len(content).to_bytes(4, "big") + content


ANSWER = {"kind": "return", "token": "forged", "value": 4, "changed": []}


@pytest.mark.parametrize(
    "frames",
    [
        [framed(**ANSWER)],
        [framed(**ANSWER)] * 50,
        [framed(kind="return", value=4)],
        [framed(kind="return", token=["a"], value=4)],
        [framed(kind="raise", token="x", type=3, bases=[], text="", line="")],
        [framed(kind="verdict", points=5)],
        [framed(kind="ready")],
        [framed(kind=[1])],
        [framed(token="x")],
        [framed(kind="ask", token=1, target=5, args=[], kwargs={})],
        [framed(kind="return", token="x", value=print)],
        [b"\x7f\xff\xff\xff"],
        [b"\xff\xff\xff\xff" + b"\x7f" * 8],
        [b"\x00\x00\x00\x00"],
        [b"\x00\x00\x00\x05abc"],
        [b"\x00\x00\x00\x05abcde"],
    ],
    ids=lambda frames: repr(frames[0][:50]),
)
def test_forged_and_broken_frames_are_no_answers(frames):
    hostile = Hostile(*frames)
    hostile.socket.shutdown(socket.SHUT_WR)
    with pytest.raises(WireBroken):
        hostile.wire.request(Budget(1), kind="call", target={}, args=[], kwargs={}, instead={})


def test_silence_ends_in_time():
    hostile = Hostile()
    with pytest.raises(OutOfTime):
        hostile.wire.request(Budget(0.2), kind="look", names=[])


def test_a_flood_of_outputs_ends_when_the_time_is_up():
    class Three(Budget):
        """A budget that three messages use up."""

        looks = iter([3.0, 2.0, 1.0])

        @property
        def left(self):
            return next(self.looks, 0.0)

    heard: list[list[object]] = []
    hostile = Hostile(*[framed(kind="output", outputs=[])] * 9)
    with pytest.raises(OutOfTime):
        hostile.wire.request(Three(3), heard=heard.append, kind="cell", source="")
    assert heard == [[]] * 3


def test_a_flood_of_questions_ends_in_time():
    hostile, stop = Hostile(), threading.Event()
    question = framed(kind="ask", token=1, target={"lent": 1}, args=[], kwargs={})

    def flood():
        hostile.socket.settimeout(0.1)
        while not stop.is_set():
            try:
                hostile.socket.sendall(question)
                hostile.socket.recv(100_000)
            except OSError:
                continue

    thread = threading.Thread(target=flood)
    thread.start()
    with pytest.raises((OutOfTime, WireBroken)):
        hostile.wire.request(Budget(0.5), kind="look", names=[])
    stop.set()
    thread.join()


@pytest.mark.parametrize(
    "changed", [None, 5, "x", [1], [[1]], [["0", 1]], [[-1, 2], [7, 3]], [[True, 1]]]
)
def test_changes_that_fit_no_argument_are_left_out(changed):
    assert positions(changed, ["a", "b"]) == {}


def test_only_alike_values_are_put_back():
    array, numbers, table = np.zeros(2), [1], {"a": 1}
    refused = [(array, np.ones(3)), (array, [1, 1]), (numbers, (2,)), (table, [3]), (3, 4)]
    assert not any(itertools.starmap(put_back, refused))
    assert array.tolist() == [0, 0] and numbers == [1] and table == {"a": 1}
    taken = [(array, np.ones(2)), (numbers, [2, 3]), (table, {"b": 2})]
    assert all(itertools.starmap(put_back, taken))
    assert array.tolist() == [1, 1] and numbers == [2, 3] and table == {"b": 2}


def test_a_remote_object_is_not_an_instance_of_anything_else(student):
    assert isinstance(student.Account("x"), Remote)
    assert not isinstance(student.Account("x"), (int, float, str, dict))


def test_frames_of_pandas_are_changed_in_place_as_lists_are(student):
    pd = pytest.importorskip("pandas")
    exec("def grow(table):\n    table['double'] = table.x * 2", student.namespace)
    exec("def extend(table):\n    table.loc[7] = [5, 0]", student.namespace)
    exec("def rename(column):\n    column.name = 'new'\n    column[0] = 9", student.namespace)
    table = pd.DataFrame({"x": [1, 2]})
    assert student.grow(table) is None and student.extend(table) is None
    wanted = pd.DataFrame({"x": [1, 2, 5], "double": [2, 4, 0]}, index=[0, 1, 7])
    pd.testing.assert_frame_equal(table, wanted)
    column = pd.Series([1, 2])
    assert student.rename(column) is None and column.tolist() == [9, 2] and column.name == "new"
    double = student.double
    assert double(table).x.tolist() == [2, 4, 10] and table.x.tolist() == [1, 2, 5]
    assert double.changed == {}


def test_matrices_of_sympy_are_changed_in_place_too(student):
    sympy = pytest.importorskip("sympy")
    exec("def clear(matrix):\n    matrix[0, 0] = 7", student.namespace)
    matrix = sympy.zeros(2)
    assert student.clear(matrix) is None and matrix[0, 0] == 7


def test_a_value_that_cannot_be_read_is_an_error_of_its_question_only(student, monkeypatch):
    """Nothing is wrong with the kernel: it has a package that the grader does not have."""

    def forget(parts):
        raise ValueError("it is not known here")

    exec("from fractions import Fraction\nhalf = lambda: [Fraction(1, 2)]", student.namespace)
    exec("def ask(f):\n    try: f(Fraction(1, 2))\n    except RuntimeError as error:"
         " return str(error)", student.namespace)  # fmt: skip
    half, ask, double = student.half, student.ask, student.double
    kind = dataclasses.replace(KINDS["Fraction"], together=lambda *parts: forget(parts))
    monkeypatch.setitem(KINDS, "Fraction", kind)
    with pytest.raises(RuntimeError, match="did not cross: a Fraction cannot be read: it is not"):
        half()
    assert "a Fraction cannot be read" in ask(lambda value: value)
    with pytest.raises(RuntimeError, match="a Fraction cannot be read"):
        double(Fraction(1, 2))
    assert double(4) == 8
