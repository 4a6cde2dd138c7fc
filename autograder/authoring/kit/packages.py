"""What a student's computer has to install: for conda, and for pip with every version pinned."""

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

EXTRAS = "lab", "lecture"  # what a student's notebooks use beside the course's own packages
LINE = re.compile(r"([A-Za-z0-9._-]+)==")


def environment(clone: Path, wheel: str) -> str:
    """The text of environment.yml: what the notebooks need, JupyterLab, and the wheel beside it."""
    extras = [part for extra in EXTRAS for part in ("--extra", extra)]
    return run(
        clone, "pyproject2conda", "yaml", *extras, "--python-include", "infer",
        "--name", "saelab", "--pip-dep", f"./{wheel}", "--no-header",
    )  # fmt: skip


def requirements(clone: Path, wheel: str) -> str:
    """The text of requirements.txt: the lock file's lines that students need, and the wheel.

    The lock file notes for each package which other packages require it.
    """
    project = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [project["optional-dependencies"][extra] for extra in EXTRAS]
    asked = [*project["dependencies"], *itertools.chain(*extras)]
    lock = read_lock((clone / "requirements.lock").read_text(encoding="utf-8"))
    wanted: set[str] = set()
    rest = [canonical(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in asked]
    while rest:
        name = rest.pop()
        if name not in wanted:
            wanted.add(name)
            rest += [other for other, (_, parents) in lock.items() if name in parents]
    lines = [line for name in sorted(wanted) for line in lock[name][0]]
    return "\n".join([*lines, f"./{wheel}", ""])


def read_lock(text: str) -> dict[str, tuple[list[str], set[str]]]:
    """{package: (its lines, the packages that require it)} of a lock file."""
    found: dict[str, tuple[list[str], set[str]]] = {}
    parents: set[str] = set()
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            lines, parents = found.setdefault(canonical(match[1]), ([], set()))
            lines.append(line)
        elif line.startswith("    #"):
            asker = line.strip("# ").removeprefix("via").strip()
            if asker:
                parents.add(canonical(asker.split(" ")[0]))
    return found


def canonical(name: str) -> str:
    """A package's name in one form, however it is written."""
    return re.sub(r"[-_.]+", "-", name).lower()


def run(clone: Path, module: str, *words: str) -> str:
    """Run a Python module of this environment.

    Args:
        clone: the folder to run it in.
        module: the name of the module.
        *words: the arguments of its command line.

    Returns:
        What it printed.

    Raises:
        RuntimeError: if it fails; the message has the last lines that it printed.
    """
    answer = subprocess.run(
        [sys.executable, "-m", module, *words],
        check=False,
        cwd=clone,
        capture_output=True,
        text=True,
    )
    if answer.returncode:
        lines = "\n".join((answer.stderr or answer.stdout).strip().splitlines()[-5:])
        raise RuntimeError(f"{module} fails, which `make venv` installs: {lines}")
    return answer.stdout
