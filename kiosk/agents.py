"""Who may log in at the console: names, roles and hashes of PINs in ``kiosk.db``, which nobody but its owner can read. Ledger and logs hold numbers only.

A name can be erased here for good; its number is never given to anybody else. A wrong PIN is counted before it is looked at, and a right one takes that back
(``kiosk/tries.py``).
"""

import itertools
import os
import secrets
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from config.clock import Clock
from config.files import Trouble, trouble_of
from config.sqlite import sqlite_trouble
from config.told import OutOfService, WrongUse
from kiosk import tries
from kiosk.console.denials import Blocked, Denial, MustWait, TooSimple, WrongPin
from kiosk.console.pins import SHORTEST, too_simple
from kiosk.console.roles import Role
from kiosk.console.told import Listed
from kiosk.tries import MACHINE

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS agent (number TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, pin TEXT, blocked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS given (number TEXT PRIMARY KEY);
{tries.SCHEMA}
"""

MANAGERS = "SELECT number FROM agent WHERE role = ? AND pin IS NOT NULL AND NOT blocked"

GIVEN = "INSERT OR REPLACE INTO given VALUES (?)"

FIRST_NUMBER = 101
"""So that no agent's number looks like a digit that was mistyped."""

BUSY_S = 5.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one hash. RFC 9106, 4, the second recommended option, for machines that are short of memory: 64 MiB, three passes, four lanes.

    Some 0.1 s on a PC; a Raspberry Pi has the memory, and a person who logs in half a second.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


class NoSuchAgent(WrongUse):
    def __init__(self, number: str) -> None:
        super().__init__(f"no agent {number}")
        self.number = number


class LastManager(WrongUse):
    """Nobody would be left who may look after the agents: another manager is made first."""

    def __init__(self, number: str) -> None:
        super().__init__(f"agent {number} is the last manager")
        self.number = number


class PinTooSimple(WrongUse):
    """Somebody would guess it."""

    def __init__(self) -> None:
        super().__init__("the PIN is too simple")


class AgentsUnreadable(OutOfService):
    """The file cannot be read or written now; ``trouble`` says why."""

    def __init__(self, path: str, detail: str, trouble: Trouble) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail
        self.trouble = trouble


class Agents:
    """The file is made when it is first written to. Each call is one transaction of its own: kiosk and command may both use it."""

    def __init__(self, path: Path, clock: Clock, cost: Cost | None = None) -> None:
        self._path = path
        self._clock = clock
        self._cost = cost or Cost()

    def anybody(self) -> bool:
        """Whether somebody may log in."""
        if not self._path.exists():
            return False
        with self._opened() as db:
            return db.execute("SELECT 1 FROM agent WHERE pin IS NOT NULL AND NOT blocked").fetchone() is not None

    def listed(self) -> tuple[Listed, ...]:
        if not self._path.exists():
            return ()
        with self._opened() as db:
            found = db.execute("SELECT number, name, role, pin IS NOT NULL, blocked FROM agent ORDER BY number").fetchall()
        return tuple(Listed(number, name, Role(role), bool(has_pin), bool(blocked)) for number, name, role, has_pin, blocked in found)

    def add(self, name: str, role: Role, pin: str) -> str:
        """The number that the agent gets. Raises PinTooSimple."""
        with self._opened() as db:
            number = _next_number(db)
            self._refuse_simple(pin, number)
            self._insert(db, number, name, role, pin)
        return number

    def add_given(self, name: str, role: Role) -> tuple[str, str]:
        """The number that the agent gets, and a PIN that is drawn once the number is known: it must not hold it."""
        with self._opened() as db:
            number = _next_number(db)
            pin = draw_pin(number)
            self._insert(db, number, name, role, pin)
            db.execute(GIVEN, (number,))
        return number, pin

    def give_pin(self, number: str) -> str:
        """A PIN drawn for an agent, to be changed at the next log-in: whoever gave it knows it too. Raises NoSuchAgent."""
        pin = draw_pin(number)
        with self._opened() as db:
            self._replace_pin(db, number, pin)
            db.execute(GIVEN, (number,))
        return pin

    def is_given(self, number: str) -> bool:
        """Whether the PIN is to be changed first."""
        with self._opened() as db:
            return db.execute("SELECT 1 FROM given WHERE number = ?", (number,)).fetchone() is not None

    def change_pin(self, number: str, before: str, pin: str) -> Denial | None:
        """An agent's own, by who knows the one before; why not, if not. Raises NoSuchAgent."""
        found = self.judge(number, before)
        if isinstance(found, Denial):
            return found
        if pin == before or too_simple(pin, number):
            return TooSimple()
        self.set_pin(number, pin)
        return None

    def set_role(self, number: str, role: Role) -> None:
        """Raises NoSuchAgent, LastManager."""
        self._change("UPDATE agent SET role = ? WHERE number = ?", role.value, number, goes=role is not Role.MANAGER)

    def set_pin(self, number: str, pin: str) -> None:
        """Raises PinTooSimple, NoSuchAgent. What was mistyped before is forgotten."""
        self._refuse_simple(pin, number)
        with self._opened() as db:
            self._replace_pin(db, number, pin)

    def block(self, number: str, *, blocked: bool = True) -> None:
        """Raises NoSuchAgent, LastManager."""
        self._change("UPDATE agent SET blocked = ? WHERE number = ?", int(blocked), number, goes=blocked)

    def forget(self, number: str) -> None:
        """Name and PIN are gone for good; the number stays used up. Raises NoSuchAgent, LastManager."""
        self._change("UPDATE agent SET name = ?, pin = NULL, blocked = 1 WHERE number = ?", "", number, goes=True)

    def role_of(self, number: str) -> Role | None:
        """What an agent may be now; None: blocked, or gone."""
        with self._opened() as db:
            found = db.execute("SELECT role FROM agent WHERE number = ? AND pin IS NOT NULL AND NOT blocked", (number,)).fetchone()
        return None if found is None else Role(found[0])

    def judge(self, number: str, pin: str) -> Role | Denial:
        """Whether this PIN is the agent's. Takes as long for an agent that there is not."""
        if waiting := self._count(number, MACHINE):
            return MustWait(waiting)
        with self._opened() as db:
            found = db.execute("SELECT role, pin, blocked FROM agent WHERE number = ? AND pin IS NOT NULL", (number,)).fetchone()
        role, known, blocked = found or (Role.AUDITOR.value, self._hash(secrets.token_hex(8)), True)
        if not _fits(pin, known) or found is None:
            return WrongPin()
        with self._opened() as db:
            tries.forget(db, number, MACHINE)
            tries.forget_strangers(db)
        return Blocked() if blocked else Role(role)

    def guess(self) -> int:
        """Somebody tries the one-time code: counted like a wrong PIN; seconds to wait, if it is not to be looked at."""
        return self._count(MACHINE)

    def guessed_right(self) -> None:
        with self._opened() as db:
            tries.forget(db, MACHINE)

    def set_aside_if_damaged(self) -> Path | None:
        """Gives a damaged file another name, so that a first manager can be made anew; where it lies now. Raises AgentsUnreadable."""
        if not os.path.lexists(self._path):
            return None
        try:
            with self._opened() as db:
                sound = db.execute("PRAGMA quick_check").fetchone() == ("ok",)
        except AgentsUnreadable as error:
            if error.trouble is not Trouble.DAMAGED:
                raise
            sound = False
        if sound:
            return None
        names = (self._path.with_name(f"{self._path.stem}-damaged-{number}{self._path.suffix}") for number in itertools.count(1))
        aside = next(name for name in names if not os.path.lexists(name))
        try:
            self._path.rename(aside)
        except OSError as error:
            raise AgentsUnreadable(str(self._path), error.strerror or str(error), trouble_of(error)) from error
        return aside

    def _count(self, *who: str) -> int:
        """Counts a try for each, before anybody looks at it, unless one of them has to wait: then how long, in whole seconds."""
        now = self._clock.now()
        with self._opened() as db:
            waiting_s = tries.waits_s(db, now, *who)
            if not waiting_s:
                tries.count(db, now, *who)
        return waiting_s

    def _change(self, statement: str, value: object, number: str, *, goes: bool) -> None:
        """``goes``: the agent is no manager any more, or may not log in. In one transaction with the question who is left: two managers cannot block each other."""
        with self._opened() as db:
            managers = [found for (found,) in db.execute(MANAGERS, (Role.MANAGER.value,))]
            if goes and managers == [number]:
                raise LastManager(number)
            if db.execute(statement, (value, number)).rowcount != 1:
                raise NoSuchAgent(number)

    def _insert(self, db: sqlite3.Connection, number: str, name: str, role: Role, pin: str) -> None:
        db.execute("INSERT INTO agent VALUES (?, ?, ?, ?, 0)", (number, name, role.value, self._hash(pin)))

    def _replace_pin(self, db: sqlite3.Connection, number: str, pin: str) -> None:
        """Raises NoSuchAgent."""
        if db.execute("UPDATE agent SET pin = ? WHERE number = ?", (self._hash(pin), number)).rowcount != 1:
            raise NoSuchAgent(number)
        tries.forget(db, number)
        db.execute("DELETE FROM given WHERE number = ?", (number,))

    def _refuse_simple(self, pin: str, number: str) -> None:
        if too_simple(pin, number):
            raise PinTooSimple

    def _hash(self, pin: str) -> str:
        cost = self._cost
        derived = Argon2id(salt=os.urandom(16), length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
        return derived.derive_phc_encoded(pin.encode())

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        """Raises AgentsUnreadable."""
        return opened(self._path, SCHEMA)


@contextmanager
def opened(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """One transaction in the kiosk's own file, which is made if need be. Raises AgentsUnreadable."""
    try:
        _make_private(path)
        with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_S)) as db:
            db.execute("PRAGMA synchronous = FULL")
            # what is erased is gone from the file, too
            db.execute("PRAGMA secure_delete = ON")
            db.executescript(schema)
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
    except OSError as error:
        raise AgentsUnreadable(str(path), error.strerror or str(error), trouble_of(error)) from error
    except sqlite3.Error as error:
        raise AgentsUnreadable(str(path), str(error), sqlite_trouble(path, error)) from error


def _next_number(db: sqlite3.Connection) -> str:
    (highest,) = db.execute("SELECT max(CAST(number AS INTEGER)) FROM agent").fetchone()
    return str(max(FIRST_NUMBER - 1, highest or 0) + 1)


def _fits(pin: str, known: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(pin.encode(), known)
    except InvalidKey:
        return False
    return True


def _make_private(path: Path) -> None:
    """Nobody but its owner reads it, whatever the shell's umask, and what it was before. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    try:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def draw_pin(number: str) -> str:
    """Six digits that nobody would guess."""
    while True:
        pin = f"{secrets.randbelow(10**SHORTEST):0{SHORTEST}}"
        if not too_simple(pin, number):
            return pin


def one_time_code(draw: Callable[[int], int] = secrets.randbelow) -> str:
    """Twelve digits, of which one guess in a million millions is right."""
    return f"{draw(10**12):012}"
