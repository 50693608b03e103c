"""The hostile relay itself: it does what it says, the same for the same seed, and passes a calm line's frames on as they are."""

import os
import random
import select
import tty
from pathlib import Path

import pytest

from wires.relay import TROUBLES, Relay, Way, is_command

READING, SORT = bytes((1, 23, 0, 0)), bytes((1, 16, 0, 72))


class Always(random.Random):
    """Whatever comes meets this trouble; of old frames a command comes again."""

    def __init__(self, trouble: str) -> None:
        super().__init__(1)
        self._trouble = trouble

    def random(self) -> float:
        return 0.0

    def choice(self, seq):  # type: ignore[no-untyped-def]
        return self._trouble if seq is TROUBLES else seq[0]


def carried(trouble: str, *frames: bytes) -> list[bytes]:
    """What goes on of these, by the time at which it does; the first is let through as it is."""
    way = Way(Always(trouble))
    out = list(way.carry(frames[0]))
    way.share = 1.0
    for at, frame in enumerate(frames[1:-1], 1):
        out += [(at + late_s, data) for late_s, data in way.carry(frame)]
    way.share = 0.0 if trouble in ("swap", "merge") else 1.0
    out += [(len(frames) + late_s, data) for late_s, data in way.carry(frames[-1])]
    return [data for _, data in sorted(out, key=lambda each: each[0])]


def test_each_trouble_does_to_a_frame_what_its_name_says() -> None:
    assert carried("drop", b"aa", b"bb") == [b"aa"]
    assert carried("double", b"aa", b"bb") == [b"aa", b"bb", b"bb"]
    assert carried("delay", b"aa", b"bb") == [b"aa", b"bb"]
    assert carried("swap", b"aa", b"bb", b"cc") == [b"aa", b"cc", b"bb"]
    assert carried("merge", b"aa", b"bb", b"cc") == [b"aa", b"bbcc"]
    assert carried("replay", SORT, READING) == [SORT, SORT, READING]
    (_, short) = carried("truncate", b"aa", b"bbbb")
    assert b"bbbb".startswith(short)
    assert 0 < len(short) < 4


def test_a_frame_that_orders_something_is_known_from_one_that_asks() -> None:
    assert [is_command(frame) for frame in (SORT, READING, b"", b"\x01")] == [True, False, False, False]


def test_the_same_seed_brings_the_same_troubles() -> None:
    def happened(seed: int) -> list[object]:
        way = Way(random.Random(seed))
        way.share = 0.5
        return [way.carry(bytes((number, 23, number))) for number in range(50)]

    assert happened(3) == happened(3)
    assert happened(3) != happened(4)


def heard(end: int, count: int) -> bytes:
    data = b""
    while len(data) < count:
        if not select.select([end], [], [], 10)[0]:
            pytest.fail(f"heard only {data!r}")
        data += os.read(end, 4096)
    return data


def test_a_calm_relay_passes_frames_both_ways(tmp_path: Path) -> None:
    far, beyond = os.openpty()
    tty.setraw(beyond)
    with Relay(tmp_path / "port", Path(os.ttyname(beyond)), seed=1) as relay:
        near = os.open(tmp_path / "port", os.O_RDWR | os.O_NOCTTY)
        os.write(near, b"question")
        assert heard(far, 8) == b"question"
        os.write(far, b"answer")
        assert heard(near, 6) == b"answer"
        os.close(near)
    os.close(far)
    os.close(beyond)
    assert relay.happened()["frames"] == 2
