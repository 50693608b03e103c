"""What the three witnesses of a simulated run say when something went wrong: each kind of wrong money must show."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.simulate.witnesses import Books, Desk, Fall, Metal, ask_metal, compare

CODE = "9520475821661"
METAL = Metal(put_in=2, handed_back=0, falls=(Fall("a", (CODE,), 2), Fall("b", (CODE, "96385074"), 4)), done=True)
BOOKS = Books(
    gtin={2: CODE, 4: "96385074"},
    credits=Counter([2, 4]),
    uncounted=frozenset(),
    cancelled=frozenset(),
    open=frozenset(),
    credited_cents=40,
    head=(9, "ff"),
)
DESK = Desk(head=(9, "ff"), credited_cents=40, conflicts=0)


def test_where_all_three_agree_nothing_is_found() -> None:
    found = compare(METAL, BOOKS, DESK)
    assert (found.lost, found.duplicated, found.misread, found.uncounted, found.disagreements) == (0, 0, (), 0, ())


def test_a_bottle_in_a_bin_without_a_row_is_lost() -> None:
    assert compare(METAL, replace(BOOKS, credits=Counter([2])), DESK).lost == 1


def test_a_bottle_that_is_said_to_be_uncounted_is_not_lost() -> None:
    found = compare(METAL, replace(BOOKS, credits=Counter([2]), uncounted=frozenset({4})), DESK)
    assert (found.lost, found.uncounted, found.disagreements) == (0, 1, ())


def test_a_credit_without_a_bottle_is_a_duplicate() -> None:
    assert compare(METAL, replace(BOOKS, credits=Counter([2, 4, 6])), DESK).duplicated == 1


def test_a_bottle_credited_twice_is_a_duplicate() -> None:
    assert compare(METAL, replace(BOOKS, credits=Counter([2, 4, 4])), DESK).duplicated == 1


def test_one_command_that_moved_two_bottles_is_told() -> None:
    twice = replace(METAL, falls=(*METAL.falls, Fall("c", (CODE,), 4)))
    assert compare(twice, BOOKS, DESK).disagreements == ("sort 4 moved 2 bottles",)


def test_a_code_that_the_bottle_does_not_bear_is_a_misreading_and_named() -> None:
    (named,) = compare(METAL, replace(BOOKS, gtin={2: CODE, 4: "4006381333931"}), DESK).misread
    assert named == f"b: 4006381333931 is not {CODE} or 96385074"


def test_what_bears_no_retail_code_and_was_credited_is_a_misreading() -> None:
    bare = replace(METAL, falls=(METAL.falls[0], Fall("b", (), 4)))
    assert len(compare(bare, BOOKS, DESK).misread) == 1


@pytest.mark.parametrize(
    ("books", "told"),
    [
        (replace(BOOKS, cancelled=frozenset({4})), "intent 4 says cancelled, its bottle fell"),
        (replace(BOOKS, uncounted=frozenset({6})), "intent 6 says uncounted, its bottle did not fall"),
        (replace(BOOKS, open=frozenset({6})), "intent 6 has no end"),
        (replace(BOOKS, head=(10, "aa")), "the city holds row 9 and 40 cents, the ledger 10 and 40"),
    ],
)
def test_an_intent_or_a_city_that_says_otherwise_is_told(books: Books, told: str) -> None:
    assert told in compare(METAL, books, DESK).disagreements


def test_a_conflict_that_the_city_keeps_is_told() -> None:
    assert compare(METAL, BOOKS, replace(DESK, conflicts=1)).disagreements == ("the city keeps 1 conflicts with this ledger",)


def test_a_city_that_never_heard_of_the_kiosk_is_told() -> None:
    assert compare(METAL, BOOKS, None).disagreements == ("the city has not heard of the kiosk",)


def test_a_last_line_cut_off_by_a_kill_never_happened(tmp_path: Path) -> None:
    told = tmp_path / "metal.jsonl"
    told.write_text('{"event": "in"}\n{"event": "fell", "item": "a", "codes": [], "sequence": 2}\n{"event": "fell", "it')
    assert ask_metal(told) == Metal(1, 0, (Fall("a", (), 2),), done=False)


def test_a_word_of_the_twin_that_no_witness_knows_is_refused(tmp_path: Path) -> None:
    told = tmp_path / "metal.jsonl"
    told.write_text('{"event": "vanished"}\n')
    with pytest.raises(ValueError, match="vanished"):
        ask_metal(told)
