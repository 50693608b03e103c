"""A sync.db that is sound and wrong: the city is asked, and says whether the mark or the ledger is. Until then the kiosk does not start."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings, load
from config.vocabulary import Material
from kiosk.begin import recognise
from ledger.sync.acknowledged import Acknowledged, Conflict
from ledger.sync.outcomes import CityAhead, Delivered, Disagreed, Doubted, OnTheWay, Overruled, Unreachable
from ledger.sync.rounds import once
from ledger.vocabulary import LedgerBehind
from money.city_server import city
from money.ledgers import cut
from money.sending_kiosk import KIOSK, Kiosk, route
from people.command import consigne
from timing import FakeClock

STRANGER = "f" * 64
AWAY = "http://127.0.0.1:9"


@pytest.fixture
def kiosk(tmp_path: Path, clock: FakeClock) -> Kiosk:
    """With two visits."""
    folder = tmp_path / "kiosk"
    folder.mkdir()
    kiosk = Kiosk(folder, clock)
    kiosk.visit(Material.GLASS)
    kiosk.visit(Material.PLASTIC)
    return kiosk


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def city_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "city"
    folder.mkdir()
    return folder


def settings(kiosk: Kiosk, address: str = AWAY) -> Settings:
    path = kiosk.path.parent.parent / "kiosk.toml"
    path.write_text(
        f'[kiosk]\nid = "{KIOSK}"\nstate = "kiosk"\n[intake]\nport = "none"\n[camera]\nsource = "none"\n'
        f'[reward]\nvoucher_page = "https://consigne.example/bon"\n[city]\nurl = "{address}"\n'
    )
    return load(path)


def say(kiosk: Kiosk, row: int, head: str, generation: str | None = None) -> None:
    """Somebody writes into sync.db."""
    with Acknowledged(route(kiosk, AWAY).acknowledged) as state:
        state.acknowledge(generation or kiosk.hash_of(1), row, head, "2026-11-24T09:00:00.000Z")


def a_row_beyond(kiosk: Kiosk) -> None:
    say(kiosk, kiosk.rows() + 7, STRANGER)


def another_hash(kiosk: Kiosk) -> None:
    say(kiosk, kiosk.rows() - 3, STRANGER)


def another_hash_of_the_first_row(kiosk: Kiosk) -> None:
    say(kiosk, 1, STRANGER)


def a_later_ledger(kiosk: Kiosk) -> None:
    say(kiosk, kiosk.rows(), kiosk.hash_of(kiosk.rows()))
    say(kiosk, 12, STRANGER, generation=STRANGER)


Lie = Callable[[Kiosk], None]
LIES: list[Lie] = [a_row_beyond, another_hash, another_hash_of_the_first_row, a_later_ledger]


@pytest.mark.parametrize("known", [False, True], ids=["nothing was sent yet", "the city has it all"])
@pytest.mark.parametrize("lie", LIES)
def test_a_kiosk_starts_once_the_city_has_contradicted_its_mark(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, city_folder: Path, lie: Lie, known: bool
) -> None:
    with city(city_folder) as address:
        if known:
            assert isinstance(once(route(kiosk, address), stop, clock), Delivered)
        lie(kiosk)
        with pytest.raises(LedgerBehind):
            recognise(settings(kiosk))

        outcome = once(route(kiosk, address, rows_at_once=2), stop, clock)

    assert isinstance(outcome, Delivered)
    assert outcome.row == kiosk.rows()
    assert recognise(settings(kiosk)) is None


def test_a_mark_that_was_contradicted_is_told_and_kept_among_the_conflicts(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, city_folder: Path
) -> None:
    """Or else a ledger that lost rows would go on unseen beside a city that lost the same ones."""
    last = kiosk.rows()
    a_row_beyond(kiosk)
    told: list[OnTheWay] = []
    with city(city_folder) as address:
        made = route(kiosk, address)
        for _ in range(2):
            assert isinstance(once(made, stop, clock, told=told.append), Delivered)
    assert told == [Overruled(str(made.acknowledged), last + 7, STRANGER, last)]
    with Acknowledged(made.acknowledged) as state:
        assert state.conflicts(kiosk.hash_of(1)) == [Conflict("mark", last + 7, STRANGER, "", 1)]
        assert state.position(kiosk.hash_of(1)) == (last, kiosk.hash_of(last))


@pytest.mark.parametrize(("lie", "own"), [(a_row_beyond, None), (another_hash, -3)])
def test_while_the_city_is_away_both_are_doubted_and_nothing_is_decided(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, lie: Lie, own: int | None
) -> None:
    lie(kiosk)
    last = kiosk.rows()
    row = last + 7 if own is None else last + own
    for _ in range(2):
        outcome = once(route(kiosk, AWAY), stop, clock)
        assert isinstance(outcome, Doubted)
        assert isinstance(outcome.reason, Unreachable)
        assert (outcome.row, outcome.held, outcome.own_row) == (row, STRANGER, last)
        assert outcome.own == (None if own is None else kiosk.hash_of(row))
        with pytest.raises(LedgerBehind):
            recognise(settings(kiosk))


def test_a_ledger_whose_end_was_cut_off_is_never_mended_by_asking(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, city_folder: Path
) -> None:
    last, head = kiosk.rows(), kiosk.hash_of(kiosk.rows())
    with city(city_folder) as address:
        once(route(kiosk, address), stop, clock)
        cut(kiosk.path, last - 2)
        told: list[OnTheWay] = []
        for rows_at_once in (500, 2):
            outcome = once(route(kiosk, address, rows_at_once=rows_at_once), stop, clock, told=told.append)
            assert outcome == CityAhead(last, head, last - 2)
        assert told == []
    with pytest.raises(LedgerBehind):
        recognise(settings(kiosk))


def test_a_ledger_that_another_has_replaced_is_never_taken_for_the_newest(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, city_folder: Path
) -> None:
    with city(city_folder) as address:
        once(route(kiosk, address), stop, clock)
        kiosk.begin(succeeding=True)
        assert isinstance(once(route(kiosk, address), stop, clock), Delivered)
        (archive,) = kiosk.path.parent.glob("ledger-*-*.db")
        for suffix in ("", "-wal", "-shm"):
            kiosk.path.with_name(kiosk.path.name + suffix).unlink(missing_ok=True)
        archive.rename(kiosk.path)
        assert isinstance(once(route(kiosk, address), stop, clock), Delivered), "the city has all of it, and knows a later one"
    with pytest.raises(LedgerBehind):
        recognise(settings(kiosk))


def test_a_ledger_rewritten_behind_its_first_batch_is_told_with_both_hashes(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, city_folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(kiosk.path)) as live, closing(sqlite3.connect(copy)) as other:
        live.backup(other)
    kiosk.visit(Material.GLASS)
    last, head = kiosk.rows(), kiosk.hash_of(kiosk.rows())
    with city(city_folder) as address:
        once(route(kiosk, address), stop, clock)
        for suffix in ("-wal", "-shm"):
            kiosk.path.with_name(kiosk.path.name + suffix).unlink(missing_ok=True)
        copy.replace(kiosk.path)
        kiosk.visit(Material.PLASTIC)
        assert kiosk.rows() == last
        assert once(route(kiosk, address, rows_at_once=2), stop, clock) == Disagreed("row", last, held=head, sent=kiosk.hash_of(last))
    with pytest.raises(LedgerBehind):
        recognise(settings(kiosk))


def test_the_command_tells_the_doubt_with_its_reason_and_then_that_the_mark_was_wrong(kiosk: Kiosk, city_folder: Path) -> None:
    a_row_beyond(kiosk)
    settings(kiosk)
    folder = kiosk.path.parent.parent
    asked = ("sync", "--once", "--config", folder / "kiosk.toml")
    away = consigne(*asked, folder=folder)
    assert (away.returncode, away.stdout, len(away.stderr.splitlines())) == (3, "", 2)
    assert str(kiosk.rows() + 7) in away.stderr
    assert '"reason": {"outcome": "unreachable"' in consigne(*asked, "--json", folder=folder).stdout
    with city(city_folder) as address:
        settings(kiosk, address)
        there = consigne(*asked, folder=folder)
    assert there.returncode == 0
    assert STRANGER in there.stderr
