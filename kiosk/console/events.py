"""Everything that can happen to the console: what staff ask for at the glass, and what its worker answers."""

from dataclasses import dataclass, field
from datetime import date

from config.vocabulary import Bin
from drivers.printer.state import PrinterTrouble
from kiosk.console.actions import DeskAction, Seconded
from kiosk.console.denials import Denial
from kiosk.console.roles import Deed, Role
from kiosk.console.told import (
    AgentChange,
    BinsLook,
    ClosuresLook,
    Exported,
    Listed,
    LogRead,
    Outcome,
    Reassurance,
    Refused,
    Rest,
    Stage,
    Today,
)
from kiosk.deposit.halts import RestMessage
from kiosk.log_reading import LogAbout
from kiosk.verifying import Checked
from kiosk.visit_reading import SeenVisit
from ledger.bins import Content
from ledger.claims import Found
from ledger.selection import Opened as EntryOpened
from ledger.selection import Selected, Selection
from ledger.vocabulary import Payment, Ungranted, Voucher


@dataclass(frozen=True, slots=True)
class ConsoleEvent:
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class Opened(ConsoleEvent):
    """The long press, or the key."""


@dataclass(frozen=True, slots=True)
class LogInAsked(ConsoleEvent):
    """A PIN is never written anywhere, so it is not shown either."""

    number: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FirstManagerAsked(ConsoleEvent):
    code: str = field(repr=False)
    pin: str = field(repr=False)
    again: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeaveAsked(ConsoleEvent):
    """Quit, or log out."""


@dataclass(frozen=True, slots=True)
class AtTheGlass(ConsoleEvent):
    """A sign of life: any touch, any key. At most once a second."""


@dataclass(frozen=True, slots=True)
class DeedAsked(ConsoleEvent):
    deed: Deed


@dataclass(frozen=True, slots=True)
class IdleTooLong(ConsoleEvent):
    """The time of the last ``AwaitStaff`` is over."""


@dataclass(frozen=True, slots=True)
class AgentsTold(ConsoleEvent):
    """Whether there is anybody who may log in, or why that cannot be known."""

    there: bool
    failing: Denial | None = None


@dataclass(frozen=True, slots=True)
class Admitted(ConsoleEvent):
    """``first``: the first manager was made just now. ``given``: the PIN is one that somebody else gave."""

    number: str
    role: Role
    first: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True)
class Denied(ConsoleEvent):
    why: Denial
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Rechecked(ConsoleEvent):
    """What an agent may be by now; None: blocked or gone. ``then``: what they wanted written."""

    number: str
    role: Role | None
    then: DeskAction | None = None


@dataclass(frozen=True, slots=True)
class DayTold(ConsoleEvent):
    today: Today


@dataclass(frozen=True, slots=True)
class LogAsked(ConsoleEvent):
    """The log's lines behind a tile; None: back to the tiles."""

    about: LogAbout | None


@dataclass(frozen=True, slots=True)
class LogTold(ConsoleEvent):
    read: LogRead


@dataclass(frozen=True, slots=True)
class Failed(ConsoleEvent):
    """What was asked for could not be looked up."""

    why: Denial


@dataclass(frozen=True, slots=True)
class RowsAsked(ConsoleEvent):
    """The entries that fit, on the ledger's page."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class RowsTold(ConsoleEvent):
    selection: Selection
    selected: Selected
    archives: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class EntryAsked(ConsoleEvent):
    """None: back to the list."""

    row: int | None


@dataclass(frozen=True, slots=True)
class EntryTold(ConsoleEvent):
    opened: EntryOpened


@dataclass(frozen=True, slots=True)
class ExportAsked(ConsoleEvent):
    pass


@dataclass(frozen=True, slots=True)
class ExportTold(ConsoleEvent):
    exported: Exported


@dataclass(frozen=True, slots=True)
class VoucherAsked(ConsoleEvent):
    """Somebody presents it; empty: the next one."""

    presented: str


@dataclass(frozen=True, slots=True)
class VoucherTold(ConsoleEvent):
    found: Found | None
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class PayAsked(ConsoleEvent):
    """First it is asked whether the money was handed over; ``sure``: it was."""

    sure: bool


@dataclass(frozen=True, slots=True)
class PayNotSure(ConsoleEvent):
    pass


@dataclass(frozen=True, slots=True)
class VoucherPaid(ConsoleEvent):
    payment: Payment


@dataclass(frozen=True, slots=True)
class VoucherNotPaid(ConsoleEvent):
    refused: Refused


@dataclass(frozen=True, slots=True)
class HelpSought(ConsoleEvent):
    """A visit's number, or a code that the visitor's screen showed; empty: the next one."""

    typed: str


@dataclass(frozen=True, slots=True)
class VisitPicked(ConsoleEvent):
    """Of several with the same number."""

    visit: str


@dataclass(frozen=True, slots=True)
class VisitsFound(ConsoleEvent):
    """``missing``: the archive that does not lie here, in which there may be others."""

    visit_number: str
    visits: tuple[str, ...]
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class VisitRead(ConsoleEvent):
    seen: SeenVisit


@dataclass(frozen=True, slots=True)
class ItemPicked(ConsoleEvent):
    """A refused one, by its place among the visit's refusals from 1 on; None: back to the visit."""

    refusal: int | None


