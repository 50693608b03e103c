"""Everything a deposit session may ask of the world. The runner performs them; whatever comes of it arrives as an event.

=================  ==========  ====================================================
action             worker      comes back as
=================  ==========  ====================================================
AskIntake          intake      Rested, as soon as the controller rests
Send               intake      by command: Rested, ItemDropped, TakenBack or CommandUnanswered
Look, Judge        camera      Judged
Dismiss            camera      nothing
Remember           camera      nothing
OpenVisit          ledger      Answered with VisitOpened, or LedgerFailed
Intend             ledger      Answered with Intended, or LedgerFailed
Book               ledger      Answered with TotaliserBooked, or LedgerFailed
EndIntent          ledger      Answered with IntentEnded, or LedgerFailed
IssueVoucher       ledger      Answered with VoucherIssued, or LedgerFailed
GiveAway           ledger      Answered with GiftGiven, or LedgerFailed
CloseVisit         ledger      Answered with VisitClosed, or LedgerFailed
MarkShown          ledger      Answered with MarkedShown, or LedgerFailed
BeginTicket        ledger      Answered with TicketBegun or TicketRefused, or LedgerFailed
PrintTicket        printer     TicketPrinted or TicketNotPrinted, and how the printer is then
Wait               runner      Elapsed, unless another Wait replaces it
Lend               tools       LineReturned, and then LinkBack or LinkLost
RefuseLoan         tools       nothing
Note               log         nothing
=================  ==========  ====================================================
"""

from dataclasses import dataclass

from config.vocabulary import Association, SequenceNumber
from drivers.intake.bus import Command
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note
from ledger.vocabulary import Cause, Ending, Intent, Voucher


@dataclass(frozen=True, slots=True)
class AskIntake:
    pass


@dataclass(frozen=True, slots=True)
class Send:
    command: Command


@dataclass(frozen=True, slots=True)
class Watch:
    """Begin to take looks: something is coming to rest in the chamber."""

    item: int


@dataclass(frozen=True, slots=True)
class Judge:
    """It lies still: judge it with this weight and metal, and as many looks as the policy wants. ``visit``: None where this is its first and the ledger has not answered yet."""

    item: int
    weight_g: int
    metal: bool
    visit: str | None = None


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Nothing is to be judged any more."""


@dataclass(frozen=True, slots=True)
class Remember:
    """It was credited: later verdicts rest on it too."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class OpenVisit:
    pass


@dataclass(frozen=True, slots=True)
class Intend:
    intent: Intent


@dataclass(frozen=True, slots=True)
class Book:
    totaliser: int
    counted: SequenceNumber


@dataclass(frozen=True, slots=True)
class EndIntent:
    sequence: SequenceNumber
    ending: Ending


@dataclass(frozen=True, slots=True)
class IssueVoucher:
    visit: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class GiveAway:
    visit: str
    association: Association


@dataclass(frozen=True, slots=True)
class CloseVisit:
    visit: str


@dataclass(frozen=True, slots=True)
class MarkShown:
    """The pages of the voucher and of its number are closed: after a start they must not be shown to whoever comes."""

    code: str


@dataclass(frozen=True, slots=True)
class BeginTicket:
    """A copy of the voucher is to be printed: durable in the ledger before the first byte goes out."""

    code: str


@dataclass(frozen=True, slots=True)
class PrintTicket:
    """``copy`` is the ledger's number of it; from 2 on it says DUPLICATA."""

    voucher: Voucher
    copy: int


@dataclass(frozen=True, slots=True)
class Wait:
    """At most one wait is open; a new one replaces it, ``None`` ends it."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Lend:
    """Intake line and camera are the waiting tool's, until it gives them back."""


@dataclass(frozen=True, slots=True)
class RefuseLoan:
    why: Hindrance


LedgerAction = OpenVisit | Intend | Book | EndIntent | IssueVoucher | GiveAway | CloseVisit | MarkShown | BeginTicket
SightAction = Watch | Judge | Dismiss | Remember
Action = AskIntake | Send | SightAction | LedgerAction | PrintTicket | Wait | Lend | RefuseLoan | Note
