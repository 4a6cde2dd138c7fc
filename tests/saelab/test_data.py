"""The pictures that come with the course, and what load_images says of faulty files."""

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from autograder import CLONE
from saelab.data import DataError, image_names, load_images

DATA = CLONE / "data"


@pytest.fixture(scope="module")
def build():
    """data/build.py, which is a script and belongs to no package."""
    spec = importlib.util.spec_from_file_location("data_build", DATA / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # dataclasses look up their module by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def folder(tmp_path):
    """A folder of three gray pictures, 12 wide and 8 high, of 0, 1 and 2 / 255."""
    for i, name in enumerate("abc"):
        gray(tmp_path / f"{name}.png", value=i)
    return tmp_path


@pytest.fixture
def mat(tmp_path):
    """Write a MATLAB file with these variables and give its path."""

    def write(**variables):
        savemat(tmp_path / "IMAGES.mat", variables)
        return tmp_path / "IMAGES.mat"

    return write


def gray(path, value=0, size=(12, 8)):
    Image.new("L", size, value).save(path)


def message_of(path):
    with pytest.raises(DataError) as caught:
        load_images(path)
    return str(caught.value)


# --- the pictures that come with the course ----------------------------------------


def test_the_course_has_ten_photographs_between_black_and_white():
    images = load_images()
    assert images.shape == (10, 512, 512)
    assert images.dtype == np.float64
    assert images.min() >= 0 and images.max() <= 1


def test_each_photograph_has_contrast_and_none_comes_twice():
    images = load_images()
    assert images.std(axis=(1, 2)).min() > 0.05
    assert len({image.tobytes() for image in images}) == 10


def test_a_photograph_is_its_png_over_255():
    with Image.open(DATA / "images" / "09_dogs.png") as picture:
        pixels = np.asarray(picture)
    assert pixels.dtype == np.uint8
    assert np.array_equal(load_images()[8], pixels / 255)


def test_a_reader_may_change_the_pictures_and_read_them_again():
    images = load_images()
    images[:] = 0
    assert load_images().max() > 0.9


def test_the_names_are_in_the_order_of_the_pictures():
    names = image_names()
    assert names[0] == "01_life" and names[9] == "10_dandelion"
    assert names == sorted(names) and len(names) == 10


def test_the_photographs_are_small_to_download():
    assert sum(f.stat().st_size for f in (DATA / "images").iterdir()) < 2_000_000


def test_an_installed_package_finds_its_own_photographs(tmp_path, monkeypatch):
    shutil.copytree(DATA / "images", tmp_path / "saelab" / "_data" / "images")
    monkeypatch.setattr("saelab.data.__file__", str(tmp_path / "saelab" / "data.py"))
    assert load_images().shape == (10, 512, 512)


def test_an_installed_package_without_photographs_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("saelab.data.__file__", str(tmp_path / "saelab" / "data.py"))
    assert "install saelab again" in message_of(None)
    with pytest.raises(DataError, match="install saelab again"):
        image_names()


def test_a_photograph_too_few_is_told(tmp_path, monkeypatch):
    shutil.copytree(DATA / "images", tmp_path / "data" / "images")
    (tmp_path / "data" / "images" / "03_trunks.png").unlink()
    monkeypatch.setattr("saelab.data.__file__", str(tmp_path / "saelab" / "data.py"))
    assert "(9, 512, 512) instead of (10, 512, 512)" in message_of(None)


# --- where they come from ----------------------------------------------------------


def test_the_table_and_the_folder_name_the_same_pictures(build):
    files = sorted(f.name for f in (DATA / "images").iterdir())
    assert [picture.file for picture in build.PICTURES] == files


def test_the_licences_are_those_of_the_table(build):
    assert (DATA / "LICENSES.md").read_text(encoding="utf-8") == build.licences()


def test_the_licences_tell_source_author_licence_and_change_of_each_picture():
    text = (DATA / "LICENSES.md").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert sorted(entries) == [f"{name}.png" for name in image_names()]
    for entry in entries.values():
        for item in ("Author", "Licence", "Source", "Changed"):
            assert f"- {item}: " in entry
        assert "https://creativecommons.org/" in entry


def test_a_build_without_the_photographs_names_the_debian_package(build, tmp_path):
    with pytest.raises(build.BuildError, match="apt-get install lomiri-wallpapers-16"):
        build.build(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_build_refuses_photographs_smaller_than_their_crops(build, tmp_path):
    for picture in build.PICTURES:
        Image.new("RGB", (600, 600)).save(tmp_path / picture.photograph.file)
    with pytest.raises(build.BuildError, match="300x300 when reduced by 2, too small"):
        build.build(tmp_path, tmp_path / "out")


def test_a_build_makes_the_same_files_again(build, tmp_path):
    photographs = Path(os.environ.get("SAELAB_BACKGROUNDS", build.DEFAULT_FOLDER))
    if not all((photographs / p.photograph.file).is_file() for p in build.PICTURES):
        pytest.skip(
            f"the Debian package {build.PACKAGE} is not installed (or name the folder "
            "of its photographs in SAELAB_BACKGROUNDS)"
        )
    build.build(photographs, tmp_path / "once")
    build.build(photographs, tmp_path / "twice")
    for picture in build.PICTURES:
        once, twice, ours = (
            folder / "images" / picture.file
            for folder in (tmp_path / "once", tmp_path / "twice", DATA)
        )
        assert once.read_bytes() == twice.read_bytes()
        # Ours may come from another Pillow, whose zlib packs the same pixels otherwise.
        with Image.open(once) as new, Image.open(ours) as old:
            assert new.mode == old.mode and new.tobytes() == old.tobytes()


# --- a folder of one's own ---------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_its_names(folder):
    images = load_images(str(folder))
    assert images.shape == (3, 8, 12) and images.dtype == np.float64
    assert np.array_equal(images[:, 0, 0], np.array([0, 1, 2]) / 255)


def test_other_files_in_a_folder_are_left_alone(folder):
    (folder / "notes.txt").write_text("hello")
    (folder / "._a.png").write_text("what a Mac leaves behind")
    assert len(load_images(folder)) == 3


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1"])
def test_a_white_picture_is_one_in_every_mode(tmp_path, mode):
    Image.new("L", (4, 4), 255).convert(mode).save(tmp_path / "white.png")
    assert np.array_equal(load_images(tmp_path), np.ones((1, 4, 4)))


def test_sixteen_bits_are_not_cut_to_eight(tmp_path):
    values = np.array([[0, 1000], [30000, 65535]], dtype=np.uint16)
    Image.fromarray(values).save(tmp_path / "deep.png")
    assert np.allclose(load_images(tmp_path)[0], values / 65535)


def test_jpg_and_tif_are_pictures_too(tmp_path):
    gray(tmp_path / "a.JPG", 100)
    gray(tmp_path / "b.tif", 100)
    assert np.allclose(load_images(tmp_path), 100 / 255)


def test_a_missing_path_is_told(tmp_path):
    assert "no file or folder" in message_of(tmp_path / "nowhere")
    assert "nowhere.mat" in message_of(tmp_path / "nowhere.mat")


def test_a_file_that_is_neither_folder_nor_mat_is_told(folder):
    assert "neither a folder of pictures nor a MATLAB" in message_of(folder / "a.png")


def test_a_folder_without_pictures_is_told_with_what_it_holds(tmp_path):
    assert "holds nothing" in message_of(tmp_path)
    (tmp_path / "IMAGES.mat").write_text("")
    assert "holds IMAGES.mat" in message_of(tmp_path)


def test_a_file_that_is_no_picture_is_told(folder):
    (folder / "b.png").write_text("no picture")
    assert re.search(r"b\.png cannot be read as a picture", message_of(folder))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.9])
