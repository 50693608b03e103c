"""A list of entries, however long: rows are read from the ledger's file in small windows as they come into sight, by their numbers, and no more than these are kept."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from config.clock import PARIS
from config.vocabulary import Material
from kiosk.words.catalogue import Words
from ledger.kinds import KINDS
from ledger.selection import ERRORS, Line, LineSource
from ledger.vouchers import CODE_LETTERS, grouped

WINDOW = 64
"""Rows that are read together: a screenful, in about a millisecond."""

KEPT = 32
"""Windows that are kept."""

COLUMNS = (("row",), ("booked",), ("kind",), ("visit",), ("what",), ("amount",))
"""Where there is room for a line an entry."""

STACKED = (("row", "visit"), ("kind", "what"), ("booked", "amount"))
"""Where there is not: two lines an entry, and each number whole."""

TALL = (("row", "visit", "amount"), ("booked", "kind", "what"))
"""Large text where height is what there is most of: three."""

AT_THE_END = (("row",), ("amount",), STACKED[-1])
"""Columns whose numbers stand below one another."""

Index = QModelIndex | QPersistentModelIndex


class Rows(QAbstractTableModel):
    """Read only. ``opener`` opens the file of a ledger to read."""

    def __init__(self, words: Words, opener: Callable[[Path], LineSource], columns: Sequence[Sequence[str]] = COLUMNS) -> None:
        super().__init__()
        self._words = words
        self._columns = columns
        self._opener = opener
        self._rows: Sequence[int] = ()
        self._lines: LineSource | None = None
        self._windows: OrderedDict[int, dict[int, Line]] = OrderedDict()
        self._path = ""
        # a list has few different amounts, and Babel takes its time for each
        self._amount = cache(words.amount)

    def show_rows(self, path: str, rows: Sequence[int]) -> None:
        """Another list, or the same file with more in it."""
        if rows is self._rows and path == self._path:
            return
        self.beginResetModel()
        self._windows.clear()
        self._rows = rows
        if path != self._path:
            self.close()
        self._path = path
        self.endResetModel()

    def close(self) -> None:
        """Lets go of the file."""
        if self._lines is not None:
            self._lines.close()
        self._lines = None

    def row_at(self, place: int) -> int | None:
        """The ledger's number of a row in the list."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - same
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return "\n".join(self._words.text(f"staff.column.{name}") for name in self._columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        names = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and names in AT_THE_END:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        line = self._line(index.row())
        return "" if line is None else "\n".join(self._told(line, name) for name in names)

    def _told(self, line: Line, column: str) -> str:
        match column:
            case "row":
                return str(line.row)
            case "booked":
                return f"{line.booked.astimezone(PARIS):%d/%m %H:%M:%S}" + ("" if line.trusted else " ?")
            case "kind":
                return self._words.text(f"kind.{line.kind}") if line.kind in KINDS else line.kind
            case "visit":
                return line.visit.rpartition("/")[2]
            case "amount":
                return self._amount(line.cents) if line.cents else ""
            case _:
                return told_what(line.what, self._words)

    def _line(self, place: int) -> Line | None:
        number = place // WINDOW
        window = self._windows.get(number)
        if window is None:
            window = self._read(self._rows[number * WINDOW : (number + 1) * WINDOW])
            if window is None:
                return None
            self._windows[number] = window
            while len(self._windows) > KEPT:
                self._windows.popitem(last=False)
        return window.get(self._rows[place])

    def _read(self, rows: Sequence[int]) -> dict[int, Line] | None:
        """None where the file cannot be read just now: the list stays empty there, and the next paint tries again."""
        try:
            if self._lines is None:
                self._lines = self._opener(Path(self._path))
            return self._lines.read(rows)
        except ERRORS:
            self.close()
            return None


def told_what(what: str, words: Words) -> str:
    """A material by its name, a voucher's code in groups."""
    if what in list(Material):
        return words.text(f"material.{what}")
    return grouped(what) if len(what) == CODE_LETTERS and what.isalnum() else what
