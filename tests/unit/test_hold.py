"""A Hold: a part moves for as long as it is touched, three seconds at most, and never before an open door. Runs under MicroPython as well."""

import os

from firmware.hold import LONGEST_MS, RENEW_MS, STANDS_MS
from firmware.motion import OVER_MA, OVER_MS
from firmware.registers import (
    ANSWER_BUSY,
    ANSWER_TAKEN,
    ANSWER_UNKNOWN,
    ANSWER_UNSAFE,
    CLOSING,
    CMD_CLEAR,
    CMD_HOLD,
    CMD_OPEN,
    HELD,
    HELD_ARRIVED,
    HELD_FORCE,
    HELD_HAND,
    HELD_LET_GO,
    HELD_NONE,
    HELD_TIME,
    HELD_UNSAFE,
    HOLD_FLAP_OPEN,
    HOLD_GATE_OPEN,
    HOLD_GATE_SHUT,
    HOLD_SORTER_2,
    SHUT,
)
from wires.bench import Bench


def held(bench: Bench, motion: int = HOLD_GATE_OPEN, sequence: int = 1) -> None:
    """The motion has begun."""
    bench.controller.command(CMD_HOLD, motion, sequence)
    assert (bench.controller.answer, bench.controller.state) == (ANSWER_TAKEN, HELD)
    if motion == HOLD_GATE_OPEN:
        bench.tick(gate_shut=False, motor_ma=400)


def touched(bench: Bench, for_ms: int, sequence: int = 1) -> None:
    """It is renewed as the kiosk does."""
    for _ in range(for_ms // 100):
        bench.controller.renew(sequence)
        bench.tick(100)


def test_a_part_moves_while_it_is_renewed_and_stands_once_it_is_let_go(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    touched(bench, 1000)
    assert (bench.driven(), bench.controller.hold.ended) == (["gate opens"], HELD_NONE)
    bench.controller.renew(0)
    bench.tick()
    assert (bench.driven(), bench.controller.hold.ended, bench.controller.state) == (["stop"], HELD_LET_GO, HELD)


def test_a_line_that_falls_silent_ends_it(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    bench.tick(RENEW_MS - 10)
    assert bench.controller.hold.moves
    bench.tick(10)
    assert (bench.driven(), bench.controller.hold.ended) == (["gate opens", "stop"], HELD_LET_GO)
    bench.controller.renew(1)
    bench.tick()
    assert not bench.controller.hold.moves, "a renewal that comes late begins nothing"


def test_it_ends_after_three_seconds_whatever_is_touched(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    touched(bench, LONGEST_MS + 500)
    assert (LONGEST_MS, bench.controller.hold.ended, bench.driven()) == (3000, HELD_TIME, ["gate opens", "stop"])


def test_another_sequence_ends_it(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    bench.controller.renew(2)
    bench.tick()
    assert bench.controller.hold.ended == HELD_LET_GO


def test_it_ends_where_the_part_arrives(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    bench.tick(gate_open=True)
    assert (bench.driven(), bench.controller.hold.ended) == (["gate opens", "stop"], HELD_ARRIVED)
    bench.controller.command(CMD_HOLD, HOLD_GATE_SHUT, 2)
    bench.tick(gate_open=False)
    bench.tick(gate_shut=True)
    assert (bench.driven(), bench.controller.hold.ended) == (["gate shuts", "stop"], HELD_ARRIVED)


def test_an_open_door_refuses_it_and_ends_it_and_nothing_moves_by_itself_then(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.tick(door_open=True)
    bench.controller.command(CMD_HOLD, HOLD_GATE_OPEN, 1)
    assert (bench.controller.answer, bench.driven(), bench.durable().taken) == (ANSWER_UNSAFE, [], 0)
    bench.tick(door_open=False)
    held(bench)
    bench.tick(door_open=True)
    assert (bench.driven(), bench.controller.hold.ended) == (["gate opens", "stop"], HELD_UNSAFE)
    bench.beats = False
    bench.run(2 * STANDS_MS, step_ms=100)
    assert (bench.driven(), bench.controller.state) == ([], HELD)


def test_left_where_it_is_it_goes_home_behind_a_shut_door(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    bench.controller.renew(0)
    bench.driven()
    bench.run(STANDS_MS - 100, step_ms=100)
    assert (bench.driven(), bench.controller.state) == ([], HELD)
    bench.run(200, step_ms=100)
    assert (bench.driven(), bench.controller.state) == (["flap shuts", "gate shuts"], CLOSING)
    bench.gate_shut()
    assert bench.controller.state == SHUT


def test_a_kiosk_that_falls_silent_sends_it_home(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    bench.beats = False
    bench.run(2100)
    assert bench.driven() == ["gate opens", "stop", "flap shuts", "gate shuts"]


def test_a_clear_sends_it_home_and_no_other_command_is_taken(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    bench.controller.command(CMD_OPEN, 0, 2)
    assert bench.controller.answer == ANSWER_BUSY
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.gate_shut()
    assert (bench.driven(), bench.controller.state) == (["gate opens", "stop", "flap shuts", "gate shuts"], SHUT)


def test_force_and_a_hand_in_the_gate_end_it(tmp_path: os.PathLike[str]) -> None:
    for name, sensors, ended in (("force", {"motor_ma": OVER_MA + 1}, HELD_FORCE), ("hand", {"entry_beam": True}, HELD_HAND)):
        bench = Bench(tmp_path, memory=name)
        held(bench)
        bench.tick(**sensors)
        bench.tick(OVER_MS)
        assert (bench.driven(), bench.controller.hold.ended) == (["gate opens", "stop"], ended)


def test_one_part_at_a_time_and_nothing_over_an_item(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench)
    for motion in (HOLD_FLAP_OPEN, HOLD_SORTER_2):
        bench.controller.command(CMD_HOLD, motion, 2)
        assert bench.controller.answer == ANSWER_BUSY
    bench.controller.command(CMD_HOLD, 7, 2)
    assert bench.controller.answer == ANSWER_UNKNOWN
    full = Bench(tmp_path, memory="full")
    full.item_in()
    full.controller.command(CMD_HOLD, HOLD_FLAP_OPEN, 1)
    assert (full.controller.answer, full.driven()) == (ANSWER_BUSY, [])


def test_what_falls_in_a_hold_fell_by_hand(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    held(bench, HOLD_FLAP_OPEN)
    bench.tick(flap_locked=False)
    bench.tick(occupied=True, weight_g=23)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False)
    bench.tick(flap_locked=True)
    record = bench.durable()
    assert (record.totaliser, record.drops_manual, record.counted) == (1, 1, 0)
