"""What the console asks of the technician's tools. ``kiosk/workers/technician.py`` does it, LookAtTest the console's own worker."""

from dataclasses import dataclass

from kiosk.console.actions import ConsoleAction
from kiosk.selftest.devices import TaskAnswer
from kiosk.selftest.results import Result


@dataclass(frozen=True, slots=True)
class TechnicianAction(ConsoleAction):
    """What is said to the tool at work, or begins one. Each subclass is one."""


@dataclass(frozen=True, slots=True)
class LookAtTest(ConsoleAction):
    """Which steps there are, and what was kept of the last test. Comes back as SelfTestTold, or Failed."""


@dataclass(frozen=True, slots=True)
class RunTest(TechnicianAction):
    """Those steps, by agent ``number``; ``known``: what others came to that these may stand on. ``anew``: nothing of before counts. Comes back as SelfTestBegan or NotLent."""

    number: str
    steps: tuple[str, ...]
    known: tuple[Result, ...]
    anew: bool


@dataclass(frozen=True, slots=True)
class TellHands(TechnicianAction):
    """What hands were asked for is done; or is not, for this reason."""

    why_not: str | None


@dataclass(frozen=True, slots=True)
class TellTask(TechnicianAction):
    answer: TaskAnswer


@dataclass(frozen=True, slots=True)
class TakeTurn(TechnicianAction):
    """A step has failed: it is done again, or the test goes on."""

    again: bool


@dataclass(frozen=True, slots=True)
class StopTest(TechnicianAction):
    """Nothing more is moved."""
