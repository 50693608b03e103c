"""The controller's Modbus server: what each function may reach, how it refuses, and that no bytes can upset it."""

import random
import struct
from pathlib import Path

import pytest

from bench import Bench
from firmware import registers
from firmware.registers import ANSWER_NONE, ANSWER_STALE, ANSWER_TAKEN, CMD_OPEN, CMD_SORT
from firmware.server import SILENCE_MS, Server, crc16, framed

CONTROLLER_ID = 0x5457494E_00C0FFEE
BENCH_BEAT = 1
"""The beat that the bench has written in its one tick."""


class Wire:
    """A server on a bench, and requests as a client sends them."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.server = Server(self.bench.controller, CONTROLLER_ID, self.bench.clock)

    def send(self, data: bytes, after_ms: int = 5) -> bytes:
        self.bench.clock.now += after_ms
        return self.server.feed(data)

    def ask(self, function: int, *words: int, values: list[int] | None = None) -> bytes:
        """The answer's bytes without unit and CRC, both checked."""
        answer = self.send(request(function, *words, values=values))
        assert crc16(answer) == 0
        assert answer[0] == registers.UNIT
        return answer[1:-2]

    def registers(self, function: int, *words: int, values: list[int] | None = None) -> list[int]:
        answer = self.ask(function, *words, values=values)
        assert answer[0] == function
        assert answer[1] == len(answer) - 2
        return list(struct.unpack(f">{answer[1] // 2}H", answer[2:]))

    def value(self, name: str) -> int:
        return registers.unpack(name, self.registers(4, registers.HOT_START, registers.HOT_COUNT), registers.HOT_START)


def request(function: int, *words: int, values: list[int] | None = None, unit: int = registers.UNIT) -> bytes:
    body = bytes((unit, function)) + struct.pack(f">{len(words)}H", *words)
    if values is not None:
        body += bytes((2 * len(values),)) + struct.pack(f">{len(values)}H", *values)
    return framed(body)


def beat_and_read(nonce: int, beat: int) -> bytes:
    return request(23, registers.HOT_START, registers.HOT_COUNT, registers.BEAT_START, 2, values=[nonce, beat])


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(tmp_path)


def test_the_crc_is_that_of_the_public_example() -> None:
    """Modbus over Serial Line V1.02, appendix B: unit 2, function 7 has the CRC bytes 41 12."""
    assert framed(b"\x02\x07") == b"\x02\x07\x41\x12"


def test_a_read_with_nonce_answers_with_that_nonce_and_the_beat(wire: Wire) -> None:
    words = wire.registers(23, 0, registers.HOT_COUNT, registers.BEAT_START, 2, values=[0xBEEF, 77])
    assert registers.unpack("nonce", words, 0) == 0xBEEF
    assert registers.unpack("beat_echo", words, 0) == 77
    assert wire.bench.controller.guard.beat == 77
    assert wire.registers(23, 0, 1, registers.BEAT_START, 1, values=[2]) == [2]
    assert wire.value("beat_echo") == 77


def test_the_hot_registers_tell_state_sensors_and_the_durable_record(wire: Wire) -> None:
    wire.bench.item_in(weight_g=1234)
    wire.bench.tick(metal=True)
    wire.bench.controller.command(CMD_OPEN, 0, 0x00012345)
    words = wire.registers(4, 0, registers.HOT_COUNT)
    values = {register.name: registers.unpack(register.name, words, 0) for register in registers.TABLE if register.space == registers.HOT}
    assert values == {
        "nonce": 0,
        "state": registers.OPENING,
        "fault": 0,
        "sensors": registers.OCCUPIED
        | registers.STEADY
        | registers.METAL
        | registers.GATE_SHUT
        | registers.FLAP_LOCKED
        | registers.BEATING,
        "weight_g": 1234,
        "boots": 1,
        "totaliser": 0,
        "taken": 0x00012345,
        "sorted": 0,
        "counted": 0,
        "back": 0,
        "answer": ANSWER_TAKEN,
        "beat_echo": wire.bench.controller.guard.beat,
        "bin_1_percent": 10,
        "bin_2_percent": 20,
        "cause": 0,
    }


@pytest.mark.parametrize(("weight_g", "shown"), [(-5, 0), (20_000, 20_000), (99_999, 20_000)])
def test_a_weight_beyond_the_register_is_held_at_its_end(wire: Wire, weight_g: int, shown: int) -> None:
    wire.bench.tick(weight_g=weight_g)
    assert wire.value("weight_g") == shown


def test_hot_registers_read_the_same_by_both_read_functions(wire: Wire) -> None:
    assert wire.registers(3, 0, registers.HOT_COUNT) == wire.registers(4, 0, registers.HOT_COUNT)
    assert wire.registers(3, 6, 2) == wire.registers(4, 6, 2)


