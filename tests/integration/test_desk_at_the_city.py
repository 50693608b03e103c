"""Rows of the desk's on their way: a real ledger's days arrive at a city that derives the same."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.sync.outbox import Outbox
from ledger.sync.outcomes import Delivered
from ledger.sync.rounds import Route, once
from money.callers import key_file, read
from money.city_server import city
from money.desk_days import days
from money.ledgers import BEGINNING, Kiosk, LedgerIn
from timing import patient

pytest_plugins = ("money.ledger_fixtures",)

REAL = replace(BEGINNING, kiosk="paris-11-01", demonstration=False)
SUMS = {
    "paid": {"count": 4, "cents": 200},
    "granted": {"count": 6, "cents": 120},
    "emptied": {"count": 2, "grams": 2472},
    "weighed": {"count": 2, "grams": 2552},
    "closures": {"count": 2},
}


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    made = ledger_in(tmp_path, beginning=REAL)
    days(made, 2)
    return made


def test_the_city_derives_from_a_desks_days_what_the_kiosk_does(kiosk: Kiosk, tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    with city(tmp_path / "city") as address:
        route = Route(kiosk.path, kiosk.path.with_name("sync.db"), key_file(kiosk.path.parent, REAL.kiosk), address, 60.0, patient(5))
        outcome = once(route, threading.Event(), kiosk.clock)
        assert isinstance(outcome, Delivered)
        assert outcome.differences == ()
        held = read(address, f"/v1/kiosks/{REAL.kiosk}").json()
        vouchers = read(address, f"/v1/kiosks/{REAL.kiosk}/vouchers").json()["vouchers"]
    assert {name: held["totals"][name] for name in SUMS} == SUMS
    assert {voucher["state"] for voucher in vouchers} == {"paid"}


def test_a_ledger_whose_desk_never_worked_sends_what_an_older_city_takes(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger_in(tmp_path, beginning=REAL)
    with Outbox(tmp_path / "ledger.db") as outbox:
        assert outbox.tally(0, outbox.last_row()).message().keys() == {"days", "vouchers", "gifts"}
