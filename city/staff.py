"""Who works at the city and may log in: accounts with a role, passwords as argon2id, lock-out, sessions. Knows no HTTP."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from secrets import token_bytes

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, delete, insert, select, update

from city import audit, tables
from city.codes import digest, make_code, make_token
from city.moments import stamp
from city.store import Store

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}")

ITERATIONS, LANES, MEMORY_KIB = 2, 1, 19 * 1024
"""OWASP's first choice for argon2id: 19 MiB, two passes, one lane."""

TRIES = 5
LOCKED = timedelta(minutes=15)
"""After so many wrong passwords in a row nobody logs in under that name for so long, not with the right one either."""

WORKDAY = timedelta(hours=10)
"""A session's life."""


class Role(StrEnum):
    DESK = "desk"
    MANAGER = "manager"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"


class WrongStaff(Exception):
    """An account that cannot be made or found; the message says why."""


class LogInRefused(Exception):
    """``locked``: too many wrong passwords. Else name or password is wrong, and which of them is not told."""

    def __init__(self, *, locked: bool) -> None:
        super().__init__("locked" if locked else "wrong")
        self.locked = locked


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in. ``form`` is what each form of theirs carries, and no other page can know."""

    name: str
    role: Role
    token: str

    @property
    def form(self) -> str:
        return digest(f"form {self.token}")


def add(connection: Connection, name: str, role: Role, now: datetime, by: str) -> str:
    """Makes an account; its password, which is told this once. Raises WrongStaff."""
    if not NAME.fullmatch(name):
        raise WrongStaff("a log-in has 2 to 40 small letters, digits, dots and hyphens")
    staff = tables.staff
    if connection.execute(select(staff.c.name).where(staff.c.name == name)).scalar() is not None:
        raise WrongStaff(f"there is a log-in {name} already")
    password = make_code()
    connection.execute(insert(staff).values(name=name, role=str(role), password=_hashed(password), since=stamp(now)))
    audit.record(connection, now, by, "staff added", name, role=str(role))
    return password


def renew(connection: Connection, name: str, now: datetime, by: str) -> str:
    """A new password in place of one that was forgotten; ends the lock and every session. Raises WrongStaff."""
    password = make_code()
    _change(connection, name, password=_hashed(password), failures=0, locked_until=None)
    audit.record(connection, now, by, "password renewed", name)
    return password


def block(connection: Connection, name: str, now: datetime, by: str) -> None:
    """Nobody logs in under that name any more, and who is logged in is not. Raises WrongStaff."""
    _change(connection, name, blocked=True)
    audit.record(connection, now, by, "staff blocked", name)


def nobody_yet(connection: Connection) -> bool:
    return connection.execute(select(tables.staff.c.name).limit(1)).scalar() is None


def log_in(store: Store, name: str, password: str, now: Callable[[], datetime]) -> Person:
    """Begins a session. A try counts before the password is looked at, so that many at once are no more than many in a row. Raises LogInRefused."""
    staff = tables.staff
    with store.write() as connection:
        tried = connection.execute(select(staff).where(staff.c.name == name[:40]).with_for_update()).one_or_none()
        if tried is not None:
            if tried.locked_until is not None and tried.locked_until > stamp(now()):
                raise LogInRefused(locked=True)
            failures = 1 if tried.locked_until is not None else tried.failures + 1
            locked_until = stamp(now() + LOCKED) if failures >= TRIES else None
            counted = update(staff).where(staff.c.name == name).values(failures=failures, locked_until=locked_until)
            connection.execute(counted)
            if locked_until is not None:
                audit.record(connection, now(), name, "locked", name, tries=failures)
    fits = _fits(password, _nobodys() if tried is None else tried.password)
    if tried is None or tried.blocked or not fits:
        raise LogInRefused(locked=False)
    token, at = make_token(), now()
    with store.write() as connection:
        connection.execute(update(staff).where(staff.c.name == name).values(failures=0, locked_until=None))
        connection.execute(delete(tables.session).where(tables.session.c.until <= stamp(at)))
        connection.execute(insert(tables.session).values(token=digest(token), staff=name, until=stamp(at + WORKDAY)))
        audit.record(connection, at, name, "logged in", name)
    return Person(name, Role(tried.role), token)


def log_out(connection: Connection, person: Person, now: datetime) -> None:
    connection.execute(delete(tables.session).where(tables.session.c.token == digest(person.token)))
    audit.record(connection, now, person.name, "logged out", person.name)


def who(connection: Connection, token: str, now: datetime) -> Person | None:
    """Who carries this token, if their session still lasts."""
    session, staff = tables.session.c, tables.staff.c
    asked = select(staff.name, staff.role).join_from(tables.session, tables.staff, session.staff == staff.name)
    found = connection.execute(
        asked.where(session.token == digest(token), session.until > stamp(now), staff.blocked.is_(False))
    ).one_or_none()
    return None if found is None else Person(found.name, Role(found.role), token)


def _change(connection: Connection, name: str, **values: object) -> None:
    if not connection.execute(update(tables.staff).where(tables.staff.c.name == name).values(**values)).rowcount:
        raise WrongStaff(f"there is no log-in {name}")
    connection.execute(delete(tables.session).where(tables.session.c.staff == name))


def _argon2(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)


def _hashed(password: str) -> str:
    return _argon2(token_bytes(16)).derive_phc_encoded(password.encode())


@cache
def _nobodys() -> str:
    """For a name that nobody has: it takes as long as one that somebody has."""
    return _hashed(make_token())


def _fits(password: str, hashed: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), hashed)
    except InvalidKey:
        return False
    return True
