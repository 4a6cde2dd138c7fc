"""Verdicts on disk: one small file for each submission, written whole or not at all.

    verdicts/ASSIGNMENT/STUDENT.json

A record says which state of the submission and of the course it is the verdict of; where it says
so of the present one, a class run has nothing to grade again. The report tells of failures and
times from it.
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
    """Of the gradebook."""

    score: float
    max_score: float


class NotebookScores(TypedDict):
    """seconds: that grading it took; None where it was not handed in. cells: by name."""

    seconds: float | None
    cells: dict[str, CellScore]


@dataclass
class Record:
    """The verdict on one submission.

    status: "graded" or "failed". failure: for the instructor, why it failed. final: another try
    would come to the same, as long as nothing has changed. score, max_score: of the gradebook when
    it was written. notebooks: by name. fingerprint: of what was graded. graded_at, submitted_at:
    ISO times. log: what the steps of grading said.
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
        },
    }
)


def path_of(course: str | Path, assignment: str, student: str, ending: str = ".json") -> Path:
    """The path of a small file about a submission.

    The name of a student's folder may leave no room for the ending: it is cut then, and a digest
    of the whole tells it from others.
    """
    whole = os.fsencode(student)
    if len(whole) + len(ending) > LONGEST:
        student = f"{student[:40]}~{hashlib.sha256(whole).hexdigest()}"
    return Path(course, FOLDER, assignment, f"{student}{ending}")


def read(course: str | Path, assignment: str, student: str) -> Record | None:
    """The Record of a submission; None where there is none that can be read."""
    return read_file(path_of(course, assignment, student))


def read_file(path: Path) -> Record | None:
    """The Record in a file; None where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        VALIDATOR.validate(found)
    except (OSError, ValueError, ValidationError, RecursionError):
        return None
    return Record(**{name: found[name] for name in NAMES if name in found})


def read_all(course: str | Path) -> dict[tuple[str, str], tuple[Record, float]]:
    """All records of a course: from (assignment, student) to the Record and when it was written."""
    paths = sorted(Path(course, FOLDER).glob("*/*.json"))
    read = ((path, read_file(path)) for path in paths)
    return {
        (path.parent.name, record.student): (record, path.stat().st_mtime)
        for path, record in read
        if record
    }


def write(course: str | Path, record: Record) -> None:
    """Write a Record; after this it is there, even where the power fails."""
    path = path_of(course, record.assignment, record.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    # In ASCII, since a student's folder may have a name that is no text.
    write_whole(path, json.dumps(dataclasses.asdict(record), indent=1) + "\n", lasting=True)
