"""What the technical log tells of a day: refusals by reason and halts by length, each a question to the log that its own lines answer."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import PARIS
from config.vocabulary import Reason
from kiosk.deposit.halts import Halt
from kiosk.deposit.notes import Note, NoteKind
from kiosk.log import Log
from kiosk.log_reading import HaltTime, LogAbout, lines_of, log_figures, log_lines
from timing import FakeClock

EVENING = datetime(2026, 11, 30, 20, 0, tzinfo=PARIS).astimezone(UTC)
"""In UTC, as a clock tells it and the log writes it: an hour later in Paris."""


def over(halt: Halt, for_s: float, times: int = 1) -> Note:
    return Note(NoteKind.HALT_OVER, {"halt": halt, "for_s": for_s, "times": times, "until": "", "standing": False})


def begins(halt: Halt) -> Note:
    return Note(NoteKind.HALT, {"halt": halt, "code": halt.code, "facts": {}})


@pytest.fixture
def log(tmp_path: Path, clock: FakeClock) -> Log:
    clock.utc = EVENING
    return Log(tmp_path, clock)


@pytest.mark.parametrize("seed", [1, 2])
def test_refusals_and_halts_of_each_day_are_what_the_lines_of_that_day_say(log: Log, tmp_path: Path, clock: FakeClock, seed: int) -> None:
    chance = random.Random(seed)
    refused: Counter[tuple[str, str]] = Counter()
    stopped: Counter[tuple[str, str]] = Counter()
    for _ in range(120):
        clock.advance(chance.choice([5, 600, 5_000]))
        day = clock.now().day().isoformat()
        if chance.random() < 0.7:
            reason = chance.choice(list(Reason))
            log.note(Note(NoteKind.HANDED_BACK, {"item": 1, "reason": reason}))
            refused[day, reason] += 1
        else:
            halt, seconds = chance.choice([Halt.DOOR, Halt.CAMERA]), chance.randrange(5_000)
            log.note(begins(halt))
            log.note(over(halt, seconds))
            stopped[day, halt] += seconds
    for day in {day for day, _ in (*refused, *stopped)}:
        shown = log_figures(tmp_path, datetime.fromisoformat(day).date(), clock.utc)
        assert dict(shown.refusals) == {reason: n for (then, reason), n in refused.items() if then == day}
        assert {told.halt: told.seconds for told in shown.halts} == {
            halt: seconds for (then, halt), seconds in stopped.items() if then == day
        }


def test_a_halt_that_stands_is_as_long_as_it_has_stood_and_a_power_cut_ends_it_at_the_next_start(
    log: Log, tmp_path: Path, clock: FakeClock
) -> None:
    log.note(begins(Halt.DOOR))
    clock.advance(120)
    log.note(Note(NoteKind.STARTED, {"program": "1"}))
    log.note(begins(Halt.CAMERA))
    clock.advance(30)
    shown = log_figures(tmp_path, EVENING.date(), clock.utc)
    assert shown.halts == (HaltTime("door", 1, 120.0, standing=False), HaltTime("camera", 1, 30.0, standing=True))


def test_a_day_is_that_of_paris_and_what_a_power_cut_tore_is_left_out(log: Log, tmp_path: Path, clock: FakeClock) -> None:
    log.note(Note(NoteKind.HANDED_BACK, {"item": 1, "reason": Reason.CAN}))
    with (tmp_path / "log-2026-11.jsonl").open("a") as stream:
        stream.write('{"at": "2026-11-30T19:30:00.000+00:00", "kind": "hand')
    clock.advance(4 * 3600 + 60)
    log.note(Note(NoteKind.HANDED_BACK, {"item": 2, "reason": Reason.CAN}))
    first, second = EVENING.date(), EVENING.date() + timedelta(days=1)
    assert [line["item"] for line in lines_of(tmp_path, first) if line["kind"] == NoteKind.HANDED_BACK] == [1]
    assert [line["item"] for line in lines_of(tmp_path, second) if line["kind"] == NoteKind.HANDED_BACK] == [2]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_lines_behind_a_figure_are_those_that_it_was_counted_from(log: Log, tmp_path: Path, clock: FakeClock, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(80):
        clock.advance(chance.choice([5, 600, 5_000]))
        match chance.randrange(4):
            case 0:
                log.note(Note(NoteKind.HANDED_BACK, {"item": 1, "reason": chance.choice(list(Reason))}))
            case 1:
                halt = chance.choice([Halt.DOOR, Halt.CAMERA])
                log.note(begins(halt))
                clock.advance(30)
                log.note(over(halt, 30, chance.randrange(1, 4)))
            case 2:
                log.note(Note(NoteKind.LOGGED_IN, {"agent": "101", "role": "desk"}))
            case _:
                log.note(Note(NoteKind.DOOR_OPENED, {}))
    with next(tmp_path.glob("log-*.jsonl")).open("ab") as file:
        file.write(b'{"at":"2026-11-30T20:11')
    for back in range(4):
        day = (clock.now().utc - timedelta(days=back)).astimezone(PARIS).date()
        shown = log_figures(tmp_path, day, clock.utc)
        refused = log_lines(tmp_path, day, LogAbout.REFUSALS)
        assert Counter(line.what for line in refused) == dict(shown.refusals)
        assert [line.at for line in refused] == sorted((line.at for line in refused), reverse=True)
        ended = [line for line in log_lines(tmp_path, day, LogAbout.HALTS) if line.kind is NoteKind.HALT_OVER]
        # one that is over is told where it ended, and counted where it began: here both are on one day or the next
        assert sum(line.times for line in ended) >= sum(told.times for told in shown.halts if not told.standing)


def test_it_is_known_until_when_a_controller_was_heard_that_is_lost(log: Log, tmp_path: Path, clock: FakeClock) -> None:
    def until() -> datetime | None:
        return log_figures(tmp_path, clock.now().day(), clock.utc).linked_until

    assert until() is None
    log.note(Note(NoteKind.LINK_LOST, {"trouble": {}}))
    lost = clock.utc
    clock.advance(60)
    assert until() == lost
    log.note(Note(NoteKind.LINK_BACK, {"for_s": 60.0, "times": 1, "until": "", "standing": False}))
    assert until() is None
