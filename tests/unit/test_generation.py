"""How a ledger begins and how one succeeds another: nothing is lost on the way, whatever the moment at which the power goes."""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Cents
from ledger import keys, schema
from ledger.beside import ask
from ledger.chain import Entry
from ledger.database import reading
from ledger.findings import FindingKind
from ledger.generation import begin
from ledger.kinds import Account, Kind
from ledger.verify import verify
from ledger.views import entries, generation, head, open_vouchers
from ledger.vocabulary import Cause, LedgerExists, LedgerLocked, LedgerUnavailable, NoLedger, SchemaUnknown, WrongFile, WrongKey
from ledger.writer import insert
from money.ledgers import BEGINNING, TERMS, Kiosk, LedgerIn, SeededRandom
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def start(path: Path, *, succeeding: bool = False) -> Path | None:
    return begin(path, BEGINNING, clock=FakeClock(), random=SeededRandom(), terms=TERMS, succeeding=succeeding).archive


def test_the_first_entry_names_who_why_the_controller_and_the_key(kiosk: Kiosk) -> None:
    with reading(kiosk.path) as connection:
        (first,) = entries(connection)
    assert (first.row, first.kind, first.subject, first.prev) == (1, "generation", "generation", "0" * 64)
    assert first.body == {
        "form": 1,
        "by": "agent 7",
        "why": "first start",
        "kiosk": "essai-01",
        "controller_id": str(0x5457494E_00000001),
        "totaliser": 100,
        "public_key": keys.public_text(keys.load(kiosk.path)),
        "demonstration": True,
        "previous": None,
    }


def test_a_controller_id_keeps_all_its_64_bits(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, beginning=replace(BEGINNING, controller_id=2**64 - 1))
    assert kiosk.journal.standing().controller_id == 2**64 - 1


def test_a_ledger_in_the_way_is_not_overwritten(kiosk: Kiosk) -> None:
    kiosk.visit_of(1)
    kiosk.journal.close()
    rows = kiosk.rows()
    with pytest.raises(LedgerExists):
        start(kiosk.path)
    assert kiosk.rows() == rows


def test_there_must_be_a_ledger_to_succeed(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        start(tmp_path / "ledger.db", succeeding=True)
    assert not (tmp_path / "ledger.db").exists()


def test_a_new_generation_names_the_head_balances_and_open_vouchers_of_the_one_before(kiosk: Kiosk) -> None:
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    kiosk.journal.give(kiosk.visit_of(1), ASSOCIATIONS[0], kiosk.now())
    with reading(kiosk.path) as connection:
        last = head(connection)
    begun = kiosk.succeed(why="new controller", controller_id=9, totaliser=0)
    previous = begun.generation.previous
    assert previous is not None
    assert (previous.row, previous.hash) == (last.row, last.hash)
    assert previous.balances == {Account.REWARDS: 60, Account.VISITS: 0, Account.VOUCHERS: -40, Account.GIFTS: -20, Account.DESK: 0}
    assert [(open_.code, open_.amount) for open_ in previous.vouchers] == [(voucher.code, 40)]
    assert (previous.day.isoformat(), previous.day_cents) == ("2026-11-24", 60)
    standing = kiosk.open().standing()
    assert (standing.controller_id, standing.booked_totaliser, standing.visit) == (9, 0, None)
    with reading(kiosk.path) as connection:
        assert [open_.code for open_ in open_vouchers(connection)] == [voucher.code]
        assert list(verify(connection)) == []


def test_open_vouchers_are_handed_on_from_generation_to_generation(kiosk: Kiosk) -> None:
    codes = [kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now()).code]
    kiosk.succeed(totaliser=101)
    kiosk.journal = kiosk.open()
    codes.append(kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now()).code)
    kiosk.succeed(totaliser=102)
    with reading(kiosk.path) as connection:
        assert [open_.code for open_ in open_vouchers(connection)] == codes


def test_the_archive_holds_the_old_rows_as_they_were_in_one_file(kiosk: Kiosk) -> None:
    kiosk.journal.give(kiosk.visit_of(2), ASSOCIATIONS[0], kiosk.now())
    with reading(kiosk.path) as connection:
        before = list(entries(connection))
    begun = kiosk.succeed()
    assert begun.archive is not None
    assert begun.archive.name == f"ledger-{before[-1].row}-{before[-1].hash[:8]}.db"
    assert not list(kiosk.path.parent.glob("*-wal"))
    with reading(begun.archive) as connection:
        assert list(entries(connection)) == before
        assert list(verify(connection)) == []
    digest = sha256(begun.archive.read_bytes()).hexdigest()
    kiosk.journal = kiosk.open()
    kiosk.visit_of(1)
    assert sha256(begun.archive.read_bytes()).hexdigest() == digest


