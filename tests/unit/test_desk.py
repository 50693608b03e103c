"""What the desk may do with vouchers: each is paid once, by whoever shows its code or its link, and each that is not paid says why."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.vocabulary import Cents
from kiosk.words.catalogue import Words
from kiosk.words.errors import explain
from ledger import drafts
from ledger.chain import Posting
from ledger.database import reading
from ledger.findings import FindingKind
from ledger.kinds import Account, Kind
from ledger.views import balances, entries, open_vouchers
from ledger.vocabulary import Cause, LedgerLocked, Refusal, SecondNeeded, Voucher, VoucherRefused, WrongMoney
from money.ledgers import BEGINNING, Kiosk, LedgerIn, SeededRandom, append

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def voucher(kiosk: Kiosk, bottles: int = 3) -> Voucher:
    return kiosk.journal.issue_voucher(kiosk.visit_of(bottles), Cause.TIMED_OUT, kiosk.now())


def refused(kiosk: Kiosk, presented: str) -> VoucherRefused:
    rows = kiosk.rows()
    with pytest.raises(VoucherRefused) as caught:
        kiosk.journal.desk.pay(presented, "7", kiosk.now())
    assert kiosk.rows() == rows
    return caught.value


def faults(kiosk: Kiosk) -> set[tuple[int | None, FindingKind]]:
    return {(finding.row, finding.what) for finding in kiosk.findings()}


@pytest.mark.parametrize("presented", ["code", "link"])
def test_a_voucher_is_paid_and_its_sum_moves_from_what_is_owed_to_what_the_desk_gave(kiosk: Kiosk, presented: str) -> None:
    kept = voucher(kiosk)
    paid = kiosk.journal.desk.pay(getattr(kept, presented), "7", kiosk.now())
    assert (paid.code, paid.amount, paid.agent, paid.kiosk) == (kept.code, 60, "7", "essai-01")
    with reading(kiosk.path) as connection:
        assert balances(connection) == {
            Account.REWARDS: 60,
            Account.VISITS: 0,
            Account.VOUCHERS: 0,
            Account.GIFTS: 0,
            Account.DESK: -60,
        }
        assert open_vouchers(connection) == ()
        (entry,) = entries(connection, kind=Kind.PAID)
    assert (entry.row, entry.subject, entry.visit, entry.body["agent"]) == (paid.row, kept.code, None, "7")
    assert kiosk.findings() == []


def test_a_voucher_that_was_paid_before_says_when_where_and_by_whom(kiosk: Kiosk) -> None:
    kept = voucher(kiosk)
    paid = kiosk.journal.desk.pay(kept.code, "7", kiosk.now())
    kiosk.clock.advance(3600)
    again = refused(kiosk, kept.code)
    assert (again.why, again.payment) == (Refusal.PAID, paid)
    assert refused(kiosk, kept.link).payment == paid


def test_a_wrong_letter_is_no_code_and_a_strange_one_is_unknown(kiosk: Kiosk, ledger_in: LedgerIn, tmp_path: Path) -> None:
    kept = voucher(kiosk)
    wrong = kept.code[:-1] + ("2" if kept.code[-1] != "2" else "3")
    assert refused(kiosk, wrong).why is Refusal.NO_CODE
    (tmp_path / "other").mkdir()
    other = voucher(ledger_in(tmp_path / "other", beginning=replace(BEGINNING, kiosk="essai-02"), random=SeededRandom(2)))
    assert refused(kiosk, other.code).why is Refusal.UNKNOWN
    elsewhere = refused(kiosk, other.link)
    assert (elsewhere.why, elsewhere.kiosk) == (Refusal.OTHER_KIOSK, "essai-02")


def test_a_demonstrations_voucher_is_worth_nothing_at_a_real_kiosk(ledger_in: LedgerIn, tmp_path: Path) -> None:
    for name in ("real", "demo"):
        (tmp_path / name).mkdir()
    real, demo = (ledger_in(tmp_path / name, beginning=replace(BEGINNING, demonstration=name == "demo")) for name in ("real", "demo"))
    assert refused(real, voucher(demo).link).why is Refusal.DEMONSTRATION
    assert refused(demo, voucher(real).link).why is Refusal.DEMONSTRATION


def test_a_link_with_another_sum_or_signature_is_forged(kiosk: Kiosk) -> None:
    kept = voucher(kiosk)
    assert refused(kiosk, kept.link.replace("a=60", "a=600")).why is Refusal.FORGED
    assert refused(kiosk, kept.link[:-3] + "abc").why is Refusal.FORGED
    assert kiosk.journal.desk.pay(kept.link, "7", kiosk.now()).amount == 60


def test_an_entry_that_the_kiosk_never_signed_is_not_paid(kiosk: Kiosk) -> None:
    kept = voucher(kiosk)
    with reading(kiosk.path) as connection:
        (row,) = entries(connection, kind=Kind.VOUCHER)
    with closing(sqlite3.connect(kiosk.path)) as database:
        database.execute("DROP TRIGGER entry_stays")
        database.execute("UPDATE entry SET body = replace(body, '\"amount\":60', '\"amount\":600') WHERE row = ?", (row.row,))
        database.commit()
    assert refused(kiosk, kept.code).why is Refusal.FORGED


def test_a_voucher_is_valid_on_its_last_day_and_expired_on_the_next(kiosk: Kiosk) -> None:
    first, second = voucher(kiosk), voucher(kiosk)
    kiosk.clock.advance(timedelta(days=kiosk.terms.voucher_days).total_seconds())
    assert kiosk.now().day() == first.valid_until
    kiosk.journal.desk.pay(first.code, "7", kiosk.now())
    kiosk.clock.advance(24 * 3600)
    late = refused(kiosk, second.code)
    assert (late.why, late.valid_until) == (Refusal.EXPIRED, second.valid_until)
    assert kiosk.findings() == []


def test_a_voucher_of_an_earlier_generation_is_paid_once_by_its_own_key(kiosk: Kiosk) -> None:
    kept, other = voucher(kiosk), voucher(kiosk, 2)
    kiosk.journal.desk.pay(other.code, "7", kiosk.now())
    kiosk.journal.close()
    kiosk.path.with_suffix(".key").unlink()
    for totaliser in (200, 300):
        kiosk.succeed(totaliser=totaliser, why="new key")
        kiosk.journal = kiosk.open()
    assert refused(kiosk, other.code).payment is not None
    assert kiosk.journal.desk.pay(kept.link, "7", kiosk.now()).amount == 60
    assert refused(kiosk, kept.code).why is Refusal.PAID
    assert kiosk.findings() == []


def test_a_voucher_whose_archive_is_gone_cannot_be_proved(kiosk: Kiosk) -> None:
    kept = voucher(kiosk)
    begun = kiosk.succeed(totaliser=200)
    kiosk.journal = kiosk.open()
    assert begun.archive is not None
    begun.archive.rename(begun.archive.with_suffix(".away"))
    assert refused(kiosk, kept.code).why is Refusal.UNPROVEN


def test_what_may_stand_in_an_archive_that_was_moved_is_not_called_unknown(kiosk: Kiosk, tmp_path: Path) -> None:
    paid = voucher(kiosk)
    kiosk.journal.desk.pay(paid.code, "7", kiosk.now())
    before = kiosk.succeed(totaliser=200).archive
    assert before is not None
    kiosk.journal = kiosk.open()
    kept = voucher(kiosk)
    last = kiosk.succeed(totaliser=300).archive
    assert last is not None
    kiosk.journal = kiosk.open()

    def told(what: str, does: Callable[[], object]) -> None:
        with pytest.raises(VoucherRefused) as error:
            does()
        assert (error.value.why, error.value.code, error.value.archive) == (Refusal.NOT_HERE, what, away.name)
        assert away.name in explain(error.value, Words())

    for away in (before, last):
        elsewhere = shutil.move(away, tmp_path / "elsewhere.db")
        told(paid.code, lambda: kiosk.journal.desk.find(paid.code))
        told("2026-11-24/9999", lambda: kiosk.journal.desk.claim("2026-11-24/9999", 3, "7", kiosk.now()))
        shutil.move(elsewhere, away)
    assert refused(kiosk, paid.code).why is Refusal.PAID
    assert kiosk.journal.desk.claim(kept.visit, 3, "7", kiosk.now()) is not None


def test_after_a_restored_copy_two_agents_with_a_reason_pay_what_was_issued_before(kiosk: Kiosk) -> None:
    kept = voucher(kiosk)
    kiosk.succeed(totaliser=200, why="restored from a copy", restored=True)
    kiosk.journal = kiosk.open()
    new = voucher(kiosk, 1)
    for second, why in ((None, None), ("8", None), ("7", "the card was lost")):
        with pytest.raises(SecondNeeded):
            kiosk.journal.desk.pay(kept.code, "7", kiosk.now(), second, why)
    kiosk.journal.desk.pay(kept.code, "7", kiosk.now(), "8", "the card was lost")
    kiosk.journal.desk.pay(new.code, "7", kiosk.now())
    assert kiosk.findings() == []


def test_two_desks_at_one_moment_are_one_desk_that_is_told_who_has_the_ledger(kiosk: Kiosk) -> None:
    voucher(kiosk)
    with pytest.raises(LedgerLocked) as locked:
        kiosk.open(who="the second desk")
    assert "the kiosk" in locked.value.holder


@pytest.mark.parametrize("change", [{}, {"amount": 80}, {"code": "7KQP2MZD9FHWX3TAC"}, {"second": "7"}, {"day": "2036-01-01"}])
def test_the_file_itself_refuses_a_payment_that_is_none_and_verify_finds_it(kiosk: Kiosk, change: dict[str, object]) -> None:
    """Without a change: a second one."""
    kept = voucher(kiosk)
    body = {"code": kept.code, "amount": 60, "day": "2026-11-24", "agent": "7", **change}
    if not change:
        kiosk.journal.desk.pay(kept.code, "7", kiosk.now())
    kiosk.journal.close()
    with pytest.raises(sqlite3.IntegrityError):
        pay_past_the_journal(kiosk, body)
    if not change:
        # the index is no trigger: whoever tampers must take it off, which is found by itself
        return
    row = pay_past_the_journal(kiosk, body, guarded=False)
    assert row in {found for found, _ in faults(kiosk)}


def pay_past_the_journal(kiosk: Kiosk, body: dict[str, object], *, guarded: bool = True) -> int:
    postings = (Posting("liabilities:vouchers", int(str(body["amount"]))), Posting("assets:desk", -int(str(body["amount"]))))
    return append(kiosk.path, "paid", str(body["code"]), body, None, postings, guarded=guarded)  # type: ignore[arg-type]


def test_a_broken_rule_of_the_file_is_wrong_money(kiosk: Kiosk) -> None:

    kept = voucher(kiosk)
    draft = drafts.paid(kept.code, Cents(40), kiosk.now().day(), "7", None, None)
    with pytest.raises(WrongMoney):
        kiosk.journal._writer.append(kiosk.now(), kiosk.now(), draft)
    assert kiosk.findings() == []
