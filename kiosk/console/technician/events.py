"""What a technician asks for at the glass (``TechnicianEvent``), and what their tool tells (``ToolEvent``)."""

from dataclasses import dataclass

from kiosk.console.events import ConsoleEvent
from kiosk.console.technician.told import Filed, Planned
from kiosk.deposit.loans import Hindrance
from kiosk.selftest.devices import Task, TaskAnswer
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Group, Measured, Result
from kiosk.selftest.telling import SkipWhy


@dataclass(frozen=True, slots=True)
class TechnicianEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class SelfTestAsked(TechnicianEvent):
    """All of it anew, what is left of it, or what has not passed; or one step."""

    anew: bool = False
    unpassed: bool = False
    step: str | None = None


@dataclass(frozen=True, slots=True)
class GroupPicked(TechnicianEvent):
    """None: back to all of them."""

    group: Group | None


@dataclass(frozen=True, slots=True)
class StepPicked(TechnicianEvent):
    """None: back to its group."""

    step: str | None


@dataclass(frozen=True, slots=True)
class HandsReady(TechnicianEvent):
    """What was asked for is done."""


@dataclass(frozen=True, slots=True)
class TaskDone(TechnicianEvent):
    """What came of it at the glass."""

    task: Task
    answer: TaskAnswer


@dataclass(frozen=True, slots=True)
class SkipAsked(TechnicianEvent):
    """Why is asked next; or, after all, it is done."""

    skip: bool


@dataclass(frozen=True, slots=True)
class SkippedFor(TechnicianEvent):
    why: SkipWhy


@dataclass(frozen=True, slots=True)
class TurnTaken(TechnicianEvent):
    """On a failure."""

    again: bool


@dataclass(frozen=True, slots=True)
class StopPressed(TechnicianEvent):
    pass


@dataclass(frozen=True, slots=True)
class ReportRead(TechnicianEvent):
    """Back to the list."""


@dataclass(frozen=True, slots=True)
class GlassGiven(TechnicianEvent):
    """A visitor's sum waits: the glass is theirs until it is kept, and the machine takes nothing more meanwhile."""


@dataclass(frozen=True, slots=True)
class ToolEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class SelfTestTold(ToolEvent):
    """All steps there are, and what the last test came to so far. ``over``: it went to its end."""

    plan: tuple[Planned, ...]
    results: tuple[Result, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class SelfTestBegan(ToolEvent):
    """Line and camera are lent."""


@dataclass(frozen=True, slots=True)
class NotLent(ToolEvent):
    why: Hindrance


@dataclass(frozen=True, slots=True)
class StepBegan(ToolEvent):
    name: str


@dataclass(frozen=True, slots=True)
class StepEnded(ToolEvent):
    result: Result


@dataclass(frozen=True, slots=True)
class ChoreAsked(ToolEvent):
    chore: Chore
    weight_g: int


@dataclass(frozen=True, slots=True)
class TaskAsked(ToolEvent):
    task: Task
    code: str


@dataclass(frozen=True, slots=True)
class TurnAsked(ToolEvent):
    """The step that ended has failed: again, or on?"""


@dataclass(frozen=True, slots=True)
class ValueSeen(ToolEvent):
    """The value that the step at work is about, with its limits; a few times a second."""

    live: Measured


@dataclass(frozen=True, slots=True)
class SelfTestOver(ToolEvent):
    """The tool has ended. ``filed``: its report."""

    filed: Filed
