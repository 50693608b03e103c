"""Artwork of labels: invented names, drawn, with an EAN-13 whose check digit is right.

Codes have GS1's prefix for demonstrations (952) unless a scene asks for another: no product has them.
"""

import colorsys
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.chamber.skins import Colour

MODULE_MM = 0.33
FONTS = "/usr/share/fonts/truetype/dejavu/"
STYLES = ("waves", "hills", "dots", "bands", "frame", "diagonal")

_LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_RIGHT = tuple("".join("10"[int(bit)] for bit in digit) for digit in _LEFT)
_EVEN = tuple(digit[::-1] for digit in _RIGHT)
_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def ean13(prefix: str, rng: np.random.Generator) -> str:
    body = prefix + "".join(str(rng.integers(10)) for _ in range(12 - len(prefix)))
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """GS1 General Specifications: weights 1 and 3 from the left of the twelve."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def modules(code: str) -> str:
    """ISO/IEC 15420: the bars of a code, 1 is dark."""
    parity = _PARITY[int(code[0])]
    left = "".join((_LEFT if kind == "L" else _EVEN)[int(digit)] for kind, digit in zip(parity, code[1:7], strict=True))
    return f"101{left}01010{''.join(_RIGHT[int(digit)] for digit in code[7:])}101"


def barcode(code: str, module_px: int, bars_px: int) -> Image.Image:
    """Bars, digits below, quiet zones of 11 and 7 modules."""
    text_px = 9 * module_px
    made = Image.new("RGB", (113 * module_px, bars_px + text_px + 2 * module_px), (250, 250, 248))
    draw = ImageDraw.Draw(made)
    for place, bit in enumerate(modules(code)):
        if bit == "1":
            longer = 4 * module_px if place < 3 or place > 91 or 45 <= place < 50 else 0
            left = (11 + place) * module_px
            draw.rectangle((left, module_px, left + module_px - 1, module_px + bars_px + longer), fill=(12, 12, 14))
    for text, at in ((code[0], 3), (code[1:7], 15), (code[7:], 61)):
        draw.text((at * module_px, bars_px + 1.5 * module_px), text, fill=(12, 12, 14), font=_font("DejaVuSans", text_px))
    return made


@dataclass(frozen=True)
class Artwork:
    """``code_box`` is where the code lies, left, bottom, right, top as shares of the picture; None without one."""

    picture: Image.Image
    code: str | None
    code_box: tuple[float, float, float, float] | None = None


def artwork(
    rng: np.random.Generator, width_mm: float, height_mm: float, code: str | None, magnification: float, at: float = 0.5
) -> Artwork:
    """A label of that size; the code's middle is at the share ``at`` of its width. Its bars run round the body, if it is too wide for the label."""
    per_mm = 4 / (MODULE_MM * magnification)
    width, height = round(width_mm * per_mm), round(height_mm * per_mm)
    dark, light = _palette(rng)
    picture = _ground(rng, width, height, dark, light)
    draw = ImageDraw.Draw(picture)
    _pattern(rng, draw, width, height, dark)
    panel = min(60 * per_mm, 0.9 * width)
    for middle in (np.arange(round(width_mm / 75) or 1) + 0.5) / (round(width_mm / 75) or 1):
        if code is None or abs(middle - at) * width > panel * 0.6 or width_mm < 80:
            _brand(rng, draw, middle * width, height, panel, dark, light)
    if code is None:
        return Artwork(picture, None)
    bars = round(min(22, max(10, height_mm - 14 * magnification)) * per_mm)
    drawn = barcode(code, 4, bars)
    if drawn.width > 0.98 * width or (rng.random() < 0.3 and drawn.width < 0.96 * height):
        drawn = drawn.rotate(90, expand=True)
    if drawn.width > width or drawn.height > height:
        raise ValueError(f"a label of {width_mm} x {height_mm} mm is too small for its code at {magnification}")
    left = round(min(max(at * width - drawn.width / 2, 0), width - drawn.width))
    top = round((height - drawn.height) * rng.uniform(0.3, 0.7))
    picture.paste(drawn, (left, top))
    box = (left / width, 1 - (top + drawn.height) / height, (left + drawn.width) / width, 1 - top / height)
    return Artwork(picture, code, box)


