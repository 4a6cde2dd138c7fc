"""Whatever a kernel sends, what is kept of it is valid, of a bounded size, and still an error."""

import sys

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import has_failed

from autograder.kernel import outputs as module
from autograder.kernel.outputs import MIMES, MOST_OUTPUTS, Heard, clean

LIMIT = 1000


def checked(outputs, limit=LIMIT):
    return valid(clean(outputs, limit))


def valid(kept):
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


def heard(outputs, limit=LIMIT):
    """What is kept of outputs that come one by one."""
    cell = Heard(limit)
    for output in outputs:
        cell.add([output])
    return valid(cell.outputs())


def update(text, name="a"):
    return shown({"text/plain": text}, display_id=name, update=True)


def texts(outputs):
    return [output.get("text") or output.data["text/plain"] for output in outputs]


def test_an_update_changes_what_was_shown_before_it_by_this_name():
    first, other = (shown({"text/plain": "old"}, display_id=name) for name in "ab")
    unnamed = shown({"text/plain": "old"})
    last = heard([first, other, unnamed, first, update("1"), update("2"), first])
    assert texts(last) == ["2", "old", "old", "2", "old"]
    assert texts(heard([update("1"), first])) == ["old"]


def test_an_update_without_anything_to_show_takes_away_what_was_there():
    named = shown({"text/plain": "old"}, display_id="a")
    assert heard([named, shown({}, display_id="a", update=True)]) == []


def test_what_was_cleared_is_not_updated():
    named, clear = shown({"text/plain": "old"}, display_id="a"), {"output_type": "clear_output"}
    assert texts(heard([named, update("1"), clear, named])) == ["old"]
    waits = {**clear, "wait": True}
    assert texts(heard([named, waits, update("1"), stream("x")])) == ["x"]


@pytest.mark.parametrize("name", [None, 5, ["a"], {"a": 1}])
def test_what_has_no_name_is_not_updated(name):
    named = shown({"text/plain": "old"}, display_id=name)
    assert texts(heard([named, update("1", name)])) == ["old"]


def lines_of(function):
    """How many lines of the module a call executes."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        count += event == "line"
        return trace if frame.f_code.co_filename == module.__file__ else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def test_twice_the_updates_are_twice_the_work():
    def work(times):
        named = [shown({"text/plain": "x"}, display_id="a")] * times
        return lines_of(lambda: heard([*named, *[update("y")] * times], 10**6))

    assert work(200) < 3 * work(100)


def test_a_text_that_many_outputs_show_is_cleaned_once(monkeypatch):
    cleaned, text = [], module._text

    def counted(value):
        cleaned.append(value)
        return text(value)

    monkeypatch.setattr(module, "_text", counted)
    large = "y" * (10 * LIMIT + 1)
    cell = Heard(10 * LIMIT)
    cell.add([shown({"text/plain": "x"}, display_id="a")] * 50)
    cell.add([update(large)])
    (left_out,) = cell.outputs()
    assert cleaned.count(large) == 1 and f"[{50 * len(large)} characters" in left_out.text


PIECES = st.sampled_from(
    ["x", "", None, 5, -1, True, 1e400, "\ud8ff", "stream", "error", "display_data",
     "execute_result", "stderr", "clear_output"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["output_type", "name", "text", "data", "metadata", "ename", "evalue", "traceback",
     "execution_count", "text/plain", "image/png", "display_id", "update", "wait"]
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
    heard(outputs, limit)
