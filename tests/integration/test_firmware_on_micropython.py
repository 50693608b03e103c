"""The controller's own tests, the same files, under a real MicroPython (its WebAssembly build, in node)."""

import importlib.util
import inspect
import shutil
import subprocess
from pathlib import Path

import pytest

import firmware
from timing import patient

PACKAGE = "@micropython/micropython-webassembly-pyscript"
VERSION = "1.27.0"

TESTS = Path(__file__).parents[1]
FILES = (
    "test_drop",
    "test_gate",
    "test_sort",
    "test_guard",
    "test_rest",
    "test_trial",
    "test_hold",
    "test_controller",
    "test_controller_chance",
    "test_server_frames",
    "test_board",
    "test_calibration",
)
HELPERS = ("bench", "wire", "bad_frames", "whims", "pico")
"""Of ``tests/wires``."""

LOADER = """
import fs from 'fs';
import { loadMicroPython } from './node_modules/PACKAGE/micropython.mjs';
const python = await loadMicroPython({ heapsize: 16 * 1024 * 1024, stdout: line => console.log(line) });
const [program, ...files] = process.argv.slice(2);
python.FS.mkdir('/app');
python.FS.mkdir('/app/firmware');
python.FS.mkdir('/app/wires');
for (const file of files)
  python.FS.writeFile('/app/' + file.split('=')[0], fs.readFileSync(file.split('=')[1]));
python.runPython(fs.readFileSync(program, 'utf8'));
"""

PROGRAM = """
import os, sys
assert sys.implementation[0] == 'micropython'
sys.path.append('/app')
module = __import__(MODULE)
for number, (name, wants_folder) in enumerate(NAMES):
    folder = '/' + str(number)
    os.mkdir(folder)
    try:
        if wants_folder:
            getattr(module, name)(folder)
        else:
            getattr(module, name)()
        print(name)
    except Exception as error:
        print('FAILED', name)
        sys.print_exception(error, sys.stdout)
"""


def names_in(file: Path) -> list[tuple[str, bool]]:
    """The tests of a file, and whether each wants a folder of its own."""
    spec = importlib.util.spec_from_file_location(f"for_micropython_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = inspect.getmembers(module, inspect.isfunction)
    return [(name, bool(inspect.signature(test).parameters)) for name, test in found if name.startswith("test_")]


@pytest.fixture(scope="module")
def loader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A script for node beside a fetched MicroPython."""
    folder = tmp_path_factory.mktemp("micropython")
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed")
    fetch = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), f"{PACKAGE}@{VERSION}"]
    fetched = subprocess.run(fetch, capture_output=True, text=True, check=False, timeout=patient(90))
    if fetched.returncode != 0:
        pytest.skip(f"MicroPython could not be fetched: {fetched.stderr.strip().splitlines()[-1:]}")
    loader = folder / "loader.mjs"
    loader.write_text(LOADER.replace("PACKAGE", PACKAGE), encoding="utf-8")
    return loader


@pytest.mark.long
@pytest.mark.parametrize("module", FILES)
def test_the_controllers_tests_pass_under_micropython(loader: Path, tmp_path: Path, module: str) -> None:
    file = TESTS / "unit" / f"{module}.py"
    names = names_in(file)
    assert names
    program = tmp_path / "program.py"
    program.write_text(f"MODULE = {module!r}\nNAMES = {names!r}\n{PROGRAM}", encoding="utf-8")
    sources = [f"firmware/{source.name}={source}" for source in sorted(Path(firmware.__file__).parent.glob("*.py"))]
    sources += [f"wires/{helper}.py={TESTS / 'wires' / helper}.py" for helper in HELPERS]
    done = subprocess.run(
        ["node", loader, program, *sources, f"{file.name}={file}"], capture_output=True, text=True, check=False, timeout=100
    )
    passed = (done.returncode, done.stdout.splitlines()) == (0, [name for name, _ in names])
    assert passed, done.stdout[-3000:] + done.stderr[-2000:]
