"""`make` finds a Python, sets up its environment once, and notices when it is spoilt.

The Python here is a stand-in that pretends to be of some version and notes down what it
is asked to do, so that no test installs anything or asks the network.
"""

import contextlib
import fcntl
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import CLONE
from tests.support.waiting import patient

MAKE = shutil.which("make") or ""
# All that the Makefile and tools/set_up.sh may call besides Python.
TOOLS = ["cat", "dirname", "grep", "id", "ls", "mkdir", "rm", "sh"]

pytestmark = pytest.mark.skipif(not MAKE, reason="make is not installed")

# The stand-in: its arguments are what it pretends, its own path, and what it is asked.
PRETEND = """
import json, os, shutil, sys
from pathlib import Path

character, me, *asked = sys.argv[1:]
asked = [word for word in asked if word != "-ESs"]
character = json.loads(character)
clone = Path(character["clone"])
if asked == ["-c", ""] and (clone / "no start").exists():
    sys.exit("UnicodeDecodeError")
if asked[0] == "-c":
    sys.version_info = tuple(character["version"])
    sys._base_executable = character["path"]
    sys.base_prefix = character["path"]
    sys.argv = asked[1:]
    sys.argv[0] = "-c"
    sys.path.insert(0, "")
    sys.modules.update(dict.fromkeys(character["lacks"]))
    exec(asked[1])
    sys.exit()
with open(clone / "asked.txt", "a") as log:
    print(*asked, file=log)
(clone / "environment.json").write_text(json.dumps(dict(os.environ)))
if asked[:2] == ["-m", "venv"]:
    folder = Path(asked[2], "bin")
    folder.mkdir(parents=True)
    Path(asked[2], "pyvenv.cfg").touch()
    shutil.copy(me, folder / "python")
if "-r" in asked and (clone / "pip says").exists():
    print((clone / "pip says").read_text(), flush=True)
if (clone / "fail").exists() and (clone / "fail").read_text() in asked:
    sys.exit("no luck")
"""


