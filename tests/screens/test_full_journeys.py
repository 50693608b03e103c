"""Journeys into a limit: a full bin, the most bottles of a visit, and the day's money. By touch and by keys alone; seen, booked, and told the city."""

import pytest

from config.hours import OpeningHours
from kiosk.screens.visitor.place import Place
from people.journey import KEYS_ARE_LONG, City, MakeBooth, comes_to
from worlds.booth import GLASS, PLASTIC


@KEYS_ARE_LONG
def test_the_glass_bin_is_full_at_bottle_twelve_and_plastic_is_still_taken(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("bin 1 80")
    hall.puts_in(*[GLASS] * 11)
    assert not hall.person.reads("est plein")
    hall.puts_in(GLASS)
    hall.puts_in(GLASS)
    hall.puts_in(PLASTIC)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "2,40", "12 bouteilles", "Le bac à verre est plein"),
            (Place.REFUSED, "Reprenez la bouteille", "Le bac à verre est plein.", "La machine prend encore le plastique."),
            (Place.FEEDING, "Plastique", "2,60", "13 bouteilles", "Le bac à verre est plein"),
            (Place.VOUCHER, "2,60"),
            (Place.ATTRACT, "Le bac à verre est plein"),
        ],
        ledger={"visit": 1, "credit glass 20": 12, "credit plastic 20": 1, "voucher kept 260": 1, "shown": 1},
        city=City(glass=12, plastic=1, vouchers=(1, 260)),
    )


def test_when_the_last_bin_fills_the_sum_can_be_kept_and_nobody_is_invited_any_more(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("bin 1 94")
    hall.puts_in(PLASTIC)
    hall.say("bin 2 98")
    hall.puts_in(GLASS)
    hall.stands(Place.CHOOSE)
    assert hall.person.find("add_more") is None
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "0,20", "Le bac à plastique est plein"),
            (Place.CHOOSE, "0,40", "Les bacs sont pleins. Gardez le reste pour plus tard."),
            (Place.VOUCHER, "0,40"),
            (Place.OUT_OF_ORDER, "Les bacs sont pleins.", "Dites-le à l’accueil, ou revenez plus tard."),
        ],
        ledger={"visit": 1, "credit glass 20": 1, "credit plastic 20": 1, "voucher kept 40": 1, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


def test_at_the_limit_of_the_visit_one_touch_goes_on_with_a_new_voucher_in_the_same_language(booth: MakeBooth) -> None:
    hall = booth(visit_bottles=3)
    person = hall.person
    person.asks("language.en")
    hall.puts_in(PLASTIC, PLASTIC, PLASTIC)
    hall.stands(Place.CHOOSE)
    assert person.find("add_more") is None
    person.asks("keep")
    hall.stands(Place.VOUCHER)
    assert person.find("again") is None
    person.asks("done")
    hall.stands(Place.PARTING)
    person.asks("again")
    hall.stands(Place.BEGUN)
    assert person.window.manner.language == "en"
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    first, second = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, first, "€0.20", "2 more bottles on this voucher"),
            (Place.FEEDING, first, "€0.40", "1 more bottle on this voucher"),
            (Place.CHOOSE, first, "€0.60", "3 bottles per voucher. Take this voucher, then go on."),
            (Place.VOUCHER, first, "€0.60"),
            (Place.PARTING, first, "See my voucher", "More bottles"),
            (Place.BEGUN, "Put in a bottle"),
            (Place.FEEDING, second, "€0.20"),
            (Place.VOUCHER, second, "€0.20"),
        ],
        ledger={"visit": 2, "credit plastic 20": 3, "credit glass 20": 1, "voucher kept 60": 1, "voucher kept 20": 1, "shown": 1},
        city=City(glass=1, plastic=3, vouchers=(2, 80)),
    )


