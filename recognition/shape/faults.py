"""What is wrong with the machine's own sight, from a look and the empty chamber's picture. Never said of the item."""

from typing import Final

import numpy as np

from recognition.shape.background import WIDTH_PX, Background, Image, steepness
from recognition.shape.outline import Outlines, outlines_of
from recognition.shape.scene import ChamberFault

DARK_LIGHT: Final = 0.3
"""Of the light in which the background was taken: in 0.38 of it the twin's empty chamber shows nothing and its items what they show in all of it, in 0.33 noise makes outlines of its own."""

SATURATED_FROM, SATURATED_SHARE = 250, 0.7
"""Of the chamber's place. In 1.5 times the lamp's light 0.61 of the twin's empty chamber are at the sensor's end and outlines are still found, in 1.7 times 0.82."""

KNOWN_SHARE: Final = 0.35
"""Of the chamber's own edges so many are where they were in a look at an item: 0.41 with a bottle of two litres, 0.54 with a bag that hides half of it. In a picture that is 1 mm higher it is 0.32, turned by
a degree 0.27, blurred by 8 pixels of 1280 0.1. Along the drain a camera may be 4 mm off, and is not noticed: neither is any outline changed by it."""

SAME_SHARE: Final = 0.5
"""An edge is where it was if the ratio beside it is at most so steep, in shares of the edge itself."""

SHARP_SHARE: Final = 0.6
"""Of the steepness of the chamber's steepest edges so much is left in a picture that is in focus, wherever it looks."""

STEEPEST: Final = 0.98


def size_fault(image: Image, background: Background) -> ChamberFault | None:
    """A picture of another shape than the background's can be compared with nothing; of another size alone it can."""
    height, width = image.shape[:2]
    return None if max(1, round(height * WIDTH_PX / width)) == background.mean.shape[0] else ChamberFault.OTHER_SIZE


def faults_in(seen: Outlines, background: Background) -> frozenset[ChamberFault]:
    """Of a look with the lamp on, by what was found in it."""
    if seen.light < DARK_LIGHT:
        return frozenset({ChamberFault.DARK})
    left, top, right, bottom = background.box
    if float(np.mean(seen.small[top:bottom, left:right, 1] >= SATURATED_FROM)) > SATURATED_SHARE:
        return frozenset({ChamberFault.OVER_EXPOSED})
    if known_share(seen, background) >= KNOWN_SHARE:
        return frozenset()
    return frozenset({ChamberFault.MOVED if _is_sharp(seen, background) else ChamberFault.OUT_OF_FOCUS})


def faults_of_empty(image: Image, background: Background) -> frozenset[ChamberFault]:
    """Of a picture of the chamber when the machine knows that nothing is in it: what is seen there all the same is dirt, or was left there."""
    if (size := size_fault(image, background)) is not None:
        return frozenset({size})
    seen = outlines_of(image, background)
    return faults_in(seen, background) or frozenset({ChamberFault.DIRTY} if seen.pieces else ())


def known_share(seen: Outlines, background: Background) -> float:
    """How much of the chamber's own edges is where it was."""
    where, own = background.known_edges
    return float(np.mean(seen.steep[where] <= SAME_SHARE * own)) if own.size else 1.0


def _is_sharp(seen: Outlines, background: Background) -> bool:
    now = steepness(seen.ratio + background.log)
    return float(np.quantile(now, STEEPEST)) >= SHARP_SHARE * float(np.quantile(background.own_edges, STEEPEST))
