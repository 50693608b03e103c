"""Cut-outs of a frame that a decoder can be asked again with: upright, enlarged, evened out."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from recognition.codes.reading import MODULES, Grey, Quad, Reading, side_lengths
from recognition.codes.witness import Decoder

MOST_QUADS: Final = 3

WIDTH_PX: Final = 640
MOST_ENLARGED: Final = 3.0
MARGIN: Final = 0.24
"""Share of a detected quad's length that is added at both ends, so that the quiet zones are inside."""

LEAST_LENGTH_PX, LEAST_HEIGHT_PX = 30.0, 8.0

STRIP_MARGIN: Final = 0.13
"""Quiet zones of 12 modules."""

STRIP_MODULE_PX: Final = 3.0
STRIP_ROWS: Final = 48
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


def detected(grey: Grey) -> list[Quad]:
    """What OpenCV's detector takes for codes; it does not say which way the bars run."""
    found, quads = cv2.barcode.BarcodeDetector().detectMulti(grey)
    return [quad.reshape(4, 2).astype(np.float64) for quad in quads[:MOST_QUADS]] if found and quads is not None else []


def enlarged(grey: Grey, quad: Quad) -> list[Crop]:
    """The quad upright, its first side across, its contrast evened out. Cut cubic: a code of less than 2 px a module survives that."""
    crops = [_cut(grey, quad, MARGIN, WIDTH_PX)]
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    return [Crop(even.apply(crop.grey).astype(np.uint8, copy=False), crop.to_frame) for crop in crops if crop is not None]


def both_ways(grey: Grey, quad: Quad) -> tuple[Quad, Quad]:
    """The quad with its corners counted from either side, first so that its first side runs across the bars, as the gradients inside do. The other way is rarely
    of use: a decoder sees the bars in that crop too, at another scale.
    """
    left, top = np.floor(quad.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 1
    patch = grey[top:bottom, left:right]
    if min(patch.shape) < LEAST_HEIGHT_PX:
        return quad, np.roll(quad, 1, axis=0)
    inside = np.zeros(patch.shape, np.uint8)
    cv2.fillConvexPoly(inside, np.round(quad - (left, top)).astype(np.int32), 1)
    across, down = (cv2.Sobel(patch, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    along = (quad[1] - quad[0]) / max(float(np.hypot(*(quad[1] - quad[0]))), 1e-9)
    seen = inside > 0
    first = np.abs(across * along[0] + down * along[1])[seen].mean()
    second = np.abs(across * along[1] - down * along[0])[seen].mean()
    turned = np.roll(quad, 1, axis=0)
    return (quad, turned) if first > second else (turned, quad)


def sharpened(crop: Crop) -> Crop:
    soft = cv2.GaussianBlur(crop.grey, (0, 0), 2)
    return Crop(cv2.addWeighted(crop.grey, 2.5, soft, -1.5, 0).astype(np.uint8, copy=False), crop.to_frame)


def _cut(grey: Grey, corners: Quad, margin: float, width_px: int) -> Crop | None:
    origin, along, across = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    length, height = float(np.hypot(*along)), float(np.hypot(*across))
    if length < LEAST_LENGTH_PX or height < LEAST_HEIGHT_PX:
        return None
    scale = float(np.clip(width_px / (length * (1 + 2 * margin)), 1.0, MOST_ENLARGED))
    return _warped(
        grey, origin - along * margin, along * (1 + 2 * margin), across, round(length * (1 + 2 * margin) * scale), round(height * scale)
    )


def strip(grey: Grey, reading: Reading, module_px: float = STRIP_MODULE_PX) -> Crop:
    """The middle of a code that was read, a few rows of it, ``module_px`` a module: a decoder can be asked for it again in well under a millisecond."""
    quad = reading.quad
    along, across = (quad[1] - quad[0] + quad[2] - quad[3]) / 2, (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    height = float(np.hypot(*across))
    if height < LEAST_HEIGHT_PX:
        across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9) * LEAST_HEIGHT_PX
    origin = quad.mean(axis=0) - along * (0.5 + STRIP_MARGIN) - across * STRIP_SHARE / 2
    width = round(MODULES[reading.symbology] * module_px * (1 + 2 * STRIP_MARGIN))
    rows = round(min(STRIP_ROWS, max(LEAST_HEIGHT_PX, height * STRIP_SHARE)))
    return _warped(grey, origin, along * (1 + 2 * STRIP_MARGIN), across * STRIP_SHARE, width, rows)


def _warped(grey: Grey, origin: Quad, along: Quad, across: Quad, width_px: int, height_px: int) -> Crop:
    source = np.array([origin, origin + along, origin + across], np.float32)
    target = np.array([[0, 0], [width_px, 0], [0, height_px]], np.float32)
    there, back = cv2.getAffineTransform(source, target), cv2.getAffineTransform(target, source)
    cut = cv2.warpAffine(grey, there, (width_px, height_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Crop(cut.astype(np.uint8, copy=False), np.asarray(back, np.float64))
