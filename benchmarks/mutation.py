"""Whether tests notice small bugs: a seeded sample of mutants, each tried by the tests that matter for its module.

    python -m benchmarks.mutation AREA… [--sample N] [--seed S] [--log FILE] [--then]

Each mutant stands alone in a copy of the tree, and tests run until the first one fails. ``--log`` (one JSON line a mutant) makes it resumable:
what was noticed in the same text is not tried again. ``--then`` tries what survived once more with the slow tests of the area. A mutant that does not end
within CPU_S of processor time or WALL_S is *timed out*, and counted as noticed: something hangs, and a person sees it.
"""

import argparse
import hashlib
import importlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from benchmarks.arguments import at_least
from benchmarks.mutants import Mutant, mutants, siblings

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("city", "commands", "config", "drivers", "kiosk", "ledger", "recognition", "simulation")
CPU_S, WALL_S = 60, 600
"""Processor time tells an endless loop, on a busy machine too; waiting costs none, so there is a wall as well."""

NOT_TRIED: Final = 70
REWRITE: Final = "ignore::pytest.PytestAssertRewriteWarning"
"""Plugins that are loaded already keep their plain assertions."""

HEAVY: Final = (
    *("alembic", "cryptography.hazmat.primitives.asymmetric.ed25519", "cv2", "fastapi", "hypothesis", "jsonschema", "numpy", "pydantic"),
    *("pymodbus.client", "PySide6.QtCore", "pytest", "pyzbar.pyzbar", "requests", "sqlalchemy", "typer", "uvicorn", "zxingcpp"),
)
"""Loaded once: each attempt is a fork of this process, which has imported nothing of the kiosk."""


@dataclass(frozen=True, slots=True)
class Area:
    """``modules`` by the tests that are tried first for them; ``then``: slow tests that look at the area as a whole."""

    modules: Mapping[str, Sequence[str]]
    then: Sequence[str] = ()


DEPOSIT: Final = tuple(f"tests/unit/test_deposit_{name}.py" for name in ("session", "visit", "without_money", "machine", "table"))
JOURNAL: Final = ("tests/unit/test_journal.py", "tests/unit/test_limits.py", "tests/unit/test_vouchers.py", "tests/unit/test_generation.py")
KINDS: Final = ("tests/unit/test_kinds.py", "tests/unit/test_verify.py")
SYNC: Final = (
    "tests/unit/test_sync_pauses.py",
    "tests/integration/test_sync.py",
    "tests/unit/test_contract.py",
    "tests/integration/test_sync_on_the_way.py",
    "tests/integration/test_sync_mark.py",
    "tests/integration/test_wrong_mark.py",
)

AREAS: Final[Mapping[str, Area]] = {
    "session": Area(
        {
            **{
                f"kiosk/deposit/{name}.py": DEPOSIT
                for name in ("answers", "intake", "moves", "obstacles", "states", "step", "view", "visit")
            },
            "kiosk/runner.py": ("tests/unit/test_runner.py",),
            "kiosk/workers/books.py": ("tests/unit/test_books_worker.py",),
        },
        then=("tests/screens/test_troubled_journeys.py", "tests/screens/test_power_cut_journeys.py", "tests/unit/test_exploration.py"),
    ),
    "ledger": Area(
        {
            **{
                f"ledger/{name}.py": JOURNAL
                for name in ("journal", "writer", "books", "drafts", "limits", "vouchers", "generation", "keys")
            },
            "ledger/chain.py": ("tests/unit/test_chain.py", "tests/unit/test_verify.py"),
            "ledger/database.py": ("tests/unit/test_durability.py", *JOURNAL, "tests/unit/test_migrations.py"),
            "ledger/lock.py": ("tests/unit/test_ledger_lock.py",),
            "ledger/verify.py": ("tests/unit/test_verify.py", "tests/unit/test_generation.py"),
            "ledger/kinds.py": KINDS,
            **{
                f"ledger/checks/{name}.py": (*KINDS, "tests/unit/test_days.py")
                for name in ("bottles", "days", "file", "kinds", "rows", "visits", "vouchers")
            },
            "ledger/views.py": ("tests/unit/test_verify.py", "tests/unit/test_ledger_export.py", *JOURNAL),
        },
        then=("tests/unit/test_ledger_disk_full.py", "tests/unit/test_journal_machine.py", "tests/unit/test_virtual_time.py"),
    ),
    "sync": Area({f"ledger/sync/{name}.py": SYNC for name in ("rounds", "outbox", "answers", "uplink", "acknowledged")}),
    "verdict": Area(
        {
            "recognition/judge.py": ("tests/unit/test_judge.py",),
            "recognition/verdict.py": ("tests/unit/test_judge.py",),
            "recognition/policies.py": ("tests/unit/test_judge.py",),
            "recognition/gtin.py": ("tests/unit/test_gtin.py", "tests/unit/test_judge.py"),
            "kiosk/workers/sight.py": ("tests/unit/test_sight.py",),
        }
    ),
    "driver": Area(
        {
            "drivers/intake/following.py": ("tests/unit/test_intake_core.py", "tests/unit/test_intake_machine.py"),
            "drivers/intake/worker.py": ("tests/unit/test_intake_worker.py", "tests/unit/test_intake_machine.py"),
            "drivers/intake/bus.py": ("tests/unit/test_intake_core.py", "tests/unit/test_intake_worker.py"),
        },
        then=("tests/integration/test_hanging_runner.py", "tests/unit/test_virtual_time.py"),
    ),
}


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"


