"""The controller's program under a real MicroPython: boot, one bottle, its record, and a record that is refused."""

import shutil
import subprocess
from pathlib import Path

import pytest

import firmware

PACKAGE = "@micropython/micropython-webassembly-pyscript"
VERSION = "1.27.0"

LOADER = """
import fs from 'fs';
import { loadMicroPython } from './node_modules/PACKAGE/micropython.mjs';
const python = await loadMicroPython({ stdout: line => console.log(line) });
const [folder, program] = process.argv.slice(2);
python.FS.mkdir('/app');
python.FS.mkdir('/app/firmware');
for (const name of fs.readdirSync(folder).filter(name => name.endsWith('.py')))
  python.FS.writeFile('/app/firmware/' + name, fs.readFileSync(folder + '/' + name));
python.runPython(fs.readFileSync(program, 'utf8'));
"""

PROGRAM = """
import os, sys
sys.path.append('/app')
os.chdir('/app')
from firmware import registers
from firmware.controller import Controller
from firmware.metal import Metal, Sensors
from firmware.server import Server, crc16, framed
from firmware.store import Store, StoreBroken

assert sys.implementation[0] == 'micropython'

class Clock:
    now = 0

class Bench(Metal):
    def __init__(self):
        self.seen = dict(weight_g=0, occupied=False, metal=False, gate_shut=True, gate_open=False,
                         entry_beam=False, drop_beam=False, flap_locked=True, sorter_bin=1)
        self.driven = []
    def read(self): return Sensors(**self.seen)
    def bin_percent(self, bin_number): return 5
    def drive_gate(self, is_open): self.driven.append('gate')
    def drive_flap(self, is_open): self.driven.append('flap')
    def turn_sorter(self, bin_number): self.driven.append('sorter')

metal = Bench()
controller = Controller(metal, Store('controller.bin'), lambda: Clock.now)
server = Server(controller, (registers.TWIN_PREFIX << 32) | 7, lambda: Clock.now)

def tick(**seen):
    metal.seen.update(seen)
    Clock.now += 2
    controller.tick()

def ask(*body):
    answer = server.feed(framed(bytes(body)))
    assert crc16(answer) == 0, answer
    return list(answer[1:-2])

tick()
tick(occupied=True, weight_g=20)
assert ask(1, 16, 0, 72, 0, 4, 8, 0, 2, 0, 2, 0, 0, 0, 5) == [16, 0, 72, 0, 4]
for seen in (dict(sorter_bin=2), dict(flap_locked=False), dict(occupied=False, weight_g=0),
             dict(drop_beam=True), dict(drop_beam=False), dict(flap_locked=True)):
    tick(**seen)
hot = ask(1, 23, 0, 0, 0, 18, 0, 64, 0, 2, 4, 0, 9, 0, 3)[2:]
assert hot[:2] == [0, 9] and hot[12:28] == [0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 5], hot
assert ask(1, 4, 0, 34, 0, 4)[2:] == [84, 87, 73, 78, 0, 0, 0, 7]
assert ask(1, 3, 0, 18, 0, 1) == [131, 2]
assert metal.driven == ['flap', 'gate', 'sorter', 'flap', 'flap']
assert Controller(Bench(), Store('controller.bin'), lambda: 0).record.values() == (5, 5, 5, 0, 1, 2)
with open('controller.bin', 'wb') as file:
    file.write(b'nothing')
try:
    Store('controller.bin')
except StoreBroken:
    print('all as it should be')
"""


@pytest.mark.long
def test_the_controller_takes_a_bottle_under_micropython(tmp_path: Path) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    fetch = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(tmp_path), f"{PACKAGE}@{VERSION}"]
    fetched = subprocess.run(fetch, capture_output=True, text=True, check=False, timeout=90)
    if fetched.returncode != 0:
        pytest.skip(f"MicroPython could not be fetched: {fetched.stderr.strip().splitlines()[-1:]}")
    loader, program = tmp_path / "loader.mjs", tmp_path / "program.py"
    loader.write_text(LOADER.replace("PACKAGE", PACKAGE), encoding="utf-8")
    program.write_text(PROGRAM, encoding="utf-8")
    folder = Path(firmware.__file__).parent
    done = subprocess.run([node, loader, folder, program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "all as it should be\n"), done.stderr[-2000:]
