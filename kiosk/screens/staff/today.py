"""The day in tiles: what came in, what is owed, what was refused, how the machine stands. Each says its figure large and what it is below."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from config.clock import PARIS
from config.vocabulary import Cents, Material, Reason
from drivers.printer.state import PrinterState
from kiosk.console.events import DayPrintAsked, LogAsked, RowsAsked
from kiosk.console.printing import UNDER_WAY
from kiosk.console.roles import Deed
from kiosk.console.told import OnPaper
from kiosk.console.told import Today as Told
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.deposit.halts import Halt
from kiosk.log_reading import LogAbout, LogFigures
from kiosk.screens.parts.button import Arrangement, Button
from kiosk.screens.parts.note import Remark
from kiosk.screens.staff.log_page import LogPage
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.staff.turning import Lines, Turning
from kiosk.screens.style.theme import Type
from kiosk.words.catalogue import Words
from kiosk.words.denials import tell_denial
from kiosk.words.obstacles import tell_obstacle
from kiosk.words.paper import tell_on_paper, tell_printer
from ledger.figures import Tally
from ledger.kinds import Kind
from ledger.selection import Selection, VoucherState
from recognition.catalogue.store import OLD_DAYS

TILES = (
    *("glass", "plastic", "credited", "granted", "issued", "handed_out", "valid", "unclaimed", "expired", "paid"),
    *("gifts", "uncounted", "refusals", "halts", "bins", "sync", "paper", "machine"),
)
NAMED, NAMED_ACROSS = 3, 0
"""Reasons, halts or associations on one tile, the commonest; and where height is short."""

Tile = tuple[str, str]
"""A figure, and what it is."""


class Today(StaffPage):
    def build(self) -> None:
        column = self.column()
        self.remark = Remark(self, self.theme, "info", step=Type.BODY)
        column.addWidget(self.remark)
        grid = QGridLayout()
        grid.setSpacing(self.theme.gap)
        bigger = self.theme.bigger
        across, at_once = (
            (3, 6) if bigger and self.theme.landscape else (2, 10) if bigger else (6 if self.theme.landscape else 2, len(TILES))
        )
        self.tiles = {}
        self._day: date | None = None
        self._log: LogFigures | None = None
        self._listed: tuple[str, ...] = ()
        self._machine: MachineView | None = None
        self._printer: PrinterState | None = None
        self._on_paper: OnPaper | None = None
        self._prints, self._stands = False, ""
        self._named = NAMED_ACROSS if self.theme.landscape else NAMED
        for place, name in enumerate(TILES):
            tile = self.button(
                "–", f"tile.{name}", form=Arrangement.CHOICE, step=Type.LEAD if self.theme.landscape else Type.HEAD, note=" "
            )
            tile.clicked.connect(lambda _=False, name=name: self._opens(name))
            self.tiles[name] = tile
            there = place % at_once
            grid.addWidget(tile, there // across, there % across)
            grid.setColumnStretch(there % across, 1)
            grid.setRowStretch(there // across, 1)
        self._layers = QStackedWidget(self)
        tiles = QWidget(self)
        below = QVBoxLayout(tiles)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(self.theme.gap)
        below.addLayout(grid, 1)
        if at_once < len(TILES):
            turns = [self.button(self.words.text(f"staff.{name}"), name, step=Type.NOTE) for name in ("page_up", "page_down")]
            below.addLayout(self.row(turns))
            self._turning = Turning(tuple(self.tiles.values()), at_once, *turns)
        self._layers.addWidget(tiles)
        self._layers.addWidget(self._words_page())
        self.log = LogPage(self, self.theme, self.words, lambda: self.asked.emit(LogAsked(None)))
        self._layers.addWidget(self.log)
        column.addWidget(self._layers, 1)

    def _words_page(self) -> QWidget:
        """What is behind a tile that has no rows in the ledger."""
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        turns = [Button(page, self.theme, self.words.text(f"staff.{name}"), name=name, step=Type.NOTE) for name in ("page_up", "page_down")]
        self.told = Lines(page, self.theme, Type.NOTE if self.theme.landscape else Type.BODY, *turns)
        self.back = Button(page, self.theme, self.words.text("staff.back_to_tiles"), name="back", icon="undo-2", step=Type.LEAD)
        self.back.clicked.connect(lambda: self._layers.setCurrentIndex(0))
        self.print_ = Button(page, self.theme, self.words.text("staff.print.day"), name="print", icon="printer", step=Type.LEAD)
        self.print_.clicked.connect(lambda: self.asked.emit(DayPrintAsked()))
        column.setSpacing(self.theme.gap)
        column.addWidget(self.told, 1)
        column.addLayout(self.row((*turns, self.print_, self.back)))
        return page

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        # large text on a low panel: the window says it, in the line of who is there
        fresh = self.words.text("staff.fresh", number=work.agent.number) if work.fresh and not self.theme.compact else ""
        self.remark.say(tell_denial(work.failing, self.words) if work.failing is not None else fresh)
        self._machine = view.machine
        told = dict(self._of_the_machine(view.machine, work.today))
        if work.today is not None:
            self._day, self._log = work.today.figures.day, work.today.log
            self._listed = (tell_listed(work.today.listed_days, self.words),)
            told |= dict(self._of_money(work.today)) | dict(self._of_the_log(work.today))
            told["paper"] = self._paper(work.today)
        printer, on_paper = view.machine.printer, work.on_paper
        busy = on_paper is not None and on_paper.stage in UNDER_WAY
        self._printer = printer
        self._prints = Deed.PRINT in work.deeds and printer is not None and printer.prints and not busy
        self._on_paper = on_paper if on_paper is not None and on_paper.code is None else None
        if self._layers.currentIndex() == 1 and self._stands == "paper":
            self._opens("paper")
        if work.reading is not None:
            self.log.show_read(work.reading, " · ".join(self._behind(work.reading.about.value)))
            self._layers.setCurrentWidget(self.log)
        elif self._layers.currentWidget() is self.log:
            self._layers.setCurrentIndex(0)
        for name, tile in self.tiles.items():
            figure, note = told.get(name, ("–" if work.failing is not None else self.words.text("staff.looking"), ""))
            tile.say(figure, note)

    def _opens(self, name: str) -> None:
        """The rows behind a tile, in the ledger or in the log; else what the machine says of it."""
        selection = None if self._day is None else selection_of(name, self._day)
        if selection is not None:
            self.asked.emit(RowsAsked(selection))
            return
        if name in list(LogAbout):
            self.asked.emit(LogAsked(LogAbout(name)))
            return
        lines = tuple(self._behind(name))
        if lines:
            self._stands = name
            self.print_.setVisible(name == "paper" and self._prints)
            self.told.say(lines)
            self._layers.setCurrentIndex(1)

    def _behind(self, name: str) -> Iterator[str]:
        words = self.words
        match name, self._log, self._machine:
            case "refusals", LogFigures(refusals=refusals), _:
                for reason, n in refusals:
                    yield words.text("staff.told.reason", reason=words.text(f"item.{reason}") if reason in list(Reason) else reason, n=n)
                if not refusals:
                    yield words.text("staff.told.nothing")
            case "halts", LogFigures(halts=halts), _:
                for told in halts:
                    known = told.halt in list(Halt)
                    yield words.text(
                        "staff.told.stands" if told.standing else "staff.told.halt",
                        code=Halt(told.halt).code if known else told.halt,
                        minutes=_minutes(told.seconds),
                        times=told.times,
                        halt=words.text(f"halt.{told.halt}") if known else "",
                    )
                if not halts:
                    yield words.text("staff.told.nothing")
            case "paper", _, _ if self._printer is not None:
                # as it is now, which may be another than when the tiles were asked for
                yield tell_printer(self._printer, words)
                yield "" if self._on_paper is None else tell_on_paper(self._on_paper, words)
            case "machine", _, MachineView(why=None):
                yield words.text("staff.told.fine")
                yield from self._listed
            case "machine", _, MachineView(why=why) if why is not None:
                # the code that a visitor reads out leads here
                yield words.text(
                    "staff.told.machine", code=why.halt.code, fact=tell_obstacle(why, words), halt=words.text(f"halt.{why.halt}")
                )
                yield from self._listed
            case _:
                return

    def _of_money(self, today: Told) -> Iterator[tuple[str, Tile]]:
        words, figures = self.words, today.figures
        for material in Material:
            found = [total for total in figures.bottles if total.material is material]
            amount = words.amount(Cents(sum(total.cents for total in found)))
            yield material.value, (str(sum(total.bottles for total in found)), words.text(f"staff.tile.{material}", sum=amount))
        yield "credited", (words.amount(figures.credited), words.text("staff.tile.credited", budget=words.amount(today.day_cents)))
        vouchers = figures.vouchers
        for name, tally in (
            ("granted", figures.granted),
            ("issued", figures.issued),
            ("handed_out", figures.handed_out),
            ("valid", vouchers[VoucherState.VALID]),
            ("expired", vouchers[VoucherState.EXPIRED]),
            ("paid", vouchers[VoucherState.PAID]),
            ("unclaimed", vouchers[VoucherState.UNCLAIMED]),
        ):
            yield name, (words.amount(tally.cents), words.plural(f"staff.tile.{name}", tally.count))
        yield "gifts", self._gifts(figures.gifts)
        yield "uncounted", (str(figures.uncounted), words.text("staff.tile.uncounted"))

    def _gifts(self, gifts: dict[str, Tally]) -> Tile:
        words = self.words
        amount = words.amount(Cents(sum(tally.cents for tally in gifts.values())))
        told = words.plural("staff.tile.gifts", sum(tally.count for tally in gifts.values()))
        each = sorted(gifts.items(), key=lambda item: -item[1].cents)[: self._named]
        named = [
            words.text("staff.tile.gift_to", association=name or words.text("staff.tile.gift_nobody"), sum=words.amount(tally.cents))
            for name, tally in each
        ]
        return amount, " · ".join([told, *named] if any(gifts) else [told])

    def _of_the_log(self, today: Told) -> Iterator[tuple[str, Tile]]:
        words, refusals, halts = self.words, today.log.refusals, today.log.halts
        reasons = ", ".join(
            words.text("staff.tile.reason", reason=words.text(f"item.{reason}") if reason in list(Reason) else reason, n=n)
            for reason, n in refusals[: self._named]
        )
        key = "staff.tile.refusals" if reasons else "staff.tile.no_refusals"
        yield "refusals", (str(sum(n for _, n in refusals)), words.text(key, reasons=reasons))
        codes = ", ".join(
            words.text("staff.tile.reason", reason=Halt(told.halt).code if told.halt in list(Halt) else told.halt, n=_minutes(told.seconds))
            for told in halts[: self._named]
        )
        minutes = words.text("staff.tile.minutes", n=_minutes(sum(told.seconds for told in halts)))
        yield "halts", (minutes, words.text("staff.tile.halts" if codes else "staff.tile.no_halts", halts=codes))
        synced = words.text("staff.tile.never") if today.synced is None else self._at(today.synced, today.at)
        yield "sync", (synced, words.text("staff.tile.sync"))

    def _of_the_machine(self, machine: MachineView, today: Told | None) -> Iterator[tuple[str, Tile]]:
        words = self.words
        levels = (" " if self.theme.landscape else " · ").join(
            words.text(f"staff.tile.bin.{material}", percent=percent)
            for material, percent in ((seen.material, seen.percent) for seen in machine.seen.bins)
        )
        until = None if today is None else today.log.linked_until
        old = (
            words.text("staff.tile.bins_old")
            if until is None
            else words.text("staff.tile.bins_until", at=words.time_of_day(until.astimezone(PARIS)))
        )
        yield "bins", (levels or "–", words.text("staff.tile.bins") if machine.seen.linked else old)
        state = words.text("staff.tile.fine") if machine.why is None else machine.why.halt.code
        told = words.text("staff.tile.machine")
        if today is not None and (today.listed_days is None or today.listed_days > OLD_DAYS):
            told = tell_listed(today.listed_days, words)
        yield "machine", (state, told)

    def _paper(self, today: Told) -> Tile:
        if today.printer is None:
            return self.words.text("staff.tile.no_printer"), self.words.text("staff.tile.paper")
        seen = self._at(today.printer.at, today.at)
        return self.words.text(f"staff.paper.{today.printer.state.paper}"), self.words.text("staff.paper.at", time=seen)

    def _at(self, at: datetime, now: datetime) -> str:
        """The time of day, with the date unless it is today."""
        there, here = at.astimezone(PARIS), now.astimezone(PARIS)
        time = self.words.time_of_day(there)
        if there.date() == here.date():
            return time
        return self.words.text("staff.at", day=self.words.day(there.date(), short=True), time=time)


def selection_of(name: str, day: date) -> Selection | None:
    """The entries that a tile counts."""
    of_day = Selection(first=day, last=day)
    match name:
        case "glass" | "plastic":
            return replace(of_day, kind=Kind.CREDIT, material=Material(name))
        case "credited":
            return replace(of_day, kind=Kind.CREDIT)
        case "issued":
            return replace(of_day, kind=Kind.VOUCHER)
        case "granted":
            return replace(of_day, kind=Kind.GRANT)
        case "handed_out":
            return replace(of_day, kind=Kind.PAID)
        case "gifts":
            return replace(of_day, kind=Kind.GIFT)
        case "uncounted":
            return replace(of_day, uncounted=True)
        case "valid" | "expired" | "paid" | "unclaimed":
            return Selection(state=VoucherState(name))
        case _:
            return None


def tell_listed(days: int | None, words: Words) -> str:
    """How old the list of products is."""
    return words.text("staff.told.no_list") if days is None else words.plural("staff.told.list", days)


def _minutes(seconds: float) -> int:
    """Begun ones count."""
    return -(-int(seconds) // 60)
