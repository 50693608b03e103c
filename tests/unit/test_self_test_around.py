"""What the steps around the intake make of what they are told: touch, keys, codes, the network; and what is kept of a test over a start."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.agents import opened
from kiosk.selftest import at_screen
from kiosk.selftest.around import judge_keys, judge_network, judge_read_back, judge_scanned, judge_targets, judge_touch
from kiosk.selftest.devices import Key
from kiosk.selftest.kept import begin_kept, end_kept, keep_step, read_kept
from kiosk.selftest.results import Blame, Check, Figure, Measured, Outcome, Part, Result, Stated, StepReason, Unit, failed, judged, skipped
from kiosk.selftest.run import PLAN
from ledger.sync.acknowledged import LastRound

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def named(result: Result) -> tuple[Part | None, StepReason | None]:
    return result.part, result.reason


def test_a_point_that_is_not_touched_and_one_beside_the_finger_are_told_apart() -> None:
    assert judge_touch((1.0,) * 9).outcome is Outcome.PASS
    assert named(judge_touch((1.0,) * 8 + (None,))) == (Part.TOUCH, StepReason.NOT_TOUCHED)
    assert named(judge_touch((1.0,) * 8 + (11.5,))) == (Part.TOUCH, StepReason.OFF_TARGET)
    assert named(judge_touch(())) == (Part.TOUCH, StepReason.NOT_TOUCHED)


def test_keys_that_say_nothing_are_named() -> None:
    assert judge_keys(frozenset(Key)).outcome is Outcome.PASS
    silent = judge_keys(frozenset(Key) - {Key.HELP})
    assert (*named(silent), silent.detail) == (Part.KEYPAD, StepReason.KEY_DEAD, "help")


def test_only_the_code_of_this_test_counts() -> None:
    assert judge_scanned("482019337105", "482019337105").outcome is Outcome.PASS
    assert named(judge_scanned("3252210390014", "482019337105")) == (Part.SCANNER, StepReason.OTHER_CODE)
    assert named(judge_scanned("", "482019337105")) == (Part.SCANNER, StepReason.NOT_SCANNED)
    assert judge_read_back({"1", "2"}, "2").outcome is Outcome.PASS
    assert named(judge_read_back({"1"}, "2")) == (Part.PRINTER, StepReason.NOT_READ_BACK)
    assert named(judge_targets(2)) == (Part.CAMERA, StepReason.OUT_OF_SIGHT)


@pytest.mark.parametrize(
    ("outcome", "hours", "reason"),
    [
        ("Delivered", 1, None),
        ("NothingToSend", 23, None),
        ("Unreachable", 0, StepReason.NOT_SYNCED),
        ("Delivered", 25, StepReason.SYNC_SILENT),
    ],
)
def test_the_network_is_what_the_sync_last_said_of_it_and_when(outcome: str, hours: int, reason: StepReason | None) -> None:
    at = (NOW - timedelta(hours=hours)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    result = judge_network(LastRound(outcome, {"detail": "no route"}, at, at), NOW)
    assert result.reason is reason
    assert (result.part is Part.NETWORK) is (reason is not None)


KEPT = (
    judged("supply", Check(Measured(Figure.SUPPLY, 11_980, Unit.MV, 11_400, None), Blame(Part.SUPPLY, StepReason.VOLTAGE))),
    failed("code", Blame(Part.CODE, StepReason.NO_CODE), "seen", (Stated(Figure.CODE, "1", None),)),
    skipped("metal", StepReason.PERSON, "no_tool"),
)


def test_what_steps_came_to_is_the_same_after_a_start_and_one_done_again_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    assert read_kept(path) is None
    begin_kept(path, "101", KEPT[:1])
    for result in (KEPT[2], *KEPT[1:]):
        keep_step(path, result)
    assert (kept := read_kept(path)) is not None
    assert (kept.results, kept.over) == (KEPT, False)
    end_kept(path)
    assert (kept := read_kept(path)) is not None
    assert kept.over
    begin_kept(path, "102", ())
    assert (kept := read_kept(path)) is not None
    assert (kept.results, kept.over) == ((), False)


def test_what_another_program_kept_and_this_one_does_not_know_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    begin_kept(path, "101", KEPT)
    with opened(path, "") as db:
        db.execute("UPDATE self_test_step SET result = replace(result, 'no_code', 'a later reason') WHERE name = 'code'")
    assert (kept := read_kept(path)) is not None
    assert kept.results == (KEPT[0], KEPT[2])


def test_at_the_screen_every_step_of_the_terminal_is_there_once_and_stands_on_what_comes_before() -> None:
    names = [step.name for step in at_screen.FULL_PLAN]
    assert len(names) == len(set(names))
    assert {step.name for step in PLAN} <= set(names)
    for place, step in enumerate(at_screen.FULL_PLAN):
        assert set(step.needs) <= set(names[:place]), step.name


def test_what_has_passed_before_is_stood_on_and_not_done_again_but_the_link_is() -> None:
    known = tuple(judged(step.name) for step in PLAN if step.name != "flap")
    plan, kept = at_screen.plan_of(("flap", "a step of an earlier program"), known)
    assert [step.name for step in plan] == ["link", "program", "flap"]
    assert {result.name for result in kept} == {step.name for step in PLAN} - {"link", "program", "flap"}
