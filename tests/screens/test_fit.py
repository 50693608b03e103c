"""Every screen in every state: words whole and apart, things that can be touched large enough, contrast in the pixels, order of the keys."""

from collections.abc import Callable
from itertools import product

import pytest
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import Shot, visitor_shots
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import BIGGER_CAPITAL_MM, CAPITAL_EM, CAPITAL_MM, Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.reading import LANGUAGES
from people.looking import Look, look_at

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
OTHERS = {"13.3in": Panel(1080, 1920, 13.3), "11.6in": Panel(1366, 768, 11.6), "21.5in": Panel(1920, 1080, 21.5)}
LOOKS = {
    "normal": Manner("fr"),
    "bigger": Manner("fr", bigger=True),
    "contrast": Manner("fr", contrast=True),
    "bigger-contrast": Manner("fr", bigger=True, contrast=True),
}
SHOTS = {shot.name: shot for shot in visitor_shots()}
HARDEST = (
    "attract-few",
    "begun",
    "feeding-much",
    "feeding-plastic-full-few",
    "refused-twice-unreadable",
    "refused-interrupted",
    "refused-uncounted-taken",
    "choose-visit_limit",
    "associations-6",
    "associations-9",
    "thanks-gift",
    "gift",
    "voucher-closing",
    "out-jam-visit",
    "help",
)

Poser = Callable[[str, Manner, Shot], Look[VisitorWindow]]


@pytest.fixture
def pose(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Poser:
    register()
    windows: dict[str, VisitorWindow] = {}

    def posed(panel: str, manner: Manner, shot: Shot) -> Look[VisitorWindow]:
        if panel not in windows:
            windows[panel] = window_for({**PANELS, **OTHERS}[panel])
            qtbot.addWidget(windows[panel])
            windows[panel].show()
        take(windows[panel], shot, manner)
        return look_at(windows[panel], monkeypatch)

    return posed


def manner_of(language: str, look: str) -> Manner:
    chosen = LOOKS[look]
    return Manner(language, bigger=chosen.bigger, contrast=chosen.contrast)


def faults(look: Look[VisitorWindow]) -> dict[str, object]:
    """All that is wrong with what stands in the window."""
    theme, page = look.window.theme, look.window.page
    least_mm = BIGGER_CAPITAL_MM if theme.bigger else CAPITAL_MM
    small = [written.words for written in look.written if written.font_px * CAPITAL_EM < least_mm * theme.px_per_mm - 0.01]
    narrow = [button.objectName() for button in look.buttons() if min(button.width(), button.height()) < 20.0 * theme.px_per_mm]
    stops = look.window.stops()
    found = {
        "too high": page.needed() - page.height() if page.needed() > page.height() else 0,
        "clipped": look.clipped(),
        "overlapping": look.overlapping(),
        "covered": look.covered(),
        "small letters": small,
        "small targets": narrow,
        "faint": look.faint(7.0),
        "order": [] if stops == in_reading_order(look) else [stop.objectName() for stop in stops],
    }
    return {what: wrong for what, wrong in found.items() if wrong}


def in_reading_order(look: Look[VisitorWindow]) -> list[object]:
    """Buttons by rows, each from where people begin to read."""
    from_right = look.window.layoutDirection().name == "RightToLeft"
    left = [(button, button.mapTo(look.window, button.rect().topLeft())) for button in look.window.stops()]
    ordered: list[object] = []
    while left:
        top = min(corner.y() for _, corner in left)
        row = [(button, corner) for button, corner in left if corner.y() < top + button.height() / 2]
        row.sort(key=lambda stop: -stop[1].x() if from_right else stop[1].x())
        ordered += [button for button, _ in row]
        left = [stop for stop in left if stop not in row]
    return ordered


@pytest.mark.parametrize(("panel", "language", "look"), list(product(PANELS, LANGUAGES, ("normal", "bigger"))))
def test_the_fullest_screens_are_whole_and_legible(pose: Poser, panel: str, language: str, look: str) -> None:
    found = {name: faults(pose(panel, manner_of(language, look), SHOTS[name])) for name in HARDEST}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("panel", "language", "look"), list(product(OTHERS, LANGUAGES, ("normal", "bigger"))))
def test_every_screen_is_whole_and_legible_on_other_panels_too(pose: Poser, panel: str, language: str, look: str) -> None:
    found = {name: faults(pose(panel, manner_of(language, look), shot)) for name, shot in SHOTS.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("panel", "language", "look"),
    # high contrast changes colours alone, which are the same in every language
    [(panel, language, look) for panel, language, look in product(PANELS, LANGUAGES, LOOKS) if language == "fr" or "contrast" not in look],
)
def test_every_screen_in_every_state_is_whole_and_legible(pose: Poser, panel: str, language: str, look: str) -> None:
    found = {name: faults(pose(panel, manner_of(language, look), shot)) for name, shot in SHOTS.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
