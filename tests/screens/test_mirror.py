"""From right to left every page is the mirror of itself: the same words laid out the other way stand where they would in a mirror."""

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import visitor_shots
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words
from people.looking import Look, look_at

PANELS = (Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1))
NAMES = (
    "attract-few",
    "feeding-accepted",
    "refused-can",
    "choose-visit_limit",
    "gift",
    "still-here",
    "out-jam-visit",
    "help",
    "settings",
)
SHOTS = [shot for shot in visitor_shots() if shot.name in NAMES]


def boxes(look: Look[VisitorWindow]) -> list[tuple[str, QRectF]]:
    return sorted(((written.words, written.box) for written in look.written), key=lambda found: (found[0], found[1].top()))


@pytest.mark.parametrize("panel", PANELS)
def test_every_word_stands_where_it_would_in_a_mirror(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: Panel) -> None:
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    for shot in SHOTS:
        take(window, shot, Manner("en"))
        as_is = boxes(look_at(window, monkeypatch))
        with monkeypatch.context() as patched:
            patched.setattr(Words, "right_to_left", property(lambda words: True))
            patched.setattr(Words, "isolated", lambda words, text: text)
            take(window, shot, Manner("en"))
            turned = boxes(look_at(window, monkeypatch))
        assert [words for words, _ in as_is] == [words for words, _ in turned]
        for (words, here), (_, there) in zip(as_is, turned, strict=True):
            assert here.top() == pytest.approx(there.top(), abs=2), (shot.name, words)
            assert here.left() == pytest.approx(window.width() - there.right(), abs=3), (shot.name, words)
