"""A twin as a real process, a ledger begun on it, and a configuration: what a kiosk needs to run in a test."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from config.settings import Settings, load
from config.system import AssumedClock
from drivers.intake.bus import ServiceLine, same_line
from drivers.sound.sounds import Sound
from kiosk.app import Kiosk, same_journal
from kiosk.begin import begin_ledger
from kiosk.composed import AnyEvent
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.view import Screen, ViewState, view
from kiosk.paper.sheet import Paper
from kiosk.workers.tools import Tool
from ledger.sync.rounds import Route, once
from ledger.vocabulary import Journal
from money.callers import READER, key_file
from money.city_server import city
from simulation.processes import Folders, write_configuration
from simulation.witnesses import Comparison, LedgerSays, MetalSays, ask_books, ask_city, ask_metal, compare, compare_with_city
from timing import wait_until

GLASS, PLASTIC, CAN = 'put "glass_brown_33" roll 6', 'put "pet_clear_50" roll 5', 'put "can_33" roll 4'
"""Two bottles with their code to the camera, and a can."""


class Installation:
    """Folders, twin and ledger. ``twin_command`` starts another twin than the product's; it gets the twin's folder behind it. ``begun``: False where the ledger is still to begin."""

    def __init__(self, folder: Path, twin_command: Sequence[str] = (), *, begun: bool = True, **sections: dict[str, object]) -> None:
        self.folders = Folders(folder)
        self.folders.make()
        self._command = tuple(twin_command) or (sys.executable, "-m", "commands", "twin", "--state")
        self._fed = 0
        self._twin: subprocess.Popen[str] | None = None
        self.start_twin()
        values: dict[str, dict[str, object]] = {
            "kiosk": {"id": "test-hall", "state": str(self.folders.kiosk)},
            "intake": {"port": str(self.folders.twin / "intake")},
            "camera": {"source": self._camera_url()},
            "limits": {"visit_bottles": 500, "day_cents": 1_000_000},
            "reward": {"voucher_page": "https://consigne.example/bon"},
            "city": {"url": "http://127.0.0.1:9"},
        }
        for section, changes in sections.items():
            values[section] = values.get(section, {}) | changes
        self._values = values
        write_configuration(self.folders, values)
        if begun:
            begin_ledger(self.settings, by="a test", why="to be tested")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop_twin()

    @property
    def settings(self) -> Settings:
        return load(self.folders.configuration)

    @property
    def twin(self) -> "subprocess.Popen[str]":
        assert self._twin is not None
        return self._twin

    def start_twin(self, *arguments: str) -> None:
        """Starts a twin; one that runs is killed first."""
        if self._twin is not None:
            self.stop_twin()
        ready = self.folders.twin / "twin-ready"
        ready.unlink(missing_ok=True)
        command = [*self._command, str(self.folders.twin), "--port-file", str(ready), *arguments]
        self._twin = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, bufsize=1)
        wait_until(lambda: ready.exists() or self.twin.poll() is not None, timeout_s=30)
        assert ready.exists(), f"the twin ended with {self.twin.poll()}"
        self._fed = self.metal().put_in

    def _camera_url(self) -> str:
        url: str = json.loads((self.folders.twin / "twin.json").read_text())["camera_url"]
        return url

    def uses_its_camera(self) -> None:
        """After another twin has taken the place of the one before."""
        self._values["camera"]["source"] = self._camera_url()
        write_configuration(self.folders, self._values)

    def stop_twin(self) -> None:
        self.twin.kill()
        self.twin.communicate()

    def say(self, line: str) -> None:
        """A line to the twin's people."""
        assert self.twin.stdin is not None
        self.twin.stdin.write(line + "\n")

    def feed(self, line: str) -> None:
        """One more item waits at the gate, once the one before is in."""
        if self.metal().put_in >= self._fed and self.twin.poll() is None:
            self.say(line)
            self._fed += 1

    @property
    def all_in(self) -> bool:
        """Whether every item that was fed is or was in the chamber."""
        return self.metal().put_in >= self._fed

    def metal(self) -> MetalSays:
        return ask_metal(self.folders.twin / "metal.jsonl")

    def books(self) -> LedgerSays:
        return ask_books(self.folders.kiosk / "ledger.db")

    def compare(self) -> Comparison:
        """Sends the ledger to a city, and asks all three witnesses."""
        settings = self.settings
        with city(self.folders.city, demonstration=True, kiosks=(settings.kiosk.id,)) as url:
            route = Route(
                settings.files.ledger,
                settings.files.acknowledged,
                key_file(self.folders.kiosk, settings.kiosk.id),
                url,
                every_s=1.0,
                timeout_s=10.0,
            )
            once(route, threading.Event(), AssumedClock())
            books = self.books()
            found = compare(self.metal(), books)
            return replace(found, disagreements=found.disagreements + compare_with_city(books, ask_city(url, READER, settings.kiosk.id)))


class RunningKiosk:
    """A kiosk in a thread of the test, its view-states kept."""

    def __init__(
        self,
        installation: Installation,
        wrap_line: Callable[[ServiceLine], ServiceLine] = same_line,
        wrap_journal: Callable[[Journal], Journal] = same_journal,
        paper: Paper | None = None,
    ) -> None:
        self.views: list[ViewState] = []
        self._kiosk = Kiosk(installation.settings, self.views.append, wrap_line, wrap_journal, paper, may_await_ledger=True)
        self._thread = threading.Thread(target=self._kiosk.serve, name="kiosk under test")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._kiosk.stop()
        self._thread.join()

    def shown(self) -> ViewState:
        """What stands on the screen now, whatever was waited for before."""
        return view(self._kiosk.runner.session)

    def post(self, event: AnyEvent) -> None:
        self._kiosk.runner.post(event)

    def lend_to(self, tool: Tool) -> None:
        self._kiosk.lend_to(tool)

    def play(self, sound: Sound) -> None:
        self._kiosk.play(sound)

    def until_it_ends(self, timeout_s: float = 30.0) -> None:
        """By itself."""
        wait_until(lambda: not self._thread.is_alive(), timeout_s)

    @property
    def starts_anew(self) -> bool:
        return self._kiosk.starts_anew

    def touch(self, touch: Touch) -> None:
        self._kiosk.runner.post(Touched(touch))

    def until(self, wanted: Callable[[ViewState], bool], timeout_s: float = 30.0) -> ViewState:
        """The first view-state since the last that was waited for of which ``wanted`` is true."""
        found: list[ViewState] = []

        def look() -> bool:
            while self.views:
                shown = self.views.pop(0)
                if wanted(shown):
                    found.append(shown)
                    return True
            return False

        wait_until(look, timeout_s)
        return found[0]

    def until_screen(self, screen: Screen) -> ViewState:
        return self.until(lambda shown: shown.screen is screen)
