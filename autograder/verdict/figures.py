"""The figures that a student's function opens, among those of a test cell's pyplot."""

import sys
from collections.abc import Callable
from typing import Any

from autograder.kernel.inside.modules import MOST_FIGURES


class Figures:
    """The student's open figures: pyplot's current figure in a test cell may be one of them.

    matplotlib keeps all figures of pyplot by a number, and of each a manager, whose canvas has the
    figure. A figure of the student's gets such a manager here.

    Args:
        ask: is called with "figure" or "close_figure" and a number; it is done in the student's
            kernel.
    """

    def __init__(self, ask: Callable[[str, int], Any]) -> None:
        self.ask = ask
        self.managers: dict[int, Manager] = {}

    def see(self, numbers: object) -> None:
        """Take notice of the figures that are open in the student's kernel.

        Args:
            numbers: what it says are their numbers, the current one last; may be anything.
        """
        if not isinstance(numbers, list) or len(numbers) > MOST_FIGURES:
            return
        from matplotlib._pylab_helpers import Gcf

        active: Any = Gcf.get_active()
        if numbers and active and not isinstance(active, Manager) and not active.canvas.figure.axes:
            Gcf.destroy(active)  # the test has opened it for what the student's code is to draw
        for number in numbers:
            if type(number) is int and number >= 0 and number not in Gcf.figs:
                self.managers[number] = Manager(self.ask, number)
                Gcf.set_active(self.managers[number])  # type: ignore[arg-type]  # it stands for one

    def close(self) -> None:
        """Close all figures, the test's own too, as a notebook does at the end of each cell."""
        for manager in self.managers.values():
            manager.ask = lambda *_: None  # the kernel closes its own
        self.managers.clear()
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close("all")


class Manager:
    """Stands for matplotlib's manager and canvas of one figure, which is the student's."""

    def __init__(self, ask: Callable[[str, int], Any], number: int) -> None:
        self.num, self.ask, self.canvas = number, ask, self

    @property
    def figure(self) -> Any:
        return self.ask("figure", self.num)

    def mpl_disconnect(self, _event: object) -> None:
        """There is no window whose events would have to be heard."""

    _cidgcf = None

    def destroy(self) -> None:
        self.ask("close_figure", self.num)
