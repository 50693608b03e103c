"""The intake controller on metal that is moved by hand: which command it takes when, in which order it moves, and what it keeps.

Runs under MicroPython as well, and needs nothing of pytest.
"""

import os

from firmware.controller import HOME_MS, STILL_MS, TAKE_OUT_MS
from firmware.gate import TRAVEL_MS
from firmware.registers import (
    ANSWER_BUSY,
    ANSWER_FAULT,
    ANSWER_STALE,
    ANSWER_TAKEN,
    ANSWER_UNKNOWN,
    CAUSE_LATE,
    CAUSE_NONE,
    CLOSING,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    CMD_TEST,
    FAILED,
    FAULT_DROP,
    FAULT_FLAP,
    FAULT_GATE,
    FAULT_NONE,
    FAULT_STORE,
    LEAP,
    OPEN,
    OPENING,
    PART_GATE,
    RETURNING,
    SHUT,
    SORTING,
    U32,
)
from firmware.sort import FALL_MS
from firmware.store import Record, Store
from wires.bench import Bench

COMMANDS = ((CMD_OPEN, 0), (CMD_SORT, 2), (CMD_RETURN, 0), (CMD_TEST, PART_GATE), (CMD_CLEAR, 0))


def durable_at_each_drive(bench: Bench) -> list[tuple[int, int]]:
    """Fills itself with *taken* and *sorted* as a boot would find them each time that something is driven."""
    seen: list[tuple[int, int]] = []
    bench.metal.on_drive = lambda: seen.append((bench.durable().taken, bench.durable().sorted))
    return seen


def test_a_boot_is_counted_and_shuts_gate_and_flap(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, booted=False)
    assert bench.controller.state == CLOSING
    assert bench.driven() == ["flap shuts", "gate shuts"]
    assert bench.durable().values() == (0, 0, 0, 0, 0, 1, 0, 0)
    bench.tick(gate_shut=False)
    assert bench.controller.state == CLOSING
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    assert Bench(tmp_path).durable().boots == 2


def test_the_count_of_boots_goes_round_after_65535(tmp_path: os.PathLike[str]) -> None:
    Store(str(tmp_path) + "/controller.bin").save(Record((7, 6, 6, 0, 3, 65535, 1, 1)))
    assert Bench(tmp_path).durable().values() == (7, 6, 6, 0, 3, 0, 1, 1)


def test_a_boot_lights_the_chamber(tmp_path: os.PathLike[str]) -> None:
    assert Bench(tmp_path).metal.lamp_percent == 100


def test_no_command_is_taken_while_the_gate_still_shuts_after_a_boot(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, booted=False)
    bench.tick(gate_shut=False)
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_BUSY
    assert bench.durable().taken == 0


def test_a_flap_that_does_not_lock_at_the_boot_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, booted=False)
    bench.tick(flap_locked=False)
    bench.run(HOME_MS - 10)
    assert bench.controller.state == CLOSING
    bench.run(20)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_LATE)


def test_a_gate_that_does_not_shut_at_the_boot_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, booted=False)
    bench.tick(gate_shut=False)
    bench.run(TRAVEL_MS)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_LATE)


