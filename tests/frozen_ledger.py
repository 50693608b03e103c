"""A kiosk's folder as one program left it, kept for every later program to read: ``tests/frozen/REVISION``.

python tests/frozen_ledger.py REVISION    makes the folder of the program that is checked out; done once, when the schema gets a revision

The archive holds every kind of entry of its time; the live ledger, which succeeded it, a visit with an intent open.
"""

import argparse
import shutil
from contextlib import closing
from pathlib import Path

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Material, SequenceNumber
from ledger.days import MARK_S
from ledger.vocabulary import Cause, Ending
from money.desk_days import days
from money.ledgers import Kiosk

FROZEN = Path(__file__).parent / "frozen"
REVISIONS = tuple(sorted(folder.name for folder in FROZEN.iterdir() if folder.is_dir()))
NOBODYS = SequenceNumber(0)


def make(folder: Path) -> None:
    """``folder`` must be empty. The same program makes the same bytes of every row."""
    with closing(Kiosk(folder)) as kiosk:
        ordinary_visits(kiosk)
        troubled_visit(kiosk)
        hours_without_the_date(kiosk)
        days(kiosk, 1)
        kiosk.succeed(totaliser=kiosk.journal.books.totaliser, why="new controller")
        kiosk.journal = kiosk.open()
        visit = kiosk.visit_of(2)
        kiosk.journal.intend(kiosk.intent(visit), kiosk.now())
    (folder / "ledger.db.lock").unlink()


def ordinary_visits(kiosk: Kiosk) -> None:
    shown = kiosk.journal.issue_voucher(kiosk.visit_of(3), Cause.KEPT, kiosk.now())
    kiosk.journal.mark_shown(shown.code, kiosk.now())
    visit = kiosk.visit_of(0)
    kiosk.credit(visit, Material.PLASTIC)
    kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now())
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())


def troubled_visit(kiosk: Kiosk) -> None:
    """A step before it and in it, an intent of each ending, and nobody to take the voucher."""
    kiosk.journal.book(kiosk.journal.books.totaliser + 2, NOBODYS, kiosk.now())
    visit = kiosk.visit_of(1)
    for ending in Ending:
        intent = kiosk.intent(visit)
        kiosk.journal.intend(intent, kiosk.now())
        kiosk.journal.end(intent.sequence, ending, kiosk.now())
    kiosk.journal.book(kiosk.journal.books.totaliser + 1, NOBODYS, kiosk.now())
    kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now())


def hours_without_the_date(kiosk: Kiosk) -> None:
    kiosk.clock.trusted = False
    for _ in range(2):
        kiosk.clock.advance(MARK_S)
        kiosk.journal.book(kiosk.journal.books.totaliser, NOBODYS, kiosk.now())
    kiosk.clock.trusted = True


def thaw(revision: str, folder: Path) -> Path:
    """A copy in ``folder``, which is made; the live ledger's path."""
    shutil.copytree(FROZEN / revision, folder)
    path = folder / "ledger.db"
    # git keeps no other right than to execute
    path.with_suffix(".key").chmod(0o600)
    return path


def archive_of(path: Path) -> Path:
    """The archive beside a live ledger that was thawed."""
    (archive,) = path.parent.glob("ledger-*.db")
    return archive


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="of the folder that is made")
    made = FROZEN / parser.parse_args().name
    if made.parent != FROZEN or made.exists():
        parser.error(f"{made.name} is no name of a new folder in {FROZEN}")
    made.mkdir()
    make(made)
