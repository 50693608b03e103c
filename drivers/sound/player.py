"""Plays a sound on an ALSA device, by ``aplay`` in a process of its own: what hangs in a driver hangs there, and is ended by its time."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.sound.sounds import Sound, at_volume, path_of

ENDS_S = 3.0
"""The longest sound has half a second; a device that takes none of it for so long takes none at all."""

SAID_AT_MOST = 200


class SoundFault(StrEnum):
    """``missing``: aplay is not installed. ``failed``: there is no such device, it is another's, or it was unplugged while it played.
    ``hangs``: it took nothing in time.
    """

    MISSING = "missing"
    FAILED = "failed"
    HANGS = "hangs"


@dataclass(frozen=True, slots=True)
class SoundTrouble:
    """Why nothing was heard. ``said``: what aplay told last."""

    fault: SoundFault
    said: str = ""


class Player(Protocol):
    def play(self, sound: Sound) -> SoundTrouble | None:
        """Returns once it was heard, or with what was in the way."""


class Aplay:
    """``device`` is ALSA's name of it, ``default`` or one that ``aplay -L`` lists. ``volume_percent`` from 1 to 100."""

    def __init__(self, device: str, volume_percent: int, *, ends_s: float = ENDS_S) -> None:
        self._device = device
        self._ends_s = ends_s
        self._files: Mapping[Sound, bytes] = {sound: at_volume(path_of(sound).read_bytes(), volume_percent) for sound in Sound}

    def play(self, sound: Sound) -> SoundTrouble | None:
        command = ["aplay", "--quiet", f"--device={self._device}", "-"]
        try:
            told = subprocess.run(
                command,
                input=self._files[sound],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C"},
                timeout=self._ends_s,
                check=False,
            )
        except FileNotFoundError:
            return SoundTrouble(SoundFault.MISSING)
        except subprocess.TimeoutExpired:
            # run has ended it
            return SoundTrouble(SoundFault.HANGS)
        except OSError as error:
            return SoundTrouble(SoundFault.FAILED, str(error))
        if told.returncode == 0:
            return None
        lines = told.stderr.decode(errors="replace").strip().splitlines()
        return SoundTrouble(SoundFault.FAILED, lines[-1][:SAID_AT_MOST] if lines else f"aplay ended with {told.returncode}")
