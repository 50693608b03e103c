"""What makes it unsafe to go on, and what then shuts, waits, or is finished all the same. Runs under MicroPython as well."""

import os

from firmware.controller import TAKE_OUT_MS
from firmware.guard import (
    ENTRY_BEAM_BACK_MS,
    ENTRY_BEAM_MS,
    SCALE_BACK_G,
    SCALE_BACK_MS,
    SCALE_G,
    SCALE_MS,
    SUPPLY_BACK_MS,
    SUPPLY_BACK_MV,
    SUPPLY_LOW_MS,
    SUPPLY_LOW_MV,
    WATCHDOG_MS,
)
from firmware.registers import (
    ANSWER_TAKEN,
    ANSWER_UNSAFE,
    CAUSE_NONE,
    CLOSING,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    CMD_TEST,
    FAULT_ENTRY_BEAM,
    FAULT_NONE,
    FAULT_SCALE,
    FAULT_SUPPLY,
    OPEN,
    OPENING,
    PART_GATE,
    RETURNING,
    SHUT,
    SORTING,
    TESTING,
)
from wires.bench import Bench

COMMANDS = ((CMD_OPEN, 0), (CMD_SORT, 1), (CMD_RETURN, 0), (CMD_TEST, PART_GATE), (CMD_CLEAR, 0))
UNSAFE = ("beat", "door", "supply")


def unsafe(bench: Bench, why: str) -> None:
    """From now on it is unsafe to go on."""
    if why == "beat":
        bench.beats = False
        bench.run(bench.controller.guard.watchdog_ms)
    elif why == "door":
        bench.tick(door_open=True)
    else:
        bench.tick(supply_mv=SUPPLY_LOW_MV - 1)
        bench.run(SUPPLY_LOW_MS)


def test_nothing_begins_while_it_is_unsafe(tmp_path: os.PathLike[str]) -> None:
    for why in UNSAFE:
        bench = Bench(tmp_path, memory=why)
        bench.item_in()
        unsafe(bench, why)
        for code, argument in COMMANDS:
            bench.controller.command(code, argument, 1)
            bench.tick()
            assert bench.controller.answer == ANSWER_UNSAFE, (why, code)
        assert bench.driven() == []
        assert bench.durable().taken == 0
        assert bench.controller.state == SHUT


def test_an_open_gate_shuts_and_so_does_one_that_opens(tmp_path: os.PathLike[str]) -> None:
    for why in UNSAFE:
        for state in (OPEN, OPENING):
            bench = Bench(tmp_path, memory=why + str(state))
            bench.controller.command(CMD_OPEN, 0, 1)
            bench.tick(gate_shut=False, gate_open=state == OPEN)
            assert bench.controller.state == state
            unsafe(bench, why)
            assert bench.controller.state == CLOSING, (why, state)
            assert bench.driven() == ["gate opens", "gate shuts"]
            bench.gate_shut()
            assert bench.controller.state == SHUT


def test_a_hand_is_given_way_to_even_then(tmp_path: os.PathLike[str]) -> None:
    for why in UNSAFE:
        bench = Bench(tmp_path, memory=why)
        bench.open()
        bench.driven()
        unsafe(bench, why)
        bench.tick(gate_open=False, entry_beam=True)
        assert bench.driven() == ["gate shuts", "gate opens"], why
        assert bench.controller.hand


def test_a_drop_in_motion_is_finished_and_counted(tmp_path: os.PathLike[str]) -> None:
    for why in UNSAFE:
        bench = Bench(tmp_path, memory=why)
        bench.controller.guard.watchdog_ms = 500
        bench.sorting()
        bench.tick(occupied=False, weight_g=0)
        bench.tick(drop_beam=True)
        unsafe(bench, why)
        assert bench.controller.state == SORTING
        bench.tick(drop_beam=False, flap_locked=True)
        assert bench.controller.state == SHUT, why
        assert (bench.durable().counted, bench.durable().totaliser) == (1, 1)


def test_a_hand_back_has_its_thirty_seconds(tmp_path: os.PathLike[str]) -> None:
    for why in UNSAFE:
        bench = Bench(tmp_path, memory=why)
        bench.item_in()
        bench.controller.command(CMD_RETURN, 0, 1)
        bench.gate_opened()
        bench.driven()
        unsafe(bench, why)
        bench.run(TAKE_OUT_MS - WATCHDOG_MS - 1000, step_ms=100)
        assert (bench.controller.state, bench.driven()) == (RETURNING, []), why
        bench.tick(occupied=False, weight_g=0)
        bench.gate_shut()
        assert bench.controller.state == SHUT
        assert bench.durable().back == 1


