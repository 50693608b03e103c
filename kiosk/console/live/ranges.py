"""What of a register's value is as it should be: the limits that somebody set for good reason, by name, with where they stand. All others are told, not judged."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from drivers.intake.bus import ControllerFault, ControllerState, HoldEnd, HotBlock, TrialResult
from drivers.intake.register_values import RegisterValue
from kiosk.selftest.limits import MOTOR_MA, SUPPLY_MV, TEMPERATURE_C, ZERO_G

Range = tuple[float | None, float | None]


class Standing(StrEnum):
    """Each has a shape of its own on the page."""

    WITHIN = "within"
    BEYOND = "beyond"
    TOLD = "told"
    """Not judged."""
    UNREAD = "unread"


RANGES: Final[Mapping[str, Range]] = {
    "state": (ControllerState.SHUT, ControllerState.HELD),
    "fault": (ControllerFault.NONE, ControllerFault.NONE),
    "cause": (0, 0),
    "motor_ma": (0, MOTOR_MA),
    "supply_mv": SUPPLY_MV,
    "temperature_dk": TEMPERATURE_C,
    "test_result": (TrialResult.NONE, TrialResult.ARRIVED),
    "held": (HoldEnd.NONE, HoldEnd.ARRIVED),
    "sorter_bin": (1, 2),
}


def range_of(register: RegisterValue, hot: HotBlock | None, full_percent: int) -> Range | None:
    """From where to where it is as it should be; None where nobody can say. An empty chamber weighs nothing, whatever else it may weigh."""
    if register.name == "weight_g":
        return (0, ZERO_G) if hot is not None and not hot.occupied else None
    if register.name.startswith("bin_") and register.unit == "%":
        return 0, full_percent - 1
    return RANGES.get(register.name)


def standing(register: RegisterValue, hot: HotBlock | None, full_percent: int) -> Standing:
    value = register.value
    if value is None:
        return Standing.UNREAD
    if register.name == "state":
        return Standing.BEYOND if value == ControllerState.FAILED else Standing.WITHIN
    limits = range_of(register, hot, full_percent)
    if limits is None:
        return Standing.TOLD
    low, high = limits
    return Standing.WITHIN if (low is None or value >= low) and (high is None or value <= high) else Standing.BEYOND
