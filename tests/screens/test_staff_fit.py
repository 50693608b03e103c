"""Staff's screens in every state: words whole and apart, things that can be touched large enough for a thumb, contrast in the pixels, and low on the glass."""

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import visitor_shots
from kiosk.screens.parts.button import Button
from kiosk.screens.staff.gallery import staff_shots
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.studio import OF_STAFF, staff_window_for, take_staff
from kiosk.screens.style.theme import CAPITAL_EM, Panel
from kiosk.screens.style.typefaces import register
from people.looking import Look, look_at

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}

LEAST_CAPITAL_MM = 2.9
"""Some 16 px of text on a desktop's screen, for people who stand before it."""


def faults(look: Look[StaffWindow]) -> dict[str, object]:
    theme = look.window.theme
    small = [written.words for written in look.written if written.font_px * CAPITAL_EM < LEAST_CAPITAL_MM * theme.px_per_mm - 0.01]
    narrow = [button.objectName() for button in look.buttons() if min(button.width(), button.height()) < 20.0 * theme.px_per_mm]
    whole = look.window.rect()
    outside = [
        button.objectName() for button in look.buttons() if not whole.contains(QRect(button.mapTo(look.window, QPoint()), button.size()))
    ]
    found = {
        "outside": outside,
        "clipped": look.clipped(),
        "overlapping": look.overlapping(),
        "small letters": small,
        "small targets": narrow,
        "faint": look.faint(7.0),
    }
    return {what: wrong for what, wrong in found.items() if wrong}


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", [OF_STAFF[0], *(pytest.param(other, marks=pytest.mark.long) for other in OF_STAFF[1:])])
def test_staffs_screens_are_whole_and_legible(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: str, language: str) -> None:
    register()
    window = staff_window_for(PANELS[panel], language)
    qtbot.addWidget(window)
    window.show()
    found = {}
    for shot in staff_shots():
        take_staff(window, shot)
        found[shot.name] = faults(look_at(window, monkeypatch))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_what_staff_use_most_lies_in_the_lower_half_of_an_upright_glass(qtbot: QtBot) -> None:
    register()
    window = staff_window_for(PANELS["15.6in"], "fr")
    qtbot.addWidget(window)
    window.show()
    for shot in staff_shots():
        take_staff(window, shot)
        for button in window.findChildren(Button):
            if button.isVisible() and button.objectName().startswith(
                ("digit.", "enter", "quit", "deed.", "page_", "open", "filter", "back", "apply")
            ):
                assert button.mapTo(window, button.rect().topLeft()).y() >= window.height() / 2, (shot.name, button.objectName())


def test_each_picture_of_a_screen_has_a_name_of_its_own() -> None:
    names = [*(shot.name for shot in visitor_shots()), *(shot.name for shot in staff_shots())]
    assert [name for name, times in Counter(names).items() if times > 1] == []
