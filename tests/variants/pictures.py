"""Right functions of notebook 06, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def maximal_inputs(W1):
    return [w / np.sqrt(w @ w) if w.any() else w for w in W1]


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
    return np.pad(np.vstack(rows), ((0, gap), (0, gap)), constant_values=-1).tolist()


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
