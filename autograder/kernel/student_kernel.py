"""A kernel for a student's cells, which is started again when it dies or hangs.

There is a sandbox around it and an agent in it. Everything that it does is limited in time, and
nothing that it sends is trusted.
"""

import ast
import contextlib
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from nbformat import NotebookNode

from autograder import CLONE
from autograder.kernel.inside.arrays import view_of
from autograder.kernel.inside.codec import Message
from autograder.kernel.inside.shared import Shared
from autograder.kernel.inside.values import put_back
from autograder.kernel.limits import (
    DEADLINES,
    LONG,
    Budget,
    Schedule,
    TimeLimits,
    Times,
    TooMuch,
    bounded,
)
from autograder.kernel.outputs import Heard, error_output, size_of
from autograder.kernel.process import KernelProcess
from autograder.kernel.remote import GRACE, OutOfTime, Wire, WireBroken, positions, size
from autograder.kernel.sandbox.watch import MACHINE
from autograder.kernel.stand_ins import (
    Operation,
    RemoteFunction,
    StudentClass,
    is_remote,
    keep,
    named,
)
from autograder.submission.contents import files_in
from saelab.code import parsed

Key = tuple[object, ...]  # what the student's kernel is asked for

MOST_OUTPUT = 5_000_000  # characters of one cell's outputs, figures included
MOST_OF_ALL = 20_000_000  # characters of the outputs of all cells
MOST_AGAIN = 5  # seconds; of cells that took longer, a new kernel gets the definitions alone
MOST_ASKED = 2**30  # bytes that the grader takes for what an ordinary cell asks it to do
STARVED = "the machine that graded it had no processor left for it"
START = 60  # seconds, in which a kernel has to start
# Seconds after which a kernel is ended that has been interrupted in vain, or cannot be.
PATIENCE = 10
LEFT = (
    "what this cell had left running ended the kernel later; the cells below run with its imports "
    "and definitions alone"
)


@dataclass(frozen=True)
class World:
    """What a kernel is given, besides what was handed in.

    Attributes:
        offered: functions of the grader's that the student's code may call at any time, by their
            names.
        shown: files and folders that it may read: from where it finds them to the host's path.
        variables: its environment variables.
    """

    offered: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
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


@dataclass
class Executed:
    """A cell that was executed, and that a kernel which is started again executes first.

    Attributes:
        cell: the cell, with its outputs.
        source: what is executed again of it.
        left: whether it has left something running, which may end a kernel at any time.
    """

    cell: NotebookNode
    source: str
    left: bool = False


