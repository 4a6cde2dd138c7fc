"""The benchmark of the explorers: it moves all of them, waits for pictures, and tells the late."""

import itertools
import json
import threading
import time

import pytest
from ipywidgets import Checkbox, Dropdown, FloatLogSlider, FloatSlider, IntSlider, ToggleButtons

from saelab import widgets
from saelab.widgets.explorer import Explorer
from saelab.widgets.theirs import TheirsFailed
from tools.bench import widgets as bench
from tools.bench.explorers import CHANGES, FACTORIES


def controls():
    """A control of each kind."""
    return {
        "slider": FloatSlider(0.5, min=0, max=1, step=0.25),
        "powers": FloatLogSlider(1e-4, min=-12, max=-1, step=0.5),
        "number": IntSlider(0, min=0, max=2),
        "choice": Dropdown(options=[("one", 1), ("two", 2), ("three", 3)]),
        "words": ToggleButtons(options=("random", "copies", "zero")),
        "tick": Checkbox(False),
    }


@pytest.fixture
def drawn(monkeypatch):
    """What an explorer named "fake" drew."""
    values = []

    def draw(figure, **now):
        values.append(now)
        return "four words or more"

    def make():
        return Explorer("What is it?", draw, controls(), (2, 1))

    monkeypatch.setitem(FACTORIES, "fake", make)
    return values


def test_every_public_explorer_is_measured():
    assert sorted(FACTORIES) == sorted(widgets.__all__)
    assert set(CHANGES) <= set(FACTORIES)


@pytest.mark.parametrize("name", sorted(controls()))
def test_each_move_gives_another_value_that_the_control_has(name):
    control, seen = controls()[name], set()
    for turn in range(1, 40):
        before = control.value
        bench.move(control, turn)
        assert control.value != before
        seen.add(control.value)
    assert len(seen) >= (2 if name == "tick" else 3)
    if name == "slider":
        assert seen == {0, 0.25, 0.5, 0.75, 1}
    if name == "powers":
        assert all(1e-12 <= value <= 0.1 for value in seen) and len(seen) > 20


def test_the_controls_are_moved_in_turn_and_each_picture_is_waited_for(drawn):
    times = bench.measure("fake", 12)
    assert len(times.seconds) == len(times.processor) == 12
    assert all(0 < seconds < 5 for seconds in times.seconds)
    pairs = list(itertools.pairwise(drawn))
    moved = [[name for name in now if now[name] != before[name]] for before, now in pairs]
    assert moved == 2 * [[name] for name in controls()]


def test_a_picture_that_does_not_come_is_an_error(monkeypatch):
    def draw(figure, tick):
        if tick:
            raise TheirsFailed("sigmoid is not written yet")
        return "four words or more"

    explorer = Explorer("What is it?", draw, {"tick": Checkbox(False)}, (2, 1))
    monkeypatch.setattr(bench, "PATIENCE", 0.05)
    with pytest.raises(RuntimeError, match=r"What is it.*tick.*sigmoid is not written yet"):
        bench.timed(explorer, lambda: setattr(explorer.controls["tick"], "value", True))


def test_a_picture_of_another_thread_is_waited_for():
    explorer = Explorer("What is it?", lambda figure: "four words or more", {}, (2, 1))

    def later():
        time.sleep(0.1)
        explorer.redraw()

    seconds, _ = bench.timed(explorer, threading.Thread(target=later).start)
    assert seconds >= 0.1


@pytest.mark.parametrize("limit, status", [(1000, 0), (0, 1)])
def test_the_file_the_table_and_the_exit_status(
    drawn, limit, status, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(bench, "LIMIT", limit)
    arguments = ["fake", "--changes", "7", "--folder", str(tmp_path / "new")]
    assert bench.main(arguments) == status
    written = json.loads((tmp_path / "new" / "widgets.json").read_text())
    assert set(written["median_redraw_s"]) == {"fake"} and written["changes"] == {"fake": 7}
    assert 0 < written["median_redraw_s"]["fake"] <= written["worst_redraw_s"]["fake"]
    (row,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("fake"))
    assert f"{1000 * written['median_redraw_s']['fake']:.0f} ms" in row
    assert row.endswith("TOO SLOW") == bool(status)


def test_the_playground_has_to_be_faster():
    for seconds, late in ((0.05, []), (0.2, ["playground"]), (0.4, ["playground", "kl_explorer"])):
        names = "playground", "kl_explorer"
        assert [n for n in names if bench.Times(n, 1, (seconds,), (0.0,)).late] == late


@pytest.mark.parametrize("words", [[], ["museum", "playground"]], ids=["none", "two"])
def test_explorers_are_named_or_all_are_meant(words):
    assert bench._parser().parse_args(words).explorers == words


def test_an_unknown_explorer_is_refused(capsys):
    with pytest.raises(SystemExit):
        bench._parser().parse_args(["sandcastle"])
    assert "invalid choice: 'sandcastle'" in capsys.readouterr().err
