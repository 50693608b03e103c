"""A bottle that fell and was credited to nobody: it is the visitor's, is told to them, and stands in the ledger under their visit."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from config.vocabulary import Cents, Material, Reason, SequenceNumber
from drivers.intake.bus import CommandCode, ControllerState
from drivers.intake.events import ItemDropped, ItemEntered, Rested
from kiosk.deposit.actions import Book
from kiosk.deposit.events import Answered, Intended, TotaliserBooked, Touch, Touched, VisitOpened, VoucherIssued
from kiosk.deposit.notes import Note
from kiosk.deposit.states import Sorting
from kiosk.deposit.step import step
from kiosk.deposit.view import Screen, view
from ledger.database import reading
from ledger.kinds import Kind
from ledger.views import entries
from ledger.vocabulary import Booked, Visit
from money.ledgers import LedgerIn
from people.stories import VISIT, Story, a_standing, a_voucher, verdict
from simulation.witnesses import Fall, MetalSays, ask_books, compare

pytest_plugins = ("money.ledger_fixtures",)

TWO = replace(VISIT, bottles=2, cents=Cents(40))


def stepped(story: Story, steps: int, visit: Visit | None) -> Answered:
    """The answer to the booking that was asked for last: nobody is credited."""
    told = story.booked(visit=visit, intent=story.session.intent)
    booked = Booked(story.hot.totaliser, None, story.session.intent, visit, possible=30, steps=steps)
    return Answered(story.session.asked[-1], TotaliserBooked(booked), told.books)


def test_a_bottle_that_falls_by_a_strange_sort_is_told_to_its_visitor_to_the_end() -> None:
    story = Story(a_standing(visit=TWO)).open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    stranger = SequenceNumber(2)
    fell = story.at(state=ControllerState.SHUT, occupied=False, totaliser=1, taken=stranger, sorted=stranger, counted=stranger)
    story.tell(ItemDropped(stranger, fell), Rested(fell))
    assert story.asked[-1] == Book(1, stranger)
    one_missing = replace(TWO, uncounted=1)
    story.tell(stepped(story, 1, one_missing))
    item = view(story.opened().session).item
    assert item is not None
    assert (item.accepted, item.reason) == (False, Reason.UNCOUNTED)
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, taken=order.sequence)))
    assert (story.screen, view(story.session).uncounted) == (Screen.CHOOSE, 1)
    story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()))
    assert (story.screen, view(story.session).uncounted) == (Screen.VOUCHER, 1)


def test_the_next_visitor_is_told_of_no_bottle_that_another_one_missed() -> None:
    story = Story(a_standing(visit=replace(TWO, uncounted=1))).open()
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, taken=order.sequence)))
    story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE), Rested(story.hot))
    story.tell(story.booked()).opened()
    assert view(story.session).uncounted == 0
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)), VisitOpened(VISIT))
    assert view(story.session).uncounted == 0


def test_a_count_while_the_chamber_is_still_occupied_credits_nobody() -> None:
    story = Story(a_standing(visit=TWO)).open()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    lie = story.at(totaliser=1, counted=intent.sequence, sorted=intent.sequence, taken=intent.sequence)
    assert story.tell(ItemDropped(intent.sequence, lie)).asked == []
    assert isinstance(story.session.phase, Sorting)
    assert Book(1, SequenceNumber(0)) in story.tell(Rested(lie)).asked
    assert story.tell(stepped(story, 1, replace(TWO, uncounted=1))).sent().code is CommandCode.RETURN


def test_a_totaliser_that_jumps_is_noted_with_both_values() -> None:
    story = Story(a_standing(visit=TWO, booked_totaliser=4)).open()
    story.tell(Rested(story.at(state=ControllerState.SHUT, totaliser=9)))
    _, actions = step(story.session, stepped(story, 5, replace(TWO, uncounted=5)))
    (note,) = [action for action in actions if isinstance(action, Note) and action.kind == "totaliser_jumped"]
    assert note.facts == {"booked": 4, "read": 9}


def test_a_step_in_a_visit_is_of_that_visit_and_one_without_is_of_nobody(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    ledger.journal.book(101, SequenceNumber(0), ledger.now())
    visit = ledger.visit_of(1)
    booked = ledger.journal.book(104, SequenceNumber(0), ledger.now())
    assert booked.visit is not None
    assert (booked.steps, booked.visit.uncounted, booked.visit.cents) == (2, 2, 20)
    with reading(ledger.path) as connection:
        assert [entry.visit for entry in entries(connection, kind=Kind.STEP)] == [None, visit]
    standing = ledger.reopen().standing().visit
    assert standing is not None
    assert standing.uncounted == 2
    assert ledger.findings() == []


def test_an_uncounted_intent_and_the_steps_of_a_visit_add_up(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    visit = ledger.visit_of(0)
    intent = ledger.intent(visit)
    ledger.journal.intend(intent, ledger.now())
    booked = ledger.journal.book(101, SequenceNumber(0), ledger.now())
    assert (booked.credited, booked.open_intent, booked.steps) == (None, intent, 1)
    books = ask_books(ledger.path)
    metal = MetalSays(1, 0, (Fall("glass", (), 99, put=1),), done=True)
    assert (books.steps, compare(metal, replace(books, open=frozenset())).lost) == (1, 0)
    assert compare(replace(metal, falls=(*metal.falls, Fall("glass", (), None, put=2))), books).lost == 1
    assert books.credits == Counter()
