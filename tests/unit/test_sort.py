"""A Sort: what is counted, what is given up, and what is broken then. Runs under MicroPython as well."""

import os

from firmware.motion import OVER_MA, OVER_MS
from firmware.registers import (
    ANSWER_FAULT,
    ANSWER_TAKEN,
    CAUSE_BLOCKED,
    CAUSE_LATE,
    CAUSE_NONE,
    CAUSE_OVER_CURRENT,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    CMD_TEST,
    FAILED,
    FAULT_DROP,
    FAULT_DROP_BEAM,
    FAULT_FLAP,
    FAULT_NONE,
    FAULT_SORTER,
    PART_SORTER,
    RETURNING,
    SHUT,
    SORTING,
)
from firmware.sort import FALL_MS, LOCK_MS, SHAKES, TURN_MS
from wires.bench import Bench

NOTHING_COUNTED = (0, 0, 0)


def counts(bench: Bench) -> "tuple[int, int, int]":
    """Last sequence counted, totaliser, and those by hand: as a boot would find them."""
    record = bench.durable()
    return record.counted, record.totaliser, record.drops_manual


def shaken(bench: Bench, times: int) -> None:
    """The item stays while the flap shuts and opens again so many times."""
    for _ in range(times):
        bench.run(FALL_MS)
        assert bench.driven()[-1] == "flap shuts"
        bench.tick(flap_locked=True)
        assert bench.driven() == ["flap opens"]
        bench.tick(flap_locked=False)


