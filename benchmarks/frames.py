"""How late the frames of a movement are while the recognition works.

    python -m benchmarks.frames [--bottles N]

The visitor's window of 1080x1920 is played a visit: bottle after bottle flies into the bin while the sum counts up, and in between one is
refused and its sign shakes. Beside it, in threads of this process as in a kiosk, camera and sight worker judge the chamber's items without
a pause; the pictures come from the twin's camera in another process. An interval lasts from the end of one painted frame to the end of
the next, the first of a movement from the view-state that began it. *alone* is the same visit without recognition; *bare* is an empty
widget, filled at the same pace beside the same recognition. Exit 1 if an interval of ours beside the recognition was longer than LIMIT_MS.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.arguments import at_least
from benchmarks.machine import Others
from config.clock import Clock
from config.settings import Recognition
from config.system import AssumedClock
from config.vocabulary import Cents, Material, Reason
from drivers.camera.settings import DeviceSettings
from drivers.camera.worker import Camera
from drivers.twin.camera import CameraServer
from drivers.twin.items import chamber_items
from drivers.twin.looks import render
from kiosk.deposit.actions import Judge, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import REWARD, TAKEN, VISIT, VISIT_BOTTLES
from kiosk.screens.parts.motion import FRAME_MS
from kiosk.screens.studio import nobody
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.feeding import Feeding
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES
from kiosk.workers.sight import SightWorker
from recognition.history import History
from recognition.policies import policy_of

LIMIT_MS: Final = 50.0
PANEL: Final = Panel(1080, 1920, 15.6)
ITEM_S: Final = 0.8
"""How long each item lies before the twin's camera."""

EMPTY_G: Final = 30
REFUSED: Final = LastItem(accepted=False, reason=Reason.CAN)


class Frames:
    """Milliseconds of one window's movements: intervals between painted frames, and the paints themselves."""

    def __init__(self) -> None:
        self.intervals: list[float] = []
        self.paints: list[float] = []
        self._since_s: float | None = None

    def begin(self, at_s: float) -> None:
        """A movement begins, if none is under way."""
        self._since_s = self._since_s or at_s

    def painted(self, began_s: float, *, moving: bool) -> None:
        """A frame is painted; ``moving``: there will be another."""
        ended_s = time.perf_counter()
        if self._since_s is not None:
            self.intervals.append((ended_s - self._since_s) * 1000)
            self.paints.append((ended_s - began_s) * 1000)
            self._since_s = ended_s if moving else None


class Ours(VisitorWindow):
    """The product's window; every turn in which Qt paints what changed is timed."""

    def __init__(self, clock: Clock) -> None:
        self.frames = Frames()
        super().__init__(
            PANEL, Words, nobody, languages=tuple(LANGUAGES), clock=clock, reward=REWARD, visit_bottles=VISIT_BOTTLES, opening="right"
        )

    def event(self, event: QEvent) -> bool:
        began_s = time.perf_counter()
        done = super().event(event)
        if event.type() is QEvent.Type.UpdateRequest:
            self.frames.painted(began_s, moving=self.moving)
        return done

    @property
    def moving(self) -> bool:
        page = self.page
        return isinstance(page, Feeding) and page.total.moving

    def play(self, view: ViewState) -> None:
        began_s = time.perf_counter()
        self.show_view(view)
        if self.moving:
            self.frames.begin(began_s)


