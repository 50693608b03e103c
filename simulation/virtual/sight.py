"""Camera and recognition on a virtual clock: the codes that the chamber's camera would see, judged by the real rules after a stated time.

No look is drawn for a bottle: how well codes are read is measured on pictures elsewhere (``simulate --frames``), and what lies there is told once a side (``outlines.py``), if at all.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from config.clock import Clock
from config.vocabulary import Gtin
from drivers.camera.faults import CameraFault
from drivers.twin.camera import Spoil
from drivers.twin.items import Item
from kiosk.deposit.actions import Dismiss, Judge, Remember, SightAction, Watch
from kiosk.deposit.events import CameraBack, CameraLost, Judged
from recognition.codes.witness import Decoder, Sighting, Witness
from recognition.history import History, Passed
from recognition.judge import judge
from recognition.policy import Policy
from recognition.shape.scene import Scene
from recognition.verdict import Evidence, Look
from simulation.virtual.outlines import Outlines

VERDICT_S = 0.16
"""From lying still to the verdict; the median of runs on rendered pictures."""

NOTICED_S = 2.0
"""How soon a spoilt picture is noticed at the latest."""

SIDE_DEG = 60
"""A code on a round bottle can be read when it is turned away from the camera by less than this."""

FAULTS = {
    Spoil.BLACK: CameraFault.BLACK,
    Spoil.BRIGHT: CameraFault.OVER_EXPOSED,
    Spoil.BLURRED: CameraFault.BLURRED,
    Spoil.FROZEN: CameraFault.FROZEN,
    Spoil.OFF: CameraFault.UNPLUGGED,
    Spoil.SWAPPED: CameraFault.MOVED,
}
"""What the camera's driver calls each."""


def clear_look(frame: int, codes: Iterable[Gtin]) -> Look:
    """A look in which both decoders read these codes."""
    witnesses = [Witness(decoder, module_px=3.0, angle_deg=0.0) for decoder in (Decoder.ZXING, Decoder.ZBAR)]
    return Look(frame, frozenset(Sighting(code, witness) for code in codes for witness in witnesses))


class VirtualSight:
    """What the twin's people show to the camera, and what the kiosk makes of it. ``due_s`` is when something comes of it next. ``outlines``: None: nobody has seen the chamber empty."""

    def __init__(
        self, policy: Policy, clock: Clock, post: Callable[[Judged | CameraLost | CameraBack], None], outlines: Outlines | None = None
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._post = post
        self._outlines = outlines
        self._codes: frozenset[Gtin] = frozenset()
        self._scenes: list[Scene] = []
        self._history = History()
        self._item: int | None = None
        self._judge: Judge | None = None
        self._judge_at_s = 0.0
        self._spoil = Spoil.RIGHT
        self._spoil_at_s: float | None = None

    @property
    def due_s(self) -> float | None:
        dues = [self._judge_at_s if self._judge is not None else None, self._spoil_at_s]
        return min((due for due in dues if due is not None), default=None)

    def turn(self) -> None:
        """Tells what is due by now."""
        now = self._clock.monotonic()
        if self._spoil_at_s is not None and now >= self._spoil_at_s:
            self._spoil_at_s = None
            fault = FAULTS.get(self._spoil)
            self._post(CameraBack() if fault is None else CameraLost(fault))
        if self._judge is not None and now >= self._judge_at_s:
            action, self._judge = self._judge, None
            seen = replace(clear_look(0, self._codes), scene=self._scene())
            looks = (
                () if self._spoil is not Spoil.RIGHT else tuple(replace(seen, frame=frame) for frame in range(self._policy.agreeing_looks))
            )
            evidence = Evidence(looks, action.weight_g, action.metal, before=self._history.before(action.visit))
            self._post(Judged(action.item, judge(evidence, self._policy), 1000 * VERDICT_S))

    def perform(self, action: SightAction) -> None:
        match action:
            case Watch(item):
                self._item = item
            case Judge(item) if item == self._item:
                self._judge = action
                self._judge_at_s = self._clock.monotonic() + VERDICT_S
            case Judge() | Dismiss():
                self._item = self._judge = None
            case Remember(intent):
                self._history.add(Passed(intent.gtin, intent.material, intent.weight_g, intent.visit))

    def set_pace(self, in_visit: bool) -> None:
        """There is no camera whose pace could be set."""

    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:  # noqa: ARG002 - the protocol's
        return True

    def _scene(self) -> Scene | None:
        """Of several things that lie there at once no picture was drawn: they are several."""
        if not self._scenes:
            return None
        return self._scenes[0] if len(self._scenes) == 1 else replace(self._scenes[0], objects=2)

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:  # noqa: ARG002 - the protocol's
        if self._outlines is not None:
            self._scenes.append(self._outlines.of(item, roll_deg))
        turned = abs(((roll_deg or 0) + 180) % 360 - 180)
        if turned < SIDE_DEG:
            self._codes |= {Gtin(code) for code in item.codes}

    def clear(self) -> None:
        self._codes = frozenset()
        self._scenes.clear()

    def light(self, percent: int) -> None:
        """The lamp is on whenever the controller is; a dark chamber is told as a spoilt picture."""

    def spoil(self, spoil: Spoil) -> None:
        self._spoil = spoil
        self._spoil_at_s = self._clock.monotonic() + NOTICED_S
