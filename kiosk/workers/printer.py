"""The printer's thread: looks how the printer is, draws what is to be printed and prints it, one sheet after the other. Decides nothing: what is printed,
and when, the session and the console have asked for, and the ledger knows of it by then.

A printer's trouble is a spell in the log, like those that the runner sees.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from config.clock import Clock
from drivers.printer.printer import Printer
from drivers.printer.state import PrinterFault, PrinterTrouble
from kiosk.console.actions import PaperAction, PrintCopy, PrintDay, PrintRefusal
from kiosk.console.events import ConsoleEvent, SheetNotPrinted, SheetPrinted
from kiosk.console.told import PrinterSeen
from kiosk.deposit.actions import PrintTicket
from kiosk.deposit.events import PrinterEvent, PrinterTold, TicketNotPrinted, TicketPrinted
from kiosk.deposit.notes import Note
from kiosk.paper.explanation import explanation
from kiosk.paper.report import report
from kiosk.paper.sheet import Paper, Sheet
from kiosk.paper.ticket import ticket
from kiosk.paper.trial import trial
from kiosk.spells import SpellBook, StandingTrouble, Stream
from kiosk.words.reading import DEFAULT

LOOK_EVERY_S = 5.0
"""So old at most is what a voucher's page says of the printer. What ended since is found before a ticket begins."""


TRIES_S = 60.0
"""Longer than a sheet takes behind a visitor's ticket."""


@dataclass(frozen=True, slots=True)
class TrySheet:
    """A technician's sheet with this code; ``done`` is told what was in its way."""

    code: str
    done: "Future[PrinterTrouble | None]"


class PrinterWorker(threading.Thread):
    """``perform`` and ``speaks`` may be called from any thread, and never wait."""

    def __init__(
        self,
        printer: Printer,
        paper: Paper,
        clock: Clock,
        post: Callable[[PrinterEvent | ConsoleEvent], None],
        note: Callable[[Note], None],
    ) -> None:
        super().__init__(name="printer", daemon=True)
        self._printer = printer
        self._paper = paper
        self._clock = clock
        self._post = post
        self._note = note
        self._book = SpellBook(clock)
        self._inbox: queue.SimpleQueue[PrintTicket | PaperAction | TrySheet | None] = queue.SimpleQueue()
        self._language = DEFAULT
        self.seen: PrinterSeen | None = None
        """None until it was asked for the first time."""

    def perform(self, action: PrintTicket | PaperAction) -> None:
        self._inbox.put(action)

    def try_sheet(self, code: str) -> PrinterTrouble | None:
        """Has a technician's test sheet printed, and waits for it; what was in its way. Not from the runner's thread."""
        asked = TrySheet(code, Future())
        self._inbox.put(asked)
        try:
            return asked.done.result(TRIES_S)
        except TimeoutError:
            return PrinterTrouble(PrinterFault.SILENT)

    def speaks(self, language: str) -> None:
        """The language that stands on the glass: of what is printed from now on."""
        self._language = language

    def stop(self) -> None:
        """Ends the thread after what was already asked of it."""
        self._inbox.put(None)

    def run(self) -> None:
        self.look()
        while True:
            try:
                asked = self._inbox.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                self.look()
                continue
            if asked is None:
                break
            if isinstance(asked, TrySheet):
                asked.done.set_result(self._print(trial(asked.code, self._paper.kiosk, self._paper.words[DEFAULT])))
                self.look()
                continue
            self.does(asked)
        for note in self._book.close():
            self._note(note)

    def look(self) -> None:
        """Asks the printer how it is; what has changed is told."""
        state = self._printer.state()
        before, self.seen = self.seen, PrinterSeen(state, self._clock.now().utc)
        if before is None or before.state != state:
            self._post(PrinterTold(state))
        trouble = state.trouble
        standing = None if trouble is None else StandingTrouble({"fault": trouble.fault.value}, {"said": trouble.said})
        for note in (*self._book.stands(Stream.PRINTER, standing), *self._book.over()):
            self._note(note)

    def does(self, asked: PrintTicket | PaperAction) -> None:
        """Prints one sheet, and tells first how the printer is then: who hears that it is not out hears why, too."""
        trouble = self._print(self._sheet(asked))
        self.look()
        self._post(_told(asked, trouble))

    def _sheet(self, asked: PrintTicket | PaperAction) -> Sheet:
        """A visitor's ticket in the language on the glass, too; of a copy that staff print nobody knows who will read it."""
        paper = self._paper
        french = paper.words[DEFAULT]
        match asked:
            case PrintTicket(voucher, copy):
                return ticket(voucher, copy, paper.where, french, paper.words.get(self._language))
            case PrintCopy(voucher, copy):
                return ticket(voucher, copy, paper.where, french)
            case PrintDay(today):
                return report(today, paper.kiosk, french)
            case PrintRefusal(refusing, visit):
                return explanation(refusing, visit, paper.kiosk, french)
            case _:
                raise TypeError(type(asked).__name__)

    def _print(self, sheet: Sheet) -> PrinterTrouble | None:
        return self._printer.print_picture(self._paper.draw(sheet))


def _told(asked: PrintTicket | PaperAction, trouble: PrinterTrouble | None) -> PrinterEvent | ConsoleEvent:
    if isinstance(asked, PrintTicket):
        code = asked.voucher.code
        return TicketPrinted(code) if trouble is None else TicketNotPrinted(code, trouble)
    of = asked.voucher.code if isinstance(asked, PrintCopy) else None
    return SheetPrinted(of) if trouble is None else SheetNotPrinted(of, trouble)
