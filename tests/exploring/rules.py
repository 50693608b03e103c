"""The rules that keep the promises, each with a system in which it alone is left out, and bounds within which that shows.

The product has no switch for any of them: a rule is left out by a class of these tests that takes the place of the real one.
"""

from dataclasses import replace
from typing import NamedTuple
from unittest.mock import patch

from config.vocabulary import SequenceNumber
from drivers.intake.bus import Command, CommandCode
from drivers.intake.events import ItemDropped
from exploring.books import MemoryJournal
from exploring.device import Memory, Variant
from exploring.life import Step
from exploring.world import Bounds, System
from firmware import registers
from firmware.controller import Controller
from firmware.drop import BELOW_BEAM, DROPPED, Drop
from firmware.guard import Guard
from firmware.metal import Sensors
from firmware.store import Record
from kiosk.deposit import answers
from kiosk.deposit.actions import Action, BeginTicket, Book, EndIntent, Intend, Lend, MarkShown, PrintTicket, Send
from kiosk.deposit.events import Answered, Event, LoanAsked, TotaliserBooked
from kiosk.deposit.moves import reconcile
from kiosk.deposit.states import Crediting, FenceBooking, Fencing, Issuing, Lent, Parting, ReconcileBooking, Session, Showing
from kiosk.deposit.step import step
from ledger.vocabulary import Intent


class TakesAnyTime(Controller):
    def command(self, code: int, argument: int, sequence: int) -> None:
        doing = self.state
        if doing in (registers.SORTING, registers.RETURNING, registers.OPENING, registers.CLOSING):
            self.state = registers.SHUT
        super().command(code, argument, sequence)
        if self.answer != registers.ANSWER_TAKEN:
            self.state = doing


class TakesOldNumbers(Controller):
    def command(self, code: int, argument: int, sequence: int) -> None:
        known = self._store.record
        lowered = known.copy()
        lowered.taken = min(known.taken, sequence - 1)
        self._store.record = lowered
        super().command(code, argument, sequence)
        if self._store.record is lowered:
            self._store.record = known


class TakesLeaps(Controller):
    """As one does that knows no other rule than *above*."""

    def _objection(self, code: int, argument: int, sequence: int) -> int:
        return super()._objection(code, argument, min(sequence, self.record.taken + registers.LEAP))


class OpensBehindAnItem(Controller):
    def _objection(self, code: int, argument: int, sequence: int) -> int:
        objection = super()._objection(code, argument, sequence)
        behind_an_item = code == registers.CMD_OPEN and self.state == registers.SHUT and objection == registers.ANSWER_BUSY
        return registers.ANSWER_TAKEN if behind_an_item else objection


class StaysOpenBehindAnItem(Controller):
    def _close(self, now: int) -> None:
        if self.state == registers.OPEN and self.sensors.occupied:
            self.state, self.doing = registers.SHUT, None
        else:
            super()._close(now)


class FlapAlone(Drop):
    """A drop is what looks like one from the flap: open, then locked again."""

    def look(self, sensors: Sensors) -> int:
        if not sensors.flap_locked:
            self.stage = BELOW_BEAM
        elif self.stage == BELOW_BEAM:
            self.stage = DROPPED
        return self.stage


class CountsWhatTheFlapDoes(Controller):
    def tick(self) -> None:
        with patch("firmware.sort.Drop", FlapAlone):
            super().tick()


class DeafToTheBeat(Guard):
    @property
    def unsafe(self) -> bool:
        return self._door_open or self._supply.holds


class BlindToTheDoor(Guard):
    @property
    def unsafe(self) -> bool:
        return not self._beating or self._supply.holds


class Unwatched(Controller):
    """Goes on without the kiosk's beat."""

    def tick(self) -> None:
        self.guard.__class__ = DeafToTheBeat
        super().tick()


class DoorIgnored(Controller):
    def tick(self) -> None:
        self.guard.__class__ = BlindToTheDoor
        super().tick()


