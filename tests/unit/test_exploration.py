"""Every interleaving of a small world: the program's own session, driver and firmware keep every promise, and need each of their rules."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Cents, Gtin, Material, SequenceNumber
from exploring.books import NOON, MemoryJournal, State
from exploring.device import Variant
from exploring.rules import CALM, RULES, Rule, TakesLeaps
from exploring.search import explore
from exploring.still import CannotKeep, Keeper
from exploring.world import Bounds, System
from firmware.guard import Guard
from ledger.vocabulary import Booked, Cause, Ending, Intent, Journal, LedgerError, Visit, Voucher
from money.ledgers import BEGINNING, TERMS, Kiosk

QUICK = [
    pytest.param(CALM._replace(bottles=2), id="two bottles"),
    pytest.param(CALM._replace(bottles=2, refused=1), id="a bottle that is not taken"),
    pytest.param(CALM._replace(kiosk_cuts=1), id="a power cut of the kiosk"),
    pytest.param(CALM._replace(controller_cuts=1), id="a power cut of the controller"),
    pytest.param(CALM._replace(delays=1, doubles=1), id="a frame that comes late and one that comes twice"),
    pytest.param(CALM._replace(jams=1), id="a jam"),
    pytest.param(CALM._replace(stalls=1), id="a motion that does not arrive"),
    pytest.param(CALM._replace(waits=1), id="a wait that is over"),
    pytest.param(CALM._replace(silences=1), id="a beat that falls silent"),
    pytest.param(CALM._replace(doors=1), id="a service door"),
    pytest.param(CALM._replace(manual=1), id="a hand of a technician"),
    pytest.param(CALM._replace(unplugged=1), id="a port that goes and comes back"),
    pytest.param(CALM._replace(bottles=2, behind=1), id="a busy runner"),
    pytest.param(CALM._replace(strangers=1), id="another master on the line"),
    pytest.param(CALM._replace(unplugged=1, late=1), id="an answer of the ledger that comes after everything else"),
    pytest.param(CALM._replace(touches=4), id="a visitor at the screen, who sees the voucher again"),
    pytest.param(CALM._replace(waits=3), id="a visitor who says nothing"),
    pytest.param(CALM._replace(touches=3, prints=2), id="a voucher that is printed"),
    pytest.param(CALM._replace(services=1, loans=1), id="a technician who comes and goes at any moment, and a tool on the line"),
]

LONG = [
    pytest.param(CALM._replace(kiosk_cuts=1, controller_cuts=1), id="a power cut of each side"),
    pytest.param(CALM._replace(bottles=2, kiosk_cuts=1), id="two bottles and a power cut of the kiosk"),
    pytest.param(CALM._replace(bottles=2, controller_cuts=1), id="two bottles and a power cut of the controller"),
    pytest.param(CALM._replace(bottles=2, unplugged=1), id="two bottles and a port that goes and comes back"),
    pytest.param(CALM._replace(kiosk_cuts=1, delays=1, doubles=1), id="a frame that outlives its sender"),
    pytest.param(CALM._replace(kiosk_cuts=1, manual=1), id="a hand of a technician after a power cut"),
    pytest.param(CALM._replace(services=1, loans=1, orders=2), id="a tool that lets fall and hands back what it likes"),
    pytest.param(CALM._replace(services=1, loans=1, orders=1, kiosk_cuts=1), id="a power cut of the kiosk while its line is lent"),
    pytest.param(CALM._replace(services=1, loans=1, orders=1, touches=3), id="a technician, and a visitor at the screen"),
    pytest.param(CALM._replace(services=1, loans=1, unplugged=1, late=1), id="a technician, a port that goes, and a slow ledger"),
    pytest.param(CALM._replace(bottles=2, waits=3), id="a visitor who walks away"),
    pytest.param(CALM._replace(touches=3, waits=3), id="a visitor who touches now and then"),
    pytest.param(CALM._replace(touches=3, waits=1, prints=3, kiosk_cuts=1), id="a printer, a power cut, and nobody who has noted it"),
    pytest.param(CALM._replace(touches=3, waits=3, kiosk_cuts=1), id="a power cut while somebody leaves"),
    pytest.param(CALM._replace(waits=3, unplugged=1, late=1), id="a visitor who walks away from a lost line and a slow ledger"),
    pytest.param(CALM._replace(bottles=2, jams=1, stalls=1), id="two bottles, a jam and a motion that does not arrive"),
]


@pytest.mark.parametrize("bounds", QUICK)
def test_no_interleaving_breaks_a_promise_or_bars_the_way_home(bounds: Bounds) -> None:
    found = explore(bounds, System(), home=True)
    assert found.promise is None, found.told
    assert found.whole


@pytest.mark.long
def test_a_controller_that_takes_a_leap_stops_the_kiosk_and_no_more() -> None:
    found = explore(CALM._replace(strangers=1, kiosk_cuts=1), System(machine=Variant(controller=TakesLeaps)), home=True)
    assert found.promise is None, found.told
    assert found.whole


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("bounds", LONG)
def test_no_interleaving_of_more_bad_luck_breaks_a_promise(bounds: Bounds) -> None:
    found = explore(bounds, System())
    assert found.promise is None, found.told
    assert found.whole


QUICK_RULES = ("fence", "sorted", "late")
"""The others take their turn with all that is long."""


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=name, marks=() if name in QUICK_RULES else pytest.mark.long) for name, rule in RULES.items()]
)
def test_without_any_one_rule_a_promise_breaks(rule: Rule) -> None:
    assert explore(rule.bounds, rule.without).promise is not None, rule.meaning


def test_the_exploration_keeps_every_field_and_refuses_what_it_cannot_keep() -> None:
    guard, keeper = Guard(), Keeper(("firmware",))
    before = keeper.keep(guard, {}, lambda value: value)
    vars(guard)["something_new"] = 1
    assert keeper.keep(guard, {}, lambda value: value) != before
    vars(guard)["something_new"] = iter(())
    with pytest.raises(CannotKeep, match=r"something_new: a builtins.tuple_iterator"):
        keeper.keep(guard, {}, lambda value: value)


def test_what_was_kept_and_brought_back_is_kept_alike() -> None:
    guard, keeper = Guard(), Keeper(("firmware",))
    guard.hear(7, 12)
    kept = keeper.keep(guard, {}, lambda value: value)
    back = keeper.bring_back(kept, {})
    assert isinstance(back, Guard)
    assert back is not guard
    assert back.beat == 7
    assert keeper.keep(back, {}, lambda value: value) == kept


@pytest.mark.parametrize("seed", range(3))
def test_the_ledger_of_the_exploration_answers_like_the_real_one(seed: int, tmp_path: Path) -> None:
    """Any calls, most of them allowed and many not: the same answers, the same refusals, the same standing after each."""
    chance = random.Random(seed)
    kiosk = Kiosk(tmp_path, replace(TERMS, visit_bottles=3))
    model = MemoryJournal(State(allowed=3, totaliser=BEGINNING.totaliser), BEGINNING.controller_id)
    for _ in range(120):
        call = _some_call(chance)
        assert _heard(call, model) == _heard(call, kiosk.journal)
    kiosk.close()


Call = Callable[[Journal], object]


def _some_call(chance: random.Random) -> Call:
    above, steps, wrong = chance.randint(0, 2), chance.randint(0, 2), chance.random() < 0.1
    cause, ending = chance.choice([Cause.KEPT, Cause.TIMED_OUT, Cause.POWER_CUT]), chance.choice(list(Ending))

    def open_visit(journal: Journal) -> Visit:
        return journal.open_visit(NOON)

    def intend(journal: Journal) -> None:
        standing = journal.standing()
        visit = standing.visit.id if standing.visit and not wrong else "2026-11-24/none"
        sequence = SequenceNumber(standing.last_sequence + above)
        journal.intend(Intent(sequence, visit, Gtin("1"), Material.GLASS, Cents(20), Bin(1), 201, "explored"), NOON)

    def book(journal: Journal) -> Booked:
        standing = journal.standing()
        totaliser = standing.booked_totaliser + (-1 if wrong else steps)
        return journal.book(totaliser, SequenceNumber(standing.last_sequence - (above == 2)), NOON)

    def end(journal: Journal) -> None:
        journal.end(SequenceNumber(journal.standing().last_sequence + wrong), ending, NOON)

    def end_visit(journal: Journal) -> object:
        visit = journal.standing().visit
        name = visit.id if visit and not wrong else "2026-11-24/none"
        if steps == 0:
            return journal.issue_voucher(name, cause, NOON)
        if steps == 1:
            return journal.give(name, ASSOCIATIONS[0], NOON)
        journal.close_visit(name, NOON)
        return None

    def mark_shown(journal: Journal) -> None:
        unshown = journal.standing().unshown
        journal.mark_shown(unshown.voucher.code if unshown and not wrong else "no code", NOON)

    return chance.choice([open_visit, intend, intend, book, book, end, end_visit, mark_shown])


def _heard(call: Call, journal: Journal) -> tuple[object, ...]:
    """What came of it, without the numbers that a ledger draws."""
    try:
        answer = _without_names(call(journal))
    except LedgerError as error:
        answer = type(error)
    standing = journal.standing()
    unshown = None if standing.unshown is None else _without_names(standing.unshown.voucher)
    numbers = standing.booked_totaliser, standing.last_sequence, journal.books.row
    return answer, *numbers, _without_names(standing.open_intent), _without_names(standing.visit), unshown


def _without_names(answer: object) -> object:
    match answer:
        case Visit():
            return answer.allowed, answer.bottles, answer.cents
        case Intent():
            return replace(answer, visit="")
        case Booked():
            return answer.totaliser, *map(_without_names, (answer.credited, answer.open_intent, answer.visit))
        case Voucher():
            return answer.amount, answer.cause
        case _:
            return answer
