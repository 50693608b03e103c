"""Staff's list of a ledger with a million entries, beside a bare Qt model: how long until it stands, and the longest frame while it is scrolled.

    python -m benchmarks.staff_list [--entries N] [--json]

*Empty* is the page with no entries, *ours* the page on the ledger's file, *bare* a table whose model makes its texts from the row number. A frame is one step of the
scroll bar with everything that it leads to, painted. Then the same with each filter set, and what the console's thread needs to find its rows; and the day's figures.
"""

import argparse
import gc
import json
import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.arguments import at_least
from config.system import AssumedClock
from config.vocabulary import Cents, Material
from kiosk.console.roles import Deed
from kiosk.console.told import Looking
from kiosk.console.view import WorkView
from kiosk.screens.gallery import StillClock
from kiosk.screens.staff.gallery import staff_shots
from kiosk.screens.staff.ledger import Ledger
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.words.catalogue import Words
from ledger.database import reading
from ledger.figures import figures
from ledger.generation import Beginning, begin
from ledger.kinds import Kind
from ledger.limits import Terms
from ledger.selection import Selected, Selection, VoucherState, select

STEPS = 400

COPIES = """
WITH RECURSIVE number(n) AS (SELECT :begin UNION ALL SELECT n + 1 FROM number WHERE n < :end)
INSERT INTO entry SELECT n, CASE n % 3 WHEN 0 THEN 'intent' WHEN 1 THEN 'credit' ELSE 'step' END, 'sort:' || n, '2026-11-24/' || (n % 10000),
  '2026-11-24T08:15:30.123Z', '2026-11-24T08:15:30.123Z', 1,
  json_object('sequence', n, 'from', n - 1, 'totaliser', n, 'amount', 20, 'material', CASE n % 2 WHEN 0 THEN 'glass' ELSE 'plastic' END,
    'day', '2026-' || printf('%02d', 1 + n % 11) || '-' || printf('%02d', 1 + n % 28)),
  printf('%064d', n - 1), printf('%064d', n) FROM number"""

POSTINGS = """
INSERT INTO posting SELECT row, 'expenses:rewards', 20 FROM entry WHERE kind = 'credit' AND row > 1
UNION ALL SELECT row, 'liabilities:visits', -20 FROM entry WHERE kind = 'credit' AND row > 1"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of processor."""

    entries: int
    empty_ms: float
    ours_ms: float
    bare_ms: float
    frame_ms: float
    longest_frame_ms: float
    bare_frame_ms: float
    bare_longest_frame_ms: float
    day_figures_ms: float
    filters: dict[str, "Filtered"]


@dataclass(frozen=True, slots=True)
class Filtered:
    """``select_ms``: the console's own thread; ``more_ms``: what its list opens later than an empty one."""

    rows: int
    select_ms: float
    more_ms: float
    longest_frame_ms: float


FILTERS = {
    "material": Selection(material=Material.GLASS),
    "kind": Selection(kind=Kind.CREDIT),
    "behind_a_tile": Selection(first=date(2026, 11, 24), last=date(2026, 11, 24), kind=Kind.CREDIT, material=Material.GLASS),
    "period": Selection(first=date(2026, 3, 1), last=date(2026, 9, 30)),
    "amount": Selection(least=Cents(20)),
    "nothing_moved": Selection(most=Cents(0)),
    "visit": Selection(visit="0017"),
    "voucher": Selection(voucher="58E556H6NGWATCXKA"),
    "unpaid": Selection(state=VoucherState.VALID),
    "uncounted": Selection(uncounted=True),
    "several": Selection(first=date(2026, 3, 1), kind=Kind.CREDIT, material=Material.PLASTIC, least=Cents(10)),
}


