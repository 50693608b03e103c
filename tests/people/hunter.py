"""Somebody who tries everything, drawn from a seed: touches, keys and overlays at any moment, and in the last second of each countdown above all.

What must hold of the glass whatever they do stands in ``broken_promises``.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Cents
from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.page import CLOSING_S
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.window import FORGET_S, VisitorWindow
from kiosk.words.aloud import spelled
from people.person import words_of
from worlds.booth import BADLY_TURNED, CAN, GLASS, PLASTIC, Booth

MARKS = re.compile("[\u200e\u200f\u2068\u2069]")
SECONDS = re.compile(r"(\d+) (?:s|ث)(?!\w)")

KEYS = (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return, Qt.Key.Key_F1, Qt.Key.Key_Tab)
OVERLAYS = ("help", "settings", "bigger", "contrast", "calm", "languages", "language.ar", "language.en", "language.fr")
BOTTLES = (GLASS, PLASTIC, PLASTIC, CAN, BADLY_TURNED)
TROUBLES = (
    ("hand 1500", PLASTIC),
    ("reach 700",),
    ("leave 2", CAN),
    ("line lose 20",),
    ("line late 1200 3",),
    ("line noise 300",),
    ("door open",),
    ("jam half", GLASS),
    ("bin 1 97",),
    ("bin 1 97", "bin 2 97"),
    ("camera black",),
)
MENDED = ("line right", "camera right", "bin 1 0", "bin 2 0", "door open", "remove", "wait 500")
AGAIN_S = 0.6
"""Longer than two touches that count as one."""

GONE_S = 300.0
"""Longer than anything waits for who has gone."""

SELDOM_S = 5.0
"""A glass on which nothing changes is looked at no more often."""


@dataclass
class Watched:
    """What the glass told, visit by visit, and what of it broke a promise."""

    sums: dict[str, Cents] = field(default_factory=dict)
    codes: dict[str, Cents] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


class WatchedBooth(Booth):
    """A booth in which each look at the glass is held against what must stand there."""

    def __init__(self, folder: Path, *, seed: int, panel: Panel) -> None:
        self.watched = Watched()
        self._looked_s = -SELDOM_S
        super().__init__(folder, name=f"hunt-{seed}", city_url="", visit_bottles=3, associations=ASSOCIATIONS, panel=panel)

    @property
    def session_due_s(self) -> float | None:
        """When the session's wait is over."""
        return self._life.runner.due_s if self._life is not None else None

    def _look(self) -> None:
        before = self.seen[-1:]
        super()._look()
        if self.seen[-1:] == before and self.time.monotonic() - self._looked_s < SELDOM_S:
            return
        self._looked_s = self.time.monotonic()
        self.watched.broken += broken_promises(self)

    def mends(self) -> None:
        """Somebody from the desk looks after the machine."""
        self.say(*MENDED)
        self.let_pass(3.0)
        self.say("door shut")
        self.let_pass(3.0)


def broken_promises(hall: WatchedBooth) -> Iterator[str]:
    """What is safe and not seen, seconds that are not told or told twice, and what does not fit."""
    window, glance = hall.person.window, hall.seen[-1]
    view, told = window._view, MARKS.sub("", " | ".join(glance.words))
    if window._moment_at is not None or not window.isVisible():
        # the page before stands for a moment, and was looked at
        return
    words, where = words_of(window.manner.language), f"{view.screen} under {glance.place} ({window.manner})"
    if view.visit_number is not None and (view.bottles or view.uncounted):
        amount = words.text("feed.without_money") if view.without_money else words.amount(view.cents)
        for part in (view.visit_number, *((amount,) if view.bottles else ())):
            if MARKS.sub("", part).replace("\u00a0", " ") not in told:
                yield f"{part} does not stand on {where}: {told}"
        if view.bottles:
            hall.watched.sums[view.visit_number] = view.cents
    if view.voucher is not None and glance.place is Place.VOUCHER:
        hall.watched.codes[view.voucher.code] = view.voucher.amount
        if spelled(view.voucher.code) not in told:
            yield f"the code does not stand on {where}: {told}"
    yield from (f"{wrong} on {where}: {told}" for wrong in wrong_seconds(hall, told))
    yield from (f"{wrong} on {where}" for wrong in out_of_place(window))


