"""nbgrader's exchange, where students can write: what is taken from there, and what is put there.

nbgrader's own `collect` copies what it finds, as the instructor: the targets of links, folders that
others made, and the time that a folder's name claims. These classes stand in nbgrader's
configuration (see autograder/configure.py), so its commands are the same.
"""

import datetime
import fnmatch
import os
import pwd
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from traitlets import Integer

from autograder.course.files import write_whole
from autograder.course.folders import folder_of, folders, no_assignment
from autograder.course.printing import printable
from autograder.lms import taking
from autograder.submission.contents import TIMESTAMP, ignored_in
from autograder.submission.reading import is_readable_timestamp
from saelab.files import whole

SECRET = "submission_secret.txt"
MOST_OF_SECRET = 1000  # bytes; nbgrader's has 128
MOST_OF_PAGE = 200_000_000  # bytes
TOLD = 10  # of the entries of one hand-in that are refused
KILOBYTE = 1000  # as nbgrader counts in CourseDirectory.max_file_size


@dataclass(frozen=True)
class Candidate:
    """A hand-in that may be taken.

    Attributes:
        student: the student's id.
        folder: the name of its folder in the exchange.
        time: when it was handed in, in UTC.
        seen: what the folder has.
    """

    student: str
    folder: str
    time: datetime.datetime
    seen: taking.HandIn


