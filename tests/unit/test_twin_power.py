"""The simulated intake without current: the controller is cut in mid-drop or at any durable write, and its metal goes on without it."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from drivers.intake.bus import CommandCode, ControllerFault, ControllerState, FaultCause
from drivers.twin.mechanics import PROFILES, STANDARD, Mechanics
from drivers.twin.truth import Happening, Truth
from firmware.guard import SUPPLY_BACK_MS
from firmware.server import framed
from firmware.store import Record, Store
from worlds.hall import POLL_MS, Hall

OPEN, SORT, RETURN = CommandCode.OPEN, CommandCode.SORT, CommandCode.RETURN
READ_INPUT_REGISTERS = bytes((1, 4, 0, 0, 0, 1))
all_mechanics = pytest.mark.parametrize("mechanics", PROFILES.values(), ids=PROFILES.keys())


def test_a_reset_controller_is_silent_and_comes_back_with_what_it_had_counted(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    sort = hall.order(SORT, 1)
    hall.say("reset 700")
    hall.step()
    assert not hall.machine.powered
    assert hall.machine.feed(framed(READ_INPUT_REGISTERS)) == b""
    assert hall.scene.lamp_percent == 0
    assert hall.until(lambda: hall.machine.powered) in range(650, 701)
    hall.rest()
    assert (hall.hot.boots, hall.hot.counted, hall.hot.totaliser) == (2, sort, 1)
    assert hall.scene.lamp_percent == 100


@all_mechanics
@pytest.mark.parametrize("stage", ["fall", "beam", "lock"])
def test_cut_in_mid_drop_the_item_falls_on_and_is_not_counted(tmp_path: Path, stage: str, mechanics: Mechanics) -> None:
    hall = Hall(tmp_path, f"reset at {stage} 1000", "put pet", mechanics=mechanics)
    hall.item_in()
    sort = hall.send(SORT, 2)
    hall.until(lambda: not hall.machine.powered)
    assert hall.fell() == [(1, sort)]
    hall.rest()
    assert (hall.hot.boots, hall.hot.sorted, hall.hot.counted, hall.hot.totaliser) == (2, sort, 0, 0)
    assert (hall.hot.occupied, hall.hot.flap_locked, hall.hot.drop_beam, hall.hot.state) == (False, True, False, ControllerState.SHUT)
    assert hall.events() == [("in", 1), ("fell", 1), ("done",)]


def test_cut_while_the_gate_shuts_it_stands_where_it_is_and_a_hand_can_reach_through(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "reset at gate 5000", "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: not hall.machine.powered)
    stands_at = hall.machine.metal.gate.position
    hall.after(2000)
    assert 0 < hall.machine.metal.gate.position == stands_at <= 0.5
    hall.say("pull")
    assert hall.events() == [("in", 1), ("pulled", 1)]
    hall.rest()
    assert (hall.hot.gate_shut, hall.hot.occupied, hall.hot.back) == (True, False, 0)


def test_a_cut_at_the_gate_waits_for_a_gate_that_shuts(tmp_path: Path) -> None:
    """What lies behind a shut gate when the twin starts has its gate's shutting behind it."""
    Hall(tmp_path, "put pet").item_in()
    hall = Hall(tmp_path)
    hall.say("reset at gate 300", "put can")
    hall.rest()
    hall.order(RETURN)
    assert hall.hot.boots == 2
    hall.item_in()
    assert hall.hot.boots == 3


def test_an_item_on_an_opening_flap_stays_when_the_current_goes(tmp_path: Path) -> None:
    """The flap's spring shuts it before anything falls."""
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    sort = hall.send(SORT, 1)
    hall.until(lambda: 0 < hall.machine.metal.flap.position < 1)
    hall.say("reset 500")
    hall.rest()
    assert (hall.hot.boots, hall.hot.sorted, hall.hot.counted, hall.hot.occupied) == (2, sort, 0, True)
    assert hall.events() == [("in", 1)]


