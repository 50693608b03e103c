"""What the console's worker has looked up, as frozen values that cross to the screens."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from config.vocabulary import Bin, Cents, Material
from config.wear import WearLimit
from drivers.intake.bus import ControllerFault, FaultCause
from drivers.printer.state import PrinterState, PrinterTrouble
from kiosk.console.roles import Role
from kiosk.console.weighing import Tolerance
from kiosk.deposit.halts import RestMessage
from kiosk.log_reading import LogAbout, LogFigures, LogLine
from kiosk.verifying import Checked
from ledger.bins import Content, Destination, Emptying
from ledger.claims import Found
from ledger.figures import Figures
from ledger.selection import Opened, Selected, Selection
from ledger.views import DayTotal
from ledger.vocabulary import Payment, Refusal, VoucherRefused


@dataclass(frozen=True, slots=True)
class Today:
    """``day_cents``: what a day may cost at most. ``synced``: when the city last acknowledged everything that there was; None: never, or nobody knows.
    ``listed_days``: how old the newest word in the list of products is; None where there is no list that can be read. ``printer``: None where there is none. ``charted``: credits by day and material of the last thirty, the oldest first; None where they were not asked for.
    """

    figures: Figures
    log: LogFigures
    day_cents: Cents
    synced: datetime | None
    at: datetime
    printer: "PrinterSeen | None" = None
    charted: tuple[DayTotal, ...] | None = None
    listed_days: int | None = None


@dataclass(frozen=True, slots=True)
class LogRead:
    """The lines behind a figure of the day; None until they are there."""

    about: LogAbout
    lines: tuple[LogLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """A table was written: where, and how many entries."""

    path: str
    entries: int


@dataclass(frozen=True, slots=True)
class Looking:
    """At the ledger. ``selected`` is None until the answer is there; ``opened``: the entry that stands open; ``exported``: what became of the last export.
    ``archives``: the file names of the earlier generations, the newest first. ``path``: the file that is looked at.
    """

    selection: Selection
    selected: Selected | None = None
    opened: Opened | None = None
    exported: Exported | None = None
    archives: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a voucher is not paid, with the facts of ``VoucherRefused``."""

    why: Refusal
    code: str
    kiosk: str = ""
    valid_until: date | None = None
    payment: Payment | None = None
    archive: str = ""

    def error(self) -> VoucherRefused:
        return VoucherRefused(
            self.why, self.code, kiosk=self.kiosk, valid_until=self.valid_until, payment=self.payment, archive=self.archive
        )


def refused_of(error: VoucherRefused) -> Refused:
    return Refused(error.why, error.code, error.kiosk, error.valid_until, error.payment, error.archive)


@dataclass(frozen=True, slots=True)
class Presented:
    """The voucher that somebody has brought. ``found`` and ``refused`` are None until the answer is there; of one that may be paid ``refused`` stays None.
    ``sure``: whether it was handed over is being asked; ``paying``: the ledger is; ``payment``: it is paid, now.
    """

    found: Found | None = None
    refused: Refused | None = None
    sure: bool = False
    paying: bool = False
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class PrinterSeen:
    """How the ticket printer was, and when it was asked."""

    state: PrinterState
    at: datetime


class PaperStage(StrEnum):
    """``BEGINNING``: the ledger is asked for the copy. ``BROKEN``: what came out is not whole, if anything did."""

    BEGINNING = "beginning"
    PRINTING = "printing"
    OUT = "out"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What staff have printed last: the voucher ``code``, or the day's report where it is None."""

    code: str | None
    stage: PaperStage = PaperStage.BEGINNING
    copy: int = 0
    trouble: PrinterTrouble | None = None


class Outcome(StrEnum):
    """What an agent found of a refusal that a visitor contested. No money moves by it."""

    UPHELD = "upheld"
    WRONG = "wrong"


class Reassurance(StrEnum):
    """Why two agents vouch for what one may not do alone: it stands in the ledger."""

    TICKET = "ticket"
    """A ticket or a picture of the code was seen."""
    KNOWN = "known"
    """The desk was there, or noted it."""
    TOLD = "told"
    """A responsible person decided so."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The kiosk is at rest: what visitors are told, who put it there, and when."""

    message: RestMessage
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class BinSeen:
    """How full the machine sees a bin."""

    bin: Bin
    material: Material
    percent: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What the controller counts and tells: ``items`` that fell, ``commands`` it took, its ``starts``; and the fault that stands."""

    items: int
    commands: int
    starts: int
    fault: ControllerFault = ControllerFault.NONE
    cause: FaultCause = FaultCause.NONE

    def of(self, limit: WearLimit) -> int:
        return {"items": self.items, "commands": self.commands, "starts": self.starts}[limit.counts]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the machine told last of bins and service door; ``linked``: and tells now."""

    bins: tuple[BinSeen, ...] = ()
    door_open: bool = False
    linked: bool = False
    counted: Counted | None = None

    def percent(self, bin: Bin) -> int | None:
        """None where the machine does not tell it now."""
        return next((seen.percent for seen in self.bins if seen.bin == bin), None) if self.linked else None


