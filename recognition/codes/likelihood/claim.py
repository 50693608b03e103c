"""Whether bars speak against a value that decoders gave: zbar and zxing-cpp look for words, and were seen to take the same overprinted digit for the same other one.

The value's own bars are fitted to where it was read, over the whole height of the code, band by band. Each digit's cell is then asked which digit it holds by itself. Where in half of the
bands a cell would much rather hold another digit than the claimed one, they contradict the value: bands count alike, as what is overprinted on most of a code's height may be clean on the
rest. No check digit is asked, as that is what misled the decoders.
"""

from typing import Final

import numpy as np

from recognition.codes.likelihood.alphabet import EAN8, EAN13, LAYOUTS, Layout, Word
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.model import TABLES, Band, Printed, printed_as
from recognition.codes.likelihood.proposals import Grey, Quad, box_of
from recognition.codes.likelihood.rectification import bands, upright
from recognition.codes.likelihood.segmentation import MODULE_PX, SLIP, WIDTHS, cell_scores, directed, segmented
from recognition.codes.likelihood.tables import Profile
from recognition.codes.likelihood.words import Scores

AROUND: Final = WIDTHS[12:21].copy()
"""Module widths where the ends are known: 2.6 to 3.5 samples."""

ROUNDS: Final = 3

LOCATED: Final = 0.8
"""Of a band that counts, the value's bars explain at least so much: else they were not found, and nothing is said."""

CONTRADICTS: Final = 10.0
"""By how much, in log-likelihood of a band, a cell must prefer another digit. Of 197 photographs and drawn bottles that decoders read rightly none had more than 3.5, an overprinted digit some 45."""


def word_of(code: str) -> tuple[Layout, Word] | None:
    """The word of a value in canonical form; None of a UPC-E, whose canonical form is not what is printed."""
    if len(code) == 8:
        return EAN8, Word(0, tuple(map(int, code)))
    return EAN13, Word(int(code[0]), tuple(map(int, code[1:])))


def preference(grey: Grey, quad: Quad, code: str, kernels: Kernels) -> float | None:
    """How much the most contrary digit's cell prefers another one, in the middle one of the bands; below 0 where every cell holds its own. None where the bars are not found."""
    box, read_as = box_of(grey, quad), word_of(code)
    if box is None or read_as is None:
        return None
    layout, word = read_as
    printed = printed_as(word, layout)
    profiles = bands(upright(grey, box, MODULE_PX * layout.modules / LAYOUTS[0].modules))
    middle = profiles[len(profiles) // 2]
    backwards = max((False, True), key=lambda way: _fitted(directed(middle, way), printed, layout, kernels).fit.explained)
    fitted = [_fitted(directed(profile, backwards), printed, layout, kernels) for profile in profiles]
    located = [band for band in fitted if band.fit.explained >= LOCATED]
    if len(located) < len(fitted) / 2:
        return None
    return float(np.median([_most_contrary(band.scores(printed), printed) for band in located]))


def contradicted(grey: Grey, quad: Quad, code: str, kernels: Kernels) -> bool:
    found = preference(grey, quad, code, kernels)
    return found is not None and found >= CONTRADICTS


def _most_contrary(scores: Scores, printed: Printed) -> float:
    others = scores.reshape(len(printed.own), -1).copy()
    digits = np.arange(len(printed.own))
    own = others[digits, printed.own]
    others[digits, printed.own] = -np.inf
    return float((others.max(axis=1) - own).max())


def _fitted(row: Profile, printed: Printed, layout: Layout, kernels: Kernels) -> Band:
    cells = segmented(cell_scores(row, AROUND, kernels, layout), layout, AROUND, SLIP, kernels)
    band = Band(row, TABLES[layout].from_starts @ cells.starts, layout, kernels)
    band.fit_to(printed, ROUNDS)
    return band
