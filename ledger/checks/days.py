"""Days: on which business day each row stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger.books import first_day, instant_of
from ledger.chain import Entry, day_in, time_of
from ledger.days import Reckoning, reckon, reckoning_of
from ledger.findings import Finding, FindingKind
from ledger.kinds import Kind

NAME_THEIR_DAY = frozenset({Kind.VISIT, Kind.CREDIT, Kind.GIFT, Kind.PAID, Kind.GRANT})


class Days:
    """No day's money is spent twice.

    1. Where the date was not known, the count of the day has its fields (BODY) and goes on from the row before as ``ledger/days.py`` counts (DAY).
    2. Visits, credits, gifts, payments and grants name the business day of their row: its clock's, or the counted one (DAY).
    3. A credit names no day before its visit's (DAY).
    """

    def __init__(self) -> None:
        self._last: Reckoning | None = None
        self._visit = date.min

    def __call__(self, entry: Entry) -> list[Finding]:
        last = self._last
        if entry.trusted and last is not None and "reckoned" not in entry.body:
            # nearly every row: its clock knew the date
            time_of(entry.booked)
            day = day_in(entry.booked[:13])
            if last.day != day or last.read is not None or last.assumed:
                self._last = Reckoning(day)
            return self._named(entry, day) if entry.kind in NAME_THEIR_DAY else []
        return [*self._counted(entry, entry.body)]

    def _counted(self, entry: Entry, body: dict[str, Any]) -> Iterator[Finding]:
        found, booked = reckoning_of(body), instant_of(entry.booked, entry.trusted, body)
        if self._last is None:
            self._last = found or (Reckoning(booked.day()) if entry.trusted else first_day(body, booked))
            return
        if found is not None and found != (expected := reckon(self._last, booked)):
            yield Finding(entry.row, FindingKind.DAY, {"expected": str(expected.day), "found": str(found.day)})
        self._last = found or (Reckoning(booked.day()) if entry.trusted else self._last)
        if entry.kind in NAME_THEIR_DAY:
            yield from self._named(entry, self._last.day)

    def _named(self, entry: Entry, day: date) -> list[Finding]:
        if entry.kind == Kind.VISIT:
            self._visit = day
        expected = (max(day, self._visit) if entry.kind == Kind.CREDIT else day).isoformat()
        named = entry.body["day"]
        return [] if named == expected else [Finding(entry.row, FindingKind.DAY, {"expected": expected, "found": str(named)})]
