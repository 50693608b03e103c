"""A hand scanner whose layout is not the machine's: the code's check letter says what it meant."""

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.vocabulary import Cents
from kiosk.console.layouts import AZERTY, QWERTY, meant
from ledger.vouchers import Claim, code_of, draw_code, link, sign
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


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PAGE = "https://consigne.paris.example/bon_du/2026-11"
LINKS = [
    link(PAGE, claim, sign(claim, KEY))
    for place, code in enumerate(CODES)
    for claim in [Claim(f"paris-{place:02} é", code, Cents(20 * place), date(2026, 11, 24), date(2029, 11, 23), place % 2 == 0)]
]

LEVEL_3 = {"3": "#"}
"""What AltGr makes of a French keyboard's keys; on an American one the key stays what it is, or says nothing."""


def test_links_hold_what_stands_at_other_places_on_the_other_keyboard() -> None:
    assert set("#=&-_:/.%+") <= set("".join(LINKS))


def test_a_link_scanned_by_an_american_scanner_is_read_as_it_was_meant() -> None:
    other = str.maketrans(QWERTY, AZERTY)
    assert [meant(text.translate(other)) for text in LINKS] == LINKS
    assert [meant(text) for text in LINKS] == LINKS


@pytest.mark.parametrize("altgr", ["3", ""], ids=["AltGr is nothing", "what AltGr makes is lost"])
def test_a_link_scanned_by_a_french_scanner_is_read_as_it_was_meant(altgr: str) -> None:
    plain = dict(zip(AZERTY, QWERTY, strict=True))
    other = str.maketrans({**plain, **dict.fromkeys(LEVEL_3.values(), altgr)})
    assert [meant(text.translate(other)) for text in LINKS] == LINKS
