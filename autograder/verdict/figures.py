"""Figures of a test cell's pyplot: those that it makes itself, and that a student's function opens.

All of them are in the student's process, where the student's code can draw in them. What the test
gets are stand-ins. Figures that libraries make for themselves stay in the grader.
"""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from autograder.kernel.inside.modules import MOST_FIGURES
from autograder.kernel.stand_ins import Operation, is_remote
from autograder.verdict.names import FILE

NAMED = re.compile(r"\b(pyplot|pylab)\b")


class Figures:
    """The open figures: pyplot's current figure in a test cell may be one of the student's process.

    matplotlib keeps all figures of pyplot by a number, and of each a manager, whose canvas has the
    figure. A figure of the student's process gets such a manager here.

    Args:
        ask: is called with the name of an operation, such as "figure", and its arguments; it is
            done in the student's kernel.

    Attributes:
        made: whether the test cell has made one itself.
    """

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask, self.made = ask, False
        self.managers: dict[int, Manager] = {}

    @contextlib.contextmanager
    def at_work(self, text: str) -> Iterator[None]:
        """Let pyplot make figures in the student's process, for a with block.

        Args:
            text: the text of the test cell.
        """
        self.made = False
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is None and NAMED.search(text):
            with contextlib.suppress(ImportError):
                from matplotlib import pyplot
        if pyplot is None:
            yield
            return
        here = pyplot.figure

        def figure(*args: Any, **kwargs: Any) -> Any:
            if not is_of_test(sys._getframe(1)):
                return here(*args, **kwargs)
            self.made = True
            found, numbers = self.ask("new_figure", args, kwargs)
            self.see(numbers)
            return found

        places = [sys.modules[name] for name in ("matplotlib.pyplot", "pylab", "matplotlib.pylab")
                  if name in sys.modules]  # fmt: skip
        for module in places:
            module.figure = figure  # type: ignore[attr-defined]  # it is there
        try:
            yield
        finally:
            for module in places:
                module.figure = here  # type: ignore[attr-defined]

    def see(self, numbers: object) -> None:
        """Take notice of the figures that are open in the student's kernel.

        Args:
            numbers: what it says are their numbers, the current one last; may be anything.
        """
        told = numbers if type(numbers) is list and len(numbers) <= MOST_FIGURES else []
        known = [number for number in told if type(number) is int and number >= 0]
        if not (known or self.managers):
            return
        from matplotlib._pylab_helpers import Gcf

        for number in set(self.managers) - set(known):
            if isinstance(Gcf.figs.get(number), Manager):
                del Gcf.figs[number]
            del self.managers[number]
        for number in known:
            if number not in Gcf.figs:
                self.managers[number] = Manager(self.ask, number)
            if number in self.managers:
                Gcf.set_active(self.managers[number])  # type: ignore[arg-type]  # it stands for one

    def is_own(self, target: object, args: tuple[Any, ...]) -> bool:
        """Whether what is asked may be about a figure of the test's own, and so is no answer.

        Args:
            target: what was called, or the operation.
            args: its positional arguments.
        """
        asked: Any = args[0] if isinstance(target, Operation) else target
        return self.made and is_remote(asked) and is_of_library(asked.remote_description["module"])

    def close(self) -> None:
        """Close all figures, the test's own too, as a notebook does at the end of each cell."""
        for manager in self.managers.values():
            manager.ask = lambda *_: None  # the kernel closes its own
        self.managers.clear()
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close("all")


class Manager:
    """Stands for matplotlib's manager and canvas of one figure in the student's process."""

    def __init__(self, ask: Callable[..., Any], number: int) -> None:
        self.num, self.ask, self.canvas = number, ask, self

    @property
    def figure(self) -> Any:
        return self.ask("figure", self.num)

    def mpl_disconnect(self, _event: object) -> None:
        """There is no window whose events would have to be heard."""

    _cidgcf = None

    def show(self) -> None:
        """A notebook shows its figures by itself."""

    def destroy(self) -> None:
        self.ask("close_figure", self.num)


def is_of_test(frame: FrameType | None) -> bool:
    """Whether pyplot, from which a frame comes, was called by a test cell itself."""
    while frame is not None and frame.f_globals.get("__name__") == "matplotlib.pyplot":
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename == FILE


def is_of_library(module: str) -> bool:
    return module.partition(".")[0] in ("matplotlib", "mpl_toolkits", "numpy", "builtins")
