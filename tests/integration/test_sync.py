"""The sync between a real ledger and a real city, and against servers that answer nonsense: rows wait, and then catch up."""

import json
import shutil
import socket
import sqlite3
import ssl
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.files import Trouble
from config.vocabulary import Material
from ledger.database import reading
from ledger.sync.acknowledged import Acknowledged, Conflict, last_acknowledged
from ledger.sync.outbox import Outbox
from ledger.sync.outcomes import (
    CityAhead,
    CityTroubled,
    Delivered,
    Disagreed,
    Doubted,
    Garbled,
    Intercepted,
    LedgerUnreadable,
    NothingToSend,
    Outcome,
    Refused,
    Rejected,
    StateUnusable,
    Stopped,
    Unreachable,
    Untrusted,
)
from ledger.sync.rounds import Route, once, run_forever
from ledger.sync.uplink import LARGEST_ANSWER
from ledger.vocabulary import LedgerUnavailable
from money.callers import key_file, read, send
from money.chain_rows import DESK_NEVER_WORKED, Chain
from money.city_server import city
from money.ledgers import tamper
from money.sending_kiosk import KIOSK, Kiosk, held, route
from timing import FakeClock, patient, wait_until
from wires.rude_server import nonsense, reply, self_signed


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Kiosk:
    """Two bottles kept as a voucher, and one given away on the next day; each test gets its own copy."""
    clock = FakeClock()
    kiosk = Kiosk(tmp_path_factory.mktemp("kiosk"), clock)
    kiosk.visit(Material.GLASS, Material.PLASTIC)
    clock.advance(24 * 3600)
    kiosk.visit(Material.GLASS, keep=False)
    return kiosk


@pytest.fixture
def kiosk(two_days: Kiosk, tmp_path: Path, clock: FakeClock) -> Kiosk:
    shutil.copytree(two_days.path.parent, tmp_path, dirs_exist_ok=True)
    clock.utc = two_days.clock.utc
    kiosk = Kiosk(tmp_path, clock)
    kiosk.sequence = two_days.sequence
    return kiosk


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "city"
    folder.mkdir()
    return folder


