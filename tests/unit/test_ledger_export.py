"""A ledger in a spreadsheet and in hledger, read by programs nobody here wrote."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.database import reading
from ledger.export import write_csv, write_journal
from ledger.vocabulary import Cause
from money.ledgers import Kiosk, LedgerIn

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.issue_voucher(kiosk.visit_of(6), Cause.KEPT, kiosk.now())
    kiosk.journal.give(kiosk.visit_of(1), kiosk.now())
    return kiosk


def csv_of(kiosk: Kiosk) -> str:
    stream = io.StringIO(newline="")
    with reading(kiosk.path) as connection:
        write_csv(connection, stream)
    return stream.getvalue()


def journal_of(kiosk: Kiosk) -> str:
    stream = io.StringIO()
    with reading(kiosk.path) as connection:
        write_journal(connection, stream)
    return stream.getvalue()


def test_the_csv_opens_in_a_french_spreadsheet(kiosk: Kiosk) -> None:
    text = csv_of(kiosk)
    assert text.startswith("\ufeffrow;kind;subject;visit;occurred;booked;trusted;account;euros;hash\r\n")
    assert ";expenses:rewards;0,20;" in text
    assert ";liabilities:visits;-0,20;" in text
    assert ";liabilities:vouchers;-1,20;" in text
    assert ";2026-11-24 10:00:00;" in text
    assert text.endswith("\r\n")


def test_the_csvs_euros_add_up_to_nothing_and_every_row_is_there(kiosk: Kiosk) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(kiosk).removeprefix("\ufeff")), delimiter=";"))
    cents = [round(float(row["euros"].replace(",", ".")) * 100) for row in rows if row["euros"]]
    assert sum(cents) == 0
    assert len(cents) == 2 * (7 + 2)
    assert {int(row["row"]) for row in rows} == set(range(1, kiosk.rows() + 1))


def test_the_journal_holds_each_movement_once(kiosk: Kiosk) -> None:
    text = journal_of(kiosk)
    assert "2026-11-24 credit sort:1  ; row:" in text
    assert text.count("    expenses:rewards  0.20 EUR\n") == 7
    assert text.count("    liabilities:vouchers  -1.20 EUR\n") == 1
    assert text.count("    liabilities:gifts  -0.20 EUR\n") == 1


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed (apt install hledger)")
def test_hledger_finds_the_journal_sound_and_the_same_balances(kiosk: Kiosk, tmp_path: Path) -> None:
    file = tmp_path / "ledger.journal"
    file.write_text(journal_of(kiosk), encoding="utf-8")
    subprocess.run(["hledger", "-f", file, "check", "--strict"], check=True, capture_output=True)
    said = subprocess.run(
        ["hledger", "-f", file, "balance", "--no-total", "--flat", "-O", "csv"], check=True, capture_output=True, text=True
    )
    balances = {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(said.stdout))}
    assert balances == {"expenses:rewards": "1.40 EUR", "liabilities:vouchers": "-1.20 EUR", "liabilities:gifts": "-0.20 EUR"}
