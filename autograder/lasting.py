"""A kernel for a student's cells, which is started again when it dies or hangs.

`LastingKernel` is nbgrader's Execute with a sandbox around its kernel, an agent in it, an end in
time for everything, and no trust in what the kernel sends.
"""

import ast
import asyncio
import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float, Integer, default

from autograder.deadlines import DEADLINES
from autograder.kernels import OverSockets
from autograder.outputs import clean
from autograder.parsing import parsed
from autograder.reconcile.structure import new_cell
from autograder.remote import Operation, OutOfTime, RemoteFunction, Wire, WireBroken
from autograder.sandbox import Manager
from autograder.sandbox.watch import MACHINE
from autograder.testcell import bounded, error_output

CLONE = Path(__file__).resolve().parents[1]
MOST_OUTPUT = 5_000_000  # characters of one cell's outputs, figures included
MOST_AGAIN = 5  # seconds; of cells that took longer, a new kernel gets the definitions alone
MOST_ASKED = 2**30  # bytes that the grader takes for what an ordinary cell asks it to do
START = """
import sys as _sys
_sys.path.insert(0, {clone!r})
from autograder.inside import agent as _agent
_sys.path.pop(0)
_agent.agent = _agent.Agent(_agent.Connection({descriptor}), globals())
del _sys, _agent
"""
SERVE = "__import__('sys').modules['autograder.inside.agent'].agent.serve()"


