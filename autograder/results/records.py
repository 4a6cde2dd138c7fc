"""Verdicts on disk: one small file for each submission, written whole or not at all.

    verdicts/ASSIGNMENT/STUDENT.json

A record says for which state of the submission and of the course its verdict holds. As long as
this is the present state, a class run has nothing to grade again. The report takes failures and
times from the records.
"""

import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from jsonschema import Draft202012Validator, ValidationError

from autograder.course.files import write_whole

FOLDER = "verdicts"
LONGEST = 255  # bytes of the name of a file
GRADED, FAILED = "graded", "failed"


class CellScore(TypedDict):
    """The score of one cell, as it is in the gradebook."""

    score: float
    max_score: float


class NotebookScores(TypedDict):
    """The scores of one notebook.

    Attributes:
        seconds: how long grading it took; None if it was not handed in.
        cells: the scores of its cells, by name.
    """

    seconds: float | None
    cells: dict[str, CellScore]


@dataclass
class Record:
    """The verdict on one submission.

    Attributes:
        student: the id of the student.
        assignment: the name of the assignment.
        status: "graded" or "failed".
        fingerprint: a digest of what was graded.
        graded_at: when it was graded, as an ISO time.
        failure: why grading failed, for the instructor; None if it did not.
        final: whether another try would have the same result, as long as nothing has changed.
        score: the score in the gradebook when the record was written.
        max_score: the points that could be had, from the gradebook at the same time.
        notebooks: the scores of the notebooks, by name.
        submitted_at: when the work was handed in, as an ISO time; None if that is not known.
        log: what the steps of grading said.
        asked_again: why a person has to look again at what was graded by hand, by the notebook's
            and the cell's names with a slash between them.
    """

    student: str
    assignment: str
    status: str
    fingerprint: str
    graded_at: str
    failure: str | None = None
    final: bool = False
    score: float | None = None
    max_score: float | None = None
    notebooks: dict[str, NotebookScores] = field(default_factory=dict)
    submitted_at: str | None = None
    log: str = ""
    asked_again: dict[str, str] = field(default_factory=dict)


NAMES = tuple(field.name for field in dataclasses.fields(Record))
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
MAYBE_TEXT, MAYBE_NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}
CELL = {
    "type": "object",
    "required": ["score", "max_score"],
    "properties": {"score": NUMBER, "max_score": NUMBER},
}
NOTEBOOK = {
    "type": "object",
    "required": ["seconds", "cells"],
    "properties": {
        "seconds": MAYBE_NUMBER,
        "cells": {"type": "object", "additionalProperties": CELL},
    },
}
VALIDATOR = Draft202012Validator(
    {
        "type": "object",
        "required": ["student", "assignment", "status", "fingerprint", "graded_at"],
        "properties": {
            "student": TEXT,
            "assignment": TEXT,
            "status": {"enum": [GRADED, FAILED]},
            "fingerprint": TEXT,
            "graded_at": TEXT,
            "failure": MAYBE_TEXT,
            "final": {"type": "boolean"},
            "score": MAYBE_NUMBER,
            "max_score": MAYBE_NUMBER,
            "notebooks": {"type": "object", "additionalProperties": NOTEBOOK},
            "submitted_at": MAYBE_TEXT,
            "log": TEXT,
            "asked_again": {"type": "object", "additionalProperties": TEXT},
        },
    }
)


def path_of(course: str | Path, assignment: str, student: str, ending: str = ".json") -> Path:
    """The path of a small file about a submission.

    The name of a student's folder may leave no room for the ending. It is cut then, and a digest
    of the whole name keeps it different from others.

    Args:
        course: the folder of the course.
        assignment: the name of the assignment.
        student: the name of the student's folder.
        ending: the ending of the file's name.
    """
    whole = os.fsencode(student)
    if len(whole) + len(ending) > LONGEST:
        student = f"{student[:40]}~{hashlib.sha256(whole).hexdigest()}"
    return Path(course, FOLDER, assignment, f"{student}{ending}")


def read(course: str | Path, assignment: str, student: str) -> Record | None:
    """The Record of a submission; None if there is none that can be read."""
    return read_file(path_of(course, assignment, student))


def read_file(path: Path) -> Record | None:
    """The Record in a file; None if there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        VALIDATOR.validate(found)
    except (OSError, ValueError, ValidationError, RecursionError):
        return None
    return Record(**{name: found[name] for name in NAMES if name in found})


def read_all(course: str | Path) -> dict[tuple[str, str], tuple[Record, float]]:
    """Read all records of a course.

    Args:
        course: the folder of the course.

    Returns:
        From (assignment, student) to (record, time): the Record, and when it was written, in
        seconds since the epoch.
    """
    paths = sorted(Path(course, FOLDER).glob("*/*.json"))
    read = ((path, read_file(path)) for path in paths)
    return {
        (path.parent.name, record.student): (record, path.stat().st_mtime)
        for path, record in read
        if record
    }


def write(course: str | Path, record: Record) -> None:
    """Write a Record, which is then there even if the power fails."""
    path = path_of(course, record.assignment, record.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    # In ASCII, since a student's folder may have a name that is no text.
    write_whole(path, json.dumps(dataclasses.asdict(record), indent=1) + "\n", lasting=True)
