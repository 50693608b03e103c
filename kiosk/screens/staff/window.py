"""Staff's window: a head with who is there, one page, and a row of what they may do, low on the glass. It shows the console's view and hands on what was asked for.

Where a page needs a number, the keys of a keyboard type it; with four keys the ring goes round everything, as on the visitor's pages.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from config.clock import Clock
from kiosk.console.events import AtTheGlass, ConsoleEvent, DeedAsked, LeaveAsked
from kiosk.console.roles import ALWAYS, Deed
from kiosk.console.view import LogInView, StaffView, WorkView
from kiosk.screens.parts.button import Arrangement, Button
from kiosk.screens.parts.focus_ring import FocusRing
from kiosk.screens.parts.text import Text
from kiosk.screens.staff.agents import Agents
from kiosk.screens.staff.closing import Closures
from kiosk.screens.staff.days import Days
from kiosk.screens.staff.emptying import Bins
from kiosk.screens.staff.help import Help
from kiosk.screens.staff.ledger import Ledger
from kiosk.screens.staff.live import Live
from kiosk.screens.staff.login import LogIn
from kiosk.screens.staff.look import LookPage, StaffManner
from kiosk.screens.staff.more import More
from kiosk.screens.staff.own_pin import OwnPin
from kiosk.screens.staff.page import StaffPage, StaffSetting
from kiosk.screens.staff.rest import Rest
from kiosk.screens.staff.second import Second
from kiosk.screens.staff.technician.calibration import Calibration
from kiosk.screens.staff.technician.configuration import Configuration
from kiosk.screens.staff.technician.enrolment import EnrolmentPage
from kiosk.screens.staff.technician.generation import Generation
from kiosk.screens.staff.technician.self_test import SelfTest
from kiosk.screens.staff.today import Today
from kiosk.screens.staff.upkeep import Upkeep
from kiosk.screens.staff.verifying import Verify
from kiosk.screens.staff.vouchers import Vouchers
from kiosk.screens.style.theme import Panel, Theme, Type
from kiosk.words.catalogue import Words
from ledger.selection import Lines, LineSource

TICK_MS = 250
ALIVE_EVERY_S = 1.0
"""Signs of life reach the session no more often."""

WARNS_S = 20
"""So long before they are logged out staff are told."""

PAGES: Mapping[Deed, type[StaffPage]] = {
    Deed.TODAY: Today,
    Deed.VOUCHERS: Vouchers,
    Deed.DAYS: Days,
    Deed.LEDGER: Ledger,
    Deed.MORE: More,
    Deed.BINS: Bins,
    Deed.HELP: Help,
    Deed.REST: Rest,
    Deed.CLOSURES: Closures,
    Deed.VERIFY: Verify,
    Deed.AGENTS: Agents,
    Deed.PIN: OwnPin,
    Deed.SELF_TEST: SelfTest,
    Deed.LIVE: Live,
    Deed.UPKEEP: Upkeep,
    Deed.CALIBRATION: Calibration,
    Deed.CONFIGURATION: Configuration,
    Deed.ENROLMENT: EnrolmentPage,
    Deed.GENERATION: Generation,
}

ORDINARY_ACROSS = (SelfTest, Live)
"""Pages of more than has room in large text on a low panel: they keep their letters there."""

HEARD = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin)


class StaffWindow(QWidget):
    """``ask`` gets what the session is to hear. ``words``: those of each language that staff may choose, the first to begin with. ``begins``: how the screens are
    before somebody wants them otherwise, and again once they have left."""

    def __init__(
        self,
        parent: QWidget | None,
        panel: Panel,
        words: Mapping[str, Words],
        ask: Callable[[ConsoleEvent], None],
        clock: Clock,
        opener: Callable[[Path], LineSource] = Lines,
        begins: StaffManner | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._words = words
        self._begins = begins or StaffManner(next(iter(words)))
        self._manner = self._begins
        self._look: LookPage | None = None
        self._ask = ask
        self._clock = clock
        self._opener = opener
        self._view: StaffView | None = None
        self._alive_at = -math.inf
        self._due_s = math.inf
        self._keys_in_use = False
        self.setFixedSize(panel.width_px, panel.height_px)
        self.setAutoFillBackground(True)
        self._column = QVBoxLayout(self)
        self._furnish()
        for key, by in ((Qt.Key.Key_Tab, 1), (Qt.Key.Key_Backtab, -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda by=by: self._tab(by))
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @property
    def page(self) -> StaffPage:
        """The one that stands."""
        if self._look is not None:
            return self._look
        return next(page for page in self._pages.values() if page is self._stack.currentWidget())

    @property
    def theme(self) -> Theme:
        return self._theme

    def show_view(self, view: StaffView | None) -> None:
        """None: the glass is the visitor's, and nothing that was typed stays."""
        before, self._view = self._view, view
        if view is None:
            self._due_s = math.inf
            if before is not None:
                self._manner = self._begins
                self._keys_in_use = False
                self._furnish()
            return
        if before is None or type(before.shows) is not type(view.shows) or before.ends_in_s != view.ends_in_s:
            self._begin_anew(view)
            self._shut_look()
        if before is not None and _differs_live_alone(before, view):
            # several times a second: no layout is asked for it
            self.page.show_view(view)
            return
        self._draw(view)

    def open_look(self) -> None:
        """How the screens shall be is asked over the page that stands; asked again, that page is back."""
        if self._look is not None:
            self._shut_look()
        else:
            others = {language: words.own_name for language, words in self._words.items() if language != self._manner.language}
            self._look = LookPage(self._stack, self._setting, self._manner, others)
            self._look.wished.connect(self._dress)
            self._stack.addWidget(self._look)
        if self._view is not None:
            self._draw(self._view)

    def _shut_look(self) -> None:
        if self._look is not None:
            self._stack.removeWidget(self._look)
            self._look.deleteLater()
            self._look = None

    def tick(self) -> None:
        """What time alone changes."""
        if self._view is not None:
            self.page.tick()
            self._show_seconds()

    def _begin_anew(self, view: StaffView) -> None:
        self._alive_at = self._clock.monotonic()
        self._due_s = self._alive_at + view.ends_in_s

    def _furnish(self) -> None:
        """All pages anew: in another language, or for somebody else."""
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._column.removeWidget(child)
            child.hide()
            child.deleteLater()
        manner = self._manner
        self._theme = theme = Theme.of(self._panel, dense=True, bigger=manner.bigger, contrast=manner.contrast)
        words = self._words[manner.language]
        self._setting = StaffSetting(theme, words, self._clock, self._opener)
        self._pages: dict[type[StaffPage], StaffPage] = {}
        self._look = None
        self._title = Text(self, theme, Type.HEAD, shrink=True)
        self._who = Text(self, theme, Type.NOTE)
        self._seconds = Text(self, theme, Type.NOTE, colour=theme.palette.red)
        others = [language for language in self._words if language != manner.language]
        self._languages = [self._in_head(self._words[language].own_name, f"language.{language}", "globe") for language in others]
        for language, button in zip(others, self._languages, strict=True):
            button.clicked.connect(lambda _=False, language=language: self._dress(replace(self._manner, language=language)))
        self._looks = self._in_head(words.text("tool.settings"), "looks", "a-large-small", alone=True)
        self._looks.setCheckable(True)
        self._looks.clicked.connect(self.open_look)
        self._out = self._in_head(words.text("staff.log_out"), "log_out", "log-out", alone=theme.bigger)
        self._out.clicked.connect(lambda: self._ask(LeaveAsked()))
        self._stack = QStackedWidget(self)
        self._deeds = {
            deed: Button(self, theme, words.text(f"staff.deed.{deed}"), name=f"deed.{deed}", form=Arrangement.ROW, step=Type.BODY)
            for deed in ALWAYS
        }
        for deed, button in self._deeds.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, deed=deed: self._goes_to(deed))
        self._ring = FocusRing(self, theme)
        self._column.setContentsMargins(theme.margin, theme.margin, theme.margin, theme.margin)
        self._column.setSpacing(theme.gap)
        # large text on a low panel: who is there has a line of its own above the buttons
        named: QBoxLayout = QHBoxLayout() if theme.compact else QVBoxLayout()
        named.setSpacing(theme.gap if theme.compact else 0)
        for widget in (self._title, self._who, self._seconds):
            named.addWidget(widget)
        # widgets and not bare layouts: they go with what stands in them
        bars = [QWidget(self) for _ in range(1 if theme.landscape and not theme.compact else 2)]
        self._rows = [QHBoxLayout(bar) for bar in bars]
        for row in self._rows:
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.gap)
        head, deeds = self._rows[0], self._rows[-1]
        head.addLayout(named, 8)
        for button in self._deeds.values():
            # by its longest word; large text leaves none of the row to share out
            deeds.addWidget(button, 0 if theme.bigger else max(map(len, button.text().split())))
        for button in (*self._languages, self._looks, self._out):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        above = bars if theme.landscape else bars[:1]
        for part in (*above, self._stack, *bars[len(above) :]):
            self._column.addWidget(part, int(part is self._stack))
        for part in (*bars, *self._languages, self._looks, self._out, *self._deeds.values(), self._stack):
            part.show()
        ground = QPalette(self.palette())
        ground.setColor(QPalette.ColorRole.Window, QColor(theme.palette.paper))
        self.setPalette(ground)

    def _setting_of(self, wanted: type[StaffPage]) -> StaffSetting:
        ordinary = self._theme.compact and wanted in ORDINARY_ACROSS
        return replace(self._setting, theme=replace(self._theme, bigger=False)) if ordinary else self._setting

    def _in_head(self, words: str, name: str, icon: str, *, alone: bool = False) -> Button:
        """A button beside who is there: its icon alone where words have no room."""
        form = Arrangement.ICON if alone or self._theme.landscape else Arrangement.ROW
        return Button(self, self._theme, words, name=name, icon=icon, step=Type.BODY, form=form)

    def _draw(self, view: StaffView) -> None:
        words, shows = self._setting.words, view.shows
        wanted = _page(shows)
        page = self._pages.get(wanted)
        if page is None:
            page = self._pages[wanted] = wanted(self._stack, self._setting_of(wanted))
            page.asked.connect(self._ask)
            self._stack.addWidget(page)
        stands = page if self._look is None else self._look
        changed = self._stack.currentWidget() is not stands
        self._stack.setCurrentWidget(stands)
        at_work = shows if isinstance(shows, WorkView) else None
        if self._theme.compact:
            # beside the deeds, where there are any
            for button in (*self._languages, self._looks, self._out):
                self._rows[0 if at_work is None else -1].addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._title.say(words.text(_title(shows) if self._look is None else "tool.settings"))
        self._who.say(self._told_below(shows))
        self._out.setVisible(at_work is not None)
        self._looks.setChecked(self._look is not None)
        for button in self._languages:
            # across, beside the deeds, a language is chosen on the page of the look
            button.setVisible(at_work is None or not self._theme.landscape)
        for deed, button in self._deeds.items():
            button.setVisible(at_work is not None and deed in at_work.deeds)
            button.setChecked(at_work is not None and (deed is at_work.deed or (deed is Deed.MORE and at_work.deed not in ALWAYS)))
        page.show_view(view)
        self._show_seconds()
        for layout in (*self._rows, self._column):
            layout.invalidate()
            layout.activate()
        if changed and (main := stands.main()) is not None:
            main.setFocus()
        self._ring_round()

    def _told_below(self, shows: LogInView | WorkView) -> str:
        words = self._setting.words
        if isinstance(shows, LogInView):
            hushed = self._theme.compact and shows.denied is not None
            return words.text("staff.first.how") if shows.first and not hushed else ""
        if shows.fresh and self._theme.compact:
            return words.text("staff.fresh", number=shows.agent.number)
        return words.text("staff.who", number=shows.agent.number, role=words.text(f"staff.role.{shows.agent.role}"))

    def _show_seconds(self) -> None:
        left = math.ceil(self._due_s - self._clock.monotonic()) if self._view is not None else math.inf
        warns = isinstance(left, int) and 0 < left <= WARNS_S and self._view is not None and isinstance(self._view.shows, WorkView)
        self._seconds.say(self._setting.words.plural("staff.ends", int(left)) if warns else "")

    def _goes_to(self, deed: Deed) -> None:
        if self._look is not None:
            self.open_look()
        self._ask(DeedAsked(deed))

    def _dress(self, manner: StaffManner | None) -> None:
        """The screens as they are wanted; None: as they are, and the page beneath stands again."""
        stays = self._look is not None and manner is not None
        if manner is not None:
            self._manner = manner
            self._furnish()
        self._shut_look()
        if stays:
            self.open_look()
        elif self._view is not None:
            self._draw(self._view)

    def alive(self) -> None:
        """Somebody is there: whatever was touched or typed."""
        now = self._clock.monotonic()
        if self._view is None or now - self._alive_at < ALIVE_EVERY_S:
            return
        self._begin_anew(self._view)
        self._show_seconds()
        self._ask(AtTheGlass())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in HEARD and self.isVisible():
            self.alive()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed goes to the page; arrows choose, and Return presses what the ring surrounds, or ends what is typed."""
        self.alive()
        if self.page.takes_key(Qt.Key(event.key())):
            return
        match event.key():
            case Qt.Key.Key_Right:
                self._step(1)
            case Qt.Key.Key_Left:
                self._step(-1)
            case Qt.Key.Key_Escape:
                self._ask(LeaveAsked())
            case Qt.Key.Key_Backspace:
                self.page.erases()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Select:
                self._press()
            case _ if event.text() and event.text().isprintable():
                self._keys_in_use = False
                self._ring_round()
                self.page.types(event.text())
            case _:
                event.ignore()

    def _tab(self, by: int) -> None:
        self.alive()
        if self._keys_in_use or not self.page.goes_on():
            self._step(by)

    def _press(self) -> None:
        focused = self.focusWidget()
        if self._keys_in_use and isinstance(focused, Button) and focused in self.stops():
            focused.click()
        else:
            self.page.enters()

    def _step(self, by: int) -> None:
        """The first key only shows what is chosen; the next ones move on, round and round."""
        stops, focused = self.stops(), self.focusWidget()
        if not stops:
            return
        if not isinstance(focused, Button) or focused not in stops:
            stops[0 if by > 0 else -1].setFocus()
        elif self._keys_in_use:
            stops[(stops.index(focused) + by) % len(stops)].setFocus()
        self._keys_in_use = True
        self._ring_round()

    def stops(self) -> list[Button]:
        """What the keys can choose, in the order of reading."""
        across = self._theme.landscape
        first = (*(self._deeds.values() if across else ()), *self._languages, self._looks, self._out)
        buttons = [*first, *self.page.findChildren(Button), *(() if across else self._deeds.values())]
        return [button for button in buttons if button.isVisibleTo(self) and button.isEnabled()]

    def _ring_round(self) -> None:
        focused = self.focusWidget()
        self._ring.surround(focused if self._keys_in_use and isinstance(focused, Button) and focused.isVisibleTo(self) else None)


def _page(shows: LogInView | WorkView) -> type[StaffPage]:
    if isinstance(shows, LogInView):
        return LogIn
    return PAGES[shows.deed] if shows.seconding is None else Second


def _title(shows: LogInView | WorkView) -> str:
    """The key of a page's title."""
    if isinstance(shows, WorkView):
        return f"staff.deed.{shows.deed}" if shows.seconding is None else "staff.second"
    return "staff.first" if shows.first else "staff.log_in"


def _differs_live_alone(before: StaffView, now: StaffView) -> bool:
    """Whether nothing is new but what the live page itself shows, on the page that stands."""
    was, shows = before.shows, now.shows
    if not isinstance(was, WorkView) or not isinstance(shows, WorkView) or was.live is None or shows.live is None:
        return False
    return was.live.stage is shows.live.stage and was.live.stopped is shows.live.stopped and replace(was, live=shows.live) == shows
