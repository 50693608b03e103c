"""What lies in the chamber of each picture, by name of its pattern: things, how they lie, hands, strings, and the light. All of it from a seed.

An honest pattern is a bottle that a visitor may be paid for; a fraud is what must not be; ``SHAPES`` are beside them for what looks at shape alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from training.chamber.blender import SLOPE_DEG, WIDTH_M, Light, ground
from training.chamber.labels import check_digit, ean13
from training.chamber.shapes import TURN, Part, Points, limb, tube
from training.chamber.skins import Solid
from training.chamber.substitutes import bag, can, card_bottle, carton, cup, jar, paper, phone
from training.chamber.things import Thing, glass_bottle, pet_bottle, second_label

Chance = np.random.Generator
READABLE_DEG = 22
"""Who wants to be paid turns the code to the camera, within so many degrees."""


@dataclass
class Scene:
    """``pose``: lying, standing, flat or none. ``light`` is the lamp's; ``looks_dark``: whether a picture with the lamp off belongs to it."""

    parts: list[Part] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    pose: str = "none"
    roll_deg: int = 0
    hand: bool = False
    string: bool = False
    light: Light = field(default_factory=Light)
    looks_dark: bool = False


def _code(rng: Chance) -> str:
    return ean13("952", rng)


def _pet(rng: Chance, forms: tuple[str, ...] = ("small_33", "water_50", "soda_50", "soda_100"), **how: float) -> Thing:
    return pet_bottle(str(rng.choice(forms)), str(rng.choice(["clear", "blue", "green"])), rng, _code(rng), cap=rng.random() < 0.7, **how)  # type: ignore[arg-type]


def _glass(rng: Chance, forms: tuple[str, ...] = ("longneck_33", "stubby_33", "juice_25", "water_50")) -> Thing:
    return glass_bottle(str(rng.choice(forms)), str(rng.choice(["brown", "green", "clear"])), rng, _code(rng), cap=rng.random() < 0.3)


def _bottle(rng: Chance) -> Thing:
    return _pet(rng) if rng.random() < 0.5 else _glass(rng)


def lay(scene: Scene, thing: Thing, rng: Chance, *, turned_deg: float | None = None, shift: tuple[float, float] = (0.0, 0.0)) -> None:
    """On its side along the chamber, its code ``turned_deg`` away from the camera; without, as a visitor would who was told to show it."""
    turn = float(rng.normal(0, 9)) if turned_deg is None else turned_deg
    turn = float(np.clip(turn, -READABLE_DEG, READABLE_DEG)) if turned_deg is None else turn
    # lying, what was at -x looks up
    roll = np.pi - (thing.face or 0.0) + np.radians(turn)
    way = _about("z", np.pi * rng.integers(2) + rng.normal(0, 0.02)) @ _about("y", np.pi / 2) @ _about("z", roll)
    scene.roll_deg, scene.pose = round(turn) % 360, "lying"
    _place(scene, thing, way, rng, shift)


def lay_flat(scene: Scene, thing: Thing, rng: Chance) -> None:
    """A thing without thickness: across both sides of the tray, or on one of them; along the chamber, or nearly."""
    turn = TURN / 4 + rng.normal(0, 0.15) + np.pi * rng.integers(2)
    tilt = rng.choice([-1, 0, 1]) * np.radians(SLOPE_DEG)
    way = _about("x", tilt) @ _about("z", turn)
    scene.pose, scene.roll_deg = "flat", 0
    _place(scene, thing, way, rng, (0.0, float(-np.sign(tilt)) * 0.036))


def stand(scene: Scene, thing: Thing, rng: Chance) -> None:
    scene.pose = "standing"
    _place(scene, thing, _about("z", rng.uniform(0, TURN)), rng, (0.0, 0.0))


def _place(scene: Scene, thing: Thing, way: Points, rng: Chance, shift: tuple[float, float]) -> None:
    """Turned, put in the middle but for a little, and let down on the tray; water finds its level."""
    parts = thing.parts + ([thing.water] if thing.water else [])
    for part in parts:
        part.points = part.points @ way.T
    every = np.concatenate([part.points for part in thing.parts])
    middle = (every.min(0) + every.max(0)) / 2
    room = max(0.0, WIDTH_M / 2 - (every[:, 0].max() - every[:, 0].min()) / 2)
    away = np.array([shift[0] + rng.uniform(-1, 1) * min(room, 0.03), shift[1] + (0 if shift[1] else rng.normal(0, 0.001)), 0]) - middle * [
        1,
        1,
        0,
    ]
    every = every + away
    away[2] = np.max(ground(every[:, 0], every[:, 1]) - every[:, 2]) + 0.0003
    for part in parts:
        part.points = part.points + away
    if thing.water is not None:
        low, high = thing.water.points[:, 2].min(), thing.water.points[:, 2].max()
        np.minimum(thing.water.points[:, 2], low + thing.water_level * (high - low), out=thing.water.points[:, 2])
    scene.parts += parts
    scene.things.append(thing)


