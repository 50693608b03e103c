"""Answers of the ledger that come after the session has walked on: what they tell holds in every phase, and ends none but its own."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from config.clock import Instant
from config.vocabulary import Cents, Material, Reason, SequenceNumber
from drivers.intake.bus import Command, CommandCode, ControllerFault, ControllerState
from drivers.intake.events import ItemDropped, ItemEntered, LinkBack, LinkLost, Rested
from kiosk.deposit.actions import Book, EndIntent, IssueVoucher, OpenVisit, SightAction
from kiosk.deposit.events import Elapsed, Intended, IntentEnded, LedgerFailed, Touch, Touched, VisitOpened, VoucherIssued
from kiosk.deposit.halts import Obstacle
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note
from kiosk.deposit.states import EndingIntent, Issuing, Ready, ReconcileBooking, Sorting, Unlinked
from kiosk.deposit.step import resume
from kiosk.deposit.view import Screen, view
from kiosk.runner import Runner, Workers
from kiosk.workers.books import BooksWorker
from ledger.database import reading
from ledger.journal import SqliteJournal
from ledger.views import open_vouchers
from ledger.vocabulary import Booked, Cause, Ending, Intent, Journal
from money.ledgers import BEGINNING, LedgerIn
from people.stories import (
    COUNTED_LESS,
    DISK_FULL,
    IDENTITY,
    RULE_BROKEN,
    RULES,
    UNPLUGGED,
    VISIT,
    Story,
    a_standing,
    a_voucher,
    finished,
    verdict,
)
from simulation.virtual.life import Unstaffed
from timing import FakeClock
from wires.readings import REST

pytest_plugins = ("money.ledger_fixtures",)

TWO = replace(VISIT, bottles=2, cents=Cents(40))
THREE = replace(VISIT, bottles=3, cents=Cents(60))


def crediting(story: Story) -> Intent:
    """A third bottle fell and was counted; its credit is being written."""
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    fell = story.at(totaliser=1, counted=intent.sequence, sorted=intent.sequence, taken=intent.sequence, occupied=False)
    story.tell(ItemDropped(intent.sequence, fell))
    return intent


def visiting() -> Story:
    return Story(a_standing(visit=TWO)).open()


def test_a_credit_that_is_written_after_the_port_has_gone_is_shown_and_may_be_kept() -> None:
    story = visiting()
    intent = crediting(story)
    story.tell(LinkLost(UNPLUGGED))
    assert (story.screen, view(story.session).cents) == (Screen.OUT_OF_ORDER, 40)
    story.tell(story.booked(credited=intent, visit=THREE))
    shown = view(story.session)
    assert (shown.screen, shown.cents, shown.ends_in_s) == (Screen.OUT_OF_ORDER, 60, 90.0)
    assert shown.item is not None
    assert shown.item.accepted
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_who_walks_away_before_the_late_credit_is_told_leaves_the_whole_sum_as_a_voucher() -> None:
    story = visiting()
    intent = crediting(story)
    assert story.tell(LinkLost(UNPLUGGED), Elapsed()).asked == []
    assert story.tell(story.booked(credited=intent, visit=THREE)).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_who_walks_away_after_the_late_credit_was_told_leaves_the_whole_sum_as_a_voucher() -> None:
    story = visiting()
    intent = crediting(story)
    story.tell(LinkLost(UNPLUGGED), story.booked(credited=intent, visit=THREE))
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_late_credit_does_not_end_the_reconciling_that_began_meanwhile() -> None:
    story = visiting()
    intent = crediting(story)
    late = story.booked(credited=intent, visit=THREE)
    story.tell(LinkLost(UNPLUGGED), LinkBack(IDENTITY, story.hot))
    assert isinstance(story.session.phase, ReconcileBooking)
    assert story.tell(late).asked == []
    assert view(story.session).cents == 60
    assert story.tell(story.booked(visit=THREE)).sent().code is CommandCode.OPEN


def test_an_intent_that_ends_after_the_port_has_gone_lets_the_sum_be_kept() -> None:
    story = visiting()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    jammed = story.at(
        state=ControllerState.FAILED, fault=ControllerFault.FLAP, occupied=False, taken=intent.sequence, sorted=intent.sequence
    )
    story.tell(Rested(jammed), story.booked(intent=intent, visit=TWO))
    assert isinstance(story.session.phase, EndingIntent)
    story.tell(LinkLost(UNPLUGGED), IntentEnded(intent.sequence, Ending.UNCOUNTED))
    shown = view(story.session)
    assert (shown.screen, shown.cents, shown.ends_in_s) == (Screen.OUT_OF_ORDER, 40, 90.0)
    assert shown.item is not None
    assert shown.item.reason is Reason.UNCOUNTED
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_a_visit_that_is_opened_after_the_port_has_gone_has_its_number_on_the_screen() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)), LinkLost(UNPLUGGED))
    assert view(story.tell(VisitOpened(VISIT)).session).visit_number == "0417"


def test_an_intent_that_is_durable_too_late_for_its_sort_is_known_and_handed_back() -> None:
    story = visiting()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(LinkLost(UNPLUGGED), Intended(intent.sequence))
    assert story.session.intent == intent
    assert story.asked == []
    story.tell(LinkBack(IDENTITY, story.hot), story.booked(intent=intent, visit=TWO))
    assert story.sent().code is CommandCode.RETURN


def test_books_from_before_an_intent_do_not_say_that_it_is_not_open() -> None:
    story = Story(a_standing(visit=TWO)).tell(LinkBack(IDENTITY, REST))
    before = story.booked(visit=TWO)
    intent = story.tell(before).opened().put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(before, LinkLost(UNPLUGGED))
    assert story.session.intent == intent
    assert story.tell(Touched(Touch.KEEP)).asked == []


def test_two_answers_that_overtake_each_other_leave_the_books_of_the_higher_row() -> None:
    story = visiting()
    intent = crediting(story)
    first = story.booked(credited=intent, visit=THREE)
    second = story.booked(visit=THREE)
    older = replace(first, books=replace(first.books, visit=TWO, open_intent=intent))
    story.tell(LinkLost(UNPLUGGED), second, older)
    assert (view(story.session).cents, story.session.intent) == (60, None)


def test_of_two_equal_questions_only_the_answer_to_the_last_ends_the_phase() -> None:
    story = visiting()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    jammed = story.at(
        state=ControllerState.FAILED, fault=ControllerFault.FLAP, occupied=False, taken=intent.sequence, sorted=intent.sequence
    )
    story.tell(Rested(jammed), LinkLost(UNPLUGGED), LinkBack(IDENTITY, jammed))
    assert story.tell(story.booked(intent=intent, visit=TWO)).asked == []
    assert story.tell(story.booked(intent=intent, visit=TWO)).asked == [EndIntent(intent.sequence, Ending.UNCOUNTED)]


def issuing_behind_a_slow_booking() -> Story:
    """The port went while the totaliser was being booked; the visitor keeps the sum, and the ledger has answered nothing yet."""
    story = Story(a_standing(visit=TWO)).tell(LinkBack(IDENTITY, Story().hot), LinkLost(UNPLUGGED))
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]
    return story


@pytest.mark.parametrize("why", [DISK_FULL, RULE_BROKEN, COUNTED_LESS])
def test_a_failure_of_an_earlier_request_does_not_hide_the_voucher_that_was_asked_for(why: Obstacle) -> None:
    story = issuing_behind_a_slow_booking()
    story.tell(LedgerFailed(why, Book(0, SequenceNumber(0))))
    assert isinstance(story.session.phase, Issuing)
    assert story.tell(Touched(Touch.KEEP)).asked == []
    assert story.tell(VoucherIssued(a_voucher())).screen is Screen.VOUCHER
    story.tell(Touched(Touch.DONE), Touched(Touch.DONE))
    assert story.screen is Screen.OUT_OF_ORDER


def test_a_voucher_that_is_durable_after_the_page_has_gone_is_shown_to_whoever_asked_for_it() -> None:
    story = finished().tell(Touched(Touch.KEEP))
    stopped = replace(story.session, phase=Unlinked())
    story.session = stopped
    assert story.tell(VoucherIssued(a_voucher())).screen is Screen.VOUCHER


def test_a_disk_that_fails_while_the_gate_is_open_shuts_it() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, gate_shut=True)), story.booked()).opened()
    assert isinstance(story.session.phase, Ready)
    assert story.tell(LedgerFailed(DISK_FULL, OpenVisit())).sent().code is CommandCode.RETURN


def test_a_disk_that_fails_for_something_older_does_not_stop_a_bottle_that_falls() -> None:
    story = visiting()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), LedgerFailed(DISK_FULL, Book(0, SequenceNumber(0))))
    assert isinstance(story.session.phase, Sorting)


@dataclass
class SlowDisk:
    """The real journal, whose bookings take until they are let go."""

    journal: SqliteJournal
    let_go: threading.Event

    def __getattr__(self, name: str) -> object:
        return getattr(self.journal, name)

    def book(self, totaliser: int, counted: SequenceNumber, occurred: Instant) -> Booked:
        if counted:
            assert self.let_go.wait(30)
        return self.journal.book(totaliser, counted, occurred)


class Hands:
    """Intake, sight and log of a runner that only needs its ledger; what was sent last is remembered."""

    def __init__(self) -> None:
        self.sent: Command | None = None

    def send(self, command: Command) -> None:
        self.sent = command

    def ask(self) -> None:
        pass

    def set_pace(self, in_visit: bool) -> None:
        pass

    def perform(self, action: SightAction) -> None:
        pass

    def note(self, note: Note) -> None:
        pass

    def lend(self) -> None:
        pass

    def refuse(self, why: Hindrance) -> None:
        pass


def test_on_a_slow_disk_the_voucher_of_who_walked_away_is_over_all_that_fell(ledger_in: LedgerIn, tmp_path: Path, clock: FakeClock) -> None:
    """The real ledger and its worker: the port goes while the third credit is being written, and the disk takes its time."""
    ledger = ledger_in(tmp_path, clock=clock)
    visit, disk = ledger.visit_of(2), SlowDisk(ledger.journal, threading.Event())
    intent = ledger.intent(visit)
    ledger.journal.intend(intent, clock.now())
    runner = Runner(
        resume(ledger.journal.standing(), replace(RULES, controller_id=BEGINNING.controller_id), clock.now())[0], clock, lambda view: None
    )
    books = BooksWorker(cast(Journal, disk), runner.post)
    workers = Workers(hands := Hands(), hands, books, hands, hands, Unstaffed())
    fell = replace(REST, totaliser=103, counted=intent.sequence, sorted=intent.sequence, taken=intent.sequence)
    books.start()
    try:
        for event in (LinkBack(IDENTITY, fell), LinkLost(UNPLUGGED)):
            runner.handle(event, workers)
        clock.advance(95.0)
        runner.elapse(workers)
        assert view(runner.session).cents == 40
        disk.let_go.set()
        for _ in range(2):
            told = runner.inbox.get(timeout=30)
            assert told is not None
            runner.handle(told, workers)
    finally:
        disk.let_go.set()
        books.stop()
        books.join()
    assert runner.session.visit is None
    with reading(ledger.path) as connection:
        (voucher,) = open_vouchers(connection)
    assert voucher.amount == 60
