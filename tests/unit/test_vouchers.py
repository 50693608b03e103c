"""Codes that catch a slip of the finger, and links that cannot be made without the key."""

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import date
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.vocabulary import Cents
from ledger import keys
from ledger.database import reading
from ledger.views import generation, open_vouchers
from ledger.vocabulary import Cause
from ledger.vouchers import LETTERS, BadCode, BadLink, Claim, check, code_of, draw_code, grouped, is_signed, link, sign
from money.ledgers import BEGINNING, LedgerIn, SeededRandom

pytest_plugins = ("money.ledger_fixtures",)

CLAIM = Claim("essai-01", "2222222222222222" + "2", Cents(120), date(2026, 11, 24), date(2029, 11, 23), demonstration=False)
PAGE = "https://consigne.example/bon"


@pytest.fixture(scope="module")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def test_a_code_has_17_letters_that_nobody_confuses_and_80_random_bits() -> None:
    assert len(set(LETTERS)) == 32
    assert not set(LETTERS) & set("01IO")
    codes = {draw_code(SeededRandom(seed)) for seed in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 17 and set(code) <= set(LETTERS) for code in codes)
    seen = {(place, letter) for code in codes for place, letter in enumerate(code)}
    assert len(seen) > 500


def test_the_check_letter_of_a_known_code() -> None:
    """Worked out by hand: letters 1, 0, 0 … weigh alpha^0 = 1, and 1 / alpha^16 = alpha^15 = 31 in GF(32) with x^5 + x^2 + 1."""
    assert code_of("3222222222222222" + LETTERS[31]) == "3222222222222222Z"


@pytest.mark.parametrize("seed", range(5))
def test_every_single_wrong_letter_is_caught(seed: int) -> None:
    code = draw_code(SeededRandom(seed))
    for place in range(17):
        for letter in set(LETTERS) - {code[place]}:
            with pytest.raises(BadCode):
                code_of(code[:place] + letter + code[place + 1 :])


@pytest.mark.parametrize("seed", range(20))
def test_every_swap_of_two_different_letters_is_caught(seed: int) -> None:
    code = draw_code(SeededRandom(seed))
    for one in range(17):
        for other in range(one + 1, 17):
            letters = list(code)
            letters[one], letters[other] = letters[other], letters[one]
            swapped = "".join(letters)
            if swapped != code:
                with pytest.raises(BadCode):
                    code_of(swapped)


def test_a_code_is_shown_in_groups_and_read_back_however_it_is_typed() -> None:
    code = draw_code(SeededRandom())
    assert [len(group) for group in grouped(code).split("-")] == [4, 4, 4, 5]
    assert code_of(grouped(code)) == code_of(f" {grouped(code).lower()} ") == code_of(" ".join(code)) == code


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize(
    "between",
    [
        "\u2013",
        "\u2014",
        "\u2011",
        "\u2212",
        "\uff0d",
        ".",
        "\u00b7",
        "_",
        "\u00a0",
        "\u202f",
        "\u3000",
        "\u200b",
        "\u00ad",
        "\u2060",
        "-\n",
        "/",
        ",",
        "+",
        "|",
        "~",
        "\u02d7",
        "\u2500",
        "\u2796",
        "\u0640",
        "\u30fc",
    ],
    ids=ascii,
)
def test_a_code_is_understood_whatever_a_keyboard_puts_between_its_groups(between: str) -> None:
    code = draw_code(SeededRandom())
    assert code_of(grouped(code).replace("-", between)) == code


@pytest.mark.parametrize(
    "around", ["{}.", "\ufeff{}", "\u200b{}\u200b", "\u00ab\u00a0{}\u00a0\u00bb", "\u2068{}\u2069", "({})", "{}\u3002"], ids=ascii
)
def test_a_code_is_understood_whatever_a_copy_brings_along(around: str) -> None:
    code = draw_code(SeededRandom())
    assert code_of(around.format(grouped(code))) == code


def test_wide_letters_are_the_letters_that_they_are() -> None:
    code = draw_code(SeededRandom())
    assert code_of(wide(grouped(code))) == code_of(wide(grouped(code).lower())) == code


