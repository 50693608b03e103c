"""Malformed answers by the hundred, from a seed, on a real pseudo-terminal: the driver refuses each in its time, and believes the next right one."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from drivers.intake.bus import BusError, HotBlock, NoAnswer, PortGone
from drivers.intake.modbus import DRAIN_WINDOWS, ModbusBus
from firmware import registers
from timing import patient
from wires.pty_end import PtyEnd
from wires.slave import HOT, VALUES, Chatter, Reaction, Request, Slave, answer, framed, words

TIMEOUT_S = 0.02
STATED_S = (2 + DRAIN_WINDOWS) * TIMEOUT_S
"""The answer's first and last byte may each take a time-out, and so may every window in which the line is heard out."""
BUSY_S = patient(2.0)
"""What a busy machine may add; a driver that hangs takes longer."""
TRIES = 200
"""Questions until a right answer must have been believed: on a busy machine even one of those may come too late."""


class Talk:
    """Answers each question with the totaliser it stands at, after ``malformed`` has had its way with the next one."""

    def __init__(self, slave: Slave) -> None:
        self._slave = slave
        self.totaliser = 0

    def right(self, request: Request) -> bytes:
        found = words(VALUES | {"nonce": request.nonce, "totaliser": self.totaliser}, registers.HOT_START, registers.HOT_COUNT)
        return answer(23, found)

    def answer_next(self, reaction: Reaction) -> None:
        self._slave.next.clear()
        self._slave.next.append(reaction)

    @property
    def hot(self) -> HotBlock:
        return replace(HOT, totaliser=self.totaliser)


Malformed = Callable[[random.Random, bytes, Request], bytes]


def random_bytes(chance: random.Random, right: bytes, request: Request) -> bytes:
    return chance.randbytes(chance.randrange(1, 60))


def random_after_the_head(chance: random.Random, right: bytes, request: Request) -> bytes:
    return right[:2] + chance.randbytes(chance.randrange(0, 60))


