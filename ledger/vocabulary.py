"""The words of money: intents and their endings, visits, vouchers, errors, and the ``Journal``'s functions. Kinds of entry and accounts stand in ``kinds.py``."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from config.clock import Instant
from config.files import Trouble
from config.told import OutOfService, WrongUse
from config.vocabulary import Association, Bin, Cents, Flag, Gtin, Material, SequenceNumber
from ledger.days import Reckoning
from ledger.kinds import Kind

HIGHEST = 0xFFFF_FFFF
"""The highest sequence, and the highest totaliser."""


class Ending(StrEnum):
    """How an intent ends without a credit."""

    CANCELLED = Kind.CANCELLED.value
    UNCOUNTED = Kind.UNCOUNTED.value


class Cause(StrEnum):
    """Why a visit's sum became a voucher: ``KEPT`` by a visitor who had finished, to be shown; the others stay unclaimed under the visit number."""

    KEPT = "kept"
    TIMED_OUT = "timed_out"
    POWER_CUT = "power_cut"
    GRANTED = "granted"
    """Credited by hand at the desk, which hands the voucher over itself."""


@dataclass(frozen=True, slots=True)
class Intent:
    """Durable before its Sort is sent: what is about to fall, where, and what it will be worth.

    ``amount`` is the reward, or 0 once the visit was paid for all that it may be: such a bottle is handed in without money. ``flags``: why staff may want to look at it.
    """

    sequence: SequenceNumber
    visit: str
    gtin: Gtin | None
    material: Material
    amount: Cents
    bin: Bin
    weight_g: int
    policy: str
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's visit. ``id`` is the Paris day and the visit number, as in ``2026-11-24/0417``.

    ``allowed``: bottles that it may be paid for, fixed at its first. ``bottles``: those that were credited, at 0 cents too.
    ``uncounted``: those that fell and were credited to nobody, which staff may credit.
    """

    id: str
    number: str
    allowed: int
    bottles: int
    cents: Cents
    last: Instant
    uncounted: int = 0

    @property
    def remaining(self) -> int:
        """Bottles that it may still be paid for."""
        return max(0, self.allowed - self.bottles)


@dataclass(frozen=True, slots=True)
class Voucher:
    """A claim on the sum of one visit. ``link`` is the QR's text: page, code, amount, day and signature behind ``#``."""

    code: str
    visit: str
    amount: Cents
    issued: date
    valid_until: date
    cause: Cause
    link: str
    demonstration: bool

    @property
    def visit_number(self) -> str:
        return self.visit.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Payment:
    """That a voucher was paid: by whom, at which kiosk, when it was booked and where it stands."""

    code: str
    amount: Cents
    kiosk: str
    agent: str
    at: datetime
    row: int


class Refusal(StrEnum):
    """Why a voucher that somebody presents is not paid."""

    NO_CODE = "no_code"
    """Not a code at all: a letter is wrong."""
    UNKNOWN = "unknown"
    """A code that this kiosk never issued: all its ledgers lie here, and none has it."""
    NOT_HERE = "not_here"
    """In none of the ledgers that lie here, and one of those before this one does not: it may stand in that one, or in one before it."""
    OTHER_KIOSK = "other_kiosk"
    DEMONSTRATION = "demonstration"
    """A demonstration's voucher at a real kiosk, or a real one at a demonstration."""
    FORGED = "forged"
    """Its link or its entry is not what the kiosk signed."""
    PAID = "paid"
    NOT_LISTED = "not_listed"
    """Of an earlier generation, and this one's first entry does not know it as open."""
    CITY_PAYS = "city_pays"
    EXPIRED = "expired"
    UNPROVEN = "unproven"
    """Of an earlier generation whose archive is not here: nobody can check its signature."""
    DOUBTFUL = "doubtful"
    """The ledger was restored from a copy since: two agents with a reason may pay it."""


@dataclass(frozen=True, slots=True)
class Unshown:
    """A voucher whose page was not closed as far as the ledger knows: the power may have failed meanwhile.

    ``visit`` as it stood before the voucher ended it; ``since`` its visitor was last there: when it was issued, or, after a power cut, the visit's last row.
    """

    voucher: Voucher
    since: Instant
    visit: Visit
    copies: int = 0
    """The number of its newest ticket, which may be on paper, 0 where none was begun."""


@dataclass(frozen=True, slots=True)
class DayTaken:
    """Bottles credited on a business day, at 0 cents too."""

    day: date
    bottles: int


