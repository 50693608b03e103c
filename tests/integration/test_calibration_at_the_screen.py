"""Scale and bins set right at a live kiosk's screen, by touching its buttons, on a twin as a real process."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from config.system import AssumedClock
from drivers.intake.bus import Calibration
from kiosk.agents import Agents, Cost
from kiosk.calibration.kept import read_history
from kiosk.console.calibrating.events import CalibrationAsked
from kiosk.console.calibrating.told import AtCalibration, Framed, Stage, What
from kiosk.console.calibrating.wrong import DoorStandsOpen, TargetUnseen
from kiosk.console.events import DeedAsked, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.view import LogInView, WorkView
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.button import Button
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.words.catalogue import Words
from people.agent import PIN
from recognition.shape.background import keep as keep_background
from recognition.shape.background import kept as kept_background
from simulation.chamber import empty_chamber
from timing import wait_until
from worlds.installation import Installation, RunningKiosk

SLOW = tuple(f"mechanics {name} 200" for name in ("gate_open_ms", "gate_shut_ms"))
WEIGHT = "put pet_full roll 5"
"""525 g, which the kiosk takes for its weight of 500."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("hall")) as hall:
        for line in SLOW:
            hall.say(line)
        Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1)).add("", Role.TECHNICIAN, PIN)
        yield hall


class Technician:
    """Reads the glass and touches its buttons, by name."""

    def __init__(self, kiosk: RunningKiosk, window: StaffWindow) -> None:
        self.kiosk = kiosk
        self.window = window

    def until(self, *stages: Stage, parked: bool = False, chore: bool = False) -> AtCalibration:
        def stands(view: ViewState) -> bool:
            here = _here(view)
            there = here.stage in stages and (here.chore is not None or not chore)
            return there and (not parked or (view.staff is not None and view.staff.machine.parked))

        view = self.kiosk.until(stands)
        self.window.show_view(view.staff)
        return _here(view)

    def begins(self, name: str, what: What = What.SCALE) -> None:
        """Until hands are asked for. A machine that is on its way to its stop is asked again."""
        self.touches(name)
        while self.looks(lambda here: here.why is not None or here.chore is not None).why is not None:
            self.until(Stage.LISTED, parked=True)
            self.touches(f"calibrate.{what}")
            self.looks(lambda here: here.why is None)

    def is_proposed(self, name: str) -> AtCalibration:
        """Without hands. A machine that is on its way to its stop is asked again."""
        self.touches(name)
        while (here := self.looks(lambda here: here.why is not None or here.stage in (Stage.PROPOSED, Stage.OVER))).why is not None:
            self.until(Stage.LISTED, parked=True)
            self.touches("calibrate.camera")
            self.looks(lambda here: here.why is None)
        assert here.stage is Stage.PROPOSED, here
        return here

    def looks(self, wanted: Callable[[AtCalibration], bool]) -> AtCalibration:
        view = self.kiosk.until(lambda view: wanted(_here(view)))
        self.window.show_view(view.staff)
        return _here(view)

    def button(self, name: str) -> Button:
        return next(button for button in self.window.page.findChildren(Button, name) if button.isVisibleTo(self.window))

    def touches(self, name: str) -> None:
        button = self.button(name)
        assert button.isEnabled(), name
        button.click()

    def reads(self) -> str:
        return " ".join(label.text() for label in self.window.page.findChildren(QLabel)).replace("\u00a0", " ").replace("\u202f", " ")


def _here(view: ViewState) -> AtCalibration:
    shows = None if view.staff is None else view.staff.shows
    return shows.calibrating if isinstance(shows, WorkView) else AtCalibration()


