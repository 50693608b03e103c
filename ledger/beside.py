"""Who else knows a ledger: the sync's mark and the key beside it, the configured kiosk, and anchors that somebody kept elsewhere.

A file alone cannot show that its tail was cut off or written anew to its end, that it is an older copy, or another kiosk's. These can, each as far
as it knows: the mark up to the row that the city acknowledged last, an anchor up to its own row. Nobody is asked who is not there.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, Self

from config.files import trouble_of
from config.state import Files
from ledger import keys
from ledger.database import archive_name, faults
from ledger.findings import Finding, FindingKind
from ledger.reader import open_reader
from ledger.sync.acknowledged import Mark, StateError, read_marks
from ledger.vocabulary import LedgerUnavailable, WrongKey

ARCHIVE = re.compile(r"ledger-\d+-[0-9a-f]{8}\.db")
"""What ``database.archive_name`` makes."""


class Witness(StrEnum):
    MARK = "mark"
    KEY = "key"
    KIOSK = "kiosk"
    ANCHOR = "anchor"
    NAME = "name"


class Anchor(NamedTuple):
    """A row and its hash, kept where nobody who can write the ledger can write."""

    row: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Self:
        """``ROW:HASH``, the hash whole. Raises ValueError."""
        found = re.fullmatch(r"\s*([0-9]{1,18}):([0-9a-fA-F]{64})\s*", text)
        if found is None or int(found[1]) == 0:
            raise ValueError(text)
        return cls(int(found[1]), found[2].lower())


@dataclass(frozen=True, slots=True)
class Answers:
    """Who was asked, what they say, and why the mark could not be asked if it is there and unreadable."""

    asked: tuple[Witness, ...]
    findings: tuple[Finding, ...]
    unread: str | None = None


def mark_path(ledger: Path) -> Path:
    """Where the sync writes down what the city acknowledged."""
    return Files(ledger.parent).acknowledged


def ask(path: Path, kiosk: str | None = None, anchors: Sequence[Anchor] = ()) -> Answers:
    """Asks all who are there about the ledger at ``path``; ``kiosk`` is the configured id. Raises LedgerError.

    The mark is read first: a ledger only grows, so what the city has acknowledged by then is in it.
    """
    unread, marks = None, list[Mark]()
    try:
        marks = read_marks(mark_path(path))
    except StateError as error:
        unread = error.detail
    with faults(path):
        try:
            ledger = _Ledger.read(path, [*(mark.row for mark in marks), *(anchor.row for anchor in anchors)])
        except OSError as error:
            raise LedgerUnavailable(str(path), error.strerror or str(error), trouble_of(error)) from error
    if ledger is None:
        return Answers((), (), unread)
    said = {witness: tuple(found) for witness, found in _say(path, ledger, marks, kiosk, anchors)}
    return Answers(tuple(said), tuple(finding for findings in said.values() for finding in findings), unread)


def _say(
    path: Path, ledger: "_Ledger", marks: Sequence[Mark], kiosk: str | None, anchors: Sequence[Anchor]
) -> Iterator[tuple[Witness, Iterator[Finding]]]:
    archived = ARCHIVE.fullmatch(path.name) is not None
    if marks:
        yield Witness.MARK, _mark(ledger, path, marks, archived)
    if ledger.begun is not None and (found := _key_beside(path)) is not None:
        yield Witness.KEY, _key(ledger.begun, found)
    if ledger.begun is not None and kiosk is not None:
        yield Witness.KIOSK, _differing(FindingKind.KIOSK, kiosk, ledger.begun.get("kiosk"))
    if archived:
        yield Witness.NAME, _differing(FindingKind.NAME, path.name, archive_name(ledger.last, ledger.head))
    if anchors:
        yield Witness.ANCHOR, _anchors(ledger, anchors)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What the witnesses are compared with. ``begun`` is the body of the first entry, ``generation`` its hash."""

    last: int
    head: str
    generation: str | None
    begun: dict[str, Any] | None
    hashes: dict[int, str]

    @classmethod
    def read(cls, path: Path, rows: Sequence[int]) -> Self | None:
        """None where the tables are not a ledger's: ``verify`` names them."""
        with closing(open_reader(path)) as database:
            if not {"row", "hash", "body"} <= {name for (name,) in database.execute("SELECT name FROM pragma_table_xinfo('entry')")}:
                return None
            database.execute("BEGIN")
            last, head = database.execute("SELECT row, hash FROM entry ORDER BY row DESC LIMIT 1").fetchone() or (0, "")
            generation, body = database.execute("SELECT hash, body FROM entry WHERE row = 1").fetchone() or (None, "")
            found = (database.execute("SELECT row, hash FROM entry WHERE row = ?", (row,)).fetchone() for row in rows)
            return cls(last, head, generation, _object(body), dict(filter(None, found)))


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _mark(ledger: _Ledger, path: Path, marks: Sequence[Mark], archived: bool) -> Iterator[Finding]:
    own = next((mark for mark in marks if mark.generation == ledger.generation), None)
    newest = marks[-1]
    if own is not None:
        yield from _acknowledged(own, ledger.last, ledger.hashes.get(own.row))
        if newest is not own and not archived:
            yield Finding(None, FindingKind.SUCCEEDED, {"generation": newest.generation[:8]})
    elif not archived and ledger.begun is not None:
        yield from _before(path, ledger.begun, {mark.generation: mark for mark in marks}, newest)


