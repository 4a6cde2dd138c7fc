"""What the units of a network listen to: their waves, spectra and sounds."""

import functools
from typing import Any

import ipywidgets
import numpy as np
from ipywidgets import IntSlider, SelectionSlider
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE
from saelab.sound import audio
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import require_functions
from saelab.widgets.panels import advance, few_ticks, within
from saelab.widgets.theirs import call

RATE, SIZE, UNITS = 8000, 64, 64
WHOLE = 1000 * SIZE / RATE / 12**0.5  # how long a wave lasts that fills the window, in ms
SOUNDS = ("tones", "speech")
# Where the axes lie in the figure: left, bottom, width, height, as fractions.
WAVE, SPECTRUM = (0.08, 0.6, 0.36, 0.3), (0.08, 0.14, 0.36, 0.28)
MAP = (0.56, 0.14, 0.41, 0.76)
CENTRES, BANDWIDTHS = (90, 2400), (110, 900)  # limits of the map's axes, in Hz
REPEATED, APART = 6, 2000  # how often a unit's wave is played, and after how many samples again
HINT = (
    "Click in the map to choose the unit that is nearest; the left and right arrow keys go from "
    "unit to unit, by their centres, and up and down change the sound."
)


def sound_explorer(centre_and_bandwidth: Function) -> Explorer:
    """Choose a unit of one of the stored networks, see its wave and its spectrum, and hear it.

    What is played is the unit's best input, its weights, several times with pauses between.

    Args:
        centre_and_bandwidth: the student's function.

    Returns:
        An Explorer, with a button that plays the sound.

    Raises:
        ValueError: if what is given is no function.
        saelab.data.DataError: if the stored networks are not found.
    """
    require_functions(centre_and_bandwidth=centre_and_bandwidth)
    stored = load_stored("audio")
    filters = {name: first_layer(stored[name]) for name in SOUNDS}
    controls = {
        "sound": SelectionSlider(options=list(SOUNDS), value="tones", description="trained on"),
        "unit": IntSlider(
            min=1, max=UNITS, value=52, description="unit (by its centre)",
            style={"description_width": "initial"},
        ),
    }  # fmt: skip
    heard = ipywidgets.HTML()

    @functools.cache
    def places(sound: str) -> Array:
        """Centre and bandwidth of each unit, (64, 2)."""
        found = [call(centre_and_bandwidth, w, RATE, shape=(2,)) for w in filters[sound]]
        return np.array(found)

    def draw(figure: Figure, sound: str, unit: int) -> str:
        own = places(sound)
        number = int(np.argsort(own[:, 0], kind="stable")[unit - 1])
        w, (centre, bandwidth) = filters[sound][number], own[number]
        draw_wave(figure.add_axes(WAVE), w)
        draw_spectrum(figure.add_axes(SPECTRUM), w, centre, bandwidth)
        ax = figure.add_axes(MAP)
        for name, color, marker in zip(SOUNDS, (BLUE, ORANGE), "os"):
            ax.plot(*places(name).T, marker, color=color, ms=4, alpha=0.6, label=name)
        ax.plot(centre, bandwidth, "o", ms=12, mfc="none", mec="black", mew=2.5)
        ax.set(xscale="log", yscale="log", xlim=CENTRES, ylim=BANDWIDTHS)
        few_ticks(ax, (100, 200, 500, 1000, 2000), (200, 400, 800))
        ax.set(xlabel="centre (Hz)", ylabel="bandwidth (Hz)")
        ax.set_title("The units of both networks", fontsize="medium", y=1)
        ax.legend(loc="upper left", fontsize="small")
        sentence = (
            f"Trained on {sound}, unit {unit} of {UNITS} by its centre: it listens around "
            f"{centre:.0f} Hz, {bandwidth:.0f} Hz to either side, and lasts {lasts(w):.2f} ms "
            f"(a wave that fills the window: {WHOLE:.2f})."
        )
        heard.value = audio(repeated(w), RATE, f"The best input of this unit, {REPEATED} times")
        return sentence

    def point(x: float, y: float) -> None:
        place = within(MAP, x, y)
        if place is None:
            return
        own = np.log(np.maximum(places(controls["sound"].value), 1))
        across, up = (np.log(limits) for limits in (CENTRES, BANDWIDTHS))
        there = across[0] + place[0] * np.ptp(across), up[1] - place[1] * np.ptp(up)
        away = np.hypot(*((own - there) / (np.ptp(across), np.ptp(up))).T)
        order = np.argsort(own[:, 0], kind="stable")
        controls["unit"].value = int(np.flatnonzero(order == away.argmin())[0]) + 1

    def step(dx: int, dy: int) -> None:
        advance(controls["unit"], dx)
        advance(controls["sound"], dy)

    title = "What does a unit listen to?"
    explorer = Explorer(title, draw, controls, (8.5, 4), point, step, HINT)
    *above, reading = explorer.children
    explorer.children = (*above, heard, reading)
    return explorer


def first_layer(theta: NDArray[Any]) -> Array:
    """The filters of a stored network, (64, 64)."""
    return theta[: UNITS * SIZE].reshape(UNITS, SIZE).astype(float)


def repeated(w: Array) -> Array:
    """A wave of 8 ms several times, with pauses, in which an ear hears its pitch."""
    sound = np.zeros((REPEATED, APART))
    sound[:, : len(w)] = w
    return sound.ravel()


def lasts(w: Array) -> float:
    """The spread of a filter's energy in time, in ms."""
    return float(np.sqrt(np.cov(1000 * np.arange(len(w)) / RATE, aweights=w**2, ddof=0)))


def draw_wave(ax: Axes, w: Array) -> None:
    """Draw the weights of a unit over time."""
    ax.axhline(0, color=GREY, lw=1)
    ax.plot(1000 * np.arange(len(w)) / RATE, w, color=BLUE)
    few_ticks(ax, (0, 2, 4, 6, 8))
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.set(xlabel="time (ms)", ylabel="weight", xlim=(0, 8))
    ax.set_title("The unit's weights", fontsize="medium", y=1)


def draw_spectrum(ax: Axes, w: Array, centre: float, bandwidth: float) -> None:
    """Draw a spectrum, and what two numbers say of it."""
    finely = 16 * len(w)
    spectrum = np.abs(np.fft.rfft(w, finely))
    ax.plot(np.arange(len(spectrum)) * RATE / finely, spectrum**2 / (spectrum**2).max(), color=BLUE)
    ax.axvline(centre, color=ORANGE)
    ax.axvspan(max(centre - bandwidth, 0), centre + bandwidth, color=ORANGE, alpha=0.2, lw=0)
    few_ticks(ax, (0, 500, 1000, 1500, 2000), (0, 1))
    ax.set(xlabel="frequency (Hz)", ylabel="power", xlim=(0, 2500), ylim=(0, 1.05))
    ax.set_title("Its spectrum, centre and bandwidth", fontsize="medium", y=1)
