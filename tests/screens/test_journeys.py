"""Journeys of visitors, by touch and by keys alone, through the window, on real firmware and a real ledger: what is seen, booked, and told the city.

Full bins, limits and the day's money have journeys of their own (``test_full_journeys.py``), and so have trouble and power cuts.
"""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk.deposit.states import Sorting
from kiosk.screens.visitor.feeding import Feeding
from kiosk.screens.visitor.place import Place
from ledger.sync.outcomes import Unreachable
from people.journey import KEYS_ARE_LONG, City, MakeBooth, comes_to
from people.person import Way
from worlds.booth import CAN, GLASS, PLASTIC, WITHOUT_LABEL, Booth

NOWHERE = "http://127.0.0.1:9"


def test_a_happy_visit_ends_with_a_voucher(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC, GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    (number,) = {visit["number"] for visit in hall.entries("visit")}
    comes_to(
        hall,
        seen=[
            (Place.ATTRACT, "Rendez vos bouteilles"),
            (Place.FEEDING, number, "Plastique", "0,20", "1 bouteille"),
            (Place.FEEDING, number, "Verre", "0,40", "2 bouteilles"),
            (Place.CHOOSE, number, "Garder", "Donner"),
            (Place.VOUCHER, number, "Votre bon", "0,40"),
            (Place.PARTING, "0,40 € gardés pour vous", number, "Dites ce numéro à l’accueil.", "Revoir mon bon"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


def test_a_happy_visit_in_arabic_ends_in_a_gift_and_the_next_one_begins_in_french(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    person.asks("language.ar")
    hall.puts_in(PLASTIC)
    for name, after in (("finish", Place.CHOOSE), ("give", Place.GIFT), ("confirm_gift", Place.THANKS)):
        person.asks(name)
        hall.stands(after)
    assert person.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    hall.stands(Place.ATTRACT)
    assert person.window.manner.language == "fr"
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "مجموعكم", "0.20"),
            (Place.GIFT, "التبرع", "0.20"),
            (Place.THANKS, "شكرًا", "0.20"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "gift 20": 1},
        city=City(plastic=1, gifts=(1, 20)),
    )


def test_who_thinks_again_before_giving_adds_a_bottle_and_keeps_it_all(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    for name, after in (("finish", Place.CHOOSE), ("give", Place.GIFT), ("cancel_gift", Place.CHOOSE), ("add_more", Place.FEEDING)):
        person.asks(name)
        hall.stands(after)
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[(Place.GIFT, "Donner", "0,20"), (Place.CHOOSE, "0,20"), (Place.FEEDING, "0,40"), (Place.VOUCHER, "0,40")],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


def test_three_refusals_of_a_bottle_without_label_offer_help_and_cost_nothing(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(WITHOUT_LABEL, WITHOUT_LABEL, WITHOUT_LABEL)
    assert person.window.focusWidget() is person.button("offer")
    person.asks("offer")
    hall.stands(Place.HELP)
    hall.let_pass(1.0)
    person.asks("back")
    hall.stands(Place.REFUSED)
    person.asks("finish")
    hall.stands(Place.ATTRACT)
    comes_to(
        hall,
        seen=[
            (Place.REFUSED, "Tournez la bouteille", "La machine ne voit pas le code-barres.", "Reprenez-la, puis remettez-la autrement."),
            (Place.REFUSED, "Tournez la bouteille", "La machine ne voit pas le code-barres.", "Remettez-la autrement."),
            (Place.REFUSED, "Cherchez l’étiquette", "Il faut l’étiquette et son code-barres.", "Reprenez-la. Sans étiquette"),
            (Place.REFUSED, "Cherchez l’étiquette", "Sans étiquette, elle ne peut pas être prise."),
            (Place.REFUSED, "Reprenez la bouteille", "Touchez Aide, ou essayez une autre bouteille.", "Aide"),
            (Place.HELP, "Montrez le code-barres.", "Sans étiquette, elle ne peut pas être prise.", "L’accueil est dans le hall."),
            (Place.REFUSED, "Mettez vos bouteilles", "Touchez Aide, ou essayez une autre bouteille."),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "closed": 1},
        city=City(),
    )


def test_a_can_is_refused_by_name_and_the_sum_stays(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC, CAN)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[(Place.REFUSED, "Reprenez la canette", "La machine ne prend pas le métal."), (Place.CHOOSE, "0,20"), (Place.VOUCHER, "0,20")],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
def test_who_walks_away_with_a_sum_is_asked_first_and_it_waits_unclaimed(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    person.asks("language.en")
    hall.puts_in(PLASTIC)
    hall.stands(Place.STILL_HERE)
    hall.sees("Ends in 10 seconds")
    hall.stands(Place.ATTRACT)
    assert person.window.manner.language == "fr"
    comes_to(
        hall,
        seen=[
            (Place.STILL_HERE, "Are you still there?", "Ends in 30 seconds", "€0.20"),
            (Place.STILL_HERE, "Ends in 10 seconds"),
            (Place.PARTING, "€0.20 kept for you", "See my voucher"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher timed_out 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
def test_who_is_still_there_says_so_and_goes_on(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    hall.stands(Place.STILL_HERE)
    person.stays()
    hall.stands(Place.FEEDING)
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[(Place.STILL_HERE, "Êtes-vous encore là ?"), (Place.FEEDING, "0,20"), (Place.FEEDING, "0,40"), (Place.VOUCHER, "0,40")],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


def test_a_bottle_of_the_next_person_waits_until_the_voucher_is_hidden(booth: MakeBooth) -> None:
    hall = booth()
    shows_a_voucher(hall)
    code = " ".join(hall.entries("voucher")[0]["code"][:4])
    hall.say(GLASS)
    hall.let_pass(10.0)
    assert hall.person.place() is Place.VOUCHER
    hall.person.asks("done")
    hall.stands(Place.PARTING)
    hall.until(lambda: len(hall.entries("credit")) == 2)
    hall.let_pass(1.0)
    hall.finishes_and_keeps()
    first, second = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.VOUCHER, first, code),
            (Place.PARTING, first),
            (Place.FEEDING, second, "Verre", "1 bouteille"),
            (Place.VOUCHER, second),
        ],
        ledger={"visit": 2, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 20": 2, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(2, 40)),
    )


def test_a_touch_of_the_next_person_hides_the_voucher_and_begins_a_visit_of_their_own(booth: MakeBooth) -> None:
    hall = booth()
    shows_a_voucher(hall)
    code = " ".join(hall.entries("voucher")[0]["code"][:4])
    hall.person.asks("done")
    hall.stands(Place.PARTING)
    assert not hall.person.reads(code)
    hall.person.asks("again")
    hall.stands(Place.BEGUN)
    hall.puts_in(GLASS)
    hall.person.asks("finish")
    hall.stands(Place.CHOOSE)
    hall.person.asks("give")
    hall.stands(Place.GIFT)
    hall.person.asks("confirm_gift")
    hall.stands(Place.THANKS)
    first, second = (visit["number"] for visit in hall.entries("visit"))
    assert first != second
    comes_to(
        hall,
        seen=[
            (Place.VOUCHER, first, code),
            (Place.BEGUN, "Mettez une bouteille"),
            (Place.FEEDING, second, "0,20"),
            (Place.THANKS, "0,20"),
        ],
        ledger={"visit": 2, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 20": 1, "gift 20": 1, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 20), gifts=(1, 20)),
    )


@KEYS_ARE_LONG
def test_who_needs_longer_to_choose_or_to_take_a_picture_is_given_it(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    person.asks("finish")
    hall.stands(Place.CHOOSE)
    for _ in range(3):
        hall.sees("votre bon dans 10")
        hall.let_pass(1.0)
        touches_beside_or_a_key(hall)
        assert hall.person.place() is Place.CHOOSE
    person.asks("keep")
    hall.stands(Place.VOUCHER)
    hall.until(lambda: person.find("alive") is not None)
    person.stays()
    hall.until(lambda: not person.reads("Fin dans"))
    hall.let_pass(25.0)
    person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    comes_to(
        hall,
        seen=[
            (Place.CHOOSE, "0,20", "Sans réponse : votre bon dans 10 s."),
            (Place.CHOOSE, "0,20", "Sans réponse : votre bon dans 15 s."),
            (Place.VOUCHER, "0,20", "Le bon reste valable. Fin dans 30 s.", "Rester"),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
def test_a_voucher_that_nobody_hides_hides_itself_and_says_so_before(booth: MakeBooth) -> None:
    hall = booth()
    shows_a_voucher(hall)
    hall.stands(Place.PARTING, Place.ATTRACT)
    comes_to(
        hall,
        seen=[
            (Place.VOUCHER, "Fin dans 20 s."),
            (Place.PARTING, "0,20", "Revoir mon bon", "30 s"),
            (Place.PARTING, "10 s"),
            (Place.ATTRACT,),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


def touches_beside_or_a_key(hall: Booth) -> None:
    """Any touch is a sign of life."""
    if hall.person.way is Way.KEYS:
        hall.person.press(Qt.Key.Key_Right)
    else:
        hall.person.window._touched_beside(QPoint(1, 1))


def shows_a_voucher(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.finishes_and_keeps()


def test_a_whole_visit_without_network_is_as_any_other_and_the_city_gets_all_of_it_later(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    assert isinstance(hall.deliver(NOWHERE), Unreachable)
    hall.puts_in(PLASTIC, GLASS)
    assert isinstance(hall.deliver(NOWHERE), Unreachable)
    hall.finishes_and_keeps()
    assert isinstance(hall.deliver(NOWHERE), Unreachable)
    person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    comes_to(
        hall,
        seen=[(Place.FEEDING, "0,40"), (Place.CHOOSE, "0,40"), (Place.VOUCHER, "0,40"), (Place.ATTRACT, "Rendez vos bouteilles")],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


def test_who_finishes_while_a_bottle_falls_is_heard_and_it_counts(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC)
    hall.person.aims_at("finish")
    hall.say(GLASS)
    hall.until(lambda: isinstance(hall.session.phase, Sorting))
    hall.person.asks_at_once("finish")
    assert len(hall.entries("credit")) == 1
    hall.stands(Place.CHOOSE)
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    comes_to(
        hall,
        seen=[(Place.FEEDING, "0,20", "Un instant…"), (Place.CHOOSE, "0,40", "2 bouteilles"), (Place.VOUCHER, "0,40")],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


def test_a_language_changed_while_the_bottle_flies_shows_the_whole_sum_in_it(booth: MakeBooth) -> None:
    hall = booth()
    person = hall.person
    hall.puts_in(PLASTIC)
    person.aims_at("language.en")
    hall.say(GLASS)
    hall.until(lambda: person.reads("2 bouteilles"))
    assert isinstance(person.window.page, Feeding)
    assert person.window.page.total.moving
    person.asks_at_once("language.en")
    page = person.window.page
    assert isinstance(page, Feeding)
    assert not page.total.moving
    assert person.reads("Your total is €0.40 for 2 bottles.")
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[(Place.FEEDING, "Your total is €0.40"), (Place.CHOOSE, "€0.40"), (Place.VOUCHER, "Your voucher")],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


@pytest.mark.parametrize("apart_s", [0.05, 0.3])
def test_a_visit_of_double_taps_is_as_one_of_single_ones(booth: MakeBooth, apart_s: float) -> None:
    hall = booth()
    taps_twice(hall, "begin", apart_s)
    hall.puts_in(PLASTIC)
    for name, after in (
        ("finish", Place.CHOOSE),
        ("give", Place.GIFT),
        ("cancel_gift", Place.CHOOSE),
        ("keep", Place.VOUCHER),
        ("done", Place.PARTING),
        ("voucher", Place.VOUCHER),
        ("done", Place.PARTING),
        ("done", Place.ATTRACT),
    ):
        taps_twice(hall, name, apart_s)
        hall.stands(after)
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, "0,20"),
            (Place.CHOOSE,),
            (Place.GIFT,),
            (Place.CHOOSE,),
            (Place.VOUCHER,),
            (Place.PARTING,),
            (Place.VOUCHER,),
            (Place.PARTING,),
            (Place.ATTRACT,),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


def taps_twice(hall: Booth, name: str, apart_s: float) -> None:
    """The second time on whatever stands there by then."""
    person = hall.person
    person.aims_at(name)
    spot = middle_of(hall, name)
    person.asks_at_once(name)
    hall.let_pass(apart_s)
    if person.way is Way.KEYS:
        person.press_at_once(Qt.Key.Key_Return)
    else:
        under = person.window.childAt(spot) or person.window
        QTest.mouseClick(under, Qt.MouseButton.LeftButton, pos=under.mapFrom(person.window, spot))


def middle_of(hall: Booth, name: str) -> QPoint:
    button = hall.person.button(name)
    return button.mapTo(hall.person.window, button.rect().center())
