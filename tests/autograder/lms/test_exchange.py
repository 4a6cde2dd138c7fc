"""What is taken from nbgrader's exchange, and what is put there."""

import copy
import datetime
import os
import pwd
import secrets
import shutil
import stat
import time
from pathlib import Path

import pytest
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from traitlets.config import Config

from autograder.lms import taking
from autograder.lms.exchange import Collect, ReleaseFeedback
from tests.support import small_course
from tests.support.small_course import NAME

ME = pwd.getpwuid(os.getuid()).pw_name
GRADEBOOK = "mallory's gradebook"
FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"
NOTEBOOK = f"{NAME}.ipynb"
# Two users that every Linux has, and that own nothing here.
STUDENTS = ("daemon", "bin")
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can hand in as two other users")


def now():
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def ago(**past):
    return now() - datetime.timedelta(**past)


class Exchange:
    """A course with an exchange, into which anybody hands in."""

    def __init__(self, folder, gradebook):
        self.course = folder / "course"
        self.inbound = folder / "exchange" / "c" / "inbound"
        self.inbound.mkdir(parents=True)
        self.course.mkdir()
        self.secret = folder / "gradebook.txt"
        self.secret.write_text(GRADEBOOK)
        config = Config()
        config.CourseDirectory.root = str(self.course)
        config.CourseDirectory.course_id = "c"
        config.CourseDirectory.assignment_id = NAME
        config.CourseDirectory.db_url = f"sqlite:///{self.course / 'gradebook.db'}"
        config.Exchange.root = str(folder / "exchange")
        self.config = config
        shutil.copy(gradebook, self.course / "gradebook.db")

    def gradebook(self):
        return Gradebook(self.config.CourseDirectory.db_url, "c")

    def hand_in(self, files, student=ME, at=None, owner=None):
        """Make a folder as `nbgrader submit` does; returns it. Its files may be functions."""
        word = secrets.token_urlsafe(9)
        at = at if isinstance(at, str) else f"{at or now():{FORMAT}}"
        folder = self.inbound / f"{student}+{NAME}+{at}+{word}"
        folder.mkdir()
        for name, content in files.items():
            path = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_text(content)
                path.chmod(0o777)
        folder.chmod(0o777)
        if owner is not None:
            self.give(folder, owner)
        return folder

    @staticmethod
    def give(folder, owner):
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, pwd.getpwnam(owner).pw_uid, -1, follow_symlinks=False)

    def collector(self, **options):
        config = copy.deepcopy(self.config)
        config.merge(Config({"Collect": options}))
        return Collect(coursedir=CourseDirectory(config=config), config=config)

    def collect(self, **options):
        """Collect; returns from each path that was refused to the reason."""
        collector = self.collector(**options)
        collector.start()
        return {path.rsplit("+", 1)[-1].partition("/")[2] or path: why
                for path, why in collector.refused}  # fmt: skip

    def submitted(self, student=ME):
        """The files of a student that were collected: from their paths to their contents."""
        folder = self.course / "submitted" / student / NAME
        return {str(path.relative_to(folder)): path.read_text()
                for path in folder.rglob("*") if path.is_file()}  # fmt: skip

    def time(self, student=ME):
        return utils.parse_utc(self.submitted(student)["timestamp.txt"])

    def left(self):
        """What is half-written."""
        return list(self.course.rglob(".*"))


@pytest.fixture(scope="session")
def gradebook(made_once):
    def make(folder):
        folder.mkdir()
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "c") as book:
            book.add_assignment(NAME)
            book.add_notebook(NAME, NAME)

    return made_once("gradebook_of_an_exchange", make) / "gradebook.db"


@pytest.fixture
def exchange(tmp_path, gradebook):
    return Exchange(tmp_path, gradebook)


