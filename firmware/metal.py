"""What the controller's program may ask of the metal: one snapshot of every sensor, the drives, the lamp and the bins' levels.

Nothing is decided here. A port to a board subclasses ``Metal`` with pins; the twin subclasses it with simulated physics.
"""

BINS = 2
"""Number of bins under the sorter, from 1."""


class Sensors:
    """Everything the sensors say at one moment.

    ``drop_beam`` and ``entry_beam`` are true while something interrupts the beam; an interruption shorter than the time
    between two reads is held until the next read, so that none is missed. ``sorter_bin`` is 0 while the sorter turns.
    ``weight_g`` may be below zero; ``motor_ma`` is the current of all drives together, ``supply_mv`` their supply, and
    ``temperature_dk`` is in tenths of a kelvin.
    """

    def __init__(
        self,
        weight_g: int,
        occupied: bool,
        metal: bool,
        gate_shut: bool,
        gate_open: bool,
        entry_beam: bool,
        drop_beam: bool,
        flap_locked: bool,
        sorter_bin: int,
        door_open: bool,
        motor_ma: int,
        supply_mv: int,
        temperature_dk: int,
    ) -> None:
        self.weight_g = weight_g
        self.occupied = occupied
        self.metal = metal
        self.gate_shut = gate_shut
        self.gate_open = gate_open
        self.entry_beam = entry_beam
        self.drop_beam = drop_beam
        self.flap_locked = flap_locked
        self.sorter_bin = sorter_bin
        self.door_open = door_open
        self.motor_ma = motor_ma
        self.supply_mv = supply_mv
        self.temperature_dk = temperature_dk


class Metal:
    """The drives start a motion and return at once; the sensors tell when it has ended. Asking twice is asking once."""

    def read(self) -> Sensors:
        """The sensors now. The controller reads once a tick, and nobody else reads."""
        raise NotImplementedError

    def bin_mm(self, bin_number: int) -> int:
        """From the sensor above a bin down to what lies in it, in millimetres."""
        raise NotImplementedError

    def drive_gate(self, is_open: bool) -> None:
        """The gate between visitor and chamber. The force limit at its edge is hardware's."""
        raise NotImplementedError

    def drive_flap(self, is_open: bool) -> None:
        """The flap under the chamber; open, whatever lies there falls to where the sorter points. Shut, it locks by itself."""
        raise NotImplementedError

    def turn_sorter(self, bin_number: int) -> None:
        """Points the chute at a bin."""
        raise NotImplementedError

    def stop(self) -> None:
        """Takes the current from every drive, wherever it stands."""
        raise NotImplementedError

    def light(self, percent: int) -> None:
        """The chamber's lamp, 0 to 100."""
        raise NotImplementedError