def test_a_drop_in_the_right_order_is_counted_in_one_write(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.controller.command(CMD_RETURN, 0, 4)
    bench.tick()
    bench.sorting(sequence=5, bin_number=2)
    bench.fallen()
    assert bench.durable().values() == (5, 5, 0, 0, 0, 1, 0, 0)
    bench.tick(drop_beam=False)
    assert bench.controller.state == SORTING
    bench.tick(flap_locked=True)
    assert bench.durable().values() == (5, 5, 5, 0, 1, 1, 0, 0)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert bench.driven() == ["gate shuts", "sorter to 2", "flap opens", "flap shuts"]


def test_the_flap_stays_shut_until_the_sorter_has_turned(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(sorter_bin=0)
    bench.controller.command(CMD_SORT, 2, 1)
    bench.run(TURN_MS - 20)
    bench.tick(sorter_bin=1)
    assert bench.driven() == ["sorter to 2"]
    bench.tick(sorter_bin=2)
    assert bench.driven() == ["flap opens"]


def test_the_flap_stays_shut_until_the_gate_is_shut(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_SORT, 1, 1)
    bench.tick(gate_shut=False)
    bench.run(TURN_MS)
    assert bench.driven() == ["sorter to 1"]
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)


def test_a_sorter_that_does_not_arrive_leaves_the_item_which_can_still_be_handed_back(tmp_path: os.PathLike[str]) -> None:
    for motor_ma, cause in ((250, CAUSE_LATE), (OVER_MA + 1, CAUSE_OVER_CURRENT)):
        bench = Bench(tmp_path, memory=str(motor_ma))
        bench.item_in()
        bench.controller.command(CMD_SORT, 2, 1)
        bench.tick(sorter_bin=0, motor_ma=motor_ma)
        bench.run(TURN_MS)
        assert bench.driven() == ["sorter to 2", "stop"]
        assert bench.shows() == (SHUT, FAULT_SORTER, cause)
        for code, argument in ((CMD_OPEN, 0), (CMD_SORT, 1), (CMD_TEST, PART_SORTER)):
            bench.controller.command(code, argument, 2)
            assert bench.controller.answer == ANSWER_FAULT, code
        bench.controller.command(CMD_RETURN, 0, 2)
        assert bench.controller.answer == ANSWER_TAKEN
        assert (bench.controller.state, bench.controller.fault) == (RETURNING, FAULT_SORTER)


def test_a_sorter_that_arrives_late_but_within_the_current_of_its_start_is_sound(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.controller.command(CMD_SORT, 2, 1)
    bench.tick(sorter_bin=0, motor_ma=OVER_MA + 1)
    bench.run(OVER_MS - 20)
    bench.tick(motor_ma=400)
    bench.run(TURN_MS - OVER_MS - 20)
    bench.tick(sorter_bin=2)
    assert bench.driven()[-1] == "flap opens"


def test_under_an_interrupted_beam_nothing_may_fall(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.tick(drop_beam=True)
    bench.controller.command(CMD_SORT, 1, 1)
    bench.tick()
    assert bench.driven() == ["sorter to 1"]
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)


def test_a_beam_interrupted_before_the_chamber_is_empty_cancels(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.tick(drop_beam=True)
    assert bench.driven()[-1] == "flap shuts"
    bench.tick(drop_beam=False, occupied=False, weight_g=0)
    bench.tick(flap_locked=True)
    bench.run(LOCK_MS)
    assert counts(bench) == NOTHING_COUNTED
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)


def test_what_is_pulled_up_again_before_the_beam_is_not_counted(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.tick(occupied=False, weight_g=0)
    bench.tick(occupied=True, weight_g=23)
    assert bench.driven()[-1] == "flap shuts"
    bench.tick(flap_locked=True)
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)
    assert counts(bench) == NOTHING_COUNTED


def test_what_is_pulled_up_again_through_the_beam_is_not_counted_even_if_it_vanishes_then(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.fallen()
    bench.tick(occupied=True, drop_beam=False, weight_g=23)
    bench.tick(flap_locked=True)
    bench.tick(occupied=False, weight_g=0)
    bench.run(LOCK_MS)
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)
    assert counts(bench) == NOTHING_COUNTED


def test_a_jam_is_shaken_twice_and_then_given_up_with_the_item_where_it_was(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    shaken(bench, SHAKES)
    bench.run(FALL_MS)
    assert bench.driven() == ["flap shuts"]
    assert bench.controller.state == SORTING
    bench.tick(flap_locked=True)
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)
    assert bench.controller.sensors.occupied
    assert counts(bench) == NOTHING_COUNTED
    bench.controller.command(CMD_RETURN, 0, 2)
    assert bench.controller.answer == ANSWER_TAKEN


def test_a_jam_that_a_shake_frees_is_counted(tmp_path: os.PathLike[str]) -> None:
    for times in range(1, SHAKES + 1):
        bench = Bench(tmp_path, memory=str(times))
        bench.sorting()
        shaken(bench, times)
        bench.tick(occupied=False, weight_g=0)
        bench.tick(drop_beam=True)
        bench.tick(drop_beam=False, flap_locked=True)
        assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
        assert counts(bench) == (1, 1, 0)


def test_a_jam_that_falls_while_the_flap_shuts_for_a_shake_is_counted(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.run(FALL_MS)
    bench.tick(occupied=False, weight_g=0)
    assert bench.driven()[-2:] == ["flap shuts", "flap opens"], "so as not to catch it"
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False, flap_locked=True)
    assert counts(bench) == (1, 1, 0)


def test_a_jam_that_is_past_the_beam_while_the_flap_shuts_is_counted(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.run(FALL_MS)
    bench.tick(occupied=False, weight_g=0, drop_beam=True)
    bench.tick(drop_beam=False, flap_locked=True)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert counts(bench) == (1, 1, 0)


def test_a_jam_that_falls_at_the_last_moment_is_counted(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    shaken(bench, SHAKES)
    bench.run(FALL_MS)
    bench.tick(occupied=False, weight_g=0)
    bench.tick(flap_locked=True)
    bench.tick(drop_beam=True)
    bench.tick(drop_beam=False)
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)
    assert counts(bench) == (1, 1, 0)


def test_a_flap_that_force_stops_under_the_item_is_shaken_as_a_jam(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.tick(motor_ma=OVER_MA + 1)
    bench.run(OVER_MS + 10)
    assert bench.driven()[-1] == "flap shuts"
    bench.tick(motor_ma=250, flap_locked=True)
    assert bench.driven() == ["flap opens"]


def test_an_item_that_no_beam_saw_is_not_counted_and_the_beam_must_be_looked_at(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.tick(occupied=False, weight_g=0)
    bench.run(FALL_MS)
    bench.tick(flap_locked=True)
    bench.run(LOCK_MS)
    assert bench.shows() == (SHUT, FAULT_DROP_BEAM, CAUSE_LATE)
    assert counts(bench) == NOTHING_COUNTED
    bench.controller.command(CMD_OPEN, 0, 2)
    assert bench.controller.answer == ANSWER_FAULT
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.tick()
    assert bench.shows() == (SHUT, FAULT_NONE, CAUSE_NONE)


def test_an_item_that_only_the_chamber_sensor_misses_is_no_fault_of_the_beam(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.tick(occupied=False)
    bench.run(FALL_MS)
    bench.tick(flap_locked=True)
    bench.run(LOCK_MS)
    assert bench.shows() == (SHUT, FAULT_DROP, CAUSE_NONE)
    assert counts(bench) == NOTHING_COUNTED


def test_a_drop_that_does_not_end_clear_is_not_counted(tmp_path: os.PathLike[str]) -> None:
    for name, value, shown in (
        ("weight_g", 30, (SHUT, FAULT_DROP, CAUSE_NONE)),
        ("occupied", True, (SHUT, FAULT_DROP, CAUSE_NONE)),
        ("drop_beam", True, (SHUT, FAULT_DROP_BEAM, CAUSE_BLOCKED)),
        ("flap_locked", False, (FAILED, FAULT_FLAP, CAUSE_LATE)),
    ):
        bench = Bench(tmp_path, memory=name)
        bench.sorting()
        bench.fallen()
        sensors: dict[str, bool | int] = {"drop_beam": False, "flap_locked": True}
        sensors[name] = value
        bench.tick(**sensors)
        bench.run(LOCK_MS)
        assert bench.shows() == shown, name
        assert counts(bench) == NOTHING_COUNTED


def test_a_flap_that_does_not_lock_has_failed_and_the_gate_stays_shut(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.fallen()
    bench.tick(drop_beam=False)
    bench.run(LOCK_MS)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_LATE)
    assert bench.driven()[-2:] == ["stop", "gate shuts"]


def test_a_flap_that_force_keeps_from_locking_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.fallen()
    bench.tick(motor_ma=OVER_MA + 1)
    bench.run(OVER_MS + 10)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_OVER_CURRENT)


def test_a_flap_that_does_not_lock_in_a_shake_has_failed(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.run(FALL_MS + LOCK_MS)
    assert bench.shows() == (FAILED, FAULT_FLAP, CAUSE_LATE)


def test_too_much_current_for_ever_does_not_keep_a_sort_for_ever(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.fallen()
    bench.tick(flap_locked=True, motor_ma=OVER_MA + 1)
    bench.run(LOCK_MS)
    assert bench.shows() == (SHUT, FAULT_DROP_BEAM, CAUSE_BLOCKED)


def test_what_falls_only_after_its_sort_failed_is_no_visitors_drop(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.fallen()
    bench.tick(drop_beam=False)
    bench.run(LOCK_MS)
    assert bench.controller.state == FAILED
    bench.tick(flap_locked=True)
    assert counts(bench) == (0, 1, 1)


def test_a_command_after_a_failed_sort_ends_the_wait_for_its_item(tmp_path: os.PathLike[str]) -> None:
    bench = Bench(tmp_path)
    bench.sorting()
    bench.fallen()
    bench.tick(drop_beam=False)
    bench.run(LOCK_MS)
    bench.controller.command(CMD_CLEAR, 0, 2)
    bench.tick(flap_locked=True)
    bench.run(100)
    assert counts(bench) == NOTHING_COUNTED
