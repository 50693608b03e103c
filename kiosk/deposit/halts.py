"""What stops the machine: a name, a code for the desk, and the facts.

``Halt`` is the one vocabulary of names, and each says what ends it. An ``Obstacle`` is one cause with its facts as values; several may
stand behind one name. Words for both are made in ``kiosk/words``: visitors are told the name's sentence and its code, staff the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum, IntEnum, StrEnum
from typing import ClassVar

from config.files import Trouble
from config.vocabulary import Bin, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import ControllerFault, FaultCause
from drivers.intake.trouble import DriverFailed, LinkTrouble, OtherTable, PortUnusable, Silence
from kiosk.deposit.loans import Hindrance


class Halt(StrEnum):
    """Why the kiosk takes nothing, by what ends it. The code is what a visitor reads to the desk; a code that was given once stays.

    ================  ====  =============================================  ===================================================
    halt              code  what is wrong                                  ends
    ================  ====  =============================================  ===================================================
    intake            L1    no controller answers                          by itself
    other_version     L2    the controller's register table is another     when a person updates one of the two
    other_controller  L3    not the controller the ledger knows            when the right one returns
    camera            C1    no usable picture                              by itself
    sensor            M1    entry beam or scale                            by itself
    supply            M2    the drives' voltage is low                     by itself
    door              M3    the service door is open                       when it is shut
    jam               M4    gate, flap, sorter or drop beam                when the service door was opened and shut, by a Clear
    memory            M5    the controller's memory fails                  when the controller starts anew
    numbers           M6    a number of the controller leapt, or none is   when it is right again, or a person acts
                            left for a command
    bins_full         B1    no bin takes anything more                     when one is emptied
    left_behind       B2    a refused item was offered twice and left      when somebody takes it out
    ledger            R1    the ledger cannot write                        by itself
    ledger_broken     R2    the ledger refused an entry                    when a person acts
    totaliser_fell    R3    the controller counted less than the ledger    when a person acts
    no_ledger         R4    no ledger has begun                            when two people begin it
    closed            H1    outside the opening hours                      when the hall opens
    day_budget        H2    the day's money is used up                     at midnight in Paris, or after 24 h where no clock knows the date
    service           S1    a technician works on the machine              when the technician is done
    staff             S2    somebody of the staff is logged in             when they log out
    rest              S3    staff have put the kiosk to rest               when staff take it up again
    ================  ====  =============================================  ===================================================
    """

    INTAKE = "intake"
    OTHER_VERSION = "other_version"
    OTHER_CONTROLLER = "other_controller"
    CAMERA = "camera"
    SENSOR = "sensor"
    SUPPLY = "supply"
    DOOR = "door"
    JAM = "jam"
    MEMORY = "memory"
    NUMBERS = "numbers"
    BINS_FULL = "bins_full"
    LEFT_BEHIND = "left_behind"
    LEDGER = "ledger"
    LEDGER_BROKEN = "ledger_broken"
    TOTALISER_FELL = "totaliser_fell"
    NO_LEDGER = "no_ledger"
    CLOSED = "closed"
    DAY_BUDGET = "day_budget"
    SERVICE = "service"
    STAFF = "staff"
    REST = "rest"

    @property
    def latches(self) -> bool:
        """Whether the session itself keeps it; what the controller latches is read from the controller."""
        return self in (Halt.LEDGER_BROKEN, Halt.OTHER_CONTROLLER, Halt.TOTALISER_FELL, Halt.NO_LEDGER)

    @property
    def code(self) -> str:
        return _CODES[self]


_CODES = {
    Halt.INTAKE: "L1",
    Halt.OTHER_VERSION: "L2",
    Halt.OTHER_CONTROLLER: "L3",
    Halt.CAMERA: "C1",
    Halt.SENSOR: "M1",
    Halt.SUPPLY: "M2",
    Halt.DOOR: "M3",
    Halt.JAM: "M4",
    Halt.MEMORY: "M5",
    Halt.NUMBERS: "M6",
    Halt.BINS_FULL: "B1",
    Halt.LEFT_BEHIND: "B2",
    Halt.LEDGER: "R1",
    Halt.LEDGER_BROKEN: "R2",
    Halt.TOTALISER_FELL: "R3",
    Halt.NO_LEDGER: "R4",
    Halt.CLOSED: "H1",
    Halt.DAY_BUDGET: "H2",
    Halt.SERVICE: "S1",
    Halt.STAFF: "S2",
    Halt.REST: "S3",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One cause why the machine takes nothing; each subclass is one, under the name ``halt``."""

    halt: ClassVar[Halt]


@dataclass(frozen=True, slots=True)
class NoController(Obstacle):
    """``trouble``: what the line told; None where it has told nothing yet."""

    halt = Halt.INTAKE
    trouble: LinkTrouble | None


@dataclass(frozen=True, slots=True)
class OtherVersion(Obstacle):
    """The controller speaks register table ``found``, this program ``expected``; ``firmware`` is the controller's (major, minor)."""

    halt = Halt.OTHER_VERSION
    found: int
    expected: int
    firmware: tuple[int, int]


