"""What a notebook uses and this process lacks: a cell goes on without it.

A student may have seaborn at home, and the grader may not. A cell that imports it on top would end
there, and its functions would be lost, though none of them may use it. So such an import at the top
level of a cell binds its names to an `Absent`, and so does no other: `try: import seaborn` means
what it says, and a module that is there and cannot be imported is an error as everywhere. A
statement at the top level that uses an Absent is told and passed over, too, and what it would have
bound is as absent; a function that does so raises the error when it is called.

So it is with what a cell makes that takes too long for grading.
"""

import ast
import dis
import importlib.util
import re
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any, NoReturn

METHOD = "go_on_without"  # of the shell's, as is the next one
METHOD_OF_CELL = "go_on_without_cell"
NOT_EXECUTED = "This cell takes long. While grading only its imports and definitions were executed."


def words(module: str) -> str:
    """What students and instructors read about a module that is missing."""
    return (
        f"No module named {module!r} in the grader: it is not installed there, and no file of "
        "this name is used that was handed in. What uses it fails, and all else is executed. Do "
        "without it, or ask your instructor to install it where notebooks are graded"
    )


def words_of_name(name: str) -> str:
    """What students read about a name that a cell makes which takes too long for grading."""
    return (
        f"name {name!r} is made by a cell that takes long, and is not executed while grading. What "
        "uses it fails, and all else is executed: make it in a cell of your own, or do without it"
    )


TOLD = re.compile(r"No module named '(\w{1,80})' in the grader:")  # by `words`


def used(raised: BaseException | None) -> "Absent | None":
    """The Absent whose use has raised an error; None if it is another error."""
    if isinstance(raised, (ModuleNotFoundError, NameError)) and type(raised.name) is str:
        found = Absent(raised.name, is_module=isinstance(raised, ModuleNotFoundError))
        if str(raised) == str(found.absent_error()):
            return found
    return None


def is_missing(raised: BaseException | None, module: str) -> bool:
    """Whether an import failed because there is no such module anywhere.

    Args:
        raised: the error of the import.
        module: the first part of the name of what was to be imported.
    """
    missing = isinstance(raised, ModuleNotFoundError) and raised.name == module
    return missing and module not in sys.modules and importlib.util.find_spec(module) is None


class Absent:
    """Stands for what comes from a module that is missing, or from a cell that is not executed.

    Args:
        name: the name of the module, or of what the cell would make.
        is_module: whether it is a module.
    """

    def __init__(self, name: str, is_module: bool = True) -> None:
        self.__dict__["absent_name"], self.__dict__["absent_is_module"] = name, is_module

    def absent_error(self) -> ModuleNotFoundError | NameError:
        """The error that its use raises."""
        name = self.absent_name
        if self.absent_is_module:
            return ModuleNotFoundError(words(name), name=name)
        return NameError(words_of_name(name), name=name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):  # what Python and tools look for
            raise AttributeError(name)
        raise self.absent_error()

    def __repr__(self) -> str:
        return f"<{self.absent_name}, which is missing in the grader>"


def _used(self: Absent, *args: object, **kwargs: object) -> NoReturn:
    raise self.absent_error()


USES = (
    "call setattr delattr getitem setitem delitem iter next len contains bool int float index "
    "complex enter exit aenter await aiter mro_entries array instancecheck subclasscheck lt le gt "
    "ge neg pos abs invert add sub mul matmul truediv floordiv mod pow and or xor lshift rshift "
    "radd rsub rmul rmatmul rtruediv rfloordiv rmod rpow rand ror rxor"
)
for _name in USES.split():
    setattr(Absent, f"__{_name}__", _used)


def guarded(cell: ast.Module) -> ast.Module:
    """Have the imports at the top level of a cell go on without what is missing.

    `import a.b as c` becomes this:

        try:
            import a.b as c
        except ModuleNotFoundError:
            if not get_ipython().go_on_without("a", "c"):
                raise
    """
    cell.body = [one for statement in cell.body for one in _guarded(statement)]
    return cell


def _guarded(statement: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            module = alias.name.partition(".")[0]
            single = ast.copy_location(ast.Import([alias]), statement)
            yield _tried(single, module, [alias.asname or module])
    elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        module = statement.module.partition(".")[0]
        names = [alias.asname or alias.name for alias in statement.names if alias.name != "*"]
        # One from __future__ has to stand alone.
        yield statement if module == "__future__" else _tried(statement, module, names)
    else:
        yield statement


def _tried(statement: ast.stmt, module: str, names: list[str]) -> ast.stmt:
    asked = f"get_ipython().{METHOD}{(module, *names)!r}"
    whole = ast.parse(f"try: ...\nexcept ModuleNotFoundError:\n if not {asked}: raise").body[0]
    assert isinstance(whole, ast.Try)
    for node in ast.walk(whole):
        ast.copy_location(node, statement)
    whole.body = [statement]
    return whole


def bound_by(code: CodeType) -> set[str]:
    """The names that the code of a statement binds at the top level."""
    return {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME"}
