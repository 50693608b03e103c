"""The people at the simulated intake: visitors at the gate and a technician behind the door, seen through the real firmware."""

from pathlib import Path

import pytest

from drivers.intake.bus import Answer, CommandCode, ControllerFault, ControllerState, FaultCause
from drivers.twin.actions import BadAnswer, LineFault
from drivers.twin.mechanics import INSTANT, PROFILES, STANDARD, Mechanics
from firmware.controller import TAKE_OUT_MS
from firmware.gate import CLEAR_MS
from worlds.hall import POLL_MS, Hall

OPEN, SORT, RETURN, CLEAR = CommandCode.OPEN, CommandCode.SORT, CommandCode.RETURN, CommandCode.CLEAR
all_mechanics = pytest.mark.parametrize("mechanics", PROFILES.values(), ids=PROFILES.keys())


def test_bottle_after_bottle_goes_in_as_soon_as_the_gate_stands_open(tmp_path: Path) -> None:
    hall = Hall(tmp_path, *["put pet"] * 4)
    for number in range(1, 5):
        hall.rest()
        hall.send(OPEN)
        hall.until(lambda: hall.hot.gate_open)
        assert hall.until(lambda n=number: ("in", n) in hall.events()) <= STANDARD.put_in_ms + POLL_MS  # type: ignore[misc]
        hall.until(lambda: hall.hot.state is ControllerState.SHUT and hall.hot.steady)
        hall.order(SORT, 1)
    assert hall.record.totaliser == 4
    assert hall.events()[-1] == ("done",)


def test_a_hand_interrupts_the_entry_beam_and_the_gate_waits_for_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: hall.hot.entry_beam)
    assert (hall.hot.state, hall.hot.occupied) == (ControllerState.OPEN, False)
    hall.until(lambda: hall.hot.occupied)
    assert not hall.hot.entry_beam


