"""The chamber of a kiosk that stands still: its lock, its camera, and what it is like when it is empty."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.clock import Clock
from config.settings import Settings
from config.told import OutOfService
from drivers.camera.settings import device_settings
from drivers.camera.worker import Camera
from kiosk.begin import clock_of
from kiosk.capture.fit import Unfit, unfit
from ledger.lock import LedgerLock
from ledger.reader import open_reader
from ledger.vocabulary import LedgerLocked
from recognition.shape.background import Background, Image, kept
from recognition.shape.look import Seen, seen_in

OPEN_VISIT = """SELECT visit FROM (SELECT visit FROM entry NOT INDEXED WHERE kind = 'visit' ORDER BY row DESC LIMIT 1) AS last
    WHERE NOT EXISTS (SELECT 1 FROM entry WHERE visit = last.visit AND kind IN ('voucher', 'gift', 'closed'))"""

FIRST_S = 5.0
"""So long the camera's first picture is waited for."""

NEXT_S = 1.0
LOOKS = 12
"""So many looks what lies there may take to come to rest."""


class KioskRuns(OutOfService):
    """The kiosk, or another command, has the machine: ``holder``."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"in use by {holder}")
        self.holder = holder


class VisitIsOpen(OutOfService):
    """A visitor's sum is not kept yet: the next start of the kiosk ends that visit."""

    def __init__(self, visit: str) -> None:
        super().__init__(f"visit {visit} is open")
        self.visit = visit


class NotSeenEmpty(OutOfService):
    """Nobody has taken the picture of the empty chamber, without which nobody can tell what lies there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no {path}")
        self.path = path


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture, or why it was not kept."""

    image: Image | None
    why_not: Unfit | None


class StillChamber:
    """``take`` is one picture of what lies there now."""

    def __init__(self, camera: Camera, background: Background, clock: Clock) -> None:
        self._camera = camera
        self._background = background
        self._clock = clock

    def take(self) -> Taken:
        """The first picture from now on in which it lies still, or what is wrong with the last of some. Raises CameraGone."""
        from_s, after = self._clock.monotonic(), 0
        before: Seen | None = None
        why_not: Unfit | None = Unfit.MOVING
        for _ in range(LOOKS):
            frame = self._camera.wait(after, from_s, FIRST_S if before is None else NEXT_S)
            if frame is None:
                continue
            after, before = frame.number, seen_in(frame.image, self._background, before)
            why_not = unfit(before, self._background)
            if why_not is None:
                return Taken(frame.image, None)
            if why_not is not Unfit.MOVING:
                break
        return Taken(None, why_not)


@contextmanager
def still_chamber(settings: Settings) -> Iterator[StillChamber]:
    """Nobody else has the machine until the block ends. Raises KioskRuns, VisitIsOpen, NotSeenEmpty, NoLedger, BackgroundUnreadable, LedgerUnavailable, sqlite3.Error, OSError."""
    clock = clock_of(settings)
    try:
        lock = LedgerLock(settings.files.ledger, "consigne capture", clock)
    except LedgerLocked as error:
        raise KioskRuns(error.holder) from error
    with lock:
        _need_no_visit(settings)
        background = kept(settings.files.background)
        if background is None:
            raise NotSeenEmpty(settings.files.background)
        camera = Camera(settings.camera.source, device_settings(settings.camera), clock, _unheard, _unheard, _unheard)
        camera.start()
        camera.set_pace(True)
        try:
            yield StillChamber(camera, background, clock)
        finally:
            camera.close()


def _need_no_visit(settings: Settings) -> None:
    with closing(open_reader(settings.files.ledger)) as database:
        found = database.execute(OPEN_VISIT).fetchone()
    if found is not None:
        raise VisitIsOpen(found[0])


def _unheard(*_told: object) -> None:
    """Whoever asks for a picture is told what is wrong with the camera."""