def test_a_picture_cut_short_is_told(tmp_path, suffix, share):
    file = tmp_path / f"cut.{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(file)
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    assert f"cut.{suffix} cannot be read as a picture" in message_of(tmp_path)


def test_pictures_of_different_size_are_told_with_both_names(folder):
    gray(folder / "c.png", size=(10, 8))
    message = message_of(folder)
    assert "a.png is 12 x 8 and c.png is 10 x 8 pixels (width x height)" in message


def test_values_of_a_picture_that_are_not_finite_are_told(tmp_path):
    values = np.full((4, 4), 0.5, dtype=np.float32)
    values[0, :2] = np.nan, np.inf
    Image.fromarray(values).save(tmp_path / "hole.tif")
    message = message_of(tmp_path)
    assert "2 values are not finite" in message and "hole.tif" in message


def test_values_of_a_picture_beyond_white_are_told(tmp_path):
    Image.fromarray(np.full((4, 4), 255, dtype=np.float32)).save(tmp_path / "float.tif")
    assert "outside the range of brightness" in message_of(tmp_path)


# --- a MATLAB file -----------------------------------------------------------------


def test_the_third_axis_of_a_mat_file_counts_the_pictures(mat):
    values = np.random.default_rng(0).normal(size=(6, 5, 3))
    images = load_images(mat(IMAGES=values, other=1.0))
    assert images.shape == (3, 6, 5) and images.flags.c_contiguous
    assert np.array_equal(images[2], values[:, :, 2])


