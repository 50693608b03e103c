"""Text that somebody else wrote reaches a terminal as what it is, and steers nothing there."""

import io
import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.terminal import console
from config.printable import OUT, json_line, printable
from config.vocabulary import Cents
from kiosk.words.catalogue import Words
from kiosk.words.errors import explain
from ledger.vocabulary import NoLedger

UNSEEN = [chr(number) for number in range(sys.maxunicode + 1) if unicodedata.category(chr(number)) in OUT]

STEERING = [
    "\x1b[2J",
    "\x9b31m",
    "\x07",
    "\r",
    "\n",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u2068",
    "\u200f",
    "\u2028",
    "\u2029",
    "\x85",
    "\ufeff",
    "\udce9",
]


def unseen(text: str) -> set[str]:
    return {sign for sign in text if unicodedata.category(sign) in OUT}


@pytest.mark.parametrize(
    "signs", [pytest.param(UNSEEN[::97] + STEERING, id="one in 97"), pytest.param(UNSEEN, id="all", marks=pytest.mark.long)]
)
def test_every_sign_that_is_not_seen_is_written_out_in_ascii(signs: list[str]) -> None:
    written = {sign: printable(sign) for sign in signs}
    assert all(one.isascii() and one.isprintable() and one.startswith("\\") for one in written.values())
    assert len(set(written.values())) == len(written)


@given(st.text())
def test_what_is_written_out_holds_nothing_that_steers_and_loses_nothing_that_is_seen(text: str) -> None:
    written = printable(text)
    assert unseen(written) == set()
    assert len(written) >= len(text)
    assert text.isascii() or not text.isprintable() or written == text


@pytest.mark.parametrize("text", ["0,20\u00a0€", "n°\u202f12", "Ağrı", "قنينة", "é", "[red]", "日本", "🍾"])
def test_what_people_read_stays_as_it_is(text: str) -> None:
    assert printable(text) == text
    assert json.loads(json_line(text)) == text


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_is_one_line_that_steers_nothing_and_is_read_back_the_same(value: object) -> None:
    line = json_line(value)
    assert unseen(line) == set()
    assert json.loads(line) == value


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("steering", STEERING, ids=ascii)
def test_a_fact_in_a_sentence_cannot_steer_the_terminal_or_forge_a_line(language: str, steering: str) -> None:
    words = Words(language)
    whole = explain(NoLedger(f"a{steering}b"), words)
    assert unseen(whole) == set()
    assert printable(steering) in whole
    assert unseen(words.text("sync.unreachable", detail=steering)) == set()
    assert unseen(words.text("ledger.archived", path=Path(f"a{steering}b"))) == set()


def test_an_arabic_sentence_keeps_the_marks_of_its_own_values_and_no_others() -> None:
    words = Words("ar")
    assert unseen(words.text("sync.unreachable", detail="a\x1b\u202eb\nc")) == set()
    assert "\\" not in words.text("voucher.title", sum=words.amount(Cents(20)))
    assert "\\u202e" in words.text("voucher.title", sum="\u202e")


@pytest.mark.parametrize("text", ["[red]x[/red]", "[/]", ":boom:", "[link=https://consigne.example]x[/link]"])
def test_what_looks_like_markup_is_printed_as_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", seen := io.StringIO())
    console().print(text)
    assert seen.getvalue() == text + "\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://admin:geheim@10.0.0.5/stream", "http://admin:***@10.0.0.5/stream"),
        ("the camera rtsp://admin:ge:heim@10.0.0.5:554/ is gone", "the camera rtsp://admin:***@10.0.0.5:554/ is gone"),
        ("https://:geheim@consigne.example", "https://:***@consigne.example"),
        ("https://consigne.example:8460/a@b", "https://consigne.example:8460/a@b"),
        ("https://consigne.example/bon#a=020", "https://consigne.example/bon#a=020"),
        ("2026-11-24 10:20, agent@mairie", "2026-11-24 10:20, agent@mairie"),
    ],
)
def test_the_password_in_an_address_is_told_to_nobody(text: str, told: str) -> None:
    assert printable(text) == told
    assert told in Words("en").text("error.system", detail=text)
