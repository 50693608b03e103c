"""What a step came to in words: its figures with their limits, and of a failure the part, its likely causes and what to check first. One source for terminal, screen and page."""

from collections.abc import Mapping
from enum import StrEnum

from kiosk.selftest.results import Figure, Measured, Result, Stated, StepReason, Unit
from kiosk.words.catalogue import Words


class SkipWhy(StrEnum):
    """What a technician at the screen may say of a step that is skipped; at a terminal it is their own words."""

    NO_TOOL = "no_tool"
    NO_REACH = "no_reach"
    NOT_FITTED = "not_fitted"
    LATER = "later"


def tell_figure(figure: Measured | Stated, words: Words) -> str:
    """Its name, its value, and its limits where they tell more than the value."""
    name = words.text(f"selftest.figure.{figure.what}")
    return words.text("selftest.figure", name=name, value=tell_value(figure, words), limits=tell_limits(figure, words)).strip()


def tell_value(figure: Measured | Stated, words: Words) -> str:
    if isinstance(figure, Stated):
        return _told(figure, figure.value, words)
    if figure.unit in (Unit.SWITCH, Unit.YES):
        return words.text(f"selftest.{figure.unit}.{int(figure.value)}")
    return words.text(f"selftest.unit.{figure.unit}", value=_short(figure.value))


def _told(figure: Stated, value: str, words: Words) -> str:
    return words.text(f"selftest.fault.{value}") if figure.what is Figure.FAULT else value


def tell_limits(figure: Measured | Stated, words: Words) -> str:
    match figure:
        case Stated(_, _, None) | Measured(_, _, Unit.SWITCH | Unit.YES, _, _) if figure.fits:
            return ""
        case Stated(_, _, expected):
            return f"[{_told(figure, expected or '', words)}]"
        case Measured(_, _, Unit.SWITCH | Unit.YES, low, _):
            return f"[{words.text(f'selftest.{figure.unit}.{int(low or 0)}')}]"
        case Measured(_, _, _, None, high):
            return words.text("selftest.limits.high", high=_short(high or 0))
        case Measured(_, _, _, low, None):
            return words.text("selftest.limits.low", low=_short(low or 0))
        case Measured(_, _, _, low, high) if low == high:
            return f"[{_short(low or 0)}]"
        case Measured(_, _, _, low, high):
            return words.text("selftest.limits.both", low=_short(low or 0), high=_short(high or 0))


def _short(value: float) -> float | int:
    """A whole number as one: only fractions are written as the language does."""
    return int(value) if value == int(value) else value


def explain(result: Result, words: Words) -> list[str]:
    """Of a failure: what was seen, the part, its likely causes, and what to check first. Of a skipped step: why."""
    if result.reason is None:
        return []
    facts: Mapping[str, object] = {"detail": _detail(result, words)}
    lines = [words.text(f"selftest.reason.{result.reason}", **facts)]
    if result.part is not None:
        part = words.text(f"selftest.part.{result.part}")
        lines.append(words.text("selftest.part", part=part))
        lines.append(words.text("selftest.causes", causes=words.text(f"selftest.causes.{result.part}")))
        lines.append(words.text("selftest.first", first=words.text(f"selftest.first.{result.part}")))
    return lines


CODES = {
    StepReason.NEEDS: "step",
    StepReason.NOT_CLEARED: "fault",
    StepReason.FAULT_STANDS: "cause",
    StepReason.NOT_AT_REST: "state",
    StepReason.REFUSED: "answer",
}
"""The reasons whose detail is a name of the program's, and which words tell it; of all others it is told as it came."""


def _detail(result: Result, words: Words) -> str:
    if result.reason is StepReason.PERSON and result.detail in set(SkipWhy):
        return words.text(f"selftest.skip.{result.detail}")
    names = CODES.get(result.reason) if result.reason is not None else None
    return result.detail if names is None else words.text(f"selftest.{names}.{result.detail}")
