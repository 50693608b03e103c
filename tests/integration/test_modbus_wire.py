"""``ModbusBus`` on a real pseudo-terminal, against a slave that does what lines and slaves do: late, short, doubled, garbled, gone."""

import struct
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pymodbus.client import ModbusSerialClient

from config.vocabulary import Bin, SequenceNumber
from drivers.bus import Command, CommandCode, ControllerFault, ControllerState, HotBlock, Identity, NoAnswer, PortGone, WrongController
from drivers.modbus import ModbusBus
from firmware import registers
from pty_end import PtyEnd

VALUES = {
    "state": registers.SORTING,
    "fault": registers.FAULT_DROP,
    "sensors": registers.OCCUPIED | registers.METAL,
    "weight_g": 417,
    "boots": 65_535,
    "totaliser": 70_000,
    "taken": 4_000_000_000,
    "sorted": 3_000_000_000,
    "counted": 2_000_000_000,
    "back": 1_000_000_000,
    "answer": registers.ANSWER_BUSY,
    "beat_echo": 5,
}
HOT = HotBlock(
    state=ControllerState.SORTING,
    fault=ControllerFault.DROP,
    occupied=True,
    steady=False,
    metal=True,
    gate_shut=False,
    weight_g=417,
    boots=65_535,
    totaliser=70_000,
    taken=SequenceNumber(4_000_000_000),
    sorted=SequenceNumber(3_000_000_000),
    counted=SequenceNumber(2_000_000_000),
    back=SequenceNumber(1_000_000_000),
)
IDENTITY = {"map_version": 1, "firmware": 0x0102, "controller_id": 0x5457494E0000BEEF, "bins": 2, "bin_1_percent": 40, "bin_2_percent": 7}
SORT = Command(CommandCode.SORT, SequenceNumber(70_001), Bin(2))


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
    def nonce(self) -> int:
        return int.from_bytes(self.frame[11:13])

    def hot(self, nonce: int | None = None) -> list[int]:
        return words(VALUES | {"nonce": self.nonce if nonce is None else nonce}, registers.HOT_START, registers.HOT_COUNT)

    def right(self) -> bytes:
        match self.function:
            case 4:
                return answer(4, words(IDENTITY, registers.IDENTITY_START, registers.IDENTITY_COUNT))
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
        lengths = {4: 8, 16: 17, 23: 17}
        said = b""
        while len(self._buffer) >= 2 and len(self._buffer) >= (length := lengths[self._buffer[1]]):
            request, self._buffer = Request(self._buffer[:length]), self._buffer[length:]
            assert framed(request.frame[:-2]) == request.frame
            self.asked.append(request)
            said += self.next.popleft()(request) if self.next else request.right()
        return said


@pytest.fixture
def slave() -> Slave:
    return Slave()


@pytest.fixture
def end(slave: Slave, tmp_path: Path) -> Iterator[PtyEnd]:
    with PtyEnd(tmp_path / "intake", slave.feed) as end:
        yield end


@pytest.fixture
def bus(end: PtyEnd) -> Iterator[ModbusBus]:
    bus = ModbusBus(end.port)
    bus.open()
    yield bus
    bus.close()


def silent(request: Request) -> bytes:
    return b""


def test_a_read_gives_every_value_of_the_hot_block(bus: ModbusBus) -> None:
    assert bus.read(beat=5) == HOT


def test_nonce_and_beat_go_out_with_each_read_and_the_nonce_changes(bus: ModbusBus, slave: Slave) -> None:
    for beat in (1, 2, 0xFFFF):
        bus.read(beat)

    assert [int.from_bytes(request.frame[13:15]) for request in slave.asked] == [1, 2, 0xFFFF]
    assert len({request.nonce for request in slave.asked}) == 3


def test_the_identity_names_the_controller_and_its_bins(bus: ModbusBus) -> None:
    assert bus.identity() == Identity(controller_id=0x5457494E0000BEEF, firmware=(1, 2), map_version=1, bins=2, bin_percent=(40, 7))
    assert bus.identity().demonstration


def test_another_register_table_is_refused(bus: ModbusBus, slave: Slave) -> None:
    other = words(IDENTITY | {"map_version": 9, "bins": 1}, registers.IDENTITY_START, registers.IDENTITY_COUNT)
    slave.next.append(lambda _: answer(4, other))

    with pytest.raises(WrongController) as refused:
        bus.identity()
    assert (refused.value.found, refused.value.expected) == (9, registers.MAP_VERSION)


