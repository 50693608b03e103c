"""What stands on the glass: the visitor's window, or staff's in its place. It shows view-states to both, and hears of the long press that asks for staff's."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from config.clock import Clock
from kiosk.console.events import ConsoleEvent, Opened
from kiosk.deposit.view import ViewState
from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words

if TYPE_CHECKING:
    from kiosk.screens.staff.window import StaffWindow


class KioskWindow(QWidget):
    """``ask`` gets what staff ask for. Staff's window is made when it is first needed."""

    def __init__(
        self, visitor: VisitorWindow, panel: Panel, words: Mapping[str, Words], ask: Callable[[ConsoleEvent], None], clock: Clock
    ) -> None:
        super().__init__()
        self.visitor = visitor
        self.staff: StaffWindow | None = None
        self._panel, self._words, self._ask, self._clock = panel, words, ask, clock
        self._visitors: ViewState | None = None
        self._layers = QStackedLayout(self)
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(visitor)
        self.setFixedSize(panel.width_px, panel.height_px)
        visitor.held.connect(lambda: ask(Opened()))

    def show_view(self, view: ViewState) -> None:
        """Every view-state of a session comes through here, in order. What staff do changes nothing on the visitor's pages, and to lay these out anew takes longer than a
        frame of theirs may."""
        visitors = replace(view, staff=None)
        if visitors != self._visitors:
            self._visitors = visitors
            self.visitor.show_view(visitors)
        if view.staff is None:
            if self.staff is not None:
                self.staff.show_view(None)
                self._bring(self.visitor)
            return
        if self.staff is None:
            # not by every start of a kiosk
            from kiosk.screens.staff.window import StaffWindow

            self.staff = StaffWindow(self, self._panel, self._words, self._ask, self._clock)
            self._layers.addWidget(self.staff)
        self._bring(self.staff)
        self.staff.show_view(view.staff)

    def _bring(self, window: QWidget) -> None:
        if self._layers.currentWidget() is window:
            return
        self._layers.setCurrentWidget(window)
        window.setFocus()
        application = QApplication.instance()
        if self.staff is None or application is None:
            return
        # every event of the program would go through it: it hears them only while staff are there
        if window is self.staff:
            application.installEventFilter(self.staff)
        else:
            application.removeEventFilter(self.staff)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        current = self._layers.currentWidget()
        if current is not None:
            current.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nobody in the window has the focus for are those of what stands."""
        current = self._layers.currentWidget()
        if current is not None and self.focusWidget() is None:
            current.setFocus()
            QApplication.sendEvent(current, event)
