"""A kiosk whose runner hangs while its serial thread goes on asking, on a twin in its own process: the metal notices."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.system import AssumedClock
from config.vocabulary import SequenceNumber
from drivers.intake.bus import Answer, Command, CommandCode, ControllerState, HotBlock
from drivers.intake.events import CommandUnanswered, IntakeEvent, LinkBack, LinkLost, Rested
from drivers.intake.modbus import ModbusBus
from drivers.intake.worker import IntakeWorker
from timing import wait_until
from wires.twin_port import twin_port


class WatchedBus(ModbusBus):
    """The driver's own bus, of which a test sees how often it was asked and with which beat."""

    def __init__(self, port: Path) -> None:
        super().__init__(port)
        self.beats: list[int] = []

    def read(self, beat: int) -> HotBlock:
        hot = super().read(beat)
        self.beats.append(beat)
        return hot


class Kiosk:
    """A serial thread and, for a runner, a beat that changes at each look until it is ``hung``."""

    def __init__(self, port: Path) -> None:
        self.bus = WatchedBus(port)
        self.told: list[IntakeEvent] = []
        self.hung = False
        self._beat = 0
        self.worker = IntakeWorker(self.bus, self.told.append, AssumedClock(), self.beat)

    def beat(self) -> int:
        self._beat += not self.hung
        return self._beat

    def order_open(self, sequence: int) -> None:
        self.worker.send(Command(CommandCode.OPEN, SequenceNumber(sequence)))

    def rests(self, state: ControllerState, sequence: int) -> list[HotBlock]:
        """What it was told of the controller at rest in this state after the command of this sequence."""
        hots = [event.hot for event in self.told if isinstance(event, Rested)]
        return [hot for hot in hots if hot.state is state and hot.taken == sequence]


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with twin_port(tmp_path) as port:
        kiosk = Kiosk(port)
        kiosk.worker.start()
        wait_until(lambda: any(isinstance(event, LinkBack) for event in kiosk.told))
        yield kiosk
        kiosk.worker.stop()
        kiosk.worker.join()


def test_the_gate_shuts_by_itself_while_the_serial_thread_goes_on_asking(kiosk: Kiosk) -> None:
    kiosk.order_open(1)
    wait_until(lambda: kiosk.rests(ControllerState.OPEN, 1))

    kiosk.hung = True
    hung_at = len(kiosk.bus.beats)
    wait_until(lambda: kiosk.rests(ControllerState.SHUT, 1))

    (shut,) = kiosk.rests(ControllerState.SHUT, 1)
    assert shut.gate_shut
    assert not shut.beating
    assert len(kiosk.bus.beats) > hung_at + 5, "the thread had stopped asking, so this shows nothing"
    assert len(set(kiosk.bus.beats[hung_at + 1 :])) == 1
    assert not any(isinstance(event, LinkLost) for event in kiosk.told)

    kiosk.order_open(2)
    wait_until(lambda: CommandUnanswered(SequenceNumber(2), Answer.UNSAFE) in kiosk.told)

    kiosk.hung = False
    kiosk.order_open(3)
    wait_until(lambda: kiosk.rests(ControllerState.OPEN, 3))