class TakenInPassing(Memory):
    """A sequence that is taken is known until the power goes."""

    def save(self, record: Record) -> None:
        if record.taken != self.record.taken:
            self.record = record
        else:
            super().save(record)


class CountsInTwoWrites(Memory):
    def save(self, record: Record) -> None:
        if record.totaliser == self.record.totaliser or record.counted == self.record.counted:
            super().save(record)
            return
        first = record.copy()
        first.counted = self.record.counted
        super().save(first)
        self.lag = record.counted


class OneNumberForAll(Memory):
    def save(self, record: Record) -> None:
        last = record.copy()
        last.sorted = last.taken
        super().save(last)


class ForgetsWhatCameBack(Memory):
    def save(self, record: Record) -> None:
        forgetful = record.copy()
        forgetful.back = 0
        super().save(forgetful)


class CreditsAnyStep(MemoryJournal):
    def _joins(self, intent: Intent, counted: SequenceNumber) -> bool:
        return True


Stepped = tuple[Session, tuple[Action, ...]]


def sorts_before_the_intent(session: Session, event: Event) -> Stepped:
    session, actions = step(session, event)
    early = [Send(Command(CommandCode.SORT, action.intent.sequence, action.intent.bin)) for action in actions if isinstance(action, Intend)]
    return session, (*early, *actions)


def reconciles_without_a_fence(session: Session, event: Event) -> Stepped:
    after, actions = step(session, event)
    match session.phase, event, after.phase:
        case ReconcileBooking(hot), Answered(_, TotaliserBooked()), Fencing() if after.intent is not None:
            return step(replace(session, phase=FenceBooking(hot)), event)
        case _:
            return after, actions


def opens_before_the_credit(session: Session, event: Event) -> Stepped:
    session, actions = step(session, event)
    if isinstance(event, ItemDropped) and isinstance(session.phase, Crediting):
        sequence = SequenceNumber(session.last_sequence + 1)
        return replace(session, last_sequence=sequence), (*actions, Send(Command(CommandCode.OPEN, sequence)))
    return session, actions


def drops_what_comes_late(session: Session, event: Event) -> Stepped:
    if isinstance(event, Answered) and isinstance(event.asked, Book | EndIntent):
        answered = answers.answered(session, event.asked)
        if not answers.is_own(answered, event.asked):
            return answered, ()
    return step(session, event)


def ends_a_phase_with_any_answer(session: Session, event: Event) -> Stepped:
    with patch("kiosk.deposit.answers.is_own", lambda session, asked: True):
        return step(session, event)


def believes_the_last_answer(session: Session, event: Event) -> Stepped:
    if isinstance(event, Answered):
        session = replace(session, row=0)
    return step(session, event)


def believes_leaps(session: Session, event: Event) -> Stepped:
    with patch("kiosk.deposit.step.LEAP", registers.U32), patch("kiosk.deposit.step.LAST_SEQUENCE", registers.U32):
        return step(session, event)


def lends_whatever_is_open(session: Session, event: Event) -> Stepped:
    if isinstance(event, LoanAsked):
        return replace(session, phase=Lent()), (Lend(),)
    return step(session, event)


def parts_with_nobody(session: Session, event: Event) -> Stepped:
    after, actions = step(session, event)
    return reconcile(after) if isinstance(session.phase, Issuing) and isinstance(after.phase, Parting) else (after, actions)


def prints_before_the_ledger_knows(session: Session, event: Event) -> Stepped:
    after, actions = step(session, event)
    if isinstance(session.phase, Showing) and any(isinstance(action, BeginTicket) for action in actions):
        return after, (PrintTicket(session.phase.voucher, 1), *actions)
    return after, actions


def marks_at_the_first_touch(session: Session, event: Event) -> Stepped:
    after, actions = step(session, event)
    if isinstance(session.phase, Showing) and isinstance(after.phase, Parting) and after.phase.voucher is not None:
        shown = MarkShown(after.phase.voucher.code)
        return replace(after, asked=(*after.asked, shown)), (*actions, shown)
    return after, actions


class Rule(NamedTuple):
    meaning: str
    without: System
    bounds: Bounds


