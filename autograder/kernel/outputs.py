"""Turns what a student's kernel sent for a cell into outputs that can be kept and shown.

The kernel runs code that may be hostile, and may send any JSON. Only pictures, text and errors
pass, as plain strings. HTML among them is not checked: what shows it must make it harmless.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

MIMES = (
    "text/plain", "text/html", "text/markdown", "text/latex",
    "image/png", "image/jpeg", "image/svg+xml",
)  # fmt: skip
LINE_OF_TEST = "in the line of the test: "
# No cell of the course has more outputs than this; each costs a browser more than its text.
MOST_OUTPUTS = 1_000
# Of so many is looked whether they are among those.
MOST_HEARD = 100_000
# An error is kept whatever the limit; more of them than this say nothing new.
MOST_ERRORS = 20


def clean(outputs: Any, limit: float, left_out: int = 0) -> list[NotebookNode]:
    """Make valid nbformat outputs from what is usable in `outputs`.

    It never raises. What exceeds the limit is left out: the rest of a text, but all of a picture or
    of HTML, because a part of these would be broken. A sentence at the end says how much was left
    out. An error stays an error.

    Args:
        outputs: what the kernel sent; may be anything.
        limit: the largest number of characters of all outputs together.
        left_out: how many characters have been left out before.

    Returns:
        The outputs.
    """
    outputs = list(outputs)[:MOST_HEARD] if isinstance(outputs, (list, tuple)) else []
    return _within(filter(None, map(_valid, outputs)), limit, left_out)


def _within(outputs: Iterable[NotebookNode], limit: float, left_out: int) -> list[NotebookNode]:
    """What the limit leaves of valid outputs, as clean() gives it.

    The work is linear in their number and in what is kept: they may have the same texts.
    """
    kept: list[list[NotebookNode]] = []  # together, those that become one
    room, errors = max(int(limit), 0), 0
    for output in outputs:
        if output.output_type == "error":
            errors += 1
            if errors > MOST_ERRORS:
                left_out += size_of(output)
                continue
        size, full = size_of(output), len(kept) >= MOST_OUTPUTS
        if full and output.output_type != "error":
            left_out += size
            continue
        if size > room:
            shorter, size_now = _shortened(output, 0 if full else room)
            left_out += size - size_now
            if shorter is None:
                continue
            output, size = shorter, size_now
        room = max(room - size, 0)
        last = kept[-1][0] if kept else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            kept[-1].append(output)
        else:
            kept.append([output])
    for first, *others in kept:
        if others:
            first.text += "".join(output.text for output in others)
    found = [first for first, *_ in kept]
    if left_out:
        # On stdout: nbgrader takes anything on stderr for an error.
        text = f"\n[{left_out} characters of output were left out here.]\n"
        found.append(NotebookNode(output_type="stream", name="stdout", text=text))
    return found


class Heard:
    """The outputs of a cell, as they come from its kernel.

    The work on them is linear in what is sent, however often one is updated, and whatever it shows.

    Args:
        limit: the largest number of characters of all outputs together.

    Attributes:
        kept: those so far, with the names by which they can be updated.
        updates: for a name, how many were there when they were updated last, and what they show
            since; None for nothing.
        errors: errors of the grader's, which come after the outputs.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.room, self.left_out = limit, 2 * limit, 0
        self.kept: list[tuple[NotebookNode, str | None]] = []
        self.updates: dict[str, tuple[int, NotebookNode | None]] = {}
        self.errors: list[BaseException] = []
        self.clears = False

    def add(self, outputs: Any) -> None:
        """Take some more of what a kernel sends; may be anything."""
        for output in outputs if type(outputs) is list else ():
            if type(output) is not dict:
                continue
            if output.get("output_type") == "clear_output":
                self.clears = True
                if not output.get("wait"):
                    self.clear()
                continue
            size = len(str(output))
            self.room -= size
            if self.room < 0:
                self.left_out += size
                if output.get("output_type") != "error":
                    continue
                # That there was one is never left out.
                output = {"output_type": "error", "ename": str(output.get("ename"))[:100]}
            self.clear()
            name, valid = output.get("display_id"), _valid(output)
            name = name if type(name) is str else None
            if output.get("update") is True:
                if name is not None:
                    self.updates[name] = len(self.kept), valid and valid.get("data")
            elif valid and len(self.kept) < MOST_HEARD:
                self.kept.append((valid, name))

    def clear(self) -> None:
        if self.clears:
            self.kept, self.updates, self.clears = [], {}, False

    def outputs(self) -> list[NotebookNode]:
        """All of them, as valid nbformat outputs within the limit."""
        cleaned = _within(self._updated(), self.limit, self.left_out)
        return [*cleaned, *(error_output(error, "") for error in self.errors)]

    def _updated(self) -> Iterator[NotebookNode]:
        """What is kept, each as it was updated last."""
        for place, (output, name) in enumerate(self.kept):
            count, data = self.updates.get(name, (0, None)) if name is not None else (0, None)
            if place >= count or "data" not in output:
                yield output
            elif data:
                yield NotebookNode({**output, "data": data})


