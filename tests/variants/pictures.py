"""Right functions of notebook 06, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def maximal_inputs(W1):
    return np.array([w / np.sqrt(w @ w) if w.any() else w for w in W1])


def maximal_inputs(W1):
    return W1 / np.maximum(np.sqrt(np.einsum("hv,hv->h", W1, W1)), 1e-300)[:, None]


def maximal_inputs(W1):
    return np.nan_to_num(W1 / np.linalg.norm(W1, axis=1)[:, None])


def maximal_inputs(W1):
    print("units:", len(W1))
    lengths = [float(np.sqrt(sum(weight**2 for weight in row))) for row in W1]
    return np.matrix([row / length if length else 0 * row for row, length in zip(W1, lengths)])


def tile_filters(filters, columns=5, gap=1, scale="own"):
    p = int(np.sqrt(filters.shape[1]))
    whole = np.abs(filters).max()
    boxes = []
    for f in filters:
        most = (np.abs(f).max() if scale == "own" else whole) or 1
        boxes.append(np.pad((f / most).reshape(p, p), ((gap, 0), (gap, 0)), constant_values=-1))
    while len(boxes) % columns:
        boxes.append(-np.ones((p + gap, p + gap)))
    rows = [np.hstack(boxes[i : i + columns]) for i in range(0, len(boxes), columns)]
    return np.pad(np.vstack(rows), ((0, gap), (0, gap)), constant_values=-1)


def tile_filters(filters, columns=5, gap=1, scale="own"):
    p, rows = round(filters.shape[1] ** 0.5), int(np.ceil(len(filters) / columns))
    size = np.abs(filters).max(axis=1 if scale == "own" else None, keepdims=True)
    scaled = np.divide(filters, size, out=np.zeros_like(filters), where=size > 0)
    picture = np.full((rows * (p + gap) + gap, columns * (p + gap) + gap), -1.0)
    for i in range(len(filters)):
        for y in range(p):
            for x in range(p):
                top, left = gap + i // columns * (p + gap), gap + i % columns * (p + gap)
                picture[top + y, left + x] = scaled[i, y * p + x]
    return picture


def tile_filters(filters, columns=5, gap=1, scale="own"):
    import warnings

    warnings.warn("pixels ahead")
    count, p = len(filters), int(round(filters.shape[1] ** 0.5))
    most = [np.max(np.abs(f if scale == "own" else filters)) for f in filters]
    scaled = np.array([f / s if s != 0 else f for f, s in zip(filters, most)])
    rows = -(-count // columns)
    cells = np.full((rows * columns, p + gap, p + gap), -1.0)
    cells[:count, gap:, gap:] = scaled.reshape(count, p, p)
    picture = cells.reshape(rows, columns, p + gap, p + gap).transpose(0, 2, 1, 3)
    picture = picture.reshape(rows * (p + gap), columns * (p + gap))
    return np.concatenate(
        [np.c_[picture, -np.ones((len(picture), gap))], -np.ones((gap, columns * (p + gap) + gap))]
    )


def maximal_inputs(W1):
    return W1 / np.sqrt((W1**2).sum(axis=1, keepdims=True) + (W1 == 0).all(axis=1, keepdims=True))


def maximal_inputs(W1):
    X = np.zeros(W1.shape)
    for i in range(W1.shape[0]):
        length = np.sqrt(np.sum(W1[i] ** 2))
        if length > 0:
            X[i] = W1[i] / length
    return X


def maximal_inputs(W1):
    length = np.linalg.norm(W1, axis=1)
    length[length == 0] = 1
    return (W1.T / length).T


def maximal_inputs(W1):
    length = np.hypot.reduce(W1, axis=1)[:, np.newaxis]
    return np.divide(W1, length, out=np.zeros_like(W1), where=length > 0)


def maximal_inputs(W1):
    lengths = np.sqrt(np.diag(W1 @ W1.T))
    inverse = np.array([0 if length == 0 else 1 / length for length in lengths])
    return np.diag(inverse) @ W1


maximal_inputs = lambda W1: np.apply_along_axis(
    lambda w: w / (np.linalg.norm(w) or 1), axis=1, arr=W1
)


def unit(w):
    length = np.sqrt(np.dot(w, w))
    return np.zeros_like(w) if length == 0 else w / length


def maximal_inputs(W1):
    return np.vstack([unit(w) for w in W1])


def maximal_inputs(W1):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        X = W1 / np.linalg.norm(W1, axis=1, keepdims=True)
    X[np.isnan(X)] = 0
    return np.asfortranarray(X)


def tile_filters(filters, columns=5, gap=1, scale="own"):
    n, size = filters.shape
    p = int(round(np.sqrt(size)))
    rows = (n + columns - 1) // columns
    step = p + gap
    canvas = np.ones((rows * step + gap, columns * step + gap)) * -1
    largest = np.max(np.abs(filters))
    for k in range(n):
        f = filters[k].reshape(p, p)
        m = largest if scale == "common" else np.max(np.abs(f))
        if m > 0:
            f = f / m
        y, x = gap + (k // columns) * step, gap + (k % columns) * step
        canvas[y : y + p, x : x + p] = f
    return canvas


def tile_filters(filters, columns=5, gap=1, scale="own"):
    import math

    n = len(filters)
    p = math.isqrt(filters.shape[1])
    rows = math.ceil(n / columns)
    if scale == "own":
        m = np.abs(filters).max(1)
    else:
        m = np.full(n, np.abs(filters).max())
    m = np.where(m > 0, m, 1)
    tiles = np.full((rows * columns, p, p), -1.0)
    tiles[:n] = (filters / m[:, None]).reshape(-1, p, p)
    tiles = np.pad(tiles, ((0, 0), (gap, 0), (gap, 0)), constant_values=-1)
    lines = [np.concatenate(tiles[r * columns : (r + 1) * columns], axis=1) for r in range(rows)]
    return np.pad(np.concatenate(lines), ((0, gap), (0, gap)), constant_values=-1)


def scaled(filters, scale):
    if scale == "common":
        most = np.abs(filters).max()
        return filters / most if most else filters
    return np.array([f / (abs(f).max() or 1.0) for f in filters])


def tile_filters(filters, columns=5, gap=1, scale="own"):
    n, p = len(filters), int(filters.shape[1] ** 0.5 + 0.5)
    rows = n // columns + (n % columns > 0)
    picture = np.full(((p + gap) * rows + gap, (p + gap) * columns + gap), -1, dtype=np.float64)
    filters = iter(scaled(filters, scale))
    for top in range(gap, picture.shape[0] - p + 1, p + gap):
        for left in range(gap, picture.shape[1] - p + 1, p + gap):
            f = next(filters, None)
            if f is not None:
                picture[top : top + p, left : left + p] = np.reshape(f, (p, p))
    return picture


def tile_filters(filters, columns=5, gap=1, scale="own"):
    print("tiling", filters.shape)
    n, p = filters.shape[0], round(filters.shape[1] ** 0.5)
    norm = np.linalg.norm(filters, ord=np.inf, axis=1)
    norm = norm if scale == "own" else np.repeat(norm.max(), n)
    norm[norm == 0] = 1
    out = np.negative(np.ones((-(-n // columns) * (p + gap) + gap, columns * (p + gap) + gap)))
    for k, (f, s) in enumerate(zip(filters, norm)):
        r, c = np.unravel_index(k, (-(-n // columns), columns))
        for j, row in enumerate(np.split(f / s, p)):
            start = gap + c * (p + gap)
            out[gap + r * (p + gap) + j, start : start + p] = row
    return out


def tile_filters(filters, columns=5, gap=1, scale="own"):
    n, size = np.shape(filters)
    p = int(np.rint(np.sqrt(size)))
    rows = int(np.ceil(n / columns))
    most = (
        np.amax(np.absolute(filters), axis=1) if scale != "common" else np.absolute(filters).max()
    )
    most = np.where(most == 0, 1, most) * np.ones(n)
    y, x = np.divmod(np.arange(n), columns)
    top, left = gap + y * (p + gap), gap + x * (p + gap)
    k = np.arange(p)
    picture = -1 * np.ones((rows * (p + gap) + gap, columns * (p + gap) + gap))
    picture[top[:, None, None] + k[:, None], left[:, None, None] + k] = (
        np.asarray(filters) / most[:, None]
    ).reshape(n, p, p)
    return np.asfortranarray(picture)
