"""What a sheet of paper is made of, before anything is drawn: lines of words, a code, a rule. No Qt here: tests read a sheet as a person reads the paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from drivers.printer.raster import Bitmap
from kiosk.words.catalogue import Words


class Size(Enum):
    """Heights of capitals in millimetres: a voucher's code has 4 at least, to be read without glasses; the smallest is what newspapers print."""

    SMALL = 2.2
    BODY = 2.8
    CODE = 4.2
    SUM = 8.0


class Place(Enum):
    START = auto()
    """Where one begins to read."""
    CENTRE = auto()
    APART = auto()
    """What is behind the tab stands at the other edge, as sums do."""


@dataclass(frozen=True, slots=True)
class Line:
    """``broken``: the same in two lines, for paper that is too narrow. ``boxed``: within a frame, not to be overlooked."""

    words: str
    size: Size = Size.BODY
    place: Place = Place.START
    right_to_left: bool = False
    broken: str = ""
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A link as a QR code."""

    link: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, between two parts."""


Piece = Line | Code | Rule
Sheet = tuple[Piece, ...]

Draw = Callable[[Sheet], Bitmap]
"""What makes dots of a sheet, on the paper that there is."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What sheets are made with: the words of each language, French among them, the configured line on where vouchers are paid, and which kiosk this is."""

    draw: Draw
    words: Mapping[str, Words]
    where: str = ""
    kiosk: str = ""
