"""Scale, bin or camera measured on the lent line, proposed, and set once a person has said so. What follows from a measurement is the rules'.

The zero is set as soon as it was measured: with one that is off the machine does not notice that the weight was taken out again. Whoever then leaves it
gets the old one back. Power cut in between: the new zero stays, which is the truth.
"""

import queue
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from statistics import median_low

from config.settings import Settings
from drivers.camera.faults import SourceLost
from drivers.intake.bus import BusError, Calibration
from kiosk.agents import AgentsUnreadable
from kiosk.calibration import framing
from kiosk.calibration.kept import keep
from kiosk.console.calibrating.events import CalibrationBegan, CalibrationChore, CalibrationOver, CalibrationProposed, CalibrationToldEvent
from kiosk.console.calibrating.rules import depth_of, span_of, zero_of
from kiosk.console.calibrating.told import SetRight, Setting, What
from kiosk.console.calibrating.wrong import (
    CameraFailed,
    ChamberNotStill,
    ControllerFailed,
    DoorStandsOpen,
    NoHands,
    NotKept,
    NotStill,
    Wrong,
)
from kiosk.selftest.camera import LAMP_SETTLES, look
from kiosk.selftest.controls import NotAtRest, Refused
from kiosk.selftest.hands import KEEP_S, Chore, NotDone, SpokenHands
from kiosk.selftest.results import StepReason
from kiosk.selftest.rig import STEADY_S, Rig, build_on_loan
from kiosk.workers.chamber import PICTURES
from kiosk.workers.tools import Borrowed
from recognition.shape import background as backgrounds
from recognition.shape.background import NotOneChamber

LOOKS = 5
"""Readings of which the middle one counts."""

BIN_EVERY_S = 0.25
"""A ranger is asked five times a second (``firmware/board.py``)."""


class Stopped(Exception):
    """Whoever asked for it has gone."""


