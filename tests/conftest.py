"""Fixtures that several test modules share: courses built anew, and nbgrader's command."""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder import CLONE

# The same examples each time. Fixtures that examples share are made for that.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("repeatable")


def pytest_make_parametrize_id(config, val, argname):
    """Contents of files are no names: a compressed one holds the time at which it was made, and
    xdist's workers, who collect a second apart, would not agree on the test's name.
    """
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """made_once(name, make): the folder that make(folder) makes, once for all of xdist's workers.

    Tests change copies of it only.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def made(name, make):
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / name).exists():
                shutil.rmtree(folder / f"{name}.part", ignore_errors=True)
                make(folder / f"{name}.part")
                (folder / f"{name}.part").rename(folder / name)
        return folder / name

    return made


@pytest.fixture(scope="session")
def fresh_course(made_once):
    """A course built anew from the sources, nothing executed."""

    def make(folder):
        from autograder.authoring.build import build, copy_sources

        build(copy_sources(CLONE, folder), execute=False)

    return made_once("fresh_course", make)


@pytest.fixture(scope="session")
def entered_course(made_once, fresh_course, nbgrader):
    """The same, with a release and a gradebook that nbgrader's command has made."""

    def make(folder):
        shutil.copytree(fresh_course, folder)
        # What is to be released is not what is there already.
        shutil.rmtree(folder / "notebooks")
        nbgrader(folder, "generate_assignment", "*")

    return made_once("entered_course", make)


@pytest.fixture(scope="session")
def class_course(made_once):
    """A course whose class is graded in no time, in which nobody has handed in."""
    from tests.support.class_course import make

    return made_once("class_course", make)


@pytest.fixture(scope="session")
def command(class_course, tmp_path_factory):
    """The command line `autograder`, without the seconds that its imports take."""
    from tests.support.class_course import Command

    command = Command(class_course, tmp_path_factory.mktemp("output"))
    yield command
    command.end()


@pytest.fixture(scope="session")
def nbgrader(tmp_path_factory):
    """A function that runs an nbgrader command in a folder, and returns what it printed.

    It runs as somebody would who has not activated the environment, and has no settings. Where
    there is no bubblewrap, submissions are graded without: those of tests that need it are marked.
    status: what the command has to end with. path: another PATH, and grading as it is then.
    """
    from tests.support.nbgrader_command import Command

    home = tmp_path_factory.mktemp("home")
    own = Path(sys.executable).parent
    path = [p for p in os.environ["PATH"].split(os.pathsep) if Path(p) != own]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(path),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    command = Command()

    def run(course, *words, status=0, path=None):
        if words[0] == "autograde" and path is None and no_sandbox():
            words += ("--TrustedExecute.sandboxed=False",)
        theirs = environment if path is None else {**environment, "PATH": str(path)}
        ended = command.run(words, course, theirs, home / "output")
        said = (home / "output").read_text(encoding="utf-8", errors="replace")
        assert ended == status, said
        return said

    yield run
    command.end()


@pytest.fixture(scope="session")
def postgresql_server():
    """A running server of PostgreSQL, with a password: see servers.py."""
    yield from started("postgresql")


@pytest.fixture
def postgresql(postgresql_server):
    """The db_url of an empty database on a real server of PostgreSQL."""
    return postgresql_server.database()


@pytest.fixture
def dask_cluster():
    """A real scheduler of Dask and two workers, processes of their own: see servers.py."""
    yield from started("dask")


def started(kind):
    """Start a server of servers.py, or skip the test where it is not installed."""
    from tests.support import servers

    with contextlib.ExitStack() as running:
        try:
            server = running.enter_context(getattr(servers, kind)())
        except servers.Missing as missing:
            pytest.skip(str(missing))
        yield server


def no_sandbox():
    """Why there can be no sandbox on this machine, or None."""
    from autograder.kernel.sandbox import why_unavailable

    return why_unavailable()


def pytest_configure(config):
    # A script's background job ignores Ctrl-C, and so would all that tests start, for which some
    # wait. A handler that does nothing goes on ignoring it, here alone.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: None)
    config.addinivalue_line("markers", "bubblewrap: needs the sandbox, and is skipped without it")


def pytest_collection_modifyitems(config, items):
    """Each test's limit grows like all other times that it waits at most. What is known to take
    minutes has three times as many, unless its own marker says how many.
    """
    from tests.support.waiting import patient

    usual = float(config.getini("timeout") or 0)  # none where this file is tried by itself
    for item in items:
        marker = item.get_closest_marker("timeout")
        takes_minutes = item.get_closest_marker("long") or item.get_closest_marker("browser")
        seconds = marker.args[0] if marker else 3 * usual if takes_minutes else usual
        item.add_marker(pytest.mark.timeout(patient(seconds)), append=False)


def pytest_ignore_collect(collection_path, config):
    """The browser's tests are not even read where none of them is meant: to do so takes seconds, of
    each of xdist's workers.
    """
    ignored = collection_path == CLONE / "tests" / "browser"
    return True if ignored and "not browser" in config.option.markexpr else None


def pytest_runtest_setup(item):
    if item.get_closest_marker("bubblewrap") and no_sandbox():
        pytest.skip(f"needs the package bubblewrap: {no_sandbox()}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """As many as there are processors, each with a browser; elsewhere two more: many a test waits
    for a function that hangs.
    """
    return (os.cpu_count() or 1) + (0 if config.option.markexpr == "browser" else 2)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Where tests run in several processes, those of one class run in the same: what they share
    is costly to make. In the browser those of one module do, each notebook of it by itself. (The
    groups of pytest-xdist 3.8 do not work with pytest 9.2.)
    """
    from xdist.scheduler import LoadGroupScheduling

    class ByClass(LoadGroupScheduling):
        def _split_scope(self, nodeid):
            file, *names = nodeid.partition("[")[0].split("::")
            if "tests/browser/" in file:
                notebook = re.search(r"\b\d\d_\w+", nodeid.partition("[")[2])
                return f"{file}::{notebook[0] if notebook else ''}"
            return f"{file}::{names[0]}" if len(names) > 1 else super()._split_scope(nodeid)

    return ByClass(config, log)


def pytest_sessionfinish(session):
    """In CI a skipped test is a failure: .ci/run installs whatever a test may need."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("\nA test was skipped, and in CI none may be.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """How long each notebook ran, told at the end: a limit that comes nearer is seen in time."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "ran":
                terminalreporter.write_line(value)
