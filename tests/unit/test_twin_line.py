"""What a bad line does to requests and answers, frame by frame."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.twin.actions import Fault, LineFault
from drivers.twin.badline import BadLine


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
    return [[(answer.late_ms, answer.data) for answer in line.carry(bytes((number, 1, 2, 3)), echo.feed)] for number in range(count)]


def test_a_good_line_changes_nothing(echo: Echo) -> None:
    assert carried(BadLine(), echo, 2) == [[(0, b"\x00\x01\x02\x03")], [(0, b"\x01\x01\x02\x03")]]


def test_a_lost_request_is_never_heard(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(Fault.LOSE, 2))
    assert [len(answers) for answers in carried(line, echo, 4)] == [0, 0, 1, 1]
    assert [request[0] for request in echo.heard] == [2, 3]


def test_a_doubled_request_is_heard_and_answered_twice(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(Fault.DOUBLE, 1))
    assert [len(answers) for answers in carried(line, echo, 2)] == [2, 1]
    assert [request[0] for request in echo.heard] == [0, 0, 1]


def test_a_late_answer_comes_as_late_as_was_said(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(Fault.LATE, 2, 350))
    assert [answers[0][0] for answers in carried(line, echo, 3)] == [350, 350, 0]


def test_a_garbled_answer_differs_in_one_bit(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(Fault.GARBLE, 1))
    bad, good = (answers[0][1] for answers in carried(line, echo, 2))
    assert sum((left ^ right).bit_count() for left, right in zip(bad, b"\x00\x01\x02\x03", strict=True)) == 1
    assert good == b"\x01\x01\x02\x03"


def test_the_same_fault_twice_adds_up(echo: Echo) -> None:
    line = BadLine()
    line.act(LineFault(Fault.LOSE, 1))
    line.act(LineFault(Fault.LOSE, 1))
    assert [len(answers) for answers in carried(line, echo, 3)] == [0, 0, 1]


def test_a_request_that_has_no_answer_stays_without_one() -> None:
    line = BadLine()
    line.act(LineFault(Fault.GARBLE, 1))
    assert line.carry(b"noise", lambda _: b"") == []


def test_the_name_of_a_dead_twins_line_leads_nowhere_whoever_gets_its_number(tmp_path: Path) -> None:
    twin = "import sys; from pathlib import Path; from drivers.twin.badline import BadLine; from drivers.twin.line import Line; Line(bytes, int, Path(sys.argv[1]), BadLine()); print(flush=True); input()"
    link = tmp_path / "intake"
    with subprocess.Popen([sys.executable, "-c", twin, link], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        os.close(os.open(link, os.O_RDWR | os.O_NOCTTY))
        running.kill()
    ends = os.openpty()
    with pytest.raises(FileNotFoundError):
        os.open(link, os.O_RDWR | os.O_NOCTTY)
    for end in ends:
        os.close(end)
