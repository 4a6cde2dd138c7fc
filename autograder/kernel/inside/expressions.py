"""How the expressions of sympy cross: as a table of their nodes, each made of earlier ones.

A node names a class of sympy's own, and the nodes that are its arguments. Putting them together
parses no text and evaluates nothing: a node that would become something else by being made is
refused, and so is a number that would take too long to work out.
"""

import re
import sys
from collections.abc import Callable
from typing import Any

from autograder.kernel.inside.kinds import Kind, Parts, check, check_items, package

MAX_NODES = 10_000  # of an expression, counted as often as they occur
MAX_NESTED = 100
MAX_BITS = 10_000  # of a number, and of the precision of one
MAX_EXPONENT = 14  # bits of what stands as an exponent, or in a function that grows as fast
MAX_RESULT = 2**20  # bits of a number that is not worked out yet
# The others' classes may compute for a long time what they are.
PACKAGES = (
    "sympy.concrete.", "sympy.core.", "sympy.functions.", "sympy.integrals.", "sympy.logic.",
    "sympy.matrices.", "sympy.series.", "sympy.sets.", "sympy.tensor.indexed.",
)  # fmt: skip
# Others may go through all the elements of an argument, of which there may be no end.
OF_ENDLESS = ("sympy.sets.", "sympy.core.containers", "sympy.tensor.indexed")
# The first is worked out while it is made, the others are made of all that their arguments hold.
REFUSED = ("HadamardPower", "hyper", "meijerg")
# Functions that give no larger numbers than they get.
FLAT = (
    "Abs", "Max", "Min", "Mod", "acos", "arg", "asin", "atan", "ceiling", "conjugate", "cos",
    "floor", "im", "log", "re", "sign", "sin", "tanh",
)  # fmt: skip


def _number(*numbers: Any) -> None:
    check_items(numbers, tuple, int)
    if any(number.bit_length() > MAX_BITS for number in numbers):
        raise ValueError(f"a number of it has more than {MAX_BITS} bits")


# No name calls anything, or takes a part of something, in the code that SymPy makes of it.
NAME = re.compile(r"[\w\\{}^ ,+*/-]{1,200}")


def _named(name: Any, facts: Any) -> dict[str, bool]:
    check((name, str))
    if not NAME.fullmatch(name):
        raise ValueError(f"it has the name {name[:40]!r}")
    check_items(facts, dict, str)
    check(*((value, bool) for value in facts.values()))
    return dict(facts)


def _integer(number: Any) -> Any:
    _number(number)
    return package("sympy").Integer(number)


def _rational(numerator: Any, denominator: Any) -> Any:
    _number(numerator, denominator)
    if not denominator:
        raise ValueError("a fraction has the denominator 0")
    return package("sympy").Rational(numerator, denominator)


def _float_apart(node: Any) -> list[Any]:
    sign, mantissa, exponent, _ = (int(number) for number in node._mpf_)
    return [sign, mantissa, exponent, node._prec]


def _float(sign: Any, mantissa: Any, exponent: Any, precision: Any) -> Any:
    _number(sign, mantissa, exponent, precision)
    if sign not in (0, 1) or not (0 <= mantissa and 0 < precision <= MAX_BITS):
        raise ValueError("a number of it is none")
    if exponent.bit_length() > 32:
        raise ValueError("a number of it is too large")
    if not mantissa:
        return package("sympy").Float("0", precision=precision)
    parts = (sign, mantissa, exponent, mantissa.bit_length())
    return package("sympy").Float(parts, precision=precision)


def _symbol(name: Any, facts: Any) -> Any:
    return package("sympy").Symbol(name, **_named(name, facts))


def _dummy(name: Any, number: Any, facts: Any) -> Any:
    _number(number)
    return package("sympy").Dummy(name, dummy_index=number, **_named(name, facts))


def _str(text: Any) -> Any:
    check((text, str))
    if not NAME.fullmatch(text):
        raise ValueError(f"it has the name {text[:40]!r}")
    return package("sympy").core.symbol.Str(text)


