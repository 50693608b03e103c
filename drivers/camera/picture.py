"""What a picture tells of the camera that took it: its light, its sharpness, whether it changed, and the ``Health`` that follows from it.

Pure functions on images and values; the thread that reads the camera is in ``camera.py``. Not here: what lies in the chamber.
The figures in the tables are printed by ``python -m benchmarks.camera``, measured on the twin's rendered chamber.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.faults import CameraFault, CameraTrouble

Image = NDArray[np.uint8]
"""Height x width x 3, BGR."""

Sample = NDArray[np.uint8]
"""A few of a picture's pixels, green only; see ``sampled``."""

STEP_PX = 8
"""Every eighth row and column is looked at: a picture of 1280 x 720 costs 0.1 ms, and the sensor's noise is not averaged away."""

GREEN = 1

BRIGHT_SHARE = 0.99
BRIGHT_LIMIT = 32.0
"""A picture is black if 99 % of it are darker than this grey level. An item may be dark; then the chamber beside it is not.

Light of the lamp, the empty chamber's brightest, and how many of 26 looks of codes could be read::

    light   0 %   5 %  10 %  15 %  20 %  30 %  100 %
    bright    6    17    26    36    46    66    209
    read      0     0     6    18    24    26     26
"""

SATURATED_FROM = 250
SATURATED_LIMIT = 0.75
"""A picture is over-exposed if more than this share of it is at the sensor's end. White labels and paper stay far below it::

    light      112 %  130 %  150 %  160 %  180 %  200 %  400 %
    saturated   0.00   0.24   0.58   0.69   0.83   0.88   0.97
    read          26     26     23     21     10      2      0
"""

BLUR_LIMIT_PX = 1.65
"""Wider than this, edges are blurred. In pixels of a picture ``BLUR_WIDTH_PX`` wide, as ``blur_px`` tells it.

Pictures blurred by a Gaussian of this standard deviation, the ``blur_px`` of the empty chamber, and the codes read::

    sigma px      0   0.8   1.0   1.2   1.3   1.5   2.0   3.0   4.0
    blur_px    1.05  1.33  1.46  1.60  1.67  1.82  2.21  3.03  3.65
    read         26    24    23     7     0     0     0     0     0

In 30 % of the light the noise takes up to 0.15 px off a picture that is just blurred.
"""

BLUR_WIDTH_PX = 1280
FINE_PX, COARSE_PX = 1.5, 3.0
"""Standard deviations of the two smoothings whose ratio tells the blur."""

EDGE_SHARE = 0.005
"""The steepest places, which count as edges."""

EDGE_LIMIT = 2.5
"""Grey levels a pixel: where these places are flatter, there is no edge. A noise of 4 grey levels makes 1.5; the chamber makes 24, in 15 % of
its light 3."""

CHANGE_LIMIT = 0.05
"""Mean difference in grey levels below which two pictures are the same. Noise with a standard deviation of 2 makes 2.3, the brightest
picture that still is one 0.4; a repeated picture makes 0."""

BRIGHT_BACK, SATURATED_BACK, BLUR_BACK_PX, CHANGE_BACK = 38.0, 0.65, 1.5, 0.1
"""The limits within which a fault that was told is over: a band, or noise round the limit would open and shut the kiosk."""

CLEAR_S = 1.0
"""So long a picture must be good again after a bad one was told, so that the kiosk does not open and shut by the second."""


LASTS_S = {CameraFault.BLACK: 0.9, CameraFault.OVER_EXPOSED: 0.9, CameraFault.FROZEN: 1.4, CameraFault.BLURRED: 0.9}
"""The faults that are seen in pictures, and how long they must last; the others are certain at once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One picture in figures. ``change`` is None for the first one, ``blur_px`` where sharpness was not looked at."""

    bright: float
    saturated: float
    change: float | None = None
    blur_px: float | None = None


def read(image: Image, before: Sample | None, sharpness: bool) -> tuple[Reading, Sample]:
    """The figures of a picture, and its sample for the next one's ``before``. With ``sharpness`` it costs some 3 ms, without 0.1."""
    sample = sampled(image)
    change = None if before is None else change_from(sample, before)
    return Reading(bright(sample), saturated(sample), change, blur_px(image) if sharpness else None), sample


