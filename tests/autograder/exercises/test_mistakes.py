"""The catalogue of known mistakes: edits fit, versions differ, sentences give no code."""

import ast
import itertools
import json
import re
from collections import Counter

import pytest

from autograder.exercises import exercises, mistakes
from autograder.exercises.exercise import Mistake
from autograder.exercises.mistakes import MistakeError, catalogue, edited, mistaken, overlap, pairs
from autograder.exercises.reference import (
    SOLUTIONS,
    functions,
    notebook_of,
    reference,
    solution_text,
)
from saelab.check.exercises import exercise
from tests.support.outcomes import outcome, problems, same

COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")
EVERY = catalogue()
PAIRS = {name: pairs(name) for name in functions()}

# Those whose results are sums of terms: of their pairs nothing is stored.
SUMS = tuple(name for name in functions() if exercise(name).weights)
every_function = pytest.mark.parametrize("function", functions())
# Those that have one right answer.
COMPARED = tuple(name for name in functions() if not exercise(name).properties)
every_compared = pytest.mark.parametrize("function", COMPARED)


# --- what there is -----------------------------------------------------------------


def test_the_catalogue_is_large_and_covers_all_functions():
    counts = Counter(mistake.function for mistake in EVERY)
    assert set(counts) == set(functions()) and mistakes.functions() == functions()
    assert len(EVERY) >= 120 and min(counts.values()) >= 10
    assert len({m.name for m in EVERY if m.function in COSTS}) >= 50


def test_a_mistake_has_a_name_of_its_own():
    counts = Counter(map(str, EVERY))
    assert [name for name, count in counts.items() if count > 1] == []


def test_what_the_costs_share_is_known_of_both():
    plain, sparse = ({(m.name, m.says) for m in catalogue(name)} for name in COSTS)
    assert plain < sparse


# --- edits -------------------------------------------------------------------------


def test_each_edit_changes_text_that_stands_once_in_the_solution():
    for mistake in EVERY:
        assert mistake.edits, mistake
        for old, new in mistake.edits:
            assert solution_text(mistake.function).count(old) == 1, mistake
            assert old != new, mistake


def test_every_version_is_a_program_of_its_own():
    for name in functions():
        texts = [ast.dump(ast.parse(edited(name, [mistake]))) for mistake in catalogue(name)]
        texts.append(ast.dump(ast.parse(solution_text(name))))
        assert [count for count in Counter(texts).values() if count > 1] == [], name


def test_an_edit_that_does_not_fit_is_named():
    wrong = Mistake("sigmoid", "from nowhere", "What a student reads.", (("np.sinh", "np.cosh"),))
    with pytest.raises(MistakeError, match=r"sigmoid: from nowhere: 'np.sinh' .* stands 0 times"):
        mistaken("sigmoid", wrong)


def test_edits_that_overlap_are_refused():
    one, other = (m for m in catalogue("sigmoid") if m.name in ("the sign", "rounded"))
    assert overlap(solution_text("sigmoid"), one, other)
    with pytest.raises(MistakeError, match="two edits of sigmoid overlap"):
        mistaken("sigmoid", one, other)


def test_two_versions_share_no_state():
    (mistake,) = (m for m in catalogue("autoencoder_cost") if m.name == "costs add up")
    (args, _), *_ = problems("autoencoder_cost", 0)
    one, other = (mistaken("autoencoder_cost", mistake) for _ in range(2))
    first = one(*args)[0]
    assert one(*args)[0] == pytest.approx(2 * first)
    assert other(*args)[0] == first


# --- outcomes ----------------------------------------------------------------------


@every_compared
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_each_mistake_shows_and_no_two_show_alike(function, seed):
    right = getattr(reference(notebook_of(function)), function)
    calls = problems(function, seed)
    found = {m.name: outcome(mistaken(function, m), calls) for m in catalogue(function)}
    found["the reference"] = outcome(right, calls)
    for one, other in itertools.combinations(found, 2):
        assert not same(found[one], found[other]), (one, other)


def test_outcomes_that_are_alike_are_seen():
    calls = problems("kl_divergence", 0)
    right = reference("03_kl_delta").kl_divergence
    assert same(outcome(right, calls), outcome(lambda *args: right(*args) * (1 + 1e-12), calls))
    assert not same(outcome(right, calls), outcome(lambda *args: right(*args) * 1.001, calls))
    assert not same(outcome(right, calls), outcome(lambda *args: list(right(*args)), calls))
    assert not same(outcome(right, calls), outcome(lambda *args: None, calls))


# --- pairs -------------------------------------------------------------------------


def test_there_are_many_pairs():
    assert sum(map(len, PAIRS.values())) >= 300
    assert len(PAIRS["autoencoder_cost"]) >= 300


@every_function
def test_both_edits_of_a_pair_are_in_its_text(function):
    for one, other in PAIRS[function][::23]:
        text = edited(function, [one, other])
        assert text == edited(function, [other, one])
        for mistake in (one, other):
            assert all(new in text for _, new in mistake.edits), (one, other)


