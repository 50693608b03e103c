"""The table of kinds: whole, guarded by the file, and the only place that a new kind or a new field is told to."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from ledger import books, drafts, schema
from ledger.chain import Json, Posting
from ledger.database import open_writer, reading
from ledger.export import write_csv
from ledger.findings import FindingKind
from ledger.kinds import KINDS, TEXT, WHOLE, Account, Counting, Definition, Kind, Lasting, Moves, Whose, ending
from ledger.views import entries
from ledger.vocabulary import Cause
from money.later_program import ADDS, become_later
from money.ledgers import Kiosk, LedgerIn, append

pytest_plugins = ("money.ledger_fixtures",)

# two kinds that no program has yet: one comes after visits, one stands within a visit and moves money

TALLIED = Definition(
    subject="bin:{bin}:{n}",
    whose=Whose.NOBODYS,
    body={"bin": WHOLE, "n": WHOLE, "grams": WHOLE},
    optional={"carrier": TEXT},
    guards=("tallied_once",),
)
GIVEN = Definition(subject=None, whose=Whose.OPEN, body={"amount": WHOLE}, moves=Moves(Account.REWARDS, Account.VISITS))

INDEX = """    op.create_index("tallied_once", "entry", ["subject"], unique=True, sqlite_where=sa.text("kind = 'tallied'"))\n"""


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kiosk:
    """A ledger of a program that has both, and the guard of one."""
    monkeypatch.setitem(KINDS, "tallied", TALLIED)
    monkeypatch.setitem(KINDS, "given", GIVEN)
    become_later(monkeypatch, tmp_path / "migrations", ADDS + INDEX)
    made = ledger_in(tmp_path)
    # the auditor knows the kinds of today
    made.audited = False
    return made


def tallied(kiosk: Kiosk, subject: str = "bin:1:7", visit: str | None = None, postings: tuple[Posting, ...] = (), **body: Json) -> int:
    return append(kiosk.path, "tallied", subject, {"bin": 1, "n": 7, "grams": 41_000, **body}, visit, postings)


def faults(kiosk: Kiosk) -> set[tuple[int | None, FindingKind]]:
    return {(finding.row, finding.what) for finding in kiosk.findings()}


def test_every_kind_has_its_definition() -> None:
    assert set(KINDS) == set(Kind)


def test_every_guard_of_a_kind_stands_in_the_schema_and_every_one_that_names_kinds_is_a_kinds() -> None:
    of_kinds = {name for name, _, _ in schema.ONCE}
    of_kinds |= {
        name for name, when in re.findall(r"CREATE TRIGGER (\w+).*?\n(.*?)BEGIN", " ".join(schema.TRIGGERS), re.DOTALL) if "kind" in when
    }
    assert {guard for definition in KINDS.values() for guard in definition.guards} == of_kinds


def test_the_kinds_that_end_something_are_asked_for_in_the_words_of_an_index() -> None:
    """Otherwise SQLite reads the whole file."""
    asked = {f"kind IN {books._among(ending(what))}" for what in Lasting}
    assert asked <= {among for _, _, among in schema.ONCE}


def test_what_the_journal_never_says_is_not_drafted() -> None:
    wrong: tuple[dict[str, Json], ...] = ({"sequence": "1"}, {}, {"sequence": 1, "why": "because"})
    for body in wrong:
        with pytest.raises(ValueError, match=r"sequence|why"):
            drafts.drafted(Kind.CANCELLED, "2026-11-24/0417", body)
    with pytest.raises(ValueError, match="subject"):
        drafts.drafted(Kind.SHOWN, "2026-11-24/0417", {})


def test_a_ledger_with_a_kind_that_was_added_to_the_table_is_sound(kiosk: Kiosk) -> None:
    kiosk.journal.give(kiosk.visit_of(1), ASSOCIATIONS[0], kiosk.now())
    tallied(kiosk)
    tallied(kiosk, "bin:1:8", n=8, carrier="sealed")
    visit = kiosk.reopen().open_visit(kiosk.now())
    kiosk.journal.close_visit(visit.id, kiosk.now())
    assert kiosk.findings() == []


def test_readers_tell_of_an_added_kind(kiosk: Kiosk) -> None:
    row = tallied(kiosk)
    sheet = io.StringIO(newline="")
    with reading(kiosk.path) as connection:
        write_csv(connection, sheet)
        assert [entry.kind for entry in entries(connection, after=row - 1)] == ["tallied"]
    assert f"{row};tallied;bin:1:7" in sheet.getvalue()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"grams": "41"}, FindingKind.BODY),
        ({"grams": True}, FindingKind.BODY),
        ({"carrier": 5}, FindingKind.BODY),
        ({"colour": "green"}, FindingKind.BODY),
        ({"reckoned": "tuesday"}, FindingKind.BODY),
        ({"n": 8}, FindingKind.SUBJECT),
        ({"subject": "bin:2:7"}, FindingKind.SUBJECT),
        ({"visit": "2026-11-24/0417"}, FindingKind.VISIT),
        ({"postings": (Posting("expenses:rewards", 20), Posting("liabilities:gifts", -20))}, FindingKind.POSTINGS),
    ],
)
def test_an_entry_of_an_added_kind_is_held_to_its_definition(kiosk: Kiosk, wrong: dict[str, Json], fault: FindingKind) -> None:
    row = tallied(kiosk, **wrong)  # type: ignore[arg-type]
    assert faults(kiosk) == {(row, fault)}


def test_a_field_that_an_added_kind_must_have_is_missed(kiosk: Kiosk) -> None:
    row = append(kiosk.path, "tallied", "bin:1:7", {"bin": 1, "n": 7})
    assert [(it.row, it.what, it.facts["detail"]) for it in kiosk.findings()] == [(row, FindingKind.BODY, "grams is missing")]


def test_an_added_kind_in_a_file_without_its_guard_is_found(ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gives a file an older revision, to be rid of a guard, is found by what the file holds."""
    kiosk = ledger_in(tmp_path)
    monkeypatch.setitem(KINDS, "tallied", TALLIED)
    tallied(kiosk)
    assert [(it.row, it.what, it.facts) for it in kiosk.findings()] == [(None, FindingKind.GUARD, {"name": "tallied_once"})]


