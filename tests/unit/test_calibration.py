"""What the scale and the bins are set to: taken at rest and all at once, kept over a power cut, and felt in what is weighed. Runs under MicroPython as well."""

import os

from firmware import registers
from firmware.calibration import NOMINAL, Calibration
from firmware.controller import Controller
from firmware.registers import CMD_OPEN, SPAN_ONE, ZERO_AT
from firmware.server import DEVICE_BUSY, DEVICE_FAILURE, ILLEGAL_ADDRESS, ILLEGAL_VALUE
from firmware.store import Store
from wires.bench import BenchMetal, Milliseconds
from wires.wire import Wire, command

NOW = ("scale_zero_now", "scale_span_now", "bin_1_empty_now_mm", "bin_2_empty_now_mm")


def sets(wire: Wire, *values: int) -> bytes:
    return wire.ask(16, registers.CALIBRATE_START, len(values), values=list(values))


def read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - MicroPython has no pathlib
        return file.read()


def write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - likewise
        file.write(data)


def now(wire: Wire) -> "tuple[int, ...]":
    return tuple(wire.value(name) for name in NOW)


def test_what_is_set_is_felt_in_weight_and_level(tmp_path: "os.PathLike[str]") -> None:
    wire = Wire(tmp_path)
    assert now(wire) == NOMINAL
    wire.bench.tick(weight_g=517)
    assert (wire.value("weight_g"), wire.value("scale_felt_g")) == (517, 517 + ZERO_AT)
    assert sets(wire, ZERO_AT + 7, 10200, 1220, 900) == bytes((16, 0, 80, 0, 4))
    wire.bench.tick()
    assert (wire.value("weight_g"), wire.value("scale_felt_g")) == (500, 517 + ZERO_AT)
    assert now(wire) == (ZERO_AT + 7, 10200, 1220, 900)
    wire.bench.tick(weight_g=7)
    assert wire.value("weight_g") == 0
    wire.bench.clock.now += 3000
    wire.value("bin_1_percent")
    wire.bench.clock.now += 3000
    assert wire.value("bin_1_percent") == 35, "820 mm down into 1,220"


def test_nothing_is_set_while_something_moves_nor_half_nor_beyond_what_can_be(tmp_path: "os.PathLike[str]") -> None:
    wire = Wire(tmp_path)
    good = (ZERO_AT, SPAN_ONE, 800, 800)
    for place, wrong in ((0, 7999), (0, 12001), (1, 7999), (1, 12501), (2, 299), (3, 1501)):
        values = list(good)
        values[place] = wrong
        assert sets(wire, *values) == bytes((0x90, ILLEGAL_VALUE)), (place, wrong)
    assert sets(wire, *good[:3]) == bytes((0x90, ILLEGAL_ADDRESS))
    wire.send(command(CMD_OPEN, 0, 1))
    assert sets(wire, *good) == bytes((0x90, DEVICE_BUSY))
    assert now(wire) == NOMINAL
    wire.bench.gate_opened()
    assert sets(wire, *good) == bytes((16, 0, 80, 0, 4))


def test_what_was_set_is_there_after_a_power_cut_and_a_damaged_file_is_none(tmp_path: "os.PathLike[str]") -> None:
    path = str(tmp_path) + "/calibration.bin"
    Calibration(path).set((ZERO_AT - 3, 9900, 850, 870))
    assert Calibration(path).values == (ZERO_AT - 3, 9900, 850, 870)
    whole = read(path)
    for length in range(len(whole)):
        write(path, whole[:length])
        assert Calibration(path).values == NOMINAL
    for place in range(len(whole)):
        write(path, whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])
        assert Calibration(path).values == NOMINAL, place


def test_what_cannot_be_kept_is_not_set(tmp_path: "os.PathLike[str]") -> None:
    wire = Wire(tmp_path)
    wire.bench.controller.calibration = Calibration(str(tmp_path) + "/no such folder/calibration.bin")
    assert sets(wire, ZERO_AT + 7, SPAN_ONE, 900, 900) == bytes((0x90, DEVICE_FAILURE))
    assert now(wire) == NOMINAL


def test_a_controller_weighs_with_it_from_its_first_look(tmp_path: "os.PathLike[str]") -> None:
    calibration = Calibration()
    calibration.set((ZERO_AT + 40, SPAN_ONE, 900, 900))
    metal = BenchMetal()
    metal.sensors.weight_g = 40
    controller = Controller(metal, Store(str(tmp_path) + "/controller.bin"), Milliseconds(), calibration)
    assert (controller.sensors.weight_g, controller.felt_g) == (0, 40)


def test_a_weight_is_rounded_to_the_nearest_gram(tmp_path: "os.PathLike[str]") -> None:
    calibration = Calibration()
    for felt, span, wanted in (
        (1, 10000, 1),
        (-1, 10000, -1),
        (1, 8000, 1),
        (3, 8000, 4),
        (-3, 12500, -2),
        (500, 9999, 500),
        (0, 12500, 0),
    ):
        calibration.set((ZERO_AT, span, 900, 900))
        assert calibration.grams(felt) == wanted, (felt, span)
