"""The empty chamber as its camera sees it: taken once from some pictures, kept as a file, and what every look is compared with.

It is never refreshed by itself. What is looked for are sharp edges of the ratio to it (``outline.py``), which a lamp that ages or a picture that is lighter as a whole do not make; so nothing
needs to be learnt on the way, and what somebody leaves in the chamber stays a thing that lies there until a person has looked. A technician takes it anew at the calibration page.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX: Final = 320
"""Every picture is made so wide first: a pixel is about a millimetre of the chamber, and a look costs a sixteenth of what it would at 1280."""

LEAST_PICTURES: Final = 4
"""Of fewer the sensor's noise stays in the mean: 2 to 4 grey levels a pixel, of which sixteen are averaged in each reduced one already."""

DARK_OFFSET: Final = 24.0
"""Grey levels added before the logarithm, so that the sensor's noise in the dark slot counts no more than in the light: twice the 10 that the slot has."""

STILL_LEVELS: Final = 3.0
"""Mean difference in grey levels between two pictures of an empty chamber: noise makes 0.8 in the reduced picture."""

EDGE_SLACK: Final = 0.2
"""Share of the chamber's own edges that a look may be off by: a shake of a fifth of a reduced pixel."""

OWN_EDGE: Final = 0.08
"""Logarithms a pixel from which an edge of the chamber's own is looked for in every look: ten times the noise."""

BORDER_PX: Final = 3
"""What comes so near to the border of the chamber's place reaches beyond it."""

Image = NDArray[np.uint8]
"""Height x width x 3, BGR."""

Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the chamber's ground lies in the picture, as shares of its width and height, and how many millimetres the picture's width is, at the height at which bottles lie.

    ``width_mm`` None: nobody has measured it. Raises ValueError for what can be no place.
    """

    left: float
    top: float
    right: float
    bottom: float
    width_mm: float | None = None

    def __post_init__(self) -> None:
        across, down = (self.left, self.right), (self.top, self.bottom)
        if not all(0 <= low < high <= 1 for low, high in (across, down)):
            raise ValueError(f"a place in a picture is two shares across and two down, each the smaller first: {across}, {down}")
        if self.width_mm is not None and not (math.isfinite(self.width_mm) and self.width_mm > 0):
            raise ValueError(f"a picture is some millimetres wide: {self.width_mm}")


UNFRAMED: Final = Framing(0.0, 0.06, 1.0, 0.94)
"""Until somebody has framed the chamber: the picture without the walls that a camera above a V of 22 degrees sees at its upper and lower edge."""


class NotOneChamber(ValueError):
    """The pictures are too few, of several sizes, or something moves in them."""


class BackgroundUnreadable(ValueError):
    """The kept file is no background."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} holds no picture of the empty chamber: take it anew at the calibration page")
        self.path = path


@dataclass(frozen=True, eq=False)
class Background:
    """``mean``: the empty chamber, reduced, float32, height x ``WIDTH_PX`` x 3."""

    mean: Levels
    framing: Framing = UNFRAMED

    @cached_property
    def log(self) -> Levels:
        return np.asarray(np.log(self.mean + np.float32(DARK_OFFSET)), np.float32)

    @cached_property
    def own_edges(self) -> Levels:
        """How steep the chamber's own picture is, in logarithms a pixel."""
        return steepness(self.log)

    @cached_property
    def known_edges(self) -> tuple[NDArray[np.bool_], Levels]:
        """Where the chamber has edges of its own that are seen again, and how steep each is: its walls' seams, its drain and its holes."""
        where = self.own_edges > OWN_EDGE
        return where, self.own_edges[where]

    @cached_property
    def slack(self) -> Levels:
        """How steep a ratio may be beside the chamber's own edges, in logarithms a pixel."""
        return np.asarray(EDGE_SLACK * cv2.dilate(self.own_edges, np.ones((3, 3), np.uint8)), np.float32)

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """Where the chamber's ground is, in reduced pixels: left, top, and the first column and row beyond it."""
        height, width = self.mean.shape[:2]
        place = self.framing
        return round(place.left * width), round(place.top * height), round(place.right * width), round(place.bottom * height)

    @property
    def valley_px(self) -> float:
        """The row over which the axis of whatever is round comes to rest: the middle of the chamber's ground, which is a V."""
        return (self.box[1] + self.box[3] - 1) / 2

    @cached_property
    def outside(self) -> NDArray[np.bool_]:
        """Where it is not."""
        left, top, right, bottom = self.box
        beyond = np.ones(self.mean.shape[:2], np.bool_)
        beyond[top:bottom, left:right] = False
        return beyond

    @property
    def sides(self) -> tuple[tuple[slice, slice], ...]:
        """Its four borders, ``BORDER_PX`` wide."""
        left, top, right, bottom = self.box
        across, down = slice(left, right), slice(top, bottom)
        return (
            (down, slice(left, left + BORDER_PX)),
            (down, slice(right - BORDER_PX, right)),
            (slice(top, top + BORDER_PX), across),
            (slice(bottom - BORDER_PX, bottom), across),
        )

    @property
    def mm_per_px(self) -> float | None:
        """Millimetres a pixel of the reduced picture."""
        return None if self.framing.width_mm is None else self.framing.width_mm / WIDTH_PX


