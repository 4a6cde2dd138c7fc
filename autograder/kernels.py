"""Kernels that are talked to over Unix sockets, so that many may start and end at the same time.

Over TCP, Jupyter looks for free ports, lets go of them, and tells the kernel which they were. A
kernel that starts at the same moment may take one of them, and the first one dies of "Address
already in use": of sixty kernels, two at a time, we saw one go that way.
"""

import os
import tempfile

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient


class Client(AsyncKernelClient):
    """A client that asks for no heartbeat: its manager sees whether the kernel's process runs.

    Jupyter beats from a thread for each kernel, and waits for it without a limit when the client
    stops. Where a kernel was killed at the wrong moment, that thread never ended, and a class was
    graded no further.
    """

    def start_channels(
        self,
        shell: bool = True,
        iopub: bool = True,
        stdin: bool = True,
        hb: bool = False,
        control: bool = True,
    ) -> None:
        super().start_channels(shell, iopub, stdin, hb, control)


class OverSockets(NotebookClient):
    """A NotebookClient, and a mixin for what is made of one.

    The sockets lie in a folder of their own, until remove_sockets(). On Windows, which has no such
    sockets in ZeroMQ, it keeps to TCP.
    """

    sockets: "tempfile.TemporaryDirectory[str] | None" = None

    def create_kernel_manager(self) -> KernelManager:
        manager = super().create_kernel_manager()
        manager.client_factory = Client
        if os.name == "posix":
            self.sockets = tempfile.TemporaryDirectory(prefix="kernel-")
            manager.transport = "ipc"
            manager.ip = os.path.join(self.sockets.name, "socket")
        return manager

    def remove_sockets(self) -> None:
        """Remove the folder of the sockets, if there is one. The kernel has ended.

        A process of a pool ends without the finalizers of what it holds.
        """
        if self.sockets is not None:
            self.sockets.cleanup()
            self.sockets = None
