"""Who imports whom is as docs/architecture.md says; and names that texts hold lead somewhere."""

import ast
import functools
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from traitlets import HasTraits

from autograder import CLONE

TOPS = ["autograder", "saelab", "tests", "tools", "data", "solutions"]
# What has settings.
SETTINGS = [
    "autograder.kernel.sandbox",
    "autograder.lms.exports",
    "autograder.results.feedback",
    "autograder.verdict.canary",
    "autograder.verdict.course_policy",
    "nbgrader.apps",
    "nbgrader.converters",
    "nbgrader.preprocessors",
]
# The change log names what was there, too.
TEXTS = sorted({*CLONE.glob("*.md"), *CLONE.glob("docs/*.md")} - {CLONE / "CHANGELOG.md"})


def name_of(path):
    return path.name


def lint_imports(folder):
    """The exit status of import-linter in a folder with a pyproject.toml, and what it says."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    answer = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    return answer.returncode, answer.stdout


def test_each_wing_imports_only_from_those_below_it():
    status, said = lint_imports(CLONE)
    assert status == 0, said


def test_each_folder_of_code_is_a_package():
    """Others import-linter does not see."""
    folders = {
        path.parent for top in ("autograder", "saelab") for path in CLONE.glob(f"{top}/**/*.py")
    }
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    "file, line, broken",
    [
        ("autograder/course/files.py", "import autograder.classrun", "A wing imports from those"),
        ("saelab/progress.py", "import autograder.course", "What students import knows nothing"),
        ("saelab/progress.py", "import saelab.engine.blocks", "What answers a notebook"),
        ("autograder/kernel/limits.py", "import autograder.kernel.remote", "No circle"),
        ("autograder/new_wing.py", "", "A wing imports from those"),
    ],
)
def test_an_import_that_goes_up_is_seen(file, line, broken, tmp_path):
    for name in ("autograder", "saelab"):
        shutil.copytree(CLONE / name, tmp_path / name)
    shutil.copy(CLONE / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as text:
        text.write(f"{line}\n")
    if "remote" in line:
        with (tmp_path / "autograder/kernel/remote.py").open("a") as text:
            text.write("import autograder.kernel.limits\n")
    status, said = lint_imports(tmp_path)
    assert (status != 0 and re.search(f"{broken}.* BROKEN", said)) or "not exhaustive" in said, said


def test_what_hidden_tests_import_does_without_nbgrader():
    """Each kernel and process of a build imports it; nbgrader would take most of a second."""
    script = "import sys, autograder.exercises.marks; print('nbgrader' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.PIPE)
    assert answer.stdout.split() == [b"False"]


# --- names of modules that stand in texts ---------------------------------------------------


def names_in_strings(path):
    """Strings of a Python file that name something of ours, such as autograder.demo:main."""
    shape = re.compile(r"(autograder|saelab|tools)(\.\w+)+(:\w+)?")
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and shape.fullmatch(text)}


def is_there(name):
    """Whether there is a module of that name, or something that has it in one."""
    module, _, member = name.replace(":", ".").rpartition(".")
    try:
        importlib.import_module(name)
    except ImportError:
        return bool(module) and is_there(module) and hasattr(sys.modules.get(module), member)
    return True


def test_what_strings_name_is_there():
    files = [CLONE / "nbgrader_config.py", *CLONE.glob("autograder/**/*.py")]
    names = {name for path in files for name in names_in_strings(path)}
    names |= set(re.findall(r"autograder[.\w]+:\w+", (CLONE / "pyproject.toml").read_text()))
    assert {"autograder.verdict.trusted.TrustedExecute", "autograder.submission.Reconcile"} <= names
    assert len(names) >= 10
    assert [name for name in sorted(names) if not is_there(name)] == []


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_files_and_modules_that_a_document_names_are_there(path):
    text = path.read_text(encoding="utf-8")
    files = re.findall(r"(?<![\w/.])((?:autograder|saelab|tests|tools|data|docs)/[\w/.-]*\w)", text)
    assert [name for name in files if not (CLONE / name).exists()] == []
    modules = re.findall(r"(?<![\w/.-])(autograder(?:\.(?!py\b)[a-zA-Z_]\w*)+)(?![\w/])", text)
    assert [name for name in modules if not is_there(name)] == []


# Attacks have names for files of their own.
@pytest.mark.parametrize("path", sorted({*TEXTS} - {CLONE / "docs/attacks.md"}), ids=name_of)
def test_short_names_of_files_that_a_document_has_are_there(path):
    """Such as `canary.py`, or classrun/writer.py within autograder/."""
    files = [*CLONE.glob("*.py"), *(file for top in TOPS for file in (CLONE / top).rglob("*.py"))]
    there = [f"/{file.relative_to(CLONE)}" for file in files]
    named = re.findall(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.py)\b", path.read_text(encoding="utf-8"))
    missing = [name for name in named if not any(file.endswith(f"/{name}") for file in there)]
    assert [name for name in missing if "NN_topic" not in name] == []


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_settings_that_a_document_names_are_there(path):
    named = re.findall(r"\bc\.([A-Z]\w+)\.([a-z]\w+)", path.read_text(encoding="utf-8"))
    missing = [f"{name}.{trait}" for name, trait in named if trait not in traits_of(name)]
    assert missing == []


def test_defaults_that_a_table_of_a_document_has_are_true():
    row = re.compile(r"^\| `c\.(\w+)\.(\w+)` \| `([\d_ <]+)` \|", re.MULTILINE)
    told = row.findall("".join(path.read_text(encoding="utf-8") for path in TEXTS))
    assert {name for name, _, _ in told} == {"Bubblewrap"}
    wrong = [
        f"{name}.{trait}: {text}"
        for name, trait, text in told
        for kind in kinds_of(name)
        if getattr(kind, trait).default_value != eval(text)  # such as 2 << 30
    ]
    assert wrong == []


def traits_of(name):
    """The settings of all classes of this name, ours and others', that are loaded."""
    return {trait for kind in kinds_of(name) for trait in kind.class_trait_names(config=True)}


@functools.cache
def kinds_of(name):
    """All classes of this name with settings, ours and others', that are loaded."""
    for module in SETTINGS:
        importlib.import_module(module)
    found, todo = [], [HasTraits]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__name__ == name:
            found.append(kind)
    return found
