"""Debian's Chromium, which finds this machine alone, and what its pages said and asked for."""

import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

CHROMIUM = "/usr/bin/chromium"
HERE = ("127.0.0.1", "localhost")
OPTIONS = [
    "--no-sandbox",  # which root has none of; the pages are our own
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    # Whatever is not this machine has no address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
SIZE = {"width": 1280, "height": 900}

# What is asked of another machine, or complained of, without our being able to mend it:
# (how the address or the line begins, the page on which alone it may be, why).
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
SUBMISSION = "/formgrader/submissions/"
KNOWN = (
    (MATHJAX, SUBMISSION, "the address is written into nbgrader's own template"),
    (f"Failed to load resource: net::ERR_NAME_NOT_RESOLVED ({MATHJAX}", SUBMISSION,
     "the same, as it finds nobody"),
    ("uncaught: MathJax is not defined", SUBMISSION, "the same, in what comes next"),
)  # fmt: skip


def missing():
    """Why there is no browser on this machine, or None."""
    if shutil.which(CHROMIUM) is None:
        return f"the package chromium is not installed: there is no {CHROMIUM}"
    return None


@contextmanager
def chromium():
    """A browser, as Playwright has it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Browsed:
    """A window of the browser, and the record of what its pages do."""

    def __init__(self, context):
        self.context, self.record = context, Record(context)


class Record:
    """What the pages of a window asked for and complained of, since it was last cleared."""

    def __init__(self, context):
        # What, and on which page.
        self.requests: list[tuple[str, str]] = []
        self.complaints: list[tuple[str, str]] = []
        context.on("request", lambda request: self._note(self.requests, request.url, request.frame))
        context.on("console", self._hear)
        context.on("weberror", self._thrown)
        context.on("page", lambda page: page.on("websocket", self._connected))

    def _note(self, kept, what, page):
        kept.append((what, page.url if page else ""))

    def _connected(self, socket):
        self._note(self.requests, socket.url, None)

    def _hear(self, message):
        if message.type == "error":
            address = message.location.get("url", "")
            self._note(self.complaints, f"{message.text} ({address})", message.page)

    def _thrown(self, error):
        self._note(self.complaints, f"uncaught: {error.error.message}", error.page)

    def clear(self):
        self.requests.clear()
        self.complaints.clear()

    @property
    def elsewhere(self):
        """The requests that would have left the machine."""
        return [url for url, page in self.requests if not is_here(url) and not is_known(url, page)]

    @property
    def errors(self):
        """The errors in the console, but for those that are known to be harmless."""
        return [words for words, page in self.complaints if not is_known(words, page)]


def is_known(what, page):
    """Whether it is in the list of what we cannot mend."""
    return any(what.startswith(begins) and where in page for begins, where, _ in KNOWN)


def is_here(url):
    """Whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in HERE
