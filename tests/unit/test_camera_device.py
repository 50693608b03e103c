"""The camera thread on a device of 25 pictures a second, all on a clock that is passed in: pace, stamps, and how soon a fault is told.

The device is a stand-in for ``cv2.VideoCapture`` over V4L2: no real one is here. Its pictures are the twin's; each ``grab`` takes 40 ms
of the clock.
"""

import queue
import threading
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from drivers.camera import source as camera_source
from drivers.camera import worker as camera_module
from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.camera.picture import Image
from drivers.camera.settings import DeviceSettings, NotTaken, Setting
from drivers.camera.source import Device, Source
from drivers.camera.worker import Camera, CameraGone
from drivers.twin.looks import empty, seen_through
from timing import FakeClock, patient, wait_until

FRAME_S = 0.04
EXPOSED_S = 0.01
"""Between a picture's stamp and its arrival."""

PATIENCE_S = patient(20.0)


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


@pytest.fixture(scope="module")
def scenes() -> dict[str, list[Image]]:
    looks = empty(1, count=3)
    return {
        "right": [decoded(jpeg) for jpeg in looks],
        "black": [decoded(seen_through(jpeg, 0.0, 0.0)) for jpeg in looks],
        "bright": [decoded(seen_through(jpeg, 4.0, 0.0)) for jpeg in looks],
        "blurred": [decoded(seen_through(jpeg, 1.0, 4.0)) for jpeg in looks],
        "frozen": [decoded(looks[0])],
    }


class Capture:
    """Shows ``scene`` in turn, from the stated moment on; counts what was grabbed and what was decoded."""

    def __init__(self, clock: FakeClock, scene: list[Image]) -> None:
        self.clock = clock
        self.scene = scene
        self.silent_s: float | None = None
        self.stamp_s: float | None = None
        self.grabbed = 0
        self.decoded = 0
        self.released = False
        self.at: dict[int, Callable[[], None]] = {}

    def grab(self) -> bool:
        self.grabbed += 1
        self.at.pop(self.grabbed, lambda: None)()
        self.clock.advance(FRAME_S if self.silent_s is None else self.silent_s)
        return self.silent_s is None

    def retrieve(self) -> tuple[bool, Image]:
        self.decoded += 1
        return True, self.scene[self.grabbed % len(self.scene)]

    def get(self, propId: int) -> float:  # noqa: N803 - OpenCV's name
        assert propId == cv2.CAP_PROP_POS_MSEC
        return (self.clock.monotonic() - EXPOSED_S if self.stamp_s is None else self.stamp_s) * 1000

    def release(self) -> None:
        self.released = True


class Bench:
    """One camera on one capture; what it told, with the clock's time."""

    def __init__(self, clock: FakeClock, capture: Capture) -> None:
        self.clock = clock
        self.capture = capture
        self.lost: queue.SimpleQueue[tuple[CameraTrouble, float]] = queue.SimpleQueue()
        self.back = threading.Event()
        self.not_taken: list[tuple[NotTaken, ...]] = []
        self.camera = Camera(
            "/dev/video0",
            DeviceSettings(1280, 720),
            clock,
            on_lost=lambda trouble: self.lost.put((trouble, clock.monotonic())),
            on_back=self.back.set,
            on_not_taken=self.not_taken.append,
        )