def flipped_bits(chance: random.Random, right: bytes, request: Request) -> bytes:
    found = bytearray(right)
    for bit in chance.sample(range(8 * len(right)), chance.randrange(1, 4)):
        found[bit // 8] ^= 1 << bit % 8
    return bytes(found)


def cut_off(chance: random.Random, right: bytes, request: Request) -> bytes:
    return right[: chance.randrange(len(right))]


def noise_before(chance: random.Random, right: bytes, request: Request) -> bytes:
    return chance.randbytes(chance.randrange(1, 20)) + right


def wrong_count(chance: random.Random, right: bytes, request: Request) -> bytes:
    count = chance.choice([n for n in range(126) if n != registers.HOT_COUNT])
    return answer(23, [chance.randrange(0x10000) for _ in range(count)])


def wrong_byte_count(chance: random.Random, right: bytes, request: Request) -> bytes:
    return framed(right[:2] + bytes((chance.randrange(256),)) + right[3:-2])


def wrong_nonce(chance: random.Random, right: bytes, request: Request) -> bytes:
    return answer(23, request.hot(nonce=request.nonce ^ chance.randrange(1, 0x10000)))


def another_function(chance: random.Random, right: bytes, request: Request) -> bytes:
    return framed(bytes((registers.UNIT, chance.choice([n for n in range(256) if n != 23]))) + right[2:-2])


def another_unit(chance: random.Random, right: bytes, request: Request) -> bytes:
    return framed(bytes((chance.choice([n for n in range(256) if n != registers.UNIT]),)) + right[1:-2])


def exception(chance: random.Random, right: bytes, request: Request) -> bytes:
    return framed(bytes((registers.UNIT, 0x80 | chance.choice((23, 23, 4, 0)), chance.randrange(256))))


def value_out_of_range(chance: random.Random, right: bytes, request: Request) -> bytes:
    found = request.hot()
    name = chance.choice(["state", "fault", "sensors", "weight_g", "answer", "cause", "bin_1_percent"])
    found[registers.BY_NAME[name].address] = chance.randrange(registers.BY_NAME[name].high + 1, 0x10000)
    return answer(23, found)


def nothing(chance: random.Random, right: bytes, request: Request) -> bytes:
    return b""


REFUSED: tuple[Malformed, ...] = (
    random_bytes,
    random_after_the_head,
    flipped_bits,
    cut_off,
    wrong_count,
    wrong_nonce,
    another_function,
    another_unit,
    exception,
    value_out_of_range,
    nothing,
)


def doubled(chance: random.Random, right: bytes, request: Request) -> bytes:
    return 2 * right


def noise_after(chance: random.Random, right: bytes, request: Request) -> bytes:
    return right + chance.randbytes(chance.randrange(1, 40))


HARMLESS_IF_BELIEVED: tuple[Malformed, ...] = (doubled, noise_after, noise_before, wrong_byte_count)
"""A right answer is in it, so that it may be found there; anything else may not."""


@dataclass
class Bench:
    bus: ModbusBus
    talk: Talk
    chatter: Chatter

    def ask(self) -> HotBlock | BusError:
        """One question, in its time; a port that was given up is opened again, as ``Intake`` does it."""
        began = time.monotonic()
        try:
            return self.bus.read(0)
        except NoAnswer as error:
            return error
        except PortGone as error:
            self.bus.open()
            return error
        finally:
            assert time.monotonic() - began < STATED_S + BUSY_S

    def next_right_answer(self) -> HotBlock:
        for _ in range(TRIES):
            self.talk.answer_next(self.talk.right)
            found = self.ask()
            if isinstance(found, HotBlock):
                return found
        pytest.fail(f"no right answer was believed in {TRIES} questions")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    slave, chatter = Slave(), Chatter()
    with PtyEnd(tmp_path / "intake", slave.feed, chatter.tick) as chatter.end:
        bus = ModbusBus(chatter.end.port, TIMEOUT_S)
        bus.open()
        yield Bench(bus, Talk(slave), chatter)
        bus.close()


MANY = [pytest.param(3, id="a few"), pytest.param(500 // (len(REFUSED) + len(HARMLESS_IF_BELIEVED)) + 1, id="500", marks=pytest.mark.long)]


@pytest.mark.parametrize("of_each", MANY)
def test_a_malformed_answer_is_refused_in_its_time_and_the_next_right_one_believed(bench: Bench, of_each: int) -> None:
    kinds = [kind for kind in REFUSED + HARMLESS_IF_BELIEVED for _ in range(of_each)]
    random.Random(15).shuffle(kinds)
    for number, kind in enumerate(kinds):
        chance = random.Random(number)
        bench.talk.totaliser = number
        bench.talk.answer_next(lambda request, kind=kind, chance=chance: kind(chance, bench.talk.right(request), request))  # type: ignore[misc]

        found = bench.ask()

        where = f"{kind.__name__}, seed {number}"
        if kind in REFUSED:
            assert isinstance(found, BusError), where
        assert isinstance(found, BusError) or found == bench.talk.hot, where
        assert bench.next_right_answer() == bench.talk.hot, where


@pytest.mark.parametrize("babble", [pytest.param(3, id="a few"), pytest.param(30, id="30", marks=pytest.mark.long)])
def test_a_line_that_babbles_is_heard_out_or_given_up_and_believed_again_when_it_is_quiet(bench: Bench, babble: int) -> None:
    chance = random.Random(15)
    for number in range(babble):
        bench.talk.totaliser = number

        def babbles(request: Request) -> bytes:
            bench.chatter.left = chance.randrange(5, 150)
            return chance.randbytes(chance.randrange(0, 10))

        bench.talk.answer_next(babbles)
        assert isinstance(bench.ask(), BusError)
        assert bench.next_right_answer() == bench.talk.hot
