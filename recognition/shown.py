"""A picture of the item as its visitor may see it: small, in memory, with a box round each code that was read.

The value knows no OpenCV; whoever makes one loads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.vocabulary import Gtin, Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH_PX = 480
"""The widest: 390 kB in 16:9. On the 15.6 in panel its pixels are 0.3 mm wide."""

OF_ITS_CODE = frozenset({Reason.UNREADABLE, Reason.TWO_CODES, Reason.TWO_ITEMS, Reason.RESTRICTED_CODE, Reason.DEMONSTRATION_CODE})
"""Refusals that rest on what the camera saw. Those that rest on weight or metal are shown no picture: it would explain nothing."""


@dataclass(frozen=True, slots=True)
class Box:
    """Round a code, as shares of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A value and where it was read: four corners, as shares of the picture's width and height. ``believed``: a look takes it for a code."""

    code: Gtin
    corners: tuple[tuple[float, float], ...]
    believed: bool


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Shown:
    """``rgb`` are ``width`` x ``height`` x 3 bytes. ``codes`` were read in this very picture, and ``boxes`` are where, as far as that is known. ``marks``: all that was
    read, and ``outlines`` round what lies there, points as shares of width and height: for a technician; none for visitors.

    Equal to itself alone, and its bytes stand in no text: nothing that compares or logs a state looks at them.
    """

    width: int
    height: int
    rgb: bytes = field(repr=False)
    codes: frozenset[Gtin]
    boxes: tuple[Box, ...] = ()
    marks: tuple[Mark, ...] = ()
    outlines: tuple[tuple[tuple[float, float], ...], ...] = field(default=(), repr=False)

    def bears_out(self, reason: Reason) -> bool:
        """Whether one sees in it what the verdict says: no code, two, or the one that is meant."""
        match reason:
            case Reason.UNREADABLE:
                return not self.codes
            case Reason.TWO_CODES | Reason.TWO_ITEMS:
                return len(self.codes) > 1
            case Reason.RESTRICTED_CODE | Reason.DEMONSTRATION_CODE:
                return len(self.codes) == 1
            case _:
                return False


def shown(image: "NDArray[np.uint8]", codes: frozenset[Gtin]) -> Shown:
    """A frame (BGR, height x width x 3) in which these codes were read, as it may be shown."""
    return Shown(*_small(image), codes, tuple(_boxes(image, len(codes))))


def live(image: "NDArray[np.uint8]", marks: tuple[Mark, ...], outlines: tuple[tuple[tuple[float, float], ...], ...] = ()) -> Shown:
    """A frame as a technician may see it, with the outlines of what lies there and all that was read in it, or a moment before."""
    return Shown(*_small(image), frozenset(mark.code for mark in marks if mark.believed), (), marks, outlines)


def _small(image: "NDArray[np.uint8]") -> tuple[int, int, bytes]:
    """Width, height and pixels."""
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, WIDTH_PX / width)
    size = (round(width * scale), round(height * scale))
    small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
    return *size, small.tobytes()


def _boxes(image: "NDArray[np.uint8]", most: int) -> Iterator[Box]:
    """Where zxing-cpp finds retail codes, at most so many; it is asked once more, since a look keeps no places."""
    import cv2
    import zxingcpp

    if not most:
        return
    height, width = image.shape[:2]
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.EAN8, zxingcpp.BarcodeFormat.UPCA])
    for found in zxingcpp.read_barcodes(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), formats=formats)[:most]:
        quad = found.position
        corners = (quad.top_left, quad.top_right, quad.bottom_right, quad.bottom_left)
        across, down = [corner.x / width for corner in corners], [corner.y / height for corner in corners]
        yield Box(min(across), min(down), max(across), max(down))
