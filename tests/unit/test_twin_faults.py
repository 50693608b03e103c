"""What breaks in the simulated metal, and what the real firmware makes of it: each line of the scenario's syntax with its effect."""

from itertools import pairwise
from pathlib import Path

import pytest

from drivers.intake.bus import Answer, CommandCode, ControllerFault, ControllerState, FaultCause
from drivers.twin.camera import Spoil
from drivers.twin.mechanics import INSTANT, STANDARD
from drivers.twin.sensing import SWITCHES
from firmware.controller import HOME_MS
from firmware.guard import ENTRY_BEAM_BACK_MS, ENTRY_BEAM_MS, SCALE_BACK_MS, SCALE_MS
from firmware.metal import Sensors
from firmware.sort import FALL_MS
from worlds.hall import POLL_MS, Hall

OPEN, SORT, RETURN, TEST, CLEAR = CommandCode.OPEN, CommandCode.SORT, CommandCode.RETURN, CommandCode.TEST, CommandCode.CLEAR


def failed(hall: Hall) -> tuple[ControllerFault, FaultCause]:
    return hall.hot.fault, hall.hot.cause


def repaired(hall: Hall, *lines: str) -> None:
    """Somebody repairs it and clears the fault; then a bottle is taken as ever."""
    hall.say(*lines, "put pet")
    hall.order(CLEAR)
    assert failed(hall) == (ControllerFault.NONE, FaultCause.NONE)
    hall.item_in()
    before = hall.record.totaliser
    sort = hall.order(SORT, 2)
    assert (hall.record.counted, hall.record.totaliser) == (sort, before + 1)


@pytest.mark.parametrize(
    ("line", "cause"),
    [("gate blocked", FaultCause.OVER_CURRENT), ("gate dead", FaultCause.LATE), ("gate slow 5000", FaultCause.LATE)],
)
def test_a_gate_that_does_not_open_fails_and_says_why(tmp_path: Path, line: str, cause: FaultCause) -> None:
    hall = Hall(tmp_path, line)
    hall.rest()
    hall.order(OPEN)
    assert (hall.hot.state, *failed(hall)) == (ControllerState.FAILED, ControllerFault.GATE, cause)
    repaired(hall, "gate right")


def test_a_slow_gate_arrives_late_and_is_no_fault(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "gate slow 2000", "put pet")
    hall.rest()
    hall.send(OPEN)
    assert hall.until(lambda: hall.hot.gate_open) >= 2000
    hall.item_in() if hall.hot.state is ControllerState.SHUT else hall.until(lambda: hall.hot.occupied and hall.hot.gate_shut)
    assert failed(hall) == (ControllerFault.NONE, FaultCause.NONE)


