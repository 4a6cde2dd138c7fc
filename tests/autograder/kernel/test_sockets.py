"""Kernels that start at the same time do not get into each other's way."""

import multiprocessing
import os
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from jupyter_client import connect
from jupyter_client.channels import HBChannel
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring.build import Client, execute
from autograder.authoring.doctor.trial import StockExecute
from autograder.course.files import write_notebook

pytestmark = [
    pytest.mark.versions,
    pytest.mark.skipif(os.name != "posix", reason="Windows has no such sockets"),
]


def one_cell(source):
    kernel = {"name": "python3", "display_name": "Python 3"}
    return new_notebook(cells=[new_code_cell(source)], metadata={"kernelspec": kernel})


def first_output(notebook):
    return notebook.cells[0].outputs[0]


@pytest.fixture
def one_port_for_all(monkeypatch):
    """Every look for a free port finds the same one, as happens by bad luck."""
    found = []

    class Unlucky(connect.socket.socket):
        def getsockname(self):
            name = super().getsockname()
            if isinstance(name, tuple) and name[1]:
                found.append(name[1])
                return name[0], found[0]
            return name

    monkeypatch.setattr(connect.socket, "socket", Unlucky)


def test_kernels_start_though_every_port_is_taken(one_port_for_all):
    notebooks = [one_cell(f"{n} + 1") for n in range(3)]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda nb: Client(nb, timeout=60).execute(), notebooks))
    assert [first_output(nb)["data"]["text/plain"] for nb in done] == ["1", "2", "3"]


def test_over_tcp_their_ports_would_clash(one_port_for_all, tmp_path):
    _, written = connect.write_connection_file(str(tmp_path / "connection.json"))
    ports: dict[str, Any] = dict(written)
    names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    assert len({ports[name] for name in names}) == 1


@pytest.mark.parametrize("cell", ["1", "1 / 0"])
def test_a_process_of_a_pool_leaves_no_folder_of_sockets(cell, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = tmp_path / "01_one" / "01_one.ipynb"
    write_notebook(one_cell(cell), path)
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        error = pool.submit(execute, path).exception()
    assert ("ZeroDivisionError" in str(error)) == (cell == "1 / 0")
    assert list((tmp_path / "tmp").glob("kernel-*")) == []


def test_a_trial_by_nbgrader_itself_talks_over_sockets_too():
    execute = StockExecute(kernel_name="python3")
    execute.nb = one_cell("1 + 1")
    assert execute.create_kernel_manager().transport == "ipc"
    execute.remove_sockets()


def test_no_thread_is_waited_for_at_a_kernel_s_end():
    """One that beats for a killed kernel was seen not to end, and the build waited for ever."""
    client: Any = Client(one_cell("1"), timeout=60)
    client.create_kernel_manager()
    client.start_new_kernel()
    client.start_new_kernel_client()
    assert not [thread for thread in threading.enumerate() if isinstance(thread, HBChannel)]
    client._cleanup_kernel()
