"""What the chamber's camera would see of an item: JPEG looks made from its pictures, the same for the same seed.

Each look is a little different, as frames of a real camera are: lighter or darker, with sensor noise, and moved by as much as a machine that drives its motors shakes. The
camera is screwed to the chamber, so that its walls stay where they are; what lies at rest lies still.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.target import TARGET_MM, TARGET_TEXT
from drivers.twin.items import EMPTY_PICTURE, Item, Picture, PictureUnreadable

WIDTH, HEIGHT = 1280, 720
JPEG_QUALITY = 92
LOOKS = 8

SHIFT_PX = 0.6
TURN_DEG = 0.03
"""A seventh of a millimetre, and as much again at the picture's edge."""

LIGHT = 0.12
"""Share by which a look may be lighter or darker than its picture."""

NOISE = (2.0, 4.0)
"""Standard deviation of the sensor's noise in grey levels, lowest and highest."""

GROUND = 128
"""Grey level around a photograph that is smaller than the chamber's picture."""

NOISE_PLAY_PX = 48

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Noise:
    """One field of noise, larger than a look; each look cuts its own piece, which costs less than drawing it anew."""

    field: NDArray[np.int8]

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "_Noise":
        sigma = rng.uniform(*NOISE)
        plane = rng.standard_normal((HEIGHT + NOISE_PLAY_PX, WIDTH + NOISE_PLAY_PX), np.float32) * np.float32(sigma)
        return cls(cv2.merge([np.rint(plane).clip(-127, 127).astype(np.int8)] * 3).astype(np.int8, copy=False))

    def on(self, image: Image, light: float, rng: np.random.Generator) -> Image:
        """``image`` times ``light``, with a piece of the noise added, clipped to what a picture can hold."""
        top, left = rng.integers(0, NOISE_PLAY_PX, 2)
        piece = self.field[top : top + HEIGHT, left : left + WIDTH]
        return cv2.addWeighted(image, light, piece, 1.0, 0.0, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def render(item: Item, seed: int, roll_deg: float | None = None, count: int = LOOKS) -> list[bytes]:
    """``count`` looks of the item as JPEG, from the side nearest to ``roll_deg``, or from one drawn with the seed.

    The same arguments give the same bytes on the same versions of NumPy and OpenCV. Raises PictureUnreadable.
    """
    rng = _generator(seed, item.name)
    picture = _side(item, roll_deg, rng)
    image = _loaded(picture)
    noise = _Noise.drawn(rng)
    return [_look(image, picture.in_chamber, noise, _generator(seed, item.name, look)) for look in range(count)]


def in_the_dark(item: Item, seed: int, roll_deg: float | None = None) -> bytes | None:
    """The same side with the lamp off, as JPEG; None where that was not drawn: then nothing shines. Raises PictureUnreadable."""
    rng = _generator(seed, item.name)
    dark = _side(item, roll_deg, rng).dark
    if dark is None:
        return None
    return _encoded(_Noise.drawn(rng).on(_loaded(Picture(dark, 0, in_chamber=True)), 1.0, rng))


def empty(seed: int, count: int = LOOKS) -> list[bytes]:
    """``count`` looks of the chamber with nothing in it. Nothing moves there, so that they differ by the sensor's noise alone."""
    rng = _generator(seed, EMPTY_PICTURE.stem)
    image = _loaded(Picture(EMPTY_PICTURE, 0, in_chamber=True))
    noise = _Noise.drawn(rng)
    return [_encoded(noise.on(image, 1.0, rng)) for _ in range(count)]


def seen_through(jpeg: bytes, light: float, blur_px: float) -> bytes:
    """A look in other light (1 is the chamber's own) and out of focus by a Gaussian of ``blur_px``; the same look gives the same bytes.

    The sensor's noise is made anew, as it depends on neither.
    """
    image = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    if blur_px > 0:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), blur_px), np.uint8)
    rng = np.random.default_rng(zlib.crc32(jpeg))
    return _encoded(_Noise.drawn(rng).on(image, light, rng))


ELSEWHERE = (0.06, -0.04, 1.08)
"""By how much of the picture's width another camera looks further to the right and up, and how many times nearer."""