def wrong_seconds(hall: WatchedBooth, told: str) -> Iterator[str]:
    window, due_s = hall.person.window, hall.session_due_s
    seconds = {int(number) for number in SECONDS.findall(told)}
    if len(seconds) > 1:
        yield f"more than one countdown, {seconds},"
    if not window._view.may_stay or window._due_s is None or due_s is None:
        return
    if abs(window._due_s - due_s) > 0.3:
        yield f"the glass counts to {window._due_s:.1f} s, the session to {due_s:.1f} s"
    left_s = window._due_s - hall.time.monotonic()
    if 1.0 < left_s <= CLOSING_S - 1 and not any(abs(int(number) - left_s) <= 1.0 for number in re.findall(r"\d+", told)):
        yield f"nobody is told of the last {left_s:.1f} s"


def out_of_place(window: VisitorWindow) -> Iterator[str]:
    page, whole = window.page, window.rect()
    if not page.fits():
        yield f"no room for {page.needed()} px in {page.height()} px"
    parts: list[QWidget] = [*window.stops(), window._top, window._strip, window._closing, page]
    for part in parts:
        if part.isVisible() and not whole.contains(part.rect().translated(part.mapTo(window, QPoint(0, 0)))):
            yield f"{part.objectName() or type(part).__name__} leaves the window"


class Hunter:
    def __init__(self, hall: WatchedBooth, seed: int) -> None:
        self.hall = hall
        self.done: list[str] = []
        self._troubled = False
        self._chance = random.Random(seed)

    def hunts(self, deeds: int) -> None:
        """One thing after the other, with any time in between."""
        for _ in range(deeds):
            self._waits()
            self._does()

    def goes(self) -> None:
        """What waited at the gate is taken or handed back, somebody mends the machine, and nobody touches it any more."""
        hall = self.hall
        for _ in range(3):
            hall.mends()
            until_s = hall.time.monotonic() + GONE_S
            while hall.time.monotonic() < until_s and not (hall.twin.machine.people.done and hall.shows(Place.ATTRACT)):
                hall.let_pass(1.0)
        hall.let_pass(FORGET_S + 1.0)

    def _waits(self) -> None:
        chance, hall = self._chance, self.hall
        match chance.randrange(8):
            case 0 | 1 if (due_s := hall.session_due_s) is not None:
                last_s = chance.choice((1.0, 0.6, 0.3, 0.05, 0.001))
                self._tell(f"until {last_s} s before the end")
                hall.let_pass(max(0.001, due_s - hall.time.monotonic() - last_s))
            case 2:
                hall.let_pass(chance.choice((5.0, 14.0, 29.0)))
            case 3 | 4:
                # in mid-transition, as long as double taps take
                hall.let_pass(chance.choice((0.02, 0.1, 0.3)))
            case _:
                hall.let_pass(AGAIN_S)

    def _does(self) -> None:
        chance, hall, person = self._chance, self.hall, self.hall.person
        if self._troubled and not chance.randrange(4):
            self._tell("mended")
            self._troubled = False
            hall.mends()
        match chance.randrange(20):
            case 0 | 1 | 2 | 3 if hall.twin.machine.people.done:
                self._says(chance.choice(BOTTLES))
                if chance.randrange(2):
                    hall.let_pass(chance.choice((0.5, 1.5, 4.0, 8.0)))
            case 4 | 5 if hall.twin.machine.people.done:
                self._troubled = True
                self._says(*chance.choice(TROUBLES))
                hall.let_pass(chance.choice((0.1, 1.0, 5.0)))
            case 6 if not chance.randrange(4):
                dark_s = chance.choice((2.0, 700.0, 2000.0))
                self._tell(f"no current for {dark_s} s")
                hall.cut(dark_s)
            case 7 | 8:
                key = chance.choice(KEYS)
                self._tell(f"key {key.name}")
                person.press_at_once(key)
            case 9:
                self._tell("beside")
                QTest.mouseClick(person.window.page, Qt.MouseButton.LeftButton, pos=QPoint(4, person.window.page.height() // 2))
            case 10 | 11 | 12 | 13:
                self._touches([name for name in OVERLAYS if person.find(name) is not None])
            case 14 | 15 | 16 if (main := person.window.page.main()) is not None and main in person.window.stops():
                # or no visit would ever come to its end
                self._touches([main.objectName()])
            case _:
                self._touches([button.objectName() for button in person.window.stops()])

    def _touches(self, names: list[str]) -> None:
        if names:
            name = self._chance.choice(names)
            self._tell(f"touch {name}")
            self.hall.person.touch_at_once(name)

    def _says(self, *lines: str) -> None:
        self._tell(", ".join(lines))
        self.hall.say(*lines)

    def _tell(self, deed: str) -> None:
        self.done.append(f"{self.hall.time.monotonic():.2f} {self.hall.person.place()}: {deed}")
