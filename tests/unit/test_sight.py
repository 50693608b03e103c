"""The thread that looks: which frames it takes, when it judges, and whom it blames without a picture. Real pictures, a scripted camera."""

import queue
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from config.settings import Recognition
from config.vocabulary import Material, Reason
from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.camera.worker import CameraGone, Frame
from kiosk.deposit.actions import Dismiss, Judge, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.workers.sight import SightWorker
from recognition.codes import cascade
from recognition.history import History
from recognition.policies import policy_of
from recognition.shown import WIDTH_PX
from recognition.verdict import Look
from timing import FakeClock, patient, wait_until
from worlds.scripted_camera import ScriptedCamera, picture, see


@pytest.fixture
def camera() -> ScriptedCamera:
    return ScriptedCamera()


@pytest.fixture
def verdicts() -> "queue.SimpleQueue[Judged]":
    return queue.SimpleQueue()


@pytest.fixture
def pictures() -> "queue.SimpleQueue[Pictured]":
    return queue.SimpleQueue()


@pytest.fixture
def sight(
    camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]", pictures: "queue.SimpleQueue[Pictured]"
) -> Iterator[SightWorker]:
    def post(told: Judged | Pictured) -> None:
        if isinstance(told, Judged):
            verdicts.put(told)
        else:
            pictures.put(told)

    worker = SightWorker(camera, policy_of(Recognition(), demonstration=True), clock, post, History())
    worker.start()
    yield worker
    worker.stop()
    worker.join()


def test_two_agreeing_looks_and_the_weight_make_a_verdict(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 3))
    sight.perform(Judge(1, 200, metal=False))
    judged = verdicts.get(timeout=patient(10))
    assert (judged.item, judged.verdict.material, judged.verdict.gtin) == (1, Material.GLASS, "9520475821661")


def test_frames_from_before_the_item_came_in_do_not_count(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    see(camera, clock, "glass_green_75_355.jpg", range(1, 5))
    clock.advance(1.0)
    sight.perform(Watch(1))
    sight.perform(Judge(1, 200, metal=False))
    see(camera, clock, "glass_brown_33_006.jpg", range(5, 7))
    assert verdicts.get(timeout=patient(10)).verdict.gtin == "9520475821661"
    assert set(camera.wanted_since) == {clock.monotonic()}


def test_a_camera_that_goes_away_is_to_blame_and_never_the_bottle(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 2))
    camera.frames.put(CameraGone("chamber", CameraTrouble(CameraFault.UNPLUGGED, detail="cannot be opened")))
    sight.perform(Judge(1, 200, metal=False))
    assert verdicts.get(timeout=patient(10)).verdict.reasons == (Reason.CAMERA,)


def test_an_item_that_was_dismissed_is_not_judged(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    sight.perform(Watch(1))
    sight.perform(Dismiss())
    sight.perform(Judge(1, 200, metal=False))
    sight.perform(Watch(2))
    see(camera, clock, "can_33_004.jpg", range(1, 3))
    sight.perform(Judge(2, 13, metal=True))
    judged = verdicts.get(timeout=patient(10))
    assert (judged.item, judged.verdict.reasons) == (2, (Reason.CAN,))
    assert verdicts.empty()


def test_an_item_that_was_seen_and_then_dismissed_is_not_judged(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 3))
    wait_until(camera.frames.empty)
    sight.perform(Dismiss())
    sight.perform(Judge(1, 200, metal=False))
    sight.stop()
    sight.join()
    assert verdicts.empty()


def test_a_judgement_that_was_asked_of_the_item_before_is_not_of_this_one(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    sight.perform(Watch(2))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 3))
    sight.perform(Judge(1, 13, metal=True))
    wait_until(camera.frames.empty)
    assert verdicts.empty()
    sight.perform(Judge(2, 200, metal=False))
    assert verdicts.get(timeout=patient(10)).verdict.accepted


