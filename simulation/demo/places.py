"""Where the two windows stand on a desktop, and by how much the kiosk's screen is made smaller for it. Values only, in pixels."""

from dataclasses import dataclass
from typing import Self

from kiosk.screens.style.theme import Panel

PORTRAIT, LANDSCAPE = Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1)
"""The two screens that the kiosk is designed for."""

FRAME_PX = 40
"""What a desktop may put round a window: above all its title."""

LEAST, MOST = 0.2, 1.0


@dataclass(frozen=True, slots=True)
class Box:
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Places:
    """``screen`` is the kiosk's screen made smaller: the same inches with fewer pixels, so that all on it shrinks alike."""

    screen: Panel
    scale: float
    kiosk: tuple[int, int]
    panel: tuple[int, int]

    @classmethod
    def on(cls, desk: Box, screen: Panel, beside: tuple[int, int], scale: float | None = None) -> Self:
        """The kiosk at the left, the panel of size ``beside`` at its right, both as far as they go on the desk. ``scale`` None: what fits."""
        if scale is None:
            across = (desk.width - beside[0] - 2 * FRAME_PX) / screen.width_px
            upright = (desk.height - FRAME_PX) / screen.height_px
            scale = max(LEAST, min(MOST, across, upright))
        smaller = Panel(round(screen.width_px * scale), round(screen.height_px * scale), screen.diagonal_in)
        right = min(desk.left + smaller.width_px + FRAME_PX, desk.left + desk.width - beside[0])
        return cls(smaller, scale, (desk.left, desk.top), (max(desk.left, right), desk.top))
