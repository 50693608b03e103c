"""A profile explained by a word: where the code lies, how bright it is, how blurred, and how far its ink has spread.

A band of the picture is taken for ``offset(x) - gain(x) * code(warp(x))``: the bars of a word, grown by ink and blurred by a Gaussian, under a smooth
warp (polynomial of degree 4: perspective, and the bottle's curve), brightness (degree 3) and contrast (degree 2). All of it is fitted by Gauss-Newton. What is
left over says how well the word explains the band, and with each digit of a cell put in turn, how well each of them would.

Digits and fit are worked out in turns until the word stays the same. It begins with correlations, which need no fit. All digits of a band share gain,
ink and blur: that is what tells 1 from 7 and 2 from 8, whose edges lie at the same distances and whose bars differ in width alone.

Source of the idea: E. Tekin and J. Coughlan, "An Algorithm Enabling Blind Users to Find and Read Barcodes", WACV 2009, who weigh all digits of a code together
instead of edges one by one; what is fitted here, and the guard, are this project's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.alphabet import DIGIT, EAN13, LAYOUTS, QUIET, RIGHT, A, G, Layout, Word
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.segmentation import LEFT_CONTEXT, RIGHT_CONTEXT, TEMPLATE_BLURS, template
from recognition.codes.likelihood.tables import (
    ALTERNATIVES,
    BLURS,
    PER_MODULE,
    Codes,
    Fitted,
    Profile,
    Tables,
    Warp,
    blurred_alternatives,
    cells_of,
)
from recognition.codes.likelihood.words import Scores, best_words

TABLES: Final = {layout: Tables(layout) for layout in LAYOUTS}
CELLS: Final = {layout: cells_of(layout) for layout in LAYOUTS}

MOST_TURNS: Final = 4
NO_CODE: Final = 0.65
SUREST: Final = 2
"""One of the two surest bands is explained at least so far by the first word, or this is no code: of 380 right ones none had less than 0.69, and asked of every second band 0.81; of
wrong ones half have 0.55."""

LIKE_THE_BEST: Final = 0.12
"""Bands that are explained by no more than this less than the best one count."""

ZONE: Final = 7
"""Modules of quiet zone that every symbology asks for at either end."""

_FIRST_BLUR, _FIRST_INK = 3, 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """The best word for some bands of one crop, and how sure that is.

    ``explained``: share of the bands' variance (R squared). ``ratio``: what is left over with the best other word, in terms of what is left with
    this one; ``margin``: the difference of their log-likelihoods. ``contrary``: digits whose own cell would rather be another. ``bands`` are
    explained alike, and ``agreeing`` of them give this word alone. ``blur``: in modules, on average. ``jointly``: found by ``strong_blur.py``.
    ``scores``: of all bands together. ``ends``: where the first bar begins and the last one ends, in samples of the profile in its direction. ``unrest``: how dark it gets just
    outside them, in terms of the bars themselves: in a fragment of a longer code, as dark; of short codes alone. ``uneven``: how much more the worst digit leaves over than the middle one: a digit that is half
    another's, or cut, fits none, and the check digit tells a value all the same.
    """

    layout: Layout
    text: str
    other: str
    explained: float
    ratio: float
    margin: float
    contrary: int
    bands: int
    agreeing: int
    blur: float
    jointly: bool
    scores: Scores
    ends: tuple[float, float]
    unrest: float
    uneven: float

    @property
    def module_px(self) -> float:
        return (self.ends[1] - self.ends[0]) / (self.layout.modules - 2 * QUIET)


class Band:
    """One profile and the state of its fit."""

    def __init__(self, profile: Profile, warp: Warp, layout: Layout, kernels: Kernels, blur: int = _FIRST_BLUR) -> None:
        self._profile = profile
        self._tables = TABLES[layout]
        self._kernels = kernels
        self._fit = Fitted(warp, blur, _FIRST_INK, np.empty(0), np.empty(0), np.inf, 0.0)

    @property
    def fit(self) -> Fitted:
        return self._fit

    def first_scores(self) -> Scores:
        value = self._kernels.sampled(self._profile, self._fit.warp, self._tables)
        return self._kernels.correlated(value, CELLS[self._tables.layout], _CELL_TEMPLATES)

    def fit_to(self, printed: "Printed", rounds: int = 2) -> Fitted:
        """Keeps the fit, from which the next one begins."""
        self._fit = self.tried(printed, rounds)
        return self._fit

    def tried(self, printed: "Printed", rounds: int) -> Fitted:
        fit = self._fit
        return self._kernels.fitted(self._profile, fit.warp, fit.blur, fit.ink, rounds, printed.modules, self._tables, printed.codes)

    def scores(self, printed: "Printed") -> Scores:
        """Log-likelihood of every digit in its cell, the other cells being the word's: what is left over, in units of this band's own noise."""
        fit, layout = self._fit, self._tables.layout
        code, pictures = printed.codes.code[fit.ink, fit.blur], _alternatives(layout, fit.ink, fit.blur)
        noise = max(1e-6, fit.residual / len(fit.value) * 8)
        return self._kernels.weighed(fit, self._tables, code, pictures, printed.own, noise, CELLS[layout])

    def unrest(self) -> float:
        """The darkest of the quiet zones that a neighbouring bar's blur does not reach, 0 as white as the white next to it, 1 as dark as its bars."""
        profile = self._profile
        first, last = _ends([self._fit.warp], self._tables.layout)
        module = (last - first) / (self._tables.layout.modules - 2 * QUIET)
        near, far = QUIET * module, ZONE * module
        inside = profile[max(0, int(first)) : int(last) + 1]
        dark, bright = np.percentile(inside, (5, 95)) if len(inside) else (0.0, 1.0)
        zones = (profile[max(0, int(first - far)) : max(0, int(first - near))], profile[int(last + near) : int(last + far)])
        darkest = min((float(zone.min()) for zone in zones if len(zone)), default=float(dark))
        return float((bright - darkest) / max(bright - dark, 1e-9))


