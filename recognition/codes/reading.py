"""One value that one decoder gave, and where in the picture."""

from dataclasses import dataclass
from typing import Any, Final

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
    frame, of zbar the number of scans that agree, of the likelihood stage the margin of its word.
    """

    code: Gtin
    symbology: Symbology
    decoder: Decoder
    quad: Quad
    module_px: float
    strength: float

    @property
    def sighting(self) -> Sighting:
        along = self.quad[1] - self.quad[0]
        return Sighting(self.code, Witness(self.decoder, self.module_px, float(np.degrees(np.arctan2(along[1], along[0]))) % 180))

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


def side_lengths(quad: Quad) -> tuple[float, float]:
    """Along the code, and along its bars: means of the opposite sides."""
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    across = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    return float(np.hypot(*along)), float(np.hypot(*across))
