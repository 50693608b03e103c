"""The live page's words: what is seen of the machine, what a technician asks for, and what comes of it.

=============  =================================================
action         comes back as
=============  =================================================
BeginLive      LiveLent, or LiveRefused; then LiveTold, LiveSaw, LiveLost until EndLive
Touch          LiveMoved, once it has ended or was refused
LetGo          –
EndLive        –
=============  =================================================
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.camera.faults import CameraTrouble
from drivers.intake.bus import Answer, ControllerHealth, Felt, HoldEnd, HotBlock, Identity, Motion
from drivers.intake.trouble import LinkTrouble
from kiosk.console.events import ConsoleEvent
from kiosk.console.technician.actions import TechnicianAction
from kiosk.deposit.loans import Hindrance
from recognition.shown import Shown


class Lamp(StrEnum):
    """The chamber's lamp, dark while it is touched."""

    DARK = "dark"


Moved = Motion | Lamp
"""What moves, or goes dark, for as long as it is touched."""


class Stage(StrEnum):
    """``WAITS``: something is still in the way of the loan. ``LENT``: the machine is the technician's."""

    ASKS = "asks"
    WAITS = "waits"
    LENT = "lent"


@dataclass(frozen=True, slots=True)
class Moment:
    """The hot block as it was read, at so many seconds of a monotonic clock."""

    at_s: float
    hot: HotBlock


@dataclass(frozen=True, slots=True)
class Touched:
    """The last thing that was touched, by its press: what the controller said to it, and how it ended; both None while it goes on."""

    what: Moved
    press: int
    answer: Answer | None = None
    ended: HoldEnd | None = None


@dataclass(frozen=True, slots=True)
class AtLive:
    """``run`` tells one loan from the next. ``why``: what it waits for. ``trace``: the last minute, the newest last. ``lost``: why the line says nothing now,
    ``blind``: why the camera shows nothing. ``stopped``: nothing is moved before somebody says so."""

    run: int
    stage: Stage = Stage.ASKS
    why: Hindrance | None = None
    identity: Identity | None = None
    health: ControllerHealth | None = None
    felt: Felt | None = None
    trace: tuple[Moment, ...] = ()
    lost: LinkTrouble | None = None
    picture: Shown | None = None
    blind: CameraTrouble | None = None
    touched: Touched | None = None
    stopped: bool = False

    @property
    def hot(self) -> HotBlock | None:
        """What the controller tells now; None where it tells nothing."""
        return self.trace[-1].hot if self.trace and self.lost is None else None


@dataclass(frozen=True, slots=True)
class LiveEvent(ConsoleEvent):
    """Each subclass is one: what is touched on the page, or what the tool tells of run ``run``."""


@dataclass(frozen=True, slots=True)
class TouchAsked(LiveEvent):
    """It is being touched. Said again and again while it lasts, under the same ``press``: silence ends the motion."""

    what: Moved
    press: int


@dataclass(frozen=True, slots=True)
class LetGoAsked(LiveEvent):
    pass


@dataclass(frozen=True, slots=True)
class StopAsked(LiveEvent):
    pass


@dataclass(frozen=True, slots=True)
class GoOnAsked(LiveEvent):
    """After a stop."""


@dataclass(frozen=True, slots=True)
class LiveLent(LiveEvent):
    run: int


@dataclass(frozen=True, slots=True)
class LiveRefused(LiveEvent):
    run: int
    why: Hindrance


@dataclass(frozen=True, slots=True)
class LiveTold(LiveEvent):
    """``health`` and ``felt`` come less often."""

    run: int
    moments: tuple[Moment, ...]
    health: ControllerHealth | None = None
    identity: Identity | None = None
    felt: Felt | None = None


@dataclass(frozen=True, slots=True)
class LiveLost(LiveEvent):
    run: int
    trouble: LinkTrouble


@dataclass(frozen=True, slots=True)
class LiveSaw(LiveEvent):
    """One of both."""

    run: int
    picture: Shown | None = None
    blind: CameraTrouble | None = None


@dataclass(frozen=True, slots=True)
class LiveMoved(LiveEvent):
    """``answer``: why it was not taken; else how it ended. Both None: it has begun."""

    run: int
    what: Moved
    press: int
    answer: Answer | None = None
    ended: HoldEnd | None = None


@dataclass(frozen=True, slots=True)
class LiveAction(TechnicianAction):
    """Each subclass is one. ``workers/live.py`` does it on the lent line and camera."""


@dataclass(frozen=True, slots=True)
class BeginLive(LiveAction):
    run: int


@dataclass(frozen=True, slots=True)
class EndLive(LiveAction):
    """What moves stands, what is not at home goes home, and line and camera are given back."""


@dataclass(frozen=True, slots=True)
class Touch(LiveAction):
    what: Moved
    press: int


@dataclass(frozen=True, slots=True)
class LetGo(LiveAction):
    pass
