"""A voucher's ticket: French first, then the visitor's language. It holds no more than its page did, and is as much worth."""

from collections.abc import Iterator

from kiosk.paper.sheet import Code, Line, Place, Rule, Sheet, Size
from kiosk.words.catalogue import Words
from ledger.vocabulary import Voucher


def ticket(voucher: Voucher, copy: int, where: str, french: Words, visitors: Words | None = None) -> Sheet:
    """``copy`` is the ledger's number of it, ``where`` the configured line on place and hours, in French, or empty.

    ``visitors``: the words that the visitor reads; None where nobody knows, or they read French.
    """
    both = (french,) if visitors is None or visitors.language == french.language else (french, visitors)
    code = "-".join((voucher.code[:4], voucher.code[4:8], voucher.code[8:12], voucher.code[12:]))
    half = len("0000-0000-")
    return (
        *(_warned(voucher, copy, words) for words in both if voucher.demonstration or copy > 1),
        Line(french.text("ticket.title"), Size.BODY, Place.CENTRE),
        Line(french.amount(voucher.amount), Size.SUM, Place.CENTRE),
        Code(voucher.link),
        Line(code, Size.CODE, Place.CENTRE, broken=f"{code[:half]}\N{LINE SEPARATOR}{code[half:]}"),
        *(piece for words in both for piece in _facts(voucher, where if words is french else "", words)),
    )


def _warned(voucher: Voucher, copy: int, words: Words) -> Line:
    said = [words.text("voucher.demonstration")] if voucher.demonstration else []
    said += [words.text("ticket.copy", n=copy)] if copy > 1 else []
    return Line("\N{LINE SEPARATOR}".join(said), Size.BODY, Place.CENTRE, words.right_to_left, boxed=True)


def _facts(voucher: Voucher, where: str, words: Words) -> Iterator[Line | Rule]:
    yield Rule()
    way = words.right_to_left
    yield Line(words.text("voucher.title", sum=words.amount(voucher.amount)), right_to_left=way)
    yield Line(words.text("visit", number=voucher.visit_number), right_to_left=way)
    yield Line(words.text("ticket.issued", date=words.day(voucher.issued)), right_to_left=way)
    yield Line(words.text("ticket.until", date=words.day(voucher.valid_until)), right_to_left=way)
    yield Line(where or words.text("ticket.where"), right_to_left=way)
    yield Line(words.text("ticket.once"), right_to_left=way)