def test_an_obstacle_stops_the_gate_by_force_and_is_gone_the_next_time(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "gate obstacle 1", "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: hall.hot.hand)
    assert not hall.hot.entry_beam
    hall.rest()
    assert (hall.hot.gate_shut, hall.hot.occupied, *failed(hall)) == (True, True, ControllerFault.NONE, FaultCause.NONE)


def test_an_obstacle_that_stays_leaves_the_gate_where_it_is(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "gate obstacle 3", "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: hall.hot.state is ControllerState.FAILED)
    assert failed(hall) == (ControllerFault.GATE, FaultCause.OVER_CURRENT)
    assert not hall.hot.gate_shut
    hall.say("gate obstacle 1")
    hall.say("pull")
    assert hall.events()[-1] == ("pulled", 1)


def test_the_gates_test_finds_that_force_stops_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("gate obstacle 1")
    hall.order(TEST, 1)
    assert hall.health().trial.result.name == "FORCE_STOPPED"
    assert failed(hall) == (ControllerFault.NONE, FaultCause.NONE)


@pytest.mark.parametrize(("line", "cause"), [("flap blocked", FaultCause.OVER_CURRENT), ("flap slow 4000", FaultCause.LATE)])
def test_a_flap_that_does_not_lock_behind_an_item_fails(tmp_path: Path, line: str, cause: FaultCause) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    hall.send(SORT, 1)
    hall.until(lambda: hall.hot.drop_beam)
    hall.say(line)
    hall.rest()
    assert (hall.hot.state, *failed(hall)) == (ControllerState.FAILED, ControllerFault.FLAP, cause)
    assert (hall.record.counted, len(hall.fell())) == (0, 1)
    repaired(hall, "flap right")


@pytest.mark.parametrize("line", ["flap blocked", "flap dead"])
def test_a_flap_that_does_not_open_lets_nothing_fall(tmp_path: Path, line: str) -> None:
    hall = Hall(tmp_path, line, "put pet")
    hall.item_in()
    hall.order(SORT, 1)
    assert (hall.hot.occupied, hall.record.counted, hall.fell()) == (True, 0, [])
    assert hall.hot.fault in (ControllerFault.DROP, ControllerFault.FLAP)


@pytest.mark.parametrize(
    ("line", "cause"),
    [("sorter blocked", FaultCause.OVER_CURRENT), ("sorter dead", FaultCause.LATE), ("sorter slow 5000", FaultCause.LATE)],
)
def test_a_sorter_that_does_not_arrive_lets_nothing_fall_and_the_bottle_goes_back(tmp_path: Path, line: str, cause: FaultCause) -> None:
    hall = Hall(tmp_path, line, "put pet")
    hall.item_in()
    hall.order(SORT, 2)
    assert failed(hall) == (ControllerFault.SORTER, cause)
    back = hall.order(RETURN)
    assert hall.events() == [("in", 1), ("back", 1), ("done",)]
    assert hall.record.back == back
    repaired(hall, "sorter right")


def test_a_jam_that_clears_is_shaken_loose_within_one_sort(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "jam 2", "put pet")
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert (hall.record.counted, hall.fell()) == (sort, [(1, sort)])


def test_a_jam_that_stays_leaves_the_item_and_the_next_sort_lets_it_fall(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "jam 3", "put pet")
    hall.item_in()
    hall.order(SORT, 1)
    assert hall.hot.fault is ControllerFault.DROP
    assert (hall.hot.occupied, hall.record.counted) == (True, 0)
    second = hall.order(SORT, 1)
    assert (hall.record.counted, hall.record.totaliser, hall.fell()) == (second, 1, [(1, second)])


def test_an_item_stuck_half_way_keeps_the_flap_from_locking_until_it_is_removed(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "jam half", "put pet")
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert (hall.hot.state, hall.hot.fault) == (ControllerState.FAILED, ControllerFault.FLAP)
    assert (hall.hot.occupied, hall.hot.flap_locked, hall.hot.drop_beam) == (False, False, False)
    assert [(line["event"], line["sequence"]) for line in hall.lines() if "n" in line] == [("in", None), ("stuck", sort)]
    hall.order(CLEAR)
    assert hall.hot.fault is ControllerFault.FLAP, "it is still there"
    hall.say("door open", "remove", "door shut")
    assert (hall.events()[-1], hall.lines()[-1]["sequence"]) == (("removed", 1), sort)
    hall.after(HOME_MS)
    repaired(hall)
    assert hall.record.totaliser == 1


@pytest.mark.parametrize("line", ["jam half 500", "jam beam 500"])
def test_an_item_that_comes_loose_in_time_is_counted(tmp_path: Path, line: str) -> None:
    hall = Hall(tmp_path, line, "put pet")
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert (hall.record.counted, failed(hall)) == (sort, (ControllerFault.NONE, FaultCause.NONE))
    assert [event for event, *_ in hall.events()[:3]] == ["in", "stuck" if "half" in line else "hangs", "fell"]
    assert hall.fell() == [(1, sort)]


@pytest.mark.parametrize("line", ["jam half 6000", "jam beam 6000"])
def test_an_item_that_comes_loose_too_late_fell_and_never_counts_for_its_sort(tmp_path: Path, line: str) -> None:
    hall = Hall(tmp_path, line, "put pet")
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert (hall.record.counted, hall.fell()) == (0, [])
    hall.after(10_000)
    assert (hall.record.counted, hall.fell()) == (0, [(1, sort)])
    repaired(hall)


def test_an_item_that_hangs_in_the_beam_stops_everything_until_it_is_removed(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "jam beam", "put pet", "put can")
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert failed(hall) == (ControllerFault.DROP_BEAM, FaultCause.BLOCKED)
    assert (hall.hot.drop_beam, hall.hot.flap_locked, hall.record.counted) == (True, True, 0)
    assert hall.answer_to(OPEN) is Answer.FAULT
    again = Hall(tmp_path)
    again.rest()
    again.after(6000)
    assert failed(again) == (ControllerFault.DROP_BEAM, FaultCause.BLOCKED), "it hangs there after a restart too"
    again.say("door open", "remove", "door shut")
    assert (again.lines()[-1]["event"], again.lines()[-1]["sequence"]) == ("removed", sort)
    repaired(again)


def test_what_was_stuck_when_the_twin_was_killed_is_stuck_when_it_starts(tmp_path: Path) -> None:
    first = Hall(tmp_path, "jam half", "put pet")
    first.item_in()
    first.order(SORT, 1)
    hall = Hall(tmp_path)
    hall.until(lambda: hall.machine.controller.state == ControllerState.FAILED)
    assert hall.hot.fault is ControllerFault.FLAP
    hall.say("door open", "remove", "door shut")
    hall.after(HOME_MS)
    repaired(hall)


@pytest.mark.parametrize("place", ["half", "beam"])
def test_an_item_fished_up_again_was_not_taken(tmp_path: Path, place: str) -> None:
    hall = Hall(tmp_path, f"fish {place}", "put wine")
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert (hall.hot.occupied, hall.record.sorted, hall.record.counted, hall.fell()) == (True, sort, 0, [])
    assert hall.hot.fault is ControllerFault.DROP
    back = hall.order(RETURN)
    assert hall.events() == [("in", 1), ("hangs", 1), ("up", 1), ("back", 1), ("done",)]
    assert (hall.record.back, hall.record.totaliser) == (back, 0)


def test_a_flap_that_shuts_quicker_than_a_hand_cuts_the_line(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "fish beam", "put wine", mechanics=INSTANT)
    hall.item_in()
    sort = hall.order(SORT, 1)
    assert hall.events()[:3] == [("in", 1), ("hangs", 1), ("fell", 1)]
    assert hall.record.counted == sort


def test_the_names_of_the_sensors_are_the_firmwares() -> None:
    sensors = Sensors(0, False, False, False, False, False, False, False, 0, False, 0, 0, 0)
    assert set(SWITCHES) == {name for name, value in vars(sensors).items() if isinstance(value, bool)}


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("word", ["on", "off"])
def test_a_stuck_sensor_says_so_whatever_is(tmp_path: Path, name: str, word: str) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say(f"sensor {name} stuck {word}")
    hall.after(2 * POLL_MS)
    assert getattr(hall.hot, name) is (word == "on")
    hall.say(f"sensor {name} right")
    hall.after(2 * POLL_MS)
    assert getattr(hall.hot, name) is (name in ("gate_shut", "flap_locked"))


def test_a_flickering_sensor_is_wrong_and_right_in_turn(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("sensor gate_open flicker 60")
    seen: list[bool] = []
    begun = hall.clock.now

    def over() -> bool:
        seen.append(hall.machine.metal.read().gate_open)
        return hall.clock.now >= begun + 600

    hall.until(over)
    changes = sum(one is not other for one, other in pairwise(seen))
    assert changes == 10
    assert 0.3 < sum(seen) / len(seen) < 0.7


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("put pet", "sensor drop_beam stuck on"), ControllerFault.DROP_BEAM),
        (("put pet", "sensor drop_beam stuck off"), ControllerFault.DROP_BEAM),
        (("put pet", "sensor flap_locked stuck off"), ControllerFault.FLAP),
        (("put pet", "sensor gate_shut stuck off"), ControllerFault.GATE),
        (("sensor gate_open stuck off", "put pet"), ControllerFault.GATE),
        (("put pet", "sensor occupied stuck on"), ControllerFault.DROP),
    ],
)
def test_a_stuck_sensor_ends_in_a_fault_and_never_counts(tmp_path: Path, lines: tuple[str, ...], fault: ControllerFault) -> None:
    hall = Hall(tmp_path, *lines)
    hall.rest()
    hall.send(OPEN)
    hall.after(3000)
    if hall.hot.state is ControllerState.SHUT:
        hall.send(SORT, 1)
    hall.after(12_000)
    assert hall.hot.fault is fault
    assert hall.record.counted == 0