@dataclass(frozen=True, slots=True)
class Books:
    """Where the books stand after the entry ``row``; of two, those with the higher row are the later.

    ``reckoned`` is the business day as that entry left it, ``taken`` what the last day with a credit has; an earlier generation's bottles are
    not among them.
    """

    row: int
    hash: str
    totaliser: int
    last_sequence: SequenceNumber
    open_intent: Intent | None
    visit: Visit | None
    reckoned: Reckoning
    taken: DayTaken | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """The books after the totaliser was booked. ``credited`` is what this booking credited; ``visit`` the open visit as it stands now.

    ``steps`` of the totaliser were booked that nobody is credited for. ``possible``: bottles that the open visit may still be paid for, or that one
    which begins now may. Where ``date_known`` is false the day ends by a count of hours.
    """

    totaliser: int
    credited: Intent | None
    open_intent: Intent | None
    visit: Visit | None
    possible: int
    steps: int = 0
    date_known: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """What a start finds in the ledger: the one source from which the session resumes; there is no session file."""

    kiosk: str
    controller_id: int
    demonstration: bool
    booked_totaliser: int
    last_sequence: SequenceNumber
    open_intent: Intent | None
    visit: Visit | None
    unshown: Unshown | None = None
    taken: DayTaken | None = None


class LedgerError(OutOfService):
    """The ledger refused or could not write; nothing of the transaction was kept."""


class LedgerLocked(LedgerError):
    def __init__(self, path: str, holder: str) -> None:
        super().__init__(f"{path} is in use by {holder}")
        self.path = path
        self.holder = holder


class LedgerUnavailable(LedgerError):
    """The disk is full, read-only or failing, or the file is damaged; ``trouble`` says which."""

    def __init__(self, path: str, detail: str, trouble: Trouble = Trouble.OTHER) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail
        self.trouble = self.variant = trouble


class NoLedger(LedgerError):
    """There is no ledger at this path: one must be begun."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: no ledger here")
        self.path = path


class LedgerExists(LedgerError, WrongUse):
    """There is a ledger at this path already; a new generation must be asked for in so many words."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: a ledger is here already")
        self.path = path


class ClockBehind(LedgerError):
    """The clock shows a time that is past for certain: before this program was built (``row`` is None), or before the row that the ledger ends with."""

    def __init__(self, now: datetime, not_before: datetime, row: int | None) -> None:
        super().__init__(f"the clock shows {now:%Y-%m-%d %H:%M}, it is after {not_before:%Y-%m-%d %H:%M}")
        self.now = now
        self.not_before = not_before
        self.row = row


class WrongFile(LedgerError):
    """What lies at this path is not a ledger."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class SchemaUnknown(LedgerError):
    """A newer program made this file; this one neither writes nor reads it."""

    def __init__(self, path: str, found: str, known: str) -> None:
        super().__init__(f"{path}: schema {found}, this program knows {known}")
        self.path = path
        self.found = found
        self.known = known


class WrongKey(LedgerError):
    """The signing key is missing, unreadable, or not the one that the generation names."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class WrongKiosk(LedgerError, WrongUse):
    """The ledger is another kiosk's than the configured one."""

    def __init__(self, path: str, found: str, configured: str) -> None:
        super().__init__(f"{path} is the ledger of {found}, configured is {configured}")
        self.path = path
        self.found = found
        self.configured = configured


class LedgerBehind(LedgerError):
    """By sync.db the city acknowledged what is not in this ledger, or a ledger that came after it: rows are gone, it is an older copy, or sync.db is wrong."""

    def __init__(self, path: str, last: int) -> None:
        super().__init__(f"{path} ends at row {last}, and the city has acknowledged more, or otherwise")
        self.path = path
        self.last = last


class Garbled(LedgerError):
    """What stands in a row is not what a kiosk writes; ``verify`` names each such row."""


class WrongMoney(LedgerError):
    """A rule of the journal forbids it: an intent that ends twice, a second open intent, a voucher issued twice."""


class VoucherRefused(LedgerError):
    """A voucher that is not paid, and why; of one that was paid before, when and where. ``archive``: the name of the one that is missing."""

    def __init__(
        self,
        why: Refusal,
        code: str,
        *,
        kiosk: str = "",
        valid_until: date | None = None,
        payment: Payment | None = None,
        archive: str = "",
    ) -> None:
        super().__init__(f"voucher {code}: {why}")
        self.why = self.variant = why
        self.code = code
        self.kiosk = kiosk
        self.valid_until = valid_until
        self.payment = payment
        self.archive = archive


