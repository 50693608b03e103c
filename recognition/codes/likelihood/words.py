"""The best word and the best other word, exactly.

Given what each cell says of each digit in each parity, a word's score is the sum over its cells. Which digits may stand together is one linear
condition modulo 10 (``alphabet.py``), so the best word of a family is the best path through a lattice of ten remainders (Viterbi 1967), and the
best *other* word is either the best of another family or, within the same one, the best path that differs in some cell: its score is the largest of the
max-marginals of all (cell, digit) that the best word does not use.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.alphabet import Layout, Word
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.tables import Lattice

Scores = NDArray[np.float64]
"""Log-likelihood of every digit: shape (digits, 2 parities, 10); parity 1 stands for nothing on the right."""


class Best(NamedTuple):
    word: Word
    score: float
    other: Word
    other_score: float


def best_words(scores: Scores, layout: Layout, kernels: Kernels) -> Best:
    """The two words with the highest sums of ``scores``; the first of equals, in the order of families and digits."""
    best = kernels.words(np.ascontiguousarray(scores), _lattice(layout))
    return Best(Word(best.family, best.digits), best.score, Word(best.other_family, best.other_digits), best.other_score)


@cache
def _lattice(layout: Layout) -> Lattice:
    return Lattice(
        *(np.ascontiguousarray(table, np.int32) for table in (layout.parities, layout.only, layout.weights, -layout.remainder % 10))
    )