def test_an_entry_beam_that_stays_interrupted_is_a_fault_that_ends_by_itself(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "sensor entry_beam stuck on")
    hall.rest()
    hall.after(ENTRY_BEAM_MS + 2 * POLL_MS)
    assert failed(hall) == (ControllerFault.ENTRY_BEAM, FaultCause.NONE)
    hall.say("sensor entry_beam right")
    hall.after(ENTRY_BEAM_BACK_MS + 200)
    assert failed(hall) == (ControllerFault.NONE, FaultCause.NONE)


@pytest.mark.parametrize("drift_g", [60, -60])
def test_a_scale_that_drifts_is_a_fault_that_ends_by_itself(tmp_path: Path, drift_g: int) -> None:
    hall = Hall(tmp_path, f"scale drift {drift_g}")
    hall.rest()
    hall.after(SCALE_MS + 200)
    assert hall.hot.fault is ControllerFault.SCALE
    assert hall.hot.weight_g == max(0, drift_g)
    hall.say("scale drift 0")
    hall.after(SCALE_BACK_MS + 200)
    assert (hall.hot.fault, hall.hot.weight_g) == (ControllerFault.NONE, 0)


def test_a_scale_that_drifts_a_little_only_weighs_wrong(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "scale drift 12", "put wine")
    hall.item_in()
    assert (hall.hot.weight_g, hall.hot.fault) == (462, ControllerFault.NONE)


def test_the_camera_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "camera frozen")
    hall.rest()
    hall.say("camera right")
    assert hall.scene.spoils == [Spoil.FROZEN, Spoil.RIGHT]


def test_the_limits_are_those_of_the_firmware() -> None:
    """What the lines above call in time and too late."""
    assert STANDARD.fall_ms + 500 < FALL_MS < 6000
