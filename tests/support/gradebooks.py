"""Gradebooks filled by hand, for tests of what reads them."""

from datetime import datetime, timedelta

from nbgrader.api import Gradebook

DUE = datetime(2026, 3, 1, 12)
ZOE = {"first_name": "Zoë", "last_name": "O'Neill, Jr.", "email": "zoe@x.org", "lms_user_id": "77"}
EVIL = {"first_name": "=1+1", "last_name": "<script>alert(1)</script>", "email": "@evil"}


def fill(path):
    """A gradebook.db in a folder: two assignments, five students; returns the folder.

    ps1 has 10 points: 6 for sigmoid, 0 for a check, 4 for an answer in words; ps2 has none.
    ada: all. Zoë: late, by 36 hours, with a penalty. 李雷: waits for a person. evil: 1/3 for
    sigmoid. nobody: nothing handed in.
    """
    with Gradebook(f"sqlite:///{path / 'gradebook.db'}") as book:
        book.add_assignment("ps1", duedate=DUE)
        book.add_notebook("ps1", "ps1")
        book.add_grade_cell("test-sigmoid", "ps1", "ps1", max_score=6, cell_type="code")
        book.add_grade_cell("check-sigmoid", "ps1", "ps1", max_score=0, cell_type="code")
        book.add_grade_cell("why", "ps1", "ps1", max_score=4, cell_type="markdown")
        book.add_assignment("ps2")
        book.add_notebook("ps2", "ps2")
        for student, about in {
            "ada": {"last_name": "Lovelace", "first_name": "Ada"}, "zoe": ZOE, "李雷": {},
            "evil": EVIL, "nobody": {},
        }.items():  # fmt: skip
            book.add_student(student, **about)
        for student, test, words, time in (
            ("ada", 6, 4, DUE - timedelta(hours=1)),
            ("zoe", 4.5, 4, DUE + timedelta(hours=36)),
            ("李雷", 6, None, None),
            ("evil", 1 / 3, 0, None),
        ):
            submission = book.add_submission("ps1", student, timestamp=time)
            notebook = submission.notebooks[0]
            notebook.late_submission_penalty = 2.25 if student == "zoe" else None
            for grade in notebook.grades:
                score = {"test-sigmoid": test, "check-sigmoid": 0, "why": words}[grade.name]
                grade.auto_score = score if grade.cell.cell_type == "code" else None
                grade.manual_score = None if grade.cell.cell_type == "code" else score
                grade.needs_manual_grade = score is None
        book.db.commit()
    return path
