"""The ledger's page at the machine: tiles lead to their rows, filters find them, an entry opens, and what was found leaves as a table."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kiosk.console.roles import Role
from kiosk.screens.staff.ledger import Ledger
from kiosk.screens.staff.rows import COLUMNS
from kiosk.screens.visitor.place import Place
from people.agent import PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import GLASS, PLASTIC, Booth, HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])


def at_the_ledger(hall: Booth, role: Role = Role.MANAGER) -> StaffMember:
    """After a visit of three bottles."""
    hall.puts_in(GLASS, PLASTIC, GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    hall.agents.add("Camille", role, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.ledger")
    return staff


def page(staff: StaffMember) -> Ledger:
    assert isinstance(staff.window.page, Ledger)
    return staff.window.page


def cells(staff: StaffMember) -> list[list[str]]:
    """What each entry's line says, in one order however many lines it has on the panel."""
    model, columns = page(staff).rows, page(staff)._columns
    found = []
    for row in range(model.rowCount()):
        told = [str(model.data(model.index(row, column))).replace("\u00a0", " ").split("\n") for column in range(len(columns))]
        said = {name: text for names, texts in zip(columns, told, strict=True) for name, text in zip(names, texts, strict=True)}
        found.append([said[name] for (name,) in COLUMNS])
    return found


