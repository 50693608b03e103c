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
from recognition.codes.likelihood.reference import NEVER, Kernels

Scores = NDArray[np.float64]
"""Log-likelihood of every digit: shape (digits, 2 parities, 10); parity 1 stands for nothing on the right."""

_DIGITS = np.arange(10)


class Best(NamedTuple):
    word: Word
    score: float
    other: Word
    other_score: float


def best_words(scores: Scores, layout: Layout, kernels: Kernels) -> Best:
    """The two words with the highest sums of ``scores``; the first of equals, in the order of families and digits."""
    lattice = _lattice(layout)
    cells = scores[lattice.digits, layout.parities] + lattice.forbidden
    best = kernels.lattice(cells, lattice.weights)
    at_start = best[lattice.families, 0, lattice.start]
    family = int(at_start.argmax())
    own, onward, start = cells[family], lattice.onward[family], int(lattice.start[family])
    path = _path(own, onward, best[family], start)
    marginal, cell, digit = _best_departure(own, onward, best[family], path, start)
    word, score = Word(family, path), float(at_start[family])
    at_start[family] = -np.inf
    rival = int(at_start.argmax())
    if at_start[rival] >= marginal:
        other = Word(rival, _path(cells[rival], lattice.onward[rival], best[rival], int(lattice.start[rival])))
        return Best(word, score, other, float(at_start[rival]))
    bound = own.copy()
    bound[cell, digit != _DIGITS] = NEVER
    other = Word(family, _path(bound, onward, kernels.lattice(bound[None], lattice.weights[family : family + 1])[0], start))
    return Best(word, score, other, marginal)


class _Lattice(NamedTuple):
    """``weights``: (families, digits). ``onward``: the remainder after a digit: (families, digits, 10 remainders, 10 digits). ``start``: minus the family's remainder, so that words
    end at 0. ``forbidden``: nil, or ``NEVER`` where the family has another digit there.
    """

    families: NDArray[np.int64]
    digits: NDArray[np.int64]
    weights: NDArray[np.int32]
    onward: NDArray[np.int64]
    start: NDArray[np.int64]
    forbidden: NDArray[np.float64]


@cache
def _lattice(layout: Layout) -> _Lattice:
    families, digits = layout.parities.shape
    fits = (layout.only[:, :, None] < 0) | (layout.only[:, :, None] == _DIGITS)
    onward = (_DIGITS[:, None] + layout.weights[:, :, None, None] * _DIGITS) % 10
    return _Lattice(
        np.arange(families), np.arange(digits), layout.weights.astype(np.int32), onward, -layout.remainder % 10, np.where(fits, 0.0, NEVER)
    )


def _path(cells: NDArray[np.float64], onward: NDArray[np.int64], best: NDArray[np.float64], remainder: int) -> tuple[int, ...]:
    path: list[int] = []
    for cell in range(len(cells)):
        digit = int((cells[cell] + best[cell + 1, onward[cell, remainder]]).argmax())
        path.append(digit)
        remainder = int(onward[cell, remainder, digit])
    return tuple(path)


def _best_departure(
    cells: NDArray[np.float64], onward: NDArray[np.int64], best: NDArray[np.float64], path: tuple[int, ...], remainder: int
) -> tuple[float, int, int]:
    """The highest max-marginal of a (cell, digit) that ``path`` does not use."""
    digits = len(cells)
    forward = np.full(10, NEVER)
    forward[remainder] = 0.0
    marginals = np.empty((digits, 10))
    for cell in range(digits):
        reached = forward[:, None] + cells[cell]
        marginals[cell] = (reached + best[cell + 1, onward[cell]]).max(axis=0)
        forward = np.full(10, NEVER)
        np.maximum.at(forward, onward[cell], reached)
    marginals[np.arange(digits), list(path)] = -np.inf
    cell, digit = divmod(int(marginals.argmax()), 10)
    return float(marginals[cell, digit]), cell, digit