@pytest.fixture
def technician(shared: Installation, qtbot: QtBot) -> Iterator[Technician]:
    register()
    with RunningKiosk(shared) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        kiosk.post(Opened())
        # while it is still asked who there is, nobody is let in
        kiosk.until(lambda view: view.staff is not None and isinstance(view.staff.shows, LogInView) and not view.staff.shows.judging)
        kiosk.post(LogInAsked("101", PIN))
        kiosk.until(lambda view: view.staff is not None and isinstance(view.staff.shows, WorkView))
        kiosk.post(DeedAsked(Deed.CALIBRATION))
        window = StaffWindow(None, Panel(1080, 1920, 15.6), {"fr": Words()}, kiosk.post, AssumedClock())
        qtbot.addWidget(window)
        window.show()
        yield Technician(kiosk, window)


def noted(hall: Installation, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.folders.kiosk.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


def test_a_wrong_weight_is_refused_and_the_right_one_sets_the_scale(shared: Installation, technician: Technician) -> None:
    kept = shared.settings.files.kiosk
    shared.say("scale drift -15")
    technician.until(Stage.LISTED, parked=True)
    technician.begins("calibrate.scale")
    shared.say('put "glass_brown_33" roll 6')
    technician.touches("ready")
    technician.until(Stage.MEASURING)
    technician.until(Stage.MEASURING, chore=True)
    shared.say("pull")
    technician.touches("ready")
    over = technician.until(Stage.OVER)
    assert "Ce poids n’est pas le bon" in technician.reads()
    assert (over.done, read_history(kept)) == (None, ())

    technician.begins("again")
    shared.say(WEIGHT)
    technician.touches("ready")
    technician.until(Stage.MEASURING)
    technician.until(Stage.MEASURING, chore=True)
    shared.say("pull")
    technician.touches("ready")
    proposed = technician.until(Stage.PROPOSED)
    assert (proposed.old, proposed.new) == (Calibration(0, 1.0, (900, 900)), Calibration(-15, 1.05, (900, 900)))
    technician.touches("set")
    over = technician.until(Stage.OVER)
    assert over.done is not None
    assert (over.done.by, over.done.what) == ("101", What.SCALE)
    assert "C’est réglé" in technician.reads()
    assert read_history(kept) == (over.done,)
    assert read_history(kept)[0].at - over.done.at < timedelta(seconds=1)
    wait_until(lambda: noted(shared, "calibrated"))
    line = noted(shared, "calibrated")[-1]
    assert (line["agent"], line["what"]) == ("101", "scale")
    assert line["old"] == {"zero_g": 0, "span": 1.0, "bin_empty_mm": [900, 900]}
    assert line["new"] == {"zero_g": -15, "span": 1.05, "bin_empty_mm": [900, 900]}


def test_a_bin_is_measured_after_somebody_has_said_that_it_is_empty_and_may_be_left_as_it_was(technician: Technician) -> None:
    technician.until(Stage.LISTED, parked=True)
    technician.touches("calibrate.bin_2")
    technician.until(Stage.SURE)
    assert "Videz le bac 2" in technician.reads()
    technician.touches("empty")
    proposed = technician.until(Stage.PROPOSED)
    assert proposed.new is not None
    technician.touches("keep_old")
    over = technician.until(Stage.OVER)
    assert (over.done, over.wrong) == (None, None)
    assert "Rien n’a été changé" in technician.reads()


def test_the_empty_chambers_picture_is_taken_anew_only_once_a_technician_says_so(shared: Installation, technician: Technician) -> None:
    files = shared.settings.files
    technician.until(Stage.LISTED, parked=True)
    before = files.background.read_bytes() if files.background.exists() else None
    proposed = technician.is_proposed("calibrate.camera")
    assert isinstance(proposed.new, Framed)
    technician.touches("keep_old")
    technician.until(Stage.OVER)
    assert (files.background.read_bytes() if files.background.exists() else None) == before
    technician.touches("back")
    technician.until(Stage.LISTED, parked=True)
    technician.is_proposed("calibrate.camera")
    technician.touches("set")
    over = technician.until(Stage.OVER)
    assert over.done is not None
    assert (over.done.what, over.done.by) == (What.CAMERA, "101")
    assert files.background.read_bytes() != before
    assert kept_background(files.background) is not None
    assert read_history(files.kiosk)[0] == over.done
    wait_until(lambda: [line["what"] for line in noted(shared, "calibrated")][-1:] == [What.CAMERA])


def test_behind_an_open_door_nothing_moves_for_a_calibration_and_the_page_says_so(shared: Installation, technician: Technician) -> None:
    """The page offers none then; one that was asked for in the same moment meets the tool's own look."""
    technician.until(Stage.LISTED, parked=True)
    shared.say("door open")
    view = technician.kiosk.until(lambda view: view.staff is not None and view.staff.machine.seen.door_open and view.staff.machine.parked)
    technician.window.show_view(view.staff)
    assert not technician.button("calibrate.scale").isEnabled()
    technician.kiosk.post(CalibrationAsked(What.SCALE))
    while (over := technician.looks(lambda here: here.why is not None or here.stage is Stage.OVER)).why is not None:
        # the machine was on its way to its stop again
        technician.until(Stage.LISTED, parked=True)
        technician.kiosk.post(CalibrationAsked(What.SCALE))
        technician.looks(lambda here: here.why is None)
    shared.say("door shut")
    assert over.wrong == DoorStandsOpen()
    assert "fermez-la" in technician.reads()


def test_what_the_kiosks_own_file_does_not_keep_is_set_told_and_in_the_log_and_the_kiosk_goes_on(
    shared: Installation, technician: Technician
) -> None:
    kept = shared.settings.files.kiosk
    before = read_history(kept)
    with broken_history(kept):
        technician.until(Stage.LISTED, parked=True)
        technician.touches("calibrate.bin_2")
        technician.until(Stage.SURE)
        technician.touches("empty")
        proposed = technician.until(Stage.PROPOSED)
        technician.touches("set")
        over = technician.until(Stage.OVER)
    assert over.done is not None
    assert over.done.new == proposed.new
    assert read_history(kept) == before
    wait_until(lambda: [line["what"] for line in noted(shared, "calibrated")][-1:] == [What.BIN_2])
    technician.touches("back")
    technician.until(Stage.LISTED, parked=True)


@contextmanager
def broken_history(path: Path) -> Iterator[None]:
    """While no calibration can be written."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TRIGGER broken BEFORE INSERT ON calibration BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
    yield
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER broken")


def test_who_stops_leaves_the_scale_as_it_was(shared: Installation, technician: Technician) -> None:
    before = read_history(shared.settings.files.kiosk)
    technician.until(Stage.LISTED, parked=True)
    technician.begins("calibrate.scale")
    technician.touches("stop")
    over = technician.until(Stage.OVER)
    assert over.done is None
    assert "arrêté avant la fin" in technician.reads()
    assert read_history(shared.settings.files.kiosk) == before


def test_the_picture_s_width_is_measured_by_the_printed_target(shared: Installation, technician: Technician) -> None:
    files = shared.settings.files
    keep_background(files.background, empty_chamber(1))
    technician.until(Stage.LISTED, parked=True)
    technician.begins("calibrate.width", What.WIDTH)
    technician.touches("ready")
    assert technician.until(Stage.OVER).wrong == TargetUnseen()
    technician.begins("again", What.WIDTH)
    shared.say("camera sheet middle")
    technician.touches("ready")
    proposed = technician.until(Stage.PROPOSED)
    assert isinstance(proposed.new, Framed)
    assert proposed.new.picture_mm == pytest.approx(298, rel=0.01)
    technician.touches("set")
    over = technician.until(Stage.OVER)
    assert over.done is not None
    shared.say("camera sheet away")
    after = kept_background(files.background)
    assert after is not None
    assert after.framing.width_mm == proposed.new.picture_mm
    assert read_history(files.kiosk)[0] == over.done
