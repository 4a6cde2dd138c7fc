"""The demonstration from end to end: the scores of the sample class are those they deserve."""

import csv

import pytest
from PIL import Image

from autograder import demo
from autograder.sample import CLASS

# Points by tests, as the notebooks give them; anything else means that a mistake of the sample
# class went unseen, or that something right was marked down.
FULL = (12, 17, 14, 9, 4, 5)
DESERVED = {
    "ada": FULL,
    "bo": FULL,
    "cleo": (0, 0, 0, 0, 0, 0),
    "dan": (9, 10, 4, 4, 0, 0),  # what he wrote is right
    "eve": (12, 17, 11, 9, 4, 5),  # sparse cost: W1 (2) and b1 (1) lost
    "finn": (12, 14, 11, 9, 4, 5),  # both costs: W1 (2) and W2 (1) lost
    "gita": (12, 13, 10, 9, 4, 5),  # both costs: the cost (2), b1 and b2 lost
    "hugo": (12, 14, 14, 9, 4, 5),  # feed_forward (3) lost; the cost stands on its own
    "ines": FULL,
    "juri": (9, 17, 14, 5, 4, 3),  # windows and spread (3), one-sided (4), own scale (2) lost
}


@pytest.mark.long
def test_the_demo_gives_every_student_the_score_that_the_work_deserves(tmp_path, capsys):
    folder = tmp_path / "demo"
    scores = demo.main(folder)
    notebooks = sorted({name for _, name in scores})
    found = {s.name: tuple(scores[s.name, n][0] for n in notebooks) for s in CLASS}
    assert found == DESERVED
    assert all(scores["ada", n][1] == full for n, full in zip(notebooks, FULL))

    with Image.open(folder / "filters.png") as picture:
        assert picture.size == (480, 480)
    with (folder / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == [student.name for student in CLASS]
    assert float(rows[0]["total"]) == float(rows[0]["out of"]) == sum(FULL)
    for student in CLASS:
        for name in notebooks:
            page = folder / "feedback" / student.name / name / f"{name}.html"
            assert page.stat().st_size > 10_000
    assert "the gradient with respect to W1" in (
        folder / "feedback" / "finn" / "02_cost" / "02_cost.html"
    ).read_text(encoding="utf-8")

    printed = capsys.readouterr().out
    assert "These filters are edge detectors" in printed
    assert "scores.csv" in printed and "gradebook.db" in printed


def test_an_nbgrader_command_that_fails_says_which_and_why(tmp_path):
    with pytest.raises(RuntimeError, match="nbgrader autograde 02_cost failed"):
        demo.nbgrader(tmp_path, "autograde", "02_cost")
