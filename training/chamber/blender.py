"""Blender: chamber, lamp, camera, and one picture of what lies there. Its materials are in ``materials.py``.

The chamber is that of the twin's own pictures (``drivers/twin/pictures/chamber_empty.jpg``): a V of brushed metal, two strips of light along its walls, a camera
above that sees 298 mm of it. So the product has one background.
"""

import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"

import bpy
import cv2
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import NDArray

from training.chamber.materials import material
from training.chamber.shapes import Part, Points
from training.chamber.skins import Brushed, Solid

WIDTH_M, SLOPE_DEG, HALF_LENGTH_M, HALF_WIDTH_M, HEIGHT_M = 0.298, 22.0, 0.24, 0.082, 0.30
WIDTH_PX, HEIGHT_PX, RIM_PX = 1280, 720, 12
CAMERA_AT, CAMERA_TO = (0.0, -0.02, 0.46), (0.0, 0.0, 0.045)
STRIPS_W, ENDS_W = 1.3, 0.35
AMBIENT = 0.02
"""Light that comes in from the hall when the lamp is off, on the scale of Blender's world."""

EXPOSURE = 0.27
"""Brings the empty chamber to the brightness of the twin's picture of it."""

SLOPE = math.tan(math.radians(SLOPE_DEG))


@dataclass(frozen=True)
class Light:
    """``gain`` times the lamp's own light, ``warmth`` from -1 (cold) to 1; ``hall`` times the ambient light; ``even``: 0 is both strips alike, ±1 one alone."""

    gain: float = 1.0
    warmth: float = 0.0
    hall: float = 1.0
    even: float = 0.0


OFF = Light(gain=0.0)


def ground(x: Points, y: Points) -> Points:  # noqa: ARG001 - the tray is the same all along
    return np.abs(y) * SLOPE


def picture(parts: list[Part], light: Light, *, samples: int, seed: int) -> NDArray[np.uint8]:
    """What the camera sees, BGR, 720 x 1280. Deterministic but for the versions of Blender and its denoiser.

    Light is worked out at half the size, and once more at the whole one where a code is: a quarter of the time, and bars as sharp as the camera's.
    """
    scene = _empty_scene(samples, seed)
    _chamber()
    _lamp(light)
    for part in parts:
        _body(part)
    camera = bpy.data.cameras.new("camera")
    camera.clip_start = 0.005
    camera.angle = 2 * math.atan(WIDTH_M / 2 / (CAMERA_AT[2] - CAMERA_TO[2]))
    eye = bpy.data.objects.new("camera", camera)
    eye.matrix_world = _upright()
    scene.collection.objects.link(eye)
    scene.camera = eye
    scene.world.node_tree.nodes["Background"].inputs[0].default_value = (*[AMBIENT * light.hall] * 3, 1)
    linear = np.maximum(cv2.resize(_rendered(scene, 50), (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC), 0)
    for part in parts:
        if part.code_box is not None and part.uv is not None and light.gain > 0:
            _sharpen(scene, linear, part.points[_on_code(part.uv, part.code_box)])
    return developed(linear)


def _rendered(scene: "bpy.types.Scene", percent: int) -> NDArray[np.float32]:
    scene.render.resolution_percentage = percent
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "picture.exr")
        bpy.ops.render.render(write_still=True)
        return cv2.imread(scene.render.filepath, cv2.IMREAD_UNCHANGED)[..., :3].astype(np.float32)


