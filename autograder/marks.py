"""Marks of one hidden test: points per part, and a sentence for each part that is wrong.

A hidden-test cell ends with `marks.total()`: nbgrader takes the number it shows as the points.
"""

from types import CodeType, FunctionType

from autograder.inside.agent import with_functions
from autograder.remote import RemoteFunction
from saelab.compare import (
    CallFailed,
    as_arrays,
    call,
    cost_differences,
    listed,
    result_differences,
)


class Marks:
    """Points for the parts of one function.

    Marks(cost=2, W1=1, W2=1, b1=1, b2=1) gives 6 points in all. A part keeps its points as long
    as no comparison finds a fault in it; the first fault of a part is the one that is told. A
    fault in something that has no points of its own counts against every part.

    Each function stands on its own: where it goes wrong, or calls one that is not written, it is
    tried once more with the reference's versions of the functions that the reference calls.
    """

    def __init__(self, **points):
        self.points = points
        self.faults = {}

    def compare(self, function, wanted, *args, names=None, **kwargs):
        """Compare function(*args) with wanted(*args), where wanted is the reference's function.

        names: what each of several results is called; None where there is one result.
        """
        want = as_arrays(wanted(*args, **kwargs))
        self._try(
            function,
            wanted,
            lambda f: result_differences(call(f, *args, **kwargs), want, names),
        )

    def compare_cost(self, function, wanted, args):
        """Compare a cost function's (cost, grad) with the reference's, part by part.

        args: (theta, visible_size, hidden_size, ...), what both functions take.
        """
        _, visible_size, hidden_size, *_ = args
        cost, grad = wanted(*args)
        self._try(
            function,
            wanted,
            lambda f: cost_differences(call(f, *args), cost, grad, visible_size, hidden_size),
        )

    def blame(self, faults):
        """Take the points of these parts: a dictionary from part to sentence."""
        for part, sentence in faults.items():
            for blamed in [part] if part in self.points else self.points:
                self.faults.setdefault(blamed, sentence)

    def total(self):
        """The points that are left; prints which parts are wrong, and how."""
        earned = {part: n for part, n in self.points.items() if part not in self.faults}
        print(f"{sum(earned.values()):g} of {sum(self.points.values()):g} points.")
        for sentence in dict.fromkeys(self.faults.values()):
            parts = [part for part in self.faults if self.faults[part] == sentence]
            stop = "" if sentence[-1:] in ".?!" else "."
            print(listed(f"{', '.join(parts)}: {sentence}{stop}"))
        return sum(earned.values())

    def _try(self, function, wanted, find_faults):
        def faults_of(candidate):
            try:
                return find_faults(candidate)
            except CallFailed as failure:
                return dict.fromkeys(self.points, str(failure))

        try:
            faults = faults_of(function)
        except NotImplementedError:
            faults = None
        if faults is None or faults:
            # NotImplementedError passes through here where it is the function's own.
            second = faults_of(alone(function, wanted))
            faults = second if faults is None else min(faults, second, key=len)
        self.blame(faults)


def alone(function, wanted):
    """A student's function with the reference's versions of the functions that it calls.

    wanted: the reference's version of it. Put in place of the student's are only the functions of
    its notebook that the reference itself calls: with more, a function could be had from one that
    is made of it, as the sigmoid from the activations of a network.
    """
    others = called_by(wanted)
    if isinstance(function, RemoteFunction):
        return function.with_functions(others)
    return with_functions(function, others)


def called_by(function):
    """The functions of its own module that a function calls, directly or not, by their names."""
    found, waiting = {}, [function]
    while waiting:
        caller = waiting.pop()
        for name in names_in(caller.__code__):
            value = caller.__globals__.get(name)
            if (
                isinstance(value, FunctionType)
                and value.__module__ == function.__module__
                and value is not function
                and name not in found
            ):
                found[name] = value
                waiting.append(value)
    return found


def names_in(code):
    """The names that a function looks up outside, also in functions inside of it."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))