@dataclass(frozen=True, slots=True)
class ContestJudged(ConsoleEvent):
    """What the agent found of the refusal that stands open."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class GrantAsked(ConsoleEvent):
    """First it is asked whether these bottles are to be credited; ``sure``: they are."""

    bottles: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class ClaimAsked(ConsoleEvent):
    """Somebody claims the visit's sum: what the claimant is to be asked."""


@dataclass(frozen=True, slots=True)
class ClaimAnswered(ConsoleEvent):
    bottles: int


@dataclass(frozen=True, slots=True)
class NotNow(ConsoleEvent):
    """Back from a question about the visit, with nothing done."""


@dataclass(frozen=True, slots=True)
class Claimed(ConsoleEvent):
    """None: the answer did not fit."""

    visit: str
    voucher: Voucher | None


@dataclass(frozen=True, slots=True)
class NotClaimed(ConsoleEvent):
    visit: str
    refused: Refused


@dataclass(frozen=True, slots=True)
class Granted(ConsoleEvent):
    bottles: tuple[str, ...]
    voucher: Voucher


@dataclass(frozen=True, slots=True)
class NotGranted(ConsoleEvent):
    bottles: tuple[str, ...]
    why: Ungranted


@dataclass(frozen=True, slots=True)
class ShowAsked(ConsoleEvent):
    """The code at the glass, for the visitor to photograph; or away again."""

    shown: bool


@dataclass(frozen=True, slots=True)
class DeskTold(ConsoleEvent):
    """What the ledger's thread answers to a deed of agent ``number``, and to nobody else."""

    number: str
    answer: ConsoleEvent


@dataclass(frozen=True, slots=True)
class SecondWanted(ConsoleEvent):
    """The ledger does this only by two agents with a reason."""

    action: Seconded


@dataclass(frozen=True, slots=True)
class SecondAsked(ConsoleEvent):
    """Somebody else of the staff, and why they vouch for it; a credit by hand says that itself."""

    number: str
    pin: str = field(repr=False)
    why: Reassurance | None


@dataclass(frozen=True, slots=True)
class SecondLeft(ConsoleEvent):
    """Not now: nothing is done."""


@dataclass(frozen=True, slots=True)
class SecondTold(ConsoleEvent):
    """``denied``: why they are none. Else they are, at this moment."""

    number: str
    denied: Denial | None = None


@dataclass(frozen=True, slots=True)
class BinsEvent(ConsoleEvent):
    """What is asked for on the bins' page; each subclass is one."""


@dataclass(frozen=True, slots=True)
class EmptyingAsked(BinsEvent):
    """Begins one, or goes on with the one that is under way."""

    bin: Bin


@dataclass(frozen=True, slots=True)
class EmptyingAnswered(BinsEvent):
    """What its step asked for; empty where it only goes on."""

    stage: Stage
    answer: str = ""


@dataclass(frozen=True, slots=True)
class EmptyingBack(BinsEvent):
    """One step back."""


@dataclass(frozen=True, slots=True)
class EmptyingDropped(BinsEvent):
    """Nothing was emptied."""


@dataclass(frozen=True, slots=True)
class EmptyingSure(BinsEvent):
    """All of it is right: into the ledger."""


@dataclass(frozen=True, slots=True)
class WeighingAsked(BinsEvent):
    """A slip has come for an emptying. None: back."""

    emptying: tuple[Bin, int] | None


