"""Whatever file is handed in, it is read: as a notebook, or as one cell that says why not."""

import json
import logging
import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from autograder.submission.contents import SubmissionLimits, contents_of, linked_target
from autograder.submission.reading import SubmissionExporter, clear_the_way, remove_copies
from tests.support import small_course as small

LOG = logging.getLogger("test")


def read(path):
    """What the exporter makes of a file, before any preprocessor has seen it."""
    output, _ = SubmissionExporter().from_filename(str(path), {"nbgrader": {}})
    notebook = nbformat.reads(output, as_version=4)
    nbformat.validate(notebook)
    return notebook


def notebook_text(**changes):
    notebook = new_notebook(cells=[new_markdown_cell("a"), new_code_cell("1 + 1")])
    return json.dumps({**notebook, **changes}).encode()


UNREADABLE = {
    "empty": (b"", "it is empty"),
    "blank": (b" \n\n", "it is empty"),
    "words": (b"my homework", "not JSON"),
    "truncated": (notebook_text()[:-40], "not JSON"),
    "binary": (bytes(range(256)) * 40, "not text"),
    "UTF-16": (notebook_text().decode().encode("utf-16"), "not text"),
    "list": (b"[1, 2]", "not a notebook"),
    "null": (b"null", "not a notebook"),
    "number": (b"9" * 5000, "numbers that are too long"),
    "format 99": (notebook_text(nbformat=99), "version 4"),
    "format 4.5 in words": (notebook_text(nbformat="4"), "version 4"),
    "no format": (b"{}", "version 4"),
    "format 3 that is not": (notebook_text(nbformat=3, worksheets=5), "notebook format 3"),
    "no cells": (notebook_text(cells=None), "no list of cells"),
    "deep": (b'{"a":' * 100_000, "nested too deeply"),
    "deep lists": (b"[" * 1_000_000, "nested too deeply"),
    "many cells": (notebook_text(cells=[{}] * 5000), "5000 cells"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_notebook_is_one_cell_that_says_why(tmp_path, name):
    content, reason = UNREADABLE[name]
    path = tmp_path / "ps1.ipynb"
    path.write_bytes(content)
    (cell,) = read(path).cells
    assert cell.cell_type == "markdown"
    assert "cannot be read as a notebook" in cell.source
    assert reason in cell.source
    assert path.read_bytes() == content


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "ps1.ipynb"
    with open(path, "wb") as file:
        file.truncate(100_000_000)
    (cell,) = read(path).cells
    assert "it has 100 MB, and at most 50 are read" in cell.source


@pytest.mark.skipif(os.name != "posix", reason="has no such files")
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "nothing"])
def test_what_is_no_file_is_not_waited_for(tmp_path, kind):
    path = tmp_path / "ps1.ipynb"
    make = {
        "pipe": os.mkfifo,
        "folder": os.mkdir,
        "device": lambda path: os.symlink("/dev/zero", path),
        "nothing": lambda path: os.symlink("/nowhere", path),
    }
    make[kind](path)
    (cell,) = read(path).cells
    assert "it is not a file" in cell.source


def test_a_notebook_is_read_as_it_is(tmp_path):
    path = tmp_path / "ps1.ipynb"
    nbformat.write(small.source(), path)
    assert [c.source for c in read(path).cells] == [c.source for c in small.source().cells]
    assert [c.id for c in read(path).cells] == [c.id for c in small.source().cells]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read(path).cells) == len(small.source().cells)


def test_a_notebook_of_an_old_format_is_converted(tmp_path):
    path = tmp_path / "ps1.ipynb"
    cells = [
        {"cell_type": "code", "input": ["1 +", " 1"], "language": "python", "outputs": []},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a"}}, "input": "2"},
        {"cell_type": "heading", "level": 2, "source": "A\ntitle"},
        {"cell_type": "heading", "level": 10**9, "source": "B"},
        {"cell_type": "html", "source": "<b>"},
        {"cell_type": ["code"], "input": 3, "source": "C"},
        "D",
    ]
    sheets = [{"cells": cells[:2]}, {"cells": cells[2:]}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}
    path.write_text(json.dumps(old))
    found = read(path).cells
    assert [cell.source for cell in found] == ["1 + 1", "2", "## A title", "# B", "<b>", "C", "D"]
    kinds = ["code", "code", "markdown", "markdown", "markdown", "raw", "raw"]
    assert [cell.cell_type for cell in found] == kinds
    assert found[1].metadata.nbgrader.grade_id == "a"