def _acknowledged(mark: Mark, last: int, hash_: str | None) -> Iterator[Finding]:
    if mark.row > last:
        yield Finding(None, FindingKind.CUT, {"acknowledged": mark.row, "last": last})
    elif hash_ != mark.head:
        yield Finding(mark.row, FindingKind.MARK, {"expected": mark.head, "found": hash_})


def _before(path: Path, begun: dict[str, Any], marks: dict[str, Mark], newest: Mark) -> Iterator[Finding]:
    """Looks for a ledger that the city knows among those that came before this one, as far as their archives lie here."""
    seen: set[Path] = set()
    while (archive := _archive_of(path, begun)) is not None:
        if archive in seen or not archive.exists():
            return
        seen.add(archive)
        try:
            with closing(open_reader(archive)) as database:
                generation, body = database.execute("SELECT hash, body FROM entry WHERE row = 1").fetchone() or ("", "")
                if (mark := marks.get(generation)) is not None:
                    ((last,),) = database.execute("SELECT max(row) FROM entry")
                    found = database.execute("SELECT hash FROM entry WHERE row = ?", (mark.row,)).fetchone()
                    yield from _acknowledged(mark, last, found and found[0])
                    return
        except (sqlite3.Error, OSError) as error:
            yield Finding(None, FindingKind.FILE, {"detail": f"{archive.name}: {error}"})
            return
        begun = _object(body) or {}
    yield Finding(None, FindingKind.STRANGER, {"generation": newest.generation[:8], "acknowledged": newest.row})


def _archive_of(path: Path, begun: dict[str, Any]) -> Path | None:
    """Where the ledger lies that this one names as the one before, if it names one."""
    previous = begun.get("previous")
    if not isinstance(previous, dict):
        return None
    row, hash_ = previous.get("row"), str(previous.get("hash"))
    return path.with_name(archive_name(row, hash_)) if isinstance(row, int) and hash_.isalnum() else None


def _key_beside(path: Path) -> str | WrongKey | None:
    """The public key, or what is wrong with the file; None where there is none, or none that this user may read."""
    try:
        return keys.public_text(keys.read(keys.key_path(path)))
    except OSError:
        return None
    except WrongKey as error:
        return error


def _key(begun: dict[str, Any], found: str | WrongKey) -> Iterator[Finding]:
    if isinstance(found, WrongKey):
        yield Finding(None, FindingKind.KEY, {"detail": found.detail})
    elif found != begun.get("public_key"):
        yield Finding(None, FindingKind.KEY, {"detail": found})


def _differing(fault: FindingKind, expected: str, found: object) -> Iterator[Finding]:
    if expected != found:
        yield Finding(None, fault, {"expected": expected, "found": str(found)})


def _anchors(ledger: _Ledger, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    for anchor in anchors:
        found = ledger.hashes.get(anchor.row)
        if found != anchor.hash:
            yield Finding(anchor.row, FindingKind.ANCHOR, {"expected": anchor.hash, "found": found or "–"})
