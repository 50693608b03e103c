"""A hostile relay on a serial line: two real pseudo-terminals, and between them frames that are dropped, doubled, delayed, swapped,
truncated, merged and replayed, by a seed.

The kiosk opens ``port``; behind it the relay asks whoever answers at ``beyond``. A frame is what comes between two silences, as on RTU. Both
ways have troubles of their own; of old frames those that carry a command are kept apart, so that an old Sort is replayed as often as an
old reading.
"""

import heapq
import os
import random
import select
import threading
import time
import tty
from collections import Counter, deque
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

SILENCE_S = 0.003
"""So long after its last byte a frame has ended."""

LATE_S = (0.005, 0.6)
"""Beyond the driver's time-out and the line that it drains after one."""

REMEMBERED = 40
"""Of each kind so many frames may come again."""

WRITE_MANY = 16
IDLE_S = 0.05

TROUBLES = ("drop", "double", "delay", "swap", "truncate", "merge", "replay")


class Way:
    """One direction. ``carry`` gives what of a frame goes on: how late, and the bytes."""

    def __init__(self, chance: random.Random) -> None:
        self.happened: Counter[str] = Counter()
        self.share = 0.0
        self._chance = chance
        self._waits: tuple[str, bytes] | None = None
        self._old: dict[bool, deque[bytes]] = {True: deque(maxlen=REMEMBERED), False: deque(maxlen=REMEMBERED)}

    def carry(self, frame: bytes) -> list[tuple[float, bytes]]:
        self.happened["frames"] += 1
        waits, self._waits = self._waits, None
        out = self._troubled(frame)
        self._old[is_command(frame)].append(frame)
        if waits is None:
            return out
        how, before = waits
        if how == "merge" and out:
            late_s, data = out[0]
            return [(late_s, before + data), *out[1:]]
        return [*out, (0.0, before)]

    def _troubled(self, frame: bytes) -> list[tuple[float, bytes]]:
        trouble = self._chance.choice(TROUBLES) if self._chance.random() < self.share else "none"
        self.happened[trouble] += 1
        match trouble:
            case "drop":
                return []
            case "double":
                return [(0.0, frame), (SILENCE_S, frame)]
            case "delay":
                return [(self._chance.uniform(*LATE_S), frame)]
            case "swap" | "merge":
                self._waits = trouble, frame
                return []
            case "truncate":
                return [(0.0, frame[: self._chance.randrange(1, len(frame))] if len(frame) > 1 else b"")]
            case "replay":
                return [(0.0, self._older()), (2 * SILENCE_S, frame)]
            case _:
                return [(0.0, frame)]

    def _older(self) -> bytes:
        commands = bool(self._old[True]) and self._chance.random() < 0.5
        self.happened["replayed commands"] += commands
        old = self._old[commands]
        return self._chance.choice(list(old)) if old else b""


def is_command(frame: bytes) -> bool:
    return len(frame) > 1 and frame[1] == WRITE_MANY


class Relay:
    """Runs in a thread of its own from ``with`` to its end. ``hostile`` sets which share of the frames has trouble."""

    def __init__(self, port: Path, beyond: Path, seed: int) -> None:
        self._port = port
        self._beyond = beyond
        self.to_controller, self.to_kiosk = Way(random.Random(seed)), Way(random.Random(seed + 1))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="relay")
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._far: int | None = None
        self._heard: dict[int, tuple[bytes, float]] = {}
        self._due: list[tuple[float, int, bool, bytes]] = []
        self._order = count()

    def hostile(self, share: float) -> None:
        self.to_controller.share = self.to_kiosk.share = share

    def happened(self) -> Counter[str]:
        return self.to_controller.happened + self.to_kiosk.happened

    def __enter__(self) -> Self:
        self._port.symlink_to(os.ttyname(self._slave))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self._port.unlink()
        os.close(self._master)
        os.close(self._slave)
        if self._far is not None:
            os.close(self._far)

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._reach()
            ends = [self._master] if self._far is None else [self._master, self._far]
            for end in select.select(ends, [], [], self._patience())[0]:
                self._hear(end)
            self._pass_on()

    def _reach(self) -> None:
        """Whoever answers beyond; nobody may be there yet, or no more."""
        if self._far is None:
            with suppress(OSError):
                self._far = os.open(self._beyond, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
                tty.setraw(self._far)

    def _hear(self, end: int) -> None:
        try:
            data = os.read(end, 4096)
        except OSError:
            data = b""
        if data:
            self._heard[end] = self._heard.get(end, (b"", 0.0))[0] + data, time.monotonic()
        elif end == self._far:
            os.close(end)
            self._far = None

    def _pass_on(self) -> None:
        now = time.monotonic()
        for end, (frame, heard_at) in list(self._heard.items()):
            if now - heard_at >= SILENCE_S:
                del self._heard[end]
                forth = end == self._master
                for late_s, data in (self.to_controller if forth else self.to_kiosk).carry(frame):
                    heapq.heappush(self._due, (now + late_s, next(self._order), forth, data))
        while self._due and self._due[0][0] <= now:
            _, _, forth, data = heapq.heappop(self._due)
            onward = self._far if forth else self._master
            if onward is not None and data:
                with suppress(OSError):
                    os.write(onward, data)

    def _patience(self) -> float:
        now = time.monotonic()
        dues = [heard_at + SILENCE_S for _, heard_at in self._heard.values()] + [due[0] for due in self._due[:1]]
        return max(0.0, min([now + IDLE_S, *dues]) - now)
