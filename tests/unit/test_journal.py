"""The journal on a real file: what is booked, what is refused, and what a restart finds."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Cents, Material, SequenceNumber
from ledger.database import reading
from ledger.kinds import Account, Kind
from ledger.views import balances, entries, totals
from ledger.vocabulary import Cause, Ending, Intent, TotaliserFell, Unshown, WrongMoney
from money.ledgers import Kiosk, LedgerIn

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def kinds(kiosk: Kiosk) -> list[str]:
    with reading(kiosk.path) as connection:
        return [entry.kind for entry in entries(connection)]


def bodies(kiosk: Kiosk, kind: Kind) -> list[dict[str, object]]:
    with reading(kiosk.path) as connection:
        return [dict(entry.body) for entry in entries(connection, kind=kind)]


def test_a_fresh_ledger_stands_where_it_began(kiosk: Kiosk) -> None:
    standing = kiosk.journal.standing()
    assert (standing.kiosk, standing.controller_id, standing.demonstration) == ("essai-01", 0x5457494E_00000001, True)
    assert (standing.booked_totaliser, standing.last_sequence, standing.open_intent, standing.visit) == (100, 0, None, None)


def test_a_counted_drop_credits_the_open_intent(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    intent = kiosk.intent(visit.id, sequence=7)
    kiosk.journal.intend(intent, kiosk.now())
    kiosk.clock.advance(2)
    booked = kiosk.journal.book(101, SequenceNumber(7), kiosk.now())
    assert booked.credited == intent
    assert booked.open_intent is None
    assert booked.totaliser == 101
    assert booked.visit is not None
    assert (booked.visit.bottles, booked.visit.cents, booked.visit.last) == (1, 20, kiosk.now())
    with reading(kiosk.path) as connection:
        credit = list(entries(connection))[-1]
        sums = balances(connection)
    assert credit.kind == Kind.CREDIT
    assert credit.subject == "sort:7"
    assert credit.visit == visit.id
    assert credit.body == {"sequence": 7, "from": 100, "totaliser": 101, "amount": 20, "material": "glass", "day": "2026-11-24"}
    assert [(posting.account, posting.cents) for posting in credit.postings] == [("expenses:rewards", 20), ("liabilities:visits", -20)]
    assert sums == {Account.REWARDS: 20, Account.VISITS: -20, Account.VOUCHERS: 0, Account.GIFTS: 0, Account.DESK: 0}


def test_occurred_is_when_it_happened_and_booked_when_it_was_written(kiosk: Kiosk) -> None:
    occurred = kiosk.now()
    kiosk.clock.advance(61.5)
    kiosk.journal.open_visit(occurred)
    with reading(kiosk.path) as connection:
        visit = list(entries(connection))[-1]
    assert (visit.occurred, visit.booked) == ("2026-11-24T09:00:00.000Z", "2026-11-24T09:01:01.500Z")


def test_a_totaliser_that_is_booked_already_writes_nothing(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(1)
    before = kiosk.rows()
    booked = kiosk.journal.book(101, SequenceNumber(1), kiosk.now())
    assert kiosk.rows() == before
    assert booked.credited is None
    assert booked.visit is not None
    assert (booked.visit.id, booked.visit.bottles) == (visit, 1)


def test_a_totaliser_that_did_not_move_credits_nothing_even_if_counted_names_the_intent(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit.id, sequence=7), kiosk.now())
    booked = kiosk.journal.book(100, SequenceNumber(7), kiosk.now())
    assert booked.credited is None
    assert booked.open_intent is not None


def test_a_step_of_another_kind_is_booked_at_nothing_and_the_intent_stays_open(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    intent = kiosk.intent(visit.id, sequence=7)
    kiosk.journal.intend(intent, kiosk.now())
    booked = kiosk.journal.book(104, SequenceNumber(3), kiosk.now())
    assert (booked.totaliser, booked.credited, booked.open_intent) == (104, None, intent)
    assert bodies(kiosk, Kind.STEP) == [{"from": 100, "totaliser": 104}]


def test_a_credit_covers_one_step_and_one_entry_before_it_all_the_others(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit.id, sequence=7), kiosk.now())
    booked = kiosk.journal.book(104, SequenceNumber(7), kiosk.now())
    assert booked.credited is not None
    assert kinds(kiosk)[-2:] == ["step", "credit"]
    assert bodies(kiosk, Kind.STEP) == [{"from": 100, "totaliser": 103}]
    assert bodies(kiosk, Kind.CREDIT)[0]["from"] == 103
    assert kiosk.findings() == []


def test_a_smaller_totaliser_books_nothing_and_names_both(kiosk: Kiosk) -> None:
    before = kiosk.rows()
    with pytest.raises(TotaliserFell) as fell:
        kiosk.journal.book(99, SequenceNumber(0), kiosk.now())
    assert (fell.value.booked, fell.value.read) == (100, 99)
    assert kiosk.rows() == before


@pytest.mark.parametrize("ending", list(Ending))
def test_an_intent_that_was_not_counted_ends_without_money(kiosk: Kiosk, ending: Ending) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit.id, sequence=7), kiosk.now())
    kiosk.journal.end(SequenceNumber(7), ending, kiosk.now())
    standing = kiosk.journal.standing()
    assert standing.open_intent is None
    assert standing.visit is not None
    assert standing.visit.cents == 0
    assert kinds(kiosk)[-1] == ending.value


def test_an_intent_that_ended_is_never_credited_later(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit.id, sequence=7), kiosk.now())
    kiosk.journal.end(SequenceNumber(7), Ending.CANCELLED, kiosk.now())
    booked = kiosk.journal.book(101, SequenceNumber(7), kiosk.now())
    assert booked.credited is None
    assert kinds(kiosk)[-1] == "step"


def test_only_the_open_intent_can_be_ended(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.end(SequenceNumber(7), Ending.CANCELLED, kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit.id, sequence=7), kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.end(SequenceNumber(6), Ending.CANCELLED, kiosk.now())
    kiosk.journal.end(SequenceNumber(7), Ending.CANCELLED, kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.end(SequenceNumber(7), Ending.UNCOUNTED, kiosk.now())


def test_a_second_intent_is_refused_while_one_is_open(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit.id, sequence=7), kiosk.now())
    before = kiosk.rows()
    with pytest.raises(WrongMoney):
        kiosk.journal.intend(kiosk.intent(visit.id, sequence=8), kiosk.now())
    assert kiosk.rows() == before


def wrong_visit(intent: Intent) -> Intent:
    return replace(intent, visit="2026-11-24/none")


def old_sequence(intent: Intent) -> Intent:
    return replace(intent, sequence=SequenceNumber(1))


def other_reward(intent: Intent) -> Intent:
    return replace(intent, amount=Cents(25))


@pytest.mark.parametrize("wrong", [wrong_visit, old_sequence, other_reward])
def test_an_intent_is_refused_for_another_visit_an_old_sequence_or_another_reward(kiosk: Kiosk, wrong: object) -> None:
    visit = kiosk.visit_of(1)
    assert callable(wrong)
    with pytest.raises(WrongMoney):
        kiosk.journal.intend(wrong(kiosk.intent(visit)), kiosk.now())
    kiosk.credit(visit)


def test_a_sequence_never_falls_even_to_one_that_was_not_used(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now()).id
    kiosk.journal.intend(kiosk.intent(visit, sequence=9), kiosk.now())
    kiosk.journal.end(SequenceNumber(9), Ending.CANCELLED, kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.intend(kiosk.intent(visit, sequence=5), kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.reopen().intend(kiosk.intent(visit, sequence=5), kiosk.now())


def test_one_visit_at_a_time(kiosk: Kiosk) -> None:
    kiosk.journal.open_visit(kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.open_visit(kiosk.now())


def test_a_visit_ends_once_as_a_voucher_a_gift_or_closed(kiosk: Kiosk) -> None:
    kept, given = kiosk.visit_of(2), None
    voucher = kiosk.journal.issue_voucher(kept, Cause.KEPT, kiosk.now())
    assert (voucher.amount, voucher.visit, voucher.cause) == (40, kept, Cause.KEPT)
    given = kiosk.visit_of(1)
    assert kiosk.journal.give(given, ASSOCIATIONS[0], kiosk.now()) == 20
    empty = kiosk.visit_of(0)
    kiosk.journal.close_visit(empty, kiosk.now())
    for visit in (kept, given, empty):
        with pytest.raises(WrongMoney):
            kiosk.journal.issue_voucher(visit, Cause.KEPT, kiosk.now())
        with pytest.raises(WrongMoney):
            kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now())
        with pytest.raises(WrongMoney):
            kiosk.journal.close_visit(visit, kiosk.now())
    with reading(kiosk.path) as connection:
        assert balances(connection) == {Account.REWARDS: 60, Account.VISITS: 0, Account.VOUCHERS: -40, Account.GIFTS: -20, Account.DESK: 0}
    assert kiosk.findings() == []


def test_a_voucher_whose_page_was_not_closed_is_found_by_the_next_start_as_it_was_issued(kiosk: Kiosk) -> None:
    issued = kiosk.now()
    visit = kiosk.visit_of(2)
    stood = kiosk.journal.books.visit
    assert stood is not None
    voucher = kiosk.journal.issue_voucher(visit, Cause.KEPT, issued)
    kiosk.clock.advance(60)
    assert kiosk.reopen().standing().unshown == Unshown(voucher, issued, stood)
    kiosk.journal.mark_shown(voucher.code, kiosk.now())
    assert kiosk.reopen().standing().unshown is None
    with pytest.raises(WrongMoney):
        kiosk.journal.mark_shown(voucher.code, kiosk.now())


@pytest.mark.parametrize("cause", [Cause.KEPT, Cause.TIMED_OUT, Cause.POWER_CUT])
def test_a_voucher_is_found_by_the_next_start_since_its_visitor_was_last_there(kiosk: Kiosk, cause: Cause) -> None:
    """A power cut's is issued by a start, which may come long after anybody was there."""
    visit = kiosk.visit_of(2)
    stood = kiosk.journal.books.visit
    assert stood is not None
    kiosk.clock.advance(3600)
    issued = kiosk.now()
    voucher = kiosk.journal.issue_voucher(visit, cause, issued)
    found = kiosk.reopen().standing().unshown
    assert found == Unshown(voucher, stood.last if cause is Cause.POWER_CUT else issued, stood)
    kiosk.journal.mark_shown(voucher.code, kiosk.now())
    assert kiosk.findings() == []