def reduced(image: Image) -> Image:
    """A picture of any size, ``WIDTH_PX`` wide. Raises ValueError for an array that is no picture in colour."""
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise ValueError(f"a picture of the chamber is in colour, BGR, of 8 bits: this one is {image.dtype} of shape {image.shape}")
    height, width = image.shape[:2]
    size = (WIDTH_PX, max(1, round(height * WIDTH_PX / width)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA if width > WIDTH_PX else cv2.INTER_LINEAR), np.uint8)


def steepness(values: NDArray[Any]) -> Levels:
    """How steep an image is, the steepest of its channels, in its own unit a pixel."""
    across, down = (cv2.Sobel(values, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return np.sqrt(most_of(across * across + down * down))


def most_of(values: NDArray[Any]) -> Levels:
    """Of each pixel the highest of its three channels; some eight times as quick as numpy's along the last axis."""
    blue, green, red = cv2.split(values)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.float32)


def least_of(values: NDArray[Any]) -> Levels:
    blue, green, red = cv2.split(values)
    return np.asarray(cv2.min(cv2.min(blue, green), red), np.float32)


def taken(pictures: Sequence[Image], framing: Framing = UNFRAMED) -> Background:
    """From pictures of the empty chamber, taken one after the other. Raises NotOneChamber."""
    if len(pictures) < LEAST_PICTURES:
        raise NotOneChamber(f"{len(pictures)} pictures of {LEAST_PICTURES}")
    if len({picture.shape for picture in pictures}) > 1:
        raise NotOneChamber(f"pictures of several sizes: {sorted({picture.shape for picture in pictures})}")
    small = [reduced(picture) for picture in pictures]
    moved = max(float(np.mean(cv2.absdiff(one, other))) for one, other in pairwise(small))
    if moved > STILL_LEVELS:
        raise NotOneChamber(f"something moves, or the light does: {moved:.1f} grey levels from one picture to the next")
    return Background(np.mean(small, axis=0, dtype=np.float32), framing)


def keep(path: Path, background: Background) -> None:
    """Whole or not at all. Raises OSError."""
    place = background.framing
    numbers = [place.left, place.top, place.right, place.bottom, place.width_mm if place.width_mm is not None else math.nan]
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        np.savez_compressed(file, mean=background.mean.astype(np.float16), framing=np.array(numbers))
    beside.replace(path)


def kept(path: Path) -> Background | None:
    """None if there is none yet. Raises BackgroundUnreadable, OSError."""
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
            mean, numbers = parts["mean"].astype(np.float32), [float(number) for number in parts["framing"]]
        if mean.ndim != 3 or mean.shape[1:] != (WIDTH_PX, 3) or not np.isfinite(mean).all():
            raise ValueError("of another shape")
        left, top, right, bottom, width_mm = numbers
        return Background(mean, Framing(left, top, right, bottom, None if math.isnan(width_mm) else width_mm))
    except (ValueError, KeyError, EOFError, BadZipFile) as error:
        raise BackgroundUnreadable(path) from error
