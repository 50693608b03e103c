"""Closing days and verifying ledgers as steps of the console, on real ledgers; a check in its own thread that gives way, tells how far it is, and ends."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.closures_reading import look_at_closures
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.actions import AskArchives, CloseDays, LookAtClosures, Recheck, StopVerifying, Verify
from kiosk.console.denials import ClockNotTrusted
from kiosk.console.events import (
    Admitted,
    AgentsTold,
    ArchivesTold,
    CloseAsked,
    ClosuresTold,
    ConsoleEvent,
    DaysClosed,
    DeedAsked,
    Failed,
    IdleTooLong,
    LogInAsked,
    Opened,
    Verified,
    VerifyAsked,
    VerifyEnded,
    Verifying,
    VerifyStopAsked,
)
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.console.told import AtVerify, ClosuresLook
from kiosk.verifying import Checked, check
from kiosk.workers.books import at_the_desk
from kiosk.workers.verifier import Verifier
from ledger.beside import Answers
from ledger.verify import EVERY
from ledger.views import Head
from money.desk_days import DAY_S, days, desk_day
from money.ledgers import LedgerIn
from people.stories import Story

pytest_plugins = ("money.ledger_fixtures",)

LOOK = ClosuresLook((), (), trusted=True)
SOUND = Checked(Head(3, "5e" * 32), (), Answers((), ()))


class Glass:
    def __init__(self, role: Role = Role.MANAGER) -> None:
        self.session = Composed(Story().open().session, Console())
        self.asked: tuple[AnyAction, ...] = ()
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "1"), Admitted("101", role))

    def tell(self, *events: ConsoleEvent) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    @property
    def face(self) -> AtWork:
        assert isinstance(self.session.console.face, AtWork)
        return self.session.console.face


def test_days_are_closed_by_a_manager_once_and_looked_at_anew() -> None:
    glass = Glass().tell(DeedAsked(Deed.CLOSURES))
    assert LookAtClosures() in glass.asked
    glass.tell(ClosuresTold(LOOK), CloseAsked())
    assert Recheck("101", CloseDays("101")) in glass.asked
    assert glass.tell(CloseAsked()).asked == ()
    glass.tell(DaysClosed((date(2026, 11, 23),)))
    assert (glass.face.closures.closed, glass.asked) == ((date(2026, 11, 23),), (LookAtClosures(),))


def test_nobody_but_a_manager_closes_a_day_nor_by_a_clock_that_is_not_trusted() -> None:
    assert Glass(Role.DESK).tell(DeedAsked(Deed.CLOSURES), ClosuresTold(LOOK), CloseAsked()).asked == ()
    untrusted = replace(LOOK, trusted=False)
    assert Glass().tell(DeedAsked(Deed.CLOSURES), ClosuresTold(untrusted), CloseAsked()).asked == ()


def test_what_is_closed_and_what_waits_is_read_from_the_ledger(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    days(kiosk, 1)
    desk_day(kiosk)
    kiosk.clock.advance(2 * DAY_S)
    look = look_at_closures(kiosk.path, kiosk.journal.desk.today(), trusted=True)
    assert [(day.n, day.day, day.bottles, day.cents, day.agent) for day in look.closed] == [(1, date(2026, 11, 24), 2, 100, None)]
    assert [(day.day, day.bottles, day.ended) for day in look.open] == [(date(2026, 11, 25), 2, True)]
    desk = kiosk.journal.desk
    kiosk.clock.trusted = False
    assert at_the_desk(desk, CloseDays("7"), kiosk.now()) == Failed(ClockNotTrusted())
    kiosk.clock.trusted = True
    assert at_the_desk(desk, CloseDays("7"), kiosk.now()) == DaysClosed((date(2026, 11, 25),))
    assert at_the_desk(desk, CloseDays("7"), kiosk.now()) == DaysClosed(())
    look = look_at_closures(kiosk.path, desk.today(), trusted=True)
    assert [day.agent for day in look.closed] == ["7", None]


def test_a_check_tells_how_far_it_is_and_one_that_was_ended_is_heard_of_no_more() -> None:
    glass = Glass(Role.AUDITOR).tell(DeedAsked(Deed.VERIFY))
    assert AskArchives() in glass.asked
    glass.tell(ArchivesTold(("ledger-3-5e5e5e5e.db",)), VerifyAsked("ledger-3-5e5e5e5e.db"))
    assert Verify(1, "ledger-3-5e5e5e5e.db") in glass.asked
    assert glass.tell(VerifyAsked(None)).asked == ()
    told = glass.tell(Verifying(1, 512, 1000)).face.verifying
    assert (told.row, told.last) == (512, 1000)
    assert StopVerifying(1) in glass.tell(VerifyStopAsked()).asked
    glass.tell(VerifyAsked(None), Verifying(1, 768, 1000), Verified(1, SOUND), VerifyEnded(1))
    assert glass.face.verifying == AtVerify(("ledger-3-5e5e5e5e.db",), None, 2)
    assert glass.tell(Verified(2, SOUND)).face.verifying.result == SOUND


@pytest.mark.parametrize("away", [DeedAsked(Deed.TODAY), IdleTooLong()])
def test_whoever_goes_away_ends_the_check(away: ConsoleEvent) -> None:
    glass = Glass().tell(DeedAsked(Deed.VERIFY), VerifyAsked(None), away)
    assert StopVerifying(1) in glass.asked


def test_a_desk_agent_verifies_nothing() -> None:
    assert Glass(Role.DESK).tell(DeedAsked(Deed.VERIFY)).asked == ()


class Told:
    """What the verifier posts, for whoever waits for it."""

    def __init__(self) -> None:
        self.events: list[ConsoleEvent] = []
        self.ended = threading.Event()

    def __call__(self, event: ConsoleEvent) -> None:
        self.events.append(event)
        if not isinstance(event, Verifying):
            self.ended.set()


def test_the_checks_thread_tells_its_progress_and_its_result_and_ends_when_it_is_told_to() -> None:
    told, goes_on = Told(), threading.Event()

    def endless(action: Verify, seen: object) -> ConsoleEvent:
        assert callable(seen)
        goes_on.set()
        row = 0
        while True:
            row += EVERY
            seen(row, 10 * row)

    verifier = Verifier(endless, told)
    verifier.perform(Verify(1, None))
    assert goes_on.wait(30)
    verifier.perform(StopVerifying(1))
    assert told.ended.wait(30)
    assert told.events[-1] == VerifyEnded(1)
    again = Told()
    Verifier(lambda action, seen: Verified(action.run, SOUND), again).perform(Verify(2, None))
    assert again.ended.wait(30)
    assert again.events == [Verified(2, SOUND)]


def test_each_so_manieth_row_is_told_and_a_check_can_be_ended_there(
    ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.verify.EVERY", 3)
    kiosk = ledger_in(tmp_path)
    desk_day(kiosk)
    rows = kiosk.rows()
    kiosk.journal.close()
    seen: list[tuple[int, int]] = []
    found = check(kiosk.path, seen=lambda *so_far: seen.append(so_far))
    assert (seen, found.findings) == ([(row, rows) for row in range(3, rows + 1, 3)], ())

    def enough(row: int, last: int) -> None:
        raise KeyboardInterrupt(row, last)

    with pytest.raises(KeyboardInterrupt):
        check(kiosk.path, seen=enough)
