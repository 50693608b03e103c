"""The deposit session's whole table: every event in every state it can reach is answered, and never against the promises.

A machine of rules drives the session through events in any order, also such as cannot happen together: it must bear them all.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Cents, Material, Reason, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import Answer, CommandCode, ControllerFault, ControllerState, FaultCause, HotBlock
from drivers.intake.events import (
    BinLevel,
    CommandUnanswered,
    DoorOpened,
    DoorShut,
    FaultChanged,
    Hand,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    LineReturned,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
    TakenBack,
)
from kiosk.deposit.actions import (
    Action,
    Book,
    CloseVisit,
    EndIntent,
    GiveAway,
    Intend,
    IssueVoucher,
    LedgerAction,
    Lend,
    MarkShown,
    OpenVisit,
    Send,
)
from kiosk.deposit.events import (
    Answered,
    CameraBack,
    CameraLost,
    Elapsed,
    Event,
    GiftGiven,
    GiveTo,
    HoursTold,
    Intended,
    IntentEnded,
    Judged,
    LedgerFailed,
    LedgerNews,
    LoanAsked,
    MarkedShown,
    RestChanged,
    ServiceAsked,
    ServiceEnded,
    StaffCame,
    StaffLeft,
    TotaliserBooked,
    Touch,
    Touched,
    VisitClosed,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import BudgetSpent, HallClosed, InService, Obstacle, Resting, RestMessage, StaffAtWork
from kiosk.deposit.states import (
    Checking,
    Choosing,
    ConfirmingGift,
    Lent,
    Opening,
    Parting,
    Phase,
    PickingAssociation,
    Ready,
    Session,
    Showing,
    Sorting,
    StillHere,
    Stopped,
    Thanking,
    Unlinked,
)
from kiosk.deposit.step import resume, step
from kiosk.deposit.view import Screen, view
from ledger.days import Reckoning
from ledger.vocabulary import Booked, Books, Intent, Unshown, Visit
from people.stories import COUNTED_LESS, DISK_FULL, IDENTITY, NOON, RULE_BROKEN, RULES, UNPLUGGED, VISIT, a_standing, a_voucher, verdict
from wires.readings import REST

OFFERED = replace(RULES, without_money=True)
ENDS_THE_VISIT = IssueVoucher | CloseVisit | GiveAway
READINGS = st.builds(
    replace,
    st.just(REST),
    state=st.sampled_from(ControllerState),
    fault=st.sampled_from(ControllerFault),
    cause=st.sampled_from(FaultCause),
    occupied=st.booleans(),
    entry_beam=st.booleans(),
    door_open=st.booleans(),
    hand=st.booleans(),
    boots=st.integers(1, 2),
    bin_percent=st.tuples(st.sampled_from([0, 95]), st.sampled_from([0, 95])),
)


class AnyOrder(RuleBasedStateMachine):
    """Keeps the books that the session's ledger actions would make, answers from them or not at all, and tells any reading."""

    def __init__(self) -> None:
        super().__init__()
        self.session, _ = resume(a_standing(), OFFERED, NOON)
        self.asked: tuple[Action, ...] = ()
        self.visit: Visit | None = None
        self.intent: Intent | None = None
        self.unanswered: list[LedgerAction] = []
        self.highest = 0
        self.row = 1
        self.last_intended = SequenceNumber(0)
        self.possible = 30
        self.doubtful = False
        """Whether an intent could not be written, and nobody knows yet how much of that is on the disk."""

    @initialize(shown=st.integers(0, 9).map(bool), possible=st.sampled_from([30, 30, 2, 0]))
    def begin(self, shown: bool, possible: int) -> None:
        """Now and then after a power cut that hid a voucher, or with little money left in the day."""
        self.possible = possible
        if not shown:
            self.session, _ = resume(a_standing(unshown=Unshown(a_voucher(), NOON, VISIT)), OFFERED, NOON)

    def tell(self, event: Event) -> None:
        before = self.session
        self.session, self.asked = step(before, event)
        for action in self.asked:
            self.check(before, event, action)
            if isinstance(action, OpenVisit | Intend | Book | EndIntent | ENDS_THE_VISIT | MarkShown):
                self.unanswered.append(action)

    def check(self, before: Session, event: Event, action: Action) -> None:
        match action:
            case Send(command):
                assert command.sequence > self.highest, "a sequence is used once"
                assert not isinstance(before.phase, Lent), "nothing is sent while the line is lent"
                self.highest = command.sequence
                if command.code is CommandCode.OPEN:
                    assert self.session.intent is None, "the gate opens only when no bottle's fate is open"
                    assert self.session.latched is None
                if command.code is CommandCode.SORT and self.intent is not None and self.visit is not None:
                    assert self.intent.amount == (20 if self.visit.remaining > 0 else 0), (
                        "paid for as many as the visit may be, and no more"
                    )
                if command.code is CommandCode.SORT:
                    assert self.intent is not None, "an intent is durable before its Sort is sent"
                    assert self.intent.sequence == command.sequence
                if command.code is CommandCode.CLEAR:
                    assert before.attended or isinstance(event, DoorShut), "only a person's look clears a latched fault"
            case Lend():
                assert self.session.visit is None, "the sum is kept before line and camera are lent"
                assert self.session.intent is None
                assert self.session.service
                hot = self.session.hot
                assert hot is None or not hot.occupied or hot.weight_g < 5, "what the scale feels is out first"
            case IssueVoucher() | CloseVisit() | GiveAway():
                assert self.session.intent is None, "no visit ends while a bottle's fate is open"
            case _:
                pass

    def at(self, reading: HotBlock, taken: int) -> HotBlock:
        return replace(reading, taken=SequenceNumber(min(self.highest, taken)))

    @rule(
        reading=READINGS,
        taken=st.integers(0, 60),
        kind=st.sampled_from([Rested, ItemEntered, ItemSettled, Restarted, DoorOpened, DoorShut]),
    )
    def told_by_the_intake(self, reading: HotBlock, taken: int, kind: Any) -> None:
        if kind is DoorOpened:
            reading = replace(reading, door_open=True)
        self.tell(kind(self.at(reading, taken)))

    @rule(reading=READINGS, kind=st.sampled_from([ItemDropped, TakenBack]))
    def moved_by_the_last_command(self, reading: HotBlock, kind: Any) -> None:
        self.tell(kind(SequenceNumber(self.highest), self.at(reading, self.highest)))

    @rule(reading=READINGS, present=st.booleans())
    def hand(self, reading: HotBlock, present: bool) -> None:
        self.tell(Hand(present, self.at(reading, self.highest)))

    @rule(reading=READINGS)
    def fault(self, reading: HotBlock) -> None:
        self.tell(FaultChanged(reading.fault, reading.cause, self.at(reading, self.highest)))

    @rule(reading=READINGS, bin=st.sampled_from([Bin(1), Bin(2)]))
    def level(self, reading: HotBlock, bin: Bin) -> None:
        self.tell(BinLevel(bin, reading.bin_percent[bin - 1], self.at(reading, self.highest)))

    @rule(reading=READINGS, right=st.booleans())
    def link(self, reading: HotBlock, right: bool) -> None:
        identity = IDENTITY if right else replace(IDENTITY, controller_id=9)
        self.tell(LinkBack(identity, self.at(reading, self.highest)))

    @rule(event=st.sampled_from([LinkLost(UNPLUGGED), CameraLost(CameraFault.BLACK), CameraBack(), Elapsed(), *map(Touched, Touch)]))
    def anything_else(self, event: Event) -> None:
        self.tell(event)

    @rule(event=st.sampled_from([ServiceAsked(), ServiceEnded(), LoanAsked(), LoanAsked()]))
    def a_technician_asks(self, event: Event) -> None:
        self.tell(event)

    @rule(event=st.sampled_from([StaffCame(), StaffLeft(), RestChanged(Resting(RestMessage.HALL)), RestChanged(None)]))
    def staff_come_and_go(self, event: Event) -> None:
        self.tell(event)

    @precondition(lambda self: isinstance(self.session.phase, Lent))
    @rule(reading=READINGS, orders=st.integers(0, 3))
    def the_line_comes_back(self, reading: HotBlock, orders: int) -> None:
        """After a tool that has used some sequences of its own."""
        self.highest += orders
        self.tell(LineReturned())
        self.tell(LinkBack(IDENTITY, self.at(reading, self.highest)))

    @rule(answer=st.sampled_from(Answer))
    def unanswered_command(self, answer: Answer) -> None:
        self.tell(CommandUnanswered(SequenceNumber(self.highest), answer))

    @rule(material=st.sampled_from([None, *Material]))
    def judged(self, material: Material | None) -> None:
        result = verdict(None, Reason.CAN) if material is None else verdict(material)
        self.tell(Judged(self.session.items_seen, result, 1.0))

    @rule(steps=st.integers(1, 12), counts=st.booleans())
    def all_goes_well(self, steps: int, counts: bool) -> None:
        """For some steps intake, ledger and visitor do what they should (or nothing is ever counted), so that the bad luck of the other rules meets every phase."""
        for _ in range(steps):
            if self.unanswered:
                self.answer(counts)
            else:
                self.tell(self.expected())

    def expected(self) -> Event:
        taken = SequenceNumber(self.highest)
        rest = replace(REST, taken=taken)
        match self.session.phase:
            case Unlinked():
                return LinkBack(IDENTITY, rest)
            case Opening():
                return Rested(replace(rest, state=ControllerState.OPEN))
            case Ready() | StillHere():
                return ItemEntered(replace(rest, state=ControllerState.CLOSING, occupied=True))
            case Checking(item):
                return Judged(item, verdict(Material.PLASTIC), 1.0)
            case Sorting(intent):
                return ItemDropped(intent.sequence, replace(rest, totaliser=1, counted=intent.sequence, sorted=intent.sequence))
            case Stopped(HallClosed()):
                return HoursTold(None)
            case Stopped(BudgetSpent()):
                return Touched(Touch.WITHOUT_MONEY)
            case Stopped(Resting()):
                return RestChanged(None)
            case Stopped(InService() | StaffAtWork() as why):
                return ServiceEnded() if isinstance(why, InService) else StaffLeft()
            case Stopped():
                return DoorShut(rest)
            case Lent():
                return LineReturned()
            case Choosing():
                return Touched(Touch.KEEP)
            case PickingAssociation() | ConfirmingGift():
                return Touched(GiveTo(ASSOCIATIONS[0].id) if isinstance(self.session.phase, PickingAssociation) else Touch.CONFIRM_GIFT)
            case Showing() | Parting() | Thanking():
                return Touched(Touch.DONE)
            case _:
                return Rested(rest)

    @rule(rarely=st.integers(0, 9))
    def the_hall_closes(self, rarely: int) -> None:
        if rarely == 0:
            self.tell(HoursTold(NOON.utc))

    @precondition(lambda self: self.unanswered)
    @rule(why=st.sampled_from([DISK_FULL, RULE_BROKEN, COUNTED_LESS]), rarely=st.integers(0, 9))
    def the_ledger_fails(self, why: Obstacle, rarely: int) -> None:
        if rarely == 0:
            asked = self.unanswered.pop(0)
            self.doubtful = self.doubtful or isinstance(asked, Intend)
            self.tell(LedgerFailed(why, asked))

    @precondition(lambda self: self.unanswered)
    @rule(counts=st.booleans())
    def the_ledger_answers(self, counts: bool) -> None:
        self.answer(counts)

    def answer(self, counts: bool) -> None:
        action = self.unanswered.pop(0)
        if isinstance(action, Intend) and self.intent is not None:
            self.tell(LedgerFailed(RULE_BROKEN, action))
            return
        news = self.news(action, counts)
        self.row += 1
        self.doubtful = False
        self.tell(Answered(action, news, Books(self.row, "", 0, self.last_intended, self.intent, self.visit, Reckoning(NOON.day()))))

    def news(self, action: LedgerAction, counts: bool) -> LedgerNews:
        match action:
            case OpenVisit():
                self.visit = self.visit or replace(VISIT, allowed=self.possible)
                return VisitOpened(self.visit)
            case Intend(intent):
                self.intent, self.last_intended = intent, intent.sequence
                return Intended(intent.sequence)
            case Book():
                return TotaliserBooked(self.booked(action, counts))
            case EndIntent(sequence, ending):
                assert self.intent is not None
                assert self.intent.sequence == sequence
                self.intent = None
                return IntentEnded(sequence, ending)
            case MarkShown():
                return MarkedShown()
            case _:
                assert self.visit is not None, "a visit ends once"
                self.visit = None
                return self.ended(action)

    @staticmethod
    def ended(action: LedgerAction) -> LedgerNews:
        match action:
            case IssueVoucher(_, cause):
                return VoucherIssued(a_voucher(cause))
            case GiveAway():
                return GiftGiven(Cents(20), ASSOCIATIONS[0])
            case _:
                return VisitClosed()

    def booked(self, action: Book, counts: bool) -> Booked:
        credited = self.intent if counts and self.intent is not None and self.visit is not None else None
        if credited is not None and self.visit is not None:
            self.intent = None
            self.visit = replace(self.visit, bottles=self.visit.bottles + 1, cents=Cents(self.visit.cents + credited.amount))
        return Booked(action.totaliser, credited, self.intent, self.visit, self.possible if self.visit is None else self.visit.remaining)

    @invariant()
    def something_is_on_the_screen(self) -> None:
        shown = view(self.session)
        assert isinstance(self.session.phase, Phase)
        assert (shown.halt is not None) == (shown.screen is Screen.OUT_OF_ORDER)

    @invariant()
    def what_the_ledger_has_told_is_known(self) -> None:
        if not self.unanswered and self.row > 1:
            assert self.session.visit == self.visit
            assert self.session.intent == self.intent or (self.doubtful and self.intent is None)

    @invariant()
    def what_stops_the_machine_never_hides_the_sum(self) -> None:
        shown = view(self.session)
        if self.session.visit is not None:
            assert shown.visit_number == self.session.visit.number
            assert shown.cents == self.session.visit.cents


AnyOrder.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None, derandomize=True)
TestAnyOrder = AnyOrder.TestCase


class LongAnyOrder(AnyOrder):
    pass


TestLongAnyOrder = pytest.mark.long(LongAnyOrder.TestCase)
TestLongAnyOrder.settings = settings(max_examples=400, stateful_step_count=40, deadline=None, derandomize=True)
