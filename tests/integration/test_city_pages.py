"""The city's lists in pages, over real HTTP: each thing once and in order, whatever arrives meanwhile, and wrong pages refused in words."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from money.callers import read
from money.callers import send as signed
from money.chain_rows import DESK_NEVER_WORKED, Chain
from money.city_server import city

pytest_plugins = ("money.city_fixtures",)

KIOSK = "paris-11-01"


@pytest.fixture
def address(empty_database: str) -> Iterator[str]:
    with city(empty_database) as url:
        yield url


def send(address: str, chain: Chain, first: int = 1) -> None:
    answer = signed(address, chain.kiosk, chain.batch(first))
    assert answer.status_code == 200, answer.text


def get(address: str, path: str, **asked: Any) -> requests.Response:
    return read(address, path, **asked)


def pages(address: str, path: str, limit: int, **asked: Any) -> Iterator[Any]:
    """Every page of a list, as somebody reads it who follows ``next``."""
    following: Any = {}
    while following is not None:
        page = get(address, path, limit=limit, **asked, **following).json()
        yield page
        following = None if page["next"] is None else {"after": page["next"]}


def test_kiosks_come_in_pages_in_the_order_of_their_names_and_one_that_arrives_meanwhile_is_not_missed(address: str) -> None:
    for name in ("hall-e", "hall-a", "hall-c"):
        send(address, Chain(name))
    walk = pages(address, "/v1/kiosks", 2)

    first = next(walk)
    send(address, Chain("hall-d"))
    second = next(walk)

    assert [[one["kiosk"] for one in page["kiosks"]] for page in (first, second, *walk)] == [["hall-a", "hall-c"], ["hall-d", "hall-e"]]
    assert first["next"] == "hall-c"


def test_a_page_that_holds_all_there_is_names_no_next(address: str) -> None:
    for name in ("hall-a", "hall-b"):
        send(address, Chain(name))

    assert [(len(page["kiosks"]), page["next"]) for page in pages(address, "/v1/kiosks", 2)] == [(2, None)]
    assert get(address, "/v1/kiosks", after="hall-b").json() == {"kiosks": [], "next": None}


def test_totals_come_in_pages_of_days_with_real_and_play_money_apart_and_sums_that_are_of_all_time(
    address: str, empty_database: str
) -> None:
    real, other, play = Chain(), Chain("paris-12-01"), Chain("demo-01", demonstration=True)
    for day in ("2026-11-24", "2026-11-25", "2026-11-27"):
        real.credit(day=day)
    other.credit("plastic", day="2026-11-25")
    other.gift(20)
    play.credit("plastic", day="2026-11-26")
    play.voucher("7KQP2MZD9FHWX3TAC", 20)
    for chain in (real, other):
        send(address, chain)
    with city(empty_database, demonstration=True) as demonstrations:
        send(demonstrations, play)

    found = list(pages(address, "/v1/totals", 2))

    def days(part: str) -> list[list[tuple[str, int, int, int]]]:
        return [[tuple(day.values()) for day in page[part]["totals"]["days"]] for page in found]

    assert days("real") == [[("2026-11-24", 1, 0, 20), ("2026-11-25", 1, 1, 40)], [("2026-11-27", 1, 0, 20)]]
    assert days("demonstration") == [[], [("2026-11-26", 0, 1, 20)]]
    for page in found:
        assert (page["real"]["kiosks"], page["real"]["totals"]["gifts"], page["real"]["totals"]["vouchers"]["count"]) == (
            2,
            {"count": 1, "cents": 20},
            0,
        )
        assert (page["demonstration"]["kiosks"], page["demonstration"]["totals"]["vouchers"]) == (1, {"count": 1, "cents": 20})


def test_an_empty_city_has_totals_of_nothing(address: str) -> None:
    nothing = {
        "kiosks": 0,
        "totals": {"days": [], "vouchers": {"count": 0, "cents": 0}, "gifts": {"count": 0, "cents": 0}, **DESK_NEVER_WORKED},
        "associations": [],
    }
    assert get(address, "/v1/totals").json() == {"real": nothing, "demonstration": nothing, "next": None}


def test_rows_and_vouchers_come_in_pages_in_the_order_of_their_rows_over_all_ledgers_of_a_kiosk(address: str) -> None:
    first = Chain()
    for number in range(3):
        first.voucher(f"FIRST{number}", 20)
        first.gift(20)
    second = Chain(previous=first.rows[-1])
    for number in range(2):
        second.voucher(f"SECOND{number}", 20)
    for chain in (first, second):
        send(address, chain)

    vouchers = list(pages(address, f"/v1/kiosks/{KIOSK}/vouchers", 2))
    assert [[one["code"] for one in page["vouchers"]] for page in vouchers] == [["FIRST0", "FIRST1"], ["FIRST2", "SECOND0"], ["SECOND1"]]
    rows = list(pages(address, f"/v1/kiosks/{KIOSK}/rows", 3, generation=first.generation))
    assert [len(page["rows"]) for page in rows] == [3, 3, 1]
    assert [row for page in rows for row in page["rows"]] == first.rows


def test_conflicts_come_in_pages_in_the_order_in_which_they_were_first_seen(address: str) -> None:
    chain = Chain()
    chain.credit()
    send(address, chain)
    for amount in (20, 40, 60):
        other = Chain()
        other.gift(amount)
        assert signed(address, KIOSK, other.batch(2)).status_code == 409

    found = list(pages(address, f"/v1/kiosks/{KIOSK}/conflicts", 2))

    whole = get(address, f"/v1/kiosks/{KIOSK}").json()["conflicts"]
    assert [len(page["conflicts"]) for page in found] == [2, 1]
    assert [one for page in found for one in page["conflicts"]] == whole
    assert get(address, "/v1/kiosks/nobody/conflicts").status_code == 404


@pytest.mark.parametrize("limit", [0, -1, 501, "x", "1.5", ""])
@pytest.mark.parametrize(
    "path", ["/v1/kiosks", "/v1/totals", *(f"/v1/kiosks/{KIOSK}/{name}" for name in ("conflicts", "rows", "vouchers"))]
)
def test_a_page_of_no_or_too_many_things_is_refused_and_told(wrong: str, path: str, limit: Any) -> None:
    answer = get(wrong, path, limit=limit)

    assert (answer.status_code, answer.json()["error"]) == (422, "shape")
    assert [one["field"] for one in answer.json()["fields"]] == ["query.limit"]
    assert answer.json()["fields"][0]["message"]


@pytest.mark.parametrize(
    ("path", "after"),
    [
        ("/v1/kiosks", "NO NAME"),
        ("/v1/kiosks", ""),
        ("/v1/totals", "2026-02-30"),
        ("/v1/totals", "yesterday"),
        (f"/v1/kiosks/{KIOSK}/vouchers", "1"),
        (f"/v1/kiosks/{KIOSK}/vouchers", "0.0"),
        (f"/v1/kiosks/{KIOSK}/vouchers", f"{10**9}.1"),
        (f"/v1/kiosks/{KIOSK}/conflicts", "-1"),
        (f"/v1/kiosks/{KIOSK}/conflicts", str(2**31)),
        (f"/v1/kiosks/{KIOSK}/rows", "-1"),
        (f"/v1/kiosks/{KIOSK}/rows", str(2**53)),
    ],
)
def test_a_page_behind_what_is_none_of_the_list_is_refused_and_told(wrong: str, path: str, after: str) -> None:
    answer = get(wrong, path, after=after)

    assert (answer.status_code, answer.json()["error"]) == (422, "shape")
    assert [one["field"] for one in answer.json()["fields"]] == ["query.after"]


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A city for what never gets as far as its database."""
    with city(tmp_path_factory.mktemp("city")) as url:
        yield url
