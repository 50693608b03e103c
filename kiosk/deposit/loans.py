"""Why intake line and camera are not lent to a technician's tool, each reason a type with its facts. Words are made in ``kiosk/words``."""

from dataclasses import dataclass

from config.vocabulary import SequenceNumber


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One reason; each subclass is one."""


@dataclass(frozen=True, slots=True)
class NotInService(Hindrance):
    """Nobody has asked for the machine: it takes bottles."""


@dataclass(frozen=True, slots=True)
class VisitOpen(Hindrance):
    """A visitor's sum waits to be kept, under this number; None while the ledger is still asked for one."""

    number: str | None


@dataclass(frozen=True, slots=True)
class BottleOpen(Hindrance):
    """The bottle of this Sort is neither credited nor ended otherwise."""

    sequence: SequenceNumber


@dataclass(frozen=True, slots=True)
class ItemInside(Hindrance):
    """Something lies in the chamber."""


@dataclass(frozen=True, slots=True)
class StillBusy(Hindrance):
    """The machine has not come to its stop yet, or a visitor still looks at a voucher."""


@dataclass(frozen=True, slots=True)
class AlreadyLent(Hindrance):
    """Another tool has it."""
