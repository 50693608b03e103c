"""The printer's driver against the twin's printer on a pseudo-terminal: what it tells of its paper, what comes out, and every way in which it does not."""

import random
import socket
import threading
from pathlib import Path

import pytest

from config.system import AssumedClock
from drivers.printer import line
from drivers.printer.printer import EscPos
from drivers.printer.raster import Bitmap, ask, bands
from drivers.printer.state import CAUSE, PRINTER, SENSORS, NotUnderstood, Paper, PrinterFault, PrinterState, PrinterTrouble, state_of
from drivers.twin.actions import Answering, Cover, Manner, Plug, PrinterDeed, Reel, Roll
from drivers.twin.printer import Pressing
from wires.paper_end import PaperEnd

REAL = AssumedClock()


class Leaping(AssumedClock):
    """Each look at it finds a tenth of a second gone: what waits for an answer is through with it at once."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def monotonic(self) -> float:
        self._now_s += 0.1
        return self._now_s


def picture(rows: int, seed: int = 7) -> Bitmap:
    return Bitmap(576, rows, random.Random(seed).randbytes(72 * rows))


def fault_of(state: PrinterState) -> PrinterFault | None:
    return None if state.trouble is None else state.trouble.fault


@pytest.mark.parametrize(
    ("deeds", "paper", "fault"),
    [
        ((), Paper.ENOUGH, None),
        ((Reel(Roll.LOW),), Paper.LOW, None),
        ((Reel(Roll.OUT),), Paper.OUT, PrinterFault.PAPER_OUT),
        ((Cover(is_open=True),), Paper.UNKNOWN, PrinterFault.COVER_OPEN),
        ((Reel(Roll.OUT), Cover(is_open=True)), Paper.UNKNOWN, PrinterFault.COVER_OPEN),
        ((Answering(Manner.GARBAGE),), Paper.UNKNOWN, PrinterFault.GARBLED),
        ((Plug(is_in=False),), Paper.UNKNOWN, PrinterFault.UNREACHABLE),
    ],
)
def test_a_printer_says_how_its_paper_is_and_what_keeps_it_from_printing(
    tmp_path: Path, deeds: tuple[PrinterDeed, ...], paper: Paper, fault: PrinterFault | None
) -> None:
    with PaperEnd(tmp_path) as end:
        end.does(*deeds)
        state = end.printer(Leaping()).state()
    assert (state.paper, fault_of(state)) == (paper, fault)


def test_of_a_silent_printer_nothing_is_known_and_least_of_all_that_it_has_paper(tmp_path: Path) -> None:
    with PaperEnd(tmp_path) as end:
        end.does(Answering(Manner.SILENT))
        state = end.printer(Leaping()).state()
        assert state == PrinterState(Paper.UNKNOWN, PrinterTrouble(PrinterFault.SILENT))
        assert end.printer(Leaping()).print_picture(picture(40)) == PrinterTrouble(PrinterFault.SILENT)
    assert not end.tickets()


def test_what_comes_out_is_what_was_drawn_dot_by_dot(tmp_path: Path) -> None:
    drawn = picture(700)
    with PaperEnd(tmp_path) as end:
        assert end.printer(REAL).print_picture(drawn) is None
    assert end.tickets() == [drawn]


@pytest.mark.parametrize("deed", [Reel(Roll.OUT), Cover(is_open=True), Answering(Manner.GARBAGE)])
def test_a_printer_that_cannot_print_is_sent_nothing_that_would_come_out_later(tmp_path: Path, deed: PrinterDeed) -> None:
    with PaperEnd(tmp_path) as end:
        end.does(deed)
        assert end.printer(Leaping()).print_picture(picture(40)) is not None
        end.does(Reel(Roll.ENOUGH), Cover(is_open=False), Answering(Manner.RIGHT))
        assert end.printer(REAL).print_picture(picture(50)) is None
    assert [ticket.height for ticket in end.tickets()] == [50]


def test_paper_that_ends_within_a_ticket_is_told_and_the_rest_does_not_come_out_with_the_next_roll(tmp_path: Path) -> None:
    with PaperEnd(tmp_path) as end:
        end.does(Reel(Roll.OUT, after=300))
        trouble = end.printer(REAL).print_picture(picture(700))
        assert trouble == PrinterTrouble(PrinterFault.PAPER_OUT)
        end.does(Reel(Roll.ENOUGH))
        assert end.printer(REAL).print_picture(picture(50)) is None
    assert [ticket.height for ticket in end.torn()] == [300]
    assert [ticket.height for ticket in end.tickets()] == [50]


def test_a_printer_that_is_unplugged_within_a_ticket_is_told_and_prints_again_once_it_is_back(tmp_path: Path) -> None:
    with PaperEnd(tmp_path) as end:
        end.does(Plug(is_in=False, after=200))
        trouble = end.printer(REAL).print_picture(picture(700))
        assert trouble is not None
        assert trouble.fault is PrinterFault.UNPLUGGED
        end.does(Plug(is_in=True))
        assert end.printer(REAL).print_picture(picture(50)) is None
    assert [ticket.height for ticket in end.torn()] == [200]


class FallsSilent:
    """Takes all, answers what it is asked before a ticket, and nothing after it."""

    def __init__(self) -> None:
        self._answers = 3

    def write(self, data: bytes, within_s: float) -> None:
        pass

    def read(self, within_s: float) -> int:
        if not self._answers:
            raise line.LineTimeout
        self._answers -= 1
        return 0x12

    def drain(self) -> None:
        pass

    def close(self) -> None:
        pass


class KeepsWhatItIsSent:
    """As a printer with a large memory: it takes all at once, and would print it for whoever puts the next roll in. ``answers``: to DLE EOT 1, 2 and 4."""

    def __init__(self, answers: tuple[int, int, int]) -> None:
        self._answers = dict(zip((PRINTER, CAUSE, SENSORS), answers, strict=True))
        self._due: list[int] = []
        self.kept = b""

    def write(self, data: bytes, within_s: float) -> None:
        asked = next((n for n in self._answers if data == ask(n)), None)
        if asked is None:
            self.kept += data
        else:
            self._due.append(self._answers[asked])

    def read(self, within_s: float) -> int:
        if not self._due:
            raise line.LineTimeout
        return self._due.pop(0)

    def drain(self) -> None:
        self._due.clear()

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ((0x1A, 0x32, 0x72), PrinterFault.PAPER_OUT),
        ((0x1A, 0x16, 0x12), PrinterFault.COVER_OPEN),
        ((0x1A, 0x12, 0x12), PrinterFault.OFFLINE),
    ],
)
def test_a_printer_is_looked_at_first_and_one_that_cannot_print_gets_no_byte_of_the_ticket(
    answers: tuple[int, int, int], fault: PrinterFault
) -> None:
    paper = KeepsWhatItIsSent(answers)
    trouble = EscPos(lambda: paper, Leaping()).print_picture(picture(8))
    assert trouble is not None
    assert (trouble.fault, paper.kept) == (fault, b"")


def test_one_that_answers_no_more_at_the_end_of_a_ticket_is_not_believed_to_have_printed_it() -> None:
    assert EscPos(FallsSilent, Leaping()).print_picture(picture(8)) == PrinterTrouble(PrinterFault.SILENT)


def test_a_printer_over_the_network_is_the_same_one() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def serve() -> None:
        connection, _ = server.accept()
        pressing = Pressing(Path("/nonexistent"))
        with connection:
            while data := connection.recv(4096):
                connection.sendall(pressing.feed(data))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    state = EscPos(lambda: line.network("127.0.0.1", port, REAL), REAL).state()
    server.close()
    assert state == PrinterState(Paper.ENOUGH)
    gone = EscPos(lambda: line.network("127.0.0.1", port, REAL), REAL).state()
    assert (gone.paper, fault_of(gone)) == (Paper.UNKNOWN, PrinterFault.UNREACHABLE)


def test_a_file_that_is_no_serial_port_is_told_and_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("mine")
    state = EscPos(lambda: line.serial(str(path), 19200, REAL), REAL).state()
    assert fault_of(state) is PrinterFault.UNREACHABLE
    assert path.read_text() == "mine"


@pytest.mark.parametrize("byte", [0x00, 0xFF, 0x11, 0x13, 0x16 ^ 0x10])
def test_a_byte_that_is_no_status_is_never_read_as_one(byte: int) -> None:
    with pytest.raises(NotUnderstood):
        state_of(0x12, 0x12, byte)


def test_bands_are_small_enough_for_the_memory_of_a_small_printer() -> None:
    assert max(len(band) for band in bands(picture(1000))) <= 72 * 128 + 8


def test_a_picture_without_its_dots_is_no_picture() -> None:
    with pytest.raises(ValueError, match="no 576x2 dots"):
        Bitmap(576, 2, bytes(72))
