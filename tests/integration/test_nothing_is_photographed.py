"""The machine's picture of a refused bottle lives in memory: no file of the kiosk's holds it, and it goes with the item. Real camera, real pictures."""

import gc
import os
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from config.vocabulary import Reason
from kiosk.deposit.events import Touch
from kiosk.deposit.view import Screen, ViewState
from kiosk.face import as_line
from kiosk.screens.visitor.place import Place
from people.person import somebody
from recognition.shown import WIDTH_PX
from timing import FakeClock, wait_until
from worlds.installation import CAN, PLASTIC, Installation, RunningKiosk

BADLY_TURNED = 'put "glass_brown_33" roll 165'
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND


class Watch:
    """Which files this process opens to write into. The interpreter keeps its hook for good, so that it only listens while asked to."""

    def __init__(self) -> None:
        self.listens = False
        self.written: set[str] = set()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if self.listens and event == "open" and isinstance(args[2], int) and args[2] & WRITING:
            self.written.add(str(args[0]))


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        yield installation


def is_pictured(view: ViewState) -> bool:
    return view.item is not None and view.item.shown is not None


def test_a_visit_with_refusals_writes_no_picture_and_keeps_none(hall: Installation, watch: Watch, qtbot: QtBot, clock: FakeClock) -> None:
    person = somebody(clock)
    qtbot.addWidget(person.window)
    watch.written.clear()
    watch.listens = True
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say(BADLY_TURNED)
        view = kiosk.until(is_pictured)
        assert view.item is not None
        assert view.item.shown is not None
        assert view.item.reason is Reason.UNREADABLE
        assert view.item.shown.width == WIDTH_PX
        row = 3 * view.item.shown.width
        middle = view.item.shown.height // 2
        strips = [view.item.shown.rgb[row * at : row * at + 96] for at in (middle - 20, middle, middle + 20)]
        assert "rgb" not in as_line(view)
        person.sees(view)
        assert person.place() is Place.REFUSED
        person.window.grab()
        ref = weakref.ref(view.item.shown)
        del view
        kiosk.until_screen(Screen.FEEDING)
        hall.say(PLASTIC)
        person.sees(kiosk.until_screen(Screen.CHECKING))
        person.sees(kiosk.until(lambda view: view.bottles == 1))
        gc.collect()
        assert ref() is None
        hall.say(CAN)
        refused = kiosk.until_screen(Screen.REFUSED)
        kiosk.until_screen(Screen.FEEDING)
        assert not is_pictured(refused)
        kiosk.touch(Touch.FINISH)
        kiosk.until_screen(Screen.CHOOSE)
    watch.listens = False
    ours = {Path(name) for name in watch.written if name.startswith(str(hall.folders.kiosk))}
    assert any(path.name.startswith("log-") for path in ours)
    # kiosk.db holds what was credited, chamber.npz the chamber with nothing in it
    assert {path.name.partition("-")[0].partition(".")[0] for path in ours} <= {
        "log",
        "ledger",
        "sync",
        "clock",
        "agents",
        "kiosk",
        "chamber",
    }
    files = [path for path in hall.folders.kiosk.rglob("*") if path.is_file()]
    assert files
    holding = [path for path in files if any(strip in path.read_bytes() for strip in strips)]
    assert holding == []


def test_whoever_finishes_takes_the_picture_along(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say(PLASTIC)
        kiosk.until(lambda view: view.bottles == 1)
        hall.say(BADLY_TURNED)
        shown = kiosk.until(is_pictured).item
        assert shown is not None
        assert shown.shown is not None
        ref = weakref.ref(shown.shown)
        del shown
        kiosk.until_screen(Screen.FEEDING)
        kiosk.touch(Touch.FINISH)
        kiosk.until_screen(Screen.CHOOSE)

        def gone() -> bool:
            gc.collect()
            return ref() is None

        wait_until(gone, 10.0)
