"""A picture in figures, as far as they tell of the camera that took it: its light, its sharpness, whether it changed.

Pure functions on images. What of the figures is wrong is said in ``health.py``. Not here: what lies in the chamber.
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.health import PictureFigures

Image = NDArray[np.uint8]
"""Height x width x 3, BGR."""

Sample = NDArray[np.uint8]
"""A few of a picture's pixels, green only; see ``sampled``."""

STEP_PX = 8
"""Every eighth row and column is looked at: a picture of 1280 x 720 costs 0.1 ms, and the sensor's noise is not averaged away."""

GREEN = 1

BRIGHT_SHARE = 0.99
"""A picture is as bright as the grey level below which so many of its pixels lie."""

SATURATED_FROM = 250
"""Grey levels from here on are the sensor's end."""

BLUR_WIDTH_PX = 1280
"""The width of the picture in whose pixels the width of edges is told, whatever the picture's own."""

FINE_PX, COARSE_PX = 1.5, 3.0
"""Standard deviations of the two smoothings whose ratio tells the blur."""

EDGE_SHARE = 0.005
"""The steepest places, which count as edges."""

EDGE_LIMIT = 2.5
"""Grey levels a pixel: where these places are flatter, there is no edge. A noise of 4 grey levels makes 1.5; the chamber makes 24, in 15 % of
its light 3."""


def read(image: Image, before: Sample | None, sharpness: bool) -> tuple[PictureFigures, Sample]:
    """The figures of a picture, and its sample for the next one's ``before``. With ``sharpness`` it costs some 3 ms, without 0.1."""
    sample = sampled(image)
    change = None if before is None else change_from(sample, before)
    return PictureFigures(bright(sample), saturated(sample), change, blur_px(image) if sharpness else None), sample


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
