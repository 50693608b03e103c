"""One frame to a ``Look``: every retail code in it that a decoder vouches for. Which code the item has is judged elsewhere.

A cascade that stops at the first step that reads anything::

    zxing-cpp on the frame ─▶ zxing-cpp on the upright crops of OpenCV's detector ─▶ zbar on the frame ─▶ zbar on the crops
              3 ms                               12 + 3 ms                              20 to 30 ms           5 to 20 ms

OpenCV's detector only says where a code may lie: its *decoder* invents values (34 on 889 pictures without a retail code)
and is never asked. Each step has its guard, because both decoders can misread with a right check digit.
"""

from collections.abc import Callable, Iterable, Iterator
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

ZBAR_QUALITY = 10
ZBAR_QUALITY_SHORT = 20
"""zbar's count of agreeing scans below which its value is not believed; UPC-E and EAN-8 have less to check and need more."""

MOST_CROPS = 3
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


def read_look(image: NDArray[np.uint8], frame: int) -> Look:
    """All retail codes of one picture (BGR or grey), in canonical form. ``frame`` is the picture's number and comes back in the look.

    No code is an empty set. More than one value is a contradiction or two items; the judge decides.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False) if image.ndim == 3 else image
    return Look(frame, next((codes for codes in _steps(grey) if codes), frozenset()))


def _steps(grey: Grey) -> Iterator[frozenset[Gtin]]:
    """What each step of the cascade reads, made only as far as somebody asks."""
    yield frozenset(by_zxing(grey))
    crops = tuple(upright_crops(grey))
    yield _union(by_zxing, crops)
    yield frozenset(by_zbar(grey))
    yield _union(by_zbar, crops)


def _union(reader: Callable[[Grey], Iterable[Gtin]], crops: Iterable[Grey]) -> frozenset[Gtin]:
    return frozenset(code for crop in crops for code in reader(crop))


def by_zxing(grey: Grey) -> Iterator[Gtin]:
    """What zxing-cpp reads, above the guard on the quad's height."""
    for found in zxingcpp.read_barcodes(grey, formats=_ZXING_FORMATS):
        code = canonical(_ZXING[found.format], found.text)
        if code is not None and _height_px(found.position) >= QUAD_HEIGHT_PX:
            yield code


def _height_px(quad: zxingcpp.Position) -> float:
    """Mean length of the two sides that run along the bars."""
    left = np.hypot(quad.top_left.x - quad.bottom_left.x, quad.top_left.y - quad.bottom_left.y)
    right = np.hypot(quad.top_right.x - quad.bottom_right.x, quad.top_right.y - quad.bottom_right.y)
    return float(left + right) / 2


def by_zbar(grey: Grey) -> Iterator[Gtin]:
    """What zbar reads, above the guard on its quality."""
    for found in pyzbar.decode(grey, symbols=_ZBAR):
        symbology = Symbology(found.type)
        least = ZBAR_QUALITY_SHORT if symbology in (Symbology.EAN8, Symbology.UPCE) else ZBAR_QUALITY
        code = canonical(symbology, found.data.decode("ascii"))
        if code is not None and found.quality >= least:
            yield code


def upright_crops(grey: Grey) -> Iterator[Grey]:
    """Crops around what OpenCV's detector takes for codes, turned upright both ways, ``CROP_WIDTH_PX`` wide, contrast evened out."""
    found, quads = cv2.barcode.BarcodeDetector().detectMulti(grey)
    if not found or quads is None:
        return
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    for quad in quads[:MOST_CROPS]:
        for corners in (quad, np.roll(quad, 1, axis=0)):
            crop = _upright(grey, corners.astype(np.float32))
            if crop is not None:
                yield even.apply(crop).astype(np.uint8, copy=False)


def _upright(grey: Grey, corners: NDArray[Any]) -> Grey | None:
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
    return crop.astype(np.uint8, copy=False)
