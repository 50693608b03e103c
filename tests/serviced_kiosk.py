"""A kiosk in a process of its own, spoken to as a technician does; and one life of it that ends by SIGKILL in the middle of a step.

    python tests/serviced_kiosk.py CONFIGURATION STEP      a kiosk that dies in that step of the self-test

The cut is a wrapper round the kiosk's line and lines; the product knows of none.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.settings import load
from drivers.intake.bus import HotBlock, ServiceLine
from kiosk.app import Kiosk
from kiosk.deposit.view import Screen
from kiosk.face import Lines
from kiosk.selftest.hands import LINES, Chore
from kiosk.selftest.run import chosen
from kiosk.technician import serve_lines
from kiosk.words.catalogue import Words
from timing import patient
from wires.wrapped_line import WrappedLine
from worlds.installation import Installation

Told = Mapping[str, Any]

TEST_WEIGHT_OFF_G = -25
"""The twin's people have a bottle of 525 g, and the technician is asked for 500 g."""


class ServicedKiosk:
    """What it told, and what is said to it. Whatever hands are asked for the twin's people do."""

    def __init__(self, hall: Installation, *command: str) -> None:
        arguments = command or ("-m", "commands", "run", "--lines", "--config", str(hall.folders.configuration))
        self._hall = hall
        self.told: list[Told] = []
        self._lines: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )
        self._reader = threading.Thread(target=self._read, name="lines", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.communicate()

    def say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")

    def until(self, wanted: Callable[[Told], bool]) -> Told:
        """The next line of which it is true; chores on the way are done."""
        while True:
            told = self._lines.get(timeout=patient(60))
            assert told is not None, f"it ended with {self.process.wait()}: {self.told[-2:]}"
            if told.get("service") == "chore":
                self._do(Chore(told["chore"]))
            if wanted(told):
                return told

    def until_screen(self, screen: Screen) -> Told:
        return self.until(lambda told: told.get("screen") == screen)

    def until_parked(self) -> Told:
        return self.until(lambda told: told.get("halt") == "service" and told["visit_number"] is None)

    def until_dead(self) -> int:
        while (told := self._lines.get(timeout=patient(60))) is not None:
            if told.get("service") == "chore":
                self._do(Chore(told["chore"]))
        return self.process.wait()

    def end(self) -> int:
        """Its stdin ends; how it ended."""
        self.process.communicate(timeout=patient(30))
        return self.process.returncode

    @property
    def steps(self) -> dict[str, str]:
        """What became of each step of the self-test so far."""
        return {told["step"]["name"]: told["step"]["result"] for told in self.told if told.get("service") == "step"}

    def _do(self, chore: Chore) -> None:
        self._hall.say(f"scale drift {TEST_WEIGHT_OFF_G if chore is Chore.PUT_WEIGHT else 0}")
        self._hall.say(LINES[chore])
        self.say("ready")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            self.told.append(told)
            self._lines.put(told)
        self._lines.put(None)


class Fuse:
    """Burns through in one step of the self-test: with the first motion in it, or when it has ended and nobody has heard of it yet."""

    def __init__(self, step: str) -> None:
        plan = [planned.name for planned in chosen([step])]
        self._step = step
        self._before = plan[plan.index(step) - 1] if plan.index(step) else ""
        self._armed = False

    def told(self, step: str) -> None:
        if step == self._step:
            die()
        self._armed = step == self._before

    def seen(self, hot: HotBlock) -> None:
        if self._armed and not hot.at_rest:
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FusedLine(WrappedLine):
    def __init__(self, line: ServiceLine, fuse: Fuse) -> None:
        super().__init__(line)
        self._fuse = fuse

    def read(self, beat: int) -> HotBlock:
        hot = super().read(beat)
        self._fuse.seen(hot)
        return hot


class FusedLines(Lines):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__(sys.stdout)
        self._fuse = fuse

    def tell(self, told: Told) -> None:
        if told["service"] == "step":
            self._fuse.told(told["step"]["name"])
        super().tell(told)


def main() -> None:
    configuration, step = Path(sys.argv[1]), sys.argv[2]
    settings, fuse = load(configuration), Fuse(step)
    lines = FusedLines(fuse)
    kiosk = Kiosk(settings, lines.show, lambda line: FusedLine(line, fuse))
    serve_lines(kiosk, settings, lines, sys.stdin, Words("en"))


if __name__ == "__main__":
    main()
