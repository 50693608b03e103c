"""The camera: a thread that holds its newest good picture, opens a lost source anew, and tells what is wrong with it.

It knows when a picture can have been taken at the earliest, and nothing of what is on it. Sources are in ``source.py``, what
makes a picture bad in ``picture.py`` and ``health.py``. Not here: what to do without a camera.

OpenCV and numpy are loaded by the thread that reads, with its first picture: the kiosk's first page stands by then.
"""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.clock import Clock
from config.told import OutOfService
from drivers.camera.faults import CameraFault, CameraTrouble, SourceLost
from drivers.camera.health import CameraHealth
from drivers.camera.settings import DeviceSettings, NotTaken

if TYPE_CHECKING:
    from drivers.camera.picture import Image, Sample
    from drivers.camera.source import Source

REOPEN_S = 0.5
"""Between two tries to open a source that is away."""

IDLE_EVERY_S = 0.5
"""Between two pictures while nobody is there."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, BGR, certainly not taken before ``monotonic_s``.

    ``number`` rises by one with each picture read for as long as the ``Camera`` lives, reopenings and bad pictures included.
    """

    number: int
    monotonic_s: float
    image: "Image"


class CameraGone(OutOfService):
    """There is no usable picture, and why; the camera goes on trying."""

    def __init__(self, source: str, trouble: CameraTrouble) -> None:
        super().__init__(f"{source}: {trouble}")
        absent = trouble.fault is CameraFault.ABSENT
        self.variant = "absent" if absent else "unusable"
        self.source = source
        self.trouble = trouble
        self.detail = trouble.detail if absent else str(trouble)


OpenSource = Callable[[], "tuple[Source, tuple[NotTaken, ...]]"]
"""Opens the camera's source for whoever may: see ``Camera.lend``. Raises SourceLost."""


