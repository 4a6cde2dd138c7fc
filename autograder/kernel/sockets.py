"""Kernels that use Unix sockets, so that many may start and end at the same time.

Over TCP, Jupyter looks for free ports, releases them, and passes their numbers to the kernel.
Another kernel that starts at the same moment may take one of them, and the first one then dies of
"Address already in use". Of sixty kernels, two at a time, we saw one die that way.
"""

import os
import tempfile

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient


class Client(AsyncKernelClient):
    """A client that asks for no heartbeat: its manager sees whether the kernel's process runs.

    Jupyter runs a heartbeat thread for each kernel, and waits for it without a limit when the
    client stops. If a kernel was killed at the wrong moment, that thread never ended, and the
    grading of the class stopped there.
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
    """A NotebookClient, and a mixin for subclasses of it, whose kernels use Unix sockets.

    The sockets lie in a folder of their own, until remove_sockets(). On Windows, where ZeroMQ has
    no such sockets, it uses TCP.

    Attributes:
        sockets: the folder of the sockets; None if there is none.
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
        """Remove the folder of the sockets, if there is one, after the kernel has ended.

        A call is needed, because a process of a pool ends without running the finalizers of its
        objects.
        """
        if self.sockets is not None:
            self.sockets.cleanup()
            self.sockets = None
