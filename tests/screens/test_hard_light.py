"""The voucher's code is read by phones in hard light: 57 of 60 seeded looks at the page as it stands, on each panel, in each language and size, in both palettes.

How hard the light is was set by the page before this one, where a code of 45 modules was 38 mm wide on 10.1 in: so that 36 of these looks were
read there, as had been found of it before. The figures compare pages; no phone and no hall has been measured.
"""

from collections.abc import Iterator
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
from people.phone import Look, looks, photograph, pixels, read

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
SHOT = next(shot for shot in visitor_shots() if shot.name == "voucher-closing")
SEED = 60


ALL = tuple(looks(60, SEED))
HARDER = tuple(ALL[number] for number in (0, 7, 8, 12, 13, 22, 25, 28))
"""The first at which a code of 42 mm with the least redundancy is not read."""


def read_looks(qtbot: QtBot, panel: Panel, manner: Manner, wanted: tuple[Look, ...]) -> int:
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
    return sum(VOUCHER.link in read(photograph(page, panel, middle, look)) for look in wanted)


def test_looks_at_which_a_smaller_code_is_not_read_are_read(qtbot: QtBot) -> None:
    assert read_looks(qtbot, PANELS["10.1in"], Manner("fr", contrast=True), HARDER) >= len(HARDER) - 1


def spread() -> Iterator[tuple[str, str, bool, bool]]:
    """Each layout once: high contrast changes none and is had by turns, with each panel, language and size."""
    axes = product(enumerate(PANELS), enumerate(LANGUAGES), (False, True))
    for (at, panel), (number, language), bigger in axes:
        yield panel, language, bigger, (at + number + bigger) % 2 == 0


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("panel", "language", "bigger", "contrast"), list(spread()))
def test_fifty_seven_of_sixty_looks_in_hard_light_are_read(qtbot: QtBot, panel: str, language: str, bigger: bool, contrast: bool) -> None:
    assert read_looks(qtbot, PANELS[panel], Manner(language, bigger=bigger, contrast=contrast), ALL) >= 57
