"""Patterns of test cells, packed into notebooks, and what both graders give to their answers."""

from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring.doctor.trial import Graders
from autograder.course.folders import open_course
from autograder.verdict.canary import WHATS, canary
from tests.foreign.pattern import NEXT
from tests.foreign.patterns import FILES

SUBMISSIONS = ["reference", "untouched", "half", "wrong"]


def cell(name, text, points=None, **kind):
    """A cell with nbgrader's metadata; points: of a test cell."""
    grading = {
        "grade": points is not None, "grade_id": name, "locked": True, "schema_version": 3,
        "solution": False, "task": False,
    } | kind  # fmt: skip
    if points is not None:
        grading["points"] = points
    return new_code_cell(text.strip("\n"), metadata={"nbgrader": grading})


def packed(patterns, answer="solution"):
    """A notebook with patterns, in which somebody has given the answer of this name."""
    cells = []
    for pattern in patterns:
        name = pattern.name
        if pattern.given:
            cells.append(cell(f"given-{name}", pattern.given))
        texts = (getattr(pattern, answer) or pattern.wrong).split(NEXT)
        assert len(texts) == len(pattern.solution.split(NEXT)), name
        for number, text in enumerate(texts, 1):
            cells.append(cell(f"{name}-{number}", text, locked=False, solution=True))
        if pattern.between:
            cells.append(cell(f"between-{name}", pattern.between))
        cells.append(cell(f"test-{name}", pattern.test, points=2))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def compared(patterns, folder, notebooks=10):
    """What both graders give to the answers of patterns: a row for each pattern, by its name.

    folder: an empty one, in which their course is made. notebooks: how many they are packed into;
    neighbours in the list come into different ones.
    """
    source = folder / "source" / "patterns"
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").touch()
    for name, text in FILES.items():
        (source / name).write_text(text)
    course = open_course(folder)
    graders = Graders(course.coursedir, course.config, "patterns", source)
    rows = {}
    for number in range(notebooks):
        dealt = patterns[number::notebooks]
        if not dealt:
            break
        solved = packed(dealt)
        submissions = {what: canary(what, solved, graders.converter) for what in WHATS}
        submissions |= {what: packed(dealt, what) for what in SUBMISSIONS[2:]}
        for row in graders.compare(f"patterns-{number}", solved, submissions):
            rows[row.cell.removeprefix("test-")] = row
    return rows


def scores(outcomes):
    return tuple(outcomes[what].points for what in SUBMISSIONS)


if __name__ == "__main__":
    import sys
    import tempfile
    from pathlib import Path

    from tests.foreign.patterns import PATTERNS

    chosen = [p for p in PATTERNS if p.name in sys.argv[1:]] or PATTERNS
    with tempfile.TemporaryDirectory() as place:
        rows = compared(chosen, Path(place))
    same = 0
    for pattern in chosen:
        row = rows[pattern.name]
        stock, ours = scores(row.stock), scores(row.ours)
        same += stock == ours
        odd = "" if stock == pattern.scores else f"   STOCK, WANTED {pattern.scores}"
        print(f"{pattern.name:24} {row.verdict:12} {stock} {ours} {pattern.rule or ''}{odd}")
        if odd:
            print("    ", {k: (v.kind, v.message) for k, v in row.stock.items()})
        for line in row.details():
            print("    ", line)
    print(same, "of", len(chosen), "the same")
