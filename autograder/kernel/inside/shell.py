"""The shell that runs a student's cells: IPython's, without a Jupyter kernel around it.

What a cell prints, shows and raises becomes nbformat outputs, which an `emit` function gets as
plain dictionaries. The grader asks for cells and gets their outputs over the same wire as for
functions (agent.py), so that there is no second protocol, and no thread, in the student's process.
"""

import ast
import base64
import builtins
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from types import CodeType
from typing import IO, Any

from IPython.core import page
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config

from autograder.kernel.inside import absent

Outputs = list[dict[str, Any]]

MOST_TEXT = 10_000_000  # characters that one cell may send; the grader keeps less
OFTEN = 0.05  # seconds after which text is sent while its cell is still running
EXIT = (
    "exit() and quit() would have ended the notebook's kernel here, and nothing below could have "
    "been graded: take them out"
)


class Recorder:
    """Collects the outputs of a cell, and passes them on while it runs.

    Attributes:
        emit: gets outputs; says whether it has taken them, which it cannot at any moment.
        failed: whether there was an error among the outputs of this cell.
    """

    def __init__(self) -> None:
        self.emit: Callable[[Outputs], bool] = lambda outputs: False
        self.waiting: Outputs = []
        self.room, self.sent, self.failed = MOST_TEXT, 0.0, False
        # Threads of the student's print, too. So do handlers of signals, in the middle of anything
        # here: what they print waits in `late` until that is done.
        self.lock, self.busy = threading.RLock(), False
        self.late: list[tuple[str, str]] = []

    def begin(self) -> None:
        self.room, self.failed = MOST_TEXT, False

    def write(self, name: str, text: str) -> None:
        """Take what is printed to a stream."""
        with self.lock:
            self.late.append((name, text))
            if self.busy:
                return
            self.busy = True
            try:
                self._take_late()
            finally:
                self.busy = False
        if time.monotonic() - self.sent > OFTEN:
            self.flush()

    def _take_late(self) -> None:
        while self.late:
            name, text = self.late.pop(0)
            text = text[: max(self.room, 0)]
            self.room -= len(text)
            last = self.waiting[-1] if self.waiting else {}
            if last.get("name") == name:
                last["text"].append(text)
            elif text:
                self.waiting.append({"output_type": "stream", "name": name, "text": [text]})

    def add(self, output: dict[str, Any]) -> None:
        """Take an output of another kind."""
        with self.lock:
            self.waiting.append(output)
        self.failed |= output["output_type"] == "error"
        self.flush()

    def flush(self) -> None:
        """Pass on what there is, as far as it is taken."""
        with self.lock:
            if self.busy:
                return
            self.busy = True
            try:
                self._take_late()
                outputs, self.waiting = self.waiting, []
                for output in outputs:
                    if output["output_type"] == "stream":
                        output["text"] = "".join(output["text"])
                self.sent = time.monotonic()
                if outputs and not self.emit(outputs):
                    for output in outputs:
                        if output["output_type"] == "stream":
                            output["text"] = [output["text"]]
                    self.waiting = outputs + self.waiting
            finally:
                self.busy = False


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a student's cells.

    Args:
        name: "stdout" or "stderr".
        recorder: takes what is printed.
        number: the descriptor of the file that programs write to which the student's code starts.
    """

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, recorder: Recorder, number: int) -> None:
        self.name, self.recorder, self.number = name, recorder, number

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.number

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.recorder.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        pass  # it waits for little time anyway


class Publisher(DisplayPublisher):
    """Where `display` brings its objects."""

    shell: "Shell"

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: str | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        output: dict[str, Any] = {"output_type": "display_data", "data": as_text(data)}
        if transient and isinstance(transient.get("display_id"), str):
            output |= {"display_id": transient["display_id"], "update": bool(update)}
        self.shell.recorder.add(output)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.recorder.add({"output_type": "clear_output", "wait": bool(wait)})


class LastValue(DisplayHook):
    """Where the value of a cell's last expression is brought."""

    shell: "Shell"

    def start_displayhook(self) -> None:
        pass

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        self.shell.recorder.add(
            {
                "output_type": "execute_result",
                "data": as_text(format_dict),
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """An InteractiveShell whose outputs are recorded."""

    recorder: Recorder

    def enable_gui(self, gui: object = None) -> None:
        """Do nothing: there are no windows, and figures are shown as pictures."""

    async def run_code(
        self, code_obj: CodeType, result: Any = None, *, async_: bool = False
    ) -> bool:
        """Run a statement of a cell, and say whether the others must not be run any more."""
        failed = await super().run_code(code_obj, result, async_=async_)  # type: ignore[no-untyped-call]
        found = absent.used(result and result.error_in_exec) if failed else None
        if found is not None:
            self.stand_for(absent.bound_by(code_obj), found)
        return bool(failed) and found is None

    def stand_for(self, names: Iterable[str], found: absent.Absent) -> None:
        """Let an Absent stand for those of the names that are not bound."""
        self.user_ns.update({name: found for name in names if name not in self.user_ns})

    def go_on_without(self, module: str, *names: str) -> bool:
        """Tell that a module is missing whose import has just failed, and let names stand for it.

        Args:
            module: the first part of the module's name.
            *names: the names that the import would have bound.

        Returns:
            Whether that is so; False if the import failed for another reason.
        """
        if not absent.is_missing(sys.exc_info()[1], module):
            return False
        self.user_ns.update((name, absent.Absent(module)) for name in names)
        text = absent.words(module)
        self._show("ModuleNotFoundError", text, [f"ModuleNotFoundError: {text}"])
        return True

    def go_on_without_cell(self, *names: str) -> None:
        """Tell that a cell takes too long for grading, and let what it makes be absent.

        Args:
            *names: the names that it would have bound.
        """
        for name in names:
            self.stand_for([name], absent.Absent(name, is_module=False))
        self.recorder.write("stdout", f"{absent.NOT_EXECUTED}\n")

    def system(self, cmd: str) -> None:
        """Run a shell command, and show what it prints.

        IPython's own way needs a terminal, and so a session, which a sandbox does not give.
        """
        if cmd.rstrip().endswith("&"):  # as IPython says it
            raise OSError("Background processes not supported.")
        command = self.var_expand(cmd, depth=1)  # type: ignore[no-untyped-call]
        with subprocess.Popen(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as program:
            assert program.stdout is not None
            try:
                for line in program.stdout:
                    sys.stdout.write(line)
            except BaseException:
                program.kill()
                raise
        self.user_ns["_exit_code"] = program.returncode

    def transform_ast(self, node: ast.Module) -> ast.Module:
        # Were it among the ast_transformers, all of the cell would be looked through once more.
        return absent.guarded(super().transform_ast(node))  # type: ignore[no-untyped-call]

    def ask_exit(self) -> None:
        self._show("KernelDied", EXIT, [f"KernelDied: {EXIT}"])

    def _showtraceback(
        self, etype: type[BaseException], evalue: BaseException | None, stb: list[str]
    ) -> None:
        self._show(etype.__name__, str(evalue), stb)

    def _show(self, name: str, text: str, lines: list[str]) -> None:
        error = {"output_type": "error", "ename": name, "evalue": text, "traceback": lines}
        self.recorder.add(error)


def new_shell() -> Shell:
    """Make the shell of this process."""
    # A history is nobody's to read, and would take a thread.
    config = Config(HistoryManager={"enabled": False, "hist_file": ":memory:"})
    with tempfile.TemporaryDirectory() as folder:
        shell: Shell = Shell.instance(
            config=config,
            # Where a home cannot be written, IPython would make one among temporary files.
            ipython_dir=folder,
            profile_dir=ProfileDir.create_profile_dir(folder),
            display_pub_class=Publisher,
            displayhook_class=LastValue,
        )
    shell.recorder = Recorder()
    shell.set_hook("show_in_pager", page.as_hook(page.display_page), 90)  # type: ignore[no-untyped-call]
    return shell


class Cells:
    """Runs cells one after the other.

    Args:
        shell: the shell of this process.
    """

    def __init__(self, shell: Shell) -> None:
        self.shell, self.recorder = shell, shell.recorder
        # What programs write that a cell starts: it is read when the cell is done.
        self.files: dict[str, IO[bytes]] = {}
        for number, name in enumerate(("stdout", "stderr"), 1):
            self.files[name] = tempfile.TemporaryFile()  # noqa: SIM115  it lasts as long as this
            os.dup2(self.files[name].fileno(), number)
            setattr(sys, name, Stream(name, self.recorder, number))
        for name in ("input", "raw_input"):
            if hasattr(builtins, name):
                setattr(builtins, name, asking(getattr(builtins, name), sys.stdin))

    def run(self, source: str, emit: Callable[[Outputs], bool]) -> dict[str, Any]:
        """Run a cell.

        Args:
            source: its text.
            emit: gets its outputs, as they come.

        Returns:
            "count", the number of the cell; and "timers", whether it has left a timer running.
        """
        recorder = self.recorder
        recorder.begin()
        recorder.emit = emit
        try:
            done = self.shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            error = done.error_before_exec or done.error_in_exec
            if error is not None and not recorder.failed:
                self.shell._showtraceback(type(error), error, [type(error).__name__])
        finally:
            self.read_files()
            recorder.flush()
            recorder.emit = lambda outputs: False
        timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
        left = any(signal.getitimer(timer)[0] for timer in timers)
        return {"count": done.execution_count, "timers": left}

    def read_files(self) -> None:
        """Take what programs have written since the last time."""
        for name, file in self.files.items():
            size = os.fstat(file.fileno()).st_size
            if size:
                text = os.pread(file.fileno(), MOST_TEXT, 0).decode(errors="replace")
                os.ftruncate(file.fileno(), 0)
                os.lseek(file.fileno(), 0, os.SEEK_SET)
                self.recorder.write(name, text)


def asking(own: Callable[..., str], nobody: object) -> Callable[..., str]:
    """What `input` does where nobody answers: it reads sys.stdin only where a test has put one.

    Args:
        own: the function that reads sys.stdin.
        nobody: sys.stdin as it is.
    """

    def input(prompt: object = "") -> str:
        if sys.stdin is nobody:
            raise StdinNotImplementedError("input() was called, but nobody is there to answer")
        return own(prompt)

    return input


def as_text(data: dict[str, Any]) -> dict[str, str]:
    """The forms of what is displayed as text: pictures in base64, others that are no text left out.

    Args:
        data: from MIME types to text or bytes; may hold anything.
    """
    shown = {}
    for mime, value in data.items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        if isinstance(value, str):
            shown[str(mime)] = value
    return shown
