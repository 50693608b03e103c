"""What is brought instead of a bottle, each built from a seed: cans, jars, cartons, things that bear a bottle's code."""

import numpy as np
from PIL.Image import Image

from training.chamber.labels import artwork, barcode
from training.chamber.shapes import TURN, Part, box, grid, profile, sleeve, turned
from training.chamber.skins import Cloth, Glass, Print, Screen, Solid
from training.chamber.things import GLASS, Thing, labelled


def can(rng: np.random.Generator, code: str | None, *, glued: str | None = None) -> Thing:
    """A 33 cl aluminium can, printed with ``code``; ``glued``: the code of a bottle's paper label glued round it."""
    outline = profile(
        [
            (0, 10),
            (21, 7),
            (24, 0),
            (27, 0),
            (31, 6),
            (33, 12),
            (33, 101),
            (28.7, 112),
            (27.4, 113),
            (28, 115),
            (26.4, 115),
            (25.4, 109),
            (0, 109),
        ],
        100,
        1.2,
    )
    bare = Solid((0.88, 0.885, 0.89), 0.22, 1.0)
    made = Thing("can", "aluminium", "printed", 13, (115, 66), [turned(outline, bare, 80)], metal=True, outline=outline)
    side = artwork(rng, 33 * TURN, 92, code, 1.35, at=0.72)
    wrap = sleeve(outline, 0.011, 0.102, 0.0, TURN, Print(side.picture, 0.3, 0.55), off_m=0.0002)
    wrap.code_box = side.code_box
    made.parts.append(wrap)
    made.codes, made.face = [code] if code else [], 0.72 * TURN
    tab = turned(np.array([[0.001, 0.1103], [0.009, 0.1103], [0.009, 0.1112], [0.001, 0.1112]]), Solid((0.8, 0.8, 0.82), 0.3, 1.0), 24)
    made.parts.append(tab)
    if glued is not None:
        made.codes = []
        labelled(made, rng, glued, 14, rng.uniform(72, 98), off_m=0.0006)
    return made


def jar(rng: np.random.Generator, code: str | None) -> Thing:
    r, h, t = rng.uniform(34, 41), rng.uniform(100, 135), 2.8
    outline = profile(
        [
            (0, 3),
            (r * 0.8, 0),
            (r, 5),
            (r, h * 0.82),
            (r * 0.84, h * 0.9),
            (r * 0.84, h),
            (r * 0.84 - t, h),
            (r * 0.84 - t, h * 0.89),
            (r - t, h * 0.8),
            (r - t, 8),
            (0, 7),
        ],
        110,
        1.6,
    )
    made = Thing("other", "glass", "clear", round(1.5 * h), (h, 2 * r), [turned(outline, Glass(GLASS["clear"]))], outline=outline)
    labelled(made, rng, code, 16, h * 0.76)
    if rng.random() < 0.5:
        lid = profile([(r * 0.9, h * 0.9), (r * 0.9, h + 1), (r * 0.86, h + 2), (0, h + 1)], 30, 0.6)
        made.parts.append(turned(lid, Solid((0.75, 0.6, 0.2), 0.3, 0.8)))
        made.cap, made.weight_g = True, made.weight_g + 12
    return made


def cup(rng: np.random.Generator, code: str | None) -> Thing:
    """A paper cup with a bottle's label glued round it."""
    r, h = rng.uniform(38, 43), rng.uniform(95, 118)
    outline = profile([(0, 4), (r * 0.68, 4), (r * 0.7, 0), (r, h - 2), (r + 1.5, h - 1), (r + 1, h)], 60, 0.6)
    made = Thing("other", "paper", "white", 10, (h, 2 * r), [turned(outline, Solid((0.93, 0.92, 0.89), 0.6))], outline=outline)
    labelled(made, rng, code, 0.3 * h, 0.3 * h + rng.uniform(52, 60))
    return made


def carton(rng: np.random.Generator, code: str | None) -> Thing:
    width, depth, height = rng.uniform(58, 72), rng.uniform(52, 64), rng.uniform(160, 225)
    front = artwork(rng, width, height, code, 1.25)
    others = [Print(artwork(rng, width, height, None, 1.25).picture, 0.45) for _ in range(3)]
    end = Print(others[0].picture.crop((0, 0, 40, 40)), 0.45)
    parts = box((width / 1000, depth / 1000, height / 1000), [Print(front.picture, 0.45), *others, end, end])
    parts[0].code_box = front.code_box
    made = Thing("other", "carton", "printed", 32, (height, width), parts, [code] if code else [], -TURN / 4, label=True)
    if rng.random() < 0.6:
        screw = turned(profile([(11, 0), (11, 9), (10, 10), (0, 10)], 16, 0.5), Solid((0.15, 0.3, 0.65), 0.4), 40)
        screw.points = screw.points + np.array([0.012, 0, height / 1000])
        made.parts.append(screw)
        made.cap = True
    return made


def phone(rng: np.random.Generator, code: str) -> Thing:
    """Lies on its back; its screen shows the code on white."""
    wide, long, thick = rng.uniform(66, 77), rng.uniform(140, 163), 8.5
    shown = artwork(rng, wide * 0.92, long * 0.5, None, 1.4).picture
    page = shown.resize((560, round(560 * long / wide)))
    page.paste((250, 250, 252), (0, 0, *page.size))
    drawn = barcode(code, 4, round(rng.uniform(120, 220)))
    drawn = drawn.rotate(90, expand=True) if rng.random() < 0.5 else drawn
    code_box = _pasted(page, drawn, float(rng.uniform(0.3, 0.6)))
    made = _slab(rng, wide, long, thick, Screen(page, rng.uniform(0.8, 2.2)))
    made.parts[-1].code_box = code_box
    made.kind, made.material, made.colour, made.weight_g, made.codes = "other", "phone", "black", round(rng.uniform(150, 220)), [code]
    return made


