"""Whether the surface of what lies there is even across its width, as a flat thing's is.

Round things are not: glass and PET bend what is behind them and mirror the lamps along their length, a can mirrors them too. A printed label and a shadow beside the thing are uneven as well, so it is
asked how much of the length has an even run across, not whether all is even. A matt thing that is round or a box is even too (a cup, a carton), and shades the tray; that is asked beside it (``form.py``).
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.shape.background import most_of

ROWS, RUN = 32, 19
"""The width in parts, and how many in a row must be even: three fifths, as a shadow's rest may be in the outline beside a flat thing. With a half, clear crushed PET has as much that is even as cardboard."""

EVEN: Final = 0.15
"""Logarithms between the darkest and the lightest of a run, in each colour: cardboard's grain and the lamp's fall-off make 0.06 to 0.14, bare glass and PET 0.3 and more."""

OTHER: Final = 0.2
"""In one colour at least so far from the tray, in logarithms: what looks like the tray is the tray, seen through clear plastic."""

ALONG_PX: Final = 9
"""Averaged along the length: grain and noise cancel out, and what runs along a bottle stays."""

LEAST_PX: Final = 10
"""Where it is narrower it says nothing."""


def evenness(laid: NDArray[np.uint8], look: NDArray[Any], ratio: NDArray[Any]) -> float:
    """The share of its length, 0 to 1, on which a run across is even and is not the tray.

    ``laid``: 1 inside, its long axis along the rows; ``look``, ``ratio``: the logarithm of the look's light there, and of that over the empty chamber's, float32, height x width x 3.
    """
    columns = np.flatnonzero(laid.sum(axis=0, dtype=np.int32) >= LEAST_PX)
    if not columns.size:
        return 0.0
    top = laid[:, columns].argmax(axis=0)
    below = laid.shape[0] - laid[::-1, columns].argmax(axis=0)
    rows = (top + (np.arange(ROWS)[:, None] + 0.5) / ROWS * (below - top) - 0.5).astype(np.float32)
    places = np.ascontiguousarray(np.broadcast_to(columns, rows.shape), np.float32)
    tones, others = (cv2.blur(cv2.remap(each, places, rows, cv2.INTER_LINEAR), (ALONG_PX, 1)) for each in (look, ratio))
    across, runs = np.ones((RUN, 1), np.uint8), slice(RUN // 2, ROWS - RUN // 2)
    uneven = most_of(cv2.dilate(tones, across) - cv2.erode(tones, across))[runs]
    other = most_of(np.abs(cv2.blur(others, (1, RUN))))[runs]
    return float(np.mean(((uneven <= EVEN) & (other >= OTHER)).any(axis=0)))
