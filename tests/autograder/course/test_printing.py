"""What is printed or logged holds no command to a terminal, and no line that looks like another."""

import io
import logging
import sys

import pytest
from nbgrader.apps import NbGrader

from autograder.configure import trusted_grading
from autograder.course import printing


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë Ångström 李 🎓", "Zoë Ångström 李 🎓"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\r\tc\x7f\x9b", r"a\nb\r\tc\x7f\x9b"),
        ("a\u202eb\u2028c\ud800", r"a\u202eb\u2028c\ud800"),
        ("a\u00a0b\u2003c", "a b c"),
        (3, "3"),
    ],
)
def test_what_has_no_picture_is_shown_as_python_writes_it(text, shown):
    assert printing.printable(text) == shown


def test_further_lines_are_indented(capsys):
    printing.say("one\ntwo\x1b")
    printing.say(file=sys.stderr)
    assert capsys.readouterr() == ("one\n    two\\x1b\n", "\n")


def test_a_stream_keeps_lines_and_bars_alone():
    stream = io.StringIO()
    made = printing.Printable(stream)
    assert made.write("a\x1b[1A\r\tb\n") == 9
    assert stream.getvalue() == "a\\x1b[1A\r\tb\n" and not made.isatty()


@pytest.fixture
def app(capsys):
    """nbgrader's command with our configuration."""
    app = NbGrader()
    trusted_grading(app.config)
    app.update_config(app.config)
    yield app
    logging.getLogger(app.log.name).handlers.clear()


def test_what_nbgrader_s_commands_log_is_printable(app, capsys):
    name = "a\x1b[2J\nb"
    app.log.warning("%s was late", name)
    try:
        raise ValueError(name)
    except ValueError:
        app.log.exception("no verdict")
    said = capsys.readouterr().err
    assert r"a\x1b[2J" in said and r"ValueError: a\x1b[2J" in said
    assert set(said) - {c for c in said if c.isprintable()} <= {"\n"}
    assert "\nb" not in said