@KEYS_ARE_LONG
def test_all_entries_stand_there_the_newest_first_with_their_sum_and_the_days_check(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    rows = cells(staff)
    assert [int(row[0]) for row in rows] == list(range(len(rows), 0, -1))
    assert rows[-1][2] == "Début du registre"
    assert any(row[2:] == ["Bouteille créditée", row[3], "Verre", "0,20 €"] for row in rows)
    told = staff.reads()
    assert f"{len(rows)} écritures · 1,20 €" in told
    assert "Total 0 : juste." in told


@KEYS_ARE_LONG
def test_a_tile_opens_the_rows_behind_it(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    staff.asks("deed.today")
    staff.asks("tile.glass")
    rows = cells(staff)
    assert [row[4:] for row in rows] == [["Verre", "0,20 €"]] * 2
    assert "2 écritures · 0,40 €" in staff.reads()


def test_filters_find_a_visit_by_its_number_and_nothing_of_a_wrong_one(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    number = next(row[3] for row in cells(staff) if row[3])
    staff.asks("filter")
    staff.asks("question.visit")
    staff.types(number)
    staff.asks("apply")
    assert {row[3] for row in cells(staff)} == {number}
    staff.asks("filter")
    staff.asks("anything")
    staff.asks("question.visit")
    staff.types("0000")
    staff.asks("apply")
    assert cells(staff) == []
    assert "0 écriture · 0,00 €" in staff.reads()


@BY_TOUCH
def test_a_scanned_voucher_is_found_by_its_code(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    (voucher,) = hall.entries("voucher")
    staff.types_at(staff.window, voucher["code"])
    staff.presses(Qt.Key.Key_Return)
    hall.let_pass(0.5)
    assert [row[2] for row in cells(staff)][-1] == "Bon"


@KEYS_ARE_LONG
def test_an_entry_opens_with_its_postings_its_bottle_and_its_place_in_the_chain(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    staff.asks("filter")
    staff.asks("question.kind")
    staff.asks("kind.credit")
    staff.asks("apply")
    staff.asks("down")
    staff.asks("open")
    told = staff.reads()
    for words in (
        "Bouteille créditée",
        "Récompenses versées 0,20 €",
        "poids en grammes",
        "Acceptée : code-barres lu deux fois, pas de métal, poids d’une bouteille vide",
        "Chaîne : ",
    ):
        assert words in told
    staff.asks("back")
    assert len(cells(staff)) == 3


@BY_TOUCH
def test_what_was_found_leaves_as_a_table_for_a_french_spreadsheet(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    staff.asks("filter")
    staff.asks("question.kind")
    staff.asks("kind.credit")
    staff.asks("apply")
    staff.asks("export")
    (table,) = (hall.ledger.parent / "exports").glob("*.csv")
    assert str(table) in staff.reads()
    raw = table.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert {row["kind"] for row in rows} == {"credit"}
    assert [row["euros"] for row in rows] == ["0,20", "-0,20"] * 3
    assert table.stat().st_mode & 0o007 == 0


@BY_TOUCH
def test_who_may_only_serve_the_desk_exports_nothing_and_a_technician_sees_no_ledger(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall, Role.DESK)
    names = [button.objectName() for button in staff.window.stops()]
    assert "export" not in names
    hall.agents.add("Sacha", Role.TECHNICIAN, PIN)
    staff.asks("log_out")
    staff.logs_in("102")
    assert "deed.ledger" not in [button.objectName() for button in staff.window.stops()]


@BY_TOUCH
def test_earlier_generations_open_the_same_way(booth: MakeBooth, tmp_path: Path) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    before = cells(staff)
    # whoever has left has let go of the file
    staff.asks("log_out")
    hall.succeed()
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.ledger")
    assert len(cells(staff)) < len(before)
    staff.asks("filter")
    staff.asks("older")
    staff.asks("apply")
    assert cells(staff) == before
    assert "Registre archivé" in staff.reads()


@BY_TOUCH
def test_every_filter_narrows_what_the_others_left(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    number = next(row[3] for row in cells(staff) if row[3])
    staff.asks("filter")
    staff.asks("question.period")
    staff.asks("period.today")
    staff.asks("back")
    staff.asks("question.amount")
    staff.types("20")
    staff.asks("typed.most")
    staff.types("59")
    staff.asks("apply")
    assert [row[4:] for row in cells(staff)] == [["Verre", "0,20 €"], ["Plastique", "0,20 €"], ["Verre", "0,20 €"]]
    assert "au moins 0,20 € · au plus 0,59 €" in staff.reads()
    staff.asks("filter")
    staff.asks("question.material")
    staff.asks("material.glass")
    staff.asks("back")
    staff.asks("question.kind")
    staff.asks("kind.credit")
    staff.asks("back")
    staff.asks("question.visit")
    staff.types(number)
    staff.asks("apply")
    assert [row[2:] for row in cells(staff)] == [["Bouteille créditée", number, "Verre", "0,20 €"]] * 2
    assert "2 écritures · 0,40 €" in staff.reads()
    # what was looked for stands there the next time, and one more answer leaves nothing
    staff.asks("filter")
    assert "Verre" in staff.button("question.material").accessibleName()
    staff.asks("question.amount")
    staff.asks("amount.large")
    staff.asks("apply")
    assert cells(staff) == []


@BY_TOUCH
def test_sums_that_are_turned_round_and_days_that_there_are_not_are_said_and_not_looked_for(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    staff.asks("filter")
    staff.asks("question.amount")
    staff.types("500")
    staff.asks("typed.most")
    staff.types("20")
    staff.asks("apply")
    assert "Le plus petit montant dépasse le plus grand." in staff.reads()
    staff.asks("amount.any")
    staff.asks("back")
    staff.asks("question.period")
    staff.types("310226")
    staff.asks("apply")
    assert "Ce jour n’existe pas" in staff.reads()
    staff.asks("period.any")
    staff.asks("apply")
    assert len(cells(staff)) > 5


@BY_TOUCH
def test_an_opened_entry_leads_to_its_neighbours_in_the_chain_and_to_what_came_of_it(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_ledger(hall)
    (voucher,) = hall.entries("voucher")
    staff.asks("deed.vouchers")
    staff.types_at(staff.window, voucher["code"])
    staff.presses(Qt.Key.Key_Return)
    hall.let_pass(0.5)
    staff.asks("pay")
    staff.asks("yes")
    staff.asks("deed.ledger")
    staff.asks("filter")
    staff.asks("question.kind")
    staff.asks("kind.voucher")
    staff.asks("apply")
    row = int(cells(staff)[0][0])
    staff.asks("open")
    assert f"Ligne {row} : Bon" in staff.reads()
    staff.asks("row_before")
    assert f"Ligne {row - 1} : " in staff.reads()
    staff.asks("row_after")
    staff.asks("follows")
    assert "Bon payé" in staff.reads()
    assert "agent : 101" in staff.reads()