@pytest.mark.long
def test_sixty_bottles_are_two_vouchers_of_the_visits_limit(booth: MakeBooth) -> None:
    hall = booth()
    for name, after in (("again", Place.BEGUN), ("done", Place.ATTRACT)):
        hall.puts_in(*[PLASTIC, GLASS] * 15)
        hall.stands(Place.CHOOSE)
        hall.person.asks("keep")
        hall.stands(Place.VOUCHER)
        hall.person.asks("done")
        hall.stands(Place.PARTING)
        hall.person.asks(name)
        hall.stands(after)
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "5,00", "Encore 5 bouteilles pour ce bon"),
            (Place.CHOOSE, "6,00", "30 bouteilles par bon. Prenez ce bon, puis continuez."),
            (Place.VOUCHER, "6,00"),
            (Place.FEEDING, "0,20", "1 bouteille"),
            (Place.CHOOSE, "6,00", "30 bouteilles par bon. Prenez ce bon, puis continuez."),
            (Place.VOUCHER, "6,00"),
        ],
        ledger={"visit": 2, "credit plastic 20": 30, "credit glass 20": 30, "voucher kept 600": 2, "shown": 2},
        city=City(glass=30, plastic=30, vouchers=(2, 1200)),
    )


def test_the_days_money_is_told_before_the_first_bottle_and_ends_the_day_at_the_fourth(booth: MakeBooth) -> None:
    hall = booth(day_cents=80)
    hall.puts_in(*[PLASTIC] * 4)
    hall.stands(Place.CHOOSE)
    assert hall.person.find("add_more") is None
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    hall.say(GLASS)
    hall.let_pass(30.0)
    comes_to(
        hall,
        seen=[
            (Place.ATTRACT, "Encore 4 bouteilles possibles"),
            (Place.FEEDING, "0,60", "Encore 1 bouteille pour ce bon"),
            (Place.CHOOSE, "0,80", "Le budget du jour est fini. Revenez demain pour le reste."),
            (Place.VOUCHER, "0,80"),
            (Place.OUT_OF_ORDER, "La machine ne peut plus payer aujourd’hui.", "Revenez demain."),
        ],
        ledger={"visit": 1, "credit plastic 20": 4, "voucher kept 80": 1, "shown": 1},
        city=City(plastic=4, vouchers=(1, 80)),
    )


def test_where_it_is_allowed_bottles_are_taken_without_money_once_the_days_is_used_up(booth: MakeBooth) -> None:
    hall = booth(day_cents=20, without_money=True)
    hall.puts_in(PLASTIC)
    hall.stands(Place.CHOOSE)
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    hall.person.asks("without_money")
    hall.stands(Place.BEGUN)
    hall.puts_in(GLASS, PLASTIC)
    hall.person.asks("finish")
    hall.stands(Place.THANKS, Place.OUT_OF_ORDER)
    second = hall.entries("visit")[1]["number"]
    comes_to(
        hall,
        seen=[
            (Place.ATTRACT, "Encore 1 bouteille possible"),
            (Place.VOUCHER, "0,20"),
            (Place.OUT_OF_ORDER, "La machine ne peut plus payer aujourd’hui.", "Vous pouvez rendre vos bouteilles sans argent."),
            (Place.BEGUN, "Mettez une bouteille", "Sans argent"),
            (Place.FEEDING, second, "Bouteille acceptée", "2 bouteilles", "0,00"),
            (Place.THANKS, "Au revoir et merci !"),
            (Place.OUT_OF_ORDER, "Continuer sans argent"),
        ],
        ledger={
            "visit": 2,
            "credit plastic 20": 1,
            "voucher kept 20": 1,
            "credit glass 0": 1,
            "credit plastic 0": 1,
            "closed": 1,
            "shown": 1,
        },
        city=City(glass=1, plastic=2, unpaid=2, vouchers=(1, 20)),
    )


def test_a_hall_that_closes_lets_the_visit_end_and_says_when_it_opens(booth: MakeBooth) -> None:
    monday_until_one_past_eight, tuesday = ((480, 481),), ((510, 1020),)
    hall = booth(hours=OpeningHours({0: monday_until_one_past_eight, 1: tuesday}))
    hall.puts_in(PLASTIC)
    hall.let_pass(62.0 - hall.time.monotonic())
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.OUT_OF_ORDER)
    hall.cut(24.6 * 3600)
    hall.stands(Place.ATTRACT)
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "0,40", "2 bouteilles"),
            (Place.VOUCHER, "0,40"),
            (Place.OUT_OF_ORDER, "La machine est fermée.", "Elle ouvre mardi 6 janvier 2026 à 8 h 30."),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )
