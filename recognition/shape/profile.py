"""How wide a thing itself is along its length, without the shadow beside it: between its own edges, which the camera sees crisply (``crispness.py``), and no wider on one side than on the other.

A round thing lies in the tray's valley, its axis over the valley's line. Its shadow is thrown to both sides, but hardly ever with borders as crisp as the thing's on both.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recognition.shape.background import Levels

CRISP: Final = 0.4
"""Of the crispest edge on its side: bars and print within a label are up to twice as crisp as the bottle's own edge, which is three times as crisp as its shadow's."""

REACH: Final = 0.45
"""So much of an outline's width may be shadow on either side: small bottles of dark glass have outlines half as wide again as they are."""

STEEP_REACH: Final = 0.25
"""The same where the steepest edge of the reduced picture is looked for, whose inside has prints as steep."""

FOUND: Final = 0.75
"""Of the width between the steepest edges: what is crisp and narrower than that is something within clear plastic."""

STEEPEST_PX: Final = 4
"""So far at the most an edge is followed to where it is steepest."""

ALONG_PX: Final = 9
"""Of so many columns the middle one: a letter or a rib in one column is not the thing's width."""

END_SHARE: Final = 0.2
"""So much of the length is an end: of a 75 cl wine bottle the neck takes a third, of PET bottles a quarter."""


Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Profile:
    """``body_px``: how wide it is where it is thick, or less; three columns in four are no wider. It is between its crisp edges, or between the steepest where those were found far inside: in clear plastic. ``neck``: how wide at its narrower end, beside that."""

    body_px: float
    neck: float


def profile_of(laid: NDArray[np.uint8], crisp: Levels, steep: Levels, axis: Levels) -> Profile:
    """``laid``: 1 inside, its long axis along the rows; ``crisp``, ``steep``: how crisp and how steep each edge is there; ``axis``: the row of the valley's line in each column."""
    columns = np.flatnonzero(laid.any(axis=0))
    filled, edges = laid[:, columns], crisp[:, columns]
    first = np.maximum(0, filled.argmax(axis=0) - 1)
    last = np.minimum(len(filled), len(filled) + 1 - filled[::-1].argmax(axis=0)) - 1
    above, below = _between(edges, first, last, REACH, CRISP)
    apart = _smooth(below - above)
    own = _smooth(np.maximum(0, 2 * np.minimum(axis[columns] - above, below - axis[columns])))
    thick = max(np.array_split(np.arange(len(apart)), 2), key=lambda half: float(apart[half].sum()))
    top, bottom = _between(steep[:, columns[thick]], first[thick], last[thick], STEEP_REACH, 1.0)
    crisply, steeply = float(np.quantile(own[thick], 0.75)), float(np.quantile(bottom - top, 0.75))
    return Profile(crisply if crisply >= FOUND * steeply else steeply, min(ends_of(apart)))


def ends_of(widths: NDArray[Any]) -> tuple[float, float]:
    """The narrowest of either end, in the mean of a twentieth of the length, beside the width that nine tenths are below."""
    few = max(1, len(widths) // 20)
    smooth = np.convolve(widths, np.ones(few) / few, "valid")
    most = max(float(np.quantile(widths, 0.9)), 1.0)
    # the outermost is rounded on everything
    end, rim = max(1, round(END_SHARE * len(smooth))), few // 2
    return float(smooth[rim:end].min(initial=most)) / most, float(smooth[-end : len(smooth) - rim].min(initial=most)) / most


def _between(edges: Levels, first: Rows, last: Rows, share: float, of_most: float) -> tuple[Rows, Rows]:
    """In each column the rows of the outermost edges between ``first`` and ``last`` that are so steep beside the steepest one, each looked for in that share of the width."""
    reach = np.maximum(4, np.rint(share * (last - first - 1)).astype(np.int64) + 1)
    end = len(edges) - 1
    return _outermost(edges, first, reach, of_most), end - _outermost(edges[::-1], end - last, reach, of_most)


def _outermost(edges: Levels, first: Rows, reach: Rows, of_most: float) -> Rows:
    """From the first row inward, followed to where it is steepest."""
    rows, columns = np.arange(len(edges))[:, None], np.arange(edges.shape[1])
    seen = np.where((rows >= first) & (rows < first + reach), edges, np.float32(-1))
    at = (seen >= of_most * seen.max(axis=0)).argmax(axis=0)
    for _ in range(STEEPEST_PX):
        further = np.minimum(at + 1, len(seen) - 1)
        at = np.where(seen[further, columns] > seen[at, columns], further, at)
    return np.asarray(at, np.int64)


def _smooth(widths: NDArray[Any]) -> NDArray[Any]:
    around = np.pad(widths, ALONG_PX // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(around, ALONG_PX), axis=1))
