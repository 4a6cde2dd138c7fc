"""What an attack has achieved: read from the gradebook, the notebooks, the feedback, the traces."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser

from tests.attacks.inside import below
from tests.attacks.tokens import found
from tests.attacks.work import FIRST, LAST, MARK

KINDS = ("gained", "leaked", "cross_student", "neighbour", "no_verdict", "survivors", "defaced")
# In these, text is not text.
LIVE = ("style", "iframe", "object", "embed", "link", "base", "meta", "form", "svg", "math")
INERT_SCRIPTS = re.compile(r"json|^text/(?!javascript|ecmascript)")
# The name of a widget, and of the place that it is shown in.
UUID = r"\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b"


@dataclass
class Verdict:
    """What happened in one attack. Each list holds sentences, and is empty where all is well."""

    attack: str
    group: str
    points: float | None = None
    out_of: float | None = None
    gained: list = field(default_factory=list)
    leaked: list = field(default_factory=list)
    cross_student: list = field(default_factory=list)
    neighbour: list = field(default_factory=list)
    no_verdict: list = field(default_factory=list)
    survivors: list = field(default_factory=list)
    defaced: list = field(default_factory=list)
    seconds: float | None = None

    def won(self):
        """The kinds of what it won."""
        return [kind for kind in KINDS if getattr(self, kind)]

    def says(self):
        """What happened, in a few words."""
        words = []
        if self.gained:
            words.append(f"won {self.points:g} of {self.out_of:g}")
        if self.leaked:
            words.append(f"leaked {', '.join(self.leaked)}")
        if self.cross_student:
            words.append("touched another student")
        if self.neighbour:
            words.append(f"cost a neighbour {self.neighbour[0]}")
        if self.no_verdict:
            words.append(f"no verdict: {self.no_verdict[0]}")
        if self.survivors:
            words.append(f"left behind {len(self.survivors)}")
        if self.defaced:
            words.append("defaced")
        return "; ".join(words) or "stopped"

    def add(self, other):
        """Take what the same attack has won in another run as well."""
        for kind in KINDS:
            ours = getattr(self, kind)
            ours += [told for told in getattr(other, kind) if told not in ours]
        return self

    def as_dict(self):
        return asdict(self) | {"says": self.says()}


class Baseline:
    """The neighbours' grades and feedback in a run in which nobody attacks."""

    def __init__(self, run):
        grades, secrets = run.grades() or {}, run.template.secrets
        told = {
            "commands": run.result.get("commands"),
            "stopped": run.result.get("stopped"),
            "students": sorted(grades),
            "log": run.log()[-2000:],
        }
        graded = run.result.get("commands") and not any(c[-1] for c in run.result["commands"])
        if not graded or not {FIRST, LAST} <= set(grades):
            raise RuntimeError(f"honest students were not graded: {told}")
        self.grades = {student: grades[student] for student in (FIRST, LAST)}
        self.people = run.people
        self.feedback = {student: plain(run.feedback(student)) for student in (FIRST, LAST)}
        self.tests = set(grades[FIRST])
        self.out_of = sum(row[-1] for row in grades[FIRST].values())
        # Stock feedback shows the hidden tests, as nbgrader puts them back to grade.
        whole = run.feedback(LAST) or ""
        self.shown = Counter({kind: whole.count(word) for kind, word in secrets.items()})
        self.points = {student: points(grades[student]) for student in self.grades}


def points(cells):
    """The points of a student's tests, whatever column of the gradebook they stand in."""
    total = 0.0
    for auto, manual, extra, _ in cells.values():
        total += (auto or 0.0) if manual is None else manual
        total += extra or 0.0
    return total


def judge(attack, run, baseline):
    """The verdict on one attack in a run."""
    verdict = Verdict(attack.name, attack.group, out_of=baseline.out_of)
    verdict.seconds = run.result.get("seconds")
    grades = run.grades()
    mine = (grades or {}).get(attack.student)
    verdict.points = points(mine) if mine is not None else None
    if attack.limit is not None and mine is not None and verdict.points > attack.limit + 1e-9:
        verdict.gained.append(f"{verdict.points:g} points, and deserves {attack.limit:g}")
    verdict.leaked += sorted(leaks(attack, run, baseline))
    verdict.cross_student += cross_student(run, baseline, grades)
    if run.together:
        verdict.neighbour += lost_beside(baseline, grades or {})
    verdict.no_verdict += no_verdict(attack, run, baseline, grades, verdict.points)
    # In a run of several attacks, what is left is told of the one whose name it bears, if any.
    traces = run.result.get("processes", []) + run.result.get("left", [])
    names = [other.student for other in run.attacks]
    for trace in traces:
        owners = [name for name in names if name in trace]
        if not owners or attack.student in owners:
            verdict.survivors.append(trace)
    html = run.feedback(attack.student)
    if html is not None:
        verdict.defaced += defaced(html)
    return verdict


