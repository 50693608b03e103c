"""What was read of the controller, register by register and in the order of the table, for people who look at the machine.

Left out are the numbers of the line's own (nonce, beat): each question writes them anew. Flags of *sensors* stand by themselves (``FLAGS``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from drivers.intake.bus import ControllerHealth, Felt, HotBlock, Identity
from firmware.registers import HOLDING, TABLE, Register

LINES_OWN: Final = frozenset({"nonce", "beat_echo", "sensors"})

RENAMED: Final = {"temperature_dk": "temperature_c", "lamp_now_percent": "lamp_percent", "watchdog_now_ms": "watchdog_ms"}

CALIBRATED: Final[Mapping[str, Callable[[Felt], int | float]]] = {
    "scale_felt_g": lambda felt: felt.weight_g,
    "scale_zero_now": lambda felt: felt.calibration.zero_g,
    "scale_span_now": lambda felt: felt.calibration.span,
    "bin_1_empty_now_mm": lambda felt: felt.calibration.bin_empty_mm[0],
    "bin_2_empty_now_mm": lambda felt: felt.calibration.bin_empty_mm[1],
}

FLAGS: Final = (
    "door_open",
    "gate_shut",
    "gate_open",
    "entry_beam",
    "hand",
    "occupied",
    "metal",
    "flap_locked",
    "drop_beam",
    "steady",
    "beating",
)
"""The bits of *sensors*, as ``HotBlock`` names them, from the visitor's side inwards."""


@dataclass(frozen=True, slots=True)
class RegisterValue:
    """``value`` is None where it was not read yet. ``meaning``: what a number stands for, as the enumeration's name in small letters. ``low`` and ``high``: what
    the wire allows."""

    name: str
    value: int | float | None
    unit: str
    low: int
    high: int
    meaning: str = ""


Blocks = tuple[HotBlock | None, ControllerHealth | None, Identity | None, Felt | None]


def register_values(
    hot: HotBlock | None, health: ControllerHealth | None, identity: Identity | None, felt: Felt | None
) -> tuple[RegisterValue, ...]:
    """All that can be read; what is None was not."""
    shown = (register for register in TABLE if register.space != HOLDING and register.name not in LINES_OWN)
    return tuple(_value(register, (hot, health, identity, felt)) for register in shown)


def _value(register: Register, blocks: Blocks) -> RegisterValue:
    found, unit = _found(register.name, blocks), register.unit
    if register.name == "temperature_dk":
        unit = "°C"
    if register.name in CALIBRATED:
        unit = unit.partition(" ")[0]
    meaning = found.name.lower() if isinstance(found, IntEnum) else ""
    return RegisterValue(register.name, found, unit, register.low, register.high, meaning)


def _found(name: str, blocks: Blocks) -> int | float | None:
    hot, health, identity, felt = blocks
    if name in CALIBRATED:
        return None if felt is None else CALIBRATED[name](felt)
    if name.startswith("bin_"):
        place = int(name[4]) - 1
        percent = None if hot is None else hot.bin_percent[place]
        return percent if name.endswith("percent") else None if health is None else health.bin_mm[place]
    if health is not None and name.startswith("test_"):
        return int(getattr(health.trial, name.removeprefix("test_"))) if name != "test_result" else health.trial.result
    renamed = RENAMED.get(name, name)
    for block in (hot, health, identity):
        if block is not None and renamed in type(block).__dataclass_fields__:
            value = getattr(block, renamed)
            if name == "firmware":
                return int(value[0] * 256 + value[1])
            return 0 if value is None else value  # a sorter that turns points at no bin
    return None
