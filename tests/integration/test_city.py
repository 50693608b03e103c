"""The city over real HTTP on a real SQLite file, and on a real PostgreSQL where there is time for it: what it takes, what it refuses and what it then knows."""

import http.client
import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from city import prompt
from city.app import LARGEST_BODY
from city.chain import NOTHING_BEFORE
from money.callers import READER, read
from money.callers import send as signed
from money.chain_rows import DAY, DESK_NEVER_WORKED, KIOSK, Chain, sealed
from money.city_server import city
from timing import patient

pytest_plugins = ("money.city_fixtures",)


@pytest.fixture
def address(empty_database: str) -> Iterator[str]:
    with city(empty_database) as url:
        yield url


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A city for tests in which nothing is stored."""
    with city(tmp_path_factory.mktemp("city")) as url:
        yield url
        assert get(url, "/v1/kiosks") == {"kiosks": [], "next": None}


@pytest.fixture
def chain() -> Chain:
    """Two bottles, a voucher, a gift."""
    chain = Chain()
    chain.credit("glass")
    chain.credit("plastic")
    chain.voucher("7KQP2MZD9FHWX3TAC", 40)
    chain.credit("glass")
    chain.gift(20)
    return chain


def send(address: str, batch: Any, kiosk: str = KIOSK) -> requests.Response:
    return signed(address, kiosk, batch)


def get(address: str, path: str) -> Any:
    answer = read(address, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_that_continue_the_chain_are_stored_and_acknowledged_with_row_and_head(address: str, chain: Chain) -> None:
    first = send(address, chain.batch(1, 3))
    second = send(address, chain.batch(4))

    assert (first.status_code, first.json()["row"], first.json()["head"]) == (200, 3, chain.rows[2]["hash"])
    assert (second.json()["row"], second.json()["head"], second.json()["stored"]) == (6, chain.rows[-1]["hash"], 3)
    assert second.json()["comparison"] == "equal"
    assert get(address, f"/v1/kiosks/{KIOSK}/rows")["rows"] == chain.rows


def test_totals_and_vouchers_are_derived_from_the_rows(address: str, chain: Chain) -> None:
    send(address, chain.batch())

    expected = {
        "days": [{"day": DAY, "glass": 2, "plastic": 1, "cents": 60}],
        "vouchers": {"count": 1, "cents": 40},
        "gifts": {"count": 1, "cents": 20},
        **DESK_NEVER_WORKED,
    }
    assert get(address, f"/v1/kiosks/{KIOSK}")["totals"] == expected
    assert get(address, "/v1/totals")["real"] == {"kiosks": 1, "totals": expected, "associations": []}
    assert get(address, f"/v1/kiosks/{KIOSK}/vouchers")["vouchers"] == [
        {
            "code": "7KQP2MZD9FHWX3TAC",
            "amount": 40,
            "state": "issued",
            "visit": f"{DAY}/0417",
            "cause": "kept",
            "issued": DAY,
            "valid_until": "2029-11-23",
            "generation": chain.generation,
            "row": 4,
        }
    ]


def test_the_same_rows_again_are_accepted_and_change_nothing(address: str, chain: Chain) -> None:
    send(address, chain.batch())
    before = get(address, f"/v1/kiosks/{KIOSK}")

    whole, part = send(address, chain.batch()), send(address, chain.batch(2, 4))

    assert (whole.status_code, whole.json()["stored"], whole.json()["row"]) == (200, 0, 6)
    assert (part.status_code, part.json()["stored"], part.json()["row"], part.json()["comparison"]) == (200, 0, 6, "not_made")
    assert get(address, f"/v1/kiosks/{KIOSK}") | {"health": before["health"]} == before


def test_rows_that_overlap_the_held_ones_add_only_the_new(address: str, chain: Chain) -> None:
    send(address, chain.batch(1, 4))

    assert send(address, chain.batch(3)).json()["stored"] == 2
    assert get(address, f"/v1/kiosks/{KIOSK}")["totals"]["days"][0]["glass"] == 2


def test_another_row_under_an_old_number_is_a_conflict_with_both_hashes_and_stores_nothing(address: str, chain: Chain) -> None:
    send(address, chain.batch())
    held = chain.rows[-1]["hash"]
    chain.rows.pop()
    other = chain.gift(40)
    chain.credit()

    answers = [send(address, chain.batch(6)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    said = answers[0].json()
    assert (said["error"], said["row"], said["held"], said["sent"]) == ("row", 6, held, other["hash"])
    kiosk = get(address, f"/v1/kiosks/{KIOSK}")
    assert (kiosk["row"], kiosk["head"], kiosk["totals"]["gifts"]["cents"]) == (6, held, 20)
    assert [(kept["row"], kept["held"], kept["sent"], kept["times"]) for kept in kiosk["conflicts"]] == [(6, held, other["hash"], 2)]
    assert other["hash"] in kiosk["conflicts"][0]["evidence"]
    assert get(address, "/v1/kiosks")["kiosks"][0]["conflicts"] == 1


def test_a_row_that_does_not_name_the_held_head_is_a_conflict_about_the_row_before(address: str, chain: Chain) -> None:
    send(address, chain.batch(1, 3))
    stranger = sealed(chain.rows[3], prev="a" * 64)

    said = send(address, chain.batch(4, 4, rows=[stranger])).json()

    assert (said["error"], said["row"], said["held"], said["sent"]) == ("row", 3, chain.rows[2]["hash"], "a" * 64)


def test_a_gap_is_refused_with_the_row_expected(address: str, chain: Chain) -> None:
    unknown = send(address, chain.batch(2))
    send(address, chain.batch(1, 2))
    later = send(address, chain.batch(4))
    ahead = send(address, chain.batch(6, rows=[]))

    assert (unknown.status_code, unknown.json()["error"], unknown.json()["expected"], unknown.json()["head"]) == (
        409,
        "gap",
        1,
        NOTHING_BEFORE,
    )
    for answer in (later, ahead):
        assert (answer.status_code, answer.json()["expected"], answer.json()["head"]) == (409, 3, chain.rows[1]["hash"])
    assert get(address, f"/v1/kiosks/{KIOSK}")["conflicts"] == []


def test_a_row_whose_hash_is_not_its_own_is_refused(unchanged: str, chain: Chain) -> None:
    chain.rows[1]["body"]["amount"] = 2000

    answer = send(unchanged, chain.batch())

    assert (answer.status_code, answer.json()["error"], answer.json()["row"]) == (422, "hash", 2)
    assert get(unchanged, "/v1/kiosks")["kiosks"] == []


def test_postings_that_do_not_add_up_to_zero_are_refused(address: str) -> None:
    chain = Chain()
    chain.add("credit", {"material": "glass", "amount": 20, "day": DAY}, postings=(("expenses:rewards", 20), ("liabilities:visits", -19)))

    answer = send(address, chain.batch())

    assert (answer.status_code, answer.json()["error"], answer.json()["row"]) == (422, "postings", 2)


def test_rows_out_of_order_are_refused(unchanged: str, chain: Chain) -> None:
    rows = [chain.rows[0], chain.rows[2], chain.rows[1]]

    assert send(unchanged, chain.batch(1, 3, rows=rows)).json()["error"] == "order"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rows": [{"row": 1}]}, "rows.0"),
        ({"generation": "short"}, "generation"),
        ({"row": 1.0}, "row"),
        ({"row": True}, "row"),
        ({"totals": {"days": [], "vouchers": {"count": -1, "cents": 0}, "gifts": {"count": 0, "cents": 0}}}, "totals.vouchers.count"),
        ({"health": None}, "health"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_shape_is_refused_with_the_field_that_is_wrong(unchanged: str, chain: Chain, change: dict[str, Any], field: str) -> None:
    answer = send(unchanged, chain.batch(**change))

    assert (answer.status_code, answer.json()["error"]) == (422, "shape")
    assert any(field in one["field"] for one in answer.json()["fields"])


@pytest.mark.parametrize(
    "body",
    [
        {"material": "gold", "amount": 20, "day": DAY},
        {"material": "glass", "amount": 0.2, "day": DAY},
        {"material": "glass", "amount": 20, "day": "2026-02-30"},
        {"material": "glass", "amount": 20, "day": DAY, "more": [{"deep": 1.5}]},
        {"material": "glass", "amount": 20, "day": DAY, "more": 2**60},
        {"material": "glass", "amount": 20, "day": DAY, "\ud800": "half a letter"},
        {"material": "glass", "amount": 20},
    ],
)
def test_a_credit_whose_body_two_readers_could_read_differently_is_refused(unchanged: str, chain: Chain, body: dict[str, Any]) -> None:
    batch = chain.batch()
    batch["rows"][1]["body"] = body

    answer = send(unchanged, batch)

    assert (answer.status_code, answer.json()["error"]) == (422, "shape")


def test_a_kind_that_the_city_does_not_know_yet_is_kept_and_counts_nowhere(address: str, chain: Chain) -> None:
    new = chain.add("bin_emptied", {"bin": 1, "note": "verre à l'atelier €"}, subject="bin:1")

    assert send(address, chain.batch()).json()["comparison"] == "equal"
    assert get(address, f"/v1/kiosks/{KIOSK}/rows?after=6")["rows"] == [new]


def test_totals_that_differ_are_reported_and_kept(address: str, chain: Chain) -> None:
    wrong = chain.batch()
    wrong["totals"]["days"][0]["cents"] = 80
    wrong["totals"]["vouchers"]["count"] = 0

    said = send(address, wrong).json()
    again = send(address, chain.batch()).json()

    assert said["comparison"] == "different"
    found = [{"item": f"{DAY} cents", "city": 60, "kiosk": 80}, {"item": "vouchers count", "city": 1, "kiosk": 0}]
    assert said["differences"] == found
    assert again["comparison"] == "equal"
    kept = get(address, f"/v1/kiosks/{KIOSK}")["differences"]
    assert [{name: one[name] for name in ("item", "city", "kiosk")} for one in kept] == found


def test_a_difference_that_stays_is_one_record_with_its_first_and_its_last_row(address: str, chain: Chain) -> None:
    wrong = chain.batch(1, 6)["totals"]
    send(address, chain.batch(1, 5, totals=wrong))
    send(address, chain.batch(6, 6, totals=wrong))
    chain.gift(20)
    send(address, chain.batch(7, 7, totals=wrong))

    assert get(address, "/v1/kiosks")["kiosks"][0]["differences"] == 2
    kept = get(address, f"/v1/kiosks/{KIOSK}")["differences"]
    assert {(one["item"], one["city"], one["kiosk"], one["first_row"], one["last_row"]) for one in kept} == {
        ("gifts count", 2, 1, 5, 7),
        ("gifts cents", 40, 20, 5, 7),
    }


def test_a_credit_whose_posting_is_not_its_amount_shows_as_a_difference(address: str) -> None:
    chain = Chain()
    chain.credit(amount=20, posted=2000)

    assert send(address, chain.batch()).json()["differences"] == [{"item": f"{DAY} cents", "city": 2000, "kiosk": 20}]


def test_a_voucher_code_issued_twice_is_a_conflict(address: str, chain: Chain) -> None:
    send(address, chain.batch())
    again = chain.voucher("7KQP2MZD9FHWX3TAC", 40)

    answer = send(address, chain.batch(7))

    assert (answer.status_code, answer.json()["error"]) == (409, "voucher")
    assert (answer.json()["held"], answer.json()["sent"]) == (chain.rows[3]["hash"], again["hash"])
    assert get(address, f"/v1/kiosks/{KIOSK}")["row"] == 6


def test_what_the_desk_did_is_added_up_and_a_voucher_that_it_paid_says_so(address: str, chain: Chain) -> None:
    chain.paid("7KQP2MZD9FHWX3TAC", 40)
    chain.add("grant", {"bottle": "totaliser:4", "amount": 20, "day": DAY, "agent": "7"})
    chain.add("emptied", {"bin": 1, "n": 1, "grams": 412, "agent": "7"})
    chain.add("weighed", {"bin": 1, "n": 1, "grams": 400, "agent": "7"})
    chain.add("closure", {"n": 1, "day": DAY, "first": 1, "last": 6})

    assert send(address, chain.batch()).json()["comparison"] == "equal"

    totals = get(address, f"/v1/kiosks/{KIOSK}")["totals"]
    assert {name: totals[name] for name in ("paid", "granted", "emptied", "weighed", "closures")} == {
        "paid": {"count": 1, "cents": 40},
        "granted": {"count": 1, "cents": 20},
        "emptied": {"count": 1, "grams": 412},
        "weighed": {"count": 1, "grams": 400},
        "closures": {"count": 1},
    }
    assert [voucher["state"] for voucher in get(address, f"/v1/kiosks/{KIOSK}/vouchers")["vouchers"]] == ["paid"]


def test_gifts_are_added_up_by_association_over_batches_and_ledgers_under_the_name_that_was_told_last(address: str, chain: Chain) -> None:
    chain.gift(40, "association-b", "Association B")
    send(address, chain.batch())
    chain.gift(20, "association-a", "Association A")
    chain.gift(60, "association-b", "Association B, plus loin")
    send(address, chain.batch(first=8))
    following = Chain(previous=chain.rows[-1])
    following.gift(100, "association-b", "جمعية ب")
    send(address, following.batch())

    held, given = get(address, f"/v1/kiosks/{KIOSK}"), get(address, "/v1/totals")["real"]["associations"]
    assert [[(one["association"], one["count"], one["cents"]) for one in ledger["associations"]] for ledger in held["generations"]] == [
        [("association-a", 1, 20), ("association-b", 2, 100)],
        [("association-b", 1, 100)],
    ]
    assert held["associations"] == [
        {"association": "association-a", "name": "Association A", "count": 1, "cents": 20},
        {"association": "association-b", "name": "جمعية ب", "count": 3, "cents": 200},
    ]
    assert [(one["association"], one["count"], one["cents"]) for one in given] == [("association-a", 1, 20), ("association-b", 3, 200)]
    # the gift that names nobody is in the totals alone
    assert held["totals"]["gifts"] == {"count": 5, "cents": 240}


def test_rows_are_given_out_as_they_came_with_and_without_an_association(address: str, chain: Chain) -> None:
    chain.gift(40, "association-b", "Association B")
    send(address, chain.batch())

    assert get(address, f"/v1/kiosks/{KIOSK}/rows")["rows"] == chain.rows


@pytest.mark.parametrize("whom", ["", 7, "a" * 201, "a\u0007"])
def test_a_gift_to_what_cannot_be_an_association_is_refused(unchanged: str, chain: Chain, whom: object) -> None:
    chain.add("gift", {"amount": 20, "day": DAY, "association": whom}, visit=f"{DAY}/0418")

    answer = send(unchanged, chain.batch())

    assert (answer.status_code, answer.json()["error"]) == (422, "shape")
    assert "association" in answer.json()["fields"][0]["field"]


def test_a_voucher_paid_by_two_rows_is_a_conflict(address: str, chain: Chain) -> None:
    first = chain.paid("7KQP2MZD9FHWX3TAC", 40)
    send(address, chain.batch())
    again = chain.paid("7KQP2MZD9FHWX3TAC", 40)

    refused = send(address, chain.batch(again["row"]))

    assert (refused.status_code, refused.json()["error"]) == (409, "payment")
    assert (refused.json()["held"], refused.json()["sent"]) == (first["hash"], again["hash"])
    assert len(get(address, f"/v1/kiosks/{KIOSK}")["conflicts"]) == 1


def test_a_new_generation_continues_when_it_names_the_held_head(address: str, chain: Chain) -> None:
    send(address, chain.batch())
    after = Chain(previous=chain.rows[-1])
    after.credit("plastic", day="2026-11-25")

    answer = send(address, after.batch())

    assert (answer.status_code, answer.json()["row"]) == (200, 2)
    kiosk = get(address, f"/v1/kiosks/{KIOSK}")
    assert [(one["number"], one["row"]) for one in kiosk["generations"]] == [(1, 6), (2, 2)]
    assert (kiosk["generation"], [day["plastic"] for day in kiosk["totals"]["days"]]) == (after.generation, [1, 1])
    assert get(address, f"/v1/kiosks/{KIOSK}/rows")["rows"] == after.rows
    assert get(address, f"/v1/kiosks/{KIOSK}/rows?generation={chain.generation}")["rows"] == chain.rows


def test_a_new_generation_that_names_no_or_another_head_is_a_conflict(address: str, chain: Chain) -> None:
    send(address, chain.batch())
    for stranger, sent in ((Chain(why="card replaced"), NOTHING_BEFORE), (Chain(previous=chain.rows[2]), chain.rows[2]["hash"])):
        said = send(address, stranger.batch())

        assert (said.status_code, said.json()["error"]) == (409, "previous")
        assert (said.json()["held"], said.json()["sent"]) == (chain.rows[-1]["hash"], sent)
    assert get(address, f"/v1/kiosks/{KIOSK}")["generation"] == chain.generation


def test_a_first_ledger_that_names_one_before_it_waits_for_that_one(address: str, chain: Chain) -> None:
    after = Chain(previous=chain.rows[-1])

    assert send(address, after.batch()).json()["held"] == NOTHING_BEFORE
    send(address, chain.batch())
    assert send(address, after.batch()).status_code == 200


def test_a_replaced_ledger_takes_no_new_rows(address: str, chain: Chain) -> None:
    send(address, chain.batch())
    after = Chain(previous=chain.rows[-1])
    send(address, after.batch())
    late = chain.credit()

    answer = send(address, chain.batch(7))

    assert (answer.status_code, answer.json()["error"]) == (409, "superseded")
    assert (answer.json()["held"], answer.json()["sent"]) == (after.generation, late["hash"])
    assert send(address, chain.batch(1, 6)).json()["current"] is False
    assert send(address, after.batch()).json()["current"] is True


def test_a_ledger_sent_under_another_kiosks_name_is_refused(address: str, chain: Chain) -> None:
    assert send(address, chain.batch(), kiosk="paris-12-01").json()["error"] == "generation"
    send(address, chain.batch())
    assert send(address, chain.batch(2), kiosk="paris-12-01").json()["error"] == "generation"
    assert [one["kiosk"] for one in get(address, "/v1/kiosks")["kiosks"]] == [KIOSK]


def test_a_city_takes_demonstrations_or_real_ledgers_and_never_adds_one_to_the_other(tmp_path: Path) -> None:
    play, real = Chain("demo-01", demonstration=True), Chain()
    play.credit()
    real.credit()

    with city(tmp_path) as address:
        refused = send(address, play.batch(), kiosk="demo-01")
        assert (refused.status_code, refused.json()["error"]) == (403, "demonstration")
        assert get(address, "/v1/kiosks")["kiosks"] == []
    with city(tmp_path, demonstration=True) as address:
        assert send(address, play.batch(), kiosk="demo-01").status_code == 200
        refused = send(address, real.batch())
        assert (refused.status_code, refused.json()["error"]) == (403, "real")
    with city(tmp_path) as address:
        assert send(address, real.batch()).status_code == 200
        totals = get(address, "/v1/totals")
        assert [totals[part]["totals"]["days"][0]["cents"] for part in ("real", "demonstration")] == [20, 20]
        assert send(address, play.batch(2), kiosk="demo-01").status_code == 403


def test_a_restarted_city_goes_on_where_it_stopped(tmp_path: Path, chain: Chain) -> None:
    with city(tmp_path) as address:
        send(address, chain.batch(1, 4))
    with city(tmp_path) as address:
        assert send(address, chain.batch(5)).json()["row"] == 6


def test_kiosks_that_send_at_once_are_all_taken(address: str) -> None:
    chains = [Chain(f"kiosk-{number}") for number in range(8)]
    for chain in chains:
        chain.credit()
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda chain=chain: answers.append(send(address, chain.batch(), chain.kiosk).status_code))
        for chain in chains
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 8
    assert get(address, "/v1/totals")["real"]["totals"]["days"][0]["glass"] == 8


def test_the_same_batch_sent_by_two_at_once_is_stored_once(address: str, chain: Chain) -> None:
    answers: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda: answers.append(send(address, chain.batch()).json())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer["stored"] for answer in answers) == [0, 0, 0, 6]
    assert {answer["head"] for answer in answers} == {chain.rows[-1]["hash"]}


def test_two_cities_on_one_database_store_each_row_once(empty_database: str, chain: Chain) -> None:
    with city(empty_database) as first, city(empty_database) as second:
        stored = [send(address, chain.batch(row, row)).json()["stored"] for row in range(1, 7) for address in (first, second)]

        assert stored == [1, 0] * 6
        assert get(second, f"/v1/kiosks/{KIOSK}")["totals"]["days"][0]["glass"] == 2


def test_a_database_that_is_locked_gives_503_and_nothing_is_stored(tmp_path: Path, chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("city.store.BUSY_S", 0.05)
    with city(tmp_path) as address:
        other = sqlite3.connect(tmp_path / "city.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        busy = send(address, chain.batch())
        other.execute("ROLLBACK")
        other.close()

        assert (busy.status_code, busy.json()["error"]) == (503, "database")
        assert busy.headers["Retry-After"] == "30"
        assert get(address, "/v1/kiosks")["kiosks"] == []
        assert send(address, chain.batch()).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[1", b"\xff\xfe", b"NaN", b'{"rows":' + b"[" * 20_000])
def test_a_body_that_is_not_the_contracts_is_refused_in_json(unchanged: str, body: bytes) -> None:
    answer = signed(unchanged, KIOSK, body)

    assert answer.status_code in (400, 422)
    assert answer.json()["message"]


def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_size(unchanged: str) -> None:
    host = unchanged.removeprefix("http://")
    path = f"/v1/kiosks/{KIOSK}/rows"

    announced = http.client.HTTPConnection(host, timeout=patient(10))
    announced.putrequest("POST", path)
    announced.putheader("Content-Type", "application/json")
    announced.putheader("Content-Length", str(LARGEST_BODY + 1))
    announced.endheaders()
    said = announced.getresponse()
    assert (said.status, b"too_large" in said.read()) == (413, True)
    announced.close()

    chunked = http.client.HTTPConnection(host, timeout=patient(10))
    chunked.putrequest("POST", path)
    chunked.putheader("Content-Type", "application/json")
    chunked.putheader("Transfer-Encoding", "chunked")
    chunked.endheaders()
    chunked.send(b"%x\r\n%s\r\n" % (LARGEST_BODY + 1, b" " * (LARGEST_BODY + 1)))
    said = chunked.getresponse()
    assert (said.status, b"too_large" in said.read()) == (413, True)
    chunked.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", f"/v1/kiosks/{KIOSK}", 404),
        ("GET", f"/v1/kiosks/{KIOSK}/vouchers", 404),
        ("GET", f"/v1/kiosks/{KIOSK}/rows", 404),
        ("GET", "/v1/kiosks/NOT-A-NAME", 422),
        ("GET", f"/v1/kiosks/{KIOSK}/rows?after=-1", 422),
        ("DELETE", "/v1/kiosks", 405),
    ],
)
def test_what_is_not_there_is_answered_in_json(unchanged: str, method: str, path: str, status: int) -> None:
    answer = requests.request(method, f"{unchanged}{path}", cookies=READER, timeout=patient(10))

    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/v1/kiosks", "GET"), ("PUT", f"/v1/kiosks/{KIOSK}/rows", "GET, POST"), ("POST", f"/v1/kiosks/{KIOSK}", "GET")],
)
def test_a_wrong_method_is_told_the_right_ones(unchanged: str, method: str, path: str, allowed: str) -> None:
    assert requests.request(method, f"{unchanged}{path}", timeout=patient(10)).headers["Allow"] == allowed


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_of_another_kind_is_refused_unread(unchanged: str, chain: Chain, headers: dict[str, str]) -> None:
    body = json.dumps(chain.batch()).encode()
    answer = requests.post(f"{unchanged}/v1/kiosks/{KIOSK}/rows", data=body, headers=headers, timeout=patient(10))

    assert (answer.status_code, answer.json()["error"]) == (415, "media_type")


def test_json_in_a_named_character_set_is_json(address: str, chain: Chain) -> None:
    body = json.dumps(chain.batch()).encode()
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert signed(address, KIOSK, body, **headers).status_code == 200


BEGINNING = f"POST /v1/kiosks/{KIOSK}/rows HTTP/1.1\r\nHost: city\r\n".encode()
HEADER = BEGINNING + b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: city\r\n\r\n"


def test_half_a_body_is_answered_408_and_the_line_is_closed(tmp_path: Path) -> None:
    with city(tmp_path, body_s=0.05) as address, socket.create_connection(address_of(address), timeout=patient(10)) as line:
        line.sendall(HEADER + b'{"rows": [')
        answer = b"".join(iter(lambda: line.recv(1 << 16), b""))

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"] == "too_slow"


@pytest.mark.parametrize("half", [b"PO", BEGINNING], ids=["half a request line", "half a header"])
def test_half_a_header_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bytes) -> None:
    with city(tmp_path) as address, socket.create_connection(address_of(address), timeout=patient(30)) as line:
        line.sendall(WHOLE)
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        monkeypatch.setattr(prompt, "HEADER_S", 0.05)
        line.sendall(half)
        assert b"".join(iter(lambda: line.recv(1 << 16), b"")) in (b"", b'{"status":"ok"}')


def test_a_connection_on_which_nothing_comes_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt, "HEADER_S", 0.05)
    with city(tmp_path) as address, socket.create_connection(address_of(address), timeout=patient(10)) as line:
        assert line.recv(1) == b""


def address_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def test_healthz_answers(unchanged: str) -> None:
    assert get(unchanged, "/healthz") == {"status": "ok"}
