"""Right functions of notebook 00, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def share_explained(data, rebuilt):
    return 1 - ((data - rebuilt) ** 2).mean() / data.var(axis=1).mean()


def share_explained(data, rebuilt):
    m, mean = data.shape[1], 0
    for i in range(m):
        mean = mean + data[:, i] / m
    lost = spread = 0.0
    for i in range(m):
        error = data[:, i] - rebuilt[:, i]
        lost += error @ error
        spread += np.linalg.norm(data[:, i] - mean) ** 2
    return (spread - lost) / spread


def share_explained(data, rebuilt):
    error = np.asarray(data, dtype=float) - rebuilt
    return np.array(
        1.0 - np.einsum("vm,vm->", error, error) / np.trace(np.cov(data, bias=True)) / data.shape[1]
    )


def pca_bottleneck(data, k):
    mean = np.mean(data, axis=1)
    U, s, _ = np.linalg.svd(data - mean[:, None], full_matrices=False)
    return mean, U[:, :k], np.sum(s[:k] ** 2) / np.sum(s**2)


def pca_bottleneck(data, k):
    v, m = data.shape
    mean = np.zeros(v)
    for i in range(m):
        mean += data[:, i]
    mean /= m
    C = np.zeros((v, v))
    for i in range(m):
        d = data[:, i] - mean
        C += np.outer(d, d) / m
    values, vectors = np.linalg.eigh(C)
    order = np.argsort(-values)[:k]
    print("values", values)
    return [mean, -vectors[:, order], sum(values[i] for i in order) / np.trace(C)]


def pca_bottleneck(data, k):
    """By the general eigenvalues, in no order, and complex where rounding makes them so."""
    mean = np.average(data, axis=1)
    values, vectors = np.linalg.eig(np.cov(data, bias=True))
    values, vectors = np.real(values), np.real(vectors)
    order = np.argsort(values)[::-1]
    U = np.linalg.qr(vectors[:, order[:k]])[0]
    return mean, U, np.array([values[order[:k]].sum() / values.sum()])


def pca_bottleneck(data, k):
    """Only the largest ones are computed."""
    from scipy.linalg import eigh

    mean = data.mean(axis=1)
    apart = data - mean[:, np.newaxis]
    v = len(data)
    values, vectors = eigh(apart @ apart.T, subset_by_index=[v - k, v - 1])
    return mean, np.flip(vectors, axis=1), values.sum() / (apart**2).sum()


def principal_angles(A, B):
    """By the sines of the angles, and by their cosines where these tell more."""
    Q, R = np.linalg.qr(A)[0], np.linalg.qr(B)[0]
    if Q.shape[1] < R.shape[1]:
        Q, R = R, Q
    inside = Q.T @ R
    sines = np.linalg.svd(R - Q @ inside, compute_uv=False)[::-1]
    cosines = np.linalg.svd(inside, compute_uv=False)
    angles = [np.arcsin(min(s, 1)) if s**2 < 0.5 else np.arccos(c) for s, c in zip(sines, cosines)]
    return np.array(angles) * 180 / np.pi


def principal_angles(A, B):
    """By the bases that singular vectors give, and clipped on both sides."""
    one = np.linalg.svd(A, full_matrices=False)[0]
    other = np.linalg.svd(B, full_matrices=False)[0]
    cosines = np.clip(np.linalg.svd(one.T @ other)[1], -1.0, 1.0)
    return np.arccos(cosines) * 180 / np.pi


def principal_angles(A, B):
    """Gram and Schmidt by hand, one angle after the other."""
    import math

    def orthonormal(columns):
        found = []
        for a in np.array(columns, dtype=float).T:
            for _ in range(2):
                for q in found:
                    a = a - (q @ a) * q
            found.append(a / np.sqrt(a @ a))
        return np.array(found).T

    P = orthonormal(A).T @ orthonormal(B)
    if P.shape[0] > P.shape[1]:
        P = P.T
    values = np.linalg.svd(P)[1]
    angles = [math.degrees(math.acos(min(1.0, float(value)))) for value in values]
    return np.array(sorted(angles))
