"""Faults and upkeep on a twin as a real process: a fault that latches is seen, cleared by the hands that open and shut the door, and found in the log; cleaning is noted."""

from pathlib import Path

import pytest

from config.system import AssumedClock
from drivers.intake.bus import ControllerFault
from kiosk.agents import Agents, Cost
from kiosk.console.events import DeedAsked, LeaveAsked, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.upkeep.vocabulary import CleaningAsked, LogQuery, LogSought, UpkeepShown, UpkeepView
from kiosk.console.view import LogInView, WorkView
from kiosk.deposit.halts import Jammed
from kiosk.deposit.view import Screen, ViewState
from kiosk.log_reading import LogGroup
from worlds.installation import PLASTIC, Installation, RunningKiosk

PIN = "274951"


def work_of(shown: ViewState) -> WorkView | None:
    shows = None if shown.staff is None else shown.staff.shows
    return shows if isinstance(shows, WorkView) else None


@pytest.mark.long
def test_a_latched_fault_is_cleared_by_the_door_and_found_in_the_log_and_cleaning_is_noted(tmp_path: Path) -> None:
    with Installation(tmp_path) as hall:
        Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1)).add("Camille", Role.TECHNICIAN, PIN)
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
            hall.say("sorter blocked")
            hall.say(PLASTIC)
            kiosk.until(lambda shown: shown.why is not None and isinstance(shown.why, Jammed))
            kiosk.post(Opened())
            kiosk.until(lambda s: s.staff is not None and isinstance(s.staff.shows, LogInView) and not s.staff.shows.judging)
            kiosk.post(LogInAsked("101", PIN))
            kiosk.until(lambda s: work_of(s) is not None)
            kiosk.post(DeedAsked(Deed.UPKEEP))
            seen = kiosk.until(lambda s: (work := work_of(s)) is not None and work.upkeep.look is not None)
            assert seen.staff is not None
            counted = seen.staff.machine.seen.counted
            assert counted is not None
            assert counted.fault is ControllerFault.SORTER
            hall.say("sorter right")
            hall.say("door open")
            kiosk.until(lambda s: s.staff is not None and s.staff.machine.seen.door_open)
            hall.say("door shut")
            kiosk.until(lambda s: s.staff is not None and s.staff.machine.attended)
            kiosk.post(UpkeepShown(UpkeepView.CLEANING))
            kiosk.post(CleaningAsked(False))
            kiosk.post(CleaningAsked(True))
            kiosk.until(lambda s: (work := work_of(s)) is not None and work.upkeep.look is not None and len(work.upkeep.look.cleaned) == 1)
            kiosk.post(UpkeepShown(UpkeepView.LOG))
            kiosk.post(LogSought(LogQuery(LogGroup.FAULTS)))
            found = kiosk.until(
                lambda s: (work := work_of(s)) is not None and work.upkeep.query.group is LogGroup.FAULTS and bool(work.upkeep.lines)
            )
            work = work_of(found)
            assert work is not None
            assert work.upkeep.lines is not None
            assert work.upkeep.lines[-1].what == "sorter"
            kiosk.post(LeaveAsked())
            kiosk.until(lambda s: s.staff is None and s.why is None)
