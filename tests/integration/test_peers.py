"""Programs that nobody here wrote on the other end of the wire: mbpoll asks the twin, and a libmodbus server answers our driver."""

import os
import re
import select
import shutil
import subprocess
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import Answer, Command, CommandCode, ControllerState, Identity
from drivers.intake.modbus import ModbusBus
from firmware import registers
from timing import patient, wait_until
from wires.twin_port import ROOT, twin_port

PEERS = ROOT / "tests" / "peers"
WHERE = re.compile(r"^\[(\d+)\]:\s+(\d+)", re.MULTILINE)
"""A line of what mbpoll prints: address and value; a value beyond 32767 is followed by the same as a signed one."""


def read_by_hand() -> list[list[str]]:
    """The arguments of the lines that ``drivers/README.md`` gives to be typed."""
    text = (ROOT / "drivers" / "README.md").read_text(encoding="utf-8")
    (ask,) = re.findall(r'^ {4}ASK="mbpoll (.*)"$', text, re.MULTILINE)
    return [f"{ask} {line}".split() for line in re.findall(r"^ {4}\$ASK (.*? PORT[ \d]*?)(?: {2,}|$)", text, re.MULTILINE)]


def mbpoll(port: Path, arguments: list[str]) -> dict[int, int]:
    """What one call printed, value by address; nothing of a write that was taken."""
    typed = ["mbpoll", *(str(port) if argument == "PORT" else argument for argument in arguments)]
    done = subprocess.run(typed, capture_output=True, text=True, timeout=patient(30), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {int(address): int(value) for address, value in WHERE.findall(done.stdout)}


def value(words: dict[int, int], name: str) -> int:
    register = registers.BY_NAME[name]
    found = [words[register.address + word] for word in range(register.words)]
    return registers.unpack(name, found, register.address)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Path]:
    with twin_port(tmp_path) as port:
        yield port


@pytest.mark.skipif(shutil.which("mbpoll") is None, reason="mbpoll is not installed (script/bootstrap all)")
def test_mbpoll_reads_the_twin_and_moves_it_as_the_readme_says(port: Path) -> None:
    hot_block, identity, health, settings, beat, command = read_by_hand()
    wait_until(lambda: value(mbpoll(port, hot_block), "state") == registers.SHUT)

    hot = mbpoll(port, hot_block)
    assert sorted(hot) == list(range(registers.HOT_START, registers.HOT_START + registers.HOT_COUNT))
    assert (value(hot, "taken"), value(hot, "weight_g"), value(hot, "fault")) == (0, 0, registers.FAULT_NONE)

    who = mbpoll(port, identity)
    assert (value(who, "map_version"), value(who, "bins")) == (registers.MAP_VERSION, 2)
    assert value(who, "controller_id") >> 32 == registers.TWIN_PREFIX

    before = mbpoll(port, health)
    assert (value(before, "lamp_now_percent"), value(before, "watchdog_now_ms")) == (100, 2000)
    assert value(before, "supply_mv") > 10_000
    mbpoll(port, settings)
    after = mbpoll(port, health)
    assert (value(after, "lamp_now_percent"), value(after, "watchdog_now_ms")) == (40, 60_000)

    mbpoll(port, command)
    refused = mbpoll(port, hot_block)
    assert (value(refused, "taken"), value(refused, "answer")) == (0, registers.ANSWER_UNSAFE), "taken without a beat"

    mbpoll(port, beat)
    assert value(mbpoll(port, hot_block), "beat_echo") == 1
    mbpoll(port, command)
    wait_until(lambda: value(mbpoll(port, hot_block), "state") == registers.OPEN)
    assert value(mbpoll(port, hot_block), "taken") == 7


def behind(space: str) -> int:
    """The first address of a space behind all that the table has in it."""
    return max(register.address + register.words for register in registers.TABLE if register.space == space)


@pytest.mark.skipif(shutil.which("mbpoll") is None, reason="mbpoll is not installed (script/bootstrap all)")
def test_mbpoll_is_told_of_an_address_that_is_not_there(port: Path) -> None:
    typed = ["mbpoll", "-m", "rtu", "-a", "1", "-b", "115200", "-P", "none", "-0", "-1", "-t", "3"]
    typed += ["-r", str(behind(registers.INPUT)), "-c", "1", str(port)]
    done = subprocess.run(typed, capture_output=True, text=True, timeout=patient(30), check=False)

    assert "Illegal data address" in done.stdout + done.stderr


@contextmanager
def cable(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Two serial ports with a cable between them."""
    ends, stop = [os.openpty() for _ in range(2)], threading.Event()
    names = []
    for number, (_, slave) in enumerate(ends):
        tty.setraw(slave)
        names.append(folder / f"end{number}")
        names[-1].symlink_to(os.ttyname(slave))
    masters = [master for master, _ in ends]

    def carry() -> None:
        while not stop.is_set():
            for heard in select.select(masters, [], [], 0.02)[0]:
                os.write(masters[1 - masters.index(heard)], os.read(heard, 4096))

    thread = threading.Thread(target=carry, name="cable")
    thread.start()
    try:
        yield names[0], names[1]
    finally:
        stop.set()
        thread.join()
        for end in ends:
            os.close(end[0])
            os.close(end[1])


def has_libmodbus() -> bool:
    """Whether a C compiler and libmodbus's headers are here."""
    if shutil.which("gcc") is None:
        return False
    tried = subprocess.run(["gcc", "-E", "-x", "c", "-"], input=b"#include <modbus/modbus.h>\n", capture_output=True, check=False)
    return tried.returncode == 0


@pytest.fixture(scope="module")
def server_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The libmodbus server, compiled."""
    program = tmp_path_factory.mktemp("peers") / "libmodbus_server"
    subprocess.run(
        [
            "gcc",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-O1",
            f"-DMAP_VERSION={registers.MAP_VERSION}",
            f"-DHOLDING={behind(registers.HOLDING)}",
            f"-DINPUT={behind(registers.INPUT)}",
            "-o",
            program,
            PEERS / "libmodbus_server.c",
            "-lmodbus",
        ],
        check=True,
        timeout=patient(60),
    )
    return program


@pytest.fixture
def bus(server_program: Path, tmp_path: Path) -> Iterator[ModbusBus]:
    """Our driver, with libmodbus on the other end of the cable."""
    with cable(tmp_path) as (here, there), subprocess.Popen([server_program, there], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        bus = ModbusBus(here)
        bus.open()
        yield bus
        bus.close()
        server.terminate()


@pytest.mark.skipif(not has_libmodbus(), reason="gcc or libmodbus-dev is not installed (script/bootstrap all)")
def test_a_libmodbus_server_is_identified_read_and_given_a_command(bus: ModbusBus) -> None:
    assert bus.identity() == Identity(controller_id=0x5457494E00C0FFEE, firmware=(9, 7), map_version=registers.MAP_VERSION, bins=2)

    before = [bus.read(beat) for beat in range(1, 21)]
    assert {(hot.state, hot.weight_g, hot.totaliser, hot.taken) for hot in before} == {(ControllerState.SHUT, 417, 70_000, 0)}

    bus.write(Command(CommandCode.SORT, SequenceNumber(4_000_000_001), Bin(2)))
    after = bus.read(21)
    assert (after.taken, after.sorted, after.answer) == (4_000_000_001, 4_000_000_001, Answer.TAKEN)

    bus.light(35)
    assert bus.health().lamp_percent == 35
