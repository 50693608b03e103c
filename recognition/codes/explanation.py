"""What the reading of one picture was, for people: step by step, who read which value where, and what was weighed and not believed."""

from dataclasses import dataclass
from enum import StrEnum

from config.vocabulary import Gtin
from recognition.codes.reading import Quad
from recognition.codes.witness import Decoder
from recognition.gtin import OtherSymbology


class Step(StrEnum):
    """In the order in which they are taken; what each does stands in ``picture.py``."""

    ZXING_DARK = "zxing_dark"
    ZXING_COARSE = "zxing_coarse"
    ZXING_EVERYWHERE = "zxing_everywhere"
    ZXING_FINE = "zxing_fine"
    ZXING_TURNED = "zxing_turned"
    ZBAR_FRAME = "zbar_frame"
    ZBAR_FINE = "zbar_fine"
    ZXING_SHARPENED = "zxing_sharpened"
    ZBAR_TURNED = "zbar_turned"
    LIKELIHOOD = "likelihood"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken. ``cuts``: how many pictures it was shown, the frame or crops of it. ``gave``: all that was read on the way, believed or not."""

    step: Step
    cuts: int
    gave: tuple[Gtin, ...]

    def as_json(self) -> dict[str, object]:
        return {"step": self.step.value, "cuts": self.cuts, "gave": list(self.gave)}


@dataclass(frozen=True, eq=False)
class Opinion:
    """One reading. ``quad``: where in the frame. ``contested``: another value was read in its place."""

    code: Gtin
    decoder: Decoder
    module_px: float
    strength: float
    contested: bool
    quad: Quad

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "decoder": self.decoder.value,
            "module_px": round(self.module_px, 2),
            "strength": round(self.strength, 1),
            "contested": self.contested,
            "quad": corners(self.quad),
        }


@dataclass(frozen=True, eq=False)
class Doubt:
    """What the likelihood stage weighed and did not believe, and the tests of the guard that it failed. ``digits`` as they would stand below the bars."""

    digits: str
    failed: tuple[str, ...]
    quad: Quad

    def as_json(self) -> dict[str, object]:
        return {"digits": self.digits, "failed": list(self.failed), "quad": corners(self.quad)}


@dataclass(frozen=True, eq=False)
class Explained:
    """``codes``: what a look believes. ``seen``: where the detector saw a code that was not read yet. ``other``: what else stands there, asked for where nothing is believed."""

    codes: frozenset[Gtin]
    steps: tuple[Taken, ...]
    seen: tuple[Quad, ...]
    opinions: tuple[Opinion, ...]
    doubts: tuple[Doubt, ...]
    other: frozenset[OtherSymbology]

    def as_json(self) -> dict[str, object]:
        return {
            "codes": sorted(self.codes),
            "other": sorted(self.other),
            "steps": [taken.as_json() for taken in self.steps],
            "seen": [corners(quad) for quad in self.seen],
            "opinions": [opinion.as_json() for opinion in self.opinions],
            "doubts": [doubt.as_json() for doubt in self.doubts],
        }


def corners(quad: Quad) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in quad]
