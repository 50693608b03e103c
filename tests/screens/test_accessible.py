"""What assistive technology finds in the window: everything named and of the right kind, in the order in which it is seen, sums in words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents
from kiosk.deposit.view import Screen
from kiosk.screens.gallery import NOBODY, NOTHING, VISIT, VOUCHER, Shot, visitor_shots
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Place, place_of
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.reading import LANGUAGES

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
SHOTS = tuple(visitor_shots())
READ = {QAccessible.Role.StaticText, QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton}
SUM = re.compile(r"€|\d[.,]\d\d")


@dataclass(frozen=True)
class Found:
    """One thing in the tree that a person would be told of."""

    role: QAccessible.Role
    name: str
    box: QRect
    what: str
    checked: bool


def shown(window: VisitorWindow) -> Iterator[Found]:
    """What can be read or touched, in the tree's order."""

    def walk(node: QAccessibleInterface) -> Iterator[Found]:
        if getattr(node.state(), "invisible"):  # noqa: B009 (a bit field, which the types do not know)
            return
        if node.role() in READ:
            name = node.text(QAccessible.Text.Name)
            yield Found(node.role(), name, node.rect(), node.object().objectName(), bool(getattr(node.state(), "checked")))  # noqa: B009
        for number in range(node.childCount()):
            child = node.child(number)
            if child is not None:
                yield from walk(child)

    root = QAccessible.queryAccessibleInterface(window)
    assert root is not None
    yield from walk(root)


Poser = Callable[..., VisitorWindow]


@pytest.fixture
def pose(qtbot: QtBot) -> Poser:
    register()
    windows: dict[str, VisitorWindow] = {}

    def posed(panel: str, manner: Manner, shot: Shot) -> VisitorWindow:
        if panel not in windows:
            windows[panel] = window_for(PANELS[panel])
            qtbot.addWidget(windows[panel])
            windows[panel].show()
        window = windows[panel]
        if shot.open == NOTHING and window.manner == manner:
            # no page need be made anew for that
            window._open = shot.open
            window.show_view(shot.view)
            QApplication.processEvents()
        else:
            take(window, shot, manner)
        return window

    return posed


def out_of_order(things: list[Found], *, from_right: bool) -> list[tuple[str, str]]:
    """Pairs of which the later in the tree stands above the earlier, or before it in the same row."""
    wrong = []
    for at, one in enumerate(things):
        for other in things[at + 1 :]:
            a, b = one.box, other.box
            same_column = min(a.right(), b.right()) > max(a.left(), b.left())
            same_row = min(a.bottom(), b.bottom()) - max(a.top(), b.top()) > min(a.height(), b.height()) / 2
            before_in_row = b.left() >= a.right() if from_right else b.right() <= a.left()
            if (same_column and b.bottom() <= a.top()) or (same_row and before_in_row):
                wrong.append((one.name, other.name))
    return wrong


def faults(window: VisitorWindow) -> dict[str, object]:
    things = list(shown(window))
    found = {
        "order": out_of_order(things, from_right=window.manner.language == "ar"),
        "untold": {button.objectName() for button in window.stops()} - {thing.what for thing in things},
        "nameless": [thing.what or thing.role.name for thing in things if not thing.name],
        "figures": [thing.name for thing in things if SUM.search(thing.name)],
        "no page name": not window.page.accessibleName(),
        "no window name": not window.windowTitle(),
    }
    return {what: wrong for what, wrong in found.items() if wrong}


@pytest.mark.parametrize(("panel", "language"), [("15.6in", "fr"), ("10.1in", "ar")])
def test_a_state_of_every_page_is_read_as_it_is_seen_and_everything_has_a_name(pose: Poser, panel: str, language: str) -> None:
    one_each = {place_of(shot.view, shot.open): shot for shot in SHOTS}
    found = {place: faults(pose(panel, Manner(language), shot)) for place, shot in one_each.items()}
    assert set(found) == set(Place)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("bigger", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
def test_every_state_is_read_as_it_is_seen_and_everything_has_a_name(pose: Poser, panel: str, language: str, bigger: bool) -> None:
    found = {shot.name: faults(pose(panel, Manner(language, bigger=bigger), shot)) for shot in SHOTS}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def roles(window: VisitorWindow) -> dict[str, tuple[QAccessible.Role, bool]]:
    return {thing.what: (thing.role, thing.checked) for thing in shown(window) if thing.role is not QAccessible.Role.StaticText}


@pytest.mark.parametrize(("name", "prefix"), [("feeding", "language"), ("languages", "choose")])
def test_of_the_languages_one_is_chosen_like_a_radio_button(pose: Poser, name: str, prefix: str) -> None:
    (shot,) = (shot for shot in SHOTS if shot.name == name)
    found = roles(pose("15.6in", Manner("en"), shot))
    assert {what: kind for what, kind in found.items() if what.startswith(f"{prefix}.")} == {
        f"{prefix}.{language}": (QAccessible.Role.RadioButton, language == "en") for language in LANGUAGES
    }


@pytest.mark.parametrize("name", ["feeding", "settings"])
def test_what_is_on_or_off_is_a_check_box_and_all_else_a_button(pose: Poser, name: str) -> None:
    (shot,) = (shot for shot in SHOTS if shot.name == name)
    found = roles(pose("15.6in", Manner("fr", contrast=True), shot))
    assert [found[what] for what in ("bigger", "contrast", "calm")] == [
        (QAccessible.Role.CheckBox, False),
        (QAccessible.Role.CheckBox, True),
        (QAccessible.Role.CheckBox, False),
    ]
    assert found["help"][0] is QAccessible.Role.Button


def test_a_voucher_is_named_letter_by_letter_in_its_groups(pose: Poser) -> None:
    window = pose("15.6in", Manner("fr"), Shot("voucher", replace(NOBODY, screen=Screen.VOUCHER, voucher=VOUCHER, ends_in_s=60)))
    assert any("K 7 Q P, 4 M 2 X, R 5 T B, W 9 N H J" in thing.name for thing in shown(window))


def test_a_sum_that_changes_is_named_anew(pose: Poser) -> None:
    for cents, told in ((140, "un euro quarante"), (160, "un euro soixante")):
        window = pose("15.6in", Manner("fr"), Shot("gift", replace(VISIT, screen=Screen.GIFT, cents=Cents(cents))))
        assert any(told in thing.name for thing in shown(window))
