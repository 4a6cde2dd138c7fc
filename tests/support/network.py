"""Python processes that reach nothing but this machine."""

# Python imports a module of this name when it starts. An audit hook cannot be taken off again,
# and sees every way to the network that Python code has.
GUARD = """
import os, sys

LOCAL = {None, "", "localhost", "::1", "0.0.0.0"}

def guard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        host = args[1][0] if isinstance(args[1], tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOCAL and not host.startswith("127."):
        with open(os.environ["NETWORK_LOG"], "a") as log:
            print(event, host, file=log)
        raise OSError(f"no network in this test: {event} {host}")

sys.addaudithook(guard)
"""


def guarded(folder):
    """Shut the processes off that get the environment returned, and all that they start.

    Args:
        folder: an existing folder, for what they need.

    Returns:
        What to add to their environment, and the path of a file of what they tried to reach, one
        line each.
    """
    (folder / "sitecustomize.py").write_text(GUARD)
    log = folder / "network.log"
    log.touch()
    return {"PYTHONPATH": str(folder), "NETWORK_LOG": str(log)}, log
