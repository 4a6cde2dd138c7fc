"""A progress bar counts, and writes to standard output only."""

import numpy as np
import pytest

from saelab import progress


def test_a_bar_over_things_gives_each_of_them(capsys):
    assert list(progress.bar("abc", "reading")) == ["a", "b", "c"]
    out, err = capsys.readouterr()
    assert "reading: 100%" in out and "3/3" in out and err == ""


@pytest.mark.parametrize("steps", [5, np.int64(5)])
def test_a_bar_of_a_number_of_steps_is_moved_by_hand(capsys, steps):
    with progress.bar(steps, "training", unit="iteration") as bar:
        for _ in range(4):
            bar.update()
        assert bar.n == 4 and bar.total == 5
    out, err = capsys.readouterr()
    assert "training:  80%" in out and "4/5" in out and "iteration" in out and err == ""


def test_a_bar_over_things_that_nobody_counted(capsys):
    assert list(progress.bar((x for x in range(3)), "walking")) == [0, 1, 2]
    assert "3step" in capsys.readouterr().out


def test_a_bar_of_no_steps_ends_at_once(capsys):
    with progress.bar(0, "nothing") as bar:
        assert bar.total == 0
    assert capsys.readouterr().err == ""


def test_lines_are_not_longer_than_a_notebook_is_wide(capsys):
    list(progress.bar(range(3), "a rather long label for what is being done here"))
    lines = capsys.readouterr().out.replace("\r", "\n").splitlines()
    assert max(map(len, lines)) <= 90


def test_what_is_quick_shows_no_bar_where_it_is_told_to_wait(capsys):
    assert list(progress.bar("abc", "reading", delay=1000)) == ["a", "b", "c"]
    with progress.bar(2, "writing", delay=1000) as bar:
        bar.update()
    assert capsys.readouterr() == ("", "")


def test_what_takes_longer_shows_it(capsys, monkeypatch):
    bar = progress.bar(3, "reading", delay=5)
    now = bar._time()
    monkeypatch.setattr(bar, "_time", lambda: now + 10)
    bar.update()
    bar.close()
    told = capsys.readouterr()
    assert "1/3" in told.out and told.err == ""
