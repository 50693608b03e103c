"""Whoever changes a ledger is found: each fault that can be made in a real file, and the row that names it."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Cents, Material, SequenceNumber
from ledger import drafts
from ledger.chain import Entry, Json, Posting, canonical, digest
from ledger.database import reading
from ledger.days import MARK_S
from ledger.findings import FindingKind
from ledger.kinds import Account
from ledger.verify import verify
from ledger.views import entries
from ledger.vocabulary import Cause, Ending
from money.ledgers import TERMS, Kiosk, LedgerIn, append, rewrite, tamper
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)

# rows of the ledger that the fixture makes
VISIT, INTENT, CREDIT, VOUCHER, STEP, SECOND_VISIT, LAST = 2, 3, 4, 7, 8, 9, 16


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    kiosk.journal.book(105, SequenceNumber(0), kiosk.now())
    visit = kiosk.visit_of(1)
    intent = kiosk.intent(visit)
    kiosk.journal.intend(intent, kiosk.now())
    kiosk.journal.end(intent.sequence, Ending.UNCOUNTED, kiosk.now())
    kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now())
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    kiosk.journal.close()
    return kiosk


def faults(kiosk: Kiosk) -> set[tuple[int | None, FindingKind]]:
    return {(finding.row, finding.what) for finding in kiosk.findings()}


def body(**values: Json) -> Callable[[Entry], Entry]:
    return lambda entry: entry._replace(body={**entry.body, **values})


def test_a_sound_ledger_has_no_findings(kiosk: Kiosk) -> None:
    assert kiosk.findings() == []


def test_a_ledger_is_verified_while_the_kiosk_writes_it(ledger_in: LedgerIn, tmp_path: Path) -> None:
    live = ledger_in(tmp_path)
    visit = live.visit_of(1)
    assert live.findings() == []
    live.credit(visit)
    assert live.findings() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = replace(body, '\"amount\":20', '\"amount\":40') WHERE row = 4",
        "UPDATE entry SET booked = '2026-11-24T09:00:00.001Z' WHERE row = 4",
        "UPDATE entry SET trusted = 0 WHERE row = 4",
        "UPDATE entry SET visit = NULL WHERE row = 4",
        "UPDATE posting SET cents = cents * 2 WHERE row = 4",
        "UPDATE posting SET account = 'liabilities:gifts' WHERE row = 4 AND cents < 0",
        "DELETE FROM posting WHERE row = 4",
        "UPDATE entry SET hash = printf('%064d', 5) WHERE row = 4",
    ],
)
def test_a_tampered_row_is_named(kiosk: Kiosk, change: str) -> None:
    tamper(kiosk.path, change)
    assert (CREDIT, FindingKind.HASH) in faults(kiosk)


def test_a_posting_that_was_added_to_an_old_entry_is_named(kiosk: Kiosk) -> None:
    tamper(kiosk.path, "INSERT INTO posting (row, account, cents) VALUES (4, 'assets:desk', 5)")
    assert {(CREDIT, FindingKind.HASH), (CREDIT, FindingKind.POSTINGS)} <= faults(kiosk)


def test_what_is_no_text_is_named_and_nothing_else(kiosk: Kiosk) -> None:
    tamper(kiosk.path, "UPDATE entry SET subject = CAST(X'FF' AS TEXT) WHERE row = 4")
    assert {row for row, _ in faults(kiosk)} == {CREDIT}


@pytest.mark.long
def test_a_long_ledger_is_looked_at_to_its_last_row(ledger_in: LedgerIn, tmp_path: Path) -> None:
    """It is read in portions of some hundred entries, each with its postings."""
    long = ledger_in(tmp_path)
    # a step of the totaliser first, so that a portion begins with an entry that has postings
    long.journal.book(101, SequenceNumber(0), long.now())
    for _ in range(10):
        long.journal.mark_shown(long.journal.issue_voucher(long.visit_of(30), Cause.KEPT, long.now()).code, long.now())
    assert long.findings() == []
    last_credit = long.rows() - 2
    tamper(long.path, ("UPDATE posting SET cents = cents * 2 WHERE row = ?", (last_credit,)))
    assert (last_credit, FindingKind.POSTINGS) in faults(long)


def test_a_body_written_in_another_way_is_named_though_it_means_the_same(kiosk: Kiosk) -> None:
    tamper(kiosk.path, "UPDATE entry SET body = replace(body, ':', ': ') WHERE row = 4")
    assert faults(kiosk) >= {(CREDIT, FindingKind.BODY)}


@pytest.mark.parametrize("text", ['{"amount":20}', '{"amount":"20"}', '{"amount":0.2}'])
def test_a_body_without_what_its_kind_needs_is_named(kiosk: Kiosk, text: str) -> None:
    tamper(kiosk.path, ("UPDATE entry SET body = ? WHERE row = 3", (text,)))
    assert (INTENT, FindingKind.BODY) in faults(kiosk)


@pytest.mark.parametrize("reckoned", [5, "tuesday", [1], {}])
def test_a_day_that_was_reckoned_in_no_known_way_is_named(kiosk: Kiosk, reckoned: Json) -> None:
    with reading(kiosk.path) as connection:
        body = next(entry.body for entry in entries(connection) if entry.row == CREDIT)
    tamper(kiosk.path, ("UPDATE entry SET body = ? WHERE row = ?", (canonical({**body, "reckoned": reckoned}), CREDIT)))
    assert (CREDIT, FindingKind.BODY) in faults(kiosk)


def test_an_unknown_kind_is_named(kiosk: Kiosk) -> None:
    tamper(kiosk.path, "UPDATE entry SET kind = 'refund' WHERE row = 4")
    assert (CREDIT, FindingKind.BODY) in faults(kiosk)


def test_a_value_of_another_type_than_its_columns_is_named_by_a_table_that_was_made_looser(kiosk: Kiosk) -> None:
    looser = ("CREATE TABLE loose AS SELECT * FROM entry", "DROP TABLE entry", "ALTER TABLE loose RENAME TO entry")
    with closing(sqlite3.connect(kiosk.path)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for statement in (*looser, "UPDATE entry SET visit = X'00' WHERE row = 16"):
            database.execute(statement)
        database.commit()
    assert {it for it in faults(kiosk) if it[0] is not None} == {(LAST, FindingKind.BODY)}


def test_a_ledger_that_does_not_begin_with_its_beginning_is_found(kiosk: Kiosk) -> None:
    rewrite(kiosk.path, elapsed, 1)
    assert (1, FindingKind.FIRST) in faults(kiosk)


def test_a_row_taken_out_is_seen_at_the_next(kiosk: Kiosk) -> None:
    tamper(kiosk.path, "DELETE FROM posting WHERE row = 4", "DELETE FROM entry WHERE row = 4")
    assert (CREDIT + 1, FindingKind.ROW) in faults(kiosk)


def test_a_row_hashed_anew_is_seen_at_the_next(kiosk: Kiosk) -> None:
    with reading(kiosk.path) as connection:
        entry = next(entry for entry in entries(connection) if entry.row == VISIT)
    forged = entry._replace(body={**entry.body, "allowed": 31})
    tamper(kiosk.path, ("UPDATE entry SET body = ?, hash = ? WHERE row = ?", (canonical(forged.body), digest(forged), VISIT)))
    assert faults(kiosk) == {(VISIT + 1, FindingKind.PREV)}


@pytest.mark.parametrize(
    ("change", "row", "expected"),
    [
        (body(amount=40), INTENT, {(CREDIT, FindingKind.AMOUNT)}),
        (body(material="plastic"), INTENT, {(CREDIT, FindingKind.AMOUNT)}),
        (body(sequence=2), INTENT, {(INTENT, FindingKind.SUBJECT), (INTENT + 2, FindingKind.INTENT)}),
        (body(allowed=1), VISIT, {(CREDIT + 2, FindingKind.ALLOWED)}),
        (body(day="2026-11-25"), VISIT, {(VISIT, FindingKind.VISIT), (VISIT, FindingKind.DAY)}),
        (body(day="2026-11-23"), CREDIT, {(CREDIT, FindingKind.DAY)}),
        (body(totaliser=103), CREDIT, {(CREDIT, FindingKind.TOTALISER), (CREDIT + 2, FindingKind.TOTALISER)}),
        (body(**{"from": 103}), STEP, {(STEP, FindingKind.TOTALISER)}),
        (body(totaliser=99), 1, {(CREDIT, FindingKind.TOTALISER)}),
        (body(form=2), 1, {(1, FindingKind.FIRST)}),
        (body(public_key="ab" * 32), 1, {(VOUCHER, FindingKind.SIGNATURE)}),
        (body(public_key="no key"), 1, {(VOUCHER, FindingKind.SIGNATURE)}),
        (body(demonstration=False), 1, {(VOUCHER, FindingKind.SIGNATURE)}),
        (body(valid_until="2039-01-01"), VOUCHER, {(VOUCHER, FindingKind.SIGNATURE)}),
        (body(valid_until="for ever"), VOUCHER, {(VOUCHER, FindingKind.SIGNATURE)}),
        (body(valid_until="20291123"), VOUCHER, {(VOUCHER, FindingKind.SIGNATURE)}),
        (body(code="2" * 17), VOUCHER, {(VOUCHER, FindingKind.SIGNATURE), (VOUCHER, FindingKind.SUBJECT)}),
        (body(code="2" * 16 + "3"), VOUCHER, {(VOUCHER, FindingKind.VOUCHER), (VOUCHER, FindingKind.SUBJECT)}),
        (lambda entry: entry._replace(subject="sort:9"), CREDIT, {(CREDIT, FindingKind.INTENT), (CREDIT, FindingKind.SUBJECT)}),
        (lambda entry: entry._replace(subject="totaliser:9"), STEP, {(STEP, FindingKind.SUBJECT)}),
        (lambda entry: entry._replace(subject="2026-11-24/9"), VISIT, {(VISIT, FindingKind.SUBJECT)}),
        (lambda entry: entry._replace(visit="2026-11-24/9"), STEP, {(STEP, FindingKind.VISIT)}),
        (
            lambda entry: entry._replace(visit=None),
            CREDIT,
            {(CREDIT, FindingKind.INTENT), (CREDIT, FindingKind.VISIT), (VOUCHER, FindingKind.AMOUNT)},
        ),
        (lambda entry: entry._replace(visit="2026-11-24/9"), 1, {(1, FindingKind.VISIT)}),
    ],
)
def test_a_chain_rewritten_to_its_end_still_has_to_make_sense(
    kiosk: Kiosk, change: Callable[[Entry], Entry], row: int, expected: set[tuple[int | None, FindingKind]]
) -> None:
    rewrite(kiosk.path, change, row)
    assert faults(kiosk) == expected


def test_an_amount_that_no_voucher_may_have_is_found_in_every_way_it_is_wrong(kiosk: Kiosk) -> None:
    rewrite(kiosk.path, body(amount=400), VOUCHER)
    assert faults(kiosk) == {(VOUCHER, FindingKind.AMOUNT), (VOUCHER, FindingKind.SIGNATURE), (VOUCHER, FindingKind.POSTINGS)}


def test_a_credit_made_out_of_a_cancelled_intent_is_found(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(0)
    intent = kiosk.intent(visit)
    kiosk.journal.intend(intent, kiosk.now())
    kiosk.journal.end(intent.sequence, Ending.CANCELLED, kiosk.now())
    kiosk.credit(visit)
    kiosk.journal.close()
    earned: dict[str, Json] = {
        "sequence": 1,
        "from": 50,
        "totaliser": 51,
        "amount": 20,
        "material": Material.GLASS.value,
        "day": "2026-11-24",
    }
    rewrite(kiosk.path, lambda entry: entry._replace(kind="credit", body=earned), 4)
    found = faults(kiosk)
    assert (4, FindingKind.POSTINGS) in found
    assert (6, FindingKind.TOTALISER) in found


def elapsed(entry: Entry) -> Entry:
    """An entry of the kind that says nothing, in the place of another."""
    return entry._replace(kind="elapsed", subject="clock", visit=None, body={})


@pytest.mark.parametrize(("gone", "found"), [("the end", 5), ("the intent", 4)])
def test_an_intent_that_begins_while_one_is_open_and_an_end_of_none_are_found(
    ledger_in: LedgerIn, tmp_path: Path, gone: str, found: int
) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(0)
    for _ in range(2):
        intent = kiosk.intent(visit)
        kiosk.journal.intend(intent, kiosk.now())
        kiosk.journal.end(intent.sequence, Ending.CANCELLED, kiosk.now())
    kiosk.journal.close()
    rewrite(kiosk.path, elapsed, {"the intent": 3, "the end": 4}[gone])
    assert faults(kiosk) == {(found, FindingKind.INTENT)}


def test_a_visit_that_ends_with_its_intent_open_is_found(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(0)
    intent = kiosk.intent(visit)
    kiosk.journal.intend(intent, kiosk.now())
    kiosk.journal.end(intent.sequence, Ending.CANCELLED, kiosk.now())
    kiosk.journal.close_visit(visit, kiosk.now())
    kiosk.journal.close()
    rewrite(kiosk.path, elapsed, 4)
    assert faults(kiosk) == {(5, FindingKind.VISIT)}


def test_a_visit_that_begins_while_one_is_open_is_found(kiosk: Kiosk) -> None:
    rewrite(kiosk.path, elapsed, LAST - 2)
    assert faults(kiosk) == {(LAST - 2, FindingKind.POSTINGS), (LAST - 1, FindingKind.VISIT)}


def test_a_gift_of_nothing_is_found(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(0)
    nothing = tuple(Posting(account.value, 0) for account in (Account.VISITS, Account.GIFTS))
    row = append(kiosk.path, "gift", visit, {"amount": 0, "day": "2026-11-24"}, visit, nothing)
    assert faults(kiosk) == {(row, FindingKind.AMOUNT)}


def test_bottles_beyond_what_a_visit_may_be_paid_for_are_sound_at_nothing(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, replace(TERMS, visit_bottles=1))
    visit = kiosk.visit_of(1)
    unpaid = replace(kiosk.intent(visit), amount=Cents(0))
    kiosk.journal.intend(unpaid, kiosk.now())
    kiosk.journal.book(102, unpaid.sequence, kiosk.now())
    assert faults(kiosk) == set()


def test_a_count_of_the_day_that_does_not_go_on_is_found(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, TERMS, FakeClock(trusted=False))
    for _ in range(2):
        kiosk.clock.advance(MARK_S)
        kiosk.journal.book(100, SequenceNumber(0), kiosk.now())
    kiosk.journal.close()
    assert faults(kiosk) == set()
    with reading(kiosk.path) as connection:
        *_, last = entries(connection)
    reckoned = last.body["reckoned"]
    assert isinstance(reckoned, dict)
    rewrite(kiosk.path, body(reckoned={**reckoned, "spent_s": 60}), last.row)
    assert faults(kiosk) == {(last.row, FindingKind.DAY)}


def test_a_voucher_is_marked_shown_before_the_next_visit_begins(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kept = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    shown = append(kiosk.path, "shown", kept.code, {}, kept.visit)
    assert faults(kiosk) == set()
    again = append(kiosk.path, "shown", kept.code, {}, kept.visit)
    assert (shown + 1, faults(kiosk)) == (again, {(again, FindingKind.VISIT)})


def test_a_voucher_that_is_marked_shown_after_the_next_visit_began_is_found(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kept = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    late = append(kiosk.path, "shown", kept.code, {}, kept.visit)
    assert faults(kiosk) == {(late, FindingKind.VISIT)}


def test_a_voucher_is_marked_shown_once_and_only_the_one_that_was_asked_for(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kept = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    kiosk.journal.mark_shown(kept.code, kiosk.now())
    left = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.TIMED_OUT, kiosk.now())
    assert faults(kiosk) == set()
    again, never = (drafts.shown(voucher.code, voucher.visit) for voucher in (kept, left))
    last = kiosk.journal._writer.append(kiosk.now(), kiosk.now(), again, never).row
    assert faults(kiosk) == {(last - 1, FindingKind.VISIT), (last, FindingKind.VISIT)}


def test_a_posting_added_to_an_old_entry_is_found(kiosk: Kiosk) -> None:
    tamper(kiosk.path, ("INSERT INTO posting VALUES (?, ?, 20)", (INTENT, Account.REWARDS.value)))
    assert faults(kiosk) == {(INTENT, FindingKind.HASH), (INTENT, FindingKind.POSTINGS)}


def test_a_posting_without_its_entry_is_found(kiosk: Kiosk) -> None:
    tamper(kiosk.path, ("INSERT INTO posting VALUES (?, ?, 20)", (99, Account.REWARDS.value)))
    assert faults(kiosk) == {(99, FindingKind.FILE)}


def test_an_entry_replaced_by_a_second_credit_of_its_intent_is_found(kiosk: Kiosk) -> None:
    """SQLite's INSERT OR REPLACE takes the old row away without a DELETE that a trigger sees."""
    with closing(sqlite3.connect(kiosk.path)) as database:
        row, prev = database.execute("SELECT row + 1, hash FROM entry ORDER BY row DESC LIMIT 1").fetchone()
        values = (row, prev, json.dumps({"totaliser": 999}))
        database.execute(
            "INSERT OR REPLACE INTO entry SELECT ?, kind, subject, visit, occurred, booked, trusted, ?3, ?2, hash FROM entry WHERE row = 4",
            values,
        )
        database.commit()
    assert (CREDIT + 1, FindingKind.ROW) in faults(kiosk)