def _about(axis: str, angle: float) -> Points:
    c, s = np.cos(angle), np.sin(angle)
    turns = {"z": [[c, -s, 0], [s, c, 0], [0, 0, 1]], "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]], "x": [[1, 0, 0], [0, c, -s], [0, s, c]]}
    return np.array(turns[axis])


def hand(rng: Chance) -> list[Part]:
    """A forearm in a sleeve or without, a palm and five fingers, from the gate's side, over what lies there."""
    tone = rng.uniform(0.35, 1.0)
    skin = Solid((0.86 * tone, 0.66 * tone, 0.55 * tone), 0.55, bump=0.1, speckle=0.08, grain=60)
    reach, height, sideways = rng.uniform(-0.17, -0.05), rng.uniform(0.075, 0.105), rng.normal(0, 0.015)
    wrist, palm = np.array([reach - 0.085, sideways, height + 0.012]), np.array([reach, sideways * 0.6, height])
    arm = np.array([-0.26, sideways * 1.5, height + 0.03])
    off = np.array
    pieces = [
        limb(arm, wrist + off([0.02, 0, 0]), 0.036, 0.028, skin),
        limb(wrist - off([0.02, 0, 0]), palm + off([0.012, 0, 0]), 0.028, 0.037, skin),
        limb(palm + off([-0.03, 0.03, 0]), palm + off([0.035, 0.052, -0.02]), 0.0125, 0.0095, skin),
    ]
    for side, long in zip((-0.028, -0.010, 0.009, 0.026), (0.066, 0.078, 0.074, 0.056), strict=True):
        knuckle = palm + off([0.012, side, 0.002])
        middle = knuckle + off([long * 0.55, side * 0.15, 0.004])
        tip = middle + off([long * 0.35, 0, -rng.uniform(0.012, 0.03)])
        pieces += [
            limb(knuckle - off([0.014, 0, 0]), middle + off([0.005, 0, 0]), 0.0105, 0.0096, skin),
            limb(middle - off([0.006, 0, 0]), tip, 0.0096, 0.0078, skin),
        ]
    joined: list[tuple[int, ...]] = []
    points: list[Points] = []
    count = 0
    for piece in pieces:
        joined += [tuple(count + corner for corner in face) for face in piece.faces]
        points.append(piece.points)
        count += len(piece.points)
    made = [Part(np.concatenate(points), joined, skin, fused=True)]
    if rng.random() < 0.6:
        cloth = Solid(tuple(rng.uniform(0.05, 0.6, 3)), 0.9, bump=0.4, speckle=0.1, grain=400)  # type: ignore[arg-type]
        made.append(tube(arm + np.linspace(0, 0.9, 12)[:, None] * (wrist - arm), np.linspace(0.044, 0.036, 12), cloth, 40))
    return made


def string(thing: Thing, rng: Chance) -> Part:
    """A cord of 0.6 to 2 mm from the bottle's neck, or its middle, out through the gate. A line of 0.2 mm would be less than a pixel."""
    every = np.concatenate([part.points for part in thing.parts])
    knot = np.array([every[:, 0].min() + rng.uniform(0.01, 0.1), rng.normal(0, 0.006), every[:, 2].max() - rng.uniform(0, 0.01)])
    out = np.array([-0.235, rng.normal(0, 0.03), rng.uniform(0.10, 0.16)])
    along = np.linspace(0, 1, 30)[:, None]
    path = knot + along * (out - knot) - np.sin(np.pi * along) * [0, 0, rng.uniform(0.002, 0.02)]
    tone = float(rng.choice([0.1, 0.5, 0.9]))
    return tube(path, rng.uniform(0.0003, 0.001), Solid((tone, tone, tone * 0.9), 0.6), 8)


def _one(make: Callable[[Chance], Thing], how: Callable[[Scene, Thing, Chance], None] = lay) -> Callable[[Chance], Scene]:
    def drawn(rng: Chance) -> Scene:
        scene = Scene()
        how(scene, make(rng), rng)
        return scene

    return drawn


def _honest(rng: Chance) -> Scene:
    scene = Scene(looks_dark=rng.random() < 0.15)
    lay(scene, _bottle(rng), rng)
    return scene


def _turned_away(rng: Chance) -> Scene:
    scene = Scene()
    lay(scene, _bottle(rng), rng, turned_deg=float(rng.uniform(100, 260)))
    return scene


def _no_label(rng: Chance) -> Scene:
    scene = Scene()
    if rng.random() < 0.5:
        lay(scene, pet_bottle("water_50", "clear", rng, None, label=False), rng)
    else:
        bare = glass_bottle(str(rng.choice(["longneck_33", "water_50"])), str(rng.choice(["brown", "green", "clear"])), rng, None)
        bare.parts, bare.label = bare.parts[:1], False
        lay(scene, bare, rng)
    return scene


def _two(rng: Chance) -> Scene:
    """Side by side along the tray; the code of the second, or of neither, cannot be read."""
    scene = Scene()
    both = [_pet(rng, ("mini_20", "small_33")) if rng.random() < 0.6 else _glass(rng, ("miniature_5", "small_20")) for _ in range(2)]
    for way, thing in zip((1, -1), both, strict=True):
        turned = float(rng.normal(0, 8)) if way == 1 else float(rng.uniform(110, 250))
        lay(scene, thing, rng, turned_deg=turned, shift=(0.0, way * (thing.size_mm[1] / 2000 + 0.001)))
    return scene


def _two_labels(rng: Chance) -> Scene:
    made = _pet(rng, ("soda_100", "water_150", "soda_50")) if rng.random() < 0.5 else _glass(rng, ("water_50", "longneck_33"))
    second_label(made, rng, _code(rng))
    scene = Scene()
    lay(scene, made, rng, turned_deg=float(rng.normal(0, 5)))
    return scene


def _restricted(rng: Chance) -> Scene:
    """Codes that name no bottle: in-store, coupon, book, press, never assigned, and zeros."""
    prefix = str(rng.choice(["02", "20", "29", "99", "978", "977", "140", "199", "960", "000000000000"]))
    code = prefix + check_digit(prefix) if len(prefix) == 12 else ean13(prefix, rng)
    made = (
        pet_bottle(str(rng.choice(["water_50", "soda_50"])), "clear", rng, code)
        if rng.random() < 0.5
        else glass_bottle("longneck_33", "brown", rng, code)
    )
    scene = Scene()
    lay(scene, made, rng)
    return scene


def _with_hand(rng: Chance) -> Scene:
    scene = Scene(hand=True)
    lay(scene, _bottle(rng), rng)
    scene.parts += hand(rng)
    return scene


def _with_string(rng: Chance) -> Scene:
    scene = Scene(string=True)
    lay(scene, _bottle(rng), rng)
    scene.parts.append(string(scene.things[0], rng))
    return scene


def _phone(rng: Chance) -> Scene:
    scene = Scene(looks_dark=True)
    lay_flat(scene, phone(rng, _code(rng)), rng)
    return scene


def _wet(rng: Chance) -> Scene:
    """A third of a litre of water in half a litre of plastic, or a tenth."""
    made = _pet(rng, ("water_50", "soda_50"), water=float(rng.choice([0.28, 0.68])))
    made.liquid_ml = 100 if made.water_level < 0.5 else 330
    made.contents_g = made.liquid_ml
    made.weight_g += made.contents_g
    scene = Scene()
    lay(scene, made, rng)
    return scene


def _stones(rng: Chance) -> Scene:
    count = int(rng.integers(4, 10))
    made = _pet(rng, ("water_50", "soda_50", "soda_100"), stones=count)
    made.contents_g = 14 * count
    made.weight_g += made.contents_g
    scene = Scene()
    lay(scene, made, rng)
    return scene


def _wrapped_can(rng: Chance) -> Thing:
    return can(rng, None, glued=_code(rng))


HONEST: dict[str, Callable[[Chance], Scene]] = {
    "honest": _honest,
    "heavy_glass": _one(lambda rng: _glass(rng, ("heavy_75", "sparkling_75", "wine_75"))),
    "crushed": _one(lambda rng: _pet(rng, ("water_50", "soda_50", "soda_100"), crush=float(rng.uniform(0.3, 0.9)))),
}
POLICY: dict[str, Callable[[Chance], Scene]] = {
    "turned_away": _turned_away,
    "no_label": _no_label,
    "large_pet": _one(lambda rng: _pet(rng, ("can_500", "water_150"))),
    "miniature": _one(lambda rng: _pet(rng, ("mini_20",)) if rng.random() < 0.5 else _glass(rng, ("miniature_5",))),
}
"""Bottles of which the policy says what becomes of them."""

FRAUD: dict[str, Callable[[Chance], Scene]] = {
    "jar": _one(lambda rng: jar(rng, _code(rng))),
    "phone": _phone,
    "paper": _one(lambda rng: paper(rng, _code(rng)), lay_flat),
    "cup": _one(lambda rng: cup(rng, _code(rng))),
    "carton": _one(lambda rng: carton(rng, _code(rng))),
    "card_bottle": _one(lambda rng: card_bottle(rng, _code(rng)), lay_flat),
    "labelled_can": _one(_wrapped_can),
    "can": _one(lambda rng: can(rng, _code(rng))),
    "two_labels": _two_labels,
    "two_at_once": _two,
    "water": _wet,
    "stones": _stones,
    "restricted": _restricted,
    "small_glass": _one(lambda rng: _glass(rng, ("small_20",))),
    "hand": _with_hand,
    "string": _with_string,
}
SHAPES: dict[str, Callable[[Chance], Scene]] = {
    "empty": lambda rng: Scene(looks_dark=rng.random() < 0.3),
    "bag": _one(bag),
    "standing": _one(_bottle, stand),
}
PATTERNS = HONEST | POLICY | FRAUD | SHAPES


def scene(pattern: str, seed: int) -> Scene:
    """The seed's scene of a pattern, in the seed's light."""
    rng = np.random.default_rng([seed, sum(map(ord, pattern))])
    made = PATTERNS[pattern](rng)
    made.light = Light(float(rng.uniform(0.85, 1.15)), float(rng.normal(0, 0.35)), float(rng.uniform(0.5, 2.5)), float(rng.normal(0, 0.08)))
    return made