def test_an_open_visit_becomes_an_unclaimed_voucher_before_its_ledger_is_archived(kiosk: Kiosk) -> None:
    kiosk.visit_of(3)
    begun = kiosk.succeed()
    assert begun.archive is not None
    with reading(begun.archive) as connection:
        (voucher,) = entries(connection, kind=Kind.VOUCHER)
        assert (voucher.body["amount"], voucher.body["cause"]) == (60, "power_cut")
        assert list(verify(connection)) == []
    assert begun.generation.previous is not None
    assert [open_.amount for open_ in begun.generation.previous.vouchers] == [60]


def test_an_open_intent_ends_uncounted_and_an_empty_visit_closed(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(0)
    kiosk.journal.intend(kiosk.intent(visit), kiosk.now())
    begun = kiosk.succeed()
    assert begun.archive is not None
    with reading(begun.archive) as connection:
        assert [entry.kind for entry in entries(connection)][-2:] == ["uncounted", "closed"]
        assert list(verify(connection)) == []


def test_the_key_is_made_once_readable_to_its_owner_alone_and_kept(kiosk: Kiosk) -> None:
    path = keys.key_path(kiosk.path)
    assert path.name == "ledger.key"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    kiosk.succeed()
    assert path.read_bytes() == before


def test_a_lost_key_is_told_and_a_new_generation_makes_another(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(2)
    kiosk.journal.close()
    keys.key_path(kiosk.path).unlink()
    with pytest.raises(WrongKey):
        kiosk.open()
    begun = kiosk.succeed(why="key lost")
    assert kiosk.open().standing().visit is None
    assert begun.archive is not None
    with reading(begun.archive) as connection:
        assert generation(connection).public_key != begun.generation.public_key
        assert list(verify(connection)) == []
    with reading(kiosk.path) as connection:
        (first,) = entries(connection)
    assert isinstance(first.body["previous"], dict)
    assert first.body["previous"]["visit"] == {"id": visit, "cents": 40}


def test_a_key_that_the_generation_does_not_name_is_refused(ledger_in: LedgerIn, kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.journal.close()
    other = tmp_path / "other"
    other.mkdir()
    ledger_in(other).journal.close()
    begun = begin(other / "second.db", BEGINNING, clock=FakeClock(), random=SeededRandom(9), terms=TERMS)
    assert begun.generation.public_key
    keys.key_path(kiosk.path).write_bytes(keys.key_path(other / "second.db").read_bytes())
    with pytest.raises(WrongKey):
        kiosk.open()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_no_key_and_is_not_waited_for(kiosk: Kiosk, make: Callable[[Path], None]) -> None:
    kiosk.journal.close()
    path = keys.key_path(kiosk.path)
    path.unlink()
    make(path)
    path.chmod(0o600)
    with pytest.raises(WrongKey, match="not a file"):
        kiosk.open()
    assert [finding.what for finding in ask(kiosk.path).findings] == [FindingKind.KEY]


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_file_that_is_none_is_refused(kiosk: Kiosk, content: bytes) -> None:
    kiosk.journal.close()
    keys.key_path(kiosk.path).write_bytes(content)
    with pytest.raises(WrongKey):
        kiosk.open()


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602])
def test_a_key_that_others_can_read_or_exchange_is_refused(kiosk: Kiosk, mode: int) -> None:
    kiosk.journal.close()
    keys.key_path(kiosk.path).chmod(mode)
    with pytest.raises(WrongKey, match=f"{mode:04o}"):
        kiosk.open()


def test_no_generation_begins_while_the_kiosk_runs(kiosk: Kiosk) -> None:
    with pytest.raises(LedgerLocked, match="the kiosk"):
        start(kiosk.path, succeeding=True)


def test_no_generation_begins_under_a_reader(kiosk: Kiosk) -> None:
    """A reader that kept the old file open would mix it with the new file's WAL, which has the same name."""
    kiosk.visit_of(1)
    kiosk.journal.close()
    with reading(kiosk.path) as connection:
        head(connection)
        with pytest.raises(LedgerLocked, match="a reader"):
            start(kiosk.path, succeeding=True)
        head(connection)
    assert kiosk.open().standing().visit is None


STEPS = ["link", "replace", "sync_folder"]


@pytest.mark.parametrize("step", STEPS)
def test_a_succession_cut_off_leaves_a_whole_ledger_and_can_be_done_again(kiosk: Kiosk, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    kiosk.journal.close()

    def cut(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        match step:
            case "link":
                patch.setattr(os, "link", cut)
            case "replace":
                patch.setattr(Path, "replace", cut)
            case _:
                patch.setattr(keys, "sync_folder", cut)
        with pytest.raises(LedgerUnavailable):
            start(kiosk.path, succeeding=True)
    assert kiosk.findings() == []
    kiosk.journal = kiosk.open()
    archives = set() if step != "sync_folder" else set(kiosk.path.parent.glob("ledger-*.db"))
    assert set(kiosk.path.parent.glob("ledger-*.db")) == archives
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    begun = kiosk.succeed()
    assert set(kiosk.path.parent.glob("ledger-*.db")) == {*archives, begun.archive}
    assert kiosk.findings() == []
    with reading(kiosk.path) as connection:
        assert [open_.amount for open_ in open_vouchers(connection)] == [Cents(40)]


def test_what_an_interrupted_beginning_left_is_no_obstacle(ledger_in: LedgerIn, tmp_path: Path) -> None:
    (tmp_path / "ledger.db.new").write_bytes(b"half a file")
    (tmp_path / "ledger.db.new-wal").write_bytes(b"half a file")
    assert ledger_in(tmp_path).findings() == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable):
        start(tmp_path / "missing" / "ledger.db")


def test_no_ledger_at_all_is_told(kiosk: Kiosk) -> None:
    kiosk.journal.close()
    kiosk.path.unlink()
    with pytest.raises(NoLedger):
        kiosk.open()
    with pytest.raises(NoLedger), reading(kiosk.path):
        pass
    assert not kiosk.path.exists()


@pytest.mark.parametrize("application", [0, 7], ids=["nameless", "named"])
def test_another_programs_database_is_refused_and_left_as_it_is(kiosk: Kiosk, application: int) -> None:
    kiosk.journal.close()
    kiosk.path.unlink()
    with closing(sqlite3.connect(kiosk.path)) as database:
        database.execute(f"PRAGMA application_id = {application}")
        database.execute("CREATE TABLE recipe (title TEXT)")
        database.commit()
    before = kiosk.path.read_bytes()
    with pytest.raises(WrongFile):
        kiosk.open()
    with pytest.raises(WrongFile), reading(kiosk.path):
        pass
    assert kiosk.path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(kiosk: Kiosk) -> None:
    kiosk.journal.close()
    kiosk.path.write_bytes(b"once upon a time " * 1000)
    with pytest.raises(WrongFile):
        kiosk.open()


def test_a_damaged_page_is_unavailable_not_silently_read(kiosk: Kiosk) -> None:
    kiosk.journal.give(kiosk.visit_of(30), ASSOCIATIONS[0], kiosk.now())
    kiosk.journal.close()
    content = bytearray(kiosk.path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    kiosk.path.write_bytes(content)
    with pytest.raises((LedgerUnavailable, WrongFile)):
        kiosk.open()


def test_a_file_of_a_newer_program_is_refused_with_both_versions(kiosk: Kiosk) -> None:
    kiosk.journal.close()
    with closing(sqlite3.connect(kiosk.path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    with pytest.raises(SchemaUnknown) as unknown:
        kiosk.open()
    assert (unknown.value.found, unknown.value.known) == ("9999", schema.REVISIONS[-1])
    with pytest.raises(SchemaUnknown), reading(kiosk.path):
        pass


def test_a_new_ledger_that_is_not_all_in_one_file_does_not_take_over(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever keeps its WAL from being written back when it is closed (a full disk does, without a word): the name is given to the file alone."""
    made, readers = kiosk.path.with_name("ledger.db.new"), list[sqlite3.Connection]()

    def insert_beside_a_reader(raw: sqlite3.Connection, entry: Entry, body: str) -> None:
        insert(raw, entry, body)
        readers.append(sqlite3.connect(made, isolation_level=None))
        readers[-1].execute("BEGIN")
        readers[-1].execute("SELECT * FROM sqlite_master").fetchone()

    kiosk.visit_of(2)
    monkeypatch.setattr("ledger.generation.insert", insert_beside_a_reader)
    with pytest.raises(LedgerLocked):
        kiosk.succeed()
    monkeypatch.undo()
    readers[0].close()
    with reading(kiosk.path) as connection:
        assert head(connection).row > 1
        assert list(verify(connection)) == []
    kiosk.succeed()
    with reading(kiosk.path) as connection:
        assert head(connection).row == 1
        assert list(verify(connection)) == []
