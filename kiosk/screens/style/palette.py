"""The colours of the screens, as ``#RRGGBB``: the normal set and the one of high contrast. No Qt here, and no colour anywhere else.

Text on its ground has at least 7:1 in both (WCAG 2.2, 1.4.6), graphics and borders at least 3:1 (1.4.11); tests measure it in the pixels.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """``paper`` is the ground of a page, ``card`` that of what lies on it, ``sun`` that of money and of warnings.

    ``ink`` writes on all three, ``soft`` is for what is said less loudly. ``line`` is the border of a card or button, ``track`` an empty bar.
    A colour that fills a button has its ``edge`` and what is written ``on`` it; a ``tint`` is the ground of a card of that kind.
    The last six are for pictures of bottles, never for text.
    """

    paper: str
    sun: str
    card: str
    ink: str
    soft: str
    line: str
    track: str
    on_ink: str
    green: str
    green_edge: str
    green_tint: str
    on_green: str
    blue: str
    blue_edge: str
    on_blue: str
    red: str
    red_tint: str
    on_red: str
    focus: str
    glass: str
    glass_light: str
    pet: str
    pet_light: str
    water: str
    hole: str


NORMAL = Palette(
    paper="#FFF6E6",
    sun="#FFE3AE",
    card="#FFFFFF",
    ink="#14213D",
    soft="#3A4259",
    line="#8A7440",
    track="#EAD9B5",
    on_ink="#FFFFFF",
    green="#075C3C",
    green_edge="#053F2A",
    green_tint="#DDF3E4",
    on_green="#FFFFFF",
    blue="#1D4FA3",
    blue_edge="#12336B",
    on_blue="#FFFFFF",
    red="#A12A0E",
    red_tint="#FFE7DE",
    on_red="#FFFFFF",
    focus="#1D4FA3",
    glass="#2E8B62",
    glass_light="#8FD0AE",
    pet="#BBDBF4",
    pet_light="#EEF7FF",
    water="#4F9FDD",
    hole="#14213D",
)

CONTRAST = Palette(
    paper="#000000",
    sun="#000000",
    card="#000000",
    ink="#FFFFFF",
    soft="#FFFFFF",
    line="#FFFFFF",
    track="#5A5A5A",
    on_ink="#000000",
    green="#FFE14A",
    green_edge="#B39A00",
    green_tint="#000000",
    on_green="#000000",
    blue="#8EC5FF",
    blue_edge="#4A86C5",
    on_blue="#000000",
    red="#FF9F8A",
    red_tint="#000000",
    on_red="#000000",
    focus="#8EC5FF",
    glass="#2E8B62",
    glass_light="#8FD0AE",
    pet="#BBDBF4",
    pet_light="#EEF7FF",
    water="#4F9FDD",
    hole="#000000",
)
