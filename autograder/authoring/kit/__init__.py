"""The kit: one zip with all that a student needs, and nothing of the instructor's side.

It holds the released notebooks, the wheel of saelab, the photographs, the files that conda and
pip need, and START.html, which says how to begin. Two kits of the same course have the same bytes.
"""

import html
import shutil
import string
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbgrader.utils import find_all_files

from autograder import CLONE
from autograder.authoring.doctor.course_files import AssignmentFiles, CourseFiles, Source
from autograder.authoring.doctor.other_files import findings_in_other_files
from autograder.authoring.doctor.releases import findings_in_release
from autograder.authoring.kit import packages
from autograder.authoring.kit.scan import Scanner
from autograder.course.files import write_notebook
from autograder.course.folders import Course
from saelab import progress
from saelab.files import whole

# The tag of cells that speak to who studies alone, such as of the solved notebooks, which a class
# has not got. In a kit they are left out.
SELF_STUDY = "self-study"
# The earliest date that a zip can hold.
DATE = (1980, 1, 1, 0, 0, 0)


def make_kit(course: str | Path | Course, target: str | Path | None = None) -> Path:
    """Make the kit of a course.

    The wheel, the pinned versions and the data are those of CLONE, whatever course is packed.

    Args:
        course: the course, or its folder.
        target: the path of the zip, or a folder to put it into, which any path is that does not
            end in .zip. Without it, the zip is build/kit/NAME.zip in the course.

    Returns:
        The path of the zip.

    Raises:
        ValueError: if the release is not what the sources release, or if the kit would show a
            solution or a hidden test. No zip is left then.
        RuntimeError: if a tool fails.
    """
    files = CourseFiles(course)
    name = files.coursedir.course_id or files.root.name
    target = files.root / "build" / "kit" if target is None else Path(target)
    if target.suffix != ".zip" or target.is_dir():
        target = target / f"{name}.zip"
    target.unlink(missing_ok=True)
    bar = progress.bar(4, "making the kit", unit="part", delay=progress.PATIENCE)
    with bar, tempfile.TemporaryDirectory() as temporary:
        _refuse_faults(files)
        bar.update()
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(temporary).resolve()
        _collect(files, made / name)
        bar.update()
        packed = made / "kit.zip"
        _pack(made / name, packed)
        bar.update()
        Scanner(files).scan(packed)
        bar.update()
        with whole(target) as part:
            shutil.copyfile(packed, part)
    return target


def _refuse_faults(course: CourseFiles) -> None:
    found = list(course.findings)
    for assignment in course.assignments:
        found += findings_in_release(assignment, course)
        found += findings_in_other_files(assignment, course)
        if not assignment.released:
            found.append(course.finding(assignment.folder, "stale", "it is not released"))
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        lines = "\n".join(f"  {finding.where}: {finding.sentence}" for finding in errors[:10])
        raise ValueError(
            f"there is no kit of a course with such faults ({len(errors)}; `make notebooks` builds "
            f"this course's release anew):\n{lines}"
        )


def _collect(course: CourseFiles, folder: Path) -> None:
    """Put together what the kit holds, in a new folder."""
    titles: dict[str, str] = {}
    for assignment in course.assignments:
        place = folder / "notebooks" / assignment.name
        place.mkdir(parents=True)
        for notebook in assignment.released.values():
            _copy_for_class(notebook.path, place / notebook.path.name)
            titles[f"{assignment.name}/{notebook.path.name}"] = _title(notebook)
        for path in released_files(assignment, course):
            copy = place / path.relative_to(assignment.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    images = sorted((CLONE / "data" / "images").glob("*.png"))
    for path in [CLONE / "LICENSE", CLONE / "data" / "LICENSES.md", *images]:
        copy = folder / path.relative_to(CLONE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    wheel = build_wheel(folder)
    (folder / "environment.yml").write_text(packages.environment(CLONE, wheel.name), "utf-8")
    (folder / "requirements.txt").write_text(packages.requirements(CLONE, wheel.name), "utf-8")
    (folder / "START.html").write_text(_start(folder.name, titles), encoding="utf-8")


def _copy_for_class(path: Path, target: Path) -> None:
    """Copy a released notebook without the cells for self-study, none of which is graded."""
    notebook = nbformat.read(path, as_version=4)
    kept = [
        cell
        for cell in notebook.cells
        if SELF_STUDY not in cell.metadata.get("tags", ()) or cell.metadata.get("nbgrader")
    ]
    if len(kept) == len(notebook.cells):
        shutil.copyfile(path, target)
    else:
        notebook.cells = kept
        write_notebook(notebook, target)


def released_files(assignment: AssignmentFiles, course: CourseFiles) -> list[Path]:
    """The files beside a source that nbgrader releases with its notebooks."""
    found = find_all_files(str(assignment.folder), [*course.coursedir.ignore, "*.ipynb"])
    return sorted(map(Path, found))


def build_wheel(folder: Path) -> Path:
    """Build the wheel of saelab without using the network.

    Args:
        folder: the folder to put it into.

    Returns:
        The path of the wheel.
    """
    packages.run(CLONE, "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel


def _title(notebook: Source) -> str:
    """A notebook's first heading, or its name."""
    for _, cell, _ in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.splitlines()[0].lstrip("# ")
    return notebook.name


def _start(name: str, titles: Mapping[str, str]) -> str:
    """The page that a student reads first."""
    page = (Path(__file__).with_name("start.html")).read_text(encoding="utf-8")
    rows = "\n".join(
        f"<li><code>{html.escape(path)}</code> {html.escape(title)}</li>"
        for path, title in titles.items()
    )
    first = next(iter(titles), "")
    return string.Template(page).substitute(
        name=html.escape(name), notebooks=rows, first=html.escape(first)
    )


def _pack(folder: Path, target: Path) -> None:
    """Zip a folder, so that the same files give the same bytes, whenever and by anybody."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
