"""A slave on the other end of a test's line that answers as it is told to: rightly, or as lines and slaves do."""

import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from config.vocabulary import SequenceNumber
from drivers.intake.bus import Answer, ControllerFault, ControllerState, FaultCause, HotBlock
from firmware import registers
from wires.pty_end import PtyEnd

VALUES = {
    "state": registers.SORTING,
    "fault": registers.FAULT_DROP,
    "sensors": registers.OCCUPIED | registers.METAL | registers.ENTRY_BEAM | registers.DOOR_OPEN,
    "weight_g": 417,
    "boots": 65_535,
    "totaliser": 70_000,
    "taken": 4_000_000_000,
    "sorted": 3_000_000_000,
    "counted": 2_000_000_000,
    "back": 1_000_000_000,
    "answer": registers.ANSWER_BUSY,
    "beat_echo": 5,
    "bin_1_percent": 40,
    "bin_2_percent": 7,
    "cause": registers.CAUSE_BLOCKED,
}
HOT = HotBlock(
    state=ControllerState.SORTING,
    fault=ControllerFault.DROP,
    cause=FaultCause.BLOCKED,
    occupied=True,
    steady=False,
    metal=True,
    gate_shut=False,
    gate_open=False,
    entry_beam=True,
    drop_beam=False,
    flap_locked=False,
    hand=False,
    door_open=True,
    beating=False,
    weight_g=417,
    boots=65_535,
    totaliser=70_000,
    taken=SequenceNumber(4_000_000_000),
    sorted=SequenceNumber(3_000_000_000),
    counted=SequenceNumber(2_000_000_000),
    back=SequenceNumber(1_000_000_000),
    answer=Answer.BUSY,
    bin_percent=(40, 7),
)
IDENTITY = {"map_version": registers.MAP_VERSION, "firmware": 0x0102, "controller_id": 0x5457494E0000BEEF, "bins": 2}
HEALTH = {
    "bin_1_mm": 850,
    "bin_2_mm": 120,
    "motor_ma": 640,
    "supply_mv": 12_050,
    "temperature_dk": 2981,
    "sorter_bin": 2,
    "drops_visit": 70_000,
    "drops_test": 66_000,
    "drops_manual": 65_999,
    "test_result": registers.TEST_FORCE_STOPPED,
    "test_out_ms": 181,
    "test_out_ma": 900,
    "held": registers.HELD_ARRIVED,
    "test_back_ms": 175,
    "test_back_ma": 1900,
    "lamp_now_percent": 80,
    "watchdog_now_ms": 2000,
}


def framed(body: bytes) -> bytes:
    crc = 0xFFFF
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return body + struct.pack("<H", crc)


def words(values: dict[str, int], start: int, count: int) -> list[int]:
    found = [0] * count
    for name, value in values.items():
        at = registers.BY_NAME[name].address - start
        found[at : at + registers.BY_NAME[name].words] = registers.pack(name, value)
    return found


def answer(function: int, found: list[int]) -> bytes:
    return framed(struct.pack(f">BBB{len(found)}H", registers.UNIT, function, 2 * len(found), *found))


@dataclass(frozen=True)
class Request:
    frame: bytes

    @property
    def function(self) -> int:
        return self.frame[1]

    @property
    def start(self) -> int:
        return int.from_bytes(self.frame[2:4])

    @property
    def count(self) -> int:
        return int.from_bytes(self.frame[4:6])

    @property
    def nonce(self) -> int:
        return int.from_bytes(self.frame[11:13])

    def hot(self, nonce: int | None = None) -> list[int]:
        return words(VALUES | {"nonce": self.nonce if nonce is None else nonce}, registers.HOT_START, registers.HOT_COUNT)

    def right(self) -> bytes:
        match self.function:
            case 4:
                found = words(IDENTITY | HEALTH, registers.IDENTITY_START, registers.IDENTITY_COUNT + registers.HEALTH_COUNT)
                return answer(4, found[self.start - registers.IDENTITY_START :][: self.count])
            case 16:
                return framed(self.frame[:6])
            case _:
                return answer(23, self.hot())


Reaction = Callable[[Request], bytes]


class Slave:
    """Answers rightly, except to the next questions for which a reaction stands in ``next``."""

    def __init__(self) -> None:
        self.next: deque[Reaction] = deque()
        self.asked: list[Request] = []
        self._buffer = b""

    def feed(self, data: bytes) -> bytes:
        self._buffer += data
        said = b""
        while len(self._buffer) >= 8 and len(self._buffer) >= (length := self._length()):
            request, self._buffer = Request(self._buffer[:length]), self._buffer[length:]
            assert framed(request.frame[:-2]) == request.frame
            self.asked.append(request)
            said += self.next.popleft()(request) if self.next else request.right()
        return said

    def _length(self) -> int:
        return {4: 8, 16: 9 + self._buffer[6], 23: 17}[self._buffer[1]]


def silent(request: Request) -> bytes:
    return b""


class Chatter:
    """A line on which something goes on talking: one byte every two milliseconds, ``left`` times."""

    def __init__(self) -> None:
        self.end: PtyEnd | None = None
        self.left = 0

    def tick(self) -> None:
        if self.end is not None and self.left:
            self.left -= 1
            self.end.say(b"\x55")
