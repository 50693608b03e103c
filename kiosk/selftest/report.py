"""A self-test as its reader gets it: lines in words as each step ends, or one JSON object. The words are the catalogue's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from kiosk.selftest.results import Figure, Measured, Outcome, Part, Result, Stated, StepReason, Unit
from kiosk.selftest.run import Report
from kiosk.selftest.steps import Group, Step
from kiosk.words.catalogue import Words

STYLE = {Outcome.PASS: "green", Outcome.FAIL: "bold red", Outcome.SKIPPED: "yellow"}
ICON = {Outcome.PASS: "✔", Outcome.FAIL: "✘", Outcome.SKIPPED: "–"}


def as_json(report: Report, plan: Sequence[Step]) -> dict[str, Any]:
    """The keys of a step that others rely on are name, result, value and limits: add, never rename."""
    groups = {step.name: step.group for step in plan}
    return {"steps": [step_as_json(result, groups[result.name]) for result in report.results], "left_ready": report.left_ready}


def step_as_json(result: Result, group: Group) -> dict[str, Any]:
    decisive = _figure(result.decisive) if result.decisive is not None else {"value": None, "unit": None, "limits": None}
    decisive.pop("what", None)
    return {
        "name": result.name,
        "group": group,
        "result": result.outcome,
        **decisive,
        "part": result.part,
        "reason": result.reason,
        "detail": result.detail,
        "figures": [_figure(figure) for figure in result.figures],
    }


def _figure(figure: Measured | Stated) -> dict[str, Any]:
    match figure:
        case Measured(what, value, unit, low, high):
            return {"what": what, "value": value, "unit": unit, "limits": [low, high]}
        case Stated(what, value, expected):
            return {"what": what, "value": value, "unit": Unit.NONE, "limits": None if expected is None else [expected, expected]}


class Teller:
    """Tells the steps on a console as they end."""

    def __init__(self, words: Words, console: Console) -> None:
        self._words = words
        self._console = console
        self._group: Group | None = None

    def tell(self, step: Step, result: Result) -> None:
        if step.group is not self._group:
            self._group = step.group
            self._console.print()
            self._console.print(Text(self._words.text(f"selftest.group.{step.group}"), "bold"))
        verdict = f"{ICON[result.outcome]} {self._words.text(f'selftest.outcome.{result.outcome}')}"
        title = self._words.text(f"selftest.step.{step.name}")
        figures = ", ".join(self._figure(figure) for figure in result.figures)
        self._console.print(Text("  ").append(verdict, STYLE[result.outcome]).append(f"  {title}  {figures}".rstrip()))
        for line in explain(result, self._words):
            self._console.print(Text(f"      {line}"))

    def sum_up(self, report: Report) -> None:
        """How many passed, failed and were skipped, the parts that failed, and how the machine was left."""
        text, plural = self._words.text, self._words.plural
        counts = Counter(result.outcome for result in report.results)
        self._console.print()
        self._console.print(", ".join(plural(f"selftest.count.{outcome}", counts[outcome]) for outcome in Outcome))
        parts: dict[Part, None] = {result.part: None for result in report.failures if result.part is not None}
        if parts:
            names = ", ".join(text(f"selftest.part.{part}") for part in parts)
            self._console.print(text("selftest.parts", parts=names))
        if report.left_ready is not None:
            self._console.print(text("selftest.left_ready" if report.left_ready else "selftest.not_left_ready"))

    def _figure(self, figure: Measured | Stated) -> str:
        name = self._words.text(f"selftest.figure.{figure.what}")
        return self._words.text("selftest.figure", name=name, value=self._value(figure), limits=self._limits(figure)).strip()

    def _value(self, figure: Measured | Stated) -> str:
        if isinstance(figure, Stated):
            return self._told(figure, figure.value)
        if figure.unit in (Unit.SWITCH, Unit.YES):
            return self._words.text(f"selftest.{figure.unit}.{int(figure.value)}")
        return self._words.text(f"selftest.unit.{figure.unit}", value=_short(figure.value))

    def _told(self, figure: Stated, value: str) -> str:
        return self._words.text(f"selftest.fault.{value}") if figure.what is Figure.FAULT else value

    def _limits(self, figure: Measured | Stated) -> str:
        match figure:
            case Stated(_, _, None) | Measured(_, _, Unit.SWITCH | Unit.YES, _, _) if figure.fits:
                return ""
            case Stated(_, _, expected):
                return f"[{self._told(figure, expected or '')}]"
            case Measured(_, _, Unit.SWITCH | Unit.YES, low, _):
                return f"[{self._words.text(f'selftest.{figure.unit}.{int(low or 0)}')}]"
            case Measured(_, _, _, None, high):
                return self._words.text("selftest.limits.high", high=_short(high or 0))
            case Measured(_, _, _, low, None):
                return self._words.text("selftest.limits.low", low=_short(low or 0))
            case Measured(_, _, _, low, high) if low == high:
                return f"[{_short(low or 0)}]"
            case Measured(_, _, _, low, high):
                return self._words.text("selftest.limits.both", low=_short(low or 0), high=_short(high or 0))


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
    names = CODES.get(result.reason) if result.reason is not None else None
    return result.detail if names is None else words.text(f"selftest.{names}.{result.detail}")
