"""The loudspeaker's thread: nobody waits for a sound, and none is played that comes too late to mean anything. Plays nothing itself.

A sound that is not heard is no fault of anybody's visit: its trouble is a spell in the log, like those that the runner sees.
"""

import queue
import threading
from collections.abc import Callable

from config.clock import Clock
from drivers.sound.player import Player
from drivers.sound.sounds import Sound
from kiosk.deposit.notes import Note
from kiosk.spells import QUIET_S, SpellBook, StandingTrouble, Stream

STALE_S = 1.0
"""What could not begin for so long, behind another sound or a device that hangs, belongs to something that is over."""


class Speaker(threading.Thread):
    """``play`` may be called from any thread, and never waits."""

    def __init__(self, player: Player, clock: Clock, note: Callable[[Note], None]) -> None:
        super().__init__(name="speaker", daemon=True)
        self._player = player
        self._clock = clock
        self._note = note
        self._book = SpellBook(clock)
        self._inbox: queue.SimpleQueue[tuple[float, Sound] | None] = queue.SimpleQueue()

    def play(self, sound: Sound) -> None:
        self._inbox.put((self._clock.monotonic(), sound))

    def stop(self) -> None:
        self._inbox.put(None)

    def run(self) -> None:
        while True:
            try:
                asked = self._newest()
            except queue.Empty:
                self._tell_what_is_over()
                continue
            if asked is None:
                break
            self.perform(*asked)
        for note in self._book.close():
            self._note(note)

    def perform(self, asked_s: float, sound: Sound) -> None:
        """One sound, unless its moment has passed."""
        if self._clock.monotonic() - asked_s > STALE_S:
            return
        trouble = self._player.play(sound)
        standing = None if trouble is None else StandingTrouble({"fault": trouble.fault.value}, {"said": trouble.said})
        for note in self._book.stands(Stream.SOUND, standing):
            self._note(note)
        self._tell_what_is_over()

    def _newest(self) -> tuple[float, Sound] | None:
        """The last that was asked for: what waits before it is dropped. None at a stop. Raises queue.Empty where nothing comes."""
        asked = self._inbox.get(timeout=QUIET_S)
        while asked is not None:
            try:
                asked = self._inbox.get_nowait()
            except queue.Empty:
                break
        return asked

    def _tell_what_is_over(self) -> None:
        for note in self._book.over():
            self._note(note)
