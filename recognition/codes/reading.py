"""One value that one decoder gave, and where in the picture."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from config.vocabulary import Gtin
from recognition.codes.witness import Decoder, Sighting, Witness, turned_deg
from recognition.gtin import Symbology

Grey = NDArray[np.uint8]

Quad = NDArray[Any]
"""Four corners (x, y), in pixels: the first two along the upper edge of the code, then on around it. Shape (4, 2)."""

MODULES: Final = {Symbology.EAN13: 95, Symbology.UPCA: 95, Symbology.EAN8: 67, Symbology.UPCE: 51}

SAME_WAY_DEG: Final = 25.0
SAME_PLACE: Final = 0.45
"""Of the longer code's length: two codes side by side are farther apart than one of them is long."""


@dataclass(frozen=True, eq=False)
class Reading:
    """``quad``: where in the frame. ``module_px``: in the picture that was read. ``strength``: of zxing-cpp the height of its quad in pixels of the
    frame, of zbar the number of scans that agree, of the likelihood stage the margin of its word. ``sure``: as of a ``Witness``.
    """

    code: Gtin
    symbology: Symbology
    decoder: Decoder
    quad: Quad
    module_px: float
    strength: float
    sure: bool = False

    @property
    def sighting(self) -> Sighting:
        along = self.quad[1] - self.quad[0]
        angle_deg = float(np.degrees(np.arctan2(along[1], along[0]))) % 180
        return Sighting(self.code, Witness(self.decoder, self.module_px, angle_deg, self.sure))

    def in_place_of(self, other: "Reading") -> bool:
        """Whether both say something of the same print: they lie the same way, and the middle of the shorter is inside the longer, along it nearly to its end, as a decoder may place
        a value on half of the code (zbar gives the hull of what it scanned), and across it within a quarter of its length.
        """
        longer, shorter = (self, other) if side_lengths(self.quad)[0] >= side_lengths(other.quad)[0] else (other, self)
        length = side_lengths(longer.quad)[0]
        along = (longer.quad[1] - longer.quad[0]) / max(float(np.hypot(*(longer.quad[1] - longer.quad[0]))), 1e-9)
        apart = shorter.quad.mean(axis=0) - longer.quad.mean(axis=0)
        aside = float(abs(along[0] * apart[1] - along[1] * apart[0]))
        same_way = turned_deg(self.sighting.witness.angle_deg, other.sighting.witness.angle_deg) <= SAME_WAY_DEG
        return abs(float(apart @ along)) < SAME_PLACE * length and aside < length / 4 and same_way


PRINT_ALONG, PRINT_HIGH, OTHER_HIGH = 1.3, 1.5, 1.1
"""How long a print is beside the quad that a decoder gave, quiet zones included; and how high: beside that quad, or beside its length where a scan line alone was given."""

OVERLAP: Final = 0.15
"""Of bars that share no more with a print they are no part of it."""


def beside(read: Quad, bars: Quad) -> bool:
    """Whether bars that a detector saw are other than the print of a code that was read."""
    along, across = (read[1] - read[0] + read[2] - read[3]) / 2, (read[3] - read[0] + read[2] - read[1]) / 2
    length, height = float(np.hypot(*along)), float(np.hypot(*across))
    x, y = (float(value) for value in read.mean(axis=0))
    turned = float(np.degrees(np.arctan2(along[1], along[0])))
    whole = ((x, y), (PRINT_ALONG * length, max(PRINT_HIGH * height, OTHER_HIGH * length)), turned)
    other = cv2.minAreaRect(bars.astype(np.float32))
    how, shared = cv2.rotatedRectangleIntersection(whole, other)
    return how == cv2.INTERSECT_NONE or cv2.contourArea(cv2.convexHull(shared)) < OVERLAP * other[1][0] * other[1][1]


def side_lengths(quad: Quad) -> tuple[float, float]:
    """Along the code, and along its bars: means of the opposite sides."""
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    across = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    return float(np.hypot(*along)), float(np.hypot(*across))
