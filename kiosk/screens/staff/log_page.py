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
from kiosk.screens.staff.turning import Lines
from kiosk.screens.style.theme import Theme, Type
from kiosk.words.catalogue import Words
from kiosk.words.explaining import briefly

FACTS = 3
"""Of a line that is shown as it stands, so many fields."""


def told_line(line: LogLine, words: Words, *, day: bool = False) -> str:
    """When, what, and what more there is to say. ``day``: lines of several days stand there."""
    there = line.at.astimezone(PARIS)
    at = f"{there:%H:%M:%S}" + ("" if line.trusted else " ?")
    if day:
        at = f"{words.day(there.date(), short=True)} {at}"
    halt = Halt(line.what) if line.what in list(Halt) else None
    code = halt.code if halt is not None else line.what
    parts: tuple[str, ...]
    match line.kind:
        case NoteKind.HANDED_BACK:
            reason = words.text(f"item.{line.what}") if line.what in list(Reason) else line.what
            parts = (reason, "" if line.item is None else words.text("staff.log.item", n=line.item))
        case NoteKind.HALT:
            parts = (words.text("staff.log.halt", code=code, halt=words.text(f"halt.{halt}") if halt is not None else ""), "")
        case NoteKind.HALT_OVER:
            minutes = -(-int(line.seconds or 0) // 60)
            parts = (words.text("staff.log.over", code=code), words.plural("staff.log.length", line.times, minutes=minutes))
        case NoteKind.FAULT | NoteKind.FAULT_OVER:
            parts = (words.text(f"staff.log.kind.{line.kind}"), *_of_fault(line, words))
        case NoteKind.JUDGED if line.verdict is not None:
            # the whole of it stands with its visit, on the page where a visitor is helped
            parts = (words.text(f"staff.log.kind.{line.kind}"), *list(briefly(line.verdict, words))[:1])
        case NoteKind.STARTED if not line.facts:
            parts = (words.text("staff.log.started"), "")
        case _:
            parts = (words.text(f"staff.log.kind.{line.kind}"), *(f"{name} {value}" for name, value in line.facts[:FACTS]))
    return " · ".join(part for part in (at, *parts) if part)


def _of_fault(line: LogLine, words: Words) -> tuple[str, ...]:
    """Which part, and how long it stood or what is known of its cause."""
    facts = dict(line.facts)
    part = words.text(f"selftest.fault.{line.what}")
    if line.kind is NoteKind.FAULT:
        return part, words.text(f"selftest.cause.{facts.get('cause', 'none')}")
    return part, words.plural("staff.log.length", line.times, minutes=-(-int(line.seconds or 0) // 60))


class LogPage(QWidget):
    """``leaves`` is called for the tiles."""

    def __init__(self, parent: QWidget, theme: Theme, words: Words, leaves: Callable[[], None]) -> None:
        super().__init__(parent)
        self._words = words
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap)
        self.told = Text(self, theme, Type.BODY)
        self.up = Button(self, theme, words.text("staff.page_up"), name="page_up", step=Type.NOTE)
        self.down = Button(self, theme, words.text("staff.page_down"), name="page_down", step=Type.NOTE)
        self.lines = Lines(self, theme, Type.NOTE, self.up, self.down)
        back = Button(self, theme, words.text("staff.back_to_tiles"), name="back", icon="undo-2", step=Type.NOTE)
        back.clicked.connect(leaves)
        column.addWidget(self.told)
        column.addWidget(self.lines, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.gap)
        for button in (self.up, self.down, back):
            row.addWidget(button, 1)
        column.addLayout(row)

    def show_read(self, read: LogRead, figures: str) -> None:
        """``figures``: those of the day, in words."""
        lines = read.lines
        self.told.say(
            self._words.text("staff.looking")
            if lines is None
            else " · ".join(part for part in (self._words.plural("staff.log.lines", len(lines)), figures) if part)
        )
        self.lines.say([told_line(line, self._words) for line in lines or ()])
