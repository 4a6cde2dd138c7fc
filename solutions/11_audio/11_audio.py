# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11 Audio: what does it hear?

# %% [markdown]
# > **You will learn** what the same lines of code make of sound: wavelets, hums or noise; and
# > which numbers tell the three apart. The lecture notes say at their end that the algorithm also
# > finds useful features in other inputs, *such as audio*.
# >
# > **You will write** `windows` and `centre_and_bandwidth`.
# >
# > **Time** 50 minutes · **Difficulty** easy code, one formula · **Points** 9 by tests, 3 by
# > hand · **Builds on** your notebooks 01, 02, 03 and 05.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %%
from saelab import previous, progress
from saelab.check import check
from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE, show
from saelab.sound import load_sound, player

# %%
normalize_patches = previous.functions(
    "01_patch_sampling", "normalize_patches"
)
initialize_parameters, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "initialize_parameters", "unpack_parameters", "feed_forward"
)
sparse_autoencoder_cost = previous.functions(
    "03_kl_delta", "sparse_autoencoder_cost"
)
train = previous.functions("05_training", "train")

# %% [markdown]
# ## 1. A sound is a row of numbers
#
# A microphone measures the pressure of the air, here 8000 times a second. So a sound is a picture
# with one row. This one holds half a minute of speech (Allison Smith, CC-BY-SA-3.0; see
# `data/LICENSES.md`):

# %% tags=["long"]
speech, rate = load_sound()
print(f"{len(speech)} samples, {rate} a second: {len(speech) / rate:.0f} s")
player(speech[: 5 * rate], rate, "The first five seconds of the speech.")

