"""Makes a virtual environment from requirements.lock, or brings it up to date: for set_up.sh.

Prints in one line what stands in the way, or nothing. Ends with 3 where another Python may do.
"""

import ast
import fcntl
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

VENV = Path(sys.argv[1])
WANTED = sys.argv[2]
PYTHON = VENV / "bin/python"
# Not sys.executable, which may lie in the very environment to be replaced.
BASE = sys._base_executable  # type: ignore[attr-defined]
# Tells what VENV was made from; is empty in one that is half made.
STAMP = VENV / "made-from"
# The folder of the clone and the installation of Python: an environment outlives neither a move
# of the one nor a change of the other.
PLACE = """
import os, sys
print(os.getcwd(), "%s %d.%d" % (sys.base_prefix, *sys.version_info[:2]), sep="\\n")
"""
# uv's names of pip's settings on where packages come from, and what is between several values.
SETTINGS = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "proxy": ("ALL_PROXY", " "),
}


def main():
    if is_current():
        return None
    # A folder of another name that something else filled is not ours to replace.
    if str(VENV) != ".venv" and VENV.exists() and any(VENV.iterdir()) and not STAMP.exists():
        return (
            f"{VENV} was made by something else: remove it, or name another folder by VENV=, "
            "then run make again"
        )
    try:
        for name in ("ensurepip", "sqlite3", "ssl", "venv"):
            importlib.import_module(name)
    except ImportError as error:
        print("has no", error.name)
        sys.exit(3)
    VENV.parent.mkdir(parents=True, exist_ok=True)
    # Two set-ups at once would spoil each other.
    with open(f"{VENV}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another make is setting up {VENV}: waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current():
            install()
    return None


def is_current():
    return is_whole() and STAMP.read_text() == state()


def is_whole():
    """Whether VENV was finished, here, with the Python that runs in it now (and that is wanted)."""
    here = place(PYTHON)
    is_other = WANTED and place(BASE) != here
    return bool(here) and STAMP.exists() and STAMP.read_text().startswith(here) and not is_other


def place(python):
    try:
        return output(python, "-ESs", "-c", PLACE)
    except (OSError, subprocess.CalledProcessError):
        return ""


def state():
    files = ("requirements.lock", "pyproject.toml")
    return place(PYTHON) + "".join(Path(name).read_text() for name in files)


def install():
    if is_whole():
        say(f"Bringing {VENV} up to date ...")
        STAMP.write_text("")
    else:
        say(f"Setting up {VENV} (once, about a minute) ...")
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        STAMP.touch()
        run(BASE, "-m", "venv", VENV)
    # What is installed is what these files say now, not when the install has ended.
    made_from = state()
    pip = (PYTHON, "-m", "pip")
    # Settings for a user's own installs have no place in an environment.
    os.environ |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(*pip, "install", "-qq", "--no-deps", "--constraint", "requirements.lock", "uv")
    uv = (PYTHON, "-m", "uv", "pip", "install", "-q", "--python", PYTHON, "--no-deps")
    uv += tuple(as_pip_is_set(output(*pip, "config", "list")))
    # In the sandbox, where students' code runs, nothing can be compiled for the next time.
    run(*uv, "--exact", "--compile-bytecode", "-r", "requirements.lock")
    run(*uv, "--no-build-isolation", "-e", ".")
    STAMP.write_text(made_from)


def as_pip_is_set(listed):
    """Have uv, which does not read pip's settings, take packages from where pip does.

    listed: what `pip config list` prints. Returns options for uv.
    """
    found = {}
    # What the environment says weighs most.
    lines = [line for line in listed.splitlines() if "=" in line]
    for line in sorted(lines, key=lambda line: line.startswith(":env:")):
        name, value = line.split("=", 1)
        section, name = name.split(".", 1)
        if section in ("global", "install", ":env:"):
            found[name] = ast.literal_eval(value)
    for name, (variable, between) in SETTINGS.items():
        if name in found:
            os.environ.setdefault(variable, between.join(found[name].split()))
    os.environ.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return (
        ["--no-index"] if found.get("no-index", "0").lower() in ("1", "true", "yes", "on") else []
    )


def run(*words):
    # Output would be taken for what stands in the way.
    subprocess.run(words, check=True, stdout=sys.stderr)


def output(*words):
    return subprocess.run(
        words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ).stdout


def say(words):
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.dup2(3, 2)  # see set_up.sh
    try:
        print(main() or "", end="")
    except (OSError, subprocess.CalledProcessError) as error:
        if isinstance(error, OSError):
            say(error)
        print(f"Could not set up {VENV}: the lines above say why. The next make tries anew", end="")