# By the name of the class: how a node without arguments is taken apart, and put together.
Atom = tuple[Callable[[Any], list[Any]], Callable[..., Any]]
ATOMS: dict[str, Atom] = {
    "Integer": (lambda node: [int(node.p)], _integer),
    "Rational": (lambda node: [int(node.p), int(node.q)], _rational),
    "Float": (_float_apart, _float),
    "Symbol": (lambda node: [node.name, dict(node.assumptions0)], _symbol),
    "Dummy": (lambda node: [node.name, node.dummy_index, dict(node.assumptions0)], _dummy),
    "Str": (lambda node: [node.name], _str),
}


def _class(module: Any, name: Any) -> Any:
    """A class of sympy's own."""
    check((module, str), (name, str))
    sympy = package("sympy")
    if not f"{module}.".startswith(PACKAGES):
        raise ValueError(f"a part of it is of {module[:80]}")
    found = getattr(sys.modules.get(module), name, None)
    if (
        not isinstance(found, type)
        or name in REFUSED
        or found.__module__ != module
        or not issubclass(found, (sympy.Basic, sympy.MatrixBase))
    ):
        raise ValueError(f"sympy has no {name[:80]}")
    return found


def _is_constant(kind: type) -> bool:
    """Whether there is one object of a class, such as pi."""
    return isinstance(kind, package("sympy").core.singleton.Singleton)


def _table(node: Any, rows: list[list[Any]], places: dict[int, Any], depth: int) -> int:
    """Add the rows of a node, after those of its arguments, to a table.

    Args:
        node: the node.
        rows: the table.
        places: the place of each node that is in the table, and the node, by its id.
        depth: how many nodes it stands in.

    Returns:
        The place of the node's row.

    Raises:
        ValueError: if it is nested too deeply.
    """
    if depth > MAX_NESTED:
        raise ValueError(f"it is nested more than {MAX_NESTED} deep")
    if id(node) not in places:
        head, below = _head(node)
        row = [*head, [_table(argument, rows, places, depth + 1) for argument in below]]
        rows.append(row)
        places[id(node)] = len(rows) - 1, node
    place: int = places[id(node)][0]
    return place


def _head(node: Any) -> tuple[list[Any], list[Any]]:
    """What a node is, without its arguments, and its arguments."""
    sympy, kind = package("sympy"), type(node)
    if isinstance(node, sympy.MatrixBase):
        return ["matrix", kind.__module__, kind.__name__, *node.shape], list(node.flat())
    if isinstance(node, sympy.core.function.AppliedUndef):
        return ["function", kind.__name__, dict(kind._kwargs)], list(node.args)
    if kind.__name__ in ATOMS and not _is_constant(kind):
        return ["atom", kind.__name__, *ATOMS[kind.__name__][0](node)], []
    return ["class", kind.__module__, kind.__name__], list(node.args)


def _made(what: Any, details: list[Any], below: list[Any]) -> Any:
    """The node of one row.

    Args:
        what: the first entry of the row.
        details: the other entries but the last.
        below: the nodes that are its arguments.

    Returns:
        The node.

    Raises:
        Exception: if there is no such node.
    """
    sympy = package("sympy")
    if what == "atom":
        name, *parts = details
        return ATOMS[name][1](*parts)
    if what == "function":
        name, facts = details
        return sympy.Function(name, **_named(name, facts))(*below, evaluate=False)
    if what == "matrix":
        module, name, rows, columns = details
        check((rows, int), (columns, int))
        kind = _class(module, name)
        if not issubclass(kind, sympy.MatrixBase) or rows * columns != len(below) or rows < 0:
            raise ValueError(f"a matrix of {len(below)} entries has {rows} rows")
        return kind(rows, columns, below)
    if what != "class":
        raise ValueError("a part of it is none")
    module, name = details
    kind = _class(module, name)
    if _is_constant(kind) and not below:
        return kind()
    if issubclass(kind, (sympy.Atom, sympy.MatrixBase)):
        raise ValueError(f"a {name} is made of nothing")
    endless = (sympy.Set, sympy.IndexedBase)
    if not module.startswith(OF_ENDLESS) and any(isinstance(part, endless) for part in below):
        raise ValueError(f"a {name} is made of a set")
    if kind in (sympy.Order, sympy.Interval):
        # They would look for the leading term, and which of the ends is the larger number.
        check(*((argument, sympy.Basic) for argument in below))
        node = sympy.Basic.__new__(kind, *below)
    elif kind is sympy.Add and any(isinstance(term, sympy.Order) for term in below):
        node = kind._from_args(below, is_commutative=True)
    elif issubclass(kind, _evaluating()):
        node = kind(*below, evaluate=False)
    else:
        node = kind(*below)
    if type(node) is not kind or node.args != tuple(below):
        raise ValueError(f"a {name} of these arguments is something else")
    return node


