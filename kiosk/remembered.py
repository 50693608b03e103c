"""What verdicts remember of the bottles that were credited here, in ``kiosk.db``: code, material, weight, and which came in one visit. No time, no sum, nothing of a person.

Written once a visit, or every ``TOGETHER`` bottles: a card wears by each write, and a power cut costs at most so many bottles' memory, never money. Bounded: beyond ``KEPT`` the oldest go. Erased, a kiosk learns anew.
"""

from collections.abc import Callable
from pathlib import Path

from config.vocabulary import Gtin, Material
from kiosk.agents import AgentsUnreadable, opened
from kiosk.deposit.notes import Note, NoteKind
from recognition.history import History, Passed
from recognition.policy import Learning
from recognition.verdict import Learnt, Taken

SCHEMA = """
CREATE TABLE IF NOT EXISTS passed (n INTEGER PRIMARY KEY, gtin TEXT, material TEXT NOT NULL, weight_g INTEGER NOT NULL, visit TEXT NOT NULL);
"""

KEPT = 20_000
"""Some 1 MB."""

TOGETHER = 8


def read_passed(path: Path) -> tuple[Passed, ...]:
    """The oldest first. Raises AgentsUnreadable."""
    if not path.exists():
        return ()
    with opened(path, SCHEMA) as db:
        rows = db.execute("SELECT gtin, material, weight_g, visit FROM passed ORDER BY n").fetchall()
    return tuple(
        Passed(None if gtin is None else Gtin(gtin), Material(material), weight_g, visit)
        for gtin, material, weight_g, visit in rows
        if material in list(Material)
    )


def keep_passed(path: Path, passed: list[Passed]) -> None:
    """On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        rows = [(one.gtin, one.material.value, one.weight_g, one.visit) for one in passed]
        db.executemany("INSERT INTO passed VALUES (NULL, ?, ?, ?, ?)", rows)
        db.execute("DELETE FROM passed WHERE n <= (SELECT max(n) FROM passed) - ?", (KEPT,))


class Remembered:
    """One thread's: whoever judges. ``note``: hears once that it cannot be read or written; then a kiosk remembers what it can."""

    def __init__(self, path: Path, note: Callable[[Note], None]) -> None:
        self._path = path
        self._note = note
        self._history: History | None = None
        self._unkept: list[Passed] = []
        self._told = False

    def before(self, visit: str | None) -> tuple[Taken, ...]:
        return self._known().before(visit)

    def learnt(self, gtin: Gtin, rules: Learning) -> Learnt | None:
        return self._known().learnt(gtin, rules)

    def add(self, one: Passed) -> None:
        self._known().add(one)
        if len(self._unkept) >= TOGETHER or (self._unkept and self._unkept[-1].visit != one.visit):
            self.keep()
        self._unkept.append(one)

    def keep(self) -> None:
        """What is not on the disk yet goes there."""
        if not self._unkept:
            return
        try:
            keep_passed(self._path, self._unkept)
        except AgentsUnreadable as error:
            self._tell(error)
            # the latest are worth most once it can be written again
            self._unkept = self._unkept[-KEPT:]
        else:
            self._unkept, self._told = [], False

    def _known(self) -> History:
        if self._history is None:
            try:
                self._history = History(read_passed(self._path))
            except AgentsUnreadable as error:
                self._tell(error)
                self._history = History()
        return self._history

    def _tell(self, error: AgentsUnreadable) -> None:
        if not self._told:
            self._told = True
            self._note(Note(NoteKind.NOT_REMEMBERED, {"detail": error.detail}))
