"""A ledger in a spreadsheet and in hledger, read by programs nobody here wrote."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from ledger.database import reading
from ledger.export import write_csv, write_journal
from ledger.views import balances
from ledger.vocabulary import Cause
from money.desk_days import days
from money.ledgers import Kiosk, LedgerIn, tamper

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.issue_voucher(kiosk.visit_of(6), Cause.KEPT, kiosk.now())
    kiosk.journal.give(kiosk.visit_of(1), ASSOCIATIONS[0], kiosk.now())
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
    assert text.startswith("\ufeffrow;kind;subject;visit;occurred;booked;trusted;account;euros;hash;association\r\n")
    assert ";expenses:rewards;0,20;" in text
    assert ";liabilities:visits;-0,20;" in text
    assert ";liabilities:vouchers;-1,20;" in text
    assert ";2026-11-24 10:00:00;" in text
    assert text.endswith("\r\n")


def test_each_gift_says_whom_it_is_for_and_nothing_else_does(kiosk: Kiosk) -> None:
    rows = rows_of(csv_of(kiosk))
    assert {(row["kind"], row["association"]) for row in rows if row["association"]} == {("gift", ASSOCIATIONS[0].id)}
    assert [line.rpartition(", ")[2] for line in journal_of(kiosk).splitlines() if " gift " in line] == [
        f"association:{ASSOCIATIONS[0].id}"
    ]


def test_the_csvs_euros_add_up_to_nothing_and_every_row_is_there(kiosk: Kiosk) -> None:
    rows = rows_of(csv_of(kiosk))
    cents = [round(float(row["euros"].replace(",", ".")) * 100) for row in rows if row["euros"]]
    assert sum(cents) == 0
    assert len(cents) == 2 * (7 + 2)
    assert {int(row["row"]) for row in rows} == set(range(1, kiosk.rows() + 1))


FORMULAS = ("=1+1", "+1", "-0,20", "@SUM(A1)", '=HYPERLINK("http://x")', "=1;=2", "＝1", "＋1", "－1", "＠A")
BEHIND_A_BLANK = ("\t=1", "\r=1", "\n=1")


@pytest.mark.parametrize("formula", FORMULAS + BEHIND_A_BLANK)
def test_no_text_that_somebody_put_into_a_ledger_is_a_formula_in_a_spreadsheet(kiosk: Kiosk, formula: str) -> None:
    columns = ("kind", "subject", "visit", "hash")
    tamper(
        kiosk.path,
        ("UPDATE entry SET kind = ?1, subject = ?1, visit = ?1, hash = ?1 WHERE row = 4", (formula,)),
        ("UPDATE posting SET account = ? WHERE row = 4 AND cents > 0", (formula,)),
    )
    told = repr(formula)[1:-1] if formula in BEHIND_A_BLANK else "'" + formula
    taken, owed = (row for row in rows_of(csv_of(kiosk)) if row["row"] == "4")
    assert {taken[column] for column in (*columns, "account")} == {told}
    assert {owed[column] for column in columns} == {told}
    assert (taken["euros"], owed["euros"], owed["account"]) == ("0,20", "-0,20", "liabilities:visits")


def test_what_a_kiosk_writes_stands_in_the_csv_as_it_is(kiosk: Kiosk) -> None:
    assert "'" not in csv_of(kiosk)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_journal_holds_each_movement_once(kiosk: Kiosk) -> None:
    text = journal_of(kiosk)
    assert "2026-11-24 credit sort:1  ; row:" in text
    assert text.count("    expenses:rewards  0.20 EUR\n") == 7
    assert text.count("    liabilities:vouchers  -1.20 EUR\n") == 1
    assert text.count("    liabilities:gifts  -0.20 EUR\n") == 1


NEEDS_HLEDGER = pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed (apt install hledger)")


def told_by_hledger(kiosk: Kiosk, folder: Path) -> dict[str, str]:
    """The balances, once it has found the journal sound."""
    file = folder / "ledger.journal"
    file.write_text(journal_of(kiosk), encoding="utf-8")
    subprocess.run(["hledger", "-f", file, "check", "--strict"], check=True, capture_output=True)
    said = subprocess.run(
        ["hledger", "-f", file, "balance", "--no-total", "--flat", "-O", "csv"], check=True, capture_output=True, text=True
    )
    return {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(said.stdout))}


@NEEDS_HLEDGER
def test_hledger_finds_the_journal_sound_and_the_same_balances(kiosk: Kiosk, tmp_path: Path) -> None:
    expected = {"expenses:rewards": "1.40 EUR", "liabilities:vouchers": "-1.20 EUR", "liabilities:gifts": "-0.20 EUR"}
    assert told_by_hledger(kiosk, tmp_path) == expected


@NEEDS_HLEDGER
def test_hledger_finds_a_desks_days_sound_and_the_same_balances(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    days(kiosk, 2)
    with reading(kiosk.path) as connection:
        held = {account.value: f"{cents / 100:.2f} EUR" for account, cents in balances(connection).items() if cents}
    assert told_by_hledger(kiosk, tmp_path) == held
    assert held.keys() == {"expenses:rewards", "liabilities:gifts", "assets:desk"}
