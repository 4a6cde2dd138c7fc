"""What notebook 11 says of tones, of speech, and of the numbers that tell them apart is so."""

import functools

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.sound import load_sound
from tests.support.claims import prose, stated

NAME = "11_audio"
RATE = 8000
NETWORKS = ("tones", "speech", "light", "noise", "start")
SHORT = 1.5  # ms


@functools.cache
def places(network):
    """Centre, bandwidth and duration of the units of a stored network, in the order of centres."""
    own = reference(NAME)
    W1 = load_stored("audio")[network][: 64 * 64].reshape(64, 64).astype(float)
    found = np.array([[*own.centre_and_bandwidth(w, RATE), own.duration(w, RATE)] for w in W1])
    return found[np.argsort(found[:, 0])].T


def fits(network):
    """How many of 64 units a Gabor function explains well."""
    return int(np.sum(load_stored("audio")["r2"][NETWORKS.index(network)] >= 0.8))


def test_the_speech_and_its_windows():
    speech, rate = load_sound()
    milliseconds = stated(NAME, r"last \$64 / 8000\$ s = (\d+) ms")
    assert rate == RATE and 1000 * 64 / rate == milliseconds
    assert len(speech) == 30 * rate and "half a minute of speech" in prose(NAME)


def test_the_places_of_windows_by_hand():
    first, second, last = stated(NAME, r"of 4 may start at (\d), (\d), \.\.\., (\d), so at seven")
    found = reference(NAME).windows(np.arange(10.0), 4, 1000, np.random.default_rng(0))
    assert sorted({*found[0]}) == [first, second, *range(2, 6), last] and last + 1 == 7


def test_centre_and_bandwidth_by_hand():
    told = stated(
        NAME, r"So \$c = \(2 \\cdot 2 \+ 4 \\cdot 4\)/6 = ([\d.]+)\$ Hz, and "
        r"\$b = \\sqrt\{\(2 \\cdot 1\.33\^2 \+ 4 \\cdot 0\.67\^2\)/6\} = ([\d.]+)\$ Hz",
    )  # fmt: skip
    w = np.array([1.0, -1, 0, 0])
    assert reference(NAME).centre_and_bandwidth(w, 8) == pytest.approx(told, abs=0.005)
    powers = stated(NAME, r"frequencies are 0, 2 and 4 Hz, with powers (\d), (\d) and (\d)\.")
    assert np.abs(np.fft.rfft(w)) ** 2 == pytest.approx(powers)
    assert np.fft.rfftfreq(4, 1 / 8).tolist() == [0, 2, 4]


def test_short_or_narrow():
    own, t = reference(NAME), np.arange(64) / RATE
    tone = np.sin(2 * np.pi * 1000 * t)
    wide, narrow = (tone * np.exp(-(((t - 0.004) / width) ** 2)) for width in (0.002, 0.001))
    brief, band, long, thin, product = stated(
        NAME, r"Half as long, twice as wide: ([\d.]+) ms and (\d+) Hz instead of (\d+) ms and "
        r"(\d+) Hz\. The product is ([\d.]+) both times",
    )  # fmt: skip
    for w, lasts, width in ((narrow, brief, band), (wide, long, thin)):
        assert own.duration(w, RATE) == pytest.approx(lasts, abs=0.005)
        found = own.centre_and_bandwidth(w, RATE)
        assert found == pytest.approx((1000, width), abs=0.6)
        assert lasts * found[1] / 1000 == pytest.approx(product, abs=0.001)
        assert lasts * found[1] / 1000 == pytest.approx(1 / (4 * np.pi), abs=0.001)
    assert own.centre_and_bandwidth(tone, RATE) == pytest.approx((1000, 0), abs=1e-6)
    assert own.centre_and_bandwidth(np.eye(64)[32], RATE)[0] == pytest.approx(
        stated(NAME, r"its centre is their middle, (\d+) Hz")
    )
    whole = stated(NAME, r"\$8 / \\sqrt\{12\} = ([\d.]+)\$ ms")
    assert 8 / np.sqrt(12) == pytest.approx(whole, abs=0.05)
    assert own.duration(tone, RATE) == pytest.approx(whole, abs=0.05)