class Collect(ExchangeCollect):
    """Takes from the exchange what students themselves have handed in there, and nothing else.

    A folder must be the named student's, as must be each file in it; links, files with several
    names and whatever is no file are refused by name, and the rest of the folder is taken. What is
    refused of one student keeps nobody else's from being collected, and an earlier hand-in of the
    same student counts where a later one is refused as a whole.
    """

    coursedir: CourseDirectory
    most_entries = Integer(1000, help="Files and folders that a hand-in may have.").tag(config=True)
    most_depth = Integer(8, help="Folders that may lie in each other.").tag(config=True)
    most_hand_ins = Integer(
        200, help="Hand-ins of one student that are looked at: those that were changed last."
    ).tag(config=True)
    tolerance = Integer(
        60,
        help="Seconds that handing in may take. What was changed later than so much after the time "
        "in its folder's name counts as handed in when it was changed. An exchange that was moved "
        "to another disk was changed as a whole: set a large number then.",
    ).tag(config=True)

    def init_src(self) -> None:
        """Find the hand-ins of the assignment, and the one that counts of each student."""
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        self.inbound_path = os.path.join(self.root, self.coursedir.course_id, "inbound")
        if not os.path.isdir(self.inbound_path):
            self.fail(f"Course not found: {self.inbound_path}")
        if not utils.check_mode(self.inbound_path, read=True, execute=True):
            self.fail(f"You don't have read permissions for the directory: {self.inbound_path}")
        self.refused: list[tuple[str, str]] = []
        self.duedate = self._due()
        with taking.opened(self.inbound_path) as inbound:
            found = self._candidates(inbound)
        self.chosen = [self._that_counts(each) for _, each in sorted(found.items())]

    def copy_files(self) -> None:
        """Put the hand-ins that count into their places in the course, each whole or not at all."""
        what = f"'{self.coursedir.assignment_id}' for course '{self.coursedir.course_id}'"
        if self.chosen:
            self.log.info("Processing %d submissions of %s", len(self.chosen), what)
        else:
            self.log.warning("No submissions of %s to collect", what)
        with taking.opened(self.inbound_path) as inbound:
            for candidate in self.chosen:
                try:
                    self._take(inbound, candidate)
                except (OSError, taking.Refused) as error:
                    self._refuse(candidate.folder, str(error))
        if self.refused:
            self.log.warning("Not collected, of '%s':", self.coursedir.assignment_id)
            for path, why in self.refused:
                self.log.warning("    %s: %s", path, why)

    # --- which hand-ins there are ---

    def _due(self) -> datetime.datetime | None:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                due: datetime.datetime | None = gradebook.find_assignment(
                    self.coursedir.assignment_id
                ).duedate
            except MissingEntry:
                return None
        return due

    def _candidates(self, inbound: int) -> dict[str, list[Candidate]]:
        """From each student to the hand-ins that may be taken; the others are refused."""
        found: defaultdict[str, list[Candidate]] = defaultdict(list)
        for student, hand_ins in self._named(inbound).items():
            hand_ins.sort(key=lambda named: named[2].st_ctime_ns, reverse=True)
            for folder, time, state in hand_ins[: self.most_hand_ins]:
                try:
                    candidate = self._candidate(inbound, student, folder, time, state.st_uid)
                    found[student].append(candidate)
                except taking.Refused as why:
                    self._refuse(folder, str(why))
                except OSError as error:
                    self._refuse(folder, f"it cannot be read ({error.strerror})")
            if len(hand_ins) > self.most_hand_ins:
                more = len(hand_ins) - self.most_hand_ins
                self._refuse(student, f"{more} older hand-ins of this student are not looked at")
        return found

    def _named(self, inbound: int) -> dict[str, list[tuple[str, str, os.stat_result]]]:
        """From each student to folders that are owned as they should be: name, time and state."""
        # The name ends with a time, or with a time and a word that nobody can guess.
        assignment = re.escape(self.coursedir.assignment_id)
        pattern = re.compile(rf"(.+?)\+{assignment}\+([^+]*)(?:\+.*)?", re.DOTALL)
        wanted = self.coursedir.student_id or "*"
        found: defaultdict[str, list[tuple[str, str, os.stat_result]]] = defaultdict(list)
        with os.scandir(inbound) as entries:
            for entry in entries:
                match = pattern.fullmatch(entry.name)
                if not match or not fnmatch.fnmatchcase(match[1], wanted):
                    continue
                try:
                    state = entry.stat(follow_symlinks=False)
                    self._check_owner(match[1], state.st_uid)
                except taking.Refused as why:
                    self._refuse(entry.name, str(why))
                except OSError as error:
                    self._refuse(entry.name, f"it cannot be looked at ({error.strerror})")
                else:
                    found[match[1]].append((entry.name, match[2], state))
        return found

    def _check_owner(self, student: str, owner: int) -> None:
        if student.startswith(".") or not taking.sound_name(student):
            raise taking.Refused("no student can be called so")
        if not self.check_owner:
            return
        try:
            wanted = pwd.getpwnam(student).pw_uid
        except KeyError:
            raise taking.Refused(
                f"the machine has no user {student!r}. Where students are called otherwise than "
                "its users, c.Collect.check_owner = False takes the folder's owner for the student"
            ) from None
        if owner != wanted:
            try:
                name = pwd.getpwuid(owner).pw_name
            except KeyError:
                name = f"number {owner}"
            raise taking.Refused(f"it says that it is of {student!r}, and is owned by {name!r}")

    def _candidate(
        self, inbound: int, student: str, folder: str, time: str, owner: int
    ) -> Candidate:
        try:
            claimed = utils.parse_utc(time)
        except Exception:  # of dateutil: ParserError, OverflowError, TypeError
            raise taking.Refused(f"its name has no time that can be read: {time!r}") from None
        seen = taking.look(inbound, folder, owner, self._limits(), self._ignored)
        for path, why in seen.refused[:TOLD]:
            self._refuse(os.path.join(folder, path), why)
        if len(seen.refused) > TOLD:
            self._refuse(folder, f"{len(seen.refused) - TOLD} more of its entries are refused")
        if seen.refused and not any(path.endswith(".ipynb") for path in seen.files):
            raise taking.Refused("no notebook is left of it")
        changed = datetime.datetime.fromtimestamp(seen.changed / 1e9, datetime.UTC)
        changed = changed.replace(tzinfo=None)
        if changed <= claimed + datetime.timedelta(seconds=self.tolerance):
            return Candidate(student, folder, claimed, seen)
        self.log.warning(
            "%s was changed at %s UTC, after the time in its name: this counts as its time",
            printable(folder), changed,
        )  # fmt: skip
        return Candidate(student, folder, changed, seen)

    def _limits(self) -> taking.Limits:
        course = self.coursedir
        return taking.Limits(
            self.most_entries,
            self.most_depth,
            course.max_file_size * KILOBYTE,
            course.max_dir_size * KILOBYTE,
        )

    def _ignored(self, name: str, is_folder: bool) -> bool:
        """Whether a name is left out, as nbgrader goes by the course's configuration."""

        def among(patterns: list[str]) -> bool:
            return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)

        included = self.coursedir.include
        wanted = is_folder or not included or among(included)
        return among(ignored_in(self.coursedir)) or not wanted

    def _that_counts(self, candidates: list[Candidate]) -> Candidate:
        """The latest of a student's hand-ins; or, if asked for, of those before the due date."""
        due = self.duedate
        if due is not None and self.before_duedate:
            candidates = [each for each in candidates if each.time <= due] or candidates
        return max(candidates, key=lambda each: each.time)

    # --- what is done with them ---

    def _take(self, inbound: int, candidate: Candidate) -> None:
        assignment, student = self.coursedir.assignment_id, candidate.student
        target = folder_of(self.coursedir, "submitted", assignment, student)
        if target.is_dir():
            before = _time_of(self.coursedir, target)
            newer = before is None or candidate.time > before
            if not ((self.update and newer) or (self.before_duedate and candidate.time != before)):
                self.log.info(
                    "No newer submission to collect: %s %s" if self.update
                    else "Submission already exists, use --update to update: %s %s",
                    student, assignment,
                )  # fmt: skip
                return
            self.log.info("Updating submission: %s %s", student, assignment)
        else:
            self.log.info("Collecting submission: %s %s", student, assignment)
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as part:
            shared = self.coursedir.groupshared
            taking.copy(inbound, candidate.folder, candidate.seen, part, shared)
            stamp = part / TIMESTAMP
            stamp.write_text(f"{candidate.time:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="ascii")
            stamp.chmod(0o660 if shared else 0o600)

    def _refuse(self, path: str, why: str) -> None:
        self.refused.append((printable(path), why))


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Puts the pages of the assignment's own notebooks into the exchange, and no other file.

    nbgrader's takes every *.html, whoever wrote it and wherever it leads, and ends at the first
    submission that has no secret of its own.
    """

    coursedir: CourseDirectory

    def copy_files(self) -> None:
        """Publish the pages under the names by which their students find them."""
        assignment, wanted = self.coursedir.assignment_id, self.coursedir.student_id or "*"
        excluded = self.coursedir.student_id_exclude.split(",")
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                entry = gradebook.find_assignment(assignment)
            except MissingEntry:
                known = [each.name for each in gradebook.assignments]
                self.fail(f"Nothing is released: {no_assignment(assignment, known)}")
            notebooks = [notebook.name for notebook in entry.notebooks]
        for (_, student), folder in folders(self.coursedir, "feedback", assignment).items():
            if student in excluded or not fnmatch.fnmatchcase(student, wanted):
                continue
            try:
                for name, place in self._released(folder, notebooks):
                    self.log.info("Feedback for %s on %s released to %s", student, name, place)
            except (OSError, ValueError, taking.Refused) as error:
                self.log.warning("No feedback is released to %s: %s", student, error)

    def _released(self, folder: Path, notebooks: list[str]) -> Iterator[tuple[str, Path]]:
        secret = taking.content_of(folder, SECRET, MOST_OF_SECRET).decode()
        if not secret.strip():
            raise taking.Refused(f"its {SECRET} is empty")
        for name in notebooks:
            if not os.path.lexists(folder / f"{name}.html"):
                continue
            page = taking.content_of(folder, f"{name}.html", MOST_OF_PAGE)
            number = utils.notebook_hash(secret=secret, notebook_id=name)
            place = Path(self.dest_path, f"{number}.html")
            write_whole(place, page)
            place.chmod(0o664 if self.coursedir.groupshared else 0o644)
            yield name, place


def _time_of(coursedir: CourseDirectory, folder: Path) -> datetime.datetime | None:
    """The time of a submission that was collected before; None if it has none that can be read."""
    if not is_readable_timestamp(folder / TIMESTAMP):
        return None
    time: datetime.datetime | None = coursedir.get_existing_timestamp(str(folder))
    return time
