"""The sync: sends a ledger's rows to the city in order, after the last one it acknowledged, and keeps trying. Entry: ``run_forever`` or ``once``.

Its own process, with the network and no devices. A round opens the ledger read-only, sends batches until the city holds every row, and writes what
the city acknowledged to sync.db; rows that did not get through simply wait. Nothing is ever skipped: where the two sides disagree, a person looks::

    rows after the acknowledged one ──▶ city ──Accepted, its head is ours──▶ acknowledge, next batch … Delivered
             ▲                           │ Gap: it has less than it said (restored from a copy), and what it has is ours
             └───────────────────────────┘ once a round
             │                           │ Oversized: with half the rows, down to one
             └───────────────────────────┘
    anything else ──▶ the outcome, tried again by ``delay_s``

A mark in sync.db that the ledger contradicts counts for nothing: the city is asked from the first row on, and either the mark is put right or a person looks.

Nothing here outlasts a stop: a round runs in a thread that is left behind where it waits for what cannot be interrupted. What it acknowledged is kept,
and what it was about to write is asked for again.
"""

import math
import threading
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from config.clock import Clock
from ledger.apart import apart
from ledger.chain import NOTHING_BEFORE, time_text
from ledger.keys import load_own
from ledger.sync.acknowledged import Acknowledged, Position, StateError
from ledger.sync.answers import Accepted, Enrolled, Gap, Oversized
from ledger.sync.outbox import LedgerFile, Outbox, OutboxError, Tally
from ledger.sync.outcomes import (
    AuthoritiesUnusable,
    Between,
    CityAhead,
    CityTroubled,
    Delivered,
    Disagreed,
    Doubted,
    Garbled,
    Intercepted,
    KeyUnusable,
    LedgerUnreadable,
    NotEnrolled,
    NothingToSend,
    OnTheWay,
    Outcome,
    Overruled,
    ProxyUnreachable,
    Refused,
    Rejected,
    StateUnusable,
    Stopped,
    TooLarge,
    Unreachable,
    Untrusted,
)
from ledger.sync.signing import Signer
from ledger.sync.uplink import Address, Uplink, as_bytes
from ledger.vocabulary import WrongKey

ROWS_AT_ONCE = 500
LONGEST = 16
"""Back-off ends, and slow trying happens, at this many times the usual pause."""

LONGEST_ASKED_S = 3600
"""A city may ask for at most this pause."""

LOOK_S = 0.1
GLASS_S = 1.0
"""So often the sync looks for a code that was typed at the glass."""

GRACE_S = 1.5
"""After a stop, for a round to end by itself; with the rest of the process's end that stays under two seconds."""


@dataclass(frozen=True, slots=True)
class Route:
    """From which ledger to which city. ``every_s``: the usual pause between rounds; the rest as in ``uplink.Address``."""

    ledger: Path
    acknowledged: Path
    key: Path
    city: str
    every_s: float
    timeout_s: float
    rows_at_once: int = ROWS_AT_ONCE
    proxy: str | None = None
    authorities: str | None = None


def unheard(_: OnTheWay) -> None:
    """For whoever looks at outcomes alone."""


def at_no_glass() -> None:
    """Where nobody types a code."""


def run_forever(
    route: Route,
    stop: threading.Event,
    report: Callable[[Outcome], None],
    clock: Clock,
    random: Callable[[], float],
    told: Callable[[OnTheWay], None] = unheard,
    settles: Callable[[], object] = at_no_glass,
    waits: Callable[[], object] = at_no_glass,
) -> None:
    """Round after round until ``stop`` is set, which ends a pause at once and a round within ``GRACE_S``.

    ``settles`` is called before each round, for a code that was typed at the glass, and ``waits`` says which one lies there: another than at the pause's begin ends that.

    ``report`` gets every outcome, ``told`` what happened on the way to it; ``random`` gives numbers from 0 to 1 and spreads the kiosks of a city over time. After a failure the next round
    begins with fewer rows: what cuts a line where a message is too long does not always say so.
    """
    failures = 0
    while not stop.is_set():
        settles()
        outcome = once(route, stop, clock, max(1, route.rows_at_once >> failures), told)
        report(outcome)
        failures = 0 if isinstance(outcome, Delivered | NothingToSend | NotEnrolled) else failures + 1
        _pause(delay_s(outcome, failures, route.every_s, random), stop, waits)


def _pause(seconds: float, stop: threading.Event, waits: Callable[[], object]) -> None:
    if waits is at_no_glass:
        stop.wait(seconds)
        return
    known = waits()
    for _ in range(math.ceil(seconds / GLASS_S)):
        if stop.wait(min(seconds, GLASS_S)) or waits() not in {known, None}:
            return


