"""What ``consigne ledger verify`` sees of a ledger that somebody tampered with: from the file alone, by what lies beside it, by an anchor kept elsewhere.

python tests/what_verify_sees.py    prints the table of ledger/README.md, each line tried on a real ledger
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ledger import keys
from ledger.beside import Anchor, Witness, ask, mark_path
from ledger.database import reading
from ledger.sync.acknowledged import Acknowledged
from ledger.verify import verify
from ledger.views import entries, head
from ledger.vocabulary import Cause
from money.ledgers import BEGINNING, Kiosk, SeededRandom, cut, rewrite, tamper

KIOSK = BEGINNING.kiosk


@dataclass(frozen=True)
class Scene:
    """A ledger that succeeded another: its first visits are acknowledged by the city and anchored at row ``known``, its last one is not."""

    path: Path
    known: int
    anchor: Anchor
    before: Path
    earlier: Path
    """The ledger before it, and a copy of it as it was a visit earlier than ``known``."""


def scene(folder: Path) -> Scene:
    """``folder`` must be empty; what is to be tampered with lies in ``folder / 'kiosk'``."""
    home = folder / "kiosk"
    home.mkdir()
    with closing(Kiosk(home)) as kiosk:
        visit(kiosk)
        mark(kiosk.path)
        begun = kiosk.succeed(totaliser=102)
        assert begun.archive is not None
        kiosk.journal = kiosk.open()
        visit(kiosk)
        kiosk.journal.close()
        earlier = Path(shutil.copy(kiosk.path, folder / "earlier.db"))
        kiosk.journal = kiosk.open()
        visit(kiosk)
        known = mark(kiosk.path)
        visit(kiosk)
    return Scene(kiosk.path, known.row, known, begun.archive, earlier)


def visit(kiosk: Kiosk) -> None:
    kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.TIMED_OUT, kiosk.now())


def mark(path: Path) -> Anchor:
    """The city acknowledges all that is there."""
    with reading(path) as connection:
        newest, (first, *_) = head(connection), entries(connection, limit=1)
    with Acknowledged(mark_path(path)) as state:
        state.acknowledge(first.hash, newest.row, newest.hash, first.booked)
    return Anchor(newest.row, newest.hash)


def later(row: int) -> Callable[[Scene], None]:
    """Another time in a row, ``row`` after what is known, and fresh hashes from there to the end."""
    return lambda it: rewrite(it.path, lambda entry: entry._replace(occurred="2026-11-24T23:59:59.000Z"), it.known + row)


def another(it: Scene, seed: int, kiosk: str, *, with_all: bool) -> None:
    """Another kiosk's ledger in the place of this one, with its key and mark or without."""
    folder = it.path.parent.parent / "other"
    folder.mkdir()
    with closing(Kiosk(folder, beginning=replace(BEGINNING, kiosk=kiosk), random=SeededRandom(seed))) as other:
        visit(other)
        visit(other)
    if with_all:
        mark(other.path)
        mark_path(other.path).replace(mark_path(it.path))
        keys.key_path(other.path).replace(keys.key_path(it.path))
    other.path.replace(it.path)


def sql(*statements: str) -> Callable[[Scene], None]:
    return lambda it: tamper(it.path, *statements, dropping=not any("TRIGGER" in statement for statement in statements))


DEEDS: dict[str, Callable[[Scene], object]] = {
    "a value in a row is changed": sql("UPDATE entry SET body = replace(body, '\"amount\":20', '\"amount\":40') WHERE row = 4"),
    "a posting is changed": sql("UPDATE posting SET cents = cents * 2 WHERE row = 4"),
    "a row is taken out of the middle": sql("DELETE FROM posting WHERE row = 4", "DELETE FROM entry WHERE row = 4"),
    "a table is emptied": sql("DELETE FROM posting", "DELETE FROM entry"),
    "a trigger is taken off": sql("DROP TRIGGER entry_stays"),
    "a table, view or column is added": sql("CREATE VIEW more AS SELECT 1", "ALTER TABLE posting ADD COLUMN note TEXT"),
    "a row and all hashes after it are rewritten": later(-2),
    "the end is cut off": lambda it: cut(it.path, it.known - 1),
    "an older copy": lambda it: shutil.copy(it.earlier, it.path),
    "the ledger before this one, under its name": lambda it: shutil.copy(it.before, it.path),
    "another kiosk's ledger": lambda it: another(it, 2, "essai-02", with_all=False),
    "another kiosk's ledger with its key and mark": lambda it: another(it, 2, "essai-02", with_all=True),
    "a ledger begun anew under this kiosk's id": lambda it: another(it, 2, KIOSK, with_all=False),
    "the same with a key and a mark made for it": lambda it: another(it, 2, KIOSK, with_all=True),
    "the end is cut off, but only what neither city nor anchor knows": lambda it: cut(it.path, it.known),
    "rows that neither city nor anchor knows are rewritten": later(2),
}

COLUMNS = ("what was done", "the file alone", "mark, key and configured kiosk", "an anchor")


def seen(deed: Callable[[Scene], object]) -> tuple[bool, bool, bool]:
    """Whether each of the three finds anything."""
    with tempfile.TemporaryDirectory() as folder:
        it = scene(Path(folder))
        deed(it)
        with reading(it.path, judging=True) as connection:
            alone = list(verify(connection))
        beside = ask(it.path, KIOSK).findings
        answers = ask(it.path, None, [it.anchor])
        assert Witness.ANCHOR in answers.asked or alone
        return bool(alone), bool(beside), any(finding.what == "anchor" for finding in answers.findings)


def table() -> list[str]:
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for name, deed in DEEDS.items():
        lines.append(f"| {name} | {' | '.join('seen' if found else '–' for found in seen(deed))} |")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
