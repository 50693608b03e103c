"""The whole kiosk on a twin, behind Qt's loop and a service manager's socket: each of the three parts that must live is held up, and no feed comes."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drivers.intake.bus import HotBlock, ServiceLine
from kiosk.app import Kiosk
from kiosk.composed import AnyEvent
from kiosk.deposit.events import HoursTold
from kiosk.runner import Runner, Workers
from kiosk.supervision import Supervision
from kiosk.touchscreen import Crossing, serve_beside
from timing import patient, wait_until
from wires.service_manager import Manager
from wires.wrapped_line import WrappedLine
from worlds.installation import Installation


class Gate:
    """Holds up whoever passes while it is shut."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.shut, self.open = self._open.clear, self._open.set
        self.open()

    def pass_through(self, *_: object) -> None:
        self._open.wait(patient(30))


class GatedLine(WrappedLine):
    def __init__(self, line: ServiceLine, gate: Gate) -> None:
        super().__init__(line)
        self._gate = gate

    def read(self, beat: int) -> HotBlock:
        self._gate.pass_through()
        return super().read(beat)


class Screen(QObject):
    """Does something in Qt's thread."""

    asked = Signal()


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("hall")) as installation:
        yield installation


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(str(tmp_path / "notify"))
    yield made
    made.close()


class Watched(Kiosk):
    """Its log is what the test wants to hear of."""

    silent: tuple[str, ...] = ()

    def heard_silent(self, part: str) -> None:
        self.silent += (part,)
        super().heard_silent(part)


@pytest.mark.parametrize("part", ["runner", "screen", "serial"])
def test_a_part_that_is_held_up_starves_the_watchdog_until_it_goes_on(
    hall: Installation, manager: Manager, qtbot: QtBot, qapp: QApplication, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, look = list[Supervision](), Supervision.look

    def counted(supervision: Supervision) -> None:
        look(supervision)
        looks.append(supervision)

    monkeypatch.setattr(Supervision, "look", counted)
    gate, crossing, screen, failures = Gate(), Crossing(), Screen(), list[BaseException]()
    if part == "runner":
        # not by a page: one that comes and goes before it was shown holds nobody up
        handle = Runner.handle

        def held(runner: Runner, event: AnyEvent, workers: Workers) -> None:
            gate.pass_through()
            handle(runner, event, workers)

        monkeypatch.setattr(Runner, "handle", held)
    kiosk = Watched(hall.settings, crossing.shown.emit, (lambda line: GatedLine(line, gate)) if part == "serial" else lambda line: line)
    screen.asked.connect(gate.pass_through, Qt.ConnectionType.QueuedConnection)
    crossing.ended.connect(qapp.quit, Qt.ConnectionType.QueuedConnection)
    touched: dict[str, Callable[[], None]] = {
        "runner": lambda: kiosk.runner.post(HoursTold(kiosk.clock.now().utc)),
        "screen": screen.asked.emit,
        "serial": lambda: None,
    }

    def hold_up() -> None:
        try:
            assert manager.hears() == "READY=1\nWATCHDOG=1"
            assert manager.hears() == "WATCHDOG=1"
            gate.shut()
            touched[part]()
            wait_until(lambda: kiosk.silent)
            assert kiosk.silent == (part,)
            manager.heard()
            seen = len(looks)
            wait_until(lambda: len(looks) > seen + 1)
            assert manager.heard() == []
            gate.open()
            assert manager.hears() == "WATCHDOG=1"
        except BaseException as failure:  # noqa: BLE001 (raised again in the test's own thread)
            failures.append(failure)
        finally:
            gate.open()
            kiosk.stop()

    other = threading.Thread(target=hold_up)
    other.start()
    serve_beside(qapp, kiosk, crossing, manager.notifier)
    other.join()
    if failures:
        raise failures[0]
    assert manager.heard()[-1] == "STOPPING=1"
    log = "".join(path.read_text() for path in hall.folders.kiosk.glob("log-*.jsonl"))
    assert f'"part":"{part}"' in log.replace(" ", "")