def test_a_command_is_one_write_of_code_argument_and_sequence(bus: ModbusBus, slave: Slave) -> None:
    bus.write(SORT)

    (request,) = slave.asked
    assert request.frame[:-2] == bytes.fromhex("01 10 0048 0004 08 0002 0002 0001 1171")


def test_a_lost_answer_to_a_command_is_told_and_the_command_went_out_once(bus: ModbusBus, slave: Slave) -> None:
    slave.next.append(silent)

    with pytest.raises(NoAnswer):
        bus.write(SORT)
    assert len(slave.asked) == 1
    assert bus.read(0) == HOT


@pytest.mark.parametrize(
    ("reaction", "detail"),
    [
        pytest.param(silent, "No response", id="silence"),
        pytest.param(lambda request: answer(23, request.hot()[:2]), "2 registers", id="short answer"),
        pytest.param(lambda request: answer(23, [*request.hot(), 0]), "19 registers", id="long answer"),
        pytest.param(lambda request: answer(23, request.hot(nonce=(request.nonce - 1) & 0xFFFF)), "question", id="wrong nonce"),
        pytest.param(lambda request: request.right()[:20], "No response", id="cut off"),
        pytest.param(lambda request: request.right()[:-1] + b"\0", "No response", id="wrong CRC"),
        pytest.param(lambda request: b"\0\xff\x01\x17" + request.right(), "No response", id="garbage before the answer"),
        pytest.param(lambda _: framed(b"\x01\x10\x00\x48\x00\x04"), "function 16", id="the late answer to a command"),
        pytest.param(lambda request: framed(b"\x02" + request.right()[1:-2]), "No response", id="another unit"),
        pytest.param(lambda _: framed(b"\x01\x97\x02"), "exception_code=2", id="exception"),
    ],
)
def test_a_wrong_answer_is_refused_and_the_next_question_answered(bus: ModbusBus, slave: Slave, reaction: Reaction, detail: str) -> None:
    slave.next.append(reaction)

    with pytest.raises(NoAnswer) as refused:
        bus.read(0)
    assert detail in refused.value.detail
    assert bus.read(0) == HOT


@pytest.mark.parametrize(("name", "value"), [("state", 6), ("fault", 3), ("weight_g", 20_001), ("sensors", 128)])
def test_a_value_out_of_its_range_is_refused_by_name(bus: ModbusBus, slave: Slave, name: str, value: int) -> None:
    def out_of_range(request: Request) -> bytes:
        found = request.hot()
        found[registers.BY_NAME[name].address] = value
        return answer(23, found)

    slave.next.append(out_of_range)

    with pytest.raises(NoAnswer, match=f"{name}: {value}"):
        bus.read(0)


def test_more_bytes_after_a_right_answer_do_no_harm(bus: ModbusBus, slave: Slave) -> None:
    slave.next.extend([lambda request: request.right() + b"\xaa\xbb", lambda request: 2 * request.right()])

    assert [bus.read(0), bus.read(0), bus.read(0)] == [HOT, HOT, HOT]


class Late:
    """Keeps the answer to one question back, and gives it in front of the next one's."""

    def __init__(self) -> None:
        self.kept = b""

    def keep(self, request: Request) -> bytes:
        self.kept = answer(23, words(VALUES | {"nonce": request.nonce, "totaliser": 1}, registers.HOT_START, registers.HOT_COUNT))
        return b""

    def deliver(self, request: Request) -> bytes:
        return self.kept + request.right()


def test_a_late_answer_never_answers_the_next_question(bus: ModbusBus, slave: Slave) -> None:
    late = Late()
    slave.next.extend([late.keep, late.deliver])

    with pytest.raises(NoAnswer):
        bus.read(0)
    with pytest.raises(NoAnswer, match="answer to question"):
        bus.read(0)
    assert bus.read(0) == HOT


