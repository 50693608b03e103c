"""A ledger's check with all who know the ledger asked, for the console and for the command alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.beside import Anchor, Answers, ask
from ledger.chain import NOTHING_BEFORE
from ledger.checks.file import is_readable
from ledger.database import reading
from ledger.findings import Finding, FindingKind
from ledger.verify import Seen, nobody, verify
from ledger.views import Head, head


@dataclass(frozen=True, slots=True)
class Checked:
    """``newest``: the last row that was there. ``findings``: those of the file, then those of who was asked."""

    newest: Head
    findings: tuple[Finding, ...]
    answers: Answers


def check(path: Path, kiosk: str | None = None, anchors: Sequence[Anchor] = (), seen: Seen = nobody) -> Checked:
    """``kiosk`` is the configured id; ``seen`` hears of the rows that are done, and may raise. Raises LedgerError."""
    with reading(path, judging=True) as connection:
        findings = tuple(verify(connection, seen))
        empty = any(finding.what is FindingKind.EMPTY for finding in findings)
        newest = head(connection) if not empty and is_readable(connection) else Head(0, NOTHING_BEFORE)
    answers = ask(path, kiosk, anchors)
    return Checked(newest, findings + answers.findings, answers)
