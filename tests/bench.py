"""A controller on the bench: metal whose every sensor a test sets by hand and whose drives it reads, and a clock it turns."""

from collections.abc import Callable
from pathlib import Path

from firmware.controller import Controller
from firmware.metal import Metal, Sensors
from firmware.store import Store


class Milliseconds:
    """A clock in milliseconds that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


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
        )
        self.drives: list[str] = []
        self.percent = {1: 10, 2: 20}
        self.on_drive: Callable[[], None] = lambda: None

    def read(self) -> Sensors:
        now = self.sensors
        return Sensors(
            now.weight_g,
            now.occupied,
            now.metal,
            now.gate_shut,
            now.gate_open,
            now.entry_beam,
            now.drop_beam,
            now.flap_locked,
            now.sorter_bin,
        )

    def bin_percent(self, bin_number: int) -> int:
        return self.percent[bin_number]

    def drive_gate(self, is_open: bool) -> None:
        self._drive("gate opens" if is_open else "gate shuts")

    def drive_flap(self, is_open: bool) -> None:
        self._drive("flap opens" if is_open else "flap shuts")

    def turn_sorter(self, bin_number: int) -> None:
        self._drive(f"sorter to {bin_number}")

    def _drive(self, what: str) -> None:
        self.on_drive()
        self.drives.append(what)


class Bench:
    """A controller that has booted and stands shut and empty, unless ``booted`` says otherwise."""

    def __init__(self, folder: Path, *, store: Store | None = None, booted: bool = True) -> None:
        self.path = folder / "controller.bin"
        self.clock = Milliseconds()
        self.metal = BenchMetal()
        self.store = store or Store(str(self.path))
        self.controller = Controller(self.metal, self.store, self.clock)
        if booted:
            self.tick()
            self.metal.drives.clear()

    def tick(self, after_ms: int = 2, **sensors: bool | int) -> None:
        """Sets sensors by name, lets time pass, and ticks once."""
        for name, value in sensors.items():
            assert hasattr(self.metal.sensors, name)
            setattr(self.metal.sensors, name, value)
        self.clock.now += after_ms
        self.controller.tick()

    def gate_opened(self) -> None:
        self.tick(gate_shut=False)
        self.tick(gate_open=True)

    def gate_shut(self) -> None:
        self.tick(gate_open=False)
        self.tick(gate_shut=True)

    def item_in(self, weight_g: int = 23) -> None:
        """Something lies in the chamber behind the shut gate."""
        self.tick(occupied=True, weight_g=weight_g)
        self.tick(after_ms=100)

    def durable(self) -> tuple[int, int, int, int, int, int]:
        """What a boot would find: taken, sorted, counted, back, totaliser, boots."""
        return Store(str(self.path)).record.values()
