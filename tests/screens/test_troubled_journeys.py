"""Journeys in which the machine is held up: a hand, a jam, a refused bottle that is left. By touch and by keys alone; seen, booked, and told the city."""

from kiosk.screens.visitor.place import Place
from people.journey import KEYS_ARE_LONG, City, MakeBooth, comes_to
from worlds.booth import CAN, GLASS, PLASTIC


def test_a_hand_in_the_gate_is_told_and_the_visit_goes_on(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC)
    hall.say("hand 3000")
    hall.say(PLASTIC)
    hall.stands(Place.HAND)
    hall.until(lambda: len(hall.entries("credit")) == 2)
    hall.let_pass(1.0)
    hall.finishes_and_keeps()
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "0,20"),
            (Place.HAND, number, "Retirez votre main, s’il vous plaît.", "La machine attend."),
            (Place.FEEDING, "0,40"),
            (Place.VOUCHER, "0,40"),
        ],
        ledger={"visit": 1, "credit plastic 20": 2, "voucher kept 40": 1},
        city=City(plastic=2, vouchers=(1, 40)),
    )


@KEYS_ARE_LONG
def test_whose_only_bottle_was_not_counted_leaves_with_the_number_for_the_desk(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.say("jam half")
    hall.say(GLASS)
    hall.stands(Place.OUT_OF_ORDER, Place.PARTING)
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    assert person.find("voucher") is None
    person.asks("done")
    hall.stands(Place.OUT_OF_ORDER)
    assert not person.reads(number)
    comes_to(
        hall,
        seen=[
            (Place.OUT_OF_ORDER, number, "La machine est bloquée."),
            (Place.PARTING, "1 bouteille n’a pas été comptée.", number, "Dites ce numéro à l’accueil."),
            (Place.OUT_OF_ORDER, "La machine est bloquée."),
        ],
        ledger={"visit": 1, "uncounted": 1, "closed": 1},
        city=City(),
    )


def test_a_jam_sends_to_the_desk_and_the_sum_can_still_be_kept(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    hall.say("jam half")
    hall.say(GLASS)
    hall.stands(Place.OUT_OF_ORDER)
    person.asks("keep")
    hall.stands(Place.CHOOSE)
    person.asks("keep")
    hall.stands(Place.VOUCHER)
    person.asks("done")
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (
                Place.OUT_OF_ORDER,
                number,
                "La machine est bloquée.",
                "Demandez de l’aide à l’accueil.",
                "Votre argent est gardé : 0,20 €.",
            ),
            (Place.CHOOSE, "0,20"),
            (Place.VOUCHER, number, "0,20"),
            (Place.OUT_OF_ORDER, "La machine est bloquée."),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "uncounted": 1, "voucher kept 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
def test_once_somebody_has_cleared_a_jam_the_next_person_is_welcome(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC)
    hall.say("jam half")
    hall.say(GLASS)
    hall.stands(Place.OUT_OF_ORDER)
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    hall.say("door open", "remove")
    hall.let_pass(5.0)
    hall.say("door shut")
    hall.stands(Place.ATTRACT)
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[
            (Place.OUT_OF_ORDER, "La machine est bloquée.", "Votre argent est gardé : 0,20 €."),
            (Place.PARTING, "0,20 € gardés pour vous", "1 bouteille n’a pas été comptée.", "Dites ce numéro à l’accueil."),
            (Place.OUT_OF_ORDER, "La porte est ouverte."),
            (Place.ATTRACT, "Rendez vos bouteilles"),
            (Place.VOUCHER, "0,20"),
        ],
        ledger={
            "visit": 2,
            "credit plastic 20": 1,
            "credit glass 20": 1,
            "uncounted": 1,
            "voucher timed_out 20": 1,
            "shown": 1,
            "voucher kept 20": 1,
        },
        city=City(glass=1, plastic=1, vouchers=(2, 40)),
    )


@KEYS_ARE_LONG
def test_a_refused_bottle_that_is_left_shuts_the_gate_until_the_next_person_lets_it_out(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    hall.say("leave 2", CAN)
    hall.stands(Place.OUT_OF_ORDER)
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    hall.say(GLASS)
    hall.let_pass(10.0)
    assert not hall.twin.machine.people.done
    person.asks("take_out")
    hall.stands(Place.ATTRACT)
    hall.until(lambda: len(hall.entries("credit")) == 2)
    hall.let_pass(1.0)
    hall.finishes_and_keeps()
    first, second = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.REFUSED, first, "Reprenez la canette", "La machine ne prend pas le métal."),
            (Place.OUT_OF_ORDER, first, "Un objet est resté dans la machine.", "Votre argent est gardé : 0,20 €.", "Ouvrir pour reprendre"),
            (Place.PARTING, first, "0,20 € gardés pour vous"),
            (Place.OUT_OF_ORDER, "Un objet est resté dans la machine.", "Reprenez-le, s’il vous plaît.", "Ouvrir pour reprendre"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
            (Place.FEEDING, second, "0,20", "Verre"),
            (Place.VOUCHER, second, "0,20"),
        ],
        ledger={"visit": 2, "credit plastic 20": 1, "credit glass 20": 1, "voucher timed_out 20": 1, "shown": 1, "voucher kept 20": 1},
        city=City(glass=1, plastic=1, vouchers=(2, 40)),
    )


@KEYS_ARE_LONG
def test_who_left_a_refused_bottle_and_comes_back_takes_it_out_and_goes_on(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    hall.say("leave 2", CAN)
    hall.stands(Place.OUT_OF_ORDER)
    person.asks("take_out")
    hall.until(lambda: hall.twin.machine.people.done and person.place() is Place.REFUSED)
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[
            (Place.REFUSED, "Reprenez la canette"),
            (Place.OUT_OF_ORDER, "Un objet est resté dans la machine.", "Votre argent est gardé : 0,20 €."),
            (Place.REFUSED, "Mettez vos bouteilles", "La machine ne prend pas le métal."),
            (Place.FEEDING, "Verre", "0,40"),
            (Place.VOUCHER, "0,40"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )
