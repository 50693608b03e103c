"""The visitor's window: one stack of pages between languages and tools. It shows view-states and hands touches on.

Which page stands for a view-state is ``place.py``'s. The window itself keeps what the session never hears of: language, *bigger*,
*contrast*, *calm*, which of help, settings and languages is open, and when all of that goes back to the default.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from config.clock import Clock
from config.vocabulary import Cents, OpeningSide
from kiosk.deposit.events import GiveTo, Touch
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.focus_ring import FocusRing
from kiosk.screens.style.theme import Panel, Theme
from kiosk.screens.visitor.announcer import Announcer, name_all
from kiosk.screens.visitor.chrome import Closing, Tools, TopBar
from kiosk.screens.visitor.glass import Glass
from kiosk.screens.visitor.page import CLOSING_S, Manner, Page, PageSetting, Speak, Wish, put_in_order
from kiosk.screens.visitor.place import PAGES, Open, Place, place_of
from kiosk.screens.visitor.spoken import SECONDS_SPOKEN, Machine, seconds_spoken, spoken
from kiosk.screens.visitor.strip import Height, Strip, is_safe
from kiosk.screens.visitor.touches import KeyGuard, TouchGuard
from kiosk.sounds import Moment, passed, sound_of
from kiosk.words.catalogue import Words
from kiosk.words.reading import DEFAULT

TICK_MS = 250
FORGET_S = 60.0
"""So long after the last touch, with no visit open, the screens are as they were for nobody."""

AT_LEISURE = (Screen.ATTRACT, Screen.OUT_OF_ORDER)
"""Where nobody's visit is under way."""

ALIVE_EVERY_S = 1.0
"""Signs of life reach the session no more often."""

HOLDS_S = 3.0
"""The mark is held for so long by staff who want to log in; visitors have no reason to."""

AT_ONCE = (Screen.REFUSED, Screen.HAND, Screen.STILL_HERE)
"""Screens whose announcement does not wait for the one before to be said to its end."""

PATIENCE_S = 0.4
"""A pause of the machine shorter than this shows no page of its own."""