class Refuses(Exception):
    """Nothing is set: ``wrong`` says why."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(type(wrong).__name__)
        self.wrong = wrong


class Measuring:
    """One calibration. ``done``, ``decide`` and ``stop`` are called from another thread."""

    def __init__(
        self, settings: Settings, what: What, number: str, now: Callable[[], datetime], post: Callable[[CalibrationToldEvent], None]
    ) -> None:
        self._settings = settings
        self._what = what
        self._number = number
        self._now = now
        self._post = post
        self._hands = SpokenHands(self._asks)
        self._said: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._stopped = False

    def done(self) -> None:
        self._hands.done()

    def decide(self, write: bool) -> None:
        self._said.put(write)

    def stop(self) -> None:
        self._stopped = True
        self._hands.leave()

    def use(self, borrowed: Borrowed) -> SetRight | None:
        """What was set, or None."""
        self._post(CalibrationBegan())
        rig = build_on_loan(self._settings, self._hands, borrowed)
        try:
            done = self._measured(rig)
        except Refuses as refused:
            self._post(CalibrationOver(refused.wrong))
        except (Stopped, NotDone):
            self._post(CalibrationOver(NoHands()))
        except (BusError, Refused, NotAtRest):
            self._post(CalibrationOver(ControllerFailed()))
        else:
            self._post(CalibrationOver(done=done))
            return done
        return None

    def _asks(self, chore: Chore) -> None:
        self._post(CalibrationChore(chore, self._hands.weight_g))

    def _measured(self, rig: Rig) -> SetRight | None:
        rig.controls.open()
        rig.controls.identify()
        if self._what is What.CAMERA:
            return self._framed(rig)
        if self._what is What.WIDTH:
            return self._wide(rig)
        old = rig.controls.felt().calibration
        new = self._scale(rig, old) if self._what is What.SCALE else self._bin(rig, old)
        if not self._sure(rig, old, new):
            self._set(rig, old)
            return None
        self._set(rig, new)
        return self._kept(old, new)

    def _kept(self, old: Setting, new: Setting) -> SetRight:
        done = SetRight(self._what, old, new, self._now(), self._number)
        with suppress(AgentsUnreadable):
            # the machine has it, and the log tells it all the same
            keep(self._settings.files.kiosk, done)
        return done

    def _framed(self, rig: Rig) -> SetRight | None:
        """The picture of the empty chamber, taken anew."""
        self._allowed(rig)
        rig.chamber.empty()
        try:
            found = framing.taken_anew(look(rig, PICTURES, skip=LAMP_SETTLES).images, self._settings)
        except SourceLost as lost:
            raise Refuses(CameraFailed()) from lost
        except NotOneChamber as moves:
            raise Refuses(ChamberNotStill()) from moves
        return self._pictured(rig, found)

    def _wide(self, rig: Rig) -> SetRight | None:
        """How wide the picture is, by the printed target. Nothing moves."""
        rig.hands.do(Chore.LAY_TARGET, rig.controls.keep)
        try:
            found = framing.measured(look(rig, LOOKS, skip=LAMP_SETTLES).images, self._settings)
        except SourceLost as lost:
            raise Refuses(CameraFailed()) from lost
        if isinstance(found, Wrong):
            raise Refuses(found)
        return self._pictured(rig, found)

    def _pictured(self, rig: Rig, found: framing.TakenAnew | framing.Measured) -> SetRight | None:
        if not self._sure(rig, found.old, found.new):
            return None
        try:
            backgrounds.keep(self._settings.files.background, found.background)
        except OSError as error:
            raise Refuses(NotKept()) from error
        return self._kept(found.old, found.new)

    def _scale(self, rig: Rig, old: Calibration) -> Calibration:
        self._allowed(rig)
        rig.chamber.empty()
        zeroed = self._right(zero_of(self._felt(rig), old))
        self._set(rig, zeroed)
        try:
            rig.chamber.put_in(Chore.PUT_WEIGHT)
            felt_g = self._felt(rig)
            rig.chamber.empty()
            return self._right(span_of(felt_g, rig.hands.weight_g, zeroed))
        except (Refuses, Stopped, NotDone):
            self._set(rig, old)
            raise

    def _bin(self, rig: Rig, old: Calibration) -> Calibration:
        place = 0 if self._what is What.BIN_1 else 1
        seen = [rig.controls.health().bin_mm[place]]
        while len(seen) < LOOKS:
            self._waits(rig, BIN_EVERY_S)
            seen.append(rig.controls.health().bin_mm[place])
        return self._right(depth_of(self._what, tuple(seen), old))

    def _felt(self, rig: Rig) -> int:
        if not rig.controls.wait(lambda hot: hot.steady, STEADY_S).steady:
            raise Refuses(NotStill())
        felt = []
        for _ in range(LOOKS):
            felt.append(rig.controls.felt().weight_g)
            self._waits(rig, KEEP_S / 2)
        return median_low(felt)

    def _allowed(self, rig: Rig) -> None:
        """Nothing moves behind an open door, nor with a bottle open in the ledger (``kiosk/selftest``)."""
        why = rig.forbidden(rig.controls.read())
        if why is not None:
            raise Refuses(DoorStandsOpen() if why[0] is StepReason.DOOR_OPEN else ControllerFailed())

    def _right(self, found: Calibration | Wrong) -> Calibration:
        if isinstance(found, Wrong):
            raise Refuses(found)
        return found

    def _set(self, rig: Rig, wanted: Calibration) -> None:
        """The controller has it, and says so. Raises Refuses."""
        if rig.controls.felt().calibration == wanted:
            return
        rig.controls.rest()
        rig.controls.calibrate(wanted)
        if rig.controls.felt().calibration != wanted:
            raise Refuses(ControllerFailed())

    def _sure(self, rig: Rig, old: Setting, new: Setting) -> bool:
        self._post(CalibrationProposed(old, new))
        while True:
            if self._stopped:
                return False
            rig.controls.keep()
            try:
                return self._said.get(timeout=KEEP_S)
            except queue.Empty:
                continue

    def _waits(self, rig: Rig, seconds: float) -> None:
        """With the beat kept up. Raises Stopped."""
        if self._stopped:
            raise Stopped
        rig.controls.read()
        try:
            self._said.get(timeout=seconds)
        except queue.Empty:
            return