def test_what_a_student_hands_in_is_taken_with_modes_of_the_collector_s(exchange):
    at = now()
    files = {NOTEBOOK: "mine", "data/x.csv": "1", "submission_secret.txt": "s", "a.pyc": "no"}
    folder = exchange.hand_in({**files, "timestamp.txt": "2001-01-01 00:00:00 UTC"}, at=at)
    (folder / "data").chmod(0o777)
    assert exchange.collect() == {}
    files["timestamp.txt"] = f"{at:{FORMAT}}"
    del files["a.pyc"]
    assert exchange.submitted() == files
    there = exchange.course / "submitted" / ME / NAME
    modes = {stat.S_IMODE(path.stat().st_mode) for path in there.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert [stat.S_IMODE(path.stat().st_mode) for path in (there, there / "data")] == [0o700] * 2


def test_where_a_group_grades_it_may_write_whatever_the_collector_s_umask_is(exchange):
    exchange.config.CourseDirectory.groupshared = True
    exchange.hand_in({NOTEBOOK: "mine", "data/x.csv": "1"})
    before = os.umask(0o022)
    try:
        exchange.collect()
    finally:
        os.umask(before)
    there = exchange.course / "submitted" / ME / NAME
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in there.rglob("*")}
    assert modes == {NOTEBOOK: 0o660, "x.csv": 0o660, "timestamp.txt": 0o660, "data": 0o2770}


def test_what_lies_on_another_file_system_is_refused_by_name(exchange, monkeypatch):
    folder = exchange.hand_in({NOTEBOOK: "mine", "mounted.csv": "1"})
    mounted, true = (folder / "mounted.csv").stat().st_ino, os.fstat

    def elsewhere(descriptor):
        state = true(descriptor)
        device = state.st_dev + (state.st_ino == mounted)
        return os.stat_result([*state[:2], device, *state[3:]]) if device != state.st_dev else state

    monkeypatch.setattr(os, "fstat", elsewhere)
    assert exchange.collect() == {"mounted.csv": "it is on another file system"}
    assert exchange.submitted()[NOTEBOOK] == "mine"


# From a name to what a hostile student puts there, given a secret file of the instructor's.
HOSTILE = {
    "link.html": lambda path, secret: path.symlink_to(secret),
    "folder": lambda path, secret: path.symlink_to(secret.parent),
    "hard.html": lambda path, secret: path.hardlink_to(secret),
    "pipe": lambda path, secret: os.mkfifo(path),
    b"r\xe9sum\xe9.csv": lambda path, secret: path.write_text(GRADEBOOK),
    "a\x1b[2Jb": lambda path, secret: path.write_text(GRADEBOOK),
    "/".join("abcdefghij"): lambda path, secret: path.write_text(GRADEBOOK),
    "large": lambda path, secret: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 3 * 10**9),
}


@pytest.mark.parametrize("name", HOSTILE, ids=map(ascii, HOSTILE))
def test_what_is_no_plain_file_of_the_student_s_is_refused_by_name(exchange, name):
    exchange.hand_in({name: lambda path: HOSTILE[name](path, exchange.secret), NOTEBOOK: "mine"})
    (refused,) = exchange.collect()
    assert ascii(os.fsdecode(name))[1:-1].startswith(refused.strip("'").split("+")[0])
    found = exchange.submitted()
    assert found[NOTEBOOK] == "mine" and GRADEBOOK not in found.values()


def test_a_link_in_place_of_the_notebook_or_of_the_folder_is_no_hand_in(exchange):
    exchange.hand_in({NOTEBOOK: "mine"}, at=ago(seconds=20))
    exchange.hand_in({NOTEBOOK: lambda path: path.symlink_to(exchange.secret), "timestamp.txt": ""})
    own = exchange.hand_in({NOTEBOOK: "linked"})
    elsewhere = own.rename(exchange.inbound.parent / "elsewhere")
    own.symlink_to(elsewhere)
    refused = exchange.collect()
    assert refused.pop(NOTEBOOK) == "it is a link" and len(refused) == 2
    assert {str(why) for why in refused.values()} >= {"no notebook is left of it"}
    assert exchange.submitted()[NOTEBOOK] == "mine"


