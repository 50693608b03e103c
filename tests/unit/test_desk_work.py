"""What the desk does beside paying: credits by hand, codes, tickets, bins, days, corrections; each once, each found if it is none."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.vocabulary import Bin, Cents
from kiosk.console.actions import GrantBottles
from kiosk.console.denials import NumbersOver
from kiosk.console.events import Failed
from kiosk.words.catalogue import Words
from kiosk.words.denials import tell_denial
from kiosk.workers.books import at_the_desk
from ledger import limits
from ledger.chain import Entry, Json, Posting
from ledger.database import reading
from ledger.findings import FindingKind
from ledger.kinds import KINDS, Account, Kind
from ledger.views import balances, entries, generation, open_vouchers
from ledger.vocabulary import (
    Cause,
    ClockUntrusted,
    GrantRefused,
    NoEmptying,
    ReasonNeeded,
    Refusal,
    SecondNeeded,
    Ungranted,
    VoucherRefused,
    WrongMoney,
)
from money.desk_days import DAY_S, HANDING, NOBODYS, days, desk_day, lose
from money.desk_days import generation as name
from money.ledgers import TERMS, Kiosk, LedgerIn, append, rewrite
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def of_kind(kiosk: Kiosk, kind: Kind) -> list[Entry]:
    with reading(kiosk.path) as connection:
        return list(entries(connection, kind=kind))


def lost_bottle(kiosk: Kiosk) -> tuple[str, str]:
    """A bottle that fell uncounted in a visit that has ended: the bottle's name, and the visit."""
    visit = kiosk.visit_of(1)
    sequence = lose(kiosk, visit)
    left = kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now())
    kiosk.journal.mark_shown(left.code, kiosk.now())
    return f"sort:{sequence}@{name(kiosk)}", visit


def why_not(kiosk: Kiosk, *bottles: str, agent: str = "7", second: str | None = None) -> Ungranted:
    rows = kiosk.rows()
    with pytest.raises(GrantRefused) as refused:
        kiosk.journal.desk.grant(bottles, agent, "jam", kiosk.now(), second)
    assert kiosk.rows() == rows
    return refused.value.why


def test_days_with_all_that_the_desk_does_are_sound(kiosk: Kiosk) -> None:
    days(kiosk)
    assert kiosk.findings() == []
    assert {entry.kind for kind in KINDS for entry in of_kind(kiosk, Kind(kind))} >= {
        *(Kind.PAID, Kind.GRANT, Kind.CLAIMED, Kind.PRINTED, Kind.EMPTIED, Kind.WEIGHED, Kind.CLOSURE, Kind.CORRECTION)
    }
    with reading(kiosk.path) as connection:
        assert sum(balances(connection).values()) == 0
        assert open_vouchers(connection) == ()
    kiosk.succeed(totaliser=kiosk.journal.books.totaliser)
    kiosk.journal = kiosk.open()
    days(kiosk)
    assert kiosk.findings() == []


# credited by hand


def test_an_uncounted_bottle_is_credited_once_with_what_its_intent_says(kiosk: Kiosk) -> None:
    bottle, visit = lost_bottle(kiosk)
    assert [(it.name, it.amount, it.granted) for it in kiosk.journal.desk.bottles_of(visit)] == [(bottle, 20, False)]
    voucher = kiosk.journal.desk.grant([bottle], "7", "jam", kiosk.now())
    assert (voucher.amount, voucher.cause, voucher.visit != visit) == (20, Cause.GRANTED, True)
    assert [it.granted for it in kiosk.journal.desk.bottles_of(visit)] == [True]
    assert why_not(kiosk, bottle) is Ungranted.GRANTED
    standing = kiosk.reopen().standing()
    assert (standing.visit, standing.unshown) == (None, None)
    assert kiosk.journal.desk.pay(voucher.link, "8", kiosk.now()).amount == 20
    assert kiosk.findings() == []


