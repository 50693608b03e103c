"""Which key speaks for which kiosk, and that no request counts twice. Everything here happens in the caller's transaction.

A person at the city makes a one-time code for a kiosk; whoever brings it with a key of their own speaks for that kiosk from then on::

    invite ─▶ code ──enrol──▶ active ──rotate──▶ another key is next; its first request makes it active, and this one retired
                                │
                                ├──another code is used──▶ retired
                                └──revoke──▶ revoked: whatever it signs is refused

A request carries a nonce. With a time that the city believes (``WINDOW``) it is any nonce that did not come before; with another time, or none, it is a
nonce that the city itself has offered a moment ago: so a kiosk whose clock nobody set gets through, and what was recorded on the way does not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, text, update

from city import audit, tables
from city.codes import digest, make_code, make_token, typed
from city.moments import stamp
from city.signatures import Signed

INVITED = timedelta(hours=24)
"""For a code to be typed at the kiosk."""

WINDOW = timedelta(minutes=5)
"""By which a kiosk's clock may be off. A nonce is remembered for as long as its time would be believed; one that is offered is good for as long."""

MAY_SPEAK = ("active", "next")


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that the city knows, and what it signed."""

    kiosk: str
    signed: Signed


@dataclass(frozen=True, slots=True)
class Refusal:
    """``error`` is the contract's code; ``offer`` a nonce that may be signed in its place."""

    error: str
    message: str
    offer: str | None = None


def invite(connection: Connection, kiosk: str, now: datetime, by: str) -> str:
    """A code that enrols one key for this kiosk, once, until ``INVITED`` is over. An earlier one that was not used is void."""
    invitation = tables.invitation
    connection.execute(delete(invitation).where(invitation.c.kiosk == kiosk, invitation.c.key.is_(None)))
    code = make_code()
    connection.execute(insert(invitation).values(code=digest(code), kiosk=kiosk, until=stamp(now + INVITED)))
    audit.record(connection, now, by, "invited", kiosk)
    return code


def enrol(connection: Connection, kiosk: str, code: str, key: str, now: datetime) -> Refusal | None:
    """Makes ``key`` the one that speaks for the kiosk. The same again is fine, for the answer may have been lost."""
    invitation, at = tables.invitation, stamp(now)
    named = (invitation.c.code == digest(typed(code))) & (invitation.c.kiosk == kiosk)
    held = _state(connection, key)
    if held is not None:
        again = connection.execute(select(invitation.c.key).where(named)).scalar() == key
        return None if again and held in MAY_SPEAK else Refusal("key", "this key was enrolled before; make a new one")
    unused = named & invitation.c.key.is_(None) & (invitation.c.until > at)
    if not connection.execute(update(invitation).where(unused).values(key=key)).rowcount:
        return Refusal("code", "this code enrols no key for this kiosk: it is another kiosk's, used, too old, or mistyped")
    _end(connection, kiosk, MAY_SPEAK, "retired", at)
    connection.execute(insert(tables.kiosk_key).values(key=key, kiosk=kiosk, state="active", since=at))
    audit.record(connection, now, kiosk, "enrolled", key)
    return None


def rotate(connection: Connection, caller: Caller, key: str, now: datetime) -> Refusal | None:
    """From its first request on, ``key`` takes the place of the key that has signed this. The same again is fine."""
    keys, at = tables.kiosk_key, stamp(now)
    held = connection.execute(select(keys.c.kiosk, keys.c.state).where(keys.c.key == key)).one_or_none()
    if held is not None:
        again = held.kiosk == caller.kiosk and held.state == "next"
        return None if again else Refusal("key", "this key was enrolled before; make a new one")
    _end(connection, caller.kiosk, ("next",), "retired", at)
    connection.execute(insert(keys).values(key=key, kiosk=caller.kiosk, state="next", since=at))
    audit.record(connection, now, caller.kiosk, "rotated", key)
    return None


def revoke(connection: Connection, kiosk: str, now: datetime, by: str) -> int:
    """Ends every key and every open code of a kiosk; how many keys there were."""
    invitation = tables.invitation
    connection.execute(delete(invitation).where(invitation.c.kiosk == kiosk, invitation.c.key.is_(None)))
    ended = _end(connection, kiosk, MAY_SPEAK, "revoked", stamp(now))
    audit.record(connection, now, by, "revoked", kiosk)
    return ended


def kiosk_of(connection: Connection, key: str) -> str | None:
    """The kiosk that a key was enrolled for, whatever became of the key."""
    return connection.execute(select(tables.kiosk_key.c.kiosk).where(tables.kiosk_key.c.key == key)).scalar()


def admit(connection: Connection, caller: Caller, now: datetime) -> Refusal | None:
    """Whether this request counts, and that it never counts again. What is recorded here must be kept whatever the answer is."""
    signed = caller.signed
    state = _state(connection, signed.key)
    if state not in MAY_SPEAK:
        return Refusal("revoked", "this key does not speak for the kiosk any more; the kiosk must be enrolled anew")
    nonce, at = tables.nonce, stamp(now)
    connection.execute(delete(nonce).where(nonce.c.key == signed.key, nonce.c.until <= at))
    if not _take_back(connection, signed):
        if signed.created is None or abs(now - _moment(signed.created)) > WINDOW:
            offer = make_token()
            _remember(connection, signed.key, offer, offered=True, until=now + WINDOW)
            return Refusal("time", "the request's time is not the city's; sign the nonce that is offered here", offer)
        if not _remember(connection, signed.key, signed.nonce, offered=False, until=now + 2 * WINDOW):
            return Refusal("replayed", "this request was here before")
    if state == "next":
        _end(connection, caller.kiosk, ("active",), "retired", at)
        connection.execute(update(tables.kiosk_key).where(tables.kiosk_key.c.key == signed.key).values(state="active"))
    return None


def _moment(seconds: int) -> datetime:
    """What is no moment of ours is one that no clock of ours shows."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.min.replace(tzinfo=UTC)


def _state(connection: Connection, key: str) -> str | None:
    return connection.execute(select(tables.kiosk_key.c.state).where(tables.kiosk_key.c.key == key)).scalar()


def _end(connection: Connection, kiosk: str, states: tuple[str, ...], state: str, at: str) -> int:
    keys = tables.kiosk_key
    ending = update(keys).where(keys.c.kiosk == kiosk, keys.c.state.in_(states)).values(state=state, ended=at)
    return connection.execute(ending).rowcount


def _remember(connection: Connection, key: str, nonce: str, *, offered: bool, until: datetime) -> bool:
    """False where it is there already; two servers that get the same at once are told apart by the database."""
    statement = text("INSERT INTO nonce (key, nonce, offered, until) VALUES (:key, :nonce, :offered, :until) ON CONFLICT DO NOTHING")
    values = {"key": key, "nonce": nonce, "offered": offered, "until": stamp(until)}
    return bool(connection.execute(statement, values).rowcount)


def _take_back(connection: Connection, signed: Signed) -> bool:
    """Whether the city has offered this nonce. It is good once."""
    nonce = tables.nonce
    offer = delete(nonce).where(nonce.c.key == signed.key, nonce.c.nonce == signed.nonce, nonce.c.offered.is_(True))
    return bool(connection.execute(offer).rowcount)
