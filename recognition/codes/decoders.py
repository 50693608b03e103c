"""zxing-cpp and zbar, each asked for retail codes alone; what they give in canonical form, with its place in the picture.

OpenCV's decoder is never asked: it invents values (34 on 889 pictures without a retail code).
"""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from recognition.codes.reading import MODULES, Grey, Quad, Reading, side_lengths
from recognition.codes.witness import Decoder
from recognition.gtin import Symbology, canonical

TIMES_HIGHER: Final = 2.0
"""Of two values that zxing-cpp reads in one place, one this much higher overrules the other, which is a fragment of the same code."""

_ZXING: Final = {
    zxingcpp.BarcodeFormat.EAN13: Symbology.EAN13,
    zxingcpp.BarcodeFormat.EAN8: Symbology.EAN8,
    zxingcpp.BarcodeFormat.UPCA: Symbology.UPCA,
    zxingcpp.BarcodeFormat.UPCE: Symbology.UPCE,
}
_ZXING_FORMATS: Final = zxingcpp.BarcodeFormats(list(_ZXING))
# zbar expands UPC-E silently to EAN-13 unless UPCE is asked for by name, so all four are.
_ZBAR: Final = [pyzbar.ZBarSymbol[symbology.value] for symbology in Symbology]


def by_zxing(grey: Grey, *, everywhere: bool = True) -> list[Reading]:
    """``everywhere``: those light on dark and those of a reduced picture too; without them it takes three quarters of the time and reads nearly as many."""
    readings = list(_zxing_readings(grey, everywhere=everywhere))
    return [
        found
        for found in readings
        if not any(
            other.code != found.code and found.in_place_of(other) and other.strength >= TIMES_HIGHER * found.strength for other in readings
        )
    ]


def _zxing_readings(grey: Grey, *, everywhere: bool) -> Iterator[Reading]:
    for found in zxingcpp.read_barcodes(grey, formats=_ZXING_FORMATS, try_downscale=everywhere, try_invert=everywhere):
        symbology = _ZXING[found.format]
        code = canonical(symbology, found.text)
        if code is not None:
            place = found.position
            corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            quad = np.array([(corner.x, corner.y) for corner in corners], np.float64)
            length, height = side_lengths(quad)
            yield Reading(code, symbology, Decoder.ZXING, quad, length / MODULES[symbology], height)


def by_zbar(grey: Grey) -> list[Reading]:
    return list(_zbar_readings(grey))


def _zbar_readings(grey: Grey) -> Iterator[Reading]:
    for found in pyzbar.decode(grey, symbols=_ZBAR):
        symbology = Symbology(found.type)
        code = canonical(symbology, found.data.decode("ascii"))
        if code is not None:
            quad = _around(found)
            yield Reading(code, symbology, Decoder.ZBAR, quad, side_lengths(quad)[0] / MODULES[symbology], float(found.quality))


def _around(found: pyzbar.Decoded) -> Quad:
    """zbar gives the hull of its scans, which may be one line; the direction that the digits run says which side is the upper."""
    points = np.array([(point.x, point.y) for point in found.polygon], np.float32)
    if len(points) < 2:
        area = found.rect
        points = np.array([(area.left, area.top), (area.left + area.width, area.top + area.height)], np.float32)
    corners = np.asarray(cv2.boxPoints(cv2.minAreaRect(points)), np.float64)
    upright = found.orientation in ("LEFT", "RIGHT")
    sides = corners[1] - corners[0], corners[2] - corners[1]
    along = 0 if (abs(sides[0][1]) >= abs(sides[0][0])) == upright else 1
    return np.roll(corners, -along, axis=0)
