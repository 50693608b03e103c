"""A phone before the panel, in a hall with hard light: what its camera makes of a page, and whether the code on it can be read there.

The looks are drawn from a seed: the phone is held 30 to 60 cm away and up to 35 degrees askew, by a hand that is not still; a lamp is seen in the
glass, and the hall lies over the panel as a veil that is brighter on one side. No phone's reader can be had here: zxing-cpp
and zbar stand in for it, as two phones that differ. (OpenCV's reads the least, and never what both of them miss.)
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pyzbar import pyzbar

from kiosk.screens.style.theme import Panel

Grey = NDArray[np.uint8]
Light = NDArray[np.float32]

WIDTH_PX, HEIGHT_PX = 1920, 1080
"""What phones hand to a reader while they look for codes."""

FIELD_DEG = 66.0
"""Across the longer side: the main camera of common phones (26 mm on small film)."""

SUPERSAMPLED = 2
GAMMA = 2.2


@dataclass(frozen=True, slots=True)
class Look:
    """One picture taken. Angles in degrees; ``aim`` is what the camera's middle points at, in mm from the code's middle; lights are in the
    panel's white; a lamp is seen ``lamp_mm`` from the code's middle, in two half axes.
    """

    distance_mm: float
    yaw: float
    pitch: float
    roll: float
    aim: tuple[float, float]
    blur_px: float
    shake_px: float
    shake_deg: float
    veil: float
    uneven: float
    uneven_deg: float
    lamp: float
    lamp_mm: tuple[float, float]
    lamp_axes_mm: tuple[float, float]
    lamp_deg: float
    exposure: float
    noise: float
    jpeg: int
    seed: int


def pixels(image: QImage) -> Grey:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def looks(count: int, seed: int) -> Iterator[Look]:
    """So many looks: the first ones are the same, however many."""
    drawn = random.Random(seed)
    for _ in range(count):
        yield Look(
            distance_mm=drawn.uniform(300, 600),
            yaw=drawn.uniform(-35, 35),
            pitch=drawn.uniform(-25, 35),
            roll=drawn.uniform(-20, 20),
            aim=(drawn.uniform(-30, 30), drawn.uniform(-30, 30)),
            blur_px=drawn.uniform(0.4, 1.1),
            shake_px=drawn.uniform(0.0, 2.8),
            shake_deg=drawn.uniform(0, 180),
            veil=drawn.uniform(0.05, 0.6),
            uneven=drawn.uniform(0.0, 0.8),
            uneven_deg=drawn.uniform(0, 360),
            lamp=drawn.choice((0.0, drawn.uniform(0.3, 2.2))),
            lamp_mm=(drawn.uniform(-45, 45), drawn.uniform(-45, 45)),
            lamp_axes_mm=(drawn.uniform(3, 8), drawn.uniform(4, 20)),
            lamp_deg=drawn.uniform(0, 180),
            exposure=drawn.uniform(0.55, 1.1),
            noise=drawn.uniform(2.0, 8.0),
            jpeg=drawn.randint(55, 92),
            seed=drawn.getrandbits(32),
        )


def photograph(page: Grey, panel: Panel, middle: tuple[float, float], look: Look) -> Grey:
    """What the camera hands on of a page; ``middle`` of the code in the page's pixels."""
    light = (page.astype(np.float32) / 255) ** GAMMA + _reflected(page.shape, panel, middle, look)
    onto = _onto_sensor(panel, middle, look)
    left, top, right, bottom = _framed(page.shape, onto)
    finer = np.diag((SUPERSAMPLED, SUPERSAMPLED, 1.0)) @ np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ onto
    size = (right - left, bottom - top)
    seen = cv2.warpPerspective(light, finer, (size[0] * SUPERSAMPLED, size[1] * SUPERSAMPLED), borderValue=0.1)
    seen = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(seen, (0, 0), look.blur_px)
    seen = cv2.filter2D(seen, -1, _shaken(look))
    seen = np.clip(seen * look.exposure / (1 + look.veil), 0, 1) ** (1 / GAMMA) * 255
    seen = seen + np.random.default_rng(look.seed).normal(0, look.noise, seen.shape)
    _, packed = cv2.imencode(".jpg", np.clip(seen, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, look.jpeg])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def read(picture: Grey) -> set[str]:
    """What any of the readers makes of it."""
    found = {code.text for code in zxingcpp.read_barcodes(picture) if code.format == zxingcpp.BarcodeFormat.QRCode}
    return found | {code.data.decode() for code in pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])}


def _reflected(shape: tuple[int, ...], panel: Panel, middle: tuple[float, float], look: Look) -> Light:
    """The hall in the glass: a veil from side to side, and a lamp."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x - middle[0]) / panel.px_per_mm, (y - middle[1]) / panel.px_per_mm
    angle = math.radians(look.uneven_deg)
    along = (x * math.cos(angle) + y * math.sin(angle)) / 60.0
    veil = look.veil * np.clip(1 + look.uneven * along, 0.0, 2.0)
    turned = math.radians(look.lamp_deg)
    u, v = x - look.lamp_mm[0], y - look.lamp_mm[1]
    u, v = u * math.cos(turned) + v * math.sin(turned), v * math.cos(turned) - u * math.sin(turned)
    lamp = look.lamp * np.exp(-((u / look.lamp_axes_mm[0]) ** 2) - (v / look.lamp_axes_mm[1]) ** 2)
    return np.asarray(veil + lamp, np.float32)


def _framed(shape: tuple[int, ...], onto: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """The part of the sensor on which the page falls: left, top, right, bottom."""
    height, width = shape
    corners = onto @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]])
    x, y = corners[0] / corners[2], corners[1] / corners[2]
    return max(0, int(x.min())), max(0, int(y.min())), min(WIDTH_PX, int(x.max())), min(HEIGHT_PX, int(y.max()))


def _onto_sensor(panel: Panel, middle: tuple[float, float], look: Look) -> NDArray[np.float64]:
    """From a page's pixels to the sensor's: a pinhole before a plane that is turned."""
    focal = WIDTH_PX / (2 * math.tan(math.radians(FIELD_DEG / 2)))
    to_mm = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, panel.px_per_mm]]) / panel.px_per_mm
    yaw, pitch, roll = (math.radians(angle) for angle in (look.yaw, look.pitch, look.roll))
    about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    about_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    turned = about_z @ about_x @ about_y
    plane = np.column_stack((turned[:, 0], turned[:, 1], (look.aim[0], look.aim[1], look.distance_mm)))
    sensor = np.array([[focal, 0, WIDTH_PX / 2], [0, focal, HEIGHT_PX / 2], [0, 0, 1]])
    return np.asarray(sensor @ plane @ to_mm, np.float64)


def _shaken(look: Look) -> Light:
    """The way the hand went while the shutter was open."""
    side = 2 * math.ceil(look.shake_px / 2) + 3
    path = np.zeros((side, side), np.float32)
    for step in np.linspace(-0.5, 0.5, 33):
        x = side / 2 - 0.5 + step * look.shake_px * math.cos(math.radians(look.shake_deg))
        y = side / 2 - 0.5 + step * look.shake_px * math.sin(math.radians(look.shake_deg))
        left, top = math.floor(x), math.floor(y)
        for row, column, part in (
            (top, left, (1 - x + left) * (1 - y + top)),
            (top, left + 1, (x - left) * (1 - y + top)),
            (top + 1, left, (1 - x + left) * (y - top)),
            (top + 1, left + 1, (x - left) * (y - top)),
        ):
            path[row, column] += part
    return np.asarray(path / path.sum(), np.float32)