class Log:
    """What became of which mutant, by its text and by the text of its module."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Fate] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                told = json.loads(line)
                self._known[told["key"]] = Fate(told["fate"])

    def fate(self, key: str) -> Fate | None:
        return self._known.get(key)

    def note(self, key: str, mutant: Mutant, fate: Fate) -> None:
        self._known[key] = fate
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "fate": fate, "mutant": str(mutant)}, ensure_ascii=False) + "\n")


class Copy:
    """A copy of the tree, in which one module at a time is another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
        for name in told.stdout.splitlines():
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def attempt(self, mutant: Mutant, tests: Sequence[str]) -> Fate:
        path = self.folder / mutant.path
        before = path.stat()
        whole = path.read_bytes()
        path.write_bytes(mutant.applied(whole))
        try:
            return self.run(tests)
        finally:
            path.write_bytes(whole)
            # as old as its compiled form says
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def run(self, tests: Sequence[str]) -> Fate:
        child = os.fork()
        if child == 0:
            self._test(tests)
        until = time.monotonic() + WALL_S
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
            if time.monotonic() > until:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return Fate.TIMED_OUT
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what its tests may have left running
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
            return Fate.TIMED_OUT
        code = os.waitstatus_to_exitcode(status)
        assert code != NOT_TRIED, (self.folder / "said.txt").read_text()[-2000:]
        return Fate.KILLED if code else Fate.SURVIVED

    def _test(self, tests: Sequence[str]) -> None:
        """In the fork, which ends with it."""
        code = NOT_TRIED
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 5))
            os.chdir(self.folder)
            sys.path[0] = str(self.folder)
            sys.dont_write_bytecode = True
            said = os.open(self.folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            code = int(
                importlib.import_module("pytest").main(["-x", "-q", "-p", "no:cacheprovider", "-W", REWRITE, "-m", "not long", *tests])
            )
        finally:
            if code == NOT_TRIED:
                sys.excepthook(*sys.exc_info())
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def chosen(root: Path, area: Area, sample: int, seed: str) -> list[Mutant]:
    """A seeded sample of all mutants of an area, in the order of the text."""
    enums = siblings(root, PACKAGES)
    offered = [mutant for name in area.modules for mutant in mutants(name, (root / name).read_bytes(), enums)]
    drawn = random.Random(seed).sample(offered, min(sample, len(offered)))
    return sorted(drawn, key=lambda mutant: (mutant.path, mutant.at, mutant.new))


def key_of(root: Path, mutant: Mutant, tests: Iterable[str]) -> str:
    """Another text of the module, other tests, or another bug: another key."""
    facts = [str(mutant), str(mutant.at), mutant.new, (root / mutant.path).read_text(encoding="utf-8"), *tests]
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:24]


def try_all(copy: Copy, drawn: Sequence[Mutant], tests_of: Mapping[str, Sequence[str]], log: Log) -> dict[Mutant, Fate]:
    fates: dict[Mutant, Fate] = {}
    for mutant in drawn:
        tests = tests_of[mutant.path]
        key = key_of(copy.folder, mutant, tests)
        fate = log.fate(key)
        if fate in {None, Fate.SURVIVED}:
            fate = copy.attempt(mutant, tests)
            log.note(key, mutant, fate)
        fates[mutant] = fate
        if fate is not Fate.KILLED:
            print(f"{fate}: {mutant}", flush=True)
    return fates


def look_at(name: str, copy: Copy, sample: int, seed: int, log: Log, then: bool) -> None:
    area = AREAS[name]
    drawn = chosen(copy.folder, area, sample, f"{seed}/{name}")
    for tests in dict.fromkeys(tuple(tests) for tests in area.modules.values()):
        assert copy.run(tests) is Fate.SURVIVED, f"without any bug these fail: {tests}\n{(copy.folder / 'said.txt').read_text()[-2000:]}"
    fates = try_all(copy, drawn, area.modules, log)
    if then and area.then:
        survivors = [mutant for mutant, fate in fates.items() if fate is Fate.SURVIVED]
        fates |= try_all(copy, survivors, dict.fromkeys(area.modules, area.then), log)
    found = Counter(fates.values())
    print(f"{name}: {len(drawn)} mutants, " + ", ".join(f"{found[fate]} {fate}" for fate in Fate), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("area", nargs="+", choices=AREAS)
    parser.add_argument("--sample", type=at_least(1), default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--then", action="store_true")
    asked = parser.parse_args()
    for module in HEAVY:
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for name in asked.area:
            look_at(name, copy, asked.sample, asked.seed, Log(asked.log), asked.then)


if __name__ == "__main__":
    main()
