"""The thread that looks: takes frames while an item settles, reads them, and judges once it lies still. Opens no camera, knows no money."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from config.clock import Clock
from drivers.camera import Frame
from kiosk.deposit.actions import Dismiss, Judge
from kiosk.deposit.actions import Look as BeginLook
from kiosk.deposit.events import Judged
from recognition.barcode import read_look
from recognition.judge import enough, judge
from recognition.verdict import Evidence, Look, Policy

NEXT_FRAME_S = 0.1
"""How long one wait for a frame may hold the thread before it looks into its inbox again."""

NO_PICTURE_S = 2.0
"""An item that lies still this long without a single frame is handed back for the camera's sake."""


class Frames(Protocol):
    """The camera as this thread needs it."""

    def newer(self, than: float, timeout_s: float) -> Frame | None:
        """The newest frame that arrived after ``than`` (monotonic seconds), or None when none came in time."""
        ...


@dataclass(slots=True)
class _Item:
    """The item being looked at."""

    number: int
    seen_until: float
    looks: list[Look] = field(default_factory=list)
    still: Judge | None = None
    still_since: float = 0.0


class SightWorker(threading.Thread):
    def __init__(self, camera: Frames, policy: Policy, clock: Clock, post: Callable[[Judged], None]) -> None:
        super().__init__(name="sight", daemon=True)
        self._camera = camera
        self._policy = policy
        self._clock = clock
        self._post = post
        self._inbox: queue.SimpleQueue[BeginLook | Judge | Dismiss | None] = queue.SimpleQueue()
        self._item: _Item | None = None

    def perform(self, action: BeginLook | Judge | Dismiss) -> None:
        self._inbox.put(action)

    def stop(self) -> None:
        self._inbox.put(None)

    def run(self) -> None:
        while True:
            try:
                asked = self._inbox.get(block=not self._looking())
            except queue.Empty:
                self._look()
                continue
            if asked is None:
                return
            self._begin(asked)
            self._decide()

    def _looking(self) -> bool:
        return self._item is not None and not enough(self._item.looks, self._policy)

    def _begin(self, asked: BeginLook | Judge | Dismiss) -> None:
        now = self._clock.monotonic()
        match asked:
            case BeginLook(item):
                self._item = _Item(item, seen_until=now)
            case Judge(item):
                if self._item is not None and self._item.number == item:
                    self._item.still, self._item.still_since = asked, now
            case Dismiss():
                self._item = None
            case _:
                assert_never(asked)

    def _look(self) -> None:
        """One more frame, of those that arrived since the last."""
        item = self._item
        if item is None:
            return
        frame = self._camera.newer(item.seen_until, NEXT_FRAME_S)
        if frame is not None:
            item.seen_until = frame.monotonic_s
            item.looks.append(read_look(frame.image, frame.number))
        self._decide()

    def _decide(self) -> None:
        """The verdict, once it lies still and enough was seen, or when no picture comes."""
        item = self._item
        if item is None or item.still is None:
            return
        waited_s = self._clock.monotonic() - item.still_since
        if not enough(item.looks, self._policy) and not (waited_s > NO_PICTURE_S and not item.looks):
            return
        evidence = Evidence(tuple(item.looks), item.still.weight_g, item.still.metal)
        self._item = None
        self._post(Judged(item.number, judge(evidence, self._policy), waited_s * 1000))
