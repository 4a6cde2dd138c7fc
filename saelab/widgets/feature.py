"""A feature of a language model: the words at which it is strongest, in their context."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from saelab.display import ORANGE
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import advance, paper

Activations = NDArray[Any]  # (features, tokens)

WINDOW = 64  # tokens of text that belong together; the next ones are from elsewhere
LINES, REACH = 10, 9  # contexts that are shown; tokens to each side at most
STRONGEST = 20  # tokens whose words are counted
SPREADS = {1: "each", 3: "every third", 10: "every tenth"}
SIZE = 8.4, 3.5  # of the figure, in inches
FONT, POINTS = "DejaVu Sans Mono", 8.6
WIDE = 0.0727 / SIZE[0]  # a letter of that font, as a fraction of the width
HIGH = 1 / (LINES + 1)  # a line, as a fraction of the height
LETTERS = int(1 / WIDE) - 2  # in a line
MIDDLE = LETTERS // 2  # where the word in question begins
HINT = (
    "Click a word to go to the feature that is strongest there; the left and right arrow keys "
    "change the feature, up and down how far the contexts are spread."
)


class Word(NamedTuple):
    """A word of a line: which token it is, and at which letter it begins and ends."""

    token: int
    start: int
    end: int


def feature_explorer(
    text: Sequence[str] | NDArray[Any],
    activations: Mapping[str, Activations],
    names: Mapping[tuple[str, int], str] | None = None,
) -> Explorer:
    """Choose a feature, and read the words at which it is strongest, in their context.

    Args:
        text: (n,), the tokens; one that begins with ## goes on with the one before.
        activations: from each kind of feature to its activations, (features, n). What is not
            positive counts as silence.
        names: from a kind and the number of a feature to what a reader called it; "" for a feature
            for which none was found.

    Returns:
        An Explorer.

    Raises:
        ValueError: if there are no activations, or they do not fit the text or hold what is no
            finite number.
    """
    activations = checked(text, activations)
    kinds, given = list(activations), names or {}
    controls: dict[str, Any] = {
        "kind": ipywidgets.Dropdown(options=kinds, description="kind"),
        "feature": ipywidgets.IntSlider(
            max=len(activations[kinds[0]]) - 1, description="feature", continuous_update=False
        ),
        "spread": ipywidgets.SelectionSlider(
            options=[(says, n) for n, says in SPREADS.items()],
            value=3, description="of the strongest",
            style={"description_width": "initial"},
        ),
    }  # fmt: skip
    if len(kinds) == 1:
        del controls["kind"]
    shown: list[list[Word]] = []

    def fit(change: Any) -> None:
        controls["feature"].max = len(activations[change["new"]]) - 1

    def draw(figure: Figure, feature: int, spread: int, kind: str = kinds[0]) -> str:
        row = np.maximum(activations[kind][feature], 0)
        places = np.argsort(-row, kind="stable")[: LINES * spread : spread]
        places = places[row[places] > 0]
        lines = [words_around(text, int(place)) for place in places]
        shown[:] = lines
        draw_lines(paper(figure), text, lines, row)
        name = given.get((kind, feature))
        read = f" The lines show {SPREADS[spread]} of the strongest." if lines else ""
        return f"{in_words(kind, feature, row, text)}{read}{called(name)}"

    def point(x: float, y: float) -> None:
        token = pointed_at(shown, x, y)
        if token is not None:
            kind = controls["kind"].value if "kind" in controls else kinds[0]
            controls["feature"].value = int(np.argmax(activations[kind][:, token]))

    def step(dx: int, dy: int) -> None:
        advance(controls["feature"], dx)
        advance(controls["spread"], -dy)

    if "kind" in controls:  # before the picture is drawn for it
        controls["kind"].observe(fit, "value")
    title = "What do the words have in common at which a feature is strongest?"
    return Explorer(title, draw, controls, SIZE, point, step, HINT)


def checked(
    text: Sequence[str] | NDArray[Any], activations: Mapping[str, Activations]
) -> dict[str, Activations]:
    """The activations as arrays, if they are those of the text's tokens."""
    if not isinstance(activations, Mapping) or not activations:
        empty = isinstance(activations, Mapping)
        raise ValueError(
            "activations is a dictionary from each kind of feature to its array, (features, n); "
            f"this one is {'empty' if empty else f'a {type(activations).__name__}'}"
        )
    arrays = {kind: np.asarray(array) for kind, array in activations.items()}
    for kind, array in arrays.items():
        if array.ndim != 2 or array.shape[1] != len(text) or not len(array):
            raise ValueError(
                f"activations[{kind!r}] has the shape {array.shape}, but the text has {len(text)} "
                f"tokens: (features, {len(text)}) is needed"
            )
        if not np.isfinite(array).all():
            bad = np.count_nonzero(~np.isfinite(array))
            raise ValueError(f"activations[{kind!r}] holds {bad} numbers that are not finite")
    return arrays


