"""What the technical log tells of a day, for whoever stands before the machine: refusals by reason, halts by length. Reads files and writes none."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from config.clock import PARIS
from kiosk.deposit.notes import NoteKind

NAME = re.compile(r"log-\d{4}-\d{2}\.jsonl")

LONGEST_FACT = 60
"""Letters of a field; configurations are long."""

MONTHS = 2
"""Files that a day can stand in: its own month's, and the one after it where a clock was not trusted."""


@dataclass(frozen=True, slots=True)
class HaltTime:
    """How often the machine took nothing for one reason, and for how long in all. ``standing``: it has no end yet."""

    halt: str
    times: int
    seconds: float
    standing: bool


@dataclass(frozen=True, slots=True)
class LogFigures:
    """``linked_until``: when the controller was heard last, where it is lost and the log says since when."""

    refusals: tuple[tuple[str, int], ...]
    halts: tuple[HaltTime, ...]
    linked_until: datetime | None = None


class LogAbout(StrEnum):
    """What of the log is looked at."""

    REFUSALS = "refusals"
    HALTS = "halts"


BEHIND: Mapping[LogAbout, tuple[NoteKind, ...]] = {
    LogAbout.REFUSALS: (NoteKind.HANDED_BACK,),
    # a start ends what stood before
    LogAbout.HALTS: (NoteKind.HALT, NoteKind.HALT_OVER, NoteKind.STARTED),
}
"""The lines that a figure was counted from."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line, as far as a list shows it. ``what``: the reason, or the halt. ``seconds``, ``times``: of a halt that is over."""

    at: datetime
    trusted: bool
    kind: NoteKind
    what: str
    item: int | None = None
    seconds: float | None = None
    times: int = 1
    facts: tuple[tuple[str, str], ...] = ()
    """All fields as they stand, where a line was searched for."""
    verdict: Mapping[str, Any] | None = None
    """Of an item that was judged: what explains it (``Verdict.facts()``)."""


def log_lines(folder: Path, day: date, about: LogAbout) -> tuple[LogLine, ...]:
    """The lines behind a figure of a day in Paris, the newest first. Raises OSError."""
    found = [
        LogLine(
            at=datetime.fromisoformat(line["at"]),
            trusted=line.get("trusted") is True,
            kind=NoteKind(line["kind"]),
            what=str(line.get("reason" if about is LogAbout.REFUSALS else "halt", "")),
            item=item if isinstance(item := line.get("item"), int) else None,
            seconds=float(line["for_s"]) if isinstance(line.get("for_s"), int | float) else None,
            times=times if isinstance(times := line.get("times"), int) else 1,
        )
        for line in lines_of(folder, day)
        if line["kind"] in BEHIND[about]
    ]
    return tuple(reversed(found))


def lines_of(folder: Path, day: date) -> Iterator[Mapping[str, Any]]:
    """The lines that were written on a day in Paris, in their order. What is no line is left out: a power cut tears some."""
    begins = datetime.combine(day, datetime.min.time(), PARIS)
    first, beyond = begins.timestamp(), (datetime.combine(day + timedelta(days=1), datetime.min.time(), PARIS)).timestamp()
    # most lines of a month are of other days, and to understand one takes many times as long as to search it; 'at' is in UTC, whose day may be the one before
    before, there = (f'"{of.isoformat()}T' for of in (day - timedelta(days=1), day))
    for path in log_files(folder, day)[:MONTHS]:
        with path.open(encoding="utf-8", errors="replace") as stream:
            for text in stream:
                line = line_of(text) if there in text or before in text else None
                if line is not None and first <= datetime.fromisoformat(line["at"]).timestamp() < beyond:
                    yield line


def log_figures(folder: Path, day: date, now: datetime) -> LogFigures:
    """Of a day in Paris. A halt belongs to the day on which it began; one that a power cut took the end of ended at the next start."""
    refusals: Counter[str] = Counter()
    halts: dict[str, HaltTime] = {}
    standing: dict[str, datetime] = {}
    linked_until: datetime | None = None

    def ended(halt: str, seconds: float, times: int) -> None:
        before = halts.get(halt, HaltTime(halt, 0, 0.0, standing=False))
        halts[halt] = HaltTime(halt, before.times + times, before.seconds + seconds, standing=False)

    for line in lines_of(folder, day):
        at = datetime.fromisoformat(line["at"])
        match line["kind"]:
            case NoteKind.HANDED_BACK:
                refusals[str(line.get("reason"))] += 1
            case NoteKind.HALT:
                standing[str(line.get("halt"))] = at
            case NoteKind.HALT_OVER if standing.pop(str(line.get("halt")), None) is not None:
                ended(str(line.get("halt")), float(line.get("for_s", 0.0)), int(line.get("times", 1)))
            case NoteKind.LINK_LOST:
                linked_until = at
            case NoteKind.LINK_BACK:
                linked_until = None
            case NoteKind.STARTED:
                linked_until = None
                for halt, since in standing.items():
                    ended(halt, (at - since).total_seconds(), 1)
                standing.clear()
            case _:
                pass
    for halt, since in standing.items():
        ended(halt, max(0.0, (now - since).total_seconds()), 1)
        halts[halt] = HaltTime(halt, halts[halt].times, halts[halt].seconds, standing=True)
    return LogFigures(tuple(refusals.most_common()), tuple(sorted(halts.values(), key=lambda told: -told.seconds)), linked_until)


def log_files(folder: Path, day: date) -> tuple[Path, ...]:
    """The months' files in which something of a day or after it can stand, the oldest first."""
    named = (path for path in folder.glob("log-*.jsonl") if NAME.fullmatch(path.name) and path.name >= f"log-{day:%Y-%m}.jsonl")
    return tuple(sorted(named))


