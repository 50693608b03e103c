"""The redemption desk's money: what a voucher is to be paid for, paying it once, undoing that within the day, and the till. Knows no HTTP.

That a voucher is paid once is held by the database (``movement``), whoever writes at the same moment; what is asked first only says why not. ::

    typed code or scanned link ─▶ Found: payable, or the reason why not
    pay(several)  ─▶ one payment, all of them or none
    undo(payment) ─▶ the same day, by who paid it: each of its vouchers is payable again
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, case, exists, func, insert, select, text, update

from city import audit, tables
from city.moments import stamp
from city.staff import Person
from city.vouchers import Claim, claim_in, code_in

PARIS = ZoneInfo("Europe/Paris")

UNRECEIVED_DAY_CENTS = 2_000
"""What the desks pay in a day for vouchers of one kiosk whose rows have not come yet: a signed link alone vouches for them."""

MOST_AT_ONCE = 20
"""Vouchers in one payment."""

PIECES = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Notes and coins, in cents."""

LARGEST_CENTS = 10_000_000


class Why(StrEnum):
    """Why a voucher is not paid here."""

    MISTYPED = "mistyped"
    FORGED = "forged"
    NOT_RECEIVED = "not_received"
    DAY_SPENT = "day_spent"
    KIOSK_PAYS = "kiosk_pays"
    PAID = "paid"
    EXPIRED = "expired"
    DEMONSTRATION = "demonstration"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Found:
    """A voucher as the desk sees it. ``why`` None: payable. ``last`` is the number of its last movement; ``typed`` what was typed or scanned."""

    typed: str
    why: Why | None
    code: str = ""
    kiosk: str = ""
    amount: int = 0
    issued: str = ""
    valid_until: str = ""
    received: bool = True
    last: int = 0
    paid_at: str = ""
    paid_by: str = ""


