"""What lies at a path."""

import errno
import os
from pathlib import Path


def nature(path: Path) -> str:
    """What is at a path where something is, in words: "a file", "a folder", or what else."""
    if os.path.isfile(path):
        return "a file"
    if os.path.isdir(path):
        return "a folder"
    if os.path.islink(path):
        try:
            os.stat(path)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return "a link that leads in a circle"
        return f"a link to {os.readlink(path)}, which is not there"
    return "neither a file nor a folder"
