"""One picture, many ways: another place, turn, light, colour, sharpness, ground. Everything from the generator that is handed in."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.material import INPUT
from training.material.pictures import Picture

Floats = NDArray[np.float32]

WIDTH, HEIGHT = INPUT

OTHER_GROUND = 0.2
SPARE = 8
"""Sevenths of the input's size, from which it is cut."""


def augmented(picture: Picture, mask: Picture | None, rng: np.random.Generator) -> Picture:
    """``mask``: where the thing lies (0 to 255), with which it may be put on another ground; None: it stays on its own."""
    if mask is not None and rng.random() < OTHER_GROUND:
        picture = on_other_ground(picture, mask, ground(rng), rng)
    return _worse(_light(_placed(picture, rng), rng), rng)


def thing(picture: Picture) -> Picture:
    """Where the thing lies on an even ground: GrabCut (Rother et al. 2004) from a rectangle, at a quarter of the size. Empty where nothing is told apart."""
    small = cv2.resize(picture, (88, 66), interpolation=cv2.INTER_AREA)
    mask = np.zeros(small.shape[:2], np.uint8)
    cv2.setRNGSeed(0)
    try:
        cv2.grabCut(small, mask, (2, 2, 84, 62), np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_RECT)
    except cv2.error:
        return np.zeros(picture.shape[:2], np.uint8)
    inside = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8) * 255
    inside = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    inside = cv2.GaussianBlur(inside, (5, 5), 0)
    return cv2.resize(inside, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def on_other_ground(picture: Picture, mask: Picture, behind: Picture, rng: np.random.Generator) -> Picture:
    """The ground shows outside the thing, shaded as the old one was, and a little through it, as through glass."""
    inside = mask.astype(np.float32)[..., None] / 255
    if not 0.03 < inside.mean() < 0.9:
        return picture
    old = picture.astype(np.float32)
    even = np.median(old[mask < 40], axis=0) if (mask < 40).sum() > 50 else np.float32([200, 200, 200])
    shaded = np.clip(old / np.maximum(np.float32(even), 20), 0.1, 1.3) * cv2.resize(behind, picture.shape[1::-1]).astype(np.float32)
    through = rng.uniform(0, 0.5) if rng.random() < 0.6 else 0.0
    keep = inside * np.float32(1 - through)
    return np.clip(keep * old + (1 - keep) * shaded, 0, 255).astype(np.uint8)


def ground(rng: np.random.Generator) -> Picture:
    """A made-up ground: a tone with a gradient, and noise of one scale; brushed metal, wood, tiles, cloth come out."""
    tone = rng.uniform(20, 235) + rng.normal(0, 18, 3)
    height, width = HEIGHT, WIDTH
    cells = (int(rng.integers(2, 60)), int(rng.integers(2, 60)))
    rough = cv2.resize(rng.normal(0, 1, cells).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    fine = rng.standard_normal((height, width), np.float32)
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    slope = rows * rng.normal(0, 20) + columns * rng.normal(0, 20)
    if rng.random() < 0.25:
        step = int(rng.integers(10, 60))
        rough[::step, :] -= 3
        rough[:, ::step] -= 3
    made = np.float32(tone) + (rough * rng.uniform(0, 25) + fine * rng.uniform(0, 6) + slope).astype(np.float32)[..., None]
    return np.clip(made, 0, 255).astype(np.uint8)


def _placed(picture: Picture, rng: np.random.Generator) -> Picture:
    """Turned by any quarter and by up to ten degrees, mirrored, a little larger or smaller, stretched a little, a little aside."""
    # reduced by area first: what is sampled more coarsely than it was drawn would flicker
    whole = cv2.resize(picture, (SPARE * WIDTH // 7, SPARE * HEIGHT // 7), interpolation=cv2.INTER_AREA)
    whole = np.rot90(whole, int(rng.integers(4)))
    whole = np.ascontiguousarray(whole[:, ::-1] if rng.random() < 0.5 else whole)
    height, width = whole.shape[:2]
    scale = WIDTH / width * float(np.exp(rng.uniform(np.log(0.88), np.log(1.25))))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-10, 10), scale)
    stretch = float(np.exp(rng.uniform(-0.08, 0.08)))
    matrix[0] *= stretch
    matrix[1] /= stretch
    middle = matrix @ (width / 2, height / 2, 1)
    matrix[:, 2] += (WIDTH / 2 - middle[0] + rng.uniform(-0.06, 0.06) * WIDTH, HEIGHT / 2 - middle[1] + rng.uniform(-0.06, 0.06) * HEIGHT)
    return cv2.warpAffine(whole, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def _light(picture: Picture, rng: np.random.Generator) -> Picture:
    image = picture.astype(np.float32) / 255
    image = (image - 0.5) * rng.uniform(0.85, 1.15) + 0.5 + rng.uniform(-0.07, 0.07)
    image *= np.exp(rng.normal(0, 0.03, 3)).astype(np.float32)
    grey = image.mean(axis=2, keepdims=True)
    image = grey + (image - grey) * rng.uniform(0.75, 1.25)
    return (np.clip(image, 0, 1) * 255).astype(np.uint8)


def _worse(picture: Picture, rng: np.random.Generator) -> Picture:
    if rng.random() < 0.15:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.2)).astype(np.uint8)
    if rng.random() < 0.15:
        picture = np.clip(picture + rng.standard_normal(picture.shape, np.float32) * rng.uniform(2, 7), 0, 255).astype(np.uint8)
    return picture
