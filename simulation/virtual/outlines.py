"""What lies in the twin's pictures, by the real recognition: each side of each item looked at once, so that runs of many thousand bottles are judged by their outlines at no cost."""

from dataclasses import replace
from functools import cached_property

from drivers.twin.items import Item
from drivers.twin.looks import render
from recognition.shape.background import Background
from recognition.shape.look import seen_in
from recognition.shape.scene import Scene
from simulation.chamber import decoded, empty_chamber


class Outlines:
    """``seed``: of the twin's noise."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._known: dict[tuple[str, float | None], Scene] = {}

    def of(self, item: Item, roll_deg: float | None) -> Scene:
        """As it lies still. Raises PictureUnreadable."""
        side = (str(item.pictures[0].path), roll_deg)
        if side not in self._known:
            (look,) = render(item, self._seed, roll_deg, count=1)
            self._known[side] = replace(seen_in(decoded(look), self._chamber).scene, still=True)
        return self._known[side]

    @cached_property
    def _chamber(self) -> Background:
        return empty_chamber(self._seed)
