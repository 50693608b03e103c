"""What a technician asks for while something is set right (``CalibrationEvent``), and what the tool tells (``CalibrationToldEvent``)."""

from dataclasses import dataclass

from kiosk.console.calibrating.told import SetRight, Setting, What
from kiosk.console.calibrating.wrong import Wrong
from kiosk.console.events import ConsoleEvent
from kiosk.deposit.loans import Hindrance
from kiosk.selftest.hands import Chore


@dataclass(frozen=True, slots=True)
class CalibrationEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class CalibrationAsked(CalibrationEvent):
    what: What


@dataclass(frozen=True, slots=True)
class BinIsEmpty(CalibrationEvent):
    """Somebody has looked."""


@dataclass(frozen=True, slots=True)
class CalibrationHands(CalibrationEvent):
    """What was asked for is done."""


@dataclass(frozen=True, slots=True)
class CalibrationSure(CalibrationEvent):
    """Set to the new values; or left as it was."""

    sure: bool


@dataclass(frozen=True, slots=True)
class CalibrationLeft(CalibrationEvent):
    """Stopped; or, after its end, back to the list."""


@dataclass(frozen=True, slots=True)
class CalibrationToldEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class CalibrationsTold(CalibrationToldEvent):
    """What was set before."""

    history: tuple[SetRight, ...]


@dataclass(frozen=True, slots=True)
class CalibrationNotLent(CalibrationToldEvent):
    why: Hindrance


@dataclass(frozen=True, slots=True)
class CalibrationBegan(CalibrationToldEvent):
    """The line is lent."""


@dataclass(frozen=True, slots=True)
class CalibrationChore(CalibrationToldEvent):
    chore: Chore
    weight_g: int


@dataclass(frozen=True, slots=True)
class CalibrationProposed(CalibrationToldEvent):
    old: Setting
    new: Setting


@dataclass(frozen=True, slots=True)
class CalibrationOver(CalibrationToldEvent):
    """The tool has ended. Neither ``wrong`` nor ``done``: it was left as it was."""

    wrong: Wrong | None = None
    done: SetRight | None = None
