"""From a picture's figures to what is wrong with the camera, and since when: the limits, and the ``CameraHealth`` that follows.

Values only, no OpenCV: whoever follows a camera's health need not load it. The figures themselves are made in ``picture.py``; those in the
tables are printed by ``python -m benchmarks.camera``, measured on the twin's rendered chamber.
"""

from dataclasses import dataclass, replace

from drivers.camera.faults import CameraFault, CameraTrouble

BRIGHT_LIMIT = 32.0
"""A picture is black if 99 % of it are darker than this grey level. An item may be dark; then the chamber beside it is not.

Light of the lamp, the empty chamber's brightest, and how many of 26 looks of codes could be read::

    light   0 %   5 %  10 %  15 %  20 %  30 %  100 %
    bright    6    17    26    36    46    66    209
    read      0     0     6    18    24    26     26
"""

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
class PictureFigures:
    """One picture in figures. ``change`` is None for the first one, ``blur_px`` where sharpness was not looked at."""

    bright: float
    saturated: float
    change: float | None = None
    blur_px: float | None = None


def fault_in(reading: PictureFigures, told: CameraFault | None = None) -> CameraTrouble | None:
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
class CameraHealth:
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

    def lost(self, trouble: CameraTrouble) -> "CameraHealth":
        """No picture comes."""
        told = self.told if self.told is not None and self.told.fault is trouble.fault else trouble
        return CameraHealth(told, usable=False, suspect=trouble.fault, last_s=self.last_s)

    def seen(self, reading: PictureFigures | None, at_s: float) -> "CameraHealth":
        """The next picture, read at ``at_s``; None: one that is not judged."""
        found = None if reading is None else fault_in(reading, self.told.fault if self.told is not None else None)
        return self._good(reading, at_s) if found is None else self._bad(found, at_s)

    def _bad(self, found: CameraTrouble, at_s: float) -> "CameraHealth":
        frozen = found.fault is CameraFault.FROZEN
        began_s = self.last_s if frozen else at_s
        since_s = self.since_s if self.suspect is found.fault else began_s
        if frozen:
            found = replace(found, measured=at_s - since_s)
        certain = at_s - since_s >= LASTS_S[found.fault]
        known = self.told is not None and self.told.fault is found.fault
        return CameraHealth(found if certain and not known else self.told, usable=False, suspect=found.fault, since_s=since_s, last_s=at_s)

    def _good(self, reading: PictureFigures | None, at_s: float) -> "CameraHealth":
        since_s = at_s if self.suspect is not None else self.since_s
        told = self.told
        if told is not None and self._over(told, reading, at_s - since_s):
            told = None
        return CameraHealth(told, usable=True, suspect=None, since_s=since_s, last_s=at_s)

    @staticmethod
    def _over(told: CameraTrouble, reading: PictureFigures | None, good_for_s: float) -> bool:
        """Whether the fault told has ended. Blur ends only where sharpness was looked at."""
        if told.fault not in LASTS_S:
            return True
        if told.fault is CameraFault.BLURRED and (reading is None or reading.blur_px is None):
            return False
        return good_for_s >= CLEAR_S
