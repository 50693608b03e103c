"""How long the simulated metal and the people at it take: stated times, and nothing that moves. Frozen profiles, by name."""

from dataclasses import asdict, dataclass, fields

from firmware.controller import STILL_MS


@dataclass(frozen=True, slots=True)
class Mechanics:
    """Times in milliseconds. ``fall_ms`` runs from the flap's release until the item has passed the drop beam; its opening is part of it.

    ``put_in_ms`` and ``take_out_ms`` are a person's, counted from the moment the gate stands open.
    """

    name: str
    gate_open_ms: int
    gate_shut_ms: int
    settle_ms: int
    sorter_turn_ms: int
    flap_open_ms: int
    fall_ms: int
    flap_shut_ms: int
    put_in_ms: int
    take_out_ms: int

    def but(self, name: str, time_ms: int) -> "Mechanics":
        """The same with another time, by its name."""
        return Mechanics(**(asdict(self) | {"name": "stated", name: time_ms}))

    @property
    def machine_ms(self) -> int:
        """What the machine alone needs for one bottle that is taken, one motion after the other, with the controller's wait for stillness."""
        motions = self.gate_open_ms + self.gate_shut_ms + self.settle_ms + self.sorter_turn_ms + self.fall_ms + self.flap_shut_ms
        return motions + STILL_MS


STANDARD = Mechanics(
    "standard",
    gate_open_ms=180,
    gate_shut_ms=180,
    settle_ms=150,
    sorter_turn_ms=150,
    flap_open_ms=60,
    fall_ms=180,
    flap_shut_ms=100,
    put_in_ms=500,
    take_out_ms=500,
)
"""Chosen, not measured: a lively machine whose motions add up to 0.98 s a bottle."""

INSTANT = Mechanics("instant", 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""Nothing takes time: what is left is the program's own."""

PROFILES = {profile.name: profile for profile in (STANDARD, INSTANT)}
TIMES = tuple(field.name for field in fields(Mechanics) if field.name != "name")
"""The names of all times."""