def test_once_the_days_visit_numbers_are_taken_a_credit_by_hand_waits_for_the_next_day(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bottle, _ = lost_bottle(kiosk)
    rows = kiosk.rows()
    monkeypatch.setattr(limits, "VISIT_NUMBERS", 0)
    told = at_the_desk(kiosk.journal.desk, GrantBottles((bottle,), "7", "jam"), kiosk.now())
    assert told == Failed(NumbersOver(kiosk.journal.desk.today()))
    assert "numéros de visite" in tell_denial(NumbersOver(kiosk.journal.desk.today()), Words("fr"))
    assert kiosk.rows() == rows
    monkeypatch.undo()
    assert kiosk.journal.desk.grant([bottle], "7", "jam", kiosk.now()).amount == 20


def test_a_bottle_is_credited_once_in_every_generation(kiosk: Kiosk) -> None:
    (granted, _), (waiting, _) = lost_bottle(kiosk), lost_bottle(kiosk)
    kiosk.journal.desk.grant([granted], "7", "jam", kiosk.now())
    for totaliser in (200, 300):
        kiosk.succeed(totaliser=totaliser)
        kiosk.journal = kiosk.open()
    assert why_not(kiosk, granted) is Ungranted.NO_BOTTLE
    kiosk.journal.desk.grant([waiting], "7", "jam", kiosk.now())
    assert why_not(kiosk, waiting) is Ungranted.GRANTED
    kiosk.succeed(totaliser=400)
    kiosk.journal = kiosk.open()
    assert why_not(kiosk, waiting) is Ungranted.NO_BOTTLE
    assert kiosk.findings() == []


def test_what_fell_by_itself_in_a_visit_is_credited_and_what_fell_while_nobody_was_there_is_not(kiosk: Kiosk) -> None:
    kiosk.journal.book(102, NOBODYS, kiosk.now())
    visit = kiosk.visit_of(0)
    kiosk.journal.book(104, NOBODYS, kiosk.now())
    kiosk.journal.close_visit(visit, kiosk.now())
    assert [it.name for it in kiosk.journal.desk.bottles_of(visit)] == ["totaliser:103", "totaliser:104"]
    wrong = (
        "totaliser:102",
        "totaliser:105",
        "totaliser:0104",
        "totaliser:x",
        "sort:1@00000000",
        "sort:1",
        "visit:2026-11-24/9999:1",
        "",
        "x",
    )
    assert {why_not(kiosk, bottle) for bottle in wrong} == {Ungranted.NO_BOTTLE}
    assert kiosk.journal.desk.grant(["totaliser:103", "totaliser:104"], "7", "fell", kiosk.now()).amount == 40
    assert kiosk.findings() == []


def test_nothing_is_credited_by_hand_while_a_visit_is_open_or_its_voucher_waits(kiosk: Kiosk) -> None:
    bottle, _ = lost_bottle(kiosk)
    visit = kiosk.visit_of(1)
    assert why_not(kiosk, bottle) is Ungranted.VISIT_OPEN
    kept = kiosk.journal.issue_voucher(visit, Cause.KEPT, kiosk.now())
    assert why_not(kiosk, bottle) is Ungranted.VOUCHER_WAITS
    kiosk.journal.mark_shown(kept.code, kiosk.now())
    kiosk.journal.desk.grant([bottle], "7", "jam", kiosk.now())
    assert kiosk.findings() == []


def test_no_bottle_and_the_same_bottle_twice_are_not_credited(kiosk: Kiosk) -> None:
    bottle, _ = lost_bottle(kiosk)
    assert why_not(kiosk) is Ungranted.NO_BOTTLE
    assert why_not(kiosk, bottle, bottle) is Ungranted.NO_BOTTLE


def test_credits_by_hand_end_at_the_sums_of_agent_and_day_in_a_new_ledger_too(ledger_in: LedgerIn, tmp_path: Path) -> None:
    terms = replace(TERMS, grant_alone_cents=Cents(20), grant_agent_cents=Cents(40), grant_day_cents=Cents(60))
    kiosk = ledger_in(tmp_path, terms)
    _, visit = lost_bottle(kiosk)
    desk = kiosk.journal.desk
    with pytest.raises(SecondNeeded):
        desk.grant([f"visit:{visit}:1", f"visit:{visit}:2"], "7", "jam", kiosk.now())
    with pytest.raises(SecondNeeded):
        desk.grant([f"visit:{visit}:1", f"visit:{visit}:2"], "7", "jam", kiosk.now(), "7")
    desk.grant([f"visit:{visit}:1", f"visit:{visit}:2"], "7", "jam", kiosk.now(), "8")
    assert why_not(kiosk, f"visit:{visit}:3") is Ungranted.AGENT_CENTS
    desk.grant([f"visit:{visit}:3"], "8", "jam", kiosk.now())
    assert why_not(kiosk, f"visit:{visit}:4", agent="9") is Ungranted.DAY_CENTS
    kiosk.succeed(totaliser=200)
    kiosk.journal = kiosk.open()
    _, visit = lost_bottle(kiosk)
    assert why_not(kiosk, f"visit:{visit}:1") is Ungranted.AGENT_CENTS
    assert why_not(kiosk, f"visit:{visit}:1", agent="9") is Ungranted.DAY_CENTS
    kiosk.clock.advance(DAY_S)
    kiosk.journal.desk.grant([f"visit:{visit}:1"], "7", "jam", kiosk.now())


# codes and tickets


def test_a_code_is_revealed_to_who_knows_the_visit_and_the_answer(kiosk: Kiosk) -> None:
    _, visit = lost_bottle(kiosk)
    found = kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    desk = kiosk.journal.desk
    assert desk.reveal(found.code, "7", kiosk.now(), by_number=True, asked="bottles", fitted=False) is None
    shown = desk.reveal(found.code, "7", kiosk.now(), by_number=True, asked="bottles, when", fitted=True)
    assert shown is not None
    assert desk.pay(shown.link, "7", kiosk.now()).amount == 20
    assert [entry.subject for entry in of_kind(kiosk, Kind.CLAIMED)] == [f"{found.code}:1", f"{found.code}:2"]
    with pytest.raises(VoucherRefused) as refused:
        desk.reveal(found.code, "7", kiosk.now(), by_number=True, asked="bottles", fitted=True)
    assert refused.value.why is Refusal.PAID
    assert kiosk.findings() == []


@pytest.mark.parametrize("later", [False, True])
def test_without_the_number_or_on_another_day_a_code_takes_two_agents(kiosk: Kiosk, later: bool) -> None:
    _, visit = lost_bottle(kiosk)
    found = kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    if later:
        kiosk.clock.advance(DAY_S)
    with pytest.raises(SecondNeeded):
        kiosk.journal.desk.reveal(found.code, "7", kiosk.now(), by_number=later, asked="bottles", fitted=True)
    shown = kiosk.journal.desk.reveal(
        found.code, "7", kiosk.now(), by_number=later, asked="bottles", fitted=True, second="8", why="no paper"
    )
    assert shown is not None
    assert shown.code == found.code
    assert kiosk.findings() == []


def test_copies_of_a_ticket_are_counted_and_one_of_an_earlier_generation_is_a_duplicate_at_once(kiosk: Kiosk) -> None:
    _, visit = lost_bottle(kiosk)
    found = kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    assert [kiosk.journal.desk.print_begins(found.code, kiosk.now(), agent) for agent in (None, "7")] == [1, 2]
    kiosk.succeed(totaliser=200)
    kiosk.journal = kiosk.open()
    assert [kiosk.journal.desk.print_begins(found.code, kiosk.now()) for _ in range(2)] == [2, 3]
    kiosk.journal.desk.pay(found.code, "7", kiosk.now())
    with pytest.raises(VoucherRefused):
        kiosk.journal.desk.print_begins(found.code, kiosk.now())
    assert kiosk.findings() == []


# bins


def test_an_emptying_counts_what_fell_since_the_last_and_is_weighed_once(kiosk: Kiosk) -> None:
    desk = kiosk.journal.desk
    lost_bottle(kiosk)
    first = desk.empty(Bin(1), HANDING, "7", kiosk.now())
    assert (first.n, first.counts, first.grams) == (1, {"glass": 2}, 824)
    lost_bottle(kiosk)
    kiosk.succeed(totaliser=200)
    kiosk.journal = kiosk.open()
    desk = kiosk.journal.desk
    kiosk._sequence = 0
    lost_bottle(kiosk)
    second = desk.empty(Bin(1), HANDING, "7", kiosk.now())
    assert (second.n, second.counts, second.grams) == (2, {"glass": 4}, 1648)
    assert desk.empty(Bin(2), HANDING, "7", kiosk.now()).counts == {}
    for n in (1, 2):
        desk.weigh(Bin(1), n, 900, "8", kiosk.now())
        with pytest.raises(NoEmptying):
            desk.weigh(Bin(1), n, 900, "8", kiosk.now())
    with pytest.raises(NoEmptying):
        desk.weigh(Bin(1), 3, 900, "8", kiosk.now())
    assert kiosk.findings() == []


def test_an_emptying_whose_open_door_nobody_saw_says_why(kiosk: Kiosk) -> None:
    handing = replace(HANDING, door_seen=False)
    with pytest.raises(ReasonNeeded):
        kiosk.journal.desk.empty(Bin(1), handing, "7", kiosk.now())
    kiosk.journal.desk.empty(Bin(1), handing, "7", kiosk.now(), why="the switch is broken")
    assert kiosk.findings() == []


# days


def test_a_day_is_closed_after_its_midnight_once_and_days_off_are_caught_up(kiosk: Kiosk) -> None:
    desk = kiosk.journal.desk
    desk_day(kiosk)
    assert desk.close_days(kiosk.now()) == ()
    kiosk.clock.advance(DAY_S)
    lost_bottle(kiosk)
    kiosk.clock.advance(5 * DAY_S)
    closed = desk.close_days(kiosk.now(), "7", "ab")
    assert [(body["n"], body["day"], body["first"]) for body in closed] == [(1, "2026-11-24", 1), (2, "2026-11-25", closed[0]["last"] + 1)]  # type: ignore[operator]
    assert [body.get("log") for body in closed] == [None, "ab"]
    assert closed[0]["totals"]["bottles"] == {"glass": 2}  # type: ignore[index,call-overload]
    assert closed[0]["totals"]["bins"] == {"1": {"bottles": 3, "grams": 1236}}  # type: ignore[index,call-overload]
    assert closed[1]["perpetual"]["bottles"] == {"glass": 3}  # type: ignore[index,call-overload]
    assert desk.close_days(kiosk.now()) == ()
    assert kiosk.findings() == []


def test_no_day_is_closed_by_a_clock_that_nobody_trusts_and_assumed_days_are_closed_once_one_is(kiosk: Kiosk) -> None:
    desk_day(kiosk)
    kiosk.clock.trusted = False
    for _ in range(60):
        kiosk.clock.advance(3600)
        kiosk.journal.book(kiosk.journal.books.totaliser, NOBODYS, kiosk.now())
    with pytest.raises(ClockUntrusted):
        kiosk.journal.desk.close_days(kiosk.now())
    kiosk.clock.trusted = True
    assert len(kiosk.journal.desk.close_days(kiosk.now())) == 2
    assert kiosk.findings() == []


def test_perpetual_totals_and_numbers_go_on_in_the_next_generation(kiosk: Kiosk) -> None:
    days(kiosk, 2)
    desk_day(kiosk)
    kiosk.succeed(totaliser=kiosk.journal.books.totaliser)
    kiosk.journal = kiosk.open()
    with reading(kiosk.path) as connection:
        assert generation(connection).previous is not None
    kiosk.clock.advance(DAY_S)
    (closed,) = kiosk.journal.desk.close_days(kiosk.now())
    assert (closed["n"], closed["first"]) == (3, 1)
    assert closed["perpetual"]["bottles"] == {"glass": 6}  # type: ignore[index,call-overload]
    assert kiosk.findings() == []


# corrections


def test_a_correction_takes_two_agents_and_each_row_is_corrected_once(kiosk: Kiosk) -> None:
    lost_bottle(kiosk)
    desk, what = kiosk.journal.desk, (Account.VOUCHERS, Account.DESK, Cents(20), "paid outside")
    with pytest.raises(SecondNeeded):
        desk.correct(4, *what, "7", "7", kiosk.now())
    desk.correct(4, *what, "7", "8", kiosk.now())
    for row in (4, 999):
        with pytest.raises(WrongMoney):
            desk.correct(row, *what, "7", "8", kiosk.now())
    with pytest.raises(WrongMoney):
        desk.correct(5, Account.DESK, Account.DESK, Cents(20), "nothing", "7", "8", kiosk.now())
    assert kiosk.findings() == []


def test_a_correction_makes_no_voucher_payable_again(kiosk: Kiosk) -> None:
    _, visit = lost_bottle(kiosk)
    found = kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    paid = kiosk.journal.desk.pay(found.code, "7", kiosk.now())
    kiosk.journal.desk.correct(paid.row, Account.DESK, Account.VOUCHERS, Cents(20), "not handed over", "7", "8", kiosk.now())
    with pytest.raises(VoucherRefused):
        kiosk.journal.desk.pay(found.code, "7", kiosk.now())


# what verify finds

Change = Callable[[Entry], Entry]


def body(**fields: Json) -> Change:
    return lambda entry: entry._replace(body={**entry.body, **fields})


@pytest.mark.parametrize(
    ("kind", "change", "what"),
    [
        (Kind.PAID, body(amount=80), FindingKind.PAID),
        (Kind.PAID, body(second="7"), FindingKind.AGENTS),
        (Kind.GRANT, body(amount=40), FindingKind.GRANT),
        (Kind.GRANT, body(agent="9"), FindingKind.GRANT),
        (Kind.CLAIMED, body(by_number=False), FindingKind.AGENTS),
        (Kind.CLAIMED, lambda entry: body(n=2)(entry)._replace(subject=entry.subject[:-1] + "2"), FindingKind.COPY),
        (Kind.PRINTED, lambda entry: body(copy=7)(entry)._replace(subject=entry.subject[:-1] + "7"), FindingKind.COPY),
        (Kind.EMPTIED, body(grams=1), FindingKind.BIN),
        (Kind.EMPTIED, body(counts={"glass": 1}), FindingKind.BIN),
        (Kind.WEIGHED, lambda entry: body(n=9)(entry)._replace(subject="bin:1:9"), FindingKind.BIN),
        (Kind.CLOSURE, body(last=9), FindingKind.CLOSURE),
        (Kind.CLOSURE, body(perpetual={}), FindingKind.CLOSURE),
        (Kind.CLOSURE, body(day="2026-11-23"), FindingKind.CLOSURE),
        (Kind.CLOSURE, body(signature="AAAA"), FindingKind.CLOSURE),
        (Kind.CORRECTION, body(credit="liabilities:all"), FindingKind.CORRECTED),
        (Kind.CORRECTION, body(second="7"), FindingKind.AGENTS),
    ],
)
def test_each_entry_of_the_desks_that_says_something_else_is_found(kiosk: Kiosk, kind: Kind, change: Change, what: FindingKind) -> None:
    days(kiosk, 1)
    kiosk.journal.close()
    row = of_kind(kiosk, kind)[0].row
    rewrite(kiosk.path, change, row)
    assert (row, what) in {(finding.row, finding.what) for finding in kiosk.findings()}


def test_a_desks_visit_that_is_not_whole_is_found(kiosk: Kiosk) -> None:
    _, visit = lost_bottle(kiosk)
    kiosk.journal.desk.grant([f"visit:{visit}:1"], "7", "jam", kiosk.now())
    kiosk.journal.close()
    begun: dict[str, Json] = {"number": "9999", "day": "2026-11-24", "allowed": 0, "desk": "7"}
    row = append(kiosk.path, "visit", "2026-11-24/9999", begun, "2026-11-24/9999")
    assert {(finding.row, finding.what) for finding in kiosk.findings()} == {(row, FindingKind.GRANT)}


@pytest.mark.parametrize(
    ("kind", "subject", "fields"),
    [
        ("grant", "visit:{visit}:1", {"bottle": "visit:{visit}:1", "amount": 20, "day": "2026-11-24", "agent": "7", "why": "x"}),
        ("claimed", "{code}:1", {"code": "{code}", "n": 1, "by_number": False, "asked": "x", "fitted": True, "agent": "7"}),
        ("claimed", "X:1", {"code": "X", "n": 1, "by_number": True, "asked": "x", "fitted": True, "agent": "7"}),
        ("printed", "X:1", {"code": "X", "copy": 1}),
        ("emptied", "bin:1:1", {"door_seen": False}),
        ("weighed", "bin:1:1", {"bin": 1, "n": 1, "grams": 1, "agent": "7"}),
        ("closure", "closure:1", {"n": 1, "first": 2, "last": 3}),
        ("closure", "closure:1", {"n": 1, "first": 1, "last": 99}),
        ("closure", "closure:1", {"n": 1, "first": 1, "last": 0}),
        ("correction", "row:3", {"row": 3, "amount": 20, "agent": "7"}),
        ("correction", "row:3", {"row": 3, "amount": 20, "agent": "7", "second": "7"}),
        ("correction", "row:99", {"row": 99, "amount": 20, "agent": "7", "second": "8"}),
        ("correction", "row:3", {"row": 3, "amount": 0, "agent": "7", "second": "8"}),
    ],
)
def test_the_file_itself_refuses_what_the_desk_may_not_do(kiosk: Kiosk, kind: str, subject: str, fields: dict[str, Json]) -> None:
    _, visit = lost_bottle(kiosk)
    found = kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    kiosk.journal.close()
    filled: dict[str, Json] = {
        key: value.format(visit=visit, code=found.code) if isinstance(value, str) else value for key, value in fields.items()
    }
    postings = (Posting("expenses:rewards", 20), Posting("liabilities:visits", -20)) if kind == "grant" else ()
    with pytest.raises(sqlite3.IntegrityError):
        append(kiosk.path, kind, subject.format(visit=visit, code=found.code), filled, visit if kind == "grant" else None, postings)


def test_a_closure_on_an_untrusted_clock_is_refused_by_the_file(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, clock=FakeClock(trusted=False))
    kiosk.journal.close()
    with pytest.raises(sqlite3.IntegrityError):
        append(kiosk.path, "closure", "closure:1", {"n": 1, "first": 1, "last": 1})
