"""A kernel in a sandbox: the grader decides what it can see, write, use and keep.

    ours, theirs = socket.socketpair()
    kernel = Bubblewrap(config=...)
    kernel.start(
        theirs.fileno(),                    # the kernel's end of the wire
        given={"points.csv": path},         # host files, to be read in the kernel's folder
        shown={place: path},                # host files and folders, to be read in these places
        variables={"NAME": "value"},        # environment variables besides the kernel's own
    )
    kernel.why_dead()                       # half a sentence, once it has ended
    kernel.close()

It needs Linux and bubblewrap: why_unavailable() says what is missing. Inside there is a read-only
root with the system's programs and libraries, Python, and what was made visible; a few small
writable folders in memory; no network; no other process; another user. docs/security.md explains
what this stops, and what it does not.
"""

from autograder.kernel.sandbox.availability import why_unavailable
from autograder.kernel.sandbox.bubblewrap import Bubblewrap

__all__ = ["Bubblewrap", "why_unavailable"]
