"""What must hold in every world, whatever happens: the promises, one function each. A function says whether its promise is broken."""

from collections.abc import Callable
from typing import NamedTuple

from exploring.books import State
from exploring.device import Device
from exploring.metal import BY_HAND
from exploring.world import Past
from firmware import registers
from firmware.store import Record
from kiosk.deposit.states import Lent, Opening, Phase, Ready, Showing, StillHere, Stopped


class Moment(NamedTuple):
    """One world, as the promises see it. ``phase`` is None without power; ``still``: no frame is under way.

    ``knows``: the session holds the ledger's visit and intent, or an answer is still to come. ``counts_from``: the highest sequence that the kiosk knows of, and the totaliser that it read last. ``cuts`` of the controller, and ``troubles`` of its metal (jams, motions that did not arrive), and orders of ``strangers`` and of a technician's tool (``orders``) have happened so far.
    """

    device: Device
    phase: Phase | None
    books: State
    past: Past
    still: bool
    knows: bool
    counts_from: tuple[int, int]
    cuts: int
    troubles: int
    strangers: int
    orders: int

    @property
    def drops(self) -> dict[int, int]:
        """The bottle that fell of each Sort."""
        return {fell.sequence: fell.bottle for fell in self.past.fell if fell.bottle != BY_HAND}

    @property
    def ready(self) -> bool:
        """Whether the session takes the next bottle."""
        return isinstance(self.phase, Opening | Ready | StillHere)


def one_command_moved_two_bottles(now: Moment) -> bool:
    return len(now.drops) < sum(fell.bottle != BY_HAND for fell in now.past.fell)


def a_bottle_fell_without_a_command(now: Moment) -> bool:
    return 0 in now.drops


def a_drop_was_credited_twice(now: Moment) -> bool:
    sequences = [row.sequence for row in now.books.rows]
    return len(set(sequences)) < len(sequences)


def credited_without_a_fall(now: Moment) -> bool:
    return any(row.ending == "credited" and row.sequence not in now.drops for row in now.books.rows)


def another_bottle_fell_than_the_one_judged(now: Moment) -> bool:
    drops = now.drops
    return any(drops.get(row.sequence, row.bottle) != row.bottle for row in now.books.intents)


def it_fell_and_its_intent_says_that_it_came_back(now: Moment) -> bool:
    drops = now.drops
    return any(row.ending == "cancelled" and row.sequence in drops for row in now.books.rows)


def it_came_back_and_its_intent_says_that_it_fell(now: Moment) -> bool:
    """Two power cuts of the controller, or one and a gate that fails while it hands something back, may hide this: a person decides."""
    return now.cuts + now.troubles < 2 and any(
        row.ending in ("uncounted", "credited") and row.bottle in now.past.out for row in now.books.rows
    )


def uncounted_without_a_cut_or_a_jam(now: Moment) -> bool:
    return not (now.cuts or now.troubles or now.strangers) and any(row.ending == "uncounted" for row in now.books.rows)


def counted_and_not_credited(now: Moment) -> bool:
    """What the controller has counted for a Sort is owed, whatever was cut in between."""
    counted = Record(now.device.record).counted
    return any(row.sequence == counted and row.ending in ("cancelled", "uncounted") for row in now.books.rows)


def ready_for_the_next_with_an_intent_open(now: Moment) -> bool:
    return now.ready and now.books.open_intent is not None


def the_gate_opened_with_an_intent_open(now: Moment) -> bool:
    """A credit is durable before the gate opens for the next one. A Return opens it too, but only for what lies in the chamber."""
    opened = now.device.does in (registers.OPENING, registers.OPEN)
    return opened and not now.strangers and now.books.open_intent is not None


def it_fell_and_no_row_tells_of_it(now: Moment) -> bool:
    """Its own intent; of what a stranger's Sort or a technician's Test moved, a step of the totaliser that nobody was credited for."""
    told = {row.sequence for row in now.books.intents}
    untold = len(now.drops.keys() - told)
    steps = now.books.steps if now.strangers or now.orders else 0
    has_read = now.counts_from[1] == Record(now.device.record).totaliser
    return isinstance(now.phase, Ready) and now.device.rests and now.still and has_read and untold > steps


def the_line_is_lent_while_a_visit_or_an_intent_is_open(now: Moment) -> bool:
    return isinstance(now.phase, Lent) and (now.books.visit is not None or now.books.open_intent is not None)


def a_number_that_leapt_was_counted_on(now: Moment) -> bool:
    return now.counts_from[0] > registers.LEAP


def the_session_holds_other_books_than_the_ledger(now: Moment) -> bool:
    """What the visitor is shown, and may keep, is what the ledger has, whatever the session was doing when it heard."""
    return not now.knows


def the_ledger_was_asked_for_what_it_forbids(now: Moment) -> bool:
    return bool(now.past.complaint)


def the_gate_stands_open_and_nobody_minds_it(now: Moment) -> bool:
    return now.device.does == registers.OPEN and not now.device.beating


def the_gate_opens_with_the_service_door_open(now: Moment) -> bool:
    return now.device.stand.door_open and now.device.does in (registers.OPENING, registers.OPEN)


def the_gate_opens_before_a_voucher_was_shown(now: Moment) -> bool:
    """Nobody who is owed something leaves without its number, or the code; not even where a start finds it."""
    return now.ready and now.books.unshown is not None


def a_code_stands_that_counts_as_shown(now: Moment) -> bool:
    """It may be the next visitor who stands there."""
    if not isinstance(now.phase, Showing):
        return False
    return now.books.unshown is None or now.books.unshown.voucher != now.phase.voucher


def paper_came_out_that_the_ledger_does_not_know_of(now: Moment) -> bool:
    return not set(now.past.paper) <= set(now.books.printed)


def one_copy_came_out_twice(now: Moment) -> bool:
    return len(set(now.past.paper)) < len(now.past.paper)


PROMISES: tuple[Callable[[Moment], bool], ...] = (
    one_command_moved_two_bottles,
    a_bottle_fell_without_a_command,
    a_drop_was_credited_twice,
    credited_without_a_fall,
    another_bottle_fell_than_the_one_judged,
    it_fell_and_its_intent_says_that_it_came_back,
    it_came_back_and_its_intent_says_that_it_fell,
    uncounted_without_a_cut_or_a_jam,
    counted_and_not_credited,
    ready_for_the_next_with_an_intent_open,
    the_gate_opened_with_an_intent_open,
    it_fell_and_no_row_tells_of_it,
    the_line_is_lent_while_a_visit_or_an_intent_is_open,
    a_number_that_leapt_was_counted_on,
    the_session_holds_other_books_than_the_ledger,
    the_ledger_was_asked_for_what_it_forbids,
    the_gate_stands_open_and_nobody_minds_it,
    the_gate_opens_with_the_service_door_open,
    the_gate_opens_before_a_voucher_was_shown,
    a_code_stands_that_counts_as_shown,
    paper_came_out_that_the_ledger_does_not_know_of,
    one_copy_came_out_twice,
)


def at_home(now: Moment) -> bool:
    """Takes the next bottle, or has stopped and says why. Where the machine must be able to come to from everywhere."""
    if isinstance(now.phase, Stopped):
        return True
    return isinstance(now.phase, Ready) and now.device.does == registers.OPEN and now.books.open_intent is None


def broken(now: Moment) -> str | None:
    """The first promise that is broken, in words."""
    for promise in PROMISES:
        if promise(now):
            return promise.__name__.replace("_", " ")
    return None
