"""Journeys that end in a gift, or cannot: to one of several associations, with none, over a power cut, and with one that is configured no more.

By touch and by keys alone; seen, booked with whom it is for, and told the city over HTTP.
"""

from typing import Any

import pytest

from config.demonstration import ASSOCIATIONS
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.states import Choosing, ConfirmingGift, PickingAssociation
from kiosk.screens.visitor.place import Place
from ledger.database import reading
from ledger.views import gifts
from money.callers import read
from people.journey import City, MakeBooth, comes_to
from worlds.booth import GLASS, PLASTIC, Booth

SECOND = ASSOCIATIONS[1]
GIVEN = {"visit": 1, "credit plastic 20": 1, "gift 20": 1}


def wants_to_give(hall: Booth) -> None:
    """To one of three: their names stand there."""
    hall.puts_in(PLASTIC)
    for name, after in (("finish", Place.CHOOSE), ("give", Place.ASSOCIATIONS)):
        hall.person.asks(name)
        hall.stands(after)


def gives_to_the_second(hall: Booth) -> None:
    wants_to_give(hall)
    for name, after in ((f"give_to.{SECOND.id}", Place.GIFT), ("confirm_gift", Place.THANKS), ("", Place.ATTRACT)):
        if name:
            hall.person.asks(name)
        hall.stands(after)


def told_the_city(hall: Booth) -> list[dict[str, Any]]:
    """What the city holds by association."""
    found: list[dict[str, Any]] = read(hall.city_url, f"/v1/kiosks/{hall.name}").json()["associations"]
    return found


def test_a_gift_to_the_second_of_three_is_named_on_every_page_in_the_ledger_and_at_the_city(booth: MakeBooth) -> None:
    hall = booth(associations=ASSOCIATIONS)
    gives_to_the_second(hall)
    first, second, third = (association.name for association in ASSOCIATIONS)
    comes_to(
        hall,
        seen=[
            (Place.CHOOSE, "Donner", "À une association de votre choix"),
            (Place.ASSOCIATIONS, "À qui donner 0,20 € ?", first, second, third, "Retour"),
            (Place.GIFT, "Donner 0,20 € ?", f"Pour {SECOND.name}", "Un don ne peut pas être repris."),
            (Place.THANKS, "Merci pour votre don de 0,20 €", f"Pour {SECOND.name}"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger=GIVEN,
        city=City(plastic=1, gifts=(1, 20)),
    )
    (body,) = hall.entries("gift")
    assert (body["association"], body["name"], body["amount"]) == (SECOND.id, SECOND.name, 20)
    assert told_the_city(hall) == [{"association": SECOND.id, "name": SECOND.name, "count": 1, "cents": 20}]
    with reading(hall.ledger) as connection:
        assert [(one.association, one.count, one.cents) for one in gifts(connection)] == [(SECOND.id, 1, 20)]


def test_who_does_not_find_their_association_goes_back_and_keeps_the_sum(booth: MakeBooth) -> None:
    hall = booth(associations=ASSOCIATIONS)
    wants_to_give(hall)
    hall.person.asks("cancel_gift")
    hall.stands(Place.CHOOSE)
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    assert hall.entries("gift") == []


def test_the_names_wait_a_minute_for_who_reads_them_and_then_the_voucher_comes_by_itself(booth: MakeBooth) -> None:
    hall = booth(associations=ASSOCIATIONS)
    wants_to_give(hall)
    hall.let_pass(45.0)
    assert hall.shows(Place.ASSOCIATIONS)
    hall.stands(Place.CHOOSE, Place.VOUCHER)
    assert [body["cause"] for body in hall.entries("voucher")] == ["kept"]


def test_without_an_association_nothing_speaks_of_giving_and_nothing_can_be_given(booth: MakeBooth) -> None:
    hall = booth(associations=())
    hall.puts_in(PLASTIC)
    hall.person.asks("help")
    hall.stands(Place.HELP)
    hall.person.asks("back")
    hall.person.asks("finish")
    hall.stands(Place.CHOOSE)
    assert hall.person.find("give") is None
    hall._post(Touched(Touch.GIVE))
    hall.let_pass(1.0)
    assert isinstance(hall.session.phase, Choosing)
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    told = [words for glance in hall.seen for words in glance.words]
    assert [words for words in told if "Donner" in words or "don " in words or "ssociation" in words] == []


def test_a_gift_stays_its_associations_when_that_is_configured_no_more_before_the_city_reads_of_it(booth: MakeBooth) -> None:
    hall = booth(associations=ASSOCIATIONS)
    gives_to_the_second(hall)
    hall.associations = ASSOCIATIONS[:1]
    hall.cut(2.0)
    hall.stands(Place.ATTRACT)
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[(Place.THANKS, f"Pour {SECOND.name}"), (Place.CHOOSE, f"Pour {ASSOCIATIONS[0].name}"), (Place.VOUCHER, "0,20")],
        ledger={"visit": 2, "credit plastic 20": 1, "credit glass 20": 1, "gift 20": 1, "voucher kept 20": 1},
        city=City(glass=1, plastic=1, gifts=(1, 20), vouchers=(1, 20)),
    )
    assert told_the_city(hall) == [{"association": SECOND.id, "name": SECOND.name, "count": 1, "cents": 20}]


@pytest.mark.parametrize("confirming", [False, True])
def test_a_power_cut_before_the_gift_is_confirmed_gives_nothing_and_the_visitor_chooses_anew(booth: MakeBooth, confirming: bool) -> None:
    hall = booth(associations=ASSOCIATIONS)
    wants_to_give(hall)
    if confirming:
        hall.person.asks(f"give_to.{ASSOCIATIONS[2].id}")
        hall.stands(Place.GIFT)
    assert isinstance(hall.session.phase, ConfirmingGift if confirming else PickingAssociation)
    hall.cut(3.0)
    hall.stands(Place.RESUMED)
    assert hall.entries("gift") == []
    hall.person.asks("finish")
    hall.stands(Place.CHOOSE)
    for name, after in (("give", Place.ASSOCIATIONS), (f"give_to.{SECOND.id}", Place.GIFT), ("confirm_gift", Place.THANKS)):
        hall.person.asks(name)
        hall.stands(after)
    assert [body["association"] for body in hall.entries("gift")] == [SECOND.id]


def test_a_power_cut_once_the_gift_is_confirmed_gives_it_once_to_whom_it_was_for(booth: MakeBooth) -> None:
    hall = booth(associations=ASSOCIATIONS)
    wants_to_give(hall)
    hall.person.asks(f"give_to.{SECOND.id}")
    hall.stands(Place.GIFT)
    hall.person.asks("confirm_gift")
    hall.until(lambda: hall.entries("gift") != [])
    hall.cut(3.0)
    hall.stands(Place.ATTRACT)
    comes_to(hall, seen=[(Place.GIFT, f"Pour {SECOND.name}")], ledger=GIVEN, city=City(plastic=1, gifts=(1, 20)))
    assert told_the_city(hall) == [{"association": SECOND.id, "name": SECOND.name, "count": 1, "cents": 20}]
