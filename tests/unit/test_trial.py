"""A Test: one part there and back, its figures, and what falls in it. Runs under MicroPython as well."""

import os

from firmware.gate import CLEAR_MS, TRAVEL_MS, TRIES
from firmware.hold import STANDS_MS
from firmware.motion import OVER_MA, OVER_MS
from firmware.registers import (
    ANSWER_FAULT,
    CAUSE_LATE,
    CAUSE_NONE,
    CAUSE_OVER_CURRENT,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_TEST,
    FAILED,
    FAULT_FLAP,
    FAULT_GATE,
    FAULT_NONE,
    FAULT_SORTER,
    HELD,
    PART_FLAP,
    PART_GATE,
    PART_SORTER,
    SHUT,
    TEST_ARRIVED,
    TEST_FORCE_STOPPED,
    TEST_LATE,
    TEST_LET_GO,
    TEST_NONE,
    TEST_OVER_CURRENT,
    TESTING,
)
from firmware.trial import WAY_MS
from wires.bench import Bench


def figures(bench: Bench) -> "tuple[int, int, int, int, int]":
    """Result, then milliseconds and highest current of the way out, then of the way back."""
    trial = bench.controller.trial
    return trial.result, trial.out_ms, trial.out_ma, trial.back_ms, trial.back_ma


def test_the_gate_goes_there_and_back(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_GATE, 1)
    bench.tick(80, gate_shut=False, motor_ma=700)
    assert (bench.controller.state, figures(bench)[0]) == (TESTING, TEST_NONE)
    bench.tick(100, gate_open=True, motor_ma=300)
    bench.tick(50, gate_open=False, motor_ma=500)
    bench.tick(60, gate_shut=True, motor_ma=600)
    assert bench.driven() == ["gate opens", "gate shuts"]
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert figures(bench) == (TEST_ARRIVED, 180, 700, 110, 600)


def test_the_flap_goes_there_and_back(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(30, flap_locked=False, motor_ma=400)
    bench.tick(100, flap_locked=True, motor_ma=350)
    assert bench.driven() == ["flap opens", "flap shuts"]
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert figures(bench) == (TEST_ARRIVED, 30, 400, 100, 350)
    assert bench.durable().totaliser == 0


def test_the_sorter_goes_to_the_other_bin_and_back(tmp_path: os.PathLike[str]) -> None:
    for home, other in ((1, 2), (2, 1)):
        bench = Bench(tmp_path, memory=str(home))
        bench.tick(sorter_bin=home)
        bench.controller.command(CMD_TEST, PART_SORTER, 1)
        bench.tick(70, sorter_bin=0, motor_ma=450)
        bench.tick(80, sorter_bin=other)
        bench.tick(70, sorter_bin=0, motor_ma=460)
        bench.tick(90, sorter_bin=home)
        assert bench.driven() == [f"sorter to {other}", f"sorter to {home}"]
        assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
        assert figures(bench) == (TEST_ARRIVED, 150, 450, 160, 460)


def test_a_part_that_does_not_arrive_has_failed_on_that_way(tmp_path: os.PathLike[str]) -> None:
    for part, sensors, fault, state in (
        (PART_GATE, {"gate_shut": False}, FAULT_GATE, FAILED),
        (PART_FLAP, {}, FAULT_FLAP, FAILED),
        (PART_SORTER, {"sorter_bin": 0}, FAULT_SORTER, SHUT),
    ):
        for motor_ma, result, cause in ((900, TEST_LATE, CAUSE_LATE), (OVER_MA + 1, TEST_OVER_CURRENT, CAUSE_OVER_CURRENT)):
            bench = Bench(tmp_path, memory=str(part) + str(motor_ma))
            bench.controller.command(CMD_TEST, part, 1)
            bench.tick(motor_ma=motor_ma, **sensors)
            bench.run(WAY_MS)
            assert bench.shows() == (state, fault, cause)
            assert "stop" in bench.driven()
            ended, out_ms, out_ma, back_ms, back_ma = figures(bench)
            assert (ended, out_ma, back_ms, back_ma) == (result, motor_ma, 0, 0)
            assert out_ms >= (OVER_MS if result == TEST_OVER_CURRENT else min(TRAVEL_MS, WAY_MS))


def test_a_flap_that_does_not_come_back_has_failed_with_the_figures_of_its_way_out(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(30, flap_locked=False)
    bench.run(WAY_MS)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_LATE)
    assert figures(bench) == (TEST_LATE, 30, 250, WAY_MS, 250)


def test_a_sorter_that_failed_its_test_takes_nothing_but_a_clear(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_SORTER, 1)
    bench.tick(sorter_bin=0)
    bench.run(WAY_MS)
    bench.controller.command(CMD_OPEN, 0, 2)
    assert bench.controller.answer == ANSWER_FAULT
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.tick()
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_a_gate_that_force_stops_in_its_test_says_so_and_shuts_once_it_is_free(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_GATE, 1)
    bench.tick(100, gate_shut=False, gate_open=True)
    bench.tick(40, gate_open=False, motor_ma=OVER_MA + 1)
    bench.tick(OVER_MS, motor_ma=OVER_MA + 7)
    assert bench.controller.state == TESTING
    bench.tick(motor_ma=250, gate_open=True)
    bench.run(CLEAR_MS + 10)
    bench.gate_shut()
    assert bench.driven() == ["gate opens", "gate shuts", "gate opens", "gate shuts"]
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert figures(bench) == (TEST_FORCE_STOPPED, 100, 250, 40 + OVER_MS, OVER_MA + 7)


def test_a_gate_that_force_stops_in_its_test_again_and_again_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_GATE, 1)
    bench.tick(gate_shut=False, gate_open=True)
    for _ in range(TRIES):
        bench.tick(gate_open=False, motor_ma=OVER_MA + 1)
        bench.run(OVER_MS)
        bench.tick(motor_ma=250, gate_open=True)
        bench.run(CLEAR_MS + 10)
    assert bench.shows() == (FAILED, FAULT_GATE, CAUSE_OVER_CURRENT)
    assert figures(bench)[0] == TEST_OVER_CURRENT


