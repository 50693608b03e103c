"""The one theme: every size, weight and colour of the screens, worked out from millimetres on the glass. No Qt here, and no widget.

Sources: targets of at least 20 mm (Duff 2010 and Sesto 2012, errors of people with a motor disability), capitals of at least 4.8 mm
(ADA 707.7.2) and of 7.3 mm where the text is made *bigger* (EN 301 549, 5.1.4: 0.7 degrees at 60 cm).
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from config.told import WrongUse
from kiosk.screens.style.palette import CONTRAST, NORMAL, Palette

SMALLEST_DIAGONAL_IN = 10.0
MM_PER_INCH = 25.4

TARGET_MM = 20.2
"""A little more than the 20 mm that must be kept, for the rounding to whole pixels."""

CAPITAL_MM = 4.8
BIGGER_CAPITAL_MM = 7.3

CAPITAL_EM = 0.668
"""Height of Kiosk Sans' capitals; style/fonts/README.md."""


class ScreenTooSmall(WrongUse):
    """A panel on which the controls cannot be as large as fingers need them."""

    def __init__(self, diagonal_in: float) -> None:
        super().__init__(f"a screen of {diagonal_in:g} in; at least {SMALLEST_DIAGONAL_IN:g} in are needed")
        self.diagonal_in = diagonal_in
        self.smallest_in = SMALLEST_DIAGONAL_IN


LOWEST_M, HIGHEST_M = 0.90, 1.30
"""Above the floor: between these must stand whatever is touched (arrêté of 20 April 2017, places open to the public)."""


class OutOfReach(WrongUse):
    """A panel mounted so that something to touch would lie too high, or too low, for who sits in a wheelchair. Metres above the floor."""

    def __init__(self, lower_edge_m: float, lowest_m: float, highest_m: float) -> None:
        self.variant = "high" if highest_m > HIGHEST_M else "low"
        super().__init__(f"touched from {lowest_m:.2f} m to {highest_m:.2f} m above the floor; {LOWEST_M} m to {HIGHEST_M} m are in reach")
        self.lower_edge_m = lower_edge_m
        self.lowest_m, self.highest_m = round(lowest_m, 2), round(highest_m, 2)
        self.least_m, self.most_m = LOWEST_M, HIGHEST_M


LEAST_PX_PER_MM = 3.0
"""Capitals of 4.8 mm have 14 pixels then, and strokes of two. The voucher's code, drawn in whole pixels, asks for less: it is read down to 2.1."""


class TooCoarse(WrongUse):
    """A panel whose pixels are so large that letters and the voucher's code are no longer clear. Pixels a millimetre."""

    def __init__(self, width_px: int, height_px: int, diagonal_in: float, px_per_mm: float) -> None:
        super().__init__(
            f"{width_px}x{height_px} on {diagonal_in:g} in are {px_per_mm:.1f} pixels a millimetre; {LEAST_PX_PER_MM} are needed"
        )
        self.width_px, self.height_px = width_px, height_px
        self.diagonal_in = diagonal_in
        self.px_per_mm, self.least = round(px_per_mm, 1), LEAST_PX_PER_MM


@dataclass(frozen=True, slots=True)
class Panel:
    """A screen: its pixels and its diagonal in inches. Raises ScreenTooSmall."""

    width_px: int
    height_px: int
    diagonal_in: float

    def __post_init__(self) -> None:
        if self.diagonal_in < SMALLEST_DIAGONAL_IN:
            raise ScreenTooSmall(self.diagonal_in)

    @property
    def px_per_mm(self) -> float:
        return math.hypot(self.width_px, self.height_px) / (self.diagonal_in * MM_PER_INCH)

    def mounted(self, lower_edge_m: float) -> Self:
        """The same, if visitors can use it where its picture begins so high above the floor. Raises OutOfReach, TooCoarse.

        What is touched begins and ends a margin inside the picture.
        """
        if self.px_per_mm < LEAST_PX_PER_MM:
            raise TooCoarse(self.width_px, self.height_px, self.diagonal_in, self.px_per_mm)
        margin_m, height_m = Theme.of(self).margin / self.px_per_mm / 1000, self.height_px / self.px_per_mm / 1000
        lowest_m, highest_m = lower_edge_m + margin_m, lower_edge_m + height_m - margin_m
        if lowest_m < LOWEST_M or highest_m > HIGHEST_M:
            raise OutOfReach(lower_edge_m, lowest_m, highest_m)
        return self


class Type(StrEnum):
    """The steps of the type scale, from the least to the loudest."""

    NOTE = "note"
    BODY = "body"
    LEAD = "lead"
    HEAD = "head"
    TITLE = "title"
    NUMBER = "number"
    TOTAL = "total"


