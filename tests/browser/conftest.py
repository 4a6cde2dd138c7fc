"""One server and one browser for all tests of this folder; a page for each thing that is tried."""

import shutil

import pytest

from autograder import CLONE
from tests.browser import axe as axe_core
from tests.browser import browsing, pictures
from tests.browser.lab import Lab
from tests.browser.server import Server
from tests.support.waiting import patient

FOLDER = CLONE / "tests" / "browser"


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and browsing.missing():
        pytest.skip(browsing.missing())


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
def browsed(browser):
    """A window with a memory, so that JupyterLab is loaded once, and all that it asks for."""
    context = browser.new_context(viewport=browsing.SIZE, service_workers="block")
    context.set_default_timeout(1000 * patient(30))
    yield browsing.Browsed(context)
    context.close()


@pytest.fixture(autouse=True)
def nothing_wrong(request):
    """No test's pages may ask another machine for anything, or complain in the console."""
    yield
    if "browsed" in request.fixturenames:
        record = request.getfixturevalue("browsed").record
        elsewhere, errors = record.elsewhere, record.errors
        record.clear()
        assert elsewhere == []
        assert not errors or request.getfixturevalue("server").without_races(errors) == []


@pytest.fixture
def page(browsed):
    page = browsed.context.new_page()
    yield page
    page.close()


@pytest.fixture
def lab(page, server):
    """JupyterLab in a page of this test's own."""
    yield Lab(page, server.url)
    server.end_kernels()


@pytest.fixture(scope="session")
def screenshot():
    """screenshot(seen, name): takes a picture of a page, or of an element: SEEN/NAME.png.

    Where README shows one, it has to look like this.
    """
    pictures.SEEN.mkdir(parents=True, exist_ok=True)

    def take(seen, name):
        path = pictures.SEEN / f"{name}.png"
        seen.screenshot(path=path, animations="disabled")
        assert pictures.stale(path) == []

    return take


@pytest.fixture(scope="session")
def axe():
    """For tests that need axe-core."""
    if axe_core.missing():
        pytest.skip(axe_core.missing())
