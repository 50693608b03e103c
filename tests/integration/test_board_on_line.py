"""The controller's program on a board's pins, asked over a pseudo-terminal by the kiosk's own bus; under this Python, and under MicroPython."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import firmware
from config.vocabulary import SequenceNumber
from drivers.intake.bus import Calibration, Command, CommandCode, ControllerFault, ControllerState, Felt, HotBlock
from drivers.intake.modbus import ModbusBus
from drivers.intake.wiring_table import PAGE
from firmware.start import Program
from integration.test_firmware_on_micropython import PACKAGE, TESTS, loader
from timing import patient
from wires.pico import Pico

__all__ = ["loader"]

RUNNER = """
import fs from 'fs';
import { loadMicroPython } from './node_modules/PACKAGE/micropython.mjs';
const python = await loadMicroPython({ heapsize: 16 * 1024 * 1024, stdout: line => console.error(line) });
const folders = new Set();
for (const [name, path] of Object.entries(JSON.parse(process.argv[2]))) {
  const folder = '/app/' + name.split('/')[0];
  for (const one of ['/app', folder]) if (!folders.has(one)) { folders.add(one); python.FS.mkdir(one); }
  python.FS.writeFile('/app/' + name, fs.readFileSync(path));
}
python.runPython(`
import binascii, sys
assert sys.implementation[0] == 'micropython'
sys.path.append('/app')
from firmware.start import Program
from wires.pico import Pico
pico = Pico()
program = Program(pico, pico, '/controller.bin')
def turn(us, heard):
    pico.coming += bytes.fromhex(heard)
    pico.pass_us(us)
    program.turn()
    return binascii.hexlify(pico.said()).decode()
`);
const turn = python.globals.get('turn');
console.error('ready');
let heard = '', since = process.hrtime.bigint();
const more = () => fs.read(0, Buffer.alloc(512), 0, 512, null, (error, count, bytes) => {
  if (error) process.exit(0);
  heard += bytes.subarray(0, count).toString('hex');
  more();
});
more();
setInterval(() => {
  const now = process.hrtime.bigint();
  const taken = heard;
  heard = '';
  const said = turn(Number((now - since) / 1000n), taken);
  since = now;
  if (said) fs.writeSync(1, Buffer.from(said, 'hex'));
}, 2);
"""


@contextmanager
def pty() -> Iterator[tuple[int, Path]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        yield master, Path(os.ttyname(slave))
    finally:
        os.close(slave)
        os.close(master)


@contextmanager
def board(memory: Path) -> Iterator[Path]:
    """The program in a thread of this process, on a Pico whose clock follows the real one."""
    over = threading.Event()

    def serve(master: int) -> None:
        pico = Pico()
        program = Program(pico, pico, str(memory), str(memory.with_name("calibration.bin")))
        os.set_blocking(master, False)
        since = time.monotonic_ns()
        while not over.wait(0.002):
            with suppress(BlockingIOError):
                pico.coming += os.read(master, 512)
            now = time.monotonic_ns()
            pico.pass_us((now - since) // 1000)
            since = now
            program.turn()
            if said := pico.said():
                os.write(master, said)

    with pty() as (master, port):
        thread = threading.Thread(target=serve, args=(master,))
        thread.start()
        try:
            yield port
        finally:
            over.set()
            thread.join()


@contextmanager
def board_under_micropython(folder: Path) -> Iterator[Path]:
    """The same in a process of its own, under MicroPython."""
    runner = folder / "board.mjs"
    runner.write_text(RUNNER.replace("PACKAGE", PACKAGE), encoding="utf-8")
    files = {f"firmware/{source.name}": str(source) for source in Path(firmware.__file__).parent.glob("*.py")}
    files["wires/pico.py"] = str(TESTS / "wires" / "pico.py")
    with pty() as (master, port):
        process = subprocess.Popen(["node", runner, json.dumps(files)], stdin=master, stdout=master, stderr=subprocess.PIPE)
        with process:
            assert process.stderr is not None
            assert process.stderr.readline() == b"ready\n"
            try:
                yield port
            finally:
                process.kill()


def asked(port: Path) -> None:
    """What a kiosk asks of a board: who it is, what it sees, and that it opens its gate."""
    bus = ModbusBus(port, timeout_s=patient(0.5))
    bus.open()
    try:
        identity = bus.identity()
        assert identity.controller_id.to_bytes(8) == b"\xe6\x60\x38\xb7\x13\x4a\x55\x2b"
        assert (identity.bins, identity.demonstration) == (2, False)
        hot = seen(bus, lambda hot: hot.state is ControllerState.SHUT and hot.beating)
        assert (hot.fault, hot.weight_g, hot.door_open, hot.flap_locked) == (ControllerFault.NONE, 0, False, True)
        set_to = Calibration(-12, 0.9873, (880, 1020))
        bus.calibrate(set_to)
        assert bus.felt() == Felt(0, set_to)
        assert bus.read(9).weight_g == 12
        bus.light(40)
        health = bus.health()
        assert health.lamp_percent == 40
        assert health.supply_mv == pytest.approx(12_000, abs=30)
        bus.write(Command(CommandCode.OPEN, SequenceNumber(hot.taken + 1)))
        hot = seen(bus, lambda hot: hot.state is ControllerState.OPEN)
        assert (hot.gate_open, hot.gate_shut, hot.taken) == (True, False, 1)
    finally:
        bus.close()


def seen(bus: ModbusBus, holds: Callable[[HotBlock], bool]) -> HotBlock:
    """Reads, and so beats, until it is so."""
    for beat in range(1, 2000):
        if holds(hot := bus.read(beat)):
            return hot
    pytest.fail("it never was so")


def test_the_kiosk_finds_a_board_on_the_line_and_opens_its_gate(tmp_path: Path) -> None:
    with board(tmp_path / "controller.bin") as port:
        asked(port)


@pytest.mark.long
def test_the_kiosk_finds_a_board_under_micropython_and_so_does_the_command_of_the_page(loader: Path) -> None:
    with board_under_micropython(loader.parent) as port:
        asked(port)
        command = re.search(r"^    (mbpoll .*) /dev/consigne-intake$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
        assert command is not None
        if shutil.which("mbpoll") is None:
            pytest.skip("mbpoll is not installed")
        done = subprocess.run([*command[1].split(), str(port)], capture_output=True, text=True, check=False, timeout=patient(10))
        assert re.findall(r"^\[(\d+)\]:\s+(\d+)", done.stdout, re.MULTILINE)[-1] == ("38", "2"), done.stdout + done.stderr