def sampled(image: Image) -> Sample:
    return image[STEP_PX // 2 :: STEP_PX, STEP_PX // 2 :: STEP_PX, GREEN].copy()


def bright(sample: Sample) -> float:
    """The grey level below which 99 % of the picture lie."""
    return float(np.quantile(sample, BRIGHT_SHARE))


def saturated(sample: Sample) -> float:
    """The share at the sensor's upper end, 0 to 1."""
    return float(np.mean(sample >= SATURATED_FROM))


def change_from(sample: Sample, before: Sample) -> float:
    """Mean difference in grey levels; without limit if the pictures are not of one size."""
    return float(np.mean(cv2.absdiff(sample, before))) if sample.shape == before.shape else math.inf


def blur_px(image: Image) -> float:
    """How wide edges are: the standard deviation of the Gaussian that a sharp step would have been blurred with; inf without any edge.

    Smoothed by a and by b, an edge of width s has slopes as 1/sqrt(s²+a²) and 1/sqrt(s²+b²), so their ratio R gives
    s² = (b² - R² a²) / (R² - 1), whatever the contrast and the light (Zhuo and Sim, Defocus map estimation from a single image,
    Pattern Recognition 44, 2011). Taken along every eighth row and column at full resolution, because what makes a code
    unreadable cannot be seen in a picture made smaller. Above some 4 px, and in noise, it only tells "wider than that".
    """
    lines = _lines(image)
    fine = np.concatenate([_slopes(line, FINE_PX) for line in lines])
    coarse = np.concatenate([_slopes(line, COARSE_PX) for line in lines])
    count = math.ceil(fine.size * EDGE_SHARE)
    edges = np.argpartition(fine, -count)[-count:]
    if fine[edges].min() < EDGE_LIMIT:
        return math.inf
    ratio = float(np.median(fine[edges] / np.maximum(coarse[edges], 1e-3)))
    if ratio <= 1.0:
        return math.inf
    square = (COARSE_PX * COARSE_PX - ratio * ratio * FINE_PX * FINE_PX) / (ratio * ratio - 1)
    width: int = image.shape[1]
    return math.sqrt(max(square, 0.0)) * BLUR_WIDTH_PX / width


def _lines(image: Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Some rows, and some columns laid down as rows."""
    green = image[:, :, GREEN]
    return np.ascontiguousarray(green[STEP_PX // 2 :: STEP_PX]), np.ascontiguousarray(green[:, STEP_PX // 2 :: STEP_PX].T)


def _slopes(lines: NDArray[np.uint8], sigma_px: float) -> NDArray[Any]:
    """Steepness along each line, in grey levels a pixel, after smoothing along it."""
    alone = np.ones((1, 1))
    smooth = cv2.sepFilter2D(lines, cv2.CV_32F, cv2.getGaussianKernel(2 * math.ceil(3 * sigma_px) + 1, sigma_px), alone)
    return np.abs(cv2.sepFilter2D(smooth, cv2.CV_32F, np.array([-0.5, 0.0, 0.5]), alone)).ravel()


def fault_in(reading: Reading, told: CameraFault | None = None) -> CameraTrouble | None:
    """What is wrong with a picture, the plainest first: a black picture is neither sharp nor does it change.

    ``told``: the fault that stands; it stands until the picture is within the inner limit.
    """
    bright = BRIGHT_BACK if told is CameraFault.BLACK else BRIGHT_LIMIT
    saturated = SATURATED_BACK if told is CameraFault.OVER_EXPOSED else SATURATED_LIMIT
    change = CHANGE_BACK if told is CameraFault.FROZEN else CHANGE_LIMIT
    blur_px = BLUR_BACK_PX if told is CameraFault.BLURRED else BLUR_LIMIT_PX
    if reading.bright < bright:
        return CameraTrouble(CameraFault.BLACK, reading.bright, bright)
    if reading.saturated > saturated:
        return CameraTrouble(CameraFault.OVER_EXPOSED, reading.saturated, saturated)
    if reading.change is not None and reading.change < change:
        return CameraTrouble(CameraFault.FROZEN, 0.0, LASTS_S[CameraFault.FROZEN])
    if reading.blur_px is not None and reading.blur_px > blur_px:
        return CameraTrouble(CameraFault.BLURRED, reading.blur_px, blur_px)
    return None


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a camera after its newest picture. Times are seconds of one monotonic clock.

    ::

        well ──bad for LASTS_S──▶ told ──good for CLEAR_S──▶ well
        any ──lost──▶ told ──good──▶ well, at once
        told ──another fault for LASTS_S──▶ told

    ``told``: the fault that stands. ``usable``: the newest picture is good in itself, fault or not; a bad or repeated one is never
    to be judged, not even before the fault is certain. ``suspect`` since ``since_s``; None: good since then.
    """

    told: CameraTrouble | None = None
    usable: bool = True
    suspect: CameraFault | None = None
    since_s: float = 0.0
    last_s: float = 0.0

    def lost(self, trouble: CameraTrouble) -> "Health":
        """No picture comes."""
        told = self.told if self.told is not None and self.told.fault is trouble.fault else trouble
        return Health(told, usable=False, suspect=trouble.fault, last_s=self.last_s)

    def seen(self, reading: Reading | None, at_s: float) -> "Health":
        """The next picture, read at ``at_s``; None: one that is not judged."""
        found = None if reading is None else fault_in(reading, self.told.fault if self.told is not None else None)
        return self._good(reading, at_s) if found is None else self._bad(found, at_s)

    def _bad(self, found: CameraTrouble, at_s: float) -> "Health":
        frozen = found.fault is CameraFault.FROZEN
        began_s = self.last_s if frozen else at_s
        since_s = self.since_s if self.suspect is found.fault else began_s
        if frozen:
            found = replace(found, measured=at_s - since_s)
        certain = at_s - since_s >= LASTS_S[found.fault]
        known = self.told is not None and self.told.fault is found.fault
        return Health(found if certain and not known else self.told, usable=False, suspect=found.fault, since_s=since_s, last_s=at_s)

    def _good(self, reading: Reading | None, at_s: float) -> "Health":
        since_s = at_s if self.suspect is not None else self.since_s
        told = self.told
        if told is not None and self._over(told, reading, at_s - since_s):
            told = None
        return Health(told, usable=True, suspect=None, since_s=since_s, last_s=at_s)

    @staticmethod
    def _over(told: CameraTrouble, reading: Reading | None, good_for_s: float) -> bool:
        """Whether the fault told has ended. Blur ends only where sharpness was looked at."""
        if told.fault not in LASTS_S:
            return True
        if told.fault is CameraFault.BLURRED and (reading is None or reading.blur_px is None):
            return False
        return good_for_s >= CLEAR_S
