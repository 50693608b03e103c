"""The machine as it is now: registers, a minute of the sensors, the camera's picture; parts that move while they are touched, and a stop. No rule stands here.

While a button is down the page says so again and again: a page that is gone, or hangs, falls silent, and the motion ends.
"""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from drivers.intake.bus import Motion
from drivers.intake.register_values import FLAGS, register_values
from kiosk.console.live.ranges import range_of, standing
from kiosk.console.live.steps import TRACE_S
from kiosk.console.live.vocabulary import AtLive, GoOnAsked, Lamp, LetGoAsked, Moved, Stage, StopAsked, TouchAsked
from kiosk.console.technician.events import GlassGiven
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.deposit.halts import NoPicture
from kiosk.deposit.loans import VisitOpen
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.live_picture import LivePicture
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.register_table import RegisterTable, Row
from kiosk.screens.parts.strip_chart import Lane, StripChart
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.style.theme import Type
from kiosk.words.live import tell_live, tell_range, tell_value
from kiosk.words.obstacles import tell_obstacle

SAYS_AGAIN_MS = 120
"""Twice within the 350 ms after which silence ends a motion, and once more."""

MOVES: tuple[Moved, ...] = (*Motion, Lamp.DARK)

ACROSS = 4


class Live(StaffPage):
    def build(self) -> None:
        theme = self.theme
        self._live: AtLive | None = None
        self._machine: MachineView | None = None
        self._down: Moved | None = None
        self._press = 0
        column = self.column()
        self.remark = Remark(self, theme, "info", step=Type.NOTE)
        column.addWidget(self.remark)
        self.layers = QStackedWidget(self)
        sensors = QWidget(self)
        views = QVBoxLayout(sensors)
        views.setContentsMargins(0, 0, 0, 0)
        views.setSpacing(theme.gap)
        self.picture = LivePicture(self, theme)
        self.chart = StripChart(sensors, theme, TRACE_S)
        self.table = RegisterTable(self, theme)
        self.layers.addWidget(sensors)
        if theme.landscape:
            # a low panel has room for one of them
            self.layers.addWidget(self.picture)
        else:
            views.addWidget(self.picture, 4)
        views.addWidget(self.chart, 3)
        self.layers.addWidget(self.table)
        column.addWidget(self.layers, 1)
        column.addLayout(self._keys())
        self._timer = QTimer(self)
        self._timer.setInterval(SAYS_AGAIN_MS)
        self._timer.timeout.connect(self._say_again)

    def _keys(self) -> QGridLayout:
        """The parts to touch, which of both views stands, and the stop: beside them across, beneath them upright."""
        theme, grid = self.theme, QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.gap)
        self.moves: dict[Moved, Button] = {}
        for place, what in enumerate(MOVES):
            button = self.button(self.words.text(f"staff.live.move.{what.name.lower()}"), f"move.{what.name.lower()}", step=Type.BODY)
            button.pressed.connect(lambda what=what: self._touched(what))
            button.released.connect(self._let_go)
            self.moves[what] = button
            grid.addWidget(button, place // ACROSS, place % ACROSS)
        self.turn = self.button(self.words.text(self._leads_to()), "registers", step=Type.BODY)
        self.turn.clicked.connect(self.turns)
        grid.addWidget(self.turn, len(MOVES) // ACROSS, len(MOVES) % ACROSS)
        self.stop = self.button(self.words.text("staff.live.stop"), "stop", look=Weight.STOP, step=Type.TITLE)
        self.stop.pressed.connect(lambda: self.asked.emit(StopAsked()))
        self.go_on = self.button(self.words.text("staff.live.go_on"), "go_on", look=Weight.OTHER, step=Type.LEAD)
        self.go_on.clicked.connect(lambda: self.asked.emit(GoOnAsked()))
        self.give = self.button(self.words.text("selftest.give_glass"), "give", look=Weight.MAIN, step=Type.BODY)
        self.give.clicked.connect(lambda: self.asked.emit(GlassGiven()))
        ends = QVBoxLayout() if theme.landscape else self.row()
        ends.setSpacing(theme.gap)
        ends.addWidget(self.stop, 3)
        ends.addWidget(self.go_on, 1)
        ends.addWidget(self.give, 1)
        if theme.landscape:
            grid.addLayout(ends, 0, ACROSS, 2, 1)
        else:
            grid.addLayout(ends, 2, 0, 1, ACROSS)
        for place in range(ACROSS):
            grid.setColumnStretch(place, 1)
        return grid

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView) or work.live is None:
            return
        before, self._live = self._live, work.live
        self._machine = view.machine
        live = work.live
        self._say(tell_live(live, self.words))
        free = live.stage is Stage.LENT and not live.stopped and live.lost is None
        for button in self.moves.values():
            button.setEnabled(free)
        self.go_on.setVisible(live.stopped)
        self.give.setVisible(live.stage is Stage.WAITS and isinstance(live.why, VisitOpen))
        if not free:
            self._let_go()
        if before is None or live.trace is not before.trace or live.health is not before.health or live.lost != before.lost:
            self._show_values(live, view.machine)
        if before is None or live.picture is not before.picture or live.blind != before.blind:
            self._show_picture(live)

    def main(self) -> Button | None:
        return self.stop

    def hideEvent(self, event: object) -> None:
        """Whoever leaves the page touches nothing on it."""
        self._let_go()

    def _say(self, words: str) -> None:
        if words != self.remark.text():
            self.remark.say(words)

    def _show_values(self, live: AtLive, machine: MachineView) -> None:
        hot, words = live.hot, self.words
        if self.layers.currentWidget() is self.table:
            registers = register_values(hot, live.health, live.identity, live.felt)
            self.table.show_rows(
                [
                    Row(
                        standing(register, hot, machine.full_percent),
                        words.text(f"staff.live.register.{register.name}"),
                        tell_value(register, words),
                        tell_range(register, range_of(register, hot, machine.full_percent)),
                    )
                    for register in registers
                ]
            )
            return
        newest_s = live.trace[-1].at_s if live.trace else 0.0
        grams = [moment.hot.weight_g for moment in live.trace]
        lanes = [Lane(words.text(f"staff.live.flag.{flag}"), tuple(getattr(moment.hot, flag) for moment in live.trace)) for flag in FLAGS]
        weight = words.text("staff.live.register.weight_g")
        now = "–" if hot is None else words.text("staff.live.now", n=hot.weight_g)
        title = f"{weight} {now}"
        self.chart.show_minute([newest_s - moment.at_s for moment in live.trace], grams, lanes, (title, words.text("staff.live.minute")))

    def _show_picture(self, live: AtLive) -> None:
        words, seen = self.words, live.picture
        if live.blind is not None:
            why = tell_obstacle(NoPicture(live.blind.fault, live.blind.measured, live.blind.limit), words)
        elif seen is None:
            why = words.text("staff.live.no_picture")
        elif not seen.marks:
            why = words.text("staff.live.no_code")
        else:
            told = (mark.code if mark.believed else words.text("staff.live.doubted", code=mark.code) for mark in seen.marks)
            why = words.text("staff.live.codes", codes=", ".join(told))
        self.picture.show_picture(seen, why)

    def turns(self) -> None:
        """The next view: sensors, on a low panel the camera's picture, and the registers, as many pages as they are."""
        if self.layers.currentWidget() is self.table and self.table.more:
            self.table.turns()
        else:
            self.table.turns(to_first=True)
            self.layers.setCurrentIndex((self.layers.currentIndex() + 1) % self.layers.count())
            if self._live is not None and self._machine is not None:
                self._show_values(self._live, self._machine)
        self.turn.say(self.words.text(self._leads_to()))

    def _leads_to(self) -> str:
        """The key of what stands next."""
        if self.layers.currentWidget() is self.table:
            return "staff.page_down" if self.table.more else "staff.live.sensors"
        return "staff.live.camera" if self.layers.widget(self.layers.currentIndex() + 1) is self.picture else "staff.live.registers"

    def _touched(self, what: Moved) -> None:
        self._down = what
        self._press += 1
        self._say_again()
        self._timer.start()

    def _say_again(self) -> None:
        if self._down is not None:
            self.asked.emit(TouchAsked(self._down, self._press))

    def _let_go(self) -> None:
        self._timer.stop()
        if self._down is not None:
            self._down = None
            self.asked.emit(LetGoAsked())
