"""One frame to a ``Look``: every retail code in it that the decoders vouch for. Which code the item has is judged elsewhere.

A cascade that stops at the first step that reads anything, with what each step costs on 1280x720::

    zxing-cpp on the frame ─▶ zxing-cpp on the upright crops of OpenCV's detector ─▶ zbar on the frame ─▶ zbar on the crops
              3 ms                               12 + 3 ms                              20 to 30 ms           5 to 20 ms

OpenCV's detector only says where a code may lie: its *decoder* invents values (34 on 889 pictures without a retail code)
and is never asked. Each step has its guards, as both decoders misread with a right check digit, and do it again in the next
look. They were set on 5,208 looks of 651 pictures with 506 codes: half of the codes are agreed on, no wrong one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

from config.vocabulary import Gtin
from recognition.gtin import Symbology, canonical
from recognition.verdict import Look

Grey = NDArray[np.uint8]

QUAD_HEIGHT_PX = 10.0
"""A zxing-cpp value whose quad is lower came from a few scan lines: wrong ones measured 1 to 12 px, right ones mostly above 30."""

TIMES_HIGHER = 2.0
"""Of two values that zxing-cpp reads in one place, one this much higher overrules the other, which is a fragment of the same code."""

ZBAR_QUALITY = 6
ZBAR_QUALITY_IN_CROPS = 10
ZBAR_QUALITY_SHORT = 20
"""zbar's count of agreeing scans below which its value is not believed. On the frame, where zxing-cpp read nothing: from 6 on
52 looks right and none wrong, below 11 right and one wrong. In a crop, and for the short codes, more is needed."""

SHORT = frozenset({Symbology.EAN8, Symbology.UPCE})
"""They have least to check, and zxing-cpp finds them in fragments of longer codes: believed of it only when zbar sees them too."""

MOST_QUADS = 3
CROP_WIDTH_PX = 640
MARGIN = 0.24
"""Share of a detected quad's length that is added at both ends, so that the quiet zones are inside."""

_ZXING = {
    zxingcpp.BarcodeFormat.EAN13: Symbology.EAN13,
    zxingcpp.BarcodeFormat.EAN8: Symbology.EAN8,
    zxingcpp.BarcodeFormat.UPCA: Symbology.UPCA,
    zxingcpp.BarcodeFormat.UPCE: Symbology.UPCE,
}
_ZXING_FORMATS = zxingcpp.BarcodeFormats(list(_ZXING))
# zbar expands UPC-E silently to EAN-13 unless UPCE is asked for by name, so all four are.
_ZBAR = [pyzbar.ZBarSymbol[symbology.value] for symbology in Symbology]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value from one decoder. ``strength``: of zxing-cpp the quad's height in pixels of the frame, of zbar its quality.

    ``left`` to ``bottom`` bound it, in pixels of the picture that was read.
    """

    code: Gtin
    symbology: Symbology
    strength: float
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Reading") -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Crop:
    """An upright cut-out, ``scale`` times as large as in the frame."""

    grey: Grey
    scale: float


def read_look(image: NDArray[np.uint8], frame: int) -> Look:
    """All retail codes of one picture (BGR or grey), in canonical form. ``frame`` is the picture's number and comes back in the look.

    No code is an empty set. More than one value is a contradiction or two items; the judge decides.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False) if image.ndim == 3 else image
    return Look(frame, next((codes for codes in _Picture(grey).steps() if codes), frozenset()))


class _Picture:
    """A frame and what the decoders made of it so far; each is asked at most once."""

    def __init__(self, grey: Grey) -> None:
        self._grey = grey

    def steps(self) -> Iterator[frozenset[Gtin]]:
        """What each step of the cascade believes, worked out only as far as somebody asks."""
        yield frozenset(found.code for found in by_zxing(self._grey) if self._long_or_seen_by_zbar(found))
        yield frozenset(self._from_crops())
        yield frozenset(found.code for found in self._zbar if found.strength >= _least(found, ZBAR_QUALITY))
        yield frozenset(found.code for found in self._zbar_in_crops if found.strength >= _least(found, ZBAR_QUALITY_IN_CROPS))

    def _from_crops(self) -> Iterator[Gtin]:
        """A crop is resampled and its contrast stretched, so that one alone is not believed: two crops, or one and zbar."""
        read = [
            {found.code: found for found in by_zxing(crop.grey, crop.scale) if self._long_or_seen_by_zbar(found)} for crop in self._crops
        ]
        times = Counter(code for readings in read for code in readings)
        return (code for code, crops in times.items() if crops >= 2 or code in self._seen_by_zbar)

    def _long_or_seen_by_zbar(self, found: Reading) -> bool:
        return found.symbology not in SHORT or found.code in self._seen_by_zbar

    @cached_property
    def _crops(self) -> Sequence[Crop]:
        return tuple(upright_crops(self._grey))

    @cached_property
    def _zbar(self) -> Sequence[Reading]:
        return tuple(by_zbar(self._grey))

    @cached_property
    def _zbar_in_crops(self) -> Sequence[Reading]:
        return tuple(found for crop in self._crops for found in by_zbar(crop.grey))

    @cached_property
    def _seen_by_zbar(self) -> frozenset[Gtin]:
        """A second opinion needs no quality of its own."""
        return frozenset(found.code for found in (*self._zbar, *self._zbar_in_crops))


