"""The camera: a thread that holds its newest frame, from a V4L2 device or an MJPEG stream, and opens it anew when it was lost.

It knows when a frame can have been taken at the earliest, and nothing of what is on it. Not here: whether the picture is any
good (frozen, black, blurred), and what to do without a camera.
"""

import math
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from config.clock import Clock

STALL_S = 2.0
"""A source that gives no picture for so long is lost."""

REOPEN_S = 0.5
"""Between two tries to open a source that is away."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, BGR, certainly not taken before ``monotonic_s``.

    ``number`` rises by one a frame for as long as the ``Camera`` lives, reopenings included.
    """

    number: int
    monotonic_s: float
    image: NDArray[np.uint8]


class CameraGone(Exception):
    """The source cannot be opened, ended, or stalled; the camera goes on trying."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(f"{source}: {detail}")
        self.source = source
        self.detail = detail


class Camera:
    """Reads ``source``, a device path such as /dev/video0 or an http URL, from ``start`` until ``close``.

    ``width`` and ``height`` in pixels are asked of a device, which may choose the nearest it has; a stream has its own.
    ``on_lost(detail)`` and ``on_back()`` are called from the camera's thread, in turn, beginning with ``on_lost``.

    **When a frame was taken.** Sockets and drivers buffer: a reader that paused, or that shares a busy processor, gets old
    frames as if they were new, and a picture of the item before must never be taken for this one. When a frame arrived says
    nothing. A device stamps each frame with the monotonic clock, in the kernel. A stream stamps nothing; sure is only that what
    comes out of a connection was sent after it was opened. So that is its frames' time, and ``wait`` has a stream opened
    anew when it asks for a later one: once an item, in some 5 ms.
    """

    def __init__(
        self,
        source: str,
        width: int,
        height: int,
        clock: Clock,
        on_lost: Callable[[str], None],
        on_back: Callable[[], None],
    ) -> None:
        self._source = source
        self._size = (width, height)
        self._clock = clock
        self._on_lost = on_lost
        self._on_back = on_back
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._lost: str | None = None
        self._number = 0
        self._wanted_s = -math.inf
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        _settle_opencv()
        self._thread.start()

    def close(self) -> None:
        """Ends the thread, which may be inside one last grab, and lets the source go."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join()

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None:
        """The newest frame with a number above ``after`` and certainly taken since ``taken_from_s``; None if none comes in time.

        Times are seconds of the clock's ``monotonic``. Raises CameraGone while the source is away.
        """
        with self._changed:
            self._wanted_s = max(self._wanted_s, taken_from_s)
            self._changed.wait_for(lambda: self._lost is not None or self._fresh(after, taken_from_s) or self._closing.is_set(), timeout_s)
            if self._lost is not None:
                raise CameraGone(self._source, self._lost)
            return self._newest if self._fresh(after, taken_from_s) else None

    def _fresh(self, after: int, taken_from_s: float) -> bool:
        return self._newest is not None and self._newest.number > after and self._newest.monotonic_s >= taken_from_s

    def _run(self) -> None:
        while not self._closing.is_set():
            detail = self._follow()
            if detail is not None:
                self._tell_lost(detail)
                self._closing.wait(REOPEN_S)

    def _follow(self) -> str | None:
        """Reads the source until it is lost, and says how; None when it is to be opened anew or the camera closes."""
        opened_s = self._clock.monotonic()
        capture = _opened(self._source, *self._size)
        try:
            if not capture.isOpened():
                return "cannot be opened"
            while not self._closing.is_set() and not self._too_early(opened_s):
                asked_s = self._clock.monotonic()
                if not capture.grab():
                    return f"no picture for {STALL_S:g} s" if self._clock.monotonic() - asked_s >= STALL_S else "the stream ended"
                decoded, image = capture.retrieve()
                if not decoded:
                    return "a picture that cannot be decoded"
                taken_s = opened_s if _is_stream(self._source) else capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
                if not opened_s <= taken_s <= self._clock.monotonic():
                    return "the device does not stamp its pictures with the monotonic clock"
                self._publish(Frame(self._number + 1, taken_s, image.astype(np.uint8, copy=False)))
            return None
        finally:
            capture.release()

    def _too_early(self, opened_s: float) -> bool:
        """Whether somebody waits for pictures of which a stream opened at ``opened_s`` cannot say that they are late enough."""
        return _is_stream(self._source) and opened_s < self._wanted_s <= self._clock.monotonic()

    def _publish(self, frame: Frame) -> None:
        with self._changed:
            self._number = frame.number
            self._newest = frame
            was_lost, self._lost = self._lost is not None, None
            self._changed.notify_all()
        if was_lost:
            self._on_back()

    def _tell_lost(self, detail: str) -> None:
        with self._changed:
            told, self._lost = self._lost is not None, detail
            self._newest = None
            self._changed.notify_all()
        if not told:
            self._on_lost(detail)


def _settle_opencv() -> None:
    """What OpenCV takes for the whole process only, before its first capture.

    Loss is told by ``on_lost``; OpenCV and FFmpeg would tell it on stderr as well, at each try. FFmpeg's level (-8 is
    quiet) and the time-out of V4L2, 10 s unless said otherwise, can be set by environment variables alone.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", f"{STALL_S:.0f}")


def _is_stream(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _opened(source: str, width: int, height: int) -> cv2.VideoCapture:
    """A capture of the source; it says by ``isOpened`` whether that went well."""
    if _is_stream(source):
        timeout_ms = round(STALL_S * 1000)
        return cv2.VideoCapture(
            source, cv2.CAP_FFMPEG, [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, timeout_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, timeout_ms]
        )
    capture = cv2.VideoCapture(source, cv2.CAP_V4L2)
    for name, value in (
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, width),
        (cv2.CAP_PROP_FRAME_HEIGHT, height),
    ):
        capture.set(name, value)
    return capture
