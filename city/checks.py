"""Whether a batch may be stored, judged from the batch and from what is held; nothing is read or written here.

In this order: every row's hash, whether it is a demonstration, as the city is or is not, the continuation of the held chain, the postings. (The shape came before: ``messages``.) ::

    first row is the held row + 1, its prev is the head     ─▶ stored
    the same rows again                                     ─▶ fine, nothing to store
    another row under a held number                         ─▶ Conflict "row"
    a later row than the next                               ─▶ Gap
    another first row, its previous is the held head        ─▶ stored: a new generation
    another first row otherwise                             ─▶ Conflict "previous"
    a new row for a ledger that was replaced                ─▶ Conflict "superseded"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from city.answers import Conflict, Gap, Unacceptable
from city.chain import NOTHING_BEFORE, row_hash
from city.messages import Batch, GenerationRow, RowBase, as_object


@dataclass(frozen=True, slots=True)
class Held:
    """A ledger as the city holds it."""

    generation: str
    kiosk: str
    demonstration: bool
    row: int
    head: str


@dataclass(frozen=True, slots=True)
class Continuation:
    """The rows that are new; ``begins`` is the first row of a new generation if there is one."""

    rows: tuple[RowBase, ...]
    begins: GenerationRow | None


def check_rows(kiosk: str, batch: Batch) -> Unacceptable | None:
    """Each row for itself, and the rows among themselves."""
    for row in batch.rows:
        computed = row_hash(as_object(row))
        if computed != row.hash:
            return Unacceptable(error="hash", message=f"row {row.row} carries {row.hash} and hashes to {computed}", row=row.row)
    for before, row in pairwise(batch.rows):
        if row.row != before.row + 1 or row.prev != before.hash:
            return Unacceptable(error="order", message=f"row {row.row} does not follow row {before.row}", row=row.row)
    if batch.rows and batch.row != batch.rows[-1].row:
        return Unacceptable(
            error="order", message=f"the totals are of row {batch.row}, the last row is {batch.rows[-1].row}", row=batch.row
        )
    for row in batch.rows:
        fault = _beginning_fault(kiosk, batch, row)
        if fault is not None:
            return Unacceptable(error="generation", message=fault, row=row.row)
    return None


def _beginning_fault(kiosk: str, batch: Batch, row: RowBase) -> str | None:
    match row:
        case GenerationRow() if row.row != 1:
            return f"row {row.row} begins a ledger; only row 1 can"
        case GenerationRow() if row.body.kiosk != kiosk:
            return f"the ledger belongs to {row.body.kiosk}, it was sent as {kiosk}"
        case GenerationRow() if row.hash != batch.generation or row.prev != NOTHING_BEFORE:
            return "row 1 must carry the generation's hash, and 64 zeros as the hash before"
        case GenerationRow():
            return None
        case _ if row.row == 1:
            return "row 1 must be of kind generation"
        case _:
            return None


def is_demonstration(batch: Batch, held: Held | None) -> bool | None:
    """None where neither the batch nor what is held says so."""
    if held is not None:
        return held.demonstration
    return next((row.body.demonstration for row in batch.rows if isinstance(row, GenerationRow)), None)


def check_continuation(
    batch: Batch, held: Held | None, current: Held | None, hashes: Mapping[int, str]
) -> Continuation | Conflict | Gap | Unacceptable:
    """``held`` is the batch's ledger, ``current`` the kiosk's ledger that may still grow, ``hashes`` what is held under the batch's row numbers."""
    if held is None:
        return _beginning(batch, current)
    if current is None or held.kiosk != current.kiosk:
        return Unacceptable(error="generation", message=f"this ledger belongs to {held.kiosk}")
    for row in batch.rows:
        if row.row in hashes and hashes[row.row] != row.hash:
            return _other_row(row.row, hashes[row.row], row.hash)
    fresh = tuple(row for row in batch.rows if row.row > held.row)
    if batch.row > held.row and (not fresh or fresh[0].row != held.row + 1):
        return _gap(held)
    if not fresh:
        return Continuation((), None)
    if fresh[0].prev != held.head:
        return _other_row(held.row, held.head, fresh[0].prev)
    if held.generation != current.generation:
        message = f"this ledger was replaced by {current.generation} at row {held.row}"
        return Conflict(error="superseded", message=message, row=fresh[0].row, held=current.generation, sent=fresh[0].hash)
    return Continuation(fresh, None)


def _other_row(row: int, held: str, sent: str) -> Conflict:
    return Conflict(error="row", message=f"another row {row} is held", row=row, held=held, sent=sent)


def _gap(held: Held) -> Gap:
    return Gap(error="gap", message=f"row {held.row + 1} comes next", expected=held.row + 1, head=held.head)


def _beginning(batch: Batch, current: Held | None) -> Continuation | Conflict | Gap:
    if not batch.rows or not isinstance(first := batch.rows[0], GenerationRow):
        return Gap(error="gap", message="this ledger is not known, row 1 comes first", expected=1, head=NOTHING_BEFORE)
    head = NOTHING_BEFORE if current is None else current.head
    previous = NOTHING_BEFORE if first.body.previous is None else first.body.previous.hash
    if previous != head:
        message = "the ledger does not name the held head as the end of the one before"
        return Conflict(error="previous", message=message, row=1, held=head, sent=previous)
    return Continuation(tuple(batch.rows), first)


def check_postings(rows: Sequence[RowBase]) -> Unacceptable | None:
    for row in rows:
        total = sum(posting.cents for posting in row.postings)
        if total != 0:
            return Unacceptable(error="postings", message=f"the postings of row {row.row} add up to {total}", row=row.row)
    return None
