"""What the thread that looks knows of the chamber: its picture when it is empty, taken where none is kept, and looked at again while nobody is there.

A background is taken only of a chamber that the controller says is empty, before and after, and never over one that is kept: what somebody leaves there is told, and not learnt.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from config.clock import Clock
from drivers.camera.faults import CameraFault
from drivers.camera.worker import CameraGone, Frame
from kiosk.deposit.events import CameraBack, CameraLost
from kiosk.deposit.notes import Note, NoteKind
from recognition.shape.scene import ChamberFault, Scene

if TYPE_CHECKING:
    from recognition.shape.background import Background
    from recognition.shape.look import Seen

PICTURES: Final = 4
"""Of which a background is the mean."""

CHECK_S: Final = 20.0
"""Between two looks at the chamber while nobody is there."""

CHECKS: Final = 3
"""So often in a row the same must be wrong before it is told: a hand that is about to put a bottle in is gone by then."""

DARK_MS: Final = 600
"""For so long the lamp may be off: a picture that is exposed meanwhile comes within 100 ms of a camera of 25 a second, and a stream is opened anew for it."""

DARK_FRAMES: Final = 4
"""So many pictures are waited for, as the first may have been exposed before; each for ``FRAME_S``."""

FRAME_S: Final = 0.12

EMPTY_FRAME_S: Final = 0.5
"""So long a picture of the empty chamber is waited for: while nobody is there a stream is opened anew for the first."""

TOLD: Final = {ChamberFault.MOVED: CameraFault.MOVED, ChamberFault.DIRTY: CameraFault.DIRTY}
"""What of an empty chamber's look stops the kiosk. Dark, over-exposed and out of focus the camera's own health tells, in numbers, and sooner."""


class Metal(Protocol):
    """The intake as this needs it; see ``drivers.intake.worker.IntakeWorker``."""

    @property
    def chamber_is_empty(self) -> bool: ...
    def darken(self, for_ms: int) -> bool: ...


class Frames(Protocol):
    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None: ...


class Chamber:
    """Used by one thread. ``width_mm``: how wide the picture is until a technician has measured it. ``post``: tells what stops the kiosk, and that it is over."""

    def __init__(
        self,
        frames: Frames,
        metal: Metal,
        path: Path,
        width_mm: float | None,
        clock: Clock,
        post: Callable[[CameraLost | CameraBack], None],
        note: Callable[[Note], None],
    ) -> None:
        self._frames = frames
        self._metal = metal
        self._path = path
        self._width_mm = width_mm
        self._clock = clock
        self._post = post
        self._note = note
        self._background: Background | None = None
        self._read_at_ns: int | None = None
        self._due_s = clock.monotonic()
        self._wrong: CameraFault | None = None
        self._seen_wrong = 0
        self._told: CameraFault | None = None

    def seen(self, frame: Frame, before: "Seen | None") -> "Seen | None":
        """One picture of the lit chamber; None while nobody has seen it empty."""
        from recognition.shape.look import seen_in

        background = self._known()
        return None if background is None else seen_in(frame.image, background, before)

    def seen_in_the_dark(self, last: Frame) -> Scene | None:
        """The lamp off, one picture, and the lamp on again. ``last``: the newest picture that was looked at. None where no dark picture could be had."""
        from recognition.shape.look import seen_in_the_dark

        background = self._known()
        if background is None or not self._metal.darken(DARK_MS):
            return None
        from_s, newest, scene = self._clock.monotonic(), last.number, None
        try:
            for _ in range(DARK_FRAMES):
                frame = self._frames.wait(newest, from_s, FRAME_S)
                if frame is None:
                    continue
                newest, scene = frame.number, seen_in_the_dark(frame.image, background)
                if scene is not None:
                    break
        except CameraGone:
            scene = None
        self._metal.darken(0)
        return scene

    def idle(self, hurried: Callable[[], bool]) -> None:
        """While nothing is to be looked at: takes the background if there is none, else looks whether the chamber is as it was. Ends early once ``hurried``."""
        now_s = self._clock.monotonic()
        if now_s < self._due_s or not self._metal.chamber_is_empty:
            return
        background = self._known()
        if background is None:
            # one that cannot be read stays where it is: a technician's measure may be in it
            if self._read_at_ns is None:
                self._take(hurried)
            return
        frame = self._newest(0, now_s)
        if frame is None or hurried() or not self._metal.chamber_is_empty:
            return
        from recognition.shape.faults import faults_of_empty

        self._due_s = now_s + CHECK_S
        self._follow(next((TOLD[fault] for fault in faults_of_empty(frame.image, background) if fault in TOLD), None))

    def _follow(self, wrong: CameraFault | None) -> None:
        self._seen_wrong = self._seen_wrong + 1 if wrong is not None and wrong is self._wrong else int(wrong is not None)
        self._wrong = wrong
        if wrong is not None and self._seen_wrong >= CHECKS:
            # said again at each check: a camera that went away and came back has ended it meanwhile
            self._told = wrong
            self._post(CameraLost(wrong))
        elif wrong is None and self._told is not None:
            self._told = None
            self._post(CameraBack())

    def _known(self) -> "Background | None":
        """The background that is kept, read anew when a technician has taken another."""
        from recognition.shape.background import BackgroundUnreadable, kept

        try:
            written_ns = self._path.stat().st_mtime_ns if self._path.exists() else None
            if written_ns != self._read_at_ns:
                self._read_at_ns, self._background = written_ns, None
                self._background = kept(self._path)
        except (BackgroundUnreadable, OSError) as error:
            # said once a file; without a background no outline is said, and a technician takes one anew
            self._note(Note(NoteKind.BACKGROUND_UNREAD, {"detail": str(error)}))
        return self._background

    def _take(self, hurried: Callable[[], bool]) -> None:
        from recognition.shape.background import UNFRAMED, Framing, NotOneChamber, keep, taken

        pictures, after, from_s = [], 0, self._clock.monotonic()
        for _ in range(PICTURES):
            frame = self._newest(after, from_s)
            if frame is None or hurried() or not self._metal.chamber_is_empty:
                return
            after = frame.number
            pictures.append(frame.image)
        try:
            place = UNFRAMED
            keep(self._path, taken(pictures, Framing(place.left, place.top, place.right, place.bottom, self._width_mm)))
        except (NotOneChamber, OSError) as error:
            self._due_s = self._clock.monotonic() + CHECK_S
            self._note(Note(NoteKind.BACKGROUND_NOT_TAKEN, {"detail": str(error)}))
        else:
            self._note(Note(NoteKind.BACKGROUND_TAKEN, {}))

    def _newest(self, after: int, from_s: float) -> Frame | None:
        try:
            return self._frames.wait(after, from_s, EMPTY_FRAME_S)
        except CameraGone:
            return None