def test_once_the_next_visit_has_begun_no_voucher_of_the_one_before_is_shown(kiosk: Kiosk) -> None:
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    kiosk.journal.open_visit(kiosk.now())
    assert kiosk.journal.standing().unshown is None
    with pytest.raises(WrongMoney):
        kiosk.journal.mark_shown(voucher.code, kiosk.now())


def test_a_visit_does_not_end_with_an_intent_open_or_in_the_wrong_way(kiosk: Kiosk) -> None:
    visit = kiosk.journal.open_visit(kiosk.now()).id
    with pytest.raises(WrongMoney):
        kiosk.journal.issue_voucher(visit, Cause.KEPT, kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now())
    kiosk.credit(visit)
    with pytest.raises(WrongMoney):
        kiosk.journal.close_visit(visit, kiosk.now())
    kiosk.journal.intend(kiosk.intent(visit), kiosk.now())
    with pytest.raises(WrongMoney):
        kiosk.journal.issue_voucher(visit, Cause.POWER_CUT, kiosk.now())


def test_a_restart_finds_the_open_visit_the_open_intent_and_the_last_sequence(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(2)
    kiosk.clock.advance(30)
    intent = Intent(SequenceNumber(40), visit, None, Material.PLASTIC, Cents(20), Bin(2), 22, "weight-and-code")
    kiosk.journal.intend(intent, kiosk.now())
    before = kiosk.journal.standing()
    kiosk.clock.advance(600)
    standing = kiosk.reopen().standing()
    assert standing == before
    assert standing.open_intent == intent
    assert standing.last_sequence == 40
    assert standing.visit is not None
    assert (standing.visit.bottles, standing.visit.cents, standing.visit.allowed) == (2, 40, 30)
    assert standing.visit.last.utc == kiosk.now().utc - timedelta(seconds=600)


def test_a_restart_finds_the_times_as_they_were_before_it(kiosk: Kiosk) -> None:
    kiosk.clock.utc += timedelta(microseconds=123_456)
    kiosk.visit_of(1)
    before = kiosk.journal.standing()
    assert kiosk.reopen().standing() == before


def test_the_last_time_of_a_visit_says_whether_it_can_be_trusted(kiosk: Kiosk) -> None:
    kiosk.clock.trusted = False
    kiosk.visit_of(1)
    standing = kiosk.reopen().standing()
    assert standing.visit is not None
    assert not standing.visit.last.trusted


def test_a_kiosk_that_died_between_two_calls_loses_nothing_it_was_told_is_written(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(3)
    with reading(kiosk.path) as connection:
        assert balances(connection)[Account.VISITS] == -60
    assert kiosk.findings() == []
    assert kiosk.reopen().standing().visit is not None
    assert kiosk.credit(visit).visit is not None


def test_readers_see_whole_transactions_while_the_kiosk_writes(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(1)
    with reading(kiosk.path) as early, reading(kiosk.path) as other:
        assert balances(early)[Account.REWARDS] == balances(other)[Account.REWARDS] == 20
        kiosk.credit(visit)
        assert balances(early)[Account.REWARDS] == 20
        with reading(kiosk.path) as late:
            assert balances(late)[Account.REWARDS] == 40
    kiosk.credit(visit)
    assert kiosk.findings() == []


def test_a_reader_cannot_write(kiosk: Kiosk) -> None:
    with reading(kiosk.path) as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("DROP TRIGGER entry_stays")


def test_totals_count_bottles_and_cents_by_day_and_material(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(2)
    kiosk.credit(visit, Material.PLASTIC)
    kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now())
    kiosk.clock.advance(86_400)
    kiosk.visit_of(1)
    with reading(kiosk.path) as connection:
        found = [(str(total.day), total.material, total.bottles, total.cents) for total in totals(connection)]
        latest = totals(connection, since=kiosk.now().day())
    assert found == [("2026-11-24", "glass", 2, 40), ("2026-11-24", "plastic", 1, 20), ("2026-11-25", "glass", 1, 20)]
    assert len(latest) == 1


def test_entries_are_read_from_a_row_on_and_by_kind_or_visit(kiosk: Kiosk) -> None:
    first = kiosk.visit_of(1)
    kiosk.journal.give(first, ASSOCIATIONS[0], kiosk.now())
    second = kiosk.visit_of(1)
    with reading(kiosk.path) as connection:
        assert [entry.row for entry in entries(connection, after=2, limit=2)] == [3, 4]
        assert [entry.kind for entry in entries(connection, kind=Kind.GIFT)] == ["gift"]
        assert [entry.kind for entry in entries(connection, visit=second)] == ["visit", "intent", "credit"]
