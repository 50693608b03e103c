"""The live page on a twin as a real process: lent at the glass, a part moved while it is touched, refused by the controller before an open door, and given back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.system import AssumedClock
from drivers.intake.bus import Answer, ControllerState, HoldEnd, Motion
from kiosk.agents import Agents, Cost
from kiosk.console.events import DeedAsked, LeaveAsked, LogInAsked, Opened
from kiosk.console.live.vocabulary import AtLive, Lamp, LetGoAsked, Stage, StopAsked, TouchAsked
from kiosk.console.roles import Deed, Role
from kiosk.console.view import LogInView, WorkView
from kiosk.deposit.view import Screen, ViewState
from worlds.installation import GLASS, Installation, RunningKiosk

PIN = "274951"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as hall:
        # slow, so that a touch ends before the gate arrives
        hall.say("mechanics gate_open_ms 2500")
        Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1)).add("Camille", Role.TECHNICIAN, PIN)
        yield hall


def live_of(shown: ViewState) -> AtLive | None:
    shows = None if shown.staff is None else shown.staff.shows
    return shows.live if isinstance(shows, WorkView) else None


def notes(hall: Installation, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.folders.kiosk.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


class Technician:
    """At the glass of a kiosk that runs."""

    def __init__(self, kiosk: RunningKiosk) -> None:
        self.kiosk = kiosk
        self.press = 0

    def logs_in(self) -> None:
        self.kiosk.post(Opened())
        self.kiosk.until(
            lambda shown: shown.staff is not None and isinstance(shown.staff.shows, LogInView) and not shown.staff.shows.judging
        )
        self.kiosk.post(LogInAsked("101", PIN))
        self.kiosk.until(lambda shown: shown.staff is not None and isinstance(shown.staff.shows, WorkView))

    def looks(self) -> AtLive:
        self.kiosk.post(DeedAsked(Deed.LIVE))
        return self.until(lambda live: live.stage is Stage.LENT and live.hot is not None and live.health is not None)

    def until(self, wanted: Callable[[AtLive], bool]) -> AtLive:
        found = live_of(self.kiosk.until(lambda shown: (live := live_of(shown)) is not None and wanted(live)))
        assert found is not None
        return found

    def touches(self, what: Motion | Lamp) -> int:
        self.press += 1
        self.kiosk.post(TouchAsked(what, self.press))
        return self.press


def test_a_technician_sees_the_machine_moves_a_part_while_it_is_touched_and_is_refused_by_the_controller_before_an_open_door(
    hall: Installation,
) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        technician = Technician(kiosk)
        technician.logs_in()
        live = technician.looks()
        assert live.hot is not None
        assert (live.hot.state, live.identity is not None) == (ControllerState.SHUT, True)
        seen = technician.until(lambda live: live.picture is not None)
        assert seen.picture is not None
        assert len(seen.picture.rgb) == 3 * seen.picture.width * seen.picture.height

        press = technician.touches(Motion.GATE_OPEN)
        technician.until(lambda live: live.hot is not None and live.hot.state is ControllerState.HELD)
        # not said again: it ends without a word of anybody
        ended = technician.until(lambda live: live.touched is not None and live.touched.ended is not None)
        assert ended.touched is not None
        assert (ended.touched.press, ended.touched.ended) == (press, HoldEnd.LET_GO)

        technician.touches(Lamp.DARK)
        technician.until(lambda live: live.health is not None and live.health.lamp_percent == 0)
        kiosk.post(LetGoAsked())
        technician.until(lambda live: live.health is not None and live.health.lamp_percent == 100)

        hall.say("door open")
        technician.until(lambda live: live.hot is not None and live.hot.door_open)
        technician.touches(Motion.GATE_OPEN)
        refused = technician.until(lambda live: live.touched is not None and live.touched.answer is not None)
        assert refused.touched is not None
        assert refused.touched.answer is Answer.UNSAFE
        seen = technician.until(lambda live: live.hot is not None and live.hot.answer is Answer.UNSAFE)
        assert seen.hot is not None
        assert not seen.hot.gate_open
        hall.say("door shut")
        technician.until(lambda live: live.hot is not None and not live.hot.door_open)
        kiosk.post(StopAsked())
        technician.touches(Motion.GATE_OPEN)
        stopped = technician.until(lambda live: live.stopped and live.hot is not None and not live.hot.door_open)
        assert stopped.hot is not None
        assert stopped.hot.taken == seen.hot.taken
        kiosk.post(LeaveAsked())
        kiosk.until_screen(Screen.ATTRACT)
    assert [(line["what"], line["end"], line["refused"]) for line in notes(hall, "moved")] == [
        ("gate_open", "let_go", False),
        ("dark", "let_go", False),
        ("gate_open", "unsafe", True),
    ]
    found = hall.compare()
    assert (found.lost, found.duplicated, found.disagreements) == (0, 0, ())


@pytest.mark.long
def test_a_controller_that_is_unplugged_is_told_and_found_again(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        technician = Technician(kiosk)
        technician.logs_in()
        technician.looks()
        hall.stop_twin()
        technician.until(lambda live: live.lost is not None and live.hot is None)
        hall.start_twin()
        technician.until(lambda live: live.lost is None and live.hot is not None)


@pytest.mark.long
def test_with_a_visit_open_the_page_waits_and_says_for_whom(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say(GLASS)
        kiosk.until(lambda shown: shown.cents == 20)
        technician = Technician(kiosk)
        technician.logs_in()
        kiosk.post(DeedAsked(Deed.LIVE))
        waits = technician.until(lambda live: live.stage is Stage.WAITS)
        assert type(waits.why).__name__ == "VisitOpen"
        kiosk.post(LeaveAsked())
        kiosk.until_screen(Screen.FEEDING)