def test_money_of_an_added_kind_counts_into_its_visits_sum(kiosk: Kiosk) -> None:
    visit = kiosk.visit_of(1)
    kiosk.journal.close()
    rewarded = (Posting("expenses:rewards", 40), Posting("liabilities:visits", -40))
    append(kiosk.path, "given", "by hand", {"amount": 40}, visit, rewarded)
    passed_on = (Posting("liabilities:visits", 60), Posting("liabilities:gifts", -60))
    append(kiosk.path, "gift", visit, {"amount": 60, "day": "2026-11-24"}, visit, passed_on)
    assert kiosk.findings() == []


def test_an_added_kind_of_a_visit_that_has_ended_is_found_in_the_open_one_and_in_none(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "asked", Definition(subject=None, whose=Whose.ENDED))
    ended = kiosk.visit_of(0)
    kiosk.journal.close_visit(ended, kiosk.now())
    visit = kiosk.visit_of(0)
    kiosk.journal.close()
    append(kiosk.path, "asked", "why", {}, ended)
    wrong = {append(kiosk.path, "asked", "why", {}, it) for it in (visit, None)}
    assert faults(kiosk) == {(row, FindingKind.VISIT) for row in wrong}


def test_an_added_kind_of_the_open_visit_is_found_while_none_is_open(kiosk: Kiosk) -> None:
    rewarded = (Posting("expenses:rewards", 40), Posting("liabilities:visits", -40))
    row = append(kiosk.path, "given", "by hand", {"amount": 40}, None, rewarded)
    assert faults(kiosk) == {(row, FindingKind.VISIT)}


@pytest.mark.parametrize("visit", [None, "2026-11-24/0417"])
def test_an_added_kind_of_the_open_visit_is_found_outside_of_it(kiosk: Kiosk, visit: str | None) -> None:
    kiosk.visit_of(0)
    rewarded = (Posting("expenses:rewards", 40), Posting("liabilities:visits", -40))
    row = append(kiosk.path, "given", "by hand", {"amount": 40}, visit, rewarded)
    assert faults(kiosk) == {(row, FindingKind.VISIT)}


def test_kinds_that_open_end_and_count_are_read_from_the_table_by_books_and_checks_alike(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_intent = Definition(subject="sort:{sequence}", whose=Whose.OPEN, body={"sequence": WHOLE}, ends=Lasting.INTENT)
    of_steps = Definition(subject=None, whose=Whose.NOBODYS, body={"from": WHOLE, "totaliser": WHOLE}, counts=Counting.STEPS)
    monkeypatch.setitem(KINDS, "swallowed", of_intent)
    monkeypatch.setitem(KINDS, "tested", of_steps)
    visit = kiosk.visit_of(0)
    kiosk.journal.intend(kiosk.intent(visit), kiosk.now())
    kiosk.journal.close()
    append(kiosk.path, "swallowed", "sort:1", {"sequence": 1}, visit)
    append(kiosk.path, "tested", "by hand", {"from": 100, "totaliser": 103})
    standing = kiosk.reopen().standing()
    assert (standing.open_intent, standing.booked_totaliser) == (None, 103)
    kiosk.journal.close()
    # a trigger of the first revision knows three ends of an intent and no other
    append(kiosk.path, "closed", visit, {}, visit, guarded=False)
    assert kiosk.findings() == []
    row = append(kiosk.path, "tested", "by hand", {"from": 103, "totaliser": 103})
    assert faults(kiosk) == {(row, FindingKind.TOTALISER)}


def test_rows_without_a_field_that_a_kind_got_later_stay_sound(
    ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.audited = False
    kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    monkeypatch.setitem(KINDS, Kind.CLOSED, replace(KINDS[Kind.CLOSED], optional={"agent": TEXT}))
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    for agent, sound in (("7", True), (7, False)):
        visit = kiosk.reopen().open_visit(kiosk.now()).id
        kiosk.journal.close()
        row = append(kiosk.path, "closed", visit, {"agent": agent}, visit)
        assert faults(kiosk) == (set() if sound else {(row, FindingKind.BODY)})


def test_an_optional_field_is_unknown_to_a_program_that_has_not_got_it(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(0)
    row = append(kiosk.path, "closed", visit, {"agent": "7"}, visit)
    assert [(it.row, it.what, it.facts["detail"]) for it in kiosk.findings()] == [(row, FindingKind.BODY, "agent is unknown")]


def test_a_second_generation_in_a_file_is_found(kiosk: Kiosk) -> None:
    with reading(kiosk.path) as connection:
        (first,) = entries(connection, limit=1)
    connection = open_writer(kiosk.path)
    try:
        connection.exec_driver_sql("DROP INDEX generation_once")
        connection.commit()
    finally:
        connection.close()
    row = append(kiosk.path, "generation", "generation", dict(first.body))
    assert faults(kiosk) == {(row, FindingKind.FIRST), (None, FindingKind.GUARD)}
