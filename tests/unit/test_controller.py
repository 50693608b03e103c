"""The intake controller on metal that is moved by hand: what it takes, in which order it moves, and when a drop counts."""

from pathlib import Path

import pytest

from bench import Bench
from firmware.controller import FALL_MS, LOCK_MS, STILL_MS, TAKE_OUT_MS, TURN_MS
from firmware.registers import (
    ANSWER_BUSY,
    ANSWER_STALE,
    ANSWER_TAKEN,
    ANSWER_UNKNOWN,
    CLOSING,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    FAULT_DROP,
    FAULT_NONE,
    FAULT_STORE,
    OPEN,
    OPENING,
    RETURNING,
    SHUT,
    SORTING,
)
from firmware.store import Record, Store


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def sorting(bench: Bench, sequence: int = 1, bin_number: int = 1) -> None:
    """A Sort was taken and its flap has opened under the item."""
    bench.item_in()
    bench.controller.command(CMD_SORT, bin_number, sequence)
    bench.tick(sorter_bin=bin_number)
    assert bench.metal.drives[-1] == "flap opens"
    bench.tick(flap_locked=False)


def dropped(bench: Bench) -> None:
    """The item left the chamber and passed the beam; the flap was told to shut."""
    bench.tick(occupied=False, weight_g=0)
    bench.tick(drop_beam=True)
    assert bench.metal.drives[-1] == "flap shuts"


def test_a_boot_is_counted_and_shuts_the_gate(tmp_path: Path) -> None:
    bench = Bench(tmp_path, booted=False)
    assert bench.controller.state == CLOSING
    assert "gate shuts" in bench.metal.drives
    assert bench.durable() == (0, 0, 0, 0, 0, 1)
    bench.tick(gate_shut=False)
    assert bench.controller.state == CLOSING
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    assert Bench(tmp_path).durable() == (0, 0, 0, 0, 0, 2)


def test_the_count_of_boots_goes_round_after_65535(tmp_path: Path) -> None:
    Store(str(tmp_path / "controller.bin")).save(Record((7, 6, 6, 0, 3, 65535)))
    assert Bench(tmp_path).durable() == (7, 6, 6, 0, 3, 0)


def test_no_command_is_taken_while_the_gate_still_shuts_after_a_boot(tmp_path: Path) -> None:
    bench = Bench(tmp_path, booted=False)
    bench.metal.sensors.gate_shut = False
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_BUSY
    assert bench.durable()[0] == 0


@pytest.mark.parametrize(
    ("code", "argument", "kept"),
    [(CMD_OPEN, 0, (5, 0)), (CMD_RETURN, 0, (5, 0)), (CMD_SORT, 2, (5, 5))],
    ids=["open", "return", "sort"],
)
def test_a_sequence_is_durable_before_anything_moves(bench: Bench, code: int, argument: int, kept: tuple[int, int]) -> None:
    bench.item_in()
    seen: list[tuple[int, int]] = []
    bench.metal.on_drive = lambda: seen.append(bench.durable()[:2])
    bench.controller.command(code, argument, 5)
    assert bench.controller.answer == ANSWER_TAKEN
    assert seen == [kept]


@pytest.mark.parametrize("sequence", [0, 3, 4])
def test_a_sequence_not_above_the_last_is_stale_and_moves_nothing(bench: Bench, sequence: int) -> None:
    bench.controller.command(CMD_RETURN, 0, 4)
    bench.tick()
    bench.metal.drives.clear()
    bench.controller.command(CMD_OPEN, 0, sequence)
    assert bench.controller.answer == ANSWER_STALE
    assert bench.metal.drives == []
    assert bench.controller.state == SHUT


def test_a_command_while_another_moves_is_busy_and_not_taken(bench: Bench) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.tick(gate_shut=False)
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.answer == ANSWER_BUSY
    assert bench.durable()[0] == 1
    assert bench.controller.state == OPENING


def test_the_double_of_a_command_under_way_is_stale_rather_than_busy(bench: Bench) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_STALE


@pytest.mark.parametrize(("code", "argument"), [(0, 0), (4, 0), (65535, 0), (CMD_SORT, 0), (CMD_SORT, 3)])
def test_a_command_that_is_none_or_a_bin_that_is_not_there_is_unknown(bench: Bench, code: int, argument: int) -> None:
    bench.item_in()
    bench.controller.command(code, argument, 1)
    assert bench.controller.answer == ANSWER_UNKNOWN
    assert bench.durable()[0] == 0
    assert bench.metal.drives == []


