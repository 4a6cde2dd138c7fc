"""A student's process: a shell for the cells of one notebook, and an agent that the grader asks."""

import os
import signal
import sys
from multiprocessing.connection import Connection

from autograder.kernel.inside import agent
from autograder.kernel.inside.shell import Cells, Shell, new_shell


def run(descriptor: int, shell: Shell | None = None) -> None:
    """Do what the grader asks for, until it is gone.

    Args:
        descriptor: of the kernel's end of the wire.
        shell: the shell of this process; None if there is none yet.
    """
    sys.argv = ["notebook"]
    import_from_here()
    shell = shell or new_shell()
    connection = Connection(descriptor)
    agent.agent = agent.Agent(connection, shell.user_ns, Cells(shell))
    signal.signal(signal.SIGINT, agent.agent.interrupted)
    agent.agent.serve()


def import_from_here() -> None:
    """Let a notebook import what lies beside it.

    From 9.7 on IPython leaves it out under `python -I`.
    """
    if "" not in sys.path:
        libraries = ("site-packages", "dist-packages")
        found = (i for i, path in enumerate(sys.path) if os.path.basename(path) in libraries)
        sys.path.insert(next(found, 0), "")
