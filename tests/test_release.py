"""The notebooks that are committed are those of the sources, and give nothing away."""

import ast
import copy
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator

from autograder import CLONE
from autograder.authoring.build import build, copy_sources, leaked_lines, solved_notebook
from saelab.check import check
from tests.support.built import released

FUNCTIONS = {
    "00_autoencoders": ["share_explained", "pca_bottleneck", "principal_angles"],
    "01_patch_sampling": ["whiten", "sample_patches", "normalize_patches"],
    "02_cost": [
        "sigmoid", "initialize_parameters", "unpack_parameters", "feed_forward",
        "autoencoder_cost",
    ],
    "03_kl_delta": [
        "average_activation", "kl_divergence", "sparsity_delta", "sparse_autoencoder_cost",
    ],
    "04_gradient_check": ["numerical_gradient", "relative_error", "block_errors"],
    "05_training": ["train"],
    "06_visualization": ["maximal_inputs", "tile_filters"],
    "07_out_of_memory": ["streaming_average_activation", "streaming_cost"],
    "08_tanh_units": [
        "tanh_sparsity_delta", "tanh_autoencoder_cost", "to_tanh", "squared_penalty",
    ],
    "09_the_lecture_figure": ["dead_units", "unshuffle", "gaussian_twin"],
    "10_recognition": ["encode", "softmax_cost"],
    "11_audio": ["windows", "centre_and_bandwidth"],
    "12_sparse_autoencoders_today": ["relu_l1_cost", "top_k", "match_features"],
}  # fmt: skip
NAMES = sorted(FUNCTIONS)
ASKED = [(name, function) for name in NAMES for function in FUNCTIONS[name]]
# The head of a function, or a call of one that readers write.
TELLS_NOTHING = re.compile(
    rf"def\w+\([\w,]*\):|[\w,]+=({'|'.join(function for _, function in ASKED)})\([\w,]*\)"
)
# What Jupyter and Python leave beside a notebook that somebody works with.
LEFT = {".ipynb_checkpoints", "__pycache__"}

every_notebook = pytest.mark.parametrize("name", NAMES)
every_function = pytest.mark.parametrize("name, function", ASKED)


def source(name):
    return (CLONE / "solutions" / name / f"{name}.py").read_text(encoding="utf-8")


def grading(cell):
    return cell.metadata.get("nbgrader", {})


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if grading(cell).get("grade_id") == grade_id)


def committed(path):
    """The bytes of a file as they are in the last commit; None where there are none."""
    try:
        answer = subprocess.run(
            ["git", "show", f"HEAD:./{path.relative_to(CLONE).as_posix()}"],
            check=False, cwd=CLONE, capture_output=True, timeout=60,
        )  # fmt: skip
    except FileNotFoundError:
        return None
    return answer.stdout if answer.returncode == 0 else None


def versions(path):
    """A built file as it is here, and as it was committed: somebody may have worked in it."""
    here = path.read_bytes() if path.exists() else None
    return [content for content in (here, committed(path)) if content is not None]


# --- the build ---------------------------------------------------------------------


def test_the_sources_are_those_of_the_course():
    assert sorted(path.stem for path in CLONE.glob("solutions/*/*.py")) == NAMES


@every_notebook
def test_the_release_is_built_from_the_source(name, fresh_course):
    path = Path("notebooks", name, f"{name}.ipynb")
    is_current = (fresh_course / path).read_bytes() in versions(CLONE / path)
    assert is_current, f"{path} is not up to date: run make notebooks"


