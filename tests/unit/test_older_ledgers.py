"""Ledgers that older programs left are read, verified and exported as they are; only a writer brings one up to date, and each is held to its own schema."""

import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from frozen_ledger import REVISIONS, archive_of, thaw
from ledger import schema
from ledger.beside import Witness, ask
from ledger.database import reading
from ledger.export import write_csv, write_journal
from ledger.findings import Finding, FindingKind
from ledger.generation import begin
from ledger.journal import SqliteJournal, open_journal
from ledger.kinds import Account
from ledger.sync.outbox import Outbox
from ledger.verify import verify
from ledger.views import balances, entries, head, open_vouchers, totals
from ledger.vocabulary import SchemaUnknown
from money.later_program import REVISION, become_later
from money.ledgers import BEGINNING, TERMS, SeededRandom, tamper
from timing import FakeClock

GUARD = "one_open_intent"
"""A guard of the first revision, and so of all."""

AFTERWARDS = FakeClock(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
"""The day after the frozen ledgers end; it stands still."""

HELD = {known: {Account.REWARDS: 200, Account.GIFTS: -40, Account.DESK: -80} for known in ("0002", "0003")}
"""What the desk moved in archives of revisions that know it."""

pytestmark = pytest.mark.parametrize("path", REVISIONS, indirect=True)


@pytest.fixture
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The live ledger of a kiosk's folder as the program of that revision left it."""
    return thaw(request.param, tmp_path / "kiosk")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    become_later(monkeypatch, tmp_path / "migrations")


def opened(path: Path) -> SqliteJournal:
    return open_journal(path, who="the kiosk", clock=AFTERWARDS, random=SeededRandom(2), terms=TERMS)


def findings(path: Path) -> list[Finding]:
    with reading(path) as connection:
        return list(verify(connection))


def named(path: Path) -> list[tuple[FindingKind, object]]:
    return [(finding.what, finding.facts.get("name")) for finding in findings(path)]


def revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def told(path: Path) -> tuple[object, ...]:
    """All that a ledger's readers make of it."""
    sheet, journal = io.StringIO(newline=""), io.StringIO()
    with reading(path) as connection:
        write_csv(connection, sheet)
        write_journal(connection, journal)
        return (
            sheet.getvalue(),
            journal.getvalue(),
            list(entries(connection)),
            balances(connection),
            totals(connection),
            open_vouchers(connection),
        )


def sent(path: Path) -> tuple[object, ...]:
    """All that the sync reads of it."""
    with Outbox(path) as outbox:
        return outbox.generation(), outbox.rows(0, 1000), outbox.tally(0, outbox.last_row())


def test_an_archive_of_each_revision_is_sound_and_holds_its_money(path: Path) -> None:
    archive = archive_of(path)
    assert findings(archive) == []
    with reading(archive) as connection:
        assert head(connection).hash[:8] == archive.stem[-8:]
        assert balances(connection) == {
            Account.REWARDS: 100,
            Account.VISITS: 0,
            Account.VOUCHERS: -80,
            Account.GIFTS: -20,
            Account.DESK: 0,
            **HELD.get(revision(archive), {}),
        }
        assert len(open_vouchers(connection)) == 2


def test_archive_and_live_ledger_know_their_witnesses(path: Path) -> None:
    assert ask(archive_of(path), BEGINNING.kiosk).findings == ()
    assert ask(path, BEGINNING.kiosk).asked == (Witness.KEY, Witness.KIOSK)
    assert ask(path, BEGINNING.kiosk).findings == ()


def test_a_later_program_reads_of_an_archive_what_this_one_reads_and_changes_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_of(path)
    before = archive.read_bytes(), told(archive), sent(archive)
    become_later(monkeypatch, tmp_path / "migrations")
    assert findings(archive) == []
    assert (archive.read_bytes(), told(archive), sent(archive)) == before


@pytest.mark.usefixtures("later")
def test_a_later_program_reads_a_live_ledger_that_no_writer_has_brought_up_to_date(path: Path) -> None:
    before = revision(path)
    assert findings(path) == []
    assert told(path)
    assert sent(path)
    assert revision(path) == before != REVISION


@pytest.mark.usefixtures("later")
def test_an_archive_is_held_to_the_guards_of_its_own_revision(path: Path) -> None:
    archive = archive_of(path)
    tamper(archive, f"DROP TRIGGER {GUARD}", dropping=False)
    assert named(archive) == [(FindingKind.GUARD, GUARD)]
    tamper(archive, "CREATE UNIQUE INDEX closed_once ON entry (subject) WHERE kind = 'closed'", dropping=False)
    assert named(archive) == [(FindingKind.GUARD, "closed_once"), (FindingKind.GUARD, GUARD)]


@pytest.mark.usefixtures("later")
def test_a_row_that_was_changed_in_an_archive_is_named_by_a_later_program(path: Path) -> None:
    archive = archive_of(path)
    tamper(archive, "UPDATE entry SET booked = '2026-11-24T09:00:00.001Z' WHERE row = 4")
    assert [(finding.row, finding.what) for finding in findings(archive)] == [(4, FindingKind.HASH)]


@pytest.mark.usefixtures("later")
def test_a_writer_brings_a_ledger_up_to_date_and_goes_on_in_it(path: Path) -> None:
    with reading(path) as connection:
        before = list(entries(connection))
    with opened(path) as journal:
        standing = journal.standing()
        assert standing.visit is not None
        assert standing.open_intent is not None
        journal.book(standing.booked_totaliser + 1, standing.open_intent.sequence, AFTERWARDS.now())
        journal.give(standing.visit.id, ASSOCIATIONS[0], AFTERWARDS.now())
    assert revision(path) == REVISION
    assert findings(path) == []
    with reading(path) as connection:
        assert list(entries(connection))[: len(before)] == before


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("gone", "name", "fault"),
    [
        ("DROP INDEX closed_once", "closed_once", FindingKind.GUARD),
        ("DROP TRIGGER notes_stay", "notes_stay", FindingKind.GUARD),
        (f"DROP TRIGGER {GUARD}", GUARD, FindingKind.GUARD),
        ("ALTER TABLE posting DROP COLUMN note", "posting.note", FindingKind.TABLE),
    ],
)
def test_a_ledger_that_was_brought_up_to_date_is_held_to_the_guards_of_its_new_revision(
    path: Path, gone: str, name: str, fault: FindingKind
) -> None:
    opened(path).close()
    tamper(path, gone, dropping=False)
    assert named(path) == [(fault, name)]


