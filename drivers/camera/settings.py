"""What is asked of a V4L2 device (resolution, exposure, focus), and what it did not take: values. How it is asked is in ``controls.py``."""

from dataclasses import dataclass
from enum import StrEnum

from config.settings import Camera


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What is asked of a device. None: the device chooses. ``focus`` has no unit; larger is nearer (V4L2_CID_FOCUS_ABSOLUTE)."""

    width: int
    height: int
    exposure_ms: float | None = None
    focus: int | None = None


def device_settings(camera: Camera) -> DeviceSettings:
    """What is asked of the camera; what is left automatic has no value."""
    return DeviceSettings(
        camera.width,
        camera.height,
        exposure_ms=None if camera.exposure_auto else camera.exposure_ms,
        focus=None if camera.focus_auto else camera.focus,
    )


class Setting(StrEnum):
    WIDTH = "width"
    HEIGHT = "height"
    EXPOSURE_AUTO = "exposure_auto"
    EXPOSURE_MS = "exposure_ms"
    FOCUS_AUTO = "focus_auto"
    FOCUS = "focus"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A setting that reads back as another value than was asked; ``got`` None: the device has no such control. Automatic is 1, else 0."""

    setting: Setting
    asked: float
    got: float | None
