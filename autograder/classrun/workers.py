"""Those who do the work: a pool of processes on this machine, or a Dask cluster.

Both give a `concurrent.futures.Executor`. A lost worker costs only time: what it was doing is done
again, and only a task that ends its worker again and again is given up.
"""

import asyncio
import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import Protocol, Self, TypeVar

from autograder.course.files import sweep_scratch
from autograder.kernel.sandbox.warm import WARM

MOST_LOST = 2  # workers that may be lost over one task, alone
LOST = "it ended the process that graded it, again and again"
MOST_WAITING = 60  # seconds without any worker in a cluster
PATIENCE = 10  # seconds, in which a scheduler has to answer


class WorkerLost(Exception):
    """A task ended the process that worked on it, each time it was tried."""


class ClusterGone(Exception):
    """The cluster no longer answers, or has no workers."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Job = TypeVar("Job", bound=Hashable)
Outcome = TypeVar("Outcome")


class Workers(Protocol):
    """Those who do the work: a Pool or a Cluster, within its with block.

    Attributes:
        executor: takes tasks.
        window: how many tasks it is given at a time.
        lost: the type of the error of a task whose worker was lost.
        certain: whether such an error shows that this very task lost the worker.
    """

    window: int
    lost: type[BaseException]
    certain: bool

    @property
    def executor(self) -> Executor: ...

    def renew(self) -> None:
        """Get ready for tasks again after a worker was lost."""

    def check(self) -> None:
        """Check that the workers can still be reached.

        Raises:
            ClusterGone: if they cannot.
        """


class Pool:
    """Processes on this machine.

    Args:
        jobs: how many processes there are.
        sandboxed: whether they start sandboxes.
    """

    executor: ProcessPoolExecutor
    lost: type[BaseException] = BrokenExecutor
    # Of several tasks that were running, any may have ended the process.
    certain = False

    def __init__(self, jobs: int, sandboxed: bool = True) -> None:
        self.size, self.sandboxed = jobs, sandboxed
        self.window = 2 * jobs

    def __enter__(self) -> Self:
        # Here and in the workers, the garbage collector is to pass over what has been imported.
        gc.freeze()
        self.executor = self._begun()
        return self

    def __exit__(self, *error: object) -> None:
        gc.unfreeze()
        self._stop(at_once=error[0] is not None)

    def renew(self) -> None:
        """Start a new pool after the old one broke."""
        self._stop(at_once=True)
        self.executor = self._begun()

    def _stop(self, at_once: bool) -> None:
        if at_once:
            self._end()
        self.executor.shutdown(cancel_futures=True)
        sweep_scratch()  # of workers that could not clear up

    def _begun(self) -> ProcessPoolExecutor:
        # A fork has all that is imported here. But what other threads hold, it would hold for ever:
        # beside those, a process that has none imports the same once, and forks the workers.
        alone = threading.active_count() == 1
        context = multiprocessing.get_context("fork" if alone else "forkserver")
        if not alone:
            context.set_forkserver_preload(["autograder.classrun.steps"])
        pool = ProcessPoolExecutor(self.size, mp_context=context, initializer=end_with_parent)
        if alone and self.sandboxed:
            WARM.share()
        pool.submit(os.getpid).result()
        return pool

    def _end(self) -> None:
        """End workers that may be in the middle of something."""
        # From Python 3.14 on, kill_workers() of the executor does this.
        for process in list((self.executor._processes or {}).values()):
            process.kill()

    def check(self) -> None:
        pass


class Cluster:
    """The workers of a running Dask scheduler.

    They need this clone and the course at the same paths, and one thread each.

    Args:
        address: the scheduler's address, such as "tcp://10.0.0.1:8786".
    """

    # The scheduler has tried a task on several workers before it says that it is lost. But what
    # lay on the same workers has been lost as often.
    certain = True
    executor: Executor
    lost: type[BaseException]
    window: int

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> Self:
        try:
            from distributed import Client, KilledWorker, Security
            from distributed.comm import connect
        except ImportError:
            raise ValueError(
                "--scheduler needs Dask: pip install 'saelab[cluster]', or dask and distributed"
            ) from None
        self.lost = KilledWorker
        # What it logs of lost connections, with tracebacks, becomes one error here.
        for name in ("distributed", "distributed.client"):
            for handler in logging.getLogger(name).handlers:
                handler.setLevel(logging.CRITICAL + 1)

        async def knock() -> None:
            arguments = Security().get_connection_args("client")
            await (await connect(self.address, timeout=PATIENCE, **arguments)).close()

        try:
            # A Client that finds nobody takes long to say so, and longer to go away.
            asyncio.run(knock())
            self.client = Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ValueError(
                f"there is no Dask scheduler at {self.address!r} ({error or 'it does not answer'})"
            ) from None
        self.seen = time.monotonic()
        threads = self.client.nthreads()
        busy = sorted(worker for worker, count in threads.items() if count > 1)
        if busy:
            self.client.close(timeout=PATIENCE)
            raise ValueError(
                f"{len(busy)} workers of the cluster, such as {busy[0]}, do several things at "
                "once; for grading they need one thread each: start them by `dask worker "
                f"{self.address} --nthreads 1 --nworkers N`"
            )
        self.size = len(threads)
        self.window = 2 * max(self.size, 1) + 2
        # The same task twice is to be done twice: what it reads may have changed.
        self.executor = self.client.get_executor(pure=False, retries=1)
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(Exception):
            self.executor.shutdown(wait=False)
        with contextlib.suppress(Exception):
            self.client.close(timeout=10)

    def renew(self) -> None:
        """Do nothing: the scheduler has found other workers, or waits for them."""

    def check(self) -> None:
        """Check that the scheduler still answers and has workers.

        Raises:
            ClusterGone: if it does not answer, or has had no worker for MOST_WAITING seconds.
        """
        try:
            count = len(self.client.scheduler_info()["workers"])
            alive = self.client.status == "running"
        except Exception as error:
            raise ClusterGone(f"the scheduler at {self.address} is gone: {error}") from None
        if not alive:
            raise ClusterGone(f"the scheduler at {self.address} is gone")
        if count:
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > MOST_WAITING:
            raise ClusterGone(
                f"the scheduler at {self.address} has had no worker for {MOST_WAITING} s"
            )


def results(
    workers: Workers,
    function: Callable[[Job], Outcome],
    tasks: Iterable[Job],
    alone: bool = False,
    careful: Callable[[Job], Outcome] | None = None,
) -> Iterator[tuple[Job, Outcome | Exception]]:
    """Have workers do tasks, and give the results in the order in which the tasks end.

    Args:
        workers: a Pool or a Cluster, within its with block.
        function: called with one task, in a worker.
        tasks: the tasks, which are looked at when the first result is asked for.
        alone: whether each is done while no other is.
        careful: called in place of `function` with a task that may have ended its worker; None for
            the same again.

    Yields:
        Each task with what function(task) returned, or with the error that it raised. For a task
        that ended its worker again and again, the error is WorkerLost.

    Raises:
        ClusterGone: if the cluster no longer answers, has no workers, or has given up a task.
    """
    waiting, suspects = deque(tasks), deque[Job]()
    window = 1 if alone else workers.window
    losses: Counter[Job] = Counter()
    running: dict[Future[Outcome], Job] = {}
    while waiting or suspects or running:
        # A task that was there when a worker was lost is done alone, to see whether it was that.
        if suspects:
            if not running:
                task = suspects.popleft()
                running[submitted(workers, careful or function, task)] = task
        else:
            while waiting and len(running) < window:
                if not running:
                    future = submitted(workers, function, waiting[0])
                else:
                    try:
                        future = workers.executor.submit(function, waiting[0])
                    except workers.lost:
                        break  # the running tasks show what was lost
                running[future] = waiting.popleft()
        done, _ = wait(running, timeout=5, return_when=FIRST_COMPLETED)
        workers.check()
        lost = []
        for future in done:
            task = running.pop(future)
            try:
                value = future.result()
            except workers.lost:
                lost.append(task)
            except CancelledError:
                raise ClusterGone("the cluster has given up what it was to do") from None
            except Exception as error:
                yield task, error
            else:
                yield task, value
        by_itself = len(lost) == 1 and not running
        if workers.certain:
            for task in lost:
                if by_itself:
                    yield task, WorkerLost(LOST)
                else:
                    suspects.append(task)
        elif lost:
            lost += running.values()
            running.clear()
            workers.renew()
            for task in lost:
                losses[task] += by_itself
                if losses[task] >= MOST_LOST:
                    yield task, WorkerLost(LOST)
                else:
                    suspects.append(task)


def submitted(workers: Workers, function: Callable[[Job], Outcome], task: Job) -> Future[Outcome]:
    """The future of a task, which goes to renewed workers if the old ones have broken."""
    while True:
        try:
            return workers.executor.submit(function, task)
        except workers.lost:
            workers.renew()


def end_with_parent() -> None:
    """End this process when its parent is gone, since nobody would take its results.

    Ctrl+C reaches this process too, but only the parent responds to it.
    """
    # A handler, since all processes that this one starts would inherit an ignored signal.
    signal.signal(signal.SIGINT, lambda *_: None)

    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
