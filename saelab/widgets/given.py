"""What explorers are given: the student's functions, and parts of what these return."""

from typing import Any

from saelab.typed import Function
from saelab.widgets.theirs import name_of


def require_functions(**functions: Any) -> None:
    """Check that the arguments of an explorer are functions.

    Args:
        **functions: the functions, by the name of the explorer's parameter.

    Raises:
        ValueError: if one of them is not a function; the message names the parameter and the value.
    """
    for name, function in functions.items():
        if not callable(function):
            raise ValueError(
                f"{name} must be a function, not {repr(function)[:60]}: give its name alone, "
                "without brackets"
            )


def part(function: Function, which: int) -> Function:
    """Make a function that returns one part of what another function returns.

    Args:
        function: a function that returns several things.
        which: 0 for the first part, 1 for the second.

    Returns:
        The new function, with the same name.
    """

    def chosen(*arguments: Any) -> Any:
        returned = function(*arguments)
        if not isinstance(returned, (tuple, list)):
            raise TypeError(
                f"it returns {type(returned).__name__}, where several results were expected"
            )
        return returned[which]

    chosen.__name__ = name_of(function)
    return chosen
