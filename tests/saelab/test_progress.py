"""A progress bar counts, and is seen in a notebook or at a terminal, and nowhere else."""

import io
import time
from types import SimpleNamespace

import IPython
import numpy as np
import pytest

from saelab import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Standard error as a terminal; gives the streams."""
    # pytest puts its own into `sys` after the fixtures are made.
    theirs = SimpleNamespace(stderr=Terminal(), stdout=io.StringIO(), modules={})
    monkeypatch.setattr(progress, "sys", theirs)
    return theirs


@pytest.fixture
def notebook(monkeypatch):
    """This process as a kernel."""

    class Shell:
        kernel = object()

    monkeypatch.setattr(IPython, "get_ipython", Shell)


def test_a_bar_over_things_gives_each_of_them(terminal):
    assert list(progress.bar("abc", "reading")) == ["a", "b", "c"]
    shown = terminal.stderr.getvalue()
    assert "reading: 100%" in shown and "3/3" in shown


@pytest.mark.parametrize("steps", [5, np.int64(5)])
def test_a_bar_of_a_number_of_steps_is_moved_by_hand(terminal, steps):
    with progress.bar(steps, "training", unit="iteration") as bar:
        for _ in range(4):
            bar.update()
        assert bar.n == 4 and bar.total == 5
    shown = terminal.stderr.getvalue()
    assert "training:  80%" in shown and "4/5" in shown and "iteration" in shown


def test_a_bar_that_ends_early_says_how(terminal):
    with progress.bar(400, "training", unit="iteration") as bar:
        bar.update(154)
        bar.finish("converged")
    last = terminal.stderr.getvalue().split("\r")[-1]
    assert "training, converged after 154: 100%" in last and "154/154" in last


def test_a_bar_whose_steps_fail_says_that_they_were_interrupted(terminal):
    def training():
        with progress.bar(400, "training") as bar:
            bar.update(37)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training()
    last = terminal.stderr.getvalue().split("\r")[-1]
    assert "training, interrupted after 37:" in last and "37/400" in last


def test_a_bar_over_things_that_nobody_counted(terminal):
    assert list(progress.bar((x for x in range(3)), "walking")) == [0, 1, 2]
    assert "3step" in terminal.stderr.getvalue()


def test_a_bar_of_no_steps_ends_at_once(terminal):
    with progress.bar(0, "nothing") as bar:
        assert bar.total == 0


def test_lines_are_not_longer_than_a_notebook_is_wide(terminal):
    list(progress.bar(range(3), "a rather long label for what is being done here"))
    lines = terminal.stderr.getvalue().replace("\r", "\n").splitlines()
    assert max(map(len, lines)) <= 90


def test_what_is_quick_shows_no_bar_where_it_is_told_to_wait(terminal):
    assert list(progress.bar("abc", "reading", delay=1000)) == ["a", "b", "c"]
    with progress.bar(2, "writing", delay=1000) as bar:
        bar.update()
    assert terminal.stderr.getvalue() == ""


def test_what_takes_longer_shows_it(terminal, monkeypatch):
    bar = progress.bar(3, "reading", delay=5)
    now = time.time()
    monkeypatch.setattr(bar, "_time", lambda: now + 10)
    bar.update()
    bar.close()
    assert "1/3" in terminal.stderr.getvalue()


# --- where it is seen ----------------------------------------------------------------


def test_at_a_terminal_it_is_on_standard_error(terminal):
    list(progress.bar("abc", "reading"))
    assert "reading: 100%" in terminal.stderr.getvalue() and terminal.stdout.getvalue() == ""


def test_in_a_notebook_it_is_on_standard_output(notebook, capsys):
    list(progress.bar("abc", "reading"))
    out, err = capsys.readouterr()
    assert "reading: 100%" in out and "3/3" in out and err == ""


def test_in_a_log_there_is_none_and_it_counts_all_the_same(capsys, monkeypatch):
    with progress.bar(100, "training") as bar:
        now = time.time()
        monkeypatch.setattr(bar, "_time", lambda: now + 10_000)
        for _ in range(70):
            bar.update()
        assert bar.n == 70
    assert list(progress.bar(range(3), "walking")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_where_there_is_no_terminal_lines_are_written_and_no_bar(capsys):
    with progress.bar(2, "working") as bar:
        for _ in range(2):
            bar.write("done")
            bar.update()
    assert bar.n == 2
    assert capsys.readouterr() == ("done\ndone\n", "")
