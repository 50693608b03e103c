"""The printer's thread: what changes is told once, what was asked for is drawn in the languages that stand, and what went wrong is told and noted."""

from drivers.printer.raster import Bitmap
from drivers.printer.state import Paper, PrinterFault, PrinterState, PrinterTrouble
from kiosk.console.events import ConsoleEvent
from kiosk.deposit.actions import PrintTicket
from kiosk.deposit.events import PrinterEvent, PrinterTold, TicketNotPrinted, TicketPrinted
from kiosk.deposit.notes import Note, NoteKind
from kiosk.paper import sheet
from kiosk.paper.sheet import Line, Sheet
from kiosk.words.catalogue import Words
from kiosk.workers.printer import PrinterWorker
from people.stories import a_voucher
from timing import FakeClock

READY = PrinterState(Paper.ENOUGH)
UNPLUGGED = PrinterTrouble(PrinterFault.UNPLUGGED, "Input/output error")


class Metal:
    """Is as it is told to be, and remembers what it was given."""

    def __init__(self) -> None:
        self.now = READY
        self.fails: PrinterTrouble | None = None
        self.printed: list[Bitmap] = []

    def state(self) -> PrinterState:
        return self.now

    def print_picture(self, bitmap: Bitmap) -> PrinterTrouble | None:
        self.printed.append(bitmap)
        return self.fails


class Bench:
    def __init__(self) -> None:
        self.metal, self.clock = Metal(), FakeClock()
        self.told: list[PrinterEvent | ConsoleEvent] = []
        self.notes: list[Note] = []
        self.drawn: list[Sheet] = []
        paper = sheet.Paper(self.draw, {language: Words(language) for language in ("fr", "en", "ar")}, "Guichet 3")
        self.worker = PrinterWorker(self.metal, paper, self.clock, self.told.append, self.notes.append)

    def draw(self, drawn: Sheet) -> Bitmap:
        self.drawn.append(drawn)
        return Bitmap(8, 1, bytes(1))

    def lines(self) -> list[str]:
        return [piece.words for piece in self.drawn[-1] if isinstance(piece, Line)]


def test_how_the_printer_is_is_told_when_it_changes_and_known_by_its_age_each_time() -> None:
    bench = Bench()
    bench.worker.look()
    bench.clock.advance(60)
    bench.worker.look()
    assert bench.told == [PrinterTold(READY)]
    assert bench.worker.seen is not None
    assert bench.worker.seen.at == bench.clock.now().utc
    bench.metal.now = PrinterState(Paper.OUT, PrinterTrouble(PrinterFault.PAPER_OUT))
    bench.worker.look()
    assert bench.told[-1] == PrinterTold(bench.metal.now)
    assert [note.kind for note in bench.notes] == [NoteKind.PRINTER_LOST]
    assert bench.notes[0].facts == {"fault": "paper_out", "said": ""}


def test_a_ticket_is_drawn_in_the_language_that_stands_on_the_glass_and_told_as_printed() -> None:
    bench = Bench()
    bench.worker.speaks("en")
    bench.worker.does(PrintTicket(a_voucher(), 2))
    assert any(line.endswith("DUPLICATE: copy 2") for line in bench.lines())
    assert "Guichet 3" in bench.lines()
    assert len(bench.metal.printed) == 1
    assert bench.told[-1] == TicketPrinted("CODE")


def test_what_was_in_the_way_is_told_with_how_the_printer_is_then_before_it() -> None:
    bench = Bench()
    bench.metal.fails, bench.metal.now = UNPLUGGED, PrinterState(Paper.UNKNOWN, UNPLUGGED)
    bench.worker.does(PrintTicket(a_voucher(), 1))
    assert bench.told == [PrinterTold(bench.metal.now), TicketNotPrinted("CODE", UNPLUGGED)]


def test_the_thread_prints_what_was_asked_before_it_stops() -> None:
    bench = Bench()
    bench.worker.start()
    bench.worker.perform(PrintTicket(a_voucher(), 1))
    bench.worker.stop()
    bench.worker.join()
    assert bench.told == [PrinterTold(READY), TicketPrinted("CODE")]
