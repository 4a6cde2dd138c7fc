"""A JupyterLab server in the folder of a course, set up as `make lab` does, for tests to browse."""

import os
import re
import sys
from pathlib import Path

import psutil

from autograder import CLONE
from tests.support.network import guarded
from tests.support.servers import TOKEN, Jupyter

__all__ = ["CLONE", "TOKEN", "Server", "is_race"]

# jupyter_server 2.21 lists a kernel a moment before it gives it a time of last activity; a request
# for the list in that moment is answered by 500. JupyterLab asks again some seconds later. (It is
# issue 1395 of jupyter-server/enterprise_gateway, too.)
RACE = "The 'last_activity' trait of a ServerKernelManager instance expected a datetime"


class Server(Jupyter):
    """A running server of JupyterLab. course, home: see Jupyter.

    It and its kernels reach nothing but this machine: `tried` is a file of what they tried.
    """

    def __init__(self, course, home):
        (home / "guard").mkdir()
        offline, self.tried = guarded(home / "guard")
        environment = {
            # nbgrader calls other programs of its environment by name.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "AUTOGRADER_SOLUTIONS": str(course / "solutions"),
            "JUPYTER_CONFIG_PATH": str(CLONE / "tools" / "jupyter"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            **offline,
        }
        # A notebook is saved when a test saves it, and not because two minutes have gone by: who
        # opens it next would find widgets of a kernel that is gone.
        settings = home / "settings" / "@jupyterlab" / "docmanager-extension"
        settings.mkdir(parents=True)
        (settings / "plugin.jupyterlab-settings").write_text('{"autosave": false}')
        # The option: window.jupyterapp, what the page knows of cells that are out of sight too.
        super().__init__(course, home, "jupyterlab", ["--expose-app-in-browser"], environment)

    def without_races(self, errors):
        """The errors in a page's console, but for those that come of the server's own race."""
        log = self.log.read_text(errors="replace")
        return [error for error in errors if not is_race(error, log)]

    def kernel_seconds(self):
        """Processor time that its kernels have used so far, with processes of theirs that ended."""
        return sum(
            sum(kernel.cpu_times()[:4]) for kernel in psutil.Process(self.process.pid).children()
        )

    def end_kernels(self):
        """End the kernels that a test has left, so that they do not take the next one's time."""
        for session in self.ask("GET", "api/sessions"):
            self.ask("DELETE", f"api/sessions/{session['id']}")


def is_race(error, log):
    """Whether the server's log gives RACE as the reason for an error in a page's console."""
    failed = re.search(r"status of 500 .*://[^/]+(/api/kernels\?\d+)\)$", error)
    if failed is None:
        return False
    _, _, reason = log.partition(f"Uncaught exception GET {failed[1]} ")
    return RACE in reason.partition("wrote error")[0]