@dataclass(frozen=True, slots=True)
class OtherController(Obstacle):
    """``found`` answers on the port, the ledger was begun with ``expected``: ids of 64 bits."""

    halt = Halt.OTHER_CONTROLLER
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class NoPicture(Obstacle):
    """``measured`` passed ``limit``, in the unit that the fault has (drivers/camera/faults.py); None where nothing is measured."""

    halt = Halt.CAMERA
    fault: CameraFault
    measured: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class SensorFailed(Obstacle):
    halt = Halt.SENSOR
    fault: ControllerFault
    cause: FaultCause


@dataclass(frozen=True, slots=True)
class SupplyLow(Obstacle):
    halt = Halt.SUPPLY


@dataclass(frozen=True, slots=True)
class DoorOpen(Obstacle):
    halt = Halt.DOOR


@dataclass(frozen=True, slots=True)
class Jammed(Obstacle):
    halt = Halt.JAM
    fault: ControllerFault
    cause: FaultCause


@dataclass(frozen=True, slots=True)
class MemoryFailed(Obstacle):
    halt = Halt.MEMORY


@dataclass(frozen=True, slots=True)
class TakenLeapt(Obstacle):
    """The controller took the command ``taken``, and the highest that was ever sent is ``last_used``."""

    halt = Halt.NUMBERS
    taken: SequenceNumber
    last_used: SequenceNumber


@dataclass(frozen=True, slots=True)
class SequencesDisagree(Obstacle):
    """What was sorted, counted or handed back was never taken."""

    halt = Halt.NUMBERS
    taken: SequenceNumber
    sorted: SequenceNumber
    counted: SequenceNumber
    back: SequenceNumber


@dataclass(frozen=True, slots=True)
class TotaliserLeapt(Obstacle):
    halt = Halt.NUMBERS
    read: int
    booked: int


@dataclass(frozen=True, slots=True)
class SequencesUsedUp(Obstacle):
    """No number above ``last`` is left for a command."""

    halt = Halt.NUMBERS
    last: SequenceNumber


@dataclass(frozen=True, slots=True)
class BinsFull(Obstacle):
    """``levels``: each bin that is used, with its percentage; from ``limit`` on it takes nothing more."""

    halt = Halt.BINS_FULL
    levels: tuple[tuple[Bin, int], ...]
    limit: int


@dataclass(frozen=True, slots=True)
class ItemLeft(Obstacle):
    """What lies in the chamber was offered so often, and nobody took it."""

    halt = Halt.LEFT_BEHIND
    offered: int


@dataclass(frozen=True, slots=True)
class LedgerUnwritable(Obstacle):
    """What is wrong with the file at ``path``, or its disk."""

    halt = Halt.LEDGER
    path: str
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class VisitNumbersUsedUp(Obstacle):
    halt = Halt.LEDGER
    day: date


@dataclass(frozen=True, slots=True)
class EntryRefused(Obstacle):
    """The ledger answered what was ``asked``, an action's name, with an ``error``, a type's name."""

    halt = Halt.LEDGER_BROKEN
    asked: str
    error: str


@dataclass(frozen=True, slots=True)
class CountedLess(Obstacle):
    halt = Halt.TOTALISER_FELL
    read: int
    booked: int


@dataclass(frozen=True, slots=True)
class NotBegun(Obstacle):
    """No ledger has begun: whoever commissions the kiosk has the glass and the machine, and nothing is taken."""

    halt = Halt.NO_LEDGER


@dataclass(frozen=True, slots=True)
class HallClosed(Obstacle):
    """``until``: when it opens, in Paris."""

    halt = Halt.CLOSED
    until: datetime


@dataclass(frozen=True, slots=True)
class InService(Obstacle):
    halt = Halt.SERVICE


@dataclass(frozen=True, slots=True)
class StaffAtWork(Obstacle):
    halt = Halt.STAFF


class RestMessage(StrEnum):
    """Why staff have put the kiosk to rest, as visitors are told it."""

    CLEANING = "cleaning"
    EMPTYING = "emptying"
    REPAIR = "repair"
    HALL = "hall"
    DESK = "desk"
    """No reason; the desk knows until when."""


@dataclass(frozen=True, slots=True)
class Resting(Obstacle):
    halt = Halt.REST
    message: RestMessage


@dataclass(frozen=True, slots=True)
class BudgetSpent(Obstacle):
    """``date_known``: whether the day ends at midnight, or by a count of hours."""

    halt = Halt.DAY_BUDGET
    date_known: bool


def facts_of(fact: Obstacle | LinkTrouble | Hindrance) -> Mapping[str, object]:
    """A cause as JSON writes it: the type's name and its attributes, enumerations by their names."""
    return {"type": type(fact).__name__, **{field.name: _plain(getattr(fact, field.name)) for field in fields(fact)}}


def _plain(value: object) -> object:
    match value:
        case IntEnum():
            return value.name.lower()
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return [_plain(part) for part in value]
        case PortUnusable() | Silence() | OtherTable() | DriverFailed():
            return facts_of(value)
        case _:
            return value
