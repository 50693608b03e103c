"""What is set on a V4L2 device and what it did not take, on a stand-in that keeps to the rules of OpenCV's V4L2 backend and of a USB camera.

No real device is here. The rules are those of OpenCV's modules/videoio/src/cap_v4l.cpp: a size counts once both its numbers were
given, controls are the driver's own integers, ``set`` is False for a control that is missing or refuses, ``get`` is then -1, and a
value that the driver clamps is no error.
"""

from dataclasses import dataclass

import cv2
import pytest

from drivers.camera.controls import set_up
from drivers.camera.settings import DeviceSettings, NotTaken, Setting


@dataclass
class Control:
    """A control of the driver; ``held_by`` is the automatic that refuses a new value, with the values of it that let go."""

    value: int
    least: int
    most: int
    choices: frozenset[int] | None = None
    held_by: int | None = None
    free_at: frozenset[int] = frozenset()


class UsbCamera:
    """Sizes of 1280 x 720 and 640 x 480, exposure modes 1 and 3, and a focus that can be set while its automatic is off."""

    sizes = ((1280, 720), (640, 480))

    def __init__(self) -> None:
        self.calls: list[tuple[int, float]] = []
        self.size = (640, 480)
        self._asked: dict[int, int] = {}
        self.controls = {
            cv2.CAP_PROP_AUTO_EXPOSURE: Control(3, 0, 3, frozenset({1, 3})),
            cv2.CAP_PROP_EXPOSURE: Control(156, 3, 2047, held_by=cv2.CAP_PROP_AUTO_EXPOSURE, free_at=frozenset({1})),
            cv2.CAP_PROP_AUTOFOCUS: Control(1, 0, 1),
            cv2.CAP_PROP_FOCUS: Control(0, 0, 250, held_by=cv2.CAP_PROP_AUTOFOCUS, free_at=frozenset({0})),
        }

    def set(self, propId: int, value: float) -> bool:  # noqa: N803 - OpenCV's name
        self.calls.append((propId, value))
        if propId in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT):
            self._asked[propId] = round(value)
            if len(self._asked) == 2:
                asked = (self._asked[cv2.CAP_PROP_FRAME_WIDTH], self._asked[cv2.CAP_PROP_FRAME_HEIGHT])
                self.size = min(self.sizes, key=lambda size: abs(size[0] - asked[0]) + abs(size[1] - asked[1]))
                self._asked = {}
            return True
        control = self.controls.get(propId)
        if control is None or (control.choices is not None and round(value) not in control.choices):
            return False
        if control.held_by is not None and self.controls[control.held_by].value not in control.free_at:
            return False
        control.value = min(max(round(value), control.least), control.most)
        return True

    def get(self, propId: int) -> float:  # noqa: N803
        if propId == cv2.CAP_PROP_FRAME_WIDTH:
            return self.size[0]
        if propId == cv2.CAP_PROP_FRAME_HEIGHT:
            return self.size[1]
        return self.controls[propId].value if propId in self.controls else -1.0


@pytest.fixture
def device() -> UsbCamera:
    return UsbCamera()


def test_a_device_that_takes_everything_leaves_nothing_to_tell(device: UsbCamera) -> None:
    assert set_up(device, DeviceSettings(1280, 720, exposure_ms=12.5, focus=40)) == ()
    assert device.size == (1280, 720)
    assert {name: control.value for name, control in device.controls.items()} == {
        cv2.CAP_PROP_AUTO_EXPOSURE: 1,
        cv2.CAP_PROP_EXPOSURE: 125,
        cv2.CAP_PROP_AUTOFOCUS: 0,
        cv2.CAP_PROP_FOCUS: 40,
    }


def test_automatic_is_set_even_if_an_earlier_program_left_values(device: UsbCamera) -> None:
    set_up(device, DeviceSettings(1280, 720, exposure_ms=5.0, focus=9))
    assert set_up(device, DeviceSettings(1280, 720)) == ()
    assert device.controls[cv2.CAP_PROP_AUTO_EXPOSURE].value == 3
    assert device.controls[cv2.CAP_PROP_AUTOFOCUS].value == 1