@pytest.mark.usefixtures("later")
def test_a_later_program_succeeds_an_older_ledger_and_both_stay_sound(path: Path) -> None:
    older = archive_of(path)
    before = revision(older)
    beginning = replace(BEGINNING, totaliser=200, why="a later program")
    begun = begin(path, beginning, clock=AFTERWARDS, random=SeededRandom(2), terms=TERMS, succeeding=True)
    assert begun.archive is not None
    assert [revision(it) for it in (older, begun.archive, path)] == [before, REVISION, REVISION]
    assert [findings(it) for it in (older, begun.archive, path)] == [[], [], []]
    with reading(path) as connection:
        assert len(open_vouchers(connection)) == 3


def test_a_ledger_of_a_later_program_is_refused_by_this_one_and_keeps_its_bytes(path: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as later:
        become_later(later, tmp_path / "migrations")
        opened(path).close()
    before = path.read_bytes()
    with pytest.raises(SchemaUnknown) as refused, reading(path, judging=True):
        pass
    assert (refused.value.found, refused.value.known) == (REVISION, schema.REVISIONS[-1])
    with pytest.raises(SchemaUnknown):
        opened(path)
    assert path.read_bytes() == before


def test_the_rows_of_a_later_program_still_reach_the_city(path: Path, tmp_path: Path) -> None:
    """What the sync reads stands in every revision; while the machine is brought up to date the older sync may still run."""
    before = sent(path)
    with pytest.MonkeyPatch.context() as later:
        become_later(later, tmp_path / "migrations")
        opened(path).close()
    assert sent(path) == before
