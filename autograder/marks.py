"""Marks of one hidden test: points per part, and a sentence for each part that is wrong.

A hidden-test cell ends with `marks.total()`: nbgrader takes the number it shows as the points.
"""

from types import FunctionType

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
    tried once more with the reference's versions of the notebook's other functions.
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

    wanted: the reference's version of it, whose notebook's functions are put in place of the
    student's of the same names, for helpers that the student wrote too. Anything but a plain
    function is returned as it is.
    """
    if not isinstance(function, FunctionType):
        return function
    others = {
        name: value
        for name, value in wanted.__globals__.items()
        if isinstance(value, FunctionType)
        and value.__module__ == wanted.__module__
        and value is not wanted
    }
    namespace = dict(function.__globals__)
    for name, value in function.__globals__.items():
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            namespace[name] = _moved(value, namespace)
    namespace.update(others)
    return _moved(function, namespace)


def _moved(function, namespace):
    """The same function, looking up other names in another namespace."""
    twin = FunctionType(
        function.__code__,
        namespace,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin
