"""What a sensor says of what is: the truth, or what a stuck, flickering or drifted one makes of it."""

from drivers.twin.actions import SensorFault, Spoilt
from firmware.metal import Sensors

FLICKER_MS = 50
"""How long a flickering sensor stays right and wrong in turn, if nothing else is said."""

SWITCHES = ("occupied", "metal", "gate_shut", "gate_open", "entry_beam", "drop_beam", "flap_locked", "door_open")
"""The sensors of ``firmware.metal.Sensors`` that say yes or no."""


class Sensing:
    """Faults of single sensors; ``drift_g`` is what the scale shows of nothing."""

    def __init__(self) -> None:
        self.drift_g = 0
        self._spoilt: dict[str, tuple[Spoilt, int]] = {}

    def spoil(self, spoilt: Spoilt, now_ms: int) -> None:
        """One fault a sensor: a new one takes the place of the last. KeyError for a sensor that is none."""
        if spoilt.sensor not in SWITCHES:
            raise KeyError(spoilt.sensor)
        self._spoilt.pop(spoilt.sensor, None)
        if spoilt.fault is not SensorFault.RIGHT:
            self._spoilt[spoilt.sensor] = spoilt, now_ms

    def distort(self, sensors: Sensors, now_ms: int) -> None:
        """Makes of what is what the sensors say."""
        sensors.weight_g += self.drift_g
        for name, (spoilt, since_ms) in self._spoilt.items():
            setattr(sensors, name, _said(spoilt, now_ms - since_ms, bool(getattr(sensors, name))))

    def due_ms(self, now_ms: int) -> int | None:
        """When the next sensor flickers."""
        dues = [
            now_ms + spoilt.period_ms - (now_ms - since_ms) % spoilt.period_ms
            for spoilt, since_ms in self._spoilt.values()
            if spoilt.fault is SensorFault.FLICKER
        ]
        return min(dues, default=None)


def _said(spoilt: Spoilt, time_ms: int, is_so: bool) -> bool:
    """A loose contact is wrong first, then right, in turn."""
    if spoilt.fault is SensorFault.FLICKER:
        return is_so == bool(time_ms // spoilt.period_ms % 2)
    return spoilt.fault is SensorFault.ON
