"""The self-test at a live kiosk's screen, on a twin as a real process: a technician logs in, tests, and what comes of it stands on the glass, in the log and in files."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.system import AssumedClock
from kiosk.agents import Agents, Cost
from kiosk.console.events import DeedAsked, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.technician.events import HandsReady, ReportRead, SelfTestAsked, TurnTaken
from kiosk.console.technician.told import AtTest, Stage
from kiosk.console.view import StaffView, WorkView
from kiosk.deposit.view import Screen, ViewState
from kiosk.selftest.hands import LINES
from kiosk.selftest.results import Outcome
from people.agent import PIN
from worlds.installation import Installation, RunningKiosk

SLOW = tuple(f"mechanics {name} 200" for name in ("gate_open_ms", "gate_shut_ms", "sorter_turn_ms", "flap_open_ms", "flap_shut_ms"))
"""On a busy machine the twin may stand still for longer than its liveliest motion lasts."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One twin for all, with a technician who may log in."""
    with Installation(tmp_path_factory.mktemp("hall")) as hall:
        for line in SLOW:
            hall.say(line)
        Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1)).add("", Role.TECHNICIAN, PIN)
        yield hall


class Glass:
    """A technician before a kiosk that runs; whatever hands are asked for the twin's people do."""

    def __init__(self, hall: Installation, kiosk: RunningKiosk) -> None:
        self.hall = hall
        self.kiosk = kiosk

    def logs_in(self) -> None:
        self.kiosk.until_screen(Screen.ATTRACT)
        self.kiosk.post(Opened())
        self.kiosk.until(lambda view: view.staff is not None)
        self.kiosk.post(LogInAsked("101", PIN))
        self.kiosk.until(lambda view: isinstance(_shows(view), WorkView))

    def comes_to_the_test(self) -> AtTest:
        self.kiosk.post(DeedAsked(Deed.SELF_TEST))
        view = self.kiosk.until(lambda view: _at_test(view).stage is Stage.LISTED and _staff(view).machine.parked)
        return _at_test(view)

    def until(self, wanted: Callable[[AtTest], bool]) -> AtTest:
        return _at_test(self.kiosk.until(lambda view: wanted(_at_test(view))))

    def does_all(self) -> AtTest:
        """To the end of the test, with all that hands are asked for; a failure is left as it is."""
        while True:
            here = self.until(lambda now: now.stage is Stage.OVER or now.failed or now.chore is not None)
            if here.stage is Stage.OVER:
                return here
            if here.chore is None:
                self.kiosk.post(TurnTaken(again=False))
                self.until(lambda now: not now.failed)
                continue
            self.hall.say(LINES[here.chore])
            self.kiosk.post(HandsReady())
            self.until(lambda now: now.chore is None)


def _staff(view: ViewState) -> StaffView:
    assert view.staff is not None
    return view.staff


def _shows(view: ViewState) -> object:
    return None if view.staff is None else view.staff.shows


def _at_test(view: ViewState) -> AtTest:
    shows = _shows(view)
    return shows.testing if isinstance(shows, WorkView) else AtTest()


@pytest.fixture
def glass(shared: Installation) -> Iterator[Glass]:
    with RunningKiosk(shared) as kiosk:
        found = Glass(shared, kiosk)
        found.logs_in()
        yield found


def noted(hall: Installation, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.folders.kiosk.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


def test_a_technician_tests_a_part_and_finds_the_report_on_the_glass_in_a_page_and_in_the_log(glass: Glass) -> None:
    here = glass.comes_to_the_test()
    assert {step.name for step in here.plan} >= {"gate", "drop"}
    glass.kiosk.post(SelfTestAsked(step="scale_zero"))
    over = glass.does_all()
    assert {result.name: result.outcome for result in over.results}.get("scale_zero") is Outcome.PASS
    assert over.filed is not None
    assert over.filed.left_ready
    assert over.filed.path is not None
    page = Path(over.filed.path)
    assert "Balance à vide" in page.read_text(encoding="utf-8")
    told = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert {step["name"]: step["result"] for step in told["steps"]}["scale_zero"] == "pass"
    assert "Balance à vide" in page.with_suffix(".txt").read_text(encoding="utf-8")
    glass.kiosk.post(ReportRead())
    glass.until(lambda now: now.stage is Stage.LISTED)
    assert noted(glass.hall, "self_tested")[-1]["agent"] == "101"
