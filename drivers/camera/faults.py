"""What can be wrong with a camera, in words of its own: whoever only tells it needs no OpenCV."""

from dataclasses import dataclass
from enum import StrEnum


class CameraFault(StrEnum):
    """What can be wrong with a camera, the unit of ``measured`` and ``limit``, and how long it must last before it is told.

    ============  ======================================================  ===========================  =====
    fault         what                                                    measured                     s
    ============  ======================================================  ===========================  =====
    absent        the path that the configuration names is not there      –                            0
    unplugged     the source cannot be opened, or ended                   –                            0
    stalled       the source is open and gives no picture                 seconds waited               0
    unreadable    what it gives is no picture                             –                            0
    unstamped     the device's pictures do not say when they were taken   –                            0
    black         no light                                                grey level of the brightest  0.9
    over_exposed  too much light                                          share of saturated pixels    0.9
    frozen        the same picture again and again                        seconds since it changed     1.4
    blurred       out of focus, or something on the lens                  pixels of an edge            0.9
    moved         it does not look where it was framed                    –                            40
    dirty         something lies or sticks in the empty chamber           –                            40
    ============  ======================================================  ===========================  =====

    With two pictures a second those that are measured are told 1.5 s after they began at the latest. Of the last two only somebody who knows the empty chamber can tell (``kiosk/workers/chamber.py``).
    """

    ABSENT = "absent"
    UNPLUGGED = "unplugged"
    STALLED = "stalled"
    UNREADABLE = "unreadable"
    UNSTAMPED = "unstamped"
    BLACK = "black"
    OVER_EXPOSED = "over_exposed"
    FROZEN = "frozen"
    BLURRED = "blurred"
    MOVED = "moved"
    DIRTY = "dirty"


@dataclass(frozen=True, slots=True)
class CameraTrouble:
    """A fault with its facts: what was measured, and the limit it passed. ``detail`` is for those that are not measured."""

    fault: CameraFault
    measured: float | None = None
    limit: float | None = None
    detail: str = ""

    def __str__(self) -> str:
        if self.measured is None or self.limit is None:
            return f"{self.fault}: {self.detail}"
        return f"{self.fault}: {self.measured:.3g}, limit {self.limit:g}"


class SourceLost(Exception):
    """No picture: the source is not there, ended, fell silent, or gives something else."""

    def __init__(self, trouble: CameraTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