class Clone:
    """A clone in a folder whose name has a space, on a machine with stand-ins alone."""

    def __init__(self, folder):
        self.path = folder / "my clone"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        (folder / "pretend.py").write_text(PRETEND)
        self.pretend = folder / "pretend.py"
        (self.path / "tools").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", "requirements.lock", "tools/set_up.sh"):
            shutil.copy(CLONE / name, self.path / name)

    def add_python(self, name="python3", version=(3, 12, 1), lacks=(), path=None):
        """A Python of this name on PATH, or at this path."""
        path = path or self.bin / name
        character = {
            "clone": str(self.path),
            "version": version,
            "lacks": list(lacks),
            # Of an environment's Python, the one that it was made with.
            "path": str(self.bin / "python3" if path.parent.parent.name == ".venv" else path),
        }
        real = Path(sys.executable).resolve()
        words = [str(real), "-I", "-S", str(self.pretend), json.dumps(character)]
        path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$0" "$@"\n')
        path.chmod(0o755)
        return path

    def make(self, *words, **environment):
        """The exit status of make, and all that was printed, except make's own last line."""
        with self.start(*words, **environment) as make:
            output, _ = make.communicate(timeout=patient(60))
        return make.returncode, re.sub(r"make: \*\*\* \[.*\] Error \d+\n\Z", "", output)

    def start(self, *words, stderr=subprocess.STDOUT, **environment):
        # Nothing of the make that may be running these tests gets through.
        return subprocess.Popen(
            [MAKE, *map(str, words)],
            cwd=self.path,
            env={"PATH": str(self.bin), "HOME": str(self.path), **environment},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def asked(self):
        """What the stand-ins were asked to do since the last time, except questions."""
        log = self.path / "asked.txt"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def environment(self):
        """The environment variables of the last command."""
        return json.loads((self.path / "environment.json").read_text())


SET_UP = [
    "-m venv .venv",
    "-m pip install -qq -r requirements.lock --no-deps",
    "-m pip install -qq --no-build-isolation -e . --no-deps",
]
STEPS = [
    "  1 of 3: an empty environment\n",
    "  2 of 3: the packages, which are downloaded\n",
    "  3 of 3: the course itself\n",
]
DEMO = "-m autograder.demo"


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


@pytest.fixture
def ready(clone):
    """A clone whose environment is set up."""
    clone.add_python()
    status, output = clone.make("demo")
    assert status == 0, output
    assert clone.asked() == [*SET_UP, DEMO]
    return clone


@pytest.mark.parametrize(
    "machine, target",
    [
        ("none", "lab"),
        ("none", "demo"),
        ("none", "test"),
        ("old", "demo"),
        ("two", "demo"),
        ("no venv", "demo"),
        ("broken", "demo"),
    ],
)
def test_without_a_usable_python_one_line_says_what_to_install(clone, machine, target):
    if machine in ("old", "two"):
        clone.add_python("python3", version=(3, 9, 18))
    if machine == "two":
        clone.add_python("python", version=(2, 7, 18))
    if machine == "no venv":
        clone.add_python("python3", lacks=["ensurepip"])
    if machine == "broken":
        (clone.bin / "python3").write_text("#!/bin/sh\necho trouble >&2; exit 127\n")
        (clone.bin / "python3").chmod(0o755)
    status, output = clone.make(target)
    assert status != 0
    assert len(output.splitlines()) == 1, output
    assert "install Python 3.11 or newer with venv" in output
    told = {
        "none": "python3 is not there",
        "old": "python3 is Python 3.9",
        "two": "python3 is Python 3.9; python is Python 2.7",
        "no venv": "python3 has no ensurepip",
        "broken": "python3 does not run",
    }
    assert f"({told[machine]})" in output
    assert not (clone.path / ".venv").exists()


def test_a_usable_python_is_found_behind_an_unusable_one(clone):
    clone.add_python("python3", version=(3, 9, 18))
    clone.add_python("python3.12", lacks=["ensurepip"])
    clone.add_python("python3.11", version=(3, 11, 2))
    assert clone.make("demo")[0] == 0
    assert (clone.path / ".venv/made-from").read_text().splitlines()[1].endswith(" 3.11")


def test_of_a_named_python_no_other_is_tried(clone):
    clone.add_python("python3")
    old = clone.add_python("python3.9", version=(3, 9, 18))
    for name in ("python3.9", old, "nonesuch"):
        status, output = clone.make("demo", f"PYTHON={name}")
        assert status != 0
        assert len(output.splitlines()) == 1
        assert f"({name} is " in output
    assert clone.asked() == []


def test_help_needs_no_python(clone):
    status, output = clone.make()
    assert status == 0
    targets = "lab demo test test-versions test-lowest test-browser attack lint"
    others = "notebooks pictures bench lock environment"
    for target in f"{targets} {others}".split():
        assert f"make {target} " in output
    for target in ("bench-checks", "bench-grading", "bench-load", "bench-stress", "bench-widgets"):
        assert f"make {target} " in clone.make("bench")[1]


def test_set_up_happens_once(ready):
    status, output = ready.make("demo")
    assert (status, output) == (0, "")
    assert ready.asked() == [DEMO]
    # What counts is what the files say, not when they were last written.
    os.utime(ready.path / "requirements.lock")
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [DEMO]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_brings_the_environment_up_to_date(ready, name):
    with open(ready.path / name, "a") as file:
        file.write("# changed\n")
    status, output = ready.make("demo")
    assert (status, output) == (0, "".join(["Bringing .venv up to date ...\n", *STEPS[1:]]))
    assert ready.asked() == [*SET_UP[1:], DEMO]
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [DEMO]


def spoil_by_removing_python(clone):
    (clone.path / ".venv/bin/python").unlink()
    (clone.path / ".venv/bin/python").symlink_to("/nowhere/python3")


def spoil_by_old_python(clone):
    clone.add_python(path=clone.path / ".venv/bin/python", version=(3, 9, 18))


def spoil_by_upgraded_python(clone):
    clone.add_python(version=(3, 13, 0))
    clone.add_python(path=clone.path / ".venv/bin/python", version=(3, 13, 0))


def spoil_by_stopping_halfway(clone):
    (clone.path / ".venv/made-from").unlink()


def spoil_by_leaving_a_stub(clone):
    shutil.rmtree(clone.path / ".venv")
    (clone.path / ".venv/bin").mkdir(parents=True)
    (clone.path / ".venv/bin/python").touch()


def spoil_by_moving_the_clone(clone):
    clone.path = clone.path.rename(clone.path.with_name("moved clone"))
    clone.add_python()


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_by_removing_python,
        spoil_by_old_python,
        spoil_by_upgraded_python,
        spoil_by_stopping_halfway,
        spoil_by_leaving_a_stub,
        spoil_by_moving_the_clone,
    ],
)
def test_a_spoilt_environment_is_made_anew(ready, spoil):
    spoil(ready)
    status, output = ready.make("demo")
    assert status == 0, output
    assert "Setting up .venv" in output
    assert ready.asked() == [*SET_UP, DEMO]
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [DEMO]


