"""Right functions of notebook 11, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def windows(sound, size, n, rng):
    starts = rng.integers(0, len(sound) - size, size=n, endpoint=True)
    return np.array([sound[start : start + size] for start in starts]).T


def windows(sound, size, n, rng):
    starts = rng.integers(len(sound) - size + 1, size=n)
    return sound[starts + np.arange(size)[:, None]]


def windows(sound, size, n, rng):
    every = np.lib.stride_tricks.sliding_window_view(sound, size)
    return rng.choice(every, n).T.copy()


def windows(sound, size, n, rng):
    """From a number between 0 and 1; slower, and in single precision."""
    columns = []
    while len(columns) < n:
        k = int(rng.random() * (len(sound) - size + 1))
        columns.append([float(s) for s in sound[k : k + size]])
    print(len(columns), "windows")
    return np.column_stack(columns).astype(np.float32)


def windows(sound, size, n, rng):
    places = np.arange(len(sound) - size + 1)
    k = rng.choice(places, size=n)
    return np.take(sound, k[None, :] + np.arange(size)[:, None])


def centre_and_bandwidth(w, rate):
    spectrum = np.fft.rfft(w)
    power = spectrum.real**2 + spectrum.imag**2
    if not power.any():
        return 0, 0
    f = np.arange(len(power)) * rate / len(w)
    centre = np.average(f, weights=power)
    return centre, np.average((f - centre) ** 2, weights=power) ** 0.5


def centre_and_bandwidth(w, rate):
    if np.all(w == 0):
        return np.zeros(2)[0], np.zeros(2)[1]
    P = abs(np.fft.rfft(np.asarray(w, dtype=float))) ** 2
    P = P / P.sum()
    f = np.linspace(0, len(P) - 1, len(P)) * (rate / len(w))
    c = (P * f).sum()
    # The mean square less the square of the mean.
    return c, np.sqrt((P * f**2).sum() - c**2)


def centre_and_bandwidth(w, rate):
    n = len(w)
    t = np.arange(n)
    total = first = 0.0
    powers = []
    for k in range(n // 2 + 1):
        turn = 2 * np.pi * k * t / n
        p = np.dot(w, np.cos(turn)) ** 2 + np.dot(w, np.sin(turn)) ** 2
        powers.append(p)
        total += p
        first += p * k * rate / n
    if total < 1e-300:
        return (0.0, 0.0)
    centre = first / total
    second = sum(p * (k * rate / n - centre) ** 2 for k, p in enumerate(powers))
    return centre, (second / total) ** 0.5


from scipy.fft import rfft, rfftfreq


def centre_and_bandwidth(w, rate):
    power = np.square(np.abs(rfft(w)))
    f = rfftfreq(len(w), d=1 / rate)
    with np.errstate(all="ignore"):
        centre = np.nan_to_num(np.sum(f * power) / np.sum(power))
        spread = np.nan_to_num(np.sqrt(np.sum((f - centre) ** 2 * power) / np.sum(power)))
    return float(centre), float(spread)


def centre_and_bandwidth(w, rate):
    power = np.abs(np.fft.fft(w)[: len(w) // 2 + 1]) ** 2
    frequency = np.abs(np.fft.fftfreq(len(w), 1 / rate)[: len(w) // 2 + 1])
    total = np.sum(power)
    share = power / total if total > 0 else power
    centre = share @ frequency
    return np.array(centre), np.sqrt(np.einsum("k,k->", share, (frequency - centre) ** 2))
