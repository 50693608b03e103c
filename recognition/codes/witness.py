"""Who read a value, and when two who did are two opinions.

A decoder repeats its mistakes: shown the same picture twice, it gives the same wrong value with a right check digit. Shown the same print at another scale or from
another side it repeats others: zbar takes 1 for 7 and 2 for 8 where ink has spread, and zxing-cpp takes a digit that is half another's for whichever is nearer. So a decoder is never
a second witness to itself. The likelihood stage is, at another scale or of another pose, as its guard compares words and looks at every digit; but what is wrong in the print is the same from
every side, so only where it was ``sure`` each time: sharp, no digit far worse than the others, and no other word nearly as good (``likelihood/guard.py``, ``sure``).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from config.vocabulary import Gtin

OTHER_SCALE: Final = 1.1
"""From this ratio of their module widths on, two readings of the likelihood stage are of different scale."""

OTHER_POSE_DEG: Final = 4.0


class Decoder(StrEnum):
    ZXING = "zxing"
    ZBAR = "zbar"
    LIKELIHOOD = "likelihood"


@dataclass(frozen=True, slots=True)
class Witness:
    """``module_px``: pixels of a module in the picture that was read; ``angle_deg``: of the code in the frame, 0 to 180, as a code is read from both ends. ``sure``: of the likelihood stage,
    whether it may be a second witness to itself.
    """

    decoder: Decoder
    module_px: float
    angle_deg: float
    sure: bool = False

    def independent_of(self, other: "Witness") -> bool:
        if self.decoder is not other.decoder:
            return True
        if not (self.sure and other.sure):
            return False
        wider, narrower = max(self.module_px, other.module_px), min(self.module_px, other.module_px)
        return wider >= OTHER_SCALE * narrower or turned_deg(self.angle_deg, other.angle_deg) >= OTHER_POSE_DEG


@dataclass(frozen=True, slots=True)
class Sighting:
    code: Gtin
    witness: Witness


def turned_deg(one: float, other: float) -> float:
    """Between two directions that are read from both ends: 0 to 90."""
    turned = abs(one - other) % 180
    return min(turned, 180 - turned)
