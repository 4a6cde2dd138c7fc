"""Whatever the blocks come from, they are the same examples, and cross to others without them."""

import gc
import operator
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.engine import (
    Objective,
    array_blocks,
    dask_blocks,
    file_blocks,
    patch_blocks,
    write_blocks,
)
from saelab.engine import blocks as blocks_module

DATA = np.random.default_rng(0).random((8, 103))
IMAGES = np.random.default_rng(1).normal(size=(3, 30, 40))


def joined(blocks):
    return np.concatenate(list(blocks), axis=1)


def saved(path, data=DATA, order="C"):
    np.save(path, np.asarray(data, order=order))
    return path


def from_file(order, dtype=float):
    return lambda folder: file_blocks(saved(folder / "x.npy", DATA.astype(dtype), order), 10)


def from_dask(_):
    return dask_blocks(pytest.importorskip("dask.array").from_array(DATA, chunks=(5, 10)))


SOURCES = {
    "array": lambda _: array_blocks(DATA, 10),
    "columns of Fortran": lambda _: array_blocks(np.asfortranarray(DATA), 10),
    "file": from_file("C"),
    "file in Fortran order": from_file("F"),
    "Dask": from_dask,
}


class TestAllSources:
    @pytest.mark.parametrize("name", SOURCES)
    def test_the_blocks_are_the_columns_in_their_order(self, name, tmp_path):
        blocks = SOURCES[name](tmp_path)
        assert (len(blocks), blocks.m) == (11, 103)
        assert [block.shape[1] for block in blocks] == [10] * 10 + [3]
        np.testing.assert_array_equal(joined(blocks), DATA)
        np.testing.assert_array_equal(blocks[-1], DATA[:, 100:])
        with pytest.raises(IndexError):
            blocks[11]

    @pytest.mark.slow
    def test_the_data_do_not_cross_to_another_process(self, tmp_path):
        sources = [make(tmp_path) for name, make in SOURCES.items() if name != "Dask"]
        sources.append(patch_blocks(IMAGES, 4, 103, size=10))
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            for blocks in sources:
                assert len(pickle.dumps(blocks)) < 500  # bytes; 103 examples are 6592
                there = pool.map(operator.getitem, [blocks] * len(blocks), range(len(blocks)))
                np.testing.assert_array_equal(joined(there), joined(blocks))

    def test_of_an_array_there_is_one_file_which_goes_with_it(self, tmp_path, monkeypatch):
        monkeypatch.setattr(blocks_module, "MEMORY", str(tmp_path))
        blocks = array_blocks(DATA, 10)
        assert list(tmp_path.iterdir()) == []
        crossed = pickle.dumps(blocks)
        assert pickle.dumps(blocks) == crossed
        assert len(list(tmp_path.iterdir())) == 1
        del blocks
        gc.collect()
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(FileNotFoundError, match="of the same machine only; on a cluster take"):
            pickle.loads(crossed)


class TestWriteBlocks:
    @pytest.mark.parametrize("dtype", ["f4", "f8", int])
    def test_a_file_is_written_that_is_read_fast(self, dtype, tmp_path):
        data = (100 * DATA).astype(dtype)
        path = tmp_path / "x.npy"
        write_blocks(path, (data[:, i : i + 9] for i in range(-9, 103, 9)))  # the first is empty
        found = np.load(path)
        assert found.flags.f_contiguous and found.dtype == ("f4" if dtype == "f4" else "f8")
        np.testing.assert_array_equal(found, data)
        np.testing.assert_array_equal(joined(file_blocks(path, 10)), data)

    @pytest.mark.parametrize(
        "blocks, told",
        [
            ([], "there is no example to write"),
            ([DATA[:, :0]], "there is no example to write"),
            ([DATA, DATA[:5]], r"block 1 is \(5, 103\) of float64; .* \(8, m_k\)"),
            ([DATA, DATA * np.nan], "nan in row 0, column 0 of block 1"),
            ([DATA[0]], r"block 0 is \(103,\) of float64"),
        ],
    )
    def test_what_cannot_be_written_leaves_the_old_file(self, blocks, told, tmp_path):
        path = tmp_path / "x.npy"
        path.write_bytes(b"old")
        with pytest.raises(ValueError, match=told):
            write_blocks(path, blocks)
        assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


