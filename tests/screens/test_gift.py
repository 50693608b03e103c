"""The pages of a gift with names of all lengths and directions, and what is refused because a panel has no room for it."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QFont, QTextLayout, QTextLine
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Association
from kiosk.deposit.view import Screen
from kiosk.screens.gallery import NINE, VISIT, Shot
from kiosk.screens.parts.button import Button
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.names import NameTooLong, check_names
from kiosk.screens.visitor.page import Manner
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
WIDE = "Mouvement commun MMMM WWWW MMMMM"
"""As many letters as a name may have, most of them wide."""


def named(*names: str) -> tuple[Association, ...]:
    return tuple(Association(f"association-{number}", name) for number, name in enumerate(names))


def place_of(line: QTextLine, at: int) -> float:
    """Where a character stands in a line. Pixels."""
    found = line.cursorToX(at)
    # PySide gives the place with the character, its types say otherwise
    assert isinstance(found, tuple)
    return float(found[0])


@pytest.mark.parametrize("name", ["جمعية", "جمعية 12", "(جمعية)"])
def test_a_name_from_right_to_left_turns_no_sum_that_stands_behind_it(qtbot: QtBot, name: str) -> None:
    del qtbot
    told = Words("fr").text("staff.tile.gift_to", association=name, sum="1,40 €")
    layout = QTextLayout(told, QFont())
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(10_000)
    layout.endLayout()
    at = {sign: place_of(line, told.index(sign)) for sign in (*name.replace(" ", ""), ",", "€")}
    assert max(where for sign, where in at.items() if sign not in ",€") < at[","] < at["€"]


def check(qtbot: QtBot, panel: Panel, associations: tuple[Association, ...]) -> None:
    register()
    check_names(window_for(panel), associations, tuple(LANGUAGES), panel.diagonal_in)


def test_of_the_pages_on_which_names_are_measured_nothing_stays_in_memory(qtbot: QtBot) -> None:
    stood = len(QApplication.allWidgets())
    check(qtbot, PANELS["15.6in"], ASSOCIATIONS)
    assert len(QApplication.allWidgets()) == stood


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(
    "associations",
    [
        (),
        ASSOCIATIONS,
        NINE,
        named("جمعية بالعربية", "Sans nom arabe (2)", "جمعية ABC 12"),
        named(*(f"Nom de {number}" for number in range(1, 9))),
    ],
    ids=["none", "three", "nine", "both directions", "eight"],
)
def test_names_that_fit_in_every_language_and_size_are_taken(qtbot: QtBot, panel: str, associations: tuple[Association, ...]) -> None:
    check(qtbot, PANELS[panel], associations)


@pytest.mark.parametrize(
    ("panel", "number", "place"),
    [("10.1in", 9, 4), ("10.1in", 4, 0)],
)
def test_a_name_that_a_panel_has_no_room_for_is_refused_with_its_key(qtbot: QtBot, panel: str, number: int, place: int) -> None:
    names = [f"Nom {at}" for at in range(number)]
    names[place] = WIDE
    with pytest.raises(NameTooLong) as refused:
        check(qtbot, PANELS[panel], named(*names))
    assert (refused.value.key, refused.value.found, refused.value.number) == (f"gift.associations.{place}.name.fr", WIDE, number)


def test_the_language_in_which_a_name_is_too_long_is_in_its_key(qtbot: QtBot) -> None:
    nine = [*NINE[:8], Association("nine-9", "Neuf", (("en", "The Association of Nine Letters"),))]
    with pytest.raises(NameTooLong) as refused:
        check(qtbot, PANELS["10.1in"], tuple(nine))
    assert refused.value.key == "gift.associations.8.name.en"


@pytest.mark.parametrize("number", range(2, 10))
def test_on_a_low_panel_the_names_leave_no_height_unused_and_the_way_back_stands_among_them_or_beside_the_question(
    qtbot: QtBot, number: int
) -> None:
    register()
    window = window_for(PANELS["10.1in"])
    qtbot.addWidget(window)
    window.show()
    view = replace(VISIT, screen=Screen.ASSOCIATIONS, associations=NINE[:number], ends_in_s=60, may_stay=True)
    take(window, Shot("associations", view), Manner("fr"))
    page = window.page
    buttons = page.findChildren(Button)
    assert len(buttons) == number + 1
    assert max(button.geometry().bottom() for button in buttons) >= page.height() - 2
    assert all(button.height() >= window.theme.target for button in buttons)
