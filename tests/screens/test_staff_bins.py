"""A bin is emptied at the machine in steps, on the twin and a real ledger: the door, the seal, the level, what is in doubt; then the carrier's slip."""

import pytest
from PySide6.QtCore import Qt

from config.vocabulary import Bin
from kiosk.console.roles import Role
from ledger.bins import Destination, Handing
from people.agent import PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import GLASS, Booth, HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])
OTHER = "839017"


def at_the_bins(hall: Booth, role: Role = Role.DESK) -> StaffMember:
    if not hall.agents.listed():
        hall.agents.add("Camille", role, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.more")
    staff.asks("deed.bins")
    return staff


def with_two_bottles(hall: Booth) -> StaffMember:
    hall.puts_in(GLASS, GLASS)
    return at_the_bins(hall)


def changes_the_bin(hall: Booth) -> None:
    hall.say("door open", "bin 1 0")
    hall.let_pass(2)
    hall.say("door shut")
    hall.let_pass(5)


def types(staff: StaffMember, text: str) -> None:
    if staff.way is Way.TOUCH:
        for letter in text:
            staff.touches(f"key.{letter}")
        staff.asks("enter")
    else:
        staff.types_at(staff.window, text)
        staff.presses(Qt.Key.Key_Return)
        staff.clock.advance(0.5)


def says_seal_and_carrier(staff: StaffMember) -> None:
    staff.asks("done")
    types(staff, "S-1042")
    staff.asks("recycler")
    types(staff, "C-31")


@KEYS_ARE_LONG
def test_a_bin_is_emptied_in_steps_and_its_slip_is_typed_at_once(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("bin 1 60")
    staff = with_two_bottles(hall)
    staff.asks("empty.1")
    assert "Verre : 2" in staff.reads()
    assert "ne l’a pas encore vue ouverte" in staff.reads()
    hall.say("door open", "bin 1 0")
    hall.let_pass(2)
    assert "Porte de service : ouverte." in staff.reads()
    hall.say("door shut")
    hall.let_pass(2)
    assert "vue ouverte, fermée maintenant" in staff.reads()
    assert "rempli à 0 %" in staff.reads()
    says_seal_and_carrier(staff)
    assert "Scellé S-1042 · Recyclage · emporté par C-31" in staff.reads()
    assert hall.entries("emptied") == []
    staff.asks("write")
    (emptied,) = hall.entries("emptied")
    assert (emptied["bin"], emptied["n"], emptied["counts"], emptied["door_seen"], emptied["agent"]) == (1, 1, {"glass": 2}, True, "101")
    assert "why" not in emptied
    assert "Inscrit : vidage 1 du bac 1, 2 bouteilles" in staff.reads()
    staff.asks("weigh.1.1")
    types(staff, "0,7")
    assert "Dans la tolérance" in staff.reads()
    staff.asks("write_weight")
    assert hall.entries("weighed") == [{"bin": 1, "n": 1, "grams": 700, "agent": "101"}]
    staff.asks("checks")
    assert "Agent 101 : 1 vidage, 0,7 kg pesés" in staff.reads()


@BY_TOUCH
def test_what_the_machine_did_not_see_is_told_and_the_reason_stands_in_the_ledger(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("bin 1 60")
    staff = with_two_bottles(hall)
    staff.asks("empty.1")
    says_seal_and_carrier(staff)
    told = staff.reads()
    assert "La porte n’a pas été vue ouverte" in told
    assert "Le bac n’est pas vu vide : encore 6" in told
    staff.asks("door_switch")
    staff.asks("write")
    (emptied,) = hall.entries("emptied")
    assert (emptied["door_seen"], emptied["why"]) == (False, "door_switch")


@pytest.mark.long
@BY_TOUCH
def test_a_door_opened_before_the_log_in_is_known_by_the_log_and_one_left_open_is_told(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS)
    changes_the_bin(hall)
    staff = at_the_bins(hall)
    staff.asks("empty.1")
    hall.say("door open")
    hall.let_pass(2)
    says_seal_and_carrier(staff)
    assert "La porte est encore ouverte" in staff.reads()
    staff.asks("write")
    assert hall.entries("emptied")[0]["door_seen"] is True
    # since then nobody has opened it anew
    hall.say("door shut")
    hall.let_pass(2)
    staff.asks("empty.1")
    staff.asks("done")
    types(staff, "S-1043")
    staff.asks("incinerator")
    assert "C-31" in staff.reads()
    staff.asks("carrier.0")
    assert "La porte n’a pas été vue ouverte" in staff.reads()


@pytest.mark.long
@BY_TOUCH
def test_a_log_out_in_mid_emptying_is_kept_and_somebody_else_is_told_who_began_it(booth: MakeBooth) -> None:
    hall = booth()
    staff = with_two_bottles(hall)
    hall.agents.add("Dominique", Role.MANAGER, OTHER)
    staff.asks("empty.1")
    changes_the_bin(hall)
    staff.asks("done")
    hall.let_pass(61)
    assert not staff.has_the_glass()
    staff.logs_in()
    assert "Tapez le numéro du scellé" in staff.reads()
    staff.asks("log_out")
    staff.logs_in("102", OTHER)
    staff.asks("deed.more")
    staff.asks("deed.bins")
    assert "Commencé par l’agent 101." in staff.reads()
    staff.asks("go_on")
    types(staff, "S-1042")
    staff.asks("recycler")
    types(staff, "C-31")
    staff.asks("write")
    (emptied,) = hall.entries("emptied")
    assert (emptied["agent"], emptied["second"]) == ("102", "101")


@pytest.mark.long
@BY_TOUCH
def test_a_start_in_mid_emptying_has_written_nothing_and_asks_whether_the_bin_was_emptied(booth: MakeBooth) -> None:
    hall = booth()
    staff = with_two_bottles(hall)
    staff.asks("empty.1")
    changes_the_bin(hall)
    says_seal_and_carrier(staff)
    hall.cut(5)
    hall.let_pass(30)
    assert hall.entries("emptied") == []
    staff = at_the_bins(hall)
    assert "a-t-il été vidé sans être inscrit" in staff.reads()
    staff.asks("empty.1")
    assert "vue ouverte, fermée maintenant" in staff.reads()


@pytest.mark.long
@BY_TOUCH
def test_a_weight_that_is_none_is_told_and_one_off_the_tolerance_is_asked_about(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS)
    handing = Handing("S-1", Destination.RECYCLER, "C-1", door_seen=True)
    hall._journal.desk.empty(Bin(1), handing, "101", hall.now())
    staff = at_the_bins(hall)
    staff.asks("weigh.1.1")
    for typed, told in (("10000000", "Aucun bac ne pèse plus de 1000 kg"), (",", "Ce n’est pas un poids"), ("9", "Hors tolérance")):
        types(staff, typed)
        assert told in staff.reads()
        for _ in typed:
            if "erase" in [button.objectName() for button in staff.window.stops()]:
                staff.touches("erase")
    assert hall.entries("weighed") == []
    staff.asks("correct")
    assert "Poids du bordereau" in staff.reads()


@pytest.mark.long
@BY_TOUCH
def test_an_auditor_sees_bins_and_weights_and_empties_none(booth: MakeBooth) -> None:
    staff = at_the_bins(booth(), Role.AUDITOR)
    names = [button.objectName() for button in staff.window.stops()]
    assert "checks" in names
    assert not any(name.startswith(("empty.", "weigh.")) for name in names)
