"""``consigne demo`` on real processes without a display: a visit that plays itself, faults that the panel provokes, and how it ends."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import cv2
import pytest
import zxingcpp
from PySide6.QtGui import QImage

from config.vocabulary import Reason
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen
from kiosk.failures import ProcessFailed
from simulation.demo.deeds import Deed, Press, Provoke, PutIn, Situation
from simulation.demo.faults import Mishap
from simulation.demo.stage import Hearers, Stage, Staging
from simulation.visitor import Shown
from simulation.witnesses import ask_books
from timing import patient, wait_until
from worlds.running import running

PLAYS_S = 110
AGAIN_S = 1.0
GLASS, PLASTIC = PutIn("glass_brown_33", 6), PutIn("pet_clear_50", 5)
WITHOUT_A_SCREEN = ("commands", "run", "--lines")
IN_A_WINDOW = ("simulation.demo.window", "--width", "540", "--height", "960", "--diagonal", "15.6", "--left", "0", "--top", "0")


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "commands", "demo", *map(str, arguments)]


def surroundings(**more: str) -> dict[str, str]:
    """As on a machine without a display."""
    return {"PATH": "/usr/bin:/bin", "CONSIGNE_LANG": "en", "COLUMNS": "200"} | more


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One visit that played itself, which several tests look at."""
    state = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        command("--state", state),
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=patient(PLAYS_S),
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return state, done


