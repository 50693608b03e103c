"""The page of an item that is not taken: three lines for every reason, true while it lies there and once it was taken back, and help that opens at it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from pytestqt.qtbot import QtBot

from config.vocabulary import Material, Reason
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import FULL, VISIT, Shot, chamber, visitor_shots
from kiosk.screens.parts.exhibit import LEAST_MM, SIGN_MM
from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.help import Help, Subject, subject_of
from kiosk.screens.visitor.item import IN_VAIN, Refusal, machines, reason_of, refusal_of
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.refused import Refused
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES
from people.person import Person, Way, somebody, words_of
from timing import FakeClock

OF_THE_MACHINE = {
    Reason.CAMERA,
    Reason.NOT_SEEN,
    Reason.SCALE,
    Reason.BIN_FULL,
    Reason.INTERRUPTED,
    Reason.UNCOUNTED,
    Reason.DAY_BUDGET,
    Reason.FINISHED,
}
PUT_IN = {"fr": ("mettez", "essayez"), "en": ("put", "try"), "ar": ("ضعوا", "جرّبوا")}
FAULT_OF_THE_VISITOR = ("mal ", "erreur", "faux", "vous avez", "wrong", "badly", "you have", "mistake")


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


def refused(reason: Reason, times: int = 1, *, inside: bool = True) -> ViewState:
    item = LastItem(accepted=False, reason=reason)
    return replace(VISIT, screen=Screen.REFUSED if inside else Screen.FEEDING, item=item, refusals=times)


def told() -> Iterator[tuple[Words, ViewState, Refusal]]:
    """Every reason in every language, in the machine and taken back, the first time and again."""
    for language, reason, times, inside in product(LANGUAGES, Reason, (1, 2, 3), (True, False)):
        view, words = refused(reason, times, inside=inside), words_of(language)
        refusal = refusal_of(view, words)
        if refusal is not None:
            yield words, view, refusal


def test_every_reason_has_three_lines_that_say_three_things() -> None:
    seen = set()
    for words, view, refusal in told():
        assert len(set(refusal.lines)) == 3, refusal
        assert all(refusal.lines), refusal
        seen.add((words.language, reason_of(view)))
    assert seen == set(product(LANGUAGES, Reason))


def test_no_title_says_to_put_something_in_while_something_must_come_out() -> None:
    for words, view, refusal in told():
        if view.screen is Screen.REFUSED and refusal.reason is not Reason.PULLED_BACK:
            assert not any(word in refusal.title.lower() for word in PUT_IN[words.language]), refusal


def test_nothing_blames_the_visitor_and_least_of_all_for_the_machine() -> None:
    assert {reason for reason in Reason if machines(reason)} == OF_THE_MACHINE
    for _, _, refusal in told():
        assert not any(word in " ".join(refusal.lines).lower() for word in FAULT_OF_THE_VISITOR), refusal


def test_what_was_done_in_vain_is_not_told_again() -> None:
    for language, reason in product(LANGUAGES, sorted(IN_VAIN)):
        first = refusal_of(refused(reason), words_of(language))
        last = refusal_of(refused(reason, 3), words_of(language))
        assert first is not None
        assert last is not None
        assert first.todo != last.todo
        assert (first.help_first, last.help_first) == (False, True)


def test_a_code_that_is_never_read_needs_its_label_the_second_time_and_help_the_third() -> None:
    first, second, third = (refusal_of(refused(Reason.UNREADABLE, times), words_of("fr")) for times in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.lines == ("Tournez la bouteille", "La machine ne voit pas le code-barres.", "Reprenez-la, puis remettez-la autrement.")
    assert "étiquette" in second.title
    assert "Sans étiquette, elle ne peut pas être prise." in second.todo
    assert "Touchez Aide" in third.todo
    assert not any("ournez" in line for refusal in (second, third) for line in refusal.lines)


@pytest.mark.parametrize(
    ("material", "full", "lines"),
    [
        (Material.GLASS, FULL, ("Le bac à verre est plein.", "La machine prend encore le plastique.")),
        (Material.PLASTIC, (Material.PLASTIC,), ("Le bac à plastique est plein.", "La machine prend encore le verre.")),
        (Material.GLASS, tuple(Material), ("Le bac à verre est plein.", "Gardez-la, ou demandez à l’accueil.")),
    ],
)
def test_a_full_bin_is_named_and_so_is_the_one_that_still_takes(
    material: Material, full: tuple[Material, ...], lines: tuple[str, str]
) -> None:
    item = LastItem(accepted=False, reason=Reason.BIN_FULL, material=material)
    refusal = refusal_of(replace(refused(Reason.BIN_FULL), item=item, full=full), words_of("fr"))
    assert refusal is not None
    assert refusal.lines[1:] == lines


def test_a_refusal_stands_until_the_next_bottle_comes(person: Person) -> None:
    person.sees(refused(Reason.CAN))
    assert person.reads("Reprenez la canette")
    person.sees(replace(refused(Reason.CAN), screen=Screen.ONE_MOMENT), refused(Reason.CAN, inside=False))
    person.waits(45)
    assert person.place() is Place.REFUSED
    assert person.reads("Mettez vos bouteilles")
    person.sees(replace(VISIT, screen=Screen.CHECKING))
    assert person.place() is Place.FEEDING


def test_the_picture_is_90_mm_high_and_its_sign_40(person: Person) -> None:
    for reason in Reason:
        person.sees(replace(VISIT, screen=Screen.CHECKING), refused(reason))
        page = person.window.page
        assert isinstance(page, Refused)
        assert page.exhibit.height() >= 90 * person.window.theme.px_per_mm, reason
    assert SIGN_MM == 40


ONE_OF_EACH = (Reason.UNREADABLE, Reason.NOT_EMPTY, Reason.TWO_ITEMS, Reason.CAN, Reason.CAMERA, Reason.BIN_FULL)


def test_there_is_help_for_every_reason_and_a_reason_for_all_help() -> None:
    assert {subject_of(reason) for reason in Reason} == {subject_of(reason) for reason in ONE_OF_EACH} == set(Subject) - {Subject.BEGIN}
    assert subject_of(None) is Subject.BEGIN


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("reason", ONE_OF_EACH)
def test_help_opens_at_the_reason_and_leads_on_to_the_rest(person: Person, way: Way, reason: Reason) -> None:
    person.way = way
    person.sees(refused(reason))
    person.asks("offer")
    page = person.window.page
    assert isinstance(page, Help)
    assert page.subject is subject_of(reason)
    met = {page.subject}
    for _ in Subject:
        person.asks("more")
        met.add(page.subject)
    assert met == set(Subject)
    person.asks("back")
    assert person.place() is Place.REFUSED
    person.asks("help")
    page = person.window.page
    assert isinstance(page, Help)
    assert page.subject is subject_of(reason)


def test_the_keys_find_help_first_where_nothing_else_helped(person: Person) -> None:
    person.sees(refused(Reason.UNREADABLE, 3))
    assert person.window.focusWidget() is person.button("offer")
    person.sees(replace(VISIT, screen=Screen.CHECKING), refused(Reason.UNREADABLE))
    assert person.window.focusWidget() is person.button("finish")


@pytest.mark.parametrize(("codes", "words"), [(0, "pas de code-barres"), (1, "un code-barres"), (2, "deux codes-barres")])
def test_what_the_machine_saw_is_shown_and_said(person: Person, codes: int, words: str) -> None:
    person.window.pose(refused(Reason.UNREADABLE), Manner("fr"), person.window._open)
    without = person.window.grab().toImage()
    view = refused(Reason.UNREADABLE)
    person.sees(replace(view, item=LastItem(accepted=False, reason=Reason.UNREADABLE, shown=chamber(codes))))
    assert person.reads(f"Vu par la machine\u00a0: {words}")
    assert person.window.grab().toImage() != without


REFUSALS = [shot for shot in visitor_shots() if shot.name.startswith("refused")]
WORDIEST = ("refused-unreadable", "refused-twice-unreadable", "refused-two_codes-seen", "refused-can", "refused-visit_limit")


def picture_kept(qtbot: QtBot, language: str, shots: list[Shot]) -> None:
    person = somebody(FakeClock(), Panel(1280, 800, 10.1))
    qtbot.addWidget(person.window)
    least = LEAST_MM * person.window.theme.px_per_mm
    lost = {}
    for shot in shots:
        person.window.pose(shot.view, Manner(language, bigger=True), shot.open)
        page = person.window.page
        assert isinstance(page, Refused)
        kept = page.exhibit.isVisibleTo(page) and min(page.exhibit.width(), page.exhibit.height()) >= least
        if not (kept and page.help.isVisibleTo(page) and page.fits()):
            lost[shot.name] = (page.exhibit.width(), page.exhibit.height(), page.needed() - page.height())
    assert lost == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_large_text_on_a_low_panel_the_wordiest_refusals_keep_picture_and_help(qtbot: QtBot, language: str) -> None:
    picture_kept(qtbot, language, [shot for shot in REFUSALS if shot.name in WORDIEST])


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_large_text_on_a_low_panel_every_refusal_keeps_picture_and_help(qtbot: QtBot, language: str) -> None:
    picture_kept(qtbot, language, REFUSALS)
