"""Make data/audio.npz: what 64 units learn of tones, of speech and of noise.

    python data/audio.py

Nobody needs to run this to take the course, because the file is already here; notebook 11 and its
explorer show it. The sounds, the windows and the trainings are those of the notebook's own cells,
run by the reference: a minute of its damped tones (seed 11), the half minute of speech in
data/sounds, and a minute of white noise (seed 12); 5000 windows of 64 samples, 8000 a second; 64
hidden units, rho 0.01, beta 3, 400 iterations. The arrays, float32:

    tones    (8320,) theta after the training on tones, lambda 3e-5
    speech   (8320,) on speech, lambda 1e-4
    light    (8320,) on speech with less decay, lambda 3e-5
    noise    (8320,) on noise, lambda 3e-5
    start    (8320,) theta before the training, the same for all
    r2       (5, 64) how much of each filter, less its mean, the best Gabor function in one
             dimension explains; rows in the order above, filters as in theta

The whole run takes a minute. Elsewhere theta differs a little, since a rounding error becomes
large on the way.
"""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from autograder.exercises.reference import reference
from saelab.data import write_stored
from saelab.sound import load_sound
from saelab.typed import Array

RATE, SIZE, UNITS = 8000, 64, 64
# The sound and lambda of each training.
TRAININGS = {
    "tones": ("tones", 3e-5),
    "speech": ("speech", 1e-4),
    "light": ("speech", 3e-5),
    "noise": ("noise", 3e-5),
}
WIDTHS = (3, 8, 20)  # of the bell, in samples, from which a fit starts
TARGET = Path(__file__).resolve().with_name("audio.npz")


def sounds() -> dict[str, Array]:
    """The three sounds, by their names."""
    return {
        "tones": reference("11_audio").damped_tones(60, np.random.default_rng(11)),
        "speech": load_sound()[0],
        "noise": np.random.default_rng(12).normal(size=60 * RATE),
    }


def gabor(place: float, width: float, frequency: float) -> Array:
    """The even and the odd wave under a bell, (64, 2); all arguments count in samples."""
    t = np.arange(SIZE) - place
    bell = np.exp(-0.5 * (t / width) ** 2)
    turn = 2 * np.pi * frequency * t
    return np.stack([bell * np.cos(turn), bell * np.sin(turn)], axis=1)


def explained(w: Array) -> float:
    """The R2 of the best Gabor function for one filter, (64,), whose mean is taken off first."""
    unit = w - w.mean()
    unit = unit / np.linalg.norm(unit)

    def left(parameters: Array) -> Any:
        waves = gabor(*parameters)
        return waves @ np.linalg.lstsq(waves, unit, rcond=None)[0] - unit

    middle = np.clip(unit**2 @ np.arange(SIZE), 1, SIZE - 2)
    strongest = np.abs(np.fft.rfft(unit, 8 * SIZE)).argmax() / (8 * SIZE)
    low, high = (-0.5, 1, 0.005), (SIZE - 0.5, SIZE, 0.5)
    starts = [(middle, width, np.clip(strongest, 0.006, 0.49)) for width in WIDTHS]
    best = min(least_squares(left, start, bounds=(low, high)).cost for start in starts)
    return float(1 - 2 * best)  # least_squares halves the sum of squares


def main() -> None:
    own = reference("11_audio")
    heard = sounds()
    thetas = {
        name: own.learned(own.examples(heard[sound]), decay)
        for name, (sound, decay) in TRAININGS.items()
    }
    thetas["start"] = reference("02_cost").initialize_parameters(
        SIZE, UNITS, np.random.default_rng(0)
    )
    filters = [theta[: UNITS * SIZE].reshape(UNITS, SIZE) for theta in thetas.values()]
    r2 = [[explained(w) for w in rows] for rows in filters]
    arrays: dict[str, Any] = {name: theta.astype(np.float32) for name, theta in thetas.items()}
    write_stored(TARGET, arrays | {"r2": np.array(r2, np.float32)})


if __name__ == "__main__":
    main()