def word(rng: np.random.Generator, syllables: int) -> str:
    return "".join("bdfgklmnprstvz"[rng.integers(14)] + "aeiou"[rng.integers(5)] for _ in range(syllables)).capitalize()


def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(f"{FONTS}{name}.ttf", max(6, round(size)))


def _palette(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    hue = rng.random()
    dark: Colour = colorsys.hsv_to_rgb(hue, rng.uniform(0.5, 1), rng.uniform(0.2, 0.6))
    light: Colour = colorsys.hsv_to_rgb((hue + rng.choice([0, 0.08, 0.5])) % 1, rng.uniform(0.05, 0.6), rng.uniform(0.8, 1))
    return tuple(round(255 * part) for part in dark), tuple(round(255 * part) for part in light)


def _ground(rng: np.random.Generator, width: int, height: int, dark: tuple[int, ...], light: tuple[int, ...]) -> Image.Image:
    fade = np.linspace(0, rng.uniform(0, 0.5), height)[:, None, None]
    colours = np.array(light) * (1 - fade) + np.array(dark) * fade
    return Image.fromarray(np.broadcast_to(colours, (height, width, 3)).astype(np.uint8).copy())


def _pattern(rng: np.random.Generator, draw: ImageDraw.ImageDraw, width: int, height: int, colour: tuple[int, ...]) -> None:
    second = tuple(round(0.7 * part + 60) for part in colour)
    line = max(2, height // 40)
    along = np.linspace(0, width, 120)
    match rng.choice(STYLES):
        case "waves":
            for level, ink in ((0.72, colour), (0.83, second)):
                crest = height * (level + 0.05 * np.sin(along / width * 20 + level * 9))
                draw.polygon([(0, height), *zip(along, crest, strict=True), (width, height)], fill=ink)
        case "hills":
            for level, ink in ((0.6, second), (0.75, colour)):
                crest = height * (level - 0.12 * np.abs(np.sin(along / width * 14 + level * 5)))
                draw.polygon([(0, height), *zip(along, crest, strict=True), (width, height)], fill=ink)
        case "dots":
            for _ in range(width * height // (height * 12) + 20):
                x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.01, 0.05) * height
                draw.ellipse((x - r, y - r, x + r, y + r), fill=second)
        case "bands":
            draw.rectangle((0, height * 0.12, width, height * 0.2), fill=colour)
            draw.rectangle((0, height * 0.8, width, height * 0.88), fill=second)
        case "frame":
            draw.rectangle((2 * line, 2 * line, width - 2 * line, height - 2 * line), outline=colour, width=line)
        case _:
            for x in range(-height, width + height, height // 4):
                draw.line((x, height, x + height, 0), fill=second, width=2 * line)


def _brand(
    rng: np.random.Generator, draw: ImageDraw.ImageDraw, x: float, height: int, panel: float, dark: tuple[int, ...], light: tuple[int, ...]
) -> None:
    name, y = word(rng, int(rng.integers(2, 4))), 0.42 * height
    size = min(0.3 * height, 1.3 * panel / len(name))
    draw.rounded_rectangle((x - panel / 2, y - 0.75 * size, x + panel / 2, y + 0.75 * size), size / 3, fill=light, outline=dark, width=3)
    draw.text((x, y), name, fill=dark, font=_font("DejaVuSans-Bold", size), anchor="mm")
    draw.text((x, y + 1.1 * size), f"{word(rng, 2)} {word(rng, 2)}", fill=dark, font=_font("DejaVuSerif-Bold", 0.3 * size), anchor="mm")
    draw.text(
        (x, 0.93 * height),
        str(rng.choice(["25 cl", "33 cl", "50 cl", "75 cl", "1 l"])),
        fill=light,
        font=_font("DejaVuSans-Bold", 0.08 * height),
        anchor="mm",
    )
