"""A controller on the bench: metal whose every sensor a test sets by hand and whose drives it reads, and a clock it turns.

Runs under MicroPython, as the tests of the controller's rules do: a test takes a folder of its own and needs nothing of pytest.
"""

import os

from firmware.controller import Controller
from firmware.metal import Metal, Sensors
from firmware.registers import CMD_OPEN, CMD_SORT
from firmware.store import Record, Store


class Milliseconds:
    """A clock in milliseconds that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


class Chance:
    """Numbers that a seed decides, the same under every Python (the constants are those of Numerical Recipes; its low bits repeat soon)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        self._state = (self._state * 1664525 + 1013904223) & 0xFFFFFFFF
        return ((self._state >> 8) * limit) >> 24

    def one_of(self, values: "tuple[int, ...]") -> int:
        return values[self.below(len(values))]


class BenchMetal(Metal):
    """``sensors`` is what the next read sees. ``drives`` is what was driven, in order; ``on_drive`` runs before each."""

    def __init__(self) -> None:
        self.sensors = Sensors(
            weight_g=0,
            occupied=False,
            metal=False,
            gate_shut=True,
            gate_open=False,
            entry_beam=False,
            drop_beam=False,
            flap_locked=True,
            sorter_bin=1,
            door_open=False,
            motor_ma=250,
            supply_mv=12000,
            temperature_dk=2931,
        )
        self.drives: list[str] = []
        self.mm = {1: 820, 2: 740}
        self.lamp_percent = 0
        self.on_drive = _nothing

    def read(self) -> Sensors:
        return Sensors(**self.sensors.__dict__)

    def bin_mm(self, bin_number: int) -> int:
        return self.mm[bin_number]

    def drive_gate(self, is_open: bool) -> None:
        self._drive("gate opens" if is_open else "gate shuts")

    def drive_flap(self, is_open: bool) -> None:
        self._drive("flap opens" if is_open else "flap shuts")

    def turn_sorter(self, bin_number: int) -> None:
        self._drive("sorter to " + str(bin_number))

    def stop(self) -> None:
        self._drive("stop")

    def light(self, percent: int) -> None:
        self.lamp_percent = percent

    def _drive(self, what: str) -> None:
        self.on_drive()
        self.drives.append(what)


def _nothing() -> None:
    pass


class FullStore(Store):
    """A memory that fails from its ``works``-th write on."""

    def __init__(self, path: str, works: int) -> None:
        super().__init__(path)
        self._works = works

    def save(self, record: Record) -> None:
        if self._works == 0:
            raise OSError(28, "No space left on device")
        self._works -= 1
        super().save(record)


class QuickStore(Store):
    """A memory without a file, for ten thousands of writes: what is saved is there, and nothing waits for a disk."""

    def __init__(self) -> None:
        self.record = Record()

    def save(self, record: Record) -> None:
        self.record = record


class Bench:
    """A controller that has booted and stands shut and empty, unless ``booted`` says otherwise.

    The kiosk's beat is heard at each tick while ``beats``. ``memory`` names the file, so that one test may have several benches;
    its first ``works`` writes succeed, or all of them. ``store`` takes its place.
    """

    def __init__(
        self,
        folder: "os.PathLike[str] | str",
        *,
        memory: str = "controller.bin",
        works: "int | None" = None,
        store: "Store | None" = None,
        booted: bool = True,
    ) -> None:
        self.path = str(folder) + "/" + memory
        self.clock = Milliseconds()
        self.metal = BenchMetal()
        if store is None:
            store = Store(self.path) if works is None else FullStore(self.path, works)
        self.store = store
        self.beats = True
        self.controller = Controller(self.metal, store, self.clock)
        if booted:
            self.tick()
            self.metal.drives.clear()

    def tick(self, after_ms: int = 2, **sensors: "bool | int") -> None:
        """Sets sensors by name, lets time pass, and ticks once."""
        for name, value in sensors.items():
            assert hasattr(self.metal.sensors, name), name
            setattr(self.metal.sensors, name, value)
        self.clock.now += after_ms
        if self.beats:
            guard = self.controller.guard
            guard.hear((guard.beat + 1) & 0xFFFF, self.clock.now)
        self.controller.tick()

    def run(self, for_ms: int, step_ms: int = 10) -> None:
        """Ticks for so long while no sensor changes."""
        for _ in range(for_ms // step_ms):
            self.tick(step_ms)

    def driven(self) -> "list[str]":
        """What was driven since this was last asked."""
        driven = list(self.metal.drives)
        self.metal.drives.clear()
        return driven

    def gate_opened(self) -> None:
        self.tick(gate_shut=False)
        self.tick(gate_open=True)

    def gate_shut(self) -> None:
        self.tick(gate_open=False)
        self.tick(gate_shut=True)

    def open(self, sequence: int = 1) -> None:
        """An Open was taken, and the gate stands open."""
        self.controller.command(CMD_OPEN, 0, sequence)
        self.gate_opened()

    def item_in(self, weight_g: int = 23) -> None:
        """Something lies in the chamber behind the shut gate."""
        self.tick(occupied=True, weight_g=weight_g)
        self.tick(after_ms=100)

    def sorting(self, sequence: int = 1, bin_number: int = 1) -> None:
        """A Sort was taken and its flap has opened under the item."""
        self.item_in()
        self.controller.command(CMD_SORT, bin_number, sequence)
        self.tick(sorter_bin=bin_number)
        assert self.metal.drives[-1] == "flap opens", self.metal.drives
        self.tick(flap_locked=False)

    def fallen(self) -> None:
        """The item left the chamber and is in the beam; the flap was told to shut."""
        self.tick(occupied=False, weight_g=0)
        self.tick(drop_beam=True)
        assert self.metal.drives[-1] == "flap shuts", self.metal.drives

    def shows(self) -> "tuple[int, int, int]":
        """State, fault and its cause."""
        return self.controller.state, self.controller.fault, self.controller.cause

    def durable(self) -> Record:
        """What a boot would find."""
        return Store(self.path).record