def test_a_device_that_knows_only_full_automatic_gets_that(device: UsbCamera) -> None:
    device.controls[cv2.CAP_PROP_AUTO_EXPOSURE] = Control(1, 0, 1, frozenset({0, 1}))
    assert set_up(device, DeviceSettings(1280, 720)) == ()
    assert device.controls[cv2.CAP_PROP_AUTO_EXPOSURE].value == 0


def test_the_nearest_size_is_told_as_not_the_one_asked(device: UsbCamera) -> None:
    told = set_up(device, DeviceSettings(1920, 1080))
    assert told == (NotTaken(Setting.WIDTH, 1920, 1280), NotTaken(Setting.HEIGHT, 1080, 720))


def test_a_clamped_value_is_told_although_setting_it_succeeded(device: UsbCamera) -> None:
    device.controls[cv2.CAP_PROP_EXPOSURE].most = 2000
    told = set_up(device, DeviceSettings(1280, 720, exposure_ms=500.0, focus=1023))
    assert told == (NotTaken(Setting.EXPOSURE_MS, 500.0, 200.0), NotTaken(Setting.FOCUS, 1023, 250))


def test_a_value_of_a_control_that_is_missing_is_told_without_one(device: UsbCamera) -> None:
    device.controls.clear()
    told = set_up(device, DeviceSettings(1280, 720, exposure_ms=10.0, focus=3))
    assert told == (NotTaken(Setting.EXPOSURE_MS, 10.0, None), NotTaken(Setting.FOCUS, 3, None))


def test_a_device_without_automatic_has_nothing_to_leave_automatic(device: UsbCamera) -> None:
    device.controls.clear()
    assert set_up(device, DeviceSettings(1280, 720)) == ()


def test_an_automatic_that_does_not_let_go_is_told_with_the_value_it_holds(device: UsbCamera) -> None:
    device.controls[cv2.CAP_PROP_AUTO_EXPOSURE].choices = frozenset({3})
    device.controls[cv2.CAP_PROP_EXPOSURE].value = 150
    device.controls[cv2.CAP_PROP_AUTOFOCUS].choices = frozenset({1})
    told = set_up(device, DeviceSettings(1280, 720, exposure_ms=10.0, focus=3))
    assert told == (
        NotTaken(Setting.EXPOSURE_AUTO, 0, 1),
        NotTaken(Setting.EXPOSURE_MS, 10.0, 15.0),
        NotTaken(Setting.FOCUS_AUTO, 0, 1),
        NotTaken(Setting.FOCUS, 3, 0),
    )


def test_an_automatic_that_does_not_come_on_is_told(device: UsbCamera) -> None:
    device.controls[cv2.CAP_PROP_AUTO_EXPOSURE] = Control(1, 1, 1, frozenset({1}))
    device.controls[cv2.CAP_PROP_AUTOFOCUS] = Control(0, 0, 0)
    told = set_up(device, DeviceSettings(1280, 720))
    assert told == (NotTaken(Setting.EXPOSURE_AUTO, 1, 0), NotTaken(Setting.FOCUS_AUTO, 1, 0))


def test_compressed_pictures_and_the_size_are_asked_before_anything_else(device: UsbCamera) -> None:
    set_up(device, DeviceSettings(1280, 720, exposure_ms=10.0, focus=3))
    assert [name for name, _ in device.calls] == [
        cv2.CAP_PROP_FOURCC,
        cv2.CAP_PROP_FRAME_WIDTH,
        cv2.CAP_PROP_FRAME_HEIGHT,
        cv2.CAP_PROP_AUTO_EXPOSURE,
        cv2.CAP_PROP_EXPOSURE,
        cv2.CAP_PROP_AUTOFOCUS,
        cv2.CAP_PROP_FOCUS,
    ]