def delay_s(outcome: Outcome, failures: int, every_s: float, random: Callable[[], float]) -> float:
    """Seconds until the next round, the ``failures``-th failed one in a row being just over."""
    match outcome:
        case Delivered() | NothingToSend() | NotEnrolled():
            return every_s * (0.9 + 0.2 * random())
        case CityTroubled(_, retry_after_s) if retry_after_s is not None:
            return max(_backed_off_s(failures, every_s, random), min(retry_after_s, LONGEST_ASKED_S))
        case Unreachable() | ProxyUnreachable() | Intercepted() | Untrusted() | AuthoritiesUnusable() | TooLarge():
            return _backed_off_s(failures, every_s, random)
        case CityTroubled() | Garbled() | LedgerUnreadable() | StateUnusable() | KeyUnusable():
            return _backed_off_s(failures, every_s, random)
        case Doubted(reason=reason):
            return delay_s(reason, failures, every_s, random)
        case Refused() | Rejected() | Disagreed() | CityAhead():
            return every_s * LONGEST * (0.5 + 0.5 * random())
        case Stopped():
            return 0.0
        case _:
            assert_never(outcome)


def _backed_off_s(failures: int, every_s: float, random: Callable[[], float]) -> float:
    return every_s * min(1 << min(failures, 30), LONGEST) * (0.5 + 0.5 * random())


def once(route: Route, stop: threading.Event, clock: Clock, rows: int | None = None, told: Callable[[OnTheWay], None] = unheard) -> Outcome:
    """One round, whose first message has at most ``rows``. Every way it can end is an outcome; after a stop it is left behind if it must."""
    begun = apart("sync-round", lambda: _round(route, stop, clock, rows or route.rows_at_once, told))
    while not wait((begun,), LOOK_S).done and not stop.is_set():
        continue
    return begun.result() if wait((begun,), GRACE_S).done else Stopped()


