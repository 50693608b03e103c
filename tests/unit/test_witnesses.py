"""What the three witnesses of a simulated run say when something went wrong: each kind of wrong money must show."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from simulation.witnesses import Desk, Fall, LedgerSays, MetalSays, ask_metal, compare, compare_with_city

CODE = "9520475821661"
METAL = MetalSays(put_in=2, handed_back=0, falls=(Fall("a", (CODE,), 2, put=1), Fall("b", (CODE, "96385074"), 4, put=2)), done=True)
BOOKS = LedgerSays(
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
    found = compare(METAL, BOOKS)
    assert compare_with_city(BOOKS, DESK) == ()
    assert (found.lost, found.duplicated, found.misread, found.uncounted, found.disagreements) == (0, 0, (), 0, ())


def test_a_bottle_in_a_bin_without_a_row_is_lost() -> None:
    assert compare(METAL, replace(BOOKS, credits=Counter([2]))).lost == 1


def test_a_bottle_that_is_said_to_be_uncounted_is_not_lost() -> None:
    found = compare(METAL, replace(BOOKS, credits=Counter([2]), uncounted=frozenset({4})))
    assert (found.lost, found.uncounted, found.disagreements) == (0, 1, ())


def test_a_credit_without_a_bottle_is_a_duplicate() -> None:
    assert compare(METAL, replace(BOOKS, credits=Counter([2, 4, 6]))).duplicated == 1


def test_a_bottle_credited_twice_is_a_duplicate() -> None:
    assert compare(METAL, replace(BOOKS, credits=Counter([2, 4, 4]))).duplicated == 1


def test_one_command_that_moved_two_bottles_is_told() -> None:
    twice = replace(METAL, falls=(*METAL.falls, Fall("c", (CODE,), 4, put=3)))
    assert compare(twice, BOOKS).disagreements == ("sort 4 moved 2 bottles",)


def test_a_code_that_the_bottle_does_not_bear_is_a_misreading_and_named() -> None:
    (named,) = compare(METAL, replace(BOOKS, gtin={2: CODE, 4: "4006381333931"})).misread
    assert named == f"b: 4006381333931 is not {CODE} or 96385074"


def test_what_bears_no_retail_code_and_was_credited_is_a_misreading() -> None:
    bare = replace(METAL, falls=(METAL.falls[0], Fall("b", (), 4, put=2)))
    assert len(compare(bare, BOOKS).misread) == 1


@pytest.mark.parametrize(
    ("books", "told"),
    [
        (replace(BOOKS, cancelled=frozenset({4})), "intent 4 says cancelled, its bottle fell"),
        (replace(BOOKS, uncounted=frozenset({6})), "intent 6 says uncounted, its bottle did not fall"),
        (replace(BOOKS, open=frozenset({6})), "intent 6 has no end"),
        (replace(BOOKS, head=(10, "aa")), "the city holds row 9 and 40 cents, the ledger 10 and 40"),
    ],
)
def test_an_intent_or_a_city_that_says_otherwise_is_told(books: LedgerSays, told: str) -> None:
    assert told in compare(METAL, books).disagreements + compare_with_city(books, DESK)


def test_a_conflict_that_the_city_keeps_is_told() -> None:
    assert compare_with_city(BOOKS, replace(DESK, conflicts=1)) == ("the city keeps 1 conflicts with this ledger",)


def test_a_city_that_never_heard_of_the_kiosk_is_told() -> None:
    assert compare_with_city(BOOKS, None) == ("the city has not heard of the kiosk",)


def told(*happenings: tuple[str, int, int | None, int | None]) -> str:
    """Lines of the twin: event, number, sequence, and beside what it was put in."""
    lines: list[dict[str, object]] = [
        {"event": event, "n": n, "item": "a", "codes": [], "sequence": sequence, "beside": beside}
        for event, n, sequence, beside in happenings
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_a_last_line_cut_off_by_a_kill_never_happened(tmp_path: Path) -> None:
    path = tmp_path / "metal.jsonl"
    path.write_text(told(("in", 1, None, None), ("fell", 1, 2, None)) + '{"event": "fell", "it')
    assert ask_metal(path) == MetalSays(1, 0, (Fall("a", (), 2, put=1),), done=False)


@pytest.mark.parametrize("end", [[], [("removed", 1, 2, None)]], ids=["there still", "removed"])
def test_what_a_sort_moved_into_no_bin_is_caught_until_it_falls_or_comes_up_again(
    tmp_path: Path, end: list[tuple[str, int, int | None, int | None]]
) -> None:
    path = tmp_path / "metal.jsonl"
    for event in ("stuck", "hangs"):
        path.write_text(told(("in", 1, None, None), (event, 1, 2, None), *end))
        assert ask_metal(path) == MetalSays(1, 0, (), done=False, caught=(Fall("a", (), 2, put=1),))
    path.write_text(told(("in", 1, None, None), ("stuck", 1, 2, None), ("fell", 1, 2, None)))
    assert ask_metal(path).caught == ()
    path.write_text(told(("in", 1, None, None), ("hangs", 1, 2, None), ("up", 1, None, None), ("back", 1, None, None)))
    assert ask_metal(path) == MetalSays(1, 1, (), done=False)


def test_what_a_technician_takes_out_of_the_chamber_and_how_full_a_bin_is_say_nothing_of_money(tmp_path: Path) -> None:
    path = tmp_path / "metal.jsonl"
    path.write_text(told(("in", 1, None, None), ("removed", 1, None, None)) + '{"event": "bin", "bin": 1, "percent": 0}\n')
    assert ask_metal(path) == MetalSays(1, 0, (), done=False)


def test_a_caught_bottle_is_uncounted_and_never_cancelled() -> None:
    caught = replace(METAL, falls=METAL.falls[:1], caught=METAL.falls[1:])
    books = replace(BOOKS, credits=Counter([2]))
    assert compare(caught, replace(books, uncounted=frozenset({4}))).disagreements == ()
    (said,) = compare(caught, replace(books, cancelled=frozenset({4}))).disagreements
    assert said == "intent 4 says cancelled, its bottle was caught in the machine"


def test_two_things_put_in_at_once_are_one_bottle_and_either_may_be_read() -> None:
    falls = (METAL.falls[0], Fall("b", ("96385074",), 4, put=2), Fall("c", ("9521065324623",), 4, put=2))
    for read in ("96385074", "9521065324623"):
        found = compare(replace(METAL, falls=falls), replace(BOOKS, gtin={2: CODE, 4: read}))
        assert (found.lost, found.duplicated, found.misread, found.disagreements) == (0, 0, (), ())


def test_a_word_of_the_twin_that_no_witness_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "metal.jsonl"
    path.write_text('{"event": "vanished"}\n')
    with pytest.raises(ValueError, match="vanished"):
        ask_metal(path)
