"""Make the course's half minute of speech, data/sounds/speech.wav, from a Debian package.

    python data/sounds.py FOLDER

Nobody needs to run this to take the course, because the speech is already here. FOLDER is one that
holds demo-instruct.wav of the package asterisk-core-sounds-en-wav, which need not be installed:

    apt-get download asterisk-core-sounds-en-wav
    dpkg -x asterisk-core-sounds-en-wav_*.deb sounds
    python data/sounds.py sounds/usr/share/asterisk/sounds/en_US_f_Allison

The speech is under the licence of that package, CC-BY-SA-3.0, and so is what is made of it here;
data/LICENSES.md says whose it is. It is kept in 8 bits, which is what a telephone sends.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from saelab.files import whole

SOURCE = "demo-instruct.wav"
RATE, SECONDS = 8000, 30
TARGET = Path(__file__).resolve().parent / "sounds" / "speech.wav"


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path, help=f"where {SOURCE} is")
    folder = parser.parse_args().folder
    rate, samples = wavfile.read(folder / SOURCE)
    if rate != RATE or samples.dtype != np.int16 or len(samples) < RATE * SECONDS:
        raise SystemExit(f"{folder / SOURCE} is not the file of the package")
    first = samples[: RATE * SECONDS].astype(float)
    TARGET.parent.mkdir(exist_ok=True)
    # Of the 8 bits, 128 is silence.
    with whole(TARGET) as part:
        levels = np.round(128 + 127 * first / np.abs(first).max())
        wavfile.write(part, RATE, levels.astype(np.uint8))
    print(f"wrote {TARGET.name}, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
