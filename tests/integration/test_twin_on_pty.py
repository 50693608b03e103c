"""The twin as it runs: its own process, a real pseudo-terminal, a Modbus client that nobody here wrote, and kill -9."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ModbusIOException

from config.system import AssumedClock
from drivers.intake.bus import ControllerState, HotBlock, NoAnswer
from drivers.intake.modbus import ModbusBus
from drivers.printer.line import serial
from drivers.printer.printer import EscPos
from drivers.printer.raster import Bitmap
from drivers.printer.state import Paper, PrinterState
from firmware import registers
from firmware.registers import CMD_OPEN, CMD_RETURN, CMD_SORT, OPEN, SHUT
from firmware.server import framed
from timing import patient, wait_until
from wires.paper_end import read_pbm

ROOT = Path(registers.__file__).parents[1]

PLAIN = """
import sys
from pathlib import Path
from drivers.twin.mechanics import INSTANT
from drivers.twin.process import Options, run

state = Path(sys.argv[1])
options = Options(state, scenario=Path(sys.argv[2]), mechanics=INSTANT, seed=int(sys.argv[3]), port_file=state / "port")
"""

RUN = PLAIN + "run(options)\n"

DIES_BEFORE_THE_COUNT = (
    PLAIN
    + """
import os, signal
from firmware.store import Store

class Dies(Store):
    def save(self, record):
        if record.counted != self.record.counted:
            os.kill(os.getpid(), signal.SIGKILL)
        super().save(record)

run(options, store=Dies(str(state / "controller.bin")))
"""
)

DIES_AT_THE_FALL = (
    PLAIN
    + """
import os, signal
from drivers.twin.truth import Event, Truth

class Dies(Truth):
    def append(self, happening):
        if happening.event is not Event.FELL:
            return super().append(happening)
        if {after}:
            super().append(happening)
        os.kill(os.getpid(), signal.SIGKILL)

