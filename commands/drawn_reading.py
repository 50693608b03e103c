"""What was read of a picture, drawn on it: green round what is believed, amber round a value that is not, red round what was weighed and doubted,
blue round what the detector saw."""

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from recognition.codes.explanation import Explained
    from recognition.codes.reading import Grey, Quad

BELIEVED, NOT_BELIEVED, DOUBTED, SEEN = (60, 140, 20), (0, 140, 230), (40, 40, 200), (200, 140, 60)
"""BGR."""

LEAST_SIDE_PX: Final = 480
"""Smaller pictures are enlarged, so that what is written on them can be read."""

_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_LINE_PX: Final = 18


def drawn_on(grey: "Grey", found: "Explained") -> bytes:
    """As a PNG."""
    times = max(1.0, LEAST_SIDE_PX / max(grey.shape))
    picture = cv2.cvtColor(cv2.resize(grey, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), cv2.COLOR_GRAY2BGR)
    legend: list[tuple[str, tuple[int, int, int]]] = []
    for quad in found.seen:
        _outlined(picture, quad * times, SEEN, 1)
    for doubt in found.doubts:
        _outlined(picture, doubt.quad * times, DOUBTED, 1)
        legend.append((f"{doubt.digits}? {' '.join(doubt.failed)}", DOUBTED))
    for opinion in found.opinions:
        colour = BELIEVED if opinion.code in found.codes else NOT_BELIEVED
        _outlined(picture, opinion.quad * times, colour, 2)
        legend.append((f"{opinion.code} {opinion.decoder} {opinion.module_px:.1f} px", colour))
    room = np.full((_LINE_PX * (len(legend) + 1), picture.shape[1], 3), 255, np.uint8)
    for row, (text, colour) in enumerate(legend, 1):
        cv2.putText(room, text, (6, row * _LINE_PX), _FONT, 0.45, colour, 1, cv2.LINE_AA)
    return cv2.imencode(".png", np.vstack([picture, room]))[1].tobytes()


def _outlined(picture: NDArray[Any], quad: "Quad", colour: tuple[int, int, int], wide: int) -> None:
    points = np.round(quad).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(picture, [points], isClosed=True, color=colour, thickness=wide, lineType=cv2.LINE_AA)
