"""Faults and upkeep: a cleaning that is noted with who and when, the reminder, limits of wear with their source, and the log searched by kind, day and visit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.state import Files
from config.vocabulary import Cents
from config.wear import ASSUMED, wear_limits
from kiosk.agents import Agents, Cost
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.events import Admitted, AgentsTold, ConsoleEvent, DeedAsked, Failed, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.console.told import Counted
from kiosk.console.upkeep.steps import is_due
from kiosk.console.upkeep.vocabulary import (
    AtUpkeep,
    Cleaned,
    CleaningAsked,
    CleaningNoted,
    CleaningTerms,
    LogFound,
    LogQuery,
    LogSought,
    LookAtUpkeep,
    NoteCleaning,
    SearchLog,
    UpkeepLook,
    UpkeepShown,
    UpkeepTold,
    UpkeepView,
)
from kiosk.deposit.notes import Note, NoteKind
from kiosk.log import Log
from kiosk.log_reading import LogGroup, in_group, log_search
from kiosk.workers.console import Clerk
from people.stories import Story
from timing import FakeClock
from wires.readings import REST

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LOOK = UpkeepLook((), (Cleaned(NOW - timedelta(days=1), "101", 100),), wear_limits(), CleaningTerms(2_000, 7), NOW)
COUNTED = Counted(200, 900, 3)


class Glass:
    def __init__(self, role: Role = Role.TECHNICIAN) -> None:
        session = Story().open().session
        self.session = Composed(replace(session, hot=replace(REST, totaliser=4_711)), Console())
        self.asked: tuple[AnyAction, ...] = ()
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", role), DeedAsked(Deed.UPKEEP))

    def tell(self, *events: ConsoleEvent) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    @property
    def here(self) -> AtUpkeep:
        face = self.session.console.face
        assert isinstance(face, AtWork)
        return face.upkeep


def test_a_cleaning_is_asked_about_and_noted_with_who_and_what_had_fallen() -> None:
    glass = Glass()
    assert LookAtUpkeep() in glass.asked
    glass.tell(UpkeepShown(UpkeepView.CLEANING), CleaningAsked(True))
    assert not any(isinstance(action, NoteCleaning) for action in glass.asked), "nobody was asked whether it is done"
    glass.tell(CleaningAsked(False), CleaningAsked(None))
    assert not glass.here.sure
    glass.tell(CleaningAsked(False), CleaningAsked(True))
    assert NoteCleaning("101", 4_711) in glass.asked
    done = replace(LOOK, cleaned=(Cleaned(NOW, "101", 4_711),))
    assert glass.tell(CleaningNoted(done)).asked == (Note(NoteKind.CLEANED, {"agent": "101", "items": 4_711}),)
    assert glass.here.look == done


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR])
def test_it_is_no_page_of_the_desk_s(role: Role) -> None:
    assert Glass(role).asked == ()


@pytest.mark.parametrize(
    ("look", "counted", "due"),
    [
        (LOOK, COUNTED, False),
        (replace(LOOK, cleaned=()), COUNTED, True),
        (LOOK, replace(COUNTED, items=2_100), True),
        (LOOK, replace(COUNTED, items=2_099), False),
        (replace(LOOK, at=NOW + timedelta(days=6)), COUNTED, True),
        (replace(LOOK, at=NOW + timedelta(days=5)), None, False),
        (LOOK, replace(COUNTED, items=50), True),
    ],
    ids=["done", "never", "bottles", "not yet", "days", "no controller", "another controller"],
)
def test_cleaning_is_due_after_so_many_bottles_or_days(look: UpkeepLook, counted: Counted | None, due: bool) -> None:
    assert is_due(look, counted) is due


def test_every_limit_of_wear_has_a_source_and_none_claims_a_maker() -> None:
    limits = wear_limits()
    assert {limit.part for limit in limits} == {"flap", "sorter", "gate", "memory"}
    assert {limit.source for limit in limits} == {ASSUMED}
    assert [COUNTED.of(limit) for limit in limits] == [200, 200, 900, 900]


def test_limits_that_count_nothing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "wear.toml"
    path.write_text('[[part]]\nname = "flap"\ncounts = "hours"\nlimit = 5\nsource = "x"\n')
    with pytest.raises(ValueError, match="what is counted"):
        wear_limits(path)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def clerk(tmp_path: Path, clock: FakeClock) -> Clerk:
    agents = Agents(Files(tmp_path).kiosk, clock, Cost(memory_kib=32, passes=1, lanes=1))
    agents.add("", Role.TECHNICIAN, "274951")
    agents.add("", Role.DESK, "839017")
    return Clerk(agents, Files(tmp_path), clock, Cents(20_000), Cents(20), lambda: date(2026, 11, 24))


def test_a_cleaning_outlives_a_start_and_only_a_technician_s_is_taken(clerk: Clerk, clock: FakeClock) -> None:
    assert isinstance(clerk.does(NoteCleaning("102", 7)), Failed)
    noted = clerk.does(NoteCleaning("101", 7))
    assert isinstance(noted, CleaningNoted)
    clock.advance(86_400)
    clerk.does(NoteCleaning("101", None))
    told = clerk.does(LookAtUpkeep())
    assert isinstance(told, UpkeepTold)
    assert [(cleaned.by, cleaned.items) for cleaned in told.look.cleaned] == [("101", None), ("101", 7)]


def fill(folder: Path, clock: FakeClock) -> None:
    log = Log(folder, clock)
    for day in range(3):
        log.note(Note(NoteKind.FAULT, {"fault": "gate", "cause": "late"}))
        log.note(Note(NoteKind.JUDGED, {"item": day, "visit": f"2026-11-2{4 + day}/0417"}))
        log.note(Note(NoteKind.JUDGED, {"item": 417, "visit": f"2026-11-2{4 + day}/0099"}))
        clock.advance(86_400)


def test_the_log_is_searched_by_kind_day_and_visit_the_newest_first(tmp_path: Path, clock: FakeClock) -> None:
    fill(tmp_path, clock)
    with (tmp_path / "log-2026-11.jsonl").open("a") as log:
        log.write("torn {\n")

    def found(group: LogGroup, day: date | None = None, visit: str = "", most: int = 500) -> list[tuple[int, str]]:
        return [(line.at.day, line.kind.value) for line in log_search(tmp_path, group, day, visit, most)]

    assert found(LogGroup.FAULTS) == [(26, "fault"), (25, "fault"), (24, "fault")]
    assert found(LogGroup.ALL, date(2026, 11, 25)) == [(25, "judged"), (25, "judged"), (25, "fault")]
    assert found(LogGroup.ALL, visit="0417") == [(26, "judged"), (25, "judged"), (24, "judged")]
    assert found(LogGroup.BOTTLES, date(2026, 11, 24), "0099") == [(24, "judged")]
    assert found(LogGroup.ALL, most=2) == [(26, "judged"), (26, "judged")]
    assert found(LogGroup.DOORS) == []


def test_each_kind_of_line_is_in_one_group() -> None:
    for kind in NoteKind:
        assert sum(in_group(kind, group) for group in LogGroup if group is not LogGroup.ALL) == 1, kind


def test_an_answer_to_another_question_is_none() -> None:
    glass = Glass().tell(UpkeepShown(UpkeepView.LOG))
    assert SearchLog(LogQuery()) in glass.asked
    glass.tell(LogSought(LogQuery(LogGroup.FAULTS)), LogFound(LogQuery(), ()))
    assert glass.here.lines is None
    assert glass.tell(LogFound(LogQuery(LogGroup.FAULTS), ())).here.lines == ()