class DeskRefused(Exception):
    """What was asked is not done, and nothing was changed. ``reason`` is a word of the page's table, ``found`` the vouchers concerned."""

    def __init__(self, reason: str, found: Sequence[Found] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.found = tuple(found)


def day_of(now: datetime) -> str:
    """The day in Paris."""
    return now.astimezone(PARIS).date().isoformat()


def look(connection: Connection, typed: Sequence[str], now: datetime, *, demonstration: bool) -> list[Found]:
    """Each voucher that was typed or scanned, and whether it is to be paid; the same one a second time is said to be so."""
    found: list[Found] = []
    for one in typed:
        seen = _look(connection, one, day_of(now), demonstration=demonstration)
        if seen.why is None and any(before.code == seen.code and before.why is None for before in found):
            seen = Found(one, Why.TWICE, seen.code, seen.kiosk, seen.amount, seen.issued, seen.valid_until)
        found.append(seen)
    return found


def pay(
    connection: Connection, person: Person, typed: Sequence[str], payment: str, cents: int, now: datetime, *, demonstration: bool
) -> str:
    """Pays them all, or raises DeskRefused and pays none. ``cents`` is the sum that was shown, ``payment`` a name that the form carries: the same
    form sent twice is one payment. The payment's name.

    The caller's transaction must be undone where this raises.
    """
    till = _till(connection, person).id
    held = connection.execute(select(tables.desk_payment.c.staff).where(tables.desk_payment.c.payment == payment)).scalar()
    if held is not None:
        if held != person.name:
            raise DeskRefused("other_desk")
        return payment
    if len(typed) > MOST_AT_ONCE:
        raise DeskRefused("too_many")
    found = look(connection, typed, now, demonstration=demonstration)
    refused = [one for one in found if one.why is not None]
    if not found or refused:
        raise DeskRefused("not_payable", refused)
    if sum(one.amount for one in found) != cents:
        raise DeskRefused("sum_changed", found)
    at, day = stamp(now), day_of(now)
    row = {"payment": payment, "till": till, "staff": person.name, "at": at, "day": day, "cents": cents}
    connection.execute(insert(tables.desk_payment).values(**row))
    for one in sorted(found, key=lambda one: one.code):
        facts = {"code": one.code, "kiosk": one.kiosk, "amount": one.amount, "received": one.received}
        if not _move(connection, "paid", one.last, payment=payment, till=till, at=at, day=day, staff=person.name, **facts):
            raise DeskRefused("not_payable", [Found(one.typed, Why.PAID, one.code, one.kiosk, one.amount)])
        audit.record(connection, now, person.name, "paid", one.code, payment=payment, cents=one.amount, received=one.received)
    if any(not one.received for one in found):
        _hold_to_the_day(connection, found, day)
    _set_states(connection, [one.code for one in found])
    return payment


def undo(connection: Connection, person: Person, payment: str, reason: str, now: datetime) -> None:
    """Takes a payment back, whole: each of its vouchers is payable again. By who paid it, the same day. Raises DeskRefused."""
    till = _till(connection, person).id
    held = connection.execute(select(tables.desk_payment).where(tables.desk_payment.c.payment == payment)).one_or_none()
    if held is None:
        raise DeskRefused("no_payment")
    if held.staff != person.name:
        raise DeskRefused("other_desk")
    if held.day != day_of(now):
        raise DeskRefused("other_day")
    if not reason.strip():
        raise DeskRefused("no_reason")
    movement = tables.movement
    at = stamp(now)
    paid = movements(connection, payment)
    for one in paid:
        last = connection.execute(select(func.max(movement.c.n)).where(movement.c.code == one.code)).scalar()
        facts = {"code": one.code, "kiosk": one.kiosk, "amount": one.amount, "received": one.received}
        undone = {"payment": payment, "till": till, "at": at, "day": held.day, "staff": person.name}
        if last != one.n or not _move(connection, "undone", one.n, **undone, **facts):
            raise DeskRefused("undone_before")
        audit.record(connection, now, person.name, "undone", one.code, payment=payment, cents=one.amount, reason=reason.strip()[:200])
    _hold_kiosks(connection, {one.kiosk for one in paid if not one.received})
    _set_states(connection, [one.code for one in paid])


def movements(connection: Connection, payment: str) -> Sequence[Row[Any]]:
    """What a payment paid, in the order of codes."""
    movement = tables.movement
    paid = select(movement).where(movement.c.payment == payment, movement.c.kind == "paid").order_by(movement.c.code)
    return connection.execute(paid).all()


def paid_here(connection: Connection, code: str) -> bool:
    return _last(connection, code)[0] % 2 == 1


def is_undone(connection: Connection, payment: str) -> bool:
    movement = tables.movement
    return (
        connection.execute(select(movement.c.code).where(movement.c.payment == payment, movement.c.kind == "undone").limit(1)).first()
        is not None
    )


# --- the till


@dataclass(frozen=True, slots=True)
class Till:
    """An open one: what lay in it at first, was handed out, and must lie in it now, in cents."""

    id: int
    opened: str
    begun: int
    paid: int

    @property
    def expected(self) -> int:
        return self.begun - self.paid


def open_till(connection: Connection, person: Person, counted: dict[int, int], now: datetime) -> None:
    """Begins with what was counted. Raises DeskRefused where one is open."""
    if till_of(connection, person) is not None:
        raise DeskRefused("till_open")
    cents = _sum(counted)
    connection.execute(insert(tables.till).values(staff=person.name, opened=stamp(now), begun_cents=cents))
    audit.record(connection, now, person.name, "till opened", person.name, cents=cents)


def till_of(connection: Connection, person: Person) -> Till | None:
    till, movement = tables.till, tables.movement
    still_open = (till.c.staff == person.name) & till.c.closed.is_(None)
    held = connection.execute(select(till.c.id, till.c.opened, till.c.begun_cents).where(still_open)).one_or_none()
    if held is None:
        return None
    sums = select(movement.c.kind, func.sum(movement.c.amount)).where(movement.c.till == held.id).group_by(movement.c.kind)
    by_kind = {str(kind): int(cents) for kind, cents in connection.execute(sums)}
    return Till(held.id, held.opened, held.begun_cents, by_kind.get("paid", 0) - by_kind.get("undone", 0))


def close_till(connection: Connection, person: Person, counted: dict[int, int], reason: str, handed_to: str, now: datetime) -> int:
    """Ends with what was counted; a surplus (above 0) or a deficit needs a reason. The difference in cents. Raises DeskRefused."""
    held = _till(connection, person)
    cents = _sum(counted)
    off = cents - held.expected
    if off and not reason.strip():
        raise DeskRefused("no_reason")
    ended = {"closed": stamp(now), "expected_cents": held.expected, "counted_cents": cents, "counted": json.dumps(counted)}
    ended |= {"reason": reason.strip()[:200], "handed_to": handed_to.strip()[:40]}
    connection.execute(update(tables.till).where(tables.till.c.id == held.id, tables.till.c.closed.is_(None)).values(**ended))
    audit.record(
        connection, now, person.name, "till closed", person.name, cents=cents, off=off, reason=ended["reason"], to=ended["handed_to"]
    )
    return off


def _sum(counted: dict[int, int]) -> int:
    cents = sum(piece * count for piece, count in counted.items())
    if not 0 <= cents <= LARGEST_CENTS or any(piece not in PIECES or count < 0 for piece, count in counted.items()):
        raise DeskRefused("miscounted")
    return cents


def _till(connection: Connection, person: Person) -> Till:
    """The open one, held until this transaction ends: a payment under way in another window is waited for, and counted. Raises DeskRefused."""
    mine = (tables.till.c.staff == person.name) & tables.till.c.closed.is_(None)
    connection.execute(select(tables.till.c.id).where(mine).with_for_update())
    held = till_of(connection, person)
    if held is None:
        raise DeskRefused("no_till")
    return held


# --- a voucher


def _look(connection: Connection, typed: str, day: str, *, demonstration: bool) -> Found:
    claim = claim_in(typed) if "#" in typed else None
    code = claim.code if claim is not None else code_in(typed) if "#" not in typed else None
    if code is None:
        return Found(typed, Why.MISTYPED)
    issued = _issued(connection, code)
    if issued is None:
        return _unreceived(connection, typed, code, claim, day, demonstration=demonstration)
    facts: dict[str, Any] = {"kiosk": issued.kiosk, "amount": issued.amount, "issued": issued.issued, "valid_until": issued.valid_until}
    if claim is not None and ({name: getattr(claim, name) for name in facts} != facts or not _signed(connection, claim)):
        return Found(typed, Why.FORGED, code)
    last, paid_at, paid_by = _last(connection, code)
    why: Why | None = None
    if issued.demonstration != demonstration:
        why = Why.DEMONSTRATION
    elif last % 2:
        why = Why.PAID
    elif issued.state == "paid":
        why, paid_by = Why.PAID, issued.kiosk
    elif json.loads(issued.body).get("payer") != "city":
        why = Why.KIOSK_PAYS
    elif issued.valid_until < day:
        why = Why.EXPIRED
    return Found(typed, why, code, **facts, last=last, paid_at=paid_at, paid_by=paid_by)


def _unreceived(connection: Connection, typed: str, code: str, claim: Claim | None, day: str, *, demonstration: bool) -> Found:
    """Authentic perhaps, but its row has not come: a signed link is paid under the day's sum of its kiosk, a code alone waits."""
    if claim is None:
        return Found(typed, Why.NOT_RECEIVED, code)
    if not _signed(connection, claim):
        return Found(typed, Why.FORGED, code)
    last, paid_at, paid_by = _last(connection, code)
    why: Why | None = None
    if claim.demonstration != demonstration:
        why = Why.DEMONSTRATION
    elif last % 2:
        why = Why.PAID
    elif not _city_pays(connection, claim.kiosk):
        why = Why.NOT_RECEIVED
    elif claim.valid_until < day:
        why = Why.EXPIRED
    elif _unreceived_cents(connection, claim.kiosk, day) + claim.amount > UNRECEIVED_DAY_CENTS:
        why = Why.DAY_SPENT
    facts: dict[str, Any] = {"kiosk": claim.kiosk, "amount": claim.amount, "issued": claim.issued, "valid_until": claim.valid_until}
    return Found(typed, why, code, **facts, received=False, last=last, paid_at=paid_at, paid_by=paid_by)


def _issued(connection: Connection, code: str) -> Row[Any] | None:
    voucher, entry, generation = tables.voucher, tables.entry, tables.generation
    same_row = (entry.c.generation == voucher.c.generation) & (entry.c.row == voucher.c.row)
    asked = select(voucher, entry.c.body, generation.c.demonstration).join_from(voucher, entry, same_row)
    asked = asked.join(generation, generation.c.generation == voucher.c.generation).where(voucher.c.code == code)
    return connection.execute(asked).one_or_none()


def _signed(connection: Connection, claim: Claim) -> bool:
    """Whether the key of one of the kiosk's ledgers has signed it."""
    return any(map(claim.signed_by, keys_of(connection, claim.kiosk).get(claim.kiosk, frozenset())))


def keys_of(connection: Connection, kiosk: str | None = None) -> dict[str, frozenset[str]]:
    """By kiosk, the public keys of its ledgers, as their first rows name them; of all kiosks where none is named."""
    entry, generation = tables.entry, tables.generation
    first = select(generation.c.kiosk, entry.c.body).join_from(
        generation, entry, (entry.c.generation == generation.c.generation) & (entry.c.row == 1)
    )
    known: dict[str, set[str]] = {}
    for name, body in connection.execute(first if kiosk is None else first.where(generation.c.kiosk == kiosk)):
        key = json.loads(body).get("public_key")
        if isinstance(key, str):
            known.setdefault(name, set()).add(key)
    return {name: frozenset(keys) for name, keys in known.items()}


def _city_pays(connection: Connection, kiosk: str) -> bool:
    """Whether the newest voucher that came from there is one that the city pays; a link does not say so itself."""
    voucher, entry, held = tables.voucher, tables.entry, tables.kiosk
    same_row = (entry.c.generation == voucher.c.generation) & (entry.c.row == voucher.c.row)
    newest = select(entry.c.body).join_from(voucher, entry, same_row).join(held, held.c.generation == voucher.c.generation)
    body = connection.execute(newest.where(held.c.kiosk == kiosk).order_by(voucher.c.row.desc()).limit(1)).scalar()
    return body is not None and json.loads(body).get("payer") == "city"


def _unreceived_cents(connection: Connection, kiosk: str, day: str) -> int:
    movement = tables.movement
    sums = select(movement.c.kind, func.sum(movement.c.amount)).group_by(movement.c.kind)
    these = (movement.c.kiosk == kiosk) & (movement.c.day == day) & movement.c.received.is_(False)
    by_kind = {str(kind): int(cents) for kind, cents in connection.execute(sums.where(these))}
    return by_kind.get("paid", 0) - by_kind.get("undone", 0)


def _hold_to_the_day(connection: Connection, found: Sequence[Found], day: str) -> None:
    """The day's sum once more, with what was just written: several vouchers of one payment, and on PostgreSQL those of another desk, add up."""
    kiosks = {one.kiosk for one in found if not one.received}
    _hold_kiosks(connection, kiosks)
    for kiosk in sorted(kiosks):
        if _unreceived_cents(connection, kiosk, day) > UNRECEIVED_DAY_CENTS:
            raise DeskRefused(
                "not_payable", [Found(one.typed, Why.DAY_SPENT, one.code, one.kiosk, one.amount) for one in found if one.kiosk == kiosk]
            )


def _hold_kiosks(connection: Connection, kiosks: Iterable[str]) -> None:
    """Until this transaction ends nobody else takes rows of theirs (``receive`` waits there too), or pays under their day's sum."""
    for kiosk in sorted(kiosks):
        connection.execute(select(tables.kiosk.c.kiosk).where(tables.kiosk.c.kiosk == kiosk).with_for_update())


def _last(connection: Connection, code: str) -> tuple[int, str, str]:
    movement = tables.movement
    newest = select(movement.c.n, movement.c.at, movement.c.staff).where(movement.c.code == code).order_by(movement.c.n.desc()).limit(1)
    held = connection.execute(newest).one_or_none()
    return (0, "", "") if held is None else (held.n, held.at, held.staff)


def _move(connection: Connection, kind: str, last: int, **facts: object) -> bool:
    """Puts a movement behind the last one. False where somebody else did so meanwhile."""
    values = {"kind": kind, "n": last + 1, "before": last or None, **facts}
    names = ", ".join(values)
    statement = f"INSERT INTO movement ({names}) VALUES ({', '.join(f':{name}' for name in values)}) ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
    return bool(connection.execute(text(statement), values).rowcount)


def _set_states(connection: Connection, codes: Iterable[str]) -> None:
    """As their last movements say, and what a kiosk paid stays paid. Once their kiosks are held: a row that comes at the same moment is then here, or
    waits and looks at the movements itself."""
    voucher, payment = tables.voucher, tables.payment
    at_kiosk = exists().where(payment.c.code == voucher.c.code)
    for code in sorted(codes):
        state = "paid" if paid_here(connection, code) else case((at_kiosk, "paid"), else_="issued")
        connection.execute(update(voucher).where(voucher.c.code == code).values(state=state))
