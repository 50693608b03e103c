"""A visitor before a machine in trouble, on a real twin, a real line and a real ledger: what is seen, and what the ledger says."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.vocabulary import Reason
from drivers.intake.bus import ControllerState, HotBlock, ServiceLine
from kiosk.app import Kiosk
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen, ViewState
from timing import wait_until
from wires.wrapped_line import WrappedLine
from worlds.installation import CAN, GLASS, PLASTIC, Installation, RunningKiosk


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        yield installation


def with_one_bottle(hall: Installation, kiosk: RunningKiosk) -> None:
    hall.say(GLASS)
    kiosk.until(lambda view: view.screen is Screen.FEEDING and view.bottles == 1)


def stopped(kiosk: RunningKiosk, halt: Halt) -> ViewState:
    view = kiosk.until(lambda view: view.screen is Screen.OUT_OF_ORDER and view.halt is halt)
    assert view.cents == 20, "every dead end keeps the sum"
    return view


def agreed(hall: Installation, credited: int, uncounted: int = 0) -> None:
    found = hall.compare()
    assert (found.lost, found.duplicated, found.disagreements) == (0, 0, ())
    assert (sum(hall.books().credits.values()), found.uncounted) == (credited, uncounted)


def test_a_hand_in_the_gate_is_told_until_it_is_out_and_then_the_bottle_is_taken(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say("hand 1500")
        hall.say(GLASS)
        kiosk.until_screen(Screen.HAND)
        kiosk.until(lambda view: view.screen is Screen.FEEDING and view.bottles == 1)
    agreed(hall, credited=1)


def test_a_jammed_bottle_is_returned_and_not_credited(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
        hall.say("jam 3")
        hall.say(PLASTIC)
        view = kiosk.until(lambda view: view.screen is Screen.FEEDING and view.item is not None and not view.item.accepted)
        assert view.item is not None
        assert (view.item.reason, view.cents) == (Reason.INTERRUPTED, 20)
    agreed(hall, credited=1)


def test_a_bottle_caught_in_the_flap_keeps_the_sum_and_a_technician_sets_the_machine_right(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
        hall.say("jam half")
        hall.say(PLASTIC)
        assert stopped(kiosk, Halt.JAM).item is not None
        for line in ("door open", "remove"):
            hall.say(line)
        stopped(kiosk, Halt.DOOR)
        hall.say("door shut")
        kiosk.until_screen(Screen.FEEDING)
        hall.say(PLASTIC)
        kiosk.until(lambda view: view.bottles == 2)
    agreed(hall, credited=2, uncounted=1)


def test_the_sum_can_be_kept_in_front_of_a_jammed_machine(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
        hall.say("gate blocked")
        hall.say(GLASS)
        stopped(kiosk, Halt.JAM)
        kiosk.touch(Touch.KEEP)
        kiosk.until_screen(Screen.CHOOSE)
        kiosk.touch(Touch.KEEP)
        voucher = kiosk.until_screen(Screen.VOUCHER).voucher
        assert voucher is not None
        assert voucher.amount == 20
        kiosk.touch(Touch.DONE)
        kiosk.touch(Touch.DONE)
        kiosk.until(lambda view: view.halt is Halt.JAM)
    agreed(hall, credited=1)


@pytest.mark.long
def test_with_the_glass_bin_full_plastic_is_still_taken_and_with_both_full_the_sum_is_offered(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
        hall.say("bin 1 99")
        kiosk.until(lambda view: view.full == ("glass",))
        hall.say(GLASS)
        view = kiosk.until(lambda view: view.item is not None and view.item.reason is Reason.BIN_FULL)
        assert view.full == ("glass",)
        hall.say(PLASTIC)
        kiosk.until(lambda view: view.screen is Screen.FEEDING and view.bottles == 2)
        hall.say("bin 2 99")
        assert kiosk.until_screen(Screen.CHOOSE).limit is Reason.BIN_FULL
    agreed(hall, credited=2)


@pytest.mark.long
def test_a_voltage_that_sags_shuts_the_gate_and_the_machine_goes_on_when_it_is_back(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
        hall.say("supply 9000 1000")
        stopped(kiosk, Halt.SUPPLY)
        kiosk.until_screen(Screen.FEEDING)
        hall.say(CAN)
        kiosk.until(lambda view: view.item is not None and view.item.reason is Reason.CAN)
    agreed(hall, credited=1)


def test_a_controller_cut_in_mid_drop_is_reconciled_and_the_desk_may_credit_what_fell(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
        hall.say("reset at fall 800")
        hall.say(PLASTIC)
        view = kiosk.until(lambda view: view.item is not None and view.item.reason is Reason.UNCOUNTED)
        assert view.cents == 20
    agreed(hall, credited=1, uncounted=1)


class Watched(WrappedLine):
    """A line that keeps what was read on it last."""

    def __init__(self, line: ServiceLine) -> None:
        super().__init__(line)
        self.hot: HotBlock | None = None
        self.reads = 0

    def read(self, beat: int) -> HotBlock:
        self.hot = super().read(beat)
        self.reads += 1
        return self.hot


def test_the_controller_shuts_the_gate_when_the_runner_hangs_while_the_line_is_still_read(hall: Installation) -> None:
    hung, go_on = threading.Event(), threading.Event()
    lines: list[Watched] = []

    def wrap(line: ServiceLine) -> ServiceLine:
        lines.append(Watched(line))
        return lines[0]

    def screen(view: ViewState) -> None:
        if view.screen is Screen.ATTRACT and not hung.is_set():
            hung.set()
            go_on.wait()

    kiosk = Kiosk(hall.settings, screen, wrap_line=wrap)
    thread = threading.Thread(target=kiosk.serve, name="kiosk under test")
    thread.start()
    try:
        assert hung.wait(30)
        (line,) = lines
        wait_until(lambda: line.hot is not None and line.hot.state is ControllerState.SHUT and not line.hot.beating, timeout_s=30)
        reads = line.reads
        wait_until(lambda: line.reads > reads + 5, timeout_s=30)
        go_on.set()
        wait_until(lambda: line.hot is not None and line.hot.state is ControllerState.OPEN, timeout_s=30)
    finally:
        go_on.set()
        kiosk.stop()
        thread.join()
