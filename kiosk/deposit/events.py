"""Everything that can happen to a deposit session. The intake's own events come from ``drivers.intake.events`` as they are."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from config.vocabulary import Association, Cents, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.events import IntakeEvent
from drivers.printer.state import PrinterState, PrinterTrouble
from kiosk.deposit.actions import LedgerAction
from kiosk.deposit.halts import Obstacle, Resting
from ledger.vocabulary import Booked, Books, Ending, Visit, Voucher
from recognition.shown import Shown
from recognition.verdict import Verdict


class Touch(StrEnum):
    """What the visitor may ask for, by finger or by key.

    ``ALIVE`` asks for nothing: somebody is there, and touched anything at all. It comes at most once a second. ``VOUCHER``: to see it, or to
    see it again. ``AGAIN``: to put in more once the voucher is noted.
    """

    FINISH = "finish"
    KEEP = "keep"
    GIVE = "give"
    CONFIRM_GIFT = "confirm_gift"
    CANCEL_GIFT = "cancel_gift"
    ADD_MORE = "add_more"
    ALIVE = "alive"
    TAKE_OUT = "take_out"
    VOUCHER = "voucher"
    AGAIN = "again"
    DONE = "done"
    WITHOUT_MONEY = "without_money"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class GiveTo:
    """The visitor's wish to give to this association, by its id: one of those that the view-state named."""

    association: str


@dataclass(frozen=True, slots=True)
class Touched:
    touch: Touch | GiveTo


@dataclass(frozen=True, slots=True)
class Judged:
    """The recognition's verdict on the item in the chamber, ``verdict_ms`` after it lay still; ``item`` is the number that ``Look`` gave it."""

    item: int
    verdict: Verdict
    verdict_ms: float


@dataclass(frozen=True, slots=True)
class Pictured:
    """What the camera saw of an item as its verdict fell, for a refusal that rests on it. It comes after ``Judged``, and nothing waits for it."""

    item: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class CameraLost:
    """No usable picture comes any more, or for another reason than before. ``measured`` passed ``limit``, in the fault's own unit."""

    fault: CameraFault
    measured: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class CameraBack:
    pass


@dataclass(frozen=True, slots=True)
class VisitOpened:
    visit: Visit


@dataclass(frozen=True, slots=True)
class Intended:
    """The intent is durable."""

    sequence: SequenceNumber


@dataclass(frozen=True, slots=True)
class TotaliserBooked:
    booked: Booked


@dataclass(frozen=True, slots=True)
class IntentEnded:
    sequence: SequenceNumber
    ending: Ending


@dataclass(frozen=True, slots=True)
class VoucherIssued:
    voucher: Voucher


@dataclass(frozen=True, slots=True)
class GiftGiven:
    amount: Cents
    association: Association


@dataclass(frozen=True, slots=True)
class VisitClosed:
    pass


@dataclass(frozen=True, slots=True)
class MarkedShown:
    pass


@dataclass(frozen=True, slots=True)
class TicketBegun:
    """That a copy of the voucher is printed is durable: its number, from 1."""

    code: str
    copy: int


@dataclass(frozen=True, slots=True)
class TicketRefused:
    """The voucher is none to be printed any more: it was paid meanwhile."""

    code: str


LedgerNews = (
    VisitOpened
    | Intended
    | TotaliserBooked
    | IntentEnded
    | VoucherIssued
    | GiftGiven
    | VisitClosed
    | MarkedShown
    | TicketBegun
    | TicketRefused
)


@dataclass(frozen=True, slots=True)
class Answered:
    """The ledger did what was ``asked``; ``books`` are as they stand after it. It may come long after the session has walked on."""

    asked: LedgerAction
    news: LedgerNews
    books: Books


@dataclass(frozen=True, slots=True)
class LedgerFailed:
    """The ledger could not write what was ``asked``. Whether the transaction was kept is in doubt until ``reconcile`` has asked again."""

    why: Obstacle
    asked: LedgerAction


@dataclass(frozen=True, slots=True)
class PrinterTold:
    """How the ticket printer is, when that has changed."""

    state: PrinterState


@dataclass(frozen=True, slots=True)
class TicketPrinted:
    """It is out and cut."""

    code: str


@dataclass(frozen=True, slots=True)
class TicketNotPrinted:
    """It is not, or not whole: any part of it may be on paper."""

    code: str
    trouble: PrinterTrouble


@dataclass(frozen=True, slots=True)
class HoursTold:
    """The hall is open (None), or closed until then, in Paris."""

    closed_until: datetime | None


@dataclass(frozen=True, slots=True)
class DayTold:
    """Which day it is in Paris; None while no clock vouches for it."""

    day: date | None


@dataclass(frozen=True, slots=True)
class ServiceAsked:
    """A technician wants the machine: it is to take nothing more."""


@dataclass(frozen=True, slots=True)
class ServiceEnded:
    """The technician has no more need of it."""


@dataclass(frozen=True, slots=True)
class LoanAsked:
    """A technician's tool wants intake line and camera."""


@dataclass(frozen=True, slots=True)
class StaffCame:
    """Somebody of the staff has logged in: the glass is theirs, and nothing more is taken."""


@dataclass(frozen=True, slots=True)
class StaffLeft:
    """They have logged out."""


@dataclass(frozen=True, slots=True)
class RestChanged:
    """Staff have put the kiosk to rest, or taken it up again (None)."""

    resting: Resting | None


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The time of the last ``Wait`` is over."""


LedgerEvent = Answered | LedgerFailed
PrinterEvent = PrinterTold | TicketPrinted | TicketNotPrinted
ServiceEvent = ServiceAsked | ServiceEnded | LoanAsked
StaffEvent = StaffCame | StaffLeft | RestChanged
Event = (
    IntakeEvent
    | LedgerEvent
    | Touched
    | Judged
    | Pictured
    | CameraLost
    | CameraBack
    | PrinterEvent
    | HoursTold
    | DayTold
    | ServiceEvent
    | StaffEvent
    | Elapsed
)
