"""The simulated metal: drives, sensors, scale, supply, service door and bins, as the firmware's ``Metal`` and as hands find them.

It decides nothing: people act on it from ``people.py``, faults from ``breaking.py``, the controller through its drives. Time passes in
``advance`` alone; between two of them everything stands still for all who look. What happened is in ``truth.py`` before it shows here.
"""

import math
from collections.abc import Callable

from drivers.twin.actions import DriveName, Stage
from drivers.twin.bins import Bins
from drivers.twin.drives import NOMINAL_MV, Drive
from drivers.twin.items import Item
from drivers.twin.mechanics import Mechanics
from drivers.twin.sensing import Sensing
from drivers.twin.shaft import STUCK_AT, Shaft, Thing, Where
from drivers.twin.truth import Event, Happening, Truth
from firmware import registers
from firmware.metal import BINS, Metal, Sensors

SETTLE_DECAY, SETTLE_SWINGS = 5.0, 3.0
"""The scale swings this often while it settles, and what is left at the end is e to the minus ``SETTLE_DECAY``."""

SWING_STEP_MS = 10
"""So often a swinging scale is worth a look."""

OBSTACLE_AT = 0.5
"""Where the gate meets a hand, or what else is in its way."""

SAG_OHM = 0.2
"""Of the supply and its wires: a blocked drive takes half a volt."""

ROOM_DK = 2931
"""20 °C."""


class SimulatedMetal(Metal):
    """One intake's metal. ``items`` names all that may be in it, for what a killed twin left there.

    ``watch`` hands in who knows the command under way: physics does not need it, the truth tells it.
    """

    def __init__(self, mechanics: Mechanics, clock_ms: Callable[[], int], truth: Truth, items: dict[str, Item]) -> None:
        now = clock_ms()
        self.sensing = Sensing()
        self.shaft = Shaft(truth, items, now - mechanics.settle_ms)
        self.bins = Bins(truth, items)
        self.gate = Drive()
        self.flap = Drive(spring=True, position=STUCK_AT if self.shaft.sticks else 0.0)
        self.sorter = Drive()
        self.hand_in_gate = False
        self.obstacles = 0
        self.door_open = False
        self.lamp_percent = 0
        self._clock_ms = clock_ms
        self._truth = truth
        self._doing: Callable[[], tuple[int, int] | None] = lambda: None
        self.mains_mv = NOMINAL_MV
        """What the supply gives without load."""
        self._supply_until: int | None = None
        self._motor_ma = 0
        self._half_shut = True
        self.use(mechanics)

    def watch(self, doing: Callable[[], tuple[int, int] | None]) -> None:
        self._doing = doing

    def use(self, mechanics: Mechanics) -> None:
        """Other times from now on."""
        self.mechanics = mechanics
        self.gate.out_ms, self.gate.back_ms = mechanics.gate_open_ms, mechanics.gate_shut_ms
        self.flap.out_ms, self.flap.back_ms = mechanics.flap_open_ms, mechanics.flap_shut_ms
        self.sorter.out_ms = self.sorter.back_ms = mechanics.sorter_turn_ms

    def drive_of(self, name: DriveName) -> Drive:
        return {DriveName.GATE: self.gate, DriveName.FLAP: self.flap, DriveName.SORTER: self.sorter}[name]

    @property
    def lying(self) -> tuple[Happening, ...]:
        """What lies in the chamber, the first first."""
        return tuple(thing.happening for thing in self.shaft.lying)

    @property
    def next_number(self) -> int:
        """The number of the item that is put in next."""
        return self._truth.items + 1

    @property
    def supply_mv(self) -> int:
        """With what the drives take from it."""
        return max(0, self.mains_mv - round(SAG_OHM * self._motor_ma))

    @property
    def standing(self) -> tuple[object, ...]:
        """All that a sensor could tell but the weight, to be compared with what it was."""
        drives = tuple((drive.began_ms, drive.is_open, drive.is_shut) for drive in (self.gate, self.flap, self.sorter))
        return drives, self.lying, self.shaft.beam, self.hand_in_gate, self.door_open, self._motor_ma

    def due_ms(self) -> int | None:
        """When something next changes by itself; None: when somebody does something."""
        now = self._clock_ms()
        dues = [drive.due_ms for drive in (self.gate, self.flap, self.sorter)]
        dues += [self.shaft.due_ms(self.flap, self.mechanics), self.sensing.due_ms(now), self._supply_until]
        settles = any(now < thing.since_ms + self.mechanics.settle_ms for thing in self.shaft.lying)
        dues += [now + SWING_STEP_MS] if settles else []
        return min((due for due in dues if due is not None), default=None)

    def advance(self) -> set[Stage]:
        """Time passes. What items and gate reached in it."""
        now = self._clock_ms()
        if self._supply_until is not None and now >= self._supply_until:
            self.mains_mv, self._supply_until = NOMINAL_MV, None
        self.gate.stop_at = OBSTACLE_AT if self.hand_in_gate or self.obstacles else 0.0
        self.flap.stop_at = STUCK_AT if self.shaft.sticks else 0.0
        drives = (self.gate, self.flap, self.sorter)
        for drive in drives:
            drive.advance(now, self.supply_mv)
        self._motor_ma = sum(drive.motor_ma for drive in drives)
        reached = self.shaft.advance(now, self.flap, self._below, self.mechanics)
        return reached | self._gate_reached()

    def read(self) -> Sensors:
        now = self._clock_ms()
        lying = self.shaft.lying
        sensors = Sensors(
            weight_g=sum(self._weight_g(thing, now) for thing in lying),
            occupied=bool(lying),
            metal=any(thing.metal for thing in lying),
            gate_shut=self.gate.is_shut,
            gate_open=self.gate.is_open,
            entry_beam=self.hand_in_gate,
            drop_beam=self.shaft.beam,
            flap_locked=self.flap.is_shut,
            sorter_bin=1 if self.sorter.is_shut else 2 if self.sorter.is_open else 0,
            door_open=self.door_open,
            motor_ma=self._motor_ma,
            supply_mv=self.supply_mv,
            temperature_dk=ROOM_DK,
        )
        self.sensing.distort(sensors, now)
        return sensors

    def bin_mm(self, bin_number: int) -> int:
        return self.bins.mm(bin_number)

    def drive_gate(self, is_open: bool) -> None:
        if is_open and self.gate.stopped and not self.hand_in_gate:
            self.obstacles = max(0, self.obstacles - 1)
        self.gate.drive(is_open, self._clock_ms())

    def drive_flap(self, is_open: bool) -> None:
        now = self._clock_ms()
        if self.flap.drive(is_open, now) and is_open:
            self.shaft.open(self._sequence_of(registers.CMD_SORT), now, by_hand=False)

    def turn_sorter(self, bin_number: int) -> None:
        if not 1 <= bin_number <= BINS:
            raise ValueError(f"bin {bin_number} is not within 1 and {BINS}")
        self.sorter.drive(bin_number == BINS, self._clock_ms())

    def stop(self) -> None:
        for drive in (self.gate, self.flap, self.sorter):
            drive.cut(self._clock_ms())

    def light(self, percent: int) -> None:
        self.lamp_percent = percent

    def supply(self, supply_mv: int, time_ms: int | None) -> None:
        """Another voltage from now on, or for a time."""
        self.mains_mv = supply_mv
        self._supply_until = None if time_ms is None else self._clock_ms() + time_ms

    def force(self, drive: DriveName, time_ms: int) -> None:
        """Somebody opens gate or flap by hand and holds it so long. What falls then fell by no command, unless a Sort is at it."""
        now = self._clock_ms()
        self.drive_of(drive).force(now + time_ms)
        if drive is DriveName.FLAP:
            self.shaft.open(self._sequence_of(registers.CMD_SORT), now, by_hand=True)

    def put(self, item: Item, roll_deg: float | None, *, scenario: bool, beside: int | None = None) -> Happening:
        """A person's item comes to lie in the chamber, which must be empty behind a gate that is not shut, but for what it is put in beside."""
        if self.gate.is_shut or any(lying.n != beside for lying in self.lying):
            raise ValueError("nothing can be put in")
        happening = Happening(
            event=Event.IN,
            n=self.next_number,
            item=item.name,
            codes=item.codes,
            weight_g=item.weight_g,
            bin=None,
            sequence=None,
            controlled=False,
            roll_deg=roll_deg,
            scenario=scenario,
            beside=beside,
        )
        self._truth.append(happening)
        self.shaft.things.append(Thing(happening, item.metal, Where.CHAMBER, self._clock_ms()))
        return happening

    def take_out(self) -> None:
        """A person takes out all that lies in the chamber through the gate, which must not be shut."""
        if not self.lying or self.gate.is_shut:
            raise ValueError("nothing can be taken out")
        handed_back = self._sequence_of(registers.CMD_RETURN) is not None
        for thing in self.shaft.lying:
            self._truth.append(thing.happening.taken_out(handed_back=handed_back))
            self.shaft.things.remove(thing)

    def remove(self) -> None:
        """A technician takes out by hand all that lies in the chamber or is caught; the door must be open."""
        if not self.door_open:
            raise ValueError("nothing can be removed behind a shut door")
        for thing in self.shaft.removable:
            self._truth.append(thing.happening.removed())
            self.shaft.things.remove(thing)

    @property
    def _below(self) -> int:
        """Into which bin something falls now."""
        return 1 if self.sorter.position < 0.5 else 2

    def _gate_reached(self) -> set[Stage]:
        """The gate on its way to shut behind an item, once in each shutting."""
        half_way = not self.gate.opens and self.gate.position <= OBSTACLE_AT
        first = half_way and not self._half_shut and bool(self.lying)
        self._half_shut = half_way
        return {Stage.GATE} if first else set()

    def _weight_g(self, thing: Thing, now: int) -> int:
        weight_g, time_ms, settle_ms = thing.happening.weight_g, now - thing.since_ms, self.mechanics.settle_ms
        if time_ms >= settle_ms:
            return weight_g
        share = time_ms / settle_ms
        return round(weight_g * (1 - math.exp(-SETTLE_DECAY * share) * math.cos(2 * math.pi * SETTLE_SWINGS * share)))

    def _sequence_of(self, command: int) -> int | None:
        doing = self._doing()
        return doing[1] if doing is not None and doing[0] == command else None
