"""The log's lines behind a figure of the day, page by page, with the day's figures above them. Nothing can be changed here."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from config.clock import PARIS
from config.vocabulary import Reason
from kiosk.console.told import LogRead
from kiosk.deposit.halts import Halt
from kiosk.deposit.notes import NoteKind
from kiosk.log_reading import LogLine
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.text import Text
from kiosk.screens.staff.entry import LINE_END
from kiosk.screens.style.theme import Theme, Type
from kiosk.words.catalogue import Words

LINES, LINES_ACROSS = 18, 8
"""A page of them, on a panel upright and across."""


def told_line(line: LogLine, words: Words) -> str:
    """When, what, and what more there is to say."""
    at = f"{line.at.astimezone(PARIS):%H:%M:%S}" + ("" if line.trusted else " ?")
    halt = Halt(line.what) if line.what in list(Halt) else None
    code = halt.code if halt is not None else line.what
    match line.kind:
        case NoteKind.HANDED_BACK:
            reason = words.text(f"item.{line.what}") if line.what in list(Reason) else line.what
            parts = (reason, "" if line.item is None else words.text("staff.log.item", n=line.item))
        case NoteKind.HALT:
            parts = (words.text("staff.log.halt", code=code, halt=words.text(f"halt.{halt}") if halt is not None else ""), "")
        case NoteKind.HALT_OVER:
            minutes = -(-int(line.seconds or 0) // 60)
            parts = (words.text("staff.log.over", code=code), words.text("staff.log.length", minutes=minutes, times=line.times))
        case _:
            parts = (words.text("staff.log.started"), "")
    return " · ".join(part for part in (at, *parts) if part)


class LogPage(QWidget):
    """``leaves`` is called for the tiles."""

    def __init__(self, parent: QWidget, theme: Theme, words: Words, leaves: Callable[[], None]) -> None:
        super().__init__(parent)
        self._words = words
        self._read: LogRead | None = None
        self._first = 0
        self._page = LINES_ACROSS if theme.landscape else LINES
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap)
        self.told = Text(self, theme, Type.BODY)
        self.lines = Text(self, theme, Type.NOTE)
        self.up = Button(self, theme, words.text("staff.page_up"), name="page_up", step=Type.NOTE)
        self.up.clicked.connect(lambda: self._turns(-self._page))
        self.down = Button(self, theme, words.text("staff.page_down"), name="page_down", step=Type.NOTE)
        self.down.clicked.connect(lambda: self._turns(self._page))
        back = Button(self, theme, words.text("staff.back_to_tiles"), name="back", icon="undo-2", step=Type.NOTE)
        back.clicked.connect(leaves)
        column.addWidget(self.told)
        column.addWidget(self.lines)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.gap)
        for button in (self.up, self.down, back):
            row.addWidget(button, 1)
        column.addLayout(row)

    def show_read(self, read: LogRead, figures: str) -> None:
        """``figures``: those of the day, in words."""
        if read is not self._read:
            self._read, self._first = read, 0
        lines = read.lines
        self.told.say(
            self._words.text("staff.looking")
            if lines is None
            else " · ".join(part for part in (self._words.plural("staff.log.lines", len(lines)), figures) if part)
        )
        self._turns(0)

    def _turns(self, by: int) -> None:
        lines = () if self._read is None or self._read.lines is None else self._read.lines
        self._first = max(0, self._first + by)
        shown = lines[self._first : self._first + self._page]
        self.lines.say(LINE_END.join(told_line(line, self._words) for line in shown))
        self.up.setVisible(self._first > 0)
        self.down.setVisible(self._first + self._page < len(lines))
