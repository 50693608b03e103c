"""What happens at rest, without a command: something falls by a technician's hand, flap or gate is forced, the drop beam is blocked.

It only tells; what the machine then does is ``controller.py``'s. With the service door open a technician works, and nothing is forced.
"""

from firmware.drop import BELOW_BEAM, BROKEN, DROPPED, Drop
from firmware.lasting import Lasting
from firmware.metal import Sensors
from firmware.registers import (
    AT_REST,
    CAUSE_BLOCKED,
    CAUSE_FORCED,
    CAUSE_NONE,
    FAILED,
    FAULT_DROP_BEAM,
    FAULT_FLAP,
    FAULT_GATE,
    FAULT_NONE,
    HELD,
    SHUT,
)

FORCED_MS = 500
"""A flap that is not locked at rest for so long, or a gate that is not shut, was moved by force."""

DROP_BEAM_MS = 5000
"""Nothing falls for so long: the bin is full up to the beam, or the beam is dirty."""


class Rest:
    """``fault`` and ``cause`` are what the last ``look`` found, FAULT_NONE for nothing."""

    def __init__(self) -> None:
        self.fault = FAULT_NONE
        self.cause = CAUSE_NONE
        self.forget()

    def forget(self) -> None:
        """A command begins: what falls from now on is its own, and what is blocked or loose after it is measured anew."""
        self._drop: "Drop | None" = None
        self._flap = Lasting()
        self._gate = Lasting()
        self._beam = Lasting()

    def take_over(self, drop: "Drop | None") -> None:
        """What a Sort or a Test left hanging in the way when it ended: if it falls yet, it falls by nobody's command."""
        if drop is not None and drop.falling:
            self._drop = drop

    def look(self, sensors: Sensors, state: int, now_ms: int) -> bool:
        """Once a tick, in every state. Whether something has fallen without a command."""
        resting = state in AT_REST and not sensors.door_open
        flap = self._flap.reached(resting and state != FAILED and not sensors.flap_locked, now_ms, FORCED_MS)
        gate = self._gate.reached(resting and state == SHUT and not sensors.gate_shut, now_ms, FORCED_MS)
        beam = self._beam.reached(resting and sensors.drop_beam, now_ms, DROP_BEAM_MS)
        if flap:
            self.fault, self.cause = FAULT_FLAP, CAUSE_FORCED
        elif gate:
            self.fault, self.cause = FAULT_GATE, CAUSE_FORCED
        elif beam:
            self.fault, self.cause = FAULT_DROP_BEAM, CAUSE_BLOCKED
        else:
            self.fault, self.cause = FAULT_NONE, CAUSE_NONE
        return (state in AT_REST or state == HELD) and self._falls(sensors)

    def _falls(self, sensors: Sensors) -> bool:
        if self._drop is None:
            if sensors.occupied and not sensors.flap_locked:
                self._drop = Drop()
            return False
        stage = self._drop.look(sensors)
        if stage in (DROPPED, BROKEN) or (sensors.flap_locked and stage != BELOW_BEAM):
            self._drop = None
        return stage == DROPPED
