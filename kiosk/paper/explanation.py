"""Why an item was handed back, on the ticket's paper: what the desk's page says of it, for its visitor to take away. It is no voucher, and says so."""

from config.clock import PARIS
from kiosk.paper.sheet import Line, Place, Rule, Sheet, Size
from kiosk.visit_reading import Refusing
from kiosk.words.catalogue import Words
from kiosk.words.explaining import explain_refusal


def explanation(refusing: Refusing, visit: str, kiosk: str, words: Words) -> Sheet:
    """``visit``: as the ledger names it, its day and its number."""
    at = refusing.at.astimezone(PARIS)
    return (
        Line(words.text("slip.refusal"), Size.CODE, Place.CENTRE),
        Line(
            words.text("slip.at", kiosk=kiosk, day=words.day(at.date(), short=True), time=words.time_of_day(at)), Size.SMALL, Place.CENTRE
        ),
        Line(words.text("slip.refusal.visit", number=visit.rpartition("/")[2], n=refusing.n), place=Place.CENTRE),
        Rule(),
        *(Line(sentence) for sentence in explain_refusal(refusing.reason, refusing.judged, words, refusing.program)),
        Rule(),
        Line(words.text("slip.refusal.contest"), Size.SMALL),
        Line(words.text("slip.refusal.no_voucher"), Size.SMALL),
    )