@dataclass(frozen=True, eq=False)
class Printed:
    """A word and its pictures."""

    word: Word
    modules: NDArray[np.float64]
    codes: Codes
    own: NDArray[np.int32]
    """Which of the twenty alternatives each cell holds."""


def printed_as(word: Word, layout: Layout) -> Printed:
    own = np.array([_row(layout, digit, word) * 10 + value for digit, value in enumerate(word.digits)], np.int32)
    return Printed(word, layout.printed(word), Codes(TABLES[layout]), own)


def _row(layout: Layout, digit: int, word: Word) -> int:
    return 0 if layout.sides[digit] == "right" else int(layout.parities[word.family, digit])


@cache
def _alternatives(layout: Layout, ink: int, blur: int) -> NDArray[np.float64]:
    """The blurred picture of every digit in its cell and a module on either side: (digits, 20, places)."""
    around = (layout.digit_starts[:, None] - 1) * PER_MODULE + np.arange((DIGIT + 2) * PER_MODULE)
    left = blurred_alternatives(np.stack([A, G]), (1.0, 0.0), ink, blur)
    right = blurred_alternatives(np.stack([RIGHT, RIGHT]), (0.0, 1.0), ink, blur)
    pictures = np.stack([right if side == "right" else left for side in layout.sides])
    return np.ascontiguousarray((pictures / TABLES[layout].norms[blur][around][:, None, None]).reshape(len(layout.sides), ALTERNATIVES, -1))


_CELL_TEMPLATES: Final = np.stack(
    [
        np.stack(
            [
                template(pictures, *context, blur, PER_MODULE)
                for pictures, context in ((A, LEFT_CONTEXT), (G, LEFT_CONTEXT), (RIGHT, RIGHT_CONTEXT))
            ]
        )
        for blur in TEMPLATE_BLURS
    ]
)
"""Shape (blurs, A G right, 10, samples)."""


