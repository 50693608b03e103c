"""What can be provoked from the panel, as a table: each fault with the twin's lines that begin and end it. Carried out by ``stage.py``.

What the lines mean stands in ``drivers/twin/scenario.py``; the words of the buttons are ``demo.fault.NAME`` in the catalogues.
"""

from dataclasses import dataclass
from enum import StrEnum


class Mishap(StrEnum):
    """``NETWORK`` and ``POWER`` are no lines of the twin: they meet the processes."""

    HAND = "hand"
    JAM = "jam"
    FISHING = "fishing"
    LEFT = "left"
    DOOR = "door"
    CAMERA = "camera"
    PAPER = "paper"
    GLASS_FULL = "glass_full"
    PLASTIC_FULL = "plastic_full"
    NETWORK = "network"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class Lines:
    """``ends`` None: nothing to end, it happens once."""

    begins: tuple[str, ...]
    ends: tuple[str, ...] | None = None


LINES = {
    Mishap.HAND: Lines(("hand 4000",)),
    # in the flap's way until somebody takes it out; one that merely stays in the chamber is handed back
    Mishap.JAM: Lines(("jam half",)),
    Mishap.FISHING: Lines(("fish beam",)),
    # offered twice and left, so that the kiosk stops until somebody takes it out
    Mishap.LEFT: Lines(("leave 2",)),
    Mishap.DOOR: Lines(("door open",), ("remove", "door shut")),
    Mishap.CAMERA: Lines(("camera black",), ("camera right",)),
    Mishap.PAPER: Lines(("printer paper out",), ("printer paper enough",)),
    # bin 1 takes glass, bin 2 plastic, as configured where nothing else is said
    Mishap.GLASS_FULL: Lines(("bin 1 99",), ("bin 1 0",)),
    Mishap.PLASTIC_FULL: Lines(("bin 2 99",), ("bin 2 0",)),
    Mishap.NETWORK: Lines((), ()),
    Mishap.POWER: Lines(("reset 3000",)),
}
"""A power cut takes the controller's current for 3 s, longer than the kiosk's own start is away."""
