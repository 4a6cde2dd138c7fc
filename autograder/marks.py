"""Marks of one hidden test: points per part, and a sentence for each part that is wrong.

A hidden-test cell ends with `marks.total()`: nbgrader takes the number it shows as the points.
"""

import copy

from saelab.compare import CallFailed, as_arrays, call, cost_differences, result_differences


class Marks:
    """Points for the parts of one function.

    Marks(cost=2, W1=1, W2=1, b1=1, b2=1) gives 6 points in all. A part keeps its points as long
    as no comparison finds a fault in it; the first fault of a part is the one that is told. A
    fault in something that has no points of its own counts against every part.
    """

    def __init__(self, **points):
        self.points = points
        self.faults = {}

    def compare(self, function, wanted, *args, names=None, **kwargs):
        """Compare function(*args) with wanted(*args), where wanted is the reference's function.

        names: what each of several results is called; None where there is one result.
        """
        want = as_arrays(wanted(*copy.deepcopy(args), **kwargs))
        self._try(
            lambda: result_differences(call(function, *args, **kwargs), want, names)
        )

    def compare_cost(self, function, wanted, args):
        """Compare a cost function's (cost, grad) with the reference's, part by part.

        args: (theta, visible_size, hidden_size, ...), what both functions take.
        """
        _, visible_size, hidden_size, *_ = args
        cost, grad = wanted(*copy.deepcopy(args))
        self._try(
            lambda: cost_differences(call(function, *args), cost, grad, visible_size, hidden_size)
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
            print(f"  {', '.join(parts)}: {sentence}.")
        return sum(earned.values())

    def _try(self, find_faults):
        try:
            self.blame(find_faults())
        except CallFailed as failure:
            self.blame(dict.fromkeys(self.points, str(failure)))
