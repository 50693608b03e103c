"""A thing that can lie in the chamber, and bottles as visitors bring them, each built from a seed. What is brought instead of one: ``substitutes.py``.

A ``Thing`` stands on z = 0 about the z axis until ``scenes.py`` lays it down. Sizes and weights are typical ones, not measured.
"""

from dataclasses import dataclass, field

import numpy as np

from training.chamber.labels import artwork
from training.chamber.shapes import TURN, Part, Points, crushed, pebble, profile, sleeve, turned
from training.chamber.skins import Colour, Film, Glass, Print, Solid, Water

GLASS: dict[str, Colour] = {"clear": (0.972, 0.987, 0.979), "green": (0.50, 0.66, 0.36), "brown": (0.68, 0.46, 0.22)}
FILM: dict[str, Colour] = {"clear": (0.965, 0.982, 0.978), "blue": (0.60, 0.80, 0.95), "green": (0.46, 0.80, 0.53)}


@dataclass
class Thing:
    """``face``: the angle about z at which its code looks out, None without one. ``size_mm``: length and greatest width. ``contents_g``: how much of its weight is what is in it. ``outline``: what labels are glued round."""

    kind: str
    material: str
    colour: str
    weight_g: int
    size_mm: tuple[float, float]
    parts: list[Part] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    face: float | None = None
    cap: bool = False
    crushed: bool = False
    liquid_ml: int = 0
    contents_g: int = 0
    metal: bool = False
    flat: bool = False
    water: Part | None = None
    water_level: float = 0.0
    outline: Points = field(default_factory=lambda: np.zeros((0, 2)))
    label: bool = False


@dataclass(frozen=True)
class GlassForm:
    """Radii and height in mm; where shoulder and neck begin as shares of the height; ``bulge`` is how full the shoulder is."""

    radius: float
    height: float
    neck: float
    shoulder_at: float
    neck_at: float
    bulge: float
    wall: float
    weight_g: int


GLASS_FORMS = {
    "longneck_33": GlassForm(30.5, 228, 13.2, 0.56, 0.76, 0.62, 3.0, 200),
    "stubby_33": GlassForm(34, 178, 13.4, 0.58, 0.80, 0.55, 3.0, 190),
    "juice_25": GlassForm(28.5, 176, 17, 0.60, 0.84, 0.55, 2.8, 155),
    "water_50": GlassForm(33, 240, 13.5, 0.52, 0.82, 0.78, 3.0, 290),
    "wine_75": GlassForm(38, 285, 13.4, 0.43, 0.74, 0.80, 3.2, 450),
    "heavy_75": GlassForm(40, 282, 14.5, 0.48, 0.72, 0.70, 4.4, 550),
    "sparkling_75": GlassForm(44, 284, 15.0, 0.40, 0.74, 0.72, 5.2, 835),
    "miniature_5": GlassForm(17, 98, 9.0, 0.55, 0.80, 0.55, 2.0, 60),
    "small_20": GlassForm(26, 150, 13.0, 0.60, 0.82, 0.55, 2.0, 105),
}


