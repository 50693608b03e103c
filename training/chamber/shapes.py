"""Bodies as meshes of numpy arrays, in metres: turned profiles, sleeves round them, boxes, sheets, tubes; and how plastic is crushed.

A body stands on z = 0 about the z axis. Nothing here knows Blender, nor what a body is of.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
TURN = 2 * np.pi


@dataclass
class Part:
    """``faces`` are triangles or quads of ``points``; ``uv`` is a place on ``skin``'s picture for each point. ``skin`` is a value of ``skins.py``.

    ``fused``: pieces that overlap are to become one smooth body. ``flat``: edges stay sharp.
    """

    points: Points
    faces: list[tuple[int, ...]]
    skin: Any
    uv: Points | None = None
    fused: bool = False
    flat: bool = False
    code_box: tuple[float, float, float, float] | None = None
    """Where a code is on the picture: left, bottom, right, top as shares."""


def profile(keys: list[tuple[float, float]], count: int = 90, softness_mm: float = 2.5) -> Points:
    """Radius and height of ``count`` points along corners given in mm, evenly spaced and rounded, in metres."""
    corners = np.array(keys, float)
    lengths = np.r_[0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T))]
    dense = np.linspace(0, lengths[-1], 600)
    line = np.c_[np.interp(dense, lengths, corners[:, 0]), np.interp(dense, lengths, corners[:, 1])]
    reach = max(1, round(softness_mm / (dense[1] - dense[0])))
    weights = np.hanning(2 * reach + 3)[1:-1]
    weights /= weights.sum()
    half = len(weights) // 2
    # mirrored about its ends, which therefore stay where they are
    padded = np.r_[2 * line[:1] - line[half:0:-1], line, 2 * line[-1:] - line[-2 : -half - 2 : -1]]
    smooth = np.c_[[np.convolve(padded[:, axis], weights, "valid") for axis in (0, 1)]].T
    smooth[:, 0] = np.maximum(smooth[:, 0], 0.01)
    places = np.linspace(0, lengths[-1], count)
    return np.c_[np.interp(places, dense, smooth[:, 0]), np.interp(places, dense, smooth[:, 1])] / 1000


def turned(outline: Points, skin: Any, segments: int = 72, shape: Any = None) -> Part:
    """The body of revolution of an outline (radius, height); ``shape(radius, height, angle)`` bends it to other sections."""
    angle = np.repeat(np.linspace(0, TURN, segments, endpoint=False)[None], len(outline), 0)
    radius, height = np.repeat(outline[:, :1], segments, 1), np.repeat(outline[:, 1:], segments, 1)
    if shape is not None:
        radius, height = shape(radius, height, angle)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], -1).reshape(-1, 3)
    faces = [
        (row * segments + at, row * segments + (at + 1) % segments, (row + 1) * segments + (at + 1) % segments, (row + 1) * segments + at)
        for row in range(len(outline) - 1)
        for at in range(segments)
    ]
    return Part(points, faces, skin)


def grid(points: Points, skin: Any) -> Part:
    """A sheet of ``points`` (rows, columns, 3) with a whole picture on it."""
    rows, columns = points.shape[:2]
    faces = [
        (row * columns + at, row * columns + at + 1, (row + 1) * columns + at + 1, (row + 1) * columns + at)
        for row in range(rows - 1)
        for at in range(columns - 1)
    ]
    across, up = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return Part(points.reshape(-1, 3).copy(), faces, skin, np.stack([across, up], -1).reshape(-1, 2))


def sleeve(outline: Points, low_m: float, high_m: float, begins: float, span: float, skin: Any, off_m: float = 0.0003) -> Part:
    """A label round a body: as wide as the widest place that it covers, from the angle ``begins`` over ``span``."""
    heights = np.linspace(low_m, high_m, 30)
    # outside alone: an outline may go on inside its own wall
    outer = outline[: int(np.argmax(outline[:, 1])) + 1]
    radius = np.full(30, np.interp(heights, outer[:, 1], outer[:, 0]).max() + off_m)
    angle = begins + np.linspace(0, span, max(8, int(span * 14)))
    points = np.stack([np.outer(radius, np.cos(angle)), np.outer(radius, np.sin(angle)), np.repeat(heights[:, None], len(angle), 1)], -1)
    return grid(points, skin)


def box(size_m: tuple[float, float, float], skins: list[Any]) -> list[Part]:
    """Front (-y), right, back, left, top, bottom, each with its skin."""
    side = np.linspace(-0.5, 0.5, 8)
    across, up = np.meshgrid(side, side)
    out = np.full_like(across, 0.5)
    walls = ([across, -out, up], [out, across, up], [-across, out, up], [-out, -across, up], [across, up, out], [across, -up, -out])
    made = [grid((np.stack(wall, -1) + np.array([0, 0, 0.5])) * np.array(size_m), skin) for wall, skin in zip(walls, skins, strict=True)]
    for part in made:
        part.flat = True
    return made


def tube(path: Points, radii: Points | float, skin: Any, segments: int = 14) -> Part:
    """A round string or limb along a path, closed at both ends."""
    count = len(path)
    radius = np.broadcast_to(np.asarray(radii, float), (count,))
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-12
    up = np.array([0.0, 0.0, 1.0]) if abs(ahead[:, 2]).max() < 0.95 else np.array([0.0, 1.0, 0.0])
    side = np.cross(ahead, up)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    over = np.cross(side, ahead)
    angle = np.linspace(0, TURN, segments, endpoint=False)
    ring = side[:, None] * np.cos(angle)[None, :, None] + over[:, None] * np.sin(angle)[None, :, None]
    points = (path[:, None] + radius[:, None, None] * ring).reshape(-1, 3)
    faces: list[tuple[int, ...]] = [
        (row * segments + at, row * segments + (at + 1) % segments, (row + 1) * segments + (at + 1) % segments, (row + 1) * segments + at)
        for row in range(count - 1)
        for at in range(segments)
    ]
    faces += [tuple(reversed(range(segments))), tuple((count - 1) * segments + at for at in range(segments))]
    return Part(points, faces, skin)


def limb(begins: Points, ends: Points, first_m: float, last_m: float, skin: Any) -> Part:
    """A tube with round ends."""
    along = np.linspace(-1, 1, 24)
    round_off = np.sqrt(np.clip(1 - np.clip((np.abs(along) - 0.8) / 0.2, 0, 1) ** 2, 0.003, 1))
    path = begins + (along[:, None] + 1) / 2 * (ends - begins)
    return tube(path, np.linspace(first_m, last_m, 24) * round_off, skin)


def pebble(centre: Points, size_m: float, rng: np.random.Generator, skin: Any) -> Part:
    ball = turned(np.c_[np.sin(np.linspace(0.05, np.pi - 0.05, 14)), -np.cos(np.linspace(0.05, np.pi - 0.05, 14))], skin, 18)
    axes = rng.uniform(0.6, 1.0, 3)
    waves = sum(0.08 * np.sin(ball.points @ rng.normal(0, 3, 3) + rng.uniform(0, 6)) for _ in range(4))
    ball.points = centre + size_m / 2 * ball.points * axes * (1 + np.asarray(waves))[:, None]
    return ball


def crushed(parts: list[Part], rng: np.random.Generator, amount: float, neck_m: float) -> None:
    """Dents, creases, one flattened way and a bend, the same for all parts; what is above ``neck_m`` stays stiff."""
    every = np.concatenate([part.points for part in parts])
    radius = float(np.percentile(np.hypot(every[:, 0], every[:, 1]), 98))
    dents = [
        (rng.uniform(0.1, 0.95) * neck_m, rng.uniform(0, TURN), rng.uniform(0.2, 0.55) * radius * amount, rng.uniform(0.5, 1.2) * radius)
        for _ in range(rng.integers(4, 8))
    ]
    creases = [(rng.normal(0, 1, 3) * [1, 1, 0.6], rng.uniform(0, TURN)) for _ in range(5)]
    flat_by, flat_way, bend = rng.uniform(0.25, 0.6) * amount, rng.uniform(0, TURN), rng.normal(0, 0.25) * amount
    for part in parts:
        points = part.points
        angle, away, height = np.arctan2(points[:, 1], points[:, 0]), np.hypot(points[:, 0], points[:, 1]), points[:, 2]
        gives = np.clip((neck_m - height) / (0.15 * neck_m), 0, 1) * np.clip(height / (0.12 * neck_m) + 0.2, 0, 1)
        depth = np.zeros_like(away)
        for at, way, deep, wide in dents:
            apart = np.angle(np.exp(1j * (angle - way))) * radius
            depth += deep * np.exp(-(((height - at) / wide) ** 2) - (apart / wide) ** 2)
        for direction, phase in creases:
            depth += 0.05 * amount * radius * np.abs(np.sin(points @ direction / radius * 2 + phase))
        shrunk = np.maximum(away - depth * gives * np.clip(away / radius, 0, 1), 0.35 * away) / np.maximum(away, 1e-9)
        across, over = np.cos(angle - flat_way) * away * shrunk, np.sin(angle - flat_way) * away * shrunk
        across, over = across * (1 + 0.35 * flat_by * gives), over * (1 - flat_by * gives)
        part.points = np.c_[
            np.cos(flat_way) * across - np.sin(flat_way) * over + bend * np.maximum(height - neck_m / 2, 0),
            np.sin(flat_way) * across + np.cos(flat_way) * over,
            height,
        ]
