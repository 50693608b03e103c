"""A camera that hands out what the test put in, in order: real pictures of the twin's chamber."""

import queue

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.worker import CameraGone, Frame
from drivers.twin.items import PICTURES
from timing import FakeClock


def picture(name: str) -> NDArray[np.uint8]:
    image = cv2.imread(str(PICTURES / name))
    assert image is not None
    return image.astype(np.uint8, copy=False)


class ScriptedCamera:
    """Hands out what the test put in, in order; remembers since when frames were wanted."""

    def __init__(self) -> None:
        self.frames: queue.SimpleQueue[Frame | CameraGone] = queue.SimpleQueue()
        self.wanted_since: list[float] = []
        self.paces: list[bool] = []

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame | None:
        self.wanted_since.append(taken_from_s)
        try:
            frame = self.frames.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if isinstance(frame, CameraGone):
            raise frame
        return frame if frame.number > after and frame.monotonic_s >= taken_from_s else None

    def set_pace(self, in_visit: bool) -> None:
        self.paces.append(in_visit)


def see(camera: ScriptedCamera, clock: FakeClock, name: str, numbers: range) -> None:
    for number in numbers:
        camera.frames.put(Frame(number, clock.monotonic(), picture(name)))