def _least(found: Reading, quality: int) -> int:
    return ZBAR_QUALITY_SHORT if found.symbology in SHORT else quality


def by_zxing(grey: Grey, scale: float = 1.0) -> Iterator[Reading]:
    """What zxing-cpp reads above the guard on the quad's height, in a picture ``scale`` times as large as in the frame."""
    readings = tuple(_zxing_readings(grey, scale))
    for found in readings:
        overruled = (
            found.code != other.code and found.overlaps(other) and other.strength >= TIMES_HIGHER * found.strength for other in readings
        )
        if found.strength >= QUAD_HEIGHT_PX and not any(overruled):
            yield found


def _zxing_readings(grey: Grey, scale: float) -> Iterator[Reading]:
    for found in zxingcpp.read_barcodes(grey, formats=_ZXING_FORMATS):
        symbology = _ZXING[found.format]
        code = canonical(symbology, found.text)
        if code is not None:
            quad = found.position
            across, down = zip(*((corner.x, corner.y) for corner in _corners(quad)), strict=True)
            yield Reading(code, symbology, _height_px(quad) / scale, min(across), min(down), max(across), max(down))


def _corners(quad: zxingcpp.Position) -> tuple[zxingcpp.Point, ...]:
    return quad.top_left, quad.top_right, quad.bottom_right, quad.bottom_left


def _height_px(quad: zxingcpp.Position) -> float:
    """Mean length of the two sides that run along the bars."""
    left = np.hypot(quad.top_left.x - quad.bottom_left.x, quad.top_left.y - quad.bottom_left.y)
    right = np.hypot(quad.top_right.x - quad.bottom_right.x, quad.top_right.y - quad.bottom_right.y)
    return float(left + right) / 2


def by_zbar(grey: Grey) -> Iterator[Reading]:
    """What zbar reads, of any quality."""
    for found in pyzbar.decode(grey, symbols=_ZBAR):
        symbology = Symbology(found.type)
        code = canonical(symbology, found.data.decode("ascii"))
        if code is not None:
            area = found.rect
            yield Reading(code, symbology, found.quality, area.left, area.top, area.left + area.width, area.top + area.height)


def upright_crops(grey: Grey) -> Iterator[Crop]:
    """Crops around what OpenCV's detector takes for codes, turned upright both ways, contrast evened out.

    The detector does not say which way the bars run, so each quad is cut out twice.
    """
    found, quads = cv2.barcode.BarcodeDetector().detectMulti(grey)
    if not found or quads is None:
        return
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    for quad in quads[:MOST_QUADS]:
        for corners in (quad, np.roll(quad, 1, axis=0)):
            crop = _upright(grey, corners.astype(np.float32))
            if crop is not None:
                yield Crop(even.apply(crop.grey).astype(np.uint8, copy=False), crop.scale)


def _upright(grey: Grey, corners: NDArray[Any]) -> Crop | None:
    """The parallelogram of three corners as an upright rectangle; None where it is too small to hold a code."""
    origin, along, across = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    length, height = float(np.hypot(*along)), float(np.hypot(*across))
    if length < 30 or height < 8:
        return None
    scale = float(np.clip(CROP_WIDTH_PX / (length * (1 + 2 * MARGIN)), 1.0, 3.0))
    width_px, height_px = round(length * (1 + 2 * MARGIN) * scale), round(height * scale)
    start = origin - along * MARGIN
    source = np.array([start, start + along * (1 + 2 * MARGIN), start + across], np.float32)
    target = np.array([[0, 0], [width_px, 0], [0, height_px]], np.float32)
    crop = cv2.warpAffine(grey, cv2.getAffineTransform(source, target), (width_px, height_px), borderMode=cv2.BORDER_REPLICATE)
    return Crop(crop.astype(np.uint8, copy=False), scale)
