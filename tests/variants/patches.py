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
    return [list(row) for row in out * (0.1 / np.mean((out - np.mean(out)) ** 2)) ** 0.5]


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
    return tuple(zip(*[[min(max(x / top, -1), 1) * 0.4 + 0.5 for x in row] for row in rows]))
