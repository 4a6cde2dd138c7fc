"""What explorers are given: the reader's functions, and parts of what these return."""

from typing import Any

from saelab.typed import Function
from saelab.widgets.theirs import name_of


def require_functions(**functions: Any) -> None:
    """Errors: ValueError where one of them is no function; it names the parameter and the value."""
    for name, function in functions.items():
        if not callable(function):
            raise ValueError(
                f"{name} must be a function, not {repr(function)[:60]}: give its name alone, "
                "without brackets"
            )


def part(function: Function, which: int) -> Function:
    """A function that returns one part of what `function` returns: 0 the first, 1 the second."""

    def chosen(*arguments: Any) -> Any:
        returned = function(*arguments)
        if not isinstance(returned, (tuple, list)):
            raise TypeError(f"it returns {type(returned).__name__}, where a pair was expected")
        return returned[which]

    chosen.__name__ = name_of(function)
    return chosen
