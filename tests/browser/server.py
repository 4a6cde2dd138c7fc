"""A JupyterLab server in the folder of a course, set up as `make lab` does, for tests to browse."""

import os
import sys
from pathlib import Path

from autograder import CLONE
from tests.support.servers import TOKEN, Jupyter

__all__ = ["CLONE", "TOKEN", "Server"]


class Server(Jupyter):
    """A running server of JupyterLab. course, home: see Jupyter."""

    def __init__(self, course, home):
        environment = {
            # nbgrader calls other programs of its environment by name.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "AUTOGRADER_SOLUTIONS": str(course / "solutions"),
            "JUPYTER_CONFIG_PATH": str(CLONE / "tools" / "jupyter"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        }
        # The option: window.jupyterapp, what the page knows of cells that are out of sight too.
        super().__init__(course, home, "jupyterlab", ["--expose-app-in-browser"], environment)

    def end_kernels(self):
        """End the kernels that a test has left, so that they do not take the next one's time."""
        for session in self.ask("GET", "api/sessions"):
            self.ask("DELETE", f"api/sessions/{session['id']}")
