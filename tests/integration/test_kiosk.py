"""The kiosk on a real twin and a real ledger: what is shown, what is written, and what happens when a part of it fails."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from config.clock import Instant
from config.vocabulary import Association, Cents, Reason, SequenceNumber
from firmware.registers import U32
from firmware.store import Store
from kiosk.app import Kiosk
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen, ViewState
from kiosk.failures import WorkerDied
from ledger.database import reading
from ledger.verify import verify
from ledger.vocabulary import Booked, Books, Cause, Ending, Intent, Journal, LedgerUnavailable, Standing, Visit, Voucher
from people.person import somebody
from timing import FakeClock, patient
from worlds.installation import CAN, GLASS, PLASTIC, Installation, RunningKiosk


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        yield installation


def taken(kiosk: RunningKiosk, count: int) -> ViewState:
    return kiosk.until(lambda view: view.screen is Screen.FEEDING and view.bottles == count)


def handed_back(kiosk: RunningKiosk, reason: Reason) -> ViewState:
    return kiosk.until(lambda view: view.item is not None and view.item.reason is reason and view.screen is Screen.FEEDING)


def out_of_order(kiosk: RunningKiosk, halt: Halt) -> ViewState:
    return kiosk.until(lambda view: view.screen is Screen.OUT_OF_ORDER and view.halt is halt)


def findings(hall: Installation) -> list[object]:
    with reading(hall.folders.kiosk / "ledger.db") as connection:
        return list(verify(connection))


def keep(kiosk: RunningKiosk) -> ViewState:
    kiosk.touch(Touch.FINISH)
    kiosk.until_screen(Screen.CHOOSE)
    kiosk.touch(Touch.KEEP)
    return kiosk.until_screen(Screen.VOUCHER)


def test_a_visit_from_the_first_bottle_to_the_voucher(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say(GLASS)
        assert taken(kiosk, 1).cents == 20
        hall.say(CAN)
        assert handed_back(kiosk, Reason.CAN).cents == 20
        hall.say(PLASTIC)
        feeding = taken(kiosk, 2)
        shown = keep(kiosk)
        kiosk.touch(Touch.DONE)
        kiosk.touch(Touch.DONE)
        kiosk.until_screen(Screen.ATTRACT)
    assert shown.voucher is not None
    assert (shown.voucher.amount, shown.visit_number, shown.voucher.demonstration) == (40, feeding.visit_number, True)
    assert (hall.books().credited_cents, len(hall.metal().falls), hall.metal().handed_back) == (40, 2, 1)
    assert findings(hall) == []


def test_without_a_port_the_kiosk_says_so_and_begins_once_it_is_there(hall: Installation) -> None:
    hall.stop_twin()
    with RunningKiosk(hall) as kiosk:
        out_of_order(kiosk, Halt.INTAKE)
        hall.start_twin()
        kiosk.until_screen(Screen.ATTRACT)


def test_a_port_gone_in_the_middle_of_a_bottle_keeps_the_sum_and_reconciles_the_bottle(
    hall: Installation, qtbot: QtBot, clock: FakeClock
) -> None:
    person = somebody(clock)
    qtbot.addWidget(person.window)
    with RunningKiosk(hall) as kiosk:
        hall.say(GLASS)
        taken(kiosk, 1)
        hall.say(PLASTIC)
        kiosk.until_screen(Screen.CHECKING)
        hall.stop_twin()
        gone = out_of_order(kiosk, Halt.INTAKE)
        assert gone.cents == 20
        hall.start_twin()
        back = kiosk.until_screen(Screen.FEEDING)
        keep(kiosk)
    number = gone.visit_number or ""
    for view, words in ((gone, ("La machine fait une pause.", "0,20", number)), (back, ("0,20", number))):
        person.sees(view)
        assert [part for part in words if not person.reads(part)] == []
    found = hall.compare()
    assert (found.lost, found.duplicated, found.disagreements) == (0, 0, ())


def test_a_visitor_keeps_the_sum_while_the_port_is_gone(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        hall.say(GLASS)
        taken(kiosk, 1)
        hall.stop_twin()
        out_of_order(kiosk, Halt.INTAKE)
        assert keep(kiosk).voucher is not None


def test_without_a_camera_nothing_is_taken_and_the_machine_is_to_blame(tmp_path: Path, free_port: int) -> None:
    with Installation(tmp_path, camera={"source": f"http://127.0.0.1:{free_port}/"}) as hall, RunningKiosk(hall) as kiosk:
        out_of_order(kiosk, Halt.CAMERA)
        hall.say(GLASS)
    assert hall.metal().falls == ()


class FullDisk:
    """A journal on a disk that is full for the first intents."""

    def __init__(self, journal: Journal, failures: int) -> None:
        self._journal = journal
        self._failures = failures

    def intend(self, intent: Intent, occurred: Instant) -> None:
        if self._failures:
            self._failures -= 1
            raise LedgerUnavailable("ledger.db", "database or disk is full")
        self._journal.intend(intent, occurred)

    @property
    def books(self) -> Books:
        return self._journal.books

    def standing(self) -> Standing:
        return self._journal.standing()

    def open_visit(self, occurred: Instant) -> Visit:
        return self._journal.open_visit(occurred)

    def book(self, totaliser: int, counted: SequenceNumber, occurred: Instant) -> Booked:
        return self._journal.book(totaliser, counted, occurred)

    def end(self, sequence: SequenceNumber, ending: Ending, occurred: Instant) -> None:
        self._journal.end(sequence, ending, occurred)

    def issue_voucher(self, visit: str, cause: Cause, occurred: Instant) -> Voucher:
        return self._journal.issue_voucher(visit, cause, occurred)

    def give(self, visit: str, association: Association, occurred: Instant) -> Cents:
        return self._journal.give(visit, association, occurred)

    def begin_ticket(self, code: str, occurred: Instant) -> int:
        return self._journal.begin_ticket(code, occurred)

    def mark_shown(self, code: str, occurred: Instant) -> None:
        self._journal.mark_shown(code, occurred)

    def close_visit(self, visit: str, occurred: Instant) -> None:
        self._journal.close_visit(visit, occurred)


def test_on_a_full_disk_the_bottle_comes_back_and_the_next_one_is_taken_once_there_is_room(hall: Installation) -> None:
    with RunningKiosk(hall, wrap_journal=lambda journal: FullDisk(journal, failures=1)) as kiosk:
        hall.say(GLASS)
        out_of_order(kiosk, Halt.LEDGER)
        assert (hall.metal().falls, hall.metal().handed_back) == ((), 1)
        hall.say(GLASS)
        taken(kiosk, 1)
    found = hall.compare()
    assert (found.lost, found.duplicated, found.disagreements) == (0, 0, ())


def test_another_controller_is_refused(tmp_path: Path) -> None:
    with Installation(tmp_path) as hall:
        hall.stop_twin()
        for name in ("twin.json", "controller.bin"):
            (hall.folders.twin / name).unlink()
        hall.start_twin("--seed", "2")
        with RunningKiosk(hall) as kiosk:
            out_of_order(kiosk, Halt.OTHER_CONTROLLER)


def test_a_controller_that_lost_its_memory_is_refused(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        hall.say(GLASS)
        taken(kiosk, 1)
    hall.stop_twin()
    (hall.folders.twin / "controller.bin").unlink()
    hall.start_twin()
    with RunningKiosk(hall) as kiosk:
        out_of_order(kiosk, Halt.TOTALISER_FELL)


def test_a_controller_whose_number_leapt_stops_the_kiosk_at_each_start_and_the_sum_can_be_kept(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        hall.say(GLASS)
        taken(kiosk, 1)
    hall.stop_twin()
    memory = Store(str(hall.folders.twin / "controller.bin"))
    leapt = memory.record.copy()
    leapt.taken = U32
    memory.save(leapt)
    hall.start_twin()
    with RunningKiosk(hall) as kiosk:
        assert out_of_order(kiosk, Halt.NUMBERS).cents == 20
    with RunningKiosk(hall) as kiosk:
        out_of_order(kiosk, Halt.NUMBERS)
        assert keep(kiosk).voucher is not None


@pytest.mark.parametrize(
    "fault",
    [
        "line lose 2",
        pytest.param("line double 3", marks=pytest.mark.long),
        pytest.param("line late 250 2", marks=pytest.mark.long),
        "line garble 2",
    ],
)
def test_on_a_noisy_line_each_bottle_is_credited_once_or_comes_back(hall: Installation, fault: str) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        bottles = 0
        while bottles < 2:
            hall.say(GLASS)
            kiosk.until_screen(Screen.CHECKING)
            hall.say(fault)
            bottles = kiosk.until(lambda view: view.screen is Screen.FEEDING and view.item is not None).bottles
    found = hall.compare()
    assert (found.lost, found.duplicated, found.disagreements, len(hall.metal().falls)) == (0, 0, (), 2)


def test_a_second_kiosk_on_the_same_ledger_is_told_who_has_it(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        command = [sys.executable, "-m", "commands", "run", "--lines", "--config", str(hall.folders.configuration)]
        second = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patient(60), check=False)
    assert second.returncode == 3
    assert "test-hall" in second.stderr


class Broken(FullDisk):
    """A journal with a fault of the program in it."""

    def open_visit(self, occurred: Instant) -> Visit:
        raise ZeroDivisionError(f"a fault of the program at {occurred}")


def test_a_worker_that_dies_ends_the_kiosk(hall: Installation) -> None:
    kiosk = Kiosk(hall.settings, lambda view: None, wrap_journal=lambda journal: Broken(journal, failures=0))
    hall.say(GLASS)
    with pytest.raises(WorkerDied, match="books: ZeroDivisionError"):
        kiosk.serve()
