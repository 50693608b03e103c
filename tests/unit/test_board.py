"""The controller's program on a board's pins: the pins of a Pico that is not there, and the program as it runs on one. Runs under MicroPython as well."""

import os

from firmware import registers
from firmware.drives import HOLD_DUTY, LONGEST_MS
from firmware.hx711 import SILENT_MS
from firmware.registers import (
    ANSWER_TAKEN,
    CAUSE_LATE,
    CMD_CLEAR,
    CMD_OPEN,
    CMD_SORT,
    FAILED,
    FAULT_GATE,
    FAULT_NONE,
    FAULT_SCALE,
    FAULT_SORTER,
    OPEN,
    SHUT,
    SORTING,
)
from firmware.server import crc16
from firmware.start import Program, identity
from firmware.wiring import BY_NAME
from wires.pico import GATE_MS, Pico
from wires.wire import beat_and_read, request

TURN_MS = 2
"""Between two turns of the loop."""


class Bench:
    """The program on a Pico whose kiosk's beat is heard."""

    def __init__(self, folder: "os.PathLike[str] | str", memory: str = "controller.bin") -> None:
        self.pico = Pico()
        self.program = Program(self.pico, self.pico, str(folder) + "/" + memory, str(folder) + "/calibration.bin")
        self.controller = self.program.controller
        self.board = self.program.board
        self.sequence = 0
        self.run(500)
        assert self.shows() == (SHUT, FAULT_NONE)

    def run(self, ms: int) -> None:
        for _ in range(ms // TURN_MS):
            guard = self.controller.guard
            guard.hear((guard.beat + 1) & 0xFFFF, self.pico.now_us // 1000)
            self.program.turn()
            self.pico.pass_us(1000 * TURN_MS)

    def command(self, code: int, argument: int = 0) -> None:
        self.sequence += 1
        self.controller.command(code, argument, self.sequence)
        assert self.controller.answer == ANSWER_TAKEN, self.controller.answer

    def shows(self) -> "tuple[int, int]":
        return self.controller.state, self.controller.fault

    def driven(self) -> "list[str]":
        names = ("gate_opens", "gate_shuts", "sorter_to_1", "sorter_to_2")
        return [name for name in names if self.pico.level(name)] + (["flap"] if self.pico.duty[BY_NAME["flap"].gpio] else [])

    def item_in(self, grams: int = 23) -> None:
        self.command(CMD_OPEN)
        self.run(600)
        self.pico.set("occupied", 1)
        self.pico.grams = grams
        self.run(800)
        assert self.shows() == (SHUT, FAULT_NONE)


def test_the_gate_opens_to_its_end_and_has_no_current_there(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.command(CMD_OPEN)
    assert bench.driven() == ["gate_opens"]
    bench.run(GATE_MS + 50)
    assert (bench.shows(), bench.driven()) == ((OPEN, FAULT_NONE), [])


def test_a_gate_that_does_not_arrive_is_given_up_and_gets_no_current_any_more(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.jammed = True
    bench.command(CMD_OPEN)
    bench.run(2900)
    assert bench.driven() == ["gate_opens"]
    bench.run(300)
    assert bench.shows() == (FAILED, FAULT_GATE)
    assert (bench.controller.cause, bench.driven()) == (CAUSE_LATE, [])


def test_no_drive_is_driven_for_ever_whatever_asks_for_it(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.jammed = True
    bench.board.drive_gate(True)
    bench.board.turn_sorter(2)
    bench.board.drive_flap(True)
    assert bench.driven() == ["gate_opens", "sorter_to_2", "flap"]
    for _ in range(LONGEST_MS // 100 + 1):
        bench.board.read()
        bench.pico.pass_ms(100)
    bench.board.read()
    assert bench.driven() == []


def test_both_ways_of_a_motor_are_never_on_at_once(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.board.drive_gate(True)
    bench.pico.pass_ms(100)
    bench.board.drive_gate(False)
    assert bench.driven() == ["gate_shuts"]


def test_a_bottle_goes_its_whole_way_on_the_pins_and_is_counted(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.item_in(grams=420)
    assert (bench.controller.sensors.weight_g, bench.controller.steady) == (420, True)
    bench.command(CMD_SORT, 2)
    bench.run(400)
    assert bench.driven() == ["flap"]
    assert bench.controller.sensors.sorter_bin == 2
    bench.pico.set("occupied", 0)
    bench.pico.grams = 0
    bench.run(20)
    # it falls past the beam between two looks
    bench.pico.set("drop_beam", 1)
    bench.pico.pass_us(800)
    bench.pico.set("drop_beam", 0)
    bench.run(300)
    assert bench.shows() == (SHUT, FAULT_NONE)
    assert (bench.controller.record.counted, bench.controller.record.totaliser) == (bench.sequence, 1)


def test_the_solenoid_of_the_flap_pulls_and_then_holds_with_less(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    flap = BY_NAME["flap"].gpio
    bench.board.drive_flap(True)
    full = bench.pico.duty[flap]
    bench.run(400)
    assert bench.pico.duty[flap] == HOLD_DUTY < full
    bench.board.drive_flap(False)
    assert bench.pico.duty[flap] == 0


def test_the_open_door_cuts_sorter_and_flap_at_once_and_nothing_goes_on_when_it_is_shut(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.item_in()
    bench.command(CMD_SORT, 2)
    bench.run(100)
    assert (bench.driven(), bench.controller.state) == (["sorter_to_2"], SORTING)
    bench.pico.set("door", 1)
    bench.program.turn()
    assert bench.driven() == []
    bench.pico.set("door", 0)
    bench.run(300)
    assert bench.driven() == [], "a door that is shut again starts nothing"
    bench.run(2000)
    assert bench.shows() == (SHUT, FAULT_SORTER)
    bench.command(CMD_CLEAR)
    bench.run(300)
    bench.command(CMD_SORT, 2)
    bench.run(100)
    assert bench.driven() == ["sorter_to_2"]


def test_with_the_door_open_neither_sorter_nor_flap_can_be_driven_but_the_gate_still_shuts(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.command(CMD_OPEN)
    bench.run(600)
    bench.pico.set("door", 1)
    bench.board.turn_sorter(2)
    bench.board.drive_flap(True)
    assert bench.driven() == []
    bench.run(20)
    assert bench.driven() == ["gate_shuts"]
    bench.run(600)
    assert bench.shows() == (SHUT, FAULT_NONE)


def test_a_broken_wire_reads_as_the_safe_side(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    for name in ("door", "entry_beam", "drop_beam", "occupied", "gate_open", "gate_shut", "flap_locked", "metal"):
        bench.pico.set(name, 1)
    bench.pico.jammed = True
    bench.run(20)
    seen = bench.controller.sensors
    assert (seen.door_open, seen.entry_beam, seen.drop_beam, seen.occupied) == (True, True, True, True)
    assert (seen.gate_open, seen.gate_shut, seen.flap_locked, seen.metal) == (False, False, False, False)


def test_a_contact_that_bounces_changes_nothing_and_the_door_is_believed_to_be_open_at_once(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.jammed = True
    for level in (1, 0, 1, 0):
        bench.pico.set("flap_locked", level)
        bench.run(2)
        assert bench.controller.sensors.flap_locked
    bench.pico.set("door", 1)
    assert bench.board.read().door_open
    bench.pico.set("door", 0)
    assert bench.board.read().door_open, "it may bounce"
    bench.pico.pass_ms(60)
    assert not bench.board.read().door_open


def test_a_reading_of_the_scale_is_25_short_pulses_and_never_waited_for(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    pico = bench.pico
    pico.trains.clear()
    bench.run(1000)
    assert 60 <= len(pico.trains) <= 82, "80 a second"
    assert all(pulses == 25 for pulses in pico.trains)
    assert pico.longest_high_us < 50, "after 60 µs the chip turns itself off"
    for grams in (0, 1, 499, 4999, -7):
        pico.grams = grams
        bench.run(40)
        assert bench.controller.sensors.weight_g == grams


def test_a_scale_that_says_nothing_weighs_more_than_anything_and_is_a_fault(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.scale_dead = True
    bench.pico.levels[BY_NAME["scale_data"].gpio].level = 1
    bench.run(SILENT_MS + 100)
    assert bench.controller.sensors.weight_g > 20000
    bench.run(5200)
    assert bench.controller.fault == FAULT_SCALE


def test_a_scale_beyond_its_range_is_none(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.grams = 8388607 // 429 + 1
    bench.run(40)
    assert bench.controller.sensors.weight_g != bench.pico.grams


def test_the_bins_are_measured_in_turn_and_one_without_an_echo_counts_as_full(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    assert abs(bench.board.bin_mm(1) - 800) <= 4
    assert abs(bench.board.bin_mm(2) - 600) <= 4
    bench.pico.echo_mm[20] = None
    bench.run(400)
    assert abs(bench.board.bin_mm(2) - 600) <= 4, "one bottle that slants is no dead sensor"
    bench.run(800)
    assert bench.board.bin_mm(2) == 0
    bench.pico.echo_mm[20] = 500
    bench.run(400)
    assert abs(bench.board.bin_mm(2) - 500) <= 4


def test_current_supply_and_temperature_are_measured(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.amperes(1.5)
    bench.pico.volts(11.6)
    bench.pico.adc[4] = int(0.706 / 3.3 * 65535)
    seen = bench.board.read()
    assert abs(seen.motor_ma - 1500) <= 2
    assert abs(seen.supply_mv - 11600) <= 20
    assert abs(seen.temperature_dk - 3001) <= 10, "27 °C"


def test_the_lamp_is_dimmed(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    lamp = BY_NAME["lamp"].gpio
    assert bench.pico.duty[lamp] == 65535
    bench.controller.light(40)
    assert bench.pico.duty[lamp] == 26214


def test_the_watchdog_is_fed_by_each_turn_and_by_nothing_else(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    assert bench.pico.watchdog_ms == 2000
    fed = bench.pico.fed
    bench.run(100)
    assert bench.pico.fed == fed + 50
    bench.pico.pass_ms(500)
    bench.board.read()
    assert bench.pico.fed == fed + 50


def test_the_board_speaks_only_while_it_answers_and_lets_the_line_go_after_the_last_bit(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    pico = bench.pico
    for nonce in range(1, 20):
        pico.coming = beat_and_read(nonce, nonce)
        bench.program.turn()
        assert pico.level("line_de") == 0, "the line was not silent yet"
        bench.run(12)
        assert crc16(pico.said()) == 0
        assert pico.level("line_de") == 0
        assert pico.spoken_over == [], "nothing of the answer is cut off"
        assert pico.now_us - pico.sends_until < 12000


def test_a_question_that_comes_right_after_an_answer_is_answered_as_well(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    pico = bench.pico
    for _ in range(5):
        pico.coming = request(4, 32, 7)
        while not pico.said():
            bench.run(TURN_MS)
        pico.coming = request(4, 34, 4)
        bench.run(12)
        assert len(pico.said()) == 5 + 8


def test_the_board_says_who_it_is_and_is_never_a_twin(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.pico.coming = request(4, 34, 4)
    bench.run(10)
    assert bench.pico.said()[3:11] == bench.pico.unique_id()
    assert identity(b"TWIN1234") >> 32 != registers.TWIN_PREFIX
    assert identity(bytes(8)) == 1


def test_what_was_counted_is_there_after_the_power_was_cut(tmp_path: "os.PathLike[str]") -> None:
    bench = Bench(tmp_path)
    bench.command(CMD_OPEN)
    again = Program(Pico(), Pico(), str(tmp_path) + "/controller.bin", str(tmp_path) + "/calibration.bin")
    assert again.controller.record.taken == 1
    assert again.controller.record.boots == bench.controller.record.boots + 1
