"""Journeys of visitors, by touch and by keys alone, through the window, on real firmware and a real ledger: what is seen, booked, and told the city."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from booth import BADLY_TURNED, CAN, GLASS, PLASTIC, Booth
from kiosk.screens.visitor.place import Place

MakeBooth = Callable[..., Booth]


@pytest.fixture
def booth(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeBooth]:
    made: list[Booth] = []

    def make(visit_bottles: int = 30, day_cents: int = 20_000) -> Booth:
        made.append(Booth(tmp_path, visit_bottles=visit_bottles, day_cents=day_cents))
        made[-1].until(lambda: made[-1].person.place() is Place.ATTRACT)
        return made[-1]

    yield make
    for one in made:
        one.close()


def puts_in(hall: Booth, *lines: str) -> None:
    """One after the other, each when the last has been dealt with."""
    machine = hall.twin.machine
    for line in lines:
        hall.say(line)
        hall.until(lambda: not machine.people.done)
        hall.until(lambda: machine.people.done and machine.controller.doing is None)
        hall.let_pass(1.5)


def stands(hall: Booth, place: Place) -> None:
    hall.until(lambda: hall.person.place() is place)


def test_a_happy_visit_by_touch(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    puts_in(hall, PLASTIC, GLASS)
    hall.sees("2 bouteilles")
    assert person.reads("0,40")
    person.touch("finish")
    stands(hall, Place.CHOOSE)
    person.touch("keep")
    stands(hall, Place.VOUCHER)
    person.touch("done")
    stands(hall, Place.THANKS)
    stands(hall, Place.ATTRACT)
    assert [entry["amount"] for entry in hall.entries("voucher")] == [40]
    assert hall.entries("voucher")[0]["cause"] == "kept"
    assert hall.witnesses_disagree() == ()


def test_a_happy_visit_by_keys_alone_in_arabic_ends_in_a_gift(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    person.choose("language.ar")
    person.press(Qt.Key.Key_Return)
    puts_in(hall, PLASTIC)
    for name, after in (("finish", Place.CHOOSE), ("give", Place.GIFT), ("confirm_gift", Place.THANKS)):
        person.choose(name)
        person.press(Qt.Key.Key_Return)
        stands(hall, after)
    assert person.reads("0.20")
    stands(hall, Place.ATTRACT)
    assert person.window.manner.language == "fr"
    assert ([entry["amount"] for entry in hall.entries("gift")], hall.entries("voucher")) == ([20], [])
    assert hall.witnesses_disagree() == ()


def test_three_refusals_of_one_bottle_offer_help_and_cost_nothing(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    puts_in(hall, BADLY_TURNED)
    hall.sees("Bouteille mal placée")
    assert person.find("offer") is None
    puts_in(hall, BADLY_TURNED)
    hall.until(lambda: person.find("offer") is not None)
    puts_in(hall, BADLY_TURNED)
    person.touch("offer")
    assert person.reads("L’accueil est dans le hall.")
    person.touch("back")
    assert person.reads("0,00")
    person.touch("finish")
    stands(hall, Place.ATTRACT)
    assert (hall.credited_cents, hall.entries("voucher"), len(hall.entries("closed"))) == (0, [], 1)


def test_a_can_is_refused_by_name_and_the_sum_stays(booth: MakeBooth) -> None:
    hall = booth()
    puts_in(hall, PLASTIC, CAN)
    hall.sees("Les canettes ne sont pas acceptées")
    assert hall.person.reads("0,20")
    assert hall.credited_cents == 20


def test_with_the_glass_bin_full_plastic_is_still_taken(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    puts_in(hall, GLASS)
    hall.say("bin 1 98")
    hall.sees("Plus de verre")
    puts_in(hall, GLASS)
    hall.sees("Le bac de cette matière est plein")
    puts_in(hall, PLASTIC)
    hall.sees("2 bouteilles")
    assert person.reads("0,40")
    assert hall.witnesses_disagree() == ()


def test_at_the_limit_of_the_visit_one_touch_goes_on_with_a_new_voucher_in_the_same_language(booth: MakeBooth) -> None:
    hall = booth(visit_bottles=3)
    person = hall.person
    person.touch("language.en")
    puts_in(hall, PLASTIC)
    assert person.reads("2 more bottles possible")
    puts_in(hall, PLASTIC, PLASTIC)
    stands(hall, Place.CHOOSE)
    assert person.reads("the most bottles allowed")
    assert person.find("add_more") is None
    person.touch("keep")
    stands(hall, Place.VOUCHER)
    person.touch("again")
    stands(hall, Place.FEEDING)
    assert person.window.manner.language == "en"
    puts_in(hall, GLASS)
    person.touch("finish")
    stands(hall, Place.CHOOSE)
    person.touch("keep")
    stands(hall, Place.VOUCHER)
    assert [entry["amount"] for entry in hall.entries("voucher")] == [60, 20]
    assert hall.witnesses_disagree() == ()


def test_the_days_budget_is_told_before_the_first_bottle_and_ends_the_day(booth: MakeBooth) -> None:
    hall = booth(day_cents=80)
    person = hall.person
    hall.sees("Encore 4 bouteilles possibles")
    puts_in(hall, *[PLASTIC] * 4)
    stands(hall, Place.CHOOSE)
    assert person.reads("ne peut plus payer")
    person.touch("keep")
    stands(hall, Place.VOUCHER)
    person.touch("done")
    stands(hall, Place.OUT_OF_ORDER)
    assert person.reads("Revenez demain")
    assert [entry["amount"] for entry in hall.entries("voucher")] == [80]


def test_who_walks_away_with_a_sum_is_asked_first_and_finds_it_unclaimed(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    person.touch("language.en")
    puts_in(hall, PLASTIC)
    stands(hall, Place.STILL_HERE)
    hall.sees("Ends in 10 seconds")
    stands(hall, Place.ATTRACT)
    assert person.window.manner.language == "fr"
    assert [(entry["amount"], entry["cause"]) for entry in hall.entries("voucher")] == [(20, "timed_out")]


def test_who_is_still_there_says_so_and_goes_on(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    puts_in(hall, PLASTIC)
    stands(hall, Place.STILL_HERE)
    person.touch("stay")
    stands(hall, Place.FEEDING)
    assert person.reads("0,20")


def test_a_refused_bottle_that_is_left_in_the_machine_can_be_let_out_by_the_next_person(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.say("leave 2")
    hall.say(CAN)
    hall.until(lambda: person.find("take_out") is not None)
    person.touch("take_out")
    hall.until(lambda: person.place() in (Place.FEEDING, Place.ATTRACT))
    assert hall.credited_cents == 0


def test_a_hand_in_the_gate_is_told_and_the_visit_goes_on(booth: MakeBooth) -> None:
    hall = booth()
    puts_in(hall, PLASTIC)
    hall.say("hand 3000")
    hall.say(PLASTIC)
    stands(hall, Place.HAND)
    hall.sees("2 bouteilles")


def test_a_bottle_of_the_next_person_waits_until_the_voucher_is_hidden(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    puts_in(hall, PLASTIC)
    person.touch("finish")
    stands(hall, Place.CHOOSE)
    person.touch("keep")
    stands(hall, Place.VOUCHER)
    hall.say(GLASS)
    hall.let_pass(10.0)
    assert person.place() is Place.VOUCHER
    person.touch("done")
    hall.sees("Verre")
    stands(hall, Place.FEEDING)
    assert [entry["amount"] for entry in hall.entries("voucher")] == [20]
    assert len({entry["number"] for entry in hall.entries("visit")}) == 2


def test_a_jam_sends_to_the_desk_and_the_sum_can_still_be_kept(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    puts_in(hall, PLASTIC)
    hall.say("jam half")
    hall.say(GLASS)
    hall.sees("Une bouteille est bloquée")
    assert person.reads("0,20")
    person.touch("keep")
    stands(hall, Place.CHOOSE)
    person.touch("keep")
    stands(hall, Place.VOUCHER)
    assert [entry["amount"] for entry in hall.entries("voucher")] == [20]


def test_a_voucher_that_a_power_cut_hides_is_in_the_ledger(booth: MakeBooth) -> None:
    hall = booth()
    puts_in(hall, PLASTIC)
    hall.person.touch("finish")
    stands(hall, Place.CHOOSE)
    hall.person.touch("keep")
    stands(hall, Place.VOUCHER)
    hall.cut(60.0)
    stands(hall, Place.ATTRACT)
    assert [(entry["amount"], entry["cause"]) for entry in hall.entries("voucher")] == [(20, "kept")]


@pytest.mark.long
def test_sixty_bottles_are_two_vouchers_of_the_visits_limit(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    for number in (1, 2):
        puts_in(hall, *[PLASTIC, GLASS] * 15)
        stands(hall, Place.CHOOSE)
        person.touch("keep")
        stands(hall, Place.VOUCHER)
        person.touch("again" if number == 1 else "done")
        stands(hall, Place.FEEDING if number == 1 else Place.THANKS)
    assert [entry["amount"] for entry in hall.entries("voucher")] == [600, 600]
    assert hall.witnesses_disagree() == ()


@pytest.mark.parametrize("place", [Place.FEEDING, Place.CHOOSE, Place.GIFT, Place.STILL_HERE])
def test_after_a_power_cut_of_a_minute_the_visit_goes_on_with_its_sum_and_number(booth: MakeBooth, place: Place) -> None:
    hall = booth()
    puts_in(hall, PLASTIC, GLASS)
    stands_at(hall, place)
    (number,) = {entry["number"] for entry in hall.entries("visit")}
    hall.cut(60.0)
    person = hall.person
    stands(hall, Place.RESUMED)
    assert person.reads("0,40")
    assert person.reads(number)
    person.touch("resume")
    puts_in(hall, PLASTIC)
    hall.sees("3 bouteilles")
    assert hall.credited_cents == 60
    assert hall.entries("voucher") == []


@pytest.mark.parametrize("place", [Place.FEEDING, Place.CHOOSE, Place.GIFT, Place.STILL_HERE])
def test_after_a_power_cut_of_an_hour_the_sum_waits_unclaimed(booth: MakeBooth, place: Place) -> None:
    hall = booth()
    puts_in(hall, PLASTIC, GLASS)
    stands_at(hall, place)
    hall.cut(3600.0)
    stands(hall, Place.ATTRACT)
    assert [(entry["amount"], entry["cause"]) for entry in hall.entries("voucher")] == [(40, "power_cut")]
    assert hall.witnesses_disagree() == ()


def stands_at(hall: Booth, place: Place) -> None:
    person = hall.person
    if place is Place.STILL_HERE:
        stands(hall, Place.STILL_HERE)
        return
    if place in (Place.CHOOSE, Place.GIFT):
        person.touch("finish")
        stands(hall, Place.CHOOSE)
    if place is Place.GIFT:
        person.touch("give")
        stands(hall, Place.GIFT)
