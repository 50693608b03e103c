"""The words of the enrolment's page: what is looked at, typed, and told."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.console.actions import ConsoleAction
from kiosk.console.events import ConsoleEvent
from ledger.sync.typed import Came


class Known(StrEnum):
    """Whether the city knows this kiosk, by the sync's last round."""

    YES = "yes"
    NO = "no"
    """There is no key, or the city does not recognise it any more."""
    UNSURE = "unsure"
    """It was not asked yet, or has not answered."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """``waits``: a code lies there that the sync has not settled; ``came``: what came of the last one that it tried."""

    kiosk: str
    known: Known
    waits: bool
    came: Came | None


@dataclass(frozen=True, slots=True)
class AtEnrolment:
    """``seen`` is None until the answer is there. ``typing``: a code is typed; ``unfit``: what was typed can be no code; ``bringing``: it is being written."""

    seen: Enrolment | None = None
    typing: bool = False
    unfit: bool = False
    bringing: bool = False


NO_ENROLMENT = AtEnrolment()


@dataclass(frozen=True, slots=True)
class EnrolmentEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class CodeWanted(EnrolmentEvent):
    """``wanted`` False: not now."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class CodeTyped(EnrolmentEvent):
    """Or scanned."""

    code: str


@dataclass(frozen=True, slots=True)
class LookedAgain(EnrolmentEvent):
    """The page looks by itself while a code waits. It is no sign of life."""


@dataclass(frozen=True, slots=True)
class EnrolmentTold(EnrolmentEvent):
    seen: Enrolment


@dataclass(frozen=True, slots=True)
class EnrolmentAction(ConsoleAction):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class LookAtEnrolment(EnrolmentAction):
    """Comes back as EnrolmentTold, or Failed."""


@dataclass(frozen=True, slots=True)
class BringCode(EnrolmentAction):
    """To the sync, by agent ``number``. Comes back as EnrolmentTold, or Failed."""

    number: str
    code: str
