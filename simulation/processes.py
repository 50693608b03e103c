"""Starts the processes of a kiosk on a twin, waits until each is ready, and ends them. Shared by whatever shows the kiosk without its metal."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kiosk.failures import ProcessFailed
from simulation.lifeline import END_S

CONSIGNE = "commands"
"""The module of ``consigne``, which each process but the city is a command of."""

READY_S = 120.0
"""How long a process may take until it is ready. One that ended is told at once: so long is waited only for one that hangs, or on a busy machine."""

FALLEN_S = 1.0
"""A process whose output has ended may take a moment to be gone, and then its exit code says why."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a run keeps its files."""

    state: Path

    @property
    def configuration(self) -> Path:
        return self.state / "kiosk.toml"

    @property
    def twin(self) -> Path:
        return self.state / "twin"

    @property
    def kiosk(self) -> Path:
        return self.state / "kiosk"

    @property
    def city(self) -> Path:
        return self.state / "city"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def make(self) -> None:
        for folder in (self.twin, self.kiosk, self.city, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


class Processes:
    """The processes of one run. Leaving the context ends them, the last started first; should this process die, their life line does."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._logs: list[IO[str]] = []
        self._line, self._held = os.pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name in reversed(list(self._running)):
            self.end(name)
        for log in self._logs:
            log.close()
        for end in (self._line, self._held):
            os.close(end)

    def start(self, name: str, module: str, *arguments: str) -> None:
        """Runs ``python -m module``; what it says goes to logs/NAME.log."""
        self._start(name, module, arguments, hears=False, talks=False)

    def start_told(self, name: str, module: str, *arguments: str) -> IO[str]:
        """The same for a process that is told things: its stdin."""
        process = self._start(name, module, arguments, hears=True, talks=False)
        if process.stdin is None:
            raise self.failure(name)
        return process.stdin

    def start_talking(self, name: str, module: str, *arguments: str) -> tuple[IO[str], IO[str]]:
        """The same for a process that answers: its stdout and its stdin. Closing its stdin asks it to end."""
        process = self._start(name, module, arguments, hears=True, talks=True)
        if process.stdout is None or process.stdin is None:
            raise self.failure(name)
        return process.stdout, process.stdin

    def _start(self, name: str, module: str, arguments: tuple[str, ...], *, hears: bool, talks: bool) -> subprocess.Popen[str]:
        log = (self._folders.logs / f"{name}.log").open("a", encoding="utf-8")
        self._logs.append(log)
        process = subprocess.Popen(
            # -P: not from the folder it is started in, whose ``city`` or ``kiosk`` would be taken for the package
            [sys.executable, "-P", "-m", "simulation.lifeline", str(self._line), module, *arguments],
            stdin=subprocess.PIPE if hears else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else log,
            stderr=log,
            encoding="utf-8",
            bufsize=1,
            pass_fds=(self._line,),
            # a Ctrl-C is for whoever started them, who ends them in order
            process_group=0,
        )
        self._running[name] = process
        return process

    def end(self, name: str) -> int:
        """Asks a process to end, then makes it; from then on nobody waits for it. Its exit code."""
        process = self._running.pop(name)
        asked = process.stdout is not None and process.stdin is not None and not process.stdin.closed
        if process.stdin is not None:
            process.stdin.close()
        if not asked and process.poll() is None:
            process.terminate()
        try:
            return process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def kill(self, name: str) -> None:
        """What a power cut does to a process: it gets no moment to end in, and from then on nobody waits for it."""
        process = self._running.pop(name)
        process.kill()
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def runs(self, name: str) -> bool:
        """Whether it was started, and neither ended nor made to end."""
        return name in self._running and self._running[name].poll() is None

    def check(self) -> None:
        """Raises ProcessFailed if one of them ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise self.failure(name)

    def failure(self, name: str) -> ProcessFailed:
        try:
            code: int | None = self._running[name].wait(FALLEN_S)
        except subprocess.TimeoutExpired:
            code = None
        log = self._folders.logs / f"{name}.log"
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        return ProcessFailed(name, code, lines[-1] if lines else "", log)

    def wait_until(self, name: str, ready: Callable[[], bool]) -> None:
        """Waits until the process ``name`` is ready. Raises ProcessFailed."""
        until = time.monotonic() + READY_S
        while not ready():
            self.check()
            if time.monotonic() > until:
                raise self.failure(name)
            time.sleep(0.02)


def write_configuration(folders: Folders, sections: dict[str, dict[str, object]]) -> None:
    """A configuration file of the run's own."""
    lines: list[str] = []
    for section, values in sections.items():
        lines += [f"[{section}]", *(f"{key} = {_toml(value)}" for key, value in values.items()), ""]
    folders.configuration.write_text("\n".join(lines), encoding="utf-8")


def _toml(value: object) -> str:
    """JSON's strings, numbers and booleans are TOML's too."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)