run(options, truth=Dies(state / "metal.jsonl"))
"""
)


class Twin:
    """A twin on a state folder: started, spoken to, killed and started again."""

    def __init__(self, folder: Path, *scenario: str) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.state.mkdir()
        self.scenario = folder / "scenario"
        self.scenario.write_text("".join(f"{line}\n" for line in scenario), encoding="utf-8")
        self.process: subprocess.Popen[str] | None = None
        self.client: ModbusSerialClient | None = None
        self.nonce = 0

    def start(self, script: str = RUN, seed: int = 3) -> "Twin":
        port = self.state / "port"
        port.unlink(missing_ok=True)
        self.process = self.begin(script, seed)
        wait_until(lambda: port.exists() or self.running.poll() is not None, 30.0)
        assert self.running.poll() is None, self.running.communicate()
        assert (self.state / "intake").stat().st_rdev == Path(port.read_text(encoding="utf-8").strip()).stat().st_rdev
        return self

    def begin(self, script: str = RUN, seed: int = 3) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", script, self.state, self.scenario, str(seed)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def running(self) -> "subprocess.Popen[str]":
        assert self.process is not None
        return self.process

    def dead(self) -> int:
        """Waits for its end; the name of the port then leads nowhere."""
        self.hang_up()
        code = self.running.wait(patient(10))
        for stream in (self.running.stdin, self.running.stderr):
            if stream is not None:
                stream.close()
        assert not (self.state / "intake").exists()
        return code

    def stop(self) -> int:
        self.running.terminate()
        return self.dead()

    def hang_up(self) -> None:
        if self.client is not None:
            self.client.close()  # type: ignore[no-untyped-call]
            self.client = None

    def connect(self, timeout_s: float = 2.0) -> ModbusSerialClient:
        if self.client is None:
            self.client = ModbusSerialClient(str(self.state / "intake"), baudrate=115_200, timeout=timeout_s, retries=0)
            assert self.client.connect()
        return self.client

    def read(self) -> dict[str, int]:
        """The hot registers by name, from an answer that holds this question's nonce.

        What still comes for an earlier question (a doubled one has two answers) is let go, with the line.
        """
        for _ in range(5):
            self.nonce += 1
            answer = self.connect().readwrite_registers(
                read_address=registers.HOT_START,
                read_count=registers.HOT_COUNT,
                write_address=registers.BEAT_START,
                values=[self.nonce, self.nonce],
                device_id=registers.UNIT,
            )
            assert not answer.isError(), answer
            if len(answer.registers) == registers.HOT_COUNT:
                values = {
                    register.name: registers.unpack(register.name, list(answer.registers), registers.HOT_START)
                    for register in registers.TABLE
                    if register.space == registers.HOT
                }
                if values["nonce"] == self.nonce:
                    return values
            self.hang_up()
        raise AssertionError("five questions, and no answer to any of them")

    def send(self, code: int, sequence: int, bin_number: int = 0) -> None:
        words = registers.pack("command", code) + registers.pack("argument", bin_number) + registers.pack("sequence", sequence)
        assert not self.connect().write_registers(registers.COMMAND_START, words, device_id=registers.UNIT).isError()

    def rest(self, state: int = SHUT, **expected: int) -> dict[str, int]:
        """Reads until it rests so, with all that is expected."""
        wanted = {"state": state} | expected
        wait_until(lambda: wanted.items() <= self.read().items())
        return self.read()

    def say(self, line: str) -> None:
        """A line on its standard input, which it reads before the next request."""
        assert self.running.stdin is not None
        self.running.stdin.write(f"{line}\n")
        self.running.stdin.flush()

    def item_in(self, sequence: int) -> dict[str, int]:
        """Opens the gate for the next person, and waits until the item lies still."""
        self.send(CMD_OPEN, sequence)
        still = registers.OCCUPIED | registers.STEADY
        wait_until(lambda: (now := self.read())["state"] == SHUT and now["sensors"] & still == still)
        return self.read()

    def metal(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.state / "metal.jsonl").read_text(encoding="utf-8").splitlines()]

    def camera_url(self) -> str:
        return str(json.loads((self.state / "twin.json").read_text(encoding="utf-8"))["camera_url"])


def heard(line: int) -> bytes:
    """One byte from the line, none once it was hung up; BlockingIOError while it is merely silent."""
    try:
        return os.read(line, 1)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return b""


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    twin = Twin(tmp_path, "put wine_that_is_not_there")
    twin.scenario.write_text("put pet_blue_50\nput can_33\nput glass_brown_33 roll 6\n", encoding="utf-8")
    yield twin
    if twin.process is not None and twin.process.poll() is None:
        twin.process.kill()
        twin.dead()


def test_a_bottle_is_taken_and_the_next_handed_back_over_the_line(twin: Twin) -> None:
    twin.start()
    assert twin.rest()["boots"] == 1
    now = twin.item_in(1)
    assert (now["weight_g"], now["sensors"] & registers.METAL) == (23, 0)
    twin.send(CMD_SORT, 2, bin_number=2)
    twin.rest(taken=2, sorted=2, counted=2, totaliser=1, back=0, fault=0)
    now = twin.item_in(3)
    assert now["sensors"] & registers.METAL
    twin.send(CMD_RETURN, 4)
    twin.rest(taken=4, sorted=2, counted=2, totaliser=1, back=4)
    assert [line["event"] for line in twin.metal()] == ["in", "fell", "in", "back"]
    assert twin.stop() == 0


def test_its_identity_says_that_it_is_a_twin_and_stays_from_start_to_start(twin: Twin) -> None:
    identities = set()
    for seed in (3, 4):
        twin.start(seed=seed)
        answer = twin.connect().read_input_registers(registers.IDENTITY_START, count=registers.IDENTITY_COUNT, device_id=registers.UNIT)
        identities.add(registers.unpack("controller_id", list(answer.registers), registers.IDENTITY_START))
        twin.stop()
    assert [identity >> 32 for identity in identities] == [registers.TWIN_PREFIX]


def test_a_master_of_another_make_reads_the_same_registers(twin: Twin) -> None:
    mbpoll = shutil.which("mbpoll")
    if mbpoll is None:
        pytest.skip("mbpoll is not installed")
    twin.start()
    twin.rest()
    twin.hang_up()
    port = (twin.state / "port").read_text(encoding="utf-8").strip()
    command = [mbpoll, "-m", "rtu", "-a", "1", "-b", "115200", "-P", "none", "-t", "3", "-0", "-1"]
    done = subprocess.run([*command, "-r", "0", "-c", "6", port], capture_output=True, text=True, check=False, timeout=patient(20))
    assert done.returncode == 0, done.stdout + done.stderr
    values = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("[")]
    # it may have booted less than the weight's 40 ms ago, and the last beat grows old
    values[3] = values[3] & ~registers.BEATING | registers.STEADY
    assert values == [twin.nonce, SHUT, 0, registers.STEADY | registers.GATE_SHUT | registers.FLAP_LOCKED, 0, 1]
    refused = subprocess.run([*command, "-r", "90", "-c", "1", port], capture_output=True, text=True, check=False, timeout=patient(20))
    assert "Illegal data address" in refused.stdout + refused.stderr


def test_clients_come_and_go(twin: Twin) -> None:
    twin.start()
    for _ in range(5):
        twin.rest()
        twin.hang_up()
    assert twin.running.poll() is None


def test_a_client_sees_the_hang_up_and_the_name_leads_to_the_next_twin(twin: Twin) -> None:
    twin.start()
    twin.rest()
    camera = twin.camera_url()
    line = os.open(twin.state / "intake", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    twin.running.kill()
    twin.dead()
    assert heard(line) == b""
    os.close(line)
    twin.start()
    assert twin.rest()["boots"] == 2
    assert twin.camera_url() == camera


def test_killed_between_fall_and_count_it_fell_and_was_not_counted(twin: Twin) -> None:
    twin.start(DIES_BEFORE_THE_COUNT)
    twin.rest()
    twin.item_in(1)
    twin.send(CMD_SORT, 2, bin_number=1)
    assert twin.dead() == -signal.SIGKILL
    twin.start()
    now = twin.rest(boots=2)
    assert (now["sorted"], now["counted"], now["totaliser"], now["taken"]) == (2, 0, 0, 2)
    assert not now["sensors"] & registers.OCCUPIED
    assert [(line["event"], line["sequence"]) for line in twin.metal()] == [("in", None), ("fell", 2)]
    twin.send(CMD_RETURN, 3)
    assert twin.rest(taken=3)["back"] == 0


@pytest.mark.parametrize("after", [False, True], ids=["before it left the chamber", "in the air"])
def test_killed_in_mid_drop_the_item_is_where_it_was(twin: Twin, after: bool) -> None:
    twin.start(DIES_AT_THE_FALL.replace("{after}", str(after)))
    twin.rest()
    twin.item_in(1)
    twin.send(CMD_SORT, 2, bin_number=1)
    assert twin.dead() == -signal.SIGKILL
    twin.start()
    now = twin.rest(boots=2, taken=2, sorted=2, counted=0, totaliser=0)
    assert bool(now["sensors"] & registers.OCCUPIED) is not after
    twin.send(CMD_RETURN, 3)
    assert twin.rest(taken=3)["back"] == (0 if after else 3)
    assert [line["event"] for line in twin.metal()] == ["in", "fell" if after else "back"]
    assert twin.item_in(4)["sensors"] & registers.METAL, "the next person is the scenario's second"


def test_lines_on_its_standard_input_act_and_wrong_ones_are_told(twin: Twin) -> None:
    twin.scenario.write_text("", encoding="utf-8")
    twin.start()
    twin.rest()
    assert twin.running.stderr is not None
    twin.say("put nothing_known")
    twin.say("put pet_blue_50 roll 40")
    assert "standard input, line 1: found the item 'nothing_known'" in twin.running.stderr.readline()
    twin.item_in(1)
    assert [(line["item"], line["roll_deg"], line["scenario"]) for line in twin.metal() if "item" in line] == [("pet_blue_50", 40.0, False)]


def test_its_end_of_standard_input_is_not_its_end(twin: Twin) -> None:
    twin.start()
    assert twin.running.stdin is not None
    twin.running.stdin.close()
    twin.rest()
    twin.item_in(1)
    assert twin.stop() == 0


def test_a_request_that_is_lost_is_never_taken_and_one_that_is_doubled_is_taken_once(twin: Twin) -> None:
    twin.start()
    twin.rest()
    twin.hang_up()
    twin.say("line lose 1")
    twin.say("line double 1")
    client = twin.connect(timeout_s=0.3)
    with pytest.raises(ModbusIOException):
        client.write_registers(registers.COMMAND_START, [CMD_OPEN, 0, 0, 1], device_id=registers.UNIT)
    assert not client.write_registers(registers.COMMAND_START, [CMD_RETURN, 0, 0, 1], device_id=registers.UNIT).isError()
    twin.hang_up()
    now = twin.rest(taken=1, back=0)
    assert now["answer"] == registers.ANSWER_STALE, "its double was refused"


def test_an_answer_that_is_garbled_leaves_the_command_taken(twin: Twin) -> None:
    twin.scenario.write_text("", encoding="utf-8")
    twin.start()
    twin.rest()
    twin.hang_up()
    twin.say("line garble 1")
    with pytest.raises(ModbusIOException):
        twin.connect(timeout_s=0.3).write_registers(registers.COMMAND_START, [CMD_OPEN, 0, 0, 1], device_id=registers.UNIT)
    twin.rest(state=OPEN, taken=1)


def test_a_late_answer_carries_the_nonce_of_its_own_question(twin: Twin) -> None:
    """Who waits no more hears it all the same, and takes it for the answer to the next question: hence the nonce."""
    twin.scenario.write_text("line late 1500\n", encoding="utf-8")
    twin.start()
    client = twin.connect(timeout_s=0.3)
    with pytest.raises(ModbusIOException):
        client.readwrite_registers(read_address=0, read_count=1, write_address=registers.BEAT_START, values=[11], device_id=registers.UNIT)
    assert client.socket is not None
    client.socket.timeout = 10
    assert client.socket.read(7) == framed(bytes((registers.UNIT, 23, 2, 0, 11)))


@pytest.mark.parametrize(
    "line", ["line drop 1", "line twice 1", "line short 1", "line garble 1", "line mute 1", "line lose 1", "line late 900"]
)
def test_the_kiosks_own_bus_refuses_what_a_bad_line_leaves_and_goes_on(twin: Twin, line: str) -> None:
    twin.start()
    twin.rest()
    twin.hang_up()
    bus = ModbusBus(twin.state / "intake")
    bus.open()
    twin.say(line)
    with pytest.raises(NoAnswer):
        bus.read(1)
    assert bus.read(2).boots == 1
    bus.close()


def test_under_lasting_noise_the_bus_reads_right_or_nothing(twin: Twin) -> None:
    """Each answer that it believes holds its question's nonce; that it hears some of both shows that the line is noisy and no wall."""
    twin.scenario.write_text("line noise 4\n", encoding="utf-8")
    twin.start()
    bus = ModbusBus(twin.state / "intake", timeout_s=0.05)
    bus.open()
    right = wrong = 0
    while right < 40 or wrong < 5:
        try:
            hot = bus.read(right)
        except NoAnswer:
            wrong += 1
        else:
            right += 1
            assert (hot.state, hot.boots, hot.totaliser, hot.weight_g) == (ControllerState.SHUT, 1, 0, 0)
    twin.say("line right")
    wait_until(lambda: _read(bus))
    assert [bus.read(beat).boots for beat in range(20)] == [1] * 20
    bus.close()


