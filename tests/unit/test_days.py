"""Whose day it is on a machine that does not know the date: no day without an end, none that is paid twice, and the guess is told by its name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.clock import BUILD, Instant
from config.vocabulary import Cents, SequenceNumber
from kiosk.deposit.states import Rules
from kiosk.deposit.step import resume
from ledger.database import reading
from ledger.days import DAY_S, MARK_S
from ledger.kinds import Kind
from ledger.views import entries
from ledger.vocabulary import Cause, ClockBehind
from money.ledgers import BEGINNING, TERMS, Kiosk, LedgerIn
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)

FIVE = replace(TERMS, day_cents=Cents(100))
"""Five bottles a day."""

RULES = Rules(BEGINNING.controller_id, TERMS.reward, 30, {})
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    """A machine whose clock was never trusted."""
    return ledger_in(tmp_path, FIVE, FakeClock(START, trusted=False))


def pay_what_may_be(kiosk: Kiosk) -> int:
    """One visit with every bottle that it may be paid for."""
    visit = kiosk.journal.open_visit(kiosk.now())
    for _ in range(visit.allowed):
        kiosk.credit(visit.id)
    if visit.allowed:
        kiosk.journal.issue_voucher(visit.id, Cause.KEPT, kiosk.now())
    else:
        kiosk.journal.close_visit(visit.id, kiosk.now())
    return visit.allowed


def look(kiosk: Kiosk) -> int:
    """What the session asks every minute while the day's money is used up: bottles that are possible."""
    return kiosk.journal.book(kiosk.journal.standing().booked_totaliser, SequenceNumber(0), kiosk.now()).possible


def run(kiosk: Kiosk, hours: float) -> None:
    """A machine that is on and out of money, for so long."""
    for _ in range(round(hours * 6)):
        kiosk.clock.advance(600)
        look(kiosk)


def reboot(kiosk: Kiosk) -> None:
    kiosk.clock.boot()
    kiosk.reopen()


def rows(kiosk: Kiosk, kind: Kind | None = None) -> list[dict[str, Any]]:
    with reading(kiosk.path) as connection:
        return [dict(entry.body) for entry in entries(connection, kind=kind)]


def days(kiosk: Kiosk) -> list[str]:
    return [body["day"] for body in rows(kiosk, Kind.VISIT)]


# a clock that is never trusted


def test_a_machine_that_never_knows_the_date_pays_a_days_money_a_day(kiosk: Kiosk) -> None:
    paid = []
    for _ in range(4):
        paid.append(pay_what_may_be(kiosk))
        kiosk.clock.advance(DAY_S)
    assert paid == [5, 5, 5, 5]
    assert days(kiosk) == ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]
    assert kiosk.findings() == []


