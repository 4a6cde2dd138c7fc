"""Rules for the outputs of an executed source notebook, for its kernel, and for its script."""

from collections.abc import Iterator
from typing import Any

import jupyter_client.kernelspec
from nbformat import NotebookNode

from autograder.authoring.doctor.course_files import CourseFiles, Source, cell_name, same_json
from autograder.authoring.doctor.finding import Finding
from autograder.submission.structure import sound_notebook
from saelab.notebook import text_of


def findings_in_built(source: Source, course: CourseFiles) -> Iterator[Finding]:
    """The findings about how a source was built and run; nothing is executed to get them."""
    if source.raw is None:
        if source.is_script and not source.built.exists():
            sentence = f"{source.built.name} has not been built from it: {_rebuild(source)}"
            yield course.finding(source.path, "stale", sentence)
        return
    notebook = sound_notebook(source.raw)
    yield from _outputs(source, course, source.raw, notebook)
    yield from _kernel(source, course, source.raw)
    if source.is_script and source.notebook is not None:
        yield from _stale(source, course, source.notebook, notebook)


def outputs_of(raw: dict[str, Any] | None) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """(position, outputs) of each cell of a notebook's JSON, whatever is in it."""
    position = -1
    for cell in raw["cells"] if raw else ():
        if not isinstance(cell, (dict, str)):
            continue
        position += 1
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        outputs = outputs if isinstance(outputs, list) else []
        yield position, [output for output in outputs if isinstance(output, dict)]


def _outputs(
    source: Source, course: CourseFiles, raw: dict[str, Any], notebook: NotebookNode
) -> Iterator[Finding]:
    for position, outputs in outputs_of(raw):
        place = position, notebook.cells[position]
        for output in outputs:
            if output.get("output_type") == "error":
                message = f"{text_of(output.get('ename'))}: {text_of(output.get('evalue'))}"[:200]
                sentence = f"the solution itself fails here ({message.splitlines()[0]})"
                yield course.finding(source.built, "fails", sentence, place=place)
            elif output.get("name") == "stderr":
                text = text_of(output.get("text")).strip().splitlines() or [""]
                sentence = f"it writes to stderr ({text[0][:120]!r}), for which nbgrader gives a "
                sentence += "test 0 points: keep the warning from coming up"
                yield course.finding(source.built, "stderr", sentence, "warning", place)
                break


def _kernel(source: Source, course: CourseFiles, raw: dict[str, Any]) -> Iterator[Finding]:
    metadata = raw.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = spec.get("name") if isinstance(spec, dict) else None
    if not isinstance(name, str) or not name:
        sentence = "it names no kernel: open it in JupyterLab, choose one, and save it"
        yield course.finding(source.built, "kernel", sentence)
    elif name not in jupyter_client.kernelspec.find_kernel_specs():
        sentence = f"there is no kernel {name!r} here, so it cannot be graded here"
        yield course.finding(source.built, "kernel", sentence, "warning")


def _stale(
    source: Source, course: CourseFiles, wanted: NotebookNode, built: NotebookNode
) -> Iterator[Finding]:
    if len(wanted.cells) != len(built.cells):
        sentence = f"it has {len(built.cells)} cells, and {source.path.name} has "
        sentence += f"{len(wanted.cells)}: "
        yield course.finding(source.built, "stale", sentence + _rebuild(source))
        return
    for position, (one, other) in enumerate(zip(wanted.cells, built.cells)):
        if not same_cell(one, other):
            sentence = f"{source.path.name} says something else here, in the cell "
            sentence += f"{cell_name(position, one)!r}: {_rebuild(source)}"
            yield course.finding(source.built, "stale", sentence, place=(position, other))


def same_cell(one: NotebookNode, other: NotebookNode) -> bool:
    """Whether two cells are the same for nbgrader: their kind, text and nbgrader metadata."""
    return (
        one.cell_type == other.cell_type
        and one.source.strip() == other.source.strip()
        and same_json(one.metadata.get("nbgrader", {}), other.metadata.get("nbgrader", {}))
    )


def _rebuild(source: Source) -> str:
    return "run `make notebooks`" if source.strict else "convert it anew with jupytext"