def test_the_same_late_answer_deceives_pymodbus_alone(end: PtyEnd, slave: Slave) -> None:
    """The control of the test above: what the nonce is for."""
    late = Late()
    slave.next.append(late.deliver)
    late.kept = answer(23, words(VALUES | {"totaliser": 1}, registers.HOT_START, registers.HOT_COUNT))
    client = ModbusSerialClient(str(end.port), baudrate=115_200, timeout=0.2, retries=0)
    assert client.connect()

    found = client.readwrite_registers(read_address=0, read_count=registers.HOT_COUNT, write_address=64, values=[7, 0], device_id=1)
    client.close()  # type: ignore[no-untyped-call]

    assert registers.unpack("totaliser", list(found.registers), 0) == 1


class Chatter:
    """A line on which something goes on talking: one byte every two milliseconds, ``left`` times."""

    def __init__(self) -> None:
        self.end: PtyEnd | None = None
        self.left = 0

    def tick(self) -> None:
        if self.end is not None and self.left:
            self.left -= 1
            self.end.say(b"\x55")


@pytest.fixture
def chatter(slave: Slave, tmp_path: Path) -> Iterator[Chatter]:
    chatter = Chatter()
    with PtyEnd(tmp_path / "intake", slave.feed, chatter.tick) as chatter.end:
        yield chatter


def test_after_a_wrong_answer_the_line_is_heard_out_before_anything_else_is_asked(chatter: Chatter, slave: Slave) -> None:
    def wrong_and_more(request: Request) -> bytes:
        chatter.left = 50
        return answer(23, request.hot(nonce=request.nonce ^ 1))

    assert chatter.end is not None
    bus = ModbusBus(chatter.end.port)
    bus.open()
    slave.next.append(wrong_and_more)

    with pytest.raises(NoAnswer):
        bus.read(0)
    assert chatter.left == 0
    assert bus.read(0) == HOT
    bus.close()


def test_a_line_that_is_never_silent_is_given_up(chatter: Chatter, slave: Slave) -> None:
    assert chatter.end is not None
    bus = ModbusBus(chatter.end.port, timeout_s=0.05)
    bus.open()
    slave.next.append(silent)
    chatter.left = 1_000_000

    with pytest.raises(PortGone, match="never silent"):
        bus.read(0)


def test_a_port_that_vanishes_under_a_question_is_gone_until_it_is_opened_again(bus: ModbusBus, slave: Slave, end: PtyEnd) -> None:
    def pulled(request: Request) -> bytes:
        end.vanish()
        return b""

    slave.next.append(pulled)

    with pytest.raises(PortGone) as gone:
        bus.read(0)
    assert gone.value.port == str(end.port)
    with pytest.raises(PortGone):
        bus.open()

    end.appear()
    with pytest.raises(PortGone, match="not open"):
        bus.read(0)
    assert len(slave.asked) == 1, "it asked a port that nobody had opened and asked for its identity"

    bus.open()
    assert bus.identity().map_version == registers.MAP_VERSION
    assert bus.read(0) == HOT


def test_a_port_that_vanished_between_two_questions_is_gone(bus: ModbusBus, end: PtyEnd) -> None:
    bus.read(0)
    end.vanish()

    with pytest.raises(PortGone):
        bus.write(SORT)


def test_a_missing_port_is_named(tmp_path: Path) -> None:
    with pytest.raises(PortGone, match=r"nowhere.*No such file"):
        ModbusBus(tmp_path / "nowhere").open()


def test_a_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(PortGone, match="Inappropriate ioctl"):
        ModbusBus(tmp_path / "file").open()


def test_two_programs_cannot_have_the_port(bus: ModbusBus, end: PtyEnd) -> None:
    with pytest.raises(PortGone, match="exclusively lock"):
        ModbusBus(end.port).open()
    assert bus.read(0) == HOT


def test_failures_are_raised_and_nothing_is_printed(bus: ModbusBus, slave: Slave, capfd: pytest.CaptureFixture[str]) -> None:
    slave.next.extend([silent, lambda request: request.right()[:5]])
    for _ in range(2):
        with pytest.raises(NoAnswer):
            bus.read(0)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "command",
    [
        Command(CommandCode.SORT, SequenceNumber(1)),
        Command(CommandCode.OPEN, SequenceNumber(1), Bin(1)),
        Command(CommandCode.RETURN, SequenceNumber(0)),
    ],
)
def test_a_command_that_means_nothing_is_not_sent(bus: ModbusBus, slave: Slave, command: Command) -> None:
    with pytest.raises(ValueError, match=r"bin|sequence"):
        bus.write(command)
    assert slave.asked == []