def test_a_test_goes_on_to_its_end(tmp_path: os.PathLike[str]) -> None:
    for why in UNSAFE:
        bench = Bench(tmp_path, memory=why)
        bench.controller.command(CMD_TEST, PART_GATE, 1)
        bench.tick(gate_shut=False)
        unsafe(bench, why)
        assert bench.controller.state == TESTING
        bench.tick(gate_open=True)
        bench.gate_shut()
        assert bench.controller.state == SHUT, why


def test_only_a_beat_that_changes_says_that_the_kiosk_lives(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.beats = False
    guard = bench.controller.guard
    same = guard.beat
    for _ in range(WATCHDOG_MS // 100 - 1):
        guard.hear(same, bench.clock.now)
        bench.tick(100)
    assert (guard.beating, bench.controller.state) == (True, OPEN)
    guard.hear(same, bench.clock.now)
    bench.tick(100)
    assert (guard.beating, bench.controller.state) == (False, CLOSING)


def test_after_a_boot_nothing_begins_until_the_beat_is_heard(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path, booted=False)
    bench.beats = False
    bench.tick()
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_UNSAFE
    bench.controller.guard.hear(1, bench.clock.now)
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_TAKEN


def test_a_beat_that_comes_back_makes_it_safe_again(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    unsafe(bench, "beat")
    bench.beats = True
    bench.tick()
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_TAKEN


def test_the_watchdogs_time_can_be_set(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.controller.guard.watchdog_ms = 500
    bench.beats = False
    bench.run(490)
    assert bench.controller.state == OPEN
    bench.run(10)
    assert bench.controller.state == CLOSING


def test_a_shut_door_lets_it_go_on_at_once(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(door_open=True)
    bench.tick(door_open=False)
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_TAKEN


def test_a_supply_that_sags_must_be_well_up_again_for_a_while(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(supply_mv=SUPPLY_LOW_MV)
    assert bench.controller.fault == FAULT_NONE
    bench.tick(supply_mv=SUPPLY_LOW_MV - 1)
    bench.run(SUPPLY_LOW_MS - 10)
    assert bench.controller.fault == FAULT_NONE
    bench.run(10)
    assert bench.shows() == (SHUT, FAULT_SUPPLY, CAUSE_NONE)
    bench.tick(supply_mv=SUPPLY_BACK_MV - 1)
    bench.run(10 * SUPPLY_BACK_MS)
    assert bench.controller.fault == FAULT_SUPPLY
    bench.tick(supply_mv=SUPPLY_BACK_MV)
    bench.run(SUPPLY_BACK_MS - 20)
    bench.tick(supply_mv=SUPPLY_BACK_MV - 1)
    bench.tick(supply_mv=SUPPLY_BACK_MV)
    bench.run(SUPPLY_BACK_MS - 20)
    assert bench.controller.fault == FAULT_SUPPLY, "it wavered"
    bench.run(20)
    assert bench.controller.fault == FAULT_NONE
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_TAKEN


def test_something_in_the_gate_for_a_minute_is_a_fault_until_it_is_gone(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(entry_beam=True)
    bench.run(ENTRY_BEAM_MS - 100, step_ms=100)
    assert bench.controller.fault == FAULT_NONE
    bench.run(100)
    assert bench.shows() == (OPEN, FAULT_ENTRY_BEAM, CAUSE_NONE)
    bench.tick(entry_beam=False)
    bench.run(ENTRY_BEAM_BACK_MS)
    assert bench.controller.fault == FAULT_NONE


def test_a_gate_that_waits_for_a_hand_for_a_minute_says_so(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(occupied=True, weight_g=23)
    bench.tick(entry_beam=True)
    bench.run(ENTRY_BEAM_MS, step_ms=100)
    assert bench.shows() == (CLOSING, FAULT_ENTRY_BEAM, CAUSE_NONE)
    assert bench.controller.hand


def test_a_scale_that_is_off_with_nothing_on_it_is_a_fault_until_it_is_not(tmp_path: os.PathLike[str]) -> None:
    for weight_g in (SCALE_G + 1, -SCALE_G - 1):
        bench = Bench(tmp_path, memory=str(weight_g))
        bench.tick(weight_g=weight_g)
        bench.run(SCALE_MS - 10)
        assert bench.controller.fault == FAULT_NONE
        bench.run(10)
        assert bench.controller.fault == FAULT_SCALE
        bench.tick(weight_g=SCALE_BACK_G + 1)
        bench.run(10 * SCALE_BACK_MS)
        assert bench.controller.fault == FAULT_SCALE
        bench.tick(weight_g=SCALE_BACK_G)
        bench.run(SCALE_BACK_MS)
        assert bench.controller.fault == FAULT_NONE


def test_a_heavy_bottle_is_no_fault_of_the_scale(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in(weight_g=900)
    bench.run(2 * SCALE_MS)
    assert bench.controller.fault == FAULT_NONE
