"""What the self-test tells the screen, and what a technician has decided, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.deposit.loans import Hindrance
from kiosk.selftest.devices import Task
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Group, Measured, Outcome, Result


@dataclass(frozen=True, slots=True)
class Planned:
    """A step as the list shows it. ``by_hand``: somebody must do something in it."""

    name: str
    group: Group
    by_hand: bool


class Stage(StrEnum):
    """``LOOKING``: the steps and what was kept are being read. ``ASKED``: line and camera were asked for. ``STOPPING``: the tool is told to end."""

    LOOKING = "looking"
    LISTED = "listed"
    ASKED = "asked"
    AT_WORK = "at_work"
    STOPPING = "stopping"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was kept: where its page lies, None where no file could be written; ``brief`` is what a phone reads from the code."""

    path: str | None
    brief: str
    left_ready: bool | None


@dataclass(frozen=True, slots=True)
class AtTest:
    """``results``: the newest of each step, in the order in which they ended. ``step``: what is at work; ``chore``: what hands are asked for, with a weight of so many grams;
    ``task``: what somebody at the glass is asked for, with the ``code`` to be scanned; ``failed``: it waits for a word on it; ``skipping``: why it is skipped is being chosen. ``live``: the value that the step is about, as it is now.

    ``group``, ``opened``: what is looked at in the list. ``resumed``: some of it is of before a start.
    """

    stage: Stage = Stage.LOOKING
    plan: tuple[Planned, ...] = ()
    results: tuple[Result, ...] = ()
    step: str | None = None
    chore: Chore | None = None
    weight_g: int = 0
    task: Task | None = None
    code: str = ""
    failed: bool = False
    skipping: bool = False
    live: Measured | None = None
    why: Hindrance | None = None
    group: Group | None = None
    opened: str | None = None
    filed: Filed | None = None
    resumed: bool = False

    @property
    def running(self) -> bool:
        """Whether line and camera are a tool's, or were asked for."""
        return self.stage in (Stage.ASKED, Stage.AT_WORK, Stage.STOPPING)

    def result(self, name: str) -> Result | None:
        return next((result for result in self.results if result.name == name), None)

    @property
    def left(self) -> tuple[str, ...]:
        """Steps that nobody has done yet."""
        done = {result.name for result in self.results}
        return tuple(step.name for step in self.plan if step.name not in done)

    @property
    def unpassed(self) -> tuple[str, ...]:
        """Those that have failed or were skipped, and those that are left."""
        passed = {result.name for result in self.results if result.outcome is Outcome.PASS}
        return tuple(step.name for step in self.plan if step.name not in passed)


NO_TEST = AtTest()
