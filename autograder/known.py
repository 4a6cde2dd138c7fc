"""What known mistakes do on a list of problems: signatures, for the laptop's answers or at once."""

import numpy as np

from autograder.mistakes import catalogue, mistaken, pairs
from saelab.diagnosis import Known, explained, wrong_parts
from saelab.outcome import agree, examine


def signature_of(name, mistakes, problems, wanted):
    """The signature of the reference's function with these mistakes in it.

    None where their edits together are no program, and so no mistake of anybody's.
    """
    try:
        function = mistaken(name, *mistakes)
    except SyntaxError:
        return None
    return examine(name, function, problems, wanted).signature


def distinct(singles, of, signatures):
    """Those pairs that single mistakes do not explain already: arrays (of, signatures).

    singles: signatures of the mistakes. of: which two each pair is of. signatures: of the pairs,
    None for one that there is not.
    """
    known = Known([str(i) for i in range(len(singles))], singles)
    kept = [
        i
        for i, (pair, signature) in enumerate(zip(of, signatures))
        if signature is not None
        and wrong_parts(signature).any()
        and set(explained(signature, known)) != set(map(str, pair))
    ]
    return (
        np.array([of[i] for i in kept], np.int16).reshape(-1, 2),
        np.array([signatures[i] for i in kept], np.float32).reshape(-1, *singles.shape[1:]),
    )


class LiveKnown(Known):
    """The known mistakes of a function on problems that nobody has seen before.

    Signatures are computed when they are asked for, those of pairs only where single mistakes do
    not explain a signature, and then only of the pairs that can.
    """

    def __init__(self, name, problems, wanted):
        self.mistakes = catalogue(name)
        singles = [signature_of(name, (mistake,), problems, wanted) for mistake in self.mistakes]
        super().__init__([mistake.says for mistake in self.mistakes], np.array(singles))
        self.name, self.problems, self.wanted = name, problems, wanted

    def pairs_like(self, signature):
        """The pairs that agree with a signature in the parts that only one of the two spoils."""
        place = {mistake: i for i, mistake in enumerate(self.mistakes)}
        spoils = wrong_parts(self.singles)
        same = agree(self.singles, signature).all(axis=1)
        wrong = wrong_parts(signature)
        of, found = [], []
        for one, other in pairs(self.name):
            i, j = place[one], place[other]
            alone = spoils[i] & ~spoils[j] & ~same[i] | spoils[j] & ~spoils[i] & ~same[j]
            if (alone & wrong).any():
                continue
            first = signature_of(self.name, (one, other), self.problems[:1], self.wanted[:1])
            if (
                first is None
                or not (agree(first[:1], signature[:1]) | (first[:1, :, 0] == 0)).all()
            ):
                continue
            of.append((i, j))
            found.append(signature_of(self.name, (one, other), self.problems, self.wanted))
        if not of:
            return super().pairs_like(signature)
        return np.array(of), np.array(found)
