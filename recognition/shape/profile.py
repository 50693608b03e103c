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

ALONG_PX: Final = 9
"""Of so many columns the middle one: a letter or a rib in one column is not the thing's width."""

END_SHARE: Final = 0.2
"""So much of the length is an end: of a 75 cl wine bottle the neck takes a third, of PET bottles a quarter."""


@dataclass(frozen=True, slots=True)
class Profile:
    """``body_px``: how wide it is where it is thick; three columns in four are no wider. ``neck``: how wide at its narrower end, beside that."""

    body_px: float
    neck: float


def profile_of(laid: NDArray[np.uint8], crisp: Levels, axis: Levels) -> Profile:
    """``laid``: 1 inside, its long axis along the rows; ``crisp``: how crisp each edge is there; ``axis``: the row of the valley's line in each column."""
    columns = np.flatnonzero(laid.any(axis=0))
    sides = np.array([_sides(laid[:, column], crisp[:, column]) for column in columns], np.float32)
    apart = _smooth(sides[:, 1] - sides[:, 0])
    own = _smooth(np.maximum(0, 2 * np.minimum(axis[columns] - sides[:, 0], sides[:, 1] - axis[columns])))
    thick = max(np.array_split(np.arange(len(apart)), 2), key=lambda half: float(apart[half].sum()))
    return Profile(float(np.quantile(own[thick], 0.75)), min(ends_of(apart)))


def ends_of(widths: NDArray[Any]) -> tuple[float, float]:
    """The narrowest of either end, in the mean of a twentieth of the length, beside the width that nine tenths are below."""
    few = max(1, len(widths) // 20)
    smooth = np.convolve(widths, np.ones(few) / few, "valid")
    most = max(float(np.quantile(widths, 0.9)), 1.0)
    # the outermost is rounded on everything
    end, rim = max(1, round(END_SHARE * len(smooth))), few // 2
    return float(smooth[rim:end].min(initial=most)) / most, float(smooth[-end : len(smooth) - rim].min(initial=most)) / most


def _sides(filled: NDArray[np.uint8], crisp: Levels) -> tuple[int, int]:
    """The rows of the outermost crisp edges of one column, each at its steepest."""
    rows = np.flatnonzero(filled)
    first, last = max(0, int(rows[0]) - 1), int(rows[-1]) + 1
    reach = max(4, round(REACH * (last - first - 1)) + 1)
    return first + _outermost(crisp[first : first + reach]), last - _outermost(crisp[last - reach + 1 : last + 1][::-1])


def _outermost(inward: Levels) -> int:
    at = int(np.argmax(inward >= CRISP * inward.max()))
    while at + 1 < len(inward) and inward[at + 1] > inward[at]:
        at += 1
    return at


def _smooth(widths: NDArray[Any]) -> NDArray[Any]:
    around = np.pad(widths, ALONG_PX // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(around, ALONG_PX), axis=1))
