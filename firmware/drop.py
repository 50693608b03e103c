"""The one order in which a drop counts: chamber empty, drop beam, then flap shut and locked, beam free, scale at zero.

The same order holds for a Sort, for a Test of the flap with something on it, and for a flap that a technician moves by hand. What
comes back, before the beam or after it, is pulled up on a line: it breaks the order and is never counted. How long a stage may take is
the business of whoever looks.
"""

from firmware.metal import Sensors

ZERO_G = 2
"""Up to here the scale says that nothing lies there."""

# Where an item is on its way: in the chamber, out of it, seen by the beam; and what becomes of the way.
IN_CHAMBER, ABOVE_BEAM, BELOW_BEAM, DROPPED, BROKEN = 0, 1, 2, 3, 4


class Drop:
    """The way of one item, told anew once a tick. ``stage`` begins in the chamber and ends DROPPED or BROKEN."""

    def __init__(self) -> None:
        self.stage = IN_CHAMBER

    @property
    def falling(self) -> bool:
        """Whether it has left the chamber and is not known to have arrived."""
        return self.stage in (ABOVE_BEAM, BELOW_BEAM)

    def look(self, sensors: Sensors) -> int:
        """The stage now. Between two looks an item may leave the chamber and reach the beam; the flap locks behind it in a later look."""
        if self.stage == BELOW_BEAM and not sensors.occupied:
            clear = not sensors.drop_beam and sensors.weight_g <= ZERO_G
            if clear and sensors.flap_locked:
                self.stage = DROPPED
        elif self.falling and sensors.occupied:
            self.stage = BROKEN
        elif self.stage == IN_CHAMBER and sensors.occupied and sensors.drop_beam:
            self.stage = BROKEN
        elif self.stage in (IN_CHAMBER, ABOVE_BEAM) and not sensors.occupied:
            self.stage = BELOW_BEAM if sensors.drop_beam else ABOVE_BEAM
        return self.stage
