"""What the console asks for while something is set right. ``kiosk/workers/calibrating.py`` does it, LookAtCalibrations the console's own worker."""

from dataclasses import dataclass

from kiosk.console.actions import ConsoleAction
from kiosk.console.calibrating.told import What
from kiosk.console.technician.actions import TechnicianAction


@dataclass(frozen=True, slots=True)
class LookAtCalibrations(ConsoleAction):
    """Comes back as CalibrationsTold, or Failed."""


@dataclass(frozen=True, slots=True)
class CalibrationAction(TechnicianAction):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class Calibrate(CalibrationAction):
    """By agent ``number``. Comes back as CalibrationBegan or CalibrationNotLent, and ends with CalibrationOver."""

    number: str
    what: What


@dataclass(frozen=True, slots=True)
class CalibrationDone(CalibrationAction):
    """What hands were asked for is done."""


@dataclass(frozen=True, slots=True)
class Decide(CalibrationAction):
    """Set to what was proposed, or left."""

    write: bool


@dataclass(frozen=True, slots=True)
class StopCalibration(CalibrationAction):
    """Nothing more is measured, and nothing set."""
