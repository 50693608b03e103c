"""Everything the console may ask of the world. ``workers/console.py`` does it, the runner the wait; whatever comes of it arrives as an event.

=================  ====================================================
action             comes back as
=================  ====================================================
AskAgents          AgentsTold
JudgePin           Admitted or Denied
MakeFirstManager   Admitted or Denied
Recheck            Rechecked
LookAtDay          DayTold, or Failed
ReadLog            LogTold, or Failed
Select             RowsTold, or Failed
OpenEntry          EntryTold, or Failed
Export             ExportTold, or Failed
FindVoucher        VoucherTold, or Failed
FindVisits         VisitsFound, or Failed
ReadVisit          VisitRead, or Failed
JudgeSecond        SecondTold
PayVoucher         VoucherPaid or VoucherNotPaid                   by the ledger's own
ClaimVoucher       Claimed or NotClaimed                           thread; SecondWanted
GrantBottles       Granted or NotGranted                           or Failed as well
LookAtBins         BinsTold, or Failed
EmptyBin           BinEmptied or Failed; by the ledger's own thread
WeighBin           BinWeighed or Failed; likewise
PutToRest          RestTold, or Failed
StartAnew          nothing: the program ends; by the runner
OrderSuccession    SuccessionOrdered, or Failed
LookAtClosures     ClosuresTold, or Failed
CloseDays          DaysClosed or Failed; by the ledger's own thread
AskArchives        ArchivesTold, or Failed
Verify             Verifying …, then Verified or Failed; VerifyEnded by StopVerifying
ListAgents         AgentsListed, or Failed
ChangeAgent        AgentChanged, or Failed
ChangePin          PinChanged, or Failed
BeginCopy          CopyBegun, CopyRefused or Failed; by the ledger's own thread
PrintCopy          SheetPrinted or SheetNotPrinted; by the printer's thread, as the next two
PrintDay           the same
PrintRefusal       the same
AwaitStaff         IdleTooLong, unless another replaces it
=================  ====================================================
"""

from dataclasses import dataclass, field
from typing import ClassVar

from config.vocabulary import Bin
from kiosk.console.roles import Deed
from kiosk.console.told import AgentChange, NewLedger, Today
from kiosk.deposit.halts import RestMessage
from kiosk.log_reading import LogAbout
from kiosk.visit_reading import Refusing
from ledger.bins import Handing
from ledger.selection import Selection
from ledger.vocabulary import Voucher


@dataclass(frozen=True, slots=True)
class ConsoleAction:
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class AskAgents(ConsoleAction):
    pass


@dataclass(frozen=True, slots=True)
class JudgePin(ConsoleAction):
    number: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MakeFirstManager(ConsoleAction):
    code: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recheck(ConsoleAction):
    """Whether the agent may still be here; asked at each step. ``then``: what they want written, and is only if so."""

    number: str
    then: "DeskAction | None" = None


@dataclass(frozen=True, slots=True)
class LookAtDay(ConsoleAction):
    """The business day that it is. ``charted``: and the thirty that end with it, which takes longer."""

    charted: bool = False


@dataclass(frozen=True, slots=True)
class ReadLog(ConsoleAction):
    """Today's lines of the technical log behind one of its figures."""

    about: LogAbout


@dataclass(frozen=True, slots=True)
class Select(ConsoleAction):
    selection: Selection


@dataclass(frozen=True, slots=True)
class OpenEntry(ConsoleAction):
    row: int
    archive: str | None


@dataclass(frozen=True, slots=True)
class Export(ConsoleAction):
    """The entries that were selected, as a table for a spreadsheet, onto a stick or into a folder."""

    selection: Selection
    number: str


@dataclass(frozen=True, slots=True)
class FindVoucher(ConsoleAction):
    """As its code or its link, whatever layout typed it."""

    presented: str


@dataclass(frozen=True, slots=True)
class FindVisits(ConsoleAction):
    """By the four digits that a visitor was shown."""

    visit_number: str


@dataclass(frozen=True, slots=True)
class ReadVisit(ConsoleAction):
    visit: str


@dataclass(frozen=True, slots=True)
class JudgeSecond(ConsoleAction):
    """Whether somebody else of the staff stands there, who may do ``deed`` too."""

    number: str
    pin: str = field(repr=False)
    deed: Deed


