"""The thread that looks: takes frames while an item settles, reads them, and judges once it lies still. Opens no camera, knows no money."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from config.clock import Clock
from drivers.camera.worker import CameraGone, Frame
from kiosk.deposit.actions import Dismiss, Judge
from kiosk.deposit.actions import Watch as BeginLook
from kiosk.deposit.events import Judged, Pictured
from recognition.judge import enough, judge
from recognition.policy import Policy
from recognition.shown import OF_ITS_CODE, shown
from recognition.verdict import Evidence, Look

NEXT_FRAME_S = 0.1
"""How long one wait for a frame may hold the thread before it looks into its inbox again."""


class FrameSource(Protocol):
    """The camera as this thread needs it; see ``drivers.camera.Camera``."""

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None: ...
    def set_pace(self, in_visit: bool) -> None: ...


@dataclass(slots=True)
class _Item:
    """The item being looked at. ``blind``: the camera went away, whatever was seen of it before. ``last``: the frame of the last of ``looks``."""

    number: int
    from_s: float
    last: Frame | None = None
    blind: bool = False
    looks: list[Look] = field(default_factory=list)
    still: Judge | None = None
    still_since_s: float = 0.0


class SightWorker(threading.Thread):
    def __init__(self, camera: FrameSource, policy: Policy, clock: Clock, post: Callable[[Judged | Pictured], None]) -> None:
        super().__init__(name="sight", daemon=True)
        self._camera = camera
        self._policy = policy
        self._clock = clock
        self._post = post
        self._inbox: queue.SimpleQueue[BeginLook | Judge | Dismiss | None] = queue.SimpleQueue()
        self._item: _Item | None = None

    def perform(self, action: BeginLook | Judge | Dismiss) -> None:
        self._inbox.put(action)

    def set_pace(self, in_visit: bool) -> None:
        """Whether somebody is there: the camera's pace, and that its sharpness is looked at only on the empty chamber."""
        self._camera.set_pace(in_visit)

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
        return self._item is not None and not self._seen_enough(self._item)

    def _seen_enough(self, item: _Item) -> bool:
        return item.blind or enough(item.looks, self._policy)

    def _begin(self, asked: BeginLook | Judge | Dismiss) -> None:
        now_s = self._clock.monotonic()
        match asked:
            case BeginLook(number):
                self._item = _Item(number, from_s=now_s)
            case Judge(number):
                if self._item is not None and self._item.number == number:
                    self._item.still, self._item.still_since_s = asked, now_s
            case Dismiss():
                self._item = None
            case _:
                assert_never(asked)

    def _look(self) -> None:
        """One more frame. Only those count that were certainly taken after the item came in: never one of the item before."""
        # the decoders bring OpenCV: they are loaded while the first bottle comes to rest, and no start waits for them
        from recognition.codes.cascade import read_look

        item = self._item
        if item is None:
            return
        try:
            frame = self._camera.wait(0 if item.last is None else item.last.number, item.from_s, NEXT_FRAME_S)
        except CameraGone:
            item.blind = True
        else:
            if frame is not None:
                item.last = frame
                item.looks.append(read_look(frame.image, frame.number, item.looks))
        self._decide()

    def _decide(self) -> None:
        """The verdict, once it lies still and enough was seen. Without a camera it is the machine's fault, not the bottle's."""
        item = self._item
        if item is None or item.still is None or not self._seen_enough(item):
            return
        looks = () if item.blind else tuple(item.looks)
        evidence = Evidence(looks, item.still.weight_g, item.still.metal)
        self._item = None
        verdict = judge(evidence, self._policy)
        took_ms = (self._clock.monotonic() - item.still_since_s) * 1000
        self._post(Judged(item.number, verdict, took_ms))
        if looks and item.last is not None and verdict.reasons and verdict.reasons[0] in OF_ITS_CODE:
            # once the verdict is on its way; what it was made of, so the picture is not read again
            self._post(Pictured(item.number, shown(item.last.image, looks[-1].codes)))
