"""The controller's non-volatile record: whatever byte a write is cut at, the record before or the new one is found."""

import binascii
import itertools
import os
import struct
from pathlib import Path

import pytest

from firmware.store import RECORD_BYTES, SLOT_BYTES, Record, Store, StoreBroken

OLDER = Record((5, 4, 4, 2, 3, 8, 1, 0))
OLD = Record((6, 6, 4, 2, 3, 8, 1, 0))
NEW = Record((6, 6, 6, 2, 4, 8, 1, 0))
FIELDS = ("taken", "sorted", "counted", "back", "totaliser", "boots", "drops_test", "drops_manual")
FACTORY_NEW = (0,) * len(FIELDS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "controller.bin"


def saved(path: Path, *records: Record) -> bytes:
    store = Store(str(path))
    for record in records:
        store.save(record)
    return path.read_bytes()


def found(path: Path) -> tuple[int, ...]:
    return Store(str(path)).record.values()


def changed_span(before: bytes, after: bytes) -> range:
    """The bytes that one write touched."""
    differing = [at for at in range(len(before)) if before[at] != after[at]]
    start = 0 if differing[0] < SLOT_BYTES else SLOT_BYTES
    assert all(start <= at < start + RECORD_BYTES for at in differing)
    return range(start, start + RECORD_BYTES)


def test_a_missing_file_is_a_controller_new_from_the_factory(path: Path) -> None:
    assert found(path) == FACTORY_NEW
    assert not path.exists()


def test_the_newest_record_is_found_again(path: Path) -> None:
    for count in range(1, 6):
        record = Record((count, 0, 0, 0, count, 1, 0, count))
        saved(path, record)
        assert found(path) == record.values()


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_found_again_up_to_its_last_bit(path: Path, field: str) -> None:
    record = Record()
    for value in (1, 0x80000000, 0xFFFFFFFF):
        setattr(record, field, value)
        saved(path, record)
        assert getattr(Store(str(path)).record, field) == value
        assert sum(found(path)) == value, "and no other field"


def test_a_write_changes_one_slot_and_never_the_one_that_holds_the_last_record(path: Path) -> None:
    images = [saved(path, OLDER), saved(path, OLD), saved(path, NEW), saved(path, OLD)]
    spans = [changed_span(before, after).start for before, after in itertools.pairwise(images)]
    assert spans == [0, SLOT_BYTES, 0]


RESTS = ("not written", "zeroed", "erased", "scrambled")
"""What may stand where a cut write did not get to."""


def cut_short(before: bytes, after: bytes, span: range, cut: int, rest: str) -> bytes:
    """The file after a write of ``span`` that a cut ended before its byte ``cut``."""
    tail = {
        "not written": before[cut : span.stop],
        "zeroed": bytes(span.stop - cut),
        "erased": b"\xff" * (span.stop - cut),
        "scrambled": bytes(byte ^ 0x5A for byte in after[cut : span.stop]),
    }[rest]
    return after[:cut] + tail + after[span.stop :]


@pytest.mark.parametrize("history", [(OLD,), (OLDER, OLD)], ids=["second write", "third write"])
@pytest.mark.parametrize("rest", RESTS)
def test_a_cut_at_any_byte_leaves_the_record_before_or_the_new_one(path: Path, history: tuple[Record, ...], rest: str) -> None:
    before = saved(path, *history)
    after = saved(path, NEW)
    span = changed_span(before, after)
    results = set()
    for cut in range(span.start, span.stop + 1):
        path.write_bytes(cut_short(before, after, span, cut, rest))
        result = found(path)
        assert result in (OLD.values(), NEW.values()), cut
        assert (result == NEW.values()) >= (cut == span.stop)
        results.add(result)
        next_one = Record((99, 0, 0, 0, 9, 9, 1, 1))
        saved(path, next_one)
        assert found(path) == next_one.values(), "the write after the cut is kept"
    assert results == {OLD.values(), NEW.values()}


@pytest.mark.parametrize("field", FIELDS)
def test_a_cut_in_a_write_of_any_field_neither_loses_nor_doubles_it(path: Path, field: str) -> None:
    """The totaliser and its shares, too: after a cut it stands where it stood or one higher, and the next step counts from there."""
    new = OLD.copy()
    setattr(new, field, getattr(OLD, field) + 1)
    before = saved(path, OLDER, OLD)
    after = saved(path, new)
    span = changed_span(before, after)
    for rest in RESTS:
        for cut in range(span.start, span.stop + 1):
            path.write_bytes(cut_short(before, after, span, cut, rest))
            store = Store(str(path))
            assert store.record.values() in (OLD.values(), new.values()), cut
            stood = getattr(store.record, field)
            again = store.record.copy()
            setattr(again, field, stood + 1)
            store.save(again)
            assert getattr(Store(str(path)).record, field) == stood + 1


def test_a_cut_at_any_byte_of_the_first_write_leaves_a_new_controller_or_the_record(path: Path) -> None:
    """The first file takes its name only when it is whole, so what a cut leaves is another file, over which the next start writes."""
    whole = saved(path, NEW)
    path.unlink()
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(whole)
    for cut in range(len(whole), -1, -1):
        os.truncate(beside, cut)
        assert found(path) == FACTORY_NEW
        assert not path.exists()
    for cut in (0, 1, SLOT_BYTES, SLOT_BYTES + RECORD_BYTES - 1, len(whole)):
        beside.write_bytes(whole[:cut])
        saved(path, NEW)
        assert found(path) == NEW.values()
        assert not beside.exists()
        path.unlink()


def test_the_second_write_goes_to_the_empty_slot_and_its_cut_leaves_the_first(path: Path) -> None:
    first = saved(path, OLD)
    second = saved(path, NEW)
    span = changed_span(first, second)
    assert not any(first[span.start : span.stop])
    path.write_bytes(second[: span.start] + bytes(RECORD_BYTES) + second[span.stop :])
    assert found(path) == OLD.values()


def test_every_record_is_synced_before_the_write_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().name.encode())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    saved(path, OLD)
    assert synced == [b"controller.bin.new", path.parent.name.encode()]
    synced.clear()
    saved(path, NEW)
    assert synced == [b"controller.bin"]


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xff" * 2 * SLOT_BYTES], ids=["empty", "zeros", "erased"])
def test_a_file_without_a_sound_slot_is_refused_rather_than_begun_at_zero(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreBroken, match=r"controller\.bin"):
        Store(str(path))
    assert path.read_bytes() == content


def test_one_rotten_bit_in_each_slot_is_refused(path: Path) -> None:
    data = bytearray(saved(path, OLD, NEW))
    data[9] ^= 1
    data[SLOT_BYTES + 9] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreBroken):
        Store(str(path))


def test_a_slot_of_another_form_does_not_count(path: Path) -> None:
    body = struct.pack(">10I", 0x434E5331, 9, 1, 1, 1, 1, 1, 1, 1, 1)
    path.write_bytes(body + struct.pack(">I", binascii.crc32(body)))
    with pytest.raises(StoreBroken):
        Store(str(path))


def test_a_file_that_cannot_be_read_is_not_taken_for_a_new_controller(tmp_path: Path) -> None:
    (tmp_path / "not a folder").touch()
    with pytest.raises(NotADirectoryError):
        Store(str(tmp_path / "not a folder" / "controller.bin"))


def test_a_write_that_fails_leaves_the_record_before_for_the_next_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(path))
    store.save(OLD)

    def full(descriptor: int) -> None:
        raise OSError(5, f"input/output error on {descriptor}")

    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="input/output"):
            store.save(NEW)
    assert store.record.values() == OLD.values()
    store.save(OLDER)
    assert found(path) == OLDER.values()
