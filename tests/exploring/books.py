"""The ledger's rules as a value: what ``ledger.vocabulary.Journal`` promises a session, without a file.

``tests/unit/test_exploration.py`` holds it to the real journal: the same calls, the same answers, the same refusals.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from config.clock import Instant
from config.vocabulary import Association, Cents, SequenceNumber
from ledger.days import Reckoning
from ledger.vocabulary import Booked, Books, Cause, Ending, Intent, Standing, TotaliserFell, Unshown, Visit, Voucher, WrongMoney

NOON = Instant(datetime(2026, 11, 24, 12, tzinfo=UTC), trusted=True)
REWARD = Cents(20)


class Row(NamedTuple):
    """An intent and how it ended: ``credited``, ``cancelled``, ``uncounted``, or ``open``."""

    sequence: int
    bottle: int
    ending: str


class State(NamedTuple):
    """What is durable. ``row`` is the newest entry's; ``visits`` were opened; ``rows`` are the intents that have ended."""

    allowed: int
    row: int = 1
    last_sequence: int = 0
    totaliser: int = 0
    visits: int = 0
    visit: Visit | None = None
    open_intent: Intent | None = None
    rows: tuple[Row, ...] = ()
    steps: int = 0
    """Of the totaliser, that nobody was credited for."""
    unshown: Unshown | None = None
    ended_visits: tuple[tuple[str, str, int], ...] = ()
    """(visit, voucher's cause or ``gift`` or ``closed``, cents) of each that ended."""
    printed: tuple[tuple[str, int], ...] = ()
    """(code, copy) of each ticket that was begun."""

    @property
    def intents(self) -> tuple[Row, ...]:
        """All of them, the open one last."""
        intent = self.open_intent
        return self.rows if intent is None else (*self.rows, Row(intent.sequence, bottle_of(intent), "open"))


def bottle_of(intent: Intent) -> int:
    """The number of the bottle that was judged: it is what its code says."""
    return int(intent.gtin or 0)