@pytest.mark.parametrize(
    "drop",
    [
        "DROP TRIGGER entry_stays",
        "DROP TRIGGER one_open_intent",
        "DROP INDEX intent_ends_once",
        "DROP INDEX credit_day",
        "CREATE TRIGGER helpful AFTER INSERT ON entry BEGIN SELECT 1; END",
    ],
)
def test_a_guard_taken_away_or_slipped_in_is_named(kiosk: Kiosk, drop: str) -> None:
    tamper(kiosk.path, drop, dropping=False)
    assert [(finding.row, finding.what, finding.facts) for finding in kiosk.findings()] == [
        (None, FindingKind.GUARD, {"name": drop.split()[2]})
    ]


def test_a_trust_that_no_hash_tells_from_another_is_named(kiosk: Kiosk) -> None:
    """SQLite's own check of a file that was opened to read leaves the CHECK constraints out."""
    tamper(kiosk.path, "PRAGMA ignore_check_constraints = ON", "UPDATE entry SET trusted = 2 WHERE row = 4")
    assert (CREDIT, FindingKind.BODY) in faults(kiosk)


def test_an_index_that_lacks_what_it_should_hold_is_found(kiosk: Kiosk) -> None:
    with closing(sqlite3.connect(kiosk.path)) as database:
        ((whole,),) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'credit_day'")
    tamper(
        kiosk.path,
        "DROP INDEX credit_day",
        whole.replace("'credit'", "'nothing'"),
        "PRAGMA writable_schema = ON",
        ("UPDATE sqlite_master SET sql = ? WHERE name = 'credit_day'", (whole,)),
    )
    assert faults(kiosk) == {(None, FindingKind.FILE)}