def _read(bus: ModbusBus) -> HotBlock | None:
    try:
        return bus.read(1)
    except NoAnswer:
        return None


def test_a_controller_reset_in_mid_drop_is_silent_comes_back_and_has_not_counted_what_fell(twin: Twin) -> None:
    twin.scenario.write_text("reset at beam 400\nput glass_brown_33\nput pet_blue_50\n", encoding="utf-8")
    twin.start()
    twin.rest()
    twin.item_in(1)
    twin.send(CMD_SORT, 2, bin_number=1)
    twin.hang_up()
    bus = ModbusBus(twin.state / "intake", timeout_s=0.05)
    bus.open()
    wait_until(lambda: _read(bus) is None)
    wait_until(lambda: (hot := _read(bus)) is not None and hot.boots == 2 and hot.at_rest)
    hot = bus.read(3)
    assert (hot.sorted, hot.counted, hot.totaliser, hot.occupied, hot.flap_locked) == (2, 0, 0, False, True)
    assert [(line["event"], line["sequence"]) for line in twin.metal()] == [("in", None), ("fell", 2)]
    bus.close()
    twin.item_in(3)
    twin.send(CMD_SORT, 4, bin_number=2)
    twin.rest(counted=4, totaliser=1)


def test_a_camera_that_is_unplugged_hangs_up_and_comes_back(twin: Twin) -> None:
    twin.start()
    twin.rest()
    with requests.get(twin.camera_url(), stream=True, timeout=patient(10)) as stream:
        frames = stream.iter_content(4096)
        assert next(frames)
        twin.say("camera off")
        with suppress(requests.RequestException):
            for _ in frames:
                pass
    with pytest.raises(requests.RequestException):
        requests.get(twin.camera_url(), stream=True, timeout=patient(10))
    twin.say("camera right")
    wait_until(lambda: _streams(twin.camera_url()))


