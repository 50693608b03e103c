"""The gate's travel: it gives way to a hand and to force, tries again, and knows when it has failed. Runs under MicroPython as well."""

import os

from firmware.gate import CLEAR_MS, TRAVEL_MS, TRIES
from firmware.motion import OVER_MA, OVER_MS
from firmware.registers import (
    ANSWER_BUSY,
    CAUSE_FORCED,
    CAUSE_LATE,
    CAUSE_NONE,
    CAUSE_OVER_CURRENT,
    CLOSING,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_RETURN,
    FAILED,
    FAULT_FLAP,
    FAULT_GATE,
    FAULT_NONE,
    OPEN,
    OPENING,
    RETURNING,
    SHUT,
)
from wires.bench import Bench

FREE_MA = 250


def shutting(bench: Bench) -> None:
    """The gate shuts behind an item and stands half way."""
    bench.open()
    bench.tick(occupied=True, weight_g=23)
    bench.tick(gate_open=False)
    bench.driven()


def stopped_by_force(bench: Bench) -> None:
    """Something stops the gate half way for long enough to be noticed; what gives way draws no such current."""
    bench.tick(motor_ma=OVER_MA + 1, gate_open=False)
    bench.run(OVER_MS + 10)
    bench.tick(motor_ma=FREE_MA)


