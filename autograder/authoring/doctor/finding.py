"""What the doctor finds, and how it is printed."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.course.printing import say


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a course.

    Attributes:
        path: the file or folder, relative to the course.
        position: the position of the cell in the file; -1 for the whole file.
        rule: the short name of the rule, as in docs/doctor.md.
        sentence: what is wrong, with the value, and what to do.
        severity: "error" or "warning".
        cell: the name of the cell; "" for the whole file.
    """

    path: str
    position: int
    rule: str
    sentence: str
    severity: str = "error"
    cell: str = ""

    @property
    def where(self) -> str:
        """The place as one text, such as "source/ps1/ps1.ipynb, cell test-double"."""
        if not self.cell:
            return self.path
        return f"{self.path}, {'' if self.cell.startswith('cell ') else 'cell '}{self.cell}"


class Findings(list[Finding]):
    """Findings in the order of their places, and how many notebooks were looked at.

    Args:
        findings: the findings, in any order; equal ones count once.
        notebooks: how many notebooks were looked at.

    Attributes:
        notebooks: how many notebooks were looked at.
    """

    def __init__(self, findings: Iterable[Finding] = (), notebooks: int = 0) -> None:
        super().__init__(sorted(set(findings)))
        self.notebooks = notebooks


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings as linters do: one a line below its file, and at the end the counts."""
    for path, group in itertools.groupby(findings, key=lambda finding: finding.path):
        say(path)
        for found in group:
            say(f"  {found.cell or '-'}: {found.severity} {found.rule}: {found.sentence}")
        say()
    say(summary(findings))


def summary(findings: Sequence[Finding]) -> str:
    """The last line of the output: how many faults there are, in how many notebooks."""
    count = getattr(findings, "notebooks", None)
    notebooks = "" if count is None else f" in {_counted(count, 'notebook')}"
    if not findings:
        return f"No fault found{notebooks}."
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    return f"{_counted(errors, 'error')} and {_counted(warnings, 'warning')}{notebooks}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
