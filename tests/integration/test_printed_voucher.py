"""A voucher on paper: a whole kiosk on a twin, its ledger, its printer on a second line, and what lies in the tray then."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from pytestqt.qtbot import QtBot

from kiosk.deposit.events import Touch
from kiosk.deposit.states import Printing
from kiosk.deposit.view import Screen
from kiosk.paper.drawn import draw
from kiosk.paper.sheet import Paper
from kiosk.screens.style.typefaces import register
from kiosk.words.catalogue import Words
from ledger.database import reading
from timing import wait_until
from wires.paper_end import read_pbm
from worlds.installation import GLASS, Installation, RunningKiosk

PAPER = Paper(partial(draw, paper_mm=80), {"fr": Words()})


def read(path: Path) -> list[str]:
    printed = read_pbm(path)
    dots = np.unpackbits(np.frombuffer(printed.rows, np.uint8).reshape(printed.height, printed.stride), axis=1)
    return [found.text for found in zxingcpp.read_barcodes(np.pad(255 - 255 * dots, 40, constant_values=255).astype(np.uint8))]


def copies(hall: Installation) -> list[int]:
    with reading(hall.settings.files.ledger) as connection:
        rows = connection.exec_driver_sql("SELECT body FROM entry WHERE kind = 'printed' ORDER BY row").scalars()
        return [json.loads(body)["copy"] for body in rows]


@pytest.mark.long
def test_a_voucher_is_printed_and_read_again_and_one_that_breaks_off_is_a_second_copy(tmp_path: Path, qtbot: QtBot) -> None:
    register()
    tickets = tmp_path / "twin" / "tickets"
    printer: dict[str, object] = {"kind": "serial", "device": str(tmp_path / "twin" / "printer")}
    with Installation(tmp_path, printer=printer) as hall, RunningKiosk(hall, paper=PAPER) as kiosk:
        hall.say(GLASS)
        kiosk.until(lambda view: view.bottles == 1)
        kiosk.touch(Touch.FINISH)
        kiosk.until_screen(Screen.CHOOSE)
        hall.say("printer plug out after 200")
        kiosk.touch(Touch.KEEP)
        voucher = kiosk.until(lambda view: view.may_print).voucher
        assert voucher is not None
        kiosk.touch(Touch.PRINT)
        kiosk.until(lambda view: view.printing is Printing.BUSY)
        kiosk.until(lambda view: view.printing is Printing.OUT_OF_ORDER)
        assert copies(hall) == [1]
        hall.say("printer plug in")
        kiosk.until(lambda view: view.may_print)
        kiosk.touch(Touch.PRINT)
        kiosk.until(lambda view: view.printing is Printing.DONE)
        assert copies(hall) == [1, 2]
        kiosk.touch(Touch.DONE)
        kiosk.touch(Touch.DONE)
        kiosk.until_screen(Screen.ATTRACT)
    torn, whole = sorted(tickets.iterdir())
    assert torn.name == "0001-torn.pbm"
    assert read(whole) == [voucher.link]


@pytest.mark.long
def test_a_kiosk_whose_printer_was_never_there_serves_its_visitors_all_the_same(tmp_path: Path) -> None:
    paper = Paper(lambda sheet: pytest.fail("nothing is drawn"), {"fr": Words()})
    with (
        Installation(tmp_path, printer={"kind": "serial", "device": str(tmp_path / "nothing")}) as hall,
        RunningKiosk(hall, paper=paper) as kiosk,
    ):
        hall.say(GLASS)
        kiosk.until(lambda view: view.bottles == 1)
        kiosk.touch(Touch.FINISH)
        kiosk.until_screen(Screen.CHOOSE)
        kiosk.touch(Touch.KEEP)
        assert not kiosk.until(lambda view: view.printing is Printing.OUT_OF_ORDER).may_print
        wait_until(lambda: kiosk.shown().screen is Screen.VOUCHER)
        assert copies(hall) == []