@pytest.mark.parametrize("fail", [False, True])
def test_on_a_terminal_the_packages_are_counted(clone, fail):
    """Pip itself would say nothing for most of a minute, or a thousand lines."""
    clone.add_python()
    said = "Ignoring a: markers\nCollecting b==1\n  Using cached b\nProcessing ./c.whl\n"
    (clone.path / "pip says").write_text(f"{said}Installing collected packages: b, c\n")
    (clone.path / "requirements.lock").write_text("# packages\na==1\nb==1\n    # via a\nc==1\n")
    if fail:
        (clone.path / "fail").write_text("-r")
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as terminal, clone.start("demo", stderr=theirs) as make:
        os.close(theirs)
        make.communicate(timeout=patient(60))
        told = b""
        with contextlib.suppress(OSError):  # the end of a terminal is an error
            while piece := terminal.read(1000):
                told += piece
    shown = re.split(r"[\r\n]+ *", told.decode())
    # What pip says of a failure comes at any time, and may stand behind a number.
    numbers = re.findall(r"package (\d) of 3 ", told.decode())
    assert numbers == ["1", "2", "3"]
    assert any(line.startswith("unpacking") for line in shown)
    assert "Collecting" not in told.decode()
    assert (make.returncode != 0) is fail and (DEMO not in clone.asked()) is fail
    assert ("Could not set up" in told.decode()) is fail


@pytest.mark.parametrize("step", ["-r", "-e"])
def test_a_failed_set_up_is_not_taken_for_a_good_one(clone, step):
    clone.add_python()
    (clone.path / "fail").write_text(step)
    status, output = clone.make("demo")
    assert status != 0
    assert "Could not set up .venv" in output
    assert DEMO not in clone.asked()
    (clone.path / "fail").unlink()
    assert clone.make("demo")[0] == 0
    assert clone.asked() == [*SET_UP, DEMO]


def test_a_failed_update_ends_in_a_new_environment(ready):
    (ready.path / "fail").write_text("-r")
    (ready.path / "requirements.lock").write_text("numpy==1\n")
    assert ready.make("demo")[0] != 0
    (ready.path / "fail").unlink()
    ready.asked()
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [*SET_UP, DEMO]


def test_another_python_that_is_named_replaces_the_environment(ready):
    ready.add_python("python3.13", version=(3, 13, 0))
    assert ready.make("demo", "PYTHON=python3.13")[0] == 0
    assert ready.asked() == [*SET_UP, DEMO]
    assert ready.make("demo", "PYTHON=python3.13")[0] == 0
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [DEMO, DEMO]


def test_an_environment_whose_removal_was_interrupted_is_not_taken_for_a_good_one(ready):
    ready.add_python("python3.13", version=(3, 13, 0))
    (ready.bin / "rm").unlink()
    (ready.bin / "rm").write_text("#!/bin/sh\nexit 1\n")
    (ready.bin / "rm").chmod(0o755)
    assert ready.make("demo", "PYTHON=python3.13")[0] != 0
    (ready.bin / "rm").unlink()
    (ready.bin / "rm").symlink_to(shutil.which("rm"))
    ready.asked()
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [*SET_UP, DEMO]


def test_an_environment_that_cannot_start_is_said_to(ready):
    """Where the locale cannot spell the folder, say; the next make says it too."""
    (ready.path / "no start").touch()
    for name in ("", "requirements.lock"):
        if name:
            (ready.path / name).write_text("numpy==1\n")
        status, output = ready.make("demo")
        assert status != 0 and DEMO not in ready.asked()
        assert "UnicodeDecodeError" in output and "export LC_ALL=C.UTF-8" in output
    (ready.path / "no start").unlink()
    assert ready.make("demo")[0] == 0
    assert ready.asked() == [DEMO]


