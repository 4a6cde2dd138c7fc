"""Right functions of notebook 09, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def dead_units(a2, threshold):
    return np.where((a2 <= threshold).all(axis=1))[0]


def dead_units(a2, threshold):
    print("units:", len(a2))
    dead = []
    for j in range(a2.shape[0]):
        if not any(a > threshold for a in a2[j]):
            dead.append(j)
    return np.array(dead, dtype=int)


def dead_units(a2, threshold):
    alive = np.any(a2 > threshold, axis=1)
    return np.arange(len(a2))[~alive]


def dead_units(a2, threshold):
    return np.setdiff1d(np.arange(a2.shape[0]), np.nonzero(a2 > threshold)[0])


def dead_units(a2, threshold):
    highest = np.sort(a2, axis=1)[:, -1]
    return np.argwhere(highest <= threshold).ravel()


def dead_units(a2, threshold):
    return np.array([j for j, row in enumerate(a2.tolist()) if max(row) <= threshold])


def dead_units(a2, threshold):
    counts = np.count_nonzero(a2 > threshold, axis=1)
    (dead,) = np.nonzero(counts == 0)
    return dead


def unshuffle(W1, permutation):
    return W1[:, np.argsort(permutation)]


def unshuffle(W1, permutation):
    back = np.zeros(W1.shape)
    for i, pixel in enumerate(permutation):
        back[:, pixel] = W1[:, i]
    return back


def unshuffle(W1, permutation):
    inverse = np.empty(len(permutation), dtype=int)
    inverse[permutation] = np.arange(len(permutation))
    return np.take(W1, inverse, axis=1)


def unshuffle(W1, permutation):
    P = np.eye(len(permutation))[permutation]
    return W1 @ P


def unshuffle(W1, permutation):
    back = np.zeros((W1.shape[0], W1.shape[1]))
    for j in range(W1.shape[0]):
        for i in range(W1.shape[1]):
            back[j][permutation[i]] = W1[j][i]
    return back


def unshuffle(W1, permutation):
    where = {int(pixel): i for i, pixel in enumerate(permutation)}
    columns = [W1[:, where[j]] for j in range(W1.shape[1])]
    return np.stack(columns, axis=1)


def unshuffle(W1, permutation):
    order = list(permutation)
    return np.array([[row[order.index(j)] for j in range(len(row))] for row in W1])


def unshuffle(W1, permutation):
    pairs = sorted(zip(permutation.tolist(), W1.T.tolist()))
    return np.array([weights for _, weights in pairs]).T


def gaussian_twin(patches, rng):
    return rng.multivariate_normal(patches.mean(axis=1), np.cov(patches), patches.shape[1]).T


def gaussian_twin(patches, rng):
    v, m = patches.shape
    mean = patches.mean(axis=1)
    centred = patches - mean[:, None]
    U, s, _ = np.linalg.svd(centred @ centred.T / m)
    noise = rng.standard_normal((v, m))
    return mean[:, None] + U @ (np.sqrt(s)[:, None] * noise)


def gaussian_twin(patches, rng):
    # Sums of all patches, each with a random weight.
    mean = patches.mean(axis=1, keepdims=True)
    m = patches.shape[1]
    return mean + (patches - mean) @ rng.normal(size=(m, m)) / np.sqrt(m)


def gaussian_twin(patches, rng):
    C = np.cov(patches, bias=True)
    L = np.linalg.cholesky(C + 1e-8 * np.eye(len(C)))
    columns = [L @ rng.normal(size=len(C)) for _ in range(patches.shape[1])]
    return np.array(columns).T + patches.mean(axis=1)[:, None]


def gaussian_twin(patches, rng):
    import scipy.linalg

    C = np.cov(patches)
    root = np.real(scipy.linalg.sqrtm(C + 1e-9 * np.eye(len(C))))
    return patches.mean(1)[:, None] + root.dot(rng.normal(0, 1, patches.shape))


def gaussian_twin(patches, rng):
    from scipy.stats import multivariate_normal

    print("drawing")
    law = multivariate_normal(patches.mean(axis=1), np.cov(patches), allow_singular=True)
    return law.rvs(patches.shape[1], random_state=rng).T


def gaussian_twin(patches, rng):
    # The noise gets exactly the mean and the covariance of the patches.
    mean = patches.mean(axis=1, keepdims=True)
    noise = rng.normal(size=patches.shape)
    noise -= noise.mean(axis=1, keepdims=True)
    noise = np.linalg.solve(np.linalg.cholesky(np.cov(noise)), noise)
    U, s, _ = np.linalg.svd(patches - mean, full_matrices=False)
    return mean + (U * s / np.sqrt(patches.shape[1] - 1)) @ noise


def gaussian_twin(patches, rng):
    import warnings

    warnings.warn("drawing ahead")
    mean = np.mean(patches, axis=1)
    C = np.einsum("im,jm->ij", patches - mean[:, None], patches - mean[:, None])
    values, vectors = np.linalg.eigh(C / (patches.shape[1] - 1))
    twin = np.zeros_like(patches)
    for value, vector in zip(values, vectors.T):
        if value > 0:
            twin += np.sqrt(value) * np.outer(vector, rng.standard_normal(patches.shape[1]))
    for i in range(len(mean)):
        twin[i] += mean[i]
    return np.asfortranarray(twin)


def gaussian_twin(patches, rng):
    values, vectors = np.linalg.eigh(np.cov(patches))
    values[values < 0] = 0
    A = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    noise = np.array([rng.normal() for _ in range(patches.size)]).reshape(patches.shape)
    return np.matrix(A @ noise + patches.mean(axis=1)[:, None])


def gaussian_twin(patches, rng):
    mean, C = patches.mean(axis=1), np.cov(patches)
    return mean[:, None] + rng.multivariate_normal(
        np.zeros(len(C)), C, size=patches.shape[1], method="eigh"
    ).T.astype(np.float32)