@pytest.mark.parametrize("two", ["\u0662", "\u06f2", "\u0968"], ids=ascii)
def test_the_digits_of_every_script_are_the_numbers_that_they_are(two: str) -> None:
    shift = str.maketrans("23456789", "".join(chr(ord(two) + step) for step in range(8)))
    for code in map(draw_code, map(SeededRandom, range(20))):
        assert code_of(grouped(code).translate(shift)) == code


@pytest.mark.parametrize(
    ("letter", "looks_like"),
    [
        ("2", "\u00b2"), ("2", "\u2461"), ("A", "\u0410"), ("A", "\u0391"), ("S", "\u017f"), ("K", "\u212a"), ("A", "A\u0301"), ("FF", "\ufb00"), ("SS", "\u00df"),
    ],
    ids=ascii,
)  # fmt: skip
def test_no_sign_is_taken_for_a_letter_that_it_only_looks_like(letter: str, looks_like: str) -> None:
    code = next(code for code in map(draw_code, map(SeededRandom, range(10_000))) if letter in code)
    assert code_of(code.replace(letter, letter.lower())) == code
    with pytest.raises(BadCode):
        code_of(code.replace(letter, looks_like, 1))


@pytest.mark.parametrize("text", ["", "2222", "2" * 18, "0" * 17, "é" * 17, "." * 17, "\u200b" * 17])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(BadCode):
        code_of(text)


def test_a_signed_link_is_read_back_as_the_claim(key: Ed25519PrivateKey) -> None:
    text = link(PAGE, CLAIM, sign(CLAIM, key))
    assert check(text, PAGE, key.public_key()) == CLAIM


def test_nothing_of_the_claim_reaches_a_server_when_the_page_is_opened(key: Ed25519PrivateKey) -> None:
    parts = urlsplit(link(PAGE, CLAIM, sign(CLAIM, key)))
    assert (parts.scheme, parts.netloc, parts.path, parts.query) == ("https", "consigne.example", "/bon", "")
    assert set(parse_qs(parts.fragment)) == {"c", "k", "a", "d", "u", "s"}


@pytest.mark.parametrize(
    ("said", "changed"),
    [("a=120", "a=1200"), ("k=essai-01", "k=essai-02"), ("d=2026-11-24", "d=2026-11-25"), ("u=2029", "u=2039"), ("&s=", "&t=demo&s=")],
)
def test_a_link_with_any_value_changed_is_refused(key: Ed25519PrivateKey, said: str, changed: str) -> None:
    text = link(PAGE, CLAIM, sign(CLAIM, key))
    assert said in text
    with pytest.raises(BadLink):
        check(text.replace(said, changed), PAGE, key.public_key())


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        ("a=120", "a=0120"), ("a=120", "a=%2B120"), ("a=120", "a=1_20"), ("a=120", "a=%20120"), ("a=120", f"a={wide('120')}"), ("a=120", "a=%31%32%30"),
        ("a=120", "a=7&a=120"), ("d=2026-11-24", "d=20261124"), ("d=2026-11-24", "d=2026-W48-2"), ("u=2029-11-23", "u=20291123"),
        ("c=2222", "c=2222-"), ("c=2222", f"c={wide('2222')}"), ("&k=", "&&k="), ("&k=", "&x=1&k="), ("&k=", ";k="), ("&s=", "&t=no&s="), ("#c=", "# c="),
    ],
)  # fmt: skip
def test_a_link_that_says_the_same_in_another_way_is_refused(key: Ed25519PrivateKey, said: str, otherwise: str) -> None:
    text = link(PAGE, CLAIM, sign(CLAIM, key))
    assert said in text
    with pytest.raises(BadLink):
        check(text.replace(said, otherwise, 1), PAGE, key.public_key())


@pytest.mark.parametrize(
    "page",
    [
        f" {PAGE}", PAGE.upper(), PAGE.replace("https", "HTTPS"), PAGE.replace("https", "http"), f"{PAGE}/", f"{PAGE}?utm_source=mail", f"{PAGE}#", "",
        PAGE.replace("consigne.example", "consigne.example:443"), PAGE.replace("consigne", "c%6Fnsigne"), "https://elsewhere.example/bon",
    ],
)  # fmt: skip
def test_a_link_that_leads_to_the_page_in_another_way_or_elsewhere_is_refused(key: Ed25519PrivateKey, page: str) -> None:
    with pytest.raises(BadLink):
        check(link(page, CLAIM, sign(CLAIM, key)), PAGE, key.public_key())


