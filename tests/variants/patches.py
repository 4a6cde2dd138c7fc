"""Right functions of notebook 01, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def whiten(image, f0):
    def mirrored(n):
        return range(32, 0, -1), range(n), range(n - 2, n - 34, -1)

    padded = np.block(
        [[image[r][:, c] for c in mirrored(image.shape[1])] for r in mirrored(image.shape[0])]
    )
    f = np.sqrt(sum(g**2 for g in np.meshgrid(*map(np.fft.fftfreq, padded.shape), indexing="ij")))
    out = np.real(np.fft.ifftn(np.fft.fftn(padded) * (f * np.exp(-((f / f0) ** 4)))))
    out = out[32 : 32 + image.shape[0], 32 : 32 + image.shape[1]]
    return np.sqrt(0.1) * out / np.std(out)


def whiten(image, f0):
    padded = np.pad(image, ((32, 32), (32, 32)), "reflect")
    f = frequency_grid(*padded.shape)[:, : padded.shape[1] // 2 + 1]
    gain = f * np.exp(-(f**4) / f0**4)
    out = np.fft.irfft2(np.fft.rfft2(padded) * gain, padded.shape)[32:-32, 32:-32]
    return out / np.sqrt(np.var(out) / 0.1)


def whiten(image, f0):
    from scipy import fft

    print("whitening", image.shape)
    big = np.pad(np.asarray(image, dtype=np.longdouble).astype(float), 32, "reflect")
    rows, columns = (fft.fftfreq(n) for n in big.shape)
    squared = np.add.outer(rows**2, columns**2)
    gain = np.sqrt(squared) * np.exp(-(squared**2) / f0**4)
    out = fft.ifft2(fft.fft2(big) * gain).real[32:, 32:][: image.shape[0], : image.shape[1]]
    return np.array([list(row) for row in out * (0.1 / np.mean((out - np.mean(out)) ** 2)) ** 0.5])


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    k, p = np.arange(patch_size), patch_size
    picture = rng.integers(0, n, n_patches)
    y = rng.integers(0, height - p, n_patches, endpoint=True)[:, None] + k
    x = rng.integers(0, width - p, n_patches, endpoint=True)[:, None] + k
    return images[picture[:, None, None], y[:, :, None], x[:, None, :]].reshape(n_patches, -1).T


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    patches = []
    for _ in range(n_patches):
        y = int(rng.random() * (height - patch_size + 1))
        x = int(rng.random() * (width - patch_size + 1))
        window = images[rng.choice(n), y : y + patch_size, x : x + patch_size]
        patches.append([value for row in window for value in row])
    return np.array(patches, dtype=np.float32).T


def sample_patches(images, patch_size, n_patches, rng):
    windows = np.lib.stride_tricks.sliding_window_view(images, (patch_size, patch_size), (1, 2))
    chosen = rng.integers(0, windows.shape[:3], size=(n_patches, 3))
    return np.transpose([windows[tuple(place)].flatten() for place in chosen])


def normalize_patches(patches):
    out = patches.copy()
    for i in range(out.shape[1]):
        out[:, i] -= sum(out[:, i]) / len(out)
    sigma = np.sqrt(np.mean((out - out.mean()) ** 2))
    out = np.maximum(np.minimum(out, 3 * sigma), -3 * sigma) / (3 * sigma)
    return (out + 1) * 0.4 + 0.1


def normalize_patches(patches):
    means = np.einsum("pn->n", patches) / len(patches)
    x = np.matrix(patches) - means
    x = x / (3 * x.std())
    x[x > 1], x[x < -1] = 1, -1
    return 0.1 + (x + 1) * (0.9 - 0.1) / 2


def normalize_patches(patches):
    import warnings

    warnings.warn("this may take a while")
    rows = [np.subtract(column, np.mean(column)) for column in patches.T]
    top = 3 * np.sqrt(np.mean(np.square(rows)))
    return np.array([[min(max(x / top, -1), 1) * 0.4 + 0.5 for x in row] for row in rows]).T


def whiten(image, f0):
    height, width = image.shape
    padded = np.pad(image, 32, "reflect")
    f = frequency_grid(height + 64, width + 64)
    R = f * np.exp(-np.power(f / f0, 4))
    out = np.fft.ifft2(R * np.fft.fft2(padded)).real
    out = out[32 : 32 + height, 32 : 32 + width]
    return out * np.sqrt(0.1) / out.std()


def gain(rows, columns, f0):
    fy, fx = np.fft.fftfreq(rows)[:, np.newaxis], np.fft.fftfreq(columns)[np.newaxis, :]
    f = np.hypot(fy, fx)
    return f * np.exp(-((f / f0) ** 4))


def whiten(image, f0):
    padded = np.pad(image, ((32, 32), (32, 32)), mode="reflect")
    back = np.fft.ifft2(np.fft.fft2(padded) * gain(*padded.shape, f0))
    cut = np.real(back)[32:-32, 32:-32]
    variance = np.mean(cut**2) - np.mean(cut) ** 2
    return cut / np.sqrt(variance / 0.1)


def whiten(image, f0):
    import warnings

    warnings.warn("frequencies in the middle")
    padded = np.pad(image, 32, mode="reflect")
    f = np.fft.fftshift(frequency_grid(*padded.shape))
    spectrum = np.fft.fftshift(np.fft.fft2(padded)) * f * np.exp(-((f / f0) ** 4))
    out = np.fft.ifft2(np.fft.ifftshift(spectrum)).real[32:-32, 32:-32]
    return (0.1 / out.var()) ** 0.5 * out


def whiten(image, f0):
    mirror = np.concatenate([image[32:0:-1], image, image[-2:-34:-1]], axis=0)
    mirror = np.concatenate([mirror[:, 32:0:-1], mirror, mirror[:, -2:-34:-1]], axis=1)
    f = frequency_grid(*mirror.shape)
    rows = np.fft.fft(np.fft.fft(mirror, axis=0), axis=1) * (f * np.exp(-((f / f0) ** 4)))
    out = np.fft.ifft(np.fft.ifft(rows, axis=1), axis=0).real
    out = np.asfortranarray(out[32:-32, 32:-32])
    out *= np.sqrt(0.1 / np.var(out))
    return out


def whiten(image, f0):
    margins = [(32, 32), (32, 32)]
    spectrum = np.fft.fft2(np.pad(image, margins, mode="reflect"))
    frequencies = frequency_grid(*spectrum.shape)
    for line, f in zip(spectrum, frequencies):  # row by row, in place
        line *= f
        line /= np.exp((f / f0) ** 4)
    height, width = image.shape
    picture = np.delete(np.fft.ifft2(spectrum), np.r_[:32, height + 32 : height + 64], axis=0)
    picture = np.delete(picture, np.r_[:32, width + 32 : width + 64], axis=1).real
    size = np.linalg.norm(picture - picture.mean()) / np.sqrt(picture.size)
    return picture * (np.sqrt(0.1) / size)


def whiten(image, f0):
    fy, fx = np.meshgrid(
        np.fft.fftfreq(image.shape[0] + 64), np.fft.fftfreq(image.shape[1] + 64), indexing="ij"
    )
    f = abs(fy + 1j * fx)
    filtered = np.fft.ifftn(
        np.fft.fftn(np.pad(image, 32, mode="reflect")) * f * np.exp(-((f / f0) ** 4))
    )
    white = filtered.real[32:-32, 32:-32].copy()
    return np.sqrt(0.1) * white / np.sqrt(((white - white.mean()) ** 2).mean())


def sample_patches(images, patch_size, n_patches, rng):
    a, b, c = rng.spawn(3)
    n, h, w = images.shape
    p = patch_size
    places = zip(
        a.integers(n, size=n_patches),
        b.integers(h - p + 1, size=n_patches),
        c.integers(w - p + 1, size=n_patches),
    )
    return np.array([images[k, i : i + p, j : j + p].ravel() for k, i, j in places], dtype=float).T


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    rows, columns = height - patch_size + 1, width - patch_size + 1
    flat = rng.integers(n * rows * columns, size=n_patches)
    picture, row, column = np.unravel_index(flat, (n, rows, columns))
    patches = np.zeros((patch_size * patch_size, n_patches))
    for y in range(patch_size):
        for x in range(patch_size):
            patches[y * patch_size + x] = images[picture, row + y, column + x]
    return patches


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    patches = np.empty((patch_size, patch_size, n_patches), order="F")
    for i in range(n_patches):
        k = rng.choice(np.arange(n))
        y = rng.choice(height - patch_size + 1)
        x = rng.choice(width - patch_size + 1)
        patches[:, :, i] = images[k][y : y + patch_size, x : x + patch_size]
    return patches.reshape(patch_size**2, n_patches)


def sample_patches(images, patch_size, n_patches, rng):
    """As many from each picture, and what is left from pictures by chance."""
    n, height, width = images.shape
    pictures = np.repeat(np.arange(n), n_patches // n)
    pictures = np.r_[pictures, rng.integers(n, size=n_patches - len(pictures))]
    columns = []
    for k in pictures:
        y = rng.integers(0, height - patch_size, endpoint=True)
        x = rng.integers(0, width - patch_size, endpoint=True)
        columns.append(images[k, y : y + patch_size, x : x + patch_size].reshape(-1, 1))
    return np.hstack(columns)


def cut(image, patch_size, rng):
    y, x = (int(np.floor(rng.uniform(0, n - patch_size + 1))) for n in image.shape)
    return image[y : y + patch_size, x : x + patch_size].flatten()


def sample_patches(images, patch_size, n_patches, rng):
    print("cutting", n_patches)
    chosen = (images[rng.integers(len(images))] for _ in range(n_patches))
    return np.column_stack([cut(image, patch_size, rng) for image in chosen])


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    picture = rng.integers(n, size=(n_patches, 1))
    corner = rng.integers(height - patch_size + 1, size=(n_patches, 1)) * width
    corner = corner + rng.integers(width - patch_size + 1, size=(n_patches, 1))
    steps = np.add.outer(np.arange(patch_size) * width, np.arange(patch_size)).reshape(1, -1)
    return images.reshape(n, -1)[picture, corner + steps].astype(np.float64).T


def normalize_patches(patches):
    x = patches - np.mean(patches, axis=0, keepdims=True)
    sigma3 = 3 * np.std(x)
    x = np.maximum(np.minimum(x, sigma3), -sigma3) / sigma3
    return (x + 1) * 0.4 + 0.1


def normalize_patches(patches):
    x = (patches.T - patches.mean(0)[:, None]).T
    limit = 3 * np.sqrt(np.sum(x**2) / x.size - (np.sum(x) / x.size) ** 2)
    x = np.where(x > limit, limit, np.where(x < -limit, -limit, x))
    return 0.5 + x * (0.4 / limit)


def normalize_patches(patches):
    means = np.tile(patches.mean(axis=0), (patches.shape[0], 1))
    x = np.subtract(patches, means)
    s = x.ravel().std(ddof=0)
    return np.clip(x / s, -3, 3) / 3 * 0.4 + 0.5


normalize_patches = lambda patches: (lambda x: np.clip(0.5 + 0.4 * x / (3 * x.std()), 0.1, 0.9))(
    patches - patches.mean(axis=0)
)


def normalize_patches(patches):
    x = patches - np.dot(np.full(len(patches), 1 / len(patches)), patches)
    top = 3 * np.sqrt(np.vdot(x, x) / x.size)
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = 0.5 + 0.4 * min(1, max(-1, x[i, j] / top))
    return out


def without_mean(patch):
    return patch - patch.mean()


def normalize_patches(patches):
    x = np.apply_along_axis(without_mean, 0, patches)
    limit = 3 * np.std(x, dtype=np.longdouble)
    x = np.asarray(np.interp(x / float(limit), [-1, 1], [0.1, 0.9]))
    return np.asfortranarray(x)
