"""A self-test as its reader gets it: lines in words as each step ends, or one JSON object. The words are the catalogue's."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from kiosk.selftest.results import Group, Measured, Outcome, Part, Result, Stated, Unit
from kiosk.selftest.run import Report
from kiosk.selftest.steps import Step
from kiosk.selftest.telling import explain, tell_figure
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
        figures = ", ".join(tell_figure(figure, self._words) for figure in result.figures)
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