def test_without_a_display_a_visit_is_played_and_each_step_is_told(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = played
    assert (done.returncode, done.stderr) == (0, "")
    steps = (
        "What the city has heard: http://127.0.0.1:",
        "Clear plastic 50 cl into the machine",
        "total €0.20",
        "Can 33 cl into the machine",
        "Cans are not accepted",
        "Jar into the machine",
        "No bottle, by its outline",
        "Brown glass 33 cl into the machine",
        "total €0.40",
        "Touches “Finish”",
        "Voucher",
        "Touches",
        "The three witnesses agree",
    )
    rest = done.stdout
    for step in steps:
        assert step in rest, f"{step!r} is not told, or not in its turn:\n{done.stdout}"
        rest = rest.partition(step)[2]


def test_it_leaves_a_picture_of_each_screen_in_the_size_of_the_kiosks(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    state, _ = played
    pictures = sorted((state / "screenshots").glob("[0-9]*.png"))
    # a refusal changes once the machine's own picture of the bottle is there
    screens = [name for name, _ in groupby(path.stem.partition("-")[2] for path in pictures)]
    wanted = ["attract", "checking", "feeding", "checking", "refused", "feeding", "checking", "refused", "feeding", "checking", "feeding"]
    assert screens == [*wanted, "choose", "voucher", "parting", "attract"]
    assert {QImage(str(path)).size().toTuple() for path in pictures} == {(1080, 1920)}
    assert (state / "screenshots" / "panel.png").exists()


def test_the_voucher_on_its_picture_is_the_one_in_the_ledger(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    state, done = played
    (picture,) = (state / "screenshots").glob("*-voucher.png")
    (code,) = zxingcpp.read_barcodes(cv2.imread(str(picture)))
    told = next(line for line in done.stdout.splitlines() if line.startswith("Voucher"))
    assert told.split()[1].replace("-", "") in code.text


def test_its_ledger_says_that_it_is_a_demonstration(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    state, _ = played
    entries = subprocess.run(
        [sys.executable, "-m", "commands", "ledger", "entries", "--ledger", str(state / "kiosk" / "ledger.db"), "--json"],
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=patient(60),
        check=True,
    )
    first = json.loads(entries.stdout.splitlines()[0])
    assert first["kind"] == "generation"
    assert first["body"]["demonstration"] is True


class Scene:
    """A stage in a test: what it tells, and waiting for it. ``window`` as for ``Staging``."""

    def __init__(self, state: Path, window: Sequence[str]) -> None:
        self.state = state
        self.views: list[Shown] = []
        self.situations: list[Situation] = []
        hearers = Hearers(self.situations.append, self.views.append, lambda deed: None, lambda number, pin: None, lambda: None)
        self.stage = Stage(Staging(state, 1, window, 0.0), hearers)
        self.stage.start()

    def do(self, *deeds: Deed) -> None:
        for deed in deeds:
            self.stage.post(deed)

    def wait(self, wanted: Callable[[Shown], object], what: str = "") -> None:
        """Until the newest view-state is so."""
        self.wait_for(lambda: self.views and wanted(self.views[-1]), what)

    def touch_until(self, touch: Touch, wanted: Callable[[Shown], object]) -> None:
        """As people do: once more when nothing comes of it. A screen that has just changed takes no touch."""
        touched_at = -AGAIN_S

        def touched() -> bool:
            nonlocal touched_at
            if time.monotonic() - touched_at >= AGAIN_S:
                touched_at = time.monotonic()
                self.do(Press(touch))
            return bool(wanted(self.views[-1]))

        self.wait_for(touched, f"{touch}")

    def wait_for(self, true: Callable[[], object], what: str = "") -> None:
        wait_until(lambda: self.stage.failure or true(), timeout_s=90)
        assert self.stage.failure is None, f"{what}: {self.stage.failure}"

    @property
    def situation(self) -> Situation:
        return self.situations[-1]

    def end(self) -> None:
        self.stage.stop()
        self.stage.join()


@pytest.fixture
def raise_curtain(tmp_path: Path) -> Iterator[Callable[[Sequence[str]], Scene]]:
    scenes: list[Scene] = []

    def scene(window: Sequence[str]) -> Scene:
        scenes.append(Scene(tmp_path, window))
        return scenes[-1]

    yield scene
    for one in scenes:
        one.end()


def on(*screens: Screen) -> Callable[[Shown], bool]:
    return lambda shown: shown["screen"] in screens


def halted(halt: Halt) -> Callable[[Shown], bool]:
    return lambda shown: shown["halt"] == halt


def credited(cents: int) -> Callable[[Shown], bool]:
    return lambda shown: shown["screen"] == Screen.FEEDING and shown["cents"] == cents


@pytest.mark.long
def test_a_power_cut_takes_the_window_away_and_the_visit_goes_on_with_its_sum(
    raise_curtain: Callable[[Sequence[str]], Scene],
) -> None:
    scene = raise_curtain(IN_A_WINDOW)
    scene.wait(on(Screen.ATTRACT))
    scene.do(GLASS)
    scene.wait(credited(20))
    scene.do(Provoke(Mishap.POWER))
    scene.wait_for(lambda: not scene.situation.running["kiosk"], "dark")
    scene.wait(lambda shown: shown["resumed"] and shown["cents"] == 20, "resumed")
    scene.wait_for(lambda: scene.situation.running["kiosk"], "light")
    # the notice of the power cut has a button of this name
    scene.touch_until(Touch.FINISH, on(Screen.CHOOSE))


@pytest.mark.long
def test_while_the_network_is_cut_the_city_hears_nothing_and_then_all_of_it(raise_curtain: Callable[[Sequence[str]], Scene]) -> None:
    scene = raise_curtain(WITHOUT_A_SCREEN)
    scene.wait(on(Screen.ATTRACT))
    scene.wait_for(lambda: scene.situation.totals is not None)
    scene.do(Provoke(Mishap.NETWORK))
    scene.wait_for(lambda: not scene.situation.running["city"] and Mishap.NETWORK in scene.situation.begun)
    scene.do(PLASTIC)
    scene.wait(credited(20))
    totals = scene.situation.totals
    assert totals is not None
    assert totals.cents == 0
    scene.do(Provoke(Mishap.NETWORK, begins=False))
    scene.wait_for(lambda: scene.situation.totals is not None and scene.situation.totals.cents == 20, "caught up")
    assert scene.situation.running["city"]
    assert Mishap.NETWORK not in scene.situation.begun


@pytest.mark.long
def test_hand_full_bin_blind_camera_fishing_line_and_jam_show_on_the_screen_and_end(
    raise_curtain: Callable[[Sequence[str]], Scene],
) -> None:
    scene = raise_curtain(WITHOUT_A_SCREEN)
    scene.wait(on(Screen.ATTRACT))
    scene.do(Provoke(Mishap.HAND), GLASS)
    scene.wait(on(Screen.HAND), "a hand")
    scene.wait(credited(20), "the hand is gone")

    scene.do(Provoke(Mishap.GLASS_FULL))
    scene.wait(lambda shown: shown["full"] == ["glass"], "glass full")
    scene.do(Provoke(Mishap.GLASS_FULL, begins=False))
    scene.wait(lambda shown: shown["full"] == [], "emptied")

    scene.do(Provoke(Mishap.CAMERA))
    scene.wait(halted(Halt.CAMERA), "blind")
    scene.do(Provoke(Mishap.CAMERA, begins=False))
    scene.wait(on(Screen.FEEDING), "sees again")

    scene.do(Provoke(Mishap.FISHING), PLASTIC)
    scene.wait(lambda shown: shown["item"] and shown["item"]["reason"] == Reason.INTERRUPTED, "fished")
    scene.wait(on(Screen.FEEDING), "the bottle on its line is handed back")

    scene.do(Provoke(Mishap.JAM), PLASTIC)
    scene.wait(halted(Halt.JAM), "jam")
    scene.do(Provoke(Mishap.DOOR))
    scene.wait(halted(Halt.DOOR), "door open")
    scene.do(Provoke(Mishap.DOOR, begins=False))
    scene.wait(on(Screen.FEEDING), "cleared")
    scene.end()
    assert ask_books(scene.state / "kiosk" / "ledger.db").credited_cents == 20


def test_a_kiosk_that_was_closed_ends_the_demonstration(raise_curtain: Callable[[Sequence[str]], Scene]) -> None:
    scene = raise_curtain(IN_A_WINDOW)
    scene.wait(on(Screen.ATTRACT))
    (window,) = running(scene.state, "simulation.demo.window")
    os.kill(window, signal.SIGTERM)
    scene.stage.join(patient(60))
    assert not scene.stage.is_alive()
    assert scene.stage.failure is None
    assert released(scene.state)


def test_a_kiosk_that_died_is_told_by_name(raise_curtain: Callable[[Sequence[str]], Scene]) -> None:
    scene = raise_curtain(WITHOUT_A_SCREEN)
    scene.wait(on(Screen.ATTRACT))
    (kiosk,) = running(scene.state, "run")
    os.kill(kiosk, signal.SIGKILL)
    scene.stage.join(patient(60))
    assert isinstance(scene.stage.failure, ProcessFailed)
    assert (scene.stage.failure.name, scene.stage.failure.code) == ("kiosk", -signal.SIGKILL)
    assert released(scene.state)


def released(state: Path) -> bool:
    """Whether no twin holds the folder any more."""
    with (state / "twin" / "twin.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def test_with_a_display_it_waits_for_a_person_and_ctrl_c_ends_all_in_order(tmp_path: Path) -> None:
    environment = surroundings(DISPLAY=":none", QT_QPA_PLATFORM="offscreen")
    with subprocess.Popen(command("--state", tmp_path), env=environment, stdout=subprocess.PIPE, text=True) as shown:
        assert shown.stdout is not None
        assert "15.6 in" in shown.stdout.readline()
        assert "Staff: hold the mark" in shown.stdout.readline()
        assert "What the city has heard" in shown.stdout.readline()
        wait_until((tmp_path / "kiosk" / "ledger.db").exists, timeout_s=60)
        shown.send_signal(signal.SIGINT)
        rest = shown.stdout.read()
        assert shown.wait(patient(60)) == 0
    assert rest == ""
    assert released(tmp_path)
