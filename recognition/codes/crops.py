"""Cut-outs of a frame that a decoder can be asked again with: upright, enlarged, evened out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import cv2
import numpy as np

from recognition.codes.reading import MODULES, Grey, Quad, Reading, side_lengths
from recognition.codes.witness import Decoder

MOST_QUADS: Final = 3


class Care(NamedTuple):
    """``detector_px``: the detector works on the frame reduced to so many pixels on its shorter side. ``width_px`` of a crop, and its rows at the most: bars are the same on
    all of them, and what reads a crop takes as long as it has rows.
    """

    detector_px: int
    width_px: int
    most_rows: int


COARSE: Final = Care(240, 480, 128)
FINE: Final = Care(512, 640, 128)
"""OpenCV's own 512. Coarse takes a third of the time, finds nearly as many, and has three in four of what can be read from crops."""

MOST_ENLARGED: Final = 3.0
MARGIN: Final = 0.24
"""Share of a detected quad's length that is added at both ends, so that the quiet zones are inside."""

LEAST_LENGTH_PX, LEAST_HEIGHT_PX = 30.0, 8.0
LEAST_PATCH_PX: Final = 4

STRIP_MARGIN: Final = 0.13
"""Quiet zones of 12 modules."""

STRIP_MODULE_PX: Final = 3.0
STRIP_ROWS: Final = {Decoder.ZXING: 48, Decoder.ZBAR: 24}
"""By who is asked: zbar takes as long as there are rows. On 24 rows zxing-cpp agreed with what zbar had misread."""

STRIP_SHARE: Final = 0.6
"""Of the bars' height."""


@dataclass(frozen=True, eq=False)
class Crop:
    """``to_frame``: the affine map from the crop to the frame, shape (2, 3)."""

    grey: Grey
    to_frame: np.ndarray[tuple[int, ...], np.dtype[np.float64]]

    def in_frame(self, reading: Reading) -> Reading:
        """A reading of the crop as one of the frame: the strength of zxing-cpp is a height, and is given in the frame's pixels."""
        quad = reading.quad @ self.to_frame[:, :2].T + self.to_frame[:, 2]
        higher = side_lengths(quad)[1] / max(side_lengths(reading.quad)[1], 1e-9)
        strength = reading.strength * higher if reading.decoder is Decoder.ZXING else reading.strength
        return Reading(reading.code, reading.symbology, reading.decoder, quad, reading.module_px, strength)


@dataclass(frozen=True, eq=False)
class Found:
    """What the detector found in a frame, and its crops, cut when they are first asked for."""

    grey: Grey
    quads: Sequence[Quad]
    care: Care

    @cached_property
    def crops(self) -> Sequence[Crop]:
        """Upright, the bars across."""
        return self._cut(lambda ways: ways[0])

    @cached_property
    def turned(self) -> Sequence[Crop]:
        return self._cut(lambda ways: ways[1])

    @cached_property
    def _ways(self) -> Sequence[tuple[Quad, Quad]]:
        return [both_ways(self.grey, quad) for quad in self.quads]

    def _cut(self, way: Callable[[tuple[Quad, Quad]], Quad]) -> Sequence[Crop]:
        return [crop for ways in self._ways if (crop := enlarged(self.grey, way(ways), self.care)) is not None]


def detected(grey: Grey, care: Care) -> list[Quad]:
    """What OpenCV's detector takes for codes; it does not say which way the bars run."""
    detector = cv2.barcode.BarcodeDetector()
    detector.setDownsamplingThreshold(care.detector_px)
    found, quads = detector.detectMulti(grey)
    return [quad.reshape(4, 2).astype(np.float64) for quad in quads[:MOST_QUADS]] if found and quads is not None else []


def enlarged(grey: Grey, quad: Quad, care: Care) -> Crop | None:
    """The quad upright, its first side across, its contrast evened out. Cut cubic: a code of less than 2 px a module survives that."""
    crop = _cut(grey, quad, care)
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    return None if crop is None else Crop(even.apply(crop.grey).astype(np.uint8, copy=False), crop.to_frame)


def both_ways(grey: Grey, quad: Quad) -> tuple[Quad, Quad]:
    """The quad with its corners counted from either side, first so that its first side runs across the bars, as the gradients in its middle do. The other way is rarely
    of use: a decoder sees the bars in that crop too, at another scale.
    """
    middle, half = quad.mean(axis=0), (quad.max(axis=0) - quad.min(axis=0)) / 4
    left, top = np.floor(middle - half).astype(int).clip(0)
    right, bottom = np.ceil(middle + half).astype(int) + 1
    patch = grey[top:bottom, left:right]
    turned = np.roll(quad, 1, axis=0)
    if min(patch.shape) < LEAST_PATCH_PX:
        return quad, turned
    across, down = (cv2.Sobel(patch, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    along = (quad[1] - quad[0]) / max(float(np.hypot(*(quad[1] - quad[0]))), 1e-9)
    first, second = (float(cv2.norm(across * x + down * y, cv2.NORM_L1)) for x, y in (along, (along[1], -along[0])))
    return (quad, turned) if first > second else (turned, quad)


def sharpened(crop: Crop) -> Crop:
    soft = cv2.GaussianBlur(crop.grey, (0, 0), 2)
    return Crop(cv2.addWeighted(crop.grey, 2.5, soft, -1.5, 0).astype(np.uint8, copy=False), crop.to_frame)


def _cut(grey: Grey, corners: Quad, care: Care) -> Crop | None:
    origin, along, across = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    length, height = float(np.hypot(*along)), float(np.hypot(*across))
    if length < LEAST_LENGTH_PX or height < LEAST_HEIGHT_PX:
        return None
    wide = 1 + 2 * MARGIN
    scale = float(np.clip(care.width_px / (length * wide), 1.0, MOST_ENLARGED))
    rows = min(care.most_rows, round(height * scale))
    return _warped(grey, origin - along * MARGIN, along * wide, across, round(length * wide * scale), rows)


def strip(grey: Grey, reading: Reading, asked: Decoder) -> Crop:
    """The middle of a code that was read, a few rows of it: the other decoder can be asked for it in half a millisecond."""
    quad = reading.quad
    along, across = (quad[1] - quad[0] + quad[2] - quad[3]) / 2, (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    height = float(np.hypot(*across))
    if height < LEAST_HEIGHT_PX:
        across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9) * LEAST_HEIGHT_PX
    origin = quad.mean(axis=0) - along * (0.5 + STRIP_MARGIN) - across * STRIP_SHARE / 2
    width = round(MODULES[reading.symbology] * STRIP_MODULE_PX * (1 + 2 * STRIP_MARGIN))
    rows = round(min(STRIP_ROWS[asked], max(LEAST_HEIGHT_PX, height * STRIP_SHARE)))
    return _warped(grey, origin, along * (1 + 2 * STRIP_MARGIN), across * STRIP_SHARE, width, rows)


def _warped(grey: Grey, origin: Quad, along: Quad, across: Quad, width_px: int, height_px: int) -> Crop:
    source = np.array([origin, origin + along, origin + across], np.float32)
    target = np.array([[0, 0], [width_px, 0], [0, height_px]], np.float32)
    there, back = cv2.getAffineTransform(source, target), cv2.getAffineTransform(target, source)
    cut = cv2.warpAffine(grey, there, (width_px, height_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Crop(cut.astype(np.uint8, copy=False), np.asarray(back, np.float64))
