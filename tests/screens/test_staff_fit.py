"""Staff's screens in every state: words whole and apart, things that can be touched large enough for a thumb, contrast in the pixels, and low on the glass."""

from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QStyle, QTableView
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import visitor_shots
from kiosk.screens.parts.button import Button
from kiosk.screens.staff.days import Chart
from kiosk.screens.staff.gallery import StaffShot, staff_shots
from kiosk.screens.staff.look import StaffManner
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.studio import OF_STAFF, staff_window_for, take_staff
from kiosk.screens.style.theme import CAPITAL_EM, CAPITAL_MM, Panel, Theme, Type
from kiosk.screens.style.typefaces import register
from ledger.kinds import Kind
from people.looking import Look, look_at

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}

LEAST_CAPITAL_MM = 2.9
"""Some 16 px of text on a desktop's screen, for people who stand before it."""

SOME = 9
"""Screens: a second or two."""


def faults(look: Look[StaffWindow]) -> dict[str, object]:
    theme = look.window.theme
    # what stands over the bars of 30 days stands in the table beneath as well
    words = [written for written in look.written if not isinstance(written.widget, Chart)]
    small = [written.words for written in words if written.font_px * CAPITAL_EM < LEAST_CAPITAL_MM * theme.px_per_mm - 0.01]
    narrow = [button.objectName() for button in look.buttons() if min(button.width(), button.height()) < 20.0 * theme.px_per_mm]
    whole = look.window.rect()
    outside = [
        button.objectName() for button in look.buttons() if not whole.contains(QRect(button.mapTo(look.window, QPoint()), button.size()))
    ]
    found = {
        "outside": outside,
        "clipped": look.clipped(),
        "overlapping": look.overlapping(),
        "over an edge": look.over_an_edge(),
        "small letters": small,
        "small targets": narrow,
        "faint": look.faint(7.0),
        "cut cells": cut_cells(look.window),
    }
    return {what: wrong for what, wrong in found.items() if wrong}


def cut_cells(window: StaffWindow) -> list[str]:
    """What stands in a table, painted by Qt itself, and has no room."""
    found = []
    for table in (it for it in window.findChildren(QTableView) if it.isVisible()):
        model, metrics = table.model(), table.fontMetrics()
        margin = 2 * (table.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1)
        titles = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount())]
        shown = range(max(0, table.rowAt(0)), min(model.rowCount(), max(0, table.rowAt(0)) + len(Kind)))
        for column in range(model.columnCount()):
            told = [titles[column], *(str(model.index(row, column).data()) for row in shown)]
            wide, deep = table.columnWidth(column), table.verticalHeader().defaultSectionSize()
            found += [text for text in told if any(metrics.horizontalAdvance(line) + margin > wide for line in text.split("\n"))]
            found += [text for text in told[1:] if (text.count("\n") + 1) * metrics.height() > deep]
        if sum(table.columnWidth(column) for column in range(model.columnCount())) > table.viewport().width():
            found.append("columns wider than the table")
    return found


def found_in(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, shots: Iterable[StaffShot], panel: str, manner: StaffManner
) -> dict[str, dict[str, object]]:
    register()
    window = staff_window_for(PANELS[panel], manner.language, bigger=manner.bigger, contrast=manner.contrast)
    qtbot.addWidget(window)
    window.show()
    found = {}
    for shot in shots:
        take_staff(window, shot)
        found[shot.name] = faults(look_at(window, monkeypatch))
    return {name: wrong for name, wrong in found.items() if wrong}


LOOKS = [{}, {"bigger": True}, {"contrast": True}, {"bigger": True, "contrast": True}]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(look) or "ordinary")
@pytest.mark.parametrize("panel", PANELS)
def test_some_of_staffs_screens_are_whole_and_legible(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: str, look: dict[str, bool]
) -> None:
    """Of each look and panel another few, the same each time."""
    drawn = Random(f"{panel} {sorted(look)}")
    some = drawn.sample(list(staff_shots()), SOME)
    assert found_in(qtbot, monkeypatch, some, panel, StaffManner(drawn.choice(OF_STAFF), **look)) == {}


# contrast changes colours, and neither words nor what has room: one panel a language is enough
EVERY = [(language, panel, look) for language in OF_STAFF for panel in PANELS for look in LOOKS[:2]] + [
    (language, panel, LOOKS[2]) for language, panel in zip(OF_STAFF, PANELS, strict=True)
]


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "panel", "look"), EVERY, ids=lambda value: "-".join(value) or "ordinary" if isinstance(value, dict) else value
)
def test_staffs_screens_are_whole_and_legible(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: str, language: str, look: dict[str, bool]
) -> None:
    assert found_in(qtbot, monkeypatch, staff_shots(), panel, StaffManner(language, **look)) == {}


@pytest.mark.parametrize(("bigger", "least_mm"), [(False, LEAST_CAPITAL_MM), (True, CAPITAL_MM)])
def test_bigger_makes_no_letter_of_staffs_smaller_than_a_visitors(bigger: bool, least_mm: float) -> None:
    for panel in PANELS.values():
        theme = Theme.of(panel, dense=True, bigger=bigger)
        assert min(theme.text(step) for step in Type) * CAPITAL_EM >= least_mm * theme.px_per_mm


def test_what_staff_use_most_lies_in_the_lower_half_of_an_upright_glass(qtbot: QtBot) -> None:
    register()
    window = staff_window_for(PANELS["15.6in"], "fr")
    qtbot.addWidget(window)
    window.show()
    for shot in Random(24).sample(list(staff_shots()), 3 * SOME):
        take_staff(window, shot)
        for button in window.findChildren(Button):
            if button.isVisible() and button.objectName().startswith(
                ("digit.", "enter", "quit", "deed.", "page_", "open", "filter", "back", "apply")
            ):
                assert button.mapTo(window, button.rect().topLeft()).y() >= window.height() / 2, (shot.name, button.objectName())


@pytest.mark.parametrize("bigger", [False, True])
@pytest.mark.parametrize("panel", PANELS)
def test_all_that_a_manager_may_do_has_room_on_the_page_of_what_else_there_is(qtbot: QtBot, panel: str, bigger: bool) -> None:
    register()
    window = staff_window_for(PANELS[panel], "fr", bigger=bigger)
    qtbot.addWidget(window)
    window.show()
    take_staff(window, next(shot for shot in staff_shots() if shot.name == "staff-more"))
    shown = [button for button in window.findChildren(Button) if button.isVisible()]
    assert [button.objectName() for button in shown if button.visibleRegion().boundingRect() != button.rect()] == []


def test_each_picture_of_a_screen_has_a_name_of_its_own() -> None:
    names = [*(shot.name for shot in visitor_shots()), *(shot.name for shot in staff_shots())]
    assert [name for name, times in Counter(names).items() if times > 1] == []