def test_the_identity_is_read_as_input_registers(wire: Wire) -> None:
    words = wire.registers(4, registers.IDENTITY_START, registers.IDENTITY_COUNT)
    assert registers.unpack("map_version", words, registers.IDENTITY_START) == registers.MAP_VERSION
    assert registers.unpack("controller_id", words, registers.IDENTITY_START) == CONTROLLER_ID
    assert registers.unpack("bins", words, registers.IDENTITY_START) == 2


def test_a_command_is_one_write_of_four_registers(wire: Wire) -> None:
    wire.bench.item_in()
    assert wire.ask(16, registers.COMMAND_START, 4, values=[CMD_SORT, 2, 1, 5]) == struct.pack(">BHH", 16, registers.COMMAND_START, 4)
    assert (wire.bench.durable().taken, wire.bench.durable().sorted) == (0x10005, 0x10005)
    assert wire.value("answer") == ANSWER_TAKEN
    wire.ask(16, registers.COMMAND_START, 4, values=[CMD_SORT, 2, 1, 5])
    assert wire.value("answer") == ANSWER_STALE


@pytest.mark.parametrize(
    ("start", "values"),
    [
        (72, [CMD_OPEN]),
        (72, [CMD_OPEN, 0, 0]),
        (73, [0, 0, 1]),
        (74, [0, 1]),
        (72, [CMD_OPEN, 0, 0, 1, 50]),
        (72, [CMD_OPEN, 0, 0, 1, 50, 1000]),
        (71, [0, CMD_OPEN, 0, 0, 1]),
    ],
)
def test_a_part_of_a_command_is_an_illegal_address_and_moves_nothing(wire: Wire, start: int, values: list[int]) -> None:
    assert wire.ask(16, start, len(values), values=values) == bytes((16 | 0x80, 2))
    assert wire.value("answer") == ANSWER_NONE
    assert wire.bench.metal.drives == []


def test_a_command_cannot_be_written_with_a_read(wire: Wire) -> None:
    assert wire.ask(23, 0, 1, registers.COMMAND_START, 4, values=[CMD_OPEN, 0, 0, 1]) == bytes((23 | 0x80, 2))
    assert wire.value("answer") == ANSWER_NONE


def test_nonce_and_beat_can_be_written_alone(wire: Wire) -> None:
    wire.ask(16, registers.BEAT_START, 2, values=[5, 6])
    assert (wire.value("nonce"), wire.value("beat_echo")) == (5, 6)


@pytest.mark.parametrize(
    ("function", "start", "count"),
    [
        (3, 21, 1),
        (3, 20, 2),
        (3, 32, 1),
        (3, 64, 2),
        (3, 0xFFFF, 1),
        (4, 20, 2),
        (4, 21, 11),
        (4, 31, 2),
        (4, 57, 2),
        (4, 58, 1),
        (4, 64, 1),
        (4, 76, 1),
        (4, 0, 58),
    ],
)
def test_an_address_that_is_not_open_is_exception_2(wire: Wire, function: int, start: int, count: int) -> None:
    assert wire.ask(function, start, count) == bytes((function | 0x80, 2))


@pytest.mark.parametrize("write_start", [0, 63, 65, 66])
def test_a_write_beyond_nonce_and_beat_is_exception_2_and_keeps_nothing(wire: Wire, write_start: int) -> None:
    assert wire.ask(23, 0, 1, write_start, 2, values=[8, 9]) == bytes((23 | 0x80, 2))
    assert (wire.value("nonce"), wire.value("beat_echo")) == (0, BENCH_BEAT)


def test_a_refused_read_does_not_write_either(wire: Wire) -> None:
    assert wire.ask(23, 21, 1, registers.BEAT_START, 2, values=[8, 9]) == bytes((23 | 0x80, 2))
    assert (wire.value("nonce"), wire.value("beat_echo")) == (0, BENCH_BEAT)


@pytest.mark.parametrize("count", [0, 126, 0xFFFF])
@pytest.mark.parametrize("function", [3, 4])
def test_a_count_that_no_answer_can_hold_is_exception_3(wire: Wire, function: int, count: int) -> None:
    assert wire.ask(function, 0, count) == bytes((function | 0x80, 3))


def test_a_write_whose_byte_count_does_not_fit_is_exception_3(wire: Wire) -> None:
    assert wire.ask(16, registers.BEAT_START, 3, values=[1, 2]) == bytes((16 | 0x80, 3))
    assert wire.ask(16, registers.BEAT_START, 0, values=[]) == bytes((16 | 0x80, 3))
    assert wire.ask(23, 0, 1, registers.BEAT_START, 1, values=[1, 2]) == bytes((23 | 0x80, 3))
    assert wire.ask(23, 0, 0, registers.BEAT_START, 1, values=[1]) == bytes((23 | 0x80, 3))
    assert wire.value("nonce") == 0