def _evaluating() -> tuple[type, ...]:
    """The classes that work out what they are, unless they are told not to."""
    sympy = package("sympy")
    return (
        *(sympy.core.operations.AssocOp, sympy.Pow, sympy.Derivative),
        *(sympy.core.function.Application, sympy.core.relational.Relational),
        *(sympy.FiniteSet, sympy.Union, sympy.Intersection, sympy.Complement),
    )


def _bits(node: Any, below: list[int | None]) -> int | None:
    """About how many bits a number has that sympy could work out from a node.

    Args:
        node: the node.
        below: this number for each of its arguments.

    Returns:
        The number of bits; None if the node holds symbols.

    Raises:
        ValueError: if working it out could take too long.
    """
    sympy = package("sympy")
    if node.is_Number and not below:
        if node.is_Float:
            return max(1, int(node._mpf_[2]) + int(node._mpf_[3]))
        return int(max(abs(node.p), abs(node.q)).bit_length()) if node.is_Rational else 1
    exponents: list[int | None] = []
    if isinstance(node, sympy.Pow):
        below, exponents = below[:1], below[1:]
    elif isinstance(node, sympy.Function) and type(node).__name__ not in FLAT:
        exponents = below
    most = max((bits for bits in exponents if bits is not None), default=0)
    if most > MAX_EXPONENT:
        raise ValueError("an exponent of it is too large")
    if isinstance(node, sympy.Symbol) or None in below or None in exponents:
        return None
    known = [bits for bits in below if bits is not None]
    total = sum(known) if isinstance(node, sympy.Mul) else max(known, default=1) + len(known)
    if total << most > MAX_RESULT:
        raise ValueError("a number of it is too large")
    return total << most


def _expression(rows: Any) -> Any:
    check_items(rows, list, list)
    nodes: list[Any] = []
    measures: list[tuple[int, int, int | None]] = []
    for what, *details, places in rows:
        check_items(places, list, int)
        if any(not 0 <= place < len(nodes) for place in places):
            raise ValueError("it is made of what is not there")
        below = [measures[place] for place in places]
        size = 1 + sum(size for size, _, _ in below)
        depth = 1 + max((depth for _, depth, _ in below), default=0)
        if size > MAX_NODES or depth > MAX_NESTED + 1:
            raise ValueError(f"it has more than {MAX_NODES} parts, or is nested too deeply")
        node = _made(what, details, [nodes[place] for place in places])
        nodes.append(node)
        bits = _bits(node, [bits for _, _, bits in below]) if hasattr(node, "is_Number") else 1
        measures.append((size, depth, bits))
    return nodes[-1]


def _apart(value: Any) -> Parts | None:
    rows: list[list[Any]] = []
    _table(value, rows, {}, 0)
    # Some classes are not made of their arguments alone.
    same = _expression(rows) == value
    return (rows,) if same else None


def _put_back(matrix: Any, changed: Any) -> None:
    if not isinstance(matrix, package("sympy").Basic) and matrix.shape == changed.shape:
        matrix[:, :] = changed


KINDS = [
    Kind("sympy.Basic", _apart, _expression),
    Kind("sympy.MatrixBase", _apart, _expression, put_back=_put_back),
]