def test_environment_elsewhere(clone, tmp_path):
    clone.add_python()
    for place in ("build/venv 3", tmp_path / "elsewhere"):
        first = f"Setting up {place} (once, about a minute) ...\n"
        assert clone.make("demo", f"VENV={place}") == (0, "".join([first, *STEPS]))
        assert clone.asked()[0] == f"-m venv {place}"
        first = clone.environment()["PATH"].split(":")[0]
        assert first == str(clone.path / place / "bin")
    assert not (clone.path / ".venv").exists()


def test_a_folder_of_somebody_elses_is_left_alone(clone, tmp_path):
    clone.add_python()
    precious = tmp_path / "other" / "precious"
    precious.parent.mkdir()
    precious.touch()
    status, output = clone.make("demo", f"VENV={precious.parent}")
    assert status != 0
    assert "was made by something else" in output
    assert precious.exists()
    assert clone.asked() == []


def test_two_set_ups_do_not_meet(clone):
    """Each waits for another that is at work; one of the two makes the environment."""
    clone.add_python()
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context(open(clone.path / ".venv.lock", "w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        both = [stack.enter_context(clone.start("demo")) for _ in range(2)]
        for make in both:
            waits = "Another make is setting up .venv: waiting for it ...\n"
            assert make.stdout.readline() == waits
        assert clone.asked() == []
        fcntl.flock(lock, fcntl.LOCK_UN)
        told = [make.communicate(timeout=patient(60))[0] for make in both]
        assert [make.returncode for make in both] == [0, 0]
    first = "Setting up .venv (once, about a minute) ...\n"
    assert sorted(told) == ["", "".join([first, *STEPS])]
    asked = clone.asked()
    assert asked[: len(SET_UP)] == SET_UP
    assert asked[len(SET_UP) :] == [DEMO, DEMO]


def test_commands_run_in_the_environment_with_one_thread(ready):
    ready.make("demo", PYTHONPATH="/other", OMP_NUM_THREADS="8")
    environment = ready.environment()
    assert environment["PATH"] == f"{ready.path}/.venv/bin:{ready.bin}"
    for library in ("OPENBLAS", "OMP", "MKL"):
        assert environment[f"{library}_NUM_THREADS"] == "1"
    assert "PYTHONPATH" not in environment


def test_what_each_target_runs(ready):
    commands = {
        "test": "-m pytest -m not long and not browser -x tests",
        "test-quick": "-m pytest -m not slow and not long and not browser -x tests",
        "test-long": "-m pytest -m long -x tests",
        "test-versions": "-m pytest -m versions -x tests",
        "test-browser": "-m pytest tests/browser -m browser -x tests",
        "pictures": "-m tests.browser.pictures, -m tools.moving_picture, -m tools.still_picture",
        "attack": "-m tests.attacks --ours-only segfault",
        "notebooks": "-m autograder build",
        "environment": "-m pyproject2conda project --overwrite force",
        "lab": "-m tools.lab --no-browser",
    }
    words = [
        "PYTEST_ARGS=-x tests",
        "ATTACK_ARGS=--ours-only segfault",
        "LAB_FLAGS=--no-browser",
    ]
    assert ready.make(*commands, *words) == (0, "")
    assert ready.asked() == ", ".join(commands.values()).split(", ")
    benches = ["stress", "widgets", "checks"]
    targets = [f"bench-{name}" for name in benches]
    assert ready.make("bench-grading", *targets, "BENCH_ARGS=--one 9") == (0, "")
    told = [f"-m tools.bench.{name} --one 9" for name in benches]
    assert ready.asked() == ["-m tools.bench.grading", *told]
    assert ready.make("lint", "test", "attack", "test-browser", "bench-checks") == (0, "")
    assert ready.asked() == [
        "-m ruff check",
        "-m ruff format --check",
        "-m mypy",
        "-m pytest -m not long and not browser -n auto",
        "-m tests.attacks",
        "-m pytest tests/browser -m browser -n auto",
        "-m tools.bench.checks",
    ]


def test_a_failing_command_fails_make(ready):
    (ready.path / "fail").write_text("autograder.demo")
    assert ready.make("demo")[0] != 0


def test_set_up_happens_once_for_several_targets(clone):
    clone.add_python()
    assert clone.make("-j2", "demo", "notebooks")[0] == 0
    asked = clone.asked()
    assert asked[: len(SET_UP)] == SET_UP
    assert sorted(asked[len(SET_UP) :]) == ["-m autograder build", DEMO]
