"""A ledger's findings and the sync's outcomes become sentences with their facts in them, in every language."""

from functools import cache

import pytest

from config.files import Trouble
from kiosk.words.catalogue import Words
from kiosk.words.reports import tell_finding, tell_outcome
from ledger.findings import Finding, FindingKind
from ledger.sync.outcomes import (
    AuthoritiesUnusable,
    Between,
    CityAhead,
    CityTroubled,
    Delivered,
    Difference,
    Disagreed,
    Doubted,
    Garbled,
    Intercepted,
    KeyUnusable,
    LedgerUnreadable,
    NotEnrolled,
    NothingToSend,
    Outcome,
    ProxyUnreachable,
    Refused,
    Rejected,
    StateUnusable,
    Stopped,
    TooLarge,
    Unreachable,
    Untrusted,
)

spoken = cache(Words)

FINDINGS: list[tuple[Finding, tuple[str, ...]]] = [
    (Finding(7, FindingKind.BODY, {"kind": "visit", "detail": "number is missing"}), ("7", "number is missing")),
    (Finding(7, FindingKind.HASH, {"expected": "ab", "found": "cd"}), ("7",)),
    (Finding(7, FindingKind.PREV, {"expected": "ab", "found": "cd"}), ("7",)),
    (Finding(7, FindingKind.ROW, {"expected": 5, "found": 7}), ("7", "5")),
    (Finding(1, FindingKind.FIRST, {"kind": "visit"}), ("1", "visit")),
    (Finding(7, FindingKind.SUBJECT, {"expected": "sort:3", "found": "sort:4"}), ("7", "sort:3", "sort:4")),
    (Finding(7, FindingKind.POSTINGS, {"sum": 3}), ("7", "3")),
    (Finding(7, FindingKind.TOTALISER, {"expected": 10, "found": 12}), ("7", "10", "12")),
    (Finding(7, FindingKind.INTENT, {"subject": "sort:4", "open": None}), ("7", "sort:4")),
    (Finding(7, FindingKind.AMOUNT, {"expected": "20", "found": "2000"}), ("7", "20", "2000")),
    (Finding(7, FindingKind.VISIT, {"visit": "2026-11-24/0417", "open": None}), ("7", "2026-11-24/0417")),
    (Finding(7, FindingKind.ALLOWED, {"allowed": 30}), ("7", "30")),
    (Finding(7, FindingKind.DAY, {"expected": "2026-11-24", "found": "2026-11-25"}), ("7", "2026-11-24", "2026-11-25")),
    (Finding(7, FindingKind.VOUCHER, {"code": "XYZ"}), ("7", "XYZ")),
    (Finding(7, FindingKind.SIGNATURE, {"code": "XYZ"}), ("7", "XYZ")),
    (Finding(None, FindingKind.GUARD, {"name": "no_update"}), ("no_update",)),
    (Finding(None, FindingKind.FILE, {"detail": "page 3"}), ("page 3",)),
    (Finding(None, FindingKind.EMPTY), ()),
    (Finding(None, FindingKind.TABLE, {"name": "entry.more"}), ("entry.more",)),
    (Finding(None, FindingKind.CUT, {"acknowledged": 12, "last": 9}), ("12", "9")),
    (Finding(7, FindingKind.MARK, {"expected": "ab", "found": "cd"}), ("7", "ab", "cd")),
    (Finding(None, FindingKind.SUCCEEDED, {"generation": "ab"}), ("ab",)),
    (Finding(None, FindingKind.STRANGER, {"generation": "ab", "acknowledged": 12}), ("ab", "12")),
    (Finding(None, FindingKind.KEY, {"detail": "ab"}), ("ab",)),
    (Finding(None, FindingKind.KIOSK, {"expected": "paris-11-01", "found": "paris-11-02"}), ("paris-11-01", "paris-11-02")),
    (Finding(7, FindingKind.ANCHOR, {"expected": "ab", "found": "cd"}), ("7", "ab", "cd")),
    (Finding(7, FindingKind.PAID, {"code": "7KQP"}), ("7", "7KQP")),
    *(
        (Finding(7, what, {"subject": "bin:1:4"}), ("7", "bin:1:4"))
        for what in (FindingKind.GRANT, FindingKind.BIN, FindingKind.CLOSURE, FindingKind.COPY, FindingKind.CORRECTED)
    ),
    (Finding(7, FindingKind.AGENTS, {"subject": "row:4"}), ("7", "row:4")),
    (Finding(None, FindingKind.NAME, {"expected": "a.db", "found": "b.db"}), ("a.db", "b.db")),
]

