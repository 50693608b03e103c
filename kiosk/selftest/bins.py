"""Steps of the bins: how far down each sensor sees, and that there is room."""

from functools import partial

from kiosk.selftest.results import Blame, Check, Figure, Group, Measured, Part, Result, StepReason, Unit, judged, skipped
from kiosk.selftest.rig import Rig
from kiosk.selftest.steps import Step

NEAREST_MM, FURTHEST_MM = 50.0, 1000.0
"""From a sensor to a bin filled to the brim, and to the ground of an empty one, each with room to spare (firmware/server.py: 100 and 900)."""

PARTS = {1: (Part.BIN_1, Part.BIN_SENSOR_1), 2: (Part.BIN_2, Part.BIN_SENSOR_2)}


def bin_level(number: int, rig: Rig) -> Result:
    identity = rig.controls.identity
    if identity is not None and number > identity.bins:
        return skipped(f"bin_{number}", StepReason.NOT_FITTED)
    mm, percent = rig.controls.health().bin_mm, rig.controls.read().bin_percent
    return judge_bin(number, mm[number - 1], percent[number - 1], rig.settings.intake.full_percent)


def judge_bin(number: int, distance_mm: int, level_percent: int, full_percent: int) -> Result:
    """A sensor that sees nothing sensible is told before a full bin."""
    bin_part, sensor = PARTS[number]
    distance = Measured(Figure.DISTANCE, distance_mm, Unit.MM, NEAREST_MM, FURTHEST_MM)
    level = Measured(Figure.LEVEL, level_percent, Unit.PERCENT, 0, full_percent - 1)
    return judged(f"bin_{number}", Check(distance, Blame(sensor, StepReason.LEVEL_OFF)), Check(level, Blame(bin_part, StepReason.BIN_FULL)))


BINS = tuple(Step(f"bin_{number}", Group.BINS, partial(bin_level, number)) for number in PARTS)
