"""Each reason of the recognition, provoked through the thread that looks, with the real reader and the real outlines on the twin's pictures of its chamber."""

import math
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np
import pytest

from config.settings import Recognition
from config.vocabulary import Flag, Gtin, Material, Reason
from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.camera.worker import CameraGone, Frame
from drivers.twin.looks import empty, seen_through
from kiosk.deposit.actions import Judge, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.workers.sight import NoProducts, SightWorker
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.history import History, Passed
from recognition.judge import ORDER
from recognition.policies import policy_of
from recognition.policy import Policy
from recognition.shape.background import Background, Framing, Image, taken
from recognition.shape.look import Seen, seen_in, seen_in_the_dark
from recognition.shape.scene import Scene
from recognition.verdict import Verdict
from simulation.redteam.pool import POOL
from timing import FakeClock, patient, wait_until
from worlds.scripted_camera import ScriptedCamera, picture

POLICY = policy_of(Recognition(policy="every-vote"), demonstration=True)
TWIN = Framing(0.0, 0.06, 1.0, 0.94, 298.0)
BEER, WINE, PET = Gtin("9520475821661"), Gtin("9520549509532"), Gtin("9520696885275")


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


CHAMBER = [decoded(jpeg) for jpeg in empty(1)]


def shows(name: str, light: float = 1.0) -> Image:
    return decoded(seen_through(cv2.imencode(".jpg", picture(f"{name}.jpg"), [cv2.IMWRITE_JPEG_QUALITY, 97])[1].tobytes(), light, 0.0))


def drawn(name: str) -> Image:
    """Of the red team's pictures: a hand over a bottle whose code can be read, a bottle that stands and is seen from above."""
    return np.asarray(cv2.imread(str(POOL / f"{name}.webp")), np.uint8)


class Known(NoProducts):
    """A catalogue of what the test says."""

    def __init__(self, *entries: Entry) -> None:
        self._entries = {entry.gtin: entry for entry in entries}

    def find(self, gtin: Gtin) -> Entry | None:
        return self._entries.get(gtin)


def entry(gtin: Gtin, packaging: Packaging, empty_g: float | None = None, *, deposit: bool = False) -> Entry:
    return Entry(gtin, "", packaging, None, empty_g, deposit, Source.CITY, date(2026, 11, 1))


@dataclass(frozen=True)
class Case:
    """What lies there, look after look: the last picture stays. ``before``: what was taken in the same visit. ``dark``: with the lamp off; None: nothing shines."""

    pictures: Sequence[Callable[[], Image]]
    weight_g: float
    metal: bool = False
    known: Entry | None = None
    before: tuple[Passed, ...] = ()
    policy: Policy = POLICY
    width_mm: float = 298.0
    dark: Callable[[], Image] | None = None


@dataclass(frozen=True)
class KnownChamber:
    """A chamber of which only the empty picture is known, and what it shows with the lamp off. Nobody looks at it again."""

    background: Background
    dark: Callable[[], Image] | None = None

    def seen(self, frame: Frame, before: Seen | None) -> Seen:
        return seen_in(frame.image, self.background, before)

    def seen_in_the_dark(self, last: Frame) -> Scene | None:
        return None if self.dark is None else seen_in_the_dark(self.dark(), self.background)

    def idle(self, hurried: Callable[[], bool]) -> None:
        return None


def judged(case: Case) -> Verdict:
    clock, camera, told = FakeClock(), ScriptedCamera(), queue.SimpleQueue[Judged]()

    def post(event: Judged | Pictured) -> None:
        if isinstance(event, Judged):
            told.put(event)

    background = Background(taken(CHAMBER, TWIN).mean, replace(TWIN, width_mm=case.width_mm))
    products = Known(*(() if case.known is None else (case.known,)))
    sight = SightWorker(camera, case.policy, clock, post, History(case.before), products, KnownChamber(background, case.dark))
    sight.start()
    sight.perform(Watch(1))
    sight.perform(Judge(1, case.weight_g, metal=case.metal, visit="v"))  # type: ignore[arg-type]
    images = [shown() for shown in case.pictures]
    for number in range(1, case.policy.most_looks + 1):
        camera.frames.put(Frame(number, clock.monotonic(), images[min(number, len(images)) - 1]))
    verdict = told.get(timeout=patient(30)).verdict
    sight.stop()
    sight.join()
    return verdict