def test_a_flap_sensor_that_flickers_while_a_hand_is_in_the_gate_fails_nothing(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(occupied=True, weight_g=23)
    bench.tick(gate_open=False, entry_beam=True)
    bench.tick(gate_open=True)
    bench.run(2 * HOME_MS)
    bench.tick(flap_locked=False)
    assert bench.controller.state == CLOSING


def test_a_sequence_is_durable_before_anything_moves(tmp_path: os.PathLike[str]) -> None:
    for code, argument in COMMANDS:
        bench = Bench(tmp_path, memory=str(code))
        if code != CMD_OPEN:
            bench.item_in()
        seen = durable_at_each_drive(bench)
        bench.controller.command(code, argument, 5)
        assert bench.controller.answer == ANSWER_TAKEN, code
        assert seen, code
        assert set(seen) == {(5, 5 if code == CMD_SORT else 0)}, code


def test_a_sequence_not_above_the_last_is_stale_and_moves_nothing(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_RETURN, 0, 4)
    bench.tick()
    bench.driven()
    for code, argument in COMMANDS:
        for sequence in (0, 3, 4):
            bench.controller.command(code, argument, sequence)
            assert bench.controller.answer == ANSWER_STALE, (code, sequence)
    assert bench.driven() == []
    assert bench.controller.state == SHUT


def test_a_sequence_that_leaps_is_refused_and_leaves_the_next_one_its_place(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    for code, argument in COMMANDS:
        for sequence in (LEAP + 1, U32):
            bench.controller.command(code, argument, sequence)
            assert bench.controller.answer == ANSWER_STALE, (code, sequence)
    assert bench.durable().taken == 0
    assert bench.driven() == []
    bench.controller.command(CMD_RETURN, 0, LEAP)
    assert bench.controller.answer == ANSWER_TAKEN
    assert bench.durable().taken == LEAP


def test_a_totaliser_that_is_full_stops_the_controller_instead_of_going_round(tmp_path: os.PathLike[str]) -> None:
    Store(str(tmp_path) + "/controller.bin").save(Record((7, 6, 6, 0, U32, 3, 0, 0)))
    bench = Bench(tmp_path)
    bench.sorting(sequence=8)
    bench.fallen()
    bench.tick(drop_beam=False, flap_locked=True)
    assert bench.durable().totaliser == U32
    assert bench.controller.fault == FAULT_STORE


def test_a_command_while_another_moves_is_busy_and_not_taken(tmp_path: os.PathLike[str]) -> None:
    for code, argument in COMMANDS:
        bench = Bench(tmp_path, memory=str(code))
        bench.controller.command(CMD_OPEN, 0, 1)
        bench.tick(gate_shut=False)
        bench.controller.command(code, argument, 2)
        assert bench.controller.answer == ANSWER_BUSY, code
        assert bench.durable().taken == 1
        assert bench.controller.state == OPENING


def test_the_double_of_a_command_under_way_is_stale_rather_than_busy(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_STALE


def test_a_command_that_is_none_a_bin_or_a_part_that_is_not_there_is_unknown(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    for code, argument in ((0, 0), (6, 0), (65535, 0), (CMD_SORT, 0), (CMD_SORT, 3), (CMD_TEST, 0), (CMD_TEST, 4)):
        bench.controller.command(code, argument, 1)
        assert bench.controller.answer == ANSWER_UNKNOWN, (code, argument)
    assert bench.durable().taken == 0
    assert bench.driven() == []


def test_the_gate_shuts_behind_an_item_and_stays_shut(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    assert bench.controller.state == OPEN
    bench.tick(occupied=True, weight_g=23)
    assert bench.controller.state == CLOSING
    bench.gate_shut()
    assert bench.controller.state == SHUT
    bench.tick(after_ms=60_000)
    assert bench.driven() == ["gate opens", "gate shuts"]


def test_the_gate_waits_until_the_hand_is_out(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(entry_beam=True, occupied=True, weight_g=23)
    assert bench.controller.state == OPEN
    bench.tick(entry_beam=False)
    assert bench.controller.state == CLOSING


def test_no_command_is_taken_with_something_in_the_open_gate(tmp_path: os.PathLike[str]) -> None:
    for sensor in ("entry_beam", "occupied"):
        bench = Bench(tmp_path, memory=sensor)
        bench.open()
        setattr(bench.metal.sensors, sensor, True)
        bench.controller.command(CMD_RETURN, 0, 2)
        assert bench.controller.answer == ANSWER_BUSY, sensor


def test_the_gate_does_not_open_on_what_lies_in_the_chamber(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_BUSY
    assert bench.controller.state == SHUT


def test_a_test_and_a_clear_want_the_gate_shut(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    for code in (CMD_TEST, CMD_CLEAR):
        bench.controller.command(code, PART_GATE, 2)
        assert bench.controller.answer == ANSWER_BUSY, code


def test_an_open_at_the_open_gate_leaves_it_open(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.controller.command(CMD_OPEN, 0, 2)
    bench.tick()
    assert bench.controller.answer == ANSWER_TAKEN
    assert bench.controller.state == OPEN


def test_the_weight_is_steady_only_after_it_has_been_still(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(occupied=True, weight_g=300)
    assert not bench.controller.steady
    bench.tick(after_ms=STILL_MS - 1, weight_g=305)
    assert not bench.controller.steady
    bench.tick(after_ms=STILL_MS - 1, weight_g=304)
    assert not bench.controller.steady
    bench.tick(after_ms=1)
    assert bench.controller.steady


def test_what_has_just_come_is_not_steady_even_if_the_scale_has_not_felt_it(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(after_ms=STILL_MS)
    bench.tick(occupied=True)
    assert not bench.controller.steady


def test_a_sort_on_an_empty_chamber_ends_where_it_began(tmp_path: os.PathLike[str]) -> None:
    for gate_open in (False, True):
        bench = Bench(tmp_path, memory=str(gate_open))
        if gate_open:
            bench.open()
        bench.driven()
        bench.controller.command(CMD_SORT, 1, 2)
        bench.tick()
        assert bench.controller.answer == ANSWER_TAKEN
        assert bench.controller.state == (OPEN if gate_open else SHUT)
        assert bench.driven() == []
        assert bench.durable().values() == (2, 2, 0, 0, 0, 1, 0, 0)


def test_a_return_opens_the_gate_and_ends_shut_once_the_item_is_out(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(after_ms=TAKE_OUT_MS - 100)
    assert bench.controller.state == RETURNING
    bench.tick(entry_beam=True, occupied=False, weight_g=0)
    assert bench.durable().back == 0
    bench.tick(entry_beam=False)
    assert bench.durable().values() == (1, 0, 0, 1, 0, 1, 0, 0)
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.driven() == ["gate opens", "gate shuts"]


def test_a_return_on_an_empty_chamber_only_shuts_the_gate(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.state == RETURNING
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.driven() == ["gate opens", "gate shuts"]
    assert bench.durable().values() == (2, 0, 0, 0, 0, 1, 0, 0)


def test_an_item_pushed_in_while_a_return_shuts_the_gate_was_not_handed_back(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.controller.command(CMD_RETURN, 0, 2)
    bench.tick(gate_open=False, occupied=True, weight_g=23)
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    assert bench.controller.sensors.occupied
    assert bench.durable().back == 0


def test_an_item_left_in_a_return_is_shut_in_again(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(after_ms=TAKE_OUT_MS)
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.controller.sensors.occupied
    assert bench.durable().back == 0


def test_an_item_snatched_while_a_return_shuts_on_it_was_handed_back(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(after_ms=TAKE_OUT_MS)
    bench.tick(gate_open=False, occupied=False, weight_g=0)
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    assert bench.durable().back == 1


def test_what_leaves_through_a_flap_that_is_forced_in_a_return_was_not_handed_back(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(flap_locked=False, occupied=False, weight_g=0)
    assert bench.controller.state == RETURNING
    assert bench.durable().back == 0


def test_a_clear_takes_everything_home_and_the_fault_away(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(occupied=True, gate_open=False)
    bench.run(TRAVEL_MS)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_LATE)
    for code, argument in ((CMD_OPEN, 0), (CMD_SORT, 1), (CMD_RETURN, 0), (CMD_TEST, PART_GATE)):
        bench.controller.command(code, argument, 2)
        assert bench.controller.answer == ANSWER_FAULT, code
    bench.driven()
    bench.controller.command(CMD_CLEAR, 0, 2)
    assert bench.controller.answer == ANSWER_TAKEN
    assert bench.shows() == (CLOSING, FAULT_NONE, CAUSE_NONE)
    assert bench.driven() == ["flap shuts", "gate shuts"]
    bench.tick(gate_shut=True)
    assert bench.controller.state == SHUT
    bench.controller.command(CMD_RETURN, 0, 3)
    assert bench.controller.answer == ANSWER_TAKEN


def test_what_still_fails_after_a_clear_says_so_again(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.tick(gate_shut=False)
    bench.run(TRAVEL_MS)
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.run(TRAVEL_MS)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_LATE)


def test_a_flap_has_all_its_time_to_lock_after_each_clear(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, booted=False)
    bench.tick(flap_locked=False)
    bench.run(2 * HOME_MS)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_LATE)
    bench.controller.command(CMD_CLEAR, 0, 1)
    bench.run(HOME_MS - 20)
    assert bench.controller.state == CLOSING
    bench.tick(flap_locked=True)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_clear_at_rest_ends_the_fault_of_a_drop(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(drop_beam=True)
    bench.controller.command(CMD_SORT, 1, 1)
    bench.tick()
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.tick()
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_memory_that_fails_at_the_boot_shuts_the_gate_and_takes_no_command(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, works=0, booted=False)
    bench.tick(gate_shut=False)
    bench.tick(gate_shut=True)
    assert bench.driven() == ["flap shuts", "gate shuts"]
    for code, argument in COMMANDS:
        bench.controller.command(code, argument, 1)
        bench.tick()
        assert bench.controller.answer == ANSWER_BUSY, code
    assert bench.shows() == (SHUT, FAULT_STORE, CAUSE_NONE)
    assert bench.driven() == []


def test_a_memory_that_fails_lets_no_command_move_anything(tmp_path: os.PathLike[str]) -> None:
    for code, argument in COMMANDS:
        bench = Bench(tmp_path, memory=str(code), works=1)
        if code != CMD_OPEN:
            bench.item_in()
        for sequence in (1, 2):
            bench.controller.command(code, argument, sequence)
            bench.tick()
            assert bench.controller.answer == ANSWER_BUSY, code
        assert bench.shows() == (SHUT, FAULT_STORE, CAUSE_NONE)
        assert bench.driven() == []
        assert bench.durable().values() == (0, 0, 0, 0, 0, 1, 0, 0)


def test_a_memory_that_fails_shuts_the_open_gate(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, works=2)
    bench.open()
    bench.controller.command(CMD_OPEN, 0, 2)
    bench.tick()
    assert bench.shows() == (CLOSING, FAULT_STORE, CAUSE_NONE)


def test_a_drop_that_cannot_be_written_is_not_shown_as_counted(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, works=2)
    bench.sorting()
    bench.fallen()
    bench.tick(drop_beam=False, flap_locked=True)
    assert bench.shows() == (SHUT, FAULT_STORE, CAUSE_NONE)
    assert bench.controller.record.values() == bench.durable().values() == (1, 1, 0, 0, 0, 1, 0, 0)
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.answer == ANSWER_BUSY


def test_the_gate_still_shuts_when_handing_back_cannot_be_written(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, works=2)
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(occupied=False, weight_g=0)
    bench.gate_shut()
    assert bench.shows() == (SHUT, FAULT_STORE, CAUSE_NONE)
    assert bench.controller.record.back == 0


def test_the_next_sort_ends_the_fault_of_a_drop(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(drop_beam=True)
    bench.controller.command(CMD_SORT, 1, 1)
    bench.tick()
    assert bench.controller.fault == FAULT_DROP
    bench.tick(drop_beam=False)
    bench.sorting(sequence=2)
    assert bench.controller.fault == FAULT_NONE
    bench.fallen()
    bench.tick(drop_beam=False, flap_locked=True)
    assert bench.durable().values() == (2, 2, 2, 0, 1, 1, 0, 0)


def test_it_tells_which_command_it_carries_out(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting(sequence=8)
    assert (bench.controller.state, bench.controller.doing) == (SORTING, (CMD_SORT, 8))
    bench.fallen()
    bench.tick(drop_beam=False, flap_locked=True, after_ms=FALL_MS - 1)
    assert bench.controller.doing is None
