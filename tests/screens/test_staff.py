"""Staff at the machine: the way in and out, on the twin and a real ledger, with a finger and with a keyboard."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents
from kiosk.console.roles import Role
from kiosk.console.view import WorkView
from kiosk.deposit.halts import Halt
from kiosk.deposit.states import Ready, Stopped
from kiosk.screens.gallery import StillClock
from kiosk.screens.staff.days import Days
from kiosk.screens.staff.gallery import staff_shots
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.place import Place
from kiosk.words.catalogue import Words
from people.agent import OTHER_PIN, PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import CAN, GLASS, PLASTIC, Booth, HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])


def staffed(hall: Booth, role: Role = Role.DESK) -> StaffMember:
    hall.agents.add("Camille", role, PIN)
    return StaffMember(hall.glass, HallClock(hall), hall.person.way)


def noted(hall: Booth, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.ledger.parent.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


def test_staff_log_in_see_the_day_and_log_out_and_the_gate_opens_again(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS, PLASTIC, GLASS, CAN)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    staff = staffed(hall)
    staff.logs_in()
    assert staff.has_the_glass()
    hall.until(lambda: isinstance(hall.session.phase, Stopped) and hall.session.phase.halt is Halt.STAFF)
    told = staff.reads()
    assert "Agent 101 · accueil" in told
    assert "2. Verre · 0,40 €" in told
    assert "1. Plastique · 0,20 €" in told
    assert "0,60 €. Crédité" in told
    assert "0,60 €. 1 bon valable, à payer" in told
    assert "1. Refus" in told
    staff.asks("log_out")
    assert not staff.has_the_glass()
    hall.until(lambda: isinstance(hall.session.phase, Ready))
    assert hall.shows(Place.ATTRACT)
    assert [line["agent"] for line in noted(hall, "logged_in") + noted(hall, "logged_out")] == ["101", "101"]


@KEYS_ARE_LONG
def test_a_visit_under_way_goes_on_after_the_log_out(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS)
    staff = staffed(hall)
    staff.logs_in()
    hall.let_pass(55)
    staff.asks("deed.today")
    hall.let_pass(50)
    staff.asks("log_out")
    hall.stands(Place.FEEDING)
    hall.puts_in(PLASTIC)
    hall.finishes_and_keeps()
    assert hall.credited_cents == 40


@KEYS_ARE_LONG
def test_a_minute_without_a_sign_of_life_logs_out_and_is_told_before(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.logs_in()
    hall.let_pass(45)
    assert "Déconnexion dans" in staff.reads()
    hall.let_pass(16)
    assert not staff.has_the_glass()
    assert noted(hall, "logged_out")[-1]["why"] == "idle"
    hall.until(lambda: isinstance(hall.session.phase, Ready))


@KEYS_ARE_LONG
def test_any_touch_or_key_begins_the_minute_anew(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.logs_in()
    hall.let_pass(50)
    if staff.way is Way.TOUCH:
        QTest.mouseClick(staff.window.page, Qt.MouseButton.LeftButton)
    else:
        staff.presses(Qt.Key.Key_Left)
    hall.let_pass(15)
    assert staff.has_the_glass()


@KEYS_ARE_LONG
def test_twelve_wrong_pins_let_nobody_in_and_stand_in_the_log_by_number(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.holds_the_mark()
    staff.types("101")
    staff.enters()
    for _ in range(12):
        staff.types(OTHER_PIN)
        staff.enters()
    assert "Trop d’essais." in staff.reads()
    staff.types(PIN)
    staff.enters()
    assert "Trop d’essais." in staff.reads()
    denied = noted(hall, "log_in_denied")
    assert [line["why"] for line in denied] == ["WrongPin"] * 3 + ["MustWait"] * 10
    assert {line["agent"] for line in denied} == {"101"}
    everything = "".join(path.read_text() for path in hall.ledger.parent.glob("log-*.jsonl"))
    assert PIN not in everything
    assert OTHER_PIN not in everything
    assert "Camille" not in everything
    hall.let_pass(31)
    staff.logs_in()
    assert "Agent 101" in staff.reads()


@KEYS_ARE_LONG
def test_the_one_time_code_makes_the_first_manager_and_is_good_once(booth: MakeBooth) -> None:
    hall = booth()
    code = hall.clerk.door.offer_first_code()
    assert code is not None
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.holds_the_mark()
    assert "Première mise en service" in staff.reads()
    for typed in (code, PIN, PIN):
        staff.types(typed)
        staff.enters()
    assert "Votre numéro d’agent est 101." in staff.reads()
    staff.asks("log_out")
    assert hall.clerk.door.offer_first_code() is None
    staff.logs_in()
    assert "Agent 101 · responsable" in staff.reads()
    assert code not in "".join(path.read_text() for path in hall.ledger.parent.glob("log-*.jsonl"))
    assert code.encode() not in hall.ledger.read_bytes()


@BY_TOUCH
def test_a_short_touch_of_the_mark_asks_nobody_who_they_are(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.holds_the_mark(2.9)
    assert not staff.has_the_glass()


@KEYS_ARE_LONG
def test_an_agent_who_is_blocked_meanwhile_is_out_at_the_next_step(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.logs_in()
    hall.agents.block("101")
    staff.asks("deed.today")
    assert not staff.has_the_glass()
    assert noted(hall, "logged_out")[-1]["why"] == "blocked"


@KEYS_ARE_LONG
def test_what_was_typed_is_gone_with_whoever_quits(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.holds_the_mark()
    staff.types("101")
    assert "Numéro d’agent : 101" in staff.reads()
    staff.asks("quit")
    staff.holds_the_mark()
    assert "Numéro d’agent : –" in staff.reads()


@KEYS_ARE_LONG
def test_a_bottle_takes_the_glass_back_from_a_log_in(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.holds_the_mark()
    hall.puts_in(GLASS)
    assert not staff.has_the_glass()
    assert hall.shows(Place.FEEDING)


@KEYS_ARE_LONG
def test_the_look_that_is_asked_for_at_the_log_in_stays_until_whoever_asked_has_left(booth: MakeBooth) -> None:
    hall = booth()
    staff = staffed(hall)
    staff.holds_the_mark()
    for name in ("looks", "look.bigger", "look.contrast", "back"):
        staff.asks(name)
    for typed in ("101", PIN):
        staff.types(typed)
        staff.enters()
    theme = staff.window.theme
    assert (theme.bigger, theme.contrast) == (True, True)
    staff.asks("looks")
    staff.asks("look.en")
    staff.asks("deed.ledger")
    assert "Ledger" in staff.reads()
    assert staff.window.theme == theme
    staff.asks("log_out")
    staff.logs_in()
    assert "Aujourd’hui" in staff.reads()
    assert (staff.window.theme.bigger, staff.window.theme.contrast) == (False, False)


@BY_TOUCH
@pytest.mark.parametrize("scan", ["58E556H6NGWATCXKA", "https://consigne.example/bon#58E5 56H6"])
def test_a_hand_scanner_presses_nothing_on_the_visitors_pages(booth: MakeBooth, scan: str) -> None:
    """Whatever key it is set up to end a scan with."""
    hall = booth()
    staff = StaffMember(hall.glass, HallClock(hall))
    hall.puts_in(GLASS)
    hall.person.press(Qt.Key.Key_Right)
    before = hall.session
    for ends in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F1, Qt.Key.Key_F12, Qt.Key.Key_Space, Qt.Key.Key_Select):
        staff.types_at(hall.person.window, scan)
        hall.person.press_at_once(ends)
        hall.person.press_at_once(Qt.Key.Key_Return)
        hall.let_pass(0.05)
    hall.let_pass(1)
    assert hall.shows(Place.FEEDING)
    assert hall.session.finishing is before.finishing is False
    assert not staff.has_the_glass()


@BY_TOUCH
def test_thirty_days_stand_as_bars_and_in_a_table_once_they_are_there_and_not_before(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS, PLASTIC, GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    staff = staffed(hall)
    staff.logs_in()
    staff.asks("deed.more")
    staff.asks("deed.days")
    page = staff.window.page
    assert isinstance(page, Days)
    assert page.table.accessibleName().splitlines()[0].endswith(f" 2 1 {Words().amount(Cents(60))}")
    assert (page.chart.isVisible(), page.table.isVisible()) == (True, True)


def test_while_only_the_day_is_known_no_bar_stands_for_the_others(qtbot: QtBot) -> None:
    view = next(shot.view for shot in staff_shots() if shot.name == "staff-days")
    work = view.shows
    assert isinstance(work, WorkView)
    assert work.today is not None
    window = StaffWindow(None, Panel(1080, 1920, 15.6), {"fr": Words()}, lambda _: None, StillClock())
    qtbot.addWidget(window)
    window.show()
    window.show_view(view)
    page = window.page
    assert isinstance(page, Days)
    assert (page.chart.isVisible(), page.table.isVisible()) == (True, True)
    window.show_view(replace(view, shows=replace(work, today=replace(work.today, charted=None))))
    assert (page.chart.isVisible(), page.table.isVisible()) == (False, False)
    assert page.remark.text() == Words().text("staff.looking")


@BY_TOUCH
def test_a_tile_of_the_log_and_the_machines_own_say_in_words_what_is_behind_them(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(CAN, CAN)
    hall.say("door open")
    hall.let_pass(65)
    staff = staffed(hall)
    staff.logs_in()
    staff.asks("tile.refusals")
    assert ": 2" in staff.reads()
    staff.asks("back")
    staff.asks("tile.machine")
    assert "M3 : Le contact de la porte de service est ouvert." in staff.reads()
    assert "Aucune liste de produits" in staff.reads()
    staff.asks("back")
    staff.asks("tile.halts")
    assert "dure encore." in staff.reads()


@BY_TOUCH
def test_the_tiles_of_refusals_and_halts_open_the_lines_of_the_log_behind_them(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(CAN, CAN, GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    staff = staffed(hall)
    staff.logs_in()
    staff.asks("tile.refusals")
    assert staff.reads().count("Reprenez la canette") == 3
    assert "2 lignes du journal technique · Reprenez la canette : 2" in staff.reads()
    staff.asks("back")
    staff.asks("tile.halts")
    stops = sum(len(noted(hall, kind)) for kind in ("halt", "halt_over", "started"))
    assert f"{stops} ligne du journal technique" in staff.reads()
    staff.asks("back")
    assert "2. Refus" in staff.reads()
