"""A launcher that dies without a moment to end anything in takes all of its processes with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from simulation.witnesses import ask_books, ask_metal
from timing import wait_until
from worlds.running import running

STARTS_ONE = """
import os, sys, time
from pathlib import Path
os.environ["PYTHONPATH"] = sys.argv[1]
from simulation.processes import Folders, Processes
folders = Folders(Path(sys.argv[1]))
folders.make()
with Processes(folders) as processes:
    processes.start("child", "child", sys.argv[1])
    time.sleep(600)
"""

SLEEPS = "time.sleep(600)"
IN_A_THREAD = "thread = threading.Thread(target=time.sleep, args=(600,)); thread.start(); thread.join()"
IN_ORDER = "signal.signal(signal.SIGTERM, lambda *_: sys.exit((folder / 'in order').touch()))"
ANEW = "sys.argv[2:] or os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:], 'anew'])"
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@contextmanager
def launched(folder: Path, *command: str | Path) -> Iterator[Callable[[], None]]:
    """A launcher of processes that have to do with this folder. What is given kills it."""
    environment = {"PATH": "/usr/bin:/bin", "CONSIGNE_LANG": "en"}
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(
        [sys.executable, *map(str, command)], env=environment, cwd=folder, stdin=nowhere, stdout=nowhere, stderr=nowhere
    ) as launcher:

        def kill() -> None:
            assert launcher.poll() is None, "it ended by itself"
            launcher.kill()
            launcher.wait()

        try:
            yield kill
        finally:
            launcher.kill()
            for left in running(folder):
                with suppress(ProcessLookupError):
                    os.kill(left, signal.SIGKILL)


def kill_with_child(folder: Path, *lines: str) -> None:
    """Kills a launcher once its child has come to the last of its lines, and waits until that has ended too."""
    child = ["import os, signal, sys, threading, time", "from pathlib import Path", "folder = Path(sys.argv[1])"]
    *before, last = lines
    (folder / "child.py").write_text("\n".join([*child, *before, "(folder / 'ready').touch()", last]))
    with launched(folder, "-c", STARTS_ONE, folder) as kill:
        wait_until((folder / "ready").exists, timeout_s=30)
        kill()
        wait_until(lambda: not running(folder), timeout_s=30)


@pytest.mark.parametrize("last", [SLEEPS, IN_A_THREAD])
def test_a_process_ends_with_its_launcher_whatever_it_waits_for(tmp_path: Path, last: str) -> None:
    kill_with_child(tmp_path, last)


def test_a_process_ends_in_order_when_its_launcher_is_killed(tmp_path: Path) -> None:
    kill_with_child(tmp_path, IN_ORDER, SLEEPS)
    assert (tmp_path / "in order").exists()


def test_a_process_that_began_anew_ends_with_its_launcher_as_well(tmp_path: Path) -> None:
    kill_with_child(tmp_path, ANEW, IN_ORDER, SLEEPS)
    assert (tmp_path / "in order").exists()


@pytest.mark.long
def test_a_process_that_does_not_hear_ends_all_the_same(tmp_path: Path) -> None:
    kill_with_child(tmp_path, DEAF, SLEEPS)


def started(*words: str) -> Callable[[Path], object]:
    return lambda state: running(state, *words)


def there(*names: str) -> Callable[[Path], object]:
    return lambda state: state.joinpath(*names).exists()


def put_in(state: Path) -> object:
    return running(state, "sync") and ask_metal(state / "twin" / "metal.jsonl").put_in > 0


def credited(state: Path) -> object:
    return running(state, "sync") and ask_books(state / "kiosk" / "ledger.db").credited_cents > 0


SIMULATE, DEMO = ("simulate", "--items", "8", "--seed", "3"), ("demo", "--headless")
MOMENTS = {
    "the city of a simulation is being started": (SIMULATE, started("city")),
    "the city of a simulation listens": (SIMULATE, there("city", "port")),
    "the twin of a simulation is being started": (SIMULATE, started("twin")),
    "the twin of a simulation is ready": (SIMULATE, there("twin", "port")),
    "the kiosk of a simulation is being started": (SIMULATE, started("run")),
    "a bottle of a simulation is in the chamber": (SIMULATE, put_in),
    "a bottle of a simulation is credited": (SIMULATE, credited),
    "the twin of a demonstration is ready": (DEMO, there("twin", "port")),
    "the window of a demonstration is being started": (DEMO, started("simulation.demo.window")),
    "a bottle of a demonstration is credited": (DEMO, credited),
}
QUICK = "the kiosk of a simulation is being started", "the window of a demonstration is being started"
"""Every process runs, or is about to; the others take their turn with all that is long."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in MOMENTS])
def test_a_launcher_killed_at_any_moment_leaves_no_process(tmp_path: Path, name: str) -> None:
    command, moment = MOMENTS[name]
    with launched(tmp_path, "-m", "commands", *command, "--state", tmp_path) as kill:
        wait_until(lambda: moment(tmp_path), timeout_s=90)
        kill()
        wait_until(lambda: not running(tmp_path), timeout_s=30)
