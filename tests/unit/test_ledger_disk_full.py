"""A full, read-only or failing disk: each call tells it, nothing is half written, and with space again the same journal goes on."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from config.files import Trouble
from config.vocabulary import SequenceNumber
from ledger import writer
from ledger.database import driver, straight
from ledger.vocabulary import LedgerUnavailable
from money.ledgers import Kiosk, LedgerIn
from timing import patient

pytest_plugins = ("money.ledger_fixtures",)

TESTS = Path(__file__).parents[1]


ROOMS = ("0", "1", "24", "4096", "4120", "9000", "20000", "33000")
"""From nothing to all but the last transaction: the middle of a frame's head, of its page, between two frames."""


def test_writes_that_the_kernel_refuses_leave_whole_transactions_and_the_journal_goes_on(tmp_path: Path) -> None:
    places = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
    ran = subprocess.run(
        [sys.executable, TESTS / "money" / "full_disk.py", tmp_path, *ROOMS],
        check=True,
        capture_output=True,
        text=True,
        timeout=patient(60),
        env=places,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(answers) == len(ROOMS)
    for answer in answers:
        assert answer["refused"], "there was room for everything: nothing was tested"
        assert answer["findings"] == []
        assert answer["same"]
        assert answer["rows"] == 1 + 1 + 2 * 3 + 1
    assert {name for answer in answers for name in answer["refused"]} == {"intend", "intend again", "book", "give"}


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def fill(kiosk: Kiosk) -> None:
    """No page more than there are: SQLite then answers "database or disk is full"."""
    raw = driver(kiosk.journal._writer._connection)
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")


def empty(kiosk: Kiosk) -> None:
    driver(kiosk.journal._writer._connection).execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_is_told_with_its_reason_and_the_cache_agrees_with_the_file(kiosk: Kiosk) -> None:
    fill(kiosk)
    visit = kiosk.journal.standing().visit
    acknowledged = kiosk.rows()
    with pytest.raises(LedgerUnavailable, match="full") as unavailable:  # noqa: PT012 - which call fills the last page is not the point
        for _ in range(200):
            visit = kiosk.journal.open_visit(kiosk.now())
            acknowledged += 1
            kiosk.journal.close_visit(visit.id, kiosk.now())
            acknowledged += 1
    assert (unavailable.value.path, unavailable.value.trouble) == (str(kiosk.path), Trouble.FULL)
    assert kiosk.rows() == acknowledged
    during = kiosk.journal.standing()
    empty(kiosk)
    if during.visit is not None:
        kiosk.journal.close_visit(during.visit.id, kiosk.now())
    open_visit = kiosk.visit_of(1)
    assert kiosk.findings() == []
    standing = kiosk.journal.standing()
    assert standing.visit is not None
    assert standing.visit.id == open_visit
    assert kiosk.reopen().standing() == standing


def test_an_intent_that_was_refused_was_not_written_and_may_be_written_later(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(1)
    raw = driver(kiosk.journal._writer._connection)
    raw.execute("PRAGMA query_only = ON")
    intent = kiosk.intent(visit, sequence=9)
    for _ in range(2):
        with pytest.raises(LedgerUnavailable):
            kiosk.journal.intend(intent, kiosk.now())
    with pytest.raises(LedgerUnavailable):
        kiosk.journal.book(102, SequenceNumber(9), kiosk.now())
    raw.execute("PRAGMA query_only = OFF")
    assert kiosk.journal.standing().open_intent is None
    kiosk.journal.intend(intent, kiosk.now())
    booked = kiosk.journal.book(102, SequenceNumber(9), kiosk.now())
    assert booked.credited == intent
    assert kiosk.findings() == []


def test_an_entry_that_was_kept_although_its_commit_failed_is_found_in_the_file(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk may fail after the commit is on it: whether the entry is there only the file can say."""
    visit = kiosk.visit_of(0)

    @contextmanager
    def keep_and_fail(connection: Connection) -> Iterator[sqlite3.Connection]:
        with straight(connection) as raw:
            yield raw
        raise sqlite3.OperationalError("disk I/O error")

    intent = kiosk.intent(visit)
    with monkeypatch.context() as failing:
        failing.setattr(writer, "straight", keep_and_fail)
        with pytest.raises(LedgerUnavailable):
            kiosk.journal.intend(intent, kiosk.now())
    assert kiosk.journal.standing().open_intent == intent
    assert kiosk.journal.book(101, intent.sequence, kiosk.now()).credited == intent
    assert kiosk.findings() == []
