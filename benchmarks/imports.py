"""What each command loads: our packages, the large ones of others, and what of a processor it takes.

    python -m benchmarks.imports [--rounds N]

Each command runs in a process of its own, on a ledger that was begun for it; *run* ends where its first page stands and its threads would
begin, *run --lines* with its input, which is empty. What takes long or needs a controller is told by its help. CPU is user and system time of the whole process, the least of the rounds:
other people's load adds to it, and never takes anything away.
"""

import argparse
import os
import resource
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.arguments import at_least
from benchmarks.machine import keep_compiled
from benchmarks.touchscreen import offscreen
from config.system import AssumedClock
from config.vocabulary import Cents
from ledger.generation import Beginning, begin
from ledger.limits import Terms

OURS: Final = (
    *("commands", "config", "drivers.camera", "drivers.intake", "drivers.twin", "firmware", "kiosk", "kiosk.screens", "kiosk.words"),
    *("ledger", "ledger.sync", "recognition", "simulation"),
)
THEIRS: Final = (
    *("PySide6", "alembic", "babel", "cryptography", "cv2", "numpy", "pydantic", "pymodbus", "pyzbar", "requests", "rich", "segno"),
    *("sqlalchemy", "typer", "zxingcpp"),
)

CHILD = """
import atexit, sys
into, before = sys.argv[1:3]
sys.argv[:3] = ["consigne"]
atexit.register(lambda: open(into, "w").write("\\n".join(sys.modules)))
exec(before)
from commands.cli import main
main()
"""

FIRST_PAGE = """
from contextlib import contextmanager
from commands import run as command

loading = command.loading

@contextmanager
def loading_alone():
    with loading():
        yield
    from kiosk import touchscreen
    touchscreen.serve_beside = lambda *_: None

command.loading = loading_alone
"""
"""``run`` up to where its threads begin; all is loaded in its own order, Qt last."""

Command = tuple[tuple[str, ...], str]

COMMANDS: Final[dict[str, Command]] = {
    "--version": (("--version",), ""),
    "--help": (("--help",), ""),
    "run": (("run", "--config", "{config}"), FIRST_PAGE),
    "run --lines": (("run", "--lines", "--config", "{config}"), ""),
    "sync --once": (("sync", "--once", "--config", "{config}"), ""),
    "ledger balance": (("ledger", "balance", "--config", "{config}"), ""),
    "ledger entries": (("ledger", "entries", "--config", "{config}"), ""),
    "ledger verify": (("ledger", "verify", "--config", "{config}"), ""),
    "ledger export csv": (("ledger", "export", "csv", "--config", "{config}"), ""),
    "simulate --help": (("simulate", "--help"), ""),
    "demo --help": (("demo", "--help"), ""),
    "self-test, no port": (("self-test", "--config", "{config}"), ""),
    "no configuration": (("run", "--config", "nothing.toml"), ""),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The names of all modules when the command had ended, its exit code, and what it took of a processor."""

    modules: frozenset[str]
    code: int
    cpu_ms: float


def begun(folder: Path) -> Path:
    """The configuration of a kiosk whose ledger is begun and whose controller, camera and city are not there."""
    values = {
        "kiosk": {"id": "imports", "state": str(folder)},
        "intake": {"port": str(folder / "no-port")},
        "camera": {"source": str(folder / "no-camera")},
        "reward": {"voucher_page": "https://consigne.example/bon"},
        "city": {"url": "http://127.0.0.1:9"},
    }
    lines = [f"[{section}]\n" + "\n".join(f'{key} = "{value}"' for key, value in keys.items()) for section, keys in values.items()]
    configuration = folder / "kiosk.toml"
    configuration.write_text("\n".join(lines), encoding="utf-8")
    beginning = Beginning("imports", "a benchmark", "what is loaded", 1, 0, demonstration=True)
    terms = Terms(Cents(20), 30, Cents(20_000), "https://consigne.example/bon", 1095)
    begin(folder / "ledger.db", beginning, clock=AssumedClock(), random=secrets, terms=terms)
    return configuration


def loaded(command: Command, configuration: Path) -> Loaded:
    """What a command has loaded when it ends, whatever it ends with."""
    arguments, before = command
    with tempfile.NamedTemporaryFile("r") as into:
        typed = [argument.format(config=configuration) for argument in arguments]
        used = _children_s()
        ended = subprocess.run(
            [sys.executable, "-c", CHILD, into.name, before, *typed],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"QT_QPA_PLATFORM": offscreen(configuration.parent)},
            check=False,
        )
        return Loaded(frozenset(into.read().split("\n")), ended.returncode, 1000 * (_children_s() - used))


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def named(modules: frozenset[str], packages: Sequence[str]) -> list[str]:
    """Which packages are loaded, or a module of them."""
    return [package for package in packages if any(name == package or name.startswith(f"{package}.") for name in modules)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=at_least(1), default=5)
    rounds: int = parser.parse_args().rounds
    keep_compiled()
    print("| command | CPU ms | modules | ours | others' |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="consigne-") as folder:
        configuration = begun(Path(folder))
        for name, command in COMMANDS.items():
            found = min((loaded(command, configuration) for _ in range(rounds)), key=lambda one: one.cpu_ms)
            ours, theirs = (", ".join(named(found.modules, packages)) for packages in (OURS, THEIRS))
            print(f"| {name} | {found.cpu_ms:.0f} | {len(found.modules)} | {ours} | {theirs} |")


if __name__ == "__main__":
    main()