class VisitorWindow(QWidget):
    """``touch`` gets what the session is to hear. ``words`` gives those of a language out of ``languages``. ``sounded``: the sound of what happens now.
    ``announced``: what a voice would say now, for whoever does not see the screen. ``held``: somebody of the staff wants the glass.
    """

    sounded = Signal(object)
    spoke = Signal(str)
    announced = Signal(str)
    held = Signal()

    def __init__(
        self,
        panel: Panel,
        words: Callable[[str], Words],
        touch: Callable[[Touch | GiveTo], None],
        *,
        languages: Sequence[str],
        clock: Clock,
        reward: Cents,
        visit_bottles: int,
        opening: OpeningSide,
    ) -> None:
        super().__init__()
        self._panel = panel
        self._words = {language: words(language) for language in languages}
        self._touch = touch
        self._clock = clock
        self._reward = reward
        self._visit_bottles = visit_bottles
        self._opening = opening
        self._view = self._lasting = ViewState(Screen.ONE_MOMENT)
        self._heard = Moment(self._view)
        self._announcer = Announcer(self)
        self._told: tuple[str | None, int] | None = None
        self._open = Open()
        self._manner = Manner(DEFAULT)
        self._visited = False
        self._kept = False
        self._due_s: float | None = None
        self._moment_at: float | None = None
        self._touched_at = clock.monotonic()
        self._mark_held_at: float | None = None
        self._alive_at = -math.inf
        self._by_key = False
        self._keys_in_use = False
        self._guard = TouchGuard(clock)
        self._key_guard = KeyGuard(clock)
        self._glass = Glass(self, clock, self._touched_beside, self._rested)
        self._pages: dict[Place, Page] = {}
        self._column = QVBoxLayout(self)
        self.setAutoFillBackground(True)
        self._column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self.setFixedSize(panel.width_px, panel.height_px)
        self._furnish()
        self._draw()
        # as shortcuts, since Qt moves the focus with these two before a widget hears of them
        for key, choose in ((Qt.Key.Key_Tab, self.choose_next), (Qt.Key.Key_Backtab, self.choose_previous)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(choose)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @property
    def manner(self) -> Manner:
        return self._manner

    @property
    def place(self) -> Place:
        """Which page stands."""
        return next(place for place, page in self._pages.items() if page is self._stack.currentWidget())

    @property
    def page(self) -> Page:
        return self._pages[self.place]

    @property
    def theme(self) -> Theme:
        return self._theme

    def show_view(self, view: ViewState) -> None:
        """Draws a view-state; every one of a session comes through here, in order."""
        before, self._view = self._view, view
        if (view.screen, view.halt, view.ends_in_s) != (before.screen, before.halt, before.ends_in_s):
            self._due_s = None if view.ends_in_s is None else self._clock.monotonic() + view.ends_in_s
        bare = replace(self._open, overlay=None)
        answered = before.screen is Screen.STILL_HERE and view.may_stay
        elsewhere = view.screen is not Screen.ONE_MOMENT and place_of(view, bare) is not place_of(self._lasting, bare)
        if view.screen is Screen.CHECKING or (elsewhere and not answered):
            # what happens now is worth more than what was opened to read, unless opening it was the answer to *still here?*
            self._open = bare
        if view.screen is not Screen.ONE_MOMENT:
            self._lasting = view
        if view.visit_number is not None:
            self._visited = True
            self._open = replace(self._open, begun=False)
        if not view.resumed:
            self._open = replace(self._open, resumed=False)
        self._moment_at = self._clock.monotonic() if view.screen is Screen.ONE_MOMENT else None
        if view.screen is Screen.ATTRACT and self._visited:
            self._visit_is_over()
        self._draw()
        self._hear()

    def pose(self, view: ViewState, manner: Manner, open_: Open) -> None:
        """Stands as after any history, for pictures and for tests."""
        self._visited = self._kept = False
        self._manner = manner
        self._furnish()
        self.show_view(view)
        self._open = open_
        self._moment_at = None
        self._draw()

    def tick(self) -> None:
        """What time alone changes: seconds that run down, a pause that lasts, and forgetting how the last visitor wanted it."""
        now = self._clock.monotonic()
        self._glass.tick()
        if self._mark_held_at is not None and now - self._mark_held_at >= HOLDS_S:
            self._mark_held_at = None
            self.held.emit()
        if self._due_s is not None:
            self._show_seconds()
            self.page.make_room()
            self._mind_focus()
            self._hear()
        if self._moment_at is not None and now - self._moment_at >= PATIENCE_S:
            self._moment_at = None
            self._draw()
        left_alone = self._view.visit_number is None and self._view.screen in AT_LEISURE and now - self._touched_at >= FORGET_S
        if left_alone and not self._is_as_for_nobody():
            self._forget()

    def _visit_is_over(self) -> None:
        """All back to the default, unless the same visitor goes on with another voucher."""
        self._visited = False
        if self._kept:
            self._kept = False
            self._open = Open(begun=True)
            self._touched_at = self._clock.monotonic()
        else:
            self._forget()

    def _is_as_for_nobody(self) -> bool:
        """There is nothing to forget: a page that nobody has touched for long is not laid out four times a second."""
        return self._manner == Manner(DEFAULT) and self._open == Open() and not (self._visited or self._kept or self._keys_in_use)

    def _forget(self) -> None:
        self._visited = self._kept = False
        self._open = Open()
        self._keys_in_use = False
        self._change(Manner(DEFAULT))

    def _change(self, manner: Manner) -> None:
        """Another language or look: all pages are made anew from the same view-state."""
        if manner != self._manner:
            if manner.language != self._manner.language:
                self.spoke.emit(manner.language)
            self._manner = manner
            focused = self.focusWidget()
            name = focused.objectName() if isinstance(focused, Button) else ""
            self._furnish()
            self._draw()
            if (again := next((button for button in self.stops() if button.objectName() == name), None)) is not None:
                again.setFocus()
        self._draw()

    def _furnish(self) -> None:
        manner = self._manner
        self._theme = Theme.of(self._panel, bigger=manner.bigger, contrast=manner.contrast, calm=manner.calm)
        words = self._words[manner.language]
        setting = PageSetting(
            theme=self._theme,
            words=words,
            clock=self._clock,
            manner=manner,
            languages=tuple(self._words.values()),
            reward=self._reward,
            visit_bottles=self._visit_bottles,
            opening=self._opening,
        )
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.right_to_left else Qt.LayoutDirection.LeftToRight)
        self._clear()
        self._setting = setting
        self.setWindowTitle(words.text("brand.name"))
        self._top = TopBar(self, setting)
        self._strip = Strip(self, self._theme, words)
        self._stack = QStackedWidget(self)
        self._tools = None if self._theme.compact else Tools(self, setting)
        self._closing = Closing(self, setting)
        self._ring = FocusRing(self, self._theme)
        theme = self._theme
        self._column.setContentsMargins(theme.margin, theme.margin, theme.margin, theme.margin)
        self._column.setSpacing(theme.gap)
        if self._tools is None:
            # a widget and not a bare layout: it goes with what stands in it
            bar = QWidget(self)
            head = QHBoxLayout(bar)
            head.setContentsMargins(0, 0, 0, 0)
            head.setSpacing(theme.gap)
            head.addWidget(self._top, 1)
            head.addWidget(self._closing)
            self._column.addWidget(bar)
            bar.show()
        else:
            self._column.addWidget(self._top)
        self._column.addWidget(self._strip)
        self._column.addWidget(self._stack, 1)
        self._top.wished.connect(self._wished)
        self._closing.stay.clicked.connect(lambda: self._touched(Touch.ALIVE))
        if self._tools is None:
            self._closing.setFixedHeight(theme.target)
        else:
            self._column.addWidget(self._tools)
            self._tools.wished.connect(self._wished)
            self._column.addWidget(self._closing)
            self._closing.setFixedHeight(self._tools.heightForWidth(self.width() - 2 * theme.margin))
        # the bar of seconds stands above the page or below it
        put_in_order(self._column)
        ground = QPalette(self.palette())
        ground.setColor(QPalette.ColorRole.Window, QColor(theme.palette.paper))
        self.setPalette(ground)
        self._column.activate()
        for part in (self._top, self._stack, self._tools):
            if part is not None:
                part.show()
        self._closing.hide()

    def _clear(self) -> None:
        self._pages = {}
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._column.removeWidget(child)
            child.hide()
            child.deleteLater()

    def _draw(self) -> None:
        place = place_of(self._view, self._open)
        if place is Place.MOMENT and self._moment_at is not None and self._pages:
            return
        page = self._pages.get(place)
        if page is None:
            page = PAGES[place](self._stack, self._setting)
            page.touched.connect(self._touched)
            page.wished.connect(self._wished)
            self._stack.addWidget(page)
            self._pages[place] = page
        page.show_view(self._view)
        self._top.show_view(self._view, place)
        self._strip.show_view(self._view, place, shown=is_safe(self._view, place) and not self._theme.landscape)
        # at once, not by posted events in some turns of the loop: nobody shall see a page that is half laid out
        self._top.row.activate()
        self._column.invalidate()
        self._column.activate()
        if self._stack.currentWidget() is not page:
            self._guard.page_changed()
            self._glass.forget()
            self._stack.setCurrentWidget(page)
            if (main := page.main()) is not None:
                main.setFocus()
        self._show_seconds()
        if self._strip.isVisibleTo(self):
            self._give_way(page)
        page.make_room()
        self._mind_focus()
        self._name()
        self._speak()

    def _name(self) -> None:
        name_all((self._top, self._strip, self.page), self._manner.language, self.windowTitle())
        self.page.setAccessibleName(self._sentences()[0])

    def _sentences(self, view: ViewState | None = None) -> tuple[str, ...]:
        return spoken(view or self._view, self.place, self._words[self._manner.language], Machine(self._opening, self._visit_bottles))

    def _speak(self) -> None:
        if self._view.screen is Screen.ONE_MOMENT and self.place is not Place.MOMENT:
            # shorter than anybody could listen
            return
        if (text := self._announcer.page(self._sentences(), at_once=self._view.screen in AT_ONCE, again=self._again())) is not None:
            self.announced.emit(text)

    def _again(self) -> tuple[str, ...] | None:
        """What is said instead where the card of a bottle stands that was told before: said twice, it would sound like another bottle."""
        view, told = self._view, self._told
        if self.place is not Place.FEEDING or view.item is None or not view.item.accepted:
            return None
        self._told = (view.visit_number, view.bottles)
        return self._sentences(replace(view, item=None)) if told == self._told else None

    def _give_way(self, page: Page) -> None:
        """What is safe takes no height that the page needs: the row is lower, and the last thing to go."""
        for height in (Height.FULL, Height.LOW, Height.NONE):
            self._strip.take(height)
            self._column.invalidate()
            self._column.activate()
            # what is spare goes first, or the row would be as high as whatever stood there before had left it
            page.make_room()
            if page.needed() <= page.height():
                return

    def _show_seconds(self) -> None:
        """Whatever stands on the glass, nobody's page closes unannounced: the page says when, or the window in the tools' place."""
        left_s = math.inf if self._due_s is None else max(0.0, self._due_s - self._clock.monotonic())
        told = self._due_s is not None and self.page.show_seconds(round(left_s))
        closing = left_s <= CLOSING_S and not told
        if closing:
            self._closing.show_seconds(self._view, round(left_s))
        if closing is self._closing.isHidden():
            self._closing.setVisible(closing)
            if self._tools is None:
                self._top.show_buttons(not closing)
            else:
                self._tools.setVisible(not closing)
            self._column.invalidate()
            self._column.activate()

    def _hear(self) -> None:
        """What is heard of a change of the view-state, and of seconds that run out."""
        before = self._heard
        left_s = None if self._due_s is None else max(0, round(self._due_s - self._clock.monotonic()))
        now = self._heard = Moment(self._view, left_s)
        if (sound := sound_of(before, now)) is not None:
            self.sounded.emit(sound)
        if any(passed(mark, before, now) for mark in SECONDS_SPOKEN):
            told = seconds_spoken(self._view, now.left_s or 0, self._words[self._manner.language])
            self.announced.emit(self._announcer.announce(told, at_once=self._view.screen in AT_ONCE))

    def _alive(self) -> None:
        """Somebody is there: what waits for the visitor waits anew, here and in the session."""
        now = self._clock.monotonic()
        if not self._view.may_stay or now - self._alive_at < ALIVE_EVERY_S:
            return
        self._alive_at = self._touched_at = now
        if self._view.ends_in_s is not None:
            self._due_s = now + self._view.ends_in_s
            self._show_seconds()
        self._touch(Touch.ALIVE)

    def _touched(self, touch: Touch | GiveTo) -> None:
        """To the session, if the page it was meant for is the one that stands."""
        if self._view.screen is Screen.ONE_MOMENT or not self._counts(touch):
            self._alive()
            return
        if touch is Touch.ALIVE:
            self._alive()
            return
        self._kept = touch is Touch.AGAIN
        self._touch(touch)

    def _wished(self, wish: Wish | Speak) -> None:
        self._alive()
        if not self._counts(wish):
            return
        match wish:
            case Speak(language):
                self._open = replace(self._open, overlay=None if self._open.overlay is Place.LANGUAGES else self._open.overlay)
                self._change(replace(self._manner, language=language))
            case Wish.BIGGER:
                self._change(replace(self._manner, bigger=not self._manner.bigger))
            case Wish.CONTRAST:
                self._change(replace(self._manner, contrast=not self._manner.contrast))
            case Wish.CALM:
                self._change(replace(self._manner, calm=not self._manner.calm))
            case Wish.HELP | Wish.SETTINGS | Wish.LANGUAGES:
                overlay = Place(wish.value)
                self._show_open(replace(self._open, overlay=None if self._open.overlay is overlay else overlay))
            case Wish.CLOSE:
                self._show_open(replace(self._open, overlay=None))
            case Wish.BEGIN:
                self._show_open(replace(self._open, begun=True))
            case Wish.HOME:
                self._show_open(replace(self._open, begun=False))
            case Wish.RESUME:
                self._show_open(replace(self._open, resumed=True))
            case _:
                assert_never(wish)

    def _show_open(self, open_: Open) -> None:
        self._open = open_
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (native := self.window().windowHandle()) is not None:
            native.installEventFilter(self._glass)

    def _touched_beside(self, spot: QPoint) -> None:
        self._alive()
        if self.page.rect().contains(self.page.mapFrom(self, spot)):
            self.page.touch_beside()

    def _rested(self, spot: QPoint) -> None:
        if self._on_the_mark(spot):
            self.held.emit()

    def _on_the_mark(self, spot: QPoint) -> bool:
        """Two thumbs wide at least, from the corner of the glass on."""
        mark = self._top.mark
        reach = mark.rect().translated(mark.mapTo(self, QPoint(0, 0))).united(QRect(0, 0, self._theme.target, self._theme.target))
        return reach.contains(spot)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mark_held_at = self._clock.monotonic() if self._on_the_mark(event.position().toPoint()) else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mark_held_at = None
        super().mouseReleaseEvent(event)

    def _counts(self, what: Hashable) -> bool:
        if not self._guard.counts(what):
            return False
        # what else is down now is no second choice
        self._glass.forget()
        self._touched_at = self._clock.monotonic()
        if not self._by_key:
            self._keys_in_use = False
            self._ring_round()
        return True

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._key_guard.released(event.key(), repeat=event.isAutoRepeat())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Previous, next, OK and help; the same keys mean the same in every language, since fingers find them by place.

        One press is one step, however long it lasts: a key that hangs leaves the others as they are.
        """
        if not self._key_guard.pressed(event.key(), repeat=event.isAutoRepeat()):
            return
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                self.choose_next()
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                self.choose_previous()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space | Qt.Key.Key_Select:
                self._press()
            case Qt.Key.Key_F12:
                self.held.emit()
            case Qt.Key.Key_F1 | Qt.Key.Key_Help:
                self._by_key = True
                self._wished(Wish.HELP)
                self._by_key = False
            case _:
                event.ignore()

    def choose_next(self) -> None:
        self._step(1)

    def choose_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        """The first key only shows what is chosen; the next ones move on, round and round."""
        self._touched_at = self._clock.monotonic()
        self._alive()
        stops = self.stops()
        if not stops:
            return
        focused = self.focusWidget()
        if not isinstance(focused, Button) or focused not in stops:
            stops[0 if by > 0 else -1].setFocus()
        elif self._keys_in_use:
            stops[(stops.index(focused) + by) % len(stops)].setFocus()
        self._keys_in_use = True
        self._ring_round()

    def stops(self) -> list[Button]:
        """What the keys can choose, in the order of reading."""
        return [button for button in self.findChildren(Button) if button.isVisibleTo(self) and button.isEnabled()]

    def _press(self) -> None:
        focused = self.focusWidget()
        if not self._keys_in_use or not isinstance(focused, Button) or focused not in self.stops():
            self.choose_next()
            return
        self._by_key = True
        focused.click()
        self._by_key = False

    def _mind_focus(self) -> None:
        """What the keys had chosen may be hidden by now: then the page's own first choice is."""
        focused = self.focusWidget()
        if isinstance(focused, Button) and focused not in self.stops() and (main := self.page.main()) is not None:
            main.setFocus()
        self._ring_round()

    def _ring_round(self) -> None:
        focused = self.focusWidget()
        self._ring.surround(focused if self._keys_in_use and isinstance(focused, Button) and focused.isVisibleTo(self) else None)
