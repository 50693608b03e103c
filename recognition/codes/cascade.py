"""One frame to a ``Look``: every retail code in it that is believed, and who read it. Which code the item has is judged elsewhere.

What reads it, and in which order, is ``picture.py``; here are the ways in which it is asked.
"""

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from config.vocabulary import Gtin
from recognition.codes.explanation import Explained
from recognition.codes.likelihood import reader as likelihood
from recognition.codes.likelihood.kernels import Compiled, compiled
from recognition.codes.others import others
from recognition.codes.picture import Picture
from recognition.codes.reading import Grey
from recognition.shown import Mark
from recognition.verdict import Look

WHOLE_TURN: Final = 1
"""The look, counted from 0, that sees what lies beside a code too."""


def read_look(image: NDArray[np.uint8], frame: int, before: Sequence[Look] = ()) -> Look:
    """All retail codes of one picture (BGR or grey), in canonical form. ``frame`` is the picture's number and comes back in the look.

    ``before``: the looks at this item so far. The second looks at what lies beside the code as well, step by step, so that a second bottle is found;
    every second one has the likelihood stage work at another scale, so that a bottle which lies still is no mere repetition. What the last looks were not sure of,
    back to the last in which anything was believed, is added to what this one is not sure of: no look is counted twice.
    From the second on, where none has a code, it is asked what else stands there, until something does: a QR code, say.
    No code is an empty look. More than one value is a contradiction or two items; the judge decides.
    """
    grey = _grey(image)
    picture = _looked_at(grey, len(before), compiled())
    unsure = [look.unsure for look in _since_any_code(before)]
    if unsure and not picture.codes():
        picture.join(unsure)
    codes = picture.codes()
    asks = bool(before) and not codes and not any(look.sightings or look.other for look in before)
    other = others(grey) if asks else frozenset()
    return Look(
        frame,
        frozenset(sighting for sightings in codes.values() for sighting in sightings),
        other,
        picture.unsure,
        beside=picture.bars_beside,
    )


def _since_any_code(looks: Sequence[Look]) -> Sequence[Look]:
    last = max((place for place, look in enumerate(looks) if look.sightings), default=-1)
    return looks[last + 1 :]


def _grey(image: NDArray[Any]) -> Grey:
    """Raises ValueError for an array that is no picture of 8 bits, grey, BGR or BGRA."""
    match image.shape:
        case (height, width) if height and width and image.dtype == np.uint8:
            return image
        case (height, width, 1) if height and width and image.dtype == np.uint8:
            return np.ascontiguousarray(image[:, :, 0])
        case (height, width, 3 | 4 as channels) if height and width and image.dtype == np.uint8:
            return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY if channels == 3 else cv2.COLOR_BGRA2GRAY).astype(np.uint8, copy=False)
        case shape:
            raise ValueError(f"a picture has 8 bits, is grey, BGR or BGRA and not empty: this one is {image.dtype} of shape {shape}")


def marked_look(image: NDArray[np.uint8]) -> tuple[Mark, ...]:
    """All that a first look at a picture reads, each value once, where its largest reading lies; for people who look at the machine."""
    grey = _grey(image)
    return _looked_at(grey, turn=0, kernels=compiled()).marks(grey.shape[1], grey.shape[0])


def read_by_decoders(grey: Grey) -> frozenset[Gtin]:
    """What a first look at a grey picture would believe without the likelihood stage: for those who measure what the stage brings and costs."""
    return frozenset(_looked_at(grey, turn=0, kernels=None).codes())


def explained_look(grey: Grey) -> Explained:
    """A first look at a grey picture, with all that was read on the way; and what else stands there, where it believes nothing."""
    picture = _looked_at(grey, turn=0, kernels=compiled())
    codes = frozenset(picture.codes())
    other = frozenset() if codes else others(grey)
    return Explained(codes, picture.steps(), picture.seen(), picture.opinions(), picture.doubts(), other)


def _looked_at(grey: Grey, turn: int, kernels: Compiled | None) -> Picture:
    picture = Picture(grey, likelihood.SCALES[turn % len(likelihood.SCALES)], kernels, whole=turn == WHOLE_TURN)
    picture.read()
    if turn:
        picture.check()
    return picture
