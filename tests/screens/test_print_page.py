"""The voucher's page with a printer: the offer, what becomes of it, and room for both in each language and size."""

import pytest
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import visitor_shots
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from people.looking import look_at
from screens.test_fit import PANELS, faults

SHOTS = {shot.name: shot for shot in visitor_shots()}
OFFERED = [f"voucher-print{which}" for which in ("", "-again", "-out_of_order")]


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_the_offer_and_what_becomes_of_it_have_room_in_large_text(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: Panel) -> None:
    """Each of them in each language and look is among the long ones of ``test_fit.py``."""
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    found = {}
    for name in (*OFFERED, "parting-printed"):
        take(window, SHOTS[name], Manner("fr", bigger=True))
        found[name] = faults(look_at(window, monkeypatch))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