def test_too_much_is_refused_and_an_earlier_hand_in_counts(exchange):
    exchange.hand_in({NOTEBOOK: "small"}, at=ago(seconds=30))
    exchange.hand_in({NOTEBOOK: "many", **{f"d/{n}": "" for n in range(10)}}, at=ago(seconds=20))
    exchange.hand_in({NOTEBOOK: "x" * 900, "b.csv": "x" * 900}, at=ago(seconds=10))
    exchange.config.CourseDirectory.max_dir_size = 1
    refused = exchange.collect(most_entries=10)
    assert set(refused.values()) == {
        "it has too many files and folders", "it has 0.0 MB, and at most 0.0 are taken"
    }  # fmt: skip
    assert exchange.submitted()[NOTEBOOK] == "small"


def test_the_hand_ins_of_one_student_that_are_looked_at_are_bounded(exchange):
    for n in range(4):
        exchange.hand_in({NOTEBOOK: str(n)})
    refused = exchange.collect(most_hand_ins=2)
    assert refused == {ME: "2 older hand-ins of this student are not looked at"}
    assert exchange.submitted()[NOTEBOOK] == "3"


def test_what_was_changed_before_those_is_not_looked_at_whatever_time_it_claims(exchange):
    exchange.hand_in({NOTEBOOK: "first"}, at=ago(hours=-1))
    time.sleep(0.05)  # more than the clock of a file system takes for a tick
    for n in range(2):
        exchange.hand_in({NOTEBOOK: str(n)}, at=ago(seconds=10 - n))
    exchange.collect(most_hand_ins=2)
    assert exchange.submitted()[NOTEBOOK] == "1"
    exchange.collect(update=True)
    assert exchange.submitted()[NOTEBOOK] == "first"


def test_the_time_is_not_one_that_a_student_says(exchange):
    begin = ago(seconds=1)
    folder = exchange.hand_in({NOTEBOOK: "late", "timestamp.txt": "2001-01-01"}, at=ago(days=3))
    for path in (folder / NOTEBOOK, folder):
        os.utime(path, (0, 0))
    exchange.collect()
    assert begin < exchange.time() <= now()


def test_a_name_of_before_the_due_date_does_not_make_it_so(exchange):
    exchange.hand_in({NOTEBOOK: "in time"}, at=ago(minutes=2))
    time.sleep(0.05)  # more than the clock of a file system takes for a tick
    due = now()
    time.sleep(0.05)
    exchange.hand_in({NOTEBOOK: "late"}, at=ago(minutes=1))
    with exchange.gradebook() as book:
        book.find_assignment(NAME).duedate = due
        book.db.commit()
    exchange.collect(before_duedate=True, tolerance=0)
    assert exchange.submitted()[NOTEBOOK] == "in time"
    exchange.collect(tolerance=0, update=True)
    assert exchange.submitted()[NOTEBOOK] == "late" and exchange.time() > due


def test_where_all_are_late_the_latest_counts(exchange):
    for n in (2, 1):
        exchange.hand_in({NOTEBOOK: f"{n} minutes ago"}, at=ago(minutes=n))
    with exchange.gradebook() as book:
        book.find_assignment(NAME).duedate = ago(days=1)
        book.db.commit()
    exchange.collect(before_duedate=True, tolerance=3600)
    assert exchange.submitted()[NOTEBOOK] == "1 minutes ago"


def test_the_later_of_two_hand_ins_counts_and_is_taken_when_asked_for(exchange):
    exchange.hand_in({NOTEBOOK: "first", "old.csv": ""}, at=ago(seconds=30))
    exchange.collect()
    exchange.hand_in({NOTEBOOK: "second"}, at=ago(seconds=20))
    exchange.collect()
    assert exchange.submitted()[NOTEBOOK] == "first"
    exchange.collect(update=True)
    assert exchange.submitted()[NOTEBOOK] == "second" and "old.csv" not in exchange.submitted()


@pytest.mark.parametrize(
    "name",
    [f"{ME}+{NAME}+30 February", f"{ME}+{NAME}+", f"{ME}\udce9+{NAME}+x",
     f"nobody.of.this.name+{NAME}+2026-01-01 00:00:00 UTC", f"..+{NAME}+2026-01-01 00:00:00 UTC"],
)  # fmt: skip
@pytest.mark.parametrize("check_owner", [True, False])
def test_no_name_of_a_folder_keeps_others_from_being_collected(exchange, name, check_owner):
    exchange.hand_in({NOTEBOOK: "mine"})
    os.mkdir(os.fsencode(exchange.inbound / name))
    refused = exchange.collect(check_owner=check_owner)
    assert len(refused) == (0 if name.startswith("nobody") and not check_owner else 1)
    assert exchange.submitted()[NOTEBOOK] == "mine"
    assert sorted(path.name for path in exchange.course.iterdir()) == ["gradebook.db", "submitted"]