def test_high_tones_are_short():
    low, high = stated(NAME, r"tones of (\d+) to (\d+) Hz that begin at random times")
    sound = reference(NAME).damped_tones(4, np.random.default_rng(0))
    assert len(sound) == 4 * RATE and np.abs(sound).max() == 1
    power = np.abs(np.fft.rfft(sound)) ** 2
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    inside = (frequency > low / 2) & (frequency < high * 1.1)
    assert power[inside].sum() > 0.97 * power.sum()


def test_lengths_of_tones_and_of_speech():
    short, limit, low, high = stated(
        NAME, r"Of the units of tones (\d+) last less than ([\d.]+) ms, and the higher, the "
        r"shorter: the 16 lowest last ([\d.]+) ms in the median, the 16 highest ([\d.]+) ms",
    )  # fmt: skip
    centre, _, length = places("tones")
    assert limit == SHORT and np.sum(length < SHORT) == short
    assert np.median(length[:16]) == pytest.approx(low, abs=0.005)
    assert np.median(length[-16:]) == pytest.approx(high, abs=0.005)
    assert np.corrcoef(np.log(centre), np.log(length))[0, 1] < -0.4
    median, below = stated(
        NAME, r"in the median they last ([\d.]+) ms, as long as a wave that fills the window "
        r"\(some a little longer: they are loudest at both ends\), and their centres lie in one "
        r"low band, under (\d+) Hz",
    )  # fmt: skip
    assert places("speech")[2].min() > SHORT and "No unit of speech stays below 1.5 ms" in prose(
        NAME
    )
    assert np.median(places("speech")[2]) == pytest.approx(median, abs=0.005)
    assert places("speech")[0].max() < below


def test_what_tones_are_less_than():
    narrow, wide, highest = stated(
        NAME, r"from (\d+) Hz to (\d+) Hz on average between the lowest and the highest 16\. And "
        r"tones above (\d+) Hz have no unit",
    )  # fmt: skip
    centre, width, _ = places("tones")
    assert width[:16].mean() == pytest.approx(narrow, abs=5)
    assert width[-16:].mean() == pytest.approx(wide, abs=5)
    assert highest - 100 < centre.max() < highest


def test_fits_tell_nothing_apart():
    assert "Hardly a difference" in prose(NAME)
    assert abs(fits("tones") - fits("speech")) <= 4 and min(fits("tones"), fits("speech")) > 40


def test_the_controls():
    assert "Noise and the start fit nowhere" in prose(NAME)
    assert fits("noise") == fits("start") == 0
    assert "With less decay speech loses most of its fits, and gains no wavelets" in prose(NAME)
    assert "around the middle of all frequencies" in prose(NAME)
    for network in ("noise", "start"):
        assert np.mean(places(network)[0]) == pytest.approx(RATE / 4, rel=0.15)
        assert np.ptp(places(network)[0]) < 1000
    assert "Only the units of tones pass both" in prose(NAME)
    both = {name: min(fits(name), np.sum(places(name)[2] < SHORT)) for name in NETWORKS}
    assert both.pop("tones") > 32 and max(both.values()) < 5
    assert fits("light") < 16 and np.sum(places("light")[2] < SHORT) < 5


def test_a_vowel_lasts_many_windows():
    """In the half second that section 1 shows."""
    lasts, many = stated(NAME, r"A vowel lasts some (\d+) ms here, as long as (\d+) windows")
    assert lasts / 8 == many
    speech, rate = load_sound()
    part = speech[8 * rate :][: 62 * 64].reshape(62, 64)
    loudness = part.std(axis=1)
    loud = loudness > 0.3 * loudness.max()
    runs = "".join("x" if one else " " for one in loud).split()
    assert 8 * max(map(len, runs)) == pytest.approx(lasts, abs=25)


@pytest.mark.long
def test_tones_give_wavelets_again():
    """With other tones and another start it is as in the stored network."""
    own = reference(NAME)
    theta = own.learned(own.examples(own.damped_tones(60, np.random.default_rng(21))), 3e-5)
    W1 = theta[: 64 * 64].reshape(64, 64)
    short = sum(own.duration(w, RATE) < SHORT for w in W1)
    assert short > 32
    heard, _ = load_sound()
    theta = own.learned(own.examples(heard), 1e-4)
    W1 = theta[: 64 * 64].reshape(64, 64)
    assert sum(own.duration(w, RATE) < SHORT for w in W1) < 5