@pytest.fixture
def bench(clock: FakeClock, scenes: dict[str, list[Image]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    capture = Capture(clock, scenes["right"])
    bench = Bench(clock, capture)

    def opened(name: str, settings: DeviceSettings, clock: FakeClock, place: int) -> tuple[Source, tuple[NotTaken, ...]]:
        assert name == "/dev/video0"
        return Device(capture, clock), (NotTaken(Setting.FOCUS, 40, None),)

    monkeypatch.setattr(camera_source, "open_source", opened)
    monkeypatch.setattr(camera_module, "REOPEN_S", 0.01)
    yield bench
    bench.camera.close()


def test_while_nobody_is_there_two_pictures_a_second_are_decoded_and_none_goes_stale(bench: Bench) -> None:
    bench.camera.start()
    wait_until(lambda: bench.capture.grabbed > 500)
    seconds = bench.capture.grabbed * FRAME_S
    assert 1.5 * seconds < bench.capture.decoded <= 2.0 * seconds + 1


def test_in_a_visit_every_picture_is_decoded(bench: Bench) -> None:
    bench.camera.set_pace(in_visit=True)
    bench.camera.start()
    wait_until(lambda: bench.capture.grabbed > 50)
    bench.camera.close()
    assert bench.capture.decoded == bench.capture.grabbed


def test_a_device_stays_open_while_somebody_waits_for_later_pictures(bench: Bench) -> None:
    bench.camera.start()
    for _ in range(3):
        now_s = bench.clock.monotonic()
        frame = bench.camera.wait(0, now_s, PATIENCE_S)
        assert frame is not None
        assert frame.monotonic_s >= now_s
    assert not bench.capture.released


@pytest.mark.parametrize(
    ("scene", "fault", "in_visit"),
    [
        ("black", CameraFault.BLACK, True),
        ("black", CameraFault.BLACK, False),
        ("bright", CameraFault.OVER_EXPOSED, True),
        ("bright", CameraFault.OVER_EXPOSED, False),
        ("frozen", CameraFault.FROZEN, True),
        ("frozen", CameraFault.FROZEN, False),
        ("blurred", CameraFault.BLURRED, False),
    ],
)
def test_a_fault_is_told_within_two_seconds_of_the_clock(
    bench: Bench, scenes: dict[str, list[Image]], scene: str, fault: CameraFault, in_visit: bool
) -> None:
    began: list[float] = []

    def spoil() -> None:
        began.append(bench.clock.monotonic())
        bench.capture.scene = scenes[scene]

    bench.capture.at[100] = spoil
    bench.camera.set_pace(in_visit)
    bench.camera.start()
    trouble, told_s = bench.lost.get(timeout=PATIENCE_S)
    assert trouble.fault is fault
    assert told_s - began[0] <= 2.0
    bench.capture.scene = scenes["right"]
    assert bench.back.wait(PATIENCE_S)


@pytest.mark.parametrize("in_visit", [True, False])
@pytest.mark.parametrize(("silent_s", "fault"), [(1.0, CameraFault.STALLED), (0.0, CameraFault.UNPLUGGED)])
def test_silence_and_unplugging_are_told_within_two_seconds_of_the_clock(
    bench: Bench, silent_s: float, fault: CameraFault, in_visit: bool
) -> None:
    began: list[float] = []

    def fall_silent() -> None:
        began.append(bench.clock.monotonic())
        bench.capture.silent_s = silent_s

    bench.capture.at[100] = fall_silent
    bench.camera.set_pace(in_visit)
    bench.camera.start()
    trouble, told_s = bench.lost.get(timeout=PATIENCE_S)
    assert trouble.fault is fault
    assert told_s - began[0] <= 2.0
    assert bench.capture.released
    bench.capture.silent_s = None
    assert bench.back.wait(PATIENCE_S)


@pytest.mark.parametrize("off_s", [-5000.0, 5000.0])
def test_a_device_that_stamps_with_another_clock_is_refused(bench: Bench, off_s: float) -> None:
    bench.capture.stamp_s = bench.clock.monotonic() + off_s
    bench.camera.start()
    trouble, _ = bench.lost.get(timeout=PATIENCE_S)
    assert trouble.fault is CameraFault.UNSTAMPED
    with pytest.raises(CameraGone):
        bench.camera.wait(0, 0.0, PATIENCE_S)


def test_what_a_device_does_not_take_is_told_once_however_often_it_is_opened(bench: Bench) -> None:
    bench.capture.at[3] = bench.capture.at[6] = lambda: setattr(bench.capture, "silent_s", 0.0)
    bench.capture.at[4] = bench.capture.at[7] = lambda: setattr(bench.capture, "silent_s", None)
    bench.camera.set_pace(in_visit=True)
    bench.camera.start()
    wait_until(lambda: bench.capture.grabbed > 20)
    assert bench.not_taken == [(NotTaken(Setting.FOCUS, 40, None),)]


def test_a_lent_device_is_let_go_and_not_touched_until_it_comes_back(bench: Bench) -> None:
    bench.camera.start()
    wait_until(lambda: bench.capture.grabbed > 20)
    with bench.camera.lend() as open_lent:
        assert bench.capture.released
        grabbed = bench.capture.grabbed
        source, _ = open_lent()
        source.read()
        assert bench.capture.grabbed == grabbed + 1, "nobody reads beside the borrower"
        assert bench.camera.wait(0, 0.0, 0.0) is None, "what was seen before the loan is old"
    assert bench.camera.wait(0, bench.clock.monotonic(), PATIENCE_S) is not None


def test_a_fault_that_ends_while_the_device_is_lent_is_told_to_be_over_once_it_is_back(
    bench: Bench, scenes: dict[str, list[Image]]
) -> None:
    bench.capture.scene = scenes["black"]
    bench.camera.start()
    bench.lost.get(timeout=PATIENCE_S)
    with bench.camera.lend():
        bench.capture.scene = scenes["right"]
        assert not bench.back.is_set()
    assert bench.back.wait(PATIENCE_S)


def test_a_device_that_is_gone_when_it_comes_back_is_told(bench: Bench) -> None:
    bench.camera.start()
    wait_until(lambda: bench.capture.grabbed > 20)
    with bench.camera.lend():
        bench.capture.silent_s = 0.0
    trouble, _ = bench.lost.get(timeout=PATIENCE_S)
    assert trouble.fault is CameraFault.UNPLUGGED


def test_a_camera_that_ends_while_it_is_lent_keeps_nobody_waiting(bench: Bench) -> None:
    bench.camera.start()
    with bench.camera.lend():
        bench.camera.close()