@every_notebook
def test_the_solved_notebook_is_built_from_the_source_and_executed(name, fresh_course):
    path = Path("solutions", name, f"{name}.ipynb")
    rebuilt = json.loads((fresh_course / path).read_text(encoding="utf-8"))
    built = [json.loads(content) for content in versions(CLONE / path)]
    current = [notebook for notebook in built if without_outputs(notebook) == rebuilt]
    assert current, f"{path} is not up to date: run make notebooks"
    cells = [cell for cell in current[0]["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in cells]
    assert counts == list(range(1, len(cells) + 1)), f"{path} was not executed: run make notebooks"
    kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
    assert "error" not in kinds


def without_outputs(notebook):
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def test_two_builds_are_the_same_byte_for_byte(fresh_course, tmp_path):
    build(copy_sources(CLONE, tmp_path), execute=False)
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.ipynb"))
    assert len(files) == 2 * len(NAMES)
    for path in files:
        assert (tmp_path / path).read_bytes() == (fresh_course / path).read_bytes(), path


def test_a_build_makes_nothing_but_notebooks(fresh_course):
    files = {str(path.relative_to(fresh_course)) for path in fresh_course.rglob("*.*")}
    expected = {"nbgrader_config.py"}
    for name in NAMES:
        expected |= {f"solutions/{name}/{name}.py", f"solutions/{name}/{name}.ipynb"}
        expected |= {f"notebooks/{name}/{name}.ipynb"}
    assert {file.replace("\\", "/") for file in files} == expected


@every_notebook
def test_nothing_else_lies_beside_a_source(name):
    """nbgrader would release it."""
    here = {path.name for path in (CLONE / "solutions" / name).iterdir()} - LEFT
    assert here == {f"{name}.py", f"{name}.ipynb"}


@every_notebook
def test_jupytext_gives_the_source_back(name, tmp_path):
    notebook = jupytext.reads(source(name), fmt="py:percent")
    # An instructor who saves the source in JupyterLab gets jupytext's version into its header.
    noted = jupytext.writes(notebook, fmt="py:percent")
    path = tmp_path / name / f"{name}.py"
    path.parent.mkdir()
    path.write_text(noted, encoding="utf-8")
    assert solved_notebook(name, tmp_path) == solved_notebook(name)
    # Apart from that, not a character changes.
    notebook.metadata.setdefault("jupytext", {})["notebook_metadata_filter"] = "-jupytext"
    assert jupytext.writes(notebook, fmt="py:percent") == source(name)


@every_notebook
def test_readers_see_the_lesson_and_students_their_points(name, fresh_course):
    """Hidden tests are folded in the solved notebook, and nothing is in the release.

    That nbgrader's own command releases the same is tried in test_grading.py.
    """
    for cell in solved_notebook(name).cells:
        hidden = "### BEGIN HIDDEN TESTS" in cell.source
        assert cell.metadata.get("jupyter") == ({"source_hidden": True} if hidden else None)
        assert hidden or "autograder" not in cell.source, cell.id
    assert all("jupyter" not in cell.metadata for cell in released(name, fresh_course).cells)


# --- what students get -------------------------------------------------------------


@every_notebook
def test_the_release_has_no_outputs(name, fresh_course):
    for cell in released(name, fresh_course).cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None


@every_notebook
def test_no_line_of_a_solution_or_hidden_test_is_released(name, fresh_course):
    assert leaked_lines(solved_notebook(name), released(name, fresh_course)) == []
    told = "\n".join(cell.source for cell in released(name, fresh_course).cells)
    for origin in NAMES:
        assert leaks(source(origin), told) == []


def test_the_scan_sees_what_is_released(fresh_course):
    """The test above would be worth nothing if it could not fail."""
    text = source("02_cost")
    told = "\n".join(cell.source for cell in released("02_cost", fresh_course).cells)
    line = "W1_grad = delta2 @ data.T / m + lambda_ * W1"
    answer = "Every a2 is f(0) = 1/2 and every a3 too, so δ³ = (1/2 − x)/4"
    for planted in (line, f"    {line}  # so", answer, "and EVERY a3 too, so\nδ³ = (1/2 − x)/4"):
        assert leaks(text, f"{told}\n{planted}"), planted


def leaks(source, told):
    """Code lines of hidden regions, and runs of words of model answers, that `told` holds.

    Other than leaked_lines() this reads the source itself, line by line, and forgives spaces,
    remarks behind the code, capital letters and other line ends.
    """
    shown, hidden, answers = parts(source)
    seen, open_ = "\n".join(map(dense, shown)), "\n".join(map(dense, told.splitlines()))
    code = {line.strip() for line in hidden if len(dense(line)) >= 10}
    code = {line for line in code if not TELLS_NOTHING.fullmatch(dense(line))}
    found = sorted(line for line in code if dense(line) in open_ and dense(line) not in seen)
    known, given = runs(" ".join(shown)), runs(told)
    return found + sorted(run for run in runs(" ".join(answers)) - known if run in given)


def parts(source):
    """Lines of a source that everybody sees, those of hidden regions, and model answers."""
    shown: list[str] = []
    hidden: list[str] = []
    answers: list[str] = []
    place = shown
    for line in source.splitlines():
        if line.startswith("# %%"):
            settings = re.search(r"nbgrader=(\{.*\})", line)
            manual = settings and "[markdown]" in line and json.loads(settings[1])["solution"]
            place = answers if manual else shown
        elif line.strip().startswith("### BEGIN"):
            place = hidden
        elif line.strip().startswith("### END"):
            place = shown
        else:
            place.append(line)
    return shown, hidden, answers


def dense(line):
    return re.sub(r"\s", "", line)


def runs(text, length=7):
    """Every run of so many words."""
    words = re.findall(r"[^\W_]+", text.lower())
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


@every_notebook
@pytest.mark.parametrize("word", ["SOLUTION", "HIDDEN", "autograder", "MARK SCHEME"])
def test_the_release_has_no_word_of_the_instructor_s_side(name, word, fresh_course):
    path = fresh_course / "notebooks" / name / f"{name}.ipynb"
    assert word not in path.read_text(encoding="utf-8")


@every_function
def test_a_stub_raises_not_implemented_error_and_nothing_else(name, function, fresh_course):
    stub = defined(cell_of(released(name, fresh_course), function).source, function)
    arguments = [None] * stub.__code__.co_argcount
    with pytest.raises(NotImplementedError) as caught:
        stub(*arguments)
    assert caught.type is NotImplementedError
    with pytest.raises(NotImplementedError):
        check(stub)


def defined(cell, function):
    """The function that a cell defines; all that the cell needs must be in it."""
    namespace: dict[str, Any] = {}
    exec(cell, namespace)
    return namespace[function]


@every_function
def test_a_stub_keeps_signature_and_docstring(name, function, fresh_course):
    head = [
        without_body(cell_of(notebook, function).source)
        for notebook in (released(name, fresh_course), solved_notebook(name))
    ]
    assert head[0] == head[1]
    assert "Returns" in head[0]


def without_body(cell):
    """The first lines of a function, up to the end of its docstring."""
    (node,) = ast.parse(cell).body
    assert ast.get_docstring(node)
    return "\n".join(cell.splitlines()[: node.body[0].end_lineno])


# --- what nbgrader needs -----------------------------------------------------------


@every_notebook
def test_metadata_are_valid_and_ids_unique(name, fresh_course):
    notebook = released(name, fresh_course)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    graded = [cell for cell in notebook.cells if grading(cell)]
    assert len({grading(cell).grade_id for cell in graded}) == len(graded)
    for cell in graded:
        assert cell.id == grading(cell).grade_id
        assert grading(cell).checksum == utils.compute_checksum(cell)


@every_notebook
def test_each_function_has_its_stub_its_check_and_its_test(name, fresh_course):
    cells = [
        (grading(cell).grade_id, grading(cell).grade, grading(cell).locked)
        for cell in released(name, fresh_course).cells
        if grading(cell) and cell.cell_type == "code"
    ]
    expected = []
    for function in FUNCTIONS[name]:
        expected += [(function, False, False)]
        expected += [(f"check-{function}", True, True), (f"test-{function}", True, True)]
    assert cells == expected
    for function in FUNCTIONS[name]:
        visible = cell_of(released(name, fresh_course), f"check-{function}")
        assert visible.source == f"check({function})" and grading(visible).points == 0


@every_function
def test_the_test_cell_says_its_points(name, function, fresh_course):
    cell = cell_of(released(name, fresh_course), f"test-{function}")
    points = grading(cell).points
    assert points > 0
    assert cell.source.startswith(f"# {points} point{'s' * (points > 1)}: ")
    assert all(line.startswith("#") for line in cell.source.splitlines())
    calls = re.findall(
        r"^hidden_test\((.*)\)$", cell_of(solved_notebook(name), cell.id).source, re.M
    )
    assert sum(float(n) for call in calls for n in re.findall(r"=([\d.]+)", call)) == points


@every_notebook
def test_the_box_says_the_points(name, fresh_course):
    notebook = released(name, fresh_course)
    box = re.sub(r"\s*\n>\s*", " ", notebook.cells[1].source)
    told = re.search(r"\*\*Points\*\* (\d+) by tests, (\d+) by hand", box)
    assert told
    graded = [cell for cell in notebook.cells if grading(cell).get("grade")]
    points = [
        sum(grading(cell).points for cell in graded if cell.cell_type == kind)
        for kind in ("code", "markdown")
    ]
    assert [int(told[1]), int(told[2])] == points


@every_notebook
def test_written_questions_have_a_rubric_that_adds_up(name, fresh_course):
    cells = released(name, fresh_course).cells
    asked = [i for i, cell in enumerate(cells) if cell.cell_type == "markdown" and grading(cell)]
    assert asked
    for i in asked:
        settings, question = grading(cells[i]), " ".join(cells[i - 1].source.split())
        assert settings.grade and settings.solution and not settings.locked
        assert cells[i].source == "YOUR ANSWER HERE"
        heading = re.search(r"### [^#]*\((\d+) points?\)", question)
        rubric = question.split("**Rubric.**")[1]
        given = sum(int(n) for n in re.findall(r"(\d+) points?:", rubric))
        assert heading and int(heading[1]) == given == settings.points
