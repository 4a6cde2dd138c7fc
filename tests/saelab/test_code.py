"""Cells as syntax trees, whatever stands in them."""

import ast

import pytest

from saelab.code import MOST_COPIED, parse, parsed

pytestmark = pytest.mark.versions


def test_a_cell_may_have_magics():
    tree = parse("%matplotlib inline\nx = 1")
    assert isinstance(tree.body[-1], ast.Assign)
    plain = parsed("x = 1")
    assert plain and ast.dump(plain) == ast.dump(ast.parse("x = 1"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = (", "was never closed"),
        ("x = '\0'", "null bytes"),
        ("%time\n" + "x" * int(MOST_COPIED**0.5 + 1), "too long to look further"),
    ],
)
def test_what_is_no_python_says_why(text, says):
    with pytest.raises(SyntaxError, match=says):
        parse(text)
    assert parsed(text) is None
