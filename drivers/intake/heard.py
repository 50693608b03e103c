"""What came over the line instead of a right answer, told by its bytes: a cable is not changed for a switch on an adapter.

The facts go into ``NoAnswer``; what to do about each stands in ``kiosk/words``.
"""

from collections.abc import Iterator

from pymodbus.framer.rtu import FramerRTU

from drivers.intake.bus import Came
from firmware import registers

_COUNTED = frozenset({1, 2, 3, 4, 23})
"""Functions whose answer says in its third byte how many follow. All others that a slave may answer with have eight bytes."""

_LEAST = 5


def frames_in(heard: bytes) -> Iterator[tuple[int, bytes]]:
    """Each whole answer with a right CRC and where it begins, whoever's it is."""
    for start in range(len(heard) - _LEAST + 1):
        length = _length(heard[start : start + 3])
        frame = heard[start : start + length]
        if len(frame) == length and FramerRTU.compute_CRC(frame[:-2]) == int.from_bytes(frame[-2:]):
            yield start, frame


def _length(head: bytes) -> int:
    if head[1] & 0x80:
        return _LEAST
    return _LEAST + head[2] if head[1] in _COUNTED else 8


def what_came(question: bytes, heard: bytes) -> tuple[Came, int | None]:
    """And of a frame of another unit its number. ``heard``: all that came since the question, an echo of it included."""
    rest = heard.removeprefix(question)
    if not rest:
        return (Came.ECHO if heard else Came.NOTHING), None
    for start, frame in frames_in(rest):
        if frame[0] != registers.UNIT and frame[1] & 0x7F != question[1]:
            continue
        if frame[0] != registers.UNIT:
            return Came.OTHER_UNIT, frame[0]
        return (Came.OTHER if start == 0 and len(rest) % len(frame) == 0 else Came.SPOILED), None
    return (Came.SPOILED if _resembles(question[:2], rest) else Came.GARBLED), None


def _resembles(begin: bytes, rest: bytes) -> bool:
    """Whether it begins as the answer does, one byte spoiled, lost or too many before: noise hits a few bytes, a wrong rate all."""
    return begin in rest or begin[:1] == rest[:1] or begin[1:] in (rest[:1], rest[1:2])