def fill(path: Path, entries: int) -> None:
    """Rows that look like a kiosk's; no chain that anybody would believe."""

    terms = Terms(Cents(20), 30, Cents(10_000_000), "https://consigne.example/bon", 1095)
    begin(
        path, Beginning("benchmark", "benchmark", "benchmark", 1, 0, demonstration=True), clock=AssumedClock(), random=secrets, terms=terms
    )
    with closing(sqlite3.connect(path)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(COPIES, {"begin": 2, "end": entries})
        database.execute(POSTINGS)
        database.commit()


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of processor, so that other programs on the machine do not count."""
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


NOBODY = QModelIndex()


class Bare(QAbstractTableModel):
    """As many rows, whose texts cost nothing."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self._entries = entries

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NOBODY) -> int:  # noqa: N802
        return 0 if parent.isValid() else self._entries

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = NOBODY) -> int:  # noqa: ARG002, N802
        return 6

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return f"{index.row()} {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None


def measure(path: Path, entries: int) -> Figures:

    application = QApplication.instance() or QApplication(["benchmark"])
    register()
    words = {"fr": Words()}
    template = next(shot.view for shot in staff_shots() if shot.name == "staff-ledger")
    work = template.shows
    assert isinstance(work, WorkView)

    def opened(rows: Sequence[int], selection: Selection | None = None) -> tuple[StaffWindow, float]:
        window = StaffWindow(None, Panel(1080, 1920, 15.6), words, lambda _: None, StillClock())
        window.show()
        selected = Selected(rows, Cents(0), date(2026, 11, 24), ())
        looking = Looking(selection or Selection(), selected, path=str(path))
        view = replace(template, shows=replace(work, deed=Deed.LEDGER, looking=looking))

        def show() -> None:
            window.show_view(view)
            application.processEvents()
            window.grab()

        return window, timed(show)

    def frames_of(table: QTableView) -> tuple[float, float]:
        bar = table.verticalScrollBar()

        def step_to(step: int) -> None:
            bar.setValue(round(bar.maximum() * step / STEPS))
            table.grab()

        frames = sorted(timed(partial(step_to, step)) for step in range(STEPS))
        return frames[STEPS // 2], frames[-1]

    warm, _ = opened(range(0))
    warm.close()
    # as every start of a kiosk does (commands/run.py)
    gc.collect()
    gc.freeze()
    empty, empty_ms = opened(range(0))
    empty.close()
    ours, ours_ms = opened(range(entries, 0, -1))
    assert isinstance(ours.page, Ledger)
    table, model = QTableView(), Bare(entries)
    table.resize(ours.page.table.size())

    def show_bare() -> None:
        table.setModel(model)
        table.show()
        application.processEvents()
        table.grab()

    bare_ms = timed(show_bare)
    with reading(path) as connection:
        day = date(2026, 11, 24)
        figures_ms = timed(lambda: figures(connection, day))
        found: list[Selected] = []

        def of(selection: Selection) -> Filtered:
            select_ms = timed(lambda: found.append(select(connection, selection, day)))
            window, opened_ms = opened(found[-1].rows, selection)
            assert isinstance(window.page, Ledger)
            _, longest_ms = frames_of(window.page.table)
            window.close()
            return Filtered(len(found[-1].rows), select_ms, opened_ms - empty_ms, longest_ms)

        filters = {name: of(selection) for name, selection in FILTERS.items()}
    return Figures(entries, empty_ms, ours_ms, bare_ms, *frames_of(ours.page.table), *frames_of(table), figures_ms, filters)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.staff_list")
    parser.add_argument("--entries", type=at_least(100), default=1_000_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        fill(path, arguments.entries)
        found = measure(path, arguments.entries)
    if arguments.json:
        print(json.dumps(asdict(found)))
        return
    figures_of = asdict(found)
    filters = figures_of.pop("filters")
    for name, value in figures_of.items():
        print(f"{name:24} {value:,.1f}")
    for name, it in filters.items():
        told = f"{it['select_ms']:,.0f} ms to find, opens {it['more_ms']:,.0f} ms after an empty one, longest frame {it['longest_frame_ms']:,.0f} ms"
        print(f"{name:24} {it['rows']:,} rows: {told}")


if __name__ == "__main__":
    main()
