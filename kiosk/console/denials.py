"""Why somebody is not let in, each reason a type with its facts. Words are made in ``kiosk/words``."""

from dataclasses import dataclass
from datetime import date

from config.files import Trouble


@dataclass(frozen=True, slots=True)
class Denial:
    """One reason; each subclass is one."""


@dataclass(frozen=True, slots=True)
class WrongPin(Denial):
    """There is no such agent, or the PIN is another: which of the two is not said."""


@dataclass(frozen=True, slots=True)
class MustWait(Denial):
    """Too many wrong ones, for this agent or at this machine; nothing was looked at."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Blocked(Denial):
    """The PIN is right, and the agent may not log in any more."""


@dataclass(frozen=True, slots=True)
class WrongCode(Denial):
    """Not the one-time code of this start."""


@dataclass(frozen=True, slots=True)
class TooSimple(Denial):
    """A PIN that somebody would guess."""


@dataclass(frozen=True, slots=True)
class PinsDiffer(Denial):
    """Typed twice, and not the same."""


@dataclass(frozen=True, slots=True)
class SameAgent(Denial):
    """A second agent is another one than the first."""


@dataclass(frozen=True, slots=True)
class GivenPin(Denial):
    """Whoever gave it knows it too: it vouches for nobody before its agent has logged in and changed it."""


@dataclass(frozen=True, slots=True)
class NotTheirs(Denial):
    """The agent's role may not do this, neither alone nor as the second."""


@dataclass(frozen=True, slots=True)
class FileFails(Denial):
    """A file that is needed cannot be read or written: the agents' to let somebody in, the ledger's or the log's to look something up."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class NothingTyped(Denial):
    """What was asked for is needed."""


@dataclass(frozen=True, slots=True)
class NoWeight(Denial):
    """What was typed is no weight in kilograms."""


@dataclass(frozen=True, slots=True)
class TooHeavy(Denial):
    """No bin weighs so much: grams were typed for kilograms, or a comma is missing."""

    most_kg: int


@dataclass(frozen=True, slots=True)
class WeighedBefore(Denial):
    """The weight of this emptying stands in the ledger already, and stays."""


@dataclass(frozen=True, slots=True)
class ClockNotTrusted(Denial):
    """No day is closed by a clock that nobody trusts, or that is behind the ledger."""


@dataclass(frozen=True, slots=True)
class NumbersOver(Denial):
    """What is credited by hand stands under a visit number of its own, and that day's are all taken."""

    day: date


@dataclass(frozen=True, slots=True)
class TheLastManager(Denial):
    """Nobody would be left who may look after the agents."""
