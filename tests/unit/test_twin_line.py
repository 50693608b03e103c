"""What a bad line does to requests and answers, frame by frame."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.twin.actions import BadAnswer, LineFault, LineRate, LineRight, Noise
from drivers.twin.badline import BadLine
from firmware import registers
from firmware.server import framed
from worlds.hall import Hall

LENGTH = 4
A_LINE = """
import sys
from pathlib import Path
from drivers.twin.badline import BadLine
from drivers.twin.line import Pty

line = Pty(bytes, int, Path(sys.argv[1]), BadLine())
print(flush=True)
input()
"""


class Echo:
    """Answers each request with itself, and remembers how often it was asked."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def feed(self, request: bytes) -> bytes:
        self.heard.append(request)
        return request


@pytest.fixture
def echo() -> Echo:
    return Echo()


def carried(line: BadLine, echo: Echo, count: int) -> list[list[tuple[int, bytes]]]:
    return [[(answer.late_ms, answer.data) for answer in line.carry(bytes((number % 256, 1, 2, 3)), echo.feed)] for number in range(count)]


def test_a_good_line_changes_nothing(echo: Echo) -> None:
    assert carried(BadLine(), echo, 2) == [[(0, b"\x00\x01\x02\x03")], [(0, b"\x01\x01\x02\x03")]]


def test_a_lost_request_is_never_heard(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.LOSE, 2))
    assert [len(answers) for answers in carried(line, echo, 4)] == [0, 0, 1, 1]
    assert [request[0] for request in echo.heard] == [2, 3]


def test_a_doubled_request_is_heard_and_answered_twice(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.DOUBLE, 1))
    assert [len(answers) for answers in carried(line, echo, 2)] == [2, 1]
    assert [request[0] for request in echo.heard] == [0, 0, 1]


def test_a_late_answer_comes_as_late_as_was_said(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.LATE, 2, 350))
    assert [answers[0][0] for answers in carried(line, echo, 3)] == [350, 350, 0]


def test_a_garbled_answer_differs_in_one_bit(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.GARBLE, 1))
    bad, good = (answers[0][1] for answers in carried(line, echo, 2))
    assert sum((left ^ right).bit_count() for left, right in zip(bad, b"\x00\x01\x02\x03", strict=True)) == 1
    assert good == b"\x01\x01\x02\x03"


@pytest.mark.parametrize(("fault", "length"), [(BadAnswer.DROP, LENGTH - 1), (BadAnswer.TWICE, LENGTH + 1), (BadAnswer.SHORT, LENGTH // 2)])
def test_an_answer_loses_a_byte_or_has_one_twice_or_is_cut_short(echo: Echo, fault: BadAnswer, length: int) -> None:
    line = BadLine()
    line.act(LineFault(fault, 2))
    answers = [data for ((_, data),) in carried(line, echo, 3)]
    assert [len(data) for data in answers] == [length, length, LENGTH]
    assert all(set(data) <= {number, 1, 2, 3} for number, data in enumerate(answers))


def test_a_request_whose_answer_is_lost_is_heard(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.MUTE, 1))
    assert [len(answers) for answers in carried(line, echo, 2)] == [0, 1]
    assert len(echo.heard) == 2


def test_the_same_fault_twice_adds_up(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.LOSE, 1))
    line.act(LineFault(BadAnswer.LOSE, 1))
    assert [len(answers) for answers in carried(line, echo, 3)] == [0, 0, 1]


def test_several_faults_meet_one_answer(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.LATE, 1, 100))
    line.act(LineFault(BadAnswer.SHORT, 1))
    assert carried(line, echo, 2) == [[(100, b"\x00\x01")], [(0, b"\x01\x01\x02\x03")]]


@pytest.mark.parametrize("fault", BadAnswer)
def test_a_rate_meets_its_share_of_all_until_it_ends(echo: Echo, fault: BadAnswer) -> None:
    line = BadLine(seed=7)
    line.act(LineRate(fault, 100, 50 if fault is BadAnswer.LATE else 0))
    good = [[(0, bytes((number % 256, 1, 2, 3)))] for number in range(2000)]
    bad = sum(now != right for now, right in zip(carried(line, echo, 2000), good, strict=True))
    assert 140 < bad < 260
    line.act(LineRate(fault, 0))
    assert carried(line, echo, 200) == good[:200]


def test_noise_hits_the_bytes_of_both_ways_and_never_ends_by_itself(echo: Echo) -> None:
    line = BadLine(seed=7)
    line.act(Noise(20))
    for half in range(2):
        echo.heard.clear()
        answers = carried(line, echo, 1000)
        asked = sum(heard != bytes((number % 256, 1, 2, 3)) for number, heard in enumerate(echo.heard))
        answered = sum(data != heard for ((_, data),), heard in zip(answers, echo.heard, strict=True))
        assert 40 < asked < 120, half
        assert 40 < answered < 120, half


def test_a_line_that_is_right_again_brings_everything(echo: Echo) -> None:
    line = BadLine()
    for action in (LineFault(BadAnswer.LOSE, 1000), LineRate(BadAnswer.DOUBLE, 1000), Noise(1000), LineRight()):
        line.act(action)
    assert carried(line, echo, 50) == carried(BadLine(), echo, 50)


def test_the_same_seed_gives_the_same_luck_and_another_another() -> None:
    told = []
    for seed in (1, 1, 2):
        line = BadLine(seed)
        line.act(Noise(50))
        line.act(LineRate(BadAnswer.GARBLE, 200))
        told.append(carried(line, Echo(), 300))
    assert told[0] == told[1] != told[2]


def test_what_noise_leaves_of_a_command_is_never_taken_for_another(tmp_path: Path) -> None:
    """The firmware's own server behind a line on which every third frame is hit: what is taken is what was sent, and once."""
    hall = Hall(tmp_path)
    hall.rest()
    line = BadLine(seed=3)
    line.act(Noise(40))
    line.act(LineRate(BadAnswer.DOUBLE, 100))
    taken: list[int] = []
    for sequence in range(1, 400):
        words = registers.pack("command", registers.CMD_RETURN) + registers.pack("argument", 0) + registers.pack("sequence", sequence)
        body = bytes((registers.UNIT, 16, 0, registers.COMMAND_START, 0, 4, 8)) + b"".join(word.to_bytes(2, "big") for word in words)
        line.carry(framed(body), hall.machine.feed)
        if not taken or hall.record.taken != taken[-1]:
            taken.append(hall.record.taken)
        hall.rest()
    assert taken == sorted(set(taken))
    assert 150 < len(taken) < 399
    assert hall.record.values()[4:] == (0, 1, 0, 0)


def test_a_request_that_has_no_answer_stays_without_one() -> None:
    line = BadLine()
    line.act(LineFault(BadAnswer.GARBLE, 1))
    assert line.carry(b"noise", lambda _: b"") == []


def test_the_name_of_a_dead_twins_line_leads_nowhere_whoever_gets_its_number(tmp_path: Path) -> None:
    link = tmp_path / "intake"
    with subprocess.Popen([sys.executable, "-c", A_LINE, link], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        os.close(os.open(link, os.O_RDWR | os.O_NOCTTY))
        running.kill()
    ends = os.openpty()
    with pytest.raises(FileNotFoundError):
        os.open(link, os.O_RDWR | os.O_NOCTTY)
    for end in ends:
        os.close(end)
