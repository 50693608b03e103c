"""A kiosk on a disk that fills up, run as a process of its own: the kernel refuses every byte beyond a limit (RLIMIT_FSIZE).

    python full_disk.py FOLDER ROOM…    prints one JSON line a ROOM: what was refused with so much room, and what was there afterwards

``ROOM`` bytes may still be added to the WAL; then each write fails as on a full disk (EFBIG in place of ENOSPC, SQLite treats a failed
write the same). Afterwards there is space again and the same journal, still open, goes on.
"""

import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from config.demonstration import ASSOCIATIONS
from config.vocabulary import SequenceNumber
from ledger.vocabulary import Cause, LedgerUnavailable
from money.ledgers import Kiosk


def fill_up(folder: Path, room: int) -> None:
    folder.mkdir()
    kiosk = Kiosk(folder)
    visit = kiosk.visit_of(2)
    size = kiosk.path.with_name("ledger.db-wal").stat().st_size
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
    refused: list[str] = []

    def attempt(name: str, call: Callable[[], object]) -> None:
        try:
            call()
        except LedgerUnavailable:
            refused.append(name)

    intent = kiosk.intent(visit)
    attempt("intend", lambda: kiosk.journal.intend(intent, kiosk.now()))
    if refused:
        attempt("intend again", lambda: kiosk.journal.intend(intent, kiosk.now()))
    attempt("book", lambda: kiosk.journal.book(103, SequenceNumber(3), kiosk.now()))
    attempt("give", lambda: kiosk.journal.standing().open_intent or kiosk.journal.give(visit, ASSOCIATIONS[0], kiosk.now()))
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    during = kiosk.journal.standing()
    if during.visit is not None:
        if during.open_intent is None and "intend" in refused:
            kiosk.journal.intend(intent, kiosk.now())
        kiosk.journal.book(103, SequenceNumber(3), kiosk.now())
        kiosk.journal.issue_voucher(visit, Cause.KEPT, kiosk.now())
    after = kiosk.journal.standing()
    reopened = kiosk.reopen().standing()
    findings = [finding.what.value for finding in kiosk.findings()]
    print(json.dumps({"refused": refused, "findings": findings, "same": after == reopened, "rows": kiosk.rows()}))  # noqa: T201 - its answer
    kiosk.close()


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for asked in sys.argv[2:]:
        fill_up(Path(sys.argv[1]) / asked, int(asked))
