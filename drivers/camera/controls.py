"""Sets up a V4L2 device through OpenCV, and reads back what it took. Opens nothing."""

from typing import Protocol

import cv2

from drivers.camera.settings import DeviceSettings, NotTaken, Setting

EXPOSURE_UNIT_MS = 0.1
"""V4L2_CID_EXPOSURE_ABSOLUTE counts in 100 µs (kernel documentation, Camera Control Reference)."""

EXPOSURE_AUTO, EXPOSURE_MANUAL, EXPOSURE_APERTURE_PRIORITY = 0, 1, 3
"""Of enum v4l2_exposure_auto_type. Most USB cameras know two: 1, and 3 for an exposure time that the camera chooses."""

NO_CONTROL = -1.0
"""What OpenCV's V4L2 backend reads of a control that the device does not have."""


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that settings need."""

    def set(self, propId: int, value: float) -> bool: ...  # noqa: N803 - OpenCV's name
    def get(self, propId: int) -> float: ...  # noqa: N803


def set_up(capture: Capture, settings: DeviceSettings) -> tuple[NotTaken, ...]:
    """Sets a device, reads everything back, and tells what it did not take.

    ``set`` says too little: a driver may clamp a value, and OpenCV then still answers True. Format and size come first, as each
    restarts the stream, the size only once both its numbers were given. Automatic exposure and focus go off before a value is
    set, because drivers refuse or ignore the value otherwise. Values are the device's own, not shares of a range, unless
    the environment sets OPENCV_VIDEOIO_V4L_RANGE_NORMALIZED. (OpenCV, modules/videoio/src/cap_v4l.cpp)
    """
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
    checks = (
        _read_back(capture, Setting.WIDTH, cv2.CAP_PROP_FRAME_WIDTH, settings.width),
        _read_back(capture, Setting.HEIGHT, cv2.CAP_PROP_FRAME_HEIGHT, settings.height),
        *_exposure(capture, settings.exposure_ms),
        *_focus(capture, settings.focus),
    )
    return tuple(check for check in checks if check is not None)


def _exposure(capture: Capture, exposure_ms: float | None) -> list[NotTaken | None]:
    if exposure_ms is None:
        if not capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, EXPOSURE_APERTURE_PRIORITY):
            capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, EXPOSURE_AUTO)
        mode = capture.get(cv2.CAP_PROP_AUTO_EXPOSURE)
        # a device without the control has nothing that could be left automatic
        fine = mode in (EXPOSURE_APERTURE_PRIORITY, EXPOSURE_AUTO, NO_CONTROL)
        return [None if fine else NotTaken(Setting.EXPOSURE_AUTO, 1, 0)]
    capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, EXPOSURE_MANUAL)
    capture.set(cv2.CAP_PROP_EXPOSURE, round(exposure_ms / EXPOSURE_UNIT_MS))
    mode = capture.get(cv2.CAP_PROP_AUTO_EXPOSURE)
    manual = None if mode in (EXPOSURE_MANUAL, NO_CONTROL) else NotTaken(Setting.EXPOSURE_AUTO, 0, 1)
    return [manual, _read_back(capture, Setting.EXPOSURE_MS, cv2.CAP_PROP_EXPOSURE, exposure_ms, EXPOSURE_UNIT_MS)]


def _focus(capture: Capture, focus: int | None) -> list[NotTaken | None]:
    capture.set(cv2.CAP_PROP_AUTOFOCUS, 1 if focus is None else 0)
    mode = capture.get(cv2.CAP_PROP_AUTOFOCUS)
    asked = 1.0 if focus is None else 0.0
    automatic = None if mode in (asked, NO_CONTROL) else NotTaken(Setting.FOCUS_AUTO, asked, mode)
    if focus is None:
        return [automatic]
    capture.set(cv2.CAP_PROP_FOCUS, focus)
    return [automatic, _read_back(capture, Setting.FOCUS, cv2.CAP_PROP_FOCUS, focus)]


def _read_back(capture: Capture, setting: Setting, control: int, asked: float, unit: float = 1.0) -> NotTaken | None:
    got = capture.get(control)
    if got == NO_CONTROL:
        return NotTaken(setting, asked, None)
    return None if round(got) == round(asked / unit) else NotTaken(setting, asked, got * unit)
