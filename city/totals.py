"""What rows add up to: bottles by day and material, cents, vouchers, gifts; and where two such sums differ. Values only.

Bottles come from the credits' bodies, cents from their postings: a kiosk whose two disagree is found by the comparison.
"""

from collections.abc import Iterable, Sequence

from city.answers import Difference
from city.messages import CreditRow, DayTotal, GiftRow, RowBase, Sum, Totals, VoucherRow

REWARDS = "expenses:rewards"


def derive(rows: Iterable[RowBase]) -> Totals:
    """What these rows alone add up to."""
    days: dict[str, list[int]] = {}
    vouchers, gifts = [0, 0], [0, 0]
    for row in rows:
        match row:
            case CreditRow():
                day = days.setdefault(row.body.day, [0, 0, 0])
                day[0 if row.body.material == "glass" else 1] += 1
                day[2] += sum(posting.cents for posting in row.postings if posting.account == REWARDS)
            case VoucherRow():
                vouchers[0] += 1
                vouchers[1] += row.body.amount
            case GiftRow():
                gifts[0] += 1
                gifts[1] += row.body.amount
            case _:
                pass
    return Totals(
        days=[DayTotal(day=day, glass=glass, plastic=plastic, cents=cents) for day, (glass, plastic, cents) in sorted(days.items())],
        vouchers=Sum(count=vouchers[0], cents=vouchers[1]),
        gifts=Sum(count=gifts[0], cents=gifts[1]),
    )


def add(parts: Sequence[Totals]) -> Totals:
    """The sum of several totals, day by day."""
    days: dict[str, tuple[int, int, int]] = {}
    for part in parts:
        for total in part.days:
            glass, plastic, cents = days.get(total.day, (0, 0, 0))
            days[total.day] = (glass + total.glass, plastic + total.plastic, cents + total.cents)
    return Totals(
        days=[DayTotal(day=day, glass=glass, plastic=plastic, cents=cents) for day, (glass, plastic, cents) in sorted(days.items())],
        vouchers=_add_sums([part.vouchers for part in parts]),
        gifts=_add_sums([part.gifts for part in parts]),
    )


def _add_sums(sums: Sequence[Sum]) -> Sum:
    return Sum(count=sum(one.count for one in sums), cents=sum(one.cents for one in sums))


def differences(city: Totals, kiosk: Totals) -> list[Difference]:
    """Every figure in which they are not the same."""
    ours, theirs = _figures(city), _figures(kiosk)
    return [
        Difference(item=item, city=ours.get(item, 0), kiosk=theirs.get(item, 0))
        for item in sorted(ours.keys() | theirs.keys())
        if ours.get(item, 0) != theirs.get(item, 0)
    ]


def _figures(totals: Totals) -> dict[str, int]:
    figures: dict[str, int] = {}
    for day in totals.days:
        for what, number in (("glass", day.glass), ("plastic", day.plastic), ("cents", day.cents)):
            figures[f"{day.day} {what}"] = number
    for name, one in (("vouchers", totals.vouchers), ("gifts", totals.gifts)):
        figures[f"{name} count"] = one.count
        figures[f"{name} cents"] = one.cents
    return figures
