"""What random generators are made of: the sequences of seeds from which they spawn others."""

from typing import Any

import numpy as np

MOST_NUMBERS = 10_000  # of a seed
MOST_BITS = 10_000  # of one of them
MOST_CHILDREN = 10_000  # that are spawned to bring one sequence to where its copy is


def seeds_of(sequence: Any) -> dict[str, Any] | None:
    """What a SeedSequence is made of, in plain values.

    Args:
        sequence: any object.

    Returns:
        What `seed_sequence` makes the same of; None if it is of another class.
    """
    if type(sequence) is not np.random.SeedSequence:
        return None
    found = {
        "entropy": _plain(sequence.entropy),
        "spawn_key": _plain(sequence.spawn_key),
        "n_children_spawned": sequence.n_children_spawned,
        "pool_size": sequence.pool_size,
    }
    return found if _is_made_of(**found) else None


def seed_sequence(told: Any) -> np.random.SeedSequence:
    """The SeedSequence that is made of this.

    Args:
        told: what `seeds_of` gives; may be anything.

    Raises:
        ValueError: if it is anything else.
    """
    if type(told) is not dict or not _is_made_of(**{"entropy": "", **told}):
        raise ValueError(f"there are no seeds such as {str(told)[:80]}")
    return np.random.SeedSequence(**told)


def _plain(numbers: Any) -> Any:
    """A number as Python's, and lists in lists of them as one list, which is the same seed."""
    if isinstance(numbers, (int, np.integer)) and not isinstance(numbers, bool):
        return int(numbers)
    if isinstance(numbers, (list, tuple, range, np.ndarray)):
        plain = [_plain(item) for item in numbers]
        return [one for item in plain for one in (item if type(item) is list else [item])]
    return numbers


def _is_made_of(
    entropy: Any, spawn_key: Any = (), n_children_spawned: Any = 0, pool_size: Any = 4, **rest: Any
) -> bool:
    numbers = entropy if type(entropy) is list else [entropy]
    return (
        not rest
        and type(spawn_key) is list
        and _are(numbers, 2**MOST_BITS)
        and _are([*spawn_key, n_children_spawned], 2**32)
        and _are([pool_size], 100)
        and pool_size >= 4
    )


def _are(numbers: list[Any], below: int) -> bool:
    """Whether these are not too many whole numbers, none of them negative or too large."""
    return len(numbers) <= MOST_NUMBERS and all(type(n) is int and 0 <= n < below for n in numbers)


def go_on(sequence: Any, other: Any) -> bool:
    """Let a SeedSequence have as many children as another one that was its copy.

    Args:
        sequence: the sequence.
        other: the other one.

    Returns:
        Whether that is so now.
    """
    mine, theirs = seeds_of(sequence), seeds_of(other)
    if mine is None or theirs is None:
        return False
    born = theirs["n_children_spawned"] - mine["n_children_spawned"]
    alike = mine | {"n_children_spawned": theirs["n_children_spawned"]} == theirs
    if alike and 0 < born <= MOST_CHILDREN:
        sequence.spawn(born)
    return alike and 0 <= born <= MOST_CHILDREN
