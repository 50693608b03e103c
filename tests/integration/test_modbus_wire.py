"""``ModbusBus`` on a real pseudo-terminal, against a slave that does what lines and slaves do: late, short, doubled, garbled, gone."""

import contextlib
import os
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ModbusIOException

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import (
    Actuator,
    Came,
    Command,
    CommandCode,
    ControllerHealth,
    HoldEnd,
    Identity,
    NeverSilent,
    NoAnswer,
    PortGone,
    PortTaken,
    Trial,
    TrialResult,
    WrongController,
)
from drivers.intake.modbus import ModbusBus
from firmware import registers
from timing import patient, wait_until
from wires.pty_end import PtyEnd
from wires.slave import HEALTH, HOT, VALUES, Chatter, Reaction, Request, Slave, answer, framed, silent, words

SENSORS = {
    registers.OCCUPIED: "occupied",
    registers.STEADY: "steady",
    registers.METAL: "metal",
    registers.GATE_SHUT: "gate_shut",
    registers.ENTRY_BEAM: "entry_beam",
    registers.DROP_BEAM: "drop_beam",
    registers.FLAP_LOCKED: "flap_locked",
    registers.HAND: "hand",
    registers.DOOR_OPEN: "door_open",
    registers.BEATING: "beating",
    registers.GATE_OPEN: "gate_open",
}
V1_IDENTITY = (1, 0x0001, 0x5457, 0x494E, 0x0000, 0xBEEF, 2, 40, 7)
"""Registers 32 to 40 of a controller of the table's first version: what followed the identity were the bins' levels."""
SORT = Command(CommandCode.SORT, SequenceNumber(70_001), Bin(2))


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


def test_a_read_gives_every_value_of_the_hot_block(bus: ModbusBus) -> None:
    assert bus.read(beat=5) == HOT


def test_nonce_and_beat_go_out_with_each_read_and_the_nonce_changes(bus: ModbusBus, slave: Slave) -> None:
    for beat in (1, 2, 0xFFFF):
        bus.read(beat)

    assert [int.from_bytes(request.frame[13:15]) for request in slave.asked] == [1, 2, 0xFFFF]
    assert len({request.nonce for request in slave.asked}) == 3


@pytest.mark.parametrize(("bit", "name"), SENSORS.items(), ids=SENSORS.values())
def test_each_sensor_has_its_bit(bus: ModbusBus, slave: Slave, bit: int, name: str) -> None:
    slave.next.append(lambda request: answer(23, words({"nonce": request.nonce, "sensors": bit}, registers.HOT_START, registers.HOT_COUNT)))

    hot = bus.read(0)

    assert [sensor for sensor in SENSORS.values() if getattr(hot, sensor)] == [name]


def test_the_identity_names_the_controller_and_its_bins(bus: ModbusBus) -> None:
    identity = bus.identity()

    assert identity == Identity(controller_id=0x5457494E0000BEEF, firmware=(1, 2), map_version=registers.MAP_VERSION, bins=2)
    assert identity.demonstration


def test_the_health_gives_every_value_in_its_unit(bus: ModbusBus) -> None:
    assert bus.health() == ControllerHealth(
        bin_mm=(850, 120),
        motor_ma=640,
        supply_mv=12_050,
        temperature_c=25.0,
        sorter_bin=Bin(2),
        drops_visit=70_000,
        drops_test=66_000,
        drops_manual=65_999,
        trial=Trial(TrialResult.FORCE_STOPPED, out_ms=181, out_ma=900, back_ms=175, back_ma=1900),
        lamp_percent=80,
        watchdog_ms=2000,
        held=HoldEnd.ARRIVED,
    )


def test_a_sorter_that_turns_points_at_no_bin(bus: ModbusBus, slave: Slave) -> None:
    slave.next.append(lambda _: answer(4, words(HEALTH | {"sorter_bin": 0}, registers.HEALTH_START, registers.HEALTH_COUNT)))

    assert bus.health().sorter_bin is None


