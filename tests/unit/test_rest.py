"""What happens at rest without a command: drops by hand, parts that are forced, a beam that is blocked. Runs under MicroPython as well."""

import os

from firmware.registers import (
    ANSWER_FAULT,
    ANSWER_TAKEN,
    CAUSE_BLOCKED,
    CAUSE_FORCED,
    CAUSE_LATE,
    CAUSE_NONE,
    CLOSING,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    FAILED,
    FAULT_DROP_BEAM,
    FAULT_FLAP,
    FAULT_GATE,
    FAULT_NONE,
    FAULT_SORTER,
    OPEN,
    SHUT,
)
from firmware.rest import DROP_BEAM_MS, FORCED_MS
from firmware.sort import TURN_MS
from wires.bench import Bench


def let_fall_by_hand(bench: Bench) -> None:
    """Somebody pulls the flap open under what lies in the chamber, and it shuts behind it."""
    bench.tick(flap_locked=False)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False)
    bench.tick(flap_locked=True)


def test_a_drop_by_a_technicians_hand_counts_as_such_and_for_no_command(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(door_open=True)
    let_fall_by_hand(bench)
    assert bench.durable().values() == (0, 0, 0, 0, 1, 1, 0, 1)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert bench.driven() == []


def test_each_drop_by_hand_counts_once(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(door_open=True)
    for count in range(1, 4):
        bench.item_in()
        let_fall_by_hand(bench)
        bench.run(100)
        assert (bench.durable().totaliser, bench.durable().drops_manual) == (count, count)


def test_a_flap_moved_by_hand_with_nothing_on_it_counts_nothing(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(door_open=True)
    let_fall_by_hand(bench)
    bench.item_in()
    bench.tick(flap_locked=False)
    bench.tick(flap_locked=True)
    bench.run(100)
    assert bench.durable().totaliser == 0


def test_what_is_taken_out_while_the_flap_hangs_open_was_not_dropped(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(door_open=True)
    bench.tick(flap_locked=False)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(flap_locked=True)
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False)
    assert bench.durable().totaliser == 0


def test_a_flap_forced_at_rest_has_failed_and_the_open_gate_shuts(tmp_path: os.PathLike[str]) -> None:
    for open_gate in (False, True):
        bench = Bench(tmp_path, memory=str(open_gate))
        if open_gate:
            bench.open()
        bench.driven()
        bench.tick(flap_locked=False)
        bench.run(FORCED_MS - 10)
        assert bench.controller.state == (OPEN if open_gate else SHUT)
        bench.run(20)
        assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_FORCED)
        assert bench.driven() == ["stop", "gate shuts"]
        bench.controller.command(CMD_RETURN, 0, 2)
        assert bench.controller.answer == ANSWER_FAULT


def test_what_falls_through_a_forced_flap_is_no_visitors_drop(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(flap_locked=False)
    bench.run(2 * FORCED_MS)
    assert bench.controller.state == FAILED
    bench.tick(occupied=False, weight_g=0)
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False, flap_locked=True)
    assert bench.durable().values() == (0, 0, 0, 0, 1, 1, 0, 1)


def test_with_the_door_open_nothing_is_forced_or_blocked(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(door_open=True)
    bench.tick(flap_locked=False, gate_shut=False, drop_beam=True)
    bench.run(2 * DROP_BEAM_MS)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_door_that_is_shut_on_a_loose_flap_or_gate_says_so(tmp_path: os.PathLike[str]) -> None:
    for name, fault in (("flap_locked", FAULT_FLAP), ("gate_shut", FAULT_GATE)):
        bench = Bench(tmp_path, memory=name)
        bench.tick(door_open=True)
        sensors: dict[str, bool | int] = {name: False}
        bench.tick(**sensors)
        bench.run(2 * FORCED_MS)
        bench.tick(door_open=False)
        bench.run(FORCED_MS)
        assert bench.shows() == (FAILED, fault, CAUSE_FORCED), name


def test_a_drop_beam_that_is_blocked_at_rest_is_latched_and_only_a_return_or_a_clear_is_taken(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(drop_beam=True)
    bench.run(DROP_BEAM_MS - 10)
    assert bench.controller.fault == FAULT_NONE
    bench.run(10)
    assert bench.shows() == (SHUT, FAULT_DROP_BEAM, CAUSE_BLOCKED)
    bench.tick(drop_beam=False)
    assert bench.controller.fault == FAULT_DROP_BEAM
    bench.controller.command(CMD_OPEN, 0, 1)
    assert bench.controller.answer == ANSWER_FAULT
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.tick()
    assert bench.controller.answer == ANSWER_TAKEN
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.tick()
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_beam_still_blocked_after_a_clear_says_so_again(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(drop_beam=True)
    bench.run(DROP_BEAM_MS)
    bench.controller.command(CMD_CLEAR, 0, 1)
    bench.run(DROP_BEAM_MS - 20)
    assert bench.controller.fault == FAULT_NONE
    bench.run(40)
    assert bench.shows() == (SHUT, FAULT_DROP_BEAM, CAUSE_BLOCKED)


def test_the_fault_that_latched_first_is_the_one_that_is_told(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_SORT, 2, 1)
    bench.run(TURN_MS)
    assert bench.shows() == (SHUT, FAULT_SORTER, CAUSE_LATE)
    bench.tick(drop_beam=True)
    bench.run(2 * DROP_BEAM_MS)
    assert bench.shows() == (SHUT, FAULT_SORTER, CAUSE_LATE)


def test_a_fault_that_latches_shuts_the_open_gate(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.open()
    bench.tick(drop_beam=True)
    bench.run(DROP_BEAM_MS + 10)
    assert bench.shows() == (CLOSING, FAULT_DROP_BEAM, CAUSE_BLOCKED)


def test_what_held_before_a_command_does_not_count_towards_what_holds_after_it(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(drop_beam=True)
    bench.controller.command(CMD_RETURN, 0, 1)
    bench.tick(2 * DROP_BEAM_MS, drop_beam=False)
    bench.tick(drop_beam=True)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
