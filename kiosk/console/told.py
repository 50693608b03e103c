"""What the console's worker has looked up, as frozen values that cross to the screens."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from config.vocabulary import Cents
from kiosk.log_reading import LogFigures
from ledger.claims import Found
from ledger.figures import Figures
from ledger.selection import Opened, Selected, Selection
from ledger.vocabulary import Payment, Refusal, VoucherRefused


@dataclass(frozen=True, slots=True)
class Today:
    """``day_cents``: what a day may cost at most. ``synced``: when the city last acknowledged everything that there was; None: never, or nobody knows."""

    figures: Figures
    log: LogFigures
    day_cents: Cents
    synced: datetime | None
    at: datetime


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


def refused_of(error: VoucherRefused) -> Refused:
    return Refused(error.why, error.code, error.kiosk, error.valid_until, error.payment)


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