def test_no_day_ends_before_24_hours(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    kiosk.clock.advance(DAY_S - 1)
    assert look(kiosk) == 0
    kiosk.clock.advance(1)
    assert look(kiosk) == 5


def test_a_machine_that_stood_for_days_has_one_days_money_for_today(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    kiosk.clock.advance(3.5 * DAY_S)
    assert (pay_what_may_be(kiosk), pay_what_may_be(kiosk)) == (5, 0)
    assert days(kiosk) == ["2026-11-24", "2026-11-27", "2026-11-27"]


def test_a_counted_day_says_in_each_row_that_it_is_assumed_and_how_it_was_counted(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    kiosk.clock.advance(DAY_S + 60)
    pay_what_may_be(kiosk)
    reckoned = rows(kiosk)[-1]["reckoned"]
    assert reckoned == {"day": "2026-11-25", "assumed": True, "spent_s": 60, "boot": "boot-1", "up_s": 1000 + DAY_S + 60}
    assert look(kiosk) == 0
    assert kiosk.journal.book(110, SequenceNumber(0), kiosk.now()).date_known is False


def test_a_trusted_clock_leaves_no_count_in_the_rows(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, FIVE)
    pay_what_may_be(kiosk)
    assert [body for body in rows(kiosk) if "reckoned" in body] == []
    assert kiosk.journal.book(105, SequenceNumber(0), kiosk.now()).date_known


def test_the_hours_of_several_boots_add_up(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    run(kiosk, 9)
    reboot(kiosk)
    run(kiosk, 9)
    reboot(kiosk)
    run(kiosk, 5)
    assert look(kiosk) == 0
    run(kiosk, 2)
    assert look(kiosk) == 5
    assert kiosk.findings() == []


def test_a_power_cut_forgets_at_most_an_hour(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    for _ in range(12):
        run(kiosk, 3)
        reboot(kiosk)
        if look(kiosk):
            break
    spent = rows(kiosk, Kind.ELAPSED)
    assert look(kiosk) == 5
    assert len(spent) >= 12
    assert kiosk.findings() == []


def test_time_is_written_down_once_an_hour_and_not_by_a_clock_that_is_trusted(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    run(kiosk, 5)
    assert len(rows(kiosk, Kind.ELAPSED)) == 5 * 3600 // MARK_S
    kiosk.clock.trusted = True
    run(kiosk, 5)
    assert len(rows(kiosk, Kind.ELAPSED)) == 5 * 3600 // MARK_S


def test_a_program_that_starts_again_and_again_counts_no_time_twice(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    for _ in range(40):
        kiosk.clock.advance(1800)
        kiosk.reopen()
        assert look(kiosk) == 0
    assert kiosk.findings() == []


def test_time_before_the_newest_trusted_row_of_this_boot_is_not_counted_again(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, FIVE)
    kiosk.clock.advance(10 * DAY_S)
    pay_what_may_be(kiosk)
    kiosk.clock.trusted = False
    assert look(kiosk) == 0
    run(kiosk, 23)
    assert look(kiosk) == 0
    run(kiosk, 1.5)
    assert look(kiosk) == 5


def test_once_the_clock_is_trusted_the_day_is_its_own(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    kiosk.clock.advance(DAY_S)
    pay_what_may_be(kiosk)
    kiosk.clock.utc, kiosk.clock.trusted = datetime(2026, 12, 24, 9, tzinfo=UTC), True
    assert pay_what_may_be(kiosk) == 5
    assert days(kiosk)[-1] == "2026-12-24"
    assert "reckoned" not in rows(kiosk)[-1]
    assert kiosk.findings() == []


# a trusted clock that goes back


@pytest.mark.parametrize("back", [timedelta(days=1), timedelta(days=30)])
def test_a_trusted_clock_that_goes_back_opens_no_second_budget(ledger_in: LedgerIn, tmp_path: Path, back: timedelta) -> None:
    kiosk = ledger_in(tmp_path, FIVE, FakeClock(START + timedelta(days=40)))
    assert pay_what_may_be(kiosk) == 5
    kiosk.clock.utc -= back
    assert (look(kiosk), pay_what_may_be(kiosk)) == (0, 0)
    kiosk.reopen()
    assert look(kiosk) == 0
    assert kiosk.findings() == []


def test_after_24_hours_a_clock_that_was_corrected_is_believed(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, FIVE, FakeClock(datetime(2034, 1, 1, 9, tzinfo=UTC)))
    pay_what_may_be(kiosk)
    kiosk.clock.utc = START
    run(kiosk, 23.5)
    assert look(kiosk) == 0
    run(kiosk, 1.5)
    assert (pay_what_may_be(kiosk), days(kiosk)[-1]) == (5, "2026-11-25")
    assert "reckoned" not in rows(kiosk)[-1]
    run(kiosk, 12)
    assert look(kiosk) == 0
    run(kiosk, 3)
    assert look(kiosk) == 5
    assert kiosk.findings() == []


def test_a_clock_a_little_back_over_midnight_goes_on_with_the_new_day(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, FIVE, FakeClock(datetime(2026, 11, 24, 23, 1, tzinfo=UTC)))
    pay_what_may_be(kiosk)
    kiosk.clock.utc -= timedelta(minutes=2)
    assert look(kiosk) == 0
    kiosk.clock.advance(180)
    assert look(kiosk) == 0
    assert days(kiosk) == ["2026-11-25"]


# a new ledger


REAL = replace(BEGINNING, demonstration=False)


def test_a_ledger_does_not_begin_on_a_clock_that_is_before_this_program(ledger_in: LedgerIn, tmp_path: Path) -> None:
    with pytest.raises(ClockBehind) as refused:
        ledger_in(tmp_path, FIVE, FakeClock(datetime(1970, 1, 1, 0, 2, tzinfo=UTC), trusted=False), REAL)
    assert refused.value.row is None
    assert refused.value.not_before.date() == BUILD
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == []


def test_a_ledger_does_not_begin_before_the_newest_row_of_the_one_before_it(kiosk: Kiosk) -> None:
    before = kiosk.path.read_bytes()
    kiosk.clock.utc -= timedelta(hours=1)
    with pytest.raises(ClockBehind) as refused:
        kiosk.succeed()
    assert refused.value.row == 1
    assert kiosk.path.read_bytes() == before


def test_who_says_why_the_old_clock_was_wrong_begins_all_the_same_and_it_is_written_down(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, FIVE, FakeClock(datetime(2034, 1, 1, tzinfo=UTC)))
    kiosk.clock.utc = START
    kiosk.succeed(clock_was_wrong="the battery was empty")
    kiosk.journal = kiosk.open()
    assert pay_what_may_be(kiosk) == 5
    assert rows(kiosk)[0]["clock_was_wrong"] == "the battery was empty"
    assert days(kiosk) == ["2026-11-24"]


def test_a_new_ledger_on_an_unknown_date_goes_on_with_the_count_of_the_one_before(kiosk: Kiosk) -> None:
    pay_what_may_be(kiosk)
    kiosk.clock.advance(DAY_S)
    pay_what_may_be(kiosk)
    kiosk.clock.advance(DAY_S / 2)
    begun = kiosk.succeed(totaliser=110)
    assert not begun.date_known
    kiosk.journal = kiosk.open()
    assert look(kiosk) == 0
    kiosk.clock.advance(DAY_S / 2)
    assert pay_what_may_be(kiosk) == 5
    assert days(kiosk) == ["2026-11-26"]
    assert kiosk.findings() == []


def test_no_voucher_of_a_machine_without_a_date_bears_a_day_before_this_program(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, FIVE, FakeClock(datetime(1970, 1, 1, tzinfo=UTC), trusted=False))
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    assert (voucher.issued, voucher.valid_until) == (BUILD, BUILD + timedelta(days=1095))


# a visit that a restart found open


@pytest.mark.parametrize(
    ("later_s", "rebooted", "goes_on"), [(300, False, True), (601, False, False), (300, True, False)], ids=["soon", "late", "another boot"]
)
def test_without_a_date_a_visit_goes_on_within_ten_minutes_of_the_same_boot(
    kiosk: Kiosk, later_s: int, rebooted: bool, goes_on: bool
) -> None:
    kiosk.visit_of(1)
    kiosk.clock.advance(later_s)
    kiosk.clock.utc = START - timedelta(days=9000)
    if rebooted:
        kiosk.clock.boot()
    session, _ = resume(kiosk.reopen().standing(), RULES, kiosk.now())
    assert session.resumed is goes_on


def test_a_voucher_that_was_not_shown_is_shown_again_by_the_time_since_boot(kiosk: Kiosk) -> None:
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    kiosk.clock.advance(300)
    session, _ = resume(kiosk.reopen().standing(), RULES, kiosk.now())
    assert session.unshown == voucher


# files of before


def test_rows_that_were_written_before_days_were_counted_begin_the_count(ledger_in: LedgerIn, tmp_path: Path) -> None:
    class Older(FakeClock):
        counts = False

        def now(self) -> Instant:
            now = super().now()
            return now if self.counts else replace(now, up=None)

    clock = Older(START, trusted=False)
    kiosk = ledger_in(tmp_path, FIVE, clock)
    pay_what_may_be(kiosk)
    clock.advance(5 * DAY_S)
    assert look(kiosk) == 0
    assert [body for body in rows(kiosk) if "reckoned" in body] == []
    clock.counts = True
    kiosk.reopen()
    run(kiosk, 23)
    assert look(kiosk) == 0
    run(kiosk, 2)
    assert look(kiosk) == 5
    assert kiosk.findings() == []