@pytest.mark.parametrize("named", ["DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0000')"])
def test_a_file_that_does_not_name_one_revision_is_found_by_whoever_judges_it(kiosk: Kiosk, named: str) -> None:
    tamper(kiosk.path, named)
    with reading(kiosk.path, judging=True) as connection:
        assert [(it.what, it.facts) for it in verify(connection)] == [(FindingKind.TABLE, {"name": "alembic_version"})]


def test_a_guard_replaced_by_one_that_does_nothing_is_named(kiosk: Kiosk) -> None:
    tamper(
        kiosk.path, "DROP TRIGGER entry_is_kept", "CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN SELECT 1; END", dropping=False
    )
    assert faults(kiosk) == {(None, FindingKind.GUARD)}


def test_an_empty_posting_table_does_not_hide_behind_matching_hashes(kiosk: Kiosk) -> None:
    tamper(kiosk.path, "DELETE FROM posting")
    assert {(CREDIT, FindingKind.HASH), (CREDIT, FindingKind.POSTINGS), (VOUCHER, FindingKind.POSTINGS)} <= faults(kiosk)


def test_the_facts_of_a_finding_say_what_was_expected_and_found(kiosk: Kiosk) -> None:
    rewrite(kiosk.path, body(amount=40), INTENT)
    assert [finding.facts for finding in kiosk.findings()] == [{"expected": "40", "found": "20"}]
