"""A Jupyter kernel in a sandbox: the grader decides what it can see, write, use and keep.

    manager = Manager(config=...)           # an AsyncKernelManager of the kernel "sandboxed"
    await manager.start_kernel(
        given={"02_cost.ipynb": path},      # host files, to be read in the kernel's folder
        shown=[path, ...],                  # host files and folders, to be read where they lie
        variables={"NAME": "value"},        # environment variables besides the kernel's own
        pass_fds=(descriptor,),             # open files that the kernel inherits
    )
    manager.provisioner.why_dead()          # half a sentence, once it has ended

It needs Linux and bubblewrap: why_unavailable() says what is missing. Inside there is a read-only
root with the system's programs and libraries, Python, and what was made visible; a few small
writable folders in memory; no network; no other process; another user. docs/security.md explains
what this stops, and what it does not.
"""

from autograder.kernel.sandbox.availability import why_unavailable
from autograder.kernel.sandbox.provisioner import KERNELS, NAME, Bubblewrap, Manager

__all__ = ["KERNELS", "NAME", "Bubblewrap", "Manager", "why_unavailable"]
