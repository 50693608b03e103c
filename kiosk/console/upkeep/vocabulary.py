"""The words of faults and upkeep: what is looked at, asked for, and told."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from config.wear import WearLimit
from kiosk.console.actions import ConsoleAction
from kiosk.console.events import ConsoleEvent
from kiosk.log_reading import LogGroup, LogLine


class UpkeepView(StrEnum):
    FAULTS = "faults"
    HISTORY = "history"
    WEAR = "wear"
    CLEANING = "cleaning"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Who did it, and how many items had fallen by then; None where the controller did not tell."""

    at: datetime
    by: str
    items: int | None


@dataclass(frozen=True, slots=True)
class CleaningTerms:
    """It is due after so many bottles or days, whichever comes first."""

    bottles: int
    days: int


@dataclass(frozen=True, slots=True)
class UpkeepLook:
    """``faults``: their lines of the log, the newest first. ``cleaned``: the newest first. ``limits``: from ``config/wear.toml``."""

    faults: tuple[LogLine, ...]
    cleaned: tuple[Cleaned, ...]
    limits: tuple[WearLimit, ...]
    terms: CleaningTerms
    at: datetime


@dataclass(frozen=True, slots=True)
class LogQuery:
    """``day`` in Paris; None: all that there is. ``visit``: the four digits of a visit's number, or empty."""

    group: LogGroup = LogGroup.ALL
    day: date | None = None
    visit: str = ""


@dataclass(frozen=True, slots=True)
class AtUpkeep:
    """``look`` and ``lines`` are None until the answer is there. ``sure``: whether it was cleaned is being asked."""

    view: UpkeepView = UpkeepView.FAULTS
    look: UpkeepLook | None = None
    sure: bool = False
    query: LogQuery = LogQuery()
    lines: tuple[LogLine, ...] | None = None


NO_UPKEEP = AtUpkeep()


@dataclass(frozen=True, slots=True)
class UpkeepEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class UpkeepShown(UpkeepEvent):
    view: UpkeepView


@dataclass(frozen=True, slots=True)
class CleaningAsked(UpkeepEvent):
    """First it is asked whether it was done; ``sure``: it was; None: not now."""

    sure: bool | None


@dataclass(frozen=True, slots=True)
class LogSought(UpkeepEvent):
    query: LogQuery


@dataclass(frozen=True, slots=True)
class UpkeepTold(UpkeepEvent):
    look: UpkeepLook


@dataclass(frozen=True, slots=True)
class CleaningNoted(UpkeepEvent):
    """It is durable."""

    look: UpkeepLook


@dataclass(frozen=True, slots=True)
class LogFound(UpkeepEvent):
    query: LogQuery
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class UpkeepAction(ConsoleAction):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class LookAtUpkeep(UpkeepAction):
    pass


@dataclass(frozen=True, slots=True)
class NoteCleaning(UpkeepAction):
    number: str
    items: int | None


@dataclass(frozen=True, slots=True)
class SearchLog(UpkeepAction):
    query: LogQuery