OUTCOMES: list[tuple[Outcome, tuple[str, ...]]] = [
    (Delivered("g", 12, "ab", 3, ()), ("12", "3")),
    (Delivered("g", 12, "ab", 1, (Difference("2026-11-24 glass", 3, 4),)), ("12", "2026-11-24 glass", "3", "4")),
    (NothingToSend("ledger.db"), ("ledger.db", "consigne ledger begin")),
    (Stopped(), ()),
    (Unreachable("refused"), ("refused",)),
    (ProxyUnreachable("proxy.example:3128", "refused"), ("proxy.example:3128", "refused", "city.proxy")),
    (AuthoritiesUnusable("/etc/house.pem", "no such file"), ("/etc/house.pem", "no such file", "city.ca_file")),
    (Untrusted("self-signed certificate", ""), ("self-signed certificate", "update-ca-certificates", "city.ca_file", "timedatectl")),
    (Untrusted("self-signed certificate", "/etc/house.pem"), ("self-signed certificate", "/etc/house.pem", "timedatectl")),
    *((Intercepted(499, by, ""), ("499",)) for by in Between),
    (Intercepted(302, Between.PORTAL, "http://portal.example/"), ("http://portal.example/", "city.url")),
    (TooLarge(7, 812_300), ("7", "813", "413", "client_max_body_size")),
    (CityTroubled(503, None), ("503",)),
    (Garbled("a page"), ("a page", "city.url")),
    (LedgerUnreadable("ledger.db", "malformed", Trouble.DAMAGED), ("ledger.db", "malformed")),
    (LedgerUnreadable("ledger.db", "locked", Trouble.BUSY), ("ledger.db", "locked")),
    (StateUnusable("sync.db", "malformed", Trouble.DAMAGED), ("sync.db", "malformed")),
    (StateUnusable("sync.db", "full", Trouble.FULL), ("sync.db",)),
    *((Refused(401, error), ("401", "consigne sync enrol", error)) for error in ("unsigned", "signature", "revoked", "other_kiosk")),
    (Refused(401, "time"), ("401", "timedatectl")),
    *((Refused(403, error), ("403", "city.url")) for error in ("demonstration", "real")),
    (Refused(403, "code"), ("403", "consigne-city enrol")),
    (Refused(403, "key"), ("403",)),
    (Refused(403, "another"), ("403", "another")),
    (NotEnrolled("/var/lib/consigne/sync.key"), ("/var/lib/consigne/sync.key", "consigne-city enrol", "consigne sync enrol")),
    (KeyUnusable("sync.key", "mode is 0644"), ("sync.key", "mode is 0644", "0600")),
    (Rejected(422, "hash", "row 3", 3), ("hash", "row 3")),
    (Disagreed("row", 3, "ab", "cd"), ("3", "ab", "cd")),
    (CityAhead(9, "ab", 4), ("9", "4")),
    (Doubted(9, "ab", None, 4, Unreachable("refused")), ("9", "4", "sync.db", "refused")),
    (Doubted(9, "ab", "cd", 12, Refused(403, "demonstration")), ("9", "ab", "cd", "sync.db", "403")),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("finding", "facts"), FINDINGS, ids=[finding.what for finding, _ in FINDINGS])
def test_a_finding_is_told_with_its_row_and_facts(finding: Finding, facts: tuple[str, ...], language: str) -> None:
    told = tell_finding(finding, spoken(language))
    assert [fact for fact in facts if fact not in told] == []
    assert told.endswith(".")


def test_every_fault_is_among_the_findings_here() -> None:
    assert {finding.what for finding, _ in FINDINGS} == set(FindingKind)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("outcome", "facts"), OUTCOMES, ids=[type(outcome).__name__ for outcome, _ in OUTCOMES])
def test_an_outcome_is_told_with_its_facts(outcome: Outcome, facts: tuple[str, ...], language: str) -> None:
    told = tell_outcome(outcome, spoken(language))
    assert [fact for fact in facts if fact not in told] == []
    assert told.endswith(".")


def test_what_the_city_counts_otherwise_has_a_line_of_its_own() -> None:
    differences = (Difference("2026-11-24 glass", 3, 4), Difference("vouchers", 1, 2))
    assert len(tell_outcome(Delivered("g", 12, "ab", 3, differences), Words("fr")).splitlines()) == 3
