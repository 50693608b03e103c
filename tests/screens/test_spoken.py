"""What a page would speak: sums in words, the reason and the way out, in three languages; and when it is announced."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents, Reason
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import NOBODY, NOTHING, TAKEN, VISIT, VOUCHER, visitor_shots
from kiosk.screens.visitor.place import Open, place_of
from kiosk.screens.visitor.spoken import Machine
from kiosk.screens.visitor.spoken import spoken as spoken_by
from kiosk.words.aloud import amount_aloud
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES
from people.person import Person, somebody
from timing import FakeClock

SHOTS = tuple(visitor_shots())
SHOWING = ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60.0, may_stay=True)
CAN = LastItem(accepted=False, reason=Reason.CAN)
CHECKING = replace(VISIT, screen=Screen.CHECKING)


def spoken(view: ViewState, words: Words, open_: Open = NOTHING) -> tuple[str, ...]:
    return spoken_by(view, place_of(view, open_), words, Machine("left", 30))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_and_never_reads_figures_of_a_sum(language: str) -> None:
    words = Words(language)
    for shot in SHOTS:
        sentences = spoken(shot.view, words, shot.open)
        assert sentences, shot.name
        assert all(sentences), shot.name
        told = " ".join(sentences)
        assert not set("€{}+\u2068\u2069\u200f\n\u00a0") & set(told), shot.name
        assert len(told.split()) <= 70, "nobody listens for longer than half a minute"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_with_a_sum_speaks_it_in_words(language: str) -> None:
    words = Words(language)
    for view in (replace(VISIT, item=TAKEN), replace(VISIT, screen=Screen.CHOOSE), replace(VISIT, screen=Screen.GIFT), SHOWING):
        assert amount_aloud(Cents(140), language) in " ".join(spoken(view, words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_speaks_its_reason_and_what_to_do(language: str) -> None:
    words = Words(language)
    refused = {reason: replace(VISIT, screen=Screen.REFUSED, item=replace(CAN, reason=reason)) for reason in Reason}
    told = {reason: spoken(view, words) for reason, view in refused.items()}
    assert {reason for reason, sentences in told.items() if len(sentences) != 3} == set()
    assert len(set(told.values())) == len(Reason)


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


@pytest.fixture
def said(person: Person) -> list[str]:
    sentences: list[str] = []
    person.window.announced.connect(sentences.append)
    return sentences


@pytest.mark.parametrize(("cents", "kept"), [(0, False), (20, True)])
def test_no_money_is_kept_for_who_has_none(person: Person, said: list[str], cents: int, kept: bool) -> None:
    person.sees(replace(VISIT, screen=Screen.STILL_HERE, bottles=1, cents=Cents(cents), ends_in_s=30.0, may_stay=True))
    assert ("Votre argent est gardé" in " ".join(person.words())) is kept
    assert ("Votre argent est gardé" in " ".join(said)) is kept


def test_what_happens_is_announced_once_and_in_order(person: Person, said: list[str]) -> None:
    person.sees(CHECKING, replace(CHECKING, finishing=False), replace(VISIT, item=TAKEN, bottles=8, cents=Cents(160)))
    assert said == [
        "Un instant…",
        "Bouteille acceptée. Plastique : vingt centimes. Votre total est de un euro soixante pour 8 bouteilles.",
    ]
    person.sees(CHECKING, replace(VISIT, screen=Screen.REFUSED, item=CAN))
    assert said[-1] == "Reprenez la canette. La machine ne prend pas le métal. Mettez ensuite une bouteille en verre ou en plastique."


def test_whoever_begins_is_told_where_the_opening_is(person: Person, said: list[str]) -> None:
    person.touch("begin")
    assert "L’ouverture est à droite de l’écran." in said[-1]


def test_the_same_refusal_twice_is_announced_twice(person: Person, said: list[str]) -> None:
    refused = replace(VISIT, screen=Screen.REFUSED, item=CAN)
    person.sees(refused, CHECKING, refused)
    assert len([one for one in said if "canette" in one]) == 2


def test_a_page_that_the_visitor_opens_is_announced_and_so_is_what_lies_beneath(person: Person, said: list[str]) -> None:
    person.sees(VISIT)
    person.touch("help")
    assert said[-1].startswith("Aide. ")
    person.touch("back")
    assert said[-1].startswith("Mettez vos bouteilles. ")


def test_another_language_is_announced_in_its_own_words_and_a_look_is_not(person: Person, said: list[str]) -> None:
    person.sees(VISIT)
    count = len(said)
    person.touch("contrast")
    assert len(said) == count
    person.touch("language.en")
    assert said[count:] == ["Put in your bottles. Empty. One at a time. Your total is one euro forty for 7 bottles."]


def test_a_countdown_is_announced_at_thirty_ten_and_five_seconds(person: Person, said: list[str]) -> None:
    person.sees(SHOWING)
    said.clear()
    for _ in range(59):
        person.waits(1)
    assert said == ["Fin dans 30 secondes.", "Fin dans 10 secondes.", "Fin dans 5 secondes."]


def test_a_page_that_says_its_seconds_itself_does_not_say_them_twice(person: Person, said: list[str]) -> None:
    person.sees(replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30.0, may_stay=True))
    assert said[-1] == "Êtes-vous encore là ? Fin dans 30 secondes. Votre argent est gardé."
    count = len(said)
    for _ in range(29):
        person.waits(1)
    assert said[count:] == ["Fin dans 10 secondes. Votre argent est gardé.", "Fin dans 5 secondes. Votre argent est gardé."]


def test_a_short_wait_is_announced_once_and_with_what_comes_of_it(person: Person, said: list[str]) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE, ends_in_s=15.0, may_stay=True))
    count = len(said)
    for _ in range(14):
        person.waits(1)
    assert said[count:] == ["Sans réponse : votre bon dans 5 s."]


def test_a_pause_too_short_to_be_seen_is_not_announced(person: Person, said: list[str]) -> None:
    person.sees(VISIT)
    count = len(said)
    person.sees(replace(VISIT, screen=Screen.ONE_MOMENT))
    assert said[count:] == []
    person.waits(1)
    assert said[count:] == ["Un instant…"]


def test_nobody_at_the_machine_hears_the_same_page_again(person: Person, said: list[str]) -> None:
    person.sees(NOBODY, replace(NOBODY, possible=29), NOBODY)
    assert said == []


ONE_MOMENT = replace(VISIT, screen=Screen.ONE_MOMENT)
GOES_ON = "Mettez vos bouteilles. Vides. Une par une. Votre total est de un euro quarante pour 7 bouteilles."


@pytest.mark.parametrize("screen", [Screen.ONE_MOMENT, Screen.HAND, Screen.STILL_HERE])
def test_a_bottle_that_was_told_is_not_told_again_after_what_came_between(person: Person, said: list[str], screen: Screen) -> None:
    """Whoever does not see the screen would count two."""
    card = replace(VISIT, item=TAKEN)
    person.sees(CHECKING, card)
    assert said[-1].startswith("Bouteille acceptée.")
    person.sees(replace(card, screen=screen))
    person.waits(1)
    person.sees(card, replace(card, possible=22))
    assert said[-1] == GOES_ON
    assert len([one for one in said if "acceptée" in one]) == 1
    person.sees(CHECKING, replace(card, bottles=8, cents=Cents(160)))
    assert said[-1].startswith("Bouteille acceptée.")


def test_a_bottle_that_was_told_is_not_told_again_when_help_closes_or_in_another_language(person: Person, said: list[str]) -> None:
    person.sees(CHECKING, replace(VISIT, item=TAKEN))
    person.touch("help", "back")
    assert said[-1] == GOES_ON
    person.touch("language.en")
    assert said[-1].startswith("Put in your bottles. ")


def test_the_first_bottle_of_the_next_visit_is_told_as_that_of_the_last_was(person: Person, said: list[str]) -> None:
    for number in ("0417", "8812"):
        person.sees(
            NOBODY, replace(CHECKING, visit_number=number), replace(VISIT, visit_number=number, item=TAKEN, bottles=1, cents=Cents(20))
        )
        assert said[-1].startswith("Bouteille acceptée.")
