"""The technician's part of setting scale and bins right: begins the tool, says to it what the technician does, and notes what came of it. The tool runs in ``tools.py``'s thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from config.clock import Clock
from config.settings import Settings
from kiosk.console.calibrating.actions import Calibrate, CalibrationAction, CalibrationDone, Decide, StopCalibration
from kiosk.console.calibrating.events import CalibrationNotLent, CalibrationToldEvent
from kiosk.console.calibrating.told import Framed, Setting
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note, NoteKind
from kiosk.workers.tools import Borrowed, Tool

if TYPE_CHECKING:
    from kiosk.calibration.tool import Measuring


class Calibrator:
    """``perform`` is called from the runner's thread."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        post: Callable[[CalibrationToldEvent], None],
        lend_to: Callable[[Tool], None],
        note: Callable[[Note], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._post = post
        self._lend_to = lend_to
        self._note = note
        self._loan: Loan | None = None

    def perform(self, action: CalibrationAction) -> None:
        match action:
            case Calibrate():
                self._loan = Loan(self._settings, self._clock, action, self._post, self._note)
                self._lend_to(self._loan)
            case _ if self._loan is not None:
                self._loan.hears(action)
            case _:
                pass

    def stop(self) -> None:
        """The kiosk ends: nobody at the screen answers any more."""
        self.perform(StopCalibration())


class Loan:
    """One calibration that was asked for. What it is made of is loaded in the tool's thread: the runner's waits for nothing."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        wanted: Calibrate,
        post: Callable[[CalibrationToldEvent], None],
        note: Callable[[Note], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._wanted = wanted
        self._post = post
        self._note = note
        self._measuring: Measuring | None = None
        self._stopped = False

    def hears(self, action: CalibrationAction) -> None:
        measuring = self._measuring
        match action:
            case StopCalibration():
                self._stopped = True
                if measuring is not None:
                    measuring.stop()
            case CalibrationDone() if measuring is not None:
                measuring.done()
            case Decide(write) if measuring is not None:
                measuring.decide(write)
            case _:
                pass

    def use(self, borrowed: Borrowed) -> None:
        from kiosk.calibration.tool import Measuring

        wanted = self._wanted
        self._measuring = measuring = Measuring(self._settings, wanted.what, wanted.number, lambda: self._clock.now().utc, self._post)
        if self._stopped:
            # it was stopped before it had the machine
            measuring.stop()
        done = measuring.use(borrowed)
        if done is not None:
            facts = {"agent": done.by, "what": done.what.value, "old": told(done.old), "new": told(done.new)}
            self._note(Note(NoteKind.CALIBRATED, facts))

    def refused(self, why: Hindrance) -> None:
        self._post(CalibrationNotLent(why))


def told(setting: Setting) -> dict[str, object]:
    """As the log has it."""
    if isinstance(setting, Framed):
        return {"taken": setting.taken, "right": setting.right, "down": setting.down, "picture_mm": setting.picture_mm}
    calibration = setting
    return {"zero_g": calibration.zero_g, "span": calibration.span, "bin_empty_mm": list(calibration.bin_empty_mm)}
