"""What is put together before the ledger is searched: days and sums as they are typed, a scan without a button, and what cannot be looked for."""

from datetime import date

import pytest

from config.vocabulary import Cents
from kiosk.console.layouts import AZERTY, QWERTY
from kiosk.console.searching import Draft, Question, Typed, Wrong, between_days, drafted, erases, looked_for, opened, types
from ledger.kinds import Kind
from ledger.selection import Selection
from ledger.vouchers import draw_code
from money.ledgers import SeededRandom

NOTHING = drafted(Selection())
CODE = draw_code(SeededRandom(1))
QUERY = "https://consigne.example/bon#k=essai&c=" + CODE + "&a=20"


def typed(draft: Draft, letters: str) -> Draft:
    """One after the other, as keys come."""
    for letter in letters:
        draft = types(draft, letter)
    return draft


def asked(question: Question, letters: str) -> Selection | Wrong:
    return looked_for(typed(opened(NOTHING, question), letters))


def test_what_was_looked_for_last_is_what_one_begins_with() -> None:
    selection = Selection(
        first=date(2026, 11, 1),
        last=date(2026, 11, 24),
        kind=Kind.CREDIT,
        least=Cents(0),
        most=Cents(500),
        visit="2026-11-24/0417",
        voucher=CODE,
    )
    assert looked_for(drafted(selection)) == selection


@pytest.mark.parametrize(
    ("question", "letters", "found"),
    [
        (Question.PERIOD, "241126", Selection(first=date(2026, 11, 24))),
        (Question.PERIOD, "24/11", Wrong.NO_DAY),
        (Question.PERIOD, "310226", Wrong.NO_DAY),
        # a seventh digit begins anew
        (Question.PERIOD, "2411260", Wrong.NO_DAY),
        (Question.AMOUNT, "125", Selection(least=Cents(125))),
        (Question.AMOUNT, "1,25 ²٣", Selection(least=Cents(125))),
        (Question.VISIT, "0417", Selection(visit="0417")),
        (Question.VOUCHER, CODE.lower(), Selection(voucher=CODE.lower())),
    ],
)
def test_a_question_is_answered_by_the_keys(question: Question, letters: str, found: Selection | Wrong) -> None:
    assert asked(question, letters) == found


def test_both_ends_are_typed_and_a_turned_pair_is_told() -> None:
    sums = typed(opened(NOTHING, Question.AMOUNT), "500")
    sums = typed(Draft(sums.chosen, sums.typed, Typed.MOST), "1500")
    assert looked_for(sums) == Selection(least=Cents(500), most=Cents(1500))
    assert looked_for(erases(erases(sums))) == Wrong.SUMS_TURNED
    days = between_days(NOTHING, date(2026, 11, 24), date(2026, 11, 23))
    assert looked_for(days) == Wrong.DAYS_TURNED


@pytest.mark.parametrize(
    ("scanned", "found"),
    [
        ("0417", Selection(visit="0417")),
        ("04170", Selection(voucher="04170")),
        (CODE, Selection(voucher=CODE)),
        # a French scanner on a machine that reads American keys
        (CODE.translate(str.maketrans(AZERTY, QWERTY)), Selection(voucher=CODE)),
        (QUERY, Selection(voucher=QUERY)),
    ],
)
def test_a_scan_needs_no_button(scanned: str, found: Selection) -> None:
    assert looked_for(typed(NOTHING, scanned)) == found


def test_letters_are_no_part_of_a_number_and_the_last_one_is_erased() -> None:
    draft = typed(opened(NOTHING, Question.VISIT), "a04b1")
    assert draft.said(Typed.VISIT) == "041"
    assert erases(draft).said(Typed.VISIT) == "04"
    assert erases(erases(typed(NOTHING, "0417"))).said(Typed.VISIT) == "04"