def _pasted(page: Image, drawn: Image, down: float) -> tuple[float, float, float, float]:
    """``drawn`` in the middle of ``page``, so far down; and where that is."""
    left, top = (page.width - drawn.width) // 2, round((page.height - drawn.height) * down)
    page.paste(drawn, (left, top))
    return left / page.width, 1 - (top + drawn.height) / page.height, (left + drawn.width) / page.width, 1 - top / page.height


def _slab(rng: np.random.Generator, wide: float, long: float, thick: float, top: object) -> Thing:
    shade = float(rng.uniform(0.02, 0.12))
    case = Solid((shade, shade, shade), 0.3)
    parts = box((wide / 1000, long / 1000, thick / 1000), [case] * 6)
    inset = np.stack(np.meshgrid(np.linspace(-0.47, 0.47, 4) * wide / 1000, np.linspace(-0.47, 0.47, 4) * long / 1000), -1)
    parts.append(grid(np.concatenate([inset, np.full((4, 4, 1), thick / 1000 + 0.0004)], -1), top))
    return Thing("other", "", "", 0, (long, wide), parts, flat=True)


def paper(rng: np.random.Generator, code: str) -> Thing:
    """A sheet with a printed code, a little bent; light enough to follow the tray."""
    wide, long = rng.uniform(95, 150), rng.uniform(120, 210)
    page = artwork(rng, wide, long, None, 1.4).picture
    if rng.random() < 0.7:
        page.paste((247, 247, 244), (0, 0, *page.size))
    drawn = barcode(code, 4, round(rng.uniform(100, 260)))
    drawn = drawn.rotate(90, expand=True) if rng.random() < 0.5 else drawn
    code_box = _pasted(page, drawn, 0.5)
    across, along = np.meshgrid(np.linspace(-0.5, 0.5, 24) * wide / 1000, np.linspace(-0.5, 0.5, 24) * long / 1000)
    curl = rng.uniform(0.002, 0.01) * np.cos(along / long * 1000 * rng.uniform(2, 4)) + rng.uniform(0, 0.006) * np.sin(across * 40)
    sheet = grid(np.stack([across, along, curl], -1), Print(page, 0.8, back=0.95))
    sheet.code_box = code_box
    return Thing("other", "paper", "white", 5, (long, wide), [sheet], [code], flat=True, label=True)


def card_bottle(rng: np.random.Generator, code: str) -> Thing:
    """Cardboard cut like a bottle, with a bottle's label glued on: flat, 3 to 5 mm thick."""
    r, h = rng.uniform(30, 37), rng.uniform(190, 235)
    half = profile([(r, 0), (r, h * 0.58), (13 + (r - 13) * 0.6, h * 0.7), (14, h * 0.8), (13, h)], 40, 6)
    rim = np.r_[half, (half * [-1, 1])[::-1]]
    count, thick = len(rim), rng.uniform(0.003, 0.005)
    points = np.r_[np.c_[rim, np.zeros(count)], np.c_[rim, np.full(count, thick)]] - [0, h / 2000, 0]
    faces = [(at, (at + 1) % count, count + (at + 1) % count, count + at) for at in range(count)]
    faces += [(at, at + 1, count - 2 - at, count - 1 - at) for at in range(count // 2 - 1)]
    faces += [tuple(count + corner for corner in face) for face in faces[count:]]
    tone = float(rng.uniform(0.9, 1.1))
    board = Part(
        points,
        [tuple(face) for face in faces],
        Solid((0.62 * tone, 0.47 * tone, 0.32 * tone), 0.85, bump=0.2, speckle=0.2, grain=200),
        flat=True,
    )
    low, high = 0.12 * h, 0.5 * h
    label = artwork(rng, 2 * r - 2, high - low, code, 1.25)
    across, along = np.meshgrid(np.linspace(-1, 1, 4) * (r - 1) / 1000, np.linspace(low, high, 4) / 1000 - h / 2000)
    sheet = grid(np.stack([across, along, np.full_like(across, thick + 0.0004)], -1), Print(label.picture, 0.5))
    sheet.code_box = label.code_box
    return Thing("other", "cardboard", "brown", round(rng.uniform(18, 40)), (h, 2 * r), [board, sheet], [code], flat=True, label=True)


def bag(rng: np.random.Generator) -> Thing:
    """A textile bag, crumpled."""
    angle = np.linspace(0.04, np.pi - 0.04, 110)
    ball = turned(np.c_[np.sin(angle), -np.cos(angle)], Cloth(tuple(rng.uniform(0.1, 0.85, 3))), 160)  # type: ignore[arg-type]
    deep = sum(rng.uniform(0.03, 0.1) * np.abs(np.sin(ball.points @ rng.normal(0, 2.5, 3) + rng.uniform(0, 6))) for _ in range(12))
    fine = sum(0.015 * np.abs(np.sin(ball.points @ rng.normal(0, 9, 3) + rng.uniform(0, 6))) for _ in range(10))
    ball.points = (
        ball.points * (0.7 + np.asarray(deep) + np.asarray(fine))[:, None] * np.array([0.05, 0.036, 0.085]) * rng.uniform(0.8, 1.1, 3)
    )
    ball.points[:, 2] -= ball.points[:, 2].min()
    return Thing("other", "textile", "", round(rng.uniform(40, 90)), (180, 90), [ball])
