"""Journeys in which the controller's line is pulled while a visit runs: back after seconds, and never back. Seen, heard, booked, and told the city."""

from drivers.sound.sounds import Sound
from kiosk.screens.visitor.place import Place
from people.journey import KEYS_ARE_LONG, City, MakeBooth, comes_to
from worlds.booth import GLASS, PLASTIC, Booth

PULLED = "line lose 1000000"
"""No question reaches the controller any more."""

BACK = "line right"


def heard_by(hall: Booth) -> tuple[list[Sound], list[str]]:
    """What the loudspeaker plays and what a voice would say, from now on."""
    sounds: list[Sound] = []
    said: list[str] = []
    hall.person.window.sounded.connect(sounds.append)
    hall.person.window.announced.connect(lambda words: said.append(words.replace("\u00a0", " ")))
    return sounds, said


@KEYS_ARE_LONG
def test_a_line_that_is_back_after_seconds_pauses_the_visit_and_it_goes_on(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC)
    sounds, said = heard_by(hall)
    hall.say(PULLED)
    hall.stands(Place.OUT_OF_ORDER)
    assert len(said) == 1, "it is said once, however often the line is tried"
    assert said[0].startswith("La machine fait une pause.")
    assert "0,20" in said[0] or "vingt centimes" in said[0]
    hall.let_pass(8.0)
    assert (hall.shows(Place.OUT_OF_ORDER), len(said)) == (True, 1)
    hall.say(BACK)
    hall.stands(Place.FEEDING)
    assert "Votre total est de vingt centimes" in said[-1]
    assert sounds == [], "nothing is asked of the visitor"
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    comes_to(
        hall,
        seen=[
            (Place.FEEDING, number, "0,20"),
            (Place.OUT_OF_ORDER, number, "La machine fait une pause.", "Attendez un peu", "Votre argent est gardé : 0,20 €."),
            (Place.FEEDING, number, "0,20"),
            (Place.FEEDING, number, "0,40"),
            (Place.VOUCHER, number, "0,40"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )


@KEYS_ARE_LONG
def test_a_line_that_never_comes_back_keeps_the_sum_and_leaves_its_visitor_with_the_number(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC)
    sounds, said = heard_by(hall)
    hall.say(PULLED)
    hall.stands(Place.OUT_OF_ORDER)
    hall.let_pass(50.0)
    # nobody is hurried before, and whoever touches the glass is waited for anew
    assert not hall.person.reads("Fin dans")
    hall.person.asks("help")
    hall.let_pass(1.0)
    hall.person.asks("help")
    hall.let_pass(50.0)
    assert (hall.shows(Place.OUT_OF_ORDER), sounds) == (True, [])
    hall.sees("Fin dans")
    hall.stands(Place.PARTING)
    assert sounds == [Sound.TIME, Sound.TIME]
    assert [words for words in said if "10 secondes" in words] != []
    assert "Dites ce numéro à l’accueil." in said[-1]
    hall.stands(Place.OUT_OF_ORDER)
    (number,) = (visit["number"] for visit in hall.entries("visit"))
    assert not hall.person.reads(number)
    comes_to(
        hall,
        seen=[
            (Place.OUT_OF_ORDER, number, "Votre argent est gardé : 0,20 €."),
            (Place.OUT_OF_ORDER, number, "Votre argent est gardé. Fin dans 30 s."),
            (Place.PARTING, number, "0,20 € gardés pour vous", "Dites ce numéro à l’accueil.", "Voir mon bon"),
            (Place.OUT_OF_ORDER, "La machine fait une pause."),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher timed_out 20": 1, "shown": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


@KEYS_ARE_LONG
def test_a_line_pulled_while_a_bottle_is_in_the_machine_hands_it_back_once_it_is_there_again(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC)
    hall.say(GLASS)
    hall.until(lambda: len(hall.entries("intent")) == 2)
    hall.say(PULLED)
    hall.stands(Place.OUT_OF_ORDER)
    hall.let_pass(5.0)
    hall.say(BACK)
    hall.stands(Place.REFUSED)
    hall.sees("Vous pouvez la remettre.")
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[
            (Place.OUT_OF_ORDER, "La machine fait une pause.", "Votre argent est gardé : 0,20 €."),
            (Place.REFUSED, "Reprenez votre bouteille", "La machine s’est arrêtée sans la compter.", "0,20"),
            (Place.REFUSED, "Mettez vos bouteilles", "Vous pouvez la remettre.", "0,20"),
            (Place.FEEDING, "0,40"),
            (Place.VOUCHER, "0,40"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "cancelled": 1, "voucher kept 40": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )
