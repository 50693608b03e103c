"""Metal that moves one step when it is told to: gate, flap and one bottle, with every stage of a bottle's way in reach of every event.

::

    outside ──gate not shut──▶ in the chamber ──flap not locked──▶ through the beam, in the bin
       ▲                              │
       └───────gate not shut──────────┘           jammed: the flap is open, and it stays

Power does not hold anything: without it gate and flap stay as they are, and what lies above an open flap still falls.
"""

from collections.abc import Callable
from typing import NamedTuple

from firmware.metal import Metal, Sensors

BY_HAND = 9
"""The number of what a technician lets fall."""


class Stand(NamedTuple):
    """Where everything is. ``chamber`` is the bottle's number, 0 for none; ``there``: it has arrived where it was driven."""

    chamber: int = 0
    gate_open: bool = False
    gate_there: bool = True
    flap_open: bool = False
    flap_there: bool = True
    jammed: bool = False
    bin: int = 1
    door_open: bool = False
    under: int = 0
    """The sequence of the command that opened the flap last, 0 for a hand."""

    @property
    def passable(self) -> bool:
        return self.gate_open or not self.gate_there

    @property
    def loose(self) -> bool:
        """Whether what lies in the chamber falls, unless it is jammed."""
        return self.flap_open or not self.flap_there

    def unpowered(self) -> "Stand":
        """What is not shut and arrived is on its way there as soon as power returns, however far it had come."""
        return self._replace(
            gate_open=False, gate_there=not self.passable, flap_open=False, flap_there=not self.loose, jammed=self.jammed and self.loose
        )


class Fell(NamedTuple):
    sequence: int
    bottle: int


class Out(NamedTuple):
    """It left through the gate."""

    bottle: int


Fact = Fell | Out


class SteppedMetal(Metal):
    """``doing`` tells (command, sequence) of what is being carried out; ``facts`` what has happened."""

    def __init__(self, stand: Stand, doing: Callable[[], tuple[int, int] | None]) -> None:
        self.stand = stand
        self.facts: list[Fact] = []
        self._doing = doing
        self._beam = False

    def read(self) -> Sensors:
        stand, beam = self.stand, self._beam
        self._beam = False
        return Sensors(
            weight_g=weight_g(stand.chamber),
            occupied=bool(stand.chamber),
            metal=False,
            gate_shut=not stand.passable,
            gate_open=stand.gate_open and stand.gate_there,
            entry_beam=False,
            drop_beam=beam,
            flap_locked=not stand.loose,
            sorter_bin=stand.bin,
            door_open=stand.door_open,
            motor_ma=0,
            supply_mv=12_000,
            temperature_dk=2_930,
        )

    def bin_mm(self, bin_number: int) -> int:
        return 900

    def drive_gate(self, is_open: bool) -> None:
        if is_open != self.stand.gate_open:
            self.stand = self.stand._replace(gate_open=is_open, gate_there=False)

    def drive_flap(self, is_open: bool) -> None:
        if is_open and not self.stand.flap_open:
            doing = self._doing()
            self.stand = self.stand._replace(flap_open=True, flap_there=True, under=doing[1] if doing else 0)
        elif not is_open and self.stand.flap_open:
            self.stand = self.stand._replace(flap_open=False, flap_there=False)

    def turn_sorter(self, bin_number: int) -> None:
        self.stand = self.stand._replace(bin=bin_number)

    def stop(self) -> None:
        """Whether a drive without current still arrives is for the exploration to choose."""

    def light(self, percent: int) -> None:
        pass

    def gate_arrives(self) -> None:
        self.stand = self.stand._replace(gate_there=True)

    def flap_locks(self) -> None:
        self.stand = self.stand._replace(flap_there=True, jammed=False)

    def put_in(self, bottle: int) -> None:
        self.stand = self.stand._replace(chamber=bottle)

    def pull_out(self) -> None:
        self.facts.append(Out(self.stand.chamber))
        self.stand = self.stand._replace(chamber=0)

    def fall(self) -> None:
        self.facts.append(Fell(self.stand.under, self.stand.chamber))
        self._beam = True
        self.stand = self.stand._replace(chamber=0, jammed=False)

    def put_on_the_flap(self) -> None:
        """A technician's hand lays something there and lowers the flap."""
        self.stand = self.stand._replace(chamber=BY_HAND, flap_open=True, flap_there=True, under=0)

    def raise_flap(self) -> None:
        self.stand = self.stand._replace(flap_open=False, flap_there=True)

    def move_door(self, is_open: bool) -> None:
        self.stand = self.stand._replace(door_open=is_open)

    def jam(self) -> None:
        self.stand = self.stand._replace(jammed=True)


def weight_g(bottle: int) -> int:
    """Each bottle has a weight of its own."""
    return 200 + bottle if bottle else 0