class LastingKernel(OverSockets, Execute):
    """Executes a student's cells one after the other, whatever they do to their kernel.

    wire: the grader's end of the socket to the agent in the kernel; None where there is no kernel.
    """

    km: AsyncKernelManager | None

    sandboxed = Bool(
        True,
        help="Run the student's code in a bubblewrap sandbox. Without it, that code can read and "
        "write whatever the grader can, the gradebook too: see docs/security.md.",
    ).tag(config=True)
    call_timeout = Float(10, help="Seconds that one call of a student's function may take.").tag(
        config=True
    )
    function_timeout = Float(
        30, help="Seconds that all calls of one student's function may take together."
    ).tag(config=True)
    cells_timeout = Float(
        90,
        help="Seconds that the student's cells may take together; of later ones only imports and "
        "definitions are executed.",
    ).tag(config=True)
    submission_timeout = Float(
        300, help="Seconds that one notebook may take; what comes after counts as failed."
    ).tag(config=True)
    max_restarts = Integer(
        20, help="How often a notebook's kernel is started again after it died or hung."
    ).tag(config=True)

    @default("iopub_timeout")
    def _iopub_timeout_default(self) -> int:
        return 5

    @default("store_widget_state")
    def _store_widget_state_default(self) -> bool:
        return False

    @default("shutdown_kernel")
    def _shutdown_kernel_default(self) -> str:
        # There is nothing in the kernel that would have to be saved.
        return "immediate"

    def forget(self, folder: Path) -> None:
        """Begin with another notebook, beside which lie the files of a folder."""
        self.folder = folder
        self.submission_end = time.monotonic() + self.submission_timeout
        self.restarts, self.serving, self.cells_used = 0, False, 0.0
        self.wire: Wire | None = None
        self.executed: list[tuple[str, int]] = []
        self.lost: KernelDied | None = None
        # Whether something else on the machine has ended a kernel.
        self.disturbed = False

    def offered(self) -> dict[str, Callable[..., Any]]:
        """Functions that the student's code may call at any time, by their names."""
        return {}

    def call(
        self, target: RemoteFunction | Operation, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call an object of the student's, for the wire."""
        raise NotImplementedError

    def seconds_left(self) -> float:
        """Seconds that this notebook may still take. Errors: TimeoutError where there are none."""
        left = self.submission_end - time.monotonic()
        if left <= 0:
            raise TimeoutError(
                f"the notebook's {self.submission_timeout:g} s were used up before this"
            )
        return left

    # --- the student's cells ---------------------------------------------------------

    def run_ordinary(self, cell: NotebookNode, index: int) -> None:
        """Execute a cell of the student's, whatever it may do to its kernel."""
        late = self.cells_used > self.cells_timeout
        source = definitions(cell.source) if late else cell.source
        try:
            self.revive()
            start = time.monotonic()
            running = new_cell("code", source, "running")
            died = self.try_cell(running, index)
        except (TimeoutError, KernelDied) as error:
            cell.outputs = [error_output(error, "")]
            return
        took = time.monotonic() - start
        self.cells_used += took
        cell.outputs, cell.execution_count = running.outputs, running.execution_count
        if died:
            told = f"this cell {died}; the cells below run without what it did"
            cell.outputs = [*clean(cell.outputs, MOST_OUTPUT), error_output(KernelDied(told), "")]
        elif late:
            told = (
                f"the cells above used up the {self.cells_timeout:g} s that there are for all; of "
                "this one only imports and definitions were executed"
            )
            cell.outputs = [*cell.outputs, error_output(TimeoutError(told), "")]
        # What a kernel that is started again has to execute first.
        again = definitions(source) if died or took > MOST_AGAIN else source
        self.executed.append((again, index))

    def try_cell(self, cell: NotebookNode, index: int) -> str:
        """Execute a cell; returns how it ended the kernel, in words, or "" where it did not."""
        limit = min(self.timeout or self.submission_timeout, self.seconds_left())
        # What a cell displayed stays as it is once the cell is done.
        self.reset_execution_trackers()
        self.shown = 0
        try:
            with self.killed_after(limit + self.iopub_timeout + 10):
                run_sync(self.execute_and_answer)(cell, index)
            cell.outputs = clean(cell.outputs, MOST_OUTPUT)
            return ""
        except Exception as error:
            # nbclient's errors for a dead or silent kernel, and whatever a forged message causes.
            why = self.end_of_kernel(error)
            self.give_up_kernel()
            return f"ended the kernel ({why})"

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        content = msg["content"]
        self.shown += sum(len(str(part)) for part in content.values())
        if msg["msg_type"] != "status" and self.shown > 2 * MOST_OUTPUT:
            return None  # and `clean` says so
        return super().process_message(msg, cell, cell_index)

    async def execute_and_answer(self, cell: NotebookNode, index: int) -> None:
        """Execute a cell, and meanwhile call what the grader offers, when the cell asks for it."""
        loop, wire = asyncio.get_running_loop(), self.wire
        assert wire is not None
        descriptor = wire.connection.fileno()
        broken: list[BaseException] = []

        def answer() -> None:
            try:
                with bounded(MOST_ASKED, self.call_timeout):
                    wire.serve()
            except BaseException as error:
                loop.remove_reader(descriptor)
                broken.append(error)
                self.kill_kernel()

        loop.add_reader(descriptor, answer)
        original = self.nb.cells[index]
        try:
            await self.async_execute_cell(cell, index, store_history=True)
        finally:
            self.nb.cells[index] = original  # in whose place nbclient puts what it executed
            loop.remove_reader(descriptor)
            if self.wire is not None:
                self.wire.take_back()
        if broken:
            raise WireBroken(str(broken[0]))

    # --- the kernel ------------------------------------------------------------------

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        self.start_kernel()
        try:
            yield
        finally:
            self.give_up_kernel()

    def create_kernel_manager(self) -> KernelManager:
        if not self.sandboxed:
            return super().create_kernel_manager()
        self.km = Manager(parent=self)
        return self.km

    def kernel_arguments(self) -> dict[str, Any]:
        """What the kernel is started with: the files that it is shown, and its variables."""
        return {
            "given": files_beside(self.folder),
            "shown": [str(CLONE / "autograder" / "inside")],
            "variables": {},
        }

    def start_kernel(self) -> None:
        """Start a kernel with an agent in it."""
        ours, theirs = socket.socketpair()
        with theirs:
            descriptor = theirs.fileno()
            arguments = self.kernel_arguments()
            if not self.sandboxed:
                arguments = {"env": {**os.environ, **arguments["variables"]}}
            self.create_kernel_manager()
            self.start_new_kernel(pass_fds=(descriptor,), **arguments)
        self.wire = Wire(Connection(ours.detach()), self.offered(), self.call)
        self.start_new_kernel_client()
        self.run_silently(START.format(clone=str(CLONE), descriptor=descriptor))

    def revive(self) -> Wire:
        """The wire to the kernel. Where there is none, one is started, and executes all again."""
        if self.lost:
            raise self.lost
        while self.wire is None:
            self.restarts += 1
            if self.restarts > self.max_restarts:
                raise KernelDied(
                    f"the notebook's kernel ended {self.restarts} times, and was not started again"
                )
            self.seconds_left()
            self.start_kernel()
            for position, (source, index) in enumerate(self.executed):
                if self.try_cell(new_cell("code", source, "again"), index):
                    del self.executed[position]
                    break
        return self.wire

    def start_serving(self) -> Wire:
        """The wire, whose kernel answers requests until `stop_serving`. Errors: as `revive`."""
        for _ in range(2):
            wire = self.revive()
            if self.serving:
                return wire
            try:
                with self.killed_after(self.call_timeout + 10):
                    self.served = self.send_code(SERVE)
                    wire.expect("ready", self.call_timeout)
                self.serving, self.company = True, self.threads_inside()
            except (OutOfTime, WireBroken):
                # Something of the cells before goes on in it.
                self.give_up_kernel()
        self.lost = KernelDied("the notebook's kernel does not answer, not even when it is new")
        raise self.lost

    def stop_serving(self) -> None:
        """Let the kernel go on with the notebook's cells.

        Not so where the functions have left threads or processes in it, which might do to others
        whatever they like: then these get a new one.
        """
        if not self.serving or self.wire is None:
            return
        self.wire.take_back()
        if self.has_company():
            self.give_up_kernel()
            return
        try:
            with self.killed_after(self.call_timeout + 10):
                self.wire.send({"kind": "stop"})
                self.await_reply(self.served)
            self.serving = False
        except Exception:
            self.give_up_kernel()

    def calm_down(self) -> None:
        """Interrupt what did not return; where that is of no use, end the kernel.

        So too where it has company, as in `stop_serving`.
        """
        try:
            with self.killed_after(10):
                assert self.km is not None and self.wire is not None
                run_sync(self.km.interrupt_kernel)()
                self.wire.expect("raise", 3)
                if self.has_company():
                    self.give_up_kernel()
        except Exception:
            self.give_up_kernel()

    def has_company(self) -> bool:
        """Whether there is more in the sandbox than when it began to answer requests."""
        return self.threads_inside() > self.company

    def threads_inside(self) -> int:
        return self.km.threads_inside() if isinstance(self.km, Manager) else 0

    def run_silently(self, code: str) -> None:
        with self.killed_after(60):
            self.await_reply(self.send_code(code))

    def send_code(self, code: str) -> str:
        """Have the kernel execute code of the grader's; returns what await_reply() takes."""
        assert self.kc is not None
        return self.kc.execute(code, silent=True, store_history=False)

    def await_reply(self, message_id: str) -> None:
        reply = self.wait_for_reply(message_id)
        if not reply or reply["content"].get("status") != "ok":
            raise RuntimeError(f"the kernel did not do as it was told: {reply}")

    @contextlib.contextmanager
    def killed_after(self, seconds: float) -> Iterator[None]:
        """End the kernel after so many seconds, whatever the grader itself waits for."""
        deadline = DEADLINES.add(seconds, self.kill_kernel)
        try:
            yield
        finally:
            DEADLINES.cancel(deadline)

    def kernel_process(self) -> "subprocess.Popen[bytes] | None":
        """What the kernel runs in; None where there is no kernel."""
        km = self.km  # another thread may ask
        return getattr(km and km.provisioner, "process", None)

    def kill_kernel(self) -> None:
        process = self.kernel_process()
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()

    def end_of_kernel(self, error: Exception) -> str:
        """How the kernel came to its end, in a few words."""
        process, km = self.kernel_process(), self.km
        if process is not None and km is not None:
            with contextlib.suppress(Exception):
                process.wait(1)
                run_sync(km.is_alive)()  # looks at how it ended
        why = km.why_dead() if isinstance(km, Manager) else None
        if why:
            self.disturbed |= why == MACHINE
            return why
        return str(error) or type(error).__name__

    def give_up_kernel(self) -> None:
        """End the kernel, and all that was started in it."""
        self.kill_kernel()
        if self.wire is not None:
            self.wire.connection.close()
        self.wire, self.serving = None, False
        if self.km is not None:
            with contextlib.suppress(Exception):
                self._cleanup_kernel()
        self.km = self.kc = None
        self.remove_sockets()


class KernelDied(RuntimeError):
    """The kernel of a notebook came to its end before its time."""


def files_beside(folder: Path) -> dict[str, str]:
    """What was handed in or handed out beside a notebook: from relative path to file.

    Notebooks are left out: the graded one holds the hidden tests.
    """
    files = (path for path in folder.rglob("*") if path.suffix != ".ipynb")
    return {
        str(path.relative_to(folder)): str(path.resolve())
        for path in files
        if path.is_file() and not path.is_symlink()
    }


def definitions(source: str) -> str:
    """The imports and definitions of a cell, without what it does; "" for what is not Python."""
    tree = parsed(source)
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    body: list[ast.stmt] = [node for node in tree.body if isinstance(node, kept)] if tree else []
    try:
        return ast.unparse(ast.Module(body, []))
    except RecursionError:
        return ""
