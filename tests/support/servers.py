"""Real servers for tests: Jupyter's, PostgreSQL as gradebook, and a cluster of Dask.

Each is started on this machine alone, for one run of the tests, and ended with it. The fixtures
`postgresql_server`, `postgresql` and `dask_cluster` in conftest.py give the latter.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.waiting import patient, wait_until

LOOPBACK = "127.0.0.1"
PATIENCE = patient(60)  # seconds, in which a server has to answer
TOKEN = secrets.token_hex(16)  # which Jupyter's servers ask for: those of another run refuse it
CONNECTIONS = 20  # that PostgreSQL takes at once


class Missing(Exception):
    """What a server is made of is not installed; says which package has it."""


# --- Jupyter -----------------------------------------------------------------------


class Jupyter:
    """A running server of Jupyter; its address, which ends in a slash, is `url`.

    course: the folder that it serves. home: an empty folder for what Jupyter writes elsewhere.
    application: the module that is started. words: more of its command line. environment: more of
    its environment. It has no settings of the person who runs the tests, and is ready once made.
    Errors: AssertionError with the server's own words where it does not start.
    """

    def __init__(self, course, home, application, words=(), environment=()):
        self.home, self.log = home, home / "server.log"
        folders = {
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        }
        command = [
            sys.executable, "-m", application, "--no-browser", "--allow-root",
            f"--ServerApp.ip={LOOPBACK}", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={course}", *words,
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=course, env={**os.environ, **folders, **dict(environment)},
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            self.url = _first(self._address, self.process, self.log, 120)
        except AssertionError:
            self.stop()
            raise

    def _address(self):
        """Where it answers; None while it does not."""
        # The system gives the server a free port, and it writes down which.
        for file in self.home.glob("runtime/jpserver-*.json"):
            with contextlib.suppress(ValueError, KeyError, OSError):
                self.url = json.loads(file.read_text())["url"]
                self.ask("GET", "api/status")
                return self.url
        return None

    def ask(self, method, path):
        """A request to its REST interface; returns what the answer holds."""
        headers = {"Authorization": f"token {TOKEN}"}
        request = urllib.request.Request(f"{self.url}{path}", headers=headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    def stop(self):
        _end(self.process, signal.SIGTERM)


# --- PostgreSQL --------------------------------------------------------------------


class PostgreSQL:
    """A server of PostgreSQL on a free port of this machine, as it comes from Debian.

    folder: where its files are. It refuses to be root, and is then run as Debian's user for it.
    Errors: Missing where PostgreSQL is not installed.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.password = secrets.token_hex(8)
        self.as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self.as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        self.made = 0

    def start(self):
        programs = _programs()
        (self.folder / "password").write_text(self.password)
        self._run(
            [
                programs / "initdb",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--username=teacher",
                "--auth=scram-sha-256",
                f"--pwfile={self.folder / 'password'}",
                f"--pgdata={self.folder / 'data'}",
            ]
        )
        # Another program may take the port between the question and the start.
        for _ in range(3):
            self.port = _free_port()
            settings = [f"port={self.port}", f"listen_addresses={LOOPBACK}", "fsync=off"]
            settings += [f"unix_socket_directories={self.folder}"]
            # Few, so that who does not close them is found out by a small class.
            settings += [f"max_connections={CONNECTIONS}", "superuser_reserved_connections=1"]
            command = [programs / "postgres", "-D", self.folder / "data"]
            for setting in settings:
                command += ["-c", setting]
            with (self.folder / "log").open("ab") as log:
                self.process = subprocess.Popen(
                    command, cwd=self.folder, stdout=log, stderr=log, **self.as_user
                )
            if self._answers():
                return self
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def database(self):
        """Make an empty database; returns its address, as nbgrader's db_url takes it."""
        self.made += 1
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE course{self.made}")
        user = f"teacher:{self.password}"
        return f"postgresql+psycopg://{user}@{LOOPBACK}:{self.port}/course{self.made}"

    def end(self):
        # What the signal means to PostgreSQL: close all connections, and end.
        _end(self.process, signal.SIGINT)

    def _run(self, command):
        answer = subprocess.run(
            command, check=False, cwd=self.folder, capture_output=True, text=True, **self.as_user
        )
        if answer.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{answer.stdout}{answer.stderr}")

    def _connect(self):
        import psycopg

        return psycopg.connect(
            host=LOOPBACK, port=self.port, user="teacher", password=self.password,
            dbname="postgres", autocommit=True, connect_timeout=5,
        )  # fmt: skip

    def _answers(self):
        """Wait until the server takes connections; False where it has ended instead."""
        import psycopg

        def there():
            with contextlib.suppress(psycopg.OperationalError):
                self._connect().close()
                return True

        wait_until(lambda: self.process.poll() is not None or there(), "PostgreSQL", every=0.05)
        return self.process.poll() is None