PORTRAIT_MM = {Type.NOTE: 4.9, Type.BODY: 5.5, Type.LEAD: 7.3, Type.HEAD: 9.4, Type.TITLE: 11.6, Type.NUMBER: 11.6, Type.TOTAL: 21.4}
LANDSCAPE_MM = {Type.NOTE: 4.8, Type.BODY: 4.8, Type.LEAD: 5.5, Type.HEAD: 6.3, Type.TITLE: 7.6, Type.NUMBER: 11.6, Type.TOTAL: 13.5}
"""Heights of capitals in mm: on the 194 mm wide 15.6 in panel, and on the 136 mm high 10.1 in one. Another panel has all of them by its own
size, down to ``CAPITAL_MM``."""

PORTRAIT_WIDTH_MM, LANDSCAPE_HEIGHT_MM = 194.0, 136.0

DENSE = 0.62
"""Of a visitor's text, staff's: they read tables, from nearer. Where they want it *bigger*, none of it is smaller than a visitor's."""

WEIGHTS = {Type.NOTE: 600, Type.BODY: 600, Type.LEAD: 700, Type.HEAD: 800, Type.TITLE: 800, Type.NUMBER: 800, Type.TOTAL: 800}


@dataclass(frozen=True, slots=True)
class Theme:
    """Sizes in pixels of one panel under one visitor's settings. ``bigger``: all text, ``contrast``: light on black, ``calm``: nothing moves.

    ``dense``: staff's text, which is smaller; with ``bigger`` at least as large as a visitor's is without it. What can be touched is as large as ever.
    """

    px_per_mm: float
    width: int
    height: int
    bigger: bool = False
    contrast: bool = False
    calm: bool = False
    dense: bool = False

    @classmethod
    def of(cls, panel: Panel, *, bigger: bool = False, contrast: bool = False, calm: bool = False, dense: bool = False) -> Self:
        return cls(panel.px_per_mm, panel.width_px, panel.height_px, bigger=bigger, contrast=contrast, calm=calm, dense=dense)

    @property
    def palette(self) -> Palette:
        return CONTRAST if self.contrast else NORMAL

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    @property
    def compact(self) -> bool:
        """Where height is so short that large text leaves no room for words on the tools."""
        return self.bigger and self.landscape

    @property
    def narrow(self) -> bool:
        """Smaller than the panel that the pages were drawn for, by more than a rounding: targets and letters do not shrink with it."""
        return self._growth < 0.95

    @property
    def tight(self) -> bool:
        """Where large text is larger than the panel was drawn for."""
        return self.bigger and (self.landscape or self.narrow)

    def mm(self, millimetres: float) -> int:
        """Pixels of what is so large on the panel that it was drawn for, and grows or shrinks with the text on another: at least one."""
        return max(1, math.ceil(millimetres * self._growth * self.px_per_mm))

    def text(self, step: Type) -> int:
        """The size of a font in pixels."""
        # what is read across a counter is as far away on a small panel
        growth = max(1.0, self._growth) if step is Type.NUMBER else self._growth
        drawn_mm = (LANDSCAPE_MM if self.landscape else PORTRAIT_MM)[step] * growth * (DENSE if self.dense else 1.0)
        return max(self.smallest, self._font(drawn_mm))

    @property
    def smallest(self) -> int:
        """No text is smaller than this, whatever it has to fit into. Pixels."""
        if self.dense:
            return self._font(CAPITAL_MM * (1.0 if self.bigger else DENSE))
        return self._font(BIGGER_CAPITAL_MM if self.bigger else CAPITAL_MM)

    def _font(self, capital_mm: float) -> int:
        return math.ceil(capital_mm * self.px_per_mm / CAPITAL_EM)

    @property
    def _growth(self) -> float:
        return self.height / self.px_per_mm / LANDSCAPE_HEIGHT_MM if self.landscape else self.width / self.px_per_mm / PORTRAIT_WIDTH_MM

    @property
    def target(self) -> int:
        """Side of the smallest thing that can be touched: never smaller, however small the panel."""
        return max(math.ceil(TARGET_MM * self.px_per_mm), self.mm(TARGET_MM))

    @property
    def main(self) -> int:
        """Height of a screen's main button."""
        return max(self.target, self.mm(21.5 if self.landscape else 34.0))

    @property
    def margin(self) -> int:
        return self.mm(3.0 if self.landscape else 8.0)

    @property
    def gap(self) -> int:
        if self.dense and self.compact:
            # targets are no harder to hit 1 mm apart than 3 (Sesto 2012)
            return self.mm(1.2)
        return self.mm(2.4 if self.landscape else 4.0)

    @property
    def pad(self) -> int:
        """Between the border of a card or button and what is in it."""
        return self.mm(3.6 if self.landscape else 5.4)

    @property
    def radius(self) -> int:
        return self.mm(5.2)

    @property
    def edge(self) -> int:
        """How far a button stands out."""
        return self.mm(1.3)

    @property
    def border(self) -> int:
        return self.mm(0.65)

    @property
    def focus(self) -> int:
        """Width of the ring round what the keys have chosen."""
        return self.mm(1.2)
