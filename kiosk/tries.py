"""Who was wrong how often in a row, and how long they have to wait: PINs, the one-time code, codes of vouchers. In ``kiosk.db``, as pulling the plug is no way round a wait."""

import sqlite3
from datetime import UTC, datetime, timedelta

from config.clock import Instant, Uptime
from kiosk.console.pins import agent_waits, code_waits, machine_waits

SCHEMA = "CREATE TABLE IF NOT EXISTS wrong (who TEXT PRIMARY KEY, times INTEGER NOT NULL, utc TEXT NOT NULL, trusted INTEGER NOT NULL, boot TEXT, up REAL);"

MACHINE = "machine"
"""Who is counted beside each agent: whoever stands at the machine."""

VOUCHERS = "vouchers"
"""Whoever presents codes that are no voucher's. No agent has either name: theirs are numbers."""

WAITS = {MACHINE: machine_waits, VOUCHERS: code_waits}


def waits_s(db: sqlite3.Connection, now: Instant, *who: str) -> int:
    """The longest that one of them still has to wait, in whole seconds."""
    longest = max(_left(db, name, now) for name in who)
    return max(0, -(-longest // timedelta(seconds=1)))


def count(db: sqlite3.Connection, now: Instant, *who: str) -> None:
    """One wrong try more of each."""
    for name in who:
        _remember(db, name, _wrong(db, name)[0] + 1, now)


def forget(db: sqlite3.Connection, *who: str) -> None:
    """Each was right, or is looked after by somebody who was."""
    db.executemany("DELETE FROM wrong WHERE who = ?", ((name,) for name in who))


def forget_strangers(db: sqlite3.Connection) -> None:
    """What was counted for agents that there are not."""
    db.execute("DELETE FROM wrong WHERE who NOT IN (?, ?) AND who NOT IN (SELECT number FROM agent)", (MACHINE, VOUCHERS))


def _left(db: sqlite3.Connection, who: str, now: Instant) -> timedelta:
    """Where no clock can say how long it was, the wait begins anew."""
    times, since = _wrong(db, who)
    wait = WAITS.get(who, agent_waits)(times)
    if since is None or not wait:
        return timedelta(0)
    passed = now.seconds_since(since)
    if passed is None or passed < 0:
        _remember(db, who, times, now)
        return wait
    return wait - timedelta(seconds=passed)


def _wrong(db: sqlite3.Connection, who: str) -> tuple[int, Instant | None]:
    found = db.execute("SELECT times, utc, trusted, boot, up FROM wrong WHERE who = ?", (who,)).fetchone()
    if found is None:
        return 0, None
    times, utc, trusted, boot, up = found
    return times, Instant(datetime.fromisoformat(utc).astimezone(UTC), bool(trusted), None if boot is None else Uptime(boot, up))


def _remember(db: sqlite3.Connection, who: str, times: int, now: Instant) -> None:
    up = (now.up.boot, now.up.seconds) if now.up is not None else (None, None)
    db.execute("INSERT OR REPLACE INTO wrong VALUES (?, ?, ?, ?, ?, ?)", (who, times, now.utc.isoformat(), now.trusted, *up))