def last_of(folder: Path, kind: NoteKind) -> datetime | None:
    """When a line of this kind was written last; None: never, as far as the files go back."""
    mark = f'"{kind.value}"'
    for path in reversed(log_files(folder, date.min)):
        with path.open(encoding="utf-8", errors="replace") as stream:
            found = [line for text in stream if mark in text and (line := line_of(text)) is not None and line["kind"] == kind]
        if found:
            return datetime.fromisoformat(found[-1]["at"])
    return None


def line_of(text: str) -> Mapping[str, Any] | None:
    """A line of the log; None for what is none."""
    try:
        line = json.loads(text)
        datetime.fromisoformat(line["at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return line if isinstance(line, dict) and isinstance(line.get("kind"), str) else None


class LogGroup(StrEnum):
    """What of the log is searched; each kind is in one, and in ``ALL``."""

    ALL = "all"
    FAULTS = "faults"
    STOPS = "stops"
    DOORS = "doors"
    BOTTLES = "bottles"
    STAFF = "staff"
    SERVICE = "service"
    PROGRAM = "program"
    """All that is in no other."""


_GROUPS: Mapping[LogGroup, frozenset[NoteKind]] = {
    LogGroup.FAULTS: frozenset({NoteKind.FAULT, NoteKind.FAULT_OVER}),
    LogGroup.STOPS: frozenset(
        {
            *(NoteKind.HALT, NoteKind.HALT_OVER, NoteKind.LINK_LOST, NoteKind.LINK_BACK, NoteKind.CAMERA_LOST, NoteKind.CAMERA_BACK),
            *(NoteKind.LEDGER_FAILED, NoteKind.LEDGER_BACK, NoteKind.SOUND_LOST, NoteKind.SOUND_BACK, NoteKind.PRINTER_LOST),
            NoteKind.PRINTER_BACK,
        }
    ),
    LogGroup.DOORS: frozenset({NoteKind.DOOR_OPENED, NoteKind.DOOR_SHUT}),
    LogGroup.BOTTLES: frozenset(
        {
            *(NoteKind.JUDGED, NoteKind.NOT_REMEMBERED),
            NoteKind.HANDED_BACK,
            NoteKind.INTENT_ENDED,
            NoteKind.TOTALISER_JUMPED,
            NoteKind.CONTESTED,
            NoteKind.VOUCHER_REFUSED,
        }
    ),
    LogGroup.STAFF: frozenset(
        {
            *(NoteKind.LOGGED_IN, NoteKind.LOGGED_OUT, NoteKind.LOG_IN_DENIED, NoteKind.SECOND_DENIED, NoteKind.AGENT_CHANGED),
            *(NoteKind.EXPORTED, NoteKind.PUT_TO_REST, NoteKind.REST_OVER),
        }
    ),
    LogGroup.SERVICE: frozenset(
        {
            NoteKind.LENT,
            NoteKind.LINE_RETURNED,
            NoteKind.LOAN_REFUSED,
            NoteKind.LIVE_BEGUN,
            NoteKind.MOVED,
            NoteKind.CLEANED,
            NoteKind.CALIBRATED,
            NoteKind.KEY_CHANGED,
            NoteKind.ENROLMENT_ASKED,
            *(NoteKind.GENERATION_ORDERED, NoteKind.GENERATION_BEGUN, NoteKind.GENERATION_HINDERED),
            NoteKind.CONTROLLER,
        }
    ),
}


def in_group(kind: NoteKind, group: LogGroup) -> bool:
    if group is LogGroup.ALL:
        return True
    if group is LogGroup.PROGRAM:
        return not any(kind in kinds for kinds in _GROUPS.values())
    return kind in _GROUPS[group]


def log_search(folder: Path, group: LogGroup, day: date | None, visit: str, most: int) -> tuple[LogLine, ...]:
    """Lines by kind, day in Paris and visit (four digits of its number), the newest first, so many at most. Raises OSError."""
    newest: deque[LogLine] = deque(maxlen=most)
    found: list[LogLine] = []
    for path in reversed(log_files(folder, day or date.min)):
        newest.clear()
        with path.open(encoding="utf-8", errors="replace") as stream:
            for text in stream:
                if visit and visit not in text:
                    continue
                line = line_of(text)
                if line is not None and _fits(line, group, day, visit):
                    newest.append(_any_line(line))
        found += reversed(newest)
        if len(found) >= most:
            break
    return tuple(found[:most])


def _fits(line: Mapping[str, Any], group: LogGroup, day: date | None, visit: str) -> bool:
    kind = line["kind"]
    if kind not in list(NoteKind) or not in_group(NoteKind(kind), group):
        return False
    if day is not None and datetime.fromisoformat(line["at"]).astimezone(PARIS).date() != day:
        return False
    return not visit or str(line.get("visit", "")).rpartition("/")[2] == visit


def _any_line(line: Mapping[str, Any]) -> LogLine:
    """With all its fields, as they stand."""
    seconds = line.get("for_s")
    facts = tuple((name, _short(value)) for name, value in line.items() if name not in ("at", "trusted", "kind"))
    return LogLine(
        at=datetime.fromisoformat(line["at"]),
        trusted=line.get("trusted") is True,
        kind=NoteKind(line["kind"]),
        what=str(line.get("fault", line.get("halt", line.get("reason", "")))),
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
        times=times if isinstance(times := line.get("times"), int) else 1,
        facts=facts,
        verdict=line if line["kind"] == NoteKind.JUDGED else None,
    )


def _short(value: object) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= LONGEST_FACT else f"{told[: LONGEST_FACT - 1]}…"