def test_cells_with_odd_fields_are_read(tmp_path):
    path = tmp_path / "ps1.ipynb"
    depth = 600
    deep = json.loads("[" * depth + "]" * depth)
    cells = [
        {"cell_type": "code", "source": ["a\n", "b"], "metadata": {"nbgrader": deep}},
        {"cell_type": "code", "source": "c", "metadata": deep, "outputs": deep, "id": 5},
        "d",
        {"cell_type": "raw", "source": "e", "metadata": {"nbgrader": {"grade_id": deep}}},
    ]
    path.write_bytes(notebook_text(cells=cells, metadata=deep))
    assert [cell.source for cell in read(path).cells] == ["a\nb", "c", "d", "e"]


def test_only_numbers_that_any_column_holds_are_read_of_points(tmp_path):
    path = tmp_path / "ps1.ipynb"
    numbers = {"points": 10**400, "schema_version": 3, "more": -(10**18), "less": 1 - 10**18}
    cell = {"cell_type": "code", "source": "a", "metadata": {"nbgrader": numbers}}
    path.write_bytes(notebook_text(cells=[cell]))
    assert read(path).cells[0].metadata.nbgrader == {"schema_version": 3, "less": 1 - 10**18}


# --- links ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A submission with plain files, and with links to what is the course's."""
    if os.name != "posix":
        pytest.skip("links and pipes are made")
    (tmp_path / "gradebook.db").write_text("secret")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "notes.txt").write_text("secret")
    folder = tmp_path / "submitted" / "eve" / "ps1"
    (folder / "sub").mkdir(parents=True)
    (folder / "own.txt").write_text("mine")
    (folder / "data.csv").symlink_to(tmp_path / "gradebook.db")
    (folder / "sub" / "notes.txt").symlink_to("../../../../others/notes.txt")
    (folder / "others").symlink_to(tmp_path / "others")
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    return folder


def handed_in(folder):
    course = CourseDirectory(root=str(folder.parents[2]), assignment_id="ps1")
    return course, contents_of(course, "ps1", "eve", SubmissionLimits())


def test_nbgrader_is_told_to_leave_links_out(folder):
    course, _ = handed_in(folder)
    clear_the_way(course, SubmissionLimits(), LOG)
    clear_the_way(course, SubmissionLimits(), LOG)
    submitted = course.format_path("submitted", "eve", "ps1")
    assert [Path(f).name for f in find_all_files(submitted, course.ignore)] == ["own.txt"]
    assert len(set(course.ignore)) == len(course.ignore)
    assert (folder / "data.csv").is_symlink()


def test_copies_of_links_are_removed_and_the_source_s_files_stay(folder):
    autograded, source = folder.parents[2] / "autograded", folder.parents[2] / "source"
    for place in (autograded, autograded / "sub", autograded / "others", source):
        place.mkdir(exist_ok=True)
    for name in ("own.txt", "data.csv", "sub/notes.txt", "others/notes.txt", "ps1.ipynb"):
        (autograded / name).write_text("copied")
    (source / "data.csv").write_text("the course's")
    remove_copies(handed_in(folder)[1], autograded, source)
    left = {str(p.relative_to(autograded)) for p in autograded.rglob("*") if p.is_file()}
    assert left == {"own.txt", "data.csv", "ps1.ipynb"}


def test_a_link_anywhere_below_the_root_is_seen(folder, tmp_path):
    root = tmp_path / "submitted"
    assert linked_target(folder / "own.txt", root) is None
    assert linked_target(folder / "none.txt", root) is None
    assert linked_target(folder / "data.csv", root) == tmp_path / "gradebook.db"
    assert linked_target(folder / "others" / "notes.txt", root) is not None
    neighbour = root / "mallory"
    neighbour.symlink_to(root / "eve")
    assert linked_target(neighbour / "ps1" / "own.txt", root) == folder / "own.txt"
    # Submissions may lie on another disk.
    (tmp_path / "disk").symlink_to(root)
    assert linked_target(tmp_path / "disk/eve/ps1/own.txt", tmp_path / "disk") is None
