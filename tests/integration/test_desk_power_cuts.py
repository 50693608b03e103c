"""The power goes at any moment of what the desk does: it was done whole or not at all, the desk is told which, and once more is never twice."""

import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.vocabulary import Bin, Cents
from ledger.database import reading
from ledger.journal import SqliteJournal, open_journal
from ledger.kinds import Account, Kind
from ledger.verify import verify
from ledger.views import balances, entries, head
from ledger.vocabulary import Cause, GrantRefused, NoEmptying, Refusal, Ungranted, VoucherRefused, WrongMoney
from money.desk_days import DAY_S, HANDING, generation, lose
from money.ledgers import TERMS, Kiosk
from money.moments import moments
from timing import FakeClock


@dataclass
class Before:
    """A ledger that waits for its desk: a voucher to pay, a bottle to credit, a bin to weigh, a day to close."""

    folder: Path
    code: str
    visit: str
    bottle: str
    clock: FakeClock

    def opened(self, folder: Path | None = None) -> SqliteJournal:
        path = (folder or self.folder) / "ledger.db"
        return open_journal(path, who="the desk", clock=self.clock, random=secrets, terms=TERMS)


@pytest.fixture
def before(tmp_path: Path) -> Before:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    with closing(Kiosk(folder)) as kiosk:
        visit = kiosk.visit_of(2)
        bottle = f"sort:{lose(kiosk, visit)}@{generation(kiosk)}"
        code = kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now()).code
        kiosk.journal.mark_shown(code, kiosk.now())
        kiosk.journal.desk.empty(Bin(1), HANDING, "7", kiosk.now())
        kiosk.clock.advance(DAY_S)
        return Before(folder, code, visit, bottle, kiosk.clock)


def pay(it: Before, journal: SqliteJournal) -> None:
    journal.desk.pay(it.code, "7", it.clock.now())


def grant(it: Before, journal: SqliteJournal) -> None:
    journal.desk.grant([it.bottle], "7", "jam", it.clock.now())


def claim(it: Before, journal: SqliteJournal) -> None:
    journal.desk.claim(it.visit, 2, "7", it.clock.now(), "8", "the ticket was seen")


def empty(it: Before, journal: SqliteJournal) -> None:
    journal.desk.empty(Bin(1), HANDING, "7", it.clock.now())


def weigh(it: Before, journal: SqliteJournal) -> None:
    journal.desk.weigh(Bin(1), 1, 900, "7", it.clock.now())


def close(it: Before, journal: SqliteJournal) -> None:
    journal.desk.close_days(it.clock.now())


def begin_print(it: Before, journal: SqliteJournal) -> None:
    journal.desk.print_begins(it.code, it.clock.now())


def correct(it: Before, journal: SqliteJournal) -> None:
    journal.desk.correct(5, Account.DESK, Account.GIFTS, Cents(20), "wrong till", "7", "8", it.clock.now())


Work = Callable[[Before, SqliteJournal], None]

DONE: list[tuple[Work, tuple[Kind, ...], type[Exception] | None]] = [
    (pay, (Kind.PAID,), VoucherRefused),
    (grant, (Kind.VISIT, Kind.GRANT, Kind.VOUCHER), GrantRefused),
    (close, (Kind.CLOSURE,), None),
]
MORE: list[tuple[Work, tuple[Kind, ...], type[Exception] | None]] = [
    (claim, (Kind.CLAIMED,), None),
    (empty, (Kind.EMPTIED,), None),
    (weigh, (Kind.WEIGHED,), NoEmptying),
    (begin_print, (Kind.PRINTED,), None),
    (correct, (Kind.CORRECTION,), WrongMoney),
]
"""What is done, the rows that it is, and how it is refused where it was done before; what may be done again, or then does nothing, is not."""


def rows_of(folder: Path) -> list[str]:
    with reading(folder / "ledger.db") as connection:
        assert list(verify(connection)) == []
        assert sum(balances(connection).values()) == 0
        return [entry.kind for entry in entries(connection)]


@pytest.mark.parametrize(
    ("work", "kinds", "again"),
    [*DONE, *(pytest.param(*more, marks=pytest.mark.long) for more in MORE)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_the_desk_does_is_whole_or_not_there_at_every_moment_and_once_more_is_not_twice(
    before: Before, tmp_path: Path, work: Work, kinds: tuple[Kind, ...], again: type[Exception] | None
) -> None:
    untouched = rows_of(before.folder)

    def do() -> None:
        with before.opened() as journal:
            work(before, journal)

    images = moments(before.folder, tmp_path / "images", do)
    whole = [*untouched, *kinds]
    seen = []
    for image in images:
        found = rows_of(image)
        assert found in (untouched, whole)
        seen.append(found == whole)
        with before.opened(image) as journal:
            if found == whole and again is not None:
                with pytest.raises(again):
                    work(before, journal)
            else:
                work(before, journal)
        if again is not None or work is close:
            assert rows_of(image) == whole
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (False, True)


def test_after_a_cut_the_desk_is_told_that_it_paid_by_whom_and_when(before: Before) -> None:
    with before.opened() as journal:
        paid = journal.desk.pay(before.code, "7", before.clock.now())
        granted = journal.desk.grant([before.bottle], "7", "jam", before.clock.now())
    with before.opened() as journal:
        with pytest.raises(VoucherRefused) as refused:
            journal.desk.pay(before.code, "8", before.clock.now())
        assert (refused.value.why, refused.value.payment) == (Refusal.PAID, paid)
        with pytest.raises(GrantRefused) as twice:
            journal.desk.grant([before.bottle], "8", "jam", before.clock.now())
        assert twice.value.why is Ungranted.GRANTED
        assert journal.desk.find(granted.code).amount == 20
    with reading(before.folder / "ledger.db") as connection:
        assert head(connection).row == paid.row + 3
