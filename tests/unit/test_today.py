"""What the first page tells of this day: taken by the ledger, refused by the log, anew at midnight, and nothing that nobody can vouch for."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.clock import Instant
from config.vocabulary import Reason
from kiosk.deposit.events import DayTold
from kiosk.deposit.moves import hand_back
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.states import DayRefused, Session
from kiosk.deposit.step import resume, step
from kiosk.deposit.today import Today
from kiosk.deposit.view import Screen, ViewState, view
from kiosk.log import Log, refused_on
from kiosk.screens.visitor.item import today_of
from kiosk.words.catalogue import Words
from ledger.vocabulary import DayTaken
from money.ledgers import LedgerIn
from people.stories import NOON, RULES, a_standing
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)

DAY = NOON.day()
NOTHING = ViewState(Screen.ATTRACT)
ISOLATED = dict.fromkeys((0x2068, 0x2069))
REFUSED = Note(NoteKind.HANDED_BACK, {"item": 1, "reason": "can"})


def shown(session: Session) -> Today | None:
    return view(session).today


def started(taken: DayTaken | None, refused: int | None = 0, now: Instant = NOON) -> Session:
    return resume(replace(a_standing(), taken=taken), RULES, now, DayRefused(DAY, refused))[0]


def refuse(session: Session) -> Session:
    return hand_back(session, Reason.CAN)[0]


def test_the_ledger_counts_the_bottles_of_its_day_and_a_restart_at_noon_finds_the_same(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    assert kiosk.journal.standing().taken is None
    visit = kiosk.visit_of(3)
    today = DayTaken(kiosk.now().day(), 3)
    assert kiosk.journal.books.taken == today
    assert kiosk.reopen().standing().taken == today
    kiosk.clock.advance(24 * 3600)
    kiosk.credit(visit)
    tomorrow = DayTaken(today.day + timedelta(days=1), 1)
    assert kiosk.journal.books.taken == tomorrow
    assert kiosk.reopen().standing().taken == tomorrow


def test_a_start_shows_what_the_ledger_and_the_log_know_of_this_day_and_what_is_refused_from_then_on() -> None:
    session = started(DayTaken(DAY, 212), 8)
    assert shown(session) == Today(212, 8)
    assert shown(refuse(session)) == Today(212, 9)


def test_nothing_is_shown_before_the_first_bottle_of_a_day() -> None:
    assert shown(started(None)) is None
    assert shown(refuse(started(None))) is None
    assert shown(started(DayTaken(DAY - timedelta(days=1), 212), 0)) is None


def test_at_midnight_it_begins_anew() -> None:
    session = refuse(started(DayTaken(DAY, 212), 8))
    tomorrow = DAY + timedelta(days=1)
    session, actions = step(session, DayTold(tomorrow))
    assert (shown(session), actions) == (None, ())
    assert shown(replace(refuse(session), taken=DayTaken(tomorrow, 1))) == Today(1, 1)


def test_a_date_that_no_clock_vouches_for_shows_none_and_counts_no_refusal_on_any_day() -> None:
    known = started(DayTaken(DAY, 212), 8)
    doubted, _ = step(known, DayTold(None))
    assert shown(doubted) is None
    assert shown(replace(known, date_known=False)) is None
    assert shown(started(DayTaken(DAY, 212), 8, Instant(NOON.utc, trusted=False))) is None
    assert shown(step(refuse(doubted), DayTold(DAY))[0]) == Today(212, 8)


def test_refusals_that_nobody_can_count_are_not_guessed() -> None:
    assert shown(refuse(started(DayTaken(DAY, 212), None))) == Today(212, None)


def test_the_words_have_the_plural_of_each_language() -> None:
    told = {
        language: [
            today_of(replace(NOTHING, today=Today(taken, refused)), Words(language)).replace("\u00a0", " ").translate(ISOLATED)
            for taken, refused in ((1, 1), (2, 2), (212, 9), (3, 0), (5, None))
        ]
        for language in ("fr", "en", "ar")
    }
    assert told["fr"] == [
        "Aujourd’hui : 1 bouteille, 1 refusée",
        "Aujourd’hui : 2 bouteilles, 2 refusées",
        "Aujourd’hui : 212 bouteilles, 9 refusées",
        "Aujourd’hui : 3 bouteilles",
        "Aujourd’hui : 5 bouteilles",
    ]
    assert told["en"] == [
        "Today: 1 bottle, 1 handed back",
        "Today: 2 bottles, 2 handed back",
        "Today: 212 bottles, 9 handed back",
        "Today: 3 bottles",
        "Today: 5 bottles",
    ]
    assert told["ar"][:3] == ["اليوم: قارورة واحدة، واحدة مرفوضة", "اليوم: قارورتان، اثنتان مرفوضتان", "اليوم: 212 قارورة، 9 مرفوضة"]
    assert today_of(NOTHING, Words("fr")) == ""


def test_the_log_counts_the_refusals_of_a_day_and_passes_over_torn_lines_and_times_that_cannot_be_trusted(tmp_path: Path) -> None:
    clock = FakeClock(NOON.utc - timedelta(days=1))
    log = Log(tmp_path, clock)
    assert refused_on(tmp_path, DAY) == 0
    log.note(REFUSED)
    clock.advance(24 * 3600)
    for _ in range(3):
        log.note(REFUSED)
        log.note(Note(NoteKind.JUDGED, {"looks": ["9520000000011"] * 400}))
    clock.trusted = False
    log.note(REFUSED)
    (path,) = tmp_path.glob("log-*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"at":"2026-11-24T11')
    assert refused_on(tmp_path, DAY) == 3
    assert refused_on(tmp_path, DAY - timedelta(days=1)) == 1
    assert refused_on(tmp_path, DAY + timedelta(days=1)) == 0


def test_the_log_is_read_back_over_as_many_blocks_as_a_day_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path, FakeClock(NOON.utc))
    for _ in range(40):
        log.note(REFUSED)
    for size in (7, 64, 997):
        monkeypatch.setattr("kiosk.log.TAIL_BYTES", size)
        assert refused_on(tmp_path, DAY) == 40


def test_a_log_that_lost_lines_of_this_day_or_cannot_be_read_counts_nothing(tmp_path: Path) -> None:
    log = Log(tmp_path / "one", FakeClock(NOON.utc))
    (tmp_path / "one").mkdir()
    log.note(REFUSED)
    log.note(Note(NoteKind.LINES_DROPPED, {"lines": 3, "since": "2026-11-24T10:00:00+00:00"}))
    assert refused_on(tmp_path / "one", DAY) is None
    (tmp_path / "other" / f"log-{DAY:%Y-%m}.jsonl").mkdir(parents=True)
    assert refused_on(tmp_path / "other", DAY) is None