def test_an_item_is_judged_once_and_the_time_since_it_lay_still_is_told(
    sight: SightWorker, camera: ScriptedCamera, clock: FakeClock, verdicts: "queue.SimpleQueue[Judged]"
) -> None:
    sight.perform(Watch(1))
    sight.perform(Judge(1, 200, metal=False))
    wait_until(lambda: sight._item is not None and sight._item.still is not None)
    clock.advance(2.5)
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 3))
    assert verdicts.get(timeout=patient(10)).verdict_ms == pytest.approx(2500)
    sight.perform(Judge(1, 200, metal=False))
    sight.stop()
    sight.join()
    assert verdicts.empty()


def test_the_camera_is_told_whether_somebody_is_there(sight: SightWorker, camera: ScriptedCamera) -> None:
    sight.set_pace(in_visit=True)
    sight.set_pace(in_visit=False)
    assert camera.paces == [True, False]


def test_a_bottle_refused_for_its_code_is_shown_in_the_last_look_of_its_verdict_and_no_picture_is_read_twice(
    monkeypatch: pytest.MonkeyPatch,
    sight: SightWorker,
    camera: ScriptedCamera,
    clock: FakeClock,
    verdicts: "queue.SimpleQueue[Judged]",
    pictures: "queue.SimpleQueue[Pictured]",
) -> None:
    looked: list[int] = []
    read = cascade.read_look

    def counted(image: NDArray[np.uint8], frame: int, before: Sequence[Look] = ()) -> Look:
        looked.append(frame)
        return read(image, frame, before)

    monkeypatch.setattr(cascade, "read_look", counted)
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_165.jpg", range(1, 8))
    last = picture("glass_brown_33_165.jpg")
    last[:80, :80] = (0, 0, 255)
    camera.frames.put(Frame(8, clock.monotonic(), last))
    wait_until(camera.frames.empty)
    see(camera, clock, "glass_brown_33_006.jpg", range(9, 10))
    sight.perform(Judge(1, 200, metal=False))
    assert verdicts.get(timeout=patient(10)).verdict.reasons == (Reason.UNREADABLE,)
    pictured = pictures.get(timeout=patient(10))
    shown = pictured.shown
    assert looked == list(range(1, 9))
    assert (pictured.item, shown.codes, shown.boxes) == (1, frozenset(), ())
    assert len(shown.rgb) == shown.width * shown.height * 3
    assert shown.rgb[:3] == b"\xff\0\0"
    assert shown.width <= WIDTH_PX
    assert "rgb" not in repr(pictured)


@pytest.mark.parametrize(("weight_g", "metal"), [(600, False), (200, True)])
def test_a_bottle_refused_for_its_weight_or_metal_is_not_shown(
    sight: SightWorker,
    camera: ScriptedCamera,
    clock: FakeClock,
    verdicts: "queue.SimpleQueue[Judged]",
    pictures: "queue.SimpleQueue[Pictured]",
    weight_g: int,
    metal: bool,
) -> None:
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 4))
    sight.perform(Judge(1, weight_g, metal=metal))
    assert not verdicts.get(timeout=patient(10)).verdict.accepted
    sight.stop()
    sight.join()
    assert pictures.empty()


def test_a_camera_that_is_gone_shows_nothing(
    sight: SightWorker,
    camera: ScriptedCamera,
    clock: FakeClock,
    verdicts: "queue.SimpleQueue[Judged]",
    pictures: "queue.SimpleQueue[Pictured]",
) -> None:
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_165.jpg", range(1, 4))
    wait_until(camera.frames.empty)
    camera.frames.put(CameraGone("chamber", CameraTrouble(CameraFault.UNPLUGGED, detail="cannot be opened")))
    sight.perform(Judge(1, 200, metal=False))
    assert verdicts.get(timeout=patient(10)).verdict.reasons == (Reason.CAMERA,)
    sight.stop()
    sight.join()
    assert pictures.empty()
