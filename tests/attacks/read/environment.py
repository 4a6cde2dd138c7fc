"""Prints its environment variables, those of its parents and of the first process."""

CODE = """
import glob, os
print(dict(os.environ))
pid = os.getpid()
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(path, open(path, "rb").read())
    except OSError as error:
        print(path, error)
"""


def submit(work):
    work.insert(CODE)