def test_nobody_puts_anything_in_before_its_picture_is_drawn(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.scene.can_draw = False
    hall.rest()
    hall.order(OPEN)
    hall.after(5000)
    assert hall.events() == []
    hall.scene.can_draw = True
    hall.until(lambda: hall.hot.occupied)


def test_a_person_gives_up_when_the_gate_shuts(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.after(STANDARD.put_in_ms // 4)
    hall.order(RETURN)
    hall.after(10 * STANDARD.put_in_ms)
    assert hall.events() == []
    hall.item_in()
    assert hall.events() == [("in", 1)]


@all_mechanics
def test_a_bottle_pulled_back_before_the_gate_is_shut_was_pulled(tmp_path: Path, mechanics: Mechanics) -> None:
    hall = Hall(tmp_path, "put pet", "pull", mechanics=mechanics)
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: hall.hot.state is ControllerState.SHUT)
    assert hall.events() == [("in", 1), ("pulled", 1), ("done",)]
    assert (hall.hot.occupied, hall.record.back) == (False, 0)
    assert hall.lines()[1]["controlled"] is False


def test_a_bottle_held_into_the_gate_and_taken_back_was_never_in(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "reach 700", "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: hall.hot.entry_beam)
    assert hall.answer_to(RETURN) is Answer.BUSY
    assert hall.until(lambda: not hall.hot.entry_beam) in range(700 - 2 * POLL_MS, 700 + POLL_MS)
    assert (hall.hot.state, hall.events()) == (ControllerState.OPEN, [])
    hall.until(lambda: hall.hot.occupied)
    assert hall.events() == [("in", 1)]


def test_pulling_at_a_shut_gate_does_nothing(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    hall.say("pull")
    hall.after(POLL_MS)
    assert hall.events() == [("in", 1)]


@all_mechanics
def test_a_hand_that_stays_keeps_the_gate_from_shutting_until_it_is_gone(tmp_path: Path, mechanics: Mechanics) -> None:
    hall = Hall(tmp_path, "hand 1500", "put pet", mechanics=mechanics)
    hall.rest()
    hall.send(OPEN)
    hall.until(lambda: hall.hot.hand)
    assert hall.until(lambda: hall.hot.gate_shut) in range(1500, 1500 + CLEAR_MS + mechanics.gate_shut_ms + 4 * POLL_MS)
    hall.rest()
    assert (hall.events(), hall.hot.fault) == ([("in", 1)], ControllerFault.NONE)


def test_a_hand_that_no_beam_sees_is_met_by_the_gate_and_felt(tmp_path: Path) -> None:
    """The sensor is stuck: force is what is left to tell of the hand."""
    hall = Hall(tmp_path, "sensor entry_beam stuck off", "hand 600", "put pet")
    hall.rest()
    hall.order(OPEN)
    hall.until(lambda: hall.hot.hand)
    assert not hall.hot.gate_shut
    hall.until(lambda: hall.hot.gate_shut)
    assert hall.hot.fault is ControllerFault.NONE


def test_a_refused_item_left_at_the_lip_stays_until_somebody_takes_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "leave 1", "put can")
    hall.item_in()
    hall.send(RETURN)
    assert hall.until(lambda: hall.hot.state is ControllerState.SHUT) > TAKE_OUT_MS
    assert (hall.hot.occupied, hall.hot.back, hall.events()) == (True, 0, [("in", 1)])
    back = hall.order(RETURN)
    assert (hall.hot.occupied, hall.hot.back, hall.events()) == (False, back, [("in", 1), ("back", 1), ("done",)])


def test_somebody_else_may_take_what_was_left_at_the_lip(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "leave 1", "put can")
    hall.item_in()
    back = hall.send(RETURN)
    hall.after(10_000)
    assert hall.hot.occupied
    hall.say("pull")
    hall.rest()
    assert (hall.hot.back, hall.events()[1]) == (back, ("back", 1))


def test_two_at_once_weigh_together_and_fall_as_one(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put wine with can")
    hall.item_in()
    assert (hall.hot.weight_g, hall.hot.metal) == (465, True)
    assert hall.scene.shown == [1, 2]
    assert [(line["n"], line["beside"]) for line in hall.lines()] == [(1, None), (2, 1)]
    sort = hall.order(SORT, 1)
    assert (hall.hot.totaliser, hall.hot.counted, hall.hot.fault) == (1, sort, ControllerFault.NONE)
    assert hall.fell() == [(1, sort), (2, sort)]


def test_two_at_once_are_handed_back_together(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put wine with can")
    hall.item_in()
    back = hall.order(RETURN)
    assert (hall.hot.back, hall.events()) == (back, [("in", 1), ("in", 2), ("back", 1), ("back", 2), ("done",)])


def test_with_the_service_door_open_nothing_begins(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("door open")
    hall.after(POLL_MS)
    assert hall.answer_to(OPEN) is Answer.UNSAFE
    hall.say("door shut")
    hall.after(POLL_MS)
    hall.order(OPEN)


def test_an_open_gate_shuts_when_the_service_door_opens(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.order(OPEN)
    hall.say("door open")
    hall.until(lambda: hall.hot.gate_shut)
    assert hall.hot.state is ControllerState.SHUT


def test_a_technician_removes_what_lies_in_the_chamber(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put wine")
    hall.item_in()
    hall.say("remove")
    hall.after(POLL_MS)
    assert hall.events() == [("in", 1)], "the door is shut"
    hall.say("door open", "remove")
    hall.after(POLL_MS)
    assert not hall.hot.occupied
    assert hall.events() == [("in", 1), ("removed", 1), ("done",)]
    assert (hall.lines()[1]["sequence"], hall.lines()[1]["controlled"]) == (None, False)
    assert hall.scene.shown == [1, 0]


def test_what_a_technician_drops_by_hand_falls_without_a_command_and_is_counted_as_such(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put wine")
    hall.item_in()
    hall.say("drop")
    hall.after(1000)
    assert hall.hot.occupied, "the door is shut"
    hall.say("door open", "drop")
    hall.after(1000)
    assert hall.fell() == [(1, None)]
    assert hall.lines()[1]["controlled"] is False
    assert (hall.hot.counted, hall.hot.totaliser, hall.health().drops_manual) == (0, 1, 1)
    assert (hall.hot.flap_locked, hall.hot.fault) == (True, ControllerFault.NONE)


def test_a_flap_that_is_forced_open_fails_and_what_fell_is_nobodys(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put wine")
    hall.item_in()
    hall.say("flap forced 800")
    hall.after(1500)
    assert (hall.hot.state, hall.hot.fault, hall.hot.cause) == (ControllerState.FAILED, ControllerFault.FLAP, FaultCause.FORCED)
    assert hall.fell() == [(1, None)]
    assert (hall.hot.counted, hall.hot.flap_locked) == (0, True)
    hall.order(CLEAR)
    assert (hall.hot.state, hall.hot.fault) == (ControllerState.SHUT, ControllerFault.NONE)


def test_what_a_hand_shakes_loose_while_a_sort_is_at_it_is_that_sorts(tmp_path: Path) -> None:
    """The controller cannot tell the two apart, and counts it."""
    hall = Hall(tmp_path, "jam 3", "put wine")
    hall.item_in()
    sort = hall.send(SORT, 1)
    hall.after(1000)
    hall.say("flap forced 100")
    hall.rest()
    assert hall.fell() == [(1, sort)]
    assert hall.record.counted == sort


def test_a_gate_that_is_forced_open_fails(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("gate forced 800")
    hall.after(1500)
    assert (hall.hot.fault, hall.hot.cause) == (ControllerFault.GATE, FaultCause.FORCED)


def test_a_line_waits_for_its_time(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "wait 3000", "door open", "wait 500", "door shut")
    hall.rest()
    assert hall.until(lambda: hall.hot.door_open) in range(2500, 3000 + 2 * POLL_MS)
    assert hall.until(lambda: not hall.hot.door_open) in range(500 - POLL_MS, 500 + 2 * POLL_MS)


def test_on_standard_input_a_put_waits_for_its_turn_and_all_else_acts_at_once(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.rest()
    hall.say("put pet", "wait 1000", "put can", "door open")
    hall.after(POLL_MS)
    assert hall.answer_to(OPEN) is Answer.UNSAFE
    hall.say("door shut")
    hall.item_in()
    hall.order(RETURN)
    hall.order(OPEN)
    assert hall.until(lambda: hall.hot.occupied) <= 1000 + STANDARD.put_in_ms
    assert [line["item"] for line in hall.lines() if line["event"] == "in"] == ["pet", "can"]


def test_line_faults_are_told_to_the_line_in_their_turn(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet", "line lose 2")
    hall.rest()
    assert hall.broken == []
    hall.item_in()
    assert hall.broken == [LineFault(BadAnswer.LOSE, 2)]


def test_a_scenario_goes_on_where_it_was(tmp_path: Path) -> None:
    scenario = ("put pet", "put wine with can", "jam 3", "put can")
    hall = Hall(tmp_path, *scenario)
    hall.say("put pet")
    for _ in range(2):
        hall.item_in()
        hall.order(RETURN)
    again = Hall(tmp_path, *scenario)
    again.item_in()
    assert [line["item"] for line in again.lines() if line["event"] == "in"] == ["pet", "wine", "can", "can"]
    again.order(SORT, 1)
    assert again.hot.fault is ControllerFault.DROP, "the jam before the last item still acts"
    again.order(RETURN)
    assert again.events()[-1] == ("done",)


def test_the_end_of_a_scenario_is_told_once(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet", mechanics=INSTANT)
    hall.item_in()
    hall.order(SORT, 1)
    again = Hall(tmp_path, "put pet")
    again.rest()
    again.order(RETURN)
    assert again.events() == [("in", 1), ("fell", 1), ("done",)]
