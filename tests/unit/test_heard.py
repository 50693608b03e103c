"""What came instead of an answer, told by its bytes alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.intake.bus import Came
from drivers.intake.heard import what_came
from firmware import registers
from firmware.server import framed

QUESTIONS = {
    "identity": framed(bytes.fromhex("01 04 0020 0007")),
    "read": framed(bytes.fromhex("01 17 0000 0015 0040 0002 04 1234 0056")),
    "command": framed(bytes.fromhex("01 10 0048 0004 08 0001 0000 0000 0007")),
}
ANSWERS = {
    "identity": framed(bytes((1, 4, 14, *range(14)))),
    "read": framed(bytes((1, 23, 42, *range(42)))),
    "command": framed(bytes.fromhex("01 10 0048 0004")),
}
EACH = pytest.mark.parametrize("asked", QUESTIONS)


def at_another_rate(data: bytes) -> bytes:
    """What a receiver makes of 8N1 that is sent half as fast as it listens: each bit twice, start bits where there are none."""
    bits = [bit for byte in data for bit in (0, *((byte >> place) & 1 for place in range(8)), 1)]
    heard, line = [], [bit for bit in bits for _ in range(2)] + [1] * 20
    at = 0
    while at < len(bits) * 2:
        if line[at] == 1:
            at += 1
            continue
        heard.append(sum(line[at + 1 + place] << place for place in range(8)))
        at += 10
    return bytes(heard)


@EACH
def test_no_byte_is_nothing(asked: str) -> None:
    assert what_came(QUESTIONS[asked], b"") == (Came.NOTHING, None)


@EACH
def test_the_question_alone_is_an_echo(asked: str) -> None:
    assert what_came(QUESTIONS[asked], QUESTIONS[asked]) == (Came.ECHO, None)


@EACH
@pytest.mark.parametrize("behind_an_echo", [False, True])
def test_a_frame_of_another_unit_is_told_with_its_number(asked: str, behind_an_echo: bool) -> None:
    other = framed(bytes((7,)) + ANSWERS[asked][1:-2])
    assert what_came(QUESTIONS[asked], (QUESTIONS[asked] if behind_an_echo else b"") + other) == (Came.OTHER_UNIT, 7)


@EACH
def test_one_byte_wrong_lost_or_too_many_anywhere_is_an_answer_that_was_spoiled(asked: str) -> None:
    right = ANSWERS[asked]
    for at in range(len(right)):
        for spoiled in (
            right[:at] + bytes((right[at] ^ 0x10,)) + right[at + 1 :],
            right[:at] + right[at + 1 :],
            right[:at] + b"\xa5" + right[at:],
        ):
            assert what_came(QUESTIONS[asked], spoiled) == (Came.SPOILED, None), (at, spoiled.hex(" "))


@EACH
def test_a_wrong_rate_is_bytes_that_hold_nothing_of_an_answer(asked: str) -> None:
    heard = at_another_rate(ANSWERS[asked])
    assert heard
    assert what_came(QUESTIONS[asked], heard) == (Came.GARBLED, None)


@EACH
def test_swapped_wires_are_bytes_that_hold_nothing_of_an_answer(asked: str) -> None:
    assert what_came(QUESTIONS[asked], bytes(byte ^ 0xFF for byte in ANSWERS[asked])) == (Came.GARBLED, None)


def test_a_right_frame_that_is_no_answer_to_this_is_another() -> None:
    for came in (ANSWERS["command"], framed(bytes((1, 0x97, 2))), 2 * ANSWERS["read"]):
        assert what_came(QUESTIONS["read"], came)[0] is Came.OTHER


@given(st.binary(max_size=300), st.sampled_from(sorted(QUESTIONS)))
def test_whatever_came_has_a_name(heard: bytes, asked: str) -> None:
    came, unit = what_came(QUESTIONS[asked], heard)
    assert (came is Came.NOTHING) == (heard == b"")
    assert (unit is not None) == (came is Came.OTHER_UNIT)


def test_random_bytes_are_nearly_never_taken_for_a_device() -> None:
    chance = random.Random(7)
    came = [what_came(QUESTIONS["read"], chance.randbytes(47))[0] for _ in range(2000)]
    assert came.count(Came.GARBLED) > 1900
    assert came.count(Came.OTHER_UNIT) < 5


@EACH
def test_no_right_answer_begins_as_its_whole_question_so_that_an_echo_is_known_for_sure(asked: str) -> None:
    """An answer says how many bytes follow where the question has the high byte of an address, which is 0; to a command it is shorter."""
    question, answer = QUESTIONS[asked], ANSWERS[asked]
    if asked == "command":
        assert len(answer) < len(question)
    else:
        assert answer[2] != question[2] == 0
    assert max(register.address for register in registers.TABLE) < 256
