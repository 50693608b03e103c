"""The controller's server on its frames: a bottle's way in registers, and bad frames. Runs under MicroPython as well."""

import os

from firmware import registers
from firmware.registers import CMD_CLEAR, CMD_OPEN, CMD_RETURN, CMD_SORT, CMD_TEST, PART_SORTER
from firmware.server import SILENCE_MS
from firmware.store import Store, StoreBroken
from wires.bad_frames import BadLine
from wires.bench import Chance
from wires.wire import Wire, beat_and_read, command


def test_a_bottle_is_taken_by_frames_alone(tmp_path: os.PathLike[str]) -> None:
    wire = Wire(tmp_path)
    bench = wire.bench
    bench.beats = False
    for beat in range(3):
        assert wire.send(beat_and_read(beat, beat))[4] == beat
    assert wire.send(command(CMD_OPEN, 0, 1)) != b""
    bench.gate_opened()
    assert wire.value("state") == registers.OPEN
    bench.tick(occupied=True, weight_g=25)
    bench.gate_shut()
    wire.send(command(CMD_SORT, 2, 0x10001))
    bench.tick(sorter_bin=2)
    bench.tick(flap_locked=False)
    bench.fallen()
    bench.tick(drop_beam=False, flap_locked=True)
    shown = [wire.value(name) for name in ("state", "fault", "taken", "sorted", "counted", "back", "totaliser", "drops_visit")]
    assert shown == [registers.SHUT, 0, 0x10001, 0x10001, 0x10001, 0, 1, 1]
    assert bench.driven() == ["gate opens", "gate shuts", "sorter to 2", "flap opens", "flap shuts"]


def test_a_test_a_clear_and_a_return_are_taken_by_frames(tmp_path: os.PathLike[str]) -> None:
    wire = Wire(tmp_path)
    wire.send(command(CMD_TEST, PART_SORTER, 1))
    wire.bench.tick(90, sorter_bin=2, motor_ma=333)
    wire.bench.tick(80, sorter_bin=1, motor_ma=222)
    names = ("test_result", "test_out_ms", "test_out_ma", "test_back_ms", "test_back_ma")
    assert [wire.value(name) for name in names] == [registers.TEST_ARRIVED, 90, 333, 80, 222]
    for sequence, code in ((2, CMD_CLEAR), (3, CMD_RETURN)):
        wire.send(command(code, 0, sequence))
        wire.bench.tick()
        assert (wire.value("taken"), wire.value("state")) == (sequence, registers.SHUT)


def test_a_memory_that_is_no_record_is_refused(tmp_path: os.PathLike[str]) -> None:
    path = str(tmp_path) + "/controller.bin"
    with open(path, "wb") as file:  # noqa: PTH123 - MicroPython has no pathlib
        file.write(b"nothing")
    broken = ""
    try:
        Store(path)
    except StoreBroken as error:
        broken = error.path
    assert broken == path


def test_bad_frames_upset_nothing(tmp_path: os.PathLike[str]) -> None:
    line = BadLine(Wire(tmp_path), seed=14)
    line.upset(1500)
    assert line.answered > 100
    assert line.taken > 20


def test_a_frame_that_comes_byte_by_byte_between_bad_ones_is_answered(tmp_path: os.PathLike[str]) -> None:
    wire, chance = Wire(tmp_path), Chance(3)
    for nonce in range(20):
        wire.send(bytes([chance.below(256) for _ in range(chance.below(300))]), after_ms=SILENCE_MS + 1)
        answers = b""
        for byte in beat_and_read(nonce, 0):
            answers += wire.send(bytes((byte,)), after_ms=1)
        assert answers[4] == nonce