class Bare(QWidget):
    """Its ground is painted anew as often as a movement paints."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = Frames()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.update)
        self._timer.start(FRAME_MS)
        self.setFixedSize(PANEL.width_px, PANEL.height_px)

    def event(self, event: QEvent) -> bool:
        began_s = time.perf_counter()
        done = super().event(event)
        if event.type() is QEvent.Type.UpdateRequest:
            self.frames.painted(began_s, moving=True)
            self.frames.begin(time.perf_counter())
        return done


def visit(bottles: int) -> Iterator[tuple[int, ViewState]]:
    """View-states, and after how many milliseconds each comes. The next bottle is put in while the last one still flies."""
    yield 0, replace(VISIT, bottles=0, cents=Cents(0))
    for bottle, material in zip(range(1, bottles + 1), cycle(Material)):
        standing = replace(VISIT, bottles=bottle, cents=Cents(REWARD * bottle))
        before = replace(standing, bottles=bottle - 1, cents=Cents(REWARD * (bottle - 1)))
        yield 700, replace(before, screen=Screen.CHECKING)
        yield 500, replace(standing, item=replace(TAKEN, material=material))
        yield 400, replace(standing, screen=Screen.CHECKING)
        yield 900, replace(standing, screen=Screen.REFUSED, item=REFUSED, refusals=1)


def wait(milliseconds: int) -> None:
    """Qt's loop runs on, as it does in a kiosk between two view-states."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def played(bottles: int) -> Frames:
    window = Ours(AssumedClock())
    window.show()
    wait(1000)
    for after_ms, view in visit(bottles):
        wait(after_ms)
        window.play(view)
    wait(1000)
    window.close()
    return window.frames


def bare(seconds: float) -> Frames:
    window = Bare()
    window.show()
    wait(round(1000 * seconds))
    window.close()
    return window.frames


def serve(up: Connection) -> None:
    """One item of the chamber after the other, until told to end."""
    server = CameraServer()
    looks = cycle([render(item, seed=1) for item in chamber_items().values()])
    server.show(next(looks))
    up.send(server.url)
    while not up.poll(ITEM_S):
        server.show(next(looks))
    server.close()


@dataclass
class Work:
    """What the recognition did. Milliseconds of each verdict."""

    took_ms: list[float]
    looks: int = 0


@contextmanager
def recognition() -> Iterator[Work]:
    """Camera and sight worker in threads, one item after the other without a pause."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there,))
    process.start()
    there.close()
    clock, work = AssumedClock(), Work([])

    def next_one(found: Judged | Pictured) -> None:
        if isinstance(found, Pictured):
            return
        work.took_ms.append(found.verdict_ms)
        work.looks += len(found.verdict.evidence.looks)
        begin(found.item + 1)

    def begin(item: int) -> None:
        sight.perform(Watch(item))
        sight.perform(Judge(item, EMPTY_G, metal=False))

    camera = Camera(here.recv(), DeviceSettings(1280, 720), clock, on_lost=print, on_back=print, on_not_taken=print)
    sight = SightWorker(camera, policy_of(Recognition(), demonstration=True), clock, next_one, History())
    sight.set_pace(in_visit=True)
    camera.start()
    sight.start()
    begin(1)
    try:
        yield work
    finally:
        sight.stop()
        sight.join()
        camera.close()
        here.send(None)
        process.join()


def row(name: str, frames: Frames) -> None:
    intervals, paints = np.percentile(frames.intervals, (50, 95, 100)), np.percentile(frames.paints, (50, 95, 100))
    figures = "".join(f"{value:9.1f}" for value in (*intervals, *paints))
    print(f"{name:28}{len(frames.intervals):7}{figures}{sum(interval > LIMIT_MS for interval in frames.intervals):9}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bottles", type=at_least(1), default=20, help="of one visit; each takes 2.5 s, and two visits are played")
    bottles: int = parser.parse_args().bottles
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    register()
    others = Others()
    alone = played(bottles)
    with recognition() as work:
        ours, reference = played(bottles), bare(bottles)
    application.quit()
    print(f"{'':28}       |  interval, ms            |  paint, ms               |  over")
    print(f"{'':28} frames      p50      p95      max      p50      p95      max {LIMIT_MS:5.0f} ms")
    row("alone", alone)
    row("beside the recognition", ours)
    row("bare, beside the recognition", reference)
    print(f"judged meanwhile: {len(work.took_ms)} items, {work.looks} looks, verdict p50 {np.percentile(work.took_ms, 50):.0f} ms")
    print(f"the rest of the machine meanwhile: {others.percent:.0f} % of a core")
    print(f"limit: no interval beside the recognition over {LIMIT_MS:.0f} ms")
    return 0 if max(ours.intervals) <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
