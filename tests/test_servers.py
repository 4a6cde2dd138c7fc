"""The servers of other tests are real, of this machine alone, and gone when they were used."""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest
from distributed import Client
from sqlalchemy import create_engine, text

from tests import servers

pytestmark = pytest.mark.long


def test_each_database_is_empty_and_needs_the_password(postgresql_server):
    first, second = postgresql_server.database(), postgresql_server.database()
    for url in (first, second):
        with create_engine(url).begin() as connection:
            assert "PostgreSQL" in connection.execute(text("SELECT version()")).scalar_one()
            connection.execute(text("CREATE TABLE students (name text)"))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(first.replace("+psycopg", "").replace(postgresql_server.password, "guess"))


def test_postgresql_is_gone_at_the_end():
    with servers.postgresql() as server:
        process, folder = server.process, server.folder
        assert process.poll() is None
        if os.geteuid() == 0:
            assert Path(f"/proc/{process.pid}").stat().st_uid != 0
    assert process.returncode == 0
    assert not folder.exists()


def test_a_worker_of_dask_can_be_lost(dask_cluster, tmp_path):
    workers = dask_cluster.workers
    with Client(dask_cluster.address) as client:
        assert set(client.run(os.getpid).values()) == {worker.pid for worker in workers}
        asked = client.submit(hang_at_first, str(tmp_path / "pid"), pure=False)
        while not (tmp_path / "pid").exists():
            assert asked.status == "pending", asked.exception()
            time.sleep(0.05)
        (lost,) = [w for w in workers if w.pid == int((tmp_path / "pid").read_text())]
        lost.kill()
        (other,) = [w for w in workers if w is not lost]
        assert asked.result(timeout=60) == other.pid
    assert lost.wait(10) == -signal.SIGKILL
    assert dask_cluster.scheduler.poll() is None


def hang_at_first(path):
    """Where nobody has done so before, say in a file who runs this, and never return."""
    if os.path.exists(path):
        return os.getpid()
    with open(f"{path}.new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(f"{path}.new", path)
    while True:
        time.sleep(1)