def of(name: str, light: float = 1.0) -> tuple[Callable[[], Image], ...]:
    return (lambda: shows(name, light),)


def alike(times: int, gtin: Gtin | None = PET, weight_g: int = 22) -> tuple[Passed, ...]:
    return tuple(Passed(gtin, Material.PLASTIC, weight_g, "v") for _ in range(times))


def beside(name: str, other: str) -> tuple[Callable[[], Image], ...]:
    """Two things in one chamber: what each changes of the empty one, one above the other."""

    def image() -> Image:
        ground = CHAMBER[0].astype(np.int16)
        changed = [np.roll(shows(one).astype(np.int16) - ground, by, axis=0) for one, by in ((name, -150), (other, 150))]
        both: Image = np.clip(ground + changed[0] + changed[1], 0, 255).astype(np.uint8)
        return both

    return (image,)


def rolling() -> tuple[Callable[[], Image], ...]:
    def here() -> Image:
        return shows("glass_brown_33_006")

    def there() -> Image:
        return np.roll(shows("glass_brown_33_048"), 90, axis=1)

    return (here, there) * (POLICY.most_looks // 2)


def with_qr(name: str) -> tuple[Callable[[], Image], ...]:
    """What bears a QR code in the place of a barcode."""

    def image() -> Image:
        modules = np.asarray(cv2.QRCodeEncoder.create().encode("https://example.org/7"), np.uint8)
        code = cv2.copyMakeBorder(
            cv2.resize(modules, (150, 150), interpolation=cv2.INTER_NEAREST), 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255
        )
        marked = shows(name)
        marked[270 : 270 + len(code), 560 : 560 + len(code)] = code[:, :, None]
        return marked

    return (image,)


CASES = {
    Reason.CAN: Case(of("can_33_004"), 13, metal=True),
    Reason.NOT_A_BOTTLE: Case(of("jar_005"), 190),
    Reason.CARTON: Case(of("carton_000"), 32),
    Reason.NOT_EMPTY: Case(of("pet_full_005"), 525),
    Reason.TOO_LIGHT: Case(of("pet_blue_50_352"), 1),
    Reason.WRONG_WEIGHT: Case(of("pet_blue_50_352"), 23, known=entry(Gtin("9520770573142"), Packaging.GLASS_BOTTLE, 210)),
    Reason.DEPOSIT: Case(of("glass_brown_33_006"), 200, known=entry(BEER, Packaging.GLASS_BOTTLE, 200, deposit=True)),
    Reason.TWO_ITEMS: Case(beside("pet_blue_50_352", "pet_blue_50_352"), 46),
    Reason.NOT_SEEN: Case((lambda: CHAMBER[1],), 30),
    Reason.MOVING: Case(rolling(), 200),
    Reason.HAND: Case((lambda: drawn("hand_000"),), 290),
    Reason.TOO_LARGE: Case(of("pet_green_100_003"), 90, width_mm=298 * 1.6),
    Reason.TOO_SMALL: Case(of("glass_clear_25_004"), 40, width_mm=298 * 0.6),
    Reason.REPEATED: Case(of("pet_clear_50_005"), 22, before=alike(24)),
    Reason.NO_CODE: Case(of("glass_green_75_180"), 450, before=alike(3, None, 450)),
    Reason.UNSURE: Case((lambda: drawn("standing_002"),), 32),
    Reason.UNREADABLE: Case(of("cup_100"), 10),
    Reason.TWO_CODES: Case(of("two_at_once_000"), 32),
    Reason.RESTRICTED_CODE: Case((lambda: drawn("restricted_000"),), 22),
    Reason.OTHER_CODE: Case(with_qr("cup_100"), 10),
    Reason.FLAT: Case((lambda: drawn("card_bottle_000"),), 20),
    Reason.SCREEN: Case(of("glass_brown_33_006"), 200, dark=lambda: drawn("phone_000_dark")),
    Reason.SCALE: Case(of("glass_brown_33_006"), math.nan),
    Reason.CAMERA: Case(of("glass_brown_33_006", 0.05), 200),
    Reason.DEMONSTRATION_CODE: Case(of("glass_brown_33_006"), 200, policy=replace(POLICY, refuses_demonstration=True)),
}


@pytest.mark.parametrize(("reason", "case"), CASES.items(), ids=[reason.value for reason in CASES])
def test_each_reason_is_provoked_by_what_lies_there(reason: Reason, case: Case) -> None:
    assert reason in judged(case).reasons


def test_all_reasons_of_the_recognition_are_provoked_but_the_one_that_a_picture_of_the_material_alone_tells() -> None:
    assert set(ORDER) - CASES.keys() == {Reason.OTHER_MATERIAL}


@pytest.mark.parametrize(
    ("name", "weight_g", "material", "flags"),
    [
        ("glass_brown_33_006", 200, Material.GLASS, (Flag.UNKNOWN_PRODUCT,)),
        ("glass_green_75_180", 450, Material.GLASS, (Flag.NO_CODE,)),
        ("glass_green_75_355", 640, Material.GLASS, (Flag.UNKNOWN_PRODUCT,)),
        ("pet_green_100_003", 29, Material.PLASTIC, (Flag.UNKNOWN_PRODUCT,)),
        ("pet_nolabel_000", 20, Material.PLASTIC, (Flag.NO_CODE,)),
    ],
)
def test_what_is_clear_is_taken_and_flagged(name: str, weight_g: int, material: Material, flags: tuple[Flag, ...]) -> None:
    verdict = judged(Case(of(name), weight_g))
    assert (verdict.reasons, verdict.material, verdict.flags) == ((), material, flags)
    assert len(verdict.evidence.looks) <= 3


def test_what_is_still_on_its_way_in_is_not_missing() -> None:
    """The hand is in the gate, and the chamber is empty yet."""
    clock, camera, told = FakeClock(), ScriptedCamera(), queue.SimpleQueue[Judged | Pictured]()
    sight = SightWorker(camera, POLICY, clock, told.put, History(), None, KnownChamber(taken(CHAMBER, TWIN)))
    sight.start()
    sight.perform(Watch(1))
    empty = POLICY.looks_without_code + 1
    for number in range(1, empty + 1):
        camera.frames.put(Frame(number, clock.monotonic(), CHAMBER[number % len(CHAMBER)]))
    wait_until(camera.frames.empty)
    sight.perform(Judge(1, 200, metal=False))
    for number in range(empty + 1, empty + POLICY.most_looks):
        camera.frames.put(Frame(number, clock.monotonic(), shows("glass_brown_33_006")))
    answer = told.get(timeout=patient(30))
    sight.stop()
    sight.join()
    assert isinstance(answer, Judged)
    assert answer.verdict.reasons == ()


def test_a_hand_that_was_there_all_along_is_seen_when_the_bottle_lies_still() -> None:
    """Its looks before say nothing of the bottle, though its code was read in them: they are not enough."""
    clock, camera, told = FakeClock(), ScriptedCamera(), queue.SimpleQueue[Judged | Pictured]()
    sight = SightWorker(camera, POLICY, clock, told.put, History(), None, KnownChamber(taken(CHAMBER, TWIN)))
    sight.start()
    sight.perform(Watch(1))
    for number in range(1, 2 * POLICY.agreeing_looks + 1):
        camera.frames.put(Frame(number, clock.monotonic(), drawn("hand_000")))
    wait_until(camera.frames.empty)
    sight.perform(Judge(1, 200, metal=False))
    for number in range(2 * POLICY.agreeing_looks + 1, 2 * POLICY.most_looks):
        camera.frames.put(Frame(number, clock.monotonic(), drawn("hand_000")))
    answer = told.get(timeout=patient(30))
    sight.stop()
    sight.join()
    assert isinstance(answer, Judged)
    assert answer.verdict.reasons[0] is Reason.HAND


def test_a_camera_that_goes_away_is_to_blame() -> None:
    clock, camera, told = FakeClock(), ScriptedCamera(), queue.SimpleQueue[Judged | Pictured]()
    sight = SightWorker(camera, POLICY, clock, told.put, History(), None, KnownChamber(taken(CHAMBER, TWIN)))
    sight.start()
    sight.perform(Watch(1))
    camera.frames.put(CameraGone("chamber", CameraTrouble(CameraFault.UNPLUGGED, detail="cannot be opened")))
    sight.perform(Judge(1, 200, metal=False))
    answer = told.get(timeout=patient(10))
    sight.stop()
    sight.join()
    assert isinstance(answer, Judged)
    assert answer.verdict.reasons == (Reason.CAMERA,)
