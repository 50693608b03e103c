"""The self-test as a technician's tool, inside a kiosk that runs: on the line and the camera that it lends."""

from collections.abc import Sequence
from typing import Protocol

from config.settings import Settings
from drivers.intake.bus import PortTaken
from kiosk.deposit.loans import Hindrance
from kiosk.selftest.hands import SpokenHands
from kiosk.selftest.results import Result
from kiosk.selftest.rig import build_on_loan
from kiosk.selftest.run import Report, run
from kiosk.selftest.steps import Step
from kiosk.workers.tools import Borrowed


class Listener(Protocol):
    """Who is told what comes of it. ``hands``: whose are asked while it is at work."""

    hands: SpokenHands | None

    def step_ended(self, step: Step, result: Result) -> None: ...

    def ended(self, report: Report) -> None: ...

    def failed(self, error: Exception) -> None: ...

    def refused(self, why: Hindrance) -> None: ...


class SelfTest:
    """Those steps of it, with those hands."""

    def __init__(self, settings: Settings, plan: Sequence[Step], hands: SpokenHands, told: Listener) -> None:
        self._settings = settings
        self._plan = plan
        self._hands = hands
        self._told = told

    def use(self, borrowed: Borrowed) -> None:
        self._told.hands = self._hands
        try:
            report = run(build_on_loan(self._settings, self._hands, borrowed), self._plan, self._told.step_ended)
        except PortTaken as taken:
            # another program asked for the port in the moment in which it was free
            self._told.failed(taken)
        else:
            self._told.ended(report)

    def refused(self, why: Hindrance) -> None:
        self._told.refused(why)
