"""The voucher's QR code is read from the pixels of the screen by a decoder, and its letters stand as they are read aloud."""

from itertools import product

import pytest
import zxingcpp
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import VOUCHER, visitor_shots
from kiosk.screens.parts.ticket import grouped
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.words.aloud import spelled
from people.looking import look_at
from people.phone import pixels

PANELS = (Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1))
SHOT = next(shot for shot in visitor_shots() if shot.name == "voucher")


@pytest.mark.parametrize(("panel", "bigger", "contrast"), list(product(PANELS, (False, True), (False, True))))
def test_a_decoder_reads_the_vouchers_link_from_the_screen(qtbot: QtBot, panel: Panel, bigger: bool, contrast: bool) -> None:
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    take(window, SHOT, Manner("fr", bigger=bigger, contrast=contrast))
    seen = window.grab().toImage()
    # a phone sees it smaller than it is
    smaller = seen.scaledToWidth(round(seen.width() * 0.7))
    for image in (seen, smaller):
        assert [code.text for code in zxingcpp.read_barcodes(pixels(image))] == [VOUCHER.link]


def test_the_code_stands_in_groups_of_four_four_four_and_five_from_left_to_right(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    register()
    window = window_for(PANELS[0])
    qtbot.addWidget(window)
    window.show()
    take(window, SHOT, Manner("ar"))
    assert grouped(VOUCHER.code) == "K7QP 4M2X R5TB W9NHJ"
    assert spelled(VOUCHER.code) == "K 7 Q P, 4 M 2 X, R 5 T B, W 9 N H J"
    assert any(spelled(VOUCHER.code) in label.accessibleName() for label in window.page.findChildren(QLabel))
    assert grouped(VOUCHER.code) in [written.words for written in look_at(window, monkeypatch).written]