def test_what_changes_meanwhile_is_not_taken_and_nothing_is_half_copied(exchange):
    exchange.hand_in({NOTEBOOK: "before"}, at=ago(seconds=30))
    exchange.collect()
    folder = exchange.hand_in({"a.csv": "a", NOTEBOOK: "mine"})
    collector = exchange.collector(update=True)
    collector.init_src()
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).symlink_to(exchange.secret)
    collector.copy_files()
    assert len(collector.refused) == 1
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).write_text("mine")
    collector = exchange.collector(update=True)
    collector.init_src()
    (folder / NOTEBOOK).write_text("mine2")
    collector.copy_files()
    assert "was changed while it was collected" in collector.refused[0][1]
    assert exchange.submitted()[NOTEBOOK] == "before" and exchange.left() == []


def test_an_exchange_that_is_not_there_is_told(exchange):
    shutil.rmtree(exchange.inbound)
    with pytest.raises(ExchangeError, match=r"Course not found: .*inbound"):
        exchange.collect()


@needs_root
class TestTwoUsers:
    """As root: what other users have put there."""

    def test_a_folder_that_another_user_made_is_not_taken(self, exchange):
        exchange.hand_in({NOTEBOOK: "true"}, "daemon", ago(seconds=20), owner="daemon")
        exchange.hand_in({NOTEBOOK: "forged"}, "daemon", owner="bin")
        (why,) = exchange.collect().values()
        assert why == "it says that it is of 'daemon', and is owned by 'bin'"
        assert exchange.submitted("daemon")[NOTEBOOK] == "true"

    @pytest.mark.parametrize("owner", ["bin", "root"])
    def test_a_file_that_another_user_put_there_is_not_taken(self, exchange, owner):
        files = {NOTEBOOK: "true", "numpy.py": "put there", "sub/numpy.py": "put there"}
        folder = exchange.hand_in(files, "daemon", owner="daemon")
        exchange.give(folder / "numpy.py", owner)
        exchange.give(folder / "sub", owner)
        number = pwd.getpwnam(owner).pw_uid
        why = f"it is owned by user {number}, not by 1"
        assert exchange.collect() == {"numpy.py": why, "sub": why}
        assert set(exchange.submitted("daemon")) == {NOTEBOOK, "timestamp.txt"}

    def test_a_hard_link_to_a_file_of_another_student_s_is_not_taken(self, exchange):
        other = exchange.hand_in({NOTEBOOK: "of bin"}, "bin", owner="bin")
        folder = exchange.hand_in({NOTEBOOK: "true"}, "daemon", owner="daemon")
        (folder / "copied.ipynb").hardlink_to(other / NOTEBOOK)
        assert set(exchange.collect()) == {"copied.ipynb", NOTEBOOK, other.name}
        assert set(exchange.submitted("daemon")) == {NOTEBOOK, "timestamp.txt"}

    def test_the_folder_is_not_left_by_a_change_of_it(self, exchange, tmp_path):
        """A folder in it becomes a link between the look and the copy."""
        folder = exchange.hand_in({NOTEBOOK: "true", "d/x.csv": "1"}, "daemon", owner="daemon")
        collector = exchange.collector()
        collector.init_src()
        (folder / "d").rename(tmp_path / "d")
        (folder / "d").symlink_to(tmp_path / "d")
        collector.copy_files()
        assert len(collector.refused) == 1 and exchange.submitted("daemon") == {}
        assert exchange.left() == []


# --- feedback ---


def feedback(exchange, student, **files):
    folder = exchange.course / "feedback" / student / NAME
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name.replace("_", ".", 1)
        if isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_text(content)
    return folder