def _streams(url: str) -> bool:
    try:
        with requests.get(url, stream=True, timeout=patient(10)) as stream:
            return bool(next(stream.iter_content(1024), b""))
    except requests.RequestException:
        return False


def test_two_things_at_once_are_shown_one_after_the_other(twin: Twin) -> None:
    twin.scenario.write_text("put pet_blue_50 roll 0 with can_33\n", encoding="utf-8")
    twin.start()
    twin.rest()
    now = twin.item_in(1)
    assert now["weight_g"] > 23
    assert now["sensors"] & registers.METAL
    codes = set()
    with requests.get(twin.camera_url(), stream=True, timeout=patient(10)) as stream:
        for part in stream.iter_lines(delimiter=b"--look\r\n"):
            codes.add(hashlib.sha256(part).digest())
            if len(codes) > 12:
                break
    assert len(codes) > 12, "eight looks of each"


def test_two_twins_do_not_share_a_folder(twin: Twin) -> None:
    twin.start()
    other = twin.begin()
    _, errors = other.communicate(timeout=patient(30))
    assert other.returncode != 0
    assert "TwinRuns" in errors


def test_a_scenario_with_a_wrong_line_never_starts(twin: Twin) -> None:
    twin.scenario.write_text("put pet_blue_50\nput pet_blue_5O\n", encoding="utf-8")
    process = twin.begin()
    _, errors = process.communicate(timeout=patient(30))
    assert process.returncode != 0
    assert "scenario, line 2: found the item 'pet_blue_5O', allowed is one of" in errors
    assert not (twin.state / "metal.jsonl").exists()


def test_its_ticket_printer_prints_and_its_faults_are_lines_like_all_others(tmp_path: Path) -> None:
    nobody = tmp_path / "nobody"
    nobody.write_text("")
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path), str(nobody), "3"], stdin=subprocess.PIPE, text=True, cwd=ROOT, bufsize=1
    ) as twin:
        assert twin.stdin is not None
        wait_until((tmp_path / "port").exists)
        clock = AssumedClock()
        printer = EscPos(lambda: serial(str(tmp_path / "printer"), 19200, clock), clock)
        assert printer.state() == PrinterState(Paper.ENOUGH)
        drawn = Bitmap(384, 30, bytes(range(48)) * 30)
        assert printer.print_picture(drawn) is None
        assert read_pbm(tmp_path / "tickets" / "0001.pbm") == drawn
        twin.stdin.write("printer paper out\n")
        wait_until(lambda: printer.state().paper is Paper.OUT)
        twin.stdin.write("printer plug out\n")
        wait_until(lambda: not (tmp_path / "printer").is_symlink())
        twin.terminate()
