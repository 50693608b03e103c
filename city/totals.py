"""What rows add up to: bottles by day and material, cents, vouchers, gifts, what the desk did; and where two such sums differ. Values only.

Bottles come from the credits' bodies, cents from their postings: a kiosk whose two disagree is found by the comparison.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import RowMapping

from city.answers import Difference, Gifts
from city.messages import (
    ClosureRow,
    CreditRow,
    DayTotal,
    EmptiedRow,
    GiftRow,
    GrantRow,
    PaidRow,
    RowBase,
    Totals,
    VoucherRow,
    WeighedRow,
)

REWARDS = "expenses:rewards"

Figure = tuple[str, str]
"""A member of ``Totals``, and what of it."""

COLUMNS: Mapping[Figure, str] = {
    ("vouchers", "count"): "vouchers",
    ("vouchers", "cents"): "voucher_cents",
    ("gifts", "count"): "gifts",
    ("gifts", "cents"): "gift_cents",
    ("paid", "count"): "paid",
    ("paid", "cents"): "paid_cents",
    ("granted", "count"): "granted",
    ("granted", "cents"): "granted_cents",
    ("emptied", "count"): "emptied",
    ("emptied", "grams"): "emptied_grams",
    ("weighed", "count"): "weighed",
    ("weighed", "grams"): "weighed_grams",
    ("closures", "count"): "closures",
}
"""Every figure that is no day's, and the column of the table ``generation`` that holds it."""


def made(days: Iterable[DayTotal], figures: Mapping[Figure, int]) -> Totals:
    """The days, and the figures that are no day's, as they travel."""
    members: dict[str, dict[str, int]] = {}
    for name, what in COLUMNS:
        members.setdefault(name, {})[what] = figures.get((name, what), 0)
    return Totals.model_validate({"days": list(days), **members})


def stored(columns: RowMapping) -> dict[Figure, int]:
    """The figures in a row of the table ``generation``, or a sum of such. PostgreSQL sums 64-bit integers to a decimal."""
    return {figure: int(columns[column]) for figure, column in COLUMNS.items()}


def figures_of(totals: Totals) -> dict[Figure, int]:
    """Those that are no day's."""
    return {(name, what): getattr(getattr(totals, name), what) for name, what in COLUMNS}


def derive(rows: Iterable[RowBase]) -> Totals:
    """What these rows alone add up to."""
    days: dict[str, list[int]] = {}
    figures: Counter[Figure] = Counter()

    def count(name: str, what: str, value: int) -> None:
        figures[name, "count"] += 1
        figures[name, what] += value

    for row in rows:
        match row:
            case CreditRow():
                day = days.setdefault(row.body.day, [0, 0, 0])
                day[0 if row.body.material == "glass" else 1] += 1
                day[2] += sum(posting.cents for posting in row.postings if posting.account == REWARDS)
            case VoucherRow():
                count("vouchers", "cents", row.body.amount)
            case GiftRow():
                count("gifts", "cents", row.body.amount)
            case PaidRow():
                count("paid", "cents", row.body.amount)
            case GrantRow():
                count("granted", "cents", row.body.amount)
            case EmptiedRow():
                count("emptied", "grams", row.body.grams)
            case WeighedRow():
                count("weighed", "grams", row.body.grams)
            case ClosureRow():
                figures["closures", "count"] += 1
            case _:
                pass
    return made(
        (DayTotal(day=day, glass=glass, plastic=plastic, cents=cents) for day, (glass, plastic, cents) in sorted(days.items())), figures
    )


def given(rows: Iterable[RowBase]) -> list[Gifts]:
    """What these rows give to each association, in the order of their ids."""
    named = (row.body for row in rows if isinstance(row, GiftRow) and row.body.association is not None)
    return add_gifts(Gifts(association=body.association or "", name=body.name or "", count=1, cents=body.amount) for body in named)


def add_gifts(parts: Iterable[Gifts]) -> list[Gifts]:
    """By association, under the name that was told last; in the order of their ids."""
    sums: dict[str, Gifts] = {}
    for part in parts:
        held = sums.get(part.association)
        count, cents = (0, 0) if held is None else (held.count, held.cents)
        sums[part.association] = part.model_copy(update={"count": count + part.count, "cents": cents + part.cents})
    return [sums[association] for association in sorted(sums)]


def add(parts: Sequence[Totals]) -> Totals:
    """The sum of several totals, day by day."""
    days: dict[str, tuple[int, int, int]] = {}
    figures: Counter[Figure] = Counter()
    for part in parts:
        figures.update(figures_of(part))
        for total in part.days:
            glass, plastic, cents = days.get(total.day, (0, 0, 0))
            days[total.day] = (glass + total.glass, plastic + total.plastic, cents + total.cents)
    return made(
        (DayTotal(day=day, glass=glass, plastic=plastic, cents=cents) for day, (glass, plastic, cents) in sorted(days.items())), figures
    )


def differences(city: Totals, kiosk: Totals) -> list[Difference]:
    """Every figure in which they are not the same."""
    ours, theirs = _figures(city), _figures(kiosk)
    return [
        Difference(item=item, city=ours.get(item, 0), kiosk=theirs.get(item, 0))
        for item in sorted(ours.keys() | theirs.keys())
        if ours.get(item, 0) != theirs.get(item, 0)
    ]


def _figures(totals: Totals) -> dict[str, int]:
    figures = {f"{name} {what}": value for (name, what), value in figures_of(totals).items()}
    for day in totals.days:
        for what, number in (("glass", day.glass), ("plastic", day.plastic), ("cents", day.cents)):
            figures[f"{day.day} {what}"] = number
    return figures
