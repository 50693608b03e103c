"""One simulated drive by itself: where it stands at which time, and what it draws."""

import pytest

from drivers.twin.actions import DriveFault
from drivers.twin.drives import BLOCKED_MA, FREE_MA, NOMINAL_MV, STALLS_BELOW_MV, START_MA, START_MS, Drive
from firmware.motion import OVER_MA


def drive(*, spring: bool = False) -> Drive:
    made = Drive(spring=spring)
    made.out_ms, made.back_ms = 200, 100
    return made


def at(made: Drive, now_ms: int, supply_mv: int = NOMINAL_MV) -> float:
    made.advance(now_ms, supply_mv)
    return made.position


def test_it_travels_in_its_time_however_often_it_is_looked_at() -> None:
    often, seldom = drive(), drive()
    for made in (often, seldom):
        made.drive(True, 1000)
    assert often.due_ms == seldom.due_ms == 1200
    for now in range(1000, 1200):
        assert at(often, now) == pytest.approx((now - 1000) / 200)
        assert not often.is_open
    assert at(often, 1200) == at(seldom, 1200) == 1.0
    assert often.due_ms is None


def test_it_turns_round_where_it_is_and_needs_the_share_of_its_time() -> None:
    made = drive()
    made.drive(True, 0)
    at(made, 50)
    made.drive(False, 100)
    assert made.due_ms == 150
    assert at(made, 125) == pytest.approx(0.25)
    assert at(made, 150) == 0.0


def test_to_be_driven_the_same_way_again_changes_nothing() -> None:
    made = drive()
    assert made.drive(True, 0)
    assert not made.drive(True, 150)
    assert at(made, 200) == 1.0


def test_it_draws_a_peak_then_less_then_nothing() -> None:
    made = drive()
    made.drive(True, 0)
    drawn = [(at(made, now), made.motor_ma)[1] for now in (0, START_MS - 1, START_MS, 199, 200)]
    assert drawn == [START_MA, START_MA, FREE_MA, FREE_MA, 0]


def test_without_current_gears_hold_it_and_a_spring_shuts_it() -> None:
    gate, flap = drive(), drive(spring=True)
    for made in (gate, flap):
        made.drive(True, 0)
        at(made, 100)
        made.cut(100)
        at(made, 150)
        assert made.motor_ma == 0
    assert (gate.position, flap.position) == (0.5, 0.0)


@pytest.mark.parametrize("fault", [DriveFault.BLOCKED, DriveFault.DEAD])
def test_one_that_does_not_move_draws_much_or_nothing(fault: DriveFault) -> None:
    made = drive()
    made.fault = fault
    made.drive(True, 0)
    assert at(made, 10_000) == 0.0
    assert made.motor_ma == (BLOCKED_MA if fault is DriveFault.BLOCKED else 0)
    made.fault = DriveFault.RIGHT
    at(made, 10_000)
    assert at(made, 10_200) == 1.0


def test_a_slow_one_takes_its_own_time() -> None:
    made = drive()
    made.slow_ms = 3000
    made.drive(True, 0)
    assert (at(made, 2999) < 1.0, at(made, 3000)) == (True, 1.0)


def test_something_in_its_way_stops_it_on_the_way_back_alone() -> None:
    made = drive()
    made.drive(True, 0)
    at(made, 200)
    made.stop_at = 0.5
    made.drive(False, 200)
    assert (at(made, 300), made.motor_ma, made.stopped) == (0.5, BLOCKED_MA, True)
    made.drive(True, 300)
    assert at(made, 400) == 1.0
    made.stop_at = 0.0
    made.drive(False, 400)
    assert at(made, 500) == 0.0


def test_what_comes_into_its_way_is_not_passed_between_two_looks() -> None:
    made = drive()
    made.drive(True, 0)
    at(made, 200)
    made.drive(False, 200)
    made.stop_at = 0.5
    assert at(made, 10_000) == 0.5


def test_with_too_little_voltage_it_stands_and_draws_what_tells_of_no_obstacle() -> None:
    made = drive()
    at(made, 0, STALLS_BELOW_MV - 1)
    made.drive(True, 0)
    assert at(made, 500, STALLS_BELOW_MV - 1) == 0.0
    assert 0 < made.motor_ma < OVER_MA
    assert BLOCKED_MA > OVER_MA


def test_held_open_by_force_it_shuts_when_the_hand_lets_go() -> None:
    made = drive(spring=True)
    made.force(500)
    assert at(made, 100) == 1.0
    assert made.due_ms == 500
    assert at(made, 500) == 1.0
    assert at(made, 600) == 0.0
