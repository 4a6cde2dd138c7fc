"""A kernel for a student's cells, which is started again when it dies or hangs.

There is a sandbox around it and an agent in it. Everything that it does is limited in time, and
nothing that it sends is trusted.
"""

import ast
import asyncio
import contextlib
import os
import socket
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import numpy as np
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient import NotebookClient
from nbclient.util import run_sync
from nbformat import NotebookNode

from autograder import CLONE
from autograder.kernel.inside.codec import Message
from autograder.kernel.inside.shared import Shared
from autograder.kernel.inside.values import put_back
from autograder.kernel.limits import DEADLINES, TimeLimits, bounded
from autograder.kernel.outputs import clean, error_output
from autograder.kernel.remote import OutOfTime, Wire, WireBroken, positions, size
from autograder.kernel.sandbox import Manager
from autograder.kernel.sandbox.watch import MACHINE
from autograder.kernel.sockets import OverSockets
from autograder.kernel.stand_ins import (
    Operation,
    RemoteFunction,
    StudentClass,
    is_remote,
    keep,
    named,
)
from autograder.submission.structure import new_cell
from saelab.code import parsed

Key = tuple[object, ...]  # what the student's kernel is asked for

MOST_OUTPUT = 5_000_000  # characters of one cell's outputs, figures included
MOST_AGAIN = 5  # seconds; of cells that took longer, a new kernel gets the definitions alone
MOST_ASKED = 2**30  # bytes that the grader takes for what an ordinary cell asks it to do
START = """
import sys as _sys
_sys.path.insert(0, {clone!r})
from autograder.kernel.inside import agent as _agent
_sys.path.pop(0)
_agent.agent = _agent.Agent(_agent.Connection({descriptor}), globals())
del _sys, _agent
"""
SERVE = "__import__('sys').modules['autograder.kernel.inside.agent'].agent.serve()"


@dataclass(frozen=True)
class World:
    """What a kernel is given, besides what was handed in.

    Attributes:
        offered: functions of the grader's that the student's code may call at any time, by their
            names.
        shown: files and folders that it may read.
        variables: its environment variables.
    """

    offered: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    shown: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


class Beside:
    """What goes with a question to the student's code, and comes with its answer, besides values.

    With this class nothing does.
    """

    def sends(self, arguments: Collection[object]) -> dict[str, Any]:
        """Further fields of the question with these arguments: see Agent.do (inside/agent.py)."""
        return {}

    def hears(self, answer: Mapping[str, Any]) -> None:
        """Take notice of what an answer says besides. Its fields may be anything."""

    def moved(self, values: list[Any]) -> None:
        """Take notice of values that the test has, and the student's code has changed in place."""

    def says_something(self, target: object, args: tuple[Any, ...], answer: Any) -> bool:
        """Whether an answer is one that an untouched notebook would not give.

        Args:
            target: what was called, or the operation.
            args: its positional arguments.
            answer: the value, or the error that was raised.
        """
        silent = isinstance(answer, (NotImplementedError, TimeoutError, KernelDied))
        return not silent and getattr(answer, "remote_ran", True)


