"""The hash form is a contract: these texts and hashes were worked out once and must never change."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.chain import LARGEST_INTEGER, NOTHING_BEFORE, Entry, Json, Posting, canonical, digest, time_of, time_text
from ledger.database import reading
from ledger.views import entries
from money.ledgers import LedgerIn

pytest_plugins = ("money.ledger_fixtures",)

ENTRY = Entry(
    row=3,
    kind="credit",
    subject="sort:7",
    visit="2026-11-24/0417",
    occurred="2026-11-24T08:15:30.123Z",
    booked="2026-11-24T08:15:31.000Z",
    trusted=True,
    body={"totaliser": 101, "from": 100, "amount": 20, "material": "glass", "day": "2026-11-24", "sequence": 7},
    postings=(Posting("expenses:rewards", 20), Posting("liabilities:visits", -20)),
    prev=NOTHING_BEFORE,
    hash="",
)

TEXT = (
    '{"body":{"amount":20,"day":"2026-11-24","from":100,"material":"glass","sequence":7,"totaliser":101},'
    '"booked":"2026-11-24T08:15:31.000Z","form":1,"kind":"credit","occurred":"2026-11-24T08:15:30.123Z",'
    '"postings":[{"account":"expenses:rewards","cents":20},{"account":"liabilities:visits","cents":-20}],'
    f'"prev":"{NOTHING_BEFORE}","row":3,"subject":"sort:7","trusted":true,"visit":"2026-11-24/0417"}}'
)


def test_the_canonical_text_of_an_entry_is_this_one() -> None:
    assert canonical(ENTRY.form()) == TEXT


def test_the_hash_is_sha256_over_the_utf_8_of_that_text() -> None:
    assert digest(ENTRY) == sha256(TEXT.encode("utf-8")).hexdigest()
    assert digest(ENTRY) == "24edc63b76e2305d65b6be13387c9fc4646dbea129c1ba0bcf5827f57a840eb2"


@pytest.mark.parametrize(
    "other",
    [
        ENTRY._replace(row=4),
        ENTRY._replace(kind="step"),
        ENTRY._replace(subject="sort:8"),
        ENTRY._replace(visit=None),
        ENTRY._replace(occurred="2026-11-24T08:15:30.124Z"),
        ENTRY._replace(booked="2026-11-24T08:15:31.001Z"),
        ENTRY._replace(trusted=False),
        ENTRY._replace(body={**ENTRY.body, "amount": 21}),
        ENTRY._replace(postings=ENTRY.postings[::-1]),
        ENTRY._replace(postings=()),
        ENTRY._replace(prev="1" * 64),
    ],
)
def test_every_part_of_an_entry_is_hashed(other: Entry) -> None:
    assert digest(other) != digest(ENTRY)


def test_the_hash_is_the_same_whether_the_bodys_text_was_at_hand_or_not() -> None:
    assert digest(ENTRY, canonical(ENTRY.body)) == digest(ENTRY) == sha256(canonical(ENTRY.form()).encode()).hexdigest()
    empty = ENTRY._replace(body={}, postings=(), visit=None)
    assert digest(empty) == sha256(canonical(empty.form()).encode()).hexdigest()


def test_the_hash_field_itself_is_not_hashed() -> None:
    assert digest(ENTRY._replace(hash="f" * 64)) == digest(ENTRY)


def test_text_beyond_ascii_stays_as_it_is_and_control_characters_are_escaped() -> None:
    assert canonical({"é": 'Mairie du 11ᵉ – "hall"', "a": "\n\x01"}) == '{"a":"\\n\\u0001","é":"Mairie du 11ᵉ – \\"hall\\""}'


def test_keys_are_sorted_at_every_depth() -> None:
    assert canonical([{"b": {"d": 1, "c": [{"z": None, "y": True}]}, "B": 2}]) == '[{"B":2,"b":{"c":[{"y":true,"z":null}],"d":1}}]'


@pytest.mark.parametrize(
    "value", [0.2, {"a": [1.0]}, float("nan"), LARGEST_INTEGER + 1, -LARGEST_INTEGER - 1, "\ud800", b"x", {1: 2}, (1,)]
)
def test_what_has_no_exact_form_is_refused(value: Json) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the refusal is the point, each has its own words
        canonical(value)


def test_times_are_utc_to_the_millisecond_cut_not_rounded() -> None:
    paris = timezone(timedelta(hours=1))
    assert time_text(datetime(2026, 11, 24, 9, 15, 30, 123999, tzinfo=paris)) == "2026-11-24T08:15:30.123Z"
    assert time_of("2026-11-24T08:15:30.123Z") == datetime(2026, 11, 24, 8, 15, 30, 123000, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        time_text(datetime(2026, 11, 24, 8, 15))  # noqa: DTZ001 - that it has none is the point


def test_a_written_ledger_is_the_chain_that_code_of_ones_own_would_make(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.visit_of(2)
    prev = "0" * 64
    with reading(kiosk.path) as connection:
        for entry in entries(connection):
            said = {"form": 1, "row": entry.row, "kind": entry.kind, "subject": entry.subject, "visit": entry.visit}
            said |= {"occurred": entry.occurred, "booked": entry.booked, "trusted": entry.trusted, "body": entry.body, "prev": prev}
            said["postings"] = [{"account": posting.account, "cents": posting.cents} for posting in entry.postings]
            text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            prev = sha256(text.encode()).hexdigest()
            assert entry.hash == prev