def test_whole_numbers_of_a_mat_file_become_float64_unchanged(mat):
    images = load_images(mat(IMAGES=np.full((4, 4, 2), 200, dtype=np.uint8)))
    assert images.dtype == np.float64 and (images == 200).all()


def test_a_mat_file_without_images_is_told_with_its_variables(mat):
    assert "no variable IMAGES; it holds IMAGESr, m" in message_of(mat(IMAGESr=1, m=2))


def test_a_web_page_saved_as_a_mat_file_is_told(tmp_path):
    (tmp_path / "IMAGES.mat").write_text("<!DOCTYPE html><html>Not found</html>" * 20)
    assert "cannot be read as a MATLAB file" in message_of(tmp_path / "IMAGES.mat")


@pytest.mark.parametrize("shape", [(4, 4), (2, 4, 4, 3), (4, 4, 0)])
def test_a_wrong_shape_in_a_mat_file_is_told(mat, shape):
    message = message_of(mat(IMAGES=np.zeros(shape)))
    assert "(height, width, n)" in message and f"not {shape}" in message


def test_pictures_on_the_first_axis_of_a_mat_file_are_told(mat):
    assert "permute(IMAGES, [2 3 1])" in message_of(mat(IMAGES=np.zeros((3, 16, 16))))


@pytest.mark.parametrize(
    "values",
    [np.zeros((4, 4, 2), dtype=complex), np.array(["a", "b"], dtype=object), "text"],
    ids=["complex", "cell", "text"],
)
def test_what_is_no_real_number_in_a_mat_file_is_told(mat, values):
    assert "must be a full array of real numbers" in message_of(mat(IMAGES=values))


def test_values_of_a_mat_file_that_are_not_finite_are_counted_per_picture(mat):
    values = np.zeros((4, 4, 3))
    values[0, 0, 1], values[1:3, 2, 2] = np.nan, np.inf
    message = message_of(mat(IMAGES=values))
    assert "3 values are not finite" in message
    assert "1 in picture 2 of" in message and "2 in picture 3 of" in message


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("share", [0, 0.01, 0.05, 0.5, 0.99])
def test_a_mat_file_cut_short_is_told(tmp_path, compressed, share):
    file = tmp_path / "IMAGES.mat"
    values = np.random.default_rng(0).normal(size=(16, 16, 3))
    savemat(file, {"IMAGES": values}, do_compression=compressed)
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    assert "cannot be read as a MATLAB file" in message_of(file)


@pytest.mark.parametrize("header", [0, 512])
def test_a_mat_file_of_version_7_3_is_told_how_to_save(tmp_path, header):
    file = tmp_path / "IMAGES.mat"
    file.write_bytes(b" " * header + b"\x89HDF\r\n\x1a\n" + bytes(64))
    assert 'save("IMAGES.mat", "IMAGES", "-v7")' in message_of(file)