def _programs():
    """The folder with initdb and postgres, which Debian keeps off the PATH: the newest."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise Missing("needs the package postgresql (apt install postgresql)")
    return Path(found).resolve().parent


def _free_port():
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return asked.getsockname()[1]


@contextlib.contextmanager
def postgresql():
    """A running PostgreSQL, until the end of the block."""
    # pytest's temporary folders are closed to other users.
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
        server = PostgreSQL(folder)
        try:
            yield server.start()
        finally:
            if hasattr(server, "process"):
                server.end()


# --- Dask --------------------------------------------------------------------------


class Dask:
    """A scheduler of Dask and its workers, each a process started by its command line.

    address: of the scheduler. workers: a list of Popen, in the order of their start; each is the
    worker itself, with no nanny that would start it again, and leads a process group of its own.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.processes = []
        self.workers = []

    def start(self, workers=2):
        about = self.folder / "scheduler.json"
        self.scheduler = self._dask(
            "scheduler", "--host", LOOPBACK, "--port", "0", "--no-dashboard",
            "--scheduler-file", about,
        )  # fmt: skip
        told = _first(lambda: about.exists() and _json(about), self.scheduler, self._log)
        self.address = told["address"]
        for _ in range(workers):
            self.add_worker()
        self.wait_for(workers)
        return self

    def add_worker(self, *options):
        """Start one more worker; returns its Popen. options: of `dask worker`."""
        worker = self._dask(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny",
            "--host", LOOPBACK, "--death-timeout", "60",
            "--local-directory", self.folder, *options,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def wait_for(self, workers):
        """Wait until the scheduler knows this number of workers."""
        from distributed import Client

        with Client(self.address, timeout=PATIENCE) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    def end(self):
        for process in reversed(self.processes):
            # The group: what a worker has started goes with it, also when it was killed.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)

    def _dask(self, *words):
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *map(str, words)],
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)
        return process

    @property
    def _log(self):
        return self.folder / "log"


@contextlib.contextmanager
def dask(workers=2):
    """A running cluster of Dask, until the end of the block."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise Missing("needs the extra saelab[cluster] (pip install distributed)") from error
    with tempfile.TemporaryDirectory(prefix="dask-", ignore_cleanup_errors=True) as folder:
        cluster = Dask(folder)
        try:
            yield cluster.start(workers)
        finally:
            cluster.end()


# --- all ---------------------------------------------------------------------------


def _json(path):
    """What a file of JSON says; None while it is half written."""
    with contextlib.suppress(ValueError):
        return json.loads(path.read_text())


def _first(answer, process, log, seconds=60):
    """The first answer of a server. Errors: AssertionError with its own words, when it has none."""

    def look():
        assert process.poll() is None, log.read_text()
        return answer()

    return wait_until(look, log.read_text, seconds, every=0.05)


def _end(process, polite):
    """End a process by a signal, and where it takes too long, without asking."""
    process.send_signal(polite)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
