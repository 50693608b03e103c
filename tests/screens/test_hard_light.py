"""The voucher's code is read by phones in hard light: 57 of 60 seeded looks at the page as it stands, on each panel, in each language and look.

On the page before this one, where a code of 45 modules was 38 mm wide on 10.1 in, 36 of the same looks were read.
"""

from itertools import product

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import VOUCHER, visitor_shots
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.voucher import ShowVoucher
from kiosk.words.reading import LANGUAGES
from people.phone import looks, photograph, pixels, read

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
SHOT = next(shot for shot in visitor_shots() if shot.name == "voucher-closing")
SEED = 60


def read_looks(qtbot: QtBot, panel: Panel, manner: Manner, count: int) -> int:
    """So many of the looks are read."""
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    take(window, SHOT, manner)
    assert isinstance(window.page, ShowVoucher)
    ticket = window.page.ticket
    centre = QPointF(ticket.mapTo(window, ticket.placed().box.center()))
    page, middle = pixels(window.grab().toImage()), (centre.x(), centre.y())
    return sum(VOUCHER.link in read(photograph(page, panel, middle, look)) for look in looks(count, SEED))


def test_nine_of_the_first_ten_looks_at_the_small_panel_are_read(qtbot: QtBot) -> None:
    assert read_looks(qtbot, PANELS["10.1in"], Manner("fr", contrast=True), 10) >= 9


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("panel", "language", "bigger", "contrast"), list(product(PANELS, LANGUAGES, (False, True), (False, True))))
def test_fifty_seven_of_sixty_looks_in_hard_light_are_read(qtbot: QtBot, panel: str, language: str, bigger: bool, contrast: bool) -> None:
    assert read_looks(qtbot, PANELS[panel], Manner(language, bigger=bigger, contrast=contrast), 60) >= 57
