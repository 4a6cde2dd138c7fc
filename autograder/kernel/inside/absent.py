"""Modules that a notebook imports and this process lacks: a cell goes on without them.

A student may have seaborn at home, and the grader may not. A cell that imports it on top would end
there, and its functions would be lost, though none of them may use it. So such an import at the top
level of a cell binds its names to an `Absent`, and so does no other: `try: import seaborn` means
what it says, and a module that is there and cannot be imported is an error as everywhere. A
statement at the top level that uses an Absent is told and passed over, too; a function that does
so raises the error when it is called.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

METHOD = "go_on_without"  # of the shell's


def words(module: str) -> str:
    """What students and instructors read about a module that is missing."""
    return (
        f"No module named {module!r} in the grader: it is not installed there, and was not handed "
        "in. What uses it fails, and all else is executed. Do without it, or ask your instructor "
        "to install it where notebooks are graded"
    )


TOLD = re.compile(r"No module named '(\w{1,80})' in the grader:")  # by `words`


def error(module: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(words(module), name=module)


def is_about_absence(raised: BaseException | None) -> bool:
    """Whether an error is one that the use of an Absent raises."""
    own = isinstance(raised, ModuleNotFoundError) and type(raised.name) is str
    return own and str(raised) == words(raised.name)  # type: ignore[union-attr]


def is_missing(raised: BaseException | None, module: str) -> bool:
    """Whether an import failed because there is no such module anywhere.

    Args:
        raised: the error of the import.
        module: the first part of the name of what was to be imported.
    """
    missing = isinstance(raised, ModuleNotFoundError) and raised.name == module
    return missing and module not in sys.modules and importlib.util.find_spec(module) is None


class Absent:
    """Stands for a module that is missing, or for what was to be imported from it.

    Args:
        module: the name of the module.
    """

    def __init__(self, module: str) -> None:
        self.__dict__["absent_module"] = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):  # what Python and tools look for
            raise AttributeError(name)
        raise error(self.absent_module)

    def __repr__(self) -> str:
        return f"<{self.absent_module}, which is missing in the grader>"


def _used(self: Absent, *args: object, **kwargs: object) -> NoReturn:
    raise error(self.absent_module)


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