def test_a_health_out_of_its_range_is_refused_by_name(bus: ModbusBus, slave: Slave) -> None:
    found = words(HEALTH, registers.HEALTH_START, registers.HEALTH_COUNT)
    found[registers.BY_NAME["supply_mv"].address - registers.HEALTH_START] = 60_001
    slave.next.append(lambda _: answer(4, found))

    with pytest.raises(NoAnswer, match="supply_mv: 60001"):
        bus.health()
    assert bus.health().supply_mv == 12_050


def test_the_lamp_is_one_write_of_one_register(bus: ModbusBus, slave: Slave) -> None:
    bus.light(45)

    (request,) = slave.asked
    assert request.frame[:-2] == bytes.fromhex("01 10 004c 0001 02 002d")


def test_a_lamp_brighter_than_it_can_be_is_not_asked_for(bus: ModbusBus, slave: Slave) -> None:
    with pytest.raises(ValueError, match="lamp_percent: 101"):
        bus.light(101)
    assert slave.asked == []


def identity_block(values: Sequence[int], held: int | None = None) -> Reaction:
    """A controller whose input registers are ``values`` from 32 on; ``held`` of them, and beyond those an illegal address."""

    def react(request: Request) -> bytes:
        first = request.start - registers.IDENTITY_START
        if first < 0 or first + request.count > (len(values) if held is None else held):
            return framed(bytes((registers.UNIT, request.function | 0x80, 2)))
        return answer(4, list(values[first : first + request.count]))

    return react


@pytest.mark.parametrize(
    ("controller", "found", "firmware"),
    [
        pytest.param(identity_block(V1_IDENTITY), 1, (0, 1), id="the first version, with its nine registers"),
        pytest.param(identity_block(V1_IDENTITY, held=7), 1, (0, 1), id="an older one, with no register beyond 38"),
        pytest.param(identity_block((1, 0xFFFF, 0, 0, 0, 0, 0)), 1, (255, 255), id="an older one, whose other values mean nothing here"),
        pytest.param(identity_block((40, 0x0203, *range(40))), 40, (2, 3), id="a newer one"),
        pytest.param(identity_block((65_535, 0, 0, 0, 0, 0, 9)), 65_535, (0, 0), id="a newer one with more bins than are known here"),
    ],
)
def test_a_controller_of_another_version_is_refused_with_both_versions(
    bus: ModbusBus, slave: Slave, controller: Reaction, found: int, firmware: tuple[int, int]
) -> None:
    slave.next.append(controller)

    with pytest.raises(WrongController) as refused:
        bus.identity()
    assert (refused.value.found, refused.value.expected, refused.value.firmware) == (found, registers.MAP_VERSION, firmware)
    assert str(found) in str(refused.value)
    assert str(registers.MAP_VERSION) in str(refused.value)


def test_what_says_it_speaks_no_version_at_all_is_not_believed(bus: ModbusBus, slave: Slave) -> None:
    slave.next.append(identity_block((0,) * 7))

    with pytest.raises(NoAnswer, match="map_version: 0"):
        bus.identity()


def test_a_command_is_one_write_of_code_argument_and_sequence(bus: ModbusBus, slave: Slave) -> None:
    bus.write(SORT)

    (request,) = slave.asked
    assert request.frame[:-2] == bytes.fromhex("01 10 0048 0004 08 0002 0002 0001 1171")


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        (Command(CommandCode.TEST, SequenceNumber(5), part=Actuator.SORTER), "0004 0003 0000 0005"),
        (Command(CommandCode.CLEAR, SequenceNumber(6)), "0005 0000 0000 0006"),
    ],
)
def test_a_technicians_command_is_written_the_same_way(bus: ModbusBus, slave: Slave, command: Command, sent: str) -> None:
    bus.write(command)

    assert slave.asked[0].frame[:-2] == bytes.fromhex("01 10 0048 0004 08" + sent)


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
        pytest.param(lambda request: answer(23, [*request.hot(), 0]), "22 registers", id="long answer"),
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


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", 9), ("fault", 10), ("cause", 5), ("answer", 7), ("weight_g", 20_001), ("sensors", 2048), ("bin_2_percent", 101)],
)
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


