"""The speech that comes with the course, what load_sound says of faulty files, and the player."""

import base64
import io
import re

import numpy as np
import pytest
from scipy.io import wavfile

from autograder import CLONE
from saelab import sound
from saelab.data import DataError
from saelab.sound import audio, load_sound, player, wav

RATE = 8000
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(4000) / RATE)


@pytest.fixture
def write(tmp_path):
    """Write a WAV file and give its path."""

    def written(samples, rate=RATE):
        wavfile.write(tmp_path / "mine.wav", rate, samples)
        return tmp_path / "mine.wav"

    return written


def message_of(path):
    with pytest.raises(DataError) as caught:
        load_sound(path)
    return str(caught.value)


def test_the_speech_is_half_a_minute(capsys):
    speech, rate = load_sound()
    assert speech.shape == (30 * RATE,) and speech.dtype == float and rate == RATE
    assert 0.9 < np.abs(speech).max() <= 1 and abs(speech.mean()) < 0.01
    assert capsys.readouterr().out == ""
    assert (CLONE / "data" / "sounds" / "speech.wav").stat().st_size <= 250_000


def test_what_lies_beside_the_speech():
    assert [path.name for path in (CLONE / "data" / "sounds").iterdir()] == ["speech.wav"]


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32, np.float64])
def test_all_kinds_of_samples_come_from_minus_one_to_one(kind, write, capsys):
    if kind == np.uint8:
        samples = np.round(128 + 127 * TONE).astype(kind)
    elif np.issubdtype(kind, np.integer):
        samples = np.round(TONE * np.iinfo(kind).max).astype(kind)
    else:
        samples = TONE.astype(kind)
    read, rate = load_sound(write(samples))
    assert read.dtype == float and rate == RATE
    np.testing.assert_allclose(read, TONE, atol=0.02 if kind == np.uint8 else 1e-4)
    assert capsys.readouterr().out == ""


def test_channels_are_averaged_and_told(write, capsys):
    read, _ = load_sound(write(np.stack([TONE, 0 * TONE], axis=1)))
    np.testing.assert_allclose(read, TONE / 2, atol=1e-6)
    assert "the mean of 2 channels" in capsys.readouterr().out
    load_sound(write(TONE[:, None]))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("rate", [44_100, 22_050, 48_000, 4000])
def test_another_rate_becomes_8000_and_is_told(rate, write, capsys):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)  # a second
    read, now = load_sound(write(tone, rate))
    assert now == RATE and len(read) == pytest.approx(RATE, abs=1)
    assert np.abs(np.fft.rfft(read)).argmax() == 440
    assert f"{rate} samples a second became 8000" in capsys.readouterr().out


def test_what_is_too_loud_is_scaled_and_silence_is_told(write, capsys):
    read, _ = load_sound(write(3 * TONE))
    assert np.abs(read).max() == 1 and "scaled to the range" in capsys.readouterr().out
    read, _ = load_sound(write(0 * TONE))
    assert not read.any() and "silent" in capsys.readouterr().out


@pytest.mark.parametrize("path", [3, "", TONE, ["a.wav"]])
def test_what_is_no_path_is_told(path):
    assert message_of(path).startswith("load_sound takes the path of one WAV file")


def test_what_is_not_there_is_told(tmp_path):
    assert "there is no file" in message_of(tmp_path / "none.wav")
    assert "is a folder; give the path of a WAV file" in message_of(tmp_path)


def test_other_files_are_told(tmp_path):
    file = tmp_path / "song.wav"
    file.write_bytes(b"ID3\x04" + bytes(100))
    assert "is no WAV file, whatever its name is (it begins b'ID3" in message_of(file)
    file.write_bytes(b"")
    assert "is no WAV file" in message_of(file)


def test_damaged_and_compressed_files_are_told(write):
    file = write((TONE * 32767).astype(np.int16))
    whole = file.read_bytes()
    file.write_bytes(whole[:30])
    assert "compressed or damaged" in message_of(file)
    file.write_bytes(whole.replace(b"fmt \x10\0\0\0\x01\0", b"fmt \x10\0\0\0\x55\0"))  # an MP3
    assert "compressed or damaged" in message_of(file)


def test_a_file_that_is_cut_short_is_told(write, capsys):
    file = write((TONE * 32767).astype(np.int16))
    whole = file.read_bytes()
    file.write_bytes(whole[:5001])
    assert "is cut short (Reached EOF prematurely" in message_of(file)
    # What was written to a pipe does not say how long it is.
    file.write_bytes(whole[:4] + b"\xff\xff\xff\xff" + whole[8:5001])
    sound, _ = load_sound(file)
    np.testing.assert_allclose(sound, TONE[: len(sound)], atol=1e-4)
    assert len(sound) > 2000


@pytest.mark.parametrize("rate", [1, 999, 400_001, 4_294_967])
def test_a_rate_that_no_sound_has_is_told(rate, write):
    told = message_of(write(TONE, rate))
    assert f"has {rate} samples a second" in told and "from 1000 to 400000" in told


def test_numbers_that_overflow_are_told(write):
    assert "2 samples that are not finite, or larger than 1e+100" in message_of(
        write(np.array([[1.7e308, 1.7e308], [0.1, 0.2]]))
    )


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"sound": np.array([0.1, np.nan, np.inf])}, "sound holds 2 numbers that are not finite"),
        ({"sound": np.ones((5, 2))}, r"sound has the shape \(5, 2\), but should be \(n,\)"),
        ({"rate": 0}, "rate is 0"),
        ({"rate": 8000.5}, "rate is 8000.5"),
        ({"loudness": 2}, "loudness is 2"),
        ({"loudness": np.nan}, "loudness is nan"),
    ],
)
def test_what_cannot_be_played_is_told(changes, says):
    with pytest.raises(ValueError, match=says):
        wav(**({"sound": TONE, "rate": RATE} | changes))
    assert wav(TONE, np.float64(8000)) == wav(TONE, 8000)  # type: ignore[arg-type]


def test_no_samples_and_no_numbers_are_told(write):
    assert "holds no sound" in message_of(write(TONE[:0]))
    assert "2 samples that are not finite" in message_of(
        write(np.array([0.1, np.nan, 0.2, np.inf], np.float32))
    )


def test_a_missing_speech_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("saelab.data.__file__", str(tmp_path / "saelab" / "data.py"))
    assert "the course's sounds are not in" in message_of(None)


def test_a_player_holds_the_sound(tmp_path):
    page = player(TONE, RATE, 'A "tone" & more').data
    (data,) = re.findall(r'src="data:audio/wav;base64,([^"]+)"', page)
    rate, samples = wavfile.read(io.BytesIO(base64.b64decode(data)))
    assert rate == RATE and samples.dtype == np.int16 and len(samples) == len(TONE)
    assert np.abs(samples).max() == round(32767 * 0.5)
    assert "<audio controls" in page and "&quot;tone&quot; &amp; more" in page
    assert "http" not in page


def test_silence_can_be_played():
    _, samples = wavfile.read(io.BytesIO(wav(np.zeros(10), RATE)))
    assert not samples.any()
    assert "<audio" in audio(np.zeros(10), RATE, "nothing")


def test_the_licences_tell_of_the_speech():
    text = (CLONE / "data" / "LICENSES.md").read_text(encoding="utf-8")
    entry = text.partition(f"## {sound.SHIPPED}\n")[2]
    for item in ("Author: Allison Smith", "Licence: [CC-BY-SA-3.0]", "Source: ", "Changed: "):
        assert f"- {item}" in entry
    assert "CC-BY-SA-3.0" in (CLONE / "pyproject.toml").read_text(encoding="utf-8")
