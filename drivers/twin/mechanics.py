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
        """What the machine alone needs for one bottle that is taken: what must wait for one another, with the controller's wait for stillness."""
        rest_ms = max(self.gate_shut_ms, self.settle_ms + STILL_MS)
        return self.gate_open_ms + rest_ms + self.sorter_turn_ms + self.fall_ms + self.flap_shut_ms

    @property
    def bottle_ms(self) -> int:
        """The same with the hand that puts it in: what one bottle takes if the program takes no time at all."""
        return self.machine_ms + self.put_in_ms


STANDARD = Mechanics(
    "standard",
    gate_open_ms=140,
    gate_shut_ms=140,
    settle_ms=120,
    sorter_turn_ms=120,
    flap_open_ms=40,
    fall_ms=170,
    flap_shut_ms=110,
    put_in_ms=300,
    take_out_ms=500,
)
"""Chosen, not measured: a lively machine and a person with the next bottle in hand, who together need 1.0 s a bottle."""

INSTANT = Mechanics("instant", 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""Nothing takes time: what is left is the program's own."""

PROFILES = {profile.name: profile for profile in (STANDARD, INSTANT)}
TIMES = tuple(field.name for field in fields(Mechanics) if field.name != "name")
"""The names of all times."""
