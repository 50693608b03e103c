"""The words of the generation's page: what is known of the ledger, what is asked for, and told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.vocabulary import Cents
from kiosk.console.actions import ConsoleAction
from kiosk.console.events import ConsoleEvent
from kiosk.console.told import NewLedger


class Hindered(StrEnum):
    """Why one that was ordered did not begin; the old ledger goes on."""

    CONTROLLER = "controller"
    """It did not answer."""
    READER = "reader"
    """Another program had the old ledger open for too long."""
    CLOCK = "clock"
    """It is behind the ledger."""
    DISK = "disk"
    OTHER = "other"


NO_GENERATION = ""


@dataclass(frozen=True, slots=True)
class Order:
    """That a ledger is to succeed the one whose first row has the hash ``generation``, NO_GENERATION for the kiosk's first: by which two agents, and why. ``hindered``: why it did not."""

    by: str
    second: str
    why: NewLedger
    generation: str
    hindered: Hindered | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The one that is written now. ``unsent``: rows that the city has not acknowledged, all of them where it acknowledged none; ``synced``: when it did last.
    ``vouchers``, ``cents``: those that are still open, which go over into the next."""

    begun: datetime
    by: str
    why: str
    kiosk: str
    controller_id: int
    rows: int
    unsent: int
    synced: datetime | None
    vouchers: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class NoneYet:
    """None has begun. ``kiosk``: the name that the first one will bear."""

    kiosk: str


@dataclass(frozen=True, slots=True)
class AtSuccession:
    """``ledger`` is None until the answer is there. ``why``: what was chosen, and is asked about; ``ordering``: it is being written; ``hindered``: why the last one that was
    ordered did not begin."""

    ledger: Ledger | NoneYet | None = None
    why: NewLedger | None = None
    ordering: bool = False
    hindered: Hindered | None = None


NO_SUCCESSION = AtSuccession()


@dataclass(frozen=True, slots=True)
class SuccessionEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class WhyChosen(SuccessionEvent):
    """None: not now."""

    why: NewLedger | None


@dataclass(frozen=True, slots=True)
class SuccessionAsked(SuccessionEvent):
    """After what will happen was told. A second agent is asked for; not while a visit is open, nor before the machine stands (``composed.py``)."""


@dataclass(frozen=True, slots=True)
class LedgerSeen(SuccessionEvent):
    ledger: Ledger | NoneYet
    hindered: Hindered | None


@dataclass(frozen=True, slots=True)
class SuccessionOrdered(SuccessionEvent):
    """It is durable, and carried out by the next start."""

    order: Order


@dataclass(frozen=True, slots=True)
class LookAtLedger(ConsoleAction):
    """Comes back as LedgerSeen, or Failed."""
