"""One server and one browser for all tests of this folder; each test has a page of its own."""

import shutil

import pytest

from tests.browser import browsing
from tests.browser.lab import Lab
from tests.browser.server import ROOT, TOKEN, Server

FOLDER = ROOT / "tests" / "browser"
SCREENSHOTS = ROOT / "build" / "screenshots"


def pytest_collection_modifyitems(items):
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and browsing.missing():
        pytest.skip(f"needs {browsing.missing()}")


@pytest.fixture(scope="session")
def course(fresh_course, tmp_path_factory):
    """The course that the server shows: nothing in it has been executed."""
    return shutil.copytree(fresh_course, tmp_path_factory.mktemp("browsed") / "course")


@pytest.fixture(scope="session")
def server(course, tmp_path_factory):
    server = Server(course, tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def context(browser):
    """Where pages share a cache, so that JupyterLab is loaded once."""
    context = browser.new_context(viewport=browsing.SIZE, service_workers="block")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def whole_record(context):
    return browsing.Record(context)


@pytest.fixture
def record(whole_record):
    """What this test's page asks for and complains of. No request may leave the machine."""
    whole_record.clear()
    yield whole_record
    assert whole_record.requests, "no request was seen: whoever listens for them does not work"
    assert whole_record.elsewhere == []
    assert whole_record.errors == []


@pytest.fixture
def lab(context, server, record):
    """JupyterLab in a page of this test's own."""
    page = context.new_page()
    yield Lab(page, server.url, TOKEN)
    page.close()
    server.end_kernels()


@pytest.fixture(scope="session")
def screenshot():
    """A function that takes a picture of a page, or of an element, into build/screenshots/."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(seen, name):
        path = SCREENSHOTS / f"{name}.png"
        seen.screenshot(path=path, animations="disabled")
        return path

    return take