def release(exchange, **options):
    config = copy.deepcopy(exchange.config)
    config.merge(Config({"CourseDirectory": options}))
    ReleaseFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    found = (exchange.inbound.parent / "feedback").iterdir()
    return {path.name: path.read_text() for path in found}


def published(secret):
    return f"{utils.notebook_hash(secret=secret, notebook_id=NAME)}.html"


def put_pages(exchange):
    for student, secret in (("ada", "a"), ("bo", ""), ("cleo", "c"), ("zoe", "z")):
        folder = feedback(exchange, student, ps1_html=f"page of {student}", other_html="put there")
        (folder / "submission_secret.txt").write_text(secret)
        (folder / "timestamp.txt").write_text("2026-01-01 UTC")
    (folder.parents[1] / "cleo" / NAME / f"{NAME}.html").unlink()
    (folder.parents[1] / "cleo" / NAME / f"{NAME}.html").symlink_to(exchange.secret)
    feedback(exchange, "dan", ps1_html="page of dan")


def test_pages_of_the_assignment_s_notebooks_alone_are_released(exchange):
    put_pages(exchange)
    assert release(exchange) == {published("a"): "page of ada", published("z"): "page of zoe"}


@pytest.mark.parametrize(("shared", "mode"), [(False, 0o644), (True, 0o664)])
@pytest.mark.parametrize("umask", [0o002, 0o022, 0o077])
def test_a_released_page_can_be_read_by_its_student(exchange, shared, mode, umask):
    put_pages(exchange)
    before = os.umask(umask)
    try:
        release(exchange, groupshared=shared)
    finally:
        os.umask(before)
    path = exchange.inbound.parent / "feedback" / published("a")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_feedback_can_be_released_to_some(exchange):
    put_pages(exchange)
    assert set(release(exchange, student_id="a*")) == {published("a")}
    assert set(release(exchange, student_id_exclude="ada,bo")) == {published("a"), published("z")}


def test_feedback_of_an_unknown_assignment_is_told(exchange):
    with pytest.raises(ExchangeError, match="no assignment 'ps9'"):
        release(exchange, assignment_id="ps9")


def test_nbgrader_s_commands_go_by_it_in_a_course_that_grades_so(tmp_path, nbgrader):
    """All the way: collected, graded pages in their place, released."""
    course = small_course.make(tmp_path / "course")
    exchange = tmp_path / "exchange"
    inbound = exchange / "c" / "inbound"
    inbound.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(
        "from autograder.configure import trusted_grading\n"
        "c = get_config()\ntrusted_grading(c)\nc.CourseDirectory.course_id = 'c'\n"
        f"c.Exchange.root = {str(exchange)!r}\n"
    )
    folder = inbound / f"{ME}+{NAME}+{now():{FORMAT}}+x"
    folder.mkdir()
    shutil.copy(course / "release" / NAME / NOTEBOOK, folder)
    (folder / "submission_secret.txt").write_text("s")
    (folder / "page.html").write_text("<script>")
    (folder / "book.html").symlink_to(course / "gradebook.db")
    told = nbgrader(course, "collect", NAME)
    assert "book.html: it is a link" in told
    submitted = course / "submitted" / ME / NAME
    assert sorted(os.listdir(submitted)) == [
        "page.html", NOTEBOOK, "submission_secret.txt", "timestamp.txt"
    ]  # fmt: skip
    shutil.copytree(submitted, course / "autograded" / ME / NAME)
    pages = course / "feedback" / ME / NAME
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "c") as book:
        book.add_student(ME)
        book.add_submission(NAME, ME)
    nbgrader(course, "generate_feedback", NAME)
    assert sorted(os.listdir(pages)) == [
        f"{NAME}.html", "submission_secret.txt", "timestamp.txt"
    ]  # fmt: skip
    nbgrader(course, "release_feedback", NAME)
    released = list((exchange / "c" / "feedback").iterdir())
    assert [path.name for path in released] == [published("s")]


def test_content_of_takes_no_link(tmp_path):
    (tmp_path / "a").symlink_to("b")
    for name, why in (("a", "a is not a file"), ("c", "there is no c")):
        with pytest.raises(taking.Refused, match=why):
            taking.content_of(tmp_path, name, 10)