def test_the_gate_shuts_behind_an_item_and_stays_shut(bench: Bench) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.gate_opened()
    assert bench.controller.state == OPEN
    bench.tick(occupied=True, weight_g=23)
    assert bench.controller.state == CLOSING
    bench.gate_shut()
    assert bench.controller.state == SHUT
    bench.tick(after_ms=60_000)
    assert bench.metal.drives == ["gate opens", "gate shuts"]


def test_the_gate_waits_until_the_hand_is_out(bench: Bench) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.gate_opened()
    bench.tick(entry_beam=True, occupied=True, weight_g=23)
    assert bench.controller.state == OPEN
    bench.tick(entry_beam=False)
    assert bench.controller.state == CLOSING


@pytest.mark.parametrize("sensor", ["entry_beam", "occupied"])
def test_no_command_is_taken_with_something_in_the_open_gate(bench: Bench, sensor: str) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.gate_opened()
    setattr(bench.metal.sensors, sensor, True)
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.answer == ANSWER_BUSY


def test_the_weight_is_steady_only_after_it_has_been_still(bench: Bench) -> None:
    bench.tick(occupied=True, weight_g=300)
    assert not bench.controller.steady
    bench.tick(after_ms=STILL_MS - 1, weight_g=305)
    assert not bench.controller.steady
    bench.tick(after_ms=STILL_MS - 1, weight_g=304)
    assert not bench.controller.steady
    bench.tick(after_ms=1)
    assert bench.controller.steady


def test_a_drop_in_the_right_order_is_counted_in_one_write(bench: Bench) -> None:
    bench.controller.command(CMD_RETURN, 0, 4)
    bench.tick()
    sorting(bench, sequence=5, bin_number=2)
    dropped(bench)
    assert bench.durable() == (5, 5, 0, 0, 0, 1)
    bench.tick(drop_beam=False)
    assert bench.controller.state == SORTING
    bench.tick(flap_locked=True)
    assert bench.durable() == (5, 5, 5, 0, 1, 1)
    assert bench.controller.state == SHUT
    assert bench.controller.fault == FAULT_NONE
    assert bench.metal.drives == ["gate shuts", "sorter to 2", "flap opens", "flap shuts"]


def test_the_flap_stays_shut_until_the_sorter_has_turned(bench: Bench) -> None:
    bench.item_in()
    bench.tick(sorter_bin=0)
    bench.controller.command(CMD_SORT, 2, 1)
    bench.tick()
    bench.tick(sorter_bin=1)
    assert bench.metal.drives == ["sorter to 2"]
    bench.tick(after_ms=TURN_MS)
    bench.tick()
    assert "flap opens" not in bench.metal.drives
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_DROP)


def test_a_beam_interrupted_before_the_chamber_is_empty_cancels(bench: Bench) -> None:
    sorting(bench)
    bench.tick(drop_beam=True)
    assert bench.metal.drives[-1] == "flap shuts"
    bench.tick(drop_beam=False, occupied=False, weight_g=0)
    bench.tick(flap_locked=True)
    assert bench.durable()[2:5] == (0, 0, 0)
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_DROP)


def test_when_nothing_falls_the_item_stays_and_is_not_counted(bench: Bench) -> None:
    sorting(bench)
    bench.tick(after_ms=FALL_MS)
    assert bench.metal.drives[-1] == "flap shuts"
    assert bench.controller.state == SORTING
    bench.tick(flap_locked=True)
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_DROP)
    assert bench.controller.sensors.occupied
    assert bench.durable() == (1, 1, 0, 0, 0, 1)


def test_an_item_that_no_beam_saw_is_not_counted(bench: Bench) -> None:
    sorting(bench)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(after_ms=FALL_MS)
    bench.tick(flap_locked=True)
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_DROP)
    assert bench.durable()[2:5] == (0, 0, 0)


@pytest.mark.parametrize(
    "sensor",
    [{"weight_g": 30}, {"occupied": True}, {"drop_beam": True}, {"flap_locked": False}],
    ids=["something lies on the scale", "something is in the chamber", "something hangs in the beam", "the flap does not lock"],
)
def test_a_drop_that_does_not_end_clear_is_not_counted(bench: Bench, sensor: dict[str, int]) -> None:
    sorting(bench)
    dropped(bench)
    bench.tick(**({"drop_beam": False, "flap_locked": True} | sensor))
    bench.tick(after_ms=LOCK_MS)
    bench.tick(after_ms=LOCK_MS)
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_DROP)
    assert bench.durable()[2:5] == (0, 0, 0)


def test_the_next_sort_clears_the_fault_of_a_drop(bench: Bench) -> None:
    sorting(bench)
    bench.tick(after_ms=FALL_MS)
    bench.tick(flap_locked=True)
    bench.controller.command(CMD_SORT, 1, 2)
    assert bench.controller.fault == FAULT_NONE
    bench.tick()
    dropped(bench)
    bench.tick(drop_beam=False)
    assert bench.durable() == (2, 2, 2, 0, 1, 1)


