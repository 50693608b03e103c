"""A hand scanner whose layout is not the machine's: the code's check letter says what it meant."""

import pytest

from kiosk.console.layouts import AZERTY, QWERTY, meant
from ledger.vouchers import code_of, draw_code
from money.ledgers import SeededRandom

CODES = [draw_code(SeededRandom(seed)) for seed in range(40)]


@pytest.mark.parametrize(("sent", "read"), [(QWERTY, AZERTY), (AZERTY, QWERTY)], ids=["an American scanner", "a French scanner"])
def test_a_code_scanned_by_the_other_layout_is_read_as_it_was_meant(sent: str, read: str) -> None:
    other = str.maketrans(sent, read)
    assert [code_of(meant(code.translate(other))) for code in CODES] == CODES


def test_a_code_that_was_typed_rightly_and_a_link_stay_as_they_are() -> None:
    grouped = [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}".lower() for code in CODES]
    assert [meant(code) for code in grouped] == grouped
    assert meant("https://consigne.example/bon#c=1") == "https://consigne.example/bon#c=1"


def test_what_is_no_code_in_any_layout_stays_as_it_was_typed() -> None:
    assert meant("bonjour") == "bonjour"
