"""sync.db is a mark of the sync's and nothing else: whatever has become of it, the round goes on, and what lay there is kept under another name."""

import errno
import json
import os
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.files import Trouble
from config.vocabulary import Material
from kiosk.words.catalogue import Words
from kiosk.words.reports import tell_on_the_way
from ledger.sync.acknowledged import Acknowledged, StateError, read_marks
from ledger.sync.outcomes import Delivered, OnTheWay, SetAside, StateUnusable
from ledger.sync.rounds import once
from money.city_server import city
from money.sending_kiosk import Kiosk, route
from people.command import consigne
from timing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def kiosk(tmp_path: Path, clock: FakeClock) -> Kiosk:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    kiosk = Kiosk(folder, clock)
    kiosk.visit(Material.GLASS, Material.PLASTIC)
    return kiosk


def written(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.write_bytes(change(path.read_bytes()))

    return damage


def said(*statements: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()

    return damage


def another_database(path: Path) -> None:
    path.unlink()
    said("CREATE TABLE acknowledged (title TEXT)")(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").touch()


def a_link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("no such folder") / "sync.db")


def a_link_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no database": written(lambda raw: b"not a database" * 100),
    "zeros": written(lambda raw: bytes(len(raw))),
    "first page zeros": written(lambda raw: bytes(4096) + raw[4096:]),
    "last page zeros": written(lambda raw: raw[:-4096] + bytes(4096)),
    "second page ones": written(lambda raw: raw[:4096] + b"\xff" * 4096 + raw[8192:]),
    "random": written(lambda raw: raw[:100] + random.Random(1).randbytes(len(raw) - 100)),
    "cut in half": written(lambda raw: raw[: len(raw) // 2]),
    "cut by a page": written(lambda raw: raw[:-4096]),
    "another program's": another_database,
    "a name that is no text": written(lambda raw: raw.replace(b"tableconflictconflict", b"tableconfl\xcactconflict")),
    "an older program's": said("ALTER TABLE acknowledged DROP COLUMN at"),
    "a newer program's": said("ALTER TABLE acknowledged ADD COLUMN more TEXT"),
    "a trigger": said("CREATE TRIGGER no BEFORE UPDATE ON last_round BEGIN SELECT RAISE(ABORT, 'no'); END"),
    "a view instead of a table": said("DROP TABLE conflict", "CREATE VIEW conflict AS SELECT 1"),
    "a head that is none": said("UPDATE acknowledged SET head = 'x'"),
    "a generation that is none": said("UPDATE acknowledged SET generation = 'x'"),
    "a row that is none": said("UPDATE acknowledged SET row = -1"),
    "facts that are no JSON": said("UPDATE last_round SET facts = '{'"),
    "a folder": a_folder,
    "a link to nowhere": a_link_to_nowhere,
    "a link in a circle": a_link_in_a_circle,
    "a pipe": a_pipe,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_mark_is_set_aside_told_and_made_anew(
    kiosk: Kiosk, tmp_path: Path, clock: FakeClock, damage: Callable[[Path], None]
) -> None:
    told: list[OnTheWay] = []
    stop = threading.Event()
    with city(tmp_path) as address:
        made = route(kiosk, address)
        assert isinstance(once(made, stop, clock), Delivered)
        damage(made.acknowledged)
        rows = kiosk.rows()
        outcome = once(made, stop, clock, told=told.append)
        again = once(made, stop, clock, told=told.append)
    assert isinstance(outcome, Delivered)
    assert (outcome.row, isinstance(again, Delivered)) == (rows, True)
    (found,) = told
    assert isinstance(found, SetAside)
    assert found.path == str(made.acknowledged)
    assert os.path.lexists(found.aside)
    with Acknowledged(made.acknowledged) as state:
        assert state.position(kiosk.hash_of(1)) == (rows, kiosk.hash_of(rows))


@pytest.mark.parametrize("other", [a_folder, a_pipe])
def test_who_only_looks_is_told_what_lies_in_the_marks_place(tmp_path: Path, other: Callable[[Path], None]) -> None:
    path = tmp_path / "sync.db"
    path.touch()
    other(path)
    with pytest.raises(StateError) as told:
        read_marks(path)
    assert (told.value.path, told.value.trouble, told.value.detail) == (path, Trouble.NOT_A_FILE, os.strerror(errno.EISDIR))


def test_each_damaged_mark_keeps_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "sync.db"
    for content in (b"first" * 1000, b"second" * 1000):
        path.write_bytes(content)
        Acknowledged(path)._db.close()
    for number, content in ((1, b"first" * 1000), (2, b"second" * 1000)):
        assert (tmp_path / f"sync-damaged-{number}.db").read_bytes() == content


@pytest.mark.parametrize("beside", ["-wal", "-shm", "-journal"])
def test_what_is_damaged_beside_the_mark_is_in_nobodys_way(kiosk: Kiosk, tmp_path: Path, clock: FakeClock, beside: str) -> None:
    with city(tmp_path) as address:
        made = route(kiosk, address)
        once(made, threading.Event(), clock)
        made.acknowledged.with_name(made.acknowledged.name + beside).write_bytes(random.Random(2).randbytes(32768))
        assert isinstance(once(made, threading.Event(), clock), Delivered)


def test_a_mark_that_another_sync_is_writing_is_left_where_it_is(kiosk: Kiosk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.reader.BUSY_S", 0.0)
    made = route(kiosk, "http://127.0.0.1:9")
    once(made, threading.Event(), clock)
    with closing(sqlite3.connect(made.acknowledged, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert isinstance(once(made, threading.Event(), clock), StateUnusable)
    assert not list(made.acknowledged.parent.glob("sync-damaged*"))


def test_the_command_says_what_became_of_the_mark_and_goes_on(kiosk: Kiosk, tmp_path: Path) -> None:
    shutil.copytree(kiosk.path.parent, tmp_path / "state")
    (tmp_path / "state" / "sync.db").write_bytes(b"not a database" * 100)
    configuration = tmp_path / "kiosk.toml"
    with city(tmp_path) as address:
        configuration.write_text(
            f'[kiosk]\nid = "paris-11-01"\nstate = "state"\n[intake]\nport = "none"\n[camera]\nsource = "none"\n'
            f'[reward]\nvoucher_page = "https://consigne.example/bon"\n[city]\nurl = "{address}"\n'
        )
        done = consigne("sync", "--once", "--json", "--config", configuration, folder=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (0, "delivered")
    aside = str(tmp_path / "state" / "sync-damaged-1.db")
    assert aside in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_sentence_names_both_files(language: str) -> None:
    told = tell_on_the_way(SetAside("sync.db", "sync-damaged-1.db", "malformed"), Words(language))
    assert all(fact in told for fact in ("sync.db", "sync-damaged-1.db", "malformed"))
