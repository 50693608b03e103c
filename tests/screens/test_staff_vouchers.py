"""Vouchers at the machine: scanned or typed, told what they are, paid once with one confirmation, and slowed down for who tries codes out."""

import re
from datetime import date

import pytest
from PySide6.QtCore import Qt

from config.vocabulary import Cents
from kiosk.console.layouts import AZERTY, QWERTY
from kiosk.console.roles import Role
from kiosk.deposit.states import Ready
from kiosk.screens.visitor.place import Place
from ledger.vouchers import Claim, link
from people.agent import PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import GLASS, Booth, HallClock

WRONG = "K7QP4M2XR5TBW9NHX"
"""A code as a voucher's, of none."""

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])


def with_a_voucher(hall: Booth, role: Role = Role.DESK) -> tuple[StaffMember, str]:
    """Somebody has brought a bottle; an agent stands at the vouchers' page."""
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    hall.agents.add("Camille", role, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.vouchers")
    return staff, str(hall.entries("voucher")[0]["code"])


def scans(hall: Booth, staff: StaffMember, code: str) -> None:
    staff.types_at(staff.window, code)
    staff.presses(Qt.Key.Key_Return)
    hall.let_pass(0.5)


def back_after_a_cut(hall: Booth) -> StaffMember:
    hall.cut(1)
    hall.until(lambda: isinstance(hall.session.phase, Ready))
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.vouchers")
    return staff


@KEYS_ARE_LONG
def test_a_voucher_is_typed_shown_and_paid_once_after_one_question(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall)
    if staff.way is Way.TOUCH:
        for letter in code:
            staff.touches(f"letter.{letter}")
        staff.asks("search")
    else:
        scans(hall, staff, code)
    assert "Bon valable : 0,20 €" in staff.reads()
    staff.asks("pay")
    assert "Avez-vous remis 0,20 € ?" in staff.reads()
    assert hall.entries("paid") == []
    staff.asks("yes")
    assert "Payé : 0,20 €." in staff.reads()
    (paid,) = hall.entries("paid")
    assert (paid["code"], paid["agent"], paid["amount"]) == (code, "101", 20)
    staff.asks("next")
    scans(hall, staff, code)
    told = staff.reads()
    assert re.search(r"a déjà été payé le \d+ \w+ \d{4} à \d+ h \d\d", told)
    assert "par l’agent 101" in told
    assert "pay" not in [button.objectName() for button in staff.window.stops()]
    assert len(hall.entries("paid")) == 1


@BY_TOUCH
def test_a_scan_never_pays_and_a_second_touch_pays_nothing_more(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall)
    scans(hall, staff, code)
    scans(hall, staff, code)
    staff.touches("pay")
    hall.let_pass(0.5)
    scans(hall, staff, code)
    assert hall.entries("paid") == []
    staff.touches("yes")
    staff.touches("yes")
    hall.let_pass(1)
    assert len(hall.entries("paid")) == 1


@BY_TOUCH
def test_a_scanner_with_another_layout_is_understood(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall)
    scans(hall, staff, code.translate(str.maketrans(QWERTY, AZERTY)))
    assert "Bon valable : 0,20 €" in staff.reads()


@BY_TOUCH
def test_what_stands_in_the_qr_is_understood_from_a_scanner_with_another_layout(booth: MakeBooth) -> None:
    """All of the link, whose signature is looked at: nothing of it may be read otherwise, and nobody has tried a wrong code."""
    hall = booth()
    staff, code = with_a_voucher(hall)
    (body,) = hall.entries("voucher")
    issued, until = (date.fromisoformat(str(body[name])) for name in ("issued", "valid_until"))
    claim = Claim(hall.name, code, Cents(20), issued, until, demonstration=True)
    scanned = link("https://consigne.example/bon", claim, str(body["signature"]))
    for _ in range(6):
        scans(hall, staff, scanned.translate(str.maketrans(QWERTY, AZERTY)))
        assert "Bon valable : 0,20 €" in staff.reads()
    assert "voucher_refused" not in "".join(path.read_text() for path in hall.ledger.parent.glob("log-*.jsonl"))


@BY_TOUCH
def test_who_tries_codes_out_waits_and_each_wrong_one_is_logged(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall)
    for _ in range(5):
        scans(hall, staff, WRONG)
    assert "n’est pas le code d’un bon" in staff.reads()
    scans(hall, staff, code)
    assert "Trop d’essais." in staff.reads()
    notes = "".join(path.read_text() for path in hall.ledger.parent.glob("log-*.jsonl"))
    assert notes.count('"voucher_refused"') == 5
    hall.let_pass(31)
    scans(hall, staff, code)
    assert "Bon valable" in staff.reads()


@BY_TOUCH
def test_pulling_the_plug_and_logging_in_again_are_no_way_round_the_wait_for_wrong_codes(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall)
    for _ in range(5):
        scans(hall, staff, WRONG)
    for wait_s in (30, 60):
        staff = back_after_a_cut(hall)
        scans(hall, staff, code)
        assert "Trop d’essais." in staff.reads()
        hall.let_pass(wait_s)
        staff = back_after_a_cut(hall)
        scans(hall, staff, WRONG)
        assert "n’est pas le code d’un bon" in staff.reads()
    hall.let_pass(120)
    staff = back_after_a_cut(hall)
    scans(hall, staff, code)
    assert "Bon valable" in staff.reads()


@BY_TOUCH
def test_an_auditor_sees_a_voucher_and_pays_none(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall, Role.AUDITOR)
    scans(hall, staff, code)
    assert "Bon valable" in staff.reads()
    assert "pay" not in [button.objectName() for button in staff.window.stops()]


@BY_TOUCH
def test_an_agent_blocked_before_the_last_touch_pays_nothing_more_than_that_one(booth: MakeBooth) -> None:
    hall = booth()
    staff, code = with_a_voucher(hall)
    scans(hall, staff, code)
    hall.agents.block("101")
    staff.asks("pay")
    assert not staff.has_the_glass()
    assert hall.entries("paid") == []
