"""A visit as it is explained to its visitor: what the ledger knows of it, and what the technical log tells of each item that was handed back. Reads, and writes nothing.

The refusals of a visit are counted from 1 in the order of the log, which only grows: the desk credits one by that number, once (``visit:ID:N``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from config.vocabulary import Cents, Reason
from kiosk.deposit.notes import NoteKind
from kiosk.log_reading import line_of, log_files
from ledger.claims import Found
from ledger.grants import Bottle, is_granted
from ledger.visits import Passed, VisitRecord
from ledger.vocabulary import Refusal
from recognition.verdict import Figure, Quantity


@dataclass(frozen=True, slots=True)
class Refusing:
    """An item that was handed back, of ``worth`` if it is credited by hand. ``n``: counted from 1 in its visit.

    ``judged``: the facts of its verdict as the log has them, empty of an item that was never judged; ``program``: the version that judged. ``outcome``: what the desk found of it, if it was contested.
    ``bottle``: how the ledger names it, ``granted``: and has credited it by hand.
    """

    n: int
    at: datetime
    reason: str
    bottle: str
    granted: bool
    worth: Cents
    judged: Mapping[str, Any]
    program: str = ""
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """``record`` and ``lost`` (what fell in it and was not counted) by the ledger, ``refused`` by the log; ``voucher`` and why it may not be paid, if it ended in one;
    ``by_hand``: the desk's visits in which bottles of it were credited, whose numbers lead to their vouchers."""

    record: VisitRecord
    lost: tuple[Bottle, ...]
    refused: tuple[Refusing, ...]
    voucher: Found | None = None
    refusal: Refusal | None = None
    by_hand: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[Passed | Refusing, ...]:
        """In the order in which they came."""
        return tuple(sorted((*self.record.items, *self.refused), key=lambda item: item.at))


def refusals_of(folder: Path, visit: str, connection: Connection, reward: Cents) -> tuple[Refusing, ...]:
    """What the log tells of the items of a visit that were handed back, and of what became of those that were contested. Raises OSError."""
    found: list[Refusing] = []
    context: dict[str, Mapping[str, Any]] = {}
    for kind, line in _told(folder, visit):
        match kind:
            case NoteKind.STARTED:
                # items are counted from 1 again
                context = {kind: line}
            case NoteKind.CONFIGURATION | NoteKind.JUDGED:
                context[kind] = line
            case NoteKind.HANDED_BACK:
                judged = context.get(NoteKind.JUDGED, {})
                judged = judged if judged.get("item") == line.get("item") else {}
                if (line.get("visit") or judged.get("visit")) == visit:
                    found.append(_refusing(len(found) + 1, visit, line, {**context, NoteKind.JUDGED: judged}, reward))
            case NoteKind.CONTESTED if line.get("visit") == visit:
                n = line.get("refusal")
                found = [replace(it, outcome=str(line.get("outcome"))) if it.n == n else it for it in found]
            case _:
                pass
    return tuple(replace(it, granted=is_granted(connection, it.bottle)) for it in found)


def _told(folder: Path, visit: str) -> Iterator[tuple[NoteKind, Mapping[str, Any]]]:
    """The lines that may say something of it: of its month and the next two. Of what was judged only the last before each item that was handed back."""
    judged = ""
    for path in log_files(folder, date.fromisoformat(visit.partition("/")[0]))[:MONTHS]:
        with path.open(encoding="utf-8", errors="replace") as stream:
            for text in stream:
                # a month has a hundred thousand lines, and few of them are worth being read whole
                kind = next((kind for kind in KINDS if f'"{kind}"' in text), None)
                if kind is None or (kind is NoteKind.CONTESTED and visit not in text):
                    continue
                if kind is NoteKind.JUDGED:
                    judged = text
                    continue
                if kind is NoteKind.STARTED:
                    # items are counted from 1 again
                    judged = ""
                for before in (judged, text) if kind is NoteKind.HANDED_BACK else (text,):
                    line = line_of(before)
                    if line is not None and line["kind"] in KINDS:
                        yield NoteKind(line["kind"]), line


MONTHS = 3
"""Files: a visit's own, and those in which it is contested. A month's is some tens of megabytes, and somebody waits."""

KINDS = (NoteKind.JUDGED, NoteKind.HANDED_BACK, NoteKind.CONTESTED, NoteKind.STARTED, NoteKind.CONFIGURATION)


def _refusing(n: int, visit: str, line: Mapping[str, Any], context: Mapping[str, Mapping[str, Any]], reward: Cents) -> Refusing:
    judged = context[NoteKind.JUDGED]
    configured = context.get(NoteKind.CONFIGURATION, {}).get("values", {}).get("recognition", {})
    program = str(context.get(NoteKind.STARTED, {}).get("program", ""))
    bottle = f"visit:{visit}:{n}"
    at = datetime.fromisoformat(line["at"])
    return Refusing(
        n, at, str(line.get("reason")), bottle, granted=False, worth=reward, judged=_with_limit(judged, configured), program=program
    )


def _with_limit(judged: Mapping[str, Any], configured: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lines of the first programs have no figures: the one limit that they had for what is too heavy stood in the configuration."""
    full_g = configured.get("full_g")
    if not judged or "figures" in judged or full_g is None:
        return judged
    figure = Figure(Quantity.WEIGHT, judged.get("weight_g", 0), most=full_g).as_json()
    heavy = [reason for reason in judged.get("reasons", ()) if reason in (Reason.NOT_EMPTY, Reason.TWO_ITEMS)]
    return {**judged, "figures": dict.fromkeys(heavy, figure)}
