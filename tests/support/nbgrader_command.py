"""nbgrader's command without the seconds that it takes to import nbgrader, for tests.

Run as a program, it imports what nbgrader consists of, and of ours what starts the parent of
sandboxed kernels, which all commands share. Each line of its input is a request in JSON, for which
it forks; the fork becomes the command, as `python -m nbgrader` would: with the folder, the
environment and the words that it is given. The answer is a line too: the status that the command
has ended with.
"""

import gc
import importlib
import json
import os
import pkgutil
import random
import runpy
import signal
import subprocess
import sys

import autograder

MODULES = [
    "jsonschema",
    "nbclient",
    "nbconvert.exporters",
    "nbconvert.preprocessors",
    "nbgrader.api",
    "nbgrader.apps",
    "nbgrader.converters",
    "nbgrader.plugins",
    "nbgrader.preprocessors",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.ext.associationproxy",
]


class Command:
    """The warm program, from the tests' side."""

    def __init__(self):
        # A group of its own, which can be ended with all that it started.
        self.process = process = subprocess.Popen(
            [sys.executable, "-P", __file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdin and process.stdout
        self.asked, self.answers = process.stdin, process.stdout

    def run(self, words, folder, environment, output, timeout=600):
        """Run `nbgrader WORDS` in a folder; returns its status.

        output: the path of the file that its output goes to. Errors: RuntimeError where it takes
        too long, and is ended.
        """
        request = {
            "words": list(map(str, words)), "folder": str(folder), "environment": environment,
            "output": str(output), "timeout": timeout,
        }  # fmt: skip
        self.asked.write(json.dumps(request) + "\n")
        self.asked.flush()
        answer = self.answers.readline()
        if not answer or json.loads(answer) is None:
            raise RuntimeError(f"nbgrader {words} did not end: {output.read_text()[-2000:]}")
        return json.loads(answer)

    def end(self):
        self.asked.close()
        self.process.wait(60)


def serve():
    """Answer requests until there are no more."""
    for name in MODULES:
        package = importlib.import_module(name)
        if name.startswith("nbgrader.") and hasattr(package, "__path__"):
            for module in pkgutil.walk_packages(package.__path__, f"{name}."):
                if ".tests" not in module.name and not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
    from nbgrader.api import Gradebook

    from autograder.kernel.sandbox import why_unavailable
    from autograder.kernel.sandbox.warm import WARM

    # Mappers and the like are made when they are first needed: once, for all commands.
    Gradebook("sqlite://").close()
    if why_unavailable() is None:
        WARM.share()
    why_unavailable.cache_clear()  # a command looks for itself: it may have another PATH
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become(**request)
            return
        print(json.dumps(wait(pid, request["timeout"])), flush=True)


def wait(pid, seconds):
    """The status that a process ends with; None where it takes longer, and is killed."""
    late = []

    def end(*_):
        late.append(True)
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    signal.alarm(0)
    return None if late else status


def become(words, folder, environment, output, timeout):
    """Be the command from here on."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with open(output, "wb") as file, open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(autograder)  # it puts the environment's programs on this PATH
    os.chdir(folder)
    random.seed()
    sys.path.insert(0, folder)
    sys.argv = ["nbgrader", *words]
    status: str | int = 0
    try:
        runpy.run_module("nbgrader", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code or 0
    sys.stdout.flush()
    # To take apart all that was imported takes longer than many a command.
    os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    serve()