def test_a_hand_makes_the_shutting_gate_give_way_until_it_has_been_gone_for_a_while(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.tick(entry_beam=True)
    assert bench.driven() == ["gate opens"]
    assert bench.controller.hand
    bench.tick(gate_open=True)
    bench.run(20 * CLEAR_MS)
    assert bench.driven() == [], "however long the hand stays"
    bench.tick(entry_beam=False)
    bench.run(CLEAR_MS - 10)
    assert bench.driven() == []
    assert bench.controller.hand
    bench.run(20)
    assert (bench.driven(), bench.controller.hand) == (["gate shuts"], False)
    bench.gate_shut()
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_second_hand_begins_the_wait_anew(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.tick(entry_beam=True)
    for _ in range(5):
        bench.tick(entry_beam=False, gate_open=True)
        bench.run(CLEAR_MS - 10)
        bench.tick(entry_beam=True)
    assert bench.driven() == ["gate opens"]
    assert bench.controller.state == CLOSING


def test_a_hand_does_not_stop_a_gate_that_has_shut(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.tick(gate_shut=True, entry_beam=True)
    assert bench.controller.state == SHUT
    assert bench.driven() == []


def test_a_hand_comes_and_goes_as_often_as_it_likes(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    for _ in range(3 * TRIES):
        bench.tick(entry_beam=True, gate_open=True)
        bench.tick(entry_beam=False)
        bench.run(CLEAR_MS + 10)
        bench.tick(gate_open=False)
    assert bench.shows() == (CLOSING, FAULT_NONE, CAUSE_NONE)


def test_a_gate_stopped_by_force_gives_way_and_shuts_again(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    stopped_by_force(bench)
    assert bench.driven() == ["gate opens"]
    assert bench.controller.hand
    bench.run(CLEAR_MS + 10)
    assert bench.driven() == ["gate shuts"]
    bench.gate_shut()
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_gate_stopped_by_force_three_times_has_failed_and_is_driven_no_more(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    for _ in range(TRIES):
        stopped_by_force(bench)
        bench.tick(gate_open=True)
        bench.run(CLEAR_MS + 10)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_OVER_CURRENT)
    assert bench.driven() == ["gate opens", "gate shuts"] * (TRIES - 1) + ["stop"]
    bench.run(10_000)
    assert bench.driven() == []


def test_each_shutting_has_all_its_tries(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    for sequence in range(1, TRIES + 2):
        bench.open(sequence)
        bench.tick(gate_open=True, occupied=True)
        stopped_by_force(bench)
        bench.run(CLEAR_MS + 10)
        bench.tick(occupied=False)
        bench.gate_shut()
        assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE), sequence


def test_the_current_of_a_drive_that_starts_stops_nothing(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.tick(motor_ma=2 * OVER_MA)
    bench.run(OVER_MS - 20)
    bench.tick(motor_ma=FREE_MA)
    assert bench.driven() == []


def test_a_gate_that_shuts_too_slowly_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.run(TRAVEL_MS)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_LATE)
    assert bench.driven() == ["stop"]


def test_a_gate_that_opens_too_slowly_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_OPEN, 0, 1)
    bench.tick(gate_shut=False)
    bench.run(TRAVEL_MS - 20)
    assert bench.controller.state == OPENING
    bench.run(20)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_LATE)


def test_a_gate_that_force_keeps_from_opening_has_failed(tmp_path: os.PathLike[str]) -> None:
    for code in (CMD_OPEN, CMD_RETURN):
        bench = Bench(tmp_path, memory=str(code))
        if code == CMD_RETURN:
            bench.item_in()
        bench.controller.command(code, 0, 1)
        bench.tick(motor_ma=OVER_MA + 1)
        bench.run(OVER_MS + 10)
        assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_OVER_CURRENT), code


def test_a_gate_that_cannot_give_way_has_failed(tmp_path: os.PathLike[str]) -> None:
    for trouble, cause in ((FREE_MA, CAUSE_LATE), (OVER_MA + 1, CAUSE_OVER_CURRENT)):
        bench = Bench(tmp_path, memory=str(trouble))
        shutting(bench)
        bench.tick(entry_beam=True, motor_ma=trouble)
        bench.run(TRAVEL_MS)
        assert bench.shows() == (FAILED, FAULT_GATE, cause)
        assert bench.driven() == ["gate opens", "stop"]


def test_a_gate_that_gave_way_may_lose_its_sensor_for_a_moment(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.tick(entry_beam=True)
    bench.tick(gate_open=True)
    bench.run(2 * TRAVEL_MS)
    bench.tick(gate_open=False)
    assert bench.controller.state == CLOSING


def test_a_gate_that_keeps_giving_way_takes_no_command(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    bench.tick(entry_beam=True)
    for code in (CMD_OPEN, CMD_RETURN, CMD_CLEAR):
        bench.controller.command(code, 0, 2)
        assert bench.controller.answer == ANSWER_BUSY, code


def test_a_hand_in_a_return_that_shuts_is_given_way_to_as_well(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.gate_opened()
    bench.tick(occupied=False, weight_g=0)
    bench.tick(gate_open=False)
    bench.driven()
    bench.tick(entry_beam=True)
    assert bench.driven() == ["gate opens"]
    assert (bench.controller.state, bench.controller.hand) == (RETURNING, True)
    bench.tick(entry_beam=False, gate_open=True)
    bench.run(CLEAR_MS + 10)
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert bench.durable().back == 1


def test_a_gate_that_is_forced_at_rest_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(gate_shut=False)
    bench.run(300)
    bench.tick(gate_shut=True)
    bench.tick(gate_shut=False)
    bench.run(300)
    assert bench.controller.state == SHUT, "shaken, not forced"
    bench.run(300)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_FORCED)


def test_the_open_gate_stands_open(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.driven()
    bench.run(20_000)
    assert bench.controller.state == OPEN
    assert bench.driven() == []


def test_after_each_stop_by_force_it_waits_as_long(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    shutting(bench)
    for _ in range(TRIES - 1):
        stopped_by_force(bench)
        assert bench.driven() == ["gate opens"]
        bench.run(CLEAR_MS - 20)
        assert bench.driven() == []
        bench.run(40)
        assert bench.driven() == ["gate shuts"]


def test_a_gate_that_fails_as_well_while_it_shuts_on_another_fault_says_so(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(flap_locked=False)
    bench.run(1000)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_FORCED)
    bench.tick(gate_open=False)
    bench.driven()
    bench.run(TRAVEL_MS)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_LATE)
    assert bench.driven() == ["stop"]