def glass_bottle(form: str, colour: str, rng: np.random.Generator, code: str | None, *, cap: bool = False) -> Thing:
    it = GLASS_FORMS[form]
    scale = rng.uniform(0.97, 1.03)
    r, h, n, t = it.radius * scale, it.height, it.neck, it.wall
    middle = h * (it.shoulder_at + 0.45 * (it.neck_at - it.shoulder_at))
    outer = profile(
        [
            (0, 3),
            (r * 0.62, 3),
            (r * 0.8, 0),
            (r * 0.93, 0),
            (r, 5),
            (r, h * it.shoulder_at),
            (n + (r - n) * it.bulge, middle),
            (n + (r - n) * 0.12, h * it.neck_at),
            (n + 0.4, h * 0.93),
            (n, h * 0.955),
            (n + 2.1, h * 0.96),
            (n + 2.1, h * 0.985),
            (n + 0.3, h),
        ],
        100,
        3.0,
    )
    inner = profile(
        [
            (n - 0.75 * t, h),
            (n - 0.8 * t, h * 0.95),
            (n + (r - n) * 0.12 - t, h * it.neck_at),
            (n + (r - n) * it.bulge - t, middle),
            (r - t, h * it.shoulder_at),
            (r - t, 10),
            (r * 0.75, 6),
            (0, 9),
        ],
        60,
        3.0,
    )
    made = Thing(
        "glass_bottle", "glass", colour, it.weight_g, (h, 2 * r), [turned(np.r_[outer, inner], Glass(GLASS[colour]))], outline=outer
    )
    if cap:
        crown = profile([(n + 3, h * 0.955), (n + 3, h + 1), (n + 1, h + 2), (0, h + 2)], 24, 0.6)
        made.parts.append(turned(crown, Solid((0.25, 0.5, 0.25), 0.35, 0.4)))
        made.cap = True
    room = h * (it.shoulder_at - 0.06)
    wanted = 34 if h < 120 else rng.uniform(56, 74)
    labelled(made, rng, code, 0.1 * h, min(0.1 * h + wanted, room))
    return made


PET_FORMS = {
    # radius, height, label's share of the height (from, to), weight with cap
    "mini_20": (26.0, 150.0, (0.24, 0.60), 14),
    "small_33": (29.0, 178.0, (0.26, 0.58), 17),
    "water_50": (32.5, 214.0, (0.30, 0.58), 22),
    "soda_50": (32.0, 222.0, (0.32, 0.60), 25),
    "soda_100": (40.0, 264.0, (0.28, 0.52), 31),
    "water_150": (43.5, 292.0, (0.28, 0.52), 34),
    "can_500": (62.0, 296.0, (0.22, 0.46), 82),
}


def pet_bottle(
    form: str,
    colour: str,
    rng: np.random.Generator,
    code: str | None,
    *,
    cap: bool = True,
    crush: float = 0.0,
    water: float = 0.0,
    stones: int = 0,
    label: bool = True,
) -> Thing:
    """``crush`` 0 to 1; ``water`` is how full it is, 0 to 1; ``label`` False: without any."""
    r, h, (low, high), weight = PET_FORMS[form]
    n = 13.0 if r < 60 else 19.0
    waist = rng.uniform(0, 3.0) if r < 40 else 0.0
    outline = profile(
        [
            (0, 9),
            (r * 0.35, 6),
            (r * 0.72, 0),
            (r * 0.9, 3),
            (r, 16),
            (r, h * 0.22),
            (r - waist, h * 0.42),
            (r, h * 0.66),
            (r, h * 0.7),
            (n + (r - n) * 0.58, h * 0.81),
            (n + 1, h * 0.895),
            (n, h * 0.91),
            (n, h * 0.925),
            (n + 3.6, h * 0.927),
            (n + 3.6, h * 0.936),
            (n - 0.4, h * 0.938),
            (n - 0.6, h),
        ],
        120,
        2.0,
    )
    feet, depth, pitch = int(rng.integers(5, 7)), rng.uniform(0.0006, 0.0014), rng.uniform(0.010, 0.015)
    ribs_high = rng.random() < 0.5

    def body(radius: Points, height: Points, angle: Points) -> tuple[Points, Points]:
        first, last = (high * h + 4, 0.68 * h) if ribs_high else (0.08 * h, low * h - 4)
        inside = np.clip((height * 1000 - first) / 6, 0, 1) * np.clip((last - height * 1000) / 6, 0, 1)
        radius = radius + depth * inside * np.cos(TURN * height / pitch)
        foot = np.clip(1 - height / (0.0001 * h), 0, 1) * (radius > 0.0002 * r)
        gap = (0.5 - 0.5 * np.cos(feet * angle)) ** 2
        return radius - 0.003 * foot * gap, height + 0.008 * foot * gap

    made = Thing(
        "plastic_bottle",
        "pet",
        colour,
        weight,
        (h, 2 * r),
        [turned(outline, Film(FILM[colour], rng.uniform(0.02, 0.05)), 88, body)],
        outline=outline,
    )
    if water:
        fill = outline[outline[:, 1] < h * 0.925 / 1000].copy()
        fill[:, 0] = np.maximum(fill[:, 0] - 0.0009, 1e-5)
        fill[:, 1] += 0.0012
        made.water = turned(np.r_[fill, [[1e-5, fill[-1, 1]]]], Water(), 88, body)
        made.water_level = water
    for _ in range(stones):
        size = rng.uniform(0.012, 0.02)
        at = np.array([-0.6 * r / 1000, rng.uniform(-0.4, 0.4) * r / 1000, rng.uniform(0.12, 0.6) * h / 1000])
        grey = rng.uniform(0.2, 0.5)
        made.parts.append(pebble(at, size, rng, Solid((grey, grey * 0.95, grey * 0.88), 0.9, bump=0.4, speckle=0.3, grain=300)))
    if label:
        labelled(made, rng, code, low * h, high * h, off_m=0.0014)
    if cap:
        hat = profile([(n + 1.9, h * 0.94), (n + 2, h + 0.5), (n + 1, h + 1.8), (0, h + 1.8)], 24, 0.6)
        tone = [(0.12, 0.35, 0.75), (0.92, 0.92, 0.92), (0.9, 0.75, 0.15), (0.8, 0.15, 0.12), (0.15, 0.55, 0.3)][int(rng.integers(5))]
        made.parts.append(turned(hat, Solid(tone, 0.35), 60))
        made.cap = True
    if crush:
        crushed(made.parts, rng, crush, 0.86 * h / 1000)
        made.crushed = True
    return made