class TestFileBlocks:
    @pytest.mark.parametrize("order", "CF")
    @pytest.mark.parametrize("size", [1, 7, 103, 1000])
    def test_any_size_of_blocks(self, order, size, tmp_path):
        np.testing.assert_array_equal(
            joined(file_blocks(saved(tmp_path / "x.npy", order=order), size)), DATA
        )

    def test_a_worker_in_another_folder_finds_it(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        blocks = file_blocks(saved(Path("x.npy")), 10)
        monkeypatch.chdir("/")
        np.testing.assert_array_equal(blocks[0], DATA[:, :10])

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda path: path.write_bytes(path.read_bytes()[:-1]),
            lambda path: path.write_bytes(path.read_bytes()[:50]),
            lambda path: path.write_bytes(b""),
            lambda path: path.write_text("1, 2, 3"),
            lambda path: np.save(path, np.array([None])),
        ],
    )
    def test_a_file_that_is_cut_short_or_another(self, spoil, tmp_path):
        spoil(saved(tmp_path / "x.npy"))
        with pytest.raises(ValueError, match=r"x.npy is cut short, damaged, or no .npy file"):
            file_blocks(tmp_path / "x.npy")

    @pytest.mark.parametrize(
        "data, what",
        [
            (DATA.astype(int), r"\(8, 103\) of int64"),
            (DATA.astype(">f8"), r"\(8, 103\) of >f8"),
            (DATA.astype(str), r"\(8, 103\) of <U\d+"),
            (DATA[0], r"\(103,\) of float64"),
            (DATA.reshape(2, 4, 103), r"\(2, 4, 103\) of float64"),
        ],
    )
    def test_an_array_of_another_kind(self, data, what, tmp_path):
        with pytest.raises(ValueError, match=rf"x.npy is {what}; it has to be \(visible_size, m\)"):
            file_blocks(saved(tmp_path / "x.npy", data))

    def test_an_npz_and_no_file(self, tmp_path):
        np.savez(tmp_path / "x.npz", DATA)
        with pytest.raises(ValueError, match=r"x.npz is cut short, damaged, or no .npy file"):
            file_blocks(tmp_path / "x.npz")
        with pytest.raises(FileNotFoundError, match=r"none.npy"):
            file_blocks(tmp_path / "none.npy")

    def test_a_file_that_is_cut_short_later(self, tmp_path):
        path = saved(tmp_path / "x.npy")
        blocks = file_blocks(path, 10)
        os.truncate(path, 3000)
        with pytest.raises(ValueError, match=r"x.npy is cut short, damaged"):
            blocks[0]

    @pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
    def test_a_number_that_is_not_finite_is_named_with_its_place(self, number, tmp_path):
        data = DATA.copy()
        data[3, 45] = data[4, 46] = number
        told = f"{number} in row 3, column 5 of block 4, and 1 more there"
        blocks = file_blocks(saved(tmp_path / "x.npy", data), 10)
        with pytest.raises(ValueError, match=told):
            Objective(blocks, 8, 2, 0, 0.1, 0)(np.zeros(42))
        with pytest.raises(ValueError, match=told):
            Objective(array_blocks(data, 10), 8, 2, 0, 0.1, 0)

    @pytest.mark.slow
    @pytest.mark.parametrize("order", "CF")
    def test_of_a_large_file_a_block_is_in_memory(self, order, tmp_path):
        """A file of 256 MB; by a memory map it all counts."""
        path = tmp_path / "x.npy"
        made = np.lib.format.open_memmap(path, "w+", float, (64, 500_000), order == "F")
        made[:] = 0.5
        del made
        answer = subprocess.run(
            [sys.executable, "-c", PEAK, path], check=True, capture_output=True, text=True
        )
        total, before, peak = map(float, answer.stdout.split())
        assert total == 0.5 * 64 * 500_000
        assert peak - before < 20_000  # kB


PEAK = """
import re, sys
from pathlib import Path
from saelab.engine import file_blocks
def peak():
    return re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
before = peak()
print(sum(block.sum() for block in file_blocks(sys.argv[1])), before, peak())
"""


