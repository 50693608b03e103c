"""What a technician sees move while a step is at work: the one value that it is about, with the limits that it will be judged by."""

from collections.abc import Callable, Mapping

from drivers.intake.bus import HotBlock
from kiosk.selftest.actuators import LEAST_MA, MOST_MA, STOP_MA
from kiosk.selftest.hands import Chore
from kiosk.selftest.limits import ZERO_G
from kiosk.selftest.results import Figure, Measured, Unit, exactly
from kiosk.selftest.scale import OFF_G
from kiosk.selftest.sensors import AT_REST

SWITCHES: Mapping[str, tuple[Callable[[HotBlock], bool], bool]] = {
    **{sensor.name: (sensor.said, sensor.wanted) for sensor in AT_REST},
    "door_opened": (lambda hot: hot.door_open, True),
    "door_shut": (lambda hot: hot.door_open, False),
    "gate_switches": (lambda hot: hot.gate_open, True),
    "metal": (lambda hot: hot.metal, True),
}

PRESENCE: Mapping[str, bool] = {"chamber_empty": False, "code": True, "drop": True}
"""Whether something is to lie in the chamber."""

CURRENTS: Mapping[str, tuple[float, float]] = {
    "gate": (LEAST_MA, MOST_MA),
    "flap": (LEAST_MA, MOST_MA),
    "sorter": (LEAST_MA, MOST_MA),
    "gate_force": STOP_MA,
}


def live_figure(step: str, chore: Chore | None, hot: HotBlock, motor_ma: int | None, weight_g: int) -> Measured | None:
    """None where nothing of the line tells what a step is about. ``weight_g``: of the test weight."""
    if step in SWITCHES:
        said, wanted = SWITCHES[step]
        return exactly(Figure.SIGNAL, int(said(hot)), int(wanted))
    if step in PRESENCE:
        return exactly(Figure.OCCUPIED, int(hot.occupied), int(PRESENCE[step]), Unit.YES)
    if step in CURRENTS:
        return None if motor_ma is None else Measured(Figure.CURRENT, motor_ma, Unit.MA, *CURRENTS[step])
    match step:
        case "entry_beam_covered":
            return exactly(Figure.SIGNAL, int(hot.entry_beam), int(chore is Chore.COVER_BEAM))
        case "scale_zero":
            return Measured(Figure.WEIGHT, hot.weight_g, Unit.G, 0, ZERO_G)
        case "scale_weight":
            return Measured(Figure.WEIGHT, hot.weight_g, Unit.G, weight_g - OFF_G, weight_g + OFF_G)
        case _:
            return None