def no_verdict(attack, run, baseline, grades, earned):
    """What keeps somebody from knowing a score."""
    if run.result.get("stopped"):
        yield run.result["stopped"]
    for student in (attack.student, FIRST, LAST):
        cells = (grades or {}).get(student, {})
        if run.autograded(student) is None:
            yield f"{student} has no graded notebook"
        elif {name for name, row in cells.items() if row[0] is not None} < baseline.tests:
            yield f"{student} has no score"
        elif run.feedback(student) is None:
            yield f"{student} has no feedback"
    for command, *_, status in run.result.get("commands", []):
        if status and len(run.attacks) == 1:
            ended = "took too long" if status == "timeout" else f"ended with {status}"
            yield f"nbgrader {command} {ended}"
    if attack.deserves is not None and earned is not None and earned < attack.deserves - 1e-9:
        yield f"{earned:g} points, and {attack.deserves:g} are deserved"


def cross_student(run, baseline, grades):
    """What is different for an honest student because of the attack."""
    if grades is None:
        return ["the gradebook is ruined"]
    differs = [f"changed: {name}" for name in run.changed()]
    for student in (FIRST, LAST):
        cells = grades.get(student, {})
        if cells and any(row[0] is not None for row in cells.values()):
            if cells != baseline.grades[student]:
                differs.append(
                    f"{student} has {points(cells):g} points instead of "
                    f"{baseline.points[student]:g}"
                )
            html = run.feedback(student)
            if html is not None and plain(html) != baseline.feedback[student]:
                differs.append(f"{student}'s feedback is another")
        if run.people.get(student) != baseline.people.get(student):
            differs.append(f"{student} is called otherwise in the gradebook")
    return differs


def lost_beside(baseline, grades):
    """The points that honest students lose who are graded at the same time."""
    for student in (FIRST, LAST):
        lost = baseline.points[student] - points(grades.get(student, {}))
        if lost > 1e-9:
            yield f"{lost:g} points ({student})"


def leaks(attack, run, baseline):
    """The kinds of secrets in what the attacker can read afterwards."""
    secrets, seen = run.template.secrets, set()
    notebook = run.autograded(attack.student)
    for cell in notebook.cells if notebook else ():
        grading = cell.metadata.get("nbgrader", {})
        mine = not grading.get("grade") or grading.get("solution")
        seen |= found(str(cell.get("outputs", "")), secrets)
        seen |= found(cell.source, secrets) if mine else set()
    # Beside the notebook, too: nbgrader hands such files on with the feedback.
    for step in ("submitted", "autograded", "feedback"):
        for path in below(run.course / step / attack.student):
            graded = path.name == f"{attack.assignment}.ipynb" and step == "autograded"
            if path.is_symlink():
                if step != "submitted":
                    seen |= found(read(path), secrets)
            elif path.is_file() and not graded:
                seen |= found(without_shown(read(path), baseline, secrets), secrets)
    if attack.exchange:
        for path in run.published():
            seen |= found(without_shown(read(path), baseline, secrets), secrets)
    for text in run.result.get("texts", ()):
        seen |= found(text, secrets)
    return seen


def read(path):
    try:
        with path.open("rb") as file:
            return file.read(20 * 2**20).decode("latin-1")
    except OSError:
        return ""


def without_shown(text, baseline, secrets):
    """A text without the secrets that the feedback of an honest student shows as well."""
    for kind, word in secrets.items():
        text = text.replace(word, "", baseline.shown[kind])
    return text


def plain(html):
    """A page's text without what differs from run to run: places, widgets' names, a bar's speed."""
    text = re.sub(rf"<[^>]*>|{UUID}|0x[0-9a-f]+|/tmp/[\w./-]+|kernel-\w+", "", html or "")
    # Without blanks, since a stream may be cut in two anywhere.
    return re.sub(r"\s", "", re.sub(r"[\w =.-]*:? *\d+%\|[^\]]*\]", "", text))


class _Page(HTMLParser):
    """Finds the mark where a browser would not show it as text, and forged scores."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attributes):
        marked = [name for name, value in attributes if MARK in (value or "") or MARK in name]
        if marked or MARK in tag:
            self.faults.append(f"<{tag} {' '.join(marked)}>")
        if tag in ("script", *LIVE):
            self.open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        for place in reversed(range(len(self.open))):
            if self.open[place][0] == tag:
                del self.open[place:]
                break

    def handle_data(self, data):
        if MARK not in data or not self.open:
            return
        tag, attributes = self.open[-1]
        if tag == "script" and INERT_SCRIPTS.search(attributes.get("type") or ""):
            return
        self.faults.append(f"inside of <{tag}>")


def defaced(html):
    """Where a feedback page holds the attacker's mark as code, style or attribute."""
    page = _Page()
    page.feed(html)
    page.close()
    return list(dict.fromkeys(page.faults))
