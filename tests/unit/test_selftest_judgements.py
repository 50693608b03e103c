"""The self-test's judgements: values in, a result out. What is within its limits passes, and what is not names the right part."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.clock import Instant
from config.vocabulary import Gtin
from drivers.camera.health import PictureFigures
from drivers.camera.settings import NotTaken, Setting
from drivers.intake.bus import Came, ControllerFault, ControllerState, FaultCause, NoAnswer, Trial, TrialResult
from kiosk.selftest import actuators, bins, camera, link, machine, scale, sensors
from kiosk.selftest.controls import Moment
from kiosk.selftest.results import Blame, Check, Figure, Measured, Outcome, Part, Result, Stated, StepReason, Unit, judged
from ledger.findings import Finding, FindingKind
from simulation.virtual.sight import clear_look
from wires.readings import REST

GATE, FLAP, SORTER = actuators.DRIVES
SOUND = Trial(TrialResult.ARRIVED, out_ms=300, out_ma=900, back_ms=310, back_ma=880)


def verdict(result: Result) -> tuple[Outcome, Part | None, StepReason | None]:
    return result.outcome, result.part, result.reason


PASSED = (Outcome.PASS, None, None)


def fails(part: Part, reason: StepReason) -> tuple[Outcome, Part, StepReason]:
    return Outcome.FAIL, part, reason


WEIGHT = Measured(Figure.WEIGHT, 0, Unit.G, 490, 510)
TOO_MUCH, TOO_LITTLE = Blame(Part.SCALE, StepReason.WEIGHT_OFF), Blame(Part.CHAMBER_SENSOR, StepReason.STUCK_OFF)


@pytest.mark.parametrize(("value", "blame"), [(489, TOO_LITTLE), (490, None), (510, None), (511, TOO_MUCH)])
def test_both_limits_are_allowed_and_each_side_may_blame_another_part(value: float, blame: Blame | None) -> None:
    assert Check(replace(WEIGHT, value=value), TOO_MUCH, below=TOO_LITTLE).found == blame


def test_a_figure_without_a_limit_on_one_side_is_held_to_the_other() -> None:
    assert replace(WEIGHT, value=1e9, high=None).fits
    assert not replace(WEIGHT, value=0, high=None).fits
    assert replace(WEIGHT, value=-1e9, low=None).fits


def test_the_first_figure_outside_its_limits_decides_and_all_are_kept() -> None:
    first, second = Stated(Figure.CODE, "1", "1"), Stated(Figure.CODE, "1", "2")
    result = judged("code", Check(first, TOO_MUCH), Check(second, TOO_LITTLE))
    assert (result.decisive, result.figures, result.part) == (second, (first, second), Part.CHAMBER_SENSOR)
    assert judged("code", Check(first, TOO_MUCH)).decisive == first


def test_no_answer_at_all_blames_the_cable_and_one_of_three_is_a_link() -> None:
    silence = NoAnswer("nothing", Came.NOTHING)
    assert verdict(link.judge_link([silence] * 3, echoes=False)) == fails(Part.CABLE, StepReason.SILENT)
    assert verdict(link.judge_link([silence] * 2, echoes=False)) == PASSED


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([Came.NOTHING, Came.ECHO, Came.ECHO], fails(Part.CABLE, StepReason.ECHO_ALONE)),
        ([Came.NOTHING, Came.OTHER_UNIT, Came.NOTHING], fails(Part.ADAPTER, StepReason.OTHER_UNIT)),
        ([Came.GARBLED] * 3, fails(Part.ADAPTER, StepReason.GARBLED)),
        ([Came.GARBLED, Came.SPOILED, Came.NOTHING], fails(Part.ADAPTER, StepReason.SPOILED)),
        ([Came.OTHER] * 3, fails(Part.ADAPTER, StepReason.OTHER_ANSWER)),
    ],
)
def test_what_came_instead_of_an_answer_is_told_apart(came: list[Came], expected: object) -> None:
    assert verdict(link.judge_link([NoAnswer(what, what) for what in came], echoes=False)) == expected


def test_an_echo_that_is_let_go_is_told_and_is_no_failure() -> None:
    result = link.judge_link([], echoes=True)
    assert verdict(result) == PASSED
    assert Figure.ECHO in [figure.what for figure in result.figures]


def test_another_register_table_is_told_with_both_versions() -> None:
    result = link.judge_program(1, 2, (0, 1))
    assert verdict(result) == fails(Part.PROGRAM, StepReason.OTHER_TABLE)
    assert result.decisive == Measured(Figure.TABLE, 1, Unit.NONE, 2, 2)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (link.LineQuality(100, 0, 5.7), PASSED),
        (link.LineQuality(100, 1, 5.7), PASSED),
        (link.LineQuality(100, 2, 5.7), fails(Part.CABLE, StepReason.NOISY)),
        (link.LineQuality(100, 0, 20.1), fails(Part.CABLE, StepReason.SLOW_ANSWERS)),
        (link.LineQuality(5, 5, None), fails(Part.CABLE, StepReason.NOISY)),
    ],
)
def test_a_line_is_judged_by_what_it_loses_and_how_long_it_takes(line: link.LineQuality, expected: object) -> None:
    assert verdict(link.judge_line(line)) == expected


def test_a_watchdog_may_be_neither_hasty_nor_patient_and_must_hear_again() -> None:
    assert verdict(link.judge_watchdog(2010, heard_again=True)) == PASSED
    for noticed_ms in (900, 3500):
        assert verdict(link.judge_watchdog(noticed_ms, heard_again=True)) == fails(Part.WATCHDOG, StepReason.NOT_WATCHED)
    assert verdict(link.judge_watchdog(2010, heard_again=False)) == fails(Part.CONTROLLER, StepReason.BEAT_UNHEARD)


@pytest.mark.parametrize("fault", ControllerFault)
def test_every_fault_of_the_controllers_own_names_a_part_but_a_drop_that_is_over(fault: ControllerFault) -> None:
    result = link.judge_fault(replace(REST, fault=fault))
    sound = fault in (ControllerFault.NONE, ControllerFault.DROP)
    assert (result.outcome is Outcome.PASS) == sound
    assert sound or result.part is not Part.CONTROLLER


def test_a_totaliser_must_be_its_parts_and_not_below_the_books() -> None:
    assert verdict(link.judge_totaliser(12, 12, 10)) == PASSED
    assert verdict(link.judge_totaliser(12, 12, None)) == PASSED
    assert verdict(link.judge_totaliser(12, 11, 10)) == fails(Part.MEMORY, StepReason.COUNTS_DIFFER)
    assert verdict(link.judge_totaliser(9, 9, 10)) == fails(Part.MEMORY, StepReason.TOTALISER_FELL)


@pytest.mark.parametrize("sensor", sensors.AT_REST, ids=lambda sensor: sensor.name)
def test_at_rest_each_sensor_passes_on_a_sound_machine(sensor: sensors.AtRest) -> None:
    assert verdict(sensors.judge_at_rest(sensor, REST)) == PASSED


def test_a_gate_that_is_blocked_half_way_is_told_from_a_switch_that_is_wrong() -> None:
    (sensor,) = [sensor for sensor in sensors.AT_REST if sensor.name == "gate_shut_at_rest"]
    half_way = replace(REST, gate_shut=False, state=ControllerState.FAILED, fault=ControllerFault.GATE)
    blocked, late = replace(half_way, cause=FaultCause.OVER_CURRENT), replace(half_way, cause=FaultCause.LATE)
    assert verdict(sensors.judge_at_rest(sensor, blocked)) == fails(Part.GATE, StepReason.BLOCKED)
    assert verdict(sensors.judge_at_rest(sensor, late)) == fails(Part.GATE_SHUT_SWITCH, StepReason.STUCK_OFF)


def test_what_weighs_something_is_something_and_what_weighs_nothing_is_the_sensor() -> None:
    assert verdict(sensors.judge_chamber_empty(occupied=True, weight_g=23)) == fails(Part.CHAMBER_SENSOR, StepReason.SOMETHING_IN)
    assert verdict(sensors.judge_chamber_empty(occupied=True, weight_g=0)) == fails(Part.CHAMBER_SENSOR, StepReason.STUCK_ON)


def test_a_beam_must_see_the_hand_come_and_go() -> None:
    assert verdict(sensors.judge_beam(covered=True, freed=True)) == PASSED
    assert verdict(sensors.judge_beam(covered=False, freed=True)) == fails(Part.ENTRY_BEAM, StepReason.STUCK_OFF)
    assert verdict(sensors.judge_beam(covered=True, freed=False)) == fails(Part.ENTRY_BEAM, StepReason.STUCK_ON)


FELL = sensors.Fall(occupied=False, counted=1, as_test=1, trial=SOUND)


@pytest.mark.parametrize(
    ("fall", "expected"),
    [
        (FELL, PASSED),
        (replace(FELL, occupied=True, counted=0, as_test=0), fails(Part.FLAP, StepReason.NOTHING_FELL)),
        (replace(FELL, counted=0, as_test=0), fails(Part.DROP_BEAM, StepReason.NOT_COUNTED)),
        (replace(FELL, counted=2, as_test=2), fails(Part.DROP_BEAM, StepReason.NOT_COUNTED)),
        (replace(FELL, as_test=0), fails(Part.MEMORY, StepReason.COUNTED_OTHERWISE)),
        (replace(FELL, trial=replace(SOUND, out_ms=1001)), fails(Part.FLAP, StepReason.LATE)),
        (replace(FELL, trial=replace(SOUND, back_ms=1001)), fails(Part.FLAP, StepReason.LATE)),
        (replace(FELL, trial=replace(SOUND, back_ma=1501)), fails(Part.FLAP, StepReason.MUCH_CURRENT)),
        (replace(FELL, trial=replace(SOUND, out_ma=0)), fails(Part.FLAP, StepReason.NO_CURRENT)),
    ],
)
def test_a_test_bottle_must_fall_be_counted_once_and_as_a_test(fall: sensors.Fall, expected: object) -> None:
    assert verdict(sensors.judge_drop(fall)) == expected


@pytest.mark.parametrize(
    ("drive", "trial", "expected"),
    [
        (GATE, SOUND, PASSED),
        (GATE, replace(SOUND, out_ms=1501), fails(Part.GATE, StepReason.LATE)),
        (GATE, replace(SOUND, back_ms=1501), fails(Part.GATE, StepReason.LATE)),
        (GATE, replace(SOUND, out_ms=3), fails(Part.GATE_OPEN_SWITCH, StepReason.SEEN_TOO_SOON)),
        (GATE, replace(SOUND, back_ms=3), fails(Part.GATE_SHUT_SWITCH, StepReason.SEEN_TOO_SOON)),
        (GATE, replace(SOUND, out_ma=1501), fails(Part.GATE, StepReason.MUCH_CURRENT)),
        (GATE, replace(SOUND, back_ma=90), fails(Part.GATE, StepReason.NO_CURRENT)),
        (GATE, replace(SOUND, result=TrialResult.FORCE_STOPPED), fails(Part.GATE, StepReason.IN_THE_WAY)),
        (FLAP, replace(SOUND, out_ms=1, back_ms=2, back_ma=0), PASSED),
        (FLAP, replace(SOUND, out_ms=1001), fails(Part.FLAP, StepReason.LATE)),
        (SORTER, replace(SOUND, out_ms=1001), fails(Part.SORTER, StepReason.LATE)),
        (SORTER, replace(SOUND, result=TrialResult.OVER_CURRENT), fails(Part.SORTER, StepReason.BLOCKED)),
    ],
)
def test_a_drive_is_judged_by_time_and_current_both_ways(drive: actuators.Drive, trial: Trial, expected: object) -> None:
    assert verdict(actuators.judge_trial(drive, trial, ())) == expected


DRAWS_ON = (Moment(0.5, 420), Moment(2.5, 410), Moment(2.9, 400))
STOPPED = (Moment(0.2, 420), Moment(2.5, 0), Moment(2.9, 0))
LATE_OUT = Trial(TrialResult.LATE, out_ms=3000, out_ma=900, back_ms=0, back_ma=0)
LATE_BACK = Trial(TrialResult.LATE, out_ms=300, out_ma=900, back_ms=3000, back_ma=900)


@pytest.mark.parametrize(
    ("trial", "moments", "expected"),
    [
        (LATE_OUT, DRAWS_ON, fails(Part.GATE, StepReason.LATE)),
        (LATE_OUT, (), fails(Part.GATE, StepReason.LATE)),
        (LATE_OUT, STOPPED, fails(Part.GATE_OPEN_SWITCH, StepReason.NOT_SEEN_TO_ARRIVE)),
        (replace(LATE_OUT, out_ma=0), STOPPED, fails(Part.GATE, StepReason.NO_CURRENT)),
        (LATE_BACK, STOPPED, fails(Part.GATE_SHUT_SWITCH, StepReason.NOT_SEEN_TO_ARRIVE)),
        (replace(LATE_BACK, back_ma=0), STOPPED, fails(Part.GATE, StepReason.NO_CURRENT)),
    ],
)
def test_the_current_tells_a_drive_that_did_not_arrive_from_a_switch_that_does_not_say_so(
    trial: Trial, moments: tuple[Moment, ...], expected: object
) -> None:
    assert verdict(actuators.judge_trial(GATE, trial, moments)) == expected


def test_the_way_on_which_it_failed_is_told_first() -> None:
    told = actuators.judge_trial(GATE, LATE_BACK, STOPPED)
    assert told.decisive == Measured(Figure.BACK_TIME, 3000, Unit.MS, 20, 1500)
    assert {figure.what for figure in actuators.judge_trial(GATE, LATE_OUT, STOPPED).figures} == {Figure.OUT_TIME, Figure.OUT_CURRENT}


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (replace(SOUND, result=TrialResult.FORCE_STOPPED, back_ma=2500), PASSED),
        (replace(SOUND, result=TrialResult.FORCE_STOPPED, back_ma=3001), fails(Part.GATE_FORCE, StepReason.FORCE)),
        (SOUND, fails(Part.GATE_FORCE, StepReason.NOT_STOPPED)),
        (replace(SOUND, result=TrialResult.OVER_CURRENT), fails(Part.GATE, StepReason.STAYS_BLOCKED)),
        (LATE_BACK, fails(Part.GATE, StepReason.LATE)),
    ],
)
def test_the_gate_must_stop_on_the_block_and_with_no_more_force_than_allowed(trial: Trial, expected: object) -> None:
    assert verdict(actuators.judge_force(trial)) == expected


@pytest.mark.parametrize(("weight_g", "passes"), [(0, True), (2, True), (3, False)])
def test_an_empty_scale_shows_what_a_drop_would_still_be_counted_with(weight_g: int, passes: bool) -> None:
    assert (scale.judge_zero(weight_g, steady=True).outcome is Outcome.PASS) == passes


def test_a_weight_is_seen_by_the_chamber_weighed_right_and_steady() -> None:
    assert verdict(scale.judge_weight(True, 490, True, 500)) == PASSED
    assert verdict(scale.judge_weight(True, 489, True, 500)) == fails(Part.SCALE, StepReason.WEIGHT_OFF)
    assert verdict(scale.judge_weight(False, 500, True, 500)) == fails(Part.CHAMBER_SENSOR, StepReason.STUCK_OFF)
    assert verdict(scale.judge_weight(True, 500, False, 500)) == fails(Part.SCALE, StepReason.UNSTEADY)


@pytest.mark.parametrize(
    ("distance_mm", "percent", "expected"),
    [
        (900, 0, PASSED),
        (140, 94, PASSED),
        (130, 95, fails(Part.BIN_2, StepReason.BIN_FULL)),
        (0, 100, fails(Part.BIN_SENSOR_2, StepReason.LEVEL_OFF)),
        (2000, 0, fails(Part.BIN_SENSOR_2, StepReason.LEVEL_OFF)),
    ],
)
def test_a_full_bin_is_told_from_a_sensor_that_sees_nothing_sensible(distance_mm: int, percent: int, expected: object) -> None:
    assert verdict(bins.judge_bin(2, distance_mm, percent, full_percent=95)) == expected


@pytest.mark.parametrize(("supply_mv", "passes"), [(11_399, False), (11_400, True), (12_600, True), (12_601, False)])
def test_the_supply_is_twelve_volts_within_five_per_cent(supply_mv: int, passes: bool) -> None:
    assert (machine.judge_supply(supply_mv).outcome is Outcome.PASS) == passes


@pytest.mark.parametrize(("celsius", "passes"), [(4.9, False), (5.0, True), (60.0, True), (60.1, False)])
def test_the_controller_is_neither_frozen_nor_hot(celsius: float, passes: bool) -> None:
    assert (machine.judge_temperature(celsius).outcome is Outcome.PASS) == passes


NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def test_a_clock_must_be_trusted_and_not_behind_the_books() -> None:
    trusted = Instant(NOON, trusted=True)
    assert verdict(machine.judge_clock(trusted, None)) == PASSED
    assert verdict(machine.judge_clock(trusted, NOON + timedelta(seconds=60))) == PASSED
    assert verdict(machine.judge_clock(trusted, NOON + timedelta(seconds=61))) == fails(Part.CLOCK, StepReason.CLOCK_BEHIND)
    assert verdict(machine.judge_clock(Instant(NOON, trusted=False), None)) == fails(Part.CLOCK, StepReason.NOT_TRUSTED)


def test_a_disk_must_have_room_take_a_write_in_time_and_give_back_what_was_written() -> None:
    assert verdict(machine.judge_space(500_000_000)) == PASSED
    assert verdict(machine.judge_space(499_999_999)) == fails(Part.DISK, StepReason.LITTLE_SPACE)
    assert verdict(machine.judge_write(1000, same=True)) == PASSED
    assert verdict(machine.judge_write(1001, same=True)) == fails(Part.DISK, StepReason.SLOW_WRITE)
    assert verdict(machine.judge_write(5, same=False)) == fails(Part.DISK, StepReason.WRITE_FAILED)


def test_a_finding_in_the_ledger_is_told_with_its_kind_and_row() -> None:
    result = machine.judge_ledger([Finding(7, FindingKind.HASH), Finding(None, FindingKind.GUARD)])
    assert verdict(result) == fails(Part.LEDGER, StepReason.FINDINGS)
    assert (result.detail, result.decisive) == ("hash 7", Measured(Figure.FINDINGS, 2, Unit.NONE, 0, 0))
    assert verdict(machine.judge_ledger([])) == PASSED


GOOD = PictureFigures(bright=200.0, saturated=0.01, change=2.0, blur_px=1.1)


def test_pictures_must_come_change_and_be_set_as_was_asked() -> None:
    readings = (replace(GOOD, change=None), *[GOOD] * 4)
    assert verdict(camera.judge_pictures(readings, True, ())) == PASSED
    frozen = (*readings[:4], replace(GOOD, change=0.0))
    assert verdict(camera.judge_pictures(frozen, True, ())) == fails(Part.CAMERA, StepReason.FROZEN)
    assert verdict(camera.judge_pictures(frozen, False, ())) == PASSED
    refused = camera.judge_pictures(readings, True, (NotTaken(Setting.FOCUS, 40, None),))
    assert verdict(refused) == fails(Part.CAMERA, StepReason.SETTING_NOT_TAKEN)
    assert "focus" in refused.detail


def test_a_picture_is_neither_dark_nor_glaring_nor_blurred() -> None:
    assert verdict(camera.judge_light(GOOD)) == PASSED
    assert verdict(camera.judge_light(replace(GOOD, bright=31))) == fails(Part.LIGHT, StepReason.TOO_DARK)
    assert verdict(camera.judge_light(replace(GOOD, saturated=0.8))) == fails(Part.LIGHT, StepReason.TOO_BRIGHT)
    assert verdict(camera.judge_sharpness(GOOD)) == PASSED
    assert verdict(camera.judge_sharpness(replace(GOOD, blur_px=1.7))) == fails(Part.LENS, StepReason.BLURRED)
    without_edge = camera.judge_sharpness(replace(GOOD, blur_px=math.inf))
    assert (without_edge.part, without_edge.decisive) == (Part.LENS, Measured(Figure.BLUR, 10.0, Unit.PX, None, 1.65))
    assert verdict(camera.judge_lamp(dark=17, lit=209)) == PASSED
    assert verdict(camera.judge_lamp(dark=100, lit=119)) == fails(Part.LAMP, StepReason.LAMP_WITHOUT_EFFECT)


def test_a_code_counts_when_the_looks_agree_on_it() -> None:
    looks = (clear_look(1, {Gtin("9520696885275")}), clear_look(2, ()))
    assert verdict(camera.judge_code(True, looks, "9520696885275", 2)) == PASSED
    unread = camera.judge_code(True, looks, None, 2)
    assert verdict(unread) == fails(Part.CODE, StepReason.NO_CODE)
    assert unread.decisive == Measured(Figure.LOOKS, 1, Unit.NONE, 2, None)
