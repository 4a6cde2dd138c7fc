"""What is declared, pinned and shipped agrees."""

import ast
import functools
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from autograder import CLONE, REVEALING

PYPROJECT = tomllib.loads((CLONE / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]

# The systems that the lock file is for, as the markers in it see them.
SYSTEMS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.9",
        "sys_platform": platform,
        "os_name": "nt" if platform == "win32" else "posix",
        "implementation_name": "cpython",
    }
    for version in ("3.11", "3.12", "3.13")
    for platform in ("linux", "darwin", "win32")
]


def declared(*extras):
    """The requirements of the course, with those of the extras named."""
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def locked():
    """The requirements of the lock file, one for each line that is not a comment."""
    lines = (CLONE / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.lstrip().startswith("#")]


@pytest.mark.versions
def test_conda_environment_agrees_with_pyproject(tmp_path):
    shutil.copy(CLONE / "pyproject.toml", tmp_path)
    command = [sys.executable, "-m", "pyproject2conda", "project", "--overwrite", "force"]
    subprocess.run(command, cwd=tmp_path, check=True)
    fresh = (tmp_path / "environment.yml").read_text(encoding="utf-8")
    committed = (CLONE / "environment.yml").read_text(encoding="utf-8")
    assert committed == fresh, "environment.yml is old: run make environment"


@pytest.mark.parametrize(
    "system", SYSTEMS, ids=lambda s: f"{s['python_version']}-{s['sys_platform']}"
)
def test_every_dependency_is_pinned_once(system):
    pins: dict[str, list[SpecifierSet]] = {}
    for pin in locked():
        if pin.marker is None or pin.marker.evaluate(system):
            pins.setdefault(canonicalize_name(pin.name), []).append(pin.specifier)
    assert [name for name, versions in pins.items() if len(versions) > 1] == []

    for requirement in declared(*PROJECT["optional-dependencies"].keys() - {"bench"}):
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not in the lock file: run make lock"
        (version,) = [part.version for part in pins[name][0]]
        assert requirement.specifier.contains(version), f"{name}: run make lock"


def test_lock_file_holds_versions_and_no_address():
    text = (CLONE / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|file:|^\s*-|\\$", text, flags=re.MULTILINE)
    for pin in locked():
        assert pin.url is None
        assert [part.operator for part in pin.specifier] == ["=="], pin.name
    assert "`make lock`" in text.splitlines()[1], "the head of the lock file is gone"


def imported(folder):
    """The names of the modules that the programs of a folder import, at any depth.

    What answers a notebook is a folder by itself.
    """
    names: set[str] = set()
    for path in sorted((CLONE / folder).rglob("*.py")):
        if folder not in REVEALING and answers(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names.add(node.module)
    return {name.partition(".")[0] for name in names}


def answers(path):
    """Whether a student must not have it."""
    return any(path.is_relative_to(CLONE / name) for name in REVEALING)


distributions = functools.cache(importlib.metadata.packages_distributions)


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        ("saelab", ["lecture"]),
        *((name, ["cluster", "engine"]) for name in REVEALING),
        ("autograder", ["lab", "instructor", "cluster"]),
        # Benches are for who develops the course.
        ("tools/bench", ["lab", "instructor", "cluster", "bench", "test"]),
    ],
)
def test_every_import_is_declared(folder, extras):
    """What only came along with another package may stay away with its next version."""
    ours = {"saelab", "autograder", "tests", "tools"}
    known = {canonicalize_name(requirement.name) for requirement in declared(*extras)}
    for name in imported(folder) - set(sys.stdlib_module_names) - ours:
        owners = {canonicalize_name(owner) for owner in distributions().get(name, [])}
        if not owners:
            # Not in the lock file, so nothing relies on it: see where it is imported.
            continue
        assert owners & known, f"{folder} imports {name}: add it to pyproject.toml"


def test_one_list_says_what_answers_a_notebook():
    assert all((CLONE / name / "__init__.py").exists() for name in REVEALING)
    # The sandbox shows what lies in saelab/ one by one.
    assert {name.rpartition("/")[0] for name in REVEALING} == {"saelab"}
    assert PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"] == [
        *REVEALING,
        "data/*.py",
        "data/*.csv",
    ]
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    (protected,) = [c["protected_modules"] for c in contracts if c["id"] == "revealing"]
    assert protected == [name.replace("/", ".") for name in REVEALING]


def test_students_side_imports_nothing_of_the_graders():
    assert "autograder" not in imported("saelab")


def test_version_is_told_once():
    text = (CLONE / "saelab" / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{PROJECT["version"]}"' in text


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The path of a wheel of this clone."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=CLONE, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_wheel_holds_what_a_student_needs_and_no_more(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    information = f"saelab-{PROJECT['version']}.dist-info"
    assert {name.partition("/")[0] for name in names} == {"saelab", information}

    pictures = {f"saelab/_data/images/{path.name}" for path in CLONE.glob("data/images/*")}
    assert len(pictures) == 10
    programs = {
        path.relative_to(CLONE).as_posix()
        for path in (CLONE / "saelab").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not answers(path)
    }
    licences = {
        "saelab/_data/LICENSES.md",
        f"{information}/licenses/LICENSE",
        f"{information}/licenses/data/LICENSES.md",
    }
    about = {f"{information}/{name}" for name in ("METADATA", "WHEEL", "RECORD")}
    about.add(f"{information}/entry_points.txt")
    stored = {f"saelab/_data/{path.name}" for path in CLONE.glob("data/*.npz")}
    sounds = {f"saelab/_data/sounds/{path.name}" for path in CLONE.glob("data/sounds/*")}
    assert names - about == pictures | sounds | stored | programs | licences


# Run by a Python of its own, in an empty folder: its arguments are the folder that the
# wheel was installed to, and the clone.
ON_A_HUB = """
import sys
from pathlib import Path

target, clone = sys.argv[1:]
sys.path[:] = [target] + [path for path in sys.path if Path(path) != Path(clone)]
import saelab
assert Path(saelab.__file__).is_relative_to(target), saelab.__file__
from saelab.data import load_images
print(load_images().shape)
"""


def test_installed_wheel_finds_its_pictures(wheel, tmp_path):
    target = tmp_path / "site"
    empty = tmp_path / "empty"
    empty.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, "--target", target, wheel], check=True)
    answer = subprocess.run(
        [sys.executable, "-I", "-c", ON_A_HUB, target, CLONE],
        check=False,
        cwd=empty,
        capture_output=True,
        text=True,
    )
    assert answer.stdout.strip() == "(10, 512, 512)", answer.stderr
