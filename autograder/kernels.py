"""Kernels that are talked to over Unix sockets, so that many may start at the same time.

Over TCP, Jupyter looks for free ports, lets go of them, and tells the kernel which they were. A
kernel that starts at the same moment may take one of them, and the first one dies of "Address
already in use": of sixty kernels, two at a time, we saw one go that way.
"""

import os
import tempfile

from jupyter_client.manager import KernelManager
from nbclient import NotebookClient


class OverSockets(NotebookClient):
    """A NotebookClient, and a mixin for what is made of one.

    The sockets lie in a folder of their own, which goes when the client does. On Windows, which
    has no such sockets in ZeroMQ, it changes nothing.
    """

    def create_kernel_manager(self) -> KernelManager:
        manager = super().create_kernel_manager()
        if os.name == "posix":
            self.sockets = tempfile.TemporaryDirectory(prefix="kernel-")
            manager.transport = "ipc"
            manager.ip = os.path.join(self.sockets.name, "socket")
        return manager
