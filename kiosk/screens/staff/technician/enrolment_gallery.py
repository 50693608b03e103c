"""The enrolment's page in every state, as values of the console."""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.console.enrolling.vocabulary import AtEnrolment, Enrolment, Known
from ledger.sync.typed import Came


def enrolment_shots() -> Iterator[tuple[str, AtEnrolment]]:
    """In the order in which one meets them."""
    seen = Enrolment("mairie-11-hall", Known.NO, waits=False, came=None)
    stands = AtEnrolment(seen)
    yield "looking", AtEnrolment()
    yield "none", stands
    yield "code", replace(stands, typing=True)
    yield "unfit", replace(stands, typing=True, unfit=True)
    yield "waits", replace(stands, seen=replace(seen, waits=True))
    for came in Came:
        known, waits = Known.YES if came is Came.ENROLLED else Known.NO, came not in {Came.ENROLLED, Came.WRONG}
        yield f"came-{came}", replace(stands, seen=replace(seen, known=known, waits=waits, came=came))
