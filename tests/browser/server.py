"""A JupyterLab server in the folder of a course, set up as `make lab` does, for tests to browse."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "of-these-tests"


class Server:
    """A running server; its address, which ends in a slash, is `url`.

    course: the folder that it shows. home: an empty folder for what Jupyter writes elsewhere.
    It has no settings of the person who runs the tests, and is ready once it is made.
    Errors: RuntimeError with the server's own words where it does not start.
    """

    def __init__(self, course, home):
        self.course, self.home, self.log = course, home, home / "server.log"
        environment = {
            **os.environ,
            # nbgrader calls other programs of its environment by name.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "AUTOGRADER_SOLUTIONS": str(course / "solutions"),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "jupyter"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        }
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
            "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={course}",
            # window.jupyterapp: what the page knows of a notebook, cells that are out of sight too.
            "--expose-app-in-browser",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=course, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.url = self._wait()

    def _wait(self, seconds=120):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            # The server looks for a free port itself, and writes down which it was.
            for file in self.home.glob("runtime/jpserver-*.json"):
                try:
                    self.url = json.loads(file.read_text())["url"]
                    self.ask("GET", "api/status")
                    return self.url
                except (ValueError, KeyError, OSError):
                    pass
            time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")

    def ask(self, method, path):
        """A request to its REST interface; returns what the answer holds."""
        headers = {"Authorization": f"token {TOKEN}"}
        request = urllib.request.Request(f"{self.url}{path}", headers=headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    def end_kernels(self):
        """End the kernels that a test has left, so that they do not take the next one's time."""
        for session in self.ask("GET", "api/sessions"):
            self.ask("DELETE", f"api/sessions/{session['id']}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