class Camera:
    """Reads ``source`` from ``start`` until ``close``: a device path such as /dev/video0, an http address, a picture or a folder of them.

    ``settings`` are asked of a device at each opening; the others have their own. The three callbacks come from the camera's
    thread: ``on_lost(trouble)`` when a fault became certain, and again if it turned into another one; ``on_back()`` when a told fault ended;
    ``on_not_taken(...)`` when what a device does not take changed. All faults are told within 2 s of their beginning.

    **When a frame was taken.** Sockets and drivers buffer: a reader that paused, or that shares a busy processor, gets old
    frames as if they were new, and a picture of the item before must never be taken for this one. When a frame arrived says
    nothing. A device stamps each frame with the monotonic clock, in the kernel. A stream stamps nothing; sure is only that what
    comes out of a connection was sent after it was opened. So that is its frames' time, and ``wait`` has a stream opened
    anew when it asks for a later one: once an item, in some 5 ms. A picture that equals the one before is not handed out, as it
    may be as old as that one.

    **Pace.** While nobody is there two pictures a second are enough to know that the camera is well: a device's other frames are
    let pass without being decoded, a stream is left and opened anew for each. ``set_pace(True)``, or somebody who
    waits, ends such a pause at once.

    **Sharpness is looked at only while nobody is there**, when the chamber is empty: an item may well have no edge in focus.
    """

    def __init__(
        self,
        source: str,
        settings: DeviceSettings,
        clock: Clock,
        on_lost: Callable[[CameraTrouble], None],
        on_back: Callable[[], None],
        on_not_taken: Callable[[tuple[NotTaken, ...]], None],
    ) -> None:
        self._source = source
        self._settings = settings
        self._clock = clock
        self._on_lost = on_lost
        self._on_back = on_back
        self._on_not_taken = on_not_taken
        self._changed = threading.Condition()
        self._health = CameraHealth()
        self._newest: Frame | None = None
        self._number = 0
        self._before: Sample | None = None
        self._not_taken: tuple[NotTaken, ...] = ()
        self._in_visit = False
        self._waiting = 0
        self._wanted_s = -math.inf
        self._closing = threading.Event()
        self._lent = False
        self._reads = False
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends the thread, which may be inside one last read, and lets the source go."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join()

    @contextmanager
    def lend(self) -> Iterator[OpenSource]:
        """The source in the caller's hands until the block ends: it is closed first, which may take one last read, and opened anew afterwards.

        Meanwhile no picture comes from ``wait`` and nothing is told. The caller closes what it opened.
        """
        with self._changed:
            self._lent = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._reads or self._closing.is_set())
        try:
            yield self._open
        finally:
            with self._changed:
                self._lent = False
                self._changed.notify_all()

    def set_pace(self, in_visit: bool) -> None:
        """As many pictures as the source gives in a visit, 2 a second while nobody is there."""
        with self._changed:
            self._in_visit = in_visit
            self._changed.notify_all()

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None:
        """The newest frame with a number above ``after`` and certainly taken since ``taken_from_s``; None if none comes in time.

        Times are seconds of the clock's ``monotonic``. Raises CameraGone while there is no usable picture.
        """
        with self._changed:
            self._wanted_s = max(self._wanted_s, taken_from_s)
            self._waiting += 1
            self._changed.notify_all()
            try:
                self._changed.wait_for(lambda: self._answered(after, taken_from_s), timeout_s)
            finally:
                self._waiting -= 1
            if self._health.told is not None:
                raise CameraGone(self._source, self._health.told)
            return self._newest if self._fresh(after, taken_from_s) else None

    def _answered(self, after: int, taken_from_s: float) -> bool:
        return self._health.told is not None or self._fresh(after, taken_from_s) or self._closing.is_set()

    def _fresh(self, after: int, taken_from_s: float) -> bool:
        return self._newest is not None and self._newest.number > after and self._newest.monotonic_s >= taken_from_s

    def _run(self) -> None:
        # the first picture is due as any while nobody is there: OpenCV is loaded once the first page stands
        self._pause(0.0)
        while self._may_read():
            try:
                self._pause(self._follow())
            except SourceLost as lost:
                self._before = None
                self._tell(self._health.lost(lost.trouble), None)
                self._closing.wait(REOPEN_S)

    def _may_read(self) -> bool:
        """Waits while the source is lent. False to end. What was seen before a loan says nothing of the pictures after it."""
        with self._changed:
            self._reads = False
            if self._lent:
                self._before = self._newest = None
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._lent or self._closing.is_set())
            self._reads = not self._closing.is_set()
            return self._reads

    def _follow(self) -> float:
        """Opens the source and reads it until it is better opened anew, not before so many seconds. Raises SourceLost."""
        opened_s = self._clock.monotonic()
        source, not_taken = self._open()
        try:
            if not_taken != self._not_taken:
                self._not_taken = not_taken
                self._on_not_taken(not_taken)
            while not self._interrupted() and not self._too_early(source, opened_s):
                self._look(source)
                if source.drains:
                    self._let_pass(source)
                elif source.every_s > 0.0 or not self._hurried():
                    return source.every_s
            return 0.0
        finally:
            source.close()

    def _open(self) -> "tuple[Source, tuple[NotTaken, ...]]":
        from drivers.camera.source import open_source, settle_opencv

        settle_opencv()
        return open_source(self._source, self._settings, self._clock, self._number)

    def _too_early(self, source: "Source", opened_s: float) -> bool:
        """Whether somebody waits for pictures of which a source opened at ``opened_s`` cannot say that they are late enough."""
        return not source.stamps and opened_s < self._wanted_s <= self._clock.monotonic()

    def _look(self, source: "Source") -> None:
        """One picture: read, judged, and published if it is good."""
        from drivers.camera.picture import read

        shot = source.read()
        self._number += 1
        reading = None
        if source.judged:
            reading, self._before = read(shot.image, self._before, sharpness=not self._in_visit)
        health = self._health.seen(reading, self._clock.monotonic())
        self._tell(health, Frame(self._number, shot.taken_s, shot.image) if health.usable else None)

    def _tell(self, health: CameraHealth, frame: Frame | None) -> None:
        """Takes over what is known now, and tells it if it is news."""
        with self._changed:
            before, self._health = self._health.told, health
            self._newest = frame or self._newest
            if health.told is not None:
                self._newest = None
            self._changed.notify_all()
        if health.told is None and before is not None:
            self._on_back()
        elif health.told is not None and (before is None or before.fault is not health.told.fault):
            self._on_lost(health.told)

    def _let_pass(self, source: "Source") -> None:
        """What a device takes while nobody is there, until the next picture is due or somebody comes."""
        due_s = self._clock.monotonic() + IDLE_EVERY_S
        while not self._hurried() and self._clock.monotonic() < due_s and not self._interrupted():
            source.skip()

    def _pause(self, least_s: float) -> None:
        """So many seconds at least, and while nobody is there until the next picture is due."""
        self._closing.wait(least_s)
        with self._changed:
            self._changed.wait_for(lambda: self._hurried() or self._interrupted(), IDLE_EVERY_S - least_s)

    def _interrupted(self) -> bool:
        return self._lent or self._closing.is_set()

    def _hurried(self) -> bool:
        return self._in_visit or self._waiting > 0
