"""Where pictures come from: a V4L2 device, an MJPEG stream, or picture files, each an open source to read from.

What is set on a device is in ``controls.py``. Not here: when a picture is wanted, and whether it is any good.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from config.clock import Clock
from drivers.camera.controls import set_up
from drivers.camera.faults import CameraFault, CameraTrouble, SourceLost
from drivers.camera.picture import STEP_PX, Image
from drivers.camera.settings import DeviceSettings, NotTaken

STALL_S = 1.3
"""A stream that gives no whole picture for so long is lost. With the pause between two pictures while nobody is there: within 2 s."""

DEVICE_STALL_S = 1
"""The same of a device; OpenCV knows whole seconds only."""

STILLS_EVERY_S = 0.04
"""Picture files follow each other as the frames of a camera of 25 a second do."""

STILL_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture, certainly not taken before ``taken_s`` of the clock's ``monotonic``."""

    image: Image
    taken_s: float


class Source(Protocol):
    """An open source, used by one thread.

    ``stamps``: each picture has its own time; else all have that of the opening, and one who wants a later picture opens it anew.
    ``drains``: what nobody reads goes stale inside, so it is to be skipped; else close it and open it again when a picture is wanted.
    ``judged``: a camera took these pictures just now. ``every_s``: the least time between two.
    """

    stamps: bool
    drains: bool
    judged: bool
    every_s: float

    def read(self) -> Shot:
        """The next picture. Raises SourceLost."""
        ...

    def skip(self) -> None:
        """Lets one picture pass without decoding it. Raises SourceLost."""
        ...

    def close(self) -> None: ...


class FrameCapture(Protocol):
    """The part of ``cv2.VideoCapture`` that a device is read with."""

    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, Any]: ...
    def get(self, propId: int) -> float: ...  # noqa: N803 - OpenCV's name
    def release(self) -> None: ...