def words_around(text: Sequence[str] | NDArray[Any], place: int) -> list[Word]:
    """A token and those around it, with their places in a line of LETTERS.

    Args:
        text: (n,), the tokens.
        place: the number of the token that stands at MIDDLE.
    """
    first = place // WINDOW * WINDOW
    end = min(first + WINDOW, len(text), place + REACH + 1)
    words, at = list[Word](), MIDDLE
    for token in range(place, end):
        length = len(plain(text[token]))
        start = at if token == place or joined(text[token]) else at + 1
        if start + length > LETTERS:
            break
        words.append(Word(token, start, start + length))
        at = start + length
    at = MIDDLE
    for token in range(place - 1, max(first, place - REACH) - 1, -1):
        last = at if joined(text[token + 1]) else at - 1
        start = last - len(plain(text[token]))
        if start < 0:
            break
        words.insert(0, Word(token, start, last))
        at = start
    return words


def joined(token: str) -> bool:
    """Whether a token goes on with the word before."""
    return len(token) > 2 and token.startswith("##")


def plain(token: str) -> str:
    return str(token[2:] if joined(token) else token)


def draw_lines(
    ax: Axes, text: Sequence[str] | NDArray[Any], lines: Sequence[Sequence[Word]], row: NDArray[Any]
) -> None:
    """Draw lines of words, each the more orange the stronger the feature is there.

    Args:
        ax: axes that `panels.paper` made.
        text: (n,), the tokens.
        lines: the words of each line.
        row: (n,), the activations.
    """
    boxes, strengths = [], []
    for number, words in enumerate(lines):
        y = 1 - (number + 1) * HIGH
        letters = [" "] * LETTERS
        for word in words:
            letters[word.start : word.end] = plain(text[word.token])
            strength = row[word.token] / row.max()
            if strength > 0:
                width = (word.end - word.start) * WIDE
                left = (word.start + 1) * WIDE
                boxes.append(Rectangle((left, y - 0.42 * HIGH), width, 0.84 * HIGH))
                strengths.append(strength)
        # Two halves that meet: a rounded width of letters adds up over half a line only.
        for part, side in ((letters[:MIDDLE], "right"), (letters[MIDDLE:], "left")):
            ax.text(
                (MIDDLE + 1) * WIDE, y, "".join(part), family=FONT, size=POINTS,
                ha=side, va="center_baseline", parse_math=False,
            )  # fmt: skip
    colours = [(*_rgb(ORANGE), 0.7 * strength) for strength in strengths]
    ax.add_collection(PatchCollection(boxes, facecolors=colours, edgecolors="none", zorder=0))


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def pointed_at(lines: Sequence[Sequence[Word]], x: float, y: float) -> int | None:
    """The token that is pointed at, or None.

    Args:
        lines: the words of each line.
        x: the place as Picture passes it to `point`, from the left.
        y: the place as Picture passes it to `point`, from the top.
    """
    number, letter = int(y / HIGH - 0.5), x / WIDE - 1
    if not 0 <= number < len(lines):
        return None
    return next((w.token for w in lines[number] if w.start <= letter <= w.end), None)


def in_words(kind: str, feature: int, row: NDArray[Any], text: Sequence[str] | NDArray[Any]) -> str:
    """Where a feature is active, in a sentence."""
    active = int(np.count_nonzero(row))
    says = f"{kind.capitalize()}, number {feature}: active at {active} of {len(row)} tokens."
    if not active:
        return f"{says} Nothing can be read from it."
    strongest = np.argsort(-row, kind="stable")[: min(STRONGEST, active)]
    counts = Counter(str(text[place]) for place in strongest).most_common(3)
    listed = ", ".join(f"“{word}” {count}" for word, count in counts)
    return f"{says} Of its {len(strongest)} strongest the most frequent are {listed}."


def called(name: str | None) -> str:
    """What a reader called a feature, as a sentence after others."""
    if name is None:
        return ""
    return f" A blind reader called it “{name}”." if name else " A blind reader found no name."