def _round(route: Route, stop: threading.Event, clock: Clock, rows: int, told: Callable[[OnTheWay], None]) -> Outcome:
    try:
        with Acknowledged(route.acknowledged) as state:
            if state.set_aside is not None:
                told(state.set_aside)
            outcome = _Delivery(route, state, stop, clock, rows, told).of(route.ledger)
            state.finish(outcome, _now(clock))
            return outcome
    except StateError as error:
        return StateUnusable(str(error.path), error.detail, error.trouble)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What one round needs for each ledger that it sends."""

    route: Route
    state: Acknowledged
    stop: threading.Event
    clock: Clock
    rows: int
    told: Callable[[OnTheWay], None]

    def of(self, ledger: Path) -> Outcome:
        """Sends this ledger; first the one before it, if that is still here and nothing says that the city has some of this one."""
        if not ledger.exists():
            return NothingToSend(str(ledger))
        route = self.route
        try:
            if not route.key.exists():
                return NotEnrolled(str(route.key))
            signer = Signer(load_own(route.key), lambda: self.clock.now().utc)
            address = Address(route.city, route.timeout_s, route.proxy, route.authorities)
            with Outbox(ledger) as outbox, Uplink(address, signer, self.clock.monotonic, self.stop) as uplink:
                generation = outbox.generation()
                if generation is None:
                    return NothingToSend(str(ledger))
                mark = self.state.position(generation.hash)
                doubt = None if mark is None else _doubt(outbox, mark)
                if generation.before is not None and generation.before.exists() and (mark is None or doubt):
                    outbox.rest()
                    earlier = self.of(generation.before)
                    if not isinstance(earlier, Delivered):
                        return _under(doubt, earlier)
                after = 0 if mark is None or doubt else mark.row
                sending = _Round(self, generation, outbox, uplink, doubt)
                outcome = sending.run(after)
                if isinstance(outcome, Disagreed | CityAhead):
                    self.state.record(generation.hash, outcome, _now(self.clock))
                return _under(sending.doubt, outcome)
        except OutboxError as error:
            return LedgerUnreadable(str(error.path), error.detail, error.trouble)
        except WrongKey as error:
            return KeyUnusable(error.path, error.detail)


def _doubt(outbox: Outbox, mark: Position) -> Doubted | None:
    """A mark that this ledger contradicts counts for nothing: the city is asked as if there were none, and says which of the two is wrong."""
    own = outbox.hash_of(mark.row)
    return None if own == mark.head else Doubted(mark.row, mark.head, own, outbox.last_row(), Stopped())


def _under(doubt: Doubted | None, outcome: Outcome) -> Outcome:
    """What the city says ends the doubt, and a stop leaves it for the next round; what kept the city from saying anything is told with the doubt."""
    if doubt is None or isinstance(outcome, Delivered | Disagreed | CityAhead | Stopped):
        return outcome
    return replace(doubt, reason=outcome)


def _now(clock: Clock) -> str:
    return time_text(clock.now().utc)


@dataclass(frozen=True, slots=True)
class _Batch:
    """``count`` rows up to ``last``; without rows ``last`` is where it would go on."""

    count: int
    last: int
    message: bytes


class _Round:
    """One ledger, one connection: batch after batch. The first has the delivery's ``rows``; each that gets through doubles them, up to the most that may."""

    def __init__(self, delivery: _Delivery, generation: LedgerFile, outbox: Outbox, uplink: Uplink, doubt: Doubted | None) -> None:
        self._limit = delivery.rows
        self._most = delivery.route.rows_at_once
        self._delivery = delivery
        self._generation = generation
        self._outbox = outbox
        self._uplink = uplink
        self.doubt = doubt
        """What sync.db says against this ledger, until the city has spoken."""
        self._sent = 0
        self._tally = Tally()
        self._tallied = 0

    def run(self, start: int) -> Outcome:
        """Sends what follows row ``start``."""
        after: int | Outcome = start
        went_back = False
        while isinstance(after, int):
            if self._delivery.stop.is_set():
                return Stopped()
            batch = self._batch(after)
            self._outbox.rest()
            if batch.count:
                self._delivery.state.takes_writes()
            answer = self._uplink.send(self._generation.kiosk, batch.message)
            match answer:
                case Accepted():
                    self._limit = min(2 * self._limit, self._most)
                    after = self._acknowledge(batch, answer)
                    if after == self._outbox.last_row():
                        return Delivered(self._generation.hash, answer.row, answer.head, self._sent, answer.differences)
                case Gap() if went_back:
                    return Garbled(f"the city asks for row {answer.expected} after it was sent what it had asked for")
                case Gap():
                    after, went_back = self._go_back(after, answer), True
                case Oversized() | Intercepted(by=Between.TOO_SLOW) if batch.count > 1:
                    self._limit = self._most = batch.count // 2
                case Enrolled():
                    return Garbled("the city answers rows as if they were a key")
                case Oversized():
                    return TooLarge(batch.last, len(batch.message))
                case _:
                    return answer
        return after

    def _batch(self, after: int) -> _Batch:
        rows = self._outbox.rows(after, self._limit)
        last: int = rows[-1]["row"] if rows else after
        if self._tallied > last:
            self._tally, self._tallied = Tally(), 0
        self._tally.update(self._outbox.tally(self._tallied, last))
        self._tallied = last
        message = {
            "generation": self._generation.hash,
            "rows": rows,
            "row": last,
            "totals": self._tally.message(),
            "health": {"sent": _now(self._delivery.clock), "waiting": self._outbox.last_row() - last},
        }
        return _Batch(len(rows), last, as_bytes(message))

    def _acknowledge(self, batch: _Batch, answer: Accepted) -> int | Outcome:
        """Believes the city only where its head is the hash of our own row. It may hold more than this batch: sync.db was lost."""
        if answer.generation != self._generation.hash or answer.row < batch.last:
            return Garbled(f"the city acknowledges row {answer.row} of {answer.generation}, it was sent row {batch.last}")
        last = self._outbox.last_row()
        if answer.row > last:
            return CityAhead(answer.row, answer.head, last)
        own = self._hash_of(answer.row)
        if answer.head != own:
            if answer.row > batch.last:
                return Disagreed("row", answer.row, held=answer.head, sent=own)
            return Garbled(f"the city acknowledges row {answer.row} with a hash that is not its own")
        self._keep(answer)
        self._sent += batch.count
        return answer.row

    def _keep(self, answer: Accepted) -> None:
        """What sync.db said otherwise is kept too, and told: it was wrong, or ledger and city have both lost rows."""
        state, now = self._delivery.state, _now(self._delivery.clock)
        overruled, self.doubt = self.doubt, None
        if overruled is not None:
            found = Overruled(str(self._delivery.route.acknowledged), overruled.row, overruled.held, answer.row)
            state.record(self._generation.hash, found, now)
            self._delivery.told(found)
        state.acknowledge(self._generation.hash, answer.row, answer.head, now, newest=answer.current is True)

    def _go_back(self, after: int, gap: Gap) -> int | Outcome:
        """The city has less than it acknowledged. If what it has is ours, the rest is sent again."""
        if not 1 <= gap.expected <= after:
            return Garbled(f"the city asks for row {gap.expected}, it was sent the rows after {after}")
        before = gap.expected - 1
        own = self._hash_of(before)
        return before if own == gap.head else Disagreed("row", before, held=gap.head, sent=own)

    def _hash_of(self, row: int) -> str:
        return NOTHING_BEFORE if row == 0 else self._outbox.hash_of(row) or ""