def settle_opencv() -> None:
    """What OpenCV takes for the whole process only, before its first capture.

    Loss is told by ``CameraTrouble``; OpenCV and FFmpeg would tell it on stderr as well, at each try. FFmpeg's level (-8 is
    quiet) and the time-out of V4L2, 10 s unless said otherwise, can be set by environment variables alone.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(DEVICE_STALL_S))


def open_source(name: str, settings: DeviceSettings, clock: Clock, place: int) -> tuple[Source, tuple[NotTaken, ...]]:
    """Opens a device path, an http(s) address, a picture file, or a folder of pictures from its ``place``-th on. Raises SourceLost."""
    if name.startswith(("http://", "https://")):
        return Stream(name, clock), ()
    path = Path(name)
    try:
        if path.is_char_device():
            return _device(path, settings, clock)
        if path.exists():
            return Stills(path, clock, place), ()
    except OSError as error:
        raise SourceLost(CameraTrouble(CameraFault.UNPLUGGED, detail=error.strerror or str(error))) from error
    raise SourceLost(CameraTrouble(CameraFault.ABSENT, detail=f"there is {', '.join(devices()) or 'no camera'}"))


def devices() -> list[str]:
    """The cameras that there are, by the names that stay the same where they have one."""
    stay = sorted(map(str, Path("/dev/v4l/by-id").glob("*-index0")))
    return stay or sorted(map(str, Path("/dev").glob("video*")))


class Stream:
    """MJPEG over HTTP. It stamps nothing: what comes out of a connection was sent after it was opened, more is not known."""

    stamps = False
    drains = False
    judged = True
    every_s = 0.0

    def __init__(self, url: str, clock: Clock) -> None:
        self._clock = clock
        self._opened_s = clock.monotonic()
        self._began = False
        timeout_ms = round(STALL_S * 1000)
        times = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, timeout_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, timeout_ms]
        self._capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, times)
        if not self._capture.isOpened():
            raise SourceLost(_silent_or(self._waited_s(self._opened_s), STALL_S, "cannot be opened"))

    def read(self) -> Shot:
        """At the end of its patience FFmpeg gives what has come of a picture that stopped half way: that is none."""
        # the first picture is already waited for by the opening
        since_s = self._clock.monotonic() if self._began else self._opened_s
        self._began = True
        grabbed = self._capture.grab()
        waited_s = self._waited_s(since_s)
        if not grabbed or waited_s >= STALL_S:
            raise SourceLost(_silent_or(waited_s, STALL_S, "the stream ended"))
        return Shot(_decoded(self._capture), self._opened_s)

    def skip(self) -> None:
        self.read()

    def close(self) -> None:
        self._capture.release()

    def _waited_s(self, since_s: float) -> float:
        return self._clock.monotonic() - since_s


class Device:
    """V4L2. The kernel stamps each frame with the monotonic clock; a driver that does not is refused rather than believed."""

    stamps = True
    drains = True
    judged = True
    every_s = 0.0

    def __init__(self, capture: FrameCapture, clock: Clock) -> None:
        self._capture = capture
        self._clock = clock
        self._opened_s = clock.monotonic()

    def read(self) -> Shot:
        self.skip()
        image = _decoded(self._capture)
        taken_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        if not self._opened_s <= taken_s <= self._clock.monotonic():
            raise SourceLost(CameraTrouble(CameraFault.UNSTAMPED, detail="not stamped with the monotonic clock"))
        return Shot(image, taken_s)

    def skip(self) -> None:
        asked_s = self._clock.monotonic()
        if not self._capture.grab():
            raise SourceLost(_silent_or(self._clock.monotonic() - asked_s, DEVICE_STALL_S, "the device went away"))

    def close(self) -> None:
        self._capture.release()


class Stills:
    """A picture file, or a folder's pictures by name, one after the other and again. Taken when they are read, as far as anyone may care."""

    stamps = True
    drains = False
    judged = False
    every_s = STILLS_EVERY_S

    def __init__(self, path: Path, clock: Clock, place: int) -> None:
        self._clock = clock
        self._place = place
        self._pictures = [path] if path.is_file() else _pictures_in(path)
        if not self._pictures:
            raise SourceLost(CameraTrouble(CameraFault.UNREADABLE, detail="a folder without pictures"))

    def read(self) -> Shot:
        path = self._pictures[self._place % len(self._pictures)]
        taken_s = self._clock.monotonic()
        image = _picture_of(path)
        if image is None:
            raise SourceLost(CameraTrouble(CameraFault.UNREADABLE, detail=f"{path.name} is no picture"))
        self._place += 1
        return Shot(_as_image(image), taken_s)

    def skip(self) -> None:
        self._place += 1

    def close(self) -> None:
        pass


def _picture_of(path: Path) -> Any:
    """None where it is no picture, or one so large that OpenCV refuses it."""
    try:
        return cv2.imread(str(path), cv2.IMREAD_COLOR)
    except cv2.error:
        return None


def _pictures_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in STILL_SUFFIXES)


def _device(path: Path, settings: DeviceSettings, clock: Clock) -> tuple[Source, tuple[NotTaken, ...]]:
    capture = cv2.VideoCapture(str(path), cv2.CAP_V4L2)
    if not capture.isOpened():
        raise SourceLost(CameraTrouble(CameraFault.UNPLUGGED, detail="cannot be opened"))
    return Device(capture, clock), set_up(capture, settings)


def _silent_or(waited_s: float, limit_s: float, detail: str) -> CameraTrouble:
    if waited_s >= limit_s:
        return CameraTrouble(CameraFault.STALLED, waited_s, limit_s)
    return CameraTrouble(CameraFault.UNPLUGGED, detail=detail)


def _decoded(capture: FrameCapture) -> Image:
    decoded, image = capture.retrieve()
    if not decoded:
        raise SourceLost(CameraTrouble(CameraFault.UNREADABLE, detail="a picture that cannot be decoded"))
    return _as_image(image)


def _as_image(image: Any) -> Image:
    """Raises SourceLost for a picture so small that none of its pixels is looked at."""
    if min(image.shape[:2]) < STEP_PX:
        height, width = image.shape[:2]
        raise SourceLost(CameraTrouble(CameraFault.UNREADABLE, detail=f"a picture of {width} x {height} pixels"))
    return np.asarray(image, np.uint8)