def test_somebody_may_put_something_into_an_open_gate_without_a_controller(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.say("reset 3000")
    hall.until(lambda: hall.events() == [("in", 1)])
    assert not hall.machine.powered
    hall.rest()
    assert (hall.hot.occupied, hall.hot.state, hall.hot.gate_shut) == (True, ControllerState.SHUT, True)
    assert hall.hot.weight_g == 23


def test_a_supply_that_sags_is_a_fault_that_ends_by_itself(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("supply 10000 3000")
    hall.after(100)
    assert (hall.hot.fault, hall.health().supply_mv) == (ControllerFault.SUPPLY, 10_000)
    hall.after(3000 + SUPPLY_BACK_MS)
    assert (hall.hot.fault, hall.hot.boots) == (ControllerFault.NONE, 1)


def test_drives_without_the_force_to_move_are_late_and_draw_too_little_to_tell_of_an_obstacle(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    hall.say("supply 8000")
    hall.send(RETURN)
    hall.rest()
    assert hall.hot.fault in (ControllerFault.GATE, ControllerFault.SUPPLY)
    assert hall.hot.cause in (FaultCause.LATE, FaultCause.NONE)
    assert hall.hot.occupied


def test_a_supply_that_is_gone_cuts_the_controller_until_it_is_back(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("supply 0")
    hall.after(5000)
    assert not hall.machine.powered
    assert hall.machine.next_due_ms is None
    hall.say("supply 12000")
    hall.rest()
    assert hall.hot.boots == 2


def test_a_supply_just_above_what_the_controller_needs_does_not_make_it_start_again_and_again(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    hall.say("flap blocked", "supply 6050 2000")
    hall.after(3000)
    assert hall.hot.boots == 1


def test_a_supply_is_gone_for_a_time(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("supply 0 400")
    hall.step()
    assert not hall.machine.powered
    assert hall.until(lambda: hall.machine.powered) <= 400


class PowerCut(Exception):
    """The machine goes dark here."""


class Cuts:
    """Cuts the power at the n-th durable write of controller or metal, before or after it."""

    def __init__(self, at: int, *, after: bool) -> None:
        self._left = at
        self._after = after
        self.happened = False

    def around(self, write: Callable[[], None]) -> None:
        self._left -= 1
        if self._left != 0:
            write()
            return
        self.happened = True
        if self._after:
            write()
        raise PowerCut


class CutStore(Store):
    def __init__(self, path: str, cuts: Cuts) -> None:
        super().__init__(path)
        self._cuts = cuts

    def save(self, record: Record) -> None:
        self._cuts.around(lambda: super(CutStore, self).save(record))


class CutTruth(Truth):
    def __init__(self, path: Path, cuts: Cuts) -> None:
        super().__init__(path)
        self._cuts = cuts

    def append(self, happening: Happening) -> None:
        self._cuts.around(lambda: super(CutTruth, self).append(happening))


SCENARIO = ("put pet", "put wine with can")


def three_items(hall: Hall) -> None:
    """One is taken, two are handed back."""
    hall.item_in()
    hall.order(SORT, 1)
    hall.item_in()
    hall.order(RETURN)


@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
def test_a_power_cut_of_all_at_any_write_leaves_counters_that_agree_with_the_metal(tmp_path: Path, after: bool) -> None:
    """Counted drops really fell, uncounted ones are told apart by *sorted*, and after the restart the machine goes on."""
    for at in range(1, 100):
        folder = tmp_path / str(at)
        folder.mkdir()
        cuts = Cuts(at, after=after)
        store, truth = CutStore(str(folder / "controller.bin"), cuts), CutTruth(folder / "metal.jsonl", cuts)
        with suppress(PowerCut):
            three_items(Hall(folder, *SCENARIO, store=store, truth=truth))
        if not cuts.happened:
            assert at == 14, "boot, four commands, three in, fell, counted, back, and two taken out: thirteen writes"
            return
        check_after_a_cut(Hall(folder, *SCENARIO))
    pytest.fail("the cuts never ended")


def check_after_a_cut(hall: Hall) -> None:
    hall.rest()
    record = hall.record
    fell = [sequence for _, sequence in hall.fell()]
    inside = [line["n"] for line in hall.lines() if line["event"] == "in"]
    out = [line["n"] for line in hall.lines() if line["event"] in ("fell", "back", "pulled")]
    assert hall.hot.occupied == (len(inside) > len(out))
    assert record.totaliser in (len(fell), len(fell) - 1)
    assert (record.totaliser == len(fell)) == (not fell or record.counted == fell[-1])
    assert all(sequence == record.sorted for sequence in fell)
    if hall.hot.occupied:
        hall.order(RETURN)
        assert hall.hot.back == hall.hot.taken
    hall.order(OPEN)
    assert hall.record.taken > record.taken


def test_the_times_of_the_tests_above_are_longer_than_a_drop() -> None:
    assert STANDARD.fall_ms + STANDARD.flap_shut_ms < 400
    assert STANDARD.flap_open_ms > POLL_MS