class TestPatchBlocks:
    def test_they_are_those_of_the_course(self):
        """Patches of the images, normalised as by notebook 01 but for the scale of all."""
        blocks = patch_blocks(IMAGES, 4, 2500)
        assert [block.shape for block in blocks] == [(16, 1000), (16, 1000), (16, 500)]
        patches = joined(blocks)
        every = np.lib.stride_tricks.sliding_window_view(IMAGES, (4, 4), axis=(1, 2))
        every = reference("01_patch_sampling").normalize_patches(every.reshape(-1, 16).T)
        np.testing.assert_allclose([patches.min(), patches.max()], [0.1, 0.9])
        np.testing.assert_allclose(patches.std(), every.std(), rtol=0.02)

        def directions(patches, most):
            """Of those from which nothing was cut off."""
            whole = patches[:, np.abs(patches - 0.5).max(axis=0) < most] - 0.5
            return whole / np.linalg.norm(whole, axis=0)

        found = directions(patches, 0.38).T @ directions(every, 0.3999)
        assert len(found) > 1000
        np.testing.assert_allclose(found.max(axis=1), 1)

    def test_they_are_the_same_each_time_and_others_by_another_seed(self):
        blocks = patch_blocks(IMAGES, 4, 30, size=10)
        np.testing.assert_array_equal(blocks[1], blocks[1])
        np.testing.assert_array_equal(joined(blocks), joined(patch_blocks(IMAGES, 4, 30, size=10)))
        assert not np.isin(blocks[0], blocks[1]).all()
        assert not np.array_equal(blocks[0], patch_blocks(IMAGES, 4, 30, 1, 10)[0])

    @pytest.mark.parametrize(
        "images, patch_size, told",
        [
            (IMAGES, 31, r"no patches of 31 x 31 pixels in images \(3, 30, 40\) of float64"),
            (IMAGES[0], 4, r"images \(30, 40\) of float64; they have to be finite numbers \(count"),
            (IMAGES * np.inf, 4, "they have to be finite numbers"),
            (IMAGES * 0, 4, "the images are flat"),
            (IMAGES[:0], 4, r"images \(0, 30, 40\)"),
            (IMAGES * 1j, 4, "of complex128; they have to be finite numbers"),
            (IMAGES, 0, "patch_size is 0; it has to be a whole number, and at least 1"),
            (IMAGES, 2.5, "patch_size is 2.5; it has to be a whole number"),
        ],
    )
    def test_images_of_which_there_are_no_patches(self, images, patch_size, told):
        with pytest.raises(ValueError, match=told):
            patch_blocks(images, patch_size, 10)


class TestNoExamples:
    @pytest.mark.parametrize(
        "make",
        [
            lambda _: array_blocks(DATA[:, :0]),
            lambda _: array_blocks(DATA, 0),
            lambda folder: file_blocks(saved(folder / "x.npy", DATA[:, :0])),
            lambda _: patch_blocks(IMAGES, 4, 0),
        ],
    )
    def test_a_source_without_any_is_an_error(self, make, tmp_path):
        with pytest.raises(ValueError, match=r" is 0; it has to be a whole number, and at least 1"):
            make(tmp_path)

    @pytest.mark.parametrize("data", [DATA[0], DATA.astype(str), DATA + 1j])
    def test_no_matrix_of_numbers(self, data):
        with pytest.raises(ValueError, match=r"block 0 is .*; it has to be numbers"):
            Objective(array_blocks(data), 8, 2, 0, 0.1, 0)


class TestDask:
    def test_an_empty_chunk_is_passed_over(self):
        array = pytest.importorskip("dask.array").from_array(DATA, chunks=(8, (50, 0, 53)))
        blocks = dask_blocks(array)
        assert len(blocks) == 2
        np.testing.assert_array_equal(joined(blocks), DATA)

    def test_what_is_no_such_array(self):
        dask = pytest.importorskip("dask.array")
        unknown = dask.from_array(DATA, chunks=(8, 50))
        unknown = unknown[:, unknown[0] > 0.5]
        for array in (DATA, dask.ones(8), dask.ones((8, 0)), unknown):
            with pytest.raises(ValueError, match=r"is no Dask array \(visible_size, m\) with"):
                dask_blocks(array)

    def test_without_dask(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "dask", None)
        with pytest.raises(ImportError, match=r"needs Dask: pip install 'saelab\[cluster\]'"):
            dask_blocks(DATA)

    @pytest.mark.long
    def test_each_chunk_is_made_once_where_it_stays(self, dask_cluster, tmp_path):
        """And again by another worker, when its own is lost."""
        import dask.array
        from distributed import Client, wait

        def make(k):
            with (tmp_path / "made").open("a") as log:
                log.write(f"{k}\n")
            return np.full((64, 1000), float(k))

        def sent():
            """Bytes, by all workers."""
            asked = client.run(lambda dask_worker: dask_worker.transfer_outgoing_bytes_total)
            return sum(asked.values())

        made = [dask.delayed(make)(k) for k in range(20)]
        chunks = [dask.array.from_delayed(chunk, (64, 1000), float) for chunk in made]
        blocks = dask_blocks(dask.array.concatenate(chunks, axis=1))
        with Client(dask_cluster.address) as client:
            futures = blocks.futures(client)
            wait(futures)
            assert len(set(client.who_has(futures).values())) == 2  # both workers have some
            before = sent()
            for _ in range(5):
                sums = client.gather(client.map(np.sum, futures, pure=False))
                np.testing.assert_array_equal(sums, 64_000 * np.arange(20))
            assert sent() - before < 512_000  # a block
            assert sorted(map(int, (tmp_path / "made").read_text().split())) == list(range(20))
            dask_cluster.workers[0].kill()
            dask_cluster.workers[0].wait()
            sums = client.gather(client.map(np.sum, futures, pure=False))
            np.testing.assert_array_equal(sums, 64_000 * np.arange(20))
