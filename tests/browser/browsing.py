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

# What a console may say without anything being wrong: (part of the line, why it is harmless).
HARMLESS = ()


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
        self.requests, self.complaints = [], []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("page", lambda page: page.on("websocket", self._connected))

    def _connected(self, socket):
        self.requests.append(socket.url)

    def _hear(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def clear(self):
        self.requests.clear()
        self.complaints.clear()

    @property
    def elsewhere(self):
        """The requests that would have left the machine."""
        return [url for url in self.requests if not is_here(url)]

    @property
    def errors(self):
        """The errors in the console, but for those that are known to be harmless."""
        return [
            text for text in self.complaints if not any(known in text for known, _ in HARMLESS)
        ]


def is_here(url):
    """Whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in HERE
