"""A test cell as it stands in a public nbgrader course, with answers to try it with."""

from dataclasses import dataclass

NEXT = "\n# next cell\n"


@dataclass(frozen=True)
class Pattern:
    """A test cell, the cells above it, and answers.

    Attributes:
        name: the pattern's name, a part of the names of its cells.
        solution: the reference, with its regions. Cells are divided by NEXT.
        test: the test cell, which gives 2 points.
        wrong: an answer that is wrong; its cells are as those of the solution.
        half: an answer that is right in part; "" if there is no other than the wrong one.
        given: a read-only cell above the solution; "" if there is none.
        between: a read-only cell between the solution and the test; "" if there is none.
        scores: what nbgrader gives to the reference, the untouched, the half and the wrong answer.
        rule: the number of the rule in docs/test-cells.md by which trusted grading gives something
            else; None where it gives the same.
    """

    name: str
    solution: str
    test: str
    wrong: str
    half: str = ""
    given: str = ""
    between: str = ""
    scores: tuple[float, float, float, float] = (2, 0, 0, 0)
    rule: int | None = None
