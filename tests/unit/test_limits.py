"""How much money may leave in a visit and in a day, and whose day it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Cents, SequenceNumber
from kiosk.deposit.actions import OpenVisit
from kiosk.deposit.halts import VisitNumbersUsedUp
from kiosk.workers.books import obstacle_of
from ledger.database import reading
from ledger.limits import credited_on
from ledger.views import totals
from ledger.vocabulary import Cause, Ending, NumbersUsedUp, WrongMoney
from money.ledgers import TERMS, Kiosk, LedgerIn
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)

SMALL = replace(TERMS, visit_bottles=5, day_cents=Cents(150))
"""Seven bottles a day, and ten cents that are no bottle."""


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path, SMALL)


def finish(kiosk: Kiosk, visit: str) -> None:
    standing = kiosk.journal.standing()
    assert standing.visit is not None
    if standing.visit.cents:
        kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now())
    else:
        kiosk.journal.close_visit(visit, kiosk.now())


def test_a_visit_may_take_the_visits_limit(kiosk: Kiosk) -> None:
    assert kiosk.journal.open_visit(kiosk.now()).allowed == 5


def test_the_next_visit_may_take_what_the_day_has_left_and_the_last_nothing(kiosk: Kiosk) -> None:
    finish(kiosk, kiosk.visit_of(5))
    second = kiosk.journal.open_visit(kiosk.now())
    assert second.allowed == 2
    for _ in range(2):
        kiosk.credit(second.id)
    finish(kiosk, second.id)
    third = kiosk.journal.open_visit(kiosk.now())
    assert third.allowed == 0
    with pytest.raises(WrongMoney):
        kiosk.journal.intend(kiosk.intent(third.id), kiosk.now())


def test_no_bottle_is_paid_beyond_those_that_the_visit_may_be_paid_for(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(5)
    with pytest.raises(WrongMoney):
        kiosk.journal.intend(kiosk.intent(visit), kiosk.now())


def test_when_the_days_money_is_used_up_bottles_are_counted_without_money(kiosk: Kiosk) -> None:
    for bottles in (5, 2):
        finish(kiosk, kiosk.visit_of(bottles))
    unpaid = kiosk.journal.open_visit(kiosk.now())
    for sequence in (101, 102):
        kiosk.journal.intend(replace(kiosk.intent(unpaid.id, sequence), amount=Cents(0)), kiosk.now())
        booked = kiosk.journal.book(kiosk.journal.standing().booked_totaliser + 1, SequenceNumber(sequence), kiosk.now())
        assert booked.credited is not None
    standing = kiosk.reopen().standing()
    assert standing.visit is not None
    assert (standing.visit.bottles, standing.visit.cents, standing.visit.remaining) == (2, 0, 0)
    with pytest.raises(WrongMoney):
        kiosk.journal.issue_voucher(unpaid.id, Cause.KEPT, kiosk.now())
    kiosk.journal.close_visit(unpaid.id, kiosk.now())
    with reading(kiosk.path) as connection:
        assert credited_on(connection, kiosk.now().day()) == 140
        assert sum(total.bottles for total in totals(connection)) == 9
    assert kiosk.findings() == []


def test_a_bottle_that_may_be_paid_is_not_taken_for_nothing(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.intend(replace(kiosk.intent(visit.id), amount=Cents(0)), kiosk.now())


def test_a_bottle_that_came_back_costs_nothing_of_the_limits(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(4)
    intent = kiosk.intent(visit)
    kiosk.journal.intend(intent, kiosk.now())
    kiosk.journal.end(intent.sequence, Ending.CANCELLED, kiosk.now())
    booked = kiosk.credit(visit)
    assert booked.visit is not None
    assert booked.visit.remaining == 0
    finish(kiosk, visit)
    assert kiosk.journal.open_visit(kiosk.now()).allowed == 2


def test_what_a_visit_may_take_is_fixed_at_its_first_bottle_and_survives_a_restart(kiosk: Kiosk) -> None:
    finish(kiosk, kiosk.visit_of(4))
    visit = kiosk.visit_of(1)
    standing = kiosk.reopen().standing()
    assert standing.visit is not None
    assert (standing.visit.id, standing.visit.allowed, standing.visit.bottles) == (visit, 3, 1)


def test_the_budget_is_renewed_at_midnight_in_paris(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, SMALL, FakeClock(datetime(2026, 7, 14, 21, 50, tzinfo=UTC)))
    finish(kiosk, kiosk.visit_of(5))
    kiosk.clock.advance(9 * 60)
    visit = kiosk.journal.open_visit(kiosk.now())
    assert (visit.id[:10], visit.allowed) == ("2026-07-14", 2)
    finish(kiosk, visit.id)
    kiosk.clock.advance(2 * 60)
    visit = kiosk.journal.open_visit(kiosk.now())
    assert (visit.id[:10], visit.allowed) == ("2026-07-15", 5)


def test_credits_after_midnight_of_a_visit_begun_before_count_on_the_new_day(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, SMALL, FakeClock(datetime(2026, 11, 24, 22, 58, tzinfo=UTC)))
    visit = kiosk.visit_of(1)
    kiosk.clock.advance(5 * 60)
    for _ in range(4):
        kiosk.credit(visit)
    finish(kiosk, visit)
    with reading(kiosk.path) as connection:
        assert [(str(total.day), total.bottles) for total in totals(connection)] == [("2026-11-24", 1), ("2026-11-25", 4)]
    assert kiosk.journal.open_visit(kiosk.now()).allowed == 3
    assert kiosk.findings() == []


def test_a_clock_put_back_over_midnight_within_a_visit_does_not_spend_the_old_day_again(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, SMALL, FakeClock(datetime(2026, 11, 24, 22, 50, tzinfo=UTC)))
    finish(kiosk, kiosk.visit_of(5))
    finish(kiosk, kiosk.visit_of(2))
    kiosk.clock.advance(15 * 60)
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.clock.advance(-10 * 60)
    for _ in range(visit.allowed):
        kiosk.credit(visit.id)
    with reading(kiosk.path) as connection:
        spent = {str(total.day): total.cents for total in totals(connection)}
    assert spent == {"2026-11-24": 140, "2026-11-25": 100}
    assert max(spent.values()) <= SMALL.day_cents
    assert kiosk.findings() == []


def test_without_a_trusted_clock_the_day_is_the_last_that_was_known(kiosk: Kiosk) -> None:
    finish(kiosk, kiosk.visit_of(5))
    kiosk.clock.trusted = False
    kiosk.clock.utc -= timedelta(days=9000)
    visit = kiosk.journal.open_visit(kiosk.now())
    assert (visit.id[:10], visit.allowed) == ("2026-11-24", 2)
    kiosk.credit(visit.id)
    voucher_visit = kiosk.reopen().standing().visit
    assert voucher_visit is not None
    finish(kiosk, visit.id)
    assert kiosk.journal.open_visit(kiosk.now()).allowed == 1
    with reading(kiosk.path) as connection:
        assert credited_on(connection, datetime(2026, 11, 24, tzinfo=UTC).date()) == 120


def test_a_ledger_that_never_knew_the_time_counts_days_from_that_of_its_beginning(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, SMALL, FakeClock(datetime(2000, 1, 1, 12, tzinfo=UTC), trusted=False))
    kiosk.clock.advance(3 * 86_400)
    assert kiosk.journal.open_visit(kiosk.now()).id[:10] == "2000-01-04"


def test_a_new_generation_does_not_renew_the_days_budget(kiosk: Kiosk) -> None:
    finish(kiosk, kiosk.visit_of(5))
    kiosk.succeed(totaliser=105)
    kiosk.journal = kiosk.open()
    assert kiosk.journal.open_visit(kiosk.now()).allowed == 2


def test_visit_numbers_have_four_digits_are_not_in_sequence_and_never_repeat_in_a_day(kiosk: Kiosk) -> None:
    numbers = []
    for _ in range(40):
        visit = kiosk.journal.open_visit(kiosk.now())
        numbers.append(visit.number)
        assert visit.id == f"2026-11-24/{visit.number}"
        kiosk.journal.close_visit(visit.id, kiosk.now())
    assert len(set(numbers)) == 40
    assert all(len(number) == 4 and number.isdigit() for number in numbers)
    assert numbers != sorted(numbers)


class AlwaysFirst:
    """The first of whatever may be drawn."""

    def token_bytes(self, nbytes: int | None = None) -> bytes:
        return bytes(nbytes or 32)

    def randbelow(self, exclusive_upper_bound: int) -> int:
        assert exclusive_upper_bound > 0
        return 0


def test_a_number_used_today_is_not_drawn_again_not_even_after_a_new_generation(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.journal, "_random", AlwaysFirst())
    for expected in ("0000", "0001"):
        visit = kiosk.journal.open_visit(kiosk.now())
        assert visit.number == expected
        kiosk.journal.close_visit(visit.id, kiosk.now())
    kiosk.succeed()
    kiosk.journal = kiosk.open()
    monkeypatch.setattr(kiosk.journal, "_random", AlwaysFirst())
    assert kiosk.journal.open_visit(kiosk.now()).number == "0002"


def test_a_day_without_a_free_number_takes_nothing_more_and_the_next_goes_on(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.limits.VISIT_NUMBERS", 1)
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.journal.close_visit(visit.id, kiosk.now())
    totaliser = kiosk.journal.standing().booked_totaliser
    assert kiosk.journal.book(totaliser, SequenceNumber(0), kiosk.now()).possible == 0
    with pytest.raises(NumbersUsedUp) as refused:
        kiosk.journal.open_visit(kiosk.now())
    assert obstacle_of(refused.value, OpenVisit()) == VisitNumbersUsedUp(refused.value.day)
    kiosk.clock.advance(86_400)
    assert kiosk.journal.book(totaliser, SequenceNumber(0), kiosk.now()).possible == 5
    assert kiosk.journal.open_visit(kiosk.now()).number == "0000"