def from_elsewhere(jpeg: bytes) -> bytes:
    """The look as another camera has it that somebody put in the place of the first."""
    image = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    right, down, nearer = ELSEWHERE
    height, width = image.shape[:2]
    seen = np.array([(nearer, 0, -right * width), (0, nearer, -down * width)], np.float32)
    return _encoded(np.asarray(cv2.warpAffine(image, seen, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8))


SHEET_PX = 380
"""Width of a printer's sheet that is held under the camera."""

PICTURE_MM = 298.0
"""How wide the pictures of the chamber are, where its bottles lie (``drivers/twin/pictures``)."""

QUIET = 4
"""White modules around a code."""


def with_sheet(jpeg: bytes, sheet: bytes | None, place: int) -> bytes:
    """The look with a sheet over it: at the left, in the middle or at the right (0, 1, 2). ``sheet``: an image file; None: the printed target, as large as it is on paper."""
    image = np.array(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    height, width = image.shape[:2]
    if sheet is None:
        modules = np.asarray(cv2.QRCodeEncoder.create().encode(TARGET_TEXT), np.uint8)
        across = modules.shape[1] - 2 * _white(modules)
        modules = modules[_white(modules) :][:across, _white(modules) :][:, :across]
        framed = cv2.copyMakeBorder(modules, QUIET, QUIET, QUIET, QUIET, cv2.BORDER_CONSTANT, value=255)
        drawn = np.array(cv2.resize(framed, None, fx=20, fy=20, interpolation=cv2.INTER_NEAREST), np.uint8)
        scale = TARGET_MM / PICTURE_MM * width / (20 * across)
    else:
        drawn = np.array(cv2.imdecode(np.frombuffer(sheet, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
        scale = min(SHEET_PX / drawn.shape[1], (height - 40) / drawn.shape[0])
    drawn = np.array(cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    top, left = (height - drawn.shape[0]) // 2, round(20 + place * (width - 40 - drawn.shape[1]) / 2)
    image[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn[:, :, None]
    return _encoded(image)


def _white(modules: Image) -> int:
    """How many white modules an encoder has put around its code."""
    return int(np.argmax((modules == 0).any(axis=0)))


def _generator(seed: int, name: str, *look: int) -> np.random.Generator:
    """Randomness that depends on the arguments alone; Python's own ``hash`` differs from process to process."""
    return np.random.default_rng([seed & 0xFFFFFFFF, zlib.crc32(name.encode()), *look])


def _side(item: Item, roll_deg: float | None, rng: np.random.Generator) -> Picture:
    if roll_deg is None:
        return item.pictures[int(rng.integers(len(item.pictures)))]
    return min(item.pictures, key=lambda side: abs((side.roll_deg - roll_deg + 180) % 360 - 180))


def _loaded(picture: Picture) -> Image:
    """The picture in colour, scaled down to fit the camera's frame if it is larger."""
    image = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if image is None:
        raise PictureUnreadable(picture.path)
    height, width = image.shape[:2]
    scale = min(1.0, WIDTH / width, HEIGHT / height)
    if scale < 1.0:
        image = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    return image.astype(np.uint8, copy=False)


def _look(image: Image, in_chamber: bool, noise: _Noise, rng: np.random.Generator) -> bytes:
    placed = _moved(image, rng) if in_chamber else _laid(image, rng)
    return _encoded(noise.on(placed, 1.0 + rng.uniform(-LIGHT, LIGHT), rng))


def _moved(image: Image, rng: np.random.Generator) -> Image:
    """The chamber's picture, shifted and turned a little about its middle."""
    height, width = image.shape[:2]
    matrix: NDArray[Any] = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-TURN_DEG, TURN_DEG), 1.0)
    matrix[:, 2] += rng.uniform(-SHIFT_PX, SHIFT_PX, 2)
    return cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT_101).astype(np.uint8, copy=False)


def _laid(image: Image, rng: np.random.Generator) -> Image:
    """A photograph in its own size somewhere on plain ground."""
    height, width = image.shape[:2]
    canvas = np.full((HEIGHT, WIDTH, 3), GROUND, np.uint8)
    top, left = rng.integers(0, HEIGHT - height + 1), rng.integers(0, WIDTH - width + 1)
    canvas[top : top + height, left : left + width] = image
    return canvas


def _encoded(image: Image) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
