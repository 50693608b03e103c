"""The loudspeaker's thread: nobody waits for it, nothing late is played, and a trouble is one line in the log when it begins and one when it ends."""

import threading
from queue import SimpleQueue

import pytest

from drivers.sound.player import SoundFault, SoundTrouble
from drivers.sound.sounds import Sound
from kiosk.deposit.notes import TABLE, Note, NoteKind
from kiosk.spells import QUIET_S
from kiosk.workers.speaker import STALE_S, Speaker
from timing import FakeClock, patient

UNPLUGGED = SoundTrouble(SoundFault.FAILED, "write error: No such device")


class Recorder:
    """A loudspeaker that remembers what was played on it."""

    def __init__(self) -> None:
        self.played: list[Sound] = []
        self.trouble: SoundTrouble | None = None

    def play(self, sound: Sound) -> SoundTrouble | None:
        self.played.append(sound)
        return self.trouble


class Slow(Recorder):
    """Each sound lasts until it is told to end."""

    def __init__(self) -> None:
        super().__init__()
        self.began: SimpleQueue[Sound] = SimpleQueue()
        self.ends = threading.Semaphore(0)

    def play(self, sound: Sound) -> SoundTrouble | None:
        super().play(sound)
        self.began.put(sound)
        assert self.ends.acquire(timeout=patient(5))
        return None


@pytest.fixture
def notes() -> list[Note]:
    return []


def test_what_is_asked_for_while_another_sounds_is_not_queued_up(clock: FakeClock, notes: list[Note]) -> None:
    player = Slow()
    speaker = Speaker(player, clock, notes.append)
    speaker.start()
    speaker.play(Sound.ACCEPTED)
    assert player.began.get(timeout=patient(5)) is Sound.ACCEPTED
    for sound in (Sound.ACCEPTED, Sound.REFUSED, Sound.HAND):
        speaker.play(sound)
    player.ends.release()
    assert player.began.get(timeout=patient(5)) is Sound.HAND
    player.ends.release()
    speaker.stop()
    speaker.join(patient(5))
    assert player.played == [Sound.ACCEPTED, Sound.HAND]
    assert notes == []


def test_a_stop_comes_before_what_waits(clock: FakeClock, notes: list[Note]) -> None:
    player = Recorder()
    speaker = Speaker(player, clock, notes.append)
    speaker.play(Sound.ACCEPTED)
    speaker.stop()
    speaker.play(Sound.ACCEPTED)
    speaker.start()
    speaker.join(patient(5))
    assert not speaker.is_alive()
    assert player.played == []


def test_a_sound_that_comes_too_late_is_not_heard(clock: FakeClock, notes: list[Note]) -> None:
    player = Recorder()
    speaker = Speaker(player, clock, notes.append)
    asked_s = clock.monotonic()
    clock.advance(STALE_S + 0.1)
    speaker.perform(asked_s, Sound.HAND)
    assert player.played == []
    speaker.perform(clock.monotonic(), Sound.HAND)
    assert player.played == [Sound.HAND]


def test_a_loudspeaker_that_is_gone_is_told_once_and_so_is_its_return(clock: FakeClock, notes: list[Note]) -> None:
    player = Recorder()
    speaker = Speaker(player, clock, notes.append)

    def hear(trouble: SoundTrouble | None) -> None:
        player.trouble = trouble
        speaker.perform(clock.monotonic(), Sound.ACCEPTED)

    hear(None)
    assert notes == []
    for _ in range(5):
        hear(UNPLUGGED)
        clock.advance(10)
    assert notes == [Note(NoteKind.SOUND_LOST, {"fault": SoundFault.FAILED, "said": UNPLUGGED.said})]
    hear(None)
    clock.advance(QUIET_S)
    hear(None)
    begun, ended = notes
    assert (begun.kind, ended.kind) == (NoteKind.SOUND_LOST, NoteKind.SOUND_BACK)
    assert ended.facts["for_s"] == 50.0
    assert ended.facts["standing"] is False
    assert [set(note.facts) for note in notes] == [set(TABLE[note.kind].fields) for note in notes]


def test_a_trouble_that_stands_at_a_stop_ends_there(clock: FakeClock, notes: list[Note]) -> None:
    player = Recorder()
    player.trouble = SoundTrouble(SoundFault.MISSING)
    speaker = Speaker(player, clock, notes.append)
    speaker.perform(clock.monotonic(), Sound.TIME)
    speaker.stop()
    speaker.run()
    assert [note.kind for note in notes] == [NoteKind.SOUND_LOST, NoteKind.SOUND_BACK]
    assert notes[-1].facts["standing"] is True