class StudentKernel(OverSockets, NotebookClient):
    """The kernel of one submitted notebook: it runs its cells, and calls its functions.

    Use it in a with block.

    Args:
        notebook: says which kernel it wants, which counts only without a sandbox.
        folder: the folder in which the notebook lies.
        limits: what the notebook may use.
        world: what the kernel is given.
        sandboxed: whether there is a sandbox around the kernel.
        values_alone: whether what counts of a function is the value that it returns: named tuples
            and the like cross as plain values, and the caller of a function that returns something
            keeps its arguments as they were.
        **settings: traits of NotebookClient; its timeout is the timeout of one cell.

    Attributes:
        wire: the grader's end of the socket to the agent in the kernel; None if there is no kernel.
        disturbed: whether something else on the machine has ended a kernel.
        asked: how often the student's code was asked something.
        answered: how often it answered: by a value, or by an error that says more than that it is
            not written yet.
        beside: gets what comes with an answer besides a value, and gives what goes with a question.
    """

    km: AsyncKernelManager | None

    def __init__(
        self,
        notebook: NotebookNode,
        folder: Path,
        limits: TimeLimits,
        world: World,
        sandboxed: bool,
        values_alone: bool = False,
        **settings: Any,
    ) -> None:
        resources = {"metadata": {"path": str(folder)}}
        # nbclient puts each cell that it executes into a notebook, and asks for nothing else there.
        own = NotebookNode(metadata=notebook.metadata, cells=[None])
        super().__init__(own, resources=resources, **settings)
        self.folder, self.limits, self.world = folder, limits, world
        self.sandboxed, self.values_alone = sandboxed, values_alone
        self.end = time.monotonic() + limits.notebook
        self.restarts, self.serving, self.cells_used = 0, False, 0.0
        self.wire: Wire | None = None
        self.executed: list[str] = []
        self.lost: KernelDied | None = None
        self.asked, self.answered = 0, 0
        self.beside = Beside()
        self.rebound: dict[str, tuple[Any, ...]] = {}
        self.turn = threading.RLock()  # one thread of a test asks at a time
        self.shared = Shared()
        # What hung or killed the kernel, and the seconds that calls of each function took.
        self.spent: dict[Key, Exception] = {}
        self.used: dict[Key, float] = defaultdict(float)
        # Whether something else on the machine has ended a kernel.
        self.disturbed = False

    def __enter__(self) -> Self:
        try:
            self.start_kernel()
        except BaseException:
            self.give_up_kernel()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.give_up_kernel()

    def seconds_left(self) -> float:
        """The seconds that this notebook may still take.

        Raises:
            TimeoutError: if there are none left.
        """
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError(
                f"the notebook's {self.limits.notebook:g} s were used up before this"
            )
        return left

    # --- the student's cells ---------------------------------------------------------

    def run_cell(self, cell: NotebookNode) -> None:
        """Execute a cell of the student's, whatever it may do to its kernel.

        If the cells before it have used up the time for all cells, only its imports and definitions
        are executed.

        Args:
            cell: gets the outputs and the execution count. If the cell ended the kernel or there
                was no time left for it, an error among the outputs says so.
        """
        late = self.cells_used > self.limits.cells
        source = definitions(cell.source) if late else cell.source
        try:
            self.revive()
            start = time.monotonic()
            running = new_cell("code", source, "running")
            died = self.try_cell(running)
        except (TimeoutError, KernelDied) as error:
            cell.outputs = [error_output(error, "")]
            return
        took = time.monotonic() - start
        self.cells_used += took
        cell.outputs, cell.execution_count = running.outputs, running.execution_count
        if died:
            message = f"this cell {died}; the cells below run without what it did"
            cell.outputs = [
                *clean(cell.outputs, MOST_OUTPUT),
                error_output(KernelDied(message), ""),
            ]
        elif late:
            message = (
                f"the cells above used up the {self.limits.cells:g} s that there are for all; of "
                "this one only imports and definitions were executed"
            )
            cell.outputs = [*cell.outputs, error_output(TimeoutError(message), "")]
        # What a kernel that is started again has to execute first.
        again = definitions(source) if died or took > MOST_AGAIN else source
        self.executed.append(again)

    def try_cell(self, cell: NotebookNode) -> str:
        """Execute a cell, which may end the kernel.

        Args:
            cell: gets the outputs and the execution count.

        Returns:
            How the cell ended the kernel, in words; "" if it did not.

        Raises:
            TimeoutError: if the notebook has no time left.
        """
        limit = min(self.timeout or self.limits.notebook, self.seconds_left())
        # What a cell displayed stays as it is once the cell is done.
        self.reset_execution_trackers()
        self.heard = 0
        try:
            with self.killed_after(limit + self.iopub_timeout + 10):
                run_sync(self.execute_and_answer)(cell)
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
        self.heard += sum(len(str(part)) for part in content.values())
        if msg["msg_type"] != "status" and self.heard > 2 * MOST_OUTPUT:
            return None  # and `clean` says so
        return super().process_message(msg, cell, cell_index)

    async def execute_and_answer(self, cell: NotebookNode) -> None:
        """Execute a cell; meanwhile call what the grader offers, when the cell asks for it.

        Args:
            cell: the cell.

        Raises:
            WireBroken: if the grader could not answer what the cell asked.
        """
        loop, wire = asyncio.get_running_loop(), self.wire
        assert wire is not None
        descriptor = wire.connection.fileno()
        broken: list[BaseException] = []

        def answer() -> None:
            try:
                with bounded(MOST_ASKED, self.limits.call):
                    wire.serve()
            except BaseException as error:
                loop.remove_reader(descriptor)
                broken.append(error)
                self.kill_kernel()

        loop.add_reader(descriptor, answer)
        try:
            await self.async_execute_cell(cell, 0, store_history=True)
        finally:
            loop.remove_reader(descriptor)
            if self.wire is not None:
                self.wire.take_back()
        if broken:
            raise WireBroken(str(broken[0]))

    # --- the student's functions -----------------------------------------------------

    def look(self, names: Collection[str]) -> dict[str, Any]:
        """Look up names in the student's notebook.

        Args:
            names: the names to look up.

        Returns:
            From those names that the notebook has to their values or stand-ins.

        Raises:
            WireBroken: if the kernel's list of names cannot be read.
            Exception: what `ask` raises.
        """
        with self.one_at_a_time():
            answer = self.ask(("look", *names), "look", names=names)
        try:
            values = {name: value for name, value in answer["value"] if name in names}
            numbers = dict(answer.get("shared", ()))
        except (TypeError, ValueError):
            raise WireBroken("the kernel's list of names cannot be read") from None
        return {
            name: named(value, name, self.values_alone)
            if is_remote(value)
            else self.held(numbers.get(name), value)
            for name, value in values.items()
        }

    def call(
        self,
        target: RemoteFunction | StudentClass | Operation,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Call a function or class of the student's, or do something to an object of the student's.

        What the call changed in place is changed in the caller's arguments too; if it returns
        something, only unless these are to be kept.

        Args:
            target: the function, the class or the operation.
            args: its positional arguments.
            kwargs: its keyword arguments.

        Returns:
            The result.

        Raises:
            Exception: what `ask` raises.
        """
        with self.one_at_a_time():
            return self.call_alone(target, args, kwargs)

    @contextlib.contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Let other threads of a test wait for a with block.

        Raises:
            RuntimeError: if this thread has waited in vain.
        """
        if not self.turn.acquire(timeout=self.limits.function):
            raise RuntimeError("another thread of the test is still waiting for an answer")
        try:
            yield
        finally:
            self.turn.release()

    def call_alone(
        self,
        target: RemoteFunction | StudentClass | Operation,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """As `call`, while no other thread of the test asks."""
        self.give_rebound()
        key: Key | None = None
        how: dict[str, Any] = {}
        if isinstance(target, RemoteFunction):
            how = {"instead": dict(target.instead), "measure": target.measure}
            # A call that is measured is slow, and says nothing of others.
            key = str(target.remote_reference), bool(target.instead), target.measure
        elif isinstance(target, StudentClass):
            key = (str(target.remote_reference),)
        how |= {"plain": True} if self.values_alone else {}
        given = [*args, *kwargs.values()]
        how |= self.beside.sends(given)
        if moved := self.shared.changes():
            how["shared"] = moved
        if not self.values_alone:
            numbers = [[i, self.shared.number_of(one)] for i, one in enumerate(given)]
            how["identical"] = [[i, number] for i, number in numbers if number is not None]
        self.asked += 1
        try:
            answer = self.ask(key, "call", target=target, args=list(args), kwargs=kwargs, **how)
        except Exception as error:
            self.answered += self.beside.says_something(target, args, error)
            raise
        self.answered += self.beside.says_something(target, args, answer["value"])
        self.beside.hears(answer)
        if type(answer.get("moved")) is list:
            self.beside.moved(self.shared.take(answer["moved"]))
        changed = positions(answer.get("changed"), given)
        if isinstance(target, RemoteFunction):
            keep(target, changed=changed, held=size(answer.get("held")))
        if answer.get("value") is None or not self.values_alone:
            for position, value in changed.items():
                put_back(given[position], value)
        return answer["value"] if self.values_alone else self.identical(answer, given)

    def identical(self, answer: Message, given: list[Any]) -> Any:
        """The value of an answer: the very object that the test has, where it has it already.

        Args:
            answer: the answer.
            given: the arguments.
        """
        value = answer["value"]
        for position, number in positions(answer.get("kept"), given).items():
            if type(number) is int:
                self.shared.hold(number, given[position])
        for position in positions([[answer.get("same"), None]], given):
            if put_back(given[position], value):
                return given[position]
        part = view_of(given, value, answer.get("view"))
        if part is not None:
            return part
        return self.held(answer.get("shared"), value)

    def held(self, number: object, value: Any) -> Any:
        """A value, or the same one as the test has it already.

        Args:
            number: the number by which both ends hold it; anything else if they do not.
            value: the value, as it is now.
        """
        if type(number) is int:
            known, _ = self.shared.held.get(number, (None, None))
            value = known if put_back(known, value) else value
            self.shared.hold(number, value)
        return value

    def do(self, what: str, *args: Any) -> Any:
        """Have something done in the kernel that is no question to the student's code.

        Args:
            what: the name of the operation.
            *args: its arguments.

        Returns:
            What it returns.

        Raises:
            Exception: what `ask` raises.
        """
        answer = self.ask(None, "call", target=Operation(what), args=list(args), kwargs={})
        return answer["value"]

    def rebind(self, name: str, *value: Any) -> None:
        """Give a name of the notebook another value before its code is asked again.

        Args:
            name: the name.
            *value: its value; none if the name is to be deleted.
        """
        self.rebound[name] = value

    def give_rebound(self) -> None:
        """Tell the kernel which names a test has bound or deleted, except for what cannot cross."""
        while self.rebound:
            name, value = self.rebound.popitem()
            with contextlib.suppress(ValueError, TypeError):
                number = self.do("bind" if value else "unbind", name, *value)
                if type(number) is int:
                    self.shared.hold(number, value[0])

    def ask(self, key: Key | None, kind: str, **message: Any) -> Message:
        """Send one request to the agent; the kernel is started again first if it has to be.

        Args:
            key: identifies what is asked for. What hung or killed the kernel once is not asked for
                again: the same error is raised at once. None keeps no such record.
            kind: the kind of request: "look" or "call".
            **message: the other fields of the request.

        Returns:
            The agent's answer.

        Raises:
            TimeoutError: if the answer, all answers for this key together, or the notebook took too
                long.
            KernelDied: if the kernel ended, or cannot be started again.
            Exception: if the student's code raised an error; it has the same name (see
                student_error).
        """
        if key is not None and key in self.spent:
            raise self.spent[key]
        wire = self.wire
        nested = wire is not None and wire.nested > 0
        if wire is None or not nested:
            wire = self.start_serving()
        seconds = min(self.limits.call, self.seconds_left())
        start = time.monotonic()
        try:
            with self.killed_after(seconds + 10):
                return wire.request(seconds, kind=kind, **message)
        except OutOfTime:
            error: TimeoutError | KernelDied = TimeoutError(
                f"it did not return within {seconds:.3g} s"
            )
            clean_up = self.calm_down
        except WireBroken as broken:
            error = KernelDied(f"it ended the kernel it ran in ({self.end_of_kernel(broken)})")
            clean_up = self.give_up_kernel
        finally:
            if key is not None and not nested:
                self.used[key] += time.monotonic() - start
                if self.used[key] > self.limits.function:
                    self.spent[key] = TimeoutError(
                        f"its calls took more than {self.limits.function:g} s together"
                    )
        # A request within another one ends both, and the outer one cleans up.
        (self.kill_kernel if nested else clean_up)()
        if key is not None:
            self.spent.setdefault(key, error)
        raise error

    # --- the kernel ------------------------------------------------------------------

    def create_kernel_manager(self) -> KernelManager:
        if not self.sandboxed:
            return super().create_kernel_manager()
        self.km = Manager(parent=self)
        return self.km

    def kernel_arguments(self) -> dict[str, Any]:
        """What the kernel is started with: the files that it can read, and its variables."""
        return {
            "given": files_beside(self.folder),
            "shown": [str(CLONE / "autograder" / "kernel" / "inside"), *self.world.shown],
            "variables": dict(self.world.variables),
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
        connection = Connection(ours.detach())
        self.wire = Wire(connection, self.world.offered, self.call, self.values_alone)
        self.shared = Shared()
        self.start_new_kernel_client()
        self.run_silently(START.format(clone=str(CLONE), descriptor=descriptor))

    def revive(self) -> Wire:
        """The wire to the kernel.

        If there is no kernel, one is started, and executes all earlier cells again.

        Returns:
            The wire.

        Raises:
            KernelDied: if the kernel ended too often, or does not answer even when it is new.
            TimeoutError: if the notebook has no time left.
        """
        if self.lost:
            raise self.lost
        while self.wire is None:
            self.restarts += 1
            if self.restarts > self.limits.restarts:
                raise KernelDied(
                    f"the notebook's kernel ended {self.restarts} times, and was not started again"
                )
            self.seconds_left()
            self.start_kernel()
            for position, source in enumerate(self.executed):
                if self.try_cell(new_cell("code", source, "again")):
                    del self.executed[position]
                    break
        return self.wire

    def start_serving(self) -> Wire:
        """The wire, whose kernel answers requests until `stop_serving`.

        Returns:
            The wire.

        Raises:
            KernelDied: if the kernel ended too often, or does not answer even when it is new.
            TimeoutError: if the notebook has no time left.
        """
        for _ in range(2):
            wire = self.revive()
            if self.serving:
                return wire
            try:
                with self.killed_after(self.limits.call + 10):
                    self.served = self.send_code(SERVE)
                    wire.expect("ready", self.limits.call)
                self.serving, self.company = True, self.threads_inside()
            except (OutOfTime, WireBroken):
                # Code of earlier cells is still running in it.
                self.give_up_kernel()
        self.lost = KernelDied("the notebook's kernel does not answer, not even when it is new")
        raise self.lost

    def stop_serving(self) -> None:
        """Let the kernel go on with the notebook's cells.

        If the functions have left threads or processes in the kernel, the kernel is ended: these
        could interfere with other functions and cells. Later cells then get a new kernel.
        """
        if not self.serving or self.wire is None:
            return
        try:
            self.give_rebound()
        except Exception:
            self.rebound.clear()
        self.wire.take_back()
        if self.has_company():
            self.give_up_kernel()
            return
        try:
            with self.killed_after(self.limits.call + 10):
                self.wire.send({"kind": "stop"})
                self.await_reply(self.served)
            self.serving = False
        except Exception:
            self.give_up_kernel()

    def calm_down(self) -> None:
        """Interrupt a function that did not return; if that does not help, end the kernel.

        The kernel is also ended if threads or processes are left in it, as in `stop_serving`.
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
        """Whether the sandbox has more threads than when the kernel began to answer requests."""
        return self.threads_inside() > self.company

    def threads_inside(self) -> int:
        return self.km.threads_inside() if isinstance(self.km, Manager) else 0

    def run_silently(self, code: str) -> None:
        with self.killed_after(60):
            self.await_reply(self.send_code(code))

    def send_code(self, code: str) -> str:
        """Have the kernel execute code of the grader's.

        Args:
            code: the code.

        Returns:
            The id of the message, with which await_reply() waits for the end.
        """
        assert self.kc is not None
        return self.kc.execute(code, silent=True, store_history=False)

    def await_reply(self, message_id: str) -> None:
        reply = self.wait_for_reply(message_id)
        if not reply or reply["content"].get("status") != "ok":
            raise RuntimeError(f"the kernel did not do what it was asked: {reply}")

    @contextlib.contextmanager
    def killed_after(self, seconds: float) -> Iterator[None]:
        """End the kernel if the with block takes too long, whatever the grader itself waits for.

        Args:
            seconds: how long the block may take.
        """
        deadline = DEADLINES.add(seconds, self.kill_kernel)
        try:
            yield
        finally:
            DEADLINES.cancel(deadline)

    def kernel_process(self) -> "subprocess.Popen[bytes] | None":
        """The process in which the kernel runs; None if there is no kernel."""
        km = self.km  # another thread may ask
        return getattr(km and km.provisioner, "process", None)

    def kill_kernel(self) -> None:
        process = self.kernel_process()
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()

    def end_of_kernel(self, error: Exception) -> str:
        """How the kernel ended, in a few words.

        Args:
            error: the error from which the grader noticed; its message is used if nothing more is
                known.

        Returns:
            The reason.
        """
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
        """End the kernel, and everything that was started in it."""
        self.kill_kernel()
        if self.wire is not None:
            self.wire.connection.close()
        self.wire, self.serving = None, False
        if self.km is not None:
            with contextlib.suppress(Exception):
                self._cleanup_kernel()
        self.km = self.kc = None
        self.remove_sockets()


def view_of(given: list[Any], value: Any, where: object) -> Any:
    """The part of an array of the test's that is the same as a value.

    Args:
        given: the arguments of the test's.
        value: the value.
        where: the position of the array, the bytes before the part, and the part's strides, as the
            kernel says; may be anything.

    Returns:
        The part, a view; None if there is none.
    """
    if type(where) is not list or len(where) != 3 or type(value) is not np.ndarray:
        return None
    position, offset, strides = where
    if type(position) is not int or not 0 <= position < len(given):
        return None
    array = given[position]
    if type(array) is not np.ndarray or array.dtype != value.dtype or array.dtype.hasobject:
        return None
    try:
        part: Any = np.ndarray(value.shape, value.dtype, array, offset, strides)
    except (TypeError, ValueError):  # it does not lie in it
        return None
    return part if part.tobytes() == value.tobytes() else None


class KernelDied(RuntimeError):
    """The kernel of a notebook ended too early."""


def files_beside(folder: Path) -> dict[str, str]:
    """The files that were handed in or handed out beside a notebook.

    Notebooks are left out, because the graded one holds the hidden tests. Links are left out too.

    Args:
        folder: the folder in which the notebook lies.

    Returns:
        From a path relative to the folder to the file's absolute path.
    """
    files = (path for path in folder.rglob("*") if path.suffix != ".ipynb")
    return {
        str(path.relative_to(folder)): str(path.resolve())
        for path in files
        if path.is_file() and not path.is_symlink()
    }


def _defines(node: ast.stmt) -> bool:
    """Whether a statement takes no time, and others may need what it leaves."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
        return True
    if not isinstance(node, ast.Assign):
        return False
    if isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func) == "previous.functions"
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def definitions(source: str) -> str:
    """The imports and definitions of a cell, without what it does; "" for what is not Python.

    Functions that are taken from an earlier notebook are defined, and so are constants.
    """
    tree = parsed(source)
    body: list[ast.stmt] = [node for node in tree.body if _defines(node)] if tree else []
    try:
        return ast.unparse(ast.Module(body, []))
    except RecursionError:
        return ""
