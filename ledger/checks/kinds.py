"""What each entry's kind makes of its subject and its postings."""

from collections.abc import Iterator

from ledger.chain import Entry
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS


class Subjects:
    """1. The subject is what the kind makes of visit and body, where it makes anything of them (SUBJECT)."""

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        expected = KINDS[entry.kind].subject_of(entry.visit, entry.body)
        if expected not in {None, entry.subject}:
            yield Finding(entry.row, FindingKind.SUBJECT, {"expected": expected, "found": entry.subject})


class Postings:
    """1. An entry posts what its kind moves, in its order, or nothing; so all postings add up to 0 (POSTINGS)."""

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        if entry.postings != KINDS[entry.kind].postings(entry.body):
            yield Finding(entry.row, FindingKind.POSTINGS, {"sum": sum(posting.cents for posting in entry.postings)})