# %% [markdown]
# What is a patch of a sound? A **window**: some samples in a row. Ours have 64, as many as an
# 8×8 patch has pixels, and last $64 / 8000$ s = 8 ms.

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(9, 2.6))
part = slice(8 * rate, 8 * rate + rate // 2)
inside = slice(part.start + 2400, part.start + 2464)
for ax, shown in zip(axes, (part, inside)):
    milliseconds = 1000 * np.arange(shown.start, shown.stop) / rate
    ax.plot(milliseconds - 8000, speech[shown], color=BLUE, lw=1)
    ax.set(xlabel="time (ms)", ylabel="pressure (at most 1)")
axes[0].set_title("Half a second")
axes[1].set_title("A window of it: 64 samples")
show(
    fig,
    alt="Left bursts of fast swings with pauses, one of them 200 ms long; "
    "right a wave with a few peaks.",
    caption="Speech, and 8 ms of it.",
)

# %% [markdown]
# A vowel lasts some 200 ms here, as long as 25 windows; within one it is a wave. The network will
# have to redraw such pieces, as it redrew patches.
#
# ### Write `windows`
#
# A sound of $N$ samples $s_0, \dots, s_{N-1}$ has $N - size + 1$ windows
#
# $$ (s_k, s_{k+1}, \dots, s_{k + size - 1}), \qquad k = 0, \dots, N - size. $$
#
# Draw $k$ for each column by itself, all equally likely. By hand: in a sound of 10 samples a window
# of 4 may start at 0, 1, ..., 6, so at seven places. The last sample belongs to the sound too.


# %% nbgrader={"grade": false, "grade_id": "windows", "locked": false, "schema_version": 3, "solution": true, "task": false}
def windows(sound, size, n, rng):
    """Cut windows out of a sound at random places.

    sound: (samples,). size: samples in a window. n: how many windows.
    rng: a numpy.random.Generator, the only source of chance.

    Returns (size, n) float64; each column is one window, with its
    samples unchanged.
    """
    ### BEGIN SOLUTION
    data = np.empty((size, n))
    for i in range(n):
        k = rng.integers(len(sound) - size + 1)
        data[:, i] = sound[k : k + size]
    return data
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-windows", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(windows)


# %% nbgrader={"grade": true, "grade_id": "test-windows", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# 5 points: shape 1, windows 2, spread over all places 1, repeatable 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(windows, shape=1, windows=2, spread=1, repeatable=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Where a filter listens
#
# A filter of 64 weights can be a slow wave, a fast one, a short click. Two numbers say which
# frequencies it listens to. `np.fft.rfft` writes a filter $w$ of $n$ weights as a sum of waves;
# number $k$ makes $k$ swings in the window and so has the frequency $f_k$:
#
# $$ P_k = |\mathrm{rfft}(w)_k|^2, \qquad f_k = \frac{k \cdot rate}{n}, \qquad
#    k = 0, \dots, \lfloor n/2 \rfloor $$
#
# The **centre** is the mean frequency, weighted by power, and the **bandwidth** the standard
# deviation about it:
#
# $$ c = \frac{\sum_k P_k f_k}{\sum_k P_k}, \qquad
#    b = \sqrt{\frac{\sum_k P_k (f_k - c)^2}{\sum_k P_k}} $$
#
# By hand: $w = (1, -1, 0, 0)$ at 8 samples a second. The frequencies are 0, 2 and 4 Hz, with powers
# 0, 2 and 4. So $c = (2 \cdot 2 + 4 \cdot 4)/6 = 3.33$ Hz, and
# $b = \sqrt{(2 \cdot 1.33^2 + 4 \cdot 0.67^2)/6} = 0.94$ Hz.
#
# ### Write `centre_and_bandwidth`
#
# A filter of zeros has no power to divide by: it gets 0 Hz for both.


# %% nbgrader={"grade": false, "grade_id": "centre_and_bandwidth", "locked": false, "schema_version": 3, "solution": true, "task": false}
def centre_and_bandwidth(w, rate):
    """Where the spectrum of a filter lies, and how wide it is, in Hz.

    w: (n,), one filter. rate: samples a second.

    Returns (centre, bandwidth): mean and standard deviation of the
    frequencies of np.fft.rfft(w), 0 Hz among them, weighted by power.
    A filter of zeros gives (0.0, 0.0).
    """
    ### BEGIN SOLUTION
    P = np.abs(np.fft.rfft(w)) ** 2
    f = np.fft.rfftfreq(len(w), 1 / rate)
    total = P.sum() or 1  # a filter of zeros has no power
    centre = P @ f / total
    return centre, np.sqrt(P @ (f - centre) ** 2 / total)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-centre_and_bandwidth", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(centre_and_bandwidth)


# %% nbgrader={"grade": true, "grade_id": "test-centre_and_bandwidth", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# 4 points: the centre 2, the bandwidth 2.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(centre_and_bandwidth, centre=2, bandwidth=2)
### END HIDDEN TESTS

# %%
centre, bandwidth = centre_and_bandwidth(np.array([1.0, -1, 0, 0]), 8)
print(f"centre {centre:.2f} Hz, bandwidth {bandwidth:.2f} Hz")

# %% [markdown]
# ### Short or narrow
#
# How long does a filter last? The same question in time: the standard deviation of its samples'
# times, weighted by their energy $w^2$. A wave that fills the window of 8 ms has $8 / \sqrt{12}
# = 2.3$ ms.


# %% tags=["long"]
def duration(w, rate):
    """The spread of a filter's energy in time, in ms."""
    t = 1000 * np.arange(len(w)) / rate
    return np.sqrt(np.cov(t, aweights=w**2, ddof=0))


# %% [markdown]
# **Predict first:** here are a tone of 1000 Hz that fills the window, the same under two bells, and
# a click. Which has the widest band, and where is the centre of a click?

# %% tags=["long"]
t = np.arange(64) / rate
tone = np.sin(2 * np.pi * 1000 * t)
filters = {
    "the whole window": tone,
    "a wide bell": tone * np.exp(-(((t - 0.004) / 0.002) ** 2)),
    "a narrow bell": tone * np.exp(-(((t - 0.004) / 0.001) ** 2)),
    "a click": np.eye(64)[32],
}
for name, w in filters.items():
    centre, bandwidth = centre_and_bandwidth(w, rate)
    print(f"{name:16s} {duration(w, rate):5.2f} ms, ", end="")
    print(f"centre {centre:5.0f} Hz, bandwidth {bandwidth:4.0f} Hz")

# %% [markdown]
# Half as long, twice as wide: 0.5 ms and 159 Hz instead of 1 ms and 80 Hz. The product is 0.08
# both times, and Gabor (1946) showed that it can hardly be less: short *and* narrow cannot be had.
# (The whole window seems to do better, since exactly eight swings fit into it, and `rfft` takes
# them to go on for ever.) A click holds all frequencies alike; its centre is their middle, 2000 Hz.
#
# ## 3. Sounds whose answer is known
#
# Let us make sounds in which we know what there is to find: tones of 150 to 3600 Hz that begin
# at random times and fade away, each within a few of its own swings. So high tones are short.


# %% tags=["long"]
def damped_tones(seconds, rng, rate=8000):
    """Sixty tones a second, each fading within a few of its own swings."""
    sound = np.zeros(seconds * rate)
    for f in np.exp(rng.uniform(np.log(150), np.log(3600), 60 * seconds)):
        t = np.arange(int(12 * rate / f)) / rate
        tone = np.exp(-f * t / 2) * np.sin(
            2 * np.pi * f * t + rng.uniform(0, 6)
        )
        start = rng.integers(len(sound) - len(t) + 1)
        sound[start : start + len(t)] += rng.normal() * f * tone
    return sound / np.abs(sound).max()


# %% tags=["long"]
tones = damped_tones(60, np.random.default_rng(11))
player(tones[: 4 * rate], rate, "Four seconds of damped tones.")

# %% [markdown]
# The rest is the course's own way, with one row in place of two directions: the gain
# $|f|\, e^{-(f/f_0)^4}$ of notebook 01, windows, `normalize_patches`, your cost, your `train`. One
# step is new: windows differ widely in loudness, so each is turned up or down.


# %% tags=["long"]
def flattened(sound, f0=0.4):
    """Weaken slow waves: gain |f| exp(-(f/f0)^4), f in cycles a sample."""
    f = np.fft.rfftfreq(len(sound))
    gain = f * np.exp(-((f / f0) ** 4))
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


# %% tags=["long"]
def equally_loud(data):
    """Turn quiet windows up and loud ones down, but let silence be."""
    return data / (data.std(axis=0) + 0.2 * data.std())


# %% tags=["long"]
def examples(sound, m=5000):
    """The windows of a sound as they go into the network, (64, m)."""
    cut = windows(flattened(sound), 64, m, np.random.default_rng(1))
    return normalize_patches(equally_loud(cut))


# %% tags=["long"]
def learned(data, lambda_, callback=None, iterations=400):
    theta0 = initialize_parameters(64, 64, np.random.default_rng(0))
    problem = 64, 64, lambda_, 0.01, 3.0  # sizes, lambda, rho, beta
    return train(
        theta0,
        lambda theta: sparse_autoencoder_cost(theta, *problem, data),
        iterations,
        callback,
    ).x


# %% [markdown]
# $\lambda$ is a parameter now, since sounds differ in what they bear. A training takes some 15
# seconds, so all are stored; with `FULL = True` you train the first yourself.

# %% tags=["long"]
FULL = False
stored = load_stored("audio")
if FULL:
    with progress.bar(400, "training", unit="iteration") as bar:
        stored["tones"] = learned(
            examples(tones), 3e-5, lambda theta: bar.update()
        )
        bar.finish("stopped")

# %% [markdown]
# **Predict first:** what will units look for that learn to redraw damped tones, rarely active:
# whole tones, or pieces of them? Low or high ones? And units that learn noise?


# %% tags=["long"]
def filters_of(theta):
    """W1, its rows in the order of their centres."""
    W1, *_ = unpack_parameters(theta.astype(float), 64, 64)
    return W1[np.argsort([centre_and_bandwidth(w, rate)[0] for w in W1])]


# %% tags=["long"]
def draw_waves(ax, W1, title):
    """Draw 64 filters as waves, eight in a row, each as high as its own."""
    for i, w in enumerate(W1):
        row, column = divmod(i, 8)
        x, y = column * 72 + np.arange(64), 0.4 * w / np.abs(w).max() - row
        ax.plot(x, y, color=BLUE, lw=0.8)
    ax.set_title(title, fontsize="medium")
    ax.axis("off")


# %% tags=["long"]
of_tones = filters_of(stored["tones"])
fig, ax = plt.subplots(figsize=(9, 5))
draw_waves(ax, of_tones, "64 units that have learned damped tones")
show(
    fig,
    alt="64 small waves: slow ones at the top, and ever faster and shorter "
    "ones, each at its own place, further down; a few are ragged.",
    caption="The filters by their centres, from the lowest to the highest. "
    "Each takes 8 ms, and is as high as its own largest weight.",
)

# %% [markdown]
# Pieces, and short ones: most units have a pitch and a place of their own, and swing a few times
# there. Such waves are called **wavelets**. (A few units are ragged.) Nobody told the network that
# tones begin somewhere and fade.
#
# ## 4. The same code hears speech
#
# Now half a minute of speech, with the course's own $\lambda = 10^{-4}$. **Predict first:** will
# its units be wavelets, too?

# %% tags=["long"]
of_speech = filters_of(stored["speech"])
fig, ax = plt.subplots(figsize=(9, 5))
draw_waves(ax, of_speech, "64 units that have learned speech")
show(
    fig,
    alt="64 smooth waves that fill their windows, with two or three peaks "
    "in each.",
    caption="The filters that speech gives, from the lowest centre to the "
    "highest.",
)

# %% [markdown]
# Smooth waves. Are they what tones gave? In one dimension a Gabor function is
#
# $$ g(t) = e^{-\frac12 (t - t_0)^2 / \sigma^2} \cos(2\pi f t + \varphi), $$
#
# and the file has the $R^2$ of the best one for each filter, as notebook 06 has it for edges.

# %% tags=["long"]
for name, fits in zip(("tones", "speech"), stored["r2"]):
    print(f"{name}: R² >= 0.8 for {np.sum(fits >= 0.8)} of 64 units")

# %% [markdown]
# Hardly a difference. By the measure that told edges from noise, both have units for a band of
# frequencies, and a report could end here: "wavelets of speech". **Predict first:** where will the
# two kinds lie on a map of centre and length?


# %% tags=["long"]
def places(W1):
    """Centre, bandwidth and duration of each filter, three rows."""
    bands = [centre_and_bandwidth(w, rate) for w in W1]
    return np.vstack([np.transpose(bands), [duration(w, rate) for w in W1]])


# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.8))
pairs = ("tones", of_tones, BLUE, "o"), ("speech", of_speech, ORANGE, "s")
for name, W1, color, marker in pairs:
    centre, bandwidth, length = places(W1)
    axes[0].plot(centre, length, marker, color=color, ms=4, label=name)
    axes[1].plot(centre, bandwidth, marker, color=color, ms=4)
axes[0].axhline(8 / np.sqrt(12), color=GREY, lw=1)
axes[0].set(xlabel="centre (Hz)", ylabel="duration (ms)", title="Length")
axes[1].set(xlabel="centre (Hz)", ylabel="bandwidth (Hz)", title="Width")
axes[0].legend()
show(
    fig,
    alt="Two maps: dots of tones run from 290 to 1700 Hz and become shorter "
    "on the way; those of speech lie in a heap below 600 Hz.",
    caption="Each dot a unit. Grey line: a wave that fills the window.",
)

# %% [markdown]
# Now they differ. Of the units of tones 47 last less than 1.5 ms, and the higher, the shorter: the
# 16 lowest last 1.83 ms in the median, the 16 highest 0.91 ms. No unit of speech stays below 1.5
# ms; in the median they last 2.27 ms, as long as a wave that fills the window (some a little
# longer: they are loudest at both ends), and their centres lie in one low band, under 600 Hz. They
# are hums. Speech has its reasons: a vowel lasts many windows, and within one it is what you saw in
# section 1.
#
# Tones, too, are less than a textbook wants. Wavelets have bands that double with each octave;
# these widen only a little, from 290 Hz to 360 Hz on average between the lowest and the highest 16.
# And tones above 1700 Hz have no unit of their own.
#
# Let us see the controls: speech with the $\lambda$ of the tones (`light`), a minute of noise with
# it, and the network before any training (`start`). **Predict first:** which of them have units
# that fit, and which have short ones?

# %% tags=["long"]
for name, fits in zip(
    ("tones", "speech", "light", "noise", "start"), stored["r2"]
):
    centre, _, length = places(filters_of(stored[name]))
    print(f"{name:6s} R² >= 0.8: {np.sum(fits >= 0.8):2d}, ", end="")
    print(f"below 1.5 ms: {np.sum(length < 1.5):2d}, ", end="")
    print(f"centres {centre.min():4.0f} to {centre.max():4.0f} Hz")

# %% [markdown]
# Noise and the start fit nowhere, and their centres lie together, around the middle of all
# frequencies. With less decay speech loses most of its fits, and gains no wavelets. $R^2$ knows
# noise from a wave, but not a hum from a wavelet; the length knows that. Only the units of tones
# pass both.
#
# So is the notes' sentence true? The same lines do find features of sounds, and in the right sounds
# wavelets. That they are *useful* has not been tried here. And it is the sounds that decide:
# Lewicki (2002), with another method, found wavelets in the noises of a forest, and long waves in
# the voices of animals.
#
# **Predict first:** what do you hear if a unit's best input is played, six times with pauses: a
# tone, or a click? Choose units from left to right in the map, press the button, and then change
# the sound.

# %% tags=["long"]
from saelab.widgets import sound_explorer

sound_explorer(centre_and_bandwidth)

# %% [markdown]
# Ticks, all of them: 8 ms are too short for a tone. But the ticks are dull on the left and bright
# on the right, and those of speech are all dull.
#
# ## 5. A sound of your own
#
# Write the path of a WAV file into the first line: birds, a guitar, a kitchen. Half a minute is
# enough. `load_sound` takes any rate and any number of channels, and says what it does with them.
# Predict which of the two kinds you will get, and try both $\lambda$.

# %% tags=["long"]
path = None  # such as "my/kitchen.wav"
if path:
    mine, _ = load_sound(path)
    with progress.bar(400, "training", unit="iteration") as bar:
        theta = learned(examples(mine), 1e-4, lambda theta: bar.update())
        bar.finish("stopped")
    for centre, bandwidth, length in places(filters_of(theta)).T[::7]:
        print(f"{centre:5.0f} Hz, {bandwidth:4.0f} Hz, {length:.2f} ms")

# %% [markdown]
# ## 6. In your own words
#
# ### Wavelets of a violin? (3 points)
#
# Somebody trains 64 units on a violin and reports: "The median $R^2$ of a Gabor fit is 0.9. Just
# as edges come from photographs, wavelets come from music." What does this $R^2$ not tell? Which
# numbers would you ask for, and what would they be for wavelets? Which two controls would you want
# to see?
#
# **Rubric.** 1 point: what fits that is no wavelet. 1 point: numbers of length and of spread, and
# what to expect of them. 1 point: two controls that could have gone the other way.

# %% [markdown] nbgrader={"grade": true, "grade_id": "wavelets-of-a-violin", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# A Gabor function may have a bell as wide as its window: then it is a plain wave, and any smooth
# filter of one main frequency fits it. So R² does not say that a filter is short, nor that the
# filters differ. I would ask how long each lasts beside its window, and for its centre. For
# wavelets most lengths are well below that of a tone that fills the window, centres spread over
# several octaves, and the higher the centre, the shorter the filter. Controls: noise of the same
# loudness, or the sound's samples shuffled, which must give nothing of the kind; and the same
# number of random or untrained filters. Also a longer window: if the filters grow with it, their
# length was the window's and not the sound's.

# %% [markdown]
# ## What you have now
#
# The same lines, another sense, and a habit: before a picture is believed, ask which numbers would
# be different if it were not true. In
# [**12 today**](../12_sparse_autoencoders_today/12_sparse_autoencoders_today.ipynb)
# units read words.

# %% [markdown]
# **Read on:** section 4 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**, at its
# end; **[Gabor (1946)](https://doi.org/10.1049/ji-3-2.1946.0074)** on how short and narrow a sound
# can be; **[Lewicki (2002)](https://doi.org/10.1038/nn831)** and
# **[Smith and Lewicki (2006)](https://doi.org/10.1038/nature04485)**, who find wavelets in natural
# sounds, and a code much like that of the cat's ear.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/11_audio/11_audio.ipynb)** and
# **[solved](../../solutions/11_audio/11_audio.ipynb)**.
