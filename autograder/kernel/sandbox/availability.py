"""Why no sandbox can be built on this machine, in words for the person who can change that."""

import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.kernel.sandbox.command import BubblewrapCommand, python_folders

OLDEST = (0, 8)
INSTALL = (
    "apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora, RHEL) or "
    "pacman -S bubblewrap (Arch)"
)
# A kernel needs IPython, and a user who may not read the environment would not find it.
TRIAL = """
import importlib.util, os, sys
if os.geteuid() == 0:
    os.setresuid({user}, {user}, {user})
open(importlib.util.find_spec("IPython").origin).close()
"""
SWITCHES = {
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "Ubuntu's AppArmor forbids user namespaces: give bwrap a profile that allows them, or "
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "/proc/sys/kernel/unprivileged_userns_clone": (
        "0",
        "this system forbids user namespaces: sysctl kernel.unprivileged_userns_clone=1",
    ),
    "/proc/sys/user/max_user_namespaces": (
        "0",
        "this system allows no user namespaces: sysctl user.max_user_namespaces=10000",
    ),
}


@functools.cache
def why_unavailable() -> str | None:
    """Find out whether kernels can be started in a sandbox here.

    It tries to start one, which takes a tenth of a second, and remembers the answer.

    Returns:
        None if they can be started; otherwise what is wrong and what to do.
    """
    if not sys.platform.startswith("linux"):
        return (
            "The sandbox needs Linux. On macOS and Windows, grade in a Linux container or in "
            "WSL2: see docs/security.md."
        )
    bwrap = shutil.which("bwrap")
    if not bwrap:
        return f"The sandbox needs bubblewrap, which is not installed: {INSTALL}."
    version = _answer([bwrap, "--version"])
    number = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if number < OLDEST:
        return f"The sandbox needs bubblewrap 0.8 or newer; this is {version!r}."
    said = _tried()
    return None if said is None else _explained(said)


def _tried() -> str | None:
    """None if a very small program runs in a sandbox; otherwise the error message."""
    bwrap = BubblewrapCommand()
    try:
        bwrap.namespaces()
        bwrap.folders({}, 1 << 20)
        if os.geteuid() == 0:
            bwrap.add("--cap-add", "CAP_SETUID")
        command = bwrap.command([sys.executable, "-c", TRIAL.format(user=bwrap.user)])
        answer = subprocess.run(
            command,
            pass_fds=bwrap.descriptors,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    finally:
        bwrap.close()
    return None if answer.returncode == 0 else answer.stderr.strip() or "it said nothing"


def _explained(said: str) -> str:
    """A sentence that explains the message of bubblewrap, or of Python in the sandbox."""
    last = said.splitlines()[-1]
    if not said.startswith("bwrap:"):
        if "ermission denied" in said:
            folders = " ".join(python_folders())
            return (
                "In the sandbox another user runs Python, and may not read it "
                f"({last}): chmod -R go+rX {folders}"
            )
        return f"Python does not start in the sandbox: {last}"
    if os.geteuid() != 0:
        for path, (value, sentence) in SWITCHES.items():
            if Path(path).exists() and Path(path).read_text().strip() == value:
                return f"bubblewrap cannot build a sandbox ({last}): {sentence}."
    return (
        f"bubblewrap cannot build a sandbox ({last}). In a container it needs the privilege to: "
        "docker run --privileged, or --cap-add SYS_ADMIN with --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined."
    )


def _answer(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()