class SetBack:
    """The civil clock as pymodbus sees it: right at its first look, an hour behind at the following ones, then right again."""

    def __init__(self, looks: int) -> None:
        self.looks = self._all = looks
        self.sleep = time.sleep

    def time(self) -> float:
        first, self.looks = self.looks == self._all, self.looks - 1
        return time.time() - (3600 if self.looks > 0 and not first else 0)


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> SetBack:
    """An hour back just after the question, as when the machine's clock is set; pymodbus would wait for the hour to pass."""
    clock = SetBack(looks=300)
    monkeypatch.setattr("pymodbus.client.serial.time", clock)
    return clock


def test_a_clock_that_is_set_back_lengthens_no_wait(bus: ModbusBus, slave: Slave, set_back: SetBack) -> None:
    slave.next.append(silent)

    with pytest.raises(NoAnswer):
        bus.read(0)
    assert set_back.looks == 300, "the wait was measured by the civil clock"
    assert bus.read(0) == HOT


def test_the_same_clock_holds_pymodbus_alone_for_as_long_as_it_is_back(end: PtyEnd, slave: Slave, set_back: SetBack) -> None:
    """The control of the test above: a time-out of 10 ms outlasts 300 looks at the clock, a millisecond apart."""
    slave.next.append(silent)
    client = ModbusSerialClient(str(end.port), baudrate=115_200, timeout=0.01, retries=0)
    assert client.connect()

    with pytest.raises(ModbusIOException):
        client.readwrite_registers(read_address=0, read_count=registers.HOT_COUNT, write_address=64, values=[7, 0], device_id=1)
    client.close()  # type: ignore[no-untyped-call]

    assert set_back.looks <= 0


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
    # a busy machine may hold up what talks: that is no silence yet
    bus = ModbusBus(chatter.end.port, timeout_s=patient(0.1))
    bus.open()
    slave.next.append(silent)
    chatter.left = 1_000_000

    with pytest.raises(NeverSilent, match="never silent"):
        bus.read(0)
    with pytest.raises(PortGone, match="not open"):
        bus.read(0)


