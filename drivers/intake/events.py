"""What the intake tells: events derived from successive hot blocks. The facts are in them; words are made elsewhere.

::

      gate open ── ItemEntered ──▶ gate shuts ── ItemSettled ──▶ Sort ─── ItemDropped ──▶ at rest
                        │                            │                                      ▲
                        └──── Rested (pulled out) ◀──┴──────────▶ Return ── TakenBack ──────┘
      any time: Restarted, LinkLost … LinkBack, LineReturned … LinkBack, CommandUnanswered, Hand, DoorOpened … DoorShut, BinLevel, Fault
"""

from dataclasses import dataclass

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import Answer, ControllerFault, FaultCause, HotBlock, Identity
from drivers.intake.trouble import LinkTrouble


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The port answers: first connection or a return. ``identity`` was read on it."""

    identity: Identity
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The port is gone or silent, or the controller speaks another register table.

    The driver goes on trying. Told again while the link is down only if it becomes known that the controller speaks another table.
    """

    trouble: LinkTrouble


@dataclass(frozen=True, slots=True)
class LineReturned:
    """The line was lent, and is the driver's again. What happened meanwhile nobody told: LinkBack follows, or LinkLost."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The controller started anew since the last answer."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class ItemEntered:
    """Something came through the open gate; the gate shuts behind it."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class ItemSettled:
    """It lies still behind the shut gate: weight and metal may be believed."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class ItemDropped:
    """*counted* moved: the Sort of that sequence ended with its item in the bin."""

    sequence: SequenceNumber
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class TakenBack:
    """*back* moved: the Return of that sequence ended with its item out of the machine."""

    sequence: SequenceNumber
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class Rested:
    """The controller came to rest, or rests and was asked. After a fault of gate or flap it rests in FAILED."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class CommandUnanswered:
    """A command was sent again and again and not taken in its time; ``answer`` is what the controller said of it last, NONE if nothing."""

    sequence: SequenceNumber
    answer: Answer


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand, or what it holds, came into the way of the gate that is to shut, or of a command (``present``), or left it."""

    present: bool
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class DoorOpened:
    """The service door is open: the controller takes no command until it is shut."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class DoorShut:
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class BinLevel:
    """How full a bin is has changed."""

    bin: Bin
    percent: int
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class FaultChanged:
    """The controller's fault has changed; NONE says that the one before has ended."""

    fault: ControllerFault
    cause: FaultCause
    hot: HotBlock


MachineEvent = DoorOpened | DoorShut | BinLevel | FaultChanged
IntakeEvent = (
    LinkBack
    | LinkLost
    | LineReturned
    | Restarted
    | ItemEntered
    | ItemSettled
    | ItemDropped
    | TakenBack
    | Rested
    | CommandUnanswered
    | Hand
    | MachineEvent
)
