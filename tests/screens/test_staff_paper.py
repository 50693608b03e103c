"""What staff have printed at the glass, on the twin's printer: with paper out, the cover open or the plug pulled, known before, just before and in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.system import AssumedClock
from drivers.twin.actions import Cover, Plug, PrinterDeed, Reel, Roll
from kiosk.console.roles import Role
from kiosk.screens.visitor.place import Place
from kiosk.workers.printer import LOOK_EVERY_S
from people.agent import PIN, StaffMember
from people.journey import MakeBooth
from people.person import Way
from wires.paper_end import PaperEnd
from worlds.booth import GLASS, Booth, HallClock

pytestmark = [pytest.mark.long, pytest.mark.parametrize("way", [Way.TOUCH])]

MENDED = (Reel(Roll.ENOUGH), Cover(is_open=False), Plug(is_in=True))

NO_PAPER, OPEN = "Le papier est fini. Mettez un rouleau.", "Le capot est ouvert. Fermez-le."
MISSING, PULLED = "L’imprimante est introuvable. Vérifiez prise et câble.", "L’imprimante a été débranchée. Rebranchez-la."

# a voucher meets each; a report goes the same way, and meets one
BEFORE = pytest.mark.parametrize(("deed", "told"), [(Reel(Roll.OUT), NO_PAPER), (Cover(is_open=True), OPEN), (Plug(is_in=False), MISSING)])
WITHIN = pytest.mark.parametrize(
    ("deed", "told"), [(Reel(Roll.OUT, 200), NO_PAPER), (Cover(is_open=True, after=200), OPEN), (Plug(is_in=False, after=200), PULLED)]
)


@pytest.fixture
def end(tmp_path: Path) -> Iterator[PaperEnd]:
    with PaperEnd(tmp_path) as end:
        yield end


def at_a_voucher(booth: MakeBooth, end: PaperEnd) -> tuple[Booth, StaffMember]:
    """An agent has looked up a voucher that its visitor has left without printing it."""
    hall = booth(printer=end.printer(AssumedClock()))
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    hall.agents.add("Camille", Role.MANAGER, PIN)
    staff = StaffMember(hall.glass, HallClock(hall))
    staff.logs_in()
    staff.asks("deed.vouchers")
    staff.types_at(staff.window, str(hall.entries("voucher")[0]["code"]))
    staff.asks("search")
    looks(hall)
    return hall, staff


def at_the_report(booth: MakeBooth, end: PaperEnd) -> tuple[Booth, StaffMember]:
    """A manager has the printer's tile open."""
    hall = booth(printer=end.printer(AssumedClock()))
    hall.agents.add("Camille", Role.MANAGER, PIN)
    looks(hall)
    staff = StaffMember(hall.glass, HallClock(hall))
    staff.logs_in()
    staff.asks("tile.paper")
    return hall, staff


def looks(hall: Booth) -> None:
    """Until the printer has been asked how it is."""
    hall.let_pass(LOOK_EVERY_S + 0.5)


def offers_to_print(staff: StaffMember) -> bool:
    return any(button.objectName() == "print" for button in staff.window.stops())


def copies(hall: Booth) -> list[tuple[int, str]]:
    return [(body["copy"], body["agent"]) for body in hall.entries("printed")]


@BEFORE
def test_what_keeps_a_voucher_from_the_paper_is_said_and_nothing_is_begun_until_it_is_mended(
    booth: MakeBooth, end: PaperEnd, deed: PrinterDeed, told: str
) -> None:
    hall, staff = at_a_voucher(booth, end)
    end.does(deed)
    looks(hall)
    assert told in staff.reads()
    assert not offers_to_print(staff)
    end.does(*MENDED)
    looks(hall)
    assert told not in staff.reads()
    staff.asks("print")
    assert "Imprimé, exemplaire 1." in staff.reads()
    assert (copies(hall), len(end.tickets()), len(end.torn())) == ([(1, "101")], 1, 0)


def test_what_happened_since_the_last_look_is_found_before_the_first_byte_and_the_copy_counts(booth: MakeBooth, end: PaperEnd) -> None:
    hall, staff = at_a_voucher(booth, end)
    end.does(Reel(Roll.OUT))
    staff.asks("print")
    assert f"Pas imprimé, ou pas en entier. {NO_PAPER}" in staff.reads()
    assert (copies(hall), end.tickets(), end.torn()) == ([(1, "101")], [], [])
    end.does(*MENDED)
    looks(hall)
    staff.asks("print")
    assert "Imprimé, exemplaire 2." in staff.reads()
    assert (copies(hall), len(end.tickets())) == ([(1, "101"), (2, "101")], 1)


@WITHIN
def test_a_voucher_that_broke_off_is_printed_again_as_the_next_copy(booth: MakeBooth, end: PaperEnd, deed: PrinterDeed, told: str) -> None:
    hall, staff = at_a_voucher(booth, end)
    end.does(deed)
    staff.asks("print")
    assert f"Pas imprimé, ou pas en entier. {told} Un nouvel essai compte un exemplaire de plus." in staff.reads()
    end.does(*MENDED)
    looks(hall)
    staff.asks("print")
    assert "Imprimé, exemplaire 2." in staff.reads()
    assert (copies(hall), len(end.tickets()), len(end.torn())) == ([(1, "101"), (2, "101")], 1, 1)


def test_what_keeps_the_days_report_from_the_paper_is_said(booth: MakeBooth, end: PaperEnd) -> None:
    hall, staff = at_the_report(booth, end)
    end.does(Cover(is_open=True))
    looks(hall)
    assert OPEN in staff.reads()
    assert not offers_to_print(staff)
    end.does(*MENDED)
    looks(hall)
    staff.asks("print")
    assert "Imprimé." in staff.reads()
    assert (hall.entries("printed"), len(end.tickets())) == ([], 1)


def test_a_days_report_that_broke_off_is_said_and_printed_again(booth: MakeBooth, end: PaperEnd) -> None:
    hall, staff = at_the_report(booth, end)
    end.does(Plug(is_in=False, after=200))
    staff.asks("print")
    assert f"Pas imprimé, ou pas en entier. {PULLED}" in staff.reads()
    end.does(*MENDED)
    looks(hall)
    staff.asks("print")
    assert "Imprimé." in staff.reads()
    assert (len(end.tickets()), len(end.torn())) == (1, 1)
