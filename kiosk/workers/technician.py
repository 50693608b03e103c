"""A technician's tools at the screen: begins the one that is asked for, says to it what the technician does, and keeps what comes of it.

It has no thread of its own: the tool runs in that of ``tools.py``, where it may wait for disk and line; whatever is said to it comes from the runner and never waits.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from config.clock import Clock
from config.settings import Settings
from kiosk.agents import AgentsUnreadable
from kiosk.console.technician.actions import RunTest, StopTest, TakeTurn, TechnicianAction, TellHands
from kiosk.console.technician.events import NotLent, SelfTestOver, ToolEvent
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note, NoteKind
from kiosk.selftest.results import Result
from kiosk.workers.tools import Borrowed, Tool

if TYPE_CHECKING:
    from kiosk.selftest.at_screen import ScreenHands
    from kiosk.selftest.run import Report


class TechnicianWorker:
    """``lend_to`` asks the session for line and camera. ``perform`` is called from the runner's thread."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        post: Callable[[ToolEvent], None],
        lend_to: Callable[[Tool], None],
        note: Callable[[Note], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._post = post
        self._lend_to = lend_to
        self._note = note
        self._test: Followed | None = None

    def perform(self, action: TechnicianAction) -> None:
        match action:
            case RunTest():
                self._test = Followed(self._settings, self._clock, action, self._post, self._note)
                self._lend_to(self._test)
            case TellHands() | TakeTurn() | StopTest():
                if self._test is not None:
                    self._test.hears(action)
            case _:
                raise TypeError(type(action).__name__)

    def stop(self) -> None:
        """The kiosk ends: nobody at the screen answers any more."""
        if self._test is not None:
            self._test.hears(StopTest())


class Followed:
    """A self-test that was asked for. A ``kiosk.db`` that fails keeps nothing of it over a start, and stops no test. What it is made of is loaded in the tool's thread, when it has the machine: the runner's waits for nothing."""

    def __init__(
        self, settings: Settings, clock: Clock, wanted: RunTest, post: Callable[[ToolEvent], None], note: Callable[[Note], None]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._wanted = wanted
        self._post = post
        self._note = note
        self._hands: ScreenHands | None = None
        self._stopped = False

    def hears(self, action: TellHands | TakeTurn | StopTest) -> None:
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
            case TakeTurn(again) if hands is not None:
                hands.takes_turn(again)
            case _:
                pass

    def use(self, borrowed: Borrowed) -> None:
        from kiosk.selftest.at_screen import ScreenHands, ScreenTest
        from kiosk.selftest.kept import begin_kept

        self._hands = hands = ScreenHands(self._post)
        if self._stopped:
            # it was stopped before it had the machine
            hands.stop()
        wanted = self._wanted
        with suppress(AgentsUnreadable):
            begin_kept(self._settings.files.kiosk, wanted.number, () if wanted.anew else wanted.known)
        test = ScreenTest(self._settings, wanted.steps, wanted.known, hands, self._post, self._step_ended, self._ended)
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