def test_a_line_that_goes_on_after_a_wrong_answer_is_given_up(bus: ModbusBus, slave: Slave, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it says lies there before it is heard out, a byte at a time."""
    monkeypatch.setattr("drivers.intake.modbus.DRAIN_BYTES", 1)
    slave.next.append(lambda request: answer(23, request.hot(nonce=request.nonce ^ 1)) + b"\x55" * 100)

    with pytest.raises(NeverSilent, match="answer to question"):
        bus.read(0)


class StandsStill:
    """This process as a busy machine treats it: an hour passes just after it has written, before it looks at its clock again."""

    def __init__(self) -> None:
        self.lost_s = 0.0
        self._write = os.write

    def time(self) -> float:
        return time.monotonic() + self.lost_s

    def write(self, file: int, data: bytes) -> int:
        written = self._write(file, data)
        if threading.current_thread() is threading.main_thread():
            self.lost_s += 3600
        return written


def test_a_process_that_stood_still_while_it_wrote_hears_the_answer(bus: ModbusBus, slave: Slave, monkeypatch: pytest.MonkeyPatch) -> None:
    still = StandsStill()
    monkeypatch.setattr("serial.serialposix.Timeout.TIME", still.time)
    monkeypatch.setattr("serial.serialposix.os.write", still.write)

    assert bus.read(0) == HOT
    bus.write(SORT)
    assert still.lost_s == 2 * 3600
    assert len(slave.asked) == 2


def test_a_port_that_takes_no_bytes_for_a_while_is_not_gone(end: PtyEnd, slave: Slave) -> None:
    with end.port.open("rb", buffering=0) as beside:
        bus = ModbusBus(end.port)
        bus.open()
        termios.tcflow(beside, termios.TCOOFF)
        with pytest.raises(NoAnswer, match="No response"):
            bus.read(0)
        assert slave.asked == []

        termios.tcflow(beside, termios.TCOON)
        wait_until(lambda: answers(bus))
        bus.close()


def answers(bus: ModbusBus) -> bool:
    with contextlib.suppress(NoAnswer):
        return bus.read(0) == HOT
    return False


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
    with pytest.raises(PortTaken, match="unavailable"):
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
        Command(CommandCode.TEST, SequenceNumber(1)),
        Command(CommandCode.TEST, SequenceNumber(1), Bin(1)),
        Command(CommandCode.SORT, SequenceNumber(1), Bin(1), Actuator.GATE),
        Command(CommandCode.CLEAR, SequenceNumber(1), part=Actuator.GATE),
        Command(CommandCode.RETURN, SequenceNumber(0)),
    ],
)
def test_a_command_that_means_nothing_is_not_sent(bus: ModbusBus, slave: Slave, command: Command) -> None:
    with pytest.raises(ValueError, match=r"bin|sequence"):
        bus.write(command)
    assert slave.asked == []


@pytest.mark.parametrize("times", [1, 3])
def test_an_adapter_that_echoes_is_as_good_as_one_that_does_not(tmp_path: Path, slave: Slave, times: int) -> None:
    with PtyEnd(tmp_path / "echoing", lambda data: data + slave.feed(data)) as end:
        bus = ModbusBus(end.port)
        bus.open()
        for _ in range(times):
            assert bus.identity().bins == 2
            assert bus.read(5) == HOT
            bus.write(SORT)
            bus.light(40)
        assert bus.echoes
        bus.close()
    assert len(slave.asked) == 4 * times


def test_an_echo_waits_no_longer_for_its_answer(tmp_path: Path, slave: Slave) -> None:
    """Told by the time-out, which no read of a right answer may reach: with a day of it the question is answered at once."""
    with PtyEnd(tmp_path / "echoing", lambda data: data + slave.feed(data)) as end:
        bus = ModbusBus(end.port, timeout_s=86_400.0)
        bus.open()
        assert bus.read(5) == HOT
        bus.write(SORT)
        bus.close()


def test_without_an_echo_none_is_told(bus: ModbusBus) -> None:
    bus.read(0)
    bus.write(SORT)
    assert not bus.echoes


@pytest.mark.parametrize(
    ("reaction", "came", "unit"),
    [
        pytest.param(silent, Came.NOTHING, None, id="silence"),
        pytest.param(lambda request: request.frame, Came.ECHO, None, id="an echo and silence"),
        pytest.param(lambda request: framed(b"\x02" + request.right()[1:-2]), Came.OTHER_UNIT, 2, id="another unit"),
        pytest.param(lambda request: request.frame + framed(b"\x09" + request.right()[1:-2]), Came.OTHER_UNIT, 9, id="behind an echo"),
        pytest.param(lambda request: request.right()[:-1] + b"\0", Came.SPOILED, None, id="wrong CRC"),
        pytest.param(lambda request: b"\0\xff" + request.right(), Came.SPOILED, None, id="bytes before the answer"),
        pytest.param(lambda request: request.right()[:20], Came.SPOILED, None, id="cut off"),
        pytest.param(lambda request: bytes(byte ^ 0xFF for byte in request.right()), Came.GARBLED, None, id="swapped wires"),
        pytest.param(lambda request: b"\x80\xf8\x00\x78" * 9, Came.GARBLED, None, id="a wrong rate"),
        pytest.param(lambda _: framed(b"\x01\x97\x02"), Came.OTHER, None, id="a refusal"),
        pytest.param(lambda request: answer(23, request.hot(nonce=(request.nonce - 1) & 0xFFFF)), Came.OTHER, None, id="a late answer"),
    ],
)
def test_what_came_instead_of_an_answer_is_told_apart(
    bus: ModbusBus, slave: Slave, reaction: Reaction, came: Came, unit: int | None
) -> None:
    slave.next.append(reaction)

    with pytest.raises(NoAnswer) as refused:
        bus.read(0)
    assert (refused.value.came, refused.value.unit) == (came, unit)
    assert came.value in refused.value.detail
    assert bus.read(0) == HOT
