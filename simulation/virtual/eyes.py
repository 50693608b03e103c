"""Camera and recognition on a virtual clock, with pictures: the kiosk's own sight, shown the looks that the twin's camera would give, one a frame's time.

Where codes alone will do, ``sight.py`` is some hundred times quicker.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from config.clock import Clock
from drivers.camera.faults import CameraTrouble
from drivers.camera.worker import CameraGone, Frame
from drivers.twin.camera import FRAME_S, Spoil
from drivers.twin.items import Item
from drivers.twin.looks import empty, render
from kiosk.deposit.events import Judged, Pictured
from kiosk.material import Materials
from kiosk.workers.sight import Memory, Products, SightWorker
from recognition.policy import Policy
from recognition.shape.background import Background, Image
from recognition.shape.look import Seen, seen_in, seen_in_the_dark
from recognition.shape.scene import Scene
from simulation.chamber import decoded, empty_chamber
from simulation.virtual.sight import FAULTS

HALL = 0.01
"""What is left of a lit picture with the lamp off."""


class SeenCamera:
    """Shows one look after the other of what lies there, each once a frame's time; ``turn`` lets the next one be seen."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock
        self._empty = tuple(empty(seed))
        self._looks: Sequence[bytes] = self._empty
        self._number = 0
        self._spoil = Spoil.RIGHT

    def show(self, looks: Sequence[bytes]) -> None:
        """These in turn; none: the empty chamber."""
        self._looks = tuple(looks) or self._empty

    def spoil(self, spoil: Spoil) -> None:
        self._spoil = spoil

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None:  # noqa: ARG002 - the thread's protocol; nobody waits here
        if self._spoil is not Spoil.RIGHT:
            raise CameraGone("the twin's camera", CameraTrouble(FAULTS[self._spoil]))
        self._number += 1
        return Frame(self._number, self._clock.monotonic(), decoded(self._looks[self._number % len(self._looks)]))

    def set_pace(self, in_visit: bool) -> None:
        """There is a frame whenever one is asked for."""


class SeenChamber:
    """The chamber beside what lies in it, as it was when it was empty. Nobody leaves anything there: it is never looked at again."""

    def __init__(self, background: Background, dark: Callable[[], Image]) -> None:
        self._background = background
        self._dark = dark

    def seen(self, frame: Frame, before: Seen | None) -> Seen | None:
        return seen_in(frame.image, self._background, before)

    def seen_in_the_dark(self, last: Frame) -> Scene | None:  # noqa: ARG002 - what lies there has not changed since
        return seen_in_the_dark(self._dark(), self._background)

    def idle(self, hurried: Callable[[], bool]) -> None:
        """It stays as it was."""


class Eyes(SightWorker):
    """The sight's thread without its thread: ``turn`` does what is due by now, and ``due_s`` says when that is next."""

    def __init__(
        self,
        clock: Clock,
        post: Callable[[Judged | Pictured], None],
        *,
        policy: Policy,
        memory: Memory,
        products: Products,
        seed: int,
        materials: Materials | None = None,
    ) -> None:
        self._seen = SeenCamera(seed, clock)
        super().__init__(self._seen, policy, clock, post, memory, products, SeenChamber(empty_chamber(seed), self.without_lamp), materials)
        self._seed = seed
        self._next_s = 0.0
        self._shown: list[list[bytes]] = []
        self._dark: list[Path] = []

    @property
    def due_s(self) -> float | None:
        if not self._inbox.empty():
            return self._clock.monotonic()
        return self._next_s if self._looking() else None

    def turn(self) -> None:
        """What was asked, then one look."""
        while not self._inbox.empty():
            asked = self._inbox.get()
            if asked is not None:
                self._begin(asked)
                self._decide()
        now_s = self._clock.monotonic()
        if self._looking() and now_s >= self._next_s:
            self._next_s = now_s + FRAME_S
            self._look()

    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:  # noqa: ARG002 - the twin's protocol
        return True

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:
        """Beside what is shown already. ``n`` makes the looks of the same item differ from one time to the next."""
        self._shown.append(render(item, self._seed + n, roll_deg))
        self._dark += [side.dark for side in item.pictures if side.dark is not None]
        self._seen.show([look for in_turn in zip(*self._shown, strict=True) for look in in_turn])

    def without_lamp(self) -> Image:
        """Where it was drawn, what lies there with the lamp off; else a hundredth of the light falls in through the gate's gap."""
        if self._dark:
            return np.asarray(cv2.imread(str(self._dark[-1])), np.uint8)
        return np.asarray(cv2.convertScaleAbs(decoded(self._shown[0][0]), alpha=HALL), np.uint8)

    def clear(self) -> None:
        self._shown.clear()
        self._dark.clear()
        self._seen.show(())

    def light(self, percent: int) -> None:
        """The lamp is on whenever the controller is."""

    def spoil(self, spoil: Spoil) -> None:
        self._seen.spoil(spoil)
