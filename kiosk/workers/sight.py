"""The thread that looks: takes frames while an item settles, reads them, and judges once it lies still. It alone asks and keeps what verdicts remember. Opens no camera, knows no money."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, assert_never

from config.clock import Clock
from config.vocabulary import Gtin
from drivers.camera.worker import CameraGone, Frame
from kiosk.deposit.actions import Dismiss, Judge, Remember, SightAction
from kiosk.deposit.actions import Watch as BeginLook
from kiosk.deposit.events import Judged, Pictured
from kiosk.material import Materials
from recognition.catalogue.entry import Entry
from recognition.history import Passed
from recognition.judge import agreed, enough, judge
from recognition.policy import Learning, Policy
from recognition.shape.scene import Scene
from recognition.shown import OF_ITS_CODE, shown
from recognition.verdict import Evidence, Learnt, Look, Taken

if TYPE_CHECKING:
    from recognition.material import Logits
    from recognition.shape.look import Seen

IDLE_S = 0.25
"""How often the thread turns to the empty chamber while nobody asks it anything."""

NEXT_FRAME_S = 0.1
"""How long one wait for a frame may hold the thread before it looks into its inbox again."""


class FrameSource(Protocol):
    """The camera as this thread needs it; see ``drivers.camera.Camera``."""

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None: ...
    def set_pace(self, in_visit: bool) -> None: ...


class Memory(Protocol):
    """What was taken before, as this thread needs it; see ``kiosk.remembered.Remembered``."""

    def before(self, visit: str | None) -> tuple[Taken, ...]: ...
    def learnt(self, gtin: Gtin, rules: Learning) -> Learnt | None: ...
    def add(self, one: Passed) -> None: ...
    def keep(self) -> None: ...


class Products(Protocol):
    """What codes stand for, as this thread needs it; see ``kiosk.catalogue.products.Products``."""

    def find(self, gtin: Gtin) -> Entry | None: ...
    def credited(self, gtin: Gtin | None) -> None: ...
    def keep(self) -> None: ...


class ChamberSeen(Protocol):
    """The chamber beside what lies in it; see ``kiosk.workers.chamber.Chamber``."""

    def seen(self, frame: Frame, before: "Seen | None") -> "Seen | None": ...
    def seen_in_the_dark(self, last: Frame) -> Scene | None: ...
    def idle(self, hurried: Callable[[], bool]) -> None: ...


class NoProducts:
    """Where there is no catalogue."""

    def find(self, gtin: Gtin) -> Entry | None:  # noqa: ARG002 - the protocol's
        return None

    def credited(self, gtin: Gtin | None) -> None:
        """Nobody is to hear of it."""

    def keep(self) -> None:
        """There is nothing."""


@dataclass(frozen=True, slots=True)
class VisitOver:
    """Nobody is there any more: what is to be remembered has time to be kept."""


Asked = SightAction | VisitOver


@dataclass(slots=True)
class _Item:
    """The item being looked at. ``blind``: the camera went away, whatever was seen of it before. ``last``: the frame of the last of ``looks``. ``seen``: its outline in the last look, for the next to be compared with. ``jumped``: it was weighed twice, and differently."""

    number: int
    from_s: float
    last: Frame | None = None
    blind: bool = False
    looks: list[Look] = field(default_factory=list)
    pictured: "list[Logits]" = field(default_factory=list)
    seen: "Seen | None" = None
    still: Judge | None = None
    jumped: bool = False
    still_since_s: float = 0.0


class SightWorker(threading.Thread):
    def __init__(
        self,
        camera: FrameSource,
        policy: Policy,
        clock: Clock,
        post: Callable[[Judged | Pictured], None],
        memory: Memory,
        products: Products | None = None,
        chamber: ChamberSeen | None = None,
        materials: Materials | None = None,
    ) -> None:
        super().__init__(name="sight", daemon=True)
        self._camera = camera
        self._policy = policy
        self._clock = clock
        self._post = post
        self._memory = memory
        self._products = products or NoProducts()
        self._chamber = chamber
        self._materials = materials
        self._inbox: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._item: _Item | None = None
        self._in_visit = False

    def perform(self, action: SightAction) -> None:
        self._inbox.put(action)

    def set_pace(self, in_visit: bool) -> None:
        """Whether somebody is there: the camera's pace, and that its sharpness is looked at only on the empty chamber. Called by the runner's thread alone."""
        self._camera.set_pace(in_visit)
        if self._in_visit and not in_visit:
            self._inbox.put(VisitOver())
        self._in_visit = in_visit

    def stop(self) -> None:
        self._inbox.put(None)

    def run(self) -> None:
        while True:
            try:
                asked = self._next()
            except queue.Empty:
                self._look()
                continue
            if asked is None:
                self._keep()
                return
            self._begin(asked)
            self._decide()

    def _next(self) -> Asked | None:
        """What is asked next. Raises queue.Empty while there is something to look at: an item, or the chamber without one."""
        if self._looking():
            return self._inbox.get_nowait()
        return self._inbox.get(timeout=IDLE_S if self._chamber is not None and self._item is None else None)

    def _keep(self) -> None:
        self._memory.keep()
        self._products.keep()

    def _looking(self) -> bool:
        return self._item is not None and not self._seen_enough(self._item)

    def _seen_enough(self, item: _Item) -> bool:
        """Where the empty chamber is known, not before one look has shown what lies there: those of an item that is still being put in say nothing of it."""
        lies_there = item.seen is None or any(look.scene is not None for look in item.looks)
        return item.blind or (lies_there and enough(item.looks, self._policy))

    def _begin(self, asked: Asked) -> None:
        now_s = self._clock.monotonic()
        match asked:
            case BeginLook(number):
                self._item = _Item(number, from_s=now_s)
            case Judge(number):
                if self._item is not None and self._item.number == number:
                    before = self._item.still
                    self._item.jumped |= before is not None and abs(before.weight_g - asked.weight_g) > 2 * self._policy.scale_g
                    self._item.still, self._item.still_since_s = asked, now_s
            case Dismiss():
                self._item = None
            case Remember(intent):
                self._memory.add(Passed(intent.gtin, intent.material, intent.weight_g, intent.visit))
                self._products.credited(intent.gtin)
            case VisitOver():
                self._keep()
            case _:
                assert_never(asked)

    def _look(self) -> None:
        """One more frame. Only those count that were certainly taken after the item came in: never one of the item before."""
        # the decoders bring OpenCV: they are loaded while the first bottle comes to rest, and no start waits for them
        from recognition.codes.cascade import read_look

        item = self._item
        if item is None:
            if self._chamber is not None:
                self._chamber.idle(lambda: not self._inbox.empty())
            return
        try:
            frame = self._camera.wait(0 if item.last is None else item.last.number, item.from_s, NEXT_FRAME_S)
        except CameraGone:
            item.blind = True
        else:
            if frame is not None:
                item.last = frame
                look = read_look(frame.image, frame.number, item.looks)
                item.looks.append(replace(look, scene=self._scene(item, frame)))
                self._picture(item, frame)
        self._decide()

    def _picture(self, item: _Item, frame: Frame) -> None:
        """What it is made of, by its picture: of looks alone that show it as it lies, and nothing of a machine that does not see well."""
        scene = item.looks[-1].scene
        if self._materials is not None and scene is not None and scene.sure and scene.present:
            found = self._materials.look(frame, len(item.pictured))
            if found is not None:
                item.pictured.append(found)

    def _scene(self, item: _Item, frame: Frame) -> Scene | None:
        """What lies there, by its outline, where the empty chamber is known. Before it has come to rest neither a hand, a motion nor an empty chamber is said of it: it is still being put in."""
        item.seen = None if self._chamber is None else self._chamber.seen(frame, item.seen)
        if item.seen is None:
            return None
        scene = item.seen.scene
        at_rest = item.still is not None and frame.monotonic_s >= item.still_since_s
        return scene if at_rest or (scene.present and scene.still is True and not scene.hand) else None

    def _decide(self) -> None:
        """The verdict, once it lies still and enough was seen. Without a camera it is the machine's fault, not the bottle's."""
        item = self._item
        if item is None or item.still is None or not self._seen_enough(item):
            return
        looks = () if item.blind else tuple(item.looks)
        evidence = self._evidence(item, item.still, looks)
        self._item = None
        verdict = judge(evidence, self._policy)
        if verdict.accepted and item.last is not None and (dark := self._in_the_dark(item.last)) is not None:
            verdict = judge(replace(evidence, looks=(*looks, dark)), self._policy)
        took_ms = (self._clock.monotonic() - item.still_since_s) * 1000
        self._post(Judged(item.number, verdict, took_ms))
        if looks and item.last is not None and verdict.reasons and verdict.reasons[0] in OF_ITS_CODE:
            # once the verdict is on its way; what it was made of, so the picture is not read again
            self._post(Pictured(item.number, shown(item.last.image, looks[-1].codes)))

    def _in_the_dark(self, last: Frame) -> Look | None:
        """One look without the lamp, of what would be taken otherwise: of what is handed back nobody need know whether it shines."""
        scene = None if self._chamber is None else self._chamber.seen_in_the_dark(last)
        return None if scene is None else Look(last.number + 1, frozenset(), scene=scene)

    def _evidence(self, item: _Item, still: Judge, looks: tuple[Look, ...]) -> Evidence:
        """What was seen and weighed, beside what is known of its code and of what came before."""
        gtin, learning = agreed(looks, self._policy), self._policy.learning
        return Evidence(
            looks,
            still.weight_g,
            still.metal,
            item.jumped,
            material=() if self._materials is None else self._materials.vote(item.pictured),
            entry=None if gtin is None else self._products.find(gtin),
            learnt=None if gtin is None or learning is None else self._memory.learnt(gtin, learning),
            before=self._memory.before(still.visit),
        )