def _controller(kind: type[Controller]) -> System:
    return System(machine=Variant(controller=kind))


def _memory(kind: type[Memory]) -> System:
    return System(machine=Variant(memory=kind))


def _session(function: Step) -> System:
    return System(step=function)


CALM = Bounds(bottles=1, kiosk_cuts=0, controller_cuts=0, doubles=0)

RULES = {
    "rest": Rule("the controller takes a command only at rest", _controller(TakesAnyTime), CALM._replace(kiosk_cuts=1, delays=1)),
    "above": Rule(
        "the controller takes a command only with a sequence above the last it took",
        _controller(TakesOldNumbers),
        CALM._replace(doubles=1),
    ),
    "taken": Rule(
        "a sequence is durable when it is taken, before anything moves",
        _memory(TakenInPassing),
        CALM._replace(controller_cuts=1, doubles=1),
    ),
    "count": Rule("the totaliser and the sequence of the last Sort counted are one write", _memory(CountsInTwoWrites), CALM),
    "sorted": Rule(
        "the last Sort taken is kept apart from the last command of any kind", _memory(OneNumberForAll), CALM._replace(controller_cuts=1)
    ),
    "back": Rule("the last Return that handed an item back is kept", _memory(ForgetsWhatCameBack), CALM._replace(controller_cuts=1)),
    "shut": Rule("the gate shuts behind an item and opens only by a command", _controller(StaysOpenBehindAnItem), CALM._replace(bottles=2)),
    "empty": Rule("an Open is taken only with an empty chamber", _controller(OpensBehindAnItem), CALM._replace(unplugged=1)),
    "order": Rule("a drop counts in one order only: chamber empty, beam, flap locked", _controller(CountsWhatTheFlapDoes), CALM),
    "beat": Rule("without the kiosk's beat an open gate shuts, and nothing begins", _controller(Unwatched), CALM._replace(silences=1)),
    "door": Rule("with the service door open the gate does not open", _controller(DoorIgnored), CALM._replace(doors=1)),
    "intent": Rule("an intent is durable before its Sort is sent", _session(sorts_before_the_intent), CALM._replace(kiosk_cuts=1)),
    "join": Rule(
        "a step of the totaliser is credited only if *counted* is the open intent's",
        System(journal=CreditsAnyStep),
        CALM._replace(kiosk_cuts=1, manual=1),
    ),
    "fence": Rule(
        "an intent that was not counted ends only after a later Return was taken",
        _session(reconciles_without_a_fence),
        CALM._replace(delays=1, kiosk_cuts=1),
    ),
    "late": Rule("what the ledger answers is taken over in any phase", _session(drops_what_comes_late), CALM._replace(unplugged=1)),
    "own": Rule(
        "a phase ends only with the answer to its own request",
        _session(ends_a_phase_with_any_answer),
        CALM._replace(unplugged=2, jams=1),
    ),
    "row": Rule("of two answers that of the higher row holds", _session(believes_the_last_answer), CALM._replace(unplugged=1, late=1)),
    "leap": Rule(
        "a sequence that leaps is no base for the next: the controller refuses it, and the kiosk would not believe it",
        System(machine=Variant(controller=TakesLeaps), step=believes_leaps),
        CALM._replace(strangers=1),
    ),
    "parting": Rule(
        "who walks away from a sum is told its number before the gate opens", _session(parts_with_nobody), CALM._replace(bottles=2, waits=2)
    ),
    "shown": Rule(
        "a voucher counts as shown once its visitor has parted, and not before",
        _session(marks_at_the_first_touch),
        CALM._replace(touches=4),
    ),
    "printed": Rule(
        "a copy is durable in the ledger before the first byte goes to the printer",
        _session(prints_before_the_ledger_knows),
        CALM._replace(touches=3, prints=2),
    ),
    "loan": Rule("the line is lent only while nothing is open", _session(lends_whatever_is_open), CALM._replace(services=1, loans=1)),
    "credit": Rule("the gate opens for the next only after the credit is durable", _session(opens_before_the_credit), CALM),
}