class SecondNeeded(LedgerError):
    """What only two agents may do together, the second with another number, and with a reason."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs two agents and a reason")
        self.what = what


class Ungranted(StrEnum):
    """Why a bottle is not credited by hand."""

    VISIT_OPEN = "visit_open"
    VOUCHER_WAITS = "voucher_waits"
    """A voucher that was asked for has its page still open, or the power failed under it."""
    NO_BOTTLE = "no_bottle"
    """Neither uncounted, nor fallen by itself in a visit, nor of a visit that there was."""
    GRANTED = "granted"
    """Credited before."""
    WORTHLESS = "worthless"
    """It was handed in without money."""
    DAY_CENTS = "day_cents"
    AGENT_CENTS = "agent_cents"


class GrantRefused(LedgerError):
    """A credit by hand that is not given; ``bottle`` is what it was asked for, where that is why."""

    def __init__(self, why: Ungranted, bottle: str = "") -> None:
        super().__init__(f"no grant of {bottle}: {why}")
        self.why = self.variant = why
        self.bottle = bottle


class NoEmptying(LedgerError):
    """No emptying of this bin under this number waits to be weighed."""

    def __init__(self, bin: Bin, n: int) -> None:
        super().__init__(f"emptying {n} of bin {bin} was not made, or is weighed")
        self.bin = bin
        self.n = n


class ReasonNeeded(LedgerError):
    """An emptying whose open door nobody saw needs a reason."""

    def __init__(self, bin: Bin) -> None:
        super().__init__(f"bin {bin}: nobody saw the door open")
        self.bin = bin


class ClockUntrusted(LedgerError):
    """No day is closed by a clock that nobody vouches for."""


class NumberBeyond(LedgerError):
    """A sequence or totaliser that no controller can tell: its registers end at ``HIGHEST``."""

    def __init__(self, name: str, value: int) -> None:
        super().__init__(f"{name} {value} is beyond {HIGHEST}")
        self.name = name
        self.value = value


class NumbersUsedUp(LedgerError):
    """Every visit number of the business day has been drawn: there are more on the next."""

    def __init__(self, day: date) -> None:
        super().__init__(f"all visit numbers of {day.isoformat()} are used")
        self.day = day


class TotaliserFell(LedgerError):
    """The controller counts less than was booked: another controller, or its memory was lost. A new generation is needed."""

    def __init__(self, booked: int, read: int) -> None:
        super().__init__(f"totaliser reads {read}, booked are {booked}")
        self.booked = booked
        self.read = read


class Journal(Protocol):
    """What the kiosk may do with money. Each call is one durable transaction (fsync before it returns) or a LedgerError.

    ``occurred`` is when it happened in the hall; the journal adds when it was booked.
    """

    @property
    def books(self) -> Books:
        """As they stand after the newest entry."""
        ...

    def standing(self) -> Standing: ...

    def open_visit(self, occurred: Instant) -> Visit:
        """Draws a visit number and fixes, by one query, how many bottles the visit may be paid for."""
        ...

    def intend(self, intent: Intent, occurred: Instant) -> None:
        """Its amount must be the reward, or 0 once the visit was paid for all that it may be."""
        ...

    def book(self, totaliser: int, counted: SequenceNumber, occurred: Instant) -> Booked:
        """Books what the totaliser shows: a credit if it moved and ``counted`` is the open intent's sequence, every other step at 0, in the open visit.

        Writes nothing when the totaliser is already booked, but for time that has passed by an unknown date. Raises TotaliserFell.
        """
        ...

    def end(self, sequence: SequenceNumber, ending: Ending, occurred: Instant) -> None:
        """Ends the open intent without a credit."""
        ...

    def issue_voucher(self, visit: str, cause: Cause, occurred: Instant) -> Voucher: ...

    def mark_shown(self, code: str, occurred: Instant) -> None:
        """The page of a voucher, or of the number under which it is kept, has been closed. Until the next visit begins it may be the newest only."""
        ...

    def begin_ticket(self, code: str, occurred: Instant) -> int:
        """Before the first byte goes to the printer: which copy of the voucher it is. Raises VoucherRefused for one that was paid."""
        ...

    def give(self, visit: str, association: Association, occurred: Instant) -> Cents:
        """The visit's sum becomes a gift to this association."""
        ...

    def close_visit(self, visit: str, occurred: Instant) -> None:
        """Ends a visit without a sum."""
        ...
