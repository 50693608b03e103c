"""Journeys of whoever holds a voucher and is not quick: help over it, no phone, contrast touched again and again. By touch and by keys alone."""

import pytest

from kiosk.screens.visitor.place import Place
from people.journey import KEYS_ARE_LONG, City, MakeBooth, comes_to
from worlds.booth import GLASS, PLASTIC


@KEYS_ARE_LONG
def test_help_opened_over_the_voucher_hides_no_second_and_loses_neither_code_nor_number(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    hall.finishes_and_keeps()
    person.asks("help")
    hall.stands(Place.HELP)
    hall.sees("Fin dans 12\u00a0s.")
    assert person.place() is Place.HELP
    person.stays()
    hall.until(lambda: not person.reads("Fin dans"))
    hall.let_pass(25.0)
    person.asks("back")
    hall.stands(Place.VOUCHER)
    person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.VOUCHER, number, "0,20"),
            (Place.HELP, number, "0,20"),
            (Place.HELP, number, "0,20", "Le bon reste valable. Fin dans 12 s."),
            (Place.HELP, number, "0,20", "Agrandir"),
            (Place.VOUCHER, number, "0,20"),
            (Place.PARTING, number, "0,20 € gardés pour vous"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
def test_who_has_no_phone_is_told_what_the_desk_does_and_leaves_with_the_number(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    person.asks("done")
    hall.stands(Place.PARTING)
    person.asks("voucher")
    hall.stands(Place.VOUCHER)
    person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.VOUCHER, number, "Pas de téléphone ? Dites ce numéro à l’accueil."),
            (Place.PARTING, number, "0,20 € gardés pour vous", "Dites ce numéro à l’accueil.", "Revoir mon bon"),
            (Place.VOUCHER, number, "0,20"),
            (Place.PARTING, number, "Revoir mon bon"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "credit glass 20": 1, "voucher kept 20": 1, "shown": 1},
        city=City(glass=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
@pytest.mark.parametrize("minutes", [1.5, pytest.param(10.0, marks=pytest.mark.long)])
def test_contrast_every_ten_seconds_keeps_the_voucher_for_as_long_as_somebody_does_it(booth: MakeBooth, minutes: float) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    hall.finishes_and_keeps()
    before = len(hall.seen)
    for _ in range(round(minutes * 6)):
        hall.let_pass(9.0)
        person.asks("contrast")
        assert person.place() is Place.VOUCHER
    assert not any("Fin dans" in words for glance in hall.seen[before:] for words in glance.words)
    assert hall.entries("shown") == []
    hall.stands(Place.PARTING, Place.ATTRACT)
    assert not person.window.manner.contrast
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[(Place.VOUCHER, number, "0,20"), (Place.VOUCHER, number, "Fin dans"), (Place.PARTING, number, "0,20"), (Place.ATTRACT,)],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )
