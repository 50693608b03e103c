"""A technician's tools at the screen: begins the one that is asked for, says to it what the technician does, and keeps what comes of it.

It has no thread of its own: the tool runs in that of ``tools.py``, where it may wait for disk and line; whatever is said to it comes from the runner and never waits.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.clock import Clock
from config.settings import Settings
from drivers.printer.state import PrinterTrouble
from drivers.sound.player import Player
from kiosk.agents import AgentsUnreadable
from kiosk.console.calibrating.actions import CalibrationAction
from kiosk.console.events import ConsoleEvent
from kiosk.console.live.vocabulary import LiveAction
from kiosk.console.technician.actions import RunTest, StopTest, TakeTurn, TechnicianAction, TellHands, TellTask
from kiosk.console.technician.events import NotLent, SelfTestOver, ToolEvent
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note, NoteKind
from kiosk.selftest.results import Result
from kiosk.workers.calibrating import Calibrator
from kiosk.workers.live import LiveBench
from kiosk.workers.tools import Borrowed, Tool

if TYPE_CHECKING:
    from kiosk.selftest.at_screen import ScreenHands
    from kiosk.selftest.run import Report


CODE_DIGITS = 12
"""Of the code on the test's sheet and on the glass. Digits, as a scanner of any layout types them."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the kiosk has beside intake and camera; None: there is none. ``prints``: a sheet with this code, and what was in its way; it waits for the printer."""

    player: Player | None = None
    prints: Callable[[str], PrinterTrouble | None] | None = None


NOTHING_AROUND = Around()


class TechnicianWorker:
    """``lend_to`` asks the session for line and camera. ``perform`` is called from the runner's thread."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        post: Callable[[ConsoleEvent], None],
        lend_to: Callable[[Tool], None],
        note: Callable[[Note], None],
        around: Around = NOTHING_AROUND,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._post = post
        self._around = around
        self._lend_to = lend_to
        self._note = note
        self._test: Followed | None = None
        self._calibrator = Calibrator(settings, clock, post, lend_to, note)
        self._live = LiveBench(lend_to, post, settings.files.background)

    def perform(self, action: TechnicianAction) -> None:
        match action:
            case RunTest():
                self._test = Followed(self._settings, self._clock, action, self._around, self._post, self._note)
                self._lend_to(self._test)
            case LiveAction():
                self._live.perform(action)
            case CalibrationAction():
                self._calibrator.perform(action)
            case TellHands() | TellTask() | TakeTurn() | StopTest():
                if self._test is not None:
                    self._test.hears(action)
            case _:
                raise TypeError(type(action).__name__)

    def stop(self) -> None:
        """The kiosk ends: nobody at the screen answers any more."""
        if self._test is not None:
            self._test.hears(StopTest())
        self._calibrator.stop()


class Followed:
    """A self-test that was asked for. A ``kiosk.db`` that fails keeps nothing of it over a start, and stops no test. What it is made of is loaded in the tool's thread, when it has the machine: the runner's waits for nothing."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        wanted: RunTest,
        around: Around,
        post: Callable[[ToolEvent], None],
        note: Callable[[Note], None],
    ) -> None:
        self._settings = settings
        self._around = around
        self._clock = clock
        self._wanted = wanted
        self._post = post
        self._note = note
        self._hands: ScreenHands | None = None
        self._stopped = False

    def hears(self, action: TellHands | TellTask | TakeTurn | StopTest) -> None:
        hands = self._hands
        match action:
            case StopTest():
                self._stopped = True
                if hands is not None:
                    hands.stop()
            case TellHands(None) if hands is not None:
                hands.done()
            case TellHands(str(why)) if hands is not None:
                hands.skip(why)
            case TellTask(answer) if hands is not None:
                hands.answers(answer)
            case TakeTurn(again) if hands is not None:
                hands.takes_turn(again)
            case _:
                pass

    def use(self, borrowed: Borrowed) -> None:
        from kiosk.selftest.at_screen import ScreenHands, ScreenTest
        from kiosk.selftest.devices import Devices
        from kiosk.selftest.kept import begin_kept

        self._hands = hands = ScreenHands(self._post)
        if self._stopped:
            # it was stopped before it had the machine
            hands.stop()
        wanted = self._wanted
        with suppress(AgentsUnreadable):
            begin_kept(self._settings.files.kiosk, wanted.number, () if wanted.anew else wanted.known)
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        devices = Devices(hands, self._around.player, self._around.prints, code)
        test = ScreenTest(self._settings, wanted.steps, wanted.known, hands, devices, self._post, self._step_ended, self._ended)
        test.use(borrowed)

    def refused(self, why: Hindrance) -> None:
        self._post(NotLent(why))

    def _step_ended(self, result: Result) -> None:
        from kiosk.selftest.kept import keep_step

        with suppress(AgentsUnreadable):
            keep_step(self._settings.files.kiosk, result)

    def _ended(self, report: "Report", stopped: bool) -> None:
        from kiosk.selftest.filing import file_report
        from kiosk.selftest.kept import end_kept

        if not stopped:
            with suppress(AgentsUnreadable):
                end_kept(self._settings.files.kiosk)
        filed, steps = file_report(self._settings, self._clock.now(), self._wanted.number, report)
        self._note(
            Note(
                NoteKind.SELF_TESTED,
                {"agent": self._wanted.number, "steps": steps, "left_ready": report.left_ready, "page": filed.path},
            )
        )
        self._post(SelfTestOver(filed))
