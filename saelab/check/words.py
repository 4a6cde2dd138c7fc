"""What explains a wrong outcome, in words."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from saelab.check.exercise import Exercise
from saelab.check.terms import FORM, ORDER, Explanation, Item, Table

LEAD = "You would get"
ANOTHER_ORDER = (
    "The blocks of the gradient come in another order. Look at the order of the blocks in theta."
)


@dataclass(frozen=True)
class Ledger:
    """The terms of a function's results, and what the known mistakes do to them.

    Attributes:
        table: the terms on the function's probes, in all their forms.
        made_of: from the sentence of each known mistake to its departures from what is right.
        versions: for each form of the table, which version of the function it comes from.
    """

    table: Table
    made_of: Mapping[str, frozenset[Item]]
    versions: tuple[int, ...]

    def sentence(self, rows: Mapping[str, str], vague: Collection[str]) -> list[str]:
        """What is said of a form that explains some parts, by the rows that it takes there.

        Other forms may do the same to these parts, and more to parts of which nothing is known.
        Then no known mistake is named.

        Args:
            rows: from each part that it explains to its rows.
            vague: the names of the parts that nothing explains.

        Returns:
            A sentence, or none.
        """
        table = self.table
        known = {table.parts.index(part) for part in (*rows, *vague)}
        alike = dict.fromkeys(
            table.says[form]
            for form in range(1, len(table.use))
            if table.touched(form) <= known
            and all(table.rows_in(part, form) == taken for part, taken in rows.items())
        )
        if len(alike) > 1:
            return [says for says in alike if says not in self.made_of][:1]
        return list(alike)


@dataclass(frozen=True)
class Told:
    """What a student is told about the cause of a wrong outcome.

    Attributes:
        sentences: one for each mistake.
        parts: the parts that they explain, in words; "" if they are all that are wrong.
        whole: whether they explain all of the results in these parts.
        explained: the names of the parts whose numbers they explain, where there are some.
    """

    sentences: tuple[str, ...] = ()
    parts: str = ""
    whole: bool = True
    explained: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sentences)

    def lines(self) -> list[str]:
        """The sentences, after a line that introduces them."""
        if not self.sentences:
            return []
        count = len(self.sentences)
        mistakes = "this mistake" if count == 1 else f"these {count} mistakes together"
        what = f"exactly {self.parts or 'this'}" if self.whole else "some of this"
        return [f"{LEAD} {what} if you made {mistakes}:", *self.sentences]


def told_by_terms(exercise: Exercise, ledger: Ledger, explanation: Explanation) -> Told:
    """Put an explanation into words.

    Known mistakes have their own sentences. What they do not explain is told term by term.

    Args:
        exercise: the exercise that the function was written for.
        ledger: the terms by which it was explained.
        explanation: the explanation.
    """
    table, vague = ledger.table, set(explanation.vague)
    every = explanation.items(table)
    left, withheld, sentences = set(every), set[Item](), list[str]()

    def uncertain(items: frozenset[Item]) -> bool:
        """Whether a known mistake that does more than this one may be the true one."""
        return any(
            items < more and more - every and {part for part, _, _ in more - every} <= vague
            for more in ledger.made_of.values()
        )

    def wider(items: frozenset[Item]) -> bool:
        """Whether a factor is found in more parts than a known mistake speaks of."""
        laws = {item[1:] for item in items if item[1] != FORM}
        return any(item[1:] in laws for item in every - items)

    def inside(items: frozenset[Item]) -> bool:
        """Whether a factor belongs to a form that a known mistake does not speak of."""
        formed = {part for part, reading in explanation.readings.items() if reading.forms}
        own = {part for part, kind, _ in items if kind == FORM}
        return any(part in formed - own and kind != ORDER for part, kind, _ in items)

    known = [*ledger.made_of.items(), *_of_whole_parts(exercise, table, explanation)]
    for says, items in sorted(known, key=lambda entry: -len(entry[1])):
        if inside(items) and items <= left:
            withheld |= items  # nor does a smaller one speak of them
        elif items <= left - withheld and not uncertain(items) and not wider(items):
            sentences.append(says)
            left -= items
    laws: dict[tuple[str, str], list[str]] = {}
    for part, kind, how in sorted(
        left, key=lambda item: ((*table.parts, "gradient").index(item[0]), item)
    ):
        if kind == ORDER:
            sentences.append(ANOTHER_ORDER)
        elif kind != FORM:
            laws.setdefault((kind, how), []).append(part)
    for form in sorted({form for r in explanation.readings.values() for form in r.forms}):
        parts = [part for part, r in explanation.readings.items() if form in r.forms]
        rows = {part: table.rows_in(part, form) for part in parts}
        if any((part, FORM, taken) in left for part, taken in rows.items()):
            sentences += ledger.sentence(rows, vague)
    sentences += [law_in_words(exercise, *law, parts) for law, parts in laws.items()]
    told = [part for part in table.parts if part in explanation.readings]
    return Told(
        tuple(_merged(exercise, sentences)),
        parts_in_words(exercise, told, this=True) if explanation.vague else "",
        explanation.whole,
        frozenset(explanation.readings),
    )


def _merged(exercise: Exercise, sentences: Sequence[str]) -> Iterator[str]:
    """Sentences, of which those that say the same of several parts are one."""
    places: dict[str, list[str]] = {}
    for sentence in sentences:
        of = re.fullmatch(r"In the (?:gradient of )?(cost|[Wb]\d?) (.*)", sentence)
        places.setdefault(of[2] if of else sentence, []).extend([of[1]] if of else [])
    for rest, parts in places.items():
        yield f"In {parts_in_words(exercise, parts)} {rest}" if parts else rest


def _of_whole_parts(
    exercise: Exercise, table: Table, explanation: Explanation
) -> Iterator[tuple[str, frozenset[Item]]]:
    """What is said where all terms of some parts are off by one factor, and its items."""
    by_law: dict[str, dict[str, set[str]]] = {}  # from law to part to terms
    for part, term, how in explanation.items(table):
        if term not in (FORM, ORDER):
            by_law.setdefault(how, {}).setdefault(part, set()).add(term)
    for how, found in by_law.items():
        whole = all(terms == table.live(part) for part, terms in found.items())
        if whole and any(len(terms) > 1 for terms in found.values()):
            parts = [part for part in table.parts if part in found]
            items = frozenset((p, term, how) for p, terms in found.items() for term in terms)
            yield law_in_words(exercise, "", how, parts), items


def parts_in_words(exercise: Exercise, parts: Sequence[str], this: bool = False) -> str:
    """Name parts in a sentence: "the cost and the gradients of W1 and b1".

    Args:
        exercise: the exercise.
        parts: the names of the parts.
        this: whether it is "this cost and these gradients" instead.
    """
    blocks = [part for part in parts if part in exercise.blocks]
    one, several = ("this", "these") if this else ("the", "the")
    names = exercise.results or exercise.properties
    words = [
        f"{one} {part}"
        if part in ("cost", "result")
        else part
        if names
        else f'{one} result for "{part}"'
        for part in parts
        if part not in blocks
    ]
    if blocks:
        gradients = f"{one} gradient" if len(blocks) == 1 else f"{several} gradients"
        words.append(f"{gradients} of {_and(blocks)}")
    return _and(words)


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


CONSTANTS = {
    "0": "is missing",
    "-1": "has the wrong sign",
    "2": "is twice as large as it should be",
    "0.5": "is half as large as it should be",
    "-2": "has the wrong sign and is twice as large as it should be",
    "-0.5": "has the wrong sign and is half as large as it should be",
}
SYMBOLS = {
    "m": "m is the number of examples",
    "v": "v is the number of inputs",
    "h": "h is the number of hidden units",
    "n": "n is the number of batches",
    "c": "c is the number of classes",
    "d": "d is the number of features",
    "last": "last is the number of examples in the last batch",
}


def law_in_words(exercise: Exercise, term: str, law: str, parts: Sequence[str]) -> str:
    """Say by which factor a term is wrong in some parts.

    Args:
        exercise: the exercise.
        term: the name of the term; "" if it is all of the part.
        law: the name of the law, as in Explanation.items().
        parts: the parts.
    """
    what = parts_in_words(exercise, parts)
    if exercise.weights and term:
        subject = f"In {what} the {term} term"
    else:
        subject = "The cost" if what == "the cost" else f"Each number in {what}"
    weight = exercise.weights.get(term, (0, ""))[1]
    if law.endswith(" alone"):
        by = law.removesuffix(" alone")
        says = f"does not depend on {weight}: it is weighted by {by}"
        return f"{subject} {says}. Look at what stands in front of it."
    if law in CONSTANTS:
        look = {"0": "whether it is added there", "-1": "the signs there"}.get(
            law, "the constants there"
        )
        return f"{subject} {CONSTANTS[law]}. Look at {look}."
    share = re.fullmatch(r"([\d.e-]+)\*m", law)
    fixed = 1 / float(share[1]) if share else 0.0
    if fixed > 2 and abs(round(fixed) - fixed) < 1e-4:
        return f"{subject} is divided by {fixed:.0f}, whatever m is. Look at where m comes from."
    symbols = re.findall(r"[a-z]+", law)
    used = [words for s, words in SYMBOLS.items() if s in symbols]
    where_ = f", where {_and(used)}" if used else ""
    look = "where the examples are averaged" if "m" in symbols else "what it is multiplied with"
    times = law.replace("-1*", "-")
    return f"{subject} is {times} times as large as it should be{where_}. Look at {look}."
