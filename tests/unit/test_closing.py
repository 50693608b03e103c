"""The kiosk closes its days by itself, once each, never in a visit, and on no clock that nobody trusts."""

from pathlib import Path

import pytest

from config.vocabulary import SequenceNumber
from kiosk.closing import DayCloser
from kiosk.deposit.actions import Book, CloseVisit, LedgerAction, OpenVisit
from kiosk.deposit.notes import Note, NoteKind
from kiosk.workers.books import record
from ledger.vocabulary import LedgerUnavailable
from money.desk_days import DAY_S, NOBODYS
from money.ledgers import Kiosk, LedgerIn

pytest_plugins = ("money.ledger_fixtures",)

BOOK = Book(100, SequenceNumber(NOBODYS))


class Hall:
    """A ledger's thread that asks the closer after each action, as the kiosk does."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.notes: list[Note] = []
        self.start()

    def start(self) -> None:
        self.closer = DayCloser(self.kiosk.journal.desk, self.kiosk.clock, self.notes.append)

    def does(self, action: LedgerAction) -> None:
        self.closer.look(record(self.kiosk.journal, action, self.kiosk.now()))

    def a_visit(self) -> None:
        self.does(OpenVisit())
        visit = self.kiosk.journal.books.visit
        assert visit is not None
        self.does(CloseVisit(visit.id))

    def closed(self) -> list[object]:
        return [note.facts["day"] for note in self.notes if note.kind is NoteKind.DAY_CLOSED]


@pytest.fixture
def hall(ledger_in: LedgerIn, tmp_path: Path) -> Hall:
    return Hall(ledger_in(tmp_path))


def test_a_day_is_closed_with_the_first_answer_after_it_and_only_once(hall: Hall) -> None:
    hall.a_visit()
    assert hall.closed() == []
    hall.kiosk.clock.advance(DAY_S)
    for _ in range(3):
        hall.does(BOOK)
    hall.a_visit()
    assert hall.closed() == ["2026-11-24"]
    hall.kiosk.clock.advance(3 * DAY_S)
    hall.does(BOOK)
    assert hall.closed() == ["2026-11-24", "2026-11-25"]
    assert hall.kiosk.findings() == []


def test_a_start_catches_up_what_the_machine_left_open_when_it_was_switched_off(hall: Hall) -> None:
    hall.a_visit()
    hall.kiosk.clock.advance(5 * DAY_S)
    hall.kiosk.reopen()
    hall.start()
    hall.does(BOOK)
    assert hall.closed() == ["2026-11-24"]
    assert hall.kiosk.findings() == []


def test_no_day_is_closed_while_a_visit_is_open(hall: Hall) -> None:
    hall.does(OpenVisit())
    visit = hall.kiosk.journal.books.visit
    assert visit is not None
    hall.kiosk.clock.advance(DAY_S)
    hall.does(BOOK)
    assert hall.closed() == []
    hall.does(CloseVisit(visit.id))
    assert hall.closed() == ["2026-11-24"]


def test_on_a_clock_that_nobody_trusts_it_waits_until_one_does(hall: Hall) -> None:
    hall.a_visit()
    hall.kiosk.clock.trusted = False
    hall.kiosk.clock.advance(2 * DAY_S)
    hall.does(BOOK)
    assert hall.notes == []
    hall.kiosk.clock.trusted = True
    hall.does(BOOK)
    assert hall.closed()[0] == "2026-11-24"
    assert hall.kiosk.findings() == []


def test_what_the_ledger_refuses_is_noted_and_tried_again_on_the_next_day(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.a_visit()
    hall.kiosk.clock.advance(DAY_S)
    with monkeypatch.context() as broken:

        def refuse(*_arguments: object) -> None:
            raise LedgerUnavailable("ledger.db", "full")

        broken.setattr(hall.kiosk.journal.desk, "close_days", refuse)
        hall.does(BOOK)
        hall.does(BOOK)
    assert [note.kind for note in hall.notes] == [NoteKind.DAY_NOT_CLOSED]
    hall.kiosk.clock.advance(DAY_S)
    hall.does(BOOK)
    assert hall.closed() == ["2026-11-24"]
