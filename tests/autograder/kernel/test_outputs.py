"""Whatever a kernel sends, what is kept of it is valid, of a bounded size, and still an error."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import has_failed

from autograder.kernel.outputs import MIMES, MOST_OUTPUTS, Heard, clean

LIMIT = 1000


def checked(outputs, limit=LIMIT):
    kept = clean(outputs, limit)
    cell = new_code_cell("")
    cell.outputs = kept
    nbformat.validate(new_notebook(cells=[cell]))
    nbformat.writes(new_notebook(cells=[cell])).encode()
    return kept


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(data, kind="display_data", **more):
    return {"output_type": kind, "data": data, "metadata": {"a": 1}, **more}


def error(**changes):
    return {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["l"], **changes}


def nested(depth):
    value: dict[str, list[object]] = {}
    for _ in range(depth):
        value = {"a": [value]}
    return value


def test_what_a_kernel_sends_as_a_rule_passes():
    outputs = [
        stream("a\n"),
        stream("b\n", "stderr"),
        shown({"text/plain": "1", "image/png": "aGk="}),
        shown({"text/plain": "3.0"}, "execute_result", execution_count=4),
        error(),
    ]
    kept = checked(outputs)
    assert kept[:2] == outputs[:2]
    assert kept[2].data == outputs[2]["data"]
    assert kept[3].execution_count == 4
    assert kept[4] == outputs[4]


@pytest.mark.parametrize(
    "outputs",
    [
        None, 5, "text", {}, [None], [[]], ["x"], [{}], [nested(50_000)],
        [{"output_type": ["stream"]}], [{"output_type": "update_display_data"}],
        [stream(None)], [stream({"a": 1})], [shown(None)], [shown([])],
        [shown({"application/javascript": "x", "application/vnd.jupyter.widget-view+json": {}})],
        [shown({"text/plain": nested(50_000)})],
    ],
    ids=lambda value: repr(type(value)),
)  # fmt: skip
def test_of_what_is_no_output_nothing_is_kept(outputs):
    assert checked(outputs) == []


@pytest.mark.parametrize("value", [None, 5, ["a", 5, "b"], {"a": 1}, nested(50_000), "\ud800"])
def test_fields_may_be_anything(value):
    outputs = [
        stream(value), stream("x", value), shown({"text/plain": value, "text/html": "x"}),
        shown({"text/plain": "x"}, "execute_result", execution_count=value),
        error(ename=value), error(evalue=value), error(traceback=value), error(traceback=[value]),
    ]  # fmt: skip
    kept = checked(outputs)
    assert [output.output_type for output in kept].count("error") == 4


def test_only_known_types_pass_with_no_metadata():
    data = dict.fromkeys([*MIMES, "application/json", "text/x"], "x")
    (kept,) = checked([shown(data)])
    assert set(kept.data) == set(MIMES)
    assert kept.metadata == {}


def test_the_size_is_bounded_and_what_is_left_out_is_said():
    kept = checked([stream("a" * 900), stream("b" * 900), shown({"image/png": "c" * 5000})])
    assert kept[0].text.startswith("a" * 900 + "b" * 100)
    assert "[5800 characters of output were left out here.]" in kept[-1].text
    assert kept[-1].name == "stdout"


def test_of_a_picture_too_large_its_text_is_kept():
    first, last = checked([shown({"text/plain": "A picture", "image/png": "c" * 5000})])
    assert first.data == {"text/plain": "A picture"}
    assert "5000 characters" in last.text


def test_an_error_is_never_lost():
    outputs = [stream("a" * 2000), *[stream("x", n) for n in ["stdout", "stderr"] * MOST_OUTPUTS]]
    kept = checked([*outputs, error(ename="E" * 5000, evalue="v" * 5000)])
    cell = new_code_cell("")
    cell.outputs = [output for output in kept if output.output_type == "error"]
    assert has_failed(cell)
    assert sum(len(str(output)) for output in kept) < 5 * LIMIT


def test_many_outputs_are_few():
    outputs = [stream("x", name) for name in ["stdout", "stderr"] * 50_000]
    assert len(checked(outputs, 10**6)) <= MOST_OUTPUTS + 1


def test_many_errors_are_few():
    kept = checked([error(evalue="v" * 500)] * 10_000)
    assert sum(len(str(output)) for output in kept) < 20 * LIMIT


PIECES = st.sampled_from(
    ["x", "", None, 5, -1, True, 1e400, "\ud8ff", "stream", "error", "display_data",
     "execute_result", "stderr"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["output_type", "name", "text", "data", "metadata", "ename", "evalue", "traceback",
     "execution_count", "text/plain", "image/png"]
)  # fmt: skip
THINGS = st.recursive(
    PIECES, lambda below: st.lists(below) | st.dictionaries(KEYS, below), max_leaves=10
)


def test_outputs_that_say_next_to_nothing_are_counted_too():
    heard = Heard(10**9)
    heard.add([stream("x") for _ in range(100_001)])
    assert len(heard.outputs()[0].text) == len(heard.kept) == 100_000


@given(
    outputs=st.lists(st.dictionaries(KEYS, THINGS), max_size=9), limit=st.sampled_from([0, 3, 100])
)
def test_outputs_may_be_anything(outputs, limit):
    checked(outputs, limit)