class Stage(StrEnum):
    """The steps of an emptying, in their order; ``WHY`` only where something is in doubt."""

    DOOR = "door"
    SEAL = "seal"
    DESTINATION = "destination"
    CARRIER = "carrier"
    WHY = "why"
    CHECK = "check"


class Doubt(StrEnum):
    """What the machine did not see as it should be where a bin was emptied."""

    DOOR_UNSEEN = "door_unseen"
    NOT_EMPTY = "not_empty"
    LEVEL_UNKNOWN = "level_unknown"


class Excuse(StrEnum):
    """Why it may be so; stands in the ledger."""

    DOOR_SWITCH = "door_switch"
    LEVEL_SENSOR = "level_sensor"
    POWER_OFF = "power_off"
    NOT_ALL = "not_all"


@dataclass(frozen=True, slots=True)
class Round:
    """An emptying that is under way, begun by agent ``by``; ``n`` is the number that it will have. Nothing of it stands in the ledger before its end.

    ``door_seen``: the door was seen open since it began.
    """

    bin: Bin
    n: int
    by: str
    stage: Stage = Stage.DOOR
    door_seen: bool = False
    seal: str = ""
    destination: Destination | None = None
    carrier: str = ""
    why: Excuse | None = None


@dataclass(frozen=True, slots=True)
class Unweighed:
    """An emptying whose slip is still to come; ``emptying`` is None where it lies in an archive that cannot be read."""

    bin: Bin
    n: int
    emptying: Emptying | None


class NewLedger(StrEnum):
    """Why a new ledger begins at the glass. A restored copy and a lost key are for ``consigne ledger begin``."""

    COMMISSIONED = "commissioned"
    CONTROLLER = "controller"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class BinsLook:
    """What the ledger says of the bins. ``emptyings``: the newest first, earlier generations' too. ``doors``: bins since whose last emptying the technical log
    has seen the door open. ``carriers``: who came last. ``unread``: archives that could not be read."""

    contents: tuple[Content, ...]
    emptyings: tuple[Emptying, ...]
    unweighed: tuple[Unweighed, ...]
    doors: tuple[Bin, ...]
    carriers: tuple[str, ...]
    tolerance: Tolerance
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AtBins:
    """``look`` is None until the answer is there. ``on_it``: the emptying that is under way stands open. ``weighing``: whose slip is being typed, ``grams``: what it says, before it is sure. ``writing``: the ledger is at one or the other. ``checking``: what was
    weighed stands against what was expected. ``emptied``: what was written just now; ``again``: it had been before."""

    look: BinsLook | None = None
    on_it: bool = False
    weighing: Unweighed | None = None
    grams: int | None = None
    writing: bool = False
    checking: bool = False
    emptied: Content | None = None
    again: bool = False
    weighed: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A closure: whose day it is, what was credited on it, when it was closed, and by whom; None: by the kiosk itself."""

    n: int
    day: date
    bottles: int
    cents: Cents
    at: datetime
    agent: str | None


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Rows of a day that are in no closure yet. ``ended``: none will come any more."""

    day: date
    first: int
    last: int
    bottles: int
    ended: bool


@dataclass(frozen=True, slots=True)
class ClosuresLook:
    """``closed``: the newest first; ``open``: the oldest first. ``trusted``: whether the clock can close a day."""

    closed: tuple[ClosedDay, ...]
    open: tuple[OpenDay, ...]
    trusted: bool


@dataclass(frozen=True, slots=True)
class AtClosures:
    """``closed``: the days that were closed just now, None where nobody has asked."""

    look: ClosuresLook | None = None
    writing: bool = False
    closed: tuple[date, ...] | None = None


@dataclass(frozen=True, slots=True)
class AtVerify:
    """``archives``: earlier generations, the newest first. ``run``: the check that is under way, of ``archive`` or, if None, of the ledger that is written now;
    ``row``: how far it is, of ``last``."""

    archives: tuple[str, ...] = ()
    archive: str | None = None
    run: int | None = None
    row: int | None = None
    last: int = 0
    result: Checked | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An agent as a manager sees one. ``name`` is empty once it was erased; without a PIN nobody can log in."""

    number: str
    name: str = field(repr=False)
    role: Role
    has_pin: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Adding:
    """An agent more, with a PIN that is drawn. The name may be left out."""

    role: Role
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Appointing:
    """Another role."""

    number: str
    role: Role


@dataclass(frozen=True, slots=True)
class Blocking:
    """Or no more."""

    number: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Name and PIN are erased for good."""

    number: str


@dataclass(frozen=True, slots=True)
class Repinning:
    """Another PIN is drawn, for who has forgotten theirs."""

    number: str


AgentChange = Adding | Appointing | Blocking | Forgetting | Repinning


@dataclass(frozen=True, slots=True)
class AtAgents:
    """``listed`` is None until the answer is there. ``picked``: who is looked at; ``asking``: what is about to be done and asked about first; ``changing``: it is being
    done; ``given``: the PIN that was drawn for ``picked`` just now, told this once."""

    listed: tuple[Listed, ...] | None = None
    picked: str | None = None
    asking: AgentChange | None = None
    changing: bool = False
    given: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OwnPin:
    """``must``: it was given by somebody else, and nothing else is done before it is changed. ``times`` tells one try from the next."""

    must: bool = False
    changed: bool = False
    times: int = 0
