"""The sounds there are, their files, and how loud they are. They are made by ``make.py``."""

import io
import wave
from array import array
from enum import StrEnum
from pathlib import Path

RATE_HZ = 22050


class Sound(StrEnum):
    """The name of its file."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    HAND = "hand"
    TIME = "time"


def path_of(sound: Sound) -> Path:
    return Path(__file__).parent / f"{sound}.wav"


def at_volume(file: bytes, percent: int) -> bytes:
    """A WAV file of 16 bits a sample, quieter. Per cent of its own loudness, which is heard as the square: half of it is a quarter of the swing."""
    with wave.open(io.BytesIO(file)) as read:
        form, frames = read.getparams(), array("h", read.readframes(read.getnframes()))
    quieter = io.BytesIO()
    with wave.open(quieter, "wb") as written:
        written.setparams(form)
        written.writeframes(array("h", (round(sample * (percent / 100) ** 2) for sample in frames)).tobytes())
    return quieter.getvalue()
