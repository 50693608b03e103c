"""The controller's Modbus server: what each function may reach, how it refuses, and that no bytes can upset it."""

import struct
from pathlib import Path

import pytest

from firmware import registers
from firmware.registers import ANSWER_NONE, ANSWER_STALE, ANSWER_TAKEN, CMD_OPEN, CMD_RETURN, CMD_SORT
from firmware.server import SILENCE_MS, crc16, framed
from firmware.store import Record
from wires.bad_frames import BadLine
from wires.wire import BENCH_BEAT, CONTROLLER_ID, Wire, beat_and_read, request


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
    wire.bench.controller.command(CMD_RETURN, 0, 0x00010000)
    words = wire.registers(4, 0, registers.HOT_COUNT)
    values = {register.name: registers.unpack(register.name, words, 0) for register in registers.TABLE if register.space == registers.HOT}
    assert values == {
        "nonce": 0,
        "state": registers.RETURNING,
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
        "taken": 0x00010000,
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
    assert wire.ask(16, registers.COMMAND_START, 4, values=[CMD_SORT, 2, 1, 0]) == struct.pack(">BHH", 16, registers.COMMAND_START, 4)
    assert (wire.bench.durable().taken, wire.bench.durable().sorted) == (0x10000, 0x10000)
    assert wire.value("answer") == ANSWER_TAKEN
    wire.ask(16, registers.COMMAND_START, 4, values=[CMD_SORT, 2, 1, 0])
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
        (4, 63, 2),
        (4, 64, 1),
        (4, 76, 1),
        (4, 0, 60),
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


@pytest.mark.long
def test_a_hundred_thousand_bad_frames_upset_nothing(tmp_path: Path) -> None:
    """Noise, turned bits, cut and doubled bytes, another unit, counts that lie, nonsense with a right CRC; whole commands in between."""
    line = BadLine(Wire(tmp_path), seed=15)
    line.upset(100_000)
    assert line.answered > 10_000
    assert line.taken > 2_000


def test_lamp_and_watchdog_are_set_alone_or_together_and_shown(wire: Wire) -> None:
    assert (wire.value("lamp_now_percent"), wire.value("watchdog_now_ms")) == (100, 2000)
    wire.ask(16, 76, 1, values=[40])
    assert (wire.bench.metal.lamp_percent, wire.value("lamp_now_percent")) == (40, 40)
    wire.ask(16, 77, 1, values=[500])
    assert wire.value("watchdog_now_ms") == 500
    wire.ask(16, 76, 2, values=[0, 60000])
    assert (wire.value("lamp_now_percent"), wire.value("watchdog_now_ms")) == (0, 60000)


def test_a_look_in_the_dark_is_asked_for_in_one_write_and_ends_by_itself(wire: Wire) -> None:
    wire.ask(16, 76, 1, values=[40])
    wire.ask(16, 79, 1, values=[300])
    assert (wire.bench.metal.lamp_percent, wire.value("lamp_now_percent")) == (0, 0)
    wire.bench.run(290)
    assert wire.bench.metal.lamp_percent == 0
    wire.bench.run(10)
    assert (wire.bench.metal.lamp_percent, wire.value("lamp_now_percent")) == (40, 40)


@pytest.mark.parametrize(("start", "values"), [(79, [2001]), (76, [101]), (77, [499]), (77, [60001]), (76, [50, 100]), (76, [200, 1000])])
def test_a_setting_beyond_its_range_is_exception_3_and_sets_nothing(wire: Wire, start: int, values: list[int]) -> None:
    assert wire.ask(16, start, len(values), values=values) == bytes((16 | 0x80, 3))
    assert (wire.value("lamp_now_percent"), wire.value("watchdog_now_ms")) == (100, 2000)


def test_a_beat_that_stays_the_same_is_not_heard_however_often_it_is_written(wire: Wire) -> None:
    for _ in range(30):
        wire.send(beat_and_read(1, BENCH_BEAT), after_ms=100)
    wire.bench.beats = False
    wire.bench.tick()
    assert not wire.value("sensors") & registers.BEATING
    wire.send(beat_and_read(1, BENCH_BEAT + 1))
    assert wire.value("sensors") & registers.BEATING


@pytest.mark.parametrize(
    ("sensor", "bit"),
    [
        ({"occupied": True}, registers.OCCUPIED),
        ({"metal": True}, registers.METAL),
        ({"gate_shut": True}, registers.GATE_SHUT),
        ({"gate_open": True}, registers.GATE_OPEN),
        ({"entry_beam": True}, registers.ENTRY_BEAM),
        ({"drop_beam": True}, registers.DROP_BEAM),
        ({"flap_locked": True}, registers.FLAP_LOCKED),
        ({"door_open": True}, registers.DOOR_OPEN),
    ],
)
def test_each_sensor_has_a_bit_of_its_own(wire: Wire, sensor: dict[str, bool], bit: int) -> None:
    quiet = {name: False for name, value in vars(wire.bench.metal.sensors).items() if isinstance(value, bool)}
    wire.bench.tick(after_ms=100, **quiet)
    wire.bench.tick(**sensor)
    assert wire.value("sensors") & ~registers.STEADY == bit | registers.BEATING


def test_a_hand_that_the_gate_gives_way_to_is_a_bit(wire: Wire) -> None:
    wire.bench.open()
    wire.bench.tick(occupied=True)
    wire.bench.tick(gate_open=False, entry_beam=True)
    assert wire.value("sensors") & registers.HAND


def test_a_faults_cause_is_told_with_it(wire: Wire) -> None:
    wire.bench.tick(flap_locked=False)
    wire.bench.run(1000)
    assert (wire.value("state"), wire.value("fault"), wire.value("cause")) == (
        registers.FAILED,
        registers.FAULT_FLAP,
        registers.CAUSE_FORCED,
    )


@pytest.mark.parametrize(("mm", "percent"), [(2000, 0), (900, 0), (899, 0), (892, 1), (500, 50), (100, 100), (0, 100)])
def test_a_bin_is_as_full_as_the_distance_to_what_lies_in_it_says(wire: Wire, mm: int, percent: int) -> None:
    wire.bench.metal.mm[2] = mm
    assert (wire.value("bin_2_percent"), wire.value("bin_2_mm"), wire.value("bin_1_percent")) == (percent, mm, 10)


def test_what_a_technician_wants_to_know_is_read_in_one_block(wire: Wire) -> None:
    wire.bench.tick(motor_ma=321, supply_mv=11900, temperature_dk=3001, sorter_bin=2)
    words = wire.registers(4, registers.HEALTH_START, registers.HEALTH_COUNT)
    names = ("bin_1_mm", "motor_ma", "supply_mv", "temperature_dk", "sorter_bin", "drops_visit", "test_result", "lamp_now_percent")
    assert [registers.unpack(name, words, registers.HEALTH_START) for name in names] == [820, 321, 11900, 3001, 2, 0, 0, 100]


@pytest.mark.parametrize(
    ("name", "sensor", "wild", "shown"),
    [
        ("motor_ma", "motor_ma", -3, 0),
        ("motor_ma", "motor_ma", 99_999, 20_000),
        ("supply_mv", "supply_mv", 99_999, 60_000),
        ("temperature_dk", "temperature_dk", 0, 2000),
    ],
)
def test_a_sensor_beyond_its_register_is_held_at_its_end(wire: Wire, name: str, sensor: str, wild: int, shown: int) -> None:
    wire.bench.tick(**{sensor: wild})
    assert wire.value(name) == shown


def test_the_three_counts_of_drops_add_up_to_the_totaliser(wire: Wire) -> None:
    wire.bench.store.save(Record((9, 9, 9, 0, 10, 1, 3, 2)))
    drops = [wire.value(name) for name in ("drops_visit", "drops_test", "drops_manual")]
    assert (drops, sum(drops)) == ([5, 3, 2], wire.value("totaliser"))


@pytest.mark.parametrize("gap_ms", [2, 16, 21, 30, 60, SILENCE_MS])
def test_a_request_with_a_gap_as_adapters_and_busy_masters_make_it_is_answered(wire: Wire, gap_ms: int) -> None:
    whole = framed(bytes.fromhex("01 03 0000 0001"))
    for at in range(1, len(whole)):
        assert wire.send(whole[:at], after_ms=SILENCE_MS + 1) == b""
        assert wire.send(whole[at:], after_ms=gap_ms) != b""


def test_what_is_left_of_a_cut_request_is_gone_when_the_kiosk_asks_again(wire: Wire) -> None:
    """It asks after one time-out of silence, 200 ms."""
    whole = framed(bytes.fromhex("01 03 0000 0001"))
    for at in range(1, len(whole)):
        wire.send(whole[:at])
        assert wire.send(whole, after_ms=200) == wire.send(whole, after_ms=200) != b""
