"""What a person may do at the demonstration, and what there is to see of it: frozen values between panel, player and stage."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.vocabulary import Cents
from kiosk.deposit.events import Touch
from simulation.demo.faults import Mishap
from simulation.visitor import Shown

PARTS = ("kiosk", "twin", "sync", "city")
"""The processes, as ``simulation.processes`` names them."""


@dataclass(frozen=True, slots=True)
class PutIn:
    """A person puts this item in, turned by so many degrees, as soon as the gate is open."""

    item: str
    roll_deg: int


@dataclass(frozen=True, slots=True)
class Provoke:
    """A fault begins, or ends."""

    fault: Mishap
    begins: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A finger on the button of the kiosk's window that asks for this."""

    touch: Touch


Deed = PutIn | Provoke | Press


@dataclass(frozen=True, slots=True)
class Totals:
    """What the city has heard of so far."""

    glass: int
    plastic: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Situation:
    """``city`` and ``camera`` are addresses, ``shown`` is the last view-state of the kiosk. ``totals``: None until the city has told them;
    ``log_in``: name and password at the city."""

    city: str
    camera: str
    running: Mapping[str, bool]
    begun: frozenset[Mishap] = frozenset()
    totals: Totals | None = None
    shown: Shown | None = None
    log_in: str = ""
