"""Any order of visits, bottles, doubts, restarts and generations: money follows the count, once, and the books agree with the file."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Cents, Material, SequenceNumber
from ledger.books import read_books, unshown
from ledger.database import reading
from ledger.kinds import Account, Kind
from ledger.verify import verify
from ledger.views import balances, entries, totals
from ledger.vocabulary import Cause, ClockUntrusted, Ending, GrantRefused, Refusal, TotaliserFell, Ungranted, VoucherRefused, WrongMoney
from money.desk_days import HANDING, generation
from money.ledgers import TERMS, Kiosk

SMALL = replace(TERMS, visit_bottles=3, day_cents=Cents(130))


class Machine(RuleBasedStateMachine):
    """A controller that counts, a visitor, and somebody who asks for what is not allowed."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.kiosk = Kiosk(self.folder, SMALL)
        self.totaliser = 100
        self.sequence = 0
        self.open: int | None = None
        self.visit: str | None = None
        self.allowed = 0
        self.bottles = 0
        self.cents = 0
        self.credited: dict[int, int] = {}
        self.owed = 0
        self.unshown: str | None = None
        self.vouchers: dict[str, int] = {}
        self.paid: set[str] = set()
        self.lost: dict[str, int] = {}
        self.granted: set[str] = set()

    @precondition(lambda self: self.visit is None)
    @rule()
    def somebody_comes(self) -> None:
        visit = self.kiosk.journal.open_visit(self.kiosk.now())
        self.unshown = None
        self.visit, self.allowed, self.bottles, self.cents = visit.id, visit.allowed, 0, 0

    @precondition(lambda self: self.visit is not None and self.open is None)
    @rule(material=st.sampled_from(Material), skipped=st.integers(1, 3), cents=st.sampled_from([20, 20, 0, 1]))
    def bottle_is_intended(self, material: Material, skipped: int, cents: int) -> None:
        assert self.visit is not None
        self.sequence += skipped
        intent = replace(self.kiosk.intent(self.visit, self.sequence, material), amount=Cents(cents))
        try:
            self.kiosk.journal.intend(intent, self.kiosk.now())
        except WrongMoney:
            assert cents != (20 if self.bottles < self.allowed else 0)
        else:
            assert cents == (20 if self.bottles < self.allowed else 0)
            self.open = self.sequence

    @rule(steps=st.integers(0, 3), own=st.booleans())
    def totaliser_is_read(self, steps: int, own: bool) -> None:
        self.totaliser += steps
        counted = SequenceNumber(self.open if own and self.open is not None else 0)
        booked = self.kiosk.journal.book(self.totaliser, counted, self.kiosk.now())
        assert booked.totaliser == self.totaliser
        if own and self.open is not None and steps:
            assert booked.credited is not None
            assert booked.credited.sequence == self.open
            assert self.open not in self.credited
            self.credited[self.open] = booked.credited.amount
            self.open, self.bottles, self.cents = None, self.bottles + 1, self.cents + booked.credited.amount
        else:
            assert booked.credited is None

    @rule()
    def an_old_count_is_read_again(self) -> None:
        last = SequenceNumber(max(self.credited, default=0))
        assert self.kiosk.journal.book(self.totaliser, last, self.kiosk.now()).credited is None

    @rule(less=st.integers(1, 5))
    def totaliser_falls(self, less: int) -> None:
        try:
            self.kiosk.journal.book(self.totaliser - less, SequenceNumber(self.open or 0), self.kiosk.now())
        except TotaliserFell:
            return
        raise AssertionError("a smaller totaliser was booked")

    @precondition(lambda self: self.open is not None)
    @rule(ending=st.sampled_from(Ending))
    def intent_ends(self, ending: Ending) -> None:
        assert self.open is not None
        self.kiosk.journal.end(SequenceNumber(self.open), ending, self.kiosk.now())
        if ending is Ending.UNCOUNTED:
            with reading(self.kiosk.path) as connection:
                (intent,) = list(entries(connection, kind=Kind.INTENT))[-1:]
            self.lost[f"sort:{self.open}@{generation(self.kiosk)}"] = int(str(intent.body["amount"]))
        self.open = None

    @precondition(lambda self: self.visit is not None)
    @rule(way=st.sampled_from(["voucher", "gift", "close"]), cause=st.sampled_from([Cause.KEPT, Cause.TIMED_OUT, Cause.POWER_CUT]))
    def visit_ends(self, way: str, cause: Cause) -> None:
        assert self.visit is not None
        allowed = self.open is None and (self.cents == 0) == (way == "close")
        try:
            match way:
                case "voucher":
                    voucher = self.kiosk.journal.issue_voucher(self.visit, cause, self.kiosk.now())
                    assert voucher.amount == self.cents
                    self.owed += self.cents
                    self.vouchers[voucher.code] = self.cents
                    self.unshown = None if cause is Cause.GRANTED else voucher.code
                case "gift":
                    assert self.kiosk.journal.give(self.visit, ASSOCIATIONS[0], self.kiosk.now()) == self.cents
                case _:
                    self.kiosk.journal.close_visit(self.visit, self.kiosk.now())
        except WrongMoney:
            assert not allowed
        else:
            assert allowed
            self.visit = None

    @rule(code=st.sampled_from(["its own", "another"]))
    def voucher_is_marked_shown(self, code: str) -> None:
        wanted = self.unshown or "2" * 17
        try:
            self.kiosk.journal.mark_shown(wanted if code == "its own" else wanted[::-1] + "2", self.kiosk.now())
        except WrongMoney:
            assert self.unshown is None or code == "another"
        else:
            assert (self.unshown, code) == (wanted, "its own")
            self.unshown = None

    @precondition(lambda self: self.vouchers)
    @rule(which=st.integers(0, 100))
    def somebody_wants_to_be_paid(self, which: int) -> None:
        code = sorted(self.vouchers)[which % len(self.vouchers)]
        refused, owed = None, self.vouchers[code]
        try:
            assert self.kiosk.journal.desk.pay(code, "7", self.kiosk.now()).amount == owed
        except VoucherRefused as error:
            refused = error.why
        assert refused == (Refusal.PAID if code in self.paid else None)
        if refused is None:
            self.paid.add(code)
            self.owed -= owed

    @precondition(lambda self: self.lost)
    @rule(which=st.integers(0, 100))
    def a_lost_bottle_is_credited_by_hand(self, which: int) -> None:
        bottle = sorted(self.lost)[which % len(self.lost)]
        allowed = self.visit is None and self.unshown is None and bottle not in self.granted and self.lost[bottle] > 0
        voucher = refused = None
        try:
            voucher = self.kiosk.journal.desk.grant([bottle], "7", "jam", self.kiosk.now())
        except GrantRefused as error:
            refused = error.why
        assert allowed or refused is not None
        assert refused in (None, Ungranted.AGENT_CENTS, Ungranted.DAY_CENTS) or not allowed
        if voucher is not None:
            assert voucher.amount == self.lost[bottle]
            self.granted.add(bottle)
            self.vouchers[voucher.code] = voucher.amount
            self.owed += voucher.amount

    @rule()
    def a_bin_is_emptied(self) -> None:
        content = self.kiosk.journal.desk.empty(Bin(1), HANDING, "7", self.kiosk.now())
        self.kiosk.journal.desk.weigh(Bin(1), content.n, content.grams, "7", self.kiosk.now())

    @rule()
    def days_are_closed(self) -> None:
        with suppress(ClockUntrusted):
            self.kiosk.journal.desk.close_days(self.kiosk.now())

    @rule(hours=st.floats(0, 30))
    def time_passes(self, hours: float) -> None:
        self.kiosk.clock.advance(hours * 3600)

    @rule(trusted=st.booleans())
    def clock_is_trusted_or_not(self, trusted: bool) -> None:
        self.kiosk.clock.trusted = trusted

    @rule()
    def kiosk_restarts(self) -> None:
        before = self.kiosk.journal.standing()
        assert self.kiosk.reopen().standing() == before

    @invariant()
    def books_agree_with_the_file(self) -> None:
        with reading(self.kiosk.path) as connection:
            assert read_books(connection) == self.kiosk.journal._writer.books
            assert (unshown(connection) is None) == (self.unshown is None)
            sums = balances(connection)
            days = totals(connection)
        assert sums[Account.REWARDS] == sum(self.credited.values()) + sum(self.lost[bottle] for bottle in self.granted)
        assert -sums[Account.DESK] == sum(self.vouchers[code] for code in self.paid)
        assert sum(sums.values()) == 0
        assert -sums[Account.VISITS] == (self.cents if self.visit is not None else 0)
        assert -sums[Account.VOUCHERS] == self.owed
        spent: dict[object, int] = {}
        for total in days:
            spent[total.day] = spent.get(total.day, 0) + total.cents
        assert all(cents <= SMALL.day_cents for cents in spent.values())

    def teardown(self) -> None:
        if hasattr(self, "kiosk"):
            self.kiosk.journal.close()
            with reading(self.kiosk.path) as connection:
                assert list(verify(connection)) == []
            shutil.rmtree(self.folder)


TestJournalMachine = Machine.TestCase
TestJournalMachine.settings = settings(max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))


class LongMachine(Machine):
    pass


TestLongJournalMachine = pytest.mark.long(LongMachine.TestCase)
TestLongJournalMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
