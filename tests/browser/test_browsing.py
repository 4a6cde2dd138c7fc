"""What listens to the pages hears them: else no other test of this folder could fail."""

from tests.browser import browsing
from tests.browser.server import RACE, is_race


def test_a_request_to_another_machine_is_seen_and_finds_nobody(browsed, page):
    with page.expect_console_message(lambda message: "ERR_NAME_NOT_RESOLVED" in message.text):
        found = page.evaluate(
            "() => fetch('https://example.org/x').then(() => 'found', error => String(error))"
        )
    assert "Failed to fetch" in found
    assert browsed.record.elsewhere == ["https://example.org/x"]
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in browsed.record.errors)
    browsed.record.clear()


def test_a_connection_to_another_machine_is_seen(browsed, page):
    page.evaluate(
        "() => new Promise(done => {"
        " new WebSocket('wss://example.org/socket').onerror = () => done() })"
    )
    assert "wss://example.org/socket" in browsed.record.elsewhere
    browsed.record.clear()


def test_errors_in_the_console_are_heard(browsed, page):
    with browsed.context.expect_event("weberror"):
        page.evaluate("() => { console.error('one'); setTimeout(() => { throw Error('two') }, 0) }")
    heard = " ".join(browsed.record.errors)
    browsed.record.clear()
    assert "one" in heard and "uncaught: " in heard and "two" in heard


def test_what_is_here():
    for url in ("http://127.0.0.1:8888/lab", "http://localhost/x", "data:text/plain,x"):
        assert browsing.is_here(url)
    for url in ("https://127.0.0.1.example.org/", "http://10.0.0.1/", "file:///etc/passwd"):
        assert not browsing.is_here(url)


def test_a_failing_list_of_kernels_is_forgiven_only_where_the_log_gives_the_known_reason():
    begin = "Failed to load resource: the server responded with a status of 500 (Internal Error)"
    error = f"{begin} (http://127.0.0.1:8888/api/kernels?123)"
    entry = "Uncaught exception GET /api/kernels?{} (127.0.0.1)\n{}\n[W] wrote error: 'Unhandled'\n"
    assert is_race(error, entry.format(123, RACE))
    assert not is_race(error, entry.format(124, RACE) + entry.format(123, "KeyError"))
    assert not is_race(error, entry.format(123, "KeyError") + entry.format(124, RACE))
    assert not is_race(error, "")
    assert not is_race(error.replace("kernels", "sessions"), entry.format(123, RACE))
