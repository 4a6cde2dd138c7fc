"""The manager of a sandboxed kernel, and its client, which limit how much they receive."""

from pathlib import Path

import zmq
import zmq.asyncio
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import Integer, Type, default

from autograder.kernel import sockets
from autograder.kernel.sandbox.provisioner import Bubblewrap

KERNELS = Path(__file__).with_name("kernelspecs")
NAME = "sandboxed"


class Client(sockets.Client):
    """A client whose sockets keep to the limits of its manager."""

    parent: "Manager"

    def _context_default(self) -> zmq.asyncio.Context:
        return _limited(super()._context_default(), self.parent)


class Manager(AsyncKernelManager):
    """An AsyncKernelManager of the kernel "sandboxed", from autograder/kernel/sandbox/kernelspecs/.

    nbclient takes it as its kernel_manager_class, with kernel_name "sandboxed".
    """

    client_factory = Type(Client, config=True)
    message_size = Integer(
        16 << 20,
        help="Bytes that a part of a message may have; after a longer one, the line is cut.",
    ).tag(config=True)
    queue = Integer(
        1000, help="Messages that wait on one channel, before the kernel has to wait."
    ).tag(config=True)

    def why_dead(self) -> str | None:
        """Why the sandbox has ended, as half a sentence; None while it runs or if unknown."""
        return self.provisioner.why_dead() if isinstance(self.provisioner, Bubblewrap) else None

    def threads_inside(self) -> int:
        """The number of threads in the sandbox at the moment; 0 if there is no sandbox."""
        return self.provisioner.threads_inside() if isinstance(self.provisioner, Bubblewrap) else 0

    @default("kernel_name")
    def _default_kernel_name(self) -> str:
        return NAME

    @default("kernel_spec_manager")
    def _default_kernel_spec_manager(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[str(KERNELS)])

    def _context_default(self) -> zmq.asyncio.Context:
        return _limited(super()._context_default(), self)


def _limited(context: zmq.asyncio.Context, manager: Manager) -> zmq.asyncio.Context:
    """Set the limits for new sockets of a context, and return the context."""
    context.setsockopt(zmq.MAXMSGSIZE, manager.message_size)
    context.setsockopt(zmq.RCVHWM, manager.queue)
    return context