@pytest.mark.parametrize(
    "function",
    [pytest.param(f, marks=[pytest.mark.slow] if f in SUMS else []) for f in functions()],
)
def test_a_pair_is_a_program(function):
    # Of the costs' pairs, of which there are thousands, nothing is stored.
    for pair in PAIRS[function][:: 11 if function in SUMS else 1]:
        ast.parse(edited(function, pair))


@every_function
def test_a_pair_is_not_a_third_mistake_by_its_edits(function):
    alone = {frozenset(mistake.edits) for mistake in catalogue(function)}
    for one, other in PAIRS[function]:
        assert frozenset(one.edits + other.edits) not in alone


@pytest.mark.parametrize("function", sorted({*COMPARED} - {*SUMS, "whiten", "block_errors"}))
def test_a_pair_does_not_come_to_the_reference_or_a_third_mistake(function):
    assert third_of(function, PAIRS[function]) == {}


def test_the_pairs_that_are_left_out_do():
    left_out = {name: [*map(frozenset, e.not_together)] for name, e in exercises().items()}
    assert sum(map(len, left_out.values())) >= 8
    for function, some in left_out.items():
        chosen = [tuple(m for m in catalogue(function) if m.name in names) for names in some]
        if chosen:
            assert set(third_of(function, chosen)) == set(some)


def third_of(function, chosen):
    """What pairs come to that is not theirs: from two names to that of a mistake, or "right"."""
    calls = problems(function, 3)
    known = {m.name: outcome(mistaken(function, m), calls) for m in catalogue(function)}
    known["right"] = outcome(getattr(reference(notebook_of(function)), function), calls)
    found = {}
    for one, other in chosen:
        got = outcome(mistaken(function, one, other), calls)
        for name in set(known) - {one.name, other.name}:
            if same(got, known[name]):
                found[frozenset((one.name, other.name))] = name
    return found


# --- sentences ---------------------------------------------------------------------

# What is code or a formula: a call, an index, a library, an operator, a power.
CODE = re.compile(
    r"np\.|numpy|[=*@^_\[\]{}<>+/]|\w\(|[a-z]\w*\.\w|\d ?-|- ?\w+ ?\)|\baxis\b|\b\w+ - \w+\b"
)
# Names with an underscore that the course itself has.
NAMES = re.compile(r"\b(rho_hat|(sparsity|numerical)_\w+|kl_divergence|unpack_parameters)\b")
# In a sentence: the course's own spelling, and not these.
SPELLINGS = re.compile(
    r"lambda_|λ|ρ|θ|δ|rho-hat|rhohat|rho hat|\bdelta ?\(|normaliz|minimiz", re.IGNORECASE
)


def sentences():
    return sorted({mistake.says for mistake in EVERY})


def test_a_sentence_is_short_and_ends():
    for says in sentences():
        assert len(says) <= 220, (len(says), says)
        assert says == " ".join(says.split()) and says[-1] in ".?", says
        assert says[0].isupper() or re.match(
            r"(m|f0|a2|b[12]|beta|delta[23]|rho|rho_hat|theta0?)\b", says
        ), says


def test_a_sentence_has_one_or_two_thoughts():
    for says in sentences():
        assert 1 <= len(re.findall(r"[.?](?= |$)", says)) <= 2, says


def test_a_sentence_says_where_to_look():
    for says in sentences():
        assert re.search(r"\b(Look|Compare|Return)\b", says), says


@every_function
def test_a_sentence_does_not_send_a_reader_to_where_he_is(function):
    here = f"notebook {notebook_of(function)[:2]}"
    assert [m.says for m in catalogue(function) if here in m.says] == []


@every_function
def test_no_sentence_of_a_function_is_another_s_or_part_of_it(function):
    told = [mistake.says for mistake in catalogue(function)]
    for one, other in itertools.permutations(told, 2):
        assert one not in other


def test_no_sentence_holds_code():
    for says in sentences():
        assert not CODE.search(NAMES.sub("", says)), says


def test_no_sentence_holds_a_piece_of_the_solution():
    texts = [solution_text(function) for function in functions()]
    lines = {line.strip() for text in texts for line in text.splitlines()}
    pieces = {piece.strip() for line in lines for piece in re.split(r"[=,:]", line)}
    pieces = {piece for piece in pieces if len(piece) >= 8 and not piece.isidentifier()}
    pieces -= {piece for piece in pieces if piece.replace(" ", "").isalpha()}
    assert len(pieces) > 60
    for says in sentences():
        assert not [piece for piece in pieces if piece in says], says


def test_names_are_spelt_as_in_the_course():
    for says in sentences():
        assert not SPELLINGS.search(says), says
    prose = "".join(
        "".join(cell["source"])
        for path in SOLUTIONS.glob("*/*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    )
    for name in set(re.findall(r"\b\w+_\w+\b", " ".join(sentences()))):
        assert name in prose, name


@pytest.mark.parametrize(
    "planted",
    ["Use np.sum here.", "It is a2 * (1 - a2).", "Write b1[:, None].", "Set m = 5.", "z - x here."],
)
def test_a_planted_piece_of_code_is_found(planted):
    assert CODE.search(NAMES.sub("", planted))
