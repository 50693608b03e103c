"""Makes the four sounds, always the same: small WAV files beside this one.

    python -m drivers.sound.make      writes them anew

A test holds the files against what this makes. They differ in rhythm and direction before they differ in pitch, so that a cheap loudspeaker in a
loud hall, and whoever hears no high notes, tell them apart: one that rises is good, one that falls is bad, three quick ones are a warning, two
slow ones are a clock. The notes lie between 350 and 1,400 Hz, where old ears and small loudspeakers still are good.
"""

import io
import math
import struct
import wave
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.sound.sounds import RATE_HZ, Sound, path_of

LOUDNESS = 0.8
"""Of full scale: what a note's overtones add must not be cut off."""

RISE_S, FALL_S = 0.005, 0.04
"""Without them a note begins and ends with a click."""


@dataclass(frozen=True, slots=True)
class Note:
    """``hz`` 0 is a pause."""

    hz: float
    lasts_s: float


NOTES: dict[Sound, tuple[Note, ...]] = {
    # a major third and a fifth upwards
    Sound.ACCEPTED: (Note(659.3, 0.09), Note(987.8, 0.2)),
    # downwards, low, and longer
    Sound.REFUSED: (Note(440.0, 0.16), Note(0, 0.03), Note(349.2, 0.3)),
    Sound.HAND: (Note(1318.5, 0.09), Note(0, 0.05), Note(1318.5, 0.09), Note(0, 0.05), Note(1318.5, 0.14)),
    Sound.TIME: (Note(784.0, 0.12), Note(0, 0.22), Note(784.0, 0.12)),
}


def samples(notes: Sequence[Note]) -> list[int]:
    """Sixteen bits a sample. A note has a third of its octave in it, so that it is heard on a loudspeaker without depth."""
    made: list[int] = []
    for note in notes:
        count = round(note.lasts_s * RATE_HZ)
        for at in range(count):
            angle = 2 * math.pi * note.hz * at / RATE_HZ
            swell = min(1.0, at / (RISE_S * RATE_HZ), (count - at) / (FALL_S * RATE_HZ))
            made.append(round(32767 * LOUDNESS * swell * (0.75 * math.sin(angle) + 0.25 * math.sin(2 * angle))))
    return made


def file_of(sound: Sound) -> bytes:
    """The whole WAV file of a sound."""
    made = samples(NOTES[sound])
    file = io.BytesIO()
    with wave.open(file, "wb") as into:
        into.setnchannels(1)
        into.setsampwidth(2)
        into.setframerate(RATE_HZ)
        into.writeframes(struct.pack(f"<{len(made)}h", *made))
    return file.getvalue()


if __name__ == "__main__":
    for one in Sound:
        path_of(one).write_bytes(file_of(one))
