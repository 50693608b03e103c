"""What several looks at one item show together."""

import pytest

from recognition.shape.scene import ChamberFault, Form, Pose, Scene, together

BOTTLE = Scene(1, Form.BOTTLE, Pose.LYING, 220.0, 65.0, still=True)


def test_without_a_background_nothing_is_said() -> None:
    assert together([]) is None


def test_one_look_that_took_a_bottle_for_something_else_is_outvoted() -> None:
    stout = Scene(1, Form.STOUT, Pose.LYING, 180.0, 66.0, still=True)
    assert together([BOTTLE, stout, BOTTLE]) == BOTTLE


def test_a_screen_is_seen_in_the_one_dark_look_and_counts() -> None:
    dark = Scene(1, Form.SCREEN, lit=False)
    seen = together([BOTTLE, BOTTLE, dark])
    assert seen is not None
    assert (seen.form, seen.lit, seen.length_mm) == (Form.SCREEN, True, 220.0)


def test_a_hand_in_one_look_is_a_hand() -> None:
    seen = together([BOTTLE, Scene(1, Form.BOTTLE, Pose.LYING, hand=True), BOTTLE])
    assert seen is not None
    assert seen.hand


def test_a_machine_that_sees_badly_says_so_and_nothing_of_the_bottle() -> None:
    dirty = Scene(faults=frozenset({ChamberFault.DIRTY}))
    seen = together([dirty, BOTTLE])
    assert seen == dirty
    assert not seen.sure


def test_a_fault_in_one_look_of_three_is_let_pass() -> None:
    seen = together([Scene(faults=frozenset({ChamberFault.DARK})), BOTTLE, BOTTLE])
    assert seen == BOTTLE


def test_of_two_forms_seen_as_often_the_later_counts_as_it_has_come_to_rest() -> None:
    rolling = Scene(1, Form.UNSURE, Pose.LYING)
    seen = together([rolling, BOTTLE])
    assert seen is not None
    assert seen.form is Form.BOTTLE


def test_more_than_two_objects_are_two() -> None:
    with pytest.raises(ValueError, match="objects"):
        Scene(3)