def test_a_hand_in_the_gate_in_its_test_is_given_way_to(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_GATE, 1)
    bench.tick(gate_shut=False, gate_open=True)
    bench.tick(gate_open=False, entry_beam=True)
    bench.tick(gate_open=True)
    bench.run(20 * CLEAR_MS)
    assert bench.controller.hand
    bench.tick(entry_beam=False)
    bench.run(CLEAR_MS + 10)
    bench.gate_shut()
    assert bench.controller.state == SHUT
    assert figures(bench)[0] == TEST_ARRIVED


def test_what_a_test_of_the_flap_lets_fall_counts_as_a_test_and_for_no_command(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(20, flap_locked=False)
    assert bench.driven() == ["flap opens"], "it waits for the fall"
    bench.tick(60, occupied=False, weight_g=0)
    bench.tick(60, drop_beam=True)
    assert bench.driven() == ["flap shuts"]
    bench.tick(60, drop_beam=False)
    bench.tick(40, flap_locked=True)
    assert bench.durable().values() == (1, 0, 0, 0, 1, 1, 1, 0)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert figures(bench) == (TEST_ARRIVED, 140, 250, 100, 250)
    bench.run(100)
    assert bench.durable().totaliser == 1, "once"


def test_what_falls_under_a_flap_whose_lock_sensor_is_stuck_counts_once(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False)
    bench.run(WAY_MS)
    assert bench.durable().values() == (1, 0, 0, 0, 1, 1, 1, 0)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_LATE)


def test_a_fall_in_a_test_that_ends_after_the_flap_has_locked_is_counted_too(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(flap_locked=False, occupied=False, weight_g=0, drop_beam=True)
    bench.tick(flap_locked=True)
    assert bench.controller.state == TESTING
    bench.tick(drop_beam=False)
    assert bench.controller.state == SHUT
    assert bench.durable().drops_test == 1


def test_a_test_of_the_flap_under_an_item_that_stays_ends_with_the_item_where_it_was(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(flap_locked=False)
    bench.run(WAY_MS)
    assert bench.driven() == ["flap opens", "flap shuts"]
    bench.tick(flap_locked=True)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert bench.durable().totaliser == 0


def test_what_is_pulled_up_in_a_test_is_not_counted(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(flap_locked=False)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(occupied=True, weight_g=23)
    bench.tick(flap_locked=True)
    bench.run(100)
    assert bench.controller.state == SHUT
    assert bench.durable().totaliser == 0


def test_a_new_test_forgets_the_figures_of_the_last(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_FLAP, 1)
    bench.tick(30, flap_locked=False)
    bench.tick(30, flap_locked=True)
    bench.controller.command(CMD_TEST, PART_GATE, 2)
    assert figures(bench) == (TEST_NONE, 0, 0, 0, 0)


def test_a_test_that_is_let_go_stands_where_it_is_and_goes_home_behind_a_shut_door(tmp_path: os.PathLike[str]) -> None:
    for part, sensor in ((PART_GATE, "gate_shut"), (PART_FLAP, "flap_locked"), (PART_SORTER, "sorter_bin")):
        bench = Bench(tmp_path, memory=sensor)
        bench.controller.command(CMD_TEST, part, 1)
        bench.tick(80, motor_ma=700, **{sensor: 0})
        bench.driven()
        bench.controller.renew(0x1234)
        bench.tick()
        assert (bench.controller.state, bench.driven()) == (TESTING, []), part
        bench.controller.renew(0)
        assert (bench.driven(), bench.controller.state, bench.controller.trial.result) == (["stop"], HELD, TEST_LET_GO), part
        bench.tick(STANDS_MS, motor_ma=0, door_open=True)
        bench.tick(STANDS_MS)
        assert (bench.driven(), bench.controller.state) == ([], HELD), part
        bench.tick(door_open=False)
        bench.tick(gate_shut=True, flap_locked=True, sorter_bin=1)
        assert bench.driven() == ["flap shuts", "gate shuts"], part
        assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE), part


def test_a_gate_that_is_let_go_on_its_way_back_is_driven_home_again(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_TEST, PART_GATE, 1)
    bench.tick(80, gate_shut=False, gate_open=True, motor_ma=700)
    bench.tick(gate_open=False)
    bench.controller.renew(0)
    bench.driven()
    bench.tick(STANDS_MS, motor_ma=0)
    assert bench.driven() == ["flap shuts", "gate shuts"]
    bench.tick(gate_shut=True)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
