"""What is logged while a submission is graded."""

import contextlib
import logging
from collections.abc import Iterator

MOST_TOLD = 100_000  # characters of a log that are kept


class Messages(logging.Handler):
    """A log handler that keeps the messages it gets, and texts that are added to them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):
            self.add(f"[{record.levelname}] {record.getMessage()}")

    def add(self, text: str) -> None:
        if text:
            self.lines.append(text)

    def text(self) -> str:
        return "\n".join(self.lines)[:MOST_TOLD]


@contextlib.contextmanager
def messages() -> Iterator[Messages]:
    """Collect what nbgrader logs within a with block."""
    logger, kept = logging.getLogger("traitlets"), Messages()
    before, propagated = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [kept], False
    try:
        yield kept
    finally:
        logger.handlers, logger.propagate = before, propagated