def holds_a_code(bands: Sequence[Band], layout: Layout, kernels: Kernels) -> bool:
    """Whether the word that some bands give at first sight explains one of the two surest, which come first."""
    word = best_words(np.sum([band.first_scores() for band in bands], axis=0), layout, kernels).word
    printed = printed_as(word, layout)
    return max(band.fit_to(printed).explained for band in bands[:SUREST]) >= NO_CODE


def explained(bands: Sequence[Band], layout: Layout, kernels: Kernels, begun: Sequence[Scores] | None = None) -> Candidate | None:
    """The word that explains these bands of one direction best; None where they hold no code. The surest bands come first. ``begun``: first log-likelihoods, if known."""
    scores = list(begun or (band.first_scores() for band in bands))
    best = best_words(np.sum(scores, axis=0), layout, kernels)
    known = {best.word: printed_as(best.word, layout)}
    if max(band.fit_to(known[best.word]).explained for band in bands[:SUREST]) < NO_CODE:
        return None
    for turn in range(1, MOST_TURNS):
        word = best.word
        for band in bands[SUREST:] if turn == 1 else bands:
            band.fit_to(known[word])
        scores = [band.scores(known[word]) for band in bands]
        best = best_words(np.sum(scores, axis=0), layout, kernels)
        if best.word == word:
            break
        known.setdefault(best.word, printed_as(best.word, layout))
    return _weighed(
        bands,
        layout,
        known[best.word],
        known.get(best.other) or printed_as(best.other, layout),
        scores,
        best.score - best.other_score,
        kernels,
    )


def _weighed(
    bands: Sequence[Band], layout: Layout, printed: Printed, other: Printed, scores: Sequence[Scores], margin: float, kernels: Kernels
) -> Candidate:
    """Both words are fitted once more before what they leave over is compared."""
    fits = [band.fit_to(printed, 1) for band in bands]
    left = np.array([band.tried(other, 1).residual for band in bands])
    share = np.array([fit.explained for fit in fits])
    alike = share > share.max() - LIKE_THE_BEST
    ratios = np.log(left / np.maximum([fit.residual for fit in fits], 1e-9))
    agreeing = sum(best_words(own, layout, kernels).word == printed.word for own, counts in zip(scores, alike, strict=True) if counts)
    total = np.asarray(np.sum(scores, axis=0), np.float64)
    return Candidate(
        layout=layout,
        text=layout.text(printed.word),
        other=layout.text(other.word),
        explained=float(share[alike].mean()),
        ratio=float(np.exp(ratios[alike].mean())),
        margin=float(margin),
        contrary=contrary(total, printed.word, layout),
        bands=int(alike.sum()),
        agreeing=agreeing,
        blur=float(np.mean([BLURS[fit.blur] for fit, counts in zip(fits, alike, strict=True) if counts])),
        jointly=False,
        scores=total,
        ends=_ends([fit.warp for fit in fits], layout),
        unrest=float(np.median([band.unrest() for band, counts in zip(bands, alike, strict=True) if counts]))
        if layout is not EAN13
        else 0.0,
        uneven=uneven(total, printed.word, layout),
    )


def _ends(warps: Sequence[Warp], layout: Layout) -> tuple[float, float]:
    inner = 1 - 2 * QUIET / layout.modules
    first, last = np.mean([np.polynomial.polynomial.polyval([-inner, inner], warp) for warp in warps], axis=0)
    return float(first), float(last)


def uneven(scores: Scores, word: Word, layout: Layout) -> float:
    """What the word's worst digit leaves over in its cell, in terms of the middle one's."""
    rows = [_row(layout, digit, word) for digit in range(len(word.digits))]
    left = -scores[np.arange(len(rows)), rows, list(word.digits)]
    return float(left.max() / max(float(np.median(left)), 1e-9))


def contrary(scores: Scores, word: Word, layout: Layout) -> int:
    """How many cells would rather hold another digit, or the same in the other parity, than the word's."""
    rows = [_row(layout, digit, word) for digit in range(len(word.digits))]
    best = scores.reshape(len(scores), -1).argmax(axis=1)
    return int((best != np.array(rows) * 10 + np.array(word.digits)).sum())
