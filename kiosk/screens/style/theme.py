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
"""Heights of capitals in mm: on the 194 mm wide 15.6 in panel, and on the 136 mm high 10.1 in one. A larger panel has them larger."""

PORTRAIT_WIDTH_MM, LANDSCAPE_HEIGHT_MM = 194.0, 136.0

DENSE = 0.62
"""Of a visitor's text, staff's: they read tables, from nearer, and have asked for none of it to be larger."""

WEIGHTS = {Type.NOTE: 600, Type.BODY: 600, Type.LEAD: 700, Type.HEAD: 800, Type.TITLE: 800, Type.NUMBER: 800, Type.TOTAL: 800}


@dataclass(frozen=True, slots=True)
class Theme:
    """Sizes in pixels of one panel under one visitor's settings. ``bigger``: all text, ``contrast``: light on black, ``calm``: nothing moves.

    ``dense``: staff's text, which is smaller. What can be touched is as large as ever.
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

    def mm(self, millimetres: float) -> int:
        """Whole pixels, at least one."""
        return max(1, math.ceil(millimetres * self.px_per_mm))

    def text(self, step: Type) -> int:
        """The size of a font in pixels."""
        capital_mm = (LANDSCAPE_MM if self.landscape else PORTRAIT_MM)[step] * self._growth * (DENSE if self.dense else 1.0)
        return self._font(max(capital_mm, BIGGER_CAPITAL_MM) if self.bigger else capital_mm)

    @property
    def smallest(self) -> int:
        """No text is smaller than this, whatever it has to fit into. Pixels."""
        return self._font(BIGGER_CAPITAL_MM if self.bigger else CAPITAL_MM * (DENSE if self.dense else 1.0))

    def _font(self, capital_mm: float) -> int:
        return math.ceil(capital_mm * self.px_per_mm / CAPITAL_EM)

    @property
    def _growth(self) -> float:
        grown = self.height / self.px_per_mm / LANDSCAPE_HEIGHT_MM if self.landscape else self.width / self.px_per_mm / PORTRAIT_WIDTH_MM
        return max(1.0, grown)

    @property
    def target(self) -> int:
        """Side of the smallest thing that can be touched."""
        return self.mm(TARGET_MM)

    @property
    def main(self) -> int:
        """Height of a screen's main button."""
        return self.mm(21.5 if self.landscape else 34.0)

    @property
    def margin(self) -> int:
        return self.mm(3.0 if self.landscape else 8.0)

    @property
    def gap(self) -> int:
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