def test_every_row_reaches_the_city_with_the_same_totals(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    with city(folder) as address:
        outcome = once(route(kiosk, address), stop, clock)

        rows = kiosk.rows()
        assert outcome == Delivered(kiosk.hash_of(1), rows, kiosk.hash_of(rows), rows, ())
        found = held(address)
        assert (found["row"], found["head"], found["differences"]) == (rows, kiosk.hash_of(rows), [])
        assert found["totals"] == {
            "days": [
                {"day": "2026-11-24", "glass": 1, "plastic": 1, "cents": 40},
                {"day": "2026-11-25", "glass": 1, "plastic": 0, "cents": 20},
            ],
            "vouchers": {"count": 1, "cents": 40},
            "gifts": {"count": 1, "cents": 20},
            **DESK_NEVER_WORKED,
        }


def test_rows_go_in_batches_and_their_totals_agree_at_each(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    with city(folder) as address:
        outcome = once(route(kiosk, address, rows_at_once=3), stop, clock)

        assert isinstance(outcome, Delivered)
        assert (outcome.sent, held(address)["row"], held(address)["differences"]) == (kiosk.rows(), kiosk.rows(), [])


def test_only_what_is_new_is_sent_the_next_time(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
        before = kiosk.rows()
        kiosk.visit(Material.PLASTIC)

        second, third = once(route(kiosk, address), stop, clock), once(route(kiosk, address), stop, clock)

        assert isinstance(second, Delivered)
        assert isinstance(third, Delivered)
        assert (second.sent, third.sent, third.row) == (kiosk.rows() - before, 0, kiosk.rows())


def test_rows_wait_while_the_city_is_away_and_then_catch_up(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock, free_port: int
) -> None:
    away = once(route(kiosk, f"http://127.0.0.1:{free_port}"), stop, clock)
    kiosk.visit(Material.GLASS)
    with city(folder, port=free_port) as address:
        back = once(route(kiosk, address), stop, clock)
        assert held(address)["row"] == kiosk.rows()

    assert away == Unreachable("Connection refused")
    assert isinstance(back, Delivered)


def test_a_restarted_city_gets_the_rest(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
    kiosk.visit(Material.GLASS)
    with city(folder) as address:
        outcome = once(route(kiosk, address), stop, clock)

        assert isinstance(outcome, Delivered)
        assert (held(address)["row"], held(address)["differences"]) == (kiosk.rows(), [])


def test_a_lost_sync_db_costs_no_row_and_no_double(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
        route(kiosk, address).acknowledged.unlink()
        before = held(address)

        outcome = once(route(kiosk, address, rows_at_once=2), stop, clock)

        assert isinstance(outcome, Delivered)
        assert outcome.sent == 2, "the city's first answer says how far it is"
        assert held(address) | {"health": before["health"]} == before


@pytest.mark.parametrize("rows_at_once", [500, 2])
def test_a_city_restored_from_an_old_copy_gets_the_missing_rows_again(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock, tmp_path: Path, rows_at_once: int
) -> None:
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
    with closing(sqlite3.connect(folder / "city.db")) as live, closing(sqlite3.connect(tmp_path / "copy")) as copy:
        live.backup(copy)
    kiosk.visit(Material.GLASS)
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
    for file in folder.iterdir():
        file.unlink()
    (tmp_path / "copy").rename(folder / "city.db")

    with city(folder) as address:
        outcome = once(route(kiosk, address, rows_at_once=rows_at_once), stop, clock)

        assert isinstance(outcome, Delivered)
        assert (held(address)["row"], held(address)["differences"]) == (kiosk.rows(), [])


def test_a_city_that_holds_another_row_under_the_same_number_is_recorded_with_both_hashes_and_never_skipped(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock
) -> None:
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
        stranger = rows_of(kiosk)
        other = stranger.add("closed", {}, subject="2026-11-25/9999", visit="2026-11-25/9999")
        assert send(address, KIOSK, stranger.batch(other["row"])).status_code == 200
        kiosk.visit(Material.GLASS)

        outcomes = [once(route(kiosk, address), stop, clock) for _ in range(2)]

        clash = Disagreed("row", other["row"], held=other["hash"], sent=kiosk.hash_of(other["row"]))
        assert outcomes == [clash, clash]
        with Acknowledged(route(kiosk, address).acknowledged) as state:
            generation = kiosk.hash_of(1)
            assert state.conflicts(generation) == [Conflict("row", clash.row, clash.held, clash.sent, 2)]
            position, last = state.position(generation), state.last_round()
            assert position is not None
            assert position.row == other["row"] - 1
            assert last is not None
            assert last.outcome == "Disagreed"
        assert held(address)["conflicts"][0]["sent"] == clash.sent


def rows_of(kiosk: Kiosk) -> Chain:
    """The kiosk's ledger as rows that a test may continue otherwise."""
    chain = Chain(KIOSK)
    with Outbox(kiosk.path) as outbox:
        chain.rows = outbox.rows(0, 500)
    return chain


def test_a_ledger_put_back_to_an_older_copy_is_noticed_before_anything_is_sent(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(kiosk.path)) as live, closing(sqlite3.connect(tmp_path / "copy")) as copy:
        live.backup(copy)
    kiosk.visit(Material.GLASS)
    last, head = kiosk.rows(), kiosk.hash_of(kiosk.rows())
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
        put_back(kiosk, tmp_path / "copy")

        known = once(route(kiosk, address), stop, clock)
        route(kiosk, address).acknowledged.unlink()
        forgotten = once(route(kiosk, address), stop, clock)

        assert known == forgotten == CityAhead(last, head, kiosk.rows())
        kiosk.visit(Material.PLASTIC)
        assert isinstance(once(route(kiosk, address), stop, clock), Disagreed)


def put_back(kiosk: Kiosk, copy: Path) -> None:
    """Somebody puts an older copy in the ledger's place."""
    for suffix in ("-wal", "-shm"):
        kiosk.path.with_name(kiosk.path.name + suffix).unlink(missing_ok=True)
    copy.replace(kiosk.path)


def test_a_ledger_that_is_not_what_was_acknowledged_is_noticed_without_the_city(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock, tmp_path: Path, free_port: int
) -> None:
    """By the sync's own record, while nobody can be asked: shorter than what the city holds, then as long again, but with other rows."""
    with closing(sqlite3.connect(kiosk.path)) as live, closing(sqlite3.connect(tmp_path / "copy")) as copy:
        live.backup(copy)
    kiosk.visit(Material.GLASS)
    last, head = kiosk.rows(), kiosk.hash_of(kiosk.rows())
    with city(folder) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Delivered)
    put_back(kiosk, tmp_path / "copy")
    away = route(kiosk, f"http://127.0.0.1:{free_port}")

    unreachable = Unreachable("Connection refused")
    assert once(away, stop, clock) == Doubted(last, head, None, kiosk.rows(), unreachable)
    kiosk.visit(Material.PLASTIC)
    assert kiosk.rows() == last
    other = kiosk.hash_of(last)
    assert once(away, stop, clock) == Doubted(last, head, other, last, unreachable)
    kiosk.visit(Material.PLASTIC)
    assert once(away, stop, clock) == Doubted(last, head, other, kiosk.rows(), unreachable)

    with Acknowledged(away.acknowledged) as state:
        assert state.position(kiosk.hash_of(1)) == (last, head)
        round_ = state.last_round()
        assert round_ is not None
        assert round_.outcome == "Doubted"
    with city(folder) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Disagreed)
        with Acknowledged(away.acknowledged) as state:
            assert state.position(kiosk.hash_of(1)) == (last, head)


def test_a_tampered_row_is_rejected_by_the_city(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    with closing(sqlite3.connect(kiosk.path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER entry_stays")
        db.execute("UPDATE entry SET body = json_set(body, '$.amount', 2000) WHERE row = 4")
    with city(folder) as address:
        outcome = once(route(kiosk, address), stop, clock)

    assert isinstance(outcome, Rejected)
    assert (outcome.status, outcome.error, outcome.row) == (422, "hash", 4)


def test_a_demonstration_is_refused_by_a_real_city_and_taken_by_one_that_welcomes_it(
    tmp_path: Path, folder: Path, stop: threading.Event, clock: FakeClock
) -> None:
    kiosk = Kiosk(tmp_path, clock, demonstration=True)
    with city(folder) as address:
        assert once(route(kiosk, address), stop, clock) == Refused(403, "demonstration")
    with city(folder, demonstration=True) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Delivered)


def test_a_new_generation_follows_once_the_city_has_the_whole_archive(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock
) -> None:
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
        kiosk.visit(Material.GLASS)
        old, rows = kiosk.hash_of(1), kiosk.rows()
        kiosk.begin(succeeding=True)
        kiosk.begin(succeeding=True)
        kiosk.visit(Material.PLASTIC)

        outcome = once(route(kiosk, address), stop, clock)

        assert isinstance(outcome, Delivered)
        assert (outcome.generation, outcome.row) == (kiosk.hash_of(1), kiosk.rows())
        found = held(address)
        assert [(one["generation"], one["row"]) for one in found["generations"]] == [
            (old, rows),
            (found["generations"][1]["generation"], 1),
            (kiosk.hash_of(1), kiosk.rows()),
        ]
        assert found["conflicts"] == []


def test_a_ledger_may_be_succeeded_while_a_round_waits_for_the_city(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    def succeed(line: socket.socket) -> None:
        kiosk.begin(succeeding=True)
        line.sendall(reply(200, b"{}"))

    with nonsense(succeed) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Garbled)


def test_without_a_ledger_there_is_nothing_to_send(tmp_path: Path, stop: threading.Event, clock: FakeClock, free_port: int) -> None:
    made = Route(tmp_path / "ledger.db", tmp_path / "sync.db", key_file(tmp_path), f"http://127.0.0.1:{free_port}", 60.0, 5.0)

    assert once(made, stop, clock) == NothingToSend(str(tmp_path / "ledger.db"))


def test_of_a_ledger_without_an_entry_there_is_nothing_to_send(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    tamper(kiosk.path, "DELETE FROM posting", "DELETE FROM entry")
    assert once(route(kiosk, "http://127.0.0.1:9"), stop, clock) == NothingToSend(str(kiosk.path))


def test_a_damaged_ledger_is_told_and_left_alone(tmp_path: Path, stop: threading.Event, clock: FakeClock, free_port: int) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database" * 100)
    made = Route(tmp_path / "ledger.db", tmp_path / "sync.db", key_file(tmp_path), f"http://127.0.0.1:{free_port}", 60.0, 5.0)

    assert isinstance(once(made, stop, clock), LedgerUnreadable)
    assert (tmp_path / "ledger.db").read_bytes() == b"not a database" * 100


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("credit", "{}"),
        ("credit", '{"day":true,"amount":20,"material":"glass"}'),
        ("credit", '{"day":"2026-11-24","amount":"x","material":"glass"}'),
        ("voucher", "{}"),
        ("voucher", '{"amount":2.5}'),
    ],
)
def test_a_ledger_whose_bodies_have_no_figures_is_told_and_nothing_of_it_sent(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, kind: str, body: str
) -> None:
    tamper(kiosk.path, ("UPDATE entry SET body = ? WHERE kind = ?", (body, kind)))
    outcome = once(route(kiosk, "http://127.0.0.1:9"), stop, clock)
    assert isinstance(outcome, LedgerUnreadable)
    assert outcome.trouble is Trouble.DAMAGED


def test_a_ledger_with_a_name_in_its_schema_that_is_no_text_is_told(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    """SQLite complains of that name, and Python's driver cannot read the complaint."""
    with closing(sqlite3.connect(kiosk.path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kiosk.path.write_bytes(kiosk.path.read_bytes().replace(b"tablepostingposting", b"tablepost\xcangposting"))
    outcome = once(route(kiosk, "http://127.0.0.1:9"), stop, clock)
    assert isinstance(outcome, LedgerUnreadable)
    assert outcome.trouble is Trouble.DAMAGED
    with pytest.raises(LedgerUnavailable) as told, reading(kiosk.path, judging=True):
        pass
    assert told.value.trouble is Trouble.DAMAGED


def test_a_sync_db_that_cannot_be_written_stops_the_round_before_anything_is_sent(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock
) -> None:
    with city(folder) as address:
        nowhere = once(route(kiosk, address, acknowledged=kiosk.path.parent / "no folder" / "sync.db"), stop, clock)

        assert isinstance(nowhere, StateUnusable)
        assert read(address, "/v1/kiosks").json() == {"kiosks": [], "next": None}


def test_the_sync_never_writes_to_the_ledger(kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock) -> None:
    before = kiosk.path.read_bytes()
    with city(folder) as address:
        once(route(kiosk, address), stop, clock)

    assert kiosk.path.read_bytes() == before


# servers that answer nonsense


def accepted(**changes: Any) -> bytes:
    answer = {"generation": "a" * 64, "row": 1, "head": "b" * 64, "stored": 1, "comparison": "equal", "differences": []}
    return json.dumps({**answer, **changes}).encode()


ANSWERS: dict[str, tuple[bytes, type[Outcome]]] = {
    "a page of HTML": (reply(200, b"<html>Welcome to the hotel's wireless network</html>", "Content-Type: text/html"), Intercepted),
    "a page that begins with words": (reply(200, b"Welcome, <b>guest</b>", "Content-Type: Text/HTML; charset=utf-8"), Intercepted),
    "nothing": (reply(200, b""), Garbled),
    "a list": (reply(200, b"[]"), Garbled),
    "another object": (reply(200, b'{"status": "ok"}'), Garbled),
    "a nest without a bottom": (reply(200, b"[" * 100_000), Garbled),
    "another ledger's acknowledgement": (reply(200, accepted()), Garbled),
    "a row in text": (reply(200, accepted(row="7")), Garbled),
    "a huge row": (reply(200, b'{"differences": [], "generation": "' + b"a" * 64 + b'", "row": 1' + b"0" * 400 + b"}"), Garbled),
    "differences without numbers": (reply(200, accepted(differences=[{"item": "x"}])), Garbled),
    "a redirect": (reply(302, b"", "Location: http://elsewhere.example/"), Intercepted),
    "a permanent redirect": (reply(308, b"", "Location: http://elsewhere.example/"), Intercepted),
    "a redirect within the house": (reply(301, b"", "Location: /login"), Garbled),
    "not found": (reply(404, b"{}"), Garbled),
    "a conflict without hashes": (reply(409, b'{"error": "row", "row": 3}'), Garbled),
    "a gap to the future": (reply(409, json.dumps({"error": "gap", "expected": 9000, "head": "0" * 64}).encode()), Garbled),
    "a gap to row 0": (reply(409, json.dumps({"error": "gap", "expected": 0, "head": "0" * 64}).encode()), Garbled),
    "a server error": (reply(500, b"<h1>Internal Server Error</h1>"), CityTroubled),
    "a gateway error": (reply(502, b""), CityTroubled),
    "too many requests": (reply(429, b"", "Retry-After: 120"), CityTroubled),
    "a pause of five thousand digits": (reply(503, b"", "Retry-After: " + "9" * 5000), CityTroubled),
    "forbidden by a proxy": (reply(403, b"<h1>Forbidden</h1>"), Intercepted),
    "who are you": (reply(401, b'{"error": "credentials"}'), Refused),
    "not HTTP": (b"220 mail.example ESMTP\r\n", Garbled),
    "a header without an end": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, Garbled),
    "half an answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", Unreachable),
    "a huge answer": (reply(200, b" " * (LARGEST_ANSWER + 1)), Garbled),
    "broken gzip": (reply(200, b"not gzip", "Content-Encoding: gzip"), Garbled),
    "a closed line": (b"", Unreachable),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nonsense_is_a_typed_outcome_and_the_rows_wait(kiosk: Kiosk, stop: threading.Event, clock: FakeClock, name: str) -> None:
    data, expected = ANSWERS[name]
    with nonsense(lambda line: line.sendall(data)) as address:
        outcome = once(route(kiosk, address), stop, clock)

    assert isinstance(outcome, expected), outcome
    with Acknowledged(route(kiosk, "").acknowledged) as state:
        assert state.position(kiosk.hash_of(1)) is None
        last = state.last_round()
        assert last is not None
        assert last.outcome == expected.__name__


def test_an_acknowledgement_with_a_wrong_head_is_not_believed(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    last, generation = kiosk.rows(), kiosk.hash_of(1)
    for row, head in ((last, "b" * 64), (last - 1, kiosk.hash_of(last - 1))):
        data = reply(200, accepted(generation=generation, row=row, head=head))
        with nonsense(lambda line, data=data: line.sendall(data)) as address:  # type: ignore[misc]
            assert isinstance(once(route(kiosk, address), stop, clock), Garbled)


def test_a_city_that_asks_for_the_same_rows_for_ever_is_asked_twice_a_round(
    kiosk: Kiosk, folder: Path, stop: threading.Event, clock: FakeClock
) -> None:
    asked: list[int] = []
    gap = reply(409, json.dumps({"error": "gap", "expected": 1, "head": "0" * 64}).encode())

    def answer(line: socket.socket) -> None:
        asked.append(1)
        line.sendall(gap)

    with city(folder) as address:
        once(route(kiosk, address), stop, clock)
    with nonsense(answer) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Garbled)
    assert len(asked) == 2


def acknowledged(kiosk: Kiosk, row: int) -> None:
    """The sync remembers that the city holds the ledger up to this row."""
    with Acknowledged(route(kiosk, "").acknowledged) as state:
        state.acknowledge(kiosk.hash_of(1), row, kiosk.hash_of(row), "2026-11-24T09:00:00.000Z")


def in_turn(*answers: bytes) -> Callable[[socket.socket], None]:
    """One after the other; the last again and again."""
    waiting = list(answers)
    return lambda line: line.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])


def gap(expected: int, head: str) -> bytes:
    return reply(409, json.dumps({"error": "gap", "expected": expected, "head": head}).encode())


def sent_rows(heard: list[bytes]) -> list[list[int]]:
    return [[row["row"] for row in json.loads(body)["rows"]] for body in heard]


@pytest.mark.parametrize("row", [0, 1000])
def test_an_acknowledgement_of_another_ledger_is_not_believed_however_far_it_goes(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, row: int
) -> None:
    last = kiosk.rows()
    data = reply(200, accepted(generation="a" * 64, row=last + row, head=kiosk.hash_of(last)))
    with nonsense(lambda line: line.sendall(data)) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Garbled)
    with Acknowledged(route(kiosk, "").acknowledged) as state:
        assert state.position(kiosk.hash_of(1)) is None
        assert state.conflicts(kiosk.hash_of(1)) == []


def test_a_city_that_has_lost_its_last_row_alone_gets_that_one_again(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    last, heard = kiosk.rows(), list[bytes]()
    acknowledged(kiosk, last)
    taken = reply(200, accepted(generation=kiosk.hash_of(1), row=last, head=kiosk.hash_of(last)))
    with nonsense(in_turn(gap(last, kiosk.hash_of(last - 1)), taken), heard) as address:
        outcome = once(route(kiosk, address), stop, clock)
    assert isinstance(outcome, Delivered)
    assert sent_rows(heard) == [[], [last]]


def test_a_city_that_wants_what_it_was_just_sent_is_not_sent_it_again_at_once(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock
) -> None:
    last, heard = kiosk.rows(), list[bytes]()
    acknowledged(kiosk, last - 2)
    with nonsense(in_turn(gap(last - 1, kiosk.hash_of(last - 2))), heard) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), Garbled)
    assert sent_rows(heard) == [[last - 1, last]]


def test_a_city_that_holds_less_and_another_row_gets_none_and_a_person_is_told(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock
) -> None:
    last, heard = kiosk.rows(), list[bytes]()
    acknowledged(kiosk, last)
    with nonsense(in_turn(gap(last - 1, "c" * 64)), heard) as address:
        outcome = once(route(kiosk, address), stop, clock)
    assert outcome == Disagreed("row", last - 2, held="c" * 64, sent=kiosk.hash_of(last - 2))
    assert sent_rows(heard) == [[]]
    with Acknowledged(route(kiosk, "").acknowledged) as state:
        assert [(found.row, found.held) for found in state.conflicts(kiosk.hash_of(1))] == [(last - 2, "c" * 64)]


def test_each_message_tells_how_many_rows_wait_behind_it(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    heard: list[bytes] = []
    taken = reply(200, accepted(generation=kiosk.hash_of(1), row=3, head=kiosk.hash_of(3)))
    with nonsense(in_turn(taken, reply(503, b"")), heard) as address:
        once(route(kiosk, address, rows_at_once=3), stop, clock)
    healths = [json.loads(body)["health"] for body in heard]
    assert [health["waiting"] for health in healths] == [kiosk.rows() - 3, kiosk.rows() - 6]
    assert {health["sent"] for health in healths} == {text(clock.utc)}


def test_nothing_of_a_new_ledger_is_sent_while_the_one_before_it_waits(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    old, heard = kiosk.hash_of(1), list[bytes]()
    kiosk.begin(succeeding=True)
    with nonsense(in_turn(reply(503, b"")), heard) as address:
        assert isinstance(once(route(kiosk, address), stop, clock), CityTroubled)
    assert {json.loads(body)["generation"] for body in heard} == {old}


def test_a_city_that_never_answers_is_given_up_after_the_time_out(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    over = threading.Event()

    def say_nothing(_line: socket.socket) -> None:
        over.wait()

    with nonsense(say_nothing) as address:
        outcome = once(route(kiosk, address, timeout_s=0.1), stop, clock)
        over.set()

    assert outcome == Unreachable("no answer within 0.1 s")


def test_a_city_whose_certificate_nobody_vouches_for_gets_no_row(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(kiosk.path.with_name("certificate.pem")))
    read: list[bytes] = []

    def shake_hands(listener: socket.socket) -> None:
        with suppress(ssl.SSLError), listener.accept()[0] as line, context.wrap_socket(line, server_side=True) as sealed:
            read.append(sealed.recv(1))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=shake_hands, args=(listener,))
        thread.start()
        outcome = once(route(kiosk, f"https://127.0.0.1:{listener.getsockname()[1]}"), stop, clock)
        thread.join(patient(10))

    assert outcome == Untrusted("self-signed certificate", authorities="")
    assert read in ([], [b""])


@pytest.mark.parametrize(
    "beginning", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"]
)
def test_a_city_that_drips_is_cut_off_in_its_header_and_in_its_body(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, beginning: bytes
) -> None:
    dripping, over = threading.Event(), threading.Event()

    def drip(line: socket.socket) -> None:
        line.sendall(beginning)
        dripping.set()
        while not over.wait(0.02):
            line.sendall(b"x")

    def run() -> None:
        outcomes.append(once(route(kiosk, address, timeout_s=5.0), stop, clock))

    outcomes: list[Outcome] = []
    with nonsense(drip) as address:
        thread = threading.Thread(target=run)
        thread.start()
        assert dripping.wait(patient(10))
        clock.advance(6 * 5.0 + 1)
        thread.join(patient(10))
        over.set()
        thread.join()

    assert outcomes == [Unreachable("the answer did not end in time")]


def test_a_stop_ends_an_exchange_under_way(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    over = threading.Event()

    def asked(_line: socket.socket) -> None:
        stop.set()
        over.wait()

    with nonsense(asked) as address:
        outcome = once(route(kiosk, address, timeout_s=60.0), stop, clock)
        over.set()

    assert outcome == Stopped()


def test_an_answer_that_goes_on_and_on_is_left_at_the_largest_size(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    over = threading.Event()

    def pour(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (3 * LARGEST_ANSWER))
        over.wait()

    with nonsense(pour) as address:
        outcome = once(route(kiosk, address, timeout_s=2.0), stop, clock)
        over.set()

    assert isinstance(outcome, Garbled)


def test_after_the_stop_nothing_more_is_sent(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    heard: list[bytes] = []
    stop.set()
    with nonsense(in_turn(reply(200, accepted())), heard) as address:
        assert once(route(kiosk, address), stop, clock) == Stopped()
    assert heard == []


# how often


class Pauses(threading.Event):
    """A stop that nobody sets: notes each pause instead of making it, and stops after so many. ``then`` happens in the pause of that number."""

    def __init__(self, rounds: int, then: dict[int, Callable[[], object]] | None = None) -> None:
        super().__init__()
        self.rounds = rounds
        self.then = then or {}
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.seconds.append(timeout)
        self.then.get(len(self.seconds), bool)()
        if len(self.seconds) == self.rounds:
            self.set()
        return self.is_set()


def test_a_city_that_stays_away_is_asked_ever_more_rarely_up_to_a_limit(kiosk: Kiosk, clock: FakeClock, free_port: int) -> None:
    stop, outcomes = Pauses(7), list[Outcome]()

    run_forever(route(kiosk, f"http://127.0.0.1:{free_port}"), stop, outcomes.append, clock, lambda: 1.0)

    assert stop.seconds == [120.0, 240.0, 480.0, 960.0, 960.0, 960.0, 960.0]
    assert len(outcomes) == 7


def test_a_delivery_ends_the_back_off(kiosk: Kiosk, folder: Path, clock: FakeClock, free_port: int) -> None:
    outcomes: list[Outcome] = []
    with ExitStack() as opened:
        stop = Pauses(5, {3: lambda: opened.enter_context(city(folder, port=free_port)), 5: opened.close})
        run_forever(route(kiosk, f"http://127.0.0.1:{free_port}"), stop, outcomes.append, clock, lambda: 1.0)

    assert [type(outcome) for outcome in outcomes] == [Unreachable] * 3 + [Delivered] * 2
    assert stop.seconds == [120.0, 240.0, 480.0, 66.0, 66.0]


def test_waiting_for_a_ledger_is_no_failure_that_the_first_real_one_would_be_added_to(
    two_days: Kiosk, tmp_path: Path, clock: FakeClock, free_port: int
) -> None:
    made = Route(
        tmp_path / "ledger.db", tmp_path / "sync.db", key_file(tmp_path), f"http://127.0.0.1:{free_port}", every_s=60.0, timeout_s=5.0
    )
    stop, outcomes = Pauses(4, {3: lambda: shutil.copy(two_days.path, made.ledger)}), list[Outcome]()

    run_forever(made, stop, outcomes.append, clock, lambda: 1.0)

    assert [type(outcome) for outcome in outcomes] == [NothingToSend] * 3 + [Unreachable]
    assert stop.seconds == [66.0, 66.0, 66.0, 120.0]


def test_the_stop_ends_a_pause_at_once(kiosk: Kiosk, stop: threading.Event, clock: FakeClock, free_port: int) -> None:
    outcomes: list[Outcome] = []
    far = route(kiosk, f"http://127.0.0.1:{free_port}", every_s=3600.0)
    thread = threading.Thread(target=run_forever, args=(far, stop, outcomes.append, clock, lambda: 1.0))
    thread.start()
    wait_until(lambda: outcomes)
    stop.set()
    thread.join(patient(10))

    assert not thread.is_alive()


def test_how_the_last_round_went_stands_in_sync_db_since_when(
    kiosk: Kiosk, clock: FakeClock, stop: threading.Event, free_port: int
) -> None:
    away = route(kiosk, f"http://127.0.0.1:{free_port}")
    start = clock.utc
    for _ in range(3):
        once(away, stop, clock)
        clock.advance(16 * 60)

    with Acknowledged(away.acknowledged) as state:
        last = state.last_round()
    assert last is not None
    assert (last.outcome, last.facts) == ("Unreachable", {"detail": "Connection refused"})
    assert (last.since, last.at) == (text(start), text(start + timedelta(minutes=32)))


def test_rounds_in_which_nothing_has_changed_write_nothing_for_a_quarter_of_an_hour(
    kiosk: Kiosk, clock: FakeClock, stop: threading.Event, tmp_path: Path
) -> None:
    def disk(path: Path) -> list[tuple[str, int, int]]:
        return sorted((file.name, file.stat().st_ino, file.stat().st_mtime_ns) for file in path.parent.glob("sync.db*"))

    with city(tmp_path) as address:
        made = route(kiosk, address)
        for _ in range(2):
            assert isinstance(once(made, stop, clock), Delivered)
        before = disk(made.acknowledged)
        for _ in range(3):
            clock.advance(60)
            assert isinstance(once(made, stop, clock), Delivered)
        assert disk(made.acknowledged) == before
        clock.advance(15 * 60)
        once(made, stop, clock)
        assert disk(made.acknowledged) != before
        assert last_acknowledged(made.acknowledged) == text(clock.utc)
        clock.advance(-1800)
        once(made, stop, clock)
        with Acknowledged(made.acknowledged) as state:
            last = state.last_round()
        assert last is not None
        assert last.at == text(clock.utc), "a clock that was put back is no time to come"


def text(time: Any) -> str:
    return str(time.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