class DeskAction(ConsoleAction):
    """What moves money, or what the ledger must know: done where all else is written to it, by whoever may do ``deed``. ``number``: the agent who asks.

    What came of it arrives as a ``DeskTold``: a slow disk may answer when somebody else has the glass, who asked the same of the same voucher.
    """

    __slots__ = ()
    deed: ClassVar[Deed]
    number: str


@dataclass(frozen=True, slots=True)
class PayVoucher(DeskAction):
    """``second`` and ``why``: where the ledger wanted a second agent."""

    deed = Deed.PAY
    code: str
    number: str
    second: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class BeginCopy(DeskAction):
    """A voucher is to be printed again: which copy it is."""

    deed = Deed.PRINT
    code: str
    number: str


@dataclass(frozen=True, slots=True)
class PaperAction(ConsoleAction):
    """What the printer's thread does."""


@dataclass(frozen=True, slots=True)
class PrintCopy(PaperAction):
    """The ledger has its number."""

    voucher: Voucher
    copy: int


@dataclass(frozen=True, slots=True)
class PrintDay(PaperAction):
    """The day as it stands on its page."""

    today: Today


@dataclass(frozen=True, slots=True)
class PrintRefusal(PaperAction):
    """``visit``: the item's."""

    refusing: Refusing
    visit: str


@dataclass(frozen=True, slots=True)
class ClaimVoucher(DeskAction):
    """``bottles``: what the claimant says."""

    deed = Deed.CLAIM
    visit: str
    bottles: int
    number: str
    second: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class GrantBottles(DeskAction):
    """``bottles`` as ``ledger/grants.py`` names them."""

    deed = Deed.GRANT
    bottles: tuple[str, ...]
    number: str
    why: str
    second: str | None = None


@dataclass(frozen=True, slots=True)
class OrderSuccession(DeskAction):
    """A new generation, by two agents. The ledger is not touched while the kiosk runs: the order is kept in ``kiosk.db``, by the console's own worker, and comes back as SuccessionOrdered or Failed."""

    deed = Deed.GENERATION
    number: str
    why: NewLedger
    second: str | None = None


Seconded = PayVoucher | ClaimVoucher | GrantBottles | OrderSuccession
"""What a second agent is wanted for: where the ledger says so, or always."""


@dataclass(frozen=True, slots=True)
class LookAtBins(ConsoleAction):
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class EmptyBin(DeskAction):
    """The emptying ``n`` of a bin: once, however often it is asked for. ``second``: who began it, if that was somebody else."""

    deed = Deed.EMPTY
    bin: Bin
    n: int
    handing: Handing
    number: str
    second: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class WeighBin(DeskAction):
    deed = Deed.EMPTY
    bin: Bin
    n: int
    grams: int
    number: str


@dataclass(frozen=True, slots=True)
class PutToRest(ConsoleAction):
    """None: it is taken up again."""

    message: RestMessage | None
    number: str


@dataclass(frozen=True, slots=True)
class StartAnew(ConsoleAction):
    """The kiosk ends and begins again at once, with what the configuration says by then."""


@dataclass(frozen=True, slots=True)
class LookAtClosures(ConsoleAction):
    pass


@dataclass(frozen=True, slots=True)
class CloseDays(DeskAction):
    """Those that have ended."""

    deed = Deed.CLOSE
    number: str


@dataclass(frozen=True, slots=True)
class AskArchives(ConsoleAction):
    pass


@dataclass(frozen=True, slots=True)
class Verify(ConsoleAction):
    """``run`` tells one check from the next. ``archive``: an earlier generation; None: the ledger that is written now."""

    run: int
    archive: str | None


@dataclass(frozen=True, slots=True)
class StopVerifying(ConsoleAction):
    run: int


@dataclass(frozen=True, slots=True)
class ListAgents(ConsoleAction):
    number: str


@dataclass(frozen=True, slots=True)
class ChangeAgent(ConsoleAction):
    """By agent ``number``, who must still be a manager when it is done."""

    number: str
    change: AgentChange


@dataclass(frozen=True, slots=True)
class ChangePin(ConsoleAction):
    number: str
    before: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AwaitStaff:
    """At most one wait is open; a new one replaces it, ``None`` ends it. Apart from the visitor's, which goes on."""

    seconds: float | None
