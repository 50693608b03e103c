"""What the sync reads of a ledger: its name, rows in order, totals over a stretch of rows. Opens the file read-only and anew for each round.

Plain ``sqlite3``: the sync is a small process of its own on a small machine. Totals come from the bodies; the city makes its own from the
postings, so that two ways of counting meet.
"""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from config.files import Trouble, trouble_of
from config.sqlite import REFUSALS, sqlite_trouble
from ledger.reader import open_reader

BYTES_AT_ONCE = 1 << 20
"""Of rows in one message; well below what the city takes."""


class OutboxError(Exception):
    """The ledger cannot be read."""

    def __init__(self, path: Path, detail: str, trouble: Trouble) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail
        self.trouble = trouble


class LedgerFile(NamedTuple):
    """A ledger file: whose it is, the hash of its first row, and where the ledger before it lies, if there was one."""

    kiosk: str
    hash: str
    before: Path | None


class Summed(NamedTuple):
    """The kind that a figure counts, and what it adds up of it: cents, grams, or nothing."""

    kind: str
    called: str | None = None

    @property
    def told(self) -> tuple[str, ...]:
        return ("count",) if self.called is None else ("count", self.called)


SUMS = {
    "vouchers": Summed("voucher", "cents"),
    "gifts": Summed("gift", "cents"),
    "paid": Summed("paid", "cents"),
    "granted": Summed("grant", "cents"),
    "emptied": Summed("emptied", "grams"),
    "weighed": Summed("weighed", "grams"),
    "closures": Summed("closure"),
}
ALWAYS = frozenset({"vouchers", "gifts"})
"""The others are left out while there is none: so a city that does not know them hears of them only once a desk has worked."""


class Tally(Counter[tuple[str, str]]):
    """Figures by (day, what is counted), those of ``SUMS`` by (name, what is counted). ``update`` adds another stretch (``+`` would drop what is not positive)."""

    def message(self) -> dict[str, object]:
        """As the contract's ``Totals``."""
        days = sorted({name for name, _ in self} - SUMS.keys())
        told = (name for name in SUMS if name in ALWAYS or self[name, "count"])
        return {
            "days": [{"day": day, **{what: self[day, what] for what in ("glass", "plastic", "cents")}} for day in days],
            **{name: {what: self[name, what] for what in SUMS[name].told} for name in told},
        }


class Outbox:
    """Raises OutboxError from everything it does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.rest()

    def rest(self) -> None:
        """Closes the file until the next read: while somebody has it open, no new ledger can succeed it."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def generation(self) -> LedgerFile | None:
        """None for a ledger without a first entry."""
        found = self._read("SELECT hash, body FROM entry WHERE row = 1")
        if not found:
            return None
        try:
            body = json.loads(found[0][1])
            previous = body["previous"]
            # the name that ledger/generation.py gives to an archive
            before = None if previous is None else self._path.with_name(f"ledger-{previous['row']}-{previous['hash'][:8]}.db")
            return LedgerFile(body["kiosk"], found[0][0], before)
        except (ValueError, KeyError, TypeError) as error:
            raise OutboxError(self._path, "row 1 does not begin a ledger", Trouble.DAMAGED) from error

    def last_row(self) -> int:
        return int(self._read("SELECT coalesce(max(row), 0) FROM entry")[0][0])

    def hash_of(self, row: int) -> str | None:
        found = self._read("SELECT hash FROM entry WHERE row = ?", row)
        return str(found[0][0]) if found else None

    def rows(self, after: int, limit: int) -> list[dict[str, Any]]:
        """At most ``limit`` rows as the contract's ``Row``, in order, and no more than fit into one message."""
        found = self._read(
            "SELECT row, kind, subject, visit, occurred, booked, trusted, body, prev, hash FROM entry WHERE row > ? ORDER BY row LIMIT ?",
            after,
            limit,
        )
        postings = self._postings(after, found[-1][0]) if found else {}
        rows: list[dict[str, Any]] = []
        size = 0
        for row, kind, subject, visit, occurred, booked, trusted, body, prev, digest in found:
            said = self._body(row, body)
            size += len(body)
            if rows and size > BYTES_AT_ONCE:
                break
            rows.append(
                {
                    "row": row,
                    "kind": kind,
                    "subject": subject,
                    "visit": visit,
                    "occurred": occurred,
                    "booked": booked,
                    "trusted": bool(trusted),
                    "body": said,
                    "postings": postings.get(row, []),
                    "prev": prev,
                    "hash": digest,
                }
            )
        return rows

    def tally(self, after: int, upto: int) -> Tally:
        """What the rows from ``after`` + 1 to ``upto`` add up to."""
        tally = Tally()
        # by row number and not by the index on days: the stretch is short, the file may be long
        bottles = """SELECT json_extract(body, '$.day'), json_extract(body, '$.material'), count(*), sum(json_extract(body, '$.amount'))
            FROM entry NOT INDEXED WHERE row > ? AND row <= ? AND kind = 'credit' GROUP BY 1, 2"""
        for day, material, count, cents in self._figures(bottles, after, upto):
            tally[day, material] += count
            tally[day, "cents"] += cents
        names = {summed.kind: name for name, summed in SUMS.items()}
        sums = f"""SELECT kind, count(*), sum(
            CASE WHEN kind = 'closure' THEN 0 WHEN kind IN ('emptied', 'weighed') THEN json_extract(body, '$.grams')
            ELSE json_extract(body, '$.amount') END)
            FROM entry NOT INDEXED WHERE row > ? AND row <= ? AND kind IN {tuple(names)} GROUP BY 1"""  # noqa: S608 - kinds written above
        for kind, count, value in self._figures(sums, after, upto):
            summed = SUMS[names[kind]]
            tally[names[kind], "count"] += count
            if summed.called is not None:
                tally[names[kind], summed.called] += value
        return tally

    def _figures(self, query: str, after: int, upto: int) -> list[tuple[Any, ...]]:
        """Names, and behind them a count and a sum. Another body than the kiosk writes gives something else."""
        found = self._read(query, after, upto)
        for *names, count, cents in found:
            if not (all(isinstance(name, str) for name in names) and isinstance(count, int) and isinstance(cents, int)):
                raise OutboxError(self._path, f"a sum of the rows from {after + 1} to {upto} is none", Trouble.DAMAGED)
        return found

    def _postings(self, after: int, upto: int) -> dict[int, list[dict[str, object]]]:
        # in the order they were written: the hash depends on it
        found = self._read("SELECT row, account, cents FROM posting WHERE row > ? AND row <= ? ORDER BY rowid", after, upto)
        postings: dict[int, list[dict[str, object]]] = {}
        for row, account, cents in found:
            postings.setdefault(row, []).append({"account": account, "cents": cents})
        return postings

    def _body(self, row: int, text: str) -> object:
        try:
            return json.loads(text)
        except (ValueError, TypeError) as error:
            raise OutboxError(self._path, f"the body of row {row} is not JSON", Trouble.DAMAGED) from error

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            if self._db is None:
                self._db = open_reader(self._path)
            return self._db.execute(query, values).fetchall()
        except REFUSALS as error:
            raise OutboxError(self._path, str(error), sqlite_trouble(self._path, error)) from error
        except OSError as error:
            raise OutboxError(self._path, error.strerror or str(error), trouble_of(error)) from error
