"""What a code stands for, as the thread that judges asks it: staff's own entries, then the list. A list that cannot be read is told once, and a verdict then rests on what is seen and weighed."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from config.clock import Clock
from config.settings import Settings
from config.sqlite import DatabaseUnusable
from config.vocabulary import Gtin
from kiosk.agents import AgentsUnreadable
from kiosk.catalogue.own import read_own
from kiosk.catalogue.unknown import note_unknown
from kiosk.deposit.notes import Note, NoteKind
from recognition.catalogue.entry import Entry
from recognition.catalogue.store import Catalogue

TOGETHER = 8
"""So many codes that nobody knows are written at once, or what there is when a visit is over: a card wears by each write."""


class Products:
    """One thread's. ``note`` hears once of each thing that cannot be read or written, and again when it could be in between."""

    def __init__(self, settings: Settings, clock: Clock, note: Callable[[Note], None]) -> None:
        self._clock = clock
        self._note = note
        self._list = Catalogue(settings.catalogue)
        self._kiosk, self._status = settings.files.kiosk, settings.files.status
        self._own: dict[Gtin, Entry] = {}
        self._own_stamp: tuple[int, int] | None = None
        self._looked_up: tuple[Gtin, Entry | None] | None = None
        self._unknown: Counter[Gtin] = Counter()
        self._told: set[Path] = set()

    def find(self, gtin: Gtin) -> Entry | None:
        found = self._own_entries().get(gtin)
        if found is None:
            found = self._listed(gtin)
        self._looked_up = gtin, found
        return found

    def credited(self, gtin: Gtin | None) -> None:
        """A bottle was: if it is the one that nobody knew when it was judged, the city is to hear of its code."""
        if gtin is not None and self._looked_up == (gtin, None):
            self._unknown[gtin] += 1
            if self._unknown.total() >= TOGETHER:
                self._write()

    def keep(self) -> None:
        """A visit is over: what is not on the disk yet goes there, and a list that was replaced meanwhile takes no more room."""
        self._list.close()
        self._write()

    def _write(self) -> None:
        if not self._unknown:
            return
        try:
            note_unknown(self._status, self._unknown, self._clock.now().day())
        except DatabaseUnusable as error:
            self._tell(self._status, error.detail)
        else:
            self._told.discard(self._status)
        # what could not be written is not hoarded: a code that matters comes again
        self._unknown.clear()

    def _listed(self, gtin: Gtin) -> Entry | None:
        try:
            found = self._list.find(gtin)
        except DatabaseUnusable as error:
            self._tell(error.path, error.detail)
            return None
        self._told.discard(self._list.path)
        return found

    def _own_entries(self) -> dict[Gtin, Entry]:
        """Read anew when the file has changed."""
        try:
            seen = self._kiosk.stat()
            if self._own_stamp != (stamp := (seen.st_ino, seen.st_mtime_ns)):
                self._own, self._own_stamp = read_own(self._kiosk), stamp
        except FileNotFoundError:
            self._own, self._own_stamp = {}, None
        except (AgentsUnreadable, OSError) as error:
            self._tell(self._kiosk, str(error))
        else:
            self._told.discard(self._kiosk)
        return self._own

    def _tell(self, path: Path, detail: str) -> None:
        if path not in self._told:
            self._told.add(path)
            self._note(Note(NoteKind.CATALOGUE_UNREAD, {"path": str(path), "detail": detail}))
