"""How full the twin's bins are: what fell into each since somebody last said how full it is, seen from the sensor above."""

from collections import Counter

from drivers.twin.items import Item
from drivers.twin.truth import Truth
from firmware.calibration import BIN_EMPTY_MM
from firmware.server import BIN_FULL_MM

HOLDS = {"plastic_bottle": 270, "can": 550, "glass_bottle": 80}
"""Items of one kind that fill a bin: what the maker of a small machine on the market states of its own (270 PET, 550 cans, 80 glass, uncrushed)."""

HOLDS_OF_ANY = 200
"""Of every other kind, and of what is among the items no more."""


class Bins:
    """The truth holds what fell where; ``items`` tell of which kind that was."""

    def __init__(self, truth: Truth, items: dict[str, Item]) -> None:
        self._truth = truth
        self._items = items

    def mm(self, bin_number: int) -> int:
        """From the sensor down to what lies there; what is piled up above *full* is as near as full."""
        level = min(1.0, self.level(bin_number))
        return round(BIN_EMPTY_MM - level * (BIN_EMPTY_MM - BIN_FULL_MM))

    def level(self, bin_number: int) -> float:
        """1.0 is full; there may be more in it."""
        fallen: Counter[str] = self._truth.fallen[bin_number]
        return self._truth.percent[bin_number] / 100 + sum(count / self._holds(name) for name, count in fallen.items())

    def _holds(self, name: str) -> int:
        item = self._items.get(name)
        return HOLDS.get(item.kind, HOLDS_OF_ANY) if item else HOLDS_OF_ANY