@pytest.mark.parametrize("around", ["{} ", "{}\n", "{}&utm_source=mail", "{}&fbclid=1", "<{}>"])
def test_a_link_with_anything_more_to_it_is_refused(key: Ed25519PrivateKey, around: str) -> None:
    with pytest.raises(BadLink):
        check(around.format(link(PAGE, CLAIM, sign(CLAIM, key))), PAGE, key.public_key())


def test_a_signature_is_written_in_one_way_only(key: Ed25519PrivateKey) -> None:
    """64 bytes leave four bits of the last letter unused: 16 letters stand for the same signature, and blanks and padding for nothing."""
    signature, text = sign(CLAIM, key), link(PAGE, CLAIM, sign(CLAIM, key))
    spare = ascii_uppercase + ascii_lowercase + digits + "-_"
    tails = [signature[:-1] + letter for letter in spare if letter != signature[-1]]
    for other in (*tails, signature + "==", signature + "=", signature + "\n", signature[:9] + "!" + signature[9:], signature + "A"):
        assert not is_signed(CLAIM, other, key.public_key())
        with pytest.raises(BadLink):
            check(text.replace(signature, other), PAGE, key.public_key())


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        f"{PAGE}#c=1",
        f"{PAGE}#c=x&k=k&a=x&d=x&u=x&s=x",
        f"{PAGE}#c={'2' * 17}&k=k&a=1&d=2026-11-24&u=2026-11-24&s=é",
        f"{PAGE}#c={'2' * 17}&k=\ud800&a=1&d=2026-11-24&u=2026-11-24&s=x",
    ],
)
def test_a_link_that_is_incomplete_or_nonsense_is_refused(key: Ed25519PrivateKey, text: str) -> None:
    with pytest.raises(BadLink):
        check(text, PAGE, key.public_key())


def test_a_link_signed_with_another_key_is_refused(key: Ed25519PrivateKey) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(BadLink):
        check(link(PAGE, CLAIM, sign(CLAIM, other)), PAGE, key.public_key())


def test_the_signed_text_is_this_one(key: Ed25519PrivateKey) -> None:
    text = (
        "consigne voucher 1\nkiosk=essai-01\ncode=22222222222222222\namount=120\n"
        "issued=2026-11-24\nvalid_until=2029-11-23\ndemonstration=no"
    )
    assert is_signed(CLAIM, sign(CLAIM, key), key.public_key())
    key.public_key().verify(_bytes(sign(CLAIM, key)), text.encode())


def _bytes(signature: str) -> bytes:
    return urlsafe_b64decode(signature + "==")


def test_an_issued_voucher_is_the_visits_sum_signed_with_the_key_that_the_generation_names(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(6)
    voucher = kiosk.journal.issue_voucher(visit, Cause.KEPT, kiosk.now())
    assert (voucher.amount, voucher.issued, voucher.valid_until) == (120, date(2026, 11, 24), date(2029, 11, 23))
    with reading(kiosk.path) as connection:
        claim = check(voucher.link, PAGE, keys.public_key(generation(connection).public_key))
        assert [(open_.code, open_.amount) for open_ in open_vouchers(connection)] == [(voucher.code, 120)]
    assert (claim.code, claim.amount, claim.kiosk) == (voucher.code, 120, "essai-01")


def test_a_demonstrations_voucher_says_so_in_its_link_and_under_the_signature(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    public = keys.load(kiosk.path).public_key()
    assert voucher.demonstration
    assert "&t=demo&" in voucher.link
    assert check(voucher.link, PAGE, public).demonstration
    with pytest.raises(BadLink):
        check(voucher.link.replace("&t=demo", ""), PAGE, public)


def test_a_real_ledgers_voucher_says_nothing_of_a_demonstration(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path, beginning=replace(BEGINNING, demonstration=False, controller_id=7))
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    assert not voucher.demonstration
    assert "t=" not in voucher.link