class MemoryJournal:
    """A ``Journal`` on a ``State``. Each call is one transaction: it changes ``state`` at once or not at all."""

    def __init__(self, state: State, controller_id: int) -> None:
        self.state = state
        self._controller_id = controller_id

    @property
    def books(self) -> Books:
        state = self.state
        sequence = SequenceNumber(state.last_sequence)
        return Books(state.row, "", state.totaliser, sequence, state.open_intent, state.visit, Reckoning(NOON.day()))

    def standing(self) -> Standing:
        state = self.state
        return Standing(
            "explored",
            self._controller_id,
            True,
            state.totaliser,
            SequenceNumber(state.last_sequence),
            state.open_intent,
            state.visit,
            state.unshown,
        )

    def open_visit(self, occurred: Instant) -> Visit:
        state = self.state
        if state.visit is not None:
            raise WrongMoney(f"visit {state.visit.id} is open")
        number = f"{state.visits + 1:04}"
        visit = Visit(f"2026-11-24/{number}", number, state.allowed, 0, Cents(0), occurred)
        self.state = state._replace(row=state.row + 1, visits=state.visits + 1, visit=visit, unshown=None)
        return visit

    def intend(self, intent: Intent, occurred: Instant) -> None:
        state = self.state
        if state.open_intent is not None:
            raise WrongMoney(f"intent {state.open_intent.sequence} is open")
        if state.visit is None or state.visit.id != intent.visit:
            raise WrongMoney(f"visit {intent.visit} is not open")
        if state.visit.remaining == 0 and intent.amount:
            raise WrongMoney(f"visit {intent.visit} was paid for its {state.visit.allowed} bottles")
        if intent.sequence <= state.last_sequence:
            raise WrongMoney(f"sequence {intent.sequence} is not above {state.last_sequence}")
        if state.visit.remaining > 0 and intent.amount != REWARD:
            raise WrongMoney(f"{intent.amount} cents are not the reward of {REWARD}")
        self.state = state._replace(row=state.row + 1, last_sequence=intent.sequence, open_intent=intent)

    def book(self, totaliser: int, counted: SequenceNumber, occurred: Instant) -> Booked:
        state, credited = self.state, None
        others = totaliser - state.totaliser
        if totaliser < state.totaliser:
            raise TotaliserFell(state.totaliser, totaliser)
        intent = state.open_intent
        if intent is not None and totaliser > state.totaliser and self._joins(intent, counted):
            credited, others = intent, others - 1
            state = _ended(state, "credited")
            if state.visit is not None and state.visit.id == intent.visit:
                visit = state.visit
                paid = Visit(visit.id, visit.number, visit.allowed, visit.bottles + 1, Cents(visit.cents + intent.amount), visit.last)
                state = state._replace(visit=paid)
        self.state = state = state._replace(row=state.row + (others > 0), totaliser=totaliser, steps=state.steps + others)
        return Booked(totaliser, credited, state.open_intent, state.visit, possible=30 if state.visit is None else state.visit.remaining)

    def end(self, sequence: SequenceNumber, ending: Ending, occurred: Instant) -> None:
        intent = self.state.open_intent
        if intent is None or intent.sequence != sequence:
            raise WrongMoney(f"intent {sequence} is not open")
        self.state = _ended(self.state, ending.value)

    def issue_voucher(self, visit: str, cause: Cause, occurred: Instant) -> Voucher:
        amount = self._owed(visit)
        if not amount:
            raise WrongMoney(f"nothing was credited in visit {visit}")
        ended = self.state.visit
        assert ended is not None
        self._end_visit(visit, cause.value, amount)
        voucher = Voucher(f"code of {visit}", visit, amount, date(2026, 11, 24), date(2029, 11, 24), cause, "", True)
        self.state = self.state._replace(unshown=Unshown(voucher, NOON, ended))
        return voucher

    def mark_shown(self, code: str, occurred: Instant) -> None:
        if self.state.unshown is None or self.state.unshown.voucher.code != code:
            raise WrongMoney(f"voucher {code} is not the newest, or is marked as shown")
        self.state = self.state._replace(row=self.state.row + 1, unshown=None)

    def begin_ticket(self, code: str, occurred: Instant) -> int:
        state = self.state
        copy = 1 + sum(of == code for of, _ in state.printed)
        unshown = None if state.unshown is None else replace(state.unshown, copies=copy)
        self.state = state._replace(row=state.row + 1, printed=(*state.printed, (code, copy)), unshown=unshown)
        return copy

    def give(self, visit: str, association: Association, occurred: Instant) -> Cents:
        amount = self._owed(visit)
        if not amount:
            raise WrongMoney(f"nothing was credited in visit {visit}")
        self._end_visit(visit, "gift", amount)
        return amount

    def close_visit(self, visit: str, occurred: Instant) -> None:
        amount = self._owed(visit)
        if amount:
            raise WrongMoney(f"visit {visit} has {amount} cents")
        self._end_visit(visit, "closed", amount)

    def _joins(self, intent: Intent, counted: SequenceNumber) -> bool:
        """Whether a step of the totaliser is this intent's."""
        return counted == intent.sequence

    def _owed(self, visit: str) -> Cents:
        state = self.state
        if state.visit is None or state.visit.id != visit:
            raise WrongMoney(f"visit {visit} is not open")
        if state.open_intent is not None:
            raise WrongMoney(f"intent {state.open_intent.sequence} is open")
        return state.visit.cents

    def _end_visit(self, visit: str, how: str, amount: Cents) -> None:
        row = self.state.row + 1
        self.state = self.state._replace(row=row, visit=None, ended_visits=(*self.state.ended_visits, (visit, how, amount)))


def _ended(state: State, ending: str) -> State:
    intent = state.open_intent
    assert intent is not None
    row = Row(intent.sequence, bottle_of(intent), ending)
    return state._replace(row=state.row + 1, open_intent=None, rows=(*state.rows, row))