def _on_code(uv: Points, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    return np.all((uv >= np.array(box[:2]) - 0.03) & (uv <= np.array(box[2:]) + 0.03), axis=1)


def _sharpen(scene: "bpy.types.Scene", linear: NDArray[np.float32], code: Points) -> None:
    """Renders the place of a code in the picture's whole size, and lays it over, softly at its rim."""
    seen = projected(code)
    if not len(seen):
        return
    left, top = np.clip(np.floor(seen.min(0) - RIM_PX), 0, [WIDTH_PX, HEIGHT_PX]).astype(int)
    right, bottom = np.clip(np.ceil(seen.max(0) + RIM_PX), 0, [WIDTH_PX, HEIGHT_PX]).astype(int)
    if right - left < 4 * RIM_PX or bottom - top < 4 * RIM_PX:
        return
    render = scene.render
    render.use_border = render.use_crop_to_border = True
    render.border_min_x, render.border_max_x = left / WIDTH_PX, right / WIDTH_PX
    render.border_min_y, render.border_max_y = 1 - bottom / HEIGHT_PX, 1 - top / HEIGHT_PX
    sharp = _rendered(scene, 100)
    height, width = sharp.shape[:2]
    inside = np.zeros((height, width), np.float32)
    inside[RIM_PX // 2 : -(RIM_PX // 2), RIM_PX // 2 : -(RIM_PX // 2)] = 1
    share = cv2.GaussianBlur(inside, (0, 0), RIM_PX / 4)[..., None]
    under = linear[top : top + height, left : left + width]
    under[:] = under * (1 - share) + sharp * share


def projected(points: Points) -> Points:
    """Where points of the chamber are in the picture, in pixels."""
    pose = np.array(_upright())
    seen = (points - pose[:3, 3]) @ pose[:3, :3]
    scale = WIDTH_PX / WIDTH_M * (CAMERA_AT[2] - CAMERA_TO[2]) / np.minimum(seen[:, 2], -1e-4)
    return np.c_[WIDTH_PX / 2 - scale * seen[:, 0], HEIGHT_PX / 2 + scale * seen[:, 1]]


def developed(linear: NDArray[np.float32]) -> NDArray[np.uint8]:
    """As a camera with a fixed exposure gives it: shoulder, sRGB, dark corners. Its noise is the twin's to add."""
    shoulder = 1 - np.exp(-1.25 * EXPOSURE * linear)
    encoded = np.where(shoulder < 0.0031308, 12.92 * shoulder, 1.055 * np.maximum(shoulder, 1e-6) ** (1 / 2.4) - 0.055)
    height, width = encoded.shape[:2]
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return (np.clip(encoded * (1 - 0.07 * (across**2 + down**2))[..., None], 0, 1) * 255 + 0.5).astype(np.uint8)


def _empty_scene(samples: int, seed: int) -> "bpy.types.Scene":
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("hall")
    scene.world.use_nodes = True
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.seed, cycles.use_adaptive_sampling = "CPU", samples, seed % 2**31, False
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter, cycles.denoising_quality = "RGB_ALBEDO_NORMAL", "FAST", "BALANCED"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces, cycles.transmission_bounces = 8, 1, 2, 8
    cycles.transparent_max_bounces, cycles.caustics_reflective, cycles.caustics_refractive = 24, False, False
    cycles.sample_clamp_indirect, cycles.blur_glossy = 4.0, 0.5
    render = scene.render
    render.resolution_x, render.resolution_y = WIDTH_PX, HEIGHT_PX
    render.image_settings.file_format, render.image_settings.color_depth = "OPEN_EXR", "16"
    render.threads_mode, render.threads = "FIXED", 1
    return scene


def _upright() -> Matrix:
    """The camera looks down, its picture's x along the chamber."""
    back = (Vector(CAMERA_AT) - Vector(CAMERA_TO)).normalized()
    right = Vector((1, 0, 0))
    return Matrix.Translation(CAMERA_AT) @ Matrix((right, back.cross(right), back)).transposed().to_4x4()


def _chamber() -> None:
    length, width, height, knee = HALF_LENGTH_M, HALF_WIDTH_M, HEIGHT_M, HALF_WIDTH_M * SLOPE
    tray = Brushed((158 / 255, 161 / 255, 165 / 255), 0.36, 0.9, 34.0, 0.09)
    wall = Brushed((135 / 255, 138 / 255, 143 / 255), 0.40, 0.85, 30.0, 0.08)
    dark, ceiling = Solid((0.102, 0.102, 0.11), 0.7), Solid((0.353, 0.353, 0.361), 0.6)
    for way in (1, -1):
        _quad([(-length, 0, 0), (length, 0, 0), (length, way * width, knee), (-length, way * width, knee)], tray)
        _quad(
            [(-length, way * width, knee), (length, way * width, knee), (length, way * width, height), (-length, way * width, height)], wall
        )
        inner, outer = way * (width - 0.0012), way * (width + 0.0002)
        _quad(
            [
                (-length, inner, knee + 0.0003),
                (length, inner, knee + 0.0003),
                (length, outer, knee + 0.0006),
                (-length, outer, knee + 0.0006),
            ],
            dark,
        )
        angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        for place in range(-5, 6):
            y = way * (0.060 + 0.0022 * np.sin(angle))
            rim = np.c_[place * 0.042 + 0.0022 * np.cos(angle), y, np.abs(y) * SLOPE + 0.0003]
            _body(Part(rim, [tuple(range(28))], dark, flat=True))
    _quad([(-length, -0.003, 0.0015), (length, -0.003, 0.0015), (length, 0.003, 0.0015), (-length, 0.003, 0.0015)], dark)
    for way in (1, -1):
        x = way * length
        _quad([(x, -width, -0.03), (x, width, -0.03), (x, width, height), (x, -width, height)], wall)
    _quad([(-length, -width, 0.5), (length, -width, 0.5), (length, width, 0.5), (-length, width, 0.5)], ceiling)


def _lamp(light: Light) -> None:
    colour = (1, 0.985 - 0.05 * light.warmth, 0.96 - 0.14 * light.warmth)
    for way in (1, -1):
        gain = light.gain * (1 + way * light.even)
        _area((0, way * 0.074, 0.19), (0, -way * 0.01, 0.03), 0.42, 0.014, STRIPS_W * gain, colour)
        _area((way * 0.2, 0, 0.30), (way * 0.03, 0, 0.03), 0.012, 0.12, ENDS_W * light.gain, colour)


def _area(at: tuple[float, ...], to: tuple[float, ...], long_m: float, wide_m: float, watts: float, colour: tuple[float, ...]) -> None:
    if watts <= 0:
        return
    lamp = bpy.data.lights.new("lamp", "AREA")
    lamp.shape, lamp.size, lamp.size_y, lamp.energy, lamp.color = "RECTANGLE", long_m, wide_m, watts, colour
    placed = bpy.data.objects.new("lamp", lamp)
    turn = (Vector(at) - Vector(to)).to_track_quat("Z", "Y").to_matrix().to_4x4()
    placed.matrix_world = Matrix.Translation(at) @ turn
    bpy.context.scene.collection.objects.link(placed)


def _quad(corners: list[tuple[float, ...]], skin: object) -> None:
    _body(Part(np.array(corners, float), [(0, 1, 2, 3)], skin, flat=True))


def _body(part: Part) -> None:
    mesh = bpy.data.meshes.new("body")
    mesh.from_pydata(part.points.tolist(), [], [list(face) for face in part.faces])
    if part.uv is not None:
        places = np.concatenate([part.uv[list(face)] for face in part.faces])
        mesh.uv_layers.new().data.foreach_set("uv", places.astype(np.float32).ravel())
    if not part.flat:
        mesh.shade_smooth()
    mesh.materials.append(material(part.skin))
    body = bpy.data.objects.new("body", mesh)
    bpy.context.scene.collection.objects.link(body)
    if part.fused:
        whole = body.modifiers.new("fuse", "REMESH")
        whole.mode, whole.voxel_size, whole.use_smooth_shade = "VOXEL", 0.0022, True
        soft = body.modifiers.new("soften", "SMOOTH")
        soft.factor, soft.iterations = 0.5, 12