class StudentKernel:
    """The kernel of one submitted notebook: it runs its cells, and calls its functions.

    Use it in a with block.

    Args:
        new_process: makes the process of a kernel, not started yet.
        folder: the folder in which the notebook lies.
        limits: what the notebook may use.
        world: what the kernel is given.
        values_alone: whether what counts of a function is the value that it returns: named tuples
            and the like cross as plain values, and the caller of a function that returns something
            keeps its arguments as they were.

    Attributes:
        process: the process of the kernel; None if there is no kernel.
        wire: the grader's end of the socket to the agent in the kernel; None if there is no kernel.
        disturbed: how something else on the machine has ended a kernel, or kept it from what it had
            to do, in words; "" if it has not.
        asked: how often the student's code was asked something.
        answered: how often it answered: by a value, or by an error that says more than that it is
            not written yet.
        beside: gets what comes with an answer besides a value, and gives what goes with a question.
    """

    def __init__(
        self,
        new_process: Callable[[], KernelProcess],
        folder: Path,
        limits: TimeLimits,
        world: World,
        values_alone: bool = False,
    ) -> None:
        self.new_process, self.folder = new_process, folder
        self.limits, self.world, self.values_alone = limits, world, values_alone
        self.process: KernelProcess | None = None
        self.wire: Wire | None = None
        # Of kernels that have ended: what they had, and how long the grader listened to them.
        self.earlier, self.listened = Times(), 0.0
        self.grader = Schedule("self")
        self.whole = Budget(limits.notebook, self.times)
        self.room = MOST_OF_ALL
        self.restarts, self.resting, self.cells_used = 0, True, 0.0
        self.executed: list[Executed] = []
        self.lost: KernelDied | None = None
        self.asked, self.answered = 0, 0
        self.beside = Beside()
        self.rebound: dict[str, tuple[Any, ...]] = {}
        self.turn = threading.RLock()  # one thread of a test asks at a time
        self.shared = Shared()
        # What hung or killed the kernel, and the seconds that calls of each function took.
        self.spent: dict[Key, Exception] = {}
        self.used: dict[Key, float] = defaultdict(float)
        self.disturbed = ""

    def __enter__(self) -> Self:
        try:
            self.start_kernel()
        except BaseException:
            self.give_up_kernel()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.give_up_kernel()

    def times(self) -> Times:
        """What the kernels of this notebook have had of the processors.

        Where the grader itself waits for a processor, a kernel's answer lies there meanwhile.
        """
        now = self.process.times() if self.process else Times()
        waited = self.grader.times().waited + self.earlier.waited + now.waited
        return Times(waited, self.earlier.worked + now.worked)

    def away(self) -> float:
        """The seconds for which the grader has listened to the kernels of this notebook."""
        return self.listened + (self.wire.listened if self.wire else 0)

    def budget(self, seconds: float) -> Budget:
        """So many seconds, or as many as this notebook may still take.

        Raises:
            TimeoutError: if there are none left.
        """
        if not self.whole.left:
            raise TimeoutError(
                f"the notebook's {self.limits.notebook:g} s were used up before this"
            )
        return Budget(min(seconds, self.whole.left), self.times)

    # --- the student's cells ---------------------------------------------------------

    def run_cell(self, cell: NotebookNode, text: str | None = None) -> None:
        """Execute a cell of the student's, whatever it may do to its kernel.

        If the cells before it have used up the time for all cells, only its imports and definitions
        are executed.

        Args:
            cell: gets the outputs and the execution count. If the cell ended the kernel or there
                was no time left for it, an error among the outputs says so.
            text: what is executed of it; None for all.
        """
        late = self.cells_used > self.limits.cells
        source = cell.source if text is None else text
        source = definitions(source) if late else source
        try:
            self.revive()
            ran = self.try_cell(source)
            if ran.died and (others := self.calmed()):
                # What an earlier cell has left running may have ended the kernel.
                self.revive()
                ran = self.try_cell(source)
                self.settle(others, guilty=not ran.died)
        except (TimeoutError, KernelDied) as error:
            cell.outputs = [error_output(error, "")]
            return
        self.cells_used += ran.seconds
        cell.outputs, cell.execution_count = ran.heard.outputs(), ran.count
        self.room = max(self.room - sum(map(size_of, cell.outputs)), 0)
        if ran.died:
            why = KernelDied(f"this cell {ran.died}; the cells below run without what it did")
            cell.outputs.append(error_output(why, ""))
        elif late:
            message = (
                f"the cells above used up the {self.limits.cells:g} s that there are for all; of "
                "this one only imports and definitions were executed"
            )
            cell.outputs.append(error_output(TimeoutError(message), ""))
        again = definitions(source) if ran.died or ran.late or ran.seconds > MOST_AGAIN else source
        self.executed.append(Executed(cell, again, ran.left))

    def try_cell(self, source: str) -> "Ran":
        """Execute the text of a cell, which may end the kernel.

        Args:
            source: the text.

        Returns:
            What came of it.

        Raises:
            TimeoutError: if the notebook has no time left.
        """
        budget, ran = self.budget(self.limits.cell), Ran(Heard(min(MOST_OUTPUT, self.room)))
        wire, company = self.wire, self.threads_inside()
        assert wire is not None and self.process is not None
        try:
            with self.killed_after(LONG * budget.seconds + GRACE + PATIENCE):
                answer = wire.request(
                    budget,
                    late=self.process.interrupt,
                    heard=ran.heard.add,
                    within=lambda: bounded(MOST_ASKED, self.limits.call, self.away),
                    kind="cell",
                    source=source,
                )
            told = answer["value"] if type(answer["value"]) is dict else {}
            ran.count = told["count"] if type(told.get("count")) is int else None
            ran.left = bool(told.get("timers"))
        except OutOfTime as out:
            ran.late = True
            ran.heard.errors.append(TimeoutError(f"this cell took more than {budget.seconds:g} s"))
            if not out.calm:
                ran.died = f"ended the kernel ({self.end_of_kernel(out)})"
        except (Exception, TooMuch) as error:
            ran.died = f"ended the kernel ({self.end_of_kernel(error)})"
        if ran.died:
            self.give_up_kernel()
        else:
            wire.take_back()
            ran.left |= self.threads_inside() > company
        ran.seconds = budget.used
        return ran

    def calmed(self) -> list[tuple[Executed, str]]:
        """Have a new kernel execute only the definitions of cells that have left something running.

        Returns:
            These cells, with what was to be executed again of them before.
        """
        others = [(one, one.source) for one in self.executed if one.left]
        for one, _ in others:
            one.source, one.left = definitions(one.source), False
        return others

    def settle(self, others: Sequence[tuple[Executed, str]], guilty: bool) -> None:
        """Say in cells that what they had left running has ended the kernel, or trust them again.

        Args:
            others: the cells, as `calmed` gives them.
            guilty: whether it was them.
        """
        for one, source in others:
            if guilty:
                one.cell.outputs.append(error_output(KernelDied(LEFT), ""))
            else:
                one.source, one.left = source, True

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
        nested = self.wire is not None and self.wire.nested > 0
        wire = self.wire if nested else self.awake()
        assert wire is not None and self.process is not None
        budget, calm = self.budget(self.limits.call), False
        try:
            with self.killed_after(LONG * budget.seconds + GRACE + PATIENCE):
                late = None if nested else self.process.interrupt
                return wire.request(budget, late=late, kind=kind, **message)
        except OutOfTime as out:
            error: TimeoutError | KernelDied = TimeoutError(
                f"it did not return within {budget.seconds:.3g} s"
            )
            if budget.starved:
                self.disturbed = STARVED
            calm = out.calm and not self.has_company()
        except WireBroken as broken:
            error = KernelDied(f"it ended the kernel it ran in ({self.end_of_kernel(broken)})")
        finally:
            if key is not None and not nested:
                self.used[key] += budget.used
                if self.used[key] > self.limits.function:
                    self.spent[key] = TimeoutError(
                        f"its calls took more than {self.limits.function:g} s together"
                    )
        # A request within another one ends both, and the outer one cleans up.
        if nested:
            self.kill_kernel()
        elif not calm:
            self.give_up_kernel()
            if isinstance(error, KernelDied) and (others := self.calmed()):
                # What a cell has left running may have ended the kernel.
                try:
                    answer = self.ask(key, kind, **message)
                except KernelDied:
                    self.settle(others, guilty=False)
                    raise
                self.settle(others, guilty=True)
                return answer
        if key is not None:
            self.spent.setdefault(key, error)
        raise error

    # --- the kernel ------------------------------------------------------------------

    def start_kernel(self) -> None:
        """Start a kernel with an agent in it.

        Raises:
            RuntimeError: if it does not start; the message has the last lines that it printed.
        """
        ours, theirs = socket.socketpair()
        self.wire = Wire(
            Connection(ours.detach()), self.world.offered, self.call, self.values_alone
        )
        self.shared, self.resting = Shared(), True
        self.process = self.new_process()
        with theirs:
            given = files_beside(self.folder)
            inside = str(CLONE / "autograder" / "kernel" / "inside")
            shown = {inside: inside, **self.world.shown}
            self.process.start(theirs.fileno(), given, shown, self.world.variables)
        try:
            self.wire.expect("ready", Budget(START, self.times))
        except (OutOfTime, WireBroken) as error:
            late = isinstance(error, OutOfTime)
            why = f"it took more than {START} s" if late else self.end_of_kernel(error)
            said = self.process.last_words()
            self.give_up_kernel()
            raise RuntimeError(f"The student's kernel did not start: {why}\n{said}") from None

    def revive(self) -> Wire:
        """The wire to the kernel.

        If there is no kernel, one is started, and executes all earlier cells again.

        Returns:
            The wire.

        Raises:
            KernelDied: if the kernel ended too often.
            TimeoutError: if the notebook has no time left.
        """
        while self.wire is None:
            self.start_again()
            died = self.replay(self.executed)
            if died is None or self.calmed():
                continue
            # No cell is to be left out for what another one does: first the definitions alone.
            acting = [one for one in self.executed if one.source != definitions(one.source)]
            for one in acting:
                one.source = definitions(one.source)
            if not acting:
                self.ending(self.executed, died).source = ""
        return self.wire

    def start_again(self) -> None:
        """Start a kernel after another one has ended.

        Raises:
            KernelDied: if that has happened too often.
            TimeoutError: if the notebook has no time left.
        """
        if self.lost:
            raise self.lost
        self.restarts += 1
        if self.restarts > self.limits.restarts:
            self.lost = KernelDied(
                f"the notebook's kernel ended {self.restarts} times, and was not started again"
            )
            raise self.lost
        self.budget(0)
        self.start_kernel()

    def replay(self, cells: Sequence[Executed]) -> Executed | None:
        """Execute cells again in a new kernel.

        Args:
            cells: the cells.

        Returns:
            The cell in which it ended; None if it has not ended.
        """
        for one in cells:
            if one.source.strip():
                ran = self.try_cell(one.source)
                if ran.died:
                    return one
                one.left |= ran.left
        return None

    def ending(self, cells: Sequence[Executed], died: Executed) -> Executed:
        """The cell whose definitions end a kernel, found by halves.

        Args:
            cells: cells whose definitions, executed one after the other, end it.
            died: the cell in which it ended.

        Returns:
            The cell; if it takes several together, the one in which it ended.
        """
        while len(cells) > 1:
            middle = len(cells) // 2
            for half in (cells[:middle], cells[middle:]):
                self.start_again()
                ended = self.replay(half) is not None
                self.give_up_kernel()
                if ended:
                    cells = half
                    break
            else:
                return died
        return cells[0]

    def awake(self) -> Wire:
        """The wire to a kernel that is to be asked.

        Raises:
            KernelDied: if the kernel ended too often.
            TimeoutError: if the notebook has no time left.
        """
        wire = self.revive()
        if self.resting:
            self.resting, self.company = False, self.threads_inside()
        return wire

    def rest(self) -> None:
        """Let the kernel go on with the notebook's cells.

        If the functions have left threads or processes in the kernel, the kernel is ended: these
        could interfere with other functions and cells. Later cells then get a new kernel.
        """
        if self.resting or self.wire is None:
            return
        try:
            self.give_rebound()
        except Exception:
            self.rebound.clear()
        if self.wire is None:
            return
        self.wire.take_back()
        if self.has_company():
            self.give_up_kernel()
            return
        try:
            self.wire.send({"kind": "rest"})
            self.resting = True
        except WireBroken:
            self.give_up_kernel()

    def has_company(self) -> bool:
        """Whether the sandbox has more threads than when the kernel began to be asked."""
        return self.threads_inside() > self.company

    def threads_inside(self) -> int:
        return self.process.threads_inside() if self.process else 0

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

    def kill_kernel(self) -> None:
        process = self.process  # another thread may ask
        if process is not None:
            process.kill()

    def end_of_kernel(self, error: BaseException) -> str:
        """How the kernel ended, in a few words.

        Args:
            error: the error from which the grader noticed; its message is used if nothing more is
                known.

        Returns:
            The reason.
        """
        why = None
        if self.process and isinstance(error, WireBroken):
            deadline = time.monotonic() + 1
            while not (why := self.process.why_dead()) and time.monotonic() < deadline:
                time.sleep(0.001)
        if why:
            if why == MACHINE:
                self.disturbed = why
            return why
        return str(error) or type(error).__name__

    def give_up_kernel(self) -> None:
        """End the kernel, and everything that was started in it."""
        if self.wire is not None:
            self.wire.connection.close()
            self.listened += self.wire.listened
        if self.process is not None:
            process, self.process = self.process, None
            ended = process.times()
            self.earlier = Times(*(a + b for a, b in zip(self.earlier, ended)))
            process.close()
        self.wire, self.resting = None, True


@dataclass
class Ran:
    """What came of executing a cell.

    Attributes:
        heard: its outputs.
        count: its number, as the kernel says.
        died: how it ended the kernel, in words; "" if it did not.
        late: whether it did not end in time.
        left: whether it has left threads, processes or timers running.
        seconds: how long it took, as a Budget counts.
    """

    heard: Heard
    count: int | None = None
    died: str = ""
    late: bool = False
    left: bool = False
    seconds: float = 0.0


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
    return {name: str(place / name) for name, place in files_in(folder).files.items()}


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