@pytest.mark.parametrize("gate_open", [False, True])
def test_a_sort_on_an_empty_chamber_ends_where_it_began(bench: Bench, gate_open: bool) -> None:
    if gate_open:
        bench.controller.command(CMD_OPEN, 0, 1)
        bench.gate_opened()
    bench.metal.drives.clear()
    bench.controller.command(CMD_SORT, 1, 2)
    bench.tick()
    assert bench.controller.answer == ANSWER_TAKEN
    assert bench.controller.state == (OPEN if gate_open else SHUT)
    assert bench.metal.drives == []
    assert bench.durable() == (2, 2, 0, 0, 0, 1)


def test_a_return_opens_the_gate_and_ends_shut_once_the_item_is_out(bench: Bench) -> None:
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(after_ms=TAKE_OUT_MS - 100)
    assert bench.controller.state == RETURNING
    bench.tick(entry_beam=True, occupied=False, weight_g=0)
    assert bench.durable()[3] == 0
    bench.tick(entry_beam=False)
    assert bench.durable() == (1, 0, 0, 1, 0, 1)
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.metal.drives == ["gate opens", "gate shuts"]


def test_a_return_on_an_empty_chamber_only_shuts_the_gate(bench: Bench) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.gate_opened()
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.state == RETURNING
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.metal.drives == ["gate opens", "gate shuts"]
    assert bench.durable() == (2, 0, 0, 0, 0, 1)


def test_an_item_pushed_in_while_a_return_shuts_the_gate_was_not_handed_back(bench: Bench) -> None:
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.gate_opened()
    bench.controller.command(CMD_RETURN, 0, 2)
    bench.tick(gate_open=False, occupied=True, weight_g=23)
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    assert bench.controller.sensors.occupied
    assert bench.durable()[3] == 0


def test_an_item_left_in_a_return_is_shut_in_again(bench: Bench) -> None:
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(after_ms=TAKE_OUT_MS)
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.controller.sensors.occupied
    assert bench.durable() == (1, 0, 0, 0, 0, 1)


def test_an_item_snatched_while_a_return_shuts_on_it_was_handed_back(bench: Bench) -> None:
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(after_ms=TAKE_OUT_MS)
    bench.tick(gate_open=False, occupied=False, weight_g=0)
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    assert bench.durable()[3] == 1


class FullStore(Store):
    """A memory that fails from its ``works``-th write on."""

    def __init__(self, path: str, works: int) -> None:
        super().__init__(path)
        self._works = works

    def save(self, record: Record) -> None:
        if self._works == 0:
            raise OSError(28, "No space left on device")
        self._works -= 1
        super().save(record)


def test_a_memory_that_fails_at_the_boot_lets_nothing_move(tmp_path: Path) -> None:
    bench = Bench(tmp_path, store=FullStore(str(tmp_path / "controller.bin"), 0), booted=False)
    assert bench.metal.drives == []
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.tick()
    assert (bench.controller.answer, bench.controller.fault) == (ANSWER_BUSY, FAULT_STORE)
    assert bench.metal.drives == []


@pytest.mark.parametrize("code", [CMD_OPEN, CMD_SORT, CMD_RETURN])
def test_a_memory_that_fails_lets_no_command_move_anything(tmp_path: Path, code: int) -> None:
    bench = Bench(tmp_path, store=FullStore(str(tmp_path / "controller.bin"), 1))
    bench.item_in()
    bench.controller.command(code, 1, 1)
    bench.controller.command(code, 1, 2)
    bench.tick()
    assert (bench.controller.answer, bench.controller.fault, bench.controller.state) == (ANSWER_BUSY, FAULT_STORE, SHUT)
    assert bench.metal.drives == []
    assert bench.durable() == (0, 0, 0, 0, 0, 1)


def test_a_drop_that_cannot_be_written_is_not_shown_as_counted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, store=FullStore(str(tmp_path / "controller.bin"), 2))
    sorting(bench)
    dropped(bench)
    bench.tick(drop_beam=False, flap_locked=True)
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_STORE)
    assert bench.controller.record.values() == bench.durable() == (1, 1, 0, 0, 0, 1)
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.answer == ANSWER_BUSY


def test_the_gate_still_shuts_when_handing_back_cannot_be_written(tmp_path: Path) -> None:
    bench = Bench(tmp_path, store=FullStore(str(tmp_path / "controller.bin"), 2))
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(occupied=False, weight_g=0)
    bench.gate_shut()
    assert (bench.controller.state, bench.controller.fault) == (SHUT, FAULT_STORE)
    assert bench.controller.record.back == 0
