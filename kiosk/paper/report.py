"""The day's report on the ticket's paper: the figures of staff's page, in the language of the house. It is no closure and signs nothing."""

from collections.abc import Iterator

from config.clock import PARIS
from config.vocabulary import Cents, Material
from kiosk.console.told import Today
from kiosk.paper.sheet import Line, Place, Rule, Sheet, Size
from kiosk.words.catalogue import Words
from ledger.selection import VoucherState


def report(today: Today, kiosk: str, words: Words) -> Sheet:
    """Of the business day that it is; vouchers by state are all that this ledger knows of."""
    at = today.at.astimezone(PARIS)
    return (
        Line(words.text("slip.title"), Size.CODE, Place.CENTRE),
        Line(words.weekday(today.figures.day), place=Place.CENTRE),
        Line(
            words.text("slip.at", kiosk=kiosk, day=words.day(at.date(), short=True), time=words.time_of_day(at)), Size.SMALL, Place.CENTRE
        ),
        Rule(),
        *(Line(f"{said}\t{figure}", place=Place.APART) for said, figure in _of_the_day(today, words)),
        Rule(),
        Line(words.text("slip.since")),
        *(
            Line(f"{words.plural(f'slip.{state}', tally.count)}\t{words.amount(tally.cents)}", place=Place.APART)
            for state, tally in (
                (state.value, today.figures.vouchers[state]) for state in (VoucherState.VALID, VoucherState.EXPIRED, VoucherState.PAID)
            )
        ),
        Rule(),
        Line(words.text("slip.no_closure"), Size.SMALL),
    )


def _of_the_day(today: Today, words: Words) -> Iterator[tuple[str, str]]:
    figures = today.figures
    for material in Material:
        found = [total for total in figures.bottles if total.material is material]
        bottles, cents = sum(total.bottles for total in found), Cents(sum(total.cents for total in found))
        yield words.text(f"slip.{material}", n=bottles), words.amount(cents)
    yield words.text("slip.credited"), words.amount(figures.credited)
    yield words.plural("slip.issued", figures.issued.count), words.amount(figures.issued.cents)
    gifts = figures.gifts.values()
    yield words.plural("slip.gifts", sum(tally.count for tally in gifts)), words.amount(Cents(sum(tally.cents for tally in gifts)))
    yield words.text("slip.uncounted"), str(figures.uncounted)
    yield words.text("slip.refused"), str(sum(n for _, n in today.log.refusals))
    yield words.text("slip.stopped"), words.text("staff.tile.minutes", n=sum(-(-int(halt.seconds) // 60) for halt in today.log.halts))
