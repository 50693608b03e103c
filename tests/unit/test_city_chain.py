"""The city's hash against the contract's words, the kiosk's own code and each slip that could go unnoticed."""

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from city.chain import HASHED, NOTHING_BEFORE, canonical, row_hash
from ledger.chain import Entry, Posting, digest
from money.chain_rows import Chain, sealed

BIG = 2**53 - 1
words = some.text(some.characters(exclude_categories=["Cs"]), max_size=12)
values = some.recursive(
    some.none() | some.booleans() | some.integers(-BIG, BIG) | words,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
rows = some.fixed_dictionaries(
    {
        "row": some.integers(1, BIG),
        "kind": words,
        "subject": words,
        "visit": some.none() | words,
        "occurred": words,
        "booked": words,
        "trusted": some.booleans(),
        "body": some.dictionaries(words, values, max_size=4),
        "postings": some.lists(some.fixed_dictionaries({"account": words, "cents": some.integers(-BIG, BIG)}), max_size=3),
        "prev": words,
    }
)


def test_the_hash_is_sha_256_over_the_text_that_the_contract_writes_down() -> None:
    row = {
        "row": 3,
        "kind": "credit",
        "subject": "sort:9",
        "visit": None,
        "occurred": "2026-11-24T08:15:30.123Z",
        "booked": "2026-11-24T08:15:30.124Z",
        "trusted": True,
        "body": {"ö": "verre", "amount": 20, "a": "\n"},
        "postings": [{"cents": 20, "account": "expenses:rewards"}, {"account": "liabilities:visits", "cents": -20}],
        "prev": "ab" * 32,
    }
    text = (
        '{"body":{"a":"\\n","amount":20,"ö":"verre"},"booked":"2026-11-24T08:15:30.124Z","form":1,"kind":"credit",'
        '"occurred":"2026-11-24T08:15:30.123Z",'
        '"postings":[{"account":"expenses:rewards","cents":20},{"account":"liabilities:visits","cents":-20}],'
        f'"prev":"{"ab" * 32}","row":3,"subject":"sort:9","trusted":true,"visit":null}}'
    )

    assert row_hash(row) == hashlib.sha256(text.encode()).hexdigest()


@given(rows)
def test_city_and_kiosk_find_the_same_hash(row: dict[str, Any]) -> None:
    postings = tuple(Posting(one["account"], one["cents"]) for one in row["postings"])
    entry = Entry(**{**row, "postings": postings}, hash="")

    assert row_hash(row) == digest(entry)


@given(rows, some.sampled_from(HASHED), values)
def test_no_member_of_a_row_can_change_without_its_hash(row: dict[str, Any], name: str, value: object) -> None:
    changed = {**row, name: value}

    assert (row_hash(changed) == row_hash(row)) == (canonical(value) == canonical(row[name]))


def test_the_hash_does_not_depend_on_itself_but_on_the_order_of_postings() -> None:
    row = Chain().credit()

    assert row_hash(row | {"hash": "anything"}) == row["hash"]
    assert sealed(row, postings=row["postings"][::-1])["hash"] != row["hash"]


def test_a_row_that_went_over_the_wire_keeps_its_hash() -> None:
    row = Chain(why="déménagé à l'étage «2» — \U0001f37e\u2028").rows[0]

    assert row["prev"] == NOTHING_BEFORE
    assert row_hash(json.loads(json.dumps(row))) == row["hash"]