def _valid(output: Any) -> NotebookNode | None:
    """A valid output, or None if there is none in it."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        text = _text(output.get("text"))
        return NotebookNode(output_type="stream", name=name, text=text) if text else None
    if kind == "error":
        lines = output.get("traceback")
        lines = lines[:10_000] if isinstance(lines, (list, tuple)) else [lines]
        return NotebookNode(
            output_type="error",
            ename=_text(output.get("ename")),
            evalue=_text(output.get("evalue")),
            traceback=[line for line in map(_text, lines) if line],
        )
    if kind not in ("display_data", "execute_result"):
        return None
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    data = NotebookNode((mime, _text(data[mime])) for mime in MIMES if mime in data)
    data = NotebookNode((mime, text) for mime, text in data.items() if text)
    if not data:
        return None
    valid = NotebookNode(output_type=kind, data=data, metadata=NotebookNode())
    if kind == "execute_result":
        count = output.get("execution_count")
        is_count = isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 10**9
        valid.execution_count = count if is_count else None
    return valid


def _text(value: Any) -> str:
    """A string that can be written as UTF-8; "" for anything but strings and lists of them."""
    if isinstance(value, (list, tuple)):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode("utf-8")


def size_of(output: NotebookNode) -> int:
    """The number of characters of a valid output."""
    if output.output_type == "stream":
        return len(output.text)
    if output.output_type == "error":
        return len(output.ename) + len(output.evalue) + sum(map(len, output.traceback))
    return sum(map(len, output.data.values()))


def _shortened(output: NotebookNode, room: int) -> tuple[NotebookNode | None, int]:
    """The output in at most `room` characters, and its size; None if nothing of it is left."""
    if output.output_type == "stream":
        output.text = output.text[:room]
        return (output if output.text else None), len(output.text)
    if output.output_type == "error":
        # Whether there was an error decides on points: it is never left out, whatever the room.
        output.ename, output.evalue = output.ename[:100], output.evalue[: max(room, 200)]
        output.traceback = [f"{output.ename}: {output.evalue}"]
        return output, size_of(output)
    small = NotebookNode()
    # The text says the same as what is shown in its place, in fewer characters.
    for mime in MIMES:
        if mime in output.data and len(output.data[mime]) <= room:
            small[mime] = output.data[mime]
            room -= len(output.data[mime])
    output.data = small
    return (output if small else None), size_of(output)


def error_output(error: BaseException, line: str) -> NotebookNode:
    """The output for an error, which gives no points.

    Args:
        error: the error.
        line: the line of the test in which it was raised, or "".

    Returns:
        An nbformat output of type "error".
    """
    name, text = type(error).__name__, str(error)
    if hasattr(error, "_render_traceback_"):
        lines = error._render_traceback_()
    else:
        lines = [f"{name}: {text}" if text else name]
    own = getattr(error, "line", "")
    if own:
        lines = [*lines, f"in your line: {own}"]
    if line:
        lines = [*lines, LINE_OF_TEST + line]
    output: NotebookNode = new_output("error", ename=name, evalue=text, traceback=lines)
    return output