def second_label(made: Thing, rng: np.random.Generator, code: str) -> None:
    """Another product's label glued over, or beside, the first one, so that both codes can be seen at once."""
    low = 0.62 if made.kind == "plastic_bottle" else 0.5
    h = made.size_mm[0]
    width = 44.0
    label = artwork(rng, width, 36, code, 1.0)
    radius = made.size_mm[1] / 2
    span = width / radius
    made.parts.append(
        sleeve(
            made.outline,
            (low * h - 36) / 1000,
            low * h / 1000,
            (made.face or 0.0) - span / 2 + rng.normal(0, 0.25),
            span,
            Print(label.picture, 0.5),
            off_m=0.0024,
        )
    )
    made.parts[-1].code_box = label.code_box
    made.codes.append(code)


def labelled(made: Thing, rng: np.random.Generator, code: str | None, low_mm: float, high_mm: float, off_m: float = 0.0004) -> None:
    """Paper round the body from ``low_mm`` to ``high_mm``; the code's middle is at ``face``."""
    outer = made.outline[: int(np.argmax(made.outline[:, 1])) + 1]
    radius = float(np.interp(np.linspace(low_mm, high_mm, 9) / 1000, outer[:, 1], outer[:, 0]).max())
    span = TURN * (0.99 if rng.random() < 0.7 else rng.uniform(0.6, 0.8))
    high = high_mm - low_mm
    at = rng.uniform(0.25, 0.75)
    largest = min(1.35, (high - 3) / 27, 1.92 * radius * 1000 / 37.3)
    art = artwork(rng, radius * span * 1000, high, code, max(0.8, largest), at)
    made.parts.append(
        sleeve(made.outline, low_mm / 1000, high_mm / 1000, 0.0, span, Print(art.picture, float(rng.uniform(0.3, 0.6))), off_m)
    )
    made.parts[-1].code_box = art.code_box
    made.label = True
    if art.code_box is not None:
        made.face = (art.code_box[0] + art.code_box[2]) / 2 * span
        made.codes.append(art.code or "")
