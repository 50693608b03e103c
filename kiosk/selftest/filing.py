"""A self-test's report as it is kept: text, JSON and one page, in the folder of staff's tables or on a stick, and the few lines that a phone reads from a code."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from config.clock import PARIS, Instant
from config.settings import Settings
from kiosk.console.technician.told import Filed
from kiosk.exports import export_folder
from kiosk.selftest.at_screen import FULL_PLAN
from kiosk.selftest.report import as_json
from kiosk.selftest.results import Outcome, Result
from kiosk.selftest.run import Report
from kiosk.selftest.telling import explain, tell_figure
from kiosk.words.catalogue import Words

SIGN = {Outcome.PASS: "✔", Outcome.FAIL: "✘", Outcome.SKIPPED: "–"}
COLOUR = {Outcome.PASS: "#075C3C", Outcome.FAIL: "#A12A0E", Outcome.SKIPPED: "#3A4259"}

BRIEF_BYTES = 700
"""Of the text in the code: more makes modules that a phone does not read from the glass."""

PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:16px/1.45 sans-serif;color:#14213D;background:#FFF;margin:2rem auto;max-width:60rem;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{border-top:1px solid #8A7440;padding:.35rem .6rem;text-align:left;vertical-align:top}}
th[scope=colgroup]{{background:#FFF6E6}}</style></head>
<body><h1>{title}</h1><p>{head}</p><p>{summary}</p><table>{rows}</table></body></html>
"""


def file_report(settings: Settings, at: Instant, agent: str, report: Report) -> tuple[Filed, list[dict[str, Any]]]:
    """The three files, as far as the disk takes them; and the steps as JSON, for the log. In the language of the house."""
    words = Words()
    told = as_json(report, FULL_PLAN)
    told |= {"kiosk": settings.kiosk.id, "at": at.utc.isoformat(timespec="seconds"), "trusted": at.trusted, "agent": agent}
    head = _head(settings.kiosk.id, at, agent, words)
    texts = {
        "json": json.dumps(told, ensure_ascii=False, indent=1) + "\n",
        "txt": "\n".join((head, _summary(report, words), "", *_lines(report, words), "")),
        "html": _page(report, head, words),
    }
    try:
        folder = export_folder(settings.files.exports)
        stem = f"self-test-{at.utc.astimezone(PARIS):%Y-%m-%d-%H%M%S}-{agent}"
        for ending, text in texts.items():
            _write(folder / f"{stem}.{ending}", text)
        path: str | None = str(folder / f"{stem}.html")
    except OSError:
        # the log has it all the same
        path = None
    return Filed(path, brief(report, head, words), report.left_ready), told["steps"]


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o660), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        # a stick is pulled out at once
        os.fsync(stream.fileno())


def _head(kiosk: str, at: Instant, agent: str, words: Words) -> str:
    there = at.utc.astimezone(PARIS)
    return words.text(
        "selftest.report.head", kiosk=kiosk, day=words.day(there.date(), short=True), time=words.time_of_day(there), agent=agent
    )


def _summary(report: Report, words: Words) -> str:
    counts = Counter(result.outcome for result in report.results)
    told = ", ".join(words.plural(f"selftest.count.{outcome}", counts[outcome]) for outcome in Outcome)
    if report.left_ready is None:
        return told
    return f"{told}. {words.text('selftest.left_ready' if report.left_ready else 'selftest.not_left_ready')}"


def _in_order(report: Report) -> Iterator[tuple[str, list[Result]]]:
    """The results by group, both in the plan's order."""
    by_name = {result.name: result for result in report.results}
    groups: dict[str, list[Result]] = {}
    for step in FULL_PLAN:
        if step.name in by_name:
            groups.setdefault(step.group, []).append(by_name[step.name])
    yield from groups.items()


def _lines(report: Report, words: Words) -> Iterator[str]:
    for group, results in _in_order(report):
        yield words.text(f"selftest.group.{group}")
        for result in results:
            figures = ", ".join(tell_figure(figure, words) for figure in result.figures)
            verdict = f"{SIGN[result.outcome]} {words.text(f'selftest.outcome.{result.outcome}')}"
            yield f"  {verdict}  {words.text(f'selftest.step.{result.name}')}  {figures}".rstrip()
            yield from (f"      {line}" for line in explain(result, words))


def _page(report: Report, head: str, words: Words) -> str:
    rows = []
    for group, results in _in_order(report):
        rows.append(f'<tr><th scope="colgroup" colspan="3">{escape(words.text(f"selftest.group.{group}"))}</th></tr>')
        for result in results:
            verdict = f"{SIGN[result.outcome]} {words.text(f'selftest.outcome.{result.outcome}')}"
            told = [*(tell_figure(figure, words) for figure in result.figures), *explain(result, words)]
            rows.append(
                f'<tr><td style="color:{COLOUR[result.outcome]};white-space:nowrap"><b>{escape(verdict)}</b></td>'
                f"<td>{escape(words.text(f'selftest.step.{result.name}'))}</td><td>{'<br>'.join(map(escape, told))}</td></tr>"
            )
    return PAGE.format(
        language=words.language,
        title=escape(words.text("selftest.report.title")),
        head=escape(head),
        summary=escape(_summary(report, words)),
        rows="".join(rows),
    )


def brief(report: Report, head: str, words: Words) -> str:
    """What matters, in few words: counts, and each failure with its part. As many as the code has room for, and how many it leaves out."""
    lines = [words.text("selftest.report.title"), head, _summary(report, words)]
    failures = [
        words.text(
            "selftest.report.failure",
            step=words.text(f"selftest.step.{result.name}"),
            part=words.text(f"selftest.part.{result.part}"),
        )
        for result in report.failures
    ]
    for place, failure in enumerate(failures):
        if len("\n".join((*lines, failure)).encode()) > BRIEF_BYTES:
            lines.append(words.plural("selftest.report.more", len(failures) - place))
            break
        lines.append(failure)
    return "\n".join(lines)