@dataclass(frozen=True, slots=True)
class WeightTyped(BinsEvent):
    """In kilograms, as it was typed."""

    typed: str


@dataclass(frozen=True, slots=True)
class WeighingSure(BinsEvent):
    sure: bool


@dataclass(frozen=True, slots=True)
class ChecksAsked(BinsEvent):
    """Weighed against expected; or back."""

    open: bool


@dataclass(frozen=True, slots=True)
class BinsTold(ConsoleEvent):
    look: BinsLook


@dataclass(frozen=True, slots=True)
class BinEmptied(ConsoleEvent):
    """``content`` as the ledger had it. ``again``: it was written before, by an answer that got lost."""

    content: Content
    again: bool = False


@dataclass(frozen=True, slots=True)
class BinWeighed(ConsoleEvent):
    grams: int


@dataclass(frozen=True, slots=True)
class StartAskedAnew(ConsoleEvent):
    """The kiosk is to end and to begin again; not while a visit is open."""


@dataclass(frozen=True, slots=True)
class RestAsked(ConsoleEvent):
    """None: take the kiosk up again."""

    message: RestMessage | None


@dataclass(frozen=True, slots=True)
class RestTold(ConsoleEvent):
    """Written down, by agent ``number``. None: the kiosk is not at rest."""

    rest: Rest | None
    number: str


@dataclass(frozen=True, slots=True)
class CloseAsked(ConsoleEvent):
    """The days that have ended, now."""


@dataclass(frozen=True, slots=True)
class ClosuresTold(ConsoleEvent):
    look: ClosuresLook


@dataclass(frozen=True, slots=True)
class DaysClosed(ConsoleEvent):
    """None were due where there are none."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ArchivesTold(ConsoleEvent):
    """Earlier generations, the newest first."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifyAsked(ConsoleEvent):
    archive: str | None


@dataclass(frozen=True, slots=True)
class VerifyStopAsked(ConsoleEvent):
    """End it; or, once there is a result, another one."""


@dataclass(frozen=True, slots=True)
class Verifying(ConsoleEvent):
    """As far as this row all is looked at, up to ``last`` it is to be."""

    run: int
    row: int
    last: int


@dataclass(frozen=True, slots=True)
class Verified(ConsoleEvent):
    run: int
    result: Checked


@dataclass(frozen=True, slots=True)
class VerifyEnded(ConsoleEvent):
    """Before its end."""

    run: int


@dataclass(frozen=True, slots=True)
class AgentsEvent(ConsoleEvent):
    """What is asked for on the agents' page; each subclass is one."""


@dataclass(frozen=True, slots=True)
class AgentPicked(AgentsEvent):
    """None: back to the list."""

    number: str | None


@dataclass(frozen=True, slots=True)
class AgentChangeAsked(AgentsEvent):
    change: AgentChange


@dataclass(frozen=True, slots=True)
class AgentSure(AgentsEvent):
    sure: bool


@dataclass(frozen=True, slots=True)
class AgentsListed(ConsoleEvent):
    listed: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class AgentChanged(ConsoleEvent):
    """``given``: the PIN that was drawn."""

    listed: tuple[Listed, ...]
    change: AgentChange
    number: str
    given: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PinChangeAsked(ConsoleEvent):
    before: str = field(repr=False)
    new: str = field(repr=False)
    again: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinChanged(ConsoleEvent):
    number: str


@dataclass(frozen=True, slots=True)
class VoucherPrintAsked(ConsoleEvent):
    """The voucher that stands there, once more."""


@dataclass(frozen=True, slots=True)
class DayPrintAsked(ConsoleEvent):
    """The day's report."""


@dataclass(frozen=True, slots=True)
class RefusalPrintAsked(ConsoleEvent):
    """Why the item whose page stands there was handed back, for its visitor to take away."""


@dataclass(frozen=True, slots=True)
class CopyBegun(ConsoleEvent):
    """It is durable that this copy of the voucher is printed."""

    voucher: Voucher
    copy: int


@dataclass(frozen=True, slots=True)
class CopyRefused(ConsoleEvent):
    refused: Refused


@dataclass(frozen=True, slots=True)
class SheetPrinted(ConsoleEvent):
    """Of the voucher ``code``, or the day's report."""

    code: str | None


@dataclass(frozen=True, slots=True)
class SheetNotPrinted(ConsoleEvent):
    """Any part of it may be on paper."""

    code: str | None
    trouble: PrinterTrouble
