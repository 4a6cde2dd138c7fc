"""docs/self-study.md names what there is: commands, files, explorers, everywhere the same minutes.

README.md and the start page, notebooks/README.md, are for students too, and are tried here.
"""

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from nbgrader.apps import NbGraderApp

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab import check as checks
from saelab import previous, widgets

PAGE = (CLONE / "docs" / "self-study.md").read_text(encoding="utf-8")
README = (CLONE / "README.md").read_text(encoding="utf-8")
START = (CLONE / "notebooks" / "README.md").read_text(encoding="utf-8")
MAKEFILE = (CLONE / "Makefile").read_text(encoding="utf-8")
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in CLONE.glob("solutions/*/*.py")}
LINES = [line.strip() for line in PAGE.splitlines() if line.startswith("    ")]
EXPLORER = r"\b(\w+_explorer|training_monitor|playground|museum)\b"


def table(text, head):
    """The rows of the table below a heading: lists of cells, by the names of the columns."""
    below = re.split(rf"^## {head}.*\n", text, flags=re.M)[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in below.splitlines() if line.startswith("|")]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def explorers(text):
    """The explorers that a text speaks of in code."""
    return {name for code in re.findall(r"`([^`]+)`", text) for name in re.findall(EXPLORER, code)}


def test_the_page_is_short_and_its_links_lead_somewhere():
    assert len(PAGE.splitlines()) <= 150
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links and all((CLONE / "docs" / link).exists() for link in links)
    paths = [p for p in re.findall(r"`([\w./-]*/[\w./-]*)`", PAGE) if not p.startswith("build/")]
    assert len(paths) >= 8 and all((CLONE / path).exists() for path in paths)


def test_the_evening_reads_each_notebook_and_lasts_as_long_as_it_says():
    rows = table(PAGE, "One evening")
    assert [Path(row["open"].strip("`")).name for row in rows] == sorted(SOURCES)
    assert sum(int(row["minutes"]) for row in rows) == 2 * 60 and "\nTwo hours" in PAGE


def times(text, head, column):
    """[(notebook, minutes)] of a table, in which a notebook may be a link to it."""
    rows = [(row[column], row["minutes"]) for row in table(text, head)]
    return [(re.sub(r"\[(\w+)\]\(.*", r"\1", name), minutes) for name, minutes in rows]


# What the box at the top of each notebook says.
MINUTES = [
    (name, told)
    for name, text in sorted(SOURCES.items())
    for told in re.findall(r"\*\*Time\*\* (\d+) minutes", text)
]


def test_the_minutes_are_the_same_wherever_they_are_said():
    assert [name for name, _ in MINUTES] == sorted(SOURCES)
    assert times(README, "The notebooks", "solved") == MINUTES
    assert times(START, "The notebooks", "open") == MINUTES
    for head in ("One weekend", "One week:"):
        found = times(PAGE, head, "notebook")
        assert found[: len(MINUTES)] == MINUTES
        for again, minutes in found[len(MINUTES) :]:
            assert int(minutes) == sum(int(m) for name, m in MINUTES if name in again)


def test_the_start_page_says_what_each_notebook_asks():
    for row, name in zip(table(START, "The notebooks"), sorted(SOURCES), strict=True):
        asked = re.findall(
            r'"grade_id": "(\w+)", "locked": false,.*"solution": true', SOURCES[name]
        )
        assert re.findall(r"`(\w+)`", row["you write"]) == asked
        links = [f"{name}/{name}.ipynb", f"../solutions/{name}/{name}.ipynb"]
        assert re.findall(r"\]\(([^)]+)\)", row["open"]) == links
        question = re.search(r"^# # \d\d [^:]+: (.*)", SOURCES[name], flags=re.M)
        assert question and row["the question"].lower() == question[1].lower()
    (line,) = [line for line in START.splitlines() if line.startswith("    check(")]
    assert any(f"\n{line.strip()}\n" in text for text in SOURCES.values())
    assert f"    {LINES[-1]}" in START.splitlines() and LINES[-1].startswith("git checkout")


def test_readme_is_short_and_begins_with_students():
    assert len(README.split()) < 800
    commands = [line.split("#")[0].strip() for line in README.splitlines() if line[:4] == " " * 4]
    assert commands[0] == "make lab"
    links = set(re.findall(r"\]\(([^)]+\.ipynb)\)", README))
    assert links == {f"{f}/{n}/{n}.ipynb" for f in ("solutions", "notebooks") for n in SOURCES}


def test_without_make_the_same_is_started():
    """What the Makefile and README run."""
    (lab,) = re.findall(r"^lab: venv\n\t@\$\(python\) -m (\S+)", MAKEFILE, flags=re.M)
    started = re.findall(r"python -m (tools\.\w+)", README)
    assert len(started) == 2 and {*started} == {lab}
    assert importlib.util.find_spec(lab)


def test_explorers_are_named_with_the_notebook_that_has_them():
    imports = re.compile(r"^from saelab\.widgets import .*$", re.M)
    used = {
        name: set(re.findall(EXPLORER, " ".join(imports.findall(text))))
        for name, text in SOURCES.items()
    }
    evening = table(PAGE, "One evening")
    assert {Path(r["open"].strip("`")).name: explorers(r["stay with"]) for r in evening} == used
    for row in table(PAGE, "One week:")[: len(SOURCES)]:
        assert explorers(" ".join(row.values())) == used[row["notebook"]]
    named = explorers(PAGE)
    assert named == set.union(*used.values()) and all(hasattr(widgets, name) for name in named)
    word = {10: "Ten", 11: "Eleven", 12: "Twelve"}[len(named)]
    assert f"\n{word} *explorers*" in PAGE


# --- commands ---------------------------------------------------------------------------


def test_each_command_is_one_that_there_is(monkeypatch):
    left = list(LINES)

    def command(start):
        (line,) = [line for line in left if line.startswith(start)]
        left.remove(line)
        return line

    dry = ["make", "--dry-run", *command("make ").split()[1:]]
    ended = subprocess.run(dry, check=False, cwd=CLONE, capture_output=True, text=True)
    assert ended.returncode == 0 and "tools.lab" in ended.stdout
    line = command("check(")
    (function,) = re.findall(r"^check\((\w+)\)$", line)
    (name,) = [name for name, text in SOURCES.items() if f"\n{line}\n" in text]
    checks.check(getattr(reference(name), function))
    assert (CLONE / command("git checkout -- ").split()[-1]).is_dir()
    line = command("feed_forward = ")
    monkeypatch.chdir(CLONE / "notebooks" / "05_training")
    monkeypatch.delenv("SAELAB_PREVIOUS", raising=False)
    found: dict[str, Any] = {"previous": previous}
    exec(line, found)
    a2, a3 = found["feed_forward"](np.zeros(17), 3, 2, np.ones((3, 4)))
    assert a2.shape == (2, 4) and (a3 == 0.5).all()
    assert left == []


def test_commands_in_the_text_are_there():
    targets = re.findall(r"`make ([\w-]+)`", PAGE)
    assert targets and all(re.search(rf"^{target}:", MAKEFILE, re.M) for target in targets)
    commands = re.findall(r"`nbgrader (\w+)`", PAGE)
    assert commands and set(commands) <= set(NbGraderApp.subcommands)
