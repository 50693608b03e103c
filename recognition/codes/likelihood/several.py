"""Several looks at one item add their log-likelihoods: what none of them shows alone, they may show together.

The looks are taken in other light, under other noise and, of a bottle that moves, from another side, so that what each of them says of the digits is independent given the
print, and the logarithms add. What is wrong in the print itself is the same in all of them, and no sum mends it: so each look that counts must give the word by itself, if not surely.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from recognition.codes.likelihood.alphabet import LAYOUTS, Layout
from recognition.codes.likelihood.guard import believed_together, nearly
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.model import Candidate, contrary, uneven
from recognition.codes.likelihood.words import best_words

MOST: Final = 4
"""Candidates that a look hands on."""


def handed_on(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those of one look that may count in a later one, the surest first."""
    return tuple(sorted(filter(nearly, candidates), key=lambda candidate: -candidate.margin)[:MOST])


def joined(looks: Sequence[Sequence[Candidate]], kernels: Kernels) -> Candidate | None:
    """What the looks say together, if it is believed and the last look is among those that say it. ``looks``: what each handed on, in order."""
    found = [candidate for layout in LAYOUTS for candidate in _joined(looks, layout, kernels)]
    return found[0] if len(found) == 1 else None


def _joined(looks: Sequence[Sequence[Candidate]], layout: Layout, kernels: Kernels) -> Iterator[Candidate]:
    surest = [next((candidate for candidate in look if candidate.layout is layout), None) for look in looks]
    of_layout = [candidate for candidate in surest if candidate is not None]
    if len(of_layout) < 2 or not surest or surest[-1] is None:
        return
    scores = np.sum([candidate.scores for candidate in of_layout], axis=0)
    best = best_words(scores, layout, kernels)
    text = layout.text(best.word)
    same = [candidate for candidate in of_layout if candidate.text == text]
    together = replace(
        surest[-1],
        text=text,
        other=layout.text(best.other),
        explained=float(np.mean([candidate.explained for candidate in of_layout])),
        ratio=float(np.exp(np.mean([np.log(candidate.ratio) for candidate in of_layout]))),
        margin=best.score - best.other_score,
        contrary=contrary(scores, best.word, layout),
        bands=sum(candidate.bands for candidate in of_layout),
        agreeing=sum(candidate.agreeing for candidate in same),
        blur=max(candidate.blur for candidate in of_layout),
        scores=scores,
        unrest=max(candidate.unrest for candidate in of_layout),
        uneven=uneven(scores, best.word, layout),
    )
    if surest[-1].text == text and len(same) == len(of_layout) and believed_together(together):
        yield together