@pytest.mark.parametrize("body", [b"\x01\x00\x00\x00\x01", b"\x05\x00\x00\xff\x00", b"\x06\x00\x40\x00\x01", b"\x07", b"\x2b\x0e\x01\x00"])
def test_another_function_is_exception_1(wire: Wire, body: bytes) -> None:
    answer = wire.send(framed(bytes((registers.UNIT,)) + body))
    assert answer == framed(bytes((registers.UNIT, body[0] | 0x80, 1)))


@pytest.mark.parametrize("unit", [0, 2, 255])
def test_another_unit_and_broadcasts_are_not_answered(wire: Wire, unit: int) -> None:
    assert wire.send(request(3, 0, 1, unit=unit)) == b""
    assert wire.send(request(16, registers.COMMAND_START, 4, values=[CMD_OPEN, 0, 0, 1], unit=unit)) == b""
    assert wire.value("answer") == ANSWER_NONE


def test_a_frame_with_a_wrong_crc_is_not_answered(wire: Wire) -> None:
    good = request(16, registers.COMMAND_START, 4, values=[CMD_OPEN, 0, 0, 1])
    for at in range(len(good)):
        assert wire.send(good[:at] + bytes((good[at] ^ 0x40,)) + good[at + 1 :], after_ms=SILENCE_MS + 1) == b""
    assert wire.value("answer") == ANSWER_NONE


def test_a_frame_that_comes_byte_by_byte_is_answered_once(wire: Wire) -> None:
    answers = [wire.send(bytes((byte,)), after_ms=1) for byte in beat_and_read(9, 9)]
    assert answers[:-1] == [b""] * (len(answers) - 1)
    assert crc16(answers[-1]) == 0


def test_two_frames_in_one_piece_are_both_answered_in_order(wire: Wire) -> None:
    both = wire.send(beat_and_read(1, 1) + beat_and_read(2, 2))
    half = len(both) // 2
    assert [both[4], both[half + 4]] == [1, 2]


@pytest.mark.parametrize(
    "noise", [b"\x00\x00\x00", b"\x01", b"\x01\x03", b"\x01\x17\x00", b"\xff" * 300, b"\x01\x10\x00\x48\x00\x04\xf6" + b"\x01" * 20]
)
def test_a_request_right_after_noise_is_answered(wire: Wire, noise: bytes) -> None:
    answer = wire.send(noise + beat_and_read(7, 0))
    assert crc16(answer) == 0
    assert answer[4] == 7


def test_an_unfinished_frame_is_forgotten_after_silence(wire: Wire) -> None:
    whole = request(16, registers.COMMAND_START, 4, values=[CMD_OPEN, 0, 0, 1])
    wire.send(whole[:6])
    assert wire.send(whole[6:], after_ms=SILENCE_MS + 1) == b""
    assert wire.value("answer") == ANSWER_NONE


def test_two_thousand_malformed_frames_upset_nothing(wire: Wire) -> None:
    """Frames cut, stretched, with bits turned or counts that lie, some with a right CRC again: all are refused or dropped in silence."""
    chance = random.Random(14)
    before = wire.bench.durable().values()
    for _ in range(2000):
        answer = wire.send(malformed(chance), after_ms=chance.choice((1, 5, SILENCE_MS + 1)))
        if answer:
            assert answer[0] == registers.UNIT
    assert wire.bench.durable().values() == before
    wire.bench.clock.now += SILENCE_MS + 1
    assert wire.registers(23, 0, 1, registers.BEAT_START, 1, values=[4242]) == [4242]


def malformed(chance: random.Random) -> bytes:
    """One bad frame. Never a whole command with a right CRC, which would be a good one."""
    good = chance.choice(
        (
            beat_and_read(chance.randrange(65536), chance.randrange(65536)),
            request(3, 0, 18),
            request(4, 32, 9),
            request(16, registers.COMMAND_START, 4, values=[CMD_OPEN, 0, 0, chance.randrange(1, 65536)]),
        )
    )
    body = bytearray(good[:-2])
    match chance.randrange(5):
        case 0:
            return bytes(good[: chance.randrange(len(good))])
        case 1:
            return chance.randbytes(chance.randrange(300))
        case 2:
            bad = bytearray(good)
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
            return bytes(bad)
        case 3:
            return framed(bytes(body[: chance.randrange(1, 7)]))
        case _:
            body[1] = chance.choice((0, 1, 2, 5, 6, 7, 15, 16, 22, 23, 43, 0x81, 0x90, 0xFF)) if body[1] != 16 else 16
            body[4:6] = bytes((chance.randrange(256), chance.choice((0, 1, 2, 3, 5, 126, 255))))
            return framed(bytes(body))
