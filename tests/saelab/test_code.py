"""Cells as syntax trees, whatever stands in them."""

import ast

import pytest

from saelab.code import MOST_COPIED, called_names, names_in_broken, parse, parsed

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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a.b as c, d.e\nprint 'x'", "c d"),
        ("a = b = print 'x'", "a b"),
        ("for k, (i, j) in x y:\n    m = 3", "i j k m"),
        ("with open(x) as f:\n    k = 3 3\n    def g():\n        no = 3\n    h = 4", "f g h k"),
        ("def f(z:\n    no = 3\nclass C:\n    no = 3 3\n    no = 4", "C f"),
        ("k: int = 3 3\nfiles = !ls", "files k"),
        ("x = dict(\nno=1,\n)\ns = '''\nno = 3\n'''\nprint 'x'", "s x"),
        ("print((3)\ny = 3\n@deco\ndef f(): pass", "f y"),
        ("from x import *\nfrom x import a b", "* a b"),
        ("f(x) = 3\nx.y = 3 3\nx[k] = 3 3\nif x = 3:\n    k == 3 3\nx == 3 3\nsome words = 3", ""),
        ("what is this?\n# k = 3", ""),
    ],
)
def test_what_a_cell_that_is_no_python_would_bind(text, names):
    assert names_in_broken(text) == set(names.split())


def test_what_functions_use_when_they_are_called():
    text = (
        "s = [u for u in v.w]\ndef f(z: A, k=B) -> C:\n    x: D = [i for i in y]\n"
        "    return lambda q: q + r + x\nclass K:\n    a = E\n    def m(self):\n        return a"
    )
    assert called_names(ast.parse(text)) - {"v"} == {"y", "r", "a"}
