"""What known mistakes do on a list of problems: signatures, for the laptop's answers or at once."""

import numpy as np

from autograder.mistakes import catalogue, mistaken
from saelab.diagnosis import Known, explained, fitting, wrong_parts
from saelab.outcome import examine
from saelab.stored import known


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
    alone = Known([str(i) for i in range(len(singles))], singles)
    kept = [
        i
        for i, (pair, signature) in enumerate(zip(of, signatures))
        if signature is not None
        and wrong_parts(signature).any()
        and set(explained(signature, alone)) != set(map(str, pair))
    ]
    return (
        np.array([of[i] for i in kept], np.int16).reshape(-1, 2),
        np.array([signatures[i] for i in kept], np.float32).reshape(-1, *singles.shape[1:]),
    )


class LiveKnown(Known):
    """The known mistakes of a function on problems that nobody has seen before."""

    def __init__(self, name, problems, wanted):
        self.mistakes = catalogue(name)
        singles = [signature_of(name, (mistake,), problems, wanted) for mistake in self.mistakes]
        super().__init__([mistake.says for mistake in self.mistakes], np.array(singles))
        self.name, self.problems, self.wanted = name, problems, wanted

    def beside(self, try_on_probes):
        """The same, and those pairs that come into question for one function.

        There are thousands of pairs. Which come into question is known by the visible probes,
        for which the signatures of all pairs are stored. try_on_probes() gives the function's
        own signature there; it is called where single mistakes do not explain what came out.
        """
        return _Narrowed(self, try_on_probes)


class _Narrowed(Known):
    def __init__(self, live, try_on_probes):
        super().__init__(live.sentences, live.singles)
        self.live, self.try_on_probes = live, try_on_probes

    def pairs_like(self, signature):
        live, stored, seen = self.live, known(self.live.name), self.try_on_probes()
        if stored.sentences != live.sentences or not len(stored.of):
            return self.of, self.pairs  # of another version of the course, or none
        of, found = [], []
        for i in fitting(seen, stored.pairs):
            pair = [live.mistakes[j] for j in stored.of[i]]
            of.append(stored.of[i])
            found.append(signature_of(live.name, pair, live.problems, live.wanted))
        return np.array(of), np.array(found)
